"""Articles that are asked for again: when, what comes of it, and that nothing comes of what is as it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

import pytest

from presswatch.archive import StoredRevisit, read_answers, read_captures
from presswatch.desk import describe_status, diagnose, examine, explain_url, judge, mend, preview_forget, tell_sections
from presswatch.model import Capture, Window
from presswatch.pipeline import Plan, Summary, run_plan, say_nothing
from presswatch.settings import FetchSettings, Settings
from presswatch.tables import load

HOST = "http://tideline.test"
AGES_H = (0.5, 2, 8, 24, 72, 168)
LINES = (
    "The lighthouse of Sallow Bay was sold to a film company on Tuesday.",
    "Twelve keepers had lived in it before the lamp was put out in 1989.",
    "The company wants to shoot a picture there about a keeper who counts ships.",
    "Nobody in the town has counted a ship from that window for thirty years.",
)
TRIVIAL = tuple(line.replace("The ", "The  ").replace("sold", "<em>sold</em>") for line in LINES)


def page(name: str, lines: tuple[str, ...] = LINES, *, banner: str = "", token: str = "") -> str:
    head = f'<title>{name}</title><meta property="og:type" content="article"><meta name="csrf" content="{token}">'
    head += '<meta property="article:published_time" content="2026-11-02T09:00:00Z">'
    text = "".join(f"<p>{line}</p>" for line in lines)
    body = f"<header><p>{banner}</p></header><article><h1>The keeper {name}</h1>{text}</article>"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"


class Web(BaseHTTPRequestHandler):
    """Answers with `site.pages`: a page, what makes one, or a status. Keeps what was asked for."""

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        if self.path.startswith("/20"):
            site.note(self.path)
        found = site.feed() if self.path == "/feed" else site.pages.get(self.path, 404)
        found = found() if callable(found) else found
        body = found.encode() if isinstance(found, str) else b""
        etag = f'"{zlib.crc32(body)}"'
        is_known = bool(body) and site.has_tags and self.headers.get("If-None-Match") == etag
        self.send_response(304 if is_known else 200 if body else int(found))
        if site.has_tags:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(0 if is_known else len(body)))
        self.end_headers()
        self.wfile.write(b"" if is_known else body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@dataclass
class Site:
    """An outlet with a feed, and a data folder that follows it."""

    settings: Settings
    folder: Path
    pages: dict[str, object] = field(default_factory=dict)
    listed: dict[str, datetime] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    has_tags: bool = True
    victim: subprocess.Popen[bytes] | None = None  # is killed at the request that makes `asked` this long
    kill_at: int = 0

    def note(self, path: str) -> None:
        self.asked.append(path)
        if self.victim and len(self.asked) == self.kill_at:
            self.victim.kill()
            self.victim.wait()

    def publish(self, name: str, content: object = None, *, age: timedelta = timedelta(hours=1)) -> str:
        path = f"/2026/{name}"
        self.pages[path] = page(name) if content is None else content
        self.listed[path] = datetime.now(UTC) - age
        return path

    def feed(self) -> str:
        items = (
            f"<item><link>{HOST}{path}</link><pubDate>{format_datetime(at)}</pubDate></item>"
            for path, at in self.listed.items()
        )
        return f'<rss version="2.0"><channel>{"".join(items)}</channel></rss>'

    def run(self, command: str = "watch", **plan: object) -> Summary:
        return run_plan(self.settings, Plan(command=command, outlet_ids=("tideline",), **plan))  # type: ignore[arg-type]

    def watch(self) -> list[str]:
        """What a watch asks for of articles."""
        self.asked.clear()
        self.run()
        return list(self.asked)

    def pass_time(self, hours: float) -> None:
        """Let time go by: every moment in the outlet's memory that the plan rests on lies further back."""
        with closing(sqlite3.connect(self.settings.data / "state" / "tideline.sqlite")) as db:
            for name in ("captured_at", "revisit_at", "at"):
                rows = db.execute(f"SELECT id, {name} FROM candidates WHERE {name} IS NOT NULL").fetchall()  # noqa: S608
                moved = [
                    ((datetime.fromisoformat(at) - timedelta(hours=hours)).isoformat(timespec="microseconds"), key)
                    for key, at in rows
                ]
                db.executemany(f"UPDATE candidates SET {name} = ? WHERE id = ?", moved)  # noqa: S608  # three constants
            db.commit()

    def answers(self) -> list[object]:
        """Kinds and statuses of all that lies in raw, in order, by file."""
        return [
            [
                ("revisit", one.revisit.kind, one.revisit.status)
                if isinstance(one, StoredRevisit)
                else ("capture", one.capture.kind, one.capture.status)
                for one in read_answers(path)
            ]
            for path in sorted((self.settings.data / "raw").glob("*/*/*.warc.gz"), key=lambda p: p.stat().st_mtime_ns)
        ]

    def clean(self) -> dict[str, tuple[int, bytes]]:
        """Every table and page but the logs, with its time of change."""
        data = self.settings.data
        files = [*data.glob("clean/*/*.parquet"), data / "clean" / ".read.json", *data.glob("report/*")]
        return {
            path.relative_to(data).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
            for path in files
            if path.parent.name not in ("runs", "failures")
        }


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        outlets = tmp_path / "outlets"
        outlets.mkdir()
        source = f'[[discover]]\nkind = "feed"\nurl = "{HOST}/feed"\n'
        own = f'id = "tideline"\nname = "Tideline"\nhosts = ["tideline.test"]\nmin_delay_s = 0\n{source}'
        (outlets / "tideline.toml").write_text(own)
        target = f"127.0.0.1:{server.server_port}"
        (tmp_path / "presswatch.toml").write_text(
            f'outlets = "outlets"\n[collect]\noutlets = ["tideline"]\n[fetch.resolve]\n"tideline.test" = "{target}"\n'
        )
        fetch = FetchSettings(resolve={"tideline.test": target})
        site = Site(Settings(data=tmp_path / "data", outlets_folder=outlets, fetch=fetch), tmp_path)
        server.site = site  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield site
        server.shutdown()


