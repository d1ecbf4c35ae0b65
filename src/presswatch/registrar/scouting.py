"""An outlet that nobody described yet, asked for what it offers → what its file would say.

Everything goes through the outlet's one hand, robots first, and is stored like whatever else is fetched: what was asked
for here is not asked for again by the first run.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from presswatch.collector import Order, Visit, open_visit
from presswatch.discover.feeds import read_feed
from presswatch.discover.said import Calendar, Entry, Reading
from presswatch.discover.sitemaps import read_sitemap
from presswatch.discover.wordpress import read_posts
from presswatch.errors import ExtractError, FetchError
from presswatch.extract import extract_capture
from presswatch.extract.decode import clean_line, decode_page
from presswatch.extract.page import Page, parse_page
from presswatch.extract.proposal import Proposal, propose_layout
from presswatch.fetch.robots import list_sitemaps
from presswatch.model import Capture, DocumentKind
from presswatch.outlets import (
    Draft,
    Outlet,
    Registry,
    Source,
    SourceKind,
    fold_name,
    new_outlet,
    tell_families,
)
from presswatch.urls import bare_host, host_of, identity, is_web, tidy

_MOST_FEEDS, _MOST_SITEMAPS = 6, 8  # asked for; sites offer a feed for every tag, and robots.txt names hundreds
_ARTICLES, _MOST_TRIED = 3, 6  # a layout is proposed from three; as many again may be walls, or forbidden
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_COMMENTS = re.compile(r"comments?\b", re.IGNORECASE)
_NEWS = re.compile(r"news", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[-|–—·•:»]+\s+|\s*[|»]\s+")
_ONE_POST = "per_page=1&_fields=link,title,date_gmt,modified_gmt"
_MOSTLY = 0.5  # of a sitemap's addresses have a date of publication: then it is one of news

# Where outlets sit: of the zones of one clock the one that most of them keep. Fixed offsets alone tell no zone.
_ZONES = (
    "America/New_York America/Chicago America/Denver America/Los_Angeles America/Sao_Paulo "
    "Europe/London Europe/Berlin Europe/Athens Europe/Moscow Africa/Johannesburg Asia/Jerusalem Asia/Dubai "
    "Asia/Kolkata Asia/Bangkok Asia/Shanghai Asia/Tokyo Australia/Sydney Pacific/Auckland"
).split()
_ZONED = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s?([+-]\d\d):?(\d\d)")


@dataclass(kw_only=True)
class Scouted:
    """What an outlet offers: its file's content, what was asked for and answered, and the articles that were read."""

    draft: Draft
    documents: list[dict[str, Any]] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    proposal: Proposal | None = None


async def scout_outlet(order: Order, outlets: Registry, url: str, outlet_id: str) -> Scouted:
    """Ask an outlet's page for feeds, its robots.txt for sitemaps, each of them once, and three articles.

    Raises: FetchError or ExtractError where the page itself cannot be had or is none; ConfigError, DiskError.
    """
    outlet = new_outlet(url, order.fetch.min_delay_s, outlet_id)
    async with open_visit(order, outlets, outlet) as visit:
        return await _Scout(order, visit, outlet).look(url)


