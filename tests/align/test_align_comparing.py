"""A story compared: every kind of difference, drift and verdict, on invented prose."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from presswatch.align import compare_story, story_id_of
from presswatch.model import Article, Mention, StoryComparison, make_id

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


class Newsroom:
    """Articles and their mentions, each sentence a mention."""

    def __init__(self) -> None:
        self.articles: list[Article] = []
        self.mentions: list[Mention] = []

    def publish(self, outlet: str, *sentences: str | tuple[str, dict[str, Any]], **fields: Any) -> list[Mention]:
        rows = [(row, {}) if isinstance(row, str) else row for row in sentences]
        text = " ".join(row[0] for row in rows)
        name = make_id(outlet, len(self.articles))
        self.articles.append(
            Article(article_id=name, url=f"https://{outlet}.test/{name}", text=text, outlet_id=outlet, **fields)
        )
        made = []
        for sentence, also in rows:
            start = text.index(sentence)
            made.append(
                Mention(
                    mention_id=make_id(name, start, also.get("kind", "")),
                    article_id=name,
                    outlet_id=outlet,
                    start_char=start,
                    end_char=start + len(sentence),
                    text=sentence,
                    **also,
                )
            )
        self.mentions += made
        return made

    def compare(self) -> StoryComparison:
        return compare_story(self.articles, self.mentions)


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def quote(text: str, speaker: str = "Odalys Brenner", **also: Any) -> tuple[str, dict[str, Any]]:
    return text, {"kind": "quote", "speaker": speaker, **also}


def differences(newsroom: Newsroom, one: str, other: str) -> list[tuple[str, str, str]]:
    newsroom.publish("gazette", one)
    newsroom.publish("courier", other)
    a_id = newsroom.mentions[0].mention_id
    return [
        (d.kind, *((d.value_a, d.value_b) if d.a_id == a_id else (d.value_b, d.value_a)))
        for d in newsroom.compare().differences
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Brenner hid the Marchetti violin for nine long weeks.",
            "Brenner hid the Marchetti violin for twelve weeks.",
            ("number", "nine", "twelve"),
        ),
        (
            "The Tarn Museum paid $2.5 million for the Marchetti violin.",
            "The Tarn Museum paid $4 million for the Marchetti violin.",
            ("number", "$2.5 million", "$4 million"),
        ),
        (
            "Visitors to the Tarn Museum rose by 12 percent after the Marchetti violin came back.",
            "Visitors to the Tarn Museum rose by 21% after the Marchetti violin came back.",
            ("number", "12 percent", "21%"),
        ),
        (
            "Brenner returned the Marchetti violin to the Tarn Museum on March 3.",
            "Brenner returned the Marchetti violin to the Tarn Museum on 5 March.",
            ("date", "March 3", "5 March"),
        ),
        (
            "Brenner returned the Marchetti violin to the Tarn Museum on Monday.",
            "Brenner returned the Marchetti violin to the Tarn Museum on Tuesday.",
            ("date", "Monday", "Tuesday"),
        ),
        (
            "The burglar took the Marchetti violin from the Tarn Museum in 2019.",
            "The burglar took the Marchetti violin from the Tarn Museum in 2017.",
            ("date", "2019", "2017"),
        ),
        (
            "The documentary on the Marchetti violin premiered in Quill Magazine.",
            "The documentary on the Marchetti violin was released in theaters.",
            ("release", "Quill Magazine", "theaters"),
        ),
        (
            "The Otterlake video plays in a 1950s dance hall.",
            "The Otterlake video plays in a dance hall of the 1960s.",
            ("date", "1950s", "1960s"),
        ),
    ],
)
def test_outlets_that_disagree(newsroom: Newsroom, one: str, other: str, expected: tuple[str, str, str]) -> None:
    assert differences(newsroom, one, other) == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # nine before, and now the tenth
        (
            "Voss has directed nine videos for the band Otterlake.",
            "It is the 10th video that Voss directed for Otterlake.",
        ),
        # a decade is no count
        ("The Otterlake video plays in a 1950s dance hall.", "The Otterlake video plays in one of 40 dance halls."),
        ("The Tarn Museum holds about 500 violins.", "The Tarn Museum holds 489 violins."),
        ("The Tarn Museum sold 1,234,000 tickets.", "The Tarn Museum sold 1.2 million tickets."),
        ("The Tarn Museum holds nine violins.", "The Tarn Museum holds 9 violins."),
        ("Brenner gave the violin back in 2031.", "Brenner gave the violin back on March 3, 2031."),
        ("Brenner kept the violin for nine weeks.", "Brenner kept the violin for nine weeks and four days."),
        ("The Otterlake film premiered in theatres.", "The Otterlake film premiered in cinemas."),
        ("The harbour has nine cranes.", "Brenner returned twelve violins."),
    ],
)
def test_outlets_that_only_seem_to_disagree(newsroom: Newsroom, one: str, other: str) -> None:
    assert differences(newsroom, one, other) == []


def test_opinion_is_no_claim_and_disagrees_in_nothing(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", ("Brenner hid the gorgeous Marchetti violin for nine weeks.", {"voice": "opinion"}))
    newsroom.publish("courier", "Brenner hid the Marchetti violin for twelve weeks.")
    found = newsroom.compare()
    assert [claim.text for claim in found.claims] == ["Brenner hid the Marchetti violin for twelve weeks."]
    assert len(found.alignments) == 1
    assert found.differences == ()


def drift(newsroom: Newsroom, one: Any, other: Any) -> list[str]:
    newsroom.publish("gazette", *(one if isinstance(one, list) else [one]))
    newsroom.publish("courier", *(other if isinstance(other, list) else [other]))
    found = newsroom.compare().drift
    assert all(0 <= change.severity <= 1 for change in found)
    return [change.change for change in found]


WHOLE = "“I found the violin under the stairs, wrapped in a curtain, and I cried for an hour.”"


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (quote(WHOLE), []),
        (quote('"I found the violin under the stairs, wrapped in a curtain, and I cried for an hour."'), []),
        (quote("“I found the violin under the stairs, wrapped in a curtain.”"), ["trimmed"]),
        (quote("“I found the violin under the stairs … and I cried for an hour.”"), ["elided"]),
        (
            quote("“I found the [Marchetti] violin under the stairs, wrapped in a curtain, and I cried for an hour.”"),
            ["bracketed"],
        ),
        (
            quote("“I found that violin under my stairs, wrapped in some curtain, and I wept for an hour.”"),
            ["reworded"],
        ),
        (quote(WHOLE, "Perrin Vale"), ["reattributed"]),
        (quote(WHOLE, "Brenner"), []),
        (quote(WHOLE, "Perrin Vale and Odalys Brenner"), []),
        (quote(WHOLE, "Perrin Vale and Maud Lund"), ["reattributed"]),
        (quote(WHOLE, "the director"), []),
        (quote(WHOLE, "The Norwegian violinist"), []),
        (quote(WHOLE, "The Weeping Reeds"), ["reattributed"]),
        (quote(WHOLE, "Ódalys Brenner"), []),
        (quote(WHOLE, "one of the sources"), ["reattributed"]),  # who gave no name is not she
        # one cut the end, and the other the beginning
        (quote("“Wrapped in a curtain, and I cried for an hour. Then I slept.”"), ["trimmed"]),
        (quote("“Under the stairs … and I cried for an hour. Then I slept.”"), ["elided"]),
        (quote("“We will show it from June, and nobody will be allowed to touch it.”"), []),
        # like it in its letters, and in nothing that it says
        (quote("“I found the cellar under the chapel, flooded to a hand’s width, and I swore for a week.”"), []),
    ],
)
def test_what_was_done_to_a_quote(newsroom: Newsroom, other: tuple[str, dict[str, Any]], expected: list[str]) -> None:
    assert drift(newsroom, quote(WHOLE), other) == expected


def grave(newsroom: Newsroom, one: str, other: str) -> float:
    newsroom.publish("gazette", quote(one))
    newsroom.publish("courier", quote(other))
    (change,) = newsroom.compare().drift
    assert change.change == "reworded"
    return change.severity


@pytest.mark.parametrize(
    "other",
    [
        "“I never found the violin under the stairs, wrapped in a curtain, and I cried for nine hours.”",
        "“I did not find the violin under the stairs, wrapped in a curtain, and I cried for nine hours.”",
        "“I found the violin under the stairs, wrapped in a curtain, and I cried for five hours.”",
    ],
)
def test_a_quote_that_says_the_opposite_is_graver_than_one_in_other_words(newsroom: Newsroom, other: str) -> None:
    one = "“I found the violin under the stairs, wrapped in a curtain, and I cried for nine hours.”"
    assert grave(newsroom, one, other) >= 0.85


@pytest.mark.parametrize(
    "other",
    [
        "“I found the violin under the steps, wrapped in a curtain, and I cried for nine hours.”",
        # a clause that goes takes its "nobody" with it
        "“I found the violin, which nobody had, under the stairs, wrapped in a curtain, and I cried for nine hours.”",
    ],
)
def test_other_words_are_less_grave(newsroom: Newsroom, other: str) -> None:
    one = "“I found the violin under the stairs, wrapped in a curtain, and I cried for nine hours.”"
    assert 0.6 <= grave(newsroom, one, other) < 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Um, we found the violin, uh, under the stairs.”", "“We found the violin under the stairs.”"),
        ("“It was a fucking miracle that we found it.”", "“It was a f---ing miracle that we found it.”"),
        ("“This shit was under the stairs for years.”", "“This s**t was under the stairs for years.”"),
        (
            "“The violin it’s -- well, it’s been there for years.”",
            "“The violin it’s--well, it’s been there for years.”",
        ),
    ],
)
def test_what_a_desk_does_not_spell_out_is_no_change(newsroom: Newsroom, one: str, other: str) -> None:
    assert drift(newsroom, quote(one), quote(other)) == []


def test_a_number_in_words_is_the_same_number(newsroom: Newsroom) -> None:
    one, other = (
        f"“I asked {count} strangers to be quiet together, and they were.”" for count in ("2,000", "two thousand")
    )
    assert drift(newsroom, quote(one), quote(other)) == []


def test_a_name_with_its_accent_and_without_is_no_family(newsroom: Newsroom) -> None:
    both = [quote(WHOLE, "Agnes Brenner"), quote("“We all cried about it.”", "Agnès Brenner")]
    assert drift(newsroom, both, quote(WHOLE, "Agnès Brenner")) == []


def test_an_interrupted_quote_has_not_changed(newsroom: Newsroom) -> None:
    spans = [
        quote("“I found the violin under the stairs, wrapped in a curtain,”", quote_id="q"),
        quote("“and I cried for an hour.”", quote_id="q"),
    ]
    assert drift(newsroom, quote(WHOLE), spans) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "“I don’t think we’re going to play it, and I won’t.”",
            "“I do not think we are going to play it, and I will not.”",
        ),
        ("“We can’t say that they’ve found it all.”", "“We cannot say that they have found it all.”"),
        ("“Nobody knows who’s there or what she’d play.”", "“Nobody knows who is there or what she would play.”"),
        ("“Eleven people heard it after the re-opening.”", "“11 people heard it after the reopening.”"),
    ],
)
def test_a_contraction_is_the_same_words(newsroom: Newsroom, one: str, other: str) -> None:
    assert drift(newsroom, quote(one), quote(other)) == []


@pytest.mark.parametrize("olds", range(8))  # ids, and with them which of two mentions comes first, depend on places
def test_a_quote_in_two_spans_has_changed_once(newsroom: Newsroom, olds: int) -> None:
    def tell(middle: str) -> list[tuple[str, dict[str, Any]]]:
        first = f"“I found the violin {middle} staircase that nobody ever used,”"
        return [quote(first, quote_id="q"), quote("“and I cried about that for an hour or two.”", quote_id="q")]

    assert drift(newsroom, tell("under the old" + " old" * olds), tell("beneath some")) == ["reworded"]


@pytest.mark.parametrize(
    "other",
    [
        ["“The violin is not dry,”", "“and I kept every string that it ever had.”"],
        ["“The violin is not dry, and I kept every string that it ever had.”"],
    ],
)
def test_a_not_that_is_left_out_is_more_than_trimmed(newsroom: Newsroom, other: list[str]) -> None:
    pieces = ["“The violin is dry,”", "“and I kept every string that it ever had.”"]
    newsroom.publish("gazette", *(quote(piece, quote_id="q") for piece in pieces))
    newsroom.publish("courier", *(quote(piece, quote_id="q") for piece in other))
    (change,) = newsroom.compare().drift
    assert (change.change, change.severity) == ("reworded", 0.85)


def test_a_not_behind_an_ellipsis_is_more_than_elided(newsroom: Newsroom) -> None:
    whole = "“I would not … sell the violin to anybody who asked me for it.”"
    assert grave(newsroom, whole, "“I would sell the violin to anybody who asked me for it.”") == 0.85


def test_a_quote_that_is_printed_in_two_pieces_is_not_trimmed(newsroom: Newsroom) -> None:
    first, second = "“I found the violin under the stairs, wrapped in a curtain.”", "“I cried about that for an hour.”"
    one = [quote(first, quote_id="q"), quote(second, quote_id="q")]
    assert drift(newsroom, one, [quote(first), quote(second)]) == []


def test_a_word_that_goes_where_a_quote_is_broken_is_a_cut(newsroom: Newsroom) -> None:
    spans = [
        quote("“I found the violin under the stairs, wrapped in a curtain.”", quote_id="q"),
        quote("“I cried for an hour.”", quote_id="q"),
    ]
    assert drift(newsroom, quote(WHOLE), spans) == ["trimmed"]


def test_the_end_of_a_name_is_no_other_person(newsroom: Newsroom) -> None:
    both = [quote(WHOLE, "Lars van der Quill"), quote("“We all cried about it.”", "Van der Quill")]
    assert drift(newsroom, both, quote(WHOLE, "Van der Quill")) == []


def test_an_outlet_says_what_its_critic_says(newsroom: Newsroom) -> None:
    told = {"credit": "gazette", "credit_phrase": "said The Gazette"}
    assert drift(newsroom, quote(WHOLE, "Perrin Vale"), quote(WHOLE, "The Gazette", **told)) == []


def test_one_of_two_who_say_it_together_is_no_relative_of_both(newsroom: Newsroom) -> None:
    joint = [quote(WHOLE, "Perrin Vale and Odalys Brenner"), "Odalys Brenner and Perrin Vale were both there."]
    assert drift(newsroom, joint, quote(WHOLE, "Odalys Brenner")) == []


def test_of_two_pairs_of_speakers_an_and_is_no_name(newsroom: Newsroom) -> None:
    one, other = quote(WHOLE, "Perrin Vale and Maud Lund"), quote(WHOLE, "Odalys Brenner and Eva Dahl")
    assert drift(newsroom, one, other) == ["reattributed"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("Odalys Brenner and her sister Maud Brenner were both there.", ["reattributed"]),
        ("Nobody else was there.", []),  # it may be one woman
    ],
)
def test_a_quote_may_change_hands_inside_a_family(newsroom: Newsroom, more: str, expected: list[str]) -> None:
    assert drift(newsroom, [quote(WHOLE), more], quote(WHOLE, "Maud Brenner")) == expected


def test_quotes_that_changed_hands_are_graver_than_trimmed_ones(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", quote(WHOLE))
    newsroom.publish("courier", quote("“I found the violin under the stairs, wrapped in a curtain.”", "Perrin Vale"))
    assert [change.change for change in newsroom.compare().drift] == ["reattributed", "trimmed"]


def verdicts(newsroom: Newsroom) -> list[tuple[str, str]]:
    return [(credit.outlet_id, credit.verdict) for credit in newsroom.compare().credits]


CREDIT = {"credit": "gazette", "credit_phrase": "the Gazette reported"}


def test_a_credit_is_confirmed_by_the_outlets_own_words(newsroom: Newsroom) -> None:
    (source,) = newsroom.publish("gazette", "Odalys Brenner handed the Marchetti violin to the Tarn Museum.")
    newsroom.publish("courier", ("Brenner gave the Marchetti violin to the museum, the Gazette reported.", CREDIT))
    (credit,) = newsroom.compare().credits
    assert (credit.verdict, credit.source_mention_id) == ("confirmed", source.mention_id)
    assert (credit.credited, credit.phrase) == ("gazette", "the Gazette reported")


def test_a_reworded_quote_is_altered(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", quote(WHOLE))
    changed = "“I found that violin under my stairs, wrapped in some curtain, and I wept for an hour.”"
    newsroom.publish("courier", quote(changed, credit="gazette"))
    assert verdicts(newsroom) == [("courier", "altered")]


def test_of_a_quote_in_two_spans_the_changed_one_is_altered(newsroom: Newsroom) -> None:
    kept = "“Nobody but me had been down there in years.”"
    newsroom.publish("gazette", quote(WHOLE, quote_id="q"), quote(kept, quote_id="q"))
    changed = "“I found that violin under my stairs, wrapped in some curtain, and I wept for an hour.”"
    told = {"credit": "gazette", "quote_id": "r"}
    newsroom.publish("courier", quote(changed, **told), quote(kept, **told))
    found = newsroom.compare()
    texts = {mention.mention_id: mention.text for mention in newsroom.mentions}
    assert {texts[credit.mention_id]: credit.verdict for credit in found.credits} == {
        changed: "altered",
        kept: "confirmed",
    }


def test_a_credited_quote_is_not_found_in_a_sentence_about_the_same_minutes(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", "At 97 minutes the violin film by Odalys Brenner does not waste a shot.")
    other = "“Brenner says perhaps 200 words in 97 minutes, and you could write a book about what is left out.”"
    newsroom.publish("courier", quote(other, "Perrin Vale", credit="gazette"))
    assert verdicts(newsroom) == [("courier", "not_found")]


def test_a_rumor_is_a_credit_for_all_that_the_outlet_says(newsroom: Newsroom) -> None:
    told = {"credit": "gazette", "credit_phrase": "reported by the Gazette"}
    newsroom.publish("gazette", f"{VIOLIN}.")
    newsroom.publish("courier", f"{VIOLIN} today.", ("The rumor was first reported by the Gazette.", told))
    assert verdicts(newsroom) == [("courier", "confirmed")]


def test_what_the_credited_outlet_never_said_is_not_found(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", "The harbour café will close for the winter.")
    newsroom.publish("courier", ("Brenner gave the Marchetti violin to the museum, the Gazette reported.", CREDIT))
    assert verdicts(newsroom) == [("courier", "not_found")]


@pytest.mark.parametrize("access", ["missing", "excerpt"])
def test_what_cannot_be_looked_up_is_not_fetched(newsroom: Newsroom, access: Any) -> None:
    if access == "excerpt":
        newsroom.publish("gazette", "The harbour café will close for the winter.", access="excerpt")
    newsroom.publish("courier", ("Brenner gave the Marchetti violin to the museum, the Gazette reported.", CREDIT))
    assert verdicts(newsroom) == [("courier", "not_fetched")]


def test_an_outlet_that_credits_itself(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", ("Brenner told the Gazette about the Marchetti violin.", CREDIT))
    assert verdicts(newsroom) == [("gazette", "self")]


@pytest.mark.parametrize("said", ["The Gazette first reported the news.", "The Gazette broke the story."])
def test_a_credit_for_the_news_is_one_for_all_that_the_outlet_says(newsroom: Newsroom, said: str) -> None:
    (source,) = newsroom.publish("gazette", f"{VIOLIN}.", published_at=NOON)
    phrase = {"credit": "gazette", "credit_phrase": said.rsplit(" ", 2)[0]}
    newsroom.publish("courier", f"{VIOLIN} today.", (said, phrase), published_at=NOON + timedelta(hours=1))
    newsroom.publish("herald", f"At last {VIOLIN}.", published_at=NOON + timedelta(hours=2))
    found = newsroom.compare()
    (credit,) = found.credits
    assert (credit.verdict, credit.source_mention_id) == ("confirmed", source.mention_id)
    (claim,) = [claim for claim in found.claims if claim.outlet_count > 1]
    assert (claim.outlet_count, claim.corroboration, claim.first_outlet_id) == (3, 2, "gazette")


def test_news_of_somebody_is_credited_as_a_whole(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.", published_at=NOON)
    said = "News of Brenner’s involvement was first reported by the Gazette."
    phrase = {"credit": "gazette", "credit_phrase": "reported by the Gazette"}
    newsroom.publish("courier", f"{VIOLIN} today.", (said, phrase), published_at=NOON + timedelta(hours=1))
    assert verdicts(newsroom) == [("courier", "confirmed")]
    assert [claim.corroboration for claim in newsroom.compare().claims if claim.outlet_count > 1] == [1]


def test_a_credit_on_the_way_is_looked_up_by_what_its_clause_says(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.")
    said = "The luthier, whose involvement was reported earlier by the Gazette, said she had slept well."
    phrase = {"credit": "gazette", "credit_phrase": "reported earlier by the Gazette"}
    newsroom.publish("courier", f"{VIOLIN} today.", (said, phrase))
    assert verdicts(newsroom) == [("courier", "confirmed")]
    assert [c.corroboration for c in newsroom.compare().claims if c.outlet_count > 1] == [2]  # it spoke to her itself


def test_a_credit_at_the_end_is_for_what_stands_before_it(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.")
    phrase = {"credit": "gazette", "credit_phrase": "per the Gazette"}
    newsroom.publish("courier", f"{VIOLIN} today.", ("The harbour café will close, per the Gazette.", phrase))
    assert verdicts(newsroom) == [("courier", "not_found")]


GUILD = (
    "Odalys Brenner Leads the Luthiers’ Guild",
    "Odalys Brenner was elected president of the Luthiers’ Guild on Friday with 58 percent of the votes.",
    "She promised a tougher line on working hours.",
    "Perrin Vale, who led the guild for six years, did not run again.",
)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Odalys Brenner won the presidency of the Luthiers’ Guild with 58 percent of the vote", "confirmed"),
        ("Brenner, now at the head of the guild, wants to be tougher on working hours", "confirmed"),
        ("Perrin Vale did not stand again after six years", "confirmed"),
        ("Odalys Brenner of the Luthiers’ Guild was sued by two apprentices in Grauhafen", "not_found"),
        ("Perrin Vale will write a memoir of the Luthiers’ Guild", "not_found"),
        ("The Luthiers’ Guild has sold its house in Grauhafen", "not_found"),
    ],
)
def test_who_tells_something_else_of_the_same_people_does_not_bear_a_credit_out(
    newsroom: Newsroom, said: str, verdict: str
) -> None:
    newsroom.publish("gazette", *GUILD)
    phrase = {"credit": "gazette", "credit_phrase": "according to the Gazette"}
    newsroom.publish("courier", "The guild has met.", (f"{said}, according to the Gazette.", phrase))
    assert verdicts(newsroom) == [("courier", verdict)]


def test_a_credit_in_another_language_is_found_by_names_and_numbers(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", "The Tarn Museum paid Odalys Brenner 250,000 euros for the Marchetti violin.")
    said = "Für die Marchetti bekam Odalys Brenner vom Tarn Museum 250.000 Euro, berichtet die Gazette."
    phrase = {"credit": "gazette", "credit_phrase": "berichtet die Gazette"}
    newsroom.publish("courier", (said, phrase), language="de")
    assert verdicts(newsroom) == [("courier", "confirmed")]


WOOED = "Odalys Brenner in talks to star in remake of The Lantern Keeper"


@pytest.mark.parametrize(
    ("lead", "verdict"),
    [
        ("The Gazette reported that she is being eyed for a part, though nothing is final.", "confirmed"),
        ("The Gazette reported that she has turned the part down.", "not_found"),
        ("The Gazette reported that she is being eyed for $4 million.", "not_found"),
        ("The Gazette reported that she is being eyed, and so is Perrin Vale.", "not_found"),
    ],
)
def test_a_lead_in_other_words_is_found_by_its_headline(newsroom: Newsroom, lead: str, verdict: str) -> None:
    """Where it adds no name and no number to what the credited outlet prints, and turns nothing round."""
    newsroom.publish("gazette", f"{WOOED} by Tomas Reyes.")
    newsroom.publish("herald", "The harbour café will close for the winter.")
    phrase = {"credit": "gazette", "credit_phrase": "The Gazette reported"}
    newsroom.publish("courier", (f"{WOOED}", {"part": "headline"}), (lead, phrase))
    assert verdicts(newsroom) == [("courier", verdict)]


def test_a_headline_has_it_from_whom_its_lead_has_it(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.", published_at=NOON)
    lead = "The luthier gave it away at last, the Gazette reported."
    newsroom.publish("courier", (VIOLIN, {"part": "headline"}), (lead, CREDIT), published_at=NOON + timedelta(hours=1))
    (claim,) = [claim for claim in newsroom.compare().claims if claim.outlet_count > 1]
    assert (claim.corroboration, claim.first_outlet_id, claim.first_is_certain) == (1, "gazette", True)


def test_what_somebody_says_besides_was_said_to_the_one_outlet_that_is_credited(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", quote("“I gave the stolen Marchetti violin to the Tarn Museum.”"), published_at=NOON)
    later = NOON + timedelta(hours=1)
    told = ("Brenner told the Gazette that she had slept well.", {"speaker": "Odalys Brenner", "credit": "gazette"})
    newsroom.publish("courier", told, quote("“I gave the stolen Marchetti violin to the museum.”"), published_at=later)
    (claim,) = [claim for claim in newsroom.compare().claims if claim.outlet_count > 1]
    assert claim.corroboration == 1


@pytest.mark.parametrize(
    ("outlet", "url"),
    [
        ("plaza-weekly", "file:violin.txt"),
        ("plazaweekly-com", "https://www.plazaweekly.com/violin"),
        ("plaza-weekly-co-uk", "https://plaza-weekly.co.uk/violin"),
    ],
)
def test_an_outlet_that_no_registry_knows_is_credited_by_its_name(newsroom: Newsroom, outlet: str, url: str) -> None:
    newsroom.publish(outlet, f"{VIOLIN}.")
    newsroom.articles[0] = replace(newsroom.articles[0], url=url)
    phrase = {"credit": "Plaza Weekly", "credit_phrase": "the Plaza Weekly reported"}
    newsroom.publish("courier", (f"{VIOLIN}, the Plaza Weekly reported.", phrase))
    (credit,) = newsroom.compare().credits
    assert (credit.credited, credit.verdict) == (outlet, "confirmed")


def test_a_credit_for_something_is_not_one_for_all(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.")
    said = "The Gazette reported that the harbour café will close for the winter."
    newsroom.publish(
        "courier", f"{VIOLIN} today.", (said, {"credit": "gazette", "credit_phrase": "The Gazette reported"})
    )
    assert verdicts(newsroom) == [("courier", "not_found")]
    assert [c.corroboration for c in newsroom.compare().claims if c.outlet_count > 1] == [2]


VIOLIN = "Odalys Brenner handed the stolen Marchetti violin to the Tarn Museum"


def test_outlets_that_credit_each_other_count_once(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.", published_at=NOON)
    newsroom.publish("courier", (f"{VIOLIN}, the Gazette reported.", CREDIT), published_at=NOON + timedelta(hours=1))
    newsroom.publish("herald", (f"{VIOLIN}, it says.", {"credit": "courier"}), published_at=NOON + timedelta(hours=2))
    newsroom.publish("tribune", f"{VIOLIN} today.", published_at=NOON + timedelta(hours=3))
    (claim,) = newsroom.compare().claims
    assert (claim.outlet_count, claim.corroboration, claim.status) == (4, 2, "shared")
    assert (claim.first_outlet_id, claim.first_published_at, claim.first_is_certain) == ("gazette", NOON, True)


def test_takers_of_an_outlet_that_is_not_there_count_once(newsroom: Newsroom) -> None:
    newsroom.publish("courier", (f"{VIOLIN}, the Gazette reported.", CREDIT), published_at=NOON)
    newsroom.publish("herald", (f"{VIOLIN}, the Gazette reported.", CREDIT), published_at=NOON + timedelta(hours=1))
    found = newsroom.compare()
    (claim,) = found.claims
    assert (claim.corroboration, claim.first_outlet_id, claim.first_is_certain) == (1, "gazette", False)
    assert {row.outlet_id: row.stance for row in found.coverage}["gazette"] == "not_fetched"


@pytest.mark.parametrize(
    ("one", "other", "first", "is_certain"),
    [
        (NOON, NOON + timedelta(hours=1), "gazette", True),
        (NOON, NOON, None, False),
        (NOON, None, "gazette", False),
        (None, None, None, False),
        # a date without a time is a whole day
        (datetime(2031, 5, 4, tzinfo=UTC), NOON, "gazette", False),
        (datetime(2031, 5, 3, tzinfo=UTC), NOON, "gazette", True),
    ],
)
def test_who_was_first(
    newsroom: Newsroom, one: datetime | None, other: datetime | None, first: str | None, *, is_certain: bool
) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.", published_at=one)
    newsroom.publish("courier", f"{VIOLIN} at last.", published_at=other)
    (claim,) = newsroom.compare().claims
    assert (claim.first_outlet_id, claim.first_is_certain) == (first, is_certain)


def test_who_differs_is_no_voice_for_a_claim_and_not_the_first_with_it(newsroom: Newsroom) -> None:
    nine = "Brenner hid the Marchetti violin for nine long weeks"
    newsroom.publish("herald", "Brenner hid the Marchetti violin for twelve weeks.", published_at=NOON)
    newsroom.publish("gazette", f"{nine}.", published_at=NOON + timedelta(hours=1))
    newsroom.publish("courier", f"{nine} at home.", published_at=NOON + timedelta(hours=2))
    newsroom.publish("tribune", "The luthier has a cat.", published_at=NOON)
    found = newsroom.compare()
    (claim,) = [claim for claim in found.claims if claim.status == "differs"]
    rows = {row.outlet_id: row for row in found.coverage if row.claim_id == claim.claim_id}
    assert {outlet: row.stance for outlet, row in rows.items()} == {
        "herald": "differs",
        "gazette": "says",
        "courier": "says",
        "tribune": "silent",
    }
    assert (claim.mention_count, claim.outlet_count, claim.corroboration) == (3, 3, 2)
    assert (claim.first_outlet_id, claim.first_published_at) == ("gazette", NOON + timedelta(hours=1))
    assert rows["tribune"].weight == pytest.approx(2 / 3)


def test_a_credit_beats_the_clock(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.", published_at=NOON + timedelta(hours=1))
    newsroom.publish("courier", (f"{VIOLIN}, the Gazette reported.", CREDIT), published_at=NOON)
    (claim,) = newsroom.compare().claims
    assert (claim.first_outlet_id, claim.first_is_certain) == ("gazette", False)


AGENCY = [
    f"{VIOLIN} on Monday after three weeks.",
    "She had found the instrument under the stairs of her house in Aldmoor, wrapped in an old velvet curtain.",
    "Curators will examine its varnish before it goes back to the glass case in the east wing.",
    "A burglar had carried it off during the night of the spring festival, when the guard was asleep.",
]


def test_a_syndicated_copy_is_no_second_voice(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", *AGENCY, published_at=NOON)
    newsroom.publish("courier", "By our desk.", *AGENCY, published_at=NOON + timedelta(hours=1))
    found = newsroom.compare()
    original, copy = (article.article_id for article in newsroom.articles)
    assert found.syndicated == ((copy, original),)
    assert {claim.corroboration for claim in found.claims} == {1}
    assert max(claim.outlet_count for claim in found.claims) == 2


def test_a_short_text_is_a_copy_where_it_is_the_same(newsroom: Newsroom) -> None:
    for outlet in ("gazette", "courier"):
        newsroom.publish(outlet, f"{VIOLIN} on Monday.", published_at=NOON)
    newsroom.publish("herald", f"{VIOLIN} on Monday, or so.", published_at=NOON)
    found = newsroom.compare()
    assert {one for pair in found.syndicated for one in pair} == {
        article.article_id for article in newsroom.articles if article.outlet_id != "herald"
    }
    (claim,) = found.claims
    assert (claim.outlet_count, claim.corroboration) == (3, 2)


def test_an_outlet_does_not_copy_itself(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", *AGENCY)
    newsroom.publish("gazette", *AGENCY)
    assert newsroom.compare().syndicated == ()


def wide_story() -> Newsroom:
    made = Newsroom()
    made.publish(
        "gazette",
        f"{VIOLIN} on Monday.",
        "It had been missing for nine weeks.",
        quote(WHOLE),
        "The café next door sells orchids.",
        published_at=NOON,
    )
    made.publish(
        "courier",
        ("The Marchetti violin is back in the Tarn Museum, the Gazette reported.", CREDIT),
        "The violin had been missing for twelve weeks.",
        quote("“I found the violin under the stairs, wrapped in a curtain.”"),
        published_at=NOON + timedelta(days=1),
    )
    made.publish("herald", "Tarn Museum gets the Marchetti violin back from Brenner.", access="excerpt")
    made.publish("tribune", ("Otterlake cancels its tour, according to Quill.", {"credit": "quill"}))
    return made


def test_coverage_is_complete() -> None:
    found = wide_story().compare()
    outlets = {"gazette", "courier", "herald", "tribune", "quill"}
    assert {(row.claim_id, row.outlet_id) for row in found.coverage} == {
        (claim.claim_id, outlet) for claim in found.claims for outlet in outlets
    }
    assert len(found.coverage) == len(found.claims) * len(outlets)
    for row in found.coverage:
        assert (row.mention_id is None) == (row.text is None) == (row.stance in {"silent", "not_fetched"})


def test_silence_needs_a_whole_article() -> None:
    stances: dict[str, set[str]] = {}
    for row in wide_story().compare().coverage:
        stances.setdefault(row.outlet_id, set()).add(row.stance)
    assert "silent" in stances["tribune"]
    assert stances["herald"] == {"says", "not_fetched"}
    assert stances["quill"] == {"not_fetched"}


def test_a_claim_in_which_outlets_disagree() -> None:
    found = wide_story().compare()
    (claim,) = [claim for claim in found.claims if "weeks" in claim.text]
    assert claim.status == "differs"
    stances = sorted(row.stance for row in found.coverage if row.claim_id == claim.claim_id and row.text)
    assert stances == ["differs", "says"]
    assert [(d.claim_id, d.unit) for d in found.differences] == [(claim.claim_id, "weeks")]


def test_every_reported_mention_is_in_one_claim() -> None:
    newsroom = wide_story()
    told = sorted(mention_id for claim in newsroom.compare().claims for mention_id in claim.mention_ids)
    assert told == sorted(mention.mention_id for mention in newsroom.mentions)


def test_different_sentences_of_an_article_are_different_claims(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.", "Brenner had kept it under her stairs.", "The café next door closes.")
    newsroom.publish("courier", f"{VIOLIN} today.", "Brenner had it under the stairs for weeks.")
    article = {mention.mention_id: mention.article_id for mention in newsroom.mentions}
    for claim in newsroom.compare().claims:
        homes = [article[mention_id] for mention_id in claim.mention_ids]
        assert len(homes) == len(set(homes))


def test_a_lone_mention_is_a_claim_of_its_own(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.")
    newsroom.publish("courier", "The harbour café will close for the winter.")
    claims = newsroom.compare().claims
    assert [(claim.status, claim.outlet_count, claim.corroboration) for claim in claims] == [("unique", 1, 1)] * 2


def test_a_quote_belongs_to_the_sentence_around_it(newsroom: Newsroom) -> None:
    sentence = "Brenner called the find “the strangest morning of my life” in Tarn."
    host, _ = newsroom.publish("gazette", sentence, quote("“the strangest morning of my life”"))
    newsroom.publish("courier", "The harbour café will close for the winter.")
    claim = next(claim for claim in newsroom.compare().claims if host.mention_id in claim.mention_ids)
    assert claim.mention_count == 2


def test_order_does_not_matter() -> None:
    newsroom = wide_story()
    expected = newsroom.compare()
    for seed in range(4):
        random.Random(seed).shuffle(newsroom.articles)
        random.Random(seed).shuffle(newsroom.mentions)
        assert newsroom.compare() == expected


def test_ids_are_those_of_the_earliest() -> None:
    newsroom = wide_story()
    found = newsroom.compare()
    assert found.story_id == story_id_of(newsroom.articles) == make_id(newsroom.articles[0].article_id)
    assert compare_story(newsroom.articles, newsroom.mentions, story_id="kept").story_id == "kept"
    (claim,) = [claim for claim in found.claims if "weeks" in claim.text]
    assert claim.claim_id == make_id("claim", newsroom.mentions[1].mention_id)


def test_a_mention_without_an_outlet_has_its_articles() -> None:
    newsroom = wide_story()
    expected = newsroom.compare()
    newsroom.mentions = [replace(mention, outlet_id="") for mention in newsroom.mentions]
    assert newsroom.compare() == expected


def test_strange_mentions_are_refused(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", f"{VIOLIN}.")
    with pytest.raises(ValueError, match="no article"):
        compare_story(newsroom.articles, [replace(newsroom.mentions[0], article_id="elsewhere")])
    with pytest.raises(ValueError, match="share an id"):
        compare_story(newsroom.articles, newsroom.mentions * 2)


def test_a_story_without_mentions_has_no_claims(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", "…")
    assert compare_story(newsroom.articles, []).claims == ()


def test_a_sentence_that_says_two_things_is_silent_on_neither(newsroom: Newsroom) -> None:
    first, second = f"{VIOLIN}.", "The burglar Perrin Vale was jailed in Aldmoor for the festival theft."
    newsroom.publish("gazette", first, second)
    newsroom.publish("courier", f"{VIOLIN} today.", "Perrin Vale, the burglar, was jailed in Aldmoor for the theft.")
    both = f"{VIOLIN}, and the burglar Perrin Vale was jailed in Aldmoor for the festival theft."
    (long,) = newsroom.publish("herald", both)
    found = newsroom.compare()
    assert [row.stance for row in found.coverage if row.outlet_id == "herald"] == ["says", "says"]
    homes = [claim for claim in found.claims if long.mention_id in claim.mention_ids]
    others = [claim for claim in found.claims if long.mention_id in claim.also_ids]
    assert len(homes) == len(others) == 1


def test_a_quote_that_others_print_in_two_is_silent_on_neither(newsroom: Newsroom) -> None:
    found_it, cried = "I found the violin under the stairs", "Then I sat down and cried for an hour"
    for outlet in ("gazette", "courier"):
        newsroom.publish(outlet, quote(f"“{found_it},”"), quote(f"“{cried}.”"))
    newsroom.publish("herald", quote(f"“{found_it}. {cried},”"))
    stances = {row.stance for row in newsroom.compare().coverage if row.outlet_id == "herald"}
    assert stances == {"says"}


def test_of_two_that_say_so_and_one_that_does_not_the_one_differs(newsroom: Newsroom) -> None:
    """However much more its sentence has in common with the claim's."""
    shoot = "The shoot of Paper Harbor by Otterlake took"
    newsroom.publish(
        "gazette", f"{shoot} place at the old lido of Sallow Bay in October, with one camera and a paper boat."
    )
    newsroom.publish("courier", f"{shoot} four weeks at the old lido of Sallow Bay in October.")
    newsroom.publish("herald", "Otterlake shot Paper Harbor in three weeks at the lido of Sallow Bay, with one camera.")
    newsroom.publish("tribune", "Otterlake took three weeks for Paper Harbor in Sallow Bay, with a paper boat.")
    found = newsroom.compare()
    assert [claim.text[:50] for claim in found.claims] == [f"{shoot} place "[:50]]
    stances = {row.outlet_id: row.stance for row in found.coverage}
    assert stances == {"gazette": "says", "courier": "differs", "herald": "says", "tribune": "says"}


