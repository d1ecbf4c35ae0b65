"""collect, read, compare, publish: the order of the stages, written once.

    collect   outlets → WARC files in data/raw          (a call per group of outlets)
    read      WARC files → articles and mentions        (a call per some MB of them)
    compare   all that was read → the tables, staged    (one call)
    publish   the tables → pages; commits both          (one call)

`run_plan` is what the command line and the flows both call. Stages hand on paths and counts, never frames.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import presswatch
from presswatch.archive import holds_articles
from presswatch.collector import (
    Collected,
    DocumentRow,
    Forecast,
    LeftOut,
    Order,
    Progress,
    check_documents,
    collect_outlets,
    forget_failures,
    ingest_files,
    preview_outlets,
    recover,
)
from presswatch.engine import Engine, GivenUp, open_engine
from presswatch.errors import (
    RETRIED_CODES,
    ConfigError,
    DamagedError,
    OvertakenError,
    PresswatchError,
    SchemaError,
    UsageError,
)
from presswatch.forgetter import (
    Removal,
    find_leaving,
    finish_forgetting,
    names_forgotten,
    remember_forgotten,
    save_forgotten,
    stage_removal,
)
from presswatch.forgotten import Forgotten, load_forgotten
from presswatch.kept import Kept
from presswatch.model import Failure, Window
from presswatch.outlets import Outlet, Registry, is_outlet_id, load_outlet, load_outlets
from presswatch.reader import read_warcs
from presswatch.report import (
    MOST_LISTED,
    Digest,
    begin_feed,
    count_differences,
    render_index,
    render_news,
    render_run,
    tell_count,
)
from presswatch.settings import DEFAULT_OUTLETS_FOLDER, FILE_NAME, Settings
from presswatch.storage import DataDir, disk_error
from presswatch.tables import (
    TABLES,
    Tables,
    load,
    make_arrow,
    make_frame,
    read_file,
    to_frame,
)
from presswatch.tables.merge import READ_TABLES
from presswatch.tables.package import PACKAGE_FILE, render_package
from presswatch.tables.rows import plain_rows, split_cell
from presswatch.tables.shelf import Shelf, stage_table
from presswatch.urls import identity
from presswatch.volume import find_drops

if TYPE_CHECKING:
    from presswatch.comparer import Batch, Compared
    from presswatch.shelving import Work

LEDGER = ".read.json"  # in data/clean: which WARC files the tables were made of, and by which version
CLEAN_TABLES = tuple(name for name, table in TABLES.items() if not table.is_log)
_ADDRESSES = {  # what tells which articles an address means: no texts
    "articles": tuple(name for name in TABLES["articles"].column_names if name != "text"),
    "aliases": TABLES["aliases"].column_names,
}
BATCHES_PER_WORKER = 2  # read at once: one is unpacked while the pages of the other are read
_BATCH_BYTES = 16 * 1024 * 1024  # of WARC files read as one batch: some 800 pages, and their rows fit any memory
_LISTED_ARTICLES = ("story_id", "outlet_id", "is_latest")  # what the list of stories tells of their articles
_BYTES_PER_WORKER = 1024 * 1024  # some 50 pages; for fewer, starting another worker takes longer than reading them
_REFUSALS = frozenset({"not_html", "not_article", "blocked", "too_large", "bad_encoding"})  # a reading again gives none
_DRIFT_SHARE = 0.2  # of an outlet's articles in a run; videos and galleries are marked up otherwise, and are fewer
_LEAST_SHARED = 8  # batches of stories that are worth starting workers for; each is compared in about a second
_LEAST_GROUPED = 2_000  # articles of several periods that are worth it; each takes about a millisecond
_COMPARE_DEADLINE_S = 1800.0  # of such a batch, however large its largest story is
_COMPARISONS = 5  # of one run, where other machines commit to its bucket meanwhile
_EXIT_CODES = {"partly": 5, "unreachable": 6}  # by a run's outcome

Each = Callable[[Callable[[Any, Any], Any], "Run", Sequence[Any]], list[Any]]  # a stage over its batches


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a run is to do. Without a window the newest coverage is collected.

    With `paths`, `forget` (addresses that are taken out for good), `is_rebuild` or `is_offline` (what lies in raw is
    read) nothing is fetched.
    """

    command: str
    outlet_ids: tuple[str, ...] = ()
    window: Window | None = None
    urls: tuple[str, ...] = ()
    query: str = ""
    paths: tuple[Path, ...] = ()
    ingest_as: str | None = None
    all_hosts: bool = False
    forget: tuple[str, ...] = ()
    is_restart: bool = False
    is_rebuild: bool = False
    is_offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run under way: it holds the data folder's lock and a pool of workers."""

    run_id: str
    started_at: datetime
    plan: Plan
    settings: Settings
    outlets: Registry
    data: DataDir
    kept: Kept
    engine: Engine
    progress: Progress
    forecast: Callable[[Forecast], None]


