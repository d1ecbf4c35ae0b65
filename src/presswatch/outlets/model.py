"""What an outlet is: hosts and names, where it says what is new, how its pages are marked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from presswatch.model import DEFAULT_DELAY_S, make_id
from presswatch.urls import bare_host, host_of, identity

SourceKind = Literal["feed", "sitemap", "news_sitemap", "wordpress", "archive"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an outlet says what it has published.

    The `url` of an archive has {yyyy}, {mm} and {dd} for the period, as far as it goes. `pages` is how later pages of a
    feed or archive are addressed, with {n} for their number; an archive's `url` may have {n} itself. `links` is a CSS
    selector of the links to an archive's articles.
    """

    kind: SourceKind
    url: str
    pages: str | None = None
    links: str | None = None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the pages of a stretch of time are marked up. Selectors are CSS; `stop` are regular expressions.

    `body`: every element it matches is part of the text, in document order. `strip`: elements taken out before the
    text is read. `stop`: a block whose text matches (`re.search`) is taken out, in any position. `headline`, `byline`
    and `dek` are asked where the page's own metadata is silent.
    """

    until: date | None = None
    body: str | None = None
    headline: str | None = None
    byline: str | None = None
    dek: str | None = None
    strip: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """Who publishes. `layouts` are oldest first; the last has no `until`.

    `article_number` is a regular expression with one group: the number in an article's path that stays where its slug
    is changed. None where the outlet has none, or nobody knows.
    """

    id: str
    name: str
    hosts: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    family: str | None = None
    timezone: str = "UTC"
    min_delay_s: float = DEFAULT_DELAY_S
    article_number: str | None = None
    discover: tuple[Source, ...] = ()
    layouts: tuple[Layout, ...] = field(default=(Layout(),))

    def owns(self, url: str) -> bool:
        """Whether a URL's host is one of this outlet's, or a sub-domain of one."""
        host = host_of(url)
        return any(host == own or host.endswith(f".{own}") for own in map(bare_host, self.hosts))

    def identity(self, url: str) -> str:
        r"""What all addresses of one article share: `urls.identity`, or host and number where the path has one.

        Only addresses of the outlet's own hosts without a query are looked at; the path is that of `urls.identity`,
        without an AMP ending and without a slash at its end.

        >>> variety = Outlet(id="variety", name="Variety", hosts=("variety.com",), article_number=r"-(12\d{8})/?$")
        >>> variety.identity("https://variety.com/2022/film/news/quince-season-1235012345/")
        'variety.com#1235012345'
        """
        key = identity(url)
        if self.article_number is None or "?" in key or not self.owns(url):
            return key
        host, slash, path = key.partition("/")
        found = re.search(self.article_number, slash + path)
        return f"{host}#{found[1]}" if found else key

    def article_id(self, url: str) -> str:
        """The id of the article at a web address of this outlet's."""
        return make_id(self.id, self.identity(url))

    def layout_at(self, day: date | None) -> Layout:
        """The layout of a page published on a day; the newest where the day is not known."""
        if day is not None:
            for layout in self.layouts:
                if layout.until is not None and day <= layout.until:
                    return layout
        return self.layouts[-1]
