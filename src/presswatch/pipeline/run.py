"""What a run is to do, what it holds while it is under way, and how it ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from presswatch.collector import Collected, Forecast, LeftOut, Order, Progress, recover
from presswatch.engine import Engine, open_engine
from presswatch.errors import RETRIED_CODES, ConfigError, DamagedError, UsageError
from presswatch.forgetter import remember_forgotten
from presswatch.forgotten import load_forgotten
from presswatch.kept import Kept
from presswatch.model import Failure, Window
from presswatch.outlets import Registry, is_outlet_id, load_outlets
from presswatch.report import Digest
from presswatch.settings import FILE_NAME, Settings
from presswatch.storage import DataDir, disk_error
from presswatch.tables import refuse_newer
from presswatch.tables.shelf import stored_addresses

_EXIT_CODES = {"partly": 5, "unreachable": 6}  # by a run's outcome


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

    @property
    def is_anew(self) -> bool:
        """Whether all tables are made again, and none is gone on with."""
        return self.is_rebuild and self.window is None


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

    @property
    def outlet_ids(self) -> tuple[str, ...]:
        """The outlets that are to be asked. Raises: UsageError where one is unknown."""
        return tuple(self.outlets.need(outlet_id).id for outlet_id in self.plan.outlet_ids)

    @property
    def clean_stage(self) -> Path:
        """Where its tables are staged."""
        return self.data.stage(self.run_id) / "clean"


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
        refuse_newer(data.clean)
        recover(data)
        data.clear_stages()
        data.put_raw()
        if plan.forget:
            data.drop_kept()
            remember_forgotten(data, plan.forget, stored_addresses(data.clean), outlets, started_at)
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


def _check_raw(data: DataDir, plan: Plan) -> None:
    """Refuse to make tables of nothing: that raw is gone altogether is a disk that is not there, and no wish.

    Raises: DamagedError where raw is missing or empty, and tables hold articles that a rebuild would drop.
    """
    if not plan.is_anew or data.raw_files() or (data.raw.is_dir() and any(data.raw.iterdir())):
        return
    if any((data.clean / "articles").glob("*.parquet")):
        raise DamagedError(
            f"{data.raw} is empty, and the tables hold what was read from it: a rebuild would drop every article. Bring"
            f" it back (is its disk there?); or delete {data.clean}, to begin anew"
        )


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


def judge_outcome(collected: Sequence[Collected], codes: Mapping[str, int]) -> str:
    """How a run ended, in a word."""
    asked = [one for one in collected if one.outlet_id]
    if asked and not any(one.was_answered for one in asked):
        return "unreachable"
    return "partly" if codes.keys() & RETRIED_CODES else "ok"


def say_nothing(stage: str, done: int, total: int | None, what: str) -> None:
    """No one listens."""


def expect_nothing(forecast: Forecast) -> None:
    """No one asked."""
