"""A table as arrow and as parquet files: made, ordered, written, and read as far as is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from presswatch.errors import DamagedError, SchemaError
from presswatch.tables.schema import SCHEMA_KEY, SCHEMA_VERSION, TABLES, Table

_ARROW_TYPES = {
    "text": pa.string(),
    "time": pa.timestamp("us", tz="UTC"),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "boolean or empty": pa.bool_(),
}
_MAY_BE_EMPTY = frozenset(
    column.name for table in TABLES.values() for column in table.columns if column.type == "boolean or empty"
)
JOINER = "; "  # between the names of a `byline`, `topics` or `aliases` cell
# Rows that are read or passed over together: a story's are found among 320,000 mentions by reading one or two such
# groups. So many wait in memory for each file that is written: with 32,768 a month in days took 190 MB more.
ROW_GROUP = 8_192
Where = Mapping[str, Collection[Any]]  # column → the values that are wanted


def arrow_schema(table: Table) -> pa.Schema:
    """The parquet schema of a table, with the version of all schemas in its metadata."""
    fields = [pa.field(column.name, _ARROW_TYPES[column.type]) for column in table.columns]
    return pa.schema(fields, metadata={SCHEMA_KEY: str(SCHEMA_VERSION).encode()})


def make_arrow(table: Table, rows: Iterable[Any]) -> pa.Table:
    """Rows (dataclasses or mappings; what the table has no column for is left out) as one sorted arrow table.

    Sorted by story and key, then by all other columns, so equal rows give equal bytes in whatever order they came.
    """
    plain = [row if isinstance(row, Mapping) else vars(row) for row in rows]
    schema = arrow_schema(table)
    columns = [pa.array([row.get(field.name) for row in plain], field.type) for field in schema]
    return sort_arrow(table, pa.Table.from_arrays(columns, schema=schema))


def sort_arrow(table: Table, made: pa.Table) -> pa.Table:
    """The rows in stored order."""
    by_key = made.sort_by([(name, "ascending") for name in table.order])
    if len(by_key) < 2 or _has_unique_keys(table, by_key):  # noqa: PLR2004 - one row is in order
        return by_key
    order = dict.fromkeys((*table.order, *table.column_names))
    return made.sort_by([(name, "ascending") for name in order])


def split_stories(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each story, of a table in stored order: in that they lie together."""
    if not len(rows):
        return
    ids = rows["story_id"].combine_chunks()
    starts = [0, *(pc.indices_nonzero(pc.not_equal(ids[1:], ids[:-1])).to_numpy() + 1).tolist(), len(rows)]
    for start, end in pairwise(starts):
        yield ids[start].as_py(), rows.slice(start, end - start)


def _has_unique_keys(table: Table, ordered: pa.Table) -> bool:
    """Whether no two rows that follow each other share their story and key."""
    same = None
    for name in table.order:
        column = ordered[name].combine_chunks()
        equal = pc.fill_null(pc.equal(column[1:], column[:-1]), True)  # noqa: FBT003 - two without a value are equal
        same = equal if same is None else pc.and_(same, equal)
    return not pc.any(same).as_py()


def make_frame(table: Table, rows: Iterable[Any] = ()) -> pd.DataFrame:
    """Rows as a DataFrame with the declared types: pandas strings, UTC times."""
    return to_frame(make_arrow(table, rows))


def frame_to_arrow(table: Table, frame: pd.DataFrame) -> pa.Table:
    """A DataFrame of a table's columns as a sorted arrow table of the declared types."""
    schema = arrow_schema(table)
    made = pa.Table.from_pandas(frame[list(table.column_names)], schema=schema, preserve_index=False)
    return sort_arrow(table, made.replace_schema_metadata(schema.metadata))


def write_arrow(made: pa.Table, path: Path) -> None:
    """Write one parquet file. Not atomic: stage it, and commit it through `storage`."""
    with Writer(path, made.schema) as writer:
        writer.add(made)


