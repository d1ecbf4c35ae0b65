"""Who wrote it, as names: without "By", roles, addresses, dates; agencies and desks only where nobody else is named."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise
from typing import Any

from selectolax.lexbor import LexborNode

from presswatch.extract import signs
from presswatch.extract.decode import clean_line
from presswatch.extract.outline import parents
from presswatch.extract.page import Found, Page
from presswatch.extract.place import Place, read_lines
from presswatch.outlets import Outlet, fold_name

MAX_NAME_WORDS = 6  # "María del Carmen de la Torre" has six; a sentence has more
_MAX_BYLINE_CHARS = 200
_MAX_NAMES = 12  # longer lists are indexes of authors
_MOST_READ = 100  # the same, before names that stand in others are taken out: they are compared two by two
_NEAR_LEVELS = 2  # names of one byline stand in one element, each in up to two of its own
_SHOWN = ("layout", "visible byline", "printed")  # what may tell the whole name of a user
_LOOSE = ("marked", "label", "beside date")  # what is not asked where JSON-LD says that an organisation wrote it
_MOST_RAW_CHARS = 1000  # with white space and code in it; an element with more is no byline
_NO_BYLINE_TAGS = ("h1", "meta")
_MOST_MARKED = 80  # elements asked for a byline; an index has hundreds

_BY_WORD = r"(?:by|von|vom|par|por|door|av|af|przez|από)"
_OF_WORD = r"(?:by|von|vom|par|por|door|av|af|przez|de|di|da)"  # some begin names too: only behind a word like "text"
_WROTE = (
    r"(?:written|guest\s(?:post|blog|contribution)|posted|published|reported|reviewed|edited|created|gespeichert|eingestellt|eingetragen|erstellt"
    r"|geschrieben|verfasst|veröffentlicht|publiée?|postée?|rédigée?|écrite?|escrito|publicado|scritto|pubblicato"
    r"|postato|geplaatst|geschreven|dodane|napisane)"
)
_WORK = (
    r"(?:words|text[eo]?|testo|story|article|artikel|beitrag|bericht|interview|review|kolumne|kommentar|analyse"
    r"|reporting|redaktion|column|essay|opinion|analysis|report|commentary|propos recueillis|entretien|entrevista"
    r"|intervista)"
)
# What kind of column it is, or the pictures that the same person took: "Guest column by", "Photographs and words by".
_BEFORE_WORK = r"(?:(?:guest|special|exclusive|film|photo\w*|pictures?|images?)\s(?:(?:and|&|\+)\s)?)?"
_SENT = r"(?:dal(?:la)?\snostr[oa]|de\snotre)\s(?:inviat[oa]|corrispondente|envoyée?|correspondante?)(?:\sspéciale?)?"
# "Eine Filmkritik von", "Un reportaje de"; but "A film by" names a director, and "Un pueblo de papel" is a title. Who
# made a documentary may have written of it, or be who is written about.
_A_WORK = (
    rf"(?:an?|eine?|une?|un[ao]?)\s(?:\w*?{_WORK}|\w*(?:kritik|rezension|reportage|glosse|portr[aä]t|protokoll)"
    r"|document(?:ary|aire|al|ario)|podcast|critique|chronique|tribune|récit|enquête|artículo|reportaje|crítica|crónica|articolo|critica|cronaca|recensione)"
)
_AUTHOR = r"(?:authors?|autor(?:in|en|es|a|zy)?|auteure?s?|autrice|autore|verfasser(?:in)?|авторы?)"
_PHOTOS = r"(?:\s*(?:&|\+|/|and|und|et|y|e)\s*(?:photo\w*|fotos?|bilder|images?|pictures?))?"
# What stands before a name: "By", "Text & photos:", "Eine Kolumne von", "Posted on 3 May by", "3. Mai · von".
_BY = re.compile(
    rf"^[\W\d]*(?:{_BY_WORD}\b\s*:?|{_BEFORE_WORK}(?:{_WORK}|{_WROTE}){_PHOTOS}\s+{_OF_WORD}\b\s*:?|{_SENT}\s"
    rf"|{_A_WORK}\s{_OF_WORD}\b|as told to\b|(?:取材[・/／])?(?:文|執筆)\s*[:：●]|글(?:[·ㆍ]사진)?\s*[:=]?\s|بقلم\s*:?"
    rf"|(?:{_WORK}|{_AUTHOR}){_PHOTOS}\s*:|thread starter"
    rf"|(?:text|words|{_AUTHOR})\s+(?=(?-i:[A-ZÀ-Þ]))"
    rf"|{_WROTE}\b.{{0,40}}?\b{_BY_WORD}\s|.{{0,60}}?(?:\d|[·•|:»])\s+{_BY_WORD}\s)\s*",
    re.IGNORECASE,
)
# What may stand before the name of a film, or of who made it or is asked about it, too.
_OF_OTHERS = (
    r"(?:story|interview|review|kolumne|kommentar|analyse|column|essay|opinion|analysis|report|commentary|entretien"
    r"|entrevista|intervista)"
)
_MADE = r"(?:written|edited|created|geschrieben|verfasst|écrite?|escrito|scritto)"
_KIND = re.compile(
    rf"[\W\d]*(?:{_OF_OTHERS}\s*:|(?:{_OF_OTHERS}|{_MADE})\b.{{0,40}}?\b{_BY_WORD}\s|{_A_WORK}\s)", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"[\W\d]*(?:(?:{_WORK}|{_AUTHOR}){_PHOTOS}\s*:|(?P<wrote>(?:{_WROTE}|{_A_WORK})\s+{_OF_WORD}\b:?)"
    rf"|{_BY_WORD}(?:\s*:|\b))\s*",
    re.IGNORECASE,
)
# How a line of plain text signs: of the labels those alone that are no heading ("Review: The Slow Ferry").
_SIGNED = re.compile(
    rf"\W*(?:(?:by|von|par|por)\s*:?|(?:{_WORK}|{_WROTE}|{_A_WORK}){_PHOTOS}\s+{_OF_WORD}\b\s*:?"
    rf"|(?:words|{_AUTHOR}){_PHOTOS}\s*:)\s+",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-z][^<>]{0,300}>", re.IGNORECASE)  # some code a name with its link
_GLUED_BY = re.compile(r"^(By|Von)(?=[A-Z])")
_LOWER_BY = re.compile(r"^\W*(?:di|da|de|av|af)\s+(?=[A-ZÀ-Þ])")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@\w+|\(at\)\S*")
_MONTH = r"(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])"
_TAIL = re.compile(
    r"\s*(?:[|•·—–<(\[»]|\s-\s|\.\s*$|(?<![a-z\d])\d|\bedit(?:ed|ing)\sby\b|\b(?:published|updated|posted|last|created|veröffentlicht"
    r"|aktualisiert|stand|special to|publié|publicado|pubblicato|via|photo(?:s|graph\w*)?|fotos?|bilder?|images?"
    r"|illustrat\w+|lesezeit|lesedauer)\b:?"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mo|di|mi|do|fr|sa|so)\.?,\s+\d"
    rf"|\b{_MONTH}[a-zäé]*\.?\s+\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_LOWER_TAIL = re.compile(
    r"\s+(?:(?:on|in|am|at|um|for|For|FOR|from|le|el|il|en|vom|aus|is|was|ist|about)(?:\s.*)?|von|by|par|por|de)$",
    re.DOTALL,
)
_SPLIT = re.compile(
    r"\s*(?:[,;|&+、／](?:\s*(?:and|und|et|og|och)\s)?|(?<=\s)/|/(?=\s)|\s(?:and|und|et|with|mit|avec|con|og|och)\s|\s(?-i:[yei])\s)\s*",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",\s+(?=(?:Jr|Sr|II|III)\b)")  # "King, Jr." is one name
_ITALIAN = re.compile(r"di\s+[A-ZÀ-Þ]")  # in other languages a name may begin so
_DUTCH = re.compile(r"\W*door\s", re.IGNORECASE)  # "en" is "and" there, and "in" in French and Spanish
_FOREIGN_ROLE = re.compile(r"\s*(?:기자|記者|編集部|著)(?=\s*(?:$|[|·•]))")
_DOMAIN = re.compile(r"\.(?:com|de|net|org|it|at|ch|fr|es|uk|info|eu|io|tr|pl|nl|br)$", re.IGNORECASE)
_AGENCIES = frozenset(
    fold_name(name)
    for name in (
        "AP; Associated Press; Reuters; Thomson Reuters; AFP; Agence France-Presse; dpa; dpa-AFX; dpa/lnw; EFE; "
        "Agencia EFE; ANSA; PTI; Press Trust of India; IANS; ANI; Xinhua; TASS; UPI; PA; PA Media; Press "
        "Association; SID; epd; KNA; APA; SDA; Keystone-SDA; ots; PR Newswire; Business Wire; GlobeNewswire; The "
        "Canadian Press; AAP; Kyodo; Yonhap; Bloomberg; CNN; BBC; BBC News; Europa Press; LUSA; Belga; ANP; TT; "
        "NTB; Ritzau; STT; PAP; CTK; ČTK; MTI; Anadolu; Anadolu Ajansı; AA; Wire; Wires"
    ).split("; ")
)
PARTICLES = frozenset(
    "al bin da dal das de del della den der des di do dos du e el ibn la le ten ter van vom von y zu zum zur".split()
)
_JOINED_PARTICLE = re.compile(r"(?:[dl]['’]|(?:a[bdlnrst]|el|abu|ben|ibn)-)\w")  # d'Alembert, al-Rashid
_PLATFORM_METAS = ("parsely-author", "sailthru.author", "cxenseparse:author", "article:author_name", "byl")
_METAS = (
    "og:article:author",
    "article:author",
    "author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "twitter:misc:written by",
    "vr:author",
    "articleauthor",
    "shareaholic:article_author_name",
)
_TWITTER_LABEL = re.compile(r"written|by|author|verfasst|geschrieben|écrit|escrito|scritto|auteur|autor", re.IGNORECASE)
# One walk for all, and wide, for each selector costs: what is not meant is left out by the expressions below.
_MARKED_SELECTOR = (
    '[itemprop~="author"], [rel~="author"], [class*="aut" i], [class*="byline" i], [class*="writer" i], '
    '[data-testid*="byline" i], '
    '[class*="username" i], a[href*="/aut"], a[href*="/edit"], a[href*="/contrib"], a[href*="/writer"], '
    'a[href*="/journal"], a[href*="/staff/"], a[href*="/profile"], a[href*="/by/"]'
)
_NAME_SELECTOR = '[rel~="author"], [itemprop~="name"]'  # inside a byline, beside roles and topics
_AUTHOR_CLASS = re.compile(r"aut(?:h?or|eur)|byline|writer|username", re.IGNORECASE)
_AUTHOR_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autore)/"
    r"|(?<!licenses)/(?:by|editors?|contributors?|writers?|journalists?|journalistes?|staff|profiles?)/[^/?#]{3}"
)
_NAME_CLASS = re.compile(r"(?<![a-z])(?:author|byline|autor|writer|user)[-_]{0,2}(?:full)?name(?![a-z])", re.IGNORECASE)


def find_byline(page: Page, outlet: Outlet | None, selector: str | None, place: Place) -> Found[tuple[str, ...]] | None:
    """The named authors of a page; where it names no person, the desk, agency or outlet that signs it.

    Order of trust: JSON-LD, meta tags that platforms fill, the layout's selector, marked-up bylines that name or link
    an author, a line near the headline that begins with "By", other meta tags, other marked-up bylines, a name that
    follows "By" or "Author:" anywhere, a bare name beside the date. A user's name of one word gives way to a whole name
    that is shown.
    """
    not_people = _names_of_outlet(page, outlet)
    user: Found[tuple[str, ...]] | None = None
    signed: Found[tuple[str, ...]] | None = None
    for source, texts in _sources(page, selector, place):
        if (user and source not in _SHOWN) or (signed and signed.source == "json-ld" and source in _LOOSE):
            continue
        people, others = read_names(texts, not_people=not_people)
        if any(" " in name for name in people):
            return Found(people, source)
        if people and not user:
            user = Found(people, source)
        elif others and not signed:
            signed = Found(others, source, "no person")
    return user or signed


def _sources(page: Page, selector: str | None, place: Place) -> Iterator[tuple[str, Iterable[str]]]:
    """Bylines as they stand, the most trusted first; each is looked for when those before it named nobody."""
    for key in ("author", "creator"):
        yield "json-ld", (name for name, _ in _ld_names(page, page.article_ld.get(key)))
    yield from _meta_names(page, _PLATFORM_METAS)
    yield "layout", _first_names(page.tree.css(selector), None) if selector else ()
    marked = page.tree.css(_MARKED_SELECTOR)
    yield "visible byline", _first_names([node for node in marked if _names_author(node)], place)
    is_italian = (page.language or "").lower().startswith("it")
    dated = (part for line in place.opening if _DAY.search(line) for part in _PART.split(line))
    printed = (line for line in chain(place.opening, dated) if _is_byline(line, is_italian=is_italian))
    yield "printed", islice((line for line in printed if not _tells_subject(page, line)), 1)
    yield from _meta_names(page, _METAS)
    yield "meta twitter:data", _twitter_names(page)
    about = [*filter(_is_about_author, marked)]
    yield "marked", _first_names(about, place)
    yield "label", _labelled(page, place)
    yield "beside date", _beside_date(page, place)


def _is_byline(line: str, *, is_italian: bool) -> bool:
    return bool(_BY.match(line) or _FOREIGN_ROLE.search(line) or (is_italian and _ITALIAN.match(line)))


def _tells_subject(page: Page, line: str) -> bool:
    """Whether a line names what the piece is about, or who made it: "Review: The Slow Ferry", "Written by Bo Lind"."""
    return bool(_KIND.match(line)) and any(_is_spoken_of(page, name) for name in read_names([line])[0])


def read_names(
    texts: Iterable[str], *, not_people: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names out of bylines as printed: people, then desks, agencies and firms. Order kept, each once.

    >>> read_names(["By Ann Fox and Bo Lind, Senior Editors | 3 May 2021", "Reuters"])
    (('Ann Fox', 'Bo Lind'), ('Reuters',))
    """
    people: dict[str, str] = {}
    others: dict[str, str] = {}
    for name in (name for text in texts for name in _split(text)):
        key = fold_name(name)
        if key in not_people or is_collective(name):
            others.setdefault(key, name)
        elif key and _reads_like_person(name):
            people.setdefault(key, name)
    return _whole(people), _whole(others)


