"""In what two aligned mentions disagree: numbers, dates, places, names, releases, who did what.

Only what is told of the same thing is compared: two numbers need the same unit, two places the same event, two names
the same role. Whoever says less precisely does not disagree: "nearly 500" and 489, 2022 and 18 February 2022, nine
before and a tenth now, "a few weeks ago" and the day that was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product
from typing import cast

import numpy as np
import pyarrow as pa

from presswatch.align import sparse
from presswatch.align.aligned import EVIDENCE_JOINER, OVERLAP, Alignments, Flags
from presswatch.align.amounts import CURRENCIES, PERCENT
from presswatch.align.context import share_context
from presswatch.align.contraries import are_contrary, read_contraries
from presswatch.align.deeds import are_of_one_deed, came_of_talks, read_denials, read_stages
from presswatch.align.places import find_whole_place
from presswatch.align.scoring import OVERLAP_FROM, number_articles
from presswatch.align.sparse import Places
from presswatch.align.spelling import name_ends, spelt_otherwise
from presswatch.align.sums import may_be_of_one, name_titles, shares_title, take_signs
from presswatch.align.text import stem_word
from presswatch.align.titles import Meant, find_meant, find_subject, find_titles
from presswatch.align.told import read_told
from presswatch.align.values import Told, agree, are_news_and_history, is_news_day
from presswatch.align.when import FORMER, YEAR_OF
from presswatch.model import Alignment, Difference, Mention

# How grave a disagreement is: inside one claim, for mentions that surely say the same (less by as much as that is not
# sure), and between mentions that merely overlap (of every hundred such pairs of true paraphrases fourteen differ in a
# number of the same unit, most because they count something else). Read on 55 stories in three newspapers each: 48
# differences where every day and number of two sentences of a claim was compared 155; most of the rest are in passing.
IN_CLAIM, IN_PASSING = 0.8, 0.3
# A place or a year is often the second one of two truths: this part of the severity.
SOFT_KINDS, SOFT_SHARE = frozenset({"release", "place"}), 0.75
# Two sentences that score less than this tell different things, with days and numbers of their own.
CLOSE_FROM = 0.35
# Who tells more than so many numbers of a kind tells them of as many things: the poll's percents, the prices of a list.
MOST_VALUES = 2
_IN_CONTEXT = frozenset({"number", "date", "age", "rank"})
_COUNTED = frozenset({"number", "box office"})
_OF_DEEDS = frozenset({"denial", "certainty"})
_OF_A_TITLE = _COUNTED | {"date"}
# What a film has several of, or is told by anybody of anything: that both speak of one film does not make it one value
_OF_MUCH = frozenset({"time", "%"})
_SIGNS = CURRENCIES | {PERCENT}
_SEVERAL = frozenset({"number", "date"})  # of which a sentence tells two: both must be told alike
_NAMES = ("name", "name")
_Tells = Mapping[tuple[str, str], Sequence[Told]]  # by kind and key

# A work is first shown somewhere, and runs so long: two outlets that say so speak of one thing, however different their
# sentences are. A release may be another one, unless both call theirs the first or the only one.
_WORKS = (
    frozenset("film movie feature picture documentary drama comedy thriller".split()),
    frozenset("video clip short".split()),
    frozenset("series show season episode".split()),
    frozenset("album record song single".split()),
)
_ANY_WORK = frozenset("piece project work".split())
_ANY_SORT = 1  # the bit of a work of any sort, and of the one whose title stands in a headline
_WORK_KEYS = ("first shown", "running time")
_WORK_EVIDENCE = pa.array(["", *_WORK_KEYS, EVIDENCE_JOINER.join(_WORK_KEYS)])  # by the bits of what two tell
# Everybody writes where a famous film was first shown: compared with so many, every version of it is met.
MOST_TELLERS = 20
# A film that opens in fewer opens in more of them every week
WIDE_THEATERS = 1000


@dataclass(frozen=True)
class Works:
    """What each mention tells of a work, and which sorts of works it names, as bits; in the order of the ids.

    `told` has a bit for each of `_WORK_KEYS`, `sorts` one for each of `_WORKS` and `_ANY_SORT`.
    """

    told: Places
    sorts: Places

    def are_one(self, a: Places, b: Places) -> Flags:
        """Whether two mentions each may mean one work: both name one, and not of two sorts."""
        one, other = self.sorts[a], self.sorts[b]
        return np.asarray((one > 0) & (other > 0) & (((one | other) & _ANY_SORT > 0) | (one & other > 0)))

    def find_shared(self, a: Places, b: Places) -> Places:
        """What both mentions tell of a work, as bits."""
        return np.asarray(self.told[a] & self.told[b])


def read_story(mentions: Sequence[Mention], published: Mapping[str, date | None]) -> dict[str, list[Told]]:
    """What each mention that reports tells, by its id; opinions disagree in nothing.

    Args: `published` is the day of each article, by id.
    """
    reported = [mention for mention in mentions if mention.voice == "reported"]
    told = {m.mention_id: read_told(m.text, published.get(m.article_id)) for m in reported}
    texts = {m.mention_id: m.text for m in reported if m.kind == "statement"}
    days = {m.mention_id: published.get(m.article_id) for m in reported}
    for found in (read_denials(texts), read_stages(texts, days), read_contraries(texts, days)):
        for mention_id, more in found.items():
            told[mention_id] = [*told[mention_id], *more]
    _widen_places(told, [mention.text for mention in reported])
    for mention in reported:
        if (listed := told[mention.mention_id]) and (title := find_subject(mention.text)):
            told[mention.mention_id] = [_tell_title(one, [title]) for one in listed]
    sums = {one for one, listed in told.items() if any(told.key in CURRENCIES or _name_figure(told) for told in listed)}
    for mention_id, meant in find_meant(mentions, sums).items():
        told[mention_id] = [
            _tell_title(one, [meant.title]) if _may_mean(one, meant) else one for one in told[mention_id]
        ]
    return told


def _may_mean(told: Told, meant: Meant) -> bool:
    """Whether what a mention tells is told of the title that it means."""
    if told.kind == "date":
        return told.is_sole and (meant.is_named or meant.is_only)
    return bool(_name_figure(told)) or (meant.is_named and told.key in CURRENCIES)


def _widen_places(told: dict[str, list[Told]], texts: Sequence[str]) -> None:
    """Add to each place what the story says it lies in: where somebody prints "Taos, New Mexico", the two are one."""
    places = {one.printed for listed in told.values() for one in listed if one.kind in SOFT_KINDS}
    if len(places) < 2:  # noqa: PLR2004 - what could differ
        return
    story = "\n".join(texts)
    wholes = {printed: whole for printed in places if (whole := find_whole_place(printed, places, story))}
    for listed in told.values() if wholes else ():
        for at, one in enumerate(listed):
            if one.kind in SOFT_KINDS and one.printed in wholes:
                listed[at] = replace(one, value=cast("frozenset[str]", one.value) | wholes[one.printed])


def _tell_title(told: Told, titles: Iterable[str]) -> Told:
    """What is told, told of a title, if nothing beside it says of which it is."""
    is_open = told.kind in _OF_A_TITLE and not take_signs(told.measures, "of")
    return replace(told, measures=told.measures | name_titles(titles)) if is_open else told


def read_works(mentions: Mapping[str, Mention], told: Mapping[str, Sequence[Told]]) -> Works:
    """What each mention tells of a work, in the order of their ids."""
    headlines = "\n".join(mention.text for mention in mentions.values() if mention.part == "headline").casefold()
    read = [_read_work(mention.text, told.get(one, ()), headlines) for one, mention in sorted(mentions.items())]
    return Works(*np.array(read, dtype=np.int64).reshape(-1, 2).T)


def align_works(
    mentions: Mapping[str, Mention], told: Mapping[str, Sequence[Told]], works: Works, alignments: Alignments
) -> Alignments:
    """The pairs that share no words, but tell the same of the story's work; their evidence says what."""
    ids = alignments.ids
    rows = [_list_figures(told.get(one, ())) for one in ids]
    found = _align_figures(rows, mentions, alignments)
    if not works.told.any():
        return found
    codes = _pair_tellers([told.get(one, ()) for one in ids], works)
    codes = codes[~np.isin(codes, alignments.first * len(ids) + alignments.second)]
    a, b = np.divmod(codes, max(len(ids), 1))
    article = number_articles([mentions[one] for one in ids])
    chosen = (article[a] != article[b]) & works.are_one(a, b)
    a, b = a[chosen], b[chosen]
    evidence = _WORK_EVIDENCE.take(pa.array(works.find_shared(a, b)))
    return found.join(_make_alignments(ids, a, b, evidence))


