"""What a reader of an article's mentions sees: sentences, quotes, whose they are and where they come from."""

from __future__ import annotations

import dataclasses
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.claims import find_mentions
from presswatch.claims.voice import calls_itself_review
from presswatch.model import Article, Mention
from presswatch.outlets import Outlet, Registry

OUTLETS = Registry(
    [
        Outlet(id="q", name="Q Magazine", aliases=("Q",), hosts=("q.test",)),
        Outlet(id="lantern", name="The Film Lantern", aliases=("Film Lantern", "TFL"), hosts=("lantern.test",)),
        Outlet(id="reelwire", name="ReelWire", hosts=("reelwire.test",)),
        Outlet(id="gamut", name="Gamut", hosts=("gamut.test",)),
        Outlet(id="verdict", name="The Verdict", hosts=("verdict.test",)),
        Outlet(id="loosethread", name="Loose Thread", hosts=("loosethread.test",)),
    ]
)


def read(text: str, *, headline: str | None = None, dek: str | None = None) -> list[Mention]:
    article = Article(article_id="a1", url="https://x.test/a", text=text, headline=headline, dek=dek, outlet_id="x")
    return find_mentions(article, outlets=OUTLETS)


def quotes(text: str) -> list[Mention]:
    return [mention for mention in read(text) if mention.kind == "quote"]


def statements(text: str) -> list[str]:
    return [mention.text for mention in read(text) if mention.kind == "statement"]


# Sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mr. Okafor met J. R. Lund in the U.S. on Friday. They went home.", 2),
        ("The film runs 2.5 hours. It cost $3.4 million. Nobody minded.", 3),
        ("Rep. Ada Moss saw it with Sgt. Pell at St. Agnes. She stayed.", 2),
        ("Did the band play? It did! The crowd went home happy.", 3),
        ("The cast arrived late; Lund, the lead, came last of all.", 1),
        ("He opened “The Long Tide. Part Two” in Oslo last year.", 1),
        ("A heading without a stop\nThe first sentence stands below it.", 2),
        ("The band came home in 2015. Lund stayed on. He met Ada Moss in Oct. 2014 and on Sept. 11 (a Thursday).", 3),
        ("He left for Paris. “Night Ferry” was shot there. The U.S. Senate saw it. So did J. R. Lund’s friends.", 4),
        ("1. The first reason is the rain.", 1),
        ("The festival, which ran from Sept. 2-12, sold every ticket. It will be back.", 2),
        ("The shoot took a month.Nobody slept much.", 2),
        ("The lineup:\nThe Pale Coast, directed by Ida Moss\nNight Ferry, directed by Jon Lund", 3),
    ],
)
def test_sentences_survive_what_ends_none(text: str, sentences: int) -> None:
    assert len(statements(text)) == sentences


@pytest.mark.parametrize("residue", ["Watch below.", "• • •", "Read more", "***", "Share", "2022", "— 14 —"])
def test_residue_is_no_mention(residue: str) -> None:
    assert statements(f"The singer came home on Monday.\n{residue}") == ["The singer came home on Monday."]


def test_headline_and_dek_are_mentions_of_their_own_part() -> None:
    found = read("The video came out on Friday.", headline="Lund Returns With New Video", dek="It was shot in one day.")
    assert [(mention.part, mention.text) for mention in found] == [
        ("headline", "Lund Returns With New Video"),
        ("dek", "It was shot in one day."),
        ("body", "The video came out on Friday."),
    ]


# Quotes


@pytest.mark.parametrize(
    "said",
    [
        "“We never had a plan for this,” Ida Moss said.",
        '"We never had a plan for this," said Ida Moss.',
        "‘We never had a plan for this,’ Ida Moss said.",
        "'We never had a plan for this,' Ida Moss said.",
        "„We never had a plan for this“, said Ida Moss.",
        "« We never had a plan for this », Ida Moss said.",
        "“We never had a plan for this,” recalled the film’s producer, Ida Moss.",
        "“We never had a plan for this,” Ida Moss, who produced the film, told reporters.",
        "Ida Moss, 41, said on Monday: “We never had a plan for this.”",
        "According to Ida Moss, “We never had a plan for this.”",
        "“We never had a plan for this!” Ida Moss said.",
        "“We never had a plan for this.” — Ida Moss",
    ],
)
def test_a_quote_has_the_speaker_that_its_frame_names(said: str) -> None:
    (quote,) = quotes(said)
    assert "never had a plan" in quote.text
    assert quote.speaker == "Ida Moss"
    assert statements(said) == []


def test_the_marks_belong_to_the_quote() -> None:
    (quote,) = quotes("“We never had a plan,” Ida Moss said.")
    assert (quote.text, quote.cue) == ("“We never had a plan,”", "said")


@pytest.mark.parametrize(
    "text",
    [
        "The sisters' new record isn't out till '23, and that's the label's word.",
        "It was the ’90s, and the brothers’ house wasn’t finished.",
        "The door is 6'2\" tall and the window is 40\" wide, the builders' plan says.",
    ],
)
def test_apostrophes_are_no_marks(text: str) -> None:
    assert quotes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The band’s single “Harbor at Night” arrives on Friday, the label said.",
        "“Harbor at Night” opens on March 3, according to the studio.",
        'Lund, who starred in "The Pale Coast," told reporters nothing.',
        "Reviewing “Small Hours,” the paper called it a triumph.",
        "Her memoir, “What the River Kept,” is out in nine languages.",
        "The so-called “Gang of Seven” met again on Tuesday.",
    ],
)
def test_titles_of_works_are_no_quotes(text: str) -> None:
    assert quotes(text) == []
    assert statements(text) == [text]


def test_a_scare_quote_is_no_quote_and_nobody_says_it() -> None:
    assert quotes("The party was full of “experts” and their friends.") == []
    (longer,) = quotes("It was made with what lay around, essentially off “the back of the van” that year.")
    assert longer.speaker is None


def test_a_short_quote_counts_where_somebody_says_it() -> None:
    text = "Ida Moss called the shoot “a nightmare” and left."
    (quote,) = quotes(text)
    assert (quote.text, quote.speaker, quote.cue) == ("“a nightmare”", "Ida Moss", "called")
    assert statements(text) == [text]


