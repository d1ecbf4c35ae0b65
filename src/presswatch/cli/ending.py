"""How a command begins and ends: no traceback reaches a user."""

from __future__ import annotations

import io
import os
import re
import shlex
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from presswatch.cleaning import clean_text
from presswatch.cli.frame import EXIT_ERROR, EXIT_INTERRUPTED, EXIT_UNREACHABLE, EXIT_USAGE, app
from presswatch.cli.saying import SPELLED_OUT, print_note, silence_stream
from presswatch.errors import SILENT_CODES, FetchError, PresswatchError

_COMPLETE = "_PRESSWATCH_COMPLETE"  # the name that typer gives it
_LIKENESS = 0.7  # of a name to the one that was meant: at .6, the default, `list` is like `ingest`
# Commands that are said of a folder
_NEXT_COMMAND = re.compile("`(presswatch (?:demo|doctor|forget|ingest|rebuild|runs|status|stories|watch))`")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and end the process with its exit code."""
    if sys.stdout is None or sys.stderr is None:  # closed, as by `>&-`
        nowhere = Path(os.devnull).open("w")  # noqa: SIM115  # to the end of the process
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELLED_OUT)
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
        print_note(f"presswatch: {clean_text(line)}")
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
    said = error.format_message().partition(". Did")[0].partition(" (Possible")[0].rstrip(".")
    said = said[:1].lower() + said[1:]
    if near := _find_meant(said, option, command):
        said += f"; did you mean {near!r}?"
    elif isinstance(command, TyperGroup) and option:
        own = [name for name in words if name in command.commands]
        if own:
            said += f"; options stand behind the command, as in `{path} {own[0]} {option}`"
    examples = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  presswatch ")]
    examples.sort(key=lambda line: option not in line.split())
    example = f"; for example `{examples[0]}`" if examples else ""
    return f"{said}\n`{path} --help` says more{example}"


def _find_meant(said: str, option: str | None, command: Any) -> str:
    """The option or command that was nearly named; nothing where none is like it.

    What stands in a group is known by its own name, too: `list` is meant for `outlets list`.
    """
    if said.startswith("no such option"):
        asked, known = option or "", {name: name for param in command.params for name in param.opts}
    elif said.startswith("no such command"):
        asked = said.partition("'")[2].rstrip("'")
        inner = {name: group for group, one in command.commands.items() for name in getattr(one, "commands", ())}
        known = {name: f"{group} {name}" for name, group in inner.items()} | {name: name for name in command.commands}
    else:
        return ""
    near = get_close_matches(asked, known, n=1, cutoff=_LIKENESS)
    return known[near[0]] if near else ""


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


def _tell_disk(error: OSError) -> tuple[str, int]:
    """An error of the operating system, told as one of the disk; it may be stdout that lies on a full one."""
    from presswatch.storage import disk_error

    with suppress(OSError):
        silence_stream(sys.stdout)
    told = disk_error(error, Path("output"))
    return str(told), told.exit_code
