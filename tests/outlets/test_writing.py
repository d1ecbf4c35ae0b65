"""Outlet files are written so that they are read as they were meant, and changed so that nothing of them is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presswatch.outlets import (
    Draft,
    Source,
    add_stop,
    load_outlets,
    outlet_source,
    parse_outlet,
    tell_families,
    write_draft,
)

PACKAGED = load_outlets()
PAGES = sorted(Path(__file__).parent.glob("*/*.html"))
RULES = [r"^Hear our talk \(free\)", r"^It's on\b", "^Tab\there$"]


def test_a_draft_is_read_as_it_was_meant() -> None:
    draft = Draft(
        id="tern",
        name='The "Tern" \\ Möwe',
        hosts=("tern.test", "old.test"),
        family="wordpress",
        timezone="Europe/Dublin",
        discover=(Source(kind="feed", url="https://tern.test/feed/"),),
        body="div.story",
        doubts=(
            ("name", "two\nlines\x07\u202e"),
            ("discover", "no more"),
            ("https://tern.test/feed/", "slow"),
            ("body", "guess"),
        ),
    )
    text = write_draft(draft, "A draft")
    outlet = parse_outlet(text, Path("tern.toml"))
    assert (outlet.id, outlet.name, outlet.hosts) == (draft.id, draft.name, draft.hosts)
    assert (outlet.family, outlet.timezone, outlet.min_delay_s) == ("wordpress", "Europe/Dublin", 5.0)
    assert outlet.discover == draft.discover
    assert outlet.layouts[-1].body == "div.story"
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert comments == ["# A draft", "# two lines??", "# no more", "# slow", "# guess"]


@pytest.mark.parametrize("outlet_id", list(PACKAGED))
def test_more_stop_rules_change_nothing_else_of_an_outlet(outlet_id: str) -> None:
    before = PACKAGED[outlet_id]
    text = outlet_source(outlet_id)
    changed = add_stop(text, before.layouts, RULES)
    after = parse_outlet(changed, Path(f"{outlet_id}.toml"))
    assert [layout.stop for layout in after.layouts] == [(*layout.stop, *RULES) for layout in before.layouts]
    assert [(o.until, o.body, o.strip, o.byline) for o in after.layouts] == [
        (o.until, o.body, o.strip, o.byline) for o in before.layouts
    ]
    assert (after.hosts, after.aliases, after.discover) == (before.hosts, before.aliases, before.discover)
    for comment in [line for line in text.splitlines() if "#" in line and "stop" not in line]:
        assert comment in changed.splitlines()
    assert add_stop(changed, after.layouts, RULES) == changed


def test_comments_of_a_file_keep_their_places() -> None:
    text = (
        '# mine\nid = "tern"   # short\nname = "The Tern"\nhosts = ["tern.test"]\n\n'
        '[[layouts]]\nuntil = 2020-01-01\nbody = ".old"\n\n# since the move\n[[layouts]]\nbody = ".new"\n'
        "stop = [\n    '^A',   # the first\n    # a remark\n    '^B'\n]\nstrip = [\"aside\"]\n"
    )
    changed = add_stop(text, PACKAGED["indiewire"].layouts, ["^C$"])
    assert "'^A',   # the first\n    # a remark\n    '^B',\n    '^C$',\n]\nstrip" in changed
    assert "body = \".old\"\nstop = [\n    '^C$',\n]\n\n# since the move\n[[layouts]]" in changed
    assert changed.startswith('# mine\nid = "tern"   # short\n')


def test_layouts_that_stand_on_one_line_get_rules_too() -> None:
    text = (
        'id = "tern"\nname = "The Tern"\nhosts = ["tern.test"]\n'
        'layouts = [{until = 2020-01-01, body = ".old", stop = ["^A"]}, {body = ".new"}]  # all of them\n'
    )
    changed = add_stop(text, parse_outlet(text, Path("tern.toml")).layouts, RULES)
    after = parse_outlet(changed, Path("tern.toml"))
    assert [(layout.body, layout.stop) for layout in after.layouts] == [
        (".old", ("^A", *RULES)),
        (".new", tuple(RULES)),
    ]
    assert "# all of them" in changed
    assert add_stop(changed, after.layouts, RULES) == changed


def test_what_does_not_print_is_written_as_an_escape() -> None:
    name = "The \u202enreT\x7f\U000e0041"
    text = write_draft(Draft(id="tern", name=name, hosts=("tern.test",)), "A draft")
    assert text.replace("\n", "").isprintable()
    assert parse_outlet(text, Path("tern.toml")).name == name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_is_told_to_be_of_its_own_family_if_of_any(page: Path) -> None:
    html, family = page.read_text("utf-8"), PACKAGED[page.parent.name].family
    told = list(tell_families(html))
    if family is None:
        assert told == []
    else:
        assert told == [] or family in told  # markup of an outlet's own, or from before it joined, has no signs


@pytest.mark.parametrize("family", sorted({str(outlet.family) for outlet in PACKAGED.values() if outlet.family}))
def test_every_family_is_told_by_some_page(family: str) -> None:
    own = [page for page in PAGES if PACKAGED[page.parent.name].family == family]
    assert any(family in tell_families(page.read_text("utf-8")) for page in own)


def test_signs_that_are_no_patterns_are_a_fault_of_the_family() -> None:
    from presswatch.outlets.reading import read_outlet

    content = {"id": "tern", "name": "The Tern", "hosts": ["tern.test"], "family": "harbor"}
    outlet, faults = read_outlet(content, "tern", {"harbor": {"signs": ["(open"], "layouts": [{"body": "p"}]}})
    assert outlet is None
    assert "family 'harbor': `signs`: '(open' is no regular expression" in faults[0]
    assert json.dumps(faults)
