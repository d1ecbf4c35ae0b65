"""Outlets, or files of the user's, → WARC files in data/raw. Nothing is read here that is not stored first."""

from __future__ import annotations

import asyncio
import gzip
import re
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self, TypeVar, overload

from presswatch.archive import ForeignPages, OutletState, RawWriter, read_history, recover_spool
from presswatch.discover import Contents, discover, newest_document, read_document
from presswatch.errors import RETRIED_CODES, SILENT_CODES, Code, DiskError, FetchError, UsageError
from presswatch.extract import Pages, find_address
from presswatch.fetch import FetchSession, Hosts, need_contact, user_agent
from presswatch.forgotten import load_forgotten
from presswatch.model import Candidate, Capture, DocumentKind, Failure, Revisit, Window
from presswatch.outlets import Outlet, Registry, Source, SourceKind, is_outlet_id, new_outlet
from presswatch.settings import FetchSettings
from presswatch.storage import DataDir
from presswatch.urls import counts_pages, host_of, is_web, outlet_id_from_host

Done = TypeVar("Done")
Progress = Callable[[str, int, int | None, str], None]  # stage, done, of how many, what

# Articles of an outlet that a run asks for again. A hundred new ones a day, each asked for six times, in twelve runs a
# day (`prefect.yaml`); at the usual pace they prolong a run by some four minutes.
_MOST_REVISITS = 50
_SPARED = RETRIED_CODES | {"blocked", "robots"}  # an outlet that ails or refuses is not asked for what is stored
_BATCH = 5_000  # candidates that are remembered at once: half a second's work
_MOST_OPEN_OUTLETS = 100  # while files are taken in; each has two or three files open, of the 1024 that are usual
_WARC_NAME = re.compile(r"\.warc(\.gz|\.zst)?$", re.IGNORECASE)
_HTML_NAME = re.compile(r"\.x?html?(\.gz)?$", re.IGNORECASE)
_TEXT_NAME = re.compile(r"\.txt(\.gz)?$", re.IGNORECASE)
_ENDINGS = ".warc, .warc.gz, .warc.zst, .html, .html.gz or .txt"
# What people have instead, and what makes something of it that can be taken in.
_OTHER_NAMES = (
    (re.compile(r"\.wacz$", re.IGNORECASE), "unzip it, and take in the folder: its WARC files lie in `archive`"),
    (re.compile(r"\.arc(\.gz)?$", re.IGNORECASE), "ARC is not read; `warcio recompress` makes a .warc.gz of it"),
    (re.compile(r"\.warc\.\w+$", re.IGNORECASE), "unpack it, or pack it with gzip or zstd"),
)
_PROGRESS_BYTES = 4_000_000  # of a file, between two words on how far it is read
_MOST_FAILURES = 10_000  # rows of one file; a page each in a damaged archive, and more are an attack on our memory
_LARGEST_FILE = 100_000_000  # bytes of one saved page, unpacked; extraction refuses far smaller ones


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What is to be fetched of one outlet, as known when its feeds and sitemaps have been read.

    `delay_s` is the pace at the host of the first URL: the outlet's own, or a longer Crawl-delay.
    """

    outlet_id: str
    document_count: int
    url_count: int
    delay_s: float

    @property
    def duration_s(self) -> float:
        """How long that takes at least: later pages, retries and pauses come on top."""
        return self.url_count * self.delay_s


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a run tells the collector."""

    run_id: str
    started_at: datetime
    data: DataDir
    fetch: FetchSettings
    window: Window | None = None
    urls: tuple[str, ...] = ()
    query: str = ""
    is_restart: bool = False
    progress: Progress
    forecast: Callable[[Forecast], None]  # told of each outlet before its first article is asked for


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Pages of WARC files that were not taken in, and are no failures."""

    page_count: int = 0  # of hosts that no outlet is registered for
    host_count: int = 0  # the first 10,000 are counted
    host: str = ""  # the one with most pages
    revisit_count: int = 0  # that refer to records which are in none of the files


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What came of one outlet."""

    outlet_id: str
    warc: str | None = None  # relative to the data folder; None where nothing was stored
    discovered: int = 0
    fetched: int = 0
    revisits: int = 0  # answers that brought nothing new
    asked_again: int = 0  # stored articles that the plan had asked for again, and that were answered
    sent_anew: int = 0  # of those the ones whose bytes were others
    failures: tuple[Failure, ...] = ()
    handed_over: tuple[str, ...] = ()  # URLs at other outlets that redirects led to
    left_out: LeftOut | None = None  # of files that were taken in
    forecast: Forecast | None = None  # None where files were taken in

    @property
    def was_answered(self) -> bool:
        """Whether anything at all came back."""
        is_answer = self.fetched > 0 or self.revisits > 0
        return is_answer or any(f.error not in SILENT_CODES for f in self.failures) or not self.failures


