"""Dates in many forms and zones: what is rendered is read, and what cannot be is nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.discover.said import AHEAD, EARLIEST
from presswatch.discover.said import Calendar as Said
from presswatch.extract import extract_article
from presswatch.extract.dates import FIRST_YEAR, LATEST_AHEAD, Calendar

FETCHED = datetime(2026, 3, 14, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
# whole seconds, which all forms have; between what is too old and what lies ahead
MOMENTS = st.datetimes(datetime(1995, 1, 2), datetime(2026, 3, 13), timezones=ZONES).map(  # noqa: DTZ001  # bounds of it
    lambda moment: moment.replace(microsecond=0)
)
FORMS = {
    "iso": datetime.isoformat,
    "iso with a space": lambda moment: moment.isoformat(" "),
    "iso in UTC": lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "zone without a colon": lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S%z"),
    "milliseconds": lambda moment: moment.isoformat(timespec="milliseconds"),
    "rfc 822": format_datetime,
    "rfc 822 in GMT": lambda moment: format_datetime(moment.astimezone(UTC), usegmt=True),
    "rfc 822 without a day": lambda moment: format_datetime(moment).partition(", ")[2],
}


def article(head: str) -> str:
    words = "The keeper of the lighthouse rows home before the fog comes in from the west again. " * 8
    return (
        f"<title>Fog</title><meta property=og:type content=article>{head}<h1>Fog</h1><article><p>{words}</p></article>"
    )


@pytest.mark.parametrize("form", FORMS)
@given(moment=MOMENTS)
def test_a_moment_is_read_as_it_is_rendered(form: str, moment: datetime) -> None:
    text = FORMS[form](moment)
    assert Calendar("Europe/Berlin", FETCHED).read(text) == moment
    stamp = Said(zone=BERLIN, now=FETCHED).read(text)
    assert stamp is not None
    assert stamp.moment == moment


@given(st.datetimes(datetime(1995, 1, 2), datetime(2026, 3, 13)).map(lambda moment: moment.replace(microsecond=0)))  # noqa: DTZ001  # without zone, as printed
def test_what_has_no_zone_is_of_the_outlet(moment: datetime) -> None:
    expected = moment.replace(tzinfo=BERLIN).astimezone(UTC)
    assert Calendar("Europe/Berlin", FETCHED).read(moment.isoformat()) == expected
    stamp = Said(zone=BERLIN, now=FETCHED).read(moment.isoformat())
    assert stamp is not None
    assert stamp.start == expected


@given(st.dates(date(1995, 1, 2), date(2026, 3, 13)))
def test_a_day_is_the_whole_of_it_where_the_outlet_sits(day: date) -> None:
    calendar = Calendar("Europe/Berlin", FETCHED)
    moment = calendar.read(day.isoformat())
    assert calendar.day_of(moment) == day
    assert moment is not None
    assert calendar.is_day(moment)
    stamp = Said(zone=BERLIN, now=FETCHED).read(day.isoformat())
    assert stamp is not None
    assert timedelta(hours=23) <= stamp.end - stamp.start <= timedelta(hours=25)
    assert stamp.start <= stamp.end
    assert stamp.start.astimezone(BERLIN).date() == day


ODD = st.text(max_size=40) | st.text("0123456789-:+TZ./, GMTapm", max_size=40) | st.integers().map(str)


@given(ODD)
def test_no_text_is_an_error_and_no_date_is_out_of_range(text: str) -> None:
    moment = Calendar("Asia/Tokyo", FETCHED).read(text)
    assert moment is None or (moment.year >= FIRST_YEAR and moment <= FETCHED + LATEST_AHEAD)
    stamp = Said(zone=ZoneInfo("Asia/Tokyo"), now=FETCHED).read(text)
    assert stamp is None or (EARLIEST <= stamp.start <= FETCHED + AHEAD and stamp.start <= stamp.end)


# RFC 822 has years of two digits: 0026 is 2026
OUTSIDE = st.datetimes(datetime(100, 1, 1), datetime(1994, 12, 31), timezones=ZONES) | st.datetimes(  # noqa: DTZ001  # bounds
    datetime(2026, 3, 18),  # noqa: DTZ001  # the same
    datetime(9999, 12, 31),  # noqa: DTZ001  # the same
    timezones=ZONES,
)


@given(OUTSIDE, st.sampled_from(list(FORMS)))
def test_what_lies_outside_is_nothing(moment: datetime, form: str) -> None:
    try:
        text = FORMS[form](moment)
    except OverflowError:  # past the ends of the calendar in UTC
        return
    assert Calendar("UTC", FETCHED).read(text) is None
    assert Said(zone=UTC, now=FETCHED).read(text) is None


@given(OUTSIDE.filter(lambda moment: 1000 < moment.year < 9999))
def test_a_page_says_why_a_date_was_dropped(moment: datetime) -> None:
    coded = moment.isoformat()
    page = article(f'<meta property="article:published_time" content="{coded}">')
    found = extract_article(page.encode(), "https://tern.example/fog", fetched_at=FETCHED)
    assert found.published_at is None
    notes = [told.note for told in found.evidence if told.field == "published_at"]
    assert any("before" in note or "later" in note for note in notes), notes


@given(MOMENTS, MOMENTS)
def test_a_change_may_lie_before_the_publication(published: datetime, modified: datetime) -> None:
    page = article(
        f'<meta property="article:published_time" content="{published.isoformat()}">'
        f'<meta property="article:modified_time" content="{modified.isoformat()}">'
    )
    found = extract_article(page.encode(), "https://tern.example/fog", fetched_at=FETCHED)
    assert (found.published_at, found.modified_at) == (published, modified)
