"""All deployments of prefect.yaml from one process, without a work pool or a worker: `python flows/serve.py`.

It wants a server. On Prefect's embedded one each run would start another for itself, and limits would hold nobody.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import surroundings  # noqa: F401

# isort: split
import yaml
from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentEventTrigger

import limits
from presswatch.outlets import load_outlets
from presswatch.settings import load_settings

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


if __name__ == "__main__":
    if not limits.is_shared():
        raise SystemExit("no Prefect server is named; `prefect server start` starts one, and says how to name it")
    limits.make_limits(load_outlets(load_settings().outlets_folder))
    serve(*read_deployments())
