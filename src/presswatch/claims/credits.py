"""Credits: which outlet a passage says it was taken from ("told W", "according to The Film Stage", "X reports").

A short name such as W counts only inside such a phrase, and a name of ordinary words such as Variety only where it is
no part of a longer one (Deadline Day, the Large Hadron Collider) and has its own article or none ("told the Guardian",
but not "told the Vulture"). One that the registry does not know counts only where it is clearly that of a publication.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from presswatch.claims.names import trim_name
from presswatch.claims.words import NO_NAMES, word_set
from presswatch.outlets import Outlet, Registry, fold_name

_NAME = r"(?:[Tt]he\s)?/?[A-Z][\w.’'&/-]{0,40}(?:\s(?:(?:of|the|and|for|de)\s){0,2}[A-Z&\d][\w.’'&/-]{0,40}){0,6}"
# each leads up to the name of an outlet; the ways of English entertainment and news prose
_LEADS = (
    r"\b(?:tells?|told|telling|informed|[Cc]iting|cites|(?:said|says) to|(?:[Aa]sked|approached|reached|contacted) by)"
    r"|\b(?:[Tt]alk(?:s|ed|ing)?|spoke|speaks?|[Ss]peaking|spoken|sat down|chatted|chatting|open(?:ed|s) up"
    r"|[Oo]pening up)(?: (?:exclusively|previously|recently|also))? (?:to|with)"
    r"|\b(?:[Aa]ccording to|[Aa]s per|[Aa]s (?:first |previously )?(?:reported|noted|told|revealed|seen) (?:by|in|to)"
    r"|[Pp]er|[Vv]ia|[Cc]ourtesy of|[Hh]/[Tt]|[Hh]at tip to)"
    r"|\b[Ii]nterview(?:s|ed|ing)?(?: \w+){0,4}? (?:with|by|for|in|published (?:in|by))"
    r"|\b(?:statement|confirmed|confirming|revealed|shared|explained|admitted|speaking|remarks|comments|disclosed"
    r"|den(?:ied|ies)|maintain(?:s|ed)?|insist(?:s|ed)|clarified)"
    r"(?: \w+){0,2}? (?:to|with)"
    r"|\b(?:reported|published|unveiled|obtained|reviewed|conducted|quoted|cited|spotted|noted|shared|uncovered|translated)"
    r"(?: \w+)? (?:by|in|on|to)"
    r"|\b(?:premier(?:es?|ed|ing)|debut(?:s|ed|ing)?|appear(?:s|ed|ing)|ran|running|exclusive(?:ly)?|wrote|writing"
    r"|profiled?|essay)(?: \w+)? (?:in|on|at|for|via|with|to)"
    r"|\b(?:[Aa]n?|[Tt]he|[Hh]is|[Hh]er) (?:[a-z]+[ -]){0,2}?(?:report|story|interview|profile|article|feature|piece"
    r"|column|op-ed|essay|review|investigation|exposé|oral history|conversation|chat|Q&A) (?:in|by|from|for|with)"
)
# "told the French newspaper Le Matin": whatever it is called, it is a publication
_KIND = (
    r"(?:the|an?)\s(?:[A-Z][\w.-]+\s)?(?:newspaper|daily|weekly|magazine|trade(?:\s(?:paper|magazine))?|broadcaster"
    r"|(?:news\s)?(?:outlet|(?:web)?site|agency)|podcast)\s"
)
_LED = re.compile(rf"(?:{_LEADS})\s(?:both\s)?(?P<kind>{_KIND})?(?P<name>{_NAME})")
_REPORTS = re.compile(
    rf"(?<![\w/])(?P<name>{_NAME})(?:[’']s (?:report|interview|story|profile|article|review|investigation|exposé)s?\b"
    r"|(?:,(?= (?:has|have|had|also|first|exclusively|previously|recently) ))?"
    r" (?:(?:has|have|had|also|first|exclusively|previously|recently) )*"
    r"(?:reports|reported|notes|noted|writes|wrote|says|said|confirms|confirmed|reveals|revealed"
    r"|learned|points out|quotes|quoted|understands|(?:calls|called)(?! (?:for|on|upon|off|out)\b)|describes|described"
    r"|hails|hailed|(?:is|are)(?: now)? reporting"
    r"|(?:spoke|talked|caught up|sat down) (?:to|with)|asked|interviewed|profiled|uncovered"
    r"|(?:was|were|is)(?: the)? first(?: outlet| publication)?(?: to (?:report|break|reveal|confirm|publish|announce)"
    r"| with the (?:news|story))|(?:broke|breaks|broken) (?:the|this) (?:news|story)"
    r"|had (?:the|this) (?:news|story) first)\b)"
)
_REPORT_NOUNS = r"(?:report|interview|story|profile|article|piece|review|feature|investigation|exposé|op-ed)s?\b"
_ITS_REPORT = re.compile(
    rf"\b(?:[Aa]n?|[Rr]ecent|new|earlier|[Hh]is|[Hh]er|[Tt]heir) (?P<name>{_NAME})(?P<rest> (?:cover )?{_REPORT_NOUNS})"
)
# What somebody gives to one outlet before others: "gave Empire a first look"
_GAVE = re.compile(
    rf"\b(?:gave|gives|granted|showed) (?P<name>{_NAME})(?P<rest> (?:an? |the )?(?:(?:exclusive|first|early|rare) )*"
    r"(?:look|interview|peek|glimpse|details|statement|photos|images)\b)"
)
# Said on the air: the "on" of a weekday or of a stage names no outlet
_ON_SHOW = re.compile(
    r"\b(?:said|says|revealed|reveals|recalled|recalls|joked|explained|admitted|guest|appearance|episode) (?:on|of)"
    rf"\s(?P<name>{_NAME})(?=(?:[’']s)? (?:podcast|show)\b)"
)
_ON_NAMED_SHOW = re.compile(rf"\b[Oo]n (?P<kind>the (?:\w+ )?podcast )[“\"]?(?P<name>{_NAME})")
# How reviews are quoted: "…," wrote Ana Ruiz in Variety; Variety's Ana Ruiz called it "…"; "…," said Variety
_CRITIC = r"[A-Z][\w.’-]+(?: [A-Z][\w.’-]*){1,2}"
_JUDGING = word_set(
    "wrote writes said says called calls described describes praised raved argued noted found reported reports"
)
_JUDGED = rf"(?:{'|'.join(sorted(_JUDGING))})"
_REVIEWED = re.compile(
    rf"\b(?:wrote|writes|said|says) (?:{_CRITIC},? (?:in|for|of|at) |(?<=[”\"’] wrote )|(?<=[”\"’] said ))"
    rf"(?P<name>{_NAME})"
)
_OF_ITS = re.compile(
    rf"\b{_CRITIC},? (?:of|from|at) (?P<name>{_NAME})(?P<rest>,? (?:first |exclusively |has )?{_JUDGED}\b)"
)
_ITS_CRITIC = re.compile(
    rf"(?<![\w/])(?P<name>(?:[Tt]he\s)?[A-Z][\w.&/-]*(?:\s[A-Z&][\w.&/-]*){{0,3}})[’']s? {_CRITIC} {_JUDGED}\b"
)
# How an outlet that was credited before is credited again: "she told the magazine", "the report said"
_ORGAN = (
    r"(?:magazine|outlet|publication|trade|newspaper|paper|(?:web)?site|podcast|(?:news )?agency|weekly|tabloid"
    r"|journal|(?P<report>report|story))"
)
_AGAIN = re.compile(
    rf"\b(?:(?:tells?|told|telling|(?:spoke|speaking|talked|talking|spoken) (?:to|with)|[Aa]ccording to|[Pp]er)"
    rf" (?:the|that) {_ORGAN}|[Tt]he {_ORGAN.replace('report>', 'reports>')}"
    r"(?: also| further)? (?:said|says|added|adds|reported|reports|noted|notes))\b"
    r"(?! (?:of|by|from|for|on|issued|released|published)\b)"
)
_AGAIN_WORDS = word_set("""
    magazine outlet publication trade newspaper paper site website podcast agency weekly tabloid journal report story
    """)
# Words of these phrases: a sentence without one of them gives no such credit, and is not searched
_LEAD_WORDS = word_set("""
    tell tells told telling informed talk Talk talks Talks talked Talked talking Talking spoke speak speaks speaking
    Speaking spoken sat chatted chatting According according Per per As as Via via Courtesy courtesy H h Hat hat
    interview interviews interviewed interviewing Interview Interviews Interviewed Interviewing statement confirmed
    confirming revealed shared explained admitted remarks comments disclosed reported published unveiled obtained
    reviewed conducted quoted cited spotted noted premier premiere premieres premiered premiering debut debuts debuted
    debuting appear appears appeared appearing ran running exclusive exclusively wrote writing profile profiled essay
    citing Citing cites opened opens opening Opening Asked asked approached reached contacted shared uncovered
    translated said says column op review investigation exposé oral conversation chat Q
    report story article feature piece denied denies maintain maintains maintained insists insisted clarified
    """)
_REPORT_WORDS = word_set("""
    report reports interview interviews story storys profile profiles article articles reported notes noted writes
    wrote says said confirms confirmed reveals revealed learned points quotes quoted
    break reveal confirm publish announce news reporting understands calls called describes described hails hailed
    spoke talked caught sat asked interviewed profiled uncovered piece review reviews feature investigation exposé op
    """)
_SHOWS = frozenset({"podcast", "show"})
_GIVING = word_set("gave gives granted showed")
# The ways to credit an outlet: words of which such a credit has one, and whether it leads up to the name
_WAYS = (
    (_LEAD_WORDS, _LED, True),
    (_JUDGING, _REVIEWED, True),
    (_JUDGING, _ITS_CRITIC, False),
    (_JUDGING, _OF_ITS, True),
    (_SHOWS, _ON_SHOW, True),
    (_SHOWS, _ON_NAMED_SHOW, True),
    (_GIVING, _GAVE, True),
    (_REPORT_WORDS, _REPORTS, False),
    (_REPORT_WORDS, _ITS_REPORT, True),
)
_PUBLICATION_WORDS = word_set("""
    times post journal news magazine herald tribune gazette chronicle observer guardian telegraph weekly daily
    reporter radio podcast network review examiner inquirer bulletin courier monthly digest wire press mag today tv
    fm globe mirror monde figaro parisien spiegel zeit país pais mundo repubblica stampa
    """)
_PUBLICATIONS = word_set("""
    cnn nbc abc cbs bbc npr pbs msnbc cnbc ap afp reuters bloomberg politico billboard axios buzzfeed vox slate salon
    wired esquire gq vogue elle time newsweek forbes fortune people empire mtv espn vice quartz breitbart usa hbo
    libération cahiers corriere tmz ew ign puck semafor thewrap screenrant polygon kotaku gizmodo mashable ankler nylon
    dazed insider jezebel letterboxd
    """)
_NOT_ALONE = frozenset(
    {"time", "people", "wire", "press", "today", "network", "usa", "post", "times", "news", "daily", "review"}
)
_MAGAZINES = frozenset({"People", "Time", "Today"})
_WORD = re.compile(r"\w+")
_ORDINARY = re.compile(r"(?:[Tt]he )?[A-Z][a-z]*(?: [A-Z][a-z]*)*")  # names of words that have other uses too
_TELLS = re.compile(r"tells?|told|telling|informed")  # a clause may follow: "told Variety Marsh would return"
_JOINS_ON = frozenset({"of", "de"})
_DESKS = word_set("""
    senior executive chief editor editors critic critics reporter writer correspondent columnist film films movies
    music culture awards studio international online us uk australia
    """)
_MAY_FOLLOW = (NO_NAMES - {"day", "days"} | _PUBLICATION_WORDS | _DESKS) - _JOINS_ON
_DETERMINERS = word_set("a an the this that my your his her its our their another each every no")
_REACH_CHARS = 9  # "another", a blank, and the letter that would make it the end of a longer word
# A series that "ran on CBS" is not from CBS
_ON_AIR = re.compile(r"(?:ran|running|premier\w+|debut\w*)(?: \w+)? on\s\Z")
_PODCAST = re.compile(r"(?:[’']s)?\spodcast\b")
_REPORT = re.compile(rf"\s(?:cover )?{_REPORT_NOUNS}")


@dataclass(frozen=True, slots=True)
class CreditSpan:
    """A credit in a text: the whole phrase, the outlet's id where the registry knows it, and the name as printed."""

    start: int
    end: int
    phrase: str
    outlet_id: str | None
    name: str

    @property
    def credit(self) -> str:
        """What goes into `Mention.credit`: the id where there is one, else the name."""
        return self.outlet_id or self.name


