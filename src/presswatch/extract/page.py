"""HTML text → Page: one parse, and what the page says of itself for machines."""

from __future__ import annotations

import html as entities
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from selectolax.lexbor import LexborHTMLParser, LexborNode

from presswatch.errors import ExtractError
from presswatch.extract.decode import clean_line, decode_page
from presswatch.extract.outline import Block, read_blocks
from presswatch.model import Capture
from presswatch.urls import host_of

# lxml loses, silently, what lies deeper than 2,048 levels, and lexbor's time grows with the square: 2,000 levels take a
# tenth of a second, 50,000 take 20 s. Of 1,020 pages of the wild none counts more than 1,400, and those by scripts that
# look like tags.
MAX_DEPTH = 1500
_STRIDE = 500  # tags counted at once; within them, opening and closing are not told apart
MAX_TAGS = 150_000  # the most tags in the same pages: 23,000
# Lexbor compares every attribute of a tag with every other, and looks through all options at each; real pages have some
# dozens of the one and 400 of the other.
_MOST_ATTRIBUTES, _MOST_OPTIONS = 5_000, 20_000
_LONG_TAG = 20_000
_QUOTED = re.compile(r""" "[^"]*(?:"|$)|'[^']*(?:'|$)""", re.VERBOSE)
_MAX_JSON_CHARS = 1_000_000  # of one JSON-LD script; articles with their whole text have some 50,000
_MAX_JSON_DEPTH = 100  # real ones have some ten levels
_OPENING_MARKS = re.compile(r"\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)")
_CLOSING_MARKS = (";", "-->", "*/", "]]>", "//", "/*")  # of comments and scripts round a JSON text, the last first
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # one without an end ends with the text

_TAG = re.compile(r"<(/?[A-Za-z][^\s/<>]*+)")
_TAG_OR_LEAF = re.compile(r"<([A-Za-z][^<>]*+(?<=/)(?=>)|/?[A-Za-z][^\s/<>]*+)")  # of a leaf, `<path d="…"/>`, all
# Elements that end by themselves do not nest; lists and tables bring further levels with them.
_FLAT_TAGS = frozenset(
    (
        "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
        "option optgroup colgroup rp rt html head body frame"
    ).split()
)
_OPENING = re.compile(r"<([A-Za-z][\w-]*)")
_TEMPLATE = re.compile(r"<(?P<end>/)?template\b[^<>]{0,1000}>", re.IGNORECASE)
_SHADOW_ROOT = re.compile(r"<template\s[^<>]{0,500}\bshadowrootmode\s*=", re.IGNORECASE)
_LEVELS = {"table": 4, "ul": 2, "ol": 2, "dl": 2}

_MOST_TITLE_CHARS, _MOST_META_CHARS = 1000, 5000  # longer ones are traps; a long description has some 1,000
_MARKED_SELECTOR = (
    'meta[content], meta[value], link[rel~="canonical" i][href], script[type^="application/ld+json"], title, h1, '
    'input[type="email"], input[type="password"], template[shadowrootmode], [itemprop~="articleBody"], '
    '[class*="wall" i], [class*="subscriber-only" i]'
)

# The characters that XML 1.0 does not allow, and references to them.
_NO_XML = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F])"
    r"|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9]));?"
)

ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle BlogPosting Review ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
        "BackgroundNewsArticle AskPublicNewsArticle ReviewNewsArticle LiveBlogPosting TechArticle ScholarlyArticle "
        "SocialMediaPosting Report SatiricalArticle AdvertiserContentArticle CriticReview MovieReview"
    ).split()
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "VideoObject"})  # they know dates where there is no article object

_INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"})

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Found(Generic[_Value]):
    """A value that a page gives, and which of its sources: `json-ld`, `meta og:title`, `printed`."""

    value: _Value
    source: str
    note: str = ""


