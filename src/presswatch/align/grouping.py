"""Mentions to claims: which mentions of a story make the same statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from presswatch.align.linkage import link_average
from presswatch.align.scoring import Vectors, rate_pairs
from presswatch.model import Alignment, Mention

# Mean score of the pairs of a claim. Dev, pair-F1 direct / closure: .30: .47/.46, .40: .49/.40, .50: .45/.32; a higher
# cut gives surer and smaller claims.
CLAIM_CUT = 0.4

Group = tuple[Mention, ...]


def group_claims(mentions: Sequence[Mention], alignments: Sequence[Alignment]) -> list[Group]:
    """Group the mentions of a story into claims: each mention in one, a mention that nobody else makes alone.

    Sentences of one article come together only where the article repeats itself (their own score reaches the cut): to forbid
    it outright costs .05 pair-F1 on dev, for news says in its second sentence what it said in the first. What outlets say in their
    own words is grouped first; headlines and quotes then join, so that a long quote does not take a
    statement's place. A quote that joins nothing belongs to the sentence that it stands in.

    Returns: groups in the order of their lowest mention id; ids ascending inside.
    """
    ordered = sorted(mentions, key=lambda mention: mention.mention_id)
    place = {mention.mention_id: i for i, mention in enumerate(ordered)}
    cross = [(pair.a_id, pair.b_id, pair.score) for pair in alignments]
    pairs = [(place[a], place[b], score) for a, b, score in cross if a in place and b in place]
    pairs += _rate_repetition(ordered)
    own = {i for i, mention in enumerate(ordered) if is_own_words(mention)}
    units = [mention.article_id for mention in ordered]
    first = link_average([pair for pair in pairs if own.issuperset(pair[:2])], units, CLAIM_CUT)
    labels = _seat_quotes(ordered, link_average(pairs, units, CLAIM_CUT, first))
    groups: dict[int, list[Mention]] = defaultdict(list)
    for mention, label in zip(ordered, labels, strict=True):
        groups[label].append(mention)
    return sorted((tuple(group) for group in groups.values()), key=lambda group: group[0].mention_id)


def is_own_words(mention: Mention) -> bool:
    """Whether a mention is a sentence of the article's body, and neither a headline nor somebody's words."""
    return mention.kind == "statement" and mention.part == "body"


def _rate_repetition(mentions: Sequence[Mention]) -> list[tuple[int, int, float]]:
    """The pairs of sentences of one article, scored as if they were of two."""
    if not mentions:
        return []
    pairs = rate_pairs(Vectors([mention.text for mention in mentions]), np.arange(len(mentions)))
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
