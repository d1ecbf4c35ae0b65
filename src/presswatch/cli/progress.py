"""How far a run is, on stderr: what it is going to fetch, bars on a terminal, lines elsewhere."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from presswatch.cleaning import clean_text
from presswatch.cli.call import Call
from presswatch.cli.saying import print_note

if TYPE_CHECKING:
    from presswatch.collector import Forecast, Progress
    from presswatch.pipeline import Plan
    from presswatch.settings import Settings

_LINE_EVERY_S = 10.0  # between two lines of progress where there is no terminal: a log that is neither mute nor a flood
_FETCH_LINE_EVERY_S = 30.0  # between two lines of one outlet
_SENTENCES = {
    "wait": "waiting: {what}",
    "discover": "{what}: reading its feeds and sitemaps",
    "scout": "asking for {what}",
    "ingest": "{share} taken in, now {what}",
    "read": "reading articles of {what}; {done} read so far",
    "compare": "comparing what the outlets say",
    "forget": "taking out of {what}",
    "compact": "putting files together; {share} done, the last of {what}",
}


class Outlook:
    """What a run is going to fetch, told at its start and again when an outlet's feeds and sitemaps have been read.

    Threads may share it.
    """

    def __init__(self, call: Call, settings: Settings, plan: Plan) -> None:
        self._call, self._plan = call, plan
        self._concurrency = settings.fetch.concurrency
        self._forecasts: dict[str, Forecast] = {}
        self._began: dict[str, float] = {}
        self._hand = Lock()
        self._is_told = plan.command == "backfill"
        if self._is_told:
            self._tell_start(settings)

    def take(self, forecast: Forecast) -> None:
        """Say what one outlet comes to, and what all of them do once the last is known."""
        with self._hand:
            self._forecasts[forecast.outlet_id] = forecast
            self._began[forecast.outlet_id] = monotonic()
            is_last = len(self._forecasts) == len(self._plan.outlet_ids) > 1
        if not self._is_told:
            return
        self._call.note(_tell_forecast(forecast.outlet_id, [forecast], forecast.duration_s, forecast.delay_s))
        if is_last:
            self._call.note(_tell_forecast("together", list(self._forecasts.values()), self._duration_s(), None))

    def tell_left(self, parts: Mapping[str, tuple[int, int | None]]) -> str:
        """The time to the last URL of some outlets, by what is left of each at its pace; nothing where that is unknown.

        Where a host answers more slowly than its pace allows, the pace is what it answered at so far.
        """
        left = []
        for outlet_id, (done, total) in parts.items():
            forecast = self._forecasts.get(outlet_id)
            if forecast is None or total is None or not (done or forecast.delay_s):
                return ""
            so_far_s = (monotonic() - self._began[outlet_id]) / done if done else 0.0
            left.append((total - done) * max(forecast.delay_s, so_far_s))
        left_s = self._side_by_side(left) if left else 0.0
        return f"{_tell_duration(left_s)} to go" if left_s else ""

    def with_waiting(self, parts: Mapping[str, tuple[int, int | None]]) -> Mapping[str, tuple[int, int | None]]:
        """How far outlets are, and those with them that wait for their first URL."""
        return {one.outlet_id: (0, one.url_count) for one in self._forecasts.values() if one.url_count} | dict(parts)

    def row(self) -> dict[str, Any]:
        """What was foreseen, for JSON; nothing where no outlet is asked."""
        if not self._forecasts:
            return {}
        window, forecasts = self._plan.window, list(self._forecasts.values())
        return {
            "plan": {
                "since": window.since if window else None,
                "until": window.until if window else None,
                "documents": sum(one.document_count for one in forecasts),
                "urls": sum(one.url_count for one in forecasts),
                "duration_s": self._duration_s(),
                "outlets": [
                    {
                        "outlet_id": one.outlet_id,
                        "documents": one.document_count,
                        "urls": one.url_count,
                        "delay_s": one.delay_s,
                        "duration_s": one.duration_s,
                    }
                    for one in forecasts
                ],
            }
        }

    def _tell_start(self, settings: Settings) -> None:
        from presswatch.desk import find_forgotten
        from presswatch.report import tell_count

        plan = self._plan
        if plan.window:
            what = f"{_minute(plan.window.since)} … {_minute(plan.window.until)}, the end not included"
        else:
            what = tell_count(len(plan.urls), "listed URL")
        told = [what, *([", ".join(plan.outlet_ids)] if plan.outlet_ids else [])]
        told += [f"only what says {plan.query!r}"] if plan.query else []
        told += ["what is stored is asked for again, if it changed"] if plan.is_restart else []
        self._call.note(clean_text(f"backfill: {'; '.join(told)}"))
        if kept_out := find_forgotten(settings, plan.urls):
            these = tell_count(len(kept_out), "of them is", "of them are")
            why = f"`presswatch explain {shlex.quote(kept_out[0])}{self._call.where}` says more"
            self._call.note(clean_text(f"{these} on the list of what was forgotten, and not asked for: {why}"))

    def _duration_s(self) -> float:
        return self._side_by_side([one.duration_s for one in self._forecasts.values()])

    def _side_by_side(self, durations: Sequence[float]) -> float:
        """Outlets go side by side: the longest counts, or all of them where there are more than go at once."""
        return max(*durations, sum(durations) / self._concurrency, 0.0)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _tell_forecast(name: str, forecasts: Sequence[Forecast], duration_s: float, delay_s: float | None) -> str:
    """What one outlet, or all of them, come to."""
    from presswatch.report import tell_count

    documents = sum(one.document_count for one in forecasts)
    urls = sum(one.url_count for one in forecasts)
    read = [f"{tell_count(documents, 'document')} read"] if documents else []
    told = [*read, f"{tell_count(urls, 'URL')} to fetch"]
    if duration_s:
        pace = f" (one request every {delay_s:g} s)" if delay_s else " (outlets go side by side)"
        told.append(f"{_tell_duration(duration_s)} at least{pace}")
    return f"{name}: {', '.join(told)}"


def _tell_duration(seconds: float) -> str:
    """A time to go, as exact as it is known."""
    minute, hour = 60, 3600
    if seconds < 1.5 * minute:
        return f"about {max(round(seconds), 1)} s"
    if seconds < 1.5 * hour:
        return f"about {round(seconds / minute)} min"
    return f"about {seconds / hour:.1f} h"


@contextmanager
def show_progress(call: Call, outlook: Outlook | None = None) -> Iterator[Progress]:
    """What shows progress on stderr: a bar on a terminal, plain lines elsewhere, nothing where quiet."""
    if call.quiet:
        yield lambda *_: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _Bars(outlook) as bars:
            yield bars.show
    else:
        yield _Lines(outlook).show


class _Tally:
    """How far each stage is, over all outlets and files that are worked on at once. Threads may share it."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, tuple[int, int | None]]] = {}

    def count(self, stage: str, done: int, total: int | None, what: str) -> tuple[int, int | None]:
        """Take in how far a part is. Returns: how far the stage is, and of how many."""
        parts = self.parts.setdefault(stage, {})
        parts["" if stage == "ingest" else what] = done, total
        known = list(parts.values())
        totals = [total for _, total in known if total is not None]
        return sum(done for done, _ in known), sum(totals) if len(totals) == len(known) else None


