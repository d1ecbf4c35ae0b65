"""The command line: words in, one plan out. Data goes to stdout, messages to stderr; no traceback reaches a user.

Everything heavy is imported inside the command that needs it, so that `presswatch --help` answers at once.
"""

from presswatch.cli.ending import main, run_command
from presswatch.cli.frame import app

# Each adds its commands, and `--help` lists them in this order
# isort: off
from presswatch.cli import running, looking, standing, registering  # noqa: F401
# isort: on

__all__ = ["app", "main", "run_command"]
