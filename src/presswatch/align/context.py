"""The words beside a value, which say of what it is told."""

from __future__ import annotations

import re

from presswatch.align.amounts import WORD_VALUES
from presswatch.align.sums import take_signs
from presswatch.align.text import STOP_STEMS, look_in_clause, name_families, split_words, stem_word
from presswatch.align.values import Told
from presswatch.align.when import MONTHS, WEEKDAYS

LOWER_WORD = re.compile(r"(?<![\w’'-])[a-z][a-z’'-]+")
LOWER_OR_MONTH = re.compile(rf"{LOWER_WORD.pattern}|\b(?:{'|'.join(month.capitalize() for month in MONTHS)})\b")
ANY_WORD = re.compile(r"[^\W\d_][\w’'-]+")
_TIME_STEMS = frozenset(
    stem_word(word)
    for word in "day week month year night morning afternoon evening late early earlier later percent million".split()
)
_ANYBODY = frozenset(map(stem_word, "man men woman women person people".split()))
# What says nothing of a value beside it. "Won" is a stop word as what is left of "won't", and says here what happened.
SAY_NOTHING = (STOP_STEMS - {stem_word("won")}) | _TIME_STEMS | _ANYBODY
# Beside sums it is a place on a list, a week or a film of a series: the word alone says nothing
SAY_NOTHING_OF_SUMS = frozenset(map(stem_word, "second third fourth".split()))
STAMPS = frozenset(stem_word(word) for word in [*MONTHS, *WEEKDAYS, "published", "updated", "posted", "am", "pm"])
# "The guild wants 9 percent, and the studios have offered 4": what has a subject of its own tells of another value, and
# what comes of it is another event ("burned down on Friday, halting the film")
_NEXT_CLAUSE = re.compile(
    r"(?:;|, (?:and|but|while|whereas)) (?:the|an?|it|its|he|she|they|his|her|their)\b"
    r"|, [a-z]{2,}ing (?:the|an?|its|his|her)\b"
)
NEXT_EVENT = re.compile(rf"{_NEXT_CLAUSE.pattern}|\b(?:after|before|when|while|following|who|which|whom|where|that)\b")
# Before the stem of a sentence's first word: "Damage was put at $3 million" speaks of damage, "Marsh was paid …" of
# Marsh. What the other side writes with a small letter is no name.
_OPENS = "^"
_OPEN_NOTHING = frozenset(_OPENS + stem for stem in SAY_NOTHING)
_FIRST_WORD = re.compile(r"(?!(?:Hour|Minute)s?\b|[A-Z][a-z]+ing\b)[A-Z][a-z]{3,} (?=[a-z])")
# What the trade says for one deed: "moves to", "will now hit theaters on" and "opens" are told of one day
_DEED_WORDS = (
    """release released opens opened opening out bows bowed debuts arrives arriving hits lands launches theaters
    theatres cinemas pushed pushes moves moving moved shifts shifted heads delays delayed delaying postponed""",
    "shoot shooting shot filming filmed cameras production photography reshoots roll rolls rolling",
    "suspended suspends suspension paused pauses pause halted halts halt",
    "ceremony handed awards show",
    "dies died dead death",
    "deal contract pact agreement",
)
_ONE_DEED = {stem_word(word): first for word, first in name_families(*_DEED_WORDS).items()}
_DEEDS = frozenset(_ONE_DEED.values())
OUT = frozenset([_ONE_DEED[stem_word("released")]])  # of "is out on", whose word says nothing elsewhere
# "Sixty firefighters came": beside a number and what it counts so many words say what it is told of
_BARE_WORDS = 3


def read_context(
    text: str, start: int, end: int, word: re.Pattern[str] = LOWER_WORD, next_clause: re.Pattern[str] = _NEXT_CLAUSE
) -> frozenset[str]:
    """The stems of the words beside a value: what happened, and to what. No names: they are everywhere."""
    beside = look_in_clause(text, start, end, next_clause)
    stems = {stem_word(found) for part in beside for found in word.findall(part)} - SAY_NOTHING
    stems = {_ONE_DEED.get(stem, stem) for stem in stems}
    if len(beside[0]) == start and (first := _FIRST_WORD.match(beside[0])):
        stems.add(_OPENS + stem_word(first.group().strip()))
    return frozenset(stems - _OPEN_NOTHING)


def tells_nothing_else(text: str) -> bool:
    """Whether a text has hardly a word beside a number and what it counts."""
    stems = {stem_word(word) for word in split_words(text) if not word[0].isdigit() and word.lower() not in WORD_VALUES}
    return len(stems - SAY_NOTHING) <= _BARE_WORDS


def share_context(a: Told, b: Told) -> bool:
    """Whether something beside two values is the same, or one is all that its sentence tells."""
    if a.is_bare or b.is_bare:  # "Some 380 people were on board" is told of all, and not of the 23 who died
        return take_signs(a.measures, "harm") == take_signs(b.measures, "harm")
    deed, other_deed = a.context & _DEEDS, b.context & _DEEDS
    if deed and other_deed and deed.isdisjoint(other_deed):  # her third feature was shot in spring, and opens in fall
        return False
    shared = any(not stem.startswith(_OPENS) for stem in a.context & b.context)
    return shared or any(_OPENS + stem in other.context for one, other in ((a, b), (b, a)) for stem in one.context)
