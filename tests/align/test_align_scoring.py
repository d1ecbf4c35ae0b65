"""Scores: what every pair must satisfy, whatever its words."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.align import score_mentions
from presswatch.model import Mention

WORDS = [
    "mayor",
    "bridge",
    "opened",
    "river",
    "council",
    "vote",
    "ninety-two",
    "lanterns",
    "harbour",
    "Brenna",
    "Holloway",
    "Quill",
    "festival",
    "orchard",
    "storm",
    "1974",
    "curator",
    "museum",
    "stolen",
    "violin",
    "returned",
    "police",
    "the",
    "a",
    "of",
    "was",
    "in",
    "on",
    "and",
    "said",
]


def mention(mention_id: str, article_id: str, text: str, kind: str = "statement") -> Mention:
    return Mention(
        mention_id=mention_id,
        article_id=article_id,
        outlet_id=article_id,
        start_char=0,
        end_char=len(text),
        text=text,
        kind=kind,  # type: ignore[arg-type]
    )


sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
stories = st.lists(st.tuples(st.integers(0, 3), sentences), min_size=1, max_size=10).map(
    lambda rows: [mention(f"m{i:02d}", f"article{article}", text) for i, (article, text) in enumerate(rows)]
)


@settings(max_examples=50, deadline=None)
@given(stories)
def test_pairs_are_well_formed(mentions: list[Mention]) -> None:
    article = {m.mention_id: m.article_id for m in mentions}
    pairs = score_mentions(mentions)
    assert all(0 <= pair.score <= 1 and pair.a_id < pair.b_id for pair in pairs)
    assert all(article[pair.a_id] != article[pair.b_id] for pair in pairs)
    assert len({(pair.a_id, pair.b_id) for pair in pairs}) == len(pairs)
    assert [pair.score for pair in pairs] == sorted((pair.score for pair in pairs), reverse=True)
    assert all(len(str(pair.score)) <= len("0.1234") for pair in pairs)


@settings(max_examples=50, deadline=None)
@given(stories, st.randoms(use_true_random=False))
def test_order_does_not_matter(mentions: list[Mention], shuffler: random.Random) -> None:
    shuffled = list(mentions)
    shuffler.shuffle(shuffled)
    assert score_mentions(shuffled) == score_mentions(mentions)


@settings(max_examples=50, deadline=None)
@given(stories, sentences.filter(lambda text: "bridge" in text or "violin" in text))
def test_twins_rank_first(mentions: list[Mention], text: str) -> None:
    twins = [mention("x1", "twin one", text), mention("x2", "twin two", text)]
    best = score_mentions([*mentions, *twins])[0]
    assert best.score == 1.0
    of_twins = [p for p in score_mentions([*mentions, *twins]) if {p.a_id, p.b_id} == {"x1", "x2"}]
    assert of_twins[0].score == best.score
    assert of_twins[0].relation == "same"


@settings(max_examples=30, deadline=None)
@given(sentences, sentences)
def test_scores_are_symmetric(one: str, other: str) -> None:
    forth = score_mentions([mention("a", "first", one), mention("b", "second", other)])
    back = score_mentions([mention("a", "first", other), mention("b", "second", one)])
    assert [p.relation for p in forth] == [p.relation for p in back]
    assert [p.score for p in forth] == pytest.approx([p.score for p in back])


def test_equal_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        score_mentions([mention("a", "one", "The bridge opened."), mention("a", "two", "The bridge opened.")])


@pytest.mark.parametrize("texts", [[], ["alone"], ["", ""], ["!?", "…"], ["the of", "and the"]])
def test_nothing_to_compare_gives_no_surprise(texts: list[str]) -> None:
    pairs = score_mentions([mention(f"m{i}", f"a{i}", text) for i, text in enumerate(texts)])
    assert pairs == []


def story() -> list[Mention]:
    return [
        mention("a1", "gazette", "Odalys Brenner returned the stolen Marchetti violin to the museum on Tuesday."),
        mention("a2", "gazette", "The harbour café next door will close for the winter."),
        mention("b1", "courier", "The Marchetti violin is back in the museum after Brenner handed it over."),
        mention("b2", "courier", "Visitors queued for an hour in the rain to see the orchids."),
        mention("c1", "herald", "Ticket prices for the ferry rise by a tenth in spring."),
    ]


def test_a_rewritten_sentence_is_found_and_explained() -> None:
    best = score_mentions(story())[0]
    assert (best.a_id, best.b_id, best.relation) == ("a1", "b1", "same")
    assert {"Marchetti", "violin", "museum"} <= set(best.evidence.split(", "))


def test_sentences_without_a_shared_subject_are_left_out() -> None:
    assert {(pair.a_id, pair.b_id) for pair in score_mentions(story())} == {("a1", "b1")}


def test_initials_stand_for_the_name() -> None:
    mentions = [
        mention(
            "a1", "gazette", "Critics admire Ines Clara Voss. Here Ines Clara Voss paints the ceiling of the chapel."
        ),
        mention("b1", "courier", "ICV painted a ceiling last spring."),
        mention("b2", "courier", "Somebody painted a wall last spring."),
    ]
    pairs = {(pair.a_id, pair.b_id): pair for pair in score_mentions(mentions)}
    assert {"Ines", "Clara", "Voss"} <= set(pairs["a1", "b1"].evidence.split(", "))
    assert pairs["a1", "b1"].score > (pairs["a1", "b2"].score if ("a1", "b2") in pairs else 0)


def test_number_words_are_numbers() -> None:
    mentions = [
        mention("a1", "gazette", "Nine lanterns burned on the pier."),
        mention("b1", "courier", "There were 9 lanterns."),
        mention("b2", "courier", "There were lanterns."),
    ]
    assert "Nine" in next(p.evidence for p in score_mentions(mentions) if p.b_id == "b1")


def test_a_trimmed_quote_is_a_quote() -> None:
    whole = "“I found the violin under the stairs, wrapped in my mother's curtain, and I cried for an hour.”"
    cut = "“I found the violin under the stairs, wrapped in my mother's curtain.”"
    pairs = score_mentions([mention("a", "gazette", whole, "quote"), mention("b", "courier", cut, "quote")])
    assert [pair.relation for pair in pairs] == ["quote"]


def test_who_is_credited_is_no_shared_content() -> None:
    a = mention("a", "gazette", "The ferry sank in the night, according to Quillon Weekly.")
    b = mention("b", "courier", "A baker won the lottery, according to Quillon Weekly.")
    phrase = "according to Quillon Weekly"
    assert score_mentions([replace(a, credit_phrase=phrase), replace(b, credit_phrase=phrase)]) == []


def test_a_thousand_sentences_stay_sparse() -> None:
    chance = random.Random(4)
    mentions = [
        mention(f"m{i:04d}", f"a{i // 20}", " ".join(chance.choices([f"word{n}" for n in range(3000)], k=15)))
        for i in range(1000)
    ]
    assert len(score_mentions(mentions)) < 40 * len(mentions)


def test_names_cut_out_of_longer_words_do_no_harm() -> None:
    texts = ["The museum sold an iPhone Max to a painter.", "An iPhone Max was sold to a painter by the museum."]
    mentions = [
        Mention(mention_id=str(n), article_id=str(n), start_char=0, end_char=len(text), text=text)
        for n, text in enumerate(texts)
    ]
    (pair,) = score_mentions(mentions)
    assert pair.relation == "same"


def test_small_words_of_the_language_pair_nothing() -> None:
    said = [
        mention("a", "one", "El alcalde no ha querido hablar de ello con los que estaban en la plaza."),
        mention("b", "two", "El guiso de los domingos no ha cambiado desde que la casa es de los nietos."),
        mention("c", "one", "La directora ha dicho que la escena del faro es la última de la película."),
        mention("d", "two", "Con la escena del faro, la última, la directora ha terminado la película."),
    ]
    (found,) = score_mentions(said, languages=["es"])
    assert (found.a_id, found.b_id, found.relation) == ("c", "d", "same")
    assert set(found.evidence.split(", ")) >= {"directora", "escena", "faro", "última", "película"}
