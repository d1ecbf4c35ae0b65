"""The command line: words in, one plan out. Data goes to stdout, messages to stderr; no traceback reaches a user.

Everything heavy is imported inside the command that needs it, so that `presswatch --help` answers at once.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import click
import typer

from presswatch.errors import ConfigError, PresswatchError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from presswatch.pipeline import Plan, Progress, Summary
    from presswatch.settings import Settings
    from presswatch.tables import Tables

EXIT_ERROR, EXIT_USAGE, EXIT_DISK, EXIT_INTERRUPTED = 1, 2, 3, 130
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG}
_LINE_EVERY = 100  # steps between two lines of progress where the end is not known
_LISTED = 200  # rows a listing shows on a terminal; --json gives all

_AFTER_DEMO = """
Six invented outlets were fetched over real HTTP on this machine; nothing of it is real. It lies in {data}/:
  raw/     every response, as WARC           clean/   the tables, as parquet
  report/  a page a story: open {data}/report/{story_id}.html
Type next:
  presswatch show {story_id} --verbose       everything, uncut
  presswatch stories                         what else there is
  presswatch failures                        what could not be had, and why
  python -c 'import presswatch; print(presswatch.load("{data}/clean").matrix("{story_id}"))'
  presswatch init                            start with real outlets"""

app = typer.Typer(
    name="presswatch",
    help="Name a film, and see what every outlet said: who said it first, who took it from whom, and where they disagree.",
    epilog="New here? `presswatch demo` shows it all on a bundled newsroom; `presswatch init` starts your own.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
outlets_app = typer.Typer(help="The registry of outlets.", no_args_is_help=True)
app.add_typer(outlets_app, name="outlets")

DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder (default: data).")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes; errors only.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more.")]
WaitOption = Annotated[bool, typer.Option("--wait", help="Wait for another run to end instead of giving up.")]
OutletOption = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="ID", help="Only this outlet; may be repeated.")
]


# ---------------------------------------------------------------- runs


@app.command()
def watch(
    outlet: OutletOption = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Fetch the newest coverage of your outlets, once. This is what a schedule runs."""
    from presswatch.pipeline import Plan

    settings = _settings(data)
    _run(settings, Plan(command="watch", outlet_ids=_chosen(settings, outlet)), as_json, quiet, verbose, wait)


