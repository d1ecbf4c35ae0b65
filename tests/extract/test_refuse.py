"""Pages that are no article, and articles that only speak of such pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from presswatch.errors import ExtractError
from presswatch.extract import extract_article

URL = "https://tern.example/film/a-ferry-leaves-at-dusk"
Build = Callable[..., bytes]


def code_of(page: bytes, url: str = URL) -> str:
    with pytest.raises(ExtractError) as told:
        extract_article(page, url)
    assert told.value.url == url
    assert told.value.message
    return told.value.code


def message_of(page: bytes) -> str:
    """What refuses a page; empty where it is read."""
    try:
        extract_article(page, URL)
    except ExtractError as refused:
        return str(refused)
    return ""


CHALLENGES = {
    "Cloudflare": (
        "Just a moment...",
        (
            "<script>window._cf_chl_opt={cvId:'3'}</script><h1>tern.example</h1><p>Checking the connection, "
            "please stand by.</p>"
        ),
    ),
    "DataDome": (
        "tern.example",
        "<script src='https://ct.captcha-delivery.com/c.js'></script><p>Please enable JS and any ad blocker</p>",
    ),
    "PerimeterX": ("Access to this page", "<div id='px-captcha'></div><p>Press and hold to go on to the page.</p>"),
    "Akamai": ("", "<div id='sec-if-cpt-container'></div><p>One more step before the page.</p>"),
    "Akamai denial": (
        "Access Denied",
        "<h1>Access Denied</h1>You do not have leave. Reference #18.2 https://errors.edgesuite.net/18.2",
    ),
    "Imperva": ("", "<iframe src='/_Incapsula_Resource?CWUDNSAI=9'>Request unsuccessful.</iframe>"),
    "AWS": (
        "Human Verification",
        "<script src='https://a.edge.sdk.awswaf.com/x/challenge.js'></script><p>Please wait</p>",
    ),
    "words": ("tern.example", "<h1>One moment</h1><p>Please verify that you are a human to go on reading.</p>"),
    "German": ("Zugriff verweigert", "<p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p>"),
    "French": ("tern.example", "<p>Cochez la case : vous n’êtes pas un robot.</p>"),
    "network": ("tern.example", "<p>We detected unusual activity from your device or network. Type the letters.</p>"),
    "Anubis": (
        "One moment",
        "<script src='/.within.website/x/cmd/anubis/static/js/main.mjs'></script><p>The page is being weighed.</p>",
    ),
    "a bot, said in passing": (
        "Making sure you’re not a bot!",
        "<p>This takes a moment; the keeper has his reasons.</p>",
    ),
    "limited": ("tern.example", "<p>Your access to this site has been limited by its owner. Response code 503.</p>"),
    "region": (
        "The Tern",
        "<p>You are in a country belonging to the European Economic Area (EEA), and access cannot be granted.</p>",
    ),
    "Spanish": ("tern.example", "<p>Marque la casilla si usted no es un robot y eres humano.</p>"),
}


@pytest.mark.parametrize("kind", CHALLENGES)
def test_a_challenge_answered_200_is_blocked(kind: str, build: Build) -> None:
    title, body = CHALLENGES[kind]
    assert code_of(build(body, title=title)) == "blocked"


NO_ARTICLES = {
    "consent, by its layer": (
        "The Tern",
        (
            "<div id='onetrust-consent-sdk'><p>We and our partners use cookies for personalised ads. You may "
            "accept all or reject "
            "all, and change your privacy settings at any time. Your consent counts for this outlet.</p></div>"
        ),
    ),
    "consent, by the choice it offers": (
        "Before you go on",
        (
            "<h1>Before you go on</h1><p>We and our 845 partners keep information on your device, such as cookies, and "
            "process personal data.</p><button class=b1><span>Accept all</span></button>"
        ),
    ),
    "consent, by a form": (
        "The Tern",
        (
            "<p>The Tern uses cookies for advertising; its partners are named in the privacy policy.</p><form>"
            "<input type=submit value='I agree'></form>"
        ),
    ),
    "consent, German": (
        "Der Tern",
        (
            "<div class='consent-wall'><p>Mit Ihrer Einwilligung nutzen wir und unsere Partner Cookies. Sie "
            "können zustimmen oder "
            "ablehnen; mehr steht im Datenschutz. Ohne Zustimmung ist der Tern nur im Abo zu lesen.</p></div>"
        ),
    ),
    "consent, French": (
        "Le Tern",
        (
            "<div id='didomi-host'><p>Avec votre consentement, nos partenaires et nous utilisons des cookies. "
            "Vous pouvez accepter "
            "ou refuser, et lire notre page sur la vie privée.</p></div>"
        ),
    ),
    "sign-in": (
        "The Tern",
        (
            "<h1>Log in</h1><form><input type=email><input type=password></form><p>Sign in to go on reading, or "
            "create a free "
            "account. Already a subscriber? Enter your password.</p>"
        ),
    ),
    "sign-in, Spanish": (
        "El Tern",
        "<p>Inicia sesión o regístrate para leer. ¿Ha olvidado la contraseña?</p><input type=password>",
    ),
    "soft 404": (
        "Page not found | The Tern",
        "<h1>Lost at sea</h1><p>There is nothing at this address. Try the front page instead.</p>",
    ),
    "soft 404, by heading": (
        "The Tern",
        "<h1>404 - not found</h1><p>There is nothing at this address. Try the front page instead.</p>",
    ),
    "soft 404, German": (
        "Der Tern",
        "<h1>Seite nicht gefunden</h1><p>Unter dieser Adresse steht nichts. Zurück zur Startseite.</p>",
    ),
    "soft 404, French": (
        "Page introuvable - Le Tern",
        "<p>Il n’y a rien à cette adresse. Revenez à l’accueil du Tern.</p>",
    ),
    "soft 404, Italian": (
        "Il Tern",
        "<h1>Pagina non trovata</h1><p>A questo indirizzo non c’è nulla. Torna alla prima pagina.</p>",
    ),
    "removed": (
        "The Tern",
        "<h1>This article has been removed</h1><p>It is not coming back, and we are sorry about that.</p>",
    ),
    "soft 404, what was asked for": (
        "The Tern",
        "<h1>Well, this is awkward</h1><p>The page you requested does not exist. Go back to the front page.</p>",
    ),
    "soft 404, moved": (
        "The Tern",
        "<h1>Hm.</h1><p>The page you’re looking for may have been moved, renamed or never was. Try a search.</p>",
    ),
    "soft 404, we": ("The Tern", "<h1>We can’t find that page</h1><p>It sailed, or it never was in this harbor.</p>"),
    "soft 404, German, politely": (
        "Hoppla - Der Tern",
        "<h1>404 – Diese Seite gibt es nicht (mehr)</h1><p>Vielleicht hilft Ihnen unsere Suche weiter.</p>",
    ),
    "server error": (
        "500 Internal Server Error",
        "<h1>Internal Server Error</h1><p>The server met a misconfiguration and could not complete your request.</p>",
    ),
    "database": ("Tern › Error", "<h1>Error establishing a database connection</h1><p>This may be our own fault.</p>"),
    "WordPress": ("Tern › Error", "<p>There has been a critical error on this website.</p><p>Ask the harbor.</p>"),
    "something": (
        "Something went wrong",
        "<h1>Something went wrong</h1><p>The keeper knows of it, and is at work.</p>",
    ),
    "suspended": ("Account Suspended", "<p>This account has been suspended. Ask the one who keeps the servers.</p>"),
    "for sale": ("tern.example", "<p>This domain may be for sale. Write to us to learn for how much.</p>"),
    "sign-in, by its heading": (
        "The Tern",
        (
            "<h1>Log in or create an account</h1><p>It is free, takes less than a minute, and works on every one of "
            "the boats that you have.</p><form><input type=password></form>"
        ),
    ),
    "maintenance": (
        "Maintenance | The Tern",
        "<p>The Tern is being scraped and painted. Come back in an hour or two.</p>",
    ),
    "refresh": ("Redirecting…", "<p>If nothing happens, <a href=/new>click here</a> to go on to it.</p>"),
    "script shell": ("The Tern", "<div id='root'></div><script src='/app.js'></script>"),
    "script shell that says so": (
        "The Tern",
        "<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>",
    ),
    "empty": ("The Tern", ""),
    "label": ("The Tern", "<p>Hello.</p>"),
}


@pytest.mark.parametrize("kind", NO_ARTICLES)
def test_what_is_no_article_is_told(kind: str, build: Build) -> None:
    title, body = NO_ARTICLES[kind]
    assert code_of(build(body, title=title)) == "not_article"


def teasers(count: int) -> str:
    return "".join(
        f"<div class=card><h3><a href='/film/story-{n}'>Harbour story number {n}</a></h3><p>Somebody went aboard the "
        f"ferry number {n} and told us what was seen there, at some length.</p></div>"
        for n in range(count)
    )


@pytest.mark.parametrize(
    "url", ["https://tern.example/", "https://tern.example/index.html", "https://tern.example/tag/ferries/"]
)
def test_a_home_page_and_a_list_are_indexes(url: str, build: Build) -> None:
    page = build(teasers(9), title="The Tern", head='<meta property="og:type" content="website">')
    assert code_of(page, url) == "not_article"


def test_a_page_whose_text_is_teasers_is_an_index_at_any_address(build: Build) -> None:
    assert (
        code_of(build(teasers(14), title="Everything on ferries"), "https://tern.example/x/all-about-ferries-2022.html")
        == "not_article"
    )


@pytest.mark.parametrize(
    "page",
    [
        ("You searched for ferries", "", "<h1>Search results: ferries</h1>"),
        ("Ada Quill", "<meta property=og:type content=profile>", "<h1>Ada Quill</h1><p>Ada Quill keeps the pier.</p>"),
        ("Gone", "", "<h1>Hm</h1><p>The page you asked for was not found. Here is what others read.</p>"),
    ],
)
def test_a_page_that_is_nothing_but_a_few_teasers_is_no_article(page: tuple[str, str, str], build: Build) -> None:
    title, head, top = page
    assert code_of(build(f"<main>{top}{teasers(4)}</main>", title=title, head=head)) == "not_article"


def test_a_list_of_few_films_with_links_says_something_of_them_first(build: Build) -> None:
    intro = "Of the boats of the year these four are the best, and only two of them sank as the script would have it."
    page = build(f"<main><h1>The four best boats</h1><p>{intro}</p>{teasers(4)}</main>", title="The four best boats")
    assert extract_article(page, URL).text.startswith(intro)


def test_a_declared_collection_is_an_index(build: Build, ld: Callable[[object], str]) -> None:
    page = build(teasers(9), title="Ferries", head=ld({"@type": "CollectionPage", "name": "Ferries"}))
    assert code_of(page) == "not_article"


@pytest.mark.parametrize(
    "extra",
    [
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<script>window._pxAppId='PX1'</script><script src='/_Incapsula_Resource?SWJIYLWA=7'></script>",
        "<div id='onetrust-consent-sdk'><p>We use cookies. Accept all or reject all.</p></div>",
        "<div class=login><form><input type=password></form><p>Log in</p></div>",
        "<noscript>Please enable JavaScript for the comments.</noscript>",
        teasers(10),
    ],
)
def test_an_article_with_such_things_beside_it_is_one(
    extra: str, build: Build, prose: str, paragraphs: tuple[str, ...]
) -> None:
    page = build(f"<main><article><h1>A Ferry Leaves at Dusk</h1>{prose * 3}</article></main>{extra}")
    assert extract_article(page, URL).text.startswith(paragraphs[0])


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        (
            "Not found: the last reel of a lost film",
            "The reel was not found in the archive, nor in the attic of its maker, Ilse Kandinov. ",
        ),
        (
            "404 nights on a pier",
            "He spent 404 nights on a pier, and the book is what came of it, says its publisher in Marrow. ",
        ),
        (
            "Cookies and consent: how outlets ask",
            "The regulator says that cookies need consent, and that most of the outlets did not ask. ",
        ),
        (
            "She had to prove she was no robot",
            "A bank asked the actor to verify something else entirely, and she has made a film of it. ",
        ),
    ],
)
def test_a_short_article_about_such_pages_is_one(title: str, sentence: str, build: Build) -> None:
    head = '<meta property="article:published_time" content="2022-03-01T10:00:00Z">'
    bar = "<aside class=bar>We use cookies. <button>Accept all</button></aside>"
    assert extract_article(
        build(f"<article><h1>{title}</h1><p>{sentence * 3}</p></article>{bar}", head=head, title=title), URL
    ).text


@pytest.mark.parametrize(
    "headline",
    [
        "Access denied: reporters shut out of the council",
        "Einen Moment der Ruhe fand der Kapitän",
        "Un instant de grâce au port",
        "Request rejected by the harbor, the ferry waits",
        "Not found: the ferry that sank in 1911",
        "Story was removed from the archive, a court finds",
        "No longer available to tourists, the pier is quiet",
        "Maintenance of the old pier is put off again",
        "We’ll be back, say the players of the ferry band",
        "Redirecting the river: a plan, and its enemies",
        "Something went wrong on the pier, and nobody saw it",
        "Account suspended, says the bard of the harbor",
    ],
)
def test_a_short_article_whose_headline_begins_as_an_error_does_is_read(headline: str, build: Build) -> None:
    told = "The council voted to close the old pier, and nobody who spoke would say what becomes of it."
    page = build(f"<article><h1>{headline}</h1><p>{told}</p></article>", title=f"{headline} | The Tern")
    assert extract_article(page, URL).text == told


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Access Denied", "blocked"),
        ("Un instant…", "blocked"),
        ("Attention Required! | Cloudflare", "blocked"),
        ("Access to this page has been denied because we believe you are using a tool", "blocked"),
        ("Not found", "not_article"),
        ("Article not found - The Tern", "not_article"),
        ("Nicht gefunden | The Tern", "not_article"),
    ],
)
def test_an_error_that_is_the_whole_title_is_told(title: str, code: str, build: Build) -> None:
    assert code_of(build("<p>We could not show you what you asked for, and are sorry for it.</p>", title=title)) == code


def test_an_empty_box_for_scripts_beside_a_short_article_hides_nothing(build: Build) -> None:
    told = (
        "The council voted to close the old pier, and nobody who spoke that night would say what is to become of it or "
        "of its keeper."
    )
    assert extract_article(build(f"<div id=app></div><article><p>{told}</p></article>"), URL).text == told


def test_a_short_article_over_many_teasers_is_no_challenge_whatever_sensor_it_has(build: Build) -> None:
    told = "Ada Quill took the ferry on Friday and counted the passengers twice, for one was missing at the end."
    sensor = "<script>window._cf_chl_opt={cvId:'3'}</script>"
    headlines = "".join(
        f"<h3><a href='/film/{n}'>The harbour film number {n} opens in the north this week</a></h3>" for n in range(30)
    )
    for foot in (f"<aside class=related>{headlines}</aside>", f"<footer>{headlines}</footer>"):
        page = build(f"<main><h1>A Ferry</h1><p>{told}</p></main>{foot}", head=sensor, title="A Ferry")
        assert extract_article(page, URL).text == told


def test_few_words_of_signing_in_are_a_wall_only_beside_a_field_for_a_password(build: Build) -> None:
    told = "Sign in to go on. " + "Rain fell on the harbour all that long evening. " * 3  # one in 32 words
    field = "<form><input type=password></form>"
    assert "sign-in wall" in message_of(build(f"<p>{told}</p>{field}", title="The Tern"))
    assert "sign-in wall" not in message_of(build(f"<p>{told}</p>", title="The Tern"))


def test_a_short_article_over_many_comments_is_no_challenge_whatever_sensor_it_has(build: Build) -> None:
    told = "Ada Quill took the ferry on Friday and counted the passengers twice."
    said = "<p>I was there, and I say that she counted three times, and that the third time she had it right.</p>" * 20
    sensor = "<script>window._cf_chl_opt={cvId:'3'}</script>"
    page = build(
        f"<main><h1>A Ferry</h1><p>{told}</p><div class=comments>{said}</div></main>", head=sensor, title="A Ferry"
    )
    assert extract_article(page, URL).text == told
