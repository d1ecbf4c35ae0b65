"""One part of an article as it is printed: paragraphs, what stands in quote marks, and what is a quote without any.

A paragraph without marks is a quote where the one before ends with a colon and gives somebody the word, and so is what
stands behind the label of a person ("MOSS: We ran.") in an interview.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise

from presswatch.claims.credits import CreditSpan
from presswatch.claims.marks import Marked, find_marked, mask_quotes
from presswatch.claims.names import People
from presswatch.claims.sentences import split_paragraphs
from presswatch.claims.speech import Saying, find_sayings
from presswatch.claims.words import SHORT_QUOTE_WORDS
from presswatch.model import ENGLISH, Article, Part
from presswatch.outlets import Registry

_LABELS = 2  # an interview has at least so many that speak: a lone one is a heading ("UPDATE: …")
_BLOCK_WORDS = 8  # the shortest block quote without marks; what is shorter may be a heading or the head of a list
# The label of a transcript ("MOSS: We ran.")
LABEL = re.compile(r"(?P<name>[A-Z][A-Z.’'-]{1,20}(?: [A-Z][A-Z.’'-]{1,20}){0,2}): ")
# And of one in small letters ("Moss: We ran."), which many a heading looks like
PLAIN_LABEL = re.compile(r"(?P<name>[A-Z][\w.’'/-]{0,30}(?: [A-Z][\w.’'/-]{0,20}){0,3}): ")
_LINE_LABEL = re.compile(rf"^{PLAIN_LABEL.pattern}", re.MULTILINE)
WORD = re.compile(r"[^\W\d_][\w’'-]*")


@dataclass(slots=True)
class Quote:
    """A quote on its way to a mention: where it stands, and whose it is."""

    span: Marked
    saying: Saying | None = None
    speaker: str | None = None
    credit: CreditSpan | None = None
    chain: int = 0  # spans of one interrupted or multi-paragraph quote share it
    is_embedded: bool = False  # a part of its sentence's own words
    has_frame: bool = False  # its own sentence says whose it is


@dataclass(slots=True)
class Sentence:
    """A sentence on its way to a mention: where it stands, and what was found in it."""

    start: int
    end: int
    spans: list[Marked] = field(default_factory=list)  # that begin in it
    sayings: list[Saying] = field(default_factory=list)
    credits: list[CreditSpan] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)  # those of the spans that somebody says
    owner: Saying | None = None  # the verb of saying that governs it without quote marks
    speaker: str | None = None  # whose it is by that

    def sayings_round(self, span: Marked) -> tuple[Saying | None, Saying | None]:
        """The last verb of saying before a quote, and the first after it."""
        place = bisect_left(self.sayings, span.start, key=lambda said: said.cue_start)
        after = bisect_left(self.sayings, span.end, lo=place, key=lambda said: said.cue_start)
        return (
            self.sayings[place - 1] if place else None,
            self.sayings[after] if after < len(self.sayings) else None,
        )


class Passage:
    """A part of an article, and where in it the quotes stand. It stays as it is while it is read."""

    def __init__(self, article: Article, part: Part, outlets: Registry) -> None:
        self.article, self.part, self.outlets = article, part, outlets
        self.text = article.part(part)
        self.language = article.language or ENGLISH
        self.is_english = self.language == ENGLISH
        self.paragraphs = list(split_paragraphs(self.text))
        self.marked = [find_marked(self.text, start, end) for start, end in self.paragraphs]  # of each paragraph
        self.masked = mask_quotes(self.text, list(chain.from_iterable(self.marked)))
        self.labelled, answers = self._find_answers()  # of an interview, whom its labels mean
        if unmarked := {**answers, **self._find_blocks()}:
            for number, block in unmarked.items():
                self.marked[number] = [block]
            self.masked = mask_quotes(self.text, list(chain.from_iterable(self.marked)))

    @cached_property
    def small_words(self) -> frozenset[str]:
        """The words that the article writes with a small letter."""
        return frozenset(word for word in WORD.findall(self.article.text) if word[0].islower())

    def _find_blocks(self) -> dict[int, Marked]:
        """The block quotes, by the number of the paragraph: a verb of saying and a colon lead up to it."""
        found = {}
        for number, ((before, colon), (start, end)) in enumerate(pairwise(self.paragraphs), start=1):
            is_marked = bool(self.marked[number]) and self.marked[number][0].start == start
            block = Marked(start=start, end=end, inner_start=start, inner_end=end)
            if (
                self.text[colon - 1] == ":"
                and not is_marked
                and block.words(self.text) >= _BLOCK_WORDS
                and find_sayings(self.masked, before, colon)
            ):
                found[number] = block
        return found

    def _find_answers(self) -> tuple[Mapping[str, str], Mapping[int, Marked]]:
        """Whom the labels of an interview mean, and what stands behind them, by the number of the paragraph.

        A question, and what the outlet says under its own name, is none. Labels in small letters make an interview
        where an outlet asks under one of them.
        """
        labels = self._find_labels()
        named = {label["name"] for label in labels if label}
        if len(named) < _LABELS:
            return {}, {}
        labelled, found = self._find_labelled(named), {}
        for number, (label, (_, end)) in enumerate(zip(labels, self.paragraphs, strict=True)):
            if not label or label["name"] not in labelled or self.text[end - 1] == "?":
                continue
            if any(span.start == label.end() for span in self.marked[number]):
                continue
            block = Marked(start=label.end(), end=end, inner_start=label.end(), inner_end=end)
            if block.words(self.text) >= SHORT_QUOTE_WORDS:
                found[number] = block
        return labelled, found

    def _find_labels(self) -> Sequence[re.Match[str] | None]:
        """What may be the label of each paragraph."""
        plain = [PLAIN_LABEL.match(self.text, start, end) for start, end in self.paragraphs]
        if any(label and self.outlets.named(label["name"]) for label in plain):
            return plain
        return [LABEL.match(self.text, start, end) for start, end in self.paragraphs]

    def _find_labelled(self, named: AbstractSet[str]) -> dict[str, str]:
        """Whom labels mean that the article names elsewhere too, and no outlet's: not "BEST DIRECTOR: …"."""
        text = "\n".join(self.text[start:end] for start, end in self.paragraphs)
        printed = f"{self.article.headline}\n{self.article.dek}\n{_LINE_LABEL.sub('', text)}"
        people = People(printed)
        found: dict[str, str] = {}
        for label in named:
            name = label.title() if label.isupper() else label
            full = name if " " in name and name in printed else people.full_name(name, len(printed))
            if " " in full and full in printed and not self.outlets.named(name):
                found[label] = full
        return found
