"""Score pairs of mentions: do they say the same thing?

Three similarities over the words of a mention (BM25 both ways, weighted and plain containment), those by rarity
corrected for mentions that resemble everything, standardised by fixed numbers, averaged, and made a probability by one
logistic. What else two articles agree in then counts a little for each of their pairs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from presswatch.align import sparse
from presswatch.align.aligned import EVIDENCE_JOINER, OVERLAP, QUOTE, SAME, Alignments, arrange
from presswatch.align.text import (
    Names,
    is_number,
    liken_part,
    list_stops,
    read_names,
    split_words,
    stem_word,
    weigh_stem,
)
from presswatch.model import ENGLISH, Alignment, Mention

# Of BM25 (Robertson & Zaragoza 2009), the usual values; the mean length is that of running news.
BM25_K1, BM25_B, MEAN_WORDS = 1.2, 0.75, 22.0

# A word that many mentions of the story share tells little inside it: one that all share loses this part of its weight.
# Dev, SuperPAL mAP / ECB+ AP same: 0: .75/.535, .5: .80/.546, .75: .805/.541, 1: .81/.52.
STORY_DAMPING = 0.75
SMALL_STORY = 40  # mentions; fewer say nothing of what is common in a story
# A shared number is more than a shared rare word (dev: +.002 same, +.003 overlap, -.003 SuperPAL, all within noise;
# it is kept for long features, where a shared year is often all that two wordings have in common).
NUMBER_WEIGHT = 1.5

# Cross-domain similarity local scaling (Conneau et al. 2018), a mention's `HUB_PARTNERS` best scores halved twice.
HUB_PARTNERS, HUB_SHARE = 20, 0.25

# Candidates for each mention, by BM25; a word in more than COMMON_ROWS mentions finds none, so cost is linear.
CANDIDATES, COMMON_ROWS = 40, 300

EVIDENCE_WORDS = 5


@dataclass(frozen=True)
class Pairs:
    """Chosen pairs of mentions by place, first < second, with one value each."""

    first: sparse.Places
    second: sparse.Places
    values: sparse.Floats


@dataclass(frozen=True)
class Feature:
    """How one similarity is standardised: mean, deviation and usual hubness on the dev topics, and its weight."""

    mean: float
    deviation: float
    hubness: float
    weight: float


# BM25, weighted containment, plain containment: over all candidate pairs of the 22 dev topics (13,518). That every word
# counts alike is worth .01 AP of "same" (of two actors who go into rehab the names alone are rare) and costs .01 of
# SuperPAL's mAP; hence not a whole vote. It has no hubs: a mention of common words resembles everything a little.
# Character n-grams as a fourth cost a third of the time and bring nothing: AP same .551 with half a vote, .553 without.
FEATURES = (
    Feature(0.937, 0.579, 2.49, 1.0),
    Feature(0.056, 0.132, 0.244, 1.0),
    Feature(0.26, 0.171, 0.0, 0.8),
)
CONTENT_WEIGHT = 0.1  # words above it are counted where every word counts alike

# Two articles that agree in other sentences mean the same event in this one too: the mean probability of their other
# pairs, as if so many more pairs had the usual one; and how far it moves the mean of the features.
USUAL_AGREEMENT, USUAL_PAIRS, AGREEMENT_WEIGHT = 0.15, 2, 1.0

# One logistic on the mean of the standardised features: between those fitted on the same pairs to "same" (slope 1.5,
# middle 1.4) and to "overlap" (1.3, .2), so that best F1 of "same" lies at .5, and that of "overlap" (.66) at .19.
SLOPE, MIDDLE = 1.4, 0.78
# Under its best cut the F1 of "overlap" is flat: .65 at .125, where the average precision keeps .69. The weak pairs
# between are what keeps a rewritten sentence from looking like silence.
OVERLAP_FROM, SAME_FROM = 0.125, 0.5
# What a score is told to. The fourth place is noise already; with sixteen all alignments take 1.6 times the disk.
SCORE_PLACES = 4


class Vectors:
    """The words of a story's n mentions as sparse matrices, a row for each; nothing is read before it is asked for.

    `languages` are those that the story is written in.
    """

    def __init__(self, mentions: Sequence[Mention], languages: Collection[str] = (ENGLISH,)) -> None:
        self._languages = languages
        self.place = {mention.mention_id: place for place, mention in enumerate(mentions)}
        self._texts = [read_content(mention) for mention in mentions]

    @cached_property
    def _read(self) -> tuple[Names, list[list[str]]]:
        words = [split_words(text) for text in self._texts]
        names = read_names(self._texts, words)
        return names, [names.expand(listed) for listed in words]

    @property
    def names(self) -> Names:
        """The names of the story."""
        return self._read[0]

    @property
    def words(self) -> list[list[str]]:
        """The words of each mention, with names in full."""
        return self._read[1]

    @cached_property
    def _stemmed(self) -> list[list[str]]:
        return [[stem_word(word) for word in words] for words in self.words]

    @cached_property
    def _table(self) -> tuple[sparse.Matrix, list[str]]:
        return sparse.count_items(self._stemmed)

    @property
    def _counts(self) -> sparse.Matrix:
        return self._table[0]

    @property
    def stems(self) -> list[str]:
        """What the columns stand for."""
        return self._table[1]

    def print_stems(self, mentions: sparse.Places, columns: sparse.Places) -> pa.StringArray:
        """Stems as mentions print them first."""
        codes, words = self._printed
        return words.take(pa.array(np.searchsorted(codes, mentions * len(self.stems) + columns)))

    @cached_property
    def _printed(self) -> tuple[sparse.Places, pa.StringArray]:
        """A code for each stem of each mention, ascending, and the word that prints it first."""
        column = {stem: place for place, stem in enumerate(self.stems)}
        columns = np.array([column[stem] for stems in self._stemmed for stem in stems], dtype=np.int64)
        rows = np.repeat(np.arange(len(self.words)), [len(words) for words in self.words])
        codes, at = np.unique(rows * len(self.stems) + columns, return_index=True)
        return codes, pa.array([word for words in self.words for word in words], pa.string()).take(pa.array(at))

    @cached_property
    def weights(self) -> sparse.Floats:
        """The weight of each stem: its rarity in language and story; numbers count more, long names less.

        Of several languages the one counts where it is commonest.
        """
        general = np.min([self._weigh_in(language) for language in self._languages], axis=0)
        kinds = np.array([NUMBER_WEIGHT if is_number(s) else self.names.shares.get(s, 1.0) for s in self.stems])
        return np.asarray(general * kinds * self._dampen(self._counts), dtype=np.float64)

    def _weigh_in(self, language: str) -> list[float]:
        stops = list_stops(language)
        return [0.0 if stem in stops else weigh_stem(stem, language) for stem in self.stems]

    def _dampen(self, counts: sparse.Matrix) -> sparse.Floats:
        mentions = max(counts.shape[0], SMALL_STORY)
        shared = np.log(np.maximum(sparse.column_counts(counts), 1.0)) / np.log(mentions + 1)
        return np.asarray(1 - STORY_DAMPING * shared, dtype=np.float64)

    @cached_property
    def content(self) -> sparse.Matrix:
        """Each stem that stands in a mention, with its weight; stop words have none."""
        return sparse.scale_columns(self.presence, self.weights)

    @cached_property
    def presence(self) -> sparse.Matrix:
        """1 where a stem stands in a mention."""
        return sparse.map_entries(self._counts, np.ones_like)

    @cached_property
    def counted(self) -> sparse.Matrix:
        """For each entry of the content, 1 where its stem says anything, else 0."""
        is_counted = (self.weights > CONTENT_WEIGHT).astype(np.float64)
        return sparse.map_entries(self.content, lambda _: is_counted[self.content.indices])

    @cached_property
    def saturation(self) -> sparse.Matrix:
        """For each entry of the content, BM25's share of its stem: it grows with use and falls with the length."""
        lengths = sparse.row_sums(self._counts)
        norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / MEAN_WORDS)
        rows = np.repeat(norm, np.diff(self._counts.indptr))
        shares = sparse.map_entries(self._counts, lambda counts: counts * (BM25_K1 + 1) / (counts + rows))
        return sparse.scale_columns(shares, self.weights > 0)


