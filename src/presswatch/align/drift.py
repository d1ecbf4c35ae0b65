"""Quotes that changed between two outlets: what was done to them, and how grave that is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Opcode

from presswatch.align.aligned import Alignments
from presswatch.align.amounts import MULTIPLES, TENS, UNITS, WORD_VALUES
from presswatch.align.scoring import MOST_LIKENED
from presswatch.align.text import NUMBER_WORDS, STOP_STEMS, liken_part, split_words, stem_word, weigh_stem
from presswatch.model import SPEAKERS_JOINER, Drift, DriftChange, Mention
from presswatch.urls import fold_letters

# Two quotes are one that changed where so much of the shorter one stands in the longer one, word by word, and so much
# of what it says: "one of the best days of my life" is not "one of the worst decisions of my career". Of
# fifteen invented pairs these part all but one; by letters, unlike ones came to .93 and like ones began at .78.
LEAST_LIKENESS, LEAST_CONTENT = 0.6, 0.5
# A quote in other words is graver than one cut short, one that says the opposite or another number than one in other
# words, and words put into another mouth gravest. Reasoned, in this order.
BRACKETED, ELIDED, TRIMMED, REWORDED, TURNED, REATTRIBUTED = 0.2, 0.3, 0.3, 0.6, 0.85, 0.9
ALL_LOST = 0.3  # what is added as ever more of the quote is cut or changed
_CUTS = frozenset({"trimmed", "elided", "reworded"})
_NEGATIONS = frozenset("not no never none nobody nothing neither nor without hardly barely".split())
_MOST_EXCHANGED, _MOST_PUT_IN = 3, 2  # words in one place: "did not want" for "wanted", "do not" before "want"
_SHORT = 4  # words; under that, two quotes are alike by chance

_ELISION = re.compile(r"\.\s?\.\s?\.|…")
_BRACKETS = re.compile(r"\[[^\]]{0,400}\]")  # what an editor puts in; the bound is for a text of nothing but brackets
# How a word is contracted is the desk's style. What 's and 'd stand for behind a pronoun cannot be told, so both that
# they may stand for are one here
_MAY_BE_CONTRACTED = re.compile(r"[’']|\bcannot\b|\bha[ds]\b", re.IGNORECASE)
_WHO = r"\b(I|you|he|she|it|we|they|who|that|what|there|here|where)"
_CONTRACTED = {
    re.compile(rf"{_WHO}(?:[’']s| has)\b", re.IGNORECASE): r"\1 is",
    re.compile(rf"{_WHO}(?:[’']d| had)\b", re.IGNORECASE): r"\1 would",
    re.compile(r"\bwon[’']t\b", re.IGNORECASE): "will not",
    re.compile(r"\b(?:can[’']t|cannot)\b", re.IGNORECASE): "can not",
    re.compile(r"n[’']t\b", re.IGNORECASE): " not",
    re.compile(r"[’']re\b", re.IGNORECASE): " are",
    re.compile(r"[’']ve\b", re.IGNORECASE): " have",
    re.compile(r"[’']ll\b", re.IGNORECASE): " will",
    re.compile(r"\bI[’']m\b", re.IGNORECASE): "I am",
}
# What a desk leaves out or does not spell out
_SOUND = re.compile(r"(?<![\w’'-])(?:u[hm]+|erm|hmm+)\b,? ?", re.IGNORECASE)
_ENDS = r"(?=(?:ing|ed|ers?|s|y|ty)?\b|\W|\Z)"
_SWORN = {
    re.compile(rf"(?<![\w’'])f(?:uck|[*_–—-]{{1,5}}(?:ck|k)?){_ENDS}", re.IGNORECASE): "fuck",
    re.compile(rf"(?<![\w’'])s(?:hit|h[*_–—-]{{1,3}}t?|[*_–—-]{{2,4}}t?){_ENDS}", re.IGNORECASE): "shit",
}
_MAY_BE_SWORN = re.compile(r"\w[*_–—-]")
_MULTIPLES = {word: int(MULTIPLES[word]) for word in ("hundred", "thousand", "million", "billion")}
_LONGEST_COUNT = 3  # digits before "thousand"
# Who is never told by name; the same words under a name are put into somebody's mouth
_NAMELESS = re.compile(r"\b(?:sources?|insiders?|(?:person|people|individual|executive)s? (?:familiar|close|with))\b")
_DETERMINERS = frozenset({"the", "a", "an", "one", "another", "his", "her", "their", "its", "my", "our"})


@dataclass(frozen=True)
class _Said:
    """All spans of one quote, joined."""

    first: Mention
    text: str
    is_broken: bool = False  # into spans, between which words may be lost

    @property
    def words(self) -> tuple[str, ...]:
        return _fold_words(self.text)


@lru_cache(maxsize=MOST_LIKENED)
def _fold_words(text: str) -> tuple[str, ...]:
    """The words of a quote, whatever the desk's style; many outlets print the same one."""
    text = _SOUND.sub("", _BRACKETS.sub(" ", text))
    for pattern, word in _SWORN.items() if _MAY_BE_SWORN.search(text) else ():
        text = pattern.sub(word, text)
    if _MAY_BE_CONTRACTED.search(text):
        for pattern, words in _CONTRACTED.items():
            text = pattern.sub(words, text)
    folded: list[str] = []
    before = ""
    for word in map(str.casefold, split_words(text)):
        if word in _MULTIPLES and folded and folded[-1].isdecimal() and len(folded[-1]) <= _LONGEST_COUNT:
            folded[-1] = str(int(folded[-1]) * _MULTIPLES[word])  # 2,000 or two thousand: style again
        elif word in UNITS and before in TENS:
            folded[-1] = str(WORD_VALUES[before] + WORD_VALUES[word])  # as are thirty-five and 35
        else:
            folded.append(str(NUMBER_WORDS.get(word, word)).replace(",", ""))
        before = word
    return tuple(folded)


