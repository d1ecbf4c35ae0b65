"""Printed and coded dates → moments in UTC, or nothing where they are impossible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from presswatch.extract.decode import clean_line
from presswatch.extract.outline import node_text
from presswatch.extract.page import Found, Page, parse_lxml
from presswatch.extract.place import Place
from presswatch.model import Evidence

FIRST_YEAR = 1995  # no outlet was on the web before; an earlier date is one of the story told
_NO_BOUND = "2100-01-01"
LATEST_AHEAD = timedelta(days=2)  # clocks are wrong by hours, embargoes by a day

_PUBLISHED_KEYS = ("datePublished", "dateCreated", "uploadDate")
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
    "citation_publication_date",
    "pdate",
)
# Systems fill these with the day of the last change too: what is printed under the headline is believed before them.
_LOOSE_METAS = (
    "date",
    "dc.date",
    "dcterms.date",
    "pubdate",
    "pub_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "publicationdate",
    "publication_date",
)
_MODIFIED_METAS = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "last-modified",
)
_PUBLISHED_SELECTOR = (
    '[itemprop~="datePublished"], time[pubdate], time.entry-date:not(.updated), time.published:not(.updated), '
    'abbr.published, span[property~="dc:created"], span[property~="schema:dateCreated"]'
)
_MODIFIED_SELECTOR = '[itemprop~="dateModified"], time.updated, time.modified'
_DATED_SELECTOR = (
    'time, [class*="date" i], [class*="time" i], [class*="publish" i], [class*="posted" i], [class*="meta" i]'
)
_MOST_DATED = 40  # elements asked for a date; an index has hundreds
_MOST_CODED_CHARS = 100  # of a date for machines, white space included; more is a trap
_NOTED_CHARS = 40  # of a date that is dropped
_DATED_CHARS = 120  # a longer element holds more than a date
_DATE_LINE_CHARS = 60  # away from the headline a longer line tells of something that happened

_URL_DATE = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d\d?)[/-](?P<day>\d\d?)(?=[/-])")
_HAS_YEAR = re.compile(r"20\d\d|199\d|\d\.\d\d\.\d\d")
_YEAR = r"(?P<year>20\d\d|199\d)"
_PRINTED_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d){_YEAR}(?P<sign>[-/.])(?P<month>\d\d?)(?P=sign)(?P<day>\d\d?)(?!\d)",
        rf"(?<!\d)(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?{_YEAR}(?!\d)",
        r"(?<![\d.])(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d\d)(?![\d.])",
        rf"\b(?P<day>\d\d?)(?:\.|st|nd|rd|th|er|º)?\s(?:de\s|of\s)?(?P<month>[^\W\d]{{3,12}})\.?,?\s(?:de\s)?{_YEAR}(?!\d)",
        rf"\b(?P<month>[^\W\d]{{3,10}})\.?\s(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)",
        rf"{_YEAR}\s?[年년]\s?(?P<month>\d\d?)\s?[月월]\s?(?P<day>\d\d?)\s?[日일]",
    )
)
_SLASHED = re.compile(rf"(?<!\d)(?P<first>\d\d?)/(?P<second>\d\d?)/{_YEAR}(?!\d)")
_MONTHS = 12
_AMERICAN_CLOCK = re.compile(
    r"\d ?[ap]\.?m\.? ?\(?(?:[ECMP][SD]?T)\b", re.IGNORECASE
)  # who writes so puts the month first
# Where English is written and the day stands first. `en-US` is what systems say when nobody told them.
_DAY_FIRST_HOSTS = frozenset("uk au nz ie in za".split())
_DAY_FIRST_LANGUAGES = frozenset({"en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za"})
# Lines whose date is another thing's: a reader's, a book's, a film's.
_OTHER_DATE = re.compile(
    r"regist|joined|member since|mitglied seit|erscheinungsdatum|release|birth|born|geboren", re.IGNORECASE
)
_CHANGED = re.compile(
    r"\W*(?:last )?(?:updated|modified|(?:zuletzt )?aktualisiert|mis à jour|modifiée?|actualizado|aggiornato)\b",
    re.IGNORECASE,
)
_CHANGE_WORDS = r"(?:updated|modified|aktualisiert|mis(?:e)? à jour|modifiée?|actualizado|aggiornato)"
# The part of a line that tells of a change, up to the sign or label of the next one.
_CHANGE = re.compile(
    rf"\b(?:(?:last|zuletzt) )?{_CHANGE_WORDS}\b.*?"
    r"(?=$|\s[|·•]|\b(?:first |originally )?(?:published|posted|veröffentlicht|publiée?|publicado|pubblicato)\b)",
    re.IGNORECASE,
)
# The same label at a line's end: what its `time` element says for machines is the next line.
_CHANGE_LABEL = re.compile(rf"\b{_CHANGE_WORDS}\b(?: (?:on|at|am|le|el|il))?\W*$", re.IGNORECASE)
_LINES_BEHIND_CHANGE = 3  # where publication is looked for before the day of a change is taken for it
_MONTH_STEMS = (
    ("jan", "jän", "ene", "gen", "sty", "янв"),
    ("feb", "fév", "fev", "lut", "фев"),
    ("mar", "mär", "mrz", "maa", "мар"),
    ("apr", "avr", "abr", "kwi", "апр"),
    ("may", "mai", "maj", "mag", "mei", "май", "мая"),
    ("jun", "juin", "giu", "cze", "июн"),
    ("jul", "juil", "lug", "lip", "июл"),
    ("aug", "aoû", "aou", "ago", "sie", "авг"),
    ("sep", "set", "wrz", "сен"),
    ("oct", "okt", "ott", "out", "paź", "окт"),
    ("nov", "lis", "ноя"),
    ("dec", "dez", "déc", "dic", "gru", "дек"),
)
_ISO_DAY = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z?)")
_HALF_DAY = re.compile(r"\b(?P<hour>0?\d|1[0-2])(?P<minutes>:\d\d(?::\d\d)?)?\s?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_MOST_DAY_CHARS = 40  # of a day in words; more is a sentence
_LOOSE_ZONE = re.compile(r"\s*(?:(UTC|GMT|Z)|([+-]\d\d):?(\d\d))$")
_EXTRA_PRECISION = re.compile(r"(\.\d{6})\d+")

# Countries of one clock: the zone of a page of an outlet that no file describes. Others are read as UTC.
_ZONES = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "ch": "Europe/Zurich", "cz": "Europe/Prague", "de": "Europe/Berlin",
    "dk": "Europe/Copenhagen", "es": "Europe/Madrid", "fi": "Europe/Helsinki", "fr": "Europe/Paris",
    "gr": "Europe/Athens", "hu": "Europe/Budapest", "ie": "Europe/Dublin", "in": "Asia/Kolkata", "it": "Europe/Rome",
    "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "lu": "Europe/Luxembourg", "nl": "Europe/Amsterdam", "no": "Europe/Oslo",
    "nz": "Pacific/Auckland", "pl": "Europe/Warsaw", "pt": "Europe/Lisbon", "se": "Europe/Stockholm",
    "tr": "Europe/Istanbul", "tw": "Asia/Taipei", "uk": "Europe/London", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}  # fmt: skip


def zone_of(host: str) -> str:
    """The time zone of a host's country, where that has one and the host is named after it; else UTC.

    >>> zone_of("gazette.example.de"), zone_of("gazette.example")
    ('Europe/Berlin', 'UTC')
    """
    return _ZONES.get(host.rpartition(".")[2], "UTC")


class Calendar:
    """Reads the dates of one page: what has no zone is of the outlet's, what is impossible is nothing.

    `dropped` tells of the impossible ones that were met, each with the reason.
    """

    def __init__(self, timezone: str, fetched_at: datetime | None) -> None:
        self._zone = ZoneInfo(timezone)
        self._latest = fetched_at + LATEST_AHEAD if fetched_at else None
        self.dropped: list[Evidence] = []
        self._midnights: set[datetime] = set()  # as written, in whatever zone

    def read(self, text: object) -> datetime | None:
        """A moment in UTC from one coded date. A day without a time is its first moment in the outlet's zone."""
        moment = self._moment(text)
        return moment if moment and not self._fault(moment) else None

    def day_of(self, moment: datetime | None) -> date | None:
        """The day that a moment falls on where the outlet sits."""
        return self._there(moment).date() if moment else None

    def is_day(self, moment: datetime) -> bool:
        """Whether a moment stands for a whole day: it is midnight sharp as it was written, for the outlet, or in UTC.

        A piece that did come out at midnight to the second is thought less exact than it is; that does less harm.
        """
        return moment in self._midnights or time() in (moment.time(), self._there(moment).time())

    def _there(self, moment: datetime) -> datetime:
        try:
            return moment.astimezone(self._zone)
        except OverflowError:  # the last hours of the year 9999, or the first of the year 1
            return moment

    def published(self, page: Page, place: Place) -> Found[datetime] | None:
        """When the page says it was published.

        Order of trust: JSON-LD, meta tags made for it, times marked up as publication, what stands around the headline,
        other meta tags and marked dates, the address, other JSON-LD objects, a short line with a date, at last htmldate
        without its long search.
        """
        found = self._first("published_at", _published(page, place))
        # htmldate would make another date of a part of one that was dropped
        return found or (None if self.dropped else self._guess(page))

    def modified(self, page: Page, place: Place) -> Found[datetime] | None:
        """When the page says it was last changed. It may lie before its publication: outlets do that."""
        return self._first("modified_at", _modified(page, place))

    def printed(self, lines: Iterable[str]) -> tuple[Found[datetime] | None, Found[datetime] | None]:
        """When lines of plain text say that it was published, and last changed: those that begin with "Updated"."""
        published, changed = list[tuple[str, object]](), list[tuple[str, object]]()
        for line in lines:
            told = changed if _CHANGED.match(line) else published
            told += (("printed", day) for day in _printed(line, day_first=False))
        return self._first("published_at", published), self._first("modified_at", changed)

    def _first(self, field: str, values: Iterable[tuple[str, object]]) -> Found[datetime] | None:
        for source, text in values:
            moment = self._moment(text)
            fault = self._fault(moment) if moment else ""
            if moment and not fault:
                return Found(moment, source)
            if moment:
                note = f"{clean_line(str(text))[:_NOTED_CHARS]} dropped: {fault}"
                self.dropped.append(Evidence(field=field, source=source, note=note))
        return None

    def _moment(self, text: object) -> datetime | None:
        is_short = isinstance(text, int) or (isinstance(text, str) and len(text) <= _MOST_CODED_CHARS)
        moment = _parse(str(text).strip()) if is_short else None
        try:
            told = (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC) if moment else None
        except (OverflowError, ValueError):
            return None
        if moment and told and moment.time() == time():
            self._midnights.add(told)
        return told

    def _fault(self, moment: datetime) -> str:
        if moment.year < FIRST_YEAR:
            return f"before {FIRST_YEAR}"
        return "later than it was fetched" if self._latest and moment > self._latest else ""

    def _guess(self, page: Page) -> Found[datetime] | None:
        """By htmldate, with bounds of its own clock replaced by ours: a reading must not depend on today.

        Asked for articles that hold a coded date somewhere. On other pages it gives the dates of comments and teasers.
        """
        if not (page.is_declared_article and _ISO_DAY.search(page.html)):
            return None
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
        return self._first("published_at", [("htmldate", found)])


