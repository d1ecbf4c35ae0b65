from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from zipfile import ZipFile

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from presswatch.cleaning import clean_text
from presswatch.errors import UsageError
from presswatch.report import describe_story, render_csv, render_markdown, render_run
from presswatch.report.workbook import render_xlsx
from presswatch.tables import TABLES, Tables, make_frame

Rows = dict[str, list[dict[str, object]]]
MakeTables = Callable[..., Tables]


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_has_a_row_a_claim_and_three_columns_an_outlet(tables: Tables, story_id: str) -> None:
    first, *rest = _read(render_csv(tables, story_id))
    assert len(rest) == 6
    assert (first["story_id"], first["claim_id"], first["corroboration"]) == (story_id, "c0", "4")
    assert first["first_published_at"] == "2031-05-12T09:30:00+00:00"
    assert first["first_is_certain"] in {"True", "False"}
    assert (first["reel.stance"], first["reel.mention_id"]) == ("differs", "m-reel-c0")
    assert first["reel.text"] == "Ten crews shared the tide, and not one of them stayed dry."
    assert (first["north.stance"], first["north.text"], first["north.mention_id"]) == ("not_fetched", "", "")


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", "\x1b[0m=1"]
)
def test_no_cell_of_the_csv_is_a_formula(with_rows: MakeTables, base_rows: Rows, story_id: str, formula: str) -> None:
    claims = [{**row, "text": formula} for row in base_rows["claims"]]
    coverage = [{**row, "text": formula, "outlet_id": f"={row['outlet_id']}"} for row in base_rows["coverage"]]
    outlets = [{"outlet_id": "ledger", "name": formula}]
    text = render_csv(with_rows(claims=claims, coverage=coverage, outlets=outlets), story_id)
    cells = [cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell]
    assert "'=kino.stance" in cells
    assert f"'{clean_text(formula)}" in cells


def test_no_cell_of_the_csv_is_a_formula_where_semicolons_part_cells(
    with_rows: MakeTables, base_rows: Rows, story_id: str
) -> None:
    hostile = "a;=cmd|' /C calc'!A0; +1;plain; and -1"
    claims = [{**row, "text": hostile} for row in base_rows["claims"]]
    text = render_csv(with_rows(claims=claims), story_id)
    assert "a;'=cmd|' /C calc'!A0; '+1;plain; and -1" in text
    cells = [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in line]
    assert not [cell for cell in cells if cell.strip()[:1] in tuple("=+-@") and cell]


def test_csv_of_no_story_is_a_usage_error(tables: Tables) -> None:
    with pytest.raises(UsageError):
        render_csv(tables, "nowhere")
    with pytest.raises(UsageError):
        render_xlsx(tables, "nowhere")


def test_the_workbook_has_a_sheet_a_question_and_its_claims_are_those_of_the_csv(tables: Tables, story_id: str) -> None:
    book = load_workbook(io.BytesIO(render_xlsx(tables, story_id)))
    assert book.sheetnames == ["overview", "outlets", "claims", "differences", "credits", "quotes", "articles"]
    heads, first, *rest = book["claims"].iter_rows(values_only=True)
    assert list(heads) == list(_read(render_csv(tables, story_id))[0])
    assert len(rest) == 6
    told = dict(zip(heads, first, strict=True))
    assert (told["claim_id"], told["corroboration"], told["reel.stance"]) == ("c0", 4, "differs")
    assert told["first_published_at"] == datetime(2031, 5, 12, 9, 30)  # noqa: DTZ001 - Excel knows no zones: it is UTC
    differs = [dict(zip(*pair, strict=True)) for pair in _pairs(book["differences"])]
    assert {(row["kind"], row["value_a"], row["outlet_id_a"], row["value_b"]) for row in differs} >= {
        ("number", "nine", "ledger", "ten"),
        ("date", "5 May", "kino", "3 May"),
    }
    assert differs[0]["text_b"] == "Ten crews shared the tide, and not one of them stayed dry."
    told = {row["outlet_id"]: row for row in (dict(zip(*pair, strict=True)) for pair in _pairs(book["credits"]))}
    assert told["reel"]["source_text"].startswith("“We had the light for eleven minutes, and nobody in the crew")
    assert "text" not in [cell.value for cell in book["articles"][1]]


def _named(names: dict[str, str]) -> list[dict[str, object]]:
    return [{"outlet_id": outlet_id, "name": name} for outlet_id, name in names.items()]