@dataclass(frozen=True)
class Page:
    """A parsed page. `tree` is pruned in place while the body is read; the rest is of the page as it came."""

    url: str
    html: str
    tree: LexborHTMLParser

    @cached_property
    def marked(self) -> Mapping[str, list[LexborNode]]:
        """By tag, what speaks for machines, the main headings, fields for an address or a password, shadow roots.

        As `named` all others that are named like a wall, or as the article's body. One walk finds them all: walking
        costs more than what is done with them.
        """
        found = {
            tag: list[LexborNode]() for tag in ("meta", "link", "script", "title", "h1", "input", "template", "named")
        }
        for node in self.tree.css(_MARKED_SELECTOR):
            found.get(node.tag or "", found["named"]).append(node)
        return found

    @cached_property
    def bodies(self) -> tuple[LexborNode, ...]:
        """The elements that the markup calls the article's body."""
        named = self.marked["named"]
        return tuple(node for node in named if "articleBody" in (node.attributes.get("itemprop") or "").split())

    def fields(self, kind: str) -> list[LexborNode]:
        """The fields of a form for an `email` or a `password`."""
        return [node for node in self.marked["input"] if (node.attributes.get("type") or "").lower() == kind]

    @cached_property
    def metas(self) -> Mapping[str, tuple[str, ...]]:
        """Contents of the meta tags, as written, by property, name or itemprop in lower case. Some call it `value`."""
        found: dict[str, list[str]] = {}
        for node in self.marked["meta"]:
            attributes = node.attributes
            content = (attributes.get("content") or attributes.get("value") or "")[:_MOST_META_CHARS].strip()
            for key in ("property", "name", "itemprop"):
                name = attributes.get(key)
                if name and content:
                    found.setdefault(name.strip().lower(), []).append(content)
        return {name: tuple(dict.fromkeys(values)) for name, values in found.items()}

    def meta(self, *names: str) -> str | None:
        """The first content of the first of these meta tags that has any, as a clean line."""
        return next((text for name in names for text in self.meta_lines(name)), None)

    def meta_lines(self, name: str) -> list[str]:
        """The contents of the meta tags of a name, as clean lines."""
        return [line for line in map(clean_line, self.metas.get(name, ())) if line]

    @cached_property
    def language(self) -> str | None:
        """The language tag of `<html>`, as written."""
        attributes = self.tree.root.attributes if self.tree.root else {}
        return attributes.get("lang") or attributes.get("xml:lang")

    @cached_property
    def claims(self) -> tuple[str, ...]:
        """The addresses that the page gives itself, as written: `canonical` first, then og:url."""
        return tuple(dict.fromkeys((*self.canonicals, *self.metas.get("og:url", ()))))

    @cached_property
    def canonicals(self) -> tuple[str, ...]:
        """What its `canonical` links call its address, as written. There should be one."""
        return tuple((link.attributes.get("href") or "").strip() for link in self.marked["link"])

    @cached_property
    def host(self) -> str:
        """The host whose page it is: of its address; of a saved file, the one it claims."""
        return next(filter(None, map(host_of, (self.url, *self.claims))), "")

    @cached_property
    def json_ld(self) -> tuple[Mapping[str, Any], ...]:
        """The page's JSON-LD objects: of scripts, lists, graphs and `mainEntity`, in order."""
        scripts = [node.text() for node in self.marked["script"]]
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
    def title(self) -> str:
        """The text of `<title>`; of the first, for drawings have titles too."""
        titles = self.marked["title"]
        node = next((node for node in titles if node.parent and node.parent.tag == "head"), next(iter(titles), None))
        return clean_line(node.text()[:_MOST_TITLE_CHARS]) if node else ""

    @cached_property
    def is_declared_article(self) -> bool:
        """Whether the page says by its metadata that it is an article, not that it lists some."""
        if "article:published_time" in self.metas or (self.meta("og:type") or "").lower() in ("article", "blog"):
            return True
        articles = [item for item in self.json_ld if types_of(item) & ARTICLE_TYPES]
        return len(articles) == 1 or (len(articles) > 1 and not self.is_declared_index)

    @cached_property
    def is_declared_index(self) -> bool:
        """Whether the page says by its metadata that it is a list of other pages, or somebody's."""
        return (self.meta("og:type") or "").lower() == "profile" or any(
            types_of(item) & _INDEX_TYPES for item in self.json_ld
        )


