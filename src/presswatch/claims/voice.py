"""Reporting told from opinion and criticism, by words that judge and by the critic's own "I". A modest first form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from presswatch.claims.words import JUDGING_PHRASES, STRONG_JUDGEMENT, WEAK_JUDGEMENT

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)?")
_PHRASE = re.compile(rf"\b(?:{JUDGING_PHRASES})")
_STRONG = 2  # points of a strong word or phrase: enough for a sentence to be opinion by itself
_CRITICAL_SHARE = 0.25  # of an article's sentences: from here on it is criticism, and one weak word is enough


def judgement(text: str) -> int:
    """How much a sentence judges: two points for a strong word or phrase, one for a weak word."""
    words = _WORD.findall(text)
    points = sum(_STRONG * (word in STRONG_JUDGEMENT) + (word in WEAK_JUDGEMENT) for word in words)
    return points + _STRONG * sum(1 for _ in _PHRASE.finditer(text))


def are_opinions(points: Sequence[int]) -> list[bool]:
    """Which sentences of one article are opinion, from their points: what else the article does counts."""
    plain = [point >= _STRONG for point in points]
    critical = sum(plain) >= max(2, _CRITICAL_SHARE * len(points))
    return [point >= (1 if critical else _STRONG) for point in points]
