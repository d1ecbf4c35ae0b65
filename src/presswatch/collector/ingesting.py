"""WARC files, saved pages and texts of the user's."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from presswatch.archive import ForeignPages, OutletState, RawWriter
from presswatch.collector.order import Collected, LeftOut, Order
from presswatch.collector.remembering import note_file, open_memory
from presswatch.errors import DiskError, UsageError
from presswatch.extract import find_address
from presswatch.forgotten import load_forgotten
from presswatch.model import Capture, Failure
from presswatch.outlets import Registry, is_outlet_id
from presswatch.urls import host_of, is_web, outlet_id_from_host

_MOST_OPEN_OUTLETS = 100  # while files are taken in; each has two or three files open, of the 1024 that are usual
_WARC_NAME = re.compile(r"\.warc(\.gz|\.zst)?$", re.IGNORECASE)
_HTML_NAME = re.compile(r"\.x?html?(\.gz)?$", re.IGNORECASE)
_TEXT_NAME = re.compile(r"\.txt(\.gz)?$", re.IGNORECASE)
_ENDINGS = ".warc, .warc.gz, .warc.zst, .html, .html.gz or .txt"
# What people have instead, and what makes something of it that can be taken in.
_OTHER_NAMES = (
    (re.compile(r"\.wacz$", re.IGNORECASE), "unzip it, and take in the folder: its WARC files lie in `archive`"),
    (re.compile(r"\.arc(\.gz)?$", re.IGNORECASE), "ARC is not read; `warcio recompress` makes a .warc.gz of it"),
    (re.compile(r"\.warc\.\w+$", re.IGNORECASE), "unpack it, or pack it with gzip or zstd"),
)
_PROGRESS_BYTES = 4_000_000  # of a file, between two words on how far it is read
_MOST_FAILURES = 10_000  # rows of one file; a page each in a damaged archive, and more are an attack on our memory
_LARGEST_FILE = 100_000_000  # bytes of one saved page, unpacked; extraction refuses far smaller ones


def ingest_files(
    order: Order, outlets: Registry, paths: Sequence[Path], *, ingest_as: str | None = None, all_hosts: bool = False
) -> list[Collected]:
    """Take in WARC files, saved pages and texts. A file that cannot be used is a failure, not the end.

    Args: `paths` are files or folders; of a folder, all files with a known ending are taken. `ingest_as` is the outlet
        whose they are. Of the pages in WARC files of others those of registered outlets' hosts are taken, but with
        `ingest_as` or `all_hosts` all.
    Raises: UsageError where no file is of a kind that is read; DiskError.
    Cost: the files are read once, and again where WARC files hold revisit records; in memory there is a page, an id for
        each capture and what `ForeignPages` remembers.
    """
    files = list(_files_in(paths, order.data.root.resolve()))
    if not any(_is_known(path) for path in files):
        raise UsageError("\n".join(["nothing to take in", *_tell_refused(files or paths)]))
    takes_all = all_hosts or ingest_as is not None
    pages = ForeignPages(lambda url: takes_all or outlets.for_url(url) is not None)
    failures: list[Failure] = []
    with _Writers(order) as writers:
        for path, found in _read_files(order, files, pages):
            if isinstance(found, Capture):
                writers.add(replace(found, outlet_id=ingest_as or _outlet_id_of(found, path, outlets)))
            else:
                told = replace(found, url=_legible(found.url), message=_legible(found.message))
                failures.append(replace(told, run_id=order.run_id, at=datetime.now(UTC)))
        common = pages.passed_hosts.most_common(1)
        left_out = LeftOut(
            page_count=pages.passed_count,
            host_count=len(pages.passed_hosts),
            host=common[0][0] if common else "",
            revisit_count=pages.lost_count,
        )
        return [*writers.commit(), Collected(outlet_id="", failures=tuple(failures), left_out=left_out)]


def _read_files(order: Order, files: Sequence[Path], pages: ForeignPages) -> Iterator[tuple[Path, Capture | Failure]]:
    """What the files hold, then what revisit records in them stand for; and word of how many bytes were read."""
    sizes = [path.stat().st_size for path in files]
    before, total = 0, sum(sizes)
    for path, size in zip(files, sizes, strict=True):
        told = before

        def tell(read: int, path: Path = path, before: int = before) -> None:
            nonlocal told
            if before + read - told >= _PROGRESS_BYTES:
                told = before + read
                order.progress("ingest", told, total, path.name)

        for found in _bound_failures(path, _captures_in(path, order.started_at, pages, tell)):
            yield path, found
        before += size
        order.progress("ingest", before, total, path.name)
    revisited = pages.follow_revisits(lambda path: order.progress("ingest", total, total, f"revisits in {path.name}"))
    for found in revisited:
        yield files[0], found  # they have addresses of the web, so nobody asks for the file's name


def _bound_failures(path: Path, found: Iterable[Capture | Failure]) -> Iterator[Capture | Failure]:
    """What was found, with a row in the place of failures that nobody could read any more."""
    count = 0
    for one in found:
        count += isinstance(one, Failure)
        if isinstance(one, Capture) or count <= _MOST_FAILURES:
            yield one
    if count > _MOST_FAILURES:
        message = f"{path}: {count - _MOST_FAILURES:,} more failures in this file"
        yield Failure(url=path.as_posix(), error="corrupt", stage="read", message=message)


class _Writers:
    """The WARC files of many outlets, and what is remembered of them; those that were used last are open.

    An outlet that we hold nothing of gets no memory here: that would cost some 50 ms of the disk each, and the first
    visit makes it from raw.
    """

    def __init__(self, order: Order) -> None:
        self._order, self._forgotten = order, load_forgotten(order.data.root)
        self._used: dict[str, _Shelf] = {}  # the outlet used last stands last
        self._idle: dict[str, _Shelf] = {}  # closed, until they are used again
        self._taken: set[str] = set()  # ids of the captures of this run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for shelf in self._used.values():
            shelf.close()

    def add(self, capture: Capture) -> None:
        """Store a capture of an article, if the same bytes of its address are not stored yet."""
        if capture.kind != "article" or self._forgotten.covers_capture(capture):
            return
        shelf = self._take(capture.outlet_id)
        if capture.capture_id in self._taken or shelf.holds(capture):
            return
        shelf.writer.write(capture)
        if shelf.memory:
            shelf.memory.record_capture(capture)
        self._taken.add(capture.capture_id)

    def commit(self) -> list[Collected]:
        """Put the files in their places."""
        done = []
        for outlet_id, shelf in (self._idle | self._used).items():
            path, count = shelf.writer.commit(), shelf.writer.count
            warc = note_file(self._order.data, shelf.memory, path)
            done.append(Collected(outlet_id=outlet_id, warc=warc, discovered=count, fetched=count))
        return done

    def _take(self, outlet_id: str) -> _Shelf:
        shelf = self._used.pop(outlet_id, None) or self._idle.pop(outlet_id, None) or self._begin(outlet_id)
        self._used[outlet_id] = shelf
        if len(self._used) > _MOST_OPEN_OUTLETS:
            longest_unused = next(iter(self._used))
            self._idle[longest_unused] = self._used.pop(longest_unused)
            self._idle[longest_unused].close()
        return shelf

    def _begin(self, outlet_id: str) -> _Shelf:
        order = self._order
        is_known = bool(order.data.raw_files(outlet_id)) or OutletState(order.data, outlet_id).exists
        memory = open_memory(order.data, outlet_id) if is_known else None
        return _Shelf(RawWriter(order.data, outlet_id, order.run_id, order.started_at), memory)


@dataclass(frozen=True)
class _Shelf:
    """Where the captures of one outlet go."""

    writer: RawWriter
    memory: OutletState | None

    def holds(self, capture: Capture) -> bool:
        """Whether the same bytes of the same address are stored, be they the newest of it or not."""
        return self.memory is not None and self.memory.has_capture(capture.capture_id)

    def close(self) -> None:
        """Close the files; the next use opens them again."""
        self.writer.close()
        if self.memory:
            self.memory.close()


def _files_in(paths: Iterable[Path], data: Path) -> Iterator[Path]:
    """The files meant, folders opened, in order of name.

    Of a folder that the data folder lies in, that one is left out: its pages are ours, and its WARC files are read.
    """
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and data not in p.resolve().parents)
            yield from sorted(p for p in inside if _is_known(p))
        else:
            yield path


def _is_known(path: Path) -> bool:
    return any(name.search(path.name) for name in (_WARC_NAME, _HTML_NAME, _TEXT_NAME))


def _tell_refused(paths: Iterable[Path]) -> list[str]:
    """Why files and folders cannot be taken in, and what to do."""
    return [f"{path}: no {_ENDINGS} in it" if path.is_dir() else f"{path}: {_tell_kind(path)}" for path in paths]


def _tell_kind(path: Path) -> str:
    for name, told in _OTHER_NAMES:
        if name.search(path.name):
            return told
    return f"what is it? If it is a page, a text or a WARC file, name it {_ENDINGS}"


def _captures_in(
    path: Path, now: datetime, pages: ForeignPages, tell: Callable[[int], None]
) -> Iterator[Capture | Failure]:
    """What a file holds, of whatever kind it is by its name."""
    url = f"file:{_legible(path.name)}"
    try:
        if _WARC_NAME.search(path.name):
            yield from pages.read(path, tell)
        elif _HTML_NAME.search(path.name):
            body = _read_packed(path)
            address = find_address(body) or url
            yield Capture(
                url=address, outlet_id="", fetched_at=now, body=body, headers=(("content-type", "text/html"),)
            )
        elif _TEXT_NAME.search(path.name):
            body = _read_packed(path)
            yield Capture(url=url, outlet_id="", fetched_at=now, body=body, headers=(("content-type", "text/plain"),))
        else:
            yield Failure(url=url, error="not_html", stage="read", message=_tell_kind(path))
    except (OSError, DiskError, EOFError, zlib.error) as error:
        yield Failure(url=url, error="corrupt", stage="read", message=f"{path}: {error}")


def _legible(text: str) -> str:
    r"""A file's name, or words that tell it; bytes that are no UTF-8, as old archives have them, stand as `\xe9`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _read_packed(path: Path) -> bytes:
    """The bytes of a file, unpacked where its name ends in .gz; never more than the cap and one."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as file:
        body: bytes = file.read(_LARGEST_FILE + 1)
    return body


def _outlet_id_of(capture: Capture, path: Path, outlets: Registry) -> str:
    """Whose a capture is: as our own records say, else by host, else by the name of its file, else a new id."""
    if is_outlet_id(capture.outlet_id):  # a file of anybody's may claim to be ours
        return capture.outlet_id
    if is_web(capture.url):
        outlet = outlets.for_url(capture.url)
        return outlet.id if outlet else outlet_id_from_host(host_of(capture.url))
    stem = path.name.partition(".")[0]
    outlet = outlets.named(stem)
    return outlet.id if outlet else outlet_id_from_host(stem)
