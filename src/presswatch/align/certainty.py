"""How sure a sentence is of what somebody is to do: "in talks to star", or "signed on to star". English.

Of two that say so at one time, who tells of talks and who of a deal tell it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presswatch.align.denials import CLAUSE_END
from presswatch.align.text import STOP_STEMS, look_beside, stem_word

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
_ANY_SIGN = re.compile(
    r"\b(?:talks|negotiations|discussions|deal|agreement|circling|ey(?:eing|ed)|mulling|considering|considered|courted"
    r"|wooed|front-?runners?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Stage:
    """How far it has come with a deed, told by its stem: as printed, where, and who is to do it."""

    stem: str
    printed: str
    start: int
    end: int
    is_firm: bool
    doer: str


def tells_of_talks(text: str) -> bool:
    """Whether a text tells of something that is not settled. Cost: some microseconds, for few do."""
    return bool(_ANY_SIGN.search(text)) and bool(_TALKS.search(text))


def find_stages(text: str) -> Iterator[Stage]:
    """What a text says of how sure it is that somebody will do something."""
    for pattern, is_firm in ((_TALKS, False), (_DEAL, True), (_DONE, True)):
        for match in pattern.finditer(text):
            before, _ = look_beside(text, match.start(), match.start())
            doer = CLAUSE_END.split(before)[-1] or before
            stem = stem_word(match["deed"])
            if stem not in STOP_STEMS and not (is_firm and _LEFT_OPEN.search(doer)):
                yield Stage(stem, match.group(), match.start(), match.end(), is_firm, doer)
