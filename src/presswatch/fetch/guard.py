"""The address guard: no request leaves for anything but the public web.

It stands where the connection is opened, on the addresses that the name has just been resolved to, so neither a
redirect nor a name server that answers twice gets past it. Hosts in `[fetch.resolve]` alone are exempt.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
import select
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from types import TracebackType
from typing import Any, Self

import httpcore
import httpx

Lookup = Callable[[str, int], Awaitable[list[str]]]

# what goes wrong between two hosts, as httpcore tells it
WIRE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)

_PORTS = frozenset({80, 443})
_ONE_ADDRESS_TIMEOUT_S = 10.0  # before the next of a name's addresses is tried; the deadline is the session's business
# what `is_global` lets through (the IANA special-purpose registries)
_REFUSED_V4 = [IPv4Network(n) for n in ("192.0.0.0/24", "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4")]
_PUBLIC_V6 = IPv6Network("2000::/3")  # the only global unicast space there is
_REFUSED_V6 = [ip_network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
# a last label that resolvers take for a number makes the whole name an address in disguise (WHATWG URL, 3.5)
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")


class RefusedAddressError(Exception):
    """The host is not on the public web; the message says why."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet. Those that carry an IPv4 address inside are not."""
    ip = ip_address(address.partition("%")[0])
    if ip.version == 6:  # noqa: PLR2004  # IPv6
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        return ip in _PUBLIC_V6 and ip.is_global and not any(ip in network for network in _REFUSED_V6)
    return ip.is_global and not any(ip in network for network in _REFUSED_V4)


async def lookup_addresses(host: str, port: int) -> list[str]:
    """All addresses of a host, as the operating system's resolver gives them.

    Raises: OSError where there are none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Guard:
    """Says where a connection to a host may go. `resolve` maps exempt hosts to `address:port`."""

    def __init__(self, resolve: Mapping[str, str], lookup: Lookup = lookup_addresses) -> None:
        self._resolve = {host.lower(): _split_target(target) for host, target in resolve.items()}
        self._lookup = lookup

    def is_exempt(self, host: str) -> bool:
        """Whether a host is one of `[fetch.resolve]`."""
        return host.lower() in self._resolve

    async def targets(self, host: str, port: int) -> list[tuple[str, int]]:
        """The addresses and ports that stand for a host.

        Raises: RefusedAddressError where one of them is not public; OSError where there is none.
        """
        if self.is_exempt(host):
            return [self._resolve[host.lower()]]
        if port not in _PORTS:
            raise RefusedAddressError(f"port {port}: only 80 and 443 are asked")
        if is_disguise(host):
            raise RefusedAddressError(f"{host} is an address in disguise")
        addresses = await self._lookup(host, port)
        private = [address for address in addresses if not is_public(address)]
        if private:
            raise RefusedAddressError(f"{host} is {private[0]}, which is not a public address")
        return [(address, port) for address in addresses]


def _split_target(target: str) -> tuple[str, int]:
    address, _, port = target.rpartition(":")
    return address.strip("[]"), int(port)


def is_disguise(host: str) -> bool:
    """Whether a host is an IP address in a form that only resolvers know: decimal, octal, hexadecimal, shortened."""
    if ":" in host or not _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return False


class GuardedTransport:
    """Connections that ask the guard first, and requests over them. Through a proxy the guard is asked beforehand.

    It stands on httpcore, as httpx's client does: that would read the Location of a redirect and stumble over bad ones,
    and costs a third of a request. Its proxies are httpx's.
    """

    def __init__(self, guard: Guard, proxy: str | None = None) -> None:
        self._guard, self._is_proxied = guard, proxy is not None
        self._backend = _GuardedBackend(guard)
        if proxy is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=_tls_context(), network_backend=self._backend, max_keepalive_connections=4
            )
        else:
            self._pool = httpx.AsyncHTTPTransport(verify=_tls_context(), trust_env=False, proxy=proxy)._pool  # noqa: SLF001

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.__aexit__(kind, error, trace)

    async def ask(
        self, url: httpx.URL, headers: Mapping[str, str], note_start: Callable[[], None]
    ) -> httpcore.Response:
        """Send a GET request and give its response; `note_start` is called when it is sent.

        One request at a time.

        Raises: RefusedAddressError; the WIRE_ERRORS.
        """
        if self._is_proxied and not self._guard.is_exempt(url.host):
            port = url.port or (443 if url.scheme == "https" else 80)
            with contextlib.suppress(OSError):  # a name that only the proxy can resolve is the proxy's to judge
                await self._guard.targets(url.host, port)

        self._backend.note_sending = note_start
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[(name.encode("ascii"), value.encode()) for name, value in headers.items()],
        )
        return await self._pool.handle_async_request(request)


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, guard: Guard) -> None:
        self._guard, self._inner = guard, httpcore.AnyIOBackend()
        self.note_sending: Callable[[], None] = lambda: None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            targets = await self._guard.targets(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from error
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        limit = timeout or (_ONE_ADDRESS_TIMEOUT_S if len(targets) > 1 else None)
        for address, real_port in targets:
            try:
                stream = await self._inner.connect_tcp(address, real_port, limit, local_address, socket_options)
                return _NotedStream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _NotedStream(httpcore.AsyncNetworkStream):
    """A connection that says when a request leaves: connecting took its time, and what the server sees counts.

    httpcore would tell it too, to a trace that it calls twenty times a request.
    """

    def __init__(self, inner: httpcore.AsyncNetworkStream, backend: _GuardedBackend) -> None:
        self._inner, self._backend = inner, backend
        self._poll = _poll_for(inner)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's signature
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109  # the same
        if buffer:
            self._backend.note_sending()
            await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the same
    ) -> httpcore.AsyncNetworkStream:
        return _NotedStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._backend)

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable" and self._poll:  # asked four times a request; finding the socket again takes longer
            return bool(self._poll.poll(0))
        return self._inner.get_extra_info(info)


def _poll_for(stream: httpcore.AsyncNetworkStream) -> Any:
    """Whether a connection has something to read, to be asked often; None where the system has no poll."""
    if not hasattr(select, "poll"):
        return None
    poll = select.poll()
    poll.register(stream.get_extra_info("socket").fileno(), select.POLLIN)
    return poll


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """One for all outlets: it takes longer to make than many a request."""
    return httpx.create_ssl_context(trust_env=False)
