"""Data in a bucket: moto's S3 server in a process of its own, and one or more machines, each with a mirror."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from parts import Store, serve
from presswatch.archive import Stored, read_stored
from presswatch.demo.newsroom import Newsroom, write_settings
from presswatch.errors import ConfigError, UsageError
from presswatch.settings import load_settings
from presswatch.tables import load
from stored import make_newer, stored_rows

pytestmark = pytest.mark.timeout(300)
pytest.importorskip("moto", reason="part of the dev group")
pytest.importorskip("obstore", reason="pip install 'presswatch[s3]'")

BACKFILL = ("backfill", "--since", "2026-02-01", "--until", "2026-04-01")
WATCH = ("watch",)
FORGOTTEN = "http://kmagazine.test/culture/orvane-paper-regatta-maud-ellery-quist-premiere"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    process, store = serve(tmp_path_factory.mktemp("store"))
    yield store
    process.terminate()
    process.wait()


@pytest.fixture
def store(server, monkeypatch):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield server
    server.heal()


@dataclass
class Machine:
    """A folder with settings, whose data are in a bucket."""

    folder: Path
    data: str
    store: Store

    @property
    def mirror(self) -> Path:
        return self.folder / "mirror"

    def start(self, *words: str, program: tuple[str, ...] = ("-m", "presswatch")) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            **self.store.environment,
            "PRESSWATCH_DATA": self.data,
            "PRESSWATCH_STORAGE_LOCAL": str(self.mirror),
        }
        return subprocess.Popen(
            [sys.executable, *program, *words],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, code: int = 0) -> str:
        """Run to the end; gives what was said."""
        process = self.start(*words)
        out, err = process.communicate()
        assert process.returncode == code, (process.returncode, out, err)
        return out + err

    def run_killed(self, words: tuple[str, ...], key: str, skip: int, *, method: str = "PUT", **fault: object) -> None:
        """Run, and be killed when a request for a key with these words arrives; the first ones are skipped."""
        process = self.start(*words)
        self.store.fail(method, key, skip=skip, kill=process.pid, status=500, **fault)
        _, err = process.communicate()
        self.store.heal()
        assert process.returncode == -9, err

    def rows(self) -> dict[str, str]:
        """All tables but `runs`, as this machine has them."""
        return rows(self.mirror)


def rows(data: Path) -> dict[str, str]:
    """As `stored_rows`; a failure that two machines told is one."""
    found = stored_rows(data)
    return found | {"failures": "\n".join(sorted(set(found["failures"].splitlines())))}


@pytest.fixture
def newsroom():
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def machines(tmp_path, store, newsroom):
    """Makes machines that share a bucket."""
    bucket = store.make_bucket(tmp_path.name.replace("_", "-")[:60])

    def make(name: str) -> Machine:
        (tmp_path / name).mkdir()
        write_settings(tmp_path / name / "presswatch.toml", newsroom)
        return Machine(tmp_path / name, f"s3://{bucket}/film/press", store)

    return make


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The tables of a folder: of the first edition, and with the second."""
    folder = tmp_path_factory.mktemp("local")
    found = []
    with Newsroom() as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        for edition, words in ((1, BACKFILL), (2, WATCH)):
            newsroom.publish_edition(edition)
            subprocess.run([sys.executable, "-m", "presswatch", *words], cwd=folder, check=True, capture_output=True)
            found.append(rows(folder / "data"))
    return found


def asked(newsroom: Newsroom) -> list[str]:
    return [f"http://{request.host}{request.path}" for request in newsroom.requests]


# ---------------------------------------------------------------- one machine after the other


