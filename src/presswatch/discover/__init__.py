"""Feeds and sitemaps → candidates. Opens no connection: documents come from a function that the caller gives.

What several documents say of one address is put together before anything is given out, so an article whose feed says
that it lies outside the window is not taken for one whose sitemap says nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from presswatch.discover.archives import list_periods, page_address, read_archive
from presswatch.discover.feeds import read_feed
from presswatch.discover.gathered import Gathered
from presswatch.discover.said import DAY, Calendar, Entry, Reading, Stamp, stretch
from presswatch.discover.sitemaps import read_sitemap
from presswatch.discover.wordpress import first_page, next_page, read_posts
from presswatch.errors import Code, FetchError
from presswatch.model import Candidate, Capture, DocumentKind, Failure, Window
from presswatch.outlets import Outlet, Source
from presswatch.urls import identity, is_web, join_url, tidy

__all__ = [
    "MAX_ADDRESSES",
    "MAX_DEPTH",
    "MAX_DOCUMENTS",
    "Contents",
    "Get",
    "discover",
    "newest_document",
    "read_document",
]

Get = Callable[[str, DocumentKind], Awaitable[Capture | None]]

MAX_DEPTH = 3  # an index of indexes of sitemaps; the protocol knows two levels
MAX_DOCUMENTS = 500  # of one outlet in one run: twenty years of monthly sitemaps, twice over
MAX_ADDRESSES = 1_000_000  # of one outlet in one run, all documents together; they lie on disk, some 300 MB

# A year, month or day in a document's name: post-sitemap202203.xml, sitemap-2022.xml, /2022/03/, ?yyyy=2022&mm=03&dd=01
_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:(?:[-_/.]?|&mm=)(0[1-9]|1[0-2])(?:(?:[-_/.]?|&dd=)(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
# Documents of the WordPress sitemap makers (Yoast, Jetpack, core) that list no articles, or only articles again.
_NO_ARTICLES = re.compile(
    r"(?:^|[/_-])(?:category|post_tag|tag|author|page|attachment|image|video)-sitemap(?:-?\d+)?\.xml"
    r"|wp-sitemap-(?:taxonomies|users|posts-page)-"
)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What one document lists of an outlet: articles, further documents, and what was wrong with it."""

    candidates: tuple[Candidate, ...]
    documents: tuple[str, ...]
    fault: tuple[Code, str] | None = None


def newest_document(outlet: Outlet, source: Source, *, now: datetime) -> tuple[str, DocumentKind]:
    """The one document that shows whether a source answers: itself, or its part that holds the last day or so."""
    visit = _newest(source, Calendar(zone=ZoneInfo(outlet.timezone), now=now))
    return visit.url, visit.kind


def read_document(outlet: Outlet, capture: Capture, *, now: datetime, source: Source | None = None) -> Contents:
    """Read one document as `discover` does without a window; nothing that it names is asked for.

    Args: `outlet` says whose addresses count, `capture.kind` what it is, `now` as for `discover`; `source` is given
        where it is the `newest_document` of one.
    """
    calendar = Calendar(zone=ZoneInfo(outlet.timezone), now=now)
    visit = _newest(source, calendar) if source else _Visit(capture.url, capture.kind)
    reading = _read(capture, visit, capture.url, calendar)
    with _Found(outlet, None) as found:
        found.add(reading.entries, capture.url, capture.url)
        documents = tuple(dict.fromkeys(found.choose_documents(reading.children, capture.url)))
        return Contents(candidates=tuple(found.candidates()), documents=documents, fault=reading.fault)


class _Visit(NamedTuple):
    """A document to be read: how many indexes led to it, or which page of a list it is."""

    url: str
    kind: DocumentKind
    depth: int = 1
    source: Source | None = None  # of feeds, posts and archives, by which later pages are addressed
    archive: str = ""  # the address of an archive before its period was filled in
    period: Stamp | None = None  # of an archive
    number: int = 1
    before: frozenset[str] = frozenset()  # the addresses of the page before


async def discover(
    outlet: Outlet, window: Window | None, get: Get, *, now: datetime
) -> AsyncIterator[Candidate | Failure]:
    """Find what an outlet has published.

    Args:
        outlet: its `discover` says which documents are read, in this order.
        window: None reads feeds and news sitemaps (the newest coverage). Otherwise sitemap indexes are walked too, with
            only the documents that can hold the window; so are the archives of its days or months, and the later pages
            of feeds; WordPress is asked for its posts, and candidates known to lie outside are dropped.
        get: fetches a document; None where it has not changed. FetchErrors become failures.
        now: dates later than two days after it are not believed.

    Yields: failures of documents as they come up, then every address of the outlet's hosts once.
    Raises: DiskError where what was said of so many addresses cannot be put down.
    Cost: 0.1 ms an address, most of it for telling whether two are the same; in memory the largest document.
    """
    calendar = Calendar(zone=ZoneInfo(outlet.timezone), now=now)
    walk = _Walk(visit for source in outlet.discover for visit in _visits(source, window, calendar))
    lists = _Lists(outlet, window)
    with _Found(outlet, window) as found:
        for visit in walk:
            try:
                capture = await get(visit.url, visit.kind)
            except FetchError as error:
                if not lists.is_end(visit, error.code):
                    yield _failure(outlet, visit.url, error.code, error.message)
                continue
            if capture is None:
                continue
            base = capture.url or visit.url
            # threads: a large document takes seconds, and the other outlets are not to wait for it
            reading = await asyncio.to_thread(_read, capture, visit, base, calendar)
            await asyncio.to_thread(found.add, reading.entries, base, visit.url)
            walk.follow(visit, found.choose_documents(reading.children, base))
            walk.turn_page(lists.find_next(visit, reading, base, capture.header("x-wp-totalpages")))
            if reading.fault:
                yield _failure(outlet, visit.url, *reading.fault)
        for url, code, message in (*lists.missing(), *walk.left, *found.left):
            yield _failure(outlet, url, code, message)
        for candidate in found.candidates():
            yield candidate


