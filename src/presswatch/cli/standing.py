"""The commands that say how things stand: of an address, of the data folder, of its health."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from presswatch.cleaning import clean_text
from presswatch.cli.call import LISTED_ROWS, Call
from presswatch.cli.frame import (
    EXIT_ERROR,
    Command,
    DataOption,
    JsonOption,
    QuietOption,
    VerboseOption,
    WaitOption,
    app,
    examples,
)
from presswatch.cli.progress import show_progress
from presswatch.cli.saying import print_json, print_text, print_wrapped

if TYPE_CHECKING:
    from presswatch.desk import Health
    from presswatch.settings import Settings

_LABEL = re.compile(r" *(?:\S+(?: \S+)? {2,})?")  # of a line of `status`, with the blanks around it


@app.command(
    cls=Command,
    epilog=examples(
        "explain https://www.indiewire.com/features/a-review-1234/",
        "explain https://www.indiewire.com/features/a-review-1234/ --json | jq .standing",
    ),
)
def explain(
    url: Annotated[str, typer.Argument(metavar="URL", help="An address in any spelling, or an article_id.")],
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Tell why an address is, or is not, in the tables.

    Everything that is known of it: when it was listed and asked for, what came of it, where it is stored, what was
    read. Nothing is fetched or written.
    """
    from presswatch.desk import as_json as dossier_json
    from presswatch.desk import explain_url, judge, tell_sections

    call = Call(data, as_json, quiet, verbose)
    facts = explain_url(call.read_settings(), url)
    verdict = judge(facts, call.where)
    if as_json:
        print_json(dossier_json(facts, verdict))
        return
    for label, lines in tell_sections(facts, verdict):
        for number, line in enumerate(lines if verbose else lines[:LISTED_ROWS]):
            print_wrapped(f"{'' if number else label:<16}", clean_text(line))


@app.command(cls=Command, epilog=examples("status", "status --json | jq .last_run.outcome"))
def status(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Say how things stand, and what to do next."""
    from presswatch.demo.newsroom import holds_demo
    from presswatch.desk import describe_status

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    is_demo = holds_demo(settings)
    found = describe_status(settings, finishes=f"`presswatch demo{call.where}`" if is_demo else "")
    lines = found.pop("lines")
    if as_json:
        print_json(found)
        return
    for line in lines:
        label = _LABEL.match(line)[0]  # type: ignore[index]  # it matches nothing at the least
        print_wrapped(label, clean_text(line.removeprefix(label)))


@app.command(
    cls=Command, epilog=examples("doctor", "doctor --mend", "doctor --json | jq -r '.[] | [.path, .mend] | @tsv'")
)
def doctor(
    mend: Annotated[
        bool, typer.Option("--mend", help="Mend what can be mended; what is damaged is set aside.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Name what is wrong with the data folder, and what mends it.

    WARC files, tables, state, what ended runs left, the clock, the disk, outlet files. Ends with 1 where anything is
    left, with 0 where nothing is. Damaged bytes are set aside in data/damaged, and what they held is fetched again.
    """
    from presswatch.desk import as_rows, diagnose, examine, need_folder
    from presswatch.desk import mend as mend_all

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    if mend:
        need_folder(settings)
    health = examine(settings)
    found = diagnose(health, call.where)
    if health.holder:
        call.note(clean_text(f"{health.holder} is at work: state, spool and what is unread were not looked at"))
    left = None
    if mend and found:
        with show_progress(call) as progress:
            faults = mend_all(settings, found, progress=progress, wait=wait)
        left = diagnose(examine(settings), call.where)
        for fault in faults:
            call.note(clean_text(f"could not be mended: {fault}"))
    rows = as_rows(found, left)
    if as_json:
        print_json(rows)
    for row in [] if as_json else rows:
        print_text(clean_text(f"{'mended' if row['is_mended'] else row['check']}: {row['path']}: {row['fault']}"))
        if not row["is_mended"]:
            print_text(f"  → {clean_text(str(row['mend']))}")
    open_count = sum(not row["is_mended"] for row in rows)
    _tell_count(call, settings, len(rows), open_count, is_mended=mend)
    if left is not None:
        _tell_lost(call, settings, health)
    if open_count:
        raise typer.Exit(EXIT_ERROR)


def _tell_count(call: Call, settings: Settings, count: int, open_count: int, *, is_mended: bool) -> None:
    """How many findings there are, and are left; and whether there was a folder to look at."""
    from presswatch.report import tell_count

    if not (settings.bucket or settings.data.exists()):
        call.note(clean_text(f"there is no folder {settings.data} yet: only the outlet files were looked at"))
    if open_count:
        hint = "" if is_mended or settings.bucket else "; --mend mends what can be mended"
        call.note(f"{tell_count(open_count, 'finding')} left{hint}")
    else:
        call.note("all is mended" if count else "nothing is wrong")


def _tell_lost(call: Call, settings: Settings, health: Health) -> None:
    """After mending: what to type for what is not in raw any more, if anything is not."""
    from presswatch.demo.newsroom import holds_demo

    if not (health.damage or any(memory.lost for memory in health.memories)):
        return
    where = call.where
    if holds_demo(settings):
        again = f"`presswatch demo{where}`"
    else:
        again = f"`presswatch watch{where}`, and of the past `presswatch backfill --since DAY --until DAY{where}`"
    call.note(f"what was damaged is lost until it is fetched again; next: {again}")
    call.note(f"what came from files of yours `presswatch ingest PATH{where}` takes in again")
