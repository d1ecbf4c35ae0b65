"""A layout is proposed where it reads an outlet's articles better than what there is, and only there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from presswatch.extract.proposal import propose_layout
from presswatch.model import Capture
from presswatch.outlets import Layout, Outlet, tell_families

TERN = Outlet(id="tern", name="The Tern", hosts=("tern.test",))
TOWNS = ["Marrow Point", "Orrin Bay", "Sallow Quay", "Corrigan Reach"]
CLUB = [
    "Every Thursday the members of our reading circle meet over soup at the old customs house, and you may come too.",
    "A year of the circle costs as much as a pair of boots, and it keeps you warm for longer, as the members say.",
    "Write to the harbor office if you want a chair kept for you; the chairs are few, and the soup is gone by eight.",
]


def paragraphs(town):
    return [
        f"The ferry to {town} leaves at dusk in the second film, and nobody aboard says a word about where it goes.",
        f"The crew of {town} shot the crossing over nine nights, and kept the noise of the engine for its honesty.",
        f"What stays of {town} is the last hour, in which a deckhand counts the passengers and arrives at a number.",
        f"The cinema of {town} will open it in March, once the ice has gone from the route and the pier is safe.",
        f"Whoever has been to {town} knows the lamp at the end of the pier, and that it was never lit for a film.",
    ]


def captures(make, towns=TOWNS[:3]):
    return [
        Capture(
            url=f"http://tern.test/film/{number}/",
            outlet_id="tern",
            fetched_at=datetime(2024, 5, 2, tzinfo=UTC),
            body=f"<html><head><title>{town}</title></head><body>{make(town)}</body></html>".encode(),
        )
        for number, town in enumerate(towns)
    ]


def as_paragraphs(lines):
    return "".join(f"<p>{line}</p>" for line in lines)


def plain(town):
    return f'<article><h1>To {town}</h1><div class="story">{as_paragraphs(paragraphs(town))}</div></article>'


def with_club(town):
    """The circle's pitch stands beside the story, and is set as it is."""
    return (
        f'<div class="wide"><h1>To {town}</h1><div class="story">{as_paragraphs(paragraphs(town))}</div>'
        f'<div class="circle">{as_paragraphs(CLUB)}</div></div>'
    )


def test_none_is_proposed_where_the_fast_lane_does_as_well():
    found = propose_layout(captures(plain), TERN, {})
    assert found.without.score == pytest.approx(1.0)
    assert found.body is None


def test_a_body_is_proposed_where_it_leaves_out_what_stands_under_every_article():
    found = propose_layout(captures(with_club), TERN, {})
    assert found.without.score < 0.95
    assert found.body == ".story"
    assert found.by_body.score == pytest.approx(1.0)
    assert found.by_body.matches


def test_a_family_that_does_as_well_needs_no_body_of_the_outlets_own():
    family = {"harbor": Layout(body=".story")}
    found = propose_layout(captures(with_club), TERN, family)
    assert found.by_family["harbor"].matches
    assert found.by_family["harbor"].score == pytest.approx(1.0)
    assert found.body is None
    found = propose_layout(captures(with_club), TERN, {"harbor": Layout(body=".nowhere")})
    assert not found.by_family["harbor"].matches
    assert found.body == ".story"


@pytest.mark.parametrize("name", ["css-1x2y3z", "story-4711", "sc-bdVaJaQ"])
def test_names_that_the_next_build_changes_are_not_proposed(name):
    found = propose_layout(captures(lambda town: with_club(town).replace("story", name)), TERN, {})
    assert found.body is None


def test_one_page_is_too_few_and_so_are_pages_without_text():
    assert propose_layout(captures(plain, TOWNS[:1]), TERN, {}) is None
    assert propose_layout(captures(lambda _: "<div></div>"), TERN, {}) is None


def test_a_family_is_told_by_its_signs():
    assert list(tell_families('<meta name="generator" content="WordPress 6.7">')) == ["wordpress"]
    assert list(tell_families('<meta name="generator" content="WordPress.com">')) == ["wpcom", "wordpress"]
    assert tell_families('<article class="markdown-body entry-content">') == {}
