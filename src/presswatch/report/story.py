"""One story as plain values in reading order: differences, claims, credits, drift, what is missing.

`describe_story` reads the tables once; terminal, Markdown and page only lay out what it gives. Every text in a
`StoryReport` is clean (`cleaning.clean_text`), every name is a display name, every address is http(s) or None.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from presswatch.align.linkage import join_pairs
from presswatch.cleaning import clean_text
from presswatch.errors import UsageError
from presswatch.model import Stance, leads_to
from presswatch.report.disputed import settle
from presswatch.report.facts import (
    FigureLine,
    Said,
    ValueLine,
    VoiceLine,
    bound_article,
    find_figures,
    find_voices,
    fold_values,
    rank_alone,
    tells_something,
)
from presswatch.report.lines import (
    LAST_OF_ALL,
    OUTLETS_FOR_SHARED,
    SPEAKING,
    VERDICT_ORDER,
    ArticleLine,
    Cell,
    ClaimLine,
    CreditLine,
    DifferenceLine,
    DriftLine,
    OutletLine,
    Piece,
    RemovedLine,
    StoryReport,
    TextLine,
    by_said,
    by_time_said,
)
from presswatch.report.rows import Row, StoryRows, deal_rows, rows_of_story
from presswatch.tables import Tables
from presswatch.urls import is_web

_OTHERS_FOR_LEFT_OUT = 2  # a claim is left out by an outlet where at least so many others say it
_UNRANKED = (0, 0, 0)  # a claim whose sentences are not in the tables


def describe_story(tables: Tables, story_id: str, names: Mapping[str, str], *, with_texts: bool = False) -> StoryReport:
    """Read everything that is known of one story.

    Args: the stored tables; a story's id; display names by outlet id (an id without one stands for itself); whether
        the whole texts of the articles are wanted.
    Raises: UsageError where the tables hold no article of this story.
    Cost: a few passes over the story's rows, none over the others' but to filter them; what a page does not show of a
        long list (`DriftLine.runs`) is not worked out.
    """
    return _describe(rows_of_story(tables.story(story_id)), story_id, _clean_names(names), with_texts=with_texts)


def describe_stories(
    tables: Mapping[str, pa.Table], story_ids: Sequence[str], names: Mapping[str, str]
) -> Iterator[StoryReport]:
    """What `describe_story` reads of some stories, one after the other, out of tables in stored order.

    Cost: each table is made plain values once; to take one story after the other out of frames costs three times as
        much where most stories have one article.
    """
    clean = _clean_names(names)
    for story_id, rows in zip(story_ids, deal_rows(tables, story_ids), strict=True):
        yield _describe(rows, story_id, clean)


def _clean_names(names: Mapping[str, str]) -> dict[str, str]:
    return {outlet_id: clean_text(name) for outlet_id, name in names.items()}


def _describe(rows: StoryRows, story_id: str, names: Mapping[str, str], *, with_texts: bool = False) -> StoryReport:
    story = _Story(rows, names)
    if not story.articles:
        raise UsageError(f"no story {clean_text(story_id)!r}; `presswatch stories` lists them")
    claims = story.claim_lines()
    differences, figures = settle(story.difference_lines(), story.figure_lines())
    told = [article["published_at"] for article in story.articles if article["published_at"]]
    return StoryReport(
        story_id=_text(story.row.get("story_id")) or clean_text(story_id),
        headline=_text(story.row.get("headline")) or _headline(story.articles[0]),
        first_published_at=min(told, default=None),
        last_published_at=max(told, default=None),
        article_count=len(story.articles),
        outlet_count=len({article["outlet_id"] for article in story.articles}),
        topics=_text(story.row.get("topics")),
        differences=differences,
        figures=figures,
        shared_claims=tuple(claim for claim in claims if claim.is_shared),
        outlets=story.outlet_lines(claims, differences),
        credits=story.credit_lines(),
        voices=story.voice_lines(),
        drift=story.drift_lines(),
        removed=story.removed_lines(),
        articles=tuple(story.article_line(article) for article in story.articles),
        texts=tuple(story.text_line(article) for article in story.articles) if with_texts else (),
    )


def count_differences(differences: pd.DataFrame) -> Counter[str]:
    """How many differences a report of each story tells: pairs that share a mention and its value are one."""
    thing = "\0" + differences["kind"] + "\0" + differences["unit"].fillna("").str.casefold() + "\0"
    ends = [differences[f"{side}_id"] + thing + differences[f"value_{side}"].str.casefold() for side in "ab"]
    numbers = pd.factorize(pd.concat(ends))[0].tolist()  # as `_ends` would tell them apart, all at once
    firsts, seconds = numbers[: len(differences)], numbers[len(differences) :]
    groups = join_pairs(zip(firsts, seconds, strict=True))
    told = zip(differences["story_id"], map(groups.get, firsts), strict=True)
    return Counter(story_id for story_id, _ in set(told))


class _Story:
    """The rows of one story, looked up by id."""

    def __init__(self, rows: StoryRows, names: Mapping[str, str]) -> None:
        self.names = names
        self.row: Row = next(iter(rows.stories), {})
        revisions = sorted(rows.articles, key=_by_time)
        self.articles = [row for row in revisions if row["is_latest"]]
        self.revision_counts = Counter(row["article_id"] for row in revisions)
        self.seen_at = {row["article_id"]: row["first_seen_at"] for row in revisions if row["revision"] == 1}
        self.numbers = {row["article_id"]: number for number, row in enumerate(self.articles, 1)}
        self.article_by_id = {row["article_id"]: row for row in self.articles}
        self.addresses = {row["article_id"]: _address(row["url"]) for row in self.articles}
        self.mention_by_id = {row["mention_id"]: row for row in rows.mentions}
        self.unspoken_cells: dict[tuple[str, Stance, float], Cell] = {}
        self.known_said: dict[tuple[str, str], Said] = {}
        self.rows = rows

    @cached_property
    def coverage(self) -> dict[str, dict[str, Row]]:
        """The coverage rows by claim, then by outlet."""
        by_claim: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in self.rows.coverage:
            by_claim[row["claim_id"]][row["outlet_id"]] = row
        return by_claim

    @cached_property
    def mentions_of(self) -> dict[str, list[Row]]:
        """The mentions of each claim."""
        found: dict[str, list[Row]] = defaultdict(list)
        for mention in self.mention_by_id.values():
            found[mention["claim_id"] or ""].append(mention)
        return found

    @cached_property
    def saying(self) -> dict[str, set[str]] | None:
        """For each claim the mentions that say the same as its sentence, itself among them; None where no pair is told.

        Cost: the story's alignments are looked through at once, some millions in a second.
        """
        pairs = self.rows.alignments
        if not len(pairs):
            return None
        texts = {row["claim_id"]: row["text"] for row in self.rows.claims}
        claim_of = {
            mention_id: row["claim_id"]
            for mention_id, row in self.mention_by_id.items()
            if row["claim_id"] and row["text"] == texts.get(row["claim_id"])
        }
        found: dict[str, set[str]] = defaultdict(set)
        for mention_id, claim_id in claim_of.items():
            found[claim_id].add(mention_id)
        wanted = pa.array(claim_of, pa.string())
        is_near = pc.or_(pc.is_in(pairs["a_id"], wanted), pc.is_in(pairs["b_id"], wanted))
        close = pairs.filter(pc.and_(is_near, pc.not_equal(pairs["relation"], "overlap")))
        for a_id, b_id in zip(close["a_id"].to_pylist(), close["b_id"].to_pylist(), strict=True):
            for one, other in ((a_id, b_id), (b_id, a_id)):
                if one in claim_of:
                    found[claim_of[one]].add(other)
        return found

    @cached_property
    def outlet_ids(self) -> tuple[str, ...]:
        """The story's outlets: by their first article, then those that we have nothing of, by name."""
        fetched = dict.fromkeys(row["outlet_id"] for row in self.articles)
        named = {outlet_id for rows in self.coverage.values() for outlet_id in rows}
        return (*fetched, *sorted(named - fetched.keys(), key=lambda outlet_id: (self.name(outlet_id), outlet_id)))

    @cached_property
    def blank_cells(self) -> dict[str, Cell]:
        """The cells of the outlets as they are where coverage has no row: what we hold decides."""
        held = {article["outlet_id"] for article in self.articles}
        return {
            outlet_id: Cell(
                outlet_id=outlet_id,
                outlet=self.name(outlet_id),
                stance="silent" if outlet_id in held else "not_fetched",
            )
            for outlet_id in self.outlet_ids
        }

    @cached_property
    def disputed(self) -> dict[str, tuple[str, ...]]:
        """The values of each mention that stand against another one's."""
        values: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self.rows.differences:
            for side in "ab":
                values[row[f"{side}_id"]][_text(row[f"value_{side}"])] = None
        return {mention_id: tuple(found) for mention_id, found in values.items()}

    def name(self, outlet_id: str | None) -> str:
        return self.names.get(outlet_id) or clean_text(outlet_id) if outlet_id else "unknown"

    def said(self, mention_id: str | None, text: str = "") -> Said | None:
        """The sentence of a mention, or the text given in its place; None where the mention is not in the tables."""
        mention = self.mention_by_id.get(mention_id or "")
        if mention is None:
            return None
        key = mention["mention_id"], text
        if key not in self.known_said:  # a quote that many print changed on many ways, and is one sentence
            self.known_said[key] = self.make_said(mention, text)
        return self.known_said[key]

    def make_said(self, mention: Row, text: str) -> Said:
        article = self.article_by_id.get(mention["article_id"], {})
        outlet_id = mention["outlet_id"] or article.get("outlet_id") or ""
        return Said(
            outlet_id=outlet_id,
            outlet=self.name(outlet_id),
            text=clean_text(text) or _text(mention["text"]),
            headline=_text(article.get("headline")),
            url=self.addresses.get(mention["article_id"]),
            published_at=article.get("published_at"),
            number=self.numbers.get(mention["article_id"], 0),
        )

    def figure_lines(self) -> tuple[FigureLine, ...]:
        weights = {row["claim_id"]: int(row["outlet_count"] or 0) for row in self.rows.claims}
        headlines = " ".join(_headline(article) for article in self.articles)
        return find_figures(self.mention_by_id.values(), weights, headlines, self.said)

    def voice_lines(self) -> tuple[VoiceLine, ...]:
        verdicts = {row["mention_id"]: row["verdict"] for row in self.rows.credits}
        return find_voices(self.mention_by_id.values(), verdicts, self.said, self.name)

    def difference_lines(self) -> tuple[DifferenceLine, ...]:
        """The differences, surest first; pairs that share a mention and its value are told as one."""
        rows = self.rows.differences
        grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        ends = [_ends(row) for row in rows]
        groups = join_pairs(ends)
        for row, (end, _) in zip(rows, ends, strict=True):
            grouped[groups[end]].append(row)
        lines = [self.difference_line(group) for group in grouped.values()]
        return tuple(
            sorted((line for line in lines if line), key=lambda line: (-line.severity, line.kind, _lead(line)))
        )

    def difference_line(self, rows: Sequence[Row]) -> DifferenceLine | None:
        ends = {(row[f"{side}_id"], _text(row[f"value_{side}"])) for row in rows for side in "ab"}
        found = [(said, value) for mention_id, value in sorted(ends) if (said := self.said(mention_id))]
        by_value: dict[str, list[tuple[Said, str]]] = defaultdict(list)
        folded = fold_values(_text(rows[0]["kind"]), {value for _, value in found})
        for said, value in sorted(found, key=lambda end: by_said(end[0])):
            by_value[folded[value]].append((said, value))
        sides = [ValueLine(value=told[0][1], said=tuple(said for said, _ in told)) for told in by_value.values()]
        if len(sides) <= 1:  # rows whose mentions are gone have nothing to show
            return None
        return DifferenceLine(
            kind=_text(rows[0]["kind"]),
            unit=_text(rows[0]["unit"]),
            severity=max(row["severity"] or 0.0 for row in rows),
            sides=tuple(sides),
            pair_count=len(rows),
        )

    def claim_lines(self) -> list[ClaimLine]:
        """All claims: those of most outlets first, then by corroboration, then by time."""
        lines = [self.claim_line(row) for row in self.rows.claims]
        return sorted(
            lines,
            key=lambda line: (
                -len(line.speaking),
                -line.corroboration,
                line.first_published_at or LAST_OF_ALL,
                line.claim_id,
            ),
        )

    def claim_line(self, row: Row) -> ClaimLine:
        cells = tuple(self.cells(self.coverage[row["claim_id"]]))
        return ClaimLine(
            claim_id=row["claim_id"],
            text=_text(row["text"]),
            status=row["status"],
            corroboration=int(row["corroboration"] or 0),
            cells=cells,
            first_outlet_id=row["first_outlet_id"] or "",
            first_outlet=self.name(row["first_outlet_id"]) if row["first_outlet_id"] else "",
            first_published_at=row["first_published_at"],
            first_is_certain=bool(row["first_is_certain"]),
            earlier=tuple(self.find_earlier(row, cells)),
        )

    def find_earlier(self, row: Row, cells: Iterable[Cell]) -> Iterator[str]:
        """The outlets whose marks are older than who is held to be first, so that nobody takes that for a mistake.

        They have it from others, changed their sentence later, or say mainly something else with it.
        """
        first_at = row["first_published_at"]
        for cell in cells:
            if first_at and cell.number and cell.stance in SPEAKING and cell.outlet_id != row["first_outlet_id"]:
                published_at = self.articles[cell.number - 1]["published_at"]
                if published_at and published_at < first_at:
                    yield cell.outlet

    def cells(self, rows: Mapping[str, Row]) -> Iterator[Cell]:
        """The cells of a claim. Most are silences in what nobody shares, and nobody asks what those weigh."""
        is_shared = sum(row["stance"] in SPEAKING for row in rows.values()) >= OUTLETS_FOR_SHARED
        for outlet_id, blank in self.blank_cells.items():
            row = rows.get(outlet_id)
            if row is None or (row["stance"] == blank.stance and not is_shared):
                yield blank
            elif row["stance"] not in SPEAKING:
                yield self.unspoken_cell(blank, row["stance"], row["weight"] or 0.0)
            else:
                yield self.cell(blank, row)

    def unspoken_cell(self, blank: Cell, stance: Stance, weight: float) -> Cell:
        """The cell of an outlet that says nothing: few of thousands are not alike."""
        key = (blank.outlet_id, stance, weight)
        if key not in self.unspoken_cells:
            self.unspoken_cells[key] = replace(blank, stance=stance, weight=weight)
        return self.unspoken_cells[key]

    def cell(self, blank: Cell, row: Row) -> Cell:
        mention_id = row["mention_id"] or ""
        mention = self.mention_by_id.get(mention_id, {})
        article_id = mention.get("article_id", "")
        saying = self.saying
        return Cell(
            outlet_id=blank.outlet_id,
            outlet=blank.outlet,
            stance=row["stance"],
            text=_text(row["text"]) or _text(mention.get("text")),
            url=self.addresses.get(article_id),
            number=self.numbers.get(article_id, 0),
            weight=row["weight"] or 0.0,
            disputed=self.disputed.get(mention_id, ()),
            is_partly=saying is not None and mention_id not in saying[row["claim_id"]],
            speaker=_text(mention.get("speaker")) if mention.get("kind") == "quote" else "",
        )

    def tells_something(self, claim: ClaimLine) -> bool:
        """Whether any sentence of a claim says something of the story."""
        mentions = self.mentions_of.get(claim.claim_id)
        return not mentions or any(map(tells_something, mentions))

    def rank_alone(self, claim: ClaimLine) -> tuple[int, int, int]:
        """Where a claim stands among those that its outlet alone has: where the best of its sentences does."""
        return min(map(rank_alone, self.mentions_of.get(claim.claim_id, [])), default=_UNRANKED)

    def outlet_lines(
        self, claims: Sequence[ClaimLine], differences: Sequence[DifferenceLine]
    ) -> tuple[OutletLine, ...]:
        only_here: dict[str, list[ClaimLine]] = defaultdict(list)
        for claim in claims:
            if len(claim.speaking) == 1 and self.tells_something(claim):
                only_here[claim.speaking[0].outlet_id].append(claim)
        shared = [claim for claim in claims if claim.is_shared]
        first_counts = Counter(claim.first_outlet_id for claim in shared)
        difference_counts = Counter(
            outlet_id
            for line in differences
            for outlet_id in {said.outlet_id for side in line.sides for said in side.said}
        )
        begin = min((article["published_at"] for article in self.articles if article["published_at"]), default=None)
        lines = []
        for here, outlet_id in enumerate(self.outlet_ids):
            own = [article for article in self.articles if article["outlet_id"] == outlet_id]
            first = min((article["published_at"] for article in own if article["published_at"]), default=None)
            lines.append(
                OutletLine(
                    outlet_id=outlet_id,
                    outlet=self.name(outlet_id),
                    article_count=len(own),
                    first_published_at=first,
                    behind=first - begin if first and begin else None,
                    difference_count=difference_counts[outlet_id],
                    stances=Counter(claim.cells[here].shown for claim in shared),
                    first_count=first_counts[outlet_id],
                    only_here=tuple(sorted(only_here[outlet_id], key=self.rank_alone)),
                    left_out=_order_omissions(shared, here),
                )
            )
        return tuple(lines)

    def credit_lines(self) -> tuple[CreditLine, ...]:
        """The credits, what a fact-checker looks for first: those that do not hold, then those that do."""
        lines = []
        for row in self.rows.credits:
            said = self.said(row["mention_id"])
            if said:
                lines.append(
                    CreditLine(
                        said=said,
                        is_quote=self.mention_by_id[row["mention_id"]]["kind"] == "quote",
                        credited=self.name(row["credited"]),
                        phrase=_text(row["phrase"]),
                        verdict=row["verdict"],
                        source=self.said(row["source_mention_id"]),
                    )
                )
        return tuple(
            sorted(lines, key=lambda line: (VERDICT_ORDER.index(line.verdict), *by_said(line.said), line.credited))
        )

    def drift_lines(self) -> tuple[DriftLine, ...]:
        """The quotes that changed, gravest first; the earlier printing is `before`, but of a cut the fuller one."""
        lines = []
        for row in self.rows.drift:
            ends = [self.said(row[f"{side}_id"], row[f"text_{side}"] or "") for side in "ab"]
            before, after = sorted((end for end in ends if end), key=by_time_said) if all(ends) else (None, None)
            if before and after:
                if not leads_to(row["change"], before.text, after.text):
                    before, after = after, before
                severity = row["severity"] or 0.0
                lines.append(DriftLine(change=row["change"], severity=severity, before=before, after=after))
        return tuple(sorted(lines, key=lambda line: (-line.severity, *by_said(line.before), *by_said(line.after))))

    def removed_lines(self) -> tuple[RemovedLine, ...]:
        latest = {(article["article_id"], article["revision"]): article["outlet_id"] for article in self.articles}
        counts: Counter[tuple[str, str]] = Counter()
        for row in self.rows.removed:
            outlet_id = latest.get((row["article_id"], row["revision"]))
            if outlet_id:
                counts[self.name(outlet_id), _text(row["rule"])] += 1
        return tuple(RemovedLine(outlet=outlet, rule=rule, count=n) for (outlet, rule), n in sorted(counts.items()))

    def article_line(self, row: Row) -> ArticleLine:
        origin = self.article_by_id.get(row["syndicated_from"] or "")
        out_from, out_by = bound_article(row, self.seen_at.get(row["article_id"]))
        return ArticleLine(
            number=self.numbers[row["article_id"]],
            article_id=row["article_id"],
            outlet_id=row["outlet_id"],
            outlet=self.name(row["outlet_id"]),
            headline=_headline(row),
            byline=_text(row["byline"]),
            url=self.addresses[row["article_id"]],
            address=_text(row["url"]),
            published_at=row["published_at"],
            out_from=out_from,
            out_by=out_by,
            modified_at=row["modified_at"],
            fetched_at=row["fetched_at"],
            access=_text(row["access"]),
            word_count=int(row["word_count"] or 0),
            revision_count=self.revision_counts[row["article_id"]],
            syndicated_from=f"{self.name(origin['outlet_id'])}: {_headline(origin)}" if origin else "",
            capture_id=_text(row["capture_id"]),
            text_digest=_text(row["text_digest"]),
        )

    @cached_property
    def body_mentions(self) -> dict[str, list[Row]]:
        """The mentions of each article's text, in the order of the text."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.mention_by_id.values():
            if row["part"] == "body":
                found[row["article_id"]].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["start_char"], -row["end_char"]))
        return found

    def text_line(self, row: Row) -> TextLine:
        text, begin, paragraphs = row["text"] or "", 0, []
        mentions = self.body_mentions.get(row["article_id"], [])
        starts = [mention["start_char"] for mention in mentions]
        for paragraph in text.split("\n"):
            end = begin + len(paragraph)
            near = mentions[bisect_left(starts, begin) : bisect_right(starts, end)]
            own = [mention for mention in near if mention["end_char"] <= end]
            paragraphs.append(tuple(self.pieces(text, begin, end, own)))
            begin = end + 1
        return TextLine(
            number=self.numbers[row["article_id"]],
            outlet=self.name(row["outlet_id"]),
            headline=_headline(row),
            paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        )

    def pieces(self, text: str, begin: int, end: int, mentions: Iterable[Row]) -> Iterator[Piece]:
        """A stretch of a text, cut where mentions begin and end; of two that overlap the one that begins first."""
        for mention in mentions:
            if mention["start_char"] >= begin:
                yield from _piece(text[begin : mention["start_char"]])
                claim_id = mention["claim_id"] or ""
                row = self.coverage.get(claim_id, {}).get(mention["outlet_id"] or "", {})
                said = text[mention["start_char"] : mention["end_char"]]
                yield from _piece(said, claim_id, row.get("stance"))
                begin = mention["end_char"]
        yield from _piece(text[begin:end])


def _piece(raw: str, claim_id: str = "", stance: Stance | None = None) -> Iterator[Piece]:
    """A stretch of text, clean; the blanks around it stay, for others follow."""
    text = clean_text(raw)
    if text:
        yield Piece(text=f"{' ' * raw[0].isspace()}{text}{' ' * raw[-1].isspace()}", claim_id=claim_id, stance=stance)
    elif raw:
        yield Piece(text=" ")


def _order_omissions(claims: Sequence[ClaimLine], here: int) -> tuple[ClaimLine, ...]:
    """The claims that the outlet of one column is silent about though others say them, the heaviest omission first."""
    left_out = (
        claim
        for claim in claims
        if claim.cells[here].stance == "silent" and len(claim.speaking) >= _OTHERS_FOR_LEFT_OUT
    )
    return tuple(sorted(left_out, key=lambda claim: -claim.cells[here].weight))


def _text(value: object) -> str:
    return "" if value is None else clean_text(str(value))


def _address(url: object) -> str | None:
    """A URL that a page may link to: http(s), and nothing in it that hides what it is."""
    text = str(url or "")
    return text if is_web(text) and clean_text(text) == text else None


def _headline(article: Row) -> str:
    return _text(article["headline"]) or _text(article["url"])


def _by_time(article: Row) -> tuple[datetime, str, int]:
    return article["published_at"] or LAST_OF_ALL, article["article_id"], article["revision"]


def _lead(line: DifferenceLine) -> tuple[datetime, str, str]:
    return by_said(line.sides[0].said[0])


def _ends(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The two ends of a difference: each a value that one mention gives of one thing."""
    thing = (_text(row["kind"]), _text(row["unit"]).casefold())
    return (
        (row["a_id"], *thing, _text(row["value_a"]).casefold()),
        (row["b_id"], *thing, _text(row["value_b"]).casefold()),
    )
