"""Mentions to claims: which mentions of a story make the same statement."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from presswatch.align import sparse
from presswatch.align.aligned import OVERLAP, QUOTE, Alignments, Flags, arrange
from presswatch.align.linkage import Likeness, join_pairs, link_average
from presswatch.align.scoring import COMMON_ROWS, Vectors, number_articles
from presswatch.model import Alignment, Mention

# Mean score of the pairs of a claim, and what two parts of it must have in common of what holds each together. Dev,
# groups.py, pair-F1 direct / closure: .512/.509; cut .25: .512/.504, .3: .513/.487; without the likeness, at .25:
# .506/.520, with claims of up to 23 instead of 19.
CLAIM_CUT, CLAIM_LIKENESS = 0.2, Likeness(share=0.5, most=1.0)
# Two sentences of one article may make one claim where the words that they share weigh so much: half of what the rarest
# word does, so any one that is not all over the story will do. Dev, direct / closure: .511/.511; at 3 .509/.509, at 4
# .509/.522; with each in a claim of its own .452/.371. Scored as two articles' sentences are: .513/.510, at the cost of
# aligning the story once more.
REPEATED_WEIGHT = 3.8
# A mention says a second claim too where its mean score with what other articles say there reaches this: seven in ten
# such pairs of dev overlap in truth, three in ten are the same from .35 on; it is no less than what ties two claims.
ALSO_FROM = 0.45
# What a pair that rests on too little counts of its score: it speaks neither for one claim nor against it. On dev
# direct is within .001 from .5 to 1, closure .519 at 1; it keeps coincidences out of the claims of long features.
LOOSE_SHARE = 0.7
# A pair of this score is a tie, and a claim is what ties hold together: a long sentence that merely touches on others
# has its own. On dev .45 costs nothing and raises the B-cubed precision by .006; .5 gives .516/.502 and loses what is
# said in other words.
TIE_FROM = 0.45  # the figures of the cut, the likeness and what is loose are from before it

Group = tuple[Mention, ...]


def group_claims(mentions: Sequence[Mention], alignments: Sequence[Alignment], vectors: Vectors) -> list[Group]:
    """Group the mentions of a story into claims: each mention in one, a mention that nobody else makes alone.

    Args: `vectors` are those of all mentions of the story, of which these may be some.

    Sentences of one article come together only where they share something themselves, and never for their own likeness,
    but for what other articles say: news tells in its second sentence more of what it told in the first, so that to
    forbid it outright costs .06 pair-F1 on dev. Two quotes that merely overlap are two things said. A quote that joins
    nothing belongs to the sentence that it stands in.

    Returns: groups in the order of their lowest mention id; ids ascending inside.
    """
    ordered = sorted(mentions, key=lambda mention: mention.mention_id)
    pairs, ties = _weigh_pairs(ordered, arrange(alignments))
    repeated = _find_repetition(ordered, pairs, vectors)
    units = [mention.article_id for mention in ordered]
    linked = link_average(pairs, units, CLAIM_CUT, together=repeated, likeness=CLAIM_LIKENESS)
    labels = _seat_quotes(ordered, _split_loose(linked, [*ties, *repeated]))
    groups: dict[int, list[Mention]] = defaultdict(list)
    for mention, label in zip(ordered, labels, strict=True):
        groups[label].append(mention)
    return sorted((tuple(group) for group in groups.values()), key=lambda group: group[0].mention_id)


def _weigh_pairs(
    mentions: Sequence[Mention], pairs: Alignments
) -> tuple[list[tuple[int, int, float]], list[tuple[int, int]]]:
    """By place, what pairs say for one claim, and those that hold a claim together."""
    a, b = pairs.look_up({mention.mention_id: place for place, mention in enumerate(mentions)})
    is_quote = np.array([mention.kind == "quote" for mention in mentions], dtype=bool)
    known = np.flatnonzero((a >= 0) & (b >= 0))
    known = known[~((pairs.relations[known] == OVERLAP) & is_quote[a[known]] & is_quote[b[known]])]
    weights = pairs.scores * np.where(pairs.is_firm, 1, LOOSE_SHARE)
    told = zip(a[known].tolist(), b[known].tolist(), weights[known].tolist(), strict=True)
    ties = known[(((pairs.scores >= TIE_FROM) | (pairs.relations == QUOTE)) & pairs.is_firm)[known]]
    return list(told), list(zip(a[ties].tolist(), b[ties].tolist(), strict=True))


def find_also(groups: Sequence[Group], alignments: Sequence[Alignment]) -> list[Group]:
    """For each claim that several articles make, the mentions of other claims that say it too; ids ascending.

    A long sentence says more than one thing, and a quote may hold what others print in two; its place in one claim must
    not make its outlet silent in another.
    """
    if not len(alignments):
        return [() for _ in groups]
    pairs = arrange(alignments)
    known = {mention.mention_id: mention for group in groups for mention in group}
    homes = {mention.mention_id: place for place, group in enumerate(groups) for mention in group}
    home = pairs.number(homes)
    is_own = np.array([one in known and is_own_words(known[one]) for one in pairs.ids], dtype=bool)
    is_told = np.array([len({mention.article_id for mention in group}) > 1 for group in groups], dtype=bool)
    firm = pairs.is_firm & (home[pairs.first] >= 0) & (home[pairs.second] >= 0)
    # each pair both ways, one after the other: sums of floats depend on their order
    ones = np.stack([pairs.first[firm], pairs.second[firm]], axis=1).ravel()
    others = home[np.stack([pairs.second[firm], pairs.first[firm]], axis=1).ravel()]
    says = is_own[ones] | np.stack(_find_holding(pairs, known), axis=1)[firm].ravel()
    chosen = (home[ones] != others) & says & is_told[others]
    codes, place = np.unique(ones[chosen] * len(groups) + others[chosen], return_inverse=True)
    sums = np.bincount(place, np.repeat(pairs.scores[firm], 2)[chosen])
    sizes = Counter((mention.article_id, place) for place, group in enumerate(groups) for mention in group)
    found: list[list[Mention]] = [[] for _ in groups]
    for code, total in zip(codes.tolist(), sums.tolist(), strict=True):
        at, group = divmod(code, len(groups))
        mention = known[pairs.ids[at]]
        if total >= ALSO_FROM * (len(groups[group]) - sizes[mention.article_id, group]):
            found[group].append(mention)
    return [tuple(also) for also in found]


def _find_holding(pairs: Alignments, known: Mapping[str, Mention]) -> tuple[Flags, Flags]:
    """Of each pair, whether the first is a quote that holds the second's words, and the other way round."""
    lengths = np.array([len(known[one].text) if one in known else 0 for one in pairs.ids], dtype=np.int64)
    is_quote = pairs.relations == QUOTE
    longer = lengths[pairs.first] - lengths[pairs.second]
    return is_quote & (longer >= 0), is_quote & (longer <= 0)


