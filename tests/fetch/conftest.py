"""The bench of this room's tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hostile import Bench, FakeTime, HostileServer, Run

from presswatch.storage import DataDir


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(DataDir(tmp_path / "data"), HostileServer(), FakeTime())


@pytest.fixture
def run(bench: Bench) -> Run:
    """Run a coroutine while the server is up."""

    async def with_server(job: Callable[[], Awaitable[Any]]) -> Any:
        server = await asyncio.start_server(bench.server.serve, "127.0.0.1", 0, limit=2**20, ssl=bench.server.tls)
        bench.server.target = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            return await job()
        finally:
            await bench.server.stop()
            server.close()
            await server.wait_closed()

    return lambda job: asyncio.run(with_server(job))
