from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from presswatch.cleaning import clean_text
from presswatch.errors import UsageError
from presswatch.report import StoryReport, describe_stories, describe_story, render_html
from presswatch.tables import TABLES, Tables, frame_to_arrow

Rows = dict[str, list[dict[str, object]]]
MakeTables = Callable[..., Tables]


@pytest.fixture
def report(tables: Tables, story_id: str, names: dict[str, str]) -> StoryReport:
    return describe_story(tables, story_id, names)


def test_the_story_in_one_line(report: StoryReport) -> None:
    assert report.headline == "Nine crews, one tide: inside ‘The Salt Ferry’"
    assert report.summary == ("5 articles · 5 outlets · 12 May 2031, 09:30 UTC – 14 May 2031, 12:30 UTC")


def test_pairs_that_share_a_value_are_one_difference_and_the_gravest_is_first(report: StoryReport) -> None:
    number, date = report.differences
    assert (number.kind, number.unit, number.sureness) == ("number", "crews", "clear")
    assert [(side.value, side.outlets) for side in number.sides] == [
        ("nine", "The Harbour Ledger, Kinograph and Marquee Weekly"),  # the last is in no pair
        ("ten", "Reel & Rope"),
    ]
    assert number.sides[1].said[0].text == "Ten crews shared the tide, and not one of them stayed dry."
    assert [side.value for side in date.sides] == ["3 May", "5 May"]  # by time, not by the order of the pair
    assert report.told_differences == "2 things told in more than one way, by 3 pairs of sentences that disagree"


