"""Documents that were good once: spliced, cut and stuffed, and read without an error that nobody declared.

`make fuzz` runs all of tests/properties with new examples, thousands of each.
"""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.discover import Contents, read_document
from presswatch.discover.said import AHEAD, EARLIEST
from presswatch.errors import CODES, ExtractError
from presswatch.extract import extract_article
from presswatch.fetch.robots import Robots, is_allowed, list_sitemaps
from presswatch.model import Capture, DocumentKind
from presswatch.outlets import Outlet
from presswatch.urls import is_web

pack = partial(gzip.compress, mtime=0)  # without the time: names of tests are the same in every process

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
QUAY = Outlet(id="quay", name="The Quay", hosts=("quay.test",), timezone="America/New_York")
MOST_BYTES = 60_000_000  # of memory, for documents of some kilobytes

ROBOTS = b"""# The Quay
User-agent: gull
User-agent: presswatch
Crawl-delay: 5
Disallow: /private/*.pdf$
Allow: /private/open

User-agent: *
Disallow: /
Sitemap: https://quay.test/map.xml
"""
RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Quay</title>
<link>https://quay.test/</link><item><title>Fog &amp; rain</title><link>https://quay.test/fog?utm_source=rss</link>
<pubDate>Sat, 14 Mar 2026 09:00:00 GMT</pubDate><dc:creator>Keeper</dc:creator></item>
<item><title><![CDATA[The <i>tide</i>]]></title><link>/tide</link><guid isPermaLink="true">https://quay.test/tide</guid>
<pubDate>14 Mar 2026 09:00 EST</pubDate></item></channel></rss>"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://quay.test/">
<title>The Quay</title><entry><title type="html">Fog &lt;b&gt;again&lt;/b&gt;</title><link rel="alternate" href="fog"/>
<published>2026-03-14T09:00:00-05:00</published><updated>2026-03-14T10:00:00Z</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Quay",
        "items": [
            {"id": "1", "url": "https://quay.test/fog", "title": "Fog", "date_published": "2026-03-14T09:00:00Z"}
        ],
    }
).encode()
MAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://quay.test/fog</loc><lastmod>2026-03-14</lastmod><news:news><news:title>Fog</news:title>
<news:publication_date>2026-03-14T09:00:00Z</news:publication_date></news:news></url>
<url><loc> https://quay.test/tide </loc><lastmod>2026-03</lastmod></url></urlset>"""
INDEX = b"""<sitemapindex><sitemap><loc>https://quay.test/map-2026-03.xml</loc><lastmod>2026-03-14</lastmod></sitemap>
<sitemap><loc>https://quay.test/map2.xml.gz</loc></sitemap></sitemapindex>"""
POSTS = json.dumps(
    [
        {"link": "https://quay.test/fog", "title": {"rendered": "Fog &#8211; again"}, "date_gmt": "2026-03-14T09:00:00",
         "modified_gmt": "2026-03-14T10:00:00"},
        {"link": "https://quay.test/?p=7", "title": {"rendered": "<b>Tide</b>"}, "date_gmt": "2026-03-13T09:00:00"},
    ]
).encode()  # fmt: skip
PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fog comes in | The Quay</title>
<link rel="canonical" href="https://quay.test/fog"><meta property="og:title" content="Fog comes in">
<meta property="og:type" content="article"><meta property="article:published_time" content="2026-03-14T09:00:00Z">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "NewsArticle",
"headline": "Fog comes in", "author": [{"@type": "Person", "name": "Ida Marr"}],
"datePublished": "2026-03-14T09:00:00Z", "mainEntityOfPage": {"@id": "https://quay.test/fog"}}]}</script></head>
<body><header><nav><a href="/">Home</a></nav></header>
<article><h1>Fog comes in</h1><p class="byline">By Ida Marr</p><time datetime="2026-03-14T09:00">March 14, 2026</time>
<p>The keeper of the light said that the fog would stay until Sunday, and he has never been wrong about it yet.</p>
<p>\xe2\x80\x9cIt comes in like a guest,\xe2\x80\x9d he told The Harbour Post.</p>
<figure><img src="fog.jpg" alt=""><figcaption>The light</figcaption></figure>
<table><tr><td>Boats kept in harbour on both days of the storm that nobody had foreseen: 12</td></tr></table>
<ul><li>The ferry to the island does not run before the fog has gone out to sea again.</li></ul></article>
<footer>All rights reserved</footer></body></html>"""

# What ends up in documents that are meant to harm, or that a machine has made badly.
STUFF = [
    b"<", b">", b"&", b'"', b"'", b"\\", b"\0", b"\r", b"\n\n", b"\x1b[31m", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml version='1.0' encoding='utf-7'?>",
    b"encoding='zlib'", b"<!DOCTYPE x [", b'<!ENTITY a "&b;&b;">', b'<!ENTITY x SYSTEM "file:///etc/passwd">',
    b"&#0;", b"&#xD800;", b"&#x110000;", b"&#8238;", b"\\ud800", b"\\u0000", b"\\u202e", b"javascript:alert(1)",
    b"data:text/html,x", b"file:///etc/passwd", b"http://10.0.0.7/", b"http://other.test/x", b"//other.test/x",
    b"http://quay.test@other.test/", b"http://quay.test:99999/", b"http://[::1",
    b"https://quay.test/x?u=https://other.test/", b"https://quay.test/https://other.test/y", b"{x}", b"9" * 400,
    b"-1", b"1e999", b"NaN", b"null", b"[]", b"{}", b"[" * 300, b'{"a":' * 300, b"<div>" * 300, b"</article>", b"<p>",
    b"<script>", b"</script>", b"<template>", b"<svg>", b"<base href=http://other.test/>", b"<meta charset=zlib>",
    b"<meta http-equiv=refresh content=0>", b"0000-00-00", b"9999-12-31T23:59:59-14:00", b"2199-01-01",
    b"Sat, 31 Feb 2026 25:61:61 GMT", b"a" * 5000, b"\xe2\x80\xae", b"User-agent:",
    b"Disallow: /" + b"*a" * 200 + b"$", b"Allow:", b"Crawl-delay: 1e308", b"Crawl-delay: nan", b"Sitemap:",
]  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn, *good: bytes) -> bytes:
    """One of the good documents after some changes: a stretch taken out, doubled or turned round, or stuff put in."""
    content = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(0, 6))):
        start, end = sorted(draw(st.integers(0, len(content))) for _ in range(2))
        change = draw(st.sampled_from(["put", "put", "put", "cut", "double", "turn", "end", "byte"]))
        if change == "put":
            content = content[:start] + draw(st.sampled_from(STUFF)) + content[start:]
        elif change == "byte":
            content = content[:start] + draw(st.binary(max_size=2)) + content[start + 1 :]
        elif change == "cut":
            content = content[:start] + content[end:]
        elif change == "double":
            content = (content[:end] + content[start:])[:200_000]
        elif change == "turn":
            content = content[:start] + content[start:end][::-1] + content[end:]
        else:
            content = content[:end]
    return content


@given(spoilt(ROBOTS), st.sampled_from(["presswatch", "presswatch/1 (+x)", "", "*", "gull", "\u2603"]))
def test_rules_are_read_whatever_they_are(content: bytes, agent: str) -> None:
    robots = Robots(content, agent)
    assert 0 <= robots.crawl_delay_s < float("inf")
    for url in (
        "https://quay.test/",
        "https://quay.test/private/a.pdf",
        "https://quay.test/" + "a" * 300,
        "x",
        "http://[::1",
    ):
        assert is_allowed(content, agent, url) is robots.allows(url)
    assert robots.allows("https://quay.test/robots.txt")
    assert all(isinstance(url, str) and url.strip() for url in list_sitemaps(content))


def read(body: bytes, kind: DocumentKind, url: str = "https://quay.test/list/x") -> Contents:
    capture = Capture(url=url, outlet_id="quay", fetched_at=NOW, body=body, kind=kind)
    return read_document(QUAY, capture, now=NOW)


def check(contents: Contents) -> None:
    """Only the outlet's own web addresses, dates that can be, and words that can be stored and shown."""
    assert len(contents.candidates) < 10_000
    assert contents.fault is None or contents.fault[0] in CODES
    for url in (*contents.documents, *(candidate.url for candidate in contents.candidates)):
        assert is_web(url)
        assert QUAY.owns(url), url
        assert (urlsplit(url).hostname or "").endswith("quay.test"), url
    for candidate in contents.candidates:
        f"{candidate.url} {candidate.listed_as} {candidate.title} {candidate.found_in}".encode()
        assert len(candidate.title or "") <= 1000
        assert not set(candidate.title or "") & set("\0\x1b\n\u202e")
        for moment in (candidate.published_at, candidate.modified_at):
            assert moment is None or EARLIEST <= moment <= NOW + AHEAD


