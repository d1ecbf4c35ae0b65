"""What is taken out: by markup, by links, by lines. And what stays, though it looks alike."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.extract.body import Body, read_body
from presswatch.extract.dates import Calendar
from presswatch.extract.decode import clean_line
from presswatch.extract.lines import bars_reader, strip_lines
from presswatch.extract.page import parse_page
from presswatch.model import Removed
from presswatch.outlets import Layout

URL = "https://tern.example/film/ferry"
PROSE = "".join(
    f"<p>The ferry leaves at {hour} and the quay falls silent behind it, as the harbor master likes it best.</p>"
    for hour in ("dusk", "six", "noon", "dawn", "ten", "four")
)


def read(body: str, layout: Layout | None = None) -> Body:
    return read_body(
        parse_page(f"<body>{body}</body>", URL),
        None,
        layout or Layout(),
        headline="Dusk",
        byline=(),
        calendar=Calendar("UTC", None),
    )


def strip(inner: str, layout: Layout | None = None) -> tuple[str, list[Removed]]:
    body = read(f"<article><h1>Dusk</h1>{PROSE}{inner}{PROSE.replace('ferry', 'barge')}</article>", layout)
    assert body.extractor == "prose"
    assert body.text.startswith("The ferry leaves at dusk")
    assert body.text.count("the quay falls silent") == 12
    return body.text, [block for block in body.removed if block.rule != "markup:headline"]


@pytest.mark.parametrize(
    ("rule", "block"),
    [
        ("comments", "<div id=comments><ol class=commentlist><li>Gone!</ol></div>"),
        ("comments", "<div id=respond class=comment-respond><h3>Gone!</h3><form></form></div>"),
        ("comments", "<section class='post__comments-area'>Gone!</section>"),
        ("comments", "<div id=disqus_thread>Gone!</div>"),
        ("comments", "<div class=fb-comments>Gone!</div>"),
        ("comments", "<div class='coral-thread'>Gone!</div>"),
        ("comments", "<viafoura-wrap class=viafoura>Gone!</viafoura-wrap>"),
        ("comments", "<section class=kommentare>Gone!</section>"),
        ("comments", "<div class=commentaires>Gone!</div>"),
        ("comments", "<div class=comentarios>Gone!</div>"),
        ("comments", "<div class=commenti>Gone!</div>"),
        ("comments", "<div class=komentarze-box>Gone!</div>"),
        ("comments", "<section id=reacties>Gone!</section>"),
        ("comments", "<div class=cmts><div class=cmt>Gone!</div></div>"),
        ("comments", "<section aria-label=Comments>Gone!</section>"),
        ("comments", "<div data-testid=comments-section>Gone!</div>"),
        ("comments", "<div itemprop=comment>Gone!</div>"),
        ("comments", "<article itemtype=http://schema.org/UserComments>Gone!</article>"),
        ("notice", "<div class=poll><h4>Gone!</h4></div>"),
        ("notice", "<div class='paywall-offer inline'>Gone!</div>"),
        ("shop", "<div class=c-shoppable-product-card>Gone!</div>"),
        ("ads", "<amp-ad width=300><div fallback>Gone!</div></amp-ad>"),
        ("share", "<div class='sharedaddy sd-sharing-enabled'>Gone!</div>"),
        ("embed", "<amp-twitter width=375><blockquote placeholder>Gone!</blockquote></amp-twitter>"),
        ("share", "<ul class=social-links><li>Gone!</ul>"),
        ("related", "<div class='jp-relatedposts'>Gone!</div>"),
        ("related", "<aside class='article-related-posts'>Gone!</aside>"),
        ("related", "<div class=taboola-below>Gone!</div>"),
        ("newsletter", "<div class='newsletter-signup'>Gone!</div>"),
        ("author box", "<div class=author-bio>Gone!</div>"),
        ("tags", "<div class=post-tags>Gone!</div>"),
        ("ads", "<div class=wpadvert>Gone!</div>"),
        ("footer", "<div class='entry-footer'>Gone!</div>"),
        ("hidden", "<div class='rich w-condition-invisible'>Gone!</div>"),
        ("caption", "<figure><img src=x><figcaption>Gone!</figcaption></figure>"),
    ],
)
def test_a_kind_of_block_goes_by_its_markup_and_is_recorded(rule: str, block: str) -> None:
    text, removed = strip(block)
    assert "Gone!" not in text
    assert removed == [Removed(rule=f"markup:{rule}", text="Gone!")]


@pytest.mark.parametrize(
    "block",
    [
        "<div class=responsive>Kept!</div>",
        "<div class=recommendation>Kept!</div>",
        "<p class=commentary>Kept!</p>",
        "<div class=unshared>Kept!</div>",
        "<div class=paywall>Kept!</div>",
        "<div class=production>Kept!</div>",
        "<div class=spoiler-alert>Kept!</div>",
        "<div class=full-credits>Kept!</div>",
        "<h2>Kept!</h2>",
        "<p>Kept! <a href=/other>and a link within</a> a sentence.</p>",
        "<p><a href='https://elsewhere.example/source'>Kept!</a></p>",
        "<p><a href='#notes'>Kept!</a></p>",
        "<p><a href='mailto:desk@tern.example'>Kept!</a></p>",
        "<ul><li><a href=/a>Kept!</a> with words of its own<li><a href=/b>b</a></ul>",
    ],
)
def test_what_only_looks_alike_stays(block: str) -> None:
    text, removed = strip(block)
    assert "Kept!" in text
    assert not removed


@pytest.mark.parametrize("tag", ["body", "article", "main"])
def test_a_class_on_what_holds_the_article_says_what_the_page_has(tag: str) -> None:
    body = read(f"<{tag} class='single comments-open newsletter related'><h1>Dusk</h1>{PROSE}</{tag}>")
    assert body.text.count("falls silent") == 6


def test_a_block_with_most_of_the_text_is_the_article_whatever_it_is_called() -> None:
    body = read(f"<div class=sharing>{PROSE}</div><p>Short.</p>")
    assert body.text.count("falls silent") == 6


def test_a_frame_named_after_what_stands_beside_the_article_has_parts_of_that_name() -> None:
    columns = (
        f"<div class=sidebar-grid__main>{PROSE}</div><div class=sidebar-grid__main>{PROSE.replace('quay', 'pier')}"
    )
    body = read(f"<div class=sidebar-grid><h1>Dusk</h1>{columns}</div></div>")
    assert body.text.count("falls silent") == 12


def test_links_that_lead_on_go_with_the_heading_over_their_list() -> None:
    _, removed = strip(
        "<p>Related: <a href=/a>Another pier</a></p><h3><a href='https://www.tern.example/b'>A lighthouse</a></h3>"
        "<div><h4>More of this</h4><ul><li><a href=/c>One is enough</a><li><a href=/d>Two are more</a></ul></div>"
    )
    assert [(block.rule, block.text) for block in removed] == [
        ("markup:link alone", "Related: Another pier"),
        ("markup:teaser", "A lighthouse"),
        ("markup:links", "More of this One is enough Two are more"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "You can read our talk with the harbor master <a href='/a'>here</a>.",
        "Check out our <a href='/a'>review of The Slow Ferry here</a>!",
        "[ <a href='/a'>What the ferry carries at night</a> ]",
        "READ | <a href='/a'>Nine piers, measured</a>",
        "À LIRE AUSSI <a href='/a'>Le phare que personne ne garde</a>",
        "Related <a href='/a'>A lighthouse for sale, with its keeper</a>",
        "<a href='https://stream.example/9'>Watch on Streamly</a>",
        "<a href='https://tickets.example/9'>Buy tickets</a>",
    ],
)
def test_a_line_that_points_elsewhere_goes(line: str) -> None:
    text, removed = strip(f"<p>{line}</p>")
    assert len(removed) == 1
    assert removed[0].text not in text


@pytest.mark.parametrize(
    "line",
    [
        "You can see our house from the pier, he writes, and <a href='/a'>the letter</a> says no more.",
        "You can watch my films anywhere, she says, as long as <a href='/a'>it is dark</a> there or here.",
        "Related to this is <a href='/a'>the question of who owns the tide</a>, she says.",
        "Read our <a href='/a'>harbor</a> as a stage and it is one.",
        "<a href='https://elsewhere.example/9'>Watch the sea from here, the plaque says, and forget it</a>.",
    ],
)
def test_a_sentence_with_a_link_stays(line: str) -> None:
    text, removed = strip(f"<p>{line}</p>")
    assert not removed
    assert text.count("\n") == 12


PULLED = "the quay falls silent behind it, as the harbor master likes it best"


@pytest.mark.parametrize(
    "quote",
    [
        f"<blockquote><p>“{PULLED}…”</p><cite>Ilse Kandinov</cite></blockquote>",
        f"<div class=pull-quote><div><p>{PULLED.upper()}</p><p>Ilse Kandinov</p></div></div>",
    ],
)
def test_a_quote_set_large_that_stands_in_the_text_goes_with_the_name_under_it(quote: str) -> None:
    body = read(f"<article><h1>Dusk</h1>{PROSE}{quote}<p>And so it went.</p></article>")
    assert body.paragraphs[6:] == ("And so it went.",)
    assert [block.rule for block in body.removed] == ["markup:headline", "markup:pull quote"]


def test_a_quote_that_stands_nowhere_else_stays_and_so_does_a_body_that_is_named_after_quotes() -> None:
    text, removed = strip("<blockquote><p>Rope is rope, and the sea will not pay for it.</p></blockquote>")
    assert "Rope is rope" in text
    assert not removed
    body = read(f"<article class=indented-quotes><h1>Dusk</h1><div>{PROSE}<p>As the harbor master.</p></div></article>")
    assert body.text.endswith("As the harbor master.")


def test_a_sentence_to_be_tweeted_goes_where_the_text_has_it_and_elsewhere_its_button_alone() -> None:
    def box(said: str) -> str:
        button = "<a class=bctt-ctt-btn href=https://x.example>Click To Tweet</a>"
        return f"<div class=bctt-click-to-tweet><span class=bctt-ctt-text>{said}</span>{button}</div>"

    body = read(f"<article><h1>Dusk</h1>{PROSE}{box(PULLED)}<p>And so it went.</p></article>")
    assert body.paragraphs[6:] == ("And so it went.",)
    text, _ = strip(box("Rope is rope, and the sea will not pay for it."))
    assert "Rope is rope, and the sea will not pay for it.\n" in text


def test_what_is_said_round_a_field_for_an_address_goes() -> None:
    text, removed = strip(
        "<div class=x1><h3>Enjoying this?</h3><div><p>Our best pieces about boats come by post once a week, and they "
        "are free.</p><form><input type=email><button>Yes</button></form></div></div>"
    )
    assert "Enjoying" not in text
    assert {block.rule for block in removed} == {"markup:newsletter"}


def gallery(words: str, hours: Sequence[str] = ("dusk", "six", "noon", "dawn", "ten", "four")) -> str:
    caption = "<figcaption><p>{} on the pier at {}.</p><p class=credit>Tern/Handout</p></figcaption>"
    figure = f"<figure><img src=x>{caption}</figure>"
    return "".join(figure.format(words, hour) for hour in hours)


def test_what_stands_in_one_box_with_what_bars_readers_goes() -> None:
    for offer in (
        "<h3>Keep reading for a pound</h3><p>Join nine people who read us.</p><p>Already a subscriber? Sign in</p>",
        "<h2>Weiterlesen mit Plus</h2><p>Vier Wochen für einen Euro.</p><p>Jetzt abonnieren und weiterlesen</p>",
        "<p>You’ve reached your limit of free articles.</p><p>All of the pier for a pound a week, and a lamp.</p>",
    ):
        body = read(f"<article><h1>Dusk</h1>{PROSE}<div class=a9>{offer}</div></article>")
        assert body.paragraphs[-1].startswith("The ferry leaves at four")
        assert [block.rule for block in body.removed] == ["markup:headline", "markup:wall"]
    asked = (
        "<h3>Can I sign up?</h3><p>The mate takes names.</p><h3>Already registered?</h3><p>Then wait for the ferry.</p>"
    )
    assert "The mate takes names." in read(f"<article><h1>Dusk</h1>{PROSE}<div>{asked}</div></article>").text
    told = "<p>She would not pay for the ferry.</p><p>Subscribe to continue reading</p>"
    assert read(f"<article><h1>Dusk</h1>{PROSE}<div>{told}</div></article>").paragraphs[-1].startswith("She would not")


def test_what_stands_in_one_box_with_a_button_to_a_letter_goes() -> None:
    text, removed = strip(
        "<section><h3>The Slip</h3><p>What to see from the pier.</p><a href=/newsletters/slip>Count me in</a></section>"
        "<p>She wrote of it in <a href=/newsletters/slip>her letter</a> on Friday.</p>"
    )
    hers = (
        "<section><h3>On Sundays</h3><p>She writes.</p><a href=https://lind.example/newsletter>Her letter</a></section>"
    )
    assert "She writes." in strip(hers)[0]
    assert "see from the pier" not in text
    assert "She wrote of it in her letter" in text
    assert [block.rule for block in removed] == ["markup:newsletter"]


def test_a_list_says_what_its_links_are_or_leads_elsewhere() -> None:
    prizes = ("Best film: |The Slow Ferry", "Best actor: |Bo Lind", "Best sound: |Dusk")
    items = (f"<li>{label}<a href=/x>{name}</a></li>" for label, name in (prize.split("|") for prize in prizes))
    assert "Best actor: Bo Lind\n" in strip(f"<ul>{''.join(items)}</ul>")[0]
    others = "".join(f"<li>Video: <a href=/x{n}>How the harbor master found her lamp again</a></li>" for n in "123")
    assert "found her lamp" not in strip(f"<ul>{others}</ul>")[0]


def test_a_picture_and_who_took_it_may_be_a_paragraph() -> None:
    text, removed = strip(
        "<p><img src=x><br><i>The ferry at its slip. Photo by Ada Quill.</i></p><p><img src=y>It never came.</p>"
    )
    assert "slip" not in text
    assert "It never came." in text
    assert [block.rule for block in removed] == ["markup:caption"]


def test_captions_are_the_text_of_a_gallery_and_not_of_an_article_with_pictures() -> None:
    pictures = gallery("The harbor master waits with her lamp and her two dogs")
    opening = "<p>Six hours with the harbor master of Marrow Point, who has never once been late for a ferry.</p>"
    body = read(f"<article><h1>Dusk</h1>{opening}{pictures}</article>")
    assert body.text.count("her two dogs") == 6
    assert "Handout" not in body.text
    text, _ = strip(pictures)
    assert "her two dogs" not in text


def test_three_captions_may_be_a_gallery_too() -> None:
    words = "The harbor master waits with her lamp and her two dogs, while nine people look for the ticket"
    pictures = gallery(words, ("dusk", "six", "noon"))
    body = read(f"<article><h1>Dusk</h1><p>Three hours with the harbor master of Marrow Point.</p>{pictures}</article>")
    assert body.text.count("her two dogs") == 3


def test_a_gallery_may_stand_behind_its_opening_in_elements_of_its_own() -> None:
    words = "waits with her lamp and her two dogs, while nine people look for the ticket that one of them has lost"
    slide = (
        f"<div class=slide><figure><img src=x><figcaption><h2>The {{}}</h2><p>She {words}.</p><i>Tern</i></figcaption>"
    )
    slides = "".join(f"{slide.format(what)}</figure></div>" for what in ("pier", "slip", "lido"))
    opening = "<div class=a0><p>Three places in which the harbor master of Marrow Point has never been late.</p></div>"
    body = read(f"<article><h1>Dusk</h1>{opening}<div class=slides>{slides}</div></article>")
    assert body.text.count("her two dogs") == 3
    assert "The slip\n" in body.text
    assert "Tern" not in body.text
    others = read(f"<main><article><h1>Dusk</h1>{PROSE}</article><div class=slides>{slides}</div></main>")
    assert "her two dogs" not in others.text


READERS = "<div class=a1><p>I rowed that ferry myself, and it never was on time.</p></div>" * 9


@pytest.mark.parametrize("heading", ["2 Comments", "Kommentare (2)", "3 thoughts on “Dusk”", "Join the conversation"])
def test_comments_that_nothing_but_their_heading_tells_go(heading: str) -> None:
    text, removed = strip(f"<div class=a0><h3>{heading}</h3>{READERS}</div>")
    assert "rowed that ferry" not in text
    assert {block.rule for block in removed} == {"markup:comments"}


def test_a_count_of_comments_over_the_text_and_a_heading_among_its_paragraphs_take_nothing_out() -> None:
    assert "rowed that ferry" in read(f"<div class=a0><h3>2 Comments</h3>{READERS}</div>").text
    assert "rowed that ferry" in strip(f"<h3>Comments of the jury</h3>{READERS}")[0]


@pytest.mark.parametrize("ago", ["3 days ago", "2h ago", "vor 3 Tagen", "il y a 3 jours", "hace 3 días"])
def test_comments_that_nothing_but_their_hours_tell_go(ago: str) -> None:
    replies = "".join(
        f"<div class=a1><b>{name}</b> <span>{ago}</span><p>I rowed that ferry myself, and it never was late.</p></div>"
        for name in ("bo_lind", "cy")
    )
    text, removed = strip(f"<div class=a0><h3>Talk of the pier</h3>{replies}</div>")
    assert "rowed that ferry" not in text
    assert "Talk of the pier" not in text
    assert {block.rule for block in removed} == {"markup:comments"}


def test_entries_of_a_live_ticker_are_no_comments_and_a_sentence_may_tell_how_long_ago_it_was() -> None:
    boats = ("barge", "tug", "punt")
    entries = "".join(f"<div class=a1><span>2 hours ago</span>{PROSE.replace('ferry', boat)}</div>" for boat in boats)
    assert read(f"<article><h1>Dusk</h1>{PROSE}{entries}</article>").text.count("falls silent") == 24
    story = "".join(
        f"<div class=a1><b>{years} years ago</b><p>She sailed, and came back at dawn.</p></div>" for years in "52"
    )
    assert strip(story)[0].count("She sailed, and") == 2
    told = "".join(
        f"<div class=a1><p>She sailed {years} years ago, and came back on the same day.</p></div>" for years in "25"
    )
    assert "She sailed 2 years ago" in strip(told)[0]


def test_an_outlet_s_strip_rules_come_first_and_nested_ones_count_once() -> None:
    layout = Layout(strip=(".promo", ".promo .inner", "##broken"))
    text, removed = strip("<div class=promo>Gone <span class=inner>twice</span></div>", layout)
    assert "Gone" not in text
    assert removed == [Removed(rule="strip:.promo", text="Gone twice")]


def test_a_gallery_s_pictures_have_the_text_and_a_caption_is_none() -> None:
    slide = "<figure><img src=x><div>{} is where the ferry waits for the mail, and for nobody else.</div></figure>"
    slides = "".join(map(slide.format, ("Marrow Point", "Corran", "Sallow Bay", "Port Essen", "The lido", "The slip")))
    assert read(f"<article><h1>Dusk</h1>{slides * 1}</article>").text.count("waits for the mail") == 6
    text, removed = strip("<div><img src=x><div>The ferry at its slip</div></div>")
    assert "slip" not in text
    assert removed == [Removed(rule="markup:caption", text="The ferry at its slip")]


def test_a_footer_that_is_no_such_element_is_none_of_the_article_s() -> None:
    imprint = "<p>The Tern is written by nine people on a pier, and they would like to hear from you about it.</p>"
    body = read(f"<div><h1>Dusk</h1><div>{PROSE}</div></div><div id=footer>{imprint}</div>")
    assert body.text.count("falls silent") == 6
    assert "nine people" not in body.text


def test_words_of_a_sentence_stay_whatever_they_are_called_and_a_credit_alone_goes() -> None:
    text, removed = strip(
        "<p><span class=lead-callout>On the last day</span> she met <a class=author href=/a>Ada Quill</a> at the pier."
        " <span class=sr-only>opens in a new window</span></p><p><em class=photo-credit>Ada Quill for The Tern</em></p>"
    )
    assert "On the last day she met Ada Quill at the pier.\n" in text
    assert [(block.rule, block.text) for block in removed] == [
        ("markup:notice", "opens in a new window"),
        ("markup:caption", "Ada Quill for The Tern"),
    ]


def test_a_second_copy_of_the_text_is_taken_out() -> None:
    body = read(f"<article><h1>Dusk</h1>{PROSE}<div class=for-print>{PROSE}</div></article>")
    assert body.text.count("falls silent") == 6
    assert {block.rule for block in body.removed} == {"markup:headline", "markup:copy"}


def test_labels_round_the_text_go_and_headings_in_it_stay() -> None:
    body = read(
        f"<article><p>FILM</p><h1>Dusk</h1><p>12 March</p>{PROSE}<h2>The crossing</h2>{PROSE.replace('quay', 'pier')}"
        "<div>Text size</div><h3>More</h3></article>"
    )
    assert body.text.count("falls silent") == 12
    assert "The crossing" in body.text
    assert [block.text for block in body.removed] == ["FILM", "Dusk", "12 March", "Text size More"]


@pytest.mark.parametrize(
    "heading",
    ["About the author", "About Tideline Pictures", "Pressekontakt", "Quellen:", "Notes to editors", "Fuentes"],
)
def test_a_last_section_about_somebody_else_goes(heading: str) -> None:
    said = "Ada Quill has written about ferries for nine years, and has never once been seasick on any of them."
    body = read(
        f"<article><h1>Dusk</h1>{PROSE}{PROSE.replace('quay', 'pier')}<h3>{heading}</h3><p>{said}</p></article>"
    )
    assert body.text.count("falls silent") == 12
    assert [block.text for block in body.removed if block.rule == "markup:closing"] == [f"{heading} {said}"]
    early = read(
        f"<article><h1>Dusk</h1><h3>{heading}</h3><p>{said}</p>{PROSE}{PROSE.replace('quay', 'pier')}</article>"
    )
    assert said in early.text


@pytest.mark.parametrize("heading", ["About time", "Über den Wolken", "The sources of the river", "Contact lost"])
def test_a_last_section_of_the_article_stays(heading: str) -> None:
    said = "Nobody on the ferry has an answer to that, and the last of them goes ashore without having asked."
    body = read(
        f"<article><h1>Dusk</h1>{PROSE}{PROSE.replace('quay', 'pier')}<h3>{heading}</h3><p>{said}</p></article>"
    )
    assert said in body.text


def test_prose_that_no_lane_took_is_accounted_for() -> None:
    far = "<p>Somebody else's words, which stand alone at the far end of the page, are not of the article.</p>"
    body = read(f"<article><h1>Dusk</h1>{PROSE}{PROSE.replace('quay', 'pier')}</article><div><div>{far}</div></div>")
    assert [block.text for block in body.removed if block.rule == "outside"] == [far[3:-4]]


# ---------------------------------------------------------------- lines

SENTENCE = "She counts the passengers twice, and the second time there is one more of them."


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("comment form", "Leave a Reply"),
        ("comment form", "Fill in your details below or click an icon to log in: Logo"),
        ("comment form", "You are commenting using your Somenet account. ( Log\xa0Out /\xa0 Change )"),
        ("comment form", "Connecting to %s"),
        ("comment form", "Notify me of new comments via email."),
        ("comment form", "Your email address will not be published. Required fields are marked *"),
        ("comment form", "Schreibe einen Kommentar"),
        ("comment form", "Du kommentierst mit Deinem WordPress.com-Konto."),
        ("comment form", "Votre adresse e-mail ne sera pas publiée."),
        ("comment form", "Deja un comentario"),
        ("comment form", "Lascia un commento"),
        ("comment form", "12 Comments"),
        ("promo", "Popular on The Tern"),
        ("promo", "Read more: The lighthouse that nobody keeps"),
        ("promo", "Lesen Sie auch: Der Leuchtturm"),
        ("promo", "Lire aussi : Le phare"),
        ("share or ad", "Share this:"),
        ("share or ad", "Share"),
        ("share or ad", "ADVERTISEMENT"),
        ("share or ad", "SKIP ADVERTISEMENT"),
        ("share or ad", "Advertisement. Scroll to continue reading."),
        ("credit", "Photo: Ada Quill / The Tern"),
        ("credit", "Image courtesy of Sallow Bay Pictures"),
        ("credit", "All photos courtesy Bo Lind"),
        ("credit", "(Reporting by Ada Quill; Editing by Bo Lind)"),
        ("legal", "© 2022 The Tern"),
        ("legal", "A version of this article appears in print on March 9, 2026, Section C, Page 6. Order Reprints"),
        ("promo", "Related topics"),
        ("legal", "Copyright 2022 The Tern. All rights reserved."),
        ("newsletter", "Sign up for our daily newsletter and never miss a ferry"),
        ("follow", "Follow The Tern on Instagram"),
        ("promo", "Read: Nine Films About the Sea"),
        ("promo", "À lire aussi » Le phare que personne ne garde"),
        ("promo", "Czytaj także: Latarnia"),
        ("share or ad", "Article continues below"),
        ("share or ad", "Passer la publicité"),
        ("share or ad", "Реклама"),
        ("share or ad", "5 min read"),
        ("share or ad", "Artikel anhören"),
        ("newsletter", "Our readers get the harbor news first: sign up for our newsletter and never miss a tide"),
        ("newsletter", "Sie mögen das Meer? Dann abonnieren Sie unseren Newsletter vom Hafen, ganz kostenlos."),
        ("placeholder", "An dieser Stelle finden Sie ein externer Inhalt, der den Artikel ergänzt."),
        ("placeholder", "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden."),
        ("placeholder", "View this post on Instagram"),
        ("placeholder", "This slideshow requires JavaScript."),
        ("contact", "Got a tip? Email us at harbor@tern.example and tell us what you saw."),
        ("contact", "Write to Ada Quill at ada@tern.example"),
        ("contact", "Let us know what you think in the comments below."),
        ("contact", "Have you seen the ferry? Let us know in the comments below!"),
        ("contact", "What did you think of the ending? Would you go aboard? Sound off in the comments."),
        ("contact", "Fehler gefunden? Jetzt melden."),
        ("contact", "If you enjoyed this story, please give it a few claps and follow The Tern."),
        ("follow", "Follow the Tern’s coverage of the ferries at https://tern.example/ferries"),
        ("legal", "© RIPRODUZIONE RISERVATA"),
        ("legal", "Der Tern. Alle Rechte vorbehalten."),
        ("legal", "ⓒ 부두일보, 무단 전재 및 재배포 금지"),
        ("legal", "The Tern is a registered trademark of Harbor Press. Use of this site means that you agree."),
        ("legal", "THIS IS A RUSH TRANSCRIPT. THIS COPY MAY BE UPDATED."),
        ("legal", "The writer runs a cinema on a barge. Views expressed are her own."),
        ("legal", "The Tern, 2022. All rights reserved."),
        ("legal", "Le Phare. Tous droits réservés"),
        ("legal", "El Faro. Todos los derechos reservados."),
        ("legal", "Il Faro, riproduzione riservata"),
        ("legal", "부두일보 무단 전재 금지"),
        ("placeholder", "The map of the harbor is third-party content: consent to see it."),
        ("contact", "Have you seen the ferry? Weigh in below!"),
        ("credit", "Bo Lind in Sallow Bay contributed to this report."),
        ("residue", "Map of the harbor loading…"),
        ("newsletter", "All of the harbor, delivered to your inbox."),
        ("newsletter", "Das E-Paper vom Hafen: für Sie kostenlos"),
        ("newsletter", "Ihre Push-Nachrichten vom Hafen: gleich bestellen"),
        ("newsletter", "Der Hafen in Ihrem Posteingang, kostenlos"),
        ("newsletter", "El puerto en nuestro boletín: suscríbete"),
        ("newsletter", "Le port dans notre infolettre : inscrivez-vous"),
        ("legal", "The opinions expressed in this column are those of the author."),
        ("share or ad", "Reader score: 7.4 (based on 212 ratings)"),
        ("share or ad", "Rate this film"),
        ("newsletter", "This story first appeared in the May issue of Quay. Click here to subscribe."),
        ("newsletter", "Dieser Text stammt aus der neuen Ausgabe. Jetzt abonnieren und keine Ausgabe verpassen."),
        ("follow", "Sigue toda la información del puerto en Facebook y X, o en nuestra newsletter semanal."),
        ("follow", "Retrouvez tous les articles du port dans notre application."),
        ("follow", "Folgen Sie dem Hafen auf Instagram"),
        ("follow", "For more of the harbor, follow us on Facebook and X."),
        ("promo", "Read More About:"),
        ("contact", "Stay tuned to The Tern for more updates!"),
        ("credit", "—With reporting by Bo Lind in Sallow Bay"),
        ("share or ad", "This voice is generated by AI. Feedback?"),
        ("agency", "aq/dpa"),
        ("agency", "(Reuters)"),
        ("residue", '[button link="/tickets" type="big"]Send us your boat[/button]'),
        ("residue", "{{ article.author }}"),
        ("residue", "This entry was posted on Tuesday, May 3rd, 2022 at 9:12 and is filed under Film."),
    ],
)
def test_a_kind_of_line_goes_and_is_recorded(rule: str, line: str) -> None:
    kept, removed = strip_lines([SENTENCE, line, SENTENCE])
    assert kept == [SENTENCE, SENTENCE]
    assert [block.rule for block in removed] == [f"line:{rule}"]


@pytest.mark.parametrize(
    "line",
    [
        "Stay tuned to the end, for there is news of the ferry, and it is not the news that anybody hopes for.",
        "With reporting by night and sleeping by day she wrote it in nine months, and it shows. It is a good book.",
        "The voice is generated by AI, and the film asks whose it was before it was nobody's at all, or everybody's.",
        "If you enjoyed this film, follow its director to the next one, which is better.",
        "More of the letters are kept in Bergen, and nobody has read them.",
        "The pier is a trademark of sorts, and it leaks.",
        "Popular on two coasts, the film never found a home between them. It may yet.",
        "Editing by the director's sister keeps the second half afloat.",
        "Copyright law is what the two of them argue about for most of the film.",
        "Connecting to the mainland takes an hour, and the film uses all of it.",
        "Get out while you can, the deckhand writes in one of his e-mails.",
        "Follow the money, the harbour master says, and you will find a boat.",
        "Related by blood but not by temper, the sisters share a cabin.",
        "Leave a reply unanswered for long enough, he says, and it answers itself.",
        "More from the festival arrived on Sunday, and it was better. We stayed.",
        "What do you think of the ending?",
        "Do you have any news on the sequel?",
        "Have you got a question for me, she asks, or only a camera?",
        "She signed up at the slip, and that is how the newsletter of the harbor got its first reader.",
        "“Our readers get your newsletter and mine,” she says, and they subscribe to both.",
        "Read it as a comedy and it is one.",
        "What did you think? Nobody would tell us, and the harbour master least of all.",
        "Photos courtesy of the harbour master hang in every room. Nobody looks at them.",
        "This story was originally published on May 3, 2022. It has been updated with new pictures.",
        "Share and share alike, the deckhand says.",
        "This story first appeared in Spanish in Remo, issue 14.",
        "Audience ratings were never her concern, and nor were reviews.",
        "Sigue viviendo en nuestra memoria, como el barco.",
        "Sigue una gira por nueve puertos, en nuestro país y en otros.",
        "The opinions expressed are those that sailors have held for years. He shares none of them.",
        "Reuters was the first to call, and AP the second.",
        "She wrote to the harbor master and got no answer.",
        "[Laughs.]",
        "[Verse 1]",
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    assert strip_lines([SENTENCE, line]) == ([SENTENCE, line], [])


def test_labels_inside_a_comment_form_go_with_it_and_alone_they_stay() -> None:
    form = ["Leave a Reply", "Somenet picture", "Connecting to %s", "Logo"]
    kept, removed = strip_lines([SENTENCE, *form])
    assert kept == [SENTENCE]
    assert [block.text for block in removed] == form
    assert strip_lines([SENTENCE, "Somenet picture", "Logo"])[1] == []


def test_stop_rules_of_an_outlet_apply_in_any_position_and_to_long_blocks() -> None:
    long = "Daily Headlines: " + SENTENCE * 5
    kept, removed = strip_lines([SENTENCE, long, SENTENCE], stop=["^Daily Headlines"])
    assert kept == [SENTENCE, SENTENCE]
    assert removed == [Removed(rule="stop:^Daily Headlines", text=long)]


def test_headline_byline_and_date_are_not_repeated_before_the_text() -> None:
    lines = ["REVIEW A Ferry Leaves", "By Ada Quill, Staff Writer", "3 May 2022, 10:15", SENTENCE * 2, "A ferry leaves"]
    kept, removed = strip_lines(lines, headline="A Ferry Leaves", byline=["Ada Quill"])
    assert kept == [SENTENCE * 2, "A ferry leaves"]
    assert [block.rule for block in removed] == ["line:headline", "line:byline", "line:date"]


@pytest.mark.parametrize("end", ["8:05 a.m.", "8:05 a.m. EST", "11 p.m."])
def test_two_stamps_in_one_line_are_no_text_though_it_ends_with_a_full_stop(end: str) -> None:
    stamp = f"Published: March 9, 2024 at 11:30 p.m. EST | Updated: March 10, 2024 at {end}"
    kept, removed = strip_lines([stamp, SENTENCE])
    assert kept == [SENTENCE]
    assert removed == [Removed(rule="line:date", text=stamp)]


def test_a_first_sentence_with_the_author_s_name_or_a_date_stays() -> None:
    lines = [
        "Ada Quill went aboard in May with a notebook and came back in June without it.",
        "On 3 May 2022 the ferry sank.",
    ]
    assert strip_lines(lines, headline="A Ferry Leaves", byline=["Ada Quill"])[0] == lines


def test_a_first_sentence_that_ends_with_the_headline_stays() -> None:
    lines = ["Nobody on the pier has heard of a film called Dusk.", SENTENCE]
    assert strip_lines(lines, headline="Dusk")[0] == lines


def test_a_speaker_s_label_is_no_byline() -> None:
    lines = ["Ada Quill:", "What did you see?"]
    assert strip_lines(lines, byline=["Ada Quill"])[0] == lines


SOME_LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                SENTENCE,
                "Leave a Reply",
                "Logo",
                "Connecting to %s",
                "3 May 2022",
                "By Ada Quill",
                "A Ferry Leaves",
                "Read more",
            ]
        ),
    ),
    max_size=12,
)


@given(SOME_LINES)
@settings(max_examples=150)
def test_stripping_twice_is_stripping_once_and_nothing_is_lost(lines: list[str]) -> None:
    known = {"stop": ["^x"], "headline": "A Ferry Leaves", "byline": ["Ada Quill"]}
    kept, removed = strip_lines(lines, **known)  # type: ignore[arg-type]
    assert strip_lines(kept, **known) == (kept, [])  # type: ignore[arg-type]
    words = {word for line in lines for word in clean_line(line).split() if word.isascii() and word.isalpha()}
    left = {word for line in (*kept, *(block.text for block in removed)) for word in line.split()}
    assert words <= left


@pytest.mark.parametrize(
    "sentence",
    [
        "More from the same fund went to the pier.",
        "Subscribe to our newsletter, the fraudsters wrote, and win a boat.",
        "Copyright 2019 was the year in which a court first asked who owns a melody.",
        "Copyright by default lasts seventy years after the death of the author.",
        "Contact tracers wrote to 300 passengers at first@harbor.example, and two replied.",
        "Contact us or lose the boat, the letter to the crew said.",
        "Click here, said the banner that emptied his account.",
        "For more information on the strike, workers had to read the board at the gate.",
        "Sources: two people who saw the letter, and the letter itself.",
        "Text: “We are leaving.” Nobody answered it.",
        "Photo: that one word was all the telegram said.",
        "Follow the money on Facebook groups and you find the same four names.",
        "Share this burden, the mayor said.",
        "Show more courage, she said.",
        "Loading docks stood empty.",
        "Please wait for the verdict.",
        "Fehler gefunden haben die Prüfer in neun von zehn Rechnungen.",
        "Ihre Meinung ist gefragt, aber sie zählt nicht, sagte die Bürgermeisterin.",
        "Ihre Meinung zu ändern, fällt der Ministerin schwer.",
        "Signaler une faute coûte cher, dit-elle.",
    ],
)
def test_a_sentence_that_begins_as_a_promo_does_is_text(sentence: str) -> None:
    assert strip_lines([sentence]) == ([sentence], [])


@pytest.mark.parametrize(
    "line",
    [
        "More from The Tern",
        "Subscribe to our newsletter and win a boat.",
        "Copyright 2019 The Tern. No part of it may be reprinted.",
        "© 2019 by The Tern",
        "Contact the author at ada.quill@tern.example",
        "For more information, please visit our site.",
        "Sources: Harbor Office, own research",
        "Photo: Ada Quill/The Tern.",
        "Follow us on Facebook for more",
        "Follow The Tern on X and Instagram",
        "Show more comments",
        "Loading comments...",
        "Please wait while the page loads…",
        "Fehler gefunden? Jetzt melden.",
        "Ihre Meinung zu diesem Artikel",
        "Signaler une erreur dans le texte",
    ],
)
def test_a_promo_goes_on_being_told(line: str) -> None:
    kept, (removed,) = strip_lines([line])
    assert not kept
    assert removed.rule.startswith("line:")


ASKED = [
    "All products here are chosen by our editors. If you buy something through our links, we may earn a commission.",
    "All items are chosen by editors. However, The Tern may receive a commission on orders placed through its links.",
    "Good journalism costs money. Please consider supporting The Tern with a gift.",
    "If you like what we do, please consider supporting us on Patreon.",
    "The Tern is a non-profit newsroom. If you value our work, please consider making a donation today.",
    "Support us on Patreon and get the podcast a day early.",
    "Support this podcast on Patreon.",
    "Please consider supporting our work via Ko-fi.",
    "Help keep us afloat: support us on Patreon!",
    "You can support us on Patreon here.",
    "Subscribe to our Substack for more on films about the sea.",
    "Subscribe to my free Substack.",
    "Join our Discord",
    "Want more? Come and join our Discord server!",
    "Join the conversation on our Discord.",
    "Follow me on TikTok and Instagram.",
    "Buy me a coffee",
    "Like this review? Buy us a beer on Ko-fi.",
    "Become a patron today and help us stay independent.",
    "Become a member to support our independent journalism.",
    "Download our app for tide alerts.",
    "Download our free app now",
    "Get our new iPhone app",
    "If you buy through our links we may earn a commission.",
    "If you purchase something through links on our site, The Tern may earn an affiliate commission.",
    "When you buy something through one of our links, we may receive a small share of the sale.",
    "We may earn a commission from links on this page.",
    "This post contains affiliate links.",
    "As an Amazon Associate we earn from qualifying purchases.",
    "Thanks for reading The Tern! Subscribe for free to receive new posts and support my work.",
    (
        "The Tern is a reader-supported publication. To receive new posts and support my work, consider becoming a "
        "free or paid subscriber."
    ),
]
BARRED = [
    "Il vous reste 80 % de cet article à lire.",
    "La suite est réservée aux abonnés.",
    "Create a free account to continue reading",
    "Create a free account to continue reading.",
    "Sign in or create an account to continue reading this article.",
    "Subscribe to The Tern to continue reading.",
    "Subscribe now to read the full story.",
    "Log in to keep reading",
    "To continue reading, subscribe to The Tern.",
    "Want to read more? Subscribe now.",
    "To read the full article, please sign in.",
    "This article is for subscribers only.",
    "This article is for subscribers only",
    "This story is only available to subscribers.",
    "This content is reserved for our members.",
    "This interview is exclusively for paid subscribers.",
    "Subscribers only",
    "Dieser Artikel ist nur für Abonnenten.",
    "Jetzt abonnieren und weiterlesen",
    "Cet article est réservé aux abonnés.",
]
COUNTED = [
    "This is your last free article this month.",
    "Déjà abonné ? Se connecter",
    "Schon abonniert? Anmelden",
    "¿Ya eres suscriptor? Inicia sesión",
    "You have 2 free articles remaining.",
    "You have one free article left this month.",
    "You’ve reached your limit of free articles.",
    "You have used all of your free articles this month.",
    "3 free articles left",
    "Already a subscriber? Log in",
    "Already a Tern member? Sign in here.",
    "Already have an account? Log in.",
]


@pytest.mark.parametrize(
    ("rule", "line"),
    [*(("support", line) for line in ASKED), *(("wall", line) for line in (*BARRED, *COUNTED))],
)
def test_what_asks_for_money_or_bars_readers_is_no_text(rule: str, line: str) -> None:
    kept, removed = strip_lines([SENTENCE, line, SENTENCE])
    assert kept == [SENTENCE, SENTENCE]
    assert [block.rule for block in removed] == [f"line:{rule}"]


@pytest.mark.parametrize("line", [*ASKED, *BARRED, *COUNTED])
def test_it_bars_readers_where_it_says_so(line: str) -> None:
    assert bars_reader(line) == (line in BARRED)


@pytest.mark.parametrize(
    "sentence",
    [
        "Patreon raised what it takes of creators by two points in March.",
        "Support for the film on Patreon came from nine hundred people.",
        "Support us on Patreon, the band wrote, or we stop.",
        "She asked fans to support her on Patreon, and 400 of them did.",
        "Join the Discord and you find four thousand people who watch one ferry.",
        "Our critic joined the Discord of the film’s fans for a week.",
        "Discord is where our story begins: a server with nine people in it.",
        "Download the app, and the ferry tells you when it is late.",
        "Our app was the first to list the tides of the whole coast.",
        "Subscribe to his channel and you see the same boat every day.",
        "Subscribers only saw half of the film.",
        "Subscribers were told of the change on Monday.",
        "If you buy a ticket through the links on its site, the ferry earns a commission.",
        "Sellers may earn a commission on each link, the filing shows.",
        "The site was fined because its affiliate links were hidden.",
        "We may earn less than our parents did, the sisters tell him.",
        "This story is for members of the crew who never came back.",
        "This film is for subscribers of his theory only if they have patience.",
        "This article is only as good as its sources.",
        "Sign in to continue reading was all that the page showed.",
        "Log in to the harbor’s cameras, and you see nothing.",
        "To continue reading the letters took her nine more years.",
        "To read the full letter, one has to go to the archive in Bergen.",
        "You have two free hands, and both are cold.",
        "You have reached the end of the pier when the lamp appears.",
        "Create a free account of the storm, the editor told her.",
        "Become a member of the crew and you never leave it.",
        "Becoming a member took her nine years.",
        "Support independent cinemas and they will show the film you want.",
        "Buy me a boat, he sings, and nobody does.",
        "“Support us on Patreon,” the band says at the end of every show.",
        "Follow us, the sign reads, and it points at the sea.",
        "Already a member of the academy, she now has two votes.",
        "Already registered as a ship, the museum has to pay for its berth.",
        "Find me on the pier at nine through the fog.",
        "All the items were lost at sea. However, the agent may receive a third of what is found.",
        "The owners consider supporting the ferry with a gift of nine boats.",
        "In the end the owners consider making a donation, and then they buy another boat.",
        "Thanks to our Discord friends, the ferry was found on Friday.",
        "Kickstarter backers of the film got their money back, and Patreon’s did not.",
        "Help us, the letter to Patreon began.",
        "The app tells our story better than the film does.",
        "Substack pays its writers more than the paper ever did, and my editor knows it.",
        "Read the full story of the ferry and you will weep.",
        "Join us on Friday for a screening with the director.",
        "We get a share of the blame for buying into it.",
    ],
)
def test_news_of_what_outlets_ask_with_is_text(sentence: str) -> None:
    assert strip_lines([sentence]) == ([sentence], [])
    assert not bars_reader(sentence)


def test_a_short_sentence_about_the_author_is_no_byline() -> None:
    kept, removed = strip_lines(["By Ada Quill.", "Ada Quill was there."], byline=["Ada Quill"])
    assert kept == ["Ada Quill was there."]
    assert [line.rule for line in removed] == ["line:byline"]


@pytest.mark.parametrize(
    "item", ["<h2><a href=/f/{0}>Film {0}</a></h2>{1}", "<div><h2><a href=/f/{0}>Film {0}</a></h2>{1}</div>"]
)
def test_linked_headings_over_most_of_an_article_are_its_own(item: str) -> None:
    paragraphs = PROSE.removesuffix("</p>").split("</p>")
    things = "".join(item.format(number, f"{paragraph}</p>") for number, paragraph in enumerate(paragraphs))
    lines = read(f"<article><h1>Dusk</h1>{things}</article>").paragraphs
    assert lines[:3] == ("Film 0", paragraphs[0].removeprefix("<p>"), "Film 1")
    assert len(lines) == 2 * len(paragraphs)


def test_facts_at_the_end_are_text_and_stamps_and_credits_are_not() -> None:
    facts = ["Running time: 98 minutes", "Attendance: 4,012"]
    others = ["Updated: 3 May 2026, 10:15", "Photo: Ada Quill", "Share"]
    inner = "".join(f"<p>{line}</p>" for line in (*facts, *others))
    lines = read(f"<article><h1>Dusk</h1>{PROSE}{inner}</article>").paragraphs
    assert list(lines[6:]) == facts


def test_headings_of_a_live_ticker_named_after_their_hour_are_text() -> None:
    entries = ((9, PROSE), (8, PROSE.replace("ferry", "barge")))
    ticker = "".join(
        f"<h5 class='item time'>{n}.20: The ferry number {n} has left the quay</h5>{prose}" for n, prose in entries
    )
    lines = read(f"<article><h1>Dusk</h1><h5 class=time>3 May 2026, 10:15</h5>{ticker}</article>").paragraphs
    assert [line for line in lines if ".20" in line] == [
        f"{n}.20: The ferry number {n} has left the quay" for n in (9, 8)
    ]
    assert "3 May" not in " ".join(lines)


BIO = "Ada Quill is a critic who lives on a barge. She has never been seasick."


def test_a_last_line_that_introduces_the_author_is_no_text() -> None:
    told = [SENTENCE, "Ada Quill is in it, and so is the barge.", SENTENCE, SENTENCE, SENTENCE]
    kept, removed = strip_lines([*told, BIO, "The Slow Ferry opens on Friday."], byline=["Ada Quill"])
    assert kept == [*told, "The Slow Ferry opens on Friday."]
    assert removed == [Removed(rule="line:author", text=BIO)]
    assert strip_lines([BIO, *told], byline=["Ada Quill"])[0] == [BIO, *told]
    assert strip_lines([*told, BIO], byline=["Bo Lind"])[0] == [*told, BIO]


@pytest.mark.parametrize(
    "line",
    [
        "• Ada Quill is a programmer in Oslo. Her book is called Sitting Still.",
        "Ada Quill programmes a cinema on a barge and is the author of Sitting Still.",
        "Ada Quill is on Bluesky @adaquill",
        "Ada Quill can be reached at ada@tern.example",
    ],
)
def test_a_last_line_introduces_the_author_in_other_words_too(line: str) -> None:
    assert strip_lines([SENTENCE, SENTENCE, line], byline=["Ada Quill"])[0] == [SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    "line", ["Ada Quill says that it will rain.", "Ada Quill: Thank you.", "Ada Quill can be found on the pier."]
)
def test_what_the_author_says_or_did_is_text_at_the_end_too(line: str) -> None:
    assert strip_lines([SENTENCE, line], byline=["Ada Quill"])[0] == [SENTENCE, line]


def test_a_byline_with_everybody_s_role_is_no_text() -> None:
    line = "By Ada Quill, Senior Film Reporter, Bo Lind, Chief Critic, and Cy Fox"
    kept, removed = strip_lines([line, SENTENCE], byline=["Ada Quill", "Bo Lind", "Cy Fox"])
    assert (kept, [block.rule for block in removed]) == ([SENTENCE], ["line:byline"])


def test_a_closing_section_may_be_a_third_of_a_short_release() -> None:
    told = "<p>Tideline Pictures will open nine films in nine harbors, and it will show them on a barge.</p>" * 3
    about = "<p><b>About Tideline</b></p><p>Tideline Pictures is a firm of three sisters that owns a barge.</p>"
    text = read(f"<article><h1>Dusk</h1>{told}{about}</article>").text
    assert "barge" in text
    assert "sisters" not in text
