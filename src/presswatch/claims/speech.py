"""Who says it: the verbs of saying in a sentence, and the subject of each, found in text with its quotes masked.

No parser: a subject is looked for to the left of its verb (past adverbs, auxiliaries and what stands between commas),
or to the right where the verb follows a quote ("…," said Marsh).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from presswatch.claims.names import AND, NAME, UPPER, trim_name
from presswatch.claims.roles import is_role
from presswatch.claims.words import (
    AGREEING_CUES,
    AUXILIARIES,
    BARE_CUES,
    BASE_FORMS,
    CLOSING_CUES,
    CUES,
    INDIRECT_CUES,
    ING_CUES,
    NO_NAMES,
    NOT_BEFORE_VERBS,
    PLURAL_CUES,
    SAY_CUES,
    TALK_CUES,
)

_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
_GOES_ON = re.compile(r"\b(?:go|goes|going|went|gone) on to$")
_OF_NAME_END = re.compile(rf"\b(?:of|with)\s(?P<name>{NAME})$")  # "footage of Ana Ruiz saying"
_ADVERBS = re.compile(
    r"(?:\b(?:has|have|had|is|are|was|were|been|being|also|then|later|once|twice|again|even|just|never|not|did|does|do|would|"
    r"will|could|can|may|might|must|should|recently|already|still|often|soon|always|sometimes|instead|to|went|go|goes|going|"
    r"on|has|in the past|in (?:part|turn|response|return|effect)|"
    r"at (?:times|one point|the time)|of course|for (?:example|instance)|further|first|"
    r"himself|herself|themselves|reportedly|too|meanwhile|though|however|today|yesterday|"
    r"(?:last|this) (?:week|month|year|night)|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:night|morning|evening|afternoon))?|didn[’']t|doesn[’']t|"
    r"don[’']t|hasn[’']t|haven[’']t|[a-z]+ly)[\s,]+)+$"
)
_PRONOUN_END = re.compile(
    r"(?:^|[\s“\"(—–,;:])((?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[Ii]t|[Yy]ou|[Oo]thers?|[Aa]nother|[Ss]ome|[Mm]any|[Mm]ost|[Bb]oth|(?:[Nn]o\s)?[Oo]ne)(?:[’']s|[’']d|[’']ve)?)$"
)
_NAME_END = re.compile(rf"(?<![\w’'])({NAME})$")
_JOINS_NAMES = re.compile(rf"{AND}\Z")
_JOINING_CHARS = 60
_CLAUSE_BEGINS = re.compile(
    r"(?:\A|[,;:—–(”»\"]|\b(?:that|when|where|but))\s*(?:[Tt]he\s)?(?:[a-z][\w-]*\s){0,3}\Z"
    r"|(?:\A|[,;:—–(])\s*(?:[Tt]he\s)?(?:[A-Z][\w’'-]*\s){1,3}"  # "Guild president Ana Ruiz and …"
    r"(?:co-)?(?:president|director|producer|chair|chairman|chairwoman|chief|head|star|creator|founder|leader|writer"
    r"|spokes\w+)s?\s\Z"
)
_AND_NEXT = re.compile(rf"{AND}(?:{NAME})")
_JOINT_ENDS = re.compile(r"[,.;]|\sin\s(?:a|their)\s|\Z")
_PARENTHESIS_END = re.compile(r"\s*\([^()]*\)$")
_WHO_END = re.compile(r",?\s(?:who|which|whom)$")
_AND_END = re.compile(r"(?:,?\s(?:and|but|or|then|while|before|after|when|as)|\w,)$")
_DETERMINER = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ur|[Mm]y|[Tt]his|[Ss]ome|[Mm]any|[Mm]ost|[Ss]everal"
    r"|[Tt]wo|[Tt]hree|[Oo]ther|[Aa]nother|[Bb]oth|[Ff]ormer)"
)
_NO_CLAUSE = (
    r"(?!(?:as|that|who|which|to|is|was|are|were|has|had|have|it|he|she|they|if|because|when|while|where|but)\b)"
)
_NOUN_PHRASE_END = re.compile(  # with a masked title in it: "the “Paper Harbor” director"
    rf"(?:^|[\s“\"(—–,;:])({_DETERMINER}(?:\s+(?:{_NO_CLAUSE}[\w’'&./-]+|[“‘\"']x+[”’\"'])){{1,8}})$"
)
# "a source close to the production": the production says nothing
_INSIDERS = re.compile(
    r"\b(?P<who>sources?|people|persons?|individuals?|insiders?|friends?|executives?|officials?|those|someone)"
    r"(?:,? who (?:is|are|was|were))?\s(?:close to|familiar with|briefed on|involved (?:in|with)"
    r"|with (?:[a-z]+ )?knowledge of)\s[^,.;:]*\Z"
)
# "her daughter, the film-maker Ana Ruiz, said", "his son, producer Karl Quill, said"
_NO_CALLING = (
    r"(?!(?:about|by|of|with|from|for|on|in|to|at|and|or|who|whom|whose|which|that|when|where|while|after|before|as"
    r"|said|told)\b)"
)
_NAMED_ASIDE = re.compile(
    rf"(?:\A|[,—–:;]\s?)(?:[Hh]is|[Hh]er|[Tt]heir|[Tt]he|[Aa]n?|[A-Z][\w-]+[’']s)(?:\s(?!for\b)[\w’'.-]+){{1,6}},"
    rf"\s(?:(?:the|an?|its)\s)?(?:{_NO_CALLING}[a-z][\w’'-]*\s){{0,3}}(?P<name>{NAME}),\Z"
)
_PARTICLES_END = re.compile(
    r"(?<![\w’'-])(?:(?:van|von|de|della?|di|da|du|dos|bin|al)\s)(?:(?:der|den|la|las|los)\s)?\Z"
)
_OF_THEM_END = re.compile(
    rf"(?<![\w’'])(?P<name>{NAME})\s(?:of|from|at)\s(?:the\s)?\Z"
)  # "Ana Ruiz of the city police"
_OWNED_END = re.compile(rf"(?<![\w’'])((?:{NAME})[’']s?\s+(?:[\w’'-]+\s+){{0,4}}[\w’'-]+)$")
_PLURAL_END = re.compile(
    r"(?:^|[\s“\"(—–,;:])((?:[A-Za-z-]+\s+){0,2}(?:[a-z-]{3,}s|people|police|[A-Z]\w+s|everyone|nobody|someone))$"
)
_OF_BEFORE = re.compile(
    r"\b(?:[Ff]or|of|[Ff]rom|[Ww]ith|[Aa]t|[Ii]n|[Tt]o|[Bb]y|[Oo]n|and|[Ii]nside|[Uu]nder|[Aa]bout|[Aa]gainst|[Nn]ear)"
    r"\s(?:the\s|a\s)?$"
)
_NOBODY_IN = re.compile(r"\b(?:[Nn]obody|[Nn]o one|[Nn]one)\s(?:in|at|of|on|from)\s$")  # "nobody in the village said"
_OPENER = re.compile(  # "Speaking to reporters", "Hours later": a capital that is no name's
    r"[A-Z][a-z]+ing,?\s(?:to|in|at|on|of|with|that|the|an?|his|her|their|its|as|about|for|from|after|before|by|it|how|what)\b"
    r"|[A-Z][a-z]+s?\s(?:later|ago|earlier|before|after)\b"
)
_DATELINE = re.compile(  # "OSLO, May 4 (RW) — Moss said": where the news is from, and nobody's name
    r"(?:[A-Z][A-Z.’' ]{2,30}(?:,\s[\w. ]{2,20}){0,2}\s|[A-Z][\w.’' -]{2,30}(?:,\s[\w. ]{2,20}){0,2}\s(?=\())"
    r"(?:\([A-Z][\w/ ]{1,20}\)\s)?(?:[—–]|--?)\s(?=[\W]?[A-Z])"
)
_APPOSITIVE = re.compile(rf"\s*(?:[a-z\d]|(?:{NAME})[’']s?\s|[{'A-Z'}]-[A-Z]|(?:A|An|The)\s)")
_MAIN = re.compile(
    rf"(?:\b(?P<pronoun>[Hh]e|[Ss]he|[Tt]hey|we)\b"
    rf"|\b(?P<phrase>(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir)\s+(?:[a-z][\w’'-]*\s+){{0,3}}"
    rf"(?:man|woman|director|actor|actress|singer|star|spokes\w+|official|producer|writer|studio|company|campaign|band|critic"
    rf"|president|senator|governor|mayor|candidate|nominee|statement|report|paper|magazine|letter|post|ad|review"
    rf"|email|memo|tweet|message|adviser|lawyer|aide|judge|host|manager|chairman|chairwoman|leader|coach|trailer)s?\b)"
    rf"|(?<![\w’'])(?P<name>{NAME}))"
)
_RIGHT = re.compile(
    rf"\s+(?P<subject>(?:{_DETERMINER}\s+)?(?:(?:{NAME})(?:[’']s?)?|[a-z][\w’'-]*|\d[\w/-]*)"
    rf"(?:,?\s(?:{NAME})(?:[’']s?)?|\sof\s(?:[a-z][\w-]*\s){{0,4}}[a-z][\w-]*(?=\s(?:{NAME}))|\s(?!(?:in|on|at|of|during|to|who|as|when|while|about|after|before|with|from|by|told|for|that|"
    rf"this|last|is|was|has|had|are|were|and|but|if|because|where|via|yesterday|today|earlier|later|recently|regarding)\b)"
    rf"[a-z][\w’'-]*){{0,10}})"
)
_RIGHT_PRONOUN = re.compile(r"\s+(he|she|they|I|we)\b")
_BY = re.compile(rf"\s+by\s+(?P<subject>{_DETERMINER}\s+(?:[\w’'-]+\s+){{0,3}}(?:{NAME}|[a-z][\w’'-]*)|{NAME})")
# "the challenges for a mayor", "late tweets targeting her": a noun, and no verb in the third person
_OF_NEXT = re.compile(r"\s(?:of|for|by|from|against|among|between|(?!(?:being|having)\b)[a-z]{3,}ing)\b")
_IS_END = re.compile(r"\b(?:is|are|was|were|be|been|being)(?:\s[a-z]+ly)?$")
_AGENT_NEXT = re.compile(r"\s(?:(?:by|as\ssaying)\b|[“\"‘'])")  # "described by Marsh", "is quoted as saying"
_VERB_NEXT = re.compile(r"\s(?:is|are|was|were|has|have|had|will|would|can|could|shows?|showed|suggest|suggested)\b")
_OBJECT_NEXT = re.compile(r"\s(?:him|them|us|me)\b")
_ALWAYS_VERBS = frozenset({"says", "calls", "tells", "writes", "asks", "speaks", "thinks", "argues"})
_IT = re.compile(r"\s+it\b")
_OWNED_SAYING = re.compile(
    rf"(?=[{UPPER}ht])(?:(?<![\w’'])(?P<name>{NAME})[’']s?|\b(?P<pronoun>[Hh]is|[Hh]er|[Tt]heir))\s(?:[a-z-]+\s){{0,2}}"
    r"(?P<cue>claim|statement|remark|comment|assertion|argument|suggestion|promise|pledge|vow|warning|description|criticism|insistence|belief|view|call|phrase|term"
    r"|word|accusation|allegation|assessment|prediction|complaint|question|line|mantra|slogan|response|reference)s?\b"
)
_OWNED_GAP = re.compile(r"\s?(?:(?:that|of|about|as|to|on|for)\b[^.;:!?“”\"]{0,70})?")
_OWNERS = {"his": "he", "her": "she", "their": "they"}
_NAMES_AS = re.compile(
    r"\b[a-z]+(?:ed|ing|s)(?=\s(?:[\w’'.-]+\s){1,6}as\s(?:an?\s|the\s|his\s|her\s|their\s|being\s)?\Z)"
)
_ACCORDING = re.compile(
    rf"\b(?P<cue>[Aa]ccording to|[Ii]n the words of|[Aa]s per)\s+(?P<subject>"
    rf"(?:{_DETERMINER}\s+)?(?:[a-z][\w’'-]*\s+){{0,3}}"
    rf"(?:{NAME})(?:[’']s?\s[\w’'-]+)?|(?:{_DETERMINER}\s+)(?:{_NO_CLAUSE}[\w’'-]+\s+){{0,3}}{_NO_CLAUSE}[\w’'-]+)"
)
_ACCORDING_END = re.compile(r"ccording to(?: [a-z-]+)?$")  # "according to studio estimates"
_LOOSE_END = re.compile(r"(?:\s(?:of|on|the|with|for|to|in|at|an?|by|from))+\Z")  # "people briefed on the" talks
_LAST_NAME = re.compile(rf"(?<![\w’'])(?:{NAME})$")
_NAMED_NEXT = re.compile(rf",\s(?P<name>{NAME})(?=,|$)")
_SETTING = re.compile(r"(?:In|At|On|During|With|For)\s")  # "In a note to Ana Ruiz, the mayor, …": she is not the mayor
# "It rained, she revealed on a podcast this week": what stands before the comma is said
_ENDS_SAID = re.compile(r"[\w”’\"'], \Z")
# "The shoot begins in May, said Ana Ruiz, its producer.": three words and a comma before it, and behind its subject
# nothing that goes on with another verb
_CLAUSE_ENDS = re.compile(r"(?:[\w”’\"'%)]+\W+){2}[\w”’\"'%)]+, \Z")
_NAMES_ALONE = re.compile(rf"(?:{NAME})(?:,?\s(?:of\s(?:the\s)?)?(?:{NAME}))*")  # no verb: "said Page died yesterday"
_GOES_ON_BESIDE = (
    r"in|on|at|of|from|for|with|during|after|before|to|via|this|last|yesterday|today|earlier|later|recently"
)
_CLOSES = re.compile(
    rf"[.!?”\"']*\s*\Z|,?\s(?:who|whose|which)\b|(?:,\s(?!(?:and|but|then)\b)|\s(?:{_GOES_ON_BESIDE})\b)"
    r"(?!.*\b(?:is|was|has|had|are|were|will|would|can|could|may|might|must|should|did|does|be)\b)"
)
_WHERE_SAID = re.compile(r"\s(?:on|in|to|during|via|at)\s[^,;:]*\Z")
_THAT_NEXT = re.compile(r"\s+(?:[\w’'-]+\s+){0,4}(?:that|how|why|whether)\b")
_SIGNED = re.compile(rf"\s*[―—–-]{{1,2}}\s*(?P<subject>{NAME})(?:,[^.!?\n]{{0,80}})?\.?$")
_INVERTED_AFTER = re.compile(r"[,”’»\"'!?.…—–\s]*$")
_POSSESSIVE_END = re.compile(
    r"(?:[’']s?|\b(?:his|her|their|its|my|our|your|the|a|an|these|those|such|any|no|some|of|for"
    r"|few|several|many|more|other))$",
    re.IGNORECASE,
)
_ACCORDING_WORDS = frozenset({"According", "according", "words", "per"})
_GOING = frozenset({"went", "goes"})
_WENT_ON = re.compile(r"\son(?=[.,:;]|\s*[“\"]|\Z)")  # "Ruiz went on.", and not "went on to win"
SAYING_WORDS = CUES | _ACCORDING_WORDS | _GOING  # without one of them nobody is heard
_NOUN_CHARS = 24  # how far back the word before a verb is looked for
_LEFT_CHARS = 260  # how much of a sentence is looked at for a verb's subject: longer sentences are lists
# how far back a pattern is tried that has to end at the end: each place costs a try
_NEAR_CHARS = 16  # a pronoun, a conjunction, a preposition
_ADVERBS_CHARS = 80
_NAME_CHARS = 120
_OWNED_CHARS = 160
_APPOSITIVES = 5  # commas tried for the head of "Ana Ruiz, who ran the studio, now closed, said"


@dataclass(frozen=True, slots=True)
class Saying:
    """A verb of saying with its subject, as printed, and the place of both. `start` … `end` is the frame."""

    speaker: str
    cue: str
    start: int
    end: int
    speaker_start: int
    cue_start: int


@dataclass(frozen=True, slots=True)
class _Scope:
    """A sentence in the masked text, with the ends of its quotes."""

    masked: str
    start: int
    end: int
    quote_ends: Sequence[int]

    def left_of(self, at: int) -> tuple[int, bool]:
        """Where the words that may be the subject of a verb begin, and whether a quote ends there."""
        place = bisect_right(self.quote_ends, at)
        quote_end = self.quote_ends[place - 1] if place else -1
        floor = max(quote_end, self.reach(at))
        return floor, floor == quote_end

    def reach(self, at: int) -> int:
        """How far back from a verb its subject is looked for."""
        return max(self.start, at - _LEFT_CHARS)


def find_sayings(masked: str, start: int, end: int, quote_ends: Sequence[int] = ()) -> list[Saying]:
    """All verbs of saying of one sentence that have a subject, in the order of the text.

    `quote_ends` are the ends of the quotes in it, in order: after one of them the subject may follow its verb.
    """
    dateline = _DATELINE.match(masked, start, end)
    start = dateline.end() if dateline else start
    scope, found = _Scope(masked, start, end, quote_ends), list[Saying]()
    may_accord = False
    for word in _WORD.finditer(masked, start, end):
        if (cue := word.group()) not in SAYING_WORDS:
            continue
        if cue in _ACCORDING_WORDS:
            may_accord = True
        elif cue in _GOING:
            said = _plain(scope, word) if _WENT_ON.match(masked, word.end(), end) else None
            found += [replace(said, cue=f"{cue} on", end=word.end() + len(" on"))] if said else []
        elif not _is_noun(masked, word, start):
            said = _inverted(scope, word) or _closing(scope, word) or _passive(scope, word)
            said = said or _continued(word, found) or _plain(scope, word)
            if said:
                found.append(said)
    if may_accord:
        found += map(_according, _ACCORDING.finditer(masked, start, end))
    if any(said.cue not in TALK_CUES for said in found):
        found = [said for said in found if said.cue not in TALK_CUES]
    return sorted(found, key=lambda said: said.cue_start)


def _inverted(scope: _Scope, word: re.Match[str]) -> Saying | None:
    """A verb right after a quote, with its subject behind it: "…," said Marsh."""
    floor, after_quote = scope.left_of(word.start())
    if not after_quote or word.group() not in SAY_CUES or word.group() in ING_CUES:
        return None
    if not _INVERTED_AFTER.match(scope.masked[floor : word.start()]):
        return None
    subject = _subject_right(scope.masked, word.end(), scope.end)
    if subject is None:
        return None
    text, at = subject
    return Saying(text, word.group(), word.start(), at + len(text), at, word.start())


def _closing(scope: _Scope, word: re.Match[str]) -> Saying | None:
    """A verb behind what is said without quote marks, with its subject behind it: "It rained, said Marsh"."""
    near = max(scope.start, word.start() - _ADVERBS_CHARS)
    if word.group() not in CLOSING_CUES or not _CLAUSE_ENDS.search(scope.masked, near, word.start()):
        return None
    subject = _subject_right(scope.masked, word.end(), scope.end)
    if subject is None:
        return None
    text, at = subject
    is_name = _NAMES_ALONE.fullmatch(text) and text.split()[0].lower() not in NO_NAMES  # "…, said Monday that"
    if not (is_name or is_role(text)) or not _CLOSES.match(scope.masked, at + len(text), scope.end):
        return None
    return Saying(text, word.group(), word.start(), scope.end, at, word.start())


def _passive(scope: _Scope, word: re.Match[str]) -> Saying | None:
    """A participle with its agent: "described by Marsh as"."""
    agent = _BY.match(scope.masked, word.end(), scope.end)
    if not agent or not word.group().endswith(("d", "n")):
        return None
    return Saying(agent["subject"], word.group(), word.start(), agent.end(), agent.start("subject"), word.start())


def _continued(word: re.Match[str], earlier: Sequence[Saying]) -> Saying | None:
    """A participle that goes on with the last subject: "Marsh said …, adding"."""
    if word.group() not in ING_CUES or not earlier:
        return None
    last = earlier[-1]
    return Saying(last.speaker, word.group(), word.start(), word.end(), last.speaker_start, word.start())


def _plain(scope: _Scope, word: re.Match[str]) -> Saying | None:
    """A verb with its subject before it, if need be before an earlier quote of the sentence."""
    floor, _ = scope.left_of(word.start())
    left = scope.masked[floor : word.start()].rstrip()
    if word.group() in ING_CUES:
        shown = _OF_NAME_END.search(left, max(0, len(left) - _NAME_CHARS))
        subject = (shown["name"], shown.start("name")) if shown else _subject_left(left, main_only=True)
    else:
        is_infinitive = left.endswith(" to") and not _GOES_ON.search(left)
        subject = _subject_left(left, main_only=is_infinitive)
    if subject is None and floor > scope.reach(word.start()) and _joins_on(left):
        head, floor = scope.masked[scope.reach(word.start()) : floor], scope.reach(word.start())
        subject = _main_subject(head)
    if subject is None:
        return None
    text, at = subject
    return Saying(text, word.group(), floor + at, word.end(), floor + at, word.start())


def _joins_on(left: str) -> bool:
    """Whether a verb has no subject of its own after a quote: nothing but signs, or an "and", stands between."""
    return not left.strip(" ,—–-”’»\"'") or bool(_AND_END.search(" " + left))


def _according(found: re.Match[str]) -> Saying:
    start, subject = found.start("subject"), _LOOSE_END.sub("", found["subject"])
    return Saying(subject, found["cue"].lower(), found.start(), found.end(), start, found.start())


def _is_noun(masked: str, word: re.Match[str], start: int) -> bool:
    """Whether what looks like a verb of saying is a noun or an infinitive here ("the report", "his claims")."""
    cue, before = word.group(), masked[max(start, word.start() - _NOUN_CHARS) : word.start()].rstrip()
    if (
        _ACCORDING_END.search(before)
        or _is_passive(masked, word, before)
        or _is_sign_off(masked, word, before)
        or (cue.endswith("s") and _VERB_NEXT.match(masked, word.end()))
    ):
        return True
    if cue in {"put", "puts"}:
        return not _IT.match(masked, word.end())
    if not before:
        return cue in BASE_FORMS
    last = before.rsplit(None, 1)[-1].lower()
    if cue in BASE_FORMS and cue not in BARE_CUES:
        plural = cue in PLURAL_CUES and last.endswith("s") and last.isalpha()
        is_verb = _OBJECT_NEXT.match(masked, word.end()) and last not in NOT_BEFORE_VERBS  # "Ruiz and Quill call them"
        return not (is_verb or plural or last in AUXILIARIES or before.endswith("ly"))
    if cue.endswith("s"):
        return last.isdigit() or bool(
            _POSSESSIVE_END.search(before) or (cue not in _ALWAYS_VERBS and _OF_NEXT.match(masked, word.end()))
        )
    return last in NOT_BEFORE_VERBS and cue not in ING_CUES


def _is_sign_off(masked: str, word: re.Match[str], before: str) -> bool:
    """Whether a headline ends with where it is from: "Ruiz leaves the film - reports"."""
    return before.endswith(("-", "–", "—")) and not masked[word.end() : word.end() + 2].strip()


def _is_passive(masked: str, word: re.Match[str], before: str) -> bool:
    """Whether something is said of the subject: "the budget is said to be", "no injuries were reported"."""
    is_form = word.group().endswith("ed") or word.group() in {"said", "told"}
    return is_form and bool(_IS_END.search(before)) and not _AGENT_NEXT.match(masked, word.end())


def _subject_left(left: str, *, main_only: bool = False) -> tuple[str, int] | None:
    """The subject of a verb that stands right after `left`, with its offset in `left`."""
    is_aside = left.endswith(",")  # "Ruiz, in a note on Monday, said": the adverbs go, the end of the aside stays
    left = _strip_adverbs(left)
    if is_aside and "," in left and not left.endswith(","):
        left += ","
    insiders = _INSIDERS.search(left)
    if insiders and (subject := _noun_phrase(left[: insiders.end("who")])):
        return left[subject[1] :].rstrip(" ,"), subject[1]
    return _main_subject(left) if not left or main_only else _subject_at_end(left)


def _subject_at_end(left: str) -> tuple[str, int] | None:
    """The subject at the end of a text whose adverbs are gone, else the first of its clause."""
    near = max(0, len(left) - _NEAR_CHARS)
    pronoun = _PRONOUN_END.search(left, near)
    if pronoun:
        return pronoun.group(1).split("’")[0].split("'")[0], pronoun.start(1)
    who = _WHO_END.search(left, near)
    if who:
        return _noun_phrase(left[: who.start()]) or _main_subject(left)
    if left.endswith((",", ")", "—", "–")):
        named = _NAMED_ASIDE.search(left)
        aside = (named["name"], named.start("name")) if named else _head_of_appositive(left)
        return aside or _main_subject(left)
    if _AND_END.search(left, near):
        return _main_subject(left)
    return _noun_phrase(left) or _main_subject(left)


def _strip_adverbs(left: str) -> str:
    left += " "
    adverbs = _ADVERBS.search(left, max(0, len(left) - _ADVERBS_CHARS))
    stripped = (left[: adverbs.start()] if adverbs else left).rstrip()
    return _PARENTHESIS_END.sub("", stripped) if stripped.endswith(")") else stripped


def _noun_phrase(left: str) -> tuple[str, int] | None:
    """The name or noun phrase at the end of a text."""
    left = left.rstrip(" ,")
    left = _PARENTHESIS_END.sub("", left) if left.endswith(")") else left
    name = _NAME_END.search(left, max(0, len(left) - _NAME_CHARS))
    if name:
        particle = _PARTICLES_END.search(left, max(0, name.start(1) - _NEAR_CHARS), name.start(1))
        if particle:  # "van der Quill said"
            return left[particle.start() :], particle.start()
        text = trim_name(name.group(1))
        joint = _start_of_joint(left, name.start(1)) if text == name.group(1) else None
        if joint is not None:
            return left[joint:], joint
        if text and (left.endswith(", and ", 0, name.start(1)) or not _follows_of(left, name.start(1))):
            return text, name.end(1) - len(text)
    described = _description(left)
    if not described and name and (text := trim_name(name.group(1))):
        return text, name.end(1) - len(text)
    return described


def _description(left: str) -> tuple[str, int] | None:
    """The noun phrase without a name at the end of a text, or whom the text names as one of them."""
    for pattern in (_OWNED_END, _NOUN_PHRASE_END, _PLURAL_END):
        phrase = pattern.search(left)
        if phrase and not _NOBODY_IN.search(left[: phrase.start(1)]):
            of_them = _OF_THEM_END.search(left[: phrase.start(1)])
            if of_them and trim_name(of_them["name"]):
                return _noun_phrase(left[: of_them.end("name")])
            return _head(phrase.group(1), phrase.start(1))
    return None


def _follows_of(text: str, at: int) -> bool:
    """Whether "of", "for the" or the like leads up to a place: what stands there is no subject."""
    return _OF_BEFORE.search(text, max(0, at - _NEAR_CHARS), at) is not None


def _start_of_joint(left: str, name_start: int) -> int | None:
    """Where two names begin of which the second ends a text ("director Ana Ruiz and producer Karl Quill" said).

    Only where the first begins a clause: in "a film by Ana Ruiz and Karl Quill said" and "met Ana Ruiz and Karl Quill
    said" it does not speak.
    """
    joined = _JOINS_NAMES.search(left, max(0, name_start - _JOINING_CHARS), name_start)
    first = _NAME_END.search(left, max(0, joined.start() - _NAME_CHARS), joined.start()) if joined else None
    if not first or not _CLAUSE_BEGINS.search(left, 0, first.start(1)) or _follows_of(left, first.start(1)):
        return None
    text = trim_name(first.group(1))
    return first.end(1) - len(text) if text else None


def _read_joint(text: str, start: int, first_end: int, end: int) -> str | None:
    """Two who speak together, the first from `start` to `first_end`; None where one speaks alone."""
    both = _AND_NEXT.match(text, first_end, end)
    return text[start : both.end()] if both and _JOINT_ENDS.match(text, both.end(), end) else None


def _head(phrase: str, at: int) -> tuple[str, int]:
    """A noun phrase, or the name at its end where it has one ("the film’s star Ana Ruiz" → "Ana Ruiz")."""
    name = _LAST_NAME.search(phrase)
    if name and name.start() > 0 and " " in name.group() and not _follows_of(phrase, name.start()):
        return name.group(), at + name.start()
    return phrase, at


def _head_of_appositive(left: str) -> tuple[str, int] | None:
    """The subject before "…, the film’s producer," at the end of `left`."""
    body = left.rstrip(" ,)—–")
    commas = [m.start() for m in re.finditer(r"[,—–(]", body)][-_APPOSITIVES:]
    for comma in reversed(commas):
        if _APPOSITIVE.match(body, comma + 1):
            subject = _noun_phrase(body[:comma])
            is_led_up_to = subject and _SETTING.match(body) and _follows_of(body, subject[1])
            if subject and (subject[0][0].isupper() or subject[1] == 0) and not is_led_up_to:
                return subject
    return None


def _main_subject(left: str) -> tuple[str, int] | None:
    """The first name, pronoun or person-like noun phrase of a clause."""
    for found in _MAIN.finditer(left):
        if found.lastgroup == "pronoun":
            return found.group(), found.start()
        if found.lastgroup == "phrase":
            if _follows_of(left, found.start()):
                continue
            named = _NAMED_NEXT.match(left, found.end())  # "her adviser, Ana Ruiz,"
            return (named["name"], named.start("name")) if named else (found.group(), found.start())
        if _OPENER.match(left, found.start()):
            continue
        text = trim_name(found.group())
        if text and left[found.end() : found.end() + 2] not in ("’s", "'s") and not _follows_of(left, found.start()):
            at = found.end() - len(text)
            return _read_joint(left, at, found.end(), len(left)) or text, at
    return None


def _subject_right(masked: str, start: int, end: int) -> tuple[str, int] | None:
    """The subject after an inverted verb: "said Marsh", "said the group’s director, Ana Ruiz"."""
    pronoun = _RIGHT_PRONOUN.match(masked, start, end)
    if pronoun:
        return pronoun.group(1), pronoun.start(1)
    found = _RIGHT.match(masked, start, end)
    if not found:
        return None
    phrase = found["subject"].rstrip(" ,")
    if phrase.split()[0].lower() in {
        "that",
        "in",
        "on",
        "to",
        "at",
        "of",
        "during",
        "as",
        "when",
        "about",
        "it",
        "there",
    }:
        return None
    text, at = _head(phrase, found.start("subject"))
    comma = text.find(",")
    if comma > 0:  # "Ana Ruiz, Acme director": the name comes first, unless a small-letter phrase leads up to it
        text = text[:comma]
    both = _read_joint(masked, at, at + len(text), end) if text[0].isupper() else None
    return both or text, at


def is_indirect(masked: str, saying: Saying, end: int) -> bool:
    """Whether a verb of saying makes its sentence somebody's ("Keller said that …", "…, Keller announced.")."""
    if saying.cue in INDIRECT_CUES or " " in saying.cue:
        return True
    if saying.cue not in SAY_CUES:
        return False
    if saying.cue in AGREEING_CUES:
        return bool(_THAT_NEXT.match(masked, saying.end, end))
    is_aside = _ENDS_SAID.search(masked, max(0, saying.start - _NEAR_CHARS), saying.start)
    if is_aside and _WHERE_SAID.match(masked, saying.end, end):
        return saying.cue not in ING_CUES
    closes = saying.end >= end - 1 and saying.cue not in ING_CUES  # "He was joking." is the outlet's sentence
    return closes or bool(_THAT_NEXT.match(masked, saying.end, end))