class _Scout:
    """One visit to an outlet that is not known yet."""

    def __init__(self, order: Order, visit: Visit, outlet: Outlet) -> None:
        self._order, self._visit, self._outlet = order, visit, outlet
        self._calendar = Calendar(zone=UTC, now=datetime.now(UTC))
        self._documents: list[dict[str, Any]] = []
        self._sources: list[Source] = []
        self._entries: dict[str, Entry] = {}  # of feeds and news sitemaps, by identity
        self._doubts: list[tuple[str, str]] = []

    async def look(self, url: str) -> Scouted:
        """From the front page to the articles."""
        fronts = [await self._fetch_front(url)]
        hosts = dict.fromkeys(host_of(address) for address in (fronts[0].url, url))
        self._outlet = replace(self._outlet, hosts=tuple(hosts))
        if not self._feeds_of(fronts[0]) and urlsplit(fronts[0].url).path.strip("/"):
            fronts.append(await self._fetch_front(urljoin(fronts[0].url, "/")))
        for feed in list(dict.fromkeys(url for front in fronts for url in self._feeds_of(front)))[:_MOST_FEEDS]:
            await self._ask_feed(feed)
        for sitemap in self._sitemaps_of(fronts[0].url)[:_MOST_SITEMAPS]:
            await self._ask_sitemap(sitemap)
        await self._ask_wordpress(fronts[-1])
        captures = [capture async for capture in self._read_articles()]
        pages = [_open(capture) for capture in captures]
        return self._tell(fronts, captures, pages)

    async def _fetch_front(self, url: str) -> Page:
        answer = await self._visit.session.fetch(url, kind="front")
        self._order.progress("scout", len(self._documents), None, url)
        return _open(cast("Capture", answer))

    # --- documents ----------------------------------------------------------------------------------------------------

    def _feeds_of(self, front: Page) -> list[str]:
        found = []
        for link in front.tree.css('link[rel~="alternate" i][href]'):
            attributes = link.attributes
            url = _join(front.url, attributes.get("href") or "")
            named = f"{attributes.get('title') or ''} {urlsplit(url).path}"
            if (attributes.get("type") or "").strip().lower() in _FEED_TYPES and url and not _COMMENTS.search(named):
                found.append(url)
        return found

    def _sitemaps_of(self, url: str) -> list[str]:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.lower()}"
        note = self._visit.state.robots(origin)
        named = list_sitemaps(note.body) if note else []
        return [address for address in (_join(f"{origin}/", line) for line in named) if address]

    async def _ask(self, url: str, kind: DocumentKind, source: SourceKind) -> tuple[Capture | None, dict[str, Any]]:
        """Fetch a document and note what came of it; the row is filled in by whoever reads it."""
        row: dict[str, Any] = {"kind": source, "url": url, "candidates": 0, "newest_at": None, "fault": ""}
        self._documents.append(row)
        self._order.progress("scout", len(self._documents), None, url)
        try:
            return cast("Capture", await self._visit.session.fetch(url, kind=kind)), row
        except FetchError as error:
            row["fault"] = f"{error.code}: {error.message}"
            return None, row

    def _note(self, row: dict[str, Any], reading: Reading) -> list[Entry]:
        """Fill a row in. Returns: what the document lists of this outlet."""
        own = [entry for entry in reading.entries if self._outlet.owns(entry.url)]
        row["candidates"] = len(own) or len(reading.children)
        days = (stamp.moment for entry in own if (stamp := entry.published or entry.modified))
        row["newest_at"] = max(filter(None, days), default=None)
        if reading.fault:
            row["fault"] = ": ".join(reading.fault)
        elif not row["candidates"]:
            row["fault"] = "lists nothing of this outlet"
        return own

    async def _ask_feed(self, url: str) -> None:
        capture, row = await self._ask(url, "feed", "feed")
        if capture is None:
            return
        own = self._note(row, read_feed(capture.body, capture.url, self._calendar))
        fresh = {identity(entry.url): entry for entry in own if identity(entry.url) not in self._entries}
        if own and not fresh:
            row["fault"] = "lists what another feed lists"
        elif own:
            self._entries |= fresh
            self._sources.append(Source(kind="feed", url=url))

    async def _ask_sitemap(self, url: str, *, is_listed: bool = False) -> None:
        capture, row = await self._ask(url, "sitemap", "sitemap")
        if capture is None:
            return
        reading = read_sitemap(capture.body, self._calendar)
        own = self._note(row, reading)
        if sum(entry.published is not None for entry in own) > _MOSTLY * len(own):
            row["kind"] = "news_sitemap"
            self._entries |= {identity(e.url): e for e in own if identity(e.url) not in self._entries}
            self._sources.append(Source(kind="news_sitemap", url=url))
        elif row["candidates"] and not is_listed:
            self._sources.append(Source(kind="sitemap", url=url))
        known = {source.url for source in self._sources} | {asked["url"] for asked in self._documents}
        news = [child.url for child in reading.children if _NEWS.search(urlsplit(child.url).path)]
        for child in [child for child in news if child not in known and self._outlet.owns(child)][:1]:
            await self._ask_sitemap(child, is_listed=True)

    async def _ask_wordpress(self, front: Page) -> None:
        """WordPress's interface, where the page links to it: for the past, if there is no sitemap."""
        link = front.tree.css_first('link[rel="https://api.w.org/"][href]')
        api = _join(front.url, link.attributes.get("href") or "") if link else ""
        if not api:
            return
        posts = f"{api.rstrip('/')}/wp/v2/posts"
        capture, row = await self._ask(f"{posts}{'&' if '?' in posts else '?'}{_ONE_POST}", "wordpress", "wordpress")
        if capture is None or not self._note(row, read_posts(capture.body, self._calendar)):
            return
        if any(source.kind == "sitemap" for source in self._sources):
            self._doubts.append(
                ("discover", f'WordPress\'s interface answers too: kind = "wordpress", url = "{posts}"')
            )
        else:
            self._sources.append(Source(kind="wordpress", url=posts))

    # --- articles -----------------------------------------------------------------------------------------------------

    async def _read_articles(self) -> AsyncIterator[Capture]:
        """The captures of three articles, of the newest that may be had."""
        oldest = datetime.min.replace(tzinfo=UTC)
        dated = sorted(self._entries.values(), key=lambda e: e.published.start if e.published else oldest, reverse=True)
        found = 0
        for entry in dated[:_MOST_TRIED]:
            self._order.progress("scout", found, _ARTICLES, entry.url)
            try:
                capture = cast("Capture", await self._visit.session.fetch(tidy(entry.url)))
                extract_capture(capture, self._outlet)
            except (FetchError, ExtractError) as error:
                self._doubts.append(("body", f"not read: {error}"))
                continue
            yield capture
            found += 1
            if found == _ARTICLES:
                return

    # --- what it comes to ---------------------------------------------------------------------------------------------

    def _tell(self, fronts: Sequence[Page], captures: Sequence[Capture], pages: Sequence[Page]) -> Scouted:
        families = _shared_families([page.html for page in pages or fronts])
        proposal = propose_layout(captures, self._outlet, families)
        family = _choose_family(families, proposal)
        name = self._find_name([*pages, *fronts])
        timezone = self._find_timezone(pages)
        if family and proposal and not proposal.by_family[family].matches:
            self._doubts.append(
                ("family", f"told by its markup, but the body of {family!r} is not found in the articles")
            )
        self._doubt_sources()
        if proposal and proposal.body and proposal.by_body:
            best = proposal.by_family[family].score if family else proposal.without.score
            told = f"{proposal.by_body.score:.2f}, and {best:.2f} {'with the family' if family else 'without'}"
            self._doubts.append(("body", f"a guess from {len(captures)} articles, which it reads at {told}"))
        draft = Draft(
            id=self._outlet.id,
            name=name,
            hosts=tuple(dict.fromkeys(map(bare_host, self._outlet.hosts))),
            family=family,
            timezone=timezone,
            discover=tuple(self._sources),
            body=proposal.body if proposal else None,
            doubts=tuple(self._doubts),
        )
        articles = [capture.url for capture in captures]
        return Scouted(draft=draft, documents=self._documents, articles=articles, proposal=proposal)

    def _doubt_sources(self) -> None:
        kinds = {source.kind for source in self._sources}
        if not kinds & {"feed", "news_sitemap"}:
            self._doubts.append(("discover", "no feed and no news sitemap was found: `watch` brings nothing"))
        if not kinds & {"sitemap", "wordpress"}:
            self._doubts.append(("discover", "no sitemap was found: a backfill brings what the feeds still hold"))
        self._doubts += [
            ("discover", f"left out: {row['url']}: {row['fault']}")
            for row in self._documents
            if row["fault"] and row["url"] not in {source.url for source in self._sources}
        ]

    def _find_name(self, pages: Sequence[Page]) -> str:
        """What the outlet calls itself: by og:site_name, as publisher, else by the title of its page."""
        named = [value for page in pages for value in page.metas.get("og:site_name", ())]
        for page in pages:
            publisher = page.article_ld.get("publisher")
            if isinstance(publisher, Mapping):
                named.append(clean_line(str(publisher.get("name") or "")))
        name = next(filter(None, named), "")
        if name:
            return name
        self._doubts.append(("name", "made of the page's title, which says no more of it"))
        parts = [part for part in _SEPARATOR.split(pages[-1].title) if part.strip()]
        labels = {fold_name(label) for host in self._outlet.hosts for label in (host, *host.split("."))}
        return next((part for part in parts if fold_name(part) in labels), next(iter(parts), self._outlet.hosts[0]))

    def _find_timezone(self, pages: Sequence[Page]) -> str | None:
        """The zone that the offsets of the articles' dates fit; None where they are UTC's, or none is theirs."""
        told = {moment: offset for page in pages for moment, offset in _offsets(page) if offset}
        if not told:
            return None
        zones = [
            zone
            for zone in _ZONES
            if all(moment.astimezone(ZoneInfo(zone)).utcoffset() == offset for moment, offset in told.items())
        ]
        offsets = ", ".join(sorted({f"{offset / timedelta(hours=1):+g} h" for offset in told.values()}))
        if not zones:
            self._doubts.append(("timezone", f"its articles have dates at UTC {offsets}, which tells no timezone"))
            return None
        others = f"; {', '.join(zones[1:])} would do as well" if zones[1:] else ""
        self._doubts.append(("timezone", f"its articles have dates at UTC {offsets}{others}"))
        return zones[0]


