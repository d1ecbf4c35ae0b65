"""Reading and comparing on a Dask cluster of two workers, each a process of its own, started here."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

import presswatch.engine as engine_module
from parts import free_port, running, running_cluster, wait_for
from presswatch.demo.newsroom import Newsroom
from presswatch.demo.show import SPRING
from presswatch.engine import Cluster, Engine, GivenUp
from presswatch.errors import ConfigError
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import EngineSettings
from presswatch.tables import TABLES, load

distributed = pytest.importorskip("distributed", reason="pip install 'presswatch[dask]'")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler with two workers."""
    with running_cluster(tmp_path_factory.mktemp("dask")) as address:
        yield address


def work(item):
    match item:
        case "hang":
            while True:
                re.match(r"(a+)+$", "a" * 28 + "b")  # which no signal handler of Python's would end
        case "die":
            os._exit(7)
        case "wait":
            time.sleep(0.5)
        case "raise":
            raise ValueError("no")
    return item.upper()


def pause(dask_worker):
    """As Dask does to a worker that is short of memory."""
    dask_worker.status = distributed.core.Status.paused


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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ["the scheduler", "all workers"])
def test_a_cluster_that_goes_away_in_the_middle_is_told_and_looked_for_anew(tmp_path, monkeypatch, who):
    monkeypatch.setattr(engine_module, "_LOOK_S", 0.5)
    monkeypatch.setattr(engine_module, "_ALONE_S", 2.0)
    quiet, port = ("--host", "127.0.0.1", "--no-dashboard"), free_port()
    address = f"tcp://127.0.0.1:{port}"
    with Cluster(address) as engine:
        with running(tmp_path / "s.log", "scheduler", "--port", str(port), *quiet) as scheduler:
            own = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
            with running(tmp_path / "w.log", "worker", address, *own, *quiet) as worker:
                wait_for(lambda: "Registered to" in (tmp_path / "w.log").read_text(), "the worker did not start")
                results = engine.map(work, ["a", *["wait"] * 40], deadline_s=60)
                assert next(results) == "A"
                (scheduler if who == "the scheduler" else worker).kill()
                with pytest.raises(ConfigError, match=who):
                    list(results)
        with pytest.raises(ConfigError, match="dask scheduler"):
            list(engine.map(work, ["a"], deadline_s=60))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", ["scheduler", "worker"])
def test_a_cluster_that_hangs_in_the_middle_is_told(tmp_path, monkeypatch, who):
    monkeypatch.setattr(engine_module, "_LOOK_S", 0.5)
    monkeypatch.setattr(engine_module, "_ALONE_S", 2.0)
    monkeypatch.setenv("DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE", "False")  # else it would be set to work again
    quiet, port = ("--host", "127.0.0.1", "--no-dashboard"), free_port()
    address = f"tcp://127.0.0.1:{port}"
    own = ("--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path))
    with (
        Cluster(address) as engine,
        running(tmp_path / "s.log", "scheduler", "--port", str(port), *quiet) as scheduler,
        running(tmp_path / "w.log", "worker", address, *own, *quiet),
    ):
        wait_for(lambda: "Registered to" in (tmp_path / "w.log").read_text(), "the worker did not start")
        results = engine.map(work, ["a", *["wait"] * 40], deadline_s=60)
        assert next(results) == "A"
        try:
            if who == "scheduler":
                scheduler.send_signal(signal.SIGSTOP)
            else:
                with distributed.Client(address, set_as_default=False) as other:
                    other.run(pause)
            with pytest.raises(ConfigError, match="all workers"):
                list(results)
            engine.stop()
        finally:
            scheduler.send_signal(signal.SIGCONT)


def test_a_scheduler_that_says_nothing_is_told(monkeypatch):
    monkeypatch.setattr(engine_module, "_MEET_S", 1.0)
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        Cluster(f"tcp://127.0.0.1:{mute.getsockname()[1]}") as engine,
        pytest.raises(ConfigError, match="has said nothing for 1 s"),
    ):
        list(engine.map(work, ["a"], deadline_s=1))


@pytest.mark.parametrize("address", ["tls://127.0.0.1:1", "ucx://127.0.0.1:1"])
def test_an_address_that_needs_what_is_not_here_is_told(address):
    with Cluster(address) as engine, pytest.raises(ConfigError, match="dask"):
        list(engine.map(work, ["a"], deadline_s=1))
    open_ones = [one for one in gc.get_objects() if isinstance(one, distributed.Client) and one.status != "closed"]
    assert not open_ones  # which the garbage collector would close, and wait for ever where another is being opened


@pytest.mark.timeout(300)
def test_workers_with_other_outlet_files_end_the_run_until_theirs_are_the_same(ran, tmp_path, monkeypatch):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):  # `outlets` counts from where a process was started, as on two hosts
        shutil.copytree(ran.demonstration.settings.outlets_folder, folder / "outlets")
    shutil.copytree(ran.data, here / "data")
    theirs = there / "outlets" / "k.toml"
    theirs.write_text(theirs.read_text("utf-8").replace("K Magazine", "The K"), "utf-8")
    monkeypatch.chdir(there)
    with running_cluster(tmp_path) as address:
        monkeypatch.chdir(here)
        engine = EngineSettings(dask=address)
        settings = replace(
            ran.demonstration.settings, data=here / "data", outlets_folder=Path("outlets"), engine=engine
        )
        with pytest.raises(ConfigError, match="not the outlet files"):
            run_plan(settings, Plan(command="rebuild", is_rebuild=True))
        shutil.copy(here / "outlets" / "k.toml", theirs)
        assert run_plan(settings, Plan(command="rebuild", is_rebuild=True)).outcome == "ok"


def test_the_pool_of_this_machine_takes_bundles_too():
    with Engine(workers=1) as engine:
        assert list(engine.map(work, ["a", "b"], deadline_s=30, together=2)) == ["A", "B"]
