"""Kill test: a run that is killed anywhere is finished by the next, with the tables of one that never was."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from presswatch.archive import read_answers, read_captures
from presswatch.demo.newsroom import Newsroom, Request, write_settings
from presswatch.forgotten import load_forgotten
from presswatch.model import Capture, Failure
from presswatch.tables import load
from stored import stored_news, stored_rows

BACKFILL = ("backfill", "--since", "2026-02-01", "--until", "2026-04-01")
WATCH = ("watch",)

# The program, in a process that kills itself at the n-th change of a kind under a folder: a rename, or a file opened
# for writing, whose path holds some words. It stops before the change is made.
SELF_KILLER = """
import os, signal, sys
words, number = sys.argv[1], int(sys.argv[2])
seen = 0
def hook(event, args):
    global seen
    if event == "os.rename":
        path = os.fspath(args[1])
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wxa+"):
        path = args[0]
    else:
        return
    if words in str(path):
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    sys.addaudithook(hook)
    from presswatch.cli import main
    main(sys.argv[3:])
"""


class Tripwire(list[Request]):
    """The newsroom's log; it kills a process at the n-th line, before the answer is sent."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.victim: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def append(self, request: Request) -> None:
        with self._lock:
            super().append(request)
            if len(self) == self.number and self.victim:
                self.victim.kill()


@dataclass
class Bench:
    """A newsroom that is being served, and a folder with the settings for it."""

    newsroom: Newsroom
    folder: Path
    before: frozenset[str] = frozenset()  # ids of what was stored by commands that ran to their end
    stored: set[str] = field(default_factory=set)  # articles that killed runs of the present command had stored
    capture_ids: set[str] = field(default_factory=set)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *arguments: str, program: tuple[str, ...] = ("-m", "presswatch")) -> subprocess.Popen[bytes]:
        log = (self.folder / "log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, *program, *arguments, "--quiet"], cwd=self.folder, stdout=log, stderr=log
            )

    def finish(self, *arguments: str) -> None:
        """Run to the end."""
        self.newsroom.requests = []
        assert self.start(*arguments).wait() == 0, (self.folder / "log").read_text()
        self.check_requests()
        self.before, self.stored = frozenset(c.capture_id for c in self.captures()), set()

    def take_over(self, data: Path) -> None:
        """Begin with the data of other runs, which ran to their end."""
        shutil.copytree(data, self.data)
        self.before = frozenset(c.capture_id for c in self.captures())

    def kill_at_request(self, number: int, *arguments: str) -> bool:
        """Start a run and kill it at its n-th request. Gives whether it came so far."""
        wire = self.newsroom.requests = Tripwire(number)
        wire.victim = self.start(*arguments)
        return self._look_after(wire.victim)

    def kill_at_change(self, words: str, number: int, *arguments: str) -> bool:
        """Start a run and kill it before its n-th rename to, or opening of, a path with these words."""
        self.newsroom.requests = []
        return self._look_after(self.start(words, str(number), *arguments, program=("-c", SELF_KILLER)))

    def check_requests(self) -> None:
        """Nothing that was stored before this run is asked for in it."""
        assert not {f"http://{request.host}{request.path}" for request in self.newsroom.requests} & self.stored

    def _look_after(self, victim: subprocess.Popen[bytes]) -> bool:
        code = victim.wait()
        assert code in {0, -signal.SIGKILL}, (self.folder / "log").read_text()
        self.check_requests()
        captures = self.captures()
        self.capture_ids |= {capture.capture_id for capture in captures}
        self.stored = {c.url for c in captures if c.kind == "article" and c.capture_id not in self.before}
        return code != 0

    def captures(self) -> list[Capture]:
        """Everything that lies in WARC files, finished or not."""
        paths = [*(self.data / ".spool").glob("*.open"), *(self.data / "raw").glob("*/*/*.warc.gz")]
        return [found for path in paths for found in read_captures(path) if isinstance(found, Capture)]


def what_is_told(data: Path) -> dict[str, str]:
    """The tables and the news of a data folder."""
    return stored_rows(data) | {"news": "\n".join(map(str, stored_news(data)))}