def _make_alignments(ids: Sequence[str], a: Places, b: Places, evidence: pa.StringArray) -> Alignments:
    return Alignments(ids, a, b, np.full(len(a), OVERLAP_FROM), np.full(len(a), OVERLAP), evidence)


def _align_figures(
    rows: Sequence[Sequence[str]], mentions: Mapping[str, Mention], alignments: Alignments
) -> Alignments:
    """The pairs that tell a budget, a count of theaters or the day of one title, and are in no alignment yet."""
    tellers: dict[str, list[int]] = defaultdict(list)
    for place, figures in enumerate(rows):
        for figure in figures:
            tellers[figure].append(place)
    ids = alignments.ids
    known = set((alignments.first * len(ids) + alignments.second).tolist()) if tellers else set[int]()
    found: dict[tuple[int, int], str] = {}
    for figure, places in tellers.items():
        for a, b in combinations(places[:MOST_TELLERS], 2):
            is_new = a * len(ids) + b not in known
            if is_new and mentions[ids[a]].article_id != mentions[ids[b]].article_id:
                found[a, b] = figure
    pairs = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    evidence = pa.array([found[a, b] for a, b in pairs.tolist()], pa.string())
    return _make_alignments(ids, pairs[:, 0], pairs[:, 1], evidence)


