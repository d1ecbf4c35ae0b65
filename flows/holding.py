"""Being the one hand at an outlet while it is asked: the limits of `limits.py`, taken and given back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock

import surroundings  # noqa: F401

# isort: split
from prefect.concurrency.sync import concurrency

from limits import limit_name, need_limits

_LEASE_S = 60  # the least that Prefect takes: so long after a kill an outlet is free again
_TRY_ALL_S = 3.0  # to ask for all outlets at once
_TRY_S, _PAUSE_S = 10.0, 5.0  # to ask for an outlet, and until it is asked for again
# One of our threads at a time: a server on SQLite answers several with 503, and Prefect's client then waits for seconds
_TURN = Lock()


@contextmanager
def hold_all(outlet_ids: Sequence[str]) -> Iterator[bool]:
    """Be the one hand at all of these outlets, by one request, where all are free. Yields: whether they were."""
    with ExitStack() as held:
        try:
            if outlet_ids:
                held.enter_context(_limited(outlet_ids, _TRY_ALL_S))
        except TimeoutError:
            yield False
        else:
            yield True


@contextmanager
def hold(outlet_ids: Sequence[str]) -> Iterator[None]:
    """Be the one hand at these outlets, or wait until it is free.

    Raises: what Prefect's client does where the server answers nothing but errors, for a minute.
    """
    with ExitStack() as held:
        while True:
            try:
                with _TURN:
                    held.enter_context(_limited(outlet_ids, _TRY_S))
                break
            except TimeoutError:  # another host has one of them, or the server is ill, which is told here
                time.sleep(_PAUSE_S)
                need_limits(outlet_ids)
        try:
            yield
        finally:
            with _TURN:
                held.close()


def _limited(outlet_ids: Sequence[str], longest_s: float) -> AbstractContextManager[None]:
    names = [limit_name(outlet_id) for outlet_id in outlet_ids]
    return concurrency(names, strict=True, lease_duration=_LEASE_S, timeout_seconds=longest_s)
