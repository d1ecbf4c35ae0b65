"""A folder of its own for every test, with the demo's data and settings for the newsroom."""

from __future__ import annotations

import json
import shutil

import pytest

from presswatch.demo.newsroom import Newsroom, write_settings


@pytest.fixture
def folder(ran, tmp_path, monkeypatch):
    """The demo's data in the current folder; nothing is served."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    shutil.copytree(ran.data, tmp_path / "data")
    with Newsroom(edition=2) as newsroom:
        write_settings(tmp_path / "presswatch.toml", newsroom)
    return tmp_path


@pytest.fixture
def newsroom(folder):
    """The same, with settings for a newsroom that is served."""
    with Newsroom(edition=2) as newsroom:
        write_settings(folder / "presswatch.toml", newsroom)
        yield newsroom


@pytest.fixture
def run(newsroom, call):
    """Runs a command with --json beside the newsroom; gives its exit code and what it printed, or its messages."""

    def run(*words):
        code, out, err = call(*words, "--json", "-q")
        return code, json.loads(out) if out else err

    return run
