"""The rows of `failures`, each in the file of the run that met it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from presswatch.forgetter import names_forgotten
from presswatch.forgotten import Forgotten
from presswatch.model import Failure
from presswatch.pipeline.run import Run
from presswatch.tables import TABLES, make_arrow, read_file
from presswatch.tables.shelf import stage_table


def read_failures(folder: Path) -> list[Failure]:
    """The failures of a batch."""
    rows = read_file(folder / "failures.parquet", TABLES["failures"]).to_pylist()
    return [Failure(**row) for row in rows]


def stage_failures(run: Run, failures: Sequence[Failure], forgotten: Forgotten) -> dict[Path, Path]:
    """Write failures into the files of their runs: those of a killed run are told by the run that finishes its work.

    Where something is forgotten, the rows that name it leave the files of all runs.
    """
    by_run: dict[str, list[Mapping[str, Any]]] = _failures_to_purge(run, forgotten) if forgotten.is_pending else {}
    for failure in failures:
        by_run.setdefault(failure.run_id or run.run_id, []).append(
            {**vars(failure), "run_id": failure.run_id or run.run_id}
        )
    if not by_run and not (run.data.clean / "failures").is_dir():
        by_run[run.run_id] = []  # so that the table exists
    moves: dict[Path, Path] = {}
    for run_id, rows in by_run.items():
        place = run.data.clean / "failures" / f"{run_id}.parquet"
        known = read_file(place, TABLES["failures"]).to_pylist() if place.exists() else []
        kept = (row for row in [*known, *rows] if not names_forgotten(forgotten, row))
        made = make_arrow(TABLES["failures"], {_failure_key(row): row for row in kept}.values())
        moves |= stage_table(made, run.clean_stage, place)
    return moves


def _failures_to_purge(run: Run, forgotten: Forgotten) -> dict[str, list[Mapping[str, Any]]]:
    """The runs whose failures name something that is forgotten, each without new rows."""
    files = sorted((run.data.clean / "failures").glob("*.parquet"))
    rows = {path.stem: read_file(path, TABLES["failures"]).to_pylist() for path in files}
    return {run_id: [] for run_id, found in rows.items() if any(names_forgotten(forgotten, row) for row in found)}


def _failure_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in TABLES["failures"].key)
