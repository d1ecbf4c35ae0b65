"""`presswatch forget`: every spelling goes from raw and tables, nothing else does, and nothing brings it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from presswatch import load
from presswatch.archive import read_captures
from presswatch.model import Capture
from presswatch.tables import TABLES

SPRING = ("--since", "2026-02-01", "--until", "2026-04-01")
K = "http://kmagazine.test/culture/orvane-paper-regatta-maud-ellery-quist-premiere"
NAME = "maud-ellery-quist-premiere"


def captures(data: Path = Path("data")):
    paths = sorted((data / "raw").glob("*/*/*.warc.gz"))
    return [one for path in paths for one in read_captures(path) if isinstance(one, Capture) and one.kind == "article"]


def asked(newsroom):
    return {f"http://{request.host}{request.path}" for request in newsroom.requests}


def everything():
    """Every cell of every table, as text."""
    tables = load("data/clean")
    return "\n".join(getattr(tables, name).to_csv() for name in TABLES)


def test_all_of_it_goes_and_nothing_else(newsroom, run):
    before, others = load("data/clean"), {c.capture_id for c in captures() if c.url != K}
    article = before.articles[before.articles["url"] == K].iloc[0]
    assert NAME in everything()
    code, told = run("forget", f"https://www.kmagazine.test{K.partition('.test')[2]}/?utm_source=letter#top")
    assert code == 0
    assert (told["command"], told["forgotten_articles"], told["forgotten_captures"]) == ("forget", 1, 1)
    assert {c.capture_id for c in captures()} == others
    assert NAME not in everything()
    assert article["article_id"] not in everything()
    after = load("data/clean")
    assert set(before.articles["url"]) - set(after.articles["url"]) == {K}
    assert not [path for path in Path("data/report").iterdir() if NAME in path.read_text("utf-8")]
    assert not [path for path in Path("data/state").iterdir() if NAME.encode() in path.read_bytes()]


def test_a_list_that_names_it_is_told_so_with_what_to_type(newsroom, run, call, tmp_path):
    run("forget", K)
    (tmp_path / "list.txt").write_text(f"{K}?utm_source=x\n")
    code, _, err = call("backfill", "--urls", "list.txt", "--data", "data")
    assert code == 0
    told = "1 of them is on the list of what was forgotten, and not asked for"
    assert f"{told}: `presswatch explain '{K}?utm_source=x' --data data` says more" in err
    assert "0 URLs to fetch" in err
    (tmp_path / "list.txt").write_text("http://kmagazine.test/fashion/the-case-for-one-good-coat\n")
    assert "forgotten" not in call("backfill", "--urls", "list.txt")[2]


def test_the_feed_does_not_tell_of_it_any_more(newsroom, run):
    newsroom.publish_edition(2)
    run("watch")
    story_id = load("data/clean").articles.query("url == @K")["story_id"].iloc[0]
    for path in (Path("data/report/feed.xml"), Path("data/clean/.news.json")):
        assert story_id in path.read_text("utf-8")
    run("forget", K)
    for path in (Path("data/report/feed.xml"), Path("data/clean/.news.json")):
        assert story_id not in path.read_text("utf-8")
        assert "to begin with" in path.read_text("utf-8"), "what is of other stories stays"


def test_a_story_that_loses_an_article_is_compared_as_if_it_never_had_it(newsroom, run, tmp_path):
    run("forget", K)
    forgotten = load("data/clean")
    run("rebuild")
    rebuilt = load("data/clean")
    for name, table in TABLES.items():
        if not table.is_log:
            one, two = (
                getattr(tables, name).drop(columns="aliases", errors="ignore") for tables in (forgotten, rebuilt)
            )
            assert one.equals(two), name


def test_nothing_brings_it_back(newsroom, run):
    page = next(capture.body for capture in captures() if capture.url == K)
    copy = Path("copy")
    shutil.copytree("data/raw", copy)
    run("forget", K)
    Path("list.txt").write_text(f"{K}\n")
    Path("saved.html").write_bytes(page)
    for words in (
        ("rebuild",),
        ("watch",),
        ("backfill", *SPRING, "--restart"),
        ("backfill", "--urls", "list.txt"),
        ("backfill", "--urls", "list.txt", "--restart"),
        ("ingest", "saved.html"),
        ("ingest", copy),
        ("ingest", copy, "--outlet", "another"),
    ):
        code, _ = run(*words)
        assert code == 0, words
        assert K not in asked(newsroom), words
        assert K not in set(load("data/clean").articles["url"]), words
        assert K not in {capture.url for capture in captures()}, words
    code, rows = run("backfill", "--urls", "list.txt", "--dry-run")
    assert (code, rows) == (0, [])


def test_a_copy_of_raw_that_was_put_back_is_not_read_and_forgetting_again_clears_it(newsroom, run):
    shutil.copytree("data/raw", "copy")
    run("forget", K)
    shutil.rmtree("data/raw")
    shutil.copytree("copy", "data/raw")
    run("rebuild")
    assert K not in set(load("data/clean").articles["url"])
    assert K in {capture.url for capture in captures()}
    _, told = run("forget", K)
    assert told["forgotten_captures"] == 1
    assert K not in {capture.url for capture in captures()}


def test_memory_that_is_lost_does_not_bring_it_back(newsroom, run):
    run("forget", K)
    shutil.rmtree("data/state")
    run("backfill", *SPRING)
    assert K not in asked(newsroom)
    assert K not in set(load("data/clean").articles["url"])


def test_an_alias_means_its_article_and_all_that_led_to_it_goes(newsroom, run):
    tables = load("data/clean")
    aliases = tables.aliases[tables.aliases["reason"].isin(["moved", "redirect", "spelling"])]
    alias = aliases.iloc[0]
    url = tables.articles.loc[tables.articles["article_id"] == alias["article_id"], "url"].iloc[0]
    _, told = run("forget", alias["url"])
    assert told["forgotten_articles"] == 1
    assert url not in everything()
    assert alias["url"] not in everything()


def test_dry_run_lists_what_goes_and_changes_nothing(newsroom, run):
    before = {path: path.read_bytes() for path in Path("data").rglob("*") if path.is_file()}
    code, rows = run("forget", K, "--dry-run")
    assert code == 0
    assert {row["what"] for row in rows} == {"capture", "revision", "story", "candidate"}
    assert {tuple(row) for row in rows} == {("what", "id", "url", "where")}
    assert {path: path.read_bytes() for path in Path("data").rglob("*") if path.is_file()} == before


def test_an_address_that_was_never_stored_is_kept_out(newsroom, run, capsys):
    shutil.rmtree("data")
    code, told = run("forget", K)
    assert (code, told["forgotten_captures"]) == (0, 0)
    run("backfill", *SPRING)
    assert K not in asked(newsroom)
    stored = set(load("data/clean").articles["url"])
    assert stored
    assert K not in stored


def test_saved_files_are_forgotten_by_name_or_id_and_others_of_the_name_stay(newsroom, run):
    for text in ("The first\nA harbor opened on Sunday.\n", "The second\nA bridge was closed in May.\n"):
        Path("notes.txt").write_text(text)
        run("ingest", "notes.txt", "--outlet", "desk")
    articles = load("data/clean").articles
    first = articles.loc[articles["headline"] == "The first", "article_id"].iloc[0]
    _, told = run("forget", first)
    assert told["forgotten_articles"] == told["forgotten_captures"] == 1
    Path("notes.txt").write_text("The first\nA harbor opened on Sunday.\n")
    run("ingest", "notes.txt", "--outlet", "desk")
    articles = load("data/clean").articles
    assert articles.loc[articles["outlet_id"] == "desk", "headline"].tolist() == ["The second"]
    _, told = run("forget", "file:notes.txt")
    assert told["forgotten_articles"] == 1


def test_what_an_article_only_calls_its_original_stays(newsroom, run):
    """A copy at another outlet names the original as canonical: they are two articles."""
    body = "".join(f"<p>The boat crossed the pool on Sunday, and {n} people stood at the rail.</p>" for n in range(9))
    head = f"<html><head><title>A boat</title><link rel=canonical href='{K}'></head>"
    page = f"{head}<body><h1>A boat</h1>{body}</body></html>"
    copy = "http://slowshutter.test/from-elsewhere/a-boat"
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(page.encode())}\r\n\r\n"
    block = (head + page).encode()
    record = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {copy}\r\nWARC-Date: 2026-03-12T10:00:00Z\r\n"
    record += "WARC-Record-ID: <urn:uuid:0195e0a2-0000-7000-8000-000000000001>\r\n"
    record += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    Path("copy.warc").write_bytes(record.encode() + block + b"\r\n\r\n")
    run("ingest", "copy.warc", "--all-hosts")
    assert {copy, K} <= set(load("data/clean").articles["url"])
    run("forget", copy)
    stored = set(load("data/clean").articles["url"])
    assert K in stored
    assert copy not in stored


@pytest.mark.parametrize("words", [["kmagazine.test/x"], ["no"], ["file:none.txt"], [K, "0123456789abcdeg"]])
def test_what_is_no_address_is_refused_before_anything_is_changed(newsroom, run, words):
    code, err = run("forget", *words)
    assert code == 2
    assert "presswatch: " in err
    assert not Path("data/forgotten.json").exists()
    assert K in set(load("data/clean").articles["url"])
