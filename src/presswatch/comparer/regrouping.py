"""Which stories there are now, found from those of before and the articles that changed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from presswatch.align.periods import Group, Period, Tie, find_tied, find_ties, join_groups
from presswatch.model import Article

_GROUP_SCHEMA = pa.schema(
    [
        ("period", pa.string()),
        ("article_ids", pa.list_(pa.string())),
        ("first_at", pa.timestamp("us", tz="UTC")),
        ("first_id", pa.string()),
        ("size", pa.int64()),
        ("inner", pa.float64()),
        ("day", pa.float64()),
        ("words", pa.list_(pa.uint32())),
        ("weights", pa.list_(pa.float32())),
    ]
)
_TIE_SCHEMA = pa.schema([("a_id", pa.string()), ("b_id", pa.string())])


GroupPeriods = Callable[[Sequence[Period]], Iterable[list[Group]]]  # what `group_period` gives of each, in order


@dataclass(frozen=True)
class Grouping:
    """The groups of all periods, by period, and which of them may make a story with one of another period."""

    groups: Mapping[str, Sequence[Group]] = field(default_factory=dict)
    ties: Sequence[Tie] = ()


@dataclass(frozen=True)
class Regrouped:
    """What grouping again has found.

    `stories` are those of which a group is not as it was, or may not be tied as it was: the articles of each, by the id
    of its earliest. All others are what they were. `periods` are those whose groups are not as they were.
    """

    grouping: Grouping
    stories: Mapping[str, frozenset[str]]
    periods: frozenset[str]


def regroup(
    before: Grouping,
    period_of: Mapping[str, str],
    changed: Collection[str],
    read: Callable[[Collection[str]], Sequence[Article]],
    group: GroupPeriods,
) -> Regrouped:
    """Group again the periods that a change falls in.

    Args: `period_of` all articles that there are now, as `choose_periods` tells it; `changed` are the ids of those that
        are new or say something else; `read` gives the articles of some ids, and `group` groups periods.
    """
    was = {one: period for period, groups in before.groups.items() for group in groups for one in group.article_ids}
    touched = {period_of[one] for one in changed if one in period_of}
    for one in was.keys() | period_of.keys():
        if was.get(one) != period_of.get(one):
            touched |= {period for period in (was.get(one), period_of.get(one)) if period is not None}
    members: dict[str, list[Article]] = defaultdict(list)
    for article in read({one for one, period in period_of.items() if period in touched}):
        members[period_of[article.article_id]].append(article)
    made = dict(zip(sorted(members), group([(period, members[period]) for period in sorted(members)]), strict=True))
    kept = {period: groups for period, groups in before.groups.items() if period not in touched}
    new, others = (list(chain.from_iterable(found.values())) for found in (made, kept))
    known = {group.first_id for group in others}
    loose = {one for a, b in before.ties for one, other in ((a, b), (b, a)) if one in known and other not in known}
    ties = [tie for tie in before.ties if tie[0] in known and tie[1] in known] + find_ties(new, others)
    loose |= {group.first_id for group in new}
    tied = [found for found in find_tied([*new, *others], ties) if not loose.isdisjoint(one.first_id for one in found)]
    stories = {
        first: frozenset(one for group in found for one in group.article_ids)
        for first, found in join_groups(tied).items()
    }
    return Regrouped(Grouping({**kept, **made}, sorted(ties)), stories, frozenset(touched))


def groups_to_arrow(groups: Iterable[Group]) -> pa.Table:
    """Groups as a table."""
    rows = [vars(group) | {"words": group.words.tolist(), "weights": group.weights.tolist()} for group in groups]
    return pa.Table.from_pylist([{name: row[name] for name in _GROUP_SCHEMA.names} for row in rows], _GROUP_SCHEMA)


def groups_from_arrow(made: pa.Table) -> list[Group]:
    """What `groups_to_arrow` made a table of."""
    words, weights = (_lists(made[name]) for name in ("words", "weights"))
    plain: list[dict[str, Any]] = made.drop_columns(["words", "weights"]).to_pylist()
    return [
        Group(**{**row, "article_ids": tuple(row["article_ids"])}, words=mine, weights=theirs)
        for row, mine, theirs in zip(plain, words, weights, strict=True)
    ]


def _lists(column: pa.ChunkedArray) -> list[Any]:
    """A column of lists as arrays of numbers."""
    whole = column.combine_chunks()
    values, offsets = whole.flatten().to_numpy(), np.asarray(whole.offsets)
    return np.split(values, offsets[1:-1] - offsets[0]) if len(whole) else []


def ties_to_arrow(ties: Sequence[Tie]) -> pa.Table:
    """Ties as a table."""
    columns = list(zip(*ties, strict=True)) if ties else [(), ()]
    return pa.table([pa.array(column, one.type) for column, one in zip(columns, _TIE_SCHEMA, strict=True)], _TIE_SCHEMA)


def ties_from_arrow(made: pa.Table) -> list[Tie]:
    """What `ties_to_arrow` made a table of."""
    return list(zip(*(made[name].to_pylist() for name in _TIE_SCHEMA.names), strict=True))
