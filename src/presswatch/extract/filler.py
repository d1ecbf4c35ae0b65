"""Words of a page → words that mean nothing, of the same shape: what makes a fixture of a page that is not ours. Pure.

One word is one filler word everywhere in a page, so what agreed goes on agreeing: headline and title, byline and author
box. Lengths, capitals, signs and dates stay, so whatever goes by shape sees what it saw.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from presswatch.extract import signs
from presswatch.extract.lines import strip_lines
from presswatch.urls import host_of

_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_MOST_TRIES = 50  # for a filler word that is not taken; of three letters there are not enough for all
# In the languages of the dates that extraction reads.
_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "januar jänner februar märz mai juni juli oktober dezember mrz okt dez "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre janv févr avr juil déc "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre ene abr ago dic "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre gen mag giu lug set ott "
    "janeiro fevereiro março maio junho julho setembro outubro dezembro fev out "
    "januari februari maart mei augustus maa"
).split()
_MONTH = f"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DATE = (
    r"\d{4}-\d\d?-\d\d?(?:[T ]\d\d:?\d\d(?::?\d\d(?:\.\d+)?)?(?:Z|\s?[+-]\d\d:?\d\d)?)?"
    r"|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}"
    rf"|\b{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?"
    rf"|\b\d{{1,2}}(?:\.|st|nd|rd|th|º)?\s(?:de\s)?{_MONTH}\b\.?(?:,?\s(?:de\s)?\d{{4}})?"
    rf"|\b{_MONTH}\s\d{{4}}\b"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s(?:[A-Z]{2,4}T|UTC|GMT)\b)?"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)
_TOKEN = re.compile(
    r"(?P<tag><(?P<name>/?[a-z][a-z0-9]*)\b[^<>]*>)|(?P<address>https?://[^\s<>\"]+)|(?P<entity>&#?\w{2,8};)"
    rf"|(?P<date>{_DATE})|(?P<word>[^\W\d_]+)|(?P<number>\d+(?P<unit>st|nd|rd|th)?)",
    re.IGNORECASE,
)
# Of a path: words in one part are a title's or a name's, a single one is a section's ("/film/", "/author/").
_SLUG = re.compile(r"[^\W\d_]+[-_+ .]+[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
# Behind these words a name follows: /author/una-kessel/, ?user=una, class="comment-author-una".
_PERSON = r"(?:authors?|autor(?:en)?|contributors?|members?|people|persons?|profiles?|staff|users?|by|byuser|writers?)"
_PERSON_PART = re.compile(_PERSON, re.IGNORECASE)
_PERSON_TERM = re.compile(rf"(?<![^\W\d_]){_PERSON}[-_]+", re.IGNORECASE)
# Of what elements are called; also where a name has the same words, as Page and Post are.
MARKUP_WORDS = frozenset(
    (
        "about all amp archive area article articles aside asset author authors auto avatar badge bar base bio "
        "biography block blog body border bottom box button by byline byuser caption card cards category center "
        "children cite col collapse column columns comment commenter comments component contact container content "
        "contributor contributors count cover css current dark data date default depth desc description desktop "
        "detail details display div element email even fa facebook featured feed field film first flex flow fn follow "
        "font footer form full grid group has head header heading hero home horizontal html http https icon id image "
        "images img index info inline inner instagram io is item items job large last lazy lead left light line link "
        "linkedin links list loaded logo main media member meta middle mobile module more music name names nav news "
        "next no not odd of one only org outer page pages parent people person photo photos pic picture popup "
        "position post posted posts prev primary profile profiles published read related right role row rss schema "
        "section share show side sidebar single size small snippet social source span staff standard story sub "
        "subtitle summary svg tag tags team teaser template text the thread thumb thumbnail time title to tooltip top "
        "twitter type unit url user users vcard view website widget width with wp wrap wrapper writer writers www"
    ).split()
)
_LEAST_INNER = 5  # letters of a name that is found inside another word, as in janequillfeather
_ENDING = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)
_PLATFORM_PARTS = ("wp-", "amp-", "feed-")
# Of a line, what tells it from others, by rules: where that is nothing, every word of it may be another.
Tell = Callable[[str], tuple[object, ...]]


class Filler:
    """The filler words of one page. The same words asked for in the same order give the same ones.

    Args:
        names: stand as they are, wherever they occur: the outlet's own.
        kept: words that stand as they are, folded: those that rules for bylines rest on.
        letters: all text of the page; letters of other scripts than Latin are replaced by those that occur in it.
        people: words of people's names, folded: they are replaced in markup and addresses too, where others stay.
        host: the page's own (`host_of`), where a single word of a path is a section's. Elsewhere it may be a handle.
    """

    def __init__(
        self,
        names: Iterable[str] = (),
        kept: Collection[str] = (),
        letters: str = "",
        people: Collection[str] = (),
        host: str = "",
    ) -> None:
        own = sorted({name for name in names if name.strip()}, key=lambda name: (-len(name), name))
        told = "|".join(r"\s+".join(map(re.escape, name.split())) for name in own)
        self._names = re.compile(rf"(?<!\w)(?:{told})(?!\w)", re.IGNORECASE) if own else None
        self._kept = frozenset(kept)
        self._people = frozenset(people) - self._kept
        self._inner = tuple(word for word in self._people if len(word) >= _LEAST_INNER)
        self._host = host
        self._made: dict[str, str] = {}
        self._taken: set[str] = set()
        self._scripts = _letters_by_script(letters)

    def text(self, text: str, kept: Collection[str] = ()) -> str:
        """A text with every word and number replaced, but for names, dates and the words in `kept` (folded)."""
        return "".join(piece if is_own else self._fill(piece, kept) for piece, is_own in self._pieces(text))

    def label(self, text: str, tell: Tell) -> frozenset[str]:
        """The words of a line, folded, that have to stay for `tell` to go on telling of it what it does."""
        told = tell(text)
        if not any(told) or tell(self.text(text)) == told:
            return frozenset()
        words = list(dict.fromkeys(word.casefold() for word in re.findall(r"[^\W\d_]+|\d+", text)))
        needed = set(words)
        for word in reversed(words):  # a label stands first, and what it labels after it
            needed.discard(word)
            if tell(self.text(text, needed)) != told:
                needed.add(word)
        return frozenset(needed)

    def markup(self, value: str) -> str:
        """What an element is called, with words that are people's replaced: their names, and what follows `author-`."""
        found = _PERSON_TERM.search(value)
        if found and not all(word.casefold() in MARKUP_WORDS for word in _WORD.findall(value[found.end() :])):
            return self.markup(value[: found.start()]) + found[0] + self._unless_markup(value[found.end() :])
        return _WORD.sub(lambda word: self._word(word[0]) if self._is_person(word[0]) else word[0], value)

    def address(self, url: str) -> str:
        """A URL with the words of its path replaced as they are in the text.

        Hosts, numbers and single words stay, but for people's names and whatever follows `/author/`; of other hosts
        than the page's own only platforms' words stay, for a single word there may be a handle.
        """
        try:
            parts = urlsplit(url)
        except ValueError:
            return "#"
        if parts.scheme.lower() not in ("", "http", "https"):
            return f"{parts.scheme}:{self.text(parts.path)}" if parts.scheme.lower() in ("mailto", "tel") else "#"
        host = host_of(url)
        is_own = not host or not self._host or f".{host}".endswith(f".{self._host}")
        filled = urlunsplit(
            (
                parts.scheme,
                parts.netloc if is_own else self.markup(parts.netloc.rpartition("@")[2]),
                self._path(parts.path, is_own=is_own),
                "&".join(map(self._field, parts.query.split("&"))) if parts.query else "",
                self._part(parts.fragment),
            )
        )
        return filled + "#" if url.endswith("#") else filled  # an empty fragment, which leads nowhere

    def _path(self, path: str, *, is_own: bool) -> str:
        filled, is_name = [], False
        for part in path.split("/"):
            filled.append(self._unless_markup(part) if is_name or not is_own else self._part(part))
            is_name = _PERSON_PART.fullmatch(part) is not None
        return "/".join(filled)

    def _is_person(self, word: str) -> bool:
        folded = word.casefold()
        return folded not in MARKUP_WORDS and (folded in self._people or any(name in folded for name in self._inner))

    def _unless_markup(self, text: str) -> str:
        """A part of an address or class name that is somebody's, but for words of markup and platforms."""
        return self._recoded(text, lambda word: word if word.casefold() in MARKUP_WORDS else self._word(word))

    def _pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text cut at the outlet's own names."""
        end = 0
        for found in self._names.finditer(text) if self._names else ():
            yield text[end : found.start()], False
            yield found[0], True
            end = found.end()
        yield text[end:], False

    def _fill(self, text: str, kept: Collection[str]) -> str:
        return _TOKEN.sub(lambda found: self._replace(found, kept), text)

    def _replace(self, found: re.Match[str], kept: Collection[str]) -> str:
        if found["tag"]:
            return f"<{found['name']}>"
        if found["address"]:
            return self.address(found[0])
        if found["word"]:
            return found[0] if found[0].casefold() in kept else self._word(found[0])
        if found["number"]:
            digits = found[0].removesuffix(found["unit"] or "")
            return found[0] if digits in kept else _other_number(digits) + (found["unit"] or "")
        return found[0]  # dates and entities

    def _word(self, word: str) -> str:
        if len(word) == 1 or word.casefold() in self._kept:
            return word
        lower = word.lower()
        if len(lower) != len(word):  # capitals that have no small letter of their own
            lower = word
        if lower not in self._made:
            self._made[lower] = self._make(lower)
        return "".join(
            new.upper() if old.isupper() and len(new.upper()) == 1 else new
            for old, new in zip(word, self._made[lower], strict=True)
        )

    def _make(self, word: str) -> str:
        """A filler word that stands for no other word yet, where one can be found."""
        if not all(_script_of(letter) == "LATIN" for letter in word):
            return "".join(map(self._other_letter, word))
        made = ""
        for number in range(_MOST_TRIES):
            made = _syllables(len(word), f"{word} {number}")
            if made != word and not _is_sign(made) and (made not in self._taken or len(word) <= len("abc")):
                break
        self._taken.add(made)
        return made

    def _other_letter(self, letter: str) -> str:
        """Of scripts that put no blanks between words a letter is what a word is of others."""
        others = self._scripts.get(_script_of(letter), [letter])
        return others[_number_of(letter) % len(others)]

    def _part(self, part: str) -> str:
        """A part of a path: words joined by hyphens are a title's, and replaced; one word is a section's.

        Addresses in other scripts than Latin are titles.
        """
        plain = unquote(part)
        is_title = _SLUG.search(_ENDING.sub("", plain)) or not all(map(str.isascii, _WORD.findall(plain)))
        if part.startswith(_PLATFORM_PARTS) or _PERSON_TERM.search(part) or not is_title:
            return self.markup(part)
        return self._recoded(part, self._word)

    def _recoded(self, part: str, fill: Callable[[str], str]) -> str:
        """A part of an address with its words filled, and escaped as it was; its ending (.html) stays."""
        ending = _ENDING.search(part)
        stem = unquote(part[: ending.start()] if ending else part)
        filled = _WORD.sub(lambda found: fill(found[0]), stem)
        return (quote(filled, safe="@:+,;=!$'()*~") if "%" in part else filled) + (ending[0] if ending else "")

    def _field(self, field: str) -> str:
        name, sign, value = field.partition("=")
        return f"{name}{sign}{self._unless_markup(value) if _PERSON_PART.fullmatch(name) else self._part(value)}"