def test_a_sentence_with_much_beside_its_quote_is_a_statement_too() -> None:
    text = (
        "“We never had a plan for this,” Ida Moss said as the studio cancelled the premiere, fired two directors, "
        "sold its ranch near Oslo and stopped the sequel."
    )
    assert [mention.kind for mention in read(text)] == ["statement", "quote"]
    assert statements(text) == [text]


def test_spans_of_an_interrupted_quote_share_an_id() -> None:
    first, second, other = quotes(
        "“We never had a plan,” Ida Moss said. “We just drove out there and waited for rain.”\n"
        "The ranch was sold in the autumn to a family from Bergen.\n"
        "“I would do it again tomorrow,” Jon Lund said."
    )
    assert first.quote_id == second.quote_id != other.quote_id
    assert (second.speaker, second.cue) == ("Ida Moss", "said")
    assert other.speaker == "Jon Lund"


def test_a_quote_over_paragraphs_shares_an_id() -> None:
    first, second = quotes(
        "Ida Moss said: “We drove out there and waited for the rain to come down on us.\n"
        "“And when it came, nobody had a camera ready.”"
    )
    assert first.quote_id == second.quote_id
    assert (first.speaker, second.speaker) == ("Ida Moss", "Ida Moss")


def test_a_quote_that_is_left_open_is_whose_its_end_says() -> None:
    found = quotes(
        "Ida Moss remembered the day. “It began in the spring, when the river came up to the door.\n"
        "“Then it rained for a week, and the boat was the only house that was left to us.\n"
        "“Nobody had a camera,” she told Q.\n"
        "“I would do it again tomorrow,” Jon Lund said."
    )
    assert [quote.speaker for quote in found] == ["Ida Moss", "Ida Moss", "Ida Moss", "Jon Lund"]
    assert [quote.credit for quote in found] == ["q", "q", "q", None]
    assert len({quote.quote_id for quote in found[:3]}) == 1
    assert found[3].quote_id != found[2].quote_id


def test_a_quote_that_is_left_open_leaves_the_next_speaker_alone() -> None:
    found = quotes(
        "Ida Moss said: “It began in the spring, when the river came up to the door.\n“Then it rained,” Jon Lund said."
    )
    assert [quote.speaker for quote in found] == ["Ida Moss", "Jon Lund"]
    assert found[0].quote_id != found[1].quote_id


def test_a_block_quote_after_a_colon_belongs_to_whom_the_colon_names() -> None:
    (quote,) = quotes(
        "Cinematographer Ida Moss previously talked to The Film Lantern about the shoot, and the lights above all:\n"
        '"You try things out. We had no money, so we tried them out on the band."'
    )
    assert (quote.speaker, quote.credit) == ("Ida Moss", "lantern")
    assert quote.credit_phrase == "talked to The Film Lantern"


def test_two_speakers_in_turn_keep_their_words() -> None:
    found = quotes("“Are you ready for this?” Jon Lund asked. “We never are, not once,” Ida Moss replied.")
    assert [quote.speaker for quote in found] == ["Jon Lund", "Ida Moss"]


def test_who_speaks_is_not_looked_for_inside_quotes() -> None:
    (quote,) = quotes("“Ida Moss said it would rain, and Ida Moss was right,” Jon Lund said.")
    assert quote.speaker == "Jon Lund"


# Names


def test_a_surname_and_initials_become_the_full_name() -> None:
    text = "Ida Karin Moss directed it. “It rained for a month,” Moss said. IKM said the band stayed."
    found = [mention for mention in read(text) if mention.speaker]
    assert {mention.speaker for mention in found} == {"Ida Karin Moss"}


def test_a_pronoun_is_the_last_fitting_person() -> None:
    (quote,) = quotes(
        "Jon Lund turns his camera on the trio again. He wrote the part of Anna for Ida Moss, who makes her debut.\n"
        "She told ReelWire, “I don’t know how he does it.”"
    )
    assert (quote.speaker, quote.credit) == ("Ida Moss", "reelwire")


@pytest.mark.parametrize(
    "before",
    [
        "Ida Moss left Harborflix after her last film and went home to Bergen.",
        "Ida Moss took her first film to Sandvik in the winter. Sandvik loved her film.",
        "The painter Jon Moss died in Bergen. He was 71.\nHis widow, Ida Moss, said he had been at work on a boat.",
        "The painter Jon Lund died in Bergen. His lawyer, Ida Moss, said he had been at work and that she knew it.",
        "Ida Moss said she was in Oslo. There she hired Karl Pell for her film and then for her second film.",
        "Ida Moss was in Oslo. It was her third visit.\nShe told Gamut’s Eva Lund that she would come back to it.",
        "In the film, Ida Moss plays Eva Dahl, who runs from her husband and from the town.",
        "“It rains,” Jon Lund said.\nIda Moss, captain of the second of two boats, said she would sail again.",
    ],
)
def test_she_is_who_was_told_of_and_not_what_or_whom_she_met(before: str) -> None:
    assert quotes(f"{before}\n“We never had a plan for this,” she said.")[-1].speaker == "Ida Moss"


def test_she_is_nobody_whom_she_met() -> None:
    found = quotes(
        "“I sail,” Ida Moss said.\nHer boat is Jon Lund’s, whom she met in Oslo.\n“We had no plan,” she said."
    )
    assert [quote.speaker for quote in found] == ["Ida Moss", "Ida Moss"]


def test_she_who_speaks_to_a_reporter_is_not_the_reporter() -> None:
    text = "Ida Moss sold the boat.\nSpeaking with Gamut’s Eva Lund, she said: “We never had a plan for this.”"
    (quote,) = quotes(text)
    assert (quote.speaker, quote.credit) == ("Ida Moss", "gamut")


def test_a_name_of_one_word_speaks_where_nobody_else_is_told_of() -> None:
    (quote,) = quotes("Mirabelle sold the boat, and she left.\n“We never had a plan for this,” she said.")
    assert quote.speaker == "Mirabelle"


def test_what_somebody_does_not_say_is_no_quote() -> None:
    text = "Ida Moss will not say “action.” Jon Lund never called it “a total wreck of a boat.” He said “cut” twice."
    assert [quote.text for quote in quotes(text)] == ["“cut”"]


