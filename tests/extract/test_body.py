"""Where the article stands, in the layouts that pages come in; and which lane reads it."""

from __future__ import annotations

import pytest

from presswatch.extract.body import Body, read_body
from presswatch.extract.dates import Calendar
from presswatch.extract.page import parse_page
from presswatch.outlets import Layout

URL = "https://tern.example/film/ferry"
ONE = "The ferry leaves at dusk in Ilse Kandinov's second film, and nobody aboard says a word about where it goes."
TWO = "Kandinov shot the crossing over nine nights with a crew of eleven, and she kept the noise of the engine."
THREE = "“It was the only honest thing in the room,” she told the Tern about the engine, and laughed for some time."


def read(body: str, head: str = "") -> Body:
    page = parse_page(f"<html><head>{head}</head><body>{body}</body></html>", URL)
    return read_body(page, None, Layout(), headline="Dusk", byline=("Ada Quill",), calendar=Calendar("UTC", None))


def lines(body: str, head: str = "") -> list[str]:
    return list(read(body, head).paragraphs)


@pytest.mark.parametrize("question", ["p><strong", "p><b", "h3><span", "p class=question><em"])
def test_an_interview_keeps_its_questions_and_its_shortest_answers(question: str) -> None:
    asked = (
        ("What do you think of the ending?", "I like it."),
        ("Do you have any news on the sequel?", "No."),
        ("About the noise?", THREE),
        ("Will you work together again?", "Of course!"),
    )
    block, _, inline = question.partition("><")
    ends = f"</{inline}></{block.split()[0]}>"
    talk = "".join(f"<{question}>{words}{ends}<p>{answer}</p>" for words, answer in asked)
    found = lines(f"<article><h1>Dusk</h1><p>{ONE}</p><p>{TWO}</p>{talk}</article>")
    assert found == [ONE, TWO, *(line for pair in asked for line in pair)]


@pytest.mark.parametrize("headline", ["Dusk", f"<a href='{URL}/'>Dusk</a>", "<a href='/film/ferry'>Dusk</a>"])
def test_what_stands_over_a_headline_is_another_s_where_the_site_s_name_is_the_first_level_heading(
    headline: str,
) -> None:
    others = "".join(
        f"<li>Story number {n} of the day: somebody went aboard a ferry and told us at length what was seen there.</li>"
        for n in range(5)
    )
    news = f"<div class=breaking><ul>{others}</ul></div>"
    own = f"<div><h2>{headline}</h2><div><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div></div>"
    assert lines(f"<h1>The Tern</h1><div>{news}{own}</div>") == [ONE, TWO, THREE]


ANOTHER = (
    "A lamp was lit on the pier, and nobody who stood below it knew who had paid for the oil, or how long it burns.",
    "The harbor master keeps a book of all the boats that he has turned away, and reads from it at christenings.",
    "In the winter of the long ice three of them came back on foot, and asked for their moorings, and for some soup.",
    "He gave them the soup, as every child in town is told, and entered in his book the hour at which they left again.",
)


