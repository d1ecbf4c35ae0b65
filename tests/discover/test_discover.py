from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import presswatch.discover as room
from presswatch.discover import discover
from presswatch.discover.wordpress import first_page
from presswatch.errors import Code, FetchError
from presswatch.model import Candidate, Capture, DocumentKind, Failure, Window
from presswatch.outlets import Outlet, Source

NOW = datetime(2022, 3, 10, 12, tzinfo=UTC)
HOME = "https://www.gazette.test"
GAZETTE = Outlet(
    id="gazette",
    name="The Gazette",
    hosts=("gazette.test",),
    timezone="America/New_York",
    discover=(
        Source(kind="feed", url=f"{HOME}/feed/"),
        Source(kind="news_sitemap", url=f"{HOME}/news-sitemap.xml"),
        Source(kind="sitemap", url=f"{HOME}/sitemap_index.xml"),
    ),
)
MARCH = Window(since=datetime(2022, 3, 1, tzinfo=UTC), until=datetime(2022, 3, 8, tzinfo=UTC))


class Web:
    """Documents by address; keeps what was asked for. A Code stands for a FetchError, None for "not modified"."""

    def __init__(self, documents: Mapping[str, str | bytes | Code | None]) -> None:
        self.documents = {url if "//" in url else HOME + url: document for url, document in documents.items()}
        self.asked: list[tuple[str, DocumentKind]] = []

    async def get(self, url: str, kind: DocumentKind) -> Capture | None:
        self.asked.append((url.removeprefix(HOME), kind))
        document = self.documents.get(url, "gone")
        if document is None:
            return None
        if isinstance(document, str) and "<" not in document:
            raise FetchError(document, url, "told by the test")  # type: ignore[arg-type]
        body = document if isinstance(document, bytes) else document.encode()
        return Capture(url=url, outlet_id="gazette", fetched_at=NOW, body=body, kind=kind)


def run(web: Web, window: Window | None = None, outlet: Outlet = GAZETTE) -> tuple[list[Candidate], list[Failure]]:
    async def gather() -> list[Candidate | Failure]:
        return [found async for found in discover(outlet, window, web.get, now=NOW)]

    found = asyncio.run(gather())
    return [f for f in found if isinstance(f, Candidate)], [f for f in found if isinstance(f, Failure)]


