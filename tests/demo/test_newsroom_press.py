"""What the newsroom's outlets say, list and mark up."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPResponse
from typing import Any

import feedparser
import pytest
from lxml import etree
from protego import Protego
from selectolax.lexbor import LexborHTMLParser

from presswatch.demo import OUTLET_IDS, Newsroom
from presswatch.demo.content import NEWSROOM, Page, load_mastheads, load_pages
from presswatch.demo.site import build_site
from presswatch.outlets import load_outlets

Truth = dict[str, Any]
Ask = Callable[..., tuple[HTTPResponse, bytes]]

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}

# Real people, bands, films and publishers of the beat that the story's shape comes from, and neighbours of theirs.
REAL_NAMES = re.compile(
    r"\b(Anderson|Haim|Danielle|Este|Alana|Licorice|Pizza|Phantom|Thread|PTA|Bauman|Valnet|Penske|Bustle|Spielberg|Scorsese|"
    r"Gerwig|Nolan|Tarantino|Coppola|Lynch|Swift|Beyonc|Radiohead|Yorke|Joanna|Newsom|IndieWire|SlashFilm|Variety|Deadline|"
    r"Guardian|Pitchfork|Stereogum|Vulture|Collider|Netflix|YouTube|Spotify|Sundance|Cannes|Hollywood|London|Paris|Oscar|"
    r"Grammy|Encino|Valley)\b",
    re.IGNORECASE,
)


def pages_of(edition: int) -> list[Page]:
    return load_pages(edition, [press.outlet for press in load_mastheads().values()])


def address(newsroom: Newsroom, url: str) -> tuple[str, str]:
    """Outlet id and path of a URL of the newsroom."""
    host, _, path = url.removeprefix("http://").partition("/")
    return newsroom.hosts[host], "/" + path


def plain(markup: bytes) -> str:
    """The text of a page, as a reader sees it."""
    tree = LexborHTMLParser(markup)
    for node in tree.css("script, style, head"):
        node.decompose()
    return " ".join(tree.text(separator=" ").split())


def fold(text: str) -> str:
    """Text without white space, so that tags inside a sentence do not count."""
    return re.sub(r"\s+", "", text)


def test_the_outlet_files_are_read_by_the_registry(newsroom: Newsroom) -> None:
    registry = load_outlets(newsroom.outlets_dir)
    own = [registry[outlet_id] for outlet_id in OUTLET_IDS]
    assert len(own) == 6 == len(list(newsroom.outlets_dir.iterdir()))
    assert set(newsroom.hosts.values()) == set(OUTLET_IDS)
    assert {outlet.family for outlet in own} == {"pmc", "bdg", "wordpress", "wpcom", "static_media"}
    assert all(outlet.min_delay_s == 0 and outlet.layouts[-1].body for outlet in own)
    assert registry.named("K").id == "k"
    assert registry.named("TSS").id == "slowshutter"
    assert registry.named("&Matinee").id == registry.named("AndMatinee").id == "andmatinee"


def test_it_is_a_small_web() -> None:
    pages = [
        path for _, path in build_site(1).documents if not path.endswith((".xml", ".txt", ".svg", "/feed/", "/rss"))
    ]
    articles = [page for page in pages_of(1) if page.kind == "article"]
    assert 15 <= len(articles) < len(pages) <= 60
    march = {page.published.date() for page in articles if page.published.month == 3}
    assert sorted(day.day for day in march) == [10, 11, 12, 13]


@pytest.mark.parametrize("edition", [1, 2])
def test_every_address_of_a_feed_answers_as_intended(edition: int, truth: Truth) -> None:
    with Newsroom(edition) as newsroom:
        expected = {row["url"]: row["error"] for row in truth["failures"]}
        for press in newsroom._site.mastheads.values():
            feed = feedparser.parse(newsroom.answer(press.outlet.hosts[0], press.feeds[0].rpartition(".test")[2]).body)
            assert not feed.bozo
            assert feed.entries
            for entry in feed.entries:
                status = newsroom.answer(press.outlet.hosts[0], "/" + entry.link.split("/", 3)[3]).status
                assert status == (404 if expected.get(entry.link) == "gone" else 200), entry.link
                assert datetime(*entry.published_parsed[:6], tzinfo=UTC).year == 2026
                assert entry.updated_parsed >= entry.published_parsed


def test_the_feed_of_one_outlet_gives_tracking_tags_and_its_sitemap_does_not(newsroom: Newsroom, truth: Truth) -> None:
    alias = truth["aliases"][0]
    own = truth["articles"][alias["article"]]["url"]
    feed = feedparser.parse(newsroom.answer("andmatinee.test", "/feed/").body)
    assert alias["url"] in [entry.link for entry in feed.entries]
    sitemap = newsroom.answer("andmatinee.test", "/sitemap-2026-03.xml").body.decode()
    assert f"<loc>{own}</loc>" in sitemap
    assert "utm_" not in sitemap


@pytest.mark.parametrize("edition", [1, 2])
def test_every_address_of_a_sitemap_is_a_page_with_its_dates(edition: int) -> None:
    with Newsroom(edition) as newsroom:
        pages = {page.url: page for page in pages_of(edition)}
        found = set()
        queue = [(s.kind, s.url) for press in newsroom._site.mastheads.values() for s in press.outlet.discover[1:]]
        for kind, url in queue:
            root = etree.fromstring(newsroom.answer(url.split("/")[2], "/" + url.split("/", 3)[3]).body)
            queue += [("sitemap", node.text) for node in root.iterfind("s:sitemap/s:loc", SITEMAP)]
            for entry in root.iterfind("s:url", SITEMAP):
                page = pages[entry.findtext("s:loc", namespaces=SITEMAP)]
                assert entry.findtext("s:lastmod", namespaces=SITEMAP) == page.modified.isoformat()
                assert newsroom.answer(page.outlet.hosts[0], page.path).status == 200
                if kind == "news_sitemap":
                    told = entry.findtext("n:news/n:publication_date", namespaces=SITEMAP)
                    assert told == page.published.isoformat()
                found.add(page.url)
        missing = {page.url for page in pages.values() if page.kind != "gone"} - found
        assert missing == {url for url in pages if "/preview/" in url}


def test_a_month_has_its_own_sitemap(newsroom: Newsroom, truth: Truth) -> None:
    february = newsroom.answer("reelbeacon.test", "/post-sitemap202602.xml").body.decode()
    assert re.findall("<loc>(.*?)</loc>", february) == [truth["articles"]["tin-heron"]["url"]]
    assert truth["articles"]["tin-heron"]["url"] not in newsroom.answer("reelbeacon.test", "/feed/").body.decode()


def test_robots_keep_out_of_what_the_truth_says(newsroom: Newsroom, truth: Truth) -> None:
    disallowed = {row["url"] for row in truth["failures"] if row["error"] == "robots"}
    for page in pages_of(1):
        rules = Protego.parse(newsroom.answer(page.outlet.hosts[0], "/robots.txt").body.decode())
        assert rules.can_fetch(page.url, "presswatch") == (page.url not in disallowed), page.url
        assert rules.crawl_delay("presswatch") is None
        assert list(rules.sitemaps) == [source.url for source in page.outlet.discover if source.kind != "feed"]


@pytest.mark.parametrize("edition", [1, 2])
def test_every_page_says_that_it_is_fiction_and_names_nobody_real(edition: int) -> None:
    site = build_site(edition)
    for (outlet_id, path), document in site.documents.items():
        text = document.body.decode()
        assert not REAL_NAMES.search(re.sub(r"(?s)<[^>]*>", " ", text)), (outlet_id, path)
        if document.media_type.startswith("text/html"):
            assert "All people, works and events on this page are fiction." in text


def test_the_names_nobody_may_bear_stand_in_no_sheet() -> None:
    for path in [*NEWSROOM.glob("pages/**/*.md"), *NEWSROOM.glob("outlets/*.toml"), NEWSROOM / "mastheads.toml"]:
        assert not REAL_NAMES.search(path.read_text("utf-8")), path


def test_pages_have_the_skeleton_of_their_family() -> None:
    site = build_site(2)
    for page in pages_of(2):
        if page.kind != "article":
            continue
        tree = LexborHTMLParser(site.documents[page.outlet.id, page.path].body)
        layout = page.outlet.layout_at(page.published.date())
        own = " ".join(node.text() for node in tree.css(layout.body))
        paragraphs = [block.text.replace("*", "") for block in page.blocks if block.kind in {"text", "quote"}]
        assert all(fold(text) in fold(own) for text in paragraphs), page.url
        assert tree.css_first(layout.headline).text(strip=True) == page.headline
        assert {node.text(strip=True) for node in tree.css(layout.byline)} == set(page.byline)
        assert tree.css_first("link[rel=canonical]").attributes["href"] == page.url
        assert [node for rule in layout.strip for node in tree.css(rule)], f"{page.url}: nothing to take out"


def test_every_family_but_one_describes_itself_to_machines() -> None:
    site = build_site(1)
    families = set()
    for page in pages_of(1):
        if page.kind == "article":
            tree = LexborHTMLParser(site.documents[page.outlet.id, page.path].body)
            for node in tree.css("script[type='application/ld+json']"):
                told = json.loads(node.text())
                told = told.get("@graph", [told])[0]
                assert (told["headline"], told["datePublished"]) == (page.headline, page.published.isoformat())
                assert told.get("isAccessibleForFree", True) is page.free
                families.add(page.outlet.family)
    assert families == {"pmc", "bdg", "wordpress", "static_media"}


def test_the_second_edition_changes_one_article_and_adds_one(truth: Truth) -> None:
    first = {page.url: page for page in pages_of(1)}
    second = {page.url: page for page in pages_of(2)}
    revision = truth["revisions"][0]
    own = truth["articles"][revision["article"]]["url"]
    assert set(second) - set(first) == {truth["articles"]["caretaker"]["url"]}
    assert not set(first) - set(second)
    assert [url for url in first if first[url] != second[url]] == [own]
    assert second[own].modified.isoformat() == revision["modified_at"] > first[own].modified.isoformat()
    assert second[own].published == first[own].published
    before, after = build_site(1).documents, build_site(2).documents
    changed = {key for key in after if before.get(key) != after[key]}
    assert {outlet_id for outlet_id, _ in changed} == {"slowshutter", "lanternpost"}
    lists = ("/feed/", "/sitemap_index.xml", "/post-sitemap-2026-03.xml")
    assert {("slowshutter", path) for path in lists} < changed
    texts = plain(before["slowshutter", second[own].path].body), plain(after["slowshutter", second[own].path].body)
    assert revision["before"] in texts[0]
    assert revision["before"] not in texts[1]
    assert revision["after"] in texts[1]
    assert revision["added"] in texts[1]


def test_publishing_is_seen_by_the_next_request(newsroom: Newsroom, ask: Ask, truth: Truth) -> None:
    url = truth["articles"]["slowshutter"]["url"]
    first, _ = ask(url)
    newsroom.publish_edition(2)
    again, body = ask(url, If_None_Match=first.headers["ETag"])
    assert again.status == 200
    assert b"there were 62, not 40" in body
    assert ask(truth["articles"]["caretaker"]["url"])[0].status == 200


def test_the_same_edition_is_the_same_bytes() -> None:
    assert build_site(1).documents == build_site(1).documents


# the truth of the newsroom


def test_the_truth_knows_every_article(truth: Truth) -> None:
    by_url = {row["url"]: row for row in truth["articles"].values()}
    told = {page.url: page for page in pages_of(2) if page.kind == "article" and "/preview/" not in page.url}
    assert set(by_url) == set(told)
    for url, page in told.items():
        row = by_url[url]
        assert row["outlet_id"] == page.outlet.id
        assert row["headline"] == page.headline
        assert row["byline"] == list(page.byline)
        assert row["section"] == page.section
        assert row["published_at"] == page.published.isoformat()
        assert (row["access"] == "full") is page.free
        text = plain(build_site(2).documents[page.outlet.id, page.path].body)
        assert row["first_words"] in text
        assert row["last_words"] in text


def test_every_sentence_of_the_truth_is_served(newsroom: Newsroom, truth: Truth) -> None:
    sentences = [
        *((article, text) for fact in truth["facts"] for article, text in fact["says"].items()),
        *truth["unique"].items(),
        *((article, row["text"]) for entry in truth["differences"] for article, row in entry["says"].items()),
        *((article, text) for article, texts in truth["opinion"].items() for text in texts),
        *((row["article"], row["begins"]) for row in truth["quotes"]),
        *((row["article"], row["phrase"]) for row in truth["credits"] + truth["no_credits"]),
        *((row["source"], row["text_source"]) for row in truth["drift"]),
        *((row["quoted_by"], row["text_quoted"]) for row in truth["drift"]),
        *((row["article"], row["text"]) for row in truth["removed"]),
    ]
    editions = {1: build_site(1), 2: build_site(2)}
    for article, text in sentences:
        row = truth["articles"][article]
        key = address(newsroom, row["url"])
        assert fold(text) in fold(plain(editions[row.get("edition", 1)].documents[key].body)), (article, text)


def test_the_main_story_is_told_by_all_six_outlets(truth: Truth) -> None:
    main = [row for row in truth["articles"].values() if row["story"] == truth["topic"]]
    assert len({row["outlet_id"] for row in main}) == 6
    assert sum(row.get("syndicated_from") is None and row["access"] == "full" for row in main) == 6
    whole = [page for page in pages_of(1) if page.url in {row["url"] for row in main} and page.free]
    assert all(5 <= sum(block.kind in {"text", "quote"} for block in page.blocks) <= 12 for page in whole)


def test_every_difference_has_two_values_and_every_verdict_occurs(truth: Truth) -> None:
    for entry in truth["differences"]:
        assert len({row["value"] for row in entry["says"].values()}) == 2
    verdicts = {verdict for row in truth["credits"] for verdict in row["verdicts"]}
    assert verdicts == {"confirmed", "altered", "not_found", "not_fetched", "self"}
    assert all(row["text_quoted"] in row["text_source"] for row in truth["drift"])


def test_the_copy_says_what_its_original_says(newsroom: Newsroom, truth: Truth) -> None:
    pages = {page.url: page for page in pages_of(1)}
    copy = truth["articles"]["copy"]
    original = truth["articles"][copy["syndicated_from"]]
    assert pages[copy["url"]].blocks == pages[original["url"]].blocks
    assert pages[copy["url"]].outlet.id == "lanternpost"
