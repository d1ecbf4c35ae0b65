"""What is known of an article beside its text, and which source is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from presswatch.extract.byline import find_byline, split_names
from presswatch.extract.dates import Calendar
from presswatch.extract.metadata import (
    find_addresses,
    find_dek,
    find_headline,
    find_language,
    find_section,
    find_wall,
    without_suffix,
)
from presswatch.extract.page import Page, parse_page
from presswatch.outlets import Layout, Outlet

URL = "https://tern.example/film/a-ferry-leaves"
TERN = Outlet(id="tern", name="The Tern", aliases=("Ternblad",), hosts=("tern.example",), timezone="Europe/Oslo")
Ld = Callable[[object], str]


def page_of(html: str, url: str = URL) -> Page:
    return parse_page(html, url)


# ---------------------------------------------------------------- headline


@pytest.mark.parametrize(
    "html",
    [
        "<title>A Ferry Leaves at Dusk | The Tern</title><h1>A Ferry Leaves at Dusk</h1>",
        "<title>A Ferry Leaves at Dusk - Film - The Tern</title><p>no heading</p>",
        "<title>The Tern: home</title><meta property=og:title content='A Ferry Leaves at Dusk – The Tern'>",
        (
            "<h1><a href='/'>The Daily Something</a></h1><h1>A Ferry Leaves at Dusk</h1><title>A Ferry Leaves at "
            "Dusk</title>"
        ),
        "<title>A Ferry Leaves at Dusk</title><h1><span>Review</span> A Ferry Leaves at Dusk</h1>",
        "<title>ferry film dusk kandinov</title><article><h1>A Ferry Leaves at Dusk</h1></article>",
        (
            "<h1>Kandinov’s weblog</h1><meta property=og:title content='A Ferry Leaves at Dusk'>"
            "<title>A Ferry Leaves at Dusk — Kandinov’s weblog</title>"
        ),
        "<h1>A Ferry <br>Leaves&nbsp;at <em>Dusk</em></h1>",
    ],
)
def test_the_headline_is_found(html: str) -> None:
    assert find_headline(page_of(html), TERN, Layout()) == "A Ferry Leaves at Dusk"


def test_a_heading_that_is_the_outlet_s_name_gives_way_to_json_ld(ld: Ld) -> None:
    html = f"<h1>Ternblad</h1>{ld({'@type': 'NewsArticle', 'headline': 'A Ferry &amp; Dusk'})}"
    assert find_headline(page_of(html), TERN, Layout()) == "A Ferry & Dusk"


def test_a_page_without_any_has_no_headline() -> None:
    assert find_headline(page_of("<p>x</p>"), None, Layout()) is None


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Dusk | The Tern", "Dusk"),
        ("Dusk | Film | The Tern", "Dusk"),
        ("The Tern » Dusk", "Dusk"),
        ("Dusk - a ferry leaves - The Tern", "Dusk - a ferry leaves"),
        ("Dusk - a ferry leaves", "Dusk - a ferry leaves"),
        ("The Tern", "The Tern"),
    ],
)
def test_a_title_loses_the_outlet_s_name(title: str, bare: str) -> None:
    assert without_suffix(title, frozenset({"tern"})) == bare


# ---------------------------------------------------------------- dek, section, language, wall


def test_the_dek_is_the_layout_s_before_the_description() -> None:
    html = "<meta name=description content='For machines'><h2 class=dek>For readers</h2>"
    assert find_dek(page_of(html), Layout(dek=".dek"), None) == "For readers"
    assert find_dek(page_of(html), Layout(), None) == "For machines"
    assert find_dek(page_of(html), Layout(), "For machines") is None


def test_section_and_language_are_read(ld: Ld) -> None:
    page = page_of(f"<html lang=pt-BR>{ld({'@type': 'Article', 'articleSection': ['Cinema', 'Costa']})}")
    assert (find_section(page), find_language(page)) == ("Cinema", "pt")
    page = page_of("<meta property=article:section content=Film><meta property=og:locale content=nb_NO>")
    assert (find_section(page), find_language(page)) == ("Film", "nb")
    assert (find_section(page_of("<p>")), find_language(page_of("<html lang='{{lang}}'>"))) == (None, None)


@pytest.mark.parametrize("free", [False, "False", "false", "http://schema.org/False"])
def test_what_is_not_free_is_closed(free: object, ld: Ld) -> None:
    assert find_wall(page_of(ld({"@type": "Article", "isAccessibleForFree": free}))) == "closed"


def test_an_empty_wall_is_none(ld: Ld) -> None:
    free = ld({"@type": "Article", "isAccessibleForFree": True})
    assert find_wall(page_of(f"{free}<div class=paywall></div><body class=has-paywall>x")) is None
    assert find_wall(page_of("<div class=paywall>Pay</div>")) == "shown"


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("claim", "own", "others"),
    [
        ("/film/the-ferry", "https://tern.example/film/the-ferry", ()),
        ("https://www.tern.example/film/the-ferry?utm_source=x", "https://www.tern.example/film/the-ferry", ()),
        ("https://tern.example/", URL, ()),
        ("https://thief.example/copy", URL, ("https://thief.example/copy",)),
        ("javascript:alert(1)", URL, ()),
        ("https://[half", URL, ()),
    ],
)
def test_canonical_is_believed_on_the_outlet_s_own_hosts(claim: str, own: str, others: tuple[str, ...]) -> None:
    html = f'<link rel="Canonical" href="{claim}">'
    assert find_addresses(page_of(html), None) == (own, others)
    assert find_addresses(page_of(html), TERN) == (own, others)


def test_a_known_outlet_s_other_hosts_are_believed() -> None:
    page = page_of("<meta property=og:url content='https://film.tern.example/ferry'>")
    assert find_addresses(page, TERN)[0] == "https://film.tern.example/ferry"
    assert find_addresses(page, None)[0] == URL


def test_a_saved_file_believes_any_claim_but_home() -> None:
    page = page_of("<link rel=canonical href='https://tern.example/film/ferry'>", "file:ferry.html")
    assert find_addresses(page, None)[0] == "https://tern.example/film/ferry"
    home = page_of("<link rel=canonical href='https://tern.example/'>", "file:ferry.html")
    assert find_addresses(home, None)[0] == "file:ferry.html"


# ---------------------------------------------------------------- bylines


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("BY ADA QUILL AND BO LIND", ["Ada Quill", "Bo Lind"]),
        ("Ada Quill, Bo Lind & Cy O’Dare", ["Ada Quill", "Bo Lind", "Cy O’Dare"]),
        ("Von Ada Quill und Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Par Ada Quill avec Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Por Ada Quill y Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("di Ada Quill", ["Ada Quill"]),
        ("Ada Quill, Senior Film Critic", ["Ada Quill"]),
        ("Written by Ada Quill | 3 May 2022", ["Ada Quill"]),
        ("ByAda Quill", ["Ada Quill"]),
        ("Ada Quill @adaquill ada@tern.example", ["Ada Quill"]),
        ("Ada Quill in Oslo", ["Ada Quill"]),
        ("Ada Quill (The Tern)", ["Ada Quill"]),
        ("Ada Quill, Associated Press", ["Ada Quill"]),
        ("Ada; Ada Quill", ["Ada Quill"]),
        ("Da Lind", ["Da Lind"]),
        ("Reuters", []),
        ("dpa/AFP", []),
        ("Staff", []),
        ("Die Redaktion", []),
        ("tern.com", []),
        ("https://tern.example/u/ada", []),
        ("A sentence that somebody marked up as an author by mistake and nobody ever saw", []),
        ("", []),
    ],
)
def test_names_are_taken_out_of_bylines(printed: str, names: list[str]) -> None:
    assert list(split_names([printed])) == names


def test_json_ld_persons_come_first_and_references_are_followed(ld: Ld) -> None:
    graph = [
        {
            "@type": "NewsArticle",
            "headline": "x",
            "author": [{"@id": "#a"}, {"@type": "Organization", "name": "Ferry Wire"}],
        },
        {"@type": "Person", "@id": "#a", "givenName": "Ada", "familyName": "Quill"},
    ]
    html = f"{ld({'@graph': graph})}<meta name=author content='Someone Else'>"
    assert find_byline(page_of(html), TERN, None) == ("Ada Quill",)


@pytest.mark.parametrize(
    "html",
    [
        (
            "<h1>x</h1><div class=byline>By <a href='/author/ada'>Ada Quill</a> and <a href='/author/bo'>Bo Lind</a>"
            " <a href='/topic/film'>Film</a></div>"
        ),
        (
            "<h1>x</h1><span itemprop=author><span itemprop=name>Ada Quill</span></span>, <span itemprop=author>"
            "<span itemprop=name>Bo Lind</span></span>"
        ),
        "<meta name=parsely-author content='Ada Quill'><meta name=parsely-author content='Bo Lind'>",
        "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ada Quill and Bo Lind'>",
        "<h1>x</h1><p>By Ada Quill and Bo Lind</p><p>Text.</p>",
        (
            "<aside class=sidebar><a rel=author href='/author/cy'>Cy O'Dare</a></aside><h1>x</h1>"
            "<p class=byline>Ada Quill, Bo Lind</p>"
        ),
        "<div class=has-sidebar><h1>x</h1><p class=byline>Ada Quill and Bo Lind</p></div>",
    ],
)
def test_a_byline_is_found_where_it_is_printed(html: str) -> None:
    assert find_byline(page_of(html), TERN, None) == ("Ada Quill", "Bo Lind")


def test_the_layout_s_selector_is_asked_before_the_page_at_large() -> None:
    html = "<a rel=author href=/a>Cy O'Dare</a><span class=x-9f>Ada Quill</span>"
    assert find_byline(page_of(html), TERN, ".x-9f") == ("Ada Quill",)


@pytest.mark.parametrize("name", ["The Tern", "Ternblad", "Staff", "AFP"])
def test_a_page_signed_by_its_outlet_or_an_agency_names_nobody(name: str) -> None:
    assert find_byline(page_of(f"<meta name=author content='{name}'>"), TERN, None) == ()


# ---------------------------------------------------------------- dates

MAY_3 = datetime(2022, 5, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2022-05-03T10:00:00Z", MAY_3.replace(hour=10)),
        ("2022-05-03T10:00:00+0200", MAY_3.replace(hour=8)),
        ("2022-05-03T10:00:00.1234567+02:00", MAY_3.replace(hour=8, microsecond=123456)),
        ("2022-05-03 10:00:00 UTC", MAY_3.replace(hour=10)),
        ("2022-05-03T10:00", MAY_3.replace(hour=8)),
        ("2022-05-03", datetime(2022, 5, 2, 22, tzinfo=UTC)),
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
        ("", None),
        (None, None),
        (True, None),
    ],
)
def test_a_coded_date_is_read_in_the_outlet_s_zone(printed: object, moment: datetime | None) -> None:
    assert Calendar("Europe/Oslo", datetime(2022, 6, 1, tzinfo=UTC)).read(printed) == moment


def test_two_days_ahead_are_forgiven_and_without_a_clock_all_are() -> None:
    calendar = Calendar("UTC", MAY_3)
    assert calendar.read("2022-05-04T23:00:00Z") is not None
    assert calendar.read("2022-05-05T00:01:00Z") is None
    assert Calendar("UTC", None).read("2031-01-01") is not None


@pytest.mark.parametrize(
    "html",
    [
        (
            '<script type="application/ld+json">{"@type":"Article","datePublished":"2022-05-03"}</script>'
            "<meta property=article:published_time content=2021-01-01>"
        ),
        (
            '<script type="application/ld+json">{"@type":"Article","datePublished":"0000-00-00"}</script>'
            "<meta property=article:published_time content=2022-05-03>"
        ),
        "<meta name=dc.date.issued content=2022-05-03>",
        "<article><time datetime='2022-05-03'>yesterday</time></article>",
        "<span itemprop=datePublished content=2022-05-03></span>",
        "<h1>x</h1><p>By Ada Quill</p><p>May 3, 2022</p>",
        "<h1>x</h1><p>3 May 2022</p>",
        "<h1>x</h1><p>Dienstag, 3. Mai 2022, 10 Uhr</p>",
        "<h1>x</h1><p>03.05.2022</p>",
        "<h1>x</h1><p>le 3 mai 2022</p>",
        "<h1>x</h1><p>3 de mayo de 2022</p>",
        "<h1>x</h1><p>3 maggio 2022</p>",
        "<h1>x</h1><p>2022年5月3日</p>",
    ],
)
def test_a_publication_day_is_found(html: str) -> None:
    assert Calendar("UTC", None).published(page_of(f"{html}<p>Text.</p>")) == MAY_3


def test_the_address_knows_the_day_too() -> None:
    page = page_of("<p>Text.</p>", "https://tern.example/2022/05/03/ferry/")
    assert Calendar("UTC", None).published(page) == MAY_3


def test_a_day_that_two_countries_read_differently_is_not_guessed_from_print() -> None:
    assert Calendar("UTC", None).published(page_of("<h1>x</h1><p>4/5/22 in the port</p>")) is None


def test_modified_may_lie_before_published() -> None:
    meta = "<meta property=article:{}_time content=2022-05-0{}>"
    html = meta.format("published", 3) + meta.format("modified", 2)
    calendar, page = Calendar("UTC", None), page_of(html)
    assert (calendar.published(page), calendar.modified(page)) == (MAY_3, MAY_3.replace(day=2))


def test_a_page_without_dates_has_none() -> None:
    calendar, page = Calendar("UTC", None), page_of("<p>Text.</p>")
    assert (calendar.published(page), calendar.modified(page)) == (None, None)
