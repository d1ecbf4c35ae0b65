"""The signs by which boilerplate, and pages without an article, are told: names in markup first, words after.

Words are in English, German, French, Spanish and Italian. A rule for one page's words has no place here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FLAGS = re.IGNORECASE | re.DOTALL


def _line(*alternatives: str) -> re.Pattern[str]:
    """For `fullmatch`: a line that is one of these, in up to ten marks and bullets.

    With any number of them, a line of nothing but marks costs the product of the marks and the alternatives.
    """
    return re.compile(rf"\W{{0,10}}(?:{'|'.join(alternatives)})\W{{0,10}}", _FLAGS)


def _start(*alternatives: str) -> re.Pattern[str]:
    """For `match`: a title that begins with one of these."""
    return re.compile(rf"\W*(?:{'|'.join(alternatives)})(?!\w)", _FLAGS)


def _whole(*alternatives: str) -> re.Pattern[str]:
    """For `match`: a title that is one of these, alone or beside a site's name, or says it as a first sentence."""
    return re.compile(rf"\W{{0,10}}(?:{'|'.join(alternatives)})(?=\W{{0,10}}$|[.!…]|\s*[|–—·»«-]\s)", _FLAGS)


def _words(*alternatives: str) -> re.Pattern[str]:
    """For `findall`: these words, whole."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", _FLAGS)


def _any(*alternatives: str) -> re.Pattern[str]:
    """For `search`: one of these, anywhere."""
    return re.compile("|".join(alternatives), _FLAGS)


def _named(kinds: Mapping[str, tuple[str, ...]]) -> re.Pattern[str]:
    """For `search`: the name of the group that matched is the kind, with underscores for what is no letter.

    As spelt: markup is, and a search that minds case takes a tenth of the time.
    """
    names = {kind: re.sub(r"[^A-Za-z]", "_", kind) for kind in kinds}
    return re.compile("|".join(f"(?P<{names[kind]}>{'|'.join(signs)})" for kind, signs in kinds.items()))


# ---------------------------------------------------------------- lines

# Comment forms of WordPress and WordPress.com, unfilled templates included, of any service.
FORM_LINE = _line(
    "leave a (?:reply|comment)",
    "leave a reply to .{1,60}",
    "cancel reply",
    "post (?:a )?comment",
    "join the (?:discussion|conversation)",
    "fill in your details below or click an icon to log in:?.{0,20}",
    "you are commenting using your (?:.{1,40} )?account.{0,40}",
    r"\(?\s*log\s*(?:out|in)\s*/\s*change\s*\)?",
    r"connecting to (?:%s|facebook|twitter|google|wordpress\.com)",
    "notify me of (?:new|follow-?up) (?:comments|posts).{0,30}",
    "your email address will not be published.{0,60}",
    "required fields are marked.{0,5}",
    "save my name, email.{0,90}",
    r"email \(required\).{0,60}",
    r"name \(required\)",
    "comments?",
    "this site uses akismet to reduce spam.{0,80}",
    r"comments are closed\.?",
    r"be the first to comment\.?",
    r"\d+ (?:comments?|replies|responses?)",
    "please enable javascript to view the comments.{0,40}",
    r"you must be logged in to post a comment\.?",
    "schreibe? (?:einen|deinen) kommentar.{0,40}",
    "kommentar (?:verfassen|schreiben|hinterlassen|abschicken)",
    "antwort abbrechen",
    "trage deine daten unten ein oder klicke ein icon um dich einzuloggen:?",
    "du kommentierst mit .{0,60}",
    "verbinde mit %s",
    "benachrichtigung bei weiteren kommentaren.{0,30}",
    "informiere mich über neue beiträge.{0,30}",
    "deine e-mail-adresse wird nicht.{0,90}",
    "gib hier deinen kommentar ein.{0,5}",
    "erforderliche felder sind.{0,30}",
    r"\d+ kommentare?",
    r"\d+ (?:gedanken|antworten) zu .{1,90}",
    "laisser un commentaire.{0,20}",
    r"annuler la réponse\.?",
    "votre adresse (?:e-?mail|de messagerie) ne sera pas publiée.{0,60}",
    "vous commentez à l.aide de votre .{0,60}",
    "connexion à %s",
    "avertissez-moi par e-?mail des nouveaux .{0,30}",
    "deja (?:un comentario|una respuesta).{0,20}",
    "cancelar (?:la )?respuesta",
    "tu dirección de correo electrónico no será publicada.{0,60}",
    "estás comentando usando tu .{0,60}",
    "conectando a %s",
    r"recibir nuev[oa]s (?:comentarios|entradas) por email\.?",
    "lascia un commento.{0,20}",
    "rispondi",
    "annulla risposta",
    "il tuo indirizzo e-?mail non sarà pubblicato.{0,60}",
    "stai commentando usando il tuo .{0,60}",
    "connessione a %s",
)

# What stands over readers' comments, with a count or alone.
_COMMENTS = "(?:(?:reader|user)s?.? )?(?:comments?|kommentare?|leserkommentare|commentaires?|comentarios?|commenti)"
COMMENTS_HEADING = _line(
    _COMMENTS,
    rf"{_COMMENTS} ?[(:]? ?\d+ ?\)?",
    rf"\d+ (?:{_COMMENTS}|responses?|replies|thoughts|antworten)(?: (?:on|to|zu|sur|so far)\b.{{0,100}})?",
    "join the (?:discussion|conversation)",
)

# When somebody wrote, as it is told of readers' comments.
AGO = re.compile(
    r"\b(?:\d{1,3}|an?) ?(?:s|sec\w*|m|min\w*|h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?|y|yrs?|years?) ago\b"
    r"|\bvor (?:\d{1,3}|eine[mr]) (?:minute|stunde|tag|woche|monat|jahr)\w*|\bil y a \d{1,3} \w+|\bhace \d{1,3} \w+"
    r"|\b\d{1,3} \w+ fa\b",
    _FLAGS,
)

_PROMO_LABELS = (
    "read more",
    r"(?:read|see) (?:more (?:about|on|from)|all about)(?=:)",
    r"read(?: also| next| too)?(?=\s?[:|])",
    "read next",
    "read also",
    "also read",
    "more(?=:)",
    "related(?: (?:topics?|videos?|articles?|story|stories|posts?|links?|content|coverage|reading))?",
    "see also",
    "watch more",
    "more on this",
    "recommended",
    "up next",
    "trending",
    "you may also like",
    "don.t miss",
    "lesen sie auch",
    "mehr zum thema",
    "siehe auch",
    "lesetipp",
    "auch interessant",
    "à lire aussi",
    "lire aussi",
    "voir aussi",
    "lea también",
    "lee también",
    "te puede interesar",
    "leggi anche",
    "vedi anche",
    "leia também",
    "lees ook",
    "czytaj (?:też|także|więcej)",
    "читайте также",
)
PROMO_LINE = _line(
    r"(?:popular on|more from) \S[^.]{0,60}(?!.*[.!?])",
    "must read(?: stories)?(?::.{0,90})?",
    "daily headlines(?::.{0,90})?",
    *(rf"{label}(?:\s?[:»>|–-].{{0,150}})?" for label in _PROMO_LABELS),
)
# Where most of a line is a link, the same labels need no sign behind them.
PROMO_LABEL = _start(*(f"{label}(?! (?:to|by|is|than)\\b)" for label in _PROMO_LABELS))

# Lines that point elsewhere where they hold a link: "You can read our interview with her here."
POINTER_LINE = _line(
    r"(?:(?:you can|be sure to|make sure to|please|also) ){0,2}"
    r"(?:read|check out|see|watch|find|catch up (?:on|with)|listen to|revisit)(?: more of)?"
    r" (?:our|my|the full|the whole|the rest of our)\b[^.!?“”\"]{2,120}\b(?:here|below|at (?:this|the) link)",
)
# What stands on a button.
CALL_LINE = _line(
    r"(?:watch|stream|rent|buy|shop|order|pre-?order|get|download|book|see|view|check|listen)\b(?: \S{1,20}){0,3}"
    r" (?:on|at|from|now|here|tickets?|prices?)\b(?: \S{1,20}){0,4}",
    "(?:buy|book|get|shop|order|pre-?order|watch|listen) (?:now|it|tickets?)",
)

SHARE_LINE = _line(
    r"share(?: (?:this|on|via)\b.{0,40})?",
    "like this:?",
    r"like loading\W*",
    "click to (?:share|print|email).{0,60}",
    "teilen mit:?",
    "gefällt mir:?",
    "follow us on .{1,60}",
    "(?:re)?tweet",
    "report this ad",
    r"(?:paid |sponsored |skip )?(?:advert(?:isement|ising)?s?|sponsored content)",
    r"advertisement\W{1,3}scroll (?:down )?to .{1,30}",
    r"(?:article|story|content) continues (?:below|after)\b.{0,30}",
    r"scroll (?:down )?(?:to|for) .{1,30}",
    "(?:- )?(?:anzeige|werbung|advertorial|reklama|реклама|publicité|publicidad|pubblicità|publicidade|annonse|reklame)"
    r"(?: überspringen| -)?",
    "passer la publicité",
    r"(?:text|font) size|print(?: this)?(?: article| page)?|copy (?:link|url|to clipboard)|save (?:article|for later)",
    r"drucken|merken|teilen|vorlesen|artikel (?:anhören|drucken|teilen|merken|vorlesen)|link kopieren|kopieren",
    r"imprimer|partager|écouter|imprimir|compartir|escuchar|stampa|condividi|ascolta",
    r"(?:listen to|hear) (?:this|the) (?:article|story)\b.{0,30}",
    r"(?:this )?(?:audio|voice|narration|recording|summary)(?: version)? (?:is|was) (?:generated|narrated|read)"
    r" (?:by|using|with) (?:an? )?(?:ai|artificial|automated|synthetic)\b.{0,60}",
    r"\d+[- ]min(?:ute)?s?(?: to)?(?: read| lesezeit)|lesezeit:? .{1,20}|temps de lecture.{0,20}|reading time.{0,20}",
    "(?:show|view|see|load) (?:more|all|less|fewer)(?: .{1,20})?",
    "mehr (?:anzeigen|laden)|voir plus|ver más|mostra di più",
    r"rate this (?:film|movie|album|book|show|article|post)"
    r"|(?:user|reader|audience|your)s?.? (?:score|rating|review)s?(?:\W+[\d.,/%]+.{0,40})?|click to rate.{0,40}",
)

# What stands in the place of a post or film that is shown once the reader agrees.
PLACEHOLDER_LINE = _line(
    r"(?:recommended editorial content|empfohlener redaktioneller inhalt)",
    r"(?:externe[nrs]? inhalt\w*|external content|third[- ]party content|contenu externe|contenido externo)\b.{0,60}",
    r"(?:an dieser stelle|hier) (?:befindet sich|finden sie|steht) ein (?:externer|von unserer?n? redakt).{0,200}",
    r"(?:this|you need to) .{0,60}\b(?:enable|accept|consent to)\b.{0,60}\bcookies\b.{0,120}",
    r"(?:view|see) this (?:post|photo|profile) on instagram",
    r"a post shared by .{1,120}",
    r"your browser (?:does not|doesn.t) support .{1,120}",
    r"(?:this|the) (?:slideshow|video|content) requires javascript",
)

# What an outlet asks of its readers at the end: letters, hints, corrections, opinions.
CONTACT_LINE = _line(
    r"(?:have you got|got|do you have|have) (?:a|any) (?:story|stories|tips?|questions?|feedback|comments?)\b.{0,80}"
    r"\b(?:e-?mail|contact|tell us|get in touch|write|send|call|let us know|click|reach)\b.{0,150}",
    r"(?:have your say|tell us what you think|we want to hear from you)\b.{0,120}",
    r"(?:get in touch (?:with (?:us|our .{1,40})|by|at|via)|(?:contact|e-?mail|write to) us)\b.{0,200}",
    r"(?:contact|e-?mail|write to|reach|send)\b.{1,80}[^\s@]@[^\s@]+\.\w+.{0,60}",
    r"for (?:more|all) (?:stories|news|coverage|information|on)\b.{0,80}"
    r"\b(?<!to )(?:check|visit|click|follow|go to|see|read|here)\b.{0,80}",
    r"(?:like|enjoy(?:ed)?) (?:this|what you).{0,60}\b(?:share|support|subscribe|consider)\b.{0,120}",
    r"stay tuned(?: (?:to|with) [^.!?,“”\"]{1,40})? for (?:(?:more|further|new|all|the|latest) ){1,3}[^.!?“”\"]{0,30}"
    r"(?:updates|news|details|coverage|stories|information)\b.{0,40}",
    r"if you (?:liked?|enjoy(?:ed)?|loved?) this (?:article|story|post|piece|essay|interview|episode|newsletter)\b"
    r".{0,40}\b(?:share|support|subscribe|consider|follow|clap|give it|leave)\b.{0,120}",
    r"fehler (?:(?:im text )?(?:gefunden|entdeckt)(?=\W)(?! \w)|(?:im text )?melden).{0,80}",
    r"schreiben sie (?:uns|der redaktion)\b.{0,120}",
    r"(?:ihre|deine) meinung (?:ist (?:uns|gefragt)|interessiert uns|zu[mr]? (?:diese[mr]|artikel|thema|beitrag))\b"
    r".{0,120}",
    r"(?:signaler|corriger) une (?:erreur|faute)(?: (?:dans|sur|d.orthographe)\b.{0,40})?",
    r"¿has encontrado un error.{0,80}|segnala un errore.{0,40}",
    r"dieses thema im programm:?|über dieses thema berichte\w+.{0,150}",
    r"(?:click|tap) here\b.{0,120}|(?:hier klicken|klicken sie hier)\b.{0,120}",
)

# Films have editors and stories have sources: what a sentence may begin with needs more than its first words. Credits
# are names: after the label stands no quote, and no sentence, which has four words in small letters and a full stop.
CREDIT_LINE = _line(
    r"(?:image|photo|picture|foto|bild|titelbild|beitragsbild|credit|crédit|source|quelle|fuente|fonte|text)(?:s|e|er|n)?"
    r"(?:\s(?:credit|by))?\s?[:©/](?!\s?[“„«\"]|.*\b(?-i:[a-zß-ÿ]+(?: [a-zß-ÿ]+){3}).*[.!?]\W*$)\s?.{0,100}",
    r"\((?:additional )?(?:reporting|writing|editing) by [^()]{1,200}\)",
    r"(?:additional )?reporting by [^.]{1,120}[;,.]\s?(?:additional |further )?(?:writing|editing|reporting) by"
    r" [^.]{1,120}",
    r"(?:with )?additional reporting (?:by|from) [^.]{1,80}|with reporting (?:by|from) [^.]{1,80}",
    r"(?:(?:all|featured|header|lead|main) )?(?:images?|photos?|pictures?|stills?|photographs?)(?: (?:is|are|used))?"
    r" courtesy (?:of )?[^.!?“”\"]{1,80}",
)

# How a caption ends that says who took the picture, or whose it is.
CREDITED = re.compile(
    r"\b(?:photo(?:s|graph)?|image|picture|still|foto|bild)s?(?: credit)?(?:\s?[:/]| (?:by|courtesy)\b)[^.!?]{1,60}\W*$"
    r"|\bcourtesy(?: of)? (?:the )?(?-i:[^\Wa-z])[^.!?]{1,60}\W*$|(?:©|\bgetty images\b)[^.!?]{0,60}\W*$",
    _FLAGS,
)

# Agencies sign with a line of their own, often with an initial or two of who wrote it.
AGENCY_LINE = re.compile(
    r"[(\[]?(?:[a-z]{2,4}[/,] ?)?"
    r"(?:AP|AFP|Reuters|REUTERS|dpa|DPA|ANSA|EFE|PTI|APA|sda|SDA|KNA|epd|SID|UPI|PAP|TASS|IANS|ANI|Xinhua)"
    r"(?:[/,;-] ?[\w/ -]{1,30})?[)\]]?\.?|dpa-infocom,.{1,60}|© ?dpa.{0,60}",
    re.DOTALL,
)

# What a template left unfilled or says of every post, and the codes of editors' plug-ins.
RESIDUE_LINE = _line(
    r"\{\{.{0,200}\}\}.{0,40}",
    r"(?-i:\[/[a-z][\w-]*\]|\[[a-z][\w-]*\s[^\]]*=[^\]]*\](?:.{0,200}\[/[a-z][\w-]*\])?)",
    r"%[sd]|undefined|null|nan|\[object object\]",
    r"this entry was posted (?:on|in|by|under) .{1,240}",
    r"(?:loading|please wait)(?: (?:comments?|content|more|videos?|player|article|data|results?|ads?))?",
)

LEGAL_LINE = _line(
    r"(?:a version of )?this (?:article|story|review|interview) appear(?:s|ed) in print on .{1,160}",
    r"(?:©|ⓒ|\(c\)) ?.{1,200}",
    r"copyright (?:(?:©|\(c\)|by(?= (?-i:[^\Wa-z]))|(?:19|20)\d\d)(?! (?!by|the|all)(?-i:[a-z]{2}))).{0,200}",
    r"copyright \S+ (?:19|20)\d\d.{0,60}",
    r"this is a rush transcript\b.{0,200}",
    r"issn\W+\d.{0,40}",
)

_PIECE = "(?:article|story|content|post|page|piece|interview|review|feature)"
NEWSLETTER_LINE = _line(
    r"(?:sign up|subscribe|register (?:for|now|here|to)|never miss|stay informed|join (?:us|our|the)"
    r"|get (?:the|our|all|more|breaking|daily|exclusive)|abonnieren|melden sie sich"
    r"|inscrivez-vous|suscríbete|iscriviti)\b.{0,160}\b(?:newsletters?|inbox|e-?mails?|briefing|alerts)\b.{0,80}",
    r"(?:subscribe|follow|listen) (?:to |on )?\S[^.]{0,60}\bon (?:youtube|spotify|apple podcasts|google news)\b.{0,60}",
    "subscribe now",
    "sign up (?:now|here)",
    rf"(?:a version of )?this {_PIECE} (?:first |originally )?appeared in [^“”\"]{{1,100}}[.!] ?"
    r"(?:click here to subscribe|(?:to )?(?:get|subscribe|receive|order|buy)\b)[^“”\"]{0,100}",
    "(?:zum )?newsletter(?: anmelden)?",
)

FOLLOW_LINE = _line(
    r"(?:for (?:all|more|the latest)\b[^.!?“”\"]{0,60}, )?(?:follow .{1,60}|(?:like|find|join) us) on"
    r" (?:twitter|facebook|instagram|x|youtube|linkedin|telegram|whatsapp)(?=\W| ?$)(?! (?:groups?|pages?) \w).{0,120}",
    r"(?:también )?(?:puedes )?(?:sigue|seguir|síguenos|seguiteci|suivez|retrouvez|folg(?:e|t|en sie))\b"
    r"[^.!?“”«\"]{0,80}\b(?:en|su|sur|auf|bei|dans) (?:(?:nuestr[oa]s?|nostr[oi]|notre|nos|unser\w*)"
    r" (?:newsletter|boletín|app|podcast|application|aplicación|canal|chaîne|kanal)"
    r"|(?:facebook|twitter|x|instagram|telegram|whatsapp|youtube|tiktok|google news))(?=\W| ?$).{0,120}",
    "(?:click here to get|get|download) the .{1,30} app",
    r"(?:follow|find|see|read|get|more|for more)\b[^.!?“”\"]{1,120}[: ]https?://\S+",
)

# What stops a reader, or counts down to it. The sentence has to end where the order or the notice does: "Sign in to
# continue reading was all that the page showed" is one of an article.
_SIGNS_UP = (
    "(?:subscribe|sign[ -]?in|log[ -]?in|register|sign[ -]?up|join|start your (?:free )?(?:trial|subscription)"
    "|(?:create|open|register for|sign up for) (?:an?|your) (?:free )?account|become an? (?:member|subscriber))"
)
_READERS = "(?:(?:paid|paying|premium|registered|digital) )?(?:subscribers|members|users|readers)"
_GOES_ON = (
    "(?:(?:(?:continue|keep|finish) reading"
    rf"|(?:read|unlock|access|view|see|finish) (?:this|the (?:full|whole|rest of the|rest of this)) {_PIECE})"
    rf"(?: (?:this|the full|the) {_PIECE})?|(?:read|unlock|access) (?:the rest|it all|more))"
)
_SENTENCE_ENDS = r"(?=\W{0,5}$|[.!…:] )[^“”\"]{0,150}"
BARRING_LINE = _line(
    rf"(?:please )?{_SIGNS_UP}(?: (?:now|today|here|for [^.!?,“”\"]{{1,30}}|to [^.!?,“”\"]{{1,40}}))?"
    rf"(?:,? or {_SIGNS_UP},?)? to {_GOES_ON}{_SENTENCE_ENDS}",
    rf"(?:want )?to {_GOES_ON}[,?:…]? (?:please )?{_SIGNS_UP}\b[^“”\"]{{0,120}}",
    rf"(?:this|the (?:full|rest of this|rest of the)) {_PIECE} is(?=.*\b(?:only|exclusive(?:ly)?|reserved|available)\b)"
    r" (?:(?:available|reserved|accessible|open|only|exclusively|exclusive|just) ){0,3}(?:for|to)"
    rf" (?:[\w’'&]{{1,20}} ){{0,3}}{_READERS}(?: only)?{_SENTENCE_ENDS}",
    rf"this {_PIECE} is (?:subscriber|member)s?[ -](?:only|exclusive){_SENTENCE_ENDS}",
    rf"(?:for )?{_READERS} only",
    r"jetzt (?:abonnieren|registrieren|anmelden)\b[^.“”]{0,40}\bweiter ?(?:zu)?lesen\b.{0,30}",
    r"(?:dieser|der ganze|der vollständige) (?:artikel|text|beitrag|inhalt) ist (?:nur|exklusiv) für"
    r" (?:unsere )?(?:abonnent\w*|mitglieder|registrierte \w+).{0,30}",
    "cet (?:article|contenu) est réservé (?:à nos|aux) abonnés.{0,40}",
    r"la suite (?:de cet article )?est réservée (?:à nos|aux) abonnés.{0,40}",
    r"il vous reste \d[\d,.]* ?% de cet article à lire.{0,40}",
    "este (?:artículo|contenido) es (?:exclusivo|sólo|solo) para (?:suscriptores|socios).{0,40}",
    "(?:questo )?(?:articolo|contenuto) (?:è )?riservato agli abbonati.{0,40}",
)
_COUNT = r"(?:\d{1,2}|one|two|three|four|five|no)"
_A_MONTH = "(?: (?:this|per|a|for the|for this) (?:month|week))?"
WALL_LINE = _line(
    rf"you(?: only)? (?:have|get)(?: only)? {_COUNT}(?: more)? (?:free|complimentary) (?:articles?|stories|story)"
    rf"(?: (?:left|remaining))?{_A_MONTH}{_SENTENCE_ENDS}",
    rf"{_COUNT} (?:free )?(?:articles?|stories|story) (?:left|remaining){_A_MONTH}",
    r"you(?:[’']ve| have) (?:reached|hit|used|read|exceeded) (?:up )?(?:all )?(?:of )?your (?:[\w-]{1,20} ){0,4}"
    rf"(?:articles|stories|limit|allowance)(?: of [^.“”\"]{{1,30}})?{_A_MONTH}{_SENTENCE_ENDS}",
    r"already (?:(?:an? )?(?:[\w’']{1,20} )?(?:subscribers?|members?)|registered|subscribed)\?(?: .{0,40})?",
    r"already have an? (?:[\w’']{1,20} )?(?:account|subscription)\?(?: .{0,40})?",
    rf"this is your (?:last|final|only|{_COUNT}) (?:free|complimentary) (?:article|story){_A_MONTH}{_SENTENCE_ENDS}",
    r"déjà abonnée?\W.{0,40}|(?:sie sind|du bist) (?:bereits|schon) abonn\w+\?.{0,40}|schon abonn\w+\?.{0,40}"
    r"|¿ya (?:eres suscriptora?|estás suscrit[oa])\?.{0,40}|sei già abbonat[oa]\?.{0,40}",
)

# What an outlet asks of its readers for itself: money, and to come elsewhere. Such a line gives an order and says whose
# Patreon, Discord or app is meant: ours. News of these services does neither.
_SERVICE = (
    "(?:patreon|substack|ko-?fi|buy me a coffee|paypal|steady|memberful|kickstarter|gofundme|discord|telegram|bluesky"
    "|mastodon|threads|tiktok|reddit)"
)
_ASKS = (
    "(?:support(?:ing)?|subscrib(?:e|ing)|join(?:ing)?|follow(?:ing)?|find(?:ing)?|back(?:ing)?|help(?:ing)?"
    "|donat(?:e|ing)|contribut(?:e|ing)|check(?:ing)? out|sign(?:ing)? up)"
)
_LEADS_UP = (
    r"(?:(?:if|want|like|liked|love|loved|enjoy|enjoyed|enjoying|thanks?|hungry|looking)\b[^.!?,“”\"]{0,100}[.!?,] ?)?"
    "(?:(?:please|you can(?: also| now)?|why not|do|come|and) ){0,3}(?:(?:consider|think about) )?"
)
_OUR_PLACE = (
    rf"(?:(?:our|my)(?: [\w’'-]{{1,20}}){{0,2}} {_SERVICE}|(?:us|me|(?:our|my|this)(?: [\w’'-]{{1,20}}){{1,2}})"
    rf" (?:over )?(?:on|via|through|at)(?: our| my)? {_SERVICE})"
)
_BECOMES = r"becom(?:e|ing) an? (?:[\w-]{1,20} )?(?:(?:or paid )?subscriber|patron|supporter|member)"
SUPPORT_LINE = _line(
    rf"{_LEADS_UP}{_ASKS}(?: [^\s.!?,“”\"]{{1,20}}){{0,6}} {_OUR_PLACE}\b[^“”\"]{{0,120}}",
    rf"{_LEADS_UP}(?:buy|buying|get) (?:us|me) a (?:coffee|beer|pint|drink)\b[^“”\"]{{0,80}}",
    rf"{_LEADS_UP}{_BECOMES} (?:today|now|here|on patreon|for (?:just|only|as little)"
    r"|(?:to|and) (?:support|help|keep) (?:us|our|this|independent))\b[^“”\"]{0,100}",
    r"support (?:our|my|this|independent|quality)(?: [\w’'-]{1,20}){1,3}(?:[:.!,—–-] ?| ){1,3}(?:(?:and|please|by) )?"
    rf"(?:{_BECOMES}|(?:donate|subscribe|join) (?:today|now|here)"
    r"|(?:with|by making|make) an? (?:donation|contribution))\b[^“”\"]{0,80}",
    r"(?:thanks? (?:you )?for reading[^.!?“”\"]{0,60}[.!] ?)?"
    r"(?:(?:[\w’'&]{1,20} ){1,5}is a reader-supported publication[.!] ?)?"
    r"(?:subscribe|to receive new posts and support my work, consider becoming an?)\b[^.!?“”\"]{0,30}"
    r"(?:to receive new posts|(?:free or )?paid subscriber)[^“”\"]{0,60}",
    r"(?:download|get|install|try) our (?:[\w’'-]{1,20} ){0,3}app\b[^“”\"]{0,120}",
    rf"(?:this|our) {_PIECE} (?:may )?(?:contains?|includes?) affiliate links?\b[^“”\"]{{0,160}}",
    r"we (?:may|might|can)?(?: also)? ?(?:earn|receive|get|make|collect) (?:an? )?(?:(?:small|affiliate|modest) ){0,2}"
    r"(?:commissions?|fee|share)\b(?=.*\b(?:links?|purchases?|buy)\b)[^“”\"]{0,160}",
    r"(?:all|the) (?:products?|items?)\b[^.!?“”\"]{1,100}[.!] ?(?:however, )?[^.!?“”\"]{1,60}"
    r" (?:may|might|can)(?: also)? (?:earn|receive|get)\b(?=.*\bcommissions?\b)[^“”\"]*",
    r"as an amazon associate,? (?:we|i) (?:may )?earn\b[^“”\"]{0,100}",
)

# Lines that are told by what stands anywhere in them. To look for it from every place costs ten times what the first
# words do, so a line is looked through once for the words that each of these needs.
NEEDED_WITHIN = re.compile(  # in lower case: to mind case is ten times as fast
    "extern|party content|comment|below|contributed to|loading|please wait|reserved|vorbehalten|réservés"
    "|reservados|riservata|무단|expressed|registered|newsletter|inbox|e-?paper|push|posteingang|boletín"
    "|infolettre|jetzt|link|consider"
)
PLACEHOLDER_WITHIN = _line(
    r".{0,150}\b(?:externe[nrs]? inhalt\w*|external content|third[- ]party content|contenu externe|contenido externo)\b"
    r".{0,100}\b(?:anzeig\w+|angezeigt|lad\w+|einverstanden|zustimm\w+|datenschutz\w*|display\w*|show\w*|load\w*|consent"
    r"|privacy|affich\w+|accept\w+|mostrar|aceptar)\b.{0,200}",
)
CONTACT_WITHIN = _line(
    r"(?:[^.!?“”\"]{1,120}\? ?){0,2}(?:(?:please|and|so|be sure to|make sure to|feel free to) ){0,2}"
    r"(?:let (?:us|me) know|tell (?:us|me)|sound off|weigh in|chime in|share your .{1,40}|leave (?:us )?a comment)\b"
    r".{0,80}\b(?:comments?|below)\b.{0,60}",
)
CREDIT_WITHIN = _line(
    ".{1,200} contributed to this (?:report|story|article)",
)
RESIDUE_WITHIN = _line(
    r".{0,60}\b(?:loading|please wait)(?: .{1,20})?(?:\.\.\.|…)",
)
LEGAL_WITHIN = _line(
    r".{0,150}\b(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
    r"|riproduzione riservata)",
    r".{0,150}무단\s?전재.{0,30}",
    r"(?:[^.!?“”\"]{1,200}[.!] ?)?(?:the |any )?(?:views|opinions) expressed(?: (?:here|above|in this \w+))? are"
    r" (?:solely )?(?:those of the|his|her|their|my) [^.]{1,80}",
    r"[^.!?]{1,80} (?:is|are) a registered (?:trade|service )?mark (?:and .{1,30} )?of [^.]{1,80}(?:\. .{1,99})?",
)
NEWSLETTER_WITHIN = _line(
    r"(?=.*\b(?:newsletters?|inbox|e-?paper|push[- ]?(?:nachrichten|notifications?)|posteingang|boletín|infolettre)\b)"
    r"(?=.*\b(?:our|your|us|unser\w*|ihr\w*|sie|dein\w*|notre|nos|votre|vos|nuestr\w+|tus?|nostr\w+)\b)"
    r"(?=.*\b(?:sign(?:ing)? up|subscrib\w+|regist\w+|get|receive|delivered|join|anmeld\w*|abonn\w+|bestell\w+"
    r"|kostenlos|hier entlang|inscri\w+|suscr\w+|recib\w+|iscriv\w+|ricev\w+|recev\w+)\b)[^“”\"]+",
    r"(?:[^“”\"]{1,120}[.!?] )?jetzt (?:abonnieren|bestellen|testen|probelesen)\b(?!.*weiter ?(?:zu)?lesen)"
    r"[^“”\"]{0,80}",
)
SUPPORT_WITHIN = _line(
    r"(?:[^.!?“”\"]{1,120}[.!?] )?(?:if|when) you (?:buy|purchase|shop|order|click|make a purchase)\b"
    r"(?=.*\blinks?\b)(?=.*\b(?:we|our|us)\b)"
    r"(?=.*\b(?:commissions?|affiliate|(?:share|percentage|cut) of)\b)[^“”\"]*",
    r"(?:[^.!?“”\"]{1,100}[.!] ?)?(?:if you [^.!?“”\"]{1,60}, )?(?:please )?consider"
    r" (?:(?:supporting|donating to|giving to)\b[^.!?“”\"]{1,60}\b(?:gift|donation|contribution|subscription"
    r"|membership)|making an? (?:[\w-]{1,20} )?(?:donation|contribution|gift))\b[^“”\"]{0,80}",
)

# By which a line tells what somebody said: a sentence, whatever it begins with.
REPORTED = _words(
    "said",
    "says",
    "told",
    "asked",
    "wrote",
    "replied",
    r"sagte\w?",
    "sagt",
    r"schrieb(?:en)?",
    r"erklärten?",
    "baten?",
    "dit",
    "écri(?:t|vait)",
    "dijo",
    "dijeron",
    "escribió",
    r"diss(?:e|ero)",
    "scrisse",
)

DATE_LINE = re.compile(
    r"\W*(?:(?:published|updated|posted|last|on|at|am|vom|stand|aktualisiert|veröffentlicht|publié|le|mis|à|jour|publicado"
    r"|el|[^\W\d]{2,12}day|[^\W\d]{2,10}tag)\W+)*"
    r"(?:\d{1,2}\W{1,2}(?:\d{1,2}|(?:de )?[^\W\d]{3,10})\W{1,2}(?:de )?\d{2,4}"
    r"|[^\W\d]{3,10}\.? \d{1,2},? \d{4}"
    r"|\d{4}[-년年./] ?\d{1,2}[-월月./] ?\d{1,2}[日일]?)"
    r"(?:\W+(?:\d+|uhr|[ap]\.?m|at|um|à|h|utc|gmt|[ecp][sd]?t|cest|min(?:ute)?s?|read|updated|aktualisiert))*\W*",
    _FLAGS,
)

# A day or an hour, anywhere in a line that says of itself when it was written.
STAMP = re.compile(
    r"\b\d{1,2}[:h]\d\d(?!\d)|\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d\b"
    r"|\b\d{1,2}\.? [^\W\d]{3,10}\.?,? (?:19|20)\d\d\b|\b[^\W\d]{3,10}\.? \d{1,2},? (?:19|20)\d\d\b"
    r"|\b\d{4}年\d{1,2}月",
    _FLAGS,
)
STAMP_LABEL = re.compile(
    r"\W*(?:by|von|par|por|di|door|published|updated|posted|last|first|written|stand|aktualisiert|veröffentlicht|publié"
    r"|mis à|publicado|actualizado|pubblicato|aggiornato|opublikowano|erstellt|created)\b|.*[|·•]",
    _FLAGS,
)

# What follows an author's name where a last line introduces who wrote it, in the present.
BIO = re.compile(
    r"(?:,[^,.]{1,60},)? (?:is (?:an?|the|our|one of|currently|based|co-|senior|chief|editor|associate|deputy)\b"
    r"|is on (?:twitter|x|bluesky|instagram|mastodon|letterboxd|threads)\b"
    r"|can be (?:reached|contacted|followed) (?:on|at|via|by)\b"
    r"|(?:also |currently |regularly )?(?:writes|covers|reports|edits|teaches|hosts|contributes|reviews|lives|works)\b"
    r"|has (?:written|covered|reviewed|worked|contributed|been (?:writing|covering|an?|the))\b"
    r"|ist (?:freie|redakteur|autor|journalist|film|korrespondent|ein)|est (?:journaliste|critique|rédact)"
    r"|(?:es|è) (?:un[ao]? )?(?:periodista|crític|redactor|giornalist|critic))",
    re.IGNORECASE,
)

# In the very last line any other verb of the present does, but those of saying: "Ada Quill programmes a cinema."
LATE_BIO = re.compile(
    r"(?:,[^,.]{1,60},)? (?!(?:says|asks|tells|adds|thinks|wants|needs|does|this|as)\b)"
    r"(?-i:[a-z]{2,}[a-rt-z]s)\b(?! (?:and|[A-Z]))"
)

# Headings of what follows an article's end: who made it, whom to ask, what it rests on.
CLOSING_HEADING = _line(
    "about(?: the)? (?:authors?|writers?|company|us|this article)",
    r"(?-i:About (?:[Tt]he )?[A-Z][\w.&’'-]*(?: [\w.&’'-]+){0,4})",
    "(?:media |press |for more )?contacts?",
    "notes? (?:to|for) (?:editors?|the editor)",
    "(?:further|more|additional) (?:information|reading|resources)",
    "references|sources|footnotes|bibliography",
    "über (?:den autor|die autor(?:in(?:nen)?|en)|uns|das unternehmen)",
    r"(?-i:Über [A-ZÄÖÜ][\w.&’-]*(?: [A-Z][\w.&’-]*){0,4})",
    "(?:presse)?kontakt|ansprechpartner(?:in)?",
    "quellen(?:angaben?|verzeichnis)?|literatur(?:verzeichnis|liste|angaben)?(?: zum download)?",
    "weiterführende .{1,30}|zum weiterlesen|weitere informationen",
    r"à propos d\S.{0,40}|contacts? presse|pour en savoir plus",
    "(?:sobre|acerca de)(?: el| la| los)? (?:autora?|nosotros|empresa).{0,30}|contacto|fuentes",
    "informazioni su .{1,40}|chi siamo|contatti|fonti",
)

# What stands beside the lines of a comment form, and alone would say nothing.
FORM_LABEL = _line(
    "e-?mail",
    "name",
    "website",
    "comment",
    r"(?:(?:twitter|facebook|google\+?|wordpress\.com|gravatar) )?(?:picture|photo|logo)(?: logo)?",
    "gravatar",
    "(?:logo|foto|photo|immagine|imagen|bild) .{1,20}",
)

# ---------------------------------------------------------------- challenges

# What only a challenge's own page has. Sensors of the same services stand on ordinary pages too, and are no sign.
CHALLENGE_MARKUP = _named(
    {
        "Cloudflare": (
            "_cf_chl_opt",
            "cf-challenge",
            "cf-browser-verification",
            "challenge-error-text",
            "cf-error-details",
            "cf_captcha_kind",
            "cdn-cgi/challenge-platform/h/[bg]/orchestrate",
            r"""id=[\"']challenge-(?:form|running|stage)""",
        ),
        "DataDome": (
            r"(?:geo|ct)\.captcha-delivery\.com",
            r"var dd=\{'rt'",
            "datadome captcha",
        ),
        "PerimeterX": (
            r"""id=[\"']px-captcha""",
            "px-captcha-(?:wrapper|container|modal)",
            r"window\._pxBlockUUID",
            r"_pxUuid\s*=",
            r"captcha\.px-cdn\.net",
        ),
        "Akamai": (
            "sec-if-cpt-container",
            "sec-bc-tile-container",
            r"errors\.edgesuite\.net",
            "/_sec/cp_challenge",
        ),
        "Imperva": (
            r"_Incapsula_Resource\?(?:CWUDNSAI|SWJIYLWA|SWUDNSAI|incident)",
            "Incapsula incident ID",
            r"""id=[\"']distilIdentificationBlock""",
            "distil_r_captcha",
            "/_Incapsula_Resource[^>]*NOINDEX",
        ),
        "AWS WAF": (
            r"""awswaf\.com/[^\"']*challenge\.js""",
            r"AwsWafIntegration\.(?:checkForceRefresh|getToken)",
            "gokuProps",
        ),
        "Kasada": (
            "/149e9513-01fa-4fb0-aad4-566afd725d1b/",
            r"KPSDK\.now",
        ),
        "DDoS-Guard": (
            "ddos-guard/js-challenge",
            r"check\.ddos-guard\.net",
        ),
        "Sucuri": (
            "sucuri_cloudproxy_js",
            "sucuri website firewall - access denied",
        ),
        "Vercel": (r"vercel\.link/security-checkpoint",),
        "Anubis": ("within\\.website/x/cmd/anubis", """id=[\"']anubis_(?:version|challenge)"""),
    }
)

