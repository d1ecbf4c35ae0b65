"""Values that are told, and whether two of them can both be true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from presswatch.align.places import is_short_for, may_be_one_place, may_lie_in
from presswatch.align.when import NEWS_DAYS, Span

ToldKind = Literal[
    "number",
    "age",
    "rank",
    "runtime",
    "box office",
    "date",
    "release",
    "place",
    "role",
    "name",
    "denial",
    "certainty",
    "contrary",
    "rating",
    "format",
]


@dataclass(frozen=True)
class Told:
    """Something told: `key` is what it is told of, `printed` how.

    `value` is a number in the smallest unit of its kind (of a `rank` the ordinal), days as spans of ordinals, or names
    in lower case. `is_rough` is a number that is called so, or somebody who did it with others; `is_sole` what is
    called the first or the only, and the day that a work is out, in no country or form of its own.
    """

    kind: ToldKind
    key: str
    value: float | frozenset[str] | tuple[Span, ...]
    printed: str
    unit: str | None = None
    is_rough: bool = False
    is_sole: bool = False
    is_bare: bool = False  # its sentence tells next to nothing else
    bounds: tuple[float, float] | None = None  # of a number: "10 to 12", "more than 20"
    day: date | None = None  # of a certainty or contrary: when its article came out
    measures: frozenset[str] = frozenset()  # of a sum: what it is said to be of
    context: frozenset[str] = frozenset()  # stems: beside a number or day, of an age whose it is, of a rank what for


_ROUGHLY = 0.125  # how far a number that is called rough may be from another: "about 40" is said of 35 and of 45
_HALF_HOUR = 30.0  # minutes: "three and a half hours" is told to the half hour, so is off by a quarter at most
_HALF_HOURS = frozenset(60.0 * hours + _HALF_HOUR for hours in range(1, 10))
_LEAST_ROUNDED = 100  # smaller counts are counted, not rounded
# Who rounds without saying so keeps two digits, so is off by a twentieth at most (10.5 as 11): $43 million is no $40.
_MOST_ROUNDED = 0.05
_ALL_PERCENT = 100.0
_PLACES = frozenset({"release", "place"})
# What is told by a weekday is of the last or the next days: that it was put off on Monday is not when it opens
_HISTORY_DAYS = 30
# "In theaters" is said of the Angelika, and of New York; it is no magazine's, where something is first or solely shown
_THEATERS = re.compile(r"\b(?:theaters|theatres|cinemas)\Z")


def agree(a: Told, b: Told) -> bool:
    """Whether two values can both be true: equal, one the other rounded or less precise, one called rough and near."""
    if isinstance(a.value, tuple) and isinstance(b.value, tuple):
        return any(one[0] <= other[1] and other[0] <= one[1] for one in a.value for other in b.value)
    if isinstance(a.value, frozenset) and isinstance(b.value, frozenset):
        return bool(a.is_rough or b.is_rough or (_are_one_place if a.kind in _PLACES else _share_name)(a, b))
    if isinstance(a.value, float) and isinstance(b.value, float):
        if _meet(a, b) or (a.unit == "%" and a.value + b.value == _ALL_PERCENT):  # 62% men are 38% women
            return True
        in_other_units = a.unit != b.unit and a.key in ("time", "runtime")  # "two hours" and 118 minutes
        if a.is_rough or b.is_rough or in_other_units:
            roughly = _ROUGHLY * max(a.value, b.value)
            to_half = not (a.is_rough or b.is_rough) and any(one.value in _HALF_HOURS for one in (a, b))
            return abs(a.value - b.value) <= (min(roughly, _HALF_HOUR / 2) if to_half else roughly)
        is_rounded = _rounds_to(a.value, b.value) or _rounds_to(b.value, a.value)
        return a.value == b.value or (is_rounded and a.kind != "runtime")  # minutes are read off a schedule
    return False


def is_news_day(told: Told) -> bool:
    """Whether a day is told as news tells it: by its weekday, or as yesterday."""
    return told.printed.lower() in NEWS_DAYS


def are_news_and_history(a: Told, b: Told) -> bool:
    """Whether of two days one is told as news is, and the other is long before: who "died Wednesday" won in 1971."""
    if not (is_news_day(a) or is_news_day(b)):
        return False
    spans = [(one, other) for one in cast("tuple[Span, ...]", a.value) for other in cast("tuple[Span, ...]", b.value)]
    return all(max(one[0], other[0]) - min(one[1], other[1]) > _HISTORY_DAYS for one, other in spans)


def names_of(told: Told) -> frozenset[str]:
    """The value of what is told in names."""
    return cast("frozenset[str]", told.value)


def _meet(a: Told, b: Told) -> bool:
    """Whether one number lies between the bounds of the other, or the bounds of both meet."""
    one, other = (told.bounds or (cast("float", told.value),) * 2 for told in (a, b))
    return one[0] <= other[1] and other[0] <= one[1]


def _share_name(a: Told, b: Told) -> bool:
    """Whether two sets of names share one, or a word of one: "Anderson" is "Paul Thomas Anderson"."""
    one, other = ({word for name in names_of(told) for word in name.split()} for told in (a, b))
    return bool(one & other)


def _are_one_place(a: Told, b: Told) -> bool:
    is_out = all(told.unit == "out" and not told.is_sole for told in (a, b))
    if is_out and any(_THEATERS.search(told.printed) for told in (a, b)):
        return True
    both = (a.printed, b.printed), (b.printed, a.printed)
    if any(is_short_for(*two) or may_lie_in(*two) for two in both):
        return True
    return may_be_one_place(names_of(a), names_of(b))


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether a finer number is the other one, rounded as one rounds without saying so.

    The last digit of the other that is not 0 is where it was rounded, half upwards: 92.4 is 92, and 12.5 is 13. What is
    as coarse is none the rounding of the other: $45 million and $40 million are two sums.
    """
    if exact.is_integer() and min(exact, rounded) < _LEAST_ROUNDED:
        return False
    step = _last_place(rounded)
    off = rounded - exact
    is_nearest = -step / 2 < off <= step / 2
    return is_nearest and abs(off) <= _MOST_ROUNDED * rounded and _last_place(exact) < step


def _last_place(value: float) -> float:
    """What the last digit of a number counts that is not 0: 1,000 of 92,000, a tenth of 18.1."""
    _, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    return 10.0 ** int(exponent) if any(digits) else 1.0