def test_who_is_called_by_name_in_a_quote_does_not_speak_it() -> None:
    text = "“It was long,” Ida Moss said. Eva Lund had never acted before.\nShe said, “Ida’s method is a cold one.”"
    assert [quote.speaker for quote in quotes(text)] == ["Ida Moss", "Eva Lund"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ida Moss was in Oslo. Ida said: “We never had a plan for this.”", "Ida Moss"),
        ("The sisters Ana, Eva, and Ida Lund sing. “We never had a plan for this,” Eva said.", "Eva Lund"),
        ("Tour dates by Ana, Eva, and Ida Lund are out. “We never had a plan,” Eva said.", "Eva"),
        ("Moss Leaves Oslo For Good, it read. “We never had a plan for this,” Moss said.", "Moss"),
        ("Bergen Gov. Ida Moss came late. “We never had a plan for this,” Moss said.", "Ida Moss"),
        ("“We never had a plan for this,” said Harbor Guild Director Ida Moss.", "Ida Moss"),
        ("“We never had a plan for this,” said the 46-year-old.", "the 46-year-old"),
        ("Ida van der Moss was in Oslo. “We never had a plan for this,” van der Moss said.", "Ida van der Moss"),
        ("Ida van der Moss was in Oslo. Van der Moss said: “We never had a plan for this.”", "Ida van der Moss"),
        ("“We never had a plan for this,” van der Moss said.", "van der Moss"),
        ("Ida Lund Moss was in Oslo. “We never had a plan for this,” Lund Moss said.", "Ida Lund Moss"),
        ("Ida Moss came. Rival Ida Moss fans left. “We never had a plan for this,” Ida Moss said.", "Ida Moss"),
        ("“We never had a plan for this,” June Moss said.", "June Moss"),
        ("April Moss came in May. “We never had a plan for this,” Moss said.", "April Moss"),
        ("In June Moss said: “We never had a plan for this.”", "Moss"),
        ("“We never had a plan,” according to three people briefed on the talks.", "three people briefed"),
        ("“We never had a plan for this,” said Chief Inspector Ida Moss.", "Ida Moss"),
        ("Screenwriter Ida Moss said: “We never had a plan for this.”", "Ida Moss"),
        ("“We never had a plan for this,” the “Pale Coast” captain told Q.", "the “Pale Coast” captain"),
        ("Director Ida Moss came. “We never had a plan for this,” the “Pale Coast” director told Q.", "Ida Moss"),
        ("“We never had a plan for this,” a source close to the studio said.", "a source close to the studio"),
        ("“We never had a plan for this,” two people familiar with it said.", "two people familiar with it"),
        ("Ida Moss met Jon Lund in Oslo.\n“MOSS: We never had a plan for this.”", "Ida Moss"),
        ("Ida Moss met Jon Lund in Oslo.\n“HOST: Did you ever have a plan?”", "HOST"),
    ],
)
def test_a_speaker_has_the_fullest_name_that_the_text_gives(text: str, speaker: str) -> None:
    (quote,) = quotes(text)
    assert quote.speaker == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The Return of Eva Lund\nIda Moss said the boat had sunk. “We never had a plan for this,” Moss said.",
        "By Jon Lund\nIda Moss will sail to Oslo with the whole band.\nMoss told Q: “We never had a plan for this.”",
        "An Evening With Ida Moss\nThe boat sank in the spring.\n“We never had a plan for this,” Moss says.",
        "Ida Moss Says She’ll Never Sail Again: “We never had a plan for this.”",
    ],
)
def test_a_name_ends_with_its_line_and_with_the_words_of_a_title(text: str) -> None:
    (quote,) = quotes(text)
    assert quote.speaker == "Ida Moss"


@pytest.mark.parametrize(
    "said",
    [
        "“We never had a plan for this,” Ida Moss and Jon Lund said in a joint statement.",
        "“We never had a plan for this,” said Ida Moss and Jon Lund in a joint statement.",
        "“We never had a plan for this,” Guild president Ida Moss and chief negotiator Jon Lund said.",
        "“We never had a plan for this,” director Ida Moss and her producer Jon Lund said.",
        "When boats are revealed as wrecks, Ida Moss and Jon Lund call them “a plan that we never had.”",
        "Ida Moss and Jon Lund, in a note on Monday, said: “We never had a plan for this.”",
        "Ida Moss met Jon Lund in Oslo. “We never had a plan for this,” Moss and Lund told Q.",
    ],
)
def test_two_who_say_it_together_are_both_named(said: str) -> None:
    (quote,) = quotes(said)
    assert quote.speaker == "Ida Moss and Jon Lund"


@pytest.mark.parametrize(
    "said",
    [
        "“We never had a plan for this,” said Ida Moss, and Jon Lund agreed.",
        "“We never had a plan for this,” Ida Moss said, and Jon Lund nodded.",
        "“We never had a plan for this,” said Ida Moss and Jon Lund laughed.",
        "Jon Lund laughed, and Ida Moss said: “We never had a plan for this.”",
        "In a letter to Eva Dahl and Jon Lund, Ida Moss said: “We never had a plan for this.”",
    ],
)
def test_who_stands_beside_the_speaker_does_not_speak(said: str) -> None:
    (quote,) = quotes(said)
    assert quote.speaker == "Ida Moss"


@pytest.mark.parametrize(
    "text",
    [
        "Director Ida Moss sold the boat to Jon Lund.",
        "The boat was sold to Jon Lund by director Ida Moss.",
        "Ida Moss, the Norwegian director, sold the boat to Jon Lund.",
        "Ida Moss will direct “The Pale Coast” with Jon Lund.",
        "“The Pale Coast” was directed by Ida Moss. Moss, a director, sold the boat to Jon Lund.",
    ],
)
@pytest.mark.parametrize("described", ["the director", "the filmmaker"])
def test_the_director_is_who_is_said_to_be_one(text: str, described: str) -> None:
    quote = quotes(f"{text}\n“We never had a plan for this,” {described} told Q.")[-1]
    assert (quote.speaker, quote.credit) == ("Ida Moss", "q")


@pytest.mark.parametrize(
    "text",
    [
        "Ida Moss sold the boat to Jon Lund.",
        "Director Ida Moss sold the boat to director Jon Lund.",
        "Director Ida Moss sold the boat to art director Jon Lund.",
        "Art director Ida Moss sold the boat to Jon Lund.",
        "Ida Moss, who directs, sold the boat to her co-director.",
        "The producer Ida Moss sold the boat to Jon Lund.",
    ],
)
def test_the_director_stays_the_director_where_it_may_be_another(text: str) -> None:
    assert quotes(f"{text}\n“We never had a plan for this,” the director told Q.")[-1].speaker == "the director"