def score_mentions(mentions: Sequence[Mention], *, languages: Collection[str] = (ENGLISH,)) -> list[Alignment]:
    """Pair mentions of different articles that say the same thing.

    Args: mentions of one story: n items, unique ids, in any order; the codes of the languages that it is written in.
    Returns: pairs with a_id < b_id and score in [0, 1], best first; ties by id. Pairs below `OVERLAP_FROM` are left
        out.
    Raises: ValueError where two mentions share an id.
    Cost: O(n · k) for k candidates each; docs/decisions.md has figures.
    Source: BM25 (Robertson & Zaragoza 2009) and containment under CSLS (Conneau et al. 2018).
    """
    ordered = sorted(mentions, key=lambda mention: mention.mention_id)
    return list(align_mentions(ordered, Vectors(ordered, languages)))


def align_mentions(ordered: Sequence[Mention], vectors: Vectors) -> Alignments:
    """What `score_mentions` gives, as columns over all mentions, which come in the order of their ids."""
    ids = [mention.mention_id for mention in ordered]
    if len(set(ids)) < len(ids):
        raise ValueError("two mentions share an id")
    articles = number_articles(ordered)
    if len(np.unique(articles)) < 2:  # noqa: PLR2004 - a pair is of two articles
        return replace(arrange([]), ids=ids)
    pairs = rate_pairs(vectors, articles)
    pairs, relations = _relate(pairs, vectors, ordered)
    return Alignments(ids, pairs.first, pairs.second, pairs.values, relations, _tell_evidence(vectors, pairs))


