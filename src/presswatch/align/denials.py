"""What a sentence says is not so: "will not star", "is no longer attached", "denied that she will star". English.

Of two sentences that say the same otherwise, one that denies what the other says disagrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from presswatch.align.text import STOP_STEMS, is_title, look_beside, stem_word

# What is denied is the first word behind that says something: "will not be able to star" denies that she stars.
_NOT = re.compile(
    r"\b(?:(?:will|is|are|was|were|has|have|had|do|does|did|should|must|may|might)(?: not|n[’']t)"
    r"|(?:would|could)(?: not|n[’']t)(?! have\b)"  # "would not have signed" says what would be, and not what is
    r"|won[’']t|can[’']t|cannot|never|no longer|neither|no (?:plans?|intentions?) (?:to|of))\b",
    re.IGNORECASE,
)
_NOT_IN_TITLE = re.compile(rf"{_NOT.pattern}|\bnot\b", re.IGNORECASE)
_SAID = r"(?:the |a |any |such )?(?:reports?|rumou?rs?|claims?|allegations?|suggestions?)"
_DENIES = re.compile(
    rf"(?:\bden(?:y|ies|ied|ying)\b(?: {_SAID})?+|\b(?:reject|dismiss|refut|disput)(?:s|es|ed|ing)? {_SAID}(?= that\b))"
    r"(?! (?:by|in|from|on|about|made)\b)"
)
# Who is denied to do it: "denied that the lifeboats were locked"
_DOER = re.compile(
    r"(?: that)?(?P<who> (?:[\w’'-]+ ){1,6}?)(?:is|are|was|were|had|has|have|did|does|will|would|could)\b(?! not\b)"
)
_ONLY_VERBS = re.compile(
    r"(?: ?\b(?:will|would|is|are|was|were|has|have|had|be|been|set|to)\b)* ?"
)  # "Quill, 38, will"
_THAT_THE = re.compile(r" that (?:the|an?|his|her|its|their)\b")
# Who does not deny it says nothing of it
_NOT_DENYING = re.compile(r"\b(?:not|never|nor|or|without|neither confirm\w* or)(?: \w+ly)? \Z|n[’']t(?: \w+ly)? \Z")
_ANY_SIGN = re.compile(
    r"n[’']t\b|\b(?:not|never|no longer|neither|cannot|no (?:plan|intention)s?|den(?:y|ies|ied|ying)"
    r"|reject\w*|dismiss\w*|refut\w*|disput\w*)\b",
    re.IGNORECASE,
)
# "Not only", "not yet": what is so all the same, or will be
_NO_DENIAL = frozenset(
    "only just merely simply yet necessarily quite always until before immediately alone formally officially publicly "
    "fully entirely completely explicitly directly personally specifically".split()
)
# Said of what is to come, of which the next word says what it is
_LEADS_ON = frozenset(
    "be been being to have having going expected planning planned set due slated scheduled able allowed ready about "
    "supposed meant intending intended actually currently also even".split()
)
_DETERMINERS = frozenset("the a an any his her its their".split())  # before what one is or has, and no deed
_PLACED = frozenset("in at on for of to by with from into".split())  # "was not at the wedding": that is no deed
_THING = "a "  # before the stem of a noun
# What papers write about themselves ("did not respond to a request"), and words of no deed
_NOTHING_DENIED = frozenset(
    "respond reply comment say tell know think want need mean believe see get go come make take let seem "
    "look confirm confirmed deny denied discuss explain immediately available reached name named identified "
    "disclosed specified given clear sure mention matter one thing much many enough good bad new first last way "
    "lot bit like day week month year time".split()
)
_NO_REPLY = re.compile(
    r"return(?:ed|ing)? (?:[\w’'-]+ ){0,3}(?:calls?|messages?|requests?|e-?mails?|texts?|inquir\w+)\b"
)
_REACH_WORDS, _REACH_CHARS = 6, 60
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_TILL = re.compile(r"(?: \w+){0,3} (?:until|till|before)\b| (?:only|just)\b")  # what is not done until May is done then
_IF = re.compile(r"\b(?:if|unless|whether|lest)\b", re.IGNORECASE)
_STILL_SO = re.compile(r"\b(?:is|are|will|be|still|remains?|to)\b|[a-z]s\Z")
_FUTURE = re.compile(r"\b(?:will|won|no|going|plan\w*|to)\b", re.IGNORECASE)
_PAST = re.compile(
    r"(?:\A|\b(?!is |are |be |being |will |to |get )[\w’'-]+ )[\w’'-]+ed\Z|\b(?:was|were|had|has|have) [\w’'-]+\Z"
)
# "To star" is said of who is to star, or plans to, or "Quill to Star"; "urged him to star" says nothing of it
_TO = re.compile(r"(?<![\w’'-])to (?:be )?\Z", re.IGNORECASE)
_LEADS_TO = re.compile(
    r"(?i:\b(?:is|are|set|plans?|planning|due|going|ready|about|scheduled|slated|tapped|signed|agree\w*|expect\w*|deal|talks"
    r"|negotiations|stages) (?:on |in |now )?to (?:be )?\Z)|\A\W*(?:[A-Z][\w’'.-]* )+[Tt]o (?:[Bb]e )?\Z"
)
_HAS = re.compile(r"\b(?:is|are|was|were|be|been|has|have|had|got|set|with) (?:[\w’'-]+ )?\Z")
CLAUSE_END = re.compile(r"[,;:.!?—–()“”\"]| (?:but|and|because|after|while) ")
_WORDS_BEFORE = re.compile(r"(?:(?<![\w’'-])[\w’'-]+ ){0,2}\Z")
_NOUN = re.compile(r"(?:ions?|ments?|[ae]nces?|ness|ers?|ors?|ity|ities)$")  # of the words that share a verb's stem
# What stands behind these is left open
_OPEN = re.compile(
    r"\b(?:whether|if|unless|without|instead of|rather than|out of|refus\w+|declin\w+|fail\w*|unlikely|unable|may|might"
    r"|could|den(?:y|ies|ied|ying)|not|never|no longer|neither|cannot|no|nobody|none|nor"
    # what was to be, or is but wished for, came otherwise where another denies it
    r"|once|originally|(?:was|were|had been) (?:[a-z]+ )?to|would (?:have|be)|had planned|hop(?:es?|ed|ing)"
    r"|want(?:s|ed|ing)?|tr(?:y|ies|ied|ying)|threat\w+|urg(?:ed|ing))\b|n[’']t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Deed:
    """What is done or, behind `_THING`, what one is or has, by its stem; as it is printed, and where."""

    stem: str
    printed: str
    start: int
    end: int
    doer: str  # who does it, as printed


@dataclass(frozen=True)
class Denial(Deed):
    """A deed that is denied, or said."""

    is_denied: bool


def find_denials(text: str) -> Iterator[Denial]:
    """What a text denies."""
    if not _ANY_SIGN.search(text):
        return
    is_headline = is_title(text)
    for match in (_NOT_IN_TITLE if is_headline else _NOT).finditer(text):
        yield from _read_denial(text, match, is_headline=is_headline)
    for match in _DENIES.finditer(text):
        if _NOT_DENYING.search(text[max(0, match.start() - _REACH_CHARS) : match.start()]):
            continue
        clause = _clause_behind(text, match.end())
        doer = _DOER.match(clause)
        if doer or not _THAT_THE.match(clause):  # "that the studio fired her": which word is the deed does not show
            yield from _read_denial(text, match, doer, is_headline=is_headline)


def _clause_behind(text: str, start: int) -> str:
    return CLAUSE_END.split(text[start : start + _REACH_CHARS])[0]


def _read_denial(
    text: str, match: re.Match[str], doer: re.Match[str] | None = None, *, is_headline: bool
) -> Iterator[Denial]:
    """What one denial denies, if its clause says it; `doer` is where that names who is denied to do it."""
    who = read_doer(text, match.start())
    if _IF.search(who):
        return
    clause, skipped = _clause_behind(text, match.end()), doer.end() if doer else 0
    found = _find_deed(clause[skipped:], is_headline=is_headline)
    if found and not _TILL.match(clause, skipped + found[1]):
        stem, end = found[0], match.end() + skipped + found[1]
        printed = text[match.start() : end]
        yield Denial(stem, printed, match.start(), end, is_denied=True, doer=doer["who"] if doer else who)


def are_of_one_time(denied: str, said: str) -> bool:
    """Whether what is denied may be what is said: who will not do it may have done it, and what ended was so once."""
    if denied.startswith("no longer"):
        return bool(_STILL_SO.search(said))
    return not (_FUTURE.search(denied) and _PAST.search(said))


def read_doer(text: str, start: int) -> str:
    """Who does what stands at a place: the clause before it, past what stands between commas ("Quill, 38, will")."""
    before, _ = look_beside(text, start, start)
    parts = CLAUSE_END.split(before)
    is_aside = len(parts) > 2 and _ONLY_VERBS.fullmatch(parts[-1])  # noqa: PLR2004 - what stands between commas
    return parts[-3] if is_aside else parts[-1]


def _find_deed(clause: str, *, is_headline: bool) -> tuple[str, int] | None:
    """What the words behind a denial deny, and where it ends."""
    thing = ""
    for place, match in enumerate(_WORD.finditer(clause)):
        word = match.group().lower()
        if word in _NO_DENIAL or word in _PLACED - {"to"} or place >= _REACH_WORDS:
            return None
        if word in _DETERMINERS:
            thing = _THING
        elif not (word in _LEADS_ON or word.endswith("ly") or (match.group()[0].isupper() and not is_headline)):
            stem = stem_word(word)
            if stem not in STOP_STEMS:
                is_nothing = not _NOTHING_DENIED.isdisjoint((word, stem)) or _NO_REPLY.match(clause, match.start())
                return None if is_nothing else (thing + stem, match.end())
    return None


def find_affirmed(text: str, stems: Collection[str]) -> Iterator[Denial]:
    """What of some deeds and things a text says without denying it, or leaving it open."""
    lowered = text.lower()
    wanted = {stem for stem in stems if stem.removeprefix(_THING) in lowered}
    before = ""
    for match in _WORD.finditer(text) if wanted else ():
        word, stem = match.group().lower(), stem_word(match.group())
        is_thing = before in _DETERMINERS or before.endswith(("’s", "'s", "s’"))
        before = word
        told = _THING + stem if is_thing else stem
        if told in wanted and (is_thing or not _NOUN.search(word)):
            clause = CLAUSE_END.split(text[max(0, match.start() - _REACH_CHARS) : match.start()])[-1]
            is_said = _HAS.search(clause) if is_thing else not _TO.search(clause) or _LEADS_TO.search(clause)
            if is_said and not _OPEN.search(clause):
                printed = _WORDS_BEFORE.search(clause)[0] + match.group()  # type: ignore[index]  # it matches anything
                yield Denial(told, printed, *match.span(), is_denied=False, doer=read_doer(text, match.start()))
