"""What can be wrong with a data folder, in words, and what mends it. Pure: `examining` looks, `mending` does."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from presswatch.report import tell_count

Check = Literal["folder", "clock", "lock", "spool", "raw", "state", "tables", "report", "outlets", "forgotten"]
Remedy = Literal["", "lock", "journal", "spool", "raw", "memory", "log", "read", "rebuild"]
TableState = Literal["damaged", "older", "newer", "missing"]

_NEXT_RUN = "the next run on this machine does it"
_ON_BUCKETS: dict[Remedy, str] = {  # what does there what `--mend` does of a folder
    "lock": _NEXT_RUN,
    "spool": _NEXT_RUN,
    "journal": "delete it; `presswatch rebuild` makes the tables again",
    "read": "the next run does it",
    "raw": "bring that object back, from a copy or an older version of it; what is whole in it is read all the same",
    "memory": "`aws s3 rm {object}; rm -f {path}`, and the next run makes it again from raw",
    "log": "delete {root}, and it is fetched anew; if it is damaged in the bucket too, delete {bucket}"
    "/clean/.manifest.json there and `presswatch rebuild`, and logs begin anew",
}
_CLOCK_SLACK = timedelta(minutes=5)  # between two machines that share a folder


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, where, and the command or deed that mends it; without `remedy` only people can."""

    check: Check
    path: str
    fault: str
    mend: str
    remedy: Remedy = ""


@dataclass(frozen=True, kw_only=True)
class Spool:
    """What lies in the spool while no run is at work."""

    journal: Literal["none", "waiting", "damaged"] = "none"
    open_files: tuple[str, ...] = ()  # what killed runs fetched
    strange: tuple[str, ...] = ()  # open files that are not named as ours are
    left: int = 0  # half done files and folders


@dataclass(frozen=True, kw_only=True)
class MemoryHealth:
    """An outlet's memory, held against raw."""

    path: str
    fault: str = ""
    is_newer: bool = False
    behind: int = 0  # captures in raw that it does not know
    lost: int = 0  # captures that it knows, and that raw has no more


@dataclass(frozen=True, kw_only=True)
class Doubled:
    """Addresses that are articles of two outlets; `keeper` is the one whose file has their host now, if any has."""

    outlet_id: str
    keeper: str
    url: str  # of one of them
    count: int


@dataclass(frozen=True, kw_only=True)
class Health:
    """What a look at a data folder gives: facts, no judgement. Paths are as a user would type them."""

    root: str
    now: datetime
    bucket: str | None = None  # that `root` mirrors
    holder: str | None = None  # the run that is at work; then nothing that it may be changing is looked at
    stale_note: str = ""
    disk_fault: str = ""
    foreign: tuple[str, ...] = ()  # folders on another disk
    spool: Spool = field(default_factory=Spool)
    damage: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # WARC file → what is wrong with it
    unread: tuple[str, ...] = ()
    ledger_fault: str = ""
    newest_at: datetime | None = None  # of all captures and runs
    memories: tuple[MemoryHealth, ...] = ()
    tables: tuple[tuple[str, TableState, bool, str], ...] = ()  # path, state, whether it is a log, what was said
    rawless: int = 0  # articles whose newest capture raw has no more
    pageless: int = 0  # stories without a page
    doubled: tuple[Doubled, ...] = ()
    outlet_faults: tuple[tuple[str, str], ...] = ()  # path, fault
    forgotten_fault: str = ""
    is_forgetting: bool = False


def diagnose(health: Health, where: str = "") -> list[Finding]:
    """Say what is wrong. Args: `where` is what names the data folder to a command that is typed next."""
    mend = f"presswatch doctor --mend{where}"
    found = [*_folder(health), *_outlets(health), *_forgotten(health, mend), *_raw(health, mend)]
    found += [*_memories(health, mend), *_tables(health, where), *_doubled(health, where)]
    if health.holder is None:
        found += [*_leftovers(health, mend), *_behind(health, mend)]
    return [_on_bucket(one, health, health.bucket, mend) for one in found] if health.bucket else found


