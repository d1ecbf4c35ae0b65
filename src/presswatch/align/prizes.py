"""Which of a festival's main prizes a film won, and who heads a jury. English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from presswatch.align.places import name_event
from presswatch.align.roles import PERSON, WON, Role, fold_people


def read_prizes(text: str) -> Iterator[Role]:
    """Which film won which prize, by both, and who heads which jury; kind by kind in the order of reading."""
    yield from _read_prizes(text)
    yield from _read_juries(text)


# Of a festival's main prizes a film wins one. The name is in one word, for all words of a role's names are compared.
_FESTIVAL_PRIZES = {
    f"{metal} {animal}": f"{metal}{animal}".casefold()
    for metal in ("Golden", "Silver")
    for animal in ("Bear", "Lion", "Leopard", "Shell")
}
_FESTIVAL_PRIZES |= {"Palme d’Or": "palmedor", "Palme d'Or": "palmedor", "Grand Prix": "grandprix"}
_ONE_A_YEAR = frozenset(
    ["goldenbear", "goldenlion", "goldenleopard", "goldenshell", "palmedor"]
)  # of silver are several
_PRIZE_WORDS = ("Golden ", "Silver ", "Palme ", "Grand Prix")
_PRIZE = (  # a Bear "for best director" may go to the film of another one, and one "in 2019" was another
    rf"(?P<prize>{'|'.join(_FESTIVAL_PRIZES)})"
    r"(?! for (?:the )?best (?:lead|leading|supporting|act|direct|screen|perform|cine|short))(?!\s*in\s\s)"
)
_TITLE = r"[“‘\"](?P<title>[A-Z\d][^”\"\n]{0,60}?)[,.]?[”’\"](?!\w)"
_PRIZES = (
    re.compile(
        rf"{_TITLE}(?: (?:by|from|of) {PERSON})?,? (?:has |also |was |is )*(?:{WON}|awarded|given) (?:the |its )?"
        rf"(?:[a-z]\S* |top prize,? (?:the )?){{0,3}}{_PRIZE}"
    ),
    re.compile(rf"{_PRIZE}[^.;:“”]{{0,40}}? (?:went|goes|was (?:given|awarded|handed)) to [^.;:“”]{{0,60}}?{_TITLE}"),
    re.compile(rf"(?:{WON}) (?:the |its )?{_PRIZE}[^.;:“”]{{0,40}}? (?:for|with) [^.;:“”]{{0,30}}?{_TITLE}"),
)


def _read_prizes(text: str) -> Iterator[Role]:
    """Which prize a film won, and which film won the prize: titles are known by their marks alone."""
    for pattern in _PRIZES if any(word in text for word in _PRIZE_WORDS) else ():
        for match in pattern.finditer(text):
            prize, title = _FESTIVAL_PRIZES[match["prize"]], match["title"].casefold()
            yield Role(f"prize of {title}", frozenset([prize]), match["prize"])
            is_dated = text.startswith("  ", match.end("prize"))  # where "last year" stood are blanks
            if prize in _ONE_A_YEAR and not is_dated:
                yield Role(f"winner {prize}", frozenset([title.replace(" ", "")]), match["title"])


_HEADS = (
    r"(?:heads|headed|chairs|chaired|leads|led|presides over|presided over|is (?:heading|chairing|leading)"
    r"|(?:will|to|is to|is set to|(?:has been|was) (?:named|tapped|chosen) to) (?:head|chair|lead|preside over))"
)
_HEAD = r"(?:president|chair|chairman|chairwoman|chairperson|head)"
_MORE = r"(?P<more>(?: (?:of|at|in|for) (?:the )?[A-Z0-9][\w’'-]*(?: [A-Z0-9][\w’'-]*){0,5})?)"
_JURIES = (
    re.compile(
        rf"(?P<who>{PERSON}),? {_HEADS} (?:the |its |this year[’']s )?(?P<which>(?:[\w’'-]+ ){{0,2}})[Jj]ury\b"
        rf"(?!\s*(?:(?:of|in) )?\s\s){_MORE}"  # nor the jury of another year
    ),
    re.compile(
        rf"\b(?P<which>)[Jj]ury{_MORE},? (?:which is |that is |was |is )?(?:headed|chaired|led|presided over) by"
        rf" (?P<who>{PERSON})"
    ),
    re.compile(rf"(?P<which>)\b[Jj]ury {_HEAD}(?P<more>),? (?P<who>{PERSON})"),
    re.compile(
        rf"(?P<who>{PERSON}),? (?:is|was|as|(?:was|has been|is) (?:named|appointed|chosen)(?: as)?)"
        rf"(?: the| this year[’']s)? (?P<which>)(?:jury {_HEAD}|{_HEAD} of (?:the|its) jury)\b{_MORE}"
    ),
)
_MAIN = frozenset("main competition international festival official feature the grand".split())


def _read_juries(text: str) -> Iterator[Role]:
    """Who heads a jury: of shorts or documentaries another one than of the competition."""
    for pattern in _JURIES if "ury" in text else ():
        for match in pattern.finditer(text):
            names, which = fold_people(match["who"]), match["which"].split()
            if names and not any(word[0].isupper() for word in which):
                key = " ".join(["jury head", *(word for word in which if word not in _MAIN)])
                yield Role(key, names, match["who"].rstrip(".,’'"), event=name_event(match["more"]))
