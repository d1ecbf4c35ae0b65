"""What went one way of two, prizes, hours, votes, editions, deals: told otherwise, and only seemingly so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from presswatch.align import compare_story
from presswatch.claims import find_mentions
from presswatch.model import Article

SUNDAY = datetime(2031, 5, 4, 12, tzinfo=UTC)


def write(outlet: str, text: str, day: datetime) -> Article:
    return Article(
        article_id=outlet, url=f"https://{outlet}.test/a", text=text, outlet_id=outlet, published_at=day, language="en"
    )


def differences(one: str, other: str, later: timedelta = timedelta()) -> list[tuple[str, str, str]]:
    articles = [write("ab", one, SUNDAY), write("cd", other, SUNDAY + later)]
    mentions = [mention for article in articles for mention in find_mentions(article)]
    first = {mention.mention_id for mention in mentions if mention.article_id == "ab"}
    return [
        (d.kind, *((d.value_a, d.value_b) if d.a_id in first else (d.value_b, d.value_a)))
        for d in compare_story(articles, mentions).differences
    ]


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            "Shares of the chain Cineway fell 6 percent on Friday after its report.",
            "After its report shares of Cineway, the chain, rose 6 percent on Friday.",
            ("fell", "rose"),
        ),
        (
            "Ticket sales in Norland were up 8 percent last year, the film board said.",
            "Ticket sales in Norland were down 8 percent last year, the film board said.",
            ("up", "down"),
        ),
        (
            "Ines Caldera stepped down as head of the Marlow festival on Friday.",
            "The board of the Marlow festival fired its head, Ines Caldera, on Friday.",
            None,  # whom it fired stands behind a comma: nothing is told
        ),
        (
            "Festival director Ines Caldera resigned on Friday after nine years.",
            "Festival director Ines Caldera was fired on Friday after nine years.",
            ("resigned", "fired"),
        ),
        (
            "Odalys Brenner accepted the honorary Lantern Prize of the Marlow festival.",
            "Odalys Brenner turned down the honorary Lantern Prize of the Marlow festival.",
            ("accepted", "turned down"),
        ),
        (
            "Heron has renewed the harbor drama “Salt Marsh” after two seasons.",
            "The harbor drama “Salt Marsh” was cancelled by Heron after two seasons.",
            ("renewed", "cancelled"),
        ),
        (
            "Tom Brenner won his lawsuit against Heron Pictures over the credits.",
            "Screenwriter Tom Brenner lost the lawsuit against Heron Pictures over the credits.",
            ("won", "lost"),
        ),
        (
            "Members of the Writers Guild approved the contract with the studios on Friday.",
            "Members of the Writers Guild rejected the contract with the studios on Friday.",
            ("approved", "rejected"),
        ),
        (
            "A court in Dover found the producer Karl Vance guilty of fraud.",
            "The producer Karl Vance was acquitted of fraud by a court in Dover.",
            ("guilty", "acquitted"),
        ),
    ],
)
def test_what_went_one_way_did_not_go_the_other(one: str, other: str, values: tuple[str, str] | None) -> None:
    assert differences(one, other) == ([("contrary", *values)] if values else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # two things, two sums, two times
        ("Profit of the chain Cineway rose 6 percent.", "The debt of the chain Cineway fell 6 percent."),
        ("Shares of Corbel fell 4 percent on Friday.", "Shares of Corbel rose 4 percent this year."),
        ("Shares of Corbel fell 4 percent on Friday.", "Shares of Corbel fell 4 percent on Friday and rose again."),
        # two who did it
        ("The Senate passed the film levy on Friday.", "The House rejected the film levy on Friday."),
        ("Heron Pictures lost the lawsuit against Tom Brenner.", "Tom Brenner won his lawsuit against Heron Pictures."),
        ("Tom Brenner quit smoking at Heron Pictures.", "Heron Pictures fired Tom Brenner’s assistant."),
        # told both ways, denied, left open
        (
            "“Salt Marsh,” which was cancelled by Heron, has been renewed by Lantern.",
            "Heron cancelled “Salt Marsh” in March.",
        ),
        ("Ada Quill accepted the part after Lena Voss had declined it.", "Lena Voss declined the part."),
        ("Heron has not renewed “Salt Marsh” yet.", "Heron has cancelled “Salt Marsh.”"),
        ("Heron may have renewed “Salt Marsh.”", "Heron has cancelled “Salt Marsh.”"),
        # another thing that was won, another court
        ("Jonas Weil was acquitted of fraud in Hamburg.", "Jonas Weil was convicted of fraud in Bremen."),
        (
            "Tom Brenner won the race for the lead in “Night Bus.”",
            "Tom Brenner lost the race for best actor in Marlow.",
        ),
        ("“The Slow Ferry” won best film in Marlow.", "“The Slow Ferry” lost the prize for its score in Marlow."),
        ("Ada Quill declined to comment on “Night Bus.”", "Ada Quill accepted the lead in “Night Bus.”"),
    ],
)
def test_what_went_two_ways_is_two_things(one: str, other: str) -> None:
    assert [found for found in differences(one, other) if found[0] == "contrary"] == []


def test_what_was_cancelled_days_after_it_was_renewed_is_news() -> None:
    one, other = "Heron has renewed “Salt Marsh” in Marlow.", "Heron has cancelled “Salt Marsh” in Marlow."
    assert differences(one, other) == [("contrary", "renewed", "cancelled")]
    assert differences(one, other, timedelta(days=9)) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Ilse Marrow’s “Quiet Harbor” won the Golden Bear in Berlin on Saturday.",
            "The Silver Bear of Berlin went to Ilse Marrow’s “Quiet Harbor” on Saturday.",
            [("role", "Golden Bear", "Silver Bear")],
        ),
        (
            "“The Slow Ferry” by Ada Quill took the Palme d’Or at Cannes.",
            "“The Slow Ferry” by Ada Quill took the Grand Prix at Cannes.",
            [("role", "Palme d’Or", "Grand Prix")],
        ),
        (
            "Pierre Aubin’s “Two Suns” was awarded the Golden Lion in Venice.",
            "Hana Mori won the Golden Lion in Venice for “Paper Lung.”",
            [("role", "Two Suns", "Paper Lung")],
        ),
        (
            "“Two Suns” won the Silver Bear grand jury prize in Berlin.",
            "“Paper Lung” won the Silver Bear jury prize in Berlin.",
            [],
        ),
        (
            "“Paper Lung” won the Golden Bear in Berlin.",
            "“Paper Lung” won the Silver Bear for best director in Berlin.",
            [],
        ),
        (
            "Noor Haddad will head the jury of the Marlow Film Festival in May.",
            "Ilse Marrow will head the jury of the Marlow Film Festival in May.",
            [("role", "Noor Haddad", "Ilse Marrow")],
        ),
        (
            "The jury, chaired by Noor Haddad, gave its prize to “Quiet Harbor.”",
            "The jury gave its prize to “Quiet Harbor,” jury president Ilse Marrow said.",
            [("role", "Noor Haddad", "Ilse Marrow")],
        ),
        (
            "Noor Haddad will head the jury of the Marlow Film Festival in May.",
            "Ilse Marrow will head the shorts jury of the Marlow Film Festival in May.",
            [],
        ),
        (
            "Noor Haddad headed the jury of the Marlow Film Festival.",
            "Ilse Marrow headed the jury of the Corran Film Festival.",
            [],
        ),
        (
            "Lena Voss plays Captain Morrow in the thriller “Night Bus.”",
            "Lena Voss plays Inspector Morrow in the thriller “Night Bus.”",
            [("role", "Captain Morrow", "Inspector Morrow")],
        ),
        (
            "Lena Voss plays Capt. Morrow in the thriller “Night Bus.”",
            "Lena Voss plays Captain Morrow in the thriller “Night Bus.”",
            [],
        ),
        (
            "Lena Voss plays Ruth Morrow in the thriller “Night Bus.”",
            "Lena Voss plays Captain Ruth Morrow in the thriller “Night Bus.”",
            [],
        ),
    ],
)
def test_prizes_juries_and_ranks(one: str, other: str, expected: list[tuple[str, str, str]]) -> None:
    assert differences(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "The memorial for Odalys Brenner begins at 7 p.m. on Thursday at the Lido.",
            "The memorial for Odalys Brenner begins at 8pm on Thursday at the Lido.",
            [("date", "7 p.m.", "8pm")],
        ),
        (
            "The finale of “Cold Harbor” airs at 9 p.m. ET on Sunday.",
            "The finale of “Cold Harbor” airs at 10 p.m. EDT on Sunday.",
            [("date", "9 p.m. ET", "10 p.m. EDT")],
        ),
        (
            "The memorial for Odalys Brenner begins at 7 p.m. on Thursday at the Lido.",
            "The memorial for Odalys Brenner begins at 19:00 on Thursday at the Lido.",
            [],
        ),
        (
            "The finale of “Cold Harbor” airs at 9 p.m. ET on Sunday.",
            "The finale of “Cold Harbor” airs at 6 p.m. PT on Sunday.",
            [],
        ),
        (
            "Doors for the Odalys Brenner memorial open at 6 p.m. on Thursday.",
            "The memorial for Odalys Brenner begins at 7 p.m. on Thursday.",
            [],
        ),
        (
            "The fire in the Lido broke out at around 9 p.m. on Friday.",
            "The fire in the Lido broke out at 8.49pm on Friday.",
            [],
        ),
        (
            "The board of the film institute voted 5-4 on Tuesday to close its archive.",
            "The board of the film institute voted six to three on Tuesday to close its archive.",
            [("number", "5-4", "six to three")],
        ),
        (
            "Parliament passed the film levy by 112 votes to 98 on Thursday.",
            "The film levy was passed in parliament by 121 votes to 98 on Thursday.",
            [("number", "112 votes to 98", "121 votes to 98")],
        ),
        (
            "The board of the film institute voted 5-4 on Tuesday to close its archive.",
            "The board of the film institute voted five to four on Tuesday to close its archive.",
            [],
        ),
        (
            "The court ruled 5-4 for Bluefin on Monday, and 7-2 against Corona.",
            "The court ruled 7-2 against Corona on Monday.",
            [],
        ),
        (
            "The Senate passed the film levy 52-48 on Tuesday.",
            "The House passed the film levy 220-211 on Monday, and the Senate followed on Tuesday.",
            [],
        ),
        (
            "The team of the institute beat the studio 5-4 on Sunday in Marlow.",
            "The team of the institute beat the studio 6-4 on Sunday in Marlow.",
            [],
        ),
        (
            "The 38th edition of the Marlow Film Festival opens with “The Slow Ferry.”",
            "“The Slow Ferry” opens the 39th Marlow International Film Festival.",
            [("rank", "38th", "39th")],
        ),
        (
            "The Marlow Film Festival, now in its 38th edition, opens with “The Slow Ferry.”",
            "The 39th annual Marlow Film Festival opens with “The Slow Ferry.”",
            [("rank", "38th", "39th")],
        ),
        (
            "The 38th Marlow Film Festival opens with “The Slow Ferry.”",
            "The 12th Marlow Children’s Film Festival opens with “Tin Kite.”",
            [],
        ),
        (
            "The 38th Marlow Film Festival opens with “The Slow Ferry.”",
            "The 37th Marlow Film Festival opened with “Tin Kite” last year.",
            [],
        ),
    ],
)
def test_hours_votes_and_editions(one: str, other: str, expected: list[tuple[str, str, str]]) -> None:
    assert differences(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            "Lena Voss has signed on for the thriller “Night Bus.”",
            "Lena Voss is in talks for the thriller “Night Bus.”",
            ("signed on for", "in talks for"),
        ),
        (
            "Lena Voss signed on to star in “Night Bus,” a thriller.",
            "Lena Voss is in talks to star in the thriller “Night Bus.”",
            ("signed on to star", "in talks to star"),
        ),
        (
            "Lena Voss is attached to the thriller “Night Bus.”",
            "Lena Voss is circling the lead role in the thriller “Night Bus.”",
            ("is attached to", "circling the lead role"),
        ),
        (
            "Heron has closed a deal for the thriller “Night Bus.”",
            "Heron is in final talks to acquire the thriller “Night Bus.”",
            ("closed a deal for", "in final talks to acquire"),
        ),
        ("Lena Voss has signed on for “Night Bus.”", "Tom Brenner is in talks for “Night Bus.”", None),
        ("Lena Voss has signed on for “Tin Roof.”", "Lena Voss is in talks for “Night Bus.”", None),
    ],
)
def test_who_is_in_talks_for_something_has_not_signed_on_for_it(
    one: str, other: str, values: tuple[str, str] | None
) -> None:
    assert differences(one, other) == ([("certainty", *values)] if values else [])


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            "Ilse Marrow made the thriller “Night Bus.” It is out on 27 November.",
            "Lena Voss drives in “Night Bus.” The film opens on 20 November.",
            ("27 November", "20 November"),
        ),
        (
            "“Night Bus” has a new poster. It comes to cinemas on 27 November.",
            "Lena Voss drives in “Night Bus.” It is out on 27 November.",
            None,
        ),
        # which of two films it is nobody can tell; a country, a trailer and a form have days of their own
        (
            "Lena Voss drives in “Night Bus” as she did in “Tin Roof.” It is out on 27 November.",
            "Lena Voss drives in “Tin Roof.” It is out on 20 November.",
            None,
        ),
        (
            "Ilse Marrow made the thriller “Night Bus.” It is out on 27 November.",
            "Lena Voss drives in “Night Bus.” It is out in France on 20 November.",
            None,
        ),
        (
            "Ilse Marrow made the thriller “Night Bus.” It is out on 27 November.",
            "Lena Voss drives in “Night Bus.” Its trailer is out on 20 November.",
            None,
        ),
    ],
)
def test_the_day_that_it_is_out(one: str, other: str, values: tuple[str, str] | None) -> None:
    assert differences(one, other) == ([("date", *values)] if values else [])


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            "“Night Bus” opened to $14.2 million over the weekend in 2,900 theaters.",
            "“Night Bus” cost $9 million and earned a B from audiences over the weekend.",
            None,
        ),
        (
            "Heron paid $15 million for “Night Bus” at the Marlow festival.",
            "“Night Bus,” which Heron bought at the Marlow festival, was made for $4 million.",
            None,
        ),
        (
            "Heron bought “Night Bus” for £3 million at Marlow.",
            "Heron bought “Night Bus” for $4 million at Marlow.",
            None,
        ),
        (
            "“Night Bus” made A$3.1 million in Australia in its first days.",
            "“Night Bus” made $2.1 million in Australia in its first days.",
            None,
        ),
        (
            "“Night Bus” cost $9 million and earned a B from audiences.",
            "“Night Bus,” made for $14 million, earned a B from audiences.",
            ("$9 million", "$14 million"),
        ),
        (
            "Heron bought “Night Bus” for $8 million after a bidding war.",
            "After a bidding war, “Night Bus” was sold to Heron for $12 million.",
            ("$8 million", "$12 million"),
        ),
    ],
)
def test_sums_of_two_sorts_or_currencies_are_two_sums(one: str, other: str, values: tuple[str, str] | None) -> None:
    assert differences(one, other) == ([("number", *values)] if values else [])
