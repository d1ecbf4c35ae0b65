"""Some articles of an outlet → the `body` selector that reads them better than what there is, or none. Pure.

Nobody knows the right text of these pages, so witnesses are asked: the fast lane, trafilatura, and the body that a page
declares. What two of them take is the article's, what stands in several articles alike is not, all else is left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from presswatch.errors import ExtractError
from presswatch.extract.article import extract_article
from presswatch.extract.outline import Outline, read_outline
from presswatch.extract.page import Page, open_page
from presswatch.extract.prose import fold
from presswatch.model import Capture
from presswatch.outlets import Layout, Outlet
from presswatch.settings import ExtractEngine

_LEAST_PAGES = 2  # what one page has, no other need have
_LEAST_WITNESSES = 2
_LEAST_DECLARED_CHARS = 40  # a shorter line may stand in any text
_LEAST_GAIN = 0.01  # of the score; less is chance with three pages
_LEAST_COVERED = 0.9  # of the sure text, by what a selector matches, on every page
_MOST_TRIED = 8  # selectors that are read with, the tightest first
_FAST, _LAYOUT = "prose", "layout:"  # what readings of these lanes are called
# Names that a build makes anew, or that are one article's: css-1x2y3z, post-1234, sc-bdVaJa.
_MADE_NAME = re.compile(r".*\d.*|(?:css|sc|jsx?|svelte|chakra)-.*|.*[a-z][A-Z].*[A-Z].*|.{0,3}")
_NAME = re.compile(r"-?[A-Za-z_][\w-]*")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How well some pages are read: F1 (0 … 1) of the sure text and the surely foreign; which lanes took them."""

    score: float
    lanes: tuple[str, ...]

    @property
    def matches(self) -> bool:
        """Whether the layout's body was found on every page."""
        return all(lane.startswith(_LAYOUT) for lane in self.lanes)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """How a family's layout reads some articles, how they are read without one, and a selector that does better."""

    without: Reading
    by_family: Mapping[str, Reading]
    body: str | None = None
    by_body: Reading | None = None


@dataclass(frozen=True)
class _Sample:
    """A page, with what is surely of its article and what surely is not, by line."""

    capture: Capture
    sure: frozenset[str]
    foreign: frozenset[str]


def propose_layout(captures: Sequence[Capture], outlet: Outlet, families: Mapping[str, Layout]) -> Proposal | None:
    """Compare how some articles are read, and look for a `body` that reads them better.

    Args: captures of different articles; their outlet, whose own layouts are not used; layouts of the families that
        may be its own.
    Returns: what was found; None where there are fewer than two pages, or no text that both witnesses take.
    Raises: ExtractError where a capture is no page.
    Cost: some 0.1 s a page and layout, of at most eight and the families.
    """
    samples = _sample(captures, outlet)
    if len(samples) < _LEAST_PAGES:
        return None
    without = _read(samples, outlet, Layout())
    by_family = {name: _read(samples, replace(outlet, family=name), layout) for name, layout in families.items()}
    best = max([without, *by_family.values()], key=lambda reading: reading.score)
    is_slow = not by_family and not all(lane.startswith(_FAST) for lane in without.lanes)
    tried = {body: _read(samples, outlet, Layout(body=body)) for body in _find_selectors(samples)}
    body = max(tried, key=lambda name: tried[name].score, default=None)
    if body is not None:
        gain = tried[body].score - best.score
        if gain >= _LEAST_GAIN or (is_slow and gain >= 0 and tried[body].matches):
            return Proposal(without=without, by_family=by_family, body=body, by_body=tried[body])
    return Proposal(without=without, by_family=by_family)


def _read_one(
    capture: Capture, outlet: Outlet, layout: Layout, engine: ExtractEngine = "auto"
) -> tuple[list[str], str]:
    """The paragraphs of an article as an outlet with this layout has them, and the lane that took them."""
    declared = capture.header("content-type")
    laid_out = replace(outlet, layouts=(layout,))
    try:
        article = extract_article(capture.body, capture.url, outlet=laid_out, declared=declared, engine=engine)
    except ExtractError:  # with another layout it may well be one
        return [], "none"
    return article.text.split("\n"), article.extractor