@dataclass(frozen=True, kw_only=True)
class LayoutDrift:
    """An outlet whose site was changed, or whose file is wrong: its layout is missing on `missed` of `read` articles.

    `url` is one of those.
    """

    outlet_id: str
    name: str
    missed: int
    read: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Summary:
    """How a run ended: the columns of `runs`, and the stories it compared."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime
    discovered: int
    fetched: int
    extracted: int
    stories: int
    failed: int
    outcome: str
    story_ids: tuple[str, ...] = ()
    failure_counts: Mapping[str, int] = field(default_factory=dict)
    asked_again: int = 0  # stored articles, whether they were changed
    sent_anew: int = 0  # of those the ones whose bytes were others
    drift: tuple[LayoutDrift, ...] = ()  # of outlets whose sites may have changed
    forgotten_articles: int = 0  # that left the tables
    forgotten_captures: int = 0  # that left data/raw
    lost_articles: int = 0  # that the tables had, and a rebuild of everything found nowhere in data/raw
    left_out: LeftOut = field(default_factory=LeftOut)
    forecasts: tuple[Forecast, ...] = ()  # of what was to be fetched, an outlet each
    digest: Digest = field(default_factory=Digest)  # what is new; nothing where raw was only read again

    @property
    def exit_code(self) -> int:
        """What the command line ends with."""
        return _EXIT_CODES.get(self.outcome, 0)


def run_plan(
    settings: Settings,
    plan: Plan,
    *,
    each: Each | None = None,
    progress: Progress | None = None,
    forecast: Callable[[Forecast], None] | None = None,
    wait: bool = False,
) -> Summary:
    """Carry out a plan from the first stage to the last.

    Args: `each` calls a stage for every batch and gives the results in order (the flows make tasks of them; by default
        they are called here, one after the other); `forecast` is told of each outlet what is to be fetched, before the
        first article is asked for; `wait` waits for another run to end.
    Returns: what was done. Failures of single articles are in the table `failures`, not raised.
    Raises: ConfigError, DiskError, DamagedError, LockedError; what was collected until then is kept, and the next run
        goes on from there. Where other machines commit to the same bucket, the last two stages are done again on what
        they left, a few times.
    """
    check_plan(settings, plan)
    with open_run(settings, plan, progress or say_nothing, forecast, wait=wait) as run:
        call = each or _call_here
        collected = [one for group in call(collect, run, _groups(run, apart=each is not None)) for one in group]
        files, empty = _sort_unread(run)
        batches = call(read, run, files)
        reads = Reads(files=(*chain(*files), *empty), batches=tuple(batches), collected=tuple(collected))
        return _compare_and_publish(run, reads, call)


def _compare_and_publish(run: Run, reads: Reads, call: Each) -> Summary:
    """The last two stages; once more on what others left, where they were faster.

    Raises: OvertakenError where they were so every time.
    """
    for _ in range(_COMPARISONS - 1):
        with suppress(OvertakenError):
            return _compare_once(run, reads, call)
        run.data.pull_tables()
    return _compare_once(run, reads, call)


def _compare_once(run: Run, reads: Reads, call: Each) -> Summary:
    compared = call(compare, run, [reads])[0]
    summary: Summary = call(publish, run, [compared])[0]
    return summary


def collect(run: Run, outlet_ids: tuple[str, ...]) -> list[Collected]:
    """Stage 1: fetch, or take in files; what is got lies in data/raw when this returns."""
    plan, order = run.plan, order_of(run)
    if plan.paths:
        found = ingest_files(order, run.outlets, plan.paths, ingest_as=plan.ingest_as, all_hosts=plan.all_hosts)
    else:
        found = collect_outlets(order, run.outlets, outlet_ids)
    run.data.put_raw()
    return found


def read(run: Run, warcs: tuple[str, ...]) -> str:
    """Stage 2: read WARC files of data/raw, where no run before has done so; gives the folder that holds the batch."""
    if (folder := run.kept.find(warcs)) is None:
        staged = run.data.stage(run.run_id) / "read" / warcs[0].replace("/", "--")
        paths = [run.data.root / warc for warc in warcs]
        forgotten = load_forgotten(run.data.root)
        with run.data.at_hand(paths):
            read_warcs(paths, staged, run.engine, run.outlets, run.settings, progress=run.progress, forgotten=forgotten)
        folder = run.kept.keep(warcs, staged)
    return run.data.relative(folder)


@dataclass(frozen=True, kw_only=True)
class Reads:
    """What the first two stages hand on to the third."""

    files: tuple[str, ...]  # the WARC files that were read, and those that hold nothing to read
    batches: tuple[str, ...]  # the folders that hold what was in them
    collected: tuple[Collected, ...]


@dataclass(frozen=True, kw_only=True)
class Results:
    """What the third stage hands on to the last."""

    batches: tuple[str, ...]  # that are in the tables with this
    moves: tuple[tuple[str, str], ...]  # what is staged, and its place
    gone: tuple[str, ...]  # files that are no more
    parts: tuple[str, ...]  # of the tables, that hold the compared stories, or held them
    story_ids: tuple[str, ...]
    extracted: int
    failures: tuple[tuple[str, str], ...]  # outlet_id, code
    drift: tuple[LayoutDrift, ...]
    collected: tuple[Collected, ...]
    is_forgetting: bool = False  # something that was forgotten leaves with this run
    forgotten_articles: int = 0
    forgotten_captures: int = 0
    lost_articles: int = 0


def compare(run: Run, reads: Reads) -> Results:
    """Stage 3: lay what was read over the tables, and compare the stories it touches: stage tables and pages."""
    folders = [run.data.root / batch for batch in reads.batches]
    failures = [failure for folder in folders for failure in _failures_of(folder)]
    failures += [failure for one in reads.collected for failure in one.failures]
    moves: dict[Path, Path] = {}
    stories, parts = tuple[str, ...](), tuple[str, ...]()
    extracted, lost, drift = 0, 0, tuple[LayoutDrift, ...]()
    forgotten, leaving, removal = load_forgotten(run.data.root), frozenset[str](), Removal()
    gone: list[Path] = []
    if folders or run.plan.is_rebuild or forgotten.is_pending:
        from presswatch.shelving import find_emptied, find_superseded  # noqa: PLC0415 - a third of the start-up, for news

        run.progress("compare", 0, None, "stories")
        found = [_read_batch(run, folder, _ADDRESSES) for folder in folders]
        extracted = sum(len(batch["articles"]) for batch in found)
        drift = _find_drift(found, run.outlets)
        is_anew = run.plan.is_rebuild and run.plan.window is None
        shelf = Shelf(None if is_anew else run.data.clean)
        layers = [_addresses_on(shelf), *found] if forgotten.keys else found
        forgotten, leaving, removal = _take_out(run, forgotten, layers)
        without = leaving | _find_refused(run, shelf, found, failures)
        former = _former_stories(run) if is_anew else None
        lost = _count_lost(former, found, leaving) if former else 0
        compared, moves = _lay_batches(run, shelf, folders, without, former)
        stories, parts = compared.stories, compared.parts
        gone = find_superseded(run.data, moves) if is_anew else find_emptied(run.data, compared, moves)
        moves |= _stage_ledger(run, reads.files)
    moves |= {**_stage_failures(run, failures, forgotten), **removal.moves}
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


def _count_lost(former: Mapping[str, Any], batches: Iterable[Mapping[str, Any]], leaving: Collection[str]) -> int:
    """How many articles the tables had and no batch has, beside those that were forgotten."""
    read = {one for batch in batches for one in batch["articles"]["article_id"]}
    return len(set(former["articles"]["article_id"]) - read - set(leaving))


def _lay_batches(
    run: Run, shelf: Shelf, folders: Iterable[Path], without: Collection[str], former: Mapping[str, Any] | None
) -> tuple[Compared, dict[Path, Path]]:
    """Lay batches over the tables, and compare; gives the moves that publish what is not as it was.

    `former` is what a rebuild of everything takes from the tables; None where they are gone on with.
    """
    is_anew = former is not None
    from presswatch.comparer import Grouping, compare_batches  # noqa: PLC0415 - as for `compare`
    from presswatch.shelving import Staging, read_grouping, stage_compared  # noqa: PLC0415 - the same

    pages: dict[Path, Path] = {}
    staging = Staging(run.data, _clean_stage(run))
    compared = compare_batches(
        shelf,
        (_read_batch(run, folder) for folder in folders),
        Grouping() if is_anew else read_grouping(run.data.clean),
        staging,
        former=former,
        without=without,
        each=_comparing(run, shelf, pages),
        group=partial(_group_periods, run),
    )
    staged = stage_compared(run.data, _clean_stage(run), compared, run.outlets, is_anew=is_anew)
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
    kept |= {row["article_id"] for row in rows if not _is_month_of(f"{row['fetched_at']:%Y-%m}", window)}
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


def publish(run: Run, results: Results) -> Summary:
    """Stage 4: list the stories, and put tables, pages and the run's own row in their places."""
    moves = {run.data.root / staged: run.data.root / place for staged, place in results.moves}
    gone = [run.data.root / path for path in results.gone]
    read = run.kept.files(run.data.root / batch for batch in results.batches)
    digest = Digest()
    if results.story_ids or results.is_forgetting:
        from presswatch.shelving import shelf_to_be  # noqa: PLC0415 - as for `compare`

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
        outcome=_outcome(results.collected, codes),
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
        moves | stage_table(make_arrow(TABLES["runs"], [vars(summary)]), _clean_stage(run), place), [*gone, *read]
    )
    if run.plan.is_rebuild:
        _remove_stale_pages(run)
    for one in results.collected:
        forget_failures(run.data, one)
    if results.is_forgetting:
        run.data.drop_kept()
        finish_forgetting(run.data)
    return summary


