"""Who denies a deed, and how sure others are of it, each told of what is done, by whom and to what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from presswatch.align.certainty import find_stages, tells_of_talks
from presswatch.align.context import SAY_NOTHING
from presswatch.align.denials import Deed, are_of_one_time, find_affirmed, find_denials
from presswatch.align.sums import read_turns
from presswatch.align.text import look_in_clause, split_words, stem_word
from presswatch.align.values import Told, ToldKind, names_of

_SOMEBODY, _TO_SOMETHING = "<", ">"  # before the stems of who does a deed, and of what it is done to
_SETTLED = "settled"
_PRONOUN = re.compile(r"\b(?:he|she|they|it|who)\b", re.IGNORECASE)
# "In the film" may be in any, as "it" may be; and who says "will not run again" leaves out what for
_SOME_WORK = re.compile(r"\b(?:the|this) (?:film|movie|picture|project|production|series|show)\b(?! of\b)|\bit\b")
# What it is done to may be a title in quote marks
_OBJECT_END = re.compile(r"[;:!?—–()]|[.,](?![”’\"\w])|[.,](?=[”’\"])| (?:but|and|because|after|while) ")
_NOTHING = re.compile(r"(?: (?:again|at all|either|any ?more|after all))*\s*\Z")


def read_denials(texts: Mapping[str, str]) -> dict[str, list[Told]]:
    """What sentences of a story deny, and what others say of the same, by their ids."""
    denied = {one: list(find_denials(text)) for one, text in texts.items()}
    stems = {denial.stem for listed in denied.values() for denial in listed}
    found: dict[str, list[Told]] = {}
    for one, text in texts.items() if stems else ():
        own = {denial.stem for denial in denied[one]}
        listed = [*denied[one], *(said for said in find_affirmed(text, stems) if said.stem not in own)]
        if listed:
            said = (("denied" if denial.is_denied else "said") for denial in listed)
            found[one] = [_tell_deed("denial", text, *both) for both in zip(listed, said, strict=True)]
    return found


def read_stages(texts: Mapping[str, str], published: Mapping[str, date | None]) -> dict[str, list[Told]]:
    """How sure sentences of a story are of what somebody is to do, by their ids; nothing where all are.

    Args: `published` is the day of each sentence: who tells of a deal days after the talks tells what came of them.
    """
    if not any(map(tells_of_talks, texts.values())):
        return {}
    found: dict[str, list[Told]] = {}
    for one, text in texts.items():
        told = [
            replace(
                _tell_deed("certainty", text, stage, _SETTLED if stage.is_firm else "in talks"), day=published.get(one)
            )
            for stage in find_stages(text)
        ]
        if told:
            found[one] = told
    return found


def came_of_talks(a: Told, b: Told) -> bool:
    """Whether one tells of a deal so long after the other told of talks that it came of them."""
    talks, deal = sorted((a, b), key=lambda told: _SETTLED in names_of(told))
    return bool(talks.day and deal.day and (deal.day - talks.day).days > 1)


def are_of_one_deed(a: Told, b: Told) -> bool:
    """Whether what one denies or talks of, and the other says, has somebody and something in common.

    "She" may be anybody, and where nothing stands behind the deed that may be anything; but not both.
    """
    for one, other in ((a, b), (b, a)):
        if "denied" in names_of(one) and not are_of_one_time(one.printed, other.printed):
            return False
    opened = {_SOMEBODY, _TO_SOMETHING}
    shared = {one[0] for one in (a.context & b.context) - opened}
    return bool(shared) and shared | ((a.context | b.context) & opened) == opened


def _tell_deed(kind: ToldKind, text: str, deed: Deed, said: str) -> Told:
    """What is said of a deed, with the stems of who does it and what it is done to; a mark alone where that is open."""
    _, after = look_in_clause(text, deed.start, deed.end, _OBJECT_END)
    parts = (_SOMEBODY, deed.doer), (_TO_SOMETHING, after)
    context = {
        mark + stem
        for mark, part in parts
        for word in split_words(part)
        if word[0].isalpha() and (stem := stem_word(word)) not in SAY_NOTHING
    }
    if not any(one[0] == _SOMEBODY for one in context) and _PRONOUN.search(deed.doer):
        context.add(_SOMEBODY)
    if _NOTHING.match(after) or _SOME_WORK.search(after):
        context.add(_TO_SOMETHING)
    values = frozenset({said})
    return Told(kind, deed.stem, values, deed.printed, measures=read_turns(text), context=frozenset(context))
