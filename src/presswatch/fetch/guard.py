"""The address guard: no request leaves for anything but the public web.

It stands where the connection is opened, on the addresses that the name has just been resolved to, so neither a
redirect nor a name server that answers twice gets past it. Hosts in `[fetch.resolve]` alone are exempt.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from types import TracebackType
from typing import Self

import httpcore
import httpx

from presswatch.errors import ConfigError
from presswatch.fetch.wire import Wire, connect
from presswatch.urls import ascii_host

Lookup = Callable[[str, int], Awaitable[list[str]]]
_Place = tuple[str, str, int]  # scheme, host and port

# what goes wrong between two hosts, as httpcore tells it
WIRE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)

_PORTS = frozenset({80, 443})
_MOST_KEPT = 4  # connections; an outlet has one host, and perhaps one more for feeds or robots.txt
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
        self._resolve = {ascii_host(host): _split_target(target) for host, target in resolve.items()}
        self._lookup = lookup

    def is_exempt(self, host: str) -> bool:
        """Whether a host is one of `[fetch.resolve]`."""
        return ascii_host(host) in self._resolve

    async def targets(self, host: str, port: int) -> list[tuple[str, int]]:
        """The addresses and ports that stand for a host.

        Raises: RefusedAddressError where one of them is not public; OSError where there is none.
        """
        if self.is_exempt(host):
            return [self._resolve[ascii_host(host)]]
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
        self._guard = guard
        self._proxy = _proxy_transport(proxy) if proxy else None
        self._kept: dict[_Place, httpcore.AsyncHTTP11Connection] = {}  # the one used last stands last
        self._droppers: set[_Place] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._proxy:
            await self._proxy.aclose()
        for connection in self._kept.values():
            await connection.aclose()
        self._kept.clear()

    async def ask(
        self, url: httpx.URL, headers: Mapping[str, str], note_start: Callable[[], None]
    ) -> httpcore.Response:
        """Send a GET request and give its response; `note_start` is called when it is sent.

        One request at a time.

        Raises: RefusedAddressError; the WIRE_ERRORS.
        """
        port = url.port or (443 if url.scheme == "https" else 80)
        request = httpcore.Request(
            "GET",
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=[(name.encode("ascii"), value.encode()) for name, value in headers.items()],
        )
        if self._proxy:
            if not self._guard.is_exempt(url.host):
                with contextlib.suppress(OSError):  # a name that only the proxy can resolve is the proxy's to judge
                    await self._guard.targets(url.host, port)
            note_start()
            return await self._proxy._pool.handle_async_request(request)  # noqa: SLF001  # httpx knows the proxies' kinds
        place = (url.scheme, url.host, port)
        kept = self._kept.get(place)
        connection = await self._connection_to(url, port, note_start)
        try:
            return await connection.handle_async_request(request)
        except WIRE_ERRORS:
            if connection is kept:  # the host closes some that it said it would keep: from now on each is used once
                self._droppers.add(place)
            raise

    async def _connection_to(
        self, url: httpx.URL, port: int, note_start: Callable[[], None]
    ) -> httpcore.AsyncHTTP11Connection:
        """The connection that is kept to a host, or a new one."""
        place = (url.scheme, url.host, port)
        kept = self._kept.pop(place, None)
        if kept is None or place in self._droppers or not _is_clean(kept):
            stale = [kept] if kept else []
            if len(self._kept) >= _MOST_KEPT:
                stale.append(self._kept.pop(next(iter(self._kept))))
            for connection in stale:
                await connection.aclose()
            wire = await self._open(url, port)
            origin = httpcore.Origin(url.raw_scheme, url.raw_host, port)
            kept = httpcore.AsyncHTTP11Connection(origin=origin, stream=wire)
        self._kept[place] = kept
        note_start()  # connecting took its time, and what the server sees counts
        return kept

    async def _open(self, url: httpx.URL, port: int) -> Wire:
        try:
            targets = await self._guard.targets(url.host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{url.host}: {error}") from error
        tls = _tls_context() if url.scheme == "https" else None
        last: Exception = httpcore.ConnectError(f"{url.host} has no address")
        limit = _ONE_ADDRESS_TIMEOUT_S if len(targets) > 1 else None
        for address, real_port in targets:
            try:
                return await connect(address, real_port, limit, tls, url.raw_host.decode("ascii"))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


def _is_clean(kept: httpcore.AsyncHTTP11Connection) -> bool:
    """Whether a connection can carry another request: open, and nothing has come that belongs to no answer.

    httpcore would take what a server sent behind its last answer for the next one.
    """
    tail, _ = kept._h11_state.trailing_data  # noqa: SLF001  # read from the wire, so `has_expired` does not see it
    return kept.is_available() and not kept.has_expired() and not tail


def _proxy_transport(proxy: str) -> httpx.AsyncHTTPTransport:
    """The way through a proxy that httpx knows. It keeps no connection, since nobody could tell whether it is clean."""
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=_tls_context(), trust_env=False, proxy=proxy, limits=limits)


def _tls_context() -> ssl.SSLContext:
    """What certificates are held against: the authorities of certifi, or those that the environment names.

    `SSL_CERT_FILE` and `SSL_CERT_DIR` are where the users of a company's proxy that opens TLS have its certificate.

    Raises: ConfigError where what they name cannot be read.
    """
    return _make_tls_context(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@functools.cache
def _make_tls_context(file: str, folder: str) -> ssl.SSLContext:
    """One for all outlets: it takes longer to make than many a request."""
    try:
        context = httpx.create_ssl_context(trust_env=True)
    except OSError as error:
        raise ConfigError("environment", [f"SSL_CERT_FILE is {file!r}, SSL_CERT_DIR is {folder!r}: {error}"]) from error
    context.set_alpn_protocols(["http/1.1"])
    return context
