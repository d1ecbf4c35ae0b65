"""What is no article: challenge pages, walls, soft 404s, script shells, indexes. Told by markup first, by words last.

Asked after the text was read, for nearly all of it hangs on there being no article text: sensors of the same services
stand on ordinary pages too, consent layers lie over whole articles, and articles tell of pages that were not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from presswatch.errors import ExtractError
from presswatch.extract import signs
from presswatch.extract.body import Body
from presswatch.extract.outline import node_text
from presswatch.extract.page import Page
from presswatch.extract.prose import leads_on
from presswatch.urls import is_web

LEAST_TEXT_CHARS = 25  # less is a label; the shortest news item of 1,020 pages has more
SURE_CHARS = 1500  # no wall, challenge or error page says that much of itself
PARAGRAPH_CHARS = 120  # a sentence or two, which a page that calls itself an article needs to be believed
NOTICE_CHARS = 600  # the most that a soft 404 or a script shell says, suggestions included

_CHALLENGE_HTML_CHARS = 60_000  # a challenge's whole page is smaller; its signs stand in the head

_CONSENT_SHARE = 0.03  # consent words of all words: a wall has 5 to 15 in a hundred, a report on cookies under 3
_SIGN_IN_SHARE = 0.05  # the same for signing in; half of it where a field asks for a password
_TEASER_HEADINGS = "h2, h3, h4"
_TEASER_SELECTOR = "h2 a[href], h3 a[href], h4 a[href], a[href]:has(h2, h3, h4)"
_LEAST_TEASERS = 8  # headlines that lead elsewhere: a front page has dozens, an article's foot some five
_FEW_TEASERS = 3  # where the text is nothing else: a search with little found, an author's page
_PARAGRAPHS_A_TEASER, _PARAGRAPHS_BESIDE = 2, 6  # what has more paragraphs than these is something else, too
_TEASER_SHARE = 0.4  # of the lines that were read as text, where each story has a headline and a line or two
_HOME_PATH = re.compile(r"/?(?:index\.\w+|home/?)?", re.IGNORECASE)
_LIST_PATH = re.compile(
    r"/(?:category|categories|kategorie|tags?|topics?|thema|themen|search|suche|archives?|archiv|authors?|autor(?:en)?"
    r"|page)(?:/[\w-]{1,30})?/?$|^(?:/[a-z]{2,20}){1,2}/?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Surroundings:
    """What stands beside a page's text, and may be gone once that was read: reading it prunes the tree."""

    heading: str
    asks_password: bool
    teasers: frozenset[str]  # headlines that lead to other pages


def read_surroundings(page: Page) -> Surroundings:
    """What `check_article` needs to know of a page before its text is read."""
    headings = page.marked["h1"]
    return Surroundings(
        heading=node_text(headings[0]) if headings else "",
        asks_password=bool(page.fields("password")),
        teasers=_find_teasers(page),
    )


def _find_teasers(page: Page) -> frozenset[str]:
    """The teasers of a page that may be an index: none where it calls itself an article, or has very few of them."""
    if page.is_declared_article or len(page.tree.css(_TEASER_HEADINGS)) < _FEW_TEASERS:  # what follows is slow
        return frozenset()
    links = page.tree.css(_TEASER_SELECTOR)
    titles = {node_text(link) for link in links if leads_on(link.attributes.get("href") or "", page.host)} - {""}
    most = _PARAGRAPHS_A_TEASER * len(titles) + _PARAGRAPHS_BESIDE
    is_few = len(titles) < _FEW_TEASERS or (len(titles) < _LEAST_TEASERS and len(page.tree.css("p")) > most)
    return frozenset() if is_few else frozenset(titles)


def check_article(page: Page, body: Body, beside: Surroundings) -> None:
    """Let pages with an article through.

    Args: `body` is what was read as the page's text, `beside` what `read_surroundings` says of it.
    Raises: ExtractError `blocked` for a challenge page; `not_article` for a consent or sign-in wall, a soft 404, a
        script shell, an index and a page without text.
    """
    text = "\n".join(body.paragraphs)
    if len(text) < SURE_CHARS:
        if not (page.is_declared_article and len(text) >= PARAGRAPH_CHARS):
            visible = "\n".join(body.seen)
            _check_challenge(page, text, visible)
            _check_missing(page, text, beside)
            _check_sign_in(page, text, visible, beside)
            _check_shell(page, text, visible)
        _check_consent(page, text)
    if beside.teasers:
        under = {line for heading, line in pairwise(body.seen) if heading in beside.teasers}
        _check_index(page, body.paragraphs, beside.teasers, under)
    if len(text) < LEAST_TEXT_CHARS:
        raise ExtractError("not_article", page.url, "there is no text in it")


