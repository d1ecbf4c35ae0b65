"""The language of an article: what its page says, unless its words say otherwise."""

from __future__ import annotations

import pytest

from presswatch import extract_article
from presswatch.extract.language import find_text_language
from presswatch.extract.page import Found

ENGLISH = (
    "The harbour at Pellworth will be closed for the filming of a night scene, the port said on Monday. It is the "
    "third time that the crew has asked for the quay, and the fishermen have not been told when they can return."
)
SPANISH = (
    "El puerto de Almerinda cerrará el martes para el rodaje de una escena nocturna, según confirmó la autoridad "
    "portuaria. Es la tercera vez que el equipo pide el muelle y los pescadores no saben cuándo podrán volver."
)
GERMAN = (
    "Der Hafen von Pellworm wird am 31. Oktober für eine Nachtszene gesperrt, teilte die Verwaltung mit. Zum dritten "
    "Mal hat das Team um den Kai gebeten, und die Fischer wissen nicht, wann sie zurückkehren dürfen."
)
JAPANESE = (
    "港は火曜日に夜の場面の撮影のために閉鎖されると港湾当局が発表した。"
    "撮影隊が岸壁を使うのはこれで三度目で、漁師たちはいつ戻れるのか知らされていないという。"
)


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        (ENGLISH, "en", "en"),
        (ENGLISH, None, "en"),
        (ENGLISH, "es", "en"),  # a theme in another language
        (SPANISH, "es", "es"),
        (SPANISH, None, "es"),
        (SPANISH, "en", "es"),  # a theme that nobody translated
        (SPANISH, "gl", "gl"),  # what is said and not English is believed
        (GERMAN, "en", "de"),
        (JAPANESE, "en", "ja"),
        (JAPANESE, None, "ja"),
        ("Pellworth 3, Tarn 1", None, None),
        ("Pellworth 3, Tarn 1", "en", "en"),
        ("", "en", "en"),
    ],
)
def test_words_say_what_language_it_is(text: str, told: str | None, found: str | None) -> None:
    language = find_text_language(text, Found(told, "html lang") if told else None)
    assert (language and language.value) == found
    assert language is None or language.source == ("html lang" if told == found else "text")


def test_a_page_that_calls_all_its_pages_english_is_not_believed() -> None:
    paragraphs = "".join(f"<p>{SPANISH}</p><p>{SPANISH.replace('martes', day)}</p>" for day in ("jueves", "lunes"))
    page = f"<html lang='en-US'><h1>El puerto cierra</h1><article>{paragraphs}</article></html>"
    article = extract_article(page.encode(), "https://diario.test/puerto-cierra")
    assert article.language == "es"
    assert "language: text" in map(str, article.evidence)


def test_what_says_the_language_is_told() -> None:
    page = f"<html lang='en'><h1>Quay closed</h1><article><p>{ENGLISH}</p><p>{ENGLISH}</p></article></html>"
    assert "language: html lang" in map(str, extract_article(page.encode(), "https://port.test/quay").evidence)
