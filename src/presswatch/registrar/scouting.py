"""An outlet that nobody described yet, asked for what it offers → what its file would say.

Everything goes through the outlet's one hand, robots first, and is stored like whatever else is fetched: what was asked
for here is not asked for again by the first run.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from presswatch.cleaning import clean_text
from presswatch.collector import (
    DocumentRow,
    Order,
    Visit,
    describe_contents,
    describe_document,
    open_visit,
    tell_verdict,
)
from presswatch.discover import MAX_DEPTH, Contents, read_document
from presswatch.discover.said import Calendar
from presswatch.errors import RETRIED_CODES, SILENT_CODES, Code, ExtractError, FetchError, UsageError
from presswatch.extract import extract_capture
from presswatch.extract.page import Page, open_page
from presswatch.extract.proposal import Proposal, propose_layout
from presswatch.fetch.robots import list_sitemaps
from presswatch.model import Candidate, Capture, DocumentKind
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
from presswatch.report import tell_count
from presswatch.urls import bare_host, identity, is_web, join_url, origin_of

_MOST_FEEDS, _MOST_SITEMAPS = 6, 8  # asked for; sites offer a feed for every tag, and robots.txt names hundreds
_ARTICLES, _MOST_TRIED = 3, 6  # a layout is proposed from three; as many again may be walls, or forbidden
_MOST_NAMED = 10  # of those that were not asked for, in a remark
_LISTS_NOTHING = "lists nothing of this outlet"
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
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


@dataclass(frozen=True, kw_only=True)
class Scouted:
    """What an outlet offers: its file's content, what was asked for and answered, and the articles that were read."""

    draft: Draft
    documents: tuple[DocumentRow, ...]
    articles: tuple[str, ...]


async def scout_outlet(order: Order, outlets: Registry, url: str, outlet_id: str) -> Scouted:
    """Ask an outlet's page for feeds, its robots.txt for sitemaps, each of them once, and three articles.

    Raises: FetchError or ExtractError where the page itself cannot be had or is none; UsageError where it leads to
        another host; ConfigError, DiskError.
    """
    outlet = new_outlet(url, order.fetch.min_delay_s, outlet_id)
    async with open_visit(order, outlets, outlet) as visit:
        return await _Scout(order, visit, outlet).look(url)


