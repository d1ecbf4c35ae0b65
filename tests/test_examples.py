"""Every example in the help of every command: it runs, in a folder such as the help speaks of."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest
import typer
from backports import zstd

from presswatch.cli import app
from test_docs import fault_of, run_script

# What asks a site outside this machine; tests/registrar has it ask one on loopback. Its words are looked at here.
OUTSIDE = r"presswatch outlets (add|record) https://"


def examples():
    """The commands in the help of every command, and of every group."""
    waiting = [typer.main.get_command(app)]
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        for line in (command.epilog or "").splitlines():
            if line.startswith("  presswatch "):
                yield line.strip()


EXAMPLES = sorted(set(examples()))


@pytest.fixture
def world(ran, workplace):
    """The newsroom's settings and data, under the ids of outlets that the help names, and files to take in."""
    folder = workplace
    for own, named in {"k": "indiewire", "lanternpost": "filmstage", "reelbeacon": "my-outlet"}.items():
        text = (folder / "outlets" / f"{own}.toml").read_text("utf-8")
        (folder / "outlets" / f"{own}.toml").unlink()
        written = re.sub(r'^id = ".*"$', f'id = "{named}"', text, flags=re.MULTILINE)
        (folder / "outlets" / f"{named}.toml").write_text(written, "utf-8")
        settings = (folder / "presswatch.toml").read_text("utf-8")
        (folder / "presswatch.toml").write_text(settings.replace(f'"{own}"', f'"{named}"'), "utf-8")
    for name in ("saved", "folder"):
        (folder / name).mkdir()
        for page in Path(__file__).parent.glob("outlets/filmstage/*.html"):
            shutil.copy(page, folder / name)
    warc = next((ran.data / "raw" / "k").glob("*/*.warc.gz"))
    shutil.copy(warc, folder / "crawl.warc.gz")
    (folder / "crawl.warc.zst").write_bytes(zstd.compress(gzip.decompress(warc.read_bytes())))
    (folder / "review.txt").write_text("A Word on Harbors\nThe harbor cinema opens in May.\nIt has nine rows.\n")
    (folder / "list.txt").write_text("http://kmagazine.test/fashion/the-case-for-one-good-coat\n")
    return folder


def test_every_command_has_one():
    assert len(EXAMPLES) > 40


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_runs(example, world):
    if re.match(OUTSIDE, example):
        assert not fault_of(example)
        return
    if example == "presswatch init":
        (world / "presswatch.toml").unlink()
    command = example if shutil.which("jq") else example.partition(" | jq")[0]
    done = run_script(world, command)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
