"""Who speaks in articles that are not English."""

from __future__ import annotations

import pytest

from presswatch import extract_article, find_mentions
from presswatch.model import Article


@pytest.mark.parametrize(
    ("language", "line", "speaker", "cue"),
    [
        (
            "es",
            "“El puerto era nuestro y lo sigue siendo”, señaló la alcaldesa Inés Corvalán.",
            "Inés Corvalán",
            "señaló",
        ),
        ("es", "Inés Corvalán dijo: “El puerto era nuestro y lo sigue siendo”.", "Inés Corvalán", "dijo"),
        ("es", "“El puerto era nuestro y lo sigue siendo”, añadió Corvalán.", "Inés Corvalán", "añadió"),
        ("es", "“El puerto era nuestro y lo sigue siendo”, afirmó un vecino del Barrio Alto.", None, None),
        (
            "fr",
            "« Le port était à nous et il le reste », a déclaré le maire Paul Castanier.",
            "Paul Castanier",
            "a déclaré",
        ),
        ("it", "«Il porto era nostro e lo resta», ha spiegato il sindaco a Radio Faro.", None, None),
        ("de", "„Der Hafen gehörte uns, und er bleibt unser“, sagte Maike Brodersen.", "Maike Brodersen", "sagte"),
        (
            "de",
            "„Der Hafen gehörte uns, und er bleibt unser“, sagte Brodersen der Zeitung.",
            "Maike Brodersen",
            "sagte",
        ),
        ("de", "„Der Hafen gehörte uns, und er bleibt unser“, sagte ein Sprecher der Gemeinde.", None, "sagte"),
        ("de", "„Der Hafen gehörte uns, und er bleibt unser“, führte Brodersen aus.", None, None),
    ],
)
def test_a_name_beside_a_verb_of_saying_speaks(language: str, line: str, speaker: str | None, cue: str | None) -> None:
    before = "Inés Corvalán, Paul Castanier, Maike Brodersen."
    article = Article(article_id="a", url="https://a.test/x", text=f"{before}\n{line}", language=language)
    (quote,) = (mention for mention in find_mentions(article) if mention.kind == "quote")
    assert (quote.speaker, quote.cue) == (speaker, cue)


def test_capitals_make_no_speakers_in_other_languages() -> None:
    paragraphs = (
        "Das Treffen in Pellworm begann mit einer Frage, und diese Frage hat das Dorf seit Jahren bewegt.",
        "Diese Frage: „Wem gehört der Hafen, wenn die Fischer nicht mehr kommen?“",
        "Maike Brodersen: „Wir haben den Hafen gebaut und geben ihn nicht her.“",
        "Am Ende blieb der Streit offen, und die Gemeinde will am 2. Mai weiter darüber sprechen.",
    )
    page = f"<html lang='de'><h1>Streit am Hafen</h1><article>{''.join(f'<p>{p}</p>' for p in paragraphs)}</article>"
    mentions = find_mentions(extract_article(page.encode(), "https://blatt.test/streit-am-hafen"))
    quotes = {mention.text.strip("„“")[:5]: mention.speaker for mention in mentions if mention.kind == "quote"}
    assert quotes == {"Wem g": None, "Wir h": "Maike Brodersen"}
    assert paragraphs[3] in [mention.text for mention in mentions]  # a date is not the end of a sentence
