"""`presswatch forget --dry-run`: what would go, row by row. Nothing is written, and no lock is taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from presswatch.archive import Stored, StoredRevisit, peek_memory, read_answers
from presswatch.desk.explaining import names_address
from presswatch.forgetter import add_traces, names_forgotten, trace_all
from presswatch.forgotten import Forgotten, load_forgotten
from presswatch.model import Capture, Failure
from presswatch.outlets import load_outlets
from presswatch.report import tell_count
from presswatch.settings import Settings
from presswatch.storage import DataDir
from presswatch.tables import Tables, load_stored
from presswatch.tables.rows import plain_rows
from presswatch.tables.shelf import stored_addresses
from presswatch.tracing import Trace
from presswatch.urls import is_web

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Forgettable:
    """What forgetting would take out: rows of `what`, `id`, `url` and `where`; and how much of raw only names it."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = field(default=())  # addresses of which nothing is here; they would be kept out
    naming_count: int = 0  # stored feeds and sitemaps that name it, and stay


def preview_forget(settings: Settings, asked: Sequence[str]) -> Forgettable:
    """What `forget` would take out of raw, tables and state.

    Raises: UsageError where one of `asked` is no address and no id; DamagedError.
    Cost: all of data/raw is unpacked once.
    """
    data, outlets = (
        DataDir(settings.data, settings.bucket).refresh(has_memories=True),
        load_outlets(settings.outlets_folder),
    )
    frames = stored_addresses(data.clean)
    traces = trace_all(data, asked, frames, outlets)
    forgotten = add_traces(load_forgotten(data.root), traces, frames["articles"], datetime.now(UTC))
    urls = [url for trace in traces for url in trace.urls]
    answers, naming_count = _find_stored(data, forgotten, urls)
    rows = [
        *(_answer_row(data, one) for one in answers),
        *_table_rows(load_stored(data.clean), traces, forgotten),
        *_state_rows(data, urls),
    ]
    met = {url for row in rows for url in (row["url"], row["id"])}
    unknown = tuple(one.asked for one in traces if not {*one.urls, *one.article_ids} & met)
    return Forgettable(rows=tuple(rows), unknown=unknown, naming_count=naming_count)


def find_forgotten(settings: Settings, urls: Sequence[str]) -> list[str]:
    """Those of some addresses that were forgotten, and are not asked for: by themselves, or as their article.

    Raises: DamagedError, SchemaError.
    """
    forgotten = load_forgotten(settings.data)
    if not (urls and forgotten.keys):
        return []
    outlets = load_outlets(settings.outlets_folder)
    owners = [(url, outlets.for_url(url)) for url in urls if is_web(url)]
    return [
        url
        for url, outlet in owners
        if forgotten.covers(url) or (outlet and forgotten.covers_article(outlet.article_id(url)))
    ]


def _row(what: str, key: str, url: str, where: str) -> Row:
    return {"what": what, "id": key, "url": url, "where": where}


def _answer_row(data: DataDir, stored: Stored | StoredRevisit) -> Row:
    place = f"{data.relative(stored.path)}, byte {stored.start}"
    if isinstance(stored, Stored):
        return _row("capture", stored.capture.capture_id, stored.capture.url, place)
    return _row("revisit", stored.revisit.capture_id, stored.revisit.url, place)


def _find_stored(data: DataDir, forgotten: Forgotten, urls: Sequence[str]) -> tuple[list[Stored | StoredRevisit], int]:
    leaving: list[Stored | StoredRevisit] = []
    naming = 0
    for path in data.stream(data.raw_files()):
        for found in read_answers(path):
            if isinstance(found, Failure):
                continue
            answer = found.capture if isinstance(found, Stored) else found.revisit
            if answer.kind == "article" and forgotten.covers_capture(answer):
                leaving.append(found)
            elif isinstance(answer, Capture) and answer.kind != "article":
                naming += names_address(answer.body, urls)
    return leaving, naming


def _table_rows(tables: Tables, traces: Iterable[Trace], forgotten: Forgotten) -> Iterator[Row]:
    """What leaves the tables, and the stories that would be compared again."""
    ids = {article_id for trace in traces for article_id in trace.article_ids}
    rows = plain_rows(tables.articles[tables.articles["article_id"].isin(ids)])
    for row in rows:
        yield _row("revision", row["article_id"], row["url"], f"tables, revision {row['revision']}: {row['headline']}")
    stories = {row["story_id"]: row for row in plain_rows(tables.stories)}
    for story_id in dict.fromkeys(row["story_id"] for row in rows):
        left = stories[story_id]["article_count"] - len(
            {row["article_id"] for row in rows if row["story_id"] == story_id}
        )
        told = f"is compared again without it ({left} left)" if left else "goes with its only article"
        yield _row("story", story_id, "", f"{told}: {stories[story_id]['headline']}")
    for failure in plain_rows(tables.failures):
        if names_forgotten(forgotten, failure):
            yield _row("failure", failure["run_id"], failure["url"], f"failures, {failure['error']}")


def _state_rows(data: DataDir, urls: Sequence[str]) -> Iterator[Row]:
    for path in sorted(data.state.glob("*.sqlite")):
        for one in peek_memory(data, path.stem, urls).candidates:
            yield _row("candidate", path.stem, one.candidate.url, data.relative(path))


def tell_forgotten(summary: Mapping[str, Any], where: str = "") -> list[str]:
    """What forgetting did, in words. Pure."""
    if not (summary["forgotten_articles"] or summary["forgotten_captures"]):
        return ["nothing of it was stored; it will not be fetched or taken in, under any spelling"]
    did = [
        tell_count(summary["forgotten_captures"], "capture") + " taken out of data/raw",
        tell_count(summary["forgotten_articles"], "article") + " out of the tables",
        tell_count(summary["stories"], "story", "stories") + " compared again",
    ]
    stays = "feeds and sitemaps in data/raw that name it stay"
    return [
        f"forget: {', '.join(did)}; it will not be fetched or taken in again",
        f"{stays}; `presswatch forget URL --dry-run{where}` counts them; copies of data are yours to clear",
    ]
