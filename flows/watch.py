"""The newest coverage as a Prefect flow: what the schedule runs. `python flows/watch.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import end_flow, flow, run_as_tasks


@flow(name="presswatch-watch", log_prints=True)
def watch(outlets: list[str] | None = None, data: Path | None = None) -> str:
    """Fetch what the outlets list as new, once."""
    settings = load_settings(data=data)
    return end_flow(
        run_as_tasks(settings, Plan(command="watch", outlet_ids=tuple(outlets or settings.collect_outlets)))
    )


def main(
    outlet: Annotated[list[str] | None, typer.Option()] = None, data: Annotated[Path | None, typer.Option()] = None
) -> None:
    """Run the flow once, here, on Prefect's embedded server."""
    watch(outlet, data)


if __name__ == "__main__":
    typer.run(main)
