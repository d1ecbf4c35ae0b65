"""In what two aligned mentions disagree: numbers, dates, places, names, releases, who did what.

Only what is told of the same thing is compared: two numbers need the same unit, two places the same event, two names
the same role. Whoever says less precisely does not disagree: "nearly 500" and 489, 2022 and 18 February 2022, nine
before and a tenth now, "a few weeks ago" and the day that was.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from presswatch.align.scoring import OVERLAP_FROM, is_firm
from presswatch.align.told import Told, agree, read_told, spelt_otherwise
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
_IN_CONTEXT = frozenset({"number", "date"})
_COUNTED = frozenset({"number", "box office"})

# A work is first shown somewhere, and runs so long: two outlets that say so speak of one thing, however different their
# sentences are. A release may be another one, unless both call theirs the first or the only one.
_WORKS = (
    frozenset("film movie feature picture documentary drama comedy thriller".split()),
    frozenset("video clip short".split()),
    frozenset("series show season episode".split()),
    frozenset("album record song single".split()),
)
_ANY_WORK = frozenset("piece project work".split())
_TITLE = re.compile(r"[“‘\"]([A-Z][^“”‘\"\n]{1,60}?)[,.]?[”’\"]")
# Everybody writes where a famous film was first shown: compared with so many, every version of it is met.
MOST_TELLERS = 20


@dataclass(frozen=True)
class Work:
    """What a mention tells of a work, and which sorts of works it names.

    -1 is one of any sort, and the one whose title stands in a headline.
    """

    told: frozenset[str] = frozenset()
    sorts: frozenset[int] = frozenset()


def read_story(mentions: Sequence[Mention], published: Mapping[str, date | None]) -> dict[str, list[Told]]:
    """What each mention that reports tells, by its id; opinions disagree in nothing.

    Args: `published` is the day of each article, by id.
    """
    return {m.mention_id: read_told(m.text, published.get(m.article_id)) for m in mentions if m.voice == "reported"}


def read_works(mentions: Mapping[str, Mention], told: Mapping[str, Sequence[Told]]) -> dict[str, Work]:
    """What each mention tells of a work, by its id."""
    headlines = "\n".join(mention.text for mention in mentions.values() if mention.part == "headline").casefold()
    return {i: _read_work(mentions[i].text, told[i], headlines) for i in sorted(told)}


def align_works(
    mentions: Mapping[str, Mention],
    told: Mapping[str, Sequence[Told]],
    works: Mapping[str, Work],
    alignments: Sequence[Alignment],
) -> list[Alignment]:
    """The pairs that share no words, but tell the same of the story's work; their evidence says what."""
    known = {frozenset((pair.a_id, pair.b_id)) for pair in alignments}
    found = []
    for a, b in sorted(_pair_tellers(works, told)):
        is_new = mentions[a].article_id != mentions[b].article_id and frozenset((a, b)) not in known
        if is_new and _are_one(works[a], works[b]):
            evidence = ", ".join(sorted(works[a].told & works[b].told))
            found.append(Alignment(a_id=a, b_id=b, score=OVERLAP_FROM, relation="overlap", evidence=evidence))
    return found


def _pair_tellers(works: Mapping[str, Work], told: Mapping[str, Sequence[Told]]) -> set[tuple[str, str]]:
    """Each mention that tells something of the work, with `MOST_TELLERS` that tell it too: every value in its turn."""
    pairs = set()
    for key in {key for work in works.values() for key in work.told}:
        tellers = [i for i, work in works.items() if key in work.told]
        uses: Counter[object] = Counter()
        turns = []
        for teller in tellers:
            value = next(one.value for one in told[teller] if _work_key(one) == key)
            turns.append((uses[value], teller))
            uses[value] += 1
        chosen = [teller for _, teller in sorted(turns)[:MOST_TELLERS]]
        pairs |= {(min(pair), max(pair)) for pair in product(tellers, chosen) if pair[0] != pair[1]}
    return pairs


