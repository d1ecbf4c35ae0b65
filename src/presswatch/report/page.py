"""A story, and the list of all stories, as self-contained pages that ask for nothing and read without their script.

Every text goes through Jinja's autoescape, only http(s) addresses become links, and the content security policy allows
the page's one style sheet and one script, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup, escape

from presswatch.align.text import STOP_STEMS, stem_word
from presswatch.cleaning import clean_text
from presswatch.report import wording
from presswatch.report.drawing import draw_graph, join_credits, place_articles
from presswatch.report.jinja import make_environment
from presswatch.report.lines import SURENESS, VERDICTS, WORDS, Cell, ClaimLine, StoryReport
from presswatch.report.story import count_differences
from presswatch.tables import Tables
from presswatch.tables.rows import plain_rows

_ONLY_HERE_SHOWN = 12  # sentences per outlet: more would reprint its article, which is not ours to do
# At the top of the page, where the first difference is to stay near
_BRIEF_FIGURES, _BRIEF_VALUES, _BRIEF_VOICES = 3, 4, 4
_BRIEF_CHARACTERS = 240  # of a sentence that says how a value is meant: all of the newsroom's statements are shorter
# What only one says: all of it where outlets are few and say little, else as much as a look takes in
_ALONE_SHOWN, _FEW_ALONE = 6, 3
_MANY_ALONE_SHOWN = 3
_ALONE_OUTLETS = 6
_ALONE_CHARACTERS = 240
_LEFT_OUT_SHOWN = 12  # per outlet; the matrix has them all, and lists of hundreds would double the page
MOST_LISTED = 1_000  # stories on the list: some 200 kB; `presswatch stories` lists all
_OUTLETS_ABREAST = 8  # with more of them, the names over the matrix stand upright
# What a page shows of a large story, so that 200 articles stay under 5 MB; it says how many there are, and where
_MOST_CELLS = 4_000  # of the matrix: some 600 bytes each, with its sentence
_LEAST_ROWS = 12
_MOST_DIFFERENCES = 40
_MOST_DRIFTS = 40
_MOST_EDGES = 60  # of the table of credits
_CREDITS_AN_EDGE = 4
_SENTENCES_A_VALUE = 6
_REMOVED_OUTLETS = 12  # columns; with more the table has rows for the kinds alone

SIGNS: Mapping[str, str] = {"confirmed": "✓", "altered": "≠", "not_found": "✕", "not_fetched": "?", "self": "↺"}


@dataclass(frozen=True, kw_only=True)
class Band:
    """A claim of the matrix, and below it the sentences of the outlets that speak of it. `number` counts from 1."""

    number: int
    claim: ClaimLine
    cells: Markup
    cards: Markup


_REFERENCE = Markup('<a class="ref" href="#a{0}" aria-label="article {0}">{0}</a>')


def render_html(report: StoryReport) -> str:
    """One story as one HTML page that needs nothing else and can be printed.

    Cost: linear in what is shown, and that is bounded: a few milliseconds for a dozen articles, some 5 MB for any.
    """
    refs = [Markup(""), *(_REFERENCE.format(number) for number in range(1, len(report.articles) + 1))]
    bands = _lay_bands(report, refs)
    edges = join_credits(report)
    return (
        _templates()
        .get_template("story.html.j2")
        .render(
            report=report,
            bands=bands,
            rows={band.claim.claim_id: band.number for band in bands},
            timeline=place_articles(report.articles),
            edges=edges,
            graph=draw_graph(report, edges),
            removed=_count_removed(report),
            refs=refs,
            is_wide=len(report.outlets) > _OUTLETS_ABREAST,
        )
    )


def render_forward(report: StoryReport) -> str:
    """What stands in the place of the page of a story that has become part of this one: it leads to this one's."""
    template = _templates().get_template("forward.html.j2")
    return template.render(story_id=report.story_id, headline=report.headline)


def render_index(tables: Tables, names: Mapping[str, str], *, total: int) -> str:
    """The newest stories, newest first, as an HTML page; each links to `<story_id>.html` beside it.

    Args: the stored tables, of the newest months at least; display names by outlet id; how many stories there are.
    """
    outlets: dict[str, set[str]] = defaultdict(set)
    latest = tables.articles[tables.articles["is_latest"]]
    for story_id, outlet_id in latest[["story_id", "outlet_id"]].itertuples(index=False):
        outlets[story_id].add(clean_text(names.get(outlet_id, outlet_id)))
    differences = count_differences(tables.differences)
    rows = plain_rows(tables.stories)
    rows.sort(key=lambda row: (str(row["last_published_at"] or ""), row["story_id"]), reverse=True)
    stories = [
        {
            "story_id": row["story_id"],
            "headline": clean_text(row["headline"] or row["story_id"]),
            "span": wording.tell_span(row["first_published_at"], row["last_published_at"]),
            "article_count": row["article_count"],
            "outlets": sorted(outlets[row["story_id"]]),
            "difference_count": differences[row["story_id"]],
        }
        for row in rows[:MOST_LISTED]
    ]
    return _templates().get_template("index.html.j2").render(stories=stories, total=total)


