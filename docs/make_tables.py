"""docs/tables.md, made of the declarations in presswatch.tables.schema: `make docs` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from presswatch.tables import arrow_schema, make_frame
from presswatch.tables.schema import SCHEMA_VERSION, TABLES, Table

PAGE = Path(__file__).with_name("tables.md")

_OPENING = """\
# Tables

<!-- Made by `make docs` from src/presswatch/tables/schema.py. Change that file, not this page. -->

A run leaves its tables in `data/clean`, one folder per table, as parquet files (flat columns, zstd, page checksums).
Any parquet reader opens a folder as one table; `presswatch.load()` gives pandas DataFrames, and reads columns and rows
only when you ask for them ([Loading the tables](loading.md), also with Polars, DuckDB and R):

```python
import presswatch

tables = presswatch.load()
tables.articles[["outlet_id", "published_at", "headline"]]
```

{types}

- An empty cell means that it is not known, or that there is nothing to say. Times are UTC.
- Offsets count characters (Unicode code points, as Python does), from 0; the end is not included.
- A column means the same in all tables, unless a table says otherwise.
- Rows are sorted by `story_id`, where there is one, then by their key, so the rows of a story are together. In
  `removed` and `revisions` a block or sentence that stood there twice is two rows, and alike.
- The same captures give the same ids on every machine, in every order, and so the same rows but for `run_id` and the
  times of fetching.
- `runs` and `failures` are logs, one file per run. Every other table can be made again from `data/raw`
  (`presswatch rebuild`).
- This is schema {version}. The number is in the metadata of every file under `presswatch_schema`, and goes up when
  a column is renamed, is removed or means something else.
- `data/clean/datapackage.json` says for other programs what this page says.

Every row leads back to what was fetched: `mention_id` → `mentions.article_id` and `revision` → `articles.capture_id`,
which is a hash of the address and the bytes of a response in `data/raw`.

"""


def render_tables() -> str:
    """The page: what all tables share, an index, then each table with its columns."""
    opening = _OPENING.format(version=SCHEMA_VERSION, types=_render_types())
    rows = [(f"[`{table.name}`](#{table.name})", table.row, _code(table.key)) for table in TABLES.values()]
    sections = "\n".join(map(_render_table, TABLES.values()))
    return f"{opening}{_render_grid(('table', 'a row is', 'key'), rows)}\n\n{sections}"


def _render_types() -> str:
    """What each declared type is in a file and in a frame, by asking both."""
    types: dict[str, tuple[str, str]] = {}
    for table in TABLES.values():
        schema, frame = arrow_schema(table), make_frame(table)
        for column in table.columns:
            types[column.type] = (f"`{schema.field(column.name).type}`", f"`{frame[column.name].dtype}`")
    return _render_grid(("type", "in parquet", "in pandas"), [(name, *both) for name, both in types.items()])


def _render_table(table: Table) -> str:
    heading = f"## {table.name}\n\nA row is {table.row}. Key: {_code(table.key)}."
    rows = [(f"`{column.name}`", column.type, column.description) for column in table.columns]
    return f"{heading}\n\n{_render_grid(('column', 'type', 'what it holds'), rows)}\n"


def _render_grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(row)} |" for row in rows)])


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(render_tables(), "utf-8")
