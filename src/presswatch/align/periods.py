"""Stories of an archive of any size: grouped period by period, and joined across them. Pure.

A period is as long a stretch of the calendar as holds few enough articles: everything, a year, a month, a quarter of a
month, a day. So a handful of articles are grouped together whatever their dates, and new articles in an archive of
years touch the period that they fall in, and what it has in common with the others. Which articles there are decides
alone; in what order they came does not.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse as scipy_sparse

from presswatch.align import sparse
from presswatch.align.linkage import join_pairs, link_average
from presswatch.align.stories import (
    STORY_CUT,
    STORY_LIKENESS,
    age_of,
    check_articles,
    choose_copies,
    count_days,
    keep_share,
    link_articles,
)
from presswatch.model import Article, make_id

# Articles grouped at once: some three seconds. Periods of fewer than some hundred know too little of which
# words are common.
MOST_ARTICLES = 2_500
# Of a group, these heaviest words of its mean are kept for joining it with those of other periods; and these heaviest
# are looked up, and two groups that share so many of them are compared.
KEPT_WORDS, SOUGHT_WORDS, SHARED_WORDS = 160, 30, 3
# What an article counts as having around it at least, when it is compared with those of another period, where its
# nearest are unknown. Dev, articles on 28 days in periods of 250 at most, a story on two days: B-cubed ECB+ / BASIL /
# NeuS .923/.972/.857 at .2, .933/.972/.882 at .25, .934/.972/.890 at .28; all in one period .914/.962/.874.
LEAST_AROUND = 0.25
LEAST_LINK = 0.2  # what two groups must have in common on the mean to be remembered; a quarter of the cut
NO_PERIOD = "undated"

Words = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float32]
Moments = npt.NDArray[np.datetime64]
Names = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]


class Stretch(NamedTuple):
    """How the calendar is cut: a number for the stretch that holds a moment, and the name of such a number."""

    number: Callable[[Moments], Numbers]
    name: Callable[[int], str]


def _by_unit(unit: Literal["Y", "M", "D"]) -> Stretch:
    return Stretch(
        lambda moments: moments.astype(f"datetime64[{unit}]").astype(np.int64),
        lambda number: str(np.datetime64(number, unit)),
    )


def _number_quarters(moments: Moments) -> Numbers:
    """Weeks of a month; the last one has what is left."""
    days = moments.astype("datetime64[D]") - moments.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(MONTH.number(moments) * _QUARTERS + np.minimum(days.astype(np.int64) // 7, _QUARTERS - 1))


def _name_quarter(number: int) -> str:
    month, week = divmod(number, _QUARTERS)
    return f"{MONTH.name(month)}-q{week + 1}"


_QUARTERS = 4
YEAR, MONTH, QUARTER, DAY = _by_unit("Y"), _by_unit("M"), Stretch(_number_quarters, _name_quarter), _by_unit("D")


@dataclass(frozen=True, kw_only=True)
class Group:
    """Articles of one period that cover one event, and what is needed to compare them with those of another."""

    period: str
    article_ids: tuple[str, ...]
    first_at: datetime | None  # of the earliest article, as `stories.age_of` orders
    first_id: str
    size: int  # articles compared: copies of one text beyond some are members, and count no more
    inner: float  # the sum of what all pairs of them have in common
    day: float  # the mean of their days since 1970; NaN where none is known
    words: Words = field(repr=False)  # hashes of the heaviest words of their mean, in descending order of weight
    weights: Weights = field(repr=False)

    @property
    def age(self) -> tuple[datetime, str]:
        """Of its earliest article, as `stories.age_of` tells it."""
        return self.first_at or datetime.max.replace(tzinfo=UTC), self.first_id


Link = tuple[str, str, float]  # two groups by their `first_id`, in that order, and the mean between all their articles
Tie = tuple[str, str]  # two groups that may be of one story
Period = tuple[str, Sequence[Article]]  # its name, and the articles of it


def moment_of(article: Article) -> datetime | None:
    """Where an article stands in the calendar: by publication, else by the feed's word, else by first sight."""
    return article.published_at or article.listed_at or article.first_seen_at


def choose_periods(moments: Moments) -> Names:
    """The period of each article, by the moments at which they stand. Cost: less than a µs each."""
    if len(moments) <= MOST_ARTICLES:
        return np.full(len(moments), "all", dtype=object)
    return divide_calendar(moments, (YEAR, MONTH, QUARTER, DAY), MOST_ARTICLES)


