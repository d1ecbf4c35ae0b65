"""`presswatch demo`: the pipeline over the bundled newsroom, twice, as two days of a schedule would run it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from presswatch.collector import Progress
from presswatch.demo.newsroom import OUTLET_IDS, Newsroom
from presswatch.errors import UsageError
from presswatch.model import Window
from presswatch.pipeline import Plan, Summary, run_plan
from presswatch.settings import Settings
from presswatch.storage import DataDir
from presswatch.tables import load

SPRING = Window(since=datetime(2026, 2, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))  # when it all happens


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What the demo did: a backfill of the first edition, a watch of the second, and the story to show."""

    backfill: Summary
    watch: Summary
    story_id: str
    settings: Settings


def run_demo(settings: Settings, *, progress: Progress, wait: bool = False) -> Demonstration:
    """Serve the newsroom on loopback and run the pipeline over it into the data folder of the settings.

    A second call finds everything stored, and fetches no article again.

    Raises: UsageError where the folder holds responses of anybody else, which invented articles would stand among; what
        `run_plan` raises.
    """
    _refuse_others(settings)
    with Newsroom(edition=1) as newsroom:
        own = newsroom.make_settings(settings.data)
        plan = Plan(command="backfill", outlet_ids=own.collect_outlets, window=SPRING)
        backfill = run_plan(own, plan, progress=progress, wait=wait)
        newsroom.publish_edition(2)
        watch = run_plan(own, replace(plan, command="watch", window=None), progress=progress, wait=wait)
    stories = load(settings.data / "clean").stories
    of_topic = stories[stories["topics"].notna()].sort_values(["outlet_count", "story_id"], ascending=[False, True])
    return Demonstration(backfill=backfill, watch=watch, story_id=str(of_topic["story_id"].iloc[0]), settings=own)


def _refuse_others(settings: Settings) -> None:
    if settings.bucket:
        raise UsageError(f"{settings.bucket} is a bucket, and the demo wants a folder: `presswatch demo --data demo`")
    raw = DataDir(settings.data).raw
    folders = {path.name for path in raw.iterdir() if path.is_dir()} if raw.is_dir() else set[str]()
    others = sorted(folders - set(OUTLET_IDS))
    if others:
        raise UsageError(
            f"{settings.data} holds responses of {others[0]}, and what the demo fetches is invented: `presswatch demo"
            " --data demo` keeps the two apart"
        )
