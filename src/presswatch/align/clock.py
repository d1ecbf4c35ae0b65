"""Hours of the day: "at 7 p.m.", "7:30pm ET", "at noon", "19:00". English.

An hour with a zone is compared with hours of that zone alone, and when doors open with when doors do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from presswatch.align.text import name_families

_ZONE = (
    r"(?: ?\(?(?P<zone>(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|AES?T|IST|JST"
    r"|[Ee]astern|[Pp]acific|[Cc]entral|[Mm]ountain)\b))?"
)
_HOUR = re.compile(
    rf"(?<![\w.:$£€-])(?:(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])(?:\.m\.?|m\b)"
    rf"|(?P<hour24>1[3-9]|2[0-3]):(?P<minute24>[0-5]\d)(?![\w:])|(?<=at )(?P<word>noon|midnight)\b){_ZONE}"
)
# The same clock, whatever the season; nobody calls it standard time in July who is asked for the hour
_ZONES = name_families(
    "et est edt eastern",
    "ct cst cdt central",
    "mt mst mdt mountain",
    "pt pst pdt pacific",
    "cet cest",
    "aet aest",
)
_SIGNS = re.compile(r"[0-9](?: ?[ap]\.?m|:[0-9])")
_WORDS = {"noon": 720, "midnight": 0}
_EDGES = re.compile(
    r"\b(?P<doors>doors?|red carpet|pre-?show|check-in)\b|\b(?P<ends>until|till|ends?|ended|closes?)\b", re.IGNORECASE
)
# "At around nine" is said of what the clock shows ten to nine
_ROUGH = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|(?:just|shortly) (?:before|after)|close to) \Z",
    re.IGNORECASE,
)
_BOUND = re.compile(r"\b(?P<bound>before|after|by|since|until|till|from|between|to) \Z", re.IGNORECASE)
_ROUGHLY = 30
_CLAUSE = re.compile(r"[;,]| (?:and|before|after|but) ")
_REACH = 60


@dataclass(frozen=True)
class Hour:
    """An hour as told, as the first and last minute after midnight that may be meant.

    `of` is its zone, whether it bounds the hour ("after 7 p.m."), and whether something else begins or ends then.
    """

    span: tuple[int, int]
    of: str
    printed: str
    start: int
    end: int


def find_hours(text: str) -> Iterator[Hour]:
    """The hours of a text, in order."""
    for match in _HOUR.finditer(text) if _SIGNS.search(text) or "at noon" in text or "at midnight" in text else ():
        if match["word"]:
            minute = _WORDS[match["word"]]
        elif match["hour24"]:
            minute = int(match["hour24"]) * 60 + int(match["minute24"])
        else:
            minute = int(match["hour"]) % 12 * 60 + int(match["minute"] or 0) + 720 * (match["half"] == "p")
        clause = text[max(0, match.start() - _REACH) : match.start()]
        is_rough, bound = _ROUGH.search(clause), _BOUND.search(clause)
        slack = _ROUGHLY if is_rough else 0
        zone = (match["zone"] or "").lower()
        edge = _EDGES.search(_CLAUSE.split(clause)[-1])
        of = [
            edge.lastgroup if edge else None,
            bound["bound"].lower() if bound and not is_rough else None,
            _ZONES.get(zone, zone),
        ]
        span = (minute - slack, minute + slack)
        yield Hour(span, " ".join(filter(None, of)), match.group().strip(), match.start(), match.end())
