"""`python -m presswatch` and `presswatch` are the command line."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line; Ctrl-C ends it quietly also while it is being loaded, and in its last moments."""
    try:
        from presswatch.cli import main  # noqa: PLC0415  # what is guarded

        main()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    finally:
        # CPython notes a Ctrl-C that leaves source run by `exec`, as dataclasses do while libraries load, for unhandled
        # for ever, and at the end has the process die of SIGINT whatever its exit code; running source anew undoes that
        exec("")  # noqa: S102


if __name__ == "__main__":
    main()