# ---------------------------------------------------------------- from the web


def collect_outlets(order: Order, outlets: Registry, outlet_ids: Sequence[str]) -> list[Collected]:
    """Fetch outlets side by side, each by one hand.

    Raises: ConfigError where an outlet may not be fetched without a contact; DiskError.
    """
    if not order.urls:
        return _do_jobs(order, outlets, [_Job(outlets.need(outlet_id)) for outlet_id in outlet_ids])
    done: list[Collected] = []
    asked: set[str] = set()
    while order.urls:  # a listed URL may lead to another outlet, and that one is asked next
        jobs, refused = _sort_urls(order, outlets, set(outlet_ids))
        done += [*_do_jobs(order, outlets, jobs), Collected(outlet_id="", failures=tuple(refused))]
        asked.update(order.urls)
        led_to = dict.fromkeys(url for one in done for url in one.handed_over if url not in asked)
        order = replace(order, urls=tuple(led_to))
    return done


def _do_jobs(order: Order, outlets: Registry, jobs: Sequence[_Job]) -> list[Collected]:
    for job in jobs:
        need_contact(job.outlet, order.fetch)  # of all, before the first is asked anything
    hosts = Hosts()
    return asyncio.run(_side_by_side(order, [partial(_collect_one, order, outlets, hosts, job) for job in jobs]))


@dataclass(frozen=True)
class _Job:
    """An outlet to fetch; where `urls` are given, these and nothing else."""

    outlet: Outlet
    urls: tuple[str, ...] = ()


def _sort_urls(order: Order, outlets: Registry, only: set[str]) -> tuple[list[_Job], list[Failure]]:
    """The listed URLs by outlet: an unknown host is one of its own, and a line that is no address a failure."""
    found: dict[str, tuple[Outlet, list[str]]] = {}
    refused = []
    for url in order.urls:
        if not is_web(url):
            refused.append(
                _failure(
                    order,
                    url,
                    "bad_document",
                    "this line of the list is no web address: one begins with https:// or http://",
                )
            )
            continue
        outlet = outlets.for_url(url) or new_outlet(url, order.fetch.min_delay_s)
        if not only or outlet.id in only:
            found.setdefault(outlet.id, (outlet, []))[1].append(url)
    return [_Job(outlet, tuple(urls)) for outlet, urls in found.values()], refused


async def _side_by_side(order: Order, works: Sequence[Callable[[], Awaitable[Done]]]) -> list[Done]:
    """Do the work of several outlets at once, of no more than `concurrency`; results in order."""
    hands = asyncio.Semaphore(order.fetch.concurrency)

    async def do(work: Callable[[], Awaitable[Done]]) -> Done:
        async with hands:
            return await work()

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(do(work)) for work in works]
    except* Exception as errors:  # noqa: BLE001  # whatever it is, it is raised again
        # the first fault ends the run, and is told as what it is
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


