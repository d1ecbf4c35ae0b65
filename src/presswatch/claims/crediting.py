"""The credits of a passage, sentence by sentence: "the magazine" is the outlet that was credited before it."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from presswatch.claims.credits import CreditSpan, find_credit_again, find_credits
from presswatch.claims.passage import Passage, Sentence

_CREDIT_CHARS = 1500  # how far "the magazine" reaches back to what was credited: some five paragraphs
_AND_BEFORE = re.compile(r"[A-Z][\w.’'-]*,? and\s\Z")  # "ReelWire and Gamut reported": which of them is "the magazine"?
_AND_AFTER = re.compile(r",? and (?:[Tt]he )?[A-Z]")
_ON_PODCAST = re.compile(  # a name in quote marks, masked
    r"\b(?:sa(?:ys?|id)|told|reveal(?:s|ed)|recall(?:s|ed)|jok(?:es|ed)|explain(?:s|ed)|appearance|speaking|spoke)"
    r"(?: (?:on|to))? (?:(?:the|his|her|their) )?(?P<kind>podcast )?[“‘\"'](?P<name>x+[,.]?)[”’\"'](?(kind)| podcast)",
    re.IGNORECASE,
)


class CreditReader:
    """Finds the credits of a passage's sentences, which come in their order."""

    def __init__(self, passage: Passage) -> None:
        self.names: set[str] = set()  # as printed, of the outlets that were credited so far
        self._passage = passage
        self._last: CreditSpan | None = None

    def read(self, sentence: Sentence, words: AbstractSet[str]) -> list[CreditSpan]:
        """The credits of a sentence that has these words."""
        masked = self._passage.masked
        found = find_credits(masked, self._passage.outlets, sentence.start, sentence.end, words=words)
        if not found and "podcast" in words:
            found = self._find_podcast(sentence)
        last = self._last
        if not found and last and sentence.start - last.end <= _CREDIT_CHARS:
            again = find_credit_again(masked, sentence.start, sentence.end, last, words)
            found = [again] if again else []
        self.names.update(credit.name for credit in found)
        if found:
            is_one_of_two = _AND_BEFORE.search(masked, sentence.start, found[-1].start) or _AND_AFTER.match(
                masked, found[-1].end, sentence.end
            )
            self._last = None if is_one_of_two else found[-1]
        return found

    def _find_podcast(self, sentence: Sentence) -> list[CreditSpan]:
        """The podcast that a sentence names in quote marks, and somebody was heard on."""
        passage = self._passage
        shown = _ON_PODCAST.search(passage.masked, sentence.start, sentence.end)
        if not shown:
            return []
        name = passage.text[slice(*shown.span("name"))].rstrip(",.")
        outlet = passage.outlets.named(name)
        return [CreditSpan(*shown.span(), passage.text[slice(*shown.span())], outlet.id if outlet else None, name)]