class _Bars:
    """A bar for each stage."""

    def __init__(self, outlook: Outlook | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        texts = ("{task.description}", "{task.fields[share]}", "{task.fields[left]}")
        named, counted, left = (TextColumn(told, markup=False) for told in texts)
        columns = (named, BarColumn(), counted, left)
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, Any] = {}
        self._tally, self._outlook, self._hand = _Tally(), outlook, Lock()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Move a bar."""
        with self._hand:
            sum_done, sum_total = self._tally.count(stage, done, total, what)
            if stage not in self._tasks:
                self._tasks[stage] = self._progress.add_task(stage, total=sum_total, share="", left="")
            told, share = f"{stage} {clean_text(what)}", _tell_share(stage, sum_done, sum_total)
            left = ""
            if self._outlook and stage == "collect":
                left = self._outlook.tell_left(self._outlook.with_waiting(self._tally.parts[stage]))
            task = self._tasks[stage]
            self._progress.update(task, description=told, completed=sum_done, total=sum_total, share=share, left=left)


class _Lines:
    """A sentence where a stage begins, and then one now and then; of fetching, one of each outlet, and its last."""

    def __init__(self, outlook: Outlook | None) -> None:
        self._told_at: dict[str, float] = {}
        self._tally, self._outlook, self._hand = _Tally(), outlook, Lock()

    def show(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Say a line, if enough time has gone by since the last."""
        with self._hand:
            sum_done, sum_total = self._tally.count(stage, done, total, what)
            is_fetching, now = stage == "collect", monotonic()
            key = f"{stage} {what}" if is_fetching else stage
            since = now - self._told_at.setdefault(key, now if is_fetching else -_LINE_EVERY_S)
            if since < (_FETCH_LINE_EVERY_S if is_fetching else _LINE_EVERY_S) and not (is_fetching and done == total):
                return
            self._told_at[key] = now
        if is_fetching:
            left = self._outlook.tell_left({what: (done, total)}) if self._outlook and done != total else ""
            print_note(f"{clean_text(what)}: {done} of {total} done{left and f', {left}'}")
        else:
            share = _tell_share(stage, sum_done, sum_total)
            told = _SENTENCES.get(stage, "{stage}: {what}")
            print_note(told.format(stage=stage, done=sum_done, share=share, what=clean_text(what)))


def _tell_share(stage: str, done: int, total: int | None) -> str:
    """How far a stage is. Of files that are taken in bytes are counted: one may be as large as a thousand others."""
    size, unit = (1e6, "MB") if (total or done) >= 1e5 else (1e3, "kB")  # noqa: PLR2004  # .1 MB, the least of its digits
    told = [
        f"{number / size:,.1f}" if stage == "ingest" else f"{number}" for number in (done, total) if number is not None
    ]
    return " of ".join(told) + (f" {unit}" if stage == "ingest" else "")
