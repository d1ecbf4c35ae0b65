"""In what outlets disagree, kind by kind, and in what they only seem to; on invented prose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from presswatch.align import compare_story
from presswatch.model import Article, Mention, StoryComparison, make_id

SUNDAY = datetime(2031, 5, 4, 12, tzinfo=UTC)


def publish(outlet: str, text: str, published_at: datetime | None) -> tuple[Article, Mention]:
    name = make_id(outlet)
    article = Article(
        article_id=name, url=f"https://{outlet}.test/a", text=text, outlet_id=outlet, published_at=published_at
    )
    mention = Mention(
        mention_id=make_id(name, "m"), article_id=name, outlet_id=outlet, start_char=0, end_char=len(text), text=text
    )
    return article, mention


def compare(one: str, other: str, *published: datetime | None) -> StoryComparison:
    days = published or (SUNDAY, SUNDAY)
    made = [publish(outlet, text, day) for outlet, text, day in zip(("ab", "cd"), (one, other), days, strict=True)]
    return compare_story([article for article, _ in made], [mention for _, mention in made])


def differences(one: str, other: str, *published: datetime | None) -> list[tuple[str, str, str]]:
    first = make_id(make_id("ab"), "m")
    return [
        (d.kind, *((d.value_a, d.value_b) if d.a_id == first else (d.value_b, d.value_a)))
        for d in compare(one, other, *published).differences
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "The Slow Ferry, directed by Ada Quill, opens the festival in Grauhafen.",
            "The Slow Ferry, directed by Tom Brenner, opens the festival in Grauhafen.",
            ("role", "Ada Quill", "Tom Brenner"),
        ),
        (
            "Cinematographer Noor Haddad shot The Slow Ferry on old film stock.",
            "The Slow Ferry was shot on old film stock by cinematographer Lena Voss.",
            ("role", "Noor Haddad", "Lena Voss"),
        ),
        (
            "Ada Quill plays Captain Morrow on the last crossing of The Slow Ferry.",
            "Lena Voss plays Captain Morrow on the last crossing of The Slow Ferry.",
            ("role", "Ada Quill", "Lena Voss"),
        ),
        (
            "The Slow Ferry has a running time of three and a half hours, the festival in Grauhafen says.",
            "The Slow Ferry has a running time of 227 minutes, the festival in Grauhafen says.",
            ("runtime", "three and a half", "227 minutes"),
        ),
        (
            "The average ticket to the festival of Grauhafen costs £9.80.",
            "The average ticket price of the festival of Grauhafen is £8.90.",
            ("number", "£9.80", "£8.90"),
        ),
        (
            "Studio Norvik of Grauhafen was sold to Brenner for $27.50 a share, or $8 billion.",
            "Studio Norvik of Grauhafen was sold to Brenner for $8 billion, or $25.70 a share.",
            ("number", "$27.50", "$25.70"),
        ),
        (
            "Quill, 38, is the director of The Slow Ferry of Grauhafen.",
            "“It floats,” Quill, 39, director of The Slow Ferry of Grauhafen, said.",
            ("age", "38", "39"),
        ),
        (
            "Overseas, The Slow Ferry took $62.5 million from 54 markets.",
            "Overseas, The Slow Ferry added $58.5 million from fifty-four markets.",
            ("box office", "$62.5 million", "$58.5 million"),
        ),
        (
            "The Slow Ferry has a running time of 97 minutes, the festival in Grauhafen says.",
            "The Slow Ferry has a running time of 112 minutes, the festival in Grauhafen says.",
            ("runtime", "97", "112"),
        ),
        (
            "The Slow Ferry grossed $12.4 million on its opening weekend in Grauhafen.",
            "The Slow Ferry grossed $14.1 million on its opening weekend in Grauhafen.",
            ("box office", "$12.4 million", "$14.1 million"),
        ),
        (
            "The Slow Ferry was filmed in Grauhafen over one long winter with amateurs.",
            "The Slow Ferry was filmed in Aldmoor over one long winter with amateurs.",
            ("place", "Grauhafen", "Aldmoor"),
        ),
        (
            "Shooting begins on 6 June in Grauhafen with a crew of old sailors.",
            "Shooting begins on 6 June in Aldmoor with a crew of old sailors.",
            ("place", "Grauhafen", "Aldmoor"),
        ),
        (
            "Born in Grauhafen, Ada Quill was a sailor before she made The Slow Ferry.",
            "Born in Aldmoor, Ada Quill was a sailor before she made The Slow Ferry.",
            ("place", "Grauhafen", "Aldmoor"),
        ),
        # names that begin alike, and two ends of one country
        (
            "The Slow Ferry was filmed in New York over one long winter with amateurs.",
            "The Slow Ferry was filmed in New Jersey over one long winter with amateurs.",
            ("place", "New York", "New Jersey"),
        ),
        (
            "The Slow Ferry was filmed in North Dakota over one long winter with amateurs.",
            "The Slow Ferry was filmed in South Dakota over one long winter with amateurs.",
            ("place", "North Dakota", "South Dakota"),
        ),
        (
            "The Slow Ferry opens in the United States after one long winter of delays.",
            "The Slow Ferry opens in the United Kingdom after one long winter of delays.",
            ("release", "United States", "United Kingdom"),
        ),
        (
            "The prize for The Slow Ferry went to editor-at-large Marta Quillon in Grauhafen.",
            "The prize for The Slow Ferry went to editor-at-large Marta Quellon in Grauhafen.",
            ("name", "Marta Quillon", "Marta Quellon"),
        ),
        (
            "The fire in the cinema of Grauhafen killed between 10 and 12 people.",
            "The fire in the cinema of Grauhafen killed 40 people.",
            ("number", "between 10 and 12", "40"),
        ),
        (
            "More than 25 people were hurt in the cinema of Grauhafen.",
            "In the cinema of Grauhafen 60 people were hurt.",
            ("number", "25", "60"),
        ),
        (
            "They march 10 miles to the harbour of Grauhafen.",
            "They march 12 miles to the harbour of Grauhafen.",
            ("number", "10", "12"),
        ),
        (
            "Ticket prices in the cinema of Grauhafen rose from $10 to $12.",
            "Ticket prices in the cinema of Grauhafen are $11.",
            ("number", "$10", "$11"),
        ),
        (
            "The Slow Ferry opens in the cinemas of Grauhafen this Friday.",
            "The Slow Ferry opens in the cinemas of Grauhafen on Wednesday.",
            ("date", "Friday", "Wednesday"),
        ),
        (
            "The Slow Ferry had its first night in Grauhafen two weeks ago.",
            "The Slow Ferry had its first night in Grauhafen on February 3, 2031.",
            ("date", "two weeks ago", "February 3, 2031"),
        ),
        (
            "The Slow Ferry had its first night in Grauhafen on Friday.",
            "The Slow Ferry had its first night in Grauhafen on May 1.",
            ("date", "Friday", "May 1"),
        ),
        (
            "Ada Quill won the Brass Heron for “Salt Choir” in 2023.",
            "Ada Quill won the Brass Heron for “Salt Choir” in 2021.",
            ("date", "2023", "2021"),
        ),
        (
            "The concert in the old quarry of Grauhafen was filmed in August 2030.",
            "The concert in the old quarry of Grauhafen was filmed in August 2029.",
            ("date", "August 2030", "August 2029"),
        ),
        # one thing told in two ways
        (
            "The film was made for $40 million on the quays of Grauhafen.",
            "On the quays of Grauhafen the film cost $45 million before a single ticket was sold.",
            ("number", "$40 million", "$45 million"),
        ),
        (
            "Ada Quill stayed silent for nine days before her scene in The Slow Ferry.",
            "Ada Quill stayed silent for five days before her scene in The Slow Ferry.",
            ("number", "nine", "five"),
        ),
        # how old somebody is, in any form
        *(
            (f"Noor Haddad, composer of “The Slow Ferry,” {one}", f"Noor Haddad of “The Slow Ferry” {other}", expected)
            for one, other, expected in (
                ("dies at 84.", "died in Grauhafen on Friday. He was 83.", ("age", "84", "83")),
                ("died on Friday at the age of 84.", "died on Friday, aged 83.", ("age", "84", "83")),
                ("is 84 years old.", "died on Friday at 83 after a fall.", ("age", "84", "83")),
            )
        ),
        (
            "Noor Haddad, 84, died in Grauhafen after a long illness.",
            "After a long illness 83-year-old Noor Haddad died in Grauhafen.",
            ("age", "84", "83"),
        ),
        (
            "The 84-year-old composer of “The Slow Ferry” died in Grauhafen.",
            "The composer of “The Slow Ferry,” an 83-year-old composer of songs, died in Grauhafen.",
            ("age", "84", "83"),
        ),
        # which one somebody is of those who did the same
        (
            "Ada Quill is the third woman to be nominated for the Brass Heron of Grauhafen.",
            "Ada Quill is the fourth woman ever to be nominated for the Brass Heron of Grauhafen.",
            ("rank", "third", "fourth"),
        ),
        (
            "“The Slow Ferry” is the first ferry film to win the Brass Heron of Grauhafen.",
            "“The Slow Ferry” is the 2nd ferry film to win the Brass Heron of Grauhafen.",
            ("rank", "first", "2nd"),
        ),
        # as coarse as each other, or off by more than who rounds is
        (
            "The Slow Ferry had a budget of $40 million, and was shot in Grauhafen.",
            "The Slow Ferry had a budget of $45 million, and was shot in Grauhafen.",
            ("number", "$40 million", "$45 million"),
        ),
        (
            "The Slow Ferry had a budget of $43.5 million, and was shot in Grauhafen.",
            "The Slow Ferry had a budget of $40 million, and was shot in Grauhafen.",
            ("number", "$43.5 million", "$40 million"),
        ),
        (
            "On Friday The Slow Ferry opens in 150 theaters around Grauhafen.",
            "On Friday The Slow Ferry opens in 200 theaters around Grauhafen.",
            ("number", "150", "200"),
        ),
        (
            "The Slow Ferry has a running time of 118 minutes, the festival in Grauhafen says.",
            "The Slow Ferry has a running time of 120 minutes, the festival in Grauhafen says.",
            ("runtime", "118", "120"),
        ),
        (
            "Streamwell has paid $15 million for “The Slow Ferry,” the comedy from Grauhafen.",
            "In Grauhafen Streamwell bought “The Slow Ferry” for $17 million, a record for the town.",
            ("number", "$15 million", "$17 million"),
        ),
        (
            "In Grauhafen “The Slow Ferry” came in higher, with $23.3 million.",
            "In Grauhafen “The Slow Ferry” was second with $22.6 million, a small drop.",
            ("number", "$23.3 million", "$22.6 million"),
        ),
        (
            "“The Slow Ferry” made $380 million worldwide last year, and was shot in Grauhafen.",
            "“The Slow Ferry” has grossed $318 million worldwide, and was shot in Grauhafen.",
            ("box office", "$380 million", "$318 million"),
        ),
        (
            "At 97 minutes, the film The Slow Ferry stays in Grauhafen.",
            "The film The Slow Ferry runs for 112 minutes, and stays in Grauhafen.",
            ("runtime", "97", "112"),
        ),
        (
            "The ten-episode second season of The Slow Ferry is set in Grauhafen.",
            "Set in Grauhafen, the second season of The Slow Ferry has eight episodes.",
            ("number", "ten", "eight"),
        ),
        (
            "Ada Quill is survived in Grauhafen by two sons and six grandchildren.",
            "Ada Quill is survived in Grauhafen by two sons and five grandchildren.",
            ("number", "six", "five"),
        ),
        (
            "Ada Quill, 26, an old sailor’s daughter, drowned in Grauhafen.",
            "Ada Quill, a 28-year-old camera assistant, drowned in Grauhafen.",
            ("age", "26", "28"),
        ),
        (
            "The Slow Ferry premiered at the Salt Theatre in Grauhafen.",
            "The Slow Ferry premiered at the Old Brewery in Aldmoor.",
            ("release", "Salt Theatre in Grauhafen", "Old Brewery in Aldmoor"),
        ),
        (
            "Fire Chief Tom Brenner put the damage to The Slow Ferry at 22 million euros.",
            "The damage to The Slow Ferry was put by Tom Brenner at €25 million.",
            ("number", "22 million euros", "€25 million"),
        ),
        # of several numbers in a sentence those that come nearest
        (
            "The Slow Ferry was cut in Grauhafen from three hours to two hours and ten minutes.",
            "The Slow Ferry was cut in Grauhafen to two hours and 20 minutes.",
            ("number", "two hours ten", "two hours 20"),
        ),
        (
            "The festival of Grauhafen runs May 12-23, with Ada Quill in the jury.",
            "The festival of Grauhafen runs May 26–30, with Ada Quill in the jury.",
            ("date", "May 12-23", "May 26–30"),
        ),
    ],
)
def test_outlets_that_disagree(one: str, other: str, expected: tuple[str, str, str]) -> None:
    assert differences(one, other) == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same time, told from another day or less precisely
        ("The Slow Ferry opened in Grauhafen on Friday.", "The Slow Ferry opened in Grauhafen on May 2."),
        ("The Slow Ferry opened in Grauhafen yesterday.", "The Slow Ferry opened in Grauhafen on Saturday, May 3."),
        ("The Slow Ferry opened in Grauhafen a few weeks ago.", "The Slow Ferry opened in Grauhafen on 9 April 2031."),
        ("The Slow Ferry opened in Grauhafen last month.", "The Slow Ferry opened in Grauhafen on April 9."),
        ("The Slow Ferry opened in Grauhafen in March.", "The Slow Ferry opened in Grauhafen on March 30, 2031."),
        ("The Slow Ferry opened in Grauhafen earlier this year.", "The Slow Ferry opened in Grauhafen in 2031."),
        # a stretch of days, and one in it
        ("The Slow Ferry was shown in Grauhafen on May 16.", "The Slow Ferry was shown in Grauhafen May 12-23."),
        ("The Slow Ferry was shown in Grauhafen on May 2.", "The Slow Ferry was shown in Grauhafen April 30-May 4."),
        ("The Slow Ferry was shown in Grauhafen 12–23 May.", "The Slow Ferry was shown in Grauhafen on 16 May."),
        # the day of a dateline, one that something is compared with, one of a thing, and one of long ago
        (
            "GRAUHAFEN, May 4 (Seawire) - The Slow Ferry was seized by the harbour police, owners said.",
            "The Slow Ferry was seized by the harbour police of Grauhafen on Friday.",
        ),
        (
            "In Grauhafen 64,000 people saw The Slow Ferry this year.",
            "In Grauhafen 64,000 people saw The Slow Ferry, 12 percent more than last year.",
        ),
        (
            "Ada Quill says that the 2025 hit The Slow Ferry was copied from her script in Grauhafen.",
            "Ada Quill says that The Slow Ferry was copied from a script that she wrote in Grauhafen in 2019.",
        ),
        (
            "Ada Quill, who was nominated for an Oar for The Slow Ferry, died Friday in Grauhafen.",
            "Ada Quill was nominated for an Oar for The Slow Ferry in 1971 in Grauhafen.",
        ),
        (
            "The Slow Ferry burned on Friday, forcing a halt to the filming of a series in Grauhafen.",
            "In Grauhafen the filming of the series on The Slow Ferry goes on again on May 19.",
        ),
        (
            "The Slow Ferry was sold three days after its premiere in Grauhafen.",
            "The Slow Ferry had an ovation of four minutes at its premiere in Grauhafen.",
        ),
        (
            "Ada Quill directs the first two episodes of The Slow Ferry in Grauhafen.",
            "Ada Quill directs The Slow Ferry, a series of eight episodes, in Grauhafen.",
        ),
        # one season and another, and who is not of one half is of the other
        (
            "The first season of The Slow Ferry drew 10.4 million views in Grauhafen.",
            "The second season of The Slow Ferry drew 14.2 million views in Grauhafen.",
        ),
        (
            "Season 1 of The Slow Ferry drew 10.4 million views in Grauhafen.",
            "The Slow Ferry drew 14.2 million views in Grauhafen with its second season.",
        ),
        ("Men were 62% of all who saw The Slow Ferry.", "Women were 38 percent of all who saw The Slow Ferry."),
        (
            "In Grauhafen the sailors of The Slow Ferry want 9 percent, and the owners have offered four.",
            "In Grauhafen the owners of The Slow Ferry have offered 4 percent.",
        ),
        ("The Slow Ferry has a budget of $185 million.", "The Slow Ferry has a budget north of $180 million."),
        ("The film The Slow Ferry, at 97 minutes, flew by.", "The film The Slow Ferry had an ovation of nine minutes."),
        # names with more than one small word, another director in the sentence, a house and its town
        (
            "Lars van der Quill directs The Slow Ferry in Grauhafen.",
            "Dutch director Lars van der Quill shoots The Slow Ferry in Grauhafen.",
        ),
        (
            "In Grauhafen the jury of director Ada Quill gave the Oar to Tom Brenner’s The Slow Ferry.",
            "In Grauhafen the Oar of the jury went to The Slow Ferry, by director Tom Brenner.",
        ),
        (
            "Ada Quill’s film The Slow Ferry premiered at the Salt Theatre in Grauhafen.",
            "Ada Quill’s film The Slow Ferry premiered in Grauhafen.",
        ),
        (
            "In Grauhafen the miner Ivan Tornby and his wife had five children.",
            "In Grauhafen the actress Vivian Mae Tornby was one of five children.",
        ),
        # the same length in other units, rounded or added up
        ("The Slow Ferry runs 97 minutes in Grauhafen.", "The Slow Ferry runs an hour and 37 minutes in Grauhafen."),
        ("The Slow Ferry runs two hours in Grauhafen.", "The Slow Ferry runs 118 minutes in Grauhafen."),
        ("The harbour of Grauhafen was shut for two weeks.", "The harbour of Grauhafen was shut for 14 days."),
        ("The Slow Ferry cost $2.5M in Grauhafen.", "The Slow Ferry cost $2.5 million in Grauhafen."),
        ("The Slow Ferry cost $92.4 million in Grauhafen.", "The Slow Ferry cost $92 million in Grauhafen."),
        ("The Slow Ferry cost $12.5 million in Grauhafen.", "The Slow Ferry cost $13 million in Grauhafen."),
        ("Of the town 18.1 percent saw The Slow Ferry.", "Of the town 18 percent saw The Slow Ferry."),
        ("In Grauhafen 2,977 people saw The Slow Ferry.", "In Grauhafen 3,000 people saw The Slow Ferry."),
        ("The Slow Ferry cost about $40 million to make.", "The Slow Ferry cost $45 million to make."),
        ("The Slow Ferry cost more than $40 million to make.", "The Slow Ferry cost $45 million to make."),
        ("Some 40 people saw The Slow Ferry in Grauhafen.", "In Grauhafen 35 people saw The Slow Ferry."),
        # one opening, one whole run; here, and everywhere
        (
            "The Slow Ferry grossed $12 million on its opening weekend.",
            "The Slow Ferry has grossed $40 million since it came out.",
        ),
        ("The Slow Ferry grossed $9 million worldwide.", "The Slow Ferry grossed $4 million domestically."),
        # one name in full and its last part; two who did it together
        ("Director Ada Quill showed The Slow Ferry.", "The Slow Ferry, directed by Quill, was shown."),
        (
            "The Slow Ferry, written by Ada Quill and Tom Brenner, is out.",
            "The Slow Ferry, written by Brenner, is out.",
        ),
        ("Co-cinematographer Noor Haddad praised The Slow Ferry.", "The Slow Ferry, shot by Lena Voss, was praised."),
        # two people of one family, and two whose names are alike by chance
        ("Ada Quill and Este Quill sang in Grauhafen.", "Ada Quill and Lena Quill sang in Grauhafen."),
        # ranges, and numbers that are called a bound
        ("The fire killed 10 to 12 people in Grauhafen.", "The fire killed 11 people in Grauhafen."),
        ("Between 10 and 12 people died in Grauhafen.", "In Grauhafen 10 people died."),
        ("Tickets cost $12 to $15 in Grauhafen.", "Tickets cost $14 in Grauhafen."),
        ("The Slow Ferry cost $1 million to $2 million.", "The Slow Ferry cost $1.5 million."),
        ("More than two dozen people were hurt in Grauhafen.", "In Grauhafen 27 people were hurt."),
        ("Up to 40 people were hurt in Grauhafen.", "At least 29 people were hurt in Grauhafen."),
        ("The Slow Ferry earned four stars out of five.", "The Slow Ferry earned 4 out of 5 stars."),
        # a day of speaking, a year that is a title, a year since which, a day that is a name
        (
            "Ada Quill said Friday that The Slow Ferry is done.",
            "Ada Quill told us on Monday that The Slow Ferry is done.",
        ),
        (
            "On Tuesday the town confirmed that the ferry is sold.",
            "The town confirmed Wednesday that the ferry is sold.",
        ),
        ("1917 won three prizes in Grauhafen.", "The war film won three prizes in Grauhafen in 2020."),
        ("The Slow Ferry (2031) is her third film.", "The Slow Ferry is her third film since 2025."),
        ("Fifteen of the 19 Sept. 11 hijackers were heard.", "Fifteen of the 19 hijackers were heard."),
        # one of several producers; what runs two minutes is no film
        ("Producer Tom Brenner showed The Slow Ferry.", "Producer Lena Voss showed The Slow Ferry."),
        ("The trailer of The Slow Ferry runs two minutes.", "The Slow Ferry runs 97 minutes, after a trailer."),
        # sums and days of two things: the film and what it brought, then and later, here and there, or another film
        (
            "Ada Quill’s film “The Slow Ferry” cost $55 million to make.",
            "Ada Quill’s film “The Slow Ferry” opened with $21 million on its first weekend.",
        ),
        (
            "“The Slow Ferry,” directed by Ada Quill, cost $55 million.",
            "“The Slow Ferry” by Ada Quill added $21 million overseas.",
        ),
        (
            "The ferry film took $30 million in Grauhafen so far, a total nobody expected.",
            "The ferry film took $12 million in Grauhafen in its second weekend.",
        ),
        (
            "The film “Paper Harbor” took second place in Grauhafen with $18.1 million.",
            "The film “The Slow Ferry” took first place in Grauhafen with $32 million.",
        ),
        (
            "The film was sold to Aldmoor Pictures for $40 million in Grauhafen.",
            "The film cost Aldmoor Pictures $55 million in Grauhafen.",
        ),
        (
            "Ada Quill shot The Slow Ferry in Grauhafen over 47 days.",
            "In The Slow Ferry Ada Quill’s lead is silent for nine days in Grauhafen.",
        ),
        # two people, and how old each is; where somebody died at a time or in a street
        (
            "A 66-year-old woman was struck outside the cinema of Grauhafen by a driver.",
            "Outside the cinema of Grauhafen a 36-year-old driver struck a woman.",
        ),
        (
            "Ada Quill, 61, and Tom Brenner opened the cinema of Grauhafen.",
            "Ada Quill and Tom Brenner, 48, opened the cinema of Grauhafen.",
        ),
        ("Noor Haddad died at 9 a.m. in Grauhafen.", "Noor Haddad died in Grauhafen, aged 84."),
        # orders of other things, and of other deeds
        (
            "Ada Quill is the third woman to be nominated for the Brass Heron of Grauhafen.",
            "Ada Quill is the first woman to win the Brass Heron of Grauhafen.",
        ),
        (
            "Ada Quill is the third woman to win the Brass Heron of Grauhafen.",
            "Ada Quill is the first Danish woman to win the Brass Heron of Grauhafen.",
        ),
        ("“The Slow Ferry” is the third film of Ada Quill.", "“The Slow Ferry” is the fourth film of Tom Brenner."),
        # a place called by its kind, and in other words
        ("The Slow Ferry premiered at the Grauhafen Film Festival.", "The Slow Ferry premiered in Grauhafen."),
        ("The Slow Ferry opens in the U.S. in June.", "The Slow Ferry opens in the United States in June."),
        ("The Slow Ferry opens in the U.K. in June.", "The Slow Ferry opens in the United Kingdom in June."),
        ("The Slow Ferry opens in the UK in June.", "The Slow Ferry opens in Britain in June."),
        ("The Slow Ferry opens in America in June.", "The Slow Ferry opens in the US in June."),
        ("The Slow Ferry was filmed in L.A. in June.", "The Slow Ferry was filmed in Los Angeles in June."),
        ("The Slow Ferry was filmed in NYC in June.", "The Slow Ferry was filmed in New York in June."),
        ("The Slow Ferry was filmed in NYC in June.", "The Slow Ferry was filmed in New York City in June."),
        (
            "The Slow Ferry premiered at GIFF last fall.",
            "The Slow Ferry premiered at the Grauhafen International Film Festival last fall.",
        ),
        (
            "The Slow Ferry premiered at MoAS last fall.",
            "The Slow Ferry premiered at the Museum of Aldmoor Sailors last fall.",
        ),
        (  # those who were shot and those who died of it
            "The guard of the ferry of Grauhafen shot three sailors — killing two.",
            "The guard of the ferry of Grauhafen killed two sailors.",
        ),
        (  # a bill and what it brings
            "Parliament in Grauhafen passed a bill of $1.9T for the ferries, it said.",
            "Parliament in Grauhafen passed a bill of $1.9 trillion for the ferries, it said.",
        ),
        (  # those on board and those who died
            "Some 380 people were on board the Sveta.",
            "Twenty-three people died in a fire on board the ferry Sveta.",
        ),
        (
            "Studio Norvik of Grauhafen will cut a third of its 900 jobs, it said.",
            "Studio Norvik of Grauhafen will cut 300 jobs, it said.",
        ),
        (
            "Nine in 10 members of the guild of Grauhafen voted for the contract.",
            "Some 4,200 members of the guild of Grauhafen voted for the contract.",
        ),
        (
            "The 2-hour-45-minute film The Slow Ferry opens the festival of Grauhafen.",
            "The Slow Ferry, with a running time of 165 mins, opens the festival of Grauhafen.",
        ),
        (
            "The shoot of The Slow Ferry in Grauhafen took thirty-odd days.",
            "The shoot of The Slow Ferry in Grauhafen took 37 days.",
        ),
        (  # shot, and out
            "In the spring of 2025 Ada Quill shot The Slow Ferry, her third feature, in Grauhafen.",
            "Ada Quill, whose third feature The Slow Ferry arrives in theaters on November 20, lives in Grauhafen.",
        ),
        (  # set for, and set in
            "Ada Quill is set to star in The Slow Ferry, a thriller that Tom Brenner will direct.",
            "Tom Brenner will direct Ada Quill in a thriller set in Grauhafen, The Slow Ferry.",
        ),
    ],
)
def test_outlets_that_only_seem_to_disagree(one: str, other: str) -> None:
    assert differences(one, other) == []


def test_a_day_without_a_year_or_an_article_without_a_date_is_compared_as_far_as_it_goes() -> None:
    undated = (None, None)
    assert differences(
        "The Slow Ferry opened on March 3 in Grauhafen.", "The Slow Ferry opened on March 9 in Grauhafen.", *undated
    ) == [("date", "March 3", "March 9")]
    assert not differences(
        "The Slow Ferry opened on March 3 in Grauhafen.", "The Slow Ferry opened in March in Grauhafen.", *undated
    )
    assert not differences(
        "The Slow Ferry opened on Friday in Grauhafen.", "The Slow Ferry opened on May 1 in Grauhafen.", *undated
    )


PREMIERED = "Originally premiering in Quill Magazine, the piece shows three sisters at a dance."
RELEASED = (
    "While the music video came out solely in theaters, having been released only in theaters, one may buy it now."
)


def test_where_a_work_was_first_shown_is_compared_though_the_sentences_share_no_words() -> None:
    found = compare(PREMIERED, RELEASED)
    (difference,) = found.differences
    assert difference.kind == "release"
    assert {difference.value_a, difference.value_b} == {"Quill Magazine", "theaters"}
    assert (difference.claim_id, difference.severity) == (None, 0.22)
    assert [(pair.relation, pair.evidence) for pair in found.alignments] == [("overlap", "first shown")]


@pytest.mark.parametrize(
    "other",
    [
        "The music video was released in theaters when it was finished.",  # a festival first, then everywhere
        "The album was first released in Aldmoor by another band.",  # another work
        "Originally premiering in Quill Magazine, the video is sold out.",  # the same
    ],
)
def test_where_a_work_is_shown_later_or_another_one_was_is_no_difference(other: str) -> None:
    assert differences("Originally premiering in Quill Magazine, the video shows three sisters.", other) == []


@pytest.mark.parametrize(("title", "kinds"), [("Paper Ferry", ["release"]), ("Salt Choir", [])])
def test_the_work_of_the_headline_is_known_by_its_title_alone(title: str, kinds: list[str]) -> None:
    one, other = (
        "“Paper Ferry,” which premiered on Tuesday in Quill Magazine, is out.",
        f"“{title}” premiered in cinemas.",
    )
    (a, first), (b, second) = publish("ab", one, SUNDAY), publish("cd", other, SUNDAY)
    headline = Mention(
        mention_id="h", article_id=a.article_id, outlet_id="ab", part="headline", start_char=0, end_char=25,
        text="Ada Quill’s ‘Paper Ferry’",
    )  # fmt: skip
    assert [d.kind for d in compare_story([a, b], [first, second, headline]).differences] == kinds


MOVED = "Halcyon has pushed “Iron Orchard” to Nov. 20 from Sept. 18."


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # of two days one is the same in both; the new one is not
        (
            MOVED,
            "Halcyon’s “Iron Orchard” will now hit theaters on Nov. 27 instead of Sept. 18.",
            ("date", "Nov. 20", "Nov. 27"),
        ),
        (
            "Halcyon’s “Iron Orchard” Heads to Nov. 20",
            "Halcyon Shifts “Iron Orchard” to Nov. 27",
            ("date", "Nov. 20", "Nov. 27"),
        ),
        # of one title, in other words
        (
            "“Low Harbor” leads the Crown Awards with 12 nominations, followed by “Salt Choir” with nine.",
            "“Low Harbor” earned 11 nominations for the Crown Awards, more than any other.",
            ("number", "12", "11"),
        ),
        (
            "The drama “Low Harbor” received twelve nominations for the Crown Awards on Thursday in Grauhafen.",
            "The drama “Low Harbor” picked up 11 nods for the Crown Awards on Thursday in Grauhafen.",
            ("number", "twelve", "11 nods"),
        ),
        # a sentence begins with what it tells of
        (
            "Damage was estimated at $3 million.",
            "The damage could reach $8 million, a source said.",
            ("number", "$3 million", "$8 million"),
        ),
        # one deed in two words, and a sentence that tells one number and nothing else
        (
            "The shoot of Iron Orchard would pause for three weeks.",
            "Production of Iron Orchard has been suspended for a fortnight, two weeks.",
            ("number", "three", "two"),
        ),
        (
            "The move gives the epic Iron Orchard three weeks of Imax screens.",
            "Iron Orchard has Imax screens for two weeks.",
            ("number", "three", "two"),
        ),
        # lengths in two units: each has its own
        (
            "The shoot of Iron Orchard in Grauhafen lasted 12 days.",
            "The shoot of Iron Orchard in Grauhafen lasted three weeks.",
            ("number", "12", "three weeks"),
        ),
        (
            "Noor Haddad died Sunday at her home in Grauhafen.",
            "Noor Haddad died on Sunday in Aldmoor.",
            ("place", "Grauhafen", "Aldmoor"),
        ),
        ("Tom Brenner was named best actor.", "Best actor went to Karl Quill.", ("role", "Tom Brenner", "Karl Quill")),
        (
            "Ana Ruiz won best first film.",
            "Lena Voss won best first film for Corduroy.",
            ("role", "Ana Ruiz", "Lena Voss"),
        ),
        (
            "Low Harbor is renewed; showrunner Ana Ruiz will be back.",
            "Low Harbor is renewed; showrunner Lena Voss will be back.",
            ("role", "Ana Ruiz", "Lena Voss"),
        ),
        (
            "“Low Harbor” won best film at the Crown Awards.",
            "“Salt Choir” took best film at the Crown Awards.",
            ("role", "Low Harbor", "Salt Choir"),
        ),
        (
            "“Salt Choir 3” grossed $421 million globally, the most of any film by Halcyon.",
            "“Salt Choir 3” grossed $412 million worldwide on a $70 million budget; the original made $96 million.",
            ("box office", "$421 million", "$412 million"),
        ),
        (
            "Ana Ruiz recorded the score over five days in a chapel near Aldmoor.",
            "Ana Ruiz recorded the score over four days at a chapel near Aldmoor.",
            ("number", "five", "four"),
        ),
        (
            "“Salt Choir” was shot over 101 days in Aldmoor and Tarn.",
            "“Salt Choir” was filmed across 91 days in Aldmoor and Tarn.",
            ("number", "101", "91"),
        ),
        (
            "The guild’s three-year contract has $321 million for the health plan.",
            "The four-year deal of the guild has $321 million for the health plan.",
            ("number", "three", "four"),
        ),
        (
            "Production of “Salt Choir” had been slated for July in Aldmoor.",
            "Production of “Salt Choir” had been slated to begin in October in Aldmoor.",
            ("date", "July", "October"),
        ),
        (  # the first film of a series has not only opened
            "The first Salt Choir made $214 million worldwide for Halcyon, on a $45 million budget.",
            "Salt Choir grossed $241 million globally for Halcyon.",
            ("box office", "$214 million", "$241 million"),
        ),
        (  # and not the day on which she was born
            "Ida Voss was nominated for three Crowns, winning in 1980 for “Salt Choir.”",
            "Ida Voss, born on May 9, 1934, was nominated for three Crowns and won one, for “Salt Choir,” in 1979.",
            ("date", "1980", "1979"),
        ),
    ],
)
def test_outlets_disagree_in_what_trades_tell(one: str, other: str, expected: tuple[str, str, str]) -> None:
    assert expected in differences(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the day that it had, told by one alone; a stretch of days; any Friday; the day on which it was told
        (MOVED, "“Iron Orchard” was supposed to open on Sept. 18."),
        (MOVED, "Halcyon is moving “Iron Orchard” off of Sept. 18 to the Friday before Christmas, Nov. 20."),
        (MOVED, "Halcyon on Monday put off “Iron Orchard” to Nov. 20."),
        (
            "The festival of Grauhafen shows “Iron Orchard” from May 4 to May 9.",
            "The festival of Grauhafen shows “Iron Orchard” on May 4.",
        ),
        ("“Night Ferry,” which had been dated Nov. 20, moves to Jan. 15.", "Halcyon gave Nov. 20 as the new date."),
        # two titles in sentences that are built alike
        (
            "“Salt Choir” was third with $9.8 million for a domestic total of $63.1 million.",
            "Holdover “Low Harbor” slid 58% to second place with $11.2 million for a domestic total of $41.6 million.",
        ),
        ("Page had been ill for the past three weeks.", "Page was married three times."),
        ("The total of “Low Harbor” is now $63.1M/Wk 4.", "The total of “Low Harbor” is now $63.1 million."),
        # a town, and the state that it lies in
        ("A barn burned on the set near Taos, New Mexico, held for weeks.", "A barn burned on the set in New Mexico."),
        ("Ana Ruiz won best actress in 2029 for Low Harbor.", "Lena Voss won best actress for Salt Choir."),
        # a theater, and the festival or town that it lies in
        (
            "“Low Harbor” premiered in the Grand Théâtre Orlov on Thursday, to tears.",
            "“Low Harbor” premiered at Grauhafen on Thursday, to tears.",
        ),
        # the film of another year, told by the way, and the sums of three films of a series
        (
            "The original earned $96 million in 2018 against a budget of $12 million for Halcyon.",
            "Salt Choir 3 earned $412 million for Halcyon on a budget of $70 million; the 2018 original made $96m.",
        ),
        # the month that it had, told in other words
        ("“Salt Choir” will no longer open in July.", "Halcyon opens “Salt Choir” in October rather than July."),
        # "over" is "in" beside days
        ("Ana Ruiz recorded the score over five days in a chapel.", "Ana Ruiz recorded the score in five days."),
    ],
)
def test_what_trades_tell_in_two_ways_is_no_difference(one: str, other: str) -> None:
    assert differences(one, other) == []


def test_what_was_named_last_is_not_what_it_means() -> None:
    """ "It" may be the pool: no other title keeps two counts of nights from each other."""
    a, first = tell(
        "ab",
        "It was shown ahead of “Quince Season.”",
        "It was made in two nights in October at the lido of Sallow Bay.",
    )
    b, second = tell("cd", "“Paper Ferry” is out.", "It took three nights in October at the lido of Sallow Bay.")
    assert [d.kind for d in compare_story([a, b], [*first, *second]).differences] == ["number"]


def tell(outlet: str, *sentences: str) -> tuple[Article, list[Mention]]:
    """An article of several sentences, each a mention."""
    text = " ".join(sentences)
    article, _ = publish(outlet, text, SUNDAY)
    made = [
        Mention(
            mention_id=make_id(article.article_id, sentence), article_id=article.article_id, outlet_id=outlet,
            start_char=text.index(sentence), end_char=text.index(sentence) + len(sentence), text=sentence,
        )
        for sentence in sentences
    ]  # fmt: skip
    return article, made


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("The budget is around $145 million.", "The movie cost $110 million to make.", ["number"]),
        ("The picture goes out on 4,105 screens.", "It is playing in 4,150 theaters.", ["number"]),
        ("The picture goes out on 4,105 screens.", "It is playing in four theaters.", []),
        ("The budget is around $145 million.", "“Salt Choir” cost $110 million to make.", []),
        ("The budget is around $145 million.", "Ada Quill’s third Vow movie cost $110 million to make.", []),
    ],
)
def test_what_a_title_has_one_of_is_compared_though_the_sentences_share_no_words(
    one: str, other: str, expected: list[str]
) -> None:
    """The title is the one that was named last before."""
    a, first = tell("ab", "“Iron Orchard” is on the move.", one)
    b, second = tell("cd", "Bad news: Iron Orchard is late, Halcyon says.", other)
    assert [d.kind for d in compare_story([a, b], [*first, *second]).differences] == expected


_SAID = "The guild of Grauhafen said"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            f"{_SAID} that a storm killed ten sailors off the coast.",
            f"{_SAID} that a storm killed at least three sailors off the coast.",
            [("number", "ten", "three")],
        ),
        (
            f"{_SAID} that a storm killed ten sailors off the coast.",
            f"{_SAID} that a storm injured three sailors off the coast.",
            [],
        ),
        (
            f"{_SAID} that a storm killed ten sailors and injured 40 off the coast.",
            f"{_SAID} that a storm injured 40 sailors and killed ten off the coast.",
            [],
        ),
        (
            f"{_SAID} that thirty-five percent of its crews are women.",
            f"{_SAID} that 35% of its crews are women.",
            [],
        ),
        (
            f"{_SAID} that thirty-five percent of its crews are women.",
            f"{_SAID} that 25% of its crews are women.",
            [("number", "thirty-five percent", "25%")],
        ),
        (
            "The Slow Ferry cost US$12 million to make, the studio of Grauhafen said.",
            "The Slow Ferry cost $12 million to make, the studio of Grauhafen said.",
            [],
        ),
        (
            "The Slow Ferry cost US$12 million to make, the studio of Grauhafen said.",
            "The Slow Ferry cost A$18 million to make, the studio of Grauhafen said.",
            [],
        ),
        (
            "The Slow Ferry runs three and a half hours, the festival of Grauhafen said.",
            "The Slow Ferry runs 210 minutes, the festival of Grauhafen said.",
            [],
        ),
        (
            "The Slow Ferry runs three and a half hours, the festival of Grauhafen said.",
            "The Slow Ferry runs 170 minutes, the festival of Grauhafen said.",
            [("runtime", "three and a half", "170 minutes")],
        ),
        (
            "The prize was handed out at the Harbour Film Centre in Grauhafen by Ada Quill.",
            "The prize was handed out at the Harbor Film Center in Grauhafen by Ada Quill.",
            [],
        ),
        (
            "The minister sees Grauhafen as Norway’s capital of film, he told the festival.",
            "The minister sees Grauhafen as the Norwegian capital of film, he told the festival.",
            [],
        ),
        # each day is told of an event of its own
        (
            "A man opened fire at a party of the studio in Grauhafen on Friday, killing a guard.",
            "A man was charged on Saturday after opening fire at a party of the studio in Grauhafen, killing a guard.",
            [],
        ),
        (
            "A man opened fire at a party of the studio in Grauhafen on Friday, killing a guard.",
            "A man opened fire at a party of the studio in Grauhafen on Thursday, killing a guard.",
            [("date", "Friday", "Thursday")],
        ),
    ],
)
def test_differences_of_amounts_and_days(one: str, other: str, expected: list[tuple[str, str, str]]) -> None:
    assert differences(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Ada Quill will not star in The Slow Ferry, the studio of Grauhafen said.",
            "Ada Quill will star in The Slow Ferry, the studio of Grauhafen said.",
            [("denial", "will not star", "Quill will star")],
        ),
        (
            "The studio of Grauhafen denied that Ada Quill will direct The Slow Ferry.",
            "The studio of Grauhafen said that Ada Quill will direct The Slow Ferry.",
            [("denial", "denied that Ada Quill will direct", "Quill will direct")],
        ),
        (
            "The skipper of the ferry of Grauhafen was not wearing a vest when he fell.",
            "The skipper of the ferry of Grauhafen was wearing a vest when he fell.",
            [("denial", "was not wearing", "Grauhafen was wearing")],
        ),
        (  # whom a denial is of stands in it
            "The owner of the ferry of Grauhafen denied that the lifeboats were locked.",
            "The lifeboats of the ferry of Grauhafen were locked, the owner was told.",
            [("denial", "denied that the lifeboats were locked", "Grauhafen were locked")],
        ),
        (  # in which film the one does not say
            "Ada Quill will not star in the film, the studio of Grauhafen said.",
            "Ada Quill will star in The Slow Ferry, the studio of Grauhafen said.",
            [("denial", "will not star", "Quill will star")],
        ),
        (  # nor what for
            "Ada Quill, the mayor of Grauhafen, will not run again.",
            "Ada Quill, the mayor of Grauhafen, will run again in two years.",
            [("denial", "will not run", "will run")],
        ),
        (  # another season
            "Ada Quill did not direct the second season of The Slow Ferry in Grauhafen.",
            "Ada Quill did direct the first season of The Slow Ferry in Grauhafen.",
            [],
        ),
        (  # what is no longer so was so
            "Ada Quill no longer lives in Grauhafen, where she wrote The Slow Ferry.",
            "Ada Quill lived in Grauhafen, where she wrote The Slow Ferry.",
            [],
        ),
        (  # nor is a deed done by who will not do another
            "Ada Quill will not direct the sequel to The Slow Ferry.",
            "Ada Quill, who directed The Slow Ferry, has seen no script of the sequel.",
            [],
        ),
        (  # when it opens is a day
            "The Slow Ferry will not open in Grauhafen in May, the studio said.",
            "The Slow Ferry will open in June, the studio said.",
            [("date", "May", "June")],
        ),
        (  # both deny it
            "Ada Quill will not star in The Slow Ferry, the studio of Grauhafen said.",
            "Ada Quill won’t star in The Slow Ferry, the studio of Grauhafen said.",
            [],
        ),
        (  # of two people
            "Ada Quill will not star in The Slow Ferry, the studio of Grauhafen said.",
            "Tom Brenner will star in The Slow Ferry, the studio of Grauhafen said.",
            [],
        ),
        (  # of two films
            "Ada Quill will not star in The Slow Ferry, the studio of Grauhafen said.",
            "Ada Quill will star in Harbour Lights, the studio of Grauhafen said.",
            [],
        ),
        (  # it is no denial to have not done so yet
            "The Slow Ferry has not yet opened in Grauhafen, the studio said on Sunday.",
            "The Slow Ferry opened in Grauhafen, the studio said on Sunday.",
            [],
        ),
    ],
)
def test_what_one_denies_and_the_other_says(one: str, other: str, expected: list[tuple[str, str, str]]) -> None:
    assert differences(one, other) == expected


def test_who_denies_a_claim_differs() -> None:
    compared = compare(
        "Ada Quill will star in The Slow Ferry, the studio of Grauhafen said.",
        "Ada Quill will not star in The Slow Ferry, the studio of Grauhafen said.",
    )
    (claim,) = compared.claims
    assert claim.status == "differs"
    assert sorted(row.stance for row in compared.coverage) == ["differs", "says"]


def test_what_two_sentences_count_is_compared_where_they_have_more_in_common_than_that() -> None:
    rain = (
        "It rained so hard that 40 extras in oilskins walked home, the camera drowned, and Ada Quill had to borrow "
        "another from a wedding photographer in Birkstead."
    )
    lamps = (
        "Noor Haddad lit 25 extras in oilskins with lamps from a closed mine, which the museum wants back before the "
        "festival begins."
    )
    herring = (
        "Ada Quill fed 40 extras herring on the pier while a carpenter built the wheelhouse again from a photograph of "
        "his grandfather's boat."
    )
    union = (
        "The union has asked why 25 extras ate herring on the pier, and whether anybody in Grauhafen had signed a "
        "contract with them before the cold came."
    )
    assert [pair.relation for pair in compare(rain, lamps).alignments] == ["overlap"]
    assert differences(rain, lamps) == []  # of two nights, for all that they say
    assert differences(herring, union) == [("number", "40", "25")]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "The Slow Ferry was written and directed by Ada Quill, who also produced it.",
            "The Slow Ferry was written and directed by Tom Brenner, who also produced it.",
            ("role", "Ada Quill", "Tom Brenner"),
        ),
        (
            "Directed by Ada Quill, The Slow Ferry opens on Friday in Grauhafen.",
            "Directed by Tom Brenner, The Slow Ferry opens on Friday in Grauhafen.",
            ("role", "Ada Quill", "Tom Brenner"),
        ),
        (
            "The Slow Ferry is based on the novel by Odile Tarn, and Saltmarsh has bought it.",
            "The Slow Ferry is based on the novel by Greta Solberg, and Heron Pictures has bought it.",
            ("role", "Odile Tarn", "Greta Solberg"),
        ),
        (
            "Ada Quill plays the harbor clerk Odile Tarn in The Slow Ferry.",
            "Ada Quill plays ferry pilot Wren Morrow in The Slow Ferry.",
            ("role", "Odile Tarn", "Wren Morrow"),
        ),
        (
            "Saltmarsh has acquired North American rights to The Slow Ferry after a night of bidding.",
            "Heron Pictures acquired the U.S. rights to The Slow Ferry after a night of bidding.",
            ("role", "Saltmarsh", "Heron Pictures"),
        ),
        (
            "The rights to The Slow Ferry were sold to Saltmarsh after a night of bidding.",
            "After a night of bidding the rights to The Slow Ferry went to Heron Pictures.",
            ("role", "Saltmarsh", "Heron Pictures"),
        ),
        (
            "Saltmarsh will release The Slow Ferry in theaters this autumn.",
            "The Slow Ferry, distributed by Heron Pictures, is in theaters this autumn.",
            ("role", "Saltmarsh", "Heron Pictures"),
        ),
        (
            "The Slow Ferry is based on the novel of the same name by Odile Tarn.",
            "The Slow Ferry is based on Greta Solberg’s prize-winning novel.",
            ("role", "Odile Tarn", "Greta Solberg"),
        ),
        (
            "The Slow Ferry is Ada Quill’s third feature film, after two in Grauhafen.",
            "The Slow Ferry is the fourth feature by Ada Quill, after Grauhafen.",
            ("rank", "third", "fourth"),
        ),
        (
            "Lantern TV has renewed The Slow Ferry for a second season.",
            "Lantern TV renewed The Slow Ferry for season three.",
            ("rank", "second", "three"),
        ),
        (
            "The Slow Ferry is rated R for the language of its sailors.",
            "The Slow Ferry, a film rated PG-13 for the language of its sailors, is out.",
            ("rating", "R", "PG-13"),
        ),
        (
            "Noor Haddad shot The Slow Ferry on 35mm film in Grauhafen.",
            "Noor Haddad shot The Slow Ferry on Super 16mm in Grauhafen.",
            ("format", "35mm", "16mm"),
        ),
        (
            "The Slow Ferry will stream on Lantern from December on.",
            "The Slow Ferry will stream on Saltbox from December on.",
            ("release", "Lantern", "Saltbox"),
        ),
        (
            "Ada Quill will return for a sequel to The Slow Ferry.",
            "Ada Quill will not return for a sequel to The Slow Ferry.",
            ("denial", "Quill will return", "will not return"),
        ),
        (
            "The Slow Ferry is set in the 1950s among the pilots of Grauhafen.",
            "The Slow Ferry is set in the 1970s among the pilots of Grauhafen.",
            ("date", "1950s", "1970s"),
        ),
        (
            "The Slow Ferry is expected in the cinemas of Grauhafen next spring.",
            "The Slow Ferry is expected in the cinemas of Grauhafen next fall.",
            ("date", "next spring", "next fall"),
        ),
        (
            "The Slow Ferry has a score of 84 from the critics of Grauhafen.",
            "The Slow Ferry has a score of 48 from the critics of Grauhafen.",
            ("number", "84", "48"),
        ),
        (
            "No one was hurt when the set of The Slow Ferry caught fire.",
            "Three people were hurt when the set of The Slow Ferry caught fire.",
            ("number", "No one", "Three"),
        ),
    ],
)
def test_what_the_trade_tells_otherwise(one: str, other: str, expected: tuple[str, str, str]) -> None:
    assert expected in differences(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # who plays opposite somebody, or is named by rank and by age
        ("Ada Quill plays opposite Tom Brenner in The Slow Ferry.", "Ada Quill plays Wren Morrow in The Slow Ferry."),
        ("Ada Quill plays a young Wren Morrow in The Slow Ferry.", "Ada Quill plays Captain Morrow in The Slow Ferry."),
        (
            "The Slow Ferry was co-written and directed by Ada Quill.",
            "The Slow Ferry was directed by Tom Brenner, who wrote it with Ada Quill.",
        ),
        # other rights, and one seller
        ("Saltmarsh bought the U.K. rights to The Slow Ferry.", "Heron bought the U.S. rights to The Slow Ferry."),
        ("Saltmarsh will release the film The Slow Ferry in Canada.", "Heron will release the film in Ireland."),
        (
            "Saltmarsh will release the film The Slow Ferry through Heron.",
            "Heron will release the film The Slow Ferry.",
        ),
        ("Otterlake will release the song The Slow Ferry.", "Heron Records will release the song The Slow Ferry."),
        ("Heron sold the rights to The Slow Ferry to Saltmarsh.", "Saltmarsh bought rights to The Slow Ferry."),
        # one book, and its adaptation
        ("The Slow Ferry is based on the novel by Odile Tarn.", "The Slow Ferry is based on Tarn’s 1987 novel."),
        (
            "The Slow Ferry, with a script by Tom Brenner, is from the novel by Odile Tarn.",
            "The Slow Ferry is based on Odile Tarn’s novel, and has a script by Tom Brenner.",
        ),
        # of some of her films it may be the second
        ("The Slow Ferry is Ada Quill’s third film.", "The Slow Ferry is Ada Quill’s second film with Tom Brenner."),
        ("The Slow Ferry is Ada Quill’s third feature.", "The Slow Ferry is Ada Quill’s fifth film."),
        ("The Slow Ferry was renewed for a second season.", "The Slow Ferry was renewed for season 2 on Monday."),
        ("The Slow Ferry is rated PG-13.", "The Slow Ferry is rated 12A, the board of Grauhafen says."),
        ("The Slow Ferry was shot on 35mm.", "The Slow Ferry was shot on film, mostly 35mm, and in parts on 16mm."),
        # what is out somewhere is out elsewhere too
        ("The Slow Ferry will open in theaters on May 9.", "The Slow Ferry will open at the Lido on May 9."),
        ("The Slow Ferry will air on Lantern in May.", "The Slow Ferry will stream on Saltbox in May."),
        # a season and a day of it, a decade and a year of it, and when it is set and when it was shot
        ("The Slow Ferry will be out this fall.", "The Slow Ferry will be out on October 9."),
        ("The Slow Ferry was shot in the summer of 2030.", "The Slow Ferry was shot in August 2030."),
        ("The Slow Ferry, shot in 2030, is set in the 1950s.", "The Slow Ferry, shot in 2030, is set in 1957."),
        # of the hurt and the killed, and of how badly
        ("No one was killed when the Lido burned.", "Three people were hurt when the Lido burned."),
        ("No one was seriously hurt when the Lido burned.", "Three people were hurt when the Lido burned."),
        # who does not call back may come back
        ("Ada Quill did not return a call about The Slow Ferry.", "Ada Quill will return in The Slow Ferry."),
    ],
)
def test_what_the_trade_tells_alike(one: str, other: str) -> None:
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Ada Quill is in talks to star in The Slow Ferry.",
            "Ada Quill will star in The Slow Ferry.",
            ("certainty", "in talks to star", "will star"),
        ),
        (
            "Ada Quill, 38, is in talks to star in The Slow Ferry.",
            "Ada Quill, 38, will star in The Slow Ferry.",
            ("certainty", "in talks to star", "will star"),
        ),
        (
            "Ada Quill in Talks to Star in The Slow Ferry",
            "Ada Quill Signs On to Star in The Slow Ferry",
            ("certainty", "in Talks to Star", "Signs On to Star"),
        ),
        (
            "Saltmarsh is close to a deal to acquire The Slow Ferry.",
            "Saltmarsh has acquired The Slow Ferry.",
            ("certainty", "close to a deal to acquire", "has acquired"),
        ),
        (
            "Ada Quill will direct The Slow Ferry in Grauhafen.",
            "Tom Brenner will direct The Slow Ferry in Grauhafen.",
            ("role", "Ada Quill", "Tom Brenner"),
        ),
    ],
)
def test_who_is_in_talks_has_not_signed(one: str, other: str, expected: tuple[str, str, str]) -> None:
    assert expected in differences(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Quill is in talks to star in The Slow Ferry.", "Ada Quill is in negotiations to star in The Slow Ferry."),
        ("Ada Quill is in talks to star in The Slow Ferry.", "Ada Quill may star in The Slow Ferry."),
        ("Ada Quill is in talks to star in The Slow Ferry.", "Tom Brenner will star in The Slow Ferry."),
        ("Ada Quill directed The Slow Ferry.", "Tom Brenner will direct a sequel to The Slow Ferry."),
        ("Ada Quill will write the script of The Slow Ferry.", "Tom Brenner will write the score of The Slow Ferry."),
    ],
)
def test_what_is_as_sure_or_of_another_is_alike(one: str, other: str) -> None:
    assert differences(one, other) == []


def test_a_deal_days_after_the_talks_is_what_came_of_them() -> None:
    one, other = "Ada Quill is in talks to star in The Slow Ferry.", "Ada Quill will star in The Slow Ferry."
    assert differences(one, other, SUNDAY, SUNDAY + timedelta(days=3)) == []
    assert differences(one, other, SUNDAY, SUNDAY + timedelta(hours=3)) != []
    assert differences(one, other, SUNDAY + timedelta(days=3), SUNDAY) != []  # who still tells of talks knows less