def test_the_workbook_begins_with_the_story_and_its_outlets(
    with_rows: MakeTables, story_id: str, names: dict[str, str]
) -> None:
    book = load_workbook(io.BytesIO(render_xlsx(with_rows(outlets=_named(names)), story_id)))
    told = {what: value for what, value, _ in book["overview"].iter_rows(min_row=2, values_only=True)}
    assert told["headline"] == "Nine crews, one tide: inside ‘The Salt Ferry’"
    assert told["outlets"] == "The Harbour Ledger; Kinograph; Quay; Reel & Rope; Marquee Weekly"
    assert told["not_fetched"] == "Northlight Film Quarterly"
    assert (told["article_count"], told["shared_claims"], told["credits"], told["changed_quotes"]) == (5, 4, 2, 1)
    assert (told["differences"], book["differences"].max_row) == (2, 4)  # two things, three pairs of sentences
    outlets = {row["outlet"]: row for row in (dict(zip(*pair, strict=True)) for pair in _pairs(book["outlets"]))}
    reel = outlets["Reel & Rope"]
    assert (reel["outlet_id"], reel["differs"], reel["silent"], reel["only_here"]) == ("reel", 1, 1, 1)
    assert outlets["Northlight Film Quarterly"]["not fetched"] == 4


def test_an_outlets_name_stands_beside_its_id(with_rows: MakeTables, story_id: str, names: dict[str, str]) -> None:
    tables = with_rows(outlets=_named(names))
    first = _read(render_csv(tables, story_id))[0]
    assert (first["first_outlet_id"], first["first_outlet"]) == ("ledger", "The Harbour Ledger")
    book = load_workbook(io.BytesIO(render_xlsx(tables, story_id)))
    rows = {name: dict(zip(*_pairs(book[name])[0], strict=True)) for name in ("differences", "credits", "articles")}
    assert (rows["differences"]["outlet_id_b"], rows["differences"]["outlet_b"]) == ("reel", "Reel & Rope")
    assert (rows["credits"]["credited"], rows["credits"]["credited_outlet"]) == ("north", names["north"])
    assert (rows["articles"]["outlet_id"], rows["articles"]["outlet"]) == ("kino", "Kinograph")


def test_a_credited_outlet_that_is_known_by_name_alone_stands_for_itself(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    credits_ = [{**base_rows["credits"][0], "credited": "The Vell Gazette"}]
    book = load_workbook(io.BytesIO(render_xlsx(with_rows(credits=credits_, outlets=_named(names)), story_id)))
    (row,) = (dict(zip(*pair, strict=True)) for pair in _pairs(book["credits"]))
    assert row["credited"] == row["credited_outlet"] == "The Vell Gazette"


def _pairs(sheet: Worksheet) -> list[tuple[tuple[object, ...], tuple[object, ...]]]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [(heads, row) for row in rows]


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "{=1+1}", "https://evil.example/",
        "mailto:a@b.example", "internal:claims!A1", "external:c:\\evil.xlsx", "1999", "x" * 40_000,
    ],
)  # fmt: skip
def test_every_text_of_the_workbook_is_a_string(
    with_rows: MakeTables, base_rows: Rows, story_id: str, hostile: str
) -> None:
    claims = [{**row, "text": hostile} for row in base_rows["claims"]]
    coverage = [{**row, "text": hostile, "outlet_id": f"={row['outlet_id']}"} for row in base_rows["coverage"]]
    outlets = [{"outlet_id": "ledger", "name": hostile}]
    stories = [{**row, "headline": hostile} for row in base_rows["stories"]]
    made = render_xlsx(with_rows(claims=claims, coverage=coverage, outlets=outlets, stories=stories), story_id)
    book = load_workbook(io.BytesIO(made))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    shown = clean_text(hostile) if len(hostile) <= 32_767 else hostile[:32_766] + "…"
    found = [cell for cell in cells if cell.value == shown]
    assert len(found) > len(claims)
    assert all(cell.quotePrefix for cell in found) == shown.startswith(tuple("=+-@＝"))
    assert b"<f>" not in b"".join(_parts(made))


def _parts(made: bytes) -> list[bytes]:
    with ZipFile(io.BytesIO(made)) as book:
        return [book.read(name) for name in book.namelist()]


