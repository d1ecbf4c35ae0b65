"""Runs after runs: nothing new, killed, rebuilt, two at once, damaged, out of order."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from presswatch.demo.newsroom import Newsroom
from presswatch.demo.show import SPRING
from presswatch.errors import DamagedError, LockedError
from presswatch.model import Window
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import Settings
from presswatch.storage import DataDir
from presswatch.tables import TABLES, frame_to_arrow, load, read_file, to_frame, write_arrow

TIMES = ["fetched_at", "first_seen_at"]


def rows(data):
    """All tables but the logs, without what two runs may differ in."""
    tables = load(data / "clean")
    found = {}
    for name, table in TABLES.items():
        if not table.is_log:
            frame = getattr(tables, name)
            found[name] = frame.drop(columns=[c for c in TIMES if c in frame]).to_csv(index=False)
    return found


def files(folder):
    return {p.relative_to(folder): (p.stat().st_mtime_ns, p.read_bytes()) for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def copy(ran, tmp_path):
    return shutil.copytree(ran.data, tmp_path / "data")


def backfill(newsroom, data, **more):
    settings = newsroom.make_settings(data)
    return run_plan(settings, Plan(command="backfill", outlet_ids=settings.collect_outlets, window=SPRING, **more))


def test_run_without_news_fetches_no_article_and_rewrites_nothing(copy):
    before = files(copy / "clean")
    with Newsroom(edition=2) as newsroom:
        settings = newsroom.make_settings(copy)
        summary = run_plan(settings, Plan(command="watch", outlet_ids=settings.collect_outlets))
        asked = [request.path for request in newsroom.requests]
    assert summary.outcome == "ok"
    assert summary.extracted == 0
    assert summary.stories == 0
    after = files(copy / "clean")
    assert {path: content for path, content in after.items() if path in before} == before
    assert [path.parts[0] for path in after.keys() - before.keys()] == ["runs"]
    truth_paths = {url.partition(".test")[2] for url in load(copy / "clean").articles["url"]}
    assert not truth_paths & set(asked)


def test_rebuild_gives_the_same_tables(copy, ran):
    expected = rows(copy)
    settings = ran.demonstration.settings
    summary = run_plan(replace(settings, data=copy), Plan(command="rebuild", is_rebuild=True))
    assert summary.outcome == "ok"
    assert rows(copy) == expected


def test_rebuild_of_a_window_gives_the_same_tables(copy, ran):
    expected = rows(copy)
    now = datetime.now(UTC)
    window = Window(since=now - timedelta(days=2), until=now + timedelta(days=1))
    plan = Plan(command="rebuild", is_rebuild=True, window=window)
    summary = run_plan(replace(ran.demonstration.settings, data=copy), plan)
    assert summary.extracted >= len(ran.truth["articles"])
    assert summary.stories == len(load(copy / "clean").stories)
    assert rows(copy) == expected


def test_a_window_that_ends_with_a_month_leaves_the_next_one_out(copy, ran):
    expected = rows(copy)
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)  # its pages were fetched in it
    settings = replace(ran.demonstration.settings, data=copy)
    before = Window(since=month - timedelta(days=1), until=month)
    assert run_plan(settings, Plan(command="rebuild", is_rebuild=True, window=before)).extracted == 0
    first = Window(since=month, until=month + timedelta(microseconds=1))
    assert run_plan(settings, Plan(command="rebuild", is_rebuild=True, window=first)).extracted > 0
    assert rows(copy) == expected


def test_rebuild_of_a_window_drops_what_is_no_article_any_more_as_a_rebuild_of_all_does(copy, ran, tmp_path):
    settings = replace(ran.demonstration.settings, data=copy, outlets_folder=tmp_path / "outlets")
    shutil.copytree(ran.demonstration.settings.outlets_folder, settings.outlets_folder)
    with (settings.outlets_folder / "andmatinee.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[layouts]]\nstrip = ["body *"]\n')
    before = load(copy / "clean").articles
    assert "andmatinee" in set(before["outlet_id"])
    now = datetime.now(UTC)
    earlier = Window(since=now - timedelta(days=99), until=now - timedelta(days=60))
    summary = run_plan(settings, Plan(command="rebuild", is_rebuild=True, window=earlier))
    assert len(load(copy / "clean").articles) == len(before), "it was read at another time"
    window = Window(since=now - timedelta(days=2), until=now + timedelta(days=1))
    summary = run_plan(settings, Plan(command="rebuild", is_rebuild=True, window=window))
    assert summary.failed
    found, pages = rows(copy), {path.name for path in (copy / "report").glob("*.html")}
    assert "andmatinee" not in set(load(copy / "clean").articles["outlet_id"])
    run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert found == rows(copy)
    assert pages == {path.name for path in (copy / "report").glob("*.html")}


def test_rebuild_remembers_former_ids_of_stories(copy, ran):
    for path in (copy / "clean" / "stories").glob("*.parquet"):
        rows_before = to_frame(read_file(path, TABLES["stories"]))
        write_arrow(frame_to_arrow(TABLES["stories"], rows_before.assign(aliases="formerly")), path)
    run_plan(replace(ran.demonstration.settings, data=copy), Plan(command="rebuild", is_rebuild=True))
    assert set(load(copy / "clean").stories["aliases"]) == {"formerly"}


def test_a_month_that_grows_is_divided_into_days_and_nothing_else_changes(copy, ran, tmp_path, monkeypatch):
    settings = replace(ran.demonstration.settings, data=copy)
    expected = rows(copy)
    assert {len(path.stem) for path in (copy / "clean" / "claims").iterdir()} == {len("2026-03")}
    monkeypatch.setattr("presswatch.comparer.laying.PART_ARTICLES", 5)
    note = tmp_path / "gazette.txt"
    note.write_text("Lamps are lit\nForty makers of lamps met in Quillon.", "utf-8")
    run_plan(settings, Plan(command="ingest", paths=(note,), ingest_as="gazette"))
    parts = {path.relative_to(copy) for path in (copy / "clean").glob("[a-z]*/2026-*.parquet")}
    assert len("2026-03-05") in {len(path.stem) for path in parts}
    found = rows(copy)
    assert all(line in found["alignments"] for line in expected["alignments"].splitlines())
    run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert rows(copy) == found
    assert parts == {path.relative_to(copy) for path in (copy / "clean").glob("[a-z]*/2026-*.parquet")}


def test_the_page_of_a_story_that_has_another_id_leads_to_it(tmp_path):
    told = "The ferry to Gransham is back after a year, and {n} travellers sang as it left Hollin on Tuesday morning."
    for n in range(6):
        (tmp_path / f"outlet{n}.txt").write_text(f"Ferry to Gransham is back\n{told.format(n=n + 12)}", "utf-8")
    settings = Settings(data=tmp_path / "all")
    run_plan(settings, Plan(command="ingest", paths=tuple(sorted(tmp_path.glob("*.txt")))))
    last_first = load(tmp_path / "all" / "clean").articles.sort_values("article_id", ascending=False)["outlet_id"]
    settings = Settings(data=tmp_path / "data")
    for outlet_id in last_first:  # the story has its id of the first by id: it changes with every one
        run_plan(settings, Plan(command="ingest", paths=(tmp_path / f"{outlet_id}.txt",)))
    [story] = load(tmp_path / "data" / "clean").stories.to_dict("records")
    pages = {path.stem: path.read_text("utf-8") for path in (tmp_path / "data" / "report").glob("*.html")}
    assert pages.keys() == {"index", story["story_id"], *story["aliases"].split("; ")}
    assert len(pages) == 1 + len(last_first)
    for former in story["aliases"].split("; "):
        assert f'content="0; url={story["story_id"]}.html"' in pages[former]
        assert f'<a href="{story["story_id"]}.html">' in pages[former]
    run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert {path.stem for path in (tmp_path / "data" / "report").glob("*.html")} == pages.keys()


def test_fault_of_ours_over_a_page_is_a_failure_and_ends_nothing(copy, ran, monkeypatch):
    monkeypatch.setattr("presswatch.reader.read_article", json.loads)  # which knows nothing to do with captures
    summary = run_plan(replace(ran.demonstration.settings, data=copy), Plan(command="rebuild", is_rebuild=True))
    assert summary.extracted == 0
    failures = load(copy / "clean").failures
    told = failures.loc[(failures["run_id"] == summary.run_id) & (failures["error"] == "not_article"), "message"]
    assert len(told) >= len(ran.truth["articles"])
    assert told.str.contains("fault of presswatch.*TypeError").all()


def test_files_of_one_name_and_different_texts_are_articles_of_their_own(tmp_path):
    for folder, lines in {
        "x": "Ferry returns\nThe ferry sails.",
        "y": "Lamps are lit\nForty makers met in Quillon.",
    }.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "indiewire.txt").write_text(lines, "utf-8")
    run_plan(Settings(data=tmp_path / "data"), Plan(command="ingest", paths=(tmp_path / "x", tmp_path / "y")))
    tables = load(tmp_path / "data" / "clean")
    assert sorted(tables.articles["headline"]) == ["Ferry returns", "Lamps are lit"]
    assert list(tables.articles["revision"]) == [1, 1]


def test_two_runs_over_the_same_web_give_equal_tables(tmp_path):
    for name in ("one", "two"):
        with Newsroom() as newsroom:
            backfill(newsroom, tmp_path / name)
    assert rows(tmp_path / "one") == rows(tmp_path / "two")


def test_outlets_one_by_one_give_the_tables_of_all_at_once(tmp_path):
    with Newsroom() as newsroom:
        backfill(newsroom, tmp_path / "all")
        settings = newsroom.make_settings(tmp_path / "single")
        for outlet_id in reversed(settings.collect_outlets):
            run_plan(settings, Plan(command="backfill", outlet_ids=(outlet_id,), window=SPRING))
    single, whole = rows(tmp_path / "single"), rows(tmp_path / "all")
    single["stories"] = whole["stories"]  # stories remember the ids they had while outlets were missing
    assert single == whole


def test_what_a_killed_run_stored_is_read_by_the_next(ran, copy):
    expected = rows(copy)
    shutil.rmtree(copy / "clean")  # as if it had been killed before its first commit
    with Newsroom(edition=2) as newsroom:
        settings = newsroom.make_settings(copy)
        summary = run_plan(settings, Plan(command="watch", outlet_ids=settings.collect_outlets))
    assert summary.extracted >= len(ran.truth["articles"])
    assert rows(copy) == expected


def test_lost_memory_of_an_outlet_is_made_again_from_raw(copy):
    for path in (copy / "state").glob("k.sqlite*"):
        path.unlink()
    with Newsroom(edition=2) as newsroom:
        settings = newsroom.make_settings(copy)
        run_plan(settings, Plan(command="backfill", outlet_ids=("k",), window=SPRING))
        asked = [request.path for request in newsroom.requests]
    assert not [path for path in asked if path.startswith("/culture/orvane-paper")]


def test_second_run_at_once_is_refused(copy):
    with Newsroom() as newsroom, DataDir(copy).locked("presswatch watch"), pytest.raises(LockedError, match="watch"):
        backfill(newsroom, copy)


def test_damaged_table_names_the_command_that_mends_it(ran, copy):
    expected = rows(copy)
    path = next((copy / "clean" / "claims").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DamagedError, match="presswatch rebuild"):
        _ = load(copy / "clean").claims
    run_plan(replace(ran.demonstration.settings, data=copy), Plan(command="rebuild", is_rebuild=True))
    assert rows(copy) == expected


def test_torn_raw_file_is_a_failure_and_the_rest_is_read(ran, copy):
    path = next((copy / "raw" / "k").glob("*/*.warc.gz"))
    path.write_bytes(path.read_bytes()[:-40])
    settings = replace(ran.demonstration.settings, data=copy)
    summary = run_plan(settings, Plan(command="rebuild", is_rebuild=True))
    assert summary.outcome == "partly"
    assert summary.failure_counts["corrupt"] == 1
    failures = load(copy / "clean").failures
    assert path.name in failures.loc[failures["error"] == "corrupt", "message"].iloc[0]
    assert len(load(copy / "clean").articles) >= len(ran.truth["articles"]) - 1


def test_nothing_reachable_is_told(tmp_path):
    with Newsroom() as newsroom:
        settings = newsroom.make_settings(tmp_path / "data")
    summary = run_plan(settings, Plan(command="watch", outlet_ids=settings.collect_outlets))
    assert summary.outcome == "unreachable"
    assert summary.exit_code == 6
