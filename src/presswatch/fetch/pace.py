"""When a host may be asked: spacing from start to start, across runs too, and the pauses it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from presswatch.archive import OutletState
from presswatch.errors import FetchError

PATIENCE_S = 300.0  # of pauses for one host in a run; what would take longer is for the next run

_FIRST_PAUSE_S = 5.0  # after 429 or 503 without a Retry-After that can be read; doubled each time
_LEAST_PAUSE_S = 1.0  # also where Retry-After lies in the past


class Hosts:
    """When hosts were asked, and what they said of it: for all outlets of a run, since some share a host for feeds.

    Moments are monotonic seconds. A `turn` is held for as long as a host is waited for and asked, by one hand at once.
    """

    def __init__(self) -> None:
        self.started: dict[str, float] = {}
        self.held_until: dict[str, float] = {}
        self.paused_s: dict[str, float] = {}
        self.pauses: dict[str, int] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    def turn(self, host: str) -> asyncio.Lock:
        """What a hand holds while it asks a host."""
        return self._turns.setdefault(host, asyncio.Lock())


class Pacer:
    """An outlet's turns at hosts. Waits are monotonic, so a clock that jumps harms nothing."""

    def __init__(
        self,
        state: OutletState,
        hosts: Hosts,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._state, self._clock, self._monotonic, self._sleep = state, clock, monotonic, sleep
        self._hosts = hosts

    async def take_turn(self, host: str, delay_s: float, url: str) -> None:
        """Wait until a host may be asked again, and note that it is being asked.

        Raises: FetchError `throttled` where the run's patience would not last.
        """
        self._check_patience(host, url)
        wait_s = max(self._spacing_left(host, delay_s), self._hosts.held_until.get(host, 0.0) - self._monotonic())
        if wait_s > PATIENCE_S:
            raise FetchError("throttled", url, f"{host} wants {wait_s:.0f} s between requests")
        if wait_s > 0:
            await self._sleep(wait_s)
        self.note_start(host)
        if delay_s > 0:  # else no run has to know
            self._state.record_request(host, self._clock())

    def note_start(self, host: str) -> None:
        """The request to a host begins now."""
        self._hosts.started[host] = self._monotonic()

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for a while."""
        until = self._monotonic() + seconds
        self._hosts.held_until[host] = max(self._hosts.held_until.get(host, 0.0), until)

    def pause(self, host: str, retry_after: str, url: str) -> None:
        """A host answered 429 or 503: leave it alone for as long as it says.

        Raises: FetchError `throttled` where that is past the run's patience; the host is not asked again then.
        """
        count = self._hosts.pauses[host] = self._hosts.pauses.get(host, 0) + 1
        told_s = read_retry_after(retry_after, self._clock())
        pause_s = _FIRST_PAUSE_S * 2 ** (count - 1) if told_s is None else max(told_s, _LEAST_PAUSE_S)
        self._hosts.paused_s[host] = self._hosts.paused_s.get(host, 0.0) + pause_s
        self._check_patience(host, url)
        self.hold(host, pause_s)

    def _check_patience(self, host: str, url: str) -> None:
        if self._hosts.paused_s.get(host, 0.0) > PATIENCE_S:
            raise FetchError(
                "throttled", url, f"{host} asks for more than {PATIENCE_S:.0f} s of pauses; the next run tries again"
            )

    def _spacing_left(self, host: str, delay_s: float) -> float:
        if host in self._hosts.started:
            return self._hosts.started[host] + delay_s - self._monotonic()
        last = self._state.last_request_at(host)
        if last is None:
            return 0.0
        # never more than the delay, though the clock was set back since
        return min(delay_s - (self._clock() - last).total_seconds(), delay_s)


def read_retry_after(text: str, now: datetime) -> float | None:
    """Seconds from a Retry-After in any of its forms; None where it says nothing that can be read."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:18])  # eighteen digits are past any patience, and more would overflow
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