def test_equal_tables_give_equal_workbooks(tables: Tables, story_id: str) -> None:
    assert render_xlsx(tables, story_id) == render_xlsx(tables, story_id)
    assert b"2031-05-1" in b"".join(_parts(render_xlsx(tables, story_id)))  # made when the newest was fetched


def test_markdown_tells_differences_first_and_keeps_its_tables_whole(
    tables: Tables, story_id: str, names: dict[str, str]
) -> None:
    text = render_markdown(describe_story(tables, story_id, names))
    heads = [line for line in text.splitlines() if line.startswith("## ")]
    assert heads[:4] == [
        "## Where they differ",
        "## Who says what",
        "## Who has it from whom",
        "## Quotes that changed on the way",
    ]
    assert "nobody ~~in the crew dared to speak~~ **spoke**" in text
    assert "<https://kino.example/the-salt-ferry>" in text
    table = [line for line in text.splitlines() if line.startswith("| ") and "says" in line]
    assert {line.count("|") for line in table} == {10}  # claim, six outlets, two more columns


def test_scraped_text_is_no_markdown(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    hostile = "[x](javascript:alert) <script>a</script> | ![i](https://evil.example) `c` **b** $x$ &lt; \x1b[2J"
    tables = with_rows(claims=[{**row, "text": hostile} for row in base_rows["claims"]])
    text = render_markdown(describe_story(tables, story_id, names))
    shown = (
        r"\[x\](javascript:alert) \<script\>a\</script\> \| !\[i\](https://evil.example) \`c\` \*\*b\*\* \$x\$ \&lt;"
    )
    assert shown in text
    assert "\x1b" not in text


@pytest.mark.parametrize("start", ["# no head", "- no item", "+ no item", "= no head"])
def test_a_text_starts_no_block_of_its_own(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str], start: str
) -> None:
    tables = with_rows(claims=[{**row, "text": start} for row in base_rows["claims"]])
    text = render_markdown(describe_story(tables, story_id, names))
    assert f"- \\{start}" in text
    assert f"- {start}" not in text


def test_a_text_starts_no_numbered_list(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    tables = with_rows(claims=[{**row, "text": "1999. A year."} for row in base_rows["claims"]])
    assert "- 1999\\. A year.\n" in render_markdown(describe_story(tables, story_id, names))


def _failures(*rows: dict[str, object]) -> pd.DataFrame:
    return make_frame(TABLES["failures"], [{"run_id": "r", "stage": "fetch", **row} for row in rows])


def test_a_run_is_told_with_counts_failures_and_newest_stories(tables: Tables) -> None:
    run = {
        "command": "watch",
        "outcome": "partly",
        "started_at": datetime(2031, 5, 14, 18, 0, tzinfo=UTC),
        "finished_at": datetime(2031, 5, 14, 18, 4, tzinfo=UTC),
        "discovered": 9,
        "fetched": 7,
        "extracted": 5,
        "stories": 2,
        "failed": 3,
    }
    failures = _failures(
        {"url": "https://kino.example/a|b", "outlet_id": "kino", "error": "gone", "message": "404"},
        {"url": "https://kino.example/c", "outlet_id": "kino", "error": "timeout"},
        {"url": "https://other.example/", "outlet_id": None, "error": "gone"},
    )
    text = render_run(run, failures, tables.stories)
    assert text.startswith("# presswatch watch: partly\n\n14 May 2031, 18:00–18:04 UTC\n")
    assert "| 9 | 7 | 5 | 2 | 3 |" in text
    assert "| outlet | gone | timeout |\n| --- | --- | --- |\n| (none) | 1 | 0 |\n| kino | 1 | 1 |" in text
    assert r"https://kino.example/a\|b" in text
    assert text.index("Nine crews") < text.index("Another film")  # newest first, unknown dates last


def test_a_quiet_run_says_so(with_rows: MakeTables) -> None:
    text = render_run({"command": "watch", "outcome": "ok"}, _failures(), with_rows(stories=[]).stories)
    assert "No failures." in text
    assert "Newest stories" not in text


def test_many_failures_are_cut_short_and_say_where_the_rest_is(tables: Tables) -> None:
    rows = [{"url": f"https://kino.example/{n}", "outlet_id": "kino", "error": "gone"} for n in range(25)]
    text = render_run({}, _failures(*rows), tables.stories)
    assert "## 25 failures" in text
    assert "and 5 more: `presswatch failures`" in text
