"""Connections for httpcore on asyncio's own transports: what every byte passes through, and nothing more.

httpcore brings a backend on anyio, which takes twice as long for a page (docs/decisions.md).
"""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import httpcore

_MOST_WAITING = 256 * 1024  # bytes received and not asked for yet; past them the other side is made to wait


async def connect(
    address: str, port: int, timeout_s: float | None, tls: ssl.SSLContext | None = None, name: str = ""
) -> Wire:
    """Open a connection, under TLS where there is a context; `name` is what the certificate has to be of.

    Raises: httpcore's ConnectError and ConnectTimeout.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            _, inbox = await loop.create_connection(
                _Inbox, address, port, ssl=tls, server_hostname=name if tls else None
            )
    except TimeoutError as error:
        raise httpcore.ConnectTimeout(str(error)) from error
    except OSError as error:  # what TLS says among them
        raise httpcore.ConnectError(str(error)) from error
    return Wire(inbox)


class _Inbox(asyncio.Protocol):
    """What has come in over a connection, and whether more can."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.received = bytearray()
        self.is_ended = False
        self.error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # a stream's, as the loop promises

    def data_received(self, data: bytes) -> None:
        self.received += data
        if len(self.received) > _MOST_WAITING and not self._is_paused:
            self._is_paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.is_ended = True
        self._wake()
        return False  # the connection is of no use any more

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_ended, self.error = True, self.error or exc
        self._wake()

    async def take(self, most: int) -> bytes:
        """The next bytes as soon as there are any; none at the end."""
        while not self.received and not self.is_ended:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        taken = bytes(self.received) if len(self.received) <= most else bytes(self.received[:most])
        del self.received[: len(taken)]
        if self._is_paused and len(self.received) <= _MOST_WAITING and not self.is_ended:
            self._is_paused = False
            self.transport.resume_reading()
        return taken

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class Wire(httpcore.AsyncNetworkStream):
    """One connection, plain or under TLS."""

    def __init__(self, inbox: _Inbox) -> None:
        self._inbox = inbox

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  # httpcore's signature
        """The next bytes; none at the end. Raises: ReadError, ReadTimeout."""
        try:
            async with asyncio.timeout(timeout):
                received = await self._inbox.take(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        if not received and self._inbox.error is not None:
            raise httpcore.ReadError(str(self._inbox.error)) from self._inbox.error
        return received

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  # the same
        """Send bytes: those of a request's head, which the operating system takes at once. Raises: WriteError."""
        if not buffer:
            return
        if self._inbox.transport.is_closing():
            raise httpcore.WriteError(str(self._inbox.error or "the connection is closed"))
        self._inbox.transport.write(buffer)

    async def aclose(self) -> None:
        """Close the connection, without a farewell that the other side would have to answer."""
        self._inbox.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection; `is_readable` while none is expected says that it was closed."""
        if info == "is_readable":
            return self._inbox.is_ended or bool(self._inbox.received)
        return self._inbox.transport.get_extra_info(info)
