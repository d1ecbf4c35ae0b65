"""Raw to clean again as a Prefect flow: `python flows/rebuild.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from days import Days, read_words
from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, in_a_line, run_as_tasks

_PATIENCE_S = 48 * 3600  # some millions of pages on two cores


@flow(name="presswatch-rebuild", log_prints=True, timeout_seconds=_PATIENCE_S, **HOOKS)
def rebuild(days: Days | None = None, data: Path | None = None) -> State[str]:
    """Make all tables again from data/raw, or read again what was collected in the months of some days.

    It waits for a run that has the data folder.
    """
    plan = Plan(command="rebuild", is_rebuild=True, window=days.window if days else None)
    return run_as_tasks(load_settings(data=data), plan, wait=True)


def main(
    since: Annotated[str | None, typer.Option()] = None,
    until: Annotated[str | None, typer.Option()] = None,
    data: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """Run the flow once, here."""
    days = read_words(Days, {"since": since, "until": until}) if since or until else None
    with in_a_line():
        rebuild(days, data)


if __name__ == "__main__":
    typer.run(main)
