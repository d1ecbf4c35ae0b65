from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from presswatch.report import StoryReport, describe_story, render_html, render_markdown, render_terminal
from presswatch.report.facts import fold_values, name_difference, rank_alone, tell_rule, tells_something
from presswatch.tables import Tables

Rows = dict[str, list[dict[str, object]]]
MakeTables = Callable[..., Tables]


def _figures(report: StoryReport) -> dict[str, list[tuple[str, str]]]:
    return {line.thing: [(value.value, value.outlets) for value in line.values] for line in report.figures}


def _telling(base_rows: Rows, said: dict[str, str]) -> Rows:
    """The story's rows, but the sentences of its first claim are other ones."""
    mentions = [
        {**row, "text": said.get(str(row["outlet_id"]), row["text"])} if row["claim_id"] == "c0" else row
        for row in base_rows["mentions"]
    ]
    return {"mentions": mentions}


def test_what_several_outlets_count_is_a_figure_with_who_says_so(tables, story_id, names) -> None:
    assert _figures(describe_story(tables, story_id, names))["How many crews"] == [
        ("nine crews", "The Harbour Ledger, Kinograph and Marquee Weekly"),
        ("ten crews", "Reel & Rope"),
    ]


def test_how_many_before_and_which_number_this_is_stand_together_where_headlines_name_the_thing(
    with_rows, base_rows, story_id, names
) -> None:
    said = {
        "ledger": "Marrow has shot the quay in nine restless films.",
        "reel": "This is her 10th harbour film with them.",
        "kino": "Nobody in the crew of forty divers saw it.",
    }
    articles = [{**row, "headline": "The Film of a Ferry"} for row in base_rows["articles"]]
    tables = with_rows(**_telling(base_rows, said), articles=articles)
    figures = _figures(describe_story(tables, story_id, names))
    assert figures["How many films"] == [("nine films", "The Harbour Ledger"), ("10th harbour film", "Reel & Rope")]
    assert "How many divers" not in figures  # one outlet counts them, and no headline names them


def test_what_is_counted_in_five_ways_is_many_things_and_one_of_them_is_no_count(
    with_rows, base_rows, story_id, names
) -> None:
    said = {
        "ledger": "Marrow has worked with nine crews on the quay.",
        "reel": "Marrow has worked with ten crews on the quay.",
        "kino": "Marrow has worked with twelve crews on the quay.",
        "marquee": "Marrow has worked with thirty crews on the quay.",
    }
    four = _figures(describe_story(with_rows(**_telling(base_rows, said)), story_id, names))
    assert len(four["How many crews"]) == 4
    said["reel"] = "Marrow has worked with ten crews on the quay, and with fifty crews at sea."
    assert "How many crews" not in _figures(describe_story(with_rows(**_telling(base_rows, said)), story_id, names))
    said = dict.fromkeys(said, "Marrow has worked with one crew on the quay.")
    assert "How many crews" not in _figures(describe_story(with_rows(**_telling(base_rows, said)), story_id, names))


def test_values_that_one_outlet_gives_stand_together(with_rows, base_rows, story_id, names) -> None:
    said = {"ledger": "Marrow has shot the quay in nine films, and this is the 10th harbour film of hers."}
    articles = [{**row, "headline": "The Film of a Ferry"} for row in base_rows["articles"]]
    tables = with_rows(**_telling(base_rows, said), articles=articles)
    by_thing = {line.thing: line for line in describe_story(tables, story_id, names).figures}
    told = {
        outlets: [value.value for value in values] for outlets, values in by_thing["How many films"].by_outlets.items()
    }
    assert told == {"The Harbour Ledger": ["nine films", "10th harbour film"]}
    crews = describe_story(with_rows(), story_id, names).figures[0].by_outlets
    assert list(crews) == ["The Harbour Ledger, Kinograph and Marquee Weekly", "Reel & Rope"]