def test_bucket_holds_what_a_folder_would_and_another_machine_goes_on(machines, newsroom, store, local, monkeypatch):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    assert one.rows() == local[0]
    bucket = one.data.split("/")[2]
    assert not list((one.mirror / "raw").rglob("*.gz")), "raw does not stay on the machine"
    assert len(store.keys(bucket, "film/press/raw")) == 6
    articles = set(load(one.mirror / "clean").articles["url"])
    newsroom.publish_edition(2)
    newsroom.requests = []
    assert "Paper Regatta" in two.run("stories")
    assert "s3://" in two.run("status")
    assert "Orvane" in two.run("show", "orvane", "--md", "story.md") + (two.folder / "story.md").read_text()
    assert "raw/andmatinee/" in two.run("explain", min(articles))
    two.run(*WATCH)
    assert two.rows() == local[1]
    changed = set(load(two.mirror / "clean").revisions["article_id"])
    assert changed
    assert len(set(asked(newsroom)) & articles) <= 50
    assert "nothing is wrong" in one.run("doctor")
    assert one.rows() == local[1], "reading pulls first"
    assert "rebuild" in one.run("rebuild")
    assert one.rows() == local[1]
    monkeypatch.setenv("XDG_STATE_HOME", str(one.folder / "analyst"))
    found = load(f"{one.data}/clean")
    assert len(found.articles) == len(load(one.mirror / "clean").articles)
    pages = {key.rsplit("/", 1)[-1] for key in store.keys(bucket, "film/press/report")}
    assert pages == {"feed.xml", "index.html", *(f"{one}.html" for one in found.stories["story_id"])}


def test_what_another_machine_fetched_is_not_fetched_again_even_where_its_memory_was_never_put(
    machines, newsroom, store, local
):
    import obstore

    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    obstore.delete(store.open(bucket), store.keys(bucket, "film/press/state"))
    newsroom.requests = []
    two.run(*BACKFILL)
    assert not set(asked(newsroom)) & set(load(one.mirror / "clean").articles["url"])
    assert two.rows() == local[0]


def test_ingest_reaches_the_bucket(machines, newsroom):
    one, two = machines("one"), machines("two")
    page = one.folder / "note.txt"
    page.write_text("A Regatta of Paper\n\n" + "Orvane and Maud Ellery Quist filmed for two nights. " * 20)
    one.run("ingest", str(page), "--outlet", "k")
    assert "A Regatta of Paper" in two.run("stories")


def test_forgetting_reaches_raw_memories_and_other_machines(machines, newsroom, store):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    two.run("status")
    assert FORGOTTEN in set(load(two.mirror / "clean").articles["url"])
    assert "raw/k/" in two.run("forget", FORGOTTEN, "--dry-run")
    two.run("forget", FORGOTTEN)
    bucket = one.data.split("/")[2]
    for number, key in enumerate(store.keys(bucket, "film/press/raw")):
        copy = one.folder / f"{number}.warc.gz"
        copy.write_bytes(store.read(bucket, key))
        assert FORGOTTEN not in {one.capture.url for one in read_stored(copy) if isinstance(one, Stored)}
    for key in store.keys(bucket, "film/press/state"):
        assert b"quist-premiere" not in store.read(bucket, key), key
    newsroom.requests = []
    one.run(*BACKFILL)
    assert FORGOTTEN not in asked(newsroom)
    assert FORGOTTEN not in set(load(one.mirror / "clean").articles["url"])
    assert not [path for path in (one.mirror / "state").iterdir() if b"quist-premiere" in path.read_bytes()]


def test_a_memory_that_another_machine_puts_meanwhile_loses_what_is_forgotten(machines, store):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    committed, purged = one.folder / "committed", one.folder / "purged"
    store.fail("PUT", "/state/k", until=str(committed))
    watching = two.start(*WATCH)
    wait_for_fault(store, watching)
    store.fail("PUT", "/state/k", until=str(purged))
    forgetting = one.start("forget", FORGOTTEN)
    wait_for_fault(store, forgetting)
    committed.touch()
    _, err = watching.communicate()
    assert watching.returncode == 0, err
    assert b"quist-premiere" in store.read(bucket, "film/press/state/k.sqlite"), "or this tests nothing"
    purged.touch()
    _, err = forgetting.communicate()
    assert forgetting.returncode == 0, err
    assert b"quist-premiere" not in store.read(bucket, "film/press/state/k.sqlite")
    assert not json.loads(store.read(bucket, "film/press/forgotten.json"))["is_pending"]


# ---------------------------------------------------------------- at once


def wait_for_fault(store, process):
    """Wait until a process has met the fault that the store was told to have."""
    while json.loads(store.faults.read_text()).get("times", 1) > 0:
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)


def go_on_while_it_waits(first, two, store, opened):
    """Have a second machine run to its end while the first one's put hangs; then let that go, and wait for it."""
    wait_for_fault(store, first)
    two.run(*BACKFILL)
    opened.touch()
    _, err = first.communicate()
    assert first.returncode == 0, err


