"""When two names are one place: "the U.S." and "the United States", "TIFF" and "Toronto International Film Festival".

English. A place is compared as the set of its words, so that who says less precisely does not disagree.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from presswatch.align.text import split_words
from presswatch.align.when import MONTHS, WEEKDAYS

_SAME_PLACES = {"theatres": "cinemas", "theaters": "cinemas"}
# What newspapers shorten in running text: the entries of the AP's and the Guardian's style guides
_SHORT_PLACES = {
    "US": "United States",
    "USA": "United States",
    "UK": "United Kingdom",
    "GREAT BRITAIN": "United Kingdom",
    "BRITAIN": "United Kingdom",
    "LA": "Los Angeles",
    "NYC": "New York",
    "NY": "New York",
    "DC": "Washington",
    "WASHINGTON DC": "Washington",
}
_SHORT_PLACE = re.compile(
    r"(?<![\w.’'-])(?:U\.S\.A|USA|U\.S|US|U\.K|UK|L\.A|LA|N\.Y\.C|NYC|N\.Y|NY|(?:Washington )?(?:D\.C|DC)"
    r"|(?:Great )?Britain)(?!\w)"
)
_WHOLE_PLACES = {"America": "United States"}  # and not North America
_KIND_WORDS = frozenset("select movie film festival magazine city the of in".split())
_TIMES = frozenset([*MONTHS, *WEEKDAYS, *"spring summer autumn fall winter christmas thanksgiving".split()])

# Words that two places have in common by chance: beginnings of names, and what kind of place it is
_BY_CHANCE = frozenset(
    "new san santa saint st los las la el le fort mount lake port great grand royal united "
    "academy bay beach center centre cinema college county hall hills house hotel international island islands market "
    "museum music national opera palace park river school square state states station street studio studios theater "
    "theatre university valley village".split()
)
_HOUSES = frozenset("theater theatre théâtre teatro auditorium hall palais playhouse".split())
_DIRECTIONS = frozenset("north south east west northern southern eastern western central upper lower".split())
# Where a film has a distributor and a day of its own
TERRITORY = re.compile(
    r"(?<!\w)(?:North America|Latin America|South America|America|U\.?S\.?|USA|United States|U\.?K\.?|United Kingdom"
    r"|(?:Great )?Britain|Ireland|Canada|Australia|New Zealand|France|Germany|Austria|Switzerland|Italy|Spain|Portugal"
    r"|Belgium|(?:the )?Netherlands|Benelux|Scandinavia|Sweden|Norway|Denmark|Finland|Poland|Greece|Turkey|Israel|Japan"
    r"|China|India|(?:South )?Korea|Brazil|Mexico|Argentina|South Africa|Europe|Asia"
    r"|worldwide|overseas|internationally|globally|domestically)(?!\w)"
)
_LETTERS = re.compile(r"[A-Za-z]{3,6}")  # of TIFF and MoMA; two letters stand for too much


def fold_place(printed: str) -> frozenset[str]:
    """The words of a place as one name each, without those that only say what kind of place it is; none for a time."""
    full = _WHOLE_PLACES.get(printed) or _SHORT_PLACE.sub(_write_out, printed)
    words = [_SAME_PLACES.get(word, word) for word in (word.casefold() for word in split_words(full))]
    if not words or words[0] in _TIMES:
        return frozenset()
    return frozenset(word for word in words if word not in _KIND_WORDS)


# What says only that it is a festival or prize
_EVENT_WORDS = frozenset(
    "annual edition ceremony the of at in for film films movie festival fest international awards award prize prizes "
    "gala cinema".split()
)


def name_event(printed: str) -> str:
    """What a festival or prize is called by, without what kind of event it is: "marlow"."""
    return " ".join(word for word in map(str.casefold, split_words(printed)) if word not in _EVENT_WORDS)


def find_whole_place(printed: str, places: Collection[str], text: str) -> frozenset[str]:
    """Those of some places that a text says another one lies in ("Taos, New Mexico"), folded."""
    wholes = [place for place in places if f"{printed}, {place}" in text]
    return frozenset(word for whole in wholes for word in fold_place(whole))


def _write_out(match: re.Match[str]) -> str:
    return _SHORT_PLACES[match.group().replace(".", "").upper()]


def may_be_one_place(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two folded places may be one: the words of one are among the other's, or they share a name.

    "New York" and "New Jersey" share what many names begin with, and North and South Carolina lie apart.
    """
    if one <= other or other <= one:
        return True
    ways = one & _DIRECTIONS, other & _DIRECTIONS
    lie_apart = all(ways) and ways[0].isdisjoint(ways[1])
    return not lie_apart and bool((one & other) - _BY_CHANCE - _DIRECTIONS)


def may_lie_in(house: str, other: str) -> bool:
    """Whether one printed name is a theater that may lie in the other, a town or festival: none says where it lies."""
    names, others = fold_place(house), fold_place(other)
    return " in " not in house and not names.isdisjoint(_HOUSES) and others.isdisjoint(_HOUSES)


def is_short_for(short: str, full: str) -> bool:
    """Whether one printed name is the initials of the other: TIFF, MoMA."""
    letters = short.replace(".", "")
    if not _LETTERS.fullmatch(letters) or not letters[:1].isupper() or not letters[-1:].isupper():
        return False
    words = split_words(full)
    names = [word for word in words if word[0].isupper()]
    return letters.casefold() in ("".join(word[0] for word in listed).casefold() for listed in (words, names))