def find_drift(alignments: Alignments, mentions: dict[str, Mention], story_id: str) -> list[Drift]:
    """How each quote that two articles share differs between them, gravest first.

    The spans of an interrupted quote count as one: to break it off for "he said" changes nothing.
    """
    if not len(alignments):
        return []
    spans: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions.values():
        if mention.kind == "quote":
            spans[_quote_key(mention)].append(mention)
    quotes = {key: _join(parts) for key, parts in spans.items()}
    quoted: dict[str, list[str]] = defaultdict(list)
    for said in sorted(quotes.values(), key=lambda said: said.first.start_char):
        quoted[said.first.article_id].extend(said.words)
    printed = {article_id: _in_a_row(words) for article_id, words in quoted.items()}
    quote_of = {part.mention_id: quotes[key] for key, parts in spans.items() for part in parts}
    relatives = Relatives(mentions.values())
    found: dict[tuple[str, str], list[Drift]] = {}
    is_quote = np.array([one in quote_of for one in alignments.ids], dtype=bool)
    both = np.flatnonzero(is_quote[alignments.first] & is_quote[alignments.second])
    # of a quote in several spans the pair is told that is not the same word for word
    pairs = sorted(alignments.take(both), key=lambda pair: _are_same(mentions[pair.a_id], mentions[pair.b_id]))
    for pair in pairs:
        a, b = quote_of[pair.a_id], quote_of[pair.b_id]
        one, other = sorted((a.first.mention_id, b.first.mention_id))
        if (keys := (one, other)) in found:  # spans may be paired either way round
            continue
        found[keys] = [
            Drift(
                a_id=pair.a_id,
                b_id=pair.b_id,
                story_id=story_id,
                change=change,
                text_a=a.text,
                text_b=b.text,
                severity=severity,
            )
            for change, severity in compare_quotes(a, b, relatives)
            if change not in _CUTS or not (_prints(printed, a, b) or _prints(printed, b, a))
        ]
    drifts = [drift for changes in found.values() for drift in changes]
    return sorted(drifts, key=lambda drift: (-drift.severity, drift.a_id, drift.b_id, drift.change))


def _are_same(a: Mention, b: Mention) -> bool:
    """Whether two spans are the same, word for word."""
    return _fold_words(a.text) == _fold_words(b.text)


def _prints(printed: Mapping[str, str], a: _Said, b: _Said) -> bool:
    """Whether the article of one quote has all of the other one, though in two quotes.

    Args: `printed` are the words of each article's quotes, in a row.
    """
    return len(a.words) < len(b.words) and _in_a_row(b.words) in printed[a.first.article_id]


def _quote_key(mention: Mention) -> str:
    return f"{mention.article_id} {mention.quote_id}" if mention.quote_id else mention.mention_id


def _join(spans: Sequence[Mention]) -> _Said:
    ordered = sorted(spans, key=lambda mention: mention.start_char)
    return _Said(ordered[0], " ".join(mention.text for mention in ordered), is_broken=len(ordered) > 1)


