"""What a mention tells that another one could tell otherwise: numbers, dates, places, releases, names, who did what.

English. Everything is read with the words that say of what it is told, so that only what is told of the same thing is
compared; see `differences` for what disagrees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from rapidfuzz import fuzz

from presswatch.align.ages import OLDEST, read_whose_age
from presswatch.align.amounts import CURRENCIES, NUMBER_SIGNS, PERCENT, WORD_VALUES, Amount, find_amounts
from presswatch.align.certainty import find_stages, tells_of_talks
from presswatch.align.denials import CLAUSE_END, Deed, are_of_one_time, find_affirmed, find_denials
from presswatch.align.places import fold_place, is_short_for, may_be_one_place, may_lie_in
from presswatch.align.roles import NthWork, read_nth_works, read_renewed, read_roles
from presswatch.align.sums import read_clause, read_harm, read_measures, read_titles, read_turns, take_signs
from presswatch.align.text import (
    NTH_WORDS,
    NUMBER_WORDS,
    STOP_STEMS,
    has_ordinal,
    is_title,
    look_beside,
    look_in_clause,
    split_words,
    stem_word,
)
from presswatch.align.when import MONTHS, NEWS_DAYS, WEEKDAYS, Span, When, holds_word, plain_letters, read_when

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
    "rating",
    "format",
]


@dataclass(frozen=True)
class Told:
    """Something told: `key` is what it is told of, `printed` how.

    `value` is a number in the smallest unit of its kind (of a `rank` the ordinal), days as spans of ordinals, or names
    in lower case. `is_rough` is a number that is called so, or somebody who did it with others; `is_sole` what is
    called the first or the only.
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
    day: date | None = None  # of a certainty: when its article came out
    measures: frozenset[str] = frozenset()  # of a sum: what it is said to be of
    context: frozenset[str] = frozenset()  # stems: beside a number or day, of an age whose it is, of a rank what for


def read_told(text: str, published: date | None = None) -> list[Told]:
    """What a text tells, kind by kind in the order of reading; of a text of many sentences, what stands first.

    Args: `published` is the day that "on Monday" and "two weeks ago" count from; without it they tell nothing of dates.
    """
    readers: tuple[Callable[[str], Iterable[Told]], ...] = (
        _read_releases,
        _read_places,
        _read_roles,
        _read_marks,
        _read_names,
    )
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rpartition(" ")[0]
    dates, whole, turns = read_when(text, published), text, read_turns(text)
    is_headline = bool(dates) and is_title(text)
    found = [
        Told(
            "date",
            when.key,
            when.spans,
            when.printed,
            measures=turns | read_titles(text, when.start, when.end),
            context=_read_context(text, when.start, when.end, _ANY_WORD if is_headline else _LOWER_WORD, _NEXT_EVENT)
            - _STAMPS,
        )
        for when in dates
        if when.spans
    ]
    text = _blank_dates(text, dates)
    found += [told for read in readers for told in read(text)]
    numbers = list(_read_numbers(text, whole))
    if turns:
        numbers = [replace(told, measures=told.measures | turns) for told in numbers]
    if len(numbers) == 1 and numbers[0].kind == "number" and _tells_nothing_else(whole):
        numbers = [replace(numbers[0], is_bare=True)]
    ranks = [*_read_nth_to_do(text), *map(_tell_nth, read_nth_works(text))] if has_ordinal(text) else []
    return [*found, *numbers, *ranks, *map(_tell_nth, read_renewed(text))]


def read_denials(texts: Mapping[str, str]) -> dict[str, list[Told]]:
    """What sentences of a story deny, and what others say of the same, by their ids."""
    denied = {one: list(find_denials(text)) for one, text in texts.items()}
    stems = {denial.stem for listed in denied.values() for denial in listed}
    found: dict[str, list[Told]] = {}
    for one, text in texts.items() if stems else ():
        own = {denial.stem for denial in denied[one]}
        listed = [*denied[one], *(said for said in find_affirmed(text, stems) if said.stem not in own)]
        if listed:
            said = (("denied" if denial.is_denied else "said") for denial in listed)
            found[one] = [_tell_deed("denial", text, *both) for both in zip(listed, said, strict=True)]
    return found


_SOMEBODY, _TO_SOMETHING = "<", ">"  # before the stems of who does a deed, and of what it is done to
_SETTLED = "settled"
_PRONOUN = re.compile(r"\b(?:he|she|they|it|who)\b", re.IGNORECASE)
# "In the film" may be in any, as "it" may be; and who says "will not run again" leaves out what for
_SOME_WORK = re.compile(r"\b(?:the|this) (?:film|movie|picture|project|production|series|show)\b(?! of\b)|\bit\b")
_NOTHING = re.compile(r"(?: (?:again|at all|either|any ?more|after all))*\s*\Z")


