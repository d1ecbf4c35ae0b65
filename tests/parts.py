"""Real parts for tests, each a process of its own on loopback: an S3 server (moto's), a Dask cluster."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from store import write_faults

SERVER = Path(__file__).with_name("store.py")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(log, *words):
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}  # what killed a worker is not tried on all others
    environment = {**os.environ, **once, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with Path(log).open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "distributed.cli.dask_scheduler" if words[0] == "scheduler" else "distributed.cli.dask_worker",
                *words[1:],
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(is_true, what, seconds=60):
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@contextmanager
def running_cluster(folder):
    """A scheduler with two workers; gives its address."""
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = ("--no-dashboard",)
    with running(folder / "scheduler.log", "scheduler", "--host", "127.0.0.1", "--port", str(port), *quiet):
        wait_for(lambda: "Scheduler at" in (folder / "scheduler.log").read_text(), "the scheduler did not start")
        said = (
            "--nthreads",
            "1",
            "--preload",
            "presswatch.worker",
            "--preload",
            "presswatch.shelving",
            "--nworkers",
            "2",
        )
        own = ("--host", "127.0.0.1", "--local-directory", str(folder), *quiet)
        with running(folder / "workers.log", "worker", address, *said, *own):
            # a busy machine takes longer to start them than a run waits for workers
            wait_for(lambda: (folder / "workers.log").read_text().count("Registered to") > 1, "a worker did not start")
            yield address


@dataclass
class Store:
    """The server, and the faults that it is told to have."""

    url: str
    faults: Path
    environment: dict[str, str] = field(default_factory=dict)

    def fail(self, method: str, words: str, **fault: object) -> None:
        write_faults(self.faults, {"method": method, "words": words, **fault})

    def heal(self) -> None:
        self.faults.unlink(missing_ok=True)

    def answers(self, method: str, path: str) -> list[int]:
        """The statuses of all answers to a request, as the server logged them."""
        lines = self.faults.with_name("store.log").read_text().splitlines()
        return [int(line.rsplit(" ", 2)[1]) for line in lines if f'"{method} {path} ' in line]

    def make_bucket(self, name: str) -> str:
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/{name}", method="PUT", data=b"")).close()
        return name

    def keys(self, bucket: str, folder: str = "") -> list[str]:
        import obstore

        return [one["path"] for batch in obstore.list(self.open(bucket), folder or None) for one in batch]

    def read(self, bucket: str, key: str) -> bytes:
        import obstore

        return bytes(obstore.get(self.open(bucket), key).bytes())

    def write(self, bucket: str, key: str, content: bytes) -> None:
        request = urllib.request.Request(f"{self.url}/{bucket}/{key}", method="PUT", data=content)
        urllib.request.urlopen(request).close()  # obstore knows no keys that end in a slash

    def delete(self, bucket: str, *keys: str) -> None:
        import obstore

        obstore.delete(self.open(bucket), keys)

    def open(self, bucket: str):
        from obstore.store import S3Store

        return S3Store(
            bucket, config={"endpoint": self.url, "region": "us-east-1"}, client_options={"allow_http": True}
        )


def serve(folder: Path, **environment: str):
    """Start a server; gives the process and the store."""
    port = free_port()
    with (folder / "store.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, str(SERVER), str(port), str(folder / "faults")],
            stdout=log,
            stderr=log,
            env={**os.environ, **environment},
        )
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None, (folder / "store.log").read_text()
            time.sleep(0.1)
    url = f"http://127.0.0.1:{port}"
    own = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
    return process, Store(url, folder / "faults", own)
