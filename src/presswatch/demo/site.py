"""The documents of an edition: pages in the markup of their family, feeds, sitemaps and robots.txt, as bytes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from presswatch.demo.content import NEWSROOM, Masthead, Page, load_mastheads, load_pages

NEWS_DAYS = 2  # a news sitemap holds the articles of the last two days (Google's rule for them)
FEED_DAYS = 10  # a feed forgets: what is older is found through sitemaps only

HTML = "text/html; charset=UTF-8"
_XML = "application/xml; charset=UTF-8"
_MEDIA_TYPES = {"rss": "application/rss+xml; charset=UTF-8", "atom": "application/atom+xml; charset=UTF-8"}
_NOON = 12


@dataclass(frozen=True, kw_only=True)
class Document:
    """What an address answers."""

    body: bytes
    media_type: str
    modified: datetime
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Site:
    """Everything that is served in one edition. `missing` is the outlet's answer to an address that leads nowhere."""

    edition: int
    mastheads: Mapping[str, Masthead]
    documents: Mapping[tuple[str, str], Document]  # (outlet id, path)
    missing: Mapping[str, Document]  # outlet id


def build_site(edition: int) -> Site:
    """Render an edition: about 60 documents in some tens of milliseconds.

    Raises: ValueError where there is no such edition.
    """
    mastheads = load_mastheads()
    pages = load_pages(edition, [press.outlet for press in mastheads.values()])
    documents: dict[tuple[str, str], Document] = {}
    missing = {}
    for outlet_id, press in mastheads.items():
        own = [page for page in pages if page.outlet.id == outlet_id]
        for path, document in _build_outlet(press, own).items():
            documents[outlet_id, path] = document
        missing[outlet_id] = _render("missing.html.j2", press, _newest(own), status=404)
    return Site(edition=edition, mastheads=mastheads, documents=documents, missing=missing)


def render_directory(site: Site, port: int) -> bytes:
    """The page that says where the outlets are, for a browser that asks the server itself."""
    outlets = [press.outlet for press in site.mastheads.values()]
    template = _templates().get_template("directory.html.j2")
    return template.render(outlets=outlets, port=port, edition=site.edition).encode()


def _build_outlet(press: Masthead, pages: Sequence[Page]) -> dict[str, Document]:
    listed = [page for page in pages if page.kind != "gone" and not _is_disallowed(press, page)]
    documents = {page.path: _render_page(press, page, listed) for page in pages if page.kind != "gone"}
    documents |= {page.path: _render_page(press, page, listed) for page in _make_indexes(press, pages)}
    documents |= _build_feeds(press, pages) | _build_sitemaps(press, listed)
    sitemaps = [source.url for source in press.outlet.discover if source.kind != "feed"]
    still = (NEWSROOM / "still.svg").read_bytes()
    documents["/robots.txt"] = _render("robots.txt.j2", press, _newest(pages), "text/plain", sitemaps=sitemaps)
    documents["/media/still.svg"] = Document(body=still, media_type="image/svg+xml", modified=_newest(pages))
    return documents


def _make_indexes(press: Masthead, pages: Sequence[Page]) -> list[Page]:
    """The front page, one for each section, and the page that says what this is."""
    front = Page(
        outlet=press.outlet,
        path="/",
        kind="index",
        headline=press.tagline,
        published=min(page.published for page in pages),
        modified=_newest(pages),
    )
    sections = [replace(front, path=path, headline=name, section=name) for name, path in press.sections.items()]
    return [front, *sections, replace(front, path="/about/", headline="About", blocks=press.about)]


def _render_page(press: Masthead, page: Page, listed: Iterable[Page]) -> Document:
    """An article in its family's markup. An index lists all articles, or those of its section."""
    related = [other for other in listed if other.path != page.path]
    if page.kind == "index" and page.section:
        related = [other for other in related if other.section == page.section]
    template = "consent" if page.kind == "consent" else press.outlet.family
    return _render(f"{template}.html.j2", press, page.modified, page=page, related=related)


def _build_feeds(press: Masthead, pages: Sequence[Page]) -> dict[str, Document]:
    form, newest = press.feed_form, _newest(pages)
    return {
        urlsplit(url).path: _render(
            f"{form}.xml.j2", press, newest, _MEDIA_TYPES[form], url=url, newest=newest, pages=_since(pages, FEED_DAYS)
        )
        for url in press.feeds
    }


def _build_sitemaps(press: Masthead, pages: Sequence[Page]) -> dict[str, Document]:
    documents = {}
    for source in press.outlet.discover:
        path = urlsplit(source.url).path
        if source.kind == "news_sitemap":
            documents[path] = _render_sitemap(press, _since(pages, NEWS_DAYS), is_news=True)
        elif source.kind == "sitemap" and press.monthly:
            documents |= _build_months(press, path, pages)
        elif source.kind == "sitemap":
            documents[path] = _render_sitemap(press, pages)
    return documents


def _build_months(press: Masthead, path: str, pages: Sequence[Page]) -> dict[str, Document]:
    """A sitemap for each month, newest first, and the index that leads to them."""
    months: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        months[page.published.strftime(press.monthly)].append(page)
    listed = [(f"{press.home}{month}", _newest(own)) for month, own in months.items()]
    documents = {month: _render_sitemap(press, own) for month, own in months.items()}
    documents[path] = _render("sitemap_index.xml.j2", press, _newest(pages), _XML, months=listed)
    return documents


def _render_sitemap(press: Masthead, pages: Sequence[Page], *, is_news: bool = False) -> Document:
    return _render("sitemap.xml.j2", press, _newest(pages), _XML, pages=pages, is_news=is_news)


def _render(
    template: str, press: Masthead, modified: datetime, media_type: str = HTML, *, status: int = 200, **more: Any
) -> Document:
    text = _templates().get_template(template).render(outlet=press.outlet, press=press, **more)
    return Document(body=text.encode(), media_type=media_type, modified=modified, status=status)


def _is_disallowed(press: Masthead, page: Page) -> bool:
    return page.path.startswith(tuple(press.disallow))


def _newest(pages: Iterable[Page]) -> datetime:
    return max(page.modified for page in pages)


def _since(pages: Sequence[Page], days: int) -> list[Page]:
    """The pages of the last days before the newest one: the newsroom's clock stands still."""
    limit = max(page.published for page in pages) - timedelta(days=days)
    return [page for page in pages if page.published > limit]


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(NEWSROOM / "templates"),
        autoescape=select_autoescape(["html.j2", "xml.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "clock": _format_clock,
        "day": _format_day,
        "inline": _mark_up,
        "iso": datetime.isoformat,
        "rfc822": format_datetime,
        "slug": _make_slug,
    }
    return environment


def _mark_up(text: str) -> Markup:
    """Escaped text, with *stressed* words in `em`."""
    return Markup(re.sub(r"\*([^*]+)\*", r"<em>\1</em>", str(escape(text))))  # noqa: S704  # escaped just before


def _format_day(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"


def _format_clock(moment: datetime) -> str:
    """As Static Media and PMC print it: 9:45 am EDT."""
    half = "am" if moment.hour < _NOON else "pm"
    return f"{moment.hour % _NOON or _NOON}:{moment:%M} {half} {moment:%Z}"


def _make_slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
