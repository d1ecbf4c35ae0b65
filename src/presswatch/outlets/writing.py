"""What is known of an outlet → its file's text; a file's text with more rules in it. The only importer of tomlkit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, String, Table

from presswatch.outlets.model import Layout, Source

_INDENT = "    "


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A first outlet file: what was found, and what is not sure of it (`doubts`: a key, and what of it)."""

    id: str
    name: str
    hosts: tuple[str, ...]
    family: str | None = None
    timezone: str | None = None
    discover: tuple[Source, ...] = ()
    body: str | None = None
    doubts: tuple[tuple[str, str], ...] = ()

    def doubt(self, key: str) -> list[str]:
        """What is not sure about a key."""
        return [doubt for about, doubt in self.doubts if about == key]


def write_draft(draft: Draft, title: str) -> str:
    """The text of a first outlet file; doubts are comments above what they are about, `title` the first of all."""
    lines = [_comment(title)]
    values: list[tuple[str, Any]] = [
        ("id", draft.id),
        ("name", draft.name),
        ("hosts", list(draft.hosts)),
        ("family", draft.family),
        ("timezone", draft.timezone),
    ]
    for key, value in values:
        lines += _comments(draft, key)
        lines += [f"{key} = {_quote(value)}"] if value is not None else []
    lines += ["", *_comments(draft, "discover")] if draft.doubt("discover") else []
    for source in draft.discover:
        lines += ["", *_comments(draft, source.url), "[[discover]]"]
        lines += [f"kind = {_quote(source.kind)}", f"url = {_quote(source.url)}"]
    if draft.body or draft.doubt("body"):
        lines += ["", *_comments(draft, "body")]
        lines += ["[[layouts]]", f"body = {_quote(draft.body)}"] if draft.body else []
    return "\n".join(lines) + "\n"


def _comments(draft: Draft, key: str) -> list[str]:
    return [_comment(doubt) for doubt in draft.doubt(key)]


def _comment(text: str) -> str:
    """A text as one comment; TOML allows no control characters in it, and no reader wants the others."""
    line = " ".join(text.split())
    return "# " + "".join(char if char.isprintable() else "?" for char in line)


def _quote(value: object) -> str:
    """TOML's form of a text, number or list of texts: JSON's, which needs no escapes but for what does not print."""
    told = json.dumps(value, ensure_ascii=False)
    return told if told.isprintable() else "".join(char if char.isprintable() else _escape(char) for char in told)


def _escape(char: str) -> str:
    return f"\\u{ord(char):04X}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08X}"  # noqa: PLR2004  of four digits


def add_stop(text: str, layouts: Sequence[Layout], stop: Sequence[str]) -> str:
    """An outlet file's text with more `stop` patterns in each of its layouts; all else of it stays as it is.

    Args: `layouts` are those that the outlet has; where the file has none of its own (its family's hold), tables for
        the same stretches of time are added, and inherit.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    document = tomlkit.parse(text.replace("\r\n", "\n"))
    own = document.get("layouts")
    if isinstance(own, Array):
        for table in own:
            _extend_inline(table, stop)
        return tomlkit.dumps(document).replace("\n", line_end)
    if not isinstance(own, AoT):
        own = tomlkit.aot()
        for layout in layouts:
            table = tomlkit.table()
            if layout.until:
                table.add("until", layout.until)
            own.append(table)
        document.append("layouts", own)
    for table in own:
        listed = table.get("stop")
        fresh = [pattern for pattern in stop if pattern not in (listed or ())]
        if isinstance(listed, Array) and "\n" in listed.as_string():
            _extend(listed, fresh)  # its lines may have comments
        elif fresh:
            whole = tomlkit.array()
            _extend(whole, [*(listed or ()), *fresh])
            _put(table, whole)
    return tomlkit.dumps(document).replace("\n", line_end)


def _extend_inline(table: InlineTable, patterns: Sequence[str]) -> None:
    """Add patterns to the `stop` of a table that stands on one line."""
    listed = table.get("stop")
    whole = tomlkit.array()
    for pattern in dict.fromkeys([*(listed or ()), *patterns]):
        whole.append(_quoted(pattern))
    table["stop"] = whole


def _extend(listed: Array, patterns: Sequence[str]) -> None:
    """Add patterns to a list, each on a line of its own, in quotes that leave backslashes alone where that can be."""
    for pattern in patterns:
        listed.add_line(_quoted(pattern), indent=_INDENT)
    if not listed.as_string().removesuffix("]").rstrip(" ").endswith("\n"):
        listed.add_line(indent="")


def _quoted(pattern: str) -> String:
    return tomlkit.string(pattern, literal="'" not in pattern and pattern.isprintable())


def _put(table: Table, listed: Array) -> None:
    """Put a table's `stop` in its place, or after its last key: comments behind that are about the next table."""
    if "stop" in table:
        was = table["stop"]
        listed.trivia.comment_ws, listed.trivia.comment = was.trivia.comment_ws, was.trivia.comment
        table["stop"] = listed
        return
    behind = []
    while table.value.body and table.value.body[-1][0] is None:
        behind.append(table.value.body.pop()[1])
    table.add("stop", listed)
    for item in reversed(behind):
        table.append(None, item)
