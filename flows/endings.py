"""The state that a run ends in: done, skipped, failed, or done with something that somebody should look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import surroundings  # noqa: F401

# isort: split
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from presswatch.collector import Collected
from presswatch.desk import describe_status
from presswatch.pipeline import Summary
from presswatch.report import render_news
from presswatch.settings import Settings

WARNED = "Warned"
NEWS = "News"
SKIPPED = "Skipped"
_MOST_NEWS = 8_000  # characters of a message: chats cut or refuse what is much longer; the feed has all


def skip(why: str) -> State[str]:
    """The state of a run that had nothing to do."""
    return Completed(name=SKIPPED, message=why, data="skipped")


def end_run(settings: Settings, summary: Summary, collected: Sequence[Collected]) -> State[str]:
    """Failed where not one outlet was reachable, else done; `Warned` where an outlet may need a hand, else `News`."""
    if summary.outcome == "unreachable":
        return Failed(message=f"run {summary.run_id}: not one outlet was reachable")
    said = f"run {summary.run_id}: {summary.outcome}, {summary.fetched} fetched, {summary.failed} failed"
    warnings = _warnings(settings, summary, collected)
    news = _tell_news(summary)
    name = WARNED if warnings else NEWS if news else None
    return Completed(name=name, message="\n".join([said, *warnings, *news]), data=summary.outcome)


def _tell_news(summary: Summary) -> list[str]:
    """The digest in lines, as far as a message holds them; nothing of a first run, to which everything is new."""
    if summary.digest.is_first:
        return []
    lines = render_news(summary.digest).splitlines()
    ends = accumulate(len(line) + 1 for line in lines)
    fitting = [line for line, end in zip(lines, ends, strict=True) if end - 1 <= _MOST_NEWS]
    return [*fitting, *(["… the rest is in feed.xml"] if len(fitting) < len(lines) else [])]


def _warnings(settings: Settings, summary: Summary, collected: Sequence[Collected]) -> list[str]:
    """What single failures do not tell: outlets that are silent, marked up otherwise than before, or suddenly poor."""
    silent = [f"{one.outlet_id}: nobody answered" for one in collected if one.outlet_id and not one.was_answered]
    changed = [
        f"{drift.outlet_id}: its layout matched nothing on {drift.missed} of {drift.read} articles, like {drift.url}"
        for drift in summary.drift
    ]
    drops: list[dict[str, Any]] = describe_status(settings)["drops"] if summary.command == "watch" else []
    poor = [
        f"{drop['outlet_id']}: {drop['count']} articles in 7 days, {drop['least']} or more in each of 8 weeks before"
        for drop in drops
    ]
    return [*silent, *changed, *poor]
