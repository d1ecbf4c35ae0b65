"""The lines of a story's report, as plain values; what lays them out reads nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal

from presswatch.model import Stance, Verdict
from presswatch.report.facts import FigureLine, Said, ValueLine, VoiceLine, name_difference, tell_rule
from presswatch.report.wording import Run, compare_words, join_words, list_names, tell_count, tell_day, tell_span

# How a reader is shown that an outlet stands to a claim: its stance, or that it says the claim in part.
Shown = Literal["says", "partly", "differs", "silent", "not_fetched"]
# Each has a shape and a word of its own; colour only repeats them.
MARKS: Mapping[Shown, str] = {"says": "●", "partly": "◐", "differs": "≠", "silent": "·", "not_fetched": "?"}
WORDS: Mapping[Shown, str] = {
    "says": "says",
    "partly": "in part",
    "differs": "differs",
    "silent": "silent",
    "not_fetched": "not fetched",
}
VERDICTS: Mapping[Verdict, str] = {
    "confirmed": "the credited outlet says it",
    "altered": "the credited outlet says it otherwise",
    "not_found": "not found in what the credited outlet printed, in these words or like ones",
    "not_fetched": "cannot tell, as nothing of the credited outlet was fetched",
    "self": "the outlet credits itself",
}
_DRIFT_WORDS = ((2 / 3, "major"), (1 / 3, "notable"), (0.0, "minor"))  # thirds of the range 0 … 1
# The severity of a difference falls with the doubt that both sentences speak of one thing: .8 times the likeness of two
# that share a claim, .3 for two that merely touch. Clear is from a likeness of three quarters, possible what touches.
DIFFERENCE_WORDS = ((0.6, "clear"), (1 / 3, "likely"), (0.0, "possible"))
# What each of these means, for who does not know how it is told
SURENESS: Mapping[str, str] = {
    "clear": "the sentences say nearly the same but for this",
    "likely": "the sentences are alike in part",
    "possible": "the sentences share little, so they may mean two things",
}
# As credits are listed
VERDICT_ORDER: tuple[Verdict, ...] = ("altered", "not_found", "confirmed", "not_fetched", "self")
SPEAKING = ("says", "differs")
OUTLETS_FOR_SHARED = 2  # a claim stands in the matrix where at least so many outlets speak of it
_EARLIER_NAMED = 2  # outlets; more are counted
LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)  # where an unknown date sorts


@dataclass(frozen=True, kw_only=True)
class DifferenceLine:
    """A disagreement: two or more values of one kind, the one told first at the top.

    Of each value the sentences that stand against another come first, then those that others have for the same value of
    the same thing, as its figure has them.
    """

    kind: str
    unit: str
    severity: float
    sides: tuple[ValueLine, ...]
    thing: str = ""  # what it is about, where that is told as a figure too: as that is called
    pair_count: int = 1  # rows of `differences`: sentences that stand against each other in it

    @property
    def title(self) -> str:
        """What it is about, in words; of a number with what is counted."""
        return name_difference(self.kind, self.unit, self.thing)

    @property
    def sureness(self) -> str:
        """How surely both speak of one thing, of which one value alone is right: `clear`, `likely` or `possible`."""
        return _word_for(self.severity, DIFFERENCE_WORDS)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How one outlet stands to one claim, with its sentence where it has one."""

    outlet_id: str
    outlet: str
    stance: Stance
    text: str = ""
    url: str | None = None
    number: int = 0  # of the article in the report's list
    weight: float = 0.0  # of an omission: the part of the others that say it, each on its own
    disputed: tuple[str, ...] = ()  # the words in it that stand against another outlet's
    speaker: str = ""  # whose words they are, where it is a quote
    is_partly: bool = False  # of what is said: no pair says that its sentence is the same as the claim's

    @property
    def shown(self) -> Shown:
        """The stance, as a reader is shown it."""
        return "partly" if self.stance == "says" and self.is_partly else self.stance


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    """A claim and how each outlet of the story stands to it, in the order of `StoryReport.outlets`."""

    claim_id: str
    text: str
    status: str
    corroboration: int
    cells: tuple[Cell, ...]
    first_outlet_id: str = ""
    first_outlet: str = ""
    first_published_at: datetime | None = None
    first_is_certain: bool = False
    earlier: tuple[str, ...] = ()  # outlets that speak of it in articles from before that, and are not held to be first

    def tell_first(self, *, with_day: bool = False) -> str:
        """Who was first, as words, and how far that can be told."""
        if not self.first_outlet:
            return "who was first cannot be told"
        first = f"{self.first_outlet}, {tell_day(self.first_published_at)}" if with_day else self.first_outlet
        if self.earlier:
            names = join_words(self.earlier) if len(self.earlier) <= _EARLIER_NAMED else f"{len(self.earlier)} outlets"
            return f"first, as far as can be told: {first}, though {names} came out earlier"
        return f"{'first' if self.first_is_certain else 'first, as far as can be told'}: {first}"

    @cached_property
    def speaking(self) -> tuple[Cell, ...]:
        """The cells of the outlets that speak of it, agreeing or not."""
        return tuple(cell for cell in self.cells if cell.stance in SPEAKING)

    @property
    def differing(self) -> tuple[Cell, ...]:
        """The cells of the outlets that say it otherwise."""
        return tuple(cell for cell in self.cells if cell.stance == "differs")

    @property
    def is_shared(self) -> bool:
        """Whether at least two outlets speak of it."""
        return len(self.speaking) >= OUTLETS_FOR_SHARED


