"""Reading and comparing on a Dask cluster of two workers, each a process of its own, started here."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from presswatch.demo.newsroom import Newsroom
from presswatch.demo.show import SPRING
from presswatch.engine import Cluster, Engine, GivenUp
from presswatch.errors import ConfigError
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import EngineSettings
from presswatch.tables import TABLES, load

pytest.importorskip("distributed", reason="pip install 'presswatch[dask]'")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(log, *words):
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}  # what killed a worker is not tried on all others
    environment = {**os.environ, **once, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with Path(log).open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_scheduler" if words[0] == "scheduler" else "distributed.cli.dask_worker",
                *words[1:],
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(is_true, what, seconds=60):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler with two workers."""
    folder, port = tmp_path_factory.mktemp("dask"), free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    with running(folder / "scheduler.log", "scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet):
        wait_for(lambda: "Scheduler at" in (folder / "scheduler.log").read_text(), "the scheduler did not start")
        own = ("--host", "127.0.0.1", "--nthreads", "1", "--nworkers", "2", "--local-directory", str(folder), *quiet)
        with running(folder / "workers.log", "worker", address, *own):
            yield address


def work(item):
    match item:
        case "hang":
            while True:
                re.match(r"(a+)+$", "a" * 28 + "b")  # which no signal handler of Python's would end
        case "die":
            os._exit(7)
        case "raise":
            raise ValueError("no")
    return item.upper()


@pytest.mark.timeout(300)
def test_results_come_in_order_and_faults_are_values(cluster):
    with Cluster(cluster) as engine:
        results = list(engine.map(work, ["a", "raise", "b", "die", "c"], deadline_s=30, together=2))
    assert [results[0], results[2], results[4]] == ["A", "B", "C"]
    assert isinstance(results[1], ValueError)
    assert isinstance(results[3], GivenUp)


@pytest.mark.timeout(300)
def test_an_item_that_hangs_in_c_is_given_up_and_the_rest_is_done(cluster):
    with Cluster(cluster) as engine:
        results = list(engine.map(work, ["a", "hang", "b"], deadline_s=2, together=3))
    assert [results[0], results[2]] == ["A", "B"]
    assert isinstance(results[1], GivenUp)


@pytest.mark.timeout(300)
def test_the_cluster_gives_the_same_tables(cluster, tmp_path):
    with Newsroom() as newsroom:
        settings = newsroom.make_settings(tmp_path / "here")
        plan = Plan(command="backfill", outlet_ids=settings.collect_outlets, window=SPRING)
        run_plan(settings, plan)
    there = replace(settings, data=tmp_path / "there", engine=EngineSettings(dask=cluster))
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "raw").symlink_to(tmp_path / "here" / "raw")
    run_plan(there, Plan(command="rebuild", is_rebuild=True))
    one, other = load(tmp_path / "here" / "clean"), load(tmp_path / "there" / "clean")
    for name, table in TABLES.items():
        if not table.is_log:
            assert getattr(one, name).equals(getattr(other, name)), name


def test_a_scheduler_that_does_not_answer_is_told(tmp_path):
    with Cluster(f"tcp://127.0.0.1:{free_port()}") as engine, pytest.raises(ConfigError, match="dask scheduler"):
        list(engine.map(work, ["a"], deadline_s=1))


def test_a_worker_of_several_threads_is_refused(cluster, tmp_path):
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    with (
        running(tmp_path / "s.log", "scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet),
        running(tmp_path / "w.log", "worker", address, "--host", "127.0.0.1", "--nthreads", "2", *quiet),
        Cluster(address) as engine,
    ):
        wait_for(lambda: "Registered to" in (tmp_path / "w.log").read_text(), "the worker did not start")
        with pytest.raises(ConfigError, match="--nthreads 1"):
            list(engine.map(work, ["a"], deadline_s=1))


def test_the_pool_of_this_machine_takes_bundles_too():
    with Engine(workers=1) as engine:
        assert list(engine.map(work, ["a", "b"], deadline_s=30, together=2)) == ["A", "B"]