def read_content(mention: Mention) -> str:
    """What a mention says, without the words that credit it: two outlets that name the same source agree in nothing."""
    return mention.text.replace(mention.credit_phrase, " ") if mention.credit_phrase else mention.text


def number_articles(mentions: Sequence[Mention]) -> sparse.Places:
    """The article of each mention as a small integer."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(mention.article_id, len(numbers)) for mention in mentions], dtype=np.int64)


def rate_pairs(vectors: Vectors, articles: sparse.Places) -> Pairs:
    """Every candidate pair with its probability to say the same."""
    first, second = sparse.find_nearest(vectors.content, vectors.saturation, articles, CANDIDATES, COMMON_ROWS)
    others = len(articles) - np.bincount(articles)[articles]
    total = np.zeros(len(first))
    for feature, values in zip(FEATURES, measure_pairs(vectors, first, second), strict=True):
        corrected = _correct_hubs(Pairs(first, second, values), others, feature.hubness) if feature.hubness else values
        total += feature.weight * (corrected - feature.mean) / feature.deviation
    mean = total / sum(feature.weight for feature in FEATURES)
    mean += AGREEMENT_WEIGHT * _measure_agreement(Pairs(first, second, _tell_probability(mean)), articles)
    return Pairs(first, second, _tell_probability(mean))


def _tell_probability(mean: sparse.Floats) -> sparse.Floats:
    return np.asarray(1 / (1 + np.exp(-SLOPE * (mean - MIDDLE))))


def _measure_agreement(pairs: Pairs, articles: sparse.Places) -> sparse.Floats:
    """How much more than usual the two articles of a pair agree in their other pairs."""
    sizes = np.bincount(articles)
    one, other = articles[pairs.first], articles[pairs.second]
    between = np.unique(np.minimum(one, other) * len(sizes) + np.maximum(one, other), return_inverse=True)[1]
    rest = np.bincount(between, pairs.values)[between] - pairs.values
    usual = USUAL_PAIRS * USUAL_AGREEMENT
    return np.asarray((rest + usual) / (sizes[one] * sizes[other] - 1 + USUAL_PAIRS) - USUAL_AGREEMENT)


def measure_pairs(vectors: Vectors, first: sparse.Places, second: sparse.Places) -> list[sparse.Floats]:
    """The three similarities of chosen pairs, uncorrected."""
    content, saturation, counted = vectors.content, vectors.saturation, vectors.counted
    presence = sparse.map_entries(content, np.ones_like)
    products = [(content, saturation), (saturation, content), (content, presence), (counted, counted)]
    one_way, other_way, shared, alike = sparse.dot_alike(products, first, second)
    sizes = np.maximum(sparse.row_sums(content), np.finfo(float).tiny)
    # the harmonic mean of shared / a and shared / b
    containment = 2 * shared / (sizes[first] + sizes[second])
    counts = sparse.row_sums(counted)
    plain = 2 * alike
    plain /= np.maximum(counts[first] + counts[second], 1)
    return [np.log1p((one_way + other_way) / 2), containment, plain]


def _correct_hubs(pairs: Pairs, others: sparse.Places, usual: float) -> sparse.Floats:
    """Take from each value what both its mentions have with everybody (CSLS).

    `others` says how many mentions of other articles each mention has; where they are fewer than `HUB_PARTNERS`, the
    missing ones count as usual, so that a story of two sentences is judged as one of two hundred.
    """
    known = sparse.sum_best(pairs.first, pairs.second, pairs.values, len(others), HUB_PARTNERS)
    missing = np.maximum(HUB_PARTNERS - others, 0)
    hubness = (known + missing * usual) / HUB_PARTNERS
    return np.asarray(pairs.values - HUB_SHARE * (hubness[pairs.first] + hubness[pairs.second]))


# Two quotes are the same words where this share of the shorter one stands in the longer, in order; at least so many
# words.
QUOTE_LIKENESS, QUOTE_WORDS = 0.85, 4
# What many outlets print is printed in few versions: pairs of texts that are remembered, some MB.
MOST_LIKENED = 4_096


def _relate(pairs: Pairs, vectors: Vectors, mentions: Sequence[Mention]) -> tuple[Pairs, sparse.Places]:
    """Choose the pairs that are worth telling, best first, and tell their relation."""
    plain = [" ".join(words).casefold() for words in vectors.words]
    is_quote = np.array([mention.kind == "quote" for mention in mentions])
    values = pairs.values.copy()
    known: dict[str, int] = {}
    codes = np.array([known.setdefault(text, len(known)) for text in plain])
    values[codes[pairs.first] == codes[pairs.second]] = 1.0  # verbatim is verbatim, however often it is said
    quoted = np.zeros(len(values), dtype=bool)
    for place in np.flatnonzero(is_quote[pairs.first] & is_quote[pairs.second]):
        likeness = liken_quotes(plain[pairs.first[place]], plain[pairs.second[place]])
        if likeness:
            quoted[place], values[place] = True, max(values[place], likeness)
    values = values.round(SCORE_PLACES)
    kept = np.flatnonzero(quoted | (values >= OVERLAP_FROM))
    kept = kept[np.lexsort((pairs.second[kept], pairs.first[kept], -values[kept]))]
    relations = np.where(quoted[kept], QUOTE, np.where(values[kept] >= SAME_FROM, SAME, OVERLAP))
    return Pairs(pairs.first[kept], pairs.second[kept], values[kept]), relations


@lru_cache(maxsize=MOST_LIKENED)
def liken_quotes(one: str, other: str) -> float:
    """How much of the shorter quote stands in the longer one, from `QUOTE_LIKENESS` to 1; 0 where that is less.

    Quotes of a few words only must be equal.
    """
    if min(one.count(" "), other.count(" ")) + 1 < QUOTE_WORDS:
        return float(one == other)
    return 1.0 if one in other or other in one else liken_part(one, other, QUOTE_LIKENESS)


def _tell_evidence(vectors: Vectors, pairs: Pairs) -> pa.StringArray:
    """The shared words that weigh most, numbers and names among them, as the first mention prints them."""
    told = [pa.array([], pa.string())]
    for start in range(0, len(pairs.first), sparse.BLOCK_PAIRS):
        part = slice(start, start + sparse.BLOCK_PAIRS)
        first, second = pairs.first[part], pairs.second[part]
        shared = vectors.content[first].multiply(vectors.presence[second]).tocsr()
        rows = np.repeat(np.arange(len(first)), np.diff(shared.indptr))
        order = np.lexsort((shared.indices, -shared.data, rows))
        best = order[np.arange(len(rows)) - shared.indptr[rows] < EVIDENCE_WORDS]
        words = vectors.print_stems(first[rows[best]], shared.indices[best])
        ends = np.searchsorted(rows[best], np.arange(len(first) + 1)).astype(np.int32)
        told.append(pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), words), EVIDENCE_JOINER))
    return pa.concat_arrays(told)
