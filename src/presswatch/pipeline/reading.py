"""The first two stages: what is asked for lies in data/raw, and what lies there is read, some MB at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from presswatch.archive import holds_articles
from presswatch.collector import Collected, collect_outlets, ingest_files
from presswatch.forgotten import load_forgotten
from presswatch.ledger import list_stored, list_unlisted
from presswatch.pipeline.run import Run, order_of
from presswatch.reader import read_warcs

BATCHES_PER_WORKER = 2  # read at once: one is unpacked while the pages of the other are read
_BATCH_BYTES = 16 * 1024 * 1024  # of WARC files read as one batch: some 800 pages, and their rows fit any memory
_BYTES_PER_WORKER = 1024 * 1024  # some 50 pages; for fewer, starting another worker takes longer than reading them


def collect(run: Run, outlet_ids: tuple[str, ...]) -> list[Collected]:
    """Stage 1: fetch, or take in files; what is got lies in data/raw when this returns."""
    plan, order = run.plan, order_of(run)
    if plan.paths:
        found = ingest_files(order, run.outlets, plan.paths, ingest_as=plan.ingest_as, all_hosts=plan.all_hosts)
    else:
        found = collect_outlets(order, run.outlets, outlet_ids)
    run.data.put_raw()
    return found


def group_outlets(run: Run, *, apart: bool) -> list[tuple[str, ...]]:
    """The batches of `collect`: one outlet each where they run apart; here all together, which share one event loop."""
    if run.plan.is_rebuild or run.plan.forget or run.plan.is_offline:
        return []
    if run.plan.paths:
        return [()]
    ids = run.outlet_ids
    return [(outlet_id,) for outlet_id in ids] if apart and ids else [ids]


def read(run: Run, warcs: tuple[str, ...]) -> str:
    """Stage 2: read WARC files of data/raw, where no run before has done so; gives the folder that holds the batch."""
    if (folder := run.kept.find(warcs)) is None:
        staged = run.data.stage(run.run_id) / "read" / warcs[0].replace("/", "--")
        paths = [run.data.root / warc for warc in warcs]
        forgotten = load_forgotten(run.data.root)
        with run.data.at_hand(paths):
            read_warcs(paths, staged, run.engine, run.outlets, run.settings, progress=run.progress, forgotten=forgotten)
        folder = run.kept.keep(warcs, staged)
    return run.data.relative(folder)


def sort_unread(run: Run) -> tuple[list[tuple[str, ...]], list[str]]:
    """The unread files in batches of some MB, and no more workers than they keep busy; and those without an article.

    A schedule leaves thousands of small files in a year, and a batch each would cost more than reading them. Batches
    that a killed run has read stay as it has put them together.
    """
    unread, empty = _unread_files(run)
    batches: list[Sequence[str]] = [*run.kept.batches(unread)]
    kept = set(chain.from_iterable(batches))
    sizes = {path: run.data.size_of(run.data.root / path) for path in unread}
    run.engine.limit(1 + sum(sizes.values()) // _BYTES_PER_WORKER)  # comparing what is kept takes longer than reading
    room = 0
    for path in (path for path in unread if path not in kept):
        size = sizes[path]
        if not room or size > room:
            batches.append(batch := list[str]())
            room = _BATCH_BYTES
        batch.append(path)
        room = max(room - size, 0)
    return sorted(map(tuple, batches)), empty  # as they would come if none was kept


def _unread_files(run: Run) -> tuple[list[str], list[str]]:
    """The WARC files of data/raw that the tables were not made of yet; for a rebuild, all that may hold the window.

    A run that was killed after collecting leaves such files; the next run, whichever it is, reads them.
    Those without an article, most of them of revisits alone, come apart: there is nothing to read in them.
    """
    if run.plan.is_rebuild:
        window = run.plan.window
        return [path for path in list_stored(run.data) if window is None or window.touches(path.split("/")[-2])], []
    files = list_unlisted(run.data)
    if not (run.data.clean / "articles").is_dir():
        return files, []  # reading nothing makes the tables
    stored = run.data.stream(run.data.root / path for path in files)
    empty = {run.data.relative(path) for path in stored if not holds_articles(path)}
    return [path for path in files if path not in empty], sorted(empty)