def tell_line(text: str, stop: Sequence[str] = ()) -> tuple[object, ...]:
    """By which rules a line is no part of an article, or is what stands beside one that is not."""
    _, removed = strip_lines([text], stop)
    beside = (signs.FORM_LABEL.fullmatch(text), signs.CLOSING_HEADING.fullmatch(text))
    return (removed[0].rule if removed else "", *map(bool, beside))


def _is_sign(word: str) -> bool:
    """Whether a filler word would be a label, a role or a month by itself."""
    told = (signs.ROLE, signs.NO_NAME, signs.COLLECTIVE)
    return word in _MONTHS or any(sign.search(word) for sign in told) or any(tell_line(word))


def _number_of(seed: str) -> int:
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest(), "big")


def _syllables(length: int, seed: str) -> str:
    """Consonants and vowels in turn, by chance that is always the same."""
    number = _number_of(seed)
    first, letters = number % 2, []
    for place in range(length):
        if place % 12 == 0:  # a 64-bit number has no more letters in it
            number = _number_of(f"{seed} {place}")
        alphabet = _VOWELS if (place + first) % 2 else _CONSONANTS
        number, choice = divmod(number, len(alphabet))
        letters.append(alphabet[choice])
    return "".join(letters)


def _other_number(digits: str) -> str:
    """Another number of as many digits; one that begins with 0 goes on doing so."""
    if digits[0] == "0" and len(digits) > 1:
        return "0" + _other_number(digits[1:])
    least = 10 ** (len(digits) - 1)
    made = str(least + _number_of(f"number {digits}") % (9 * least))
    return made if made != digits else made[:-1] + str((int(made[-1]) + 1) % 10)


def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "LATIN").partition(" ")[0]


def _letters_by_script(text: str) -> dict[str, list[str]]:
    """The letters of a text, small ones where there are such, by script."""
    found: dict[str, set[str]] = defaultdict(set)
    for letter in set(text.lower()):
        if letter.isalpha():
            found[_script_of(letter)].add(letter)
    return {script: sorted(letters) for script, letters in found.items()}
