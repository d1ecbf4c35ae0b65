"""The newsroom's server: one loopback port, six host names, conditional and compressed answers, a log of requests."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import socketserver
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from presswatch.demo.content import OUTLETS_DIR
from presswatch.demo.site import HTML, Document, build_site, render_directory
from presswatch.errors import UsageError
from presswatch.settings import FetchSettings, Settings, Topic
from presswatch.storage import OPEN_SUFFIX

OUTLET_IDS = ("k", "slowshutter", "reelbeacon", "andmatinee", "thirdactnotebook", "lanternpost")
TOPIC = Topic(name="paper-regatta", any=("Paper Regatta",), all=("Orvane",), since=date(2026, 2, 1))

LOOPBACK = "127.0.0.1"
IDLE_S = 30.0  # a connection that says nothing for so long is closed
BACKLOG = 128  # connections that may wait; the default of 5 refuses some to a client that opens eight at once

_LOCAL_NAMES = {LOOPBACK, "localhost"}
_PLAIN = "text/plain; charset=UTF-8"
_CONTACT = "https://example.org/about-our-crawler"  # the outlets are ours; a real one is told who asks
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Request(NamedTuple):
    """A line of the server's log. `path` has the query."""

    host: str
    path: str
    status: int
    method: str = "GET"


class Newsroom:
    """Six invented outlets, served on loopback while the `with` block lasts.

    Args: the edition to begin with (1 or 2); the port (0: any that is free).
    Raises: ValueError where there is no such edition; UsageError on entering where the port cannot be had.
    """

    outlets_dir: Path = OUTLETS_DIR

    def __init__(self, edition: int = 1, port: int = 0) -> None:
        self.port = port
        self.requests: list[Request] = []
        self._site = build_site(edition)
        self._server: _Server | None = None

    def __enter__(self) -> Self:
        try:
            self._server = _Server(self)
        except (OSError, OverflowError) as error:
            raise UsageError(f"port {self.port} cannot be had: {error}; `--port 0` takes any that is free") from error
        self.port = self._server.server_address[1]
        # shutting down waits for the next poll: half a second by default, which a test pays each time
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.hang_up()
            self._server.server_close()

    @property
    def edition(self) -> int:
        """The edition that is served now."""
        return self._site.edition

    @property
    def hosts(self) -> Mapping[str, str]:
        """Host name → outlet id."""
        return {host: press.outlet.id for press in self._site.mastheads.values() for host in press.outlet.hosts}

    @property
    def resolve(self) -> dict[str, str]:
        """Host name → `127.0.0.1:port`: what `[fetch.resolve]` takes."""
        return dict.fromkeys(self.hosts, f"{LOOPBACK}:{self.port}")

    def make_settings(self, data: Path) -> Settings:
        """Settings for a run over this newsroom, entered, into a data folder."""
        return Settings(
            data=data,
            outlets_folder=self.outlets_dir,
            collect_outlets=OUTLET_IDS,
            topics=(TOPIC,),
            fetch=FetchSettings(contact=_CONTACT, resolve=self.resolve),
        )

    def publish_edition(self, edition: int) -> None:
        """Serve another edition from the next request on; requests under way get the old one whole.

        Raises: ValueError where there is no such edition.
        """
        self._site = build_site(edition)

    def answer(self, host: str, path: str) -> Document:
        """What a path of a host answers; a query does not matter. `<outlet id>.localhost` is for browsers."""
        site, name = self._site, host.partition(":")[0].lower()
        outlet_id = self.hosts.get(name) or name.removesuffix(".localhost")
        if outlet_id in site.mastheads:
            return site.documents.get((outlet_id, urlsplit(path).path), site.missing[outlet_id])
        if name in _LOCAL_NAMES and path == "/":
            return Document(body=render_directory(site, self.port), media_type=HTML, modified=_EPOCH)
        return Document(body=b"no such host here\n", media_type=_PLAIN, modified=_EPOCH, status=404)


def know_newsroom(settings: Settings) -> Settings:
    """Settings by which a folder that the demo filled is read as the demo read it: with its outlet files and its topic.

    Without them a `rebuild` would lose the outlets' names. The demo refuses a folder that holds anybody else's, so its
    six folders and no other in raw tell such a one. What the settings themselves name stays. The outlet files are the
    package's own, so who writes outlet files is not to ask for this.
    """
    if settings.bucket or settings.outlets_folder or _list_stored(settings) != set(OUTLET_IDS):
        return settings
    return replace(settings, outlets_folder=OUTLETS_DIR, topics=settings.topics or (TOPIC,))


def holds_demo(settings: Settings) -> bool:
    """Whether a folder holds what the demo fetched, or a part of it, and nothing else: `presswatch demo` finishes that.

    Where the settings name a folder of outlet files, they are those of a newsroom that is served by itself.
    """
    if settings.bucket or settings.outlets_folder not in (None, OUTLETS_DIR):
        return False
    stored = _list_stored(settings)
    stored |= {path.name.partition("@")[0] for path in settings.data.glob(f".spool/*{OPEN_SUFFIX}")}
    return bool(stored) and stored <= set(OUTLET_IDS)


