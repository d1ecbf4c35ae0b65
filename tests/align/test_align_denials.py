"""What a sentence denies, and what others say of the same; on invented prose."""

from __future__ import annotations

import pytest

from presswatch.align.denials import find_affirmed, find_denials
from presswatch.align.text import stem_word


@pytest.mark.parametrize(
    ("text", "denied", "printed"),
    [
        ("Ada Quill will not star in The Slow Ferry.", "star", "will not star"),
        ("Ada Quill won’t be directing the sequel.", "directing", "won’t be directing"),
        ("Ada Quill is no longer attached to the film.", "attached", "no longer attached"),
        ("Ada Quill was never asked to direct it.", "asked", "never asked"),
        ("The studio has not been able to finish the film.", "finish", "has not been able to finish"),
        ("A spokesman denied that Ada Quill will star in it.", "star", "denied that Ada Quill will star"),
        ("A spokesman denied reports that Ada Quill has left.", "left", "denied reports that Ada Quill has left"),
        ("Ada Quill Not Directing the Sequel, Studio Says", "directing", "Not Directing"),
        ("The studio has no plans to close the yard.", "close", "no plans to close"),
        ("The studio has no intention of closing the yard.", "close", "no intention of closing"),
        ("The owner denied that the lifeboats were locked.", "locked", "denied that the lifeboats were locked"),
        ("He dismissed reports that Ada Quill was fired.", "fired", "dismissed reports that Ada Quill was fired"),
    ],
)
def test_what_is_denied_is_the_first_deed_behind(text: str, denied: str, printed: str) -> None:
    (denial,) = find_denials(text)
    assert (denial.stem, denial.printed, denial.is_denied) == (stem_word(denied), printed, True)
    assert text[denial.start : denial.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill will not only star but produce.",
        "The film has not yet opened.",
        "The studio did not respond to a request.",
        "Ada Quill was not at the wedding.",
        "It is not clear who will star.",
        "A spokesman denied the report.",
        "A spokesman denied a claim by the producers.",
        "Ada Quill will star in The Slow Ferry.",
        "Ada Quill did not deny that she has left.",
        "The studio neither confirmed nor denied that Ada Quill has left.",
        "Ada Quill would not have signed if she had read it.",
        "The film will not open until May.",
        "He denied that the studio fired her.",  # which word is the deed does not show
        "The studio cannot confirm the date.",
        "The film is lost if Ada Quill does not direct it.",
        "The studio has not formally overturned the contract.",
        "The festival has not sent only three critics.",
    ],
)
def test_what_is_so_all_the_same_or_says_nothing_is_no_denial(text: str) -> None:
    assert list(find_denials(text)) == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Ada Quill is in talks to star in it.", ["talks to star"]),
        ("Ada Quill stars in it.", ["Ada Quill stars"]),
        ("It is open whether Ada Quill will star.", []),
        ("Ada Quill refused to star in it.", []),
        ("Ada Quill may star in it.", []),
        ("Ada Quill was to star in it.", []),
        ("Ada Quill hoped to star in it.", []),
        ("They urged Ada Quill to star in it.", []),
        ("Ada Quill to star in The Slow Ferry", ["Quill to star"]),
        ("ADA QUILL IN NEGOTIATIONS TO STAR", ["NEGOTIATIONS TO STAR"]),
        ("The studio has no plans to star Ada Quill.", []),
        ("The star of the film is Ada Quill.", []),  # which is none of what is done
    ],
)
def test_what_others_say_of_it(text: str, printed: list[str]) -> None:
    assert [said.printed for said in find_affirmed(text, {"star"})] == printed


def test_what_somebody_is_or_has_is_no_deed() -> None:
    (denial,) = find_denials("The guard did not have a gun.")
    assert [said.printed for said in find_affirmed("The guard had a gun.", {denial.stem})] == ["had a gun"]
    assert not list(find_affirmed("They gun the engine.", {denial.stem}))
    assert not list(find_affirmed("The vote was on a gun.", {denial.stem}))