# ---------------------------------------------------------------- when


def test_news_is_asked_for_again_ever_more_rarely_and_then_no_more(site: Site) -> None:
    news = site.publish("news")
    old = site.publish("old", age=timedelta(days=3))
    assert site.watch() == [news, old]
    assert site.watch() == [], "nothing is due"
    passed = 0.0
    for age_h in AGES_H:
        site.pass_time(age_h - passed - 0.1)
        assert site.watch() == [], age_h
        site.pass_time(0.1)
        passed = age_h
        assert site.watch() == [news], age_h
    site.pass_time(1000)
    assert site.watch() == []


def test_after_a_pause_an_article_is_asked_for_once_and_after_a_long_one_no_more(site: Site) -> None:
    news = site.publish("news")
    site.watch()
    site.pass_time(7 * 24)
    assert site.watch() == [news]
    assert site.watch() == []
    later = site.publish("later")
    assert site.watch() == [later]
    site.pass_time(40 * 24)
    assert site.watch() == []


def test_what_a_backfill_of_the_past_fetched_is_not_asked_for_again(site: Site) -> None:
    site.publish("old", age=timedelta(days=20))
    since = datetime.now(UTC) - timedelta(days=30)
    site.run("backfill", window=Window(since=since, until=since + timedelta(days=25)))
    undated = site.publish("undated")
    del site.listed[undated]
    site.run("backfill", urls=(HOST + undated,))
    assert len(site.asked) == 2
    site.pass_time(3)
    assert site.watch() == []


def test_new_articles_come_first_and_the_others_are_bounded(site: Site) -> None:
    several = [site.publish(f"news{number}") for number in range(55)]
    site.watch()
    site.pass_time(1)
    new = site.publish("new")
    first = site.watch()
    assert (first[0], len(first)) == (new, 51)
    rest = site.watch()
    assert sorted(first[1:] + rest) == sorted(several)


def test_an_article_of_several_pages_is_not_asked_for_again(site: Site) -> None:
    link = '<link rel="next" href="/2026/ferry/2/">'
    first = site.publish("ferry/", page("ferry").replace("</head>", f"{link}</head>"))
    site.pages["/2026/ferry/2/"] = page("ferry", LINES[2:])
    assert site.watch() == [first, "/2026/ferry/2/"]
    site.pass_time(1)
    assert site.watch() == []


def test_a_lost_memory_is_made_again_with_the_plan(site: Site) -> None:
    news, old = site.publish("news"), site.publish("old", age=timedelta(days=3))
    site.watch()
    site.pass_time(0.6)
    assert site.watch() == [news]
    shutil.rmtree(site.settings.data / "state")
    assert site.watch() == []
    assert old in site.listed
    site.pass_time(0.6)
    assert site.watch() == [news]
    site.pass_time(0.1)
    assert site.watch() == []


# ---------------------------------------------------------------- what comes of it


