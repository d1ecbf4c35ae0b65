"""Reporting told from opinion and criticism. English.

In criticism a sentence is weighed: what critics do (they judge, hedge, compare, say "I" and "you", speak of scenes and
scripts) against what plots, credits and news are made of. In a report it takes a word that judges by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import exp

from presswatch.claims.words import (
    CREDIT_TALK,
    FILM_TALK,
    HEDGES,
    JUDGING_PHRASES,
    LIGHT_JUDGEMENT,
    PERSONS,
    PLOT_TALK,
    SAID_TALK,
    STRONG_JUDGEMENT,
    WEAK_JUDGEMENT,
)
from presswatch.model import Article

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_PHRASE = re.compile(rf"\b(?:{JUDGING_PHRASES})")
_STRONG = 2  # points of a strong word or phrase
_WORDS_A_STRONG = 20  # in a report: one adornment in a longer sentence of facts leaves it a sentence of facts
_ADJECTIVES = ("ful", "less", "ous", "ive", "ish", "able", "ible", "esque", "ly")
_LEAST_SUFFIXED = 5  # letters
_PAST = frozenset({"was", "were", "had", "did"})
_LIKENED = re.compile(
    r"\b(?:like (?:an?|the|someone|something|people)|as (?:though|if)|as [a-z-]+ as|than|(?:kind|sort) of"
    r"|something (?:of|closer|to))\b"
)
_OPENS = re.compile(
    r"(?:It|This|That|What|There)"
    r"(?:[’']s| (?:is|are|isn[’']t|may|might|would|could|should|has|feels|seems|works|will))\b"
    r"|(?:Even|Less|More|Only|Rarely|Seldom|Nor|Few|Still|Yet|But|Perhaps|Maybe|Alas|Sadly|If)\b"
)
_ADVISES = re.compile(
    r"(?:See|Watch|Wait|Skip|Start|Go|Give|Stay|Expect|Don[’']t|Bring|Catch|Take|Call|Think|Imagine|Consider|Forget|Please"
    r"|Try|Let|Keep|Listen|Look|Blame|Credit)\b"
)
_CLASSES = {
    "strong": STRONG_JUDGEMENT,
    "weak": WEAK_JUDGEMENT | LIGHT_JUDGEMENT,
    "hedge": HEDGES,
    "person": PERSONS,
    "film": FILM_TALK,
    "plot": PLOT_TALK,
    "credit": CREDIT_TALK,
    "said": SAID_TALK,
}
# The weight of each sign, and how many of it count. Fitted: docs/decisions.md, 2026-11-27.
_WEIGHTS = {
    "strong": (0.4, 2),
    "weak": (0.9, 3),
    "hedge": (1.0, 4),
    "person": (1.1, 2),
    "film": (0.5, 3),
    "plot": (-0.6, 3),
    "credit": (-1.0, 4),
    "said": (-0.7, 2),
    "phrase": (0.5, 2),
    "alike": (0.3, 2),
    "opens": (0.5, 1),
    "advises": (0.3, 1),
    "past": (-0.4, 3),
    "adjective": (0.7, 3),
    "name": (-0.4, 4),
    "digit": (-1.0, 1),
    "colon": (0.2, 1),
}
_BASE = 0.3
_JUDGEMENT = _CLASSES["strong"] | _CLASSES["weak"]
_CLASSES_OF: dict[str, tuple[str, ...]] = {
    word: tuple(name for name, words in _CLASSES.items() if word in words)
    for word in frozenset().union(*_CLASSES.values())
}
# Criticism is what is likely opinion on average and, as columns on politics are too, speaks of films and judges: of the
# last two the share of sentences. Fitted with the weights.
_FILM_SHARE, _JUDGED_SHARE, _CRITICAL = 0.8, 0.3, 0.78
_MOST_LIKELY = 0.66  # on average: what lacks more than this cannot be criticism, and need not be weighed
_LEAST_SENTENCES = 5
_CALLED_REVIEW = re.compile(r"\A(?:\w+ ){0,2}reviews?\s?[:|–—-]|\breview(?:s? ?[:|–—-]|\Z)", re.IGNORECASE)
_REVIEW_ADDRESS = re.compile(r"/(?:[a-z]+-)?reviews?/|-reviews?(?:-\d+)?(?:\.html?)?/?(?:\?|\Z)", re.IGNORECASE)


def find_opinions(sentences: Sequence[str], *, is_review: bool = False, is_english: bool = True) -> list[bool]:
    """Which sentences of one article are opinion; what else the article says counts, and whether it is called a review.

    Of other languages nothing is weighed: without its English signs any sentence weighs as opinion.

    Cost: some 15 µs a sentence, 35 where the article may be criticism.
    """
    told = [[word.lower().replace("’", "'") for word in _WORD.findall(sentence)] for sentence in sentences]
    subjects = [_FILM_SHARE * _has(FILM_TALK, words) + _JUDGED_SHARE * _has(_JUDGEMENT, words) for words in told]
    most = _CRITICAL * len(sentences)
    is_long = len(sentences) >= _LEAST_SENTENCES
    if is_english and (is_review or (is_long and sum(subjects) + _MOST_LIKELY * len(sentences) >= most)):
        weights = [_weigh(sentence, words) for sentence, words in zip(sentences, told, strict=True)]
        likely = sum(1 / (1 + exp(-weight)) for weight in weights)
        if is_review or sum(subjects) + likely >= most:
            return [weight > 0 for weight in weights]
    return [_judges_by_itself(sentence, words) for sentence, words in zip(sentences, told, strict=True)]


def _has(signs: frozenset[str], words: Sequence[str]) -> bool:
    return not signs.isdisjoint(words)


def _judges_by_itself(sentence: str, words: Sequence[str]) -> bool:
    known = set(words)
    points = _STRONG * len(known & STRONG_JUDGEMENT) + len(known & WEAK_JUDGEMENT)
    points += _STRONG * len(_PHRASE.findall(sentence))
    return points >= _STRONG and points * _WORDS_A_STRONG >= _STRONG * len(words)


def _weigh(sentence: str, words: Sequence[str]) -> float:
    """How likely a sentence of a critic is opinion, as the logarithm of the odds."""
    signs = Counter(name for word in words for name in _CLASSES_OF.get(word, ()))
    signs["phrase"] = len(_PHRASE.findall(sentence))
    signs["alike"] = len(_LIKENED.findall(sentence))
    signs["opens"] = _OPENS.match(sentence) is not None
    signs["advises"] = _ADVISES.match(sentence) is not None
    signs["past"] = sum(word in _PAST or (word.endswith("ed") and len(word) >= _LEAST_SUFFIXED) for word in words)
    signs["adjective"] = sum(len(word) >= _LEAST_SUFFIXED and word.endswith(_ADJECTIVES) for word in words)
    signs["name"] = sum(word[0].isupper() for word in _WORD.findall(sentence)[1:])
    signs["digit"] = any(map(str.isdigit, sentence))
    signs["colon"] = ":" in sentence or ";" in sentence
    return _BASE + sum(each * min(most, signs[name]) for name, (each, most) in _WEIGHTS.items())


def calls_itself_review(article: Article) -> bool:
    """Whether headline, section or address say that an article is a review."""
    return bool(
        (article.section or "").casefold().endswith(("review", "reviews"))
        or _CALLED_REVIEW.search(article.headline or "")
        or _REVIEW_ADDRESS.search(article.url)
    )
