"""Capture ↔ WARC, and what a run must remember. The only importer of the WARC library.

Raw files are the truth: one `data/raw/<outlet_id>/<yyyy-mm>/<run_id>.warc.gz` per run and outlet, written in the spool
and put in place by a rename, never opened for writing again. Each record is a gzip member of its own, so damage to one
leaves the others readable. What `OutletState` remembers is derived: it can be made again from raw.

Bodies are stored decoded, Common Crawl's way: `Content-Encoding`, `Transfer-Encoding` and `Content-Length` of the wire
are kept as `X-Crawler-…`, and a true `Content-Length` is written.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import mmap
import os
import re
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, cast, get_args, overload
from urllib.parse import quote, urlsplit

from fastwarc.stream_io import BrotliReader, ZstdReader
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from isal import isal_zlib

from presswatch.errors import RETRIED_CODES, Code, DamagedError, DiskError, FetchError, SchemaError
from presswatch.forgotten import Forgotten, load_forgotten
from presswatch.model import Candidate, Capture, DocumentKind, Failure, Window, utc
from presswatch.outlets import is_outlet_id
from presswatch.storage import OPEN_SUFFIX, DataDir, disk_error
from presswatch.urls import identity

__all__ = [
    "Inflater",
    "Memory",
    "Outcome",
    "OutletState",
    "RawWriter",
    "Remembered",
    "RobotsNote",
    "Sifted",
    "Stored",
    "Validators",
    "compare_memory",
    "inflate",
    "is_open_file",
    "peek_memory",
    "read_captures",
    "read_foreign",
    "read_stored",
    "recover_spool",
    "sift_file",
]

MAX_FOREIGN_BODY_BYTES = 10_000_000  # decoded; what `[fetch] max_body_bytes` is by default

_GZIP_LEVEL = 2  # of isal's 0 to 3: a tenth of the time of zlib's 6, for files 12 % larger (docs/decisions.md)
_GZIP_MAGIC = b"\x1f\x8b\x08"
_CHUNK_BYTES = 64 * 1024
_MAX_RECORD_BYTES = 256 * 1024 * 1024  # inflated; the longest document that is fetched, a sitemap, has 50 MB
_MAX_MEMBERS = 1000  # of one gzip body; more are an attack on our time
_OPEN_SUFFIX = f".warc.gz{OPEN_SUFFIX}"
_WIRE_HEADERS = ("content-encoding", "transfer-encoding", "content-length")
_CRAWLER = "x-crawler-"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})

# --- content encodings ------------------------------------------------------------------------------------------------


class Inflater:
    """Undoes one content encoding, bounded: memory never exceeds the cap by more than one chunk.

    Raises, from `feed` and `finish`, FetchError about `url`: `too_large` over the cap (of either side: an endless
    stream that inflates to nothing ends too), `truncated` where the stream stops before its end, `bad_encoding`
    where it is damaged or of a kind that nobody asked for. With `cuts` what is over the cap is dropped instead, and
    `is_full` says so.
    """

    def __init__(self, url: str, encoding: str, cap: int, *, cuts: bool = False) -> None:
        self._url, self._cap, self._cuts = url, cap, cuts
        self.is_full = False
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise FetchError("bad_encoding", url, f"content encoding {self._encoding!r} was not asked for")
        self._read = self._given = self._members = 0
        self._stream: zlib._Decompress | None = None

    def feed(self, chunk: bytes) -> bytes:
        """The decoded form of the next bytes."""
        self._read += len(chunk)
        decoded = self._inflate(chunk) if self._is_packed else chunk
        room = self._cap - self._given
        self._given += len(decoded)
        if max(self._read, self._given) <= self._cap:
            return decoded
        if not self._cuts:
            raise FetchError("too_large", self._url, f"more than {self._cap:,} bytes")
        self.is_full = True
        return decoded[: max(room, 0)]

    def finish(self) -> None:
        """Say that nothing follows."""
        if self._stream is not None and not self._stream.eof and not self.is_full:
            raise FetchError("truncated", self._url, f"the {self._encoding} stream stops before its end")

    @property
    def _is_packed(self) -> bool:
        return self._encoding not in ("", "identity")

    def _inflate(self, chunk: bytes) -> bytes:
        parts = []
        left = self._cap - self._given
        try:
            while chunk and left >= 0:
                stream = self._stream_for(chunk)
                if stream is None:
                    break
                part = stream.decompress(chunk, left + 1)  # one byte over the cap shows that there is more
                parts.append(part)
                left -= len(part)
                chunk = stream.unused_data
        except zlib.error as error:
            raise FetchError("bad_encoding", self._url, f"the {self._encoding} stream is damaged: {error}") from error
        return b"".join(parts)

    def _stream_for(self, chunk: bytes) -> zlib._Decompress | None:
        """The decoder for the next bytes; none where they are what some servers leave behind the last member."""
        if self._stream is None or (self._stream.eof and self._encoding != "deflate" and chunk[:1] == _GZIP_MAGIC[:1]):
            self._members += 1
            if self._members > _MAX_MEMBERS:
                raise FetchError("bad_encoding", self._url, f"more than {_MAX_MEMBERS} gzip members")
            self._stream = zlib.decompressobj(self._window_bits(chunk))
        return None if self._stream.eof else self._stream

    def _window_bits(self, chunk: bytes) -> int:
        """gzip; or deflate, which half of all servers take for a zlib stream and half for a bare one."""
        if self._encoding != "deflate":
            return zlib.MAX_WBITS | 16
        is_zlib = chunk[0] & 0x0F == zlib.DEFLATED and int.from_bytes(chunk[:2].ljust(2, b"\0")) % 31 == 0  # RFC 1950
        return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS


def inflate(chunks: Iterable[bytes], encoding: str, cap: int, *, url: str = "") -> bytes:
    """The whole of an encoded body, of at most `cap` bytes.

    Raises: FetchError as `Inflater`.
    """
    inflater = Inflater(url, encoding, cap)
    body = b"".join(inflater.feed(chunk) for chunk in chunks)
    inflater.finish()
    return body


# --- writing ----------------------------------------------------------------------------------------------------------


class RawWriter:
    """The WARC file of one run and outlet: written in the spool, put under data/raw by `commit`.

    Each capture is with the operating system when `write` returns, so a killed process loses none of them:
    `recover_spool` puts them in place. As a context manager it only closes the file: what was not committed stays in
    the spool for recovery, because a fetched page is not to be fetched twice.

    Raises: ValueError where `outlet_id` is none; DiskError, from `write` and `commit`.
    """

    def __init__(self, data: DataDir, outlet_id: str, run_id: str, opened_at: datetime) -> None:
        self._data, self._outlet_id, self._run_id, self._opened_at = data, outlet_id, run_id, opened_at
        self._path = data.spool / f"{_checked(outlet_id)}@{run_id}{_OPEN_SUFFIX}"
        self._file: io.FileIO | None = None
        self._is_begun = False
        self.count = 0  # captures written

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, capture: Capture) -> None:
        """Store a capture as one gzip member."""
        member = _pack(_record_of(capture))  # outside the `try`: nothing of it is the disk's business
        try:
            self._append(self._file or self._open(), member)
        except OSError as error:
            raise disk_error(error, self._path) from error
        self.count += 1

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
        self._append(self._file, _pack(_warcinfo(self._outlet_id, self._run_id, self._opened_at)))
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


def _checked(outlet_id: str) -> str:
    """An outlet's id, which names files: nobody is to choose a place with it."""
    if not is_outlet_id(outlet_id):
        raise ValueError(f"{outlet_id!r} is no outlet's id")
    return outlet_id


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
    for changed in (folder, spooled.parent):
        descriptor = os.open(changed, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return place


def _pack(record: bytes) -> bytes:
    """A record as one gzip member."""
    packed: bytes = isal_zlib.compress(record, _GZIP_LEVEL, zlib.MAX_WBITS | 16)
    return packed


def _new_record(kind: str, name: str, at: datetime, block: Sequence[bytes], fields: Mapping[str, str]) -> bytes:
    """A WARC record, its block in parts; fields without a value are left out."""
    told = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>",
        "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-Block-Digest": _sha1(*block),
        "Content-Length": str(sum(map(len, block))),
        **fields,
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in told.items() if value)
    return b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", *block, b"\r\n\r\n"))