def test_an_outlet_differs_where_its_sentence_of_another_claim_disagrees(newsroom: Newsroom) -> None:
    newsroom.publish(
        "kite",
        "The shoot took two nights in October.",
        "The pool is the old Corran Lido in Sallow Bay, an open bath that has stood empty since 2009.",
    )
    newsroom.publish(
        "lamp",
        "It was made in two nights in October, with one camera.",
        "The Corran Lido in Sallow Bay has stood empty since 2009.",
    )
    newsroom.publish(
        "mole",
        "It is the Corran Lido in the seaside town of Sallow Bay, empty since 2009, and the crew spent three nights in"
        " October there.",
    )
    found = newsroom.compare()
    (nights,) = [claim for claim in found.claims if "October" in claim.text]
    assert (nights.status, nights.outlet_count, nights.mention_count) == ("differs", 3, 2)
    stances = {row.outlet_id: row.stance for row in found.coverage if row.claim_id == nights.claim_id}
    assert stances == {"kite": "says", "lamp": "says", "mole": "differs"}
    (pool,) = [claim for claim in found.claims if claim is not nights]
    assert pool.status == "shared"


def test_one_of_those_who_spoke_to_an_outlet_is_no_second_voice(newsroom: Newsroom) -> None:
    said = "“It was like watching a man argue with weather in a field.”"
    newsroom.publish("gazette", quote(said, "one stagehand"), published_at=NOON)
    lead = ("Four stagehands told The Gazette of it.", {"speaker": "Four stagehands", "credit": "gazette"})
    newsroom.publish("courier", lead, quote(said, "one"), published_at=NOON + timedelta(hours=1))
    (claim,) = [one for one in newsroom.compare().claims if one.outlet_count > 1]
    assert claim.corroboration == 1


