"""The articles of one story, compared: claims, coverage, differences, drift, credits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from presswatch.align.aligned import Alignments
from presswatch.align.credits import Dependence, Wholes, find_copies, find_implied, find_wholes, verify_credits
from presswatch.align.differences import align_works, find_differences, read_story, read_works
from presswatch.align.drift import REWORDED, find_drift
from presswatch.align.first import Bounds, First, bound_publication, find_bounds, find_first
from presswatch.align.grouping import Group, find_also, group_claims
from presswatch.align.scoring import Vectors, align_mentions
from presswatch.align.stories import age_of, language_of, story_id_of
from presswatch.model import (
    Article,
    Claim,
    ClaimStatus,
    Coverage,
    Difference,
    Mention,
    Stance,
    StoryComparison,
    make_id,
)
from presswatch.outlets import fold_name
from presswatch.urls import bare_host, host_of


@dataclass(frozen=True)
class _Story:
    """What every step needs of the story."""

    story_id: str
    articles: Mapping[str, Article]
    shared: Mapping[str, float]  # for each mention, the sum of its scores inside its claim
    against: Mapping[str, Sequence[Mention]]  # for each mention, those that disagree with it, gravest first
    conflicts: Mapping[str, Sequence[Mention]]  # those of them that do so inside a claim
    copies: frozenset[tuple[str, str]]  # outlets: (copy, original)
    wholes: Wholes
    implied: Mapping[str, str]  # the outlets that mentions are taken from which do not say so themselves
    earlier: Mapping[str, Sequence[Article]]  # revisions before the one compared, by article

    @cached_property
    def published(self) -> dict[str, Bounds]:
        """When each article was out, as the one revision tells that we compare."""
        return {one: bound_publication(article, article.first_seen_at) for one, article in self.articles.items()}

    def bounds_of(self, mention: Mention) -> Bounds:
        """When this wording was out."""
        if earlier := self.earlier.get(mention.article_id):
            return find_bounds(self.articles[mention.article_id], mention, earlier)
        return self.published[mention.article_id]  # every wording came with the article


def compare_story(
    articles: Sequence[Article],
    mentions: Sequence[Mention],
    *,
    story_id: str | None = None,
    earlier: Mapping[str, Sequence[Article]] | None = None,
) -> StoryComparison:
    """Compare the articles of one story.

    Args: the articles, one revision of each, and their mentions, in any order; a mention without an outlet has its
        article's. `earlier` are revisions that were seen before, by article_id: they tell which wording is new.
    Returns: everything that the tables hold of a story. Opinion is aligned, but is no claim of fact and disagrees in
        nothing. The coverage has a row for every claim and every outlet that has an article here or is credited in one.
    Raises: ValueError where there is no article, or a mention belongs to none of these, or two mentions share an id.
    Cost: that of `score_mentions`, and of what an article repeats; then near linear.
    """
    by_id = {article.article_id: article for article in articles}
    ordered = _place_mentions(mentions, by_id)
    names = {mention.mention_id: mention for mention in ordered}
    story_id = story_id or story_id_of(articles)
    days = {article.article_id: article.published_at.date() if article.published_at else None for article in articles}
    told = read_story(ordered, days) if len(articles) > 1 else {}  # one article disagrees with nobody
    vectors = Vectors(ordered, {language_of(article) for article in articles})
    alignments = align_mentions(ordered, vectors)
    groups = group_claims([mention for mention in ordered if mention.voice == "reported"], alignments, vectors)
    alsos = find_also(groups, alignments)
    works = read_works(names, told)
    alignments = alignments.join(align_works(names, told, works, alignments))
    claim_ids = [_claim_id(group, by_id) for group in groups]
    differences = find_differences(alignments, told, works, _list_claims(claim_ids, groups, alsos), story_id)
    drift = find_drift(alignments, names, story_id)
    copies = find_copies(articles)
    changed = [(change.a_id, change.b_id) for change in drift if change.severity >= REWORDED]
    changed += [(difference.a_id, difference.b_id) for difference in differences]
    wholes = find_wholes(ordered)
    verdicts = verify_credits(articles, names, alignments, changed, copies, wholes=wholes)
    against = _find_against(differences, names)
    conflicts = _find_against([difference for difference in differences if difference.claim_id], names)
    shared, copying = _sum_shared(groups, alignments), _copying_outlets(copies, by_id)
    story = _Story(story_id, by_id, shared, against, conflicts, copying, wholes, find_implied(ordered), earlier or {})
    outlets = sorted({article.outlet_id for article in articles} | {credit.credited for credit in verdicts})
    claims, coverage = _tell_claims(zip(claim_ids, groups, alsos, strict=True), story, outlets)
    return StoryComparison(
        story_id=story_id,
        alignments=alignments,
        claims=tuple(claims),
        coverage=tuple(coverage),
        differences=tuple(differences),
        drift=tuple(drift),
        credits=tuple(verdicts),
        syndicated=tuple(copies),
    )


def _place_mentions(mentions: Iterable[Mention], articles: Mapping[str, Article]) -> list[Mention]:
    """The mentions in the order of their ids, each with its article's outlet."""
    outlet_of = {fold_name(name): article.outlet_id for article in articles.values() for name in _names_of(article)}
    placed = (_place_mention(mention, articles, outlet_of) for mention in mentions)
    return sorted(placed, key=lambda mention: mention.mention_id)