def open_page(capture: Capture) -> Page:
    """The page that a capture holds. Raises: ExtractError as `decode_page` and `parse_page`."""
    return parse_page(decode_page(capture.body, capture.url, declared=capture.header("content-type")), capture.url)


def parse_page(html: str, url: str) -> Page:
    """Parse HTML text once.

    Raises: ExtractError `too_large` where it has too many tags, options or attributes, or nests too deep, to be parsed
        in time.
    """
    tags = html.count("<")
    if tags > MAX_TAGS:
        raise ExtractError("too_large", url, f"{tags:,} tags; the most is {MAX_TAGS:,}")
    if tags > _MOST_OPTIONS and html.count("<option") > _MOST_OPTIONS:
        raise ExtractError("too_large", url, f"over {_MOST_OPTIONS:,} options to choose from")
    attributes = _count_attributes(html)
    if attributes > _MOST_ATTRIBUTES:
        raise ExtractError("too_large", url, f"a tag with {attributes:,} attributes; the most is {_MOST_ATTRIBUTES:,}")
    depth = _count_depth(html, tags)
    if depth > MAX_DEPTH:
        raise ExtractError("too_large", url, f"some {depth:,} levels deep; the most is {MAX_DEPTH:,}")
    page = Page(url, html, LexborHTMLParser(html))
    if not page.marked["template"]:  # nearly all pages
        return page
    html = _open_shadow_roots(html)
    return Page(url, html, LexborHTMLParser(html))


def _open_shadow_roots(html: str) -> str:
    """HTML whose declarative shadow roots are elements: what they hold is shown, unlike that of other templates."""
    opened = list[bool]()  # of the templates around a place, whether they are shadow roots

    def rename(found: re.Match[str]) -> str:
        if found["end"] is None:
            opened.append(bool(_SHADOW_ROOT.match(found[0])))
            return "<shadow-root>" if opened[-1] else found[0]
        return "</shadow-root>" if opened and opened.pop() else found[0]

    return _TEMPLATE.sub(rename, html)


def _count_attributes(html: str) -> int:
    """About the most attributes of a tag, where a tag is so long that they may be too many; 0 elsewhere.

    Cost: some steps of 20,000 characters; what stands between is read where no tag ends there.
    """
    most = start = 0
    while start + _LONG_TAG <= len(html):
        end = html.find(">", start, start + _LONG_TAG)
        if end < 0:
            end = html.find(">", start + _LONG_TAG)
            end = len(html) if end < 0 else end
            tag = html[html.rfind("<", 0, start + 1) : end]
            if tag[1:2].isalpha() and ">" not in tag:  # else it ended before, and this is a script
                most = max(most, len(_QUOTED.sub("", tag).split()))
        start = max(end, start + _LONG_TAG)
    return most


def _count_depth(html: str, tags: int) -> int:
    """About how deep a page nests at most, before it is parsed.

    Every level has a tag of its own, but for those that lists and tables bring: most pages have too few to nest that
    deep. Of the others, elements are counted that are opened and not closed by their own name.

    Args: `tags` is how often `<` stands in it.
    Cost: 0.1 ms; 1 to 2 ms for a page with 5,000 tags.
    """
    if tags <= MAX_DEPTH:  # no deeper, but for nothing but bare `<table><td>`: 3,000 levels, a quarter of a second
        return tags
    names = Counter(_OPENING.findall(html)).items()
    most = sum(count * _LEVELS.get(name.lower(), 1) for name, count in names if name.lower() not in _FLAT_TAGS)
    if most <= MAX_DEPTH:
        return most
    deepest = _find_deepest(_TAG.findall(html))
    return deepest if deepest <= MAX_DEPTH else _find_deepest(_TAG_OR_LEAF.findall(html))


