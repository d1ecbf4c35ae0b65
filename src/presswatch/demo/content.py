"""What the newsroom's outlets have published: pages and mastheads, read from the package's own files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from presswatch.outlets import Outlet, load_outlet

NEWSROOM = Path(__file__).parent / "newsroom"
OUTLETS_DIR = NEWSROOM / "outlets"
EDITIONS = (1, 2)

_FRONT_MATTER = re.compile(r"\+\+\+\n(.*?)^\+\+\+\n(.*)", re.DOTALL | re.MULTILINE)
_BLOCK_MARKS = {"## ": "heading", "> ": "quote"}
_INSERT_MARK = "%% "

PageKind = Literal["article", "consent", "gone", "index"]


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph (`text`), a `heading`, a `quote`, or an insert of the family's: `video`, `promo`, `newsletter`."""

    kind: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stretch of an article under one subheading; the first has none."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One address of an outlet, and what it says there. `gone` pages are in a feed and answer 404."""

    outlet: Outlet
    path: str
    headline: str
    published: datetime
    modified: datetime
    kind: PageKind = "article"
    number: int = 0  # the content system's id; 0 where the family shows none
    dek: str = ""
    byline: Sequence[str] = ()
    section: str = ""
    tags: Sequence[str] = ()
    note: str = ""  # where a copy says whose it is
    free: bool = True  # False: what is served is only the beginning
    feed_query: str = ""  # tracking tags that the feed adds
    comments: Sequence[Mapping[str, str]] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def url(self) -> str:
        """The page's own address, on port 80 of its host."""
        return f"http://{self.outlet.hosts[0]}{self.path}"

    @property
    def feed_url(self) -> str:
        """The address that the feed gives."""
        return f"{self.url}?{self.feed_query}" if self.feed_query else self.url

    @property
    def is_dated(self) -> bool:
        """Whether the page is marked up as an article with a date, and not as a list or a note."""
        return self.kind == "article"

    @property
    def published_local(self) -> datetime:
        """When it was published, by the outlet's own clock."""
        return self.published.astimezone(ZoneInfo(self.outlet.timezone))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The blocks, divided at the subheadings."""
        starts = [0, *(number for number, block in enumerate(self.blocks) if block.kind == "heading"), len(self.blocks)]
        stretches = [self.blocks[start:end] for start, end in pairwise(starts)]
        return tuple(_make_part(stretch) for stretch in stretches)

    @property
    def json_ld(self) -> dict[str, Any]:
        """What the page says of itself to search engines (schema.org)."""
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": self.url,
            "headline": self.headline,
            "description": self.dek,
            "datePublished": self.published.isoformat(),
            "dateModified": self.modified.isoformat(),
            "articleSection": self.section,
            "author": [{"@type": "Person", "name": name} for name in self.byline],
            "publisher": {"@type": "Organization", "name": self.outlet.name},
            **({} if self.free else _PAYWALLED),
        }


_PAYWALLED = {
    "isAccessibleForFree": False,
    "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".pmc-paywall"},
}


@dataclass(frozen=True, kw_only=True)
class Masthead:
    """What stands around an outlet's articles."""

    outlet: Outlet
    tagline: str
    feed_form: Literal["rss", "atom"]
    sections: Mapping[str, str]  # name → path
    disallow: Sequence[str]
    monthly: str = ""  # strftime pattern of a month's sitemap; empty where one sitemap holds all
    about: tuple[Block, ...] = field(repr=False)

    @property
    def home(self) -> str:
        """The outlet's address, without a slash at the end."""
        return f"http://{self.outlet.hosts[0]}"

    @property
    def feeds(self) -> list[str]:
        """Addresses of the feeds."""
        return [source.url for source in self.outlet.discover if source.kind == "feed"]


def load_mastheads() -> dict[str, Masthead]:
    """The outlets of the newsroom, by id."""
    told = tomllib.loads((NEWSROOM / "mastheads.toml").read_text("utf-8"))
    _, about = _split(NEWSROOM / "pages" / "about.md")
    return {
        outlet_id: Masthead(outlet=load_outlet(OUTLETS_DIR / f"{outlet_id}.toml"), about=_read_blocks(about), **content)
        for outlet_id, content in told.items()
    }


def load_pages(edition: int, outlets: Iterable[Outlet]) -> list[Page]:
    """What stands in an edition, newest first.

    Raises: ValueError where there is no such edition, or an edit of it finds nothing to change.
    """
    if edition not in EDITIONS:
        raise ValueError(f"there is no edition {edition}; there are {', '.join(map(str, EDITIONS))}")
    sheets = {
        f"{outlet.id}/{path.stem}": (outlet, *_split(path))
        for outlet in outlets
        for path in sorted((NEWSROOM / "pages" / outlet.id).glob("*.md"))
    }
    current = {name: sheet for name, sheet in sheets.items() if sheet[1].pop("edition", 1) <= edition}
    pages: dict[str, Page] = {}
    for name, (outlet, front, body) in current.items():
        if "revises" not in front and "copy_of" not in front:
            pages[name] = Page(outlet=outlet, blocks=_read_blocks(body), **_with_modified(front))
    for outlet, front, body in current.values():
        if "revises" in front:
            name = f"{outlet.id}/{front['revises']}"
            pages[name] = _revise(pages[name], front, _read_blocks(body))
    for name, (outlet, front, _) in current.items():
        if "copy_of" in front:
            original = pages[front.pop("copy_of")]
            pages[name] = replace(original, outlet=outlet, **_with_modified(front))
    return sorted(pages.values(), key=lambda page: (page.published, page.url), reverse=True)


def _with_modified(front: Mapping[str, Any]) -> dict[str, Any]:
    return {"modified": front["published"], **front}


def _revise(page: Page, front: Mapping[str, Any], added: tuple[Block, ...]) -> Page:
    """A page after its edits, with the blocks that are added at its end."""
    blocks = list(page.blocks)
    for edit in front["edits"]:
        hits = [number for number, block in enumerate(blocks) if edit["before"] in block.text]
        if len(hits) != 1:
            raise ValueError(f"{page.url}: {edit['before']!r} stands in {len(hits)} blocks")
        blocks[hits[0]] = replace(blocks[hits[0]], text=blocks[hits[0]].text.replace(edit["before"], edit["after"]))
    return replace(page, modified=front["modified"], blocks=(*blocks, *added))


def _split(path: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body of a sheet."""
    found = _FRONT_MATTER.fullmatch(path.read_text("utf-8"))
    if not found:
        raise ValueError(f"{path.name} has no front matter")
    return tomllib.loads(found[1]), found[2]


def _read_blocks(body: str) -> tuple[Block, ...]:
    return tuple(_read_block(" ".join(chunk.split())) for chunk in body.split("\n\n") if chunk.strip())


def _read_block(text: str) -> Block:
    if text.startswith(_INSERT_MARK):
        return Block(kind=text.removeprefix(_INSERT_MARK))
    for mark, kind in _BLOCK_MARKS.items():
        if text.startswith(mark):
            return Block(kind=kind, text=text.removeprefix(mark))
    return Block(kind="text", text=text)


def _make_part(stretch: Sequence[Block]) -> Part:
    if stretch and stretch[0].kind == "heading":
        return Part(heading=stretch[0].text, blocks=tuple(stretch[1:]))
    return Part(heading="", blocks=tuple(stretch))
