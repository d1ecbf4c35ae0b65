"""What stands in a page and is no part of its article: taken out by kind of markup, then by kind of line.

Nothing is thrown away in silence: each block that a rule here takes out becomes a `Removed` with the rule's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from presswatch.extract.blocks import node_text
from presswatch.extract.decode import clean_line
from presswatch.model import Removed
from presswatch.outlets import Layout, fold_name
from presswatch.urls import host_of

# Kind of block → what its class or id holds. Words are bounded by anything that is no letter, so "comments-area" and
# "article_comments" count and "recommendation" does not count as "comment".
_KINDS = {
    "comments": r"comments?|comment-?list|commentlist|comments?-?(?:area|section|thread|wrapper|container|form|box|body)"
    r"|commentform|respond|disqus(?:_thread)?|fb-comments|fb_comments|coral|talk-embed|viafoura|vf-conversations|spotim"
    r"|livefyre|hyvor-talk|utterances|giscus|isso|kommentare?|kommentarbereich|commentaires?|comentarios?|commenti"
    r"|trackbacks?|pingbacks?|replies",
    "share": r"sharedaddy|share-?(?:bar|buttons?|links?|tools?|icons?|widget|this|list|menu)|sharing|social-?(?:share|sharing"
    r"|links?|icons?|buttons?|bar|media)|addtoany\w*|a2a_kit|addthis\w*|shariff|ssba|heateor\w*|jp-likes\w*|sd-content"
    r"|post-likes-widget\w*|socialmedia",
    "related": r"related(?:-?(?:posts?|articles?|content|stories|links?|news|reading|items?|coverage|topics?))?|jp-relatedposts"
    r"|related_post\w*|injected-related-story|yarpp\w*|read-?more-?(?:links?|box|list)|recommended(?:-?\w+)?|recirc\w*"
    r"|outbrain|ob-widget|taboola\w*|trc_\w+|most-?(?:read|popular|viewed)|popular-?posts?|trending(?:-?\w+)?|more-?stories"
    r"|more-?from|also-?(?:read|like)|see-?also-?box|up-?next|next-?article|nrelate\w*|zergnet\w*|contextlinks"
    r"|crp_related|pmc-contextual-player|cardsrelatedcontent",
    "newsletter": r"newsletter(?:-?\w+)?|signup(?:-?\w+)?|sign-?up-?(?:form|box|module|widget)|subscribe-?(?:form|box|widget|module"
    r"|banner|cta)|subscription-?(?:form|widget|box)|mc_embed_signup|mailchimp|email-?(?:signup|capture)|article-singup-link",
    "author box": r"author-?(?:box|bio|info-?box|about|card|profile|description)|about-?the-?author|bio-?box|post-?author-?(?:box|bio)"
    r"|molongui-author-box|abh_box|saboxplugin\w*",
    "tags": r"tags?-?(?:list|links?|cloud|container|wrapper)|post-?tags|entry-?tags|article-?tags|tagcloud|filed-?under",
    "ads": r"wpadvert|advertisement|advert|adsbygoogle|ad-?(?:slot|unit|container|wrapper|placement|banner)|google-?ads?|dfp-?\w*"
    r"|wpcnt|adthrive\w*|sponsored-?content",
    "credit": r"wp-caption-text|photo-?credit|image-?credit",
}
_KIND = re.compile(
    "|".join(f"(?P<{name.replace(' ', '_')}>(?<![a-z])(?:{words})(?![a-z]))" for name, words in _KINDS.items()),
    re.IGNORECASE,
)
_HOLDERS = frozenset("html body main article h1 head".split())  # a class on them says what the page has, not what they are
_REMEMBERED_NAMES = 50_000  # some 10 MiB; an outlet has a few thousand
_LIMIT_SHARE = 0.5  # a block with more of the page's paragraphs than this is the article, whatever it is called


def strip_markup(tree: LexborHTMLParser, layout: Layout, url: str) -> list[Removed]:
    """Take out of a tree what the outlet's layout and the general rules by kind of markup name.

    Returns: what was taken out, in document order, with rules like `strip:#comments` and `markup:share`.
    """
    found: list[tuple[LexborNode, str]] = []
    for selector in layout.strip:
        found += [(node, f"strip:{selector}") for node in select(tree, selector)]
    removed = _take_out(found)
    removed += _take_out(_by_kind(tree))
    return removed + _take_out(_by_links(tree, url))


def select(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a selector of an outlet's file matches; none where it cannot be understood."""
    try:
        return tree.css(selector)
    except SelectolaxError:
        return []


def _by_kind(tree: LexborHTMLParser) -> list[tuple[LexborNode, str]]:
    found = []
    whole = sum(len(node.text()) for node in tree.css("p"))
    for node in tree.css("body [class], body [id]"):
        attributes = node.attributes
        names = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".split()
        kind = next(filter(None, map(_kind_of, names)), None)
        if kind and node.tag not in _HOLDERS and not _holds_article(node, whole):
            found.append((node, f"markup:{kind}"))
    return found


