"""Every error presswatch raises on purpose.

    PresswatchError                   exit code
    ├── UsageError                    2    the words of the call are wrong
    ├── DiskError                     3    a folder is full, missing or not writable
    ├── ConfigError                   4    presswatch.toml or an outlet file; all faults of a file at once
    ├── LockedError                   75   another run holds the data folder
    │   └── OvertakenError            75   other machines changed what lies in a bucket meanwhile
    ├── DamagedError                  1    stored data cannot be read, and what mends it
    ├── SchemaError                   1    tables of a newer presswatch
    ├── FetchError                    1    one URL could not be fetched; has a `code`
    └── ExtractError                  1    one page holds no article; has a `code`

`FetchError` and `ExtractError` never end a run: they become rows of `failures`, whose `error` column is their `code`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

__all__ = [
    "CODES",
    "RETRIED_CODES",
    "SILENT_CODES",
    "Code",
    "ConfigError",
    "DamagedError",
    "DiskError",
    "ExtractError",
    "FetchError",
    "LockedError",
    "OvertakenError",
    "PresswatchError",
    "SchemaError",
    "UsageError",
]

Code = Literal[
    "robots",
    "blocked",
    "gone",
    "throttled",
    "server_error",
    "unreachable",
    "timeout",
    "too_large",
    "bad_redirect",
    "refused_address",
    "truncated",
    "bad_encoding",
    "not_html",
    "not_article",
    "extract_timeout",
    "bad_document",
    "corrupt",
]

CODES: frozenset[str] = frozenset(get_args(Code))

# What the next run tries again by itself; a run that ends with one of these is only partly done (exit code 5).
RETRIED_CODES: frozenset[str] = frozenset({"throttled", "unreachable", "timeout", "server_error", "corrupt"})

# Nobody answered: where that is all that came, nothing is reachable (exit code 6).
SILENT_CODES: frozenset[str] = frozenset({"unreachable", "timeout"})


class PresswatchError(Exception):
    """Anything presswatch says on purpose; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(PresswatchError):
    """The words of the call are wrong; the message says what to type instead."""

    exit_code = 2


class DiskError(PresswatchError):
    """A folder is full, missing or not writable; the message names it."""

    exit_code = 3


class ConfigError(PresswatchError):
    """A configuration file is wrong: `faults` holds all that is wrong with it, not only the first."""

    exit_code = 4

    def __init__(self, path: object, faults: Sequence[str]) -> None:
        self.path, self.faults = str(path), tuple(faults)
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))

    def __reduce__(self) -> tuple[type[ConfigError], tuple[str, tuple[str, ...]]]:
        return type(self), (self.path, self.faults)


class LockedError(PresswatchError):
    """Another run holds the data folder; the message names it."""

    exit_code = 75


class OvertakenError(LockedError):
    """Another machine changed what lies in the bucket since it was read; nothing was put over its work."""


class DamagedError(PresswatchError):
    """Stored data cannot be read; the message names the file and the command that mends it."""


class SchemaError(PresswatchError):
    """The stored tables are of a newer presswatch than this one; both versions are named."""


class _CodedError(PresswatchError):
    """An error about one URL, with the code that goes into `failures.error`."""

    def __init__(self, code: Code, url: str, message: str = "") -> None:
        self.code, self.url, self.message = code, url, message
        super().__init__(f"{code}: {message} ({url})" if message else f"{code} ({url})")

    def __reduce__(self) -> tuple[type[_CodedError], tuple[Code, str, str]]:
        # exceptions with more than a message do not cross a process border by themselves
        return type(self), (self.code, self.url, self.message)


class FetchError(_CodedError):
    """One URL could not be fetched."""


class ExtractError(_CodedError):
    """One page holds no article that can be read."""
