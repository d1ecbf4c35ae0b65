from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from presswatch.discover.archives import read_archive
from presswatch.discover.feeds import MAX_FEED_BYTES, read_feed
from presswatch.discover.said import Calendar, Stamp
from presswatch.discover.sitemaps import MAX_SITEMAP_BYTES, MAX_URLS, read_sitemap
from presswatch.outlets import Source

pack = partial(gzip.compress, mtime=0)  # without the time: names of tests are the same in every process

NOW = datetime(2022, 3, 10, 12, tzinfo=UTC)
CALENDAR = Calendar(zone=ZoneInfo("America/New_York"), now=NOW)
FEED_URL = "https://gazette.test/feed/"
ARCHIVE = Source(kind="archive", url="https://gazette.test/2022/03/")
MARCH = Stamp(datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 4, 1, tzinfo=UTC))

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>The Gazette</title><link>https://gazette.test</link>
<item>
  <title>The Kites of Orrin Bay &#8217;Fly&#8217; &lt;em&gt;Again&lt;/em&gt;</title>
  <link>https://gazette.test/kites/?utm_source=rss</link>
  <dc:creator><![CDATA[Ivo Marrable]]></dc:creator>
  <pubDate>Tue, 01 Mar 2022 15:04:05 +0000</pubDate>
</item>
<item><title>Second</title><link>/second/</link><pubDate>Wed, 02 Mar 2022 09:00:00 EST</pubDate></item>
<item><title>Third</title><link>https://gazette.test/third/</link><pubDate>Thu, 03 Mar 2022 09:00:00</pubDate></item>
<item><title>No link</title><pubDate>Thu, 03 Mar 2022 09:00:00 +0000</pubDate></item>
</channel>
</rss>
"""

ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>The Herald</title><id>h</id><updated>2022-03-02T00:00:00Z</updated>
<entry><title type="html">A &amp;amp; B</title><id>1</id><link rel="alternate" href="https://herald.test/a-b"/>
<published>2022-03-01T10:00:00-08:00</published><updated>2022-03-02T11:30:00Z</updated></entry>
</feed>
"""

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url>
  <loc> https://gazette.test/kites/ </loc>
  <lastmod>2022-03-01T16:00:00+00:00</lastmod>
  <image:image><image:loc>https://cdn.gazette.test/kite.jpg</image:loc><image:title>A kite</image:title></image:image>
  <news:news>
    <news:publication><news:name>The Gazette</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>2022-03-01T10:04:05-05:00</news:publication_date>
    <news:title><![CDATA[The Kites of Orrin Bay
      Fly Again]]></news:title>
  </news:news>
</url>
<url><loc>https://gazette.test/b?x=1&amp;y=2</loc><lastmod>2022-03-02</lastmod></url>
<url><lastmod>2022-03-02</lastmod></url>
</urlset>
"""

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://gazette.test/post-sitemap202203.xml</loc><lastmod>2022-03-09T00:00:00Z</lastmod></sitemap>
<sitemap><loc>https://gazette.test/post-sitemap202202.xml</loc></sitemap></sitemapindex>
"""


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_an_rss_feed_gives_its_entries() -> None:
    reading = read_feed(RSS.encode(), FEED_URL, CALENDAR)
    assert reading.fault is None
    assert [entry.url for entry in reading.entries] == [
        "https://gazette.test/kites/?utm_source=rss",
        "https://gazette.test/second/",
        "https://gazette.test/third/",
    ]
    assert reading.entries[0].title == "The Kites of Orrin Bay ’Fly’ Again"
    assert [entry.published.moment if entry.published else None for entry in reading.entries] == [
        at(2022, 3, 1, 15, 4, 5),
        at(2022, 3, 2, 14),
        at(2022, 3, 3, 14),  # no zone: New York's
    ]


def test_an_atom_feed_gives_both_dates() -> None:
    (entry,) = read_feed(ATOM.encode(), "https://herald.test/atom", CALENDAR).entries
    assert (entry.url, entry.title) == ("https://herald.test/a-b", "A & B")
    assert entry.published
    assert entry.published.moment == at(2022, 3, 1, 18)
    assert entry.modified
    assert entry.modified.moment == at(2022, 3, 2, 11, 30)


def test_a_broken_feed_is_read_as_far_as_it_goes_and_noted() -> None:
    reading = read_feed(RSS[: RSS.index("<item><title>Third")].encode() + b"<item><title>Cut & o", FEED_URL, CALENDAR)
    assert [entry.url for entry in reading.entries][:2] == [
        "https://gazette.test/kites/?utm_source=rss",
        "https://gazette.test/second/",
    ]
    assert reading.fault
    assert reading.fault[0] == "bad_document"
    assert "as far as it goes" in reading.fault[1]