def test_a_sentence_changed_one_added_and_one_removed_are_a_revision(site: Site) -> None:
    path = site.publish("news")
    site.publish("other")
    site.run()
    changed = LINES[1].replace("Twelve", "Eleven")
    added = "A spokeswoman said that the lamp would be lit for three nights in October."
    site.pages[path] = page("news", (LINES[0], changed, LINES[2], added))
    site.pass_time(0.6)
    summary = site.run()
    assert (summary.asked_again, summary.sent_anew, summary.extracted) == (2, 1, 1)
    tables = load(site.settings.data / "clean")
    article = tables.articles[tables.articles["url"] == HOST + path]
    assert article["revision"].tolist() == [1, 2]
    assert article["is_latest"].tolist() == [False, True]
    rows = tables.revisions[["revision", "change", "before", "after"]].to_numpy().tolist()
    assert sorted(rows) == [[2, "added", "", added], [2, "changed", LINES[1], changed], [2, "removed", LINES[3], ""]]
    assert len(tables.articles[tables.articles["url"] != HOST + path]) == 1


def test_spaces_dates_of_the_template_and_tokens_are_no_revision(site: Site) -> None:
    numbers = count(1)
    site.publish("dated", lambda: page("dated", banner=f"{next(numbers)} March 2026"))
    site.publish("token", lambda: page("token", token=f"t{next(numbers)}"))
    site.run()
    site.pass_time(0.6)
    summary = site.run()
    assert (summary.asked_again, summary.sent_anew, summary.extracted) == (2, 2, 2)
    assert summary.stories == 0, "nothing is compared again"
    edited = site.publish("edited")
    site.run()
    site.pages[edited] = page("edited", TRIVIAL)
    site.pass_time(0.6)
    assert site.run().sent_anew == 1
    tables = load(site.settings.data / "clean")
    assert tables.articles["revision"].tolist() == [1, 1, 1]
    assert len(tables.revisions) == 0


@pytest.mark.parametrize(("has_tags", "status"), [(True, 304), (False, 200)])
def test_what_is_as_it_was_is_a_revisit_record_and_changes_no_table(site: Site, *, has_tags: bool, status: int) -> None:
    site.has_tags = has_tags
    path = site.publish("news")
    site.run()
    before = site.clean()
    site.pass_time(0.6)
    summary = site.run()
    assert (summary.asked_again, summary.sent_anew, summary.fetched, summary.extracted) == (1, 0, 0, 0)
    assert summary.outcome == "ok"
    assert site.answers()[1] == [("revisit", "feed", status), ("revisit", "article", status)]
    assert site.clean() == before
    assert describe_status(site.settings)["unread_files"] == 0
    assert site.watch() == []
    stored = run_plan(site.settings, Plan(command="rebuild", is_rebuild=True))
    assert stored.extracted == 1
    facts = explain_url(site.settings, HOST + path)
    assert [row["status"] for row in facts.revisits] == [status]
    assert facts.revisits[0]["refers_to"] == facts.captures[0]["record_id"]
    (requests,) = [lines for label, lines in tell_sections(facts, judge(facts)) if label == "requests"]
    assert "asked again: " + ("not modified" if has_tags else "200, the same bytes") in requests[1]
    assert "asked again by the first watch after" in requests[2]


def test_a_page_of_several_is_stored_again_with_the_others_though_it_is_as_it_was(site: Site) -> None:
    link = '<link rel="next" href="/2026/ferry/2/">'
    first = site.publish("ferry/", page("ferry", LINES[:2]).replace("</head>", f"{link}</head>"))
    site.pages["/2026/ferry/2/"] = page("ferry", LINES[2:3])
    site.has_tags = False
    site.run()
    site.pages["/2026/ferry/2/"] = page("ferry", LINES[3:])
    site.run("backfill", urls=(HOST + first,), is_restart=True)
    texts = load(site.settings.data / "clean").articles["text"]
    assert [[line in text for line in LINES] for text in texts] == [
        [True, True, True, False],
        [True, True, False, True],
    ]


def test_what_is_gone_stays_stored_is_told_and_not_asked_for_again(site: Site) -> None:
    path = site.publish("news")
    site.publish("other")
    site.run()
    site.pages[path] = 410
    site.pass_time(0.6)
    summary = site.run()
    assert (summary.failure_counts, summary.outcome, summary.asked_again) == ({"gone": 1}, "ok", 1)
    tables = load(site.settings.data / "clean")
    assert HOST + path in set(tables.articles["url"])
    assert tables.failures[["url", "error"]].to_numpy().tolist() == [[HOST + path, "gone"]]
    site.pass_time(2)
    assert site.watch() == ["/2026/other"]
    assert "asked again it failed (gone)" in judge(explain_url(site.settings, HOST + path)).why