def test_who_loses_the_race_compares_again_and_nothing_is_lost(machines, store, local):
    one, two = machines("one"), machines("two")
    opened = one.folder / "opened"
    store.fail("PUT", "manifest", until=str(opened))
    first = one.start(*BACKFILL, "--outlet", "k", "--outlet", "lanternpost", "--outlet", "andmatinee")
    go_on_while_it_waits(first, two, store, opened)
    assert store.answers("PUT", f"/{two.data.split('/')[2]}/film/press/clean/.manifest.json") == [200, 412, 200]
    two.run("status")
    assert two.rows() == local[0]
    assert two.rows() == one.rows()
    assert len(load(two.mirror / "clean").runs) == 2
    orphans = set(store.keys(two.data.split("/")[2], "film/press/clean"))
    named = json.loads(store.read(two.data.split("/")[2], "film/press/clean/.manifest.json"))["files"]
    assert orphans == {"film/press/clean/.manifest.json", *(f"film/press/clean/{key}" for key in named.values())}


def test_who_loses_every_race_says_so_and_the_next_run_goes_on(machines, newsroom, store, local):
    one = machines("one")
    store.fail("PUT", "manifest", times=99, status=412, code="PreconditionFailed")
    assert "other machines go on changing the tables" in one.run(*BACKFILL, code=75)
    store.heal()
    newsroom.requests = []
    one.run(*BACKFILL)
    assert not set(asked(newsroom)) & set(load(one.mirror / "clean").articles["url"])
    assert one.rows() == local[0]


def test_two_machines_at_once(machines, local):
    pair = [machines("one"), machines("two")]
    for process in [machine.start(*BACKFILL) for machine in pair]:
        _, err = process.communicate()
        assert process.returncode == 0, err
    for machine in pair:
        machine.run("status")
        assert machine.rows() == local[0]


# ---------------------------------------------------------------- killed


@pytest.mark.parametrize(("key", "skip"), [("/raw/", 3), ("/clean/", 7), ("manifest", 0), ("/state/", 2)])
def test_killed_between_two_puts_and_finished_by_the_next(machines, local, key, skip):
    one, two = machines("one"), machines("two")
    one.run_killed(BACKFILL, key, skip)
    if key != "/raw/":  # what is not put yet is on the disk of that machine alone
        two.run(*BACKFILL)
        assert two.rows() == local[0]
    one.run(*BACKFILL)
    assert one.rows() == local[0]


def test_killed_when_the_tables_were_put_and_before_the_machine_knew(machines, store, local):
    one, two = machines("one"), machines("two")
    one.run_killed(BACKFILL, "manifest", 0, is_done=True)
    two.run("status")
    assert two.rows() == local[0]
    one.run(*WATCH)
    assert two.rows() == local[0]
    assert one.rows() == local[0]


@pytest.mark.parametrize("skip", [0, 5])
def test_killed_while_it_pulls(machines, store, local, skip):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    two.run_killed(("stories",), ".parquet", skip, method="GET")
    two.run("stories")
    assert two.rows() == local[0]


# ---------------------------------------------------------------- a store that is not well


def test_faults_that_pass_are_not_noticed(machines, store, local):
    one = machines("one")
    store.fail("PUT GET", "", skip=9, times=4, status=500)
    one.run(*BACKFILL)
    assert one.rows() == local[0]


@pytest.mark.parametrize("words", ["/raw/k/", "manifest"])
def test_a_put_whose_answer_is_lost_is_known_to_be_done(machines, store, local, words):
    one = machines("one")
    store.fail("PUT", words, status=500, is_done=True)
    one.run(*BACKFILL)
    assert one.rows() == local[0]


def test_a_commit_whose_answer_is_lost_while_another_machine_goes_on_from_it(machines, store, local):
    one, two = machines("one"), machines("two")
    opened = one.folder / "opened"
    store.fail("PUT", "manifest", status=500, is_done=True, until=str(opened))
    first = one.start(*BACKFILL)
    go_on_while_it_waits(first, two, store, opened)
    for machine in (one, two):
        machine.run("status")
        assert machine.rows() == local[0]
        assert len(load(machine.mirror / "clean").runs) == 2
    bucket = two.data.split("/")[2]
    named = json.loads(store.read(bucket, "film/press/clean/.manifest.json"))["files"]
    assert {f"film/press/clean/{key}" for key in named.values()} <= set(store.keys(bucket, "film/press/clean"))


