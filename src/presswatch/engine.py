"""Running a pure function over many items in worker processes, each item under a deadline.

A worker that hangs or dies in C code cannot be talked to: it is killed, its item is given up, and the rest goes on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as DeadlineError
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import resource_tracker
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from presswatch.errors import PresswatchError

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 8  # items handed out per worker: enough to keep it busy, few enough that memory does not follow the input
_TASKS_PER_WORKER = 2_000  # a fresh process now and then, because C libraries leak


class GivenUp(Exception):  # noqa: N818 - it is handed on as a value, not raised
    """The worker was killed at the deadline, or died; the message says which."""


class Engine:
    """A pool of worker processes, started with the first item. A context manager; threads may share it.

    `warm` names modules that a worker imports before its first item, so that no deadline pays for imports.
    """

    def __init__(self, *, workers: int | None = None, warm: tuple[str, ...] = ()) -> None:
        self.workers = workers or os.cpu_count() or 1
        self._warm = warm
        self._pool: ProcessPool | None = None
        self._waiting: set[ProcessFuture[Any]] = set()  # of all threads
        self._hand = Lock()

    def limit(self, workers: int) -> None:
        """Start no more workers than these, where none was started yet: each costs seconds and some 250 MB."""
        self.workers = max(1, min(self.workers, workers))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is None:
            return
        if error is None:
            self._pool.close()  # type: ignore[no-untyped-call]  # pebble leaves it bare
        else:
            self.stop()
        self._pool.join()

    def stop(self) -> None:
        """Give up whatever is under way: every `map`, also in other threads, raises or gives exceptions from now on."""
        with self._hand:
            if self._pool is None:
                return
            self._pool.stop()  # type: ignore[no-untyped-call]  # the same
            for future in self._waiting:  # which the pool leaves unanswered
                future.cancel()  # type: ignore[no-untyped-call]  # the same

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, deadline_s: float
    ) -> Iterator[Result | Exception]:
        """A result per item, in order; an exception of the function, or `GivenUp`, stands in its place.

        Memory: 8 items per worker are under way at once, however many there are.
        """
        waiting: deque[ProcessFuture[Any]] = deque()
        for item in items:
            waiting.append(self._schedule(function, item, deadline_s))
            if len(waiting) >= _AHEAD * self.workers:
                yield self._take(waiting.popleft(), deadline_s)
        while waiting:
            yield self._take(waiting.popleft(), deadline_s)

    def _schedule(self, function: Callable[[Item], Any], item: Item, deadline_s: float) -> ProcessFuture[Any]:
        with self._hand, _interrupts_held():  # the first one starts the workers
            self._pool = self._pool or self._start()
            future: ProcessFuture[Any] = self._pool.schedule(function, args=(item,), timeout=deadline_s)
            self._waiting.add(future)
        return future

    def _take(self, future: ProcessFuture[Any], deadline_s: float) -> Any:
        outcome = _outcome(future, deadline_s)
        with self._hand:
            self._waiting.discard(future)
        return outcome

    def _start(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.workers,
            max_tasks=_TASKS_PER_WORKER,
            initializer=_import_all,
            initargs=(self._warm,),
            context=multiprocessing.get_context("spawn"),  # a fork of a process with threads can hang
        )


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Have the workers that are started meanwhile hear no Ctrl-C, which a terminal sends to all: we end them."""
    resource_tracker.ensure_running()  # where that comes later, it takes the block away again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outcome(future: ProcessFuture[Any], deadline_s: float) -> Any:
    try:
        return future.result()
    except DeadlineError:
        return GivenUp(f"no result after {deadline_s:g} s; the worker was stopped")
    except ProcessExpired as error:
        return GivenUp(f"the worker died (exit status {error.exitcode})")
    except BrokenExecutor as error:
        raise PresswatchError(
            f"no worker process can be started ({error}); a script that runs presswatch needs "
            "`if __name__ == '__main__':` round its own commands, because every worker imports it"
        ) from error
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its result
        return error


def _import_all(modules: tuple[str, ...]) -> None:
    for module in modules:
        import_module(module)