async def _collect_one(order: Order, outlets: Registry, hosts: Hosts, job: _Job) -> Collected:
    """One outlet: find candidates, then fetch those that are not stored yet."""
    async with open_visit(order, outlets, job.outlet, hosts) as visit:
        if job.urls:
            listed = [Candidate(url=url, outlet_id=job.outlet.id) for url in job.urls]
            discovered = visit.state.add_candidates(listed, datetime.now(UTC), is_news=False)
            await visit.fetch(listed)
        else:
            discovered = await visit.discover()
            await visit.fetch(None)
            if order.window is None:
                await visit.ask_again()
    return Collected(
        outlet_id=job.outlet.id,
        warc=visit.warc,
        discovered=discovered,
        fetched=visit.writer.count,
        revisits=visit.writer.revisits,
        asked_again=visit.asked_again,
        sent_anew=visit.sent_anew,
        failures=tuple(visit.failures),
        handed_over=tuple(visit.handed_over),
        forecast=visit.forecast,
    )


@asynccontextmanager
async def open_visit(
    order: Order, outlets: Registry, outlet: Outlet, hosts: Hosts | None = None
) -> AsyncIterator[Visit]:
    """An outlet's memory, WARC file and way to the web, for one run; what was stored is kept, however it ends.

    Args: `hosts` is what the visits of a run share.
    """
    need_contact(outlet, order.fetch)
    with (
        _open_memory(order.data, outlet.id) as state,
        RawWriter(order.data, outlet.id, order.run_id, order.started_at) as writer,
    ):
        visit = Visit(order, outlet, state, writer)
        try:
            async with FetchSession(
                outlet,
                order.fetch,
                state,
                writer,
                run_id=order.run_id,
                user_agent=user_agent(order.fetch),
                outlets=outlets,
                hosts=hosts,
                hand_over=visit.hand_over,
            ) as visit.session:
                yield visit
        finally:
            path = writer.commit()
        visit.warc = _note_file(order.data, state, path)
        visit.failures = state.failures()


