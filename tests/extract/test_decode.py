"""Bytes → text: charsets, forbidden characters, and what is no HTML at all."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presswatch.errors import ExtractError
from presswatch.extract.decode import MAX_BODY_BYTES, clean_line, decode_page, decode_text

URL = "https://tern.example/film/ferry"
LINE = "“Fähre – naïve à Łódź”"
WESTERN = "“Fähre – naïve”"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (LINE.encode(), ""),
        (codecs.BOM_UTF8 + LINE.encode(), "text/html; charset=iso-8859-1"),
        (codecs.BOM_UTF16_LE + LINE.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + LINE.encode("utf-16-be"), "text/html; charset=utf-8"),
        (codecs.BOM_UTF32_LE + LINE.encode("utf-32-le"), ""),
        (f"<p>{LINE}".encode("utf-16-le"), ""),
        (LINE.encode("iso-8859-2", "ignore"), "text/html; charset=iso-8859-2"),
        (b'<meta charset="windows-1251">' + "Паром".encode("cp1251"), ""),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=shift_jis">' + "渡し船".encode("shift_jis"), ""),
        ("Паром".encode("koi8-r"), "text/html; charset=koi8-r"),
        (b"<script>" + b"x=1;" * 9000 + b'</script><meta charset="windows-1251">' + "Паром".encode("cp1251"), ""),
    ],
)
def test_a_charset_is_found(body: bytes, declared: str) -> None:
    text = decode_text(body, declared=declared)
    assert "\ufffd" not in text
    assert any(word in text for word in ("Fähre", "Паром", "渡し船"))


@pytest.mark.parametrize("declared", ["", "text/html; charset=utf-8", "text/html; charset=no-such-thing"])
def test_what_is_no_utf8_is_cp1252_whatever_it_is_called(declared: str) -> None:
    assert decode_text(WESTERN.encode("cp1252"), declared=declared) == WESTERN


JAPANESE = (
    "渡し船は夕方に港を出る。誰も行き先を口にしない。",
    "監督は九つの夜をかけてこの航海を撮影し、エンジンの音だけを残した。",
)
RUSSIAN = (
    "Паром уходит на закате, и никто на борту не говорит, куда он идёт.",
    "Она снимала девять ночей подряд и оставила только мотор.",
)
FOREIGN = {
    "cp932": JAPANESE,
    "euc_jp": JAPANESE,
    "gb18030": (
        "渡船在黄昏时离开港口，船上没有人说要去哪里。",
        "导演用了九个夜晚拍摄这次航行，因为引擎的声音是唯一诚实的东西。",
    ),
    "big5": (
        "渡船在黃昏時離開港口，船上沒有人說要去哪裡。",
        "導演用了九個夜晚拍攝這次航行，因為引擎的聲音是唯一誠實的東西。",
    ),
    "cp949": (
        "나룻배는 해 질 녘에 항구를 떠나고, 누구도 어디로 가는지 말하지 않는다.",
        "감독은 아홉 밤 동안 이 뱃길을 찍었다.",
    ),
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "cp1253": (
        "Το φέρι φεύγει το σούρουπο και κανείς δεν λέει πού πηγαίνει.",
        "Το γύρισε σε εννέα νύχτες με τη μηχανή.",
    ),
    "cp1255": (
        "המעבורת יוצאת עם רדת החשכה, ואיש על הסיפון אינו אומר לאן.",
        "היא צילמה במשך תשעה לילות רצופים, והשאירה רק את רעש המנוע.",
    ),
    "cp1256": (
        "تغادر العبارة عند الغروب، ولا أحد على متنها يقول إلى أين.",
        "صورت المخرجة الرحلة في تسع ليال متتالية، ولم تترك سوى صوت المحرك.",
    ),
}


@pytest.mark.parametrize("charset", FOREIGN)
@pytest.mark.parametrize("declared", ["", "text/html; charset=utf-8"])
def test_another_script_is_read_though_no_charset_is_named_or_a_wrong_one(charset: str, declared: str) -> None:
    one, two = FOREIGN[charset]
    page = f"<title>x</title><p class=a>{one}</p><p>{two}</p><p>" + "Ferry. " * 50
    text = decode_text(page.encode(charset), declared=declared)
    assert one in text
    assert two in text


@pytest.mark.parametrize(
    "prose",
    [
        "L’été, à l’aube, le cinéma d’Évreux a projeté « La Forêt brûlée » à un public médusé. Où étaient-ils ? ",
        "Für die Brüder war es ein böses Märchen; größer als jede Lüge. „Schöne Grüße“, sagte er am Fluß. ",
        "A canção não é só uma lembrança: é também a solidão dos que não voltarão à vila. São três irmãos. ",
    ],
)
@pytest.mark.parametrize("times", [1, 30])
def test_western_prose_is_never_taken_for_another_script(prose: str, times: int) -> None:
    assert prose * times in decode_text(f"<p>{prose * times}</p>".encode("cp1252"))


def test_one_broken_byte_does_not_make_a_utf8_page_western() -> None:
    text = decode_text((LINE * 20).encode() + b"\xe2\x80")
    assert text.startswith(LINE)
    assert text.count("\ufffd") == 1


def test_bytes_that_cp1252_leaves_open_do_no_harm() -> None:
    assert "caf\xe9" in decode_text(b"caf\xe9 \x81\x8d ol\xe9")


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"\n\n%PDF-1.4 <html>",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"GIF89a\x01\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"PK\x03\x04\x14\x00",
        b"\x1f\x8b\x08\x00",
        b"\x00\x00\x00\x20ftypmp42",
        bytes(range(256)) * 8,
        b"\x00\x01\x02\x03" * 50 + b"<html><body><p>Words that a program holds.</p>",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>',
        b'<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>',
        b'{"html": "none"}',
        b"User-agent: *\nDisallow: /private/\n",
        b"no markup at all",
    ],
)
def test_what_is_no_html_is_told(body: bytes) -> None:
    with pytest.raises(ExtractError) as told:
        decode_page(body, URL)
    assert told.value.code == "not_html"
    assert told.value.url == URL


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\x00\x00\x00"])
def test_an_empty_body_is_no_article(body: bytes) -> None:
    with pytest.raises(ExtractError) as told:
        decode_page(body, URL)
    assert told.value.code == "not_article"


def test_a_body_beyond_the_cap_is_too_large() -> None:
    with pytest.raises(ExtractError) as told:
        decode_page(b"<p>" + b"x" * MAX_BODY_BYTES, URL)
    assert told.value.code == "too_large"


def test_a_stray_nul_does_not_make_a_page_binary() -> None:
    assert decode_page(b"<p>one\x00 two</p>", URL) == "<p>one two</p>"


def test_xhtml_with_its_declaration_is_html() -> None:
    assert "ferry" in decode_page(b'<?xml version="1.0" encoding="utf-8"?><html><p>ferry</p></html>', URL)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Log\xa0Out /\u2009 Change\u3000)", "Log Out / Change )"),
        ("harm\u202eless\u2066 name\u200f", "harmless name"),
        ("soft\xadly\u200b spoken\ufeff", "softly spoken"),
        ("bell\x07 and\x1b[31m escape", "bell and[31m escape"),
        ("donâ€™t stop", "don’t stop"),
        ("cafÃ© Łódź", "café Łódź"),
        ("e\u0301te\u0301", "été"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("Ada &amp;amp; Bo&#8217;s caf&eacute;&nbsp;bar", "Ada & Bo’s café bar"),
        ("AT&T; R&B &lt;p&gt; &;", "AT&T; R&B &lt;p&gt; &;"),
        ("a bell &#07; and a mark &#8207;", "a bell and a mark"),
    ],
)
def test_a_line_is_cleaned(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_cleaning_twice_is_cleaning_once_and_leaves_no_control(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once)
    assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\n\t")


@given(st.binary(max_size=400))
def test_decoding_never_fails(body: bytes) -> None:
    assert isinstance(decode_text(body), str)