def _published(page: Page, place: Place) -> Iterator[tuple[str, object]]:
    """Dates of publication as written, the most trusted first; each is looked for when those before it gave none."""
    day_first = _puts_day_first(page)
    for coded in map(page.article_ld.get, _PUBLISHED_KEYS):
        yield "json-ld", coded
        if isinstance(coded, str) and len(coded) <= _MOST_DAY_CHARS:  # some code what readers see: "May 3, 2022"
            yield from (("json-ld", day) for day in _printed(coded, day_first=day_first))
    yield from ((f"meta {name}", page.meta(name)) for name in _PUBLISHED_METAS)
    yield from (("microdata", text) for text in _marked(page, place, _PUBLISHED_SELECTOR, day_first=day_first))
    for line in _without_changes(place.opening):
        if _ISO_DAY.match(line):
            yield "time", line
        yield from (("printed", text) for text in _printed(line, day_first=day_first))
    yield from ((f"meta {name}", page.meta(name)) for name in _LOOSE_METAS)
    yield from (("time", text) for text in _marked(page, place, _DATED_SELECTOR, day_first=day_first))
    yield "address", _url_date(page.url)
    yield from (("json-ld", item.get("datePublished")) for item in page.json_ld)
    dated = (line for line in place.lines if len(line) <= _DATE_LINE_CHARS)
    yield from (("printed", text) for line in dated for text in _printed(line, day_first=day_first))


