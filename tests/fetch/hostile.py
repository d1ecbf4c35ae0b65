"""A server on loopback that means harm, clocks that nobody waits for, and a session against them."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from presswatch.archive import OutletState, RawWriter, read_captures
from presswatch.errors import FetchError
from presswatch.fetch import FetchSession, Hosts
from presswatch.model import Candidate, Capture, Window
from presswatch.outlets import Outlet, Registry
from presswatch.settings import FetchSettings
from presswatch.storage import DataDir

Writer = asyncio.StreamWriter
Run = Callable[[Callable[[], Awaitable[Any]]], Any]
Route = bytes | Callable[["Hit"], bytes | Awaitable[None]]

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANY_TIME = Window(since=datetime(1995, 1, 1, tzinfo=UTC), until=NOON)
OUTLETS = Registry(
    [Outlet(id="quay", name="The Quay", hosts=("quay.test",)), Outlet(id="mole", name="The Mole", hosts=("mole.test",))]
)
PAGE = b"<html><body><p>The lighthouse keeper has retired.</p></body></html>"


def answer(body: bytes = PAGE, *lines: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole HTTP response; `length` is what it claims."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *lines, "", ""]
    return "\r\n".join(head).encode() + body


def redirect(location: str, status: str = "302 Found", *lines: str) -> bytes:
    return answer(b"", f"Location: {location}", *lines, status=status)


@dataclass
class Hit:
    """One request as the server saw it."""

    host: str
    path: str
    headers: dict[str, str]
    at: float
    writer: Writer = field(repr=False)
    count: int = 1  # requests for this path so far, this one included


def hang_up(hit: Hit) -> Any:
    async def job() -> None:
        hit.writer.transport.abort()

    return job()


def hang(hit: Hit) -> Any:
    return asyncio.sleep(30)


def dribble(start: bytes, drop: bytes, pause_s: float = 0.01) -> Callable[[Hit], Any]:
    """Sends a beginning, and then drops for as long as anybody listens."""

    def route(hit: Hit) -> Any:
        async def job() -> None:
            hit.writer.write(start)
            while True:
                hit.writer.write(drop)
                await hit.writer.drain()
                await asyncio.sleep(pause_s)

        return job()

    return route


def cut(content: bytes) -> Callable[[Hit], Any]:
    """Sends bytes as they are and closes."""

    def route(hit: Hit) -> Any:
        hit.writer.write(content)
        return asyncio.sleep(0)

    return route


class HostileServer:
    """Answers `routes[path]`, or `routes["host/path"]`; robots.txt is missing unless a route says otherwise."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.hits: list[Hit] = []
        self.target = ""
        self.tls: ssl.SSLContext | None = None  # where there is one, the server speaks it
        self.open: dict[asyncio.Task[Any], Writer] = {}
        self.connections = 0

    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    def asked(self, path: str) -> int:
        return self.paths().count(path)

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task
        self.open[task] = writer
        self.connections += 1
        with contextlib.suppress(asyncio.CancelledError):
            await self.converse(reader, writer)
        writer.transport.abort()

    async def stop(self) -> None:
        for task, writer in self.open.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*self.open, return_exceptions=True)
        self.open.clear()
        await asyncio.sleep(0)

    async def converse(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
                path, host = head[0].split(" ")[1], headers.get("host", "").partition(":")[0]
                hit = Hit(host, path, headers, time.monotonic(), writer, self.asked(path) + 1)
                self.hits.append(hit)
                route = self.routes.get(f"{host}{path}", self.routes.get(path, answer(b"", status="404 Not Found")))
                told = route(hit) if callable(route) else route
                if not isinstance(told, bytes):
                    await told
                    break
                writer.write(told)
                await writer.drain()
                if b"content-length" not in told.partition(b"\r\n\r\n")[0].lower():
                    break
        with contextlib.suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()


class FakeTime:
    """Clocks that sleeping moves; nothing is really waited for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []
        self.shift = timedelta()

    def monotonic(self) -> float:
        return self.now

    def clock(self) -> datetime:
        return NOON + timedelta(seconds=self.now) + self.shift

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class Bench:
    """Everything that a session needs, and what it leaves."""

    data: DataDir
    server: HostileServer
    time: FakeTime
    runs: int = 0
    handed_over: list[Candidate] = field(default_factory=list)

    @asynccontextmanager
    async def session(
        self,
        *,
        delay_s: float = 0.0,
        lookup: Any = None,
        outlet_id: str = "quay",
        hosts: Hosts | None = None,
        **settings: Any,
    ) -> AsyncIterator[FetchSession]:
        self.runs += 1
        run_id = f"run{self.runs}"
        outlet = replace(OUTLETS.need(outlet_id), min_delay_s=delay_s)
        settings.setdefault("contact", "https://quay.test/bot")
        settings.setdefault("resolve", dict.fromkeys(("quay.test", "pier.test", "www.mole.test"), self.server.target))
        more = {"lookup": lookup} if lookup else {}
        with (
            OutletState(self.data, outlet_id) as state,
            RawWriter(self.data, outlet_id, run_id, self.time.clock()) as writer,
        ):
            async with FetchSession(
                outlet,
                FetchSettings(**settings),
                state,
                writer,
                run_id=run_id,
                user_agent="presswatch/0 (+https://quay.test/bot)",
                clock=self.time.clock,
                monotonic=self.time.monotonic,
                sleep=self.time.sleep,
                jitter=lambda: 0.5,
                outlets=OUTLETS,
                hosts=hosts,
                hand_over=self.handed_over.append,
                **more,
            ) as session:
                yield session
            writer.commit()

    def state(self) -> OutletState:
        return OutletState(self.data, "quay")

    def stored(self) -> list[Capture]:
        found = [item for path in sorted(self.data.raw.rglob("*.warc.gz")) for item in read_captures(path)]
        assert all(isinstance(item, Capture) for item in found)
        return [item for item in found if isinstance(item, Capture)]


SITE = "http://quay.test"


def fetch_one(bench: Bench, run: Run, path: str, **options: Any) -> Capture | FetchError:
    """Fetch a path of the server in a session of its own."""
    kind = options.pop("kind", "article")

    async def job() -> Any:
        async with bench.session(**options) as session:
            try:
                return await session.fetch(path if "://" in path else SITE + path, kind=kind)
            except FetchError as error:
                return error

    return run(job)  # type: ignore[no-any-return]


def code_of(result: object) -> str:
    return result.code if isinstance(result, FetchError) else "ok"


async def attempt(session: FetchSession, url: str) -> str:
    """The code that fetching a URL ends with, or `ok`."""
    try:
        await session.fetch(url)
    except FetchError as error:
        return error.code if error.url == url else f"an error about {error.url}"
    return "ok"
