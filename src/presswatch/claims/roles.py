"""Who is meant by "the director": the one person whom a text calls so, where there is only one.

What is certain is little: one name with the role before or behind it, or one person who directs. An "art director"
beside them, or a second director, and the description stays as it is printed.
"""

from __future__ import annotations

import re
from collections import defaultdict

from presswatch.claims.names import NAME, bare_name, trim_name
from presswatch.claims.words import word_set

# What people are by their work, one word for one role; written from general knowledge of English news prose. Left out
# are those of whom a cast or a parliament has many (actor, star, senator), and offices ("the president")
_SAME_ROLE = {"filmmaker": "director", "screenwriter": "writer"}
_ROLES = word_set("""
    director filmmaker producer writer screenwriter cinematographer composer editor author showrunner singer drummer
    guitarist frontman comedian
    """)
_ROLE = rf"(?:{'|'.join(sorted(_ROLES))})"
_ROLE_CAPITALISED = rf"(?:{'|'.join(sorted(role.title() for role in _ROLES))})"
_SAID = re.compile(rf"[Tt]he (?P<role>{_ROLE})")
# words that may stand before a role and leave it what it is; any other may make it another ("art director")
_PLAIN_BEFORE = word_set("""
    the a an its his her their and with by from of for to as that when while says said film’s film's movie’s movie's
    """)
# Each begins with a word that is rare, and the name before it is looked for afterwards: a pattern that begins with a
# name is tried at every capital
_BEFORE_NAME = re.compile(rf"\b(?P<role>{_ROLE}|{_ROLE_CAPITALISED}) (?P<name>{NAME})")
_AFTER_NAME = re.compile(rf", (?:the|an?|its)(?: (?P<word>[\w’'-]{{1,30}}))? (?P<role>{_ROLE})\b")
_DIRECTS = re.compile(rf"\b(?:directs?|directed)\b(?: by (?P<by>{NAME}))?")
_SEVERAL = re.compile(rf"\b(?:co-?(?P<co>{_ROLE})s?|(?P<many>{_ROLE})s|co-?direct\w*)\b")
_ENDS_NAME = re.compile(rf"(?<![\w’'])(?P<name>{NAME})\Z")
_ENDS_SUBJECT = re.compile(rf"(?<![\w’'])(?P<name>{NAME})(?:, who)?(?: has| had| will| to| also)* \Z")
_NAME_CHARS = 90  # how far back a name is looked for
_WORD_CHARS = 24  # and a word


def is_role(described: str) -> bool:
    """Whether a speaker is told by a role alone: "the director"."""
    return _SAID.fullmatch(described) is not None


class Roles:
    """The roles that a text gives persons."""

    def __init__(self, masked: str) -> None:
        # by role, who surely has it, each name with its first place; and the surnames of all who may have it
        self._sure: dict[str, dict[str, int]] = defaultdict(dict)
        self._surnames: dict[str, set[str]] = defaultdict(set)
        for found in _BEFORE_NAME.finditer(masked):
            lead = masked[max(0, found.start() - _WORD_CHARS) : found.start()]
            word = lead.rstrip(" ").rpartition(" ")[2] if lead.endswith(" ") else ""
            is_sure = not word or not word[-1].isalpha() or word.lower() in _PLAIN_BEFORE
            self._hold(found["role"].lower(), found, "name", is_sure=is_sure)
        for found in _AFTER_NAME.finditer(masked):
            word = found["word"] or ""
            is_sure = not word or word[0].isupper() or word in _PLAIN_BEFORE  # "the Norwegian director"
            named = _ENDS_NAME.search(masked, max(0, found.start() - _NAME_CHARS), found.start())
            if named:
                self._hold(found["role"], named, "name", is_sure=is_sure)
        for found in _DIRECTS.finditer(masked):
            named = _ENDS_SUBJECT.search(masked, max(0, found.start() - _NAME_CHARS), found.start())
            if found["by"]:
                self._hold("director", found, "by", is_sure=True)
            elif named:
                self._hold("director", named, "name", is_sure=True)
        several = (found["co"] or found["many"] or "director" for found in _SEVERAL.finditer(masked))
        self._several = frozenset(map(_role, several))

    def _hold(self, role: str, named: re.Match[str], group: str, *, is_sure: bool) -> None:
        name = trim_name(bare_name(trim_name(named[group])))
        if name:
            self._surnames[_role(role)].add(name.rpartition(" ")[2])
        if name and is_sure:
            sure, at = self._sure[_role(role)], named.start(group)
            sure[name] = min(at, sure.get(name, at))

    def holder(self, described: str, at: int) -> tuple[str, int] | None:
        """The name, and its place, of whom "the director" means at a place; None where it is not certain."""
        said = _SAID.fullmatch(described)
        if not said or (role := _role(said["role"])) in self._several:
            return None
        before = [name for name, place in self._sure[role].items() if place < at]
        if len(self._surnames[role]) != 1 or not before:
            return None
        fullest = max(before, key=len)
        return fullest, self._sure[role][fullest]


def _role(word: str) -> str:
    return _SAME_ROLE.get(word, word)
