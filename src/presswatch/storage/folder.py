"""The data folder: where things lie, who may write, and how a change becomes visible all at once.

A run stages what it makes under `.spool/<run_id>/` and commits it by a journal: one list of renames, itself put in
place by a rename. A run that is killed before the journal stands has changed nothing; one that is killed after it is
finished by whoever opens the folder next.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from presswatch.errors import DamagedError, DiskError, LockedError, UsageError

if TYPE_CHECKING:
    from presswatch.storage.mirror import Mirror

_KEPT = "read"  # in the spool: batches
_PROBE = ".probe-"  # how a file begins that is written to see whether one can be
_STAGED = ".part"  # how one ends that is put in the place of another
JOURNAL = "commit.json"  # in the spool: the renames of a commit that is being made
OPEN_SUFFIX = ".open"  # of files that a run appends to, and that outlive it where it is killed

_ASKED_S = 0.2  # to take the lock: who asks whether it is held has it for a moment
_LEAST_FREE_BYTES = 64 * 1024 * 1024  # a run that starts with less would end in the middle


@dataclass(frozen=True)
class DataDir:
    """The folder named by `data` in presswatch.toml; or, where that is a `bucket`, the folder that mirrors it.

    Of a mirror all methods raise ConfigError and DiskError where the bucket does not do.
    """

    root: Path
    bucket: str | None = None

    @cached_property
    def _mirror(self) -> Mirror | None:
        if self.bucket is None:
            return None
        from presswatch.storage.mirror import Mirror  # noqa: PLC0415 - a folder has no need of it

        return Mirror(self.root, self.bucket, lambda path, content: write_atomically(path, content, self.spool))

    @property
    def name(self) -> str:
        """What the user calls it."""
        return self.bucket or str(self.root)

    @property
    def raw(self) -> Path:
        """WARC files: the truth, never changed."""
        return self.root / "raw"

    @property
    def clean(self) -> Path:
        """Tables as parquet: made of raw, and to be made again at any time."""
        return self.root / "clean"

    @property
    def state(self) -> Path:
        """What a run must remember of each outlet."""
        return self.root / "state"

    @property
    def report(self) -> Path:
        """Pages for people."""
        return self.root / "report"

    @property
    def spool(self) -> Path:
        """Files that are being written. Nothing half done lies anywhere else."""
        return self.root / ".spool"

    def relative(self, path: Path) -> str:
        """A path inside the folder as text with forward slashes, the same on every machine."""
        return path.relative_to(self.root).as_posix()

    def check_writable(self) -> None:
        """Say before the first request that the disk will not do.

        Raises: DiskError with the path.
        """
        try:
            self.spool.mkdir(parents=True, exist_ok=True)
            probe = self.spool / f"{_PROBE}{uuid.uuid4().hex}"
            probe.write_bytes(b"x")
            probe.unlink(missing_ok=True)  # another run may be clearing the spool
            free = shutil.disk_usage(self.root).free
        except OSError as error:
            raise disk_error(error, self.root) from error
        if free < _LEAST_FREE_BYTES:
            raise DiskError(
                f"{self.root}: only {free // 2**20} MiB are free on this disk; {_LEAST_FREE_BYTES // 2**20} are needed"
            )
        if self._mirror:
            self._mirror.bucket.check()

    def refresh(self, *, has_memories: bool = False) -> Self:
        """Have a mirror's tables agree with its bucket, for reading; not while a run of this machine has it.

        Args: `has_memories` where those of the outlets are read too.
        Returns: itself.
        """
        if self._mirror:
            try:
                self.root.mkdir(parents=True, exist_ok=True)
                with self._pulling():
                    if not self.holder():
                        (self._mirror.pull if has_memories else self._mirror.pull_tables)()
            except OSError as error:
                told = disk_error(error, self.root)
                raise DiskError(f"{told}; `[storage] local` names another folder for the mirror") from error
        return self

    def pull_tables(self) -> None:
        """Have the tables of a mirror agree with its bucket once more. Only whoever holds the folder may."""
        if self._mirror:
            self._mirror.pull_tables()

    def _pulling(self) -> FileLock:
        """A run waits for a reader that pulls, and readers for each other; none pulls while a run compares."""
        return FileLock(self.root / ".pull.lock")

    # ------------------------------------------------------------ raw, which a mirror does not keep

    def raw_files(self, outlet_id: str = "*") -> list[Path]:
        """The places of all WARC files, or those of an outlet, in order; in a mirror they need not be at hand."""
        places = {path for path in self.raw.glob(f"{outlet_id}/*/*.warc.gz") if path.is_file()}
        if self._mirror:
            wanted = f"raw/{outlet_id}/*/*.warc.gz"
            places |= {self.root / place for place in self._mirror.raw() if PurePosixPath(place).match(wanted)}
        return sorted(places)

    def size_of(self, path: Path) -> int:
        """The bytes of a WARC file."""
        found = self._mirror.raw().get(self.relative(path)) if self._mirror else None
        return found.size if found else path.stat().st_size

    @contextlib.contextmanager
    def at_hand(self, paths: Iterable[Path]) -> Iterator[None]:
        """Have WARC files where they are to be, to read them; those that a mirror had not go again."""
        if self._mirror is None:
            yield
            return
        with self._mirror.at_hand(self.relative(path) for path in paths):
            yield

    def stream(self, paths: Iterable[Path]) -> Iterator[Path]:
        """WARC files one after the other, each at hand until the next is asked for."""
        for path in paths:
            with self.at_hand([path]):
                yield path

    def put_raw(self) -> None:
        """Put what a mirror has of raw, and its bucket has not."""
        if self._mirror:
            self._mirror.put_raw()

    def put_memories(self) -> bool:
        """Put what a mirror has of the outlets' memories, and its bucket has not.

        Returns: whether its bucket has them all as they are here now; of some, other machines may have put theirs.
        """
        return self._mirror is None or self._mirror.put_memories()

    def pull_memories(self) -> None:
        """Have the memories of a mirror agree with its bucket once more. Only whoever holds the folder may."""
        if self._mirror:
            self._mirror.pull_memories()

    def settle(self, *, is_thorough: bool = False) -> None:
        """End a run of a mirror: raw and the outlets' memories are in the bucket, and raw no longer here.

        Args: `is_thorough` looks for what commits left that were cut short, too: a day after, for another machine may
            be in the middle of one.
        """
        if self._mirror:
            self._mirror.put_raw()
            self._mirror.put_memories()
            self._mirror.drop_raw()
            if is_thorough:
                self._mirror.clear_left_over()

    # ------------------------------------------------------------ single files

    def pages(self) -> set[str]:
        """The names of the pages."""
        return self._mirror.pages() if self._mirror else {path.name for path in self.report.glob("*.html")}

    def remove_pages(self, names: Collection[str]) -> None:
        """Take pages away."""
        if self._mirror:
            self._mirror.delete(f"report/{name}" for name in names)
        for name in names:
            (self.report / name).unlink(missing_ok=True)

    def write_forgotten(self, path: Path, content: bytes) -> None:
        """Write the list of what is forgotten, which lies beside the tables and not among them.

        Raises: LockedError where another machine has changed it since.
        """
        if self._mirror:
            self._mirror.put_forgotten(content)
        write_atomically(path, content, self.spool)

    @contextlib.contextmanager
    def locked(self, holder: str, *, wait: bool = False) -> Iterator[None]:
        """Hold the folder alone. `holder` is what others are told of us.

        Raises: LockedError with the holder's words where another run has it and `wait` is false.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.root / ".lock")
        try:
            lock.acquire(timeout=-1 if wait else _ASKED_S)
        except Timeout:
            raise LockedError(f"{self.root} is in use by {_read_note(self._note)}; --wait waits for it") from None
        try:
            write_atomically(self._note, json.dumps({"holder": holder, "pid": os.getpid()}).encode(), self.spool)
            self._catch_up()
            yield
        finally:
            self._note.unlink(missing_ok=True)
            lock.release()

    def _catch_up(self) -> None:
        """Finish a commit that was cut short; have a mirror agree with its bucket.

        Since that commit other machines may have gone on, and a reader of this one may have pulled what they left: the
        journal puts older tables over it.
        """
        if self._mirror is None:
            self.finish_commit()
            return
        with self._pulling():
            if (self.spool / JOURNAL).exists():
                self._mirror.doubt_tables()
            self.finish_commit()
            self._mirror.pull()

    def holder(self) -> str | None:
        """Who holds the folder now, in words; None where nobody does, as after a kill.

        Where the lock can be asked it alone tells: the process of a note may run in a container, where nobody sees it.
        """
        try:
            return _read_note(self._note) if self._is_held() else None
        except OSError:  # a folder that may only be read: the note has to do
            return _read_note(self._note) if _is_alive(self._note) else None

    def left_note(self) -> str:
        """Whom the note names that a run takes away when it ends, in words; empty where there is none."""
        return _read_note(self._note) if self._note.exists() else ""

    @property
    def _note(self) -> Path:
        """Who holds the folder, for others to read."""
        return self.root / ".lock.json"

    def _is_held(self) -> bool:
        lock = FileLock(self.root / ".lock")
        if not Path(lock.lock_file).exists():
            return False
        try:
            with lock.acquire(timeout=_ASKED_S):
                return False
        except Timeout:
            return True

    def stage(self, run_id: str) -> Path:
        """A folder of the run's own under `.spool`."""
        folder = self.spool / run_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def kept(self) -> Path:
        """Where batches that were read lie until they are in the tables."""
        return self.spool / _KEPT

    def drop_kept(self) -> None:
        """Take all of them away: something that may stand in them is to be forgotten.

        Raises: DiskError.
        """
        if self.kept.exists():
            try:
                shutil.rmtree(self.kept)
            except OSError as error:
                raise disk_error(error, self.kept) from error

    def clear_stages(self) -> None:
        """Remove what ended runs left half done, but for batches that are `kept`.

        Only whoever holds the folder may, after `finish_commit`.
        Files that end in `.open` are not half done: they hold what was fetched, and are recovery's business.
        """
        for left in self.spool.iterdir():
            if left.name == _KEPT:
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)  # what cannot be removed harms nobody
            elif left.suffix != OPEN_SUFFIX:
                left.unlink(missing_ok=True)
        for folder in (*sorted(self.kept.glob("**/*/"), reverse=True), self.kept):
            with contextlib.suppress(OSError):  # there are batches in it
                folder.rmdir()

    def commit(self, moves: Mapping[Path, Path], gone: Iterable[Path] = ()) -> None:
        """Put staged files (key) in their places (value), and take away those that are `gone`: all or none.

        It survives a kill or power cut at any moment.

        Raises: OvertakenError where the tables in the bucket are no longer those that were pulled.
        """
        gone = list(gone)
        stages = {folder for staged in moves for folder in (staged.parent, staged.parent.parent)}
        for path in (*moves, *stages):  # files, and then the names without which nobody finds them
            sync(path)
        if self._mirror:
            placed = {self.relative(place): staged for staged, place in moves.items()}
            self._mirror.put(placed, [self.relative(path) for path in gone])
        journal = {
            "moves": {self.relative(staged): self.relative(place) for staged, place in moves.items()},
            "gone": [self.relative(path) for path in gone],
        }
        write_atomically(self.spool / JOURNAL, json.dumps(journal).encode(), self.spool)
        self.finish_commit()
        if self._mirror:
            self._mirror.end_commit()

    def finish_commit(self) -> None:
        """Carry out what a journal still asks for."""
        journal = self.spool / JOURNAL
        if not journal.exists():
            return
        folders = set()
        moves, gone = _read_journal(journal)
        for staged, place in moves.items():
            target = self.root / place
            target.parent.mkdir(parents=True, exist_ok=True)
            folders |= {target.parent, target.parent.parent}  # which may have got it just now
            with contextlib.suppress(FileNotFoundError):  # moved before the kill
                (self.root / staged).replace(target)
        for path in gone:
            (self.root / path).unlink(missing_ok=True)
            folders.add((self.root / path).parent)
        for folder in folders:
            sync(folder)
        journal.unlink()
        sync(self.spool)