def divide_calendar(moments: Moments, stretches: Sequence[Stretch], most: int) -> Names:
    """The longest of some stretches of the calendar that holds at most so many of some moments, or the last, for each.

    Args: moments in UTC, NaT where nothing tells one.
    """
    chosen = np.full(len(moments), NO_PERIOD, dtype=object)
    left = np.flatnonzero(~np.isnat(moments))
    for stretch in stretches:
        numbers, places, counts = np.unique(stretch.number(moments[left]), return_inverse=True, return_counts=True)
        fits = (counts <= most)[places] | (stretch is stretches[-1])
        names = np.array([stretch.name(int(number)) for number in numbers], dtype=object)
        chosen[left[fits]] = names[places[fits]]
        left = left[~fits]
    return chosen


def group_period(task: Period) -> list[Group]:
    """Group the articles of one period.

    Args: the period, and its articles: unique ids, in any order.
    Cost: about 1.3 ms an article.
    """
    period, articles = task
    ordered = sorted(articles, key=lambda article: article.article_id)
    chosen = choose_copies(ordered)
    kept = [ordered[place] for place in sorted(set(chosen))]
    linked = link_articles(kept)
    label_of = dict(zip(sorted(set(chosen)), linked.labels, strict=True))
    members: dict[int, list[Article]] = defaultdict(list)
    for place, article in enumerate(ordered):
        members[label_of[chosen[place]]].append(article)
    compared: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(linked.labels):
        compared[label].append(row)
    words = _hash_words(linked.words)
    scaled = sparse.scale_rows(linked.vectors, 1 / np.sqrt(np.maximum(linked.around, LEAST_AROUND)))
    made = []
    for label, found in members.items():
        rows = compared[label]
        first = min(found, key=age_of)
        mean_words, weights = _heaviest(words, scaled[rows])
        days = [day for day in (count_days(article) for article in found) if day == day]  # noqa: PLR0124 - not NaN
        made.append(
            Group(
                period=period,
                article_ids=tuple(sorted(article.article_id for article in found)),
                first_at=first.published_at,
                first_id=first.article_id,
                size=len(rows),
                inner=linked.inner[label],
                day=sum(days) / len(days) if days else float("nan"),
                words=mean_words,
                weights=weights,
            )
        )
    return sorted(made, key=lambda group: group.first_id)


def _hash_words(words: Sequence[str]) -> Words:
    """A number for each word, the same in every period. Two of a million words share one, which harms little."""
    return np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint32)


def _heaviest(words: Words, rows: sparse.Matrix) -> tuple[Words, Weights]:
    """The heaviest words of the mean of some vectors, heaviest first."""
    mean = rows.sum(axis=0) / rows.shape[0]
    mean = np.asarray(mean).ravel() if rows.shape[0] else np.zeros(len(words))
    places = np.flatnonzero(mean)
    order = np.lexsort((words[places], -mean[places]))[:KEPT_WORDS]
    return words[places[order]], mean[places[order]].astype(np.float32)


def link_groups(groups: Sequence[Group], others: Sequence[Group]) -> list[Link]:
    """What groups have in common with those of other periods: `groups` among themselves, and each with `others`.

    Whether a pair is compared, and what it gives, depends on these two alone.
    Cost: about that of the pairs that share some of their heaviest words.
    """
    everyone = [*groups, *others]
    if len({group.period for group in everyone}) < 2:  # noqa: PLR2004 - a period has nothing to be linked with
        return []
    columns = np.unique(np.concatenate([group.words for group in everyone])) if everyone else np.array([])
    vectors = _stack(everyone, columns, KEPT_WORDS)
    sought = _stack(everyone, columns, SOUGHT_WORDS)
    sought = sparse.map_entries(sought, np.ones_like)
    first, second = _find_sharing(sought, len(groups))
    periods = np.unique([group.period for group in everyone], return_inverse=True)[1]
    apart = (periods[first] != periods[second]) & ((second >= len(groups)) | (first < second))
    first, second = first[apart], second[apart]
    days = np.array([group.day for group in everyone])
    means = sparse.dot_pairs(vectors, vectors, first, second) * keep_share(np.abs(days[first] - days[second]))
    links = []
    for one, other, mean in zip(first.tolist(), second.tolist(), means.tolist(), strict=True):
        if mean >= LEAST_LINK:
            a, b = sorted((everyone[one].first_id, everyone[other].first_id))
            links.append((a, b, mean))
    return sorted(links)


