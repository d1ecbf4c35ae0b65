"""What the words of a command mean: outlets, windows, lists of addresses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from presswatch.checks import nearest
from presswatch.errors import UsageError

if TYPE_CHECKING:
    from presswatch.model import Window
    from presswatch.settings import Settings

_MOST_NAMES = 2_000  # of a folder, that a misspelt one is compared with: some 50 ms
_URL_COMMENT = re.compile(r"(?:^|\s)#.*")  # of a line of a list; without a space before it, it is the address's own


def choose_outlets(settings: Settings, wanted: list[str] | None) -> tuple[str, ...]:
    """The outlets to fetch: those asked for, else those of the settings."""
    return tuple(dict.fromkeys(wanted or settings.collect_outlets))


def read_window(since: str | None, until: str | None) -> Window | None:
    """The window that is meant; None where neither end is said.

    Raises: UsageError where one end is missing, an end is no date, or the window is empty.
    """
    from presswatch.model import Window

    if since is None and until is None:
        return None
    if since is None or until is None:
        raise UsageError("--since and --until go together: --since 2024-01-01 --until 2024-02-01")
    window = Window(since=_day(since, "--since"), until=_day(until, "--until"))
    if window.since >= window.until:
        raise UsageError(f"--since {since} is not before --until {until}, which is not included")
    return window


def _day(text: str, option: str) -> datetime:
    """A day or a moment, in UTC where no zone is said."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{option} {text!r} is no date: write it like 2024-01-31") from None


def read_urls(path: Path) -> tuple[str, ...]:
    """The lines of a list of URLs, without blanks and comments.

    Raises: UsageError where there is no such file, it is no plain text, or there is no line in it.
    """
    if not path.exists():
        raise UsageError(tell_missing(path))
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--urls {path}: {error.strerror}") from None
    if b"\0" in body:  # a workbook has thousands of lines, all of them noise; so has UTF-16
        raise UsageError(f"--urls {path}: it is no plain text: save the addresses as text (UTF-8), one a line")
    lines = body.decode("utf-8-sig", errors="replace").splitlines()
    found = tuple(line for line in (_URL_COMMENT.sub("", line).strip() for line in lines) if line)
    if not found:
        raise UsageError(f"--urls {path}: no address in it; write one a line")
    return found


def tell_missing(path: Path) -> str:
    """That there is no such file, and what may have been meant: the nearest name beside it, or another folder."""
    folder = path.parent
    if not folder.is_dir():
        return f"no such file: {path}; there is no folder {folder}"
    near = nearest(path.name, (beside.name for beside in islice(folder.iterdir(), _MOST_NAMES)))
    return f"no such file: {path}{near or f'; in {folder.resolve()} no name is like it'}"