class Relatives:
    """Speakers who share a surname and are two people: one article names both by their given names.

    Elsewhere it may be one, whom one outlet calls Bob and the other Robert. Asked pair by pair: a family that was made
    up to be large has too many pairs to list.
    """

    def __init__(self, mentions: Iterable[Mention]) -> None:
        texts: dict[str, list[str]] = defaultdict(list)
        self._speakers: dict[str, set[str | None]] = defaultdict(set)
        for mention in mentions:
            texts[mention.article_id].append(mention.text)
            self._speakers[mention.article_id].add(mention.speaker)
        self._texts = {article_id: "\n".join(parts) for article_id, parts in texts.items()}
        self._articles: dict[str, frozenset[str]] = {}

    def are_two(self, one: str, other: str) -> bool:
        """Whether two speakers are relatives, and not one person under two names."""
        if any(" " not in name or SPEAKERS_JOINER in name for name in (one, other)):  # of two together each is one
            return False
        surname, other_surname = (name.rsplit(maxsplit=1)[-1] for name in (one, other))
        if fold_letters(surname) != fold_letters(other_surname) or _ends_with(one, other):
            return False
        return _begin_otherwise(one, other) and not self._articles_with(one).isdisjoint(self._articles_with(other))

    def _articles_with(self, name: str) -> frozenset[str]:
        """The articles that name a speaker so."""
        if name not in self._articles:
            named = (one for one, text in self._texts.items() if name in text or name in self._speakers[one])
            self._articles[name] = frozenset(named)
        return self._articles[name]


def _begin_otherwise(a: str, b: str) -> bool:
    """Whether two names have two given names, and not one with accents and without."""
    one, other = (fold_letters(name.split()[0].casefold()) for name in (a, b))
    return one != other


def _ends_with(a: str, b: str) -> bool:
    """Whether one name is the end of the other: "Van der Quill" is Lars van der Quill."""
    one, other = a.casefold().split(), b.casefold().split()
    shared = min(len(one), len(other))
    return one[-shared:] == other[-shared:]


def compare_quotes(a: _Said, b: _Said, relatives: Relatives) -> list[tuple[DriftChange, float]]:
    """The changes between two quotes with their severity; none where they are the same, or have nothing in common."""
    one, other = a.words, b.words
    short, long = sorted((one, other), key=lambda words: (len(words), words))
    if short != long and (len(short) < _SHORT or not _are_alike(short, long)):
        return []
    changes = list(_textual_changes(a, b, short, long))
    speakers = a.first.speaker or "", b.first.speaker or ""
    is_outlet = _is_outlet(a.first) or _is_outlet(b.first)  # "…," said Variety: its critic did
    if not is_outlet and (relatives.are_two(*speakers) or _differ(*speakers) or _is_named_now(*speakers)):
        changes.append(("reattributed", REATTRIBUTED))
    return changes


