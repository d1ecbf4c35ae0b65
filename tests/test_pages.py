"""Articles on several pages: collected whole, read as one text, taken up where an earlier run was cut short."""

from __future__ import annotations

import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presswatch.model import Window
from presswatch.pipeline import Plan, run_plan
from presswatch.registrar import add_outlet, record_page
from presswatch.settings import FetchSettings, Settings
from presswatch.tables import load

HEADLINE = "The Slow Ferry Sails Again"
LINE = "On page {page}, mile {mile}, the slow ferry meets a fog that the harbor master of Sallow Bay has foretold."


def prose(page):
    return [LINE.format(page=page, mile=mile) for mile in range(6)]


def html(page, head="", *, headline=HEADLINE, lines=None):
    head = f'<title>{headline}</title><meta property="og:type" content="article">{head}'
    lede = "<p>A film about a ferry, in several parts, each of them longer than the crossing that it tells of.</p>"
    text = "".join(f"<p>{line}</p>" for line in lines or prose(page))
    article = f"<article><h1>{headline}</h1>{lede}{text}</article>"
    return f"<!doctype html><html><head>{head}</head><body>{article}</body></html>"


def link(path):
    return f'<link rel="next" href="{path}">'


class Site(BaseHTTPRequestHandler):
    """Answers with `server.pages`: a page, a status, or a path that it has moved to. All else is not there."""

    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.pages.get(self.path, 404)
        is_moved = isinstance(answer, str) and answer.startswith("/")
        body = answer.encode() if isinstance(answer, str) and not is_moved else b""
        etag = f'"{zlib.crc32(body)}"'
        is_known = body and self.headers.get("If-None-Match") == etag
        self.send_response(301 if is_moved else 304 if is_known else 200 if body else answer)
        if is_moved:
            self.send_header("Location", answer)
        if body:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Retry-After", "100000")
        self.send_header("Content-Length", str(0 if is_known else len(body)))
        self.end_headers()
        self.wfile.write(b"" if is_known else body)

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def site():
    """An article of three pages, whose last one links to another article."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.asked = []
        server.pages = {
            "/ferry/": html(1, link("/ferry/2/")),
            "/ferry/2/": html(2, link("/ferry/3/")),
            "/ferry/3/": html(3, link("/another-film/")),
        }
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def settings(site, tmp_path):
    outlets = tmp_path / "outlets"
    outlets.mkdir()
    (outlets / "tideline.toml").write_text(
        'id = "tideline"\nname = "Tideline"\nhosts = ["tideline.test"]\nmin_delay_s = 0'
    )
    fetch = FetchSettings(resolve={"tideline.test": f"127.0.0.1:{site.server_port}"})
    return Settings(data=tmp_path / "data", outlets_folder=outlets, fetch=fetch)


FERRY = ["/ferry/", "/ferry/2/", "/ferry/3/"]
WINDOW = Window(since=datetime(2001, 1, 1, tzinfo=UTC), until=datetime(2031, 1, 1, tzinfo=UTC))


def at(path):
    return f"http://tideline.test{path}"


def backfill(settings, *paths, **plan):
    return run_plan(settings, Plan(command="backfill", urls=tuple(map(at, paths or ["/ferry/"])), **plan))


def backfill_window(settings):
    return run_plan(settings, Plan(command="backfill", outlet_ids=("tideline",), window=WINDOW))


def articles(settings):
    """The lines of each article behind the one that all of them begin with, by the path of its address."""
    rows = load(settings.data / "clean").articles.query("is_latest").to_dict("records")
    return {row["url"].removeprefix(at("")): row["text"].split("\n")[1:] for row in rows}


def failures(settings):
    rows = load(settings.data / "clean").failures.to_dict("records")
    return [(row["url"].removeprefix(at("")), row["error"], row["stage"]) for row in rows]


def asked(site):
    """What was asked for since this was asked, robots.txt apart."""
    paths = [path for path in site.asked if path != "/robots.txt"]
    site.asked.clear()
    return paths


WHOLE = [*prose(1), *prose(2), *prose(3)]


# --- one article ------------------------------------------------------------------------------------------------------


def test_an_article_of_three_pages_is_one_and_the_next_article_is_none_of_it(site, settings):
    assert backfill(settings).outcome == "ok"
    assert asked(site) == FERRY
    assert articles(settings) == {"/ferry/": WHOLE}
    tables = load(settings.data / "clean")
    assert set(tables.aliases["url"]) == {at("/ferry/2/"), at("/ferry/3/")}
    assert tables.articles["extractor"].tolist() == ["prose; page 2: prose; page 3: prose"]
    run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert articles(settings) == {"/ferry/": WHOLE}


def test_a_page_number_in_the_headline_is_no_other_headline(site, settings):
    site.pages["/ferry/2/"] = html(2, link("/ferry/3/"), headline=f"{HEADLINE} – Page 2 of 3")
    site.pages["/ferry/3/"] = html(3, headline=f"{HEADLINE} (3/3)")
    backfill(settings)
    assert articles(settings) == {"/ferry/": WHOLE}


def test_a_sentence_that_returns_stays_and_what_frames_every_page_stands_once(site, settings):
    refrain, foot = prose(1)[2], "The ferry sails from Sallow Bay every evening but Monday, whatever the weather is."
    pages = [[*prose(1), foot], [*prose(2)[:3], refrain, *prose(2)[3:], foot]]
    site.pages = {"/ferry/": html(1, link("/ferry/2/"), lines=pages[0]), "/ferry/2/": html(2, lines=pages[1])}
    backfill(settings)
    assert articles(settings) == {"/ferry/": [*pages[0], *pages[1][:-1]]}
    removed = load(settings.data / "clean").removed.query("rule == 'page:repeated'")
    assert len(removed) == 2
    assert foot in set(removed["text"])


def test_a_page_listed_before_the_first_one_comes_with_it(site, settings):
    assert backfill(settings, "/ferry/2/", "/ferry/").outcome == "ok"
    assert asked(site) == FERRY
    assert articles(settings) == {"/ferry/": WHOLE}


def test_pages_that_call_the_first_one_their_address_are_of_it(site, settings):
    own = '<link rel="canonical" href="/ferry/">'
    site.pages["/ferry/2/"] = html(2, link("/ferry/3/") + own)
    site.pages["/ferry/3/"] = html(3, own)
    backfill(settings)
    assert articles(settings) == {"/ferry/": WHOLE}
    assert set(load(settings.data / "clean").aliases["url"]) == {at("/ferry/2/"), at("/ferry/3/")}


@pytest.mark.parametrize("names", ["abc", "cba", "bac"])
def test_saved_pages_are_joined_in_whatever_order_they_stand_in_a_folder(settings, tmp_path, names):
    folder = tmp_path / "saved"
    folder.mkdir()
    own = '<link rel="canonical" href="http://tideline.test/ferry/{}">'
    saved = [
        html(1, link("/ferry/2/") + own.format("")),
        html(2, link("/ferry/3/") + own.format("2/")),
        html(3, own.format("3/")),
    ]
    for name, page in zip(names, saved, strict=True):
        (folder / f"{name}.html").write_text(page)
    (folder / "az.html").write_text(html(7, own.replace("ferry/{}", "pier/")))
    run_plan(settings, Plan(command="ingest", paths=(folder,)))
    assert articles(settings) == {"/ferry/": WHOLE, "/pier/": prose(7)}


# --- several articles -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/recap/season-1/{}/", "/?p=1{}", "/ferry-{}.html"])
def test_articles_whose_addresses_count_on_stay_apart(site, settings, address):
    paths = [address.format(number) for number in (3, 4, 5)]
    site.pages = {
        path: html(page, link(path_to)) for page, path, path_to in zip((3, 4, 5), paths, [*paths[1:], "/"], strict=True)
    }
    backfill(settings, *paths)
    assert sorted(asked(site)) == sorted(paths)
    assert articles(settings) == {path: prose(page) for page, path in zip((3, 4, 5), paths, strict=True)}


DAY = '<meta property="article:published_time" content="2026-03-0{}T12:00:00Z">'


@pytest.mark.parametrize(
    ("second", "url"),
    [
        ({"headline": "The Fast Ferry Sinks"}, "/recap/2/"),
        ({"head": DAY.format(9)}, "/recap/2/"),
        ({"head": '<link rel="canonical" href="/pier/">'}, "/pier/"),
    ],
)
def test_a_page_that_is_linked_as_the_next_and_speaks_of_another_article_is_one(site, settings, second, url):
    site.pages = {"/recap/": html(1, link("/recap/2/") + DAY.format(2)), "/recap/2/": html(2, **second)}
    backfill(settings, "/recap/", "/recap/2/")
    assert asked(site) == ["/recap/", "/recap/2/"]
    assert articles(settings) == {"/recap/": prose(1), url: prose(2)}
    run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert articles(settings) == {"/recap/": prose(1), url: prose(2)}


def test_a_second_page_that_leads_back_to_the_first_is_asked_for_once(site, settings):
    site.pages = {"/ferry/": html(1, link("/ferry/2/")), "/ferry/2/": "/ferry/"}
    assert backfill(settings).outcome == "ok"
    assert asked(site) == ["/ferry/", "/ferry/2/", "/ferry/"]
    assert articles(settings) == {"/ferry/": prose(1)}


# --- pages that cannot be had -----------------------------------------------------------------------------------------


def test_a_page_that_is_gone_is_a_failure_with_its_own_address(site, settings):
    site.pages["/ferry/2/"] = 404
    assert backfill(settings).outcome == "ok"
    assert failures(settings) == [("/ferry/2/", "gone", "fetch")]
    assert articles(settings) == {"/ferry/": prose(1)}


def test_a_page_without_text_is_a_failure_with_its_own_address(site, settings):
    empty = f"<html><head><title>{HEADLINE}</title>{link('/ferry/3/')}</head><body><h1>{HEADLINE}</h1></body></html>"
    site.pages["/ferry/2/"] = empty
    backfill(settings)
    assert failures(settings) == [("/ferry/2/", "not_article", "read")]
    assert articles(settings) == {"/ferry/": [*prose(1), *prose(3)]}


NO_TEXT = f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1></body></html>"


@pytest.mark.parametrize(("second", "access"), [(html(2), "full"), (404, "excerpt"), (NO_TEXT, "excerpt")])
def test_an_article_that_lacks_a_page_may_say_there_what_it_leaves_out(site, settings, second, access):
    site.pages["/ferry/2/"] = second
    backfill(settings)
    assert load(settings.data / "clean").articles["access"].tolist() == [access]


def test_pages_past_the_twentieth_later_one_are_told_of(site, settings):
    site.pages = {f"/long/{n}/": html(n, link(f"/long/{n + 1}/")) for n in range(2, 30)}
    site.pages["/long/"] = html(1, link("/long/2/"))
    backfill(settings, "/long/")
    assert asked(site)[-1] == "/long/21/"
    assert failures(settings) == [("/long/22/", "too_large", "read")]
    assert articles(settings)["/long/"] == [line for page in range(1, 22) for line in prose(page)]


@pytest.mark.parametrize("path", ["/old/", "/ferry/", "/ferry/3/"])
def test_an_article_that_was_cut_short_is_read_whole_by_the_next_run(site, settings, path):
    last, site.pages["/ferry/3/"], site.pages["/old/"] = site.pages["/ferry/3/"], 503, "/ferry/"
    assert backfill(settings, "/old/").outcome == "partly"
    assert failures(settings) == [("/ferry/3/", "throttled", "fetch")]
    assert articles(settings) == {"/ferry/": [*prose(1), *prose(2)]}
    site.pages["/ferry/3/"] = last
    asked(site)
    assert backfill(settings, path).outcome == "ok"
    assert asked(site) == FERRY
    assert articles(settings) == {"/ferry/": WHOLE}
    assert backfill(settings, path).fetched == 0


def test_a_page_that_waits_brings_its_whole_article_once_in_a_run_and_is_no_news(site, settings):
    last, site.pages["/ferry/3/"] = site.pages["/ferry/3/"], 503
    backfill(settings)
    run_plan(settings, Plan(command="watch", outlet_ids=("tideline",)))
    asked(site)
    backfill_window(settings)
    assert asked(site) == FERRY
    site.pages["/ferry/3/"] = last
    backfill_window(settings)
    assert asked(site) == FERRY
    assert articles(settings) == {"/ferry/": WHOLE}
    backfill_window(settings)
    assert asked(site) == []


def test_pages_of_an_article_that_is_gone_are_not_waited_for(site, settings):
    site.pages["/ferry/3/"] = 503
    backfill(settings)
    site.pages = {}
    asked(site)
    backfill_window(settings)
    backfill_window(settings)
    assert asked(site) == ["/ferry/"]


def test_a_restart_asks_for_every_page_though_the_first_is_as_it_was(site, settings):
    backfill(settings)
    site.pages["/ferry/3/"] = html(9)
    asked(site)
    backfill(settings, is_restart=True)
    assert asked(site) == FERRY
    assert articles(settings) == {"/ferry/": [*prose(1), *prose(2), *prose(9)]}


# --- who fetches articles too -----------------------------------------------------------------------------------------


def test_an_article_that_outlets_record_fetched_is_whole(site, settings, tmp_path):
    record_page(settings, at("/ferry/"), out=tmp_path / "pair")
    assert asked(site) == FERRY
    assert backfill(settings).outcome == "ok"
    assert asked(site) == []
    assert articles(settings) == {"/ferry/": WHOLE}


def test_an_article_that_outlets_add_fetched_is_whole(site, settings, tmp_path):
    item = f"<item><title>{HEADLINE}</title><link>{at('/ferry/')}</link></item>"
    site.pages["/"] = html(0, '<link rel="alternate" type="application/rss+xml" href="/feed">', headline="Tideline")
    site.pages["/feed"] = f'<rss version="2.0"><channel><title>Tideline</title>{item}</channel></rss>'
    unknown = replace(settings, outlets_folder=tmp_path / "none")
    add_outlet(unknown, at("/"), outlet_id="tideline")
    assert asked(site)[-3:] == FERRY
    assert backfill(settings).outcome == "ok"
    assert asked(site) == []
    assert articles(settings) == {"/ferry/": WHOLE}
