"""Names in a text: where they stand, their full form, and whom a pronoun means."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from presswatch.claims.words import CUES, HE, HE_NOUNS, NO_NAMES, NO_PERSONS, SHE, SHE_NOUNS, word_set
from presswatch.model import SPEAKERS_JOINER

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_HONORIFIC = r"(?:Mr|Mrs|Ms|Mx|Dr|Sir|Dame|Sen|Rep|Gov|Gen|Lt|Sgt|Capt|Col|Prof|Rev|St)\.?"
# every repetition has a bound: hostile text costs no more than prose
_WORD = rf"[{UPPER}](?:[\w-]|[’'](?!s\b|\W)){{0,40}}"
_GAP = r"[^\S\n]"  # a name ends with its line: the heading or byline above is no part of it
# Capitalised in titles and headlines, and inside nobody's name ("A Talk With Ana Ruiz", "Ana Ruiz Says He’ll Sing").
# Words of general English that are no names anywhere: "To", "In", "So" and "The" may be ("Kim So Yong")
_CUT = (
    r"(?!(?:With|From|Of|About|Into|By|For|And|But|Is|Are|Was|Were|Has|Have|Had|Says|Said|Tells|Told|Who|Why|How|What|When"
    r"|His|Her|He|She|They|It|Its|After|Before|Over|Never|Not|Responds|Reacts|Addresses|Explains|Reveals|Confirms|Denies"
    r"|Slams|Recalls|Admits|Defends|Teases|Shares|Reflects|Joins|Opens|Remembers|Claims|Insists|Announces)(?![\w-]))"
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
    spokesperson coach candidate chairman chairwoman ambassador attorney screenwriter novelist playwright creator ceo
    """)
_OFFICES = word_set("""
    Speaker Secretary Director Ambassador President Chairman Chairwoman Editor Correspondent Producer Senator Governor
    Congressman Congresswoman Mayor Minister Leader Commissioner Attorney Spokesman Spokeswoman Strategist
    Inspector Detective Superintendent Sheriff Sergeant Lieutenant Constable Chief CEO
    """)
_GENDERED = {"Mr": "he", "Sir": "he", "Mrs": "she", "Ms": "she", "Dame": "she"}
_HONORIFIC_WEIGHT = 5  # an honorific outweighs some pronouns that belong to somebody else
_PRONOUN_REACH_CHARS = 90  # how far after a name its pronoun may stand to tell the name's gender
_ANTECEDENT_REACH_CHARS = 1500  # how far back a pronoun is followed: some three paragraphs
_STOP = re.compile(r"[.!?\n]")
_SENTENCE_ENDS, _QUOTE_ENDS = frozenset(".!?:…"), frozenset("”\"’'")
_NEXT_WORD = re.compile(r"\s(\w+)")
_WORD_BEFORE_CHARS = 24  # how far back the word before a name is looked for
_ENDS_APPOSITIVE = frozenset(",.;)")
_TOLD_ENDS = word_set(
    "told tell tells telling play plays played playing portray portrays portrayed portraying to with by"
)
_TOLD = re.compile(
    r"\b(?:told|tells?|telling|plays?|played|playing|portray(?:s|ed|ing)?|(?:[Ss]peaking|[Tt]alking|spoke|spoken|talked"
    r"|chatting|chatted|sat down|[Ii]nterview(?:ed)?)(?:\s\w+)? (?:to|with|by))\s(?:[\w’'. -]{1,40}[’']s\s)?\Z"
)
_WHOM = re.compile(r"\b(?:who|whom|whose(?:\s[\w-]+){1,2})\s\Z")  # "Ana Ruiz, whom he met": he is not she
_OPENER = re.compile(  # a capital that is no name's
    r"[A-Z][a-z]+ing\s(?:to|in|at|on|of|with|that|the|an?|his|her|about|for|from|after|before|by)\s"
)
# "the director of Paper Harbor": no person's name
_OF_WORK = re.compile(
    r"\b(?:directors?|stars?|writers?|creators?|producers?|makers?|cast|premiere|screening|trailer|release|set) of\s\Z"
)
_TOLD_CHARS = 80  # how far back before a name its teller may stand, with the outlet whose reporter it is
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
AND = r"\s(?:and|&)\s(?:[a-z][\w’'-]*\s){0,3}"  # between two who speak together: "Ana Ruiz and producer Karl Quill"
_JOINT = re.compile(rf"(?P<one>{NAME}){AND}(?P<other>{NAME})")


