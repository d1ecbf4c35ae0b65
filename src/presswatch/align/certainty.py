"""How sure a sentence is of what somebody is to do: "in talks to star", or "signed on to star". English.

Of two that say so at one time, who tells of talks and who of a deal tell it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presswatch.align.denials import Deed, read_doer
from presswatch.align.text import STOP_STEMS, name_families, stem_word

_STAGE = r"(?:early|final|advanced|preliminary|exclusive|serious|active|late-stage)"
_TENTATIVE = (
    rf"in (?:{_STAGE} )?(?:talks|negotiations|discussions)"
    r"|(?:nearing|near|close to|closing in on) an? (?:deal|agreement)"
    r"|circling|eyeing|eyed|mulling|considering|(?:is|are|was|were) being (?:considered|eyed|courted|wooed)"
    r"|(?:the )?front-?runners?"
)
_SIGNS = (
    "talks",
    "negotiat",
    "discuss",
    "near",
    "clos",
    "circling",
    "eye",
    "mulling",
    "consider",
    "court",
    "woo",
    "runner",
)
_FIRM = (
    r"signed on|signs on|(?:has|have) signed|signed|(?:closed|inked|struck|made|signed) a deal|agreed"
    r"|(?:is|are|now|officially) (?:set|attached)"
    r"|(?:has been |have been |was |were |is |are )?(?:cast|hired|tapped|confirmed)"
)
_DEED = r"(?P<deed>(?:co-)?[a-z]{3,})"
_TALKS = re.compile(rf"\b(?:{_TENTATIVE})(?: on| for)?(?: a deal)? to {_DEED}\b", re.IGNORECASE)
_DEAL = re.compile(rf"\b(?:(?:{_FIRM}) to|will(?: now| also)?) {_DEED}\b", re.IGNORECASE)
# Of a film that somebody is in talks for, or has signed on for, no verb says as what: as who stars in it
_IN_IT = r"(?:(?:an?|the) (?:[a-z][\w-]* ){0,2}(?:role|part|lead)\b)"
_TALKS_FOR = re.compile(
    rf"\b(?:in (?:{_STAGE} )?(?:talks|negotiations|discussions) (?:for|about|over)\b"
    rf"|(?:circling|eyeing|mulling|considering) {_IN_IT})",
    re.IGNORECASE,
)
_DEAL_FOR = re.compile(
    r"\b(?:(?:signed|signs) (?:on|up) (?:for|as)\b|(?:is|are|now) attached to (?=(?:the|an?|this|his|her) |[“‘\"A-Z])"
    rf"|(?:has been |have been |was |were |is |are )cast (?:in|as|for|opposite)\b|(?:landed|lands) {_IN_IT})",
    re.IGNORECASE,
)
_DEEDS = name_families(
    "star stars costar co-star join joins board appear topline headline play",
    "acquire buy bought land nab purchase",
)
_ONE_DEED = {stem_word(word): stem_word(first) for word, first in _DEEDS.items()}
_DONE = re.compile(r"\b(?:has|have)(?: officially)? (?P<deed>[a-z]{3,}ed|bought)\b")
# Where one of these stands before it, nothing says that it is so
LEFT_OPEN = re.compile(
    r"\b(?:if|whether|may|might|could|would|not|never|no longer|hop\w+|expect\w*|want\w*|rumou?r\w*|reportedly|likely"
    r"|possibl[ey]|plan\w*)\b|n[’']t\b",
    re.IGNORECASE,
)

_DEAL_TO_BUY = re.compile(r"\b(?:closed|inked|struck|signed) a deal for (?=(?:the|an?|its) |[“‘\"A-Z])", re.IGNORECASE)
_STAGES = (  # where no verb says what it is, as the last part says
    (_TALKS, False, ""),
    (_TALKS_FOR, False, "star"),
    (_DEAL, True, ""),
    (_DEAL_FOR, True, "star"),
    (_DEAL_TO_BUY, True, "acquire"),
    (_DONE, True, ""),
)


@dataclass(frozen=True)
class Stage(Deed):
    """A deed that somebody is to do, settled or talked of."""

    is_firm: bool


def tells_of_talks(text: str) -> bool:
    """Whether a text tells of something that is not settled."""
    lower = text.lower()
    return any(map(lower.__contains__, _SIGNS)) and bool(_TALKS.search(text) or _TALKS_FOR.search(text))


def find_stages(text: str) -> Iterator[Stage]:
    """What a text says of how sure it is that somebody will do something."""
    for pattern, is_firm, deed in _STAGES:
        for match in pattern.finditer(text):
            doer, stem = read_doer(text, match.start()), stem_word(deed or match["deed"])
            if stem not in STOP_STEMS and not (is_firm and LEFT_OPEN.search(doer)):
                yield Stage(_ONE_DEED.get(stem, stem), match.group().strip(), *match.span(), doer=doer, is_firm=is_firm)
