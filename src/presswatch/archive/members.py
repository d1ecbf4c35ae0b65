"""Our WARC files as gzip members, one a record: damage to one leaves the others readable."""

from __future__ import annotations

import contextlib
import mmap
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import WarcRecord

from presswatch.archive.codings import CHUNK_BYTES, GZIP_MAGIC
from presswatch.archive.records import DamagedRecordError, Record, open_record
from presswatch.model import Failure
from presswatch.storage import disk_error

_MAX_RECORD_BYTES = 256 * 1024 * 1024  # inflated; the longest document that is fetched, a sitemap, has 50 MB
_REFETCH = "what is lost is fetched again by `presswatch backfill --restart`"


@dataclass(frozen=True)
class Member:
    """A gzip member of one of our own files: its place, and the record or what is wrong with it."""

    start: int
    end: int
    record: Record | None = None
    fault: str = ""


def read_members(path: Path) -> Iterator[Member]:
    """The members of a file in order; a damaged stretch counts as one, up to the next whole beginning of a record.

    An empty file is damaged: each is begun with a record that says who wrote it.
    """
    start = -1
    for content in mapped(path):
        start = 0
        while start < len(content):
            try:
                end, plain = _inflate_member(content, start)
                yield Member(start, end, open_record(WarcRecord.from_bytes(plain)))
            except (DamagedRecordError, zlib.error, OSError) as error:
                end = next_start(content, start + 1)
                yield Member(start, end, fault=str(error))
            start = end
    if start < 0:
        yield Member(0, 0, fault="the file is empty")


def mapped(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file, or nothing where it is empty."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    yield content
    except OSError as error:
        raise disk_error(error, path) from error


def _inflate_member(content: mmap.mmap, start: int) -> tuple[int, bytes]:
    """Where the member at `start` ends, and its content."""
    stream, parts, size, place = zlib.decompressobj(zlib.MAX_WBITS | 16), [], 0, start
    while not stream.eof and place < len(content):
        chunk = content[place : place + CHUNK_BYTES]
        place += len(chunk)
        parts.append(stream.decompress(chunk, _MAX_RECORD_BYTES + 1 - size))
        size += len(parts[-1])
        if size > _MAX_RECORD_BYTES:
            raise DamagedRecordError(f"a record of more than {_MAX_RECORD_BYTES} bytes")
    if not stream.eof:
        raise DamagedRecordError("the record is cut off")
    return place - len(stream.unused_data), b"".join(parts)


def next_start(content: mmap.mmap, place: int) -> int:
    """Where the next record begins; the end of the file where none does."""
    while (place := content.find(GZIP_MAGIC, place)) >= 0:
        with contextlib.suppress(zlib.error):
            begin = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content[place : place + CHUNK_BYTES], 8)
            if begin.startswith(b"WARC/1."):
                return place
        place += 1
    return len(content)


def damage(path: Path, place: int, fault: str, mend: str = _REFETCH) -> Failure:
    """A damaged stretch of a file, as a row of `failures`."""
    return Failure(
        url=path.as_posix(),
        error="corrupt",
        stage="read",
        message=f"{path}, byte {place}: {fault}; whole records were read; {mend}",
    )
