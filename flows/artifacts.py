"""What a run leaves in Prefect's pages: a summary, a table of outlets, one of failures, and the way to the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import surroundings  # noqa: F401

# isort: split
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact

from presswatch.collector import Collected
from presswatch.desk import describe_run
from presswatch.pipeline import Summary
from presswatch.settings import Settings
from presswatch.storage import DataDir
from presswatch.tables import Tables, load


def leave_artifacts(settings: Settings, summary: Summary, collected: Sequence[Collected]) -> None:
    """Leave them under keys of the command's own: Prefect keeps the history of each."""
    data, key, said = DataDir(settings.data, settings.bucket), f"presswatch-{summary.command}", f"Run {summary.run_id}"
    tables = load(data.clean)
    create_markdown_artifact(key=key, markdown=describe_run(settings, summary), description=said)
    create_table_artifact(key=f"{key}-outlets", table=_outlet_rows(tables, collected), description=said)
    create_table_artifact(key=f"{key}-failures", table=_failure_rows(tables, summary.run_id), description=said)
    index = data.report / "index.html"
    if index.exists():  # of a bucket that too: a mirror has the pages that it made
        link = f"{settings.bucket}/report/index.html" if settings.bucket else index.absolute().as_uri()
        create_link_artifact(key=f"{key}-report", link=link, link_text="Stories", description=said)


def _outlet_rows(tables: Tables, collected: Sequence[Collected]) -> list[dict[str, Any]]:
    """What came of each outlet in this run, and its newest article of all; or all that are stored."""
    articles = tables.select("articles", ["outlet_id", "published_at"])  # the text of all of them stays unread
    newest = articles.groupby("outlet_id")["published_at"].max().dropna()
    told = {outlet_id: f"{when:%Y-%m-%d %H:%M}" for outlet_id, when in newest.items()}
    asked = [one for one in collected if one.outlet_id]
    return [
        {
            "outlet": one.outlet_id,
            "found": one.discovered,
            "fetched": one.fetched,
            "failures": len(one.failures),
            "newest article (UTC)": told.get(one.outlet_id, ""),
        }
        for one in asked
    ] or [{"outlet": outlet_id, "newest article (UTC)": when} for outlet_id, when in told.items()]


def _failure_rows(tables: Tables, run_id: str) -> list[dict[str, Any]]:
    """The failures of a run, counted by outlet and code, each with an address; words of the web are in the summary."""
    failures = tables.select("failures", ["outlet_id", "error", "url"], run_id=run_id)
    return [
        {"outlet": outlet_id or "", "code": code, "count": len(rows), "for example": rows["url"].iloc[0]}
        for (outlet_id, code), rows in failures.groupby(["outlet_id", "error"], dropna=False)
    ]
