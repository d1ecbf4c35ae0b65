"""What is read of a sentence: that nothing that may be printed stops or slows the reading."""

from __future__ import annotations

import time
from datetime import date
from itertools import product

import pytest

from presswatch.align import compare_story
from presswatch.align.told import LONGEST_TEXT, read_figures, read_told
from presswatch.align.values import agree
from presswatch.align.when import read_when
from presswatch.model import Article, Mention, make_id

DAYS = (None, date.min, date.max, date(2031, 5, 4))
LONG = 200_000
TOWNS = ["Grauhafen", "Aldmoor", "Pellworth", "Tarn", "Kestwick", "Selby", "Ostrava"]


def tell_first_shown(number: int) -> tuple[Article, Mention]:
    text = f"The film first premiered in {TOWNS[number % 7]}."
    name = make_id(str(number))
    article = Article(article_id=name, url=f"https://o{number}.test/a", text=text, outlet_id=f"o{number}")
    return article, Mention(
        mention_id=name, article_id=name, outlet_id=f"o{number}", start_char=0, end_char=len(text), text=text
    )


@pytest.mark.parametrize(
    "text",
    [
        *("February 30", "May 99", "29 February", "Sept 31", "0 weeks ago", "99 years ago", "in May", "Friday"),
        *(
            "last year",
            "next year",
            "last month",
            "tomorrow",
            "9" * 400 + " people",
            "1,000" + ",000" * 200 + " people",
        ),
        # letters that are an i, an s or a k only where case is ignored
        *("fıve people", "ſeven people", "ſix weeks ago", "a mıllion people", "Frıday", "yeſterday", "ſeptember 3"),
        *("$5\N{KELVIN SIGN}", "1 weeK ago", "Fİve people"),
    ],
)
@pytest.mark.parametrize("published", DAYS)
def test_whatever_is_printed_can_be_read_and_compared(text: str, published: date | None) -> None:
    others = read_told("500 people and seven people came on May 3 or last year", published)
    for one, other in product(read_told(text, published), others):
        assert agree(one, other) == agree(other, one)


def test_days_at_the_ends_of_the_calendar_are_read() -> None:
    assert read_when("on May 3", date.min)[0].spans == ((123, 123), (488, 488))
    assert read_when("last year", date.min)[0].spans == ((1, 365),)


@pytest.mark.parametrize(
    "part",
    [
        *("A-", "A.", "Aa, ", "Aa and ", "directed by Aa ", "Aa plays Bb ", "Aa of the ", "premiered in the ", "12 "),
        *("one ", "1,000 ", "$1m gross ", "two hours and ", "runs about about 3 ", "1 of ", "January 1 ", "last "),
        *(
            "died at ",
            "died ",
            "Aa Bb, 9, ",
            "aged 9 ",
            "9-year-old a ",
            "the third ",
            "the third aa to ",
            "the 3rd a b ",
        ),
    ],
)
def test_reading_takes_no_longer_than_it_must(part: str) -> None:
    text = (part * LONG)[:LONG]
    begun = time.process_time()
    read_told(text, date(2031, 5, 4))
    assert time.process_time() - begun < 1.0


def test_of_a_text_of_many_sentences_the_first_are_read_and_no_word_is_cut() -> None:
    text = "In Grauhafen 97 people came. " * 200
    found = read_told(text)
    assert {told.printed for told in found} == {"97"}
    assert len(found) == pytest.approx(LONGEST_TEXT / len("In Grauhafen 97 people came. "), abs=1)


def test_a_story_that_everybody_dates_is_compared_with_some_of_each_opinion() -> None:
    made = [tell_first_shown(number) for number in range(200)]
    compared = compare_story([article for article, _ in made], [mention for _, mention in made])
    assert {value for d in compared.differences for value in (d.value_a, d.value_b)} == set(TOWNS)
    tellers = {mention for pair in compared.alignments for mention in (pair.a_id, pair.b_id)}
    assert len(tellers) == len(made)
    assert len(compared.alignments) < 200 * 60  # of 19,900 pairs: 40 candidates for each and 20 tellers
    again = compare_story([article for article, _ in reversed(made)], [mention for _, mention in reversed(made)])
    assert again == compared


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("He has directed them in nine kinetic music videos.", [("number", "video", 9.0, "nine")]),
        ("It is his 10th music video with them, “Lost.”", [("rank", "video", 10.0, "10th")]),
        ("Their fourth album follows on May 15.", [("rank", "album", 4.0, "fourth")]),
        ("It premiered on Tuesday in K Magazine.", [("release", "release", frozenset({"k"}), "K Magazine")]),
        ("On 3 May 2031 the harbour was full, as in the 20th century.", []),
        ("Noor Haddad, 84, and a 19-year-old sailor spoke.", []),
        ("Nobody spoke, and the third was silent.", []),
        ("9 " * LONGEST_TEXT, []),
    ],
)
def test_figures_are_what_is_counted_ranked_and_shown(text, figures):
    assert [(told.kind, told.key, told.value, told.printed) for told in read_figures(text)] == figures