def _read_work(text: str, told: Sequence[Told], headlines: str) -> Work:
    kinds = frozenset(_work_key(one) for one in told) - {""}
    if not kinds:
        return Work()
    words = set(text.lower().replace(",", " ").split())
    sorts = {place for place, sort in enumerate(_WORKS) if not sort.isdisjoint(words)}
    is_main = any(title.casefold() in headlines for title in _TITLE.findall(text))
    return Work(kinds, frozenset(sorts | ({-1} if is_main or not _ANY_WORK.isdisjoint(words) else set())))


def _work_key(told: Told) -> str:
    if told.kind == "runtime":
        return "running time"
    return "first shown" if told.kind == "release" and (told.is_sole or told.unit == "first") else ""


def _are_one(one: Work, other: Work) -> bool:
    """Whether two mentions may mean one work: both name one, and not of two sorts."""
    both = one.sorts | other.sorts
    return bool(one.sorts and other.sorts) and (-1 in both or not one.sorts.isdisjoint(other.sorts))


def find_differences(
    alignments: Sequence[Alignment],
    told: Mapping[str, Sequence[Told]],
    works: Mapping[str, Work],
    claims: Mapping[str, Sequence[str]],
    story_id: str,
) -> list[Difference]:
    """Everything in which aligned mentions disagree, gravest first.

    Args: `alignments` with those of `align_works`, `told` as `read_story` gives it; `claims` are those that each
        mention makes: a disagreement inside a shared one is the graver.
    """
    keys = {mention_id: frozenset((one.kind, one.key) for one in tells) for mention_id, tells in told.items()}
    nothing = frozenset[tuple[str, str]]()
    found = []
    for pair in alignments:
        if keys.get(pair.a_id, nothing).isdisjoint(keys.get(pair.b_id, nothing)):
            continue  # most pairs: they tell nothing of one thing
        mine, theirs = told[pair.a_id], told[pair.b_id]
        other = claims.get(pair.b_id, ())
        claim_id = next((claim for claim in claims.get(pair.a_id, ()) if claim in other), None)
        is_close = is_firm(pair) and (pair.relation != "overlap" or pair.score >= CLOSE_FROM)
        if not is_close or (claim_id is None and pair.relation == "overlap"):
            # two sentences that share a subject may each have a day or a place of their own, and if they share less, a
            # number of their own too
            kept = _COUNTED if is_close else frozenset[str]()
            is_one = _are_one(works.get(pair.a_id, Work()), works.get(pair.b_id, Work()))
            mine, theirs = (
                [one for one in side if one.kind in kept or (is_one and _work_key(one))] for side in (mine, theirs)
            )
        for a, b in _disagreements(mine, theirs):
            found.append(_make_difference(pair, a, b, story_id, claim_id))
    return sorted(
        found, key=lambda difference: (-difference.severity, difference.a_id, difference.b_id, difference.kind)
    )


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
        value_b=b.printed,
        unit=a.unit if a.kind not in ("release", "role") else None,
        severity=round(severity, 2),
    )


def _disagreements(one: Sequence[Told], other: Sequence[Told]) -> Iterator[tuple[Told, Told]]:
    """The first of each key's values, where no value agrees with any of the other's; and a name spelt in two ways."""
    if not (one and other):
        return
    mine, theirs = _by_key(one), _by_key(other)
    for key in sorted(mine.keys() & theirs.keys()):
        is_list = max(len(mine[key]), len(theirs[key])) > MOST_VALUES
        if key[0] != "name" and not is_list and not any(agree(a, b) for a, b in product(mine[key], theirs[key])):
            alike = (two for two in product(mine[key], theirs[key]) if _are_of_one_thing(*two))
            yield from islice(alike, 1)
    names = ("name", "name")
    common = {told.value for told in mine[names]} & {told.value for told in theirs[names]}
    for a, b in product(mine[names], theirs[names]):
        if a.value not in common and b.value not in common and spelt_otherwise(a, b):
            yield a, b
            return


def _are_of_one_thing(a: Told, b: Told) -> bool:
    """Whether two values are told of one thing: of days and numbers, something beside them is the same."""
    return a.kind not in _IN_CONTEXT or not a.context.isdisjoint(b.context)


def _by_key(told: Sequence[Told]) -> dict[tuple[str, str], list[Told]]:
    found: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for one in told:
        found[one.kind, one.key].append(one)
    return found