class Visit:
    """What one run does at one outlet."""

    session: FetchSession

    def __init__(self, order: Order, outlet: Outlet, state: OutletState, writer: RawWriter) -> None:
        self.state, self.writer = state, writer
        self.handed_over: list[str] = []
        self.failures: list[Failure] = []  # known when the visit has ended, as is the file
        self.warc: str | None = None
        self.asked_again = self.sent_anew = 0
        self.forecast: Forecast | None = None  # known when discovery has ended
        self._document_count = 0
        self._order, self._outlet = order, outlet

    async def fetch_document(self, url: str, kind: DocumentKind = "article") -> Capture:
        """Fetch one document, whatever is stored of it, and store it.

        Raises: FetchError; DiskError.
        """
        return await self.session.fetch(url, kind=kind)

    async def discover(self) -> int:
        """Ask feeds and sitemaps what there is, and remember it. Returns: how many candidates are new."""
        is_news = self._order.window is None
        documents: list[Capture] = []
        new = 0
        async for found, faults in self._find_batches(self._outlet, documents):
            for fault in faults:
                self.state.record_failure(fault)
            new += self.state.add_candidates(found, datetime.now(UTC), is_news=is_news)
        if is_news:  # a backfill takes from a feed what lies in its window: the next watch is to have it whole
            self.state.record_documents(documents)
        return new

    async def look_ahead(self) -> tuple[list[Candidate], list[Failure]]:
        """What a backfill would fetch, and what went wrong in finding out; none of it is remembered."""
        batches = [batch async for batch in self._find_batches(self._outlet)]
        found = (candidate for candidates, _ in batches for candidate in candidates)
        order = self._order
        due = self.state.rehearse(found, datetime.now(UTC), order.window, is_restart=order.is_restart)
        return due, [fault for _, faults in batches for fault in faults]

    def hand_over(self, candidate: Candidate) -> None:
        """Remember what is another outlet's to fetch: with its next run, be that a watch or a backfill like this."""
        is_news = self._order.window is None and not self._order.urls
        with OutletState(self._order.data, candidate.outlet_id) as theirs:
            theirs.add_candidates([candidate], datetime.now(UTC), is_news=is_news)
        self.handed_over.append(candidate.url)

    async def list_candidates(self, outlet: Outlet) -> tuple[list[Candidate], list[Failure]]:
        """What the feeds and sitemaps of an outlet list, and what went wrong with them."""
        batches = [batch async for batch in self._find_batches(outlet)]
        return [one for found, _ in batches for one in found], [one for _, faults in batches for one in faults]

    async def _find_batches(
        self, outlet: Outlet, documents: list[Capture] | None = None
    ) -> AsyncIterator[tuple[list[Candidate], list[Failure]]]:
        """What discovery finds, some of it at a time: a million candidates are not held at once.

        Args: `documents` takes what was read, and then only what has changed since the last watch is read.
        """
        is_news = self._order.window is None

        async def get(url: str, kind: DocumentKind) -> Capture | None:
            self._order.progress("discover", self._document_count, None, self._outlet.id)
            answer = await self.session.fetch(url, kind=kind, conditional=is_news and documents is not None)
            self._document_count += 1
            if isinstance(answer, Revisit):
                return None
            if is_news and documents is not None:
                documents.append(answer)
            return answer

        found: list[Candidate] = []
        faults: list[Failure] = []
        async for item in discover(outlet, self._order.window, get, now=datetime.now(UTC)):
            if isinstance(item, Failure):
                faults.append(replace(item, run_id=self._order.run_id, at=datetime.now(UTC)))
            elif not self._is_forgotten(item):
                found.append(item)
            if len(found) + len(faults) >= _BATCH:
                yield found, faults
                found, faults = [], []
        yield found, faults

    def _is_forgotten(self, candidate: Candidate) -> bool:
        return self.state.is_forgotten(candidate.url, self._outlet.article_id)

    async def ask_robots(self, url: str) -> FetchError | None:
        """Why robots.txt, or its lack, forbids a URL; None where it is allowed."""
        try:
            await self.session.check_robots(url)
        except FetchError as error:
            return error
        return None

    async def fetch(self, listed: Sequence[Candidate] | None) -> None:
        """Fetch what is not stored yet: the listed candidates, or all that are open and may lie in the window."""
        window = self._order.window
        if self._order.is_restart:
            self.state.reopen(window, [candidate.url for candidate in listed or ()])
        await self._tell_forecast(listed)
        total = self.forecast.url_count if self.forecast else 0
        number = 0
        if not total:
            return
        for is_counted in (False, True):  # a page that is listed before the first of its article comes with that one
            for candidate in self._due(listed):
                if counts_pages(candidate.url) != is_counted:
                    continue
                await self._fetch_candidate(candidate)
                number += 1
                self._order.progress("collect", number, max(number, total), self._outlet.id)

    def _due(self, listed: Iterable[Candidate] | None) -> Iterator[Candidate]:
        """Of what is listed, or else of what is open and may lie in the window, what the run is about."""
        for candidate in self.state.pending(self._order.window) if listed is None else listed:
            if _is_about(candidate, self._order.query) and self.is_due(candidate):
                yield candidate

    def is_due(self, candidate: Candidate) -> bool:
        """Whether a candidate is to be asked for: not what is stored and not open again, nor what was forgotten."""
        outcome = self.state.outcome(candidate.url)
        is_done = outcome is not None and outcome.state == "captured" and not outcome.is_open
        return not is_done and not self._is_forgotten(candidate)

    async def _tell_forecast(self, listed: Sequence[Candidate] | None) -> None:
        if listed is None and not self._order.query:
            count = self.state.count_pending(self._order.window)
        else:
            count = sum(1 for _ in self._due(listed))
        first = next(self._due(listed), None) if count else None
        self.forecast = await self.foresee(count, first)
        self._order.forecast(self.forecast)

    async def foresee(self, url_count: int, first: Candidate | None) -> Forecast:
        """What so many URLs come to, the first of which has the pace of all."""
        if first:
            await self.ask_robots(first.url)  # which may name a longer delay; it is asked before anything else anyhow
        delay_s = self.session.delay_s(first.url) if first else self._outlet.min_delay_s
        return Forecast(
            outlet_id=self._outlet.id, document_count=self._document_count, url_count=url_count, delay_s=delay_s
        )

    async def _fetch_candidate(self, candidate: Candidate) -> None:
        """Fetch what a candidate leads to, if it is not stored; once in a run, whatever other candidates bring."""
        outcome = self.state.outcome(candidate.url)
        is_stored = outcome is not None and outcome.state == "captured"
        if outcome is not None and self._is_of_this_run(outcome.at):
            return
        # an article of several pages is read as a whole, so it is fetched as a whole, whatever the first page answers
        article = outcome.article if outcome is not None else ""
        try:
            await self.fetch_article(article or candidate.url, conditional=is_stored and not article)
        except FetchError as error:
            self._record_failure(error)
            if article:
                self.state.close_pages(article)

    def _is_of_this_run(self, at: datetime | None) -> bool:
        """Whether something came about in this run; what lies ahead came about while a clock was wrong."""
        return at is not None and self._order.started_at <= at <= datetime.now(UTC)

    async def ask_again(self) -> None:
        """Ask whether recent articles were changed, as the plan of `OutletState.due` has it; what is new comes before.

        It ends where the outlet refuses or does not answer.
        """
        due = self.state.due(datetime.now(UTC), _MOST_REVISITS)
        for number, candidate in enumerate(due, start=1):
            known = self.state.outcome(candidate.url)
            if known is None or self._is_of_this_run(known.at):
                continue  # another candidate of this run led to it
            try:
                answer = await self.fetch_article(candidate.url, conditional=True)
            except FetchError as error:
                self._record_failure(error)
                if error.code in _SPARED:
                    return
            else:
                self.asked_again += 1
                self.sent_anew += isinstance(answer, Capture) and answer.capture_id != known.capture_id
            self._order.progress("revisit", number, len(due), self._outlet.id)

    @overload
    async def fetch_article(self, url: str, *, conditional: Literal[False] = False) -> Capture: ...
    @overload
    async def fetch_article(self, url: str, *, conditional: bool) -> Capture | Revisit: ...
    async def fetch_article(self, url: str, *, conditional: bool = False) -> Capture | Revisit:
        """Fetch an article and store it: its page, and the later pages of it, each remembered before it is asked for.

        A later page that cannot be had is a row of `failures`, and what the next run asks for if its code says so.

        Returns: the first page; a Revisit where it is not modified, which is taken to hold for all of them.
        Raises: FetchError where that cannot be had; DiskError.
        """
        first = await self.session.fetch(url, conditional=conditional, is_part=self._leads_on)
        if isinstance(first, Revisit):
            return first
        pages = Pages(first, self._outlet)
        self.state.expect_page(first, pages.following)
        while following := pages.following:
            try:
                page = await self.session.fetch(following, is_part=lambda _: True)
            except FetchError as error:
                self._record_failure(error)
                break
            if not pages.join(page):
                self.state.part_page(following)
            self.state.expect_page(first, pages.following)
        return first

    def _leads_on(self, first: Capture) -> bool:
        return Pages(first, self._outlet).following is not None

    def _record_failure(self, error: FetchError) -> None:
        self.state.record_failure(_failure(self._order, error.url, error.code, error.message, self._outlet.id))


