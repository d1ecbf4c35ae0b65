"""Full names, and whether two of them are one, spelt in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from presswatch.align.text import split_words, stem_word
from presswatch.align.values import Told, names_of

_FULL_NAME = re.compile(
    r"(?<![.!?“\"] )(?<!^)(?<![A-Z][a-z] )\b[A-Z][a-z’'-]+(?: [A-Z]\.)?(?: [A-Z][a-z’'-]+){1,2}\b(?! [A-Z])"
)
# What makes a capitalised sequence an office, a house or a place rather than a person's name
_NO_PERSONS = frozenset(
    "academy association award awards board bureau center centre church cinema city club college committee company "
    "congress council county court department district east entertainment festival film films foundation general group "
    "high hospital hotel house institute international island justice leader library magazine minister ministry museum "
    "music national network news north office orchestra park party pictures police post president press prize river "
    "road school secretary senate senator society south state states street studio studios theater theatre times "
    "tribune union united university valley week west world".split()
)
_SPELT_ALIKE = 75.0  # of 100: Quill and Quell are; Quill and Brenner are two families
_SPELT_ALMOST = 85.0  # of names that begin otherwise: Catherine and Katherine are; Ivan and Vivian are two of a family
# "Centre", "Defence" and "Organised" as Americans write them
_BRITISH = re.compile(r"(?:(?<=..[iy])s(?=e|ing|ation)|(?<=.en)c(?=e\Z)|(?<=..o)u(?=r)|(?<=..t)re\Z)")
_AMERICAN = {"s": "z", "c": "s", "u": "", "re": "er"}


def read_names(text: str) -> Iterator[Told]:
    """The full names of people, as far as capitals tell them from houses and places."""
    for match in _FULL_NAME.finditer(text):
        words = [word.casefold() for word in split_words(match.group())]
        if _NO_PERSONS.isdisjoint(words):
            yield Told("name", "name", frozenset([" ".join(words)]), match.group())


def spelt_otherwise(a: Told, b: Told) -> bool:
    """Whether two full names are one, spelt in two ways: one of first and last word is equal, the other near."""
    pairs = list(zip(name_ends(a), name_ends(b), strict=True))
    if sum(first == second for first, second in pairs) != 1:
        return False
    near = [fuzz.ratio(*two) >= (_SPELT_ALIKE if two[0][0] == two[1][0] else _SPELT_ALMOST) for two in pairs]
    is_form = any(first != second and _is_form(first, second) for first, second in pairs)
    return all(near) and not is_form


def name_ends(told: Told) -> tuple[str, str]:
    """The first and the last word of a full name."""
    words = next(iter(names_of(told))).split()
    return words[0], words[-1]


def _is_form(one: str, other: str) -> bool:
    """Whether one word is the other with an ending, or in American: a plural, an adjective, a short name."""
    one, other = (_BRITISH.sub(lambda match: _AMERICAN[match.group()], word) for word in (one, other))
    return one.startswith(other) or other.startswith(one) or stem_word(one) == stem_word(other)
