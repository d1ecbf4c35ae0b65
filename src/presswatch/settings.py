"""presswatch.toml → Settings. Order: flag, environment `PRESSWATCH_*`, project file, user file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class FetchSettings:
    """The `[fetch]` table."""

    contact: str | None = None
    concurrency: int = 8
    total_timeout_s: float = 60.0
    max_body_bytes: int = 10_000_000
    proxy: str | None = None
    resolve: Mapping[str, str] = field(default_factory=dict)  # host → "address:port"