def check(bench: Bench, expected: dict[str, str]) -> None:
    """Hold the data of a run that was killed and finished against that of one that was not."""
    assert bench.capture_ids <= bench.before, "a capture is lost"
    found = what_is_told(bench.data)
    for name, text in expected.items():
        assert found[name] == text, name
    pages = {path.stem for path in (bench.data / "report").iterdir()}
    assert pages == {"feed", "index", *load(bench.data / "clean").stories["story_id"]}, "every story has its page"
    left = {path.name for path in (bench.data / ".spool").iterdir()}
    assert not left, "the spool is cleared"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """The tables and news of runs that nobody kills: of the first edition, and with the second."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with Newsroom() as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        bench = Bench(newsroom, folder)
        bench.finish(*BACKFILL)
        first = what_is_told(bench.data)
        newsroom.publish_edition(2)
        bench.finish(*WATCH)
        return first, what_is_told(bench.data)


@pytest.fixture(scope="module")
def backfilled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a backfill that nobody kills."""
    folder = tmp_path_factory.mktemp("backfilled")
    with Newsroom() as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        bench = Bench(newsroom, folder)
        bench.finish(*BACKFILL)
    return bench.data


@pytest.fixture
def bench(tmp_path: Path):
    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
        yield Bench(newsroom, tmp_path)


@pytest.mark.parametrize("number", range(1, 31))
def test_backfill_killed_at_any_request(bench: Bench, undisturbed, number: int) -> None:
    assert bench.kill_at_request(number, *BACKFILL)
    bench.finish(*BACKFILL)
    check(bench, undisturbed[0])


def test_backfill_killed_again_and_again(bench: Bench, undisturbed) -> None:
    for number in (1, 4, 9, 15, 3, 2):
        assert bench.kill_at_request(number, *BACKFILL)
    bench.finish(*BACKFILL)
    check(bench, undisturbed[0])


@pytest.mark.parametrize("number", range(1, 12))
def test_watch_killed_at_any_request(bench: Bench, backfilled: Path, undisturbed, number: int) -> None:
    bench.take_over(backfilled)
    bench.newsroom.publish_edition(2)
    assert bench.kill_at_request(number, *WATCH)
    bench.finish(*WATCH)
    check(bench, undisturbed[1])


@pytest.mark.parametrize("numbers", [(2, 7, 12, 18), (24,), (31,), (38,), (45,), (51,)])
def test_backfill_killed_all_the_way(bench: Bench, undisturbed, numbers: tuple[int, ...]) -> None:
    """At changes of whatever files under data, one run after another: collecting, reading, comparing, committing."""
    for number in numbers:
        assert bench.kill_at_change("/data/", number, *BACKFILL), number
    bench.finish(*BACKFILL)
    check(bench, undisturbed[0])


def test_watch_killed_all_the_way(bench: Bench, backfilled: Path, undisturbed) -> None:
    bench.take_over(backfilled)
    bench.newsroom.publish_edition(2)
    for number in (2, 6, 10, 14, 18, 22):
        assert bench.kill_at_change("/data/", number, *WATCH), number
    bench.finish(*WATCH)
    check(bench, undisturbed[1])


def test_killed_after_collecting(bench: Bench, undisturbed) -> None:
    assert bench.kill_at_change("/raw/", 2, *BACKFILL), "between the WARC files of two outlets"
    assert bench.kill_at_change("commit.json", 1, *BACKFILL), "before the journal stands"
    assert not list((bench.data / "clean").rglob("*.parquet"))
    assert bench.kill_at_change("/clean/", 4, *BACKFILL), "between two tables"
    assert bench.kill_at_change("/report/", 3, *BACKFILL), "between two pages"
    bench.finish(*BACKFILL)
    check(bench, undisturbed[0])


def test_watch_killed_where_an_article_was_changed(bench: Bench, undisturbed) -> None:
    bench.finish(*BACKFILL)
    bench.newsroom.publish_edition(2)
    assert bench.kill_at_request(9, *WATCH)
    assert bench.kill_at_change("/clean/", 2, *WATCH)
    bench.finish(*WATCH)
    check(bench, undisturbed[1])


# ---------------------------------------------------------------- forgetting

