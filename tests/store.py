"""An S3 server of its own process for tests: moto's, made to keep conditions, to fail and to dawdle on request.

    python tests/store.py PORT FAULTS

FAULTS is a file that may hold JSON: `{"method": "PUT", "words": "manifest", "skip": 2, "times": 3, "status": 500,
"wait_s": 0, "kill": 0}`: the requests of a method whose path has these words are answered so, after `skip` of them;
with `kill` the process of that number is killed before the answer. moto checks a condition and stores the object in two
steps, so requests are let in one at a time: S3 does both at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

HELD = threading.Lock()


class Store:
    """moto's application behind a lock and a list of faults."""

    def __init__(self, faults: Path) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app

        self._app = DomainDispatcherApplication(create_backend_app)
        self._faults = faults

    def __call__(self, environ, respond):
        with HELD:
            fault = self._fault(environ)
        time.sleep(fault.get("wait_s", 0))
        if pid := fault.get("kill"):
            os.kill(pid, signal.SIGKILL)
        if status := fault.get("status"):
            respond(f"{status} Fault", [("content-type", "application/xml")])
            return [b"<Error><Code>InternalError</Code><Message>a fault of the test</Message></Error>"]
        with HELD:
            return list(self._app(environ, respond))

    def _fault(self, environ):
        try:
            told = json.loads(self._faults.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        if environ["REQUEST_METHOD"] != told["method"] or told["words"] not in environ["PATH_INFO"]:
            return {}
        skip, times = told.get("skip", 0), told.get("times", 1)
        if not skip and not times:
            return {}
        told |= {"skip": skip - 1} if skip else {"times": times - 1}
        self._faults.write_text(json.dumps(told))
        return {} if skip else told


if __name__ == "__main__":
    from werkzeug.serving import run_simple

    run_simple("127.0.0.1", int(sys.argv[1]), Store(Path(sys.argv[2])), threaded=True)
