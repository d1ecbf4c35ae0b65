"""How the flows run the stages: a task per batch, and a Markdown artifact at the end. The one importer of prefect."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

# read when prefect is imported: no look-ups of the outside, and time for the embedded server on a busy machine
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait

from presswatch.errors import PresswatchError
from presswatch.pipeline import Plan, Run, Summary, describe_run, run_plan
from presswatch.settings import Settings

__all__ = ["RunFailedError", "end_flow", "flow", "run_as_tasks"]


class RunFailedError(PresswatchError):
    """Nothing could be reached: the flow is to end as failed, so that somebody looks."""


def run_as_tasks(settings: Settings, plan: Plan) -> Summary:
    """Carry out a plan with every batch of every stage as a task of its own.

    Tasks run in threads of this process, which holds the data folder's lock and the worker pool. Nothing is cached: a
    run's memory is data/raw and data/state, and a batch that is there is not done again.
    """
    summary = run_plan(settings, plan, each=_as_tasks)
    create_markdown_artifact(
        key=f"presswatch-{plan.command}", markdown=describe_run(settings, summary), description=f"Run {summary.run_id}"
    )
    return summary


def end_flow(summary: Summary) -> str:
    """What the flow returns: how the run ended.

    Raises: RunFailedError where not one outlet was reachable.
    """
    if summary.outcome == "unreachable":
        raise RunFailedError(f"run {summary.run_id}: not one outlet was reachable")
    return summary.outcome


def _as_tasks(stage: Callable[[Run, Any], Any], run: Run, batches: Sequence[Any]) -> list[Any]:
    """Call a stage for every batch as a task; the tasks of a stage run side by side."""
    work = task(name=stage.__name__, cache_policy=NO_CACHE, persist_result=False)(stage)
    futures = [work.submit(run, batch) for batch in batches]
    wait(futures)
    return [future.result() for future in futures]