@pytest.mark.parametrize("nobody", ["nobody in the village would talk about it", "no one said a word of it"])
def test_who_is_nobody_says_nothing(nobody: str) -> None:
    (quote,) = quotes(f"The house was full of water, and {nobody}.\n“Water lies when it is drawn by a machine.”")
    assert (quote.speaker, quote.cue) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Speaking to reporters in Bergen on Friday, Ida Moss called the boat “a total wreck of a boat.”",
        "Hours later, Ida Moss returned the praise, telling the crew: “You have been friends for a long time.”",
        "BERGEN, May 4 (RW) — Ida Moss rallied the crew, saying: “We have to be ready to sail tonight.”",
        "BERGEN — Ida Moss rallied the crew again, saying: “We have to be ready to sail tonight.”",
        "Ida Moss defended what they had done, saying the town was “brave and full of heart” in May.",
        "Ida Moss, who has in the past described the boat as “a terrible piece of work,” sold it.",
        "Ida Moss, in a note released by the studio on Thursday, said the boat was “never in any danger.”",
        "In a statement to ReelWire, her oldest adviser, Ida Moss, said: “We never had a plan for this.”",
        "Ida Moss says the challenges for a captain would be “dealing with the weather in May.”",
        "Ida Moss says the late tweets targeting the crew were “written by somebody else.”",
        "The film ends with footage of Ida Moss saying, “We never had a plan for this.”",
        "“We never had a plan for this,” said Harbor Pictures president of distribution Ida Moss.",
        "Jon Lund died on Monday of a fever, his daughter, Ida Moss, told Q. “We never had a plan for this.”",
        "Jon Lund died on Monday. “We never had a plan for this,” his daughter, the painter Ida Moss, said.",
        "“We never had a plan for this,” Ida Moss of the Bergen police said.",
        "It was Jon Lund who wrote it. “We never had a plan for this,” Ida Moss went on.",
        "Ida Moss will sail in “The Pale Coast,” a film by Jon Lund.\n“We never had a plan for this,” she said.",
        "Ida Moss came late. She went on to say: “We never had a plan for this.”",
        "Ida Moss came late. She said her campaign was lost and said the boat was “never a boat of ours.”",
    ],
)
def test_a_speaker_is_whose_words_they_are_and_not_what_stands_near(text: str) -> None:
    (quote,) = quotes(text)
    assert quote.speaker == "Ida Moss"


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The paper looked into Ida Moss’s claim that there were “thousands of boats” in May.", "claim"),
        ("Ida Moss came late. Nobody believed her remark about “thousands of boats” in May.", "remark"),
        ("For years Ida Moss has pounded the boat as a “floating wreck” in town.", "pounded"),
    ],
)
def test_a_short_quote_may_hang_on_a_noun_or_on_a_name_that_is_given(text: str, cue: str) -> None:
    (quote,) = quotes(text)
    assert (quote.speaker, quote.cue) == ("Ida Moss", cue)


def test_a_word_in_quotes_that_nobody_is_said_to_say_stays_none() -> None:
    assert quotes("The claim about the harbor was old. The boat served as a “hotel” in May.") == []


# Indirect speech and credits


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("Ida Moss said that the film would open in May.", "Ida Moss", "said"),
        ("The film will open in May, Ida Moss said.", "Ida Moss", "said"),
        ("The film will open in May, according to Ida Moss.", "Ida Moss", "according to"),
        ("Ida Moss announced that the film would open in May.", "Ida Moss", "announced"),
        ("Ida Moss announced a film in May.", None, None),
        ("Ida Moss wrote the film in May.", None, None),
        ("Ida Moss came to Oslo, but she was joking.", None, None),
        ("Her claims about the film made the report a hard read.", None, None),
    ],
)
def test_indirect_speech_has_its_speaker(text: str, speaker: str | None, cue: str | None) -> None:
    (mention,) = read(text)
    assert (mention.kind, mention.speaker, mention.cue) == ("statement", speaker, cue)


@pytest.mark.parametrize(
    "verb", ["admitted", "agreed", "disagrees", "deadpanned", "snapped", "confessed", "confides", "clarifies"]
)
def test_a_verb_of_saying_in_any_form_has_its_speaker(verb: str) -> None:
    (quote,) = quotes(f"“The boat sank before we had a single shot of it,” Ida Moss {verb}.")
    assert (quote.speaker, quote.cue) == ("Ida Moss", verb)


