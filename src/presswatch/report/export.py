"""A story and a run as text for other programs: Markdown for pages and mails, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from presswatch.cleaning import clean_text
from presswatch.report.digest import Digest, NewDifference, NewRevision
from presswatch.report.facts import Said
from presswatch.report.lines import MARKS, VERDICTS, WORDS, ArticleLine, ClaimLine, StoryReport, tell_sureness
from presswatch.report.wording import Run, join_words, tell_count, tell_span, tell_time
from presswatch.tables import Tables
from presswatch.tables.rows import plain_rows

_NEWEST_STORIES = 20  # in a run's summary: a screenful
_NEWS_STORIES = 20  # of a digest, as above
_NEWS_LINES = 12  # of one story in it
_NEWS_CHANGES = 3  # of one article in it
_MESSAGES = 20  # of failures in a run's summary; the table holds all

# What CommonMark, tables, strike-through or mathematics may take for markup: anywhere, or where a line starts.
_MARKDOWN = re.compile(
    r"[\\`*_\[\]<>|~$]|&(?=#?\w+;)|^[#+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d{3})[.)]|(?<=^\d{4})[.)]"
)
CSV_ENCODING = "utf-8-sig"  # without the mark at the beginning Excel takes UTF-8 for the letters of its country
# How a spreadsheet tells a formula (OWASP, "CSV Injection"), full-width forms included.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# Where cells are parted by semicolons, as in half of Europe, one may begin inside of ours
_AFTER_SEMICOLON = re.compile(r"(?<=;)(\s*)(?=[=+\-@＝＋－＠])")

_CLAIM_COLUMNS = (
    "story_id",
    "claim_id",
    "claim",
    "status",
    "outlet_count",
    "corroboration",
    "first_outlet_id",
    "first_published_at",
    "first_is_certain",
)
_CELL_COLUMNS = ("stance", "text", "mention_id")
# The columns of outlets' ids, and the column of names that each gets beside it
_NAMED_COLUMNS = {
    "outlet_id": "outlet",
    "outlet_id_a": "outlet_a",
    "outlet_id_b": "outlet_b",
    "first_outlet_id": "first_outlet",
    "credited": "credited_outlet",
    "credit": "credit_outlet",
}


def render_markdown(report: StoryReport) -> str:
    """A story as CommonMark with tables: differences first, then claims by outlet, credits, drift, what is missing."""
    parts = [
        f"# {_mark(report.headline)}",
        "\n".join(_mark(line) for line in (report.summary, report.told_not_fetched, report.told_alone) if line),
        *([] if report.told_alone else [*_differences(report), *_matrix(report)]),
        *_credits(report),
        *_drift(report),
        *_missing(report),
        *_articles(report),
    ]
    return "\n\n".join(parts) + "\n"


def render_csv(tables: Tables, story_id: str) -> str:
    """The claim × outlet table of a story as CSV (RFC 4180), claims that most outlets say first.

    After the claim's own columns, each outlet has `<outlet_id>.stance`, `.text` and `.mention_id`. Times are ISO 8601,
    UTC. What a spreadsheet would take for a formula has an apostrophe before it. Written as `CSV_ENCODING`, a
    spreadsheet reads its letters right.

    Raises: UsageError where there is no such story.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(map(_cell, row) for row in claim_rows(tables.story(story_id)))
    return out.getvalue()


def name_outlets(rows: Iterable[Sequence[Any]], names: Mapping[str, str]) -> Iterator[list[Any]]:
    """Rows, the names of their columns first, with each outlet's display name beside its id; the ids stay.

    What is no outlet's id stands for itself: of a credited outlet the name alone may be known.
    """
    heads, *others = rows
    yield [cell for head in heads for cell in (head, _NAMED_COLUMNS.get(head)) if cell]
    for row in others:
        named: list[Any] = []
        for head, value in zip(heads, row, strict=True):
            named += [value, names.get(value, value)] if head in _NAMED_COLUMNS else [value]
        yield named


def claim_rows(story: Tables) -> Iterator[list[Any]]:
    """The rows of the claim × outlet table of one story, the names of its columns first."""
    yield from name_outlets(_claim_rows(story), story.outlet_names())


def _claim_rows(story: Tables) -> Iterator[list[Any]]:
    order = story.matrix()
    claims = {row["claim_id"]: row for row in plain_rows(story.claims)}
    cells = {(row["claim_id"], row["outlet_id"]): row for row in plain_rows(story.coverage)}
    yield [*_CLAIM_COLUMNS, *(f"{outlet}.{name}" for outlet in order for name in _CELL_COLUMNS)]
    for claim_id, text in order.index:
        own = {**claims[claim_id], "claim": text}
        said = [cells.get((claim_id, outlet), {}).get(name) for outlet in order for name in _CELL_COLUMNS]
        yield [*(own[name] for name in _CLAIM_COLUMNS), *said]