def signed_by(masked: str, start: int, end: int) -> Saying | None:
    """Who signs a quote that ends at `start`, as pull quotes are signed: "…" — Ana Ruiz."""
    found = _SIGNED.match(masked, start, end)
    if not found:
        return None
    return Saying(found["subject"], ":", found.start(), found.end(), found.start("subject"), found.start())


def find_owner(masked: str, start: int, end: int) -> Saying | None:
    """Whose saying a noun right before a quote names: "Marsh’s claim that the boat was", "her promise of"."""
    owned = list(_OWNED_SAYING.finditer(masked, max(start, end - _OWNED_CHARS), end))
    found = owned[-1] if owned else None
    if not found or not _OWNED_GAP.fullmatch(masked, found.end(), end):
        return None
    subject = found["name"] or _OWNERS[found["pronoun"].lower()]
    return Saying(subject, found["cue"], found.start(), found.end(), found.start(), found.start("cue"))


def find_naming(masked: str, start: int, end: int) -> Saying | None:
    """Who names somebody so, by whatever verb, where "as" stands before a quote ("Marsh hailed the boat as")."""
    verbs = list(_NAMES_AS.finditer(masked, max(start, end - _NAME_CHARS), end))
    return _plain(_Scope(masked, start, end, ()), verbs[-1]) if verbs else None


def find_lead(masked: str, start: int, end: int) -> Saying | None:
    """Who speaks after a colon: the last name that a verb of saying gives before it, else whatever subject it has."""
    sayings = find_sayings(masked, start, end)
    if sayings:
        return next((said for said in reversed(sayings) if said.speaker[:1].isupper()), sayings[-1])
    subject = _main_subject(masked[start:end])
    if subject is None:
        return None
    text, at = subject
    return Saying(text, ":", start + at, end, start + at, end)
