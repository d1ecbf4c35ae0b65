"""Raw to clean again as a Prefect flow: `python flows/rebuild.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import end_flow, flow, run_as_tasks


@flow(name="presswatch-rebuild", log_prints=True)
def rebuild(data: Path | None = None) -> str:
    """Make all tables again from data/raw."""
    return end_flow(run_as_tasks(load_settings(data=data), Plan(command="rebuild", is_rebuild=True)))


def main(data: Annotated[Path | None, typer.Option()] = None) -> None:
    """Run the flow once, here, on Prefect's embedded server."""
    rebuild(data)


if __name__ == "__main__":
    typer.run(main)
