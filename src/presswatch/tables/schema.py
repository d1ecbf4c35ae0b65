"""What the tables hold, said once: the parquet schema, docs/tables.md and the checks are made from this page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 3  # goes up when a column is renamed, removed or means something else, or files are split otherwise
SCHEMA_KEY = b"presswatch_schema"

ColumnType = Literal["text", "time", "integer", "number", "boolean", "boolean or empty"]


@dataclass(frozen=True)
class Column:
    """One quantity. A name means the same in every table, unless a table says otherwise."""

    name: str
    type: ColumnType
    description: str


@dataclass(frozen=True)
class Table:
    """A table as declared: what a row is, the columns that tell rows apart, and all columns, key first."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_log: bool = False  # one file a run, only added to
    is_split: bool = True  # a file for each part: a month of publication, or a day; else one, but for logs

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names in stored order."""
        return tuple(column.name for column in self.columns)

    @property
    def order(self) -> tuple[str, ...]:
        """What rows are stored by: those of a story lie together, so that a story is read without the others."""
        return tuple(dict.fromkeys(("story_id", *self.key) if self.has_stories else self.key))

    @property
    def has_stories(self) -> bool:
        """Whether a row says which story it is of."""
        return "story_id" in self.column_names


_FIRST_IS_CERTAIN = (
    "Whether credits and times leave no doubt of who was first: every outlet that took it from nobody has bounds for "
    "when it was out, and those of the first end before all others begin. Bounds come of `published_at`, `listed_at` "
    "and `first_seen_at`."
)
_FIRST_OUTLET = (
    "The outlet that said it first, as far as can be told: by credits (though nothing of it was found there), else, of "
    "those that say it, by the times of page, feed and first sight; empty where nobody can tell."
)
_PUBLISHED_IS_DAY = (
    "Whether the page tells a day alone: `published_at` is midnight sharp as written, for the outlet or in UTC, and "
    "stands for the 24 hours from there."
)
_CREDITED = (
    "The outlet that is credited: its id, or the name as printed. An outlet without a file is known by its articles of "
    "the story; `mentions.credit` has its name as printed."
)
_WEIGHT = (
    "How much an omission weighs: where the outlet is `silent`, `claims.corroboration` divided by the number of other "
    "outlets of which we can tell (all but `not_fetched`), so 1 where every other one says it of its own; else 0."
)

_QUANTITIES: dict[str, tuple[ColumnType, str]] = {
    "a_id": ("text", "The mention with the smaller id of the pair."),
    "access": ("text", "`full`, or `excerpt` where the page held back text behind a wall."),
    "after": ("text", "The sentence in this revision; the empty text where it was removed."),
    "aliases": ("text", "Ids that the story had before, joined with `; `. They are still understood."),
    "article_count": ("integer", "Articles in the story."),
    "article_id": ("text", "The article, whatever spelling its URL has."),
    "at": ("time", "When it happened."),
    "b_id": ("text", "The mention with the larger id of the pair."),
    "before": ("text", "The sentence in the revision before; the empty text where it was added."),
    "byline": ("text", "Named authors, joined with `; `; where nobody is named, the agency or desk that signs."),
    "capture_id": ("text", "The stored response that the text was read from: a hash of address and bytes."),
    "change": ("text", "What was done to it."),
    "claim_id": ("text", "The claim; made of the id of its earliest mention."),
    "command": ("text", "The command that ran."),
    "corroboration": (
        "integer",
        "Independent outlets that say it: those that credit or copy each other count once, and no one that differs.",
    ),
    "credit": ("text", "The outlet that the mention says it is taken from: its id, or the name as printed."),
    "credit_phrase": ("text", "The words that give the credit, as printed."),
    "credited": ("text", _CREDITED),
    "cue": ("text", "The reporting verb."),
    "dek": ("text", "The line under the headline."),
    "discovered": ("integer", "New candidates that discovery found."),
    "end_char": ("integer", "Where the span ends, in characters, not included."),
    "error": ("text", "A code of `presswatch.errors.CODES`."),
    "evidence": ("text", "What the score rests on: shared names, numbers and rare words."),
    "extracted": ("integer", "Captures that gave an article."),
    "extractor": ("text", "How the text was found, and by which version."),
    "failed": ("integer", "Failures of the run."),
    "fetched": ("integer", "Responses stored that brought anything new, feeds, sitemaps and robots.txt included."),
    "fetched_at": ("time", "When the capture was made: the newest one of this text."),
    "finished_at": ("time", "When the run ended."),
    "first_is_certain": ("boolean", _FIRST_IS_CERTAIN),
    "first_outlet_id": ("text", _FIRST_OUTLET),
    "first_published_at": ("time", "The earliest publication."),
    "first_seen_at": ("time", "When this text of the article was first captured; revision 1 has that of the article."),
    "has_layout": (
        "boolean or empty",
        "Whether its pages have the outlet's layout; empty where there is none to look for.",
    ),
    "heading": ("text", "What stands over it."),
    "headline": ("text", "The headline, without the outlet's name."),
    "hosts": ("text", "The hosts it publishes on, joined with `; `; empty where no outlet file describes it."),
    "is_latest": ("boolean", "Whether it is what the article says now; a text that came back is an earlier revision."),
    "kind": ("text", "What it is."),
    "language": ("text", "Two-letter code."),
    "last_published_at": ("time", "The latest publication."),
    "listed_at": (
        "time",
        "When feed, news sitemap or list of posts says it was published: the earliest that is known.",
    ),
    "listed_is_day": ("boolean", "Whether `listed_at` tells a day alone, as for `published_is_day`."),
    "mention_count": ("integer", "Mentions of the claim, those that differ in it too."),
    "mention_id": ("text", "The mention."),
    "message": ("text", "What happened, in words."),
    "modified_at": ("time", "When the outlet says it was changed; may lie before publication."),
    "name": ("text", "How it is called: by its outlet file, else its id."),
    "outcome": ("text", "`ok`, `partly` (something is tried again next time) or `unreachable`."),
    "outlet_count": ("integer", "Outlets concerned."),
    "outlet_id": ("text", "The outlet."),
    "part": ("text", "Where the offsets count: `body`, `headline` or `dek`."),
    "phrase": ("text", "The words that give credit."),
    "published_at": ("time", "When the outlet says it was published."),
    "published_is_day": ("boolean", _PUBLISHED_IS_DAY),
    "quote_id": ("text", "Shared by the spans of one interrupted or multi-paragraph quote."),
    "reason": (
        "text",
        (
            "How the address came to be known: `spelling`, `moved` or `redirect` (it led there), `canonical` (the page "
            "says so), `address` (another capture of the article stands there: its slug was changed)."
        ),
    ),
    "relation": ("text", "`same`, `overlap` or `quote`."),
    "revision": ("integer", "1 for the first text seen, 2 for the next new one."),
    "rule": ("text", "The rule that took the block out."),
    "run_id": ("text", "The run."),
    "score": ("number", "From 0 to 1, to four places: how surely the two say the same."),
    "section": ("text", "The outlet's section."),
    "severity": ("number", "From 0 to 1."),
    "source_mention_id": (
        "text",
        "The mention of the credited outlet that says it; empty also where the whole article is a copy of one of its.",
    ),
    "speaker": ("text", "Who is quoted, by the fullest name the article gives."),
    "stage": ("text", "`discover`, `fetch` or `read`."),
    "stance": ("text", "`says`, `differs`, `silent`, or `not_fetched` where we have nothing of the outlet."),
    "start_char": ("integer", "Where the span starts, in characters."),
    "started_at": ("time", "When the run began."),
    "status": ("text", "`shared`, `unique` or `differs`."),
    "stories": ("integer", "Stories compared in the run."),
    "story_id": ("text", "The story; made of the id of its earliest article."),
    "syndicated_from": ("text", "The article_id that this one is a copy of."),
    "text": ("text", "The text."),
    "text_a": ("text", "The quote in a_id."),
    "text_b": ("text", "The quote in b_id."),
    "text_digest": ("text", "A hash of the text that white space, quote marks and dashes do not change."),
    "topics": ("text", "The topics it belongs to, joined with `; `."),
    "unit": ("text", "What is counted or measured."),
    "url": ("text", "The address."),
    "value_a": ("text", "The value in a_id."),
    "value_b": ("text", "The value in b_id."),
    "verdict": ("text", "`confirmed`, `altered`, `not_found`, `not_fetched` or `self`."),
    "voice": ("text", "`reported` or `opinion`."),
    "weight": ("number", _WEIGHT),
    "word_count": ("integer", "Words of the text."),
}


def _table(
    name: str, row: str, key: str, columns: str, *, is_log: bool = False, is_split: bool = True, **meanings: str
) -> Table:
    """A declaration; `meanings` are the columns that mean something of their own here."""
    made = []
    for column in columns.split():
        kind, description = _QUANTITIES[column]
        made.append(Column(column, kind, meanings.get(column, description)))
    return Table(name, row, tuple(key.split()), tuple(made), is_log, is_split and not is_log)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "articles",
            "a revision of an article",
            "article_id revision",
            "article_id revision is_latest outlet_id url headline dek byline published_at published_is_day "
            "modified_at listed_at listed_is_day first_seen_at fetched_at section language access word_count text "
            "text_digest story_id topics syndicated_from capture_id evidence extractor has_layout",
            evidence="Which source gave headline, dek, byline, dates, section and language, and the dates that were "
            "dropped as impossible, joined with `; `.",
            text="The text, free of comments and promos; paragraphs are lines.",
        ),
        _table(
            "mentions",
            "a span of the newest revision of an article: a statement or a quote",
            "mention_id",
            "mention_id article_id revision story_id outlet_id kind part start_char end_char text quote_id speaker cue "
            "credit credit_phrase voice claim_id",
            kind="`statement` or `quote`.",
            claim_id="The claim that it says most of.",
            text="The words of the span.",
        ),
        _table(
            "alignments",
            "a scored pair of mentions of different articles of one story",
            "a_id b_id",
            "a_id b_id story_id score relation evidence",
        ),
        _table(
            "claims",
            "a statement shared by aligned mentions of one story",
            "claim_id",
            "claim_id story_id text mention_count outlet_count corroboration first_outlet_id first_published_at "
            "first_is_certain status",
            first_published_at="When the page of that outlet says it was published; of several, the earliest. What a "
            "feed said, and when it was first seen, count for who was first and are not told here.",
            outlet_count="Outlets that say it, or differ in it.",
            text="The mention that says most of it.",
        ),
        _table(
            "coverage",
            "how one outlet stands to one claim of a story",
            "story_id claim_id outlet_id",
            "story_id claim_id outlet_id stance mention_id text weight",
            text="The outlet's own words for it.",
        ),
        _table(
            "differences",
            "a disagreement between two aligned mentions",
            "a_id b_id kind value_a value_b",
            "a_id b_id story_id claim_id kind value_a value_b unit severity",
            claim_id="The claim, where both mentions share one.",
            kind="`number`, `age`, `rank` (which edition, which of her films), `runtime`, `box office`, `date` (days "
            "and hours), `release`, `place`, `role` (who directed, plays, wrote the book, bought the rights, brings it "
            "out, heads the jury, won which prize), `name` (spelt otherwise), `denial` (what one says and the other "
            "denies), `certainty` (in talks for one, settled for the other), `contrary` (rose and fell, won and lost, "
            "renewed and cancelled), `rating` or `format` (what it was shot on).",
            severity="From 0 to 1: how surely both speak of one thing.",
        ),
        _table(
            "drift",
            "a quote that changed between two outlets",
            "a_id b_id change",
            "a_id b_id story_id change text_a text_b severity",
            change="`trimmed`, `elided`, `bracketed`, `reworded` or `reattributed`.",
            severity="From 0 to 1: how far it was changed; from .85 it says the opposite, another number, or is "
            "somebody else's.",
        ),
        _table(
            "credits",
            "a credit that an article gives to an outlet",
            "mention_id credited phrase",
            "mention_id article_id outlet_id credited phrase verdict source_mention_id",
        ),
        _table(
            "stories",
            "an event that several articles cover, or one article alone",
            "story_id",
            "story_id aliases headline first_published_at last_published_at article_count outlet_count topics",
            headline="The headline of its earliest article.",
        ),
        _table(
            "outlets",
            "an outlet that has an article here, or is credited in one",
            "outlet_id",
            "outlet_id name hosts",
            is_split=False,
        ),
        _table("aliases", "another URL of an article", "url article_id", "url article_id reason"),
        _table(
            "revisions",
            "a sentence that a revision changed",
            "article_id revision change before after",
            "article_id revision change before after",
            change="`added`, `removed` or `changed`.",
        ),
        _table(
            "removed",
            "a block taken out of an article",
            "article_id revision rule text",
            "article_id revision rule text",
            text="What the block said.",
        ),
        _table(
            "sections",
            "an entry of a live blog: from here to the next one",
            "article_id revision start_char",
            "article_id revision start_char at heading",
            at="When the outlet says it was written.",
            start_char="Where it starts, in characters of the article's text.",
        ),
        _table(
            "failures",
            "what went wrong with one URL in one run",
            "run_id url stage error",
            "run_id url outlet_id stage error message at",
            is_log=True,
            url="The address as asked, before redirects.",
        ),
        _table(
            "runs",
            "a run",
            "run_id",
            "run_id command started_at finished_at discovered fetched extracted stories failed outcome",
            is_log=True,
        ),
    )
}
