"""Words made fit for paper and terminal: compared, marked and shortened word by word, counted, dated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_TOKEN = re.compile(r"\S+")
_QUOTES = str.maketrans("“”„‟‘’‚‛«»", '""""\'\'\'\'""')

_WORD = re.compile(r"[^\W_][\w’'-]*")
_LEAST_SHARED = 2  # words: texts that have one in common say nothing by it
_MOST_NAMED = 4  # names in a list; where there are more, the last place says how many

_A_DAY, _A_MOMENT = timedelta(days=1), timedelta(minutes=1)  # what an outlet tells to the minute is a moment
_PLUS = "+\u00a0"

Change = Literal["same", "cut", "added"]
Mark = Literal["own", "shared", "disputed"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of words that two texts share, or that only the first (`cut`) or only the second (`added`) has."""

    change: Change
    text: str


class Stretch(NamedTuple):
    """Words of one of several texts: that only it has, that another one has too, or that stand against another's."""

    mark: Mark
    text: str


def compare_words(before: str, after: str) -> tuple[Run, ...]:
    """What was cut and what was added on the way from one text to another, by whole words; quote marks do not count.

    The `same` and `added` runs joined with blanks are `after`; where a wording is replaced, the cut comes first.
    Cost: quadratic at worst; sentences and quotes are short.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, _fold(old), _fold(new), autojunk=False)
    runs: list[Run] = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            runs.append(Run(change="same", text=" ".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            runs.append(Run(change="cut", text=" ".join(old[old_from:old_to])))
        if new_to > new_from:
            runs.append(Run(change="added", text=" ".join(new[new_from:new_to])))
    return tuple(runs)


def mark_words(
    texts: Sequence[str], disputed: Sequence[Sequence[str]], fold: Callable[[str], str | None]
) -> list[list[Stretch]]:
    """What each of several texts shares with the others, and its values that stand against theirs.

    Args: the texts; for each the disputed values in it, as printed; what a word is compared by, None for one that
        says nothing (it goes with the word before it).
    Returns: stretches in order for each text; joined, they are the text.
    Cost: linear in the words.
    """
    spans = [list(_WORD.finditer(text)) for text in texts]
    stems = [[fold(word.group()) for word in words] for words in spans]
    counts = Counter(stem for own in stems for stem in set(own) if stem)
    marked = []
    for text, words, own, values in zip(texts, spans, stems, disputed, strict=True):
        shared = {stem for stem in own if stem and counts[stem] > 1}
        if len(shared) < _LEAST_SHARED:
            shared = set()
        cuts: list[tuple[int, Mark]] = [
            (word.start(), "shared" if stem in shared else "own") for word, stem in zip(words, own, strict=True) if stem
        ]
        cuts[:1] = [(0, mark) for _, mark in cuts[:1]] or [(0, "own")]  # what stands before the first goes with it
        marked.append(_lay_values(text, _stretch(text, cuts), values))
    return marked


def mark_value(text: str, value: str) -> list[Stretch]:
    """A text with the first place of a value in it marked as disputed; one stretch where it is not there."""
    return _lay_values(text, [(0, len(text), "own")], [value])


def _stretch(text: str, cuts: Sequence[tuple[int, Mark]]) -> list[tuple[int, int, Mark]]:
    """From where to where each mark goes; neighbours with the same mark are one."""
    found: list[tuple[int, int, Mark]] = []
    for (start, mark), (end, _) in zip(cuts, [*cuts[1:], (len(text), "own")], strict=True):
        if found and found[-1][2] == mark:
            found[-1] = (found[-1][0], end, mark)
        elif end > start:
            found.append((start, end, mark))
    return found


def _lay_values(text: str, spans: list[tuple[int, int, Mark]], values: Sequence[str]) -> list[Stretch]:
    """The stretches, with the first place of each value on top."""
    low = text.casefold() if values else ""
    places = sorted(place for value in values if value and (place := _find_word(low, value.casefold())))
    if len(low) != len(text) and values:  # where case changes lengths no place is right
        places = []
    laid, at = [], 0
    for start, end in [*places, (len(text), len(text))]:
        if start < at:
            continue
        laid += [
            Stretch(mark, text[max(begin, at) : min(stop, start)])
            for begin, stop, mark in spans
            if max(begin, at) < min(stop, start)
        ]
        if end > start:
            laid.append(Stretch("disputed", text[start:end]))
        at = end
    return laid


def _find_word(text: str, value: str) -> tuple[int, int] | None:
    found = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text)
    return found.span() if found else None


def tell_time(moment: datetime | None) -> str:
    """A moment for people: `3 Mar 2022, 14:05 UTC`; `date unknown` where there is none."""
    return f"{tell_day(moment)}, {moment:%H:%M} UTC" if moment else "date unknown"


def tell_day(moment: datetime | None) -> str:
    """A day for people: `3 Mar 2022`; `date unknown` where there is none."""
    return f"{moment.day} {moment:%b} {moment.year}" if moment else "date unknown"


def tell_span(first: datetime | None, last: datetime | None) -> str:
    """From when to when: `3 Mar 2022, 14:05 UTC – 9 Mar 2022, 08:00 UTC`; one moment where both are the same."""
    if first is None or last is None or first == last:
        return tell_time(first or last)
    if first.date() == last.date():
        return f"{tell_day(first)}, {first:%H:%M}–{last:%H:%M} UTC"
    return f"{tell_time(first)} – {tell_time(last)}"


def tell_bounds(earliest: datetime | None, latest: datetime | None) -> str:
    """When something came out, as exactly as is known: a moment, a day, between two moments, by one at the latest."""
    if earliest and latest and latest - earliest > _A_DAY:
        return f"between {tell_time(earliest)} and {tell_time(latest)}"
    if earliest and latest and latest - earliest == _A_DAY and earliest.time() == time():
        return f"{tell_day(earliest)}, hour unknown"
    if earliest and latest and latest - earliest > _A_MOMENT:
        return f"{tell_time(earliest)}, or up to {tell_lag(latest - earliest).removeprefix(_PLUS)} later"
    if earliest is None and latest:
        return f"date unknown; seen on {tell_day(latest)}"
    return tell_time(earliest)


def tell_lag(lag: timedelta | None) -> str:
    """How much later: `first`, `+ 40 min`, `+ 2 h 12 min`, `+ 3 d 4 h` (no-break blanks); nothing where not known."""
    if lag is None:
        return ""
    minutes = round(lag.total_seconds() / 60)
    if minutes <= 0:
        return "first"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    amounts = [(days, "d"), (hours, "h"), (minutes, "min")]
    leading = next(at for at, (amount, _) in enumerate(amounts) if amount)
    return _PLUS + " ".join(f"{amount}\u00a0{unit}" for amount, unit in amounts[leading : leading + 2] if amount)


def tell_count(number: int, noun: str, plural: str = "") -> str:
    """A counted noun: `1 outlet`, `2 outlets`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shorten(text: str, most: int) -> str:
    """A text of at most so many characters: from its beginning, to the end of a sentence, a clause or a word; then `…`.

    A sentence or a clause that ends earlier than `_LEAST_KEPT` of that is no place to cut. A quote is closed.

    >>> shorten("As for the boats, none survived the second night.", 22)
    'As for the boats…'
    >>> shorten("“They made a fleet. Nobody came back, and the pool was dry.”", 40)
    '“They made a fleet. Nobody came back…”'
    """
    if len(text) <= most:
        return text
    close = _CLOSING.get(text[:1], "")
    close = close if text.endswith(close) and len(close) + 1 < most else ""
    head = text[: most - len(close)]
    least = round(_LEAST_KEPT * len(head))
    ends = (max((end.end() for end in ends.finditer(head, least)), default=0) for ends in (_SENTENCE_END, _CLAUSE_END))
    at = next(filter(None, ends), 0) or head.rfind(" ")
    return (head[: max(at, 0)].rstrip(" ,;:.–—-") or head[:-1]) + "…" + close


def shorten_around(text: str, value: str, most: int) -> str:
    """A text of about so many characters that holds a value, or its first word: from its beginning, else cut before it.

    >>> shorten_around("They say that the boats were lost in the storm, but nine old steamers came back.", "nine", 40)
    '…but nine old steamers came back.'
    """
    if len(text) <= most:
        return text
    low, sought = text.casefold(), value.casefold()
    place = _find_word(low, sought) or _find_word(low, sought.partition(" ")[0])
    if place is None or len(low) != len(text) or place[1] <= _LEAST_KEPT * most:
        return shorten(text, most)
    begin = max(0, place[1] - most // 2)
    clause = max((end.end() for end in _CLAUSE_END.finditer(text, begin, place[0])), default=0)
    begin = clause or text.find(" ", begin, place[0]) + 1 or place[0]
    return "…" + shorten(text[begin:].lstrip(), most)


# Where a sentence and a clause can end: a mark, what closes a quote or bracket behind it, and a blank.
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]]*(?= )")
_CLAUSE_END = re.compile(r"[,;:][\"'”’»)\]]*(?= )|\s[–—](?= )|[)\]](?= )|—(?= )")
_LEAST_KEPT = 0.6  # of the room there is: who cuts sooner leaves out what would have had its place
_CLOSING = {"“": "”", '"': '"', "«": "»", "‘": "’"}


def join_words(words: Sequence[str]) -> str:
    """A list as a reader would say it: `a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def list_names(names: Sequence[str]) -> str:
    """Some names as a reader would say them, and how many more there are: `a, b and 3 more`."""
    if len(names) <= _MOST_NAMED:
        return join_words(names)
    return join_words([*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"])


def _fold(words: Sequence[str]) -> list[str]:
    return [word.translate(_QUOTES) for word in words]