def _sample(captures: Iterable[Capture], outlet: Outlet) -> list[_Sample]:
    readings = []
    for capture in captures:
        page = open_page(capture)
        blocks = {block.text for block in page.blocks}
        witnesses = Counter(set(_read_one(capture, outlet, Layout())[0]))
        witnesses.update(set(_read_one(capture, outlet, Layout(), "trafilatura")[0]))
        witnesses.update(_declared_lines(page, blocks))
        sure = {line for line, count in witnesses.items() if count >= _LEAST_WITNESSES}
        readings.append((capture, sure, blocks))
    stood = Counter(line for _, _, blocks in readings for line in blocks)
    foreign = frozenset(line for line, count in stood.items() if count >= _LEAST_PAGES)
    return [_Sample(capture, frozenset(sure) - foreign, foreign) for capture, sure, _ in readings if sure - foreign]


def _declared_lines(page: Page, blocks: Iterable[str]) -> set[str]:
    """The lines of a page that stand in the `articleBody` of its JSON-LD too."""
    declared = fold(str(page.article_ld.get("articleBody") or ""))
    return {line for line in blocks if len(line) >= _LEAST_DECLARED_CHARS and fold(line) in declared}


def _read(samples: Sequence[_Sample], outlet: Outlet, layout: Layout) -> Reading:
    readings = [(sample, *_read_one(sample.capture, outlet, layout)) for sample in samples]
    scores = [_score(sample, lines) for sample, lines, _ in readings]
    return Reading(score=sum(scores) / len(scores), lanes=tuple(lane for _, _, lane in readings))


def _score(sample: _Sample, lines: Iterable[str]) -> float:
    """F1 over characters, of lines that are sure or surely foreign."""
    taken = set(lines)
    right, wrong = _chars(taken & sample.sure), _chars(taken & sample.foreign)
    missed = _chars(sample.sure - taken)
    return 2 * right / max(1, 2 * right + wrong + missed)


def _chars(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


# ---------------------------------------------------------------- selectors


def _find_selectors(samples: Sequence[_Sample]) -> list[str]:
    """Selectors that hold nearly all sure text on every page, those that hold least beside it first."""
    beside: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for sample in samples:
        body = open_page(sample.capture).tree.body
        weighed = _weigh(read_outline(body), sample) if body is not None else {}
        for selector, (sure, other) in weighed.items():
            if sure >= _LEAST_COVERED * _chars(sample.sure):
                held[selector] += 1
                beside[selector] += other
    common = [selector for selector, count in held.items() if count == len(samples)]
    return sorted(common, key=lambda selector: (beside[selector], len(selector), selector))[:_MOST_TRIED]


def _weigh(outline: Outline, sample: _Sample) -> dict[str, tuple[int, int]]:
    """For every selector the characters of sure text, and of other text, in all that it matches."""
    blocks: dict[str, set[int]] = {}
    for element in outline.elements[1:]:
        for selector in _selectors_of(element.tag, element.node.attributes):
            blocks.setdefault(selector, set()).update(range(element.first, element.last))
    weighed = {}
    for selector, numbers in blocks.items():
        lines = [outline.blocks[number].text for number in numbers]
        sure = _chars(line for line in lines if line in sample.sure)
        weighed[selector] = (sure, _chars(lines) - sure)
    return weighed


def _selectors_of(tag: str, attributes: Mapping[str, str | None]) -> list[str]:
    """Selectors by what an element is called, but for names that the next build or article changes."""
    found = []
    if "articleBody" in (attributes.get("itemprop") or "").split():
        found.append("[itemprop~=articleBody]")
    for name in ("data-testid", "data-test-id", "data-component"):
        value = attributes.get(name) or ""
        if _NAME.fullmatch(value) and not re.search(r"\d", value):
            found.append(f"[{name}={value}]")
    for sign, names in (("#", attributes.get("id")), (".", attributes.get("class"))):
        found += [f"{sign}{name}" for name in (names or "").split() if _is_lasting(name)]
    if tag in ("article", "main"):
        found.append(tag)
    return found


def _is_lasting(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _MADE_NAME.fullmatch(name) is None
