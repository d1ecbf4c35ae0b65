"""`python -m presswatch.demo` and the settings it writes."""

import signal
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from presswatch.demo import OUTLET_IDS, Newsroom, know_newsroom, write_settings
from presswatch.demo.__main__ import main
from presswatch.errors import UsageError
from presswatch.outlets import load_outlets
from presswatch.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def no_user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))


def test_written_settings_are_those_of_the_newsroom(newsroom: Newsroom, tmp_path: Path) -> None:
    write_settings(tmp_path / "presswatch.toml", newsroom)
    told = load_settings(tmp_path, environ={})
    assert told == replace(newsroom.make_settings(tmp_path / "data"), outlets_folder=tmp_path / "outlets")
    assert told.fetch.resolve == newsroom.resolve
    assert set(told.collect_outlets) <= set(load_outlets(told.outlets_folder))


def test_a_folder_of_somebody_elses_is_not_taken_for_the_demos(tmp_path: Path) -> None:
    own = Settings(data=tmp_path)
    assert know_newsroom(own) == own
    for outlet_id in (*OUTLET_IDS, "indiewire"):
        (tmp_path / "raw" / outlet_id).mkdir(parents=True)
    assert know_newsroom(own) == own
    (tmp_path / "raw" / "indiewire").rmdir()
    assert set(load_outlets(know_newsroom(own).outlets_folder)) > set(OUTLET_IDS)
    mine = replace(own, outlets_folder=tmp_path)
    assert know_newsroom(mine) == mine


def test_outlet_files_lie_beside_the_settings_and_keep_what_was_written_there(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    write_settings(tmp_path / "presswatch.toml", newsroom)
    own = tmp_path / "outlets" / "lanternpost.toml"
    packaged = newsroom.outlets_dir / "lanternpost.toml"
    assert own.read_bytes() == packaged.read_bytes()
    own.write_text(own.read_text("utf-8") + "# mine\n", "utf-8")
    write_settings(tmp_path / "presswatch.toml", newsroom)
    assert own.read_text("utf-8").endswith("# mine\n")


def test_settings_with_awkward_folders_are_still_read(newsroom: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / 'a "b" \\ ü'
    write_settings(tmp_path / "presswatch.toml", newsroom, data=folder)
    assert load_settings(tmp_path, environ={}).data == folder


def test_the_newsroom_is_served_until_it_is_interrupted(tmp_path: Path) -> None:
    settings = tmp_path / "presswatch.toml"
    command = [sys.executable, "-m", "presswatch.demo", "--port", "0", "--edition", "2", "--settings", str(settings)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = [process.stdout.readline()]
        while "Ctrl-C" not in told[-1]:
            told.append(process.stdout.readline())
        address = tomllib.loads(settings.read_text("utf-8"))["fetch"]["resolve"]["lanternpost.test"]
        request = Request(f"http://{address}/atom.xml", headers={"Host": "lanternpost.test"})
        with urlopen(request, timeout=10) as response:
            assert "Caretaker" in response.read().decode()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert "http://kmagazine.test/" in "".join(told)
    assert "presswatch watch" in "".join(told)


def test_a_taken_port_ends_with_2_and_the_reason(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", str(newsroom.port)]) == 2
    told = capsys.readouterr().err
    assert f"port {newsroom.port} cannot be had" in told
    assert "`--port 0` takes any that is free" in told


def test_settings_are_written_over_those_of_a_newsroom_only(newsroom: Newsroom, tmp_path: Path) -> None:
    settings = tmp_path / "presswatch.toml"
    write_settings(settings, newsroom, data=tmp_path / "old")
    write_settings(settings, newsroom)
    assert load_settings(tmp_path, environ={}).data == tmp_path / "data"
    settings.write_text("# mine\n", "utf-8")
    with pytest.raises(UsageError, match="is here already, and stays as it is"):
        write_settings(settings, newsroom)
    assert settings.read_text("utf-8") == "# mine\n"


def test_settings_that_cannot_be_written_end_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "0", "--settings", str(tmp_path / "no" / "such" / "folder.toml")]) == 3
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--edition", "3"], ["--port", "x"]])
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "usage" in capsys.readouterr().err
