"""What the site has besides docs/: README as its first page, CONTRIBUTING, CHANGELOG, and the notebook to take away.

A hook of mkdocs.yml. These files stand at the top of the repository, where people look for them; here they are put
beside the pages of docs/, so that nothing is written twice, and links between the two are made to fit.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
ADDED = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "examples/coverage.ipynb": "examples/coverage.ipynb",
    "LICENSE.txt": "LICENSE",
    "CITATION.cff": "CITATION.cff",
}  # in the site: in the repository
PLACES = {source: place for place, source in ADDED.items()}
LINK = re.compile(r"(?<=\]\()(?:docs/|\.\./)?([^)#:\s]+)")  # a link's address up to its anchor; not one of the web


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files of ADDED."""
    for place, source in ADDED.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:  # noqa: ARG001 - mkdocs passes by name
    """A page whose links lead to where the files are in the site."""
    return LINK.sub(lambda link: PLACES.get(link[1], link[1]), markdown)
