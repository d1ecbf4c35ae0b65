"""What a run asks for: what others left behind, what it may not take, and who is asked."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from presswatch.archive import OutletState, RawWriter
from presswatch.demo.newsroom import Newsroom
from presswatch.demo.show import SPRING
from presswatch.errors import ConfigError, UsageError
from presswatch.model import Candidate, Window
from presswatch.pipeline import Plan, preview_plan, run_plan
from presswatch.registrar import check_outlet
from presswatch.storage import DataDir
from presswatch.tables import load

OUTLET = ("lanternpost",)


@pytest.fixture
def newsroom():
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def settings(newsroom, tmp_path):
    return newsroom.make_settings(tmp_path / "data")


def watch(settings, outlets=OUTLET):
    return run_plan(settings, Plan(command="watch", outlet_ids=outlets))


def pages(newsroom):
    """The articles that were sent whole."""
    return sorted(
        r.path for r in newsroom.requests if r.status == 200 and not r.path.endswith((".txt", ".xml", "feed"))
    )


def waiting(settings, window=None):
    """How many pages a watch, or a backfill of a window, would ask for without looking for more."""
    with OutletState(DataDir(settings.data), OUTLET[0]) as state:
        return state.count_pending(window)


@pytest.fixture
def news(tmp_path):
    """The pages that a first watch fetches."""
    with Newsroom() as newsroom:
        watch(newsroom.make_settings(tmp_path / "other"))
        assert pages(newsroom)
        return pages(newsroom)


def test_a_watch_after_a_check_finds_what_it_would_have_found(newsroom, settings, news):
    check_outlet(settings, OUTLET[0])
    assert pages(newsroom) == []
    assert watch(settings).discovered
    assert pages(newsroom) == news


def test_a_watch_after_a_backfill_of_another_time_finds_the_news(newsroom, settings, news):
    past = Window(since=datetime(2001, 1, 1, tzinfo=UTC), until=datetime(2001, 2, 1, tzinfo=UTC))
    run_plan(settings, Plan(command="backfill", outlet_ids=OUTLET, window=past))
    newsroom.requests.clear()
    watch(settings)
    assert pages(newsroom) == news


def test_a_memory_lost_with_candidates_waiting_is_filled_again(newsroom, settings, news):
    check_outlet(settings, OUTLET[0])  # stores the feeds, and nothing else
    for path in (settings.data / "state").iterdir():
        path.unlink()
    watch(settings)
    assert pages(newsroom) == news


def test_a_watch_leaves_the_past_to_backfills(newsroom, settings, news):
    plan = Plan(command="backfill", outlet_ids=OUTLET, window=SPRING, query="no such words at all")
    run_plan(settings, plan)
    preview_plan(settings, replace(plan, query=""))
    old = "http://lanternpost.test/local/never-listed"
    with OutletState(DataDir(settings.data), OUTLET[0]) as state:
        state.add_candidates([Candidate(url=old, outlet_id=OUTLET[0])], datetime.now(UTC), is_news=False)
    assert waiting(settings, SPRING) > len(news)
    assert waiting(settings) == 0
    watch(settings)
    assert pages(newsroom) == news
    assert waiting(settings, SPRING) == 1
    run_plan(settings, replace(plan, query=""))
    assert waiting(settings, SPRING) == 0
    assert [r.status for r in newsroom.requests if old.endswith(r.path)] == [404]


class Shortener(BaseHTTPRequestHandler):
    """Leads from any address to the same path at an outlet."""

    def do_GET(self):
        self.send_response(404 if self.path == "/robots.txt" else 301)
        self.send_header("Location", f"http://lanternpost.test{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nobody reads it."""


@pytest.fixture
def shortener():
    with ThreadingHTTPServer(("127.0.0.1", 0), Shortener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_listed_address_that_leads_to_an_outlet_is_that_outlets_article(newsroom, settings, shortener, news):
    fetch = replace(settings.fetch, resolve={**settings.fetch.resolve, "short.test": shortener})
    plan = Plan(command="backfill", urls=(f"http://short.test{news[0]}",))
    summary = run_plan(replace(settings, fetch=fetch), plan)
    assert summary.failure_counts == {"bad_redirect": 1}
    assert summary.exit_code == 0
    tables = load(settings.data / "clean")
    assert tables.articles[["outlet_id", "url"]].to_numpy().tolist() == [[*OUTLET, f"http://lanternpost.test{news[0]}"]]
    assert "lanternpost" in tables.failures["message"].iloc[0]
    assert [r.path for r in newsroom.requests] == ["/robots.txt", news[0]]


@pytest.mark.parametrize("carry_out", [run_plan, preview_plan])
@pytest.mark.parametrize("more", [{"command": "watch"}, {"command": "backfill", "window": SPRING}])
def test_a_run_without_outlets_is_an_error_that_says_so(settings, carry_out, more):
    with pytest.raises(ConfigError, match="no outlets to fetch"):
        carry_out(settings, Plan(**more))
    assert not settings.data.exists()


def ingest(settings, path, outlet):
    return run_plan(settings, Plan(command="ingest", paths=(path,), ingest_as=outlet))


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "saved.txt"
    path.write_text("The pier is closed\n\nThe harbour office closed the pier on Monday after a storm.\n" * 3, "utf-8")
    return path


@pytest.mark.parametrize("outlet", ["../../evil", "/etc/evil", "..", "", "-x", "Some Paper"])
def test_files_are_taken_in_for_an_outlet_with_an_id(settings, saved, outlet):
    with pytest.raises(UsageError, match="small letters"):
        ingest(settings, saved, outlet)
    assert not settings.data.exists()


@pytest.mark.parametrize("outlet", ["lanternpost", "The Lantern Post", "my-paper"])
def test_an_outlet_may_be_named_as_it_is_called(settings, saved, outlet):
    ingest(settings, saved, outlet)
    (kept,) = [path.name for path in (settings.data / "raw").iterdir()]
    assert kept == ("my-paper" if outlet == "my-paper" else "lanternpost")


@pytest.mark.parametrize("outlet", ["../evil", "", "a/b"])
def test_no_file_is_named_by_what_is_no_id(tmp_path, outlet):
    data = DataDir(tmp_path)
    with pytest.raises(ValueError, match="outlet"):
        OutletState(data, outlet)
    with pytest.raises(ValueError, match="outlet"):
        RawWriter(data, outlet, "run", datetime.now(UTC))


def test_a_preview_that_nobody_answered_says_so(settings, tmp_path):
    plan = Plan(command="backfill", outlet_ids=("k", *OUTLET), window=SPRING)
    resolve = dict.fromkeys(settings.fetch.resolve, "127.0.0.1:1")
    silent = preview_plan(replace(settings, fetch=replace(settings.fetch, resolve=resolve)), plan)
    assert (silent.rows, silent.outcome, silent.exit_code) == ([], "unreachable", 6)
    assert {failure.error for failure in silent.failures} == {"unreachable"}
    resolve = {**settings.fetch.resolve, "lanternpost.test": "127.0.0.1:1"}
    partly = preview_plan(replace(settings, fetch=replace(settings.fetch, resolve=resolve)), plan)
    assert {row["outlet_id"] for row in partly.rows} == {"k"}
    assert (partly.outcome, partly.exit_code) == ("partly", 5)
    assert {failure.outlet_id for failure in partly.failures} == set(OUTLET)
    whole = preview_plan(settings, plan)
    assert (whole.failures, whole.exit_code) == ((), 0)
    assert {row["outlet_id"] for row in whole.rows} == {"k", *OUTLET}
