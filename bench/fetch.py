"""What collecting reaches: `make bench-fetch` prints a line for each figure, what it must be and what it is.

Everything is on loopback and over real HTTP: the site (`bench/fetch_site.py`) is a process of its own, and so is each
client, which tells its own rate and its own peak of memory. A rate is never told alone: bare httpx reads the same pages
from the same server, in turns with ours, and the ratio of each turn counts. Ends with 1 where a must is missed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import platform
import resource
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from presswatch.collector import Order, collect_outlets
from presswatch.model import Window
from presswatch.outlets import Outlet, Registry, Source
from presswatch.settings import FetchSettings
from presswatch.storage import DataDir

sys.path.insert(0, str(Path(__file__).parent))
from fetch_site import ADDRESSES, HOSTS, MAP_URLS, MAPS, serving
from sheet import Sheet

ROUNDS = 3  # turns of the two clients; the median of their ratios is told
ROUND_URLS = 1_500  # of each outlet in a turn: a run opens its files once, however long it is
MANY_URLS = 2_500  # of each outlet, in the run whose memory is watched: 20,000 together
MARK_URLS = 5_000  # from here on memory is to stay as it is
PACED_URLS = 100  # of each outlet, in the run with a delay
DELAY_S = 0.2
MIB = 1024 * 1024
WINDOW = Window(since=datetime(2026, 2, 1, tzinfo=UTC), until=datetime(2026, 3, 1, tzinfo=UTC))


# ---------------------------------------------------------------- the clients, each in a process of its own


def collect(port: int, urls: int, *, delay_s: float = 0.0, document: str = "") -> dict[str, Any]:
    """A backfill's first stage over all outlets: robots, sitemap, every page, WARC files and memory written."""
    document = document or f"/sitemap-{urls}.xml"
    hosts = HOSTS if urls else HOSTS[:1]
    outlets = [
        Outlet(
            id=host.removesuffix(".test"),
            name=host,
            hosts=(host,),
            min_delay_s=delay_s,
            discover=(Source(kind="sitemap", url=f"http://{host}{document}"),),
        )
        for host in hosts
    ]
    resolve = {host: f"{address}:{port}" for host, address in zip(HOSTS, ADDRESSES, strict=True)}
    done, marks = 0, [memory_now()]

    def progress(stage: str, *_: object) -> None:
        nonlocal done
        done += stage == "collect"
        if done == MARK_URLS:
            marks.append(memory_now())

    with tempfile.TemporaryDirectory() as folder:
        order = Order(
            run_id=secrets.token_hex(4),
            started_at=datetime.now(UTC),
            data=DataDir(Path(folder)),
            fetch=FetchSettings(resolve=resolve),
            window=WINDOW,
            query="" if urls else "no address holds these words",
            progress=progress,
            forecast=lambda _: None,
        )
        started, began = time.perf_counter(), time.process_time()
        collected = collect_outlets(order, Registry(outlets), [outlet.id for outlet in outlets])
        took_s = time.perf_counter() - started
    return {
        "requests": sum(one.fetched for one in collected),
        "discovered": sum(one.discovered for one in collected),
        "failures": [f"{failure.error} {failure.message}" for one in collected for failure in one.failures],
        "seconds": took_s,
        "cpu": time.process_time() - began,
        "memory": [*marks, memory_now()],
    }


def read_bare(port: int, urls: int) -> dict[str, Any]:
    """What a bare client does: reads the same pages of the same eight hosts at once, and drops them."""

    async def read_host(client: httpx.AsyncClient, address: str) -> int:
        for n in range(urls):
            response = await client.get(f"http://{address}:{port}/{2000 + n % 20}/{1 + n % 12:02}/article-number-{n}/")
            response.raise_for_status()
        return urls

    async def read_all() -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            return sum(await asyncio.gather(*(read_host(client, address) for address in ADDRESSES)))

    started, began = time.perf_counter(), time.process_time()
    requests = asyncio.run(read_all())
    return {"requests": requests, "seconds": time.perf_counter() - started, "cpu": time.process_time() - began}


