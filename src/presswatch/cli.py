"""The command line: words in, one plan out. Data goes to stdout, messages to stderr; no traceback reaches a user.

Everything heavy is imported inside the command that needs it, so that `presswatch --help` answers at once.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import shlex
import shutil
import signal
import sys
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Self, TextIO

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

import presswatch
from presswatch.cleaning import clean_text
from presswatch.errors import SILENT_CODES, FetchError, PresswatchError, UsageError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from presswatch.collector import DocumentRow, Forecast, Progress
    from presswatch.desk import Health
    from presswatch.extract.repeats import Repeat
    from presswatch.model import Failure, Window
    from presswatch.outlets import Draft
    from presswatch.pipeline import Plan, Summary
    from presswatch.report import Digest
    from presswatch.settings import Settings
    from presswatch.tables import Tables

EXIT_ERROR, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_INTERRUPTED = 1, 2, 6, 130
_COMPLETE = "_PRESSWATCH_COMPLETE"  # the name that typer gives it
_LINE_EVERY_S = 10.0  # between two lines of progress where there is no terminal: a log that is neither mute nor a flood
_LISTED = 200  # rows a listing shows as text; --verbose and --json give all
_LABEL = re.compile(r" *(?:\S+(?: \S+)? {2,})?")  # of a line of `status`, with the blanks around it
_LEAST_ROOM = 20  # columns beside a label, however narrow the terminal
# Commands that are said of a folder
_NEXT_COMMAND = re.compile("`(presswatch (?:demo|doctor|forget|ingest|rebuild|runs|status|stories|watch))`")
_URL_COMMENT = re.compile(r"(?:^|\s)#.*")  # of a line of a list; without a space before it, it is the address's own
_NEAREST = 3  # headlines offered where no story was found
_DOCUMENT_COLUMNS = ("kind", "url", "robots", "candidates", "documents", "newest_at", "fault")
_STOP_COLUMNS = ("stop", "stories", "articles", "example", "doubt")
_SOURCE_NAMES = {
    "feed": "feed",
    "news_sitemap": "news sitemap",
    "sitemap": "sitemap",
    "wordpress": "interface",
    "archive": "archive",
}

_AFTER_DEMO = """
Six invented outlets were fetched over real HTTP on this machine; nothing of it is real. It lies in {data}/:
  raw/     every response, as WARC           clean/   the tables, as parquet
  report/  a page a story: open {data}/report/{story_id}.html; feed.xml tells what is new
Type next:
  presswatch show {story_id} --verbose{where}   everything, uncut
  presswatch stories{where}                          what else there is
  presswatch failures{where}                         what could not be had, and why
  python -c {load}
  mkdir films && cd films && presswatch init   start with real outlets, in a folder of their own"""


def _examples(*lines: str) -> str:
    """What stands at the end of a command's help; the mark keeps the lines as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  presswatch {line}" for line in lines)


_AFTER_ALL = """\
New here? `presswatch demo` shows it all on a bundled newsroom; `presswatch init` starts your own.
`presswatch COMMAND --help` has examples; `presswatch --install-completion` has your shell complete
commands, outlets, stories and runs.

\b
Exit codes:
  0    done
  1    an error
  2    wrong usage
  3    disk: full, too large, read-only
  4    configuration: presswatch.toml, outlet files, environment
  5    partly done: the next run tries again what is left
  6    nothing reachable
  75   another run is at work; --wait waits for it
  130  interrupted"""


class _Command(TyperCommand):
    """A command whose help names its arguments as it does its options, without the types that Python has for them."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the lists of arguments and options."""
        told: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):
            if record := param.get_help_record(ctx):
                told[param.param_type_name].append(record)
        for kind, records in told.items():
            if records:
                with formatter.section(f"{kind.capitalize()}s"):
                    formatter.write_dl([(name.partition(" <")[0], said) for name, said in records])


_SETUP: dict[str, Any] = {
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,  # rich's help takes twice the time of everything else
    "context_settings": {"help_option_names": ["-h", "--help"]},
}
app = typer.Typer(
    name="presswatch",
    epilog=_AFTER_ALL,
    **_SETUP,
)
outlets_app = typer.Typer(add_completion=False, **_SETUP)
app.add_typer(
    outlets_app,
    name="outlets",
    epilog=_examples("outlets list", "outlets check indiewire", "outlets add https://www.example.org/"),
)


def _complete_outlets(incomplete: str) -> list[tuple[str, str]]:
    from presswatch.completing import complete_outlets

    return complete_outlets(incomplete)


