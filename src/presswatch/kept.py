"""Batches that were read and are in no table yet: a killed run leaves them, and the next one goes on from there.

Reading is the dear part of a rebuild, and of a large backfill. A batch is kept under what it was made by: the code, the
outlet files, the settings that reading follows and the list of what is forgotten. Where one of these is another one, it
is read again; so is a batch that is not there, or not whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import presswatch
from presswatch.forgotten import load_forgotten
from presswatch.outlets import Registry
from presswatch.settings import Settings
from presswatch.storage import DataDir, sync_folder

_FILES = "files.json"  # of a batch: the WARC files that it was read from


class Kept:
    """The batches of one data folder that were read as they would be now; others are removed.

    Whoever uses it holds the folder.
    """

    def __init__(self, data: DataDir, settings: Settings, outlets: Registry) -> None:
        self._data = data
        self._folder = data.kept / _made_by(data, settings, outlets)
        for other in data.kept.glob("*"):
            if other != self._folder:
                shutil.rmtree(other, ignore_errors=True)

    def batches(self, unread: Collection[str]) -> list[tuple[str, ...]]:
        """The batches of which every WARC file is unread, each told by those, relative to the data folder."""
        left = set(unread)
        found = []
        for path in sorted(self._folder.glob(f"*/{_FILES}")):
            warcs = tuple(json.loads(path.read_bytes()))
            if left.issuperset(warcs):
                left.difference_update(warcs)
                found.append(warcs)
        return found

    def find(self, warcs: Sequence[str]) -> Path | None:
        """The folder of a batch; None where it is to be read."""
        folder = self._place(warcs)
        return folder if (folder / _FILES).exists() else None

    def keep(self, warcs: Sequence[str], staged: Path) -> Path:
        """Put a batch that was read in its place, whole or not at all. Returns: its folder."""
        (staged / _FILES).write_text(json.dumps(warcs), "utf-8")
        sync_folder(staged)
        place = self._place(warcs)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        return staged.rename(place)

    def clear(self) -> None:
        """Remove all batches: they are in the tables."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _place(self, warcs: Sequence[str]) -> Path:
        return self._folder / _digest("\n".join(warcs))


def _made_by(data: DataDir, settings: Settings, outlets: Registry) -> str:
    """What reading a page follows besides the page, in a few letters."""
    known = [outlets[outlet_id] for outlet_id in sorted(outlets)]
    forgotten = load_forgotten(data.root).to_bytes()
    return _digest(repr((_code(), known, settings.extract, settings.topics, forgotten)))


@cache
def _code() -> str:
    """The code of this presswatch."""
    found = hashlib.sha256()
    for path in sorted(Path(presswatch.__file__).parent.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def _digest(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()[:16]
