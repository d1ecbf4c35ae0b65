"""What compared tables become on the disk: which files are written, which go, and where the grouping is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from presswatch.comparer import (
    Compared,
    Grouping,
    groups_from_arrow,
    groups_to_arrow,
    links_from_arrow,
    links_to_arrow,
)
from presswatch.errors import DamagedError
from presswatch.outlets import Registry
from presswatch.storage import DataDir
from presswatch.tables import TABLES, make_arrow, to_frame
from presswatch.tables.rows import outlet_rows
from presswatch.tables.shelf import WHOLE, Shelf, stage_table

GROUPS = ".groups"  # in data/clean: the groups of each period, and what those of different periods have in common
_LINKS = "links"

Made = TypeVar("Made")
Moves = dict[Path, Path]  # what is staged → its place


def stage_compared(data: DataDir, stage: Path, compared: Compared, outlets: Registry, *, is_anew: bool) -> Moves:
    """Write the parts whose rows are not what they were, the outlets and the grouping.

    Args: `is_anew` where the tables were made of raw alone: everything is written then.
    """
    moves: Moves = {}
    stored = Shelf(None if is_anew else data.clean)
    made = dict(compared.parts)
    known = to_frame(stored.read("outlets"))
    made["outlets", WHOLE] = make_arrow(TABLES["outlets"], outlet_rows(compared.outlet_ids, outlets, known))
    for (name, part), rows in made.items():
        if not (part in stored.parts(name) and stored.read(name, [part]).equals(rows)):
            moves |= stage_table(rows, stage, data.clean / name / f"{part}.parquet")
    for period in sorted(compared.periods):
        groups = groups_to_arrow(compared.grouping.groups.get(period, ()))
        moves |= stage_table(groups, stage, data.clean / GROUPS / f"{period}.parquet")
    if compared.periods:
        links = links_to_arrow(compared.grouping.links)
        moves |= stage_table(links, stage, data.clean / GROUPS / f"{_LINKS}.parquet")
    return moves


def find_superseded(data: DataDir, moves: Mapping[Path, Path]) -> list[Path]:
    """The files of tables and groups that are not made again."""
    made = set(moves.values())
    folders = [*(data.clean / name for name, table in TABLES.items() if not table.is_log), data.clean / GROUPS]
    return [path for folder in folders for path in sorted(folder.glob("*.parquet")) if path not in made]


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
    groups = {path.stem: found for path in files if path.stem != _LINKS if (found := _read(path, groups_from_arrow))}
    links = clean / GROUPS / f"{_LINKS}.parquet"
    return Grouping(groups, _read(links, links_from_arrow) if links.exists() else ())


def _read(path: Path, make: Callable[[pa.Table], Made]) -> Made:
    try:
        return make(pq.read_table(path, page_checksum_verification=True))
    except (pa.ArrowException, OSError, KeyError, TypeError) as error:
        said = str(error).partition("\n")[0]
        raise DamagedError(f"{path} is damaged ({said}); `presswatch rebuild` makes it again from data/raw") from error
