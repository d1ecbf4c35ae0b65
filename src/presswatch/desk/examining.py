"""`presswatch doctor`: a look at everything in the data folder. Nothing is written, and no lock is kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from presswatch.archive import Stored, compare_memory, is_open_file, read_answers, read_stored
from presswatch.desk.ailments import Doubled, Health, MemoryHealth, Spool, TableState
from presswatch.errors import ConfigError, DamagedError, DiskError, PresswatchError, SchemaError
from presswatch.forgotten import load_forgotten
from presswatch.ledger import list_unread
from presswatch.model import Capture, Failure, Revisit
from presswatch.outlets import load_outlet, load_outlets
from presswatch.settings import Settings
from presswatch.shelving import read_grouping
from presswatch.storage import JOURNAL, OPEN_SUFFIX, DataDir
from presswatch.tables import TABLES, to_frame
from presswatch.tables.shelf import WHOLE, Shelf
from presswatch.urls import identity, is_web


def examine(settings: Settings) -> Health:
    """Look at the folder, raw, state, tables, pages, the spool and the outlet files.

    Returns: what was found; of a folder that is not there only the outlet files.
    Raises: DiskError where data/raw cannot be read at all.
    Cost: all of data/raw is unpacked, all tables are read.
    """
    data = DataDir(settings.data, settings.bucket).refresh(has_memories=True)
    health = Health(
        root=data.root.as_posix(),
        now=datetime.now(UTC),
        bucket=settings.bucket,
        outlet_faults=tuple(_outlet_faults(settings)),
    )
    if not data.root.is_dir():
        return replace(health, disk_fault=_disk_fault(data)) if data.root.exists() else health
    holder = data.holder()
    stored = _Stored(data)
    tables, frames = _look_at_tables(data)
    return replace(
        health,
        holder=holder,
        stale_note=data.left_note() if holder is None else "",
        disk_fault=_disk_fault(data),
        foreign=tuple(_foreign(data)),
        spool=Spool() if holder else _look_at_spool(data),
        damage=stored.damage,
        **_look_at_ledger(data),
        newest_at=max(filter(None, (stored.newest_at, _newest_run(frames))), default=None),
        memories=() if holder else tuple(_look_at_memories(data, stored)),
        tables=tables,
        **_hold_against(frames, data, stored, settings),
        **_look_at_forgotten(data),
    )


class _Stored:
    """What data/raw holds: ids of the captures of articles, by folder, and damage."""

    def __init__(self, data: DataDir) -> None:
        self.ids: dict[str, set[str]] = defaultdict(set)
        self.newest_at: datetime | None = None
        damage: dict[str, list[str]] = {}
        for path in data.stream(data.raw_files()):
            for found in read_answers(path):
                if isinstance(found, Failure):
                    damage.setdefault(path.as_posix(), []).append(_short(found.message, path))
                else:
                    self._add(path, found.capture if isinstance(found, Stored) else found.revisit)
        for path in data.spool.glob(f"*{OPEN_SUFFIX}"):  # what killed runs fetched is stored too
            if is_open_file(path.name):
                found_there = [one for one in read_stored(path) if isinstance(one, Stored)]
                self.ids[path.name].update(one.capture.capture_id for one in found_there)
        self.damage = {path: tuple(faults) for path, faults in damage.items()}

    def _add(self, path: Path, answer: Capture | Revisit) -> None:
        if isinstance(answer, Capture) and answer.kind == "article":
            self.ids[path.parent.parent.name].add(answer.capture_id)
        if self.newest_at is None or answer.fetched_at > self.newest_at:
            self.newest_at = answer.fetched_at

    @cached_property
    def all_ids(self) -> set[str]:
        return set().union(*self.ids.values())


def _short(message: str, path: Path) -> str:
    """A message of damage without its path and advice, which stand beside it."""
    return message.removeprefix(f"{path}, ").partition(";")[0]


def _outlet_faults(settings: Settings) -> Iterator[tuple[str, str]]:
    folder = settings.outlets_folder
    before = 0
    for path in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
        try:
            load_outlet(path)
        except ConfigError as error:
            before += 1
            yield from ((error.path, fault) for fault in error.faults)
    if not before:
        try:
            load_outlets(folder)
        except ConfigError as error:
            yield from ((error.path, fault) for fault in error.faults)


def _disk_fault(data: DataDir) -> str:
    try:
        data.check_writable()
    except DiskError as error:
        return str(error)
    return ""


def _foreign(data: DataDir) -> Iterator[str]:
    device = data.root.stat().st_dev
    for folder in (data.raw, data.clean, data.state, data.report, data.spool):
        if folder.exists() and folder.stat().st_dev != device:
            yield folder.as_posix()


def _look_at_spool(data: DataDir) -> Spool:
    found = [path for path in data.spool.iterdir() if path != data.kept] if data.spool.is_dir() else []
    names = [path.name for path in found]
    journal = data.spool / JOURNAL
    opened = [name for name in names if name.endswith(OPEN_SUFFIX)]
    ours = [name for name in opened if is_open_file(name)]
    return Spool(
        journal=_journal_state(journal) if journal.exists() else "none",
        open_files=tuple(sorted(ours)),
        strange=tuple(sorted(set(opened) - set(ours))),
        left=len(set(names) - set(opened) - {JOURNAL}),
    )


def _journal_state(journal: Path) -> Literal["waiting", "damaged"]:
    try:
        told = json.loads(journal.read_text("utf-8"))
    except (OSError, ValueError):
        return "damaged"
    return "waiting" if isinstance(told, dict) and {"moves", "gone"} <= told.keys() else "damaged"


def _look_at_ledger(data: DataDir) -> dict[str, Any]:
    try:
        return {"unread": tuple(list_unread(data))}
    except DamagedError as error:
        return {"ledger_fault": str(error).partition(";")[0]}


def _look_at_forgotten(data: DataDir) -> dict[str, Any]:
    try:
        return {"is_forgetting": load_forgotten(data.root).is_pending}
    except (DamagedError, SchemaError) as error:
        return {"forgotten_fault": str(error).partition(":")[0]}


def _look_at_memories(data: DataDir, stored: _Stored) -> Iterator[MemoryHealth]:
    for path in sorted(data.state.glob("*.sqlite")):
        try:
            behind, lost = compare_memory(data, path.stem, stored.ids[path.stem], stored.all_ids)
            yield MemoryHealth(path=path.as_posix(), behind=behind, lost=len(lost))
        except SchemaError as error:
            yield MemoryHealth(path=path.as_posix(), fault=str(error), is_newer=True)
        except (DamagedError, DiskError, ValueError) as error:
            yield MemoryHealth(path=path.as_posix(), fault=str(error).partition(": delete")[0])


def _look_at_tables(data: DataDir) -> tuple[tuple[tuple[str, TableState, bool, str], ...], dict[str, pd.DataFrame]]:
    """The files that are not as they should be; and the tables of which all are."""
    faults: list[tuple[str, TableState, bool, str]] = []
    frames = {}
    is_made = any((data.clean / name).is_dir() for name in TABLES)
    shelf = Shelf(data.clean)
    split = {part for name, table in TABLES.items() if table.is_split for part in shelf.parts(name)}
    for name, table in TABLES.items():
        expected = set() if table.is_log or not is_made else split if table.is_split else {WHOLE}
        for part in sorted(expected - set(shelf.parts(name))):
            place = (data.clean / name / f"{part}.parquet").as_posix()
            faults.append((place, "missing", False, "this part of the table is missing"))
        read = []
        for part in shelf.parts(name):
            try:
                read.append(to_frame(shelf.read(name, [part])))
            except (PresswatchError, OSError) as error:
                place = (data.clean / name / f"{part}.parquet").as_posix()
                faults.append((place, _state_of(error), table.is_log, str(error).partition(";")[0]))
        if read and len(read) == len(shelf.parts(name)):
            frames[name] = pd.concat(read, ignore_index=True)
    try:
        read_grouping(data.clean)
    except DamagedError as error:
        faults.append((str(error).partition(" is damaged")[0], "damaged", False, str(error).partition(";")[0]))
    return tuple(faults), frames


def _hold_against(
    frames: dict[str, pd.DataFrame], data: DataDir, stored: _Stored, settings: Settings
) -> dict[str, Any]:
    """What the tables say, held against raw, pages and outlet files."""
    found: dict[str, Any] = {}
    if "articles" in frames:
        latest = frames["articles"][frames["articles"]["is_latest"].astype(bool)]
        found["rawless"] = int((~latest["capture_id"].isin(list(stored.all_ids))).sum())
        found["doubled"] = tuple(_find_doubled(latest, settings))
    if "stories" in frames:
        found["pageless"] = len({f"{one}.html" for one in frames["stories"]["story_id"]} - data.pages())
    return found


def _newest_run(frames: dict[str, pd.DataFrame]) -> datetime | None:
    newest: datetime | None = None
    if len(frames.get("runs", ())):
        newest = frames["runs"]["started_at"].max().to_pydatetime()
    return newest


def _find_doubled(latest: pd.DataFrame, settings: Settings) -> Iterator[Doubled]:
    """The addresses that are articles of more than one outlet, by the outlets that are not their own."""
    by_key: dict[str, dict[str, str]] = defaultdict(dict)
    for outlet_id, url in zip(latest["outlet_id"], latest["url"], strict=True):
        if is_web(url):
            by_key[identity(url)].setdefault(outlet_id, url)
    shared = [found for found in by_key.values() if len(found) > 1]
    if not shared:
        return
    try:
        outlets = load_outlets(settings.outlets_folder)
    except ConfigError:  # told of the files
        return
    urls: dict[tuple[str, str], list[str]] = defaultdict(list)
    for found in shared:
        owner = outlets.for_url(min(found.values()))
        keeper = owner.id if owner else min(found)
        for outlet_id in found.keys() - {keeper}:
            urls[outlet_id, keeper].append(found[outlet_id])
    for (outlet_id, keeper), named in sorted(urls.items()):
        yield Doubled(outlet_id=outlet_id, keeper=keeper, url=min(named), count=len(named))


def _state_of(error: Exception) -> TableState:
    if isinstance(error, SchemaError):
        return "newer" if "upgrade presswatch" in str(error) else "older"
    return "damaged"