def test_whose_agent_spoke_to_an_outlet_is_who_is_found_there(newsroom: Newsroom) -> None:
    said = "“She was never asked to play it, and she has not read a page of it.”"
    newsroom.publish("gazette", quote(said, "Maud Ostrow"))
    told = {"speaker": "Her agent", "credit": "gazette"}
    denied = ("Her agent denied to The Gazette that there had been talks.", told)
    newsroom.publish("courier", denied, quote(said, "Maud Ostrow", credit="gazette"))
    assert {credit.verdict for credit in newsroom.compare().credits} == {"confirmed"}


def test_an_outlet_differs_by_whichever_sentence_says_otherwise(newsroom: Newsroom) -> None:
    newsroom.publish("gazette", "“Low Harbor” ended with a nine-minute ovation in Grauhafen on Thursday.")
    newsroom.publish("lantern", "“Low Harbor” ended with a nine-minute ovation in Grauhafen on Thursday night.")
    newsroom.publish(
        "courier",
        "“Low Harbor” ended with a standing ovation in Grauhafen on Thursday night.",
        "The people of Grauhafen gave “Low Harbor” an eight-minute ovation.",
    )
    found = newsroom.compare()
    stances = {(row.outlet_id, row.stance) for row in found.coverage if row.claim_id == found.claims[0].claim_id}
    assert ("courier", "differs") in stances


