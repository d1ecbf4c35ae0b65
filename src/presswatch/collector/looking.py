"""What would be fetched, and what an outlet's documents list: looking before leaping."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from presswatch.collector.fetching import Job, sort_urls, work_side_by_side
from presswatch.collector.order import Collected, Order, make_failure
from presswatch.collector.visiting import Visit, is_about, open_visit
from presswatch.discover import Contents, newest_document, read_document
from presswatch.errors import RETRIED_CODES, FetchError
from presswatch.fetch import Hosts
from presswatch.model import Candidate, Failure
from presswatch.outlets import Outlet, Registry, Source, SourceKind


@dataclass(frozen=True, kw_only=True)
class Previewed(Collected):
    """What came of looking at one outlet."""

    rows: tuple[dict[str, Any], ...] = ()


def preview_outlets(order: Order, outlets: Registry, outlet_ids: Sequence[str]) -> list[Previewed]:
    """What `collect_outlets` would fetch: a row a URL, with what robots.txt says and the seconds until its turn.

    Discovery is done, and what it found is not remembered; no article is fetched.
    """
    jobs, refused = (
        sort_urls(order, outlets, set(outlet_ids)) if order.urls else ([Job(outlets.need(i)) for i in outlet_ids], [])
    )
    hosts = Hosts()
    works = [partial(_preview_one, order, outlets, hosts, job) for job in jobs]
    return [*asyncio.run(work_side_by_side(order, works)), Previewed(outlet_id="", failures=tuple(refused))]


async def _preview_one(order: Order, outlets: Registry, hosts: Hosts, job: Job) -> Previewed:
    rows: list[dict[str, Any]] = []
    failures: list[Failure] = []
    async with open_visit(order, outlets, job.outlet, hosts) as visit:
        if job.urls:
            due = [Candidate(url=url, outlet_id=job.outlet.id) for url in job.urls]
            due = [candidate for candidate in due if order.is_restart or visit.is_due(candidate)]
        else:
            due, failures = await visit.look_ahead()
        allowed = 0
        first: Candidate | None = None
        for candidate in due:
            if not is_about(candidate, order.query):
                continue
            refusal = await visit.ask_robots(candidate.url)
            wait_s = allowed * visit.session.delay_s(candidate.url)
            rows.append(_preview_row(candidate, tell_verdict(refusal), wait_s))
            if refusal is None:
                allowed, first = allowed + 1, first or candidate
            elif refusal.code in RETRIED_CODES:
                failures.append(make_failure(order, candidate.url, refusal.code, refusal.message, job.outlet.id))
        forecast = await visit.foresee(allowed, first)
    order.forecast(forecast)
    failures += [failure for failure in visit.failures if failure.run_id == order.run_id]
    return Previewed(
        outlet_id=job.outlet.id,
        rows=tuple(rows),
        fetched=visit.writer.count,
        failures=tuple(failures),
        forecast=forecast,
    )


def tell_verdict(refusal: FetchError | None) -> str:
    """What robots.txt says of a URL, in words."""
    return f"{refusal.code}: {refusal.message}" if refusal else "allowed"


def _preview_row(candidate: Candidate, robots: str, wait_s: float) -> dict[str, Any]:
    return {
        "outlet_id": candidate.outlet_id,
        "url": candidate.url,
        "published_at": candidate.published_at,
        "robots": robots,
        "wait_s": wait_s,
    }


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """What a feed or sitemap lists, and what was wrong with it. `code` says why nothing is known of it, if so."""

    kind: SourceKind
    url: str
    robots: str = ""
    candidates: int = 0
    documents: int = 0  # that an index leads to
    newest_at: datetime | None = None
    fault: str = ""
    code: str | None = None


def check_documents(order: Order, outlets: Registry, outlet: Outlet) -> list[DocumentRow]:
    """What an outlet's feeds and sitemaps list, and what robots.txt says of them: a row for each that `discover` names.

    Of a sitemap of the past, which a backfill walks through, the one document is read that is named; of an archive or
    WordPress's interface the page that holds the last day.
    """
    return asyncio.run(_check_documents(order, outlets, outlet))


async def _check_documents(order: Order, outlets: Registry, outlet: Outlet) -> list[DocumentRow]:
    rows = []
    async with open_visit(order, outlets, outlet) as visit:
        for source in outlet.discover:
            row = await _check_source(visit, outlet, source)
            refusal = await visit.ask_robots(row.url)
            rows.append(replace(row, robots=tell_verdict(refusal), code=refusal.code if refusal else row.code))
    return rows


async def _check_source(visit: Visit, outlet: Outlet, source: Source) -> DocumentRow:
    if source.kind in ("feed", "news_sitemap"):
        found, faults = await visit.list_candidates(replace(outlet, discover=(source,)))
        return describe_document(source.kind, source.url, found, [(one.error, one.message) for one in faults])
    now = datetime.now(UTC)
    url, kind = newest_document(outlet, source, now=now)
    try:
        capture = await visit.fetch_document(url, kind)
    except FetchError as error:
        return describe_document(source.kind, url, (), [(error.code, error.message)])
    contents = read_document(outlet, capture, now=now, source=source)
    return describe_contents(source.kind, url, contents)


def describe_document(
    kind: SourceKind, url: str, found: Sequence[Candidate], faults: Sequence[tuple[str, str]]
) -> DocumentRow:
    """What a document lists, and what went wrong with it: codes and messages."""
    return DocumentRow(
        kind=kind,
        url=url,
        candidates=len(found),
        newest_at=max((day for one in found if (day := one.published_at or one.modified_at)), default=None),
        fault="; ".join(": ".join(fault) for fault in faults),
        code=next((code for code, _ in faults if not found), None),
    )


def describe_contents(kind: SourceKind, url: str, contents: Contents) -> DocumentRow:
    """What a document of the past lists, of which nothing else was asked."""
    row = describe_document(kind, url, contents.candidates, [contents.fault] if contents.fault else [])
    return replace(row, documents=len(contents.documents), code=None if contents.documents else row.code)