@pytest.mark.parametrize("is_done", [True, False])
@pytest.mark.parametrize("words", ["/raw/k/", "manifest", "/state/k"])
def test_a_put_that_is_broken_off_is_sent_again(machines, store, local, words, *, is_done):
    one = machines("one")
    store.fail("PUT", words, times=2, status=500, is_cut=True, is_done=is_done)
    one.run(*BACKFILL)
    assert one.rows() == local[0]


@pytest.mark.parametrize("words", [".probe", "/raw/k/", "manifest"])
def test_a_put_that_meets_another_is_sent_again(machines, store, local, words):
    one = machines("one")
    store.fail("PUT", words, status=409, code="ConditionalRequestConflict")
    one.run(*BACKFILL)
    assert one.rows() == local[0]


def test_a_memory_that_is_taken_away_while_it_is_fetched_is_made_again(machines, newsroom, store, local):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    store.fail("GET", "/state/k", status=404, code="NoSuchKey")
    newsroom.requests = []
    two.run(*BACKFILL)
    assert two.rows() == local[0]
    assert not set(asked(newsroom)) & set(load(one.mirror / "clean").articles["url"])


def test_memories_that_are_taken_away_are_put_again(machines, store):
    one = machines("one")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    memories = store.keys(bucket, "film/press/state")
    store.delete(bucket, *memories)
    one.run(*WATCH)
    assert store.keys(bucket, "film/press/state") == memories


def test_what_is_none_of_ours_is_left_alone(machines, store, local):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    foreign = {"state/": b"", "state/old/k.sqlite": b"a copy", "raw/k/2026-03/old/x.warc.gz": b"a copy", "raw/": b""}
    foreign |= {f"{folder}//x": b"a slip" for folder in ("raw", "state", "clean", "report")} | {"raw/./x": b"a slip"}
    for key, content in foreign.items():  # the first and the last are what Amazon's console calls a folder
        store.write(bucket, f"film/press/{key}", content)
    for machine in (one, two):
        machine.run(*WATCH)
        assert machine.rows() == local[0]


@pytest.mark.parametrize("content", [b"no database " * 1000, b""], ids=["damaged", "ahead of raw"])
def test_what_is_advised_for_a_memory_works_in_a_bucket(machines, newsroom, store, local, content):
    import obstore

    one = machines("one")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    if content:
        obstore.put(store.open(bucket), "film/press/state/k.sqlite", content)
    else:
        store.delete(bucket, *store.keys(bucket, "film/press/raw/k"))
    said = one.run("doctor", code=1)
    assert "--mend" not in said
    assert f"`aws s3 rm {one.data}/state/k.sqlite; rm -f {one.mirror}/state/k.sqlite`" in said
    store.delete(bucket, "film/press/state/k.sqlite")
    (one.mirror / "state" / "k.sqlite").unlink()
    one.run(*BACKFILL)
    assert "nothing is wrong" in one.run("doctor")
    assert {**one.rows(), "failures": ""} == {**local[0], "failures": ""}


def test_a_table_that_was_taken_away_is_named_with_what_makes_it_again(machines, store, local):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    lost = next(key for key in store.keys(bucket, "film/press/clean") if "/articles/" in key)
    store.delete(bucket, lost)
    said = two.run("stories", code=1)
    assert f"{lost} is not there" in said
    assert "delete it; `presswatch rebuild` makes the tables again" in said
    store.delete(bucket, "film/press/clean/.manifest.json")
    two.run("rebuild")
    assert {**two.rows(), "failures": ""} == {**local[0], "failures": ""}


@pytest.mark.parametrize("words", [WATCH, ("rebuild",)])
def test_a_machine_that_was_not_upgraded_changes_no_table_of_those_that_were(machines, newsroom, store, words):
    import obstore

    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    bucket = one.data.split("/")[2]
    make_newer(one.mirror / "clean")
    for key in store.keys(bucket, "film/press/clean"):
        place = re.sub(r"\.[0-9a-f]{12}\.parquet$", ".parquet", key.removeprefix("film/press/"))
        if place.endswith(".parquet"):
            obstore.put(store.open(bucket), key, (one.mirror / place).read_bytes())
    before, requests = store.keys(bucket, "film/press/clean"), len(newsroom.requests)
    manifest = store.read(bucket, "film/press/clean/.manifest.json")
    assert "upgrade presswatch" in two.run(*words, code=1)
    assert store.keys(bucket, "film/press/clean") == before
    assert store.read(bucket, "film/press/clean/.manifest.json") == manifest
    assert len(newsroom.requests) == requests


