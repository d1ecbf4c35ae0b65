"""The lines of docs/loading.md for other readers give what `load` gives, from the files of a run."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from presswatch.tables import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "loading.md"
BLOCKS = [
    text
    for text in re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    if "counts" in text
]
ROWS = {
    "pandas": lambda counts: [(outlet_id, count) for (outlet_id,), count in counts.items()],
    "polars": lambda counts: counts.rows(),
    "duckdb": lambda counts: counts,
}


@pytest.fixture
def beside(ran, monkeypatch):
    monkeypatch.chdir(ran.data.parent)
    return ran


@pytest.mark.parametrize("reader", ROWS)
def test_each_reader_counts_the_same_quotes(beside, reader):
    (block,) = [text for text in BLOCKS if f"import {reader}" in text]
    found = {}
    exec(block, found)  # noqa: S102 - a block of our own page
    quotes = beside.tables.select("mentions", ["outlet_id"], kind="quote")
    assert dict(ROWS[reader](found["counts"])) == quotes["outlet_id"].value_counts().to_dict()


@pytest.mark.parametrize("name", [name for name, table in TABLES.items()])
def test_polars_and_duckdb_read_every_table_with_its_types(beside, name):
    folder = f"data/clean/{name}/*.parquet"
    frame = getattr(beside.tables, name)
    read = pl.read_parquet(folder)
    kinds = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    kinds["boolean or empty"] = pl.Boolean
    kinds["time"] = pl.Datetime("us", "UTC")
    assert read.schema == {column.name: kinds[column.type] for column in TABLES[name].columns}
    assert len(read) == len(frame)
    assert duckdb.sql(f"select count(*) from '{folder}'").fetchall() == [(len(frame),)]  # noqa: S608 - a name of ours


def test_a_file_tells_its_schema_and_who_made_it(beside):
    path = next(Path("data/clean/mentions").glob("*.parquet"))
    assert int(pq.read_schema(path).metadata[b"presswatch_schema"]) > 0
    told = duckdb.sql(f"select value from parquet_kv_metadata('{path}') where key = 'presswatch_schema'")  # noqa: S608
    assert int(told.fetchall()[0][0]) > 0