def find_credits(
    text: str, outlets: Registry, start: int = 0, end: int | None = None, *, words: AbstractSet[str] | None = None
) -> list[CreditSpan]:
    """The credits of a text, or of a stretch of it, in order; no two overlap.

    Args: a text whose quotes are masked (what somebody says inside a quote credits nobody), the known outlets, and
        the words of the stretch (runs of letters and digits) where the caller has them.
    """
    end = len(text) if end is None else end
    words = set(_WORD.findall(text, start, end)) if words is None else words
    found: list[CreditSpan | None] = []
    for needed, pattern, leads in _WAYS:
        if not words.isdisjoint(needed):
            found += (_credit(text, match, outlets, leads=leads) for match in pattern.finditer(text, start, end))
    spans: list[CreditSpan] = []
    for span in sorted((span for span in found if span), key=lambda span: (span.start, -span.end)):
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return spans


def find_credit_again(text: str, start: int, end: int, last: CreditSpan, words: AbstractSet[str]) -> CreditSpan | None:
    """The credit of a stretch to the outlet that was credited last ("she told the magazine"); None where there is none.

    Args: `words` as for `find_credits`.
    """
    found = None if words.isdisjoint(_AGAIN_WORDS) else _AGAIN.search(text, start, end)
    if not found or ((found["report"] or found["reports"]) and "report" not in last.phrase):  # there are other reports
        return None
    return replace(last, start=found.start(), end=found.end(), phrase=found.group())


