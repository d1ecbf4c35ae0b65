"""WARC files of others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import cast, get_args
from urllib.parse import quote

from fastwarc.warc import WarcRecordType

from presswatch.archive.codings import CHUNK_BYTES, MAX_FOREIGN_BODY_BYTES, join_chunks, undo_codings
from presswatch.archive.members import damage
from presswatch.archive.records import DamagedRecordError, Record, holds, read_http, wire_headers
from presswatch.archive.unpacking import RecordHead, Tape, open_tapes
from presswatch.errors import FetchError
from presswatch.model import Capture, DocumentKind, Failure, utc
from presswatch.urls import host_of, is_web

_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_TYPES = {name: getattr(WarcRecordType, name) for name in ("response", "resource", "revisit")}  # others hold no page
_NOT_IN_URLS = re.compile(r"[\s<>\"\\]")  # what some crawlers leave in an address
_FRACTION = re.compile(r"\.[0-9]+(?=Z?$)")  # of a second; a reference to a record may tell it or not
_MOST_HOSTS = 10_000  # that are counted one by one; more are an attack on our memory
_LONGEST_DIGEST = 200  # characters; SHA-512 in hex digits has 128

_MEND = "only a new copy of the file mends it"

Page = Capture | Failure  # a page, or what is wrong with it


@dataclass(frozen=True)
class _Revisit:
    """A page that was not stored again, as its bytes were those of another record."""

    url: str
    at: datetime
    digest: str  # of the payload; may be empty


@dataclass
class ForeignPages:
    """The pages of WARC files of any origin: `.warc`, `.warc.gz`, `.warc.zst`.

    Pages are responses with a 2xx status whose declared type is HTML or missing. Images, redirects and records of
    other kinds are passed over, and so are pages of the web whose URL is not wanted; records of our own always are.

    A revisit record stands for the payload of another record, which may lie anywhere in the files. So revisits are
    remembered while files are read, and their originals looked for in a second pass.

    Memory: the page at hand, of `MAX_FOREIGN_BODY_BYTES` decoded at the most, and about 1 KB for each revisit record
    that may be a wanted page; nothing for any other record.
    """

    is_wanted: Callable[[str], bool] = lambda _: True
    passed_count: int = 0  # pages that were not wanted
    passed_hosts: Counter[str] = field(default_factory=Counter)  # pages of each host, of the first 10,000
    _paths: list[Path] = field(default_factory=list)
    _open: dict[int, list[_Revisit]] = field(default_factory=dict)  # by each thing that is said of the original
    _lost: set[_Revisit] = field(default_factory=set)

    @property
    def lost_count(self) -> int:
        """Pages of which the files hold a revisit record, and not what it refers to."""
        return len(self._lost)

    def read(self, path: Path, tell: Callable[[int], None] = lambda _: None) -> Iterator[Page]:
        """Stream the pages of a file, chunked and content encodings undone.

        `outlet_id` is empty but for our own records. A page that is too large, cut off or undecodable is a Failure
        with its URL; a damaged stretch is one (`corrupt`) with the file and the place.

        Args: `tell` is told how many bytes of the file were read, for each record.
        Raises: DiskError where the file cannot be read at all.
        """
        self._paths.append(path)
        yield from _judge_records(path, self._look, tell)

    def follow_revisits(self, tell: Callable[[Path], None] = lambda _: None) -> Iterator[Page]:
        """The pages that revisit records stand for, of all files that were read.

        A revisit of the original's own address gives nothing: the same bytes at the same address are one capture.

        Cost: the files are unpacked once more, if there are revisits, up to the last original.
        """
        for path in self._paths:
            if not self._lost:
                return
            tell(path)
            for page in _judge_records(path, self._match):
                if isinstance(page, Capture) or page.url != path.as_posix():  # damage was told
                    yield page

    def _look(self, record: _OpenRecord) -> Iterator[Page]:
        """The page that a record holds, if it is one."""
        if record.kind is WarcRecordType.revisit:
            self._note_revisit(record)
        elif record.is_page and (record.is_ours or self._wants(record.url)):
            yield record.read_page()

    def _wants(self, url: str) -> bool:
        if url.startswith("file:") or self.is_wanted(url):
            return True
        self.passed_count += 1
        host = host_of(url)
        if host in self.passed_hosts or len(self.passed_hosts) < _MOST_HOSTS:
            self.passed_hosts[host] += 1
        return False

    def _note_revisit(self, record: _OpenRecord) -> None:
        told = record.head.header
        is_unchanged = "not-modified" in told("WARC-Profile")  # the server sent nothing, so there is no payload
        if is_unchanged or not record.is_page or not self.is_wanted(record.url):
            return
        revisit = _Revisit(record.url, _date(told("WARC-Date")), record.digest)
        refers_to = (told("WARC-Refers-To"), told("WARC-Refers-To-Target-URI"), told("WARC-Refers-To-Date"))
        self._lost.add(revisit)
        for key in _keys(record.digest, *refers_to):
            self._open.setdefault(key, []).append(revisit)

    def _match(self, record: _OpenRecord) -> Iterator[Page]:
        """The pages for which a record is the original."""
        if record.kind is WarcRecordType.revisit:
            return
        told = record.head.header
        keys = _keys(record.digest, told("WARC-Record-ID"), told("WARC-Target-URI"), told("WARC-Date"))
        for revisit in dict.fromkeys(one for key in keys for one in self._open.get(key, ())):
            if revisit in self._lost and record.has_payload(revisit.digest):
                self._lost.discard(revisit)
                if record.is_page and revisit.url != record.url:
                    page = replace(record.read_page(), url=revisit.url)
                    yield replace(page, fetched_at=revisit.at) if isinstance(page, Capture) else page


def _keys(digest: str, record_id: str, url: str, date: str) -> list[int]:
    """What tells an original, small enough to be kept for each revisit: 64 bits that differ from process to process."""
    tidy_url, tidy_date = url.strip("<> "), _FRACTION.sub("", date)
    told = [
        ("digest", digest),
        ("id", record_id.strip("<> ")),
        ("at", tidy_url and tidy_date and (tidy_url, tidy_date)),
    ]
    return [hash(one) for one in told if one[1]]


def _judge_records(
    path: Path, judge: Callable[[_OpenRecord], Iterator[Page]], tell: Callable[[int], None] = lambda _: None
) -> Iterator[Page]:
    """What is found in the records of a file that may hold a page, and a failure for each damaged stretch."""
    tape = None
    for tape in open_tapes(path):
        is_told = False
        while True:
            try:
                head = tape.head()
                if head is None:
                    break
                if (record := _open_record(tape, head)) is not None:
                    yield from judge(record)
                is_told = False
            except DamagedRecordError as error:
                if not is_told:  # one damaged stretch may be stumbled over several times
                    yield damage(path, tape.place, str(error), _MEND)
                is_told = True
                tape.resume()
            except ValueError as error:
                yield damage(path, tape.place, str(error), _MEND)
            tell(tape.bytes_read)
    if tape is None:
        yield damage(path, 0, "the file is empty", _MEND)


def _open_record(tape: Tape, head: RecordHead) -> _OpenRecord | None:
    """A record that may hold a page, with the beginning of its block."""
    kind = _TYPES.get(head.header("WARC-Type").lower())
    if kind is None:
        return None
    url = _NOT_IN_URLS.sub(lambda match: quote(match[0]), head.header("WARC-Target-URI").strip("<> "))
    if not (is_web(url) or url.startswith("file:")):
        return None
    return _OpenRecord(tape, head, kind, url, tape.take(CHUNK_BYTES))


@dataclass
class _OpenRecord:
    """A record on the tape, read as far as somebody wants to know."""

    tape: Tape
    head: RecordHead
    kind: WarcRecordType
    url: str
    begin: bytes  # of the block

    @property
    def is_ours(self) -> bool:
        """Whether presswatch wrote it; a file of anybody's may claim so."""
        return bool(self.head.header("X-Presswatch-Kind"))

    @property
    def digest(self) -> str:
        """Of the payload, as told; empty where it is not, or is none."""
        told = self.head.header("WARC-Payload-Digest").strip().lower()
        return told if len(told) <= _LONGEST_DIGEST else ""

    @cached_property
    def is_page(self) -> bool:
        """Whether it is a whole answer that may be HTML; of a revisit record without HTTP headers nobody knows."""
        if self.is_ours or (self.kind is WarcRecordType.revisit and not self.begin):
            return True
        try:
            status, pairs, _ = self._http
        except ValueError:
            return False
        media = dict(pairs).get("content-type", "").partition(";")[0].strip().lower()
        return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and media in _HTML_TYPES

    def has_payload(self, digest: str) -> bool:
        """Whether its payload is the one that a revisit tells of; one that tells no digest is believed."""
        if not digest or self.digest:
            return digest in ("", self.digest)
        try:
            body = self._read_body()
        except FetchError:
            return False
        return holds(digest, body) or holds(digest, join_chunks(body, self.url))

    def read_page(self) -> Page:
        """Read the rest, and undo the codings.

        Raises: DamagedRecordError, ValueError where the record is cut off, changed or tells no time.
        """
        try:
            return self._decode(self._read_body())
        except FetchError as error:
            return Failure(url=self.url, error=error.code, stage="read", message=error.message)

    @cached_property
    def _http(self) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        """Status, headers, and as much of the body as was read first."""
        end = b"\r\n\r\n" if self.kind is WarcRecordType.revisit else b""  # some leave out the empty line
        return read_http(Record(self.head.headers, self.kind, self.begin + end))

    def _read_body(self) -> bytes:
        """The body as it is stored."""
        told = self.head.header
        if self.head.length > MAX_FOREIGN_BODY_BYTES + CHUNK_BYTES:
            raise FetchError("too_large", self.url, f"a record of {self.head.length:,} bytes")
        if told("WARC-Truncated") or told("WARC-Segment-Number"):
            why = f"whoever archived it stopped: {told('WARC-Truncated')}" if told("WARC-Truncated") else "a segment"
            raise FetchError("truncated", self.url, why)
        _, _, begun = self._http
        rest = self.tape.take(self.head.length)
        if rest:
            self.begin, begun = self.begin + rest, begun + rest
        if not holds(told("WARC-Block-Digest"), self.begin):
            raise ValueError("the record is not what its digest says")
        self._http = (*self._http[:2], begun)
        return begun

    def _decode(self, body: bytes) -> Capture:
        told = self.head.header
        status, pairs, _ = self._http
        kind = told("X-Presswatch-Kind")
        return Capture(
            url=self.url,
            outlet_id=told("X-Presswatch-Outlet"),
            fetched_at=_date(told("WARC-Date")),
            body=undo_codings(dict(pairs), body, self.url),
            asked_url=told("X-Presswatch-Asked-URI"),
            listed_as=told("X-Presswatch-Listed-As"),
            listed_at=_believed_moment(told("X-Presswatch-Listed-At")),
            moved=bool(told("X-Presswatch-Moved")),
            status=status,
            headers=wire_headers(pairs),
            kind=cast("DocumentKind", kind) if kind in get_args(DocumentKind) else "article",
        )


def _date(text: str) -> datetime:
    """When a record says that it was made: in UTC, where it tells no zone.

    Raises: ValueError where it is no date.
    """
    try:
        told = datetime.fromisoformat(text)
        return utc(told if told.tzinfo else told.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]!r} is no date of a record") from error


def _believed_moment(text: str) -> datetime | None:
    """A time that anybody may have written; nothing where it is none, or tells no zone."""
    try:
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