def _warcinfo(outlet_id: str, run_id: str, at: datetime) -> bytes:
    block = f"software: presswatch\r\nformat: WARC File Format 1.1\r\nX-Presswatch-Run: {run_id}\r\n".encode()
    fields = {"Content-Type": "application/warc-fields", "WARC-Filename": f"{run_id}.warc.gz"}
    return _new_record("warcinfo", f"{outlet_id} {run_id} {at.isoformat()}", at, [block], fields)


def _record_of(capture: Capture) -> bytes:
    if _is_resource(capture):
        kind, media, block = "resource", capture.header("content-type"), [capture.body]
    else:
        kind, media, block = "response", "application/http; msgtype=response", [_http_head(capture), capture.body]
    name = f"{capture.capture_id} {capture.asked_url} {capture.fetched_at.isoformat()}"
    fields = {
        "Content-Type": _one_line(media),
        "WARC-Target-URI": _one_line(capture.url),
        "WARC-Payload-Digest": _sha1(capture.body),
        "X-Presswatch-Kind": capture.kind,
        "X-Presswatch-Outlet": capture.outlet_id,
        "X-Presswatch-Asked-URI": _one_line(capture.asked_url),
        "X-Presswatch-Listed-As": _one_line(capture.listed_as),
        "X-Presswatch-Listed-At": _as_text(capture.listed_at) or "",
        "X-Presswatch-Moved": "permanently" if capture.moved else "",
    }
    return _new_record(kind, name, capture.fetched_at, block, fields)


def _is_resource(capture: Capture) -> bool:
    """Whether there was no HTTP, which says more than a type: an ingested file."""
    has_type_alone = not capture.headers or (len(capture.headers) == 1 and bool(capture.header("content-type")))
    return capture.status == HTTPStatus.OK and has_type_alone


def _http_head(capture: Capture) -> bytes:
    lines = [f"HTTP/1.1 {capture.status} "]
    for name, value in capture.headers:
        prefix = _CRAWLER if name in _WIRE_HEADERS else ""
        lines.append(f"{prefix}{name}: {_CONTROL.sub(' ', value)}")
    lines += [f"content-length: {len(capture.body)}", "", ""]
    return "\r\n".join(lines).encode()


def _one_line(url: str) -> str:
    return _CONTROL.sub(lambda match: quote(match[0]), url)


def _sha1(*parts: bytes) -> str:
    """The digest that every WARC tool reads; capture ids rest on SHA-256."""
    digest = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return "sha1:" + base64.b32encode(digest.digest()).decode()


# --- reading ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Member:
    """A gzip member of one of our own files: its place, and the record or what is wrong with it."""

    start: int
    end: int
    record: _Record | None = None
    fault: str = ""


@dataclass(frozen=True)
class _Record:
    """A WARC record in memory, whole and as its digest says."""

    headers: dict[str, str]
    kind: WarcRecordType
    block: bytes

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")


class _DamagedRecordError(Exception):
    """A record that is cut off or changed; the message says which."""