def _credit(text: str, match: re.Match[str], outlets: Registry, *, leads: bool) -> CreditSpan | None:
    """The credit of a phrase, if a name is in it: the longest known beginning or, before a verb, end of it."""
    printed = re.sub(r"\s", " ", match["name"])  # names are compared with plain blanks; lengths stay
    for name, outlet in _readings(printed, outlets, from_start=leads):
        at = match.start("name") + (0 if leads else len(printed) - len(name))
        start, end = _bounds(match, at, name, leads=leads)
        if outlet and _is_meant(text, match, at, name, outlet):
            return CreditSpan(start, end, text[start:end], outlet.id, name)
    name = _publication(printed)
    if not name and printed in _MAGAZINES and _TELLS.match(text, match.start()):  # "a source told People"
        name = printed
    if not name and (match.groupdict().get("kind") or _PODCAST.match(text, match.end("name"))):
        named = re.sub(r"^[Tt]he\s|[’']s?$|[.,]+$", "", printed)
        name = "" if named.lower() in NO_NAMES else named  # and not on "Tuesday’s podcast"
    if not name or _ON_AIR.search(text, match.start(), match.start("name")):
        return None
    at = match.start("name") + printed.index(name)
    start, end = _bounds(match, at, name, leads=leads)
    return CreditSpan(start, end, text[start:end], None, name)