class _Scout:
    """One visit to an outlet that is not known yet."""

    def __init__(self, order: Order, visit: Visit, outlet: Outlet) -> None:
        self._order, self._visit, self._outlet = order, visit, outlet
        self._documents: list[DocumentRow] = []
        self._sources: list[Source] = []
        self._listed: dict[str, Candidate] = {}  # by feeds and news sitemaps, by identity
        self._doubts: list[tuple[str, str]] = []

    async def look(self, url: str) -> Scouted:
        """From the front page to the articles."""
        try:
            fronts = [await self._fetch_front(url)]
        except FetchError as error:
            raise FetchError(error.code, error.url, error.message + _tell_way(error.code)) from error
        if not self._feeds_of(fronts[0]) and urlsplit(fronts[0].url).path.strip("/"):
            try:
                fronts.append(await self._fetch_front(urljoin(fronts[0].url, "/")))
            except (FetchError, ExtractError, UsageError) as error:  # the page that was named will do
                self._doubts.append(("discover", f"its front page was not read, which may name feeds: {error}"))
        feeds = list(dict.fromkeys(url for front in fronts for url in self._feeds_of(front)))
        for feed in self._first(feeds, _MOST_FEEDS, "feed"):
            await self._ask_feed(feed)
        sitemaps = sorted(self._sitemaps_of(fronts[0].url), key=lambda url: not _is_news(url))
        await self._ask_sitemaps(self._first(sitemaps, _MOST_SITEMAPS, "sitemap"))
        await self._ask_wordpress(fronts[-1])
        captures = [capture async for capture in self._read_articles()]
        pages = [open_page(capture) for capture in captures]
        return self._tell(fronts, captures, pages)

    async def _fetch_front(self, url: str) -> Page:
        self._order.progress("scout", len(self._documents), None, url)
        capture = await self._visit.fetch_document(url, "front")
        if not self._outlet.owns(capture.url):
            raise UsageError(
                f"{url} leads to {capture.url}, another host: a consent page's, or where the outlet has moved to."
                f" If that is the outlet: `presswatch outlets add {urljoin(capture.url, '/')}`"
            )
        return open_page(capture)

    # --- documents ----------------------------------------------------------------------------------------------------

    def _first(self, urls: Sequence[str], most: int, noun: str) -> Sequence[str]:
        """The documents that are asked for; of the others a remark is left."""
        if left := urls[most:]:
            named = ", ".join(left[:_MOST_NAMED]) + (" …" if len(left) > _MOST_NAMED else "")
            self._doubts.append(
                ("discover", f"not asked for, beyond the first {most}: {tell_count(len(left), noun)}: {named}")
            )
        return urls[:most]

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
        origin = origin_of(url)
        note = self._visit.state.robots(origin)
        named = list_sitemaps(note.body) if note else []
        return list(dict.fromkeys(filter(None, (_join(f"{origin}/", line) for line in named))))

    async def _ask(self, url: str, kind: DocumentKind, source: SourceKind) -> Contents | None:
        """Fetch and read a document, and note what came of it; None where it was not had."""
        self._order.progress("scout", len(self._documents), None, url)
        try:
            contents = read_document(
                self._outlet, await self._visit.fetch_document(url, kind), now=self._order.started_at
            )
        except FetchError as error:
            row = describe_document(source, url, (), [(error.code, error.message)])
            self._documents.append(replace(row, robots=tell_verdict(await self._visit.ask_robots(url))))
            if error.code in RETRIED_CODES and source != "wordpress":  # a feed that is down today is a feed
                self._keep(source, url, f"it did not answer when this file was made ({row.fault}): see if it does now")
            return None
        row = describe_contents(source, url, contents)
        if not (row.fault or row.candidates or row.documents):
            row = replace(row, fault=_LISTS_NOTHING)
        self._documents.append(replace(row, robots=tell_verdict(None)))
        return contents

    def _keep(self, kind: SourceKind, url: str, doubt: str = "") -> None:
        """Put a document among those that the file names."""
        self._documents[-1] = replace(self._documents[-1], kind=kind)
        self._sources.append(Source(kind=kind, url=url))
        if doubt or self._documents[-1].fault:
            self._doubts.append((url, doubt or self._documents[-1].fault))

    def _list(self, candidates: Iterable[Candidate]) -> bool:
        """Remember articles. Returns: whether there is a new one among them."""
        fresh = {key: one for one in candidates if (key := identity(one.url)) not in self._listed}
        self._listed |= fresh
        return bool(fresh)

    async def _ask_feed(self, url: str) -> None:
        contents = await self._ask(url, "feed", "feed")
        if contents is None or not contents.candidates:
            return
        if self._list(contents.candidates):
            self._keep("feed", url)
        else:
            self._documents[-1] = replace(self._documents[-1], fault="lists what another feed lists")

    async def _ask_sitemaps(self, urls: Sequence[str]) -> None:
        """Ask for sitemaps, and in indexes for what is called news: that is not found by `watch` otherwise."""
        waiting = deque((url, 1) for url in urls)
        while waiting:
            url, depth = waiting.popleft()
            contents = await self._ask(url, "sitemap", "news_sitemap" if _is_news(url) else "sitemap")
            if contents is None:
                continue
            dated = sum(one.published_at is not None for one in contents.candidates)
            if dated > _MOSTLY * len(contents.candidates):
                self._list(contents.candidates)
                self._keep("news_sitemap", url)
            elif depth == 1 and (contents.candidates or contents.documents):
                self._keep("sitemap", url)
            asked = {row.url for row in self._documents} | {url for url, _ in waiting}
            news = [child for child in contents.documents if _is_news(child) and child not in asked]
            if depth < MAX_DEPTH:
                waiting.extend((child, depth + 1) for child in news[:1])

    async def _ask_wordpress(self, front: Page) -> None:
        """WordPress's interface, where the page links to it: for the past, if there is no sitemap."""
        link = front.tree.css_first('link[rel="https://api.w.org/"][href]')
        api = _join(front.url, link.attributes.get("href") or "") if link else ""
        if not api:
            return
        posts = f"{api.rstrip('/')}/wp/v2/posts"
        contents = await self._ask(f"{posts}{'&' if '?' in posts else '?'}{_ONE_POST}", "wordpress", "wordpress")
        if contents is None or not contents.candidates:
            return
        if any(source.kind == "sitemap" for source in self._sources):
            doubt = f'WordPress\'s interface answers too: kind = "wordpress", url = "{posts}"'
            self._doubts.append(("discover", doubt))
        else:
            self._keep("wordpress", posts)

    # --- articles -----------------------------------------------------------------------------------------------------

    async def _read_articles(self) -> AsyncIterator[Capture]:
        """The captures of three articles, of the newest that may be had."""
        oldest = datetime.min.replace(tzinfo=UTC)
        dated = sorted(self._listed.values(), key=lambda one: one.published_at or oldest, reverse=True)
        found = 0
        for candidate in dated[:_MOST_TRIED]:
            self._order.progress("scout", found, _ARTICLES, candidate.url)
            try:
                capture = await self._visit.fetch_article(candidate.url)
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
        articles = tuple(capture.url for capture in captures)
        return Scouted(draft=draft, documents=tuple(self._documents), articles=articles)

    def _doubt_sources(self) -> None:
        kinds = {source.kind for source in self._sources}
        if not kinds & {"feed", "news_sitemap"}:
            self._doubts.append(("discover", "no feed and no news sitemap was found: `watch` brings nothing"))
        if not kinds & {"sitemap", "wordpress"}:
            self._doubts.append(("discover", "no sitemap was found: a backfill brings what the feeds still hold"))
        kept = {source.url for source in self._sources}
        self._doubts += [
            ("discover", f"left out: {row.url}: {row.fault}")
            for row in self._documents
            if row.fault and row.url not in kept
        ]

    def _find_name(self, pages: Sequence[Page]) -> str:
        """What the outlet calls itself: by og:site_name, as publisher, else by the title of its page."""
        named = [value for page in pages for value in page.metas.get("og:site_name", ())]
        for page in pages:
            publisher = page.article_ld.get("publisher")
            if isinstance(publisher, Mapping):
                named.append(str(publisher.get("name") or ""))
        name = next(filter(None, map(clean_text, named)), "")
        if name:
            return name
        self._doubts.append(("name", "made of the page's title, which says no more of it"))
        parts = [part for part in _SEPARATOR.split(clean_text(pages[-1].title)) if part.strip()]
        labels = {fold_name(label) for host in self._outlet.hosts for label in (host, *host.split("."))}
        return next((part for part in parts if fold_name(part) in labels), next(iter(parts), self._outlet.hosts[0]))

    def _find_timezone(self, pages: Sequence[Page]) -> str | None:
        """The zone that the offsets of the articles' dates fit; None where they are UTC's, or none is theirs."""
        calendar = Calendar(zone=UTC, now=self._order.started_at)
        told = {moment: offset for page in pages for moment, offset in _offsets(page, calendar) if offset}
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