@pytest.mark.parametrize(
    "body",
    [b"<!doctype html><html><body><p>A page, not a feed.</p></body></html>", b"{}", b"\x00\x01\x02", NEWS.encode()],
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    reading = read_feed(body, FEED_URL, CALENDAR)
    assert not reading.entries
    assert reading.fault
    assert reading.fault[0] == "bad_document"


def test_a_feed_declared_in_another_charset_is_no_fault() -> None:
    reading = read_feed(RSS.replace('encoding="UTF-8"', 'encoding="us-ascii"').encode(), FEED_URL, CALENDAR)
    assert len(reading.entries) == 3
    assert reading.fault is None


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "rot13", "zlib", "klingon", "utf-8", ""])
def test_a_feed_and_an_archive_may_name_any_charset(charset: str) -> None:
    """Python knows codecs that are none of the web's: they fail in ways of their own, or take for ever."""
    feed = read_feed(RSS.replace("UTF-8", charset).replace("Kites", "Café").encode(), FEED_URL, CALENDAR)
    assert feed.fault is None
    assert (feed.entries[0].title or "").startswith("The Café")
    page = f"<meta charset='{charset}'><a href='/2022/03/the-kites-of-orrin'>The Café</a>".encode()
    for declared in (f"text/html; charset={charset}", "text/html"):
        reading = read_archive(page, declared, ARCHIVE.url, ARCHIVE, MARCH)
        assert [entry.title for entry in reading.entries] == ["The Café"]


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16"])
def test_charsets_of_the_web_are_believed_where_the_bytes_are_theirs(charset: str) -> None:
    feed = read_feed(RSS.replace("UTF-8", charset).replace("Kites", "Café").encode(charset), FEED_URL, CALENDAR)
    assert (feed.entries[0].title or "").startswith("The Café")
    page = "<a href='/2022/03/the-kites-of-orrin'>The Café</a>".encode(charset)
    reading = read_archive(page, f"text/html; charset={charset}", ARCHIVE.url, ARCHIVE, MARCH)
    assert [entry.title for entry in reading.entries] == ["The Café"]


def test_a_mark_before_a_json_feed_hides_nothing() -> None:
    feed = b'\xef\xbb\xbf{"items": [{"url": "https://gazette.test/kites/", "title": "Kites"}]}'
    reading = read_feed(feed, FEED_URL, CALENDAR)
    assert [entry.url for entry in reading.entries] == ["https://gazette.test/kites/"]
    assert reading.fault is None


def test_a_feed_over_the_cap_is_not_read() -> None:
    reading = read_feed(RSS.encode() + b" " * MAX_FEED_BYTES, FEED_URL, CALENDAR)
    assert not reading.entries
    assert reading.fault
    assert reading.fault[0] == "too_large"


def test_the_body_of_a_feed_is_never_taken_for_a_file_or_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("feed") / "feed.xml"
    path.write_text(RSS, "utf-8")
    assert not read_feed(str(path).encode(), FEED_URL, CALENDAR).entries


def test_a_news_sitemap_gives_title_and_dates() -> None:
    reading = read_sitemap(NEWS.encode(), CALENDAR)
    assert reading.fault is None
    first, second = reading.entries
    assert (first.url, first.title) == ("https://gazette.test/kites/", "The Kites of Orrin Bay Fly Again")
    assert first.published
    assert first.published.moment == at(2022, 3, 1, 15, 4, 5)
    assert second.url == "https://gazette.test/b?x=1&y=2"
    assert second.modified
    assert (second.modified.start, second.modified.end) == (at(2022, 3, 2, 5), at(2022, 3, 3, 5))


def test_a_title_of_a_news_sitemap_is_read_as_one_of_a_feed() -> None:
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://quay.test/a</loc>'
        "<news:news><news:title><![CDATA[The <i>Slow</i> Ferry &amp;\n \u202eback]]></news:title></news:news></url>"
        "</urlset>"
    )
    assert [entry.title for entry in read_sitemap(body.encode(), CALENDAR).entries] == ["The Slow Ferry & back"]


def test_an_index_gives_documents() -> None:
    reading = read_sitemap(INDEX.encode(), CALENDAR)
    assert not reading.entries
    assert [child.url[-10:] for child in reading.children] == ["202203.xml", "202202.xml"]


