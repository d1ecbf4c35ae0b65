"""The headline as printed over the article, and the element that prints it."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from presswatch.extract.decode import clean_line
from presswatch.extract.outline import node_text, parents
from presswatch.extract.page import Page
from presswatch.outlets import Outlet, fold_name
from presswatch.urls import is_web

MAX_HEADLINE_CHARS = 300
_MOST_RAW_CHARS = 2000  # with white space and code in it; an `h1` that nobody closed holds the whole page
_LEAST_HEADLINE_CHARS = 3  # a headline may be one word ("Dune")
_LEAST_SENTENCE_WORDS = 4  # a heading that long is a headline, though the metadata words it for search engines
_LEAST_PART_CHARS = 12  # a shorter part of a title may be a section's name
_FIRST_WIDE = "\u2e80"  # of Chinese, Japanese and Korean signs
_MOST_HEADINGS = 60  # further down stand other stories
_MOST_SECTION_WORDS = 2  # "Film", "US News"
_MOST_SITE_WORDS = 5  # "The Museum of Modern Art"
_LEAST_SHARE = 1 / 3  # of a heading: a part with less is its kicker
_SEPARATOR = re.compile(r"\s+[-|–—·•:»«/~]{1,2}\s+|\s*[|»ㅣ]\s*")
_SIGNS = "-|–—·•:»«/~‹›ㅣ"
_METAS = ("headline", "og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
_LESSER_SELECTORS = ("h2, h3", '[itemprop~="headline"], [class*="headline" i], [class*="title" i]')
_APART_TAGS = frozenset({"aside", "footer", "nav", "noscript", "li"})
_APART_CLASS = re.compile(r"breadcrumb|carousel|teaser|related", re.IGNORECASE)
_APART_LEVELS = 3  # whole pages are called `has-related`
_HIDDEN = re.compile(r"hidden|sr-only|screen-?reader|invisible|offscreen|aural", re.IGNORECASE)
_HEADLINE_CLASS = re.compile(r"headline|title|heading|(?<![a-z])(?:main|text|h1)(?![a-z])", re.IGNORECASE)
_KICKER_CLASS = re.compile(
    r"(?<![A-Za-z])(?:sub|kicker|over|top|pre|deck?|desc|eyebrow|label)|Sub|Kicker|Over|Top|Pre|De[ck]k?|Eyebrow|Label"
)


@dataclass(frozen=True)
class Heading:
    """A headline with its source, and the element that prints it; None where only the metadata has it."""

    text: str
    source: str
    node: LexborNode | None = None


def find_heading(page: Page, outlet: Outlet | None, selector: str | None = None) -> Heading | None:
    """The headline as printed over the article, without the outlet's suffix.

    Order of trust: what is printed as `h1`, as a lesser heading or as an element marked as headline, and repeated in
    the page's title or metadata; an `h1` that reads like a headline; JSON-LD, meta tags, `<title>`.
    Args: `selector` is the layout's; what it matches is asked before the `h1`.
    """
    return next(_Headings(page, outlet).by_trust(selector), None)


class _Headings:
    """The headings of one page, held against what its metadata calls the headline."""

    def __init__(self, page: Page, outlet: Outlet | None) -> None:
        self._page = page
        self._sites = _site_names(page, outlet)
        self._coded = [heading for heading in _coded(page, self._sites) if fold_name(heading.text) not in self._sites]
        self._spellings: dict[str, str] = {}  # of coded headlines, best first, by what spellings share
        for heading in self._coded:
            self._spellings.setdefault(fold_name(heading.text), heading.text)
        self._title = fold_name(page.title)
        self._og_title = fold_name(page.meta("og:title") or "")

    def by_trust(self, selector: str | None) -> Iterator[Heading]:
        """All that may be the headline, the most trusted first; each is looked for when those before it were none."""
        chosen = self._page.tree.css(selector) if selector else []
        main = [heading for node in chosen for heading in self._read(node, "layout")]
        first = self._page.marked["h1"][:_MOST_HEADINGS]
        main += [heading for node in first for heading in self._read(node, "printed")]
        titles = [*self._spellings, self._title]
        yield from (heading for heading in main if any(fold_name(heading.text) in title for title in titles))
        for lesser in _LESSER_SELECTORS:
            yield from self._confirmed(lesser)
        yield from (heading for heading in main if len(heading.text.split()) >= _LEAST_SENTENCE_WORDS)
        yield from main if len(main) == 1 else ()
        yield from self._coded
        yield from main

    def _confirmed(self, selector: str) -> Iterator[Heading]:
        """Lesser headings that the metadata calls the headline; then those that are a part of the title, by length."""
        printed = [
            heading
            for node in self._page.tree.css(selector)[:_MOST_HEADINGS]
            if (key := fold_name(node.text())) and self._may_be_confirmed(key)
            for heading in self._read(node, "printed")
        ]
        yield from (heading for heading in printed if fold_name(heading.text) in self._spellings)
        parts = (heading for heading in printed if _is_part(heading.text, self._page.title))
        yield from sorted(parts, key=lambda heading: len(heading.text), reverse=True)

    def _may_be_confirmed(self, key: str) -> bool:
        return key in self._title or any(_is_most_of(short, key) and short in key for short in self._spellings)

    def _read(self, node: LexborNode, source: str) -> Iterator[Heading]:
        """The heading that an element prints, if it may be the headline."""
        if len(node.text()) > _MOST_RAW_CHARS:
            return
        text = self._headline_in(node)
        is_fit = _LEAST_HEADLINE_CHARS <= len(text) <= MAX_HEADLINE_CHARS
        if is_fit and not _stands_apart(node) and not self._names_site(fold_name(text)):
            yield Heading(text, source, node)

    def _headline_in(self, node: LexborNode) -> str:
        """The text of a heading; of one with a kicker or a dek in it, the part that is the headline."""
        whole = node_text(node) or clean_line(node.attributes.get("content") or "")
        key = fold_name(whole)
        parts = {folded: part for part in node.css("*") if (folded := fold_name(part.text())) not in ("", key)}
        large = {folded: part for folded, part in parts.items() if _is_most_of(folded, key)}
        for short in self._spellings:
            if short in large:
                return node_text(large[short])
        if key in self._spellings:
            return self._spellings[key] if parts else whole  # parts may be set without a space or colon between them
        for part in large.values():
            name = part.attributes.get("class") or ""
            if _HEADLINE_CLASS.search(name) and not _KICKER_CLASS.search(name):
                return node_text(part)
        cuts = (text for short, text in self._spellings.items() if key.endswith(short) and _is_most_of(short, key))
        return next(cuts, None) or _without_kicker(node, whole)

    def _names_site(self, key: str) -> bool:
        """Whether a heading names the outlet: it is known by that name, or parts the title with a headline."""
        if key in self._sites:
            return True
        is_beside = key not in self._og_title and self._og_title not in key
        return bool(self._og_title) and is_beside and key in self._title and self._og_title in self._title


def _without_kicker(node: LexborNode, whole: str) -> str:
    """A heading without the label that is marked up as such before it."""
    for part in node.css("*"):
        kicker = node_text(part)
        if kicker and _KICKER_CLASS.search(part.attributes.get("class") or ""):
            rest = whole.removeprefix(kicker).strip(" :|·•–—")
            return rest if rest != whole and _is_most_of(rest, whole) else whole
    return whole


def _is_most_of(part: str, whole: str) -> bool:
    return len(part) > _LEAST_SHARE * len(whole)


def _is_part(text: str, title: str) -> bool:
    """Whether a text is one of the parts of a page's title, parted from the others by a sign."""
    before, found, after = title.casefold().partition(text.casefold())
    before, after = before.rstrip(), after.lstrip()
    is_bounded = (not before or before[-1] in _SIGNS) and (not after or after[0] in _SIGNS)
    return bool(found) and is_bounded and _width(text) >= _LEAST_PART_CHARS


