"""Mentions to claims: which mentions of a story make the same statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from presswatch.align.linkage import Likeness, link_average
from presswatch.align.scoring import Vectors, is_firm, rate_pairs, read_content
from presswatch.model import Alignment, Mention

# Mean score of the pairs of a claim, and what two parts of it must have in common of what holds each together. Dev,
# groups.py, pair-F1 direct / closure: .512/.509; cut .25: .512/.504, .3: .513/.487; without the likeness, at .25:
# .506/.520, with claims of up to 23 instead of 19.
CLAIM_CUT, CLAIM_LIKENESS = 0.2, Likeness(share=0.5, most=1.0)
# Two sentences of one article may make one claim where they score so much: they share a little. With every sentence in
# a claim of its own the figures are .452/.377; with .125 they are .510/.495.
REPEATS_FROM = 0.05
# A mention says a second claim too where its mean score with what other articles say there reaches this: seven in ten
# such pairs of dev overlap in truth, three in ten are the same from .35 on; it is no less than what ties two claims.
ALSO_FROM = 0.45
# What a pair that rests on too little counts of its score: it speaks neither for one claim nor against it. On dev
# direct is within .001 from .5 to 1, closure .519 at 1; it keeps coincidences out of the claims of long features.
LOOSE_SHARE = 0.7
# A pair of this score is a tie, and a claim is what ties hold together: a long sentence that merely touches on others
# has its own. On dev .45 costs nothing (.513/.510) and raises the B-cubed precision by .006; .5 gives .519/.501.
TIE_FROM = 0.45  # the other figures here are from before it

Group = tuple[Mention, ...]


def group_claims(mentions: Sequence[Mention], alignments: Sequence[Alignment]) -> list[Group]:
    """Group the mentions of a story into claims: each mention in one, a mention that nobody else makes alone.

    Sentences of one article come together only where they share something themselves, and never for their own likeness,
    but for what other articles say: news tells in its second sentence more of what it told in the first, so that to
    forbid it outright costs .06 pair-F1 on dev. Two quotes that merely overlap are two things said. A quote that joins
    nothing belongs to the sentence that it stands in.

    Returns: groups in the order of their lowest mention id; ids ascending inside.
    """
    ordered = sorted(mentions, key=lambda mention: mention.mention_id)
    place = {mention.mention_id: i for i, mention in enumerate(ordered)}
    quoted = {mention.mention_id for mention in ordered if mention.kind == "quote"}
    known = [pair for pair in alignments if pair.a_id in place and pair.b_id in place]
    known = [pair for pair in known if pair.relation != "overlap" or not quoted.issuperset((pair.a_id, pair.b_id))]
    repeated = _rate_repetition(ordered) if known else []  # no sentence joins another for its repetition alone
    pairs = [(place[pair.a_id], place[pair.b_id], pair.score * (1 if is_firm(pair) else LOOSE_SHARE)) for pair in known]
    units = [mention.article_id for mention in ordered]
    linked = link_average([*pairs, *repeated], units, CLAIM_CUT, repeats_from=REPEATS_FROM, likeness=CLAIM_LIKENESS)
    ties = [(place[pair.a_id], place[pair.b_id]) for pair in known if _is_tie(pair)]
    ties += [(a, b) for a, b, score in repeated if score >= REPEATS_FROM]
    labels = _seat_quotes(ordered, _split_loose(linked, ties))
    groups: dict[int, list[Mention]] = defaultdict(list)
    for mention, label in zip(ordered, labels, strict=True):
        groups[label].append(mention)
    return sorted((tuple(group) for group in groups.values()), key=lambda group: group[0].mention_id)


def find_also(groups: Sequence[Group], alignments: Sequence[Alignment]) -> list[Group]:
    """For each claim that several articles make, the sentences of other claims that say it too; ids ascending.

    A long sentence says more than one thing; its place in one claim must not make its outlet silent in another.
    """
    home = {mention.mention_id: place for place, group in enumerate(groups) for mention in group}
    known = {mention.mention_id: mention for group in groups for mention in group}
    sums: dict[tuple[str, int], float] = defaultdict(float)
    for pair in filter(is_firm, alignments):
        for one, other in ((pair.a_id, pair.b_id), (pair.b_id, pair.a_id)):
            if one in home and other in home and home[one] != home[other] and is_own_words(known[one]):
                sums[one, home[other]] += pair.score
    found: list[list[Mention]] = [[] for _ in groups]
    for (mention_id, place), total in sorted(sums.items()):
        mention, group = known[mention_id], groups[place]
        others = sum(other.article_id != mention.article_id for other in group)
        if len({other.article_id for other in group}) > 1 and total >= ALSO_FROM * others:
            found[place].append(mention)
    return [tuple(also) for also in found]


def _split_loose(labels: Sequence[int], ties: Sequence[tuple[int, int]]) -> list[int]:
    """Let go of what no tie holds in its group: the groups' parts that are connected by ties, numbered anew."""
    inside = [(a, b) for a, b in ties if labels[a] == labels[b]]
    rows, columns = zip(*inside, strict=True) if inside else ((), ())
    graph = coo_array((np.ones(len(inside)), (rows, columns)), shape=(len(labels), len(labels)))
    return [int(label) for label in connected_components(graph, directed=False)[1]]


def _is_tie(pair: Alignment) -> bool:
    return (pair.score >= TIE_FROM or pair.relation == "quote") and is_firm(pair)


def is_own_words(mention: Mention) -> bool:
    """Whether a mention is a sentence of the article's body, and neither a headline nor somebody's words."""
    return mention.kind == "statement" and mention.part == "body"


def _rate_repetition(mentions: Sequence[Mention]) -> list[tuple[int, int, float]]:
    """The pairs of sentences of one article, scored as if they were of two."""
    if not mentions:
        return []
    pairs = rate_pairs(Vectors([read_content(mention) for mention in mentions]), np.arange(len(mentions)))
    found = zip(pairs.first.tolist(), pairs.second.tolist(), pairs.values.tolist(), strict=True)
    return [(i, j, score) for i, j, score in found if mentions[i].article_id == mentions[j].article_id]


def _seat_quotes(mentions: Sequence[Mention], labels: list[int]) -> list[int]:
    """Give a quote that stands alone the claim of the sentence that it is a part of."""
    sizes = np.bincount(labels, minlength=len(labels))
    hosts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, mention in enumerate(mentions):
        if mention.kind == "statement":
            hosts[mention.article_id, mention.part].append(place)
    seated = list(labels)
    for place, mention in enumerate(mentions):
        if mention.kind == "quote" and sizes[labels[place]] == 1:
            around = [host for host in hosts[mention.article_id, mention.part] if _holds(mentions[host], mention)]
            seated[place] = labels[around[0]] if around else labels[place]
    return seated


def _holds(outer: Mention, inner: Mention) -> bool:
    return outer.start_char <= inner.start_char and inner.end_char <= outer.end_char
