"""`presswatch explain` and `runs`: everything known of one address, and why it is or is not in the tables."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from presswatch import load
from presswatch.archive import read_captures
from presswatch.desk import Facts, explain_url, judge, tell_sections
from presswatch.desk.explaining import names_address
from presswatch.errors import CODES, UsageError
from presswatch.model import Capture
from presswatch.settings import load_settings

K = "http://kmagazine.test/culture/orvane-paper-regatta-maud-ellery-quist-premiere"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def told(folder, call):
    def told(url):
        code, out, _ = call("explain", url, "--json")
        assert code == 0
        return json.loads(out)

    return told


def test_an_article_is_led_back_to_its_record(told):
    before = {path: path.read_bytes() for path in Path("data").rglob("*") if path.is_file()}
    found = told(f"https://www.kmagazine.test{K.partition('.test')[2]}/?utm_source=x")
    assert found["standing"] == "in_tables"
    assert (found["outlet_id"], found["is_followed"]) == ("k", True)
    capture = found["captures"][0]
    stored = next(one for one in read_captures(Path("data") / capture["warc"]) if one.url == K)
    assert (capture["capture_id"], capture["bytes"]) == (stored.capture_id, len(stored.body))
    packed = (Path("data") / capture["warc"]).read_bytes()
    assert packed[capture["byte"] :].startswith(b"\x1f\x8b")
    article = found["articles"][0]
    row = load("data/clean").articles.query("url == @K").iloc[-1]
    assert (article["article_id"], article["extractor"]) == (row["article_id"], row["extractor"])
    assert [revision["capture_id"] for revision in article["revisions"]] == [capture["capture_id"]]
    removed = load("data/clean").removed.query(f"article_id == '{row['article_id']}'")
    assert sum(article["removed"].values()) == len(removed)
    assert found["next"] == [f"presswatch show {article['story']['story_id']}"]
    assert found["robots"]["is_allowed"]
    assert any(row["title"] and row["found_in"].endswith("/rss") for row in found["listed"])
    assert {path: path.read_bytes() for path in Path("data").rglob("*") if path.is_file()} == before


def test_an_alias_and_an_id_mean_the_article(told):
    tables = load("data/clean")
    alias = tables.aliases[tables.aliases["reason"] != "canonical"].iloc[0]
    for asked in (alias["url"], alias["article_id"]):
        found = told(asked)
        assert [one["article_id"] for one in found["articles"]] == [alias["article_id"]]
        assert alias["url"] in {row["url"] for row in found["addresses"]}


def test_an_address_that_is_nearly_one_names_it(told):
    found = told(K.replace("ellery", "elery"))
    assert (found["standing"], found["near"]) == ("unknown", K)
    assert f"did you mean {K}?" in found["why"]
    assert found["next"][0] == f"presswatch explain {K}"
    assert told(K.partition("orvane")[0] + "another-film")["near"] is None
    assert told(K)["near"] is None


def test_both_revisions_of_a_changed_article_are_told(told):
    articles = load("data/clean").articles
    changed = articles[articles["revision"] == 2].iloc[0]
    found = told(changed["url"])
    assert [row["is_latest"] for row in found["articles"][0]["revisions"]] == [False, True]
    assert len(found["captures"]) >= 2


def test_each_failure_of_the_newsroom_says_why_and_what_next(told):
    failures = load("data/clean").failures
    assert set(failures["error"]) == {"robots", "gone", "not_article"}
    for row in failures.itertuples():
        found = told(row.url)
        assert found["standing"] in ("failed", "not_article", "unknown"), row.url
        assert row.error in {one["error"] for one in found["failures"]}
        assert found["next"]


def test_what_is_stored_and_not_read_says_so(told):
    Path("data/clean/.read.json").unlink()
    shutil.rmtree("data/clean/articles")
    found = told(K)
    assert found["standing"] == "not_read"
    assert found["next"] == ["presswatch watch"]


def test_a_feed_names_what_no_memory_knows_any_more(told):
    shutil.rmtree("data/state")
    found = told(K)
    assert found["standing"] == "in_tables"
    assert {row["found_in"] for row in found["listed"]} >= {"http://kmagazine.test/rss"}
    assert found["robots"] is None


def test_unknown_hosts_and_addresses_say_what_to_type(call, told):
    assert told("https://nowhere.example/a-review")["next"][0].startswith(
        "presswatch outlets add https://nowhere.example"
    )
    assert "presswatch outlets check k" in told("http://kmagazine.test/never/heard-of-it")["next"]
    for wrong, hint in (("kmagazine.test/x", "is it https://kmagazine.test/x?"), ("file:x.txt", "presswatch ingest")):
        code, _, err = call("explain", wrong)
        assert code == 2
        assert hint in err


def test_it_works_before_anything_ran(call, told):
    shutil.rmtree("data")
    assert told(K)["standing"] == "unknown"
    assert not Path("data").exists()


def test_text_names_every_part_and_json_is_one_object(folder, call):
    code, out, err = call("explain", K)
    assert (code, err) == (0, "")
    labels = [line.split("  ")[0] for line in out.splitlines() if not line.startswith(" ")]
    assert labels == ["in tables", "next", "outlet", "addresses", "listed", "robots", "requests", "captures", "article"]


def test_runs_come_newest_first(folder, call):
    code, out, _ = call("runs", "--json")
    rows = json.loads(out)
    assert code == 0
    assert [row["command"] for row in rows] == ["watch", "backfill"]
    assert set(rows[0]) == set(load("data/clean").runs.columns)
    assert "RUNS (2)" in call("runs")[1].upper()


# ---------------------------------------------------------------- the pure part


def facts(**changes):
    return Facts(**{"asked": K, "outlet_id": "k", "outlet": "K", "is_followed": True} | changes)


def memory(**changes):
    return {
        "state": "pending",
        "code": "",
        "at": NOON,
        "tries": 0,
        "is_open": True,
        "revisit_at": None,
        "is_news": True,
    } | changes


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_words_and_a_way_on(code):
    missed = facts(memory=memory(state="failed", code=code, is_open=False))
    verdict = judge(missed)
    assert verdict.standing == "failed"
    assert verdict.why.partition(f"{code}: ")[2]
    assert verdict.why.count(code) == 1 or code in ("robots", "corrupt")
    assert "presswatch backfill --urls" in verdict.next[0]
    assert judge(facts(memory=memory(state="failed", code=code))).next == ("presswatch watch",)


def test_standings_are_told_apart():
    failure = {"at": NOON, "stage": "read", "error": "not_article", "message": "a wall", "url": K}
    capture = {"is_read": True, "fetched_at": NOON}
    assert judge(facts()).standing == "unknown"
    assert judge(facts(memory=memory())).standing == "waiting"
    assert judge(facts(memory=memory(is_news=False))).next[0].startswith("echo ")
    assert judge(facts(memory=memory(state="captured"))).standing == "lost"
    assert judge(facts(captures=({**capture, "is_read": False},))).standing == "not_read"
    assert judge(facts(captures=(capture,))).next == ("presswatch doctor", "presswatch rebuild")
    walled = judge(facts(captures=(capture,), failures=(failure,)), " --data d")
    assert (walled.standing, "a wall" in walled.why) == ("not_article", True)
    assert all(command.endswith(" --data d") for command in walled.next)
    gone = judge(facts(forgotten_at=NOON))
    assert (gone.standing, gone.next) == ("forgotten", ())
    left = judge(facts(forgotten_at=NOON, captures=(capture,)))
    assert left.next == (f"presswatch forget {K}",)


def test_a_failure_after_the_last_capture_is_told():
    article = {"article_id": "a", "url": K, "story": None, "revisions": [{"fetched_at": NOON}]}
    failure = {"at": NOON + timedelta(days=1), "stage": "fetch", "error": "gone", "message": "", "url": K}
    assert "asked again it failed (gone)" in judge(facts(articles=(article,), failures=(failure,))).why
    assert "failed" not in judge(facts(articles=(article,), failures=({**failure, "at": NOON},))).why


def test_an_address_with_signs_of_the_shell_is_quoted():
    sly = judge(facts(asked="https://quay.test/a;rm -rf x"))
    assert "'https://quay.test/a;rm -rf x'" in sly.next[0]


@pytest.mark.parametrize(
    ("body", "is_named"),
    [
        (b"<loc>https://quay.test/a/b</loc>", True),
        (b"<loc>https://quay.test/a/b/?x=1&amp;y</loc>", True),
        (b"<loc>https://quay.test/a/b-again</loc>", False),
        (b"<loc>https://quay.test/a/b/c</loc>", False),
        (b"", False),
    ],
)
def test_a_document_names_an_address_by_its_whole_path(body, is_named):
    assert names_address(body, ["https://quay.test/a/b/"]) == is_named


def test_sections_without_lines_are_left_out(folder):
    found = explain_url(load_settings(), "http://kmagazine.test/never")
    assert [label for label, _ in tell_sections(found, judge(found))][:2] == ["unknown", "next"]
    with pytest.raises(UsageError):
        explain_url(load_settings(), "0" * 16)
    assert isinstance(next(read_captures(next(Path("data/raw").glob("*/*/*.gz")))), Capture)
