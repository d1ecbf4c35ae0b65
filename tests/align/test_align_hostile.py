"""Articles that were made to cost time: whole runs wait for their stories, and no article may hold them up."""

from __future__ import annotations

import time
from itertools import islice, product

import pytest

from presswatch import compare
from presswatch.model import Article

MOST_S = 20.0  # of the processor; before they were mended, each of these took minutes, some hours
CALM = "The ferry left the quay at dusk, and the harbour fell silent behind it."

TEXTS = {
    "a key of 100,000 letters": f"{CALM} The key was {'A' * 100_000} and nobody had ever learned it by heart.",
    "a jury of 1,900 letters": f"{CALM} The jury of {'A9' * 950} was never seen by anybody.",
    "brackets that never close": f"“{'[we never left ' * 8_000}the quay,” said Ida Moss. {CALM}",
    "a quote in each of many sentences": "\n".join(
        f"The old ferry {n} of the town was called “a wonder of the northern seas” by the tired Ida Moss."
        for n in range(4_000)
    ),
}


GIVEN = ["".join(parts) for parts in islice(product("BDFGKLMNPRST", "aeiou", "bdglmnprst", "aeiou", "nrls"), 4_000)]
PAIRS = {  # what one outlet prints, and the other
    "as many quotes, each of them cut": [
        "\n".join(f"“We never sold the {one} ferry to the {one[::-1]} town{end},” said Ida Moss." for one in GIVEN)
        for end in ("", " for money")
    ],
    "a family of thousands": ["\n".join(f"“The {one} ferry was never ours,” said {one} Quill." for one in GIVEN)] * 2,
}


@pytest.mark.parametrize("kind", PAIRS)
def test_two_articles_that_were_made_to_cost_time_are_compared_in_time(kind: str) -> None:
    compare_in_time(*PAIRS[kind])


@pytest.mark.parametrize("kind", TEXTS)
def test_an_article_that_was_made_to_cost_time_is_compared_in_time(kind: str) -> None:
    compare_in_time(TEXTS[kind], TEXTS[kind])


def compare_in_time(*texts: str) -> None:
    made = [
        Article(article_id=one, url=f"https://{one}.test/a", outlet_id=one, headline="The Ferry", text=text)
        for one, text in zip(("tern", "gull"), texts, strict=True)
    ]
    start = time.process_time()
    tables = compare(made)
    assert time.process_time() - start < MOST_S
    assert set(tables.coverage["stance"]) >= {"says"}