def render_run(run: Mapping[str, Any], failures: pd.DataFrame, stories: pd.DataFrame) -> str:
    """A run as Markdown: its counts, its failures by outlet and code, and the newest stories.

    Args: a row of `runs`; the run's rows of `failures`; rows of `stories`, of which the newest are listed.
    """
    span = tell_span(run.get("started_at"), run.get("finished_at"))
    parts = [f"# presswatch {_mark(run.get('command'))}: {_mark(run.get('outcome'))}", _mark(span)]
    names = ("discovered", "fetched", "extracted", "stories", "failed")
    parts.append(_table(names, [[run.get(name) or 0 for name in names]]))
    parts += _failures(plain_rows(failures))
    newest = sorted(plain_rows(stories), key=lambda row: str(row["last_published_at"] or ""), reverse=True)
    if newest:
        heads = ["headline", "outlets", "articles", "last published", "story"]
        rows = [
            [
                row["headline"],
                row["outlet_count"],
                row["article_count"],
                tell_time(row["last_published_at"]),
                row["story_id"],
            ]
            for row in newest[:_NEWEST_STORIES]
        ]
        parts += [f"## Newest stories ({min(len(newest), _NEWEST_STORIES)} of {len(newest)})", _table(heads, rows)]
    return "\n\n".join(parts) + "\n"


def render_news(digest: Digest) -> str:
    """What a run brought as Markdown, an item a story; empty where nothing is new."""
    if not digest:
        return ""
    parts = [f"## What is new ({digest.story_count:,})", _mark(digest.summary)]
    for news in digest.stories[:_NEWS_STORIES]:
        topics = "".join(f" · {_mark(topic)}" for topic in news.topics)
        items = [f"**{_mark(news.headline)}**", f"{_mark(news.summary)}{topics} · story {_mark(news.story_id)}"]
        lines = [
            *(_news_difference(one) for one in news.differences),
            *(line for one in news.revisions for line in _news_revision(one)),
            *(f"- new: {_mark(one.outlet)}: {_mark(one.headline)}" for one in news.articles),
            *(f"- said first here: {_mark(one.text)} ({_mark(join_words(one.outlets))})" for one in news.claims),
        ]
        more = [f"- and {len(lines) - _NEWS_LINES} more"] if len(lines) > _NEWS_LINES else []
        parts += ["  \n".join(items), "\n".join([*lines[:_NEWS_LINES], *more])]
    rest = digest.story_count - len(digest.stories[:_NEWS_STORIES])
    if rest and not digest.is_first:
        parts.append(f"… and {tell_count(rest, 'more story', 'more stories')} with news")
    return "\n\n".join(part for part in parts if part) + "\n"


def _news_difference(one: NewDifference) -> str:
    a, b = f"**{_mark(one.value_a)}** ({_mark(one.outlet_a)})", f"**{_mark(one.value_b)}** ({_mark(one.outlet_b)})"
    return f"- differs: {_mark(one.title)}: {a} against {b}"


def _news_revision(one: NewRevision) -> Iterator[str]:
    yield f"- changed: {_mark(one.outlet)}: {_mark(one.headline)}"
    for change in one.changes[:_NEWS_CHANGES]:
        before, after = map(_mark, change.brief)
        yield f"  - {' → '.join(filter(None, (before and f'~~{before}~~', after)))}"


