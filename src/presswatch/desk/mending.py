"""`presswatch doctor --mend`: what the findings ask for, in an order in which each may be cut short and done again.

Nothing is thrown away: what cannot be read is set aside in `data/damaged`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from presswatch.archive import OutletState, compare_memory, read_answers, read_history, sift_file
from presswatch.collector import Progress, recover
from presswatch.desk.ailments import Finding
from presswatch.errors import DamagedError, LockedError, PresswatchError, SchemaError, UsageError
from presswatch.model import Capture, Failure, Revisit
from presswatch.pipeline import Plan, run_plan
from presswatch.settings import Settings
from presswatch.storage import JOURNAL, DataDir, disk_error, write_atomically

_DAMAGED = "damaged"
_STAGE = "doctor"


def need_folder(settings: Settings) -> None:
    """Say that a bucket is not mended: what is damaged there would have to be replaced under all other machines.

    Raises: UsageError with what helps.
    """
    if settings.bucket:
        raise UsageError(
            f"--mend mends folders, and {settings.bucket} is a bucket: `presswatch rebuild` makes its tables again from"
            f" raw; what is damaged on this machine ({settings.data}) is fetched anew when that folder is deleted"
        )


def mend(settings: Settings, findings: Sequence[Finding], *, progress: Progress, wait: bool = False) -> list[str]:
    """Mend what can be mended; look again to learn what is left.

    Returns: what went wrong in doing so, and is still to be told.
    Raises: LockedError, DiskError; UsageError for a bucket.
    """
    need_folder(settings)
    data = DataDir(settings.data)
    wanted = {one.remedy for one in findings}
    faults: list[str] = []
    if "journal" in wanted and not data.holder():
        _set_aside(data, [data.spool / JOURNAL])
    if wanted & {"lock", "journal", "spool", "raw", "memory", "log"}:
        with data.locked("presswatch doctor", wait=wait):  # which finishes a commit, and clears the note
            _recover(data)
            data.clear_stages()
            _set_aside(data, [Path(one.path) for one in findings if one.remedy == "log"])
            _mend_raw(data, [Path(one.path) for one in findings if one.remedy == "raw"])
            if wanted & {"raw", "memory", "spool"}:
                _mend_memories(data)
            data.clear_stages()
    is_newer = any(one.check == "tables" and one.mend == "upgrade presswatch" for one in findings)
    is_rebuild = bool(wanted & {"rebuild", "journal"})
    if not is_newer and (is_rebuild or wanted & {"read", "spool"}):
        try:
            plan = Plan(command="doctor", is_rebuild=is_rebuild, is_offline=True)
            run_plan(settings, plan, progress=progress, wait=wait)
        except LockedError:
            raise
        except PresswatchError as error:
            faults.append(str(error))
    return faults


def _recover(data: DataDir) -> None:
    """Put what killed runs fetched in place; a memory that is damaged learns of it when it is made again."""
    with suppress(DamagedError):
        recover(data)


def _set_aside(data: DataDir, paths: Iterable[Path]) -> None:
    """Move files into the folder of what could not be read, beside and never over one that is there."""
    folder = data.root / _DAMAGED
    for path in paths:
        try:
            folder.mkdir(exist_ok=True)
            path.rename(_free_place(folder, data.relative(path).replace("/", "--")))
        except OSError as error:
            raise disk_error(error, path) from error


def _free_place(folder: Path, name: str) -> Path:
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{name}.{number}"
    return place


def _mend_raw(data: DataDir, paths: Iterable[Path]) -> None:
    """Take damaged stretches out of WARC files; a file of which nothing is whole is set aside altogether."""
    moves: dict[Path, Path] = {}
    for number, path in enumerate(paths):
        copy = data.stage(_STAGE) / f"{number}.warc.gz"
        sifted = sift_file(path, copy, drops_damage=True)
        if not sifted.damaged:
            continue
        if not any(True for found in read_answers(copy) if not isinstance(found, Failure)):
            _set_aside(data, [path])
            continue
        for stretch in sifted.damaged:
            place = _free_place(data.root / _DAMAGED, data.relative(path).replace("/", "--"))
            write_atomically(place, stretch, data.spool)
        moves[copy] = path
    if moves:
        data.commit(moves)


def _mend_memories(data: DataDir) -> None:
    """Have the memories agree with raw; one that is damaged is set aside, and made again."""
    ids = {
        folder.name: {one.capture_id for one in _history(data, folder.name) if _is_article(one)}
        for folder in sorted(data.raw.glob("*"))
        if folder.is_dir()
    }
    present = set().union(*ids.values())
    for path in sorted(data.state.glob("*.sqlite")):
        try:
            behind, lost = compare_memory(data, path.stem, ids.get(path.stem, set()), present)
        except DamagedError:
            _set_aside(data, sorted(path.parent.glob(f"{path.name}*")))
            behind, lost = len(ids.get(path.stem, ())), []
        except SchemaError:
            continue
        if behind or lost:
            with OutletState(data, path.stem) as state:
                known = state.has_capture
                history = _history(data, path.stem)
                state.replay(one for one in history if isinstance(one, Revisit) or not known(one.capture_id))
                state.note_whole()
                state.reopen_lost(lost)


def _is_article(answer: Capture | Revisit) -> bool:
    return isinstance(answer, Capture) and answer.kind == "article"


def _history(data: DataDir, outlet_id: str) -> Iterator[Capture | Revisit]:
    for path in sorted((data.raw / outlet_id).glob("*/*.warc.gz")):
        if path.is_file():
            yield from (found for found in read_history(path) if not isinstance(found, Failure))