_GIVEN_MONTHS = frozenset({"April", "June"})  # "In June Ruiz said" has its comma, or "In" before it


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
    is_given = (
        words[:1] and words[0] in _GIVEN_MONTHS and len(words) > 1 and words[1].lower().strip(".,") not in NO_NAMES
    )
    while not is_given and words and words[0].lower().strip(".") in NO_NAMES:
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
    # "House Speaker Ana Ruiz": what leads up to an office belongs to it
    offices = [number for number, word in enumerate(words[:-2]) if word in _OFFICES]
    if offices:
        words = words[offices[-1] + 1 :]
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


def _fold_given(name: str) -> str:
    """A full name by which it is looked up, whatever the case of all but its surname."""
    given, _, surname = name.rpartition(" ")
    return f"{given.casefold()} {surname}"


def _word_before(masked: str, start: int) -> str:
    """The word before a name, with a comma where one stands between."""
    return masked[max(0, start - _WORD_BEFORE_CHARS) : start].rpartition("\n")[2].rstrip(" ").rpartition(" ")[2]


def _stands_inside(masked: str, end: int, word_before: str) -> bool:
    """Whether a word stands within a sentence: behind another, or behind a quote and before a verb of saying."""
    if not word_before or word_before[-1] in _SENTENCE_ENDS:
        return False
    following = _NEXT_WORD.match(masked, end)
    return word_before[-1] not in _QUOTE_ENDS or bool(following and following[1] in CUES)


def _noun_gender(word: str, following: str) -> str | None:
    """The gender that the noun before a name gives it ("actress Ana Ruiz", and "his widow, Ana Ruiz, said")."""
    noun = word.rstrip(",").lower()
    if noun != word.lower() and following not in _ENDS_APPOSITIVE:  # "His brother, Ana Ruiz said, was ill"
        return None
    return "he" if noun in HE_NOUNS else "she" if noun in SHE_NOUNS else None


@dataclass(slots=True)
class _Clause:
    """What was read of a sentence: the last name in it that may be a person's, and the pronouns heard so far.

    A pronoun that stood before a name means somebody else, and the next of its gender does too ("She hired Karl Quill
    for her film"). Nor does a lone word that no full name explains take the place of a full name ("Ana Ruiz left Oslo
    after her last film").
    """

    last: Name | None = None
    heard: set[str] = field(default_factory=set)
    heard_before: frozenset[str] = frozenset()  # those before the last name