CHALLENGE_TITLE = _whole(
    "just a moment",
    "attention required!",
    "access denied",
    "access to this page has been denied(?: because .{1,200})?",
    "pardon our interruption",
    r"please wait\W*verifying",
    "verif(?:y|ying) (?:that )?you are (?:a )?human",
    "are you (?:a )?(?:human|robot)",
    "bot verification",
    "security check(?:point)?(?: required)?",
    "human verification",
    "robot check",
    "request (?:blocked|rejected)",
    "403 forbidden",
    r"error 1020(?:\W{1,3}access denied)?",
    r"ddos protection(?: by .{1,30})?",
    "un momento",
    "einen moment",
    "nur einen moment",
    "un instant",
    "zugriff verweigert",
    "accès refusé",
    "acceso denegado",
    "accesso negato",
    "(?:(?:this )?(?:content|page|article|story|site|website) )?(?:is )?(?:not available|unavailable)"
    " in your (?:region|country|location)",
)

CHALLENGE_WORDS = _any(
    r"(?:verify|confirm|prove|check(?:ing)?|mak(?:e|ing) sure|ensure)(?: that| if)?"
    r"(?: the site connection is secure| you(?:['’]| a)re (?:not )?(?:a )?(?:human|robot|bot)| your browser before)",
    "you are (?:a )?(?:human|not a robot) by completing",
    r"unusual (?:activity|traffic) from your (?:\w+ (?:or|and) )?(?:computer|network|device|browser|ip)\b",
    "country belonging to the european economic area.{1,120}access cannot be granted",
    r"(?:detected|suspect\w*|appears? to be|from) (?:\w+ ){0,3}automated (?:access|requests|tools?)",
    "enable javascript and cookies to continue",
    "complete the (?:captcha|security check)",
    "your access .{0,20}has been (?:blocked|denied|limited)",
    "(?:bestätigen|überprüfen) sie,? dass sie (?:ein mensch|kein roboter)",
    "vous n.êtes pas un robot",
    "no eres? un robot",
    "non sei un robot",
    "vous êtes un (?:être )?humain",
    "eres (?:un )?humano",
)