_LABEL = re.compile(r"\W*(?:[^.!?:]{0,30}:)?\W*")  # what may stand beside the link: "Related:", a bullet


def _by_links(tree: LexborHTMLParser, url: str) -> list[tuple[LexborNode, str]]:
    """Paragraphs and headings that are one link to the same outlet lead to another story; so do lists of such items."""
    own = host_of(url)
    found = []
    for node in tree.css("p, h2, h3, h4, h5, h6"):
        if _is_link_alone(node, own):
            found.append((node, "markup:link alone"))
    for node in tree.css("ul, ol"):
        items = node.css("li")
        if len(items) > 1 and all(_is_link_alone(item, own) for item in items):
            heading = _before(node)
            found += [(part, "markup:list of links") for part in (heading, node) if part is not None]
    return found


def _is_link_alone(node: LexborNode, own_host: str) -> bool:
    links = node.css("a[href]")
    if not links or not all(_leads_on(link.attributes.get("href") or "", own_host) for link in links):
        return False
    beside, linked = node.text(), 0
    for link in links:
        text = link.text()
        linked += len(text.strip())
        beside = beside.replace(text, " ", 1)
    return linked > 0 and _LABEL.fullmatch(beside) is not None


def _leads_on(href: str, own_host: str) -> bool:
    """Whether a link leads to another page of the same outlet: sources, shops and places in the page do not."""
    host = host_of(href) if "//" in href else ""
    return not href.startswith(("#", "mailto:", "tel:", "javascript:")) and host in ("", own_host)


def _before(node: LexborNode) -> LexborNode | None:
    """The heading right before a list."""
    previous = node.prev
    while previous is not None and not previous.is_element_node:
        previous = previous.prev
    return previous if previous is not None and re.fullmatch(r"h[2-6]", previous.tag or "") else None


@lru_cache(maxsize=_REMEMBERED_NAMES)
def _kind_of(name: str) -> str | None:
    """The kind of block that a class or id stands for. Outlets repeat theirs on every page, hence the memory."""
    found = _KIND.search(name)
    return (found.lastgroup or "").replace("_", " ") if found else None


def _holds_article(node: LexborNode, whole: int) -> bool:
    """Whether a block is no insert: it holds the headline, or most of what stands in paragraphs."""
    if node.css_first("h1, [itemprop=articleBody]") is not None:
        return True
    return sum(len(p.text()) for p in node.css("p")) > _LIMIT_SHARE * whole


def _take_out(found: Sequence[tuple[LexborNode, str]]) -> list[Removed]:
    """Remove outermost elements of those found. An element inside another is gone with it, and never touched again."""
    ids = {node.mem_id for node, _ in found}
    taken: set[int] = set()
    removed = []
    outermost = [(node, rule) for node, rule in found if not _is_inside(node, ids)]
    for node, rule in outermost:
        if node.mem_id not in taken:
            taken.add(node.mem_id)
            text = node_text(node)
            if text:
                removed.append(Removed(rule=rule, text=text))
    for node in {node.mem_id: node for node, _ in outermost}.values():
        node.decompose()
    return removed


