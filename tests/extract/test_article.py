"""The whole reading of a page, a text and a capture."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presswatch.claims import find_mentions
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


NOTICE = "<h3>This article is for subscribers only.</h3><p>Already a subscriber? Log in</p>"


@pytest.mark.parametrize(
    ("behind", "access"),
    [
        (f"<div class='paywall-offer'>{NOTICE}</div>", "excerpt"),
        (f"<div>{NOTICE}</div>", "excerpt"),
        ("<p>Create a free account to continue reading.</p>", "excerpt"),
        ("<p>You have 2 free articles remaining.</p>", "full"),
        ("<p>Support us on Patreon to keep us afloat.</p>", "full"),
    ],
)
def test_a_notice_that_bars_readers_makes_an_excerpt_and_is_no_text(
    build: Build, prose: str, paragraphs: tuple[str, ...], behind: str, access: str
) -> None:
    article = extract_article(build(f"<article><h1>Dusk</h1>{prose}{behind}</article>"), URL)
    assert article.text == "\n".join(paragraphs)
    assert article.access == access


def test_a_notice_bars_nobody_before_more_text_behind_a_long_one_or_where_the_page_says_that_it_is_free(
    build: Build, prose: str, ld: Callable[[object], str], paragraphs: tuple[str, ...]
) -> None:
    notice = "<p>Subscribe to continue reading.</p>"
    long = "".join(f"<p>Mile {mile}: {paragraph}</p>" for mile in range(7) for paragraph in paragraphs)
    free = ld({"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": True})
    pages = (
        build(f"<article>{prose}{notice}{prose.replace('ferry', 'raft')}</article>"),
        build(f"<article>{long}{notice}</article>"),
        build(f"<article>{prose}{notice}</article>", head=free),
    )
    assert [extract_article(page, URL).access for page in pages] == ["full"] * 3


@pytest.mark.parametrize("head", [{"isAccessibleForFree": False}, {}])
def test_an_excerpt_of_a_sentence_is_read_by_the_layout(
    build: Build, paragraphs: tuple[str, ...], ld: Callable[[object], str], head: dict[str, bool]
) -> None:
    wall = "" if head else "<div class=paywall>Go on reading for a coin.</div>"
    dek = "<p>A second film asks where a ferry goes, and takes a whole night over the question.</p>"
    shown = f"<div class=part><p>{paragraphs[0][:180]}</p></div>"
    body = f"{dek}{shown}<p>Subscribe to The Tern and read as you like.</p>{wall}"
    article = extract_article(
        build(f"<article><h1>Dusk</h1>{body}</article>", head=ld({"@type": "NewsArticle", **head})), URL, outlet=TERN
    )
    assert article.text == paragraphs[0][:180].strip()
    assert (article.extractor, article.has_layout, article.access) == ("layout:tern", True, "excerpt")


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


LEDE = "The keeper lit the lamp at six on Monday evening, and nobody saw it."
WRAPPED_LEDE = (
    "The lamp room of the old lighthouse was opened on Monday by a keeper who had not been up there in nineteen years, "
    "and who said: “I had forgotten how long the stairs are.” Nobody else had come."
)
WRAPPED = """The Lamp Room Opens at Last

The lamp room of the old lighthouse was opened on Monday by a
keeper who had not been up there in nineteen years, and who said:
“I had forgotten
how long the stairs are.” Nobody else had come.

The glass is from 1911. It was cleaned by two people for a well-
known collector:

- a lens of the first order
- a clock that
- an oil can