# ---------------------------------------------------------------- consent, sign-in, missing pages, script shells

CONSENT_URL = _any(
    r"//(?:consent|privacy|cmp|guce|collectconsent)\b",
    r"/(?:consent|collectconsent|privacy-gate|zustimmung)\b",
)

CONSENT_MARKUP = _any(
    "consent-?(?:wall|page|form|gate)",
    "privacy-?(?:wall|gate)",
    "cookie-?wall",
    "gdpr-?(?:wall|gate|consent)",
    "cmp-?(?:wall|page)",
    "cmpbox",
    "purabo",
    "contentpass",
    "onetrust-(?:consent|banner)",
    "sp_message",
    "didomi",
    "qc-cmp",
    "usercentrics",
    "cookiebot",
    "fc-consent",
    "truste",
    "iubenda-cs",
)

# The choice that a wall offers, whoever made it. What may stand in between is bounded: the text is anybody's.
CONSENT_CHOICE = re.compile(
    r"""(?:<button\b[^<>]{0,500}>(?:\s{0,40}<[^<>]{0,200}>){0,3}\s{0,40}|\bvalue\s?=\s?["']\s?)"""
    r"(?:yes,? )?(?:i )?(?:accept|agree|reject|decline|consent|alle[ns]? akzeptieren|akzeptieren|ablehnen|zustimmen"
    r"|tout (?:accepter|refuser)|accepter|refuser|aceptar|rechazar|accett|rifiut|akkoord|accepteren)",
    re.IGNORECASE,
)

