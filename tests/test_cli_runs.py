"""Runs from the command line: what they print, store and end with, over the newsroom and from files."""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from presswatch import load
from presswatch.archive import read_captures
from presswatch.demo.newsroom import Newsroom, Request, write_settings
from presswatch.storage import DataDir
from presswatch.tables import TABLES
from stored import make_newer

COMMAND = [sys.executable, "-m", "presswatch"]
SPRING = ("--since", "2026-02-01", "--until", "2026-04-01")
CLEAN = [name for name, table in TABLES.items() if not table.is_log]
LEAK = "A door \x1b[31mopens\x1b[0m \u202eon the harbor\u202c at\x9b31m noon"


pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def newsroom(tmp_path):
    """The newsroom, with a presswatch.toml for it in the current folder."""
    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
        yield newsroom


@pytest.fixture
def silence(tmp_path):
    """A presswatch.toml for a newsroom that has closed."""
    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)


@pytest.fixture
def run(call):
    """Runs a command with --json; gives its exit code and what it printed."""

    def run(*words):
        code, out, _ = call(*words, "--json", "-q")
        return code, json.loads(out)

    return run


def pages(newsroom, status=200):
    """The paths of articles that were asked for and answered so."""
    told = {article["url"].partition(".test")[2] for article in TRUTH["articles"].values()}
    return sorted(request.path for request in newsroom.requests if request.path in told and request.status == status)


TRUTH = json.loads((Path(__file__).parent / "demo" / "truth.json").read_text("utf-8"))