@pytest.mark.parametrize(
    "case",
    [
        ("nine films", "her 10th harbour film", "Both can be true: nine before the 10th, 10 with it."),
        ("ten films", "her tenth harbour film", "Both can be true: the tenth makes ten."),
        ("nine films", "her 11th harbour film", ""),  # one is missing
        ("nine films", "her fourth harbour film", ""),  # one of the nine, or of others
        ("more than nine films", "her 10th harbour film", ""),
        ("nearly 90 films", "her 91st harbour film", ""),
        ("nine films", "her 10th harbour film, not her 11th harbour film", ""),
    ],
)
def test_a_count_and_the_rank_that_follows_it_are_told_to_go_together(
    with_rows, base_rows, story_id, names, case
) -> None:
    counted, ranked, relation = case
    said = {
        "ledger": f"Marrow has shot the quay in {counted}.",
        "reel": f"This is {ranked}.",
        "kino": "",
        "marquee": "",
    }
    articles = [{**row, "headline": "The Film of a Ferry"} for row in base_rows["articles"]]
    report = describe_story(with_rows(**_telling(base_rows, said), articles=articles, differences=[]), story_id, names)
    (films,) = (line for line in report.figures if line.thing == "How many films")
    assert films.relation == relation
    assert not films.dispute
    brief = LexborHTMLParser(render_html(report)).css_first(".brief")
    assert f"Marrow has shot the quay in {counted}." in brief.text()
    assert [line.text() for line in brief.css(".told + p")] == [relation] * bool(relation)


def test_two_outlets_that_count_otherwise_are_not_told_to_go_together(with_rows, base_rows, story_id, names) -> None:
    said = {"ledger": "She shot nine films.", "kino": "She shot ten films.", "reel": "This is her 10th harbour film."}
    tables = with_rows(**_telling(base_rows, said), differences=[])
    (films,) = (line for line in describe_story(tables, story_id, names).figures if line.thing == "How many films")
    assert films.relation == ""


def test_what_is_only_ranked_is_no_count(with_rows, base_rows, story_id, names) -> None:
    said = dict.fromkeys(names, "This is her 10th harbour film.")
    assert "Harbour film" in _figures(describe_story(with_rows(**_telling(base_rows, said)), story_id, names))


@pytest.mark.parametrize("told_as", [(0.8, "clear", "they differ"), (0.3, "possible", "they may differ")])
def test_a_figure_that_a_difference_is_told_of_says_so(with_rows, base_rows, story_id, names, told_as) -> None:
    severity, sureness, flagged = told_as
    told = with_rows(differences=[{**row, "severity": severity} for row in base_rows["differences"]])
    crews = describe_story(told, story_id, names).figures[0]
    assert (crews.thing, crews.dispute) == ("How many crews", sureness)
    page = LexborHTMLParser(render_html(describe_story(told, story_id, names)))
    for flags in (page.css(".brief .flag"), page.css("#figures .flag")):
        assert [(flag.text(), flag.attributes["href"]) for flag in flags] == [(flagged, "#differences")]
    other = [{**row, "unit": "nights", "value_a": "four"} for row in base_rows["differences"]]
    assert not describe_story(with_rows(differences=other), story_id, names).figures[0].dispute


def test_a_difference_about_where_it_was_first_shown_is_called_as_its_figure_is(
    with_rows, base_rows, story_id, names
) -> None:
    said = {
        "ledger": "The piece premiered in Northlight.",
        "kino": "It was released solely in theaters.",
        "reel": "It is streaming on Cinemar.",
    }
    row = {**base_rows["differences"][0], "kind": "release", "unit": None, "value_a": "Northlight", "severity": 0.22}
    of_firsts = {**row, "b_id": "m-kino-c0", "value_b": "theaters"}
    mixed = {**row, "value_b": "Cinemar"}
    things = {}
    for name, difference in (("firsts", of_firsts), ("mixed", mixed)):
        tables = with_rows(**_telling(base_rows, said), differences=[difference])
        page = LexborHTMLParser(render_html(describe_story(tables, story_id, names)))
        things[name] = page.css_first(".difference h3").text().split("possible")[0].strip()
    assert things == {"firsts": "First shown", "mixed": "Where it was shown"}


def _cards(report: StoryReport) -> list[tuple[str, dict[str, str]]]:
    """The differences as the page has them: the title, and for each value who gives it."""
    page = LexborHTMLParser(render_html(report))
    return [
        (
            card.css_first("h3").text().split(" possible")[0].split(" clear")[0],
            {
                value.css_first(".figure").text(): value.css_first(".who").text()
                for value in card.css(".values > .value")
            },
        )
        for card in page.css(".difference")
    ]


_RUNS: dict[str, object] = {"kind": "runtime", "unit": "minutes", "severity": 0.3}


