"""A plan as a flow runs it: limits first, then the stages with a task a batch, artifacts, and the state it ends in."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Any

import surroundings  # noqa: F401

# isort: split
from prefect import flow
from prefect.client.schemas.objects import State

from artifacts import leave_artifacts
from batches import Stage, StoppedError, run_batches
from endings import end_run, skip
from hooks import HOOKS
from limits import need_limits
from presswatch.collector import Collected
from presswatch.errors import LockedError
from presswatch.pipeline import Plan, Run, check_plan, collect, run_plan
from presswatch.settings import Settings
from server import in_a_line, is_shared

__all__ = ["HOOKS", "State", "flow", "in_a_line", "run_as_tasks", "skip"]


def run_as_tasks(settings: Settings, plan: Plan, *, wait: bool = False) -> State[str]:
    """Carry out a plan with every batch of every stage as a task of its own; gives the state that the flow ends in.

    Tasks run in threads of this process, which holds the data folder's lock and the worker pool. Where another run has
    the folder this one is skipped, or waits for it with `wait`.
    """
    collected: list[Collected] = []
    stopping = Event()

    def each(stage: Stage, run: Run, batches: Sequence[Any]) -> list[Any]:
        done = run_batches(stage, run, batches, stopping)
        if stage is collect:
            collected.extend(one for group in done for one in group)
        return done

    def progress(*_: object) -> None:  # is told of each page that was fetched
        if stopping.is_set():
            raise StoppedError("the run was told to stop")

    check_plan(settings, plan)  # an outlet that nobody knows gets no limit either
    if is_shared():
        need_limits(plan.outlet_ids)
    try:
        summary = run_plan(settings, plan, each=each, progress=progress, wait=wait)
    except LockedError as error:
        return skip(str(error))
    leave_artifacts(settings, summary, collected)
    return end_run(settings, summary, collected)
