"""Words, stems, rarity and names: what a mention is made of when it is compared.

Rarity comes from the frequencies of the wordfreq package, so it does not depend on the articles at hand; names are read
from the articles alone. Stems are English ones in every language, so that a name is the same word in all of them; what
is rare, and what says nothing, is told for each language.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log

import Stemmer
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from presswatch.model import ENGLISH
from presswatch.urls import fold_letters

# A word in 10,000 is as rare as it gets: beyond that, rarity tells spelling from spelling and no longer what matters
# (dev, AP same: .541 at 1 in 10⁵, .545 at 1 in 30,000, .550 at 1 in 10⁴).
RAREST_WORD = 1e-4
# Of other languages rarer forms are left out: of their stems few would be less rare, and to know them takes 0.2 s
LEAST_FREQUENCY = RAREST_WORD / 4
LEAST_WEIGHT = 0.05  # floor for the weight of a word: the commonest still tell a little
WORD_FLOOR = log(5)  # frequency 1 in 5 weighs nothing: the rarity of "the" is 0 and not 3
CACHED_WORDS = 100_000  # the vocabulary of some 20,000 articles, in about 40 MiB

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s?(?!\w)")
_COUNT_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS_WORDS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS_WORDS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
# Of stems the first eleven alone are numbers: with all, groups.py has direct/closure .510/.512 instead of .511/.511
_FIRST_NUMBERS = {word: number for number, word in enumerate(_COUNT_WORDS, 2)}
NUMBER_WORDS = {
    **_FIRST_NUMBERS,
    **{word: number for number, word in enumerate(_TEENS_WORDS, 13)},
    **{word: 10 * tens for tens, word in enumerate(_TENS_WORDS, 2)},
}
NTH_WORDS = {
    word: place
    for place, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1)
}
_NTH_DIGITS = re.compile(r"\d(?:st|nd|rd|th)\b")
# The closed classes of English, words of reporting and what contractions leave: they say nothing of what is told.
_FUNCTION_WORDS = """
    a an the this that these those each every either neither both all any some no none such same other another own i
    you he she it we they me him her us them my your his its our their mine yours hers ours theirs myself yourself
    himself herself itself ourselves themselves who whom whose which what when where why how whoever whatever there
    here and or but nor so yet if unless because although though while whereas whether than as since until of in on
    at by for from with without to into onto upon about above below under over between among through during before
    after against within along across behind beyond near off out up down around toward towards via per like except
    despite be am is are was were been being have has had having do does did doing done will would shall should can
    could may might must ought not very too also just only even still again already ever never now then once more
    most less least much many few rather quite almost perhaps however therefore thus else well yes say says said
    saying tell tells told according mr mrs ms dr s t re ve ll d m don didn doesn isn wasn won couldn wouldn
