"""The last stage: tables, pages and the run's own row take their places."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from presswatch.collector import LeftOut, forget_failures
from presswatch.forgetter import finish_forgetting
from presswatch.pipeline.run import Results, Run, Summary, judge_outcome
from presswatch.report import MOST_LISTED, Digest, begin_feed, render_index
from presswatch.tables import TABLES, Tables, make_arrow, to_frame
from presswatch.tables.package import PACKAGE_FILE, render_package
from presswatch.tables.rows import split_cell
from presswatch.tables.shelf import Shelf, stage_table

CLEAN_TABLES = tuple(name for name, table in TABLES.items() if not table.is_log)
_LISTED_ARTICLES = ("story_id", "outlet_id", "is_latest")  # what the list of stories tells of their articles


def publish(run: Run, results: Results) -> Summary:
    """Stage 4: list the stories, and put tables, pages and the run's own row in their places."""
    moves = {run.data.root / staged: run.data.root / place for staged, place in results.moves}
    gone = [run.data.root / path for path in results.gone]
    read = run.kept.files(run.data.root / batch for batch in results.batches)
    digest = Digest()
    if results.story_ids or results.is_forgetting:
        from presswatch.shelving import shelf_to_be  # noqa: PLC0415 - heavy, and for news alone

        after = shelf_to_be(run.data, moves, gone)
        digest, announced = _stage_news(run, after, results)
        moves |= {**_stage_index(run, after), **announced}
    moves |= _stage_package(run, moves, gone)
    codes = Counter(code for _, code in results.failures)
    summary = Summary(
        run_id=run.run_id,
        command=run.plan.command,
        started_at=run.started_at,
        finished_at=datetime.now(UTC),
        discovered=sum(one.discovered for one in results.collected),
        fetched=sum(one.fetched for one in results.collected),
        extracted=results.extracted,
        stories=len(results.story_ids),
        failed=sum(codes.values()),
        outcome=judge_outcome(results.collected, codes),
        story_ids=results.story_ids,
        failure_counts=dict(sorted(codes.items())),
        asked_again=sum(one.asked_again for one in results.collected),
        sent_anew=sum(one.sent_anew for one in results.collected),
        drift=results.drift,
        forgotten_articles=results.forgotten_articles,
        forgotten_captures=results.forgotten_captures,
        lost_articles=results.lost_articles,
        left_out=next((one.left_out for one in results.collected if one.left_out), LeftOut()),
        forecasts=tuple(one.forecast for one in results.collected if one.forecast),
        digest=digest,
    )
    place = run.data.clean / "runs" / f"{run.run_id}.parquet"
    run.data.commit(
        moves | stage_table(make_arrow(TABLES["runs"], [vars(summary)]), run.clean_stage, place), [*gone, *read]
    )
    if run.plan.is_rebuild:
        _remove_stale_pages(run)
    for one in results.collected:
        forget_failures(run.data, one)
    if results.is_forgetting:
        run.data.drop_kept()
        finish_forgetting(run.data)
    return summary


def stage_page(run: Run, name: str, page: str) -> dict[Path, Path]:
    """Write a page; gives the move that publishes it."""
    staged = run.data.stage(run.run_id) / "report" / f"{name}.html"
    staged.parent.mkdir(exist_ok=True)
    staged.write_text(page, "utf-8")
    return {staged: run.data.report / staged.name}


def _stage_index(run: Run, shelf: Shelf) -> dict[Path, Path]:
    """Write the list of the stories that are to be; gives the move that publishes it."""
    counts = {part: shelf.count("stories", part) for part in reversed(shelf.parts("stories"))}
    before = accumulate(counts.values(), initial=0)
    newest = [part for part, newer in zip(counts, before, strict=False) if newer < MOST_LISTED]
    tables = Tables(
        articles=to_frame(shelf.read("articles", newest, _LISTED_ARTICLES)),
        differences=to_frame(shelf.read("differences", newest)),
        outlets=to_frame(shelf.read("outlets")),
        stories=to_frame(shelf.read("stories", newest)),
    )
    return stage_page(run, "index", render_index(tables, tables.outlet_names(), total=sum(counts.values())))


def _stage_news(run: Run, after: Shelf, results: Results) -> tuple[Digest, Mapping[Path, Path]]:
    """What a run brought in, and the moves that publish it; a run that only read raw again brought nothing in."""
    from presswatch.announcing import Turn, stage_news  # noqa: PLC0415 - heavy, and for news alone

    turn = Turn(
        before=Shelf(run.data.clean),
        after=after,
        parts=results.parts,
        story_ids=results.story_ids,
        is_anew=run.plan.is_anew,
        is_forgetting=results.is_forgetting,
        is_news=not (run.plan.is_rebuild or run.plan.forget),
    )
    began = begin_feed(run.settings.fetch.contact, run.run_id, datetime.now(UTC))
    stage = run.data.stage(run.run_id)
    return stage_news(run.data, stage, turn, began, has_topics=bool(run.settings.topics))


def _stage_package(run: Run, moves: Mapping[Path, Path], gone: Iterable[Path]) -> dict[Path, Path]:
    """Describe the tables for other programs, where they are in other files than before; gives the move of that."""
    parts: dict[str, list[str]] = defaultdict(list)
    for path in {*run.data.clean.glob("*/*.parquet"), *moves.values()} - {*gone}:
        if path.suffix == ".parquet" and path.parent.name in CLEAN_TABLES:
            parts[path.parent.name].append(path.stem)
    made, place = render_package(parts), run.data.clean / PACKAGE_FILE
    if place.is_file() and place.read_bytes() == made.encode():
        return {}
    staged = run.data.stage(run.run_id) / PACKAGE_FILE
    staged.write_text(made, "utf-8", newline="\n")
    return {staged: place}


def _remove_stale_pages(run: Run) -> None:
    """Take away the pages of stories that are no more, whatever was there."""
    rows = Shelf(run.data.clean).read("stories", columns=["story_id", "aliases"]).to_pylist()
    present = {"index"}.union(*({row["story_id"], *split_cell(row["aliases"])} for row in rows))
    run.data.remove_pages(run.data.pages() - {f"{name}.html" for name in present})