def read_captures(path: Path) -> Iterator[Capture | Failure]:
    """Stream one of our own WARC files back to the captures that were written.

    A stretch that is torn or changed gives one Failure (`corrupt`) with the file, the place and what mends it; the
    whole records on both sides of it are given all the same.

    Raises: DiskError where the file cannot be read at all.
    """
    for found in read_stored(path):
        yield found.capture if isinstance(found, Stored) else found


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A capture and where it lies: the bytes from `start` up to `end` of a WARC file, one gzip member."""

    path: Path
    start: int
    end: int
    record_id: str
    digest: str  # of the body, as the record says
    capture: Capture = field(repr=False)


def read_stored(path: Path) -> Iterator[Stored | Failure]:
    """As `read_captures`, with the place of each capture."""
    for member in _read_members(path):
        found = _stored_in(path, member)
        if found is not None:
            yield found


def _stored_in(path: Path, member: _Member) -> Stored | Failure | None:
    """The capture of a member, what is wrong with it, or nothing where it is no capture."""
    record = member.record
    if record is None:
        return _damage(path, member.start, member.fault)
    if record.kind not in (WarcRecordType.response, WarcRecordType.resource):
        return None
    try:
        capture = _capture_of(record)
    except ValueError as error:
        return _damage(path, member.start, str(error))
    return Stored(
        path=path,
        start=member.start,
        end=member.end,
        record_id=record.header("WARC-Record-ID").strip("<>"),
        digest=record.header("WARC-Payload-Digest"),
        capture=capture,
    )


@dataclass(frozen=True)
class Sifted:
    """What was left out of a copy of a WARC file: captures, and damaged stretches with their bytes."""

    captures: tuple[Stored, ...] = ()
    damaged: tuple[bytes, ...] = ()


def sift_file(
    path: Path, copy: Path, *, is_leaving: Callable[[Capture], bool] = lambda _: False, drops_damage: bool = False
) -> Sifted:
    """Copy one of our own WARC files without some captures; all other members byte for byte as they are.

    Nothing is copied where nothing leaves. What is damaged stays too, unless `drops_damage`.

    Args: `copy` is where to: a file that is not there, durable when this returns.
    Raises: DiskError. Cost: every record is unpacked once, and once more where something leaves.
    """
    leaving: list[Stored] = []
    damaged: list[tuple[int, int]] = []
    for member in _read_members(path):
        found = _stored_in(path, member)
        if isinstance(found, Stored) and is_leaving(found.capture):
            leaving.append(found)
        elif isinstance(found, Failure) and drops_damage:
            damaged.append((member.start, member.end))
    gaps = sorted([*((one.start, one.end) for one in leaving), *damaged])
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
    return Sifted(tuple(leaving), tuple(content[start:end] for start, end in damaged))


def recover_spool(data: DataDir) -> list[Path]:
    """Put in place what killed runs left in the spool: all whole records, without a torn tail.

    Call it under the lock of the folder. Being killed itself it loses nothing, and a second call finishes its work.

    Returns: the files under data/raw, for `OutletState.replay`.
    Raises: DiskError.
    """
    recovered = []
    for spooled in sorted(data.spool.glob(f"*{_OPEN_SUFFIX}")):
        outlet_id, run_id, *_ = [*spooled.name.removesuffix(_OPEN_SUFFIX).split("@"), ""]
        if run_id and is_outlet_id(outlet_id):
            place = _recover(data, spooled, outlet_id, run_id)
            recovered += [place] if place else []
    return recovered


def is_open_file(name: str) -> bool:
    """Whether a file of the spool is named as those that a run writes, and `recover_spool` puts in place."""
    outlet_id, run_id, *_ = [*name.removesuffix(_OPEN_SUFFIX).split("@"), ""]
    return name.endswith(_OPEN_SUFFIX) and bool(run_id) and is_outlet_id(outlet_id)


def _recover(data: DataDir, spooled: Path, outlet_id: str, run_id: str) -> Path | None:
    whole = [member for member in _read_members(spooled) if member.record]
    try:
        if len(whole) < 2:  # noqa: PLR2004  # the first says only who wrote the file
            spooled.unlink()
            return None
        with spooled.open("r+b") as file:
            file.truncate(whole[-1].end)
            os.fsync(file.fileno())
        opened_at = _moment(cast("_Record", whole[0].record).header("WARC-Date"))
        return _put_in_place(spooled, _raw_folder(data, outlet_id, opened_at), run_id)
    except OSError as error:
        raise disk_error(error, spooled) from error


def _read_members(path: Path) -> Iterator[_Member]:
    """The members of a file in order; a damaged stretch counts as one, up to the next whole beginning of a record.

    An empty file is damaged: each is begun with a record that says who wrote it.
    """
    start = -1
    for content in _mapped(path):
        start = 0
        while start < len(content):
            try:
                end, plain = _inflate_member(content, start)
                yield _Member(start, end, _open_record(WarcRecord.from_bytes(plain)))
            except (_DamagedRecordError, zlib.error, OSError) as error:
                end = _next_start(content, start + 1)
                yield _Member(start, end, fault=str(error))
            start = end
    if start < 0:
        yield _Member(0, 0, fault="the file is empty")


def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file, or nothing where it is empty."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    yield content
    except OSError as error:
        raise disk_error(error, path) from error


def _inflate_member(content: mmap.mmap, start: int, most: int = _MAX_RECORD_BYTES) -> tuple[int, bytes]:
    """Where the member at `start` ends, and its content."""
    stream, parts, size, place = zlib.decompressobj(zlib.MAX_WBITS | 16), [], 0, start
    while not stream.eof and place < len(content):
        chunk = content[place : place + _CHUNK_BYTES]
        place += len(chunk)
        parts.append(stream.decompress(chunk, most + 1 - size))
        size += len(parts[-1])
        if size > most:
            raise _DamagedRecordError(f"a record of more than {most} bytes")
    if not stream.eof:
        raise _DamagedRecordError("the record is cut off")
    return place - len(stream.unused_data), b"".join(parts)


def _next_start(content: mmap.mmap, place: int) -> int:
    """Where the next record begins; the end of the file where none does."""
    while (place := content.find(_GZIP_MAGIC, place)) >= 0:
        with contextlib.suppress(zlib.error):
            begin = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content[place : place + _CHUNK_BYTES], 8)
            if begin.startswith(b"WARC/1."):
                return place
        place += 1
    return len(content)


def _open_record(record: WarcRecord) -> _Record:
    """Read a record whole and hold it against its length and digests.

    Raises: _DamagedRecordError where they say otherwise.
    """
    headers = {name.lower(): value for name, value in record.headers.items()}
    if not headers:
        raise _DamagedRecordError("no WARC record")
    return _Record(headers, record.record_type, _read_block(record, b"", headers.get("warc-block-digest", "")))


def _read_block(record: WarcRecord, begin: bytes, digest: str) -> bytes:
    """The whole block of a record of which the beginning was read."""
    length = record.content_length
    rest = length - len(begin)
    block = begin + record.reader.read(rest) if rest > 0 else begin
    if len(block) != length:
        raise _DamagedRecordError(f"the record has {len(block)} of {length} bytes")
    if not _holds(digest, block):
        raise _DamagedRecordError("the record is not what its digest says")
    return block


def _holds(labelled: str, content: bytes) -> bool:
    """Whether a digest (`sha1:` and base 32 or hex digits) is that of the content; unknown algorithms are believed."""
    label, _, told = labelled.strip().partition(":")
    name = label.lower().replace("-", "")
    if not told or name not in ("md5", "sha1", "sha256", "sha512"):
        return True
    digest = hashlib.new(name, content, usedforsecurity=False).digest()
    return told.upper().rstrip("=") in (base64.b32encode(digest).decode().rstrip("="), digest.hex().upper())


def _capture_of(record: _Record) -> Capture:
    """The capture that one of our own records holds.

    Raises: ValueError where a header that we always write is missing.
    """
    kind = record.header("X-Presswatch-Kind")
    if kind not in get_args(DocumentKind):
        raise ValueError("the record was not written by presswatch; `presswatch ingest` reads it")
    status, headers, body = _read_http(record)
    return Capture(
        url=record.header("WARC-Target-URI"),
        outlet_id=record.header("X-Presswatch-Outlet"),
        fetched_at=_moment(record.header("WARC-Date")),
        body=body,
        asked_url=record.header("X-Presswatch-Asked-URI"),
        listed_as=record.header("X-Presswatch-Listed-As"),
        listed_at=_moment_or_none(record.header("X-Presswatch-Listed-At") or None),
        moved=bool(record.header("X-Presswatch-Moved")),
        status=status,
        headers=_wire_headers(headers),
        kind=cast("DocumentKind", kind),
    )


def _read_http(record: _Record) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and body of a record; a resource has a type alone.

    Raises: ValueError where a response has no status line.
    """
    if record.kind is WarcRecordType.resource:
        media = record.header("Content-Type")
        return HTTPStatus.OK, (("content-type", media),) if media else (), record.block
    head, gap, body = _split_head(record.block)
    status_line, *lines = re.split(r"\r?\n", _text(head))
    status = re.match(r"HTTP/[0-9.]+ +([0-9]{3})", status_line)
    if not status or not gap:
        raise ValueError("the record has no HTTP head")
    return int(status[1]), tuple(_header_pairs(lines)), body


