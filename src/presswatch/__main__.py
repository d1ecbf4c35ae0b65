"""`python -m presswatch` is the command line."""

from presswatch.cli import main

main()
