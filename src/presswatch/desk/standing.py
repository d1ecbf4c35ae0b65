"""How things stand: what is stored, the last run, what waits, and what to type next; and one run, for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from presswatch.ledger import list_unread
from presswatch.pipeline import Summary
from presswatch.report import count_differences, render_news, render_run, tell_count
from presswatch.settings import FILE_NAME, Settings
from presswatch.storage import DataDir
from presswatch.tables import load, load_stored
from presswatch.tables.rows import plain_rows
from presswatch.volume import find_drops


def describe_status(settings: Settings, *, finishes: str = "") -> dict[str, Any]:
    """How things stand: counts, the last run, what waits, and what to type next (`lines` says it in words).

    Args: `finishes` is what does here what waits, where that is another command than the next watch or backfill.
    Raises: DamagedError, SchemaError.
    """
    data = DataDir(settings.data, settings.bucket).refresh()
    tables = load_stored(data.clean)
    ordered = tables.runs.sort_values("started_at")
    runs, watches = plain_rows(ordered.tail(1)), plain_rows(ordered[ordered["command"] == "watch"].tail(1))
    latest = tables.articles[tables.articles["is_latest"].astype(bool)]
    unread = len(list_unread(data))
    open_stages = len([path for path in data.spool.iterdir() if path.suffix == ".open"]) if data.spool.is_dir() else 0
    found: dict[str, Any] = {
        "data": data.name,
        "articles": len(latest),
        "outlets": int(latest["outlet_id"].nunique()),
        "stories": len(tables.stories),
        "differences": count_differences(tables.differences).total(),
        "failures": len(tables.failures),
        "unread_files": unread,
        "interrupted_files": open_stages,
        "running": data.holder(),
        "last_run": runs[0] if runs else None,
        "drops": [vars(drop) for drop in find_drops(latest, watches[0]["started_at"])] if watches else [],
    }
    return found | {"lines": _status_lines(found, finishes or "the next `presswatch watch` or `backfill`")}


def describe_run(settings: Settings, summary: Summary) -> str:
    """A run as Markdown: counts, failures by code, the stories it compared, and what is new."""
    tables = load(settings.data / "clean")
    failures = tables.failures
    stories = tables.stories
    told = render_run(
        vars(summary),
        failures[failures["run_id"] == summary.run_id],
        stories[stories["story_id"].isin(summary.story_ids)],
    )
    return "\n".join(filter(None, (told, render_news(summary.digest))))


def _tell_run(run: Mapping[str, Any]) -> str:
    counts = f"{tell_count(run['fetched'], 'response')}, {tell_count(run['failed'], 'failure')}"
    return f"{run['command']} at {run['finished_at']:%Y-%m-%d %H:%M} UTC: {run['outcome']}, {counts}"


def _tell_drop(drop: Mapping[str, Any]) -> str:
    told = f"{tell_count(drop['count'], 'article')} in the 7 days to the last watch"
    span = f"{drop['least']}" if drop["least"] == drop["most"] else f"{drop['least']} to {drop['most']}"
    past = f"{span} in each of the 8 weeks before"
    return f"fewer          {drop['outlet_id']}: {told}, {past}; `presswatch outlets check {drop['outlet_id']}`"


def _status_lines(found: Mapping[str, Any], finishes: str) -> list[str]:
    last = found["last_run"]
    lines = [f"data folder    {found['data']}"]
    if found["running"]:
        lines.append(f"running now    {found['running']}")
    if last:
        lines += [
            (
                f"stored         {tell_count(found['articles'], 'article')} of {tell_count(found['outlets'], 'outlet')}"
                f" in {tell_count(found['stories'], 'story', 'stories')}"
            ),
            f"differences    {found['differences']}",
            f"last run       {_tell_run(last)}",
        ]
        if last["failed"]:
            where = "" if found["data"] == str(Settings().data) else f" --data {found['data']}"
            lines.append(f"               `presswatch failures --run {last['run_id']}{where}` lists them")
    lines += [_tell_drop(drop) for drop in found["drops"]]
    is_cut_short = found["interrupted_files"] and not found["running"]
    is_waiting = found["unread_files"] and not found["running"]
    if is_cut_short:
        lines.append(f"to do          a run was cut short; {finishes} finishes its work")
    elif is_waiting:  # as after `outlets add`, which stores and does not read
        files = tell_count(found["unread_files"], "stored file")
        lines.append(f"to do          not read yet: {files}; {finishes} does it")
    if not (last or found["running"] or is_cut_short or is_waiting):
        here = "`presswatch outlets check ID`, then `presswatch watch`, start with what presswatch.toml says"
        begin = "`presswatch demo` shows how it works; `presswatch init` starts your own"
        lines.append(f"nothing has run here yet: {here if Path(FILE_NAME).exists() else begin}")
    return lines
