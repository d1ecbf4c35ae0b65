"""Claims of mentions whose pairs are given: what holds two sentences together, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from presswatch.align.grouping import TIE_FROM, find_also, group_claims
from presswatch.align.scoring import Vectors
from presswatch.model import Alignment, Mention

FIRM = "harbour, lantern, nets"  # three words in common are no coincidence


def mention(name: str, **also: str) -> Mention:
    text = f"Sentence {name} of its article."
    return Mention(mention_id=name, article_id=f"of-{name}", start_char=0, end_char=len(text), text=text, **also)  # type: ignore[arg-type]


def pair(a: str, b: str, score: float, relation: str = "overlap", evidence: str = FIRM) -> Alignment:
    return Alignment(a_id=a, b_id=b, score=score, relation=relation, evidence=evidence)  # type: ignore[arg-type]


def claims(alignments: list[Alignment], names: str = "ab", **also: str) -> list[str]:
    found = [mention(name, **also) for name in names]
    groups = group_claims(found, alignments, Vectors(found))
    return ["".join(one.mention_id for one in group) for group in groups]


@pytest.mark.parametrize(
    ("alignment", "expected"),
    [
        (pair("a", "b", 0.8, "same"), ["ab"]),
        (pair("a", "b", TIE_FROM), ["ab"]),
        (pair("a", "b", TIE_FROM - 0.01), ["a", "b"]),  # it touches on the other, and says something else
        (pair("a", "b", 0.8, "same", "Lantern"), ["a", "b"]),  # a name is a coincidence
    ],
)
def test_two_articles_share_a_claim_by_a_tie(alignment: Alignment, expected: list[str]) -> None:
    assert claims([alignment]) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("The lighthouse burned on Monday.", "Nobody was inside the lighthouse.", ["abc"]),
        ("The lighthouse burned on Monday.", "Nobody was inside the building.", ["ac", "b"]),
    ],
)
def test_two_sentences_of_one_article_share_a_claim_where_they_share_a_word(
    first: str, second: str, expected: list[str]
) -> None:
    texts = {"a": ("one", first), "b": ("one", second), "c": ("two", "A lighthouse burned, and it was empty.")}
    found = [
        Mention(mention_id=name, article_id=article, start_char=0, end_char=len(text), text=text)
        for name, (article, text) in texts.items()
    ]
    groups = group_claims(found, [pair("a", "c", 0.9, "same"), pair("b", "c", 0.8, "same")], Vectors(found))
    assert ["".join(one.mention_id for one in group) for group in groups] == expected


def test_a_quote_is_a_tie_whatever_it_scores() -> None:
    assert claims([pair("a", "b", TIE_FROM - 0.1, "quote")], kind="quote") == ["ab"]


def test_a_sentence_that_touches_on_a_claim_stays_out_of_it() -> None:
    loose = [pair("a", "b", 0.4), pair("a", "c", 0.36)]
    assert claims([*loose, pair("b", "c", 0.7, "same")], "abc") == ["a", "bc"]


def test_what_is_too_loose_for_a_claim_does_not_say_it_too() -> None:
    alignments = [pair("a", "b", 0.4), pair("a", "c", 0.36), pair("b", "c", 0.7, "same")]
    found = [mention(name) for name in "abc"]
    groups = group_claims(found, alignments, Vectors(found))
    assert find_also(groups, alignments) == [(), ()]


def test_a_long_quote_says_the_short_one_too_and_not_the_other_way_round() -> None:
    short = [replace(mention(name, kind="quote"), text="“I found it,”") for name in "ab"]
    long = [replace(mention(name, kind="quote"), text="“I found it, and then I cried,”") for name in "cd"]
    alignments = [pair(one.mention_id, other.mention_id, 1.0, "quote") for one in short for other in long]
    assert find_also([tuple(short), tuple(long)], alignments) == [tuple(long), ()]
