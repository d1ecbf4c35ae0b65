"""The commands that change the data folder: one plan each."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from presswatch.cleaning import clean_text
from presswatch.cli.call import Call, open_tables
from presswatch.cli.frame import (
    Command,
    DataOption,
    JsonOption,
    OutletOption,
    QuietOption,
    VerboseOption,
    WaitOption,
    app,
    complete_outlets,
    examples,
)
from presswatch.cli.progress import Outlook, show_progress
from presswatch.cli.saying import ask, print_json, print_note
from presswatch.cli.words import choose_outlets, read_urls, read_window, tell_missing
from presswatch.errors import UsageError

if TYPE_CHECKING:
    from presswatch.pipeline import Plan, Summary
    from presswatch.settings import Settings

_AFTER_DEMO = """
Six invented outlets were fetched over real HTTP on this machine; nothing of it is real. It lies in {data}/:
  raw/     every response, as WARC           clean/   the tables, as parquet
  report/  a page a story: open {data}/report/{story_id}.html; feed.xml tells what is new
Type next:"""
_NEXT_TO_DEMO = {
    "presswatch show {story_id} --verbose{where}": "everything, uncut",
    "presswatch stories{where}": "what else there is",
    "presswatch failures{where}": "what could not be had, and why",
    "python -c {load}": "",
    "mkdir films && cd films && presswatch init": "start with real outlets, in a folder of their own",
}


@app.command(
    cls=Command,
    epilog=examples("watch", "watch --outlet indiewire --wait", "watch --json | jq -r '.digest.stories[].headline'"),
)
def watch(
    outlet: OutletOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Fetch the newest coverage of your outlets, once.

    This is what a schedule runs. Articles of the last days are asked for again, ever more rarely, in case they changed.
    """
    from presswatch.pipeline import Plan

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    _run(call, settings, Plan(command="watch", outlet_ids=choose_outlets(settings, outlet)), wait=wait)


@app.command(
    cls=Command,
    epilog=examples(
        "backfill --since 2024-01-01 --until 2024-02-01",
        "backfill --since 2024-01-01 --until 2024-02-01 --dry-run",
        "backfill --since 2024-01-01 --until 2024-02-01 --outlet filmstage",
        "backfill --urls list.txt",
    ),
)
def backfill(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day, like 2024-01-31 (UTC).")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last (UTC).")] = None,
    outlet: OutletOption = None,
    query: Annotated[
        str, typer.Option(metavar="Q", help="Only candidates with all these words in title or address.")
    ] = "",
    urls: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Fetch these URLs, one a line, # comments; no dates needed.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Ask again for what is stored, if it changed.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List URLs, robots verdicts and waits; fetch no article.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Fetch a window of the past.

    From --since up to, not including, --until. Goes on where an earlier run stopped.
    """
    from presswatch.pipeline import Plan, check_plan, preview_plan

    call = Call(data, as_json, quiet, verbose)
    if urls is not None and (since or until):
        raise UsageError("--urls fetches what it lists whatever its date: leave --since and --until out")
    listed = read_urls(urls) if urls is not None else ()
    window = None if listed else read_window(since, until)
    if not listed and window is None:
        raise UsageError("say from when to when: --since 2024-01-01 --until 2024-02-01 (or --urls FILE)")
    settings = call.read_settings()
    chosen = tuple(outlet or ()) if listed else choose_outlets(settings, outlet)
    plan = Plan(command="backfill", outlet_ids=chosen, window=window, urls=listed, query=query, is_restart=restart)
    check_plan(settings, plan)
    if not dry_run:
        _run(call, settings, plan, wait=wait)
    outlook = Outlook(call, settings, plan)
    with show_progress(call, outlook) as progress:
        found = preview_plan(settings, plan, progress=progress, forecast=outlook.take, wait=wait)
    if found.rows or found.outcome != "unreachable" or as_json:
        is_all = all(row["robots"] == "allowed" for row in found.rows)
        call.print_rows(found.rows, title="What would be fetched" if is_all else "What would be fetched, and what not")
    if not found.rows and found.outcome != "unreachable":
        _tell_nothing(call, plan)
    call.tell_failures(found.failures)
    call.tell_outcome(found.outcome, "backfill --dry-run")
    raise typer.Exit(found.exit_code)


def _tell_nothing(call: Call, plan: Plan) -> None:
    """Why a dry run may have found nothing."""
    other = ["nor what is of other days"] if plan.window else []
    other += [f"nor what does not say {plan.query!r}"] if plan.query else []
    what = clean_text(", ".join(["what is stored is not fetched again", *other]))
    call.note(f"{what}; `presswatch outlets check ID` says what an outlet lists now")


@app.command(
    cls=Command,
    epilog=examples(
        "ingest saved/*.html",
        "ingest crawl.warc.gz",
        "ingest crawl.warc.zst --all-hosts",
        "ingest --outlet indiewire review.txt",
        "ingest folder",
    ),
)
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="WARC, .html, .html.gz, .txt; or a folder.")],
    outlet: Annotated[
        str | None,
        typer.Option("--outlet", metavar="ID", help="Whose they are; may be new.", autocompletion=complete_outlets),
    ] = None,
    all_hosts: Annotated[
        bool, typer.Option("--all-hosts", help="Take WARC pages of hosts that no outlet is registered for, too.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Take in WARC files, saved pages and plain texts.

    Nothing is fetched. The first line of a text is its headline. Of WARC files the pages of registered outlets' hosts
    are taken; `presswatch outlets list` shows those.
    """
    from presswatch.pipeline import Plan

    call = Call(data, as_json, quiet, verbose)
    if missing := [path for path in paths if not path.exists()]:
        raise UsageError("\n".join(map(tell_missing, missing)))
    plan = Plan(command="ingest", paths=tuple(paths), ingest_as=outlet, all_hosts=all_hosts)
    _run(call, call.read_settings(), plan, wait=wait)