def _bounds(match: re.Match[str], at: int, name: str, *, leads: bool) -> tuple[int, int]:
    """Where a credit begins and ends, with what leads up to its name or follows it."""
    if not leads:
        return at, match.end()
    return match.start(), match.end() if match.groupdict().get("rest") else at + len(name)


def _readings(printed: str, outlets: Registry, *, from_start: bool) -> list[tuple[str, Outlet | None]]:
    """The name without more and more of its words, longest first, with the outlet it is."""
    words = printed.split(" ")
    cuts = [" ".join(words[:n] if from_start else words[-n:]) for n in range(len(words), 0, -1)]
    bare = [re.sub(r"[’']s?$|[.,]+$", "", cut) if from_start else cut for cut in cuts]
    return [(name, outlets.named(name)) for name in bare if name]


def _is_meant(text: str, match: re.Match[str], at: int, name: str, outlet: Outlet) -> bool:
    """Whether a known name at a place of the text is the outlet's, not a word or a part of a longer name."""
    if not _ORDINARY.fullmatch(name):
        return True
    before, after = text[match.start("name") : at], text[at + len(name) : match.end("name")]
    is_told = bool(_TELLS.match(text, match.start()))
    if not (_may_stand_before(before) and _may_stand_after(after, is_initial=len(name) == 1, is_told=is_told)):
        return False
    bare = re.sub(r"^[Tt]he ", "", name)
    return " " in bare or _has_its_article(text, at, name, bare, outlet)


