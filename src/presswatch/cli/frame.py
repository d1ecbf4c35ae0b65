"""The commands' frame: the two groups, their help, and the options that commands share."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

import presswatch
from presswatch.cli.saying import print_note, print_text

EXIT_ERROR, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_INTERRUPTED = 1, 2, 6, 130
AFTER_ALL = """\
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


def examples(*lines: str) -> str:
    """What stands at the end of a command's help; the mark keeps the lines as they are."""
    return "\b\nExamples:\n" + "\n".join(f"  presswatch {line}" for line in lines)


class Command(TyperCommand):
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
    epilog=AFTER_ALL,
    **_SETUP,
)
outlets_app = typer.Typer(add_completion=False, **_SETUP)


app.add_typer(
    outlets_app,
    name="outlets",
    epilog=examples("outlets list", "outlets check indiewire", "outlets add https://www.example.org/"),
)


def complete_outlets(incomplete: str) -> list[tuple[str, str]]:
    """What an outlet's id may go on with."""
    from presswatch import completing

    return completing.complete_outlets(incomplete)


def complete_stories(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """What words or an id of a story may go on with."""
    from presswatch import completing

    return completing.complete_stories(ctx.params.get("data"), incomplete)


def complete_runs(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """What a run's id may go on with."""
    from presswatch import completing

    return completing.complete_runs(ctx.params.get("data"), incomplete)


DataOption = Annotated[
    str | None, typer.Option("--data", metavar="DIR", help="The data folder, or s3://bucket/prefix (default: data).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes; errors only.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Tell more: every row, every column, no cuts.")]
WaitOption = Annotated[bool, typer.Option("--wait", help="Wait for another run to end instead of giving up.")]
OutletOption = Annotated[
    list[str] | None,
    typer.Option("--outlet", metavar="ID", help="Only this outlet; may be repeated.", autocompletion=complete_outlets),
]


@app.callback(invoke_without_command=True)
def _presswatch(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Name a film, and see what every outlet said: who said it first, who took it from whom, where they disagree."""
    if version:
        print_text(f"presswatch {presswatch.__version__}")
        raise typer.Exit
    _need_command(context)


@outlets_app.callback(invoke_without_command=True)
def _outlets(context: typer.Context) -> None:
    """The registry of outlets."""
    _need_command(context)


def _need_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print_note(context.get_help())
        raise typer.Exit(EXIT_USAGE)
