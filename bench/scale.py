"""What many articles cost: `make bench-scale` prints a line for each figure, what it must be and what it is.

Every figure is measured in processes of its own. Cost is processor time of all of them, which a busy machine changes
little; what is a time by the clock has the machine's load beside it. Articles are those of `archive.py`, so that the
stories made of them can be held against the true ones: speed is not to be bought with wrong stories. Real pages, over
which reading is held against trafilatura, are no part of the project; where there are none that row is skipped.

    python bench/scale.py                       all rows, in an hour or so; ends with 1 where a must is missed
    python bench/scale.py month --work /tmp/w   one of them; what was made for it stays in the folder, for the next time
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import trafilatura

import presswatch
from presswatch.archive import RawWriter
from presswatch.model import Capture
from presswatch.outlets import load_outlets
from presswatch.storage import DataDir
from presswatch.urls import host_of, outlet_id_from_host

sys.path.insert(0, str(Path(__file__).parent))
from archive import MONTH_ARTICLES, tell_articles, write_outlets, write_warcs
from fetch_site import serving
from sheet import Sheet

HERE = Path(__file__).resolve().parent
FLOWS = HERE.parent / "flows"
PAGES = HERE.parents[1] / "shared" / "bench" / "extract" / "pages"
PAGES_VARIABLE = "BENCH_PAGES"  # in its place
# The musts
MOST_RATIO = 2.0  # of our processor time to trafilatura's
LEAST_GAIN = 1.7  # of two workers over one process
MONTH_S, MONTH_MIB = 6 * 60, 1.5 * 1024
MOST_GROWTH = 1.5  # of the time of an article
TOP_RATIO, TOP_MORE_S = 1.5, 3.0  # of new articles on many against them alone
FLOW_MORE_S = 5.0

PAGE_ROUNDS = 3  # turns of trafilatura and ours
WORKER_ARTICLES = 3_000  # read by one worker and by two
MOST_ARTICLES = 100_000
NEW_ARTICLES = 100  # on top of those
FIRST_ARTICLES = 1_000
OUTLETS = 10  # of the run as a flow
FLOW_ROUNDS = 3
DASK_CALM = {  # how docs/operations.md says that a cluster is to be started
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "200ms",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "1s",
}
DASK_WORKER = "--nthreads 1 --preload presswatch.worker --preload presswatch.shelving"  # the same
DASK_START_S = 20.0  # until scheduler and workers stand, also on a busy machine
WATCH_S, WATCH_SHARE = 0.25, 50  # between two looks at the memory of all processes, and by how long one takes


@dataclass(frozen=True)
class Bench:
    """Where things are made, where real pages lie, and how many articles the archive grows to."""

    work: Path
    pages: Path
    most: int

    def folder(self, name: str) -> Path:
        """An empty folder."""
        path = self.work / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path


# ---------------------------------------------------------------- processes that are measured


def run_work(*words: object, processors: int | None = None) -> dict[str, Any]:
    """Do one thing of `scale_work.py`, on all or the first processors; what it tells, and the most memory of all."""
    program = f"import sys; sys.path.insert(0, {str(HERE)!r}); import scale_work; scale_work.main()"
    return _run([sys.executable, "-c", program, *map(str, words)], processors)


def _run(command: Sequence[str], processors: int | None = None) -> dict[str, Any]:
    mine = os.sched_getaffinity(0)
    with tempfile.TemporaryFile("w+") as told:
        began = time.perf_counter()
        os.sched_setaffinity(0, sorted(mine)[:processors])  # which a new process has from this one
        process = subprocess.Popen(command, stdout=told)  # noqa: S603 - our own programs
        os.sched_setaffinity(0, mine)
        peak = 0.0
        while process.poll() is None:
            looked = time.perf_counter()
            peak = max(peak, sum(map(_resident, _family(process.pid))))
            time.sleep(max(WATCH_S, WATCH_SHARE * (time.perf_counter() - looked)))
        took_s = time.perf_counter() - began
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        told.seek(0)
        found: dict[str, Any] = json.load(told)
    return {**found, "clock": took_s, "peak": peak}


def _family(process: int) -> Iterator[int]:
    """A process and all that it and its children have started."""
    yield process
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = path.read_text("ascii").split()
        except OSError:  # it has ended
            continue
        for child in children:
            yield from _family(int(child))


def _resident(process: int) -> float:
    """MiB of a process; what it shares with others counts for each in part."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def load_now() -> str:
    """How busy the machine is besides, as far as the last minute tells."""
    return f"load {os.getloadavg()[0]:.1f}"