def read_stages(texts: Mapping[str, str], published: Mapping[str, date | None]) -> dict[str, list[Told]]:
    """How sure sentences of a story are of what somebody is to do, by their ids; nothing where all are.

    Args: `published` is the day of each sentence: who tells of a deal days after the talks tells what came of them.
    """
    if not any(map(tells_of_talks, texts.values())):
        return {}
    found: dict[str, list[Told]] = {}
    for one, text in texts.items():
        told = [
            replace(
                _tell_deed("certainty", text, stage, _SETTLED if stage.is_firm else "in talks"), day=published.get(one)
            )
            for stage in find_stages(text)
        ]
        if told:
            found[one] = told
    return found


def came_of_talks(a: Told, b: Told) -> bool:
    """Whether one tells of a deal so long after the other told of talks that it came of them."""
    talks, deal = sorted((a, b), key=lambda told: _SETTLED in _names_of(told))
    return bool(talks.day and deal.day and (deal.day - talks.day).days > 1)


def _tell_deed(kind: ToldKind, text: str, deed: Deed, said: str) -> Told:
    """What is said of a deed, with the stems of who does it and what it is done to; a mark alone where that is open."""
    _, after = look_in_clause(text, deed.start, deed.end, CLAUSE_END)
    parts = (_SOMEBODY, deed.doer), (_TO_SOMETHING, after)
    context = {
        mark + stem
        for mark, part in parts
        for word in _ANY_WORD.findall(part)
        if (stem := stem_word(word)) not in _SAY_NOTHING
    }
    if not any(one[0] == _SOMEBODY for one in context) and _PRONOUN.search(deed.doer):
        context.add(_SOMEBODY)
    if _NOTHING.match(after) or _SOME_WORK.search(after):
        context.add(_TO_SOMETHING)
    values = frozenset({said})
    return Told(kind, deed.stem, values, deed.printed, measures=read_turns(text), context=frozenset(context))


def are_of_one_deed(a: Told, b: Told) -> bool:
    """Whether what one denies or talks of, and the other says, has somebody and something in common.

    "She" may be anybody, and where nothing stands behind the deed that may be anything; but not both.
    """
    for one, other in ((a, b), (b, a)):
        if "denied" in _names_of(one) and not are_of_one_time(one.printed, other.printed):
            return False
    opened = {_SOMEBODY, _TO_SOMETHING}
    shared = {one[0] for one in (a.context & b.context) - opened}
    return bool(shared) and shared | ((a.context | b.context) & opened) == opened


CACHED_TEXTS = 4_096  # a page asks again for the sentences of its differences, some MB


@lru_cache(CACHED_TEXTS)
def read_figures(text: str) -> tuple[Told, ...]:
    """What a text counts ("nine videos"), ranks ("the 10th video") and says of where something was shown.

    The numbers and releases of `read_told` without their contexts, and ordinals besides: those contradict nothing, and
    answer a reader. Cost: a tenth of `read_told` where there is none of it, a half else.
    """
    if len(text) > LONGEST_TEXT or not _FIGURE_SIGNS.search(text.lower()):
        return ()
    blanked = _blank_dates(text, read_when(text, None)) if _DATE_SIGNS.search(text) else text
    numbers = (told for told in _read_numbers(blanked, "") if told.kind != "age")  # whose it is no figure says
    return (*_read_releases(blanked), *numbers, *_read_ranks(blanked))


def _blank_dates(text: str, dates: Iterable[When]) -> str:
    """The text with blanks for its dates, as what is a date is no number."""
    for when in dates:
        text = text[: when.start] + " " * (when.end - when.start) + text[when.end :]
    return text


# A sentence has some 150 characters. What has so many is a list or a table, and told of nothing by the words beside it.
LONGEST_TEXT = 2000

_LOWER_WORD = re.compile(r"(?<![\w’'-])[a-z][a-z’'-]+")
_LOWER_OR_MONTH = re.compile(rf"{_LOWER_WORD.pattern}|\b(?:{'|'.join(month.capitalize() for month in MONTHS)})\b")
_ANY_WORD = re.compile(r"[^\W\d_][\w’'-]+")
_TIME_STEMS = frozenset(
    stem_word(word)
    for word in "day week month year night morning afternoon evening late early earlier later percent million".split()
)
_ANYBODY = frozenset(map(stem_word, "man men woman women person people".split()))
# What says nothing of a value beside it. "Won" is a stop word as what is left of "won't", and says here what happened.
_SAY_NOTHING = (STOP_STEMS - {stem_word("won")}) | _TIME_STEMS | _ANYBODY
# Beside sums it is a place on a list, a week or a film of a series: the word alone says nothing
_SAY_NOTHING_OF_SUMS = frozenset(map(stem_word, "second third fourth".split()))
# "The guild wants 9 percent, and the studios have offered 4": what has a subject of its own tells of another value, and
# what comes of it is another event ("burned down on Friday, halting the film")
_STAMPS = frozenset(stem_word(word) for word in [*MONTHS, *WEEKDAYS, "published", "updated", "posted", "am", "pm"])
_NEXT_CLAUSE = re.compile(
    r"(?:;|, (?:and|but|while|whereas)) (?:the|an?|it|its|he|she|they|his|her|their)\b"
    r"|, [a-z]{2,}ing (?:the|an?|its|his|her)\b"
)
_NEXT_EVENT = re.compile(rf"{_NEXT_CLAUSE.pattern}|\b(?:after|before|when|while|following|who|which|whom|where|that)\b")
# Before the stem of a sentence's first word: "Damage was put at $3 million" speaks of damage, "Marsh was paid …" of
# Marsh. What the other side writes with a small letter is no name.
_OPENS = "^"
_OPEN_NOTHING = frozenset(_OPENS + stem for stem in _SAY_NOTHING)
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
_ONE_DEED = {stem_word(word): words.split()[0] for words in _DEED_WORDS for word in words.split()}


