"""Laying newly read articles over the stored tables, and comparing again the stories that they touch. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from presswatch.align import compare_story
from presswatch.claims import diff_sentences, find_mentions
from presswatch.comparer.regrouping import Grouping, regroup
from presswatch.model import Article, Mention, StoryComparison, make_id
from presswatch.tables import (
    JOINER,
    TABLES,
    Comparison,
    Tables,
    arrow_schema,
    frame_to_arrow,
    make_frame,
    sort_arrow,
    to_frame,
)
from presswatch.tables.merge import READ_TABLES, Frames, merge_batches
from presswatch.tables.rows import articles_from, comparison_rows, joined_cells, mentions_from, plain_rows, story_row
from presswatch.tables.shelf import Shelf

STORY_TABLES = ("alignments", "claims", "coverage", "differences", "drift", "credits")
_SPLIT_TABLES = tuple(name for name, table in TABLES.items() if table.is_split)
_OF_STORIES = tuple(name for name in (*STORY_TABLES, "stories") if name != "credits")  # rows lie with their story
_INDEX = ["article_id", "outlet_id", "story_id", "syndicated_from", "published_at", "listed_at", "first_seen_at"]
_UNDATED = "undated"  # the part of articles of which nothing tells a time; those that were fetched have one
_BATCH_MENTIONS = 4_000  # compared by one call of a worker: about a second


@dataclass(frozen=True)
class StoryTask:
    """A story to be compared."""

    story_id: str
    articles: tuple[Article, ...]
    mentions: tuple[Mention, ...]
    earlier: Mapping[str, Sequence[Article]]


Each = Callable[
    [Callable[[Sequence[StoryTask]], list[StoryComparison]], Sequence[Sequence[StoryTask]]],
    Iterable[list[StoryComparison]],
]


@dataclass(frozen=True)
class Compared:
    """What is not as it was before: parts of tables, and the stories that were compared again."""

    parts: Mapping[tuple[str, str], pa.Table]  # by table and part; sorted
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
    frames = {name: make_frame(TABLES[name], found) for name, found in rows.items()}
    ids = {article.article_id for article in articles}
    compared = _lay(Shelf(), _read_index(Shelf()), _Change(frames, ids, ids), Grouping(), _Former({}, {}), map)
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
    each: Each = map,
) -> Compared:
    """Lay newly read batches over the stored tables, and compare again the stories that they touch.

    Args: each batch has the tables of `READ_TABLES`; `grouping` is that of the stored articles.
        `former` are `stories` and `articles` whose story ids are remembered, or nothing: by default those of the
        shelf.
        `without` are ids of articles that leave the tables; a story that loses one is compared again.
        `each` calls a function with batches of stories, and gives the results in order.
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
    change = _Change(frames, ids | set(without), set(merged.changed) | set(without))
    if former is None:
        remembered = _former_of(shelf, index)
    else:
        remembered = _Former.of(former["stories"], former["articles"]) if former else _Former({}, {})
    return _lay(shelf, index, change, grouping, remembered, each)


@dataclass(frozen=True)
class _Change:
    """`frames` are all rows that there are now of the `touched` articles; `changed` say something else than before."""

    frames: Mapping[str, pd.DataFrame]
    touched: set[str]
    changed: set[str]


@dataclass(frozen=True)
class _Former:
    """Which story each article was of, and the ids that stories had before that."""

    story_of: Mapping[str, str]
    aliases: Mapping[str, set[str]]

    @classmethod
    def of(cls, stories: pd.DataFrame, articles: pd.DataFrame) -> _Former:
        aliases = {row["story_id"]: {row["story_id"], *_split(row["aliases"])} for row in plain_rows(stories)}
        return cls(dict(zip(articles["article_id"], articles["story_id"], strict=True)), aliases)

    def ids_of(self, articles: Iterable[Article]) -> set[str]:
        """The ids that the stories of some articles had."""
        stories = {self.story_of.get(article.article_id, "") for article in articles}
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


def _with_places(articles: pd.DataFrame) -> pd.DataFrame:
    """The latest revision of articles, with when each stands in the calendar and the part that it belongs to."""
    latest = articles[articles["is_latest"].astype(bool)]
    moment = _moments(latest)
    part = moment.dt.strftime("%Y-%m").where(moment.notna(), _UNDATED)
    return latest[_INDEX].assign(moment=moment, part=part)