def test_a_number_that_two_sentences_of_one_claim_tell_otherwise_is_no_small_thing(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    from presswatch.align.differences import IN_CLAIM, IN_PASSING
    from presswatch.align.scoring import SAME_FROM

    told = {}
    for severity in (*(round(IN_CLAIM * likeness, 2) for likeness in (0.95, 0.75, 0.6, SAME_FROM)), IN_PASSING):
        tables = with_rows(differences=[{**base_rows["differences"][0], "severity": severity}])
        (line,) = describe_story(tables, story_id, names).differences
        told[severity] = line.sureness
    assert told == {0.76: "clear", 0.6: "clear", 0.48: "likely", 0.4: "likely", 0.3: "possible"}


def test_two_differences_of_one_mention_stay_apart(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    other = {**base_rows["differences"][0], "value_a": "one", "value_b": "two"}
    tables = with_rows(differences=[base_rows["differences"][0], other])
    assert len(describe_story(tables, story_id, names).differences) == 2


def test_shared_claims_come_by_number_of_outlets(report: StoryReport) -> None:
    assert [len(claim.speaking) for claim in report.shared_claims] == [4, 3, 3, 2]
    stances = {cell.outlet: cell.stance for cell in report.shared_claims[0].cells}
    assert stances == {
        "The Harbour Ledger": "says",
        "Kinograph": "says",
        "Quay": "silent",
        "Reel & Rope": "differs",
        "Marquee Weekly": "says",
        "Northlight Film Quarterly": "not_fetched",
    }


def test_what_each_left_out_and_what_only_it_has(report: StoryReport) -> None:
    by_name = {outlet.outlet: outlet for outlet in report.outlets}
    assert [claim.text for claim in by_name["Reel & Rope"].only_here] == ["The costume budget went on oilskins."]
    assert [claim.text[:8] for claim in by_name["Kinograph"].left_out] == ["“We had "]
    assert by_name["The Harbour Ledger"].first_count == 2
    assert by_name["Quay"].behind == timedelta(hours=5.5)


def test_a_sentence_that_is_not_the_same_as_the_claims_says_it_in_part(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    text = next(row["text"] for row in base_rows["claims"] if row["claim_id"] == "c0")
    mentions = [{**row, "text": text} if row["mention_id"] == "m-ledger-c0" else row for row in base_rows["mentions"]]
    pair = {"a_id": "m-kino-c0", "b_id": "m-ledger-c0", "story_id": story_id, "score": 0.8, "relation": "same"}
    loose = {**pair, "a_id": "m-ledger-c0", "b_id": "m-marquee-c0", "score": 0.46, "relation": "overlap"}
    report = describe_story(with_rows(mentions=mentions, alignments=[pair, loose]), story_id, names)
    shown = {cell.outlet_id: cell.shown for cell in report.shared_claims[0].cells}
    assert shown == {
        "ledger": "says",
        "kino": "says",
        "marquee": "partly",
        "reel": "differs",
        "quay": "silent",
        "north": "not_fetched",
    }
    marquee = next(line for line in report.outlets if line.outlet_id == "marquee")
    assert marquee.stances["partly"] >= 1
    assert "says in part" in render_html(report)


def test_a_title_within_the_text_is_not_what_only_one_says(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    rows = [
        {**row, "text": "A Harbour That Pays"} if "went on oilskins" in str(row["text"]) else row
        for row in base_rows["mentions"]
    ]
    report = describe_story(with_rows(mentions=rows), story_id, names)
    assert not next(line for line in report.outlets if line.outlet == "Reel & Rope").only_here


def test_what_most_others_say_is_left_out_first(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    weights = {"c0": 0.25, "c1": 0.75, "c2": 0.5}
    rows = [
        {**row, "weight": weights.get(str(row["claim_id"]), 0.0), "stance": "silent", "mention_id": None}
        if row["outlet_id"] == "quay"
        else row
        for row in base_rows["coverage"]
    ]
    report = describe_story(with_rows(coverage=rows), story_id, names)
    quay = next(outlet for outlet in report.outlets if outlet.outlet == "Quay")
    assert [claim.claim_id for claim in quay.left_out] == ["c1", "c2", "c0"]
    here = report.outlets.index(quay)
    assert [claim.cells[here].weight for claim in quay.left_out] == [0.75, 0.5, 0.25]


def test_a_first_that_is_later_than_a_mark_says_so(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    began = base_rows["articles"][0]["published_at"]
    later = {"first_outlet_id": "marquee", "first_published_at": began + timedelta(hours=51), "first_is_certain": True}
    claims = [{**row, **later} if row["claim_id"] == "c0" else row for row in base_rows["claims"]]
    report = describe_story(with_rows(claims=claims), story_id, names)
    told = {claim.claim_id: claim.tell_first() for claim in report.shared_claims}
    assert told["c0"] == "first, as far as can be told: Marquee Weekly, though 3 outlets came out earlier"
    claims = [{**row, **later, "first_outlet_id": "reel"} if row["claim_id"] == "c2" else row for row in claims]
    report = describe_story(with_rows(claims=claims), story_id, names)
    told = {claim.claim_id: claim.tell_first() for claim in report.shared_claims}
    assert told["c2"] == "first, as far as can be told: Reel & Rope, though Kinograph and Quay came out earlier"
    assert told["c1"] == "first: The Harbour Ledger"


def test_unknown_is_not_absent(report: StoryReport) -> None:
    (north,) = report.not_fetched
    assert north.outlet == "Northlight Film Quarterly"
    assert report.told_not_fetched == "Credited by them, but not among the articles here: Northlight Film Quarterly"
    assert replace(report, outlets=report.outlets[:-1]).told_not_fetched == ""
    assert not north.left_out


def test_credits_name_both_and_what_the_source_says(report: StoryReport) -> None:
    told, noted = report.credits
    assert (told.said.outlet, told.credited, told.phrase, told.verdict) == (
        "Reel & Rope",
        "Quay",
        "told Quay",
        "altered",
    )
    assert told.source is not None
    assert "dared to speak" in told.source.text
    assert (noted.credited, noted.source) == ("Northlight Film Quarterly", None)
    own = replace(noted, verdict="self")
    assert replace(report, credits=(told, own)).credits_to_others == (told,)


def test_drift_runs_from_the_earlier_printing_to_the_later(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    (row,) = base_rows["drift"]
    swapped = {**row} | {"a_id": row["b_id"], "b_id": row["a_id"], "text_a": row["text_b"], "text_b": row["text_a"]}
    for rows in ([row], [swapped]):
        (line,) = describe_story(with_rows(drift=rows), story_id, names).drift
        assert (line.before.outlet, line.after.outlet) == ("Quay", "Reel & Rope")
        assert [(run.change, run.text) for run in line.runs if run.change != "same"] == [
            ("cut", "in the crew dared to speak"),
            ("added", "spoke"),
        ]


def test_a_cut_runs_from_the_fuller_printing_whichever_was_out_first(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    (row,) = base_rows["drift"]
    fuller = f"{row['text_a']} of it"
    rows = [{**row, "change": "trimmed", "text_b": fuller}]
    (line,) = describe_story(with_rows(drift=rows), story_id, names).drift
    assert (line.before.outlet, line.after.outlet) == ("Reel & Rope", "Quay")
    assert {run.change for run in line.runs} == {"same", "cut"}


def test_articles_tell_revisions_copies_and_walls(report: StoryReport) -> None:
    first, *_, last = report.articles
    assert (first.outlet, first.revision_count, first.headline) == ("The Harbour Ledger", 2, report.headline)
    assert (last.access, last.syndicated_from) == ("excerpt", "Kinograph: ‘The Salt Ferry’ finds its harbour")
    assert [(line.outlet, line.count) for line in report.removed] == [("Kinograph", 3)]


def test_dates_that_are_not_known_are_no_fault(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    articles = [{**row, "published_at": None} for row in base_rows["articles"]]
    report = describe_story(with_rows(articles=articles), story_id, names)
    assert report.summary == "5 articles · 5 outlets · date of publication unknown"
    assert len(report.articles) == 5


def test_texts_are_clean_and_only_web_addresses_are_links(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    evil = "\x1b[2J\u202eevil\x07"
    articles = [{**row, "headline": evil, "url": "javascript:alert(1)"} for row in base_rows["articles"]]
    mentions = [{**row, "text": evil} for row in base_rows["mentions"]]
    report = describe_story(with_rows(articles=articles, mentions=mentions), story_id, {**names, "kino": evil})
    assert {article.url for article in report.articles} == {None}
    assert report.articles[0].headline == clean_text(evil) == "evil"
    assert {said.text for line in report.differences for side in line.sides for said in side.said} == {"evil"}
    assert "evil" in [outlet.outlet for outlet in report.outlets]


def test_stories_are_told_at_once_as_they_are_one_by_one(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    lone = {**base_rows["articles"][0], "article_id": "lone", "story_id": "0aa0", "word_count": None} | {
        "is_latest": True
    }
    other = {**base_rows["stories"][0], "story_id": "0aa0", "aliases": None}
    pair = {"a_id": "m-kino-c0", "b_id": "m-ledger-c0", "story_id": story_id, "score": 0.8, "relation": "same"}
    tables = with_rows(
        articles=[*base_rows["articles"], lone], stories=[*base_rows["stories"], other], alignments=[pair]
    )
    whole = {name: frame_to_arrow(table, getattr(tables, name)) for name, table in TABLES.items()}
    told = list(describe_stories(whole, [story_id, "0aa0"], names))
    assert told == [describe_story(tables, story_id, names), describe_story(tables, "0aa0", names)]
    assert [render_html(one) for one in told] == [
        render_html(describe_story(tables, one, names)) for one in (story_id, "0aa0")
    ]


def test_a_story_without_a_latest_revision_is_not_there(
    with_rows: MakeTables, base_rows: Rows, story_id: str, names: dict[str, str]
) -> None:
    articles = [{**row, "is_latest": False} for row in base_rows["articles"]]
    with pytest.raises(UsageError, match="no story"):
        describe_story(with_rows(articles=articles, stories=[]), story_id, names)
    with pytest.raises(UsageError, match="no story"):
        describe_story(with_rows(articles=articles), story_id, names)


def test_a_story_that_is_not_there_is_told(tables: Tables, names: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="no story"):
        describe_story(tables, "nowhere", names)


def test_an_outlet_without_a_name_stands_by_its_id(tables: Tables, story_id: str) -> None:
    assert describe_story(tables, story_id, {}).outlets[0].outlet == "ledger"
