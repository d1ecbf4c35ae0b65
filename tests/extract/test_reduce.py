"""Fixtures of pages that are not ours: the skeleton stays and is read alike, the prose is gone."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from presswatch.extract import extract_article
from presswatch.extract.filler import Filler, tell_line
from presswatch.extract.reduce import compare_readings, reduce_page
from presswatch.outlets import Layout, Outlet, load_outlets

HERE = Path(__file__).parents[1] / "outlets"
PAGES = sorted(HERE.glob("*/*.html"))
URL = "https://www.tern.test/film/a-ferry-leaves-at-dusk-and-nobody-asks-why-1204/"
TERN = Outlet(
    id="tern",
    name="The Tern",
    hosts=("tern.test",),
    layouts=(Layout(body="[data-zone=story]", stop=("^Tickets for the festival\\b",)),),
)


def reduce(body, *, outlet=TERN, url=URL, at=datetime(2024, 5, 2, tzinfo=UTC)):
    """A page's reduced form, and what extraction says of both."""
    article = extract_article(body, url, outlet=outlet, fetched_at=at)
    reduced = reduce_page(body.decode(), article, outlet)
    return reduced, article, extract_article(reduced.html.encode(), reduced.url, outlet=outlet, fetched_at=at)


def words(text):
    return re.findall(r"[^\W\d_]{4,}", text.casefold())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_of_an_outlet_is_read_as_before_and_none_of_its_sentences_is_left(path):
    given = json.loads(path.with_suffix(".json").read_text("utf-8"))
    outlet = load_outlets()[path.parent.name]
    at = datetime.fromisoformat(given["fetched_at"])
    reduced, original, article = reduce(path.read_bytes(), outlet=outlet, url=given["url"], at=at)
    assert compare_readings(original, article) == []
    assert outlet.owns(reduced.url)
    left = " ".join(words(reduced.html))
    for paragraph in original.text.split("\n"):
        told = words(paragraph)
        assert not [told[n : n + 3] for n in range(len(told) - 2) if " ".join(told[n : n + 3]) in left]
    again, _, _ = reduce(path.read_bytes(), outlet=outlet, url=given["url"], at=at)
    assert again == reduced


def test_names_are_one_name_everywhere_and_the_outlets_own_stays(build, ld, paragraphs):
    head = ld(
        {
            "@type": "NewsArticle",
            "author": {"@type": "Person", "name": "Una Kessel", "url": "/authors/una-kessel/"},
            "datePublished": "2024-05-01T08:30:00+02:00",
            "publisher": {"@type": "Organization", "name": "The Tern"},
        }
    )
    body = (
        '<h1>A Ferry Leaves at Dusk</h1><p class="byline">By <a href="/authors/una-kessel/">Una Kessel</a></p>'
        f'<div data-zone="story"><p>{"</p><p>".join(paragraphs)}</p><p>Una Kessel told The Tern.</p></div>'
    )
    reduced, original, article = reduce(build(body, head=head))
    (name,) = article.byline
    assert original.byline == ("Una Kessel",)
    assert name != "Una Kessel"
    assert [len(word) for word in name.split()] == [3, 6]
    assert reduced.html.count(name) == 3
    assert f'href="/authors/{name.lower().replace(" ", "-")}/"' in reduced.html
    assert f"<p>{name} " in reduced.html
    assert reduced.html.count("The Tern") == 3  # title, publisher, text
    assert article.published_at == original.published_at
    assert "By <a" in reduced.html


def test_scripts_styles_drawings_and_what_follows_readers_are_gone(build, paragraphs):
    head = (
        "<style>p{color:red}</style><script>track('Una Kessel')</script><noscript><img src='/px.gif'></noscript>"
        '<meta name="csrf-token" content="abc"><meta name="fb:app_id" content="1"><link rel="preload" href="/a.js">'
    )
    body = (
        '<!-- a remark of theirs --><div data-zone="story" data-track-label="dusk hero" onclick="go()" '
        f'style="color:red" class="story-body wide" id="story"><p>{"</p><p>".join(paragraphs)}</p>'
        '<svg><path d="M1 1"/><title>Dusk</title></svg><img src="data:image/png;base64,AA" srcset="a 1x" alt="A ferry">'
        '<p style="display: none">hidden</p></div>'
    )
    reduced, _, _ = reduce(build(body, head=head))
    for gone in (
        "remark",
        "track",
        "color",
        "csrf",
        "app_id",
        "preload",
        "onclick",
        "base64",
        "srcset",
        "M1 1",
        "ferry",
    ):
        assert gone not in reduced.html.casefold()
    for kept in ('class="story-body wide"', 'id="story"', 'data-zone="story"', 'style="display: none"', "<svg></svg>"):
        assert kept in reduced.html


