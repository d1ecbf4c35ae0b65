"""The WARC files of our own: written in the spool, put in place, read back, recovered, sifted."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from fastwarc.warc import WarcRecordType

from presswatch.archive.members import Member, damage, read_members
from presswatch.archive.moments import moment
from presswatch.archive.records import (
    Record,
    capture_of,
    pack,
    record_of,
    revisit_of,
    revisit_record_of,
    warcinfo,
)
from presswatch.model import Capture, Failure, Revisit
from presswatch.outlets import check_outlet_id, is_outlet_id
from presswatch.storage import OPEN_SUFFIX, DataDir, disk_error, sync

_OPEN_SUFFIX = f".warc.gz{OPEN_SUFFIX}"


class RawWriter:
    """The WARC file of one run and outlet: written in the spool, put under data/raw by `commit`.

    Each capture or revisit is with the operating system when `write` returns, so a killed process loses none of them:
    `recover_spool` puts them in place. As a context manager it only closes the file: what was not committed stays in
    the spool for recovery, because a fetched page is not to be fetched twice.

    Raises: ValueError where `outlet_id` is none; DiskError, from `write` and `commit`.
    """

    def __init__(self, data: DataDir, outlet_id: str, run_id: str, opened_at: datetime) -> None:
        self._data, self._outlet_id, self._run_id, self._opened_at = data, outlet_id, run_id, opened_at
        self._path = data.spool / f"{check_outlet_id(outlet_id)}@{run_id}{_OPEN_SUFFIX}"
        self._file: io.FileIO | None = None
        self._is_begun = False
        self.count = 0  # captures written
        self.revisits = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, answer: Capture | Revisit) -> None:
        """Store a capture or a revisit as one gzip member."""
        is_revisit = isinstance(answer, Revisit)
        # outside the `try`: nothing of it is the disk's business
        member = pack(revisit_record_of(answer) if isinstance(answer, Revisit) else record_of(answer))
        try:
            self._append(self._file or self._open(), member)
        except OSError as error:
            raise disk_error(error, self._path) from error
        self.count += not is_revisit
        self.revisits += is_revisit

    def commit(self) -> Path | None:
        """Make the file durable and put it in its place; None where nothing was written."""
        if not self._is_begun:
            return None
        try:
            os.fsync((self._file or self._open()).fileno())
            self.close()
            self._is_begun = False
            return _put_in_place(self._path, _raw_folder(self._data, self._outlet_id, self._opened_at), self._run_id)
        except OSError as error:
            raise disk_error(error, self._path) from error

    def close(self) -> None:
        """Close the file and leave it in the spool; the next `write` opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> io.FileIO:
        if self._is_begun:
            self._file = self._path.open("ab", buffering=0)
            return self._file
        self._path.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while self._path.exists():  # a run that is tried again under its old id leaves its first try to recovery
            number += 1
            self._path = self._path.with_name(f"{self._outlet_id}@{self._run_id}@{number}{_OPEN_SUFFIX}")
        self._file = self._path.open("xb", buffering=0)
        self._append(self._file, pack(warcinfo(self._outlet_id, self._run_id, self._opened_at)))
        self._is_begun = True
        return self._file

    def _append(self, file: io.FileIO, member: bytes) -> None:
        """Write all of it or, where the disk is full, take back what of it was written: half a record is damage."""
        start = file.tell()
        try:
            rest = memoryview(member)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            with contextlib.suppress(OSError):
                file.truncate(start)
                file.seek(start)
            raise


def _raw_folder(data: DataDir, outlet_id: str, opened_at: datetime) -> Path:
    return data.raw / outlet_id / opened_at.astimezone(UTC).strftime("%Y-%m")


def _put_in_place(spooled: Path, folder: Path, run_id: str) -> Path:
    """Rename a finished file into its folder, beside and never over one that is there."""
    folder.mkdir(parents=True, exist_ok=True)
    place, number = folder / f"{run_id}.warc.gz", 1
    while place.exists():
        number += 1
        place = folder / f"{run_id}-{number}.warc.gz"
    spooled.replace(place)
    for changed in (folder, folder.parent, folder.parent.parent, spooled.parent):  # a month and an outlet may be new
        sync(changed)
    return place


def read_captures(path: Path) -> Iterator[Capture | Failure]:
    """Stream one of our own WARC files back to the captures that were written.

    A stretch that is torn or changed gives one Failure (`corrupt`) with the file, the place and what mends it; the
    whole records on both sides of it are given all the same.

    Raises: DiskError where the file cannot be read at all.
    """
    for found in read_stored(path):
        yield found.capture if isinstance(found, Stored) else found


def read_history(path: Path) -> Iterator[Capture | Revisit | Failure]:
    """As `read_captures`, with the revisits: everything that was answered, in order."""
    for found in read_answers(path):
        if isinstance(found, Stored):
            yield found.capture
        else:
            yield found.revisit if isinstance(found, StoredRevisit) else found


