"""Lines that stand in a text and are no part of it: told by kind, after the text was found.

Nothing is thrown away in silence: each line that a rule here takes out becomes a `Removed` with the rule's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from presswatch.extract import signs
from presswatch.extract.decode import clean_line
from presswatch.model import Removed
from presswatch.outlets import fold_name

_LONGEST_LINE = 250  # of a form, a promo, a credit; what is longer is a paragraph
_FORM_GAP_CHARS, _FORM_GAP_LINES = 60, 3  # labels between two lines of a form: "Twitter picture"
_OPENING_LINES = 3  # where headline, byline or date may stand again before the text
_MOST_KICKER_CHARS = 60  # before a headline, printed in the same element
_BYLINE_CHARS, _DATE_CHARS = 140, 60
_BARRED_WITHIN = 3  # lines after the last one of the text: farther down, other articles are offered
_CLOSING_LINES, _BIO_CHARS = 3, 500  # where a line on the author may stand, and its length
_MOST_WORDS_BESIDE = 4  # beside the names of a byline and their roles: "By", "in Rome", "Staff"

_FORM = "line:comment form"
_LINE_RULES = (
    (_FORM, signs.FORM_LINE),
    ("line:promo", signs.PROMO_LINE),
    ("line:share or ad", signs.SHARE_LINE),
    ("line:placeholder", signs.PLACEHOLDER_LINE),
    ("line:contact", signs.CONTACT_LINE),
    ("line:credit", signs.CREDIT_LINE),
    ("line:agency", signs.AGENCY_LINE),
    ("line:residue", signs.RESIDUE_LINE),
    ("line:legal", signs.LEGAL_LINE),
    ("line:newsletter", signs.NEWSLETTER_LINE),
    ("line:follow", signs.FOLLOW_LINE),
    ("line:wall", signs.BARRING_LINE),
    ("line:wall", signs.WALL_LINE),
    ("line:support", signs.SUPPORT_LINE),
)
_RULES_WITHIN = (  # by what stands anywhere in a line: asked of those that have one of the words needed for it
    ("line:placeholder", signs.PLACEHOLDER_WITHIN),
    ("line:contact", signs.CONTACT_WITHIN),
    ("line:credit", signs.CREDIT_WITHIN),
    ("line:residue", signs.RESIDUE_WITHIN),
    ("line:legal", signs.LEGAL_WITHIN),
    ("line:newsletter", signs.NEWSLETTER_WITHIN),
    ("line:support", signs.SUPPORT_WITHIN),
)
_ALL_RULES = _LINE_RULES + _RULES_WITHIN
# Rules that a sentence may meet by its first words; labels before headlines, which report too, are not among them.
_SPOKEN = frozenset(
    f"line:{kind}" for kind in "share or ad;contact;credit;legal;newsletter;follow;wall;support".split(";")
)


def strip_lines(
    lines: Iterable[str],
    stop: Sequence[str] = (),
    headline: str | None = None,
    byline: Sequence[str] = (),
) -> tuple[list[str], list[Removed]]:
    """Take out of paragraphs what the outlet's `stop` and the general rules by kind of line name.

    Headline, byline and date go where they stand again before the first paragraph.

    Returns: the paragraphs that stay, cleaned, and what was taken out, with rules like `stop:^Popular on ` and
    `line:promo`. Doing it twice is doing it once.
    """
    patterns = [(f"stop:{pattern}", re.compile(pattern)) for pattern in stop]
    cleaned = [line for line in map(clean_line, lines) if line]
    rules = [_line_rule(line, patterns) for line in cleaned]
    _close_forms(cleaned, rules)
    _drop_opening(cleaned, rules, headline, byline)
    _drop_author(cleaned, rules, byline)
    kept = [line for line, rule in zip(cleaned, rules, strict=True) if rule is None]
    return kept, [Removed(rule=rule, text=line) for line, rule in zip(cleaned, rules, strict=True) if rule]


def _line_rule(line: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> str | None:
    stopped = next((rule for rule, pattern in patterns if pattern.search(line)), None)
    if stopped or len(line) > _LONGEST_LINE:
        return stopped
    for rule, pattern in _ALL_RULES if signs.NEEDED_WITHIN.search(line.lower()) else _LINE_RULES:
        if pattern.fullmatch(line):
            return None if rule in _SPOKEN and signs.REPORTED.search(line) else rule
    return None


def bars_reader(line: str) -> bool:
    """Whether a line says that the rest is for those who pay or sign in."""
    is_one = len(line) <= _LONGEST_LINE and signs.BARRING_LINE.fullmatch(line)
    return bool(is_one) and not signs.REPORTED.search(line)


def is_barred(lines: Sequence[str], kept: Sequence[str]) -> bool:
    """Whether a line that bars readers follows a text. `lines` are all, `kept` those that are the text."""
    ends = [number for number, line in enumerate(lines) if kept and line == kept[-1]]
    behind = lines[ends[-1] + 1 :][:_BARRED_WITHIN] if ends else []
    return any(bars_reader(clean_line(line)) for line in behind)


def _close_forms(lines: Sequence[str], rules: list[str | None]) -> None:
    """Labels between and right after the lines of a comment form belong to it: a service's name, the word "Logo"."""
    form = [number for number, rule in enumerate(rules) if rule == _FORM]
    for before, after in pairwise(form):
        between = range(before + 1, after)
        if len(between) <= _FORM_GAP_LINES and all(len(lines[number]) <= _FORM_GAP_CHARS for number in between):
            for number in between:
                rules[number] = rules[number] or _FORM
    if form:
        for number in range(form[-1] + 1, len(lines)):
            if not signs.FORM_LABEL.fullmatch(lines[number]):
                break
            rules[number] = rules[number] or _FORM


