"""Days that a text tells, as spans of days: "18 February 2022", "in March", "on Friday", "a few weeks ago".

Whoever says less precisely says a longer span; two tellings disagree where no span of the one meets one of the other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date

from presswatch.align.text import look_beside

Span = tuple[int, int]  # first and last day, as ordinals (`date.toordinal`)


@dataclass(frozen=True)
class When:
    """A day or a time as told; `spans` are the days that may be meant, `key` what it can be compared with.

    A weekday that nothing dates is compared with other weekdays alone, and what is "since" or "after" a day with what
    is since or after another. Without spans it is no day of what is told: a title ("1917"), or when somebody said so.
    """

    key: str
    spans: tuple[Span, ...]
    printed: str
    start: int
    end: int


MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = rf"(?:{'|'.join([*MONTHS, *(month[:3] for month in MONTHS if month != 'may'), 'sept'])})\b\.?"
_GIVEN_NAMES = r"(?:april|may|june)\b"  # "for June" may be for her
_YEAR = r"(?:1[89]|20)\d\d"
_TO = r"(?:\s?[-–—]\s?| through )"  # "May 12-23"; "May 12 to 23 …" may go on with what is counted
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_COUNTS |= {"nine": 9, "ten": 10}
_FEW = ("a few", "several", "a couple of", "some")
_NEAR = ("last", "next", "this", "earlier this", "later this")
_RELATIVE = ("yesterday", "today", "tonight", "tomorrow")
# With the first and last month that may be meant. A winter is of two years, and told of either.
_SEASONS = {"spring": (3, 6), "summer": (6, 9), "fall": (9, 12), "autumn": (9, 12)}
_NEAR_SEASON = ("last", "next", "this", "in the")
# What it begins with is looked at first: at most letters nothing can begin, and half of the time is saved.
_BEGINNINGS = (
    "".join(sorted({word[0] for word in [*MONTHS, *WEEKDAYS, *_FEW, *_COUNTS, *_NEAR, *_RELATIVE, *_SEASONS]})) + r"\d"
)
_PATTERN = re.compile(
    rf"(?=[{_BEGINNINGS}])\b(?:(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"
    rf"(?:{_TO}(?:(?P<end_month>{_MONTH}) )?(?P<end_day>\d{{1,2}})\b(?![:%]|[,.]\d))?(?:,? (?P<year>{_YEAR})\b)?"
    rf"|(?:(?P<first_day>\d{{1,2}}){_TO})?"
    rf"(?P<day2>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month2>{_MONTH})(?:,? (?P<year2>{_YEAR})\b|(?!\.? \d))"
    rf"|(?:(?<=in )|(?:(?<=for )|(?<=to )|(?<=from )|(?<=until )|(?<=than )|(?<=instead of ))(?!{_GIVEN_NAMES}))"
    rf"(?P<month3>{_MONTH})(?:,? (?P<year3>{_YEAR})\b)?"
    rf"|(?P<month4>{_MONTH}),? (?P<year4>{_YEAR})\b"
    rf"|(?P<year5>{_YEAR})\b(?!s)"
    rf"|(?P<decade>(?:1[89]|20)\d)0s\b"
    rf"|(?P<season>{'|'.join(_SEASONS)})(?: of)?,? (?P<year6>{_YEAR})\b"
    rf"|(?P<near_season>{'|'.join(_NEAR_SEASON)}) (?P<season2>{'|'.join(_SEASONS)})\b(?! of\b)"
    rf"|(?P<weekday>{'|'.join(WEEKDAYS)})\b"
    rf"|(?P<count>{'|'.join([*_FEW, *_COUNTS])}|\d{{1,2}}) (?P<unit>day|week|month|year)s? ago\b"
    rf"|(?P<near>{'|'.join(_NEAR)}) (?P<near_unit>week|month|year)\b"
    rf"|(?P<relative>{'|'.join(_RELATIVE)})\b)",
    re.IGNORECASE,
)
# What is found is a year, or has one of these words.
_ANY_YEAR = re.compile(_YEAR)
_OTHER_SIGNS = ["ago", "week", "month", "year", *_RELATIVE, *_SEASONS]
_SIGNS = frozenset([*MONTHS, *(month[:3] for month in MONTHS), "sept", *WEEKDAYS, *_OTHER_SIGNS])
_DAYS = {"day": 1, "week": 7, "month": 30.4, "year": 365.25}
_SOME_YEAR = 2000  # a leap year, in which days without a year are compared where nothing dates them
_FROM_PUBLICATION = {
    "yesterday": (-2, 0),
    "today": (-1, 1),
    "tonight": (-1, 1),
    "tomorrow": (0, 2),
}  # time zones differ
_FEW_MEANS = (1.5, 9.0)  # "a few weeks" are two to eight


# A day at which something began or ended says less than one on which it was.
_BOUND = re.compile(r"\b(since|before|after|until|till|by)(?: the| late| early)? $", re.IGNORECASE)
YEAR_OF = "year of"  # before what a year dates by the way
FORMER = "former"  # before the key of the day that something was moved from
# The day that something was moved from is another one than the day that it has now; what runs "from May 4 to May 9"
# moves nowhere
_FORMER = re.compile(
    r"\b(?:from|instead of|rather than|off(?: of)?|originally|previously|no longer(?: [a-z]+){1,3}"
    r"|(?:was|were|had been) (?:to|due|meant|supposed|set|dated|slated|scheduled|originally|previously)"
    r"(?: [a-z]+){0,3}) $",
    re.IGNORECASE,
)
_TO_NEXT = re.compile(r" ?(?:to|through|until|till|[-–—])(?![a-z])")
_MOVES = re.compile(r"\b(?:mov|push|shift|delay|postpon|bump|chang|slid)\w*\b", re.IGNORECASE)
_ANY_OF_MANY = re.compile(r"\b(?:the|a|that|every|each) $", re.IGNORECASE)  # "the Friday before Christmas"
# A number that begins a sentence and does something is a title, and so is one in quotation marks.
_SUBJECT = re.compile(r" [a-z]")
_SENTENCE_START = re.compile(r"(?:\A|[.!?]\s)[\s\"“‘']*\Z")
# Verbs of saying: who speaks to one outlet on Friday may speak to another on Monday.
_SAYING = (
    r"(?:said|says|told|tells|announc(?:ed|es)|report(?:ed|s)|call(?:ed|s)|confirm(?:ed|s)|reveal(?:ed|s)|added|wrote"
    r"|tweeted|posted|stated|declared|defended|criticized|criticised|blasted|denied|acknowledged|warned|insisted)"
)
_AFTER_SAYING = re.compile(rf"\b{_SAYING}(?: [\w’'-]+){{0,2}}? (?:late |early )?(?:on )?$", re.IGNORECASE)
_BEFORE_SAYING = re.compile(rf"(?: (?:morning|afternoon|evening|night))?,?(?: [\w’'.-]+){{0,2}}? {_SAYING}\b")
_BESIDE_CHARS = 40
# "OSLO, May 4 (RW) - A crane fell": the day on which it was written, and not the one that is told
_DATELINE_BEGINS = re.compile(r"(?:[A-Z][\w.’' -]{1,25}, (?:[A-Z][\w. ]{1,12}, )?)?")
_DATELINE_ENDS = re.compile(r"(?:, \d{4})? \([A-Z][^()\n]{1,24}\) ?[-–—]")
# "12 percent more than last year", "in the same weekend a year ago": what is told was at another time
_COMPARED = re.compile(
    r"\b(?:than|on|from|over|against|versus|vs\.?|compared (?:with|to)|same(?: \w+)?)(?: (?:in|the))* $", re.IGNORECASE
)
# "the 2025 hit" and "his 2019 script" date a thing by the way, and nothing that happens in the sentence
_DATES_A_THING = re.compile(r"(?:\b(?:the|an?|his|her|their|its)|[’']s?) (?:[a-z-]+ )?$", re.IGNORECASE)
_THING = re.compile(r" (?P<noun>[a-z]{2,})\b")
NEWS_DAYS = frozenset([*WEEKDAYS, "yesterday", "today", "tonight"])
_QUOTES = frozenset("\"'“”‘’")


def read_when(text: str, published: date | None) -> list[When]:
    """The days that a text tells, in order.

    Args: `published` dates weekdays, days without a year and "two weeks ago"; without it, days and months without a
        year are compared by themselves, and what counts from it is left out.
    """
    text = plain_letters(text)
    if not (_ANY_YEAR.search(text) or holds_word(text, _SIGNS)):
        return []
    found = [when for match in _PATTERN.finditer(text) if (when := _read(match, published))]
    return [_place(when, *look_beside(text, when.start, when.end, _BESIDE_CHARS)) for when in found]


# A pattern that ignores case takes these for i, I, s and k; the words that it finds could not be looked up.
_OTHER_LETTERS = "ıİſ\N{KELVIN SIGN}"
_PLAIN_LETTERS = str.maketrans(_OTHER_LETTERS, "iIsK")


def plain_letters(text: str) -> str:
    """The text, of the same length, without the letters that are an i, s or k only where case is ignored."""
    is_plain = text.isascii() or not any(map(text.__contains__, _OTHER_LETTERS))
    return text if is_plain else text.translate(_PLAIN_LETTERS)


_LETTERS = re.compile(r"[a-z]+")


def holds_word(text: str, words: frozenset[str]) -> bool:
    """Whether a text of plain letters holds one of some words: most do not, and a pattern of them costs far more."""
    return not words.isdisjoint(_LETTERS.findall(text.lower()))


def _read(match: re.Match[str], published: date | None) -> When | None:
    month = _month_of(match)
    if month and not month[0].isupper():  # they march 10 miles
        return None
    key, spans = "day", tuple(_spans_of(match, published))
    if match["weekday"] and published is None:
        key, place = "weekday", WEEKDAYS.index(match["weekday"].lower())
        spans = ((place, place),)
    elif match["decade"]:  # "set in the 1950s" is no day of what happens
        key = "decade"
    elif spans and published is None and not _year_of(match):
        key = "day of a year"
    return When(key, spans, match.group().rstrip("."), match.start(), match.end()) if spans else None


def _place(when: When, before: str, after: str) -> When:
    """A day by the words around it: whether it is one, and whether something was on it, or since."""
    printed = when.printed.lower()
    is_saying = printed in NEWS_DAYS and (_AFTER_SAYING.search(before) or _BEFORE_SAYING.match(after))
    is_quoted = before[-1:] in _QUOTES and after[:1] in _QUOTES
    is_title = printed.isdigit() and ((_SENTENCE_START.search(before) and _SUBJECT.match(after)) or is_quoted)
    is_dateline = when.start == len(before) and _DATELINE_BEGINS.fullmatch(before) and _DATELINE_ENDS.match(after)
    is_compared = _COMPARED.search(before) and (printed.endswith("ago") or printed.startswith("last "))
    is_any = printed in WEEKDAYS and _ANY_OF_MANY.search(before)
    if is_saying or is_title or is_dateline or is_compared or is_any:
        return replace(when, spans=())
    thing = _THING.match(after) if printed.isdigit() and _DATES_A_THING.search(before) else None
    if thing:
        return replace(when, key=f"{YEAR_OF} {thing['noun']}")
    if bound := _BOUND.search(before):
        return replace(when, key=f"{when.key} {bound[1].lower()}")
    former = _FORMER.search(before)
    is_stretch = former and former.group().lower() == "from " and _TO_NEXT.match(after) and not _MOVES.search(before)
    return replace(when, key=f"{FORMER} {when.key}") if former and not is_stretch else when


def _year_of(match: re.Match[str]) -> int | None:
    years = (match[f"year{number}"] for number in ("", 2, 3, 4, 5, 6))
    return next((int(year) for year in years if year), None)


def _month_of(match: re.Match[str]) -> str | None:
    return match["month"] or match["month2"] or match["month3"] or match["month4"]


def _spans_of(match: re.Match[str], published: date | None) -> Iterator[Span]:
    month = _month_of(match)
    if month:
        year = _year_of(match)
        years = [year] if year else _years_around(published)
        day = match["first_day"] or match["day"] or match["day2"]
        starts = _days_of(years, _month_number(month), int(day) if day else None)
        last_day = match["end_day"] or (match["first_day"] and match["day2"])
        if not last_day:
            yield from starts
            return
        ends = _days_of(years, _month_number(match["end_month"] or month), int(last_day))
        yield from ((start, end) for (start, _), (_, end) in zip(starts, ends, strict=False) if start <= end)
    elif match["year5"]:
        year = int(match["year5"])
        yield date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    elif match["decade"]:
        yield date(int(match["decade"]) * 10, 1, 1).toordinal(), date(int(match["decade"]) * 10 + 9, 12, 31).toordinal()
    elif match["season"]:
        yield _season_of(match["season"], int(match["year6"]))
    elif published is not None:
        yield from _count_from(match, published)


def _month_number(month: str) -> int:
    return [name[:3] for name in MONTHS].index(month[:3].lower()) + 1


def _years_around(published: date | None) -> list[int]:
    if published is None:
        return [_SOME_YEAR]
    return [year for year in range(published.year - 1, published.year + 2) if MINYEAR <= year <= MAXYEAR]


def _days_of(years: list[int], month: int, day: int | None) -> Iterator[Span]:
    for year in years:
        last = monthrange(year, month)[1]
        if day is None:
            yield date(year, month, 1).toordinal(), date(year, month, last).toordinal()
        elif 1 <= day <= last:
            yield date(year, month, day).toordinal(), date(year, month, day).toordinal()


def _count_from(match: re.Match[str], published: date) -> Iterator[Span]:
    today = published.toordinal()
    if match["weekday"]:  # of the week before or the week to come
        ahead = (WEEKDAYS.index(match["weekday"].lower()) - published.weekday()) % 7
        yield today + ahead, today + ahead
        yield today + ahead - 7, today + ahead - 7
    elif match["relative"]:
        first, last = _FROM_PUBLICATION[match["relative"].lower()]
        yield today + first, today + last
    elif match["count"]:
        yield _ago(match["count"].lower(), match["unit"].lower(), today)
    elif match["near_season"]:
        seasons = [_season_of(match["season2"], year) for year in _years_around(published)]
        yield from _near_seasons(match["near_season"].lower(), seasons, today)
    elif match["near"]:
        yield _near(match["near"].lower(), match["near_unit"].lower(), published)


def _ago(count: str, unit: str, today: int) -> Span:
    """Two weeks ago is half a week more or less; a few weeks ago may be most of two months."""
    length = _DAYS[unit]
    least, most = _FEW_MEANS if count in _FEW else (float(_COUNTS.get(count) or int(count)),) * 2
    slack = length / 2 + 1
    return today - round(most * length + slack), today - round(max(0.0, least * length - slack))


def _season_of(season: str, year: int) -> Span:
    first, last = _SEASONS[season.lower()]
    return date(year, first, 1).toordinal(), date(year, last, 30).toordinal()


def _near_seasons(near: str, seasons: Sequence[Span], today: int) -> Iterator[Span]:
    """The seasons of the years around that may be meant: those before a day, after it, or any."""
    for first, last in seasons:
        if (near == "last" and first < today) or (near == "next" and last > today) or near in ("this", "in the"):
            yield first, last


def _near(near: str, unit: str, published: date) -> Span:
    """The week, month or year before, after or about a day; "last month" is said of the last thirty days too."""
    today, length = published.toordinal(), round(_DAYS[unit])
    if unit == "year":
        year = min(max(published.year + {"last": -1, "next": 1}.get(near, 0), MINYEAR), MAXYEAR)
        return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    spans = {"last": (-2 * length, 0), "next": (0, 2 * length), "earlier this": (-length, 0), "later this": (0, length)}
    first, last = spans.get(near, (-length, length))
    return today + first, today + last
