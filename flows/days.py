"""A window of days as a parameter of flows: Prefect's pages and API show its fields, and refuse what does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Self, TypeVar

import typer
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from presswatch.model import Window

Words = TypeVar("Words", bound=BaseModel)
_DAY: dict[str, JsonValue] = {"pattern": r"^\d{4}-\d{2}-\d{2}$"}  # the server looks at patterns, and not at formats


class Days(BaseModel):
    """The days from one to another."""

    model_config = ConfigDict(extra="forbid")

    since: date = Field(description="first day (UTC)", json_schema_extra=_DAY)
    until: date = Field(description="first day that is not wanted any more (UTC)", json_schema_extra=_DAY)

    @model_validator(mode="after")
    def _check_window(self) -> Self:
        if self.since >= self.until:
            raise ValueError(f"`until` {self.until} is not after `since` {self.since}")
        return self

    @property
    def window(self) -> Window:
        """The days as points in time."""
        return Window(since=_midnight(self.since), until=_midnight(self.until))


def read_words(kind: type[Words], words: dict[str, Any]) -> Words:
    """What was typed, as a parameter of a flow. Raises: typer.BadParameter that says what does not fit."""
    try:
        return kind.model_validate(words)
    except ValidationError as error:
        said = [(*map(str, fault["loc"]), fault["msg"].removeprefix("Value error, ")) for fault in error.errors()]
        raise typer.BadParameter("; ".join(map(": ".join, said))) from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
