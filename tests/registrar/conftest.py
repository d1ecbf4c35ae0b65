"""A folder with settings, commands run in it, and small sites of our own on loopback. All of it is invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from presswatch.demo.newsroom import Newsroom

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))


@pytest.fixture
def run(call: Call) -> Callable[..., tuple[int, Any]]:
    """Runs a command with --json; gives its exit code and what it printed."""

    def run(*words: object) -> tuple[int, Any]:
        code, out, _ = call(*words, "--json", "-q")
        return code, json.loads(out)

    return run


def write_settings(folder: Path, resolve: dict[str, str], *, outlets: str = 'outlets = "mine"') -> None:
    """A presswatch.toml that knows the hosts of a test, and no outlet of them."""
    lines = "\n".join(f'"{host}" = "{address}"' for host, address in resolve.items())
    contact = 'contact = "https://example.org/about-our-crawler"\nmin_delay_s = 0'
    (folder / "presswatch.toml").write_text(f"{outlets}\n[fetch]\n{contact}\n[fetch.resolve]\n{lines}\n", "utf-8")


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """The newsroom, with settings that know its hosts and none of its outlets."""
    with Newsroom() as newsroom:
        write_settings(tmp_path, newsroom.resolve)
        yield newsroom


class Site:
    """A host of our own on loopback: what its paths answer, and which were asked for."""

    def __init__(self, port: int) -> None:
        self.port, self.asked = port, list[str]()
        self.pages: dict[str, tuple[int, str, str]] = {}

    def put(self, path: str, content: str, media: str = "text/html", *, status: int = 200) -> None:
        self.pages[path] = (status, media, content)

    def move(self, path: str, to: str) -> None:
        self.pages[path] = (302, "text/html", to)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """tern.test, empty, with settings that know its host."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, media, content = site.pages.get(self.path, (404, "text/plain", ""))
            self.send_response(status)
            if status == HTTPStatus.FOUND:
                self.send_header("Location", content)
            self.send_header("Content-Type", f"{media}; charset=utf-8")
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(server.server_address[1])
        hosts = ("tern.test", "consent.test", "m\u00fcller.test")
        write_settings(tmp_path, dict.fromkeys(hosts, f"127.0.0.1:{site.port}"))
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield site
        server.shutdown()
