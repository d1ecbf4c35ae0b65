"""How votes came out: "voted 5-4", "by 212 votes to 190", "a 52-48 vote". English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presswatch.align.amounts import WORD_VALUES

_SPELLED = "|".join(WORD_VALUES)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})*|{_SPELLED})"
_TALLY = re.compile(
    rf"(?<![\w.,:$£€/–-])(?P<one>{_NUMBER})(?: votes)?(?:[-–]| to |-to-)(?P<other>{_NUMBER})(?! ?%|[-–\w:/]|[.,]\d)"
    r"(?=[.,;:)’”]|\Z| (?:on|in|to|for|against|along|that|votes?|decision|ruling|majority|split|margin|verdict|after|at"
    r"|with|when|and|but|last|late|early|yesterday|today|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)",
)
_SIGNS = re.compile(r"[0-9](?: votes)?(?:[-–]| to |-to-)[0-9]")  # few texts have one
# Beside numbers that are of a vote; two teams have scores, and those who are elected years
_VOTE = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|rul(?:e|es|ed|ing)|pass(?:es|ed)?|approv(?:es|ed|al)|reject(?:s|ed)?|elect(?:s|ed|ion)"
    r"|decision|ballots?|majority|split|presidency|ratif\w+|uph(?:eld|olds)|adopt(?:s|ed))\b",
    re.IGNORECASE,
)
_NO_VOTE = re.compile(
    r"\b(?:goals?|match|games?|season record|aged?|ages|years?|from|between)\b[^,;]{0,12}\Z", re.IGNORECASE
)
_REACH = 80
# Who voted: one chamber after the other does so on one bill
_BODIES = {
    "senate": "senate",
    "house": "house|representatives|assembly|commons|bundestag|lower house",
    "parliament": "parliament",
    "lords": "lords",
    "court": "court|judges?|justices?",
    "committee": "committee|panel|subcommittee",
    "board": "board|directors",
    "council": "council",
    "jury": "jury|jurors?",
    "members": "members|membership",
}
_BODY = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _BODIES.items()), re.IGNORECASE)
_CLAUSE = re.compile(r"[;]|, (?:and|but|while) | (?:after|before|while|but) ")


@dataclass(frozen=True)
class Tally:
    """A vote, the larger number first; `bodies` are those that its clause names."""

    votes: str
    bodies: frozenset[str]
    printed: str
    start: int
    end: int


def find_tallies(text: str) -> Iterator[Tally]:
    """The votes of a text, in order."""
    is_told = False  # "ruled 5-4 for the studio, and 7-2 against its rival": of the second the first one's verb is told
    for match in _TALLY.finditer(text) if _SIGNS.search(text) or "vote" in text else ():
        before = _CLAUSE.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
        after = _CLAUSE.split(text[match.end() : match.end() + _REACH // 2])[0]
        is_told = is_told or bool(_VOTE.search(f"{before}\n{after}"))
        if is_told and not _NO_VOTE.search(before):
            votes = sorted((_value_of(match["one"]), _value_of(match["other"])), reverse=True)
            bodies = frozenset(f"body {found.lastgroup}" for found in _BODY.finditer(before))
            yield Tally("-".join(map(str, votes)), bodies, match.group(), match.start(), match.end())


def _value_of(printed: str) -> int:
    return int(printed.replace(",", "")) if printed[0].isdigit() else WORD_VALUES[printed]