def test_a_value_is_told_with_all_who_print_it_of_the_same_thing_however_they_print_it(
    with_rows, base_rows, story_id, names
) -> None:
    said = {
        "ledger": "It is an 8-minute film. The crew of nine slept for 8 hours.",
        "kino": "The film runs for eight minutes.",
        "reel": "It is an 11-minute film.",
        "marquee": "The film of the tide runs eight minutes.",
    }
    first = {**base_rows["differences"][0], **_RUNS, "value_a": "8", "value_b": "11"}
    second = {**first, "a_id": "m-kino-c0", "value_a": "eight"}
    report = describe_story(with_rows(**_telling(base_rows, said), differences=[first, second]), story_id, names)
    assert _cards(report) == [
        ("Running time · minutes", {"8": "The Harbour Ledger, Kinograph and Marquee Weekly", "11": "Reel & Rope"})
    ]
    (side, _) = report.differences[0].sides
    assert [said.outlet for said in side.said] == ["The Harbour Ledger", "Kinograph", "Marquee Weekly"]
    (runs,) = (line for line in report.figures if line.thing == "Running time")
    assert [value.outlets for value in runs.values] == [side.outlets for side in report.differences[0].sides]


def test_who_prints_the_same_number_of_another_thing_is_not_told_with_it(with_rows, base_rows, story_id, names) -> None:
    said = {
        "ledger": "It was shot in nine nights.",
        "reel": "It was shot in ten nights.",
        "kino": "Nine crews worked on it, and nine more followed.",
        "marquee": "It runs for nine minutes.",
    }
    row = {**base_rows["differences"][0], "unit": "nights"}
    report = describe_story(with_rows(**_telling(base_rows, said), differences=[row]), story_id, names)
    assert _cards(report) == [("How many nights", {"nine": "The Harbour Ledger", "ten": "Reel & Rope"})]


def test_nobody_is_told_twice_where_two_differences_are_of_one_figure(with_rows, base_rows, story_id, names) -> None:
    said = {"quay": "Ten crews and two hundred people saw it first."}
    mentions = [
        {**row, "text": said["quay"]} if row["mention_id"] == "m-quay-c1" else row for row in base_rows["mentions"]
    ]
    first = base_rows["differences"][0]
    second = {**first, "a_id": "m-kino-c0", "value_a": "Nine", "b_id": "m-quay-c1", "severity": 0.3}
    report = describe_story(with_rows(mentions=mentions, differences=[first, second]), story_id, names)
    assert _cards(report) == [
        ("How many crews", {"nine": "The Harbour Ledger and Marquee Weekly", "ten": "Reel & Rope"}),
        ("How many crews", {"Nine": "Kinograph", "ten": "Quay"}),
    ]


def test_figures_in_dispute_come_before_those_on_which_all_agree(with_rows, base_rows, story_id, names) -> None:
    said = {
        "ledger": "It premiered in Vell. Her fourth album has sixty sailors.",
        "kino": "Her fourth album follows, with sixty sailors, and the film runs for eight minutes.",
        "reel": "Her fourth album follows: sixty sailors, and an 11-minute film.",
        "marquee": "Her fourth album is here, with sixty sailors.",
    }
    row = {**base_rows["differences"][0], **_RUNS, "a_id": "m-kino-c0", "value_a": "eight", "value_b": "11"}
    told = {}
    for name, rows in (("disputed", [row]), ("agreed", [])):
        report = describe_story(with_rows(**_telling(base_rows, said), differences=rows), story_id, names)
        brief = LexborHTMLParser(render_html(report)).css(".brief dt")
        told[name] = [node.text() for node in brief][:3]
    assert told["disputed"] == ["First shown", "Running time", "Album"]
    assert told["agreed"] == ["First shown", "Album", "How many sailors"]


@pytest.mark.parametrize(
    ("told", "is_running_time"),
    [
        ("“The Salt Ferry,” which premiered on a barge, lasts eight minutes.", True),
        ("The short lasts for about eight minutes, and the tide for six hours.", True),
        ("The storm lasts eight minutes.", False),  # of no work
        ("The short lasts nine minutes.", False),  # nobody says that it runs so long
        ("She made the short in eight minutes.", False),
    ],
)
def test_what_a_work_lasts_is_its_running_time_where_somebody_says_that_it_runs_so_long(
    with_rows, base_rows, story_id, told, is_running_time
) -> None:
    said = {"ledger": "It is an eight-minute film.", "reel": "An eight-minute film.", "kino": told, "marquee": told}
    figures = _figures(describe_story(with_rows(**_telling(base_rows, said), differences=[]), story_id, {}))
    ((value, outlets),) = figures["Running time"]
    assert value == "eight minutes"
    assert outlets == ("ledger, kino, reel and marquee" if is_running_time else "ledger and reel")
    other = [outlets for _, outlets in figures["Lengths of time"]]
    assert ("kino and marquee" in other) == (not is_running_time or "six hours" in told)