def _visits(source: Source, window: Window | None, calendar: Calendar) -> Iterator[_Visit]:
    """The documents that a source is read from; none where it tells of the past, and the newest is wanted."""
    if source.kind == "feed":
        yield _Visit(source.url, "feed", source=source)
    elif source.kind == "news_sitemap" or (window and source.kind == "sitemap"):
        yield _Visit(source.url, "sitemap")
    elif window and source.kind == "wordpress":
        yield _Visit(first_page(source.url, window), "wordpress", source=source)
    elif window:
        for one, period in list_periods(source, window, calendar.zone, calendar.now):
            yield _Visit(page_address(one, 1), "front", source=one, archive=source.url, period=period)


def _newest(source: Source, calendar: Calendar) -> _Visit:
    """The first document of a source for the last day."""
    return next(_visits(source, Window(since=calendar.now - DAY, until=calendar.now), calendar))


def _read(capture: Capture, visit: _Visit, url: str, calendar: Calendar) -> Reading:
    body = capture.body
    if not body.strip():
        return Reading(fault=("bad_document", "empty"))
    if visit.source and visit.period:
        return read_archive(body, capture.header("content-type"), url, visit.source, visit.period)
    if visit.kind == "wordpress":
        return read_posts(body, calendar)
    return read_feed(body, url, calendar) if visit.kind == "feed" else read_sitemap(body, calendar)


def _failure(outlet: Outlet, url: str, code: Code, message: str) -> Failure:
    return Failure(url=url, error=code, stage="discover", message=message, outlet_id=outlet.id)


class _Lists:
    """How far lists of several pages are followed: feeds, WordPress's posts, archives."""

    def __init__(self, outlet: Outlet, window: Window | None) -> None:
        self._outlet, self._window = outlet, window
        # what else tells of the past is read in fewer requests: a month of sitemaps for years of a feed's pages
        self._is_past_told = any(source.kind in ("sitemap", "wordpress", "archive") for source in outlet.discover)
        self._gone: dict[str, str] = {}  # by archive, the first period that is not there
        self._had: set[str] = set()

    def find_next(self, visit: _Visit, reading: Reading, base: str, total_pages: str) -> _Visit | None:
        """The page after one; None where it was the last that can hold the window."""
        if self._window is None or visit.source is None:
            return None
        if visit.kind == "front":
            self._had.add(visit.archive)
        here = frozenset(identity(join_url(base, entry.url)) for entry in reading.entries)
        if here <= visit.before:  # nothing new, however many pages there are said to be
            return None
        if visit.kind == "wordpress":
            url = next_page(visit.url, total_pages, len(reading.entries))
            return visit._replace(url=url, before=here) if url else None
        if self._is_behind(reading.entries):
            return None
        url = page_address(visit.source, visit.number + 1) or self._named_page(visit, reading, base)
        return visit._replace(url=url, number=visit.number + 1, before=here) if url else None

    def is_end(self, visit: _Visit, code: Code) -> bool:
        """Whether a document that could not be had is only the end of a list, or a day without articles."""
        if code != "gone" or visit.source is None:
            return False
        if visit.period:
            self._gone.setdefault(visit.archive, visit.url)
        return visit.number > 1 or visit.period is not None

    def missing(self) -> Iterator[tuple[str, Code, str]]:
        """The archives of which no period was there."""
        for archive, url in self._gone.items():
            if archive not in self._had:
                yield url, "gone", "no page of this archive is there: is its address right?"

    def _is_behind(self, entries: Sequence[Entry]) -> bool:
        """Whether all that is dated on a page is older than the window. Feeds go back in time."""
        told = [stamp for entry in entries if (stamp := entry.published or entry.modified)]
        return bool(told) and all(_is_before(stamp, self._window) for stamp in told)

    def _named_page(self, visit: _Visit, reading: Reading, base: str) -> str:
        """The page that a document says follows it, or that WordPress has behind a feed."""
        if visit.kind == "feed" and self._is_past_told:
            return ""
        url = join_url(base, reading.following) if reading.following else ""
        if url and is_web(url) and self._outlet.owns(url):
            return url
        if visit.source and reading.is_wordpress:
            return f"{visit.source.url}{'&' if '?' in visit.source.url else '?'}paged={visit.number + 1}"
        return ""


