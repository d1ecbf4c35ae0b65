"""The site that `bench/fetch.py` fetches: eight outlets behind one port of eight loopback addresses, in one process.

It is plain on purpose: one write answers a request, so that it is never what a client waits for. It keeps when each
host was asked, and tells it at `/-/asked`.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

HOSTS = tuple(f"outlet{number}.test" for number in range(8))
ADDRESSES = tuple(f"127.0.0.{number + 1}" for number in range(8))
PAGE_BYTES = 60_000
MAPS = 20  # sitemaps of the large set, of
MAP_URLS = 50_000  # addresses each: what the protocol allows
FEED_ITEMS = 5

_BODIES = 32  # different ones; the address stands in each, so no two pages are alike
_WORDS = 4_000  # as many different ones, of which the common ones are used as often as in prose
_HEAD = "<!doctype html><html lang=en><head><title>{0}</title></head><body><article><h1>{0}</h1>"
_TAIL = "</article></body></html>"
_CARD = """<div class="c-card c-card--grid lrv-u-flex lrv-u-margin-b-1" data-id="{number}">
  <a class="c-card__link lrv-u-color-black:hover" href="/{name}/{number}/" rel="bookmark" data-module="related">
    <img class="c-card__image lrv-u-width-100p" loading="lazy" src="/wp-content/{number}/{name}.jpg?w=300" alt="" />
    <h3 class="c-card__title lrv-u-font-size-18">{title}</h3></a>
  <span class="c-card__meta lrv-u-font-size-12"><time datetime="2026-02-01T10:00:00Z">February 1, 2026</time></span>
</div>
"""


def page(path: str) -> bytes:
    """An article of 60,000 bytes that gzip makes about as small as those of real outlets: a fourth to a fifth."""
    head = _HEAD.format(f"Report {path}").encode()
    body = _bodies()[hash(path) % _BODIES]
    return head + body[: PAGE_BYTES - len(head) - len(_TAIL)] + _TAIL.encode()


@cache
def _bodies() -> list[bytes]:
    chance = random.Random(0)  # noqa: S311 - nothing secret
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    weights = [1 / (rank + 1.5) for rank in range(len(letters))]
    words = ["".join(chance.choices(letters, weights, k=chance.randint(2, 10))) for _ in range(_WORDS)]
    commonness = [1 / (rank + 3) for rank in range(_WORDS)]  # Zipf's law
    return [_body(chance, words, commonness) for _ in range(_BODIES)]


def _body(chance: random.Random, words: list[str], commonness: list[float]) -> bytes:
    parts: list[str] = []
    size = 0
    while size < PAGE_BYTES:
        prose = " ".join(chance.choices(words, commonness, k=45)).capitalize()
        name, number = chance.choice(words), chance.randrange(10**6)
        parts.append(f'<p class="c-entry__paragraph">{prose}, <a href="/{name}/{number}/">{name}</a>.</p>\n')
        parts.append(_CARD.format(name=name, number=number, title=" ".join(chance.choices(words, commonness, k=6))))
        size += len(parts[-1]) + len(parts[-2])
    return "".join(parts).encode()


def sitemap(host: str, first: int, count: int) -> bytes:
    """A sitemap of so many articles."""
    rows = (
        f"<url><loc>http://{host}/{2000 + n % 20}/{1 + n % 12:02}/article-number-{n}/</loc>"
        f"<lastmod>2026-02-{1 + n % 28:02}T10:00:00Z</lastmod></url>"
        for n in range(first, first + count)
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'.encode()


@cache
def _packed_map(host: str, number: int) -> bytes:
    return gzip.compress(sitemap(host, number * MAP_URLS, MAP_URLS), 1)


def index(host: str) -> bytes:
    """The index of the large set."""
    rows = (f"<sitemap><loc>http://{host}/map-{number}.xml.gz</loc></sitemap>" for number in range(MAPS))
    return f"<sitemapindex>{''.join(rows)}</sitemapindex>".encode()


@cache
def feed(host: str) -> bytes:
    """The newest articles."""
    items = (
        f"<item><title>Report {n}</title><link>http://{host}/news/report-{n}/</link>"
        f"<pubDate>Mon, 02 Feb 2026 1{n}:00:00 GMT</pubDate></item>"
        for n in range(FEED_ITEMS)
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{"".join(items)}</channel></rss>'.encode()


class Site(asyncio.Protocol):
    """One connection. `asked` is that of all: host, path and monotonic time of each request."""

    asked: list[tuple[str, str, float]] = []  # noqa: RUF012 - all connections share it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - as the loop promises
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is whole; none has a body."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            now = time.monotonic()
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            text = head.decode("latin-1")
            path = text.split(" ", 2)[1]
            fields = dict(re.findall(r"(?m)^([\w-]+): *([^\r\n]*)", text.lower()))
            host = fields.get("host", "").partition(":")[0]
            if not path.startswith("/-/"):
                Site.asked.append((host, path, now))
            self._transport.write(_answer(host, path, is_known='"1"' in fields.get("if-none-match", "")))


def _answer(host: str, path: str, *, is_known: bool) -> bytes:
    kind, more = "text/html; charset=utf-8", ""
    if path.startswith("/feed"):
        kind, more = "application/rss+xml", 'ETag: "1"\r\n' if path == "/feed" else ""
        if is_known and more:
            return f"HTTP/1.1 304 Not Modified\r\n{more}\r\n".encode()
    body = _body_of(host, path)
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _body_of(host: str, path: str) -> bytes:  # noqa: PLR0911 - an answer a path
    if path == "/-/asked":
        told, Site.asked = Site.asked, []
        return json.dumps(told).encode()
    if path == "/robots.txt":
        return b"User-agent: *\nDisallow: /private/\nDisallow: /*?print=\nCrawl-delay: 0\n"
    if path.startswith("/feed"):
        return feed(host)
    if path == "/index.xml":
        return index(host)
    if found := re.fullmatch(r"/map-(\d+)\.xml\.gz", path):
        return _packed_map(host, int(found[1]))
    if found := re.fullmatch(r"/sitemap-(\d+)\.xml", path):
        return sitemap(host, 0, int(found[1]))
    return page(path)


@contextmanager
def serving() -> Iterator[int]:
    """The site, in a process that is ended with the block. Yields: its port."""
    site = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    try:
        assert site.stdout is not None  # noqa: S101 - it is a pipe
        yield int(site.stdout.readline())
    finally:
        site.terminate()
        site.wait()


async def serve() -> None:
    """Serve until the process is ended; the port is printed first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _bodies()
    server = await asyncio.get_running_loop().create_server(Site, ADDRESSES, port)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
