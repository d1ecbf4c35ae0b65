"""Deployments, run for real: PostgreSQL, a Prefect server on it and process workers, each in a process of its own.

Nothing here listens anywhere but on 127.0.0.1, and everything is stopped by the process id that it was started with.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from parts import running_cluster, serve
from presswatch.demo.newsroom import Newsroom, write_settings
from presswatch.demo.show import SPRING
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import load_settings
from presswatch.tables import TABLES, load

ROOT = Path(__file__).resolve().parents[1]
# Debian's newest; `initdb` is not on the path there
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=Path("/none"))
TIMES = ["fetched_at", "first_seen_at"]
ORDER = {"order": {"since": "2026-02-01", "until": "2026-04-01"}}
LONGEST_S = 180.0  # that any condition is waited for on a busy machine; a lease alone takes 60
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(not (POSTGRES / "initdb").exists(), reason=f"no PostgreSQL in {POSTGRES}"),
]


def wait_until(is_so, what, longest_s=LONGEST_S):
    """Ask again and again; gives the first answer that is true."""
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        if answer := is_so():
            return answer
        time.sleep(0.1)
    pytest.fail(f"waited {longest_s:g} s for {what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process, how=signal.SIGTERM):
    """Stop a process of ours; gives its exit code."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


class Postgres:
    """A database in a folder of its own. It refuses to be root, so for root it runs as somebody else."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="presswatch-postgres-"))
        self.port, self.process = free_port(), None
        self.who = {}
        if os.getuid() == 0:
            them = next(entry for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"})
            self.who = {"user": them.pw_uid, "group": them.pw_gid, "extra_groups": []}
            os.chown(self.folder, them.pw_uid, them.pw_gid)
        words = "--auth=trust --username=prefect --no-sync --no-locale --encoding=UTF8 --pgdata".split()
        self.call("initdb", *words, self.folder / "data")

    def call(self, name, *words):
        command = [POSTGRES / name, *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, check=True, **self.who)

    @property
    def url(self):
        return f"postgresql+asyncpg://prefect@127.0.0.1:{self.port}/postgres"

    def start(self):
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [POSTGRES / "postgres", "-D", self.folder / "data", "-p", str(self.port), *words]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self.who)
        wait_until(self.answers, "PostgreSQL")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, how=signal.SIGINT):  # "fast": connections are closed
        stop(self.process, how)


@dataclass
class House:
    """A Prefect server on PostgreSQL, and a folder with flows/, prefect.yaml and presswatch.toml in it."""

    folder: Path
    postgres: Postgres
    newsroom: Newsroom
    environment: dict[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen] = field(default_factory=list)

    def start(self, name, *words, cwd=None):
        """Start a command of Prefect's, or a flow's file; what it says goes into a file."""
        command = [sys.executable, *([] if words[0].endswith(".py") else ["-m", "prefect"]), *words]
        before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what ignores it hands that down, like nohup
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=cwd or self.folder, env=self.environment, stdout=log, stderr=log)
        signal.signal(signal.SIGINT, before)
        self.started.append(process)
        return process

    def call(self, *words, folder=None):
        """Run a command to its end; gives what it said."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=folder or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
        )
        return done.returncode, done.stdout + done.stderr

    def ask(self, path, content=None, method="POST"):
        """The server's API."""
        url = f"{self.environment['PREFECT_API_URL']}/{path}"
        body = json.dumps(content or {}).encode() if method == "POST" else None
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def answers(self):
        with contextlib.suppress(OSError):
            return self.ask("health", method="GET")[1] is True
        return False

    def deploy(self):
        return self.call("-m", "prefect", "--no-prompt", "deploy", "--all")

    def order(self, name, parameters=None):
        """Ask for a run of a deployment; gives its id."""
        _, deployment = self.ask(f"deployments/name/presswatch-{name}/{name}", method="GET")
        status, run = self.ask(
            f"deployments/{deployment['id']}/create_flow_run",
            {"parameters": parameters or {}, "state": {"type": "SCHEDULED"}},
        )
        assert status == 201, run
        return run["id"]

    def state(self, run_id):
        """The state of a run; none while the server cannot tell."""
        status, run = self.ask(f"flow_runs/{run_id}", method="GET")
        return run["state"] if status == 200 else None

    def end_of(self, run_id):
        """The state that a run ends in."""

        def ended():
            state = self.state(run_id)
            return state if state and state["type"] in ENDED else None

        return wait_until(ended, f"the end of {run_id}")

    def task_names(self, run_id):
        _, runs = self.ask("task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
        return sorted(run["name"] for run in runs)


class Listener(ThreadingHTTPServer):
    """A webhook; keeps what it is told."""

    daemon_threads = True

    def __init__(self):
        self.told = []
        super().__init__(("127.0.0.1", 0), _Hook)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


# ---------------------------------------------------------------- what all tests of this file share


@pytest.fixture(scope="module")
def hook():
    listener = Listener()
    yield listener
    listener.shutdown()
    listener.server_close()


@pytest.fixture(scope="module")
def house(tmp_path_factory, hook):
    """PostgreSQL, a server on it and its work pool; nothing is deployed yet, and no worker is there."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "flows", folder / "flows", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "prefect.yaml", folder)
    postgres, port = Postgres(), free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "PRESSWATCH_"))},
        "DO_NOT_TRACK": "1",
        "PREFECT_API_DATABASE_CONNECTION_URL": postgres.url,
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "nobody"),
    }
    with Newsroom() as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        with (folder / "presswatch.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[notify]\nwebhook = "{hook.url}"\n')
        for outlet in (folder / "outlets").glob("*.toml"):  # slow enough that a run can be caught in the middle of it
            lines = [line for line in outlet.read_text("utf-8").splitlines() if not line.startswith("min_delay_s")]
            outlet.write_text("\n".join(["min_delay_s = 0.3", *lines, ""]), "utf-8")
        made = House(folder, postgres, newsroom, environment)
        try:
            postgres.start()
            made.start("server", "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui")
            wait_until(made.answers, "the server")
            made.call("-m", "prefect", "work-pool", "create", "presswatch", "--type", "process")
            yield made
        finally:
            for process in reversed(made.started):
                stop(process)
            postgres.stop()
            shutil.rmtree(postgres.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def deployed(house):
    code, said = house.deploy()
    assert code == 0, said
    return house


@pytest.fixture(scope="module")
def staffed(deployed):
    """With a worker, started in another folder: the deployments know theirs."""
    # A turn of the schedule that falls into a test would have the only place: the run that was ordered is cancelled.
    code, said = deployed.call("-m", "prefect", "--no-prompt", "deployment", "schedule", "pause", "--all")
    assert code == 0, said
    elsewhere = deployed.folder / "elsewhere"
    elsewhere.mkdir()
    deployed.worker = deployed.start("worker", "worker", "start", "--pool", "presswatch", cwd=elsewhere)
    return deployed


@pytest.fixture(scope="module")
def ready(staffed):
    """With limits for the outlets, too."""
    code, said = staffed.call("flows/limits.py")
    assert code == 0, said
    return staffed


@pytest.fixture(scope="module")
def typed(house):
    """The tables of the same backfill from the command line."""
    settings = load_settings(house.folder, data=house.folder / "typed", environ={})
    run_plan(settings, Plan(command="backfill", outlet_ids=settings.collect_outlets, window=SPRING))
    return load(house.folder / "typed" / "clean")


def assert_same(clean, typed):
    """Some tables are those of the command line."""
    found = load(clean)
    for name, table in TABLES.items():
        if not table.is_log:
            drop = [column for column in TIMES if column in table.column_names]
            assert getattr(found, name).drop(columns=drop).equals(getattr(typed, name).drop(columns=drop)), name


def holder_of(data):
    """The process that has a data folder, as its note says; none where there is no note."""
    with contextlib.suppress(FileNotFoundError):
        return json.loads((data / ".lock.json").read_text())["pid"]
    return None


def order_into(house, data):
    """Ask for the backfill into a data folder; gives the run's id when it is in the middle of fetching."""
    run_id = house.order("backfill", {"order": {**ORDER["order"], "data": str(data)}})
    wait_for_page(data)
    return run_id


def wait_for_page(data):
    wait_until(lambda: [path for path in data.glob(".spool/*.open") if path.stat().st_size], "the first page")


def told_of(hook, run_id):
    """What the webhook is told of a run, when it is told."""
    return wait_until(lambda: [one for one in hook.told if one["page"].endswith(run_id)], "the webhook")


# ---------------------------------------------------------------- tests, in the order of a day


def test_all_is_deployed_without_a_question_and_the_watch_is_on_its_schedule(deployed):
    _, found = deployed.ask("deployments/filter")
    by_name = {entry["name"]: entry for entry in found}
    assert set(by_name) == {"watch", "backfill", "compare", "rebuild", "compact"}
    (schedule,) = by_name["watch"]["schedules"]
    assert schedule["schedule"]["timezone"] == "Europe/London"
    assert by_name["watch"]["global_concurrency_limit"]["limit"] == 1
    assert by_name["watch"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert "order" in by_name["backfill"]["parameter_openapi_schema"]["properties"]

    def scheduled():
        return deployed.ask("flow_runs/filter", {"deployments": {"id": {"any_": [by_name["watch"]["id"]]}}})[1]

    assert wait_until(scheduled, "the server's scheduler")[0]["auto_scheduled"]  # which dies of an SQLAlchemy of 2.1


@pytest.mark.parametrize(
    "order",
    [{"since": "2026-02-01", "until": "soon"}, {"since": "2026-02-01"}, {**ORDER["order"], "outlet": ["k"]}],
    ids=["no date", "missing", "unknown"],
)
def test_an_order_that_is_no_order_is_refused_by_the_server(deployed, order):
    _, deployment = deployed.ask("deployments/name/presswatch-backfill/backfill", method="GET")
    status, answer = deployed.ask(f"deployments/{deployment['id']}/create_flow_run", {"parameters": {"order": order}})
    assert status == 409, answer


def test_no_outlet_is_asked_before_it_has_its_limit_and_the_webhook_is_told(staffed, hook):
    run_id = staffed.order("watch")
    state = staffed.end_of(run_id)
    assert state["type"] == "FAILED"
    assert "`python flows/limits.py` makes them" in state["message"]
    assert not staffed.newsroom.requests
    assert not (staffed.folder / "data").exists()
    (told,) = told_of(hook, run_id)  # the server knows the state before the hook runs
    assert (told["flow"], told["state"]) == ("presswatch-watch", "Failed")
    assert "flows/limits.py" in told["text"]


def test_a_backfill_by_a_worker_leaves_the_tables_of_the_command_line(ready, typed):
    run_id = ready.order("backfill", ORDER)
    state = ready.end_of(run_id)
    assert state["type"] == "COMPLETED", state
    assert_same(ready.folder / "data" / "clean", typed)
    names = sorted([*(f"collect {outlet_id}" for outlet_id in outlets_of(ready)), "compare", "publish", "read"])
    wait_until(lambda: ready.task_names(run_id) == names, "the records of all tasks")
    _, artifacts = ready.ask("artifacts/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
    by_key = {artifact["key"]: artifact for artifact in artifacts}
    outlets = {row["outlet"]: row for row in json.loads(by_key["presswatch-backfill-outlets"]["data"])}
    assert set(outlets) == set(outlets_of(ready))
    assert outlets["k"]["fetched"] > 5
    assert outlets["k"]["newest article (UTC)"].startswith("2026-03")
    failures = json.loads(by_key["presswatch-backfill-failures"]["data"])
    assert "robots" in {row["code"] for row in failures}
    assert (ready.folder / "data" / "report" / "index.html").as_uri() in by_key["presswatch-backfill-report"]["data"]
    assert "Paper Regatta" in by_key["presswatch-backfill"]["data"]


@pytest.fixture
def bucket(ready, tmp_path, monkeypatch):
    """The address of a bucket, which this process and the worker reach."""
    process, store = serve(tmp_path)
    try:
        for name, value in store.environment.items():
            monkeypatch.setenv(name, value)
        store.make_bucket("press")
        ready.environment |= store.environment
        yield "s3://press/all"
    finally:
        process.terminate()
        process.wait()


def test_through_all_parts_at_once_the_tables_are_the_same(ready, bucket, typed, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="pip install 'presswatch[dask]'")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # another machine's
    stop(ready.worker)
    ready.worker = ready.start("worker", "worker", "start", "--pool", "presswatch")
    settings = (ready.folder / "presswatch.toml").read_text("utf-8")
    try:
        with running_cluster(tmp_path) as scheduler:
            dask = f'{settings}\n[engine]\ndask = "{scheduler}"\n'
            (ready.folder / "presswatch.toml").write_text(dask, "utf-8")
            state = ready.end_of(ready.order("backfill", {"order": {**ORDER["order"], "data": bucket}}))
            with distributed.Client(scheduler, set_as_default=False) as client:
                assert client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.transition_log)), "it had work"
    finally:
        (ready.folder / "presswatch.toml").write_text(settings, "utf-8")
    assert state["type"] == "COMPLETED", state
    assert_same(f"{bucket}/clean", typed)


def outlets_of(house):
    return load_settings(house.folder, environ={}).collect_outlets


def test_a_watch_is_followed_by_a_compare(ready):
    state = ready.end_of(ready.order("watch"))
    assert state["type"] == "COMPLETED", state

    def compared():
        _, runs = ready.ask("flow_runs/filter", {"flows": {"name": {"any_": ["presswatch-compare"]}}})
        return [run for run in runs if run["state"]["type"] in ENDED and run["created_by"]["type"] == "AUTOMATION"]

    (run, *_) = wait_until(compared, "the compare")
    assert run["state"]["name"] == "Skipped"  # the watch left nothing to read


@pytest.fixture
def worker(ready):
    """A worker, whatever became of the one before."""
    if ready.worker.poll() is not None:
        ready.worker = ready.start("worker", "worker", "start", "--pool", "presswatch")
    return ready.worker


def test_a_killed_worker_takes_its_run_along_and_the_next_finishes_it_over_a_restart_of_postgresql(
    ready, worker, typed, tmp_path
):
    run_id = order_into(ready, tmp_path / "data")
    killed = holder_of(tmp_path / "data")
    worker.kill()
    worker.wait()
    assert ready.end_of(run_id)["type"] in {"CRASHED", "COMPLETED"}  # completed where there was not much left to do
    ready.worker = ready.start("worker", "worker", "start", "--pool", "presswatch")
    run_id = ready.order("backfill", {"order": {**ORDER["order"], "data": str(tmp_path / "data")}})
    wait_until(lambda: holder_of(tmp_path / "data") not in {None, killed}, "the run")
    ready.postgres.stop()
    assert ready.ask("flow_runs/filter")[0] == 500  # and so is the run answered
    time.sleep(3)
    ready.postgres.start()
    state = ready.end_of(run_id)
    assert state["type"] == "COMPLETED", state
    assert_same(tmp_path / "data" / "clean", typed)


def test_a_killed_flow_is_crashed_and_told_and_the_next_one_finishes_its_work(ready, worker, typed, hook, tmp_path):
    run_id = order_into(ready, tmp_path / "data")
    os.kill(holder_of(tmp_path / "data"), signal.SIGKILL)
    assert ready.end_of(run_id)["type"] == "CRASHED"
    told_of(hook, run_id)
    before = len(ready.newsroom.requests)
    state = ready.end_of(ready.order("backfill", {"order": {**ORDER["order"], "data": str(tmp_path / "data")}}))
    assert state["type"] == "COMPLETED", state
    assert before < len(ready.newsroom.requests)
    assert_same(tmp_path / "data" / "clean", typed)
    assert len(told_of(hook, run_id)) == 1, "by the worker, and not by the witness too"


def test_a_run_that_is_stopped_with_its_worker_is_crashed_and_told_and_the_next_one_goes_on(
    ready, worker, typed, hook, tmp_path
):
    run_id = order_into(ready, tmp_path / "data")
    stop(worker)
    state = ready.end_of(run_id)
    assert (state["type"], state["name"]) == ("CRASHED", "Crashed")
    assert "stopped with its worker" in state["message"]
    (told,) = told_of(hook, run_id)
    assert (told["flow"], told["state"]) == ("presswatch-backfill", "Crashed")
    assert "the next run goes on from there" in told["text"]
    ready.worker = ready.start("worker", "worker", "start", "--pool", "presswatch")
    state = ready.end_of(ready.order("backfill", {"order": {**ORDER["order"], "data": str(tmp_path / "data")}}))
    assert state["type"] == "COMPLETED", state
    assert_same(tmp_path / "data" / "clean", typed)


def test_a_script_that_is_killed_is_crashed_and_told(ready, hook, tmp_path):
    days = ["--since", "2026-02-01", "--until", "2026-04-01"]
    script = ready.start("script", "flows/backfill.py", *days, "--data", str(tmp_path / "data"))
    wait_for_page(tmp_path / "data")
    script.kill()
    script.wait()
    _, (run,) = ready.ask("flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["RUNNING"]}}}})
    assert ready.end_of(run["id"])["type"] == "CRASHED"
    (told,) = told_of(hook, run["id"])
    assert (told["flow"], told["state"]) == ("presswatch-backfill", "Crashed")


@pytest.mark.timeout(600)
def test_what_a_work_pool_has_is_not_served_and_the_remedy_is_named(ready, hook, tmp_path):
    code, said = ready.call("flows/serve.py")
    assert code == 1
    (line,) = said.splitlines()
    assert line.startswith("a work pool has these deployments; stop its workers, then take them away: ")
    _, found = ready.ask("deployments/filter")
    assert {entry["work_pool_name"] for entry in found} == {"presswatch"}
    assert all(entry["pull_steps"] for entry in found), "they are as they were"
    stop(ready.worker)
    for each in line.partition("away: ")[2].split(" && "):
        code, said = ready.call("-m", *each.split())
        assert code == 0, said
    assert not ready.ask("deployments/filter")[1]
    serving = ready.start("serve", "flows/serve.py")
    try:
        wait_until(lambda: len(ready.ask("deployments/filter")[1]) == len(found), "the deployments")
        assert ready.end_of(ready.order("compare"))["type"] == "COMPLETED"
        run_id = order_into(ready, tmp_path / "data")
    finally:
        stop(serving)
    assert ready.end_of(run_id)["type"] == "CRASHED"  # and not Running for ever
    assert told_of(hook, run_id)[0]["state"] == "Crashed"
    code, said = ready.deploy()  # and the other way, which Prefect can
    assert code == 0, said
    _, found = ready.ask("deployments/filter")
    assert {entry["work_pool_name"] for entry in found} == {"presswatch"}
    assert all(entry["pull_steps"] for entry in found)