# ---------------------------------------------------------------- rows


def measure_pages(sheet: Sheet, bench: Bench) -> None:
    """Real pages from WARC to tables by one worker, in turns with trafilatura's text and metadata alone."""
    name, must = "WARC to tables, one core, real pages", "≤ 2.0 × trafilatura's CPU"
    truth = bench.pages.parent / "truth.jsonl"
    if not truth.is_file():
        sheet.tell(name, must, f"skipped: {truth} is not there; {PAGES_VARIABLE} or --pages names the folder")
        return
    rows = [json.loads(line) for line in truth.read_text("utf-8").splitlines()]
    pages = [(str(bench.pages / row["set"] / f"{row['id']}.html.gz"), row["url"]) for row in rows]
    listed = bench.work / "pages.json"
    listed.write_text(json.dumps(pages), "utf-8")
    data = bench.folder("pages")
    _store_pages(DataDir(data), pages)
    ours, theirs, told = [], [], dict[str, Any]()
    for _ in range(PAGE_ROUNDS):
        theirs.append(_run([sys.executable, str(HERE / "scale_peer.py"), str(listed)], processors=1)["cpu"])
        told = run_work("rebuild", data, 1, processors=1)
        ours.append(told["cpu_with_start"])
    ratios = [mine / peer for mine, peer in zip(ours, theirs, strict=True)]
    ratio = median(ratios)
    figure = (
        f"{ratio:.2f} × ({median(ours):.1f} s against {median(theirs):.1f}; {min(ratios):.2f} to {max(ratios):.2f})"
    )
    sheet.tell(name, must, figure, reached=ratio <= MOST_RATIO)
    tell_cost(sheet, told)


def _store_pages(data: DataDir, pages: Sequence[tuple[str, str]]) -> None:
    """The pages as WARC files, one an outlet."""
    outlets, fetched_at = load_outlets(), datetime.now(UTC)
    writers: dict[str, RawWriter] = {}
    for path, url in pages:
        outlet = outlets.for_url(url)
        outlet_id = outlet.id if outlet else outlet_id_from_host(host_of(url))
        writer = writers.setdefault(outlet_id, RawWriter(data, outlet_id, "bench", fetched_at))
        body = gzip.decompress(Path(path).read_bytes())
        headers = (("content-type", "text/html"),)
        writer.write(Capture(url=url, outlet_id=outlet_id, fetched_at=fetched_at, body=body, headers=headers))
    for writer in writers.values():
        writer.commit()


def measure_workers(sheet: Sheet, bench: Bench) -> None:
    """The same articles on one processor by one worker, and on two by a pool of two and by a Dask cluster of two."""
    data = _make_archive(bench, WORKER_ARTICLES)
    one = run_work("rebuild", data, 1, processors=1)
    _tell_gain(sheet, "a pool of two", one, run_work("rebuild", _without_tables(data), 2))
    if find_spec("distributed") is None:
        sheet.tell("a Dask cluster of two", "", "skipped: distributed is not installed; presswatch[dask] brings it")
        return
    with _serving_dask(bench.folder("dask")) as scheduler:
        _tell_gain(sheet, "a Dask cluster of two", one, run_work("rebuild", _without_tables(data), scheduler))


def _tell_gain(sheet: Sheet, name: str, one: dict[str, Any], two: dict[str, Any]) -> None:
    ratio = one["wall"] / two["wall"]
    figure = f"{ratio:.2f} × ({one['wall']:.0f} s, {two['wall']:.0f} s; {load_now()})"
    must = f"≥ {LEAST_GAIN} × one, {WORKER_ARTICLES:,} articles"
    sheet.tell(name, must, figure, reached=ratio >= LEAST_GAIN)
    gains = [
        f"{stage} {one['stages'][stage][0] / two['stages'][stage][0]:.2f} ×" for stage in ("read", "compare", "publish")
    ]
    sheet.tell("… by stage", "", ", ".join(gains))


