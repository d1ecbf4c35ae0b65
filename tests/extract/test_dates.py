"""When it was published and changed: coded, marked up and printed dates, zones, and dates that cannot be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presswatch.extract.dates import Calendar, zone_of
from presswatch.extract.headline import find_heading
from presswatch.extract.page import Found, parse_page
from presswatch.extract.place import Place

URL = "https://tern.example/film/a-ferry-leaves"
MAY_3 = datetime(2022, 5, 3, tzinfo=UTC)


def published(html: str, url: str = URL) -> Found[datetime] | None:
    page = parse_page(html, url)
    heading = find_heading(page, None)
    return Calendar("UTC", None).published(page, Place(page, heading.node if heading else None))


def modified(html: str) -> Found[datetime] | None:
    page = parse_page(html, URL)
    heading = find_heading(page, None)
    return Calendar("UTC", None).modified(page, Place(page, heading.node if heading else None))


# ---------------------------------------------------------------- one date


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2022-05-03T10:00:00Z", MAY_3.replace(hour=10)),
        ("2022-05-03T10:00:00+0200", MAY_3.replace(hour=8)),
        ("2022-05-03T10:00:00.1234567+02:00", MAY_3.replace(hour=8, microsecond=123456)),
        ("2022-05-03 10:00:00 UTC", MAY_3.replace(hour=10)),
        ("2022-05-03T10:00", MAY_3.replace(hour=8)),
        ("2022-05-03", datetime(2022, 5, 2, 22, tzinfo=UTC)),
        ("May 3, 2022 2:30 PM", MAY_3.replace(hour=12, minute=30)),
        ("May 3, 2022 12:05 a.m.", datetime(2022, 5, 2, 22, 5, tzinfo=UTC)),
        ("20220503T100000Z", MAY_3.replace(hour=10)),
        ("1651572000", MAY_3.replace(hour=10)),
        (1651572000000, MAY_3.replace(hour=10)),
        ("Tue, 03 May 2022 10:00:00 GMT", MAY_3.replace(hour=10)),
        ("1729-01-01", None),
        ("0000-00-00T00:00:00", None),
        ("2199-01-01", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("2022-13-45", None),
        ("soon", None),
        ("2022" + " " * 10_000 + "05", None),
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_a_coded_date_is_read_in_the_outlet_s_zone(printed: object, moment: datetime | None) -> None:
    assert Calendar("Europe/Oslo", datetime(2022, 6, 1, tzinfo=UTC)).read(printed) == moment


@pytest.mark.parametrize("coded", ["May 3, 2022", "3. Mai 2022", "03.05.2022", "3 мая 2022", "2022-05-03"])
def test_a_day_in_words_is_read_where_json_ld_codes_it_so(coded: str) -> None:
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{coded}"}}</script>'
    assert published(ld) == Found(MAY_3, "json-ld")


def test_two_days_ahead_are_forgiven_and_without_a_clock_all_are() -> None:
    calendar = Calendar("UTC", MAY_3)
    assert calendar.read("2022-05-04T23:00:00Z") is not None
    assert calendar.read("2022-05-05T00:01:00Z") is None
    assert Calendar("UTC", None).read("2031-01-01") is not None


def test_a_country_s_host_tells_the_zone_of_an_outlet_that_nobody_described() -> None:
    assert zone_of("ferry.example.pl") == "Europe/Warsaw"
    assert zone_of("ferry.example") == "UTC"


# ---------------------------------------------------------------- where dates stand


@pytest.mark.parametrize(
    ("html", "source"),
    [
        (
            (
                '<script type="application/ld+json">{"@type":"Article","datePublished":"2022-05-03"}</script>'
                "<meta property=article:published_time content=2021-01-01>"
            ),
            "json-ld",
        ),
        (
            (
                '<script type="application/ld+json">{"@type":"Article","datePublished":"0000-00-00"}</script>'
                "<meta property=article:published_time content=2022-05-03>"
            ),
            "meta article:published_time",
        ),
        ("<meta name=dc.date.issued content=2022-05-03>", "meta dc.date.issued"),
        ("<h1>Dusk</h1><p>5/3/22</p><meta name=pub_date content=2022-05-03>", "meta pub_date"),
        ("<article><time datetime='2022-05-03'>yesterday</time></article>", "time"),
        ("<span itemprop=datePublished content=2022-05-03></span>", "microdata"),
        ("<h1>Dusk</h1><span property='dc:date dc:created' content=2022-05-03>am Di, 3.5.2022</span>", "microdata"),
        ("<h1>Dusk</h1><p class=post-date>3.5.2022</p>", "printed"),
        ("<h1>Dusk</h1><p>Text.</p><p>Posted 3 May 2022</p>", "printed"),
        (
            '<script type="application/ld+json">{"@type":"Recipe","datePublished":"2022-05-03"}</script><p>Fish.</p>',
            "json-ld",
        ),
    ],
)
def test_a_publication_day_is_found_and_its_source(html: str, source: str) -> None:
    assert published(f"{html}<p>Text.</p>") == Found(MAY_3, source)


@pytest.mark.parametrize(
    "printed",
    [
        "May 3, 2022",
        "Tuesday 3 May 2022, 10 am",
        "3rd May 2022",
        "on the 3rd of May, 2022",
        "Dienstag, 3. Mai 2022, 10 Uhr",
        "Di 03.05.22 | 10:00 Uhr",
        "03.05.2022",
        "le 3 mai 2022",
        "3 de mayo de 2022",
        "3 de maio de 2022",
        "3 maggio 2022",
        "3 mei 2022",
        "3 maja 2022",
        "2022/05/03",
        "2022年5月3日",
    ],
)
def test_days_are_read_as_they_are_printed(printed: str) -> None:
    for html in (f"<h1>Dusk</h1><p>By Ada Quill</p><p>{printed}</p>", f"<p>{printed}</p><h1>Dusk</h1><p>Text.</p>"):
        assert published(html) == Found(MAY_3, "printed")


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Updated: 9 May 2022, 9:00 | Published: 3 May 2022, 18:00</p>",
        "<p>Last updated on May 9th, 2022 · First published on May 3rd, 2022</p>",
        "<p>Updated May 9, 2022</p><p>By Ada Quill</p><p>Published May 3, 2022</p>",
        "<p>Publié le 3 mai 2022 à 07h15, mis à jour le 9 mai 2022 à 10h02</p>",
        "<p>Publié le 3 mai 2022 à 09h00 • Modifié le 9 mai 2022 à 10h12</p>",
        "<p>Zuletzt aktualisiert: 09.05.2022</p><p>Veröffentlicht: 03.05.2022</p>",
    ],
)
def test_the_day_of_a_change_gives_way_to_that_of_publication(lines: str) -> None:
    html = f"<h1>Dusk</h1>{lines}<p>Text.</p>"
    page = parse_page(html, URL)
    heading = find_heading(page, None)
    assert published(html) == Found(MAY_3, "printed")
    told = Calendar("UTC", None).modified(page, Place(page, heading.node if heading else None))
    assert told == Found(MAY_3.replace(day=9), "printed")


def test_the_day_of_a_change_is_taken_where_no_other_stands_near() -> None:
    html = "<h1>Dusk</h1><p>Updated 3 May 2022</p><p>One.</p><p>Two.</p><p>Three.</p><p>On 9 May 2022 it sank.</p>"
    assert published(html) == Found(MAY_3, "printed")


def test_what_stands_at_the_headline_goes_before_what_stands_elsewhere() -> None:
    cards = "<ul><li class=card><time datetime=2019-01-01>old</time></li></ul>"
    assert published(f"{cards}<main><h1>Dusk</h1><p>3 May 2022</p></main>") == Found(MAY_3, "printed")
    assert published("<h1>Dusk</h1><p>3 May 2022</p><meta name=date content=2022-05-09>") == Found(MAY_3, "printed")


@pytest.mark.parametrize("kind", ["comments", "related-posts", "sidebar"])
def test_dates_of_other_things_on_the_page_are_not_its_own(kind: str) -> None:
    assert (
        published(f"<h1>Dusk</h1><p>{'Text. ' * 60}</p><div class={kind}><time datetime=2019-01-01></time></div>")
        is None
    )


def test_a_reader_s_or_a_film_s_date_is_not_the_article_s() -> None:
    html = "<h1>Dusk</h1><p>Member since 1.2.2019</p><p>Release: 4 April 2022</p><p>3 May 2022</p>"
    assert published(html) == Found(MAY_3, "printed")


def test_the_address_knows_the_day_too() -> None:
    assert published("<p>Text.</p>", "https://tern.example/2022/05/03/ferry/") == Found(MAY_3, "address")


@pytest.mark.parametrize(
    ("head", "url", "day"),
    [
        ("<html lang=fr>", URL, datetime(2022, 5, 4, tzinfo=UTC)),
        ("<html lang=en-GB>", URL, datetime(2022, 5, 4, tzinfo=UTC)),
        ("<html lang=en>", "https://tern.example.co.uk/ferry", datetime(2022, 5, 4, tzinfo=UTC)),
        ("<html lang=en-US>", URL, None),
        ("", URL, None),
    ],
)
def test_a_day_that_two_countries_read_differently_needs_a_country(head: str, url: str, day: datetime | None) -> None:
    found = published(f"{head}<h1>Dusk</h1><p>04/05/2022</p>", url)
    assert (found.value if found else None) == day


@pytest.mark.parametrize("clock", ["12:40 AM PT", "9:05 p.m. (EST)"])
def test_who_tells_the_hour_as_americans_do_puts_the_month_first(clock: str) -> None:
    assert published(f"<h1>Dusk</h1><p>04/05/2022 {clock}</p>") == Found(datetime(2022, 4, 5, tzinfo=UTC), "printed")
    british = published(f"<html lang=en-GB><h1>Dusk</h1><p>04/05/2022 {clock}</p>")
    assert british == Found(datetime(2022, 5, 4, tzinfo=UTC), "printed")


@pytest.mark.parametrize(
    ("printed", "day"), [("05/13/2022", (5, 13)), ("13/05/2022", (5, 13)), ("Ada Quill – 05/05/2022", (5, 5))]
)
def test_a_day_past_the_twelfth_needs_none_and_nor_does_the_fifth_of_may(printed: str, day: tuple[int, int]) -> None:
    assert published(f"<h1>Dusk</h1><p>{printed}</p>") == Found(datetime(2022, *day, tzinfo=UTC), "printed")


def test_a_short_line_of_the_text_may_give_the_day_and_a_sentence_may_not() -> None:
    long = "The ferry that she filmed was built in a yard up the coast and first left its berth on 3 May 2022."
    text = f"<h1>Dusk</h1>{'<p>' + 'Words of the article. ' * 20 + '</p>'}"
    assert published(f"{text * 2}<p>{long}</p>") is None
    assert published(f"{text * 2}<p>(aq, 3 May 2022)</p>") == Found(MAY_3, "printed")


# ---------------------------------------------------------------- published and modified


def test_modified_may_lie_before_published() -> None:
    meta = "<meta property=article:{}_time content=2022-05-0{}>"
    html = meta.format("published", 3) + meta.format("modified", 2)
    assert published(html) == Found(MAY_3, "meta article:published_time")
    assert modified(html) == Found(MAY_3.replace(day=2), "meta article:modified_time")


def test_a_marked_change_is_no_publication() -> None:
    html = (
        "<time class='entry-date updated' datetime=2022-05-09></time><time class=published datetime=2022-05-03></time>"
    )
    assert published(html) == Found(MAY_3, "microdata")
    assert modified(html) == Found(MAY_3.replace(day=9), "microdata")


def test_the_hour_of_a_change_is_what_its_element_says_for_machines() -> None:
    html = (
        "<h1>Dusk</h1><p>Published: <time datetime=2022-05-03>May 3, 2022</time> | "
        "Updated: <time datetime=2022-05-04T08:05:00Z>May 4, 2022 at 8:05 a.m.</time></p>"
    )
    assert published(html) == Found(MAY_3, "time")
    assert modified(html) == Found(datetime(2022, 5, 4, 8, 5, tzinfo=UTC), "time")


def test_a_page_without_dates_has_none() -> None:
    assert (published("<p>Text.</p>"), modified("<p>Text.</p>")) == (None, None)
