import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from presswatch.demo import Newsroom

Ask = Callable[..., tuple[HTTPResponse, bytes]]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def ask(newsroom: Newsroom) -> Ask:
    """Asks the newsroom for a URL of one of its hosts, as `[fetch.resolve]` makes a client do."""

    def ask(url: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
        parts = urlsplit(url)
        connection = HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
        try:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": parts.netloc, **named})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    return ask


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "truth.json").read_text("utf-8"))
