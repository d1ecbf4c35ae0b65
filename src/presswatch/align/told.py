"""What a mention tells that another one could tell otherwise: numbers, dates, places, releases, names, who did what.

English. Everything is read with the words that say of what it is told, so that only what is told of the same thing is
compared; see `differences` for what disagrees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from presswatch.align.clock import find_hours
from presswatch.align.context import ANY_WORD, LOWER_WORD, NEXT_EVENT, OUT, STAMPS, read_context, tells_nothing_else
from presswatch.align.counts import read_numbers
from presswatch.align.places import TERRITORY, fold_place
from presswatch.align.prizes import read_prizes
from presswatch.align.ranks import RANK_WORDS, read_editions, read_nth_to_do, read_ranks, tell_nth
from presswatch.align.roles import read_nth_works, read_renewed, read_roles
from presswatch.align.spelling import read_names
from presswatch.align.sums import name_days, read_titles, read_turns
from presswatch.align.tallies import Tally, find_tallies
from presswatch.align.text import NEAR_CHARS, NUMBER_WORDS, has_ordinal, is_title
from presswatch.align.values import Told
from presswatch.align.when import MONTHS, WEEKDAYS, When, read_when

# A sentence has some 150 characters. What has so many is a list or a table, and told of nothing by the words beside it.
LONGEST_TEXT = 2000
CACHED_TEXTS = 4_096  # a page asks again for the sentences of its differences, some MB
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
_FIGURE_SIGNS = re.compile(rf"\d|\b(?:{'|'.join([*NUMBER_WORDS, *RANK_WORDS])})\b|\b(?:{_FIRST_SHOWN}|{_OUT})")
_DATE_SIGNS = re.compile(rf"\d{{4}}|\b(?:{'|'.join(name[:3].capitalize() for name in [*MONTHS, *WEEKDAYS])})")
_IN_CINEMAS = r"(?:theaters|theatres|cinemas|movie theaters|the big screen)"
_IS_OUT = re.compile(  # before a day
    rf"\b(?:(?:is|are|be|comes?|coming) out(?: in {_IN_CINEMAS})?|(?:comes?|coming|heads?|goes) to {_IN_CINEMAS}"
    rf"|(?:hits|reaches|arrives in|lands in|opens in|released in|in) {_IN_CINEMAS}|(?:opens|arrives|bows)"
    r"|(?:is|be|was|gets) released) (?:on (?:[A-Z][a-z]+day,? )?)?\Z",
    re.IGNORECASE,
)
_OUT_SIGNS = (" out", "cinemas", "theat", "screen", "opens", "arrives", "bows", "released")
# What has a day of its own
_SOME_RELEASE = re.compile(
    r"\b(?:discs?|DVDs?|blu-?ray|digital\w*|on demand|VOD|stream\w*|vinyl|imax|limited|wide|expand\w*|previews?"
    r"|soundtrack|trailers?|teasers?|tickets?|festival|premier\w*|platforms?|select|screenings?|paperback|hardcover)\b",
    re.IGNORECASE,
)
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
# What the American board gives: one to a film. "R-rated" is said of any film by the way.
_RATED = re.compile(r"\b(?:is|was|been|be|it|film|movie),? (?:now )?rated (?P<rating>NC-17|PG-13|PG|G|R)\b(?![-–]\w)")
_STOCK = r"(?:8|16|35|65|70) ?mm|IMAX|VistaVision"
_SHOT_ON = re.compile(
    rf"\b(?:shot|shooting|filmed|filming|lensed|photographed)\b[^.;:“”\"]{{0,80}}?\b(?:on|in) (?:[\w’'-]+ ){{0,3}}?"
    rf"(?P<stock>{_STOCK})\b[^.;:“”\"]*"
)
_STOCK_SIGNS = ("0mm", "5mm", "6mm", "8mm", " mm", "IMAX", "VistaVision")
_ANY_STOCK = re.compile(rf"\b(?:{_STOCK})\b")


def read_told(text: str, published: date | None = None) -> list[Told]:
    """What a text tells, kind by kind in the order of reading; of a text of many sentences, what stands first.

    Args: `published` is the day that "on Monday" and "two weeks ago" count from; without it they tell nothing of dates.
    """
    readers: tuple[Callable[[str], Iterable[Told]], ...] = (
        _read_releases,
        _read_places,
        _read_roles,
        _read_marks,
        read_names,
    )
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rpartition(" ")[0]
    dates, whole, turns = read_when(text, published), text, read_turns(text)
    is_headline = bool(dates) and is_title(text)
    found = [_tell_date(text, when, turns, is_headline=is_headline) for when in dates if when.spans]
    tallies = list(find_tallies(whole))
    text = _blank_out(text, [*dates, *tallies])  # what is a date or a vote is no number
    found += [told for read in readers for told in read(text)]
    numbers = list(read_numbers(text, whole))
    if turns:
        numbers = [replace(told, measures=told.measures | turns) for told in numbers]
    if len(numbers) == 1 and numbers[0].kind == "number" and tells_nothing_else(whole):
        numbers = [replace(numbers[0], is_bare=True)]
    ranks = []
    if has_ordinal(whole):
        ranks = [*read_nth_to_do(text), *map(tell_nth, read_nth_works(text)), *read_editions(whole)]
    timed = [*_read_hours(whole), *(_tell_tally(whole, tally) for tally in tallies)]
    if timed:
        days = name_days(when.spans for when in dates)
        timed = [replace(told, measures=told.measures | turns | days) for told in timed]
    return [*found, *numbers, *ranks, *map(tell_nth, read_renewed(text)), *timed]


def _tell_date(text: str, when: When, turns: frozenset[str], *, is_headline: bool) -> Told:
    context = read_context(text, when.start, when.end, ANY_WORD if is_headline else LOWER_WORD, NEXT_EVENT) - STAMPS
    before = text[max(0, when.start - NEAR_CHARS) : when.start]
    is_out = (
        any(map(before.__contains__, _OUT_SIGNS))
        and bool(_IS_OUT.search(before))
        and not (_SOME_RELEASE.search(text) or TERRITORY.search(text))
    )
    return Told(
        "date",
        when.key,
        when.spans,
        when.printed,
        is_sole=is_out and when.key == "day" and all(first == last for first, last in when.spans),
        measures=turns | read_titles(text, when.start, when.end),
        context=context | OUT if is_out else context,
    )


@lru_cache(CACHED_TEXTS)
def read_figures(text: str) -> tuple[Told, ...]:
    """What a text counts ("nine videos"), ranks ("the 10th video") and says of where something was shown.

    The numbers and releases of `read_told` without their contexts, and ordinals besides: those contradict nothing, and
    answer a reader. Cost: a tenth of `read_told` where there is none of it, a half else.
    """
    if len(text) > LONGEST_TEXT or not _FIGURE_SIGNS.search(text.lower()):
        return ()
    blanked = _blank_out(text, read_when(text, None)) if _DATE_SIGNS.search(text) else text
    numbers = (told for told in read_numbers(blanked, "") if told.kind != "age")  # whose it is no figure says
    return (*_read_releases(blanked), *numbers, *read_ranks(blanked))


def _blank_out(text: str, found: Iterable[When | Tally]) -> str:
    """The text with blanks for some of its stretches."""
    for one in found:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def _read_hours(text: str) -> Iterator[Told]:
    for hour in find_hours(text):
        titles = read_titles(text, hour.start, hour.end)
        context = read_context(text, hour.start, hour.end, LOWER_WORD, NEXT_EVENT) - STAMPS
        yield Told("date", f"hour {hour.of}".strip(), (hour.span,), hour.printed, measures=titles, context=context)


def _tell_tally(text: str, tally: Tally) -> Told:
    context = read_context(text, tally.start, tally.end)
    votes = frozenset([tally.votes])
    return Told("number", "votes", votes, tally.printed, "votes", measures=tally.bodies, context=context)


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


def _read_roles(text: str) -> Iterator[Told]:
    for role in (*read_roles(text), *read_prizes(text)):
        event = frozenset([f"event {role.event}"] if role.event else [])
        yield Told("role", role.key, role.names, role.printed, is_rough=role.is_shared, measures=event)


def _read_marks(text: str) -> Iterator[Told]:
    """The rating that a film has, and what it was shot on."""
    for match in _RATED.finditer(text) if "rated" in text else ():
        yield Told("rating", "rating", frozenset([match["rating"].lower()]), match["rating"])
    for match in _SHOT_ON.finditer(text) if any(sign in text for sign in _STOCK_SIGNS) else ():
        stocks = _ANY_STOCK.findall(match.group())
        yield Told("format", "format", frozenset(one.replace(" ", "").lower() for one in stocks), match["stock"])
