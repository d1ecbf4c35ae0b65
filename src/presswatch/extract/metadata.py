"""What is known of an article beside its text, each by a stated order of trust."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urljoin, urlsplit

from presswatch.extract.decode import clean_line
from presswatch.extract.outline import node_text
from presswatch.extract.page import Page
from presswatch.outlets import Layout, Outlet, fold_name
from presswatch.urls import host_of, identity, is_web, tidy

MAX_HEADLINE_CHARS = 300
_LEAST_HEADLINE_CHARS = 3  # a headline may be one word ("Dune")
_MOST_SECTION_WORDS = 2  # "Film", "US News"
_SEPARATOR = re.compile(r"\s+[-|–—·•:»«/~]{1,2}\s+|\s*[|»]\s+")
_HEADLINE_SELECTORS = (
    "article h1, main h1",
    "h1",
    '[itemprop="headline"]',
    ".entry-title, .post-title, .article-title, .headline",
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])", re.IGNORECASE)
_PAYWALL_SELECTOR = ", ".join(
    f'[class*="{name}" i]' for name in ("paywall", "regwall", "subscriber-only", "premium-wall")
)
EXCERPT_CHARS = 2500  # a pay wall in the markup of a longer text is a script's template, not a wall


def find_headline(page: Page, outlet: Outlet | None, layout: Layout) -> str | None:
    """The headline as printed over the article, without the outlet's suffix.

    Order of trust: what is printed as a heading and repeated in the page's title or metadata; then JSON-LD; a lone
    `h1`; og:title; `<title>`. A heading with a kicker in it is cut to the metadata's headline.
    """
    sites = _site_names(page, outlet)
    coded = _coded_headlines(page, sites)
    witnesses = [fold_name(text) for text in (*coded, page.title)]
    printed = [text for text in _printed_headlines(page, layout) if not _names_site(text, page, sites)]
    for text in printed:
        shorter = next((other for other in coded if _is_cut_of(other, text)), None)
        if shorter or any(fold_name(text) in witness for witness in witnesses):
            return shorter or text
    spoken = [text for text in printed if len(text.split()) >= _LEAST_SENTENCE_WORDS]
    return next(iter([*spoken, *coded, *printed]), None)


_LEAST_SENTENCE_WORDS = 4  # a heading that long is a headline, though the metadata words it for search engines


def _names_site(text: str, page: Page, sites: frozenset[str]) -> bool:
    """Whether a heading names the outlet: it is known by that name, or parts the page's title with a headline."""
    folded = fold_name(text)
    if folded in sites:
        return True
    shared, title = page.meta("og:title"), fold_name(page.title)
    other = fold_name(shared) if shared else ""
    return bool(other) and folded in title and other in title and folded not in other and other not in folded


def _coded_headlines(page: Page, sites: frozenset[str]) -> list[str]:
    """Headlines of the metadata, best first, without the outlet's name."""
    item = page.article_ld
    texts = [item.get("headline"), page.meta("og:title"), page.meta("twitter:title"), item.get("name"), page.title]
    return [
        without_suffix(clean_line(entities.unescape(text)), sites)
        for text in texts
        if isinstance(text, str) and 0 < len(text.strip()) <= 2 * MAX_HEADLINE_CHARS
    ]


def _printed_headlines(page: Page, layout: Layout) -> Iterator[str]:
    for selector in (layout.headline, *_HEADLINE_SELECTORS):
        node = page.tree.css_first(selector) if selector else None
        text = node_text(node) if node else ""
        if node is not None and not text:
            text = clean_line(node.attributes.get("content") or "")
        if _LEAST_HEADLINE_CHARS <= len(text) <= MAX_HEADLINE_CHARS:
            yield text


def _is_cut_of(shorter: str, longer: str) -> bool:
    """Whether a headline is the end of a longer one that begins with a kicker."""
    short, long = fold_name(shorter), fold_name(longer)
    return len(short) * 3 > len(long) > len(short) and long.endswith(short)


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
    """Names by which the page's outlet goes, folded: of the registry, the metadata and the host."""
    names = [*page.metas.get("og:site_name", ()), *page.metas.get("application-name", ())]
    names += [outlet.name, *outlet.aliases] if outlet else []
    publisher = page.article_ld.get("publisher")
    names += [str(publisher.get("name") or "")] if isinstance(publisher, dict) else []
    host = page.host
    labels = host.split(".")[:-1]
    names += [host, *labels, *(label.removeprefix("the") for label in labels)]
    names += [node_text(node) for node in page.tree.css("h1 a[href]") if _leads_home(node.attributes.get("href") or "")]
    return frozenset(filter(None, map(fold_name, names)))