def test_a_running_time_has_one_name_wherever_it_is_told(with_rows, base_rows, story_id, names) -> None:
    said = {
        "ledger": "The ferry film runs for 81 minutes.",
        "reel": "It is a 92-minute film.",
        "kino": "",
        "marquee": "",
    }
    row = {**base_rows["differences"][0], "kind": "runtime", "unit": "minutes", "value_a": "81", "value_b": "92"}
    tables = with_rows(**_telling(base_rows, said), differences=[row])
    report = describe_story(tables, story_id, names)
    page, out = LexborHTMLParser(render_html(report)), io.StringIO()
    render_terminal(report, Console(file=out, width=80))
    assert page.css_first(".difference h3").text().startswith("Running time · minutes ")
    assert page.css_first("#figures tbody th").text().startswith("Running time")
    assert "\nRunning time · minutes  clear: " in out.getvalue()
    assert "\n**Running time · minutes** (clear: " in render_markdown(report)


@pytest.mark.parametrize(
    ("kind", "unit", "title"),
    [
        ("number", "music videos", "How many music videos"),
        ("number", "%", "Per cent"),
        ("number", "$", "Dollars"),
        ("box office", "$", "Box office"),
        ("date", "", "When it was"),
        ("weather", "", "weather"),
    ],
)
def test_a_difference_is_called_by_what_it_is_about(kind: str, unit: str, title: str) -> None:
    assert name_difference(kind, unit) == title


@pytest.mark.parametrize(
    ("text", "is_telling"),
    [
        ("The costume budget went on oilskins.", True),
        ("A Harbour That Pays", False),  # a title within the text
        ("The boat, and what it cost", False),
        ("First place: Lantern", True),
        ("Runtime 112 minutes", True),
        ("Watch the first four minutes of it below.", False),
        ("Check out the trailer here", False),
        ("Watch the harbour long enough and it moves.", True),
        ("Marrow saw the cut here.", True),
        ("ทุกคนร้องไห้ในวันสุดท้าย", True),  # ends a sentence as Thai does
        ("The list of those who came to the quay that night and did not leave", True),  # too long for a title
    ],
)
def test_titles_within_the_text_and_calls_upon_the_reader_say_nothing(text: str, *, is_telling: bool) -> None:
    assert tells_something({"kind": "statement", "part": "body", "text": text}) is is_telling


@pytest.mark.parametrize(
    ("text", "speaker", "is_telling"),
    [
        ("“the back of the boat”", "Ilse Marrow", True),
        ("“the back of the boat”", None, False),
        ("“They kept it at the back of the boat.”", None, True),
    ],
)
def test_a_fragment_says_something_where_somebody_is_quoted_with_it(
    text: str, speaker: str | None, *, is_telling: bool
) -> None:
    assert tells_something({"kind": "quote", "part": "body", "text": text, "speaker": speaker}) is is_telling


def test_what_one_alone_says_begins_with_what_can_be_checked() -> None:
    said = [
        ("“Ansel Rook sold it to Mina Vell in 2029,”", "quote", "reported", "body"),
        ("The Boat of Ansel Rook, Lost and Found Again", "statement", "reported", "headline"),
        ("Nobody swam.", "statement", "reported", "body"),
        ("Rook should have sold it in 2027, to Vell.", "statement", "opinion", "body"),
        ("In 2029 the pilot Ansel Rook sold the boat.", "statement", "reported", "body"),
        ("Bait was dear.", "statement", "reported", "body"),
    ]
    rows = [
        {"text": text, "kind": kind, "voice": voice, "part": part, "start_char": place}
        for place, (text, kind, voice, part) in enumerate(said)
    ]
    assert [row["start_char"] for row in sorted(rows, key=rank_alone)] == [4, 2, 5, 0, 3, 1]


