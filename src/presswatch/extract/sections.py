"""The entries of a live blog, and when each was written: by JSON-LD, else by the times printed between them."""

from __future__ import annotations

import html as entities
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from presswatch.extract.dates import Calendar
from presswatch.extract.decode import clean_line
from presswatch.extract.page import Page, types_of
from presswatch.extract.prose import Survey, fold, opening_of
from presswatch.model import Section

_LEAST_ENTRIES = 3  # of a live blog; an article has a time at its head and one at its foot
_MOST_HEADING_CHARS = 200


def find_sections(page: Page, survey: Survey, paragraphs: Sequence[str], calendar: Calendar) -> tuple[Section, ...]:
    """The sections of an article's text, in its order; none where it is no live blog.

    Args: `paragraphs` are those of the text; offsets count in them, joined by one character.
    """
    starts = _find_updates(page, paragraphs) or _find_times(survey, paragraphs)
    if len(starts) < _LEAST_ENTRIES:
        return ()
    offsets = [0]
    for paragraph in paragraphs:
        offsets.append(offsets[-1] + len(paragraph) + 1)
    return tuple(
        Section(start_char=offsets[number], at=calendar.read(coded), heading=heading)
        for number, (coded, heading) in sorted(starts.items())
    )


def _find_updates(page: Page, paragraphs: Sequence[str]) -> dict[int, tuple[Any, str | None]]:
    """Where the updates that JSON-LD lists begin: at their headline, else at their first words."""
    found: dict[int, tuple[Any, str | None]] = {}
    updates = list(_updates(page))
    places = _Places(paragraphs if updates else ())
    for update in updates:
        headline = clean_line(entities.unescape(str(update.get("headline") or "")))[:_MOST_HEADING_CHARS]
        opening = opening_of(clean_line(entities.unescape(str(update.get("articleBody") or ""))))
        wanted = [words for words in (fold(headline), opening) if words]
        number = next((place for words in wanted if (place := places.find(words)) is not None), None)
        if number is not None:
            found.setdefault(number, (update.get("datePublished"), headline or None))
    return found


class _Places:
    """Where paragraphs stand, by how they begin: a page may list thousands of updates, and hold as many lines."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._folded = sorted((fold(paragraph), number) for number, paragraph in enumerate(paragraphs))
        self._found: dict[str, int | None] = {}

    def find(self, words: str) -> int | None:
        """The number of the first paragraph that begins with these words, folded."""
        if words not in self._found:
            first = bisect_left(self._folded, (words, 0))
            behind = (self._folded[place] for place in range(first, len(self._folded)))
            begun = takewhile(lambda pair: pair[0].startswith(words), behind)
            self._found[words] = min((number for _, number in begun), default=None)
        return self._found[words]


def _updates(page: Page) -> Iterator[Mapping[str, Any]]:
    for item in page.json_ld:
        if "LiveBlogPosting" in types_of(item):
            listed = item.get("liveBlogUpdate")
            yield from (
                update for update in (listed if isinstance(listed, list) else [listed]) if isinstance(update, dict)
            )


def _find_times(survey: Survey, paragraphs: Sequence[str]) -> dict[int, tuple[Any, str | None]]:
    """The paragraphs right behind times that are marked up between paragraphs and run in one direction."""
    found: dict[int, tuple[Any, str | None]] = {}
    if len(survey.times) < _LEAST_ENTRIES:
        return found
    places = {fold(paragraph): number for number, paragraph in reversed(list(enumerate(paragraphs)))}
    kept = {
        number: places[words]
        for number, block in enumerate(survey.blocks)
        if survey.rules[number] is None and (words := fold(block.text)) in places
    }
    if not kept:
        return found
    first, last = min(kept), max(kept)
    before = [time for time in survey.times if time[0] < first][-1:]  # of the first entry, or of the page
    times = [time for time in survey.times if first <= time[0] <= last]
    times = next((run for run in ([*before, *times], times) if _runs_one_way(run)), [])
    for (number, coded), (following, _) in pairwise([*times, (len(survey.blocks), "")]):
        behind = next((kept[block] for block in range(number, following) if block in kept), None)
        if behind is not None:
            found.setdefault(behind, (coded, None))
    return found


def _runs_one_way(times: Sequence[tuple[int, str]]) -> bool:
    coded = [code for _, code in times]
    return sorted(coded) in (coded, coded[::-1])