def _check_challenge(page: Page, text: str, visible: str) -> None:
    if len(visible) >= SURE_CHARS:
        return
    marked = signs.CHALLENGE_MARKUP.search(page.html, 0, _CHALLENGE_HTML_CHARS)
    if marked:
        raise ExtractError("blocked", page.url, f"a challenge by {(marked.lastgroup or '').replace('_', ' ')}")
    if signs.CHALLENGE_TITLE.match(page.title) or signs.CHALLENGE_WORDS.search(f"{page.title}\n{visible}"):
        raise ExtractError("blocked", page.url, f"a challenge page: {page.title or text[:60]}")


def _check_missing(page: Page, text: str, beside: Surroundings) -> None:
    is_notice = len(text) < NOTICE_CHARS or bool(beside.teasers)  # it may go on: "Here is what others read"
    titles = [page.title, beside.heading, text if is_notice else ""]
    is_told = any(signs.MISSING_TITLE.match(title) or signs.MISSING_WORDS.match(title) for title in titles)
    if is_told or signs.MISSING_TITLE_END.search(page.title):
        raise ExtractError("not_article", page.url, f"an error page answered as if all were well: {page.title}")


def _check_consent(page: Page, text: str) -> None:
    if _share(signs.CONSENT_WORDS, text) <= _CONSENT_SHARE:
        return
    is_marked = signs.CONSENT_URL.search(page.url) or signs.CONSENT_MARKUP.search(page.html)
    if is_marked or (not page.is_declared_article and signs.CONSENT_CHOICE.search(page.html)):
        raise ExtractError("not_article", page.url, "a consent wall")


def _check_sign_in(page: Page, text: str, visible: str, beside: Surroundings) -> None:
    least = _SIGN_IN_SHARE / 2 if beside.asks_password else _SIGN_IN_SHARE
    seen = f"{beside.heading}\n{text}" if beside.asks_password and text else text or visible
    if _share(signs.SIGN_IN_WORDS, seen) > least:
        raise ExtractError("not_article", page.url, "a sign-in wall")


def _share(words: re.Pattern[str], text: str) -> float:
    return len(words.findall(text)) / max(1, len(text.split()))


def _check_shell(page: Page, text: str, visible: str) -> None:
    if len(text) >= NOTICE_CHARS:
        return
    is_empty = len(text) < PARAGRAPH_CHARS and page.tree.css_first(signs.SHELL_SELECTOR) is not None
    if is_empty or signs.SCRIPT_WORDS.search(text or visible):
        raise ExtractError("not_article", page.url, "a script shell: its text comes by JavaScript")


def _check_index(page: Page, paragraphs: Sequence[str], teasers: AbstractSet[str], under: AbstractSet[str]) -> None:
    """An index leads elsewhere by many headlines, and says so by its metadata, its address or its text.

    One with few headlines is an index where its text is nothing else; of a list of films something is said first.
    """
    lines = sum(paragraph in teasers or paragraph in under for paragraph in paragraphs)
    if len(teasers) < _LEAST_TEASERS:
        others = len(paragraphs) - lines
        if lines >= 2 * _FEW_TEASERS and others <= page.is_declared_index:  # a line on an author, or on a topic
            raise ExtractError("not_article", page.url, "an index: its headlines lead to other pages")
        return
    reads_so = lines > max(_LEAST_TEASERS / 2, _TEASER_SHARE * len(paragraphs))
    if page.is_declared_index or reads_so or _leads_to_list(page.url, sum(map(len, paragraphs))):
        raise ExtractError("not_article", page.url, "an index: its headlines lead to other pages")


def _leads_to_list(url: str, text_chars: int) -> bool:
    """Whether an address is a home page's, or a section's whose page says little."""
    if not is_web(url):
        return False
    parts = urlsplit(url)
    if parts.query:
        return False
    return bool(_HOME_PATH.fullmatch(parts.path) or (text_chars < SURE_CHARS and _LIST_PATH.search(parts.path)))
