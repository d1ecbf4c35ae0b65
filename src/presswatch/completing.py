"""What a shell completes: ids of outlets and runs, ids and words of stories. Read fast, for somebody waits with a key.

Shells evaluate what they are given, and headlines are words of strangers: only letters, digits and plain signs go out.
Nothing is written and no network asked, so of a bucket this machine's mirror is read, as it is. What cannot be read
completes nothing: a shell has no place for messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from presswatch.errors import PresswatchError
from presswatch.settings import load_settings

Completions = list[tuple[str, str]]  # what is completed, and a word on it

_MOST_STORIES = 50  # offered before anything was typed: a screenful
_LONGEST_REMARK = 50  # characters: with an id before it, it fits a terminal
_WORD = re.compile(r"\w[\w-]*")
_NOT_PLAIN = re.compile(r"[^\w.,-]+")


def complete_outlets(begun: str) -> Completions:
    """The outlets whose ids begin so, with their names."""
    from presswatch.outlets import load_outlets  # noqa: PLC0415 - of no use to the others

    try:
        outlets = load_outlets(load_settings().outlets_folder)
    except PresswatchError:
        return []
    return [(one.id, _plain(one.name)) for one in outlets.values() if one.id.startswith(begun)]


def complete_stories(data: str | None, begun: str) -> Completions:
    """The newest stories whose ids begin so, with their headlines; and words of headlines and topics.

    Cost: two columns of the table of stories, without pandas; a tenth of a second of 100,000 stories.
    """
    rows = sorted(_read(data, "stories", ["last_published_at", "story_id", "headline", "topics"]), reverse=True)
    found = [(one, _plain(headline)) for _, one, headline, _ in rows if one.startswith(begun)][:_MOST_STORIES]
    if not begun:
        return found
    words = {word for *_, headline, topics in rows for word in _WORD.findall(f"{headline} {topics}".casefold())}
    return [*found, *((word, "") for word in sorted(words) if word.startswith(begun))]


def complete_runs(data: str | None, begun: str) -> Completions:
    """The runs whose ids begin so, newest first, with their commands."""
    rows = sorted(_read(data, "runs", ["run_id", "command"]), reverse=True)
    return [(run_id, _plain(command)) for run_id, command in rows if run_id.startswith(begun)]


def _plain(text: str) -> str:
    """A remark that means nothing to any shell."""
    return " ".join(_NOT_PLAIN.sub(" ", text).split())[:_LONGEST_REMARK]


def _read(data: str | None, table: str, columns: list[str]) -> Iterator[tuple[str, ...]]:
    """Some columns of a stored table as text; nothing where they cannot be read."""
    import pyarrow as pa  # noqa: PLC0415 - of no use to outlets
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        folder = load_settings(data=data).data / "clean" / table
        tables = [pq.read_table(path, columns=columns) for path in sorted(Path(folder).glob("*.parquet"))]
    except (PresswatchError, OSError, pa.ArrowException):
        return
    for part in tables:
        for row in part.to_pylist():
            yield tuple("" if row[name] is None else str(row[name]) for name in columns)
