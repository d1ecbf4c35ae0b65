"""Who wrote it, as names: without "By", roles, addresses, dates, and agencies that are no people."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborNode

from presswatch.extract import signs
from presswatch.extract.decode import clean_line
from presswatch.extract.outline import node_text, parents
from presswatch.extract.page import Page
from presswatch.outlets import Outlet, fold_name

MAX_NAME_WORDS = 6  # "María del Carmen de la Torre" has six; a sentence has more
_MAX_BYLINE_CHARS = 200
_MAX_NAMES = 12  # longer lists are indexes of authors
_NEAR_LEVELS = 2  # names of one byline stand in one element, each in up to two of its own

_BY = re.compile(
    r"^\W*(?:(?:(?:written|posted|published|reported|reviewed|words|story|article|photos?|review|interview|edited"
    r"|geschrieben|verfasst|veröffentlicht|publié|rédigé|écrit|escrito|publicado|scritto|pubblicato)\s+)?"
    r"(?:by|von|par|por|door)\b:?|(?:by|text|texte|testo|texto|authors?|autor(?:in|en|es)?"
    r"|auteure?|autore|verfasser(?:in)?)\s*:)\s*",
    re.IGNORECASE,
)
_GLUED_BY = re.compile(r"^(By|Von)(?=[A-Z])")
_LOWER_BY = re.compile(r"^\W*(?:di|da|de|av|af)\s+(?=[A-ZÀ-Þ])")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w+|\(at\)\S*")
_PRINTED = re.compile(
    r"(?:by|von|par|por|door|text|texte|testo|texto|autor(?:in)?|author|(?:ein )?artikel von)\b:?\s+(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|mär|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])"
_TAIL = re.compile(
    r"\s*(?:[|•·—–<(\[]|\s-\s|\.\s*$|\d|\b(?:published|updated|posted|last|created|veröffentlicht"
    r"|aktualisiert|stand|special to|publié|publicado|pubblicato|via|photos?|fotos?|bilder?|images?)\b:?"
    r"|\b(?i:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    rf"|\b{_MONTH}[a-zäé]*\.?\s+\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_LOWER_TAIL = re.compile(r"\s+(?:on|in|am|at|for|from|le|el|il|vom|aus|is|was|ist|about)\s.*$", re.DOTALL)
_SPLIT = re.compile(r"\s*(?:[,;/|&+]|\s(?:and|und|et|with|mit|avec|con)\s|\s[ye]\s)\s*", re.IGNORECASE)
_DOMAIN = re.compile(r"\.(?:com|de|net|org|it|at|ch|fr|es|uk|info|eu|io)$", re.IGNORECASE)
_AGENCIES = frozenset(
    fold_name(name)
    for name in (
        "AP; Associated Press; Reuters; Thomson Reuters; AFP; Agence France-Presse; dpa; dpa-AFX; dpa/lnw; EFE; "
        "Agencia EFE; ANSA; PTI; Press Trust of India; IANS; ANI; Xinhua; TASS; UPI; PA; PA Media; Press "
        "Association; SID; epd; KNA; APA; SDA; Keystone-SDA; ots; PR Newswire; Business Wire; GlobeNewswire; The "
        "Canadian Press; AAP; Kyodo; Yonhap; Bloomberg; CNN; BBC; BBC News; Europa Press; LUSA; Belga; ANP; TT; "
        "NTB; Ritzau; STT; PAP; CTK; ČTK; MTI; Anadolu; AA; Wire; Wires; Super User; root; web"
    ).split("; ")
)
_PLATFORM_METAS = ("parsely-author", "sailthru.author", "cxenseparse:author", "article:author_name", "byl")
_METAS = (
    "og:article:author",
    "article:author",
    "author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "vr:author",
)
_TWITTER_LABEL = re.compile(r"written|by|author|verfasst|geschrieben|écrit|escrito|scritto|auteur|autor", re.IGNORECASE)
_STRONG = (
    '[itemprop="author"] [itemprop="name"]',
    ".author .fn, .vcard .fn",
    ".byline a, .byline-name",
    '[rel~="author"]',
    ".entry-meta .author",
    '[class*="byline" i] a',
    '[class*="author-name" i], [class*="authorname" i], [class*="author__name" i]',
    'a[href*="/author/"], a[href*="/authors/"], a[href*="/autor/"], a[href*="/autoren/"], a[href*="/auteur/"]',
    '[class*="author" i] a',
)
_WEAK = ('[itemprop="author"]', ".byline", '[class*="byline" i]', ".author", '[class*="author" i]')
_HOLDERS = ("body", "html", "main", "article")
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|widget|teaser|trending|popular|footer|promo|most-?read|latest|newsletter",
    re.IGNORECASE,
)


def find_byline(page: Page, outlet: Outlet | None, selector: str | None) -> tuple[str, ...]:
    """The named authors of a page.

    Order of trust: JSON-LD persons, meta tags that platforms fill, the layout's selector, marked-up bylines that link
    to an author, other meta tags, other bylines, a line under the headline that begins with "By".
    """
    not_people = _names_of_outlet(page, outlet)
    for texts in _sources(page, selector):
        names = split_names(texts, not_people=not_people)
        if names:
            return names
    return ()


def _sources(page: Page, selector: str | None) -> Iterator[Iterable[str]]:
    """Bylines as they stand, the most trusted first; each is looked for when those before it named nobody."""
    yield _ld_names(page, page.article_ld.get("author"))
    yield _meta_names(page, _PLATFORM_METAS)
    yield _visible_names(page, (selector,)) if selector else ()
    yield _visible_names(page, _STRONG)
    yield _meta_names(page, _METAS)
    yield _visible_names(page, _WEAK)
    yield [line for line in page.opening if _PRINTED.match(line)][:1]


def split_names(texts: Iterable[str], *, not_people: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Names out of bylines as printed; order kept, each once.

    >>> split_names(["By Ann Fox and Bo Lind, Staff Writers | 3 May 2021"])
    ('Ann Fox', 'Bo Lind')
    """
    names: dict[str, str] = {}
    for text in texts:
        for name in _split(text):
            key = fold_name(name)
            if key and key not in _AGENCIES and key not in not_people:
                names.setdefault(key, name)
    # a name that another one begins with is the same person's: "Tom" beside "Tom Reed"
    whole = [name for key, name in names.items() if not any(other != key and other.startswith(key) for other in names)]
    return tuple(whole) if len(whole) <= _MAX_NAMES else ()


