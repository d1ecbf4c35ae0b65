"""A story as a workbook for spreadsheets: an overview, then its outlets, claims and all else, a sheet each."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from presswatch.cleaning import clean_text
from presswatch.report.export import FORMULA_STARTS, claim_rows, name_outlets
from presswatch.report.lines import WORDS, StoryReport
from presswatch.report.story import describe_story
from presswatch.tables import TABLES, Tables
from presswatch.tables.rows import plain_rows

Cells = Sequence[Sequence[object]]  # the names of the columns first

_MOST_CHARACTERS = 32_767  # of a cell, by Excel's specification; a longer one is cut, and ends with …
_WIDTHS = {"claim": 60, "text": 60, "value": 60, "meaning": 60}  # in characters; by the last word of a column's name
_OTHER_WIDTH = 18


def render_xlsx(tables: Tables, story_id: str) -> bytes:
    """A story as XLSX; the sheet `claims` is what `render_csv` gives.

    Every text is a string and never a formula or a link, whatever it begins with; times are UTC. Beside each outlet's
    id stands its name. Equal tables give equal bytes.

    Raises: UsageError where there is no such story.
    """
    story = tables.story(story_id)
    out = io.BytesIO()
    texts_alone = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(out, {"in_memory": True, "remove_timezone": True, **texts_alone}) as book:
        newest = max((row["fetched_at"] for row in plain_rows(story.articles) if row["fetched_at"]), default=None)
        book.set_properties({"created": newest or datetime(1980, 1, 1, tzinfo=UTC)})  # the least of a zip file
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "sign": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
        }
        for name, cells in _sheets(story).items():
            _fill(book.add_worksheet(name), cells, formats)
    return out.getvalue()


def _sheets(story: Tables) -> dict[str, Cells]:
    names = story.outlet_names()
    report = describe_story(story, story.stories["story_id"].iloc[0], names)
    said = {row["mention_id"]: row for row in plain_rows(story.mentions)}
    articles = [name for name in TABLES["articles"].column_names if name != "text"]
    with_ids = {
        "differences": _differences(story, said),
        "credits": _credits(story, said),
        "quotes": _whole(story.quotes()),
        "articles": _whole(story.select("articles", articles)),
    }
    return {
        "overview": _overview(report),
        "outlets": _outlets(report),
        "claims": list(claim_rows(story)),
        **{sheet: list(name_outlets(cells, names)) for sheet, cells in with_ids.items()},
    }


def _overview(report: StoryReport) -> Cells:
    """The story in a dozen lines. Its counts are those of the page, and each says what is counted."""
    fetched = [line.outlet for line in report.outlets if line.is_fetched]
    return [
        ["what", "value", "meaning"],
        ["headline", report.headline, "of its first article"],
        ["story_id", report.story_id, None],
        ["topics", report.topics, None],
        ["first_published_at", report.first_published_at, "UTC"],
        ["last_published_at", report.last_published_at, "UTC"],
        ["article_count", report.article_count, None],
        ["outlet_count", report.outlet_count, "that have an article here"],
        ["outlets", "; ".join(fetched), "by their first article"],
        [
            "not_fetched",
            "; ".join(line.outlet for line in report.not_fetched),
            "credited by others; we hold nothing of them",
        ],
        [
            "differences",
            len(report.differences),
            "things told in two ways; the sheet has a row for each pair of sentences",
        ],
        ["shared_claims", len(report.shared_claims), "claims that two outlets or more speak of"],
        [
            "credits",
            len(report.credits_to_others),
            "that outlets give to others; the sheet has those to themselves too",
        ],
        ["changed_quotes", len(report.drift), "pairs of printings that differ"],
    ]


def _outlets(report: StoryReport) -> Cells:
    """A row an outlet: when it came, and how it stands to the claims that two or more speak of."""
    heads = ["outlet_id", "outlet", "article_count", "first_published_at", "first_with", *WORDS.values()]
    return [
        [*heads, "left_out", "only_here", "differences"],
        *(
            [line.outlet_id, line.outlet, line.article_count, line.first_published_at, line.first_count]
            + [line.stances.get(stance, 0) for stance in WORDS]
            + [len(line.left_out), len(line.only_here), line.difference_count]
            for line in report.outlets
        ),
    ]


def _whole(frame: Any) -> Cells:
    return [list(frame.columns), *(list(row.values()) for row in plain_rows(frame))]


def _differences(story: Tables, said: dict[str, Any]) -> Cells:
    """The differences with their sentences, surest first."""
    heads = [
        "kind",
        "unit",
        "severity",
        *(f"{name}_{side}" for side in "ab" for name in ("value", "outlet_id", "text")),
    ]
    rows = sorted(plain_rows(story.differences), key=lambda row: -(row["severity"] or 0.0))
    ends = [[(row[f"value_{side}"], said.get(row[f"{side}_id"], {})) for side in "ab"] for row in rows]
    return [
        [*heads, "a_id", "b_id", "claim_id"],
        *(
            [row["kind"], row["unit"], row["severity"]]
            + [cell for value, one in pair for cell in (value, one.get("outlet_id"), one.get("text"))]
            + [row["a_id"], row["b_id"], row["claim_id"]]
            for row, pair in zip(rows, ends, strict=True)
        ),
    ]


def _credits(story: Tables, said: dict[str, Any]) -> Cells:
    """The credits, with the sentence that gives each and the one that the credited outlet has for it."""
    heads = ["outlet_id", "credited", "phrase", "verdict", "text", "source_text", "mention_id", "source_mention_id"]
    return [
        heads,
        *(
            [
                *(row[name] for name in heads[:4]),
                said.get(row["mention_id"], {}).get("text"),
                said.get(row["source_mention_id"], {}).get("text"),
                *(row[name] for name in heads[6:]),
            ]
            for row in plain_rows(story.credits)
        ),
    ]


def _fill(sheet: Worksheet, cells: Cells, formats: dict[str, Any]) -> None:
    heads, *rows = cells
    for column, name in enumerate(heads):
        sheet.write_string(0, column, _text(name), formats["head"])
        width = _WIDTHS.get(str(name).replace("_", ".").split(".")[-1], _OTHER_WIDTH)
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(heads) - 1)


def _write(sheet: Worksheet, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, formats["text"])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, formats["text"])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.astimezone(UTC), formats["time"])
    elif value is not None:
        text = _text(value)
        is_sign = text.startswith(FORMULA_STARTS)  # an apostrophe that is seen in the bar alone: editing keeps the text
        sheet.write_string(row, column, text, formats["sign" if is_sign else "text"])


def _text(value: object) -> str:
    text = clean_text(str(value))
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