def test_who_printed_a_whole_answer_had_its_last_words_first(newsroom: Newsroom) -> None:
    words = "“We had three nights a month, and if there was a cloud we all went home again.”"
    more = " I used one lamp on a balloon when the moon was behind the trees, and nobody was to see where it came from."
    newsroom.publish("lantern", quote(f"It is nearly true. {words.strip('“”')}{more}"), published_at=NOON)
    newsroom.publish("gazette", quote(words), published_at=NOON + timedelta(hours=1))
    newsroom.publish("courier", quote(words), published_at=NOON + timedelta(hours=2))
    first = {claim.first_outlet_id for claim in newsroom.compare().claims if claim.outlet_count > 1}
    assert first == {"lantern"}


def test_what_somebody_wrote_was_not_said_to_the_outlet_that_is_credited_elsewhere(newsroom: Newsroom) -> None:
    said = "“I caught the telephone, for I was a shortstop when I was young.”"
    newsroom.publish("gazette", quote(said, cue="writes"), published_at=NOON)
    told = quote("“It was on the set of my third film.”", credit="lantern")
    newsroom.publish("courier", quote(said, cue="writes"), told, published_at=NOON + timedelta(hours=1))
    (claim,) = [one for one in newsroom.compare().claims if one.outlet_count > 1]
    assert (claim.corroboration, claim.first_outlet_id, claim.first_is_certain) == (2, "gazette", True)
