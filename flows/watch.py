"""The newest coverage as a Prefect flow: what the schedule runs. `python flows/watch.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, in_a_line, run_as_tasks

_PATIENCE_S = 4 * 3600  # two turns of the schedule: one that hangs is not to stop all that follow


@flow(name="presswatch-watch", log_prints=True, timeout_seconds=_PATIENCE_S, **HOOKS)
def watch(outlets: list[str] | None = None, data: Path | None = None) -> State[str]:
    """Fetch what the outlets list as new, once; skipped where another run has the data folder."""
    settings = load_settings(data=data)
    return run_as_tasks(settings, Plan(command="watch", outlet_ids=tuple(outlets or settings.collect_outlets)))


def main(
    outlet: Annotated[list[str] | None, typer.Option()] = None, data: Annotated[Path | None, typer.Option()] = None
) -> None:
    """Run the flow once, here."""
    with in_a_line():
        watch(outlet, data)


if __name__ == "__main__":
    typer.run(main)