def _split_head(block: bytes) -> tuple[bytes, bytes, bytes]:
    gap = re.search(rb"\r?\n\r?\n", block)
    return (block[: gap.start()], gap[0], block[gap.end() :]) if gap else (block, b"", b"")


def _header_pairs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            yield name.strip().lower(), value.strip(" \t")


def _text(head: bytes) -> str:
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")  # what HTTP once said headers are


def _wire_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Headers as they came over the wire: those that decoding made untrue have their names again."""
    return tuple((name.removeprefix(_CRAWLER), value) for name, value in headers if name != "content-length")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_REFETCH = "what is lost is fetched again by `presswatch backfill --restart`"


def _damage(path: Path, place: int, fault: str, mend: str = _REFETCH) -> Failure:
    return Failure(
        url=path.as_posix(),
        error="corrupt",
        stage="read",
        message=f"{path}, byte {place}: {fault}; whole records were read; {mend}",
    )


# --- WARC files of others ---------------------------------------------------------------------------------------------


def read_foreign(path: Path) -> Iterator[Capture | Failure]:
    """Stream the pages of a WARC file of any origin (`.warc`, `.warc.gz`), chunked and content encodings undone.

    Pages are responses with a 2xx status whose declared type is HTML or missing; images, redirects and records of
    other kinds are passed over. `outlet_id` is empty but for our own records. A page that is too large, cut off or
    undecodable is a Failure with its URL; a damaged stretch is one (`corrupt`) with the file and the place.

    Raises: DiskError where the file cannot be read at all.
    """
    start = -1
    for content in _mapped(path):
        begins = _next_start if content[:2] == _GZIP_MAGIC[:2] else _next_plain_start
        start, is_told = 0, False
        while start < len(content):
            place = start
            try:
                for record in _iterate(path, start):
                    place = start + record.stream_pos
                    found = _foreign_capture(record)
                    is_told = False
                    if found is not None:
                        yield found
                break
            except (_DamagedRecordError, OSError, ValueError) as error:
                if not is_told:  # the library may stumble over one damaged stretch several times
                    yield _damage(path, place, str(error), "only a new copy of the file mends it")
                start, is_told = begins(content, place + 1), True
    if start < 0:
        yield _damage(path, 0, "the file is empty", "only a new copy of the file mends it")


def _iterate(path: Path, start: int) -> Iterator[WarcRecord]:
    wanted = WarcRecordType.response | WarcRecordType.resource
    with path.open("rb") as file:
        file.seek(start)
        yield from ArchiveIterator(file, record_types=wanted, parse_http=False, strict_mode=False)


def _next_plain_start(content: mmap.mmap, place: int) -> int:
    found = content.find(b"\nWARC/1.", place)
    return found + 1 if found >= 0 else len(content)


def _foreign_capture(record: WarcRecord) -> Capture | Failure | None:
    """The page that a record holds, what is wrong with it, or nothing where it is no page.

    Raises: _DamagedRecordError, ValueError where it is cut off, changed or no record.
    """
    headers = {name.lower(): value for name, value in record.headers.items()}
    url = headers.get("warc-target-uri", "").strip("<>")
    begin = record.reader.read(min(_CHUNK_BYTES, record.content_length)) if record.content_length else b""
    if urlsplit(url).scheme not in ("http", "https", "file") or not _is_page(
        _Record(headers, record.record_type, begin)
    ):
        return None
    try:
        return _read_page(record, headers, begin, url)
    except FetchError as error:
        return Failure(url=url, error=error.code, stage="read", message=error.message)


def _read_page(record: WarcRecord, headers: dict[str, str], begin: bytes, url: str) -> Capture:
    """The rest of a record that is a page.

    Raises: FetchError, _DamagedRecordError, ValueError.
    """
    if record.content_length > MAX_FOREIGN_BODY_BYTES + _CHUNK_BYTES:
        raise FetchError("too_large", url, f"a record of {record.content_length:,} bytes")
    if headers.get("warc-truncated"):
        raise FetchError("truncated", url, f"whoever archived it stopped: {headers['warc-truncated']}")
    block = _read_block(record, begin, headers.get("warc-block-digest", ""))
    return _decoded_capture(_Record(headers, record.record_type, block), url)


def _is_page(record: _Record) -> bool:
    if record.header("X-Presswatch-Kind"):
        return True
    try:
        status, pairs, _ = _read_http(record)
    except ValueError:
        return False
    media = dict(pairs).get("content-type", "").partition(";")[0].strip().lower()
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and media in _HTML_TYPES


def _decoded_capture(record: _Record, url: str) -> Capture:
    status, pairs, body = _read_http(record)
    kind = record.header("X-Presswatch-Kind")
    return Capture(
        url=url,
        outlet_id=record.header("X-Presswatch-Outlet"),
        fetched_at=_moment(record.header("WARC-Date")),
        body=_undo_codings(dict(pairs), body, url),
        asked_url=record.header("X-Presswatch-Asked-URI"),
        listed_as=record.header("X-Presswatch-Listed-As"),
        listed_at=_believed_moment(record.header("X-Presswatch-Listed-At")),
        moved=bool(record.header("X-Presswatch-Moved")),
        status=status,
        headers=_wire_headers(pairs),
        kind=cast("DocumentKind", kind) if kind in get_args(DocumentKind) else "article",
    )


def _believed_moment(text: str) -> datetime | None:
    """A time that anybody may have written; nothing where it is none, or tells no zone."""
    try:
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _undo_codings(headers: dict[str, str], body: bytes, url: str) -> bytes:
    """A body without its codings. Many archives store decoded bodies under the headers of the wire: those stay."""
    if headers.get("transfer-encoding", "").lower() == "chunked" and re.match(rb"[0-9a-fA-F]+[ \t]*[;\r]", body):
        body = _join_chunks(body, url)
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("br", "zstd"):
        return _inflate_rare(encoding, body, url)
    if encoding in ("gzip", "x-gzip") and not body.startswith(_GZIP_MAGIC[:2]):
        encoding = ""
    return inflate([body], encoding, MAX_FOREIGN_BODY_BYTES, url=url)


def _join_chunks(body: bytes, url: str) -> bytes:
    """A chunked body in one piece (RFC 9112, 7.1). The record is in memory, so it is bounded."""
    parts: list[bytes] = []
    place = 0
    while size := re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]*\r\n").match(body, place):
        length, begin = int(size[1], 16), size.end()
        if length == 0:
            return b"".join(parts)
        parts.append(body[begin : begin + length])
        place = begin + length + 2
    raise FetchError("truncated", url, "the last chunk is missing")


def _inflate_rare(encoding: str, body: bytes, url: str) -> bytes:
    """A body in an encoding that we never ask for, but that archives hold."""
    reader = BrotliReader(io.BytesIO(body)) if encoding == "br" else ZstdReader(io.BytesIO(body))
    try:
        decoded = reader.read(MAX_FOREIGN_BODY_BYTES + 1)
    except OSError:
        return body if b"<" in body[:_CHUNK_BYTES] else _refuse_encoding(encoding, url)
    if len(decoded) > MAX_FOREIGN_BODY_BYTES:
        raise FetchError("too_large", url, f"more than {MAX_FOREIGN_BODY_BYTES:,} bytes")
    return decoded


def _refuse_encoding(encoding: str, url: str) -> bytes:
    raise FetchError("bad_encoding", url, f"the {encoding} stream is damaged")


# --- what a run must remember -----------------------------------------------------------------------------------------

_STATE_VERSION = 4
_STATE_SCHEMA = """
CREATE TABLE IF NOT EXISTS candidates (
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, url TEXT NOT NULL, title TEXT, published_at TEXT,
    modified_at TEXT, found_in TEXT NOT NULL DEFAULT '', listed_as TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending', code TEXT NOT NULL DEFAULT '', at TEXT, tries INTEGER NOT NULL DEFAULT 0,
    is_open INTEGER NOT NULL DEFAULT 1, capture_id TEXT NOT NULL DEFAULT '', is_news INTEGER NOT NULL DEFAULT 0,
    article TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS open_candidates ON candidates (id) WHERE is_open;
CREATE INDEX IF NOT EXISTS article_pages ON candidates (article) WHERE article != '';
CREATE TABLE IF NOT EXISTS captures (capture_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (key TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS validators (url TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS requests (host TEXT PRIMARY KEY, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, status INTEGER NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS failures (
    run_id TEXT, url TEXT, stage TEXT, error TEXT, message TEXT, outlet_id TEXT, at TEXT,
    PRIMARY KEY (run_id, url, stage, error));
"""
# nobody knows who found what an older version left, so all of it stays where `watch` looks
_STATE_FROM_2 = "ALTER TABLE candidates ADD COLUMN is_news INTEGER NOT NULL DEFAULT 1;"
_STATE_FROM_3 = "ALTER TABLE candidates ADD COLUMN article TEXT NOT NULL DEFAULT '';"
_STATE_STEPS = {2: _STATE_FROM_2 + _STATE_FROM_3, 3: _STATE_FROM_3}  # by the version that they lead from
_WAL_PAGES = 4_000  # 16 MB; SQLite's own 1,000 brings two waits for the disk every 150 captures
_PAGE_ROWS = 500  # of candidates in memory at once
_OF_ARTICLE = "article = ? AND article != ''"  # the second half lets SQLite use the index that has no other rows
_IN_WINDOW = """((:since IS NULL AND is_news) OR (published_at >= :since AND published_at < :until)
    OR (:since IS NOT NULL AND published_at IS NULL AND (modified_at IS NULL OR modified_at >= :since)))"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a candidate. `at` and `is_open` of one page of several are those of its article."""

    state: Literal["pending", "captured", "failed"]
    first_seen_at: datetime
    article: str = ""  # the first page's URL, where the article is known to have several
    code: str = ""  # a Code, where it failed
    at: datetime | None = None  # of the last try
    tries: int = 0  # runs that tried and failed
    is_open: bool = True  # the next run asks for it
    capture_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What a conditional request says of the copy that we have."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, kw_only=True)
class RobotsNote:
    """A robots.txt as it was answered."""

    status: int
    body: bytes
    fetched_at: datetime


class OutletState:
    """What must outlive a run of one outlet: `data/state/<outlet_id>.sqlite`, in one hand at a time.

    The file is made by the first use. It is derived: until `is_whole`, `replay` over all of the outlet's raw files
    brings back what was captured. Every method is a transaction of its own and survives a kill.

    Raises: ValueError where `outlet_id` is none; from every method DiskError; DamagedError where the file is no longer
    a database; SchemaError where it was written by a newer presswatch.
    """

    def __init__(self, data: DataDir, outlet_id: str) -> None:
        self._path = data.state / f"{_checked(outlet_id)}.sqlite"
        self._root, self._outlet_id = data.root, outlet_id
        self._open_db: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._open_db is not None:
            self._open_db.close()
            self._open_db = None

    @property
    def exists(self) -> bool:
        """Whether anything was ever remembered of the outlet; the first use makes the file."""
        return self._path.exists()

    @property
    def is_whole(self) -> bool:
        """Whether all that was ever stored of the outlet is remembered; not so where the file was lost."""
        return self._has_note("whole")

    def note_whole(self) -> None:
        """All that was ever stored of the outlet is remembered now."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO notes VALUES ('whole')")

    @cached_property
    def _forgotten(self) -> Forgotten:
        return load_forgotten(self._root)

    def is_forgotten(self, url: str) -> bool:
        """Whether a URL is never to be asked for again. Nothing is remembered of such."""
        return self._forgotten.covers(url)

    def purge(self) -> int:
        """Take out whatever is known of what is forgotten, also from the file's free pages. Idempotent.

        Returns: how many candidates went. Cost: every address is looked at; some 5 µs each.
        """
        forgotten = self._forgotten
        with self._guarded():
            db = self._db()
            db.execute("PRAGMA secure_delete = ON")  # else SQLite only forgets where it stands
            db.create_function("is_forgotten", 1, lambda url: forgotten.covers(url or ""), deterministic=True)
        by_url = ("validators WHERE is_forgotten(url)", "failures WHERE is_forgotten(url)")
        with self._transaction() as db:
            leaving = "is_forgotten(url) OR is_forgotten(listed_as) OR is_forgotten('http://' || article)"
            captures = f"SELECT capture_id FROM candidates WHERE {leaving}"  # noqa: S608  # a constant
            db.execute(f"DELETE FROM captures WHERE capture_id IN ({captures})")  # noqa: S608
            count = db.execute(f"DELETE FROM candidates WHERE {leaving}").rowcount  # noqa: S608
            for rows in by_url:
                db.execute(f"DELETE FROM {rows}")  # noqa: S608
        with self._guarded():
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(count)

    def add_candidates(self, candidates: Iterable[Candidate], seen_at: datetime, *, is_news: bool) -> int:
        """Remember candidates; of one that is known, what was missing is filled in.

        One that the outlet says was changed since it last told of it is open again.

        Args: `is_news` tells the newest coverage, which every watch asks for, from the past, which backfills ask for.
        Returns: how many were new. Cost: streamed; about 0.1 ms each, most of it for `urls.identity`.
        """
        with self._transaction() as db:
            before = self._last_id(db)
            rows = (
                (
                    *(identity(c.url), c.url, c.title, _as_text(c.published_at), _as_text(c.modified_at)),
                    *(c.found_in, c.listed_as, _as_text(seen_at), is_news),
                )
                for c in candidates
                if not self.is_forgotten(c.url)
            )
            db.executemany(
                """INSERT INTO candidates
                (identity, url, title, published_at, modified_at, found_in, listed_as, first_seen_at, is_news)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET
                title = coalesce(title, excluded.title), published_at = coalesce(published_at, excluded.published_at),
                modified_at = coalesce(excluded.modified_at, modified_at),
                found_in = coalesce(nullif(found_in, ''), excluded.found_in),
                listed_as = coalesce(nullif(listed_as, ''), excluded.listed_as), is_news = is_news OR excluded.is_news,
                is_open = is_open OR coalesce(excluded.modified_at > coalesce(modified_at, published_at), 0)""",
                rows,
            )
            return self._last_id(db) - before

    def pending(self, window: Window | None = None) -> Iterator[Candidate]:
        """Candidates that are to be asked for, in the order of discovery; each comes once, whatever happens meanwhile.

        With a window: those published in it, and those of which nothing says that they were not; else the news.
        """
        last = 0
        while rows := self._pending_page(window, last):
            for row in rows:
                yield _candidate_of(self._outlet_id, row)
            last = rows[-1]["id"]

    def count_pending(self, window: Window | None = None) -> int:
        """How many `pending` would give."""
        asked = f"SELECT count(*) AS n FROM candidates WHERE is_open AND {_IN_WINDOW}"  # noqa: S608  # a constant
        return int(self._rows(asked, _bounds(window))[0]["n"])

    def outcome(self, url: str) -> Outcome | None:
        """What became of a URL in any of its spellings; None where it was never heard of."""
        rows = self._rows("SELECT * FROM candidates WHERE identity = ?", (identity(url),))
        if not rows:
            return None
        row = rows[0]
        if row["article"]:
            told = f"SELECT max(is_open) AS is_open, max(at) AS at FROM candidates WHERE {_OF_ARTICLE}"  # noqa: S608  # a constant
            pages = self._rows(told, (row["article"],))
            first = self._rows("SELECT url AS article FROM candidates WHERE identity = ?", (row["article"],))
            row |= pages[0] | first[0]
        return Outcome(
            state=row["state"],
            first_seen_at=_moment(row["first_seen_at"]),
            article=row["article"],
            code=row["code"],
            at=_moment_or_none(row["at"]),
            tries=row["tries"],
            is_open=bool(row["is_open"]),
            capture_id=row["capture_id"],
        )

    def listing(self, url: str) -> tuple[str, datetime | None]:
        """What a feed or sitemap said of a URL: how it spelt it, and when it was published.

        The first is empty where it is the form that is asked for or nothing is known, the second None where it is not.
        """
        rows = self._rows("SELECT listed_as, published_at FROM candidates WHERE identity = ?", (identity(url),))
        return (str(rows[0]["listed_as"]), _moment_or_none(rows[0]["published_at"])) if rows else ("", None)

    def reopen(self, window: Window | None, urls: Iterable[str] = ()) -> None:
        """Have candidates asked for again whatever became of them: these, or all that may lie in a window."""
        with self._transaction() as db:
            listed = [(identity(url),) for url in urls]
            if listed:
                db.executemany("UPDATE candidates SET is_open = 1 WHERE identity = ?", listed)
            else:
                db.execute(f"UPDATE candidates SET is_open = 1 WHERE {_IN_WINDOW}", _bounds(window))  # noqa: S608  # a constant

    def reopen_lost(self, capture_ids: Iterable[str]) -> None:
        """Have asked for again, as if for the first time, what was stored as these captures and is no more."""
        ids = [(one,) for one in capture_ids]
        with self._transaction() as db:
            db.executemany("DELETE FROM captures WHERE capture_id = ?", ids)
            db.executemany("DELETE FROM validators WHERE url IN (SELECT url FROM candidates WHERE capture_id = ?)", ids)
            db.executemany(
                "UPDATE candidates SET state = 'pending', is_open = 1, capture_id = '' WHERE capture_id = ?", ids
            )

    def is_captured(self, url: str) -> bool:
        """Whether a URL is stored, in any of its spellings."""
        told = self.outcome(url)
        return told is not None and told.state == "captured"

    def expect_page(self, first: Capture, following: str | None) -> None:
        """Of the pages of an article the one that follows is all that is still to be asked for; None where none is.

        All of them are one article from now on, so that `outcome` tells what is left of it by any of their addresses.
        """
        own = {identity(first.url), identity(first.asked_url or first.url)}
        asked = {"first": identity(first.asked_url or first.url), "seen_at": _as_text(first.fetched_at)}
        with self._transaction() as db:
            db.executemany(f"UPDATE candidates SET is_open = 0 WHERE {_OF_ARTICLE}", [(one,) for one in own])  # noqa: S608  # a constant
            if following is None or self.is_forgotten(following):
                return
            db.execute(
                """INSERT INTO candidates (identity, url, published_at, modified_at, found_in, first_seen_at, is_news)
                SELECT :identity, :url, published_at, modified_at, url, :seen_at, is_news FROM candidates
                WHERE identity = :first ON CONFLICT (identity) DO UPDATE SET is_open = 1""",
                {**asked, "identity": identity(following), "url": following},
            )
            pages = [(identity(first.url), one) for one in (*own, identity(following))]
            db.executemany("UPDATE candidates SET article = ? WHERE identity = ?", pages)

    def close_pages(self, article: str) -> None:
        """The first page of an article could not be had: whether it is asked for again says its own code alone."""
        with self._transaction() as db:
            key = identity(article)
            db.execute(f"UPDATE candidates SET is_open = 0 WHERE {_OF_ARTICLE} AND identity != ?", (key, key))  # noqa: S608  # a constant

    def part_page(self, url: str) -> None:
        """What was expected to be a later page of an article is none of it."""
        with self._transaction() as db:
            db.execute("UPDATE candidates SET article = '' WHERE identity = ?", (identity(url),))

    def has_capture(self, capture_id: str) -> bool:
        """Whether these bytes of this address are stored, be they the newest of it or not."""
        return bool(self._rows("SELECT capture_id FROM captures WHERE capture_id = ?", (capture_id,)))

    def record_capture(self, capture: Capture) -> None:
        """An article is stored: its address, and the one that was asked for, are not to be fetched again. Idempotent.

        Nothing is remembered of other documents: see `record_documents`.
        """
        if capture.kind != "article" or self._forgotten.covers_capture(capture):
            return
        at, capture_id = capture.fetched_at, capture.capture_id
        outcome = Outcome(state="captured", first_seen_at=at, at=at, is_open=False, capture_id=capture_id)
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO captures VALUES (?)", (capture_id,))
            for url in {capture.url, capture.asked_url or capture.url}:
                _settle(db, url, outcome)
            _keep_validators(db, capture)

    def record_documents(self, read: Iterable[Capture]) -> None:
        """All candidates of these feeds and sitemaps are remembered as news: ask only for newer versions."""
        with self._transaction() as db:
            for document in read:
                _keep_validators(db, document)

    def record_unchanged(self, url: str) -> None:
        """What is stored of a URL is still what the outlet would send."""
        with self._transaction() as db:
            db.execute("UPDATE candidates SET is_open = 0 WHERE identity = ?", (identity(url),))

    def record_miss(self, url: str, code: Code, at: datetime, *, try_again: bool | None = None) -> None:
        """A URL could not be had. `try_again` says whether the next run asks for it; by default the code does.

        What is stored of it stays, and stays captured.
        """
        is_open = code in RETRIED_CODES if try_again is None else try_again
        with self._transaction() as db:
            _settle(db, url, Outcome(state="failed", first_seen_at=at, code=code, at=at, is_open=is_open))

    def replay(self, stored: Iterable[Capture | Failure]) -> int:
        """Remember the captures of a raw file, after a kill or the loss of this file. Idempotent.

        Returns: how many there were.
        """
        count = 0
        for capture in stored:
            if isinstance(capture, Capture):
                self.record_capture(capture)
                count += 1
        return count

    def validators(self, url: str) -> Validators | None:
        """What the last whole answer of exactly this URL said of its version."""
        rows = self._rows("SELECT etag, last_modified FROM validators WHERE url = ?", (url,))
        return Validators(**rows[0]) if rows else None

    def record_request(self, host: str, at: datetime) -> None:
        """A request to a host begins."""
        self._rows("INSERT OR REPLACE INTO requests VALUES (?, ?)", (host, _as_text(at)))  # one statement: atomic

    def last_request_at(self, host: str) -> datetime | None:
        """When the last request to a host began, in this run or an earlier one."""
        rows = self._rows("SELECT at FROM requests WHERE host = ?", (host,))
        return _moment(rows[0]["at"]) if rows else None

    def record_robots(self, origin: str, note: RobotsNote) -> None:
        """Keep what the robots.txt of an origin (scheme, host and port) says."""
        with self._transaction() as db:
            row = (origin, note.status, note.body, _as_text(note.fetched_at))
            db.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", row)

    def robots(self, origin: str) -> RobotsNote | None:
        """The robots.txt of an origin as last answered, however old."""
        rows = self._rows("SELECT * FROM robots WHERE origin = ?", (origin,))
        return _robots_note(rows[0]) if rows else None

    def record_failure(self, failure: Failure) -> None:
        """Keep a row for the `failures` table until it is exported, so that a kill loses none."""
        row = (failure.run_id, failure.url, failure.stage, failure.error, failure.message, failure.outlet_id)
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?)", (*row, _as_text(failure.at)))

    def failures(self) -> list[Failure]:
        """The rows that were not exported yet, those of killed runs too, in the order in which they came."""
        rows = self._rows("SELECT * FROM failures ORDER BY rowid")
        return [Failure(**{**row, "at": _moment_or_none(row["at"])}) for row in rows]

    def clear_failures(self, exported: Iterable[Failure]) -> None:
        """Forget rows that are in the tables now."""
        keys = [(f.run_id, f.url, f.stage, f.error) for f in exported]
        with self._transaction() as db:
            db.executemany("DELETE FROM failures WHERE run_id = ? AND url = ? AND stage = ? AND error = ?", keys)

    def _has_note(self, key: str) -> bool:
        return bool(self._rows("SELECT key FROM notes WHERE key = ?", (key,)))

    def _pending_page(self, window: Window | None, last: int) -> list[dict[str, Any]]:
        asked = f"SELECT * FROM candidates WHERE is_open AND id > :last AND {_IN_WINDOW} ORDER BY id LIMIT {_PAGE_ROWS}"  # noqa: S608
        return self._rows(asked, {**_bounds(window), "last": last})

    @staticmethod
    def _last_id(db: sqlite3.Connection) -> int:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM candidates").fetchone()[0])

    def _rows(self, query: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[dict[str, Any]]:
        with self._guarded():
            return [dict(row) for row in self._db().execute(query, values)]

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guarded():
            db = self._db()
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def _db(self) -> sqlite3.Connection:
        if self._open_db is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # one hand at a time, though not always the same thread
            db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(db)
            except BaseException:
                db.close()
                raise
            self._open_db = db
        return self._open_db

    def _prepare(self, db: sqlite3.Connection) -> None:
        db.row_factory = sqlite3.Row
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > _STATE_VERSION:
            raise SchemaError(f"{self._path} has version {version}; this presswatch reads {_STATE_VERSION}: update it")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last rows, never the file
        db.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        if version < _STATE_VERSION:
            step = _STATE_STEPS.get(version, "")
            db.executescript(f"BEGIN IMMEDIATE; {step} {_STATE_SCHEMA} PRAGMA user_version = {_STATE_VERSION}; COMMIT;")

    def _guarded(self) -> contextlib.AbstractContextManager[None]:
        return _told_by_sqlite(self._path)


@contextlib.contextmanager
def _told_by_sqlite(path: Path) -> Iterator[None]:
    """What SQLite and the disk say of a file, in our words."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest is detail
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DamagedError(f"{path} is damaged ({error}): delete it; it is made again from raw") from error
        raise DiskError(f"{path}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What an outlet's memory says of one URL."""

    outlet_id: str
    candidate: Candidate
    outcome: Outcome
    is_news: bool  # the next watch asks for it, if it is open; else a backfill


@dataclass(frozen=True)
class Memory:
    """What is remembered of some URLs, the robots.txt of their origins, and failures that are in no table yet."""

    candidates: tuple[Remembered, ...] = ()
    robots: Mapping[str, RobotsNote] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()


def peek_memory(data: DataDir, outlet_id: str, urls: Iterable[str], origins: Iterable[str] = ()) -> Memory:
    """Look into an outlet's memory without a hand on it: nothing is written, and a run may be at work.

    Args: `urls` in any spelling; later pages of an article are found by its first one's.
    Raises: DiskError, DamagedError as `OutletState`.
    """
    path = data.state / f"{_checked(outlet_id)}.sqlite"
    if not path.exists():
        return Memory()
    keys = sorted({identity(url) for url in urls})
    marks = ", ".join("?" * len(keys))
    with _told_by_sqlite(path), contextlib.closing(_open_read_only(path)) as db:
        rows = list(db.execute(f"SELECT * FROM candidates WHERE identity IN ({marks})", keys))  # noqa: S608  # marks
        if rows and "article" in rows[0].keys():  # noqa: SIM118  # a Row iterates over its values
            rows += db.execute(f"SELECT * FROM candidates WHERE article IN ({marks})", keys)  # noqa: S608
        notes = {row["origin"]: row for row in db.execute("SELECT * FROM robots") if row["origin"] in set(origins)}
        failed = [row for row in db.execute("SELECT * FROM failures") if identity(row["url"]) in keys]
    found = {row["identity"]: _remembered(outlet_id, dict(row)) for row in rows}
    return Memory(
        tuple(found.values()),
        {origin: _robots_note(row) for origin, row in notes.items()},
        tuple(Failure(**{**dict(row), "at": _moment_or_none(row["at"])}) for row in failed),
    )


def compare_memory(
    data: DataDir, outlet_id: str, ids: AbstractSet[str], all_ids: AbstractSet[str]
) -> tuple[int, list[str]]:
    """Hold an outlet's memory against raw; nothing is written.

    Args: ids of the captures of articles in the outlet's folder, and in all of data/raw.
    Returns: how many of its folder it does not know, and the ids of those that it takes for stored, and raw has not.
    Raises: DamagedError, DiskError; SchemaError where a newer presswatch wrote it.
    """
    path = data.state / f"{_checked(outlet_id)}.sqlite"
    with _told_by_sqlite(path), contextlib.closing(_open_read_only(path)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > _STATE_VERSION:
            raise SchemaError(f"{path} has version {version}; this presswatch reads {_STATE_VERSION}: update it")
        if version < _STATE_VERSION:
            return 0, []  # the next run brings it up to date
        if (told := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise DamagedError(f"{path} is damaged ({told}): delete it; it is made again from raw")
        known = {row[0] for row in db.execute("SELECT capture_id FROM captures")}
        named = {row[0] for row in db.execute("SELECT capture_id FROM candidates WHERE capture_id != ''")}
        is_whole = db.execute("SELECT count(*) FROM notes WHERE key = 'whole'").fetchone()[0]
    return len(ids - known) if is_whole else 0, sorted(named - all_ids)


def _open_read_only(path: Path) -> sqlite3.Connection:
    """A database as it is; what a run is writing meanwhile is seen too, and else no file is made beside it."""
    is_at_work = path.with_name(f"{path.name}-wal").exists()
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{'' if is_at_work else '&immutable=1'}", uri=True)
    db.row_factory = sqlite3.Row
    return db


def _remembered(outlet_id: str, row: Mapping[str, Any]) -> Remembered:
    return Remembered(
        outlet_id=outlet_id,
        candidate=_candidate_of(outlet_id, row),
        outcome=Outcome(
            state=row["state"],
            first_seen_at=_moment(row["first_seen_at"]),
            article=row.get("article", ""),
            code=row["code"],
            at=_moment_or_none(row["at"]),
            tries=row["tries"],
            is_open=bool(row["is_open"]),
            capture_id=row["capture_id"],
        ),
        is_news=bool(row.get("is_news", True)),
    )


def _candidate_of(outlet_id: str, row: Mapping[str, Any]) -> Candidate:
    return Candidate(
        url=row["url"],
        outlet_id=outlet_id,
        title=row["title"],
        published_at=_moment_or_none(row["published_at"]),
        modified_at=_moment_or_none(row["modified_at"]),
        found_in=row["found_in"],
        listed_as=row["listed_as"],
    )


def _robots_note(row: Mapping[str, Any]) -> RobotsNote:
    return RobotsNote(status=row["status"], body=row["body"], fetched_at=_moment(row["at"]))


def _settle(db: sqlite3.Connection, url: str, outcome: Outcome) -> None:
    """Write down what became of a URL. What is captured stays so: a failure is only noted."""
    at = _as_text(outcome.at)
    named = {**vars(outcome), "identity": identity(url), "url": url, "at": at}
    named["first_seen_at"] = _as_text(outcome.first_seen_at)
    db.execute(
        """INSERT INTO candidates (identity, url, first_seen_at) VALUES (:identity, :url, :first_seen_at)
        ON CONFLICT DO NOTHING""",
        named,
    )
    db.execute(
        """UPDATE candidates SET code = :code, at = :at, tries = tries + (:state = 'failed'),
        capture_id = coalesce(nullif(:capture_id, ''), capture_id),
        is_open = :is_open,
        state = CASE WHEN state = 'captured' THEN state ELSE :state END WHERE identity = :identity""",
        named,
    )


def _keep_validators(db: sqlite3.Connection, capture: Capture) -> None:
    etag, last_modified = capture.header("etag"), capture.header("last-modified")
    if etag or last_modified:
        db.execute("INSERT OR REPLACE INTO validators VALUES (?, ?, ?)", (capture.url, etag, last_modified))


def _bounds(window: Window | None) -> dict[str, str | None]:
    return (
        {"since": _as_text(window.since), "until": _as_text(window.until)} if window else {"since": None, "until": None}
    )


@overload
def _as_text(moment: datetime) -> str: ...
@overload
def _as_text(moment: None) -> None: ...
@overload
def _as_text(moment: datetime | None) -> str | None: ...
def _as_text(moment: datetime | None) -> str | None:
    """A moment as text that sorts as moments do."""
    return None if moment is None else utc(moment).isoformat(timespec="microseconds")


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)
