"""Quote marks: which stretches of a text stand in them, and the text with those stretches masked.

Curly, straight, single, German and French marks. An apostrophe is no mark: a single mark opens only before a word and
closes only after one, and never inside a word. What stands inside another quote belongs to that quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# opening mark -> the marks that close it, and those that do where the paragraph has none of the first: hands slip
_CLOSERS = {
    "“": (("”",), ('"', "“")),
    "„": (("“", "”"), ('"',)),
    "‟": (("”",), ('"',)),
    "«": (("»",),),
    "»": (("«",),),
    '"': (('"',), ("”", "“")),
    "``": (("''",), ('"',)),
    "‘": (("’",),),
    "‚": (("‘", "’"),),
    "‹": (("›",),),
    "'": (("'",),),
}
_SINGLE = "‘‚'’"
_MARK = re.compile(r"``|''|[“”„‟«»\"‘’‚‹›']")
_OPENS_AFTER = re.compile(r"[\s(\[{—–\-/:,“\"„«]|\Z")
_ELIDED = re.compile(r"(?:\d0s|\d\ds?\b|(?:tis|twas|til|till|em|cause|bout|round|n)\b)", re.IGNORECASE)
_ENDS_SPEECH = ".,!?…;:"
# A mark that is never closed opens a quote only if this much follows: else it is an inch or a slip
_LEAST_OPEN_CHARS = 40
# How far the closing mark of a single quote is looked for: an apostrophe must not open an article
_LONGEST_SINGLE_CHARS = 400
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A stretch of text in quote marks; `start` and `end` include the marks, `inner_*` do not.

    `runs_on` says that the paragraph ended before a closing mark came.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    runs_on: bool = False

    def words(self, text: str) -> int:
        """How many words stand between the marks."""
        return sum(1 for _ in _WORD.finditer(text, self.inner_start, self.inner_end))


def find_marked(text: str, start: int, end: int) -> list[Marked]:
    """The outermost stretches in quote marks of one paragraph, `text[start:end]`, in order."""
    marks = list(_MARK.finditer(text, start, end))
    last = {mark.group(): mark.start() for mark in marks}
    spans: list[Marked] = []
    at = start
    for number, mark in enumerate(marks):
        if mark.start() < at or not _opens(text, mark, start, end):
            continue
        close = _find_close(text, marks, number, last, end)
        if close is not None:
            spans.append(Marked(start=mark.start(), end=close.end(), inner_start=mark.end(), inner_end=close.start()))
            at = close.end()
        elif mark.group() not in _SINGLE and end - mark.end() >= _LEAST_OPEN_CHARS:
            spans.append(Marked(start=mark.start(), end=end, inner_start=mark.end(), inner_end=end, runs_on=True))
            break
    return spans


def _opens(text: str, mark: re.Match[str], start: int, end: int) -> bool:
    """Whether a mark begins a quote here. Straight marks look alike: the sides they touch tell."""
    sign, at = mark.group(), mark.end()
    if sign not in _CLOSERS or at >= end:
        return False
    before = text[mark.start() - 1] if mark.start() > start else ""
    if sign in {"“", "„", "‟", "«", "``"}:
        return True
    if sign in _SINGLE:
        after_word = bool(before) and not _OPENS_AFTER.match(before)
        return not after_word and text[at].isalnum() and not _ELIDED.match(text, at)
    return not text[at].isspace() and not before.isalnum()


def _find_close(
    text: str, marks: list[re.Match[str]], number: int, last: dict[str, int], end: int
) -> re.Match[str] | None:
    """The mark that closes the one with this number; `last` says where each kind of mark stands last."""
    mark = marks[number]
    if mark.group() in _SINGLE:
        return _find_single_close(text, mark, end)
    for wanted in _CLOSERS[mark.group()]:
        if all(last.get(sign, 0) <= mark.start() for sign in wanted):
            continue
        for later in range(number + 1, len(marks)):
            if marks[later].group() in wanted and _closes(text, marks[later], end):
                return marks[later]
    return None


def _find_single_close(text: str, mark: re.Match[str], end: int) -> re.Match[str] | None:
    """The first single mark after a word that cannot be a possessive, else the first one at all."""
    possible = None
    for found in _MARK.finditer(text, mark.end(), min(end, mark.end() + _LONGEST_SINGLE_CHARS)):
        if found.group() not in _CLOSERS[mark.group()][0]:
            continue
        if text[found.start() - 1].isspace() or text[found.end() : found.end() + 1].isalnum():
            continue
        if text[found.start() - 1] != "s":
            return found
        possible = possible or found
    return possible


def _closes(text: str, mark: re.Match[str], end: int) -> bool:
    """A straight mark glued to the next word and apart from the last opens a nested quote, and closes nothing."""
    if mark.group() != '"' or mark.end() >= end:
        return True
    return not (text[mark.start() - 1].isspace() and text[mark.end()].isalnum())


def mask_quotes(text: str, spans: list[Marked]) -> str:
    """The text with each quote as one long word of x, its last sign kept; every offset stays what it was.

    A splitter or a search for who speaks that sees what is quoted loses the frame round it.
    """
    pieces, at = [], 0
    for span in spans:
        keep = span.inner_end - (text[span.inner_end - 1] in _ENDS_SPEECH)
        pieces += [text[at : span.inner_start], "x" * (keep - span.inner_start)]
        at = max(span.inner_start, keep)
    pieces.append(text[at:])
    return "".join(pieces)
