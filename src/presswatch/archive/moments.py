"""Moments as text that sorts as they do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import overload

from presswatch.model import utc


@overload
def as_text(moment: datetime) -> str: ...
@overload
def as_text(moment: None) -> None: ...
@overload
def as_text(moment: datetime | None) -> str | None: ...
def as_text(moment: datetime | None) -> str | None:
    """A moment as text that sorts as moments do."""
    return None if moment is None else utc(moment).isoformat(timespec="microseconds")


def moment_or_none(text: str | None) -> datetime | None:
    """What `as_text` wrote."""
    return None if text is None else moment(text)


def moment(text: str) -> datetime:
    """A moment from ISO 8601 with a zone."""
    return datetime.fromisoformat(text).astimezone(UTC)
