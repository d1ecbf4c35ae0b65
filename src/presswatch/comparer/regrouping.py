"""Which stories there are now, found from those of before and the articles that changed. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from presswatch.align.periods import Group, Link, choose_periods, group_period, join_groups, link_groups
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
_LINK_SCHEMA = pa.schema([("a_id", pa.string()), ("b_id", pa.string()), ("mean", pa.float64())])


@dataclass(frozen=True)
class Grouping:
    """The groups of all periods, by period, and what groups of different periods have in common."""

    groups: Mapping[str, Sequence[Group]] = field(default_factory=dict)
    links: Sequence[Link] = ()

    def stories(self) -> dict[str, list[Group]]:
        """The stories, each by the id of its earliest article."""
        return join_groups([group for found in self.groups.values() for group in found], self.links)


def regroup(
    before: Grouping,
    moments: Mapping[str, datetime | None],
    changed: Collection[str],
    read: Callable[[Collection[str]], Sequence[Article]],
) -> tuple[Grouping, frozenset[str]]:
    """Group again the periods that a change falls in.

    Args: `moments` of all articles that there are now; `changed` are the ids of those that are new or say something
        else; `read` gives the articles of some ids.
    Returns: the grouping, and the periods that are not as they were.
    """
    was = {one: period for period, groups in before.groups.items() for group in groups for one in group.article_ids}
    now = choose_periods(moments)
    touched = {now[one] for one in changed if one in now}
    for one in was.keys() | now.keys():
        if was.get(one) != now.get(one):
            touched |= {period for period in (was.get(one), now.get(one)) if period is not None}
    members: dict[str, list[Article]] = defaultdict(list)
    for article in read({one for one, period in now.items() if period in touched}):
        members[now[article.article_id]].append(article)
    made = {period: group_period(period, members[period]) for period in sorted(members)}
    kept = {period: groups for period, groups in before.groups.items() if period not in touched}
    others = [group for groups in kept.values() for group in groups]
    known = {group.first_id for group in others}
    links = [link for link in before.links if link[0] in known and link[1] in known]
    links += link_groups([group for groups in made.values() for group in groups], others)
    return Grouping({**kept, **made}, sorted(links)), frozenset(touched)


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


def links_to_arrow(links: Sequence[Link]) -> pa.Table:
    """Links as a table."""
    columns = list(zip(*links, strict=True)) if links else [(), (), ()]
    return pa.table(
        [pa.array(column, one.type) for column, one in zip(columns, _LINK_SCHEMA, strict=True)], _LINK_SCHEMA
    )


def links_from_arrow(made: pa.Table) -> list[Link]:
    """What `links_to_arrow` made a table of."""
    return list(zip(*(made[name].to_pylist() for name in _LINK_SCHEMA.names), strict=True))
