"""The pages as people meet them: on a desk and a phone, by day and night, by keyboard, on paper, without the script."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from presswatch.report import describe_story, render_forward, render_html, render_index
from presswatch.tables import Tables

WIDE, NARROW = 1200, 390  # pixels: a desk, a phone
DAY_AT_THE_DESK, NIGHT_AT_THE_DESK = (WIDE, "light"), (WIDE, "dark")
DAY_ON_THE_PHONE, NIGHT_ON_THE_PHONE = (NARROW, "light"), (NARROW, "dark")
SECTIONS = {
    "differences": "Where they differ",
    "alone": "What only one says",
    "figures": "In figures",
    "matrix": "Who says what",
    "first": "Who said it first, and who has it from whom",
    "drift": "Quotes that changed on the way",
    "outlets": "What each left out, and what only it has",
    "side": "Side by side",
    "articles": "The articles",
    "removed": "Taken out before comparing",
}


def top(page, selector):
    """How far an element stands below the top of the window, in pixels."""
    return page.locator(selector).bounding_box()["y"]


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_section_shows_and_nothing_stands_out_of_the_window(open_page, pages, shot, width, js):
    page = open_page(pages["story"], width=width, js=js)
    if not js:
        shot(page, f"story-{width}-no-js")
    for name, title in SECTIONS.items():
        section = page.locator(f"section#{name}")
        assert section.get_by_role("heading", level=2).inner_text() == title
        assert section.is_visible()
        box = section.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for words in (*page.locator("caption").all(), *page.locator("#removed thead th").all()):
        box = words.bounding_box()
        assert box["x"] + box["width"] <= width  # a table may be moved in its frame, but nobody moves what explains it


@pytest.mark.parametrize(
    ("name", "look"),
    [(name, look) for name in ("story", "texts", "lone", "index") for look in (DAY_AT_THE_DESK, NIGHT_ON_THE_PHONE)]
    + [("story", look) for look in (NIGHT_AT_THE_DESK, DAY_ON_THE_PHONE)],
    ids=str,
)
def test_axe_finds_nothing(open_page, pages, shot, name, look):
    page = open_page(pages[name], width=look[0], scheme=look[1])
    shot(page, f"{name}-{look[0]}-{look[1]}")
    for details in page.locator("details").all():
        details.evaluate("one => one.open = true")
    for number in (1, 2):  # two rows with a sentence opened
        for link in page.locator(f"#c{number} td a").all()[:1]:
            link.click()
    found = Axe().run(page).response["violations"]
    assert not [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def test_the_first_look_tells_the_figures_and_the_voices_and_the_second_what_one_alone_says(open_page, pages):
    page = open_page(pages["story"])
    brief = page.get_by_label("In brief")
    assert brief.bounding_box()["y"] + brief.bounding_box()["height"] < 900
    told = dict(zip(brief.locator("dt").all_inner_texts(), brief.locator("dd").all_inner_texts(), strict=True))
    assert "K Magazine" in told["First shown"]
    assert "Maud Ellery Quist" in told["Quoted"]
    page.get_by_role("link", name="said by one alone").click()
    assert 0 <= top(page, "#alone") < 900
    alone = page.locator(".alone > li").all_inner_texts()
    assert len(alone) == 5  # ReelBeacon has nothing of its own
    own = next(text for text in alone if text.startswith("Only Third Act Notebook"))
    assert "chose for THE WAX ORCHESTRA" in own
    assert "3 more" in own


def test_a_phone_has_the_first_difference_near(open_page, pages):
    page = open_page(pages["story"], width=NARROW)
    assert top(page, "#differences") < 844 + 200  # a screen and a bit


def test_a_cell_opens_its_sentence_in_place_and_closes_it(open_page, pages, shot):
    page = open_page(pages["story"])
    row = page.locator("table.matrix tbody", has=page.locator("td.differs")).first
    cell = row.locator("td.differs a").first
    own = page.locator(cell.get_attribute("href"))
    cell.click()
    assert cell.get_attribute("aria-expanded") == "true"
    opened = row.locator("tr.opened")
    assert opened.text_content() == own.text_content()
    assert opened.locator("mark").count() == 1
    assert page.get_by_role("status").inner_text().strip()
    row.scroll_into_view_if_needed()
    shot(page, "cell-opened")
    row.locator("td.says a").first.click()
    assert opened.count() == 1
    assert cell.get_attribute("aria-expanded") == "false"
    row.locator("td.says a").first.click()
    assert opened.count() == 0


def test_without_the_script_a_cell_leads_to_its_sentence(open_page, pages):
    page = open_page(pages["story"], js=False)
    cell = page.locator("table.matrix td.differs a").first
    own = cell.get_attribute("href")
    cell.click()
    page.wait_for_url(f"**{own}")
    assert 0 <= top(page, own) < 900
    page.locator(f"{own} .ref").click()
    page.wait_for_url("**#a*")
    assert "capture" in page.locator("li:target").inner_text()


def test_the_claims_can_be_filtered(open_page, pages):
    page = open_page(pages["story"])
    rows = page.locator("table.matrix tbody")
    total = rows.count()
    page.get_by_role("button", name="Where they differ").click()
    shown = [row for row in rows.all() if row.is_visible()]
    assert 0 < len(shown) < total
    assert all(row.locator("td.differs").count() for row in shown)
    assert page.get_by_role("status").inner_text() == f"{len(shown)} of {total} claims shown"
    page.get_by_role("button", name="All").click()
    assert all(row.is_visible() for row in rows.all())


def test_where_no_claim_differs_from_another_in_who_says_it_there_is_nothing_to_filter(open_page, ran, tmp_path):
    tables = ran.tables
    story_id = tables.stories.sort_values(["article_count", "story_id"])["story_id"].iloc[-1]
    report = describe_story(tables, story_id, tables.outlet_names())
    agreed = [
        claim for claim in report.shared_claims if len(claim.speaking) == len(claim.cells) and not claim.differing
    ]
    (tmp_path / "agreed.html").write_text(render_html(replace(report, shared_claims=tuple(agreed))), "utf-8")
    page = open_page(tmp_path / "agreed.html")
    assert page.locator("table.matrix tbody").count() == len(agreed) > 0
    assert page.get_by_role("button", name="All", exact=True).count() == 0


def test_without_the_script_there_are_no_buttons_that_do_nothing(open_page, pages):
    assert open_page(pages["story"], js=False).locator("button, [role=button]").count() == 0


def test_the_page_goes_by_keyboard(open_page, pages):
    page = open_page(pages["story"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the story"
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.locator("table.matrix td a").first.focus()
    link = page.locator("table.matrix td a").first
    for key in ("Enter", " "):
        page.keyboard.press(key)
        assert link.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert link.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_a_credit_and_its_arc_are_followed_together(open_page, pages):
    page = open_page(pages["story"])
    page.locator("tr.credit").first.hover()
    assert page.locator(".arc.on").count() == 1
    page.locator("h1").hover()
    assert page.locator(".arc.on").count() == 0


def test_every_arc_of_the_graph_is_a_row_of_the_table(open_page, pages):
    page = open_page(pages["story"])
    arcs = page.locator(".arc")
    assert arcs.count() == page.locator("tr.credit").count() > 0
    for arc in arcs.all():
        row = page.locator(f"tr#{arc.get_attribute('data-edge')}")
        title = f"{row.locator('th').inner_text()} credits {row.locator('.credited').inner_text()}: "
        assert arc.locator("title").text_content() == title + row.locator(".verdict b").first.inner_text()


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_paper_has_what_is_folded_on_the_screen(open_page, pages, shots, js):
    page = open_page(pages["story"], js=js)
    shots.mkdir(exist_ok=True)
    page.pdf(path=shots / f"story-{'js' if js else 'no-js'}.pdf", prefer_css_page_size=True)
    printed = (shots / f"story-{'js' if js else 'no-js'}.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    for folded in page.locator("details > :not(summary)").all():
        assert folded.bounding_box()["height"] > 0


def test_day_and_night_are_two(open_page, pages):
    colours = {
        scheme: open_page(pages["story"], scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert colours["light"] != colours["dark"]


def test_whole_texts_stand_beside_each_other_on_a_desk_and_below_each_other_on_a_phone(open_page, pages):
    wide, narrow = (open_page(pages["texts"], width=width) for width in (WIDE, NARROW))
    for page, is_beside in ((wide, True), (narrow, False)):
        first, second = (text.bounding_box() for text in page.locator("article.text").all()[:2])
        assert (first["y"] == second["y"]) is is_beside
    reference = wide.locator(".claim-ref").first
    reference.click()
    assert 0 <= top(wide, reference.get_attribute("href")) < 900


def test_the_list_leads_to_a_story(open_page, pages):
    page = open_page(pages["index"])
    titles = page.get_by_role("heading", level=2).all_inner_texts()
    assert len(titles) == page.locator("ol.stories li").count() > 1


EVIL = (
    '<script>document.title = "owned"</script><img src="https://evil.test/x.png" onerror="document.title = \'owned\'">'
    "</style><style>body { display: none }</style></script><svg onload=\"document.title = 'owned'\">"
    '<a href="javascript:1">'
    '<base href="https://evil.test/"><meta http-equiv="refresh" content="0;url=https://evil.test/">{{ 7 * 7 }}'
)


def hostile_tables(tables):
    """The tables with a text that would do harm in every column of words."""
    spared = {"stance", "verdict", "status", "kind", "part", "change", "access", "voice", "relation"}
    frames = {}
    for name in ("articles", "outlets", "mentions", "claims", "coverage", "differences", "drift", "credits", "removed"):
        frame = getattr(tables, name).copy()
        for column in frame.columns:
            if not column.endswith("_id") and column not in spared and str(frame[column].dtype) == "str":
                frame[column] = frame[column].where(frame[column].isna(), EVIL)
        frames[name] = frame
    stories = tables.stories.assign(headline=EVIL, topics=EVIL)
    return Tables(**frames, stories=stories)


def test_hostile_words_are_read_and_do_nothing(open_page, ran, tmp_path, shot):
    tables = hostile_tables(ran.tables)
    names = dict.fromkeys(tables.outlet_names(), EVIL)
    story_id = tables.stories.sort_values("article_count")["story_id"].iloc[-1]
    report = describe_story(tables, story_id, names, with_texts=True)
    for name, html in {"hostile": render_html(report), "hostile-index": render_index(tables, names, total=1)}.items():
        (tmp_path / f"{name}.html").write_text(html, "utf-8")
        page = open_page(tmp_path / f"{name}.html", width=NARROW)
        shot(page, name)
        assert page.locator("body").is_visible()
        assert "<script>" in page.locator("main").inner_text()
        assert page.title().startswith("<script>" if name == "hostile" else "Stories")
        assert page.locator("main script, main img, main style, main base, main meta, main svg[onload]").count() == 0
    for link in page.locator("table.matrix td a").all():
        link.click()


def test_the_page_of_a_former_id_leads_on(pages, ran, browser, tmp_path):
    tables = ran.tables
    report = describe_story(tables, ran.demonstration.story_id, tables.outlet_names())
    shutil.copy(pages["story"], tmp_path / f"{report.story_id}.html")
    (tmp_path / "former.html").write_text(render_forward(report), "utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "former.html").as_uri())
    page.wait_for_url(f"**/{report.story_id}.html")
    assert page.locator("h1").inner_text() == report.headline
    page.close()


def test_the_policy_stops_a_script_and_a_style_that_are_not_the_pages_own(open_page, pages, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(pages["story"].as_uri())
    stopped = page.evaluate(
        """async () => {
            const stopped = [];
            document.addEventListener("securitypolicyviolation", event => stopped.push(event.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.owned = true";
            const image = document.createElement("img");
            image.src = "https://evil.test/x.png";
            const link = document.createElement("p");
            link.setAttribute("style", "color: red");
            document.body.append(script, image, link);
            document.body.setAttribute("onclick", "window.owned = true");
            document.body.click();
            await new Promise(done => setTimeout(done, 200));
            return [window.owned === undefined, [...new Set(stopped)].sort()];
        }"""
    )
    context.close()
    assert stopped == [True, ["img-src", "script-src-attr", "script-src-elem", "style-src-attr"]]


def test_a_screen_reader_is_told_what_an_eye_sees(open_page, pages):
    page = open_page(pages["story"])
    matrix = page.get_by_role("table", name="Claims that at least two outlets")
    assert matrix.get_by_role("columnheader").count() == 7
    assert matrix.get_by_role("button", name="&Matinee differs").count() > 0
    assert page.get_by_role("main").count() == page.get_by_role("banner").count() == 1
    assert page.get_by_role("img", name="Arrows from each outlet").count() == 1
    phone = open_page(pages["story"], width=NARROW)
    credits_table = phone.get_by_role("table", name="Who credits whom")
    assert credits_table.get_by_role("rowheader").count() == credits_table.locator("tr.credit").count()
