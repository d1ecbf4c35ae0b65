from __future__ import annotations

import doctest
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.cleaning import clean_text
from presswatch.report import wording
from presswatch.report.wording import (
    compare_words,
    join_words,
    list_names,
    mark_value,
    mark_words,
    tell_bounds,
    tell_lag,
    tell_span,
)

# texts with many of the characters that matter
_HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9b\x9d\x90[];mK07\x07\x9c\\\u202e\u2066\u200b\ufeff "))
)


def _is_visible(char: str) -> bool:
    return char not in "\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"  # marks that Unicode calls ignorable


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("nine \x1b[1;31mcrews\x1b[0m", "nine crews"),
        ("\x1b]8;;https://evil.example\x07click\x1b]8;;\x07 here", "click here"),
        ("\x1b]0;new title\x1b\\after", "after"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bPq#0;2;0\x1b\\sixel", "sixel"),
        ("an unclosed \x1b]0; swallows its line\nand no more", "an unclosed and no more"),
        ("gnp\u202e.exe\u202c \u2066x\u2069", "gnp.exe x"),
        ("zero\u200b\u200d\ufeff\u2060width and soft\u00adhyphen", "zerowidth and softhyphen"),
        ("tag\U000e0041\U000e0042ged, filler\u3164s", "tagged, fillers"),
        ("bell\x07, back\x08space, null\x00, delete\x7f", "bell, backspace, null, delete"),
        ("lines\r\nand\ttabs\u2028and \u00a0 blanks", "lines and tabs and blanks"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("Zoë said “naïve” in 東京 – שלום", "Zoë said “naïve” in 東京 – שלום"),
    ],
)
def test_only_what_prints_is_left(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@given(_HOSTILE)
def test_no_control_or_format_character_gets_through_and_cleaning_twice_is_cleaning_once(text: str) -> None:
    clean = clean_text(text)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in clean)
    assert not set(clean) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u200d\ufeff"
    )
    assert clean_text(clean) == clean


@given(
    st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po", "Pi", "Pf", "Sc", "Sm", "So", "Mn"]).filter(_is_visible))
)
def test_what_prints_is_left_as_it_is(text: str) -> None:
    assert clean_text(text) == text


_SENTENCES = st.lists(st.sampled_from("we had the light and nobody dared spoke".split())).map(" ".join)


@given(_SENTENCES, _SENTENCES)
def test_both_texts_can_be_read_from_the_comparison(before: str, after: str) -> None:
    runs = compare_words(before, after)
    assert " ".join(run.text for run in runs if run.change != "added") == before
    assert " ".join(run.text for run in runs if run.change != "cut") == after


def test_quote_marks_are_no_change() -> None:
    assert [run.change for run in compare_words('"We\'re here," she said', "“We’re here,” she said")] == ["same"]


def test_times_are_told_as_short_as_they_can_be() -> None:
    morning, night = datetime(2031, 5, 2, 9, 5, tzinfo=UTC), datetime(2031, 5, 2, 23, 0, tzinfo=UTC)
    assert tell_span(morning, night) == "2 May 2031, 09:05–23:00 UTC"
    assert tell_span(morning, morning) == "2 May 2031, 09:05 UTC"
    assert tell_span(None, None) == "date unknown"
    assert tell_span(None, night) == "2 May 2031, 23:00 UTC"
    assert tell_span(morning, night + timedelta(days=1)) == "2 May 2031, 09:05 UTC – 3 May 2031, 23:00 UTC"


@pytest.mark.parametrize(
    ("lag", "words"),
    [
        (timedelta(0), "first"),
        (timedelta(minutes=40), "+ 40 min"),
        (timedelta(hours=2, minutes=12), "+ 2 h 12 min"),
        (timedelta(hours=24), "+ 1 d"),
        (timedelta(days=3, hours=4, minutes=9), "+ 3 d 4 h"),
        (None, ""),
    ],
)
def test_lags_are_told_in_two_units_at_most(lag: timedelta | None, words: str) -> None:
    assert tell_lag(lag).replace("\u00a0", " ") == words


@given(st.text(max_size=200), st.integers(1, 200))
def test_a_text_is_cut_between_words_and_says_so(text: str, most: int) -> None:
    cut = wording.shorten(text, most)
    assert len(cut) <= max(most, 1)
    kept, _, close = cut.rpartition("…")
    assert cut == text or (text.startswith(kept) and (kept or most == 1) and (not close or text.endswith(close)))


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        (
            "The boats were dry. Nobody swam, and the pool was empty since the war.",
            34,
            "The boats were dry. Nobody swam…",
        ),
        ("The boats were dry at last. Nobody swam.", 38, "The boats were dry at last…"),
        ("The boats, all of them made of old paper", 30, "The boats, all of them made…"),  # the clause ends too soon
        ("“We swept for a week, and then it rained.”", 30, "“We swept for a week…”"),
        ("“We swept”, he says, and then it rained.", 30, "“We swept”, he says…"),
        ("Oneverylongwordindeed", 8, "Onevery…"),
    ],
)
def test_a_text_is_cut_where_a_sentence_or_a_clause_ends(text: str, most: int, cut: str) -> None:
    assert wording.shorten(text, most) == cut