def _read_journal(journal: Path) -> tuple[dict[str, str], list[str]]:
    """The renames that a journal asks for, and the files that are to go."""
    try:
        told = json.loads(journal.read_text("utf-8"))
        return told["moves"], told["gone"]
    except (ValueError, KeyError, TypeError) as error:  # it was written whole, so the disk has changed it since
        raise DamagedError(
            f"{journal} is damaged ({error}): delete it; `presswatch rebuild` makes the tables again from data/raw"
        ) from error


def write_atomically(path: Path, content: bytes, spool: Path) -> None:
    """Write a file so that readers see the old content or the new, never a part; it keeps its mode.

    Whoever comes last has written it, where several do at once. `spool` is on the same disk.
    """
    spool.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = spool / f".{uuid.uuid4().hex}{_STAGED}"
    try:
        with staged.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):  # it is a new one
            shutil.copymode(path, staged)
        staged.replace(path)
        sync(path.parent)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


def check_folder(folder: Path, advice: str) -> None:
    """Say before any work that no file can be made in a folder, which need not be there; nothing is left behind.

    Raises: DiskError with the path, and the advice.
    """
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f"{_PROBE}{uuid.uuid4().hex}"
            probe.write_bytes(b"x")
            probe.unlink()
        finally:
            for path in missing:
                with contextlib.suppress(OSError):  # never made, or somebody has put something there
                    path.rmdir()
    except OSError as error:
        raise DiskError(f"{disk_error(error, folder)}; {advice}") from error


