from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from presswatch.report import describe_story, render_html, render_index
from presswatch.tables import Tables

Rows = dict[str, list[dict[str, object]]]
MakeTables = Callable[..., Tables]


_HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>body{display:none}</style>",
    "{{ 7 * 7 }}",
    "<!-- ",
    "' onmouseover='alert(1)",
]


@pytest.fixture
def page(tables: Tables, story_id: str, names: dict[str, str]) -> LexborHTMLParser:
    return LexborHTMLParser(render_html(describe_story(tables, story_id, names)))


def _text(node: LexborNode | None) -> str:
    assert node is not None
    return " ".join(node.text().split())


def test_sections_stand_in_reading_order_with_differences_first(page: LexborHTMLParser) -> None:
    assert [_text(head) for head in page.css("h2")] == [
        "Where they differ",
        "What only one says",
        "In figures",
        "Who says what",
        "Who said it first, and who has it from whom",
        "Quotes that changed on the way",
        "What each left out, and what only it has",
        "Side by side",
        "The articles",
        "Taken out before comparing",
    ]
    assert _text(page.css_first("h1")) == "Nine crews, one tide: inside ‘The Salt Ferry’"


def test_a_difference_shows_its_values_with_outlet_and_sentence(page: LexborHTMLParser) -> None:
    first = page.css_first(".difference")
    assert _text(first.css_first("h3")) == "How many crews clear the sentences say nearly the same but for this"
    assert [_text(node) for node in first.css(".figure")] == ["nine", "ten"]
    assert "Ten crews shared the tide, and not one of them stayed dry." in _text(first)
    assert "Reel & Rope" in _text(first)


def test_the_matrix_is_a_table_with_headers_and_a_word_in_every_cell(page: LexborHTMLParser) -> None:
    matrix = page.css_first("table.matrix")
    outlets = [_text(node) for node in matrix.css("thead th[scope=col]")]
    assert outlets[0] == "Claim"
    assert outlets[-1] == "Northlight Film Quarterly"
    row = matrix.css_first("tbody tr")
    assert _text(row.css_first("th[scope=row]")).startswith("The Salt Ferry was shot by nine crews")
    assert [_text(cell) for cell in row.css("td")] == ["says", "says", "silent", "differs", "says", "not fetched"]
    assert len(matrix.css("tbody")) == 4


def test_drift_is_marked_by_words(page: LexborHTMLParser) -> None:
    runs = page.css_first(".runs")
    assert _text(runs) == "We had the light for eleven minutes, and nobody in the crew dared to speak spoke"
    assert [_text(node) for node in runs.css("del")] == ["in the crew dared to speak"]
    assert [_text(node) for node in runs.css("ins")] == ["spoke"]


def test_credits_have_their_verdict_and_both_sentences(page: LexborHTMLParser) -> None:
    credit = page.css_first(".credits tbody tr")
    assert [_text(cell) for cell in credit.css("th, .credited")] == ["Reel & Rope", "Quay"]
    assert _text(credit.css_first(".verdict b")) == "altered"
    assert "the credited outlet says it otherwise" in _text(credit)
    assert _text(credit.css_first("summary")) == "“told Quay”"
    assert len(credit.css("blockquote")) == 2


def test_each_outlet_has_what_it_left_out_and_what_only_it_has(page: LexborHTMLParser) -> None:
    reel = next(node for node in page.css("article.outlet") if "Reel & Rope" in _text(node.css_first("h3")))
    left_out, only_here = reel.css(".value")
    assert "The film first screened on a barge" in _text(left_out)
    assert "The costume budget went on oilskins." in _text(only_here)
    assert "1 article · in 1 difference · of 4 shared claims: " in _text(reel.css_first(".source"))