def _modified(page: Page, place: Place) -> Iterator[tuple[str, object]]:
    yield "json-ld", page.article_ld.get("dateModified")
    yield from ((f"meta {name}", page.meta(name)) for name in _MODIFIED_METAS)
    day_first = _puts_day_first(page)
    for text in _marked(page, place, _MODIFIED_SELECTOR, day_first=day_first):
        yield "microdata", text
    for line, following in pairwise(place.opening):
        if _CHANGE_LABEL.search(line) and _ISO_DAY.match(following):
            yield "time", following
    changes = (found[0] for line in place.opening if (found := _CHANGE.search(line)))
    yield from (("printed", text) for change in changes for text in _printed(change, day_first=day_first))


def _without_changes(lines: Iterable[str]) -> Iterator[str]:
    """The lines near a headline without what they tell of changes; those that tell nothing else some lines later."""
    ordered = list[tuple[int, str]]()
    for number, line in enumerate(lines):
        rest = _CHANGE.sub(" ", line)
        is_change = rest != line and not _HAS_YEAR.search(rest)
        ordered.append((number + _LINES_BEHIND_CHANGE, line) if is_change else (number, rest))
    yield from (line for _, line in sorted(ordered, key=lambda pair: pair[0]))


def _marked(page: Page, place: Place, selector: str, *, day_first: bool) -> Iterator[str]:
    """What marked elements that stand at the article say, for machines and for readers."""
    for node in page.tree.css(selector)[:_MOST_DATED]:
        if place.is_apart(node):
            continue
        attributes = node.attributes
        yield from filter(None, (attributes.get("datetime"), attributes.get("content"), attributes.get("title")))
        if len(node.text()) <= _DATED_CHARS:
            yield from _printed(node_text(node), day_first=day_first)


