"""Lists of articles by day, month or year, as HTML pages → entries; and the addresses of later pages of any list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import takewhile
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from presswatch.cleaning import WEB_CHARSETS
from presswatch.discover.said import EARLIEST, Entry, Reading, Stamp, stretch
from presswatch.model import Window
from presswatch.outlets import Source
from presswatch.urls import join_url

MAX_TAGS = 20_000  # of one page; lists have some 3,000, and so many inside each other take lexbor 3 s

_MOST_ABOVE = 30  # elements above a link that are looked at; real lists have some fifteen
# What stands beside a list: by element, or by words of class or id.
_BESIDE_TAGS = frozenset({"nav", "footer", "aside"})
_BESIDE = re.compile(r"(?<![a-z])(?:sidebar|widget|footer|menu|nav|related|popular|trending|breadcrumbs?)(?![a-z])")
_MORE = re.compile(
    r"(?:(?:read|continue|see|view)\b.{0,12}\b(?:more|reading|all)|more|\d+ comments?)\W*$", re.IGNORECASE
)
# The first words of paths that lead to lists and to the outlet's own pages.
_NO_ARTICLES = frozenset(
    "category categories tag tags topic topics author authors contributor contributors staff page search about "
    "contact privacy privacy-policy terms newsletter newsletters subscribe login account feed wp-content wp-json jobs "
    "advertise shop podcasts".split()
)
_LEAST_WORDS = 3  # of a slug without a date or number before it: /film/a-quiet-harbor/; menus have one or two
_NUMBERED = re.compile(r"\d{5,}")
_DATED = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2]|[a-z]{3})/(?:\d{1,2}/)?(?=[^/]*[a-z])")
_FILE_ENDING = re.compile(r"\.[a-z]{3,5}$")


def list_periods(source: Source, window: Window, zone: tzinfo, now: datetime) -> Iterator[tuple[Source, Stamp]]:
    """The days, months or years of an archive that can hold a window, oldest first, each as a source of its own.

    The shortest of {yyyy}, {mm} and {dd} that its address has is the period. `zone` is the outlet's.
    """
    day = max(window.since, EARLIEST).astimezone(zone).date()
    until = min(window.until, now)
    while True:
        month, date = (f"{day:%m}" if "{mm}" in source.url else None), (f"{day:%d}" if "{dd}" in source.url else None)
        period = stretch(zone, f"{day:%Y}", month, date)
        if period.start >= until:
            return
        told = {"{yyyy}": f"{day:%Y}", "{mm}": f"{day:%m}", "{dd}": f"{day:%d}"}
        yield replace(source, url=_fill(source.url, told), pages=_fill(source.pages or "", told) or None), period
        day = period.end.astimezone(zone).date()


def page_address(source: Source, number: int) -> str:
    """The address of a page of a list by its source's templates, counted from 1; empty where they do not count."""
    if number == 1:
        return _fill(source.url, {"{n}": "1"})
    template = source.pages or (source.url if "{n}" in source.url else "")
    return _fill(template, {"{n}": str(number)})


def _fill(template: str, told: Mapping[str, str]) -> str:
    for mark, value in told.items():
        template = template.replace(mark, value)
    return template


def read_archive(body: bytes, declared: str, url: str, source: Source, period: Stamp) -> Reading:
    """The articles that a page of an archive lists, each published in its period, and the page that follows it.

    Taken are the links that the source's `links` matches; where it has none, those that look like articles: by a slug
    of three words, a number or a date in the path, unless they stand in menus and sidebars, or tell another date.

    Args: `declared` is the header Content-Type.
    """
    html = _decode(body, declared)
    if (tags := html.count("<")) > MAX_TAGS:
        return Reading(fault=("too_large", f"{tags:,} tags; of an archive page {MAX_TAGS:,} are read"))
    tree = LexborHTMLParser(html)
    following = tree.css_first("link[rel~=next][href], a[rel~=next][href]")
    titles: dict[str, str] = {}
    for link in tree.css(source.links or "a[href]"):
        address = _address_of(link, url)
        if address and (source.links or (_is_article(address, period) and not _is_beside(link))):
            titles[address] = titles.get(address) or _title_of(link)
    entries = [Entry(address, title or None, published=period) for address, title in titles.items()]
    return Reading(entries=entries, following=(following.attributes.get("href") or "") if following else "")


def _decode(body: bytes, declared: str) -> str:
    """The text of a page, in UTF-8 or the charset that it names, if that is one of the web's."""
    marked, mark = read_bom(body)
    if marked and mark:
        return body[len(mark) :].decode(marked, errors="replace")
    names = (http_content_type_encoding(declared), html_body_declared_encoding(body))
    told = [charset for name in names if name and (charset := resolve_encoding(name)) in WEB_CHARSETS]
    for charset in ("utf-8", *told):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", errors="replace")


def _address_of(link: LexborNode, base: str) -> str:
    """Where a link leads, without its fragment; the first link inside an element that is none."""
    node = link if link.tag == "a" else link.css_first("a[href]")
    return join_url(base, node.attributes.get("href") or "").partition("#")[0] if node else ""


def _title_of(link: LexborNode) -> str:
    """The words of a link; of one around a whole card, those of its heading. "Read more" is no title."""
    heading = link.css_first("h1, h2, h3, h4, h5")
    title = " ".join((heading or link).text(separator=" ").split())
    return "" if _MORE.match(title) else title


def _is_beside(link: LexborNode) -> bool:
    above, node = 0, link.parent
    while node is not None and above < _MOST_ABOVE and node.tag not in ("body", "html"):
        named = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
        if node.tag in _BESIDE_TAGS or _BESIDE.search(named):
            return True
        above, node = above + 1, node.parent
    return False


def _is_article(url: str, period: Stamp) -> bool:
    """Whether an address looks like an article that may have come out in a period."""
    path = urlsplit(url).path
    parts = [part for part in path.lower().split("/") if part]
    if not parts or _NO_ARTICLES.intersection(parts[:1]) or "page" in parts[-2:]:
        return False
    if dated := _DATED.search(path.lower()):
        return _fits(dated[0], period)
    slug = _FILE_ENDING.sub("", parts[-1])
    has_words = sum(word.isalpha() for word in slug.split("-")) >= _LEAST_WORDS
    return has_words or (bool(_NUMBERED.search(path)) and any(char.isalpha() for char in slug))


def _fits(dated: str, period: Stamp) -> bool:
    """Whether the date in a path is one of a period; months as words are believed."""
    numbers = list(takewhile(str.isdecimal, dated.strip("/").split("/")))
    try:
        told = stretch(UTC, numbers[0], *[f"{int(n):02}" for n in numbers[1:]], *[None] * (3 - len(numbers)))
    except ValueError:  # no day of the calendar
        return False
    return told.may_be_near(period)
