"""Who wrote it: names out of what pages code, mark up and print."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from presswatch.extract.byline import find_byline, read_names
from presswatch.extract.headline import find_heading
from presswatch.extract.page import Found, parse_page
from presswatch.extract.place import Place
from presswatch.outlets import Outlet

URL = "https://tern.example/film/a-ferry-leaves"
TERN = Outlet(id="tern", name="The Tern", aliases=("Ternblad",), hosts=("tern.example",))
Ld = Callable[[object], str]


def find(html: str, selector: str | None = None) -> Found[tuple[str, ...]] | None:
    page = parse_page(html, URL)
    heading = find_heading(page, TERN)
    return find_byline(page, TERN, selector, Place(page, heading.node if heading else None))


def byline_of(html: str, selector: str | None = None) -> tuple[str, ...]:
    found = find(html, selector)
    return found.value if found else ()


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("By Ada Quill", ["Ada Quill"]),
        ("BY ADA QUILL AND BO LIND", ["Ada Quill", "Bo Lind"]),
        ("Ada Quill, Bo Lind & Cy O’Dare", ["Ada Quill", "Bo Lind", "Cy O’Dare"]),
        ("Ada Quill, Senior Film Critic", ["Ada Quill"]),
        ("Cy d’Alsace and Aisha al-Rashid", ["Cy d’Alsace", "Aisha al-Rashid"]),
        ("Bo Lind, Jr., and Ada Quill", ["Bo Lind Jr", "Ada Quill"]),
        ("By Ada Quill, Bo Lind, and Cy Fox", ["Ada Quill", "Bo Lind", "Cy Fox"]),
        ("Автор: Ада Квилл", ["Ада Квилл"]),
        ("Ada Quill Senior Film Critic", ["Ada Quill"]),
        ("Chief Film Critic Ada Quill", ["Ada Quill"]),
        ("Written by Ada Quill | 3 May 2022", ["Ada Quill"]),
        ("Posted on May 3, 2022 by Ada Quill", ["Ada Quill"]),
        ("3 May 2022 · by Ada Quill · in Film", ["Ada Quill"]),
        ("Words & photos: Ada Quill", ["Ada Quill"]),
        ("ByAda Quill", ["Ada Quill"]),
        ("By Ada Quill@adaquill", ["Ada Quill"]),
        ("Ada Quill @adaquill ada@tern.example", ["Ada Quill"]),
        ("Ada Quill in Oslo", ["Ada Quill"]),
        ("Ada Quill (The Tern)", ["Ada Quill"]),
        ("Ada Quill, Associated Press", ["Ada Quill"]),
        ("Ada Quill/Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Ada; Ada Quill", ["Ada Quill"]),
        ("Da Lind", ["Da Lind"]),
        ("BY ADA QUILL FOR THE TERN", ["Ada Quill"]),
        ("By Ada Quill For The Tern", ["Ada Quill"]),
        ("As told to Ada Quill", ["Ada Quill"]),
        ("Guest column by Ada Quill", ["Ada Quill"]),
        ("Guest post by Ada Quill | 8th March 2026 | 3 Comments", ["Ada Quill"]),
        ("Reported by Ada Quill and Bo Lind; edited by Cy Fox", ["Ada Quill", "Bo Lind"]),
        ("Photographs and words by Ada Quill", ["Ada Quill"]),
        ("Words: Ada Quill  Illustrations: Bo Lind", ["Ada Quill"]),
        ("Words by Ada Quill Photography by Bo Lind", ["Ada Quill"]),
        ("<a href='/ada'>Ada Quill</a>", ["Ada Quill"]),
        ("Posted by ferryman1984", ["ferryman1984"]),
    ],
)
def test_names_are_taken_out_of_bylines(printed: str, names: list[str]) -> None:
    assert list(read_names([printed])[0]) == names


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Von Ada Quill und Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Eine Kritik von Ada Quill", ["Ada Quill"]),
        ("Eine Kolumne von Ada Quill", ["Ada Quill"]),
        ("Redakteurin Ada Quill", ["Ada Quill"]),
        ("05.02.2022 - Redaktion: Ada Quill (Sprecherin)", ["Ada Quill"]),
        ("VON ADA QUILL am 3. Mai 2022", ["Ada Quill"]),
        ("Von Ada Quill Di, 3. Mai 2022", ["Ada Quill"]),
        ("Par Ada Quill et Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Publié par Ada Quill le 3 mai 2022", ["Ada Quill"]),
        ("Por Ada Quill y Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Por Ada Quill en Oslo", ["Ada Quill"]),
        ("Por Ada Quill e Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("di Ada Quill e Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Testo di Ada Quill", ["Ada Quill"]),
        ("Propos recueillis par Ada Quill", ["Ada Quill"]),
        ("Dalla nostra inviata Ada Quill", ["Ada Quill"]),
        ("Door Ada Quill en Bo van der Lind", ["Ada Quill", "Bo van der Lind"]),
        ("Autor: Ada Quill i Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("Af Ada Quill og Bo Lind", ["Ada Quill", "Bo Lind"]),
        ("文：渡辺あや", ["渡辺あや"]),
        ("글 김하늘 기자", ["김하늘"]),
        ("بقلم: ليلى حداد", ["ليلى حداد"]),
    ],
)
def test_names_are_read_in_the_languages_of_the_press(printed: str, names: list[str]) -> None:
    assert list(read_names([printed])[0]) == names


@pytest.mark.parametrize(
    "printed",
    [
        "A sentence that somebody marked up as an author by mistake and nobody ever saw",
        "Ferry that leaves",
        "https://tern.example/u/ada",
        "View all posts",
        "Share",
        "Senior Editor",
        "admin",
        "",
    ],
)
def test_what_is_no_name_names_nobody(printed: str) -> None:
    assert read_names([printed]) == ((), ())


@pytest.mark.parametrize(
    "printed", ["Reuters", "dpa/AFP", "ab/dpa", "Staff", "Die Redaktion", "tern.com", "Tern Media"]
)
def test_agencies_desks_and_firms_are_no_people(printed: str) -> None:
    assert read_names([printed]) == ((), (printed,))


# ---------------------------------------------------------------- where bylines stand


def test_json_ld_persons_come_first_and_references_are_followed(ld: Ld) -> None:
    graph = [
        {
            "@type": "NewsArticle",
            "headline": "x",
            "author": [{"@id": "#a"}, {"@type": "Organization", "name": "Ferry Wire"}],
        },
        {"@type": "Person", "@id": "#a", "givenName": "Ada", "familyName": "Quill"},
    ]
    html = f"{ld({'@graph': graph})}<meta name=author content='Someone Else'>"
    assert find(html) == Found(("Ada Quill",), "json-ld")


@pytest.mark.parametrize(
    "html",
    [
        (
            "<h1>x</h1><div class=byline>By <a href='/author/ada'>Ada Quill</a> and <a href='/author/bo'>Bo Lind</a>"
            " <a href='/topic/film'>Film</a></div>"
        ),
        (
            "<h1>x</h1><span itemprop=author><span itemprop=name>Ada Quill</span></span>, <span itemprop=author>"
            "<span itemprop=name>Bo Lind</span></span>"
        ),
        "<meta name=parsely-author content='Ada Quill'><meta name=parsely-author content='Bo Lind'>",
        "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Ada Quill and Bo Lind'>",
        "<h1>Dusk</h1><p>By Ada Quill and Bo Lind</p><p>Text.</p>",
        (
            "<aside class=sidebar><a rel=author href='/author/cy'>Cy O'Dare</a></aside><h1>x</h1>"
            "<p class=byline>Ada Quill, Bo Lind</p>"
        ),
        "<div class=has-sidebar><h1>x</h1><p class=byline>Ada Quill and Bo Lind</p></div>",
        "<article><h1>Dusk</h1><p>Text.</p><footer><p class=byline>Ada Quill, Bo Lind</p></footer></article>",
        (
            "<h1>Dusk</h1><p class=byline><a rel=author href=/a>Ada Quill</a>Culture editor and "
            "<a rel=author href=/b>Bo Lind</a>Ferry correspondent</p>"
        ),
        "<h1>Dusk</h1><div data-testid=byline-new><span class=sc-1>Ada Quill, Bo Lind</span></div>",
        "<h1>Dusk</h1><div class=author-card><b>Ada Quill, Bo Lind</b><span>Film desk</span></div>",
        "<h1>Dusk</h1><p>Text.</p><p>Text: <b>Ada Quill, Bo Lind</b></p>",
        "<h1>Dusk</h1>" + "<p>Text.</p>" * 20 + "<p>Ein Bericht von <b>Ada Quill und Bo Lind</b> | 3. Mai</p>",
        "<h1>Dusk</h1><p><a href='/about/editors/ada-quill/'>Ada Quill, Bo Lind</a></p>",
        "<meta name='twitter:misc:Written by' content='Ada Quill und Bo Lind'>",
    ],
)
def test_a_byline_is_found_where_it_is_printed(html: str) -> None:
    assert byline_of(html) == ("Ada Quill", "Bo Lind")


@pytest.mark.parametrize(
    "box",
    [
        "<div class=comments><a rel=author href='/author/cy'>Cy O'Dare</a></div>",
        "<ul class=trending><li><span class=author>Cy O'Dare</span></li></ul>",
        "<aside><span class=author-name>Cy O'Dare</span></aside>",
        "<footer><span class=author>Cy O'Dare</span></footer>",
        "<div class=related-stories><p class=byline>Cy O'Dare</p></div>",
    ],
)
def test_authors_of_other_things_on_the_page_wrote_nothing_here(box: str) -> None:
    assert byline_of(f"<main><h1>Dusk</h1><p>Text.</p>{box}</main>") == ()


def test_inline_elements_that_style_sets_apart_are_not_read_as_one_word() -> None:
    assert byline_of("<h1>Dusk</h1><div class=byline>By Ada Quill<span>Staff Writer</span></div>") == ("Ada Quill",)
    assert byline_of("<h1>Dusk</h1><p><span>By Ada Quill</span><span>3 May 2022</span></p>") == ("Ada Quill",)


def test_the_layout_s_selector_is_asked_before_the_page_at_large() -> None:
    html = "<a rel=author href=/a>Cy O'Dare</a><span class=x-9f>Ada Quill</span>"
    assert byline_of(html, ".x-9f") == ("Ada Quill",)


def test_a_user_s_name_gives_way_to_a_whole_name_that_is_shown(ld: Ld) -> None:
    coded = ld({"@type": "Article", "headline": "Dusk", "author": "aquill"})
    assert byline_of(f"{coded}<h1>Dusk</h1><p>By Ada Quill</p>") == ("Ada Quill",)
    assert byline_of(f"{coded}<h1>Dusk</h1><p>Text.</p>") == ("aquill",)


@pytest.mark.parametrize("name", ["The Tern", "Ternblad", "Tern staff", "AFP"])
def test_where_nobody_is_named_it_is_who_signs(name: str) -> None:
    html = f"<h1>Dusk</h1><p class=byline>By {name}</p>"
    assert find(html) == Found((name,), "printed", "no person")


def test_who_signs_stands_beside_no_person(ld: Ld) -> None:
    coded = ld({"@type": "Article", "headline": "Dusk", "author": {"@type": "Organization", "name": "Ferry Wire"}})
    assert byline_of(f"{coded}<h1>Dusk</h1><p>Von Ada Quill</p>") == ("Ada Quill",)
    assert byline_of(f"{coded}<h1>Dusk</h1><p>Text.</p>") == ("Ferry Wire",)
    assert byline_of("<h1>Dusk</h1><p>Text.</p>") == ()


def test_a_creator_stands_in_for_an_author_who_is_but_an_address(ld: Ld) -> None:
    author = {"@type": "Person", "name": "https://somenet.example/ada"}
    html = ld({"@type": "NewsArticle", "author": author, "creator": ["Ada Quill"]})
    assert find(html) == Found(("Ada Quill",), "json-ld")


@pytest.mark.parametrize("folder", ["staff", "profile", "profiles", "by"])
def test_a_name_that_leads_to_its_own_page_is_a_byline(folder: str) -> None:
    assert byline_of(f"<h1>x</h1><div><a href='/{folder}/ada-quill'>Ada Quill</a><span>3 May</span></div>") == (
        "Ada Quill",
    )


@pytest.mark.parametrize(
    ("lang", "names"), [("it", ("Ada Quill", "Bo De Lind")), ("it-IT", ("Ada Quill", "Bo De Lind")), ("en", ())]
)
def test_a_line_that_begins_with_di_is_a_byline_in_italian_alone(lang: str, names: tuple[str, ...]) -> None:
    html = f"<html lang={lang}><h1>La chiusa</h1><p>di Ada Quill e Bo De Lind</p><p>28 maggio 2024</p>"
    assert byline_of(html) == names


@pytest.mark.parametrize(
    "line", ["3 May 2022 • by Ada Quill • 2 comments", "Guest column by Ada Quill", "Propos recueillis par Ada Quill"]
)
def test_a_printed_line_is_a_byline_whatever_stands_before_its_by(line: str) -> None:
    assert find(f"<h1>Dusk</h1><p>{line}</p>") == Found(("Ada Quill",), "printed")


@pytest.mark.parametrize("line", ["8. März 2026 – Text: Ada Quill", "2026/03/08 12:00 取材・文：渡辺あや"])
def test_a_label_may_stand_behind_the_date(line: str, prose: str) -> None:
    assert byline_of(f"<h1>Dusk</h1><p>{line}</p>{prose}") in (("Ada Quill",), ("渡辺あや",))


def test_a_licence_is_nobody_s_page() -> None:
    assert (
        byline_of("<h1>x</h1><p><a href='https://commons.example/licenses/by/4.0/'>Creative Attribution</a></p>") == ()
    )


def test_a_reporter_is_known_by_the_word_behind_the_name() -> None:
    assert byline_of("<h1>Dusk</h1><p>한서윤 기자</p>") == ("한서윤",)
    assert byline_of("<h1>Dusk</h1><p>한서윤 기자 | 입력 2026-03-08 10:00</p>") == ("한서윤",)


# ---------------------------------------------------------------- names that nothing marks


@pytest.mark.parametrize(
    "under",
    [
        "<p>Ada Quill | March 3, 2026</p>",
        "<div>3 March 2026 — Ada Quill</div>",
        "<p><b>Ada Quill</b>, 3. März 2026</p>",
        "<div>March 3, 2026&nbsp;·&nbsp;5 min&nbsp;·&nbsp;Ada Quill</div>",
        "<p>Ada Quill / 03.03.2026 / Film</p>",
        "<div>Ada Quill</div><div>Mar 3, 2026</div>",
        "<div>Ada Quill</div><div>/</div><div>2026-03-03</div>",
        "<div><time datetime=2026-03-03>Mar 3, 2026</time><span> · </span><span>Ada Quill</span></div>",
        "<p>ADA QUILL<br>ada@tern.example<br>March 3, 2026</p>",
        "<p>Ada Quill</p><p>Senior Film Critic</p><p>March 3, 2026 8:14 am</p>",
        "<p>Harbours from both sides.</p><p>Ada Quill<br>Bremen - 3 mar 2026 - 08:30 CET</p>",
        "<p><a href=/people/ada-quill>Ada Quill</a> | March 3, 2026</p>",
    ],
)
def test_a_bare_name_beside_the_date_wrote_it(under: str, prose: str) -> None:
    about = "Ada Quill is a critic who lives by a canal, keeps two barges and has never once been to the cinema by car."
    found = find(f"<title>Dusk | Tern</title><h1>Dusk</h1>{under}{prose}<p>{about} {about}</p>")
    assert found == Found(("Ada Quill",), "beside date")


def test_two_bare_names_beside_the_date_wrote_it_together(prose: str) -> None:
    for sign in ("and", "&amp;"):
        assert byline_of(f"<h1>Dusk</h1><p>Ada Quill {sign} Bo van der Lind · 3 May 2026</p>{prose}") == (
            "Ada Quill",
            "Bo van der Lind",
        )


@pytest.mark.parametrize(
    "under",
    [
        "<p>Film News | March 3, 2026</p>",
        "<p>New York, March 3, 2026</p>",
        "<p>Oslo, March 3, 2026</p>",
        "<p>Marrow Pictures | March 3, 2026</p>",
        "<p>Marrow Film Festival</p><p>March 3, 2026</p>",
        "<p>Photo: Bo Lind | March 3, 2026</p>",
        "<p>Bo Lind, who runs the ferry, on what he saw</p><p>March 3, 2026</p>",
        "<p><a href=/harbour-life>Harbour Life</a> | March 3, 2026</p>",
        "<p>Red Carpet | March 3, 2026</p>",
        "<p>Ilse Kandinov | March 3, 2026</p>",  # of whom the text tells
        "<p>Vera Kandinov | March 3, 2026</p>",  # and perhaps of whom
        "<p>Marrow Point | March 3, 2026</p>",  # and where it goes
        "<p>Cold Larder</p><p>March 3, 2026</p><p>Ada Quill</p>",  # one of the two, who knows which
        "<p>Für Stücke</p><p>16 Stücke, 24 Minuten</p>",
        "<p>Ada Quill</p><p>The Winter Ferry</p><p>March 3, 2026</p>",
    ],
)
def test_what_may_be_no_name_beside_the_date_is_nobody(under: str, prose: str) -> None:
    assert byline_of(f"<title>Dusk | Tern</title><h1>Dusk</h1>{under}{prose}") == ()


def test_who_is_a_part_of_the_title_signs(prose: str) -> None:
    for line in ("Ada Quill | 3 May 2026", "Un documentaire de Ada Quill"):
        assert byline_of(f"<title>Dusk - by Ada Quill - Tern</title><h1>Dusk</h1><p>{line}</p>{prose}") == (
            "Ada Quill",
        )


def test_who_is_named_in_the_title_is_spoken_of() -> None:
    html = "<title>Ada Quill: ‘I count twice’</title><h1>Ada Quill: ‘I count twice’</h1><p>Ada Quill | 3 May 2026</p>"
    assert byline_of(html) == ()


@pytest.mark.parametrize("headline", ["Un pueblo de papel", "Un día de Ada Quill", "By Any Means", "Von Mann zu Mann"])
def test_a_headline_names_nobody_who_wrote_it(headline: str, prose: str) -> None:
    assert byline_of(f"<h1>{headline}</h1><p>14 may 2026</p>{prose}") == ()


@pytest.mark.parametrize("line", ["A film by Ilse Kandinov", "Un film de Ilse Kandinov", "Ein Film von Ilse Kandinov"])
def test_who_made_the_film_did_not_write_of_it(line: str, prose: str) -> None:
    assert byline_of(f"<h1>Dusk</h1><p>{line}</p>{prose}<p>Text: Ada Quill</p>") == ("Ada Quill",)


@pytest.mark.parametrize(
    "line",
    ["Review: Marrow Point", "Interview: Ilse Kandinov", "Written by Ilse Kandinov", "Un documentaire de Tobiah Wren"],
)
def test_of_whom_the_text_tells_did_not_write_it(line: str, prose: str) -> None:
    assert byline_of(f"<title>Dusk | Tern</title><h1>Dusk</h1><p>{line}</p>{prose}<p>Text: Ada Quill</p>") == (
        "Ada Quill",
    )
    assert byline_of(f"<title>Dusk | Tern</title><h1>Dusk</h1>{prose}<p>{line}</p>") == ()


@pytest.mark.parametrize("line", ["Interview: Ada Quill", "Written by Ada Quill", "Un documentaire de Ada Quill"])
def test_of_whom_it_does_not_tell_did(line: str, prose: str) -> None:
    assert byline_of(f"<title>Dusk | Tern</title><h1>Dusk</h1><p>{line}</p>{prose}") == ("Ada Quill",)


@pytest.mark.parametrize(
    "line", ["Eine Filmkritik von Ada Quill", "Un reportaje de Ada Quill", "Une critique de Ada Quill"]
)
def test_what_kind_of_piece_it_is_stands_before_who_wrote_it(line: str, prose: str) -> None:
    assert byline_of(f"<h1>Dusk</h1><p>{line}</p>{prose}") == ("Ada Quill",)