@pytest.mark.parametrize(
    "body",
    [
        pack(NEWS.encode()),
        pack(NEWS[:500].encode()) + pack(NEWS[500:].encode()),
        b"\n \n" + NEWS.encode(),
        b"\xef\xbb\xbf" + NEWS.encode(),
        b"\n\xef\xbb\xbf\r\n" + NEWS.encode(),
        NEWS.replace("UTF-8", "UTF-16").encode("utf-16"),
        NEWS.replace(' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"', "").encode(),
        NEWS.replace("<url>", "<s:url>").replace("</url>", "</s:url>").replace("loc>", "s:loc>").encode(),
    ],
    ids=[
        "gzip",
        "two members",
        "blank lines first",
        "BOM",
        "BOM and blank lines",
        "UTF-16",
        "undeclared prefix",
        "prefixed",
    ],
)
def test_a_sitemap_is_read_in_many_dresses(body: bytes) -> None:
    reading = read_sitemap(body, CALENDAR)
    assert reading.fault is None
    assert [entry.url for entry in reading.entries] == [
        "https://gazette.test/kites/",
        "https://gazette.test/b?x=1&y=2",
    ]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<urlset><url><loc>https://gazette.test/&b;</loc></url></urlset>"""
EXTERNAL = """<?xml version="1.0"?>
<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<urlset><url><loc>https://gazette.test/&a;</loc></url></urlset>"""


@pytest.mark.parametrize("body", [BOMB, EXTERNAL])
def test_entities_are_inert(body: str) -> None:
    reading = read_sitemap(body.encode(), CALENDAR)
    assert not reading.entries
    assert reading.fault
    assert reading.fault[0] == "bad_document"
    rss = body.replace("urlset", "channel").replace("url>", "item>").replace("loc>", "link>")
    feed = read_feed(rss.encode(), FEED_URL, CALENDAR)
    (entry,) = feed.entries
    assert entry.url in ("https://gazette.test/&b", "https://gazette.test/&a")  # as it stands there


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<!DOCTYPE html><html><head></head></html>", "no sitemap"),
        (RSS.encode(), "no sitemap"),
        (b"%PDF-1.4", "broken"),
        (b'<?xml version="1.0" encoding="klingon"?><urlset/>', "broken"),
        (pack(NEWS.encode())[:-20], "gzip"),
        (b"\x1f\x8bnothing", "gzip"),
        (b"<urlset>" + b"<a>" * 1000, "deep"),
    ],
)
def test_what_is_no_sitemap_is_told(body: bytes, told: str) -> None:
    fault = read_sitemap(body, CALENDAR).fault
    assert fault
    assert told in fault[1]
    assert fault[0] == ("too_large" if told == "deep" else "bad_document")


def test_a_cut_sitemap_keeps_what_came_before() -> None:
    reading = read_sitemap(NEWS[: NEWS.index("<lastmod>2022-03-02")].encode(), CALENDAR)
    assert [entry.url for entry in reading.entries] == ["https://gazette.test/kites/"]
    assert reading.fault
    assert reading.fault[0] == "bad_document"


@pytest.mark.parametrize("start", [b"<urlset a='", b"<urlset><!--", b"<urlset><?x ", b"<urlset "])
def test_what_is_never_closed_is_not_read_for_ever(start: bytes) -> None:
    reading = read_sitemap(start + b"a" * 2_000_000, CALENDAR)
    assert reading.fault == ("too_large", "a tag or remark of more than 1,000,000 bytes")


@pytest.mark.parametrize("filler", [b" " * 3_000_000, b"<!-- x -->" * 300_000, b"<a>" + b"x" * 3_000_000 + b"</a>"])
def test_a_long_sitemap_of_short_tags_is_read_to_its_end(filler: bytes) -> None:
    sitemap = b"<urlset>" + filler + b"<url><loc>https://gazette.test/kites/</loc></url></urlset>"
    reading = read_sitemap(sitemap, CALENDAR)
    assert [entry.url for entry in reading.entries] == ["https://gazette.test/kites/"]
    assert reading.fault is None