def _is_news(url: str) -> bool:
    return _NEWS.search(urlsplit(url).path) is not None


def _tell_way(code: Code) -> str:
    """What to try where a front page was not had; another one helps where the host answers."""
    if code in SILENT_CODES:
        return "; is the host spelt right, and this machine on the network?"
    return "" if code in ("refused_address", "throttled") else "; any other page that names its feeds will do"


def _join(base: str, url: str) -> str:
    """A URL made absolute; empty where it is no web address."""
    joined = join_url(base, url)
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


def _offsets(page: Page, calendar: Calendar) -> Iterator[tuple[datetime, timedelta]]:
    """The moments that a page's metadata and `time` elements tell with an offset, as far as they may be believed."""
    texts = [str(page.article_ld.get(key) or "") for key in ("datePublished", "dateModified")]
    texts += [value for name, values in page.metas.items() if "time" in name or "date" in name for value in values]
    texts += [node.attributes.get("datetime") or "" for node in page.tree.css("time[datetime]")]
    for text in texts:
        for date, hours, minutes in _ZONED.findall(text):
            stamp = calendar.read(f"{date}{hours}:{minutes}")
            if stamp:
                sign = -1 if hours.startswith("-") else 1
                yield stamp.start, timedelta(hours=int(hours), minutes=sign * int(minutes))