def _unread_files(run: Run) -> tuple[list[str], list[str]]:
    """The WARC files of data/raw that the tables were not made of yet; for a rebuild, all that may hold the window.

    A run that was killed after collecting leaves such files; the next run, whichever it is, reads them.
    Those without an article, most of them of revisits alone, come apart: there is nothing to read in them.
    """
    if run.plan.is_rebuild:
        window = run.plan.window
        return [path for path in _stored_files(run.data) if window is None or _may_hold(path, window)], []
    files = _unlisted(run.data)
    if not (run.data.clean / "articles").is_dir():
        return files, []  # reading nothing makes the tables
    stored = run.data.stream(run.data.root / path for path in files)
    empty = {run.data.relative(path) for path in stored if not holds_articles(path)}
    return [path for path in files if path not in empty], sorted(empty)


@contextmanager
def _told_as_disk(data: DataDir) -> Iterator[None]:
    """What the operating system refuses a run is the disk's doing: the web has errors of its own.

    Raises: DiskError in the place of any OSError but that of a pipe whose reader has gone.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise disk_error(error, data.root) from error


def _sort_unread(run: Run) -> tuple[list[tuple[str, ...]], list[str]]:
    """The unread files in batches of some MB, and no more workers than they keep busy; and those without an article.

    Batches that a killed run has read are as it has put them together.

    A schedule leaves thousands of small files in a year, and a batch each would cost more than reading them.
    """
    unread, empty = _unread_files(run)
    batches: list[Sequence[str]] = [*run.kept.batches(unread)]
    kept = set(chain.from_iterable(batches))
    sizes = {path: run.data.size_of(run.data.root / path) for path in unread}
    run.engine.limit(1 + sum(sizes.values()) // _BYTES_PER_WORKER)  # comparing what is kept takes longer than reading
    room = 0
    for path in (path for path in unread if path not in kept):
        size = sizes[path]
        if not room or size > room:
            batches.append(batch := list[str]())
            room = _BATCH_BYTES
        batch.append(path)
        room = max(room - size, 0)
    return sorted(map(tuple, batches)), empty  # as they would come if none was kept


def _stored_files(data: DataDir) -> list[str]:
    return [data.relative(path) for path in data.raw_files()]


def list_unread(data: DataDir) -> list[str]:
    """The WARC files that hold an article and that the tables were not made of yet, relative to the data folder.

    Raises: DamagedError where the ledger cannot be read.
    """
    stored = data.stream(data.root / path for path in _unlisted(data))
    return [data.relative(path) for path in stored if holds_articles(path)]


def _unlisted(data: DataDir) -> list[str]:
    """The WARC files that are not in the ledger: unread ones, and those without an article since it was written last.

    It is written with the tables only, so that a run without news writes nothing.
    """
    ledger = read_ledger(data)
    return [path for path in _stored_files(data) if path not in ledger]


@contextmanager
def open_run(
    settings: Settings,
    plan: Plan,
    progress: Progress,
    forecast: Callable[[Forecast], None] | None = None,
    *,
    wait: bool,
) -> Iterator[Run]:
    """Take the data folder, put away what a killed run left, and start the workers."""
    outlets = load_outlets(settings.outlets_folder)
    plan = replace(plan, ingest_as=_ingest_id(outlets, plan.ingest_as))
    data = DataDir(settings.data, settings.bucket)
    data.check_writable()
    _check_raw(data, plan)
    started_at = datetime.now(UTC)
    run_id = f"{started_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    if wait and (holder := data.holder()):
        progress("wait", 0, None, f"{data.name} is in use by {holder}")
    with _told_as_disk(data), data.locked(f"presswatch {plan.command}", wait=wait):
        recover(data)
        data.clear_stages()
        data.put_raw()
        if plan.forget:
            data.drop_kept()
            remember_forgotten(data, plan.forget, stored_articles(data), outlets, started_at)
        with open_engine(settings.engine.dask, warm=("presswatch.worker",)) as engine:
            yield Run(
                run_id=run_id,
                started_at=started_at,
                plan=plan,
                settings=settings,
                outlets=outlets,
                data=data,
                kept=Kept(data, settings, outlets),
                engine=engine,
                progress=progress,
                forecast=forecast or expect_nothing,
            )
        data.settle(is_thorough=plan.is_rebuild or bool(load_forgotten(data.root).keys))
        data.clear_stages()


def _check_raw(data: DataDir, plan: Plan) -> None:
    """Refuse to make tables of nothing: that raw is gone altogether is a disk that is not there, and no wish.

    Raises: DamagedError where raw is missing or empty, and tables hold articles that a rebuild would drop.
    """
    if not plan.is_rebuild or plan.window or data.raw_files() or (data.raw.is_dir() and any(data.raw.iterdir())):
        return
    if any((data.clean / "articles").glob("*.parquet")):
        raise DamagedError(
            f"{data.raw} is empty, and the tables hold what was read from it: a rebuild would drop every article. Bring"
            f" it back (is its disk there?); or delete {data.clean}, to begin anew"
        )


def check_plan(settings: Settings, plan: Plan) -> None:
    """Make sure that what a plan is to fetch is known, before anything is said or touched.

    Raises: ConfigError where there is nothing to fetch, or the settings name an unknown outlet; UsageError where the
        command line does.
    """
    is_local = plan.forget or plan.is_rebuild or plan.is_offline
    if not (plan.outlet_ids or plan.urls or plan.paths or is_local):
        fault = 'no outlets to fetch: put `outlets = ["indiewire"]` under [collect], or say --outlet ID'
        raise ConfigError(FILE_NAME, [fault, "`presswatch init` writes one, `presswatch outlets list` shows all"])
    outlets = load_outlets(settings.outlets_folder)
    for outlet_id in plan.outlet_ids:
        try:
            outlets.need(outlet_id)
        except UsageError as error:
            if outlet_id not in settings.collect_outlets:
                raise
            raise ConfigError(FILE_NAME, [f"[collect] outlets: {error}"]) from error


def _ingest_id(outlets: Registry, name: str | None) -> str | None:
    """The id of the outlet that files are taken in for: of one that is known, by any of its names, or a new one.

    Raises: UsageError where it is neither.
    """
    if name is None or name in outlets:
        return name
    known = outlets.named(name)
    if known is None and not is_outlet_id(name):
        message = "no outlet is called that, and a new id has small letters, digits and hyphens only, like my-outlet"
        raise UsageError(f"--outlet {name!r}: {message}")
    return known.id if known else name


def _groups(run: Run, *, apart: bool) -> list[tuple[str, ...]]:
    """The batches of `collect`: one outlet each where they run apart; here all together, which share one event loop."""
    if run.plan.is_rebuild or run.plan.forget or run.plan.is_offline:
        return []
    if run.plan.paths:
        return [()]
    ids = _known_ids(run)
    return [(outlet_id,) for outlet_id in ids] if apart and ids else [ids]


def _known_ids(run: Run) -> tuple[str, ...]:
    return tuple(run.outlets.need(outlet_id).id for outlet_id in run.plan.outlet_ids)


def order_of(run: Run) -> Order:
    """What the collector is told of a run."""
    return Order(
        run_id=run.run_id,
        started_at=run.started_at,
        data=run.data,
        fetch=run.settings.fetch,
        window=run.plan.window,
        urls=run.plan.urls,
        query=run.plan.query,
        is_restart=run.plan.is_restart,
        progress=run.progress,
        forecast=run.forecast,
    )


def _call_here(stage: Callable[[Any, Any], Any], run: Run, batches: Sequence[Any]) -> list[Any]:
    """Call a stage for every batch, some at once."""
    if len(batches) == 1:
        return [stage(run, batches[0])]  # in this thread, which is the one that Ctrl-C reaches
    with ThreadPoolExecutor(max_workers=BATCHES_PER_WORKER * run.engine.workers) as threads:
        try:
            return list(threads.map(partial(stage, run), batches))
        except BaseException:
            run.engine.stop()  # else the threads would go on to the end of their files first
            raise


def say_nothing(stage: str, done: int, total: int | None, what: str) -> None:
    """No one listens."""


def expect_nothing(forecast: Forecast) -> None:
    """No one asked."""


def _outcome(collected: Sequence[Collected], codes: Mapping[str, int]) -> str:
    """How a run ended, in a word."""
    asked = [one for one in collected if one.outlet_id]
    if asked and not any(one.was_answered for one in asked):
        return "unreachable"
    return "partly" if codes.keys() & RETRIED_CODES else "ok"


def _comparing(run: Run, shelf: Shelf, pages: dict[Path, Path]) -> Callable[[Any, int], Iterable[Any]]:
    """How batches of stories are compared: one after the other here, or in the pool where there are several.

    Their pages are written at once, and `pages` is told what puts them in their places.
    Raises: what comparing raises.
    """
    from presswatch.shelving import compare_and_show  # noqa: PLC0415 - as for `compare`

    known = Tables(outlets=to_frame(shelf.read("outlets"))).outlet_names()
    names = known | {outlet_id: outlet.name for outlet_id, outlet in run.outlets.items()}

    def each(batches: Iterable[Any], count: int) -> Iterable[Any]:
        under_way: deque[Work] = deque()
        outcomes: Iterable[Any] = (
            map(compare_and_show, _noted(batches, names, under_way))
            if count < _LEAST_SHARED
            else run.engine.map(compare_and_show, _noted(batches, names, under_way), deadline_s=_COMPARE_DEADLINE_S)
        )
        for done, outcome in enumerate(outcomes, start=1):
            work = under_way.popleft()
            if isinstance(outcome, GivenUp):  # a worker may die of what else is on its machine
                again = next(iter(run.engine.map(compare_and_show, [work], deadline_s=_COMPARE_DEADLINE_S)))
            told, shown = _need(again if isinstance(outcome, GivenUp) else outcome, work.batch.stories)
            for story_id, page in shown.items():
                pages.update(_stage_page(run, story_id, page))
            run.progress("compare", done, count, "batches of stories")
            yield told

    return each


def _group_periods(run: Run, periods: Sequence[Any]) -> Iterable[Any]:
    """The groups of some periods: one after the other here, or in the pool where there is much in several.

    Raises: what grouping raises.
    """
    from presswatch.align.periods import group_period  # noqa: PLC0415 - as for `compare`

    if len(periods) == 1 or sum(len(articles) for _, articles in periods) < _LEAST_GROUPED:
        return map(group_period, periods)
    outcomes = run.engine.map(group_period, periods, deadline_s=_COMPARE_DEADLINE_S)
    return (
        group_period(period) if isinstance(outcome, GivenUp) else _need(outcome, ())
        for period, outcome in zip(periods, outcomes, strict=True)
    )


def _noted(batches: Iterable[Batch], names: Mapping[str, str], under_way: deque[Work]) -> Iterator[Work]:
    """The batches as work, each noted when it is handed out."""
    from presswatch.shelving import Work  # noqa: PLC0415 - as for `compare`

    for batch in batches:
        under_way.append(Work(batch, names))
        yield under_way[-1]


def _need(outcome: Any, stories: Collection[str]) -> Any:
    """A result, which has to be one: no story can be left out.

    Raises: PresswatchError where its worker died twice; else what it raised.
    """
    if isinstance(outcome, GivenUp):
        raise PresswatchError(f"stories could not be compared, one of {', '.join(sorted(stories))}: {outcome}")
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _addresses_on(shelf: Shelf) -> dict[str, Any]:
    """What tells which articles an address means."""
    return {name: to_frame(shelf.read(name, columns=columns)) for name, columns in _ADDRESSES.items()}


def _former_stories(run: Run) -> dict[str, Any]:
    """What a rebuild of everything takes from the tables: the ids that stories had. Nothing where they are damaged."""
    try:
        shelf = Shelf(run.data.clean)
        columns = {"stories": ["story_id", "aliases"], "articles": ["article_id", "story_id"]}
        return {name: to_frame(shelf.read(name, columns=wanted)) for name, wanted in columns.items()}
    except (DamagedError, SchemaError):
        return {}


def stored_articles(data: DataDir) -> dict[str, Any]:
    """`articles` and `aliases`, by which addresses are traced; empty ones where they cannot be read.

    What they would tell is found when they are made again.
    """
    try:
        return _addresses_on(Shelf(data.clean))
    except (DamagedError, SchemaError):
        return {name: make_frame(TABLES[name]) for name in _ADDRESSES}


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


def _failures_of(folder: Path) -> list[Failure]:
    rows = read_file(folder / "failures.parquet", TABLES["failures"]).to_pylist()
    return [Failure(**row) for row in rows]


def _stage_failures(run: Run, failures: Sequence[Failure], forgotten: Forgotten) -> dict[Path, Path]:
    """Write failures into the files of their runs: those of a killed run are told by the run that finishes its work.

    Where something is forgotten, the rows that name it leave the files of all runs.
    """
    by_run: dict[str, list[Mapping[str, Any]]] = _failures_to_purge(run, forgotten) if forgotten.is_pending else {}
    for failure in failures:
        by_run.setdefault(failure.run_id or run.run_id, []).append(
            {**vars(failure), "run_id": failure.run_id or run.run_id}
        )
    if not by_run and not (run.data.clean / "failures").is_dir():
        by_run[run.run_id] = []  # so that the table exists
    moves: dict[Path, Path] = {}
    for run_id, rows in by_run.items():
        place = run.data.clean / "failures" / f"{run_id}.parquet"
        known = read_file(place, TABLES["failures"]).to_pylist() if place.exists() else []
        kept = (row for row in [*known, *rows] if not names_forgotten(forgotten, row))
        made = make_arrow(TABLES["failures"], {_failure_key(row): row for row in kept}.values())
        moves |= stage_table(made, _clean_stage(run), place)
    return moves


def _failures_to_purge(run: Run, forgotten: Forgotten) -> dict[str, list[Mapping[str, Any]]]:
    """The runs whose failures name something that is forgotten, each without new rows."""
    files = sorted((run.data.clean / "failures").glob("*.parquet"))
    rows = {path.stem: read_file(path, TABLES["failures"]).to_pylist() for path in files}
    return {run_id: [] for run_id, found in rows.items() if any(names_forgotten(forgotten, row) for row in found)}


def _failure_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in TABLES["failures"].key)


def read_ledger(data: DataDir) -> dict[str, str]:
    """The WARC files that the tables were made of, relative to the data folder, each with the version that read it.

    Raises: DamagedError.
    """
    path = data.clean / LEDGER
    try:
        ledger: dict[str, str] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise DamagedError(f"{path} is damaged ({error}); `presswatch rebuild` makes it again from data/raw") from error
    return ledger


def _stage_ledger(run: Run, files: Iterable[str]) -> dict[Path, Path]:
    whole_rebuild = run.plan.is_rebuild and run.plan.window is None
    known = {} if whole_rebuild else read_ledger(run.data)
    return stage_ledger(run.data, run.data.stage(run.run_id), known | dict.fromkeys(files, presswatch.__version__))


def stage_ledger(data: DataDir, stage: Path, ledger: Mapping[str, str]) -> dict[Path, Path]:
    """Write what `read_ledger` reads into a stage; gives the move that puts it in its place."""
    staged = stage / "ledger.json"
    staged.write_text(json.dumps(ledger, indent=0, sort_keys=True), "utf-8")
    return {staged: data.clean / LEDGER}


def _clean_stage(run: Run) -> Path:
    """Where a run's tables are staged."""
    return run.data.stage(run.run_id) / "clean"