def _open(capture: Capture) -> Page:
    return parse_page(decode_page(capture.body, capture.url, declared=capture.header("content-type")), capture.url)


def _join(base: str, url: str) -> str:
    """A URL made absolute; empty where it is no web address."""
    try:
        joined = urljoin(base, url.strip())
    except ValueError:
        return ""
    return joined if is_web(joined) else ""


def _shared_families(pages: Iterable[str]) -> dict[str, Any]:
    """The families that all pages have the signs of."""
    told = [tell_families(html) for html in pages]
    return {name: layout for name, layout in told[0].items() if all(name in other for other in told)} if told else {}


def _choose_family(families: Mapping[str, Any], proposal: Proposal | None) -> str | None:
    """The family whose body is found in the articles, and that reads them best; heirs before their families."""
    if proposal is None:
        return next(iter(families), None)
    readings = proposal.by_family
    least = proposal.without.score - _MOST_LOST
    kept = [name for name in families if readings[name].matches or readings[name].score >= least]
    return max(kept, key=lambda name: (readings[name].matches, round(readings[name].score, 2)), default=None)


_MOST_LOST = 0.01  # of the score, for a family whose body is not found: its `strip` and `stop` may help all the same


def _offsets(page: Page) -> Iterator[tuple[datetime, timedelta]]:
    """The moments that a page's metadata and `time` elements tell with an offset."""
    texts = [str(page.article_ld.get(key) or "") for key in ("datePublished", "dateModified")]
    texts += [value for name, values in page.metas.items() if "time" in name or "date" in name for value in values]
    texts += [node.attributes.get("datetime") or "" for node in page.tree.css("time[datetime]")]
    for text in texts:
        for stamp, hours, minutes in _ZONED.findall(text):
            sign = -1 if hours.startswith("-") else 1
            offset = timedelta(hours=int(hours), minutes=sign * int(minutes))
            try:
                yield datetime.fromisoformat(f"{stamp}{hours}:{minutes}"), offset
            except ValueError:
                continue