def _read_context(
    text: str, start: int, end: int, word: re.Pattern[str] = _LOWER_WORD, next_clause: re.Pattern[str] = _NEXT_CLAUSE
) -> frozenset[str]:
    """The stems of the words beside a value: what happened, and to what. No names: they are everywhere."""
    beside = look_in_clause(text, start, end, next_clause)
    stems = {stem_word(found) for part in beside for found in word.findall(part)} - _SAY_NOTHING
    stems = {_ONE_DEED.get(stem, stem) for stem in stems}
    if len(beside[0]) == start and (first := _FIRST_WORD.match(beside[0])):
        stems.add(_OPENS + stem_word(first.group().strip()))
    return frozenset(stems - _OPEN_NOTHING)


# "Sixty firefighters came": beside a number and what it counts so many words say what it is told of
_BARE_WORDS = 3


def _tells_nothing_else(text: str) -> bool:
    stems = {stem_word(word) for word in split_words(text) if not word[0].isdigit() and word.lower() not in WORD_VALUES}
    return len(stems - _SAY_NOTHING) <= _BARE_WORDS


def share_context(a: Told, b: Told) -> bool:
    """Whether something beside two values is the same, or one is all that its sentence tells."""
    if a.is_bare or b.is_bare:  # "Some 380 people were on board" is told of all, and not of the 23 who died
        return take_signs(a.measures, "harm") == take_signs(b.measures, "harm")
    shared = any(not stem.startswith(_OPENS) for stem in a.context & b.context)
    return shared or any(_OPENS + stem in other.context for one, other in ((a, b), (b, a)) for stem in one.context)


# ---------------------------------------------------------------- whether two can both be true

_ROUGHLY = 0.125  # how far a number that is called rough may be from another: "about 40" is said of 35 and of 45
_HALF_HOUR = 30.0  # minutes: "three and a half hours" is told to the half hour, so is off by a quarter at most
_HALF_HOURS = frozenset(60.0 * hours + _HALF_HOUR for hours in range(1, 10))
_LEAST_ROUNDED = 100  # smaller counts are counted, not rounded
# Who rounds without saying so keeps two digits, so is off by a twentieth at most (10.5 as 11): $43 million is no $40.
_MOST_ROUNDED = 0.05
_ALL_PERCENT = 100.0
_PLACES = frozenset({"release", "place"})


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


# What is told by a weekday is of the last or the next days: that it was put off on Monday is not when it opens
_HISTORY_DAYS = 30


def is_news_day(told: Told) -> bool:
    """Whether a day is told as news tells it: by its weekday, or as yesterday."""
    return told.printed.lower() in NEWS_DAYS


def are_news_and_history(a: Told, b: Told) -> bool:
    """Whether of two days one is told as news is, and the other is long before: who "died Wednesday" won in 1971."""
    if not (is_news_day(a) or is_news_day(b)):
        return False
    spans = [(one, other) for one in cast("tuple[Span, ...]", a.value) for other in cast("tuple[Span, ...]", b.value)]
    return all(max(one[0], other[0]) - min(one[1], other[1]) > _HISTORY_DAYS for one, other in spans)


def _meet(a: Told, b: Told) -> bool:
    """Whether one number lies between the bounds of the other, or the bounds of both meet."""
    one, other = (told.bounds or (cast("float", told.value),) * 2 for told in (a, b))
    return one[0] <= other[1] and other[0] <= one[1]


def _share_name(a: Told, b: Told) -> bool:
    """Whether two sets of names share one, or a word of one: "Anderson" is "Paul Thomas Anderson"."""
    one, other = ({word for name in _names_of(told) for word in name.split()} for told in (a, b))
    return bool(one & other)


# "In theaters" is said of the Angelika, and of New York; it is no magazine's, where something is first or solely shown
_THEATERS = re.compile(r"\b(?:theaters|theatres|cinemas)\Z")


