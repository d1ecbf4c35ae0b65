"""The demo's output in README.md, cut to a few entries: `make docs` runs the demo and writes it again.

What is left out is marked with `…`; no line of what is shown is changed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
COLUMNS = 100  # of the terminal that the output is made for
FENCES = "```text\n", "```\n"  # the first such block of README
CUT = "…"

# Of each section, by how its title begins: how many entries are shown, and what stands in them. The words are those of
# what tests/test_newsroom_run.py asks for, so that an entry which holds them is there as long as the tests pass. The
# first entry of the differences says what is counted.
SHOWN = {"WHERE THEY DIFFER": (2, ""), "WHO SAYS WHAT": (4, ""), "QUOTES THAT CHANGED": (1, "trimmed")}


def run_demo(data: Path) -> str:
    """What `presswatch demo` prints of the main story."""
    command = [sys.executable, "-m", "presswatch", "demo", "--quiet", "--data", str(data)]
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "NO_COLOR": "1"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 - our own program
    return done.stdout.decode()


def cut_output(output: str) -> str:
    """The story's own lines and the entries of SHOWN, in their order; `…` stands for all that is between.

    Raises: LookupError where there are fewer entries than SHOWN asks for.
    """
    left = {begins: count for begins, (count, _) in SHOWN.items()}
    lines: list[str] = []
    for title, entry in _entries(output.splitlines()):
        section = next((begins for begins in SHOWN if title.startswith(begins)), "")
        if entry == [title]:
            lines += entry
        elif not title or (section and left[section] and SHOWN[section][1] in " ".join(entry)):
            lines += [*entry, ""]
            left |= {section: left[section] - 1} if section else {}
        elif lines[-2:] != [CUT, ""]:
            lines += [CUT, ""]
    if missing := [begins for begins in SHOWN if left[begins]]:
        raise LookupError(f"the demo prints too few entries in {missing}: change SHOWN")
    return "\n".join(lines).strip() + "\n"


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The stretches between blank lines, each with the title of its section; a title is an entry of its own."""
    title = ""
    for is_blank, stretch in groupby(lines, key=lambda line: not line.strip()):
        entry = [] if is_blank else list(stretch)
        if entry and entry[0].endswith("──"):
            title = entry[0]
            if title.startswith(tuple(SHOWN)):
                yield title, [title]
            entry = entry[1:]
        if entry:
            yield title, entry


def replace_output(page: str, shown: str) -> str:
    """README with another output in it."""
    start = page.index(FENCES[0]) + len(FENCES[0])
    return page[:start] + shown + page[page.index(FENCES[1], start) :]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        shown = cut_output(run_demo(Path(folder)))
    README.write_text(replace_output(README.read_text("utf-8"), shown), "utf-8")
