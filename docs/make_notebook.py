"""examples/coverage.ipynb, run over the newsroom: `make docs` writes its outputs again.

Cells are changed in the notebook itself. Of what a run leaves in it, outputs alone are kept: no times, no versions.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from presswatch.demo.show import run_demo
from presswatch.settings import Settings

NOTEBOOK = Path(__file__).resolve().parents[1] / "examples" / "coverage.ipynb"
CELL_S = 120.0  # for one cell, on a busy machine; all together take some seconds


def read_notebook() -> Any:
    """The notebook as it is stored."""
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # nbformat leaves it bare


def run_notebook(notebook: Any, folder: Path) -> Any:
    """The notebook with the outputs of a run in a folder beside `data`; nothing else in it is changed.

    Raises: CellExecutionError where a cell fails.
    """
    folder.mkdir(exist_ok=True)
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=CELL_S, kernel_name="python3", resources=resources)
    client.execute(env={**os.environ, "IPYTHONDIR": str(folder)})  # nobody's own settings
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        run_demo(Settings(data=Path(work) / "data"), progress=lambda *_: None)
        nbformat.write(run_notebook(read_notebook(), Path(work) / "examples"), NOTEBOOK)  # type: ignore[no-untyped-call]  # nbformat leaves it bare
