"""A capture → its article and mentions: what a worker process runs. Imports nothing that reading does not need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from presswatch.claims import find_mentions
from presswatch.extract import extract_capture
from presswatch.model import Article, Capture, Mention
from presswatch.outlets import Outlet, Registry, load_outlets
from presswatch.settings import ExtractEngine


@dataclass(frozen=True)
class Task:
    """A capture to read. `outlet` is whose it is; `outlets_folder` holds the user's outlet files.

    `following` are the later pages of its article.
    """

    capture: Capture
    outlet: Outlet
    following: tuple[Capture, ...] = ()
    engine: ExtractEngine = "auto"
    outlets_folder: Path | None = None


@dataclass(frozen=True)
class Reading:
    """What one capture holds."""

    article: Article
    mentions: tuple[Mention, ...]


def read_capture(task: Task) -> Reading:
    """Read one capture.

    Raises: ExtractError where it holds no article.
    """
    article = extract_capture(task.capture, task.outlet, task.engine, task.following)
    return Reading(article, tuple(find_mentions(article, outlets=_registry(task.outlets_folder))))


@cache
def _registry(folder: Path | None) -> Registry:
    return load_outlets(folder)
