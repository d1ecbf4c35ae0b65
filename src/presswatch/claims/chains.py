"""Which stretches in quote marks are one quote: interrupted by its frame, or going on in the next paragraph."""

from __future__ import annotations

import re

from presswatch.claims.passage import WORD, Passage, Quote
from presswatch.claims.words import CUES, NO_NAMES

OWN_WORDS = 5  # content words beside whole quotes and their frame that say something of their own
_ANOTHER = re.compile(r"(?:another|others)\b", re.IGNORECASE)


class Chains:
    """Numbers the quotes of a passage, which come in their order; those that are one have one number."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._open: list[Quote] = []  # spans of a quote whose closing mark has not come yet
        self._count = 0

    def link(self, quote: Quote, before: Quote | None, *, opens: bool) -> None:
        """Give a quote the chain of the one that it continues, and what is known of that; or a chain of its own.

        Args: the quote before it in its paragraph; whether it opens the paragraph.
        """
        if self._goes_on(quote, before, opens=opens):
            last: Quote | None = self._open[-1]
            continues = True
            self._tell_open(quote)
        else:
            last, self._open = before, []
            continues = (
                before is not None
                and not quote.is_embedded
                and self._is_frame(before.span.end, quote.span.start, quote)
                and not _is_of_another(quote, before)
            )
        if quote.span.runs_on:
            self._open.append(quote)
        if last is not None and continues:
            quote.chain, quote.credit = last.chain, quote.credit or last.credit
            quote.speaker, quote.saying = quote.speaker or last.speaker, quote.saying or last.saying
            return
        self._count += 1
        quote.chain = self._count

    def _goes_on(self, quote: Quote, before: Quote | None, *, opens: bool) -> bool:
        """Whether a quote goes on with one that the paragraph before left open."""
        if not self._open or before is not None or not opens:
            return False
        last = self._open[-1]
        is_next = not self._passage.text[last.span.end : quote.span.start].strip()
        return is_next and not (last.has_frame and quote.has_frame and last.speaker != quote.speaker)

    def _tell_open(self, quote: Quote) -> None:
        """Give the spans of an open quote the speaker that only a later one names."""
        if quote.speaker is None or not quote.has_frame:
            return
        is_named = quote.speaker[0].isupper()  # "she" that fits nobody tells less than who was heard before
        for span in self._open:
            if not span.has_frame and (is_named or span.speaker is None):
                span.speaker, span.saying, span.credit = quote.speaker, quote.saying, span.credit or quote.credit

    def _is_frame(self, start: int, end: int, quote: Quote) -> bool:
        """Whether nothing but a frame stands between two quotes."""
        words = map(str.lower, WORD.findall(self._passage.text, start, end))
        own = [word for word in words if word not in NO_NAMES and word not in CUES]
        said = set(WORD.findall(quote.saying.speaker.lower())) if quote.saying else set()
        return len([word for word in own if word not in said]) < OWN_WORDS


def _is_of_another(quote: Quote, before: Quote) -> bool:
    """Whether a quote and the one before it have frames that name two: “…,” says Ana Ruiz. Karl Quill asks.

    "The actor" may be who was named before; "another" is not.
    """
    if not (quote.has_frame and before.has_frame and quote.speaker and before.speaker):
        return False
    words, others = (set(speaker.split()) for speaker in (quote.speaker, before.speaker))
    are_names = " " in quote.speaker and all(word[0].isupper() for word in words) and before.speaker[0].isupper()
    return words.isdisjoint(others) and (are_names or _ANOTHER.match(quote.speaker) is not None)
