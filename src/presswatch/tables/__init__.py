"""The declared tables: made from rows, written as parquet, loaded as pandas DataFrames.

    >>> tables = load("data/clean")            # doctest: +SKIP
    >>> tables.matrix(tables.stories.story_id[0])  # doctest: +SKIP

Every table is a folder of flat parquet files (zstd, page checksums) that any reader takes whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from presswatch.errors import DamagedError, SchemaError, UsageError
from presswatch.settings import default_mirror, read_bucket
from presswatch.storage import DataDir
from presswatch.tables.schema import SCHEMA_KEY, SCHEMA_VERSION, TABLES, Table

__all__ = [
    "JOINER",
    "ROW_GROUP",
    "TABLES",
    "Comparison",
    "Table",
    "Tables",
    "Writer",
    "arrow_schema",
    "frame_to_arrow",
    "load",
    "make_arrow",
    "make_frame",
    "read_arrow",
    "read_file",
    "read_pieces",
    "sort_arrow",
    "to_frame",
    "write_arrow",
]

_ARROW_TYPES = {
    "text": pa.string(),
    "time": pa.timestamp("us", tz="UTC"),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
# Rows that are read or passed over together: a story's are found among 320,000 mentions by reading one such group.
ROW_GROUP = 32_768
JOINER = "; "  # between the names of a `byline`, `topics` or `aliases` cell


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
        self._file.write_table(rows.slice(0, count), row_group_size=ROW_GROUP)
        rest = rows.slice(count)
        self._waiting, self._count = [rest.take(np.arange(len(rest)))], len(rest)  # a copy: the others may go


def read_arrow(clean: Path, table: Table) -> pa.Table:
    """All rows of a stored table; none where it was never written.

    Raises: DamagedError naming the file and the command that mends it; SchemaError for tables of a newer presswatch.
    """
    parts = [read_file(path, table) for path in sorted((clean / table.name).glob("*.parquet"))]
    return pa.concat_tables(parts) if parts else arrow_schema(table).empty_table()


def read_file(path: Path, table: Table, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of one parquet file of a table, of some columns or all.

    Raises: DamagedError, SchemaError as `read_arrow`.
    """
    pieces = list(read_pieces(path, table, columns))
    return pa.concat_tables(pieces)