"""
# Words of a bound length: of a key or a chain of letters, 100,000 without a blank, each would be looked at from each
_CAPITALISED = re.compile(r"[A-Z][\w’'-]{0,40}(?: +(?:[A-Z][\w’'-]*|[A-Z]\.))+")
_INNER_CAPITAL = re.compile(r"(?<![.!?\"“\n] )(?<!\n)(?<!^)\b[A-Z][a-zA-Z’'-]+")
_SHORT_NAME = re.compile(r"[A-Z]{3,5}|[B-HJ-Z]")  # PTA, W; not the words A and I
# A sentence tells days and numbers of several things: what stands so near is taken for what a value is told of.
NEAR_CHARS = 60
_OPENING = frozenset("“‘\"'(")
TITLE_CASE = 0.6  # a text with this share of capitalised words is a headline, whose capitals mean nothing

# English has its function words by name. In other languages the commonest words stand for them: some two hundred
# in each. Grouping is the same with one word in 1,000 and one in 3,000.
COMMON_WORD = 5e-4
# Codes that pages use, and the list that wordfreq has for them
_LISTED_AS = {"no": "nb", "nn": "nb", "hr": "sh", "sr": "sh", "bs": "sh", "tl": "fil", "iw": "he", "in": "id"}

_stemmer = Stemmer.Stemmer("english")


def split_words(text: str) -> list[str]:
    """The words and numbers of a text as printed, without possessive endings; "1950s" is "1950" and "s"."""
    if "'" in text or "’" in text:
        text = _POSSESSIVE.sub(" ", text)
    return _WORD.findall(text)


def name_families(*families: str) -> dict[str, str]:
    """Each word of some families, which are words parted by blanks, by the first of its family."""
    return {word: family.split()[0] for family in families for word in family.split()}


def has_ordinal(text: str) -> bool:
    """Whether a text ranks anything: few do, and what looks for more is slow."""
    return any(map(text.__contains__, NTH_WORDS)) or bool(_NTH_DIGITS.search(text))


@lru_cache(CACHED_WORDS)
def stem_word(word: str) -> str:
    """What a word is compared by: stem, case and accents folded, "nine" as "9"."""
    folded = word.casefold()
    if folded in _FIRST_NUMBERS:
        return str(_FIRST_NUMBERS[folded])
    return str(_stemmer.stemWord(fold_letters(folded).replace(",", "")))


STOP_STEMS = frozenset(stem_word(word) for word in _FUNCTION_WORDS.split())


def is_number(stem: str) -> bool:
    """Whether a stem is a number in digits."""
    return stem[:1].isdigit()


@cache
def _stem_frequencies(language: str) -> dict[str, float]:
    """How often stems stand in a language; none are known of a language that wordfreq has no list for."""
    from wordfreq import available_languages, cB_to_freq, get_frequency_list  # noqa: PLC0415 - .2 s, for who compares

    listed = _LISTED_AS.get(language, language)
    if listed not in available_languages(wordlist="small"):
        return {}
    least = 0.0 if language == ENGLISH else LEAST_FREQUENCY
    found: dict[str, float] = defaultdict(float)
    for place, words in enumerate(get_frequency_list(listed, wordlist="small")):  # a list for each hundredth of a bel
        if words and (frequency := cB_to_freq(-place)) >= least:
            for word in words:
                found[stem_word(word)] += frequency
    return dict(found)


@cache
def list_stops(language: str) -> frozenset[str]:
    """The stems of a language that say nothing of what is told."""
    if language == ENGLISH:
        return STOP_STEMS
    common = (stem for stem, frequency in _stem_frequencies(language).items() if frequency >= COMMON_WORD)
    return frozenset(stem for stem in common if not is_number(stem))


@lru_cache(CACHED_WORDS)
def weigh_stem(stem: str, language: str = ENGLISH) -> float:
    """How rare a stem is in a language: `LEAST_WEIGHT` for "the", 7.6 for all that is rarer than `RAREST_WORD`."""
    frequency = max(_stem_frequencies(language).get(stem, 0.0), RAREST_WORD)
    return max(LEAST_WEIGHT, -log(frequency) - WORD_FLOOR)


@dataclass(frozen=True)
class Names:
    """The names of a story: what short forms stand for, and how much of a longer name each stem is."""

    long_forms: dict[str, tuple[str, ...]]
    shares: dict[str, float]  # 1 for a stem outside names, less for the words of "San Fernando Valley"

    def expand(self, words: Sequence[str]) -> list[str]:
        """The words with every short form replaced by the words that it stands for."""
        return [long for word in words for long in self.long_forms.get(word, (word,))]


def read_names(texts: Sequence[str], words: Sequence[Sequence[str]]) -> Names:
    """Read the names of a story from its texts, and what `split_words` makes of each.

    A word of 3–5 capitals stands for the most frequent name with those initials, a lone capital for the most frequent
    name that begins with it ("W", "W Magazine"). Surnames need no expanding: they match by themselves, and making them
    full names cost .04 mAP on long texts.
    """
    runs = Counter(run for text in texts if not is_title(text) for run in _name_runs(text))
    uses = Counter(word for listed in words for word in listed)
    return Names(_long_forms(runs, uses), _name_shares(runs, uses))


def liken_part(one: Sequence[Hashable], other: Sequence[Hashable], least: float) -> float:
    """How much of the shorter sequence stands in a stretch of the longer one, in order, from `least` to 1; else 0.

    What the two have in common in order, wherever it stands, is looked at first: of no stretch it can be less than what
    makes it that like, and looking at each stretch takes seconds for two quotes of 4,000 characters.
    """
    shorter = min(len(one), len(other))
    if LCSseq.similarity(one, other) < least / (2 - least) * shorter:  # a stretch at an end may be shorter
        return 0.0
    return float(fuzz.partial_ratio(one, other, score_cutoff=100 * least)) / 100


def find_name_words(text: str) -> list[str]:
    """Every capitalised word that does not begin a sentence or a line."""
    return [word for run in _INNER_CAPITAL.findall(text) for word in split_words(run)]


def look_beside(text: str, start: int, end: int, chars: int = NEAR_CHARS) -> tuple[str, str]:
    """What stands before and behind a stretch of a text, near it, in whole words."""
    first, last = max(0, start - chars), end + chars
    while 0 < first < start and text[first - 1].isalnum() and text[first].isalnum():
        first += 1
    while end < last < len(text) and text[last - 1].isalnum() and text[last].isalnum():
        last -= 1
    return text[first:start], text[end:last]


def look_in_clause(
    text: str, start: int, end: int, boundary: re.Pattern[str], chars: int = NEAR_CHARS
) -> tuple[str, str]:
    """As `look_beside`, no farther than the nearest boundary on either side."""
    before, after = look_beside(text, start, end, chars)
    return boundary.split(before)[-1], boundary.split(after)[0]


def is_title(text: str) -> bool:
    """Whether a text is written as a headline, whose capitals mean nothing."""
    words = text.split()
    capital = [word for word in words if word[0].isupper() or (word[0] in _OPENING and word[1:2].isupper())]
    return len(capital) > TITLE_CASE * len(words)


def _name_runs(text: str) -> list[tuple[str, ...]]:
    runs = [split_words(run) for run in _CAPITALISED.findall(text)]
    for words in runs:
        while words and stem_word(words[0]) in STOP_STEMS and len(words[0]) > 1:
            del words[0]
    return [tuple(words) for words in runs if len(words) > 1]


def _long_forms(runs: Counter[tuple[str, ...]], words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for run in sorted(runs, key=lambda run: (-runs[run], run)):
        initials = "".join(word[0] for word in run)
        for short in (initials, run[0]):
            if _SHORT_NAME.fullmatch(short) and (short is initials or len(short) == 1):
                found.setdefault(short, run)
    return {short: found[short] for short in found.keys() & set(words)}


def _name_shares(runs: Counter[tuple[str, ...]], words: Counter[str]) -> dict[str, float]:
    """A name of n words is one thing said: each of its words counts 1/√n for the share of its uses inside names."""
    inside: dict[str, float] = defaultdict(float)
    for run, count in runs.items():
        for word in run:
            inside[stem_word(word)] += count * (1 - len(run) ** -0.5)
    uses: Counter[str] = Counter()
    for word, count in words.items():
        uses[stem_word(word)] += count
    # what is cut out of a longer word ("iPhone") is no use of its own
    return {stem: max(0.0, 1 - lost / uses[stem]) for stem, lost in inside.items() if uses[stem]}
