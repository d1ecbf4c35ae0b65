"""Few files out of many: what a schedule leaves in a month, put together when the month is over.

A run leaves a WARC file for each outlet that answered, if only with revisit records, and a file of `runs` and of
`failures`: tens of thousands in a year, and every run looks at their names. Records and rows stay as they are.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import presswatch
from presswatch.archive import holds_articles
from presswatch.collector import Progress, recover
from presswatch.errors import UsageError
from presswatch.ledger import read_ledger, stage_ledger
from presswatch.settings import Settings
from presswatch.storage import DataDir, disk_error
from presswatch.tables import TABLES, sort_arrow
from presswatch.tables.shelf import Shelf, stage_table

# Of a WARC file; larger ones stay as they are, so that nothing is copied again and again.
SMALL_BYTES = 64 * 1024 * 1024
_STAGE = "compact"


@dataclass(frozen=True, kw_only=True)
class Compacted:
    """How many files there were of what was put together, and how many there are now."""

    raw_before: int = 0
    raw_after: int = 0
    logs_before: int = 0
    logs_after: int = 0


def compact(settings: Settings, *, progress: Progress, now: datetime | None = None, wait: bool = False) -> Compacted:
    """Put together the WARC files and the logs of months that are over. Idempotent; it may be killed at any moment.

    WARC files that the tables were not made of yet are left to the next run.
    Raises: UsageError for a bucket; LockedError, DiskError, DamagedError.
    Cost: what is put together is copied once; so much has to be free.
    """
    if settings.bucket:
        raise UsageError(f"{settings.bucket} is a bucket: its WARC files are put once, and are not put together")
    data = DataDir(settings.data)
    month = f"{now or datetime.now(UTC):%Y-%m}"
    data.check_writable()
    with data.locked("presswatch compact", wait=wait):
        recover(data)
        data.clear_stages()
        bundles = list(_find_bundles(data, month))
        for number, bundle in enumerate(bundles, start=1):
            _join_raw(data, bundle)
            progress("compact", number, len(bundles), data.relative(bundle[0].parent))
        before, after = _join_logs(data, month)
        data.clear_stages()
    return Compacted(
        raw_before=sum(len(bundle) for bundle in bundles),
        raw_after=len(bundles),
        logs_before=before,
        logs_after=after,
    )


def _find_bundles(data: DataDir, month: str) -> Iterator[list[Path]]:
    """The small files of an outlet and month, as many together as make a large one."""
    read = read_ledger(data)
    for folder in sorted(path for path in data.raw.glob("*/*") if path.is_dir() and path.name < month):
        bundle: list[Path] = []
        size = 0
        for path in sorted(folder.glob("*.warc.gz")):
            is_large = path.stat().st_size >= SMALL_BYTES
            if is_large or (data.relative(path) not in read and holds_articles(path)):
                continue
            bundle.append(path)
            size += path.stat().st_size
            if size >= SMALL_BYTES:
                if len(bundle) > 1:
                    yield bundle
                bundle, size = [], 0
        if len(bundle) > 1:
            yield bundle


def _join_raw(data: DataDir, bundle: Sequence[Path]) -> None:
    """One WARC file in the place of several: gzip members may stand behind each other."""
    first, last = (path.name.removesuffix(".warc.gz").partition("-to-") for path in (bundle[0], bundle[-1]))
    place = bundle[0].with_name(f"{first[0]}-to-{last[2] or last[0]}.warc.gz")
    stage = data.stage(_STAGE)
    staged = stage / place.name
    ledger = {path: version for path, version in read_ledger(data).items() if data.root / path not in set(bundle)}
    ledger[data.relative(place)] = presswatch.__version__  # those that it does not list hold nothing to read
    try:
        with staged.open("wb") as file:
            for path in bundle:
                with path.open("rb") as part:
                    shutil.copyfileobj(part, file)
        listed = stage_ledger(data, stage, ledger)
    except OSError as error:
        raise disk_error(error, staged) from error
    gone = [path for path in bundle if path != place]
    data.commit({staged: place, **listed}, gone)


def _join_logs(data: DataDir, month: str) -> tuple[int, int]:
    """One file a month for each log; gives how many files there were of these, and are."""
    shelf = Shelf(data.clean)
    moves: dict[Path, Path] = {}
    gone: list[Path] = []
    before = 0
    for name, months in _logs_by_month(shelf).items():
        for one, parts in sorted(months.items()):
            if one >= month or parts == [one]:
                continue
            before += len(parts)
            joined = sort_arrow(TABLES[name], shelf.read(name, parts))
            moves |= stage_table(joined, data.stage(_STAGE), data.clean / name / f"{one}.parquet")
            gone += [data.clean / name / f"{part}.parquet" for part in parts if part != one]
    if moves:
        data.commit(moves, gone)
    return before, len(moves)


def _logs_by_month(shelf: Shelf) -> Mapping[str, Mapping[str, list[str]]]:
    """The parts of each log by the month of their runs: of `20260301T…`, or of a month that was put together."""
    found: dict[str, dict[str, list[str]]] = {}
    for name in (name for name, table in TABLES.items() if table.is_log):
        months: dict[str, list[str]] = defaultdict(list)
        for part in shelf.parts(name):
            months[part if part[4:5] == "-" else f"{part[:4]}-{part[4:6]}"].append(part)
        found[name] = months
    return found
