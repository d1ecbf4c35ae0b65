"""Who is named on a page, for those who must not be named in a fixture: by metadata, byline and comment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from presswatch.extract import signs
from presswatch.extract.boilerplate import select
from presswatch.extract.byline import PARTICLES, is_collective
from presswatch.extract.filler import MARKUP_WORDS
from presswatch.extract.outline import node_text
from presswatch.extract.page import Page
from presswatch.model import Article
from presswatch.outlets import Layout

_BYLINE_CHARS = 140  # of a line that is a byline, and no sentence that has a name in it
_SELECTOR = (
    '[rel~="author"], [itemprop~="author"], [class*="author" i], [class*="byline" i], [class*="commenter" i], .vcard'
)
_META = re.compile(r"author|creator|byl\b|twitter:(?:label|data)\d")
_PERSON_KEYS = frozenset({"author", "creator", "editor", "contributor", "reviewedBy", "accountablePerson"})
_HOST = re.compile(r"(?:https?:)?//[^/\s]*")
_LEAST_LETTERS = 3  # of a name that is looked for in markup: shorter ones stand in too many words
# What stands beside names and is none itself. Whatever else does may be one, in capitals or as a handle.
_BESIDE = frozenset(
    (
        "by von vom par por door av af przez from "
        "written posted published reported reviewed edited created updated last geschrieben verfasst veröffentlicht "
        "publié publiée rédigé écrit escrito publicado scritto pubblicato "
        "words text texte testo story article artikel beitrag interview review kolumne kommentar reporting photos "
        "photo fotos bilder images minutes minute min time lesezeit "
        "and und et with mit avec con og och for in on at is the an eine une "
        "special contributor freelance associate assistant executive managing film music tv culture arts awards "
        "ap afp reuters dpa efe ansa pti"
    ).split()
)


def find_byline_words(page: Page, article: Article, layout: Layout) -> frozenset[str]:
    """What stands beside the names of bylines, folded: "by", "staff", "writer", "von"; of desks what tells them so.

    Only words that are known to be no name: an author box and a comment hold other people's, in any number.
    """
    found = {word for text in _byline_texts(page, article, layout) for word in _words(text) if _is_beside(word)}
    for name in article.byline:
        found.update(word for word in _words(name) if word in PARTICLES or _is_sign(word))
    return frozenset(found)


def find_people(page: Page, article: Article, layout: Layout) -> frozenset[str]:
    """The words, folded, of names and handles that the page tells as such; a page's markup holds them too."""
    texts = [
        *(name for name in article.byline if not is_collective(name)),
        *(value for key, values in page.metas.items() if _META.search(key) for value in values),
        *_named_in(page.json_ld),
        *(node_text(node) for node in select(page.tree, _SELECTOR)),
        *(node_text(node) for node in (select(page.tree, layout.byline) if layout.byline else ())),
    ]
    short = (_HOST.sub("", text) for text in texts if len(text) <= _BYLINE_CHARS)
    return frozenset(
        word
        for text in short
        for word in _words(text)
        if len(word) >= _LEAST_LETTERS and not _is_beside(word) and word not in MARKUP_WORDS
    )


def _named_in(content: Any) -> Iterator[str]:
    """The texts of people in JSON-LD: names, handles, addresses. Without recursion, for it may nest deeply."""
    waiting = [(content, False)]  # a value, and whether it is a person's
    while waiting:
        value, is_person = waiting.pop()
        if isinstance(value, Mapping):
            is_one = is_person or "Person" in str(value.get("@type"))
            own = ((key, inner) for key, inner in value.items() if not key.startswith("@"))
            waiting += [(inner, is_one or key in _PERSON_KEYS) for key, inner in own]
        elif isinstance(value, list | tuple):
            waiting += [(inner, is_person) for inner in value]
        elif isinstance(value, str) and is_person:
            yield value


def _byline_texts(page: Page, article: Article, layout: Layout) -> Iterator[str]:
    """Texts that name who wrote it; of lines that only hold a name, what stands before and behind it."""
    for selector in filter(None, (_SELECTOR, layout.byline)):
        yield from map(node_text, select(page.tree, selector))
    yield from (text for key, values in page.metas.items() if _META.search(key) for text in values)
    for block in [block for block in page.blocks if len(block.text) <= _BYLINE_CHARS]:
        for name in article.byline:
            label, found, rest = block.text.casefold().partition(name.casefold())
            if found:
                yield f"{label} {rest}"


def _is_beside(word: str) -> bool:
    return word in _BESIDE or word in PARTICLES or _is_sign(word)


def _is_sign(word: str) -> bool:
    return any(sign.fullmatch(word) for sign in (signs.ROLE, signs.NO_NAME, signs.COLLECTIVE))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
