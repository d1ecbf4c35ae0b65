"""Laying newly read articles over the stored tables, and comparing again the stories that they touch. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from presswatch.align.periods import DAY, MONTH, Group, Period, choose_periods, divide_calendar, group_period
from presswatch.align.stories import check_articles
from presswatch.claims import diff_sentences, find_mentions
from presswatch.comparer.batches import (
    Batch,
    Told,
    compare_batch,
    label_articles,
    label_mentions,
)
from presswatch.comparer.regrouping import Grouping, GroupPeriods, regroup
from presswatch.comparer.weaving import Leaving, Sink, Weaver
from presswatch.heap import give_back
from presswatch.model import Article, make_id
from presswatch.outlets import load_outlets
from presswatch.tables import (
    TABLES,
    Comparison,
    Tables,
    empty_arrow,
    frame_to_arrow,
    make_arrow,
    make_frame,
    sort_arrow,
    to_frame,
)
from presswatch.tables.merge import READ_TABLES, Frames, merge_batches
from presswatch.tables.rows import articles_from, joined_cells, outlet_rows, plain_rows, split_cell
from presswatch.tables.shelf import Shelf
from presswatch.urls import host_of, outlet_id_from_host

_BATCH_TABLES = ("articles", "mentions", "removed")  # what comparing rests on
_INDEX = ["article_id", "outlet_id", "story_id", "syndicated_from", "published_at", "listed_at", "first_seen_at"]
# A part of the tables is what was published in a month, or on a day of a month that has more articles than this: a
# story is written with all others of its part, and a part is a file of each of a dozen tables.
PART_ARTICLES = 500
_BATCH_MENTIONS = 2_000  # compared by one call of a worker: about a second, with its pages

Each = Callable[[Iterable[Batch], int], Iterable[Told]]  # compares so many batches, and gives what they tell in order


@dataclass(frozen=True)
class Compared:
    """What is not as it was before."""

    parts: tuple[str, ...]  # of the tables: all rows of these were put
    emptied: tuple[str, ...]  # those of them that hold nothing any more
    stories: tuple[str, ...]  # that were compared again
    gone: tuple[str, ...]  # stories that are no more
    grouping: Grouping
    periods: frozenset[str]  # whose groups are not as they were
    outlet_ids: frozenset[str]  # all that have an article, or are credited


def compare_articles(articles: Sequence[Article]) -> Comparison:
    """Compare articles: the tables of docs/tables.md for these articles alone.

    Args: articles of any number of stories, unique ids, in any order; without dates the text alone groups them.
        Who was first rests on `published_at`, and on `listed_at` and `first_seen_at` where you know them. Where no
        outlet is named, the host of the address tells it, as for `extract_article`.
    Returns: `articles`, `mentions`, `alignments`, `claims`, `coverage`, `differences`, `drift`, `credits`, `stories`,
        `outlets` and `removed` as DataFrames. `coverage` has a row for every outlet with an article in the story, and
        for every outlet credited in it.
    Raises: ValueError where two articles share an id, or a time has no time zone.
    Cost: about as much as finding the mentions, for stories of some dozen articles; alignments grow with their square.
    """
    check_articles(articles)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (*READ_TABLES, "revisions")}
    for article in map(_name_outlet, articles):
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
    tables = _Collected()
    how = _How(_compare_here, _group_here, tables)
    laid = _lay(Shelf(), _read_index(Shelf()), _Change(change, ids, ids), Grouping(), _Former({}, {}), how)
    outlets = outlet_rows(laid.outlet_ids, load_outlets(), make_frame(TABLES["outlets"]))
    return Tables(**tables.frames(), outlets=make_frame(TABLES["outlets"], outlets))


def _name_outlet(article: Article) -> Article:
    """An article with an outlet; of one that names none its address tells whose it is."""
    if article.outlet_id:
        return article
    outlet = load_outlets().for_url(article.url)
    return replace(article, outlet_id=outlet.id if outlet else outlet_id_from_host(host_of(article.url)))


class _Collected:
    """Tables of which the parts lie in memory."""

    def __init__(self) -> None:
        self._rows: dict[str, list[pa.Table]] = defaultdict(list)

    def put(self, name: str, _: str, rows: pa.Table) -> None:
        self._rows[name].append(rows)

    def close(self, name: str, part: str) -> None:
        pass

    def frames(self) -> dict[str, pd.DataFrame]:
        return {name: to_frame(sort_arrow(TABLES[name], pa.concat_tables(rows))) for name, rows in self._rows.items()}


def compare_batches(
    shelf: Shelf,
    batches: Iterable[Frames],
    grouping: Grouping,
    sink: Sink,
    *,
    former: Frames | None = None,
    without: Collection[str] = (),
    each: Each | None = None,
    group: GroupPeriods | None = None,
) -> Compared:
    """Lay newly read batches over the stored tables, and compare again the stories that they touch.

    Args: each of the batches, which are taken once, has the tables of `READ_TABLES`; `grouping` is that of the stored
        articles; `sink` takes the rows of the parts that may have changed: all of them, also those that stay.
        `former` are `stories` and `articles` whose story ids are remembered, or nothing: by default those of the
        shelf.
        `without` are ids of articles that leave the tables; a story that loses one is compared again.
        `each` says how batches of stories are compared: by `compare_batch`, one after the other, by default; `group`
        how periods are grouped: by `group_period`.
    Returns: what is not as it was. A story whose articles say the same as before keeps its rows.
    Memory: the articles, mentions and removed blocks of the stories that are compared; the rest goes through in pieces.
    """
    index = _read_index(shelf)
    change = _merge(shelf, index, batches, without)
    give_back()  # of what was laid side by side: three times as much as is left
    remembered = None
    if former is not None:
        remembered = _Former.of(former["stories"], former["articles"]) if former else _Former({}, {})
    how = _How(each or _compare_here, group or _group_here, sink)
    return _lay(shelf, index, change, grouping, remembered, how)


def _merge(shelf: Shelf, index: pd.DataFrame, batches: Iterable[Frames], without: Collection[str]) -> _Change:
    """What the batches change, laid over the stored rows of their articles."""
    layers = list(batches)
    ids = {one for batch in layers for one in batch["articles"]["article_id"]}
    held = index[index["article_id"].isin(ids)]
    stored = {
        name: to_frame(shelf.read(name, set(held["part"]), where={"article_id": ids}))
        for name in (*READ_TABLES, "revisions")
    }
    frames, changed = merge_batches(stored, layers)
    told = stored["revisions"]
    del layers, stored  # before as much again is made of them
    again = frames["articles"][frames["articles"]["article_id"].isin(changed)]
    frames["revisions"] = _concat(
        [told[~told["article_id"].isin(changed)], make_frame(TABLES["revisions"], _revision_rows(again))]
    )
    if without:
        frames = {name: frame[~frame["article_id"].isin(list(without))] for name, frame in frames.items()}
    rows = {name: frame_to_arrow(TABLES[name], frames.pop(name)) for name in list(frames)}
    return _Change(rows, ids | set(without), changed | set(without))


def _compare_here(batches: Iterable[Batch], _: int) -> Iterable[Told]:
    return map(compare_batch, batches)


def _group_here(periods: Sequence[Period]) -> Iterable[list[Group]]:
    return map(group_period, periods)


@dataclass(frozen=True)
class _How:
    """By whom stories are compared, and periods grouped, and where the rows of parts go."""

    each: Each
    group: GroupPeriods
    sink: Sink


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
        return cls(_pair(articles, "article_id", "story_id"), aliases)

    def ids_of(self, article_ids: Iterable[str]) -> set[str]:
        """The ids that the stories of some articles had."""
        stories = {self.story_of.get(one, "") for one in article_ids}
        return {one for story in stories for one in self.aliases.get(story, ())}


def _former_of(shelf: Shelf, index: pd.DataFrame, parts: Collection[str]) -> _Former:
    return _Former.of(to_frame(shelf.read("stories", parts, ["story_id", "aliases"])), index)


def _read_index(shelf: Shelf) -> pd.DataFrame:
    """The latest revision of every stored article: what tells where it belongs, and the part that it lies in."""
    parts = [empty_arrow(TABLES["articles"], _INDEX).append_column("part", pa.array([], pa.string()))]
    for part in shelf.parts("articles"):
        rows = shelf.read("articles", [part], [*_INDEX, "is_latest"])
        latest = rows.filter(rows["is_latest"]).select(_INDEX)
        parts.append(latest.append_column("part", pa.repeat(part, len(latest))))
    return to_frame(pa.concat_tables(parts))


def _lay(  # noqa: PLR0917 - what there was, and what is to be done with it
    shelf: Shelf, index: pd.DataFrame, change: _Change, grouping: Grouping, former: _Former | None, how: _How
) -> Compared:
    """Group what changed, compare the stories that are not as they were, and put the parts together that hold them."""
    now = _place(index, change)
    places = _Places(_pair(now, "article_id", "part"), _pair(index, "article_id", "part"), change.touched)
    reader = _Reader(shelf, change, places.kept)
    period_of = _pair(now, "article_id", "period")
    regrouped = regroup(grouping, period_of, change.changed, reader.latest_articles, how.group)
    give_back()  # of the articles that were grouped
    members = {make_id(first): ids for first, ids in regrouped.stories.items()}
    before = _stories_of(index, (change.touched - places.now.keys()).union(*members.values()))
    compared = sorted(s for s, ids in members.items() if ids != before.get(s) or not ids.isdisjoint(change.changed))
    gone = before.keys() - members.keys()
    affected = {one for story in compared for one in members[story]}
    rewritten = affected | change.touched
    parts = places.parts_of(rewritten)
    rows = reader.rows_of(affected, parts)
    former = former or _former_of(shelf, index, parts)
    former_ids = {story: sorted(former.ids_of(members[story]) - members.keys()) for story in compared}
    part_of = places.look_up(rewritten)
    # part by part, so that few are put together at a time
    coming = {story: members[story] for story in sorted(compared, key=lambda story: (part_of[story], story))}
    batches, count = _make_batches(coming, former_ids, rows)
    leaving = Leaving(
        stories={*compared, *gone},
        articles={"articles": rewritten, "mentions": rewritten, "credits": affected | change.changed},
        others=change.touched,
    )
    touched = places.divide(rewritten, {*compared, *gone}, change.touched, {*shelf.parts("articles")})
    weaver = Weaver(shelf, touched, places.divided, leaving, part_of, coming, how.sink)
    same = index[index["article_id"].isin(change.touched - affected)]
    kept = _label_again(change, same, reader.claims_of(same["article_id"], parts))
    credited = _weave(weaver, kept, how.each(batches, count))
    return Compared(
        parts=tuple(sorted(parts)),
        emptied=tuple(sorted(places.emptied(parts))),
        stories=tuple(compared),
        gone=tuple(sorted(gone)),
        grouping=regrouped.grouping,
        periods=regrouped.periods,
        outlet_ids=_find_outlets(
            shelf, parts, leaving, credited, {*now["outlet_id"].unique()}, {*index["outlet_id"].unique()}
        ),
    )


def _pair(frame: pd.DataFrame, key: str, value: str) -> dict[str, str]:
    """A column by another one. Out of arrow at once: to go through a column of pandas costs ten times as much."""
    return dict(zip(frame[key].to_numpy(dtype=object), frame[value].to_numpy(dtype=object), strict=True))


def _weave(weaver: Weaver, kept: Mapping[str, pa.Table], compared: Iterable[Told]) -> set[str]:
    """Put new rows among those that stay. Returns: the outlets that are credited in what was compared."""
    for name, found in kept.items():
        weaver.keep(name, found)
    credited: set[str] = set()
    for told in compared:
        give_back()  # what was taken in of the batch before, by the pool's own threads
        weaver.add(told)
        credited.update(told.tables["credits"]["credited"].to_pylist())
    weaver.finish()
    return credited


class _Places:
    """The part of each article, now and before; `touched` ones are rewritten, wherever they lie."""

    def __init__(self, now: Mapping[str, str], before: Mapping[str, str], touched: Collection[str]) -> None:
        self.now, self._before = now, before
        self.kept = {one: part for one, part in before.items() if one not in touched}
        # where a month has become days, or days a month
        self._moved = {one for one, part in self.kept.items() if now[one] != part}
        self.divided = {before[one] for one in self._moved}

    def parts_of(self, article_ids: Iterable[str]) -> set[str]:
        """The parts that some articles and those that move lie in, now or before."""
        ids = self._moved.union(article_ids)
        return {place[one] for one in ids for place in (self.now, self._before) if one in place}

    def emptied(self, parts: Collection[str]) -> set[str]:
        """Those of some parts that hold nothing any more; where there is no article left, none: a table has a file."""
        return {*parts} - {*self.now.values()} if self.now else set()

    def look_up(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The part of some articles and of those that move, and of the stories that have their id of one of these.

        Not of all: they are looked up batch by batch.
        """
        found = {one: self.now[one] for one in self._moved.union(article_ids) if one in self.now}
        return found | {make_id(one): part for one, part in found.items()}

    def divide(
        self, rewritten: Collection[str], stories: Collection[str], touched: Collection[str], stored: Collection[str]
    ) -> dict[str, set[str]]:
        """The parts whose rows change, by what the rows of a table lie with (see `Weaver`).

        Args: the articles that are written anew, the stories that are compared or gone, the articles that were read,
            and the parts that are stored. A new part is a file of every table.
        """
        parts = self.parts_of(rewritten)
        more, less = parts - {*stored}, self.emptied(parts)
        lying = {
            "stories": [one for one in rewritten if make_id(one) in stories],
            "articles": rewritten,
            "others": touched,
        }
        return {kind: (self.parts_of(ids) | more) - less for kind, ids in lying.items()}


