"""WARC files → a batch: parquet files of the articles, mentions, removed blocks, aliases and failures in it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from presswatch.archive import read_captures
from presswatch.engine import Engine, GivenUp
from presswatch.errors import Code, ExtractError, PresswatchError
from presswatch.extract import MOST_PAGES, Pages, join_pages
from presswatch.forgotten import Forgotten
from presswatch.model import Article, Capture, Failure
from presswatch.outlets import Outlet, Registry
from presswatch.settings import Settings
from presswatch.tables import TABLES, make_arrow, sort_arrow, write_arrow
from presswatch.tables.rows import article_row, mention_rows
from presswatch.topics import match_topics
from presswatch.urls import identity
from presswatch.worker import Reading, Task, read_article

BATCH_TABLES = ("articles", "mentions", "removed", "sections", "aliases", "failures")
NOTHING = Forgotten()
_TOGETHER = 16  # articles in one message to another machine
_LOOSE_ROWS = 10_000  # mentions that are held as objects; some 12 MB
READ_DEADLINE_S = 30.0  # for one page; the slowest of 1,020 real pages takes under 2 s


@dataclass
class _Batch:
    """What has been read so far."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in BATCH_TABLES})
    packed: dict[str, list[pa.Table]] = field(default_factory=lambda: {name: [] for name in BATCH_TABLES})
    count: Counter[str] = field(default_factory=Counter)  # readings by article_id

    def add_article(self, reading: Reading, capture: Capture, topics: Iterable[str]) -> None:
        """Take one reading of an article in; `merge_batches` makes revisions of them."""
        article = reading.article
        self.rows["aliases"] += _alias_rows(article, capture)
        self.count[article.article_id] += 1
        number = self.count[article.article_id]
        key = {"article_id": article.article_id, "revision": number}
        self.rows["articles"].append(article_row(article, capture, revision=number, topics=topics))
        self.rows["mentions"] += mention_rows(reading.mentions, number)
        self.rows["removed"] += [{**vars(block), **key} for block in article.removed]
        self.rows["sections"] += [{**vars(section), **key} for section in article.sections]
        if len(self.rows["mentions"]) >= _LOOSE_ROWS:
            self._pack()

    def add_failure(self, failure: Failure) -> None:
        """Take a failure in."""
        self.rows["failures"].append(vars(replace(failure, at=failure.at or datetime.now(UTC))))

    def _pack(self) -> None:
        """Put the rows into tables, which take a tenth of their memory."""
        for name, rows in self.rows.items():
            self.packed[name].append(make_arrow(TABLES[name], rows))
            rows.clear()

    def tables(self) -> dict[str, pa.Table]:
        """All that was taken in."""
        self._pack()
        return {name: sort_arrow(TABLES[name], pa.concat_tables(found)) for name, found in self.packed.items()}


def read_warcs(
    warcs: Sequence[Path],
    folder: Path,
    engine: Engine,
    outlets: Registry,
    settings: Settings,
    *,
    progress: Callable[[str, int, int | None, str], None],
    forgotten: Forgotten = NOTHING,
) -> None:
    """Read every capture of an article in some WARC files, and write the batch into a folder.

    What is forgotten is not read.
    What cannot be read is a row of the batch's `failures`; a damaged record is one too, and the rest is read.
    """
    batch = _Batch()
    part = _describe(warcs)
    asked: deque[Pages] = deque()
    captures = (one for one in _articles(warcs, batch) if not forgotten.covers_capture(one))
    tasks = _tasks(captures, asked, outlets, settings)
    for number, outcome in enumerate(
        engine.map(read_article, tasks, deadline_s=READ_DEADLINE_S, together=_TOGETHER), start=1
    ):
        pages = asked.popleft()
        first = pages.captures[0]
        if isinstance(outcome, Reading):
            batch.add_article(outcome, first, match_topics(outcome.article, settings.topics))
            for fault in outcome.faults:  # a later page is asked for by the address that it answers with
                batch.add_failure(_failure(fault, fault.url, first.outlet_id))
        else:
            batch.add_failure(_failure(outcome, first.asked_url or first.url, first.outlet_id))
        if pages.left:
            message = (
                f"{first.url} has more than {MOST_PAGES} pages behind its first; this one and those after it are left"
            )
            batch.add_failure(
                Failure(url=pages.left, error="too_large", stage="read", message=message, outlet_id=first.outlet_id)
            )
        progress("read", number, None, part)
    for name, rows in batch.tables().items():
        write_arrow(rows, folder / f"{name}.parquet")


def _describe(warcs: Sequence[Path]) -> str:
    """Some WARC files in a few words: the outlet, month and run of the first, and how many more."""
    first = "/".join(warcs[0].parts[-3:])
    return first if len(warcs) == 1 else f"{first} and {len(warcs) - 1} more"


def _tasks(captures: Iterable[Capture], asked: deque[Pages], outlets: Registry, settings: Settings) -> Iterator[Task]:
    """The articles as work for the pool; `asked` remembers the pages of each until its outcome comes back."""
    registry = outlets.digest()
    for pages in join_pages(captures, lambda capture: outlets.get(capture.outlet_id)):
        asked.append(pages)
        outlet_id = pages.captures[0].outlet_id
        outlet = outlets.get(outlet_id) or Outlet(id=outlet_id, name=outlet_id, hosts=())
        is_whole = not (pages.following or pages.left)
        yield Task(tuple(pages.captures), outlet, is_whole, settings.extract.engine, settings.outlets_folder, registry)


def _articles(warcs: Iterable[Path], batch: _Batch) -> Iterator[Capture]:
    """The captures of articles; what cannot be read is a failure of the batch."""
    for found in chain.from_iterable(map(read_captures, warcs)):
        if isinstance(found, Failure):
            batch.add_failure(found)
        elif found.kind == "article":
            yield found


def _failure(outcome: Exception, url: str, outlet_id: str) -> Failure:
    """What a page that gave no article is recorded as. A fault of ours is one too: it ends the page, not the run.

    Raises: the outcome itself where it is no matter of this page: faults of settings or the disk, and the end of a run.
    """
    code: Code
    if isinstance(outcome, ExtractError):
        code, message = outcome.code, outcome.message
    elif isinstance(outcome, GivenUp):
        code, message = "extract_timeout", str(outcome)
    elif isinstance(outcome, PresswatchError | OSError | CancelledError):
        raise outcome
    else:
        code, message = "not_article", f"a fault of presswatch, please report it: {type(outcome).__name__}: {outcome}"
    return Failure(url=url, error=code, stage="read", message=message, outlet_id=outlet_id)


def _alias_rows(article: Article, capture: Capture) -> list[dict[str, Any]]:
    """The other addresses of an article, each with how it came to be known."""
    asked = capture.asked_url
    reasons = dict.fromkeys(article.aliases, "canonical")
    reasons |= {url: "spelling" for url in (*article.aliases, capture.url) if identity(url) == identity(article.url)}
    if capture.listed_as:
        reasons[capture.listed_as] = "spelling"
    if asked and asked != capture.url:
        reasons[asked] = "moved" if capture.moved else "redirect"
    return [
        {"url": url, "article_id": article.article_id, "reason": reason}
        for url, reason in sorted(reasons.items())
        if url != article.url
    ]
