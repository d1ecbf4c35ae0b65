"""Reporting told from opinion and criticism, by words that judge and by the critic's own "I". A modest first form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presswatch.claims.words import JUDGING_PHRASE_WORDS, JUDGING_PHRASES, STRONG_JUDGEMENT, WEAK_JUDGEMENT

JUDGING_WORDS = frozenset(
    word for whole in (STRONG_JUDGEMENT, WEAK_JUDGEMENT, JUDGING_PHRASE_WORDS) for word in "-".join(whole).split("-")
)
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_PHRASE = re.compile(rf"\b(?:{JUDGING_PHRASES})")
NO_JUDGEMENT = (0, 0)  # of a sentence without any of those words
_STRONG = 2  # points of a strong word or phrase
_CRITICAL_SHARE = 0.25  # of an article's sentences: from here on it is criticism, and one weak word is enough
_LEAST_CRITICAL = 3  # sentences: in a short report a quarter is soon reached
_WORDS_A_STRONG = 20  # in a report: one adornment in a longer sentence of facts leaves it a sentence of facts


def judgement(text: str) -> tuple[int, int]:
    """How much a sentence judges, in points, and how many words it has."""
    words = _WORD.findall(text)
    known = set(words)
    points = _STRONG * len(known & STRONG_JUDGEMENT) + len(known & WEAK_JUDGEMENT)
    return points + _STRONG * len(_PHRASE.findall(text)), len(words)


def are_opinions(judged: Sequence[tuple[int, int]]) -> list[bool]:
    """Which sentences of one article are opinion, from `judgement` of each: what else the article does counts.

    In criticism one weak word is enough; in a report it takes a strong one, and not too many words round it.
    """
    strong = sum(points >= _STRONG for points, _ in judged)
    if strong >= max(_LEAST_CRITICAL, _CRITICAL_SHARE * len(judged)):
        return [points > 0 for points, _ in judged]
    return [points >= _STRONG and points * _WORDS_A_STRONG >= _STRONG * words for points, words in judged]
