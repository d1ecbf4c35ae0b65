"""Numbers, told of what they count: people and films, money, lengths of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from presswatch.align.ages import OLDEST, read_whose_age
from presswatch.align.amounts import CURRENCIES, NUMBER_SIGNS, PERCENT, WORD_VALUES, Amount, find_amounts
from presswatch.align.context import ANY_WORD, LOWER_OR_MONTH, SAY_NOTHING_OF_SUMS, read_context
from presswatch.align.sums import read_clause, read_harm, read_measures, read_titles, take_signs
from presswatch.align.text import STOP_STEMS, is_title, look_beside, stem_word
from presswatch.align.values import Told
from presswatch.align.when import holds_word, plain_letters

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
UNIT_WORD = re.compile(r"[-\s]([^\W\d_][\w’'-]*)")
_NUMBER_OF_NAME = re.compile(r" \d{1,3}(?= )")
LONGEST_UNIT = 4  # words between a number and the thing that it counts, that thing included
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
_NOBODY = re.compile(
    r"\b(?P<who>no one|nobody) (?:was|were|has been|is|are) (?!(?:seriously|badly|critically|gravely) )[a-z]",
    re.IGNORECASE,
)
# Four out of five stars are not five, one in 10 voters not 10, a third of its 900 jobs not 900
_OF_A_WHOLE = re.compile(
    rf"\bout of $|\b(?:\d+|{'|'.join(WORD_VALUES)}) in (?:every )?$"
    r"|(?:\b(?:half|thirds?|quarters?|fifths?|tenths?|percent|per cent)|%) of (?:the |its |his |her |their |all )?$",
    re.IGNORECASE,
)
_SCORE = re.compile(r"\b(?:(?:meta)?score|rating|grade)(?: \w+)? (?:of|at) (?:just |only )?$", re.IGNORECASE)


def read_numbers(text: str, whole: str) -> Iterator[Told]:
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


def _read_nobody(text: str, whole: str) -> Iterator[Told]:
    """That nobody was hurt is a number too, where others say of how many that is so."""
    for match in _NOBODY.finditer(text) if whole and ("o one " in text or "obody " in text) else ():
        told = Told("number", stem_word("people"), 0.0, match["who"], "people")
        told = _tell_of_what(told, whole, *match.span("who"))
        if take_signs(told.measures, "harm"):
            yield told


def _tell_of_what(told: Told, whole: str, start: int, end: int) -> Told:
    """A number with the words beside it; in a headline all of them, as there capitals mean nothing."""
    context = read_context(whole, start, end, ANY_WORD if is_title(whole) else LOWER_OR_MONTH) - {told.key}
    if told.unit in CURRENCIES:
        return replace(told, context=context - SAY_NOTHING_OF_SUMS, measures=read_measures(whole, start, end))
    return replace(told, context=context, measures=read_titles(whole, start, end) | read_harm(whole, start, end))


def _add_lengths(one: Told, other: Told) -> Told:
    printed = f"{one.printed} {one.unit} {other.printed}"
    whole = other if other.kind == "runtime" else one
    value = cast("float", one.value) + cast("float", other.value)
    return replace(whole, value=value, printed=printed, unit=other.unit, bounds=None)


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
    while len(words) < LONGEST_UNIT and (match := UNIT_WORD.match(text, at)):
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