def _moments(frame: pd.DataFrame) -> pd.Series[Any]:
    return frame["published_at"].fillna(frame["listed_at"]).fillna(frame["first_seen_at"])


def _lay(  # noqa: PLR0917 - what there was, and what is to be done with it
    shelf: Shelf, index: pd.DataFrame, change: _Change, grouping: Grouping, former: _Former, each: Each
) -> Compared:
    """Group what changed, compare the stories that are not as they were, and put the parts together that hold them."""
    rest = index[~index["article_id"].isin(change.touched)]
    now = _concat([rest.assign(moment=_moments(rest)), _with_places(change.frames["articles"])])
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
    rows = reader.rows_of(rewritten, parts)
    results = _compare_stories(compared, members, rows, each)
    labels = {one: story for story in members for one in members[story] if one in rewritten}
    copies = dict(zip(index["article_id"], index["syndicated_from"], strict=True))
    made = dict(change.frames)
    made["articles"] = _label_articles(rows["articles"], labels, copies, results)
    made["mentions"] = _label_mentions(rows["mentions"], labels, results, reader.claims_of(change.touched, parts))
    told = [comparison_rows(result) for result in results.values()]
    made |= {name: make_frame(TABLES[name], [row for one in told for row in one[name]]) for name in STORY_TABLES}
    made["stories"] = _story_frame(compared, members, rows["articles"], former)
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
    return Compared(tables, tuple(compared), grouping, periods, frozenset(outlet_ids))


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
        frame = _concat([to_frame(stored), _of(self._change.frames["articles"], ids)])
        return articles_from(frame[frame["is_latest"].astype(bool)])

    def rows_of(self, ids: Collection[str], parts: Collection[str]) -> dict[str, pd.DataFrame]:
        """All rows of some articles in `articles` and `mentions`."""
        others = [one for one in ids if one in self._part_of]
        return {
            name: _concat(
                [
                    to_frame(_take(self._shelf.read(name, parts), "article_id", others)),
                    self._change.frames[name],
                ]
            )
            for name in ("articles", "mentions")
        }

    def claims_of(self, ids: Collection[str], parts: Collection[str]) -> dict[str, str]:
        """The claim that each mention of some articles had."""
        columns = ["mention_id", "article_id", "claim_id"]
        found = _take(self._shelf.read("mentions", parts, columns), "article_id", ids)
        return dict(zip(found["mention_id"].to_pylist(), found["claim_id"].to_pylist(), strict=True))


def _compare_stories(
    compared: Sequence[str], members: Mapping[str, set[str]], rows: Mapping[str, pd.DataFrame], each: Each
) -> dict[str, StoryComparison]:
    frame = rows["articles"]
    articles = {article.article_id: article for article in articles_from(frame[frame["is_latest"].astype(bool)])}
    ids = {one for story in compared for one in members[story]}
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions_from(_of(rows["mentions"], ids)):
        mentions[mention.article_id].append(mention)
    earlier = _earlier_texts(frame, ids)
    batches: list[list[StoryTask]] = []
    room = 0
    for story in compared:
        own = sorted(members[story])
        said = tuple(mention for one in own for mention in mentions[one])
        task = StoryTask(
            story, tuple(articles[one] for one in own), said, {one: earlier[one] for one in own if one in earlier}
        )
        if not batches or room <= 0:
            batches.append([])
            room = _BATCH_MENTIONS
        batches[-1].append(task)
        room -= len(said)
    return {result.story_id: result for results in each(compare_batch, batches) for result in results}


def compare_batch(tasks: Sequence[StoryTask]) -> list[StoryComparison]:
    """Compare some stories."""
    return [compare_story(task.articles, task.mentions, story_id=task.story_id, earlier=task.earlier) for task in tasks]


def _earlier_texts(articles: pd.DataFrame, wanted: set[str]) -> dict[str, list[Article]]:
    """What articles said before the text that they have now: the revisions that were seen before it, oldest first."""
    mine = _of(articles, wanted).sort_values(["article_id", "revision"])
    latest = mine["revision"].where(mine["is_latest"].astype(bool)).groupby(mine["article_id"]).transform("max")
    found: dict[str, list[Article]] = defaultdict(list)
    for article in articles_from(mine[mine["revision"] < latest]):
        found[article.article_id].append(article)
    return found


