"""What a feed or sitemap says of an address, and when it says it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from html import unescape
from typing import NamedTuple

from w3lib.html import remove_tags

from presswatch.errors import Code
from presswatch.model import Window

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no outlet stood on the web before
AHEAD = timedelta(days=2)  # a clock or zone may be wrong by so much, not by more
DAY = timedelta(days=1)
_LONGEST_DAY = timedelta(hours=25)  # when summer time ends

_MOST_TITLE_CHARS = 1000  # a title; a feed may hold megabytes of one
# controls, marks that turn the direction of reading, and half surrogates, which JSON can hold and no database
_NO_TITLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
_LONE_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$|Z$)")


class Stamp(NamedTuple):
    """A stretch of time, half-open: `2022-03` is a month, `2022-03-01` a day, a full time one moment."""

    start: datetime
    end: datetime

    @property
    def moment(self) -> datetime | None:
        """The start; a month or a year tells no day, and gives nothing."""
        return self.start if self.end - self.start <= _LONGEST_DAY else None

    def may_be_near(self, other: Stamp) -> bool:
        """Whether it comes within a day of another stretch: the zone of one of them may not be known."""
        return self.start - DAY < other.end and other.start < self.end + DAY

    def may_be_in(self, window: Window) -> bool:
        """Whether it has a moment in common with a window."""
        return self.start < window.until and (self.end > window.since or self.start in window)


class Entry(NamedTuple):
    """An address, with what one document says of it."""

    url: str
    title: str | None = None
    published: Stamp | None = None
    modified: Stamp | None = None
    listed_as: str = ""  # how it was spelt, where `url` is tidier


def read_title(text: object) -> str | None:
    """A title without markup, on one line; None where there is none."""
    if not isinstance(text, str):
        return None
    bare = _NO_TITLE.sub(" ", unescape(remove_tags(text)))
    return " ".join(bare.split())[:_MOST_TITLE_CHARS].rstrip() or None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one document gave: articles, further documents, and what was wrong with it. A fault leaves what was read."""

    entries: Sequence[Entry] = ()
    children: Sequence[Entry] = ()
    following: str = ""  # the page of older entries that it names, as written
    is_wordpress: bool = False  # a feed that says WordPress made it
    fault: tuple[Code, str] | None = None


def stretch(zone: tzinfo, year: str, month: str | None, day: str | None) -> Stamp:
    """A whole year, month or day of a zone.

    Raises: ValueError or OverflowError where the calendar has no such day.
    """
    start = datetime(int(year), int(month or 1), int(day or 1), tzinfo=zone)
    if day:
        end = start + DAY
    elif month:
        end = (start + 31 * DAY).replace(day=1)
    else:
        end = start.replace(year=start.year + 1)
    return Stamp(start.astimezone(UTC), end.astimezone(UTC))


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """What a printed date needs besides itself: the zone of dates without one, and the last moment to believe."""

    zone: tzinfo
    now: datetime

    def read(self, text: str | None) -> Stamp | None:
        """A date as feeds and sitemaps print it (W3C, ISO 8601, RFC 822); nothing where it is none or out of range."""
        text = " ".join((text or "").split())
        try:
            stamp = self._read_lone(text) or self._read_full(text)
        except (ValueError, OverflowError):  # the 30th of February, the year 0, the end of year 9999
            return None
        return stamp if stamp and EARLIEST <= stamp.start <= self.now + AHEAD else None

    def _read_lone(self, text: str) -> Stamp | None:
        return stretch(self.zone, *found.groups()) if (found := _LONE_DATE.fullmatch(text)) else None

    def _read_full(self, text: str) -> Stamp | None:
        moment = _read_iso(text) or _read_rfc822(text)
        if moment is None:
            return None
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        return Stamp(moment, moment)


def _read_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", text))
    except ValueError:
        return None


def _read_rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text.replace(" -0000", " +0000"))  # "UTC", which the library takes for no zone
    except (ValueError, TypeError, IndexError):  # the library's parser lets the last two out on odd input
        return None
