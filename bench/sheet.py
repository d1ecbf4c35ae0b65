"""The figures of a bench: a line each, with what it must be and whether it is."""

from __future__ import annotations

import sys


class Sheet:
    """The figures so far. Each is printed as soon as it is known."""

    def __init__(self) -> None:
        self.reached: list[bool] = []

    def tell(self, name: str, must: str, measured: str, *, reached: bool | None = None) -> None:
        """Print a figure; without `reached` it is told beside the others, and has no must."""
        if reached is not None:
            self.reached.append(reached)
        verdict = {None: "", True: "reached", False: "MISSED"}[reached]
        sys.stdout.write(f"{name:42}  {must:26}  {measured:58}  {verdict}".rstrip() + "\n")
        sys.stdout.flush()

    def close(self) -> int:
        """Print the last line; what the process ends with."""
        sys.stdout.write(f"{sum(self.reached)} of {len(self.reached)} musts reached\n")
        return 0 if all(self.reached) else 1
