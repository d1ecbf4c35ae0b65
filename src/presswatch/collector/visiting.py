"""What one run does at one outlet: discover, fetch what is not stored, ask again for what may have changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal, overload

from presswatch.archive import OutletState, RawWriter
from presswatch.collector.order import Forecast, Order, make_failure
from presswatch.collector.remembering import note_file, open_memory
from presswatch.discover import discover
from presswatch.errors import RETRIED_CODES, FetchError
from presswatch.extract import Pages
from presswatch.fetch import FetchSession, Hosts, need_contact, user_agent
from presswatch.model import Candidate, Capture, DocumentKind, Failure, Revisit
from presswatch.outlets import Outlet, Registry
from presswatch.urls import counts_pages

# Articles of an outlet that a run asks for again. A hundred new ones a day, each asked for six times, in twelve runs a
# day (`prefect.yaml`); at the usual pace they prolong a run by some four minutes.
_MOST_REVISITS = 50
_SPARED = RETRIED_CODES | {"blocked", "robots"}  # an outlet that ails or refuses is not asked for what is stored
_BATCH = 5_000  # candidates that are remembered at once: half a second's work


@asynccontextmanager
async def open_visit(
    order: Order, outlets: Registry, outlet: Outlet, hosts: Hosts | None = None
) -> AsyncIterator[Visit]:
    """An outlet's memory, WARC file and way to the web, for one run; what was stored is kept, however it ends.

    Args: `hosts` is what the visits of a run share.
    """
    need_contact(outlet, order.fetch)
    with (
        open_memory(order.data, outlet.id) as state,
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
        visit.warc = note_file(order.data, state, path)
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
            if is_about(candidate, self._order.query) and self.is_due(candidate):
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
        self.state.record_failure(make_failure(self._order, error.url, error.code, error.message, self._outlet.id))


def is_about(candidate: Candidate, query: str) -> bool:
    """Whether every word of a query stands in what is known of a candidate before it is fetched."""
    if not query:
        return True
    told = f"{candidate.title or ''} {candidate.url}".casefold()
    return all(word in told for word in query.casefold().split())
