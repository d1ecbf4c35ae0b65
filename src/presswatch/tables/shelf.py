"""The stored tables, part by part: what was published in a month, or on a day. Only what is asked for is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from presswatch.errors import DamagedError, SchemaError
from presswatch.tables import make_frame, read_file, read_pieces, to_frame, write_arrow
from presswatch.tables.files import Where, count_rows, empty_arrow
from presswatch.tables.schema import TABLES

WHOLE = "all"  # the part of a table that is not split
ADDRESSES = {  # what tells which articles an address means: no texts
    "articles": tuple(name for name in TABLES["articles"].column_names if name != "text"),
    "aliases": TABLES["aliases"].column_names,
}


def stage_table(rows: pa.Table, stage: Path, place: Path) -> dict[Path, Path]:
    """Write a table into a stage; gives the move that puts it in its place."""
    staged = stage / f"{place.parent.name}--{place.name}"
    write_arrow(rows, staged)
    return {staged: place}


class Shelf:
    """A folder of tables as it is, or as it will be when staged files are in their places.

    `staged` has the files that are to be read in the place of others, by table and part; `gone` names those that are
    no more. Without a folder it is empty.
    """

    def __init__(
        self,
        clean: Path | None = None,
        staged: Mapping[tuple[str, str], Path] | None = None,
        gone: Collection[tuple[str, str]] = (),
    ) -> None:
        self._files: dict[str, dict[str, Path]] = {
            name: {path.stem: path for path in sorted((clean / name).glob("*.parquet"))} if clean else {}
            for name in TABLES
        }
        for name, part in gone:
            self._files[name].pop(part, None)
        for (name, part), path in (staged or {}).items():
            self._files[name][part] = path

    def parts(self, name: str) -> list[str]:
        """The parts of a table, in order."""
        return sorted(self._files[name])

    def read(
        self,
        name: str,
        parts: Collection[str] | None = None,
        columns: Sequence[str] | None = None,
        where: Where | None = None,
    ) -> pa.Table:
        """The rows of some parts of a table (all, where none are named), of some columns or all.

        Args: `where` names the values that some columns are to have.
        Raises: DamagedError, SchemaError as `tables.read_arrow`.
        """
        wanted = [part for part in self.parts(name) if parts is None or part in parts]
        found = [read_file(self._files[name][part], TABLES[name], columns, where) for part in wanted]
        return pa.concat_tables(found) if found else empty_arrow(TABLES[name], columns)

    def count(self, name: str, part: str) -> int:
        """How many rows a part of a table has. Raises: as `read`."""
        return count_rows(self._files[name][part], TABLES[name])

    def pieces(self, name: str, part: str) -> Iterator[pa.Table]:
        """The rows of a part of a table, some at a time, in stored order; none where there is no such part.

        Raises: as `read`.
        """
        return read_pieces(self._files[name][part], TABLES[name]) if part in self._files[name] else iter(())


def read_addresses(shelf: Shelf) -> dict[str, pd.DataFrame]:
    """What tells which articles an address means: `articles` without their texts, and `aliases`. Raises: as `read`."""
    return {name: to_frame(shelf.read(name, columns=columns)) for name, columns in ADDRESSES.items()}


def stored_addresses(clean: Path) -> dict[str, pd.DataFrame]:
    """The same of a folder of tables; empty ones where they cannot be read.

    What they would tell is found when they are made again.
    """
    try:
        return read_addresses(Shelf(clean))
    except (DamagedError, SchemaError):
        return {name: make_frame(TABLES[name]) for name in ADDRESSES}
