"""Amounts in the many ways in which papers print them."""

from __future__ import annotations

import pytest

from presswatch.align.amounts import find_amounts
from presswatch.align.told import read_told


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("thirty-five crews", 35, "thirty-five"),
        ("Twenty one crews", 21, "Twenty one"),
        ("one hundred and twenty crews", 120, "one hundred and twenty"),
        ("a hundred and five crews", 105, "a hundred and five"),
        ("two hundred thousand tickets", 200_000, "two hundred thousand"),
        ("three hundred and fifty thousand tickets", 350_000, "three hundred and fifty thousand"),
        ("two dozen crews", 24, "two dozen"),
        ("half a million tickets", 500_000, "half a million"),
        ("a quarter of a million tickets", 250_000, "a quarter of a million"),
        ("2½ hours", 2.5, "2½"),
        ("9 1/2 weeks", 9.5, "9 1/2"),
        ("three-and-a-half-hour cut", 3.5, "three-and-a-half"),
        ("two and a half million tickets", 2_500_000, "two and a half million"),
        ("10 1/2 hours", 10.5, "10 1/2"),
        ("2 3/4 hours", 2.75, "2 3/4"),
        ("two and three-quarter hours", 2.75, "two and three-quarter"),
        ("ten and one-half hours", 10.5, "ten and one-half"),
        ("one-and-a-quarter million viewers", 1_250_000, "one-and-a-quarter million"),
        ("Three quarters of a million viewers", 750_000, "Three quarters of a million"),
        ("2½m viewers", 2_500_000, "2½m"),
        ("1,234.5 tons", 1234.5, "1,234.5"),
        ("12k tickets", 12_000, "12k"),
    ],
)
def test_numbers_are_read_as_they_are_printed(text: str, value: float, printed: str) -> None:
    (amount,) = find_amounts(text)
    assert (amount.value, amount.printed, amount.sign) == (value, printed, None)
    assert text[amount.start : amount.end] == printed


@pytest.mark.parametrize(
    ("text", "value", "sign", "printed"),
    [
        ("It cost $1.2-million.", 1.2e6, "$", "$1.2-million"),
        ("It cost US$12m.", 12e6, "$", "US$12m"),
        ("It cost $US12 million.", 12e6, "$", "$US12 million"),
        ("It cost USD 12 million.", 12e6, "$", "USD 12 million"),
        ("It cost 12 million US dollars.", 12e6, "$", "12 million US dollars"),
        ("A 1.5 million-dollar boat.", 1.5e6, "$", "1.5 million-dollar"),
        ("It cost A$5 million.", 5e6, "A$", "A$5 million"),
        ("It cost 5 million Australian dollars.", 5e6, "A$", "5 million Australian dollars"),
        ("It cost C$20 million.", 20e6, "C$", "C$20 million"),
        ("It cost £3m.", 3e6, "£", "£3m"),
        ("It cost 20 million pounds.", 20e6, "£", "20 million pounds"),
        ("It cost €1.2bn.", 1.2e9, "€", "€1.2bn"),
        ("It cost 900 million yen.", 9e8, "¥", "900 million yen"),
        ("It made Rs 500 crore.", 5e9, "₹", "Rs 500 crore"),
        ("It made ₹500 crore.", 5e9, "₹", "₹500 crore"),
        ("It made ₹2,50,00,000.", 2.5e7, "₹", "₹2,50,00,000"),
        ("It cost in the low $30 millions.", 3e7, "$", "$30 millions"),
        ("It cost a million and a half dollars.", 1.5e6, "$", "a million and a half dollars"),
        ("It sold at $27 1/2 a share.", 27.5, "$", "$27 1/2"),
        ("It cost CHF 2 million.", 2e6, "CHF", "CHF 2 million"),
        ("It cost 40 million kronor.", 40e6, "kr", "40 million kronor"),
        ("It rose 20 per cent.", 20, "%", "20 per cent"),
        ("A 20-percent share.", 20, "%", "20-percent"),
    ],
)
def test_sums_are_of_a_currency_however_that_is_printed(text: str, value: float, sign: str, printed: str) -> None:
    (amount,) = find_amounts(text)
    assert (amount.value, amount.sign, amount.printed) == (pytest.approx(value), sign, printed)


def test_a_pound_is_a_weight_too() -> None:
    (amount,) = find_amounts("The anchor weighs 300 pounds.")
    assert amount.sign is None


def test_beside_us_dollars_plain_ones_are_others() -> None:
    (amount,) = find_amounts("Damage was put at $US1 million ($1.52 million).")
    assert (amount.value, amount.sign) == (1e6, "$")


@pytest.mark.parametrize(
    ("text", "least", "value"),
    [
        ("10 to 12 crews", 10, 12),
        ("between $900,000 and $1.2 million", 9e5, 1.2e6),
        ("$15m-$20m", 15e6, 20e6),
        ("£3m to £4m", 3e6, 4e6),
        ("A 12-to-14-week shoot", 12, 14),
        ("a three- to four-month shoot", 3, 4),
        ("between 10 and 12 crews", 10, 12),
        ("$35-40 million", 35e6, 40e6),
        ("thirty-five to forty crews", 35, 40),
        ("from 10 to 12 crews", None, 12),  # the one, and then the other
    ],
)
def test_ranges_have_two_ends(text: str, least: float | None, value: float) -> None:
    *_, amount = find_amounts(text)
    assert (amount.least, amount.value) == (least, value)


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("The navy took six KL 47 rifles.", True),
        ("They flew in a Norvik 737 jet.", True),
        ("The studio filed under Chapter 11 papers.", True),
        ("In Grauhafen 97 people came.", False),
        ("The studio said 97 people came.", False),
    ],
)
def test_a_number_behind_a_name_belongs_to_it(text: str, *, is_named: bool) -> None:
    *_, amount = find_amounts(text)
    assert amount.is_named is is_named


def test_in_a_headline_every_word_is_written_like_a_name() -> None:
    (amount,) = find_amounts("Norvik Cuts 40 Jobs", is_headline=True)
    assert not amount.is_named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 500-seat theater of Grauhafen sold out.", [(500.0, "seats")]),
        ("A 40-person crew sailed.", [(40.0, "people")]),
        ("A 12-foot-tall mast broke.", [(12.0, "feet")]),
        ("The 900-square-foot hall houses two shops.", [(900.0, "feet"), (2.0, "shops")]),
        ("They ordered 20 Norvik 737 planes.", [(20.0, "planes")]),
        ("She is a three-time winner.", []),
        ("A jury of 12-plus critics.", [(12.0, "critics")]),
    ],
)
def test_what_a_number_counts(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(told.value, told.unit) for told in read_told(text) if told.kind == "number"] == expected


def test_odd_ones_are_more() -> None:
    (amount,) = find_amounts("some thirty-odd million dollars")
    assert (amount.value, amount.sign, amount.is_more) == (30e6, "$", True)


@pytest.mark.parametrize("text", ["the No. 1 film", "The No. 1 Film of Fall", "Nos. 3 and 40", "the number 1 film"])
def test_what_is_numbered_is_not_counted(text: str) -> None:
    assert next(find_amounts(text, is_headline="Fall" in text)).is_named
