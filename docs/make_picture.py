"""docs/pictures/page.png, the top of the newsroom's main story in Debian's chromium: `make picture` takes it again.

By day, so that two machines with the same chromium and fonts take the same picture.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from presswatch.demo.show import run_demo
from presswatch.settings import Settings

PICTURE = Path(__file__).resolve().parent / "pictures" / "page.png"
WINDOW = ViewportSize(width=1200, height=2000)  # pixels: wider than README is shown, and higher than what is taken
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # CI's user is root; ask nobody


def take_picture(page: Path, picture: Path, chromium: str) -> None:
    """A page from its top to the end of its first difference, as it is shown by day, as PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tab = browser.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
        tab.goto(page.as_uri())
        end = tab.locator("article.difference").first.evaluate(
            "difference => difference.getBoundingClientRect().bottom"
        )
        tab.screenshot(path=picture, clip={"x": 0, "y": 0, "width": WINDOW["width"], "height": end})
        browser.close()


if __name__ == "__main__":
    if (chromium := shutil.which("chromium")) is None:
        sys.exit("no chromium here; `apt-get install --no-install-recommends chromium` brings it")
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        shown = run_demo(Settings(data=Path(work)), progress=lambda *_: None)
        take_picture(Path(work) / "report" / f"{shown.story_id}.html", PICTURE, chromium)