def test_labels_that_rules_rest_on_stay_and_what_they_label_does_not(build, paragraphs):
    lines = [
        "Read more: The Harbor Cinema Opens Again",
        "Advertisement",
        "Tickets for the festival go on sale in autumn",
        "4 Comments",
        "Your email address will not be published.",
        "Published on March 15, 2024",
    ]
    body = f'<div data-zone="story"><p>{"</p><p>".join([*paragraphs, *lines])}</p></div>'
    reduced, original, article = reduce(build(body))
    assert compare_readings(original, article) == []
    for kept in ("<p>Read more: ", "<p>Advertisement<", "<p>Tickets for the festival ", " Comments<", "email address"):
        assert kept in reduced.html
    assert "March 15, 2024" in reduced.html
    for gone in ("Harbor", "Cinema", "autumn", "on sale"):
        assert gone not in reduced.html


@pytest.mark.parametrize(("byline", "kept"), [("Una de Kessel", " de "), ("Redaktion Hafenblatt", "Redaktion ")])
def test_what_tells_a_name_from_other_words_stays(build, paragraphs, byline, kept):
    head = f'<meta name="author" content="{byline}">'
    body = f'<h1>A Ferry</h1><div data-zone="story"><p>{"</p><p>".join(paragraphs)}</p></div>'
    _, original, article = reduce(build(body, head=head))
    assert original.byline == (byline,)
    assert compare_readings(original, article) == []
    assert kept in article.byline[0]
    assert article.byline != original.byline


PEOPLE = """
<div class="social"><a href="https://twitter.com/unakess">Follow</a> <a href="https://kesselblog.test/">Blog</a>
<a href="mailto:una.kess@tern.test">Mail</a></div>
<div class="sidebar"><div class="author-card"><span class="author-name">Brannoc Thistlewood</span></div></div>
<section id="comments"><h2>Comments</h2><ol>
<li class="comment byuser comment-author-mrsgribble depth-1" id="comment-mrsgribble">
<cite class="comment-author">Ottilie Gribble</cite> <p>Ottilie Gribble: what a ferry.</p></li>
<li id="comment-12"><cite class="comment-author vcard">Xanthe Umberlee says</cite><p>I met Xanthe Umberlee.</p></li>
</ol></section>
"""


def test_nobody_is_named_neither_in_texts_nor_in_handles_ids_classes_and_addresses(build, ld, paragraphs):
    head = ld(
        {
            "@type": "NewsArticle",
            "author": {
                "@type": "Person",
                "name": "Una Kessel",
                "url": "https://www.tern.test/author/kessel",
                "email": "una.kess@tern.test",
                "sameAs": ["https://twitter.com/unakess", "https://www.facebook.com/una.kessel"],
                "identifier": "ukess",
            },
        }
    )
    head += '<meta name="twitter:creator" content="@unakess"><meta property="article:author" content="/author/kessel">'
    body = (
        '<article id="una-kessel-column" class="post author-ukess"><h1>A Ferry Leaves at Dusk</h1>'
        '<p class="byline">By <a rel="author" href="/author/ukess">Una Kessel</a></p>'
        f'<div data-zone="story"><p>{"</p><p>".join(paragraphs)}</p></div></article>{PEOPLE}'
    )
    reduced, original, article = reduce(build(body, head=head))
    assert original.byline == ("Una Kessel",)
    assert compare_readings(original, article) == []
    told = reduced.html.casefold()
    for name in ("una ", "kess", "thistlewood", "brannoc", "gribble", "ottilie", "xanthe", "umberlee"):
        assert name not in told, name
    for kept in ("By <a", 'class="author-card"', 'class="comment-author vcard"', 'id="comment-12"', "depth-1"):
        assert kept in reduced.html
    for host in ("https://www.tern.test/author/", "https://twitter.com/"):
        assert host in reduced.html


def test_metadata_that_nests_without_end_goes(build, paragraphs):
    content = '{"author":' * 900 + '"Una Kessel"' + "}" * 900
    head = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{content}}}</script>'
    body = f'<h1>A Ferry</h1><div data-zone="story"><p>{"</p><p>".join(paragraphs)}</p></div>'
    reduced, _, _ = reduce(build(body, head=head))
    assert "Kessel" not in reduced.html
    assert "application/ld+json" not in reduced.html


def test_a_class_that_the_outlets_rules_ask_for_stays_whoever_it_names(build, paragraphs):
    tern = Outlet(id="tern", name="The Tern", hosts=("tern.test",), layouts=(Layout(body=".author-kessel"),))
    body = f'<h1>A Ferry</h1><div class="author-kessel"><p>{"</p><p>".join(paragraphs)}</p></div>'
    reduced, original, article = reduce(build(body), outlet=tern)
    assert (original.extractor, compare_readings(original, article)) == ("layout:tern", [])
    assert 'class="author-kessel"' in reduced.html


