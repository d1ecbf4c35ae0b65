"""A publisher's page → a page of the same skeleton that says nothing of theirs: what a fixture is made of. Pure.

Elements, ids, classes, meta tags and the structure of JSON-LD stay; scripts, styles, drawings and what follows readers
goes; every word of text becomes a filler word, in attributes and metadata too, and so do people's names and handles in
ids, classes and addresses. Labels stay where a rule by kind of line rests on them, dates and the outlet's own name
everywhere. The same page gives the same bytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape, unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from presswatch.extract.boilerplate import HIDDEN_STYLE
from presswatch.extract.filler import Filler, tell_line
from presswatch.extract.outline import HEADINGS, node_text, read_outline
from presswatch.extract.page import Page, parse_page
from presswatch.extract.people import find_byline_words, find_people
from presswatch.model import Article
from presswatch.outlets import Layout, Outlet, fold_name

_LONGEST_LABEL = 250  # characters; what is longer is no line to any rule by kind of line

# ---------------------------------------------------------------- what stays of the markup

_LD = "application/ld+json"
_GONE_TAGS = frozenset({"style", "noscript", "template", "base"})
_EMPTY_TAGS = frozenset(
    "svg math iframe object embed canvas audio video map select datalist textarea meter progress".split()
)
_VOID_TAGS = frozenset("area br col embed hr img input link meta param source track wbr".split())
_LINKS = frozenset({"canonical", "alternate", "amphtml", "next", "prev", "author", "https://api.w.org/"})
_PLAIN_ATTRIBUTES = frozenset(
    (
        "id itemprop itemtype itemscope rel role type name property http-equiv charset lang xml:lang dir hidden for "
        "method colspan rowspan datetime pubdate aria-hidden typeof vocab slot is"
    ).split()
)
_TEXT_ATTRIBUTES = frozenset("alt title aria-label placeholder value label summary abbr".split())
_URL_ATTRIBUTES = frozenset({"href", "src", "action", "cite", "about", "resource", "itemid"})
_DATA_ATTRIBUTE = re.compile(
    r"data-(?:test-?id|test|qa|component|module|alias|type|role|block(?:-type)?|slot|ad\w*|layout|area|section)"
)
_DATA_VALUE = re.compile(r"[\w.-]{0,60}")  # one name, no words
_ASKED_FOR = re.compile(r"\[\s*(data-[\w-]+)|[.#]([\w-]+)")
_POST_CLASS = re.compile(r"(?:post|postid|page-id)-\d+")  # WordPress lists all tags and authors beside it
_TERM_CLASS = re.compile(r"(tag|category|author|topic|series|people|person|film|show|artist)-(?=[a-z])")
_SEPARATOR = re.compile(r"\s+[-|–—·•:»«/~]+\s+|\s*[|»]\s*")
_NUMBERED = re.compile(r"[\w-]*\d[\w-]*")

# Meta tags whose value is of a fixed list, or a place in the machine.
_PLAIN_METAS = re.compile(
    r"og:type|og:locale|viewport|robots|googlebot|generator|twitter:card|language|content-language|dc\.language|charset"
    r"|article:content_tier|format-detection|referrer|.*:(?:width|height)"
)
_GONE_METAS = re.compile(
    r".*(?:verif|token|csrf|app[-_:]?id|pixel|msapplication|tracking|nonce|pages$|admins$|store|cxense(?!parse)|_id$)"
)
_PLAIN_KEYS = frozenset({"@type", "@context", "inLanguage", "isAccessibleForFree", "cssSelector", "encodingFormat"})
_DATE_KEY = re.compile(r"date|time|publish|modified|created", re.IGNORECASE)
_LONGEST_DATE = 60  # characters: "Tue Jan 28 2020 15:28:56 GMT+0100 (Central European Time)" has 58
_ADDRESS = re.compile(r"(?:https?:)?//\S+|/[^\s/]\S*|#\S*")


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """A page without its prose, and its address with the words of its path replaced as they are in the text."""

    html: str
    url: str


def reduce_page(html: str, article: Article, outlet: Outlet | None) -> Reduced:
    """Take everything out of a page that is its publisher's own, and leave how it is built.

    Args:
        html: the page's text.
        article: what extraction says of it: whose byline is to be found again.
        outlet: whose page it is; its layouts say which attributes and lines rules rest on.

    Raises: ExtractError `too_large` as `parse_page`.
    Cost: some 0.1 s for a news page.
    """
    page = parse_page(unicodedata.normalize("NFC", html), article.url)
    layout = outlet.layout_at(article.published_at.date() if article.published_at else None) if outlet else Layout()
    texts = [block.text for block in page.blocks] + [text for values in page.metas.values() for text in values]
    filler = Filler(
        names=_outlet_names(page, outlet),
        kept=find_byline_words(page, article, layout),
        letters="".join((*texts, page.title)),
        people=find_people(page, article, layout) - _words_of_outlet(page, outlet),
        host=page.host,
    )
    writer = _Writer(filler, _label_words(page, layout, filler), _asked_for(outlet))
    return Reduced(html=writer.write(page.tree), url=filler.address(article.url))


def compare_readings(original: Article, reduced: Article) -> list[str]:
    """What extraction says of a page and not of its reduced form, or the other way round, in words.

    Words are other words, so counts, lengths and rules are compared. Empty where both are read alike.
    """
    told: dict[str, tuple[Any, Any]] = {
        name: (_shape(name, original), _shape(name, reduced))
        for name in (
            *("extractor", "text", "removed", "headline", "dek", "byline", "section"),
            *("published_at", "modified_at", "language", "access"),
        )
    }
    return [f"{name}: {_tell(name, one, other)}" for name, (one, other) in told.items() if one != other]


def _shape(name: str, article: Article) -> Any:
    if name == "text":
        return [len(paragraph) for paragraph in article.text.split("\n")]
    if name == "removed":
        return Counter(block.rule for block in article.removed)
    if name == "byline":
        return [len(name.split()) for name in article.byline]
    value = getattr(article, name)
    return len(value) if name in ("headline", "dek", "section") and value else value


def _tell(name: str, one: Any, other: Any) -> str:
    if isinstance(one, Counter):
        rules = [rule for rule in sorted(one | other) if one[rule] != other[rule]]
        return "; ".join(f"{rule} {one[rule]} and {other[rule]} times" for rule in rules)
    if name == "text" and len(one) == len(other):
        differing = [number for number, pair in enumerate(zip(one, other, strict=True), 1) if pair[0] != pair[1]]
        return f"paragraph {', '.join(map(str, differing))} of {len(one)} has another length"
    if name == "text":
        return f"{len(one)} paragraphs of the page, {len(other)} of the reduced one"
    return f"{one!r} of the page, {other!r} of the reduced one"


# ---------------------------------------------------------------- words that stay


def _outlet_names(page: Page, outlet: Outlet | None) -> set[str]:
    """By what the page's outlet goes: in the registry, in its metadata, and beside the headline in its title."""
    names = {*page.metas.get("og:site_name", ()), *page.metas.get("application-name", ())}
    publisher = page.article_ld.get("publisher")
    if isinstance(publisher, Mapping):
        names.add(str(publisher.get("name") or ""))
    labels = {label.removeprefix("the") for label in (page.host, *page.host.split(".")[:-1])}
    names |= {part for part in _SEPARATOR.split(page.title) if fold_name(part) in labels}
    return names | ({outlet.name, *outlet.aliases} if outlet else set())