def _list_figures(told: Sequence[Told]) -> list[str]:
    """What is told of one title that a title has one of: its budget, its theaters, the day that it is out.

    "budget of the slow ferry", "theaters of the slow ferry"
    """
    found = []
    for one in told:
        titles = take_signs(one.measures, "of")
        if len(titles) == 1 and (name := _name_figure(one)):
            found.append(f"{name} {next(iter(titles))}")
    return found


def _name_figure(told: Told) -> str:
    if told.kind == "date":
        return "day out" if told.is_sole else ""
    if told.kind != "number" or not isinstance(told.value, float):
        return ""
    if told.key in _SIGNS:
        return "budget" if take_signs(told.measures, "sort") == {"sort cost"} else ""
    return "theaters" if told.key == "theater" and told.value >= WIDE_THEATERS else ""


def _pair_tellers(told: Sequence[Sequence[Told]], works: Works) -> Places:
    """Each mention that tells something of the work, with `MOST_TELLERS` that tell it too: every value in its turn.

    Pairs of places as one number, the lower place times the number of mentions and the higher one; ascending.
    """
    codes = [np.empty(0, dtype=np.int64)]
    for bit, key in enumerate(_WORK_KEYS):
        tellers = np.flatnonzero(works.told & 1 << bit)
        uses: Counter[object] = Counter()
        turns = []
        for teller in tellers.tolist():
            value = next(one.value for one in told[teller] if _work_key(one) == key)
            turns.append((uses[value], teller))
            uses[value] += 1
        chosen = np.array([teller for _, teller in sorted(turns)[:MOST_TELLERS]], dtype=np.int64)
        one, other = np.repeat(tellers, len(chosen)), np.tile(chosen, len(tellers))
        codes.append(np.minimum(one, other) * len(told) + np.maximum(one, other))
    return np.unique(np.concatenate(codes))


def _read_work(text: str, told: Sequence[Told], headlines: str) -> tuple[int, int]:
    keys = {_work_key(one) for one in told} - {""}
    if not keys:
        return 0, 0
    return sum(1 << _WORK_KEYS.index(key) for key in keys), name_works(text, headlines)


def name_works(text: str, headlines: str) -> int:
    """Which sorts of works a text names, as bits of `Works.sorts`; `headlines` are all of the story's, casefolded."""
    words = set(text.lower().replace(",", " ").split())
    sorts = sum(2 << place for place, sort in enumerate(_WORKS) if not sort.isdisjoint(words))
    is_main = any(title in headlines for title in find_titles(text))
    return sorts | _ANY_SORT if is_main or not _ANY_WORK.isdisjoint(words) else sorts


def _work_key(told: Told) -> str:
    if told.kind == "runtime":
        return "running time"
    return "first shown" if told.kind == "release" and (told.is_sole or told.unit == "first") else ""


