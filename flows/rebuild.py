"""Raw to clean again as a Prefect flow: `python flows/rebuild.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, run_as_tasks

_PATIENCE_S = 48 * 3600  # some millions of pages on two cores


@flow(name="presswatch-rebuild", log_prints=True, timeout_seconds=_PATIENCE_S, **HOOKS)
def rebuild(data: Path | None = None) -> State[str]:
    """Make all tables again from data/raw; waits for a run that has the data folder."""
    return run_as_tasks(load_settings(data=data), Plan(command="rebuild", is_rebuild=True), wait=True)


def main(data: Annotated[Path | None, typer.Option()] = None) -> None:
    """Run the flow once, here."""
    rebuild(data)


if __name__ == "__main__":
    typer.run(main)