@pytest.mark.parametrize(
    ("text", "credit", "phrase"),
    [
        ("Moss told Q that the band would tour.", "q", "told Q"),
        ("The video came out on Friday, according to The Film Lantern.", "lantern", "according to The Film Lantern"),
        ("The shared history goes far back, as per Q Magazine.", "q", "as per Q Magazine"),
        ("In an interview with TFL, Moss named the place.", "lantern", "an interview with TFL"),
        ("ReelWire reports that the band will tour.", "reelwire", "ReelWire reports"),
        ("The tour was first reported by ReelWire on Friday.", "reelwire", "reported by ReelWire"),
        ("Originally premiering in Q Magazine, the piece shows a dance hall.", "q", "premiering in Q Magazine"),
        ("The band will tour in May (via ReelWire).", "reelwire", "via ReelWire"),
        ("Moss told the Oslo Evening Herald that it rained.", "Oslo Evening Herald", "told the Oslo Evening Herald"),
        ("As the Bergen Times reported, it rained for weeks.", "Bergen Times", "Bergen Times reported"),
        ("In a ReelWire interview, Moss named the place.", "reelwire", "a ReelWire interview"),
        ("In a recent Film Lantern cover story Moss named the place.", "lantern", "recent Film Lantern cover story"),
        ("Jon Lund of ReelWire first reported that it rained.", "reelwire", "Jon Lund of ReelWire first reported"),
        ("ReelWire’s Jon Lund reported that it rained.", "reelwire", "ReelWire’s Jon Lund reported"),
        ("Moss gave ReelWire a first look at the boat.", "reelwire", "gave ReelWire a first look"),
        ("On the podcast Wet Feet, Moss named the place.", "Wet Feet", "On the podcast Wet Feet"),
        ("A friend told People that Moss had left.", "People", "told People"),
        ("Moss told the New York Ledger Times it rained.", "New York Ledger Times", "told the New York Ledger Times"),
        ("It was in an article in Sunday’s Bergen Times.", "Bergen Times", "an article in Sunday’s Bergen Times"),
        ("Moss told people that the band would tour.", None, None),
        ("Vice President Ida Moss said that it rained.", None, None),
        ("ReelWire called on Moss to name the place.", None, None),
        ("Moss told Jon Lund that the band would tour.", None, None),
        ("Q is a letter, and Q follows P in the alphabet.", None, None),
    ],
)
def test_credits_name_the_outlet_and_keep_the_phrase(text: str, credit: str | None, phrase: str | None) -> None:
    (mention,) = read(text)
    assert (mention.credit, mention.credit_phrase) == (credit, phrase)


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Moss told Gamut that the band would tour.", "gamut"),
        ("Moss told Gamut Thursday that the band would tour.", "gamut"),
        ("Moss told Gamut’s Ana Lund that the band would tour.", "gamut"),
        ("Moss told Gamut Lund had left the band for good.", "gamut"),
        ("According to Gamut and ReelWire, the band will tour.", "gamut"),
        ("Gamut was first to report the news of the tour.", "gamut"),
        ("The Verdict broke the story of the tour.", "verdict"),
        ("The band was first to report to the captain.", None),
        ("The storm broke the news of the tour to nobody.", None),
        ("According to the Gamut report, the band will tour.", "gamut"),
        ("But Gamut reports that the band will tour.", "gamut"),
        ("Moss told the Verdict that the band would tour.", "verdict"),
        ("The Verdict reports that the band will tour.", "verdict"),
        ("Speaking to Loose Thread on Friday, Moss named the place.", "loosethread"),
        ("Moss spoke with the Loose Thread on Friday.", "loosethread"),
        ("They ran the gamut, and spoke to a gamut of people in Oslo.", None),
        ("The Gamut says little in the film, and sinks at the end.", None),
        ("Moss told the Gamut that it would sink in the harbor.", None),
        ("His Gamut said nothing when the captain came on board.", None),
        ("The Grand Oslo Gamut reveals new sides of the town.", None),
        ("The song was published on Gamut Day in the spring.", None),
        ("Moss spoke with Gamut of Love founder Jon Lund on Friday.", None),
        ("Moss was in the room when Verdict said it would rain.", None),
        ("Moss spoke with Loose Thread Jon Lund on Friday.", None),
        ("Moss spoke with Q. Xavier Lund in the harbor.", None),
    ],
)
def test_a_name_of_ordinary_words_is_a_credit_where_it_is_the_outlets(text: str, credit: str | None) -> None:
    assert {mention.credit for mention in read(text)} == {credit}


LEADS = (
    "Moss told", "Moss tells", "Telling it all,telling", "Lund informed", "Moss talked to",
    "Moss talks exclusively with", "Moss talked recently to", "Moss spoke with", "Moss speaks to", "Speaking to",
    "Moss has spoken with", "Moss sat down with", "Moss chatted with", "chatting with", "According to",
    "It is, according to", "As per", "It is, as per", "As first reported by", "As noted in", "as revealed to",
    "As seen in", "Per", "per", "Via", "via", "Courtesy of", "courtesy of", "h/t", "H/T", "Hat tip to", "hat tip to",
    "In an interview with", "Interviewed by", "interviews published in", "In a statement to", "It was confirmed to",
    "confirming to", "Moss revealed to", "It was shared exclusively with", "Moss explained to", "Moss admitted to",
    "remarks to", "comments to", "Moss disclosed to", "It was published by", "It was unveiled in",
    "It was obtained by", "reviewed by", "conducted by", "quoted in", "cited by", "It was spotted by",
    "It was noted by", "It premiered on", "premiering in", "It premieres at", "It debuted on", "debuting in",
    "It appeared in", "It appears in", "It ran in", "running in", "exclusive to", "exclusively on", "Moss wrote in",
    "writing for", "Moss was profiled in", "her essay for", "in a report by", "a story in", "the interview for",
    "the profile in", "an article in", "a feature in", "a piece for", "Citing", "it is told, citing", "she cites",
    "Moss opened up to", "opening up to", "Moss said to", "Asked by", "as asked by", "when reached by",
    "a video shared by", "It was uncovered by", "a new report from", "in an op-ed for", "her guest column in",
    "an oral history in", "his review for", "a long conversation with",
)  # fmt: skip


@pytest.mark.parametrize("lead", ["ran on", "premiered on", "debuted in 2031 on"])
def test_where_a_series_ran_is_no_credit(lead: str) -> None:
    assert [mention.credit for mention in read(f"The first series of eight {lead} CBS, and nobody saw it.")] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "“The boat sinks and so does the film,” wrote Ida Moss in ReelWire.",
        "“The boat sinks and so does the film,” wrote Ida Moss for ReelWire.",
        "ReelWire’s Ida Moss wrote that “the boat sinks and so does the film.”",
        "ReelWire’s Ida Moss called it “a boat that sinks with the film.”",
        "“The boat sinks and so does the film,” said ReelWire.",
    ],
)
def test_a_review_that_is_quoted_is_credited_to_the_critics_outlet(text: str) -> None:
    assert {quote.credit for quote in quotes(text)} == {"reelwire"}


@pytest.mark.parametrize(
    "text",
    [
        "Final figures are in: “The Pale Coast” opened to a full house in Bergen.",
        "The script, by Ida Moss, never explains.\n“Coast” opened in Bergen, where it had nine minutes of applause.",
    ],
)
def test_a_title_that_does_something_is_no_quote(text: str) -> None:
    assert quotes(text) == []


@pytest.mark.parametrize(
    "text", ["The budget is said to be a secret.", "No injuries were reported.", "The boat is believed to be lost."]
)
def test_what_something_is_said_to_be_it_does_not_say(text: str) -> None:
    assert [mention.speaker for mention in read(text)] == [None]


@pytest.mark.parametrize("lead", LEADS)
def test_what_leads_up_to_an_outlet_credits_it(lead: str) -> None:
    assert {mention.credit for mention in read(f"The tour begins in the spring: {lead} ReelWire on the day.")} == {
        "reelwire"
    }


REPORTS = (
    "’s report", "’s interviews", "’s story", "’s profile", "’s articles", " reports", " first reported", " notes",
    " has noted", " writes", " wrote", " says", " previously said", " confirms", " has confirmed", " reveals",
    " exclusively revealed", ", also learned", " points out", " quotes", " had quoted", " was first to report",
    " was the first to break", " was the first outlet to confirm", " is first with the news", " broke the news",
    " first broke the story", " has broken this story", " had the news first", " understands", " called it so, and",
    " describes it so, and", "’s review", "’s investigation", " spoke with her and said", " caught up with her,",
    " asked her so often", " has interviewed her so often", " uncovered",
)  # fmt: skip


