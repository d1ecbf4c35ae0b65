"""Disks that fill up, stored files that are damaged or strange, and two runs at once."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from presswatch.demo.newsroom import Newsroom, write_settings
from presswatch.demo.show import SPRING
from presswatch.errors import DamagedError
from presswatch.ledger import LEDGER
from presswatch.pipeline import Plan, run_plan
from presswatch.storage import DataDir
from presswatch.tables import TABLES, load

BACKFILL = ("backfill", "--since", "2026-02-01", "--until", "2026-04-01", "--quiet")

# The program, on a disk that lets no file grow beyond n bytes.
SMALL_DISK = """
import resource, sys
if __name__ == "__main__":
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    from presswatch.cli import main
    main(sys.argv[2:])
"""


@pytest.fixture
def folder(ran, tmp_path: Path):
    """A folder with the newsroom's settings, and the data of a run over both of its editions."""
    shutil.copytree(ran.data, tmp_path / "data")
    with Newsroom(edition=2) as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
        yield tmp_path


def start(folder: Path, *arguments: str, most_bytes: int | None = None) -> subprocess.Popen[str]:
    program = ("-m", "presswatch") if most_bytes is None else ("-c", SMALL_DISK, str(most_bytes))
    return subprocess.Popen([sys.executable, *program, *arguments], cwd=folder, stderr=subprocess.PIPE, text=True)


def run(folder: Path, *arguments: str, most_bytes: int | None = None) -> tuple[int, str]:
    """The exit code of a command, and what it said."""
    with start(folder, *arguments, most_bytes=most_bytes) as process:
        said = process.communicate()[1]
    return process.returncode, said


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(data: Path) -> dict[str, str]:
    tables = load(data / "clean")
    frames = {name: getattr(tables, name) for name, table in TABLES.items() if not table.is_log}
    return {
        name: frame.drop(columns=["fetched_at", "first_seen_at"], errors="ignore").to_csv()
        for name, frame in frames.items()
    }


# --- a disk that is full


@pytest.mark.parametrize("most_bytes", [100, 20_000, 90_000])
def test_full_disk_ends_the_run_and_leaves_the_tables_as_they_were(folder: Path, most_bytes: int) -> None:
    """Too small for a memory, for a table, for a page: whatever the run was at."""
    data = folder / "data"
    before = [files(data / part) for part in ("raw", "clean", "report")]
    code, said = run(folder, "rebuild", "--quiet", most_bytes=most_bytes)
    assert code == 3
    assert str(data.name) in said
    assert "Traceback" not in said
    assert [files(data / part) for part in ("raw", "clean", "report")] == before


def test_what_was_fetched_before_the_disk_was_full_is_not_lost(folder: Path) -> None:
    data = folder / "data"
    expected = set(load(data / "clean").articles["url"])
    shutil.rmtree(data)
    assert run(folder, *BACKFILL, most_bytes=50_000)[0] == 3
    assert run(folder, *BACKFILL)[0] == 0
    assert set(load(data / "clean").articles["url"]) == expected


@pytest.mark.parametrize("most_bytes", [100, 3_000, 6_000])
def test_forgetting_on_a_full_disk_changes_nothing_and_is_finished_when_there_is_room(
    folder: Path, most_bytes: int
) -> None:
    data = folder / "data"
    url = load(data / "clean").articles["url"].iloc[0]
    before = [files(data / part) for part in ("raw", "clean", "report")]
    assert run(folder, "forget", url, "--quiet", most_bytes=most_bytes)[0] == 3
    assert [files(data / part) for part in ("raw", "clean", "report")] == before
    assert run(folder, "forget", url, "--quiet")[0] == 0
    assert url not in set(load(data / "clean").articles["url"])


def test_forgetting_that_has_no_room_for_its_last_step_is_finished_by_the_next_run(folder: Path) -> None:
    """Tables and raw are small enough; the memory of an outlet, which is purged after them, is not."""
    data = folder / "data"
    url = load(data / "clean").articles["url"].iloc[0]
    assert run(folder, "forget", url, "--quiet", most_bytes=20_000)[0] == 3
    assert json.loads((data / "forgotten.json").read_text())["is_pending"]
    assert run(folder, "forget", url, "--quiet")[0] == 0
    assert not json.loads((data / "forgotten.json").read_text())["is_pending"]
    assert url not in set(load(data / "clean").articles["url"])


# --- stored files that are damaged, or none of ours


@pytest.mark.parametrize("is_mounted", [False, True])
def test_a_rebuild_without_any_raw_keeps_the_tables_and_says_what_is_missing(folder: Path, *, is_mounted: bool) -> None:
    """A disk that was not mounted leaves no folder, or an empty one."""
    data = folder / "data"
    (data / "raw").rename(folder / "elsewhere")
    if is_mounted:
        (data / "raw").mkdir()
    before = files(data / "clean")
    code, said = run(folder, "rebuild", "--quiet")
    assert code == 1
    assert "data/raw is empty, and the tables hold what was read from it" in said
    assert files(data / "clean") == before
    shutil.rmtree(data / "clean")
    assert run(folder, "rebuild", "--quiet")[0] == 0  # as it says, to begin anew