def test_what_raw_has_lost_is_stored_again_though_it_is_as_it_was(site: Site) -> None:
    site.has_tags = False
    site.publish("news")
    site.run()
    shutil.rmtree(site.settings.data / "raw")
    findings = diagnose(examine(site.settings))
    mend(site.settings, findings, progress=say_nothing)
    site.run()
    assert site.answers() == [[("capture", "feed", 200), ("capture", "article", 200)]]


def test_revisits_are_no_damage_and_outlive_the_damage_beside_them(site: Site) -> None:
    site.publish("news")
    site.run()
    site.pass_time(0.6)
    site.run()
    assert diagnose(examine(site.settings)) == []
    path = max((site.settings.data / "raw").glob("*/*/*.warc.gz"), key=lambda path: path.stat().st_mtime_ns)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    mend(site.settings, diagnose(examine(site.settings)), progress=say_nothing)
    assert path.read_bytes() == whole


def test_an_outlet_that_fails_is_left_alone_and_asked_by_the_plan_not_at_once(site: Site) -> None:
    for number in range(3):
        site.publish(f"news{number}")
    site.watch()
    site.pages = dict.fromkeys(site.pages, 403)
    site.pass_time(0.6)
    assert len(site.watch()) == 1
    assert len(site.watch()) == 1
    assert len(site.watch()) == 1
    assert site.watch() == [], "each has had its turn"


# ---------------------------------------------------------------- forgetting, and kills


def test_what_is_forgotten_is_taken_out_with_its_revisits(site: Site) -> None:
    path, other = site.publish("news"), site.publish("other")
    site.run()
    site.pass_time(0.6)
    site.run()
    listed = [row["what"] for row in preview_forget(site.settings, [HOST + path]).rows]
    assert (listed.count("capture"), listed.count("revisit")) == (1, 1)
    done = run_plan(site.settings, Plan(command="forget", forget=(HOST + path,)))
    assert done.forgotten_captures == 1
    files = (site.settings.data / "raw").glob("*/*/*.warc.gz")
    answers = [one for file in files for one in read_answers(file)]
    told = [one.revisit if isinstance(one, StoredRevisit) else one.capture for one in answers]
    assert sorted(one.url for one in told if one.kind == "article") == [HOST + other] * 2
    site.pass_time(2)
    assert site.watch() == [other]


def test_a_watch_that_is_killed_asks_for_nothing_again_that_was_answered(site: Site) -> None:
    several = [site.publish(f"news{number}") for number in range(6)]
    site.run()
    site.pages[several[1]] = page("news1", LINES[1:])
    site.pass_time(0.6)
    site.asked.clear()
    site.kill_at = 4
    site.victim = subprocess.Popen(
        [sys.executable, "-m", "presswatch", "watch", "--quiet"], cwd=site.folder, stderr=subprocess.DEVNULL
    )
    assert site.victim.wait() != 0
    assert len(list((site.settings.data / ".spool").glob("*.open"))) == 1
    answered = site.asked[:3]
    assert several[1] in answered
    assert sorted(site.watch()) == sorted(set(several) - set(answered))
    tables = load(site.settings.data / "clean")
    assert tables.articles.loc[tables.articles["url"] == HOST + several[1], "revision"].tolist() == [1, 2]
    assert not list((site.settings.data / ".spool").iterdir())


def test_the_command_line_tells_how_many_were_asked_for_again(site: Site) -> None:
    site.publish("news")
    site.run()
    site.pass_time(0.6)
    done = subprocess.run(
        [sys.executable, "-m", "presswatch", "watch", "--json"], cwd=site.folder, capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    assert (told["asked_again"], told["sent_anew"], told["fetched"]) == (1, 0, 0)
    assert b"0 responses stored, 1 article asked for again (0 sent anew)" in done.stderr


def test_a_feed_that_is_sent_again_is_stored_once(site: Site) -> None:
    site.has_tags = False
    site.publish("news")
    site.run()
    site.run()
    captures = [one for path in (site.settings.data / "raw").glob("*/*/*.warc.gz") for one in read_captures(path)]
    assert [one.kind for one in captures if isinstance(one, Capture)] == ["feed", "article"]
