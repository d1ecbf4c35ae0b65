"""A process beside each run that outlives it: of one that was killed it says so, and tells whom it may concern.

Prefect kills the runs of a worker, or of `serve`, together with it: they say nothing more, and would stay `Running`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from uuid import UUID

import surroundings  # noqa: F401

if TYPE_CHECKING:  # what waits is small: Prefect is imported where there is something to say
    from prefect.client.schemas.objects import FlowRun

_LOOK_S = 1.0
_GRACE_S = 10.0  # in which a worker that is alive tells of a run that is not
_TRIES, _PAUSE_S = 12, 5.0  # for a server that is being started again
_SAID = "its process is gone without a word: killed, or stopped with its worker; the next run goes on from there"
_BESIDE: dict[UUID, subprocess.Popen[bytes]] = {}


def begin(flow_run: FlowRun) -> None:
    """Have a run watched, in a session of its own: what ends the run, or its group, is not to end this."""
    quiet = subprocess.DEVNULL  # whoever reads what the run says would wait for the end of this, too
    command = [sys.executable, __file__, str(os.getpid()), str(flow_run.id)]
    _BESIDE[flow_run.id] = subprocess.Popen(  # noqa: S603 - this very file
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )


def end(flow_run: FlowRun) -> None:
    """A run that has said itself how it ended needs nobody for that."""
    if beside := _BESIDE.pop(flow_run.id, None):
        beside.kill()
        beside.wait()


def _testify(run_id: UUID) -> None:
    """Say that a run has crashed, where it is said to be running still."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415
    from prefect.states import Crashed  # noqa: PLC0415

    from hooks import tell  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        run = client.read_flow_run(run_id)
        if run.state and run.state.is_running():
            client.set_flow_run_state(run_id, Crashed(message=_SAID), force=True)
            run = client.read_flow_run(run_id)
            if run.state:
                tell(client.read_flow(run.flow_id).name, run, run.state)


def main(process_id: int, run_id: UUID) -> None:
    """Wait until a process, whose child this is, is gone; then say what is to be said of its run."""
    for ignored in (signal.SIGTERM, signal.SIGINT):  # a service that is stopped sends them to all that it started
        signal.signal(ignored, signal.SIG_IGN)
    while os.getppid() == process_id:
        time.sleep(_LOOK_S)
    time.sleep(_GRACE_S)
    for _ in range(_TRIES):
        try:
            _testify(run_id)
            break
        except Exception:  # noqa: BLE001 - whatever keeps the server from answering may pass
            time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main(int(sys.argv[1]), UUID(sys.argv[2]))