def _drop_opening(lines: Sequence[str], rules: list[str | None], headline: str | None, byline: Sequence[str]) -> None:
    """Headline, byline and date around the first paragraphs are no part of the text: a lede may stand before them."""
    passed, has_begun = 0, False
    for number, line in enumerate(lines):
        if not has_begun:
            rules[number] = rules[number] or _opening_rule(line, headline, byline)
        rules[number] = rules[number] or ("line:date" if _is_date(line) else None)
        passed += rules[number] is None
        has_begun |= rules[number] is None and len(line) > _BYLINE_CHARS
        if passed == _OPENING_LINES:
            break


def _drop_author(lines: Sequence[str], rules: list[str | None], byline: Sequence[str]) -> None:
    """Among the last lines those that introduce who wrote it are no part of the text: "Ada Quill is a critic …"."""
    names = [name.casefold() for name in byline if " " in name]
    passed = 0
    for number in range(len(lines) - 1, 0, -1) if names else ():
        line = lines[number].lstrip("•*–—- ")
        name = next((name for name in names if line.casefold().startswith(name)), None)
        is_bio = name and (signs.BIO.match(rest := line[len(name) :]) or (not passed and signs.LATE_BIO.match(rest)))
        if rules[number] is None and is_bio and len(line) <= _BIO_CHARS:
            rules[number] = "line:author"
        passed += rules[number] is None
        if passed == _CLOSING_LINES:
            break


def _opening_rule(line: str, headline: str | None, byline: Sequence[str]) -> str | None:
    if headline and _is_headline(line, headline):
        return "line:headline"
    return "line:byline" if len(line) <= _BYLINE_CHARS and is_byline(line, byline) else None


def _is_date(line: str) -> bool:
    """Whether a line is a date, or says who wrote when: "By Ada Quill, in Film · 3 May 2022, 10:15 · 2 comments"."""
    if len(line) <= _DATE_CHARS and signs.DATE_LINE.fullmatch(line):
        return True
    is_said = line.endswith((".", "!", "?", "”", "»", ":")) and not line.endswith((" a.m.", " p.m."))
    is_label = len(line) <= _BYLINE_CHARS and not is_said
    return is_label and bool(signs.STAMP_LABEL.match(line)) and bool(signs.STAMP.search(line))


def _is_headline(line: str, headline: str) -> bool:
    """Whether a line is the headline again, with or without a kicker before it. A film's name may end a sentence."""
    if line.endswith(".") and not headline.endswith("."):
        return False
    one, other = fold_name(line), fold_name(headline)
    return bool(other) and one.endswith(other) and len(one) - len(other) <= _MOST_KICKER_CHARS


def is_byline(line: str, names: Sequence[str]) -> bool:
    """Whether a line has the names of the byline and little else, and is no label of who speaks, nor a sentence."""
    folded = line.casefold()
    found = [name.casefold() for name in names if name.casefold() in folded]
    for name in found:
        folded = folded.replace(name, " ")
    is_little = len(re.findall(r"[^\W\d]+", signs.ROLE.sub(" ", folded))) <= _MOST_WORDS_BESIDE
    is_sentence = line.endswith(".") and line.casefold().startswith(tuple(found))  # "Ada Quill was there."
    return bool(found) and is_little and not is_sentence and not line.endswith((":", "?", "!"))