def test_where_it_was_shown_comes_first_and_a_weekday_is_no_place(with_rows, base_rows, story_id, names) -> None:
    said = {
        "ledger": "The piece premiered on Tuesday in Northlight, with nine crews.",
        "kino": "It was released solely in theaters, says one of nine crews.",
        "reel": "It is streaming on Cinemar.",
    }
    report = describe_story(with_rows(**_telling(base_rows, said)), story_id, names)
    assert [line.thing for line in report.figures][:2] == ["First shown", "Released"]
    assert _figures(report)["First shown"] == [("Northlight", "The Harbour Ledger"), ("theaters", "Kinograph")]


def test_stretches_of_time_with_nothing_in_common_but_their_unit_are_no_figure(
    with_rows, base_rows, story_id, names
) -> None:
    def figures(said: dict[str, str], *differences: dict[str, object]) -> dict[str, list[tuple[str, str]]]:
        tables = with_rows(**_telling(base_rows, said), differences=differences)
        return _figures(describe_story(tables, story_id, names))

    said = {
        "ledger": "Ten years after the first tide the pier is open.",
        "reel": "She will have another film within two years.",
        "kino": "The crew slept on the quay for three months.",
        "marquee": "The crew slept on the quay for four months.",
    }
    assert set(figures(said)) == {"Lengths of time"}  # of another claim
    agreed = figures({**said, "marquee": "Three months on the quay were enough for the crew."})
    assert set(agreed) == {"How many months", "Lengths of time"}
    assert agreed["How many months"] == [("three months", "Kinograph and Marquee Weekly")]
    row = {**base_rows["differences"][0], "kind": "number", "unit": "months", "value_a": "three", "value_b": "four"}
    assert "How many months" in figures(said, row | {"a_id": "m-kino-c0", "b_id": "m-marquee-c0"})


def test_a_year_and_a_day_are_no_figures(with_rows, base_rows, story_id, names) -> None:
    said = dict.fromkeys(names, "On 3 May 2031 the harbour of Vell was full, as in 1931.")
    figures = _figures(describe_story(with_rows(**_telling(base_rows, said)), story_id, names))
    assert figures == {"Lengths of time": [("eleven minutes", "Quay and Reel & Rope")]}  # of another claim


def _quote(mention_id: str, outlet_id: str, speaker: str, credit: str | None = None) -> dict[str, object]:
    return {
        "mention_id": mention_id,
        "article_id": f"a-{outlet_id}",
        "revision": 1,
        "story_id": "5a17f3221e000001",
        "outlet_id": outlet_id,
        "kind": "quote",
        "part": "body",
        "text": "“Nobody spoke.”",
        "speaker": speaker,
        "credit": credit,
    }


def test_who_is_quoted_by_whom_and_to_whom_it_was_told(with_rows, base_rows, story_id, names) -> None:
    quotes = [
        _quote("q1", "quay", "Ilse Marrow"),
        _quote("q2", "quay", "Ilse Marrow"),
        _quote("q3", "reel", "Ilse Marrow", "quay"),
        _quote("q4", "kino", "Oda Brannt", "kino"),
    ]
    credit = {
        "mention_id": "q3",
        "article_id": "a-reel",
        "outlet_id": "reel",
        "credited": "quay",
        "phrase": "told Quay",
        "verdict": "confirmed",
    }
    tables = with_rows(mentions=base_rows["mentions"] + quotes, credits=[credit])
    marrow, brannt = describe_story(tables, story_id, names).voices
    assert marrow.speaker == "Ilse Marrow"
    assert [(one.said.outlet, one.count, one.told_to, one.verdict) for one in marrow.quotings] == [
        ("Quay", 2, "", None),
        ("Reel & Rope", 1, "Quay", "confirmed"),
    ]
    assert marrow.where == ("in Quay", "in Reel & Rope, told to Quay")
    assert [(one.told_to, one.is_direct, one.verdict) for one in brannt.quotings] == [("Kinograph", True, None)]
    assert brannt.where == ("in Kinograph, told to Kinograph itself",)


def test_outlets_that_have_a_quote_from_the_same_are_told_together(with_rows, base_rows, story_id, names) -> None:
    quotes = [
        _quote("q1", "quay", "Ilse Marrow", "quay"),
        _quote("q2", "reel", "Ilse Marrow", "quay"),
        _quote("q3", "kino", "Ilse Marrow", "quay"),
        *(_quote(f"q4-{one}", one, "Oda Brannt") for one in ("quay", "reel", "kino", "ledger", "marquee")),
    ]
    tables = with_rows(mentions=base_rows["mentions"] + quotes, credits=[])
    brannt, marrow = describe_story(tables, story_id, names).voices
    assert marrow.where == ("in Kinograph and Reel & Rope, told to Quay", "in Quay, told to Quay itself")
    assert brannt.where == ("in The Harbour Ledger, Kinograph, Quay and 2 more",)
    page = LexborHTMLParser(render_html(describe_story(tables, story_id, names)))
    assert [cell.text() for cell in page.css(".facts .told")[5:]] == ["Quay", "the outlet itself", "Quay"]


