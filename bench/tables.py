"""What an analyst waits for where a million mentions are stored. It ends with 1 where a must is missed.

Some articles of `bench/archive.py` are compared, and their tables stored many times over, each time with other ids: a
year of months, the same by the same seed. All is asked of the largest story, in a process that has loaded nothing when
it asks the first; times are the clock's, the median of several processes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).parent))
import presswatch
from archive import tell_articles
from presswatch.model import make_id
from presswatch.tables import TABLES, frame_to_arrow, sort_arrow, write_arrow
from sheet import Sheet

ARTICLES = 400
MENTIONS = 1_000_000
MONTHS = 12
MATRIX_S, STORY_S = 0.3, 0.5
ROUNDS = 5
# The columns that hold ids which a copy has to have of its own
IDS = {
    "article_id", "mention_id", "claim_id", "story_id", "quote_id", "capture_id", "a_id", "b_id", "source_mention_id",
    "syndicated_from", "text_digest",
}  # fmt: skip


def main() -> int:
    """Make the tables, ask them, and print a line for each figure."""
    sheet = Sheet()
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "clean"
        story_id, counts = make_tables(clean)
        size = sum(path.stat().st_size for path in clean.rglob("*.parquet"))
        sheet.tell("tables", "", f"{counts['mentions']:,} mentions in {MONTHS} months; {size / 1e6:.0f} MB")
        found = [ask(clean, story_id) for _ in range(ROUNDS)]
        first = found[0]
        told = f"{first['claims']} claims × {first['outlets']} outlets"
        took = {name: median(one[name] for one in found) for name in ("matrix", "again", "story", "mentions", "first")}
        sheet.tell(
            ".matrix(story), the first that is asked", f"< {MATRIX_S} s", f"{took['matrix']:.3f} s; {told}",
            reached=took["matrix"] < MATRIX_S,
        )  # fmt: skip
        sheet.tell(
            ".matrix(story), asked again", f"< {MATRIX_S} s", f"{took['again']:.3f} s", reached=took["again"] < MATRIX_S
        )
        sheet.tell(
            "all rows of the story", f"< {STORY_S} s", f"{took['story']:.3f} s; {first['rows']:,} rows of all tables",
            reached=took["story"] < STORY_S,
        )  # fmt: skip
        sheet.tell("all mentions, without their texts", "", f"{took['mentions']:.3f} s")
        sheet.tell("who was first, in all stories", "", f"{took['first']:.3f} s; {first['shared']:,} claims")
    return sheet.close()


def make_tables(clean: Path) -> tuple[str, Mapping[str, int]]:
    """Store the tables of some articles so often that they have as many mentions; the largest story, and the counts."""
    compared = presswatch.compare([one.article for one in tell_articles(ARTICLES, month_articles=ARTICLES)])
    names = [name for name, table in TABLES.items() if not table.is_log and name != "outlets"]
    rows = {name: frame_to_arrow(TABLES[name], getattr(compared, name)) for name in names}
    copies = -(-MENTIONS // len(rows["mentions"]))
    largest = compared.stories.sort_values(["article_count", "story_id"])["story_id"].iloc[-1]
    for month in range(MONTHS):
        numbers = range(month, copies, MONTHS)
        for name in names:
            made = pa.concat_tables([_copy(rows[name], number) for number in numbers])
            write_arrow(sort_arrow(TABLES[name], made), clean / name / f"2025-{month + 1:02}.parquet")
    return _id_in(copies // 2, largest), {name: copies * len(table) for name, table in rows.items()}


def _copy(rows: pa.Table, number: int) -> pa.Table:
    """Rows with other ids, which lead to each other as those of the rows did."""
    for place, name in enumerate(rows.column_names):
        if name in IDS:
            coded = rows[name].combine_chunks().dictionary_encode()
            ids = pa.array([_id_in(number, one) for one in coded.dictionary.to_pylist()], pa.string())
            rows = rows.set_column(place, rows.schema.field(name), pc.take(ids, coded.indices))
    return rows


def _id_in(number: int, one: str) -> str:
    return make_id(f"{number}:{one}")


def ask(clean: Path, story_id: str) -> dict[str, Any]:
    """The seconds that each question takes in a process of its own, and how much is answered."""
    words = [sys.executable, __file__, str(clean), story_id]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def answer_questions(clean: str, story_id: str) -> dict[str, Any]:
    """What the process does that `ask` starts."""
    tables = presswatch.load(clean)
    matrix, first_s = _timed(lambda: tables.matrix(story_id))
    _, again_s = _timed(lambda: tables.matrix(story_id))
    whole = presswatch.load(clean)
    count, story_s = _timed(lambda: _count_rows(whole.story(story_id)))
    columns = [name for name in TABLES["mentions"].column_names if name != "text"]
    _, mentions_s = _timed(lambda: presswatch.load(clean).select("mentions", columns))
    shared, reporters_s = _timed(lambda: len(presswatch.load(clean).first_reporters()))
    return {
        "matrix": first_s, "again": again_s, "story": story_s, "mentions": mentions_s, "first": reporters_s,
        "rows": count, "shared": shared, "claims": len(matrix), "outlets": matrix.shape[1],
    }  # fmt: skip


def _count_rows(story: presswatch.tables.Tables) -> int:
    return sum(len(getattr(story, name)) for name in TABLES)


def _timed(question: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = question()
    return answer, time.perf_counter() - began


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.stdout.write(json.dumps(answer_questions(*sys.argv[1:])))
    else:
        sys.exit(main())
