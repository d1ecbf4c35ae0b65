"""Score pairs of mentions: do they say the same thing?

Three similarities over the words of a mention (BM25 both ways, weighted and plain containment), those by rarity
corrected for mentions that resemble everything, standardised by fixed numbers, averaged, and made a probability by one
logistic. What else two articles agree in then counts a little for each of their pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

from presswatch.align import sparse
from presswatch.align.text import (
    STOP_STEMS,
    is_number,
    read_names,
    split_words,
    stem_word,
    weigh_stem,
)
from presswatch.model import Alignment, Mention, Relation

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


EVIDENCE_WORDS, EVIDENCE_JOINER = 5, ", "


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


class Vectors:
    """The words of n mentions as sparse matrices, a row for each mention."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read names and words of the texts; they are taken for one story."""
        words = [split_words(text) for text in texts]
        self.names = read_names(texts, words)
        self.words = [self.names.expand(listed) for listed in words]
        self._stemmed = [[stem_word(word) for word in words] for words in self.words]
        self._counts, self.stems = sparse.count_items(self._stemmed)

    def print_stems(self, mention: int, columns: Sequence[int]) -> str:
        """Stems as a mention prints them first, joined with commas."""
        printed = self._printed[mention]
        return EVIDENCE_JOINER.join([printed[self.stems[column]] for column in columns])

    @cached_property
    def _printed(self) -> list[dict[str, str]]:
        pairs = zip(self._stemmed, self.words, strict=True)
        return [dict(zip(reversed(stems), reversed(words), strict=True)) for stems, words in pairs]

    @cached_property
    def weights(self) -> sparse.Floats:
        """The weight of each stem: its rarity in English and in the story; numbers count more, long names less."""
        general = np.array([0.0 if stem in STOP_STEMS else weigh_stem(stem) for stem in self.stems])
        kinds = np.array([NUMBER_WEIGHT if is_number(s) else self.names.shares.get(s, 1.0) for s in self.stems])
        return np.asarray(general * kinds * self._dampen(self._counts), dtype=np.float64)

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
        """1 where a stem that says anything stands in a mention."""
        return sparse.scale_columns(self.presence, self.weights > CONTENT_WEIGHT)

    @cached_property
    def saturation(self) -> sparse.Matrix:
        """BM25's share of each stem in its mention: it grows with use and falls with the mention's length."""
        lengths = sparse.row_sums(self._counts)
        norm = BM25_K1 * (1 - BM25_B + BM25_B * lengths / MEAN_WORDS)
        rows = np.repeat(norm, np.diff(self._counts.indptr))
        return sparse.map_entries(self._counts, lambda counts: counts * (BM25_K1 + 1) / (counts + rows))


def score_mentions(mentions: Sequence[Mention]) -> list[Alignment]:
    """Pair mentions of different articles that say the same thing.

    Args: mentions of one story: n items, unique ids, in any order.
    Returns: pairs with a_id < b_id and score in [0, 1], best first; ties by id. Pairs below `OVERLAP_FROM` are left
        out.
    Raises: ValueError where two mentions share an id.
    Cost: O(n · k) for k candidates each; docs/decisions.md has figures.
    Source: BM25 (Robertson & Zaragoza 2009) and containment under CSLS (Conneau et al. 2018).
    """
    ordered = sorted(mentions, key=lambda mention: mention.mention_id)
    if len({mention.mention_id for mention in ordered}) < len(ordered):
        raise ValueError("two mentions share an id")
    if len({mention.article_id for mention in ordered}) < 2:  # noqa: PLR2004 - a pair is of two articles
        return []
    pairs, relations, evidence = _tell_pairs(ordered)
    found = [
        Alignment(
            a_id=ordered[a].mention_id, b_id=ordered[b].mention_id, score=score, relation=relation, evidence=shared
        )
        for a, b, score, relation, shared in zip(
            pairs.first.tolist(), pairs.second.tolist(), pairs.values.tolist(), relations, evidence, strict=True
        )
    ]
    found.sort(key=lambda pair: (-pair.score, pair.a_id, pair.b_id))
    return found


def _tell_pairs(mentions: Sequence[Mention]) -> tuple[Pairs, list[Relation], list[str]]:
    """The pairs that are worth telling, with relations and evidence; the vectors are let go before more is made."""
    vectors = Vectors([read_content(mention) for mention in mentions])
    pairs = rate_pairs(vectors, _number([mention.article_id for mention in mentions]))
    pairs, relations = _relate(pairs, vectors, mentions)
    return pairs, relations, _tell_evidence(vectors, pairs)


