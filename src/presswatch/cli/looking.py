"""The commands that read the tables."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from presswatch.cli.call import Call, open_tables
from presswatch.cli.frame import (
    EXIT_USAGE,
    Command,
    DataOption,
    JsonOption,
    QuietOption,
    VerboseOption,
    app,
    complete_runs,
    complete_stories,
    examples,
)
from presswatch.cli.saying import print_bytes, print_json
from presswatch.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from presswatch.tables import Tables

_NEAREST = 3  # headlines offered where no story was found
_STDOUT = Path("-")  # as a file's name: what is written goes to stdout


@app.command(cls=Command, epilog=examples("stories", "stories paper regatta", "stories --json | jq -r '.[].story_id'"))
def stories(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words of a headline or topic.", autocompletion=complete_stories),
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the stories, those first whose last article is the newest.

    With words, those whose headlines or topics hold them all.
    """
    call = Call(data, as_json, quiet, verbose)
    tables = open_tables(call.read_settings())
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
    cls=Command,
    epilog=examples(
        "show paper regatta", "show 56bb0a88c3fec64a --html story.html", "show paper regatta --md - | less"
    ),
)
def show(
    story: Annotated[
        list[str],
        typer.Argument(
            metavar="STORY",
            help="An id, its first six characters or more, or words that only one story holds.",
            autocompletion=complete_stories,
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

    What differs, who says what, who took it from whom, what each left out. Where FILE is -, it goes to stdout.
    """
    from presswatch.report import CSV_ENCODING, describe_story, render_csv, render_html, render_markdown

    call = Call(data, as_json, quiet, verbose)
    _need_one_stdout(as_json, [html, csv, xlsx, md])
    asked = _join_asked(call, story)
    if full_text and html is None:
        raise UsageError("--full-text needs a page to put the texts on: add `--html FILE`")
    settings = call.read_settings()
    tables = open_tables(settings)
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
            _put(call, path, make())
    if as_json:
        print_json(_story_json(tables, story_id))
    elif not any(path for path, _ in makers):
        call.print_story(tables, story_id)


@app.command(cls=Command, epilog=examples("failures", "failures --json | jq -r '.[] | [.error, .url] | @tsv'"))
def failures(
    run: Annotated[
        str | None, typer.Option(metavar="RUN_ID", help="Only this run.", autocompletion=complete_runs)
    ] = None,
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List what went wrong, newest first, one row a URL and run."""
    from presswatch.checks import nearest

    call = Call(data, as_json, quiet, verbose)
    tables = open_tables(call.read_settings())
    frame = tables.failures.sort_values("at", ascending=False)
    if run:
        known = set(tables.runs["run_id"])
        if run not in known:
            raise UsageError(f"no run {run!r}{nearest(run, known)}\n`presswatch runs{call.where}` lists them")
        frame = frame[frame["run_id"] == run]
    call.print_frame(frame, title="Failures", columns=("at", "outlet_id", "stage", "error", "url", "message"))


@app.command(cls=Command, epilog=examples("runs", "runs --json | jq -r '.[] | [.started_at, .outcome] | @tsv'"))
def runs(
    data: DataOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List the runs, newest first: what each did, and how it ended."""
    call = Call(data, as_json, quiet, verbose)
    frame = open_tables(call.read_settings()).runs.sort_values(["started_at", "run_id"], ascending=False)
    columns = ("run_id", "command", "started_at", "fetched", "extracted", "stories", "failed", "outcome")
    call.print_frame(frame, title="Runs", columns=columns)


def _need_one_stdout(as_json: bool, paths: Sequence[Path | None]) -> None:
    """Nothing shares stdout. Raises: UsageError where two things are to go there."""
    if paths.count(_STDOUT) + as_json > 1:
        raise UsageError("only one thing can go to stdout: name a file in the place of `-`")


def _put(call: Call, path: Path, content: str | bytes) -> None:
    """Write what was asked for into its file, or to stdout."""
    from presswatch.storage import replace_file

    if path == _STDOUT:
        print_bytes(content)
    else:
        replace_file(path, content)
        call.note(f"wrote {path}")


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


def _join_asked(call: Call, words: Sequence[str]) -> str:
    """What is asked of `show`, as one text. Raises: UsageError where nothing is."""
    asked = " ".join(words).strip()
    if not asked:
        raise UsageError(
            f"no story is named: type words of its headline, as `presswatch show paper regatta{call.where}`, or its id;"
            f" `presswatch stories{call.where}` lists them"
        )
    return asked


def _one_story(call: Call, tables: Tables, asked: str) -> str:
    """The one story that is meant.

    Raises: UsageError where there is none; where there are several they are listed, and the command ends with 2.
    """
    from presswatch.urls import is_web

    try:
        return tables.find_story(asked)
    except UsageError:
        found = _find_stories(tables, asked)
    if found.empty and is_web(asked):
        raise UsageError(
            f"{asked} is the address of an article, and no story: `presswatch explain {shlex.quote(asked)}{call.where}`"
            " says which story it is in"
        )
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


def _near_stories(call: Call, tables: Tables, asked: str) -> str:
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


def _workbook(tables: Tables, story_id: str) -> bytes:
    from presswatch.report.workbook import render_xlsx

    return render_xlsx(tables, story_id)


def _story_json(tables: Tables, story_id: str) -> dict[str, Any]:
    """One story as JSON: its row, and its rows of every other table."""
    from presswatch.tables import TABLES
    from presswatch.tables.rows import plain_rows

    of_story = tables.story(story_id)
    found = {name: plain_rows(getattr(of_story, name)) for name, table in TABLES.items() if not table.is_log}
    return {**found.pop("stories")[0], **found}