def _is_inside(node: LexborNode, ids: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in ids:
            return True
        parent = parent.parent
    return False


# ---------------------------------------------------------------- lines

_LONGEST_LINE = 250  # of a form, a promo, a credit; what is longer is a paragraph
_SHORT_CHARS = 140  # of a byline with roles and places
_FORM_GAP_CHARS = 60  # labels between two lines of a form: "Twitter picture"
_FORM_GAP_LINES = 3

# WordPress and WordPress.com in five languages, unfilled templates included; any service name.
_FORM_LINE = re.compile(
    r"(?:leave a (?:reply|comment)|leave a reply to .{1,60}|cancel reply|post (?:a )?comment|join the (?:discussion|conversation)"
    r"|fill in your details below or click an icon to log in:?.{0,20}|you are commenting using your .{0,40}account.{0,40}"
    r"|you are commenting using your account.{0,40}|\(?\s*log\s*(?:out|in)\s*/\s*change\s*\)?|connecting to (?:%s|\w+)"
    r"|notify me of (?:new|follow-?up) (?:comments|posts).{0,30}|your email address will not be published.{0,60}"
    r"|required fields are marked.{0,5}|save my name, email.{0,90}|email \(required\).{0,60}|name \(required\)|comment \*?"
    r"|this site uses akismet to reduce spam.{0,80}|comments are closed\.?|be the first to comment\.?|\d+ (?:comments?|replies|responses?)"
    r"|please enable javascript to view the comments.{0,40}|you must be logged in to post a comment\.?"
    r"|schreibe? (?:einen|deinen) kommentar.{0,40}|kommentar (?:verfassen|schreiben|hinterlassen|abschicken)|antwort abbrechen"
    r"|trage deine daten unten ein oder klicke ein icon um dich einzuloggen:?|du kommentierst mit .{0,60}|verbinde mit %s"
    r"|benachrichtigung bei weiteren kommentaren.{0,30}|informiere mich über neue beiträge.{0,30}|deine e-mail-adresse wird nicht.{0,90}"
    r"|gib hier deinen kommentar ein.{0,5}|erforderliche felder sind.{0,30}|\d+ kommentare?|\d+ (?:gedanken|antworten) zu .{1,90}"
    r"|laisser un commentaire.{0,20}|annuler la réponse\.?|votre adresse (?:e-?mail|de messagerie) ne sera pas publiée.{0,60}"
    r"|vous commentez à l.aide de votre .{0,60}|connexion à %s|avertissez-moi par e-?mail des nouveaux .{0,30}"
    r"|deja (?:un comentario|una respuesta).{0,20}|cancelar (?:la )?respuesta|tu dirección de correo electrónico no será publicada.{0,60}"
    r"|estás comentando usando tu .{0,60}|conectando a %s|recibir nuev[oa]s (?:comentarios|entradas) por email\.?"
    r"|lascia un commento.{0,20}|rispondi|annulla risposta|il tuo indirizzo e-?mail non sarà pubblicato.{0,60}"
    r"|stai commentando usando il tuo .{0,60}|connessione a %s)\W*",
    re.IGNORECASE,
)
_FORM_LABEL = re.compile(
    r"\W*(?:e-?mail|name|website|comment|logo|gravatar|(?:twitter|facebook|google\+?|wordpress\.com|gravatar) (?:picture|photo|logo)"
    r"|(?:logo|foto|photo|immagine|imagen|bild) .{1,20})\W*(?:logo)?\W*",
    re.IGNORECASE,
)
_PROMO_LINE = re.compile(
    r"(?:popular on \S.{0,40}|more from [A-Z].{0,60}|must read:?.{0,90}|daily headlines:?.{0,90}|(?:read more|related|see also|also read"
    r"|watch more|more on this|read next|read also|recommended|up next|trending|you may also like|don.t miss)(?::.{0,120})?"
    r"|(?:lesen sie auch|mehr zum thema|siehe auch|lesetipp|auch interessant|à lire aussi|lire aussi|voir aussi|lea también|lee también"
    r"|te puede interesar|leggi anche|vedi anche)(?:\s*:.{0,120})?)\W*",
    re.IGNORECASE,
)
_SHARE_LINE = re.compile(
    r"(?:share (?:this|on|via)\b.{0,40}|like this:?|like loading\W*|click to (?:share|print|email).{0,60}|teilen mit:?|gefällt mir:?"
    r"|follow us on .{1,60}|tweet|(?:report this ad|advertisement|story continues below( advertisement)?|anzeige|werbung|publicité|publicidad))\W*",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(
    r"\W*(?:(?:(?:image|photo|picture|foto|bild|titelbild|beitragsbild|header|credit|crédit|source|quelle|fuente|fonte|text)(?:s|e|er|n)?"
    r"(?:\s(?:credit|by))?\s?[:©/]\s?.{0,100})|(?:(?:additional )?reporting by|editing by) .{1,200}|.{1,200} contributed to this (?:report|story|article))\W*",
    re.IGNORECASE,
)
_LEGAL_LINE = re.compile(r"\W*(?:(?:©|\(c\) ?\d{4}|copyright\b|issn\b).{0,200}|.{0,150}\ball rights reserved)\W*", re.IGNORECASE)
_NEWSLETTER_LINE = re.compile(
    r"\W*(?:(?:sign up|subscribe|register|get|never miss|stay informed|join|abonnieren|melden sie sich|inscrivez-vous|suscríbete|iscriviti)\b"
    r".{0,160}\b(?:newsletters?|inbox|e-?mails?|briefing|alerts)\b.{0,80}|subscribe now|sign up (?:now|here)|(?:zum )?newsletter(?: anmelden)?)\W*",
    re.IGNORECASE,
)
_FOLLOW_LINE = re.compile(
    r"\W*(?:(?:follow|like|find|join) .{1,60} on (?:twitter|facebook|instagram|x|youtube|linkedin|telegram|whatsapp)\b.{0,120}"
    r"|(?:click here to get|get|download) the .{1,30} app)\W*",
    re.IGNORECASE,
)
_LINE_RULES = (
    ("line:comment form", _FORM_LINE),
    ("line:promo", _PROMO_LINE),
    ("line:share or ad", _SHARE_LINE),
    ("line:credit", _CREDIT_LINE),
    ("line:legal", _LEGAL_LINE),
    ("line:newsletter", _NEWSLETTER_LINE),
    ("line:follow", _FOLLOW_LINE),
)
_OPENING_LINES = 3  # where a byline or a date may stand before the text
_MOST_WORDS_BESIDE = 4  # beside the names of a byline: "By", "in Rome", "Staff Writer"
_DATE_LINE = re.compile(
    r"\W*(?:(?:published|updated|posted|last|on|at|am|vom|stand|aktualisiert|veröffentlicht|publié|le|mis|à|jour|publicado|el|[^\W\d]{2,12}day|[^\W\d]{2,10}tag)\W+)*"
    r"(?:\d{1,2}\W{1,2}(?:\d{1,2}|(?:de )?[^\W\d]{3,10})\W{1,2}(?:de )?\d{2,4}|[^\W\d]{3,10}\.? \d{1,2},? \d{4}|\d{4}[-年년./] ?\d{1,2}[-월月./] ?\d{1,2}[日일]?)"
    r".{0,30}",
    re.IGNORECASE,
)


def strip_lines(
    lines: Iterable[str],
    stop: Sequence[str] = (),
    headline: str | None = None,
    byline: Sequence[str] = (),
) -> tuple[list[str], list[Removed]]:
    """Take out of paragraphs what the outlet's `stop` and the general rules by kind of line name.

    Returns: the paragraphs that stay, and what was taken out with rules like `stop:^Popular on ` and `line:promo`.
    Headline, byline and date go where they stand again before the first paragraph. Doing it twice is doing it once.
    """
    patterns = [(f"stop:{pattern}", re.compile(pattern)) for pattern in stop]
    cleaned = [line for line in map(clean_line, lines) if line]
    rules = [_line_rule(line, patterns) for line in cleaned]
    _close_forms(cleaned, rules)
    _drop_opening(cleaned, rules, headline, byline)
    kept = [line for line, rule in zip(cleaned, rules, strict=True) if rule is None]
    return kept, [Removed(rule=rule, text=line) for line, rule in zip(cleaned, rules, strict=True) if rule]


def _line_rule(line: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> str | None:
    for rule, pattern in patterns:
        if pattern.search(line):
            return rule
    if len(line) > _LONGEST_LINE:
        return None
    return next((rule for rule, pattern in _LINE_RULES if pattern.fullmatch(line)), None)


def _drop_opening(lines: Sequence[str], rules: list[str | None], headline: str | None, byline: Sequence[str]) -> None:
    """Headline, byline and date before the first paragraph are no part of the text. Lines between them are let be."""
    number, passed = 0, 0
    while number < len(lines) and passed < _OPENING_LINES:
        rules[number] = rules[number] or _opening_rule(lines[number], headline, byline)
        passed = passed + 1 if rules[number] is None else 0
        number += 1


def _opening_rule(line: str, headline: str | None, byline: Sequence[str]) -> str | None:
    if headline and _is_headline(line, headline):
        return "line:headline"
    if len(line) <= _SHORT_CHARS and _is_byline(line, byline):
        return "line:byline"
    return "line:date" if len(line) <= _FORM_GAP_CHARS and _DATE_LINE.fullmatch(line) else None


def _is_byline(line: str, names: Sequence[str]) -> bool:
    """Whether a line has the names of the byline and little else."""
    folded = line.casefold()
    found = [name for name in names if name.casefold() in folded]
    for name in found:
        folded = folded.replace(name.casefold(), " ")
    return bool(found) and len(re.findall(r"[^\W\d]+", folded)) <= _MOST_WORDS_BESIDE and not line.endswith(("?", "!", ":"))


def _close_forms(lines: Sequence[str], rules: list[str | None]) -> None:
    """Labels beside lines of a comment form belong to it: a service's name, the word "Logo"."""
    form = [number for number, rule in enumerate(rules) if rule == "line:comment form"]
    for before, after in zip(form, form[1:], strict=False):
        between = range(before + 1, after)
        if len(between) <= _FORM_GAP_LINES and all(len(lines[n]) <= _FORM_GAP_CHARS for n in between):
            for number in between:
                rules[number] = rules[number] or "line:comment form"
    for last in form[-1:]:
        for number in range(last + 1, len(lines)):
            if not _FORM_LABEL.fullmatch(lines[number]):
                break
            rules[number] = rules[number] or "line:comment form"


_MOST_KICKER_CHARS = 60  # before a headline, printed in the same element


def _is_headline(line: str, headline: str) -> bool:
    """Whether a line is the headline again, with or without a kicker before it."""
    one, other = fold_name(line), fold_name(headline)
    return bool(other) and one.endswith(other) and len(one) - len(other) <= _MOST_KICKER_CHARS