def _may_hold(path: str, window: Window) -> bool:
    """Whether a WARC file's month of collection touches a window."""
    return _is_month_of(path.split("/")[-2], window)


def _is_month_of(month: str, window: Window) -> bool:
    last = window.until - timedelta(microseconds=1)  # a window is half-open
    return f"{window.since:%Y-%m}" <= month <= f"{last:%Y-%m}"


def load_tables(data: DataDir) -> Tables:
    """The stored tables; empty ones where nothing was ever committed."""
    return load(data.clean) if any((data.clean / name).is_dir() for name in TABLES) else Tables()


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
    return _stage_page(run, "index", render_index(tables, tables.outlet_names(), total=sum(counts.values())))


def _stage_news(run: Run, after: Shelf, results: Results) -> tuple[Digest, Mapping[Path, Path]]:
    """What a run brought in, and the moves that publish it; a run that only read raw again brought nothing in."""
    from presswatch.announcing import Turn, stage_news  # noqa: PLC0415 - as for `compare`

    turn = Turn(
        before=Shelf(run.data.clean),
        after=after,
        parts=results.parts,
        story_ids=results.story_ids,
        is_anew=run.plan.is_rebuild and run.plan.window is None,
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


def _stage_page(run: Run, name: str, page: str) -> dict[Path, Path]:
    staged = run.data.stage(run.run_id) / "report" / f"{name}.html"
    staged.parent.mkdir(exist_ok=True)
    staged.write_text(page, "utf-8")
    return {staged: run.data.report / staged.name}


# ---------------------------------------------------------------- what is to be told


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a backfill would fetch: a row a URL; what went wrong in finding out, and how that ended, as of a run."""

    rows: list[dict[str, Any]]
    failures: tuple[Failure, ...]
    outcome: str

    @property
    def exit_code(self) -> int:
        """What the command line ends with."""
        return _EXIT_CODES.get(self.outcome, 0)


def preview_plan(
    settings: Settings,
    plan: Plan,
    *,
    progress: Progress | None = None,
    forecast: Callable[[Forecast], None] | None = None,
    wait: bool = False,
) -> Preview:
    """What a backfill would fetch, with what robots.txt says of each URL and the seconds until its turn.

    Discovery is done, and not remembered, so the next run tells what it would have told; no article is fetched.
    Raises: as `run_plan`.
    """
    check_plan(settings, plan)
    with open_run(settings, plan, progress or say_nothing, forecast, wait=wait) as run:
        previewed = preview_outlets(order_of(run), run.outlets, _known_ids(run))
    failures = tuple(failure for one in previewed for failure in one.failures)
    return Preview(
        rows=[row for one in previewed for row in one.rows],
        failures=failures,
        outcome=_outcome(previewed, Counter(failure.error for failure in failures)),
    )


def find_outlet(settings: Settings, wanted: str) -> Outlet:
    """The outlet with an id, or of an outlet file by its path, which need not be in the registry.

    Raises: ConfigError with all faults of the file; UsageError for an unknown id or a missing file.
    """
    if not wanted.endswith(".toml"):
        own = DEFAULT_OUTLETS_FOLDER / f"{wanted}.toml"
        outlets = load_outlets(settings.outlets_folder)
        if settings.outlets_folder is None and wanted not in outlets and own.is_file():
            line = f"outlets = {json.dumps(str(own.parent))}"
            raise UsageError(f"{own} is not read: put `{line}` at the top of {FILE_NAME}, or name the file by its path")
        return outlets.need(wanted)
    if not Path(wanted).is_file():
        raise UsageError(f"no such file: {wanted}")
    return load_outlet(Path(wanted))


def check_outlet(
    settings: Settings, wanted: str, *, progress: Progress | None = None, wait: bool = False
) -> list[DocumentRow]:
    """Ask an outlet's robots.txt, feeds and sitemaps: a row a document, with what it lists.

    Args: `wanted` is an id, or the path of an outlet file, which is then checked as if it were in the registry.
    Raises: ConfigError with all faults of the file; UsageError for an unknown id; else as `run_plan`.
    """
    outlet = find_outlet(settings, wanted)
    plan = Plan(command="outlets check")
    with open_run(settings, plan, progress or say_nothing, wait=wait) as run:
        return check_documents(order_of(run), run.outlets, outlet)


def describe_run(settings: Settings, summary: Summary) -> str:
    """A run as Markdown: counts, failures by code, the stories it compared, and what is new."""
    tables = load(settings.data / "clean")
    failures = tables.failures
    stories = tables.stories
    told = render_run(
        vars(summary),
        failures[failures["run_id"] == summary.run_id],
        stories[stories["story_id"].isin(summary.story_ids)],
    )
    return "\n".join(filter(None, (told, render_news(summary.digest))))


def describe_status(settings: Settings, *, finishes: str = "") -> dict[str, Any]:
    """How things stand: counts, the last run, what waits, and what to type next (`lines` says it in words).

    Args: `finishes` is what does here what waits, where that is another command than the next watch or backfill.
    Raises: DamagedError, SchemaError.
    """
    data = DataDir(settings.data, settings.bucket).refresh()
    tables = load_tables(data)
    ordered = tables.runs.sort_values("started_at")
    runs, watches = plain_rows(ordered.tail(1)), plain_rows(ordered[ordered["command"] == "watch"].tail(1))
    latest = tables.articles[tables.articles["is_latest"].astype(bool)]
    unread = len(list_unread(data))
    open_stages = len([path for path in data.spool.iterdir() if path.suffix == ".open"]) if data.spool.is_dir() else 0
    found: dict[str, Any] = {
        "data": data.name,
        "articles": len(latest),
        "outlets": int(latest["outlet_id"].nunique()),
        "stories": len(tables.stories),
        "differences": count_differences(tables.differences).total(),
        "failures": len(tables.failures),
        "unread_files": unread,
        "interrupted_files": open_stages,
        "running": data.holder(),
        "last_run": runs[0] if runs else None,
        "drops": [vars(drop) for drop in find_drops(latest, watches[0]["started_at"])] if watches else [],
    }
    return found | {"lines": _status_lines(found, finishes or "the next `presswatch watch` or `backfill`")}


def _tell_run(run: Mapping[str, Any]) -> str:
    counts = f"{tell_count(run['fetched'], 'response')}, {tell_count(run['failed'], 'failure')}"
    return f"{run['command']} at {run['finished_at']:%Y-%m-%d %H:%M} UTC: {run['outcome']}, {counts}"


def _tell_drop(drop: Mapping[str, Any]) -> str:
    told = f"{tell_count(drop['count'], 'article')} in the 7 days to the last watch"
    span = f"{drop['least']}" if drop["least"] == drop["most"] else f"{drop['least']} to {drop['most']}"
    past = f"{span} in each of the 8 weeks before"
    return f"fewer          {drop['outlet_id']}: {told}, {past}; `presswatch outlets check {drop['outlet_id']}`"


def _status_lines(found: Mapping[str, Any], finishes: str) -> list[str]:
    last = found["last_run"]
    lines = [f"data folder    {found['data']}"]
    if found["running"]:
        lines.append(f"running now    {found['running']}")
    if last:
        lines += [
            (
                f"stored         {tell_count(found['articles'], 'article')} of {tell_count(found['outlets'], 'outlet')}"
                f" in {tell_count(found['stories'], 'story', 'stories')}"
            ),
            f"differences    {found['differences']}",
            f"last run       {_tell_run(last)}",
        ]
        if last["failed"]:
            where = "" if found["data"] == str(Settings().data) else f" --data {found['data']}"
            lines.append(f"               `presswatch failures --run {last['run_id']}{where}` lists them")
    lines += [_tell_drop(drop) for drop in found["drops"]]
    is_cut_short = found["interrupted_files"] and not found["running"]
    is_waiting = found["unread_files"] and not found["running"]
    if is_cut_short:
        lines.append(f"to do          a run was cut short; {finishes} finishes its work")
    elif is_waiting:  # as after `outlets add`, which stores and does not read
        files = tell_count(found["unread_files"], "stored file")
        lines.append(f"to do          not read yet: {files}; {finishes} does it")
    if not (last or found["running"] or is_cut_short or is_waiting):
        here = "`presswatch outlets check ID`, then `presswatch watch`, start with what presswatch.toml says"
        begin = "`presswatch demo` shows how it works; `presswatch init` starts your own"
        lines.append(f"nothing has run here yet: {here if Path(FILE_NAME).exists() else begin}")
    return lines