def _words_of_outlet(page: Page, outlet: Outlet | None) -> set[str]:
    """The words of the outlet's names and hosts, which stand beside people's in bylines and boxes."""
    names = (*_outlet_names(page, outlet), page.host, *(outlet.hosts if outlet else ()))
    return {word for name in names for word in _words(name)}


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]


def _label_words(page: Page, layout: Layout, filler: Filler) -> dict[int, frozenset[str]]:
    """For elements (by `mem_id`), the words of their lines that a rule by kind of line, or the outlet's, rests on."""
    if page.tree.body is None:
        return {}
    tell = partial(tell_line, stop=layout.stop)
    found: dict[int, frozenset[str]] = {}
    outline = read_outline(page.tree.body)
    for element in outline.elements:
        found[element.node.mem_id] = frozenset()
    for block in outline.blocks:
        if len(block.text) <= _LONGEST_LABEL:
            found[block.element.node.mem_id] |= filler.label(block.text, tell)
    return found


def _asked_for(outlet: Outlet | None) -> frozenset[str]:
    """The data attributes, classes and ids that selectors of the outlet's layouts ask for."""
    selectors = [
        selector
        for layout in (outlet.layouts if outlet else ())
        for selector in (layout.body, layout.headline, layout.byline, layout.dek, *layout.strip)
        if selector
    ]
    return frozenset(name for selector in selectors for names in _ASKED_FOR.findall(selector) for name in names if name)


# ---------------------------------------------------------------- writing


