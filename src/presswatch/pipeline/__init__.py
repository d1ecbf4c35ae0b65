"""collect, read, compare, publish: the order of the stages, written once.

    collect   outlets → WARC files in data/raw          (a call per group of outlets)
    read      WARC files → articles and mentions        (a call per some MB of them)
    compare   all that was read → the tables, staged    (one call)
    publish   the tables → pages; commits both          (one call)

`run_plan` is what the command line and the flows both call. Stages hand on paths and counts, never frames.

run         a plan → a run under way, which holds the lock and the workers, and how it ends
reading     the first two stages         comparing    the third         publishing    the last
pool        stories and periods, shared out among workers            failed        rows of `failures`
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any

from presswatch.collector import Forecast, Progress, preview_outlets
from presswatch.errors import OvertakenError
from presswatch.heap import keep_lean
from presswatch.pipeline.comparing import compare
from presswatch.pipeline.publishing import publish
from presswatch.pipeline.reading import BATCHES_PER_WORKER, collect, group_outlets, read, sort_unread
from presswatch.pipeline.run import (
    LayoutDrift,
    Plan,
    Preview,
    Reads,
    Results,
    Run,
    Summary,
    check_plan,
    judge_outcome,
    open_run,
    order_of,
    say_nothing,
)
from presswatch.settings import Settings
from presswatch.tables import refuse_newer

__all__ = [
    "BATCHES_PER_WORKER",
    "Each",
    "LayoutDrift",
    "Plan",
    "Preview",
    "Reads",
    "Results",
    "Run",
    "Summary",
    "check_plan",
    "collect",
    "compare",
    "open_run",
    "order_of",
    "preview_plan",
    "publish",
    "read",
    "run_plan",
    "say_nothing",
]

_COMPARISONS = 5  # of one run, where other machines commit to its bucket meanwhile
Each = Callable[[Callable[[Any, Any], Any], "Run", Sequence[Any]], list[Any]]  # a stage over its batches


def run_plan(
    settings: Settings,
    plan: Plan,
    *,
    each: Each | None = None,
    progress: Progress | None = None,
    forecast: Callable[[Forecast], None] | None = None,
    wait: bool = False,
) -> Summary:
    """Carry out a plan from the first stage to the last.

    Args: `each` calls a stage for every batch and gives the results in order (the flows make tasks of them; by default
        they are called here, one after the other); `forecast` is told of each outlet what is to be fetched, before the
        first article is asked for; `wait` waits for another run to end.
    Returns: what was done. Failures of single articles are in the table `failures`, not raised.
    Raises: ConfigError, DiskError, DamagedError, SchemaError, LockedError; what was collected until then is kept, and
        the next run goes on from there. Where other machines commit to the same bucket, the last two stages are done
        again on what they left, a few times.
    """
    keep_lean()
    check_plan(settings, plan)
    with open_run(settings, plan, progress or say_nothing, forecast, wait=wait) as run:
        call = each or _call_here
        collected = [one for group in call(collect, run, group_outlets(run, apart=each is not None)) for one in group]
        files, empty = sort_unread(run)
        batches = call(read, run, files)
        reads = Reads(files=(*chain(*files), *empty), batches=tuple(batches), collected=tuple(collected))
        return _compare_and_publish(run, reads, call)


def _compare_and_publish(run: Run, reads: Reads, call: Each) -> Summary:
    """The last two stages; once more on what others left, where they were faster.

    Raises: OvertakenError where they were so every time.
    """
    for _ in range(_COMPARISONS - 1):
        with suppress(OvertakenError):
            return _compare_once(run, reads, call)
        run.data.pull_tables()
        refuse_newer(run.data.clean)  # another machine may have been upgraded meanwhile
    return _compare_once(run, reads, call)


def _compare_once(run: Run, reads: Reads, call: Each) -> Summary:
    compared = call(compare, run, [reads])[0]
    summary: Summary = call(publish, run, [compared])[0]
    return summary


def _call_here(stage: Callable[[Any, Any], Any], run: Run, batches: Sequence[Any]) -> list[Any]:
    """Call a stage for every batch, some at once."""
    if len(batches) == 1:
        return [stage(run, batches[0])]  # in this thread, which is the one that Ctrl-C reaches
    with ThreadPoolExecutor(max_workers=BATCHES_PER_WORKER * run.engine.workers) as threads:
        try:
            return list(threads.map(partial(stage, run), batches))
        except BaseException:
            run.engine.stop()  # else the threads would go on to the end of their files first
            raise


def preview_plan(
    settings: Settings,
    plan: Plan,
    *,
    progress: Progress | None = None,
    forecast: Callable[[Forecast], None] | None = None,
    wait: bool = False,
) -> Preview:
    """What a backfill would fetch, with what robots.txt says of each URL and the seconds until its turn.

    Discovery is done, and not remembered, so the next run tells what it would have told; no article is fetched.
    Raises: as `run_plan`.
    """
    keep_lean()
    check_plan(settings, plan)
    with open_run(settings, plan, progress or say_nothing, forecast, wait=wait) as run:
        previewed = preview_outlets(order_of(run), run.outlets, run.outlet_ids)
    failures = tuple(failure for one in previewed for failure in one.failures)
    return Preview(
        rows=[row for one in previewed for row in one.rows],
        failures=failures,
        outcome=judge_outcome(previewed, Counter(failure.error for failure in failures)),
    )