CONSENT_WORDS = _words(
    "cookies?",
    "consent",
    "partners",
    "personali[sz]ed ads",
    "legitimate interest",
    "your privacy",
    "privacy (?:policy|settings|choices)",
    "accept all",
    "reject all",
    "einwilligung",
    r"zustimm\w+",
    r"datenschutz\w*",
    "werbung und tracking",
    "partnern?",
    "akzeptieren",
    "ablehnen",
    "consentement",
    "partenaires",
    "accepter",
    "refuser",
    "vie privée",
    "confidentialité",
    "consentimiento",
    "privacidad",
    "aceptar",
    "rechazar",
    "socios",
    "consenso",
    r"accett\w+",
    r"rifiut\w+",
    "toestemming",
    "akkoord",
)

SIGN_IN_WORDS = _words(
    "sign in",
    "log ?in",
    "sign up",
    "register",
    "create (?:an |a free |your )?account",
    "subscribe",
    "subscribers? only",
    "already (?:a )?(?:subscriber|member)",
    "password",
    "anmelden",
    "einloggen",
    r"registrier\w+",
    "passwort",
    r"abonn\w+",
    "se connecter",
    "connectez-vous",
    "identifiez-vous",
    "mot de passe",
    "s.inscrire",
    "iniciar sesión",
    "inicia sesión",
    "regístrate",
    "contraseña",
    r"suscr\w+",
    "accedi",
    "registrati",
    r"abbonat\w*",
)

