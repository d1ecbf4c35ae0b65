"""What is known of an article beside its text, and which source is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from presswatch.extract.dates import Calendar
from presswatch.extract.metadata import (
    find_addresses,
    find_dek,
    find_language,
    find_section,
    find_wall,
    read_metadata,
)
from presswatch.extract.page import Found, Page, parse_page
from presswatch.model import Evidence
from presswatch.outlets import Layout, Outlet

URL = "https://tern.example/film/a-ferry-leaves"
TERN = Outlet(id="tern", name="The Tern", aliases=("Ternblad",), hosts=("tern.example",), timezone="Europe/Oslo")
CALENDAR = Calendar("UTC", None)
Ld = Callable[[object], str]


def page_of(html: str, url: str = URL) -> Page:
    return parse_page(html, url)


# ---------------------------------------------------------------- evidence


def test_every_field_tells_which_source_gave_it(ld: Ld) -> None:
    item = {"@type": "NewsArticle", "headline": "Dusk", "datePublished": "2022-05-03", "articleSection": "Film"}
    html = (
        f"<html lang=en>{ld(item)}<meta name=description content='A crossing.'>"
        "<meta property=article:modified_time content=2022-05-04><title>Dusk</title><h1>Dusk</h1><p>By Ada Quill</p>"
    )
    known = read_metadata(page_of(html), TERN, CALENDAR)
    assert (known.headline, known.byline, known.section) == ("Dusk", ("Ada Quill",), "Film")
    assert [str(evidence) for evidence in known.evidence] == [
        "headline: printed",
        "dek: meta description",
        "byline: printed",
        "published_at: json-ld",
        "modified_at: meta article:modified_time",
        "section: json-ld",
    ]


def test_an_impossible_date_is_dropped_and_the_reason_kept(ld: Ld) -> None:
    item = {"@type": "NewsArticle", "headline": "Dusk", "datePublished": "1729-01-01", "dateModified": "2031-01-01"}
    html = f"{ld(item)}<meta property=article:published_time content=2022-05-03T10:00:00Z>"
    known = read_metadata(page_of(html), TERN, Calendar("Europe/Oslo", datetime(2022, 6, 1, tzinfo=UTC)))
    assert (known.published_at, known.modified_at) == (datetime(2022, 5, 3, 10, tzinfo=UTC), None)
    assert known.evidence[-2:] == (
        Evidence(field="published_at", source="json-ld", note="1729-01-01 dropped: before 1995"),
        Evidence(field="modified_at", source="json-ld", note="2031-01-01 dropped: later than it was fetched"),
    )


def test_a_byline_of_no_person_says_so() -> None:
    known = read_metadata(page_of("<h1>Dusk</h1><p>By Ferry Wire Staff</p>"), None, CALENDAR)
    assert Evidence(field="byline", source="printed", note="no person") in known.evidence


def test_an_outlet_s_layout_of_the_day_is_used() -> None:
    old, new = Layout(until=datetime(2022, 6, 1, tzinfo=UTC).date(), headline=".old"), Layout(headline=".new")
    outlet = Outlet(id="tern", name="The Tern", hosts=("tern.example",), layouts=(old, new))
    html = "<title>Dusk, old | Dusk, new</title><b class=old>Dusk, old</b><b class=new>Dusk, new</b><time datetime={}>"
    for day, headline in (("2022-05-03", "Dusk, old"), ("2022-07-03", "Dusk, new")):
        known = read_metadata(page_of(f"{html.format(day)}</time>"), outlet, CALENDAR)
        assert (known.headline, known.evidence[0].source) == (headline, "layout")


# ---------------------------------------------------------------- dek, section, language, wall


def test_the_dek_is_the_layout_s_before_the_description() -> None:
    html = "<meta name=description content='For machines'><h2 class=dek>For readers</h2>"
    assert find_dek(page_of(html), Layout(dek=".dek"), None) == Found("For readers", "layout")
    assert find_dek(page_of(html), Layout(), None) == Found("For machines", "meta description")
    assert find_dek(page_of(html), Layout(), "For machines") is None


def test_section_and_language_are_read(ld: Ld) -> None:
    page = page_of(f"<html lang=pt-BR>{ld({'@type': 'Article', 'articleSection': ['Cinema', 'Costa']})}")
    assert (find_section(page), find_language(page)) == (Found("Cinema", "json-ld"), Found("pt", "html lang"))
    page = page_of("<meta property=article:section content=Film><meta property=og:locale content=nb_NO>")
    assert find_section(page) == Found("Film", "meta article:section")
    assert find_language(page) == Found("nb", "meta og:locale")
    assert (find_section(page_of("<p>")), find_language(page_of("<html lang='{{lang}}'>"))) == (None, None)


@pytest.mark.parametrize("free", [False, "False", "false", "http://schema.org/False"])
def test_what_is_not_free_hides_something(free: object, ld: Ld) -> None:
    assert find_wall(page_of(ld({"@type": "Article", "isAccessibleForFree": free}))).hides(["Long." * 1000])


def test_a_second_object_of_the_same_article_may_say_that_it_is_not_free(ld: Ld) -> None:
    own = {"@type": "NewsArticle", "headline": "Dusk"}
    closed = {"@type": "NewsArticle", "isAccessibleForFree": False}
    assert find_wall(page_of(f"<title>Dusk</title>{ld([own, closed])}")).hides(["Long." * 1000])
    own |= {"url": "https://tern.example/dusk"}
    closed |= {"headline": "Dusk, again", "url": "http://www.tern.example/dusk/"}
    assert find_wall(page_of(f"<title>Dusk</title>{ld([own, closed])}")).hides(["Long." * 1000])
    others = closed | {"headline": "Dawn", "url": "https://tern.example/dawn"}
    assert not find_wall(page_of(f"<title>Dusk</title>{ld([own, others])}")).hides(["Short."])


def test_a_wall_in_the_markup_hides_what_stands_behind_a_short_text() -> None:
    wall = find_wall(page_of("<p>Short.</p><div class=paywall>Go on reading for a coin.</div>"))
    assert (wall.hides(["Short."]), wall.hides(["Long." * 1000])) == (True, False)
    empty = find_wall(page_of("<div class=paywall></div><body class=has-paywall>x"))
    assert not empty.hides(["Short."])


def test_a_wall_around_the_article_itself_is_its_frame() -> None:
    told = "The ferry at Fort Hall\n sails <a href=/a>again</a> on Friday, says its pilot."
    wall = find_wall(page_of(f"<div class=x-paywall><p>{told}</p></div>"))
    assert not wall.hides(["The ferry at Fort Hall sails again on Friday, says its pilot."])


def test_what_is_free_has_no_wall_though_one_stands_ready(ld: Ld) -> None:
    free = ld({"@type": "Article", "isAccessibleForFree": True})
    assert not find_wall(page_of(f"{free}<div class=paywall>Pay</div>")).hides(["Short."])


def test_a_dek_that_was_escaped_twice_has_no_markup() -> None:
    page = page_of("<meta property=og:description content='On &amp;lt;i&amp;gt;Dusk&amp;lt;/i&amp;gt; and 3 &lt; 4'>")
    assert find_dek(page, Layout(), None) == Found("On Dusk and 3 < 4", "meta og:description")


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


def test_of_two_canonical_links_that_differ_neither_is_believed() -> None:
    links = "<link rel=canonical href='/film/ferry'><link rel=canonical href='https://tern.example/film/pier'>"
    others = ("https://tern.example/film/ferry", "https://tern.example/film/pier")
    assert find_addresses(page_of(links), TERN) == (URL, others)
    told = page_of(f"{links}<meta property=og:url content='/film/pier'>")
    assert find_addresses(told, TERN) == (others[1], others[:1])
    same = "<link rel=canonical href='/film/ferry'><link rel=canonical href='http://www.tern.example/film/ferry/'>"
    assert find_addresses(page_of(same), TERN) == (others[0], ())


def test_a_known_outlet_s_other_hosts_are_believed() -> None:
    page = page_of("<meta property=og:url content='https://film.tern.example/ferry'>")
    assert find_addresses(page, TERN)[0] == "https://film.tern.example/ferry"
    assert find_addresses(page, None)[0] == URL


def test_a_saved_file_believes_any_claim_but_home() -> None:
    page = page_of("<link rel=canonical href='https://tern.example/film/ferry'>", "file:ferry.html")
    assert find_addresses(page, None)[0] == "https://tern.example/film/ferry"
    home = page_of("<link rel=canonical href='https://tern.example/'>", "file:ferry.html")
    assert find_addresses(home, None)[0] == "file:ferry.html"
