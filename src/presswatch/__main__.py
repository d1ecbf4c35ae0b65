"""`python -m presswatch` and `presswatch` are the command line."""

import sys


def main() -> None:
    """Run the command line; even while it is being loaded, Ctrl-C ends it quietly."""
    try:
        from presswatch.cli import main  # noqa: PLC0415  # what is guarded
    except KeyboardInterrupt:
        sys.exit(130)
    main()


if __name__ == "__main__":
    main()
