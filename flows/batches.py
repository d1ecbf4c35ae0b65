"""A stage over its batches as Prefect tasks: with patience, tried again where that may help, stopped when it must."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from itertools import chain
from threading import Event
from typing import Any

import surroundings  # noqa: F401

# isort: split
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture
from prefect.futures import wait as wait_for
from prefect.task_runners import ThreadPoolTaskRunner

from holding import hold, hold_all
from presswatch.errors import DiskError, PresswatchError
from presswatch.pipeline import BATCHES_PER_WORKER, Run, collect, read
from server import is_shared

Stage = Callable[[Run, Any], Any]

_PAUSES_S = [10.0, 60.0]  # before a batch is tried again: what a network disk or a restart of the server takes


class StoppedError(PresswatchError):
    """The run is to end now; what was stored is kept, and the next run goes on from there."""


def run_batches(stage: Stage, run: Run, batches: Sequence[Any], stopping: Event) -> list[Any]:
    """Call a stage for every batch as a task, as many side by side as the command line would.

    The deadline is the flow's: Prefect cannot interrupt a task in a thread, so the stage is told to stop.
    Only what may pass is tried again, and only stages that may be done twice: what was stored is not fetched again, and
    a batch that was read is kept: by presswatch, for the command line too (`presswatch.kept`), and not by Prefect.
    """
    with hold_all([*chain.from_iterable(batches)] if stage is collect and is_shared() else []) as is_held:
        return _run_held(stage, run, batches, stopping, is_held=is_held)


def _run_held(stage: Stage, run: Run, batches: Sequence[Any], stopping: Event, *, is_held: bool) -> list[Any]:
    """Call them; where the outlets are not held yet, each batch waits for its own."""

    def work(batch: Any) -> Any:  # the run is no parameter: Prefect would look for results of tasks all through it
        if stopping.is_set():
            raise StoppedError("the run was told to stop")
        with nullcontext() if is_held else hold(batch):
            return stage(run, batch)

    name = stage.__name__
    made = task(name=name, cache_policy=NO_CACHE, persist_result=False)(work)
    if stage in {collect, read}:
        made = made.with_options(retries=len(_PAUSES_S), retry_delay_seconds=_PAUSES_S, retry_condition_fn=_may_pass)
    most = run.settings.fetch.concurrency if stage is collect else BATCHES_PER_WORKER * run.engine.workers
    with ThreadPoolTaskRunner[Any](max_workers=most) as threads:
        names = [" ".join([name, *batch]) if stage is collect else name for batch in batches]
        named = [made.with_options(task_run_name=each) for each in names]
        futures: list[PrefectFuture[Any]] = [
            threads.submit(each, {"batch": batch}) for each, batch in zip(named, batches, strict=True)
        ]
        try:
            wait_for(futures)
        except BaseException:  # a deadline or a signal: the folder's lock is kept until the threads have let go of it
            stopping.set()
            run.engine.stop()
            wait_for(futures)
            raise
    return [future.result() for future in futures]


def _may_pass(_task: object, _run: object, state: State[Any]) -> bool:
    """Whether to try again: a fault of the disk, or of what is not ours; what presswatch says on purpose stays so."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, DiskError) or not isinstance(error, PresswatchError)