def measure_month(sheet: Sheet, bench: Bench) -> None:
    """A month of articles from WARC files to tables and pages."""
    data = _make_archive(bench, MONTH_ARTICLES)
    told = run_work("rebuild", data, len(os.sched_getaffinity(0)))
    figure = f"{told['clock'] / 60:.1f} min, {told['stories']:,} stories; {load_now()}"
    sheet.tell(f"a month of {told['articles']:,} articles", "≤ 6 min", figure, reached=told["clock"] <= MONTH_S)
    figure = f"{told['peak']:,.0f} MiB at once; main {told['main_peak']:,.0f}, a worker {told['worker_peak']:,.0f}"
    sheet.tell("… memory of all processes", "≤ 1.5 GiB", figure, reached=told["peak"] <= MONTH_MIB)
    tell_cost(sheet, told)
    tell_stories(sheet, data, MONTH_ARTICLES)


def measure_growth(sheet: Sheet, bench: Bench) -> None:
    """What an article costs in the first run and in later ones, up to all; kept for `measure_top`."""
    store = bench.folder("store")
    told = _grow(bench, store)
    first, last = told[0], told[-1]
    for one in told:
        each = 1000 * one["cpu"] / one["articles"]
        figure = f"{each:.1f} ms an article; {one['clock']:.0f} s, {one['peak']:,.0f} MiB"
        sheet.tell(f"… run of {one['articles']:,} to {one['total']:,}", "", figure)
    every = sum(one["cpu"] for one in told) / last["total"]
    each_first, each_last = (one["cpu"] / one["articles"] for one in (first, last))
    must = "< 1.5 ×"
    ratio = each_last / each_first
    figure = f"{ratio:.2f} × ({1000 * each_first:.1f} ms, {1000 * each_last:.1f} ms an article)"
    sheet.tell(
        f"1,000 articles, on none and on {last['total'] - last['articles']:,}",
        must,
        figure,
        reached=ratio < MOST_GROWTH,
    )
    ratio = every / each_first
    figure = f"{ratio:.2f} × ({1000 * each_first:.1f} ms, {1000 * every:.1f} ms an article)"
    sheet.tell(f"all of 1,000 and all of {last['total']:,}", must, figure, reached=ratio < MOST_GROWTH)
    tell_stories(sheet, store, last["total"])


def _grow(bench: Bench, store: Path) -> list[dict[str, Any]]:
    """Bring articles in run by run, as a schedule would a month after the other; the first and last run are small."""
    batches = bench.work / "batches"
    batches.mkdir(exist_ok=True)
    run_work("prepare", batches, bench.most)
    shutil.copytree(batches / "outlets", store / "outlets")
    marks = [
        0,
        FIRST_ARTICLES,
        *range(MONTH_ARTICLES, bench.most, MONTH_ARTICLES),
        bench.most - FIRST_ARTICLES,
        bench.most,
    ]
    told = []
    for begin, end in pairwise(sorted(set(marks))):
        some = [place for place in sorted(batches.glob("[0-9]*")) if begin <= int(place.name) < end]
        told.append({**run_work("watch", store, 2, *some), "total": end})
    (store / "grown").write_text(str(bench.most), "ascii")
    return told


def measure_top(sheet: Sheet, bench: Bench) -> None:
    """A hundred new pages on top of all others, and into an empty folder."""
    store = bench.work / "store"
    if not (store / "grown").is_file() or int((store / "grown").read_text("ascii")) != bench.most:
        _grow(bench, bench.folder("store"))
    new = list(tell_articles(bench.most + NEW_ARTICLES))[-NEW_ARTICLES:]
    costs = []
    for name, source in (("empty", None), ("top", store)):
        data = bench.folder(name)
        if source:
            shutil.copytree(source, data, dirs_exist_ok=True)
        write_outlets(data / "outlets")
        write_warcs(DataDir(data), new)
        costs.append(run_work("watch", data, 2))
        shutil.rmtree(data)
    empty, top = costs
    most = TOP_RATIO * empty["cpu_with_start"] + TOP_MORE_S
    clock = f"by the clock {top['clock']:.1f}, {empty['clock']:.1f}"
    figure = f"{top['cpu_with_start']:.1f} s, {empty['cpu_with_start']:.1f} on none ({clock})"
    name = f"{NEW_ARTICLES} new articles on top of {bench.most:,}"
    sheet.tell(name, f"≤ 1.5 × those alone + 3 s: {most:.1f}", figure, reached=top["cpu_with_start"] <= most)
    sheet.tell("… memory of all processes", "", f"{top['peak']:,.0f} MiB, {empty['peak']:,.0f} on none")
    tell_cost(sheet, top)


