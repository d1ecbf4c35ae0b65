"""Bytes → HTML text: what kind of thing they are, which charset, and which characters may never reach a text."""

from __future__ import annotations

import codecs
import html as entities
import re
import unicodedata
from collections.abc import Iterator

import ftfy
from ftfy.badness import is_bad
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

from presswatch.cleaning import WEB_CHARSETS
from presswatch.errors import ExtractError

MAX_BODY_BYTES = 10_000_000  # as `max_body_bytes` of the crawler; trafilatura takes over 45 s on more
_SNIFFED_BYTES = 1024  # the WHATWG sniffing standard looks at 1,445; signatures need far less
_HEAD_BYTES = 4096  # where a meta charset counts; the standard says 1,024, pages say otherwise
_LATE_BYTES = 100_000  # and browsers begin anew when they meet one behind scripts
_LATE_META = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=", re.IGNORECASE)

_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"BM", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"RIFF", "sound, film or an image"),
    (b"ID3", "sound"),
    (b"OggS", "sound"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"wOF", "a font"),
    (b"{\\rtf", "a text processor's file"),
    (b"\xd0\xcf\x11\xe0", "a text processor's file"),
)
_OTHER_MARKUP = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(rss|feed|urlset|sitemapindex|svg|rdf:RDF)\b",
    re.DOTALL,
)
_TAG = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|div|p|article|main|section|span|a|table|h[1-6]|br)\b", re.IGNORECASE
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHIFTED = "iso2022_jp"  # of seven bits, so it passes for UTF-8
_ESCAPE = b"\x1b"
# What is guessed by bytes alone, where a page says nothing that holds; of Latin ones to compare with.
_OTHER_SCRIPTS = frozenset("cp932 euc_jp gb18030 big5 cp949 cp1251 koi8_r cp1253 cp1255 cp1256".split())
_GUESSED = [*sorted(_OTHER_SCRIPTS), "cp1252", "cp1250", "cp1254"]
_LEAST_GUESSED_BYTES, _GUESSED_BYTES = 100, 20_000
_MOST_BROKEN = 0.1  # share of a page's non-ASCII characters that may be broken before UTF-8 is not believed

# C0 and C1 controls but tab and newlines, marks that turn the direction of reading, invisible characters, BOMs, half
# surrogates and non-characters. The joiners U+200C and U+200D stay: Persian and Indian scripts are spelt with them.
_FORBIDDEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0e\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
)
_FORBIDDEN_RUN = re.compile(f"[{_FORBIDDEN}]+")
# Bytes that mean nothing in any charset but UTF-16 and UTF-32. Japan's ISO-2022 shifts by 0E, 0F and 1B.
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\x0c\x0e\x0f\x1b")

# The same, and what could not be decoded. Of random bytes it is one in ten; a torn text holds one or two in all.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x10-\x1a\x1c-\x1f\ufffd]")
_MOST_CONTROLS = 0.05


def decode_page(body: bytes, url: str, *, declared: str = "") -> str:
    """The HTML text of a response.

    Args: `declared` is the value of its Content-Type header, where it is known.
    Raises: ExtractError `too_large`, `not_article` (empty) or `not_html` (a PDF, an image, a feed, plain text …).
    Source: BOM, strict UTF-8, header, meta, cp1252: 13 of 13 of the charset cases in docs/decisions.md.
    """
    if len(body) > MAX_BODY_BYTES:
        raise ExtractError("too_large", url, f"{len(body):,} bytes; the most is {MAX_BODY_BYTES:,}")
    if not body.strip(b" \t\r\n\x00"):
        raise ExtractError("not_article", url, "the body is empty")
    kind = _sniff(body)
    if kind:
        raise ExtractError("not_html", url, f"it is {kind}")
    html = decode_text(body, declared=declared)
    if not _TAG.search(html):
        raise ExtractError("not_html", url, "there is no HTML tag in it")
    return html


def decode_plain(body: bytes, url: str, *, declared: str = "") -> str:
    """The text of a saved text file.

    Raises: ExtractError `not_html` where the bytes are no text, whatever the file is called.
    """
    signature = next((kind for start, kind in _SIGNATURES if not start.isalnum() and body.startswith(start)), None)
    marked = _decode_marked(body)
    seen = body.decode("latin-1") if marked is None else marked
    if signature or len(_NO_TEXT.findall(seen)) > _MOST_CONTROLS * len(seen):
        raise ExtractError("not_html", url, f"it is {signature or 'binary'}, no text")
    return decode_text(body, declared=declared)


def decode_text(body: bytes, *, declared: str = "") -> str:
    """Text of bytes whose charset may be named wrongly or not at all. Never fails: what is broken becomes U+FFFD."""
    marked = _decode_marked(body)
    if marked is not None:
        return marked
    body = body.translate(None, _CONTROLS)
    is_shifted = _ESCAPE in body and _SHIFTED in _declared_charsets(body, declared)
    for charset in (_SHIFTED, "utf-8") if is_shifted else ("utf-8",):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    return _decode_declared(body, declared)