def _lay_bands(report: StoryReport, refs: Sequence[Markup]) -> list[Band]:
    """The claims that the matrix shows, with their sentences side by side: those of most outlets."""
    most = max(_LEAST_ROWS, _MOST_CELLS // max(1, len(report.outlets)))
    bands = []
    for number, claim in enumerate(report.shared_claims[:most], 1):
        cells = [(f"k{number}-{place}", cell) for place, cell in enumerate(claim.cells)]
        spoken = [(card_id, cell) for card_id, cell in cells if cell.stance not in _SILENT_CELLS]
        marked = wording.mark_words(
            [cell.text for _, cell in spoken], [cell.disputed for _, cell in spoken], _fold_word
        )
        cards = (
            _lay_card(card_id, cell, _mark_up(stretches), refs[cell.number])
            for (card_id, cell), stretches in zip(spoken, marked, strict=True)
        )
        row = _LINES.join(_lay_cell(card_id, cell) for card_id, cell in cells)
        bands.append(Band(number=number, claim=claim, cells=row, cards=_LINES.join(cards)))
    return bands


def _lay_cell(card_id: str, cell: Cell) -> Markup:
    """A cell of the matrix, which leads to the outlet's sentence."""
    if cell.stance in _SILENT_CELLS:
        return _SILENT_CELLS[cell.stance]
    label = f"{escape(cell.outlet)} {_ALOUD[cell.shown]}"
    return Markup(  # noqa: S704 - the one word of others is escaped
        f'<td class="{cell.shown}"><a href="#{card_id}" aria-label="{label}">{_CELLS[cell.shown]}</a></td>'
    )


def _lay_card(card_id: str, cell: Cell, text: Markup, reference: Markup) -> Markup:
    """An outlet's sentence beside those of others: its words marked by what others have of them."""
    differs = " <b>differs</b>" if cell.stance == "differs" else ""
    return Markup(  # noqa: S704 - what others wrote is escaped
        f'<figure class="card {cell.stance}" id="{card_id}" tabindex="-1">\n'
        f"<figcaption>{_MARKS[cell.shown]} {_link(cell.url, cell.outlet)}{reference}{differs}</figcaption>\n"
        f'<blockquote dir="auto">{text}</blockquote>\n'
        "</figure>"
    )


def _link(url: str | None, text: str) -> Markup:
    if not url:
        return escape(text)
    link = f'<a href="{escape(url)}" rel="nofollow noopener noreferrer">{escape(text)}</a>'
    return Markup(link)  # noqa: S704 - both are escaped


def _mark_value(text: str, value: str) -> Markup:
    """A sentence with a value marked in it; where words stand between ("nine kinetic videos"), its first word."""
    marked = wording.mark_value(text, value)
    return _mark_up(marked if len(marked) > 1 else wording.mark_value(text, value.partition(" ")[0]))


def _mark_up(stretches: Iterable[wording.Stretch]) -> Markup:
    framed = (f"{_FRAMES[mark][0]}{escape(text)}{_FRAMES[mark][1]}" for mark, text in stretches)
    return Markup("".join(framed))  # noqa: S704 - the frames are ours, and each text is escaped


_FRAMES = {"own": ("", ""), "shared": ('<span class="s">', "</span>"), "disputed": ("<mark>", "</mark>")}


def _fold_word(word: str) -> str | None:
    stem = stem_word(word)
    return None if stem in STOP_STEMS else stem


def _count_removed(report: StoryReport) -> dict[str, Counter[str]]:
    """How many blocks were taken out, by kind and then by outlet; the kind with most blocks first."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for line in report.removed:
        kinds[line.kind][line.outlet] += line.count
    return dict(sorted(kinds.items(), key=lambda kind: (-kind[1].total(), kind[0])))


# What stands in thousands of cells is made once: a macro and an escape for each would be a third of a page's time.
_MARKS = {
    stance: Markup('<svg class="mark {0}" aria-hidden="true"><use href="#{0}"/></svg>').format(stance)
    for stance in WORDS
}
_CELLS = {
    stance: Markup('{}<span class="word">{}</span>').format(_MARKS[stance], word) for stance, word in WORDS.items()
}
_ALOUD = {**WORDS, "partly": "says in part"}
_LINES = Markup("\n")
_SILENT_CELLS = {
    stance: Markup('<td class="{}">{}</td>').format(stance, _CELLS[stance])
    for stance in WORDS
    if stance in ("silent", "not_fetched")
}


@cache
def _templates() -> Environment:
    style, script = ((files("presswatch.report") / "templates" / name).read_text("utf-8") for name in _OWN_FILES)
    return make_environment(
        {
            "style": style,
            "script": script,
            "policy": f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
            "base-uri 'none'; form-action 'none'",
            "words": {stance: Markup(word) for stance, word in WORDS.items()},  # noqa: S704 - our own words
            "marks": _MARKS,
            "verdicts": VERDICTS,
            "signs": SIGNS,
            "sureness": SURENESS,
            "limits": {
                "only_here": _ONLY_HERE_SHOWN,
                "left_out": _LEFT_OUT_SHOWN,
                "brief": _BRIEF_FIGURES,
                "brief_values": _BRIEF_VALUES,
                "voices": _BRIEF_VOICES,
                "brief_characters": _BRIEF_CHARACTERS,
                "alone": _ALONE_SHOWN,
                "few_alone": _FEW_ALONE,
                "many_alone": _MANY_ALONE_SHOWN,
                "alone_outlets": _ALONE_OUTLETS,
                "alone_characters": _ALONE_CHARACTERS,
                "differences": _MOST_DIFFERENCES,
                "drift": _MOST_DRIFTS,
                "edges": _MOST_EDGES,
                "credits": _CREDITS_AN_EDGE,
                "sentences": _SENTENCES_A_VALUE,
                "removed_outlets": _REMOVED_OUTLETS,
            },
            "link": _link,
            "mark_value": _mark_value,
            "tell_time": wording.tell_time,
            "tell_day": wording.tell_day,
            "tell_lag": wording.tell_lag,
            "tell_bounds": wording.tell_bounds,
            "tell_count": wording.tell_count,
            "shorten": wording.shorten,
            "shorten_around": wording.shorten_around,
        }
    )


_OWN_FILES = ("page.css", "page.js")


def _hash(text: str) -> str:
    """What a content security policy names a text of the page by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
