"""The command line over tables that are there: words, listings, one story, what goes wrong, and how it is printed."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest
import typer

from presswatch import __version__
from presswatch.cli import app
from presswatch.storage import DataDir
from presswatch.tables import TABLES, make_arrow, read_arrow, read_file, write_arrow
from presswatch.tables.schema import SCHEMA_KEY, SCHEMA_VERSION

COMMAND = [sys.executable, "-m", "presswatch"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder of its own for every test, without a user's settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def copy(ran, tmp_path):
    return shutil.copytree(ran.data, tmp_path / "data")


def commands():
    """Every command by its words."""
    root = typer.main.get_command(app)
    for name, command in root.commands.items():
        for inner in getattr(command, "commands", {None: command}).items():
            yield tuple(filter(None, (name, inner[0])))


# ---------------------------------------------------------------- words


def test_an_outlet_may_be_meant_by_its_name_or_alias(call):
    for meant in ("The Film Stage", "film stage", "TFS"):
        code, _, err = call("backfill", "--since", "2026-01-01", "--until", "2026-01-02", "--outlet", meant)
        assert (code, err.splitlines()[0]) == (2, f"presswatch: no outlet {meant!r}; did you mean 'filmstage'?")


@pytest.mark.parametrize("text", ["http://quay.test/a\n".encode("utf-16"), b"PK\x03\x04\0\0noise\nmore noise\n"])
def test_a_list_that_is_no_text_is_not_taken_for_a_thousand_bad_addresses(call, tmp_path, text):
    (tmp_path / "list.xlsx").write_bytes(text)
    code, _, err = call("backfill", "--urls", "list.xlsx")
    assert code == 2
    assert "--urls list.xlsx: it is no plain text: save the addresses as text (UTF-8), one a line" in err


def test_settings_in_another_encoding_say_what_to_do(call, tmp_path):
    (tmp_path / "presswatch.toml").write_bytes('data = "data"\n'.encode("utf-16"))
    code, _, err = call("status")
    assert (code, err) == (4, "presswatch: presswatch.toml: it is not in UTF-8: open it in an editor and save it so\n")


def test_what_an_error_says_to_type_next_names_the_data_folder_too(call, copy):
    copy.rename("my data")
    for path in Path("my data/clean/articles").iterdir():
        path.write_bytes(b"")
    for named in (["--data", "my data"], ["--data=my data"]):
        code, _, err = call("stories", *named)
        assert code == 1
        assert "`presswatch rebuild --data 'my data'` makes it again" in err
    assert "`presswatch ingest --data none` or `presswatch demo --data none`" in call("stories", "--data", "none")[2]


def test_a_file_where_the_data_folder_should_be_is_named(call, tmp_path):
    (tmp_path / "notes").touch()
    for command in ("status", "rebuild"):
        code, _, err = call(command, "--data", "notes")
        assert (code, err) == (3, "presswatch: notes: stands where a folder is needed\n")
    code, out, _ = call("doctor", "--data", "notes")
    assert (code, out.splitlines()[0]) == (1, "folder: notes: notes: stands where a folder is needed")


def test_doctor_says_where_there_is_no_folder_to_look_at(call):
    code, _, err = call("doctor", "--data", "mispelt")
    assert (code, err.splitlines()[0]) == (0, "there is no folder mispelt yet: only the outlet files were looked at")


def test_compact_of_nothing_counts_nothing(call):
    assert call("compact")[2] == "nothing to put together: no past month has several small files\n"


def test_a_signal_that_comes_when_all_is_done_changes_nothing():
    late = "import atexit, os, signal; atexit.register(os.kill, os.getpid(), signal.SIGTERM)"
    program = f"{late}; from presswatch.cli import main; main(['--version'])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_closed_outputs_are_no_fault(ran):
    shell = f"{sys.executable} -m presswatch stories --data {shlex.quote(str(ran.data))}"
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(["sh", "-c", f"{shell} {closed}"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_has_an_example_and_the_options_of_all(call, command):
    code, out, err = call(*command, "--help")
    assert (code, err) == (0, "")
    assert f"  presswatch {' '.join(command)}" in out.partition("Example")[2]
    for option in ("--data DIR", "--json", "-q, --quiet", "-v, --verbose"):
        assert option in out


def test_help_cuts_no_word_and_names_no_type(call):
    for words in ((), ("outlets",), *commands()):
        out = call(*words, "--help")[1]
        assert "..." not in out.replace("[ARGS]...", "").replace("}...", "").replace("]...", ""), words
        assert "<" not in out, words


def test_help_tells_what_the_exit_codes_mean(call):
    from presswatch import errors

    out = call("--help")[1]
    told = {int(line.split()[0]) for line in out.partition("Exit codes:")[2].splitlines() if line.strip()}
    raised = {getattr(errors, name).exit_code for name in errors.__all__ if hasattr(getattr(errors, name), "exit_code")}
    assert raised | {0, 5, 6, 130} == told


def test_help_fits_a_terminal_but_for_addresses(call):
    for words in ((), ("outlets",), *commands()):
        wide = [line for line in call(*words, "--help")[1].splitlines() if len(line) > 80 and "://" not in line]
        assert not wide, words


def test_an_unknown_outlet_is_told_before_any_plan(call):
    for more in ([], ["--dry-run"]):
        words = ["backfill", "--since", "2024-01-01", "--until", "2024-02-01", "--outlet", "nope", *more]
        code, out, err = call(*words)
        assert (code, out) == (2, "")
        assert err.startswith("presswatch: no outlet 'nope'")


def test_version(call):
    assert call("--version") == (0, f"presswatch {__version__}\n", "")


@pytest.mark.parametrize("words", [(), ("outlets",)])
def test_no_command_shows_what_there_is(call, words):
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert "Commands:" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("wach", "no such command 'wach'; did you mean 'watch'?"),
        ("outlets chekc", "did you mean 'check'?"),
        ("watch --outlets k", "no such option: --outlets; did you mean '--outlet'?"),
        ("list", "no such command 'list'; did you mean 'outlets list'?"),
        ("stories --outlet k", "no such option: --outlet\n"),  # and not: did you mean '--quiet'?
        ("watch --outlet", "for example `presswatch watch --outlet indiewire --wait`"),
        ("--data x stories", "as in `presswatch stories --data`"),
        ("show", "for example `presswatch show paper regatta`"),
        ("stories -q -v", "do not go together"),
        ("watch --outlet indywire", "'indiewire'"),
        ("outlets check indywire", "'indiewire'"),
        ("outlets check none.toml", "no such file: none.toml; `presswatch outlets list` shows the ids"),
        ("backfill", "--since 2024-01-01 --until 2024-02-01"),
        ("backfill --since 2024-01-01", "go together"),
        ("backfill --since monday --until 2024-01-01", "'monday' is no date"),
        ("backfill --since 2024-02-01 --until 2024-01-01", "not before"),
        ("backfill --since 2024-01-01 --until 2024-01-01", "not before"),
        ("backfill --since 0001-01-01T00:00+14:00 --until 2024-01-01", "no date"),
        ("backfill --urls emtpy.txt", "no such file: emtpy.txt; did you mean 'empty.txt'?"),
        ("backfill --urls . --outlet k", "Is a directory"),
        ("backfill --urls empty.txt", "no address"),
        ("backfill --urls empty.txt --since 2024-01-01 --until 2024-02-01", "leave --since and --until out"),
        ("rebuild --until 2024-01-01", "go together"),
        ("ingest", "PATH"),
        ("ingest none.html", "no such file: none.html; in "),
        ("ingest folder/b.html fodler/a.html", "no such file: fodler/a.html; there is no folder fodler"),
        ("ingest folder", "nothing to take in"),
        ("ingest empty.txt --outlet ../../up", "small letters"),
        ("show", "STORY"),
        ("show @", "no story is named: type words of its headline, as `presswatch show paper regatta`, or its id"),
        ("show @ @ --data d", "`presswatch stories --data d` lists them"),
        ("stories", "presswatch watch"),
        ("failures", "presswatch watch"),
        ("show anything", "presswatch watch"),
    ],
)
def test_wrong_words_end_with_2_and_say_what_to_type(call, tmp_path, words, told):
    (tmp_path / "empty.txt").write_text("# nothing here\n\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.pdf").touch()
    code, out, err = call(*(" " if word == "@" else word for word in words.split()))
    assert (code, out) == (2, "")
    assert told in err


def test_no_file_is_made_outside_the_data_folder(call, tmp_path):
    (tmp_path / "a.txt").write_text("A headline\n\nA sentence that says something.")
    call("ingest", "a.txt", "--data", "in/side", "--outlet", "../../../up")
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt"}


# ---------------------------------------------------------------- configuration


@pytest.mark.parametrize("words", ["watch", "backfill --since 2024-01-01 --until 2024-02-01"])
def test_no_outlets_is_told_with_4(call, words):
    code, out, err = call(*words.split())
    assert (code, out) == (4, "")
    assert "[collect]" in err
    assert "presswatch init" in err


@pytest.mark.parametrize("words", ["watch --outlet filmstage", "outlets check w", "backfill --urls list.txt"])
def test_a_real_outlet_needs_a_contact(call, tmp_path, words):
    (tmp_path / "list.txt").write_text("https://www.indiewire.com/a/\n")
    code, out, err = call(*words.split())
    assert (code, out) == (4, "")
    assert "contact = " in err


def test_init_writes_a_file_that_holds_and_never_over_another(call, tmp_path):
    assert call("init", "--data", 'a "b"')[0] == 0
    written = (tmp_path / "presswatch.toml").read_text("utf-8")
    assert tomllib.loads(written)["data"] == 'a "b"'
    assert call("watch")[0] == 4  # its contact is commented
    code, out, err = call("init")
    assert (code, out) == (2, "")
    assert "here already" in err
    assert (tmp_path / "presswatch.toml").read_text("utf-8") == written


def test_wrong_settings_are_told_all_at_once(call, tmp_path):
    (tmp_path / "presswatch.toml").write_text('dta = "x"\n[fetch]\ncontakt = "y"\nconcurrency = 0\n')
    code, out, err = call("status")
    assert (code, out) == (4, "")
    assert "'data'" in err
    assert "'contact'" in err
    assert "concurrency" in err
    (tmp_path / "presswatch.toml").write_text("data = \n")
    assert call("status")[0] == 4


def test_a_broken_outlet_file_is_told_whole(call, tmp_path):
    (tmp_path / "mine.toml").write_text('id = "mine"\nhots = ["a.example"]\nmin_delay_s = -1\n')
    code, out, err = call("outlets", "check", "mine.toml")
    assert (code, out) == (4, "")
    for fault in ("'hosts'", "`name` is missing", "min_delay_s"):
        assert fault in err


def test_outlets_are_listed(call):
    code, out, err = call("outlets", "list", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert {"indiewire", "w", "filmstage", "slashfilm", "directorsseries"} <= {row["outlet_id"] for row in rows}
    assert "IndieWire" in call("outlets", "list")[1]


# ---------------------------------------------------------------- listings


@pytest.mark.parametrize("table", ["stories", "failures"])
def test_a_listing_as_json_has_the_columns_of_its_table(call, ran, table):
    code, out, err = call(table, "--json", "--data", ran.data)
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert len(rows) == len(getattr(ran.tables, table))
    assert {tuple(row) for row in rows} == {TABLES[table].column_names}


def test_stories_are_found_by_words_of_any_headline_or_topic(call, ran):
    main = ran.demonstration.story_id

    def found(*words):
        return [row["story_id"] for row in json.loads(call("stories", *words, "--json", "--data", ran.data)[1])]

    assert found("paper-regatta") == found("PAPER", "regatta") == [main]
    assert main in found("orvane")
    assert found("nosuchword") == []
    assert len(found()) == len(ran.tables.stories)
    code, out, err = call("stories", "nosuchword", "--data", ran.data)
    assert (code, out) == (0, "")
    assert "'nosuchword'" in err
    assert f"`presswatch stories --data {ran.data}` lists all" in err
    assert "did you mean 'paper regatta'?" in call("stories", "papr", "regata", "--data", ran.data)[2]


def test_stories_are_listed_by_the_time_that_is_shown(call, ran, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    rows = json.loads(call("stories", "--json", "--data", ran.data)[1])
    told = [row["last_published_at"] for row in rows]
    assert told == sorted(told, reverse=True)
    assert "first_published_at" in rows[0]
    for words in (["stories"], ["show", "the"]):
        out = call(*words, "--data", ran.data)[1]
        assert "last_published_at" in out.splitlines()[1]
        assert "first_published_at" not in out


def test_failures_of_one_run(call, ran):
    known = set(ran.tables.failures["run_id"])
    run_id = known.pop()
    rows = json.loads(call("failures", "--run", run_id, "--json", "--data", ran.data)[1])
    assert {row["run_id"] for row in rows} == {run_id}
    code, out, err = call("failures", "--run", run_id[:-1], "--data", ran.data)
    assert (code, out) == (2, "")
    assert f"did you mean '{run_id[:8]}" in err
    assert "?;" not in err


def test_status_counts_and_names_the_last_run(call, ran):
    found = json.loads(call("status", "--json", "--data", ran.data)[1])
    assert found["articles"] == ran.tables.articles["article_id"].nunique()
    assert found["last_run"]["run_id"] == ran.demonstration.watch.run_id
    assert (found["unread_files"], found["interrupted_files"], found["running"]) == (0, 0, None)
    assert "last run       watch" in call("status", "--data", ran.data)[1]


def test_status_and_explain_wrap_words_and_cut_no_address(call, ran, monkeypatch):
    url = next(iter(ran.tables.articles["url"]))
    whole = {words: call(*words, "--data", ran.data)[1] for words in (("status",), ("explain", url))}
    monkeypatch.setenv("COLUMNS", "60")
    for words, out in whole.items():
        wrapped = call(*words, "--data", ran.data)[1]
        assert wrapped != out
        assert wrapped.split() == out.split()
        for line in wrapped.splitlines():
            assert len(line) <= 60 or len(line.strip().split("  ")[-1].split()) == 1, line


def test_status_of_nothing_says_how_to_begin(call):
    code, out, err = call("status")
    assert (code, err) == (0, "")
    assert "presswatch demo" in out
    assert json.loads(call("status", "--json")[1])["last_run"] is None
    call("init")
    assert "presswatch demo" not in call("status")[1]  # what is invented does not belong among one's own


def test_status_of_a_demo_that_was_killed_names_the_command_that_finishes_it(call, copy):
    shutil.rmtree(copy / "clean")
    for folder in ("andmatinee", "k"):
        shutil.rmtree(copy / "raw" / folder)
    out = call("status")[1]
    assert "stored files; `presswatch demo` does it" in out
    assert "`presswatch watch`" not in out
    (copy / ".spool" / "k@run.warc.gz.open").touch()
    copy.rename("my demo")
    out = call("status", "--data", "my demo")[1]
    assert "a run was cut short; `presswatch demo --data 'my demo'` finishes its work" in out
    (copy.parent / "my demo" / "raw" / "indiewire").mkdir()
    assert "the next `presswatch watch` or `backfill` finishes its work" in call("status", "--data", "my demo")[1]


def test_status_tells_a_run_under_way_from_one_that_was_cut_short(call, copy):
    (copy / ".spool" / "k@run.warc.gz.open").touch()
    assert "was cut short" in call("status")[1]
    with DataDir(copy).locked("presswatch watch"):
        _, out, _ = call("status")
    assert "running now    `presswatch watch`" in out
    assert "cut short" not in out


# ---------------------------------------------------------------- one story


def test_a_story_is_shown_by_id_former_id_and_words(call, copy, ran):
    main = ran.demonstration.story_id
    for path in (copy / "clean" / "stories").glob("*.parquet"):
        stories = read_file(path, TABLES["stories"]).to_pylist()
        for row in stories:
            row["aliases"] = "0000formerly; 0000before" if row["story_id"] == main else None
        write_arrow(make_arrow(TABLES["stories"], stories), path)
    shown = [
        call("show", *words.split(), "--json") for words in (main, "0000before", "paper-regatta", "quist lighthouse")
    ]
    assert [code for code, _, _ in shown] == [0, 0, 0, 2]
    told = [json.loads(out) for _, out, _ in shown[:3]]
    assert told[0] == told[1] == told[2]
    assert told[0]["story_id"] == main
    assert set(TABLES["stories"].column_names) < set(told[0])
    assert {claim["story_id"] for claim in told[0]["claims"]} == {main}


def test_an_id_is_known_by_six_characters_in_any_case(call, ran):
    main = ran.demonstration.story_id
    shown = call("show", main, "--data", ran.data)
    assert shown[0] == 0
    for asked in (main.upper(), main[:6], main[:6].upper(), f" {main} "):
        assert call("show", asked, "--data", ran.data) == shown
    code, out, err = call("show", main[:4], "--data", ran.data)
    assert (code, out) == (2, "")
    assert f"no story has the id {main[:4]!r}" in err
    assert "of the beginning of an id six characters are needed" in err
    assert "six characters" not in call("show", "ffff", "--data", ran.data)[2]
    assert "six characters" in " ".join(call("show", "--help")[1].split())


def test_a_story_is_shown_with_the_names_of_its_outlets(call, ran):
    code, out, err = call("show", "paper-regatta", "--data", ran.data)
    assert (code, err) == (0, "")
    assert "K Magazine" in out
    assert "Third Act Notebook" in out
    assert len(call("show", "paper-regatta", "--verbose", "--data", ran.data)[1]) > len(out)


def test_several_stories_are_listed_with_2(call, ran):
    code, out, err = call("show", "the", "--data", ran.data)
    assert (code, err) == (2, "")
    rows = json.loads(call("show", "the", "--json", "--data", ran.data)[1])
    assert len(rows) > 1
    assert all(row["story_id"] in out for row in rows)


def test_an_unknown_story_names_near_ones(call, ran):
    main = ran.demonstration.story_id
    code, out, err = call("show", main[:-1] + "0", "--data", ran.data)
    assert (code, out) == (2, "")
    assert f"did you mean '{main}'?\n" in err
    code, out, err = call("show", "papr", "regata", "--data", ran.data)
    assert (code, out) == (2, "")
    assert "did you mean 'paper regatta'?" in err
    assert f"`presswatch stories --data {ran.data}` lists them" in err
    _, out, err = call("show", "regatta", "nosuchword", "--json", "--data", ran.data)
    assert out == ""
    assert main in err


def test_a_story_is_written_into_files(call, ran, tmp_path):
    words = ["show", "paper-regatta", "--data", str(ran.data)]
    code, out, err = call(*words, "--html", "new/a.html", "--csv", "a.csv", "--md", "a.md")
    assert (code, out) == (0, "")
    assert err.count("wrote") == 3
    assert (tmp_path / "new" / "a.html").read_text("utf-8").startswith("<!")
    assert "K Magazine" in (tmp_path / "a.md").read_text("utf-8")
    table = (tmp_path / "a.csv").read_bytes()
    assert table.startswith(b"\xef\xbb\xbfstory_id,")  # by this mark Excel knows UTF-8
    assert "“Paper Regatta,”" in table.decode()
    assert call(*words, "--html", "desk.html", "--full-text", "-q") == (0, "", "")
    page, desk = ((tmp_path / name).read_text("utf-8") for name in ("new/a.html", "desk.html"))
    assert len(page.encode()) < 300_000
    assert "for passing on" in desk
    assert "for passing on" not in page
    code, out, err = call(*words, "--full-text")
    assert (code, out) == (2, "")
    assert "--html FILE" in err
    assert call(*words, "--md", "b.md", "-q") == (0, "", "")
    code, out, err = call(*words, "--md", "a.md/b.md")
    assert (code, out) == (3, "")
    assert "a.md" in err


def test_the_address_of_an_article_leads_to_its_story(call, ran):
    url = str(next(iter(read_arrow(ran.data / "clean", TABLES["articles"])["url"])))
    code, out, err = call("show", url, "--data", ran.data)
    assert (code, out) == (2, "")
    (command,) = re.findall(r"`presswatch (explain .*)` says which story it is in", err)
    assert "presswatch show " in call(*shlex.split(command))[1]


def test_a_file_may_go_to_stdout(ran, tmp_path):
    words = [*COMMAND, "show", "paper-regatta", "--data", str(ran.data)]
    for option in ("--html", "--csv", "--md"):
        subprocess.run([*words, option, "told"], check=True, capture_output=True)
        done = subprocess.run([*words, option, "-"], check=True, capture_output=True)
        assert done.stdout == (tmp_path / "told").read_bytes()
        assert done.stderr == b""
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize("words", ["--csv - --md -", "--csv - --json"])
def test_two_things_do_not_share_stdout(call, ran, words):
    code, out, err = call("show", "paper-regatta", *words.split(), "--data", ran.data)
    assert (code, out) == (2, "")
    assert "only one thing can go to stdout" in err


def test_a_folder_beside_the_data_folder_is_told_which_is_meant(call, copy):
    for meant in (copy.parent, copy / "clean"):
        code, out, err = call("stories", "--data", meant)
        assert (code, out) == (2, "")
        assert f"they are in {copy / 'clean'}, so the data folder is {copy}" in err
        assert "presswatch watch" not in err  # which would make a second one inside


# ---------------------------------------------------------------- damage and disks


def test_a_damaged_table_names_what_mends_it(call, copy):
    path = next((copy / "clean" / "stories").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-50])
    for words in (["stories"], ["status"], ["show", "regatta", "--json"]):
        code, out, err = call(*words)
        assert (code, out) == (1, "")
        assert str(path.relative_to(copy.parent)) in err
        assert "presswatch rebuild" in err


def test_a_damaged_list_of_what_was_read_names_what_mends_it(call, copy):
    (copy / "clean" / ".read.json").write_text("{")
    code, out, err = call("status")
    assert (code, out) == (1, "")
    assert "presswatch rebuild" in err


def test_tables_of_a_newer_schema_name_both_versions(call, copy):
    made = read_arrow(copy / "clean", TABLES["stories"])
    newer = made.replace_schema_metadata({SCHEMA_KEY: str(SCHEMA_VERSION + 1).encode()})
    write_arrow(newer, next((copy / "clean" / "stories").glob("*.parquet")))
    code, out, err = call("stories")
    assert (code, out) == (1, "")
    assert f"schema {SCHEMA_VERSION + 1}" in err
    assert f"up to {SCHEMA_VERSION}" in err


@pytest.mark.parametrize("words", ["rebuild", "ingest a.txt", "demo", "status"])
def test_a_folder_that_cannot_be_is_told_with_3(call, tmp_path, words):
    (tmp_path / "a.txt").write_text("text")
    code, out, err = call(*words.split(), "--data", "a.txt/data" if words != "status" else "a.txt")
    assert (code, out) == (3, "")
    assert "a.txt" in err


# ---------------------------------------------------------------- how it is printed


def start(*words, **more):
    return subprocess.Popen([*COMMAND, *map(str, words)], stderr=subprocess.PIPE, text=True, **more)


def test_a_reader_that_goes_away_is_no_fault(ran):
    for words in (["stories", "--json"], ["show", "paper-regatta", "-v"], ["show", "paper-regatta", "--html", "-"]):
        read, write = os.pipe()
        os.close(read)
        process = start(*words, "--data", ran.data, stdout=write)
        os.close(write)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")  # noqa: PTH110
def test_a_full_disk_under_stdout_is_told_with_3(ran):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        process = start("stories", "--data", ran.data, stdout=full)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (3, "presswatch: output: the disk is full\n")


def test_an_output_that_knows_ascii_only_gets_ascii(ran):
    plain = dict(os.environ, PYTHONIOENCODING="ascii")
    process = start("show", "paper-regatta", "--data", ran.data, stdout=subprocess.PIPE, env=plain)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.isascii()
    assert "* says   o in part   ! differs   . silent   ? not fetched" in out
    process = start("show", "paper-regatta", "--json", "--data", ran.data, stdout=subprocess.PIPE, env=plain)
    out, _ = process.communicate(timeout=60)
    assert out.isascii()
    assert any(not headline["headline"].isascii() for headline in json.loads(out)["articles"])


def on_a_terminal(*words, columns, **more):
    """What a command prints on a terminal of some columns, stdout and stderr together."""
    master, slave = pty.openpty()
    env = dict(os.environ, TERM="xterm-256color", COLUMNS=str(columns), **more)
    process = subprocess.Popen([*COMMAND, *map(str, words)], stdout=slave, stderr=slave, stdin=slave, env=env)
    os.close(slave)
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        parts.append(part)
    os.close(master)
    assert process.wait(timeout=60) == 0
    return b"".join(parts).decode()


@pytest.mark.parametrize("columns", [40, 200])
def test_no_line_is_wider_than_the_terminal(ran, columns):
    shown = on_a_terminal("show", "paper-regatta", "--data", ran.data, columns=columns, NO_COLOR="1")
    listed = on_a_terminal("failures", "--data", ran.data, columns=columns, NO_COLOR="1")
    for line in (shown + listed).splitlines():
        if line.strip().startswith("http://") and " " not in line.strip():
            continue  # an address stays whole
        assert sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) <= columns
        assert "\x1b" not in line


def test_a_terminal_has_colours(ran):
    assert "\x1b[" in on_a_terminal("show", "paper-regatta", "--data", ran.data, columns=80)
