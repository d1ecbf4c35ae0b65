"""The third stage: what was read is laid over the tables, and the stories that it touches are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import presswatch
from presswatch.errors import DamagedError, SchemaError
from presswatch.forgetter import Removal, find_leaving, save_forgotten, stage_removal
from presswatch.forgotten import Forgotten, load_forgotten
from presswatch.ledger import read_ledger, stage_ledger
from presswatch.model import Failure
from presswatch.outlets import Registry
from presswatch.pipeline.failed import read_failures, stage_failures
from presswatch.pipeline.pool import compare_in_pool, group_in_pool
from presswatch.pipeline.run import LayoutDrift, Reads, Results, Run
from presswatch.tables import TABLES, read_file, to_frame
from presswatch.tables.merge import READ_TABLES
from presswatch.tables.shelf import ADDRESSES, Shelf, read_addresses
from presswatch.urls import identity

if TYPE_CHECKING:
    from presswatch.comparer import Compared

_REFUSALS = frozenset({"not_html", "not_article", "blocked", "too_large", "bad_encoding"})  # a reading again gives none
_DRIFT_SHARE = 0.2  # of an outlet's articles in a run; videos and galleries are marked up otherwise, and are fewer


def compare(run: Run, reads: Reads) -> Results:
    """Stage 3: lay what was read over the tables, and compare the stories it touches: stage tables and pages."""
    folders = [run.data.root / batch for batch in reads.batches]
    failures = [failure for folder in folders for failure in read_failures(folder)]
    failures += [failure for one in reads.collected for failure in one.failures]
    moves: dict[Path, Path] = {}
    stories, parts = tuple[str, ...](), tuple[str, ...]()
    extracted, lost, drift = 0, 0, tuple[LayoutDrift, ...]()
    forgotten, leaving, removal = load_forgotten(run.data.root), frozenset[str](), Removal()
    gone: list[Path] = []
    if folders or run.plan.is_rebuild or forgotten.is_pending:
        from presswatch.shelving import find_emptied, find_superseded  # noqa: PLC0415 - heavy, and for news alone

        run.progress("compare", 0, None, "stories")
        found = [_read_batch(run, folder, ADDRESSES) for folder in folders]
        extracted = sum(len(batch["articles"]) for batch in found)
        drift = _find_drift(found, run.outlets)
        is_anew = run.plan.is_anew
        shelf = Shelf(None if is_anew else run.data.clean)
        layers = [read_addresses(shelf), *found] if forgotten.keys else found
        forgotten, leaving, removal = _take_out(run, forgotten, layers)
        without = leaving | _find_refused(run, shelf, found, failures)
        former = _former_stories(run) if is_anew else None
        lost = _count_lost(former, found, leaving) if former else 0
        compared, moves = _lay_batches(run, shelf, folders, without, former)
        stories, parts = compared.stories, compared.parts
        gone = find_superseded(run.data, moves) if is_anew else find_emptied(run.data, compared, moves)
        moves |= _stage_ledger(run, reads.files)
    moves |= {**stage_failures(run, failures, forgotten), **removal.moves}
    return Results(
        batches=reads.batches,
        moves=tuple((run.data.relative(staged), run.data.relative(place)) for staged, place in moves.items()),
        gone=tuple(run.data.relative(path) for path in gone),
        parts=parts,
        story_ids=stories,
        extracted=extracted,
        failures=tuple((failure.outlet_id, failure.error) for failure in failures),
        drift=drift,
        collected=reads.collected,
        is_forgetting=forgotten.is_pending,
        forgotten_articles=len(leaving),
        forgotten_captures=len(removal.captures),
        lost_articles=lost,
    )


def _lay_batches(
    run: Run, shelf: Shelf, folders: Iterable[Path], without: Collection[str], former: Mapping[str, Any] | None
) -> tuple[Compared, dict[Path, Path]]:
    """Lay batches over the tables, and compare; gives the moves that publish what is not as it was.

    `former` is what a rebuild of everything takes from the tables; None where they are gone on with.
    """
    is_anew = former is not None
    from presswatch.comparer import Grouping, compare_batches  # noqa: PLC0415 - heavy, and for news alone
    from presswatch.shelving import Staging, read_grouping, stage_compared  # noqa: PLC0415 - heavy, and for news alone

    pages: dict[Path, Path] = {}
    staging = Staging(run.data, run.clean_stage)
    compared = compare_batches(
        shelf,
        (_read_batch(run, folder) for folder in folders),
        Grouping() if is_anew else read_grouping(run.data.clean),
        staging,
        former=former,
        without=without,
        each=compare_in_pool(run, shelf, pages),
        group=partial(group_in_pool, run),
    )
    staged = stage_compared(run.data, run.clean_stage, compared, run.outlets, is_anew=is_anew)
    return compared, staging.moves(is_anew=is_anew) | pages | staged


def _take_out(
    run: Run, known: Forgotten, layers: Iterable[Mapping[str, Any]]
) -> tuple[Forgotten, frozenset[str], Removal]:
    """What is forgotten and still here: the list with all that is known of it, the articles that leave, and raw's part.

    A page that was fetched under an unknown address may turn out to be of a forgotten article: it goes too.
    """
    leaving = find_leaving(known, layers, run.outlets, run.started_at)
    forgotten = leaving.forgotten
    if not forgotten.is_pending:
        return forgotten, leaving.article_ids, Removal()
    save_forgotten(run.data, forgotten)
    run.progress("forget", 0, None, "data/raw")
    return forgotten, leaving.article_ids, stage_removal(run.data, run.data.stage(run.run_id), forgotten)


def _count_lost(former: Mapping[str, Any], batches: Iterable[Mapping[str, Any]], leaving: Collection[str]) -> int:
    """How many articles the tables had and no batch has, beside those that were forgotten."""
    read = {one for batch in batches for one in batch["articles"]["article_id"]}
    return len(set(former["articles"]["article_id"]) - read - set(leaving))


def _find_refused(
    run: Run, shelf: Shelf, batches: Iterable[Mapping[str, Any]], failures: Iterable[Failure]
) -> frozenset[str]:
    """The articles that a rebuild of a window read again, every revision, and that are none as pages are read now.

    Where all tables are made anew nothing of them is there; a revision from outside the window was not looked at.
    """
    window = run.plan.window
    if not run.plan.is_rebuild or window is None:
        return frozenset()
    refused = {identity(one.url) for one in failures if one.stage == "read" and one.error in _REFUSALS}
    kept = {one for batch in batches for one in batch["articles"]["article_id"]}
    rows = shelf.read("articles", columns=["article_id", "url", "fetched_at"]).to_pylist()
    kept |= {row["article_id"] for row in rows if not window.touches(f"{row['fetched_at']:%Y-%m}")}
    named = [*rows, *shelf.read("aliases", columns=["article_id", "url"]).to_pylist()]
    return frozenset(row["article_id"] for row in named if identity(row["url"]) in refused) - kept


def _find_drift(batches: Iterable[Mapping[str, Any]], outlets: Registry) -> tuple[LayoutDrift, ...]:
    """The outlets whose layout matched nothing on a good part of what was read of them, by id."""
    read, missed = Counter[str](), Counter[str]()
    examples: dict[str, str] = {}
    for batch in batches:
        looked = batch["articles"].dropna(subset="has_layout")
        without = looked[~looked["has_layout"].astype(bool)]
        read.update(looked["outlet_id"])
        missed.update(without["outlet_id"])
        examples |= dict(zip(without["outlet_id"], without["url"], strict=True))
    return tuple(
        LayoutDrift(
            outlet_id=outlet_id,
            name=outlets[outlet_id].name if outlet_id in outlets else outlet_id,
            missed=count,
            read=read[outlet_id],
            url=examples[outlet_id],
        )
        for outlet_id, count in sorted(missed.items())
        if count >= _DRIFT_SHARE * read[outlet_id]
    )


def _former_stories(run: Run) -> dict[str, Any]:
    """What a rebuild of everything takes from the tables: the ids that stories had. Nothing where they are damaged."""
    try:
        shelf = Shelf(run.data.clean)
        columns = {"stories": ["story_id", "aliases"], "articles": ["article_id", "story_id"]}
        return {name: to_frame(shelf.read(name, columns=wanted)) for name, wanted in columns.items()}
    except (DamagedError, SchemaError):
        return {}


def _read_batch(run: Run, folder: Path, columns: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """The tables of a batch, or some columns of some of them.

    Raises: DamagedError; what is damaged goes, and the next run reads its WARC files again.
    """
    wanted = columns or {name: TABLES[name].column_names for name in READ_TABLES}
    try:
        return {name: to_frame(read_file(folder / f"{name}.parquet", TABLES[name], wanted[name])) for name in wanted}
    except (DamagedError, SchemaError) as error:
        run.kept.throw_away(folder)
        message = f"a batch was damaged on the disk, and is thrown away: start the run again ({error})"
        raise DamagedError(message) from error


def _stage_ledger(run: Run, files: Iterable[str]) -> dict[Path, Path]:
    known = {} if run.plan.is_anew else read_ledger(run.data)
    return stage_ledger(run.data, run.data.stage(run.run_id), known | dict.fromkeys(files, presswatch.__version__))