# ---------------------------------------------------------------- looking before leaping


@dataclass(frozen=True, kw_only=True)
class Previewed(Collected):
    """What came of looking at one outlet."""

    rows: tuple[dict[str, Any], ...] = ()


def preview_outlets(order: Order, outlets: Registry, outlet_ids: Sequence[str]) -> list[Previewed]:
    """What `collect_outlets` would fetch: a row a URL, with what robots.txt says and the seconds until its turn.

    Discovery is done, and what it found is not remembered; no article is fetched.
    """
    jobs, refused = (
        _sort_urls(order, outlets, set(outlet_ids)) if order.urls else ([_Job(outlets.need(i)) for i in outlet_ids], [])
    )
    hosts = Hosts()
    works = [partial(_preview_one, order, outlets, hosts, job) for job in jobs]
    return [*asyncio.run(_side_by_side(order, works)), Previewed(outlet_id="", failures=tuple(refused))]


async def _preview_one(order: Order, outlets: Registry, hosts: Hosts, job: _Job) -> Previewed:
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
            if not _is_about(candidate, order.query):
                continue
            refusal = await visit.ask_robots(candidate.url)
            wait_s = allowed * visit.session.delay_s(candidate.url)
            rows.append(_preview_row(candidate, tell_verdict(refusal), wait_s))
            if refusal is None:
                allowed, first = allowed + 1, first or candidate
            elif refusal.code in RETRIED_CODES:
                failures.append(_failure(order, candidate.url, refusal.code, refusal.message, job.outlet.id))
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


