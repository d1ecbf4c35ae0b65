"""`outlets check` counts what an outlet repeats, proposes rules, and writes them where it is told to."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from presswatch import load
from presswatch.outlets import load_outlet, load_outlets

COMMAND = [sys.executable, "-m", "presswatch"]
PITCH = "Hear the whole talk on our podcast, every Friday."
TOPICS = [
    "The ferry to Marrow Point was sold to a bakery, which will keep bread in the hold and the captain at the wheel.",
    "A violin was found in the belfry of Orrin Bay, strung with fishing line and tuned to the note of the foghorn.",
    "Snow fell on the orchards of Sallow Quay in June, and the cider of that year is said to taste of pencils.",
    "Two chess players in Corrigan Reach have not moved for a week, and their village brings them soup in turns.",
    "The museum of Tallow Street has lent its only painting to a school, where the pupils are to finish it.",
]
SETTINGS = 'outlets = "mine"\n[fetch]\ncontact = "a@b.test"\n[fetch.resolve]\n"thefilmstage.com" = "127.0.0.1:9"\n'
OUTLET = '# mine\nid = "tern"\nname = "The Tern"\nhosts = ["tern.test"]   # one\n'


@pytest.fixture
def stored(call, tmp_path):
    """Five stored articles of an outlet on five stories, with two lines under each that no rule names."""
    (tmp_path / "presswatch.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "tern.toml").write_text(OUTLET, "utf-8")
    saved = tmp_path / "saved"
    saved.mkdir()
    for number, topic in enumerate(TOPICS):
        lines = [
            topic[:30],
            topic,
            f"{topic[:-1]} and nothing more was heard.",
            PITCH,
            f"Also in the Tern {topic[4:22]}",
        ]
        (saved / f"{number}.txt").write_text("\n".join(lines), "utf-8")
    assert call("ingest", "saved", "--outlet", "tern")[0] == 0
    return tmp_path


def test_repeated_lines_are_told_with_a_rule_how_often_and_an_example(stored, run, call):
    code, rows = run("outlets", "check", "tern")
    assert code == 0
    assert [(row["kind"], row["stop"], row["stories"], row["articles"]) for row in rows] == [
        ("stop", r"^Also in the Tern\b", 5, 5),
        ("stop", r"^Hear the whole talk on our podcast, every Friday\.$", 5, 5),
    ]
    assert rows[1]["example"] == PITCH
    code, out, err = call("outlets", "check", "tern")
    assert code == 0
    assert PITCH in out
    assert "nothing was changed: `presswatch outlets check tern --apply`" in err
    assert (stored / "mine" / "tern.toml").read_text("utf-8") == OUTLET


def test_applied_rules_stand_in_the_file_and_take_the_lines_out_of_the_next_tables(stored, call, run):
    code, _, err = call("outlets", "check", "tern", "--apply")
    assert code == 0
    assert "wrote 2 rules into mine/tern.toml" in err
    assert "`presswatch rebuild`" in err
    text = (stored / "mine" / "tern.toml").read_text("utf-8")
    assert text.startswith(OUTLET)
    assert load_outlet(stored / "mine" / "tern.toml").layouts[-1].stop == (
        r"^Also in the Tern\b",
        r"^Hear the whole talk on our podcast, every Friday\.$",
    )
    assert run("outlets", "check", "tern") == (0, [])  # they are declared by now
    call("rebuild")
    tables = load("data/clean")
    assert not tables.articles["text"].str.contains("podcast|Also in").any()
    assert (tables.removed["rule"] == r"stop:^Also in the Tern\b").sum() == 5
    assert (stored / "mine" / "tern.toml").read_text("utf-8") == text


def test_what_may_be_a_fact_is_told_and_never_written_unasked(stored, call, run):
    for number, path in enumerate(sorted((stored / "saved").iterdir())):
        path.write_text(f"{path.read_text('utf-8')}\nHe was {70 + number}.", "utf-8")
    call("ingest", "saved", "--outlet", "tern")
    _, rows = run("outlets", "check", "tern")
    assert {row["stop"]: row["doubt"] for row in rows}[r"^He was \d+\.$"] == "its numbers vary"
    code, out, err = call("outlets", "check", "tern", "--apply")
    assert code == 0
    assert "its numbers vary" in out
    assert "wrote 2 rules" in err
    assert "1 rule may take out facts, and no --apply writes such; run it on a terminal" in err
    assert not any("He was" in pattern for pattern in load_outlet(stored / "mine" / "tern.toml").layouts[-1].stop)
    code, _, err = call("outlets", "check", "tern", "--apply")
    assert "wrote" not in err
    call("rebuild")
    assert load("data/clean").articles["text"].str.contains("He was 7").sum() == 5


def test_counting_needs_no_contact_and_what_could_not_be_asked_is_said(stored, call):
    (stored / "presswatch.toml").write_text('outlets = "mine"\n', "utf-8")
    own = stored / "mine" / "tern.toml"
    own.write_text(f'{OUTLET}[[discover]]\nkind = "feed"\nurl = "https://tern.test/feed/"\n', "utf-8")
    code, out, err = call("outlets", "check", "tern", "--apply")
    assert code == 4
    assert PITCH in out
    assert "wrote 2 rules" in err
    assert "contact = " in err
    assert len(load_outlet(own).layouts[-1].stop) == 2


def test_layouts_on_one_line_get_their_rules(stored, call):
    own = stored / "mine" / "tern.toml"
    own.write_text(OUTLET + 'layouts = [{body = "div.x"}]\n', "utf-8")
    assert call("outlets", "check", "tern", "--apply")[0] == 0
    assert (load_outlet(own).layouts[-1].body, len(load_outlet(own).layouts[-1].stop)) == ("div.x", 2)


def test_a_linked_file_with_windows_line_ends_stays_what_it_was(stored, call):
    own, real = stored / "mine" / "tern.toml", stored / "real.toml"
    own.rename(real)
    real.write_bytes(OUTLET.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    own.symlink_to("../real.toml")
    assert call("outlets", "check", "tern", "--apply")[0] == 0
    assert own.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    content = real.read_bytes()
    assert content.startswith(OUTLET.replace("\n", "\r\n").encode())
    assert content.count(b"\n") == content.count(b"\r\n") > OUTLET.count("\n")
    assert len(load_outlet(own).layouts[-1].stop) == 2


def test_a_packaged_outlet_gets_a_file_that_keeps_all_else(stored, call):
    for path in (stored / "saved").iterdir():
        path.write_text(f"{path.read_text('utf-8')}\nAnd a line for a film stage.", "utf-8")
    call("ingest", "saved", "--outlet", "filmstage")
    packaged = load_outlets()["filmstage"]
    code, _, _ = call("outlets", "check", "filmstage", "--apply")
    assert code == 6  # its feeds are asked too, and nobody answers here
    own = load_outlets(stored / "mine")["filmstage"]
    assert (own.name, own.discover, own.layouts[-1].body) == (
        packaged.name,
        packaged.discover,
        packaged.layouts[-1].body,
    )
    assert set(packaged.layouts[-1].stop) < set(own.layouts[-1].stop)


def test_rules_go_into_the_file_that_is_named(stored, call):
    (stored / "elsewhere").mkdir()
    other = stored / "elsewhere" / "tern.toml"
    other.write_text(OUTLET, "utf-8")
    assert call("outlets", "check", "elsewhere/tern.toml", "--apply")[0] == 0
    assert len(load_outlet(other).layouts[-1].stop) == 2
    assert (stored / "mine" / "tern.toml").read_text("utf-8") == OUTLET


def test_asked_to_apply_where_there_is_nothing_it_says_so(stored, call):
    told = "no rule to write"
    assert told in call("outlets", "check", "tern", "--data", "empty", "--apply")[2]
    assert told not in call("outlets", "check", "tern", "--data", "empty")[2]
    assert told not in call("outlets", "check", "tern", "--apply")[2]
    assert told in call("outlets", "check", "tern", "--apply")[2]


def test_without_articles_or_with_damaged_tables_the_rest_is_checked_all_the_same(stored, call):
    assert call("outlets", "check", "tern", "--data", "empty")[0] == 0
    path = next((stored / "data" / "clean" / "articles").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-50])
    code, _, err = call("outlets", "check", "tern")
    assert code == 0
    assert "were not counted" in err
    assert "presswatch rebuild" in err


@pytest.mark.parametrize(("answers", "count"), [(b"y\nn\n", 1), (b"n\n\n", 0), (b"yes\ny\n", 2)])
def test_on_a_terminal_each_rule_is_asked_for(stored, answers, count):
    master, slave = pty.openpty()
    env = dict(os.environ, TERM="dumb", NO_COLOR="1")
    process = subprocess.Popen([*COMMAND, "outlets", "check", "tern"], stdin=slave, stdout=slave, stderr=slave, env=env)
    os.close(slave)
    os.write(master, answers)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        shown += part
    os.close(master)
    assert process.wait(timeout=60) == 0
    assert shown.count(b"? [y/N]") == 2
    assert len(load_outlet(Path("mine/tern.toml")).layouts[-1].stop) == count