def read_signature(line: str, not_people: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Who signs by a line of plain text ("By Ada Quill, in Oslo"): people, else a desk or an agency; else nobody.

    One word may be anything ("By Friday"), and is nobody here.
    """
    label = _SIGNED.match(line)
    people, others = read_names([line[label.end() :]], not_people=not_people) if label else ((), ())
    return tuple(name for name in people if " " in name) or others


def _whole(names: Mapping[str, str]) -> tuple[str, ...]:
    """Without the names that another one begins with, for they are the same person's: "Tom" beside "Tom Reed"."""
    if len(names) > _MOST_READ:
        return ()
    whole = [name for key, name in names.items() if not any(other != key and other.startswith(key) for other in names)]
    return tuple(whole) if len(whole) <= _MAX_NAMES else ()


def _split(text: str) -> Iterator[str]:
    text = _GLUED_BY.sub(r"\1 ", clean_line(_TAG.sub(" ", entities.unescape(text))))
    if len(text) > _MAX_BYLINE_CHARS:
        return
    text = text.replace(" en ", " & ") if _DUTCH.match(text) else text
    text = _LOWER_BY.sub("", _BY.sub("", _ADDRESS.sub(" ", text)))
    text = _LOWER_TAIL.sub("", _TAIL.sub("", text))
    parts = _SPLIT.split(_SUFFIX.sub(" ", text))
    if len(parts[0].split()) > MAX_NAME_WORDS:
        return  # a sentence, and what follows an "and" in it is no name
    for part in chain.from_iterable(part.split("/") if " " in part else [part] for part in parts):
        name = _without_role(_LOWER_BY.sub("", _BY.sub("", part))).strip(" .:-–—*'\"“”")
        if len(name) > 1 and _is_name(name):
            yield _uncapitalised(name)


def _without_role(text: str) -> str:
    """Ann Fox Senior Editor → Ann Fox; Chief Film Critic Ann Fox → Ann Fox; an editor without a name is nobody."""
    text = _FOREIGN_ROLE.sub("", text)
    roles = [] if signs.COLLECTIVE.search(text) else [*signs.ROLE.finditer(text)]
    if not roles:
        return text
    beside = (text[: roles[0].start()].strip(), text[roles[-1].end() :].strip())
    return next((name for name in beside if " " in name), "")


def _is_name(text: str) -> bool:
    return ":" not in text and len(text.split()) <= MAX_NAME_WORDS and not signs.NO_NAME.search(text)


def is_collective(name: str) -> bool:
    """Whether a name is an agency's, a desk's or a firm's; initials that stand with an agency's (ab/dpa) are such."""
    is_agency = any(fold_name(part) in _AGENCIES for part in name.split("/"))
    return is_agency or bool(signs.COLLECTIVE.search(name) or _DOMAIN.search(name))


def _reads_like_person(name: str) -> bool:
    """Whether words are set as a name's are: with capitals, but for particles. One word may be anything."""
    words = name.split()
    small = (word for word in words if word[0].islower() and not _JOINED_PARTICLE.match(word))
    return len(words) == 1 or PARTICLES.issuperset(small)


def _uncapitalised(name: str) -> str:
    """JANE DOE → Jane Doe; initials and short names stay."""
    words = name.split()
    is_shouted = len(words) > 1 and all(word.isupper() for word in words)
    return name.title() if is_shouted else name


def _names_of_outlet(page: Page, outlet: Outlet | None) -> frozenset[str]:
    """The outlet's own names, and those of organisations that the metadata calls the author: they are no people."""
    names = [*page.meta_lines("og:site_name"), *page.meta_lines("application-name")]
    publisher = page.article_ld.get("publisher")
    if isinstance(publisher, dict) and "Person" not in str(publisher.get("@type")):
        names.append(str(publisher.get("name") or ""))
    names += [outlet.name, *outlet.aliases] if outlet else []
    names += [name for name, is_person in _ld_names(page, page.article_ld.get("author")) if not is_person]
    return frozenset(map(fold_name, [*names, page.host, page.host.partition(".")[0]]))


def _ld_names(page: Page, author: Any) -> Iterator[tuple[str, bool]]:
    """Names of a JSON-LD author, and whether it may be a person: a text, an object, a reference by `@id`, a list."""
    if isinstance(author, str):
        if not author.startswith("http"):
            yield author, True
    elif isinstance(author, list):
        for item in author:
            yield from _ld_names(page, item)
    elif isinstance(author, Mapping):
        if "name" not in author and "familyName" not in author:
            author = page.by_ld_id.get(str(author.get("@id")), {})
        names = author.get("name") or f"{author.get('givenName') or ''} {author.get('familyName') or ''}"
        is_person = "Organization" not in str(author.get("@type"))
        listed = names if isinstance(names, list) else [names]
        yield from ((name, is_person) for name in listed if isinstance(name, str))


def _meta_names(page: Page, names: Iterable[str]) -> Iterator[tuple[str, Iterable[str]]]:
    """What meta tags say, each by its name; addresses of authors are no names."""
    for name in names:
        if name in page.metas:
            yield f"meta {name}", [line for line in page.meta_lines(name) if not line.startswith("http")]


def _twitter_names(page: Page) -> list[str]:
    for number in ("1", "2"):
        label, value = page.meta(f"twitter:label{number}"), page.meta(f"twitter:data{number}")
        if label and value and _TWITTER_LABEL.search(label):
            return [value]
    return []


def _names_author(node: LexborNode) -> bool:
    """Whether an element is marked as an author's name or links to an author: not only as something about one."""
    attributes = node.attributes
    marks = f"{attributes.get('rel') or ''} {attributes.get('itemprop') or ''}".split()
    return (
        "author" in marks
        or bool(_NAME_CLASS.search(attributes.get("class") or ""))
        or bool(_AUTHOR_PATH.search(attributes.get("href") or ""))
    )


def _is_about_author(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(_AUTHOR_CLASS.search(f"{attributes.get('class') or ''} {attributes.get('data-testid') or ''}"))


def _first_names(nodes: Sequence[LexborNode], place: Place | None) -> Iterator[str]:
    """The names of the first element that has any, and of those beside it that are marked up as it is.

    Args: with a `place`, elements that stand apart from the article there do not count.
    """
    for number, node in enumerate(nodes[:_MOST_MARKED]):
        if node.tag in _NO_BYLINE_TAGS or (place and place.is_apart(node)):
            continue
        lines = _naming_lines(node)
        if lines:
            yield from lines
            yield from _beside(node, nodes[number + 1 : _MOST_MARKED])
            return


def _naming_lines(node: LexborNode) -> list[str]:
    """The lines of an element that name anybody: those of names marked inside it, else the first that does."""
    if len(node.text()) > _MOST_RAW_CHARS:
        return []
    marked = [line for name in node.css(_NAME_SELECTOR) for line in islice(read_lines(name), 1)]
    if any(read_names(marked)):
        return marked
    return next(([line] for line in read_lines(node) if any(read_names([line]))), [])


def _beside(node: LexborNode, others: Iterable[LexborNode]) -> Iterator[str]:
    near, kind = _near(node), _kind(node)
    for other in others:
        if _kind(other) == kind and near & _near(other):
            yield from islice(read_lines(other), 1)


def _near(node: LexborNode) -> set[int]:
    return {parent.mem_id for parent in islice(parents(node), _NEAR_LEVELS)}


def _kind(node: LexborNode) -> tuple[str | None, str | None, str]:
    """What names of one byline share: the element, its class, and the folder that their links lead to."""
    attributes = node.attributes
    return node.tag, attributes.get("class"), (attributes.get("href") or "").rstrip("/").rpartition("/")[0]


def _labelled(page: Page, place: Place) -> Iterator[str]:
    """The first name that follows "By", or a label like "Author:", on its line or the next; not in the headline."""
    for line, following in pairwise([*place.lines[1:], ""]):
        label = _LABELLED.match(line)
        if label:
            rest = line[label.end() :] or following
            people, _ = read_names([rest])
            if any(label["wrote"] or " " in name for name in people) and not _tells_subject(page, f"{label[0]}{rest}"):
                yield rest
                return


# ---------------------------------------------------------------- a bare name beside the date

_PART = re.compile(r"\s*[|·•/—–●]\s*|,\s+|\s-\s|\s{2,}")
_TITLE_SIGN = re.compile(r"\s+[-–—|·•:]+\s+")
_PARTICLE_RUNS = re.compile(
    r" (?:(?:van|von) de[rn]?|de la|de los|[dl]e|del|della|d[aiu]|dos|van|von|ten|ter|la|bin|ibn) "
)
_PEOPLE_PATH = re.compile(r"/(?:people|team|users?|u|critics?|reporters?|columnists?|members?|@)/?[^/?#]{2}")
_DAY = re.compile(r"\b(?:19|20)\d\d\b|\b\d\d?[./]\d\d?[./]\d\d\b")
_LEAST_NAME_WORDS, _MOST_BARE_WORDS = 2, 5
_MOST_DAY_WORDS = 6  # "Posted on Tuesday 3 March 2026"
_MOST_BARE_LINES = 7  # from the headline on
_PARAGRAPH_CHARS = 120  # whoever is named in so long a line is spoken of, and wrote nothing
_MOST_BEFORE_BIO = 40  # "About the author: Ada Quill is a critic"


def _beside_date(page: Page, place: Place) -> Iterator[str]:
    """The one name that stands beside the date under a headline, on its line or the next, and nowhere in the text.

    Nothing says that it is a name, so whatever may be a section, a place, a firm or a film is none: words that these
    are made of, what is a link, what title or text speak of.
    """
    lines = [parts for line in place.opening[:_MOST_BARE_LINES] if (parts := _bare_parts(line))]
    others = [[part for part in parts if not _is_day(part)] for parts in lines]
    for number, parts in enumerate(lines):
        if not any(map(_DAY.search, parts)) or any(map(_is_said, others[number])):
            continue
        near = [*others[max(0, number - 1) : number], *others[number + 1 : number + 2]]
        for beside in (others[number], [part for line in near if len(line) == 1 for part in line]):
            names = dict.fromkeys(part for part in beside if _reads_like_names(part) and _is_unspoken(page, part))
            if names:
                yield from names if len(names) == 1 else ()
                return


def _bare_parts(line: str) -> list[str]:
    """The parts of a line that signs part, without roles, buttons, and how long it takes to read."""
    return [
        part
        for part in _PART.split(line)
        if any(map(str.isalnum, part))
        and not _ADDRESS.fullmatch(part)
        and not signs.SHARE_LINE.fullmatch(part)
        and not (len(part.split()) <= _MOST_BARE_WORDS and signs.ROLE.search(part))
    ]


def _is_said(text: str) -> bool:
    """Whether a part of a line is a sentence or a piece of one, and a date in it is no line of its own."""
    return len(text.split()) > _MOST_BARE_WORDS and not _reads_like_names(text)


def _is_day(text: str) -> bool:
    """Whether a part of a line is a day or an hour, or part of one."""
    return any(map(str.isdigit, text)) and len(text.split()) <= _MOST_DAY_WORDS


def _reads_like_names(text: str) -> bool:
    """Whether a text is set as one or more whole names are, and has no word that only other things are called by."""
    return not signs.NO_BARE_NAME.search(text) and all(map(_reads_like_name, _SPLIT.split(text)))


def _reads_like_name(text: str) -> bool:
    words = _PARTICLE_RUNS.sub(" ", text).split()
    is_set = all(word[:1].isupper() and re.sub(r"[’'.-]", "", word).isalpha() for word in words)
    return is_set and _LEAST_NAME_WORDS <= len(words) <= _MOST_BARE_WORDS


def _is_unspoken(page: Page, names: str) -> bool:
    """Whether neither title nor text speak of these names, and they lead nowhere but to somebody's own page."""
    links = page.tree.css("a")
    for name in _SPLIT.split(names):
        linked = (link for link in links if clean_line(link.text()).casefold() == name.casefold())
        is_own = all(_PEOPLE_PATH.search(link.attributes.get("href") or "") for link in linked)
        if not is_own or _is_spoken_of(page, name) or _is_surname_told(page, name):
            return False
    return True


def _is_surname_told(page: Page, name: str) -> bool:
    """Whether the text has the last word of a name alone: "Harrigan spent six weeks at sea"."""
    surname = name.rsplit(maxsplit=1)[-1]
    spelt = surname.title() if surname.isupper() else surname
    alone = re.compile(rf"(?<!\w){re.escape(spelt)}(?!\w)")
    whole = re.compile(re.escape(name), re.IGNORECASE)
    return any(alone.search(whole.sub("", text)) for text in _long_lines(page))


def _is_spoken_of(page: Page, name: str) -> bool:
    """Whether title or text speak of somebody or something, but to introduce who wrote it."""
    key = name.casefold()
    for text in _long_lines(page):
        before, found, rest = text.casefold().partition(key)
        if found and not (len(before) <= _MOST_BEFORE_BIO and signs.BIO.match(rest)):
            return True
    parts = (part.removeprefix("by ") for part in _TITLE_SIGN.split(page.title.casefold()))
    return any(key in part and key != part for part in parts)  # a whole part is who signs: "Dusk - Ada Quill - Tern"


def _long_lines(page: Page) -> Iterator[str]:
    """The paragraphs of a page that are text; on pages without such elements all long blocks, at ten times the cost."""
    set_as = [" ".join(node.text().split()) for node in page.tree.css("p")]
    if not any(len(text) > _PARAGRAPH_CHARS for text in set_as):
        set_as = [block.text for block in page.blocks]
    return (text for text in set_as if len(text) > _PARAGRAPH_CHARS)