def find_differences(
    alignments: Alignments,
    told: Mapping[str, Sequence[Told]],
    works: Works,
    claims: Mapping[str, Sequence[str]],
    story_id: str,
) -> list[Difference]:
    """Everything in which aligned mentions disagree, gravest first.

    Args: `alignments` with those of `align_works`, `told` as `read_story` gives it; `claims` are those that each
        mention makes: a disagreement inside a shared one is the graver.
    """
    if not len(alignments):
        return []
    tells = {mention_id: _by_key(listed) for mention_id, listed in told.items() if listed}
    a, b = alignments.first, alignments.second
    is_overlap = alignments.relations == OVERLAP
    is_close = alignments.is_firm & (~is_overlap | (alignments.scores >= CLOSE_FROM))
    is_whole = is_close & (~is_overlap | _share([claims.get(one, ()) for one in alignments.ids], a, b))
    is_one = works.are_one(a, b) & (works.find_shared(a, b) > 0)
    figures = [_list_figures(told.get(one, ())) for one in alignments.ids]
    is_figure = _share(figures, a, b) if any(figures) else np.zeros(len(a), dtype=bool)
    keys = [_list_keys(tells.get(one, {})) for one in alignments.ids]
    counted = [[" ".join(key) for key in tells.get(one, ()) if key[0] in _COUNTED] for one in alignments.ids]
    # most pairs tell nothing of one thing
    chosen = (is_whole & _share(keys, a, b)) | (is_close & ~is_whole & _share(counted, a, b)) | is_one | is_figure
    found = []
    flags = (is_close, is_whole, is_one, is_figure)
    pairs = zip(alignments.take(np.flatnonzero(chosen)), *(flag[chosen] for flag in flags), strict=True)
    for pair, pair_is_close, pair_is_whole, pair_is_one, pair_is_figure in pairs:
        mine, theirs = tells[pair.a_id], tells[pair.b_id]
        if not pair_is_whole:
            # two sentences that share a subject may each have a day or a place of their own, and if they share less, a
            # number of their own too
            kept = _COUNTED if pair_is_close else frozenset[str]()
            mine, theirs = (
                _by_key(_keep(told[side], kept, has_work=pair_is_one, has_figure=pair_is_figure))
                for side in (pair.a_id, pair.b_id)
            )
        for one, another in _disagreements(mine, theirs):
            other = claims.get(pair.b_id, ())
            claim_id = next((claim for claim in claims.get(pair.a_id, ()) if claim in other), None)
            found.append(_make_difference(pair, one, another, story_id, claim_id))
    return sorted(
        found, key=lambda difference: (-difference.severity, difference.a_id, difference.b_id, difference.kind)
    )


def _share(rows: Sequence[Sequence[str]], a: Places, b: Places) -> Flags:
    """Whether two rows each have an item in common."""
    matrix, _ = sparse.count_items(rows)
    return np.asarray(sparse.dot_pairs(matrix, matrix, a, b) > 0)


def _list_keys(tells: _Tells) -> list[str]:
    """What two mentions must have in common to disagree in it: a key, or of a name its first word or its last."""
    ends = (name_ends(told) for told in tells.get(_NAMES, ()))
    names = [key for first, last in ends for key in (f"first {first}", f"last {last}")]
    return [" ".join(key) for key in tells if key != _NAMES] + names


def _make_difference(pair: Alignment, a: Told, b: Told, story_id: str, claim_id: str | None) -> Difference:
    grave = IN_CLAIM * pair.score if claim_id and pair.relation != "overlap" else IN_PASSING
    severity = grave * (SOFT_SHARE if a.kind in SOFT_KINDS else 1.0)
    return Difference(
        a_id=pair.a_id,
        b_id=pair.b_id,
        story_id=story_id,
        claim_id=claim_id,
        kind=a.kind,
        value_a=a.printed,
        value_b=f"{b.printed} {b.unit}" if _has_other_unit(a, b) else b.printed,
        unit=a.unit if a.kind not in ("release", "role") else None,
        severity=round(severity, 2),
    )


def _keep(told: Sequence[Told], kinds: Collection[str], *, has_work: bool, has_figure: bool) -> list[Told]:
    """What is told that may be held against another sentence: of some kinds, and where both tell one, the work's."""
    return [
        replace(one, is_bare=False)
        for one in told
        if one.kind in kinds or (has_work and _work_key(one)) or (has_figure and _name_figure(one))
    ]


def _has_other_unit(a: Told, b: Told) -> bool:
    """Whether a count is told in other units than the one whose unit is named: 12 days, and three weeks."""
    is_counted = a.kind == b.kind and a.kind in ("number", "runtime") and a.key not in _SIGNS
    return bool(is_counted and a.unit and b.unit and stem_word(a.unit) != stem_word(b.unit))