_ASKED_FOR = r"(?: (?:that )?you(?:.re| are|.ve| have| were)? \w+(?: (?:for|to \w+))?)?"
MISSING_TITLE = _start(
    r"(?:error\s*)?40[34]\W*(?:$|error|not|page|seite|diese|file)",
    rf"(?:oops\W+|sorry\W+)?(?:(?:this|the|that) )?(?:page|article|content|story|url|file|post){_ASKED_FOR}"
    r" (?:(?:was|is|could|can|does|has) (?:not|no longer)|cannot|can.t|couldn.t|isn.t|doesn.t|wasn.t)\b"
    r".{0,20}(?:found|available|exist|located)",
    rf"(?:this (?:page|article|content|story|url|file|post)|(?:the|that) (?:page|url)){_ASKED_FOR}"
    r" (?:has been|was|(?:may|might) have(?: been)?) (?:removed|deleted|renamed|moved)",
    r"(?:(?:we.re )?sorry\W+(?:but )?)?we (?:cannot|can.t|could not|couldn.t|didn.t) (?:seem to )?(?:find|locate)"
    r" (?:that|the|this|your) (?:page|url)",
    "(?:page|file) not found",
    "page unavailable",
    r"(?:d(?:ie|er) )?(?:seite|artikel|inhalt)e?\W+(?:(?:wurde|konnte|ist|existiert) )?(?:leider )?nicht (?:mehr )?"
    r"(?:gefunden|verfügbar|vorhanden)",
    r"(?:diese|die (?:gewünschte|angeforderte)) seite (?:gibt es|existiert)\b.{0,20}\bnicht",
    r"(?:leider )?konnten wir die (?:gewünschte |angeforderte )?seite (?:leider )?nicht finden",
    "fehler 404",
    "page (?:introuvable|non trouvée)",
    "cette page n.existe (?:pas|plus)",
    "contenu introuvable",
    "erreur 404",
    "página no (?:encontrada|existe)",
    r"no se (?:ha )?encontr\w+ la página",
    "pagina non (?:trovata|esiste)",
    "pagina niet gevonden",
    "página não encontrada",
)