def rss(*items: tuple[str, str, str]) -> str:
    written = "".join(
        f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"
        for link, title, date in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Gazette</title>{written}</channel></rss>'


def urlset(*urls: tuple[str, str] | str) -> str:
    pairs = [(url, "") if isinstance(url, str) else url for url in urls]
    written = "".join(
        f"<url><loc>{loc}</loc>{lastmod and f'<lastmod>{lastmod}</lastmod>'}</url>" for loc, lastmod in pairs
    )
    return f"<urlset>{written}</urlset>"


def news(*urls: tuple[str, str, str]) -> str:
    written = "".join(
        f"<url><loc>{loc}</loc><news:news><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>"
        for loc, title, date in urls
    )
    return f'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{written}</urlset>'


def index(*urls: tuple[str, str] | str) -> str:
    return urlset(*urls).replace("urlset>", "sitemapindex>").replace("url>", "sitemap>")


EMPTY = {"/feed/": rss(), "/news-sitemap.xml": urlset()}


def paths(candidates: Sequence[Candidate]) -> list[str]:
    return [candidate.url.removeprefix(HOME) for candidate in candidates]


def test_watching_reads_the_feed_and_the_news_sitemap_only() -> None:
    web = Web(
        {
            "/feed/": rss((f"{HOME}/kites/", "Kites", "Tue, 01 Mar 2022 15:00:00 GMT")),
            "/news-sitemap.xml": news((f"{HOME}/eels/", "Eels", "2022-03-09T10:00:00Z")),
        }
    )
    candidates, failures = run(web)
    assert web.asked == [("/feed/", "feed"), ("/news-sitemap.xml", "sitemap")]
    assert not failures
    assert candidates == [
        Candidate(
            url=f"{HOME}/kites/",
            outlet_id="gazette",
            title="Kites",
            published_at=datetime(2022, 3, 1, 15, tzinfo=UTC),
            found_in=f"{HOME}/feed/",
        ),
        Candidate(
            url=f"{HOME}/eels/",
            outlet_id="gazette",
            title="Eels",
            published_at=datetime(2022, 3, 9, 10, tzinfo=UTC),
            found_in=f"{HOME}/news-sitemap.xml",
        ),
    ]


def test_one_address_comes_once_with_all_that_is_said_of_it() -> None:
    web = Web(
        {
            "/feed/": rss(("http://gazette.test/kites?utm_source=rss", "Kites", "")),
            "/news-sitemap.xml": news((f"{HOME}/kites/", "Other title", "2022-03-02T10:00:00Z")),
            "/sitemap_index.xml": urlset((f"{HOME}/kites/#top", "2022-03-05T08:00:00Z")),
        }
    )
    (candidate,), failures = run(web, MARCH)
    assert not failures
    assert candidate == Candidate(
        url="http://gazette.test/kites",
        listed_as="http://gazette.test/kites?utm_source=rss",
        outlet_id="gazette",
        title="Kites",
        published_at=datetime(2022, 3, 2, 10, tzinfo=UTC),
        modified_at=datetime(2022, 3, 5, 8, tzinfo=UTC),
        found_in=f"{HOME}/feed/",
    )


def test_an_exact_date_is_preferred_to_a_bare_day() -> None:
    web = Web(
        {
            "/feed/": rss((f"{HOME}/kites/", "Kites", "Wed, 02 Mar 2022 10:00:00 GMT")),
            "/news-sitemap.xml": news((f"{HOME}/kites/", "", "2022-03-02")),
        }
    )
    (candidate,), _ = run(web)
    assert candidate.published_at == datetime(2022, 3, 2, 10, tzinfo=UTC)


def test_a_backfill_reads_only_documents_that_can_hold_the_window() -> None:
    web = Web(
        {
            **EMPTY,
            "/sitemap_index.xml": index(
                (f"{HOME}/post-sitemap202203.xml", "2022-03-09T00:00:00Z"),
                f"{HOME}/post-sitemap202202.xml",
                f"{HOME}/post-sitemap202201.xml",
                (f"{HOME}/post-sitemap7.xml", "2022-02-20T00:00:00Z"),
                (f"{HOME}/post-sitemap8.xml", "2022-03-02"),
                f"{HOME}/sitemap-2021.xml",
                f"{HOME}/sitemap-2022.xml",
                f"{HOME}/2022/03/04/sitemap.xml",
                f"{HOME}/2022/04/04/sitemap.xml",
                f"{HOME}/sitemap.xml?yyyy=2022&amp;mm=03&amp;dd=05",
                f"{HOME}/sitemap.xml?yyyy=2021&amp;mm=03&amp;dd=05",
                f"{HOME}/sitemap-2010-2015.xml",
                f"{HOME}/sitemap-2020-2025.xml",
                f"{HOME}/sitemap-16460928001.xml",
                f"{HOME}/category-sitemap.xml",
                f"{HOME}/author-sitemap2.xml",
                f"{HOME}/wp-sitemap-taxonomies-post_tag-1.xml",
                "https://evil.test/post-sitemap202203.xml",
                "javascript:alert(1)",
            ),
        }
    )
    run(web, MARCH)
    assert [url for url, _ in web.asked[3:]] == [
        "/post-sitemap202203.xml",
        "/post-sitemap202202.xml",  # the zone of its name is not known: a day to each side
        "/post-sitemap8.xml",
        "/sitemap-2022.xml",
        "/2022/03/04/sitemap.xml",
        "/sitemap.xml?yyyy=2022&mm=03&dd=05",
        "/sitemap-2020-2025.xml",
        "/sitemap-16460928001.xml",
    ]


def test_a_backfill_drops_what_is_known_to_lie_outside() -> None:
    web = Web(
        {
            "/feed/": rss(
                (f"{HOME}/before/", "", "Mon, 28 Feb 2022 23:59:59 GMT"),
                (f"{HOME}/first/", "", "Tue, 01 Mar 2022 00:00:00 GMT"),
                (f"{HOME}/after/", "", "Tue, 08 Mar 2022 00:00:00 GMT"),
            ),
            "/news-sitemap.xml": news((f"{HOME}/day/", "", "2022-03-07")),
            "/sitemap_index.xml": urlset(
                (f"{HOME}/before/", "2022-03-04T00:00:00Z"),
                (f"{HOME}/old/", "2022-02-20"),
                (f"{HOME}/changed-later/", "2024-01-01"),
                (f"{HOME}/changed-in-time/", "2022-03-09"),
                f"{HOME}/undated/",
            ),
        }
    )
    candidates, failures = run(web, MARCH)
    assert not failures
    assert paths(candidates) == ["/first/", "/day/", "/changed-later/", "/changed-in-time/", "/undated/"]
    assert next(c for c in candidates if "later" in c.url).modified_at is None  # two years ahead: not believed


def test_a_known_publication_outweighs_an_old_modification() -> None:
    web = Web(
        {
            "/feed/": rss((f"{HOME}/kites/", "", "Wed, 02 Mar 2022 10:00:00 GMT")),
            "/news-sitemap.xml": urlset(),
            "/sitemap_index.xml": urlset((f"{HOME}/kites/", "2021-01-01")),
        }
    )
    assert paths(run(web, MARCH)[0]) == ["/kites/"]


def test_only_addresses_of_the_outlet_are_candidates() -> None:
    addresses = [
        f"{HOME}/own/",
        "https://blog.gazette.test/sub/",
        "/relative/",
        "https://gazette.test.evil.test/a",
        "https://evilgazette.test/a",
        "javascript:alert(1)",
        "ftp://gazette.test/a",
        "http://127.0.0.1/a",
        "https://[/",
        HOME,
        f"{HOME}/",
        f"{HOME}/{'x' * 5000}",
    ]
    candidates, failures = run(Web({"/feed/": rss(), "/news-sitemap.xml": urlset(*addresses)}))
    assert not failures
    assert paths(candidates) == ["/own/", "https://blog.gazette.test/sub/", "/relative/"]


def test_dates_that_cannot_be_are_dropped_and_the_address_stays() -> None:
    document = news((f"{HOME}/a/", "", "1729-01-01"), (f"{HOME}/b/", "", "2199-01-01"), (f"{HOME}/c/", "", "soon"))
    candidates, _ = run(Web({"/feed/": rss(), "/news-sitemap.xml": document}))
    assert [(candidate.url[-3:], candidate.published_at) for candidate in candidates] == [
        ("/a/", None),
        ("/b/", None),
        ("/c/", None),
    ]


def test_documents_that_fail_are_failures_and_the_others_are_read() -> None:
    web = Web(
        {
            "/feed/": "timeout",
            "/news-sitemap.xml": "<html><body>Nothing here.</body></html>",
            "/sitemap_index.xml": index(f"{HOME}/post-sitemap1.xml", f"{HOME}/post-sitemap2.xml"),
            "/post-sitemap1.xml": b"",
            "/post-sitemap2.xml": urlset(f"{HOME}/kites/")[:-5],
        }
    )
    candidates, failures = run(web, MARCH)
    assert paths(candidates) == ["/kites/"]
    assert [(failure.url.removeprefix(HOME), failure.error) for failure in failures] == [
        ("/feed/", "timeout"),
        ("/news-sitemap.xml", "bad_document"),
        ("/post-sitemap1.xml", "bad_document"),
        ("/post-sitemap2.xml", "bad_document"),
    ]
    assert all(f.stage == "discover" and f.outlet_id == "gazette" and f.message for f in failures)


def test_an_unchanged_document_says_nothing_new() -> None:
    assert run(Web({"/feed/": None, "/news-sitemap.xml": None})) == ([], [])


def test_a_loop_of_indexes_ends() -> None:
    web = Web(
        {
            **EMPTY,
            "/sitemap_index.xml": index(f"{HOME}/b.xml", f"{HOME}/b.xml", "http://gazette.test/b.xml"),
            "/b.xml": index(f"{HOME}/sitemap_index.xml", f"{HOME}/b.xml", f"{HOME}/c.xml"),
            "/c.xml": index(f"{HOME}/sitemap_index.xml"),
        }
    )
    _, failures = run(web, MARCH)
    assert [url for url, _ in web.asked[2:]] == ["/sitemap_index.xml", "/b.xml", "/c.xml"]
    assert not failures


def test_indexes_are_followed_so_deep_and_no_deeper() -> None:
    deep = {f"/{level}.xml": index(f"{HOME}/{level + 1}.xml") for level in range(10)}
    web = Web({**EMPTY, "/sitemap_index.xml": deep["/0.xml"], **deep})
    _, failures = run(web, MARCH)
    assert len(web.asked) == 2 + room.MAX_DEPTH
    assert [(failure.url.removeprefix(HOME), failure.error) for failure in failures] == [("/2.xml", "too_large")]


def test_documents_and_addresses_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_DOCUMENTS", 4)
    monkeypatch.setattr(room, "MAX_ADDRESSES", 2)
    web = Web(
        {
            **EMPTY,
            "/sitemap_index.xml": index(*(f"{HOME}/post-sitemap{number}.xml" for number in range(9))),
            "/post-sitemap0.xml": urlset(*(f"{HOME}/{number}" for number in range(9))),
        }
    )
    candidates, failures = run(web, MARCH)
    assert (len(web.asked), len(candidates)) == (4, 2)
    assert [(failure.url.removeprefix(HOME), failure.error) for failure in failures] == [
        ("/post-sitemap1.xml", "too_large"),
        ("/post-sitemap0.xml", "too_large"),
    ]


def test_where_there_is_no_room_for_more_addresses_those_that_are_known_go_on_learning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MAX_ADDRESSES", 2)
    web = Web(
        {
            "/feed/": rss((f"{HOME}/kites/", "", ""), (f"{HOME}/eels/", "", "")),
            "/news-sitemap.xml": news(
                (f"{HOME}/more/", "More", "2022-03-02"),
                (f"{HOME}/eels/", "Eels", "2022-02-02"),
                (f"{HOME}/kites/", "Kites", "2022-03-02T10:00:00Z"),
            ),
            "/sitemap_index.xml": urlset(),
        }
    )
    (candidate,), (failure,) = run(web, MARCH)
    assert (candidate.title, candidate.published_at) == ("Kites", datetime(2022, 3, 2, 10, tzinfo=UTC))
    assert (failure.url, failure.error) == (f"{HOME}/news-sitemap.xml", "too_large")


def test_an_outlet_without_sources_gives_nothing() -> None:
    assert run(Web({}), MARCH, replace(GAZETTE, discover=())) == ([], [])


XML = st.sampled_from(
    [
        rss((f"{HOME}/kites/", "Kites", "Tue, 01 Mar 2022 15:00:00 GMT")),
        news((f"{HOME}/eels/", "Eels", "2022-03-09T10:00:00Z")),
        urlset((f"{HOME}/kites/", "2022-03-05"), "javascript:alert(1)", "https://evil.test/"),
        index(f"{HOME}/feed/", f"{HOME}/news-sitemap.xml", f"{HOME}/more.xml"),
    ]
)
DOCUMENT = st.one_of(
    XML,
    st.tuples(XML, st.integers(1, 300)).map(lambda cut: cut[0][: cut[1]]),
    st.binary(max_size=80),
    st.none(),
    st.sampled_from(["gone", "timeout"]),
)


@given(st.lists(DOCUMENT, min_size=4, max_size=4), st.sampled_from([None, MARCH]))
@settings(max_examples=50, deadline=None)
def test_whatever_the_web_says_discovery_ends_well(documents: list[str | bytes | None], window: Window | None) -> None:
    names = ["/feed/", "/news-sitemap.xml", "/sitemap_index.xml", "/more.xml"]
    web = Web(dict(zip(names, documents, strict=True)))
    candidates, failures = run(web, window)
    assert len(set(web.asked)) == len(web.asked)
    assert len({candidate.url for candidate in candidates}) == len(candidates)
    assert all(GAZETTE.owns(candidate.url) for candidate in candidates)
    assert all(window is None or c.published_at is None or c.published_at in window for c in candidates)
    assert all(failure.stage == "discover" for failure in failures)


def posts(first: int, last: int) -> bytes:
    written = [
        {"link": f"{HOME}/{n}/", "title": {"rendered": f"No. {n} &amp; more"}, "date_gmt": "2022-03-05T10:00:00"}
        for n in range(first, last)
    ]
    return json.dumps(written).encode()


def test_posts_of_wordpress_are_read_page_by_page() -> None:
    api = f"{HOME}/wp-json/wp/v2/posts"
    outlet = replace(GAZETTE, discover=(Source(kind="wordpress", url=api),))
    web = Web({first_page(api, MARCH): posts(0, 100)})
    web.documents[first_page(api, MARCH).removesuffix("1") + "2"] = posts(100, 130)
    candidates, failures = run(web, MARCH, outlet)
    assert not failures
    assert [candidate.url for candidate in candidates] == [f"{HOME}/{n}/" for n in range(130)]
    assert candidates[0].title == "No. 0 & more"
    assert candidates[0].published_at == datetime(2022, 3, 5, 10, tzinfo=UTC)
    assert run(web, None, outlet) == ([], [])


@pytest.mark.parametrize("told", ["1000000", "9" * 5000, ""])
@pytest.mark.parametrize("later", [posts(0, 100), b"[]"], ids=["the same again", "none"])
def test_pages_of_wordpress_end_whatever_number_it_tells(told: str, later: bytes) -> None:
    outlet = replace(GAZETTE, discover=(Source(kind="wordpress", url=f"{HOME}/wp-json/wp/v2/posts"),))
    asked: list[str] = []

    async def get(url: str, kind: DocumentKind) -> Capture:
        asked.append(url)
        body = posts(0, 100) if len(asked) == 1 else later
        headers = (("x-wp-totalpages", told),)
        return Capture(url=url, outlet_id="gazette", fetched_at=NOW, body=body, headers=headers, kind=kind)

    async def find() -> list[Candidate | Failure]:
        return [item async for item in discover(outlet, MARCH, get, now=NOW)]

    found = asyncio.run(find())
    assert len(found) == 100
    assert all(isinstance(item, Candidate) for item in found)
    assert len(asked) == 2


@pytest.mark.parametrize("body", [b"nonsense", b"{}", b"<html>", b"[" * 100_000])
def test_what_is_no_list_of_posts_is_told(body: bytes) -> None:
    api = f"{HOME}/wp-json/wp/v2/posts"
    outlet = replace(GAZETTE, discover=(Source(kind="wordpress", url=api),))
    candidates, (failure,) = run(Web({first_page(api, MARCH): body}), MARCH, outlet)
    assert not candidates
    assert failure.error == "bad_document"
