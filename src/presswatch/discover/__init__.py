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
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from presswatch.discover.feeds import read_feed
from presswatch.discover.said import DAY, Calendar, Entry, Reading, Stamp, stretch
from presswatch.discover.sitemaps import read_sitemap
from presswatch.discover.wordpress import first_page, next_page, read_posts
from presswatch.errors import Code, FetchError
from presswatch.model import Candidate, Capture, DocumentKind, Failure, Window
from presswatch.outlets import Outlet, Source
from presswatch.urls import identity, is_web, tidy

__all__ = ["MAX_ADDRESSES", "MAX_DEPTH", "MAX_DOCUMENTS", "Contents", "Get", "discover", "read_document"]

Get = Callable[[str, DocumentKind], Awaitable[Capture | None]]

MAX_DEPTH = 3  # an index of indexes of sitemaps; the protocol knows two levels
MAX_DOCUMENTS = 500  # of one outlet in one run: twenty years of monthly sitemaps, twice over
MAX_ADDRESSES = 250_000  # of one outlet in one run, all documents together; some 175 MB

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


def read_document(outlet: Outlet, capture: Capture, *, now: datetime) -> Contents:
    """Read one feed, sitemap or list of posts as `discover` does without a window; nothing that it names is asked for.

    Args: `outlet` says whose addresses count, `capture.kind` what it is; `now` as for `discover`.
    """
    found = _Found(outlet, None)
    calendar = Calendar(zone=ZoneInfo(outlet.timezone), now=now)
    reading = _read(capture.body, capture.url, capture.kind, calendar)
    found.add(reading.entries, capture.url, capture.url)
    documents = tuple(dict.fromkeys(found.choose_documents(reading.children, capture.url)))
    return Contents(candidates=tuple(found.candidates()), documents=documents, fault=reading.fault)


class _Visit(NamedTuple):
    """A document to be read, and how many indexes led to it."""

    url: str
    kind: DocumentKind
    depth: int = 1


async def discover(
    outlet: Outlet, window: Window | None, get: Get, *, now: datetime
) -> AsyncIterator[Candidate | Failure]:
    """Find what an outlet has published.

    Args:
        outlet: its `discover` says which documents are read, in this order.
        window: None reads feeds and news sitemaps (the newest coverage). Otherwise sitemap indexes are walked too, with
            only the documents that can hold the window, WordPress is asked for its posts, and candidates known to lie
            outside are dropped.
        get: fetches a document; None where it has not changed. FetchErrors become failures.
        now: dates later than two days after it are not believed.

    Yields: failures of documents as they come up, then every address of the outlet's hosts once.
    Cost: 0.1 ms an address, most of it for telling whether two are the same.
    """
    found = _Found(outlet, window)
    walk = _Walk(visit for source in outlet.discover if (visit := _visit(source, window)))
    calendar = Calendar(zone=ZoneInfo(outlet.timezone), now=now)
    for visit in walk:
        try:
            capture = await get(visit.url, visit.kind)
        except FetchError as error:
            yield _failure(outlet, visit.url, error.code, error.message)
            continue
        if capture is None:
            continue
        base = capture.url or visit.url
        # threads: a large document takes seconds, and the other outlets are not to wait for it
        reading = await asyncio.to_thread(_read, capture.body, base, visit.kind, calendar)
        await asyncio.to_thread(found.add, reading.entries, base, visit.url)
        walk.follow(visit, found.choose_documents(reading.children, base))
        if visit.kind == "wordpress":
            walk.turn_page(visit, next_page(visit.url, capture.header("x-wp-totalpages"), len(reading.entries)))
        if reading.fault:
            yield _failure(outlet, visit.url, *reading.fault)
    for url, message in (*walk.left, *found.left):
        yield _failure(outlet, url, "too_large", message)
    for candidate in found.candidates():
        yield candidate


def _visit(source: Source, window: Window | None) -> _Visit | None:
    """The document that a source is read from; None where it tells of the past, and the newest is wanted."""
    if source.kind == "feed":
        return _Visit(source.url, "feed")
    if source.kind == "wordpress":
        return _Visit(first_page(source.url, window), "wordpress") if window else None
    return _Visit(source.url, "sitemap") if window or source.kind == "news_sitemap" else None


def _read(body: bytes, url: str, kind: DocumentKind, calendar: Calendar) -> Reading:
    if not body.strip():
        return Reading(fault=("bad_document", "empty"))
    if kind == "wordpress":
        return read_posts(body, calendar)
    return read_feed(body, url, calendar) if kind == "feed" else read_sitemap(body, calendar)