def _stack(groups: Sequence[Group], columns: Words, most: int) -> sparse.Matrix:
    """The heaviest words of each group as a row."""
    words = [group.words[:most] for group in groups]
    starts = np.array([0, *accumulate(len(one) for one in words)])
    places = np.searchsorted(columns, np.concatenate(words)) if words else np.array([], dtype=np.int64)
    values = np.concatenate([group.weights[:most] for group in groups]).astype(np.float64)
    made = scipy_sparse.csr_array((values, places, starts), shape=(len(groups), len(columns)))
    made.sort_indices()
    return made


def _find_sharing(sought: sparse.Matrix, count: int) -> tuple[sparse.Places, sparse.Places]:
    """The pairs of one of the first `count` rows with any row that share enough columns."""
    key = sought.T.tocsr()
    firsts, seconds = [], []
    for rows in sparse.split_work(sought[:count], key):
        shared = (sought[rows] @ key).tocoo()
        enough = shared.data >= SHARED_WORDS
        firsts.append(shared.row[enough].astype(np.int64) + rows.start)
        seconds.append(shared.col[enough].astype(np.int64))
    return np.concatenate(firsts), np.concatenate(seconds)


def find_ties(groups: Sequence[Group], others: Sequence[Group]) -> list[Tie]:
    """The links that may make a story of two groups: where many are one on the mean, two of them are at least.

    Args, cost: as `link_groups`.
    """
    return [(a, b) for a, b, mean in link_groups(groups, others) if mean >= STORY_CUT]


def find_tied(groups: Sequence[Group], ties: Sequence[Tie]) -> list[list[Group]]:
    """Groups that ties connect, however many are between: a story is of one of these."""
    parts = join_pairs(ties)
    found: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        found[parts.get(group.first_id, group.first_id)].append(group)
    return list(found.values())


def join_groups(tied: Iterable[Sequence[Group]]) -> dict[str, list[Group]]:
    """The stories that groups of all periods make, each by the id of its earliest article.

    Args: the groups, as `find_tied` puts them together.
    Cost: some 3 µs a group or link.
    """
    stories: dict[str, list[Group]] = {}
    several: list[Group] = []
    label: dict[str, int] = {}
    for number, groups in enumerate(tied):
        if len(groups) == 1:
            stories[groups[0].first_id] = list(groups)
        else:
            several += groups
            label |= dict.fromkeys((group.first_id for group in groups), number)
    links = [link for link in link_groups(several, []) if label[link[0]] == label[link[1]]]
    for found in _join_linked(several, links):
        stories[min(found, key=lambda group: group.age).first_id] = found
    return stories


def _join_linked(groups: Sequence[Group], links: Iterable[Link]) -> list[list[Group]]:
    """Groups in one another's story."""
    ordered = sorted(groups, key=lambda group: group.first_id)
    place = {group.first_id: number for number, group in enumerate(ordered)}
    pairs = [(place[a], place[b], mean) for a, b, mean in links]
    labels = link_average(
        pairs,
        [None] * len(ordered),
        STORY_CUT,
        likeness=STORY_LIKENESS,
        sizes=[group.size for group in ordered],
        inner=[group.inner for group in ordered],
    )
    parts: dict[int, list[Group]] = defaultdict(list)
    for group, label in zip(ordered, labels, strict=True):
        parts[label].append(group)
    return list(parts.values())


def group_articles(articles: Sequence[Article]) -> list[str]:
    """Label each article with its story, in the order given.

    Args: n articles of unique ids; headline and dates are used where there are any.
    Returns: story ids: what `story_id_of` gives for the articles that share one.
    Raises: ValueError where two articles share an id, or a time has no time zone.
    Cost: about O(n · k) for k candidates each.
    """
    check_articles(articles)
    by_period: dict[str, list[Article]] = defaultdict(list)
    for article, period in zip(articles, choose_periods(_list_moments(articles)), strict=True):
        by_period[period].append(article)
    groups = [group for period in sorted(by_period) for group in group_period((period, by_period[period]))]
    stories = join_groups(find_tied(groups, find_ties(groups, [])))
    names = {one: make_id(first) for first, found in stories.items() for group in found for one in group.article_ids}
    return [names[article.article_id] for article in articles]


def _list_moments(articles: Sequence[Article]) -> Moments:
    """When articles stand in the calendar, in UTC; NaT where nothing tells it."""
    told = [moment and moment.astimezone(UTC).replace(tzinfo=None) for moment in map(moment_of, articles)]
    return np.array(told, dtype="datetime64[us]")
