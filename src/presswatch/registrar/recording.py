"""`presswatch outlets record`: an article of an outlet → a fixture pair that holds nobody's prose."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from presswatch.archive import OutletState, read_captures
from presswatch.collector import Order, Progress, open_visit
from presswatch.errors import UsageError
from presswatch.extract import extract_article
from presswatch.extract.decode import decode_page
from presswatch.extract.reduce import Reduced, compare_readings, reduce_page
from presswatch.model import Article, Capture, make_id
from presswatch.outlets import Outlet, Registry, load_outlets, new_outlet
from presswatch.pipeline import Plan, open_run, order_of, say_nothing
from presswatch.settings import Settings
from presswatch.storage import DataDir, check_folder, write_new
from presswatch.urls import identity, is_web

FIXTURES = Path("fixtures")  # where pairs are written by default, a folder for each outlet
_FIELDS = ("headline", "dek", "byline", "published_at", "modified_at", "section", "language", "access")
_OPTIONAL = ("dek",)
_LONGEST_NAME, _LONGEST_REMOVED = 60, 120  # characters; of what was removed, enough to know it by
_DIGEST_DIGITS = 8  # of an address, behind a name that another page has


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A fixture pair that was written, where its page came from, and what extraction says of one page only."""

    html: Path
    json: Path
    outlet_id: str
    url: str
    is_stored: bool
    differs: tuple[str, ...]


def record_page(
    settings: Settings,
    url: str,
    *,
    outlet_id: str | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    wait: bool = False,
) -> Recorded:
    """Write the fixture pair of an article: of the stored capture, where there is one, else fetched.

    Args: `outlet_id` says whose page it is; by default its host does. `out` is the folder; by default one named after
        the outlet, in `fixtures`.
    Raises: UsageError where the URL is none, the outlet unknown, or a file is there already; FetchError, ExtractError;
        ConfigError, DiskError, LockedError.
    """
    if not is_web(url):
        raise UsageError(
            f"{url!r} is no web address: write it like `presswatch outlets record https://www.example.org/film/a-review/`"
        )
    outlets = load_outlets(settings.outlets_folder)
    outlet = outlets.need(outlet_id) if outlet_id else outlets.for_url(url)
    asked = outlet or new_outlet(url, settings.fetch.min_delay_s)
    folder = out or FIXTURES / asked.id
    check_folder(folder, "--out names another folder")
    capture = _find_stored(DataDir(settings.data, settings.bucket).refresh(has_memories=True), asked.id, url)
    is_stored = capture is not None
    if capture is None:
        with open_run(settings, Plan(command="outlets record"), progress or say_nothing, wait=wait) as run:
            capture = asyncio.run(_fetch(order_of(run), run.outlets, asked, url))
    original, reduced, article = _reduce(capture, outlet)
    name = _choose_name(folder, reduced.url)
    texts = {
        folder / f"{name}.html": reduced.html,
        folder / f"{name}.json": _tell(reduced, article, capture.fetched_at),
    }
    write_new(texts)
    html, told = texts
    differs = tuple(compare_readings(original, article))
    return Recorded(html=html, json=told, outlet_id=asked.id, url=reduced.url, is_stored=is_stored, differs=differs)


async def _fetch(order: Order, outlets: Registry, outlet: Outlet, url: str) -> Capture:
    """One article, by its outlet's hand, and stored like any other."""
    async with open_visit(order, outlets, outlet) as visit:
        return await visit.fetch_article(url)


def _find_stored(data: DataDir, outlet_id: str, url: str) -> Capture | None:
    """The newest stored capture of an article, by any spelling of its address or the one it was asked by.

    Cost: none where the outlet's memory says that nothing is stored; else its WARC files are read, the newest first,
        up to the one that holds it: some 0.1 ms a capture.
    """
    if _is_surely_missing(data, outlet_id, url):
        return None
    wanted = identity(url)
    for warc in data.stream(sorted(data.raw_files(outlet_id), key=lambda path: path.name, reverse=True)):
        found = [
            capture
            for capture in read_captures(warc)
            if isinstance(capture, Capture) and capture.kind == "article" and wanted in set(_addresses(capture))
        ]
        if found:
            return max(found, key=lambda capture: capture.fetched_at)
    return None