def _on_bucket(one: Finding, health: Health, bucket: str, mend: str) -> Finding:
    """A finding with what mends it in a bucket, of which `--mend` would have to replace things under other machines."""
    if not one.mend.startswith(mend):
        return one
    place = bucket + one.path.removeprefix(health.root)
    names = {"object": shlex.quote(place), "path": shlex.quote(one.path), "root": health.root, "bucket": bucket}
    after = one.mend.removeprefix(mend) if one.remedy == "memory" else ""
    told = _ON_BUCKETS[one.remedy].format(**names) + after
    return replace(one, mend=told, path=place if one.remedy == "raw" else one.path)


def _folder(health: Health) -> Iterator[Finding]:
    if health.disk_fault:
        yield Finding(
            check="folder", path=health.root, fault=health.disk_fault, mend="make room, or give it to this user"
        )
    for path in health.foreign:
        fault = f"it lies on another disk than {health.root}, so nothing can be renamed into it"
        yield Finding(check="folder", path=path, fault=fault, mend=f"move it into {health.root}, without a link")
    if health.newest_at and health.newest_at > health.now + _CLOCK_SLACK:
        fault = f"something was stored at {health.newest_at:%Y-%m-%d %H:%M} UTC; it is {health.now:%Y-%m-%d %H:%M} now"
        yield Finding(check="clock", path=health.root, fault=fault, mend="set this machine's clock")


def _outlets(health: Health) -> Iterator[Finding]:
    for path, fault in health.outlet_faults:
        told, how = fault, f"edit it; `presswatch outlets check {shlex.quote(path)}` reads it again"
        if not path.endswith(".toml"):  # the folder's: the fault says itself what to do
            told, _, how = fault.partition("; ")
        yield Finding(check="outlets", path=path, fault=told, mend=how)


def _forgotten(health: Health, mend: str) -> Iterator[Finding]:
    path = f"{health.root}/forgotten.json"
    if health.forgotten_fault:
        back = "bring back a copy; or move it away, and `presswatch forget` again what is to stay out"
        yield Finding(check="forgotten", path=path, fault=health.forgotten_fault, mend=back)
    elif health.is_forgetting and health.holder is None:
        fault = "forgetting was cut short: something that was to go may still be here"
        yield Finding(check="forgotten", path=path, fault=fault, mend=mend, remedy="read")


def _raw(health: Health, mend: str) -> Iterator[Finding]:
    for path, faults in health.damage.items():
        told = faults[0] if len(faults) == 1 else f"{faults[0]}; and {tell_count(len(faults) - 1, 'more')}"
        how = f"{mend} sets the damage aside in {health.root}/damaged, and has what is lost fetched again"
        yield Finding(check="raw", path=path, fault=told, mend=how, remedy="raw")


def _memories(health: Health, mend: str) -> Iterator[Finding]:
    for memory in health.memories:
        if memory.is_newer:
            yield Finding(check="state", path=memory.path, fault=memory.fault, mend="upgrade presswatch")
            continue
        faults = [memory.fault] if memory.fault else []
        if memory.behind:
            faults.append(f"{tell_count(memory.behind, 'capture')} in data/raw that it does not know")
        if memory.lost:
            faults.append(
                f"{tell_count(memory.lost, 'address', 'addresses')} that it takes for stored, and raw has not"
            )
        again = "; the next watch or backfill fetches them again" if memory.lost else ""
        if faults:
            yield Finding(
                check="state", path=memory.path, fault="; ".join(faults), mend=f"{mend}{again}", remedy="memory"
            )


def _tables(health: Health, where: str) -> Iterator[Finding]:
    rebuild = f"presswatch rebuild{where}"
    for path, state, is_log, said in health.tables:
        if state == "newer":
            yield Finding(check="tables", path=path, fault=said, mend="upgrade presswatch")
        elif is_log:
            how = f"presswatch doctor --mend{where} sets it aside in {health.root}/damaged: it is a log"
            yield Finding(check="tables", path=path, fault=said, mend=how, remedy="log")
        else:
            yield Finding(check="tables", path=path, fault=said, mend=rebuild, remedy="rebuild")
    if health.ledger_fault:
        path = f"{health.root}/clean/.read.json"
        yield Finding(check="tables", path=path, fault=health.ledger_fault, mend=rebuild, remedy="rebuild")
    if health.rawless:
        rest = "a rebuild drops it" if health.rawless == 1 else "a rebuild drops them"
        these = tell_count(health.rawless, "article of the tables is", "articles of the tables are")
        fault = f"{these} no longer in data/raw: {rest}"
        back = "bring the WARC files back from a copy, or have them fetched again by `presswatch backfill`"
        yield Finding(check="raw", path=f"{health.root}/raw", fault=fault, mend=back)
    if health.pageless:
        fault = f"{tell_count(health.pageless, 'story', 'stories')} without a page"
        yield Finding(check="report", path=f"{health.root}/report", fault=fault, mend=rebuild, remedy="rebuild")