def test_a_sitemap_stops_at_its_caps() -> None:
    urls = "".join(f"<url><loc>https://gazette.test/{number}</loc></url>" for number in range(MAX_URLS + 1))
    reading = read_sitemap(f"<urlset>{urls}</urlset>".encode(), CALENDAR)
    assert len(reading.entries) == MAX_URLS
    assert reading.fault
    assert reading.fault[0] == "too_large"

    bomb = pack(b"<urlset><url><loc>https://gazette.test/1</loc></url>" + b" " * MAX_SITEMAP_BYTES)
    assert len(bomb) < MAX_SITEMAP_BYTES // 100
    reading = read_sitemap(bomb, CALENDAR)
    assert [entry.url for entry in reading.entries] == ["https://gazette.test/1"]
    assert reading.fault
    assert reading.fault[0] == "too_large"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2022-03-01T10:00:00Z", at(2022, 3, 1, 10)),
        ("2022-03-01T10:00:00.123+01:00", datetime(2022, 3, 1, 9, 0, 0, 123000, tzinfo=UTC)),
        ("2022-03-01 10:00:00 +0100", at(2022, 3, 1, 9)),
        ("2022-03-01T10:00", at(2022, 3, 1, 15)),
        ("2022-03-01", at(2022, 3, 1, 5)),
        ("2021-11-07", at(2021, 11, 7, 4)),  # 25 hours long in New York
        (" Tue,  01 Mar 2022 10:00:00 PST ", at(2022, 3, 1, 18)),
        ("Tue, 01 Mar 2022 10:00:00 -0000", at(2022, 3, 1, 10)),
        ("2022-03-12T11:59:00Z", at(2022, 3, 12, 11, 59)),
        ("2022-03-12T12:01:00Z", None),  # more than two days ahead
        ("1729-01-01", None),
        ("0000-00-00T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31", None),
        ("2022-02-30", None),
        ("2022-03", None),  # a month tells no day
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_as_printed(text: str, moment: datetime | None) -> None:
    stamp = CALENDAR.read(text)
    assert (stamp.moment if stamp else None) == moment


def test_a_month_is_a_stretch() -> None:
    stamp = CALENDAR.read("2022-02")
    assert stamp
    assert (stamp.start, stamp.end) == (at(2022, 2, 1, 5), at(2022, 3, 1, 5))


@given(st.datetimes(min_value=datetime(1995, 1, 3), max_value=datetime(2022, 3, 10)))  # noqa: DTZ001  zones are added
@settings(max_examples=50)
def test_a_printed_moment_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    stamps = [CALENDAR.read(moment.isoformat()), CALENDAR.read(moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))]
    assert [stamp.moment if stamp else None for stamp in stamps] == [moment, moment]


@given(st.one_of(st.text(max_size=60), st.datetimes().map(str), st.from_regex(r"\d{1,5}-\d\d-\d\d.*", fullmatch=True)))
@settings(max_examples=50)
def test_no_text_breaks_the_calendar(text: str) -> None:
    stamp = CALENDAR.read(text)
    assert stamp is None or (stamp.start.tzinfo and stamp.start <= NOW + timedelta(days=2))


PIECES = st.sampled_from(
    [
        *(b"<urlset>", b"<url>", b"<loc>", b"</loc>", b"</url>", b"<!DOCTYPE a [", b"<![CDATA[", b"]]>", b"&amp;"),
        *(b"<rss>", b"<item>", b"<link>", b"</link>", b"<pubDate>", b"2022-13-45", b"\xff\xfe", b"\x00", b"<!--"),
        *(
            b"<feed xmlns='http://www.w3.org/2005/Atom'>",
            b"<entry>",
            b"<link href='http://[x'/>",
            b"<updated>",
            b"&#0;",
        ),
    ]
)
JUNK = st.one_of(
    st.binary(max_size=300),
    st.lists(PIECES, max_size=25).map(b"".join),
    st.tuples(st.sampled_from([RSS.encode(), ATOM.encode(), NEWS.encode(), INDEX.encode()]), st.integers(0, 1200)).map(
        lambda cut: cut[0][: cut[1]]
    ),
    st.tuples(st.just(pack(NEWS.encode())), st.integers(0, 400), st.integers(0, 255)).map(
        lambda flip: flip[0][: flip[1]] + bytes([flip[2]]) + flip[0][flip[1] + 1 :]
    ),
)


@given(JUNK)
@example(b"")
@settings(max_examples=50, deadline=None)
def test_junk_and_cut_documents_never_raise(body: bytes) -> None:
    for reading in (read_sitemap(body, CALENDAR), read_feed(body, FEED_URL, CALENDAR)):
        assert reading.fault is None or reading.fault[0] in ("bad_document", "too_large")
        assert all(entry.url for entry in (*reading.entries, *reading.children))


@given(st.integers(0, len(NEWS)))
@settings(max_examples=50, deadline=None)
def test_a_cut_sitemap_gives_a_beginning_of_the_whole(length: int) -> None:
    whole, cut = read_sitemap(NEWS.encode(), CALENDAR), read_sitemap(NEWS.encode()[:length], CALENDAR)
    assert list(cut.entries) == list(whole.entries)[: len(cut.entries)]
    assert cut.fault or length >= len(NEWS.rstrip())
