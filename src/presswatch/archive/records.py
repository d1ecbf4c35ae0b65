"""A capture ↔ the bytes of a WARC record."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import cast, get_args
from urllib.parse import quote

from fastwarc.warc import WarcRecord, WarcRecordType
from isal import isal_zlib

from presswatch.archive.moments import as_text, moment, moment_or_none
from presswatch.model import Capture, DocumentKind

_GZIP_LEVEL = 1  # of isal's 0 to 3: a tenth of the time of zlib's 6, for files 14 % larger (docs/decisions.md)
_WIRE_HEADERS = ("content-encoding", "transfer-encoding", "content-length")
_CRAWLER = "x-crawler-"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Record:
    """A WARC record in memory, whole and as its digest says."""

    headers: dict[str, str]
    kind: WarcRecordType
    block: bytes

    def header(self, name: str) -> str:
        """A header's value; empty where it is missing."""
        return self.headers.get(name.lower(), "")


class DamagedRecordError(Exception):
    """A record that is cut off or changed; the message says which."""


def pack(record: bytes) -> bytes:
    """A record as one gzip member."""
    packed: bytes = isal_zlib.compress(record, _GZIP_LEVEL, zlib.MAX_WBITS | 16)
    return packed


def _new_record(kind: str, name: str, at: datetime, block: Sequence[bytes], fields: Mapping[str, str]) -> bytes:
    """A WARC record, its block in parts; fields without a value are left out."""
    told = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>",
        "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "Content-Length": str(sum(map(len, block))),
        **fields,
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in told.items() if value)
    return b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", *block, b"\r\n\r\n"))


def warcinfo(outlet_id: str, run_id: str, at: datetime) -> bytes:
    """The record that begins a file: who wrote it, and in which run."""
    block = f"software: presswatch\r\nformat: WARC File Format 1.1\r\nX-Presswatch-Run: {run_id}\r\n".encode()
    fields = {"Content-Type": "application/warc-fields", "WARC-Filename": f"{run_id}.warc.gz"}
    return _new_record("warcinfo", f"{outlet_id} {run_id} {at.isoformat()}", at, [block], fields)


def record_of(capture: Capture) -> bytes:
    """A capture as a record: a response, or a resource where there was no HTTP."""
    if _is_resource(capture):
        kind, media, block = "resource", capture.header("content-type"), [capture.body]
    else:
        kind, media, block = "response", "application/http; msgtype=response", [_http_head(capture), capture.body]
    name = f"{capture.capture_id} {capture.asked_url} {capture.fetched_at.isoformat()}"
    fields = {
        "Content-Type": _one_line(media),
        "WARC-Target-URI": _one_line(capture.url),
        "WARC-Payload-Digest": f"sha256:{capture.digest}",  # of the block a gzip member has its own checksum
        "X-Presswatch-Kind": capture.kind,
        "X-Presswatch-Outlet": capture.outlet_id,
        "X-Presswatch-Asked-URI": _one_line(capture.asked_url),
        "X-Presswatch-Listed-As": _one_line(capture.listed_as),
        "X-Presswatch-Listed-At": as_text(capture.listed_at) or "",
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
        prefix = _CRAWLER if name in _WIRE_HEADERS or name.startswith(_CRAWLER) else ""
        lines.append(f"{prefix}{name}: {_CONTROL.sub(' ', value)}")
    lines += [f"content-length: {len(capture.body)}", "", ""]
    return "\r\n".join(lines).encode()


def _one_line(url: str) -> str:
    return _CONTROL.sub(lambda match: quote(match[0]), url)


def open_record(record: WarcRecord) -> Record:
    """Read a record whole and hold it against its length and digests.

    Raises: DamagedRecordError where they say otherwise.
    """
    headers = {name.lower(): value for name, value in record.headers.items()}
    if not headers:
        raise DamagedRecordError("no WARC record")
    return Record(headers, record.record_type, read_block(record, b"", headers.get("warc-block-digest", "")))


def read_block(record: WarcRecord, begin: bytes, digest: str) -> bytes:
    """The whole block of a record of which the beginning was read."""
    length = record.content_length
    rest = length - len(begin)
    block = begin + record.reader.read(rest) if rest > 0 else begin
    if len(block) != length:
        raise DamagedRecordError(f"the record has {len(block)} of {length} bytes")
    if not holds(digest, block):
        raise DamagedRecordError("the record is not what its digest says")
    return block


def holds(labelled: str, content: bytes) -> bool:
    """Whether a digest (`sha1:` and base 32 or hex digits) is that of the content; unknown algorithms are believed."""
    label, _, told = labelled.strip().partition(":")
    name = label.lower().replace("-", "")
    if not told or name not in ("md5", "sha1", "sha256", "sha512"):
        return True
    digest = hashlib.new(name, content, usedforsecurity=False).digest()
    return told.upper().rstrip("=") in (base64.b32encode(digest).decode().rstrip("="), digest.hex().upper())


def capture_of(record: Record) -> Capture:
    """The capture that one of our own records holds.

    Raises: ValueError where a header that we always write is missing, or the body is not what it was.
    """
    kind = record.header("X-Presswatch-Kind")
    if kind not in get_args(DocumentKind):
        raise ValueError("the record was not written by presswatch; `presswatch ingest` reads it")
    status, headers, body = read_http(record)
    if not holds(record.header("WARC-Payload-Digest"), body):
        raise ValueError("the record is not what its digest says")
    return Capture(
        url=record.header("WARC-Target-URI"),
        outlet_id=record.header("X-Presswatch-Outlet"),
        fetched_at=moment(record.header("WARC-Date")),
        body=body,
        asked_url=record.header("X-Presswatch-Asked-URI"),
        listed_as=record.header("X-Presswatch-Listed-As"),
        listed_at=moment_or_none(record.header("X-Presswatch-Listed-At") or None),
        moved=bool(record.header("X-Presswatch-Moved")),
        status=status,
        headers=wire_headers(headers),
        kind=cast("DocumentKind", kind),
    )


def read_http(record: Record) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
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


def wire_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Headers as they came over the wire: those that decoding made untrue have their names again."""
    return tuple((name.removeprefix(_CRAWLER), value) for name, value in headers if name != "content-length")
