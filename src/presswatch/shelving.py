"""What compared stories become on the disk: files of tables, pages, and where the grouping is kept."""

from __future__ import annotations

import filecmp
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from presswatch.comparer import (
    Batch,
    Compared,
    Grouping,
    Told,
    compare_batch,
    groups_from_arrow,
    groups_to_arrow,
    ties_from_arrow,
    ties_to_arrow,
)
from presswatch.errors import DamagedError
from presswatch.heap import give_back, keep_lean
from presswatch.outlets import Registry
from presswatch.report import describe_stories, render_forward, render_html
from presswatch.storage import DataDir
from presswatch.tables import TABLES, Writer, arrow_schema, make_arrow, to_frame
from presswatch.tables.rows import outlet_rows
from presswatch.tables.shelf import WHOLE, Shelf, stage_table

GROUPS = ".groups"  # in data/clean: the groups of each period, and which of different periods may make a story
_TIES = "links"

Made = TypeVar("Made")
Moves = dict[Path, Path]  # what is staged → its place


class Staging:
    """The files of the parts that may have changed, written as their rows come: the sink of `compare_batches`."""

    def __init__(self, data: DataDir, stage: Path) -> None:
        self._data, self._stage = data, stage
        self._open: dict[tuple[str, str], Writer] = {}
        self._made: list[tuple[str, str]] = []

    def put(self, name: str, part: str, rows: pa.Table) -> None:
        """Take the next rows of a part of a table."""
        if (name, part) not in self._open:
            self._open[name, part] = Writer(self._staged(name, part), arrow_schema(TABLES[name]))
        self._open[name, part].add(rows)

    def close(self, name: str, part: str) -> None:
        """End the file of a part of a table."""
        self._open.pop((name, part)).close()
        self._made.append((name, part))

    def moves(self, *, is_anew: bool) -> Moves:
        """What puts the files in their places; those that are as they were are not among them, unless `is_anew`."""
        made = {self._staged(*key): self._data.clean / key[0] / f"{key[1]}.parquet" for key in self._made}
        return {
            staged: place
            for staged, place in made.items()
            if is_anew or not (place.is_file() and filecmp.cmp(staged, place, shallow=False))
        }

    def _staged(self, name: str, part: str) -> Path:
        return self._stage / f"{name}--{part}.parquet"


def stage_compared(data: DataDir, stage: Path, compared: Compared, outlets: Registry, *, is_anew: bool) -> Moves:
    """Write the outlets, where they are not what they were, and the grouping.

    Args: `is_anew` where the tables were made of raw alone: everything is written then.
    """
    moves: Moves = {}
    stored = Shelf(None if is_anew else data.clean)
    known = stored.read("outlets")
    found = make_arrow(TABLES["outlets"], outlet_rows(compared.outlet_ids, outlets, to_frame(known)))
    if not (stored.parts("outlets") and found.equals(known)):
        moves |= stage_table(found, stage, data.clean / "outlets" / f"{WHOLE}.parquet")
    for period in sorted(compared.periods):
        groups = groups_to_arrow(compared.grouping.groups.get(period, ()))
        moves |= stage_table(groups, stage, data.clean / GROUPS / f"{period}.parquet")
    if compared.periods:
        ties = ties_to_arrow(compared.grouping.ties)
        moves |= stage_table(ties, stage, data.clean / GROUPS / f"{_TIES}.parquet")
    return moves


@dataclass(frozen=True)
class Work:
    """Stories to be compared and shown; `names` are the display names of outlets."""

    batch: Batch
    names: Mapping[str, str]


def compare_and_show(work: Work) -> tuple[Told, dict[str, str]]:
    """What a worker does: compare some stories, and make a page of each.

    Gives the pages by story, also one for each id that a story had before: whoever has its address is led on.
    """
    keep_lean()
    give_back()  # of the batch before
    with _without_collecting():
        told = compare_batch(work.batch)
        tables = {**told.tables, "removed": work.batch.rows["removed"]}
        pages: dict[str, str] = {}
        for report in describe_stories(tables, told.stories, work.names):
            pages[report.story_id] = render_html(report)
            pages |= {former: render_forward(report) for former in work.batch.aliases[report.story_id]}
        return told, pages


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave the collector of cycles out, which takes a tenth of the time: a batch makes many objects and no cycles."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def find_superseded(data: DataDir, moves: Mapping[Path, Path]) -> list[Path]:
    """The files of tables and groups that are not made again."""
    made = set(moves.values())
    folders = [*(data.clean / name for name, table in TABLES.items() if not table.is_log), data.clean / GROUPS]
    return [path for folder in folders for path in sorted(folder.glob("*.parquet")) if path not in made]


def find_emptied(data: DataDir, compared: Compared, moves: Mapping[Path, Path]) -> list[Path]:
    """The files of the parts that hold nothing any more, and the pages of the stories that are no more."""
    names = [name for name, table in TABLES.items() if table.is_split]
    files = [data.clean / name / f"{part}.parquet" for name in names for part in compared.emptied]
    pages = {data.report / f"{story}.html" for story in compared.gone} - {*moves.values()}
    return [*(path for path in files if path.exists()), *sorted(pages)]


def shelf_to_be(data: DataDir, moves: Mapping[Path, Path], gone: Iterable[Path]) -> Shelf:
    """The tables as they are when the moves are made."""
    staged = {
        (place.parent.name, place.stem): path
        for path, place in moves.items()
        if place.parent.parent == data.clean and place.parent.name in TABLES
    }
    left = [(path.parent.name, path.stem) for path in gone if path.parent.name in TABLES]
    return Shelf(data.clean, staged, left)


def read_grouping(clean: Path) -> Grouping:
    """The grouping of the stored articles.

    Raises: DamagedError.
    """
    files = sorted((clean / GROUPS).glob("*.parquet"))
    groups = {path.stem: found for path in files if path.stem != _TIES if (found := _read(path, groups_from_arrow))}
    ties = clean / GROUPS / f"{_TIES}.parquet"
    return Grouping(groups, _read(ties, ties_from_arrow) if ties.exists() else ())


def _read(path: Path, make: Callable[[pa.Table], Made]) -> Made:
    try:
        return make(pq.read_table(path, page_checksum_verification=True))
    except (pa.ArrowException, OSError, KeyError, TypeError) as error:
        said = str(error).partition("\n")[0]
        raise DamagedError(f"{path} is damaged ({said}); `presswatch rebuild` makes it again from data/raw") from error
