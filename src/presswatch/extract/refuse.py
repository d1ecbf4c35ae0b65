"""What is no article: challenge pages, walls, soft 404s, script shells, indexes. Told by markup first, by words last.

Asked after the text was read, for nearly all of it hangs on there being no article text: sensors of the same services
stand on ordinary pages too, consent layers lie over whole articles, and articles tell of pages that were not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from presswatch.errors import ExtractError
from presswatch.extract import signs
from presswatch.extract.blocks import node_text
from presswatch.extract.page import Page
from presswatch.urls import is_web

LEAST_TEXT_CHARS = 25  # less is a label; the shortest news item of 1,020 pages has more
SURE_CHARS = 1500  # no wall, challenge or error page says that much of itself
PARAGRAPH_CHARS = 120  # a sentence or two, which a page that calls itself an article needs to be believed
NOTICE_CHARS = 600  # the most that a soft 404 or a script shell says, suggestions included

<<<<<<< HEAD
# What only a challenge's own page has. The script addresses of Cloudflare's and others' sensors stand on ordinary
# pages too, and are no sign.
_CHALLENGE_MARKUP = {
    "Cloudflare": r"_cf_chl_opt|cf-challenge|cf-browser-verification|challenge-error-text|cf-error-details|cf_captcha_kind"
    r"|cdn-cgi/challenge-platform/h/[bg]/orchestrate|id=[\"']challenge-(?:form|running|stage)",
    "DataDome": r"(?:geo|ct)\.captcha-delivery\.com|var dd=\{'rt'|datadome captcha",
    "PerimeterX": r"id=[\"']px-captcha|px-captcha-(?:wrapper|container|modal)|window\._pxBlockUUID|_pxUuid\s*=|captcha\.px-cdn\.net",
    "Akamai": r"sec-if-cpt-container|sec-bc-tile-container|errors\.edgesuite\.net|/_sec/cp_challenge",
    "Imperva": r"_Incapsula_Resource\?(?:CWUDNSAI|SWJIYLWA|SWUDNSAI|incident)|Incapsula incident ID|id=[\"']distilIdentificationBlock"
    r"|distil_r_captcha|/_Incapsula_Resource[^>]*NOINDEX",
    "AWS WAF": r"awswaf\.com/[^\"']*challenge\.js|AwsWafIntegration\.(?:checkForceRefresh|getToken)|gokuProps",
    "Kasada": r"/149e9513-01fa-4fb0-aad4-566afd725d1b/|KPSDK\.now",
    "DDoS-Guard": r"ddos-guard/js-challenge|check\.ddos-guard\.net",
    "Sucuri": r"sucuri_cloudproxy_js|sucuri website firewall - access denied",
    "Vercel": r"vercel\.link/security-checkpoint",
}
_CHALLENGE = re.compile(
    "|".join(
        f"(?P<{name.replace(' ', '_').replace('-', '_')}>{pattern})" for name, pattern in _CHALLENGE_MARKUP.items()
    ),
    re.IGNORECASE,
)
_CHALLENGE_TITLE = re.compile(
    r"\W*(?:just a moment|attention required!|access denied|access to this page has been denied|pardon our interruption"
    r"|please wait\W*verifying|verif(?:y|ying) (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|bot verification"
    r"|security check(?:point)?|human verification|robot check|request (?:blocked|rejected)|403 forbidden|error 1020|ddos protection"
    r"|un momento|einen moment|nur einen moment|un instant|zugriff verweigert|accès refusé|acceso denegado|accesso negato)\b",
    re.IGNORECASE,
)
_CHALLENGE_WORDS = re.compile(
    r"(?:verify|confirm|prove|check(?:ing)?|make sure|ensure)(?: that| if)?(?: the site connection is secure|"
    r" you(?:'|’)?(?: a|)re (?:a )?(?:not a |not )?(?:human|robot|bot)| your browser before)"
    r"|you are (?:a )?(?:human|not a robot) by completing|unusual (?:activity|traffic) from your (?:computer|network)|automated (?:access|requests|tool)"
    r"|enable javascript and cookies to continue|complete the (?:captcha|security check)|your access .{0,20}has been (?:blocked|denied)"
    r"|(?:bestätigen|überprüfen) sie,? dass sie (?:ein mensch|kein roboter)|vous n.êtes pas un robot|no eres? un robot|non sei un robot"
    r"|vous êtes un (?:être )?humain|eres (?:un )?humano",
    re.IGNORECASE,
)

_CONSENT_MARKUP = re.compile(
    r"consent-?(?:wall|page|form|gate)|privacy-?(?:wall|gate)|cookie-?wall|gdpr-?(?:wall|gate|consent)|cmp-?(?:wall|page)|cmpbox|purabo|contentpass"
    r"|onetrust-(?:consent|banner)|sp_message|didomi|qc-cmp|usercentrics|cookiebot|fc-consent|truste|iubenda-cs",
    re.IGNORECASE,
)
_CONSENT_URL = re.compile(
    r"//(?:consent|privacy|cmp|guce|collectconsent)\b|/(?:consent|collectConsent|privacy-gate|zustimmung)\b",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"\b(?:cookies?|consent|partners|personali[sz]ed ads|legitimate interest|your privacy|privacy (?:policy|settings|choices)|accept all|reject all"
    r"|einwilligung|zustimm\w+|datenschutz\w*|werbung und tracking|partnern?|akzeptieren|ablehnen|consentement|partenaires|accepter|refuser"
    r"|vie privée|confidentialité|consentimiento|privacidad|aceptar|rechazar|socios|consenso|accett\w+|rifiut\w+|toestemming|akkoord)\b",
    re.IGNORECASE,
)
_CONSENT_SHARE = 0.03  # consent words of all words: a wall has 5 to 15 in a hundred, a report on cookies under 3

_SIGN_IN_WORDS = re.compile(
    r"\b(?:sign in|log ?in|sign up|register|create (?:an |a free |your )?account|subscribe|subscribers? only|already (?:a )?(?:subscriber|member)"
    r"|password|anmelden|einloggen|registrier\w+|passwort|abonn\w+|se connecter|connectez-vous|identifiez-vous|mot de passe|s.inscrire"
    r"|iniciar sesión|inicia sesión|regístrate|contraseña|suscr\w+|accedi|registrati|abbonat\w*)\b",
    re.IGNORECASE,
)
_SIGN_IN_SHARE = 0.05
_MISSING = re.compile(
    r"\W*(?:(?:error\s*)?40[34]\b|410\b|(?:oops\W+|sorry\W+)?(?:(?:this|the|that)\s+)?(?:page|article|content|story|url|file|post)(?: you \w+ (?:looking )?for)?"
    r"(?: (?:was|is|has|can|could|does|cannot|can.t|couldn.t|isn.t|doesn.t|no)(?: not| no)?(?: longer)?(?: be)?(?: been)? ?(?:found|available|removed|deleted|exist|moved))"
    r"|not found|nothing (?:was )?found|page unavailable|no longer available"
    r"|(?:die )?(?:seite|artikel|inhalt)e?\W+(?:(?:wurde|konnte|ist|existiert) )?(?:leider )?nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden)"
    r"|nicht gefunden|fehler 404|page (?:introuvable|non trouvée)|cette page n.existe (?:pas|plus)|contenu introuvable|erreur 404"
    r"|página no (?:encontrada|existe)|no se (?:ha )?encontr\w+ la página|pagina non (?:trovata|esiste)|pagina niet gevonden|página não encontrada)",
    re.IGNORECASE,
)
_MISSING_LATER = re.compile(
    r"(?:\b404\b|page not found|seite nicht gefunden|page introuvable|página no encontrada|pagina non trovata)\W*$",
    re.IGNORECASE,
)
_SHELL_SELECTOR = "#root:empty, #app:empty, #__next:empty, #__nuxt:empty, #___gatsby:empty, app-root:empty, #main-app:empty, #react-root:empty, #svelte:empty"
_SCRIPT_WORDS = re.compile(
    r"(?:enable|activate|turn on|requires?|needs?|without|doesn.t work .{0,30}without) (?:to enable )?java\s?script|javascript (?:is |has been )?(?:disabled|required|to run this app)"
    r"|aktivieren sie (?:bitte )?javascript|javascript (?:muss|ist deaktiviert)|activer javascript|habilit\w+ javascript|activa\w* javascript|abilita\w* javascript",
    re.IGNORECASE,
)
=======
_CONSENT_SHARE = 0.03  # consent words of all words: a wall has 5 to 15 in a hundred, a report on cookies under 3
_SIGN_IN_SHARE = 0.05  # the same for signing in; half of it where a field asks for a password
>>>>>>> extract
_TEASER_SELECTOR = "h2 a[href], h3 a[href], h4 a[href], a[href] h2, a[href] h3, a[href] h4"
_LEAST_TEASERS = 8  # headlines that lead elsewhere: a front page has dozens, an article's foot some five
_TEASER_SHARE = 0.4  # of the lines that were read as text, where each story has a headline and a line or two
_HOME_PATH = re.compile(r"/?(?:index\.\w+|home/?)?", re.IGNORECASE)
_LIST_PATH = re.compile(
    r"/(?:category|categories|kategorie|tags?|topics?|thema|themen|search|suche|archives?|archiv|authors?|autor(?:en)?"
    r"|page)(?:/[\w-]{1,30})?/?$|^(?:/[a-z]{2,20}){1,2}/?$",
    re.IGNORECASE,
)


def check_article(page: Page, paragraphs: Sequence[str]) -> None:
    """Let pages with an article through.

    Args: `paragraphs` are what was read as the page's text.
    Raises: ExtractError `blocked` for a challenge page; `not_article` for a consent or sign-in wall, a soft 404, a
        script shell, an index and a page without text.
    """
    text = "\n".join(paragraphs)
    if len(text) < SURE_CHARS:
        if not (page.is_declared_article and len(text) >= PARAGRAPH_CHARS):
            _check_challenge(page, text)
            _check_missing(page, text)
            _check_sign_in(page, text)
            _check_shell(page, text)
        _check_consent(page, text)
    if not page.is_declared_article:
        _check_index(page, paragraphs)
    if len(text) < LEAST_TEXT_CHARS:
        raise ExtractError("not_article", page.url, "there is no text in it")


def _check_challenge(page: Page, text: str) -> None:
    marked = signs.CHALLENGE_MARKUP.search(page.html)
    if marked:
        raise ExtractError("blocked", page.url, f"a challenge by {(marked.lastgroup or '').replace('_', ' ')}")
    shown = f"{page.title}\n{_visible(page)}"
    is_titled = signs.CHALLENGE_TITLE.match(page.title) and len(shown) < SURE_CHARS
    if is_titled or signs.CHALLENGE_WORDS.search(shown):
        raise ExtractError("blocked", page.url, f"a challenge page: {page.title or text[:60]}")


def _visible(page: Page) -> str:
    """What a reader sees of a page, up to the length that no challenge or shell has."""
    body = page.tree.body
    return node_text(body)[: 2 * SURE_CHARS] if body is not None else ""


def _check_missing(page: Page, text: str) -> None:
    heading = page.tree.css_first("h1")
<<<<<<< HEAD
    titles = (
        page.title,
        node_text(heading) if heading else "",
        text[:PARAGRAPH_CHARS] if len(text) < LONG_NOTICE_CHARS else "",
    )
    if any(_MISSING.match(title) for title in titles) or _MISSING_LATER.search(page.title):
=======
    titles = [page.title, node_text(heading) if heading else "", text if len(text) < NOTICE_CHARS else ""]
    if any(map(signs.MISSING_TITLE.match, titles)) or signs.MISSING_TITLE_END.search(page.title):
>>>>>>> extract
        raise ExtractError("not_article", page.url, f"an error page answered as if all were well: {page.title}")


def _check_consent(page: Page, text: str) -> None:
    is_marked = signs.CONSENT_URL.search(page.url) or signs.CONSENT_MARKUP.search(page.html)
    if is_marked and _share(signs.CONSENT_WORDS, text) > _CONSENT_SHARE:
        raise ExtractError("not_article", page.url, "a consent wall")
<<<<<<< HEAD
    has_password = page.tree.css_first("input[type=password]") is not None
    if not page.is_declared_article or len(text) < PARAGRAPH_CHARS:
        shown = text or _visible(page)
        if (has_password and _share(_SIGN_IN_WORDS, shown) > _SIGN_IN_SHARE / 2) or _share(
            _SIGN_IN_WORDS, shown
        ) > _SIGN_IN_SHARE:
            raise ExtractError("not_article", page.url, "a sign-in wall")
=======


def _check_sign_in(page: Page, text: str) -> None:
    asks = page.tree.css_first("input[type=password]") is not None
    least = _SIGN_IN_SHARE / 2 if asks else _SIGN_IN_SHARE
    if _share(signs.SIGN_IN_WORDS, text or _visible(page)) > least:
        raise ExtractError("not_article", page.url, "a sign-in wall")
>>>>>>> extract


def _share(words: re.Pattern[str], text: str) -> float:
    return len(words.findall(text)) / max(1, len(text.split()))


def _check_shell(page: Page, text: str) -> None:
    if len(text) >= NOTICE_CHARS:
        return
    if page.tree.css_first(signs.SHELL_SELECTOR) is not None or signs.SCRIPT_WORDS.search(text or _visible(page)):
        raise ExtractError("not_article", page.url, "a script shell: its text comes by JavaScript")


def _check_index(page: Page, paragraphs: Sequence[str]) -> None:
    """An index leads elsewhere by many headlines, and says so by its address, its metadata or its text."""
    nodes = page.tree.css(_TEASER_SELECTOR)
    teasers = set(filter(None, map(node_text, nodes))) if len(nodes) >= _LEAST_TEASERS else set()
    if len(teasers) < _LEAST_TEASERS:
        return
<<<<<<< HEAD
    parts = urlsplit(page.url)
    is_list = parts.scheme in ("http", "https") and bool(
        _HOME_PATH.fullmatch(parts.path) or _LIST_PATH.search(parts.path)
    )
=======
>>>>>>> extract
    lines = sum(paragraph in teasers for paragraph in paragraphs)
    reads_so = lines > max(_LEAST_TEASERS / 2, _TEASER_SHARE * len(paragraphs))
    if page.is_declared_index or reads_so or _leads_to_list(page.url, sum(map(len, paragraphs))):
        raise ExtractError("not_article", page.url, f"an index: {len(teasers)} headlines that lead to other pages")


def _leads_to_list(url: str, text_chars: int) -> bool:
    """Whether an address is a home page's, or a section's whose page says little."""
    parts = urlsplit(url)
    if not is_web(url) or parts.query:
        return False
    return bool(_HOME_PATH.fullmatch(parts.path) or (text_chars < SURE_CHARS and _LIST_PATH.search(parts.path)))
