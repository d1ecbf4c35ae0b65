"""A window of the past as a Prefect flow: `python flows/backfill.py --since 2026-03-01 --until 2026-04-01`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field

from days import Days, read_words
from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, in_a_line, run_as_tasks

_PATIENCE_S = 7 * 24 * 3600  # at 5 s a page 120,000 pages of one outlet; what is left then, the next one fetches


class Order(Days):
    """What is to be fetched: what was published in these days."""

    outlets: list[str] = Field(default=[], description="ids of outlets; none means those of presswatch.toml")
    restart: bool = Field(default=False, description="ask again for what is stored, or was given up")
    data: Path | None = Field(default=None, description="the data folder; else that of presswatch.toml")


@flow(name="presswatch-backfill", log_prints=True, timeout_seconds=_PATIENCE_S, **HOOKS)
def backfill(order: Order) -> State[str]:
    """Fetch what was published in a window; goes on where a run stopped, and waits for one that has the data folder."""
    settings = load_settings(data=order.data)
    chosen = tuple(order.outlets or settings.collect_outlets)
    plan = Plan(command="backfill", outlet_ids=chosen, window=order.window, is_restart=order.restart)
    return run_as_tasks(settings, plan, wait=True)


def main(
    since: Annotated[str, typer.Option()],
    until: Annotated[str, typer.Option()],
    outlet: Annotated[list[str] | None, typer.Option()] = None,
    data: Annotated[Path | None, typer.Option()] = None,
    *,
    restart: bool = False,
) -> None:
    """Run the flow once, here."""
    order = {"since": since, "until": until, "outlets": outlet or [], "restart": restart, "data": data}
    read = read_words(Order, order)
    with in_a_line():
        backfill(read)


if __name__ == "__main__":
    typer.run(main)
