"""Caps before parsing, and what a page says of itself for machines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from presswatch.errors import ExtractError
from presswatch.extract import extract_article
from presswatch.extract.outline import read_blocks
from presswatch.extract.page import parse_page

URL = "https://tern.example/film/ferry"
Ld = Callable[[Any], str]


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "deep",
        "<div></span>" * 30_000,
        "<x-wave>" * 20_000,
        "<b><i>" * 10_000,
        "<table><tr><td>" * 3_000,
        "<div>" * 20_000 + "deep" + "</div>" * 20_000,
        "<svg>" + "<g>" * 20_000,
        "<a href=x>y</a>" * 200_000,
        "<div " + " ".join(f"a{n}" for n in range(60_000)) + ">",
        "<select>" + "<option>x" * 60_000,
    ],
)
def test_traps_are_told_before_they_are_parsed(html: str) -> None:
    with pytest.raises(ExtractError) as told:
        parse_page(html, URL)
    assert told.value.code == "too_large"


def test_a_long_flat_page_is_no_trap() -> None:
    icons = "<svg>" + "<path d='M0 0'/>" * 20 + "</svg>"
    html = ("<p>line<br><img src=x><li>item<td>cell" + icons) * 1500
    assert len(parse_page(html, URL).tree.css("path")) == 30_000


@pytest.mark.parametrize(
    "content",
    [
        {"@type": "NewsArticle", "headline": "Dusk"},
        [{"@type": "Organization"}, {"@type": ["Article", "NewsArticle"], "headline": "Dusk"}],
        {"@graph": [{"@type": "WebSite"}, {"@type": "BlogPosting", "headline": "Dusk"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "http://schema.org/NewsArticle", "headline": "Dusk"}},
    ],
)
def test_the_article_object_is_found_in_every_shape(content: object, ld: Ld) -> None:
    assert parse_page(ld(content), URL).article_ld["headline"] == "Dusk"


def test_of_several_articles_the_page_s_own_is_taken(ld: Ld) -> None:
    others = [
        {"@type": "NewsArticle", "headline": "Another Pier"},
        {"@type": "NewsArticle", "headline": "Dusk at Last"},
    ]
    page = parse_page(f"<title>Dusk at Last | The Tern</title>{ld(others)}", URL)
    assert page.article_ld["headline"] == "Dusk at Last"


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "Article", "headline": "Dusk"} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "Dusk"}\n//]]>',
        '{"@type": "Article", "headline": "Dusk",}',
        '{"@type": "Article", "headline": "Dusk"};',
        '{"@type": "Article", "headline": "Dusk", "description": "a\nb"}',
        '/*<![CDATA[*/{"@type": "Article", "headline": "Dusk"}/*]]>*/',
        '{"@type": "Article", "description": "She said "no" twice and left", "headline": "Dusk"}',
        '{"@type": "Organization", "name": "The Tern"}\n{"@type": "Article", "headline": "Dusk"}',
    ],
)
def test_misspelt_json_is_forgiven(script: str) -> None:
    page = parse_page(f'<script type="application/ld+json">{script}</script>', URL)
    assert page.article_ld["headline"] == "Dusk"


@pytest.mark.parametrize(
    "script", ["{", "[" * 5000 + "]" * 5000, '{"a":' * 3000 + "1" + "}" * 3000, "null", '"text"', ""]
)
def test_broken_and_bottomless_json_is_no_object(script: str) -> None:
    assert parse_page(f'<script type="application/ld+json">{script}</script><p>x', URL).article_ld == {}


def test_blocks_keep_what_the_page_sets_apart() -> None:
    html = (
        "<div>one <b>bold</b> run<p>two</p>tail<br>still tail<br><br>after a gap<ul><li>item<li>item <a "
        "href=x>link</a></ul>"
        "<blockquote><p>quoted</p><p>twice</p></blockquote><table><tr><td>a<td>b</table><script>no()</script><form>"
        "<input value=no><button>no</button></form></div>"
    )
    blocks = [(block.tag, block.text) for block in read_blocks(parse_page(html, URL).tree.body)]  # type: ignore[arg-type]
    assert blocks == [
        ("div", "one bold run"),
        ("p", "two"),
        ("div", "tail still tail"),
        ("div", "after a gap"),
        ("li", "item"),
        ("li", "item link"),
        ("p", "quoted"),
        ("p", "twice"),
        ("tr", "a b"),
    ]


def test_blocks_of_a_deep_page_need_no_stack() -> None:
    page = parse_page("<div>" * 1400 + "at the bottom" + "</div>" * 1400, URL)
    assert [block.text for block in read_blocks(page.tree.body)] == ["at the bottom"]  # type: ignore[arg-type]


@pytest.mark.parametrize("char", ["\x0c", "\x1b[31m", "&#27;", "&#x1B;", "&#12;", "\ufffe", "&#xFFFE;", "\x00", "\x0e"])
def test_characters_that_xml_forbids_cost_no_text(char: str) -> None:
    told = "".join(f"<p>Lamp number {n} was lit {char} on the harbor wall before the ferry came.</p>" for n in range(9))
    html = f"<html><head><title>Lamps</title></head><body><article><h1>Lamps</h1>{told}</article></body></html>"
    text = extract_article(html.encode(), "https://gazette.test/lamps").text
    assert text.count("was lit") == 9
    assert not any(ord(c) < 32 and c != "\n" for c in text)


def test_preformatted_paragraphs_are_parted_at_empty_lines_and_have_their_own_links() -> None:
    html = "<pre>The ferry leaves\nat dusk.\n\nSee <a href=/map>the map</a>\n  \nNobody asks why.\n</pre>"
    blocks = read_blocks(parse_page(html, URL).tree.body)  # type: ignore[arg-type]
    assert [(block.text, block.links) for block in blocks] == [
        ("The ferry leaves at dusk.", ()),
        ("See the map", ("/map",)),
        ("Nobody asks why.", ()),
    ]


def test_json_ld_values_with_a_language_or_type_are_texts(ld: Ld) -> None:
    coded = {
        "@type": "NewsArticle",
        "headline": {"@value": "Dusk", "@language": "en"},
        "datePublished": {"@type": "Date", "@value": "2022-05-03"},
    }
    assert parse_page(ld(coded), URL).article_ld == {
        "@type": "NewsArticle",
        "headline": "Dusk",
        "datePublished": "2022-05-03",
    }


def test_a_long_attribute_is_one_attribute() -> None:
    data = "<div data-props='{}'></div>".format('{"a": "b c"} ' * 20_000)
    assert parse_page(f"{data}<p>The ferry leaves.", URL).tree.css_first("p") is not None


def test_what_a_shadow_root_holds_is_shown_and_what_a_template_holds_is_not(
    prose: str, paragraphs: tuple[str, ...]
) -> None:
    card = "<template id=card><p>A card that a script may fill in some day, and nobody sees it as it is.</p></template>"
    html = (
        f"<x-story><template shadowrootmode=open>{card}<h1>Dusk</h1><p>By Ada Quill</p>{prose}</template></x-story>"
        f"{card}<x-foot><TEMPLATE delegatesfocus shadowRootMode='closed'><footer>Gone!</footer></TEMPLATE></x-foot>"
    )
    article = extract_article(html.encode(), URL)
    assert (article.headline, article.byline) == ("Dusk", ("Ada Quill",))
    assert article.text == "\n".join(paragraphs)