MISSING_WORDS = _whole(
    "(?:(?:article|content|story|post) )?not found",
    "(?:the |that )?(?:article|content|story|file|post) (?:has been|was) (?:removed|deleted|moved)",
    "nothing (?:was )?found",
    "no longer available",
    "nicht gefunden",
    r"(?:(?:http )?(?:error )?50[0234]\W{1,3})?(?:internal server error|bad gateway|gateway time-?out"
    r"|service (?:temporarily )?unavailable)",
    "error establishing a database connection",
    "there has been a critical error on this website",
    "something went wrong",
    "(?:this )?account (?:has been )?suspended",
    "this domain (?:name )?(?:is|may be) for sale",
    "(?:(?:site|website|scheduled|under) )?maintenance(?: mode)?",
    "we.ll be (?:right )?back(?: soon| shortly)?",
    r"redirecting(?: to (?:https?:|/)\S+)?|you are being redirected",
)

MISSING_TITLE_END = re.compile(
    r"(?:\b404|page not found|seite nicht gefunden|page introuvable|página no encontrada|pagina non trovata)\W*$",
    _FLAGS,
)

SHELL_SELECTOR = ", ".join(
    f"{name}:empty"
    for name in ("#root", "#app", "#__next", "#__nuxt", "#___gatsby", "app-root", "#react-root", "#svelte")
)