def _may_stand_before(words: str) -> bool:
    """Whether words right before a name leave it whole: "But", "Lund’s", "Lund of"; "Large Hadron" does not."""
    last = words.split()[-1:]
    return not last or bool(re.search(r"(?:[’']s?|\.)$", last[0])) or last[0].lower() in NO_NAMES


def _may_stand_after(words: str, *, is_initial: bool, is_told: bool) -> bool:
    """Whether what follows a name leaves it whole: "’s Ana Lund", "Thursday", ". The"; "Angel" and "of Love" do not."""
    following = words.lstrip(".").split()
    ends_sentence = words.startswith(".") and not is_initial
    if not following or ends_sentence or words.startswith(("’", "'")):
        return True
    word = following[0].lower()
    return word in _MAY_FOLLOW or (is_told and not words.startswith(".") and word not in _JOINS_ON)


def _has_its_article(text: str, at: int, name: str, bare: str, outlet: Outlet) -> bool:
    """Whether a name of one word has the article that the outlet gives itself: "the Vulture" is a bird or a villain."""
    forms = [form for form in (outlet.name, *outlet.aliases) if fold_name(form) == fold_name(bare)]
    articles = {form.startswith("The ") for form in forms}
    if _REPORT.match(text, at + len(name)):  # "according to the Variety report", "in a Guardian interview"
        return True
    if name != bare and True not in articles:
        return False
    word_before = text[max(0, at - _REACH_CHARS) : at].lower().split()[-1:]
    return (name != bare or articles != {True}) and not _DETERMINERS.intersection(word_before)


_OF_A_DAY = re.compile(r"^[A-Z][a-z]+day[’']s ")  # "in Saturday’s New York Times"
_AFTER_NEW = frozenset(
    "York Yorker Jersey Hampshire Mexico Orleans Zealand England Delhi Republic Statesman Haven".split()
)
_OFFICERS = frozenset({"president", "chairman", "chair", "chairwoman", "mayor", "minister", "principal", "admiral"})


def _publication(printed: str) -> str:
    """The publication that an unknown name clearly is, without what stands round it; empty where it is none."""
    name = trim_name(re.sub(r"[’']s?$|[.,]+$", "", re.sub(r"^the\s+", "", printed.rpartition(" of ")[2] or printed)))
    name = _OF_A_DAY.sub("", name)
    if f"New {name}" in printed and name.partition(" ")[0] in _AFTER_NEW:
        name = f"New {name}"
    if printed.startswith("The ") and printed[4:].startswith(name):
        name = printed[: 4 + len(name)]
    words = [word.lower().strip(".") for word in name.removeprefix("The ").split()]
    if not words:
        return ""
    if len(words) == 1:
        word = words[0]
        known = word in _PUBLICATIONS - _NOT_ALONE or word.endswith((".com", ".net", ".org", "news", "wire"))
    else:
        is_office = words[0] == "vice" and words[1] in _OFFICERS
        known = words[-1] in _PUBLICATION_WORDS or (words[0] in _PUBLICATIONS - _NOT_ALONE and not is_office)
    return name if known else ""