def _are_one_place(a: Told, b: Told) -> bool:
    is_out = all(told.unit == "out" and not told.is_sole for told in (a, b))
    if is_out and any(_THEATERS.search(told.printed) for told in (a, b)):
        return True
    both = (a.printed, b.printed), (b.printed, a.printed)
    if any(is_short_for(*two) or may_lie_in(*two) for two in both):
        return True
    return may_be_one_place(_names_of(a), _names_of(b))


def _names_of(told: Told) -> frozenset[str]:
    return cast("frozenset[str]", told.value)


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


# ---------------------------------------------------------------- numbers

_DIGIT = re.compile(r"\d")
_ROUGH_WORDS = frozenset(
    "about around close nearly almost approximately roughly over under some than least most estimated just".split()
)
# Who says "more than 20" of 60 leaves out most of it: so far an open bound goes, as a share of what is said. Reasoned.
_OPEN_SHARE = 1.5
_AT_LEAST = re.compile(
    r"\b(?:more than|at least|over|upwards? of|no fewer than|north of|in excess of) $", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"\b(?:less than|fewer than|under|up to|at most|no more than|as many as|south of|just shy of) $", re.IGNORECASE
)
# "Recorded over five days": in them, and not in more. Behind these words it says how long something was.
_DURING = re.compile(
    r"(?<!\bfor )(?<!\bof )(?<!\btook )(?<!\btakes )(?<!\blasted )(?<!\bspent )(?<!\bjust )(?<!\bwell )(?<!\blittle )"
    r"\bover $"
)
_STRETCHES = frozenset("days nights weeks weekends months years sessions".split())
_UNIT_WORD = re.compile(r"[-\s]([^\W\d_][\w’'-]*)")
_NUMBER_OF_NAME = re.compile(r" \d{1,3}(?= )")
_LONGEST_UNIT = 4  # words between a number and the thing that it counts, that thing included
_ODD_PLURAL = re.compile(r".*(?:people|men|children)|police|feet|teeth|mice|percent")  # crewmen, grandchildren
_HYPHENED = re.compile(r"(?:-[^\W\d_]+)+")  # a two-hour film, an eight-episode season, a 12-foot-tall wall
_MEASURED_SO = frozenset("long tall wide high deep old odd strong".split())
_NO_HYPHENED = frozenset("time times fold way something olds".split())  # a three-time winner
_PLURALS = {"foot": "feet", "man": "men", "woman": "women", "child": "children", "person": "people"}

# Lengths of time are told in different units: all are compared in minutes. Months and years have no fixed length.
_MINUTES = {"minute": 1.0, "min": 1.0, "hour": 60.0, "hr": 60.0, "day": 1440.0, "week": 10080.0, "fortnight": 20160.0}
# What the trade counts under several names; "three times" is no length of time
_UNIT_NAMES = {
    "nomination": "nods noms",
    "theater": "theatres screens cinemas locations",
    "film": "movies pictures features titles",
    "times": "times",
}
_ONE_UNIT = {
    name: unit if unit == name else stem_word(unit) for unit, names in _UNIT_NAMES.items() for name in names.split()
}
_NEXT_PART = re.compile(r"[ ,]*(?:and )?\Z")  # "two hours and ten minutes" is one length
_HYPHENED_PART = re.compile(r"(?<=-hour)(?:-and)?-(?=[\w-]{1,12}-min(?:ute)?\b)", re.IGNORECASE)  # "2-hour-45-minute"
_FILMS = "film|movie|video|short|documentary|feature|cut|epic|picture|drama|comedy|version"
_RUNTIME = re.compile(
    r"\b(?:run(?:ning)?[ -]?times?|clock(?:s|ing) in|in length)\b"
    r"|\b(?:minutes?|hours?)(?: and [\w-]+ minutes?)? long\b"
    rf"|-(?:minute|min|hour)(?:-long)? (?:\w+ )?(?:{_FILMS})\b",
    re.IGNORECASE,
)
_RUNS = re.compile(r"\bruns? (?:for |to |at |just |a |about |nearly |over )*$", re.IGNORECASE)
_AT = re.compile(r"(?:\A|[^\w ] ?)at (?:a |just |only |about |nearly |over )*$", re.IGNORECASE)  # "At 97 minutes, …"
_SHORTEST_AT = 60.0  # minutes; "at 30 minutes" is a place in a film
_PART = re.compile(r"\b(?:(?:trailer|teaser|clip|scene|sequence)s?|intermission|panel|interview)\b", re.IGNORECASE)
_PART_OF = re.compile(r"\b(first|last|final|next|opening|remaining|other) $", re.IGNORECASE)
_GAP = re.compile(r" (after|before|later|earlier|since)\b")
_LONGEST_FILM = 600.0  # minutes