SCRIPT_WORDS = _any(
    r"(?:enable|activate|turn on|requires?|needs?|without|doesn.t work .{0,30}without) (?:to enable )?java\s?script",
    "javascript (?:is |has been )?(?:disabled|required|to run this app)",
    "aktivieren sie (?:bitte )?javascript",
    "javascript (?:muss|ist deaktiviert)",
    "activer javascript",
    r"habilit\w+ javascript",
    r"activa\w* javascript",
    r"abilita\w* javascript",
)

# ---------------------------------------------------------------- bylines

# Words that no name has: labels of links beside a byline, stand-ins for a name.
NO_NAME = _words(
    "about",
    "admin(?:istrator)?",
    "all",
    "alle",
    "anonymous",
    r"autoren(?:info\w*)?",
    r"beitr[aä]g\w*",
    "bio",
    "comments?",
    "contributed",
    "datum",
    "edited",
    "edition",
    "folgen",
    "follow",
    "full",
    "gast",
    "gastbeitrag",
    "guest",
    "guide",
    "kommentare?",
    "more",
    "posts?",
    "profile?",
    "quelle",
    "read",
    "root",
    "share",
    "source",
    "subscribe",
    "super user",
    "uncategorized",
    "unknown",
    "view",
    "webmaster",
    "zeige",
    "zum",
    "zur",
)

