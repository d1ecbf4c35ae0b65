"""Batches that were read and are in no table yet: a killed run leaves them, and the next one goes on from there.

Reading is the dear part of a rebuild, and of a large backfill. A batch is kept under what it was made by: the code and
the libraries, the outlet files, the settings that reading follows and the list of what is forgotten. Where one of these
is another one, it is read again; so is a batch of other WARC files, or one that is not whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path

from presswatch.engine import code_digest
from presswatch.forgotten import load_forgotten
from presswatch.outlets import Registry
from presswatch.settings import Settings
from presswatch.storage import DataDir, sync_folder
from presswatch.tables.merge import READ_TABLES

_TABLES = (*READ_TABLES, "failures")
_WARCS = "warcs.json"  # of a batch: the WARC files that it was read from


class Kept:
    """The batches of one data folder that were read as they would be now. Whoever uses it holds the folder."""

    def __init__(self, data: DataDir, settings: Settings, outlets: Registry) -> None:
        self._data, self._settings, self._outlets = data, settings, outlets

    @cached_property
    def _folder(self) -> Path:
        """Where they lie. Worked out where there is something to read: it takes a look at every file of presswatch."""
        read_by = repr((self._settings.extract, self._settings.topics))
        forgotten = load_forgotten(self._data.root).to_bytes().decode()
        return self._data.kept / _digest(code_digest(), self._outlets.digest(), read_by, forgotten)

    def batches(self, unread: Collection[str]) -> list[tuple[str, ...]]:
        """The batches of which every WARC file is unread, each told by those, relative to the data folder.

        Batches that were read by other code or settings are removed.
        """
        if not self._data.kept.is_dir():
            return []
        for other in self._data.kept.glob("*"):
            if other != self._folder:
                shutil.rmtree(other)
        left = set(unread)
        found = []
        for path in sorted(self._folder.glob(f"*/{_WARCS}")):
            try:
                warcs = tuple(json.loads(path.read_bytes()))
            except ValueError:
                continue
            if left.issuperset(warcs) and self.find(warcs) == path.parent:
                left.difference_update(warcs)
                found.append(warcs)
        return found

    def find(self, warcs: Sequence[str]) -> Path | None:
        """The folder of a batch; None where it is to be read."""
        folder = self._place(warcs)
        is_whole = all((folder / name).is_file() for name in (_WARCS, *(f"{table}.parquet" for table in _TABLES)))
        return folder if is_whole else None

    def keep(self, warcs: Sequence[str], staged: Path) -> Path:
        """Put a batch that was read in its place, whole or not at all. Returns: its folder."""
        (staged / _WARCS).write_text(json.dumps(warcs), "utf-8")
        sync_folder(staged)
        place = self._place(warcs)
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists():
            shutil.rmtree(place)
        return staged.rename(place)

    def files(self, batches: Iterable[Path]) -> list[Path]:
        """The files of batches, which go with the commit that puts these into the tables."""
        return [path for folder in batches for path in sorted(folder.iterdir())]

    def throw_away(self, batch: Path) -> None:
        """Remove a batch that is damaged."""
        shutil.rmtree(batch)

    def _place(self, warcs: Sequence[str]) -> Path:
        sizes = [str(self._data.size_of(self._data.root / warc)) for warc in warcs]
        return self._folder / _digest(*warcs, *sizes)


def _digest(*told: str) -> str:
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
