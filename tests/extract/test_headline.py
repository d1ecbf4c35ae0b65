"""The headline as printed over the article, whatever else a page prints or codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from presswatch.extract.headline import find_heading, without_suffix
from presswatch.extract.page import Page, parse_page
from presswatch.outlets import Outlet

URL = "https://tern.example/film/a-ferry-leaves"
TERN = Outlet(id="tern", name="The Tern", aliases=("Ternblad",), hosts=("tern.example",))
DUSK = "A Ferry Leaves at Dusk"
Ld = Callable[[object], str]


def page_of(html: str) -> Page:
    return parse_page(html, URL)


def headline_of(html: str, selector: str | None = None) -> str | None:
    found = find_heading(page_of(html), TERN, selector)
    return found.text if found else None


@pytest.mark.parametrize(
    "html",
    [
        f"<title>{DUSK} | The Tern</title><h1>{DUSK}</h1>",
        f"<title>{DUSK} - Film - The Tern</title><p>no heading</p>",
        f"<title>The Tern: home</title><meta property=og:title content='{DUSK} – The Tern'>",
        f"<h1><a href='/'>The Daily Something</a></h1><h1>{DUSK}</h1><title>{DUSK}</title>",
        f"<title>{DUSK}</title><h1><span>Review</span> {DUSK}</h1>",
        f"<title>ferry film dusk kandinov</title><article><h1>{DUSK}</h1></article>",
        (
            f"<h1>Kandinov’s weblog</h1><meta property=og:title content='{DUSK}'>"
            f"<title>{DUSK} — Kandinov’s weblog</title>"
        ),
        "<h1>A Ferry <br>Leaves&nbsp;at <em>Dusk</em></h1>",
    ],
)
def test_the_headline_is_found(html: str) -> None:
    assert headline_of(html) == DUSK


@pytest.mark.parametrize(
    "html",
    [
        f"<h1></h1><h1>{DUSK}</h1><title>{DUSK}</title>",
        f"<nav><h1>Harbour news</h1></nav><h2>{DUSK}</h2><title>{DUSK} – Harbour news</title>",
        f"<ol><li><h1>Ferry film of the year</h1></li></ol><h2>{DUSK}</h2><meta property=og:title content='{DUSK}'>",
        f"<h1 class=visually-hidden>Harbour: {DUSK}</h1><h2>{DUSK}</h2><title>{DUSK}</title>",
        f"<h2>Harbour news</h2><h2>{DUSK}</h2><title>Harbour news - {DUSK}</title>",
        f"<div class=post-title>{DUSK}</div><title>{DUSK}</title>",
        f"<title>{DUSK}</title><body><noscript><h1>Switch on your scripts</h1></noscript>",
    ],
    ids=["empty", "menu", "crumb", "hidden", "no h1", "no heading", "noscript"],
)
def test_a_heading_that_heads_no_article_gives_way(html: str) -> None:
    assert headline_of(html) == DUSK


@pytest.mark.parametrize(
    "heading",
    [
        f"<span class=kicker>Review</span><span class=title>{DUSK}</span>",
        f"<span class=overline>At sea</span> <span class=headline>{DUSK}</span>",
        f"<strong>{DUSK}</strong> <small>Ilse Kandinov counts her passengers</small>",
    ],
)
def test_of_a_heading_with_a_kicker_or_a_dek_the_part_that_is_the_headline(heading: str) -> None:
    assert headline_of(f"<h1>{heading}</h1><meta property=og:title content='{DUSK}'>") == DUSK


def test_a_part_that_is_called_headline_needs_no_witness() -> None:
    html = f"<h1><b class=overline>At sea</b><b class=headline>{DUSK}</b></h1><title>Sea film</title>"
    assert headline_of(html) == DUSK


def test_a_label_before_the_headline_is_taken_off() -> None:
    html = f"<h1><span class=label>Exclusive</span>{DUSK}</h1><meta property=og:title content='{DUSK} (EXCLUSIVE)'>"
    assert headline_of(html) == DUSK


def test_parts_that_are_set_without_a_space_are_spelt_as_the_metadata_spells_them() -> None:
    html = "<h1><b>At sea</b><i>Nobody asks why</i></h1><meta property=og:title content='At sea: Nobody asks why'>"
    assert headline_of(html) == "At sea: Nobody asks why"


def test_one_word_may_be_a_headline() -> None:
    assert headline_of("<title>ferry film</title><h1>Dusk</h1>") == "Dusk"


def test_a_heading_that_is_the_outlet_s_name_gives_way_to_json_ld(ld: Ld) -> None:
    html = f"<h1>Ternblad</h1>{ld({'@type': 'NewsArticle', 'headline': 'A Ferry &amp; Dusk'})}"
    assert headline_of(html) == "A Ferry & Dusk"


def test_the_layout_s_heading_is_asked_first() -> None:
    html = f"<h1>{DUSK}</h1><div class=x-9f>Dusk, leaving</div><title>{DUSK} | Dusk, leaving</title>"
    assert headline_of(html, ".x-9f") == "Dusk, leaving"


def test_metas_that_say_value_for_content_are_read() -> None:
    assert headline_of(f"<meta name=og:title value='{DUSK}'>") == DUSK


def test_the_element_that_prints_it_is_known_and_so_is_the_source(ld: Ld) -> None:
    printed = find_heading(page_of(f"<h1>{DUSK}</h1><title>{DUSK}</title>"), None)
    coded = find_heading(page_of(ld({"@type": "Article", "headline": DUSK})), None)
    assert printed is not None
    assert coded is not None
    assert (printed.source, printed.node and printed.node.tag) == ("printed", "h1")
    assert (coded.source, coded.node) == ("json-ld", None)


def test_a_page_without_any_has_no_headline() -> None:
    assert headline_of("<p>x</p>") is None


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


def test_a_short_heading_in_signs_may_be_a_part_of_the_title() -> None:
    assert headline_of("<title>지도에 없는 마을 - 은막일보</title><h3>지도에 없는 마을</h3>") == "지도에 없는 마을"
    assert headline_of("<title>Film - Dusk - Quay</title><h3>Film</h3>") != "Film"
