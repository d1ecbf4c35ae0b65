"""Who did what on a film: directed it, shot it, plays whom, won, wrote the book, bought the rights.

And which of somebody's works it is. English. A role has one holder, or few: producers are many, and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from presswatch.align.amounts import WORD_VALUES
from presswatch.align.places import TERRITORY
from presswatch.align.text import NTH_WORDS, STOP_STEMS, name_families, split_words, stem_word


@dataclass(frozen=True)
class Role:
    """`names` (in lower case) did what `key` says; `is_shared` where it is said that others did so too."""

    key: str
    names: frozenset[str]
    printed: str
    is_shared: bool = False
    event: str = ""  # at which festival, where that is said


def read_roles(text: str) -> Iterator[Role]:
    """Who did what, by a text; kind by kind in the order of reading."""
    yield from _read_makers(text)
    yield from _read_makers_to_be(text)
    yield from _read_cast(text)
    yield from _read_authors(text)
    yield from _read_buyers(text)
    yield from _read_distributors(text)
    yield from _read_winners(text)


_PARTICLES = r"(?:(?:de|del|della|di|da|dos|du|van|von|der|den|ter|la|le|bin|ibn|al|el) ){0,2}"  # Lars van der Berg
PERSON = rf"(?<![\w’'.-])[A-Z][\w’'.-]*(?: {_PARTICLES}[A-Z][\w’'.-]*){{0,3}}"
# "Written by Odile Tarn, and Neon has bought it": who does something there is none of those before
_DOES = (
    r"(?! (?:[A-Z]|(?:has|have|had|is|are|was|were|will|would|bought|acquired|plays|stars|directs|says|said|told) ))"
)
_NO_PERSON = r"(?!(?:The|An?|It|He|She|Its|His|Her|In|On|At) )"  # "Directed by Ada Quill, The Slow Ferry opens"
_PEOPLE = rf"(?P<who>{PERSON}(?:(?:, (?:and )?| and | & ){_NO_PERSON}{PERSON}\b{_DOES}){{0,3}})"
_POSSESSIVES = ("'s", "’s")
_ANY_POSSESSIVES = (*_POSSESSIVES, "s'", "s’")


def fold_people(printed: str) -> frozenset[str]:
    """The names of some people, in lower case."""
    names = re.split(r", (?:and )?| and | & ", printed)
    folded = (" ".join(word.casefold() for word in split_words(name)) for name in names)
    return frozenset(name for name in folded if name)


def _make_role(key: str, printed: str, *, is_shared: bool = False) -> Role:
    return Role(key, fold_people(printed), printed.rstrip(".,’'"), is_shared)


# ---------------------------------------------------------------- who made it

# What somebody did on a film: as what, and by which words it is said before and after the name.
_DEEDS = {
    "director": (r"directed|helmed", r"director|filmmaker|helmer", r"directs|directed|helms|helmed"),
    "writer": (r"written|penned|scripted", r"screenwriter", r"penned|scripted"),
    "cinematographer": (r"shot|photographed|lensed", r"cinematographer|director of photography", r"lensed"),
    "composer": (r"scored|composed", r"composer", r"scored|composed"),
    "editor": (r"edited", r"film editor", r"edited"),
    "showrunner": (r"showrun", r"showrunner", r"showruns"),
}
# Before "director" in small letters: an office, and no work. So is what is written large inside a sentence.
_OFFICE = r"\b(?P<office>deputy|casting|managing|executive|art|artistic|creative|music|festival|museum|program|field)"
# Each pattern of a role holds one of these, and few sentences do: to look for them first takes a tenth of the time
_ROLE_WORDS = {role: tuple(word for said in told for word in said.split("|")) for role, told in _DEEDS.items()}
_BY = {
    role: re.compile(rf"(?P<shared>\b[Cc]o-(?:\w+ and )?)?\b(?i:{done}) by (?:\w+ ){{0,2}}?{_PEOPLE}")
    for role, (done, _, _) in _DEEDS.items()
}
_TITLED = {
    role: re.compile(rf"(?:{_OFFICE} |(?P<shared>\b[Cc]o-))?(?:\b(?:{title})|\A(?i:{title}))s? {_PEOPLE}")
    for role, (_, title, _) in _DEEDS.items()
}
_DOING = {
    role: re.compile(rf"(?P<shared>)(?P<who>{PERSON}) (?:(?:also|has|had|previously|himself|herself) )*(?:{doing})\b")
    for role, (_, _, doing) in _DEEDS.items()
}
# Who is to do it may be another than who did the one before: told of what is to come alone
_TO_BE = re.compile(
    rf"(?P<who>{PERSON}) (?:will|to|is set to|is to|set to|has signed on to|signed on to|is tapped to|tapped to"
    r"|hired to|in (?:early |final )?talks to) (?:also )?(?P<deed>[Dd]irect|[Hh]elm|[Ww]rite|[Pp]en|[Ss]core|[Ee]dit)\b"
    r"(?! (?:and|or|an?|to|for|about|(?:the|its) (?:score|music|songs?|lyrics|novel|book))\b)"
)
_ROLES_TO_BE = {
    " direct": "director",
    " helm": "director",
    " write": "writer",
    " pen": "writer",
    " score": "composer",
    " edit": "editor",
}


def _read_makers(text: str) -> Iterator[Role]:
    lower = text.lower()
    for role in (role for role, words in _ROLE_WORDS.items() if any(map(lower.__contains__, words))):
        for pattern in (_BY[role], _TITLED[role], _DOING[role]):
            for match in pattern.finditer(text):
                found = _make_role(role, match["who"], is_shared=bool(match["shared"]))
                if found.names and not match.groupdict().get("office"):
                    yield found


def _read_makers_to_be(text: str) -> Iterator[Role]:
    lower = text.lower()
    for match in _TO_BE.finditer(text) if any(map(lower.__contains__, _ROLES_TO_BE)) else ():
        role = _ROLES_TO_BE[f" {match['deed'].lower()}"]
        yield _make_role(f"{role} to be", match["who"])


# ---------------------------------------------------------------- who plays whom

# "Plays the ferry pilot Tamsin Orvane"; who plays opposite somebody, or at some place, plays neither
_DESCRIBED = (
    r"(?:the |an? )?(?:(?!(?:opposite|against|with|in|at|on|for|to|by|from|alongside|and|or|of|as|like|than|that|who"
    r"|his|her|their|its|host|both)\b)[a-z][\w’'-]* ){0,3}"
)
_CAST = (
    re.compile(
        rf"(?P<who>{PERSON}),? (?:plays|played|portrays|portrayed|stars as|starred as|voices|is cast as) {_DESCRIBED}"
        rf"(?P<part>{PERSON})"
    ),
    re.compile(rf"(?P<who>{PERSON}),? as (?:the )?(?P<part>{PERSON})"),
    re.compile(rf"(?P<part>{PERSON}),? (?:is |was )?(?:played|portrayed|voiced) by (?P<who>{PERSON})"),
)
_CAST_SIGNS = (" as ", " play", " portray", " voice")  # each pattern holds one of these


def _read_cast(text: str) -> Iterator[Role]:
    for pattern in _CAST if any(sign in text for sign in _CAST_SIGNS) else ():
        for match in pattern.finditer(text):
            who, part = fold_people(match["who"]), fold_people(match["part"])
            if who and part and not match["part"].endswith(_POSSESSIVES):  # "sees Oslo as Norway's heart"
                yield Role(f"cast {' '.join(sorted(part))}", who, match["who"])
                yield Role(f"part {' '.join(sorted(who))}", part, match["part"])
                yield from _read_ranks(who, match["part"])


# What a part is called before its name, and how that is shortened
_RANKS = name_families(
    "captain capt cpt",
    "sergeant sgt",
    "lieutenant lt",
    "colonel col",
    "general gen",
    "detective det",
    "doctor dr",
    "professor prof",
    "commander cmdr",
    "corporal cpl",
    "inspector insp",
    *"major admiral sheriff agent officer marshal judge private king queen prince princess lord lady".split(),
)


def _read_ranks(who: frozenset[str], printed: str) -> Iterator[Role]:
    """What a part is called before its name: "Captain Morrow" is no "Inspector Morrow"."""
    words = split_words(printed)
    ranks = [_RANKS.get(word.casefold(), "") for word in words[:-1]]
    ranks = list(takewhile(bool, ranks))
    if ranks:
        yield Role(f"rank of {words[-1].casefold()} by {' '.join(sorted(who))}", frozenset(ranks), printed)


# ---------------------------------------------------------------- whose book it is

_BOOKS = r"(?:novels?|novella|book|memoir|play|stage play|short story|biography|graphic novel|manga|comics?|bestseller)"
_AUTHORS = (
    re.compile(rf"\b{_BOOKS},? (?:of the same (?:name|title),? |“[^”]{{1,60}}”,? )?by (?:author |novelist )?{_PEOPLE}"),
    re.compile(rf"\b(?:based on|adapt\w+|adaptation of) (?P<whose>{PERSON}) (?:[\w’'-]+ ){{0,4}}?{_BOOKS}\b"),
)
_AUTHOR_SIGNS = (" by ", "based on", "adapt")  # each pattern holds one of these


def _read_authors(text: str) -> Iterator[Role]:
    """Who wrote the book that a film is made of."""
    if not any(sign in text for sign in _AUTHOR_SIGNS):
        return
    for match in _AUTHORS[0].finditer(text):
        yield _make_role("author", match["who"])
    for match in _AUTHORS[1].finditer(text):
        if match["whose"].endswith(_ANY_POSSESSIVES):
            name = match["whose"].removesuffix("s").rstrip("’'")
            yield Role("author", fold_people(name), name)


# ---------------------------------------------------------------- who bought it

_COMPANY = r"(?<![\w’'.-])[A-Z][\w’'&.-]*(?: (?:&|[A-Z][\w’'&.-]*)){0,3}"
_BUYS = (
    r"acquire[sd]?|buys|bought|land(?:s|ed)|nab(?:s|bed)|pick(?:s|ed) up|snap(?:s|ped) up|secure[sd]?|scoop(?:s|ed) up"
    r"|w[io]ns?|takes|took|snag(?:s|ged)|purchase[sd]|nets|netted|grab(?:s|bed)"
)
_UP = r"(?:picked|snapped|scooped) up"
_WHICH = (
    r"(?P<which>(?:(?i:the|all|exclusive|distribution|north|latin|american|u\.?s\.?|u\.?k\.?|british|domestic|world(?:wide)?"
    r"|global|international|foreign|theatrical|streaming|broadcast|tv|television|film|movie|screen|stage|remake|and) "
    r"){0,5})rights (?:to|for|in)\b"
)
_BUYERS = (
    re.compile(rf"(?P<who>{_COMPANY}),? (?:has |have )?(?:also |now |just )?(?:{_BUYS}) {_WHICH}"),
    re.compile(
        rf"{_WHICH}[^.;:]{{1,60}}? (?:sold|went|(?:were|was|have been|had been) (?:sold|acquired|bought|{_UP}))"
        rf" (?:to|by) (?P<who>{_COMPANY})"
    ),
)
_SCOPES = {
    **dict.fromkeys(("north american", "north america", "us", "american", "united states"), "domestic"),
    **dict.fromkeys(("world", "worldwide", "global", "globally"), "worldwide"),
    **dict.fromkeys(("britain", "british", "united kingdom"), "uk"),
}
_OF_NO_SCOPE = frozenset("the all exclusive distribution of for and a its their in across".split())


def _read_buyers(text: str) -> Iterator[Role]:
    """Who bought which rights: "domestic", "film" and the like stand in the key, for each may have another buyer."""
    for pattern in _BUYERS if "rights " in text else ():
        for match in pattern.finditer(text):
            yield _make_role(f"buyer {_name_scope(match['which'])}", match["who"])


_BRINGS_OUT = (
    r"(?:will|to|is set to|plans to) (?:release|distribute|put out)|is (?:releasing|distributing)|releases|distributes"
)
_RELEASES = re.compile(rf"(?P<who>{_COMPANY}) (?:{_BRINGS_OUT})\b(?P<more>[^;:]{{0,80}})")
_RELEASED_BY = re.compile(rf"\b(?:released|distributed) by (?P<who>{_COMPANY})(?P<more>[^;:]{{0,80}})")
_THROUGH = re.compile(rf"\b(?:through|via|with) (?P<who>{_COMPANY})")
# A band will release its song, and so will its label; who releases a film is not who made it
_OF_FILMS = re.compile(
    r"\b(?:films?|movies?|pictures?|theat(?:er|re)s?|cinemas?|theatrical\w*|screens?|distribut\w+)\b"
)


def _read_distributors(text: str) -> Iterator[Role]:
    """Who brings it out: where is in the key, for each country has another."""
    if not ("releas" in text or "distribut" in text):
        return
    for pattern in (_RELEASES, _RELEASED_BY) if _OF_FILMS.search(text) else (_RELEASED_BY,):
        for match in pattern.finditer(text):
            where = TERRITORY.search(match["more"])
            through = _THROUGH.search(match["more"])
            names = fold_people(match["who"]) | (fold_people(through["who"]) if through else frozenset())
            key = f"distributor {_name_scope(where.group() if where else '')}".strip()
            yield Role(key, names, match["who"].rstrip(".,’'"))


def _name_scope(words: str) -> str:
    """What rights are for or where somebody has them, the same in whatever words."""
    told = " ".join(word for word in words.lower().replace(".", "").split() if word not in _OF_NO_SCOPE)
    return _SCOPES.get(told, told)


# ---------------------------------------------------------------- who won

_AWARD = (
    r"(?P<award>[Bb]est (?:(?:supporting|leading|original|adapted|animated|international|documentary"
    r"|foreign[- ]language|live[- ]action|motion|visual|costume|production|sound|makeup|feature|short"
    r"|musical|dramatic|comedy|drama|film|picture|score|song|screenplay|director|directing|editing|cinematography|actor|actress|effects|design"
    r"|ensemble|performance|series|lead|first|new|debut|foreign)\b ?){1,3})"
)
WON = r"won|wins|took(?: home)?|takes|received|claimed|nabbed|collected|picked up|was named|is named"
_WINNER = rf"(?:{PERSON}|[“‘\"][A-Z][^”’\"\n]{{1,60}}[”’\"])"
_WINNERS = (  # "won best actor in 2019" is told of another year, of which blanks are left
    re.compile(
        rf"(?P<who>{_WINNER}) (?:{WON}) (?:the )?(?:(?:award|prize|trophy|honou?r)s? for )?{_AWARD}"
        r"(?!\s*in\s\s)"
    ),
    re.compile(
        rf"{_AWARD} ?(?:award |prize |honou?rs )?(?:went|goes|was (?:given|awarded|handed)) to (?P<who>{_WINNER})"
    ),
)


def _read_winners(text: str) -> Iterator[Role]:
    """Who won what, where a prize of that name has one winner."""
    for pattern in _WINNERS if "est " in text else ():
        for match in pattern.finditer(text):
            names = fold_people(match["who"])
            if names:
                award = match["award"].lower().replace("-", " ").split()
                yield Role(" ".join(["winner", *award]), names, match["who"].strip('“”‘’",.'))


# ---------------------------------------------------------------- which of somebody's works it is


@dataclass(frozen=True)
class NthWork:
    """The `nth` work of somebody: `what` is counted, "solo album", and `whose` it is, by the last word of the name."""

    nth: int
    what: str
    whose: str
    printed: str


_NTH = rf"(?P<nth>(?:\d{{1,3}})(?:st|nd|rd|th)|{'|'.join(NTH_WORDS)})"
_COUNTED_WORK = r"(?P<what>(?:[a-z][\w-]* ){0,2}?)(?P<work>film|feature|movie|documentary|album|novel|book|play)\b"
# "Her third film in competition", "with A24", "since 2014": of those she may have made fewer
_OF_THESE = r"(?! (?:in|with|for|at|to|as|on|about|since|under|set|after|of the|together)\b)"
_NTH_WORKS = (
    re.compile(rf"(?P<who>{PERSON}) {_NTH} {_COUNTED_WORK}{_OF_THESE}"),
    re.compile(rf"\b[Tt]he {_NTH} {_COUNTED_WORK}(?: directed| written| made)? (?:by|from|of|that) (?P<who>{PERSON})"),
)
_RENEWED = re.compile(
    rf"\b[Rr]enew\w* (?:[^\s.;]+ ){{0,5}}?for (?:an? |its )?"
    rf"(?:{_NTH} (?:and final )?season|[Ss]eason (?P<number>\w+))\b"
)
_NO_KIND = frozenset("new latest feature-length".split())


def read_nth_works(text: str) -> Iterator[NthWork]:
    """The works that a text with an ordinal counts: "Marrow's third feature", "the third feature by Ilse Marrow"."""
    for pattern, is_possessive in zip(_NTH_WORKS, (True, False), strict=True):
        for match in pattern.finditer(text):
            printed, kinds = match["nth"], [word for word in match["what"].split() if word not in _NO_KIND]
            is_of_kind = all(stem_word(word) not in STOP_STEMS for word in kinds)
            if is_of_kind and match["who"].endswith(_ANY_POSSESSIVES) == is_possessive:
                name = match["who"].removesuffix("s").rstrip("’'") if is_possessive else match["who"].rstrip(".,’'")
                what = " ".join([*kinds, match["work"]])
                what = "feature" if what == "feature film" else what
                nth = NTH_WORDS.get(printed) or _digits_of(printed)
                yield NthWork(nth, what, name.split()[-1].casefold(), printed)


def read_renewed(text: str) -> Iterator[NthWork]:
    """Which season a series was renewed for."""
    for match in _RENEWED.finditer(text) if "enew" in text else ():
        printed = match["nth"] or match["number"]
        if number := NTH_WORDS.get(printed) or WORD_VALUES.get(printed.lower()) or _digits_of(printed):
            yield NthWork(int(number), "season", "those renewed", printed)


def _digits_of(printed: str) -> int:
    digits = re.sub(r"\D", "", printed)
    return int(digits) if digits else 0