@app.command(cls=Command, epilog=examples("rebuild", "rebuild --since 2024-01-01 --until 2024-02-01"))
def rebuild(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day of collecting (UTC).")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last (UTC).")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Make the tables again from data/raw.

    After an upgrade, after a change of outlet rules, after damage. A window counts in days of collecting.
    """
    from presswatch.pipeline import Plan

    call = Call(data, as_json, quiet, verbose)
    plan = Plan(command="rebuild", window=read_window(since, until), is_rebuild=True)
    _run(call, call.read_settings(), plan, wait=wait)


@app.command(cls=Command, epilog=examples("compact", "compact --json"))
def compact(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Put the small files of past months together.

    Nothing that they hold changes. A schedule leaves a file for each outlet and run. Once a week is often enough.
    """
    from presswatch.compactor import compact as put_together
    from presswatch.report import tell_count

    call = Call(data, as_json, quiet, verbose)
    with show_progress(call) as progress:
        done = put_together(call.read_settings(), progress=progress, wait=wait)
    if as_json:
        print_json(vars(done))
        return
    if not (done.raw_before or done.logs_before):
        call.note("nothing to put together: no past month has several small files")
        return
    raw, logs = tell_count(done.raw_after, "file"), tell_count(done.logs_after, "file")
    call.note(f"{done.raw_before} WARC files are {raw} now, {done.logs_before} files of logs are {logs}")