def test_memory_that_is_garbage_names_what_mends_it_and_that_does(folder: Path) -> None:
    data = folder / "data"
    expected, memory = rows(data), data / "state" / "k.sqlite"
    memory.write_bytes(b"no database " * 1000)
    code, said = run(folder, *BACKFILL)
    assert code == 1
    assert f"{memory.relative_to(folder)} is damaged" in said
    assert "delete it" in said
    memory.unlink()
    with Newsroom(edition=2) as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        assert run(folder, *BACKFILL)[0] == 0
        asked = {f"http://{request.host}{request.path}" for request in newsroom.requests}
    assert not asked & set(load(data / "clean").articles["url"]), "what is stored is remembered again"
    assert rows(data) == expected


def test_memory_that_was_lost_is_made_again_though_files_were_taken_in_meanwhile(folder: Path) -> None:
    data = folder / "data"
    (data / "state" / "k.sqlite").unlink()
    page = (
        "<html><head><link rel=canonical href=http://kmagazine.test/x></head><body><p>Said and done.</p></body></html>"
    )
    (folder / "saved.html").write_text(page)
    assert run(folder, "ingest", "saved.html", "--quiet")[0] == 0
    stored = set(load(data / "clean").articles["url"])
    with Newsroom(edition=2) as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        assert run(folder, *BACKFILL)[0] == 0
        assert not {f"http://{request.host}{request.path}" for request in newsroom.requests} & stored


def test_ledger_that_is_garbage_is_made_again_by_rebuild(folder: Path) -> None:
    data = folder / "data"
    expected = rows(data)
    (data / "clean" / LEDGER).write_text("{")
    code, said = run(folder, "watch", "--quiet")
    assert code == 1
    assert LEDGER in said
    assert "presswatch rebuild" in said
    assert run(folder, "rebuild", "--quiet")[0] == 0
    assert rows(data) == expected


def test_journal_that_is_garbage_is_named(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    (data.stage("run").parent / "commit.json").write_text("{")
    with pytest.raises(DamagedError, match=r"commit\.json.*presswatch rebuild"), data.locked("presswatch test"):
        pass


def test_strange_files_harm_nothing(folder: Path) -> None:
    data = folder / "data"
    expected = rows(data)
    spool = data / ".spool"
    for name in ("0123.part", ".probe-1", "k@20200101T000000Z-0.warc.gz.open", "of-another-version.warc.gz.open"):
        (spool / name).write_bytes(b"left by somebody")
    (spool / "20200101T000000Z-0" / "clean").mkdir(parents=True)
    (spool / "20200101T000000Z-0" / "clean" / "claims.parquet").write_bytes(b"half")
    (data / "raw" / "notes.txt").write_text("mine")
    month = next((data / "raw" / "k").iterdir())
    (month / "notes.txt").write_text("mine")
    (month / "folder.warc.gz").mkdir()
    (month / "empty.warc.gz").touch()
    (month / "strange.warc.gz").write_bytes(b"no archive")
    with Newsroom(edition=2) as newsroom:
        summary = run_plan(newsroom.make_settings(data), Plan(command="backfill", outlet_ids=("k",), window=SPRING))
    assert summary.outcome == "partly"
    failures = load(data / "clean").failures
    corrupt = failures[failures["error"] == "corrupt"]
    assert sorted(Path(url).name for url in corrupt["url"]) == ["empty.warc.gz", "strange.warc.gz"]
    assert [path.name for path in spool.iterdir()] == ["of-another-version.warc.gz.open"], (
        "it may hold what was fetched"
    )
    assert (month / "notes.txt").exists()
    assert rows(data) == expected


# --- two at once


def test_second_run_is_told_who_is_first_or_waits(folder: Path) -> None:
    note = folder / "data" / ".lock.json"
    with start(folder, "rebuild", "--quiet") as first:
        while not note.exists():
            assert first.poll() is None
            time.sleep(0.001)
        first.send_signal(signal.SIGSTOP)  # it has the folder for as long as this takes
        try:
            code, said = run(folder, "watch", "--quiet")
            second = start(folder, "watch", "--wait", "--quiet")
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(3)
        finally:
            first.send_signal(signal.SIGCONT)
        with second:
            assert second.wait(60) == 0
        assert first.wait(60) == 0
    assert code == 75
    assert "presswatch rebuild" in said
    assert str(first.pid) in said
    runs = load(folder / "data" / "clean").runs.sort_values("finished_at").tail(2)
    assert list(runs["command"]) == ["rebuild", "watch"]


def test_note_of_a_run_that_is_dead_holds_nobody(folder: Path) -> None:
    note = folder / "data" / ".lock.json"
    note.write_text(json.dumps({"holder": "presswatch watch", "pid": 1}))  # a container's first, which is always alive
    assert DataDir(folder / "data").holder() is None
    assert run(folder, "rebuild", "--quiet")[0] == 0
    assert not note.exists()
