"""A story for the terminal: one layout that holds from 40 columns up, however many outlets there are.

A claim stands once, in full width; below it one mark per outlet, each beside the outlet's name and in the same place
in every row, so that the marks line up to a matrix without a header to look up.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from presswatch.cleaning import clean_text
from presswatch.report.digest import Digest, NewDifference, StoryNews
from presswatch.report.facts import Said
from presswatch.report.lines import (
    MARKS,
    VERDICTS,
    WORDS,
    ClaimLine,
    CreditLine,
    DriftLine,
    Shown,
    StoryReport,
    tell_sureness,
)
from presswatch.report.wording import join_words, tell_count, tell_day, tell_time

_STYLES: dict[Shown, str] = {
    "says": "green",
    "partly": "green",
    "differs": "bold yellow",
    "silent": "dim",
    "not_fetched": "dim",
}

# Where not everything is asked for: what fits on about two screens of 40 lines.
_CLAIMS_SHOWN = 12
_ENTRIES_SHOWN = 6  # differences, credits, changed quotes
_STORIES_SHOWN = 12  # of a digest
_NEWS_SHOWN = 3  # of each kind, in a story of a digest
_LINES_SHOWN = 2  # of a claim or a sentence
_WIDEST = 120  # columns of a story; longer lines are hard to read
_COLUMN_GAP = 2  # columns between two marks of a row
_NARROWEST = 20  # columns below which nothing can be laid out

Line = TypeVar("Line")


def render_terminal(report: StoryReport, console: Console, *, full: bool = False) -> None:
    """Print a story; no line is wider than the console.

    `full` prints every entry and every sentence to its end; else the first dozen claims, the surest differences and
    two lines of each sentence, and how many more there are.
    """
    page = _Page(console, full=full)
    page.write_head(report)
    if not report.told_alone:
        page.write_differences(report)
        page.write_matrix(report)
    page.write_credits(report.credits_to_others)
    page.write_drift(report.drift)
    page.write_outlets(report)


def render_listing(rows: Sequence[Mapping[str, Any]], console: Console, *, title: str) -> None:
    """Print rows of equal columns as a table; no line is wider than the console, but for an address that is.

    The first column, which names the row, stays in it. Where the others do not fit side by side, the widest values
    stand below their row, one after the other; what is no text stands there with its name. Texts are cleaned, missing
    values left empty, times told to the minute.
    """
    page = _Page(console, full=True, widest=console.width)
    page.write_title(title, len(rows))
    cells = [{name: _tell(value) for name, value in row.items()} for row in rows]
    widths = {name: max(cell_len(text) for text in (name, *(row[name] for row in cells))) for name in cells[0]}
    abreast = dict(widths)
    first = next(iter(abreast))
    while abreast and sum(abreast.values()) + _COLUMN_GAP * (len(abreast) - 1) > page.width:
        del abreast[max([name for name in abreast if name != first] or [first], key=lambda name: abreast[name])]
    named = {name for name in widths if any(isinstance(row[name], int | float | datetime) for row in rows)}
    numbers = {name for name in abreast if all(isinstance(row[name], int | None) for row in rows)}

    def line_up(row: Mapping[str, str]) -> str:
        aligned = [_align(row[name], width, right=name in numbers) for name, width in abreast.items()]
        return (" " * _COLUMN_GAP).join(aligned)

    if abreast:
        page.write_line(Text(line_up({name: name for name in abreast}), style="dim"))
    for row in cells:
        page.write_line(Text(line_up(row)))
        for name in widths:
            if name not in abreast and row[name]:
                page.write_value(f"{name} " if name in named else "", row[name])


def render_digest(digest: Digest, console: Console, *, full: bool = False) -> None:
    """Print what a run brought; no line is wider than the console.

    `full` prints all stories of the digest, and all of each; else the first dozen, and a few lines of each.
    """
    page = _Page(console, full=full)
    page.write_title("What is new", digest.story_count)
    page.write(digest.summary, lines=None)
    page.gap()
    if digest.is_first:
        return
    for news in page.some(
        digest.stories, _STORIES_SHOWN, "story with news", "stories with news", of=digest.story_count
    ):
        page.write_news(news)


class _Page:
    """A console with the measures that all parts of the page keep to."""

    def __init__(self, console: Console, *, full: bool, widest: int = _WIDEST) -> None:
        self.console = console
        self.width = max(min(console.width, widest), _NARROWEST)
        self.full = full
        self.is_blank = True  # as above the first line

    def write_head(self, report: StoryReport) -> None:
        self.write(report.headline, style="bold", lines=None)
        self.write(report.summary, style="dim", lines=None)
        if report.told_not_fetched:
            self.write(report.told_not_fetched, style="dim", lines=None)
        if report.told_alone:
            self.write(report.told_alone, lines=None)
        self.write(f"story {report.story_id}", style="dim", lines=None)

    def write_differences(self, report: StoryReport) -> None:
        self.write_title("Where they differ", len(report.differences))
        told = report.told_differences or "No difference found among the sentences that could be paired."
        self.write(told, lines=None, style="dim")
        self.gap()
        shown = self.some(report.differences, _ENTRIES_SHOWN, "difference")
        for line, sureness in zip(shown, tell_sureness(report.differences), strict=False):
            self.write(Text.assemble((line.title, "bold"), (f"  {sureness}", "dim")), lines=None)
            for value in line.sides:
                self.write(Text.assemble((value.value, "bold yellow"), "  ", (value.outlets, "bold")), indent=2)
                for said in value.said if self.full else value.said[:1]:
                    self.write(said.text if len(value.said) == 1 else f"{said.outlet}: {said.text}", indent=4)
            self.gap()

    def write_matrix(self, report: StoryReport) -> None:
        claims = report.shared_claims
        self.write_title("Who says what", len(claims))
        if not claims:
            self.write("No claim that two outlets share.", lines=None)
            return
        legend = [Text.assemble((mark, _STYLES[stance]), f" {WORDS[stance]}") for stance, mark in MARKS.items()]
        self.write(Text("   ").join(legend), lines=None)
        self.gap()
        for claim in self.some(claims, _CLAIMS_SHOWN, "shared claim"):
            self.write_claim(claim)

    def write_claim(self, claim: ClaimLine) -> None:
        self.write(claim.text)
        marks = [(f"{MARKS[cell.shown]} {cell.outlet}", _STYLES[cell.shown]) for cell in claim.cells]
        widths = _fit_columns([cell_len(mark) for mark, _ in marks], self.width - 2)
        for start in range(0, len(marks), len(widths)):
            row = zip(marks[start : start + len(widths)], widths, strict=False)
            self.write(
                Text("").join(Text(set_cell_size(mark, width), style=style) for (mark, style), width in row), indent=2
            )
        for cell in claim.differing:
            self.write(Text.assemble((f"≠ {cell.outlet}: ", "bold yellow"), cell.text), indent=4)
        self.write(_tell_first(claim), indent=4, style="dim")
        self.gap()

    def write_credits(self, lines: Sequence[CreditLine]) -> None:
        if not lines:
            return
        self.write_title("Who has it from whom", len(lines))
        for line in self.some(lines, _ENTRIES_SHOWN, "credit"):
            self.write(Text.assemble((line.said.outlet, "bold"), " ← ", (line.credited, "bold"), f"  “{line.phrase}”"))
            verdict = VERDICTS.get(line.verdict, line.verdict)
            self.write(Text.assemble((line.verdict.replace("_", " "), "bold"), f": {verdict}"), indent=2)
            for said in filter(None, (line.said, line.source)):
                self.write(f"{said.outlet}: {said.text}", indent=4)
            self.gap()

    def write_drift(self, lines: Sequence[DriftLine]) -> None:
        if not lines:
            return
        self.write_title("Quotes that changed on the way", len(lines))
        for line in self.some(lines, _ENTRIES_SHOWN, "changed quote"):
            self.write(Text.assemble((line.change, "bold"), (f"  {line.weight}", "dim")))
            for said in (line.before, line.after):
                self.write(Text.assemble((_dated(said), "bold"), f": {said.text}"), indent=2)
            changed = [(run.text, "−" if run.change == "cut" else "+") for run in line.runs if run.change != "same"]
            self.write("   ".join(f"{sign} {words}" for words, sign in changed), indent=4)
            self.gap()

    def write_outlets(self, report: StoryReport) -> None:
        self.write_title("Outlet by outlet", len(report.outlets))
        for outlet in report.outlets:
            if not outlet.is_fetched:
                self.write(Text.assemble((outlet.outlet, "bold"), ": credited by others; nothing of it was fetched"))
                continue
            known = f" from {tell_time(outlet.first_published_at)}" if outlet.first_published_at else ", date unknown"
            compared = (
                f"; first with {outlet.first_count} of {tell_count(len(report.shared_claims), 'shared claim')}, "
                f"leaves out {len(outlet.left_out) or 'none'}, "
                f"has {len(outlet.only_here) or 'none'} that only it has"
            )
            told = f": {tell_count(outlet.article_count, 'article')}{known}{'' if report.told_alone else compared}"
            self.write(Text.assemble((outlet.outlet, "bold"), told), lines=None)
            if report.told_alone:
                for claim in self.some(outlet.only_here, _ENTRIES_SHOWN, "sentence", indent=4):
                    self.write(claim.text, indent=4)
            for claim in outlet.left_out if self.full else outlet.left_out[:1]:  # the heaviest omission
                self.write(f"left out: {claim.text}", indent=4, lines=1, style="dim")
        removed = sum(line.count for line in report.removed)
        if removed:
            self.write(f"Taken out before comparing: {tell_count(removed, 'block')}", style="dim", lines=None)

    def write_news(self, news: StoryNews) -> None:
        self.write(news.headline, style="bold", lines=None)
        about = [news.summary, *news.topics, f"story {news.story_id}"]
        self.write(" · ".join(about), indent=2, style="dim", lines=None)
        for difference in self.some(news.differences, _NEWS_SHOWN, "new difference", indent=2):
            self.write_new_difference(difference)
        for revision in self.some(news.revisions, _NEWS_SHOWN, "changed article", indent=2):
            self.write(Text.assemble("~ ", (revision.outlet, "bold"), f" changed: {revision.headline}"), indent=2)
            for change in self.some(revision.changes, _NEWS_SHOWN, "change", indent=4):
                for sign, text in zip("−+", change.brief, strict=True):
                    if text:
                        self.write(f"{sign} {text}", indent=4)
        for article in self.some(news.articles, _NEWS_SHOWN, "new article", indent=2):
            self.write(Text.assemble("+ ", (article.outlet, "bold"), f": {article.headline}"), indent=2)
        for claim in self.some(news.claims, _NEWS_SHOWN, "new claim", indent=2):
            self.write(f"● {claim.text} ({join_words(claim.outlets)})", indent=2)
        self.gap()

    def write_new_difference(self, line: NewDifference) -> None:
        self.write(Text.assemble(("≠ ", "bold yellow"), (line.title, "bold")), indent=2)
        sides = ((line.value_a, line.outlet_a, line.text_a), (line.value_b, line.outlet_b, line.text_b))
        for value, outlet, text in sides:
            self.write(Text.assemble((value, "bold yellow"), "  ", (outlet, "bold"), f": {text}"), indent=4)

    def some(
        self, lines: Sequence[Line], number: int, noun: str, plural: str = "", *, indent: int = 0, of: int = 0
    ) -> Iterable[Line]:
        """All lines where everything is asked for; else the first ones; then a word on the rest, of `of` if of more."""
        shown = min(len(lines), len(lines) if self.full else number)
        yield from lines[:shown]
        rest = max(of, len(lines)) - shown
        if rest:
            more = tell_count(rest, f"more {noun}", f"more {plural or f'{noun}s'}")
            self.write(f"… and {more}", style="dim", indent=indent)
            if not indent:
                self.gap()

    def write_title(self, title: str, count: int) -> None:
        self.gap()
        label = f"{title.upper()} ({count}) "
        self.write(Text.assemble((label, "bold"), ("─" * max(self.width - cell_len(label), 0), "dim")), lines=1)

    def write(self, text: str | Text, *, indent: int = 0, lines: int | None = _LINES_SHOWN, style: str = "") -> None:
        """Write a paragraph, wrapped and cut after some lines; `lines` None never cuts, nor does `full`."""
        paragraph = Text(clean_text(text), style=style) if isinstance(text, str) else text
        room = self.width - indent
        wrapped = list(paragraph.wrap(self.console, room))
        if lines is not None and not self.full and len(wrapped) > lines:
            wrapped = wrapped[:lines]
            wrapped[-1].rstrip()
            wrapped[-1].truncate(room - 1)
            wrapped[-1].append("…")
        for line in wrapped:
            line.rstrip()
            self.console.print(Padding(line, (0, 0, 0, indent), expand=False), crop=True)
        self.is_blank = False

    def write_value(self, label: str, value: str) -> None:
        """Write a value below its row, wrapped; an address stays whole, for it is copied and searched for."""
        words = value.split(" ")
        if any("://" in word and cell_len(word) > self.width - 2 for word in words):
            for line in textwrap.wrap(label + value, self.width - 2, break_long_words=False, break_on_hyphens=False):
                self.console.print(
                    f"  {line}", crop=False, no_wrap=True, overflow="ignore", markup=False, highlight=False
                )
        else:
            self.write(Text.assemble((label, "dim"), value), indent=2)

    def write_line(self, line: Text) -> None:
        """Write a line that is known to fit."""
        line.rstrip()
        self.console.print(line, crop=True, no_wrap=True)
        self.is_blank = False

    def gap(self) -> None:
        """Leave one blank line, however often it is asked for in a row."""
        if not self.is_blank:
            self.console.print()
        self.is_blank = True


def _fit_columns(lengths: Sequence[int], room: int) -> list[int]:
    """The widths of as many columns as fit, where items of these lengths run from left to right, row by row."""
    for number in range(len(lengths), 1, -1):
        widths = [max(lengths[column::number]) + _COLUMN_GAP for column in range(number)]
        if sum(widths) <= room:
            return widths
    return [room]


def _tell_first(claim: ClaimLine) -> str:
    behind = f"{tell_count(claim.corroboration, 'independent outlet')} behind it"
    return f"{behind} · {claim.tell_first(with_day=True)}"


def _tell(value: object) -> str:
    if isinstance(value, datetime):
        return tell_time(value)
    return "" if value is None else clean_text(str(value))


def _align(text: str, width: int, *, right: bool) -> str:
    padding = " " * (width - cell_len(text))
    return padding + text if right else text + padding


def _dated(said: Said) -> str:
    return f"{said.outlet}, {tell_day(said.published_at)}" if said.published_at else said.outlet
