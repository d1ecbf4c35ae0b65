"""What a data folder holds, in a form in which two runs over the same articles are equal."""

from __future__ import annotations

from pathlib import Path

import feedparser
import pyarrow.parquet as pq

from presswatch.tables import TABLES, load
from presswatch.tables.schema import SCHEMA_KEY

OF_A_RUN = {"fetched_at", "first_seen_at", "run_id", "at", "message"}


def stored_rows(data: Path) -> dict[str, str]:
    """All tables but `runs`, without what two runs may differ in."""
    tables = load(data / "clean")
    found = {}
    for name in set(TABLES) - {"runs"}:
        frame = getattr(tables, name)
        frame = frame.drop(columns=[column for column in frame if column in OF_A_RUN])
        found[name] = "\n".join(sorted(frame.to_csv(index=False).splitlines()))
    return found


def make_newer(clean: Path) -> None:
    """Have all tables be of a presswatch that is to come."""
    for path in clean.glob("*/*.parquet"):
        pq.write_table(pq.read_table(path).replace_schema_metadata({SCHEMA_KEY: b"99"}), path)


def stored_news(data: Path) -> list[tuple[str, ...]]:
    """What the feed tells, without what two runs may differ in."""
    found = feedparser.parse((data / "report" / "feed.xml").read_bytes())
    assert not found.bozo
    return [(entry.title, entry.link, entry.summary, entry.content[0].value) for entry in found.entries]
