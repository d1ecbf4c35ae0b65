"""The rows of a story as plain values: of its tables, or of those of many stories at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from presswatch.tables import TABLES, Tables, empty_arrow
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
    pairs = pa.Table.from_pandas(tables.alignments[_PAIR], preserve_index=False)
    return StoryRows(alignments=pairs, **{name: plain_rows(getattr(tables, name)) for name in _LISTED})


def split_stories(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, StoryRows]]:
    """The rows of every story, by id; each table is gone through once, however many stories it holds.

    Args: tables in stored order; one that is not there is empty.
    """
    articles = tables["articles"].select(["article_id", "story_id"]).to_pydict()
    story_of = dict(zip(articles["article_id"], articles["story_id"], strict=True))
    found: dict[str, dict[str, list[Row]]] = {story: defaultdict(list) for story in sorted({*story_of.values()})}
    for name in _LISTED:
        rows: list[Row] = tables[name].to_pylist() if name in tables else []
        has_stories = TABLES[name].has_stories
        for row in rows:
            found[row["story_id"] if has_stories else story_of[row["article_id"]]][name].append(row)
    pairs = tables.get("alignments", empty_arrow(TABLES["alignments"]))
    places = dict(zip(*_runs_of(pairs["story_id"]), strict=True))
    for story, listed in found.items():
        start, count = places.get(story, (0, 0))
        yield story, StoryRows(alignments=pairs.select(_PAIR).slice(start, count), **listed)


def _runs_of(column: pa.ChunkedArray) -> tuple[list[str], list[tuple[int, int]]]:
    """The values of a column in which equal ones lie together, and where each of them begins, with its length."""
    runs = pc.run_end_encode(column.combine_chunks())
    ends: list[int] = runs.run_ends.to_pylist()
    return runs.values.to_pylist(), [(start, end - start) for start, end in pairwise([0, *ends])]
