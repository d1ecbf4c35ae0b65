"""What a sentence says went one way of two: rose or fell, won or lost, was renewed or cancelled. English.

Of two sentences that tell it of the same thing, and of the same who did it, one says the contrary of the other. What is
left open, denied or told both ways in one sentence is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from presswatch.align.certainty import LEFT_OPEN
from presswatch.align.sums import name_days, read_turns, take_signs
from presswatch.align.text import STOP_STEMS, is_number, is_title, split_words, stem_word
from presswatch.align.told import LONGEST_TEXT
from presswatch.align.values import Told
from presswatch.align.when import MONTHS, WEEKDAYS, read_when

# Of each pair the verbs of both ways
_WAYS = {
    "course": (
        "rose|climbed|jumped|grew|increased|surged|soared|gained|(?<=was )up|(?<=were )up|(?<=is )up|(?<=are )up",
        (
            "fell|dropped|declined|slid|slipped|sank|plunged|plummeted|tumbled|decreased|shrank|lost"
            "|(?<=was )down|(?<=were )down|(?<=is )down|(?<=are )down"
        ),
    ),
    "place": ("resigned|resigns|quit|stepped down|steps down", "fired|fires|dismissed|sacked|ousted|ousts"),
    "offer": ("accepted|accepts", "declined|declines|rejected|rejects|refused|refuses|turned down|turns down"),
    "run": ("renewed|renews", "cancelled|canceled|cancels|axed|axes|scrapped|scraps"),
    "contest": ("won|wins", "lost|loses"),
    "vote": (
        "approved|approves|ratified|ratifies|passed|passes|cleared|clears|upheld|upholds",
        "rejected|rejects|blocked|blocks|voted down|votes down|struck down|strikes down|overturned|overturns",
    ),
    "verdict": ("acquitted|acquits|found not guilty", "convicted|convicts|found guilty"),
}
_OF_ITSELF = frozenset({"course"})  # it rises by itself, and by how much or when says which rise it is
_OF_WHO = frozenset({"contest", "offer", "vote"})  # the Senate may reject what the House approved
_ACTIVE = frozenset({"resigned", "resigns", "quit", "stepped down", "steps down"})  # done by whom it befalls
_VERBS = {
    family: re.compile(
        rf"(?<![\w’'-])(?:(?P<one>{one})|(?P<other>{other}))(?![\w-]| to [a-z]| \w+ing\b)", re.IGNORECASE
    )
    for family, (one, other) in _WAYS.items()
}
_LETTERS = re.compile(r"[a-z]+")
_WORDS = {  # what each way has one of, for most texts have none and a pattern costs far more
    family: tuple(frozenset(_LETTERS.findall(re.sub(r"\(.*?\)", "", way))) - {"not", "found"} for way in ways)
    for family, ways in _WAYS.items()
}
_FOUND = re.compile(r"\bfound (?P<who>[^,;.]{2,60}?) (?:(?P<one>not guilty)|(?P<other>guilty))\b")
_PASSIVE = re.compile(
    r"(?:\b(?:was|were|is|are|been|being|got|gets)|,)(?: (?:also|now|just|then|later|finally|officially|unanimously"
    r"|narrowly|abruptly|not))* \Z"
)
_BY = re.compile(r"\A[^,;.]{0,60}?\bby (?P<who>[^,;.]+)")
_NO_VERB = re.compile(r"(?:\A|\b(?:the|an?|his|her|its|their|this|that|to|two|three|four|five|no|any|of|in|for)|\d) \Z")
_CLAUSE = re.compile(
    r"[;:!?—–()]|(?<![A-Z])\.(?:[\s”’\"]|\Z)|,(?![”’\"])|,[”’\"]"
    r"| (?:but|because|after|before|while|when|as|who|which|that|where|since|amid|despite|following|whose|if) ",
    re.IGNORECASE,
)
_ONLY_VERBS = re.compile(r"(?: ?\b(?:is|are|was|were|has|have|had|be|been|also|now)\b)* ?")
_PREPOSITION = re.compile(
    r" (?:in|at|on|for|over|against|by|with|to|from|into|during|under|through|last|this|next|late|early|and) ",
    re.IGNORECASE,
)
_OF = re.compile(r" of ", re.IGNORECASE)
_OWNED = re.compile(r"(?<![\w-])[A-Z][\w-]*(?:[’']s|(?<=s)[’']) [a-z]")
_OWNS = "’s"  # among the words of what is somebody's
_TIMES = frozenset(
    map(stem_word, [*MONTHS, *WEEKDAYS, *"yesterday today tonight late early last percent per cent".split()])
)
_WHO, _WHAT, _HOW_MUCH, _REST = ("who name", "who word"), ("what name", "what word"), "much ", ("at ", "rest ")
_NEAR_WORDS = 6


@dataclass(frozen=True)
class _Phrase:
    """Who or what it is, by the stems of its names and of the common words that lead it."""

    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def tell(self, marks: tuple[str, str]) -> frozenset[str]:
        """As context: each stem behind its mark."""
        return frozenset(
            f"{mark} {one}" for mark, own in zip(marks, (self.names, self.words), strict=True) for one in own
        )


def read_contraries(texts: Mapping[str, str], published: Mapping[str, date | None]) -> dict[str, list[Told]]:
    """Which way things went by the sentences of a story, by their ids; nothing where all went one way.

    Args: `published` is the day of each sentence: what is told days later may have come after.
    """
    words = {one: set(text.lower().replace(",", " ").replace(".", " ").split()) for one, text in texts.items()}
    story = set().union(*words.values())
    families = {
        family: one | other
        for family, (one, other) in _WORDS.items()
        if not one.isdisjoint(story) and not other.isdisjoint(story)
    }
    found = {}
    for one, text in texts.items() if families else ():
        own = [family for family, signs in families.items() if not signs.isdisjoint(words[one])]
        if own and len(text) <= LONGEST_TEXT and (told := list(_read_ways(text, own, published.get(one)))):
            found[one] = told
    return found


def _read_ways(text: str, families: Iterable[str], published: date | None) -> Iterator[Told]:
    is_headline = is_title(text)
    for family in families:
        matches = [match for match in _VERBS[family].finditer(text) if is_headline or match.group()[0].islower()]
        if family == "verdict" and not matches:
            matches = list(_FOUND.finditer(text))
        if len(matches) != 1:  # told both ways, or of two things
            continue
        match, way = matches[0], matches[0].lastgroup or ""
        if context := _read_way(text, family, match):
            days = name_days(when.spans for when in read_when(text, published))
            told = Told("contrary", family, frozenset([way]), match[way], day=published, context=context)
            yield replace(told, measures=read_turns(text) | days)


def _read_way(text: str, family: str, match: re.Match[str]) -> frozenset[str] | None:
    """Who did it and to what, and how much it was, as context; None where that is left open."""
    before, after = text[: match.start()], text[match.end() :]
    parts = _CLAUSE.split(before)
    is_aside = len(parts) > 2 and _ONLY_VERBS.fullmatch(parts[-1])  # noqa: PLR2004 - what stands between commas
    subject = parts[-3] if is_aside else parts[-1]
    if LEFT_OPEN.search(subject) or _NO_VERB.search(before):
        return None
    behind = _CLAUSE.split(f"{after} ")[0]
    if match.re is _FOUND:
        who, what = _read_phrase(subject), _read_phrase(match["who"])
    elif family in _OF_ITSELF or match.group().lower() in _ACTIVE:
        who, what = _Phrase(), _read_phrase(subject)
    elif _PASSIVE.search(before):
        agent = _BY.match(behind)
        who, what = _read_phrase(agent["who"]) if agent else _Phrase(), _read_phrase(subject)
        behind = _BY.sub("", behind)
    else:
        who, what = _read_phrase(subject), _read_phrase(behind)
    if not (what.names or what.words):
        return None
    words = split_words(behind)
    much = frozenset(_HOW_MUCH + stem for stem in map(stem_word, words[:_NEAR_WORDS]) if is_number(stem))
    own = what.names | what.words | STOP_STEMS | _TIMES
    rest = frozenset(
        _REST[word[0].islower()] + stem
        for word in words
        if (stem := stem_word(word)) not in own and not is_number(stem)
    )
    return who.tell(_WHO) | what.tell(_WHAT) | much | rest


def _read_phrase(printed: str) -> _Phrase:
    """What a phrase is of: its common words up to a preposition, and its names up to one that is not "of"."""
    whole = _PREPOSITION.split(f"{printed} ")[0]
    head = _OF.split(whole)[0]
    words, names = split_words(head), {stem_word(word) for word in split_words(whole)[1:] if word[0].isupper()}
    if words[:1] and words[0][0].isupper() and (words[1][0].isupper() if words[1:] else head == whole):
        names.add(stem_word(words[0]))
    common = {stem for word in words if (stem := stem_word(word)) not in names and not is_number(stem)}
    owned = {_OWNS} if _OWNED.search(head) else set()
    return _Phrase(frozenset(names - STOP_STEMS - _TIMES), frozenset((common - STOP_STEMS - _TIMES) | owned))


def are_contrary(a: Told, b: Told) -> bool:
    """Whether what two sentences say went two ways is the same thing, done by the same."""
    if a.day and b.day and abs((a.day - b.day).days) > 1:  # what came of it
        return False
    (who, what), (other_who, other_what) = _recall(a), _recall(b)
    if not _may_be_one(what, other_what, is_needed=True):
        return False
    for mark in (_HOW_MUCH, *_REST):
        more, other_more = ({one for one in told.context if one.startswith(mark)} for told in (a, b))
        if (
            more and other_more and more.isdisjoint(other_more)
        ):  # "lost the race for mayor", "won the race for the lead"
            return False
    much = {one for one in a.context & b.context if one.startswith(_HOW_MUCH)}
    if a.key in _OF_ITSELF and not much | take_signs(a.measures & b.measures, "day"):
        return False
    return _may_be_one(who, other_who, is_needed=a.key in _OF_WHO)


def _recall(told: Told) -> tuple[_Phrase, _Phrase]:
    def take(mark: str) -> frozenset[str]:
        return frozenset(one.removeprefix(f"{mark} ") for one in told.context if one.startswith(f"{mark} "))

    who, what = (_Phrase(take(names), take(words)) for names, words in (_WHO, _WHAT))
    return who, what


def _may_be_one(one: _Phrase, other: _Phrase, *, is_needed: bool) -> bool:
    """Whether two phrases may mean the same: the names of one are among the other's, and its words too.

    "Tarr’s assistant" is not Tarr.
    """
    if any(_OWNS in mine.words and theirs.names and not theirs.words for mine, theirs in ((one, other), (other, one))):
        return False
    pairs = (one.names, other.names), (one.words - {_OWNS}, other.words - {_OWNS})
    told = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
    is_open = not is_needed or not any(map(any, pairs))
    return all(mine <= theirs or theirs <= mine for mine, theirs in told) and bool(told or is_open)
