"""A folder of this machine that has what a bucket has, so that everything else reads and writes files.

In the bucket, tables are files that never change, each under a name of its own, and `clean/.manifest.json` says which
of them are the tables. A commit puts new files, then the manifest, under the condition that it is still the one that
the commit was made from: that one put is when the tables change, for everybody and all at once. Who comes late has
changed nothing, pulls, and compares again. See docs/storage.md.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from presswatch.errors import ConfigError, DamagedError, DiskError, OvertakenError, SchemaError
from presswatch.storage.bucket import Bucket, Found, Unmet

MANIFEST = "clean/.manifest.json"
NOTE = ".bucket.json"  # in the mirror: what of the bucket it has
_FORGOTTEN = "forgotten.json"
_VERSION = 1
_HANDS = 8  # requests at once
_PULLS = 5  # while others commit: each takes away the files that it replaces
_LEFT_OVER = timedelta(days=1)  # after which a file that no manifest names is of no run that is still at work

Result = TypeVar("Result")


@dataclass
class _Note:
    """What the mirror has of the bucket: etags, and the keys of tables by their places."""

    address: str
    manifest: str = ""
    files: dict[str, str] = field(default_factory=dict)
    forgotten: str = ""
    memories: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)  # of memories, as they were put or pulled


class Mirror:
    """The mirror of a bucket in a folder, under the folder's lock in one hand at a time.

    `write` puts a file in place atomically; it is storage's own.

    Raises: ConfigError, DiskError from every method, as `Bucket`.
    """

    def __init__(self, root: Path, address: str, write: Callable[[Path, bytes], None]) -> None:
        self._root, self._write = root, write
        self.bucket = Bucket(address)
        self._note: _Note | None = None
        self._raw: dict[str, Found] | None = None  # what lies in the bucket's raw, by its place
        self._superseded: set[str] = set()  # by the commit that is being made

    # ------------------------------------------------------------ pulling

    def pull(self) -> None:
        """Have the folder agree with the bucket: tables, the list of what is forgotten, memories. Not raw.

        Cost: three requests where nothing has changed, and one for each changed file.
        """
        self.pull_tables()
        self.pull_memories()

    def pull_tables(self) -> None:
        """As `pull`, but for the memories, which a run goes on writing."""
        self._raw = None
        self._pull_tables()
        self._pull_forgotten()

    def _pull_tables(self) -> None:
        note = self._note = self._read_note()
        seen = None
        for _ in range(_PULLS):
            got = self.bucket.get(MANIFEST, unless=note.manifest)
            if got and got[1] == note.manifest:
                return
            files, etag = (_read_manifest(got[0], self.bucket.address), got[1]) if got else ({}, "")
            changed = [place for place, key in files.items() if self._is_missing(note, place, key)]
            try:
                self._fetch_all({f"clean/{files[place]}": self._root / "clean" / place for place in changed})
            except FileNotFoundError as error:
                if etag == seen:  # else it was replaced meanwhile, and the manifest with it
                    raise _damaged(self.bucket.address, f"{error.filename} is not there") from None
                seen = etag
                continue
            for path in self._files_in("clean"):
                if path.relative_to(self._root / "clean").as_posix() not in files:
                    path.unlink()
            note.manifest, note.files = etag, files
            self._save_note()
            return
        raise OvertakenError(f"{self.bucket.address}: the tables were changed {_PULLS} times while they were read")

    def _is_missing(self, note: _Note, place: str, key: str) -> bool:
        return note.files.get(place) != key or not (self._root / "clean" / place).exists()

    def _pull_forgotten(self) -> None:
        note, path = self._noted, self._root / _FORGOTTEN
        got = self.bucket.get(_FORGOTTEN, unless=note.forgotten if path.exists() else "")
        if got is None:
            path.unlink(missing_ok=True)
        elif got[1] != note.forgotten or not path.exists():
            self._write(path, got[0])
        note.forgotten = got[1] if got else ""
        self._save_note()

    def pull_memories(self) -> None:
        """Take the memories that other machines have put. One that this machine has changed since stays."""
        note, changed = self._noted, dict[str, Path]()
        found = {PurePosixPath(one.key): one.etag for one in self.bucket.listing("state")}
        etags = {path.name: etag for path, etag in found.items() if path.match("state/*.sqlite")}
        for noted in (note.memories, note.digests):  # what was taken away there is to be put again
            for name in noted.keys() - etags.keys():
                del noted[name]
        for name, etag in etags.items():
            path = self._root / "state" / name
            if note.memories.get(name) != etag or not path.exists():
                changed[f"state/{name}"] = path
                for ending in ("", "-wal", "-shm"):  # a log would be taken for the new file's
                    path.with_name(name + ending).unlink(missing_ok=True)
        with contextlib.suppress(FileNotFoundError):  # taken away just now: raw makes up for it
            self._fetch_all(changed)
        for path in (path for path in changed.values() if path.exists()):
            note.memories[path.name], note.digests[path.name] = etags[path.name], _digest(path)
        self._save_note()

    def _fetch_all(self, wanted: Mapping[str, Path]) -> None:
        """Fetch objects into their places, some at once; each is there whole or not at all."""

        def fetch(key: str, path: Path) -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = self._spool / f"{secrets.token_hex(8)}.part"
            try:
                self.bucket.fetch(key, part)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

        self._spool.mkdir(parents=True, exist_ok=True)
        _do_all(fetch, wanted.items())

    def doubt_tables(self) -> None:
        """Have the next pull fetch all tables: those in the folder may be older than what is noted of them."""
        note = self._note = self._read_note()
        note.manifest, note.files = "", {}
        self._save_note()

    # ------------------------------------------------------------ raw

    def raw(self) -> Mapping[str, Found]:
        """The WARC files of the bucket by their places, as of the first call since `pull`."""
        if self._raw is None:
            self._raw = {found.key: found for found in self.bucket.listing("raw")}
        return self._raw

    @contextlib.contextmanager
    def at_hand(self, places: Iterable[str]) -> Iterator[None]:
        """Have WARC files in the folder; those that were not there go again."""
        wanted = {place: self._root / place for place in places if not (self._root / place).exists()}
        try:
            try:
                self._fetch_all(wanted)
            except FileNotFoundError as error:
                raise DiskError(f"{error.filename} was taken away while this run went on: try again") from error
            yield
        finally:
            for path in wanted.values():
                path.unlink(missing_ok=True)

    def put_raw(self) -> None:
        """Put the WARC files that are not in the bucket yet; none is ever put over another."""
        known = self.raw()
        paths = {path.relative_to(self._root).as_posix(): path for path in self._files_in("raw")}
        new = _do_all(self._put_warc, ((place, path) for place, path in paths.items() if place not in known))
        self._raw = {**known, **{found.key: found for found in new}}

    def _put_warc(self, place: str, path: Path) -> Found:
        try:
            etag = self.bucket.put(place, path, etag="")
        except Unmet:
            raise DamagedError(
                f"{path} and {self.bucket.address}/{place} are two files of one name: move the first away"
            ) from None
        return Found(place, etag, path.stat().st_size, datetime.now(UTC))

    def drop_raw(self) -> None:
        """Remove the folder's copies of WARC files that are in the bucket."""
        known = self.raw()
        for path in self._files_in("raw"):
            if path.relative_to(self._root).as_posix() in known:
                path.unlink()

    # ------------------------------------------------------------ putting

    def put_forgotten(self, content: bytes) -> None:
        """Put the list of what is forgotten in the place of the one that was pulled.

        Raises: OvertakenError where it is another by now.
        """
        note = self._noted
        try:
            note.forgotten = self.bucket.put(_FORGOTTEN, content, etag=note.forgotten)
        except Unmet:
            raise OvertakenError(
                f"{self.bucket.address}: another machine forgets something just now: try again"
            ) from None
        self._save_note()

    def put(self, moves: Mapping[str, Path], gone: Iterable[str]) -> None:
        """Commit: put staged files (value) under the keys of their places, tables last, and then the manifest.

        Raises: OvertakenError where the tables are no longer those that were pulled; nothing of them was changed then.
        """
        note = self._noted
        token = secrets.token_hex(6)
        tables = {place.removeprefix("clean/"): path for place, path in moves.items() if place.startswith("clean/")}
        others = {place: path for place, path in moves.items() if not place.startswith("clean/")}
        gone = set(gone)
        left = {place.removeprefix("clean/") for place in gone}
        keys = {place: _versioned(place, token) for place in tables}
        files = {place: key for place, key in note.files.items() if place not in left} | keys
        _do_all(self.bucket.put, others.items())
        _do_all(lambda place, path: self.bucket.put(f"clean/{keys[place]}", path), tables.items())
        content = json.dumps({"version": _VERSION, "by": token, "files": files}, indent=0, sort_keys=True).encode()
        try:
            etag = self.bucket.put(MANIFEST, content, etag=note.manifest)
        except Unmet:
            got = self.bucket.get(MANIFEST)
            named = set(_read_manifest(got[0], self.bucket.address).values()) if got else set[str]()
            if not named & set(keys.values()):
                self.bucket.delete(f"clean/{key}" for key in keys.values())
                raise OvertakenError(
                    f"{self.bucket.address}: other machines go on changing the tables; what was fetched is stored, and"
                    " the next run reads it"
                ) from None
            etag = ""  # it was put, the answer was lost, and another machine has gone on from it since
        self._superseded = {f"clean/{key}" for key in set(note.files.values()) - set(files.values())}
        self._superseded |= {place for place in gone if place.startswith("report/")}
        note.manifest, note.files = etag, files

    def end_commit(self) -> None:
        """The folder has what was committed: write it down, and take away what was replaced."""
        self._save_note()
        self.bucket.delete(self._superseded)

    def put_memories(self) -> bool:
        """Put the memories that have changed. Where another machine was faster its stays: raw makes up for ours.

        Returns: whether none was faster.
        """
        self._spool.mkdir(parents=True, exist_ok=True)
        paths = sorted((self._root / "state").glob("*.sqlite"))
        is_put = _do_all(self._put_memory, ((path.name, path) for path in paths))
        self._save_note()
        return all(is_put)

    def _put_memory(self, name: str, path: Path) -> bool:
        note, copy = self._noted, self._spool / f"{name}.part"
        try:
            if _copy_database(path, copy) and note.digests.get(name) != (digest := _digest(copy)):
                note.memories[name] = self.bucket.put(f"state/{name}", copy, etag=note.memories.get(name, ""))
                note.digests[name] = digest
        except Unmet:
            return False
        else:
            return True
        finally:
            copy.unlink(missing_ok=True)

    def pages(self) -> set[str]:
        """The names of the pages in the bucket."""
        names = {PurePosixPath(found.key).name for found in self.bucket.listing("report")}
        return {name for name in names if name.endswith(".html")}

    def delete(self, keys: Iterable[str]) -> None:
        """Take objects away."""
        self.bucket.delete(keys)

    def clear_left_over(self) -> None:
        """Take away the files of tables that no manifest names: a commit was cut short a day ago or earlier."""
        named = {MANIFEST, *(f"clean/{key}" for key in self._noted.files.values())}
        now = datetime.now(UTC)
        found = self.bucket.listing("clean")
        self.bucket.delete([one.key for one in found if one.key not in named and now - one.modified > _LEFT_OVER])

    # ------------------------------------------------------------ the note

    @property
    def _spool(self) -> Path:
        return self._root / ".spool"

    def _files_in(self, folder: str) -> list[Path]:
        return sorted(path for path in (self._root / folder).rglob("*") if path.is_file())

    @property
    def _noted(self) -> _Note:
        if self._note is None:
            self._note = self._read_note()
        return self._note

    def _read_note(self) -> _Note:
        path = self._root / NOTE
        try:
            note = _Note(**json.loads(path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return _Note(self.bucket.address)  # everything is pulled, or pulled again
        if note.address != self.bucket.address:
            raise ConfigError(
                self.bucket.address,
                [f"{self._root} is the mirror of {note.address}: `[storage] local` is to name another folder"],
            )
        return note

    def _save_note(self) -> None:
        self._write(self._root / NOTE, json.dumps(asdict(self._noted)).encode())


def _versioned(place: str, token: str) -> str:
    """The key of one version of a table's file: `articles/2026-03.1f0c….parquet`."""
    path = PurePosixPath(place)
    return path.with_name(f"{path.stem}.{token}{path.suffix}").as_posix()


def _read_manifest(content: bytes, address: str) -> dict[str, str]:
    try:
        told: dict[str, Any] = json.loads(content)
        version, files = told["version"], dict(told["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(address, str(error)) from error
    if version > _VERSION:
        raise SchemaError(
            f"{address}/{MANIFEST} has version {version}, and this presswatch reads {_VERSION}: upgrade it"
        )
    return files


def _damaged(address: str, why: str) -> DamagedError:
    return DamagedError(
        f"{address}/{MANIFEST} is damaged ({why}): delete it; `presswatch rebuild` makes the tables again"
    )


def _do_all(work: Callable[[str, Path], Result], items: Iterable[tuple[str, Path]]) -> list[Result]:
    """Do something with every key and path, some at once; the first exception is raised when all have ended."""
    with ThreadPoolExecutor(max_workers=_HANDS) as threads:
        return [future.result() for future in [threads.submit(work, key, path) for key, path in items]]


def _copy_database(path: Path, copy: Path) -> bool:
    """Copy a database as of its last transaction; not one that is damaged, of which whoever opens it tells."""
    copy.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as source, contextlib.closing(sqlite3.connect(copy)) as target:
        try:
            source.backup(target)
        except sqlite3.DatabaseError:
            return False
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
