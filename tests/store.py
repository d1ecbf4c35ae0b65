"""An S3 server of its own process for tests: moto's, made to keep conditions, and to fail on request.

    python tests/store.py PORT FAULTS

FAULTS is a file of JSON, or is not there: {"method": "PUT", "words": "manifest", "skip": 2, "times": 3, …}. Of the
requests of that method whose paths have these words the first ones are skipped, and the next ones are answered with a
`status` (and an S3 error `code`) in the place of what was asked; or after it was done, if `is_done`. Before an answer
`wait_s` passes, `until` waits for a file, and `kill` kills a process. `is_blind` leaves conditions out; `is_cut` resets
the connection in the place of an answer.

moto looks at a condition and stores the object in two steps, so requests are let in one at a time; S3 has one step.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path

HELD = threading.Lock()
PATIENCE_S = 60


def write_faults(path: Path, fault: dict[str, object]) -> None:
    """Write the file at once: both sides read it while the other writes."""
    part = path.with_name(f"{os.getpid()}.part")
    part.write_text(json.dumps(fault))
    part.replace(path)


def cut(connection: socket.socket) -> None:
    """Reset a connection whose other owners go on believing that it is open."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with socket.socket() as other:
        os.dup2(other.fileno(), connection.fileno())


class Store:
    """moto's application behind a lock and the faults."""

    def __init__(self, faults: Path) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app

        self._app = DomainDispatcherApplication(create_backend_app)
        self._faults = faults

    def __call__(self, environ, respond):
        with HELD:
            fault = self._next_fault(environ)
        if fault.get("is_done"):
            self._answer(environ, lambda *_: None)
        time.sleep(fault.get("wait_s", 0))
        deadline = time.monotonic() + PATIENCE_S
        while fault.get("until") and not Path(fault["until"]).exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        if fault.get("is_blind"):
            environ = {key: value for key, value in environ.items() if not key.startswith("HTTP_IF_")}
        if not (status := fault.get("status")):
            return self._answer(environ, respond)
        if pid := fault.get("kill"):
            os.kill(pid, signal.SIGKILL)
        if fault.get("is_cut"):
            cut(environ["werkzeug.socket"])
        respond(f"{status} Fault", [("content-type", "application/xml")])
        return [f"<Error><Code>{fault.get('code', 'InternalError')}</Code><Message>a test</Message></Error>".encode()]

    def _answer(self, environ, respond):
        with HELD:
            return list(self._app(environ, respond))

    def _next_fault(self, environ):
        try:
            told = json.loads(self._faults.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        if environ["REQUEST_METHOD"] not in told["method"] or told["words"] not in environ["PATH_INFO"]:
            return {}
        skip, times = told.get("skip", 0), told.get("times", 1)
        left = told | {"skip": max(0, skip - 1), "times": times if skip else times - 1}
        write_faults(self._faults, left)
        return told if not skip and times > 0 else {}


if __name__ == "__main__":
    from werkzeug.serving import run_simple

    run_simple("127.0.0.1", int(sys.argv[1]), Store(Path(sys.argv[2])), threaded=True)
