from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from presswatch.engine import Engine, GivenUp


def work(item):
    match item:
        case "hang":
            time.sleep(60)
        case "die":
            os._exit(7)
        case "raise":
            raise ValueError("no")
    return item.upper()


@pytest.fixture(scope="module")
def engine():
    with Engine(workers=2) as engine:
        yield engine


def test_results_come_in_order_and_faults_are_values(engine):
    items = ["a", "hang", "b", "die", "raise", "c"]
    results = list(engine.map(work, items, deadline_s=5))
    assert [results[0], results[2], results[5]] == ["A", "B", "C"]
    assert isinstance(results[1], GivenUp)
    assert "5 s" in str(results[1])
    assert isinstance(results[3], GivenUp)
    assert isinstance(results[4], ValueError)


def test_more_items_than_places_are_all_done(engine):
    items = [f"item {n}" for n in range(100)]
    assert list(engine.map(work, iter(items), deadline_s=30)) == [item.upper() for item in items]


def test_input_is_not_read_far_ahead(engine):
    taken = []

    def items():
        for n in range(200):
            taken.append(n)
            yield f"item {n}"

    results = engine.map(work, items(), deadline_s=30)
    next(results)
    assert 4 <= len(taken) < 50, "enough to keep two workers busy, and no more"
    assert len(list(results)) == 199


def test_stopping_ends_what_another_thread_waits_for():
    with Engine(workers=1) as engine, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(lambda: list(engine.map(work, ["hang", "a"], deadline_s=100)))
        while not engine._waiting:
            time.sleep(0.01)
        engine.stop()
        assert all(isinstance(outcome, Exception) for outcome in waiting.result(timeout=30))
        with pytest.raises(RuntimeError):
            list(engine.map(work, ["b"], deadline_s=100))


PROGRAM = """
import colorsys
import sys

print("begun")

from presswatch.engine import Engine
from test_engine import list_modules, work

with Engine(workers=1) as engine:
    (before,) = engine.map(list_modules, [""], deadline_s=60)
    list(engine.map(work, ["die"], deadline_s=60))  # so that another one is started
    (after,) = engine.map(list_modules, [""], deadline_s=60)
print("colorsys" in sys.modules, "colorsys" in before, "colorsys" in after)
print(sys.modules["__main__"].__file__)
"""


def list_modules(_):
    return set(sys.modules)


def test_workers_do_not_import_the_program_that_starts_them(tmp_path):
    """A flow's would bring Prefect into each, and a script without a guard would run again."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, "utf-8")
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    told = subprocess.run(
        [sys.executable, program], env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["begun", "True", "False", "False", str(program)]
