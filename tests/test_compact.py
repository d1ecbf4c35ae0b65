"""Months that are over are put together: fewer files, and not a byte or row that is different."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from presswatch import compactor
from presswatch.archive import Stored, read_stored
from presswatch.compactor import compact
from presswatch.demo.newsroom import Newsroom
from presswatch.demo.show import SPRING
from presswatch.ledger import list_unread
from presswatch.pipeline import Plan, run_plan, say_nothing
from presswatch.storage import DataDir
from presswatch.tables import TABLES, load

LATER = datetime(2126, 1, 1, tzinfo=UTC)  # when every month of the tests is over


@pytest.fixture
def archive(tmp_path):
    """The newsroom's articles in two runs, so that each outlet has two files."""
    with Newsroom() as newsroom:
        settings = newsroom.make_settings(tmp_path / "data")
        plan = Plan(command="backfill", outlet_ids=settings.collect_outlets, window=SPRING)
        run_plan(settings, plan)
        run_plan(settings, replace(plan, is_restart=True))
        run_plan(settings, replace(plan, is_restart=True))
    return settings


def captures(settings):
    found = [one for path in sorted(settings.data.glob("raw/*/*/*.gz")) for one in read_stored(path)]
    assert all(isinstance(one, Stored) for one in found)
    return sorted((one.record_id, one.capture.capture_id, one.capture.fetched_at) for one in found)


def rows(settings):
    tables = load(settings.data / "clean")
    return {name: getattr(tables, name).sort_values(list(TABLES[name].key)).to_csv(index=False) for name in TABLES}


def test_files_become_few_and_hold_what_they_held(archive):
    files, stored, told = len(list(archive.data.glob("raw/*/*/*.gz"))), captures(archive), rows(archive)
    done = compact(archive, progress=say_nothing, now=LATER)
    after = list(archive.data.glob("raw/*/*/*.gz"))
    assert (done.raw_before, done.raw_after) == (files, len(after))
    assert len(after) == len(list(archive.data.glob("raw/*"))) < files
    assert done.logs_before > done.logs_after == 2
    assert captures(archive) == stored
    assert rows(archive) == told
    assert list_unread(DataDir(archive.data)) == []


def test_a_second_time_does_nothing_and_a_rebuild_gives_the_same_tables(archive):
    told = rows(archive)
    compact(archive, progress=say_nothing, now=LATER)
    assert compact(archive, progress=say_nothing, now=LATER) == compactor.Compacted()
    run_plan(archive, Plan(command="rebuild", is_rebuild=True))
    again = rows(archive)
    logs = {name for name, table in TABLES.items() if table.is_log}
    assert {name: again[name] for name in again if name not in logs} == {n: told[n] for n in told if n not in logs}


def test_this_month_and_articles_that_were_not_read_stay(archive):
    assert compact(archive, progress=say_nothing) == compactor.Compacted()
    (archive.data / "clean" / ".read.json").write_text("{}")
    unread = set(list_unread(DataDir(archive.data)))
    assert unread
    compact(archive, progress=say_nothing, now=LATER)
    assert set(list_unread(DataDir(archive.data))) == unread, "what holds articles stays, to be read"


def test_large_files_are_left_alone(archive, monkeypatch):
    monkeypatch.setattr(compactor, "SMALL_BYTES", 1)
    assert compact(archive, progress=say_nothing, now=LATER).raw_before == 0


def test_the_command_tells_what_it_did(archive, call):
    code, out, _ = call("compact", "--data", str(archive.data), "--json")
    assert code == 0
    assert json.loads(out) == {"raw_before": 0, "raw_after": 0, "logs_before": 0, "logs_after": 0}
    code, out, err = call("compact", "--data", str(archive.data))
    assert (code, out) == (0, "")
    assert "nothing to put together" in err
