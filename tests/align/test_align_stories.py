"""Stories: which articles cover the same event."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from presswatch.align import group_articles, story_id_of
from presswatch.model import Article, make_id

DAY = datetime(2031, 5, 4, 9, tzinfo=UTC)
VIOLIN = (
    "Odalys Brenner returned the stolen Marchetti violin to the Tarn Museum. The violin had been missing since "
    "the burglary. Brenner found the instrument under her stairs, she said. The Tarn Museum will show the "
    "Marchetti from June."
)
VIOLIN_TOO = (
    "The Marchetti violin is back. Museum staff in Tarn confirmed that Odalys Brenner handed over the instrument, "
    "which a burglar took from the Tarn Museum. Brenner had found the violin at home."
)
FERRY = (
    "The ferry Lady Isolde ran aground off Pellworth in thick fog. All passengers of the Lady Isolde were taken "
    "ashore by the Pellworth lifeboat, the coastguard said. The ferry company blamed the fog."
)
FERRY_TOO = (
    "Fog drove the Lady Isolde onto the sands at Pellworth. Lifeboats took every passenger off the ferry. The "
    "coastguard will ask why the Lady Isolde sailed."
)
FERRY_AGAIN = (
    "Summer timetables change this week. Two sailings to the islands are dropped, and children travel free on "
    "Sundays. The Lady Isolde, which ran aground off Pellworth in fog, returns to the route with new radar. "
    "Tickets cost a little more."
)


def article(name: str, text: str, published_at: datetime | None = None) -> Article:
    return Article(article_id=name, url=f"https://{name}.test/x", text=text, outlet_id=name, published_at=published_at)


def newsroom() -> list[Article]:
    return [
        article("gazette", VIOLIN, DAY + timedelta(hours=5)),
        article("courier", FERRY, DAY),
        article("herald", VIOLIN_TOO, DAY),
        article("tribune", FERRY_TOO, DAY + timedelta(days=1)),
    ]


def test_articles_of_an_event_share_a_label() -> None:
    violin, ferry, violin_too, ferry_too = group_articles(newsroom())
    assert violin == violin_too
    assert ferry == ferry_too
    assert violin != ferry


def test_a_story_is_named_after_its_earliest_article() -> None:
    labels = group_articles(newsroom())
    assert labels[0] == make_id("herald") == story_id_of([newsroom()[0], newsroom()[2]])


def test_undated_articles_come_last_then_ids_decide() -> None:
    assert story_id_of([article("a", "x"), article("b", "x", DAY)]) == make_id("b")
    assert story_id_of([article("b", "x"), article("a", "x")]) == make_id("a")


def test_order_does_not_matter() -> None:
    articles = newsroom()
    expected = dict(zip([a.article_id for a in articles], group_articles(articles), strict=True))
    for seed in range(5):
        random.Random(seed).shuffle(articles)
        assert dict(zip([a.article_id for a in articles], group_articles(articles), strict=True)) == expected


def test_close_words_about_another_event_stay_apart() -> None:
    one = (
        "Actor Perrin Vale checked into a clinic in Aldmoor on Monday, his agent said. Vale, 34, cancelled the tour of "
        "The Glass Heron. Friends of Vale had been worried since the Aldmoor premiere."
    )
    other = (
        "Singer Tamsin Roe checked into a clinic in Westerhay on Friday, her manager said. Roe, 27, cancelled the tour "
        "of Copper Moon. Friends of Roe had been worried since the Westerhay concert."
    )
    labels = group_articles(
        [article("a", one), article("b", one.replace("checked into", "entered")), article("c", other)]
    )
    assert labels[0] == labels[1] != labels[2]


def test_events_of_one_kind_stay_apart_among_a_few_articles_on_other_things() -> None:
    hotel = (
        "Three people died when a fire broke out in the Grand Hotel in Kestwick early Monday. Firefighters rescued "
        "forty guests from upper floors. Police said the fire began in the kitchen."
    )
    hotel_too = (
        "A blaze at Kestwick's Grand Hotel killed three guests on Monday. Forty others were brought down ladders by "
        "fire crews. The cause was a fault in the kitchen, according to police."
    )
    club = (
        "Two people died when a fire broke out in the Blue Room nightclub in Tolmin late Friday. Firefighters rescued "
        "ninety dancers. Police said the fire began on the stage with fireworks."
    )
    club_too = (
        "A blaze at Tolmin's Blue Room club killed two people on Friday night. Fire crews led out ninety others. "
        "Fireworks on stage were the cause, according to police."
    )
    fires = [article(f"f{i}", text) for i, text in enumerate((hotel, hotel_too, club, club_too))]
    labels = group_articles([*fires, *newsroom()])
    assert labels[0] == labels[1] != labels[2] == labels[3]


def test_months_apart_needs_closer_words() -> None:
    then = article("a", FERRY, DAY)
    assert len(set(group_articles([then, article("b", FERRY_AGAIN, DAY + timedelta(days=2))]))) == 1
    assert len(set(group_articles([then, article("b", FERRY_AGAIN, DAY + timedelta(days=200))]))) == 2
    assert len(set(group_articles([then, article("b", FERRY_TOO, DAY + timedelta(days=200))]))) == 1


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["the", "and"]])
def test_empty_texts_are_stories_of_their_own(texts: list[str]) -> None:
    labels = group_articles([article(f"a{i}", text) for i, text in enumerate(texts)])
    assert len(set(labels)) == len(texts)


def test_equal_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        group_articles([article("a", "x"), article("a", "y")])


def test_a_text_that_hundreds_print_is_one_story_and_keeps_its_own() -> None:
    copies = [article(f"copy{number}", FERRY, DAY + timedelta(days=number % 9)) for number in range(450)]
    labels = group_articles([*newsroom(), *copies])
    violin, ferry, violin_too, ferry_too = labels[:4]
    assert {ferry, ferry_too} == set(labels[4:])
    assert violin == violin_too != ferry


def test_articles_without_text_are_no_copies_of_each_other() -> None:
    assert len(set(group_articles([article("one", ""), article("two", "")]))) == 2


SPANISH = {
    "puerto": "El puerto de Almerinda cerrará el martes para el rodaje de una escena nocturna. Los pescadores de "
    "Almerinda no saben cuándo podrán volver al muelle, y la autoridad portuaria no ha dado una fecha.",
    "muelle": "La autoridad portuaria de Almerinda cierra el muelle por un rodaje nocturno. Es la tercera vez que se "
    "pide el puerto, y los pescadores han dicho que esta vez quieren que se les pague por ello.",
    "libro": "La escritora Inés Corvalán ha ganado el premio de novela con una historia que transcurre en un faro. "
    "El jurado ha dicho que es la mejor obra de la autora, y ella lo ha celebrado con los suyos en su casa.",
    "tren": "El tren nocturno que une las dos capitales ha vuelto a circular después de siete años. Los viajeros que "
    "subieron el lunes encontraron los vagones como eran, y la compañía ha dicho que no subirá los precios.",
    "receta": "Para hacer el guiso de mi abuela hay que dejar los garbanzos en agua la noche antes. Después se ponen "
    "con el laurel y se deja todo al fuego, sin prisa, hasta que la casa entera huele a lo que es.",
    "escuela": "La escuela del barrio ha perdido la mitad de sus alumnos en diez años. El ayuntamiento la va a cerrar "
    "y los padres han pedido que se espere, porque la otra está a una hora y no hay autobús por la tarde.",
}


def test_the_small_words_of_another_language_make_no_story() -> None:
    told = [replace(article(name, text), language="es") for name, text in SPANISH.items()]
    english = [article(f"english-{number}", text) for number, text in enumerate((VIOLIN, VIOLIN_TOO, FERRY, FERRY_TOO))]
    labels = group_articles([*english, *told])
    assert labels[4] == labels[5]  # the harbour
    assert len(set(labels)) == 2 + 5  # violin and ferry; harbour, novel, train, recipe, school