It goes to a museum in the spring.
"""


def test_the_lines_of_a_hard_wrapped_text_are_joined_to_its_paragraphs() -> None:
    article = extract_text(WRAPPED, "file:tern.txt", outlet_id="tern")
    assert article.headline == "The Lamp Room Opens at Last"
    assert article.text.split("\n") == [
        WRAPPED_LEDE,
        "The glass is from 1911. It was cleaned by two people for a well-known collector:",
        "- a lens of the first order",
        "- a clock that",
        "- an oil can",
        "It goes to a museum in the spring.",
    ]
    quotes = [mention for mention in find_mentions(article) if mention.kind == "quote"]
    assert [quote.text for quote in quotes] == ["“I had forgotten how long the stairs are.”"]
    assert article.text[quotes[0].start_char : quotes[0].end_char] == quotes[0].text


@pytest.mark.parametrize(
    "body",
    [
        "The lamp was lit at six on Monday evening.\nNobody saw it from the shore.\n\nIt burns on.",
        "Who lit the lamp?\nThe keeper did, at six on Monday, as on any other day.\n\nWhy?\nIt was dark.",
        "the sea is a road\nthat nobody made\n\nthe lamp is a word\nthat nobody said",
        "Cast: Ilse Kandinov, Ulf Rademacher, Teodor Blixt and a crowd of sailors\nCamera: Pia Holm\n\nMusic: none",
        f"{LEDE} {LEDE}\nand so on.\n\nHe lit it\nand left, and was not seen again\nby anybody.",
    ],
)
def test_lines_of_any_other_text_stay_paragraphs(body: str) -> None:
    lines = [line for line in body.split("\n") if line]
    assert extract_text(f"A Lamp Is Lit\n\n{body}", "file:x.txt").text.split("\n") == lines


@pytest.mark.parametrize(
    ("behind", "access"),
    [("This article is for subscribers only.", "excerpt"), ("You have 2 free articles remaining.", "full")],
)
def test_a_saved_text_that_ends_at_a_wall_is_an_excerpt(behind: str, access: str) -> None:
    article = extract_text(f"A Lamp Is Lit\n\n{LEDE}\n\n{behind}", "file:x.txt")
    assert (article.text, article.access) == (LEDE, access)


def test_a_text_that_no_empty_line_parts_is_left_as_it_is() -> None:
    lines = [line for line in WRAPPED.split("\n") if line]
    assert extract_text("\n".join(lines), "file:x.txt").text.split("\n") == lines[1:]


@pytest.mark.parametrize(
    ("opening", "byline", "day"),
    [
        ("By Ulf Rademacher\n5 February 2022", ("Ulf Rademacher",), "2022-02-05"),
        ("5 February 2022\n\nBy Ulf Rademacher and Pia Holm, in Oslo", ("Ulf Rademacher", "Pia Holm"), "2022-02-05"),
        ("By Ulf Rademacher | February 5, 2022", ("Ulf Rademacher",), "2022-02-05"),
        ("Words by Pia Holm", ("Pia Holm",), None),
        ("Von Pia Holm\n05.02.2022", ("Pia Holm",), "2022-02-05"),
        ("By Reuters", ("Reuters",), None),
        ("BY PIA HOLM\n\nUpdated 7 February 2022\nPublished 5 February 2022", ("Pia Holm",), "2022-02-05"),
        ("4/5/2022", (), None),
        ("5 February 2042", (), None),
    ],
)
def test_lines_under_the_headline_tell_who_and_when(opening: str, byline: tuple[str, ...], day: str | None) -> None:
    article = extract_text(f"A Lamp Is Lit\n{opening}\n\n{LEDE}", "file:x.txt", outlet_id="x", fetched_at=FETCHED)
    assert article.text == LEDE
    assert article.byline == byline
    assert (article.published_at.date().isoformat() if article.published_at else None) == day
    assert article.published_is_day == (day is not None)
    assert {one.field for one in article.evidence} >= ({"byline"} if byline else set())


def test_a_day_in_a_text_is_one_of_its_outlet_and_a_change_is_no_publication() -> None:
    dated = f"A Lamp Is Lit\n5 February 2022\nUpdated 7 February 2022\n\n{LEDE}"
    article = extract_text(dated, "file:tern.txt", outlet=TERN, fetched_at=FETCHED)
    assert article.published_at == datetime(2022, 2, 4, 23, tzinfo=UTC)
    assert article.modified_at == datetime(2022, 2, 6, 23, tzinfo=UTC)


def test_an_impossible_date_of_a_text_is_dropped_and_told() -> None:
    article = extract_text(f"A Lamp Is Lit\n5 February 2042\n\n{LEDE}", "file:x.txt", fetched_at=FETCHED)
    assert article.published_at is None
    assert [one.note for one in article.evidence] == ["2042-02-05 dropped: later than it was fetched"]


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the lamp had gone out",
        "By Ulf Rademacher’s count there were ninety steps.",
        "By Christmas",
        "Review: The Slow Ferry",
        "Ulf Rademacher:",
        "Ulf Rademacher was there.",
        "By Ulf Rademacher and the two women who had come with him from the town across the bay, it was said",
    ],
)
def test_other_lines_under_the_headline_stay_text(line: str) -> None:
    article = extract_text(f"A Lamp Is Lit\n\n{line}\n\n{LEDE}", "file:x.txt", outlet_id="x", fetched_at=FETCHED)
    assert (article.text, article.byline) == (f"{line}\n{LEDE}", ())


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


@pytest.mark.parametrize(
    "body",
    [
        random.Random(5).randbytes(4096),
        b"\x00" * 400 + random.Random(6).randbytes(400),
        b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n" * 9,
        b"\xef\xbb\xbf" + random.Random(7).randbytes(4096),
    ],
)
def test_bytes_that_are_no_text_are_refused_whatever_the_file_is_called(capture: Capture, body: bytes) -> None:
    saved = replace(capture, url="file:tern.txt", body=body, headers=(("content-type", "text/plain"),))
    with pytest.raises(ExtractError) as told:
        extract_capture(saved, TERN)
    assert told.value.code == "not_html"


@pytest.mark.parametrize(
    "body",
    [
        SAVED.encode("cp1252", errors="replace"),
        SAVED.encode("utf-16"),
        SAVED.encode("utf-16-le"),
        b"BM" + SAVED.encode(),
        SAVED.replace("Nobody", "No\x00body").encode(),
        "Лампа горит\n\nСмотритель зажёг лампу в шесть вечера.".encode("cp1251"),
        "灯がともる\n\n灯台の灯は月曜の夕方にともった。".encode("iso2022_jp"),
    ],
)
def test_a_text_in_any_charset_is_no_binary_nor_is_a_torn_one(capture: Capture, body: bytes) -> None:
    saved = replace(capture, url="file:tern.txt", body=body, headers=(("content-type", "text/plain"),))
    assert extract_capture(saved, TERN).text


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
