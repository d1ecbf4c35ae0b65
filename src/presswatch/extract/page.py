"""HTML text → Page: one parse, and what the page says of itself for machines."""

from __future__ import annotations

import html as entities
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from presswatch.errors import ExtractError
from presswatch.extract.blocks import Block, read_blocks
from presswatch.extract.decode import clean_line

# The deepest of 1,020 pages of the wild has 542, by elements that were never closed. lexbor's time grows with the
# square: 1,000 levels take milliseconds, 50,000 take 20 s.
MAX_DEPTH = 1000
MAX_TAGS = 150_000  # the most tags in the same pages: 23,000
_MAX_JSON_CHARS = 1_000_000  # of one JSON-LD script; articles with their whole text have some 50,000
_MAX_JSON_DEPTH = 40

# Elements that hold others open until they are closed. `p`, `li`, `td` and their like end by themselves.
_NESTING_TAG = re.compile(
    r"<(/?)(?:div|span|section|article|main|aside|header|footer|nav|figure|table|ul|ol|dl|blockquote|form|fieldset"
    r"|center|font|b|i|em|strong|u|small|big|ins|del|sup|sub|code|svg|g|object|details|label|template|math)\b",
    re.IGNORECASE,
)

_OPENING_BLOCKS, _OPENING_CHARS = 15, 120  # dek, byline, date, share bar; a line of text is longer

ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle BlogPosting Review ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
        "BackgroundNewsArticle AskPublicNewsArticle ReviewNewsArticle LiveBlogPosting TechArticle ScholarlyArticle "
        "SocialMediaPosting Report SatiricalArticle AdvertiserContentArticle CriticReview MovieReview"
    ).split()
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "VideoObject"})  # they know dates where there is no article object

_INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"})


@dataclass(frozen=True)
class Page:
    """A parsed page. `tree` is pruned in place while the body is read; the rest is of the page as it came."""

    url: str
    html: str
    tree: LexborHTMLParser

    @cached_property
    def metas(self) -> Mapping[str, tuple[str, ...]]:
        """Contents of the meta tags by property, name or itemprop, in lower case."""
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            content = clean_line(attributes.get("content") or "")
            for key in ("property", "name", "itemprop"):
                name = attributes.get(key)
                if name and content:
                    found.setdefault(name.strip().lower(), []).append(content)
        return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}

    def meta(self, *names: str) -> str | None:
        """The first content of the first of these meta tags that has any."""
        return next((self.metas[name][0] for name in names if name in self.metas), None)

    @cached_property
    def json_ld(self) -> tuple[Mapping[str, Any], ...]:
        """The page's JSON-LD objects: of scripts, lists, graphs and `mainEntity`, in order."""
        scripts = [node.text() for node in self.tree.css('script[type^="application/ld+json"]')]
        return tuple(item for script in scripts for item in _objects(_load_json(script)))

    @cached_property
    def article_ld(self) -> Mapping[str, Any]:
        """The JSON-LD object of the article; else of its web page; else an empty one.

        Pages list other articles too: the one whose headline stands in the page's title comes first.
        """
        articles = [item for item in self.json_ld if types_of(item) & ARTICLE_TYPES]
        title = self.title.casefold()
        for item in articles:
            headline = clean_line(entities.unescape(str(item.get("headline") or "")))
            if headline and headline.casefold() in title:
                return item
        pages = [item for item in self.json_ld if types_of(item) & _PAGE_TYPES]
        return next(iter([*articles, *pages]), {})

    @cached_property
    def by_ld_id(self) -> Mapping[str, Mapping[str, Any]]:
        """JSON-LD objects by `@id`: graphs name their authors so."""
        return {str(item["@id"]): item for item in self.json_ld if "@id" in item and len(item) > 1}

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The page's paragraphs as they stand before anything is taken out. Ask before the tree is pruned."""
        return tuple(read_blocks(self.tree.body)) if self.tree.body is not None else ()

    @cached_property
    def opening(self) -> tuple[str, ...]:
        """The short lines right under the headline, where byline and date stand; else the page's first ones."""
        headings = [number for number, block in enumerate(self.blocks) if block.tag == "h1"]
        start = headings[0] if headings else 0
        lines = [block.text for block in self.blocks[start : start + _OPENING_BLOCKS]]
        return tuple(line for line in lines if len(line) <= _OPENING_CHARS)

    @cached_property
    def title(self) -> str:
        """The text of `<title>`; of the first, for drawings have titles too."""
        node = self.tree.css_first("head title") or self.tree.css_first("title")
        return clean_line(node.text()) if node else ""

    @cached_property
    def is_declared_article(self) -> bool:
        """Whether the page says by its metadata that it is an article, not that it lists some."""
        if "article:published_time" in self.metas or (self.meta("og:type") or "").lower() in ("article", "blog"):
            return True
        articles = [item for item in self.json_ld if types_of(item) & ARTICLE_TYPES]
        return len(articles) == 1 or (len(articles) > 1 and not self.is_declared_index)

    @cached_property
    def is_declared_index(self) -> bool:
        """Whether the page says by its metadata that it is a list of other pages."""
        return any(types_of(item) & _INDEX_TYPES for item in self.json_ld)


def parse_page(html: str, url: str) -> Page:
    """Parse HTML text once.

    Raises: ExtractError `too_large` where it has too many tags or nests too deep to be parsed in time.
    """
    tags = html.count("<")
    if tags > MAX_TAGS:
        raise ExtractError("too_large", url, f"{tags:,} tags; the most is {MAX_TAGS:,}")
    if tags > MAX_DEPTH:
        depth = max(itertools.accumulate((-1 if end else 1 for end in _NESTING_TAG.findall(html)), _climb, initial=0))
        if depth > MAX_DEPTH:
            raise ExtractError("too_large", url, f"{depth:,} levels deep; the most is {MAX_DEPTH:,}")
    return Page(url, html, LexborHTMLParser(html))


def _climb(depth: int, step: int) -> int:
    """One level up or down; closing what was never opened leads nowhere."""
    return max(0, depth + step)


def parse_lxml(html: str) -> Any:
    """An lxml tree for the libraries that want one. Handing them text would let some take it for an address to fetch.

    Without `huge_tree` lxml loses, silently, all text under 254 levels.
    """
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415 - only the slow lane needs it

    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    return document_fromstring(html.encode("utf-8", "replace"), parser=parser)


def types_of(item: Mapping[str, Any]) -> set[str]:
    """The `@type` of a JSON-LD object as a set, without a vocabulary's address."""
    types = item.get("@type")
    listed = types if isinstance(types, list) else [types]
    return {str(name).rpartition("/")[2] for name in listed if name}


def _load_json(script: str) -> Any:
    """A script's JSON; None where it is none. Stray comments, entities and commas are forgiven."""
    if len(script) > _MAX_JSON_CHARS:
        return None
    mended = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", "", script)
    for text in (mended, re.sub(r",\s*([}\]])", r"\1", mended)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The objects that stand for things of the page: not those inside other properties."""
    if depth > _MAX_JSON_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key), depth + 1)
