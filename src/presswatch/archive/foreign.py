"""WARC files of others."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import cast, get_args
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from presswatch.archive.codings import CHUNK_BYTES, GZIP_MAGIC, MAX_FOREIGN_BODY_BYTES, undo_codings
from presswatch.archive.members import damage, mapped, next_start
from presswatch.archive.moments import moment
from presswatch.archive.records import DamagedRecordError, Record, read_block, read_http, wire_headers
from presswatch.errors import FetchError
from presswatch.model import Capture, DocumentKind, Failure, utc

_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})


def read_foreign(path: Path) -> Iterator[Capture | Failure]:
    """Stream the pages of a WARC file of any origin (`.warc`, `.warc.gz`), chunked and content encodings undone.

    Pages are responses with a 2xx status whose declared type is HTML or missing; images, redirects and records of
    other kinds are passed over. `outlet_id` is empty but for our own records. A page that is too large, cut off or
    undecodable is a Failure with its URL; a damaged stretch is one (`corrupt`) with the file and the place.

    Raises: DiskError where the file cannot be read at all.
    """
    start = -1
    for content in mapped(path):
        begins = next_start if content[:2] == GZIP_MAGIC[:2] else _next_plain_start
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
            except (DamagedRecordError, OSError, ValueError) as error:
                if not is_told:  # the library may stumble over one damaged stretch several times
                    yield damage(path, place, str(error), "only a new copy of the file mends it")
                start, is_told = begins(content, place + 1), True
    if start < 0:
        yield damage(path, 0, "the file is empty", "only a new copy of the file mends it")


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

    Raises: DamagedRecordError, ValueError where it is cut off, changed or no record.
    """
    headers = {name.lower(): value for name, value in record.headers.items()}
    url = headers.get("warc-target-uri", "").strip("<>")
    begin = record.reader.read(min(CHUNK_BYTES, record.content_length)) if record.content_length else b""
    if urlsplit(url).scheme not in ("http", "https", "file") or not _is_page(
        Record(headers, record.record_type, begin)
    ):
        return None
    try:
        return _read_page(record, headers, begin, url)
    except FetchError as error:
        return Failure(url=url, error=error.code, stage="read", message=error.message)


def _read_page(record: WarcRecord, headers: dict[str, str], begin: bytes, url: str) -> Capture:
    """The rest of a record that is a page.

    Raises: FetchError, DamagedRecordError, ValueError.
    """
    if record.content_length > MAX_FOREIGN_BODY_BYTES + CHUNK_BYTES:
        raise FetchError("too_large", url, f"a record of {record.content_length:,} bytes")
    if headers.get("warc-truncated"):
        raise FetchError("truncated", url, f"whoever archived it stopped: {headers['warc-truncated']}")
    block = read_block(record, begin, headers.get("warc-block-digest", ""))
    return _decoded_capture(Record(headers, record.record_type, block), url)


def _is_page(record: Record) -> bool:
    if record.header("X-Presswatch-Kind"):
        return True
    try:
        status, pairs, _ = read_http(record)
    except ValueError:
        return False
    media = dict(pairs).get("content-type", "").partition(";")[0].strip().lower()
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and media in _HTML_TYPES


def _decoded_capture(record: Record, url: str) -> Capture:
    status, pairs, body = read_http(record)
    kind = record.header("X-Presswatch-Kind")
    return Capture(
        url=url,
        outlet_id=record.header("X-Presswatch-Outlet"),
        fetched_at=moment(record.header("WARC-Date")),
        body=undo_codings(dict(pairs), body, url),
        asked_url=record.header("X-Presswatch-Asked-URI"),
        listed_as=record.header("X-Presswatch-Listed-As"),
        listed_at=_believed_moment(record.header("X-Presswatch-Listed-At")),
        moved=bool(record.header("X-Presswatch-Moved")),
        status=status,
        headers=wire_headers(pairs),
        kind=cast("DocumentKind", kind) if kind in get_args(DocumentKind) else "article",
    )


def _believed_moment(text: str) -> datetime | None:
    """A time that anybody may have written; nothing where it is none, or tells no zone."""
    try:
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
