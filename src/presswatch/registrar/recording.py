"""`presswatch outlets record`: an article of an outlet → a fixture pair that holds nobody's prose."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from presswatch.archive import read_captures
from presswatch.collector import Order, open_visit
from presswatch.errors import UsageError
from presswatch.extract import extract_article
from presswatch.extract.decode import decode_page
from presswatch.extract.reduce import Reduced, compare_readings, reduce_page
from presswatch.model import Article, Capture
from presswatch.outlets import Outlet, Registry, load_outlets, new_outlet
from presswatch.pipeline import Plan, Progress, open_run, order_of, say_nothing
from presswatch.settings import Settings
from presswatch.storage import DataDir, check_folder, write_new
from presswatch.urls import identity, is_web

FIXTURES = Path("fixtures")  # where pairs are written by default, a folder for each outlet
_FIELDS = ("headline", "dek", "byline", "published_at", "modified_at", "section", "language", "access")
_OPTIONAL = ("dek",)
_LONGEST_SLUG, _LONGEST_REMOVED = 60, 120  # characters; of what was removed, enough to know it by


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
        raise UsageError(f"{url!r} is no web address: write it like https://www.example.org/film/a-review/")
    outlets = load_outlets(settings.outlets_folder)
    outlet = outlets.need(outlet_id) if outlet_id else outlets.for_url(url)
    asked = outlet or new_outlet(url, settings.fetch.min_delay_s)
    folder = out or FIXTURES / asked.id
    check_folder(folder, "--out names another folder")
    capture = _find_stored(DataDir(settings.data), asked.id, url)
    is_stored = capture is not None
    if capture is None:
        with open_run(settings, Plan(command="outlets record"), progress or say_nothing, wait=wait) as run:
            capture = asyncio.run(_fetch(order_of(run), run.outlets, asked, url))
    original, reduced, article = _reduce(capture, outlet)
    slug = _slug(reduced.url)
    texts = {
        folder / f"{slug}.html": reduced.html,
        folder / f"{slug}.json": _tell(reduced, article, capture.fetched_at),
    }
    write_new(texts)
    html, told = texts
    differs = tuple(compare_readings(original, article))
    return Recorded(html=html, json=told, outlet_id=asked.id, url=reduced.url, is_stored=is_stored, differs=differs)


async def _fetch(order: Order, outlets: Registry, outlet: Outlet, url: str) -> Capture:
    """One article, by its outlet's hand, and stored like any other."""
    async with open_visit(order, outlets, outlet) as visit:
        return await visit.fetch_document(url)


def _find_stored(data: DataDir, outlet_id: str, url: str) -> Capture | None:
    """The newest stored capture of an article, by any spelling of its address or the one it was asked by."""
    wanted = identity(url)
    for warc in sorted((data.raw / outlet_id).glob("*/*.warc.gz"), key=lambda path: path.name, reverse=True):
        found = [
            capture
            for capture in read_captures(warc)
            if isinstance(capture, Capture) and capture.kind == "article" and wanted in set(_addresses(capture))
        ]
        if found:
            return max(found, key=lambda capture: capture.fetched_at)
    return None


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


def _slug(url: str) -> str:
    """A file's name after a page's address: its last part that has letters."""
    parts = [re.sub(r"\.\w{1,5}$", "", part.lower()) for part in urlsplit(url).path.split("/")]
    named = [re.sub(r"[^a-z0-9]+", "-", part).strip("-") for part in parts if re.search(r"[a-z]", part)]
    slug = next(reversed(named), "page")
    return slug if len(slug) <= _LONGEST_SLUG else slug[:_LONGEST_SLUG].rpartition("-")[0] or slug[:_LONGEST_SLUG]
