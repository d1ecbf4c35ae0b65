"""The whole reading of a page, a text and a capture."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presswatch.errors import ExtractError
from presswatch.extract import extract_article, extract_capture, extract_text
from presswatch.extract.decode import clean_line
from presswatch.model import Article, Capture, Removed, digest_text, make_id
from presswatch.outlets import Layout, Outlet
from presswatch.urls import identity

URL = "https://tern.example/film/a-ferry-leaves"
FETCHED = datetime(2022, 3, 2, 8, tzinfo=UTC)
TERN = Outlet(
    id="tern",
    name="The Tern",
    hosts=("tern.example",),
    timezone="Europe/Oslo",
    layouts=(
        Layout(until=datetime(2019, 12, 31, tzinfo=UTC).date(), body="div.old"),
        Layout(body=".part", strip=(".promo",), stop=("^Popular on ",)),
    ),
)
Build = Callable[..., bytes]


def test_a_page_is_read_whole(build: Build, paragraphs: tuple[str, ...], ld: Callable[[object], str]) -> None:
    head = (
        ld(
            {
                "@type": "NewsArticle",
                "headline": "A Ferry Leaves at Dusk and Nobody Asks Why",
                "author": [{"@type": "Person", "name": "Ada Quill"}],
                "datePublished": "2022-03-01T20:15:00+01:00",
                "dateModified": "2022-03-01T22:00:00+01:00",
                "articleSection": "Film",
                "publisher": {"@type": "Organization", "name": "The Tern"},
            }
        )
        + '<meta name="description" content="Ilse Kandinov films a crossing.">'
    )
    article = extract_article(build(head=head), URL, fetched_at=FETCHED)
    text = "\n".join(paragraphs)
    assert article == Article(
        article_id=make_id("tern-example", identity(URL)),
        url=URL,
        text=text,
        outlet_id="tern-example",
        headline="A Ferry Leaves at Dusk and Nobody Asks Why",
        dek="Ilse Kandinov films a crossing.",
        byline=("Ada Quill",),
        published_at=datetime(2022, 3, 1, 19, 15, tzinfo=UTC),
        modified_at=datetime(2022, 3, 1, 21, 0, tzinfo=UTC),
        section="Film",
        language="en",
        text_digest=digest_text(text),
        removed=(Removed(rule="markup:headline", text="A Ferry Leaves at Dusk and Nobody Asks Why"),),
        evidence=article.evidence,
        extractor=article.extractor,
    )
    assert {(evidence.field, evidence.source) for evidence in article.evidence} > {("byline", "json-ld")}
    assert article.extractor == "prose"


def test_a_layout_takes_every_body_and_only_those(build: Build, paragraphs: tuple[str, ...]) -> None:
    one, two, three, four = paragraphs
    body = (
        f"<h1>A Ferry Leaves at Dusk and Nobody Asks Why</h1><div class=part><p>{one}</p><div class=promo>Buy "
        f"a rope</div></div>"
        f"<div class=between>Not of the text</div><div class=part><h2>The crossing</h2><blockquote>"
        f"<p>{two}</p></blockquote>"
        f"<div class=part><ul><li>{three}<li>{four}</ul></div><p>Popular on The Tern</p></div>"
    )
    article = extract_article(build(body), URL, outlet=TERN, fetched_at=FETCHED)
    assert article.text.split("\n") == [one, "The crossing", two, three, four]
    assert article.removed == (
        Removed(rule="strip:.promo", text="Buy a rope"),
        Removed(rule="stop:^Popular on ", text="Popular on The Tern"),
    )
    assert article.extractor == "layout:tern"
    assert article.outlet_id == "tern"


def test_the_layout_is_that_of_the_day(build: Build, prose: str, paragraphs: tuple[str, ...]) -> None:
    body = f"<div class=old>{prose}</div><div class=part><p>{'Something quite else, said at length. ' * 9}</p></div>"
    head = '<meta property="article:published_time" content="{}">'
    old = extract_article(build(body, head=head.format("2019-12-31T23:30:00+01:00")), URL, outlet=TERN)
    new = extract_article(build(body, head=head.format("2020-01-01T00:30:00+01:00")), URL, outlet=TERN)
    assert old.text == "\n".join(paragraphs)
    assert new.text.startswith("Something quite else")


def test_a_layout_that_meets_a_teaser_leaves_the_page_to_the_other_lanes(
    build: Build, prose: str, paragraphs: tuple[str, ...]
) -> None:
    article = extract_article(build(f"<div class=part>Soon.</div><article>{prose}</article>"), URL, outlet=TERN)
    assert article.text == "\n".join(paragraphs)
    assert article.extractor == "prose; layout:tern matched nothing"


def test_deep_text_is_not_lost(build: Build, prose: str, paragraphs: tuple[str, ...]) -> None:
    article = extract_article(build("<div>" * 1200 + prose + "</div>" * 1200), URL)
    assert article.text == "\n".join(paragraphs)


def test_an_excerpt_is_told(build: Build, ld: Callable[[object], str], prose: str, paragraphs: tuple[str, ...]) -> None:
    closed = build(head=ld({"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": "False"}))
    walled = build(f"<article>{prose}</article><div class='article-paywall'>Go on reading for a coin.</div>")
    long = "".join(f"<p>Mile {mile}: {paragraph}</p>" for mile in range(7) for paragraph in paragraphs)
    template = build(f"<article>{long}</article><div class='article-paywall'>Go on reading for a coin.</div>")
    assert [extract_article(page, URL).access for page in (closed, walled, template, build())] == [
        "excerpt",
        "excerpt",
        "full",
        "full",
    ]


def test_text_has_no_control_or_bidi_characters(build: Build, paragraphs: tuple[str, ...]) -> None:
    page = build(
        f"<article><p>{paragraphs[0]}&#8238;reversed&#x7; &#8203;and&#0; done</p><p>{paragraphs[1]}</p></article>"
    )
    text = extract_article(page, URL).text
    assert text == f"{paragraphs[0]}reversed and\ufffd done\n{paragraphs[1]}"


def test_reading_does_not_depend_on_what_was_read_before(build: Build) -> None:
    page, other = build(), build(title="Another page")
    first = extract_article(page, URL, fetched_at=FETCHED)
    extract_article(other, URL)
    assert extract_article(page, URL, fetched_at=FETCHED) == first


@given(st.one_of(st.binary(max_size=600), st.text(alphabet="<>/= \"'abdipv&;#!-\n\x00é", max_size=300).map(str.encode)))
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_junk_only_ever_raises_an_extract_error(body: bytes) -> None:
    with suppress(ExtractError):
        assert extract_article(body, URL).text.strip()


@pytest.mark.parametrize(
    "url", ["", "file:///C:/saved page.html", "https://[half", "no url", "https://tern.example/?p=12"]
)
def test_any_address_will_do(url: str, build: Build, paragraphs: tuple[str, ...]) -> None:
    head = '<link rel=canonical href="https://[broken"><meta property="og:url" content="::">'
    assert extract_article(build(head=head), url).text == "\n".join(paragraphs)


# ---------------------------------------------------------------- plain text

SAVED = """Ferry Leaves at Dusk

