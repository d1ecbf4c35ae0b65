"""RSS, Atom and JSON Feed → entries. feedparser reads; a broken feed is read as far as it goes, and that is noted."""

from __future__ import annotations

import io
import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

import feedparser
from feedparser.encodings import RE_XML_PI_ENCODING
from w3lib.encoding import resolve_encoding

from presswatch.cleaning import WEB_CHARSETS
from presswatch.discover.said import Calendar, Entry, Reading, Stamp, read_title
from presswatch.errors import Code

MAX_FEED_BYTES = 5_000_000  # docs/architecture.md, limits: feedparser takes seconds for more

# What feedparser calls ill-formed, and what costs no entry: a charset or media type that is declared wrongly.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


def read_feed(body: bytes, url: str, calendar: Calendar) -> Reading:
    """The entries of a feed, relative addresses resolved against `url`, and where it says that older ones stand.

    That is a link of RFC 5005: `next` of a paged feed, `prev-archive` of an archived one; `next_url` of JSON Feed.

    Cost: 2 s for 5 MB of ordinary entries, 9 s for 76,000 empty ones; opens nothing.
    """
    if len(body) > MAX_FEED_BYTES:
        return Reading(fault=("too_large", f"a feed of {len(body):,} bytes; {MAX_FEED_BYTES:,} are read"))
    if body.removeprefix(BOM_UTF8).lstrip().startswith(b"{"):
        return _read_json(body, calendar)
    try:
        feed = _parse(body, url)
    except Exception as error:  # noqa: BLE001  feedparser's guesses about broken input let out what they ran into
        return Reading(fault=("bad_document", f"no feed can be read: {error}"))
    entries = [entry for item in feed.entries if (entry := _read_entry(item, calendar))]
    if not feed.get("version") and not entries:
        return Reading(fault=("bad_document", "neither RSS nor Atom nor JSON Feed"))
    following, is_wordpress = _find_following(feed), _is_wordpress(feed)
    if feed.bozo and not isinstance(feed.bozo_exception, _HARMLESS):
        broken = f"broken, read as far as it goes ({len(entries)} entries): {feed.bozo_exception}"
        fault: tuple[Code, str] | None = ("bad_document", broken)
    else:
        fault = None
    return Reading(entries=entries, following=following, is_wordpress=is_wordpress, fault=fault)


def _parse(body: bytes, url: str) -> Any:
    # a stream: bytes and texts are tried as file names and addresses first
    return feedparser.parse(
        io.BytesIO(_without_odd_charset(body)), response_headers={"content-location": url}, sanitize_html=False
    )


def _without_odd_charset(body: bytes) -> bytes:
    """A feed that names no charset but those of the web: feedparser decodes by any codec that Python has.

    A byte order mark says more than the name does.
    """
    bare = body.removeprefix(BOM_UTF8)
    found = RE_XML_PI_ENCODING.match(bare)
    if found is None:
        return bare
    charset = resolve_encoding(found[1].decode("latin-1")) or ""
    is_known = charset in WEB_CHARSETS or charset.startswith(("utf-16", "utf-32"))
    return bare if is_known and bare is body else bare[: found.start(1)] + b"utf-8" + bare[found.end(1) :]


def _find_following(feed: Any) -> str:
    links = feed.feed.get("links") or ()
    by_rel = {str(link.get("rel")).lower(): str(link.get("href") or "") for link in reversed(links)}
    return by_rel.get("next") or by_rel.get("prev-archive") or ""


def _is_wordpress(feed: Any) -> bool:
    told = feed.feed.get("generator_detail") or {}
    named = f"{feed.feed.get('generator') or ''} {told.get('href') or ''} {told.get('name') or ''}".lower()
    return "wordpress.org" in named or "wordpress.com" in named


def _read_json(body: bytes, calendar: Calendar) -> Reading:
    """A JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Reading(fault=("bad_document", f"no JSON: {error}"))
    items = feed.get("items")
    if not isinstance(items, list):
        return Reading(fault=("bad_document", "JSON without items: no JSON Feed"))
    entries = [entry for item in items if isinstance(item, dict) and (entry := _read_item(item, calendar))]
    return Reading(entries=entries, following=_text(feed, "next_url"))


def _read_item(item: Mapping[str, Any], calendar: Calendar) -> Entry | None:
    url = _text(item, "url")
    if not url:
        return None
    published, modified = (calendar.read(_text(item, name)) for name in ("date_published", "date_modified"))
    return Entry(url, read_title(item.get("title")), published, modified)


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


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