@pytest.mark.parametrize("report", REPORTS)
def test_what_an_outlet_reports_credits_it(report: str) -> None:
    assert {mention.credit for mention in read(f"It is ReelWire{report} that the tour begins in the spring.")} == {
        "reelwire"
    }


def test_a_credit_with_an_unbreakable_blank_is_read_like_any_other() -> None:
    (mention,) = read("Moss told Jon Lund of the Bergen\u00a0Times that it rained.")
    assert (mention.credit, mention.credit_phrase) == ("Bergen Times", "told Jon Lund of the Bergen\u00a0Times")


TOLD_FIRST = "Ida Moss told ReelWire on Tuesday that she will direct."


@pytest.mark.parametrize(
    ("text", "credits"),
    [
        (f"{TOLD_FIRST} Moss told the magazine that nobody had believed her.", ["reelwire"] * 2),
        (f"{TOLD_FIRST} The film is set in Lagos, according to the outlet.", ["reelwire"] * 2),
        ("Moss will direct, ReelWire reported. Jon Lund will write it, the report said.", ["reelwire"] * 2),
        (f"{TOLD_FIRST} The report said that it had rained.", ["reelwire", None]),  # whose report?
        (f"{TOLD_FIRST} The report of the police said little, she told the paper of her town.", ["reelwire", None]),
        ("Moss told the magazine that nobody had believed her.", [None]),
    ],
)
def test_an_outlet_is_credited_again_as_the_magazine(text: str, credits: list[str | None]) -> None:  # noqa: A002
    assert [mention.credit for mention in read(text)] == credits


@pytest.mark.parametrize(
    "said", ["was reported earlier by both ReelWire and Gamut, said", "was reported by ReelWire and Gamut, said"]
)
def test_of_two_outlets_that_reported_it_the_first_is_credited(said: str) -> None:
    (mention,) = read(f"The actress, whose casting {said} she had seen the play as a girl.")
    assert (mention.credit, mention.speaker) == ("reelwire", "The actress")


def test_a_credit_inside_a_quote_is_the_speakers_own() -> None:
    (quote,) = quotes("“I told ReelWire that we were done with it,” Ida Moss said.")
    assert quote.credit is None


# Voice


def test_criticism_is_opinion_and_reporting_is_not() -> None:
    found = read(
        "The video was shot in Oslo in May.\nThe camera is a masterful, dazzling thing.\nI loved every minute of it.\n"
        "Ida Moss said that the camera is a masterful thing."
    )
    assert [mention.voice for mention in found] == ["reported", "opinion", "opinion", "reported"]


_REVIEW = (
    ("The keeper of a lighthouse off Grauhafen finds a boat without a crew.", "reported"),
    ("Director Ida Moss wrote the script with Tom Brenner and shot it in 19 days in 2029.", "reported"),
    ("What could have been a gimmick becomes, in her hands, something closer to a prayer.", "opinion"),
    ("Brenner plays the keeper, and his brother plays the man in the boat.", "reported"),
    ("The dialogue is never quite as clever as it seems to think.", "opinion"),
    ("You may find yourself wishing that the film trusted its silences a little more.", "opinion"),
    ("The keeper’s daughter discovers a letter, and the police arrive from the mainland.", "reported"),
    ("Still, few films this year have looked so much like a bad dream, or felt so true.", "opinion"),
)


@pytest.mark.parametrize("headline", ["Review: The Drowned Lamp", "The Drowned Lamp"])
def test_a_critic_judges_without_a_word_that_judges(headline: str) -> None:
    text = " ".join(sentence for sentence, _ in _REVIEW)
    found = find_mentions(Article(article_id="a", url="https://k.test/a", text=text, headline=headline))
    assert [(one.text, one.voice) for one in found if one.part == "body"] == list(_REVIEW)


def test_a_review_in_another_language_is_not_weighed_by_english_signs() -> None:
    text = "Le film sort jeudi en salles. Il suit deux sœurs qui tiennent un ferry. Le tournage a duré cinq semaines."
    article = Article(article_id="a", url="https://k.test/reviews/a", text=text, language="fr")
    assert {mention.voice for mention in find_mentions(article)} == {"reported"}


def test_where_nobody_criticises_the_same_words_report() -> None:
    facts = (
        "The council of Grauhafen met on Monday. The ferry may still sail, the harbour master told the council. "
        "The budget is 40 million for 2031. Nobody was hurt in the fire on the pier. Ida Moss was named head. "
        "The port has 12 cranes."
    )
    assert {mention.voice for mention in read(facts)} == {"reported"}


@pytest.mark.parametrize(
    ("headline", "section", "url"),
    [
        ("The Drowned Lamp review – out at sea", "", "https://k.test/a"),
        ("‘The Drowned Lamp’ Review: Out at Sea", "", "https://k.test/a"),
        ("Out at sea", "Film reviews", "https://k.test/a"),
        ("Out at sea", "", "https://k.test/reviews/drowned-lamp"),
        ("Out at sea", "", "https://k.test/2031/the-drowned-lamp-movie-review-1234567/"),
    ],
)
def test_a_review_calls_itself_one(headline: str, section: str, url: str) -> None:
    article = Article(article_id="a", url=url, text="", headline=headline, section=section)
    assert calls_itself_review(article)


@pytest.mark.parametrize("headline", ["Studio reviews its plans for The Drowned Lamp", "Preview: The Drowned Lamp"])
def test_to_review_something_else_is_no_review(headline: str) -> None:
    assert not calls_itself_review(Article(article_id="a", url="https://k.test/a", text="", headline=headline))


def test_one_adornment_leaves_a_sentence_of_facts_a_sentence_of_facts() -> None:
    (mention,) = read(
        "Ida Moss has directed the trio from Bergen in nine dazzling videos since 2014, four of them shot on a ranch "
        "near Oslo that belongs to the family of the drummer."
    )
    assert mention.voice == "reported"


def test_what_somebody_says_in_a_quote_is_reported() -> None:
    (quote,) = quotes("“I think it is a brilliant, stunning masterpiece,” Ida Moss said.")
    assert quote.voice == "reported"