def _is_about(candidate: Candidate, query: str) -> bool:
    """Whether every word of a query stands in what is known of a candidate before it is fetched."""
    if not query:
        return True
    told = f"{candidate.title or ''} {candidate.url}".casefold()
    return all(word in told for word in query.casefold().split())


def _failure(order: Order, url: str, code: Code, message: str, outlet_id: str = "") -> Failure:
    return Failure(
        url=url,
        error=code,
        stage="fetch",
        message=message,
        outlet_id=outlet_id,
        run_id=order.run_id,
        at=datetime.now(UTC),
    )


# ---------------------------------------------------------------- after a kill, and after a commit


def recover(data: DataDir) -> None:
    """Put the whole records that killed runs left into data/raw, and remember that they need not be fetched again."""
    for warc in recover_spool(data):
        with OutletState(data, warc.parent.parent.name) as state:
            state.replay(read_history(warc))


def forget_failures(data: DataDir, collected: Collected) -> None:
    """Forget the failures that are in the tables now."""
    if collected.outlet_id and collected.failures:
        with OutletState(data, collected.outlet_id) as state:
            state.clear_failures(collected.failures)


def _note_file(data: DataDir, state: OutletState | None, path: Path | None) -> str | None:
    """A WARC file of this run by its name in the data folder; the memory, which knows what is in it, learns that."""
    if path is None:
        return None
    if state and data.bucket:  # else nobody asks
        state.note_whole([data.relative(path)])
    return data.relative(path)


def _open_memory(data: DataDir, outlet_id: str) -> OutletState:
    """What is remembered of an outlet; what of raw it does not know is brought back from there.

    That is everything where the memory was lost, and what other machines have put where data are in a bucket.
    """
    state = OutletState(data, outlet_id)
    try:
        if not state.is_whole or data.bucket:
            known = state.read_files() if state.is_whole else frozenset[str]()
            unknown = [warc for warc in data.raw_files(outlet_id) if data.relative(warc) not in known]
            for warc in data.stream(unknown):
                state.replay(read_history(warc))
            state.note_whole([data.relative(warc) for warc in unknown])
    except BaseException:
        state.close()
        raise
    return state


# ---------------------------------------------------------------- from files


def ingest_files(
    order: Order, outlets: Registry, paths: Sequence[Path], *, ingest_as: str | None = None, all_hosts: bool = False
) -> list[Collected]:
    """Take in WARC files, saved pages and texts. A file that cannot be used is a failure, not the end.

    Args: `paths` are files or folders; of a folder, all files with a known ending are taken. `ingest_as` is the outlet
        whose they are. Of the pages in WARC files of others those of registered outlets' hosts are taken, but with
        `ingest_as` or `all_hosts` all.
    Raises: UsageError where no file is of a kind that is read; DiskError.
    Cost: the files are read once, and again where WARC files hold revisit records; in memory there is a page, an id for
        each capture and what `ForeignPages` remembers.
    """
    files = list(_files_in(paths, order.data.root.resolve()))
    if not any(_is_known(path) for path in files):
        raise UsageError("\n".join(["nothing to take in", *_tell_refused(files or paths)]))
    takes_all = all_hosts or ingest_as is not None
    pages = ForeignPages(lambda url: takes_all or outlets.for_url(url) is not None)
    failures: list[Failure] = []
    with _Writers(order) as writers:
        for path, found in _read_files(order, files, pages):
            if isinstance(found, Capture):
                writers.add(replace(found, outlet_id=ingest_as or _outlet_id_of(found, path, outlets)))
            else:
                told = replace(found, url=_legible(found.url), message=_legible(found.message))
                failures.append(replace(told, run_id=order.run_id, at=datetime.now(UTC)))
        common = pages.passed_hosts.most_common(1)
        left_out = LeftOut(
            page_count=pages.passed_count,
            host_count=len(pages.passed_hosts),
            host=common[0][0] if common else "",
            revisit_count=pages.lost_count,
        )
        return [*writers.commit(), Collected(outlet_id="", failures=tuple(failures), left_out=left_out)]


