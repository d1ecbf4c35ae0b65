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


if __name__ == "__main__":
    main()