def _leads_home(href: str) -> bool:
    return (is_web(href) and not urlsplit(href).path.strip("/")) or href in ("/", "./", "index.html")


def find_dek(page: Page, layout: Layout, headline: str | None) -> str | None:
    """The line under the headline: the layout's, else what the metadata calls description."""
    node = page.tree.css_first(layout.dek) if layout.dek else None
    described = page.article_ld.get("description")
    texts = (
        node_text(node) if node else "",
        clean_line(entities.unescape(described)) if isinstance(described, str) else "",
        page.meta("og:description") or "",
        page.meta("description") or "",
    )
    dek = next((clean_line(entities.unescape(text)) for text in texts if text), None)
    return dek if dek != headline else None


def find_section(page: Page) -> str | None:
    """The section the outlet files it under."""
    coded = page.article_ld.get("articleSection")
    first = coded[0] if isinstance(coded, list) and coded else coded
    section = first if isinstance(first, str) else page.meta("article:section", "parsely-section", "section")
    return clean_line(entities.unescape(section)) or None if section else None


def find_language(page: Page) -> str | None:
    """The language as two or three letters: of `<html lang>`, JSON-LD, or og:locale."""
    root = page.tree.css_first("html")
    attributes = root.attributes if root else {}
    declared = (
        attributes.get("lang"),
        attributes.get("xml:lang"),
        page.article_ld.get("inLanguage"),
        page.meta("og:locale", "content-language", "dc.language", "language"),
    )
    for value in declared:
        found = _LANGUAGE.match(value.strip()) if isinstance(value, str) else None
        if found:
            return found[0].lower()
    return None


def find_wall(page: Page) -> Literal["closed", "shown"] | None:
    """Whether the page says that it is not free (`closed`), or has a pay wall in its markup (`shown`).

    A shown wall makes an excerpt of a short text only: on many sites it stands ready on every page.
    """
    free = str(page.article_ld.get("isAccessibleForFree")).rpartition("/")[2].strip().lower()
    if free == "false" or (page.meta("article:content_tier") or "").lower() == "locked":
        return "closed"
    return "shown" if _has_paywall(page) else None


def _has_paywall(page: Page) -> bool:
    return any(
        node.tag not in ("body", "html", "script", "style") and node_text(node)
        for node in page.tree.css(_PAYWALL_SELECTOR)
    )


def find_addresses(page: Page, outlet: Outlet | None) -> tuple[str, tuple[str, ...]]:
    """The article's own address, and the others that the page claims.

    `canonical` and og:url are believed on the outlet's own hosts alone, those of other hosts are only told; a claim to
    be the home page is dropped, for whole outlets make it. What has no web address itself (a saved file) believes any.
    """
    claims = [_resolve(page.url, claim) for claim in page.claims]
    claims = [tidy(claim) for claim in dict.fromkeys(claims) if is_web(claim) and not _is_home(claim)]
    own = next((claim for claim in claims if _is_believed(claim, page.url, outlet)), tidy(page.url))
    others = dict.fromkeys(claim for claim in claims if identity(claim) != identity(own))
    return own, tuple(others)


def _resolve(url: str, claim: str) -> str:
    try:
        return urljoin(url, claim) if is_web(url) else claim
    except ValueError:  # half an IPv6 address, for example
        return ""


def _is_home(claim: str) -> bool:
    parts = urlsplit(claim)
    return not parts.path.strip("/") and not parts.query


def _is_believed(claim: str, url: str, outlet: Outlet | None) -> bool:
    if not is_web(url):
        return True
    hosts = {host_of("https://" + host) for host in outlet.hosts} if outlet else {host_of(url)}
    host = host_of(claim)
    return any(host == own or (outlet is not None and host.endswith(f".{own}")) for own in hosts)