def _is_before(stamp: Stamp, window: Window | None) -> bool:
    return bool(window and stamp.start < window.since and stamp.end <= window.since)


class _Walk:
    """The documents to be read, each once and breadth first; what it had to leave is in `left`."""

    def __init__(self, visits: Iterable[_Visit]) -> None:
        first = {identity(visit.url): visit for visit in visits}
        self.left: list[tuple[str, Code, str]] = []  # a document's address, and what of it was left
        self._known = set(first)
        self._waiting = deque(first.values())

    def __iter__(self) -> Iterator[_Visit]:
        for _ in range(MAX_DOCUMENTS):
            if not self._waiting:
                return
            yield self._waiting.popleft()
        if self._waiting:
            more = f"the first of {len(self._waiting)} documents beyond {MAX_DOCUMENTS}"
            self.left.append((self._waiting[0].url, "too_large", more))

    def turn_page(self, page: _Visit | None) -> None:
        """Note the page that comes after one, if there is one."""
        if page and identity(page.url) not in self._known:
            self._known.add(identity(page.url))
            self._waiting.append(page)

    def follow(self, index: _Visit, urls: Iterable[str]) -> None:
        """Note the documents that an index leads to."""
        visits: dict[str, _Visit] = {}
        for url in urls:
            if (key := identity(url)) not in self._known:
                visits.setdefault(key, _Visit(url, "sitemap", index.depth + 1))
        if index.depth < MAX_DEPTH:
            self._known.update(visits)
            self._waiting.extend(visits.values())
        elif visits:
            self.left.append((index.url, "too_large", f"an index more than {MAX_DEPTH} deep"))


class _Found:
    """What was said of each address so far."""

    def __init__(self, outlet: Outlet, window: Window | None) -> None:
        self._outlet = outlet
        self._window = window
        self._said = Gathered(MAX_ADDRESSES)
        self.left: list[tuple[str, Code, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._said.close()

    def add(self, entries: Sequence[Entry], base: str, found_in: str) -> None:
        """Keep what a document says of the outlet's own addresses."""
        if self._said.add(self._own_entries(entries, base), found_in) and not self.left:
            more = f"more than {MAX_ADDRESSES:,} addresses; the first ones are taken"
            self.left.append((found_in, "too_large", more))

    def _own_entries(self, entries: Sequence[Entry], base: str) -> Iterator[tuple[str, Entry]]:
        for entry in entries:
            url = self._own_url(entry.url, base)
            if url and (entry.published or not self._is_too_old(entry.modified)):
                yield identity(url), entry._replace(url=tidy(url), listed_as=_spelling(url))

    def choose_documents(self, children: Sequence[Entry], base: str) -> Iterator[str]:
        """The addresses of those documents of an index that can hold articles of the window."""
        for child in children:
            url = self._own_url(child.url, base)
            if url and not self._is_too_old(child.modified) and self._may_hold(url):
                yield url

    def candidates(self) -> Iterator[Candidate]:
        """Each address once, in the order of the documents, without those known to lie outside the window."""
        for entry, found_in in self._said:
            if self._window and entry.published and not entry.published.may_be_in(self._window):
                continue
            published_at = entry.published.moment if entry.published else None
            if self._window and published_at and published_at not in self._window:
                published_at = None  # a day that begins before the window: the article may be of its later hours
            yield Candidate(
                url=entry.url,
                outlet_id=self._outlet.id,
                title=entry.title,
                published_at=published_at,
                modified_at=entry.modified.moment if entry.modified else None,
                found_in=found_in,
                listed_as=entry.listed_as,
            )

    def _own_url(self, url: str, base: str) -> str | None:
        """An address of the outlet, made absolute; None where it is another's, none at all, or the home page."""
        url = join_url(base, url)
        if not is_web(url):
            return None
        parts = urlsplit(url)
        is_home = parts.path in ("", "/") and not parts.query
        return url if not is_home and self._outlet.owns(url) else None

    def _is_too_old(self, modified: Stamp | None) -> bool:
        """Whether nothing has changed since before the window, so nothing can have been published in it."""
        return modified is not None and _is_before(modified, self._window)

    def _may_hold(self, url: str) -> bool:
        """Whether a document's name lets it hold articles of the window."""
        parts = urlsplit(url)
        if _NO_ARTICLES.search(parts.path):
            return False
        period = _read_period(f"{parts.path}?{parts.query}")
        return not (self._window and period) or period.may_be_in(self._window)


def _read_period(name: str) -> Stamp | None:
    """The stretch of time that a document's name tells, with a day to each side, as its zone is not known."""
    stretches = []
    for found in _PERIOD.finditer(name):
        try:
            stretches.append(stretch(UTC, *found.groups()))
        except ValueError:  # the 31st of a month that has 30 days: no date after all
            return None
    if not stretches:
        return None
    return Stamp(min(s.start for s in stretches) - DAY, max(s.end for s in stretches) + DAY)


def _spelling(url: str) -> str:
    """An address as it was listed, where that is not the tidy form that is asked for."""
    return "" if tidy(url) == url else url
