"""Sentences with offsets that hold. syntok decides the hard boundaries; the plain ones need no library.

Most boundaries are plain: a small-letter word, a full stop, a capital. A paragraph is cut there first, and only pieces
that still hold a full stop inside go through syntok, which is slower than everything else in this room together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import syntok.segmenter
from syntok.tokenizer import Tokenizer

from presswatch.claims.words import word_set

_PARAGRAPH = re.compile(r"[^\n]+")
_CANDIDATE = re.compile(r"[.!?][”’»\")\]]{0,2}[ \t\u00a0]+(?=[“‘«\"(„]?[A-Z][a-z]|[“«\"„]xx|(?:A|I) )")
_LAST_WORD = re.compile(r"[\w.’'-]+$")
# small-letter words that end with a full stop inside a sentence; capitalised ones are never plain under six letters
_ABBREVIATIONS = word_set("""
    vs etc approx ca cf ff fig figs vol vols ed eds pp no nos op al ft feat est incl max min misc esp resp viz sq
    mph oz lb lbs ext dept asst assoc messrs dr mr mrs ms st jr sr prof gen rep sen gov bzw usw evtl inkl zzgl ggf
    bspw
    """)
_PLAIN_CAPITALISED = (
    6  # letters; the longest abbreviations in print with a capital (Calif., Assoc.) have five, Messrs. is named
)
_LONGEST_WORD_CHARS = 40  # how far back the word before a full stop is looked for
_MAYBE_INNER = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)[.!?…](?=\S{0,3}\s)")
_ENDS = re.compile(r"[.!?…。！？][”’»\"')\]]*$")
# syntok splits after these; the name follows (Associated Press forms of titles, ranks and months)
_TITLE_ENDS = re.compile(
    r"(?:^|[\s(“\"‘])(?:Rep|Reps|Sens|Gov|Govs|Lt|Sgt|Maj|Cmdr|Rev|Hon|Supt|Atty|Messrs|Mmes|Mme|Mlle|Amb|Pres|Aug|Blvd"
    r"|Ft|Nos|ft|feat)\.$"
)

_TOKENIZER = Tokenizer(replace_not_contraction=False)


def split_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the lines that hold anything but blanks, without the blanks at their ends."""
    for line in _PARAGRAPH.finditer(text):
        start, end = _trim(text, line.start(), line.end())
        if start < end:
            yield start, end


def split_sentences(masked: str, start: int, end: int, whole: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """Offsets of the sentences of one paragraph, in order, without the blanks between them.

    Args: the text with quotes masked (a full stop inside a quote ends nothing), the paragraph's offsets, and the
    stretches of it, in order, that no boundary may cut.
    """
    spans: list[tuple[int, int]] = []
    at = start
    for candidate in _CANDIDATE.finditer(masked, start, end):
        if _is_plain(masked, at, candidate.start()):
            spans += _split_piece(masked, at, candidate.end())
            at = candidate.end()
    return _join_cut(spans + _split_piece(masked, at, end), whole)


def _is_plain(masked: str, start: int, stop: int) -> bool:
    """Whether the sign at `stop` surely ends a sentence: it follows a small-letter word, a long one, or a quote."""
    if masked[stop] != ".":
        return True
    found = _LAST_WORD.search(masked, max(start, stop - _LONGEST_WORD_CHARS), stop)
    if not found:
        return stop > start and masked[stop - 1] in '”"»)'
    word = found.group()
    if "." in word or not word[-1].islower():
        return False
    if word[0].isupper():
        return len(word) >= _PLAIN_CAPITALISED and word.lower() not in _ABBREVIATIONS
    return len(word) > 1 and word not in _ABBREVIATIONS


def _join_cut(spans: list[tuple[int, int]], whole: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences, those joined again whose boundary lies inside a stretch that must stay whole."""
    joined: list[tuple[int, int]] = []
    stretches = iter(whole)
    one, other = next(stretches, (0, 0))
    for start, end in spans:
        while other and other <= start:
            one, other = next(stretches, (0, 0))
        if joined and one < start < other:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _split_piece(masked: str, start: int, end: int) -> list[tuple[int, int]]:
    start, end = _trim(masked, start, end)
    if start >= end:
        return []
    if not _MAYBE_INNER.search(masked, start, end - 1):
        return [(start, end)]
    piece = masked[start:end]
    begins = [tokens[0].offset for tokens in syntok.segmenter.segment(_TOKENIZER.tokenize(piece)) if tokens]
    cuts = [0, *sorted(at for at in begins[1:] if _is_boundary(piece, at)), len(piece)]
    pairs = (_trim(piece, one, other) for one, other in pairwise(cuts))
    return [(start + one, start + other) for one, other in pairs if one < other]


def _is_boundary(piece: str, at: int) -> bool:
    """Whether a sentence may begin here: syntok also cuts at semicolons, brackets and titles that it does not know."""
    before = piece[max(0, at - 16) : at].rstrip()
    return bool(_ENDS.search(before)) and not _TITLE_ENDS.search(before)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
