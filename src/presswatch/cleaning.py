"""Scraped text made fit to print. Loads next to nothing: a command that is broken off in an import can still say so."""

from __future__ import annotations

import re
import unicodedata

# ECMA-48 control sequences, seven- and eight-bit: CSI; strings (OSC, DCS, SOS, PM, APC), which end with BEL, ST or the
# end of the line at the latest, so that an unclosed one cannot swallow an article; other two- and three-byte escapes.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n\r]*(?:\x07|\x9c|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Letters and marks that print as nothing (Unicode: Default_Ignorable_Code_Point outside the category Cf).
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
# Of the format characters (Cf), those that print: Unicode's Prepended_Concatenation_Mark.
_VISIBLE_FORMATS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # Arabic, Syriac, Kaithi
)
# What the web may be written in (WHATWG Encoding, 4.2), as Python calls it. Other charsets that a page can name are no
# text (zlib), traps (punycode takes its time, idna ends in errors of its own) or disguises of markup (UTF-7); UTF-16
# and UTF-32 are told by their NULs.
WEB_CHARSETS = frozenset(
    "cp866 cp874 cp932 cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 "
    "iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r "
    "koi8-u mac-roman gb18030 big5hkscs euc_jp iso2022_jp".split()
)
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})  # unassigned ones stay: a newer Unicode may know them


def clean_text(text: str) -> str:
    r"""Scraped text as one line that does nothing but print.

    Takes out terminal escape sequences as a whole, C0 and C1 controls, bidi overrides, isolates and marks, zero-width
    and other invisible characters, and lone surrogates; white space becomes single blanks.
    Cleaning twice is cleaning once.

    >>> clean_text("Nine \x1b[31mvideos\x1b[0m,\n\u202eno more")
    'Nine videos, no more'
    """
    if text.isprintable() and (text.isascii() or _INVISIBLE.isdisjoint(text)):  # nearly every text: ten times as fast
        return " ".join(text.split())
    bare = _ESCAPES.sub("", text)
    return " ".join("".join(" " if char.isspace() else char for char in bare if _prints(char)).split())


def _prints(char: str) -> bool:
    if char.isspace() or char in _VISIBLE_FORMATS:
        return True
    return char not in _INVISIBLE and unicodedata.category(char) not in _DROPPED_CATEGORIES
