"""`python -m presswatch.demo`: serve the newsroom until it is interrupted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from presswatch.demo.content import EDITIONS
from presswatch.demo.newsroom import Newsroom, write_settings
from presswatch.errors import DiskError, PresswatchError

DEFAULT_PORT = 8765


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the newsroom; returns an exit code of `presswatch.errors`."""
    options = _read_options(argv)
    try:
        _serve(options.port, options.edition, options.settings)
    except PresswatchError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return 0


def _read_options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m presswatch.demo",
        description="Serve six invented outlets on this machine: a newsroom to try on.",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"0 takes any (default: {DEFAULT_PORT})")
    parser.add_argument("--edition", type=int, choices=EDITIONS, default=EDITIONS[0], help="2 is the day after")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="write a presswatch.toml for this newsroom")
    return parser.parse_args(argv)


def _serve(port: int, edition: int, settings: Path | None) -> None:
    with Newsroom(edition, port) as newsroom:
        if settings:
            _write(settings, newsroom)
        sys.stdout.write(_describe(newsroom, settings))
        sys.stdout.flush()
        Event().wait()


def _write(settings: Path, newsroom: Newsroom) -> None:
    try:
        write_settings(settings, newsroom)
    except OSError as error:
        raise DiskError(f"{settings} cannot be written: {error.strerror}") from error


def _describe(newsroom: Newsroom, settings: Path | None) -> str:
    lines = [f"The newsroom, edition {newsroom.edition}: six invented outlets on http://127.0.0.1:{newsroom.port}/", ""]
    for host, outlet_id in newsroom.hosts.items():
        lines.append(f"  http://{host}/".ljust(34) + f"in a browser: http://{outlet_id}.localhost:{newsroom.port}/")
    host = next(iter(newsroom.resolve))
    lines += ["", f"A page by hand:   curl --connect-to ::127.0.0.1:{newsroom.port} http://{host}/robots.txt"]
    if settings:
        lines += [f"The pipeline:     cd {settings.absolute().parent} && presswatch watch && presswatch stories"]
    else:
        lines += ["The pipeline:     add --settings presswatch.toml, then run presswatch watch beside that file"]
    return "\n".join([*lines, "", "Ctrl-C ends it.", ""])


if __name__ == "__main__":
    sys.exit(main())