def _names_of(article: Article) -> tuple[str, str]:
    """What an outlet may be called that no registry knows: "Plaza Weekly" has plazaweekly.com."""
    return bare_host(host_of(article.url)).partition(".")[0] or article.outlet_id, article.outlet_id


def _place_mention(mention: Mention, articles: Mapping[str, Article], outlet_of: Mapping[str, str]) -> Mention:
    """A mention with its article's outlet; a credited outlet that no registry knows is known by its article here."""
    if mention.article_id not in articles:
        raise ValueError(f"mention {mention.mention_id} is of no article of this story")
    outlet_id = articles[mention.article_id].outlet_id
    credit = outlet_of.get(fold_name(mention.credit), mention.credit) if mention.credit else mention.credit
    is_placed = (mention.outlet_id, mention.credit) == (outlet_id, credit)
    return mention if is_placed else replace(mention, outlet_id=outlet_id, credit=credit)


def _copying_outlets(copies: Sequence[tuple[str, str]], articles: Mapping[str, Article]) -> frozenset[tuple[str, str]]:
    return frozenset((articles[copy].outlet_id, articles[original].outlet_id) for copy, original in copies)


def _sum_shared(groups: Sequence[Group], alignments: Alignments) -> dict[str, float]:
    """For each mention, the sum of its scores inside its claim."""
    homes = {mention.mention_id: place for place, group in enumerate(groups) for mention in group}
    home, other_home = alignments.look_up(homes)
    inside = np.flatnonzero((home == other_home) & (home >= 0))
    ones = np.concatenate([alignments.first[inside], alignments.second[inside]])
    others = np.concatenate([alignments.second[inside], alignments.first[inside]])
    order = np.lexsort((others, ones))  # sums of floats depend on their order
    sums = np.bincount(ones[order], np.tile(alignments.scores[inside], 2)[order], minlength=len(alignments.ids))
    return dict(zip(alignments.ids, sums.tolist(), strict=True))


def _find_against(differences: Sequence[Difference], names: Mapping[str, Mention]) -> dict[str, list[Mention]]:
    against: dict[str, list[Mention]] = defaultdict(list)
    for difference in sorted(differences, key=lambda one: (-one.severity, one.a_id, one.b_id)):
        against[difference.a_id].append(names[difference.b_id])
        against[difference.b_id].append(names[difference.a_id])
    return against


def _list_claims(claim_ids: Sequence[str], groups: Sequence[Group], alsos: Sequence[Group]) -> dict[str, list[str]]:
    """The claims that each mention makes: its own first, then those that it makes too."""
    claims: dict[str, list[str]] = defaultdict(list)
    for members in (groups, alsos):
        for claim_id, group in zip(claim_ids, members, strict=True):
            for mention in group:
                claims[mention.mention_id].append(claim_id)
    return claims


def _claim_id(group: Group, articles: Mapping[str, Article]) -> str:
    """Made of the claim's earliest mention: by its article's age, then by its place there, then by id."""
    earliest = min(group, key=lambda m: (age_of(articles[m.article_id]), m.part != "body", m.start_char, m.mention_id))
    return make_id("claim", earliest.mention_id)


def _tell_claims(
    found: Iterable[tuple[str, Group, Group]], story: _Story, outlets: Sequence[str]
) -> tuple[list[Claim], list[Coverage]]:
    """Claims, most widely told first, and the stance of every outlet to each.

    Args: of each claim its id, who makes it and who says it too.
    """
    unread = {o for o in outlets if not any(a.outlet_id == o and a.access == "full" for a in story.articles.values())}
    claims, coverage = [], {}
    for claim_id, group, also in found:
        central = _rank_members(group, story)
        stances = _take_stances([*central, *also], story)
        _add_dissent(stances, central, story)
        claims.append(claim := _make_claim(claim_id, central, also, stances, story))
        coverage[claim.claim_id] = _cover(claim, stances, outlets, unread)
    claims.sort(key=lambda claim: (-claim.outlet_count, -claim.mention_count, claim.claim_id))
    return claims, [row for claim in claims for row in coverage[claim.claim_id]]


