"""What a revision changed, sentence by sentence."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from rapidfuzz import fuzz

from presswatch.claims.sentences import split_paragraphs, split_sentences

Change = tuple[Literal["added", "removed", "changed"], str, str]

_STILL_THE_SAME = 60.0  # likeness of two sentences, of 100, from which one is the other reworded


def diff_sentences(before: str, after: str) -> list[Change]:
    """The sentences that differ between two texts of an article, as (change, before, after) in the order of reading.

    A sentence that was reworded where it stood is `changed`; the missing side of the others is empty.
    """
    old, new = _sentences(before), _sentences(after)
    changes: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            changes += _pair(old[a:b], new[c:d])
    return changes


def _pair(old: list[str], new: list[str]) -> list[Change]:
    """The changes of a stretch: sentences at the same place are one sentence reworded, where they are alike enough."""
    changes: list[Change] = []
    for was, now in zip_longest(old, new, fillvalue=""):
        if was and now and fuzz.token_sort_ratio(was, now) >= _STILL_THE_SAME:
            changes.append(("changed", was, now))
            continue
        if was:
            changes.append(("removed", was, ""))
        if now:
            changes.append(("added", "", now))
    return changes


def _sentences(text: str) -> list[str]:
    spans = [span for start, end in split_paragraphs(text) for span in split_sentences(text, start, end)]
    return [text[start:end] for start, end in spans]
