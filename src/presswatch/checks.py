"""Reading a parsed TOML file key by key, and gathering everything that is wrong with it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any


class Checked:
    """A table of a TOML file. What is not as it should be goes into `faults`, and reading goes on with a default.

    `place` is put before every key that is named, so `[[topic]]` number 2 says `topic[1].name`.
    """

    def __init__(self, table: Mapping[str, Any], faults: list[str] | None = None, place: str = "") -> None:
        self.table, self.place = table, place
        self.faults: list[str] = [] if faults is None else faults

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Name every key that is not known, with the nearest that is."""
        known = set(known)
        self.faults += [
            f"`{self.place}{key}` is not known{nearest(key, known)}" for key in self.table if key not in known
        ]

    def need(self, *keys: str) -> None:
        """Name every key that is missing."""
        self.faults += [f"`{self.place}{key}` is missing" for key in keys if key not in self.table]

    def text(self, key: str, default: str = "") -> str:
        """A text that is more than blanks."""
        return str(self._read(key, default, "a text in quotes", _is_text))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        wanted = "a list of texts, each in quotes"
        return tuple(self._read(key, [], wanted, lambda value: isinstance(value, list) and all(map(_is_text, value))))

    def number(self, key: str, default: float, *, least: float) -> float:
        """A number, `least` or more."""
        return float(self._read(key, default, f"a number, {least:g} or more", lambda value: _is_number(value, least)))

    def integer(self, key: str, default: int, *, least: int) -> int:
        """A whole number, `least` or more."""
        wanted = f"a whole number, {least} or more"
        return int(self._read(key, default, wanted, lambda value: _is_number(value, least) and value == int(value)))

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        return bool(self._read(key, default, "true or false", lambda value: isinstance(value, bool)))

    def day(self, key: str) -> date | None:
        """A date without a time."""
        found: date | None = self._read(key, None, "a date without quotes, like 2024-06-30", lambda v: type(v) is date)
        return found

    def tables(self, key: str) -> list[Checked]:
        """The tables of `[[key]]`."""
        found = self._read(key, [], f"[[{key}]]", lambda value: isinstance(value, list) and all(map(_is_table, value)))
        return [Checked(table, self.faults, f"{self.place}{key}[{n}].") for n, table in enumerate(found)]

    def inner(self, key: str) -> Checked:
        """The table of `[key]`; empty where it is missing."""
        return Checked(self._read(key, {}, f"[{key}]", _is_table), self.faults, f"{self.place}{key}.")

    def _read(self, key: str, default: Any, wanted: str, is_right: Any) -> Any:
        if key not in self.table:
            return default
        value = self.table[key]
        if is_right(value):
            return value
        self.faults.append(f"`{self.place}{key}` is {value!r}: {wanted} is wanted")
        return default


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing where none is near."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f"; did you mean {folded[near[0]]!r}?" if near else ""


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _is_number(value: object, least: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value < float("inf")