@app.command(
    cls=Command,
    epilog=examples(
        "forget https://www.indiewire.com/features/a-review-1234/ --dry-run",
        "forget https://www.indiewire.com/features/a-review-1234/",
    ),
)
def forget(
    url: Annotated[list[str], typer.Argument(metavar="URL", help="Addresses in any spelling, or article_ids.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would go; change nothing.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Take articles out of raw and tables for good, and keep them out.

    All captures under all addresses of an article go, and what is remembered of it; other records stay byte for byte.
    Nothing fetches it, takes it in or reads it again. There is no way back. Killed in the middle, the next run goes on.
    """
    from presswatch.desk import preview_forget, tell_forgotten
    from presswatch.pipeline import Plan, run_plan

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    if dry_run:
        found = preview_forget(settings, url)
        call.print_rows(found.rows, title="What would go")
        for one in found.unknown:
            call.note(clean_text(f"nothing of it is here, and it would be kept out: {one}"))
        if found.naming_count:
            call.note(f"{found.naming_count} stored feeds and sitemaps name it, and stay as they are")
        call.note("nothing was changed; the same without --dry-run does it, for good")
        return
    if not _is_confirmed(call, url):
        raise UsageError("nothing was changed; `--dry-run` lists what would go")
    with show_progress(call) as progress:
        summary = run_plan(settings, Plan(command="forget", forget=tuple(url)), progress=progress, wait=wait)
    row = _summary_row(summary)
    if as_json:
        print_json(row)
    for line in tell_forgotten(row, call.where):
        call.note(line)
    raise typer.Exit(summary.exit_code)


def _is_confirmed(call: Call, urls: Sequence[str]) -> bool:
    """Ask on the terminal whether articles are to go for good; where there is none, nobody is asked."""
    return not call.can_ask or ask(f"take {', '.join(urls)} out for good? There is no way back.")


@app.command(cls=Command, epilog=examples("demo", "demo --data demo"))
def demo(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Run it all over a bundled newsroom of invented outlets.

    Over real HTTP on this machine; nothing outside is asked.
    """
    from presswatch.demo.show import run_demo

    call = Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    with show_progress(call) as progress:
        done = run_demo(settings, progress=progress, wait=wait)
    if as_json:
        print_json(_summary_row(done.backfill) | {"story_id": done.story_id, "data": str(settings.data)})
        return
    call.tell_summary(done.backfill)
    call.tell_summary(done.watch)
    call.print_story(open_tables(settings), done.story_id)
    code = f'print(presswatch.load({json.dumps(str(settings.data / "clean"))}).matrix("{done.story_id}"))'
    load = shlex.quote(f"import presswatch; {code}")
    call.note(_AFTER_DEMO.format(data=settings.data, story_id=done.story_id))
    words = {"story_id": done.story_id, "where": call.where, "load": load}
    commands = [(command.format(**words), what) for command, what in _NEXT_TO_DEMO.items()]
    width = max(len(command) for command, what in commands if what)
    for command, what in commands:
        call.note(f"  {command:<{width}}   {what}".rstrip())


def _run(call: Call, settings: Settings, plan: Plan, *, wait: bool) -> NoReturn:
    """Carry out a plan, say what came of it, and end with its exit code."""
    from presswatch.pipeline import run_plan

    outlook = Outlook(call, settings, plan)
    with show_progress(call, outlook) as progress:
        summary = run_plan(settings, plan, progress=progress, forecast=outlook.take, wait=wait)
    if call.as_json:
        print_json(_summary_row(summary) | outlook.row())
    call.tell_summary(summary)
    if plan.command == "watch" and not call.as_json:
        call.print_digest(summary.digest)
    if call.verbose:
        _tell_details(settings, summary)
    raise typer.Exit(summary.exit_code)


def _summary_row(summary: Summary) -> dict[str, Any]:
    row = dict(vars(summary))
    row["failure_counts"] = dict(summary.failure_counts)
    row["drift"] = [dict(vars(drift)) for drift in summary.drift]
    row["left_out"] = dict(vars(summary.left_out))
    del row["forecasts"]
    row["digest"] = asdict(summary.digest)
    return row


def _tell_details(settings: Settings, summary: Summary) -> None:
    """Each failure of a run, and each story that it compared."""
    tables = open_tables(settings)
    failed = tables.failures[tables.failures["run_id"] == summary.run_id]
    for row in failed.itertuples():
        print_note(clean_text(f"{row.error}: {row.url} {row.message}"))
    for row in tables.stories[tables.stories["story_id"].isin(summary.story_ids)].itertuples():
        print_note(clean_text(f"story {row.story_id}: {row.headline}"))
