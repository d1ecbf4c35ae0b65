"""What every command can be told, and how it answers."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presswatch.cleaning import clean_text
from presswatch.cli.saying import open_console, print_json, print_note
from presswatch.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from presswatch.model import Failure
    from presswatch.pipeline import Summary
    from presswatch.report import Digest
    from presswatch.settings import Settings
    from presswatch.tables import Tables

LISTED_ROWS = 200  # rows a listing shows as text; --verbose and --json give all


@dataclass(frozen=True)
class Call:
    """What every command can be told: where the data lie, and how to answer."""

    data: str | None
    as_json: bool
    quiet: bool
    verbose: bool

    def __post_init__(self) -> None:
        if self.quiet and self.verbose:
            raise UsageError("--quiet and --verbose do not go together")

    def read_settings(self, *, writes_outlets: bool = False) -> Settings:
        """The settings that hold here; where the demo's data lie, with its outlets, but for who writes outlet files."""
        from presswatch.demo.newsroom import know_newsroom
        from presswatch.settings import load_settings

        settings = load_settings(data=self.data)
        return settings if writes_outlets else know_newsroom(settings)

    def note(self, text: str) -> None:
        """Say something on stderr, unless quiet is wanted."""
        if not self.quiet:
            print_note(text)

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits at a terminal, and may be asked."""
        return not (self.as_json or self.quiet) and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def where(self) -> str:
        """The words that name the data folder to a command typed next, where this one was told it."""
        return f" --data {shlex.quote(self.data)}" if self.data else ""

    def tell_folder(self, settings: Settings, path: Path) -> None:
        """What keeps a written outlet file from being read, if anything does."""
        from presswatch.settings import FILE_NAME

        if settings.outlets_folder is None:
            self.note(f"so that it is read, put `outlets = {json.dumps(str(path.parent))}` at the top of {FILE_NAME}")

    def tell_summary(self, summary: Summary) -> None:
        """What a run did, and what to type next."""
        from presswatch.report import tell_count

        did = [
            tell_count(summary.discovered, "new candidate"),
            tell_count(summary.fetched, "response") + " stored",
            *self._tell_revisits(summary),
            tell_count(summary.extracted, "article") + " read",
            tell_count(summary.stories, "story", "stories") + " compared",
            tell_count(summary.failed, "failure"),
        ]
        self.note(f"{summary.command}: {', '.join(did)}")
        where = self.where
        if summary.failure_counts:
            counts = ", ".join(f"{count} {code}" for code, count in summary.failure_counts.items())
            self.note(f"failures: {counts}; `presswatch failures --run {summary.run_id}{where}` lists them")
        self._tell_left_out(summary)
        self._tell_nothing(summary)
        if summary.lost_articles:
            gone = tell_count(summary.lost_articles, "article")
            self.note(f"no longer in the tables: {gone} of which data/raw has nothing that is read as one today")
        self._tell_drift(summary)
        self.tell_outcome(summary.outcome, summary.command)
        if summary.stories:
            self.note(
                f"next: `presswatch stories{where}` lists what there is, `presswatch show WORDS{where}` compares one"
            )

    @staticmethod
    def _tell_revisits(summary: Summary) -> Iterator[str]:
        """How many stored articles were asked for again, and whether that brought other bytes, if any were."""
        from presswatch.report import tell_count

        if summary.asked_again:
            yield f"{tell_count(summary.asked_again, 'article')} asked for again ({summary.sent_anew} sent anew)"

    def _tell_left_out(self, summary: Summary) -> None:
        """What WARC files hold that was not taken in, and how to have it."""
        from presswatch.report import tell_count

        left_out = summary.left_out
        if left_out.page_count:
            pages, hosts = tell_count(left_out.page_count, "page"), tell_count(left_out.host_count, "host")
            address = shlex.quote(f"https://{left_out.host}/")
            self.note(
                clean_text(
                    f"passed over: {pages} of {hosts} that no outlet is registered for, most of {left_out.host}; next:"
                    f" `presswatch outlets add {address}` registers that one, and `--all-hosts` takes all there are"
                )
            )
        if left_out.revisit_count:
            records = tell_count(left_out.revisit_count, "revisit record")
            self.note(
                f"left out: {records} whose originals are in none of these files; next: take them in together with"
                " the files that hold those"
            )

    def _tell_nothing(self, summary: Summary) -> None:
        """Why a command that takes in, or reads, what is on the disk may have found nothing to do."""
        found = summary.fetched or summary.extracted or summary.failed or summary.lost_articles
        if found or summary.left_out.page_count or summary.left_out.revisit_count:
            return
        if summary.command == "ingest":
            self.note("nothing new: what is in these files is stored already, or was forgotten, or is no page")
        if summary.command == "rebuild":
            self.note(f"no stored response to read; `presswatch status{self.where}` says what to do next")

    def _tell_drift(self, summary: Summary) -> None:
        """Whose pages are no longer marked up as the outlet's file says."""
        for drift in summary.drift:
            self.note(
                f"{drift.name} may have changed its pages: its layout matched nothing on {drift.missed} of {drift.read}"
                " articles, which the general reader took; next: mend `[[layouts]]` of its file by one of them:"
                f" `presswatch outlets record {shlex.quote(drift.url)}{self.where}`"
            )

    def tell_outcome(self, outcome: str, command: str) -> None:
        """What is to be said of how a run of a command ended."""
        if outcome == "unreachable":
            named = self.read_settings().fetch.resolve  # of the demo's newsroom, which may be stopped by now
            own = "does what [fetch.resolve] names still run, and " if named else ""
            self.note(
                f"nobody answered: {own}is this machine on the network? The same `presswatch {command}` tries again"
            )

    def tell_failures(self, failures: Sequence[Failure]) -> None:
        """What went wrong and is in no table yet: a line for each cause, for one host may fail a thousand URLs."""
        causes: dict[str, list[str]] = {}
        for failure in failures:
            causes.setdefault(f"{failure.error}: {failure.message}", []).append(failure.url)
        for cause, urls in causes.items():
            shown = urls if self.verbose else urls[:1]
            more = f" and {len(urls) - len(shown)} more" if len(urls) > len(shown) else ""
            self.note(f"{cause} ({', '.join(shown)}{more})")

    def print_digest(self, digest: Digest) -> None:
        """What is new; where everything is, how much there is."""
        from presswatch.report import render_digest

        if digest.is_first:
            self.note(f"first run: {digest.summary}; the next `presswatch watch` tells what is new since")
        elif digest:
            with open_console() as console:
                render_digest(digest, console, full=self.verbose)

    def print_story(self, tables: Tables, story_id: str) -> None:
        """What the outlets said of one story."""
        from presswatch.report import describe_story, render_terminal

        with open_console() as console:
            render_terminal(describe_story(tables, story_id, tables.outlet_names()), console, full=self.verbose)

    def print_frame(self, frame: pd.DataFrame, *, title: str, columns: Sequence[str]) -> None:
        """A listing of a table: all columns as JSON or where more is wanted, else these."""
        from presswatch.tables.rows import plain_rows

        rows = plain_rows(frame)
        whole = self.as_json or self.verbose
        self.print_rows(rows if whole else [{name: row[name] for name in columns} for row in rows], title=title)

    def print_rows(self, rows: Sequence[Mapping[str, Any]], *, title: str) -> None:
        """A listing: a JSON array, or a table that fits the terminal."""
        if self.as_json:
            print_json(list(rows))
            return
        if not rows:
            self.note(f"{clean_text(title)}: none")
            return
        from presswatch.report import render_listing

        shown = len(rows) if self.verbose else LISTED_ROWS
        with open_console() as console:
            render_listing(rows[:shown], console, title=clean_text(title))
        if len(rows) > shown:
            self.note(f"{len(rows) - shown} more; --verbose or --json gives all")


def open_tables(settings: Settings) -> Tables:
    """The tables of the data folder, as they stand now."""
    from presswatch.storage import DataDir
    from presswatch.tables import load

    return load(DataDir(settings.data, settings.bucket).refresh().clean)