def read_content(mention: Mention) -> str:
    """What a mention says, without the words that credit it: two outlets that name the same source agree in nothing."""
    return mention.text.replace(mention.credit_phrase, " ") if mention.credit_phrase else mention.text


def _number(labels: Sequence[str]) -> sparse.Places:
    """Labels as small integers."""
    return np.unique(np.array(labels), return_inverse=True)[1].astype(np.int64)


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
    one_way = sparse.dot_pairs(vectors.content, vectors.saturation, first, second)
    other_way = sparse.dot_pairs(vectors.saturation, vectors.content, first, second)
    shared = sparse.dot_pairs(vectors.content, vectors.presence, first, second)
    sizes = np.maximum(sparse.row_sums(vectors.content), np.finfo(float).tiny)
    # the harmonic mean of shared / a and shared / b
    containment = 2 * shared / (sizes[first] + sizes[second])
    counted = sparse.row_sums(vectors.counted)
    plain = 2 * sparse.dot_pairs(vectors.counted, vectors.counted, first, second)
    plain /= np.maximum(counted[first] + counted[second], 1)
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


def _relate(pairs: Pairs, vectors: Vectors, mentions: Sequence[Mention]) -> tuple[Pairs, list[Relation]]:
    """Choose the pairs that are worth telling, and name their relation."""
    plain = [" ".join(words).casefold() for words in vectors.words]
    is_quote = np.array([mention.kind == "quote" for mention in mentions])
    values = pairs.values.copy()
    known: dict[str, int] = {}
    codes = np.array([known.setdefault(text, len(known)) for text in plain])
    values[codes[pairs.first] == codes[pairs.second]] = 1.0  # verbatim is verbatim, however often it is said
    quoted = np.zeros(len(values), dtype=bool)
    for place in np.flatnonzero(is_quote[pairs.first] & is_quote[pairs.second]):
        likeness = liken_quotes(plain[pairs.first[place]], plain[pairs.second[place]])
        if likeness >= QUOTE_LIKENESS:
            quoted[place], values[place] = True, max(values[place], likeness)
    kept = quoted | (values >= OVERLAP_FROM)
    names: list[Relation] = [
        "quote" if quote else "same" if value >= SAME_FROM else "overlap"
        for quote, value in zip(quoted[kept], values[kept], strict=True)
    ]
    return Pairs(pairs.first[kept], pairs.second[kept], values[kept]), names


def liken_quotes(one: str, other: str) -> float:
    """How much of the shorter quote stands in the longer one, from 0 to 1; 0 for a quote of a few words only."""
    if min(one.count(" "), other.count(" ")) + 1 < QUOTE_WORDS:
        return float(one == other)
    return float(fuzz.partial_ratio(one, other)) / 100


def _tell_evidence(vectors: Vectors, pairs: Pairs) -> list[str]:
    """The shared words that weigh most, numbers and names among them, as the first mention prints them."""
    told = []
    for start in range(0, len(pairs.first), sparse.BLOCK_PAIRS):
        part = slice(start, start + sparse.BLOCK_PAIRS)
        first, second = pairs.first[part], pairs.second[part]
        shared = vectors.content[first].multiply(vectors.presence[second]).tocsr()
        rows = np.repeat(np.arange(len(first)), np.diff(shared.indptr))
        order = np.lexsort((shared.indices, -shared.data, rows))
        best = order[np.arange(len(rows)) - shared.indptr[rows] < EVIDENCE_WORDS]
        columns = shared.indices[best].tolist()
        ends = np.searchsorted(rows[best], np.arange(len(first)), side="right").tolist()
        for place, (begin, end) in zip(first.tolist(), pairwise([0, *ends]), strict=True):
            told.append(vectors.print_stems(place, columns[begin:end]))
    return told


def is_firm(pair: Alignment) -> bool:
    """Whether a pair rests on enough to be one claim: a quote, the same words, or two things that both mention.

    One shared word is a coincidence, and so are two that are all one name; what has a third word, or a second one that
    is no name, counts. Dev, groups.py, pair-F1 direct / closure: .493/.407 against .479/.399 without; three words of
    any kind: .488/.392.
    """
    if pair.relation == "quote" or pair.score == 1:
        return True
    more = pair.evidence.count(EVIDENCE_JOINER)  # which is asked of millions of pairs: no list where none is needed
    if more != 1:
        return more > 1
    return any(not word[0].isupper() for word in pair.evidence.split(EVIDENCE_JOINER))
