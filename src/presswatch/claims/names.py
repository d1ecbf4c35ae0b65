"""Names in a text: where they stand, their full form, and whom a pronoun means."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from presswatch.claims.words import HE, NO_NAMES, NO_PERSONS, SHE, word_set

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_HONORIFIC = r"(?:Mr|Mrs|Ms|Mx|Dr|Sir|Dame|Sen|Rep|Gov|Gen|Lt|Sgt|Capt|Col|Prof|Rev|St)\.?"
# every repetition has a bound: hostile text costs no more than prose
_WORD = rf"[{UPPER}](?:[\w-]|[’'](?!s\b|\W)){{0,40}}"
_GAP = r"[^\S\n]"  # a name ends with its line: the heading or byline above is no part of it
# Capitalised in titles and headlines, and inside nobody's name ("A Talk With Ana Ruiz", "Ana Ruiz Says He’ll Sing").
# Words of general English that are no names anywhere: "To", "In", "So" and "The" may be ("Kim So Yong")
_CUT = (
    r"(?!(?:With|From|Of|About|Into|By|For|And|But|Is|Are|Was|Were|Has|Have|Had|Says|Said|Tells|Told|Who|Why|How|What|When"
    r"|His|Her|He|She|They|It|Its|After|Before|Over|Never|Not)(?![\w-]))"
)
_OFFICE = r"(?:Sen|Rep|Gov|Gen|Lt|Sgt|Capt|Col|Prof|Rev|Dr)\."  # may stand inside: "Massachusetts Sen. Ana Ruiz"
_PARTICLE = r"(?:de|da|di|del|della|der|den|van|von|la|le|du|bin|ibn|al|el|y)"
NAME = (
    rf"(?:{_HONORIFIC}{_GAP})?(?:[{UPPER}]\.{_GAP}?){{0,4}}{_WORD}"
    rf"(?:{_GAP}(?:(?:{_PARTICLE}{_GAP}){{1,2}}|{_OFFICE}{_GAP})?(?:[{UPPER}]\.{_GAP}?){{0,4}}{_CUT}{_WORD}"
    rf"|(?:,?{_GAP}(?:Jr|Sr)\.)){{0,7}}"
)
_TOKEN = re.compile(
    rf"(?=[{UPPER}hs])(?:(?P<name>(?<![\w’'@#]){NAME})|\b(?P<he>[Hh]e|[Hh]is|[Hh]im)\b|\b(?P<she>[Ss]he|[Hh]ers?)\b)"
)
_HONORIFIC_AT = re.compile(rf"{_HONORIFIC}\s+")
_OFFICE_IN = re.compile(rf"\s{_OFFICE}\s")
_TITLES = word_set("""
    president senator sen rep gov governor congressman congresswoman secretary director producer actor actress
    singer judge king queen prince princess pope mayor chancellor minister professor captain general
    republican democrat democratic democrat’s former nominee cinematographer writer composer editor filmmaker
    author critic host comedian musician drummer guitarist frontman showrunner spokesman spokeswoman
    spokesperson coach candidate chairman chairwoman ambassador attorney
    """)
_OFFICES = word_set("""
    Speaker Secretary Director Ambassador President Chairman Chairwoman Editor Correspondent Producer Senator Governor
    Congressman Congresswoman Mayor Minister Leader Commissioner Attorney Spokesman Spokeswoman Strategist
    """)
_GENDERED = {"Mr": "he", "Sir": "he", "Mrs": "she", "Ms": "she", "Dame": "she"}
_HONORIFIC_WEIGHT = 5  # an honorific outweighs some pronouns that belong to somebody else
_PRONOUN_REACH_CHARS = 90  # how far after a name its pronoun may stand to tell the name's gender
_ANTECEDENT_REACH_CHARS = 1500  # how far back a pronoun is followed: some three paragraphs
_NAMES_KEPT = 16384  # trimmed names remembered: those of some hundreds of articles
_KIN = re.compile(
    r"\b(?:sisters?|brothers?|siblings?|twins|triplets|sons|daughters|children|kids|couple|family|trio)\b"
)
_KIN_BETWEEN = re.compile(r",?\s(?:(?:and|&)\s)?|,\s")
_KIN_WORDS = 2  # of the name that ends a list of kin
_GIVEN_WORDS = 2  # of a name that its first word may stand for: longer ones are headlines too ("Ruiz Leaves Oslo")
_KIN_CHARS = 80  # how far before it the word for them may stand
_KIN_NAMES = 7  # of a list of kin, at most
_ANTECEDENTS = 60  # names looked at for one pronoun


class Name(NamedTuple):
    """A name in the text, as printed, without honorific; `words` are its parts."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]


class _Read(NamedTuple):
    """What a capitalised sequence says by itself: the person's name, the initials, and the gender of an honorific."""

    text: str
    words: tuple[str, ...]
    initials: str
    gender: str | None


@lru_cache(maxsize=_NAMES_KEPT)
def trim_name(text: str) -> str:
    """A capitalised sequence without the words at its ends that belong to no name ("But Keller Monday" → "Keller")."""
    words = text.split()
    while words and words[0].lower().strip(".") in NO_NAMES:
        words.pop(0)
    while words and words[-1].lower().strip(".,") in NO_NAMES:
        words.pop()
    return " ".join(words)