def memory_now() -> float:
    """Resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / MIB


def run_client(name: str, *arguments: object) -> dict[str, Any]:
    """Run one of the clients above in a fresh process; what it gives, and its peak of memory."""
    command = [sys.executable, __file__, name, *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    told: dict[str, Any] = json.loads(done.stdout)
    if told.get("failures"):
        sys.stderr.write(f"{name} {arguments}: {len(told['failures'])} failures: {told['failures'][0]}\n")
    return told


# ---------------------------------------------------------------- the figures


def measure_rate(sheet: Sheet, port: int) -> None:
    """Requests a second without delay, in turns with a bare client."""
    ratios, ours, bare = [], [], []
    for _ in range(ROUNDS):
        turn = [run_client(name, port, ROUND_URLS) for name in ("bare", "collect", "bare")]
        before, mine, after = (told["requests"] / told["seconds"] for told in turn)
        theirs = (before + after) / 2
        ratios.append(mine / theirs)
        ours.append(mine)
        bare.append(theirs)
    told = f"{median(ratios):.2f} × ({median(ours):.0f} against {median(bare):.0f} a second; {spread(ratios)})"
    sheet.tell("no delay, 8 outlets, 60 kB pages", "≥ 0.60 × bare httpx", told, reached=median(ratios) >= 0.6)  # noqa: PLR2004


def spread(ratios: Sequence[float]) -> str:
    """The least and the greatest."""
    return f"{min(ratios):.2f} to {max(ratios):.2f}"


def measure_memory(sheet: Sheet, port: int) -> None:
    """The peak of a long run, and what it grows by after its first quarter."""
    told = run_client("collect", port, MANY_URLS)
    begin, mark, end = told["memory"]
    count = told["requests"]
    is_whole = count >= len(HOSTS) * MANY_URLS
    peak = f"{told['peak']:.0f} MiB, of which {begin:.0f} before the first request"
    sheet.tell(f"memory over {count:,} requests", "< 250 MiB", peak, reached=is_whole and told["peak"] < 250)  # noqa: PLR2004
    grown = end - mark
    figure = f"{grown:+.1f} MiB ({mark:.0f} to {end:.0f})"
    sheet.tell(f"… growth after {MARK_URLS:,}", "< 10 MiB", figure, reached=grown < 10)  # noqa: PLR2004


def measure_sitemaps(sheet: Sheet, port: int) -> None:
    """The peak while an index with twenty full sitemaps is read and remembered."""
    told = run_client("sitemaps", port)
    count = MAPS * MAP_URLS
    figure = f"{told['peak']:.0f} MiB, {told['seconds']:.0f} s, {told['discovered']:,} kept"
    is_reached = told["peak"] < 250 and told["requests"] == MAPS + 2  # noqa: PLR2004 - index and robots.txt
    sheet.tell(f"sitemaps of {count:,} addresses", "< 250 MiB", figure, reached=is_reached)


def measure_pace(sheet: Sheet, port: int) -> None:
    """Requests a second with a delay, as the server saw them, against what the delay allows."""
    ask_log(port)
    run_client("collect", port, PACED_URLS, DELAY_S)
    asked = ask_log(port)
    shares, gaps = [], []
    for host in HOSTS:
        times = [at for one, _, at in asked if one == host]
        shares.append((len(times) - 1) * DELAY_S / (times[-1] - times[0]))
        gaps += [after - before for before, after in pairwise(times)]
    times = [at for *_, at in asked]
    share = (len(asked) / len(HOSTS) - 1) * DELAY_S / (max(times) - min(times))
    figure = f"{100 * share:.1f} % (worst outlet {100 * min(shares):.1f} %)"
    sheet.tell(f"delay {DELAY_S} s, 8 outlets", "≥ 97 % of what it allows", figure, reached=share >= 0.97)  # noqa: PLR2004
    # a busy machine may deliver one request late and the next on time, so single gaps at the server say less
    figure = f"at most {100 * max(shares):.1f} %; least gap at the server {1000 * min(gaps):.1f} ms"
    sheet.tell("… and never faster than it", "≤ 100 %", figure, reached=max(shares) <= 1.005)  # noqa: PLR2004


def measure_watch(sheet: Sheet, port: int) -> None:
    """`presswatch watch` when nothing is new: with feeds that say so, and with feeds that are sent again."""
    for name, path in (("feeds answer 304", "/feed"), ("feeds are sent again", "/feed-plain")):
        with tempfile.TemporaryDirectory() as folder:
            write_watch_settings(Path(folder), port, path)
            watch(folder)
            before = look_at(Path(folder))
            ask_log(port)
            started = time.perf_counter()
            watch(folder)
            took_s = time.perf_counter() - started
            asked = [host for host, *_ in ask_log(port)]
            waits_s = max((asked.count(host) - 1) * DELAY_S for host in set(asked))
            figure = f"{took_s - waits_s:.2f} s, of {took_s:.2f} s with {len(asked)} requests"
            sheet.tell(f"watch, no news: {name}", "< 3 s beyond its waits", figure, reached=took_s - waits_s < 3)  # noqa: PLR2004
            changed = [path for path, was in before.items() if look_at(Path(folder)).get(path) != was]
            figure = f"{len(changed)} of {len(before)} files changed{': ' + changed[0] if changed else ''}"
            sheet.tell("… rewrites", "0 files", figure, reached=bool(before) and not changed)


def write_watch_settings(folder: Path, port: int, feed: str) -> None:
    """A project folder with the eight outlets, by their feeds."""
    (folder / "outlets").mkdir()
    for host in HOSTS:
        lines = [f'id = "{host[:-5]}"', f'name = "{host[:-5].capitalize()}"', f'hosts = ["{host}"]']
        lines += [f"min_delay_s = {DELAY_S}", "[[discover]]", 'kind = "feed"', f'url = "http://{host}{feed}"']
        (folder / "outlets" / f"{host[:-5]}.toml").write_text("\n".join(lines), "utf-8")
    resolve = [f'"{host}" = "{address}:{port}"' for host, address in zip(HOSTS, ADDRESSES, strict=True)]
    ids = json.dumps([host[:-5] for host in HOSTS])
    lines = ['outlets = "outlets"', "[collect]", f"outlets = {ids}", "[fetch.resolve]", *resolve]
    (folder / "presswatch.toml").write_text("\n".join(lines), "utf-8")


def watch(folder: str) -> None:
    """One pass of the program itself."""
    command = [sys.executable, "-m", "presswatch", "watch", "--quiet"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 - our own program


def look_at(folder: Path) -> dict[str, tuple[int, str]]:
    """Time of change and digest of every table and page. The run's own log is none."""
    files = [*folder.glob("data/clean/*/*.parquet"), *folder.glob("data/report/*")]
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    }


