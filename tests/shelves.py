"""An archive in memory, for tests of what a run makes of the tables of the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from presswatch.comparer import Compared, Grouping, compare_batches
from presswatch.tables import TABLES, arrow_schema, make_arrow, sort_arrow, to_frame
from presswatch.tables.shelf import WHOLE, Shelf


class MemoryShelf(Shelf):
    """Parts of tables that lie in no folder."""

    def __init__(self, tables):
        super().__init__()
        self.tables = tables

    def parts(self, name):
        return sorted(part for table, part in self.tables if table == name)

    def read(self, name, parts=None, columns=None, where=None):
        wanted = [part for part in self.parts(name) if parts is None or part in parts]
        found = [self.tables[name, part] for part in wanted] or [arrow_schema(TABLES[name]).empty_table()]
        rows = pa.concat_tables(found)
        for column, values in (where or {}).items():
            rows = rows.filter(pc.is_in(rows[column], value_set=pa.array(list(values), rows[column].type)))
        return rows.select(list(columns or TABLES[name].column_names))

    def pieces(self, name, part):
        """Some rows at a time, so that parts are put together of many pieces."""
        rows = self.tables.get((name, part))
        return iter(()) if rows is None else (rows.slice(start, 7) for start in range(0, max(len(rows), 1), 7))


@dataclass
class MemorySink:
    """Parts of tables as they are put; `most` tells how many of them had rows at once, and were not closed."""

    open: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    most: int = 0

    def put(self, name, part, rows):
        assert (name, part) not in self.made, "rows for a part that was closed"
        self.open.setdefault((name, part), []).append(rows)
        self.most = max(self.most, len({part for _, part in self.open}))

    def close(self, name, part):
        self.made[name, part] = pa.concat_tables(self.open.pop((name, part)))


@dataclass
class Archive:
    """The tables after some runs, and the stories that the last one compared."""

    shelf: MemoryShelf = field(default_factory=lambda: MemoryShelf({}))
    grouping: Grouping = field(default_factory=Grouping)
    stories: tuple[str, ...] = ()
    compared: Compared | None = None
    most_open: int = 0  # parts that the last run put together at once

    @cached_property
    def frames(self):
        return {name: to_frame(self.shelf.read(name)) for name, table in TABLES.items() if not table.is_log}

    def run(self, *batches, **options):
        """The archive after one run that lays these batches over it."""
        sink = MemorySink()
        compared = compare_batches(self.shelf, batches, self.grouping, sink, **options)
        assert not sink.open, "some parts were not closed"
        made = sink.made
        for (name, _), rows in made.items():
            assert rows.equals(sort_arrow(TABLES[name], rows)), f"{name} is not in stored order"
        made["outlets", WHOLE] = make_arrow(
            TABLES["outlets"], [{"outlet_id": one, "name": one} for one in compared.outlet_ids]
        )
        left = {key: rows for key, rows in self.shelf.tables.items() if key[1] not in compared.emptied}
        return Archive(MemoryShelf({**left, **made}), compared.grouping, compared.stories, compared, sink.most)
