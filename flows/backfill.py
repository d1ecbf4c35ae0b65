"""A window of the past as a Prefect flow: `python flows/backfill.py --since 2026-03-01 --until 2026-04-01`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from presswatch.model import Window
from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import end_flow, flow, run_as_tasks


@flow(name="presswatch-backfill", log_prints=True)
def backfill(
    since: date, until: date, outlets: list[str] | None = None, *, restart: bool = False, data: Path | None = None
) -> str:
    """Fetch what was published from `since` up to, not including, `until` (UTC); goes on where a run stopped."""
    settings = load_settings(data=data)
    window = Window(since=_midnight(since), until=_midnight(until))
    chosen = tuple(outlets or settings.collect_outlets)
    plan = Plan(command="backfill", outlet_ids=chosen, window=window, is_restart=restart)
    return end_flow(run_as_tasks(settings, plan))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def main(
    since: Annotated[str, typer.Option()],
    until: Annotated[str, typer.Option()],
    outlet: Annotated[list[str] | None, typer.Option()] = None,
    data: Annotated[Path | None, typer.Option()] = None,
    *,
    restart: bool = False,
) -> None:
    """Run the flow once, here, on Prefect's embedded server."""
    backfill(date.fromisoformat(since), date.fromisoformat(until), outlet, restart=restart, data=data)


if __name__ == "__main__":
    typer.run(main)