def measure_flow(sheet: Sheet, bench: Bench) -> None:
    """`presswatch watch` over ten outlets, by the command and as a flow, with a Prefect server that is up."""
    more, commands = [], {"plan": [sys.executable, "-m", "presswatch", "watch", "--quiet"]}
    commands["flow"] = [sys.executable, str(FLOWS / "watch.py")]
    took: dict[str, list[float]] = {name: [] for name in commands}
    spent_s: dict[str, list[float]] = {name: [] for name in commands}
    with _serving_sites() as resolve, _serving_prefect(bench.folder("prefect")) as environment:
        for number in range(FLOW_ROUNDS):
            for name, command in commands.items():
                folder = bench.folder(f"flow-{name}-{number}")
                _write_watch(folder, resolve)
                _call([sys.executable, str(FLOWS / "limits.py")], folder, environment)
                began, spent = time.perf_counter(), _spent_by_others()
                _call(command, folder, environment)
                took[name].append(time.perf_counter() - began)
                spent_s[name].append(_spent_by_others() - spent)
            more.append(took["flow"][-1] - took["plan"][-1])
    figure = f"{median(more):.1f} s ({median(took['flow']):.1f} s, {median(took['plan']):.1f} without; {load_now()})"
    sheet.tell(
        f"Prefect's own in a run of {OUTLETS} outlets",
        "≤ 5 s beyond its server",
        figure,
        reached=median(more) <= FLOW_MORE_S,
    )
    processor = f"{median(spent_s['flow']):.1f} s, {median(spent_s['plan']):.1f} without; the server's is not counted"
    sheet.tell("… processor", "", processor)