@pytest.mark.parametrize(
    ("count", "frame", "head"),
    [
        (4, "<article class=second><h1>Dusk</h1>{}</article>", ""),
        (3, "<div class=article-body>{}</div>", ""),
        (4, "<div itemprop=articleBody>{}</div>", ""),
        (4, "<article class=second>{}</article>", f"<meta name=description content='{ONE[:90]}'>"),
    ],
    ids=["headline", "name", "markup", "description"],
)
def test_the_article_is_read_where_more_prose_stands_over_it_and_the_page_says_which_it_is(
    count: int, frame: str, head: str
) -> None:
    over = f"<article class=first>{''.join(f'<p>{line}</p>' for line in ANOTHER[:count])}</article>"
    found = read(over + frame.format(f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"), head)
    assert found.extractor == "prose", "nobody else has to be asked"
    assert found.paragraphs[-3:] == (ONE, TWO, THREE)


def test_the_article_is_read_where_its_readers_wrote_more() -> None:
    comments = "".join(f"<li>Reader {n}<p>{line}</p>" for n, line in enumerate(ANOTHER * 3))
    own = f"<article><h1>Dusk</h1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></article>"
    assert lines(f"{own}<section><ol class=comments>{comments}</ol></section>") == [ONE, TWO, THREE]


def test_words_beside_a_picture_are_its_caption_however_it_is_framed() -> None:
    line = "The ferry at its slip in the last week of its last summer, with all of the lamps lit."
    box = f"<div><div><span><img src=/slip.jpg></span></div><div>{line}</div></div>"
    assert lines(f"<article><h1>Dusk</h1><p>{ONE}</p>{box}<p>{TWO}</p><p>{THREE}</p></article>") == [ONE, TWO, THREE]


@pytest.mark.parametrize(("line", "kept"), [("About the author", 2), ("<b>About the author</b>", 0)])
def test_a_line_is_a_heading_over_the_end_where_it_is_set_as_one(line: str, kept: int) -> None:
    first, last = ONE.replace("dusk", "<em>dusk</em>"), "She was never asked."
    found = lines(f"<article><h1>Dusk</h1><p>{first}</p><p>{TWO}</p><p>{THREE}</p><p>{line}</p><p>{last}</p></article>")
    assert found == [ONE, TWO, THREE, *["About the author", last][:kept]]


def test_lists_are_text_where_they_are_no_lists_of_links() -> None:
    films = "<ol><li>The Slow Ferry<li>The Fast Ferry<li><a href=/f/3>A Raft</a> (2019)</ol>"
    facts = "<ul><li>Director: Ilse Kandinov<li>Running time: 98 minutes</ul>"
    others = "<ul><li><a href=/a>Nine films on boats</a><li><a href=/b>A pier, a dog and a summer</a></ul>"
    found = lines(f"<article><h1>Dusk</h1><p>{ONE}</p>{films}<p>{TWO}</p>{others}{facts}</article>")
    assert found == [
        ONE,
        "The Slow Ferry",
        "The Fast Ferry",
        "A Raft (2019)",
        TWO,
        "Director: Ilse Kandinov",
        "Running time: 98 minutes",
    ]


def test_lines_broken_by_hand_are_paragraphs() -> None:
    text = f"<div id=content><h1>Dusk</h1>{ONE}<br><br>{TWO}<br>\n<br>{THREE}<br><br><a href=/more>More films</a></div>"
    assert lines(text + "<div id=side><a href=/a>A</a><a href=/b>B</a></div>") == [ONE, TWO, THREE]


def test_a_page_set_as_a_table_is_read_and_a_table_in_it_row_by_row() -> None:
    menu = "<td class=menu><a href=/1>Home</a><br><a href=/2>Films</a></td>"
    facts = "<table><tr><td>Year<td>2026<tr><td>Length<td>98 minutes</table>"
    page = f"<table width=100%><tr>{menu}<td><h1>Dusk</h1><p>{ONE}<p>{TWO}{facts}<p>{THREE}</td></tr></table>"
    assert lines(page) == [ONE, TWO, "Year 2026", "Length 98 minutes", THREE]


def test_an_article_in_several_bodies_is_read_whole() -> None:
    parts = "".join(
        f"<div class=columns><div class=news-article>{part}</div></div><div class=slot>Advertisement</div>"
        for part in (f"<p>{ONE}</p>", f"<h2>The crossing</h2><p>{TWO}</p>", f"<h2>The end</h2><p>{THREE}</p>")
    )
    assert lines(f"<article><h1>Dusk</h1>{parts}</article>") == [ONE, "The crossing", TWO, "The end", THREE]


def test_a_lede_between_headline_and_body_is_text_and_what_is_no_sentence_is_not() -> None:
    lede = "A film about a ferry that knows where it is going, and about eleven people who do not."
    label = "Reported from the harbor of Sallow Bay by our whole film desk, with photographs and a map by the crew"
    top = f"<div><h1>Dusk</h1><p>{lede}</p><p>{label}</p></div>"
    text = f"<div class=text><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>"
    assert lines(f"{top}{'<div>' * 6}{text}{'</div>' * 6}") == [lede, ONE, TWO, THREE]


@pytest.mark.parametrize(
    "markup",
    [
        "<div itemprop=articleBody>{}</div>",
        "<div class=entry-content>{}</div>",
        "<section><div><div>{}</div></div></section>",
    ],
)
def test_longer_comments_do_not_make_the_article(markup: str) -> None:
    comments = "".join(
        f"<p>Number {n}: I was on that ferry, and it was not like that at all, I tell you.</p>" for n in range(30)
    )
    article = markup.format(f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>")
    page = f"<main><h1>Dusk</h1>{article}<div class=user-comments>{comments}</div></main>"
    assert lines(page) == [ONE, TWO, THREE]


def test_what_the_description_begins_with_is_the_article() -> None:
    widget = "".join(
        f"<p>(Wire) Story {n}: the council of Port Essen has voted on the lido once again, narrowly.</p>"
        for n in range(9)
    )
    head = f'<meta name=description content="{ONE[:70]}">'
    article = f"<div class=x1><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>"
    page = f"<div>{article}<div class=x2><ul><li>{widget}</ul></div></div>"
    assert ONE in lines(f"<h1>Dusk</h1>{page}", head)


def test_a_short_page_is_read_with_a_second_opinion() -> None:
    text = "The ferry will open in March. Kandinov directs."
    body = read(f"<article><h1>Dusk</h1><time>12 March 2026</time><p>{text}</p></article>")
    assert body.text == text
    assert body.extractor.startswith("prose; trafilatura ")


def test_prose_in_two_far_places_is_a_doubt_that_trafilatura_settles() -> None:
    half = "".join(f"<p>{n}. {ONE}</p>" for n in range(4))
    other = "".join(f"<p>{n}. {THREE}</p>" for n in range(4))
    body = read(f"<article><h1>Dusk</h1>{half}</article><section><div><div><div>{other}</div></div></div></section>")
    assert ": spread" in body.extractor
    assert ONE in body.text


@pytest.mark.parametrize(
    "told",
    [
        ["The ferry terminal will close in May."],
        ["港の議会は火曜日の夜、古い桟橋を閉鎖することを決めた。", "九年の争いが終わった。", "船長は去った。"],
        ["धूसर बंदरगाह की परिषद ने मंगलवार रात पुराने घाट को बंद कर दिया।", "वह चला गया।"],
    ],
)
def test_news_of_few_words_is_not_glued_to_the_name_of_its_site(told: list[str]) -> None:
    frame = "<header><a href=/>The Tern</a></header><main><article><h1>Dusk</h1>{}</article></main>"
    assert lines(frame.format("".join(f"<p>{line}</p>" for line in told))) == told


@pytest.mark.parametrize(
    "frame",
    [
        "<article class=story id={1}><h1>{0}</h1><div class=text>{2}</div></article>",
        "<div class='post single' id={1}><div class=top><h1>{0}</h1></div><div class=post-content>{2}</div></div>",
        "<section class=chunk><article><h1>{0}</h1>{2}</article></section>",
    ],
)
def test_of_an_endless_page_the_first_article_is_read_however_long_the_second_is(frame: str) -> None:
    others = "".join(
        f"<p>Otter number {n} was counted twice by the warden, once asleep and once not.</p>" for n in range(30)
    )
    first = frame.format("Dusk", "a1", f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>")
    assert lines(f"<main>{first}{frame.format('The otters of Sallow Bay', 'a2', others)}</main>") == [ONE, TWO, THREE]


def test_chapters_with_first_level_headings_are_one_article() -> None:
    chapter = "<section class=chapter><h1>{}</h1><p>{}</p><p>{}</p></section>"
    page = f"<article>{chapter.format('Dusk', ONE, TWO)}{chapter.format('Night', THREE, TWO)}</article>"
    assert lines(page) == [ONE, TWO, "Night", THREE, TWO]


def test_a_short_article_is_not_lengthened_by_the_teasers_behind_it() -> None:
    told = "Kandinov has joined the ferry company as its head of films. She starts in March."
    cards = "".join(
        f"<div class=card><h3><a href=/n/{n}>The otters of quay {n}</a></h3><p>{other}</p></div>"
        for n, other in enumerate(
            [
                "The warden counts the otters of the harbor again, and this time one of them counts him.",
                "Five wardens tell us about their winters, their stoves and the joy of a missing otter.",
            ]
        )
    )
    article = "<article><header><h1>Dusk</h1></header><div class=entry-content><p>{}</p></div></article>"
    frame = article + "<div class=x1><h2>And also</h2>{}</div>"
    assert lines(frame.format(told, cards)) == [told]


@pytest.mark.parametrize("box", ["<aside><h2>Most read</h2>{}</aside>", "<div class=related-stories>{}</div>"])
def test_a_short_article_is_read_beside_a_box_of_teasers_that_says_more(box: str) -> None:
    told = "Kandinov has joined the ferry company as its head of films. She starts in March."
    card = "<article><h3><a href=/n/{0}>The otters of quay {0}</a></h3><p>{1} This was on quay {0}.</p></article>"
    cards = "".join(card.format(number, ONE) for number in range(9))
    assert lines(f"<main><article><h1>Dusk</h1><p>{told}</p></article>{box.format(cards)}</main>") == [told]
