"""The flows, run for real: on Prefect's embedded server, over the newsroom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from presswatch.demo.newsroom import Newsroom, write_settings
from presswatch.demo.show import SPRING
from presswatch.pipeline import Plan, run_plan
from presswatch.tables import TABLES, load

FLOWS = Path(__file__).resolve().parents[1] / "flows"
TIMES = ["fetched_at", "first_seen_at"]


def run_flow(folder, name, *words):
    """Run a flow as a script beside its presswatch.toml, on a server of its own."""
    environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect"), "PREFECT_LOGGING_LEVEL": "INFO"}
    command = [sys.executable, str(FLOWS / f"{name}.py"), *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=240
    )


@pytest.mark.timeout(300)
def test_backfill_flow_completes_with_the_tables_of_the_command_line(tmp_path):
    (tmp_path / "flow").mkdir()
    with Newsroom() as newsroom:
        write_settings(tmp_path / "flow" / "presswatch.toml", newsroom)
        done = run_flow(tmp_path / "flow", "backfill", "--since", "2026-02-01", "--until", "2026-04-01")
        settings = newsroom.make_settings(tmp_path / "cli")
        run_plan(settings, Plan(command="backfill", outlet_ids=settings.collect_outlets, window=SPRING))
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Finished in state Completed()" in said.splitlines()[-2]
    assert said.count("Task run 'collect") == len(settings.collect_outlets)
    flow, cli = load(tmp_path / "flow" / "data" / "clean"), load(tmp_path / "cli" / "clean")
    for name, table in TABLES.items():
        if not table.is_log:
            drop = [column for column in TIMES if column in table.column_names]
            assert getattr(flow, name).drop(columns=drop).equals(getattr(cli, name).drop(columns=drop)), name
    assert sorted(flow.failures["url"]) == sorted(cli.failures["url"])


@pytest.fixture(scope="module")
def server():
    """One Prefect server for the rest of this file."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def flows(server, monkeypatch):
    monkeypatch.syspath_prepend(str(FLOWS))
    import rebuild
    import watch

    return {"watch": watch.watch, "rebuild": rebuild.rebuild}


@pytest.mark.timeout(300)
def test_watch_and_rebuild_flows_leave_an_artifact(flows, tmp_path, monkeypatch):
    from prefect.client.orchestration import get_client

    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
        monkeypatch.chdir(tmp_path)
        assert flows["watch"]() == "ok"
    articles = load(tmp_path / "data" / "clean").articles
    assert len(articles) > 10
    assert flows["rebuild"]() == "ok"
    assert load(tmp_path / "data" / "clean").articles.equals(articles)
    with get_client(sync_client=True) as client:
        keys = {artifact.key: artifact.data for artifact in client.read_artifacts()}
    assert "Paper Regatta" in keys["presswatch-watch"]
    assert "robots" in keys["presswatch-watch"]
    assert "presswatch-rebuild" in keys


@pytest.mark.timeout(300)
def test_flow_fails_where_nothing_is_reachable(flows, tmp_path, monkeypatch):
    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
    monkeypatch.chdir(tmp_path)
    state = flows["watch"](return_state=True)
    assert state.is_failed()
    assert "reachable" in state.message


def test_deployments_name_flows_that_exist():
    declared = yaml.safe_load((FLOWS.parent / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert {entry["name"] for entry in declared} == {"watch", "backfill", "rebuild"}
    for entry in declared:
        path, _, function = entry["entrypoint"].partition(":")
        assert f"def {function}(" in (FLOWS.parent / path).read_text("utf-8")
    (schedule,) = next(entry["schedules"] for entry in declared if entry["name"] == "watch")
    assert len(schedule["cron"].split()) == 5
    assert schedule["timezone"] == "UTC"