def _is_surely_missing(data: DataDir, outlet_id: str, url: str) -> bool:
    """Whether an outlet's memory is there, knows all that is stored, and does not know this article."""
    memory = OutletState(data, outlet_id)
    if not memory.exists:
        return False
    with memory:
        outcome = memory.outcome(url)
        return memory.is_whole and (outcome is None or not outcome.capture_id)


def _addresses(capture: Capture) -> Iterator[str]:
    yield identity(capture.url)
    if capture.asked_url:
        yield identity(capture.asked_url)


def _reduce(capture: Capture, outlet: Outlet | None) -> tuple[Article, Reduced, Article]:
    """What a page says, its reduced form, and what that says.

    Raises: ExtractError where either is no article.
    """
    declared = capture.header("content-type")
    at = capture.fetched_at
    original = extract_article(capture.body, capture.url, outlet=outlet, fetched_at=at, declared=declared)
    reduced = reduce_page(decode_page(capture.body, capture.url, declared=declared), original, outlet)
    return original, reduced, extract_article(reduced.html.encode(), reduced.url, outlet=outlet, fetched_at=at)


def _tell(reduced: Reduced, article: Article, fetched_at: datetime) -> str:
    """What extraction says of a reduced page, as tests/outlets/test_fixtures.py wants it."""
    told: dict[str, Any] = {"url": reduced.url, "fetched_at": _moment(fetched_at)}
    absent = []
    for name in _FIELDS:
        value = getattr(article, name)
        if value:
            told[name] = _moment(value) if isinstance(value, datetime) else value
        elif name not in _OPTIONAL:
            absent.append(name)
    told["text"] = article.text.split("\n")
    removed = list(dict.fromkeys(_begin(block.text) for block in article.removed))
    if removed:
        told["removed"] = removed
    else:
        absent.append("removed")
    if absent:
        told["absent"] = absent
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _begin(text: str) -> str:
    """The first words of a block."""
    line = " ".join(text.split())
    return (
        line if len(line) <= _LONGEST_REMOVED else line[:_LONGEST_REMOVED].rpartition(" ")[0] or line[:_LONGEST_REMOVED]
    )


def _choose_name(folder: Path, url: str) -> str:
    """A name for a pair, after the last part of its address; with the part before it, where another page has that.

    Raises: UsageError where the pair of this very page is there, or no name is free.
    """
    names = list(_names(url))
    for name in names:
        told = folder / f"{name}.json"
        if not os.path.lexists(told) and not os.path.lexists(told.with_suffix(".html")):
            return name
        if _recorded_url(told) == url:
            break
    raise UsageError(f"{told} is here already, and stays as it is: move the pair away, or say --out DIR for another")


def _names(url: str) -> Iterator[str]:
    """Names for a page's file: the end of its address from the last part that has letters, then more and more of it."""
    parts = urlsplit(url)
    path = re.sub(r"\.\w{1,5}$", "", unquote(parts.path))
    words = ["-".join(re.findall(r"[^\W_]+", part.lower())) for part in (*path.split("/"), parts.query)]
    words = [word for word in words if word] or ["page"]
    last = max((n for n, word in enumerate(words) if re.search(r"[^\W\d_]", word)), default=len(words) - 1)
    for first in range(last, -1, -1):
        name = "-".join(words[first:])
        yield name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME].rpartition("-")[0] or name[:_LONGEST_NAME]
    yield f"{words[-1][:_LONGEST_NAME]}-{make_id(url)[:_DIGEST_DIGITS]}"


def _recorded_url(path: Path) -> str | None:
    """The address that the .json of a pair tells; None where it is none."""
    try:
        return str(json.loads(path.read_text("utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