# Promises that hold for every text

MARKS = "“”‘’'\"„«»`"
PIECES = st.sampled_from(
    [
        *MARKS,
        *" .,!?:;—…\n\t\u00a0\u2028()",
        "Ida Moss",
        "she",
        "said",
        "told Q",
        "told",
        "according to",
        "the Bergen\u00a0Times",
        "As The Daily\u00a0Herald reported",
        "of Q Magazine’s",
        "Mr.",
        "U.S.",
        "the rain",
        "İ",
        "ß",
        "🎬",
        "e\u0301",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join), st.lists(PIECES, max_size=60).map(" ".join)
)


@settings(max_examples=200, deadline=None)
@given(text=TEXTS, headline=st.one_of(st.none(), TEXTS))
def test_offsets_ids_and_order_hold_for_any_text(text: str, headline: str | None) -> None:
    article = Article(article_id="a1", url="https://x.test/a", text=text, headline=headline)
    found = find_mentions(article, outlets=OUTLETS)
    for mention in found:
        assert article.part(mention.part)[mention.start_char : mention.end_char] == mention.text
        assert mention.text.strip() == mention.text
        assert "\n" not in mention.text
        assert any(sign.isalnum() for sign in mention.text)
        assert (mention.quote_id is not None) == (mention.kind == "quote")
    assert len({mention.mention_id for mention in found}) == len(found)
    places = [(mention.part != "headline", mention.start_char, mention.kind == "quote") for mention in found]
    assert places == sorted(places)
    assert find_mentions(article, outlets=OUTLETS) == found


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["The rain fell.", "“We ran,” Ida Moss said.", "Nobody came to the show."]), min_size=1)
)
def test_a_sentence_keeps_its_id_when_another_is_put_before_it(sentences: list[str]) -> None:
    before = {mention.mention_id for mention in read("\n".join(sentences))}
    after = {mention.mention_id for mention in read("\n".join(["A sentence that is new.", *sentences]))}
    assert before < after


def test_ids_differ_between_articles() -> None:
    article = Article(article_id="a1", url="https://x.test/a", text="The rain fell on Oslo.")
    other = dataclasses.replace(article, article_id="a2")
    ids = {mention.mention_id for one in (article, other) for mention in find_mentions(one, outlets=OUTLETS)}
    assert len(ids) == 2


def test_the_packaged_outlets_are_the_default() -> None:
    article = Article(article_id="a1", url="https://x.test/a", text="The rain fell on Oslo.")
    assert [mention.text for mention in find_mentions(article)] == ["The rain fell on Oslo."]


def test_an_empty_article_has_no_mentions() -> None:
    assert read("") == read(" \n\n ", headline="", dek=None) == []


def test_block_quote_without_marks_belongs_to_whom_the_colon_names():
    text = (
        "Ada Marsh, who built the set, told Lantern Weekly that nobody had measured the door:\n"
        "We carried the boat to the house and then we carried it home again. It would not fit by a hand’s width.\n"
        "The second boat was smaller."
    )
    assert [(quote.speaker, quote.text) for quote in quotes(text)] == [("Ada Marsh", text.splitlines()[1])]


def test_list_after_a_colon_is_no_quote():
    text = "The festival shows three films:\nThe Lantern Keeper, by Ada Marsh, runs for ninety minutes on Friday night."
    assert not quotes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Director Ida Moss smiled. The director said it was fine. " * 4_000,
        f"On {'of Ida Moss ' * 9_000}:\n“We never did leave the harbour of the town at all, not once.”",
    ],
)
def test_what_was_made_to_cost_time_is_read_in_time(text: str) -> None:
    start = time.process_time()
    assert read(text)
    assert time.process_time() - start < 8.0  # it took a minute, and more


INTERVIEW = (
    "Ida Moss comes early.\n"
    "GAMUT: Why leave now?\n"
    "IDA MOSS: I had told them that six would be it for me. Nobody believed me.\n"
    "GAMUT: There was talk of a feud with Jon Lund.\n"
    "MOSS: Jon and I had one bad day in six years.\n"
    "IKE WU: It was a good day for me."
)


def test_an_answer_in_an_interview_is_a_quote_of_whom_its_label_names() -> None:
    assert [(quote.speaker, quote.text) for quote in quotes(INTERVIEW)] == [
        ("Ida Moss", "I had told them that six would be it for me. Nobody believed me."),
        ("Ida Moss", "Jon and I had one bad day in six years."),
    ]  # and of nobody whom the article does not name
    assert "GAMUT: There was talk of a feud with Jon Lund." in statements(INTERVIEW)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE: The tour of the band was called off on Friday.",
        "BEST DIRECTOR: Ida Moss, for The Pale Coast, in her first year.\nBEST FILM: The Pale Coast, of the same Moss.",
        "COMPETITION: The Pale Coast, by Ida Moss, in its first week.\nJURY: The director Jon Lund and five others.",
    ],
)
def test_a_label_that_is_nobodys_name_makes_no_quote(text: str) -> None:
    assert not quotes(text)


@pytest.mark.parametrize(
    "text",
    [
        "“We ran,” Ida Moss said.\nThe lineup:\n“Salt,” Jon Lund (Norway)",
        "“Kettle,” the play about a kettle, will open on Friday, producers said.",
    ],
)
def test_a_title_of_one_word_that_a_comma_ends_is_no_quote(text: str) -> None:
    assert {"“Salt,”", "“Kettle,”"}.isdisjoint(quote.text for quote in quotes(text))


ASKED = (
    "The Film Lantern: People are saying that you shot it all at night.\n"
    "Moss: That is nearly true. He told me, “Then wait for the dark.” So we waited.\n"
    "The Film Lantern: Which lens was it?\n"
    "Moss: An old one from Oslo, which I rebuilt.\n"
    "Wu: I held the lamp."
)


def test_who_answers_an_outlet_is_quoted_though_the_labels_are_small() -> None:
    found = [one for one in read(ASKED, headline="Ida Moss on Shooting The Pale Coast") if one.kind == "quote"]
    assert [(quote.speaker, quote.text) for quote in found] == [
        ("Ida Moss", "That is nearly true. He told me, “Then wait for the dark.” So we waited."),
        ("Ida Moss", "An old one from Oslo, which I rebuilt."),
    ]


