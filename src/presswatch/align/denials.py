"""What a sentence says is not so: "will not star", "is no longer attached", "denied that she will star". English.

Of two sentences that say the same otherwise, one that denies what the other says disagrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from presswatch.align.text import STOP_STEMS, is_title, stem_word

# What is denied is the first word behind that says something: "will not be able to star" denies that she stars.
_NOT = re.compile(
    r"\b(?:(?:will|would|is|are|was|were|has|have|had|do|does|did|could|should|must|may|might)(?: not|n[’']t)"
    r"|won[’']t|can[’']t|cannot|never|no longer|neither)\b",
    re.IGNORECASE,
)
_NOT_IN_TITLE = re.compile(rf"{_NOT.pattern}|\bnot\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\bden(?:y|ies|ied|ying)\b(?: (?:the |a |any |such )?(?:reports?|rumou?rs?|claims?|allegations?|suggestions?))?+"
    r"(?! (?:by|in|from|on|about|made)\b)"
)
_ANY_SIGN = re.compile(r"n[’']t\b|\b(?:not|never|no longer|neither|cannot|den(?:y|ies|ied|ying))\b", re.IGNORECASE)
# "Not only", "not yet": what is so all the same, or will be
_NO_DENIAL = frozenset("only just merely simply yet necessarily quite always until before immediately alone".split())
# Said of what is to come, of which the next word says what it is
_LEADS_ON = frozenset(
    "be been being to have having going expected planning planned set due slated scheduled able allowed ready about "
    "supposed meant intending intended actually currently also even".split()
)
_DETERMINERS = frozenset("the a an any his her its their".split())  # before what one is or has, and no deed
_PLACED = frozenset("in at on for of to by with from into".split())  # "was not at the wedding": that is no deed
_THING = "a "  # before the stem of a noun
# What papers write about themselves ("did not respond to a request"), and words of no deed
_NOTHING_DENIED = frozenset(
    "respond reply return comment say tell know think want need mean believe see get go come make take let seem look "
    "immediately available reached name named identified disclosed specified given clear sure mention matter one thing "
    "much many enough good bad new first last way lot bit like day week month year time".split()
)
_REACH_WORDS, _REACH_CHARS = 6, 60
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
CLAUSE_END = re.compile(r"[,;:.!?—–()“”\"]| (?:but|and|because|after|while) ")
_WORDS_BEFORE = re.compile(r"(?:(?<![\w’'-])[\w’'-]+ ){0,2}\Z")
_NOUN = re.compile(r"(?:ions?|ments?|[ae]nces?|ness|ers?|ors?|ity|ities)$")  # of the words that share a verb's stem
# What stands behind these is left open
_OPEN = re.compile(
    r"\b(?:whether|if|unless|without|instead of|rather than|out of|refus\w+|declin\w+|fail\w*|unlikely|unable|may|might"
    r"|could|den(?:y|ies|ied|ying)|not|never|no longer|neither|cannot)\b|n[’']t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Denial:
    """What is done or, behind `_THING`, what one is or has, by its stem; as it is printed, where, and if denied."""

    stem: str
    printed: str
    start: int
    end: int
    is_denied: bool


def find_denials(text: str) -> Iterator[Denial]:
    """What a text denies."""
    if not _ANY_SIGN.search(text):
        return
    is_headline = is_title(text)
    for pattern in (_NOT_IN_TITLE if is_headline else _NOT, _DENIES):
        for match in pattern.finditer(text):
            reach = text[match.end() : match.end() + _REACH_CHARS]
            found = _find_deed(CLAUSE_END.split(reach)[0], is_headline=is_headline)
            if found:
                stem, end = found[0], match.end() + found[1]
                yield Denial(stem, text[match.start() : end], match.start(), end, is_denied=True)


def _find_deed(clause: str, *, is_headline: bool) -> tuple[str, int] | None:
    """What the words behind a denial deny, and where it ends."""
    thing = ""
    for place, match in enumerate(_WORD.finditer(clause)):
        word = match.group().lower()
        if word in _NO_DENIAL or word in _PLACED - {"to"} or place >= _REACH_WORDS:
            return None
        if word in _DETERMINERS:
            thing = _THING
        elif not (word in _LEADS_ON or word.endswith("ly") or (match.group()[0].isupper() and not is_headline)):
            stem = stem_word(word)
            if stem not in STOP_STEMS:
                return None if word in _NOTHING_DENIED or stem in _NOTHING_DENIED else (thing + stem, match.end())
    return None


def find_affirmed(text: str, stems: Collection[str]) -> Iterator[Denial]:
    """What of some deeds and things a text says without denying it, or leaving it open."""
    lowered = text.lower()
    wanted = {stem for stem in stems if stem.removeprefix(_THING) in lowered}
    before = ""
    for match in _WORD.finditer(text) if wanted else ():
        stem = stem_word(match.group())
        is_thing = before in _DETERMINERS or before.endswith(("’s", "'s", "s’"))
        before = match.group().lower()
        told = _THING + stem if is_thing else stem
        if told in wanted and (is_thing or not _NOUN.search(before)):
            clause = CLAUSE_END.split(text[max(0, match.start() - _REACH_CHARS) : match.start()])[-1]
            if not _OPEN.search(clause):
                printed = _WORDS_BEFORE.search(clause)[0] + match.group()  # type: ignore[index]  # it matches anything
                yield Denial(told, printed, *match.span(), is_denied=False)
