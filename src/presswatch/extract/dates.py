"""Printed and coded dates → moments in UTC, or nothing where they are impossible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from presswatch.extract.outline import node_text
from presswatch.extract.page import Page, parse_lxml

FIRST_YEAR = 1995  # no outlet was on the web before; an earlier date is one of the story told
_NO_BOUND = "2100-01-01"
LATEST_AHEAD = timedelta(days=2)  # clocks are wrong by hours, embargoes by a day

_PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "cxenseparse:recs:publishtime",
    "parsely-pub-date",
    "sailthru.date",
    "datepublished",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "date",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "citation_publication_date",
    "pdate",
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_TIME_SELECTORS = (
    "time[pubdate]",
    '[itemprop="datePublished"]',
    "time.entry-date:not(.updated), time.published, abbr.published",
    "article header time[datetime], header time[datetime]",
    "article time[datetime], main time[datetime]",
    "time[datetime]",
)
_MODIFIED_SELECTORS = ('[itemprop="dateModified"]', "time.updated, time.modified")
_URL_DATE = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d\d?)[/-](?P<day>\d\d?)(?=[/-])")
_PRINTED_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>20\d\d|199\d)-(?P<month>\d\d)-(?P<day>\d\d)\b",
        r"\b(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>20\d\d|199\d)\b",
        r"\b(?P<day>\d\d?)(?:\.|st|nd|rd|th|º)?\s(?:de\s)?(?P<month>[^\W\d]{3,10})\.?,?\s(?:de\s)?(?P<year>20\d\d|199\d)\b",
        r"\b(?P<month>[^\W\d]{3,10})\.?\s(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s(?P<year>20\d\d|199\d)\b",
        r"(?P<year>20\d\d|199\d)\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일]",
    )
)
_MONTH_STEMS = (
    ("jan", "jän", "ene", "gen"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "maa"),
    ("apr", "avr", "abr"),
    ("may", "mai", "maj", "mag", "mei"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"),
    ("sep", "set"),
    ("oct", "okt", "ott", "out"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z?)")
_LOOSE_ZONE = re.compile(r"\s*(?:(UTC|GMT|Z)|([+-]\d\d):?(\d\d))$")
_EXTRA_PRECISION = re.compile(r"(\.\d{6})\d+")


class Calendar:
    """Reads the dates of one page: what has no zone is of the outlet's, what is impossible is nothing."""

    def __init__(self, timezone: str, fetched_at: datetime | None) -> None:
        self._zone = ZoneInfo(timezone)
        self._latest = fetched_at + LATEST_AHEAD if fetched_at else None

    def read(self, text: object) -> datetime | None:
        """A moment in UTC from one coded date. A day without a time is its first moment in the outlet's zone."""
        moment = _parse(str(text).strip()) if isinstance(text, str | int) else None
        if moment is None:
            return None
        try:
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)
        except (OverflowError, ValueError):
            return None
        if moment.year < FIRST_YEAR or (self._latest and moment > self._latest):
            return None
        return moment

    def day_of(self, moment: datetime | None) -> date | None:
        """The day that a moment falls on where the outlet sits."""
        return moment.astimezone(self._zone).date() if moment else None

    def published(self, page: Page) -> datetime | None:
        """When the page says it was published.

        Order of trust: JSON-LD, meta tags, marked-up times, the address, a date printed under the headline, at last
        htmldate without its long search.
        """
        item = page.article_ld
        coded = [item.get(key) for key in ("datePublished", "dateCreated", "uploadDate")]
        coded += [page.meta(name) for name in _PUBLISHED_METAS]
        return (
            self._first(coded)
            or self._first(_times(page, _TIME_SELECTORS))
            or self._first([_url_date(page.url)])
            or self._first(_printed(page))
            or self._guess(page)
        )

    def modified(self, page: Page) -> datetime | None:
        """When the page says it was last changed. It may lie before its publication: outlets do that."""
        coded = [page.article_ld.get("dateModified"), *(page.meta(name) for name in _MODIFIED_METAS)]
        return self._first(coded) or self._first(_times(page, _MODIFIED_SELECTORS))

    def _first(self, values: object) -> datetime | None:
        return next((moment for value in values if (moment := self.read(value))), None)  # type: ignore[attr-defined]

    def _guess(self, page: Page) -> datetime | None:
        """By htmldate, with bounds of its own clock replaced by ours: a reading must not depend on today."""
        import htmldate  # noqa: PLC0415 - it takes 0.15 s to load, and most pages know their date

        latest = self._latest.date().isoformat() if self._latest else _NO_BOUND
        try:
            found = htmldate.find_date(
                parse_lxml(page.html),
                extensive_search=False,
                original_date=True,
                url=page.url or None,
                min_date=f"{FIRST_YEAR}-01-01",
                max_date=latest,
            )
        except (ValueError, TypeError, RecursionError):
            return None
        return self.read(found)


def _times(page: Page, selectors: tuple[str, ...]) -> Iterator[str]:
    for selector in selectors:
        for node in page.tree.css(selector):
            attributes = node.attributes
            yield attributes.get("datetime") or attributes.get("content") or attributes.get("title") or node_text(node)


def _printed(page: Page) -> Iterator[str]:
    """Dates printed under the headline, as ISO days. 3/4/2021 is left alone: half the world reads it the other way."""
    for line in page.opening:
        for pattern in _PRINTED_DATES:
            found = pattern.search(line)
            month = _month_number(found["month"]) if found else 0
            if found and month:
                yield f"{found['year']}-{month:02}-{int(found['day']):02}"


def _month_number(name: str) -> int:
    """1 … 12 for a month's number or its name in a language of Western Europe; 0 where it is none."""
    if name.isdigit():
        return int(name)
    folded = name.casefold().rstrip(".")
    return next((number for number, stems in enumerate(_MONTH_STEMS, 1) if folded.startswith(stems)), 0)


def _url_date(url: str) -> str | None:
    found = _URL_DATE.search(url)
    return "{year}-{month:0>2}-{day:0>2}".format(**found.groupdict()) if found else None


def _parse(text: str) -> datetime | None:
    """ISO 8601 and its common misspellings, RFC 2822, seconds since 1970."""
    mended = _LOOSE_ZONE.sub(_spell_zone, _EXTRA_PRECISION.sub(r"\1", text))
    for read, spelling in ((datetime.fromisoformat, mended), (_read_compact, text), (parsedate_to_datetime, text)):
        try:
            return read(spelling)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _spell_zone(found: re.Match[str]) -> str:
    return "+00:00" if found[1] else f"{found[2]}:{found[3]}"


_SECONDS_DIGITS, _MILLISECONDS_DIGITS = 10, 13  # since 2001


def _read_compact(text: str) -> datetime:
    """20220214, 202202141530; or 10 or 13 digits since 1970.

    Raises: ValueError where it is neither.
    """
    if text.isdigit() and len(text) in (_SECONDS_DIGITS, _MILLISECONDS_DIGITS):
        return datetime.fromtimestamp(int(text[:_SECONDS_DIGITS]), UTC)
    found = _COMPACT.fullmatch(text)
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    zone = UTC if found[7] else None
    return datetime.combine(datetime(year, month, day, tzinfo=zone), time(hour, minute, second), tzinfo=zone)
