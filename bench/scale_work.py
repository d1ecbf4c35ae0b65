"""What `scale.py` measures: a run of the pipeline in a process of its own, which prints what it cost as JSON.

It is started as `python -c "import scale_work; scale_work.main()" NAME …`, so that the worker processes of `prepare`
find its functions under this module's name.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import presswatch.comparer  # noqa: F401 - so that its start is told as start
from presswatch.claims import find_mentions
from presswatch.model import Capture
from presswatch.outlets import Registry, load_outlets
from presswatch.pipeline import BATCHES_PER_WORKER, Plan, Run, run_plan
from presswatch.reader import BATCH_TABLES
from presswatch.settings import EngineSettings, Settings
from presswatch.tables import TABLES, make_arrow, write_arrow
from presswatch.tables.rows import article_row, mention_rows

sys.path.insert(0, str(Path(__file__).parent))
from archive import Told, tell_articles, write_outlets

BATCH_ARTICLES = 1_000  # about those that a batch of WARC files holds


def run(command: str, data: str, hands: str, *batches: str) -> dict[str, Any]:
    """Carry out a plan over what lies in a data folder.

    Args: `hands` are so many workers, or the scheduler of a cluster, whose workers' cost is not told; `batches` are
        folders of what was read, handed on beside what is read now.
    Returns: seconds by the clock, and of the processor in all processes; both of the stages in this one; peaks in MiB.
    """
    workers = int(hands) if hands.isdigit() else 0
    stages: dict[str, tuple[float, float]] = {}

    def each(stage: Callable[[Any, Any], Any], run: Run, items: Sequence[Any]) -> list[Any]:
        if workers:
            run.engine.workers = workers  # whatever is unread: most of a run's articles may be handed on
        began, spent = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(BATCHES_PER_WORKER * run.engine.workers) as threads:
            done = list(threads.map(partial(stage, run), items))
        stages[stage.__name__] = (time.perf_counter() - began, time.process_time() - spent)
        return [*done, *(_take_in(run, batch) for batch in batches)] if stage.__name__ == "read" else done

    outlets = Path(data) / "outlets"
    settings = Settings(
        data=Path(data),
        outlets_folder=outlets if outlets.is_dir() else None,
        engine=EngineSettings(dask=None if workers else hands),
    )
    plan = Plan(command=command, is_rebuild=command == "rebuild", is_offline=True)
    at_start, began = _spent(), time.perf_counter()
    summary = run_plan(settings, plan, each=each)
    return {
        "wall": time.perf_counter() - began,
        "cpu": _spent() - at_start,
        "cpu_with_start": _spent(),
        "stages": stages,
        "articles": summary.extracted,
        "stories": summary.stories,
        "main_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker_peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def _take_in(run: Run, batch: str) -> str:
    """Have a batch in the data folder, as if it had been read there; a run removes what it has put into the tables."""
    folder = run.data.stage(run.run_id) / "batches" / Path(batch).name
    shutil.copytree(batch, folder, copy_function=os.link)
    return run.data.relative(folder)


def _spent() -> float:
    """Processor seconds of this process, and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def prepare(folder: str, articles: str) -> dict[str, Any]:
    """Write the archive's first articles as batches, as if their pages had been read; those that are there stay."""
    outlets, told = Path(folder) / "outlets", tell_articles(int(articles))
    write_outlets(outlets)
    waiting: list[Future[None]] = []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for number in range(0, int(articles), BATCH_ARTICLES):
            some, place = list(islice(told, BATCH_ARTICLES)), Path(folder) / f"{number:07}"
            if not place.is_dir():
                waiting.append(pool.submit(_write_batch, some, place, outlets))
            if len(waiting) > 4:  # noqa: PLR2004 - enough to keep the pool busy
                waiting.pop(0).result()
        for one in waiting:
            one.result()
    return {}


def _write_batch(told: Sequence[Told], place: Path, outlets: Path) -> None:
    """What `reader.read_warcs` writes of pages, for articles that are none yet."""
    rows: dict[str, list[Any]] = {name: [] for name in BATCH_TABLES}
    for one in told:
        article = one.article
        capture = Capture(
            url=article.url, outlet_id=article.outlet_id, fetched_at=one.fetched_at, body=article.text.encode()
        )
        rows["articles"].append(article_row(article, capture, revision=1, topics=()))
        rows["mentions"] += mention_rows(find_mentions(article, outlets=_registry(outlets)), 1)
    staged = place.with_suffix(".part")
    for name, found in rows.items():
        write_arrow(make_arrow(TABLES[name], found), staged / f"{name}.parquet")
    staged.rename(place)


@cache
def _registry(folder: Path) -> Registry:
    return load_outlets(folder)


def main() -> None:
    """Do what the first word of the command line says."""
    name, *arguments = sys.argv[1:]
    done = prepare(*arguments) if name == "prepare" else run(name, *arguments)
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main()