def _label_articles(
    articles: pd.DataFrame,
    labels: Mapping[str, str],
    copies: Mapping[str, str | None],
    results: Mapping[str, StoryComparison],
) -> pd.DataFrame:
    """The articles with their story, and what they are a copy of; those of untouched stories keep what they had."""
    told = {copy: source for result in results.values() for copy, source in result.syndicated}
    sources = {one: told.get(one) if story in results else copies.get(one) for one, story in labels.items()}
    ids = articles["article_id"]
    return articles.assign(story_id=_text(ids.map(labels)), syndicated_from=_text(ids.map(sources)))


def _label_mentions(
    mentions: pd.DataFrame,
    labels: Mapping[str, str],
    results: Mapping[str, StoryComparison],
    before: Mapping[str, str | None],
) -> pd.DataFrame:
    """The mentions with their story and claim; those of untouched stories keep the claim that they had."""
    story = mentions["article_id"].map(labels)
    claims = {mention: claim.claim_id for r in results.values() for claim in r.claims for mention in claim.mention_ids}
    compared = story.isin(list(results))
    claim = mentions["mention_id"].map(before).where(~compared, mentions["mention_id"].map(claims))
    return mentions.assign(story_id=_text(story), claim_id=_text(claim))


def _story_frame(
    compared: Sequence[str], members: Mapping[str, set[str]], articles: pd.DataFrame, former: _Former
) -> pd.DataFrame:
    """The compared stories, each with the ids that it, or a story that is now part of it, had before."""
    latest = articles[articles["is_latest"].astype(bool)]
    known = {article.article_id: article for article in articles_from(latest)}
    topics = {row["article_id"]: _split(row["topics"]) for row in plain_rows(articles[["article_id", "topics"]])}
    rows = []
    for story in compared:
        ordered = sorted((known[one] for one in members[story]), key=_by_publication)
        tags = {topic for article in ordered for topic in topics[article.article_id]}
        rows.append(story_row(story, ordered, tags, former.ids_of(ordered) - members.keys()))
    return make_frame(TABLES["stories"], rows)


def _by_publication(article: Article) -> tuple[bool, Any, str]:
    return article.published_at is None, article.published_at or 0, article.article_id


@dataclass(frozen=True)
class _Dropped:
    """Whose stored rows make place for new ones."""

    articles: Mapping[str, set[str]]  # by table; else `touched`
    touched: set[str]
    stories: set[str]


def _put_together(  # noqa: PLR0917 - what there is, what comes, what goes, and where
    shelf: Shelf,
    parts: Collection[str],
    made: Mapping[str, pd.DataFrame],
    dropped: _Dropped,
    part_of: Mapping[str, str],
    story_part: Mapping[str, str],
) -> dict[tuple[str, str], pa.Table]:
    """The parts as they are now: what stays of the stored rows, and the new ones."""
    tables: dict[tuple[str, str], pa.Table] = {}
    for name in _SPLIT_TABLES:
        column, places = ("story_id", story_part) if name in _OF_STORIES else ("article_id", part_of)
        leaving = dropped.stories if name in _OF_STORIES else dropped.articles.get(name, dropped.touched)
        frame = made.get(name, make_frame(TABLES[name]))
        place = frame[column].map(places)
        for part in sorted(parts):
            stays = _take(shelf.read(name, [part]), column, leaving, is_left_out=True)
            new = frame_to_arrow(TABLES[name], frame[place == part])
            tables[name, part] = sort_arrow(TABLES[name], pa.concat_tables([stays, new]))
    return tables


def _take(rows: pa.Table, column: str, values: Collection[str], *, is_left_out: bool = False) -> pa.Table:
    """The rows that have one of some values in a column, or all others."""
    mask = pc.is_in(rows[column], value_set=pa.array(sorted(values), pa.string()))
    return rows.filter(pc.invert(mask) if is_left_out else mask)


def _of(frame: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    return frame[frame["article_id"].isin(list(ids))]


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


def _split(joined: str | None) -> list[str]:
    return joined.split(JOINER) if joined else []


def _text(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.astype("object").where(column.notna(), None).astype("str")


def _concat(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]
