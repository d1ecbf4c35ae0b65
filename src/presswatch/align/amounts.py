"""Amounts as English prints them: "1,200", "thirty-five", "two and a half", "US$1.2m", "20 per cent", "10 to 12".

Where they stand and what they are worth; what they count is read in `told`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress

from presswatch.align.text import NUMBER_WORDS

PERCENT = "%"


@dataclass(frozen=True)
class Amount:
    """A number, `least` of the range that it ends, the sign of its currency or of percents, and its place."""

    value: float
    least: float | None
    sign: str | None
    printed: str
    start: int
    end: int
    is_ordinal: bool
    is_rough: bool  # "half a million" is a manner of speaking
    is_more: bool  # 40-plus, 40+, forty-odd
    is_named: bool  # the number of what has a name: an AK 47, a Boeing 737, Chapter 11


# ---------------------------------------------------------------- currencies

# One sign a currency. What is printed before a number, of which the last ones are codes; what is printed behind it.
_BEFORE = {
    "$": ("US$", "$US", "USD"),
    "A$": ("A$", "AU$", "$A", "AUD"),
    "C$": ("C$", "CA$", "CAD"),
    "NZ$": ("NZ$", "NZD"),
    "HK$": ("HK$", "HKD"),
    "S$": ("S$", "SGD"),
    "NT$": ("NT$", "TWD"),
    "R$": ("R$", "BRL"),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY",),
    "CN¥": ("CN¥", "RMB", "CNY"),
    "₹": ("Rs.", "Rs", "INR"),
    "₩": ("KRW",),
    "CHF": ("CHF",),
    "kr": ("SEK", "NOK", "DKK"),
}
_OF_DOLLARS = {"us": "$", "u.s.": "$", "american": "$", "canadian": "C$", "australian": "A$", "new zealand": "NZ$"}
_OF_DOLLARS |= {"hong kong": "HK$", "singapore": "S$", "taiwan": "NT$"}
_AFTER = {"dollar": "$", "euro": "€", "yen": "¥", "yuan": "CN¥", "renminbi": "CN¥", "rupees": "₹", "rupee": "₹"}
_AFTER |= {"francs": "CHF", "kronor": "kr", "kroner": "kr", "kronas": "kr", "pounds sterling": "£", "reais": "R$"}
CURRENCIES = frozenset("$£€¥₹₩") | _BEFORE.keys()
# Each stands for its currency while a text is read, so that one letter begins a sum: of no text are these letters.
_LETTERS = {sign: chr(0xE000 + place) for place, sign in enumerate(_BEFORE)}
_SIGN_OF = {letter: sign for sign, letter in _LETTERS.items()}
_LETTER_OF = {printed: _LETTERS[sign] for sign, forms in _BEFORE.items() for printed in forms}
_FORMS = sorted(_LETTER_OF, key=len, reverse=True)
_FOREIGN = re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, _FORMS))})(?= ?\d)")
_ANY_FOREIGN = re.compile(r"[A-Z][$¥]|\$[AU]|[A-Z]{3} ?\d|Rs")
_DENOMINATION = re.compile(rf"[ -](?:(?P<of>{'|'.join(_OF_DOLLARS)}) )?(?P<name>{'|'.join(_AFTER)})s?\b", re.IGNORECASE)
_MANY_POUNDS = re.compile(r" pounds\b")  # a pound is a weight too: of a million of them nothing is said to be

# ---------------------------------------------------------------- numbers

WORD_VALUES = {"one": 1, **NUMBER_WORDS}
TENS = [word for word in WORD_VALUES if word.endswith("ty")]
UNITS = "one two three four five six seven eight nine".split()
_OTHERS = [word for word in WORD_VALUES if word not in (*TENS, *UNITS)]
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "lakh": 1e5, "crore": 1e7}
_LARGE |= {"mln": 1e6, "mn": 1e6, "bn": 1e9}
MULTIPLES = {"dozen": 12.0, "hundred": 1e2, **_LARGE}
NUMBER_SIGNS = frozenset(WORD_VALUES) | MULTIPLES.keys()  # a text without digits that has none of these tells none
_SHORT = {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12, "mn": 1e6, "mln": 1e6, "cr": 1e7}  # "$2.5M"
_FACTORS = {**_SHORT, **MULTIPLES, "t": 1e12}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, " 1/2": 0.5, " 1/4": 0.25, " 3/4": 0.75}
_PARTS = {"three quarters": 0.75, "half": 0.5, "quarter": 0.25}
_MANY = 1e6

_ONE_OF_UNITS = "|".join(UNITS)
_SPELLED = (  # "thirty-five" is one number, and no range
    rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{_ONE_OF_UNITS})\b|(?![ -](?:{_ONE_OF_UNITS})\b))"
    rf"|{'|'.join([*UNITS, *_OTHERS])})\b"
)
# of 15 digits at most, as a float is exact to
_DIGITS = (  # also as India parts them: "2,50,00,000"
    r"(?:\d{1,3}(?:,\d{3}){1,4}(?!,\d)|\d{1,2}(?:,\d{2}){1,4},\d{3}(?!,\d)|\d{1,15})"
    r"(?:\.\d+|[½¼¾⅓⅔]|(?:(?<=\b\d)|(?<=\b\d\d)) (?:1/2|1/4|3/4))?"
)
_VALUE = rf"{_DIGITS}|{_SPELLED}"
_ANY_SIGN = rf"[$£€¥₹₩{''.join(_SIGN_OF)}]"
_BEGINNINGS = "".join(sorted({word[0] for word in [*WORD_VALUES, *_PARTS, "between", "a"]})) + r"\d" + _ANY_SIGN[1:-1]
_RANGE = (  # what changes "from 10 to 12" is both, one after the other
    rf"(?:(?<!from )(?<!from {_ANY_SIGN})(?P<least>{_VALUE})"
    rf"(?:(?P<least_short>(?<=\d)(?:{'|'.join(_SHORT)})\b)|[ -](?P<least_multiple>million|billion)\b)?"
    rf"(?:-? (?:to|or) |-(?:to|or)-|[-–]|(?(between) and |(?!))){_ANY_SIGN}?)?"
)
_AMOUNT = re.compile(  # what a number can begin with is looked at first, as most letters can not
    rf"(?=[{_BEGINNINGS}])(?<![\w.,:/-])(?:"
    rf"(?:(?:an? )?(?P<part>{'|'.join(_PARTS).replace(' ', '[ -]')}) (?:of )?)?"
    rf"(?P<article>an?) (?=(?:{'|'.join(MULTIPLES)})\b)"
    rf"|(?P<between>between )?(?P<sign>{_ANY_SIGN} ?)?{_RANGE}(?P<value>{_VALUE})"
    rf"(?:[ -]and[ -](?P<half>(?:an?|one)[ -](?:half|quarter)|three[ -]quarters?)\b)?(?P<odd>-odd\b)?"
    r"(?P<ordinal>st\b|nd\b|rd\b|th\b)?)"
    rf"(?:(?P<short>(?<=[\d½¼¾])(?:{'|'.join(_SHORT)}|(?(sign)t|(?!)))\b)|(?:(?<=an )|(?<=a )|[ -])"
    rf"(?P<multiple>{'|'.join(MULTIPLES)})s?\b"
    rf"(?:(?<=hundred) (?:and )?(?P<rest>{_SPELLED}))?(?: (?P<more>{'|'.join(_LARGE)})\b)?"
    rf"(?:(?<=lion) and a (?P<half_more>half)\b)?)?"
    rf"(?P<percent> ?%|[ -]percent\b|[ -]per cent\b)?(?P<more_than>\+|-plus\b|-odd\b)?(?![\w:/]|\.\d)",
    re.IGNORECASE,
)
# A small number in digits behind a name belongs to it, but behind a place ("in Oslo 97 people"), and but in a headline,
# where every word is written so.
_NAMED = re.compile(
    r"(?!(?i:in|at|on|from|of|near|outside|across) )\b[\w’-]+,? (?:[A-Z][\w’-]*[a-z]|[A-Z]{2,4}) \Z", re.ASCII
)
_NUMBERED = re.compile(r"\b(?:[Nn]os?\.|[Nn]umber) ?\Z|#\Z")  # "the No. 1 film"
_NAME_CHARS = 30
_LARGEST_NAMED = 1000


def find_amounts(text: str, *, is_headline: bool = False) -> Iterator[Amount]:
    """The amounts of a text, in order. Beside sums that are called US dollars, plain ones are others, and left out."""
    read, has_others = _mark_currencies(text)
    found = [_read(text, match, is_headline=is_headline) for match in _AMOUNT.finditer(read)]
    plain = [one.sign == "$" and text[one.start] == "$" and not text.startswith("$US", one.start) for one in found]
    return compress(found, [not (has_others and is_plain) for is_plain in plain])


def _mark_currencies(text: str) -> tuple[str, bool]:
    """The text with a letter for each currency that is printed as several, and whether US dollars are called so."""
    if not _ANY_FOREIGN.search(text):
        return text, False
    marked = _FOREIGN.sub(lambda match: " " * (len(match.group()) - 1) + _LETTER_OF[match.group()], text)
    return marked, _LETTERS["$"] in marked


def _read(text: str, match: re.Match[str], *, is_headline: bool) -> Amount:
    start, end = match.span()
    sign = (match["sign"] or "").strip()
    if sign in _SIGN_OF:  # what it stands for was as long
        sign, start = _SIGN_OF[sign], start - _width_before(text, start)
    value = _value_of(match)
    if match["percent"]:
        sign = PERCENT
    elif not sign and (name := _DENOMINATION.match(text, end)):
        end = name.end()
        sign = _OF_DOLLARS[name["of"].lower()] if name["of"] else _AFTER[name["name"].lower()]
    elif not sign and value >= _MANY and (name := _MANY_POUNDS.match(text, end)):
        sign, end = "£", name.end()
    printed = text[start:end].strip()
    if match["between"] and not match["least"]:
        printed = printed[len(match["between"]) :]
    return Amount(
        value=value,
        least=_least_of(match),
        sign=sign or None,
        printed=printed,
        start=start,
        end=end,
        is_ordinal=bool(match["ordinal"]),
        is_rough=bool(match["article"]) and not match["rest"],
        is_more=bool(match["more_than"] or match["odd"]),
        is_named=not sign and _is_named(text, match, is_headline=is_headline),
    )


def _width_before(text: str, at: int) -> int:
    """How many signs of a printed currency stand before its last one."""
    return next(len(form) - 1 for form in _FORMS if text.startswith(form, at - len(form) + 1))


def _is_named(text: str, match: re.Match[str], *, is_headline: bool) -> bool:
    printed = match.group()
    before = text[max(0, match.start() - _NAME_CHARS) : match.start()]
    if _NUMBERED.search(before):
        return True
    is_small = not is_headline and printed.isdecimal() and int(printed) < _LARGEST_NAMED
    return is_small and _NAMED.search(before) is not None


def _value_of(match: re.Match[str]) -> float:
    if match["article"]:
        plain = _PARTS[match["part"].lower().replace("-", " ")] if match["part"] else 1.0
    else:
        plain = _plain_value(match["value"]) + (_part_of(match["half"]) if match["half"] else 0.0)
    plain += 0.5 if match["half_more"] else 0.0
    value = plain * _multiple_of(match["multiple"]) * _multiple_of(match["short"])
    return (value + (_plain_value(match["rest"]) if match["rest"] else 0.0)) * _multiple_of(match["more"])


def _part_of(printed: str) -> float:
    """The part that is printed behind a whole number: "a half", "three-quarters"."""
    part = printed.lower().replace("-", " ").rstrip("s")
    return 0.75 if part.startswith("three") else _PARTS[part.split()[-1]]


def _least_of(match: re.Match[str]) -> float | None:
    if not match["least"]:
        return None
    plain = _plain_value(match["least"])
    if own := match["least_multiple"] or match["least_short"]:
        return plain * _multiple_of(own)
    # "$2 to 3 million" shares its million; "$900,000 to $1.2 million" does not
    return plain if plain >= _LARGEST_NAMED else plain * _multiple_of(match["multiple"] or match["short"])


def _multiple_of(word: str | None) -> float:
    return _FACTORS[word.lower()] if word else 1.0


def _plain_value(printed: str) -> float:
    word = printed.lower().replace(",", "")
    if word[0].isalpha():
        return float(sum(WORD_VALUES[part] for part in re.split("[ -]", word)))
    for sign, value in _FRACTIONS.items():
        if word.endswith(sign):
            return float(word.removesuffix(sign)) + value
    return float(word)