def _failures(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return ["No failures."]
    codes = sorted({row["error"] for row in rows})
    outlets = sorted({row["outlet_id"] or "" for row in rows})
    counted = pd.crosstab(
        pd.Series([row["outlet_id"] or "" for row in rows]), pd.Series([row["error"] for row in rows])
    )
    table = [[outlet or "(none)", *(int(counted.loc[outlet, code]) for code in codes)] for outlet in outlets]
    told = [[row["url"], row["error"], row["message"] or ""] for row in rows[:_MESSAGES]]
    return [
        f"## {tell_count(len(rows), 'failure')}",
        _table(["outlet", *codes], table),
        _table(["url", "code", "what happened"], told),
        *([f"… and {len(rows) - _MESSAGES} more: `presswatch failures`"] if len(rows) > _MESSAGES else []),
    ]


def _differences(report: StoryReport) -> list[str]:
    parts = ["## Where they differ"]
    if not report.differences:
        return [*parts, "No difference found among the sentences that could be paired."]
    parts.append(f"{_mark(report.told_differences)}.")
    for line, sureness in zip(report.differences, tell_sureness(report.differences), strict=True):
        parts.append(f"**{_mark(line.title)}** ({sureness})")
        items = [
            f"- **{_mark(value.value)}** · {_mark(value.outlets)}\n{_quote(said)}"
            for value in line.sides
            for said in value.said[:1]
        ]
        parts.append("\n".join(items))
    return parts


def _matrix(report: StoryReport) -> list[str]:
    parts = ["## Who says what"]
    if not report.shared_claims:
        return [*parts, "No claim that two outlets share."]
    heads = ["claim", *(outlet.outlet for outlet in report.outlets), "independent", "first"]
    rows = [
        [
            claim.text,
            *(f"{MARKS[cell.shown]} {WORDS[cell.shown]}" for cell in claim.cells),
            claim.corroboration,
            _tell_first(claim),
        ]
        for claim in report.shared_claims
    ]
    return [*parts, _table(heads, rows)]


def _credits(report: StoryReport) -> list[str]:
    if not report.credits_to_others:
        return []
    items = []
    for line in report.credits_to_others:
        verdict = f"{line.verdict.replace('_', ' ')}: {VERDICTS.get(line.verdict, '')}"
        head = f"- **{_mark(line.said.outlet)}** credits **{_mark(line.credited)}**, “{_mark(line.phrase)}”"
        items.append("\n".join([f"{head} — {_mark(verdict)}", *map(_quote, filter(None, (line.said, line.source)))]))
    return ["## Who has it from whom", "\n".join(items)]


def _drift(report: StoryReport) -> list[str]:
    if not report.drift:
        return []
    items = [
        f"- **{_mark(line.change)}** ({line.weight}): {_mark(line.before.outlet)} → {_mark(line.after.outlet)}\n"
        f"  > {' '.join(map(_run, line.runs))}"
        for line in report.drift
    ]
    return ["## Quotes that changed on the way", "~~Cut~~ and **added** words.", "\n".join(items)]


def _missing(report: StoryReport) -> list[str]:
    parts = ["## Outlet by outlet"]
    for outlet in report.outlets:
        parts.append(f"### {_mark(outlet.outlet)}")
        if not outlet.is_fetched:
            parts.append("Credited by others; nothing of it was fetched.")
        for title, claims in (("Leaves out", outlet.left_out), ("Only here", outlet.only_here)):
            if claims:
                parts.append("\n".join([f"{title}:\n", *(f"- {_mark(claim.text)}" for claim in claims)]))
    if report.removed:
        rows = [[line.outlet, line.rule, line.count] for line in report.removed]
        parts += ["## Taken out before comparing", _table(["outlet", "rule", "blocks"], rows)]
    return parts


def _articles(report: StoryReport) -> list[str]:
    heads = ["outlet", "headline", "byline", "published", "access", "revisions", "copy of", "address"]
    return ["## Articles", _table(heads, map(_article, report.articles))]


def _article(line: ArticleLine) -> list[object]:
    return [
        line.outlet,
        line.headline,
        line.byline,
        tell_time(line.published_at),
        line.access,
        line.revision_count,
        line.syndicated_from,
        _Link(line.url) if line.url else line.address,
    ]


def _tell_first(claim: ClaimLine) -> str:
    if not claim.first_outlet:
        return "cannot tell"
    is_sure = claim.first_is_certain and not claim.earlier
    return claim.first_outlet if is_sure else f"{claim.first_outlet} (perhaps)"


def _quote(said: Said) -> str:
    return f"  > {_mark(said.outlet)}: {_mark(said.text)}"


def _run(run: Run) -> str:
    sign = {"same": "", "cut": "~~", "added": "**"}[run.change]
    return f"{sign}{_mark(run.text)}{sign}"


def _table(heads: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    lines = [[_mark(cell) for cell in line] for line in (heads, *rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


class _Link(str):
    """An address that is known to be http(s) and free of blanks, quotes and angle brackets."""

    __slots__ = ()


def _mark(value: object) -> str:
    """A value as Markdown text that means only itself; a `_Link` as a link."""
    if isinstance(value, _Link):
        return f"<{value.replace('|', '%7C')}>"
    return "" if value is None else _MARKDOWN.sub(r"\\\g<0>", clean_text(str(value)))


def _cell(value: object) -> object:
    """A CSV cell: missing as nothing, times as ISO 8601, text clean and no formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    text = _AFTER_SEMICOLON.sub(r"\g<1>'", clean_text(value))
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
