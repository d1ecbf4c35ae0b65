"""The small files of past months, put together, as a Prefect flow: `python flows/compact.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from presswatch.compactor import compact as put_together
from presswatch.pipeline import say_nothing
from presswatch.settings import load_settings
from tasks import HOOKS, State, flow, in_a_line, skip

_PATIENCE_S = 6 * 3600  # a month of a hundred outlets on a slow disk


@flow(name="presswatch-compact", log_prints=True, timeout_seconds=_PATIENCE_S, **HOOKS)
def compact(data: Path | None = None) -> dict[str, int] | State[str]:
    """Put together the files of months that are over; waits for a run that has the data folder."""
    settings = load_settings(data=data)
    if settings.bucket:
        return skip("the files of a bucket are put once, and are not put together")
    done = put_together(settings, progress=say_nothing, wait=True)
    print(f"{done.raw_before} WARC files are {done.raw_after} now")  # noqa: T201 - goes to the log of the flow
    return dict(vars(done))


def main(data: Annotated[Path | None, typer.Option()] = None) -> None:
    """Run the flow once, here."""
    with in_a_line():
        compact(data)


if __name__ == "__main__":
    typer.run(main)
