"""All deployments of prefect.yaml from one process, without a work pool or a worker: `python flows/serve.py`.

It wants a server. On Prefect's embedded one each run would start another for itself, and limits would hold nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import surroundings  # noqa: F401

# isort: split
import yaml
from prefect import serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger
from prefect.exceptions import ObjectNotFound

import limits
from presswatch.outlets import load_outlets
from presswatch.settings import load_settings
from server import in_a_line, is_shared

DECLARED = Path(__file__).resolve().parents[1] / "prefect.yaml"


def read_deployments() -> list[RunnerDeployment]:
    """What prefect.yaml declares, in the form that `serve` takes."""
    entries: list[dict[str, Any]] = yaml.safe_load(DECLARED.read_text("utf-8"))["deployments"]
    return [
        RunnerDeployment.from_entrypoint(
            str(DECLARED.parent / entry["entrypoint"]),
            name=entry["name"],
            description=entry["description"],
            schedules=[CronSchedule(**schedule) for schedule in entry.get("schedules", [])],
            concurrency_limit=ConcurrencyLimitConfig(**entry["concurrency_limit"]),
            triggers=[DeploymentEventTrigger.model_validate(trigger) for trigger in entry.get("triggers", [])],
        )
        for entry in entries
    ]


def find_pooled(deployments: Sequence[RunnerDeployment]) -> list[str]:
    """The names of those that a work pool has: `serve` would leave them to its workers, without their folder."""
    pooled = []
    with get_client(sync_client=True) as client:
        for name in (deployment.full_name for deployment in deployments):
            with suppress(ObjectNotFound):
                pooled += [name] if client.read_deployment_by_name(name).work_pool_name else []
    return pooled


if __name__ == "__main__":
    if not is_shared():
        raise SystemExit("no Prefect server is named; `prefect server start` starts one, and says how to name it")
    with in_a_line():
        declared = read_deployments()
        if pooled := find_pooled(declared):
            remedy = " && ".join(f"prefect deployment delete {name}" for name in pooled)
            raise SystemExit(f"a work pool has these deployments; stop its workers, then take them away: {remedy}")
        limits.make_limits(load_outlets(load_settings().outlets_folder))
    serve(*declared)
