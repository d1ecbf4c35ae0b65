"""Outlets side by side, each by one hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from presswatch.collector.order import Collected, Order, make_failure
from presswatch.collector.visiting import open_visit
from presswatch.fetch import Hosts, need_contact
from presswatch.model import Candidate, Failure
from presswatch.outlets import Outlet, Registry, new_outlet
from presswatch.urls import is_web

Done = TypeVar("Done")


def collect_outlets(order: Order, outlets: Registry, outlet_ids: Sequence[str]) -> list[Collected]:
    """Fetch outlets side by side, each by one hand.

    Raises: ConfigError where an outlet may not be fetched without a contact; DiskError.
    """
    if not order.urls:
        return _do_jobs(order, outlets, [Job(outlets.need(outlet_id)) for outlet_id in outlet_ids])
    done: list[Collected] = []
    asked: set[str] = set()
    while order.urls:  # a listed URL may lead to another outlet, and that one is asked next
        jobs, refused = sort_urls(order, outlets, set(outlet_ids))
        done += [*_do_jobs(order, outlets, jobs), Collected(outlet_id="", failures=tuple(refused))]
        asked.update(order.urls)
        led_to = dict.fromkeys(url for one in done for url in one.handed_over if url not in asked)
        order = replace(order, urls=tuple(led_to))
    return done


def _do_jobs(order: Order, outlets: Registry, jobs: Sequence[Job]) -> list[Collected]:
    for job in jobs:
        need_contact(job.outlet, order.fetch)  # of all, before the first is asked anything
    hosts = Hosts()
    return asyncio.run(work_side_by_side(order, [partial(_collect_one, order, outlets, hosts, job) for job in jobs]))


@dataclass(frozen=True)
class Job:
    """An outlet to fetch; where `urls` are given, these and nothing else."""

    outlet: Outlet
    urls: tuple[str, ...] = ()


def sort_urls(order: Order, outlets: Registry, only: set[str]) -> tuple[list[Job], list[Failure]]:
    """The listed URLs by outlet: an unknown host is one of its own, and a line that is no address a failure."""
    found: dict[str, tuple[Outlet, list[str]]] = {}
    refused = []
    for url in order.urls:
        if not is_web(url):
            refused.append(
                make_failure(
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
    return [Job(outlet, tuple(urls)) for outlet, urls in found.values()], refused


async def work_side_by_side(order: Order, works: Sequence[Callable[[], Awaitable[Done]]]) -> list[Done]:
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


async def _collect_one(order: Order, outlets: Registry, hosts: Hosts, job: Job) -> Collected:
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
