"""What lies in data/raw and is not read yet, as a Prefect flow: `python flows/compare.py`.

A watch reads what it fetched. This one comes after it, however it ended, and finishes the work of one that did not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presswatch.desk import describe_status
from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, in_a_line, run_as_tasks, skip

_PATIENCE_S = 4 * 3600


@flow(name="presswatch-compare", log_prints=True, timeout_seconds=_PATIENCE_S, **HOOKS)
def compare(data: Path | None = None) -> State[str]:
    """Read and compare what is stored and not in the tables; nothing is fetched."""
    settings = load_settings(data=data)
    status = describe_status(settings)
    if not (status["unread_files"] or status["interrupted_files"]):
        return skip("all that is stored has been read")
    return run_as_tasks(settings, Plan(command="compare", is_offline=True))


def main(data: Annotated[Path | None, typer.Option()] = None) -> None:
    """Run the flow once, here."""
    with in_a_line():
        compare(data)


if __name__ == "__main__":
    typer.run(main)