class Writer:
    """A parquet file that is written piece by piece. Equal rows give equal bytes, however they are cut into pieces."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)
        self._waiting = [schema.empty_table()]
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, rows: pa.Table) -> None:
        """Add rows, in stored order."""
        self._waiting.append(rows)
        self._count += len(rows)
        if self._count >= ROW_GROUP:
            self._write(self._count - self._count % ROW_GROUP)

    def close(self) -> None:
        """Write what is left, and end the file."""
        if self._count:
            self._write(self._count)
        self._file.close()

    def _write(self, count: int) -> None:
        rows = pa.concat_tables(self._waiting)
        for start in range(0, count, ROW_GROUP):
            group = rows.slice(start, min(ROW_GROUP, count - start)).combine_chunks()  # pages follow chunks
            self._file.write_table(group, row_group_size=ROW_GROUP)
        rest = rows.slice(count)
        self._waiting, self._count = [rest.take(np.arange(len(rest)))], len(rest)  # a copy: the others may go


def read_arrow(clean: Path, table: Table) -> pa.Table:
    """All rows of a stored table; none where it was never written.

    Raises: DamagedError naming the file and the command that mends it; SchemaError for tables of a newer presswatch.
    """
    parts = [read_file(path, table) for path in sorted((clean / table.name).glob("*.parquet"))]
    return pa.concat_tables(parts) if parts else empty_arrow(table)


def empty_arrow(table: Table, columns: Sequence[str] | None = None) -> pa.Table:
    """No rows of a table, of some columns or all."""
    return arrow_schema(table).empty_table().select(list(columns or table.column_names))


def read_file(path: Path, table: Table, columns: Sequence[str] | None = None, where: Where | None = None) -> pa.Table:
    """The rows of one parquet file of a table, of some columns or all.

    Args: `where` names the values that some columns are to have.
    Raises: DamagedError, SchemaError as `read_arrow`.
    """
    return pa.concat_tables(list(read_pieces(path, table, columns, where)))


def read_pieces(
    path: Path, table: Table, columns: Sequence[str] | None = None, where: Where | None = None
) -> Iterator[pa.Table]:
    """The rows of one parquet file of a table, some ten thousand at a time; at least one piece, which may be empty.

    Args: `where` names the values that some columns are to have. Of a group of rows that may hold one these columns are
        read first, and the rest of a group that has any.
    Raises: DamagedError, SchemaError as `read_arrow`.
    """
    names, where = list(columns or table.column_names), where or {}
    schema = arrow_schema(table)
    wanted = pa.schema([schema.field(name) for name in names], metadata=schema.metadata)
    yield wanted.empty_table()
    with _opened(path, table) as file:
        stored = frozenset(file.schema_arrow.names)
        if missing := [name for name in (*names, *where) if name not in stored]:
            raise DamagedError(f"{path} has no column {', '.join(missing)}; {_mend(path, table)}")
        for number in _groups_with(file.metadata, where):
            mask = _find_rows(file.read_row_group(number, columns=list(where)), where) if where else None
            if mask is None or pc.any(mask).as_py():
                rows = file.read_row_group(number, columns=names).cast(wanted)
                yield rows if mask is None else rows.filter(mask)


def _find_rows(rows: pa.Table, where: Where) -> pa.ChunkedArray:
    """Whether each row has the wanted values."""
    tests = [pc.is_in(rows[name], pa.array(list(values), rows[name].type)) for name, values in where.items()]
    return reduce(pc.and_, tests)


def count_rows(path: Path, table: Table) -> int:
    """How many rows a file has, as it says itself: none is read.

    Raises: DamagedError, SchemaError as `read_arrow`.
    """
    with _opened(path, table) as file:
        return int(file.metadata.num_rows)


@contextmanager
def _opened(path: Path, table: Table) -> Iterator[pq.ParquetFile]:
    """A parquet file of this version's tables, and what goes wrong with it in words."""
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _check_version(path, table, file.schema_arrow)
            yield file
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise DamagedError(f"{path} is damaged ({str(error).splitlines()[0]}); {_mend(path, table)}") from error


def _groups_with(metadata: pq.FileMetaData, where: Where) -> list[int]:
    """The groups of rows of a file that may hold the wanted values, by the least and greatest of each."""
    places = {metadata.schema.column(number).name: number for number in range(metadata.num_columns)}
    wanted = [(places[name], list(values)) for name, values in where.items()]
    groups = ((number, metadata.row_group(number)) for number in range(metadata.num_row_groups))
    return [number for number, group in groups if all(_may_hold(group.column(place), v) for place, v in wanted)]


def _may_hold(column: pq.ColumnChunkMetaData, values: Sequence[Any]) -> bool:
    known = column.statistics
    if known is None or not known.has_min_max or None in values:
        return bool(values)
    return any(known.min <= value <= known.max for value in values)


def _mend(path: Path, table: Table) -> str:
    return f"delete {path}: it is a log" if table.is_log else "`presswatch rebuild` makes it again from data/raw"


def refuse_newer(clean: Path) -> None:
    """Make sure that no tables are put over those of a newer presswatch, nor a row of its logs among them.

    Raises: SchemaError. Cost: one file of each table is opened, for all are of one version; what is damaged is passed.
    """
    for name in TABLES:
        for path in sorted((clean / name).glob("*.parquet"))[-1:]:
            with suppress(pa.ArrowException, OSError), pq.ParquetFile(path) as file:
                _refuse_newer(path, _version_of(file.schema_arrow))


def _version_of(schema: pa.Schema) -> int:
    return int((schema.metadata or {}).get(SCHEMA_KEY, b"0"))


def _refuse_newer(path: Path, stored: int) -> None:
    if stored > SCHEMA_VERSION:
        raise SchemaError(
            f"{path} has schema {stored}, and this presswatch reads up to {SCHEMA_VERSION}: upgrade presswatch"
        )


def _check_version(path: Path, table: Table, schema: pa.Schema) -> None:
    stored = _version_of(schema)
    _refuse_newer(path, stored)
    if stored < SCHEMA_VERSION:
        raise SchemaError(
            f"{path} has schema {stored}, and this presswatch writes {SCHEMA_VERSION}; {_mend(path, table)}"
        )


def to_frame(made: pa.Table) -> pd.DataFrame:
    """An arrow table as a DataFrame with the declared types: pandas strings, UTC times.

    What may be empty is `boolean`, and not `object` in files that hold an empty cell and `bool` in the others.
    """
    frame: pd.DataFrame = made.to_pandas()
    for name in _MAY_BE_EMPTY.intersection(frame.columns):
        frame[name] = frame[name].astype("boolean")
    return frame
