"""Running a pure function over many items in worker processes, each item under a deadline.

The processes are of this machine, or of a Dask cluster where `[engine] dask` names its scheduler; the results are the
same. A worker that hangs or dies in C code cannot be talked to: it is killed, its item is given up, and the rest goes
on.
"""

from __future__ import annotations

import faulthandler
import hashlib
import os
import pickle
import re
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError
from concurrent.futures import TimeoutError as DeadlineError
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from itertools import islice
from logging import CRITICAL, getLogger
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from threading import Lock
from time import monotonic
from types import ModuleType, TracebackType
from typing import Any, Self, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

import presswatch
from presswatch.errors import ConfigError, PresswatchError
from presswatch.waiting import within

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 8  # items handed out per worker: enough to keep it busy, few enough that memory does not follow the input
_BUNDLES_AHEAD = 2  # for a worker of a cluster: one that it works on, and one that is on its way
_CONNECT_S = 15.0  # to find a scheduler and its workers
_MEET_S = 60.0  # to do so and to be told their code, where one of them hangs
_LOOK_S = 5.0  # so often a result that does not come makes us look whether there is anybody to send it
_ALONE_S = 60.0  # for workers that are gone to come back: Dask's nanny starts one anew in seconds
_WHERE = "[engine]"
_REQUIRED = re.compile(r"[\w.-]+")  # the name at the head of a requirement
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
        self._waiting: set[Any] = set()  # of all threads
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
                future.cancel()

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        deadline_s: float,
        together: int = 1,  # noqa: ARG002 - here an item is handed over in no time
    ) -> Iterator[Result | Exception]:
        """A result per item, in order; an exception of the function, or `GivenUp`, stands in its place.

        Args: so many items go `together` where handing over one costs about what it takes: to other machines.
        Memory: 8 items (or 2 such bundles) per worker are under way at once, however many there are.
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
            context=_Bare(),
        )


class _Worker(SpawnProcess):
    """A process that is started without the program that starts it: it need not import that to do what it is sent.

    A flow's program imports Prefect, which took each worker .8 s and 56 MB; and a script without `if __name__ ==
    "__main__":` would be run again by each.
    """

    _starting = Lock()

    def start(self) -> None:
        """Start it. What `__main__` is is looked up there, and told to the process: for so long it is an empty one."""
        with self._starting:
            program = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = program


class _Bare(SpawnContext):
    """Processes that begin with nothing: a fork of a process with threads can hang."""

    Process = _Worker


class Cluster(Engine):
    """The workers of a Dask cluster. Each has one thread, because a deadline ends its whole process.

    Whoever runs the cluster starts its workers anew (Dask's nanny does), and chooses how many there are.
    """

    def __init__(self, scheduler: str, *, warm: tuple[str, ...] = ()) -> None:
        super().__init__(workers=1, warm=warm)
        self._scheduler = scheduler
        self._client: Any = None

    def limit(self, workers: int) -> None:
        """They are started already."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            _close(self._client)  # which lets go of whatever is under way

    def stop(self) -> None:
        """Give up whatever is under way."""
        with self._hand:
            if self._client is not None:
                try:
                    within(_LOOK_S, partial(self._client.cancel, list(self._waiting)))
                except TimeoutError:
                    _close(self._client)

    def map(
        self, function: Callable[[Item], Result], items: Iterable[Item], *, deadline_s: float, together: int = 1
    ) -> Iterator[Result | Exception]:
        """As `Engine.map`.

        Raises: ConfigError where no scheduler answers, or its workers are not as they have to be, or either is gone
            and does not come back. The next call looks for them anew.
        """
        with self._hand:
            self._client = self._client or self._connect()
        waiting: deque[tuple[list[Item], Any]] = deque()
        for bundle in _bundles(items, together):
            waiting.append((bundle, self._submit(function, bundle, deadline_s)))
            if len(waiting) >= _BUNDLES_AHEAD * self.workers:
                yield from self._collect(function, *waiting.popleft(), deadline_s)
        while waiting:
            yield from self._collect(function, *waiting.popleft(), deadline_s)

    def _submit(self, function: Callable[[Item], Any], bundle: list[Item], deadline_s: float) -> Any:
        packed = pickle.dumps((function, bundle), pickle.HIGHEST_PROTOCOL)  # which the scheduler hands on as it is
        future = self._client.submit(_do_bundle, packed, deadline_s, code_digest(), pure=False)
        with self._hand:
            self._waiting.add(future)
        return future

    def _collect(
        self, function: Callable[[Item], Any], bundle: list[Item], future: Any, deadline_s: float
    ) -> Iterator[Any]:
        from distributed import KilledWorker  # noqa: PLC0415 - half a second, for those who have a cluster

        try:
            yield from pickle.loads(self._await(future))  # noqa: S301 - of our own worker
        except KilledWorker:
            if len(bundle) == 1:
                yield GivenUp(f"no result after {deadline_s:g} s, or the worker died; it was started anew")
                return
            for item in bundle:  # one of them did it
                yield from self._collect(function, [item], self._submit(function, [item], deadline_s), deadline_s)
        finally:
            with self._hand:
                self._waiting.discard(future)

    def _await(self, future: Any) -> Any:
        """The result of a future, however long that takes, while there are workers.

        Raises: ConfigError where they or their scheduler are gone; whatever the future raises.
        """
        alone_since = None
        while True:
            try:
                return future.result(timeout=_LOOK_S)
            except TimeoutError:
                now = monotonic()
                alone_since = None if self._has_workers() else alone_since or now
                if alone_since is not None and now - alone_since >= _ALONE_S:
                    when = f"or do nothing for want of memory, and none came back in {_ALONE_S:g} s"
                    raise self._lost("all workers", when) from None
            except CancelledError:
                if self._client is None or self._client.status != "running":  # else we cancelled it
                    raise self._lost("the scheduler", "in the middle of the run") from None
                raise

    def _has_workers(self) -> bool:
        """Whether there are workers, and not all of them paused: Dask gives those that are short of memory no work."""
        client = self._client  # None where another thread has found them gone
        try:
            found = within(_LOOK_S, partial(client.scheduler_info, n_workers=-1))["workers"] if client else {}
        except (OSError, TimeoutError):
            return False
        return any(
            one["status"] != "paused" or one["metrics"]["task_counts"].get("executing") for one in found.values()
        )

    def _lost(self, who: str, when: str) -> ConfigError:
        with self._hand:
            client, self._client = self._client, None
        if client is not None:
            _close(client)
        fault = f"dask: {who} of {self._scheduler} went away, {when}"
        return ConfigError(_WHERE, [fault, "what was read is kept: start them again, and then the run"])

    def _connect(self) -> Any:
        try:
            from distributed import Client  # noqa: PLC0415 - the same
        except ImportError as error:
            raise ConfigError(_WHERE, ["dask: it is not installed here: pip install 'presswatch[dask]'"]) from error
        client: Any = Client.__new__(Client)  # at hand before it connects, so that it can be closed where it does not
        try:
            threads, told = within(_MEET_S, partial(self._meet, client))
        except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:  # TypeError: tls:// without keys
            _close(client)  # left to the garbage collector, it would wait for a lock that the next one may hold
            why = str(error) or f"somebody there has said nothing for {_MEET_S:g} s"
            fault = f"dask: no scheduler with workers answers at {self._scheduler}: {why}"
            raise ConfigError(_WHERE, [fault, "`dask scheduler` and `dask worker --nthreads 1` start some"]) from error
        getLogger("distributed.client").setLevel(CRITICAL)  # it logs a traceback of what we tell in a line
        faults = [
            f"dask: the worker {place} has {count} threads: start it with --nthreads 1"
            for place, count in sorted(threads.items())
            if count != 1
        ]
        faults += [
            f"dask: the worker {place} has another presswatch, or other libraries: {code}, and here {code_digest()}"
            for place, code in sorted(told.items())
            if code != code_digest()
        ]
        if faults:
            _close(client)
            raise ConfigError(_WHERE, faults)
        self.workers = len(threads)
        return client

    def _meet(self, client: Any) -> tuple[Mapping[str, int], Mapping[str, Any]]:
        """How many threads each worker has, and its code."""
        client.__init__(self._scheduler, timeout=_CONNECT_S, set_as_default=False, direct_to_workers=True)
        client.wait_for_workers(1, timeout=_CONNECT_S)
        return client.nthreads(), client.run(_tell_code, self._warm, on_error="return")


def _close(client: Any) -> None:
    """Close a client, whoever hangs."""
    with suppress(TimeoutError):
        within(2 * _LOOK_S, partial(client.close, timeout=_LOOK_S))


def _bundles(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while bundle := list(islice(rest, size)):
        yield bundle


def _do_bundle(packed: bytes, deadline_s: float, code: str) -> bytes:
    """What a worker of the cluster runs. Its process ends where an item takes too long, whatever it is doing.

    Raises: PresswatchError in a worker that joined later and has other code: its results would be others.
    """
    if code != code_digest():
        raise PresswatchError(f"a worker of the cluster has another presswatch: {code_digest()}, and not {code}")
    function, bundle = pickle.loads(packed)  # noqa: S301 - of our own main process
    outcomes: list[Any] = []
    for item in bundle:
        faulthandler.dump_traceback_later(deadline_s, exit=True)
        try:
            outcomes.append(function(item))
        except Exception as error:  # noqa: BLE001 - whatever the function raises is its result
            outcomes.append(error)
        finally:
            faulthandler.cancel_dump_traceback_later()
    return pickle.dumps(outcomes, pickle.HIGHEST_PROTOCOL)


def _tell_code(warm: tuple[str, ...]) -> str:
    _import_all(warm)
    return code_digest()


@cache
def code_digest() -> str:
    """What a result rests on besides its input, in a few letters: the files of presswatch, its libraries and Python."""
    told = hashlib.sha256(f"{presswatch.__version__} {sys.version}".encode())
    for name in sorted({found[0] for line in requires("presswatch") or () if (found := _REQUIRED.match(line))}):
        with suppress(PackageNotFoundError):  # of an extra that is not installed
            told.update(f"{name} {version(name)}".encode())
    folder = Path(presswatch.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            told.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return told.hexdigest()[:16]


def open_engine(dask: str | None, *, warm: tuple[str, ...] = ()) -> Engine:
    """The workers of a Dask cluster, given its scheduler's address; else those of this machine."""
    return Cluster(dask, warm=warm) if dask else Engine(warm=warm)


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
        raise PresswatchError(f"no worker process can be started: {error}") from error
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its result
        return error


def _import_all(modules: tuple[str, ...]) -> None:
    for module in modules:
        import_module(module)
