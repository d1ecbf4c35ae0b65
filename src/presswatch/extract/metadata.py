"""What is known of an article beside its text, each by a stated order of trust, and which source gave it."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from presswatch.extract.byline import find_byline
from presswatch.extract.dates import Calendar
from presswatch.extract.decode import clean_line
from presswatch.extract.headline import find_heading
from presswatch.extract.outline import node_text
from presswatch.extract.page import ARTICLE_TYPES, Found, Page, types_of
from presswatch.extract.place import Place
from presswatch.model import Evidence
from presswatch.outlets import Layout, Outlet
from presswatch.urls import host_of, identity, is_web, join_url, tidy

_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)
_LANGUAGE_METAS = ("og:locale", "content-language", "dc.language", "language")
_SECTION_METAS = ("article:section", "parsely-section", "section")
_DEK_METAS = ("og:description", "description")
_MARKUP = re.compile(r"</?[a-z][a-z1-6]*(?:\s[^<>]*)?/?>", re.IGNORECASE)  # in what was escaped twice
_WALL = re.compile(r"paywall|regwall|premium-wall|subscriber-only", re.IGNORECASE)
_EXCERPT_CHARS = 2500  # a pay wall in the markup of a longer text is a script's template, not a wall
_WALL_OPENING_CHARS = 50  # of a paragraph: enough to know it by, and mostly before its first link


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """The fields of an article that are not its text; the layout of its day; what the fields rest on."""

    headline: str | None = None
    dek: str | None = None
    byline: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_is_day: bool = False
    modified_at: datetime | None = None
    section: str | None = None
    layout: Layout
    evidence: tuple[Evidence, ...]


def read_metadata(page: Page, outlet: Outlet | None, calendar: Calendar) -> Metadata:
    """Everything that a page says beside its text. Ask before the tree is pruned.

    Cost: 1 to 2 ms; htmldate's 5 to 30 ms beside them for an article that tells its date nowhere we look.
    """
    heading = find_heading(page, outlet)
    place = Place(page, heading.node if heading else None)
    published = calendar.published(page, place)
    layout = outlet.layout_at(calendar.day_of(published.value if published else None)) if outlet else Layout()
    if layout.headline:
        heading = find_heading(page, outlet, layout.headline)
    found: dict[str, Found[Any] | None] = {
        "headline": Found(heading.text, heading.source) if heading else None,
        "dek": find_dek(page, layout, heading.text if heading else None),
        "byline": find_byline(page, outlet, layout.byline, place),
        "published_at": published,
        "modified_at": calendar.modified(page, place),
        "section": find_section(page),
    }
    evidence = [Evidence(field=field, source=it.source, note=it.note) for field, it in found.items() if it]
    values = {field: it.value for field, it in found.items() if it}
    values["published_is_day"] = published is not None and calendar.is_day(published.value)
    return Metadata(**values, layout=layout, evidence=(*evidence, *calendar.dropped))


def find_dek(page: Page, layout: Layout, headline: str | None) -> Found[str] | None:
    """The line under the headline: the layout's, else what the metadata calls description."""
    node = page.tree.css_first(layout.dek) if layout.dek else None
    told = (("layout", node_text(node) if node else None), ("json-ld", page.article_ld.get("description")))
    return _first_line(chain(told, _metas(page, _DEK_METAS)), but=headline)


def find_section(page: Page) -> Found[str] | None:
    """The section the outlet files it under."""
    coded = page.article_ld.get("articleSection")
    first = coded[0] if isinstance(coded, list) and coded else coded
    return _first_line(chain([("json-ld", first)], _metas(page, _SECTION_METAS)))


def find_language(page: Page) -> Found[str] | None:
    """The language that a page says it has, as two or three letters: of `<html lang>`, JSON-LD, or meta tags."""
    told = (("html lang", page.language), ("json-ld", page.article_ld.get("inLanguage")))
    for source, value in chain(told, _metas(page, _LANGUAGE_METAS)):
        code = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
        if code:
            return Found(code[0].lower(), source)
    return None