def _split_loose(labels: Sequence[int], ties: Sequence[tuple[int, int]]) -> list[int]:
    """Let go of what no tie holds in its group: the groups' parts that are connected by ties."""
    inside = [(a, b) for a, b in ties if labels[a] == labels[b]]
    parts = join_pairs(inside)
    return [parts.get(place, place) for place in range(len(labels))]


def is_own_words(mention: Mention) -> bool:
    """Whether a mention is a sentence of the article's body, and neither a headline nor somebody's words."""
    return mention.kind == "statement" and mention.part == "body"


def _find_repetition(
    mentions: Sequence[Mention], pairs: Sequence[tuple[int, int, float]], vectors: Vectors
) -> list[tuple[int, int]]:
    """By place, the pairs of sentences of one article that share something, among those that are in pairs."""
    places = sorted({place for a, b, _ in pairs for place in (a, b)})  # no sentence joins another for repetition alone
    if not places:
        return []
    chosen = [mentions[place] for place in places]
    content = vectors.content[[vectors.place[mention.mention_id] for mention in chosen]]
    found = sparse.find_alike(content, number_articles(chosen), REPEATED_WEIGHT, COMMON_ROWS)
    first, second = (np.array(places)[side].tolist() for side in found)
    return list(zip(first, second, strict=True))


def _seat_quotes(mentions: Sequence[Mention], labels: list[int]) -> list[int]:
    """Give a quote that stands alone the claim of the sentence that it is a part of."""
    sizes = np.bincount(labels, minlength=len(labels))
    hosts: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)  # sentences: where each begins, its place
    for place, mention in enumerate(mentions):
        if mention.kind == "statement":
            hosts[mention.article_id, mention.part].append((mention.start_char, place))
    for sentences in hosts.values():
        sentences.sort()
    seated = list(labels)
    for place, mention in enumerate(mentions):
        if mention.kind == "quote" and sizes[labels[place]] == 1:
            sentences = hosts[mention.article_id, mention.part]
            begun = bisect_right(sentences, (mention.start_char, len(mentions)))
            if begun and _holds(mentions[sentences[begun - 1][1]], mention):
                seated[place] = labels[sentences[begun - 1][1]]
    return seated


def _holds(outer: Mention, inner: Mention) -> bool:
    return outer.start_char <= inner.start_char and inner.end_char <= outer.end_char
