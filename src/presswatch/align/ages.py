"""Whether a number is an age, and whose: "dies at 84", "Ada Quill, 84, said", "an 84-year-old sailor". English."""

from __future__ import annotations

import re
from itertools import takewhile

from presswatch.align.text import STOP_STEMS, look_beside, split_words, stem_word

OLDEST = 122  # years that anybody is known to have lived
_YEAR_OLD, _YEARS_OLD = re.compile(r"-years?-old\b ?"), re.compile(r" years? old\b")
_AGED = re.compile(r"\b(?:aged?|the age of) $", re.IGNORECASE)
_DIED_AT = re.compile(r"\b(?:dies|died|dead)\b[\w\s’'-]*\bat $", re.IGNORECASE)
_WAS = re.compile(r"\b(?:he|she|who) (?:is|was|turned|(?:had|has) turned) (?:only |just )?$", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"[A-Z][\w’'-]+ [A-Z][\w’'-]+(?:, | \()$")
_SURNAME_BEFORE = re.compile(r"(?:\A|[.!?”’] )(?P<name>[A-Z][\w’'-]+), $")  # "Quill, 84, said", and no list of places
_NAME_LEADS = re.compile(r"(?P<name>[A-Z][\w’'-]+ [A-Z][\w’'-]+), (?:an?|the) $")
_NO_UNIT = re.compile(r"[.,;:!?)”’\"]|\s*\Z| (?:in|on|after|from|following|due|when|while|at|as|and)\b(?! [ap]\.?m\b)")
_NOUN_AFTER = re.compile(r"(?:[^\W\d_][\w’'-]* ?){1,3}")
_NAME_WORD = re.compile(r"(?<![\w’'-])[A-Z][\w’'-]+")


def read_whose_age(text: str, start: int, end: int) -> frozenset[str] | None:
    """The stems of whom a number is the age of, and None where it is no age.

    "An 84-year-old composer" says it by the words behind, all other forms by the names before.
    """
    before, _ = look_beside(text, start, end)
    adjective = _YEAR_OLD.match(text, end)
    if adjective:
        noun = _NOUN_AFTER.match(text, adjective.end())
        stems = [stem_word(word) for word in split_words(noun.group())] if noun else []
        named = _NAME_LEADS.search(before)  # "Ada Quill, an 84-year-old composer"
        whose = [stem_word(word) for word in split_words(named["name"])] if named else []
        return frozenset([*whose, *takewhile(lambda stem: stem not in STOP_STEMS, stems)])
    name = _NAME_BEFORE.search(before)
    if name and text[end : end + 1] in (",", ")"):
        return frozenset(stem_word(word) for word in split_words(name.group()))
    if (surname := _SURNAME_BEFORE.search(before)) and text[end : end + 2] == ", " and end - start > 1:
        return frozenset([stem_word(surname["name"])])
    is_plain = _AGED.search(before) or _DIED_AT.search(before) or _WAS.search(before)
    if not (_YEARS_OLD.match(text, end) or (is_plain and _NO_UNIT.match(text, end))):
        return None
    return frozenset(stem_word(word) for word in _NAME_WORD.findall(text[:start])) - STOP_STEMS
