"""The flows, run for real: on Prefect's embedded server, over the newsroom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from presswatch.demo.newsroom import OUTLET_IDS, Newsroom, write_settings
from presswatch.demo.show import SPRING
from presswatch.pipeline import Plan, run_plan
from presswatch.storage import DataDir
from presswatch.tables import TABLES, load, make_arrow, write_arrow
from test_notify import serve_hook

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
    assert "Finished in state Completed(" in said.splitlines()[-2]
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
    import compare
    import limits
    import rebuild
    import watch

    limits.make_limits(OUTLET_IDS)
    return {"watch": watch.watch, "rebuild": rebuild.rebuild, "compare": compare.compare}


@pytest.fixture
def newsroom(tmp_path, monkeypatch):
    with Newsroom() as served:
        write_settings(tmp_path / "presswatch.toml", served)
        monkeypatch.chdir(tmp_path)
        yield served


@pytest.mark.timeout(300)
def test_watch_and_rebuild_flows_leave_artifacts(flows, newsroom, tmp_path):
    from prefect.client.orchestration import get_client

    assert flows["watch"]() == "ok"
    articles = load(tmp_path / "data" / "clean").articles
    assert len(articles) > 10
    assert flows["rebuild"]() == "ok"
    assert load(tmp_path / "data" / "clean").articles.equals(articles)
    with get_client(sync_client=True) as client:
        keys = {artifact.key: artifact.data for artifact in client.read_artifacts()}
    assert "Paper Regatta" in keys["presswatch-watch"]
    assert "robots" in keys["presswatch-watch"]
    assert {"presswatch-watch-outlets", "presswatch-watch-failures", "presswatch-watch-report"} < set(keys)
    assert {"presswatch-rebuild", "presswatch-rebuild-outlets"} < set(keys)


@pytest.mark.timeout(300)
def test_a_watch_that_brings_something_ends_as_news_and_is_told_where_that_is_wanted(flows, newsroom, tmp_path):
    from prefect.client.orchestration import get_client

    serving = serve_hook()
    told = f'\n[notify]\nwebhook = "http://127.0.0.1:{serving.port}/hook"\n'
    with serving as hook:
        settings = (tmp_path / "presswatch.toml").read_text("utf-8")
        (tmp_path / "presswatch.toml").write_text(f"{settings}{told}news = true\n", "utf-8")
        assert flows["watch"](return_state=True).name == "Completed", "to a first run everything is new"
        newsroom.publish_edition(2)
        state = flows["watch"](return_state=True)
        assert (state.is_completed(), state.name) == (True, "News")
        assert "on 62 screens" in state.message
        assert flows["watch"](return_state=True).name == "Completed"
    (notice,) = hook.told
    assert notice[2]["state"] == "News"
    assert "1 new article, 7 new claims, 1 changed article" in notice[2]["text"]
    with get_client(sync_client=True) as client:
        artifacts = [one.data for one in client.read_artifacts() if one.key == "presswatch-watch"]
    assert any("## What is new (1)" in one for one in artifacts)


@pytest.mark.timeout(300)
def test_news_is_told_to_nobody_unasked(flows, newsroom, tmp_path):
    serving = serve_hook()
    with serving as hook:
        settings = (tmp_path / "presswatch.toml").read_text("utf-8")
        told = f'\n[notify]\nwebhook = "http://127.0.0.1:{serving.port}/hook"\n'
        (tmp_path / "presswatch.toml").write_text(f"{settings}{told}", "utf-8")
        flows["watch"]()
        newsroom.publish_edition(2)
        assert flows["watch"](return_state=True).name == "News"
    assert hook.told == []


@pytest.mark.timeout(300)
def test_flow_fails_where_nothing_is_reachable(flows, tmp_path, monkeypatch):
    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
    monkeypatch.chdir(tmp_path)
    state = flows["watch"](return_state=True)
    assert state.is_failed()
    assert "reachable" in state.message


@pytest.mark.timeout(300)
@pytest.mark.parametrize("is_in_file", [True, False], ids=["file", "environment"])
def test_a_fault_of_the_settings_is_told_to_whom_they_name(flows, newsroom, tmp_path, monkeypatch, is_in_file):
    file, serving = tmp_path / "presswatch.toml", serve_hook()
    url = f"http://127.0.0.1:{serving.port}/hook"
    told = f'\n[notify]\nwebhook = "{url}"\n' if is_in_file else ""
    file.write_text(f"dta = 3\n{file.read_text('utf-8')}{told}", "utf-8")
    if not is_in_file:
        monkeypatch.setenv("PRESSWATCH_NOTIFY_WEBHOOK", url)
    with serving as hook:
        assert flows["watch"](return_state=True).is_failed()
    (notice,) = hook.told
    assert notice[2]["state"] == "Failed"
    assert "`dta` is not known; did you mean 'data'?" in notice[2]["text"]
    assert not newsroom.requests


@pytest.mark.timeout(300)
def test_an_outlet_that_is_silent_ends_the_flow_with_a_warning(flows, newsroom, tmp_path):
    settings = (tmp_path / "presswatch.toml").read_text("utf-8")
    (host,) = [host for host, outlet_id in newsroom.hosts.items() if outlet_id == "k"][:1]
    silent = settings.replace(f'"{host}" = "127.0.0.1:{newsroom.port}"', f'"{host}" = "127.0.0.1:1"')
    assert silent != settings
    (tmp_path / "presswatch.toml").write_text(silent, "utf-8")
    state = flows["watch"](return_state=True)
    assert (state.is_completed(), state.name) == (True, "Warned")
    assert "k: nobody answered" in state.message


@pytest.mark.timeout(300)
def test_a_watch_is_skipped_where_another_run_has_the_folder(flows, newsroom, tmp_path):
    with DataDir(tmp_path / "data").locked("a backfill"):
        state = flows["watch"](return_state=True)
    assert (state.is_completed(), state.name) == (True, "Skipped")
    assert "a backfill" in state.message
    assert not newsroom.requests


@pytest.mark.timeout(300)
def test_a_flow_at_its_deadline_keeps_what_it_has_and_compare_reads_it(flows, newsroom, tmp_path):
    for outlet in (tmp_path / "outlets").glob("*.toml"):
        lines = [line for line in outlet.read_text("utf-8").splitlines() if not line.startswith("min_delay_s")]
        outlet.write_text("\n".join(["min_delay_s = 2", *lines, ""]), "utf-8")
    state = flows["watch"].with_options(timeout_seconds=4)(return_state=True)
    assert state.name == "TimedOut"
    with DataDir(tmp_path / "data").locked("this test"):  # its threads have let go of it
        assert not list(tmp_path.glob("data/.spool/*.open"))
    asked = len(newsroom.requests)
    assert list(tmp_path.glob("data/raw/*/*/*.warc.gz"))
    assert not (tmp_path / "data" / "clean" / "articles").exists()
    assert flows["compare"]() == "ok"
    assert len(load(tmp_path / "data" / "clean").articles)
    assert flows["compare"](return_state=True).name == "Skipped"
    assert len(newsroom.requests) == asked


@pytest.mark.timeout(300)
def test_no_outlet_is_asked_without_a_limit(flows, newsroom, tmp_path):
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        client.delete_global_concurrency_limit_by_name("presswatch-k")
    state = flows["watch"](return_state=True)
    assert state.is_failed()
    assert "no limit for k:" in state.message
    assert not newsroom.requests


def test_compact_puts_past_months_together(flows, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    import compact

    month = tmp_path / "data" / "clean" / "runs"
    for run_id in ("20260301T100000Z-aaaaaa", "20260302T100000Z-bbbbbb"):
        row = {"run_id": run_id, "command": "watch", "outcome": "ok"}
        write_arrow(make_arrow(TABLES["runs"], [row]), month / f"{run_id}.parquet")
    assert compact.compact() == {"raw_before": 0, "raw_after": 0, "logs_before": 2, "logs_after": 1}
    assert [path.name for path in month.iterdir()] == ["2026-03.parquet"]


def test_deployments_name_flows_that_exist():
    declared = yaml.safe_load((FLOWS.parent / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert {entry["name"] for entry in declared} == {"watch", "backfill", "compare", "rebuild", "compact"}
    for entry in declared:
        path, _, function = entry["entrypoint"].partition(":")
        assert f"def {function}(" in (FLOWS.parent / path).read_text("utf-8")
    (schedule,) = next(entry["schedules"] for entry in declared if entry["name"] == "watch")
    assert len(schedule["cron"].split()) == 5
    assert ZoneInfo(schedule["timezone"])


def test_a_worker_asks_again_as_a_script_does():
    """Settings of Prefect's are read when it is imported, which in a worker's process is before any file of ours."""
    declared = yaml.safe_load((FLOWS.parent / "prefect.yaml").read_text("utf-8"))["deployments"]
    environment = declared[0]["work_pool"]["job_variables"]["env"]
    assert all(entry["work_pool"]["job_variables"]["env"] == environment for entry in declared)
    for name, value in environment.items():
        assert f'os.environ.setdefault("{name}", "{value}")' in (FLOWS / "surroundings.py").read_text("utf-8")


def test_all_declared_deployments_are_served(flows):
    import serve

    served = {entry.name: entry for entry in serve.read_deployments()}
    assert set(served) == {"watch", "backfill", "compare", "rebuild", "compact"}
    assert [schedule.schedule.cron for schedule in served["watch"].schedules] == ["17 */2 * * *"]
    assert served["watch"].concurrency_options.collision_strategy == "CANCEL_NEW"
    assert "prefect.flow-run.Crashed" in served["compare"].triggers[0].expect


def test_nothing_is_served_on_the_embedded_server(tmp_path):
    done = run_flow(tmp_path, "serve")
    assert done.returncode == 1
    assert "no Prefect server is named" in done.stderr


DAYS = ("--since", "2026-02-01", "--until", "2026-04-01")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("limits", ()),
        ("serve", ()),
        ("watch", ()),
        ("backfill", DAYS),
        ("rebuild", ()),
        ("compare", ()),
        ("compact", ()),
    ],
)
def test_a_server_that_does_not_answer_is_told_in_a_line(tmp_path, monkeypatch, name, words):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    done = run_flow(tmp_path, name, *words)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "http://127.0.0.1:1/api" in line
    assert "is it started (`prefect server start`), and PREFECT_API_URL its address?" in line


def test_an_address_without_its_path_is_no_server(server, tmp_path, monkeypatch):
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value().removesuffix("/api"))
    done = run_flow(tmp_path, "watch")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "404" in line
    assert "PREFECT_API_URL its address?" in line


@pytest.mark.timeout(300)
def test_a_flow_that_fails_ends_its_script_with_what_it_says(server, tmp_path, monkeypatch):
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setenv("PREFECT_API_URL", PREFECT_API_URL.value())
    with Newsroom() as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
    assert run_flow(tmp_path, "limits").returncode == 0
    done = run_flow(tmp_path, "watch")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(": not one outlet was reachable")
    assert "Traceback" not in done.stderr


@pytest.mark.timeout(300)
def test_an_outlet_that_nobody_knows_is_not_sent_to_the_limits(flows, newsroom):
    state = flows["watch"](["kk"], return_state=True)
    assert state.is_failed()
    assert "no outlet 'kk'" in state.message


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "soon", "--until", "2026-04-01"), "since: Input should be a valid date"),
        (("--since", "2026-04-01", "--until", "2026-02-01"), "is not after `since`"),
    ],
)
def test_days_that_are_none_are_wrong_usage(tmp_path, words, told):
    done = run_flow(tmp_path, "backfill", *words)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())