def _decode_marked(body: bytes) -> str | None:
    """By a byte order mark, or by the NULs of UTF-16; None for what has neither."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, errors="replace")
    wide = _wide_encoding(body)
    return body.decode(wide, errors="replace") if wide else None


def _decode_declared(body: bytes, declared: str) -> str:
    """By header, then meta; UTF-8 broken in places, and what bytes look like, beat a cp1252 that they cannot be."""
    for charset in _declared_charsets(body, declared):
        try:
            return body.decode(charset)
        except UnicodeDecodeError:
            continue
    lenient = body.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    foreign = sum(1 for character in lenient if character > "\x7f")
    if broken <= _MOST_BROKEN * foreign:
        return lenient
    guessed = _guess_charset(body)
    return body.decode(guessed, errors="replace") if guessed else _decode_cp1252(body)


def _guess_charset(body: bytes) -> str | None:
    """The charset of a page in another script than Latin that names none, or a wrong one; None for all others.

    Cost: 1 to 15 ms, for the few pages that are neither in UTF-8 nor in what they say. Charsets of Latin letters are
    hardly told apart by their bytes, and are left to cp1252, as browsers do.
    """
    texts = (part.rpartition(b">")[2] for part in body.split(b"<"))  # no charset has these bytes within a letter
    foreign = b"\n".join(text for text in texts if not text.isascii())[:_GUESSED_BYTES]
    if len(foreign) < _LEAST_GUESSED_BYTES:
        return None
    import charset_normalizer  # noqa: PLC0415 - it takes 40 ms to load, and most pages are in UTF-8

    found = charset_normalizer.from_bytes(foreign, cp_isolation=_GUESSED).best()
    return found.encoding if found and found.encoding in _OTHER_SCRIPTS else None


def _declared_charsets(body: bytes, declared: str) -> Iterator[str]:
    """What the header names, then what a meta tag does; other than UTF-8, and only what the web is written in."""
    late = _LATE_META.search(body, 0, _LATE_BYTES)
    head = body[late.start() if late and late.start() > _HEAD_BYTES else 0 :][:_HEAD_BYTES]
    for name in (http_content_type_encoding(declared), html_body_declared_encoding(head)):
        charset = resolve_encoding(name) if name else None
        if charset in WEB_CHARSETS:
            yield charset


def _decode_cp1252(body: bytes) -> str:
    """As browsers do: the five bytes that cp1252 leaves open are control characters, to be taken out later."""
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return body.decode("latin-1").translate(_CP1252)


_CP1252 = {byte: bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xA0)}


def _wide_encoding(body: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its markup is NUL."""
    head = body[:_SNIFFED_BYTES]
    if head.count(0) * 3 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _sniff(body: bytes) -> str | None:
    """What bytes are that are no HTML, by their first ones; None where they may be HTML."""
    head = body[:_SNIFFED_BYTES].lstrip(b" \t\r\n")
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        return "film"
    markup = _OTHER_MARKUP.match(head)
    if markup:
        return f"<{markup[1].decode()}>, no HTML"
    if b"\x00" in head and not _wide_encoding(body) and not body.startswith(tuple(bom for bom, _ in _BOMS)):
        share = sum(byte < 9 or 13 < byte < 32 for byte in head) / len(head)  # noqa: PLR2004 - the C0 controls
        return "binary" if share > _MOST_BROKEN else None
    return None


# A letter that UTF-8's first bytes are in cp1252 or Latin-1, and a sign that its following bytes are; and what UTF-8 in
# cp1251 begins with. Told first, for the full test takes a millisecond a page.
_SUSPECT = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152"
    "\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
    "|[\u0420\u0421][\u00a0-\u00bf\u0402-\u040f\u0452-\u045f\u2010-\u2122]"
)


def tidy_line(text: str) -> str:
    """One line of text without forbidden characters and with single spaces: what is fast, and enough to compare."""
    text = " ".join(text.split())
    # of what is forbidden, variation selectors alone count as printable; `clean_line` takes them out
    return text if text.isprintable() else " ".join(_FORBIDDEN_RUN.sub("", text).split())


# What was escaped once too often, and stands before readers as `&amp;` or `&#8217;`; marks of markup stay as they are.
_AMPERSANDS = re.compile(r"&(?:(?:amp|#0{0,3}38|#x0{0,3}26);)+", re.IGNORECASE)
_ESCAPED = re.compile(
    r"&(?:#0{0,3}\d{2,5}|#x0{0,3}[\da-f]{2,4}|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip"
    r"|[a-z](?:acute|grave|circ|uml|tilde|cedil|ring)|szlig);",
    re.IGNORECASE,
)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: entities.unescape(found[0]), _AMPERSANDS.sub("&", text))


def clean_line(text: str) -> str:
    """One line of text as it may be stored: no control or bidi characters, mojibake mended, spaces single, NFC.

    Cleaning twice is cleaning once.
    """
    text = tidy_line(_unescape(text) if "&" in text else text)
    if not text.isascii():
        text = _FORBIDDEN_RUN.sub("", text)
        if _SUSPECT.search(text) and is_bad(text):
            text = tidy_line(ftfy.fix_encoding(text))
        text = unicodedata.normalize("NFC", text)
    return text
