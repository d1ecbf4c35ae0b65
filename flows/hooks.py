"""Whom a run's end is told to: `[notify]` of presswatch.toml names a webhook, a mail, or nobody."""

from __future__ import annotations

from typing import Any

import surroundings  # noqa: F401

# isort: split
from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.logging import get_logger
from prefect.utilities.urls import url_for

from endings import NEWS, WARNED
from presswatch.notify import Notice, send_notice
from presswatch.settings import load_notify_settings


def tell_end(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell of every end but a good one; of that, the news, if those are wanted."""
    settings = load_notify_settings()  # what holds of them: a fault of the rest may be what is told
    if state.is_completed() and state.name != WARNED and not (state.name == NEWS and settings.news):
        return
    facts = {"flow": flow.name, "run": flow_run.name, "state": state.name or "", "page": url_for(flow_run) or ""}
    title = f"{flow.name}: {state.name} ({flow_run.name})"
    notice = Notice(title=title, text=state.message or "nothing more is known", facts=facts)
    for fault in send_notice(notice, settings):
        get_logger("presswatch").error("nobody was told of %s: %s", title, fault)


_ENDS = ("on_completion", "on_failure", "on_crashed", "on_cancellation")
HOOKS: dict[str, Any] = {end: [tell_end] for end in _ENDS}