def ask_log(port: int) -> list[tuple[str, str, float]]:
    """The requests since the last time: host, path, monotonic seconds."""
    with urllib.request.urlopen(f"http://{ADDRESSES[0]}:{port}/-/asked") as answer:
        told: list[tuple[str, str, float]] = json.load(answer)
    return told


def main() -> int:
    """Measure everything."""
    sheet = Sheet()
    processors = f"{len(os.sched_getaffinity(0))} processors, {platform.machine()}"
    sheet.tell("machine", "", f"Python {platform.python_version()}, {processors}, httpx {httpx.__version__}")
    with serving() as port:
        for measure in (measure_rate, measure_memory, measure_sitemaps, measure_pace, measure_watch):
            measure(sheet, port)
    return sheet.close()


def be_client(name: str, port: int, *arguments: float) -> None:
    """Be one of the clients, and print what it gives, with the peak of this process' memory."""
    if name == "bare":
        told = read_bare(port, int(arguments[0]))
    elif name == "sitemaps":
        told = collect(port, 0, document="/index.xml")
    else:
        told = collect(port, int(arguments[0]), delay_s=sum(arguments[1:]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(told | {"peak": peak}))


if __name__ == "__main__":
    if sys.argv[1:]:
        be_client(sys.argv[1], int(sys.argv[2]), *map(float, sys.argv[3:]))
    else:
        sys.exit(main())
