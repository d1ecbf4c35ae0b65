"""Laying newly read articles over the stored tables, and comparing again the stories that they touch. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from presswatch.claims import diff_sentences, find_mentions
from presswatch.comparer.batches import CLAIMED, STORY_TABLES, Batch, Told, compare_batch, split_cell
from presswatch.comparer.regrouping import Grouping, regroup
from presswatch.model import Article, make_id
from presswatch.tables import (
    JOINER,
    TABLES,
    Comparison,
    Tables,
    arrow_schema,
    frame_to_arrow,
    make_arrow,
    make_frame,
    sort_arrow,
    to_frame,
)
from presswatch.tables.merge import READ_TABLES, Frames, merge_batches
from presswatch.tables.rows import articles_from, joined_cells, plain_rows
from presswatch.tables.shelf import Shelf

_SPLIT_TABLES = tuple(name for name, table in TABLES.items() if table.is_split)
_OF_STORIES = tuple(name for name in STORY_TABLES if name != "credits")  # rows lie with their story
_INDEX = ["article_id", "outlet_id", "story_id", "syndicated_from", "published_at", "listed_at", "first_seen_at"]
_UNDATED = "undated"  # the part of articles of which nothing tells a time; those that were fetched have one
_BATCH_MENTIONS = 4_000  # compared by one call of a worker: about a second

# Calls a function with so many batches of stories; gives the results in order.
Each = Callable[[Callable[[Batch], Told], Iterable[Batch], int], Iterable[Told]]


@dataclass(frozen=True)
class Compared:
    """What is not as it was before: parts of tables, and the stories that were compared again."""

    parts: Mapping[tuple[str, str], pa.Table]  # by table and part; sorted
    months: tuple[str, ...]  # the parts that hold the compared stories
    stories: tuple[str, ...]
    grouping: Grouping
    periods: frozenset[str]  # whose groups are not as they were
    outlet_ids: frozenset[str]  # all that have an article, or are credited


def compare_articles(articles: Sequence[Article]) -> Comparison:
    """Compare articles: the tables of docs/tables.md for these articles alone.

    Args: articles of any number of stories, unique ids, in any order; without dates the text alone groups them.
        Who was first rests on `published_at`, and on `listed_at` and `first_seen_at` where you know them.
    Returns: `articles`, `mentions`, `alignments`, `claims`, `coverage`, `differences`, `drift`, `credits`, `stories`
        and `removed` as DataFrames. `coverage` has a row for every outlet with an article in the story, and for every
        outlet credited in it.
    Raises: ValueError where two articles share an id.
    Cost: about as much as finding the mentions, for stories of some dozen articles; alignments grow with their square.
    """
    if len({article.article_id for article in articles}) < len(articles):
        raise ValueError("two articles share an id")
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*READ_TABLES, "revisions")}
    for article in articles:
        key = {"article_id": article.article_id, "revision": 1}
        rows["articles"].append(
            {**vars(article), **key, **joined_cells(article), "is_latest": True}
            | {"word_count": len(article.text.split())}
        )
        rows["mentions"] += [{**vars(mention), "revision": 1} for mention in find_mentions(article)]
        rows["removed"] += [{**vars(block), **key} for block in article.removed]
        rows["sections"] += [{**vars(section), **key} for section in article.sections]
    change = {name: make_arrow(TABLES[name], found) for name, found in rows.items()}
    ids = {article.article_id for article in articles}
    compared = _lay(Shelf(), _read_index(Shelf()), _Change(change, ids, ids), Grouping(), _Former({}, {}), _in_turn)
    found: dict[str, list[pa.Table]] = {name: [] for name in _SPLIT_TABLES}
    for (name, _), part in compared.parts.items():
        found[name].append(part)
    return Tables(
        **{name: to_frame(sort_arrow(TABLES[name], pa.concat_tables(parts))) for name, parts in found.items() if parts}
    )


def compare_batches(
    shelf: Shelf,
    batches: Sequence[Frames],
    grouping: Grouping,
    *,
    former: Frames | None = None,
    without: Collection[str] = (),
    each: Each | None = None,
) -> Compared:
    """Lay newly read batches over the stored tables, and compare again the stories that they touch.

    Args: each batch has the tables of `READ_TABLES`; `grouping` is that of the stored articles.
        `former` are `stories` and `articles` whose story ids are remembered, or nothing: by default those of the
        shelf.
        `without` are ids of articles that leave the tables; a story that loses one is compared again.
        `each` says how batches of stories are compared; one after the other by default.
    Returns: the parts of tables that may have changed. A story whose articles say the same as before keeps its rows.
    """
    ids = {one for batch in batches for one in batch["articles"]["article_id"]}
    index = _read_index(shelf)
    held = index[index["article_id"].isin(ids)]
    stored = {
        name: to_frame(_take(shelf.read(name, set(held["part"])), "article_id", ids))
        for name in (*READ_TABLES, "revisions")
    }
    merged = merge_batches(stored, batches)
    frames = dict(merged.frames)
    told = stored["revisions"]
    again = frames["articles"][frames["articles"]["article_id"].isin(merged.changed)]
    frames["revisions"] = _concat(
        [told[~told["article_id"].isin(merged.changed)], make_frame(TABLES["revisions"], _revision_rows(again))]
    )
    if without:
        frames = {name: frame[~frame["article_id"].isin(list(without))] for name, frame in frames.items()}
    rows = {name: frame_to_arrow(TABLES[name], frame) for name, frame in frames.items()}
    change = _Change(rows, ids | set(without), set(merged.changed) | set(without))
    if former is None:
        remembered = _former_of(shelf, index)
    else:
        remembered = _Former.of(former["stories"], former["articles"]) if former else _Former({}, {})
    return _lay(shelf, index, change, grouping, remembered, each or _in_turn)


def _in_turn(compare: Callable[[Batch], Told], batches: Iterable[Batch], _: int) -> Iterable[Told]:
    return map(compare, batches)


@dataclass(frozen=True)
class _Change:
    """`rows` are all that there are now of the `touched` articles; `changed` say something else than before."""

    rows: Mapping[str, pa.Table]
    touched: set[str]
    changed: set[str]


@dataclass(frozen=True)
class _Former:
    """Which story each article was of, and the ids that stories had before that."""

    story_of: Mapping[str, str]
    aliases: Mapping[str, set[str]]

    @classmethod
    def of(cls, stories: pd.DataFrame, articles: pd.DataFrame) -> _Former:
        aliases = {row["story_id"]: {row["story_id"], *split_cell(row["aliases"])} for row in plain_rows(stories)}
        return cls(dict(zip(articles["article_id"], articles["story_id"], strict=True)), aliases)

    def ids_of(self, article_ids: Iterable[str]) -> set[str]:
        """The ids that the stories of some articles had."""
        stories = {self.story_of.get(one, "") for one in article_ids}
        return {one for story in stories for one in self.aliases.get(story, ())}


def _former_of(shelf: Shelf, index: pd.DataFrame) -> _Former:
    return _Former.of(to_frame(shelf.read("stories", columns=["story_id", "aliases"])), index)


def _read_index(shelf: Shelf) -> pd.DataFrame:
    """The latest revision of every stored article: what tells where it belongs, and the part that it lies in."""
    parts = []
    for part in shelf.parts("articles"):
        rows = shelf.read("articles", [part], [*_INDEX, "is_latest"])
        parts.append(to_frame(rows.filter(rows["is_latest"])).assign(part=part))
    empty = to_frame(arrow_schema(TABLES["articles"]).empty_table())[_INDEX].assign(part="")
    return pd.concat(parts, ignore_index=True) if parts else empty


def _with_places(articles: pa.Table) -> pd.DataFrame:
    """The latest revision of articles, with when each stands in the calendar and the part that it belongs to."""
    latest = to_frame(articles.filter(articles["is_latest"]).select(_INDEX))
    moment = _moments(latest)
    part = moment.dt.strftime("%Y-%m").where(moment.notna(), _UNDATED)
    return latest.assign(moment=moment, part=part)


def _moments(frame: pd.DataFrame) -> pd.Series[Any]:
    return frame["published_at"].fillna(frame["listed_at"]).fillna(frame["first_seen_at"])


def _lay(  # noqa: PLR0917 - what there was, and what is to be done with it
    shelf: Shelf, index: pd.DataFrame, change: _Change, grouping: Grouping, former: _Former, each: Each
) -> Compared:
    """Group what changed, compare the stories that are not as they were, and put the parts together that hold them."""
    rest = index[~index["article_id"].isin(change.touched)]
    now = _concat([rest.assign(moment=_moments(rest)), _with_places(change.rows["articles"])])
    moments = dict(zip(now["article_id"], _plain_moments(now["moment"]), strict=True))
    part_of = dict(zip(now["article_id"], now["part"], strict=True))
    reader = _Reader(shelf, change, dict(zip(rest["article_id"], rest["part"], strict=True)))
    grouping, periods = regroup(grouping, moments, change.changed, reader.latest_articles)
    stories = {make_id(first): (first, groups) for first, groups in grouping.stories().items()}
    members = {story: {one for group in groups for one in group.article_ids} for story, (_, groups) in stories.items()}
    before: dict[str, set[str]] = defaultdict(set)
    for story, article_id in zip(index["story_id"], index["article_id"], strict=True):
        before[story].add(article_id)
    compared = sorted(s for s, ids in members.items() if ids != before.get(s) or not ids.isdisjoint(change.changed))
    gone = before.keys() - members.keys()
    affected = {one for story in compared for one in members[story]}
    rewritten = affected | change.touched
    parts = {part_of[one] for one in rewritten if one in part_of}
    parts |= set(index.loc[index["article_id"].isin(rewritten | {i for s in gone for i in before[s]}), "part"])
    labels = {one: story for story in members for one in members[story] if one in rewritten}
    rows = reader.rows_of(rewritten, parts)
    told = list(each(compare_batch, *_make_batches({story: members[story] for story in compared}, rows)))
    made = dict(change.rows) | {
        name: pa.concat_tables([arrow_schema(TABLES[name]).empty_table(), *(one.tables[name] for one in told)])
        for name in STORY_TABLES
    }
    former_ids = {story: former.ids_of(members[story]) - members.keys() for story in compared}
    aliases = {story: JOINER.join(sorted(ids)) for story, ids in former_ids.items() if ids}
    made["stories"] = _with(made["stories"], aliases=_look_up(made["stories"]["story_id"], aliases))
    kept = index[index["article_id"].isin(rewritten - affected)].dropna(subset="syndicated_from")
    copies = dict(zip(kept["article_id"], kept["syndicated_from"], strict=True))
    copies |= {copy: source for one in told for copy, source in one.copies.items()}
    ids = rows["articles"]["article_id"]
    made["articles"] = _with(rows["articles"], story_id=_look_up(ids, labels), syndicated_from=_look_up(ids, copies))
    before = reader.claims_of(change.touched - affected, parts)
    claimed = pa.concat_tables([CLAIMED.empty_table(), before, *(one.claimed for one in told)])
    story = _look_up(rows["mentions"]["article_id"], labels)
    claim = _pick(rows["mentions"]["mention_id"], claimed["mention_id"], claimed["claim_id"])
    made["mentions"] = _with(rows["mentions"], story_id=story, claim_id=claim)
    del rows, told
    dropped = _Dropped(
        articles={"articles": rewritten, "mentions": rewritten, "credits": affected | change.changed},
        touched=change.touched,
        stories={*compared, *gone},
    )
    story_part = {story: part_of[first] for story, (first, _) in stories.items()}
    tables = _put_together(shelf, parts, made, dropped, part_of, story_part)
    credited = shelf.read("coverage", set(shelf.parts("coverage")) - parts, ["outlet_id"])["outlet_id"].unique()
    outlet_ids = {*now["outlet_id"], *credited.to_pylist()}
    for part in parts:
        outlet_ids |= set(tables["coverage", part]["outlet_id"].unique().to_pylist())
    return Compared(tables, tuple(sorted(parts)), tuple(compared), grouping, periods, frozenset(outlet_ids))


def _plain_moments(column: pd.Series[Any]) -> list[datetime | None]:
    return [None if moment is pd.NaT else moment for moment in column.astype("object").where(column.notna(), pd.NaT)]


class _Reader:
    """Rows as they are after the change: the touched ones from it, the others from the shelf."""

    def __init__(self, shelf: Shelf, change: _Change, part_of: Mapping[str, str]) -> None:
        self._shelf, self._change, self._part_of = shelf, change, part_of

    def latest_articles(self, ids: Collection[str]) -> list[Article]:
        """The articles of some ids as they are now."""
        others = [one for one in ids if one in self._part_of]
        stored = _take(self._shelf.read("articles", {self._part_of[one] for one in others}), "article_id", others)
        rows = pa.concat_tables([stored, _take(self._change.rows["articles"], "article_id", ids)])
        return articles_from(rows.filter(rows["is_latest"]))

    def rows_of(self, ids: Collection[str], parts: Collection[str]) -> dict[str, pa.Table]:
        """All rows of some articles in `articles` and `mentions`."""
        others = [one for one in ids if one in self._part_of]
        return {
            name: pa.concat_tables(
                [_take(self._shelf.read(name, parts), "article_id", others), self._change.rows[name]]
            )
            for name in ("articles", "mentions")
        }

    def claims_of(self, ids: Collection[str], parts: Collection[str]) -> pa.Table:
        """The claim that each mention of some articles had."""
        found = _take(self._shelf.read("mentions", parts, ["article_id", *CLAIMED.names]), "article_id", ids)
        return found.select(CLAIMED.names).cast(CLAIMED)


def _make_batches(stories: Mapping[str, set[str]], rows: Mapping[str, pa.Table]) -> tuple[Iterator[Batch], int]:
    """The stories in batches of so many mentions, made as they are asked for; and how many batches there are."""
    counted = rows["mentions"]["article_id"].value_counts()
    counts = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))
    divided: list[dict[str, tuple[str, ...]]] = []
    room = 0
    for story, ids in stories.items():
        if not divided or room <= 0:
            divided.append({})
            room = _BATCH_MENTIONS
        divided[-1][story] = tuple(sorted(ids))
        room -= sum(counts.get(one, 0) for one in ids)
    return (_make_batch(some, rows) for some in divided), len(divided)


def _make_batch(stories: Mapping[str, tuple[str, ...]], rows: Mapping[str, pa.Table]) -> Batch:
    ids = [one for own in stories.values() for one in own]
    return Batch(stories, *(_take(rows[name], "article_id", ids) for name in ("articles", "mentions")))


@dataclass(frozen=True)
class _Dropped:
    """Whose stored rows make place for new ones."""

    articles: Mapping[str, set[str]]  # by table; else `touched`
    touched: set[str]
    stories: set[str]


def _put_together(  # noqa: PLR0917 - what there is, what comes, what goes, and where
    shelf: Shelf,
    parts: Collection[str],
    made: Mapping[str, pa.Table],
    dropped: _Dropped,
    part_of: Mapping[str, str],
    story_part: Mapping[str, str],
) -> dict[tuple[str, str], pa.Table]:
    """The parts as they are now: what stays of the stored rows, and the new ones."""
    tables: dict[tuple[str, str], pa.Table] = {}
    for name in _SPLIT_TABLES:
        column, places = ("story_id", story_part) if name in _OF_STORIES else ("article_id", part_of)
        leaving = dropped.stories if name in _OF_STORIES else dropped.articles.get(name, dropped.touched)
        rows = made[name]
        place = _look_up(rows[column], places)
        for part in sorted(parts):
            stays = _take(shelf.read(name, [part]), column, leaving, is_left_out=True)
            new = rows.filter(pc.equal(place, part))
            tables[name, part] = sort_arrow(TABLES[name], pa.concat_tables([stays, new]))
    return tables


def _take(rows: pa.Table, column: str, values: Collection[str], *, is_left_out: bool = False) -> pa.Table:
    """The rows that have one of some values in a column, or all others."""
    mask = pc.is_in(rows[column], value_set=pa.array(sorted(values), pa.string()))
    return rows.filter(pc.invert(mask) if is_left_out else mask)


def _look_up(column: pa.ChunkedArray, values: Mapping[str, str | None]) -> pa.ChunkedArray:
    """What each value of a column stands for; nothing where that is not told."""
    return _pick(column, pa.array(values.keys(), pa.string()), pa.array(values.values(), pa.string()))


def _pick(
    column: pa.ChunkedArray, keys: pa.Array | pa.ChunkedArray, values: pa.Array | pa.ChunkedArray
) -> pa.ChunkedArray:
    return pc.take(values, pc.index_in(column, value_set=keys))


def _with(rows: pa.Table, **columns: pa.ChunkedArray) -> pa.Table:
    """A table with some of its columns in the place of others."""
    for name, column in columns.items():
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), column)
    return rows


def _revision_rows(articles: pd.DataFrame) -> list[dict[str, Any]]:
    """What each revision of some articles changed against the one before, sentence by sentence."""
    rows: list[dict[str, Any]] = []
    for article_id, revisions in articles.sort_values("revision").groupby("article_id"):
        texts = list(zip(revisions["revision"], revisions["text"], strict=True))
        for (_, before), (number, after) in pairwise(texts):
            rows += [
                {"article_id": article_id, "revision": number, "change": change, "before": old, "after": new}
                for change, old, new in diff_sentences(before, after)
            ]
    return rows


def _concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
