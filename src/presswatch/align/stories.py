"""Articles to stories: which articles cover the same event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from presswatch.align import sparse
from presswatch.align.linkage import link_average
from presswatch.align.text import STOP_STEMS, find_name_words, split_words, stem_word, weigh_stem
from presswatch.model import Article, make_id

# How often a word counts more where it is (part of) a name, and where it stands in the headline.
NAME_WEIGHT, HEADLINE_WEIGHT = 1, 1
# The weight of a word: this part is its rarity in English, the rest its rarity among the articles at hand. With the
# articles alone a hundred articles on one subject make its words worthless; with English alone a recurring name is
# worth too much.
ENGLISH_SHARE = 0.3
# Mean cosine of the pairs of a story; one cut for short news, long features and headlines with a lead.
STORY_CUT = 0.26
# Candidates for each article, and how often a word may stand to find any.
CANDIDATES, COMMON_ROWS = 100, 400
# What lies under half the cut is no resemblance, and is not worth keeping.
LEAST_COSINE = STORY_CUT / 2

# Articles on one event lie within days, yet a feature may come back to it months later: a pair keeps its whole cosine
# for a week, loses up to half of it until two months, and no more. Reasoned, not measured: the corpora have no dates.
SAME_DAYS, APART_DAYS, APART_SHARE = 7.0, 60.0, 0.5

_LAST = datetime.max.replace(tzinfo=UTC)


def group_articles(articles: Sequence[Article]) -> list[str]:
    """Label each article with its story, in the order given.

    Args: n articles of unique ids; headline and dates are used where there are any.
    Returns: story ids: what `story_id_of` gives for the articles that share one.
    Raises: ValueError where two articles share an id.
    Cost: about O(n · k) for k candidates each.
    Source: TF-IDF cosine, average linkage at one cut; docs/decisions.md has what it was compared with.
    """
    ordered = sorted(articles, key=lambda article: article.article_id)
    if len({article.article_id for article in ordered}) < len(ordered):
        raise ValueError("two articles share an id")
    if not ordered:
        return []
    vectors = _weigh_words(ordered)
    alone = np.arange(len(ordered))
    first, second = sparse.find_nearest(vectors, vectors, alone, CANDIDATES, COMMON_ROWS)
    cosines = sparse.dot_pairs(vectors, vectors, first, second) * _weigh_gaps(ordered, first, second)
    near = cosines >= LEAST_COSINE
    pairs = zip(first[near].tolist(), second[near].tolist(), cosines[near].tolist(), strict=True)
    labels = link_average(pairs, [None] * len(ordered), STORY_CUT)
    return _name_stories(articles, ordered, labels)


def story_id_of(articles: Sequence[Article]) -> str:
    """The id of the story that these articles make: made of the id of the earliest, by publication, then by id.

    Raises: ValueError where there is no article.
    """
    return make_id(min(articles, key=age_of).article_id)


def age_of(article: Article) -> tuple[datetime, str]:
    """What articles are ordered by: publication, the undated last, then id."""
    return article.published_at or _LAST, article.article_id


def _name_stories(articles: Sequence[Article], ordered: Sequence[Article], labels: Sequence[int]) -> list[str]:
    stories: dict[int, list[Article]] = defaultdict(list)
    for article, label in zip(ordered, labels, strict=True):
        stories[label].append(article)
    names = {
        article.article_id: name for story in stories.values() for name in [story_id_of(story)] for article in story
    }
    return [names[article.article_id] for article in articles]


def _weigh_words(articles: Sequence[Article]) -> sparse.Matrix:
    """A unit vector for each article: its stems, sublinear, weighted by rarity."""
    counts, stems = sparse.count_items(_list_stems(article) for article in articles)
    here = np.log((len(articles) + 1) / (sparse.column_counts(counts) + 1)) + 1
    english = np.array([weigh_stem(stem) for stem in stems])
    weights = (1 - ENGLISH_SHARE) * here + ENGLISH_SHARE * english
    return sparse.unit_rows(sparse.scale_columns(sparse.map_entries(counts, lambda n: 1 + np.log(n)), weights))


def _list_stems(article: Article) -> list[str]:
    headline = [stem_word(word) for word in split_words(article.headline or "")]
    body = [stem_word(word) for word in split_words(article.text)]
    names = [stem_word(word) for word in find_name_words(f"{article.headline or ''}\n{article.text}")]
    found = body + (1 + HEADLINE_WEIGHT) * headline + NAME_WEIGHT * names
    return [stem for stem in found if stem not in STOP_STEMS]


def _weigh_gaps(articles: Sequence[Article], first: sparse.Places, second: sparse.Places) -> sparse.Floats:
    """How much of its cosine a pair keeps, by the days between its articles; all of it where a date is unknown."""
    days = np.array([_count_days(article) for article in articles])
    gap = np.abs(days[first] - days[second])
    lost = np.clip((gap - SAME_DAYS) / (APART_DAYS - SAME_DAYS), 0.0, 1.0)
    return np.asarray(1 - (1 - APART_SHARE) * np.nan_to_num(lost))


def _count_days(article: Article) -> float:
    if article.published_at is None:
        return float("nan")
    return (article.published_at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)
