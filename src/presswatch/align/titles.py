"""Which work a sentence speaks of: the title that it begins with, or the one that was named last before "it".

English. Titles are what stands in quote marks in title case; what a story quotes once is known without marks, too, if
it has two words at least.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from presswatch.model import Mention

_QUOTED = re.compile(r"[“‘\"]([A-Z\d](?:[^“”‘’\"\n]|’(?=\w)){0,60}?)[,.!?]?[”’\"](?!\w)")
_SMALL = frozenset("a an and as at but by de del des du for from in la le los my nor of on or the to vs with".split())
# What stands for the work that was named last
_STANDS_FOR = re.compile(
    r"\b(?:it|its|budget"
    r"|(?:the|this) (?:film|movie|picture|pic|feature|drama|comedy|thriller|documentary|series|show))\b",
    re.IGNORECASE,
)
_SUBJECT_CHARS = 25  # what may stand before the title that a sentence begins with: whose it is, or "Holdover"
_PART_ORDER = {"headline": 0, "dek": 1, "body": 2}
_WORD = re.compile(r"[A-Z][\w’'-]*")


def find_titles(text: str) -> list[str]:
    """The titles in quote marks of a text, folded."""
    return [title.casefold() for title in _QUOTED.findall(text) if _is_title(title)]


def _is_title(printed: str) -> bool:
    words = printed.split()
    return all(word[0].isupper() or word[0].isdigit() or word in _SMALL or word == "&" for word in words)


def find_subject(text: str) -> str | None:
    """The one title of a sentence that begins with it ("Holdover “Salt Choir” slid …"), folded."""
    found = [match for match in _QUOTED.finditer(text) if _is_title(match[1])]
    return found[0][1].casefold() if len(found) == 1 and found[0].start() <= _SUBJECT_CHARS else None


@dataclass(frozen=True)
class Meant:
    """The title that a mention is of, folded; whether it names it, and whether its article names no other."""

    title: str
    is_named: bool
    is_only: bool


def find_meant(mentions: Iterable[Mention], wanted: Collection[str]) -> dict[str, Meant]:
    """The one title that a mention names, or means by "it" or "the film".

    Who writes "it" may mean what was named last, and may not: enough for a budget, and for a day only where the article
    names nothing else.

    Args: `wanted` are the ids of the mentions that are asked for. Who names several titles, or none, is left out.
    """
    articles: dict[str, list[tuple[int, int, Mention]]] = defaultdict(list)
    quoted: dict[str, list[str]] = {}
    for mention in mentions if wanted else ():
        articles[mention.article_id].append((_PART_ORDER[mention.part], mention.start_char, mention))
        quoted[mention.mention_id] = find_titles(mention.text)
    bare = _index({title for titles in quoted.values() for title in titles})
    found: dict[str, Meant] = {}
    for listed in articles.values():
        named = {title for _, _, mention in listed for title in quoted[mention.mention_id]}
        last: frozenset[str] = frozenset()
        for _, _, mention in sorted(listed, key=itemgetter(0, 1)):
            own = frozenset([*quoted[mention.mention_id], *_find_bare(mention.text, bare)])
            meant = own or (last if _STANDS_FOR.search(mention.text) else frozenset[str]())
            if mention.mention_id in wanted and len(meant) == 1:
                found[mention.mention_id] = Meant(next(iter(meant)), bool(own), named == meant)
            if own and mention.kind == "statement":
                last = own
    return found


def _index(titles: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Titles of several words by their first one."""
    index: dict[str, list[str]] = defaultdict(list)
    for title in titles:
        if " " in title:
            index[title.split()[0]].append(title)
    return index


def _find_bare(text: str, index: Mapping[str, Sequence[str]]) -> list[str]:
    """The known titles that stand in a text without marks."""
    starts = [
        (match.start(), index[word]) for match in _WORD.finditer(text) if (word := match.group().casefold()) in index
    ]
    if not starts:
        return []
    folded = text.casefold()
    return [title for start, titles in starts for title in titles if folded.startswith(title, start)]