class People:
    """The persons that a text names, for asking about them by place: what was named before counts, not after.

    Built in one pass over the text. Genders are guessed from honorifics and from the pronouns that follow a name in its
    sentence; they only ever exclude, so a name without evidence fits both.
    """

    def __init__(self, masked: str, *, is_outlet: Callable[[str], object] | None = None) -> None:
        """Read a text whose quotes are masked; no pronoun means what `is_outlet` says is an outlet's name."""
        self._is_outlet = is_outlet or (lambda _: False)
        self._names: list[Name] = []
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._full: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._given: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._first_at: dict[str, int] = {}  # where a full name stands first
        self._first_longer: dict[str, tuple[int, str]] = {}  # the first name that ends with these words, and its place
        self._initials: dict[str, str] = {}
        self._told: set[int] = set()  # where a name stands for whom somebody speaks to, or for a part that is played
        self._inside: set[str] = set()  # lone words that have their capital also within a sentence
        self._opening: dict[int, int] = {}  # where a name opens a paragraph: up to where its sentence goes
        self._read(masked)
        self._starts = [name.start for name in self._names]

    def _read(self, masked: str) -> None:
        clause, at = _Clause(), 0
        for found in _TOKEN.finditer(masked):
            start, end = found.span()
            if _STOP.search(masked, at, start):
                clause = _Clause()
            at = end
            if found.lastgroup == "name":
                self._read_token(masked, found, clause)
                continue
            gender, last = str(found.lastgroup), clause.last
            if (
                last
                and not _WHOM.search(masked, last.end, start)
                and start - last.end < _PRONOUN_REACH_CHARS
                and gender not in clause.heard_before
            ):
                self._votes[last.text][gender] += 1
            clause.heard.add(gender)

    def _read_token(self, masked: str, found: re.Match[str], clause: _Clause) -> None:
        """Note the name that a capitalised sequence is, and what its place in the sentence says of it."""
        (start, end), read = found.span(), _read_name(found.group())
        if not read or masked[max(0, start - 4) : start].lower() == "the " or _OPENER.match(masked, start):
            return
        word_before = _word_before(masked, start)
        name = self._take(read, start, end, read.gender or _noun_gender(word_before, masked[end : end + 1]))
        if len(name.words) == 1 and _stands_inside(masked, end, word_before):
            self._inside.add(name.text)
        if len(name.words) == _KIN_WORDS:
            self._name_kin(masked, name)
        if start == 0 or masked[start - 1] == "\n":
            stop = _STOP.search(masked, end)
            self._opening[start] = stop.start() if stop else len(masked)
        if word_before == "of" and _OF_WORK.search(masked, max(0, start - _WORD_BEFORE_CHARS), start):
            self._told.add(start)
        may_be_told = word_before in _TOLD_ENDS or word_before.endswith(("’s", "'s"))
        if may_be_told and _TOLD.search(masked, max(0, start - _TOLD_CHARS), start):
            self._told.add(start)
        elif len(name.words) > 1 or clause.last is None or len(clause.last.words) == 1:
            clause.last, clause.heard_before = name, frozenset(clause.heard)

    def _take(self, read: _Read, start: int, end: int, gender: str | None) -> Name:
        """Note a name at its place, under its full form where one stands before it."""
        text, words, initials, _ = read
        if len(words) == 1:
            text = self.full_name(text, start)
            words = tuple(text.split())
        elif initials:
            self._full[words[-1]].append((start, text))
            folded = _fold_given(text)
            self._first_at.setdefault(folded, start)
            for number in range(1, len(words) - 1):
                self._first_longer.setdefault(folded.split(" ", number)[number], (start, text))
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

        A surname's last bearer, else a given name's; an initialism's first. Of two that speak together, both.
        """
        if joint := _JOINT.fullmatch(name):
            return SPEAKERS_JOINER.join(self.full_name(joint[side], at) for side in ("one", "other"))
        bare = bare_name(name)
        if not bare:
            return name
        if " " in bare:
            return self._longer_name(bare, at) or bare
        for bearers in (self._full, self._given):
            named = bearers.get(bare, [])
            place = bisect_right(named, at, key=lambda one: one[0])
            if place:
                return named[place - 1][1]
        if bare.isupper() and len(bare) >= 2 and bare in self._initials:  # noqa: PLR2004 - one letter is no initialism
            return self._initials[bare]
        return bare

    def _longer_name(self, bare: str, at: int) -> str | None:
        """The name that a double surname is the end of ("Moss Quill"), if it was named before that was.

        "Rival Ana Ruiz" is no fuller name of the Ana Ruiz who was named before.
        """
        folded = _fold_given(bare)
        start, text = self._first_longer.get(folded, (at, ""))
        return text if start < min(at, self._first_at.get(folded, at)) else None

    def resolve(
        self, pronoun: str, at: int, *, last_speaker: str | None = None, said: Collection[str] = ()
    ) -> str | None:
        """Whom "he" or "she" means at a place: the last fitting person named before it, a known gender first.

        A full name goes before a lone word, and nobody is meant whom somebody speaks to.

        Args: `said` are the words that are spoken: who is called by the given name in them is not who speaks.
        None where nobody fits, and for every other pronoun.
        """
        gender = "he" if pronoun.lower() in HE else "she" if pronoun.lower() in SHE else None
        if gender is None:
            return None
        other = "she" if gender == "he" else "he"
        unknown: str | None = None
        weak: str | None = None
        unknown_at = 0
        for name in self._named_before(at, said):
            votes = self._votes.get(name.text, Counter())
            is_full = len(name.words) > 1
            # "Members of the board said …" names nobody
            is_name = is_full or votes[gender] or name.text in self._inside
            if name.text == last_speaker and is_name and votes[gender] >= votes[other]:
                return name.text
            if votes[gender] > votes[other]:
                if is_full or votes[gender] >= _HONORIFIC_WEIGHT:
                    return name.text
                weak = weak or name.text  # a word that nothing explains: "Oslo saw her film"
            elif is_full and unknown is None and votes[gender] == votes[other]:
                if self._opening.get(name.start, 0) > at:  # "Ana Ruiz, who built it, said she": nearer than who spoke
                    return name.text
                unknown, unknown_at = name.text, name.start
            elif is_full and votes[gender] == votes[other] and unknown_at < self._opening.get(name.start, 0):
                unknown = name.text  # "Ana Ruiz is in a film by Karl Quill": of her it is told
        return weak or unknown

    def _named_before(self, at: int, said: Collection[str]) -> Iterator[Name]:
        """Whom a pronoun at a place may mean, the last one first."""
        place = bisect_left(self._starts, at)
        for name in reversed(self._names[max(0, place - _ANTECEDENTS) : place]):
            if at - name.start > _ANTECEDENT_REACH_CHARS:
                return
            if self._is_outlet(name.text):  # "Marsh left, ReelWire confirmed. “I am tired,” she said"
                continue
            if name.start not in self._told and (len(name.words) == 1 or name.words[0] not in said):
                yield name
