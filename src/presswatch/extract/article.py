"""Capture + Outlet → Article: the order of reading a page, written once. Pure: time comes in as an argument."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from presswatch.errors import ExtractError
from presswatch.extract.body import PARAGRAPH_BREAK, read_body
from presswatch.extract.dates import Calendar, zone_of
from presswatch.extract.decode import decode_page, decode_plain
from presswatch.extract.language import find_text_language
from presswatch.extract.lines import is_barred
from presswatch.extract.metadata import Wall, find_addresses, find_language, find_wall, read_metadata
from presswatch.extract.page import Found, Page, parse_page
from presswatch.extract.plain import read_paragraphs, strip_text
from presswatch.extract.refuse import check_article, read_surroundings
from presswatch.model import Article, Capture, Evidence, Removed, digest_text, make_id
from presswatch.outlets import Outlet, fold_name, load_outlets
from presswatch.settings import ExtractEngine
from presswatch.urls import host_of, identity, is_web, outlet_id_from_host, tidy

_TEXT_TYPE = "text/plain"
# What servers call a page; the last three are what they say when they do not know.
_PAGE_TYPE = re.compile(
    r"text/html|application/xhtml\+xml|(?:text|application)/xml|text/plain|application/octet-stream"
)


def extract_article(
    body: bytes,
    url: str,
    *,
    outlet: Outlet | None = None,
    fetched_at: datetime | None = None,
    declared: str = "",
    engine: ExtractEngine = "auto",
) -> Article:
    """Read the article of one page.

    Args:
        body: the bytes of the response, without transfer and content encodings.
        url: its address, as answered; a `file:` URL of a saved page believes what the page calls its address.
        outlet: whose page it is; None looks the host up among the packaged outlets, and an unknown host is no error.
        fetched_at: when it was fetched, UTC; dates later than two days after it are dropped.
        declared: the Content-Type header, for its charset.
        engine: `trafilatura` has it read the text of every page; by default it is asked where the others are in doubt.

    Returns: the article; paragraphs of its text are parted by one newline.
    Raises: ExtractError with its `code` where there is no article: `not_html`, `too_large`, `blocked`, `not_article`.
    Cost: 5 to 10 ms for a news page; 20 to 60 ms more for the few that trafilatura is asked about.
    """
    page = parse_page(decode_page(body, url, declared=declared), url)
    return _read_page(page, outlet, "", fetched_at, engine)


def _read_page(
    page: Page, outlet: Outlet | None, outlet_id: str, fetched_at: datetime | None, engine: ExtractEngine
) -> Article:
    """The order of reading: everything that is known beside the text first, for reading the text prunes the tree."""
    outlet = outlet or load_outlets().for_url(page.url)
    own, others = find_addresses(page, outlet)
    outlet = outlet or load_outlets().for_url(own)
    outlet_id = outlet.id if outlet else outlet_id or outlet_id_from_host(host_of(own))
    calendar = Calendar(outlet.timezone if outlet else zone_of(page.host), fetched_at)
    known, told_language = read_metadata(page, outlet, calendar), find_language(page)
    wall, beside = find_wall(page), read_surroundings(page)
    body = read_body(
        page,
        outlet,
        known.layout,
        headline=known.headline,
        byline=known.byline,
        calendar=calendar,
        engine=engine,
        is_walled=wall.is_closed or bool(wall.text),
    )
    check_article(page, body, beside)
    language = find_text_language(body.text, told_language)
    return Article(
        article_id=_make_article_id(outlet, outlet_id, own, body.text),
        url=own,
        text=body.text,
        outlet_id=outlet_id,
        headline=known.headline,
        dek=known.dek,
        byline=known.byline,
        published_at=known.published_at,
        published_is_day=known.published_is_day,
        modified_at=known.modified_at,
        section=known.section,
        language=language.value if language else None,
        access="excerpt" if wall.hides(body.paragraphs, is_barred=body.is_barred) else "full",
        text_digest=digest_text(body.text),
        removed=body.removed,
        evidence=(*known.evidence, *_prove_language(language)),
        extractor=body.extractor,
        has_layout=body.has_layout,
        aliases=others,
        sections=body.sections,
    )


def extract_text(
    text: str,
    url: str,
    *,
    outlet: Outlet | None = None,
    outlet_id: str = "",
    fetched_at: datetime | None = None,
) -> Article:
    """Read an article from plain text: the first line is its headline, and lines under it may tell who and when.

    Args:
        text: the file's text; lines are paragraphs, but those of a hard-wrapped text are joined.
        url: a `file:` or web URL.
        outlet: whose article it is; its `stop` rules apply, beside the general ones.
        outlet_id: the id where the outlet is not in the registry.
        fetched_at: when it was taken in, UTC; dates later than two days after it are dropped.

    Raises: ExtractError `not_article` where nothing is left beside the headline.
    """
    paragraphs = read_paragraphs(text)
    headline, lines = (paragraphs[0], paragraphs[1:]) if paragraphs else (None, [])
    stop = outlet.layouts[-1].stop if outlet else ()
    own = frozenset(map(fold_name, (outlet.name, *outlet.aliases))) if outlet else frozenset[str]()
    kept, removed, byline, dated = strip_text(lines, stop, headline, own)
    if not kept:
        raise ExtractError("not_article", url, "there is no text under its first line")
    calendar = Calendar(outlet.timezone if outlet else zone_of(host_of(url)), fetched_at)
    published, modified = calendar.printed(dated)
    told = (("byline", byline), ("published_at", published), ("modified_at", modified))
    outlet_id = outlet.id if outlet else outlet_id or outlet_id_from_host(host_of(url))
    body = PARAGRAPH_BREAK.join(kept)
    language = find_text_language(body)
    return Article(
        article_id=_make_article_id(outlet, outlet_id, url, body),
        url=tidy(url),
        text=body,
        outlet_id=outlet_id,
        headline=headline,
        byline=byline,
        published_at=published.value if published else None,
        published_is_day=published is not None,
        modified_at=modified.value if modified else None,
        language=language.value if language else None,
        access="excerpt" if Wall().hides(kept, is_barred=is_barred(lines, kept)) else "full",
        text_digest=digest_text(body),
        removed=tuple(removed),
        evidence=(
            *(Evidence(field=field, source="printed") for field, it in told if it),
            *_prove_language(language),
            *calendar.dropped,
        ),
        extractor="plain text",
    )


def _prove_language(language: Found[str] | None) -> tuple[Evidence, ...]:
    return (Evidence(field="language", source=language.source),) if language else ()


def _make_article_id(outlet: Outlet | None, outlet_id: str, url: str, text: str) -> str:
    """An article is its address, or the number in that where its outlet's file says so.

    One without an address, a saved file, is its text: files of one name may hold different ones.
    """
    if not is_web(url):
        return make_id(outlet_id, digest_text(text))
    return outlet.article_id(url) if outlet else make_id(outlet_id, identity(url))


def extract_capture(capture: Capture, outlet: Outlet | None = None, engine: ExtractEngine = "auto") -> Article:
    """Read the article of one capture.

    A saved text file (`text/plain` at a `file:` URL) is read as plain text, all else as a page. Addresses that led to
    the article become its `aliases`.

    Raises: ExtractError as `extract_article`; `not_html` where the declared type is no page's and nor are the bytes,
        and where a text file holds no text.
    """
    declared = capture.header("content-type")
    outlet = outlet or load_outlets().get(capture.outlet_id)
    if capture.content_type == _TEXT_TYPE and not is_web(capture.url):
        text = decode_plain(capture.body, capture.url, declared=declared)
        return extract_text(
            text, capture.url, outlet=outlet, outlet_id=capture.outlet_id, fetched_at=capture.fetched_at
        )
    html = decode_page(capture.body, capture.url, declared=declared)
    if capture.content_type and not _PAGE_TYPE.fullmatch(capture.content_type):
        raise ExtractError("not_html", capture.url, f"it is declared as {capture.content_type}")
    article = _read_page(parse_page(html, capture.url), outlet, capture.outlet_id, capture.fetched_at, engine)
    led = (url for url in (capture.asked_url, capture.url) if is_web(url))
    aliases = dict.fromkeys(url for url in (*led, *article.aliases) if url != article.url)
    zone = outlet.timezone if outlet else zone_of(host_of(capture.url))
    return replace(
        article,
        aliases=tuple(aliases),
        listed_at=capture.listed_at,
        listed_is_day=capture.listed_at is not None and Calendar(zone, None).is_day(capture.listed_at),
    )


def extract_pages(
    pages: Sequence[Capture], outlet: Outlet | None = None, engine: ExtractEngine = "auto"
) -> tuple[Article, tuple[ExtractError, ...]]:
    """Read an article that stands on several pages, or on one: what worker processes run.

    Args: `pages` are the captures of one article, as `extract.Pages` tells, the first page first.
    Returns: the article at the first page's address, with the text of all; and why pages of it could not be read.
    Raises: ExtractError as `extract_capture`, where the first page cannot be read.
    Cost: that of reading each page.
    """
    first = article = extract_capture(pages[0], outlet, engine)
    faults = []
    for number, page in enumerate(pages[1:], start=2):
        try:
            more = extract_capture(page, outlet, engine)
        except ExtractError as error:
            faults.append(error)
            article = replace(article, extractor=f"{article.extractor}; page {number}: {error.code}")
        else:
            article = _join_page(article, more, number, first)
    return article, tuple(faults)


def _join_page(article: Article, more: Article, number: int, first: Article) -> Article:
    """An article with one more of its pages; what stands at the head or foot of it as of the first page stands once.

    A sentence that returns in the middle of a page is the author's, and stays.
    """
    lines, told = more.text.split(PARAGRAPH_BREAK), first.text.split(PARAGRAPH_BREAK)
    head = _count_same(lines, told)
    foot = _count_same(lines[head:][::-1], told[::-1])
    own = lines[head : len(lines) - foot]
    start = sum(len(line) + len(PARAGRAPH_BREAK) for line in lines[:head])
    end = start + len(PARAGRAPH_BREAK.join(own))
    text = PARAGRAPH_BREAK.join([article.text, *own])
    shift = len(article.text) + len(PARAGRAPH_BREAK) - start
    sections = (section for section in more.sections if start <= section.start_char < end)
    addresses = dict.fromkeys(url for url in (*article.aliases, more.url, *more.aliases) if url != article.url)
    repeated = (Removed(rule="page:repeated", text=line) for line in (*lines[:head], *lines[len(lines) - foot :]))
    return replace(
        article,
        text=text,
        text_digest=digest_text(text),
        access="excerpt" if "excerpt" in (article.access, more.access) else "full",
        removed=(*article.removed, *more.removed, *repeated),
        extractor=f"{article.extractor}; page {number}: {more.extractor}",
        has_layout=article.has_layout and more.has_layout,
        sections=(*article.sections, *(replace(one, start_char=one.start_char + shift) for one in sections)),
        aliases=tuple(addresses),
    )


def _count_same(lines: Sequence[str], others: Sequence[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = enumerate(zip(lines, others, strict=False))
    return next((number for number, (line, other) in pairs if line != other), min(len(lines), len(others)))
