"""What a shell completes, over the demo's data: as the scripts ask that `--install-completion` puts into a shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from presswatch.completing import complete_stories
from presswatch.tables import TABLES, make_arrow, write_arrow

COMMAND = [sys.executable, "-m", "presswatch"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


@pytest.fixture
def complete(call, monkeypatch):
    """What bash is offered for the last of some words."""

    def complete(*words):
        monkeypatch.setenv("_PRESSWATCH_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(["presswatch", *map(str, words)]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        code, out, err = call()
        assert (code, err) == (0, "")
        return out.split()

    return complete


def test_commands_and_options_are_completed(complete):
    assert complete("wa") == ["watch"]
    assert complete("outlets", "ch") == ["check"]
    assert "--dry-run" in complete("backfill", "--")


def test_outlets_are_completed_with_those_of_ones_own(complete, tmp_path):
    assert complete("watch", "--outlet", "indie") == ["indiewire"]
    assert complete("outlets", "check", "films") == ["filmstage"]
    (tmp_path / "presswatch.toml").write_text('outlets = "mine"\n')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "indigo-press.toml").write_text(
        'id = "indigo-press"\nname = "Indigo"\nhosts = ["indigo.example"]\n'
    )
    assert complete("watch", "--outlet", "indi") == ["indiewire", "indigo-press"]
    (tmp_path / "presswatch.toml").write_text("outlets = 7\n")
    assert complete("watch", "--outlet", "indi") == []


def test_stories_are_completed_by_id_and_by_words(complete, ran):
    main = ran.demonstration.story_id
    stories = ran.tables.stories
    newest_first = stories.sort_values(["last_published_at", "story_id"], ascending=False)["story_id"].tolist()
    assert complete("show", "--data", ran.data, "") == newest_first
    assert complete("show", "--data", ran.data, main[:6]) == [main]
    assert complete("stories", "--data", ran.data, "rega") == ["regatta"]
    assert complete("stories", "--data", "none", "") == []


def test_runs_are_completed_newest_first(complete, ran):
    runs = sorted(ran.tables.runs["run_id"], reverse=True)
    assert complete("failures", "--data", ran.data, "--run", "20") == runs


@pytest.mark.parametrize(
    ("shell", "asked"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "presswatch show --data {data} {main}"}),
        (
            "fish",
            {
                "_TYPER_COMPLETE_ARGS": "presswatch show --data {data} {main}",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
        ),
    ],
)
def test_zsh_and_fish_have_headlines_beside_the_ids(call, monkeypatch, ran, shell, asked):
    main = ran.demonstration.story_id
    monkeypatch.setenv("_PRESSWATCH_COMPLETE", f"complete_{shell}")
    for name, words in asked.items():
        monkeypatch.setenv(name, words.format(data=ran.data, main=main[:8]))
    code, out, err = call()
    assert (code, err) == (0, "")
    assert main in out
    assert "Orvane and Maud Ellery Quist" in out


def test_words_of_strangers_do_nothing_in_a_shell(complete, tmp_path):
    """zsh evaluates what it is offered, and bash types it for the user."""
    hostile = 'Ferry\'"\\" $(touch owned) `touch owned`; touch owned #[red] naïve-café'
    row = {"story_id": "56bb0a88c3fec64a", "headline": hostile, "topics": "$(touch owned)"}
    write_arrow(make_arrow(TABLES["stories"], [row]), tmp_path / "data" / "clean" / "stories" / "2026-03.parquet")
    for begun in ("", "f", "$", "t", "n"):
        for offered, remark in complete_stories(None, begun):
            assert all(char.isalnum() or char in "-_" for char in offered)
            assert all(char.isalnum() or char in " .,-_" for char in remark)
    assert complete("show", "na") == ["naïve-café"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_shown(shell):
    environment = dict(os.environ, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    words = [*COMMAND, "--show-completion", shell]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=True)
    assert f"complete_{shell}" in done.stdout
    assert "_PRESSWATCH_COMPLETE" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_bash_completes_by_the_script_that_is_installed(ran, tmp_path):
    home = tmp_path / "home"
    commands = tmp_path / "commands"
    for folder in (home, commands):
        folder.mkdir()
    (commands / "presswatch").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m presswatch "$@"\n')
    (commands / "presswatch").chmod(0o755)
    environment = {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",
    }
    installed = [*COMMAND, "--install-completion", "bash"]
    subprocess.run(installed, env=environment, capture_output=True, check=True)
    begun = ran.demonstration.story_id[:8]
    script = f"""
        source "$HOME/.bashrc"
        COMP_WORDS=(presswatch show --data {ran.data} {begun}); COMP_CWORD=4
        _presswatch_completion presswatch
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "--norc", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"{ran.demonstration.story_id}\n"
