"""A saved text file → its paragraphs, and who signs it. A line is a paragraph, but where a text is hard-wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from presswatch.extract.byline import read_signature
from presswatch.extract.decode import clean_line
from presswatch.extract.lines import is_byline, strip_lines
from presswatch.model import Removed

# Mail is wrapped at 72 to 78, terminals at 80, some editors at 100; verse and lists have shorter lines than 50.
_LEAST_WIDTH, _MOST_WIDTH = 50, 100
_LEAST_TORN = 2  # breaks through a sentence: one may be a slip
_TORN_SHARE = 1 / 3  # of the breaks inside paragraphs: half and more in English, fewer where nouns have capitals
_ENDS = (".", "!", "?", ":", ";", "…", "”", "’", "“", "»", '"', ")")
_ITEM = re.compile(r"[-*•·]\s")
_HYPHENATED = re.compile(r"\w-$")
_SIGNING = frozenset({"line:byline", "line:date"})


def read_paragraphs(text: str) -> list[str]:
    """The headline and the paragraphs of a text file, cleaned; empty lines count for nothing.

    A text is hard-wrapped where empty lines part its paragraphs, its lines have a width, and sentences go through many
    of their ends. There lines are joined that are full, or break off in a sentence; of any other text a line is a
    paragraph, for lists, verse and the answers of an interview are set so.
    """
    runs = _runs([clean_line(line) for line in text.splitlines()])
    width = _width(runs)
    if not width:
        return [line for run in runs for line in run]
    headline, *rest = runs[0]
    return [headline, *(line for run in (rest, *runs[1:]) for line in _join(run, width))]


def _runs(lines: Sequence[str]) -> list[list[str]]:
    """Lines that no empty line parts."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if line:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _width(runs: Sequence[Sequence[str]]) -> int:
    """The longest line of a text that is hard-wrapped; 0 where it is not."""
    if len(runs) <= 1:
        return 0
    body = [runs[0][1:], *runs[1:]]  # the headline is a line of its own, however long
    width = max((len(line) for run in body for line in run if " " in line), default=0)
    if not _LEAST_WIDTH <= width <= _MOST_WIDTH:
        return 0
    torn = [_is_torn(line, following) for run in body for line, following in pairwise(run)]
    return width if sum(torn) >= max(_LEAST_TORN, _TORN_SHARE * len(torn)) else 0


def _is_torn(line: str, following: str) -> bool:
    """Whether a break goes through a sentence: no sign ends the line, and the next one begins with a small letter."""
    return not line.endswith(_ENDS) and following[0].islower()


def _join(run: Sequence[str], width: int) -> Iterator[str]:
    joined = ""
    for number, line in enumerate(run):
        if not joined:
            joined = line
        elif _goes_on(run[number - 1], line, width):
            joined += line if _HYPHENATED.search(joined) else f" {line}"
        else:
            yield clean_line(joined)
            joined = line
    if joined:
        yield clean_line(joined)


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a paragraph goes on in the next line: the line is torn, or had no room for the next one's first word."""
    if _ITEM.match(following):
        return False
    is_full = len(line) + len(" ") + len(following.partition(" ")[0]) > width
    return is_full or _is_torn(line, following)


def strip_text(
    lines: Sequence[str], stop: Sequence[str], headline: str | None, not_people: frozenset[str]
) -> tuple[list[str], list[Removed], tuple[str, ...], list[str]]:
    """Take out of the paragraphs under a headline what `strip_lines` does, and the lines that sign the text.

    Returns: what stays, what was taken out, who signs, and the lines that may tell the day.
    """
    kept, removed = strip_lines(lines, stop, headline)
    names = [name for block in removed if block.rule in _SIGNING for name in read_signature(block.text, not_people)]
    while kept and (signed := read_signature(kept[0], not_people)) and is_byline(kept[0], signed):
        names += signed
        kept, more = strip_lines(kept, stop, headline, signed)
        removed += more
    dated = [block.text for block in removed if block.rule in _SIGNING]
    return kept, removed, tuple(dict.fromkeys(names)), dated