def _complete_stories(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    from presswatch.completing import complete_stories

    return complete_stories(ctx.params.get("data"), incomplete)


def _complete_runs(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    from presswatch.completing import complete_runs

    return complete_runs(ctx.params.get("data"), incomplete)


DataOption = Annotated[
    str | None, typer.Option("--data", metavar="DIR", help="The data folder, or s3://bucket/prefix (default: data).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes; errors only.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more: every row, every column, no cuts.")]
WaitOption = Annotated[bool, typer.Option("--wait", help="Wait for another run to end instead of giving up.")]
OutletOption = Annotated[
    list[str] | None,
    typer.Option("--outlet", metavar="ID", help="Only this outlet; may be repeated.", autocompletion=_complete_outlets),
]


@app.callback(invoke_without_command=True)
def _presswatch(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Name a film, and see what every outlet said: who said it first, who took it from whom, where they disagree."""
    if version:
        _print(f"presswatch {presswatch.__version__}")
        raise typer.Exit
    _need_command(context)


@outlets_app.callback(invoke_without_command=True)
def _outlets(context: typer.Context) -> None:
    """The registry of outlets."""
    _need_command(context)


def _need_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        _note(context.get_help())
        raise typer.Exit(EXIT_USAGE)


# ---------------------------------------------------------------- runs


@app.command(
    cls=_Command,
    epilog=_examples("watch", "watch --outlet indiewire --wait", "watch --json | jq -r '.digest.stories[].headline'"),
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

    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    _run(call, settings, Plan(command="watch", outlet_ids=_chosen(settings, outlet)), wait=wait)


@app.command(
    cls=_Command,
    epilog=_examples(
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

    call = _Call(data, as_json, quiet, verbose)
    if urls is not None and (since or until):
        raise UsageError("--urls fetches what it lists whatever its date: leave --since and --until out")
    listed = _read_urls(urls) if urls is not None else ()
    window = None if listed else _window(since, until)
    if not listed and window is None:
        raise UsageError("say from when to when: --since 2024-01-01 --until 2024-02-01 (or --urls FILE)")
    settings = call.read_settings()
    chosen = tuple(outlet or ()) if listed else _chosen(settings, outlet)
    plan = Plan(command="backfill", outlet_ids=chosen, window=window, urls=listed, query=query, is_restart=restart)
    check_plan(settings, plan)
    if not dry_run:
        _run(call, settings, plan, wait=wait)
    outlook = _Outlook(call, settings, plan)
    with _progress(call, outlook) as progress:
        found = preview_plan(settings, plan, progress=progress, forecast=outlook.take, wait=wait)
    if found.rows or found.outcome != "unreachable" or as_json:
        is_all = all(row["robots"] == "allowed" for row in found.rows)
        call.print_rows(found.rows, title="What would be fetched" if is_all else "What would be fetched, and what not")
    if not found.rows and found.outcome != "unreachable":
        _tell_nothing(call, plan)
    call.tell_failures(found.failures)
    call.tell_outcome(found.outcome, "backfill --dry-run")
    raise typer.Exit(found.exit_code)


def _tell_nothing(call: _Call, plan: Plan) -> None:
    """Why a dry run may have found nothing."""
    other = ["nor what is of other days"] if plan.window else []
    other += [f"nor what does not say {plan.query!r}"] if plan.query else []
    what = clean_text(", ".join(["what is stored is not fetched again", *other]))
    call.note(f"{what}; `presswatch outlets check ID` says what an outlet lists now")


@app.command(
    cls=_Command,
    epilog=_examples(
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
        typer.Option("--outlet", metavar="ID", help="Whose they are; may be new.", autocompletion=_complete_outlets),
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

    call = _Call(data, as_json, quiet, verbose)
    if missing := [str(path) for path in paths if not path.exists()]:
        raise UsageError(f"no such file: {', '.join(missing)}")
    plan = Plan(command="ingest", paths=tuple(paths), ingest_as=outlet, all_hosts=all_hosts)
    _run(call, call.read_settings(), plan, wait=wait)


@app.command(cls=_Command, epilog=_examples("rebuild", "rebuild --since 2024-01-01 --until 2024-02-01"))
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

    call = _Call(data, as_json, quiet, verbose)
    plan = Plan(command="rebuild", window=_window(since, until), is_rebuild=True)
    _run(call, call.read_settings(), plan, wait=wait)


@app.command(cls=_Command, epilog=_examples("compact", "compact --json"))
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

    call = _Call(data, as_json, quiet, verbose)
    with _progress(call) as progress:
        done = put_together(call.read_settings(), progress=progress, wait=wait)
    if as_json:
        _print_json(vars(done))
        return
    if not (done.raw_before or done.logs_before):
        call.note("nothing to put together: no past month has several small files")
        return
    raw, logs = tell_count(done.raw_after, "file"), tell_count(done.logs_after, "file")
    call.note(f"{done.raw_before} WARC files are {raw} now, {done.logs_before} files of logs are {logs}")


@app.command(
    cls=_Command,
    epilog=_examples(
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

    call = _Call(data, as_json, quiet, verbose)
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
    with _progress(call) as progress:
        summary = run_plan(settings, Plan(command="forget", forget=tuple(url)), progress=progress, wait=wait)
    row = _summary_row(summary)
    if as_json:
        _print_json(row)
    for line in tell_forgotten(row, call.where):
        call.note(line)
    raise typer.Exit(summary.exit_code)


def _is_confirmed(call: _Call, urls: Sequence[str]) -> bool:
    """Ask on the terminal whether articles are to go for good; where there is none, nobody is asked."""
    if call.as_json or call.quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    sys.stderr.write(clean_text(f"take {', '.join(urls)} out for good? There is no way back. [y/N]") + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


@app.command(cls=_Command, epilog=_examples("demo", "demo --data demo"))
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

    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    with _progress(call) as progress:
        done = run_demo(settings, progress=progress, wait=wait)
    if as_json:
        _print_json(_summary_row(done.backfill) | {"story_id": done.story_id, "data": str(settings.data)})
        return
    call.tell_summary(done.backfill)
    call.tell_summary(done.watch)
    _show_terminal(call, _tables(settings), done.story_id)
    code = f'print(presswatch.load({json.dumps(str(settings.data / "clean"))}).matrix("{done.story_id}"))'
    load = shlex.quote(f"import presswatch; {code}")
    call.note(_AFTER_DEMO.format(data=settings.data, story_id=done.story_id, where=call.where, load=load))


# ---------------------------------------------------------------- reading the tables


@app.command(
    cls=_Command, epilog=_examples("stories", "stories paper regatta", "stories --json | jq -r '.[].story_id'")
)
def stories(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words of a headline or topic.", autocompletion=_complete_stories),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the stories, those first whose last article is the newest.

    With words, those whose headlines or topics hold them all.
    """
    call = _Call(data, as_json, quiet, verbose)
    tables = _tables(call.read_settings())
    found = _find_stories(tables, " ".join(words or []))
    if found.empty and not as_json:
        asked = " ".join(words or [])
        near = _near_words(tables, asked) if words else ""
        other = f"no headline or topic holds {asked!r}{near or ';'} `presswatch stories{call.where}` lists all"
        call.note(f"Stories: none; {other if words else f'`presswatch status{call.where}` says what to do next'}")
        return
    columns = ("story_id", "headline", "last_published_at", "outlet_count", "article_count")
    call.print_frame(found, title="Stories", columns=columns)


@app.command(
    cls=_Command,
    epilog=_examples("show paper regatta", "show 56bb0a88c3fec64a --html story.html", "show paper regatta --json"),
)
def show(
    story: Annotated[
        list[str],
        typer.Argument(
            metavar="STORY",
            help="An id, its first six characters or more, or words that only one story holds.",
            autocompletion=_complete_stories,
        ),
    ],
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one self-contained page.")] = None,
    full_text: Annotated[bool, typer.Option("--full-text", help="With --html: whole texts, for your desk.")] = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the claim × outlet table.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it all as a workbook.")] = None,
    md: Annotated[Path | None, typer.Option(metavar="FILE", help="Write Markdown.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Compare what the outlets said of one story.

    What differs, who says what, who took it from whom, what each left out.
    """
    from presswatch.report import CSV_ENCODING, describe_story, render_csv, render_html, render_markdown
    from presswatch.storage import replace_file

    call = _Call(data, as_json, quiet, verbose)
    asked = _join_asked(call, story)
    if full_text and html is None:
        raise UsageError("--full-text needs a page to put the texts on: add `--html FILE`")
    settings = call.read_settings()
    tables = _tables(settings)
    story_id = _one_story(call, tables, asked)
    names = tables.outlet_names()
    makers: list[tuple[Path | None, Callable[[], str | bytes]]] = [
        (html, lambda: render_html(describe_story(tables, story_id, names, with_texts=full_text))),
        (csv, lambda: render_csv(tables, story_id).encode(CSV_ENCODING)),
        (xlsx, lambda: _workbook(tables, story_id)),
        (md, lambda: render_markdown(describe_story(tables, story_id, names))),
    ]
    for path, make in makers:
        if path is not None:
            replace_file(path, make())
            call.note(f"wrote {path}")
    if as_json:
        _print_json(_story_json(tables, story_id))
    elif not any(path for path, _ in makers):
        _show_terminal(call, tables, story_id)


@app.command(cls=_Command, epilog=_examples("failures", "failures --json | jq -r '.[] | [.error, .url] | @tsv'"))
def failures(
    run: Annotated[
        str | None, typer.Option(metavar="RUN_ID", help="Only this run.", autocompletion=_complete_runs)
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List what went wrong, newest first, one row a URL and run."""
    from presswatch.checks import nearest

    call = _Call(data, as_json, quiet, verbose)
    tables = _tables(call.read_settings())
    frame = tables.failures.sort_values("at", ascending=False)
    if run:
        known = set(tables.runs["run_id"])
        if run not in known:
            raise UsageError(f"no run {run!r}{nearest(run, known)}\n`presswatch runs{call.where}` lists them")
        frame = frame[frame["run_id"] == run]
    call.print_frame(frame, title="Failures", columns=("at", "outlet_id", "stage", "error", "url", "message"))


@app.command(cls=_Command, epilog=_examples("runs", "runs --json | jq -r '.[] | [.started_at, .outcome] | @tsv'"))
def runs(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the runs, newest first: what each did, and how it ended."""
    call = _Call(data, as_json, quiet, verbose)
    frame = _tables(call.read_settings()).runs.sort_values(["started_at", "run_id"], ascending=False)
    columns = ("run_id", "command", "started_at", "fetched", "extracted", "stories", "failed", "outcome")
    call.print_frame(frame, title="Runs", columns=columns)


@app.command(
    cls=_Command,
    epilog=_examples(
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

    call = _Call(data, as_json, quiet, verbose)
    facts = explain_url(call.read_settings(), url)
    verdict = judge(facts, call.where)
    if as_json:
        _print_json(dossier_json(facts, verdict))
        return
    for label, lines in tell_sections(facts, verdict):
        for number, line in enumerate(lines if verbose else lines[:_LISTED]):
            _print_wrapped(f"{'' if number else label:<16}", clean_text(line))


@app.command(cls=_Command, epilog=_examples("status", "status --json | jq .last_run.outcome"))
def status(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Say how things stand, and what to do next."""
    from presswatch.demo.newsroom import holds_demo
    from presswatch.pipeline import describe_status

    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    is_demo = holds_demo(settings)
    found = describe_status(settings, finishes=f"`presswatch demo{call.where}`" if is_demo else "")
    lines = found.pop("lines")
    if as_json:
        _print_json(found)
        return
    for line in lines:
        label = _LABEL.match(line)[0]  # type: ignore[index]  # it matches nothing at the least
        _print_wrapped(label, clean_text(line.removeprefix(label)))


@app.command(
    cls=_Command, epilog=_examples("doctor", "doctor --mend", "doctor --json | jq -r '.[] | [.path, .mend] | @tsv'")
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

    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    if mend:
        need_folder(settings)
    health = examine(settings)
    found = diagnose(health, call.where)
    if health.holder:
        call.note(clean_text(f"{health.holder} is at work: state, spool and what is unread were not looked at"))
    left = None
    if mend and found:
        with _progress(call) as progress:
            faults = mend_all(settings, found, progress=progress, wait=wait)
        left = diagnose(examine(settings), call.where)
        for fault in faults:
            call.note(clean_text(f"could not be mended: {fault}"))
    rows = as_rows(found, left)
    if as_json:
        _print_json(rows)
    for row in [] if as_json else rows:
        _print(clean_text(f"{'mended' if row['is_mended'] else row['check']}: {row['path']}: {row['fault']}"))
        if not row["is_mended"]:
            _print(f"  → {clean_text(str(row['mend']))}")
    open_count = sum(not row["is_mended"] for row in rows)
    _tell_count(call, settings, len(rows), open_count, is_mended=mend)
    if left is not None:
        _tell_lost(call, settings, health)
    if open_count:
        raise typer.Exit(EXIT_ERROR)


def _tell_count(call: _Call, settings: Settings, count: int, open_count: int, *, is_mended: bool) -> None:
    """How many findings there are, and are left; and whether there was a folder to look at."""
    from presswatch.report import tell_count

    if not (settings.bucket or settings.data.exists()):
        call.note(clean_text(f"there is no folder {settings.data} yet: only the outlet files were looked at"))
    if open_count:
        hint = "" if is_mended or settings.bucket else "; --mend mends what can be mended"
        call.note(f"{tell_count(open_count, 'finding')} left{hint}")
    else:
        call.note("all is mended" if count else "nothing is wrong")


def _tell_lost(call: _Call, settings: Settings, health: Health) -> None:
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


# ---------------------------------------------------------------- setting up


@app.command(cls=_Command, epilog=_examples("init"))
def init(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Write a commented presswatch.toml into this folder."""
    from presswatch.settings import FILE_NAME, TEMPLATE
    from presswatch.storage import write_new

    call = _Call(data, as_json, quiet, verbose)
    path = Path(FILE_NAME)
    place = json.dumps(str(data or "data"), ensure_ascii=False)  # TOML's strings are JSON's
    write_new({path: TEMPLATE.replace('data = "data"', f"data = {place}", 1)})
    if as_json:
        _print_json({"path": str(path)})
    call.note(
        f"wrote {path}: put your contact and outlets into it, then `presswatch outlets check ID` and `presswatch watch`"
    )


@outlets_app.command(
    cls=_Command, name="list", epilog=_examples("outlets list", "outlets list --json | jq -r '.[].outlet_id'")
)
def list_outlets(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the outlets that are known."""
    from presswatch.outlets import load_outlets

    call = _Call(data, as_json, quiet, verbose)
    folder = call.read_settings().outlets_folder
    rows = [
        {
            "outlet_id": outlet.id,
            "name": outlet.name,
            "hosts": ", ".join(outlet.hosts),
            "family": outlet.family,
            "discover": ", ".join(dict.fromkeys(source.kind for source in outlet.discover)),
            "min_delay_s": outlet.min_delay_s,
            "file": _tell_file(folder, outlet.id),
        }
        for outlet in load_outlets(folder).values()
    ]
    call.print_rows(rows, title="Outlets")


def _tell_file(folder: Path | None, outlet_id: str) -> str:
    """Where an outlet's file stands: in the user's folder, or in the package."""
    own = folder / f"{outlet_id}.toml" if folder else None
    return str(own) if own and own.exists() else "packaged"


@outlets_app.command(
    cls=_Command,
    name="check",
    epilog=_examples(
        "outlets check indiewire", "outlets check outlets/my-outlet.toml", "outlets check indiewire --apply"
    ),
)
def check_outlet(
    outlet: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="An outlet's id, or the path of an outlet file.", autocompletion=_complete_outlets
        ),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Write the proposed rules that are sure, unasked.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Check an outlet's file, robots.txt, feeds and repeated lines.

    A row for each feed and sitemap, with what it lists; no article is fetched. A row of kind `stop` for each line that
    stands under many of its stored articles, with the rule that would take it out, and a doubt where it may be a fact
    of theirs. On a terminal you are asked which of these rules to write into the outlet's file.
    """
    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    repeats = _find_stop(call, settings, outlet, unasked=apply)
    documents, fault = _ask_documents(call, settings, outlet, wait=wait)
    rows = [_document_row(document) for document in documents]
    if as_json and (repeats or not fault):
        nothing = dict.fromkeys(_STOP_COLUMNS)
        _print_json([*({**row, **nothing} for row in rows), *map(_stop_row, repeats)])
    elif not as_json:
        if not fault:
            call.print_rows(_tell_once(documents), title=outlet)
        if repeats:
            lines = [{name: vars(repeat)[name] for name in _STOP_COLUMNS} for repeat in repeats]
            call.print_rows(lines, title="Lines it repeats")
    _apply_stop(call, call.read_settings(writes_outlets=True), outlet, repeats, unasked=apply)
    if fault:
        raise fault
    if documents and all(row.code in SILENT_CODES for row in documents):
        call.tell_outcome("unreachable", f"outlets check {shlex.quote(outlet)}{call.where}")
        raise typer.Exit(EXIT_UNREACHABLE)


def _find_stop(call: _Call, settings: Settings, outlet: str, *, unasked: bool) -> list[Repeat]:
    """What an outlet repeats, as far as its stored articles can be read; if nothing, `--apply` is told so."""
    from presswatch.errors import DamagedError, SchemaError
    from presswatch.registrar import find_stop

    try:
        found = find_stop(settings, outlet)
    except (DamagedError, SchemaError) as error:
        call.note(f"lines that it repeats were not counted: {error}")
        return []
    if unasked and not found:
        call.note("no rule to write: no line stands under enough of its stored articles that no `stop` names already")
    return found


def _ask_documents(
    call: _Call, settings: Settings, outlet: str, *, wait: bool
) -> tuple[list[DocumentRow], PresswatchError | None]:
    """What feeds and sitemaps say, or why none could be asked: counting needs no contact, no network and no lock."""
    from presswatch.pipeline import check_outlet

    try:
        with _progress(call) as progress:
            return check_outlet(settings, outlet, progress=progress, wait=wait), None
    except PresswatchError as error:
        return [], error


def _document_row(document: DocumentRow) -> dict[str, Any]:
    return {name: vars(document)[name] for name in _DOCUMENT_COLUMNS}


def _tell_once(documents: Sequence[DocumentRow]) -> list[dict[str, Any]]:
    """The rows of feeds and sitemaps for people: what several of them met, as a host that is silent, is told once."""
    rows, told = [], set[str]()
    for document in documents:
        row, fault = _document_row(document), document.fault
        if fault and fault == document.robots:
            row["robots"] = document.code
        row["fault"] = "as above" if fault in told else fault
        told |= {fault} if fault else set()
        rows.append(row)
    return rows


def _stop_row(repeat: Repeat) -> dict[str, Any]:
    """A proposed rule as a row among those of feeds and sitemaps."""
    row = dict.fromkeys(_DOCUMENT_COLUMNS, "")
    return {**row, **vars(repeat), "kind": "stop", "candidates": 0, "documents": 0, "newest_at": None}


def _apply_stop(call: _Call, settings: Settings, outlet: str, repeats: Sequence[Repeat], *, unasked: bool) -> None:
    """Write the rules that the user agrees to; where nobody is to be asked, those without a doubt."""
    from presswatch.registrar import apply_stop
    from presswatch.report import tell_count

    if not repeats:
        return
    is_asked = sys.stdin.isatty() and sys.stderr.isatty() and not (call.as_json or call.quiet or unasked)
    chosen = [r.stop for r in repeats if (unasked and not r.doubt) or (is_asked and _agrees(r))]
    doubted = sum(bool(repeat.doubt) for repeat in repeats)
    if chosen:
        path = apply_stop(settings, outlet, chosen)
        call.note(f"wrote {tell_count(len(chosen), 'rule')} into {path}")
        call.tell_folder(settings, path)
        call.note(f"next: `presswatch rebuild{call.where}` makes the tables again with them")
    elif not (is_asked or unasked):
        sure = f": `presswatch outlets check {outlet}{call.where} --apply` writes the rules without a doubt"
        call.note(f"nothing was changed{sure if doubted < len(repeats) else ''}")
    if doubted and not is_asked:
        told = tell_count(doubted, "rule may", "rules may")
        call.note(f"{told} take out facts, and no --apply writes such; run it on a terminal to be asked for each")


def _agrees(repeat: Repeat) -> bool:
    """Ask on the terminal whether a rule is to be written; no answer is no."""
    where = f"{repeat.articles} articles on {repeat.stories} stories"
    doubt = f"; {repeat.doubt}, so these may be facts" if repeat.doubt else ""
    sys.stderr.write(clean_text(f"take out {repeat.stop} (in {where}, as: {repeat.example}{doubt})? [y/N]") + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


@outlets_app.command(
    cls=_Command,
    name="add",
    epilog=_examples("outlets add https://www.example.org/", "outlets add https://www.example.org/film/ --id example"),
)
def add_outlet(
    url: Annotated[str, typer.Argument(metavar="URL", help="Its front page, or any page that links to its feeds.")],
    outlet_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its id; by default it is made of the host.")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Write a first outlet file, of what its site tells.

    Feeds, sitemaps, platform and layout, as far as they can be found. Asks robots.txt first, then the page, each
    feed and sitemap it names once, and three articles. What is not sure stands in the file as a comment.
    """
    from presswatch.registrar import add_outlet as add
    from presswatch.report import tell_count
    from presswatch.settings import FILE_NAME

    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings(writes_outlets=True)
    with _progress(call) as progress:
        added = add(settings, url, outlet_id=outlet_id, progress=progress, wait=wait)
    draft = added.scouted.draft
    documents = [_document_row(document) for document in added.scouted.documents]
    if as_json:
        sources = [{"kind": source.kind, "url": source.url} for source in draft.discover]
        told = {**vars(draft), "discover": sources, "doubts": [f"{key}: {doubt}" for key, doubt in draft.doubts]}
        _print_json({"path": str(added.path), **told, "documents": documents, "articles": added.scouted.articles})
    else:
        call.print_rows(documents, title=draft.name)
    call.note(clean_text(f"{draft.name}: {_tell_draft(draft)}; {tell_count(len(draft.doubts), 'remark')} in the file"))
    call.note(f"wrote {added.path}: read it, above all its comments")
    call.tell_folder(settings, added.path)
    if draft.id not in settings.collect_outlets:
        call.note(f"`presswatch watch` follows it once `outlets` under [collect] in {FILE_NAME} names {draft.id}")
    until = datetime.now(UTC).date()
    window = f"--since {until - timedelta(days=7)} --until {until}"
    call.note(f"next: `presswatch outlets check {draft.id}{call.where}`,")
    call.note(f"then `presswatch backfill --outlet {draft.id} {window} --dry-run{call.where}`")


def _tell_draft(draft: Draft) -> str:
    """What is known of an outlet now, in a line."""
    from presswatch.report import tell_count

    kinds = Counter(source.kind for source in draft.discover)
    found = [tell_count(count, _SOURCE_NAMES[kind]) for kind, count in kinds.items()] or ["no feed and no sitemap"]
    family = f"markup of {draft.family}" if draft.family else "no platform that is known"
    return ", ".join([*found, family, f"body {draft.body}" if draft.body else "no layout of its own"])


@outlets_app.command(
    cls=_Command,
    name="record",
    epilog=_examples(
        "outlets record https://www.indiewire.com/features/a-review-1234/",
        "outlets record https://www.example.org/a-review/ --outlet example --out tests/outlets/example",
    ),
)
def record_page(
    url: Annotated[str, typer.Argument(metavar="URL", help="The address of an article.")],
    outlet: Annotated[
        str | None,
        typer.Option(
            "--outlet", metavar="ID", help="Whose it is, if its host does not tell.", autocompletion=_complete_outlets
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to write (default: fixtures/ID).")
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Write a fixture pair of an article, for a test.

    Its page's skeleton without its prose, and what is read of it. The stored page is taken where there is one; else
    it is fetched. Every word of it is replaced by one that means nothing, so that the pair may go into a
    repository.
    """
    from presswatch.registrar import record_page as record

    call = _Call(data, as_json, quiet, verbose)
    settings = call.read_settings()
    with _progress(call) as progress:
        recorded = record(settings, url, outlet_id=outlet, out=out, progress=progress, wait=wait)
    if as_json:
        _print_json(vars(recorded))
    origin = "the stored page" if recorded.is_stored else "a page that was fetched"
    call.note(f"wrote {recorded.html} and {recorded.json}, of {origin}")
    for line in recorded.differs:
        call.note(f"read otherwise than the page itself: {line}")
    if recorded.differs:
        call.note("mend the pair by hand, or take another article: as it is, it tests something else")


# ---------------------------------------------------------------- how commands are made


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code."""
    if sys.stdout is None or sys.stderr is None:  # closed, as by `>&-`
        nowhere = Path(os.devnull).open("w")  # noqa: SIM115  # to the end of the process
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_SPELLED_OUT)
    signal.signal(signal.SIGTERM, _interrupt)
    code = run_command(arguments)
    for late in (signal.SIGINT, signal.SIGTERM):
        signal.signal(late, signal.SIG_IGN)  # whoever is impatient now has nothing left to stop
    sys.exit(code)


def _interrupt(*_: object) -> None:
    """End on SIGTERM as on Ctrl-C, by the way that asyncio has prepared for it."""
    if callable(signal.getsignal(signal.SIGINT)):
        signal.raise_signal(signal.SIGINT)
    else:  # whoever started us in the background had Ctrl-C ignored
        raise KeyboardInterrupt


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns: its exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    command = get_command(app)
    if instruction := os.environ.get(_COMPLETE):  # set by the script that --install-completion puts into a shell
        from typer.completion import shell_complete

        return shell_complete(command, {}, "presswatch", _COMPLETE, instruction)
    try:
        with command.make_context("presswatch", words) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except SystemExit as end:  # how typer ends where it has shown or installed a script
        return int(end.code or 0)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - no traceback reaches a user
        return _fail(error, words)
    return 0


def _fail(error: BaseException, words: Sequence[str]) -> int:
    """Say what ended a command. Returns: its exit code."""
    message, code = _tell_end(error, words)
    message = _NEXT_COMMAND.sub(lambda found: f"`{found[1]}{_where_of(words)}`", message)
    for line in message.splitlines() or [""]:
        _note(f"presswatch: {clean_text(line)}")
    return code


def _where_of(words: Sequence[str]) -> str:
    """The words that named the data folder, for a command typed next; none where it was not named."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--data" or word.startswith("--data="):
            named = following if word == "--data" else word.partition("=")[2]
            return f" --data {shlex.quote(named)}" if named else ""
    return ""


def _tell_end(error: BaseException, words: Sequence[str]) -> tuple[str, int]:
    """What ended a command, in words that say what to do, and its exit code."""
    if isinstance(error, FetchError) and error.code in SILENT_CODES:
        return str(error), EXIT_UNREACHABLE
    if isinstance(error, PresswatchError):
        return str(error), error.exit_code
    if isinstance(error, typer.TyperException):
        return _tell_usage(error, words), EXIT_USAGE
    if isinstance(error, KeyboardInterrupt):
        return "interrupted; what was stored is kept, and the next run goes on from there", EXIT_INTERRUPTED
    if isinstance(error, OSError):
        return _tell_disk(error)
    return f"presswatch met a fault of its own: {type(error).__name__}: {error}", EXIT_ERROR


def _tell_usage(error: typer.TyperException, words: Sequence[str]) -> str:
    """What was not understood, what may have been meant, and how it is said."""
    path, command = _find_command(words)
    option = getattr(error, "option_name", None)
    said = error.format_message().rstrip(".").replace(". Did", "; did")
    said = said[:1].lower() + said[1:]
    if near := getattr(error, "possibilities", None):  # of an option
        said = f"{said.partition(' (')[0]}; did you mean {near[0]!r}?"
    elif isinstance(command, TyperGroup) and option:
        own = [name for name in words if name in command.commands]
        if own:
            said += f"; options stand behind the command, as in `{path} {own[0]} {option}`"
    examples = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  presswatch ")]
    examples.sort(key=lambda line: option not in line.split())
    example = f"; for example `{examples[0]}`" if examples else ""
    return f"{said}\n`{path} --help` says more{example}"


def _find_command(words: Sequence[str]) -> tuple[str, Any]:
    """The innermost command that the first words name, and these words."""
    path: list[str] = ["presswatch"]
    command: Any = get_command(app)
    for word in words:
        if not (isinstance(command, TyperGroup) and word in command.commands):
            break
        path.append(word)
        command = command.commands[word]
    return " ".join(path), command


def _run(call: _Call, settings: Settings, plan: Plan, *, wait: bool) -> NoReturn:
    """Carry out a plan, say what came of it, and end with its exit code."""
    from presswatch.pipeline import run_plan

    outlook = _Outlook(call, settings, plan)
    with _progress(call, outlook) as progress:
        summary = run_plan(settings, plan, progress=progress, forecast=outlook.take, wait=wait)
    if call.as_json:
        _print_json(_summary_row(summary) | outlook.row())
    call.tell_summary(summary)
    if plan.command == "watch" and not call.as_json:
        call.print_digest(summary.digest)
    if call.verbose:
        _tell_details(settings, summary)
    raise typer.Exit(summary.exit_code)


@dataclass(frozen=True)
class _Call:
    """What every command can be told: where the data lie, and how to answer."""

    data: str | None
    as_json: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise UsageError("--quiet and --verbose do not go together")

    def read_settings(self, *, writes_outlets: bool = False) -> Settings:
        """The settings that hold here; where the demo's data lie, with its outlets, but for who writes outlet files."""
        from presswatch.demo.newsroom import know_newsroom
        from presswatch.settings import load_settings

        settings = load_settings(data=self.data)
        return settings if writes_outlets else know_newsroom(settings)

    def note(self, text: str) -> None:
        """Say something on stderr, unless quiet is wanted."""
        if not self.quiet:
            _note(text)

    @property
    def where(self) -> str:
        """The words that name the data folder to a command typed next, where this one was told it."""
        return f" --data {shlex.quote(self.data)}" if self.data else ""

    def tell_folder(self, settings: Settings, path: Path) -> None:
        """What keeps a written outlet file from being read, if anything does."""
        from presswatch.settings import FILE_NAME

        if settings.outlets_folder is None:
            self.note(f"so that it is read, put `outlets = {json.dumps(str(path.parent))}` at the top of {FILE_NAME}")

    def tell_summary(self, summary: Summary) -> None:
        """What a run did, and what to type next."""
        from presswatch.report import tell_count

        did = [
            tell_count(summary.discovered, "new candidate"),
            tell_count(summary.fetched, "response") + " stored",
            *self._tell_revisits(summary),
            tell_count(summary.extracted, "article") + " read",
            tell_count(summary.stories, "story", "stories") + " compared",
            tell_count(summary.failed, "failure"),
        ]
        self.note(f"{summary.command}: {', '.join(did)}")
        where = self.where
        if summary.failure_counts:
            counts = ", ".join(f"{count} {code}" for code, count in summary.failure_counts.items())
            self.note(f"failures: {counts}; `presswatch failures --run {summary.run_id}{where}` lists them")
        self._tell_left_out(summary)
        if summary.lost_articles:
            gone = tell_count(summary.lost_articles, "article")
            self.note(f"no longer in the tables: {gone} of which data/raw has nothing that is read as one today")
        self._tell_drift(summary)
        self.tell_outcome(summary.outcome, summary.command)
        if summary.stories:
            self.note(
                f"next: `presswatch stories{where}` lists what there is, `presswatch show WORDS{where}` compares one"
            )

    @staticmethod
    def _tell_revisits(summary: Summary) -> Iterator[str]:
        """How many stored articles were asked for again, and whether that brought other bytes, if any were."""
        from presswatch.report import tell_count

        if summary.asked_again:
            yield f"{tell_count(summary.asked_again, 'article')} asked for again ({summary.sent_anew} sent anew)"

    def _tell_left_out(self, summary: Summary) -> None:
        """What WARC files hold that was not taken in, and how to have it."""
        from presswatch.report import tell_count

        left_out = summary.left_out
        if left_out.page_count:
            pages, hosts = tell_count(left_out.page_count, "page"), tell_count(left_out.host_count, "host")
            address = shlex.quote(f"https://{left_out.host}/")
            self.note(
                clean_text(
                    f"passed over: {pages} of {hosts} that no outlet is registered for, most of {left_out.host}; next:"
                    f" `presswatch outlets add {address}` registers that one, and `--all-hosts` takes all there are"
                )
            )
        if left_out.revisit_count:
            records = tell_count(left_out.revisit_count, "revisit record")
            self.note(
                f"left out: {records} whose originals are in none of these files; next: take them in together with"
                " the files that hold those"
            )

    def _tell_drift(self, summary: Summary) -> None:
        """Whose pages are no longer marked up as the outlet's file says."""
        for drift in summary.drift:
            self.note(
                f"{drift.name} may have changed its pages: its layout matched nothing on {drift.missed} of {drift.read}"
                " articles, which the general reader took; next: mend `[[layouts]]` of its file by one of them:"
                f" `presswatch outlets record {shlex.quote(drift.url)}{self.where}`"
            )

    def tell_outcome(self, outcome: str, command: str) -> None:
        """What is to be said of how a run of a command ended."""
        if outcome == "unreachable":
            self.note(f"nobody answered: is this machine on the network? The same `presswatch {command}` tries again")

    def tell_failures(self, failures: Sequence[Failure]) -> None:
        """What went wrong and is in no table yet: a line for each cause, for one host may fail a thousand URLs."""
        causes: dict[str, list[str]] = {}
        for failure in failures:
            causes.setdefault(f"{failure.error}: {failure.message}", []).append(failure.url)
        for cause, urls in causes.items():
            shown = urls if self.verbose else urls[:1]
            more = f" and {len(urls) - len(shown)} more" if len(urls) > len(shown) else ""
            self.note(f"{cause} ({', '.join(shown)}{more})")

    def print_digest(self, digest: Digest) -> None:
        """What is new; where everything is, how much there is."""
        from presswatch.report import render_digest

        if digest.is_first:
            self.note(f"first run: {digest.summary}; the next `presswatch watch` tells what is new since")
        elif digest:
            with _console() as console:
                render_digest(digest, console, full=self.verbose)

    def print_frame(self, frame: pd.DataFrame, *, title: str, columns: Sequence[str]) -> None:
        """A listing of a table: all columns as JSON or where more is wanted, else these."""
        from presswatch.tables.rows import plain_rows

        rows = plain_rows(frame)
        whole = self.as_json or self.verbose
        self.print_rows(rows if whole else [{name: row[name] for name in columns} for row in rows], title=title)

    def print_rows(self, rows: Sequence[Mapping[str, Any]], *, title: str) -> None:
        """A listing: a JSON array, or a table that fits the terminal."""
        if self.as_json:
            _print_json(list(rows))
            return
        if not rows:
            self.note(f"{clean_text(title)}: none")
            return
        from presswatch.report import render_listing

        shown = len(rows) if self.verbose else _LISTED
        with _console() as console:
            render_listing(rows[:shown], console, title=clean_text(title))
        if len(rows) > shown:
            self.note(f"{len(rows) - shown} more; --verbose or --json gives all")


# ---------------------------------------------------------------- reading words


def _chosen(settings: Settings, wanted: list[str] | None) -> tuple[str, ...]:
    """The outlets to fetch: those asked for, else those of the settings."""
    return tuple(dict.fromkeys(wanted or settings.collect_outlets))


def _window(since: str | None, until: str | None) -> Window | None:
    """The window that is meant; None where neither end is said.

    Raises: UsageError where one end is missing, an end is no date, or the window is empty.
    """
    from presswatch.model import Window

    if since is None and until is None:
        return None
    if since is None or until is None:
        raise UsageError("--since and --until go together: --since 2024-01-01 --until 2024-02-01")
    window = Window(since=_day(since, "--since"), until=_day(until, "--until"))
    if window.since >= window.until:
        raise UsageError(f"--since {since} is not before --until {until}, which is not included")
    return window


def _day(text: str, option: str) -> datetime:
    """A day or a moment, in UTC where no zone is said."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{option} {text!r} is no date: write it like 2024-01-31") from None


def _read_urls(path: Path) -> tuple[str, ...]:
    """The lines of a list of URLs, without blanks and comments.

    Raises: UsageError where there is no such file, it is no plain text, or there is no line in it.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"--urls {path}: {error.strerror}") from None
    if b"\0" in body:  # a workbook has thousands of lines, all of them noise; so has UTF-16
        raise UsageError(f"--urls {path}: it is no plain text: save the addresses as text (UTF-8), one a line")
    lines = body.decode("utf-8-sig", errors="replace").splitlines()
    found = tuple(line for line in (_URL_COMMENT.sub("", line).strip() for line in lines) if line)
    if not found:
        raise UsageError(f"--urls {path}: no address in it; write one a line")
    return found


def _tables(settings: Settings) -> Tables:
    from presswatch.storage import DataDir
    from presswatch.tables import load

    return load(DataDir(settings.data, settings.bucket).refresh().clean)


def _find_stories(tables: Tables, words: str) -> pd.DataFrame:
    """The stories whose headlines (of any article) or topics hold all the words, the newest last article first."""
    from presswatch.topics import fold_words

    frame = tables.stories.sort_values(["last_published_at", "story_id"], ascending=[False, True], na_position="last")
    wanted = fold_words(words).split()
    told = _told(tables, frame)
    return frame[told.map(lambda text: all(f" {word} " in text for word in wanted))] if wanted else frame


def _told(tables: Tables, frame: pd.DataFrame) -> pd.Series[str]:
    """What each story is known by: the words of its articles' headlines and of its topics."""
    from presswatch.topics import fold_words

    articles = tables.select("articles", ["story_id", "headline"])
    headlines = articles.groupby("story_id")["headline"].agg(lambda found: " ".join(found.dropna()))
    told = frame["story_id"].map(headlines).fillna("") + " " + frame["topics"].fillna("")
    return told.map(fold_words)


def _join_asked(call: _Call, words: Sequence[str]) -> str:
    """What is asked of `show`, as one text. Raises: UsageError where nothing is."""
    asked = " ".join(words).strip()
    if not asked:
        raise UsageError(
            f"no story is named: type words of its headline, as `presswatch show paper regatta{call.where}`, or its id;"
            f" `presswatch stories{call.where}` lists them"
        )
    return asked


def _one_story(call: _Call, tables: Tables, asked: str) -> str:
    """The one story that is meant.

    Raises: UsageError where there is none; where there are several they are listed, and the command ends with 2.
    """
    try:
        return tables.find_story(asked)
    except UsageError:
        found = _find_stories(tables, asked)
    if found.empty:
        begins = tables.stories["story_id"].str.startswith(asked.lower()).any()
        short = "; of the beginning of an id six characters are needed" if begins else ""
        raise UsageError(
            f"no story has the id {asked!r} or these words in a headline{short}{_near_stories(call, tables, asked)}"
        )
    if len(found) == 1:
        return str(found["story_id"].iloc[0])
    title = f"Stories that hold {asked!r}: say more words, or an id"
    call.print_frame(found, title=title, columns=("story_id", "headline", "last_published_at"))
    raise typer.Exit(EXIT_USAGE)


def _near_stories(call: _Call, tables: Tables, asked: str) -> str:
    """What else may have been meant: the story with nearly this id, nearly these words, or most of them."""
    from presswatch.checks import nearest
    from presswatch.topics import fold_words

    wanted = set(fold_words(asked).split())
    shared = _told(tables, tables.stories).map(lambda text: len(wanted & set(text.split())))
    known = tables.stories.assign(shared=shared).sort_values("shared", ascending=False)
    near = known[known["shared"] > 0].head(_NEAREST)
    lines = [f"perhaps {row.story_id}  {row.headline}" for row in near.itertuples()]
    meant = nearest(asked, tables.stories["story_id"]) or _near_words(tables, asked)
    return "\n".join([meant, *lines, f"`presswatch stories{call.where}` lists them"])


def _near_words(tables: Tables, asked: str) -> str:
    """`; did you mean …?` with the nearest words that headlines and topics hold; nothing where none is near."""
    from difflib import get_close_matches

    from presswatch.topics import fold_words

    told = {word for text in _told(tables, tables.stories) for word in text.split()}
    meant = [(get_close_matches(word, told, n=1) or [word])[0] for word in fold_words(asked).split()]
    is_other = meant != fold_words(asked).split() and told.issuperset(meant)
    return f"; did you mean {' '.join(meant)!r}?" if is_other else ""


# ---------------------------------------------------------------- saying things


@contextmanager
def _console() -> Iterator[Console]:
    """A console that gathers what is laid out on it; at the end all of it goes to stdout at once."""
    from rich.console import Console

    page = io.StringIO()
    colors: Any = None if os.environ.get("NO_COLOR") else "auto"  # no-color.org; None writes no escapes at all
    yield Console(file=page, force_terminal=sys.stdout.isatty() or None, color_system=colors)
    _write(sys.stdout, page.getvalue())


def _workbook(tables: Tables, story_id: str) -> bytes:
    from presswatch.report.workbook import render_xlsx

    return render_xlsx(tables, story_id)


def _show_terminal(call: _Call, tables: Tables, story_id: str) -> None:
    from presswatch.report import describe_story, render_terminal

    with _console() as console:
        render_terminal(describe_story(tables, story_id, tables.outlet_names()), console, full=call.verbose)


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
    tables = _tables(settings)
    failed = tables.failures[tables.failures["run_id"] == summary.run_id]
    for row in failed.itertuples():
        _note(clean_text(f"{row.error}: {row.url} {row.message}"))
    for row in tables.stories[tables.stories["story_id"].isin(summary.story_ids)].itertuples():
        _note(clean_text(f"story {row.story_id}: {row.headline}"))


class _Outlook:
    """What a run is going to fetch, told at its start and again when an outlet's feeds and sitemaps have been read.

    Threads may share it.
    """

    def __init__(self, call: _Call, settings: Settings, plan: Plan) -> None:
        self._call, self._plan = call, plan
        self._concurrency = settings.fetch.concurrency
        self._forecasts: dict[str, Forecast] = {}
        self._began: dict[str, float] = {}
        self._hand = Lock()
        self._is_told = plan.command == "backfill"
        if self._is_told:
            self._tell_start(settings)

    def take(self, forecast: Forecast) -> None:
        """Say what one outlet comes to, and what all of them do once the last is known."""
        with self._hand:
            self._forecasts[forecast.outlet_id] = forecast
            self._began[forecast.outlet_id] = monotonic()
            is_last = len(self._forecasts) == len(self._plan.outlet_ids) > 1
        if not self._is_told:
            return
        self._call.note(_tell_forecast(forecast.outlet_id, [forecast], forecast.duration_s, forecast.delay_s))
        if is_last:
            self._call.note(_tell_forecast("together", list(self._forecasts.values()), self._duration_s(), None))

    def left_s(self, parts: Mapping[str, tuple[int, int | None]]) -> float | None:
        """Seconds until the last URL of some outlets, by what is left of each at its pace; None where that is unknown.

        Where a host answers more slowly than its pace allows, the pace is what it answered at so far.
        """
        left = []
        for outlet_id, (done, total) in parts.items():
            forecast = self._forecasts.get(outlet_id)
            if forecast is None or total is None or not (done or forecast.delay_s):
                return None
            so_far_s = (monotonic() - self._began[outlet_id]) / done if done else 0.0
            left.append((total - done) * max(forecast.delay_s, so_far_s))
        return self._side_by_side(left) if left else None

    def with_waiting(self, parts: Mapping[str, tuple[int, int | None]]) -> Mapping[str, tuple[int, int | None]]:
        """How far outlets are, and those with them that wait for their first URL."""
        return {one.outlet_id: (0, one.url_count) for one in self._forecasts.values() if one.url_count} | dict(parts)

    def row(self) -> dict[str, Any]:
        """What was foreseen, for JSON; nothing where no outlet is asked."""
        if not self._forecasts:
            return {}
        window, forecasts = self._plan.window, list(self._forecasts.values())
        return {
            "plan": {
                "since": window.since if window else None,
                "until": window.until if window else None,
                "documents": sum(one.document_count for one in forecasts),
                "urls": sum(one.url_count for one in forecasts),
                "duration_s": self._duration_s(),
                "outlets": [
                    {
                        "outlet_id": one.outlet_id,
                        "documents": one.document_count,
                        "urls": one.url_count,
                        "delay_s": one.delay_s,
                        "duration_s": one.duration_s,
                    }
                    for one in forecasts
                ],
            }
        }

    def _tell_start(self, settings: Settings) -> None:
        from presswatch.desk import find_forgotten
        from presswatch.report import tell_count

        plan = self._plan
        if plan.window:
            what = f"{_minute(plan.window.since)} … {_minute(plan.window.until)}, the end not included"
        else:
            what = tell_count(len(plan.urls), "listed URL")
        told = [what, *([", ".join(plan.outlet_ids)] if plan.outlet_ids else [])]
        told += [f"only what says {plan.query!r}"] if plan.query else []
        told += ["what is stored is asked for again, if it changed"] if plan.is_restart else []
        self._call.note(clean_text(f"backfill: {'; '.join(told)}"))
        if kept_out := find_forgotten(settings, plan.urls):
            these = tell_count(len(kept_out), "of them is", "of them are")
            why = f"`presswatch explain {shlex.quote(kept_out[0])}{self._call.where}` says more"
            self._call.note(clean_text(f"{these} on the list of what was forgotten, and not asked for: {why}"))

    def _duration_s(self) -> float:
        return self._side_by_side([one.duration_s for one in self._forecasts.values()])

    def _side_by_side(self, durations: Sequence[float]) -> float:
        """Outlets go side by side: the longest counts, or all of them where there are more than go at once."""
        return max(*durations, sum(durations) / self._concurrency, 0.0)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _tell_forecast(name: str, forecasts: Sequence[Forecast], duration_s: float, delay_s: float | None) -> str:
    """What one outlet, or all of them, come to."""
    from presswatch.report import tell_count

    documents = sum(one.document_count for one in forecasts)
    urls = sum(one.url_count for one in forecasts)
    read = [f"{tell_count(documents, 'document')} read"] if documents else []
    told = [*read, f"{tell_count(urls, 'URL')} to fetch"]
    if duration_s:
        pace = f" (one request every {delay_s:g} s)" if delay_s else " (outlets go side by side)"
        told.append(f"{_tell_duration(duration_s)} at least{pace}")
    return f"{name}: {', '.join(told)}"


def _tell_duration(seconds: float) -> str:
    """A time to go, as exact as it is known."""
    minute, hour = 60, 3600
    if seconds < 1.5 * minute:
        return f"about {max(round(seconds), 1)} s"
    if seconds < 1.5 * hour:
        return f"about {round(seconds / minute)} min"
    return f"about {seconds / hour:.1f} h"


@contextmanager
def _progress(call: _Call, outlook: _Outlook | None = None) -> Iterator[Progress]:
    """What shows progress on stderr: a bar on a terminal, plain lines elsewhere, nothing where quiet."""
    if call.quiet:
        yield lambda *_: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _Bars(outlook) as bars:
            yield bars.show
    else:
        yield _Lines(outlook).show


class _Tally:
    """How far each stage is, over all outlets and files that are worked on at once. Threads may share it."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, tuple[int, int | None]]] = {}

    def count(self, stage: str, done: int, total: int | None, what: str) -> tuple[int, int | None]:
        """Take in how far a part is. Returns: how far the stage is, and of how many."""
        parts = self.parts.setdefault(stage, {})
        parts["" if stage == "ingest" else what] = done, total
        known = list(parts.values())
        totals = [total for _, total in known if total is not None]
        return sum(done for done, _ in known), sum(totals) if len(totals) == len(known) else None


class _Bars:
    """A bar for each stage."""

    def __init__(self, outlook: _Outlook | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        texts = ("{task.description}", "{task.fields[share]}", "{task.fields[left]}")
        named, counted, left = (TextColumn(told, markup=False) for told in texts)
        columns = (named, BarColumn(), counted, left)
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, Any] = {}
        self._tally, self._outlook, self._hand = _Tally(), outlook, Lock()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Move a bar."""
        with self._hand:
            sum_done, sum_total = self._tally.count(stage, done, total, what)
            if stage not in self._tasks:
                self._tasks[stage] = self._progress.add_task(stage, total=sum_total, share="", left="")
            told, share = f"{stage} {clean_text(what)}", _tell_share(stage, sum_done, sum_total)
            left = ""
            if self._outlook and stage == "collect":
                left = _tell_left(self._outlook, self._outlook.with_waiting(self._tally.parts[stage]))
            task = self._tasks[stage]
            self._progress.update(task, description=told, completed=sum_done, total=sum_total, share=share, left=left)


class _Lines:
    """A sentence where a stage begins, and then one now and then; of fetching, one of each outlet, and its last."""

    def __init__(self, outlook: _Outlook | None) -> None:
        self._told_at: dict[str, float] = {}
        self._tally, self._outlook, self._hand = _Tally(), outlook, Lock()

    def show(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Say a line, if enough time has gone by since the last."""
        with self._hand:
            sum_done, sum_total = self._tally.count(stage, done, total, what)
            is_fetching, now = stage == "collect", monotonic()
            key = f"{stage} {what}" if is_fetching else stage
            since = now - self._told_at.setdefault(key, now if is_fetching else -_LINE_EVERY_S)
            if since < (_FETCH_LINE_EVERY_S if is_fetching else _LINE_EVERY_S) and not (is_fetching and done == total):
                return
            self._told_at[key] = now
        if is_fetching:
            left = _tell_left(self._outlook, {what: (done, total)}) if done != total else ""
            _note(f"{clean_text(what)}: {done} of {total} done{left and f', {left}'}")
        else:
            share = _tell_share(stage, sum_done, sum_total)
            told = _SENTENCES.get(stage, "{stage}: {what}")
            _note(told.format(stage=stage, done=sum_done, share=share, what=clean_text(what)))


_FETCH_LINE_EVERY_S = 30.0  # between two lines of one outlet
_SENTENCES = {
    "wait": "waiting: {what}",
    "discover": "{what}: reading its feeds and sitemaps",
    "scout": "asking for {what}",
    "ingest": "{share} taken in, now {what}",
    "read": "reading articles of {what}; {done} read so far",
    "compare": "comparing what the outlets say",
    "forget": "taking out of {what}",
    "compact": "putting files together; {share} done, the last of {what}",
}


def _tell_left(outlook: _Outlook | None, parts: Mapping[str, tuple[int, int | None]]) -> str:
    """The time to go, where it can be told."""
    left_s = outlook.left_s(parts) if outlook else None
    return f"{_tell_duration(left_s)} to go" if left_s else ""


def _tell_share(stage: str, done: int, total: int | None) -> str:
    """How far a stage is. Of files that are taken in bytes are counted: one may be as large as a thousand others."""
    done_told, total_told = (
        f"{number / 1e6:,.1f}" if stage == "ingest" else f"{number}" for number in (done, total or 0)
    )
    of = "" if total is None else f" of {total_told}"
    return f"{done_told}{of}{' MB' if stage == 'ingest' else ''}"


def _story_json(tables: Tables, story_id: str) -> dict[str, Any]:
    """One story as JSON: its row, and its rows of every other table."""
    from presswatch.tables import TABLES
    from presswatch.tables.rows import plain_rows

    of_story = tables.story(story_id)
    found = {name: plain_rows(getattr(of_story, name)) for name, table in TABLES.items() if not table.is_log}
    return {**found.pop("stories")[0], **found}


def _print_json(content: Any) -> None:
    """Print JSON whose characters all print: others, and what stdout cannot encode, stand as escapes."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(content, default=_jsonable, ensure_ascii=not is_unicode, indent=2)
    lines = (line if line.isprintable() else "".join(map(_escape, line)) for line in text.split("\n"))
    _print("\n".join(lines))


def _escape(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _print(text: str) -> None:
    _write(sys.stdout, f"{text}\n")


def _print_wrapped(label: str, text: str) -> None:
    """Print a text beside its label, no wider than the terminal but for wide words; in one line where there is none."""
    width = shutil.get_terminal_size((0, 0)).columns
    room = max(width - len(label), _LEAST_ROOM)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) if width else [text]
    for number, line in enumerate(lines or [""]):
        _print(f"{' ' * len(label) if number else label}{line}")


def _note(text: str) -> None:
    _write(sys.stderr, f"{text}\n")


def _write(stream: TextIO, text: str) -> None:
    """Write text, now. Where the reader of a pipe has gone nothing is wrong: the work goes on unheard."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Let what is written from now on, and what waits to be, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _tell_disk(error: OSError) -> tuple[str, int]:
    """An error of the operating system, told as one of the disk; it may be stdout that lies on a full one."""
    from presswatch.storage import disk_error

    with suppress(OSError):
        _silence(sys.stdout)
    told = disk_error(error, Path("output"))
    return str(told), told.exit_code


# Signs of ours and of print, for terminals that cannot show them; letters lose their accents.
_SIGNS = dict(zip("●◐≠·─…−–—←→“”„«»‘’‚×", "*o!.-.---<>" + 5 * '"' + 3 * "'" + "x", strict=True))
_SPELLED_OUT = "presswatch.spelled_out"


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Characters that an output cannot encode, in signs that every one can."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spell_char, error.object[error.start : error.end])), error.end


def _spell_char(char: str) -> str:
    plain = _SIGNS.get(char) or unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return plain or ("" if unicodedata.combining(char) else "?")


codecs.register_error(_SPELLED_OUT, _spell)