_RATE = re.compile(
    r"(?: an? | per | apiece per |-an?-|-per-|/)"
    r"(?P<one>share|hour|day|night|week|month|year|episode|ticket|head|person)\b"
    r"(?! (?:after|before|later|earlier|ago|into|since)\b)",  # "made $12 million a week after it opened"
    re.IGNORECASE,
)
_GROSS = re.compile(
    r"\b(?:box[- ]office|gross(?:es|ed|ing)?|took in|take in|raked? in|earn(?:s|ed|ing)?|haul(?:s|ed)?"
    r"|opening weekend|ticket sales)\b"
    r"|\b(?:made|taken|took|collected|added|brought in) (?!for|on|with|up|under)(?:\w+ ){0,3}(?:[A-Z]{1,2})?[$£€¥₹]\d",
    re.IGNORECASE,
)
_COST_BEFORE = re.compile(r"\b(?:budgets? (?:of|at)|costs?|costing|made for|spent)(?: \w+){0,2} $", re.IGNORECASE)
_COST_AFTER = re.compile(r"(?:[ -]\w+)?[ -]budget\b")
_OPENING = re.compile(
    r"\b(?:opening|opened|debut\w*|first (?:\w+ )?(?:days?|nights?|weeks?|frame)|weekend|launch\w*|bow\w*)\b",
    re.IGNORECASE,
)
_SCOPES = (
    ("worldwide", re.compile(r"\b(?:world(?:-?wide)?|global(?:ly)?|international(?:ly)?|overseas)\b", re.IGNORECASE)),
    ("domestic", re.compile(r"\b(?:domestic(?:ally)?|north america\w*|stateside|u\.?s\.?)\b", re.IGNORECASE)),
)


def _read_numbers(text: str, whole: str) -> Iterator[Told]:
    """The numbers of a text whose dates are blanked; `whole` is the text with them, for the contexts of the numbers."""
    text = _HYPHENED_PART.sub(lambda match: " " * len(match.group()), plain_letters(text))
    yield from _read_nobody(text, whole)
    if not (_DIGIT.search(text) or holds_word(text, NUMBER_SIGNS)):
        return
    length: tuple[int, Told] | None = None  # a length of time, and where it ends: it may go on
    for amount in find_amounts(text, is_headline=is_title(text)):
        told, end = _read_counted(text, amount)
        if told is not None and told.kind != "age" and whole:  # an age tells by itself whose it is
            told = _tell_of_what(told, whole, amount.start, end)
        if length is not None:
            if (
                told
                and told.key in ("time", "runtime")
                and told.unit != length[1].unit
                and _NEXT_PART.match(text[length[0] : amount.start])
            ):
                told = _add_lengths(length[1], told)
            else:
                yield length[1]
            length = None
        if told is not None and told.key in ("time", "runtime"):
            length = end, told
        elif told is not None:
            yield told
    if length is not None:
        yield length[1]


_NOBODY = re.compile(
    r"\b(?P<who>no one|nobody) (?:was|were|has been|is|are) (?!(?:seriously|badly|critically|gravely) )[a-z]",
    re.IGNORECASE,
)


def _read_nobody(text: str, whole: str) -> Iterator[Told]:
    """That nobody was hurt is a number too, where others say of how many that is so."""
    for match in _NOBODY.finditer(text) if whole and ("o one " in text or "obody " in text) else ():
        told = Told("number", stem_word("people"), 0.0, match["who"], "people")
        told = _tell_of_what(told, whole, *match.span("who"))
        if take_signs(told.measures, "harm"):
            yield told


def _tell_of_what(told: Told, whole: str, start: int, end: int) -> Told:
    """A number with the words beside it; in a headline all of them, as there capitals mean nothing."""
    context = _read_context(whole, start, end, _ANY_WORD if is_title(whole) else _LOWER_OR_MONTH) - {told.key}
    if told.unit in CURRENCIES:
        return replace(told, context=context - _SAY_NOTHING_OF_SUMS, measures=read_measures(whole, start, end))
    return replace(told, context=context, measures=read_titles(whole, start, end) | read_harm(whole, start, end))


def _add_lengths(one: Told, other: Told) -> Told:
    printed = f"{one.printed} {one.unit} {other.printed}"
    whole = other if other.kind == "runtime" else one
    value = cast("float", one.value) + cast("float", other.value)
    return replace(whole, value=value, printed=printed, unit=other.unit, bounds=None)


# Four out of five stars are not five, one in 10 voters not 10, a third of its 900 jobs not 900
_OF_A_WHOLE = re.compile(
    rf"\bout of $|\b(?:\d+|{'|'.join(WORD_VALUES)}) in (?:every )?$"
    r"|(?:\b(?:half|thirds?|quarters?|fifths?|tenths?|percent|per cent)|%) of (?:the |its |his |her |their |all )?$",
    re.IGNORECASE,
)


_SCORE = re.compile(r"\b(?:(?:meta)?score|rating|grade)(?: \w+)? (?:of|at) (?:just |only )?$", re.IGNORECASE)