def _puts_day_first(page: Page) -> bool:
    """Whether 4/5/2021 is the fourth of May, by the page's host and language; False where that cannot be told."""
    language = (page.language or "").lower().replace("_", "-")
    is_told = page.host.rpartition(".")[2] in _DAY_FIRST_HOSTS or language in _DAY_FIRST_LANGUAGES
    return is_told or (bool(language) and not language.startswith("en"))


def _printed(line: str, *, day_first: bool) -> Iterator[str]:
    """Dates printed in a line, as ISO days. 4/5/2021 is left alone where half the world would read it the other way."""
    if not _HAS_YEAR.search(line) or _OTHER_DATE.search(line):
        return
    for pattern in _PRINTED_DATES:
        found = pattern.search(line)
        month = _month_number(found["month"]) if found else 0
        if found and month:
            year = f"20{found['year']}"[-4:]  # some print two digits
            yield f"{year}-{month:02}-{int(found['day']):02}"
    slashed = _SLASHED.search(line)
    if slashed:
        first, second = int(slashed["first"]), int(slashed["second"])
        if second > _MONTHS or (not day_first and _AMERICAN_CLOCK.search(line)):
            yield f"{slashed['year']}-{first:02}-{second:02}"
        elif first > _MONTHS or day_first or first == second:
            yield f"{slashed['year']}-{second:02}-{first:02}"


def _month_number(name: str) -> int:
    """1 … 12 for a month's number or its name in a language of Europe's west, Poland and Russia; 0 where it is none."""
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
    dated = _HALF_DAY.sub(_spell_hour, text)  # "2:30 PM", which the email module takes for half past two at night
    for read, spelling in ((datetime.fromisoformat, mended), (_read_compact, text), (parsedate_to_datetime, dated)):
        try:
            return read(spelling)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _spell_hour(found: re.Match[str]) -> str:
    hour = int(found["hour"]) % 12 + (12 if found["half"] in "pP" else 0)
    return f"{hour:02}{found['minutes'] or ':00'}"


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