@given(spoilt(RSS, ATOM, JSON_FEED, MAP, PAGE))
def test_feeds(body: bytes) -> None:
    check(read(body, "feed"))


@given(spoilt(MAP, INDEX, RSS, PAGE))
def test_sitemaps(body: bytes) -> None:
    check(read(body, "sitemap"))


@given(spoilt(MAP, INDEX), spoilt(pack(MAP), pack(INDEX) * 2, pack(pack(MAP))))
def test_packed_sitemaps(body: bytes, broken: bytes) -> None:
    plain, packed = read(body, "sitemap"), read(pack(body), "sitemap")
    check(packed)
    assert [c.url for c in packed.candidates] == [c.url for c in plain.candidates]
    check(read(broken, "sitemap"))


@given(spoilt(POSTS, JSON_FEED, PAGE, b"[]", b"null"))
def test_posts(body: bytes) -> None:
    check(read(body, "wordpress"))


@given(spoilt(PAGE, PAGE, RSS), st.sampled_from(["https://quay.test/fog", "file:fog.html", "http://[::1", ""]))
def test_pages(body: bytes, url: str) -> None:
    try:
        article = extract_article(body, url, outlet=QUAY, fetched_at=NOW)
    except ExtractError as error:
        assert error.code in CODES  # noqa: PT017
        return
    words = [article.text, article.headline or "", article.dek or "", article.section or "", *article.byline]
    for text in (*words, article.url, *article.aliases, *(block.text for block in article.removed)):
        text.encode()
    assert not set("".join(words)) & set("\0\x1b\r\u202e\ufeff")
    assert len(article.text) <= len(body)
    assert all(is_web(alias) for alias in article.aliases)
    for moment in (article.published_at, article.modified_at):
        assert moment is None or 1995 <= moment.year <= 2026


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("sitemap", pack(b"<urlset>" + b" " * 60_000_000)),
        ("sitemap", b"<urlset>" + b"<url><loc>https://quay.test/" + b"a" * 4_000_000 + b"</loc></url></urlset>"),
        ("sitemap", b"<urlset>" + b"<a>" * 200_000),
        ("sitemap", b"<urlset>" + b"<url></url>" * 200_000 + b"</urlset>"),
        ("feed", b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 200_000),
        ("wordpress", b"[" * 200_000),
        ("wordpress", b'[{"link": "https://quay.test/a", "title": {"rendered": "' + b"<b>" * 300_000 + b'"}}]'),
    ],
    ids=["long", "long address", "deep", "empty", "deep feed", "deep posts", "long title"],
)
def test_documents_that_are_too_much_take_bounded_memory(kind: DocumentKind, body: bytes) -> None:
    tracemalloc.start()
    check(read(body, kind))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_BYTES