def stamps(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def write_article(path, headline="A boat is built of paper", sentence="The boat crossed the pool on Sunday."):
    html = f"<html><head><title>{headline}</title></head><body><article><h1>{headline}</h1>"
    html += "".join(f"<p>{sentence} It was seen by {n} people who stood at the rail.</p>" for n in range(2, 12))
    page = f"{html}</article></body></html>".encode()
    path.write_bytes(gzip.compress(page) if path.suffix == ".gz" else page)
    return path


# ---------------------------------------------------------------- from the web


def test_a_run_prints_one_object_with_the_columns_of_runs(newsroom, call):
    code, out, err = call("watch", "--json", "--outlet", "thirdactnotebook")
    told = json.loads(out)
    assert code == 0
    assert set(TABLES["runs"].column_names) < set(told)
    assert (told["command"], told["outcome"], told["extracted"]) == ("watch", "ok", 2)
    assert "thirdactnotebook: 2 of 2 done" in err
    assert load("data/clean").runs["run_id"].tolist() == [told["run_id"]]


def test_quiet_says_nothing_and_verbose_names_stories_and_failures(newsroom, call):
    assert call("watch", "-q", "--outlet", "thirdactnotebook") == (0, "", "")
    code, out, err = call("watch", "-v", "--outlet", "reelbeacon")
    assert code == 0
    assert out.startswith("WHAT IS NEW (")
    assert "robots: http://reelbeacon.test/preview/" in err
    assert "story " in err


def test_a_watch_ends_with_what_is_new_since(newsroom, call):
    code, out, err = call("watch")
    assert (code, out) == (0, "")
    assert (
        "first run: 8 stories to begin with, 1 of paper-regatta; the next `presswatch watch` tells what is new" in err
    )
    newsroom.publish_edition(2)
    code, out, err = call("watch", "-q")
    assert (code, err) == (0, ""), "a schedule's mail has the news and nothing else"
    assert out.startswith("WHAT IS NEW (1) ─")
    assert "1 new article, 7 new claims, 1 changed article" in out
    assert "− … 13, ahead of the feature, on 40 screens." in out
    assert "+ … 13, ahead of the feature, on 62 screens." in out
    assert "\x1b" not in out
    feed = Path("data/report/feed.xml").read_text("utf-8")
    assert feed.count("<entry>") == 2
    assert call("watch", "-q") == (0, "", ""), "nothing new, nothing said"
    assert Path("data/report/feed.xml").read_text("utf-8") == feed


def test_a_watch_as_json_has_the_digest(newsroom, run):
    _, first = run("watch")
    assert (first["digest"]["is_first"], first["digest"]["story_count"], first["digest"]["stories"]) == (True, 8, [])
    newsroom.publish_edition(2)
    _, second = run("watch")
    (story,) = second["digest"]["stories"]
    assert story["topics"] == ["paper-regatta"]
    assert [one["outlet"] for one in story["articles"]] == ["The Lantern Post"]
    assert story["revisions"][0]["changes"][1]["after"].endswith("on 62 screens.")
    assert run("watch")[1]["digest"]["story_count"] == 0


def test_a_rebuild_is_no_news_and_the_feed_outlives_it(newsroom, run):
    run("watch")
    newsroom.publish_edition(2)
    run("watch")
    feed = Path("data/report/feed.xml").read_text("utf-8")
    assert run("rebuild")[1]["digest"]["story_count"] == 0
    assert Path("data/report/feed.xml").read_text("utf-8") == feed
    Path("data/clean/.news.json").write_text("{")
    newsroom.publish_edition(1)
    assert run("rebuild")[0] == 0, "a damaged list is begun anew"


def test_a_damaged_list_of_news_names_what_mends_it(newsroom, call):
    call("watch", "--outlet", "thirdactnotebook")
    Path("data/clean/.news.json").write_text("{")
    code, _, err = call("watch", "--outlet", "k")
    assert code == 1
    assert ".news.json is damaged" in err
    assert "`presswatch rebuild`" in err
    assert call("rebuild")[0] == 0
    assert call("watch", "--outlet", "k")[0] == 0


def test_backfill_is_half_open_resumes_and_restarts_conditionally(newsroom, run):
    k = ("--outlet", "k")
    code, _ = run("backfill", "--since", "2026-03-10T14:00", "--until", "2026-03-11T16:30", *k)
    assert code == 0
    assert pages(newsroom) == ["/culture/orvane-paper-regatta-maud-ellery-quist-premiere"]
    run("backfill", *SPRING, *k)
    fetched = pages(newsroom)
    assert len(fetched) == len(set(fetched)) > 1
    _, again = run("backfill", *SPRING, *k)
    assert pages(newsroom) == fetched
    assert again["extracted"] == 0
    _, restarted = run("backfill", *SPRING, *k, "--restart")
    assert pages(newsroom) == fetched
    assert pages(newsroom, 304) == fetched
    assert restarted["extracted"] == 0


def test_dry_run_lists_and_fetches_no_article(newsroom, run, call):
    code, rows = run("backfill", *SPRING, "--dry-run")
    assert code == 0
    assert {tuple(row) for row in rows} == {("outlet_id", "url", "published_at", "robots", "wait_s")}
    verdicts = {row["url"]: row["robots"] for row in rows}
    assert verdicts["http://kmagazine.test/fashion/the-case-for-one-good-coat"] == "allowed"
    assert sum(verdict.startswith("robots: ") for verdict in verdicts.values()) == 1
    assert pages(newsroom) == []
    told = call("backfill", *SPRING, "--dry-run", "--query", "nosuchword")[2]
    assert (
        "not fetched again, nor what is of other days, nor what does not say 'nosuchword'; `presswatch outlets" in told
    )
    assert "WHAT WOULD BE FETCHED, AND WHAT NOT (19)" in call("backfill", *SPRING, "--dry-run")[1]
    _, rows = run("backfill", *SPRING, "--dry-run", "--query", "salt parade")
    assert rows
    assert all("salt" in row["url"] for row in rows)


def test_query_fetches_what_holds_the_words(newsroom, run):
    run("backfill", *SPRING, "--query", "Paper REGATTA", "--outlet", "lanternpost")
    assert [path for path in pages(newsroom) if "paper" not in path] == []
    assert pages(newsroom)


def test_listed_urls_are_fetched_and_bad_lines_are_failures(newsroom, run, tmp_path):
    wanted = "http://kmagazine.test/fashion/the-case-for-one-good-coat"
    lines = (
        "\ufeff# mine",
        "",
        wanted,
        f"  {wanted}?utm_source=x  # twice",
        "no address",
        "http://kmagazine.test/none\t#",
    )
    listed = "\n".join(lines)
    (tmp_path / "list.txt").write_text(listed, "utf-8")
    code, told = run("backfill", "--urls", "list.txt")
    assert code == 0
    assert told["failure_counts"] == {"bad_document": 1, "gone": 1}
    assert [r.path for r in newsroom.requests] == ["/robots.txt", "/fashion/the-case-for-one-good-coat", "/none"]
    failures = load("data/clean").failures
    assert set(failures["url"]) == {"no address", "http://kmagazine.test/none"}
    run("backfill", "--urls", "list.txt")
    assert len(pages(newsroom)) == 1


def test_check_names_documents_and_what_they_list(newsroom, run):
    code, rows = run("outlets", "check", "k")
    assert code == 0
    assert next((row["kind"], row["robots"], row["candidates"] > 0) for row in rows) == ("feed", "allowed", True)


def test_nothing_reachable_ends_with_6(silence, call):
    code, out, err = call("outlets", "check", "k", "--json")
    assert code == 6
    assert all(row["robots"].startswith("unreachable") for row in json.loads(out))
    assert len(json.loads(out)) > 1
    code, out, err = call("outlets", "check", "k")
    assert code == 6
    assert " ".join(out.split()).count("robots.txt cannot be had") == 1
    assert "nothing is asked for: unreachable" not in " ".join(out.split())  # the column beside it says so
    assert "network? The same `presswatch outlets check k` tries again" in err
    code, out, err = call("watch", "--outlet", "k")
    assert (code, out) == (6, "")
    assert "nobody answered: does what [fetch.resolve] names still run, and is this machine on the network?" in err
    assert "network? The same `presswatch watch` tries again" in err
    code, out, err = call("backfill", *SPRING, "--outlet", "k", "--dry-run")
    assert (code, out) == (6, "")
    assert "network? The same `presswatch backfill --dry-run` tries again" in err
    assert "unreachable" in err
    assert "none" not in err
    assert json.loads(call("stories", "--json")[1]) == []
    assert "watch at 20" in (told := call("status")[1])
    assert "unreachable, 0 responses" in told


def test_a_second_run_ends_with_75_or_waits(newsroom, call, tmp_path):
    with DataDir(tmp_path / "data").locked("presswatch backfill"):
        code, out, err = call("watch")
        assert (code, out) == (75, "")
        assert "`presswatch backfill`" in err
        assert "--wait" in err
        words = [*COMMAND, "ingest", str(write_article(tmp_path / "a.html")), "--wait"]
        waiting = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        assert "in use by `presswatch backfill`" in waiting.stderr.readline()
    waiting.communicate(timeout=60)
    assert waiting.returncode == 0
    assert newsroom.requests == []


class Stopping(list[Request]):
    """The newsroom's log; it sends a signal to a process, or its group, at the n-th line."""

    def __init__(self, number, send):
        super().__init__()
        self._number, self._send = number, send

    def append(self, request):
        super().append(request)
        if len(self) == self._number:
            self._send()


@pytest.mark.parametrize("way", ["Ctrl-C", "SIGTERM"])
def test_an_interrupted_run_ends_with_130_and_the_next_one_finishes(newsroom, run, tmp_path, way):
    process = None

    def send():
        if way == "Ctrl-C":
            os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all
        else:
            process.send_signal(signal.SIGTERM)

    newsroom.requests = Stopping(22, send)
    words = [*COMMAND, "backfill", *SPRING]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    out, err = process.communicate(timeout=90)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert "the next run goes on" in err
    assert len(newsroom.requests) < 40  # of some 45
    assert run("status")[1]["running"] is None
    code, _ = run("backfill", *SPRING)
    assert code == 0
    articles = load("data/clean").articles
    first_edition = {a["url"] for a in TRUTH["articles"].values()} & set(articles["url"])
    assert len(first_edition) == articles["article_id"].nunique() >= 16
    stored = [c.url for w in (tmp_path / "data/raw").glob("*/*/*.gz") for c in read_captures(w) if c.kind == "article"]
    assert len(stored) == len(set(stored))


def hears_ctrl_c(pid):
    """Whether Python has begun to handle SIGINT in a process; where the system does not tell, it is taken to."""
    status = Path(f"/proc/{pid}/status")
    caught = re.search(r"SigCgt:\s*(\w+)", status.read_text()) if status.exists() else None
    return caught is None or bool(int(caught[1], 16) >> (signal.SIGINT - 1) & 1)


def test_ctrl_c_in_source_that_is_run_ends_with_130(tmp_path):
    lines = (
        "import presswatch.__main__, presswatch.cli",
        "presswatch.cli.main = lambda: exec('raise KeyboardInterrupt')",  # as in a dataclass that is being made
        "presswatch.__main__.main()",
    )
    (tmp_path / "started.py").write_text("\n".join(lines))
    words = [sys.executable, "-m", "started"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize("delay_s", [1.0, 2.5])
def test_ctrl_c_while_pages_are_read_leaves_no_trace_on_the_terminal(ran, tmp_path, delay_s):
    data = shutil.copytree(ran.data, tmp_path / "data", ignore=shutil.ignore_patterns("clean"))
    words = [*COMMAND, "rebuild", "--data", str(data)]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not hears_ctrl_c(process.pid):  # before that nothing of ours runs, and the system ends it by the signal
        time.sleep(0.01)
    time.sleep(delay_s)  # any moment will do: before, while or after workers start
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    assert process.returncode in {0, 130}


# ---------------------------------------------------------------- from files


def test_ingest_of_files_and_folders_with_faults_as_rows(run, tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    write_article(folder / "one.html.gz")
    write_article(folder / "two.HTML", "A bell is cast", "The founder poured the bell at dawn.")
    (folder / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / "broken.html.gz").write_bytes(gzip.compress(b"<p>" * 999)[:40])
    (tmp_path / "what.bin").write_bytes(b"?")
    (tmp_path / "The Film-Stage.txt").write_text("A lamp is lit\n\nThe keeper lit the lamp at six on Monday evening.")
    words = ["ingest", "saved", "broken.html.gz", "what.bin", "The Film-Stage.txt"]
    code, told = run(*words)
    assert code == 5
    assert told["outcome"] == "partly"
    assert told["failure_counts"] == {"corrupt": 1, "not_html": 1}
    tables = load("data/clean")
    assert set(tables.articles["outlet_id"]) == {"one", "two", "filmstage"}
    assert set(tables.failures["url"]) == {"file:broken.html.gz", "file:what.bin"}
    before = stamps(tmp_path / "data" / "raw") | stamps(tmp_path / "data" / "clean")
    code, told = run(*words)
    assert (code, told["fetched"], told["extracted"]) == (5, 0, 0)
    after = stamps(tmp_path / "data" / "raw") | stamps(tmp_path / "data" / "clean")
    assert {path for path in after if before.get(path) != after[path]} == {
        tmp_path / "data" / "clean" / name / f"{told['run_id']}.parquet" for name in ("runs", "failures")
    }


def test_the_demo_keeps_away_from_what_is_not_invented(call, tmp_path):
    assert call("ingest", write_article(tmp_path / "boat.html"), "--outlet", "tern")[0] == 0
    before = stamps(tmp_path / "data" / "clean")
    code, out, err = call("demo")
    assert (code, out) == (2, "")
    assert "tern" in err
    assert "`presswatch demo --data demo`" in err
    assert stamps(tmp_path / "data" / "clean") == before
    assert {folder.name for folder in (tmp_path / "data" / "raw").iterdir()} == {"tern"}


def test_files_that_keep_the_folders_of_a_checkout_are_in_nobodys_way(call, run, tmp_path):
    for name in ("raw", "clean"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / ".gitkeep").touch()
    assert call("demo", "--quiet")[0] == 0
    assert run("doctor") == (0, [])
    assert run("status")[0] == 0


def test_ingest_for_an_outlet_of_ones_own(run, tmp_path):
    write_article(tmp_path / "one.html")
    assert run("ingest", "one.html", "--outlet", "my-gazette")[0] == 0
    assert set(load("data/clean").articles["outlet_id"]) == {"my-gazette"}
    assert [row["outlet_count"] for row in run("stories")[1]] == [1]


def test_a_file_of_accented_letters_makes_an_outlet_of_plain_ones(call, run, tmp_path):
    text = "Łódź builds a ferry\n\nThe ferry of Łódź was built by nine people on Monday."
    (tmp_path / "kmagazine-übung-Łódź.txt").write_text(text, "utf-8")
    assert run("ingest", "kmagazine-übung-Łódź.txt")[0] == 0
    assert set(load("data/clean").articles["outlet_id"]) == {"kmagazine-ubung-lodz"}
    for words in (("lodz",), ("ŁÓDŹ", "ferry")):
        assert call("show", *words)[0] == 0


def test_our_own_raw_files_give_the_same_articles_elsewhere(newsroom, ran, run, tmp_path):
    warcs = sorted((ran.data / "raw").glob("*/*/*.warc.gz"))
    code, _ = run("ingest", *warcs)
    assert code == 0
    for name in CLEAN:
        ours, theirs = getattr(load("data/clean"), name), getattr(ran.tables, name)
        if name != "stories":  # which remember the ids they had while articles were missing
            assert ours.to_csv(index=False) == theirs.to_csv(index=False), name
    before = stamps(tmp_path / "data" / "raw")
    assert run("ingest", *reversed(warcs))[1]["fetched"] == 0
    assert stamps(tmp_path / "data" / "raw") == before


def test_a_file_that_claims_an_outlet_cannot_choose_its_place(run, tmp_path):
    head = "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:6f1cbe8a-0000-4000-8000-000000000000>\r\n"
    head += "WARC-Date: 2026-03-01T00:00:00Z\r\nWARC-Target-URI: file:page.html\r\nContent-Type: text/html\r\n"
    body = write_article(tmp_path / "page.html").read_bytes()
    head += f"X-Presswatch-Outlet: ../../../up\r\nX-Presswatch-Kind: article\r\nContent-Length: {len(body)}\r\n\r\n"
    (tmp_path / "theirs.warc").write_bytes(head.encode() + body + b"\r\n\r\n")
    run("ingest", "theirs.warc")
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "theirs.warc", "data"}
    assert {path.name for path in (tmp_path / "data" / "raw").iterdir()} == {"theirs"}


def test_scraped_text_does_nothing_to_a_terminal(call, tmp_path):
    (tmp_path / "indiewire.txt").write_text(f"{LEAK}\n\nThe harbor office said: {LEAK}, and nothing else.", "utf-8")
    (tmp_path / "k\x1b[2J\u202e.bin").touch()
    said = "".join(call("ingest", "indiewire.txt", "k\x1b[2J\u202e.bin", "-v")[1:])
    for words in (["stories"], ["stories", "--json"], ["show", "door"], ["show", "door", "--json"], ["failures", "-v"]):
        code, out, err = call(*words)
        assert code == 0
        said += out + err
    said += call("show", "\x1b[2Jnone\u202e")[2] + call("watch", "--outlet", "\x1b]0;x\x07")[2]
    assert "harbor" in said
    assert {c for c in said if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} == {"\n"}


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def test_a_disk_that_fills_up_ends_with_3_and_the_next_run_finishes(run, tmp_path):
    for number in range(4):
        write_article(tmp_path / f"page{number}.html", f"Boat number {number}", f"Boat {number} crossed the pool.")
    words = [*COMMAND, "ingest", *(f"page{n}.html" for n in range(4))]
    # as a disk of that size, for each file
    done = subprocess.run(words, capture_output=True, text=True, preexec_fn=limit_files, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert "presswatch: data" in done.stderr
    assert run("ingest", *words[4:])[0] == 0
    assert len(load("data/clean").articles) == 4


def test_rebuild_of_nothing_makes_empty_tables(call):
    code, out, _ = call("rebuild", "--json")
    assert (code, json.loads(out)["extracted"]) == (0, 0)
    assert call("stories", "--json") == (0, "[]\n", "")


def test_a_rebuild_says_what_it_no_longer_has(run, tmp_path):
    for host in ("north.test", "south.test"):
        name = tmp_path / f"{host}.html"
        write_article(name, f"The ferry of {host}", "The ferry leaves at dawn with nobody aboard but its crew.")
        assert run("ingest", str(name), "--outlet", host.partition(".")[0])[0] == 0
    assert run("rebuild")[1]["lost_articles"] == 0
    shutil.rmtree("data/raw/north")
    code, told = run("rebuild")
    assert (code, told["lost_articles"]) == (0, 1)
    assert load("data/clean").articles["outlet_id"].tolist() == ["south"]


@pytest.mark.parametrize(
    "words", [("watch",), ("rebuild",), ("rebuild", "--since", "2026-01-01", "--until", "2027-01-01"), ("ingest", ".")]
)
def test_nothing_is_put_over_the_tables_of_a_newer_presswatch(newsroom, call, tmp_path, words):
    assert call("watch", "-q")[0] == 0
    make_newer(tmp_path / "data" / "clean")
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*.*") if path.is_file()}
    asked = len(newsroom.requests)
    (tmp_path / "late.txt").write_text("A late headline\n\nThe boat crossed the pool on Sunday, and nobody saw it.\n")
    code, _, err = call(*words)
    assert code == 1
    assert "has schema 99, and this presswatch reads up to" in err
    assert "upgrade presswatch" in err
    assert {path: path.read_bytes() for path in (tmp_path / "data").rglob("*.*") if path.is_file()} == before
    assert len(newsroom.requests) == asked


FILMSTAGE_PAGE = """<!doctype html><html lang="en"><head><title>The Slow Ferry Sails Again - The Film Stage</title>
<link rel="canonical" href="https://thefilmstage.com/the-slow-ferry-sails-again/"></head><body><article>
<h1>The Slow Ferry Sails Again</h1><div class="{body}">{prose}</div></article></body></html>"""
FERRY = "".join(
    f"<p>At {hour} the slow ferry leaves the harbor of Sallow Bay with nobody aboard but its crew of eleven.</p>"
    for hour in ("dawn", "noon", "four", "dusk", "ten")
)


def save_filmstage(folder, new, old):
    """Saved pages of The Film Stage: `new` of an unknown markup, `old` as its layout says."""
    folder.mkdir(exist_ok=True)
    for number in range(new + old):
        body = "story-of-2031" if number < new else "entry-content"
        page = FILMSTAGE_PAGE.format(body=body, prose=FERRY.replace("eleven", f"{number + 3}"))
        (folder / f"{number}.html").write_text(page.replace("sails-again", f"sails-again-{number}x"))
    return folder


def test_a_layout_that_matches_nothing_is_a_warning_of_the_run_with_what_to_do(tmp_path, call):
    code, _, err = call("ingest", save_filmstage(tmp_path / "saved", new=1, old=1), "--data", "mine")
    assert code == 0
    assert "The Film Stage may have changed its pages: its layout matched nothing on 1 of 2 articles" in err
    url = "https://thefilmstage.com/the-slow-ferry-sails-again-0x/"
    assert f"`presswatch outlets record {url} --data mine`" in err
    assert call("outlets", "record", url, "--data", "mine")[0] == 0
    articles = load(tmp_path / "mine/clean").articles
    assert articles["extractor"].tolist().count("prose; layout:wordpress matched nothing") == 1
    assert sorted(articles["has_layout"]) == [False, True]


def test_a_layout_that_a_few_pages_do_not_have_is_no_warning(tmp_path, run):
    assert run("ingest", save_filmstage(tmp_path / "few", new=1, old=5))[1]["drift"] == []
    (drift,) = run("ingest", save_filmstage(tmp_path / "more", new=3, old=0))[1]["drift"]  # one of them is stored
    assert (drift["outlet_id"], drift["name"], drift["missed"], drift["read"]) == ("filmstage", "The Film Stage", 2, 2)


def test_a_later_page_without_the_layout_counts_for_its_article(tmp_path, call):
    folder = save_filmstage(tmp_path / "saved", new=0, old=1)
    first = (folder / "0.html").read_text()
    later = FILMSTAGE_PAGE.format(body="story-of-2031", prose=FERRY.replace("eleven", "nine"))
    url = "https://thefilmstage.com/the-slow-ferry-sails-again-0x/"
    (folder / "0.html").write_text(first.replace("</head>", f'<link rel="next" href="{url}2/"></head>'))
    (folder / "1.html").write_text(later.replace("https://thefilmstage.com/the-slow-ferry-sails-again/", f"{url}2/"))
    assert "matched nothing on 1 of 1 articles" in call("ingest", folder)[2]


def test_trafilatura_reads_every_page_where_the_settings_say_so(tmp_path, call):
    (tmp_path / "presswatch.toml").write_text('[extract]\nengine = "trafilatura"\n')
    (tmp_path / "page.html").write_text(FILMSTAGE_PAGE.format(body="entry-content", prose=FERRY))
    assert call("ingest", tmp_path / "page.html")[0] == 0
    (article,) = load(tmp_path / "data/clean").articles.to_dict("records")
    assert article["extractor"].startswith("trafilatura ")
    assert article["text"].count("slow ferry leaves") == 5
