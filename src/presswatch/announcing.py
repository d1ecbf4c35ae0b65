"""The news of a run: found in the tables before and after it, kept beside them, and published as a feed.

The list of entries lies in data/clean, so that it is committed with the tables that its news comes from: in a folder by
one journal, in a bucket under one manifest. Wherever a run is killed, tables and list tell of the same runs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from presswatch.errors import DamagedError
from presswatch.report import (
    FEED_NAME,
    Digest,
    Feed,
    add_news,
    feed_from_json,
    feed_to_json,
    find_news,
    follow_stories,
    render_feed,
)
from presswatch.storage import DataDir
from presswatch.tables.rows import split_cell
from presswatch.tables.shelf import Shelf

NEWS = ".news.json"  # in data/clean


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The tables before and after a run, the parts that it may have changed, and the stories that it compared."""

    before: Shelf
    after: Shelf
    parts: Collection[str]
    story_ids: Collection[str]
    is_anew: bool = False  # all tables were made of raw: those before may be damaged, and are not read
    is_forgetting: bool = False  # articles left for good, and what the feed says of their stories goes with them
    is_news: bool = True  # else nothing was brought in, and what is other now is our own doing


def stage_news(
    data: DataDir, stage: Path, turn: Turn, began: Feed, *, has_topics: bool
) -> tuple[Digest, Mapping[Path, Path]]:
    """Tell what is new, and write the list and the feed where they are other than before, or not there.

    Args: `began` is the feed that begins with this run, where there is none; its time is that of the new entries.
    Returns: the news, and the moves that publish the feed.
    Raises: DamagedError where the list cannot be read; not where all is made anew, which begins another.
    """
    digest = Digest()
    if turn.is_news and turn.story_ids:
        digest = find_news(turn.before, turn.after, turn.parts, turn.story_ids, has_topics=has_topics)
    stored = _read_feed(data, turn)
    feed = stored or began
    dropped = turn.story_ids if turn.is_forgetting else ()
    feed = follow_stories(feed, _find_moved(feed, turn), dropped)
    feed = add_news(feed, digest, began.updated_at)
    if feed == stored:
        return digest, {}
    return digest, {
        _write(stage / "news.json", feed_to_json(feed)): data.clean / NEWS,
        _write(stage / FEED_NAME, render_feed(feed)): data.report / FEED_NAME,
    }


def _read_feed(data: DataDir, turn: Turn) -> Feed | None:
    path = data.clean / NEWS
    try:
        return feed_from_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        if turn.is_anew:
            return None
        raise DamagedError(f"{path} is damaged ({error}); `presswatch rebuild` begins another") from error


def _find_moved(feed: Feed, turn: Turn) -> dict[str, str | None]:
    """The ids of stories in the feed that are of no story any more, each with the one that it is called now."""
    told = {entry.story_id for entry in feed.entries} - {""}
    parts = None if turn.is_anew else turn.parts
    now = turn.after.read("stories", parts, ["story_id", "aliases"]).to_pylist()
    if not turn.is_anew:
        told &= set(turn.before.read("stories", parts, ["story_id"])["story_id"].to_pylist())
    gone = told - {row["story_id"] for row in now}
    names = {alias: row["story_id"] for row in now for alias in split_cell(row["aliases"])}
    return {story_id: names.get(story_id) for story_id in gone}


def _write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path