def test_what_each_alone_says_is_told_whole_where_it_is_little_and_leads_to_the_rest(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    long = (
        "The winter was long, and nobody in the harbour expected a camera, let alone a crew that would stay until May"
    )
    herring = "they had counted on herring, as they had every year"
    own = [
        f"{long}, when the ferries run again and the hotel opens; {herring}, and on nothing else that came by sea.",
        "Bait was dear.",
        "Nets were dry.",
        "In 2029 the pilot Ansel Rook sold the boat.",
        "Nobody swam.",
        "Nobody sang.",
        "Rain.",
    ]
    claims = [{**base_rows["claims"][-1], "claim_id": f"u{number}", "text": text} for number, text in enumerate(own)]
    cells = [{**row, "claim_id": claim["claim_id"]} for row in base_rows["coverage"][-len(names) :] for claim in claims]
    mentions = [
        {
            **base_rows["mentions"][-1],
            "mention_id": f"m{number}",
            "claim_id": f"u{number}",
            "text": text,
            "start_char": number,
        }
        for number, text in enumerate(own)
    ]
    tables = with_rows(
        claims=base_rows["claims"][:4] + claims,
        coverage=[row for row in base_rows["coverage"] if row["claim_id"] < "c4"] + cells,
        mentions=base_rows["mentions"] + mentions,
    )
    page = LexborHTMLParser(render_html(describe_story(tables, story_id, names)))
    alone = page.css_first("#alone .alone")
    assert [_text(node) for node in alone.css("h3")] == ["Only Reel & Rope"]
    assert [_text(node) for node in alone.css(".claims li")] == [
        "In 2029 the pilot Ansel Rook sold the boat.4",
        f"{long}, when the ferries run again and the hotel opens; {herring}…4",
        "Bait was dear.4",
        "Nets were dry.4",
        "Nobody swam.4",
        "Nobody sang.4",
    ]
    (rest,) = alone.css("a.row")
    assert _text(rest) == "1 more"
    assert own[0] in _text(page.css_first(rest.attributes["href"]).parent)
    assert [_text(node) for node in page.css('nav a[href="#alone"]')] == ["7 said by one alone"]


def test_many_outlets_that_are_alone_are_counted(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    ids = [f"o{number}" for number in range(9)]
    articles = [{**base_rows["articles"][-1], "article_id": f"a-{one}", "outlet_id": one} for one in ids]
    claims = [{**base_rows["claims"][-1], "claim_id": f"u-{one}"} for one in ids]
    said = base_rows["coverage"][-len(names) :][list(names).index("reel")]
    cells = [{**said, "claim_id": f"u-{one}", "outlet_id": one, "mention_id": None} for one in ids]
    tables = with_rows(articles=articles, claims=claims, coverage=cells, mentions=[])
    alone = LexborHTMLParser(render_html(describe_story(tables, story_id, {}))).css_first("#alone")
    assert len(alone.css(".claims")) == 6
    assert _text(alone).endswith("3 more outlets")


def test_the_first_lines_name_who_is_credited_and_not_here_and_what_the_counts_count(page: LexborHTMLParser) -> None:
    assert [_text(node) for node in page.css(".summary")] == [
        "5 articles · 5 outlets · 12 May 2031, 09:30 UTC – 14 May 2031, 12:30 UTC",
        "Credited by them, but not among the articles here: Northlight Film Quarterly",
    ]
    links = page.css("nav a")
    assert [_text(node) for node in links] == [
        "2 told differently",
        "3 said by one alone",
        "4 said by several",
        "2 credited to others",
        "1 quote changed",
        "5 outlets, one by one",
        "5 articles",
    ]
    assert all(page.css_first(node.attributes["href"]) for node in links)


def test_long_lists_are_cut_and_say_where_the_rest_is(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    more = [{**base_rows["claims"][-1], "claim_id": f"u{number}"} for number in range(20)]
    cells = [{**row, "claim_id": f"u{number}"} for row in base_rows["coverage"][-len(names) :] for number in range(20)]
    tables = with_rows(claims=base_rows["claims"] + more, coverage=base_rows["coverage"] + cells)
    page = LexborHTMLParser(render_html(describe_story(tables, story_id, names)))
    reel = next(node for node in page.css("article.outlet") if "Reel & Rope" in _text(node.css_first("h3")))
    assert len(reel.css(".value")[1].css("li")) == 12
    assert "and 9 more, in the table of claims" in _text(reel)


def test_a_copy_a_wall_and_a_revision_are_told(page: LexborHTMLParser) -> None:
    first, *_, last = page.css(".articles li")
    assert "2 revisions" in _text(first)
    assert "excerpt only" in _text(last)
    assert "copy of Kinograph" in _text(last)
    assert "capture cap-marquee" in _text(last)


def test_the_policy_allows_the_page_its_own_style_and_script_and_nothing_else(
    tables: Tables, story_id: str, names: dict[str, str]
) -> None:
    html = render_html(describe_story(tables, story_id, names))
    own = {}
    for name in ("style", "script"):
        (text,) = re.findall(rf"<{name}>(.*?)</{name}>", html, re.DOTALL)
        own[name] = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = LexborHTMLParser(html).css_first("meta[http-equiv]").attributes["content"]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{own['style']}'; script-src 'sha256-{own['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_asks_for_nothing(page: LexborHTMLParser) -> None:
    assert not page.css("script[src], link, img, iframe, object, embed, form, base, [style]")
    assert {node.attributes["href"][0] for node in page.css("use")} == {"#"}
    assert "url(" not in page.css_first("style").text()


@pytest.mark.parametrize("evil", _HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str], evil: str
) -> None:
    changed = {
        "claims": [{**row, "text": evil} for row in base_rows["claims"]],
        "coverage": [{**row, "text": evil} for row in base_rows["coverage"]],
        "mentions": [{**row, "text": evil} for row in base_rows["mentions"]],
        "articles": [{**row, "headline": evil, "byline": evil, "url": evil} for row in base_rows["articles"]],
        "stories": [{**row, "headline": evil, "topics": evil} for row in base_rows["stories"]],
        "differences": [{**row, "value_a": evil, "unit": evil} for row in base_rows["differences"]],
        "credits": [{**row, "phrase": evil} for row in base_rows["credits"]],
        "drift": [{**row, "text_a": evil} for row in base_rows["drift"]],
        "removed": [{**row, "rule": evil} for row in base_rows["removed"]],
    }
    tables = with_rows(**changed)
    for html in (
        render_html(describe_story(tables, story_id, dict.fromkeys(names, evil))),
        render_index(tables, dict.fromkeys(names, evil), total=1),
    ):
        page = LexborHTMLParser(html)
        assert not page.css("img, body style")
        assert [node.text()[:2] for node in page.css("script")] == ["//"]
        attributes = {name for node in page.css("*") for name in node.attributes}
        assert not [name for name in attributes if name.startswith("on")]
        assert evil.strip() in page.css_first("main").text()


def test_only_web_addresses_are_links(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    urls = [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "https://ok.example/x",
        "file:///etc/passwd",
        "",
    ]
    articles = [{**row, "url": url} for row, url in zip(base_rows["articles"], urls, strict=True)]
    page = LexborHTMLParser(render_html(describe_story(with_rows(articles=articles), story_id, names)))
    links = {node.attributes["href"] for node in page.css("a") if not node.attributes["href"].startswith("#")}
    assert links == {"https://ok.example/x"}
    assert "data:text/html,x" in _text(page.css_first("#articles"))


def test_a_story_with_nothing_to_compare_is_a_page_all_the_same(
    lone_tables: Tables, story_id: str, names: dict[str, str]
) -> None:
    page = LexborHTMLParser(render_html(describe_story(lone_tables, story_id, names)))
    assert "Only Marquee Weekly is here: there is nothing to compare it with yet" in _text(page.css_first("header"))
    assert [_text(node) for node in page.css("h2")][:3] == ["Who has it from whom", "What it says", "The articles"]
    text = _text(page.css_first("main"))
    assert "No outlet credits another." in text
    assert "Marquee Weekly 1 article Only in Marquee Weekly" in text
    targets = {node.attributes["href"] for node in page.css("nav a")}
    assert targets <= {f"#{node.attributes['id']}" for node in page.css("section")}


def test_where_two_outlets_share_nothing_it_is_said_where_it_was_looked_for(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    tables = with_rows(claims=[], coverage=[], differences=[], drift=[])
    text = _text(LexborHTMLParser(render_html(describe_story(tables, story_id, names))).css_first("main"))
    assert "No difference was found" in text
    assert "No claim that two outlets share." in text
    assert "No quote was found to have changed" in text


def test_the_index_links_every_story_newest_first(tables: Tables, names: dict[str, str]) -> None:
    page = LexborHTMLParser(render_index(tables, names, total=len(tables.stories)))
    assert [node.attributes["href"] for node in page.css("main a")] == [
        "5a17f3221e000001.html",
        "5a17f3221e000002.html",
    ]
    assert "2 differences" in _text(page.css_first("li"))
    assert "Kinograph" in _text(page.css_first("li"))


def test_an_empty_index_says_what_to_type(with_rows: MakeTables, names: dict[str, str]) -> None:
    assert "presswatch watch" in render_index(with_rows(stories=[], articles=[]), names, total=0)


def test_rendering_is_a_function_of_the_tables(tables: Tables, story_id: str, names: dict[str, str]) -> None:
    pages = {render_html(describe_story(tables, story_id, names)) for _ in range(2)}
    assert len(pages) == 1


def test_a_list_that_leaves_stories_out_says_how_many_there_are(with_rows, names):
    page = render_index(with_rows(), names, total=5000)
    assert "5,000 stories" in page or "5000 stories" in page
    assert "presswatch stories" in page


def _many(base_rows: Rows, names: dict[str, str], count: int) -> Rows:
    """The story's rows with its first claim so many times."""
    claims = [{**base_rows["claims"][0], "claim_id": f"n{number}"} for number in range(count)]
    own = [row for row in base_rows["coverage"] if row["claim_id"] == "c0"]
    cells = [{**row, "claim_id": claim["claim_id"]} for claim in claims for row in own]
    return {"claims": claims, "coverage": cells}


def test_a_large_story_shows_so_much_and_says_where_the_rest_is(with_rows, base_rows, story_id, names):
    pages = {}
    for count in (1_000, 2_000):
        tables = with_rows(**_many(base_rows, names, count))
        pages[count] = render_html(describe_story(tables, story_id, names))
    page = LexborHTMLParser(pages[2_000])
    shown = len(page.css("table.matrix tbody"))
    assert 100 < shown < 1_000
    assert len(page.css("#side .band")) == shown
    rest = _text(page.css_first("#matrix .rest"))
    assert rest.startswith(f"{2_000 - shown} more claims are not shown here")
    assert f"presswatch show {story_id} --csv claims.csv" in rest
    assert abs(len(pages[2_000]) - len(pages[1_000])) < 1_000
    assert len(pages[2_000].encode()) < 5_000_000


def test_differences_credits_and_changed_quotes_are_bounded_too(with_rows, base_rows, story_id, names):
    differences = [
        {
            **base_rows["differences"][0],
            "kind": "number",
            "value_a": f"{number}",
            "value_b": f"{number}000",
            "unit": f"u{number}",
        }
        for number in range(100)
    ]
    drift = [{**base_rows["drift"][0], "severity": number / 100} for number in range(100)]
    page = LexborHTMLParser(
        render_html(describe_story(with_rows(differences=differences, drift=drift), story_id, names))
    )
    assert len(page.css(".difference")) == len(page.css("article.drift")) == 40
    assert "60 more differences are not shown here" in _text(page.css_first("#differences .rest"))
    assert "60 more changed quotes are not shown here" in _text(page.css_first("#drift .rest"))


def test_every_cell_that_speaks_leads_to_its_outlets_sentence(page):
    links = page.css("table.matrix td a")
    assert len(links) == len(page.css("table.matrix td.says, table.matrix td.differs"))
    for link in links:
        card = page.css_first(link.attributes["href"])
        assert link.attributes["aria-label"].split()[-1] in ("says", "differs")
        assert _text(card.css_first("figcaption")).startswith(link.attributes["aria-label"].rpartition(" ")[0])
    assert _text(page.css_first("#k1-3 blockquote")) == "Ten crews shared the tide, and not one of them stayed dry."
    assert _text(page.css_first("#k1-3 mark")) == "Ten"


def test_every_sentence_names_its_article_and_that_its_capture(page):
    references = page.css("a.ref")
    assert len(references) > 20
    for reference in references:
        article = page.css_first(reference.attributes["href"])
        assert "capture cap-" in _text(article)
        assert "text digest" in _text(article)
    card = page.css_first("#k1-0")
    assert _text(page.css_first(card.css_first("a.ref").attributes["href"])).startswith("The Harbour Ledger")


def test_what_was_taken_out_is_counted_by_kind_and_outlet(with_rows, base_rows, story_id, names):
    removed = [
        *base_rows["removed"],
        {"article_id": "a-quay", "revision": 1, "rule": "strip:#comments", "text": "First!"},
        {"article_id": "a-kino", "revision": 1, "rule": "markup:comments", "text": "Second!"},
    ]
    page = LexborHTMLParser(render_html(describe_story(with_rows(removed=removed), story_id, names)))
    table = page.css_first("#removed table")
    heads = [_text(cell) for cell in table.css("thead th")]
    rows = [dict(zip(heads, map(_text, row.css("th, td")), strict=True)) for row in table.css("tbody tr")]
    assert [(row["Kind"], row["Kinograph"], row["Quay"], row["Reel & Rope"], row["All"]) for row in rows] == [
        ("set phrases", "3", "–", "–", "3"),
        ("comments", "1", "1", "–", "2"),
    ]


def test_whole_texts_stand_there_only_where_they_were_asked_for(with_rows, base_rows, story_id, names):
    text = "Nine crews, one tide.\nDirector Ilse Marrow: “Quiet!”\nNobody spoke."
    articles = [{**row, "text": text} for row in base_rows["articles"]]
    mentions = [{**row, "start_char": 0, "end_char": 21} for row in base_rows["mentions"] if row["claim_id"] == "c0"]
    tables = with_rows(articles=articles, mentions=mentions)
    assert "Nobody spoke." not in render_html(describe_story(tables, story_id, names))
    page = LexborHTMLParser(render_html(describe_story(tables, story_id, names, with_texts=True)))
    texts = page.css("article.text")
    assert len(texts) == 5
    assert [_text(paragraph) for paragraph in texts[0].css("p")] == [
        "Nine crews, one tide.1",
        "Director Ilse Marrow: “Quiet!”",
        "Nobody spoke.",
    ]
    reel = texts[3].css_first(".claim-ref")
    assert (_text(reel), reel.attributes["href"], reel.attributes["aria-label"]) == ("≠1", "#c1", "claim 1, differs")
