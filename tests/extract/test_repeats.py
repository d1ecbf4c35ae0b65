"""Lines that an outlet repeats: which are found, from how many stories on, and what pattern stands for them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.extract.repeats import LEAST_STORIES, Told, find_repeats, least_stories

PITCH = "Hear the whole talk on our podcast (free), every Friday."


def told(number, *lines, story=None):
    own = (
        f"On day {'i' * number} the ferry of pier {chr(65 + number % 26)} left late, and somebody wrote it down in ink."
    )
    return Told(f"http://gazette.test/{number}", story or f"story{number}", "\n".join([own, *lines]))


def stops(articles, stop=()):
    return {repeat.stop for repeat in find_repeats(articles, stop)}


@pytest.mark.parametrize(("stories", "least"), [(0, 3), (1, 3), (5, 3), (9, 3), (10, 4), (100, 10), (5000, 71)])
def test_the_threshold_grows_as_the_root_of_the_stories(stories, least):
    assert least_stories(stories) == least


@pytest.mark.parametrize("count", [5, 60])
def test_a_line_under_many_articles_is_found_and_its_pattern_matches_it_alone(count):
    (found,) = find_repeats([told(n, PITCH) for n in range(count)])
    assert found.stop == r"^Hear the whole talk on our podcast \(free\), every Friday\.$"
    assert (found.stories, found.articles, found.example) == (count, count, PITCH)
    assert re.search(found.stop, PITCH)
    assert not re.search(found.stop, PITCH + " Bring soup.")


def test_two_stories_are_too_few_and_one_story_is_one_however_often_it_is_told():
    assert stops([told(0, PITCH), told(1, PITCH), told(2)]) == set()
    assert stops([told(n, PITCH, story="the ferry") for n in range(9)]) == set()


def test_three_of_nine_stories_are_enough_for_a_line_and_for_a_beginning():
    others = [told(n) for n in range(3, 9)]
    assert stops([*(told(n, "Sign up for our letter") for n in range(3)), *others]) == {"^Sign up for our letter$"}
    rests = ["Six Piers", "A Boat of Paper", "Nine Tides to See"]
    begun = [told(n, f"More from the Gazette {rest}") for n, rest in enumerate(rests)]
    assert stops([*begun, *others]) == {r"^More from the Gazette\b"}
    assert stops([*begun, *others, told(9)]) == set(), "of ten stories it takes four"


def test_what_is_used_again_in_a_few_of_many_stories_is_background_and_no_boilerplate():
    background = "The ferry has sailed since 1911."
    few = [told(n, background) for n in range(8)]
    assert stops(few) == {r"^The ferry has sailed since 1911\.$"}
    assert stops([*few, *(told(n) for n in range(8, 120))]) == set()


def test_numbers_may_differ():
    articles = [told(n, f"Episode {n + 1} of the harbor hour is out now") for n in range(6)]
    assert stops(articles) == {r"^Episode \d+ of the harbor hour is out now$"}


def test_a_common_beginning_with_a_varying_rest_is_one_pattern():
    rests = ["Six Piers", "A Boat of Paper", "Nine Tides to See", "The Last Lamp", "Who Owns the Fog"]
    articles = [told(n, f"More from the Gazette {rest}") for n, rest in enumerate(rests)]
    assert stops(articles) == {r"^More from the Gazette\b"}
    articles = [told(n, f"Also in this harbor: {rest}") for n, rest in enumerate(rests)]
    assert stops(articles) == {"^Also in this harbor:"}


def test_how_sentences_begin_and_short_labels_are_left():
    ends = ["a lamp was lit", "nobody sang at all", "the fog came in early", "two boats stayed out", "rain fell twice"]
    sentences = [
        told(n, f"According to the harbor office, {end} while the town slept on.") for n, end in enumerate(ends)
    ]
    assert stops(sentences) == set()
    labels = [told(n, f"Best Boat: {end.title()}") for n, end in enumerate(ends)]
    assert stops(labels) == set()


def test_a_sentence_that_is_mostly_its_beginning_is_a_pitch():
    days = ["Monday", "Tuesday", "Friday", "Sunday", "Saturday"]
    articles = [
        told(n, f"Tickets for the festival of small boats can be had from {day}.") for n, day in enumerate(days)
    ]
    assert stops(articles) == {r"^Tickets for the festival of small boats can be had from\b"}


@pytest.mark.parametrize(
    ("line", "stop", "doubt"),
    [
        ("He was {n}.", r"^He was \d+\.$", "its numbers vary"),
        ("Running time: {n} minutes", r"^Running time: \d+ minutes$", "its numbers vary"),
        ("The council was founded in 1911.", r"^The council was founded in 1911\.$", "a sentence with a number"),
        (
            "The film about the ferry opens in {word}.",
            r"^The film about the ferry opens in\b",
            "it goes on in different ways",
        ),
        ("Director of the film: {word}", "^Director of the film:", "it goes on in different ways"),
        ("More from the Gazette {word}", r"^More from the Gazette\b", ""),
        ("Follow our 7 letters from the pier", "^Follow our 7 letters from the pier$", ""),
        (PITCH, r"^Hear the whole talk on our podcast \(free\), every Friday\.$", ""),
    ],
)
def test_what_may_be_a_fact_is_marked(line, stop, doubt):
    words = ["Anna", "Bronn", "Corrigan", "Dov", "Edda", "Fife"]
    articles = [told(n, line.format(n=70 + 3 * n, word=word)) for n, word in enumerate(words)]
    (found,) = find_repeats(articles)
    assert (found.stop, found.doubt) == (stop, doubt)


def test_what_is_declared_and_what_is_a_paragraph_is_passed_over():
    articles = [told(n, PITCH) for n in range(5)]
    assert stops(articles, ["^Hear the whole"]) == set()
    assert stops([told(n, "The tide " + "rose and fell " * 20) for n in range(5)]) == set()


@given(st.lists(st.text("ab. 1(\n", max_size=30), min_size=3, max_size=8))
def test_every_pattern_matches_the_line_it_was_made_of(texts):
    tidy = ["\n".join(" ".join(line.split()) for line in text.split("\n")) for text in texts]
    articles = [Told(str(n), str(n % 4), text) for n, text in enumerate(tidy)]
    for repeat in find_repeats(articles):
        assert re.search(repeat.stop, repeat.example)
        assert repeat.articles >= repeat.stories >= LEAST_STORIES