# What sections, firms, places, works and buttons are called, and people are not: where nothing else tells a name.
NO_BARE_NAME = _any(
    r"\d|[:!?()\[\]“”\"@#%*]",
    # what columns and titles begin with, and nobody's name
    r"^(?:deep|quick|hard|hot|red|big|long|short|tall|good|great|black|white|early|late|open|full|high|low|old|dead|true"
    r"|real|star|inside|behind|beyond|under|over|after|before|from|on|at|gold\w*|gro(?:ss|ß)\w*|frei\w*)\b",
    r"\b(?:the|a|an|our|your|my|this|all|for|with|how|why|what|who|when|where|im|die|das|les?|los|las)\b",
    # sections and kinds of pieces
    r"\b\w*(?:news|film|movie|kino|cinema|cinéma|review|interview|kritik|kultur|festival|award|podcast|trailer)\w*\b",
    r"\b(?:tv|television|musi[ck]\w*|cultur[ea]|arts?|entertainment|features?|opinions?|columns?|analysis|exclusive|cine"
    r"|breaking|latest|top|best|stor(?:y|ies)|galler(?:y|ies)|videos?|photos?|fotos?|bilder|pictures?|images?|archives?"
    r"|home|blogs?|series|streaming|shows?|celebrit\w+|lifestyle|style|fashion|politics|business|tech(?:nology)?|science"
    r"|health|sports?|box|office|awards|world|national|local|international|global|special|reports?|theat(?:er|re)"
    r"|noticias?|críticas?|estrenos|notizi[ea]|recension\w*|spettacol\w*|actualités?|critiques?|séries|oscars|palme\w*|carpet|cast(?:ing)?|comics?|cannes|sxsw|aktuell\w*|neue?s?"
    r"|deutsch\w*|unterhaltung|panorama|gesellschaft|literatur|books?|games?|awards?|seasons?|episodes?|part|chapter)\b",
    # outlets, firms and institutions
    r"\b(?:studios?|productions?|pictures|bros|originals?|netflix|marvel|disney|stage|page|records|media|networks?|group|company|corp|inc|llc|ltd|gmbh|press\w*|university|college"
    r"|institute?|museum|academy|association|foundation|society|club|cent(?:er|re)|library|magazine?|journal|times|post"
    r"|gazette|tribune|herald|courier|weekly|daily|today|online|edition|issue|vol|staff|team|desk|editors?|editorial)\b",
    # places
    r"\b(?:new|san|santa|são|saint|st|port|fort|mount|north|south|east|west|united|hong|buenos|rio|abu|tel|kuala|karlovy|cape"
    r"|city|hills|springs|beach|islands?|county|states?|kingdom|street|road|avenue|boulevard|square|republic|harbou?r)\b",
    # buttons and labels
    r"\b(?:min(?:ute)?s?|read|reading|updated|published|posted|last|first|comments?|share|print|e-?mail|facebook|twitter"
    r"|instagram|whatsapp|sign|log|in|up|subscrib\w+|menu|search|next|previous|coming|soon|now|watch|listen|play|follow"
    r"|download|free|premium|sponsor\w*|advert\w*|getty|credits?|courtesy|source|contact|about|us|more|skip|back|image"
    r"|paid|content|order|reprints?|article|art[ií]culo|artikel|beitrag|tweet|teilen|escucha|nächst\w*|vorig\w*"
    r"|zurück|weiter|siguiente|anterior|suivante?|précédente?|fot|ort|browser|categor\w+|kategori\w+|schlagw\w+|themen?|tags?|topics?|filed|author|admin|guest|anonymous|unknown|views?|likes?|mon|tue|wed|thu|fri|sat|sun"
    r"|\w+day|\w+tag|uhr|am|pm)\b",
)

# What stands beside a person's name.
ROLE = _words(
    "author",
    "autor(?:in)?",
    "chief",
    "columnists?",
    "contributing",
    "contributors?",
    "correspondents?",
    "critics?",
    "deputy",
    "director",
    "dziennikarz",
    "editors?",
    "giornalista",
    "jornalista",
    "journaliste",
    "journalists?",
    "manager",
    "periodista",
    "photographer",
    "presenter",
    "producers?",
    "professor",
    r"redactor\w*",
    "reporters?",
    r"rédact(?:eur|rice)\w*",
    "senior",
    "writers?",
    r"\w*korrespondent\w*",
    r"\w*redakteur\w*",
)

# Who signs where no person does: desks, agencies, firms.
COLLECTIVE = _words(
    "agenc(?:y|ies)",
    "agencias?",
    "agenzie?",
    "bureau",
    "desk",
    r"e\.? ?v",
    "editorial",
    "foundation",
    "gmbh",
    "inc",
    "ltd",
    "magazine?",
    "media",
    "news",
    "newsroom",
    "online",
    "press",
    "presse",
    r"pressestelle\w*",
    "redacción",
    "redactie",
    "redakcja",
    "redazione",
    "redação",
    "reports?",
    "rédaction",
    "staff",
    "team",
    "university",
    "zeitung",
    r"\w*agentur\w*",
    r"\w*redaktion\w*",
    r"\w*verband\w*",
)