def _read_counted(text: str, amount: Amount) -> tuple[Told | None, int]:
    """A number with what it counts, and where both end. None for ordinals, and what is counted by nothing."""
    before, _ = look_beside(text, amount.start, amount.end)
    if amount.is_ordinal or amount.is_named or _OF_A_WHOLE.search(before):
        return None, amount.end
    is_rough = before.endswith("up to ") or any(word.lower() in _ROUGH_WORDS for word in before.split()[-2:])
    plain = Told(
        "number",
        "",
        amount.value,
        amount.printed,
        is_rough=is_rough or amount.is_rough,
        bounds=_read_bounds(amount, before),
    )
    if amount.sign:
        told = replace(plain, key=amount.sign, unit=amount.sign)
        if amount.sign == PERCENT:
            return told, amount.end
        if rate := _RATE.match(text, amount.end):  # "$27.50 a share" is no part of "$8.4 billion"
            return replace(told, key=f"{amount.sign} a {rate['one'].lower()}"), amount.end
        return _read_money(text, amount.start, amount.end, told), amount.end
    whose = read_whose_age(text, amount.start, amount.end) if 0 < amount.value <= OLDEST else None
    if whose is not None:  # a boxer's "52-3" is none
        return None if amount.least is not None else replace(plain, kind="age", key="age", context=whose), amount.end
    is_score = _SCORE.search(before)  # "a score of 84 on Metacritic" counts nothing
    unit, end = ("score", amount.end) if is_score else _read_unit(text, amount.end, is_plural=amount.value != 1)
    if unit in _STRETCHES and _DURING.search(before):
        plain = replace(plain, is_rough=False, bounds=None)
    return _count_units(text, amount.start, end, replace(plain, unit=unit)) if unit else None, end


def _count_units(text: str, start: int, end: int, told: Told) -> Told:
    """A number told of its unit: of lengths of time in minutes, and of a film's apart."""
    unit, (before, after) = told.unit or "", look_beside(text, start, end)
    length = _MINUTES.get(stem_word(unit)) or _MINUTES.get(unit.rstrip("s"))
    if length is None:
        part = _PART_OF.search(before)  # "the first two episodes" are not all of them
        key = _ONE_UNIT.get(unit) or stem_word(unit)
        return replace(told, key=f"{part[1].lower()} {key}" if part else key)
    if gap := _GAP.match(after):  # "three days after the premiere" tells when, and not how long
        return replace(told, key=f"time {gap[1]}", value=cast("float", told.value) * length, bounds=None)
    value, bounds = cast("float", told.value) * length, told.bounds
    told = replace(told, key="time", value=value, bounds=bounds and (bounds[0] * length, bounds[1] * length))
    around = text[max(0, start - 40) : end + 40]
    is_film = value <= _LONGEST_FILM and not _PART.search(before)
    if is_film and (_RUNTIME.search(around) or _RUNS.search(before) or (value >= _SHORTEST_AT and _AT.search(before))):
        return replace(told, kind="runtime", key="runtime")
    return told


def _read_money(text: str, start: int, end: int, told: Told) -> Told:
    """A sum that a film earned is told of its opening or of all, here or everywhere; a budget beside it is none."""
    clause = read_clause(text, start, end)
    if not _GROSS.search(text) or _COST_BEFORE.search(text, 0, start) or _COST_AFTER.match(text, end):
        return told
    scope = next((name for name, sign in _SCOPES if sign.search(clause)), "")
    opening = "opening" if _OPENING.search(clause) else "total"
    return replace(told, kind="box office", key=f"{opening} {scope} {told.key}")


def _read_bounds(amount: Amount, before: str) -> tuple[float, float] | None:
    """Between what a number lies: the other end of a range, or as far as "more than" and "up to" go."""
    value = amount.value
    if amount.least is not None:
        return (amount.least, value) if amount.least <= value else None
    if amount.is_more or _AT_LEAST.search(before):
        return value, value * _OPEN_SHARE
    return (value / _OPEN_SHARE, value) if _AT_MOST.search(before) else None


def _read_unit(text: str, start: int, *, is_plural: bool) -> tuple[str | None, int]:
    """What a number counts: the first plural of the words behind it (the last word for one), up to a stop word."""
    if hyphened := _HYPHENED.match(text, start):
        parts = hyphened.group()[1:].lower().split("-")
        while parts and parts[-1] in _MEASURED_SO:
            parts.pop()
        if parts:
            is_unit = parts[-1] not in _NO_HYPHENED and stem_word(parts[-1]) not in STOP_STEMS
            return (_plural_of(parts[-1]) if is_unit else None), hyphened.end()
        start = hyphened.end()
    words: list[tuple[str, int]] = []
    at = start
    while len(words) < _LONGEST_UNIT and (match := _UNIT_WORD.match(text, at)):
        if stem_word(match[1]) in STOP_STEMS:
            break
        at = match.end()
        words.append((match[1].lower(), at))
        if match[1][0].isupper() and (number := _NUMBER_OF_NAME.match(text, at)):  # 20 Boeing 737 planes
            at = number.end()
    if not is_plural:
        return words[0] if words else (None, start)
    plurals = (
        word
        for word in words
        if (word[0].endswith("s") and not word[0].endswith("ss")) or _ODD_PLURAL.fullmatch(word[0])
    )
    return next(plurals, (None, start))