def holds_articles(path: Path) -> bool:
    """Whether there is anything to read in one of our own files: an article, or damage to be told.

    Cost: the file is unpacked up to the first article.
    """
    return any(isinstance(found, Failure) or found.kind == "article" for found in read_captures(path))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a record lies: the bytes from `start` up to `end` of a WARC file, one gzip member."""

    path: Path
    start: int
    end: int
    record_id: str


@dataclass(frozen=True, kw_only=True)
class Stored(Place):
    """A capture and where it lies."""

    digest: str  # of the body, as the record says
    capture: Capture = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class StoredRevisit(Place):
    """A revisit and where it lies."""

    revisit: Revisit


def read_stored(path: Path) -> Iterator[Stored | Failure]:
    """As `read_captures`, with the place of each capture."""
    for found in read_answers(path):
        if not isinstance(found, StoredRevisit):
            yield found


def read_answers(path: Path) -> Iterator[Stored | StoredRevisit | Failure]:
    """As `read_stored`, with the revisits."""
    for member in read_members(path):
        found = _stored_in(path, member)
        if found is not None:
            yield found


def _stored_in(path: Path, member: Member) -> Stored | StoredRevisit | Failure | None:
    """The capture or revisit of a member, what is wrong with it, or nothing where it is neither."""
    record = member.record
    if record is None:
        return damage(path, member.start, member.fault)
    place = Place(path=path, start=member.start, end=member.end, record_id=record.header("WARC-Record-ID").strip("<>"))
    try:
        if record.kind is WarcRecordType.revisit:
            return StoredRevisit(**vars(place), revisit=revisit_of(record))
        if record.kind not in (WarcRecordType.response, WarcRecordType.resource):
            return None
        capture = capture_of(record)
    except ValueError as error:
        return damage(path, member.start, str(error))
    return Stored(**vars(place), digest=record.header("WARC-Payload-Digest"), capture=capture)


@dataclass(frozen=True)
class Sifted:
    """What was left out of a copy of a WARC file: captures, revisits, and damaged stretches with their bytes."""

    captures: tuple[Stored, ...] = ()
    revisits: tuple[StoredRevisit, ...] = ()
    damaged: tuple[bytes, ...] = ()


def sift_file(
    path: Path,
    copy: Path,
    *,
    is_leaving: Callable[[Capture | Revisit], bool] = lambda _: False,
    drops_damage: bool = False,
) -> Sifted:
    """Copy one of our own WARC files without some captures and revisits; all other members byte for byte as they are.

    Nothing is copied where nothing leaves. What is damaged stays too, unless `drops_damage`.

    Args: `copy` is where to: a file that is not there, durable when this returns.
    Raises: DiskError. Cost: every record is unpacked once, and once more where something leaves.
    """
    leaving: list[Stored] = []
    revisits: list[StoredRevisit] = []
    damaged: list[tuple[int, int]] = []
    for member in read_members(path):
        found = _stored_in(path, member)
        if isinstance(found, Stored) and is_leaving(found.capture):
            leaving.append(found)
        elif isinstance(found, StoredRevisit) and is_leaving(found.revisit):
            revisits.append(found)
        elif isinstance(found, Failure) and drops_damage:
            damaged.append((member.start, member.end))
    gaps = sorted([*((one.start, one.end) for one in [*leaving, *revisits]), *damaged])
    if not gaps:
        return Sifted()
    try:
        content = path.read_bytes()
        copy.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("wb") as file:
            place = 0
            for start, end in gaps:
                file.write(content[place:start])
                place = end
            file.write(content[place:])
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise disk_error(error, path) from error
    return Sifted(tuple(leaving), tuple(revisits), tuple(content[start:end] for start, end in damaged))


def recover_spool(data: DataDir) -> list[Path]:
    """Put in place what killed runs left in the spool: all whole records, without a torn tail.

    Call it under the lock of the folder. Being killed itself it loses nothing, and a second call finishes its work.

    Returns: the files under data/raw, for `OutletState.replay`.
    Raises: DiskError.
    """
    recovered = []
    for spooled in sorted(data.spool.glob(f"*{_OPEN_SUFFIX}")):
        if is_open_file(spooled.name):
            outlet_id, run_id, *_ = spooled.name.removesuffix(_OPEN_SUFFIX).split("@")
            place = _recover(data, spooled, outlet_id, run_id)
            recovered += [place] if place else []
    return recovered


def is_open_file(name: str) -> bool:
    """Whether a file of the spool is named as those that a run writes, and `recover_spool` puts in place."""
    outlet_id, run_id, *_ = [*name.removesuffix(_OPEN_SUFFIX).split("@"), ""]
    return name.endswith(_OPEN_SUFFIX) and bool(run_id) and is_outlet_id(outlet_id)


def _recover(data: DataDir, spooled: Path, outlet_id: str, run_id: str) -> Path | None:
    whole = [member for member in read_members(spooled) if member.record]
    try:
        if len(whole) < 2:  # noqa: PLR2004  # the first says only who wrote the file
            spooled.unlink()
            return None
        with spooled.open("r+b") as file:
            file.truncate(whole[-1].end)
            os.fsync(file.fileno())
        opened_at = moment(cast("Record", whole[0].record).header("WARC-Date"))
        return _put_in_place(spooled, _raw_folder(data, outlet_id, opened_at), run_id)
    except OSError as error:
        raise disk_error(error, spooled) from error
