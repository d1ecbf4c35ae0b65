"""What `presswatch outlets check` asks: an outlet's robots.txt, feeds and sitemaps."""

from __future__ import annotations

import json
from pathlib import Path

from presswatch.collector import DocumentRow, Progress, check_documents
from presswatch.errors import UsageError
from presswatch.outlets import Outlet, load_outlet, load_outlets
from presswatch.pipeline import Plan, open_run, order_of, say_nothing
from presswatch.settings import DEFAULT_OUTLETS_FOLDER, FILE_NAME, Settings


def find_outlet(settings: Settings, wanted: str) -> Outlet:
    """The outlet with an id, or of an outlet file by its path, which need not be in the registry.

    Raises: ConfigError with all faults of the file; UsageError for an unknown id or a missing file.
    """
    if not wanted.endswith(".toml"):
        own = DEFAULT_OUTLETS_FOLDER / f"{wanted}.toml"
        outlets = load_outlets(settings.outlets_folder)
        if settings.outlets_folder is None and wanted not in outlets and own.is_file():
            line = f"outlets = {json.dumps(str(own.parent))}"
            raise UsageError(f"{own} is not read: put `{line}` at the top of {FILE_NAME}, or name the file by its path")
        return outlets.need(wanted)
    if not Path(wanted).is_file():
        raise UsageError(f"no such file: {wanted}; `presswatch outlets list` shows the ids, which do without `.toml`")
    return load_outlet(Path(wanted))


def check_outlet(
    settings: Settings, wanted: str, *, progress: Progress | None = None, wait: bool = False
) -> list[DocumentRow]:
    """Ask an outlet's robots.txt, feeds and sitemaps: a row a document, with what it lists.

    Args: `wanted` is an id, or the path of an outlet file, which is then checked as if it were in the registry.
    Raises: ConfigError with all faults of the file; UsageError for an unknown id; else as `run_plan`.
    """
    outlet = find_outlet(settings, wanted)
    plan = Plan(command="outlets check")
    with open_run(settings, plan, progress or say_nothing, wait=wait) as run:
        return check_documents(order_of(run), run.outlets, outlet)
