"""Taking articles out for good: what leaves raw and state, and which rows of the tables do.

The list (`presswatch.forgotten`) is written first and marked as done last; in between every step may be done again.
WARC files are replaced in the journal of the run that also replaces the tables, so none goes without the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pandas as pd

from presswatch.archive import OutletState, Stored, peek_memory, sift_file
from presswatch.forgotten import FILE_NAME, Forgotten, load_forgotten
from presswatch.model import Capture, Failure, Revisit
from presswatch.outlets import Registry
from presswatch.storage import DataDir
from presswatch.tracing import Trace, leading_aliases, outlets_of, trace_address
from presswatch.urls import is_web

Frames = Mapping[str, pd.DataFrame]
_PURGES = 5  # of the memories in a bucket: a machine that began before puts its own once
_ADDRESS = re.compile(r"https?://[^\s()'\"<>]+")


def trace_all(data: DataDir, asked: Iterable[str], tables: Frames, outlets: Registry) -> list[Trace]:
    """What each address means, the later pages that only a memory knows included.

    Raises: UsageError where one is no address and no id.
    """
    traces = []
    for one in asked:
        trace = trace_address(one, tables, outlets)
        more = [
            remembered.candidate.url
            for outlet_id in outlets_of(trace, tables["articles"], outlets)
            for remembered in peek_memory(data, outlet_id, trace.urls).candidates
        ]
        traces.append(replace(trace, urls=tuple(dict.fromkeys([*trace.urls, *more]))))
    return traces


def add_traces(known: Forgotten, traces: Iterable[Trace], articles: pd.DataFrame, at: datetime) -> Forgotten:
    """The list with some traces in it; files, which have no address, by their ids. Pure."""
    for trace in traces:
        rows = articles[articles["article_id"].isin(trace.article_ids)]
        files = rows[~rows["url"].map(is_web).astype(bool)]
        known = known.with_more(
            at, urls=trace.urls, article_ids=trace.article_ids, capture_ids=files["capture_id"].dropna()
        )
    return known


def remember_forgotten(data: DataDir, asked: Sequence[str], tables: Frames, outlets: Registry, at: datetime) -> None:
    """Put addresses on the list, pending: from now on nothing fetches, takes in or reads what they mean.

    Raises: UsageError as `trace_all`, with the list as it was; DiskError.
    """
    traces = trace_all(data, asked, tables, outlets)
    known = add_traces(load_forgotten(data.root), traces, tables["articles"], at)
    save_forgotten(data, replace(known, is_pending=True))  # also where all is known: a copy may have brought it back


def save_forgotten(data: DataDir, forgotten: Forgotten) -> None:
    """Write the list."""
    data.write_forgotten(data.root / FILE_NAME, forgotten.to_bytes())


@dataclass(frozen=True)
class Leaving:
    """The articles that leave the tables, and the list with all that is known of them now."""

    forgotten: Forgotten
    article_ids: frozenset[str] = frozenset()


def find_leaving(forgotten: Forgotten, layers: Iterable[Frames], outlets: Registry, at: datetime) -> Leaving:
    """The forgotten articles among stored and newly read ones, and what else is known to lead to them. Pure.

    Args: each layer has `articles` and `aliases`, or is empty.
    """
    if not forgotten.keys:
        return Leaving(forgotten)
    leaving: set[str] = set()
    for layer in layers:
        if "articles" not in layer or layer["articles"].empty:
            continue
        articles = layer["articles"]
        rows = zip(articles["article_id"], articles["url"], strict=True)
        ids = {one for one, url in rows if forgotten.covers_article(one) or forgotten.covers(url)}
        traces = [_trace_of(one, articles, layer["aliases"], outlets) for one in sorted(ids)]
        forgotten = add_traces(forgotten, traces, articles, at)
        leaving |= ids
    return Leaving(forgotten, frozenset(leaving))


def _trace_of(article_id: str, articles: pd.DataFrame, aliases: pd.DataFrame, outlets: Registry) -> Trace:
    url = articles.loc[articles["article_id"] == article_id, "url"].iloc[0]
    led = leading_aliases(articles, aliases[aliases["article_id"] == article_id], outlets)["url"]
    return Trace(url, (url, *led), (article_id,))


@dataclass(frozen=True)
class Removal:
    """What leaves raw: the captures, and the moves that put the files without them in place."""

    captures: tuple[Stored, ...] = ()
    moves: Mapping[Path, Path] = field(default_factory=dict)


def stage_removal(data: DataDir, stage: Path, forgotten: Forgotten) -> Removal:
    """Write the WARC files that hold a forgotten article without it and its revisits; other records stay byte for byte.

    A feed or sitemap that names it is a record of others, and stays.

    Raises: DiskError. Cost: all of data/raw is unpacked once.
    """
    captures: list[Stored] = []
    moves: dict[Path, Path] = {}

    def is_leaving(capture: Capture | Revisit) -> bool:
        return capture.kind == "article" and forgotten.covers_capture(capture)

    for number, path in enumerate(data.stream(data.raw_files())):
        copy = stage / "raw" / f"{number}.warc.gz"
        sifted = sift_file(path, copy, is_leaving=is_leaving)
        if sifted.captures or sifted.revisits:
            captures += sifted.captures
            moves[copy] = path
    return Removal(tuple(captures), moves)


def names_forgotten(forgotten: Forgotten, failure: Failure | Mapping[str, str]) -> bool:
    """Whether a row of `failures` is about a forgotten address, or names one."""
    row = vars(failure) if isinstance(failure, Failure) else failure
    named = _ADDRESS.findall(row["message"] or "")
    return any(forgotten.covers(url) for url in (row["url"], *named, *(url.rstrip(".,;:") for url in named)))


def finish_forgetting(data: DataDir) -> None:
    """The last steps, when raw and tables are without it: what outlets' memories know of it goes; the list is done.

    Where other machines go on putting memories that know it, the list stays pending, for the next run.

    Raises: DiskError, DamagedError; the list stays pending then, too.
    """
    for _ in range(_PURGES):
        for path in sorted(data.state.glob("*.sqlite")):
            with OutletState(data, path.stem) as state:
                state.purge()
        if data.put_memories():
            save_forgotten(data, replace(load_forgotten(data.root), is_pending=False))
            return
        data.pull_memories()
