"""What an outlet is: hosts and names, where it says what is new, how its pages are marked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from presswatch.model import DEFAULT_DELAY_S
from presswatch.urls import bare_host, host_of

SourceKind = Literal["feed", "sitemap", "news_sitemap", "wordpress"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an outlet says what it has published."""

    kind: SourceKind
    url: str


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
    """Who publishes. `layouts` are oldest first; the last has no `until`."""

    id: str
    name: str
    hosts: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    family: str | None = None
    timezone: str = "UTC"
    min_delay_s: float = DEFAULT_DELAY_S
    discover: tuple[Source, ...] = ()
    layouts: tuple[Layout, ...] = field(default=(Layout(),))

    def owns(self, url: str) -> bool:
        """Whether a URL's host is one of this outlet's, or a sub-domain of one."""
        host = host_of(url)
        return any(host == own or host.endswith(f".{own}") for own in map(bare_host, self.hosts))

    def layout_at(self, day: date | None) -> Layout:
        """The layout of a page published on a day; the newest where the day is not known."""
        if day is not None:
            for layout in self.layouts:
                if layout.until is not None and day <= layout.until:
                    return layout
        return self.layouts[-1]