def _call(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Run one of our programs in a folder to its end, which has to be a good one."""
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")


def _spent_by_others() -> float:
    """Processor seconds of the processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# ---------------------------------------------------------------- what rows have in common


def _make_archive(bench: Bench, articles: int) -> Path:
    """A data folder with the WARC files of so many articles, and nothing else."""
    data = bench.work / f"archive-{articles}"
    if not (data / "outlets").is_dir():
        write_warcs(DataDir(data), tell_articles(articles))
        write_outlets(data / "outlets")
    return _without_tables(data)


def _without_tables(data: Path) -> Path:
    for made in ("clean", "report", "state"):
        shutil.rmtree(data / made, ignore_errors=True)
    return data


def tell_cost(sheet: Sheet, told: dict[str, Any]) -> None:
    """Where the time of a run went."""
    stages = [f"{name} {wall:.1f} s (main {main:.1f})" for name, (wall, main) in told["stages"].items() if wall > 0.05]  # noqa: PLR2004
    start = told["cpu_with_start"] - told["cpu"]
    sheet.tell("… processor", "", f"{told['cpu_with_start']:.1f} s, {start:.1f} of them start; {', '.join(stages)}")


def tell_stories(sheet: Sheet, data: Path, articles: int) -> None:
    """How well the stored stories are the true ones: B-cubed."""
    found = presswatch.load(data / "clean").articles
    found = found[found["is_latest"].astype(bool)]
    stories = dict(zip(found["article_id"], found["story_id"], strict=True))
    truth = {one.article.article_id: one.story for one in tell_articles(articles)}
    both = [(truth[key], stories[key]) for key in truth.keys() & stories.keys()]
    ours, true, shared = Counter(mine for _, mine in both), Counter(one for one, _ in both), Counter(both)
    precision = sum(count**2 / ours[mine] for (_, mine), count in shared.items()) / len(both)
    recall = sum(count**2 / true[one] for (one, _), count in shared.items()) / len(both)
    score = 2 * precision * recall / (precision + recall)
    figure = f"{score:.3f} (precision {precision:.3f}, recall {recall:.3f}); {len(ours):,} of {len(true):,} stories"
    sheet.tell("… B-cubed of the stories", "", figure)
    if len(both) != articles:
        raise ValueError(f"{len(both)} of {articles} articles are in the tables")


@contextmanager
def _serving_sites() -> Iterator[dict[str, str]]:
    """Ten hosts on loopback, by two processes of the site that collecting is measured on. Yields: where each is."""
    with ExitStack() as stack:
        ports = [stack.enter_context(serving()) for _ in range(2)]
        yield {f"outlet{n}.test": f"127.0.0.{n % 8 + 1}:{ports[n // 8]}" for n in range(OUTLETS)}


@contextmanager
def _serving_dask(folder: Path) -> Iterator[str]:
    """A Dask scheduler with two workers, until the block ends. Yields: its address."""
    address = f"tcp://127.0.0.1:{_free_port()}"
    paths = os.pathsep.join([*filter(None, sys.path)])
    with ExitStack() as stack:
        for name, *words in (
            ("dask_scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2]),
            ("dask_worker", address, *DASK_WORKER.split(), "--nworkers", "2", "--local-directory", str(folder)),
        ):
            command = [sys.executable, "-m", f"distributed.cli.{name}", *words, "--no-dashboard"]
            environment = {**os.environ, **DASK_CALM, "PYTHONPATH": paths}
            server = subprocess.Popen(  # noqa: S603 - as installed
                command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(server.wait)
            stack.callback(server.terminate)
        time.sleep(DASK_START_S)
        yield address


@contextmanager
def _serving_prefect(home: Path) -> Iterator[dict[str, str]]:
    """A Prefect server in a folder of its own, until the block ends. Yields: the environment that leads to it."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}/api"
    quiet = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_HOME": str(home)}
    environment = {**os.environ, **quiet, "PREFECT_API_URL": address}
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - as installed
    try:
        _wait_for(f"{address}/health")
        yield environment
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_for(address: str) -> None:
    """Wait until a server answers.

    Raises: TimeoutError after two minutes.
    """
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise TimeoutError(address)


def _write_watch(folder: Path, resolve: dict[str, str]) -> None:
    """A project folder with the ten outlets, by their feeds, without delay."""
    (folder / "outlets").mkdir()
    for host in resolve:
        lines = [f'id = "{host[:-5]}"', f'name = "{host[:-5].capitalize()}"', f'hosts = ["{host}"]', "min_delay_s = 0"]
        lines += ["[[discover]]", 'kind = "feed"', f'url = "http://{host}/feed"']
        (folder / "outlets" / f"{host[:-5]}.toml").write_text("\n".join(lines), "utf-8")
    ids = json.dumps([host[:-5] for host in resolve])
    told = [f'"{host}" = "{address}"' for host, address in resolve.items()]
    lines = ['outlets = "outlets"', "[collect]", f"outlets = {ids}", "[fetch.resolve]", *told]
    (folder / "presswatch.toml").write_text("\n".join(lines), "utf-8")


ROWS: dict[str, Callable[[Sheet, Bench], None]] = {
    "pages": measure_pages,
    "workers": measure_workers,
    "month": measure_month,
    "growth": measure_growth,
    "top": measure_top,
    "flow": measure_flow,
}


def main() -> int:
    """Measure what the command line names, or everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", choices=[[], *ROWS], help="all by default")
    parser.add_argument("--work", type=Path, help="where things are made and kept; a folder that goes by default")
    parser.add_argument("--pages", type=Path, default=Path(os.environ.get(PAGES_VARIABLE, PAGES)))
    parser.add_argument("--most", type=int, default=MOST_ARTICLES, help="what the archive grows to, by 1,000")
    given = parser.parse_args()
    sheet = Sheet()
    processors = f"{len(os.sched_getaffinity(0))} processors, {platform.machine()}, {load_now()}"
    versions = f"Python {platform.python_version()}, trafilatura {trafilatura.__version__}"
    sheet.tell("machine", "", f"{versions}, {processors}")
    with ExitStack() as stack:
        work = given.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        for name in given.rows or ROWS:
            ROWS[name](sheet, Bench(work, given.pages, given.most))
    return sheet.close()


if __name__ == "__main__":
    sys.exit(main())