def _plural_of(word: str) -> str:
    ending = f"{word[:-1]}ies" if word.endswith("y") and not word.endswith("day") else f"{word}s"
    return _PLURALS.get(word, ending)


# ---------------------------------------------------------------- ranks

_RANK_WORDS = {word: place for word, place in NTH_WORDS.items() if place > 2}  # noqa: PLR2004 - see below
_RANK = re.compile(rf"(?<![\w.,:/-])(?:(?P<digits>\d{{1,3}})(?:st|nd|rd|th)|(?P<word>{'|'.join(_RANK_WORDS)}))\b")
# "second" is a time and "first" is everywhere; behind these words stands no thing that could be counted
_NO_RANKED = frozenset("century time floor street avenue grade place quarter anniversary edition day year".split())


def _read_ranks(text: str) -> Iterator[Told]:
    """Ordinals, told of the last word of what they rank: "10th music video" is told of videos."""
    for match in _RANK.finditer(text):
        words: list[str] = []
        at = match.end()
        while len(words) < _LONGEST_UNIT and (found := _UNIT_WORD.match(text, at)):
            if stem_word(found[1]) in STOP_STEMS or (words and found[1].endswith("s")):  # "the fourth album follows"
                break
            at = found.end()
            words.append(found[1])
        if words and words[-1].lower() not in _NO_RANKED:
            value = float(match["digits"] or _RANK_WORDS[match["word"]])
            yield Told("rank", stem_word(words[-1]), value, match.group(), unit=" ".join(words))


# Everybody counts "the third woman to be nominated" alike; "her third film" may be the fourth of somebody else.
_NTH_TO_DO = re.compile(
    rf"\b[Tt]he (?P<nth>(?P<digits>\d{{1,3}})(?:st|nd|rd|th)|{'|'.join(NTH_WORDS)}) (?P<what>(?:[\w’'-]+ ){{1,4}}?)"
    r"(?:ever |in history )?to (?P<deed>[a-z][\w’'-]*(?: [a-z][\w’'-]*){0,3})"
)


def _read_nth_to_do(text: str) -> Iterator[Told]:
    """Ordinals that say how many did something before, told of who and of what they did."""
    for match in _NTH_TO_DO.finditer(text):
        what = [stem_word(word) for word in match["what"].split()]
        deed = next((stem for word in match["deed"].split() if (stem := stem_word(word)) not in _SAY_NOTHING), None)
        if deed and STOP_STEMS.isdisjoint(what) and what[-1] not in _NO_RANKED:
            value = float(match["digits"] or NTH_WORDS[match["nth"]])
            told = Told("rank", " ".join(what), value, match["nth"], match["what"].strip(), context=frozenset([deed]))
            yield told


def _tell_nth(work: NthWork) -> Told:
    """Which film of somebody's it is, told of who that is and of what is counted."""
    return Told("rank", f"{work.what} of {work.whose}", float(work.nth), work.printed, work.what, context=_A_WORK)


_A_WORK = frozenset({"work"})  # for whose work it is says the key, and nothing beside it need be the same


# ---------------------------------------------------------------- places and releases

_NAMED = r"[A-Z][\w’'&.-]*"
_PLACE = rf"(?:{_NAMED}|(?:select |movie )?(?:theaters|theatres|cinemas)|online)(?: (?:{_NAMED}|of|the(?= [A-Z])))*"
_WHERE_THAT_IS = rf"(?:,? in {_NAMED}(?: {_NAMED})*)?"  # "at the Grand Rex in Paris" is in Paris
_FIRST_SHOWN = r"premier\w*|debut\w*|bow(?:s|ed|ing)|unveil\w*"
_OUT = (
    r"releas\w*|open(?:s|ed|ing)|air(?:s|ed|ing)|launch\w*|stream(?:s|ed|ing)|arriv(?:e|es|ed|ing)"
    r"|(?:(?<=will )|(?<=to ))(?:open|air|stream)"
)
_RELEASE = re.compile(  # where a day stood are blanks
    rf"\b(?:(?P<first>(?i:{_FIRST_SHOWN}))|(?i:{_OUT}))"
    rf"(?:\s+\w+){{0,2}}?\s+(?i:in|at|on|via|through) (?:the )?(?P<place>{_PLACE}{_WHERE_THAT_IS})"
)
# What `read_figures` finds has one of these, and half of all sentences have none
_FIGURE_SIGNS = re.compile(rf"\d|\b(?:{'|'.join([*NUMBER_WORDS, *_RANK_WORDS])})\b|\b(?:{_FIRST_SHOWN}|{_OUT})")
_DATE_SIGNS = re.compile(rf"\d{{4}}|\b(?:{'|'.join(name[:3].capitalize() for name in [*MONTHS, *WEEKDAYS])})")
_SOLE = re.compile(r"\b(?:original(?:ly)?|first|sole(?:ly)?|only|exclusive(?:ly)?|initial(?:ly)?)\b", re.IGNORECASE)
# What happens somewhere, in families: two sentences that tell where something was shot are of one thing told.
_SCENES = {
    "film": "film(?:ed|ing)|shot|shoot(?:s|ing)?",
    "set": r"set(?! (?:to|for)\b)|takes? place|took place|held|staged",
    "birth": "born|raised|grew up",
    "home": "based|liv(?:es?|ed|ing)|resid(?:es?|ed|ing)|headquartered",
    "death": "died|killed|found dead|buried",
    "arrest": "arrested|detained|charged|sentenced",
}
_SCENE_LETTERS = "".join(sorted({word[0] for said in _SCENES.values() for word in f"{said}|{said.upper()}".split("|")}))
_SCENE = re.compile(
    # it may begin a sentence; what it can begin with is looked at first, as most letters can not
    rf"(?=[{_SCENE_LETTERS}])\b(?i:" + "|".join(rf"(?P<{name}>{words})" for name, words in _SCENES.items()) + r")"
    rf"(?:\s+\w+){{0,2}}?\s+(?:at (?:his|her|their|a|the) (?:\w+ )?"
    r"(?:home|house|apartment|residence|ranch|farm|hospital|hospice|hotel)\s+)?(?:in|at|near|outside) (?:the )?"
    rf"(?P<place>{_NAMED}(?: (?:{_NAMED}|of|the(?= [A-Z])))*{_WHERE_THAT_IS})"
)


