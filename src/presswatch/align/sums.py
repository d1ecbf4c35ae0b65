"""What a sum of money is of: a budget or what came in, an opening or all so far, here or overseas, of which title.

English. Two sums that are said to be of two things are two sums, however much their sentences have in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from presswatch.align.text import NEAR_CHARS, look_beside, look_in_clause
from presswatch.align.titles import find_titles
from presswatch.align.when import Span

# The words beside a sum, by what they tell of it. Of each kind of telling a sum has none, one or several.
_SIGNS = {
    "sort": {
        "cost": r"budget\w*|costs?|costing|price tag|made (?:for|on)|financ\w+|spen[dt]\w*"
        r"|to (?:make(?! up)|shoot|produce)",
        "takings": r"box[- ]office|gross\w*|earn(?:s|ed|ing)(?! an? [A-F][+-]?(?![\w’'-]))|took in|takes? in|hauls?"
        r"|weekends?|ticket sales|overseas"
        r"|worldwide|globally|domestic\w*|markets|territories|opened (?:to|with)|debut\w* (?:to|with)",
        "price": r"sells?|sold|sale|buys?|bought|bid|acquir\w+|lands|landed|auction\w*|rights"
        r"|(?:asking )?price(?! tag)|tickets?(?! sales)",
        "pay": r"salary|salaries|wages?|(?:was|were|is|are|be|been|being|get|gets|got) paid|fees?|bonus\w*"
        r"|asks? for|asked for|asking for",
        "law": r"damages|settle\w*|fin(?:e|ed|es)|su(?:ed|es|ing)|lawsuit|bail",
        "gift": r"donat\w+|raised|raising|pledg\w+|grants?|rebates?|subsid\w+|tax (?:credits?|incentives?|breaks?)"
        r"|(?:fund|board|institute|council|ministry) (?:gave|gives|put)",
        "marketing": r"to (?:market|promote)|(?:on|for|in) marketing|marketing (?:costs?|budget|campaign|spend\w*)"
        r"|prints and advertising",
    },
    "when": {
        "opening": r"open(?:s|ed|ing)|debut\w*|bow(?:s|ed)|first (?:weekend|week|day|night)",
        "later": r"(?:second|third|fourth|fifth|sixth|\dth|2nd|3rd) (?:weekend|week|frame)|holdover",
        "total": r"total\w*|cume|cumulative|to date|so far|overall",
    },
    "where": {
        "domestic": r"domestic\w*|north america\w*|stateside|at home",
        "overseas": r"overseas|international\w*|foreign|abroad|markets|territories",
        "worldwide": r"worldwide|global\w*|around the world",
    },
}
_SIGN = {
    f"{kind} {name}": re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for kind, names in _SIGNS.items()
    for name, words in names.items()
}
# Right beside a sum these say which sort it is, whatever else its clause tells: "made for $4 million, sold to Heron".
# What a ticket costs is its price.
_ABOUT = (
    r"(?: (?:about|around|just|only|nearly|almost|roughly|some|over|under|more than|less than|up to|an?|estimated"
    r"|reported|whopping))*"
)
_SORTS_BEFORE = {
    "cost": r"costs?|costing|made (?:for|on)|(?<!marketing )budget(?: is| was)?(?: of| at)?|budgeted at",
    "takings": r"(?:opened|opens|opening|debuted|debuts|launched|bowed)(?: \w+){0,2} (?:to|with|at)"
    r"|grossed|grossing|earned|earning|took in|raked in|hauled in|collected",
    "price": r"(?<!was )(?<!were )(?<!been )(?<!being )(?<!get )(?<!gets )(?<!got )(?:paid|paying|pays)"
    r"|(?:sold|went|bought|acquired)(?: [^\s,;.]+){0,6} for",
}
_SORTS_BEHIND = {
    "cost": r"(?:[ -](?!marketing)\w+)?[ -]budget\b| to (?:make(?! up)|shoot|produce)\b",
    "takings": r" (?:opening|debut|weekend|haul|start|launch|cume)\b",
    "marketing": r" (?:to (?:market|promote)|(?:on|in|for) marketing)\b|[ -]marketing budget\b",
}
_BEFORE = {
    f"sort {name}": re.compile(rf"\b(?:{words}){_ABOUT} \Z", re.IGNORECASE) for name, words in _SORTS_BEFORE.items()
}
_BEHIND = {f"sort {name}": re.compile(words, re.IGNORECASE) for name, words in _SORTS_BEHIND.items()}
_TURNED = "season series quarter installment instalment chapter volume film movie sequel".split()
# What befell so many people, told beside them, up to the next "and": "killed 12 and hurt 40"
_HARMS = {
    "killed": r"kill\w*|dead|die[sd]?|dying|deaths?|murder\w*|fatal\w*",
    "hurt": r"injur\w*|wound\w*|hurt\w*|shot|stabb\w*",
    "held": r"arrest\w*|detain\w*|jailed",
    "missing": r"missing|unaccounted",
}
_HARM = re.compile("|".join(rf"(?P<{name}>\b(?:{words})\b)" for name, words in _HARMS.items()), re.IGNORECASE)
_NEXT_HARM = re.compile(r"[,;—–]| (?:and|but|including) ")
_KINDS = (*_SIGNS, "of", "part", "harm", "day", "event", "body", *_TURNED)
_TURN_WORDS = {word: number for number, word in enumerate("first second third fourth fifth sixth seventh".split(), 1)}
_TURN = re.compile(
    rf"\b(?:(?P<word>{'|'.join(_TURN_WORDS)})|(?P<digits>\d{{1,2}})(?:st|nd|rd|th)) (?P<noun>{'|'.join(_TURNED)})\b"
    rf"|\b(?P<label>{'|'.join(_TURNED)}) (?P<number>\d{{1,2}})\b",
    re.IGNORECASE,
)
# Which film of a series earned it: "Salt Choir 3", "the third hit $12 million", "the 2018 original"
_PART = re.compile(
    r"\b(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? )[A-Z][\w’'-]+ (?P<number>[2-9]|II|III|IV)\b"
    rf"|\b[Tt]he (?:\d{{4}} )?(?P<word>original|{'|'.join(_TURN_WORDS)})(?: (?:one|film|movie))?"
    r"(?= (?:made|hit|earned|grossed|cost|opened|took|brought|was made)\b|[,;.]|\Z)"
)
_PART_CHARS = 200  # how far from a sum the film may be named: it opens the clause
_PARTS = {"original": 1, "II": 2, "III": 3, "IV": 4, **_TURN_WORDS}
_CLAUSE = re.compile(r"[;:]\s|(?<![A-Z])(?<!\b[A-Z][a-z])[.!?]\s|,? (?:while|but|whereas|after|before) ")


def read_measures(text: str, start: int, end: int) -> frozenset[str]:
    """What is said beside a sum of what it is: "sort cost", "when opening", "of the slow ferry"."""
    beside = read_clause(text, start, end)
    signs = {sign for sign, pattern in _SIGN.items() if pattern.search(beside)}
    if "ticket" in beside.lower():
        signs -= {"sort cost"}
    elif own := _read_sort_beside(text, start, end):
        signs = {sign for sign in signs if not sign.startswith("sort ")} | {own}
    parts = (found["number"] or found["word"] for found in _PART.finditer(read_clause(text, start, end, _PART_CHARS)))
    return name_titles(find_titles(beside)) | signs | {f"part {_PARTS.get(part, part)}" for part in parts}


def _read_sort_beside(text: str, start: int, end: int) -> str | None:
    """Which sort of sum the words right before or behind it say that it is."""
    before, after = look_beside(text, start, end)
    behind = next((sort for sort, words in _BEHIND.items() if words.match(after)), None)
    return behind or next((sort for sort, words in _BEFORE.items() if words.search(before)), None)


def read_titles(text: str, start: int, end: int) -> frozenset[str]:
    """Of which titles a number or day is told, by what is said beside it."""
    return name_titles(find_titles(read_clause(text, start, end)))


def read_harm(text: str, start: int, end: int) -> frozenset[str]:
    """What befell those who are counted: "harm killed"."""
    beside = "\n".join(look_in_clause(text, start, end, _NEXT_HARM))
    return frozenset(f"harm {match.lastgroup}" for match in _HARM.finditer(beside))


def name_days(spans: Iterable[Sequence[Span]]) -> frozenset[str]:
    """Days and longer times as measures: what was so on Tuesday need not be so of the year."""
    return frozenset(f"day {first} {last}" for meant in spans for first, last in meant)


def name_titles(titles: Iterable[str]) -> frozenset[str]:
    """Titles as measures: "of the slow ferry"."""
    return frozenset(f"of {title}" for title in titles)


def take_signs(measures: frozenset[str], kind: str) -> frozenset[str]:
    """Those of some measures that are of one kind: of "of" the titles, of "sort" what sort of sum it is."""
    prefix = f"{kind} "
    return frozenset(sign for sign in measures if sign.startswith(prefix))


def read_clause(text: str, start: int, end: int, reach: int = NEAR_CHARS) -> str:
    """The clause in which a place of a text stands."""
    return text[start:end].join(look_in_clause(text, start, end, _CLAUSE, reach))


def read_turns(text: str) -> frozenset[str]:
    """Which of several like things a sentence names ("season 2", "film 1"): one season's viewers are not another's."""
    lowered = text.lower()
    if not any(map(lowered.__contains__, _TURNED)):  # most name none, and the search costs ten times as much
        return frozenset()
    return frozenset(
        f"{(found['noun'] or found['label']).lower()} "
        f"{found['digits'] or found['number'] or _TURN_WORDS[found['word'].lower()]}"
        for found in _TURN.finditer(text)
    )


def may_be_of_one(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two values may be of one thing: what both tell of themselves, they tell alike in part."""
    for kind in _KINDS:
        mine, theirs = take_signs(one, kind), take_signs(other, kind)
        if mine and theirs and mine.isdisjoint(theirs):
            return False
    return True


def shares_title(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sums are told of one title."""
    return bool(take_signs(one & other, "of"))
