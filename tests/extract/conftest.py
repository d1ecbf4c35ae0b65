"""Small pages of our own. Every word in them, and everybody they speak of, is invented."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

PARAGRAPHS = (
    (
        "The ferry to Marrow Point leaves at dusk in Ilse Kandinov's second film, and for most of its length "
        "nobody aboard "
        "says a word about where they are going."
    ),
    (
        "Kandinov shot the crossing over nine nights with a crew of eleven, and she kept the engine's noise "
        "because, she "
        "says, it was the only honest thing in the room."
    ),
    (
        "What stays is the last quarter of an hour, in which the deckhand played by Tobiah Wren counts the "
        "passengers and "
        "arrives at a number that the film has no wish to explain."
    ),
    (
        "The distributor will open it in four cities in March, and in another thirty towns once the ice on "
        "the northern "
        "route has gone."
    ),
)
HEADLINE = "A Ferry Leaves at Dusk and Nobody Asks Why"

Build = Callable[..., bytes]


@pytest.fixture
def paragraphs() -> tuple[str, ...]:
    return PARAGRAPHS


@pytest.fixture
def prose() -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


@pytest.fixture
def build(prose: str) -> Build:
    def page(
        body: str | None = None, *, head: str = "", title: str = f"{HEADLINE} | The Tern", lang: str = "en"
    ) -> bytes:
        content = body if body is not None else f"<article><h1>{HEADLINE}</h1>{prose}</article>"
        return (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
            f"<body>{content}</body></html>"
        ).encode()

    return page


def json_ld(content: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(content)}</script>'


@pytest.fixture
def ld() -> Callable[[Any], str]:
    return json_ld