def _width(text: str) -> int:
    """How many characters a text has, of which scripts written without letters need half as many."""
    return len(text) + sum(character >= _FIRST_WIDE for character in text)


def _stands_apart(node: LexborNode) -> bool:
    """Whether a heading is hidden, a crumb of a path, or of something beside the article."""
    if _HIDDEN.search(node.attributes.get("class") or ""):
        return True
    around = [node, *parents(node)]
    return any(element.tag in _APART_TAGS for element in around) or any(
        _APART_CLASS.search(element.attributes.get("class") or "") for element in around[: _APART_LEVELS + 1]
    )


def _coded(page: Page, sites: frozenset[str]) -> Iterator[Heading]:
    """Headlines of the metadata, best first, without the outlet's name."""
    item = page.article_ld
    texts = {
        "json-ld": item.get("headline"),
        **{f"meta {name}": page.meta(name) for name in _METAS},
        "json-ld name": item.get("name"),
        "title": page.title,
    }
    told: set[str] = set()  # most say the same
    for source, text in texts.items():
        if isinstance(text, str) and 0 < len(text.strip()) <= 2 * MAX_HEADLINE_CHARS and text not in told:
            told.add(text)
            yield Heading(without_suffix(clean_line(entities.unescape(text)), sites), source)


def without_suffix(text: str, sites: frozenset[str]) -> str:
    """A title without the outlet's name behind or before it, and without a section between.

    >>> without_suffix("A Night at the Opera | Film | The Gazette", frozenset({"gazette"}))
    'A Night at the Opera'
    """
    marks = list(_SEPARATOR.finditer(text))
    if marks and fold_name(text[: marks[0].start()]) in sites:
        return without_suffix(text[marks[0].end() :], sites)
    for number, mark in enumerate(marks):
        if fold_name(text[mark.end() :]) in sites:
            section = text[marks[number - 1].end() : mark.start()] if number else ""
            is_section = section and len(section.split()) <= _MOST_SECTION_WORDS
            return text[: (marks[number - 1] if is_section else mark).start()]
    return text


def _site_names(page: Page, outlet: Outlet | None) -> frozenset[str]:
    """Names by which the page's outlet goes, folded: of the registry, the metadata, the host, a heading's link home."""
    names = [*page.meta_lines("og:site_name"), *page.meta_lines("application-name")]
    names += [outlet.name, *outlet.aliases] if outlet else []
    publisher = page.article_ld.get("publisher")
    names += [str(publisher.get("name") or "")] if isinstance(publisher, dict) else []
    labels = page.host.split(".")[:-1]
    names += [page.host, *labels, *(label.removeprefix("the") for label in labels)]
    for link in (link for heading in page.marked["h1"][:_MOST_HEADINGS] for link in heading.css("a[href]")):
        if _leads_home(link.attributes.get("href") or ""):
            names += [node_text(link)]
    return frozenset(fold_name(name) for name in names if len(name.split()) <= _MOST_SITE_WORDS) - {""}


def _leads_home(href: str) -> bool:
    return (is_web(href) and not urlsplit(href).path.strip("/")) or href in ("/", "./", "index.html")
