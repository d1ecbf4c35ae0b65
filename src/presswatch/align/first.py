"""Who said it first: by credits, then by bounds for when each wording was out. That it cannot be told is an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from presswatch.align.credits import Dependence
from presswatch.align.text import liken_part
from presswatch.model import Article, Mention

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Of a sentence, so much stays where a name, an age or a number in it is corrected. Reasoned: of 100 characters ten go.
LEAST_KEPT = 0.9
_LAST = datetime.max.replace(tzinfo=UTC) - 2 * DAY  # the calendar ends, and a page may say anything


@dataclass(frozen=True)
class Bounds:
    """When something was out: not before `earliest`, and surely by `latest`; None where nothing bounds it.

    `told_at` is the time that an outlet gives for it, None where it is not known to be one of this wording.
    """

    earliest: datetime | None = None
    latest: datetime | None = None
    told_at: datetime | None = None

    def is_before(self, other: Bounds) -> bool:
        """Whether it was surely out before the other one was."""
        return self.latest is not None and other.earliest is not None and self.latest <= other.earliest


@dataclass(frozen=True)
class First:
    """Who said it first: nobody where that cannot be told."""

    outlet_id: str | None = None
    is_certain: bool = False


def find_bounds(article: Article, mention: Mention, earlier: Sequence[Article] = ()) -> Bounds:
    """When the wording of a mention was out.

    A wording that stands in the first text that was seen of the article, or stood there but for a correction, came with
    its publication, as far as anybody can tell. One that does not may have come with any change after it, so it is
    bounded by its own first sight alone.

    Args: `earlier` are the revisions of the article that were seen before this one, oldest first.
    """
    told = bound_publication(article, next(iter(earlier), article).first_seen_at)
    texts = (*earlier, article)
    source = next((one for one in texts if _stands(mention.text, one.part(mention.part))), article)
    return told if source is texts[0] else Bounds(told.earliest, _out_by(source.first_seen_at))


def _stands(wording: str, text: str) -> bool:
    """Whether a text holds a wording, or did so but for a correction."""
    if wording in text:
        return True
    is_long_enough = len(text) >= LEAST_KEPT * len(wording)  # else it is looked for in the wording
    return is_long_enough and liken_part(wording, text, LEAST_KEPT) > 0


def bound_publication(article: Article, seen_at: datetime | None) -> Bounds:
    """When an article was out: by the page and by what a feed said of it, and by `seen_at` at the latest.

    What is later than that is no first publication. Where page and feed agree the more exact one holds; where they do
    not, either may be right.
    """
    out_by = _out_by(seen_at)
    told = [
        _stretch(moment, is_day=is_day)
        for moment, is_day in (
            (article.published_at, article.published_is_day),
            (article.listed_at, article.listed_is_day),
        )
        if moment and not (out_by and moment >= out_by)
    ]
    if not told:
        return Bounds(latest=out_by)
    starts, ends = zip(*told, strict=True)
    earliest, latest = max(starts), min(ends)
    if earliest >= latest:
        earliest, latest = min(starts), max(ends)
    return Bounds(earliest, min(latest, out_by) if out_by else latest, earliest)


def _out_by(seen_at: datetime | None) -> datetime | None:
    """When what we saw was surely out by the clocks of others, which may differ from ours by a minute."""
    return seen_at + MINUTE if seen_at else None


def _stretch(moment: datetime, *, is_day: bool) -> tuple[datetime, datetime]:
    """From when to when something was published: midnight sharp stands for a whole day, else minutes are right."""
    moment = min(moment, _LAST)
    is_day = is_day or moment.astimezone(UTC).time() == time()
    return moment, moment + (DAY if is_day else MINUTE)


def find_first(dependence: Dependence, bounds: Mapping[str, Sequence[Bounds]]) -> First:
    """Who said it first: by credits, then by the bounds of the outlets that credit nobody.

    That one prints the other's text says nothing here: which of them is the copy is told by the same times.

    Args: for each outlet that says it, the bounds of each of its wordings.
    Returns: certain only where every origin has bounds, those of the first end before all others begin, and no outlet
        that took it from others surely had it before. Else the one with the earliest time that an outlet tells;
        nobody where no time is told, or two tell the same.
    """
    joined = {outlet: _join(own) for outlet, own in bounds.items()}
    origins = {outlet: joined.get(outlet, Bounds()) for outlet in dependence.find_origins()}
    takers = [own for outlet, own in joined.items() if outlet not in origins]
    for outlet, own in origins.items():
        rivals = [other for name, other in origins.items() if name != outlet]
        if own.latest and all(map(own.is_before, rivals)):
            return First(outlet, not any(taker.is_before(own) for taker in takers))
    if len(origins) == 1:
        return First(next(iter(origins)))
    ranked = sorted((own.told_at, outlet) for outlet, own in origins.items() if own.told_at)
    is_tied = len({told_at for told_at, _ in ranked[:2]}) < len(ranked[:2])
    return First(None if is_tied or not ranked else ranked[0][1])


def _join(own: Iterable[Bounds]) -> Bounds:
    """When an outlet had the first of its wordings out; one that nothing bounds may have been before any other."""
    own = list(own)
    starts = [one.earliest for one in own if one.earliest]
    return Bounds(
        min(starts) if len(starts) == len(own) else None,
        min((one.latest for one in own if one.latest), default=None),
        min((one.told_at for one in own if one.told_at), default=None),
    )
