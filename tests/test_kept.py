"""What a killed run has read is not read again, and never taken for something else."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from presswatch.desk import diagnose, examine
from presswatch.errors import DamagedError
from presswatch.pipeline import Plan, compare, run_plan
from presswatch.settings import Settings, Topic
from presswatch.tables import load
from stored import stored_rows

REBUILD = Plan(command="rebuild", is_rebuild=True)
OFFLINE = Plan(command="compare", is_offline=True)


class Killed(Exception):  # noqa: N818 - not an error, but the end
    """What ends a run in the middle."""


def die_before_comparing(stage, run, items):
    if stage is compare:
        raise Killed
    return [stage(run, item) for item in items]


def carry_out(settings, plan=REBUILD, **more):
    """Carry out a plan; gives the files that pages were read from."""
    read = set()

    def progress(stage, _done, _total, what):
        if stage == "read":
            read.add(what)

    run_plan(settings, plan, progress=progress, **more)
    return read


@pytest.fixture
def settings(ran, tmp_path):
    """A data folder of which a rebuild was killed when everything had been read."""
    settings = Settings(data=shutil.copytree(ran.data, tmp_path / "data"))
    with pytest.raises(Killed):
        carry_out(settings, each=die_before_comparing)
    return settings


def batches(settings):
    return sorted(settings.data.glob(".spool/read/*/*"))


def test_it_is_not_read_again(settings, tmp_path):
    other = Settings(data=shutil.copytree(settings.data, tmp_path / "other"))
    shutil.rmtree(other.data / ".spool" / "read")
    assert carry_out(other)
    assert carry_out(settings) == set()
    assert stored_rows(settings.data) == stored_rows(other.data)
    assert not (settings.data / ".spool" / "read").exists()
    assert carry_out(settings), "kept for that run alone"


def test_a_run_that_reads_nothing_of_it_leaves_it(settings):
    before = batches(settings)
    carry_out(settings, OFFLINE)
    assert batches(settings) == before
    assert carry_out(settings) == set()


def other_topics(settings):
    return replace(settings, topics=(Topic(name="boats", any=("boat",)),))


def without_a_table(settings):
    for folder in batches(settings):
        (folder / "mentions.parquet").unlink()
    return settings


def without_a_file_of_raw(settings):
    next(settings.data.glob("raw/*/*/*.gz")).unlink()
    return settings


def with_a_file_of_raw_that_was_mended(settings):
    path = next(settings.data.glob("raw/*/*/*.gz"))
    path.write_bytes(path.read_bytes()[:-200])
    return settings


@pytest.mark.parametrize(
    "change", [other_topics, without_a_table, without_a_file_of_raw, with_a_file_of_raw_that_was_mended]
)
def test_what_was_read_otherwise_or_is_not_whole_is_read_again(settings, change):
    assert carry_out(change(settings))


def test_a_damaged_batch_is_thrown_away_and_read_by_the_next_run(settings):
    path = batches(settings)[0] / "articles.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DamagedError, match="start the run again"):
        carry_out(settings)
    assert carry_out(settings)


def test_what_is_forgotten_is_in_no_batch(settings):
    url = load(settings.data / "clean").articles["url"].iloc[0]
    with pytest.raises(Killed):
        run_plan(settings, Plan(command="forget", forget=(url,)), each=die_before_comparing)
    assert not batches(settings)


def test_it_is_no_ailment(settings):
    carry_out(settings, OFFLINE)
    assert batches(settings)
    assert not [one for one in diagnose(examine(settings)) if one.check == "spool"]