def test_a_list_of_credits_is_no_interview() -> None:
    assert not quotes("Director: Ida Moss\nCast: Jon Lund, Eva Pell and a very good dog\nIda Moss made it in Oslo.")


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ida Moss leaves the film. As reported by Gamut, she is tired.\n“It is time,” she told Gamut.", "Ida Moss"),
        ("Ida Moss told the magazine Kino Heute that it rained. She said that she was tired.", "Ida Moss"),
        ("Ida Moss died in Oslo, her daughter, actress Eva Pell, told Gamut.", "Eva Pell"),
        ("Ida Moss died in Oslo, her son, the producer Karl Pell, said.", "Karl Pell"),
        ("PLC co-presidents Ida Moss and Jon Lund said, “It was the sort of film we like.”", "Ida Moss and Jon Lund"),
        ("“Salt” ran to a $4 million debut from 9 North American theaters, according to studio estimates.", None),
        ("Her agent denied to The Film Lantern that it rained.", "Her agent"),
        ("Ida Moss nearly took the part, she revealed on a podcast this week.", "Ida Moss"),
        ("Ida Moss left, she admitted on Friday, and then it rained.", None),
    ],
)
def test_no_outlet_and_no_dead_person_speaks(text: str, speaker: str | None) -> None:
    assert read(text)[-1].speaker == speaker


@pytest.mark.parametrize(
    "text",
    [
        "“It was like arguing with rain,” says one stagehand. Another puts it differently: “He was scared.”",
        "“It rained for a week,” said Ida Moss. Jon Lund put it another way: “It poured.”",
    ],
)
def test_what_two_say_in_one_paragraph_is_two_quotes(text: str) -> None:
    assert len({quote.quote_id for quote in quotes(text)}) == 2


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Ida Moss nearly took the part, she revealed on the Second Take podcast this week.", "Second Take"),
        ("Ida Moss nearly took the part, she said on the “Second Take” podcast.", "Second Take"),
        ("Ida Moss told the podcast “Second Take” that it rained.", "Second Take"),
        ("Ida Moss told the French newspaper Matin Gris that it rained.", "Matin Gris"),
        ("“It rained on us all,” Ida Moss told Le Monde.", "Le Monde"),
        ("Gamut is reporting that the film is shelved.", "gamut"),
        ("Her agent denied to ReelWire that she was asked.", "reelwire"),
        ("Ida Moss said on Tuesday’s podcast that it rained.", None),
        ("Ida Moss told the French newspaper that it rained.", None),
    ],
)
def test_podcasts_and_papers_of_other_countries_are_credited(text: str, credit: str | None) -> None:
    assert read(text)[0].credit == credit


def test_a_title_after_a_colon_in_a_headline_is_no_quote() -> None:
    assert not [one for one in read("It rained.", headline="Crown Prizes: ‘Pale Coast’ Leads With 12") if one.speaker]
    (quote,) = [
        one for one in read("It rained.", headline="Jon Lund Responds to Moss: “It Was a Stool”") if one.kind == "quote"
    ]
    assert quote.speaker == "Jon Lund"


@pytest.mark.parametrize(
    "text",
    [
        "We hear that the deal is in the low seven figures.",
        "An earlier version of this story said that the film came out in 1962.",
        "Jon Lund leaves the film - reports",
        "Shooting is to begin in Gdansk in March.",
    ],
)
def test_a_sum_and_a_correction_speak_for_nobody(text: str) -> None:
    assert [mention.speaker for mention in read(text)] == [None]


def test_of_two_outlets_nobody_knows_which_is_the_magazine() -> None:
    text = "Jon Lund left the film, ReelWire and Gamut reported. The magazine said that he was tired."
    assert [mention.credit for mention in read(text)][1] is None


def test_what_is_said_on_a_podcast_is_credited_to_its_outlet() -> None:
    (quote,) = quotes("“I read it on a train and then I said no,” Ida Moss said on the ReelWire podcast.")
    assert (quote.speaker, quote.credit) == ("Ida Moss", "reelwire")


def test_the_work_that_somebody_directed_says_nothing() -> None:
    text = "Jon Lund is unstoppable. The director of Paper Harbor won again.\n“I will sleep now and then,” he said."
    assert [quote.speaker for quote in quotes(text)] == ["Jon Lund"]


# Whose a statement is


def owners(text: str) -> list[str | None]:
    return [mention.speaker for mention in read(text) if mention.kind == "statement"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The shoot begins in May, said Mara Venn.", "Mara Venn"),
        ("Two reels were never found, said Mara Venn, who runs the archive.", "Mara Venn"),
        ("The barn burned in an hour, said fire chief Mara Venn on Tuesday.", "Mara Venn"),
        ("Lamps and lenses have become dear, too, says Mara Venn, a Lund University economist.", "Mara Venn"),
        ("Oslo, Bergen and Turku are off the list, said Culture Minister Mara Venn.", "Mara Venn"),
        ("If the prints are wet they may be lost, cautions Mara Venn.", "Mara Venn"),
        ("Mara Venn made the cut. The ending was never in doubt, said the director.", "the director"),
    ],
)
def test_a_statement_is_whose_name_stands_behind_its_verb(text, speaker):
    assert owners(text)[-1] == speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Her agent, Jon Lund, said Venn died on Sunday in Oslo.", "Jon Lund"),
        ("Jon Lund, who cut the film, said Venn had left.", "Jon Lund"),
        ("Jon Lund, her agent, said Mara Venn, 40, would direct it.", "Jon Lund"),
        ("Jon Lund, the mayor of Brenn, said Tuesday that the hall would stay shut.", "Jon Lund"),
        ("Jon Lund came in, sat down, said a word of thanks and left.", "Jon Lund"),
    ],
)
def test_a_name_behind_a_verb_is_no_speaker_where_another_verb_follows(text, speaker):
    assert owners(text) == [speaker]


def test_she_of_a_statement_is_who_was_heard_before_it():
    text = (
        "Ada Moss shot the film. Mara Venn, who wrote it, was there too. Ada Moss said the crew was small."
        " She said that nobody slept.\n\nMara Venn said the script was longer once."
    )
    assert owners(text)[3] == "Ada Moss"


def test_a_word_with_a_capital_for_its_place_is_nobody_whom_she_means():
    text = (
        "Mara Venn runs the archive. Members of the board said the roof leaks. She said that the reels were dry,"
        " and that nobody had asked."
    )
    assert owners(text)[-1] == "Mara Venn"
