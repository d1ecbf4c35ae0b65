"""Connections under TLS, kept ones, and ones through proxies: real certificates, real sockets."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hostile import PAGE, Bench, Hit, Run, answer, attempt, cut, dribble, hang_up, redirect

from presswatch.errors import ConfigError, FetchError

SITE = "https://quay.test"
HELD = Path("held.pem")


# --- certificates


@dataclass
class Authority:
    """Signs certificates for servers; `file` is what trusts it."""

    folder: Path
    name: x509.Name = field(init=False)
    key: ec.EllipticCurvePrivateKey = field(init=False)

    def __post_init__(self) -> None:
        self.key, self.name = ec.generate_private_key(ec.SECP256R1()), named("Harbour Authority")
        self.file.write_bytes(self.sign(self.name, self.key, is_authority=True).public_bytes(PEM))

    @property
    def file(self) -> Path:
        return self.folder / "authority.pem"

    def sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *hosts: str,
        days: tuple[int, int] = (-2, 2),
        is_authority: bool = False,
    ) -> x509.Certificate:
        begin, end = (datetime.now(UTC) + timedelta(days=day) for day in days)
        builder = x509.CertificateBuilder(self.name, name, key.public_key(), x509.random_serial_number(), begin, end)
        builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        if hosts:
            names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def server(self, *hosts: str, days: tuple[int, int] = (-2, 2)) -> ssl.SSLContext:
        """What a server of these hosts speaks TLS by."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.sign(named(hosts[0]), key, *hosts, days=days)
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self.folder / HELD).write_bytes(secret + certificate.public_bytes(PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / HELD)
        return context


PEM = serialization.Encoding.PEM


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def tls(authority: Authority, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The bench with a server that speaks TLS, by a certificate that is believed."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    bench.server.tls = authority.server("quay.test", "pier.test")
    return bench


def fetch_all(bench: Bench, run: Run, *urls: str, **options: Any) -> list[str]:
    """Fetch URLs in one session, one after another. Gives the codes."""

    async def job() -> list[str]:
        async with bench.session(**options) as session:
            return [await attempt(session, url) for url in urls]

    return run(job)  # type: ignore[no-any-return]


def failure(bench: Bench, run: Run, url: str, **options: Any) -> FetchError:
    """The error that a URL ends with."""

    async def job() -> FetchError:
        async with bench.session(**options) as session:
            with pytest.raises(FetchError) as caught:
                await session.fetch(url)
            return caught.value

    return run(job)  # type: ignore[no-any-return]


def test_a_page_under_tls_is_had_over_one_connection(tls: Bench, run: Run) -> None:
    tls.server.routes |= {"/robots.txt": answer(b"")}
    tls.server.routes |= {f"/{name}": answer(name.encode() * 100_000) for name in "abc"}
    assert fetch_all(tls, run, *(f"{SITE}/{name}" for name in "abc")) == ["ok"] * 3
    assert [capture.body for capture in tls.stored()[1:]] == [name.encode() * 100_000 for name in "abc"]
    assert tls.server.paths() == ["/robots.txt", "/a", "/b", "/c"]
    assert tls.server.connections == 1


def test_both_schemes_of_a_host_are_apart(tls: Bench, run: Run) -> None:
    tls.server.routes |= {"/a": answer()}
    assert fetch_all(tls, run, "http://quay.test/a", f"{SITE}/a") == ["unreachable", "ok"]


@pytest.mark.parametrize(
    ("hosts", "days", "is_known"),
    [
        (("pier.test",), (-2, 2), True),
        (("*.quay.test",), (-2, 2), True),
        (("quay.test",), (-9, -2), True),
        (("quay.test",), (2, 9), True),
        (("quay.test",), (-2, 2), False),
    ],
    ids=["another's", "of hosts below", "expired", "of tomorrow", "of an unknown authority"],
)
def test_a_certificate_that_proves_nothing_ends_it(
    tls: Bench,
    run: Run,
    authority: Authority,
    tmp_path: Path,
    *,
    hosts: tuple[str, ...],
    days: tuple[int, int],
    is_known: bool,
) -> None:
    signer = authority if is_known else Authority(tmp_path)
    tls.server.tls = signer.server(*hosts, days=days)
    told = failure(tls, run, f"{SITE}/a")
    assert told.code == "unreachable"
    assert "certificate" in told.message.lower()
    assert tls.server.hits == [], "nothing was asked over it"


def test_without_a_word_of_the_environment_only_known_authorities_count(
    tls: Bench, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate" in failure(tls, run, f"{SITE}/a").message


def test_authorities_may_lie_in_a_folder(
    tls: Bench, run: Run, authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert fetch_all(tls, run, f"{SITE}/a") == ["unreachable"]


def test_a_file_of_authorities_that_is_none_is_a_fault_of_the_configuration(
    tls: Bench, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "garbage.pem").write_text("no certificate")
    for name in ("missing.pem", "garbage.pem"):
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
        with pytest.raises(ConfigError, match=f"SSL_CERT_FILE.*{name}"):
            fetch_all(tls, run, f"{SITE}/a")


@pytest.mark.parametrize("start", [b"", b"\x16\x03\x03\x00\x7a\x02"], ids=["silence", "half a hello"])
def test_a_handshake_that_hangs_meets_the_deadline(tls: Bench, run: Run, start: bytes) -> None:
    tls.server.routes["/b"] = answer()
    ended = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        with contextlib.suppress(ConnectionError):
            while await reader.read(1000):
                pass
        ended.set()
        writer.close()

    async def job() -> list[str]:
        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        target = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        resolve = {"quay.test": target, "pier.test": tls.server.target}
        async with server, tls.session(total_timeout_s=0.3, resolve=resolve) as session:
            codes = [await attempt(session, url) for url in (f"{SITE}/a", "https://pier.test/b")]
            await ended.wait()  # the connection is given up, not left open
            return codes

    assert run(job) == ["timeout", "ok"]


@pytest.mark.parametrize("told", [b"", b"HTTP/1.1 400 Plain\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x28"])
def test_a_server_that_speaks_no_tls_is_unreachable(tls: Bench, run: Run, told: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(told)
        writer.close()

    async def job() -> str:
        server = await asyncio.start_server(say, "127.0.0.1", 0)
        resolve = {"quay.test": f"127.0.0.1:{server.sockets[0].getsockname()[1]}"}
        async with server, tls.session(resolve=resolve) as session:
            return await attempt(session, f"{SITE}/a")

    assert run(job) == "unreachable"


# --- ends of connections, plain and under TLS


def drop(content: bytes) -> Callable[[Hit], Any]:
    """Sends bytes and breaks off, without a farewell."""

    def route(hit: Hit) -> Any:
        async def job() -> None:
            hit.writer.write(content)
            await hit.writer.drain()
            await asyncio.sleep(0.01)  # abort would throw away what is not sent yet
            hit.writer.transport.abort()

        return job()

    return route


@pytest.fixture(params=["plain", "tls"])
def either(request: pytest.FixtureRequest, authority: Authority, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> str:
    """The site of a server without TLS, and of one with it."""
    if request.param == "plain":
        return "http://quay.test"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    bench.server.tls = authority.server("quay.test")
    return SITE


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


@pytest.mark.parametrize("end", [cut, drop], ids=["closed", "broken off"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreachable"),
        (b"HTTP/1.1 200 O", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", "truncated"),
        (answer(PAGE[:30], length=len(PAGE)), "truncated"),
        (answer(b"x" * 400_000, length=500_000), "truncated"),
        (CHUNKED, "truncated"),
        (CHUNKED + b"0\r\n", "truncated"),
    ],
)
def test_a_connection_that_ends_early(
    bench: Bench, run: Run, either: str, *, end: Callable[[bytes], Any], content: bytes, code: str
) -> None:
    bench.server.routes |= {"/a": end(content), "/b": answer()}
    assert fetch_all(bench, run, f"{either}/a", f"{either}/b") == [code, "ok"]
    assert bench.server.asked("/a") == 3
    assert [capture.url for capture in bench.stored()] == [f"{either}/b"]


def test_a_server_that_closes_kept_connections_costs_no_request(bench: Bench, run: Run, either: str) -> None:
    """Ones that are closed while nobody asks, with a farewell or without."""
    bench.server.routes |= {f"/{n}": answer() for n in range(6)}

    async def job() -> list[str]:
        codes = []
        async with bench.session() as session:
            for n in range(6):
                codes.append(await attempt(session, f"{either}/{n}"))
                writer = bench.server.hits[-1].writer
                (writer.transport.abort if n % 2 else writer.close)()
                await asyncio.sleep(0.02)  # until it is known here
        return codes

    assert run(job) == ["ok"] * 6
    assert bench.server.paths() == ["/robots.txt", *(f"/{n}" for n in range(6))], "each once"


def test_a_server_that_drops_kept_connections_under_a_request_costs_one(bench: Bench, run: Run, either: str) -> None:
    """It says that it keeps them and closes at the next request; a run has fewer retries than pages."""
    served: set[int] = set()

    def only_first(hit: Hit) -> Any:
        if id(hit.writer) in served:
            return hang_up(hit)
        served.add(id(hit.writer))
        return answer()

    writers: list[Any] = []  # ids stay theirs

    def route(hit: Hit) -> Any:
        writers.append(hit.writer)
        return only_first(hit)

    bench.server.routes |= {"/robots.txt": route} | {f"/{n}": route for n in range(60)}
    assert fetch_all(bench, run, *(f"{either}/{n}" for n in range(60))) == ["ok"] * 60
    assert len(bench.server.hits) == 1 + 60 + 1


def test_a_server_that_ends_its_side_after_the_answer_is_asked_anew(bench: Bench, run: Run) -> None:
    def half(hit: Hit) -> Any:
        async def job() -> None:
            hit.writer.write(answer())
            hit.writer.write_eof()
            await asyncio.sleep(0.05)

        return job()

    bench.server.routes |= {"/a": half, "/b": half}
    assert fetch_all(bench, run, "http://quay.test/a", "http://quay.test/b") == ["ok", "ok"]
    assert bench.server.paths() == ["/robots.txt", "/a", "/b"]


def test_what_follows_an_answer_is_not_the_next_one(bench: Bench, run: Run, either: str) -> None:
    """In the same packet, in one that comes later, and after answers that have no body."""
    forged = answer(b"<p>forged</p>")
    heads = {
        "/length": answer(b"<p>true</p>"),
        "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntrue\r\n0\r\n\r\n",
        "/none": b"HTTP/1.1 204 None\r\nContent-Length: 0\r\n\r\n",
        "/moved": redirect("/next"),
        "/gone": answer(b"", status="404 No"),
    }
    bench.server.routes |= {path: head + forged for path, head in heads.items()}
    bench.server.routes["/next"] = answer(b"<p>next</p>")

    sent = asyncio.Event()

    def later(hit: Hit) -> bytes:
        def forge() -> None:
            hit.writer.write(forged)
            sent.set()

        asyncio.get_running_loop().call_later(0.01, forge)
        return answer(b"<p>true</p>")

    bench.server.routes["/later"] = later

    async def job() -> None:
        async with bench.session() as session:
            for path in (*heads, "/later"):
                await attempt(session, f"{either}{path}")
                if path == "/later":
                    await sent.wait()  # on a busy machine it is late, and then it could not be told from the next one
                    await asyncio.sleep(0.03)
                assert (await session.fetch(f"{either}/next")).body == b"<p>next</p>", path

    run(job)
    assert not [capture for capture in bench.stored() if b"forged" in capture.body]


def test_a_long_body_under_tls_stays_within_memory(tls: Bench, run: Run) -> None:
    tls.server.routes["/a"] = dribble(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 60_000, 0)
    tls.server.routes["/b"] = answer(b"", length=100_000_000)
    tracemalloc.start()
    codes = fetch_all(tls, run, f"{SITE}/a", f"{SITE}/b", max_body_bytes=2_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert codes == ["too_large", "too_large"]
    assert peak < 20_000_000


def test_whoever_sends_faster_than_is_read_waits(tls: Bench, run: Run) -> None:
    """A hundred megabytes are cut at 500 KiB of robots.txt; the rest stays with the server."""
    sent = 0

    def flood(hit: Hit) -> Any:
        async def job() -> None:
            nonlocal sent
            hit.writer.write(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /a\n")
            while sent < 100_000_000 and not hit.writer.is_closing():
                hit.writer.write(b"#" * 60_000 + b"\n")
                sent += 60_001
                await hit.writer.drain()
                await asyncio.sleep(0)  # to drain is to wait only where much is left

        return job()

    tls.server.routes |= {"/robots.txt": flood, "/b": answer()}
    assert fetch_all(tls, run, f"{SITE}/a", f"{SITE}/b") == ["robots", "ok"]
    assert sent < 20_000_000


def test_a_session_that_ends_closes_its_connections(bench: Bench, run: Run, either: str) -> None:
    bench.server.routes |= {"/robots.txt": answer(b""), "/a": answer()}

    async def job() -> None:
        async with bench.session() as session:
            await attempt(session, f"{either}/a")
            assert not [task for task in bench.server.open if task.done()]
        await asyncio.wait(bench.server.open, timeout=5)
        assert all(task.done() for task in bench.server.open)

    run(job)


# --- proxies


class Proxy:
    """A forward proxy: it tunnels CONNECT, passes absolute addresses on, and notes what it was asked."""

    def __init__(self, target: str, password: str = "") -> None:
        self.target, self.password = target, password
        self.asked: list[str] = []
        self.heads: list[str] = []
        self.open = 0
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                while await self.answer(reader, writer):
                    pass
        finally:
            self.open -= 1
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, address, _ = head.split(" ", 2)
        self.asked.append(f"{method} {address}")
        self.heads.append(head)
        token = base64.b64encode(self.password.encode()).decode()
        if self.password and f"proxy-authorization: basic {token}".lower() not in head.lower():
            writer.write(b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return True
        host, _, port = self.target.partition(":")
        there_reader, there = await asyncio.open_connection(host, int(port))
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            else:
                path = "/" + address.split("/", 3)[3]
                lines = [line for line in head.split("\r\n")[1:] if not line.lower().startswith(("proxy-", "connec"))]
                there.write("\r\n".join([f"GET {path} HTTP/1.1", "Connection: close", *lines]).encode())
            await asyncio.gather(pour(reader, there), pour(there_reader, writer))
        finally:
            there.close()
        return False


async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(60_000):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(ConnectionError, RuntimeError):
        writer.close()


@contextlib.asynccontextmanager
async def proxied(bench: Bench, *, password: str = "", tls: ssl.SSLContext | None = None, **settings: Any) -> Any:
    """A proxy before the server, and a session that goes through it."""
    proxy = Proxy(bench.server.target, password)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=tls)
    proxy.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    settings.setdefault("proxy", f"http://{proxy.address}")
    async with server:
        async with bench.session(**settings) as session:
            yield proxy, session
        for _ in range(500):
            if proxy.open == 0:
                break
            await asyncio.sleep(0.01)
        assert proxy.open == 0, "the session's connections are closed"


def test_pages_are_had_through_a_proxy_and_robots_and_pace_hold(bench: Bench, run: Run, either: str) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /c"), "/a": answer(), "/b": answer()}

    async def job() -> tuple[list[str], list[str]]:
        async with proxied(bench, delay_s=7.0) as (proxy, session):
            return [await attempt(session, f"{either}/{name}") for name in "abc"], proxy.asked

    codes, asked = run(job)
    assert codes == ["ok", "ok", "robots"]
    assert bench.server.paths() == ["/robots.txt", "/a", "/b"]
    assert bench.time.slept == [7.0, 7.0]
    assert len(asked) == 3
    assert all("quay.test" in line for line in asked), "the proxy is told names, and finds the host itself"


def test_the_guard_is_asked_before_the_proxy(bench: Bench, run: Run, either: str) -> None:
    bench.server.routes |= {"/a": redirect("https://inside.test/b"), "/c": redirect("http://169.254.169.254/")}

    async def lookup(host: str, port: int) -> list[str]:
        return ["10.0.0.7"] if host == "inside.test" else [host]

    async def job() -> tuple[list[str], list[str]]:
        async with proxied(bench, lookup=lookup) as (proxy, session):
            return [await attempt(session, f"{either}/{name}") for name in "ac"], proxy.asked

    codes, asked = run(job)
    assert codes == ["refused_address", "refused_address"]
    assert not [line for line in asked if "inside" in line or "169" in line]


def test_a_proxys_password_is_for_the_proxy(bench: Bench, run: Run, either: str) -> None:
    bench.server.routes["/a"] = answer()

    async def job() -> str:
        await asyncio.sleep(0)
        proxy = Proxy(bench.server.target, "keeper:s3cret")
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, bench.session(proxy=f"http://keeper:s3cret@{address}") as session:
            return await attempt(session, f"{either}/a")

    assert run(job) == "ok"
    assert bench.server.paths() == ["/robots.txt", "/a"]
    assert not [hit for hit in bench.server.hits if "proxy-authorization" in hit.headers]


def test_a_proxy_that_wants_a_password_is_no_robots_that_allows_all(bench: Bench, run: Run, either: str) -> None:
    bench.server.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /a"), "/a": answer()}

    async def job(password: str) -> str:
        async with proxied(bench, password=password) as (_, session):
            return await attempt(session, f"{either}/a")

    assert run(lambda: job("keeper:s3cret")) == "unreachable"
    assert bench.server.hits == []
    assert run(lambda: job("")) == "robots"


def test_a_certificate_counts_through_a_proxy_too(tls: Bench, run: Run, authority: Authority) -> None:
    tls.server.tls = authority.server("pier.test")

    async def job() -> FetchError:
        async with proxied(tls) as (_, session):
            with pytest.raises(FetchError) as caught:
                await session.fetch(f"{SITE}/a")
            return caught.value

    told = run(job)
    assert told.code == "unreachable"
    assert "certificate" in told.message.lower()


def test_a_proxy_may_speak_tls_itself(bench: Bench, run: Run, authority: Authority, either: str) -> None:
    bench.server.routes["/a"] = answer()
    held = authority.server("localhost")

    async def job() -> str:
        proxy = Proxy(bench.server.target)
        server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=held)
        address = f"localhost:{server.sockets[0].getsockname()[1]}"
        async with server, bench.session(proxy=f"https://{address}") as session:
            return await attempt(session, f"{either}/a")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority.file))
        assert run(job) == "ok"


@pytest.mark.parametrize("told", [b"", b"HTTP/1.1 403 Not here\r\nContent-Length: 0\r\n\r\n", b"nonsense\r\n\r\n"])
def test_a_proxy_that_opens_no_tunnel_leaves_the_host_unreachable(tls: Bench, run: Run, told: bytes) -> None:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(told)
        writer.close()

    async def job() -> str:
        server = await asyncio.start_server(say, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, tls.session(proxy=f"http://{address}") as session:
            return await attempt(session, f"{SITE}/a")

    assert run(job) == ("robots" if told.startswith(b"nonsense") else "unreachable"), "nothing is asked for"


def test_a_proxy_that_is_down_or_hangs(bench: Bench, run: Run, either: str) -> None:
    assert fetch_all(bench, run, f"{either}/a", proxy="http://127.0.0.1:1") == ["unreachable"]
    held = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass
        held.set()
        writer.close()

    async def job() -> str:
        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, bench.session(proxy=f"http://{address}", total_timeout_s=0.3) as session:
            code = await attempt(session, f"{either}/a")
            await held.wait()
            return code

    assert run(job) == "timeout"
