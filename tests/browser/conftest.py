"""A real browser for the pages: Debian's chromium through Playwright. Where there is none, these tests say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from presswatch.report import describe_story, render_html, render_index

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# no sandbox, as CI's user is root; nothing that would speak to anybody
FLAGS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
""".split()
SHOT_HEIGHT, MOST_SHOTS = 10_000, 4  # pixels of a picture, pictures of a page: a phone shows the newsroom's in four
SHOTS = Path(__file__).parent / "shots"  # git-ignored, and kept for who looks at them

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser(pages) -> Iterator[Browser]:
    """Started once the newsroom ran, and stopped with its file: beside its event loop no other may run."""
    if CHROMIUM is None:
        pytest.skip("no chromium here; `apt-get install --no-install-recommends chromium` brings it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(ran, tmp_path_factory) -> dict[str, Path]:
    """The newsroom's main story, with whole texts too, one of a single article, and the list of all."""
    tables = ran.tables
    names = tables.outlet_names()
    stories = tables.stories.sort_values(["article_count", "story_id"])["story_id"]
    main, lone = (describe_story(tables, story_id, names) for story_id in (stories.iloc[-1], stories.iloc[0]))
    folder = tmp_path_factory.mktemp("pages")
    made = {
        "story": render_html(main),
        "texts": render_html(describe_story(tables, main.story_id, names, with_texts=True)),
        "lone": render_html(lone),
        "index": render_index(tables, names, total=len(stories)),
    }
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, "utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def open_page(browser) -> Iterator[Open]:
    """Opens a file, and fails at the end where a page asked for anything, complained or raised a dialog."""
    contexts, faults = [], []

    def open_page(path: Path, *, width: int = 1200, scheme: str = "light", js: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=js,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        address = path.as_uri()
        page.on("request", lambda request: request.url.partition("#")[0] == address or faults.append(request.url))
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def shots() -> Path:
    """Where pictures are kept."""
    return SHOTS


@pytest.fixture
def shot() -> Callable[..., None]:
    """Keeps pictures of a page from its top: one of all of it would be higher than a browser can paint."""

    def shot(page: Page, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        width, height = page.viewport_size["width"], int(page.locator("html").bounding_box()["height"])
        for number, top in enumerate(range(0, height, SHOT_HEIGHT)[:MOST_SHOTS], 1):
            clip = {"x": 0, "y": top, "width": width, "height": min(SHOT_HEIGHT, height - top)}
            page.screenshot(path=SHOTS / f"{name}-{number}.png", full_page=True, clip=clip)

    return shot