def test_what_was_told_to_another_outlet_is_told_before_what_was_told_to_this_one(
    with_rows, base_rows, story_id, names
) -> None:
    quotes = [
        _quote("q1", "quay", "Ilse Marrow", "quay"),
        _quote("q2", "quay", "Ilse Marrow", "north"),
        _quote("q3", "quay", "Ilse Marrow"),
    ]
    credit = {"mention_id": "q2", "article_id": "a-quay", "outlet_id": "quay", "credited": "north", "phrase": "told it"}
    tables = with_rows(mentions=base_rows["mentions"] + quotes, credits=[{**credit, "verdict": "not_fetched"}])
    report = describe_story(tables, story_id, names)
    (marrow,) = report.voices
    assert [(one.count, one.verdict) for one in marrow.quotings] == [(3, "not_fetched")]
    assert marrow.where == ("in Quay, told to Northlight Film Quarterly",)
    assert report.unchecked_quotes == 1, "the others were told to nobody who was not fetched"


def test_quotes_told_to_an_outlet_that_was_not_fetched_are_said_to_be_unchecked(
    with_rows, base_rows, story_id, names
) -> None:
    quotes = [_quote("q1", "quay", "Ilse Marrow", "north"), _quote("q2", "reel", "Ilse Marrow", "quay")]
    credit = {"article_id": "a-quay", "outlet_id": "quay", "credited": "north", "phrase": "told the Quarterly"}
    credits_ = [{**credit, "mention_id": "q1", "verdict": "not_fetched"}]
    tables = with_rows(mentions=base_rows["mentions"] + quotes, credits=credits_, drift=[])
    report = describe_story(tables, story_id, names)
    assert report.unchecked_quotes == 1
    assert "1 quote told to outlets that were not fetched could not be checked." in render_html(report)
    assert "could not be checked" not in render_html(describe_story(with_rows(drift=[]), story_id, names))


def test_an_article_came_out_when_it_says_or_on_its_day_or_before_it_was_seen(
    with_rows, base_rows, story_id, names
) -> None:
    seen_at = datetime(2031, 5, 20, tzinfo=UTC)
    exact, day, unknown, *_ = (dict(row) for row in base_rows["articles"][1:])
    day |= {"published_at": datetime(2031, 5, 13, tzinfo=UTC), "published_is_day": True}
    unknown |= {"published_at": None, "first_seen_at": seen_at}
    report = describe_story(with_rows(articles=[exact, day, unknown]), story_id, names)
    by_outlet = {line.outlet_id: (line.out_from, line.out_by) for line in report.articles}
    assert by_outlet["ledger"] == (exact["published_at"], exact["published_at"] + timedelta(minutes=1))
    assert by_outlet["kino"] == (day["published_at"], day["published_at"] + timedelta(days=1))
    assert by_outlet["quay"] == (None, seen_at + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("strip:.comments-area", "comments"),
        ("strip:[data-testid=NewsletterSignup]", "newsletter"),
        ("strip:.under-art", "other elements of the page"),
        ("markup:share", "share"),
        ("stop:^Popular on ", "set phrases"),
        ("outside", "prose outside the article"),
        ("anything: else", "anything"),
    ],
)
def test_a_rule_is_told_by_what_it_takes_out(rule, kind) -> None:
    assert tell_rule(rule) == kind


@pytest.mark.parametrize(
    ("kind", "values", "count"),
    [
        ("date", ["Nov. 20", "November 20, 2026", "Nov. 27"], 2),
        ("date", ["Nov. 20, 2025", "Nov. 20, 2026"], 2),
        ("date", ["2025", "2026"], 2),
        ("number", ["3.1 percent", "31 percent"], 2),
    ],
)
def test_a_day_that_is_printed_in_two_ways_is_one_value(kind: str, values: list[str], count: int) -> None:
    assert len(set(fold_values(kind, values).values())) == count
