"""`presswatch doctor`: each kind of damage is named with what mends it, and `--mend` does it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from presswatch import load
from presswatch.archive import Stored, read_stored
from presswatch.desk import Health, as_rows, diagnose
from presswatch.desk.ailments import Doubled, MemoryHealth, Spool
from presswatch.storage import DataDir
from presswatch.tables import TABLES
from presswatch.tables.schema import SCHEMA_KEY

SPRING = ("--since", "2026-02-01", "--until", "2026-04-01")
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def examined(run):
    """Runs the doctor without and with --mend, and once more; gives the rows of the first look."""

    def examined(*, is_mended=True):
        code, rows = run("doctor")
        assert code == 1
        assert not any(row["is_mended"] for row in rows)
        code, mended = run("doctor", "--mend")
        assert (code, all(row["is_mended"] for row in mended)) == ((0, True) if is_mended else (1, False)), mended
        assert run("doctor")[0] == (0 if is_mended else 1)
        return rows

    return examined


def here(*paths):
    """Paths as settings tell them: those of a file are absolute."""
    return {(Path.cwd() / path).as_posix() for path in paths}


def rows_of(data=Path("data")):
    tables = load(data / "clean")
    return {name: getattr(tables, name).to_csv() for name, table in TABLES.items() if not table.is_log}


def a_warc(outlet="k"):
    return max(Path("data/raw", outlet).glob("*/*.warc.gz"), key=lambda path: path.stat().st_size)


def articles_in(path):
    return [one for one in read_stored(path) if isinstance(one, Stored) and one.capture.kind == "article"]


def test_nothing_is_wrong_with_what_runs_leave(run):
    before = {path: path.read_bytes() for path in Path("data").rglob("*") if path.is_file()}
    assert run("doctor") == (0, [])
    assert {path: path.read_bytes() for path in Path("data").rglob("*") if path.is_file()} == before


def test_an_empty_place_is_sound(run):
    shutil.rmtree("data")
    assert run("doctor") == (0, [])
    assert not Path("data").exists()


def test_a_changed_record_is_set_aside_and_fetched_again(newsroom, run, call):
    path = a_warc()
    latest = set(load("data/clean").articles.query("is_latest")["capture_id"])
    victim = next(one for one in articles_in(path) if one.capture.capture_id in latest)
    expected = rows_of()
    content = bytearray(path.read_bytes())
    content[victim.end - 20] ^= 0xFF
    path.write_bytes(content)
    code, rows = run("doctor")
    assert code == 1
    assert {row["check"] for row in rows} == {"raw", "state"}
    told = next(row for row in rows if {row["path"]} == here(path))
    assert f"byte {victim.start}" in told["fault"]
    code, out, err = call("doctor", "--mend", "--json")
    rows = json.loads(out)
    assert code == 1, "what is lost has to be fetched first"
    assert "is lost until it is fetched again; next: `presswatch watch`, and of the past `presswatch backfill" in err
    assert [row["check"] for row in rows if not row["is_mended"]] == ["raw"]
    assert path.read_bytes() == bytes(content[: victim.start] + content[victim.end :])
    kept = [one.read_bytes() for one in Path("data/damaged").iterdir()]
    assert kept == [bytes(content[victim.start : victim.end])]
    assert run("backfill", *SPRING)[0] == 0
    assert victim.capture.url in {f"http://{request.host}{request.path}" for request in newsroom.requests}
    assert run("doctor") == (0, [])
    assert rows_of()["claims"] == expected["claims"]


def test_mending_a_demo_ends_with_what_fetches_again_what_is_lost(folder, call):
    Path("presswatch.toml").unlink()
    shutil.rmtree("outlets")
    path = a_warc()
    latest = set(load("data/clean").articles.query("is_latest")["capture_id"])
    victim = next(one for one in articles_in(path) if one.capture.capture_id not in latest)
    content = bytearray(path.read_bytes())
    content[victim.end - 20] ^= 0xFF
    path.write_bytes(content)
    err = call("doctor", "--mend")[2]
    assert err.splitlines()[-2:] == [
        "what was damaged is lost until it is fetched again; next: `presswatch demo`",
        "what came from files of yours `presswatch ingest PATH` takes in again",
    ]


def test_a_torn_tail_and_a_strange_file_are_set_aside(run):
    path = a_warc()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:50])
    strange = path.with_name("strange.warc.gz")
    strange.write_bytes(b"no archive")
    code, rows = run("doctor")
    assert code == 1
    assert {row["path"] for row in rows if row["check"] == "raw"} == here(path, strange)
    assert run("doctor", "--mend")[0] == 0
    assert path.read_bytes() == whole
    assert not strange.exists()
    assert sorted(one.read_bytes() for one in Path("data/damaged").iterdir()) == sorted([whole[:50], b"no archive"])
    assert run("doctor") == (0, [])


@pytest.mark.parametrize(
    ("how", "name"),
    [("bit", "articles"), ("cut", "claims"), ("gone", "stories"), ("gone", "articles"), ("older", "outlets")],
)
def test_tables_are_made_again(examined, name, how):
    expected, path = rows_of(), min(Path(f"data/clean/{name}").glob("*.parquet"))
    content = path.read_bytes()
    if how == "bit":
        place = len(content) // 3
        path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
    elif how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "gone":
        path.unlink()
    else:
        stored = pq.read_table(path)
        pq.write_table(stored.replace_schema_metadata({SCHEMA_KEY: b"0"}), path)
    rows = examined()
    assert here(path) <= {row["path"] for row in rows}
    assert all("presswatch rebuild" in row["mend"] for row in rows)
    assert rows_of() == expected


def test_tables_of_a_newer_version_are_left_alone(examined):
    path = min(Path("data/clean/claims").glob("*.parquet"))
    pq.write_table(pq.read_table(path).replace_schema_metadata({SCHEMA_KEY: b"99"}), path)
    content = path.read_bytes()
    min(Path("data/clean/stories").glob("*.parquet")).unlink()
    rows = examined(is_mended=False)
    assert "upgrade presswatch" in {row["mend"] for row in rows}
    assert path.read_bytes() == content


def test_a_damaged_log_is_set_aside(examined):
    path = next(Path("data/clean/failures").glob("*.parquet"))
    path.write_bytes(b"half")
    examined()
    assert not path.exists()
    assert b"half" in {one.read_bytes() for one in Path("data/damaged").iterdir()}


def test_a_ledger_that_is_garbage_is_made_again(examined):
    expected = rows_of()
    Path("data/clean/.read.json").write_text("{")
    examined()
    assert rows_of() == expected


def test_what_ended_runs_left_is_cleared_and_read(examined):
    expected, path = rows_of(), a_warc()
    spool = Path("data/.spool")
    shutil.copy(path, spool / "k@20260301T000000Z-abcdef.warc.gz.open")
    (spool / "0123.part").write_bytes(b"half")
    (spool / "20260301T000000Z-0").mkdir()
    Path("data/.lock.json").write_text(json.dumps({"holder": "presswatch watch", "pid": 2**22 + 1}))
    rows = examined()
    assert {row["check"] for row in rows} == {"spool", "lock"}
    assert not list(spool.iterdir())
    assert not Path("data/.lock.json").exists()
    assert rows_of()["claims"] == expected["claims"]


def test_what_a_killed_run_fetched_is_not_called_lost(run, examined):
    path = a_warc()
    url, expected = articles_in(path)[0].capture.url, rows_of()
    path.rename(f"data/.spool/k@{path.name}.open")
    found = run("explain", url)[1]
    assert found["captures"][0]["warc"].startswith(".spool/")
    rows = examined()
    assert [row["check"] for row in rows] == ["spool"]
    assert path.exists()
    assert rows_of()["claims"] == expected["claims"]


def test_a_journal_that_waits_is_carried_out_and_a_damaged_one_set_aside(examined):
    expected, journal = rows_of(), Path("data/.spool/commit.json")
    journal.write_text("{")
    examined()
    assert rows_of() == expected
    staged = Path("data/.spool/x/claims.parquet")
    staged.parent.mkdir()
    place = min(Path("data/clean/claims").glob("*.parquet"))
    shutil.copy(place, staged)
    moves = {".spool/x/claims.parquet": place.relative_to("data").as_posix()}
    journal.write_text(json.dumps({"moves": moves, "gone": []}))
    examined()
    assert rows_of() == expected


def test_an_open_file_of_another_name_is_left_to_people(examined):
    Path("data/.spool/of-another-version.warc.gz.open").write_bytes(b"x")
    rows = examined(is_mended=False)
    assert "presswatch ingest" in rows[0]["mend"]
    assert Path("data/.spool/of-another-version.warc.gz.open").exists()


def test_a_damaged_memory_is_made_again_from_raw(newsroom, run, examined):
    memory = Path("data/state/k.sqlite")
    memory.write_bytes(b"no database " * 1000)
    rows = examined()
    assert [row["check"] for row in rows] == ["state"]
    assert run("backfill", *SPRING)[0] == 0
    asked = {f"http://{request.host}{request.path}" for request in newsroom.requests}
    assert not asked & set(load("data/clean").articles["url"])


def test_a_memory_that_is_behind_learns_and_one_that_is_ahead_asks_again(newsroom, run, examined):
    stored = articles_in(a_warc())
    with sqlite3.connect("data/state/k.sqlite") as db:
        db.execute("DELETE FROM captures WHERE capture_id = ?", (stored[0].capture.capture_id,))
        db.execute(
            "UPDATE candidates SET state = 'pending', is_open = 1, capture_id = '' WHERE url = ?",
            (stored[0].capture.url,),
        )
        db.execute("UPDATE candidates SET capture_id = 'gone' WHERE url = ?", (stored[1].capture.url,))
    rows = examined()
    assert "1 capture in data/raw that it does not know; 1 address that it takes for stored" in rows[0]["fault"]
    assert run("backfill", *SPRING)[0] == 0
    asked = {f"http://{request.host}{request.path}" for request in newsroom.requests}
    assert stored[0].capture.url not in asked
    assert stored[1].capture.url in asked


def test_unreadable_outlet_files_are_named_with_all_their_faults(examined):
    folder = Path("outlets")
    (folder / "broken.toml").write_text('id = "broken"\nhosts = 3\n')
    (folder / "torn.toml").write_text("[[")
    rows = examined(is_mended=False)
    assert {row["path"] for row in rows} == here("outlets/broken.toml", "outlets/torn.toml")
    assert len(rows) > 2
    assert all("presswatch outlets check" in row["mend"] for row in rows)


def test_a_folder_of_outlet_files_that_is_not_there_is_told_with_what_makes_it(run, call):
    settings = Path("presswatch.toml")
    settings.write_text(re.sub(r"(?m)^outlets = \".*$", 'outlets = "my outlets"', settings.read_text("utf-8"), count=1))
    for words in (("outlets", "list"), ("watch",)):
        code, _, err = call(*words)
        assert code == 4
        assert "my outlets: no such folder" in err
        assert "`mkdir -p 'my outlets'` makes it" in err
    (row,) = run("doctor")[1]
    assert row["mend"] == "`mkdir -p 'my outlets'` makes it, or take that setting out"


def test_addresses_that_are_articles_of_two_outlets_are_told_and_what_is_advised_makes_one_of_them(run, tmp_path):
    settings, file = Path("presswatch.toml"), Path("outlets/k.toml")
    expected = set(load("data/clean").articles["url"])
    settings.write_text(settings.read_text("utf-8").replace('"k", ', '"kmag", '), "utf-8")
    file.rename("outlets/kmag.toml")  # as somebody does who likes another id better
    renamed = Path("outlets/kmag.toml")
    renamed.write_text(re.sub(r'(?m)^id = "k"', 'id = "kmag"', renamed.read_text("utf-8")), "utf-8")
    assert run("backfill", *SPRING)[0] == 0
    (row,) = run("doctor")[1]
    assert re.match(
        r"http://kmagazine.test/\S+ and \d+ more address(es)? are articles of two outlets, 'k' and 'kmag'", row["fault"]
    )
    (advised,) = re.findall("`(.+)`", row["mend"])
    for command in advised.split(" && "):
        words = shlex.split(command)
        if words[0] == "presswatch":
            assert run(*words[1:])[0] == 0
        else:
            subprocess.run(words, check=True)
    assert run("doctor") == (0, [])
    articles = load("data/clean").articles
    assert set(articles["url"]) == expected
    assert set(articles.loc[articles["url"].str.contains("kmagazine"), "outlet_id"]) == {"kmag"}


def test_files_of_two_outlets_may_have_one_name(run, tmp_path):
    for outlet, tide in (("north", "low"), ("south", "high")):
        (tmp_path / outlet).mkdir()
        text = (
            f"The ferry at {tide} tide\n\nThe ferry of the {outlet} leaves at {tide} tide with nobody but its crew.\n"
        )
        (tmp_path / outlet / "notes.txt").write_text(text)
        assert run("ingest", str(tmp_path / outlet / "notes.txt"), "--outlet", outlet)[0] == 0
    assert run("doctor") == (0, [])


def test_a_forgetting_that_was_cut_short_is_finished(examined):
    from presswatch.forgetter import remember_forgotten
    from presswatch.outlets import load_outlets
    from presswatch.tables.shelf import stored_addresses

    data = DataDir(Path("data"))
    url = articles_in(a_warc())[0].capture.url
    remember_forgotten(data, [url], stored_addresses(data.clean), load_outlets(Path("outlets")), NOW)
    rows = examined()
    assert [row["check"] for row in rows] == ["forgotten"]
    assert url not in set(load("data/clean").articles["url"])


def test_while_a_run_is_at_work_nothing_of_it_is_called_wrong(run):
    data = DataDir(Path("data"))
    with data.locked("presswatch watch"):
        (data.spool / "k@20260301T000000Z-abcdef.warc.gz.open").write_bytes(b"x")
        assert run("doctor") == (0, [])
        min(Path("data/clean/claims").glob("*.parquet")).unlink()
        assert run("doctor")[0] == 1
        assert run("doctor", "--mend")[0] == 75


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_cannot_be_written_is_named(run):
    Path("data/.spool").chmod(0o500)
    code, rows = run("doctor")
    Path("data/.spool").chmod(0o700)
    assert code == 1
    assert rows[0]["check"] == "folder"


# ---------------------------------------------------------------- the pure part


def health(**changes):
    return Health(**{"root": "data", "now": NOW} | changes)


def test_every_finding_says_what_mends_it():
    bad = health(
        disk_fault="full",
        foreign=("data/raw",),
        stale_note="`presswatch watch` (process 1)",
        spool=Spool(journal="waiting", open_files=("a",), strange=("b",), left=2),
        damage={"data/raw/k.warc.gz": ("byte 0: torn", "byte 9: torn")},
        unread=("raw/k.warc.gz",),
        newest_at=NOW + timedelta(days=2),
        memories=(MemoryHealth(path="s", behind=2), MemoryHealth(path="t", fault="new", is_newer=True)),
        tables=(("c", "damaged", False, "x"), ("d", "newer", False, "y"), ("e", "damaged", True, "z")),
        rawless=3,
        pageless=1,
        outlet_faults=(("outlets/x.toml", "`id` is missing"),),
        is_forgetting=True,
    )
    found = diagnose(bad, " --data elsewhere")
    assert len(found) == 19
    assert all(one.mend and one.fault and one.path for one in found)
    assert all("--data elsewhere" in one.mend for one in found if one.mend.startswith("presswatch ") and one.remedy)
    assert diagnose(health()) == []


def test_nothing_that_a_bucket_refuses_is_advised_for_one():
    bad = health(
        root="mirror",
        bucket="s3://press/film",
        stale_note="`presswatch watch` (process 1)",
        spool=Spool(journal="damaged", open_files=("a",), left=2),
        damage={"mirror/raw/k/x.warc.gz": ("byte 0: torn",)},
        unread=("raw/k.warc.gz",),
        memories=(MemoryHealth(path="mirror/state/k.sqlite", lost=2),),
        tables=(("c", "damaged", False, "x"), ("e", "damaged", True, "z")),
        doubled=(Doubled(outlet_id="k", keeper="kmag", url="http://kmagazine.test/a", count=1),),
        is_forgetting=True,
    )
    found = {one.path: one.mend for one in diagnose(bad)}
    assert len(found) == len(diagnose(bad))
    assert not [mend for mend in found.values() if "--mend" in mend or "{" in mend]
    assert "s3://press/film/raw/k/x.warc.gz" in found
    both = "`aws s3 rm s3://press/film/state/k.sqlite; rm -f mirror/state/k.sqlite`"
    assert found["mirror/state/k.sqlite"].startswith(both)
    assert found["mirror/state/k.sqlite"].endswith("the next watch or backfill fetches them again")
    assert "aws s3 mv --recursive s3://press/film/raw/k k" in found["s3://press/film/raw/k"]


def test_articles_without_raw_are_counted_in_the_right_number():
    (one,), (two,) = (diagnose(health(rawless=number)) for number in (1, 2))
    assert one.fault == "1 article of the tables is no longer in data/raw: a rebuild drops it"
    assert two.fault == "2 articles of the tables are no longer in data/raw: a rebuild drops them"


def test_clocks_that_differ_a_little_are_no_finding():
    assert diagnose(health(newest_at=NOW + timedelta(minutes=4))) == []
    assert [one.check for one in diagnose(health(newest_at=NOW + timedelta(hours=1)))] == ["clock"]


def test_rows_tell_what_was_mended_and_what_came_to_light():
    first = diagnose(health(pageless=1, unread=("a",)))
    second = diagnose(health(unread=("a",), rawless=1))
    told = {row["fault"]: row["is_mended"] for row in as_rows(first, second)}
    assert sorted(told.values()) == [False, False, True]
    assert not any(row["is_mended"] for row in as_rows(first, None))
