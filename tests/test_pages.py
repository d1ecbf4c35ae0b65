"""Articles on several pages: collected whole, read as one text, taken up where an earlier run was cut short."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presswatch.model import Window
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import FetchSettings, Settings
from presswatch.tables import load

HEADLINE = "The Slow Ferry Sails Again"
LINE = "On page {page}, mile {mile}, the slow ferry meets a fog that the harbor master of Sallow Bay has foretold."


def prose(page):
    return [LINE.format(page=page, mile=mile) for mile in range(6)]


def html(page, next_link=""):
    head = f'<title>{HEADLINE}</title><meta property="og:type" content="article">{next_link}'
    lede = "<p>A film about a ferry, in several parts, each of them longer than the crossing that it tells of.</p>"
    text = "".join(f"<p>{line}</p>" for line in prose(page))
    article = f"<article><h1>{HEADLINE}</h1>{lede}{text}</article>"
    return f"<!doctype html><html><head>{head}</head><body>{article}</body></html>"


def link(path):
    return f'<link rel="next" href="{path}">'


class Site(BaseHTTPRequestHandler):
    """An article of three pages; the third fails while `server.is_broken`."""

    def do_GET(self):
        self.server.asked.append(self.path)
        pages = {
            "/ferry/": html(1, link("/ferry/2/")),
            "/ferry/2/": html(2, link("3/").replace("3/", "/ferry/3/")),
            "/ferry/3/": html(3, link("/another-film/")),
        }
        is_broken = self.server.is_broken and self.path == "/ferry/3/"
        body = pages.get(self.path, "").encode()
        self.send_response(503 if is_broken else 200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Retry-After", "100000")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        server.asked, server.is_broken = [], False
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


def backfill(settings, *urls):
    return run_plan(settings, Plan(command="backfill", urls=urls or ("http://tideline.test/ferry/",)))


def test_an_article_of_three_pages_is_one_and_the_next_article_is_none_of_it(site, settings):
    assert backfill(settings).outcome == "ok"
    assert site.asked == ["/robots.txt", "/ferry/", "/ferry/2/", "/ferry/3/"]
    tables = load(settings.data / "clean")
    (article,) = tables.articles.to_dict("records")
    assert article["url"] == "http://tideline.test/ferry/"
    lines = article["text"].split("\n")
    assert lines[1:] == [*prose(1), *prose(2), *prose(3)]
    assert set(tables.aliases["url"]) == {"http://tideline.test/ferry/2/", "http://tideline.test/ferry/3/"}
    assert article["extractor"] == "prose; page 2: prose; page 3: prose"
    before = article["text"]
    run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert load(settings.data / "clean").articles["text"].tolist() == [before]


def test_an_article_that_was_cut_short_is_read_whole_by_the_next_run(site, settings):
    site.is_broken = True
    assert backfill(settings).outcome == "partly"
    assert len(load(settings.data / "clean").articles["text"][0].split("\n")) == 13
    site.is_broken = False
    site.asked.clear()
    assert backfill(settings).outcome == "ok"
    assert site.asked == ["/robots.txt", "/ferry/", "/ferry/2/", "/ferry/3/"][1:]
    (article,) = load(settings.data / "clean").articles.query("is_latest").to_dict("records")
    assert article["text"].split("\n")[1:] == [*prose(1), *prose(2), *prose(3)]


def test_a_page_that_waits_brings_its_whole_article(site, settings, tmp_path):
    site.is_broken = True
    backfill(settings)
    site.is_broken = False
    run_plan(settings, Plan(command="watch", outlet_ids=("tideline",)))
    assert len(load(settings.data / "clean").articles["text"][0].split("\n")) == 13  # it is no news
    window = Window(since=datetime(2001, 1, 1, tzinfo=UTC), until=datetime(2031, 1, 1, tzinfo=UTC))
    run_plan(settings, Plan(command="backfill", outlet_ids=("tideline",), window=window))
    (article,) = load(settings.data / "clean").articles.query("is_latest").to_dict("records")
    assert article["text"].split("\n")[1:] == [*prose(1), *prose(2), *prose(3)]


def test_saved_pages_are_joined_wherever_they_stand_in_a_folder(settings, tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    own = '<link rel="canonical" href="http://tideline.test/ferry/{}">'
    (folder / "c.html").write_text(html(1, link("/ferry/2/") + own.format("")))
    (folder / "d.html").write_text(html(7, own.format("../pier/")))
    (folder / "e.html").write_text(html(2, own.format("2/")))
    run_plan(replace(settings), Plan(command="ingest", paths=(folder,)))
    articles = load(settings.data / "clean").articles.set_index("url")
    assert len(articles) == 2
    assert articles.loc["http://tideline.test/ferry/", "text"].split("\n")[1:] == [*prose(1), *prose(2)]