def test_a_text_is_cut_around_the_value_that_it_is_shown_for() -> None:
    text = "Before the war there were boats of all sorts on the lake, they say, and after it nine steamers were left."
    assert wording.shorten_around(text, "left", len(text)) == text  # there is room, however late the value comes
    assert wording.shorten_around(text, "boats", 60) == "Before the war there were boats of all sorts on the lake…"
    assert wording.shorten_around(text, "nine", 60) == "…and after it nine steamers were left."
    assert wording.shorten_around(text, "ten", 60).startswith("Before the war")


@given(st.text(max_size=200), st.text(min_size=1, max_size=9), st.integers(20, 200))
def test_what_is_cut_around_a_value_is_of_the_text_and_holds_it(text: str, value: str, most: int) -> None:
    cut = wording.shorten_around(text, value, most)
    assert len(cut) <= max(most, 1) + 1
    assert (cut == text) if len(text) <= most else "…" in cut
    if len(mark_value(text, value)) > 1 and text.isascii() and len(value) < 9:
        assert len(mark_value(cut, value)) > 1


def test_many_names_are_counted() -> None:
    assert [list_names(["a", "b", "c", "d", "e"][:count]) for count in (1, 4, 5)] == [
        "a",
        "a, b, c and d",
        "a, b, c and 2 more",
    ]


def test_lists_are_joined_as_one_would_say_them() -> None:
    assert [join_words(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(wording).failed == 0


def _fold(word: str) -> str | None:
    return None if word.lower() in {"the", "of", "in", "a", "and"} else word.lower()


def _marked(*texts: str, disputed: tuple[str, ...] = ()) -> list[list[tuple[str, str]]]:
    values = [disputed] * len(texts)
    return [[(mark, text) for mark, text in one] for one in mark_words(texts, values, _fold)]


def test_words_that_another_text_has_are_marked_with_the_small_ones_beside_them() -> None:
    first, second = _marked("The crew spent nine nights in Vell.", "A crew of divers spent two nights.")
    assert first == [("shared", "The crew spent "), ("own", "nine "), ("shared", "nights in "), ("own", "Vell.")]
    assert [text for mark, text in second if mark == "own"] == ["divers ", "two "]


def test_one_word_in_common_says_nothing() -> None:
    assert _marked("The crew slept.", "A crew of divers.") == [
        [("own", "The crew slept.")],
        [("own", "A crew of divers.")],
    ]


def test_a_disputed_value_is_marked_once_and_only_as_a_word() -> None:
    (marked,) = _marked("Ten divers, often ten.", disputed=("ten", "often"))
    assert marked == [("disputed", "Ten"), ("own", " divers, "), ("disputed", "often"), ("own", " ten.")]
    assert mark_value("Tender", "ten") == [("own", "Tender")]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4), st.lists(st.text(max_size=5), max_size=2))
def test_marked_stretches_are_the_text_whatever_it_is(texts: list[str], values: list[str]) -> None:
    marked = mark_words(texts, [values] * len(texts), lambda word: word.casefold())
    assert ["".join(stretch.text for stretch in one) for one in marked] == texts
    assert ["".join(stretch.text for stretch in mark_value(text, values[0])) for text in texts if values] == [
        text for text in texts if values
    ]


def test_bounds_are_told_as_exactly_as_they_are_known() -> None:
    day, moment = datetime(2031, 5, 3, tzinfo=UTC), datetime(2031, 5, 3, 9, 30, tzinfo=UTC)
    assert tell_bounds(moment, moment + timedelta(minutes=1)) == "3 May 2031, 09:30 UTC"
    assert tell_bounds(moment, None) == "3 May 2031, 09:30 UTC"
    assert tell_bounds(day, day + timedelta(days=1)) == "3 May 2031, hour unknown"
    assert tell_bounds(moment, moment + timedelta(hours=5)) == "3 May 2031, 09:30 UTC, or up to 5\u00a0h later"
    assert tell_bounds(day, moment + timedelta(days=2)) == "between 3 May 2031, 00:00 UTC and 5 May 2031, 09:30 UTC"
    assert tell_bounds(None, moment) == "date unknown; seen on 3 May 2031"
    assert tell_bounds(None, None) == "date unknown"
