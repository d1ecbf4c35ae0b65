"""Ordinals, told of what they rank: the 10th video, the third woman to be nominated, the second film of somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presswatch.align.context import SAY_NOTHING
from presswatch.align.counts import LONGEST_UNIT, UNIT_WORD
from presswatch.align.places import name_event
from presswatch.align.roles import NthWork
from presswatch.align.text import NTH_WORDS, STOP_STEMS, stem_word
from presswatch.align.values import Told

# "second" is a time, and "first" is everywhere
RANK_WORDS = {word: place for word, place in NTH_WORDS.items() if place > 2}  # noqa: PLR2004 - the second
_RANK = re.compile(rf"(?<![\w.,:/-])(?:(?P<digits>\d{{1,3}})(?:st|nd|rd|th)|(?P<word>{'|'.join(RANK_WORDS)}))\b")
# Behind what ends with one of these stands no thing that could be counted: the tenth century, the fifth floor
_NO_RANKED = frozenset("century time floor street avenue grade place quarter anniversary edition day year".split())
# Everybody counts "the third woman to be nominated" alike; "her third film" may be the fourth of somebody else.
_NTH_TO_DO = re.compile(
    rf"\b[Tt]he (?P<nth>(?P<digits>\d{{1,3}})(?:st|nd|rd|th)|{'|'.join(NTH_WORDS)}) (?P<what>(?:[\w’'-]+ ){{1,4}}?)"
    r"(?:ever |in history )?to (?P<deed>[a-z][\w’'-]*(?: [a-z][\w’'-]*){0,3})"
)
_A_WORK = frozenset({"work"})  # for whose work it is says the key, and nothing beside it need be the same

_NTH = rf"(?P<nth>(?P<digits>\d{{1,3}})(?:st|nd|rd|th)|(?i:{'|'.join(NTH_WORDS)}))"
_EVENT = r"(?<!\w)[A-Z][\w’'&.-]*(?: (?:of |de |the )?[A-Z][\w’'&.-]*){0,5}"
_EVENT_KIND = re.compile(
    r"\b(?:Festival|Fest|Awards?|Prizes?|Gala|Oscars|Emmys|Grammys|Globes|Baftas?|BAFTAs?|Biennale|Berlinale)\b"
)
_ORDINAL = re.compile(r"\b\d{1,3}(?:st|nd|rd|th)\b")
_EDITIONS = (
    re.compile(rf"\b{_NTH} (?:annual )?(?:edition|ceremony) of (?:the )?(?P<event>{_EVENT})"),
    re.compile(rf"\b{_NTH} (?:[Aa]nnual )?(?P<event>{_EVENT})"),
    re.compile(rf"(?P<event>{_EVENT})[’']s? {_NTH} (?:annual )?(?:edition|ceremony)\b"),
    re.compile(rf"(?P<event>{_EVENT})[^.;:]{{1,40}}? its {_NTH} (?:annual )?(?:edition|ceremony)\b"),
)
# An edition that was, or is to come, beside the one that is told of
_OTHER_EDITION = re.compile(
    r"\b(?:last|next|previous|coming) (?:year|edition)|\bin (?:19|20)\d\d\b|\byears? ago\b"
    r"|\b(?:than|since|unlike) the \d"
)


def read_editions(text: str) -> Iterator[Told]:
    """Which edition of a festival or prize it is, told of its name."""
    if not _EVENT_KIND.search(text) or _OTHER_EDITION.search(text):
        return
    found: dict[int, Told] = {}
    for pattern in _EDITIONS:
        for match in pattern.finditer(text):
            name, printed = name_event(match["event"]), match["nth"]
            if name and _EVENT_KIND.search(match["event"]):
                value = float(match["digits"] or NTH_WORDS[printed.lower()])
                told = Told("rank", f"edition of {name}", value, printed, "edition", context=_A_WORK)
                found.setdefault(match.start("nth"), told)
    if len(found) >= len(
        _ORDINAL.findall(text)
    ):  # else another may be of the same: "the 17th is in May, the 18th in June"
        yield from found.values()


def read_ranks(text: str) -> Iterator[Told]:
    """Ordinals, told of the last word of what they rank: "10th music video" is told of videos."""
    for match in _RANK.finditer(text):
        words: list[str] = []
        at = match.end()
        while len(words) < LONGEST_UNIT and (found := UNIT_WORD.match(text, at)):
            if stem_word(found[1]) in STOP_STEMS or (words and found[1].endswith("s")):  # "the fourth album follows"
                break
            at = found.end()
            words.append(found[1])
        if words and words[-1].lower() not in _NO_RANKED:
            value = float(match["digits"] or RANK_WORDS[match["word"]])
            yield Told("rank", stem_word(words[-1]), value, match.group(), unit=" ".join(words))


def read_nth_to_do(text: str) -> Iterator[Told]:
    """Ordinals that say how many did something before, told of who and of what they did."""
    for match in _NTH_TO_DO.finditer(text):
        what = [stem_word(word) for word in match["what"].split()]
        deed = next((stem for word in match["deed"].split() if (stem := stem_word(word)) not in SAY_NOTHING), None)
        if deed and STOP_STEMS.isdisjoint(what) and what[-1] not in _NO_RANKED:
            value = float(match["digits"] or NTH_WORDS[match["nth"]])
            told = Told("rank", " ".join(what), value, match["nth"], match["what"].strip(), context=frozenset([deed]))
            yield told


def tell_nth(work: NthWork) -> Told:
    """Which film of somebody's it is, told of who that is and of what is counted."""
    return Told("rank", f"{work.what} of {work.whose}", float(work.nth), work.printed, work.what, context=_A_WORK)
