"""A window of the past as a Prefect flow: `python flows/backfill.py --since 2026-03-01 --until 2026-04-01`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Self

import typer
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from presswatch.model import Window
from presswatch.pipeline import Plan
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, run_as_tasks

_PATIENCE_S = 7 * 24 * 3600  # at 5 s a page 120,000 pages of one outlet; what is left then, the next one fetches
_DAY: dict[str, JsonValue] = {"pattern": r"^\d{4}-\d{2}-\d{2}$"}  # the server looks at patterns, and not at formats


class Order(BaseModel):
    """What is to be fetched. Prefect's pages and API show these fields, and refuse what does not fit them."""

    model_config = ConfigDict(extra="forbid")

    since: date = Field(description="first day of publication (UTC)", json_schema_extra=_DAY)
    until: date = Field(description="first day that is not wanted any more (UTC)", json_schema_extra=_DAY)
    outlets: list[str] = Field(default=[], description="ids of outlets; none means those of presswatch.toml")
    restart: bool = Field(default=False, description="ask again for what is stored, or was given up")
    data: Path | None = Field(default=None, description="the data folder; else that of presswatch.toml")

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.since >= self.until:
            raise ValueError(f"`until` {self.until} is not after `since` {self.since}")
        return self

    @property
    def window(self) -> Window:
        """The days as points in time."""
        return Window(since=_midnight(self.since), until=_midnight(self.until))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


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
    backfill(Order.model_validate(order))


if __name__ == "__main__":
    typer.run(main)
