"""RSS and Atom → entries. feedparser reads; a broken feed is read as far as it goes, and that is noted."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import feedparser

from presswatch.discover.said import Calendar, Entry, Reading, Stamp, read_title

MAX_FEED_BYTES = 5_000_000  # docs/architecture.md, limits: feedparser takes seconds for more

# What feedparser calls ill-formed, and what costs no entry: a charset or media type that is declared wrongly.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


def read_feed(body: bytes, url: str, calendar: Calendar) -> Reading:
    """The entries of an RSS or Atom feed, relative addresses resolved against `url`.

    Cost: 2 s for 5 MB of ordinary entries, 9 s for 76,000 empty ones; opens nothing.
    """
    if len(body) > MAX_FEED_BYTES:
        return Reading(fault=("too_large", f"a feed of {len(body):,} bytes; {MAX_FEED_BYTES:,} are read"))
    try:
        feed = _parse(body, url)
    except Exception as error:  # noqa: BLE001  feedparser's guesses about broken input let out what they ran into
        return Reading(fault=("bad_document", f"no feed can be read: {error}"))
    entries = [entry for item in feed.entries if (entry := _read_entry(item, calendar))]
    if not feed.get("version") and not entries:
        return Reading(fault=("bad_document", "neither RSS nor Atom"))
    if feed.bozo and not isinstance(feed.bozo_exception, _HARMLESS):
        broken = f"broken, read as far as it goes ({len(entries)} entries): {feed.bozo_exception}"
        return Reading(entries=entries, fault=("bad_document", broken))
    return Reading(entries=entries)


def _parse(body: bytes, url: str) -> Any:
    # a stream: bytes and texts are tried as file names and addresses first
    return feedparser.parse(io.BytesIO(body), response_headers={"content-location": url}, sanitize_html=False)


def _read_entry(item: Mapping[str, Any], calendar: Calendar) -> Entry | None:
    link = item.get("feedburner_origlink") or item.get("link")
    if not isinstance(link, str) or not link:
        return None
    return Entry(
        url=link,
        title=read_title(item.get("title")),
        published=_read_date(item, "published", calendar),
        modified=_read_date(item, "updated", calendar),
    )


def _read_date(item: Mapping[str, Any], name: str, calendar: Calendar) -> Stamp | None:
    """A date of an entry. feedparser takes a date without zone for UTC, so the printed text is asked first."""
    if name not in item:  # `get` would hand out `published` where `updated` is missing
        return None
    stamp = calendar.read(str(item[name]))
    parsed = item.get(f"{name}_parsed")
    if stamp or not parsed:
        return stamp
    return calendar.read("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6]))
