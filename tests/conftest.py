"""What several rooms' tests share: the newsroom, run through the whole pipeline once, and commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same examples in every run: a test fails, or it does not. `make fuzz` draws new ones, and many.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("fuzz", deadline=None, max_examples=5_000)
settings.load_profile("house")

Call = Callable[..., tuple[int, str, str]]

TRUTH = Path(__file__).parent / "demo" / "truth.json"


@dataclass(frozen=True)
class Ran:
    """The demo, run once for all tests: its data folder, what it said, and what is true of it."""

    data: Path
    demonstration: Any
    truth: dict[str, Any]

    @property
    def tables(self) -> Any:
        from presswatch import load

        return load(self.data / "clean")

    def article_id(self, name: str) -> str:
        """The id of an article by its name in truth.json."""
        found = self.tables.articles
        return str(found.loc[found["url"] == self.truth["articles"][name]["url"], "article_id"].iloc[0])


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    from presswatch.demo.show import run_demo
    from presswatch.settings import Settings

    data = tmp_path_factory.mktemp("demo") / "data"
    done = run_demo(Settings(data=data), progress=lambda *_: None)
    return Ran(data, done, json.loads(TRUTH.read_text("utf-8")))


@pytest.fixture(scope="module")
def second_edition() -> Iterator[Any]:
    """The newsroom some days later, while the tests of a file run."""
    from presswatch.demo.newsroom import Newsroom

    with Newsroom(edition=2) as served:
        yield served


@pytest.fixture
def workplace(ran: Ran, second_edition: Any, tmp_path: Path) -> Path:
    """A folder with the newsroom's settings and data."""
    from presswatch.demo.newsroom import write_settings

    folder = tmp_path / "work"
    shutil.copytree(ran.data, folder / "data")
    write_settings(folder / "presswatch.toml", second_edition)
    return folder


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command in this process; gives its exit code, stdout and stderr."""
    from presswatch.cli import run_command

    def call(*words: object) -> tuple[int, str, str]:
        code = run_command([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "fault of its own" not in err
        return code, out, err

    return call


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, without a user's settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
