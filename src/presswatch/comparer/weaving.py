"""Parts of tables put together of what stays and what is new, in stored order and piece by piece. Pure.

A month's alignments are some millions of rows: they go through, and are never held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from presswatch.comparer.batches import STORY_TABLES, Told, look_up
from presswatch.tables import TABLES, empty_arrow, sort_arrow, split_stories
from presswatch.tables.shelf import Shelf

_SPLIT_TABLES = tuple(name for name, table in TABLES.items() if table.is_split)
_LIE_WITH_ARTICLE = frozenset({"articles", "mentions"})  # of those that have stories; the others lie with the story


class Sink(Protocol):
    """Where the rows of parts go."""

    def put(self, name: str, part: str, rows: pa.Table) -> None:
        """Take the next rows of a part of a table, in stored order."""

    def close(self, name: str, part: str) -> None:
        """Know that a part of a table has all of its rows."""


class Leaving:
    """Whose stored rows make place for new ones.

    Args: ids of stories; of articles, by table, or of all other tables.
    """

    def __init__(
        self, stories: Collection[str], articles: Mapping[str, Collection[str]], others: Collection[str]
    ) -> None:
        self._values = {
            name: _values(stories if _column(name) == "story_id" else articles.get(name, others))
            for name in _SPLIT_TABLES
        }

    def without(self, name: str, rows: pa.Table) -> pa.Table:
        """The rows that stay."""
        return rows.filter(pc.invert(pc.is_in(rows[_column(name)], value_set=self._values[name])))


class Weaver:
    """The parts that a change touches, while they are put together: each goes as soon as all that lies in it has come.

    Args: `parts` are those of the tables that lie with `stories`, with `articles`, and of the `others`; `divided` are
        stored ones of which all that stays goes into other ones; `part_of` is the part of each article and each story
        that is put or goes there; `coming` are the stories that are compared, each with its articles; `sink` takes all
        rows of all these parts.
    """

    def __init__(  # noqa: PLR0917 - what lies where, and what is to become of it
        self,
        shelf: Shelf,
        parts: Mapping[str, Collection[str]],
        divided: Collection[str],
        leaving: Leaving,
        part_of: Mapping[str, str],
        coming: Mapping[str, Collection[str]],
        sink: Sink,
    ) -> None:
        self._part_of, self._sink = part_of, sink
        self._reach = {story: {part_of[one] for one in ids} for story, ids in coming.items()}
        self._awaited = {  # by what the rows of a table lie with, how many stories have rows for each part
            "stories": Counter(part_of[story] for story in coming),
            "articles": Counter(part for reached in self._reach.values() for part in reached),
        }
        self._strands: dict[tuple[str, str], list[_Strand]] = {}
        for name in _SPLIT_TABLES:
            for part in sorted(parts[_kind(name)]):
                pieces = () if part in divided else shelf.pieces(name, part)
                self._strands[name, part] = [_Strand(map(partial(leaving.without, name), pieces))]
            for part in sorted(divided):
                for rows in shelf.pieces(name, part):
                    self.keep(name, leaving.without(name, rows))

    def keep(self, name: str, rows: pa.Table) -> None:
        """Take new rows in stored order that lie between those that stay."""
        for part, piece in self._divide(name, rows):
            self._strands[name, part].append(_Strand(iter([piece])))

    def add(self, told: Told) -> None:
        """Take what some stories say. Of one part they come in the order of their ids, in this call and the next."""
        for name in (*STORY_TABLES, "credits"):
            if _kind(name) == "articles":  # a story has articles in several parts
                self.keep(name, told.tables[name])
            else:
                self._pass_through(name, told.tables[name])
        for story in told.stories:
            self._tick("stories", self._part_of[story])
            for part in self._reach[story]:
                self._tick("articles", part)

    def finish(self) -> None:
        """Put what is left of all parts."""
        for name, part in list(self._strands):
            self._end(name, part)

    def _tick(self, kind: str, part: str) -> None:
        """One story less is awaited in a part."""
        self._awaited[kind][part] -= 1
        if not self._awaited[kind][part]:
            for name in _SPLIT_TABLES:
                if _kind(name) == kind:
                    self._end(name, part)

    def _end(self, name: str, part: str) -> None:
        """Put what is left of a part of a table."""
        self._sink.put(name, part, empty_arrow(TABLES[name]))  # so that there is a file of each
        self._pass_on(name, part, None)
        self._sink.close(name, part)
        del self._strands[name, part]

    def _pass_through(self, name: str, rows: pa.Table) -> None:
        """Put rows, and before each story those of the stories before it that stay."""
        for part, piece in self._divide(name, rows):
            is_alone = not any(strand.is_left for strand in self._strands[name, part])
            for story, found in [(None, piece)] if is_alone else split_stories(piece):
                if story is not None:
                    self._pass_on(name, part, story)
                self._sink.put(name, part, found)

    def _pass_on(self, name: str, part: str, story: str | None) -> None:
        """Put the rows of the stories before one, or all that are left."""
        strands = [strand for strand in self._strands[name, part] if strand.is_left]
        if len(strands) == 1:  # rows that stay, and no others between them: as they come
            for rows in strands[0].take(story):
                self._sink.put(name, part, rows)
        elif filled := [rows for strand in strands for rows in strand.take(story) if len(rows)]:
            self._sink.put(name, part, sort_arrow(TABLES[name], pa.concat_tables(filled)))

    def _divide(self, name: str, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
        """The rows of each part that has any."""
        place = look_up(rows[_column(name)], self._part_of)
        for part in sorted(place.unique().drop_null().to_pylist()):
            yield part, rows.filter(pc.equal(place, part))


class _Strand:
    """Rows in stored order, taken up to a story, and on. None is read before it is asked for."""

    def __init__(self, pieces: Iterator[pa.Table]) -> None:
        self._pieces = filter(len, pieces)
        self._ahead: pa.Table | None = None

    @property
    def is_left(self) -> bool:
        """Whether there are rows that were not taken."""
        return self._look() is not None

    def take(self, story: str | None) -> Iterator[pa.Table]:
        """The next rows: those of the stories before one; all where None."""
        while (rows := self._look()) is not None:
            count = len(rows) if story is None else pc.sum(pc.less(rows["story_id"], story)).as_py()
            self._ahead = rows.slice(count) if count < len(rows) else None
            yield rows.slice(0, count)
            if self._ahead is not None:
                return

    def _look(self) -> pa.Table | None:
        """The next rows, which stay."""
        if self._ahead is None:
            self._ahead = next(self._pieces, None)
        return self._ahead


def _column(name: str) -> str:
    """What tells where a row of a table lies."""
    return "story_id" if TABLES[name].has_stories and name not in _LIE_WITH_ARTICLE else "article_id"


def _kind(name: str) -> str:
    """What the rows of a table lie with, as `Weaver` is told of their parts."""
    if name in (*_LIE_WITH_ARTICLE, "credits"):
        return "articles"
    return "stories" if TABLES[name].has_stories else "others"


def _values(ids: Collection[str]) -> pa.Array:
    return pa.array(sorted(ids), pa.string())
