"""The list of WARC files that the tables were made of, and what is not in it yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from presswatch.archive import holds_articles
from presswatch.errors import DamagedError
from presswatch.storage import DataDir

LEDGER = ".read.json"  # in data/clean: which WARC files the tables were made of, and by which version


def read_ledger(data: DataDir) -> dict[str, str]:
    """The WARC files that the tables were made of, relative to the data folder, each with the version that read it.

    Raises: DamagedError.
    """
    path = data.clean / LEDGER
    try:
        ledger: dict[str, str] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise DamagedError(f"{path} is damaged ({error}); `presswatch rebuild` makes it again from data/raw") from error
    return ledger


def stage_ledger(data: DataDir, stage: Path, ledger: Mapping[str, str]) -> dict[Path, Path]:
    """Write what `read_ledger` reads into a stage; gives the move that puts it in its place."""
    staged = stage / "ledger.json"
    staged.write_text(json.dumps(ledger, indent=0, sort_keys=True), "utf-8")
    return {staged: data.clean / LEDGER}


def list_unread(data: DataDir) -> list[str]:
    """The WARC files that hold an article and that the tables were not made of yet, relative to the data folder.

    Raises: DamagedError where the ledger cannot be read.
    """
    stored = data.stream(data.root / path for path in list_unlisted(data))
    return [data.relative(path) for path in stored if holds_articles(path)]


def list_unlisted(data: DataDir) -> list[str]:
    """The WARC files that are not in the ledger: unread ones, and those without an article since it was written last.

    It is written with the tables only, so that a run without news writes nothing.
    """
    ledger = read_ledger(data)
    return [path for path in list_stored(data) if path not in ledger]


def list_stored(data: DataDir) -> list[str]:
    """The WARC files of data/raw, relative to the data folder."""
    return [data.relative(path) for path in data.raw_files()]
