"""How sure a sentence is of what somebody is to do: "in talks to star", or "signed on to star". English.

Of two that say so at one time, who tells of talks and who of a deal tell it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presswatch.align.denials import Deed, read_doer
from presswatch.align.text import STOP_STEMS, stem_word

_STAGE = r"(?:early|final|advanced|preliminary|exclusive|serious|active|late-stage)"
_TENTATIVE = (
    rf"in (?:{_STAGE} )?(?:talks|negotiations|discussions)"
    r"|(?:nearing|near|close to|closing in on) an? (?:deal|agreement)"
    r"|circling|eyeing|eyed|mulling|considering|(?:is|are|was|were) being (?:considered|eyed|courted|wooed)"
    r"|(?:the )?front-?runners?"
)
_FIRM = (
    r"signed on|signs on|(?:has|have) signed|signed|(?:closed|inked|struck|made|signed) a deal|agreed"
    r"|(?:is|are|now|officially) set"
    r"|(?:has been |have been |was |were |is |are )?(?:cast|hired|tapped|confirmed)"
)
_DEED = r"(?P<deed>(?:co-)?[a-z]{3,})"
_TALKS = re.compile(rf"\b(?:{_TENTATIVE})(?: on| for)?(?: a deal)? to {_DEED}\b", re.IGNORECASE)
_DEAL = re.compile(rf"\b(?:(?:{_FIRM}) to|will(?: now| also)?) {_DEED}\b", re.IGNORECASE)
_DONE = re.compile(r"\b(?:has|have)(?: officially)? (?P<deed>[a-z]{3,}ed)\b")
_LEFT_OPEN = re.compile(
    r"\b(?:if|whether|may|might|could|would|not|never|no longer|hop\w+|expect\w*|want\w*|rumou?r\w*|reportedly|likely"
    r"|possibl[ey]|plan\w*)\b|n[’']t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Stage(Deed):
    """A deed that somebody is to do, settled or talked of."""

    is_firm: bool


def tells_of_talks(text: str) -> bool:
    """Whether a text tells of something that is not settled."""
    return bool(_TALKS.search(text))


def find_stages(text: str) -> Iterator[Stage]:
    """What a text says of how sure it is that somebody will do something."""
    for pattern, is_firm in ((_TALKS, False), (_DEAL, True), (_DONE, True)):
        for match in pattern.finditer(text):
            doer, stem = read_doer(text, match.start()), stem_word(match["deed"])
            if stem not in STOP_STEMS and not (is_firm and _LEFT_OPEN.search(doer)):
                yield Stage(stem, match.group(), *match.span(), doer=doer, is_firm=is_firm)
