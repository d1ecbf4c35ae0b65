"""In what two aligned mentions disagree: numbers, dates, where something was first shown.

Only what is told of the same thing is compared: two numbers need the same unit, two dates the same grain. Whoever
says less precisely does not disagree: "nearly 500" and 489, 2022 and 18 February 2022, nine before and a tenth now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import floor, log10

from presswatch.align.scoring import is_firm
from presswatch.align.text import NUMBER_WORDS, STOP_STEMS, stem_word
from presswatch.model import Alignment, Difference, Mention

# How grave a disagreement is: inside one claim, and between mentions that merely overlap (of every hundred such pairs
# of true paraphrases fourteen differ in a number of the same unit, most because they count something else).
IN_CLAIM, IN_PASSING = 0.8, 0.3
SOFT_KIND = 0.75  # a place or a year is often the second one of two truths: this part of the severity

_MULTIPLES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_TENS = {
    word: 10 * tens
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_TEENS = {
    word: 13 + i
    for i, word in enumerate(["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])
}
_WORD_VALUES = {"one": 1, **NUMBER_WORDS, **_TEENS, **_TENS}
_ROUGH_WORDS = [
    "about",
    "around",
    "nearly",
    "almost",
    "approximately",
    "roughly",
    "over",
    "under",
    "some",
    "than",
    "least",
    "most",
    "up",
    "estimated",
]
_VALUE = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|(?:{'|'.join(_WORD_VALUES)})\b"
_NUMBER = re.compile(
    rf"(?<![\w.,:/-])(?P<money>[$£€])?(?P<value>{_VALUE})(?P<ordinal>st\b|nd\b|rd\b|th\b)?"
    rf"(?:[ -](?P<multiple>{'|'.join(_MULTIPLES)})\b)?(?P<percent> ?%| percent\b| per cent\b)?(?![\w:/])",
    re.IGNORECASE,
)
_UNIT_WORD = re.compile(r"[-\s]([^\W\d_][\w’'-]*)")
_LONGEST_UNIT = 4  # words between a number and the thing that it counts, that thing included
_ODD_PLURALS = frozenset(["people", "men", "women", "children", "police", "feet", "teeth", "mice", "percent"])
_ROUGHLY = 0.1  # how far a number that is called rough may be from another

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH = rf"(?:{'|'.join([*_MONTHS, *(month[:3] for month in _MONTHS), 'sept'])})\.?"
_DAY_OF_MONTH = re.compile(
    rf"\b(?:(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month2>{_MONTH}))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b(?!s)")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)

_PLACE = (
    r"(?:[A-Z][\w’'&.-]*|(?:select )?(?:theaters|theatres|cinemas)|online)(?: (?:[A-Z][\w’'&.-]*|of|the(?= [A-Z])))*"
)
_RELEASE = re.compile(
    rf"\b(?i:premier\w*|releas\w*|debut\w*|open(?:s|ed|ing)|air(?:s|ed|ing)|launch\w*|bow(?:s|ed|ing))"
    rf"(?: \w+){{0,2}}? (?i:in|at|on|via|through) (?:the )?(?P<place>{_PLACE})"
)
_EVERYWHERE = {"theatres": "cinemas", "theaters": "cinemas", "select theaters": "cinemas", "select theatres": "cinemas"}


@dataclass(frozen=True)
class Told:
    """Something a mention tells that another could tell otherwise: `key` is what it is told of."""

    kind: str
    key: str
    value: float | str
    printed: str
    unit: str | None = None
    is_rough: bool = False


def find_differences(
    alignments: Sequence[Alignment],
    mentions: Mapping[str, Mention],
    claims: Mapping[str, Sequence[str]],
    story_id: str,
) -> list[Difference]:
    """Everything in which aligned mentions disagree, gravest first; opinions disagree in nothing.

    `claims` are those that each mention makes; a disagreement inside a shared one is the graver.
    """
    told = {
        mention_id: read_told(mention.text) for mention_id, mention in mentions.items() if mention.voice == "reported"
    }
    found = []
    for pair in filter(is_firm, alignments):
        other = claims.get(pair.b_id, ())
        claim_id = next((claim for claim in claims.get(pair.a_id, ()) if claim in other), None)
        for a, b in _disagreements(told.get(pair.a_id, ()), told.get(pair.b_id, ())):
            if not claim_id and pair.relation == "overlap":
                continue  # two sentences that share a subject may each have a number, a day or a place of their own
            found.append(_make_difference(pair, a, b, story_id, claim_id))
    return sorted(
        found, key=lambda difference: (-difference.severity, difference.a_id, difference.b_id, difference.kind)
    )


def _make_difference(pair: Alignment, a: Told, b: Told, story_id: str, claim_id: str | None) -> Difference:
    severity = (IN_CLAIM if claim_id else IN_PASSING) * (1.0 if a.kind in ("number", "date") else SOFT_KIND)
    return Difference(
        a_id=pair.a_id,
        b_id=pair.b_id,
        story_id=story_id,
        claim_id=claim_id,
        kind="date" if a.kind == "year" else a.kind,
        value_a=a.printed,
        value_b=b.printed,
        unit=a.unit,
        severity=round(severity, 2),
    )


def _disagreements(one: Sequence[Told], other: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """The first of each key's values, where no value of the one agrees with any of the other."""
    keys = sorted({(told.kind, told.key) for told in one} & {(told.kind, told.key) for told in other})
    for key in keys:
        mine = [told for told in one if (told.kind, told.key) == key]
        theirs = [told for told in other if (told.kind, told.key) == key]
        if not any(agree(a, b) for a, b in product(mine, theirs)):
            yield mine[0], theirs[0]


