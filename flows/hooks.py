"""Whom a run's end is told to: `[notify]` of presswatch.toml names a webhook, a mail, or nobody."""

from __future__ import annotations

from typing import Any

import surroundings  # noqa: F401

# isort: split
from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.logging import get_logger
from prefect.utilities.urls import url_for

import witness
from endings import NEWS, WARNED
from presswatch.notify import Notice, send_notice
from presswatch.settings import load_notify_settings
from server import is_shared


def tell_end(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """What a run itself, or the worker that is alive, says of its end."""
    witness.end(flow_run)
    tell(flow.name, flow_run, state)


def tell(flow: str, flow_run: FlowRun, state: State[Any]) -> None:
    """Tell of every end but a good one; of that, the news, if those are wanted."""
    settings = load_notify_settings()  # what holds of them: a fault of the rest may be what is told
    if state.is_completed() and state.name != WARNED and not (state.name == NEWS and settings.news):
        return
    facts = {"flow": flow, "run": flow_run.name, "state": state.name or "", "page": url_for(flow_run) or ""}
    title = f"{flow}: {state.name} ({flow_run.name})"
    notice = Notice(title=title, text=state.message or "nothing more is known", facts=facts)
    for fault in send_notice(notice, settings):
        get_logger("presswatch").error("nobody was told of %s: %s", title, fault)


def be_watched(_flow: Flow[..., Any], flow_run: FlowRun, _state: State[Any]) -> None:
    """Have somebody beside the run who says that it was killed; on the embedded server, nobody is left to say it to."""
    if is_shared():
        witness.begin(flow_run)


_ENDS = ("on_completion", "on_failure", "on_crashed", "on_cancellation")
HOOKS: dict[str, Any] = {"on_running": [be_watched], **{end: [tell_end] for end in _ENDS}}