Ilse Kandinov's second film is out. Nobody aboard says a word.

Popular on The Tern

“It was the only honest thing in the room,” she told The Tern.


Leave a Reply

Fill in your details below or click an icon to log in: Logo

You are commenting using your account. Log\xa0Out\xa0/\xa0 Change\xa0)

Somenet picture

You are commenting using your Somenet account. Log\xa0Out\xa0/\xa0 Change\xa0)

Connecting to %s
"""


@pytest.mark.parametrize("outlet", [TERN, None])
def test_a_text_is_read_and_its_comment_form_is_no_part_of_it(outlet: Outlet | None) -> None:
    article = extract_text(SAVED, "file:tern.txt", outlet=outlet, outlet_id="tern")
    assert article.headline == "Ferry Leaves at Dusk"
    assert article.text.split("\n") == [
        "Ilse Kandinov's second film is out. Nobody aboard says a word.",
        "“It was the only honest thing in the room,” she told The Tern.",
    ]
    assert [block.text for block in article.removed] == [
        "Popular on The Tern",
        "Leave a Reply",
        "Fill in your details below or click an icon to log in: Logo",
        "You are commenting using your account. Log Out / Change )",
        "Somenet picture",
        "You are commenting using your Somenet account. Log Out / Change )",
        "Connecting to %s",
    ]
    assert article.outlet_id == "tern"
    assert article.article_id == make_id("tern", article.text_digest)


SAME_NAME = [("Ferry", "The ferry sails."), ("Ferry", "The  ferry sails."), ("Lamps", "The lamps are lit.")]


def test_saved_files_of_one_name_are_articles_of_their_own() -> None:
    one, same, other = (extract_text(f"{head}\n{text}", "file:tern.txt", outlet_id="tern") for head, text in SAME_NAME)
    assert one.article_id == same.article_id != other.article_id
    assert one.url == other.url


@pytest.mark.parametrize("text", ["", "\n \n", "Only a headline", "A headline\n\nLeave a Reply"])
def test_a_text_without_text_is_no_article(text: str) -> None:
    with pytest.raises(ExtractError) as told:
        extract_text(text, "file:tern.txt")
    assert told.value.code == "not_article"


@given(st.text(max_size=400))
def test_a_text_read_again_is_the_same(text: str) -> None:
    try:
        article = extract_text(text, "file:x.txt")
    except ExtractError:
        return
    again = extract_text(f"{article.headline}\n{article.text}", "file:x.txt")
    assert (again.text, again.headline, again.text_digest) == (article.text, article.headline, article.text_digest)
    assert again.removed == ()
    assert all(line == clean_line(line) for line in article.text.split("\n"))


# ---------------------------------------------------------------- captures


@pytest.fixture
def capture(build: Build) -> Capture:
    return Capture(
        url=URL,
        outlet_id="tern",
        fetched_at=FETCHED,
        body=build(head=f'<link rel=canonical href="{URL}/">'),
        headers=(("content-type", "text/html; charset=utf-8"),),
    )


def test_addresses_that_led_to_an_article_are_its_aliases(capture: Capture, build: Build) -> None:
    head = f'<link rel=canonical href="{URL}"><meta property="og:url" content="https://other.example/copy">'
    asked = "http://tern.example/?p=12&utm_source=feed"
    article = extract_capture(replace(capture, asked_url=asked, body=build(head=head)), TERN)
    assert article.url == URL
    assert article.aliases == (asked, "https://other.example/copy")


def test_a_capture_of_an_unknown_outlet_keeps_its_id(capture: Capture) -> None:
    article = extract_capture(replace(capture, outlet_id="my-own"), None)
    assert article.outlet_id == "my-own"
    assert article.article_id == make_id("my-own", identity(URL))


def test_the_declared_charset_counts(capture: Capture, build: Build) -> None:
    body = build().replace(b'<meta charset="utf-8">', b"").replace(b"Kandinov", "Кандинов".encode("koi8-r"))
    headers = (("content-type", "text/html; charset=koi8-r"),)
    assert "Кандинов" in extract_capture(replace(capture, body=body, headers=headers), TERN).text


def test_a_saved_text_is_read_as_text(capture: Capture) -> None:
    saved = replace(capture, url="file:tern.txt", body=SAVED.encode("utf-8"), headers=(("content-type", "text/plain"),))
    assert extract_capture(saved, TERN).headline == "Ferry Leaves at Dusk"


def test_a_saved_page_is_known_by_the_address_it_claims(capture: Capture) -> None:
    article = extract_capture(replace(capture, url="file:ferry.html"), TERN)
    assert article.url == f"{URL}/"
    assert article.article_id == make_id("tern", identity(URL))
    assert article.aliases == ()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/pdf", b"%PDF-1.7"),
        ("text/html", b"%PDF-1.7"),
        ("text/html", b"\x89PNG\r\n\x1a\n"),
        ("application/json", b'{"html": "<p>x</p>"}'),
        ("text/plain", b"no markup"),
        ("image/svg+xml", b"<svg><title>x</title></svg>"),
    ],
)
def test_what_is_no_page_is_not_html(kind: str, body: bytes, capture: Capture) -> None:
    with pytest.raises(ExtractError) as told:
        extract_capture(replace(capture, body=body, headers=(("content-type", kind),)), TERN)
    assert told.value.code == "not_html"


def test_articles_and_errors_cross_process_borders(capture: Capture) -> None:
    article = extract_capture(capture, TERN)
    assert pickle.loads(pickle.dumps(article)) == article  # noqa: S301 - our own bytes
    with pytest.raises(ExtractError) as told:
        extract_capture(replace(capture, body=b""), TERN)
    again = pickle.loads(pickle.dumps(told.value))  # noqa: S301 - our own bytes
    assert (again.code, again.url, again.message) == (told.value.code, told.value.url, told.value.message)


def test_the_heavy_libraries_wait_for_the_first_page() -> None:
    heavy = "any(name in sys.modules for name in ('trafilatura', 'htmldate', 'lxml'))"
    code = f"import sys, presswatch.extract; sys.exit({heavy})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