def check_new(*paths: Path) -> None:
    """Say before any work that a file is there already.

    Raises: UsageError.
    """
    for path in paths:
        if os.path.lexists(path):
            raise UsageError(f"{path} is here already, and stays as it is: edit it, or move it away and try again")


def write_new(texts: Mapping[Path, str]) -> None:
    """Write files that are not there; where one of them cannot be written, none is.

    Raises: UsageError as `check_new`, also for whoever comes second where two write them at once; DiskError.
    """
    made: list[Path] = []
    try:
        check_new(*texts)
        for path in texts:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                path.touch(exist_ok=False)  # from here on it is there for everybody else
            except FileExistsError:
                check_new(path)
                raise
            made.append(path)
        for path, text in texts.items():
            replace_file(path, text)
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise disk_error(error, next(iter(texts))) from error
        raise


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file, new or in the place of an old one, so that no reader sees a part of it.

    A link goes on leading to the file, which keeps its mode; what is no file, as a pipe, is written to.

    Raises: DiskError.
    """
    body = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(body)
            return
        place = path.resolve()
        write_atomically(place, body, place.parent)
    except OSError as error:
        raise disk_error(error, path) from error


def disk_error(error: OSError, path: Path) -> DiskError:
    """What the operating system said of a disk, in words that help, of the file or folder that they are true of."""
    place = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else path
    if place.name.startswith(_PROBE) or place.suffix == _STAGED:  # ours, and gone again: its folder is meant
        place = place.parent
    if error.errno == errno.ENOTDIR:
        place = next((one for one in reversed(place.parents) if one.is_file()), place)
    words = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "may not be written by this user",
        errno.EPERM: "may not be written by this user",
        errno.EFBIG: "the file grew larger than this disk allows",
        errno.ENOTDIR: "stands where a folder is needed",
        errno.EEXIST: "stands where a folder is needed",
        errno.EISDIR: "is a folder, and a file is needed",
    }
    return DiskError(f"{place}: {words.get(error.errno or 0, error.strerror or str(error))}")


def sync_folder(folder: Path) -> None:
    """Have the operating system write a folder's files, and their names, to the disk."""
    for path in (*folder.iterdir(), folder):
        sync(path)


def sync(path: Path) -> None:
    """Have the operating system write a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_alive(note: Path) -> bool:
    """Whether the process that a note names is there."""
    try:
        os.kill(json.loads(note.read_text("utf-8"))["pid"], 0)  # asks, and does nothing
    except PermissionError:
        return True  # alive, and somebody else's
    except (OSError, ValueError, KeyError, TypeError, OverflowError):  # gone, or the disk has changed the note
        return False
    return True


def _read_note(note: Path) -> str:
    try:
        told = json.loads(note.read_text("utf-8"))
        return f"`{told['holder']}` (process {told['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"
