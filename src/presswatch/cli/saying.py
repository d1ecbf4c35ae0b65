"""What is said on stdout and stderr: whole, at once, and in characters that the output has."""

from __future__ import annotations

import codecs
import io
import json
import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TextIO

from presswatch.cleaning import clean_text

if TYPE_CHECKING:
    from rich.console import Console


_LEAST_ROOM = 20  # columns beside a label, however narrow the terminal
# Signs of ours and of print, for terminals that cannot show them; letters lose their accents.
_SIGNS = dict(zip("●◐≠·─…−–—←→“”„«»‘’‚×", "*o!.-.---<>" + 5 * '"' + 3 * "'" + "x", strict=True))
SPELLED_OUT = "presswatch.spelled_out"


@contextmanager
def open_console() -> Iterator[Console]:
    """A console that gathers what is laid out on it; at the end all of it goes to stdout at once."""
    from rich.console import Console

    page = io.StringIO()
    colors: Any = None if os.environ.get("NO_COLOR") else "auto"  # no-color.org; None writes no escapes at all
    yield Console(file=page, force_terminal=sys.stdout.isatty() or None, color_system=colors)
    _write(sys.stdout, page.getvalue())


def print_json(content: Any) -> None:
    """Print JSON whose characters all print: others, and what stdout cannot encode, stand as escapes."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(content, default=_jsonable, ensure_ascii=not is_unicode, indent=2)
    lines = (line if line.isprintable() else "".join(map(_escape, line)) for line in text.split("\n"))
    print_text("\n".join(lines))


def _escape(char: str) -> str:
    return char if char.isprintable() else json.dumps(char)[1:-1]


def _jsonable(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def print_text(text: str) -> None:
    """Print a text on stdout."""
    _write(sys.stdout, f"{text}\n")


def print_bytes(content: str | bytes) -> None:
    """Write a file's content on stdout as it would stand on the disk: as bytes, a text as UTF-8."""
    body = content.encode() if isinstance(content, str) else content
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        silence_stream(sys.stdout)


def print_wrapped(label: str, text: str) -> None:
    """Print a text beside its label, no wider than the terminal but for wide words; in one line where there is none."""
    width = shutil.get_terminal_size((0, 0)).columns
    room = max(width - len(label), _LEAST_ROOM)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) if width else [text]
    for number, line in enumerate(lines or [""]):
        print_text(f"{' ' * len(label) if number else label}{line}")


def print_note(text: str) -> None:
    """Print a line on stderr, where messages go."""
    _write(sys.stderr, f"{text}\n")


def ask(question: str) -> bool:
    """Ask on the terminal. No answer is no."""
    sys.stderr.write(f"{clean_text(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _write(stream: TextIO, text: str) -> None:
    """Write text, now. Where the reader of a pipe has gone nothing is wrong: the work goes on unheard."""
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        silence_stream(stream)


def silence_stream(stream: TextIO) -> None:
    """Let what is written from now on, and what waits to be, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Characters that an output cannot encode, in signs that every one can."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spell_char, error.object[error.start : error.end])), error.end


def _spell_char(char: str) -> str:
    plain = _SIGNS.get(char) or unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return plain or ("" if unicodedata.combining(char) else "?")


codecs.register_error(SPELLED_OUT, _spell)
