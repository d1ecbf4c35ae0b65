"""Captures → their article and mentions: what a worker process runs. Imports nothing that reading does not need."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from presswatch.claims import find_mentions
from presswatch.errors import ConfigError, ExtractError
from presswatch.extract import extract_pages
from presswatch.model import Article, Capture, Mention
from presswatch.outlets import Outlet, Registry, load_outlets
from presswatch.settings import ExtractEngine


@dataclass(frozen=True)
class Task:
    """An article to read: the captures of its pages, first page first. `outlet` is whose it is.

    Not `is_whole` where a later page that it names is not there.
    `outlets_folder` holds the user's outlet files; `registry` tells which they have to be.
    """

    pages: tuple[Capture, ...]
    outlet: Outlet
    is_whole: bool = True
    engine: ExtractEngine = "auto"
    outlets_folder: Path | None = None
    registry: str = ""


@dataclass(frozen=True)
class Reading:
    """What an article says, and why later pages of it could not be read."""

    article: Article
    mentions: tuple[Mention, ...]
    faults: tuple[ExtractError, ...] = ()


def read_article(task: Task) -> Reading:
    """Read one article.

    Raises: ExtractError where its first page holds none; ConfigError on a machine whose outlet files are others.
    """
    article, faults = extract_pages(task.pages, task.outlet, task.engine)
    if faults or not task.is_whole:  # what it leaves out may stand on the page that is missing
        article = replace(article, access="excerpt")
    return Reading(
        article, tuple(find_mentions(article, outlets=_registry(task.outlets_folder, task.registry))), faults
    )


@lru_cache(maxsize=2)
def _registry(folder: Path | None, digest: str) -> Registry:
    """The outlets; read anew when a run has others, for a worker of a cluster outlives runs."""
    found = load_outlets(folder)
    if digest and found.digest() != digest:
        raise ConfigError(folder or "outlets", ["these are not the outlet files of the machine that runs presswatch"])
    return found
