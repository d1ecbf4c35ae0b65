"""What Prefect adds to a run of ten outlets: `python bench/flows.py`; ends with 1 where that is more than it may be.

The same watch, from the first import to the last line: as `presswatch watch`, and as the flow on a server that is up
already, with its limits. They take turns, each in a fresh folder and a process of its own; all is on loopback.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
from fetch import serving
from fetch_site import ADDRESSES

FLOWS = Path(__file__).resolve().parents[1] / "flows"
ROUNDS = 3  # turns of each; the medians are told
OUTLETS = 10
MOST_S = 5.0  # the must; two seconds are aimed at


def write_project(folder: Path, port: int) -> None:
    """A folder with ten outlets of five articles each, and no delay between requests."""
    (folder / "outlets").mkdir()
    ids = [f"outlet{number}" for number in range(OUTLETS)]
    for name in ids:
        lines = [f'id = "{name}"', f'name = "{name.capitalize()}"', f'hosts = ["{name}.test"]', "min_delay_s = 0"]
        lines += ["[[discover]]", 'kind = "feed"', f'url = "http://{name}.test/feed"']
        (folder / "outlets" / f"{name}.toml").write_text("\n".join(lines), "utf-8")
    resolve = [f'"{name}.test" = "{ADDRESSES[n % len(ADDRESSES)]}:{port}"' for n, name in enumerate(ids)]
    lines = ['outlets = "outlets"', "[collect]", f"outlets = {json.dumps(ids)}", "[fetch.resolve]", *resolve]
    (folder / "presswatch.toml").write_text("\n".join(lines), "utf-8")


def time_watch(port: int, environment: Mapping[str, str], *words: str) -> float:
    """Seconds of a watch in a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), port)
        if str(FLOWS / "watch.py") in words:
            run(folder, environment, str(FLOWS / "limits.py"))
        started = time.perf_counter()
        run(folder, environment, *words)
        return time.perf_counter() - started


def run(folder: str, environment: Mapping[str, str], *words: str) -> None:
    """Run a script of ours to its end, which has to be a good one."""
    command = [sys.executable, *words]
    subprocess.run(command, cwd=folder, env=dict(environment), check=True, capture_output=True)  # noqa: S603 - ours


@contextmanager
def prefect_server() -> Iterator[dict[str, str]]:
    """A server on SQLite in a folder of its own. Yields: the environment in which everybody finds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as home:
        named = {"PREFECT_HOME": home, "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
        quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        environment = {**os.environ, **named, **quiet}
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port, "--no-ui"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
        try:
            while not _answers(f"{environment['PREFECT_API_URL']}/health"):
                time.sleep(0.2)
            yield environment
        finally:
            server.terminate()
            server.wait()


def _answers(url: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback
        return True
    return False


def main() -> int:
    """Measure, and tell."""
    plain, flow = [], []
    with serving() as port, prefect_server() as environment:
        for _ in range(ROUNDS):
            plain.append(time_watch(port, environment, "-m", "presswatch", "watch", "--quiet"))
            flow.append(time_watch(port, environment, str(FLOWS / "watch.py")))
    added = median(flow) - median(plain)
    print(f"Prefect on a run of {OUTLETS} outlets: {added:.1f} s, {median(flow):.1f} against {median(plain):.1f}")  # noqa: T201
    print(f"{int(added <= MOST_S)} of 1 musts reached: ≤ {MOST_S:g} s")  # noqa: T201
    return int(added > MOST_S)


if __name__ == "__main__":
    sys.exit(main())