class _Writer:
    """Writes a parsed page again, with filler for its words."""

    def __init__(self, filler: Filler, labels: Mapping[int, frozenset[str]], asked_for: Collection[str]) -> None:
        self._filler, self._labels, self._asked_for = filler, labels, asked_for
        self._pieces: list[str] = []

    def write(self, tree: LexborHTMLParser) -> str:
        """The whole page. Without recursion, for pages nest deeper than Python's stack."""
        self._pieces = ["<!DOCTYPE html>\n"]
        stack: list[tuple[LexborNode, str]] = []  # an element that was begun, and how it ends
        node = tree.root
        while node is not None or stack:
            if node is None:
                node, end = stack.pop()
                self._pieces.append(end)
                node = node.next
                continue
            end_tag = self._begin(node)
            if end_tag is not None:
                stack.append((node, end_tag))
                node = node.first_child
            else:
                node = node.next
        return "".join(self._pieces).strip() + "\n"

    def _begin(self, node: LexborNode) -> str | None:
        """Write a node's beginning. Returns: its end; None where the node is done with."""
        if node.is_text_node:
            self._pieces.append(escape(self._text(node), quote=False))
            return None
        tag = node.tag or ""
        if not node.is_element_node or self._is_gone(node, tag):
            return None
        if tag == "script":
            self._write_json(node)
            return None
        attributes = "".join(
            f' {name}="{escape(value)}"' if value else f" {name}" for name, value in self._kept(node, tag)
        )
        self._pieces.append(f"<{tag}{attributes}>")
        if tag in _VOID_TAGS:
            return None
        if tag in _EMPTY_TAGS:
            self._pieces.append(f"</{tag}>")
            return None
        return f"</{tag}>"

    def _is_gone(self, node: LexborNode, tag: str) -> bool:
        attributes = node.attributes
        if tag == "script":
            return not (attributes.get("type") or "").strip().lower().startswith(_LD)
        if tag == "link":
            return _LINKS.isdisjoint((attributes.get("rel") or "").lower().split())
        if tag == "meta":
            return bool(_GONE_METAS.fullmatch(_meta_name(attributes)))
        return tag in _GONE_TAGS

    def _text(self, node: LexborNode) -> str:
        """A text node's filler. White space stays: how much of an element is links is counted with it."""
        text = node.text_content or ""
        kept: frozenset[str] = frozenset()
        around = node.parent
        while around is not None:
            if around.mem_id in self._labels:
                kept = self._labels[around.mem_id]
                break
            around = around.parent
        return self._filler.text(text, kept)

    # --- attributes ---------------------------------------------------------------------------------------------------

    def _kept(self, node: LexborNode, tag: str) -> Iterator[tuple[str, str]]:
        attributes = node.attributes
        for name, value in attributes.items():
            told = self._attribute(name, value or "", tag, attributes, node)
            if told is not None:
                yield name, told

    def _attribute(
        self, name: str, value: str, tag: str, attributes: Mapping[str, str | None], node: LexborNode
    ) -> str | None:
        """What stays of an attribute; None where nothing does."""
        if name == "class":
            return self._class(value)
        if name == "style":
            return found[0] if (found := HIDDEN_STYLE.search(value)) else None
        if name in _URL_ATTRIBUTES:
            return None if value.strip().lower().startswith("data:") else self._filler.address(value.strip())
        if name in _TEXT_ATTRIBUTES or name == "content":
            key = _meta_name(attributes) if tag == "meta" else ""
            return value if _PLAIN_METAS.fullmatch(key) or _is_date(key, value) else self._value(value)
        if name == "id" and tag in HEADINGS and self._is_heading(value, node):
            return self._filler.text(value)
        is_kept = name in _PLAIN_ATTRIBUTES or name in self._asked_for or _is_structural(name, value)
        told = value if value in self._asked_for else self._filler.markup(value)
        return told if is_kept else None

    def _class(self, value: str) -> str:
        """Class names stay, but for people's. WordPress's of a post name its tags and authors: all are replaced."""
        names = value.split()
        is_post = any(map(_POST_CLASS.fullmatch, names))
        return " ".join(name if name in self._asked_for else self._class_name(name, is_post=is_post) for name in names)

    def _class_name(self, name: str, *, is_post: bool) -> str:
        found = _TERM_CLASS.match(name)
        if is_post and found and not _NUMBERED.fullmatch(name):
            return name[: found.end()] + self._filler.text(name[found.end() :])
        return self._filler.markup(name)

    @staticmethod
    def _is_heading(value: str, node: LexborNode) -> bool:
        """Whether a heading's id is made of its words."""
        words = _words(value)
        return len(words) > 1 and set(words) <= set(_words(node_text(node)))

    def _value(self, value: str) -> str:
        """A text or an address out of metadata."""
        stripped = value.strip()
        return self._filler.address(stripped) if _ADDRESS.fullmatch(stripped) else self._filler.text(value)

    # --- JSON-LD ------------------------------------------------------------------------------------------------------

    def _write_json(self, node: LexborNode) -> None:
        """A script's JSON with filler for its texts; one that is no JSON, or that nests without end, goes."""
        try:
            filled = self._fill_json(json.loads(node.text(), strict=False), "")
            told = json.dumps(filled, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        except (ValueError, RecursionError):
            return
        self._pieces.append(f'<script type="{_LD}">{told}</script>\n')

    def _fill_json(self, value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: self._fill_json(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._fill_json(inner, key) for inner in value]
        if not isinstance(value, str) or key in _PLAIN_KEYS:
            return value
        if _is_date(key, value):
            return value
        return self._value(unescape(value) if "&" in value else value)


def _is_structural(name: str, value: str) -> bool:
    """Whether a data attribute says how a page is built: it names one component."""
    return bool(_DATA_ATTRIBUTE.fullmatch(name) and _DATA_VALUE.fullmatch(value))


def _is_date(key: str, value: str) -> bool:
    """Whether metadata tells a date, in whatever form."""
    is_short = len(value) <= _LONGEST_DATE and re.search(r"\d", value) is not None
    return is_short and _DATE_KEY.search(key) is not None and not _ADDRESS.fullmatch(value.strip())


def _meta_name(attributes: Mapping[str, str | None]) -> str:
    names = (attributes.get(key) for key in ("property", "name", "itemprop", "http-equiv"))
    return next((name.strip().lower() for name in names if name), "charset")