def _read_files(order: Order, files: Sequence[Path], pages: ForeignPages) -> Iterator[tuple[Path, Capture | Failure]]:
    """What the files hold, then what revisit records in them stand for; and word of how many bytes were read."""
    sizes = [path.stat().st_size for path in files]
    before, total = 0, sum(sizes)
    for path, size in zip(files, sizes, strict=True):
        told = before

        def tell(read: int, path: Path = path, before: int = before) -> None:
            nonlocal told
            if before + read - told >= _PROGRESS_BYTES:
                told = before + read
                order.progress("ingest", told, total, path.name)

        for found in _bound_failures(path, _captures_in(path, order.started_at, pages, tell)):
            yield path, found
        before += size
        order.progress("ingest", before, total, path.name)
    revisited = pages.follow_revisits(lambda path: order.progress("ingest", total, total, f"revisits in {path.name}"))
    for found in revisited:
        yield files[0], found  # they have addresses of the web, so nobody asks for the file's name


def _bound_failures(path: Path, found: Iterable[Capture | Failure]) -> Iterator[Capture | Failure]:
    """What was found, with a row in the place of failures that nobody could read any more."""
    count = 0
    for one in found:
        count += isinstance(one, Failure)
        if isinstance(one, Capture) or count <= _MOST_FAILURES:
            yield one
    if count > _MOST_FAILURES:
        message = f"{path}: {count - _MOST_FAILURES:,} more failures in this file"
        yield Failure(url=path.as_posix(), error="corrupt", stage="read", message=message)


class _Writers:
    """The WARC files of many outlets, and what is remembered of them; those that were used last are open.

    An outlet that we hold nothing of gets no memory here: that would cost some 50 ms of the disk each, and the first
    visit makes it from raw.
    """

    def __init__(self, order: Order) -> None:
        self._order, self._forgotten = order, load_forgotten(order.data.root)
        self._used: dict[str, _Shelf] = {}  # the outlet used last stands last
        self._idle: dict[str, _Shelf] = {}  # closed, until they are used again
        self._taken: set[str] = set()  # ids of the captures of this run

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for shelf in self._used.values():
            shelf.close()

    def add(self, capture: Capture) -> None:
        """Store a capture of an article, if the same bytes of its address are not stored yet."""
        if capture.kind != "article" or self._forgotten.covers_capture(capture):
            return
        shelf = self._take(capture.outlet_id)
        if capture.capture_id in self._taken or shelf.holds(capture):
            return
        shelf.writer.write(capture)
        if shelf.memory:
            shelf.memory.record_capture(capture)
        self._taken.add(capture.capture_id)

    def commit(self) -> list[Collected]:
        """Put the files in their places."""
        done = []
        for outlet_id, shelf in (self._idle | self._used).items():
            path, count = shelf.writer.commit(), shelf.writer.count
            warc = _note_file(self._order.data, shelf.memory, path)
            done.append(Collected(outlet_id=outlet_id, warc=warc, discovered=count, fetched=count))
        return done

    def _take(self, outlet_id: str) -> _Shelf:
        shelf = self._used.pop(outlet_id, None) or self._idle.pop(outlet_id, None) or self._begin(outlet_id)
        self._used[outlet_id] = shelf
        if len(self._used) > _MOST_OPEN_OUTLETS:
            longest_unused = next(iter(self._used))
            self._idle[longest_unused] = self._used.pop(longest_unused)
            self._idle[longest_unused].close()
        return shelf

    def _begin(self, outlet_id: str) -> _Shelf:
        order = self._order
        is_known = bool(order.data.raw_files(outlet_id)) or OutletState(order.data, outlet_id).exists
        memory = _open_memory(order.data, outlet_id) if is_known else None
        return _Shelf(RawWriter(order.data, outlet_id, order.run_id, order.started_at), memory)