def _disagreements(mine: _Tells, theirs: _Tells) -> Iterator[tuple[Told, Told]]:
    """The first of each key's values, where no value agrees with any of the other's; and a name spelt in two ways."""
    for key in sorted(mine.keys() & theirs.keys()):
        is_list = max(len(mine[key]), len(theirs[key])) > MOST_VALUES
        if key[0] == "role" and (_name_any(mine, theirs[key]) or _name_any(theirs, mine[key])):
            continue  # "director Ana Ruiz, of the jury, gave it to Karl Quill" has another director in it
        if key[0] != "name" and not is_list:
            former = (key[0], f"{FORMER} {key[1]}")
            aside, other_aside = (
                [*tells.get(former, ()), *(_list_aside(tells) if key[0] == "date" else ())] for tells in (mine, theirs)
            )
            unlike = _leave_unlike(mine[key], theirs[key], aside, other_aside)
            alike = [two for two in unlike if _are_of_one_thing(*two)]
            yield from sorted(alike, key=_distance)[:1]
    names, others = mine.get(_NAMES, ()), theirs.get(_NAMES, ())
    common = {told.value for told in names} & {told.value for told in others}
    for a, b in product(names, others):
        if a.value not in common and b.value not in common and spelt_otherwise(a, b):
            yield a, b
            return


def _list_aside(tells: _Tells) -> list[Told]:
    """The years that a sentence tells by the way ("the 2018 original")."""
    keys = [key for key in tells if key[0] == "date" and key[1].startswith(YEAR_OF)]
    return [told for key in keys for told in tells[key]]


def _leave_unlike(
    mine: Sequence[Told], theirs: Sequence[Told], my_former: Sequence[Told], their_former: Sequence[Told]
) -> list[tuple[Told, Told]]:
    """The pairs of values of which neither agrees with any: both moved it from May 4, each to another day.

    Nor with a former day of the other: what one moves from May 4, and the other to it, are two films. Nor with a year
    that the other tells by the way: it came out in 2018, and is “the 2018 original”.
    """
    if any(told.kind not in _SEVERAL for told in mine) and any(agree(a, b) for a, b in product(mine, theirs)):
        return []
    left = [a for a in mine if not any(agree(a, b) for b in (*theirs, *their_former))]
    right = [b for b in theirs if not any(agree(a, b) for a in (*mine, *my_former))]
    is_part = len(left) < len(mine)  # "on Monday it moved from May 4": when it was told, and what
    return [(a, b) for a, b in product(left, right) if not is_part or is_news_day(a) == is_news_day(b)]


def _are_of_one_thing(a: Told, b: Told) -> bool:
    """Whether two values are told of one thing: of days and numbers, something beside them is the same.

    Of sums, moreover, nothing beside them says that they are of two things: a budget, and an opening overseas.
    """
    if a.kind in _OF_DEEDS:
        is_later = a.kind == "certainty" and came_of_talks(a, b)
        return not is_later and may_be_of_one(a.measures, b.measures) and are_of_one_deed(a, b)
    if a.kind == "contrary":
        return may_be_of_one(a.measures, b.measures) and are_contrary(a, b)
    if a.kind == "date" and are_news_and_history(a, b):
        return False
    is_beside_same = share_context(a, b) or (
        a.kind != "date" and a.key not in _OF_MUCH and shares_title(a.measures, b.measures)
    )
    return may_be_of_one(a.measures, b.measures) and (a.kind not in _IN_CONTEXT or is_beside_same)


def _name_any(tells: _Tells, people: Sequence[Told]) -> bool:
    """Whether one of some people is named in whatever else is told."""
    named = {told.value for told in tells.get(_NAMES, ())}
    return any(
        frozenset([name]) in named for told in people if isinstance(told.value, frozenset) for name in told.value
    )


def _distance(two: tuple[Told, Told]) -> float:
    """How far two numbers or days are apart: of several in each sentence the nearest are told of one thing."""
    one, other = (told.value for told in two)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return float(min(max(a[0], b[0]) - min(a[1], b[1]) for a, b in product(one, other)))
    return abs(one - other) if isinstance(one, float) and isinstance(other, float) else 0.0


def _by_key(told: Sequence[Told]) -> _Tells:
    found: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        found[one.kind, one.key].append(one)
    return found