def _place(index: pd.DataFrame, change: _Change) -> pd.DataFrame:
    """The articles that there are now, each with the part that it is to lie in and the period that it is grouped in."""
    rows = change.rows["articles"]
    touched = to_frame(rows.filter(rows["is_latest"]).select(_INDEX))
    now = _concat([index[~index["article_id"].isin(change.touched)], touched])
    told = now["published_at"].fillna(now["listed_at"]).fillna(now["first_seen_at"])
    moments = told.dt.tz_convert(None).to_numpy(dtype="datetime64[us]")
    return now.assign(part=divide_calendar(moments, (MONTH, DAY), PART_ARTICLES), period=choose_periods(moments))


def _stories_of(index: pd.DataFrame, article_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """The stored stories that hold some articles, each with all of its articles."""
    stories = index.loc[index["article_id"].isin(article_ids), "story_id"].unique()
    found = index[index["story_id"].isin(stories)]
    return {str(story): frozenset(ids) for story, ids in found.groupby("story_id")["article_id"]}


def _find_outlets(  # noqa: PLR0917 - where it may be credited, and what is known of that
    shelf: Shelf, parts: Collection[str], leaving: Leaving, new: set[str], present: set[str], before: set[str]
) -> frozenset[str]:
    """All outlets that have an article, or are credited.

    Args: the parts that are put, what leaves them and who is credited in what comes; the outlets that have articles
        now, and that had some. Who was known and is not among these stays, unless the last one that credits him leaves.
    """
    columns = ["article_id", "credited"]
    known = set(shelf.read("outlets")["outlet_id"].to_pylist())
    touched = shelf.read("credits", parts, columns)
    staying = leaving.without("credits", touched)
    certain = present.union(new, staying["credited"].to_pylist())
    doubtful = known.intersection(before.union(touched["credited"].to_pylist())) - certain
    others = {*shelf.parts("credits")} - {*parts}
    elsewhere = shelf.read("credits", others, columns, {"credited": doubtful}) if doubtful else touched.slice(0, 0)
    return frozenset((known - doubtful) | certain | {*elsewhere["credited"].to_pylist()})


class _Reader:
    """Rows as they are after the change: the touched ones from it, the others from the shelf."""

    def __init__(self, shelf: Shelf, change: _Change, part_of: Mapping[str, str]) -> None:
        self._shelf, self._change, self._part_of = shelf, change, part_of

    def latest_articles(self, ids: Collection[str]) -> list[Article]:
        """The articles of some ids as they are now."""
        others = [one for one in ids if one in self._part_of]
        stored = self._shelf.read("articles", {self._part_of[one] for one in others}, where={"article_id": others})
        rows = pa.concat_tables([stored, _take(self._change.rows["articles"], ids)])
        return articles_from(rows.filter(rows["is_latest"]))

    def rows_of(self, ids: Collection[str], parts: Collection[str]) -> dict[str, pa.Table]:
        """All rows of some articles in the tables that comparing needs, and of those that were touched."""
        others = [one for one in ids if one in self._part_of]
        return {
            name: pa.concat_tables(
                [self._shelf.read(name, parts, where={"article_id": others}), self._change.rows[name]]
            )
            for name in _BATCH_TABLES
        }

    def claims_of(self, ids: Collection[str], parts: Collection[str]) -> dict[str, str]:
        """The claim that each mention of some articles had, where it had one."""
        found = self._shelf.read("mentions", parts, ["mention_id", "claim_id"], {"article_id": ids}).drop_null()
        return dict(zip(found["mention_id"].to_pylist(), found["claim_id"].to_pylist(), strict=True))


def _label_again(change: _Change, same: pd.DataFrame, claim_of: Mapping[str, str]) -> dict[str, pa.Table]:
    """The new rows that come of no comparison.

    Args: `same` is the index of the articles whose stories stay: they have the labels that they had.
    """
    story_of = _pair(same, "article_id", "story_id")
    articles, mentions = (_take(change.rows[name], story_of) for name in ("articles", "mentions"))
    copied = same.dropna(subset="syndicated_from")
    copies = _pair(copied, "article_id", "syndicated_from")
    return {
        "articles": label_articles(articles, story_of, copies),
        "mentions": label_mentions(mentions, story_of, claim_of),
    } | {name: change.rows[name] for name in ("removed", "sections", "aliases", "revisions")}


def _make_batches(
    stories: Mapping[str, Collection[str]], aliases: Mapping[str, Sequence[str]], rows: Mapping[str, pa.Table]
) -> tuple[Iterator[Batch], int]:
    """The stories in batches of so many mentions, made as they are asked for; and how many batches there are."""
    counted = rows["mentions"]["article_id"].value_counts()
    counts = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))
    divided: list[dict[str, tuple[str, ...]]] = []
    room = 0
    for story, ids in stories.items():
        if room <= 0:
            divided.append({})
            room = _BATCH_MENTIONS
        divided[-1][story] = tuple(sorted(ids))
        room -= sum(counts.get(one, 0) for one in ids)
    return (_make_batch(some, aliases, rows) for some in divided), len(divided)


def _make_batch(
    stories: Mapping[str, tuple[str, ...]], aliases: Mapping[str, Sequence[str]], rows: Mapping[str, pa.Table]
) -> Batch:
    ids = [one for own in stories.values() for one in own]
    return Batch(
        stories,
        {story: aliases[story] for story in stories},
        {name: _take(found, ids) for name, found in rows.items()},
    )


def _take(rows: pa.Table, article_ids: Collection[str]) -> pa.Table:
    """The rows of some articles."""
    return rows.filter(pc.is_in(rows["article_id"], value_set=pa.array(sorted(article_ids), pa.string())))


def _revision_rows(articles: pd.DataFrame) -> list[dict[str, Any]]:
    """What each revision of some articles changed against the one before, sentence by sentence."""
    rows: list[dict[str, Any]] = []
    several = articles[articles["article_id"].duplicated(keep=False)]
    for article_id, revisions in several.sort_values("revision").groupby("article_id"):
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