def test_what_differs_is_told(build, paragraphs):
    body = f'<div data-zone="story"><p>{"</p><p>".join(paragraphs)}</p></div>'
    _, original, article = reduce(build(body))
    shorter = extract_article(
        build(body.replace(f"<p>{paragraphs[0]}</p>", "")),
        URL,
        outlet=TERN,
        fetched_at=datetime(2024, 5, 2, tzinfo=UTC),
    )
    assert compare_readings(original, article) == []
    assert compare_readings(original, shorter) == ["text: 4 paragraphs of the page, 3 of the reduced one"]


# ---------------------------------------------------------------- filler

TEXTS = st.text(st.sampled_from("aBcé 'ßİ1290.-–“”\nмиЖ日本語한"), max_size=60)


@given(TEXTS)
def test_a_text_keeps_its_shape(text):
    filled = Filler(letters=text).text(text)
    assert len(filled) == len(text)
    for old, new in zip(text, filled, strict=True):
        assert old.isalpha() == new.isalpha()
        assert old.isdigit() == new.isdigit()
        assert old.isalnum() or old == new
    assert filled == Filler(letters=text).text(text)


@pytest.mark.parametrize(
    "date",
    ["2024-03-05T08:30:00+01:00", "March 15, 2024", "15. März 2024", "3.5.2024", "le 4 août 2023", "9:45 am EDT"],
)
def test_dates_stay(date):
    assert date.removeprefix("le ") in Filler().text(f"Nobody sailed on {date} at all")


def test_a_word_is_one_word_in_texts_addresses_and_capitals():
    filler = Filler(names=["The Tern"])
    one, two, three = filler.text("Lamplighter LAMPLIGHTER lamplighter").split()
    assert (one.lower(), two) == (three, three.upper())
    assert filler.address("/film/lamplighter-lamplighter.html?p=12#top") == f"/film/{three}-{three}.html?p=12#top"
    assert filler.text("the tern, The  Tern, tern") == f"the tern, The  Tern, {filler.text('tern')}"
    assert filler.text("14th of 120 &amp; more").startswith(re.match(r"\d\dth ", filler.text("14th of"))[0])
    assert "&amp;" in filler.text("this &amp; that")


@pytest.mark.parametrize("url", ["", "#", "https://a.test/", "/wp-content/uploads/2024/05/pier.jpg", "#comments"])
def test_addresses_without_words_of_text_stay(url):
    assert Filler().address(url) == url


@pytest.mark.parametrize("title", ["Тайна пристани", "Пристань", "夜の渡し船", "Straße-im-Nebel", "عبارة الليل"])
def test_titles_in_addresses_are_replaced_in_every_script_and_escaped_as_they_were(title):
    filler = Filler(letters=f"{title} {title[::-1]} шкла明かり遠本自غيم")
    path = f"/news/{quote(title.replace(' ', '-'))}/"
    filled = filler.address(f"http://tern.test{path}")
    assert filled.isascii()
    told = unquote(filled.removeprefix("http://tern.test/news/")).strip("/")
    assert not set(re.findall(r"[^\W\d_]{2,}", told)) & set(re.findall(r"[^\W\d_]+", title))
    assert told == filler.text(title.replace(" ", "-"))


@pytest.mark.parametrize(
    ("url", "gone"),
    [
        ("https://instagram.com/quillfeather", "quillfeather"),
        ("/author/quillfeather", "quillfeather"),
        ("/film/?author=quillfeather", "quillfeather"),
        ("https://jane:secret@quay.test/", "secret"),
        ("#author-quillfeather", "quillfeather"),
    ],
)
def test_handles_in_addresses_are_replaced(url, gone):
    filled = Filler(host="tern.test").address(url)
    assert gone not in filled
    assert filled.startswith(url.partition(gone)[0].replace("jane:", ""))


@pytest.mark.parametrize("url", ["javascript:void(0)", "data:text/plain,hello", "http://[half"])
def test_addresses_of_no_web_lead_nowhere(url):
    assert Filler().address(url) == "#"


def test_a_line_keeps_the_words_that_its_rule_needs_and_no_more():
    filler = Filler()
    assert filler.label("Read more: A Lamp in the Fog", tell_line) == {"read", "more"}
    assert filler.label("A lamp in the fog is lit", tell_line) == frozenset()
    stopped = partial(tell_line, stop=["^Hear our talk"])
    assert filler.label("Hear our talk on tape today", stopped) == {"hear", "our", "talk"}


def test_a_reduced_page_is_parsed_as_it_was(build, prose):
    table = "<table><tr><td>x<td>y</table><p>Fish &amp; <b>chips"
    page = build(f"<article><h1>A Ferry</h1><pre>one\n  two</pre>{prose}{table}</article>")
    reduced, _, _ = reduce(page, outlet=None)

    def tags(html):
        return [node.tag for node in LexborHTMLParser(html).css("*")]

    assert tags(reduced.html) == tags(page.decode())
