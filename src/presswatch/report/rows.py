"""The rows of a story as plain values: of its tables, or of those of many stories at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from presswatch.tables import TABLES, Tables, empty_arrow, split_stories
from presswatch.tables.rows import plain_rows

Row = Mapping[str, Any]

_PAIR = ["a_id", "b_id", "relation"]  # of alignments: there are hundreds for an article, and few are looked at


@dataclass(frozen=True, kw_only=True)
class StoryRows:
    """The rows of each table that a report tells, in stored order; of `alignments` three columns."""

    stories: Sequence[Row] = ()
    articles: Sequence[Row] = ()
    mentions: Sequence[Row] = ()
    claims: Sequence[Row] = ()
    coverage: Sequence[Row] = ()
    differences: Sequence[Row] = ()
    drift: Sequence[Row] = ()
    credits: Sequence[Row] = ()
    removed: Sequence[Row] = ()
    alignments: pa.Table


_LISTED = tuple(name for name in StoryRows.__dataclass_fields__ if name != "alignments")


def rows_of_story(tables: Tables) -> StoryRows:
    """The rows of tables that hold one story."""
    pairs = pa.Table.from_pandas(tables.select("alignments", _PAIR), preserve_index=False)
    return StoryRows(alignments=pairs, **{name: plain_rows(getattr(tables, name)) for name in _LISTED})


def deal_rows(tables: Mapping[str, pa.Table], story_ids: Iterable[str]) -> Iterator[StoryRows]:
    """The rows of some stories, one after the other; each table is gone through once, however many are asked for.

    Args: tables in stored order, with the articles; one that is not given is empty.
    """
    articles = tables["articles"].select(["article_id", "story_id"]).to_pydict()
    story_of = dict(zip(articles["article_id"], articles["story_id"], strict=True))
    dealt: dict[str, dict[str, list[Row]]] = {story: defaultdict(list) for story in story_ids}
    for name in _LISTED:
        rows: list[Row] = tables[name].to_pylist() if name in tables else []
        has_stories = TABLES[name].has_stories
        for row in rows:
            story = row["story_id"] if has_stories else story_of.get(row["article_id"])
            if story in dealt:
                dealt[story][name].append(row)
    pairs = tables.get("alignments", empty_arrow(TABLES["alignments"])).select([*_PAIR, "story_id"])
    pairs_of = dict(split_stories(pairs))
    for story, listed in dealt.items():
        yield StoryRows(alignments=pairs_of.get(story, pairs.slice(0, 0)), **listed)