def _read_releases(text: str) -> Iterator[Told]:
    for match in _RELEASE.finditer(text):
        printed = match["place"].rstrip(".,’'")
        value = fold_place(printed)
        if value:
            around = text[max(0, match.start() - 25) : match.end()]
            stage = "first" if match["first"] else "out"
            key = "air" if match.group().lower().startswith("air") else "release"  # what HBO airs, Max streams
            yield Told("release", key, value, printed, unit=stage, is_sole=bool(_SOLE.search(around)))


def _read_places(text: str) -> Iterator[Told]:
    for match in _SCENE.finditer(text):
        printed = match["place"].rstrip(".,’'")
        value = fold_place(printed)
        if value:
            yield Told("place", next(name for name in _SCENES if match[name]), value, printed)


# ---------------------------------------------------------------- who did what, and how a film is marked


def _read_roles(text: str) -> Iterator[Told]:
    for role in read_roles(text):
        yield Told("role", role.key, role.names, role.printed, is_rough=role.is_shared)


# What the American board gives: one to a film. "R-rated" is said of any film by the way.
_RATED = re.compile(r"\b(?:is|was|been|be|it|film|movie),? (?:now )?rated (?P<rating>NC-17|PG-13|PG|G|R)\b(?![-–]\w)")
_STOCK = r"(?:8|16|35|65|70) ?mm|IMAX|VistaVision"
_SHOT_ON = re.compile(
    rf"\b(?:shot|shooting|filmed|filming|lensed|photographed)\b[^.;:“”\"]{{0,80}}?\b(?:on|in) (?:[\w’'-]+ ){{0,3}}?"
    rf"(?P<stock>{_STOCK})\b[^.;:“”\"]*"
)
_STOCK_SIGNS = ("0mm", "5mm", "6mm", "8mm", " mm", "IMAX", "VistaVision")
_ANY_STOCK = re.compile(rf"\b(?:{_STOCK})\b")


def _read_marks(text: str) -> Iterator[Told]:
    """The rating that a film has, and what it was shot on."""
    for match in _RATED.finditer(text) if "rated" in text else ():
        yield Told("rating", "rating", frozenset([match["rating"].lower()]), match["rating"])
    for match in _SHOT_ON.finditer(text) if any(sign in text for sign in _STOCK_SIGNS) else ():
        stocks = _ANY_STOCK.findall(match.group())
        yield Told("format", "format", frozenset(one.replace(" ", "").lower() for one in stocks), match["stock"])


# ---------------------------------------------------------------- names

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


def _read_names(text: str) -> Iterator[Told]:
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
    words = next(iter(_names_of(told))).split()
    return words[0], words[-1]


# "Centre", "Defence" and "Organised" as Americans write them
_BRITISH = re.compile(r"(?:(?<=..[iy])s(?=e|ing|ation)|(?<=.en)c(?=e\Z)|(?<=..o)u(?=r)|(?<=..t)re\Z)")
_AMERICAN = {"s": "z", "c": "s", "u": "", "re": "er"}


def _is_form(one: str, other: str) -> bool:
    """Whether one word is the other with an ending, or in American: a plural, an adjective, a short name."""
    one, other = (_BRITISH.sub(lambda match: _AMERICAN[match.group()], word) for word in (one, other))
    return one.startswith(other) or other.startswith(one) or stem_word(one) == stem_word(other)
