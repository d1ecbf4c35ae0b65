"""Who a frame names: the person's fullest name, whom a pronoun or "the director" means, whom a label stands for."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property

from presswatch.claims.marks import Marked
from presswatch.claims.names import People
from presswatch.claims.passage import LABEL, PLAIN_LABEL, Passage, Quote
from presswatch.claims.roles import Roles, is_role
from presswatch.claims.speech import Saying
from presswatch.claims.tongues import GERMAN, trim_foreign

_LABEL_LETTERS = 3
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_SPEAKERS = frozenset({"which", "who", "that", "this", "nobody", "no one", "none"})
_OWN_VERSION = re.compile(r"an? (?:earlier|previous|original) version of th", re.IGNORECASE)  # a correction's words
_MASKED_TITLE = re.compile(r"[“‘\"']x+[”’\"'] ")


class Speakers:
    """Tells who speaks in a passage, whose sentences come in their order."""

    def __init__(self, passage: Passage, credited: Collection[str]) -> None:
        """Args: `credited` are the names of the outlets that were credited so far, and may grow."""
        self._passage, self._credited = passage, credited
        self._speaking: str | None = None  # whom the last sentence with a verb of saying gave the word

    @cached_property
    def _people(self) -> People:
        """The persons of the passage; made where somebody speaks, for many a page has nobody who does."""
        outlets = self._passage.outlets
        return People(self._passage.masked, is_outlet=lambda name: name in self._credited or outlets.named(name))

    @cached_property
    def _roles(self) -> Roles:
        """Who is called what in the passage; made where "the director" or the like speaks."""
        return Roles(self._passage.masked)

    def give_word(self, speaker: str | None) -> None:
        """Remember whom a sentence gives the word: "she" of the next ones may be who was heard last."""
        self._speaking = speaker

    def name(self, saying: Saying, quote: Quote | None = None) -> str | None:
        """The full name of whom a frame names; a pronoun that fits nobody stays as printed."""
        if not self._passage.is_english:
            return self._name_foreign(saying)
        printed, at, text = saying.speaker, saying.speaker_start, self._passage.text
        if "x" in printed and _MASKED_TITLE.search(printed):  # "the “Paper Harbor” director"
            held = self._roles.holder(_MASKED_TITLE.sub("", printed), at)
            return self._people.full_name(*held) if held else text[at : at + len(printed)]
        if printed.lower() in {"he", "she"}:
            said = set(_LETTERS.findall(text, quote.span.start, quote.span.end)) if quote else ()
            return self._people.resolve(printed, at, last_speaker=self._speaking, said=said) or printed
        if printed.lower() in _NO_SPEAKERS or _OWN_VERSION.match(printed):
            return None
        held = self._roles.holder(printed, at) if is_role(printed) else None
        return self._people.full_name(*(held or (printed, at)))

    def _name_foreign(self, saying: Saying) -> str | None:
        """Who a frame names in an article that is not English: capitals alone make no name there.

        Beside a verb of saying one word will do, but in German, where all nouns have capitals. Before a colon alone a
        name has two, and none that the article writes small elsewhere, as the beginning of a sentence is.
        """
        small_words = self._passage.small_words
        printed = trim_foreign(saying.speaker, small_words)
        full = trim_foreign(self._people.full_name(printed, saying.speaker_start), small_words) if printed else ""
        capital = [word for word in full.split() if word[0].isupper()]
        if saying.cue == ":":
            return full if len(capital) > 1 and small_words.isdisjoint(map(str.lower, capital)) else None
        return full if len(capital) > (self._passage.language == GERMAN) else None

    def find_label(self, span: Marked) -> Saying | None:
        """Who speaks by the label of a transcript inside a quote, under the name as the article writes it elsewhere."""
        text = self._passage.text
        label = LABEL.match(text, span.inner_start, span.inner_end)
        if not label and span.start == span.inner_start:  # an answer, without marks
            line = PLAIN_LABEL.match(text, text.rfind("\n", 0, span.start) + 1, span.start)
            label = line if line and line.end() == span.start else None
        if not label:
            return None
        if len(label["name"]) < _LABEL_LETTERS and span.start != span.inner_start:  # "“OK: we run”"
            return None
        full = self._passage.labelled.get(label["name"]) or self._people.full_name(label["name"].title(), span.start)
        return Saying(full if " " in full else label["name"], ":", span.start, label.end(), span.start, span.start)