def _metas(page: Page, names: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    return ((f"meta {name}", page.meta(name)) for name in names)


def _first_line(told: Iterable[tuple[str, object]], *, but: str | None = None) -> Found[str] | None:
    """The first that is a text; none where that says `but`."""
    for source, value in told:
        line = clean_line(_MARKUP.sub("", entities.unescape(value))) if isinstance(value, str) else ""
        if line:
            return Found(line, source) if line != but else None
    return None


@dataclass(frozen=True)
class Wall:
    """What a page says of being free: that it is not (`is_closed`) or is (`is_open`); else what a wall in it says."""

    is_closed: bool = False
    is_open: bool = False
    text: str = ""

    def hides(self, paragraphs: Sequence[str], *, is_barred: bool = False) -> bool:
        """Whether these are but the beginning of an article. `is_barred`: a line behind them says so.

        A wall in the markup hides what stands behind a short text only, for on many sites it stands ready on every
        page; and one that holds the article's own paragraphs is their frame.
        """
        if self.is_closed or self.is_open or sum(map(len, paragraphs)) >= _EXCERPT_CHARS:
            return self.is_closed
        is_frame = any(clean_line(paragraph)[:_WALL_OPENING_CHARS] in self.text for paragraph in paragraphs)
        return is_barred or (bool(self.text) and not is_frame)


def find_wall(page: Page) -> Wall:
    """What a page says of being free, and what stands in its markup as a pay wall. Ask before the tree is pruned."""
    own = page.article_ld  # some say it in a second object; others list the articles of other pages
    same = (item for item in page.json_ld if types_of(item) & ARTICLE_TYPES and _is_same(item, own))
    told = (item.get("isAccessibleForFree") for item in (own, *same))
    free = next((str(value).rpartition("/")[2].strip().lower() for value in told if value is not None), "")
    if free == "false" or (page.meta("article:content_tier") or "").lower() == "locked":
        return Wall(is_closed=True)
    return Wall(is_open=True) if free == "true" else Wall(text=clean_line(" ".join(_wall_texts(page))))


def _is_same(item: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two JSON-LD objects are of one article: by their addresses, where both have one, else by headline."""
    one, two = item.get("url"), other.get("url")
    if isinstance(one, str) and isinstance(two, str):
        return identity(one) == identity(two)
    return item.get("headline") in (None, other.get("headline"))


def _wall_texts(page: Page) -> Iterator[str]:
    """The texts of pay walls, no more than the page has: of a thousand inside each other each may hold all of it."""
    room = len(page.html)
    for node in page.marked["named"]:
        if _WALL.search(node.attributes.get("class") or "") and node.tag not in ("body", "html", "style"):
            yield (text := node.text())
            if (room := room - len(text)) <= 0:
                return


def find_addresses(page: Page, outlet: Outlet | None) -> tuple[str, tuple[str, ...]]:
    """The article's own address, and the others that the page claims.

    `canonical` and og:url are believed on the outlet's own hosts alone, those of other hosts are only told; a claim to
    be the home page is dropped, for whole outlets make it. Of two `canonical` links that differ neither is believed.
    What has no web address itself (a saved file) believes any other claim.
    """
    tidied = _tidy_claims(page, page.claims)
    canonicals = _tidy_claims(page, page.canonicals)
    doubted = set(canonicals) if len({identity(claim) for claim in canonicals}) > 1 else set[str]()
    told = [*(claim for claim in tidied if claim not in doubted), *_tidy_claims(page, page.metas.get("og:url", ()))]
    own = next((claim for claim in told if _is_believed(claim, page.url, outlet)), None) or tidy(page.url)
    others = [claim for claim in dict.fromkeys(tidied) if claim != own]
    return own, tuple(claim for claim in others if identity(claim) != identity(own))


def _tidy_claims(page: Page, claims: Iterable[str]) -> list[str]:
    resolved = dict.fromkeys(join_url(page.url, claim) if is_web(page.url) else claim for claim in claims)
    return [tidy(claim) for claim in resolved if is_web(claim) and not _is_home(claim)]


def _is_home(claim: str) -> bool:
    parts = urlsplit(claim)
    return not parts.path.strip("/") and not parts.query


def _is_believed(claim: str, url: str, outlet: Outlet | None) -> bool:
    if not is_web(url):
        return True
    hosts = {host_of("https://" + host) for host in outlet.hosts} if outlet else {host_of(url)}
    host = host_of(claim)
    return any(host == own or (outlet is not None and host.endswith(f".{own}")) for own in hosts)