@dataclass(frozen=True, kw_only=True)
class CreditLine:
    """An outlet says that it has something from another, and what the other's own articles say to that."""

    said: Said
    is_quote: bool = False
    credited: str
    phrase: str
    verdict: Verdict
    source: Said | None = None


@dataclass(frozen=True, kw_only=True)
class DriftLine:
    """A quote that changed on its way from `before` to `after`, and the change by words."""

    change: str
    severity: float
    before: Said
    after: Said

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The later wording with what was cut and added, by words."""
        return compare_words(self.before.text, self.after.text)

    @property
    def weight(self) -> str:
        """The severity as a word: `major`, `notable` or `minor`."""
        return _word_for(self.severity, _DRIFT_WORDS)


@dataclass(frozen=True, kw_only=True)
class OutletLine:
    """One outlet's part in the story. `behind` is how long after the story's first article its own first one came."""

    outlet_id: str
    outlet: str
    article_count: int
    first_published_at: datetime | None
    behind: timedelta | None
    difference_count: int  # differences that one of its sentences stands in
    stances: Mapping[Shown, int]  # over the shared claims
    first_count: int  # shared claims that it was the first to print
    only_here: tuple[ClaimLine, ...]  # what can be checked first; no titles within the text, no calls upon the reader
    left_out: tuple[ClaimLine, ...]  # what most of the others say first

    @property
    def is_fetched(self) -> bool:
        """Whether we hold any article of it."""
        return self.article_count > 0


@dataclass(frozen=True, kw_only=True)
class ArticleLine:
    """An article of the story as it reads now, and how it can be led back to what was fetched.

    It came out between `out_from` and `out_by`, as far as page, feed and first sight tell; None where nothing does.
    """

    number: int  # by time, from 1; sentences name theirs by it
    article_id: str
    outlet_id: str
    outlet: str
    headline: str
    byline: str
    url: str | None
    address: str  # the URL as words, shown where it is no web address
    published_at: datetime | None
    out_from: datetime | None
    out_by: datetime | None
    modified_at: datetime | None
    fetched_at: datetime | None
    access: str
    word_count: int
    revision_count: int
    syndicated_from: str  # outlet and headline of the article that it is a copy of, or nothing
    capture_id: str
    text_digest: str


@dataclass(frozen=True, kw_only=True)
class RemovedLine:
    """How many blocks of an outlet's articles a rule took out."""

    outlet: str
    rule: str
    count: int

    @property
    def kind(self) -> str:
        """What such blocks are, in a word or two."""
        return tell_rule(self.rule)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of an article's text. What is a mention has the stance of its outlet to a claim, where it has one."""

    text: str
    claim_id: str = ""
    stance: Stance | None = None


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """The whole text of an article, paragraph by paragraph. It is its publisher's, and not for passing on."""

    number: int
    outlet: str
    headline: str
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, kw_only=True)
class StoryReport:
    """A story, ready to be laid out; fields stand in reading order."""

    story_id: str
    headline: str
    first_published_at: datetime | None
    last_published_at: datetime | None
    article_count: int
    outlet_count: int
    topics: str
    differences: tuple[DifferenceLine, ...]
    figures: tuple[FigureLine, ...]
    shared_claims: tuple[ClaimLine, ...]
    outlets: tuple[OutletLine, ...]
    credits: tuple[CreditLine, ...]
    voices: tuple[VoiceLine, ...]
    drift: tuple[DriftLine, ...]
    removed: tuple[RemovedLine, ...]
    articles: tuple[ArticleLine, ...]
    texts: tuple[TextLine, ...] = ()  # only where they were asked for

    @property
    def summary(self) -> str:
        """The story in one line, after its headline: counts and times."""
        counts = f"{tell_count(self.article_count, 'article')} · {tell_count(self.outlet_count, 'outlet')}"
        if self.first_published_at is None:
            return f"{counts} · date of publication unknown"
        return f"{counts} · {tell_span(self.first_published_at, self.last_published_at)}"

    @property
    def told_not_fetched(self) -> str:
        """Whom the outlets credit though we hold nothing of them, in one line; nothing where there is none."""
        if not self.not_fetched:
            return ""
        names = list_names([line.outlet for line in self.not_fetched])
        return f"Credited by them, but not among the articles here: {names}"

    @property
    def told_alone(self) -> str:
        """That one outlet alone has articles here, in one line; nothing where anything was compared.

        What compares outlets is left out then: five sections would say that there is nothing in them.
        """
        fetched = [line.outlet for line in self.outlets if line.is_fetched]
        if len(fetched) != 1 or self.differences or self.shared_claims or self.drift:
            return ""
        return f"Only {fetched[0]} is here: there is nothing to compare it with yet"

    @property
    def told_differences(self) -> str:
        """What is counted as a difference, in one line; nothing where there is none."""
        pairs = sum(line.pair_count for line in self.differences)
        if not self.differences:
            return ""
        things = tell_count(len(self.differences), "thing")
        return f"{things} told in more than one way, by {tell_count(pairs, 'pair')} of sentences that disagree"

    @property
    def credits_to_others(self) -> tuple[CreditLine, ...]:
        """The credits but for those that outlets give to themselves."""
        return tuple(line for line in self.credits if line.verdict != "self")

    @property
    def unchecked_quotes(self) -> int:
        """How many quotes are told to have come from an outlet of which nothing was fetched."""
        return sum(line.is_quote and line.verdict == "not_fetched" for line in self.credits)

    @property
    def not_fetched(self) -> tuple[OutletLine, ...]:
        """The outlets that others credit and of which we hold nothing."""
        return tuple(line for line in self.outlets if not line.is_fetched)


def _word_for(severity: float, words: Sequence[tuple[float, str]]) -> str:
    return next((word for least, word in words if severity >= least), words[-1][1])


def tell_sureness(lines: Iterable[DifferenceLine]) -> Iterator[str]:
    """How sure each difference is, in a word; the word is explained where it is first met."""
    met = set[str]()
    for line in lines:
        yield line.sureness if line.sureness in met else f"{line.sureness}: {SURENESS[line.sureness]}"
        met.add(line.sureness)


def by_time_said(said: Said) -> datetime:
    """When it was said, as a key to sort by."""
    return said.published_at or LAST_OF_ALL


def by_said(said: Said) -> tuple[datetime, str, str]:
    """When, by whom and in what words it was said, as a key to sort by."""
    return by_time_said(said), said.outlet, said.text
