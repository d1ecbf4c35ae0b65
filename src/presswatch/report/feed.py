"""The news of runs as an Atom feed (RFC 4287), an entry a story and run. Pure.

A `Feed` is kept beside the tables as JSON, and `feed.xml` is made of it each time: what feed readers see is never read
back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment

from presswatch.model import make_id
from presswatch.report.digest import Digest, StoryNews
from presswatch.report.jinja import make_environment
from presswatch.report.wording import compare_words, tell_count
from presswatch.urls import is_web

FEED_NAME = "feed.xml"
_VERSION = 1  # of the stored form
_SHOWN = 12  # of each kind in an entry: more would reprint the article, which is not ours to do
_MOST_ENTRIES = 200  # two digests of the largest size; some 400 kB, and pollers keep what they have seen
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, Char
_NOBODY = "presswatch.invalid"  # RFC 2606: a name that is nobody's, where no contact says whose the feed is


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry: what was new in a story when a run ended, or how many stories a run brought (`story_id` is empty)."""

    entry_id: str
    updated_at: datetime
    story_id: str
    title: str
    summary: str
    content: str  # HTML
    authors: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The feed of a data folder: its id for ever, and its entries, newest first."""

    feed_id: str
    updated_at: datetime
    entries: tuple[Entry, ...] = ()


def begin_feed(contact: str | None, run_id: str, began_at: datetime) -> Feed:
    """An empty feed, whose id is a tag URI (RFC 4151) of the contact's host, the day and the run."""
    host = urlsplit(contact).hostname if contact and is_web(contact) else None
    authority = host if host and _HOST.fullmatch(host) else _NOBODY
    return Feed(feed_id=f"tag:{authority},{began_at:%Y-%m-%d}:presswatch/{run_id}", updated_at=began_at)


def add_news(feed: Feed, digest: Digest, told_at: datetime) -> Feed:
    """The feed with a digest's entries before the others; the oldest go where there are too many.

    An entry's id is made of what is new in its story. A run that tells the same news again, as after a kill, gives the
    same ids, and an entry that is there already is replaced.
    """
    if not digest:
        return feed
    entries = [_make_entry(feed, news, told_at) for news in digest.stories]
    if digest.is_first or digest.story_count > len(digest.stories):
        entries.append(_make_count(feed, digest, told_at))
    known = {entry.entry_id for entry in entries}
    older = [entry for entry in feed.entries if entry.entry_id not in known]
    return replace(feed, updated_at=told_at, entries=tuple([*entries, *older][:_MOST_ENTRIES]))


def follow_stories(feed: Feed, moved: Mapping[str, str | None], dropped: Collection[str] = ()) -> Feed:
    """The feed as stories have got other ids: entries lead to the new ones.

    Those of stories that are no more (None), or whose news is not to be told any longer, go; `dropped` has new ids.
    """
    entries = (replace(one, story_id=moved.get(one.story_id, one.story_id) or "") for one in feed.entries)
    kept = (
        now
        for was, now in zip(feed.entries, entries, strict=True)
        if now.story_id not in dropped and (now.story_id or not was.story_id)
    )
    return replace(feed, entries=tuple(kept))


def render_feed(feed: Feed) -> str:
    """The feed as Atom. Links are relative: it lies beside the pages."""
    return _NO_XML.sub("", _templates().get_template("feed.xml.j2").render(feed=feed, name=FEED_NAME))


def feed_to_json(feed: Feed) -> str:
    """The feed as it is stored."""
    content = {"version": _VERSION, **asdict(feed)}
    return json.dumps(content, default=datetime.isoformat, ensure_ascii=False, indent=0)


def feed_from_json(text: str) -> Feed:
    """What `feed_to_json` stored.

    Raises: ValueError where it is damaged, or of another version.
    """
    try:
        told = json.loads(text)
        if told["version"] != _VERSION:
            raise ValueError(f"version {told['version']}, and this presswatch reads {_VERSION}")
        return Feed(
            feed_id=told["feed_id"],
            updated_at=datetime.fromisoformat(told["updated_at"]),
            entries=tuple(map(_read_entry, told["entries"])),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _read_entry(told: Mapping[str, Any]) -> Entry:
    lists = {"authors": tuple(told["authors"]), "topics": tuple(told["topics"])}
    return Entry(**{**told, **lists, "updated_at": datetime.fromisoformat(told["updated_at"])})


def _make_entry(feed: Feed, news: StoryNews, told_at: datetime) -> Entry:
    what = [
        *(article.article_id for article in news.articles),
        *(claim.claim_id for claim in news.claims),
        *(part for one in news.differences for part in (one.kind, one.value_a, one.value_b)),
        *(
            part
            for one in news.revisions
            for part in (one.article_id, *(text for change in one.changes for text in (change.before, change.after)))
        ),
    ]
    return Entry(
        entry_id=f"{feed.feed_id}/{news.story_id}/{make_id(*what)}",
        updated_at=told_at,
        story_id=news.story_id,
        title=news.headline,
        summary=news.summary,
        content=_templates().get_template("news.html.j2").render(news=news),
        authors=_authors(news),
        topics=news.topics,
    )


def _authors(news: StoryNews) -> tuple[str, ...]:
    """The outlets whose words are new."""
    told = [*(one.outlet for one in news.articles), *(one.outlet for one in news.revisions)]
    told += [outlet for one in news.differences for outlet in (one.outlet_a, one.outlet_b)]
    return tuple(dict.fromkeys(told))


def _make_count(feed: Feed, digest: Digest, told_at: datetime) -> Entry:
    """An entry for what is not told story by story."""
    rest = digest.story_count - len(digest.stories)
    title = digest.summary if digest.is_first else f"{tell_count(rest, 'more story', 'more stories')} with news"
    return Entry(
        entry_id=f"{feed.feed_id}/{told_at:%Y%m%dT%H%M%SZ}",
        updated_at=told_at,
        story_id="",
        title=title,
        summary=digest.summary,
        content=_templates().get_template("count.html.j2").render(digest=digest, title=title),
        authors=(),
        topics=tuple(digest.topic_counts),
    )


@cache
def _templates() -> Environment:
    environment = make_environment({"tell_count": tell_count, "compare_words": compare_words, "shown": _SHOWN})
    environment.filters["rfc3339"] = _tell_moment
    return environment


def _tell_moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