@lru_cache(maxsize=MOST_LIKENED)
def _are_alike(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether one quote may be the other, changed."""
    if _is_within(short, long):
        return True
    if not liken_part(short, long, LEAST_LIKENESS):
        return False
    content = [stem for stem in map(stem_word, short) if stem not in STOP_STEMS]
    there = set(map(stem_word, long))
    total = sum(map(weigh_stem, content))
    return sum(weigh_stem(stem) for stem in content if stem in there) >= LEAST_CONTENT * total


def _textual_changes(a: _Said, b: _Said, short: Sequence[str], long: Sequence[str]) -> list[tuple[DriftChange, float]]:
    lost = ALL_LOST * (1 - len(short) / len(long)) if long else 0.0
    changes: list[tuple[DriftChange, float]] = []
    if bool(_BRACKETS.search(a.text)) != bool(_BRACKETS.search(b.text)):
        changes.append(("bracketed", BRACKETED))
    if "".join(short) == "".join(long):  # "re-shoots" and "reshoots"
        return changes
    is_broken = (a if a.words == short else b).is_broken
    is_within, is_turned = _is_within(short, long), _is_turned(short, long)
    is_cut = is_within and not is_turned  # words are left out, and no "not" among them
    if is_cut and bool(_ELISION.search(a.text)) != bool(_ELISION.search(b.text)):
        changes.append(("elided", round(ELIDED + lost, 2)))
    elif _is_run(short, long) or (is_cut and is_broken):
        changes.append(("trimmed", round(TRIMMED + lost, 2)))
    elif not (changes or is_turned) and (joined := _read_joined(a, b)):
        changes.append(joined)
    elif not (changes and is_within):
        ratio = fuzz.ratio(" ".join(short), " ".join(long)) / 100
        least = TURNED if is_turned else 0.0
        changes.append(("reworded", max(least, round(REWORDED + ALL_LOST * (1 - ratio), 2))))
    return changes


def _find_shared(one: Sequence[str], other: Sequence[str]) -> list[Opcode]:
    """The runs of words that both have, in order."""
    return [block for block in LCSseq.opcodes(one, other) if block.tag == "equal"]


def _is_turned(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether a "not" or a number came, went or is another one, and not with a whole clause."""
    blocks = _find_shared(short, long)
    ends = [(0, 0), *((block.src_end, block.dest_end) for block in blocks)]
    begins = [*((block.src_start, block.dest_start) for block in blocks), (len(short), len(long))]
    for (end, other_end), (begin, other_begin) in zip(ends, begins, strict=True):
        one, other = short[end:begin], long[other_end:other_begin]
        most = _MOST_EXCHANGED if one and other else _MOST_PUT_IN
        if max(len(one), len(other)) <= most and _turning(one) != _turning(other):
            return True
    return False


def _turning(words: Sequence[str]) -> set[str]:
    return {word for word in words if word in _NEGATIONS or word.isdecimal()}


def _read_joined(a: _Said, b: _Said) -> tuple[DriftChange, float] | None:
    """The change where two outlets cut one quote, one its beginning and the other its end; None where words changed.

    In what both have nothing is left out but where one of them broke off.
    """
    blocks = _find_shared(a.words, b.words)
    if not blocks or sum(block.src_end - block.src_start for block in blocks) < _SHORT:
        return None
    first, last = blocks[0], blocks[-1]
    begins = first.src_start, first.dest_start
    ends = len(a.words) - last.src_end, len(b.words) - last.dest_end
    if all(begins) or all(ends):  # each has words of its own there
        return None
    gaps = [(two.src_start - one.src_end, two.dest_start - one.dest_end) for one, two in pairwise(blocks)]
    lacks_a, lacks_b = any(gap for _, gap in gaps), any(gap for gap, _ in gaps)
    if any(all(gap) for gap in gaps) or (lacks_a and not _breaks_off(a)) or (lacks_b and not _breaks_off(b)):
        return None
    shared = sum(block.src_end - block.src_start for block in blocks)
    lost = ALL_LOST * (1 - shared / max(len(a.words), len(b.words)))
    if bool(_ELISION.search(a.text)) != bool(_ELISION.search(b.text)):
        return "elided", round(ELIDED + lost, 2)
    return "trimmed", round(TRIMMED + lost, 2)


def _breaks_off(said: _Said) -> bool:
    return said.is_broken or _ELISION.search(said.text) is not None


def _is_run(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the short words stand in the long ones, one after the other."""
    return _in_a_row(short) in _in_a_row(long)


def _in_a_row(words: Sequence[str]) -> str:
    """Words as a text in which others can be looked up, at once: word by word that takes as long as both are long."""
    return f" {' '.join(words)} "


def _is_within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the short words stand in the long ones in order, with gaps."""
    rest = iter(long)
    return all(word in rest for word in short)


def _differ(one: str, other: str) -> bool:
    """Whether two speakers are two people: both named, and no word of their names shared."""
    if not (one and other) or _is_described(one) or _is_described(other):
        return False
    joiner = {SPEAKERS_JOINER.strip()}
    words, others = ({fold_letters(word.casefold()) for word in split_words(name)} - joiner for name in (one, other))
    return words.isdisjoint(others)


def _is_named_now(one: str, other: str) -> bool:
    """Whether one outlet has from a source what another has from somebody by name."""
    nameless = [bool(_NAMELESS.search(name)) for name in (one, other)]
    named = other if nameless[0] else one
    return nameless[0] != nameless[1] and " " in named and not _is_described(named) and named[0].isupper()


def _is_outlet(mention: Mention) -> bool:
    """Whether the outlet itself is told to have said it, and nobody by name."""
    phrase = (mention.credit_phrase or "").replace(mention.speaker or " ", "")
    return bool(mention.speaker and mention.credit_phrase) and phrase.islower()


def _is_described(speaker: str) -> bool:
    """Whether a speaker is told by what they are and not by name: "the director", "the Italian star"."""
    words = split_words(speaker)
    return bool(words) and words[-1].islower() and (words[0].casefold() in _DETERMINERS or words[0].islower())
