"""Articles to stories: which articles cover the same event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from presswatch.align import sparse
from presswatch.align.linkage import Likeness, link_average
from presswatch.align.text import STOP_STEMS, find_name_words, split_words, stem_word, weigh_stem
from presswatch.model import Article, make_id

# How often a word counts more where it is (part of) a name, and where it stands in the headline.
NAME_WEIGHT, HEADLINE_WEIGHT = 1, 1
# News says what happened first: headline and first words are compared once more by themselves. Dev, average precision
# of "same story" on ECB+ / BASIL / NeuS: without .907/.940/.707, with .920/.966/.714.
LEAD_WORDS = 80
# The weight of a word: this part is its rarity in English, the rest its rarity among the articles at hand. With the
# articles alone a hundred articles on one subject make its words worthless; with English alone a recurring name is
# worth too much.
ENGLISH_SHARE = 0.3
# Candidates for each article, and how often a word may stand to find any.
CANDIDATES, COMMON_ROWS = 100, 400
# A text that hundreds print would crowd out every other candidate, and its words would find nobody.
MOST_COPIES = 10  # of a text that are compared; the first stands for the rest
# What lies under this is no resemblance, and is not worth keeping.
LEAST_COSINE = 0.05

# Some articles resemble everything on their subject, others hardly their own story: a cosine counts by the geometric
# mean of what both have with their `NEIGHBOURS` nearest (local scaling, Zelnik-Manor & Perona 2004). A neighbour counts
# `NEAR_COSINE` at most, so that a story of hundreds does not make its own likeness worthless, and a missing one as
# usual. Dev, average precision as above: .920/.966/.714 without, .924/.992/.803 with; 5 or 20 neighbours within .02.
NEIGHBOURS, NEAR_COSINE, USUAL_COSINE = 10, 0.25, 0.2
# Among few articles the nearest are no neighbours: what an article has around it counts by their number, beside the
# usual as if so many more were there. Dev, B-cubed ECB+ / BASIL / NeuS: none .914/.962/.874, 10: .914/.962/.875, 20-40:
# .914/.962/.878.
USUAL_ARTICLES = 30
LEAST_AROUND = 0.02  # what even an article that resembles nothing has around it
# What a story's mean must reach, and what two parts of a story must have in common of that (see `Likeness`). One
# setting for short news, long features and headlines with a lead. Dev, B-cubed ECB+ / BASIL / NeuS: .914/.962/.878.
# Before few articles were told apart: without the likeness .897/.960/.880 at best; cuts of .75-.85, shares of .80-.82
# and 1.3-1.4 at most gave .896-.921/.962-.972/.867-.881, for the figure of ECB+ hangs on whether one of its 22 topics
# is taken for one story.
STORY_CUT = 0.8
STORY_LIKENESS = Likeness(share=0.82, most=1.3)

# Articles on one event lie within days, yet a feature may come back to it months later: a pair keeps its whole cosine
# for a week, loses up to three fifths of it until two months, and no more. Reasoned, not measured: the corpora have no
# dates.
SAME_DAYS, APART_DAYS, APART_SHARE = 7.0, 60.0, 0.4

_LAST = datetime.max.replace(tzinfo=UTC)


def group_articles(articles: Sequence[Article]) -> list[str]:
    """Label each article with its story, in the order given.

    Args: n articles of unique ids; headline and dates are used where there are any.
    Returns: story ids: what `story_id_of` gives for the articles that share one.
    Raises: ValueError where two articles share an id.
    Cost: about O(n · k) for k candidates each.
    Source: TF-IDF cosine under local scaling, average linkage; docs/decisions.md has what it was compared with.
    """
    ordered = sorted(articles, key=lambda article: article.article_id)
    if len({article.article_id for article in ordered}) < len(ordered):
        raise ValueError("two articles share an id")
    if not ordered:
        return []
    chosen = _choose_copies(ordered)
    labels = _link_articles([ordered[place] for place in sorted(set(chosen))])
    label_of = dict(zip(sorted(set(chosen)), labels, strict=True))
    return _name_stories(articles, ordered, [label_of[place] for place in chosen])


def _choose_copies(articles: Sequence[Article]) -> list[int]:
    """For each article the place of the one that stands for it: itself, or the earliest of more than `MOST_COPIES`."""
    copies: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        copies[article.text or article.article_id].append(place)
    chosen = list(range(len(articles)))
    for places in copies.values():
        places.sort(key=lambda place: age_of(articles[place]))
        for place in places[MOST_COPIES:]:
            chosen[place] = places[0]
    return chosen


def _link_articles(articles: Sequence[Article]) -> list[int]:
    """A number for each article, the same for those of one event."""
    vectors = _weigh_words(articles)
    alone = np.arange(len(articles))
    first, second = sparse.find_nearest(vectors, vectors, alone, CANDIDATES, COMMON_ROWS)
    cosines = sparse.dot_pairs(vectors, vectors, first, second) * _weigh_gaps(articles, first, second)
    scaled = _scale_locally(first, second, cosines, len(articles))
    near = cosines >= LEAST_COSINE
    pairs = zip(first[near].tolist(), second[near].tolist(), scaled[near].tolist(), strict=True)
    return link_average(pairs, [None] * len(articles), STORY_CUT, likeness=STORY_LIKENESS)


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


def _scale_locally(first: sparse.Places, second: sparse.Places, cosines: sparse.Floats, count: int) -> sparse.Floats:
    """Each cosine in proportion to those that both its articles have with their nearest."""
    known = sparse.sum_best(first, second, np.minimum(cosines, NEAR_COSINE), count, NEIGHBOURS)
    missing = max(NEIGHBOURS - (count - 1), 0)
    around = (known + missing * USUAL_COSINE) / NEIGHBOURS + LEAST_AROUND
    few = USUAL_ARTICLES / (count + USUAL_ARTICLES)
    around = np.maximum(around, few * (USUAL_COSINE + LEAST_AROUND) + (1 - few) * around)
    return np.asarray(cosines / np.sqrt(around[first] * around[second]))


def _weigh_words(articles: Sequence[Article]) -> sparse.Matrix:
    """A unit vector for each article: half of it its words, half those of its headline and lead alone."""
    listed = [_list_stems(article) for article in articles]
    return sparse.join_columns([_weigh_rarity(stems) for stems in zip(*listed, strict=True)])


def _weigh_rarity(texts: Sequence[Sequence[str]]) -> sparse.Matrix:
    """A unit vector for each text: its stems, sublinear, weighted by rarity."""
    counts, stems = sparse.count_items(texts)
    here = np.log((len(texts) + 1) / (sparse.column_counts(counts) + 1)) + 1
    english = np.array([weigh_stem(stem) for stem in stems])
    weights = (1 - ENGLISH_SHARE) * here + ENGLISH_SHARE * english
    return sparse.unit_rows(sparse.scale_columns(sparse.map_entries(counts, lambda n: 1 + np.log(n)), weights))


def _list_stems(article: Article) -> tuple[list[str], list[str]]:
    """The stems of the article, and those of its headline and lead."""
    headline = [stem_word(word) for word in split_words(article.headline or "")]
    body = [stem_word(word) for word in split_words(article.text)]
    names = [stem_word(word) for word in find_name_words(f"{article.headline or ''}\n{article.text}")]
    title = (1 + HEADLINE_WEIGHT) * headline
    whole, lead = body + title + NAME_WEIGHT * names, body[:LEAD_WORDS] + title
    return [stem for stem in whole if stem not in STOP_STEMS], [stem for stem in lead if stem not in STOP_STEMS]


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