def _failure(outlet: Outlet, url: str, code: Code, message: str) -> Failure:
    return Failure(url=url, error=code, stage="discover", message=message, outlet_id=outlet.id)


class _Walk:
    """The documents to be read, each once and breadth first; what it had to leave is in `left`."""

    def __init__(self, visits: Iterable[_Visit]) -> None:
        first = {identity(visit.url): visit for visit in visits}
        self.left: list[tuple[str, str]] = []  # a document's address, and what of it was left
        self._known = set(first)
        self._waiting = deque(first.values())

    def __iter__(self) -> Iterator[_Visit]:
        for _ in range(MAX_DOCUMENTS):
            if not self._waiting:
                return
            yield self._waiting.popleft()
        if self._waiting:
            more = f"the first of {len(self._waiting)} documents beyond {MAX_DOCUMENTS}"
            self.left.append((self._waiting[0].url, more))

    def turn_page(self, page: _Visit, url: str | None) -> None:
        """Note the page that comes after one."""
        if url and identity(url) not in self._known:
            self._known.add(identity(url))
            self._waiting.append(page._replace(url=url))

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
            self.left.append((index.url, f"an index more than {MAX_DEPTH} deep"))


class _Found:
    """What was said of each address so far."""

    def __init__(self, outlet: Outlet, window: Window | None) -> None:
        self._outlet = outlet
        self._window = window
        self._said: dict[str, tuple[Entry, str]] = {}  # identity → what is said of it, and where it was said first
        self.left: list[tuple[str, str]] = []

    def add(self, entries: Sequence[Entry], base: str, found_in: str) -> None:
        """Keep what a document says of the outlet's own addresses."""
        for entry in entries:
            url = self._own_url(entry.url, base)
            if url is None or (not entry.published and self._is_too_old(entry.modified)):
                continue
            key = identity(url)
            if key in self._said:
                said, first_found_in = self._said[key]
                self._said[key] = _merge(said, entry._replace(listed_as=_spelling(url))), first_found_in
            elif len(self._said) < MAX_ADDRESSES:
                self._said[key] = entry._replace(url=tidy(url), listed_as=_spelling(url)), found_in
            else:
                self.left = self.left or [
                    (found_in, f"more than {MAX_ADDRESSES:,} addresses; the first ones are taken")
                ]

    def choose_documents(self, children: Sequence[Entry], base: str) -> Iterator[str]:
        """The addresses of those documents of an index that can hold articles of the window."""
        for child in children:
            url = self._own_url(child.url, base)
            if url and not self._is_too_old(child.modified) and self._may_hold(url):
                yield url

    def candidates(self) -> Iterator[Candidate]:
        """Each address once, in the order of the documents, without those known to lie outside the window."""
        for entry, found_in in self._said.values():
            if self._window and entry.published and not entry.published.may_be_in(self._window):
                continue
            yield Candidate(
                url=entry.url,
                outlet_id=self._outlet.id,
                title=entry.title,
                published_at=entry.published.moment if entry.published else None,
                modified_at=entry.modified.moment if entry.modified else None,
                found_in=found_in,
                listed_as=entry.listed_as,
            )

    def _own_url(self, url: str, base: str) -> str | None:
        """An address of the outlet, made absolute; None where it is another's, none at all, or the home page."""
        try:
            url = urljoin(base, url.strip())
            parts = urlsplit(url)
        except ValueError:
            return None
        is_home = parts.path in ("", "/") and not parts.query
        return url if is_web(url) and not is_home and self._outlet.owns(url) else None

    def _is_too_old(self, modified: Stamp | None) -> bool:
        """Whether nothing has changed since before the window, so nothing can have been published in it."""
        return bool(
            self._window and modified and modified.start < self._window.since and modified.end <= self._window.since
        )

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


def _merge(a: Entry, b: Entry) -> Entry:
    """What two documents say of one address: the first title, the most exact publication, the latest modification."""
    return Entry(
        url=a.url,
        title=a.title or b.title,
        published=min(filter(None, (a.published, b.published)), key=_vagueness, default=None),
        modified=max(filter(None, (a.modified, b.modified)), default=None),
        listed_as=a.listed_as or b.listed_as,
    )


def _spelling(url: str) -> str:
    """An address as it was listed, where that is not the tidy form that is asked for."""
    return "" if tidy(url) == url else url


def _vagueness(stamp: Stamp) -> tuple[timedelta, datetime]:
    return stamp.end - stamp.start, stamp.start
