"""Who was first, through the whole pipeline: what feeds say and when a text was seen, from the web to the tables."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from presswatch.archive import RawWriter
from presswatch.model import Capture, Window
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import FetchSettings, Settings
from presswatch.storage import DataDir
from presswatch.tables import TABLES, Tables, load

MARCH = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
STORY = (
    "The ferry Marchetti ran aground off Ostrel Island with forty passengers and a cello on board.",
    "Harbour pilots blamed the fog that had stood over the Aldmoor channel since the lantern festival.",
)
TUGS = "Two tugs from Quillon pulled the Marchetti free before the evening tide."
SAID = "Nine divers recovered the cello from the hold on Sunday with the help of a fishing crane."


class Web(BaseHTTPRequestHandler):
    """Answers with `server.routes`, by host and path; what is not there is 404."""

    def do_GET(self) -> None:
        body = self.server.routes.get(f"{self.headers['Host']}{self.path}", "").encode()  # type: ignore[attr-defined]
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


class Press:
    """Outlets with one article each, a feed or news sitemap that lists it, and a data folder."""

    def __init__(self, folder: Path, server: ThreadingHTTPServer) -> None:
        self.data, self.outlets = folder / "data", folder / "outlets"
        self.outlets.mkdir()
        self.names: list[str] = []
        self._server = server
        self.routes: dict[str, str] = {}
        server.routes = self.routes  # type: ignore[attr-defined]

    def publish(self, name: str, *sentences: str, page_at: str = "", feed_at: str = "", news_at: str = "") -> None:
        """Put an article of a new outlet, or a new text of it, on the web."""
        url = f"http://{name}.test/ferry"
        date = f'<meta property="article:published_time" content="{page_at}">' if page_at else ""
        text = "".join(f"<p>{sentence}</p>" for sentence in (*STORY, *sentences))
        head = f'<title>Ferry</title><meta property="og:type" content="article">{date}'
        self.routes[f"{name}.test/ferry"] = (
            f"<html lang=en><head>{head}</head><body><article><h1>The {name} on the ferry</h1>{text}</article></body>"
        )
        pub_date = f"<pubDate>{feed_at}</pubDate>" if feed_at else ""
        self.routes[f"{name}.test/feed"] = (
            f'<rss version="2.0"><channel><item><link>{url}</link>{pub_date}</item></channel></rss>'
        )
        news = f"<n:news><n:publication_date>{news_at}</n:publication_date></n:news>" if news_at else ""
        self.routes[f"{name}.test/news.xml"] = f"<urlset xmlns:n='x'><url><loc>{url}</loc>{news}</url></urlset>"
        if name not in self.names:
            self.names.append(name)
            sources = (("feed", "feed"), ("news_sitemap", "news.xml"))
            discover = "".join(
                f'[[discover]]\nkind = "{kind}"\nurl = "http://{name}.test/{path}"\n' for kind, path in sources
            )
            own = f'id = "{name}"\nname = "The {name.title()}"\nhosts = ["{name}.test"]\nmin_delay_s = 0\n'
            (self.outlets / f"{name}.toml").write_text(f'{own}timezone = "America/New_York"\n{discover}')

    def run(self, command: str = "backfill", *urls: str, is_restart: bool = False) -> None:
        host, port = self._server.server_address[:2]
        resolve = {f"{name}.test": f"{host!s}:{port}" for name in self.names}
        settings = Settings(data=self.data, outlets_folder=self.outlets, fetch=FetchSettings(resolve=resolve))
        plan = Plan(
            command=command,
            outlet_ids=() if urls or command == "rebuild" else tuple(self.names),
            window=MARCH if command == "backfill" and not urls else None,
            urls=urls,
            is_restart=is_restart,
            is_rebuild=command == "rebuild",
        )
        assert run_plan(settings, plan).outcome == "ok"

    @property
    def tables(self) -> Tables:
        return load(self.data / "clean")

    def article(self, name: str) -> pd.Series:
        articles = self.tables.articles
        return articles[(articles["outlet_id"] == name) & articles["is_latest"]].iloc[0]

    def first(self, words: str) -> tuple[str | None, bool]:
        claims = self.tables.claims
        (row,) = claims[claims["text"] == words].to_dict("records")
        outlet_id = row["first_outlet_id"]
        return outlet_id if isinstance(outlet_id, str) else None, row["first_is_certain"]

    def all_rows(self) -> dict[str, str]:
        return {
            name: getattr(self.tables, name).to_csv(index=False) for name, table in TABLES.items() if not table.is_log
        }


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield Press(tmp_path, server)
        server.shutdown()


def test_what_feeds_say_stands_in_the_tables_and_tells_who_was_first(press: Press) -> None:
    press.publish("gazette", TUGS, feed_at="Sat, 14 Mar 2026 09:00:00 GMT")
    press.publish("courier", TUGS, page_at="2026-03-14T11:00:00Z", news_at="2026-03-14")
    press.publish("herald", page_at="2026-03-14T08:00:00Z")
    press.run()
    courier, gazette, herald = (press.article(name) for name in ("courier", "gazette", "herald"))
    assert gazette["listed_at"] == datetime(2026, 3, 14, 9, tzinfo=UTC)
    assert not gazette["listed_is_day"]
    assert pd.isna(gazette["published_at"])
    assert courier["listed_at"] == datetime(2026, 3, 14, 4, tzinfo=UTC)  # where the day of New York begins
    assert courier["listed_is_day"]
    assert not courier["published_is_day"]
    assert pd.isna(herald["listed_at"])
    assert not herald["listed_is_day"]
    assert press.first(TUGS) == ("gazette", True)
    stored = press.all_rows()
    press.run("rebuild")
    assert press.all_rows() == stored


def test_what_a_feed_said_stays_though_a_newer_capture_was_made_without_it(press: Press) -> None:
    press.publish("gazette", TUGS, feed_at="Sat, 14 Mar 2026 09:00:00 GMT")
    press.publish("courier", TUGS, page_at="2026-03-14T11:00:00Z")
    press.run()
    for path in DataDir(press.data).state.glob("*.sqlite*"):
        path.unlink()  # and with them what the feed said
    press.publish("gazette", TUGS, SAID)
    press.run("backfill", "http://gazette.test/ferry", is_restart=True)
    articles = press.tables.articles
    assert (
        list(articles.loc[articles["outlet_id"] == "gazette", "listed_at"])
        == [datetime(2026, 3, 14, 9, tzinfo=UTC)] * 2
    )
    assert press.first(TUGS) == ("gazette", True)
    stored = press.all_rows()
    press.run("rebuild")
    assert press.all_rows() == stored


def test_a_sentence_that_came_with_a_change_is_not_as_old_as_the_article(press: Press) -> None:
    press.publish("gazette", TUGS, page_at="2026-03-14T09:00:00Z")
    press.publish("courier", TUGS, SAID, page_at="2026-03-14T11:00:00Z")
    press.run()
    assert press.first(SAID) == ("courier", True)
    press.publish("gazette", TUGS, SAID, page_at="2026-03-14T09:00:00Z")
    press.run("backfill", "http://gazette.test/ferry", is_restart=True)
    assert press.article("gazette")["revision"] == 2
    assert press.first(TUGS) == ("gazette", True)
    assert press.first(SAID) == ("courier", False)
    stored = press.all_rows()
    press.run("rebuild")
    assert press.all_rows() == stored


def test_an_older_capture_that_comes_late_tells_anew_who_was_first(press: Press) -> None:
    press.publish("gazette", TUGS)
    press.publish("courier", TUGS, page_at="2026-03-14T09:00:00Z")

    def store(name: str, hour: int) -> None:
        at = datetime(2026, 3, 14, hour, tzinfo=UTC)
        body = press.routes[f"{name}.test/ferry"].encode()
        headers = (("content-type", "text/html; charset=utf-8"), ("server", "x"))
        capture = Capture(url=f"http://{name}.test/ferry", outlet_id=name, fetched_at=at, body=body, headers=headers)
        with RawWriter(DataDir(press.data), name, f"20260314T{hour:02}0000Z-{name}", at) as writer:
            writer.write(capture)
            writer.commit()

    store("gazette", 10)
    store("courier", 10)
    press.run("rebuild")
    assert press.first(TUGS) == ("courier", False)  # the other was seen after it came out, and may be older
    store("gazette", 8)
    press.run("watch")
    assert press.article("gazette")["first_seen_at"] == datetime(2026, 3, 14, 8, tzinfo=UTC)
    assert press.first(TUGS) == ("gazette", True)
    claims = press.tables.claims.set_index("text")
    assert pd.isna(claims.loc[TUGS, "first_published_at"])
    stored = press.all_rows()
    press.run("rebuild")
    assert press.all_rows() == stored