@dataclass(frozen=True)
class _Shelf:
    """Where the captures of one outlet go."""

    writer: RawWriter
    memory: OutletState | None

    def holds(self, capture: Capture) -> bool:
        """Whether the same bytes of the same address are stored, be they the newest of it or not."""
        return self.memory is not None and self.memory.has_capture(capture.capture_id)

    def close(self) -> None:
        """Close the files; the next use opens them again."""
        self.writer.close()
        if self.memory:
            self.memory.close()


def _files_in(paths: Iterable[Path], data: Path) -> Iterator[Path]:
    """The files meant, folders opened, in order of name.

    Of a folder that the data folder lies in, that one is left out: its pages are ours, and its WARC files are read.
    """
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and data not in p.resolve().parents)
            yield from sorted(p for p in inside if _is_known(p))
        else:
            yield path


def _is_known(path: Path) -> bool:
    return any(name.search(path.name) for name in (_WARC_NAME, _HTML_NAME, _TEXT_NAME))


def _tell_refused(paths: Iterable[Path]) -> list[str]:
    """Why files and folders cannot be taken in, and what to do."""
    return [f"{path}: no {_ENDINGS} in it" if path.is_dir() else f"{path}: {_tell_kind(path)}" for path in paths]


def _tell_kind(path: Path) -> str:
    for name, told in _OTHER_NAMES:
        if name.search(path.name):
            return told
    return f"what is it? If it is a page, a text or a WARC file, name it {_ENDINGS}"


def _captures_in(
    path: Path, now: datetime, pages: ForeignPages, tell: Callable[[int], None]
) -> Iterator[Capture | Failure]:
    """What a file holds, of whatever kind it is by its name."""
    url = f"file:{_legible(path.name)}"
    try:
        if _WARC_NAME.search(path.name):
            yield from pages.read(path, tell)
        elif _HTML_NAME.search(path.name):
            body = _read_packed(path)
            address = find_address(body) or url
            yield Capture(
                url=address, outlet_id="", fetched_at=now, body=body, headers=(("content-type", "text/html"),)
            )
        elif _TEXT_NAME.search(path.name):
            body = _read_packed(path)
            yield Capture(url=url, outlet_id="", fetched_at=now, body=body, headers=(("content-type", "text/plain"),))
        else:
            yield Failure(url=url, error="not_html", stage="read", message=_tell_kind(path))
    except (OSError, DiskError, EOFError, zlib.error) as error:
        yield Failure(url=url, error="corrupt", stage="read", message=f"{path}: {error}")


def _legible(text: str) -> str:
    r"""A file's name, or words that tell it; bytes that are no UTF-8, as old archives have them, stand as `\xe9`."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _read_packed(path: Path) -> bytes:
    """The bytes of a file, unpacked where its name ends in .gz; never more than the cap and one."""
    opener = gzip.open if path.suffix.lower() == ".gz" else open
    with opener(path, "rb") as file:
        body: bytes = file.read(_LARGEST_FILE + 1)
    return body


def _outlet_id_of(capture: Capture, path: Path, outlets: Registry) -> str:
    """Whose a capture is: as our own records say, else by host, else by the name of its file, else a new id."""
    if is_outlet_id(capture.outlet_id):  # a file of anybody's may claim to be ours
        return capture.outlet_id
    if is_web(capture.url):
        outlet = outlets.for_url(capture.url)
        return outlet.id if outlet else outlet_id_from_host(host_of(capture.url))
    stem = path.name.partition(".")[0]
    outlet = outlets.named(stem)
    return outlet.id if outlet else outlet_id_from_host(stem)
