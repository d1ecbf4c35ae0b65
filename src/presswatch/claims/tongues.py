"""Who says a quote in other languages than English: a name beside a verb of saying that touches the quote."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from presswatch.claims.names import NAME
from presswatch.claims.speech import Saying

GERMAN = "de"  # where every noun has a capital, so one word with a capital is no name yet
_VERBS = {
    GERMAN: "sagte|sagt|erklärte|erklärt|betonte|betont|meinte|meint|berichtete|berichtet|erzählte|erzählt|ergänzte|"
    "ergänzt|schrieb|schreibt|kommentierte|antwortete|verriet|verrät|so",
    "es": "dijo|dice|afirmó|afirma|señaló|señala|aseguró|asegura|explicó|explica|añadió|añade|agregó|agrega|comentó|"
    "comenta|declaró|declara|indicó|sostuvo|apuntó|destacó|reconoció|confesó|subrayó|expresó|manifestó|recordó|recuerda|"
    "escribió|respondió|insistió|advirtió|contó|cuenta|concluyó|relató|admitió|precisó|"
    "ha (?:dicho|afirmado|señalado|asegurado|explicado|añadido|comentado|declarado|confesado|contado|reconocido)",
    "fr": "dit|déclare|explique|affirme|ajoute|confie|raconte|assure|estime|précise|souligne|écrit|lance|indique|"
    "répond|poursuit|conclut|résume|commente|reconnaît|se souvient|"
    "a (?:dit|déclaré|expliqué|affirmé|ajouté|confié|raconté|assuré|estimé|précisé|souligné|écrit|lancé|indiqué|"
    "répondu|poursuivi|conclu|commenté|reconnu)",
    "it": "dice|dichiara|spiega|aggiunge|afferma|racconta|commenta|scrive|sottolinea|conclude|ricorda|ammette|"
    "ha (?:detto|dichiarato|spiegato|aggiunto|affermato|raccontato|commentato|scritto|sottolineato|concluso|ammesso)",
    "nl": "zei|zegt|aldus|vertelde|vertelt|verklaarde|verklaart|schreef|schrijft|benadrukte|benadrukt",
    "pt": "disse|diz|afirmou|afirma|explicou|explica|declarou|declara|contou|conta|acrescentou|comentou|comenta|"
    "revelou|destacou|ressaltou|escreveu|completou|garantiu|lembrou|concluiu",
}
# "señaló la directora de fotografía Ana Ruiz": an article first, or what stands there is no subject; but who is spoken
# to, or whose the speaker is ("un integrante del Poder Ejecutivo"), is no part of it
_WHO = (
    r"(?:(?:el|la|los|las|le|les|il|lo|gli|i|der|die|das|ein|eine|o|a|os|as|de|het|un|una|une|um|uma) |l[’'])"
    r"(?:(?!(?:a|al|alla|à|au|aux|an|aan|ao|in|en|zu|del|della|du|des|da|do|dos) )[^\W\d_A-Z]{1,20} ){0,4}"
)
_GENITIVE = re.compile(r"(?<!\bvan)(?<!\bvon) (?:der|des|del|della|du) .*")
_GAP_CHARS = 160  # a frame before a quote: the name, what is put in behind it, and the verb


@cache
def _frames(language: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """The frame behind a quote, and the one before it; None for a language whose verbs are not known."""
    verbs = _VERBS.get(language)
    if verbs is None:
        return None
    behind = re.compile(rf"[,.]?\s?[–—-]?\s?\b(?P<cue>{verbs})\s(?P<who>{_WHO})?(?P<name>{NAME})")
    before = re.compile(rf"(?<![\w’'-])(?P<name>{NAME})(?:, [^,.:]{{2,60}},)?\s(?P<cue>{verbs})\s?[,:]?\s?$")
    return behind, before


def find_frame(language: str, masked: str, begin: int, start: int, end: int) -> Saying | None:
    """The frame of a quote.

    Args: the article's language; its text with quotes masked; where the quote's sentence begins, and the quote.
    """
    frames = _frames(language)
    if frames is None:
        return None
    behind, before = frames
    found = behind.match(masked, end) or before.search(masked, max(begin, start - _GAP_CHARS), start)
    if not found or (found.re is behind and found["who"] and " " not in found["name"]):
        return None
    return Saying(found["name"], found["cue"], found.start(), found.end(), found.start("name"), found.start("cue"))


def trim_foreign(name: str, small_words: Collection[str]) -> str:
    """A name without what leads up to it, as words do that the article writes small elsewhere, and without a genitive.

    "El presidente Ana Ruiz", "Weber der DW": an article and, but for "van der" and "von der", what "der" begins.
    """
    words = _GENITIVE.sub("", name).split()
    while words and words[0].lower() in small_words:
        del words[0]
    return " ".join(words)