@app.command()
def backfill(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day, like 2024-01-31 (UTC).")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last (UTC).")] = None,
    outlet: OutletOption = None,
    query: Annotated[
        str, typer.Option(metavar="Q", help="Only candidates with all these words in title or address.")
    ] = "",
    urls: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Fetch these URLs, one a line; no dates needed.")
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
    """Fetch a window of the past: from --since up to, not including, --until. Goes on where an earlier run stopped."""
    from presswatch.model import Window
    from presswatch.pipeline import Plan, preview_plan

    settings = _settings(data)
    window: Window | None = None
    listed: tuple[str, ...] = ()
    if urls is not None:
        listed = tuple(_read_lines(urls))
    else:
        if since is None or until is None:
            raise UsageError("say from when to when: --since 2024-01-01 --until 2024-02-01 (or --urls FILE)")
        window = Window(since=_day(since, "--since"), until=_day(until, "--until"))
        if window.since >= window.until:
            raise UsageError(f"--since {since} is not before --until {until}")
    chosen = () if listed and not outlet else _chosen(settings, outlet)
    plan = Plan(command="backfill", outlet_ids=chosen, window=window, urls=listed, query=query, is_restart=restart)
    if dry_run:
        with _progress(quiet) as progress:
            rows = preview_plan(settings, plan, progress=progress, wait=wait)
        _print_rows(rows, as_json, title="What would be fetched")
    else:
        _run(settings, plan, as_json, quiet, verbose, wait)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="WARC, .html, .html.gz or .txt files.")],
    outlet: Annotated[str | None, typer.Option("--outlet", metavar="ID", help="Whose they are.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Take in WARC files, saved pages and plain texts. Nothing is fetched."""
    from presswatch.pipeline import Plan

    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"no such file: {', '.join(missing)}")
    settings = _settings(data)
    _run(settings, Plan(command="ingest", paths=tuple(paths), ingest_as=outlet), as_json, quiet, verbose, wait)


@app.command()
def rebuild(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day of collecting (UTC).")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last (UTC).")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Make the tables again from data/raw: after an upgrade, after a change of outlet rules, after damage."""
    from presswatch.model import Window
    from presswatch.pipeline import Plan

    if (since is None) != (until is None):
        raise UsageError("--since and --until go together")
    window = None
    if since and until:
        window = Window(since=_day(since, "--since"), until=_day(until, "--until"))
    _run(_settings(data), Plan(command="rebuild", window=window, is_rebuild=True), as_json, quiet, verbose, wait)


@app.command()
def demo(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    wait: WaitOption = False,
) -> None:
    """Run the whole pipeline over a bundled newsroom of invented outlets, over real HTTP on this machine."""
    from presswatch.demo.show import run_demo

    settings = _settings(data)
    with _progress(quiet) as progress:
        done = run_demo(settings, progress=progress, wait=wait)
    if as_json:
        _print_json(_summary_row(done.backfill) | {"story_id": done.story_id, "data": str(settings.data)})
        return
    if not quiet:
        _tell_summary(done.backfill, verbose)
        _tell_summary(done.watch, verbose)
    _show_terminal(_tables(settings), done.story_id, done.settings, verbose)
    if not quiet:
        _note(_AFTER_DEMO.format(data=settings.data, story_id=done.story_id))


# ---------------------------------------------------------------- reading the tables


@app.command()
def stories(
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="Words of a headline or topic.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the stories, newest first; with words, those whose headlines or topics hold them all."""
    tables = _tables(_settings(data))
    found = _find_stories(tables, " ".join(words or []))
    _print_frame(
        found,
        as_json,
        title="Stories",
        columns=("story_id", "headline", "first_published_at", "outlet_count", "article_count"),
    )


@app.command()
def show(
    story: Annotated[list[str], typer.Argument(metavar="STORY", help="An id, or words that only one story holds.")],
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write one self-contained page.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the claim × outlet table.")] = None,
    md: Annotated[Path | None, typer.Option(metavar="FILE", help="Write Markdown.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Show one story: what differs, who says what, who took it from whom, what each left out."""
    from presswatch.report import describe_story, render_csv, render_html, render_markdown

    settings = _settings(data)
    tables = _tables(settings)
    story_id = _one_story(tables, " ".join(story), as_json=as_json)
    names = _outlet_names(settings)
    makers: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: render_html(describe_story(tables, story_id, names))),
        (csv, lambda: render_csv(tables, story_id)),
        (md, lambda: render_markdown(describe_story(tables, story_id, names))),
    ]
    for path, make in makers:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(make(), "utf-8")
            if not quiet:
                _note(f"wrote {path}")
    if as_json:
        _print_json(_story_json(tables, story_id))
    elif not any(path for path, _ in makers):
        _show_terminal(tables, story_id, settings, verbose)


@app.command()
def failures(
    run: Annotated[str | None, typer.Option(metavar="RUN_ID", help="Only this run.")] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what went wrong, newest first, one row a URL and run."""
    frame = _tables(_settings(data)).failures.sort_values("at", ascending=False)
    if run:
        frame = frame[frame["run_id"] == run]
    _print_frame(frame, as_json, title="Failures", columns=("at", "outlet_id", "stage", "error", "url", "message"))


@app.command()
def status(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Say how things stand: what is stored, how the last run ended, and what to do next."""
    from presswatch.pipeline import describe_status

    found = describe_status(_settings(data))
    if as_json:
        _print_json(found)
        return
    for line in found["lines"]:
        _print(line)


# ---------------------------------------------------------------- setting up


@app.command()
def init() -> None:
    """Write a commented presswatch.toml into this folder."""
    from presswatch.settings import FILE_NAME, TEMPLATE

    path = Path(FILE_NAME)
    if path.exists():
        raise UsageError(f"{path} is here already; edit it, or move it away and run `presswatch init` again")
    path.write_text(TEMPLATE, "utf-8")
    _note(
        f"wrote {path}: put your contact and outlets into it, then `presswatch outlets check ID` and `presswatch watch`"
    )


@outlets_app.command("list")
def list_outlets(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the outlets that are known."""
    from presswatch.outlets import load_outlets

    rows = [
        {
            "outlet_id": outlet.id,
            "name": outlet.name,
            "hosts": ", ".join(outlet.hosts),
            "family": outlet.family,
            "discover": ", ".join(dict.fromkeys(source.kind for source in outlet.discover)),
            "min_delay_s": outlet.min_delay_s,
        }
        for outlet in load_outlets(_settings(data).outlets_folder).values()
    ]
    _print_rows(rows, as_json, title="Outlets")


@outlets_app.command("check")
def check_outlet(
    outlet: Annotated[str, typer.Argument(metavar="ID", help="An outlet's id, or the path of an outlet file.")],
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check an outlet: its file, what its robots.txt allows, and what its feeds and sitemaps list."""
    from presswatch.pipeline import check_outlet as check

    with _progress(quiet) as progress:
        rows = check(_settings(data), outlet, progress=progress)
    _print_rows(rows, as_json, title=outlet)


# ---------------------------------------------------------------- how commands are made


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code."""
    sys.exit(run_command(arguments))


def run_command(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns: its exit code."""
    try:
        result = app(args=None if arguments is None else list(arguments), standalone_mode=False)
    except PresswatchError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        _print(error.format_message())
        return EXIT_USAGE
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except (KeyboardInterrupt, click.Abort):
        return _fail("interrupted; the next run goes on from here", EXIT_INTERRUPTED)
    except BrokenPipeError:
        # the reader of a pipe has gone: nothing is wrong, and Python is to write no more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        code = EXIT_DISK if error.errno in _DISK_ERRORS else EXIT_ERROR
        return _fail(f"{error.filename or 'disk'}: {error.strerror or error}", code)
    except Exception as error:  # noqa: BLE001 - no traceback reaches a user
        return _fail(f"presswatch met a fault of its own: {type(error).__name__}: {error}", EXIT_ERROR)
    return result if isinstance(result, int) else 0


def _run(settings: Settings, plan: Plan, as_json: bool, quiet: bool, verbose: bool, wait: bool) -> NoReturn:
    """Carry out a plan, say what came of it, and end with its exit code."""
    from presswatch.pipeline import run_plan

    with _progress(quiet) as progress:
        summary = run_plan(settings, plan, progress=progress, wait=wait)
    if as_json:
        _print_json(_summary_row(summary))
    elif not quiet:
        _tell_summary(summary, verbose)
    raise typer.Exit(summary.exit_code)


# ---------------------------------------------------------------- reading words


def _settings(data: Path | None) -> Settings:
    from presswatch.settings import load_settings

    return load_settings(data=data)


def _chosen(settings: Settings, wanted: list[str] | None) -> tuple[str, ...]:
    """The outlets to fetch: those asked for, else those of the settings.

    Raises: ConfigError where there are none.
    """
    chosen = tuple(dict.fromkeys(wanted or settings.collect_outlets))
    if not chosen:
        raise ConfigError(
            "presswatch.toml",
            ['no outlets to fetch: put `outlets = ["indiewire"]` under [collect], or say --outlet ID'],
        )
    return chosen


def _day(text: str, option: str) -> datetime:
    """A day or a moment, in UTC where no zone is said."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is no date: write it like 2024-01-31") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read_lines(path: Path) -> list[str]:
    """The lines of a list of URLs, without blanks and comments."""
    try:
        lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    except FileNotFoundError:
        raise UsageError(f"no such file: {path}") from None
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _tables(settings: Settings) -> Tables:
    from presswatch.tables import load

    return load(settings.data / "clean")


def _find_stories(tables: Tables, words: str) -> pd.DataFrame:
    """The stories whose headlines (of any article) or topics hold all the words, newest first."""
    from presswatch.topics import fold_words

    frame = tables.stories.sort_values(["last_published_at", "story_id"], ascending=[False, True], na_position="last")
    wanted = fold_words(words).split()
    if not wanted:
        return frame
    headlines = tables.articles.groupby("story_id")["headline"].agg(lambda found: " ".join(found.dropna()))
    told = frame["story_id"].map(headlines).fillna("") + " " + frame["topics"].fillna("")
    return frame[told.map(lambda text: all(f" {word} " in fold_words(text) for word in wanted))]


def _one_story(tables: Tables, asked: str, *, as_json: bool) -> str:
    """The one story that is meant.

    Raises: UsageError where there is none; where there are several they are listed, and the command ends with 2.
    """
    try:
        return tables.find_story(asked)
    except UsageError:
        found = _find_stories(tables, asked)
    if len(found) == 1:
        return str(found["story_id"].iloc[0])
    if found.empty:
        raise UsageError(f"no story has the id {asked!r} or these words in a headline; `presswatch stories` lists them")
    _print_frame(
        found,
        as_json,
        title=f"{len(found)} stories hold {asked!r}: say more words, or an id",
        columns=("story_id", "headline", "first_published_at"),
    )
    raise typer.Exit(EXIT_USAGE)


def _outlet_names(settings: Settings) -> dict[str, str]:
    from presswatch.outlets import load_outlets

    return {outlet.id: outlet.name for outlet in load_outlets(settings.outlets_folder).values()}


# ---------------------------------------------------------------- saying things


def _show_terminal(tables: Tables, story_id: str, settings: Settings, verbose: bool) -> None:
    from rich.console import Console

    from presswatch.report import describe_story, render_terminal

    render_terminal(describe_story(tables, story_id, _outlet_names(settings)), Console(), full=verbose)


def _summary_row(summary: Summary) -> dict[str, Any]:
    row = dict(vars(summary))
    row["failure_counts"] = dict(summary.failure_counts)
    return row


def _tell_summary(summary: Summary, verbose: bool) -> None:
    """What a run did, and what to type next."""
    _note(
        f"{summary.command}: {summary.discovered} new candidates, {summary.fetched} responses stored, "
        f"{summary.extracted} articles read, {summary.stories} stories compared, {summary.failed} failures"
    )
    if summary.failure_counts:
        counts = ", ".join(f"{count} {code}" for code, count in summary.failure_counts.items())
        _note(f"failures: {counts}; `presswatch failures --run {summary.run_id}` lists them")
    if summary.stories:
        _note("next: `presswatch stories` lists what there is, `presswatch show WORDS` compares one")


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """What shows progress on stderr: a bar on a terminal, plain lines elsewhere, nothing where quiet."""
    if quiet:
        yield lambda *_: None
    elif sys.stderr.isatty():
        with _Bars() as bars:
            yield bars.show
    else:
        yield _Lines().show


class _Bars:
    """A bar for each stage and outlet."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[tuple[str, str], Any] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Move a bar."""
        key = (stage, what if stage == "collect" else "")
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(" ".join(key), total=total)
        self._progress.update(self._tasks[key], completed=done, total=total)


class _Lines:
    """A line where a stage begins, and one every so many steps."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], int] = {}

    def show(self, stage: str, done: int, total: int | None, what: str) -> None:
        """Say a line, if enough has happened since the last."""
        key = (stage, what if stage == "collect" else "")
        step = _LINE_EVERY if total is None else max(total // 4, 1)
        if key in self._last and done - self._last[key] < step and done != total:
            return
        self._last[key] = done
        of = "" if total is None else f" of {total}"
        _note(f"{' '.join(part for part in key if part)}: {done}{of}" if done else f"{stage}: {what}")


def _story_json(tables: Tables, story_id: str) -> dict[str, Any]:
    """One story as JSON: its row, and its rows of every other table."""
    from presswatch.tables import TABLES
    from presswatch.tables.rows import plain_rows

    of_story = tables.story(story_id)
    found = {name: plain_rows(getattr(of_story, name)) for name, table in TABLES.items() if not table.is_log}
    return {**found.pop("stories")[0], **found}


def _print_frame(frame: pd.DataFrame, as_json: bool, *, title: str, columns: Sequence[str]) -> None:
    from presswatch.tables.rows import plain_rows

    rows = plain_rows(frame)
    _print_rows(rows if as_json else [{name: row[name] for name in columns} for row in rows], as_json, title=title)


def _print_rows(rows: Sequence[Mapping[str, Any]], as_json: bool, *, title: str) -> None:
    """A listing: a JSON array, or a table that fits the terminal."""
    if as_json:
        _print_json(list(rows))
        return
    if not rows:
        _note(f"{title}: none")
        return
    from rich.console import Console

    from presswatch.report import render_listing

    render_listing(rows[:_LISTED], Console(), title=title)
    if len(rows) > _LISTED:
        _note(f"{len(rows) - _LISTED} more; --json gives all")


def _print_json(content: Any) -> None:
    _print(json.dumps(content, default=_jsonable, ensure_ascii=False, indent=2))


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _note(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _fail(message: str, code: int) -> int:
    from presswatch.report import clean_text

    for line in message.splitlines() or [""]:
        _note(f"presswatch: {clean_text(line)}")
    return code