def test_a_warc_file_that_is_taken_away_while_it_is_fetched_is_named(machines, store, local):
    one = machines("one")
    one.run(*BACKFILL)
    store.fail("GET", "/raw/k/", status=404, code="NoSuchKey")
    assert "was taken away while this run went on: try again" in one.run("rebuild", code=3)
    assert one.rows() == local[0]


def test_a_commit_that_was_cut_short_is_not_put_over_what_others_left_since(machines):
    one, two = machines("one"), machines("two")
    one.run(*BACKFILL)
    clean, stage = one.mirror / "clean", one.mirror / ".spool" / "dead"
    shutil.copytree(clean, stage)
    places = [path.relative_to(clean).as_posix() for path in clean.rglob("*") if path.is_file()]
    two.run("forget", FORGOTTEN)
    one.run("stories")
    journal = {"moves": {f".spool/dead/{place}": f"clean/{place}" for place in places}, "gone": []}
    (one.mirror / ".spool" / "commit.json").write_text(json.dumps(journal))  # as a kill before the renames leaves it
    one.run(*WATCH)
    assert FORGOTTEN not in set(load(one.mirror / "clean").articles["url"])
    assert one.rows() == two.rows()


@pytest.mark.timeout(600)
def test_a_store_that_is_started_again_is_waited_for(machines, store, local):
    one = machines("one")
    process = one.start(*BACKFILL)
    store.fail("PUT GET", "clean", times=9999, status=503, code="SlowDown")
    time.sleep(15)
    assert process.poll() is None, process.communicate()
    store.heal()
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert one.rows() == local[0]


def test_slow_store_is_waited_for(machines, store, local):
    one = machines("one")
    store.fail("PUT GET", "", times=500, wait_s=0.2)
    one.run(*BACKFILL)
    assert one.rows() == local[0]


def test_store_that_fails_for_good_ends_the_run_and_what_was_fetched_is_put_by_the_next(
    machines, newsroom, store, local
):
    one = machines("one")
    store.fail("PUT", "/raw/", times=9999, status=500)
    assert "does not answer as it should" in one.run(*BACKFILL, code=3)
    store.heal()
    newsroom.requests = []
    one.run(*BACKFILL)
    assert one.rows() == local[0]
    assert not set(asked(newsroom)) & set(load(one.mirror / "clean").articles["url"])


# ---------------------------------------------------------------- what is not right is said


def test_bucket_that_is_not_there(machines):
    one = machines("one")
    one.data = "s3://no-such-bucket/press"
    for words in (WATCH, ("stories",)):
        assert "`aws s3 mb s3://no-such-bucket` makes it" in one.run(*words, code=4)


def test_machine_that_may_read_and_not_put_learns_it_before_the_first_request(machines, newsroom, store):
    one = machines("one")
    store.fail("PUT", "", times=99, status=403, code="AccessDenied")
    newsroom.requests = []
    assert "access is refused (AccessDenied" in one.run(*WATCH, code=4)
    assert not newsroom.requests


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (400, "ExpiredToken", "(and AWS_SESSION_TOKEN, where there is one) anew"),
        (403, "RequestTimeTooSkewed", "set the clock of this machine"),
        (403, "InvalidObjectState", "archived objects: restore them"),
    ],
)
def test_a_refusal_that_rights_would_not_help_says_what_does(machines, store, status, code, told):
    store.fail("GET", "", times=99, status=status, code=code)
    assert told in machines("one").run("stories", code=4)


def test_wrong_credentials(machines, tmp_path):
    (tmp_path / "guarded").mkdir()
    process, guarded = serve(tmp_path / "guarded", INITIAL_NO_AUTH_ACTION_COUNT="1")
    try:
        one = machines("one")
        one.store = guarded
        guarded.make_bucket("guarded")
        one.data = "s3://guarded/press"
        said = one.run("stories", code=4)
    finally:
        process.terminate()
        process.wait()
    assert "access is refused" in said
    assert "AWS_ACCESS_KEY_ID" in said