def _rank_members(group: Group, story: _Story) -> list[Mention]:
    """The mentions of a claim, the one that says most of what is shared first."""
    return sorted(group, key=lambda m: (-story.shared[m.mention_id], m.part != "body", -len(m.text), m.mention_id))


def _take_stances(central: Sequence[Mention], story: _Story) -> dict[str, tuple[Stance, Mention]]:
    """What each outlet says, by its most central mention; it differs where that disagrees with those that are counted.

    Before the most central one goes one that disagrees with the claim's own sentence, which counts first; then counts
    what the fewest others disagree with: of two that say so and one that does not, the one differs, whoever is the more
    central.
    """
    against_claim = {other.mention_id for other in story.conflicts.get(central[0].mention_id, ())}
    own: dict[str, Mention] = {central[0].outlet_id: central[0]}
    for mention in sorted(central, key=lambda one: one.mention_id not in against_claim):
        own.setdefault(mention.outlet_id, mention)
    ids = {mention.mention_id for mention in own.values()}
    against = {one: ids.intersection(other.mention_id for other in story.conflicts.get(one, ())) for one in ids}
    first, *others = own.values()
    agreed: set[str] = set()
    stances: dict[str, tuple[Stance, Mention]] = {}
    for mention in (first, *sorted(others, key=lambda one: len(against[one.mention_id]))):
        is_against = not agreed.isdisjoint(against[mention.mention_id])
        stances[mention.outlet_id] = ("differs" if is_against else "says", mention)
        if not is_against:
            agreed.add(mention.mention_id)
    return stances


def _add_dissent(stances: dict[str, tuple[Stance, Mention]], central: Sequence[Mention], story: _Story) -> None:
    """An outlet that would be silent differs where a sentence of its own, of another claim, disagrees with this one."""
    for mention in central:
        for other in story.against.get(mention.mention_id, ()):
            stances.setdefault(other.outlet_id, ("differs", other))


def _cover(
    claim: Claim, stances: Mapping[str, tuple[Stance, Mention]], outlets: Sequence[str], unread: set[str]
) -> list[Coverage]:
    """The stance of every outlet to a claim; silence weighs as the part of the others, of which we can tell, behind it.

    An outlet of which only an excerpt is there may say the rest behind its wall: that is not silence.
    """
    others = sum(outlet in stances or outlet not in unread for outlet in outlets) - 1
    rows = []
    for outlet in outlets:
        unsaid: Stance = "not_fetched" if outlet in unread else "silent"
        stance, mention = stances.get(outlet, (unsaid, None))
        rows.append(
            Coverage(
                story_id=claim.story_id,
                claim_id=claim.claim_id,
                outlet_id=outlet,
                stance=stance,
                mention_id=mention.mention_id if mention else None,
                text=mention.text if mention else None,
                weight=claim.corroboration / others if stance == "silent" else 0.0,
            )
        )
    return rows


def _is_before_all(own: Sequence[Bounds], also: Sequence[Mention], first: First, story: _Story) -> bool:
    """Whether one of the wordings was surely out before those that say the claim too, of other outlets."""
    others = [story.bounds_of(mention) for mention in also if mention.outlet_id != first.outlet_id]
    return any(all(map(one.is_before, others)) for one in own)


def _make_claim(
    claim_id: str,
    central: Sequence[Mention],
    also: Sequence[Mention],
    stances: Mapping[str, tuple[Stance, Mention]],
    story: _Story,
) -> Claim:
    # who differs is no voice for it: neither one more behind it, nor the first with it
    saying = [mention for mention in central if stances[mention.outlet_id][0] == "says"]
    # a longer quote that holds this one has these words too: who printed all of it may be who had them first
    saying += [one for one in also if central[0].kind == one.kind == "quote"]
    dependence = Dependence(saying, story.copies, story.wholes, story.implied)
    bounds: dict[str, list[Bounds]] = defaultdict(list)
    for mention in saying:
        bounds[mention.outlet_id].append(story.bounds_of(mention))
    first = find_first(dependence, bounds)
    told = [
        story.articles[mention.article_id].published_at for mention in saying if mention.outlet_id == first.outlet_id
    ]
    status: ClaimStatus = "shared" if len(stances) > 1 else "unique"
    if any(stance == "differs" for stance, _ in stances.values()):
        status = "differs"
    return Claim(
        claim_id=claim_id,
        story_id=story.story_id,
        text=central[0].text,
        mention_ids=tuple(mention.mention_id for mention in central),
        also_ids=tuple(mention.mention_id for mention in also),
        mention_count=len(central),
        outlet_count=len(stances),
        corroboration=dependence.count_independent(),
        status=status,
        first_outlet_id=first.outlet_id,
        first_published_at=min(filter(None, told), default=None),
        first_is_certain=first.is_certain and _is_before_all(bounds[first.outlet_id or ""], also, first, story),
    )
