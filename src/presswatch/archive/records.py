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
from presswatch.model import Capture, DocumentKind, Revisit

_PROFILES = {  # WARC 1.1, 6.7.2: how an answer brought nothing new
    True: "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
    False: "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
}
_GZIP_LEVEL = 1  # of isal's 0 to 3: a tenth of the time of zlib's 6, for files 15 % larger (docs/decisions.md)
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
        "WARC-Record-ID": f"<{_record_id(name)}>",
        "WARC-Date": _warc_date(at),
        "WARC-Block-Digest": _sha1(block),
        "Content-Length": str(sum(map(len, block))),
        **fields,
    }
    head = "".join(f"{key}: {value}\r\n" for key, value in told.items() if value)
    return b"".join((b"WARC/1.1\r\n", head.encode(), b"\r\n", *block, b"\r\n\r\n"))


def _record_id(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
    fields = {
        "Content-Type": _one_line(media),
        "WARC-Target-URI": _one_line(capture.url),
        "WARC-Payload-Digest": f"sha256:{capture.digest}",
        "X-Presswatch-Kind": capture.kind,
        "X-Presswatch-Outlet": capture.outlet_id,
        "X-Presswatch-Asked-URI": _one_line(capture.asked_url),
        "X-Presswatch-Listed-As": _one_line(capture.listed_as),
        "X-Presswatch-Listed-At": as_text(capture.listed_at) or "",
        "X-Presswatch-Moved": "permanently" if capture.moved else "",
    }
    name = _name_of(capture.capture_id, capture.asked_url, capture.fetched_at)
    return _new_record(kind, name, capture.fetched_at, block, fields)


def record_id_of(capture_id: str, asked_url: str, fetched_at: datetime) -> str:
    """The id of the record that holds a capture, a URI; the same for the same capture of the same moment."""
    return _record_id(_name_of(capture_id, asked_url, fetched_at))


def _name_of(capture_id: str, asked_url: str, fetched_at: datetime) -> str:
    return f"{capture_id} {asked_url} {fetched_at.isoformat()}"


def revisit_record_of(revisit: Revisit) -> bytes:
    """A revisit as a record: what was sent but for the body, and the record that holds that."""
    name = f"revisit {revisit.url} {revisit.asked_url} {revisit.fetched_at.isoformat()}"
    fields = {
        "WARC-Profile": _PROFILES[revisit.is_not_modified],
        "Content-Type": "application/http; msgtype=response",
        "WARC-Target-URI": _one_line(revisit.url),
        "WARC-Payload-Digest": f"sha256:{revisit.digest}" if revisit.digest else "",
        "WARC-Refers-To": f"<{revisit.refers_to}>" if revisit.refers_to else "",
        "WARC-Refers-To-Target-URI": _one_line(revisit.url) if revisit.refers_to else "",
        "WARC-Refers-To-Date": _warc_date(revisit.refers_to_at) if revisit.refers_to_at else "",
        "WARC-Truncated": "" if revisit.is_not_modified else "length",  # there was a body, and it is left out
        "X-Presswatch-Kind": revisit.kind,
        "X-Presswatch-Outlet": revisit.outlet_id,
        "X-Presswatch-Asked-URI": _one_line(revisit.asked_url),
    }
    head = "\r\n".join([*_head_lines(revisit), "", ""]).encode()
    return _new_record("revisit", name, revisit.fetched_at, [head], fields)


def _is_resource(capture: Capture) -> bool:
    """Whether there was no HTTP, which says more than a type: an ingested file."""
    has_type_alone = not capture.headers or (len(capture.headers) == 1 and bool(capture.header("content-type")))
    return capture.status == HTTPStatus.OK and has_type_alone


def _http_head(capture: Capture) -> bytes:
    return "\r\n".join([*_head_lines(capture), f"content-length: {len(capture.body)}", "", ""]).encode()


def _head_lines(answer: Capture | Revisit) -> Iterator[str]:
    yield f"HTTP/1.1 {answer.status} "
    for name, value in answer.headers:
        prefix = _CRAWLER if name in _WIRE_HEADERS or name.startswith(_CRAWLER) else ""
        yield f"{prefix}{name}: {_CONTROL.sub(' ', value)}"


def _one_line(url: str) -> str:
    return _CONTROL.sub(lambda match: quote(match[0]), url)


def _sha1(parts: Sequence[bytes]) -> str:
    """A block's digest, in the form that every WARC tool reads; it takes two thirds of the time of SHA-256."""
    digest = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return f"sha1:{base64.b32encode(digest.digest()).decode()}"


def open_record(record: WarcRecord) -> Record:
    """Read a record whole and hold it against its length and digests.

    Raises: DamagedRecordError where they say otherwise.
    """
    headers = {name.lower(): value for name, value in record.headers.items()}
    if not headers:
        raise DamagedRecordError("no WARC record")
    return Record(headers, record.record_type, _read_block(record, headers.get("warc-block-digest", "")))


def _read_block(record: WarcRecord, digest: str) -> bytes:
    """The whole block of a record."""
    length = record.content_length
    block: bytes = record.reader.read(length) if length > 0 else b""
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
    kind = _kind_of(record)
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
        kind=kind,
    )


def revisit_of(record: Record) -> Revisit:
    """The revisit that one of our own records holds.

    Raises: ValueError where a header that we always write is missing.
    """
    kind = _kind_of(record)
    status, headers, _ = read_http(record)
    return Revisit(
        url=record.header("WARC-Target-URI"),
        outlet_id=record.header("X-Presswatch-Outlet"),
        fetched_at=moment(record.header("WARC-Date")),
        digest=record.header("WARC-Payload-Digest").removeprefix("sha256:"),
        refers_to=record.header("WARC-Refers-To").strip("<>"),
        refers_to_at=moment_or_none(record.header("WARC-Refers-To-Date") or None),
        asked_url=record.header("X-Presswatch-Asked-URI"),
        status=status,
        headers=wire_headers(headers),
        kind=kind,
    )


def _kind_of(record: Record) -> DocumentKind:
    kind = record.header("X-Presswatch-Kind")
    if kind not in get_args(DocumentKind):
        raise ValueError("the record was not written by presswatch; `presswatch ingest` reads it")
    return cast("DocumentKind", kind)


def read_http(record: Record) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and body of a record; a resource has a type alone.

    Raises: ValueError where a response has no status line.
    """
    if record.kind is WarcRecordType.resource:
        media = record.header("Content-Type")
        return HTTPStatus.OK, (("content-type", media),) if media else (), record.block
    head, gap, body = _split_head(record.block)
    status_line, *lines = re.split(r"\r?\n", read_text(head))
    status = re.match(r"HTTP/[0-9.]+ +([0-9]{3})", status_line)
    if not status or not gap:
        raise ValueError("the record has no HTTP head")
    return int(status[1]), tuple(header_pairs(lines)), body


def _split_head(block: bytes) -> tuple[bytes, bytes, bytes]:
    gap = re.search(rb"\r?\n\r?\n", block)
    return (block[: gap.start()], gap[0], block[gap.end() :]) if gap else (block, b"", b"")


def header_pairs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names, in lower case, and values; lines that are none are left out."""
    for line in lines:
        name, colon, value = line.partition(":")
        if colon and name.strip():
            yield name.strip().lower(), value.strip(" \t")


def read_text(head: bytes) -> str:
    """Headers as text, whichever of the two ways they are written."""
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")  # what HTTP once said headers are


def wire_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Headers as they came over the wire: those that decoding made untrue have their names again."""
    return tuple((name.removeprefix(_CRAWLER), value) for name, value in headers if name != "content-length")