FORGOTTEN = "http://kmagazine.test/culture/orvane-paper-regatta-maud-ellery-quist-premiere"
FORGET = ("forget", FORGOTTEN)
CHANGES = [("/raw/", 1), ("commit.json", 1), ("/clean/", 2), ("/report/", 2), ("/data/forgotten.json", 2)]


def members(data: Path) -> dict[str, list[bytes]]:
    """The gzip members of every WARC file, as they lie there."""
    found = {}
    for path in sorted((data / "raw").glob("*/*/*.warc.gz")):
        places = [one.start for one in read_answers(path) if not isinstance(one, Failure)]
        content = path.read_bytes()
        ends = [*places[1:], len(content)]
        found[path.relative_to(data).as_posix()] = [
            content[: places[0]],
            *(content[a:b] for a, b in zip(places, ends, strict=True)),
        ]
    return found


@pytest.fixture(scope="module")
def forgetting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, list[bytes]]]:
    """The data of a backfill, and the tables and WARC members of it after forgetting that nobody kills."""
    folder = tmp_path_factory.mktemp("forgetting")
    with Newsroom() as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        bench = Bench(newsroom, folder)
        bench.finish(*BACKFILL)
        before = members(bench.data)
        shutil.copytree(bench.data, folder / "whole")
        bench.finish(*FORGET)
        wanted = members(bench.data)
        lost = {name: len(before[name]) - len(wanted[name]) for name in before}
        assert lost == {name: "/k/" in name for name in before}
        assert all(set(wanted[name]) <= set(before[name]) for name in before), "other records are as they were"
        return folder / "whole", stored_rows(bench.data), wanted


@pytest.mark.parametrize(
    ("change", "finisher"),
    [*((change, WATCH) for change in CHANGES), (CHANGES[0], FORGET), (CHANGES[-1], FORGET)],
    ids=str,
)
def test_forgetting_that_is_killed_is_finished_by_the_next_run(
    bench: Bench, forgetting, change: tuple[str, int], finisher: tuple[str, ...]
) -> None:
    whole, expected, wanted = forgetting
    shutil.copytree(whole, bench.data)
    assert bench.kill_at_change(*change, *FORGET)
    assert load_forgotten(bench.data).is_pending
    bench.finish(*finisher)
    assert stored_rows(bench.data) == expected
    found = members(bench.data)  # a watch adds files of its own
    assert {name: found[name] for name in wanted} == wanted
    assert not load_forgotten(bench.data).is_pending
    assert FORGOTTEN not in {f"http://{request.host}{request.path}" for request in bench.newsroom.requests}
    assert not [path for path in (bench.data / "report").iterdir() if "quist-premiere" in path.read_text()]
    assert not [path for path in (bench.data / "state").iterdir() if b"quist-premiere" in path.read_bytes()]
    assert not list((bench.data / ".spool").iterdir())


def test_forgetting_that_is_killed_before_it_is_written_down_has_not_begun(bench: Bench) -> None:
    bench.finish(*BACKFILL)
    before, tables = members(bench.data), stored_rows(bench.data)
    assert bench.kill_at_change("/data/forgotten.json", 1, *FORGET)
    bench.finish(*WATCH)
    found = members(bench.data)  # a watch adds files of its own
    assert {name: found[name] for name in before} == before
    assert stored_rows(bench.data) == tables


@pytest.mark.parametrize(("words", "number"), [("/damaged/", 1), ("commit.json", 1), ("/raw/", 1)])
def test_mending_that_is_killed_is_done_by_the_next(bench: Bench, words: str, number: int) -> None:
    bench.finish(*BACKFILL)
    before = members(bench.data)
    path = max(bench.data.glob("raw/k/*/*.warc.gz"), key=lambda path: path.stat().st_size)
    path.write_bytes(path.read_bytes() + path.read_bytes()[:99])
    assert bench.kill_at_change(words, number, "doctor", "--mend")
    bench.finish("doctor", "--mend")
    assert members(bench.data) == before
    assert b"".join(before[path.relative_to(bench.data).as_posix()])[:99] in {
        kept.read_bytes() for kept in (bench.data / "damaged").iterdir()
    }