def test_no_credentials(machines, monkeypatch):
    one = machines("one")
    one.store = Store(one.store.url, one.store.faults, {"AWS_EC2_METADATA_DISABLED": "true"})
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    assert "no credentials are found: set AWS_ACCESS_KEY_ID" in one.run("stories", code=4)


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "minio", "http://", "https://a b"])
def test_an_endpoint_that_is_no_address_is_told(machines, monkeypatch, name, endpoint):
    one = machines("one")
    monkeypatch.setitem(one.store.environment, name, endpoint)
    said = one.run("stories", code=4)
    assert f"{name} is {endpoint!r}: an address like https://s3.example.org is wanted" in said


def test_empty_variables_of_the_store_count_as_not_set(machines, monkeypatch):
    one = machines("one")
    for name in ("AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_REGION"):
        monkeypatch.setitem(one.store.environment, name, "")
    assert "no tables" in one.run("stories", code=2)
    monkeypatch.setitem(one.store.environment, "AWS_ACCESS_KEY_ID", "")
    monkeypatch.setitem(one.store.environment, "AWS_SECRET_ACCESS_KEY", "")
    assert "no credentials are found: set AWS_ACCESS_KEY_ID" in one.run("stories", code=4)


def test_store_that_ignores_conditions_is_refused(machines, newsroom, store):
    one = machines("one")
    store.fail("PUT", "", times=99, is_blind=True)
    newsroom.requests = []
    assert "ignores `If-None-Match: *`" in one.run(*WATCH, code=4)
    assert not newsroom.requests


def test_obstore_that_is_not_installed(machines):
    one = machines("one")
    hidden = "import sys; sys.modules['obstore'] = None; from presswatch.cli import main; main(sys.argv[1:])"
    process = one.start("stories", program=("-c", hidden))
    _, err = process.communicate()
    assert process.returncode == 4
    assert "pip install 'presswatch[s3]'" in err


@pytest.mark.parametrize(("words", "told"), [(("demo",), "--data demo"), (("doctor", "--mend"), "presswatch rebuild")])
def test_what_does_not_work_on_a_bucket_says_what_does(machines, words, told):
    one = machines("one")
    assert told in one.run(*words, code=2)


def test_mirror_of_another_bucket_is_not_touched(machines):
    one = machines("one")
    one.run("stories", code=2)
    one.data += "-other"
    assert "`[storage] local` is to name another folder" in one.run("stories", code=4)


def test_a_mirror_that_cannot_be_written_names_what_chooses_another(machines):
    one = machines("one")
    one.mirror.write_text("stands where the folder is to be")
    said = one.run("stories", code=3)
    assert "`[storage] local` names another folder for the mirror" in said


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("data", ["s3://bucket/a/b", "s3:/bucket/a/b", "s3://bucket/a/b/", Path("s3://bucket/a/b")])
def test_address_of_a_bucket(data):
    settings = load_settings(data=data, environ={})
    assert settings.bucket == "s3://bucket/a/b"
    assert settings.data.name.startswith("bucket--a--b")


def test_mirrors_of_two_endpoints_are_two(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://one:9000")
    first = load_settings(data="s3://bucket", environ={}).data
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://two:9000")
    assert load_settings(data="s3://bucket", environ={}).data != first


@pytest.mark.parametrize("data", ["s3://", "s3:bucket", "gs://bucket/press", "s3://bucket/../press"])
def test_address_that_is_none(data, tmp_path):
    (tmp_path / "presswatch.toml").write_text(f'data = "{data}"\n')
    with pytest.raises(ConfigError, match="s3://bucket/prefix"):
        load_settings(tmp_path, environ={})


def test_large_file_is_put_in_parts(store, tmp_path):
    from presswatch.storage.bucket import Bucket

    bucket = Bucket(f"s3://{store.make_bucket('large')}/press")
    large, back = tmp_path / "large", tmp_path / "back"
    large.write_bytes(os.urandom(1024) * 70 * 1024)
    etag = bucket.put("raw/large", large, etag="")
    assert bucket.fetch("raw/large", back) == etag
    assert back.read_bytes() == large.read_bytes()


def test_tables_that_no_bucket_has(machines, store, monkeypatch, tmp_path):
    one = machines("one")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "analyst"))
    with pytest.raises(UsageError, match="no tables at s3://"):
        load(f"{one.data}/clean")
