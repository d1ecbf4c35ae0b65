"""The declared tables: made from rows, written as parquet, loaded as pandas DataFrames.

    >>> tables = load("data/clean")            # doctest: +SKIP
    >>> tables.matrix(tables.stories.story_id[0])  # doctest: +SKIP

Every table is a folder of flat parquet files (zstd, page checksums) that any reader takes whole.
"""

from presswatch.tables.files import (
    JOINER,
    ROW_GROUP,
    Writer,
    arrow_schema,
    empty_arrow,
    frame_to_arrow,
    make_arrow,
    make_frame,
    read_arrow,
    read_file,
    read_pieces,
    refuse_newer,
    sort_arrow,
    split_stories,
    to_frame,
    write_arrow,
)
from presswatch.tables.loading import Comparison, Tables, load, load_stored
from presswatch.tables.schema import TABLES, Table

__all__ = [
    "JOINER",
    "ROW_GROUP",
    "TABLES",
    "Comparison",
    "Table",
    "Tables",
    "Writer",
    "arrow_schema",
    "empty_arrow",
    "frame_to_arrow",
    "load",
    "load_stored",
    "make_arrow",
    "make_frame",
    "read_arrow",
    "read_file",
    "read_pieces",
    "refuse_newer",
    "sort_arrow",
    "split_stories",
    "to_frame",
    "write_arrow",
]