@lru_cache(maxsize=_NAMES_KEPT)
def bare_name(text: str) -> str:
    """A name without honorific, possessive ending and office ("Sen. Ana Ruiz’s" → "Ana Ruiz")."""
    text = text.strip(" ,")
    for ending in ("’s", "'s", "’", "'"):
        if text.endswith(ending):
            text = text[: -len(ending)]
            break
    text = _OFFICE_IN.split(text)[-1]
    while honorific := _HONORIFIC_AT.match(text):
        text = text[honorific.end() :]
    words = text.split()
    for number, word in enumerate(words[:-2]):  # "House Speaker Ana Ruiz": what leads up to an office belongs to it
        if word in _OFFICES:
            words = words[number + 1 :]
            break
    while len(words) > 1 and words[0].lower().strip(".") in _TITLES:
        words.pop(0)
    return " ".join(words)


@lru_cache(maxsize=_NAMES_KEPT)
def _read_name(printed: str) -> _Read | None:
    """The person that a capitalised sequence may name; None where it is no person's name."""
    text = trim_name(bare_name(trim_name(printed)))
    words = tuple(text.split())
    if not words or any(word.lower() in NO_PERSONS for word in words) or words[0].lower() in _TITLES:
        return None
    is_full = len(words) > 1 and _HONORIFIC_AT.match(words[0]) is None
    initials = "".join(word[0] for word in words) if is_full else ""
    return _Read(text, words, initials, _GENDERED.get(printed.partition(" ")[0].strip(".")))


class People:
    """The persons that a text names, for asking about them by place: what was named before counts, not after.

    Built in one pass over the text. Genders are guessed from honorifics and from the pronouns that follow a name in its
    sentence; they only ever exclude, so a name without evidence fits both.
    """

    def __init__(self, masked: str) -> None:
        self._names: list[Name] = []
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._full: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._given: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._initials: dict[str, str] = {}
        self._read(masked)
        self._starts = [name.start for name in self._names]

    def _read(self, masked: str) -> None:
        last: Name | None = None
        for found in _TOKEN.finditer(masked):
            if found.lastgroup == "name":
                read = _read_name(found.group())
                start, end = found.span()
                if read and masked[max(0, start - 4) : start].lower() != "the ":
                    last = self._take(read, start, end)
                    if len(last.words) == _KIN_WORDS:
                        self._name_kin(masked, last)
            elif (
                last
                and found.start() - last.end < _PRONOUN_REACH_CHARS
                and masked.find(".", last.end, found.start()) < 0
            ):
                self._votes[last.text][str(found.lastgroup)] += 1

    def _take(self, read: _Read, start: int, end: int) -> Name:
        """Note a name at its place, under its full form where one stands before it."""
        text, words, initials, gender = read
        if len(words) == 1:
            text = self.full_name(text, start)
            words = tuple(text.split())
        elif initials:
            self._full[words[-1]].append((start, text))
            if len(words) == _GIVEN_WORDS:
                self._given[words[0]].append((start, text))
            self._initials.setdefault(initials, text)
        name = Name(start, end, text, words)
        self._names.append(name)
        if gender:
            self._votes[text][gender] += _HONORIFIC_WEIGHT
        return name

    def _name_kin(self, masked: str, last: Name) -> None:
        """Give those the surname whose list of kin ends with it ("the sisters Ana, Eva and Ida Ruiz")."""
        if not _KIN.search(masked, max(0, last.start - _KIN_CHARS), last.start):
            return
        following = last
        for name in reversed(self._names[-_KIN_NAMES - 1 : -1]):
            if len(name.words) > 1 or not _KIN_BETWEEN.fullmatch(masked, name.end, following.start):
                return
            self._given[name.text].append((name.start, f"{name.text} {last.words[-1]}"))
            following = name

    def full_name(self, name: str, at: int) -> str:
        """The fullest form of a name that stands before a place.

        A surname's last bearer, else a given name's; an initialism's first.
        """
        bare = bare_name(name)
        if " " in bare or not bare:
            return bare or name
        for bearers in (self._full, self._given):
            named = bearers.get(bare, [])
            place = bisect_right(named, at, key=lambda one: one[0])
            if place:
                return named[place - 1][1]
        if bare.isupper() and len(bare) >= 2 and bare in self._initials:  # noqa: PLR2004 - one letter is no initialism
            return self._initials[bare]
        return bare

    def resolve(
        self, pronoun: str, at: int, *, last_speaker: str | None = None, said: Collection[str] = ()
    ) -> str | None:
        """Whom "he" or "she" means at a place: the last fitting person named before it, a known gender first.

        Args: `said` are the words that are spoken: who is called by the given name in them is not who speaks.
        None where nobody fits, and for every other pronoun.
        """
        gender = "he" if pronoun.lower() in HE else "she" if pronoun.lower() in SHE else None
        if gender is None:
            return None
        other = "she" if gender == "he" else "he"
        unknown = None
        place = bisect_left(self._starts, at)
        for name in reversed(self._names[max(0, place - _ANTECEDENTS) : place]):
            if at - name.start > _ANTECEDENT_REACH_CHARS:
                break
            if len(name.words) > 1 and name.words[0] in said:
                continue
            votes = self._votes.get(name.text, Counter())
            if votes[gender] > votes[other] or (name.text == last_speaker and votes[gender] == votes[other]):
                return name.text
            if unknown is None and votes[gender] == votes[other] and len(name.words) > 1:
                unknown = name.text
        return unknown