def _find_deepest(tags: Sequence[str]) -> int:
    """The most levels that are open at once. Elements of drawings are closed by the slash at their own end too."""
    open_by_name: Counter[str] = Counter()
    deepest = 0
    for start in range(0, len(tags), _STRIDE):
        for tag, count in Counter(tags[start : start + _STRIDE]).items():
            element = tag.strip("/").split(maxsplit=1)[0].lower()
            is_drawing = tag.endswith("/") and (open_by_name["svg"] or open_by_name["math"])
            if element not in _FLAT_TAGS and not is_drawing:
                open_by_name[element] += -count if tag.startswith("/") else count
        open_by_name = +open_by_name  # what was closed more often than opened counts for nothing
        deepest = max(deepest, sum(count * _LEVELS.get(name, 1) for name, count in open_by_name.items()))
    return deepest


def parse_lxml(html: str) -> Any:
    """An lxml tree for the libraries that want one. Handing them text would let some take it for an address to fetch.

    Without `huge_tree` lxml loses, silently, all text under 254 levels. What XML forbids stands as a blank: at some
    such characters lxml just ends, and trafilatura throws away the whole text for one of them.
    """
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415 - only the slow lane needs it

    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    return document_fromstring(_NO_XML.sub(" ", html).encode("utf-8", "replace"), parser=parser)


def types_of(item: Mapping[str, Any]) -> set[str]:
    """The `@type` of a JSON-LD object as a set, without a vocabulary's address."""
    types = item.get("@type")
    listed = types if isinstance(types, list) else [types]
    return {str(name).rpartition("/")[2] for name in listed if name}


def _load_json(script: str) -> Any:
    """A script's JSON; None where it is none. Stray comments, commas and quote marks are forgiven."""
    if len(script) > _MAX_JSON_CHARS or _nests_deep(script):
        return None
    hook = _value_of if '"@value"' in script else None
    for mend in (str, _without_marks, _without_commas, _with_quotes, _as_list):
        try:
            return json.loads(script := mend(script), strict=False, object_hook=hook)
        except (ValueError, RecursionError):  # the latter of what is no JSON, and so has no depth
            continue
    return None


def _value_of(item: dict[str, Any]) -> Any:
    """A JSON-LD object that is nothing but a value with its language or type is that value."""
    return item["@value"] if item.keys() <= {"@value", "@type", "@language"} and "@value" in item else item


def _without_marks(script: str) -> str:
    opening = _OPENING_MARKS.match(script)
    rest = script[opening.end() :] if opening else script
    for mark in _CLOSING_MARKS:
        rest = rest.rstrip().removesuffix(mark)
    return rest


def _without_commas(script: str) -> str:
    return re.sub(r",\s*([}\]])", r"\1", script)


def _with_quotes(script: str) -> str:
    """With a stroke before quote marks inside strings: those that no sign of JSON stands beside."""
    return re.sub(r'([^\s\[{,:\\]\s*)"(?=\s*[^\s\]},:])', r"\1\"", script)


def _as_list(script: str) -> str:
    """Objects one behind the other, as a list."""
    return "[" + re.sub(r"\}\s*\{", "},{", script) + "]"


def _nests_deep(script: str) -> bool:
    """Whether a JSON text nests deeper than any that is meant. Brackets inside strings are no levels."""
    if script.count("[") + script.count("{") <= _MAX_JSON_DEPTH:
        return False
    marks = re.findall(r"[\[\]{}]", _JSON_STRING.sub("", script))
    return max(itertools.accumulate((1 if mark in "[{" else -1 for mark in marks), initial=0)) > _MAX_JSON_DEPTH


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects that stand for things of the page: not those inside other properties."""
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(value.get(key))
