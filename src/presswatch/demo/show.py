"""`presswatch demo`: the pipeline over the bundled newsroom, twice, as two days of a schedule would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from presswatch.demo.newsroom import OUTLET_IDS, TOPIC, Newsroom
from presswatch.model import Window
from presswatch.pipeline import Plan, Progress, Summary, run_plan
from presswatch.settings import Settings
from presswatch.storage import DataDir
from presswatch.tables import load

MARCH = Window(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))