def _list_stored(settings: Settings) -> set[str]:
    """The outlets that have a folder in raw."""
    return {path.name for path in settings.data.glob("raw/*") if path.is_dir()}


def write_settings(path: Path, newsroom: Newsroom, *, data: Path | None = None) -> None:
    """Write a `presswatch.toml` by which any command runs against a newsroom that is being served.

    The newsroom's outlet files are copied into `outlets` beside it, but for those that are there: commands that write
    outlet files write there, and not into the installed package.

    Args: the file; the newsroom, entered; the data folder (`data` beside the file where none is named).
    Raises: UsageError where a file is there that no newsroom wrote, OSError where it cannot be written.
    """
    title = _SETTINGS.partition("\n")[0]
    if path.is_file() and not path.read_text("utf-8", errors="replace").startswith(title):
        raise UsageError(f"{path} is here already, and stays as it is: name another file, in a folder of its own")
    settings = newsroom.make_settings((data or path.parent / "data").absolute())
    folder = path.parent.absolute() / "outlets"
    folder.mkdir(exist_ok=True)
    for file in newsroom.outlets_dir.glob("*.toml"):
        if not (folder / file.name).exists():
            (folder / file.name).write_bytes(file.read_bytes())
    text = _SETTINGS.format(
        data=_quote(str(settings.data)),
        outlets_folder=_quote(str(folder)),
        outlets=_quote(settings.collect_outlets),
        topic=TOPIC,
        any=_quote(TOPIC.any),
        all=_quote(TOPIC.all),
        contact=_quote(settings.fetch.contact),
        resolve="\n".join(f"{_quote(host)} = {_quote(address)}" for host, address in settings.fetch.resolve.items()),
    )
    path.write_text(text, "utf-8")


_SETTINGS = """\
# The bundled newsroom of presswatch: six invented outlets on this machine. All of it is fiction.
data = {data}
outlets = {outlets_folder}

[collect]
outlets = {outlets}

[[topic]]
name = "{topic.name}"
any = {any}
all = {all}
since = {topic.since}

[fetch]
contact = {contact}

[fetch.resolve]   # until the newsroom stops
{resolve}
"""


def _quote(value: object) -> str:
    """TOML's form of a text or a list of texts: JSON's, as long as it is not asked for ASCII."""
    return json.dumps(value, ensure_ascii=False)


class _Server(ThreadingHTTPServer):
    request_queue_size = BACKLOG
    daemon_threads = True

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self._open: set[socket.socket] = set()
        super().__init__((LOOPBACK, newsroom.port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer asks the resolver for the machine's full name here, which may leave the machine
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().close_request(request)

    def handle_error(self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any) -> None:
        # a client that goes away in the middle of an answer is no fault to be printed
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End the connections that clients keep alive, so that their threads end too."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # the client was faster
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "presswatch-newsroom"
    sys_version = ""
    timeout = IDLE_S
    disable_nagle_algorithm = True  # headers and body are two writes; waiting for the first costs 40 ms a page
    server: _Server

    def do_GET(self) -> None:  # the name is http.server's
        self._reply(with_body=True)

    def do_HEAD(self) -> None:  # the name is http.server's
        self._reply(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is http.server's
        """Nothing on stderr: `Newsroom.requests` is the log."""

    def _reply(self, *, with_body: bool) -> None:
        newsroom, host = self.server.newsroom, self.headers.get("Host", "")
        document = newsroom.answer(host, self.path)
        etag = f'W/"{hashlib.sha256(document.body).hexdigest()[:32]}"'
        status = 304 if document.status == 200 and self._has_it(document, etag) else document.status  # noqa: PLR2004
        newsroom.requests.append(Request(host.partition(":")[0], self.path, status, self.command))
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Last-Modified", format_datetime(document.modified, usegmt=True))
        self.send_header("Vary", "Accept-Encoding")
        if status == 304:  # noqa: PLR2004  # "Not Modified"; the standard's numbers are names enough
            self.end_headers()
            return
        self._send_body(document, with_body=with_body)

    def _has_it(self, document: Document, etag: str) -> bool:
        """Whether the client's own copy is the current one (RFC 9110, 13.2.2: the tag goes before the date)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return etag in (tag.strip() for tag in tags.split(","))
        try:
            return document.modified <= parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except (TypeError, ValueError):
            return False

    def _send_body(self, document: Document, *, with_body: bool) -> None:
        body = document.body
        if _accepts_gzip(self.headers.get("Accept-Encoding", "")):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", document.media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _accepts_gzip(header: str) -> bool:
    offers = dict(offer.replace(" ", "").lower().partition(";")[::2] for offer in header.split(","))
    return "gzip" in offers and offers["gzip"] not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
