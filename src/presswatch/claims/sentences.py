"""Sentences with offsets that hold. syntok decides the hard boundaries; the plain ones need no library.

Most boundaries are plain: a small-letter word, a full stop, a capital. A paragraph is cut there first. Where a sign
inside a piece may still end a sentence, syntok is shown the few words round it, for a word costs it more than all else
in this room together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import syntok.segmenter
from syntok.tokenizer import Tokenizer

from presswatch.claims.names import UPPER
from presswatch.claims.words import word_set

_PARAGRAPH = re.compile(r"[^\n]+")
_LOWER = "a-zß-öø-ÿ"
_CANDIDATE = re.compile(
    rf"[.!?][”’»\")\]]{{0,2}}[ \t\u00a0]+(?=(?:[“‘«\"(„]?(?P<next>[{UPPER}][{_LOWER}]+)|(?P<quote>''|[“«\"„])xx|[AI] ))"
)
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
_YEAR_DIGITS = 4  # fewer may be an ordinal ("am 13. Mai")
# words that begin a sentence wherever they have a capital after a full stop: they are no names
_STARTERS = word_set("""
    A After All An And As At Because But By For From Had Has He Her Here His How However I If In Is It Its My No Not Now
    Of On Once Only Or Our She Since So Some Still That The Their Then There These They This Those Though To Under Until
    We Were What When Where Which While Who Why With Yet You Your
    """)
_LONGEST_WORD_CHARS = 40  # how far back the word before a full stop is looked for
# up to where a sentence may begin: never with a small letter, and where the blank was lost only with a capitalised word
_MAYBE_BEGINS = re.compile(  # the sign first: a pattern that begins with a set of signs is found ten times as fast
    rf"[.!?…。！？](?:(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)[”’»\"')\]]*\s+(?![{_LOWER}\s])"
    r"|(?<=[a-z].)(?=[A-Z][a-z ]))"
)
_ENDS = re.compile(r"[.!?…。！？][”’»\"')\]]*$")
# How much of a piece without brackets syntok is shown: on 3,500 articles it cuts there as it does in the whole piece,
# and with one word less on a side it does not
_WORDS_BEFORE = 4
_WORDS_AFTER = re.compile(r"(?:\S+\s*){1,3}")
_WINDOW_CHARS = 80  # on either side
_WINDOWS_KEPT = 4096  # judged windows remembered: names and dates come again in an article and its story
_BRACKET = re.compile(r"[()\[\]]")  # syntok steps over brackets, so it is shown a piece with one as a whole
# syntok splits after these; the name follows (Associated Press forms of titles, ranks and months)
_TITLE_ENDS = re.compile(
    r"(?:^|[\s(“\"‘])(?:Rep|Reps|Sens|Gov|Govs|Lt|Sgt|Maj|Cmdr|Rev|Hon|Supt|Atty|Messrs|Mmes|Mme|Mlle|Amb|Pres|Aug|Blvd"
    r"|Ft|Nos|ft|feat)\.$"
)
_MONTH_ENDS = re.compile(r"\b(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$")  # "Sept. 2-12"

_TITLE_CHARS = 16  # how far back a title is looked for

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
        if _is_plain(masked, at, candidate):
            spans += _split_piece(masked, at, candidate.end())
            at = candidate.end()
    return _join_cut(spans + _split_piece(masked, at, end), whole)


def _is_plain(masked: str, start: int, candidate: re.Match[str]) -> bool:
    """Whether a sign surely ends a sentence: it follows a small-letter word, a long one, a year or a quote."""
    stop = candidate.start()
    if masked[stop] != ".":
        return True
    found = _LAST_WORD.search(masked, max(start, stop - _LONGEST_WORD_CHARS), stop)
    if not found:
        return stop > start and masked[stop - 1] in '”"»)'
    word = found.group()
    if word.isdigit():
        is_label = found.start() == start  # "1. The first reason" is one sentence
        return not is_label and (len(word) == _YEAR_DIGITS or candidate["next"] in _STARTERS)
    if "." in word or not word[-1].islower():
        return False
    if word[0].isupper():
        is_sure = len(word) >= _PLAIN_CAPITALISED or candidate["quote"] or candidate["next"] in _STARTERS
        return bool(is_sure) and word.lower() not in _ABBREVIATIONS
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
    begins = [found.end() for found in _MAYBE_BEGINS.finditer(masked, start, end) if found.end() < end]
    if not begins:
        return [(start, end)]
    whole = masked[start:end] if _BRACKET.search(masked, start, end) else None
    cuts = [start, *(at for at in begins if _begins(masked, start, at, end, whole)), end]
    return [_trim(masked, one, other) for one, other in pairwise(cuts)]


def _begins(masked: str, start: int, at: int, end: int, whole: str | None) -> bool:
    """Whether a sentence begins at a place of a piece: syntok also cuts at semicolons and after titles new to it."""
    before = masked[max(start, at - _TITLE_CHARS) : at].rstrip()
    if not _ENDS.search(before) or _TITLE_ENDS.search(before):
        return False
    if masked[at].isdigit() and _MONTH_ENDS.search(before):
        return False
    if whole is not None:
        return at - start in _segment(whole)
    seen = masked[max(start, at - _WINDOW_CHARS) : at]
    rest, *words = seen.rsplit(None, _WORDS_BEFORE)
    seen = seen[len(rest) :].lstrip() if len(words) == _WORDS_BEFORE else seen
    following = _WORDS_AFTER.match(masked, at, min(end, at + _WINDOW_CHARS))
    return len(seen) in _segment(seen + following.group() if following else seen)


@lru_cache(maxsize=_WINDOWS_KEPT)
def _segment(piece: str) -> frozenset[int]:
    """Where sentences begin in a piece, as syntok sees it."""
    return frozenset(tokens[0].offset for tokens in syntok.segmenter.segment(_TOKENIZER.tokenize(piece)) if tokens)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
