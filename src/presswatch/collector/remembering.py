"""What outlets' memories learn before and after a run, and whatever ended it."""

from __future__ import annotations

from pathlib import Path

from presswatch.archive import OutletState, read_history, recover_spool
from presswatch.collector.order import Collected
from presswatch.storage import DataDir


def recover(data: DataDir) -> None:
    """Put the whole records that killed runs left into data/raw, and remember that they need not be fetched again."""
    for warc in recover_spool(data):
        with OutletState(data, warc.parent.parent.name) as state:
            state.replay(read_history(warc))


def forget_failures(data: DataDir, collected: Collected) -> None:
    """Forget the failures that are in the tables now."""
    if collected.outlet_id and collected.failures:
        with OutletState(data, collected.outlet_id) as state:
            state.clear_failures(collected.failures)


def note_file(data: DataDir, state: OutletState | None, path: Path | None) -> str | None:
    """A WARC file of this run by its name in the data folder; the memory, which knows what is in it, learns that."""
    if path is None:
        return None
    if state and data.bucket:  # else nobody asks
        state.note_whole([data.relative(path)])
    return data.relative(path)


def open_memory(data: DataDir, outlet_id: str) -> OutletState:
    """What is remembered of an outlet; what of raw it does not know is brought back from there.

    That is everything where the memory was lost, and what other machines have put where data are in a bucket.
    """
    state = OutletState(data, outlet_id)
    try:
        if not state.is_whole or data.bucket:
            known = state.read_files() if state.is_whole else frozenset[str]()
            unknown = [warc for warc in data.raw_files(outlet_id) if data.relative(warc) not in known]
            for warc in data.stream(unknown):
                state.replay(read_history(warc))
            state.note_whole([data.relative(warc) for warc in unknown])
    except BaseException:
        state.close()
        raise
    return state
