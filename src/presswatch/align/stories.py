"""Articles to stories: which articles cover the same event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from presswatch.align import sparse
from presswatch.align.linkage import Likeness, link_average
from presswatch.align.text import find_name_words, list_stops, split_words, stem_word, weigh_stem
from presswatch.model import ENGLISH, Article, make_id

# How often a word counts more where it is (part of) a name, and where it stands in the headline.
NAME_WEIGHT, HEADLINE_WEIGHT = 1, 1
# News says what happened first: headline and first words are compared once more by themselves. Dev, average precision
# of "same story" on ECB+ / BASIL / NeuS: without .907/.940/.707, with .920/.966/.714.
LEAD_WORDS = 80
# The weight of a word: this part is its rarity in the article's language, the rest its rarity among the articles at
# hand that are written in it. With the articles alone a hundred articles on one subject make its words worthless; with
# the language alone a recurring name is worth too much. Weighed as English is, 152 of 655 saved pages in other
# languages made stories, one of them of all that was Spanish; now 16.
LANGUAGE_SHARE = 0.3
# Candidates for each article, and how often a word may stand to find any.
CANDIDATES, COMMON_ROWS = 100, 400
# A text that hundreds print would crowd out every other candidate, and its words would find nobody.
MOST_COPIES = 10  # of a text that are compared; the first stands for the rest
# What lies under this is no resemblance, and is not worth keeping.
LEAST_COSINE = 0.05

# Some articles resemble everything on their subject, others hardly their own story: a cosine counts by the geometric
# mean of what both have around them: the mean with their `NEIGHBOURS` nearest (local scaling, Zelnik-Manor & Perona
# 2004), and a little. A neighbour counts `NEAR_COSINE` at most, so that a story of hundreds does not make its own
# likeness worthless, and a missing one as usual. Dev, average precision as above: .920/.966/.714 without,
# .924/.992/.803 with; 5 or 20 neighbours within .02.
NEIGHBOURS, NEAR_COSINE, USUAL_COSINE, BESIDES = 10, 0.25, 0.2, 0.02
# An article whose story nobody else tells here has nearest that are none: so much is taken to be around it at least.
# Dev, B-cubed ECB+ / BASIL / NeuS: .914/.962/.878 without, .914/.962/.874 with; grouped day by day, with each story
# scattered over seven days, .811/.962/.551 without, .836/.962/.680 with.
LEAST_AROUND = 0.2
# What a story's mean must reach, and what two parts of a story must have in common of that (see `Likeness`). One
# setting for short news, long features and headlines with a lead: cuts of .75-.85, shares of .80-.82 and 1.3-1.4 at
# most give .896-.921/.962-.972/.867-.881, for the figure of ECB+ hangs on whether one of its 22 topics is taken for
# one story.
STORY_CUT = 0.8
STORY_LIKENESS = Likeness(share=0.82, most=1.3)

# Articles on one event lie within days, yet a feature may come back to it months later: a pair keeps its whole cosine
# for a week, loses up to three fifths of it until two months, and no more. Reasoned, not measured: the corpora have no
# dates.
SAME_DAYS, APART_DAYS, APART_SHARE = 7.0, 60.0, 0.4

LEAD_MARK = "^"  # before a word of headline and lead, which is told apart from the same one elsewhere

_LAST = datetime.max.replace(tzinfo=UTC)
_TIMES = ("published_at", "modified_at", "listed_at", "first_seen_at")  # of an article


@dataclass(frozen=True)
class Linked:
    """Articles that were compared: the label of each, and what there is to compare them with others."""

    labels: list[int]  # the lowest place in the group
    inner: dict[int, float]  # the sum of the similarities inside a group, by label
    words: list[str]  # of the columns of `vectors`
    vectors: sparse.Matrix  # a unit row an article
    around: sparse.Floats  # what each has in common with its nearest


def choose_copies(articles: Sequence[Article]) -> list[int]:
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


def link_articles(articles: Sequence[Article]) -> Linked:
    """Put the articles of one event together.

    Source: TF-IDF cosine under local scaling, average linkage; docs/decisions.md has what it was compared with.
    """
    vectors, words = _weigh_words(articles)
    alone = np.arange(len(articles))
    first, second = sparse.find_nearest(vectors, vectors, alone, CANDIDATES, COMMON_ROWS)
    days = np.array([count_days(article) for article in articles])
    cosines = sparse.dot_pairs(vectors, vectors, first, second) * keep_share(np.abs(days[first] - days[second]))
    around = _look_around(first, second, cosines, len(articles))
    scaled = cosines / np.sqrt(around[first] * around[second])
    near = cosines >= LEAST_COSINE
    pairs = list(zip(first[near].tolist(), second[near].tolist(), scaled[near].tolist(), strict=True))
    labels = link_average(pairs, [None] * len(articles), STORY_CUT, likeness=STORY_LIKENESS)
    inner: dict[int, float] = defaultdict(float)
    for one, other, similarity in pairs:
        if labels[one] == labels[other]:
            inner[labels[one]] += similarity
    return Linked(labels, inner, words, vectors, around)


def check_articles(articles: Sequence[Article]) -> None:
    """Refuse what nobody can compare: what is one article twice, and times of which the place is not known.

    Raises: ValueError where two articles share an id, or a time has no time zone.
    """
    seen: set[str] = set()
    for article in articles:
        if article.article_id in seen:
            raise ValueError(f"two articles share an id: {article.article_id}")
        seen.add(article.article_id)
        for name in _TIMES:
            moment = getattr(article, name)
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name} of article {article.article_id} has no time zone: {moment}")


def story_id_of(articles: Sequence[Article]) -> str:
    """The id of the story that these articles make: made of the id of the earliest, by publication, then by id.

    Raises: ValueError where there is no article.
    """
    return make_id(min(articles, key=age_of).article_id)


def age_of(article: Article) -> tuple[datetime, str]:
    """What articles are ordered by: publication, the undated last, then id."""
    return article.published_at or _LAST, article.article_id


def _look_around(first: sparse.Places, second: sparse.Places, cosines: sparse.Floats, count: int) -> sparse.Floats:
    """What each article has in common with its nearest, on the mean."""
    known = sparse.sum_best(first, second, np.minimum(cosines, NEAR_COSINE), count, NEIGHBOURS)
    missing = max(NEIGHBOURS - (count - 1), 0)
    return np.asarray(np.maximum((known + missing * USUAL_COSINE) / NEIGHBOURS + BESIDES, LEAST_AROUND))


def _weigh_words(articles: Sequence[Article]) -> tuple[sparse.Matrix, list[str]]:
    """A unit vector for each article, half of it its words, half those of its headline and lead alone; the words."""
    listed = [list_stems(article) for article in articles]
    languages = [language_of(article) for article in articles]
    (whole, words), (lead, lead_words) = (_weigh_rarity(stems, languages) for stems in zip(*listed, strict=True))
    return sparse.join_columns([whole, lead]), [*words, *(f"{LEAD_MARK}{word}" for word in lead_words)]


def _weigh_rarity(texts: Sequence[Sequence[str]], languages: Sequence[str]) -> tuple[sparse.Matrix, list[str]]:
    """A unit vector for each text: its stems, sublinear, weighted by rarity in its language; and the stems."""
    counts, stems = sparse.count_items(texts)
    codes, row_codes = np.unique(languages, return_inverse=True)
    weights = np.zeros((len(codes), len(stems)))
    for place, language in enumerate(codes.tolist()):
        written = counts[row_codes == place]
        uses = sparse.column_counts(written)
        used = np.flatnonzero(uses)
        here = np.log((written.shape[0] + 1) / (uses[used] + 1)) + 1
        general = np.array([weigh_stem(stems[column], language) for column in used.tolist()])
        weights[place, used] = (1 - LANGUAGE_SHARE) * here + LANGUAGE_SHARE * general
    entry_codes = np.repeat(row_codes, np.diff(counts.indptr))
    weighed = sparse.map_entries(counts, lambda n: (1 + np.log(n)) * weights[entry_codes, counts.indices])
    return sparse.unit_rows(weighed), stems


def language_of(article: Article) -> str:
    """The language that an article is weighed in: English where nothing tells another."""
    return article.language or ENGLISH


def list_stems(article: Article) -> tuple[list[str], list[str]]:
    """The stems of the article, and those of its headline and lead."""
    stops = list_stops(language_of(article))
    headline = [stem_word(word) for word in split_words(article.headline or "")]
    body = [stem_word(word) for word in split_words(article.text)]
    names = [stem_word(word) for word in find_name_words(f"{article.headline or ''}\n{article.text}")]
    title = (1 + HEADLINE_WEIGHT) * headline
    whole, lead = body + title + NAME_WEIGHT * names, body[:LEAD_WORDS] + title
    return [stem for stem in whole if stem not in stops], [stem for stem in lead if stem not in stops]


def keep_share(gaps: sparse.Floats) -> sparse.Floats:
    """How much of its cosine a pair keeps, by the days between its articles; all of it where that is unknown (NaN)."""
    lost = np.clip((gaps - SAME_DAYS) / (APART_DAYS - SAME_DAYS), 0.0, 1.0)
    return np.asarray(1 - (1 - APART_SHARE) * np.nan_to_num(lost))


def count_days(article: Article) -> float:
    """Days since 1970; NaN where nothing tells when it was published."""
    if article.published_at is None:
        return float("nan")
    return (article.published_at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)