def read_pieces(path: Path, table: Table, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """The rows of one parquet file of a table, some ten thousand at a time; at least one piece, which may be empty.

    Raises: DamagedError, SchemaError as `read_arrow`.
    """
    names = list(columns or table.column_names)
    schema = arrow_schema(table)
    wanted = pa.schema([schema.field(name) for name in names], metadata=schema.metadata)
    yield wanted.empty_table()
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _check_version(path, table, file.schema_arrow)
            if missing := [name for name in names if name not in file.schema_arrow.names]:
                raise DamagedError(f"{path} has no column {', '.join(missing)}; {_mend(path, table)}")
            for number in range(file.num_row_groups):
                yield file.read_row_group(number, columns=names).cast(wanted)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise DamagedError(f"{path} is damaged ({str(error).splitlines()[0]}); {_mend(path, table)}") from error


def _mend(path: Path, table: Table) -> str:
    return f"delete {path}: it is a log" if table.is_log else "`presswatch rebuild` makes it again from data/raw"


def _check_version(path: Path, table: Table, schema: pa.Schema) -> None:
    stored = int((schema.metadata or {}).get(SCHEMA_KEY, b"0"))
    if stored > SCHEMA_VERSION:
        raise SchemaError(
            f"{path} has schema {stored}, and this presswatch reads up to {SCHEMA_VERSION}: upgrade presswatch"
        )
    if stored < SCHEMA_VERSION:
        raise SchemaError(
            f"{path} has schema {stored}, and this presswatch writes {SCHEMA_VERSION}; {_mend(path, table)}"
        )


def to_frame(made: pa.Table) -> pd.DataFrame:
    """An arrow table as a DataFrame with pandas strings and UTC times."""
    frame: pd.DataFrame = made.to_pandas()
    return frame


_NOWHERE = np.array([], dtype=np.intp)
Frames = pd.DataFrame | Callable[[], pd.DataFrame]


class Tables:
    """The tables as DataFrames, each an attribute of its name. One that was not given is empty.

    A table given as a function is read when it is first asked for.
    """

    if TYPE_CHECKING:
        articles: pd.DataFrame
        outlets: pd.DataFrame
        mentions: pd.DataFrame
        alignments: pd.DataFrame
        claims: pd.DataFrame
        coverage: pd.DataFrame
        differences: pd.DataFrame
        drift: pd.DataFrame
        credits: pd.DataFrame
        stories: pd.DataFrame
        aliases: pd.DataFrame
        revisions: pd.DataFrame
        removed: pd.DataFrame
        failures: pd.DataFrame
        runs: pd.DataFrame

    def __init__(self, **frames: Frames) -> None:
        unknown = sorted(set(frames) - set(TABLES))
        if unknown:
            raise TypeError(f"no such table: {', '.join(unknown)}")
        self._frames = frames
        self._places: dict[str, Mapping[Any, Any]] = {}  # table → story or article → numbers of its rows

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"no table {name!r}; there are {', '.join(TABLES)}")
        given = self._frames.get(name)
        frame = make_frame(TABLES[name]) if given is None else given() if callable(given) else given
        setattr(self, name, frame)
        return frame

    def __repr__(self) -> str:
        return f"Tables({', '.join(f'{name}: {len(getattr(self, name))}' for name in TABLES)})"

    def find_story(self, story_id: str) -> str:
        """The present id of a story, given that or an id that it had before.

        Raises: UsageError where no story has it.
        """
        stories = self.stories
        if (stories["story_id"] == story_id).any():
            return story_id
        former = stories["aliases"].fillna("").str.split(JOINER).map(lambda ids: story_id in ids)
        if former.any():
            return str(stories.loc[former, "story_id"].iloc[0])
        raise UsageError(f"no story {story_id!r}; `presswatch stories` lists them")

    def story(self, story_id: str) -> Tables:
        """The rows of one story, and all outlets; `failures` and `runs` belong to no story, and stay empty.

        Raises: UsageError where no story has this id, now or before.
        """
        story_id = self.find_story(story_id)
        articles = self._rows_of("articles", [story_id])
        article_ids = sorted(set(articles["article_id"]))
        frames: dict[str, Frames] = {"articles": articles, "outlets": self.outlets}
        for name, table in TABLES.items():
            if not table.is_log and name not in frames:
                keys = [story_id] if "story_id" in table.column_names else article_ids
                frames[name] = partial(self._rows_of, name, keys)  # half of them are not asked for
        return Tables(**frames)

    def _rows_of(self, name: str, keys: Sequence[str]) -> pd.DataFrame:
        """The rows of some stories; of some articles, where the table knows no stories. In stored order."""
        frame: pd.DataFrame = getattr(self, name)
        if name not in self._places:  # one pass for all stories: a run asks for one after the other
            column = "story_id" if "story_id" in TABLES[name].column_names else "article_id"
            self._places[name] = frame.groupby(column).indices
        places = [self._places[name].get(key, _NOWHERE) for key in keys]
        rows = frame.take(np.sort(np.concatenate(places or [_NOWHERE])))
        rows.index = pd.RangeIndex(len(rows))  # in place: they are ours
        return rows

    def outlet_names(self) -> dict[str, str]:
        """How each outlet is called, by its id."""
        return dict(zip(self.outlets["outlet_id"], self.outlets["name"], strict=True))

    def matrix(self, story_id: str, *, values: str = "stance") -> pd.DataFrame:
        """Claim × outlet of one story: a row a claim (claim_id and its text), a column an outlet.

        `values`: `stance`, `text` (the outlet's own words) or `mention_id`. Claims that most outlets say come first.

        Raises: UsageError where no story has this id, now or before.
        """
        story_id = self.find_story(story_id)
        claims = self.claims[self.claims["story_id"] == story_id]
        claims = claims.sort_values(["outlet_count", "corroboration", "claim_id"], ascending=[False, False, True])
        cells = self.coverage[self.coverage["story_id"] == story_id]
        wide = cells.pivot_table(index="claim_id", columns="outlet_id", values=values, aggfunc="first", dropna=False)
        wide = wide.reindex(claims["claim_id"])
        wide.index = pd.MultiIndex.from_frame(claims[["claim_id", "text"]].rename(columns={"text": "claim"}))
        return wide


Comparison = Tables  # what `compare` gives: the same tables, for the articles it was given


def load(path: str | Path = "data/clean") -> Tables:
    """The stored tables. Nothing is read before a table is asked for.

    Args: `path` is a folder, or one of a bucket like "s3://bucket/prefix/clean"; of that, what has changed since the
        last call is fetched first, into a folder of this user.
    Raises: UsageError where the folder does not exist; ConfigError and DiskError where a bucket does not do;
        DamagedError and SchemaError when a table is read.
    """
    clean = _mirrored(str(path)) if str(path).startswith("s3:") else Path(path)
    if not any((clean / name).is_dir() for name in TABLES):
        inside = clean / "clean"
        hint = (
            f"they are in {inside}"
            if inside.is_dir()
            else "`presswatch watch`, `presswatch ingest` or `presswatch demo` makes some"
        )
        raise UsageError(f"no tables at {path}; {hint}")

    def reader(table: Table) -> Callable[[], pd.DataFrame]:
        return lambda: to_frame(read_arrow(clean, table))

    return Tables(**{name: reader(table) for name, table in TABLES.items()})


def _mirrored(address: str) -> Path:
    """The folder that has the tables of a bucket, as they are now."""
    bucket = read_bucket(address.rstrip("/").removesuffix("/clean"))
    if bucket is None:
        raise UsageError(f"{address!r} is no bucket: write it like s3://bucket/prefix/clean")
    return DataDir(default_mirror(bucket), bucket).refresh().clean