def agree(a: Told, b: Told) -> bool:
    """Whether two values can both be true: equal, one the other rounded, or one called rough and not far off."""
    if isinstance(a.value, str) or isinstance(b.value, str):
        return a.value == b.value
    if a.is_rough or b.is_rough:
        return abs(a.value - b.value) <= _ROUGHLY * max(a.value, b.value)
    return a.value == b.value or _rounds_to(a.value, b.value) or _rounds_to(b.value, a.value)


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether a number of at least 100 is the other, rounded to the other's last digit that is not 0."""
    if min(exact, rounded) < 100:  # noqa: PLR2004 - small counts are counted, not rounded
        return False
    digits = f"{rounded:.0f}".rstrip("0")
    step = 10.0 ** (floor(log10(rounded)) + 1 - len(digits))
    return abs(exact - rounded) <= step / 2 and step > 1


def read_told(text: str) -> list[Told]:
    """What a text tells in numbers with units, dates and places of release, in the order of reading."""
    readers: tuple[Callable[[str], Iterable[Told]], ...] = (_read_days, _read_weekdays, _read_years, _read_releases)
    found = [told for read in readers for told in read(text)]
    return found + list(_read_numbers(_YEAR.sub(" ", _DAY_OF_MONTH.sub(" ", text))))


def _read_numbers(text: str) -> Iterator[Told]:
    for match in _NUMBER.finditer(text):
        value, printed = _number_value(match), match.group().strip()
        unit = "%" if match["percent"] else match["money"] or _read_unit(text[match.end() :], is_plural=value != 1)
        if match["ordinal"] or not unit:
            continue  # a tenth is no count, and what is counted by nothing cannot be compared
        key = stem_word(unit) if unit[0].isalpha() else unit
        before = text[: match.start()].lower().split()[-2:]
        yield Told("number", key, value, printed, unit, any(word in _ROUGH_WORDS for word in before))


def _number_value(match: re.Match[str]) -> float:
    word = match["value"].lower().replace(",", "")
    value = float(_WORD_VALUES[word]) if word in _WORD_VALUES else float(word)
    return value * _MULTIPLES.get((match["multiple"] or "").lower(), 1.0)


def _read_unit(rest: str, *, is_plural: bool) -> str | None:
    """What a number counts: the first plural of the words behind it (the last word for one), up to a stop word."""
    words: list[str] = []
    at = 0
    while len(words) < _LONGEST_UNIT and (match := _UNIT_WORD.match(rest, at)):
        if stem_word(match[1]) in STOP_STEMS:
            break
        words.append(match[1].lower())
        at = match.end()
    if not is_plural:
        return words[0] if words else None
    plurals = [word for word in words if (word.endswith("s") and not word.endswith("ss")) or word in _ODD_PLURALS]
    return plurals[0] if plurals else None


def _read_days(text: str) -> Iterator[Told]:
    for match in _DAY_OF_MONTH.finditer(text):
        month, day = (match["month"] or match["month2"]).lower()[:3], match["day"] or match["day2"]
        yield Told("date", "day", f"{month} {int(day)}", match.group().rstrip("."))


def _read_weekdays(text: str) -> Iterator[Told]:
    for match in _WEEKDAY.finditer(text):
        yield Told("date", "weekday", match.group().lower(), match.group())


def _read_years(text: str) -> Iterator[Told]:
    for match in _YEAR.finditer(text):
        yield Told("year", "year", match.group(), match.group())


def _read_releases(text: str) -> Iterator[Told]:
    for match in _RELEASE.finditer(text):
        place = match["place"].rstrip(".,")
        folded = place.lower()
        if folded not in _MONTHS and folded not in _WEEKDAYS:
            yield Told("release", "release", _EVERYWHERE.get(folded, folded), place)