def _doubled(health: Health, where: str) -> Iterator[Finding]:
    """Articles that are compared with themselves: an outlet's id was changed, or files were taken in as another's."""
    for one in health.doubled:
        more = f" and {tell_count(one.count - 1, 'more address', 'more addresses')}" if one.count > 1 else ""
        these = f"{more} are articles" if more else " is an article"
        fault = f"{one.url}{these} of two outlets, {one.outlet_id!r} and {one.keeper!r}"
        root, name = shlex.quote(health.root), one.outlet_id
        away = [f"mv {root}/raw/{name} {name}", f"rm -f {root}/state/{name}.sqlite"]
        if health.bucket:
            away[0] = f"aws s3 mv --recursive {health.bucket}/raw/{name} {name}"
            away.append(f"aws s3 rm {health.bucket}/state/{name}.sqlite")
        again = [f"presswatch ingest {name} --outlet {one.keeper}{where}", f"presswatch rebuild{where}"]
        how = f"if they are one outlet: `{' && '.join([*away, *again])}`"
        yield Finding(check="outlets", path=f"{health.bucket or health.root}/raw/{name}", fault=fault, mend=how)


def _leftovers(health: Health, mend: str) -> Iterator[Finding]:
    """What ended runs left, and the next one clears away by itself."""
    spool, path = health.spool, f"{health.root}/.spool"
    if health.stale_note:
        fault = f"{health.stale_note} is gone, and its note is left"
        yield Finding(check="lock", path=f"{health.root}/.lock.json", fault=fault, mend=mend, remedy="lock")
    if spool.journal == "waiting":
        fault = "a commit was cut short"
        yield Finding(check="spool", path=f"{path}/commit.json", fault=fault, mend=mend, remedy="lock")
    if spool.journal == "damaged":
        fault = "the journal of a commit is damaged"
        yield Finding(check="spool", path=f"{path}/commit.json", fault=fault, mend=mend, remedy="journal")
    for name in spool.open_files:
        fault = "a run was cut short; what it fetched waits here"
        yield Finding(check="spool", path=f"{path}/{name}", fault=fault, mend=mend, remedy="spool")
    for name in spool.strange:
        fault = "an open file that is not named as ours are; it may hold what was fetched"
        how = "`presswatch ingest` takes in what it holds, named .warc.gz; else delete it"
        yield Finding(check="spool", path=f"{path}/{name}", fault=fault, mend=how)
    if spool.left:
        fault = f"{tell_count(spool.left, 'file or folder', 'files and folders')} that ended runs left half done"
        yield Finding(check="spool", path=path, fault=fault, mend=mend, remedy="spool")


def _behind(health: Health, mend: str) -> Iterator[Finding]:
    if health.unread and not health.ledger_fault:
        fault = f"{tell_count(len(health.unread), 'stored file')} not read yet, as {health.unread[0]}"
        yield Finding(check="tables", path=f"{health.root}/clean", fault=fault, mend=mend, remedy="read")


def as_rows(findings: Sequence[Finding], left: Sequence[Finding] | None) -> list[dict[str, object]]:
    """Findings as rows; `left` are those of a second look, after mending."""
    still = findings if left is None else left
    keys = {(one.check, one.path, one.fault) for one in still}
    every = dict.fromkeys([*findings, *still])
    return [
        {
            "check": one.check,
            "path": one.path,
            "fault": one.fault,
            "is_mended": (one.check, one.path, one.fault) not in keys,
            "mend": one.mend,
        }
        for one in every
    ]