def _split(text: str) -> Iterator[str]:
    text = _GLUED_BY.sub(r"\1 ", clean_line(entities.unescape(text)))
    if len(text) > _MAX_BYLINE_CHARS:
        return
    text = _LOWER_BY.sub("", _BY.sub("", _ADDRESS.sub(" ", text)))
    text = _LOWER_TAIL.sub("", _TAIL.sub("", text))
    parts = _SPLIT.split(text)
    if len(parts[0].split()) > MAX_NAME_WORDS:
        return  # a sentence, and what follows an "and" in it is no name
    for part in parts:
        name = _LOWER_BY.sub("", _BY.sub("", part)).strip(" .:-–—*'\"“”")
        if len(name) > 1 and _is_name(name):
            yield _uncapitalised(name)


def _is_name(text: str) -> bool:
    if " " in text and text.islower():
        return False
    return len(text.split()) <= MAX_NAME_WORDS and not signs.ROLE.search(text) and not _DOMAIN.search(text)


def _uncapitalised(name: str) -> str:
    """JANE DOE → Jane Doe; initials and short names stay."""
    return name.title() if name.isupper() and " " in name else name


def _names_of_outlet(page: Page, outlet: Outlet | None) -> frozenset[str]:
    """The outlet's own names: a page signed by its outlet names nobody."""
    names = [*page.metas.get("og:site_name", ()), *page.metas.get("application-name", ())]
    publisher = page.article_ld.get("publisher")
    if isinstance(publisher, dict) and "Person" not in str(publisher.get("@type")):
        names.append(str(publisher.get("name") or ""))
    # a blog may go by its author's name; that has two words or three
    known = {fold_name(name) for name in ([outlet.name, *outlet.aliases] if outlet else ())}
    return frozenset({fold_name(name) for name in names if len(name.split()) not in (2, 3)} | known)


def _ld_names(page: Page, author: Any) -> Iterator[str]:
    """Names of a JSON-LD author: a text, an object, a reference by `@id`, or a list of them. Organisations are none."""
    if isinstance(author, str):
        if not author.startswith("http"):
            yield author
    elif isinstance(author, list):
        for item in author:
            yield from _ld_names(page, item)
    elif isinstance(author, Mapping):
        if "name" not in author and "familyName" not in author:
            author = page.by_ld_id.get(str(author.get("@id")), {})
        if "Organization" not in str(author.get("@type")):
            whole = f"{author.get('givenName') or ''} {author.get('familyName') or ''}"
            names = author.get("name") or whole
            yield from (name for name in (names if isinstance(names, list) else [names]) if isinstance(name, str))


def _meta_names(page: Page, names: tuple[str, ...]) -> list[str]:
    for name in names:
        found = [value for value in page.metas.get(name, ()) if not value.startswith("http")]
        if found:
            return found
    for number in ("1", "2"):
        label, value = page.meta(f"twitter:label{number}"), page.meta(f"twitter:data{number}")
        if label and value and _TWITTER_LABEL.search(label):
            return [value]
    return []


def _visible_names(page: Page, selectors: Iterable[str]) -> list[str]:
    """The first byline of the page that stands at the article, with those beside it that are marked up as it is."""
    heading = page.tree.css_first("h1")
    shared = _ancestors(heading) if heading else set()
    for selector in selectors:
        nodes = [node for node in page.tree.css(selector) if not _is_elsewhere(node, shared)]
        for number, node in enumerate(nodes):
            if split_names([node_text(node)]):
                return [node_text(node), *_beside(node, nodes[number + 1 :])]
    return []


def _beside(node: LexborNode, others: Iterable[LexborNode]) -> Iterator[str]:
    near, kind = _ancestors(node, _NEAR_LEVELS), _kind(node)
    for other in others:
        if _kind(other) == kind and near & _ancestors(other, _NEAR_LEVELS):
            yield node_text(other)


def _kind(node: LexborNode) -> tuple[str | None, str | None, str]:
    """What names of one byline share: the element, its class, and the folder that their links lead to."""
    attributes = node.attributes
    return node.tag, attributes.get("class"), (attributes.get("href") or "").rstrip("/").rpartition("/")[0]


def _ancestors(node: LexborNode, levels: int | None = None) -> set[int]:
    """The ids of the elements around a node, of the nearest ones where `levels` is given."""
    return {parent.mem_id for parent in islice(parents(node), levels)}


def _is_elsewhere(node: LexborNode, shared: set[int]) -> bool:
    """Whether an element stands in a comment, a sidebar or a teaser, seen from where it parts from the headline."""
    parent: LexborNode | None = node
    while parent is not None and parent.mem_id not in shared and parent.tag not in _HOLDERS:
        attributes = parent.attributes
        if parent.tag in ("aside", "footer", "nav") or _ELSEWHERE.search(
            f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        ):
            return True
        parent = parent.parent
    return False
