"""Which pages are one article: by where their links lead, and by what each says of the article that it is of.

The collector asks this of each answer before it fetches the next one, the reader of what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from presswatch.errors import ExtractError
from presswatch.extract.dates import Calendar, zone_of
from presswatch.extract.headline import find_heading
from presswatch.extract.metadata import find_addresses
from presswatch.extract.page import Page, open_page
from presswatch.extract.place import Place
from presswatch.model import Capture
from presswatch.outlets import Outlet, fold_name
from presswatch.urls import counts_pages, identity, is_web, join_url, page_number, tidy

MOST_PAGES = 20  # of one article, behind its first; a slide show may have more, and is cut there
# The word `next`: a pattern that begins with a letter is looked for by that, so these begin with the rarest one; only
# there it is looked whether the word stands in a `rel`. Looking for `rel` first takes ten times as long.
_NEXT = (re.compile(rb"x(?<=[nN][eE]x)[tT]\b"), re.compile(rb"X(?<=[nN][eE]X)[tT]\b"))
_IN_REL = re.compile(rb"\brel\s*=\s*[\"']?(?:[^\"'>]*[^\w\"'>])?$", re.IGNORECASE)
_LONGEST_REL = 100  # bytes before the word, in an attribute of a few words
_MOST_WAITING = 50  # articles whose next page has not come yet, and as many pages without the first: some 20 MB
# What a page adds to the headline of its article: "The Ferry - Page 2", "The Ferry, page 2 of 3", "The Ferry (2/3)".
_PAGE_SUFFIX = re.compile(
    r"[\s–—|:,-]*[(\[]?\s*"
    r"(?:\b(?:page|seite|pagina|página)\s*\d{1,2}(?:\s*(?:/|of|von|sur|de|di|van)\s*\d{1,2})?|\b\d{1,2}\s*/\s*\d{1,2})"
    r"\s*[)\]]?\s*$",
    re.IGNORECASE,
)


class Pages:
    """The pages of one article as they come, from the first one on.

    `captures` are those that are of it; `following` is the address of the page that is to come, None where none is;
    `left` is that of the first page that was one too many.

    A later page is what `rel=next` names, where its address counts on from the first page's. That is not enough, for
    the episodes of a series are linked and counted so too: see `join`.

    Cost: a search of the bytes; one parse of each page, some 5 ms, where they say `next`.
    """

    following: str | None
    left: str | None

    def __init__(self, first: Capture, outlet: Outlet | None) -> None:
        self.captures: list[Capture] = []
        self._outlet = outlet
        page = _open(first) if _says_next(first.body) else None
        self._take(first, page)
        self._first = _read_signs(page, first, outlet) if page and self.following else None

    def join(self, capture: Capture) -> bool:
        """Take in the page that follows, if it is of this article; if not, nothing follows any more.

        It is where it stands at the address that was to come, calls that or the first page its own, and has neither
        another headline nor another day of publication than the first page.
        """
        is_next = self.following is not None and identity(capture.url) == identity(self.following)
        self.following = None
        page = _open(capture) if is_next else None
        signs = _read_signs(page, capture, self._outlet) if page else None
        if signs is None or self._first is None or not signs.fit(self._first):
            return False
        if signs.address not in (identity(capture.url), identity(self.captures[0].url), self._first.address):
            return False
        self._take(capture, page)
        return True

    def _take(self, capture: Capture, page: Page | None) -> None:
        self.captures.append(capture)
        following = self._find_next(page) if page else None
        is_full = len(self.captures) > MOST_PAGES
        self.following, self.left = (None, following) if is_full else (following, None)

    def _find_next(self, page: Page) -> str | None:
        for link in page.tree.css("link[rel~=next][href], a[rel~=next][href]"):
            url = join_url(page.url, link.attributes.get("href") or "")
            if is_web(url) and page_number(url, self.captures[0].url) == len(self.captures) + 1:
                return tidy(url)
        return None


def join_pages(captures: Iterable[Capture], outlet_of: Callable[[Capture], Outlet | None]) -> Iterator[Pages]:
    """The articles of some captures: those that are pages of one are together, in whatever order they come.

    Cost: that of `Pages`. Fifty articles that wait for a page are held, and fifty pages that may be of one that has not
    come; the oldest gives way, so pages that stand further apart are not joined.
    """
    waiting: dict[str, Pages] = {}  # by the address of the page that is to come
    early: dict[str, Pages] = {}  # pages that may be later ones of an article whose first has not come, by their own
    for capture in captures:
        pages = waiting.pop(identity(capture.url), None)
        if pages and not pages.join(capture):
            yield pages
            pages = None
        if pages is None:
            pages = Pages(capture, outlet_of(capture))
            if pages.following is None and counts_pages(capture.url):
                yield from _put(early, identity(capture.url), pages)
                continue
        while pages.following and (ready := early.get(identity(pages.following))):
            if pages.join(ready.captures[0]):
                del early[identity(ready.captures[0].url)]
        if pages.following is None:
            yield pages
        else:  # where another one waits for the same page, it is an earlier capture whose next one never came
            yield from _put(waiting, identity(pages.following), pages)
    yield from waiting.values()
    yield from early.values()


def _put(held: dict[str, Pages], key: str, pages: Pages) -> Iterator[Pages]:
    """Hold one more. Yields: those that cannot be held any longer."""
    if key in held:
        yield held.pop(key)
    held[key] = pages
    if len(held) > _MOST_WAITING:
        yield held.pop(next(iter(held)))


@dataclass(frozen=True)
class _Signs:
    """What a page says of the article that it is of: its address, its folded headline, and the day it came out."""

    address: str
    headline: str
    day: date | None

    def fit(self, first: _Signs) -> bool:
        """Whether headline and day are not those of another article; what is not told fits any."""
        same_headline = not (self.headline and first.headline) or self.headline == first.headline
        return same_headline and (self.day is None or first.day is None or self.day == first.day)


def _read_signs(page: Page, capture: Capture, outlet: Outlet | None) -> _Signs | None:
    """What a page says of its article; None where reading it meets a fault of ours, which its worker tells of."""
    calendar = Calendar(outlet.timezone if outlet else zone_of(page.host), capture.fetched_at)
    try:
        own, _ = find_addresses(page, outlet)
        heading = find_heading(page, outlet)
        published = calendar.published(page, Place(page, heading.node if heading else None))
    except Exception:  # noqa: BLE001  # one page is never the end of a run
        return None
    headline = fold_name(_PAGE_SUFFIX.sub("", heading.text)) if heading else ""
    return _Signs(identity(own), headline, calendar.day_of(published.value if published else None))


def _says_next(body: bytes) -> bool:
    """Whether a page may link to the one that follows it: a look at the bytes, so that most need not be parsed."""
    places = (found.start() - 2 for pattern in _NEXT for found in pattern.finditer(body))
    return any(_IN_REL.search(body, max(0, place - _LONGEST_REL), place) for place in places)


def _open(capture: Capture) -> Page | None:
    """A page to look at; None where it is none that can be: whoever reads it says why."""
    try:
        return open_page(capture)
    except ExtractError:
        return None
