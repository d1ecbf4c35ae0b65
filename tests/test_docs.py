"""The pages for strangers: their commands run, their links lead somewhere, their output is what the program prints."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest
import typer
import yaml
from selectolax.lexbor import LexborHTMLParser

from presswatch import extract_article, model
from presswatch.cli import app
from presswatch.errors import CODES, RETRIED_CODES
from presswatch.outlets import load_outlet, load_outlets

ROOT = Path(__file__).resolve().parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
MOST_PICTURE = 250_000  # bytes that README may make a reader wait for
SHIM = '#!/bin/sh\nexec "{python}" {words}"$@"\n'

# What is not run here, and why.
NOT_RUN = {
    r"make\b": "another test looks for the target; installing takes minutes",
    r"git\b|pip\b|python -m pip\b": "needs the network",
    r"python3 -m venv\b": "there is an environment already",
    r"prefect\b": "leaves a server behind",
    r"dask (scheduler|worker)\b": "serves until it is interrupted; tests/test_cluster.py runs both",
    r"create(db|user)\b": "wants a PostgreSQL of the machine's",
    r"python flows/": "tests/test_flows.py runs the flows",
    r"python -m pytest\b": "runs this",
    r"python -m presswatch\.demo\b": "serves until it is interrupted; the tests serve the newsroom themselves",
    r"presswatch outlets (check|add)\b|presswatch backfill --outlet\b": "reaches a real outlet",
}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    title: str  # the file that it is, where it says so
    text: str

    def __str__(self):
        return f"{self.page.name}:{self.line}"


def blocks_of(page):
    text = page.read_text("utf-8")
    for found in re.finditer(r"^```(\w*)(?: title=\"(.+?)\")?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        language, title, content = found.groups()
        yield Block(page, text.count("\n", 0, found.start()) + 1, language, title or "", content)


BLOCKS = [block for page in PAGES for block in blocks_of(page)]
SHELL = [block for block in BLOCKS if block.language == "sh"]
PYTHON = [block for block in BLOCKS if block.language == "python" and not block.title]


def commands_of(block):
    """The command lines of a shell block, without comments."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [" ".join(line.split("  #")[0].split()) for line in lines if line.strip() and not line.startswith("#")]


def is_run(command):
    return not any(re.match(pattern, command) for pattern in NOT_RUN)


def load_script(name):
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------- what the commands need around them


@pytest.fixture
def world(ran, workplace):
    """A folder such as the pages speak of: the newsroom's settings and data, saved pages, a crawl, notes."""
    folder = workplace
    saved = folder / "saved"
    saved.mkdir()
    for page in ROOT.glob("tests/outlets/*/*.html"):
        shutil.copy(page, saved)
    shutil.copytree(ROOT / "tests" / "outlets" / "indiewire", folder / "tests" / "outlets" / "indiewire")
    shutil.copy(next((ran.data / "raw" / "k").glob("*/*.warc.gz")), folder / "crawl.warc.gz")
    notes = "A Word on Harbors\nThe harbor cinema opens in May.\nIt has nine rows, and no roof.\n"
    (folder / "notes.txt").write_text(notes, "utf-8")
    (folder / "film.txt").write_text("# what we know of\nhttp://kmagazine.test/culture/orvane-paper-regatta\n", "utf-8")
    return folder


def run_script(folder, script):
    """Run a shell script in a folder, with `presswatch` and `python` as they are here and nobody's own settings."""
    commands = folder.parent / "commands"
    commands.mkdir(exist_ok=True)
    for name, words in {"presswatch": "-m presswatch ", "python": ""}.items():
        (commands / name).write_text(SHIM.format(python=sys.executable, words=words), "utf-8")
        (commands / name).chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PRESSWATCH_")}
    environment |= {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_CONFIG_HOME": str(folder.parent),
    }
    return subprocess.run(
        ["sh", "-eu", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


# ---------------------------------------------------------------- commands


@pytest.mark.timeout(300)  # seven runs one after the other
@pytest.mark.parametrize("block", [b for b in SHELL if any(map(is_run, commands_of(b)))], ids=str)
def test_commands_run(block, world):
    lines = [command for command in commands_of(block) if is_run(command)]
    own_files = [other for other in BLOCKS if other.page == block.page and other.title]
    if own_files or any("presswatch init" in line for line in lines):
        (world / "presswatch.toml").unlink()
    for file in own_files:
        (world / file.title).parent.mkdir(parents=True, exist_ok=True)
        (world / file.title).write_text(file.text, "utf-8")
    done = run_script(world, "\n".join(lines))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", PYTHON, ids=str)
def test_python_runs(block, world):
    (world / "example.py").write_text(block.text, "utf-8")
    done = run_script(world, "python -W error::FutureWarning example.py")
    assert done.returncode == 0, done.stderr


def test_every_reason_for_not_running_is_needed():
    commands = [command for block in SHELL for command in commands_of(block)]
    for pattern in NOT_RUN:
        assert any(re.match(pattern, command) for command in commands), pattern


def spoken_commands():
    """Every presswatch command of every page, those inside sentences too."""
    for block in SHELL:
        yield from ((str(block), c) for c in commands_of(block) if c.startswith("presswatch "))
    for page in PAGES:
        prose = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        yield from ((page.name, " ".join(found.split())) for found in re.findall(r"`(presswatch [^`]+)`", prose))


def fault_of(command):
    """What the command line has to say against the words of a command."""
    spoken = typer.main.get_command(app)
    if command == "presswatch --install-completion":
        return ""  # it would write into the home of whoever tests; tests/test_completing.py runs it in another
    try:
        context = spoken.make_context("presswatch", shlex.split(command)[1:])
        while hasattr(spoken, "resolve_command"):
            name, spoken, rest = spoken.resolve_command(context, [*context._protected_args, *context.args])
            context = spoken.make_context(name, rest, parent=context)
    except typer.Exit:
        return ""  # --help
    except typer.TyperException as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("place", "command"), sorted(set(spoken_commands())))
def test_commands_and_options_exist(place, command):
    fault = fault_of(command)
    assert not fault or (fault.startswith("Missing parameter") and place.endswith(".md"))  # named there, not called


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make (\w+)", page.read_text("utf-8"), re.MULTILINE)) <= targets


# ---------------------------------------------------------------- what is shown


def test_readme_shows_what_the_demo_prints(ran, tmp_path):
    maker = load_script("make_readme")
    shutil.copytree(ran.data, tmp_path / "data")
    page = maker.README.read_text("utf-8")
    shown = maker.cut_output(maker.run_demo(tmp_path / "data"))
    assert page == maker.replace_output(page, shown), "`make docs` writes it again"


@pytest.mark.timeout(300)
def test_what_the_demo_says_to_type_next_runs_as_typed_and_knows_its_outlets(ran, tmp_path):
    folder = tmp_path / "here"
    shutil.copytree(ran.data, folder / "its data")
    told = run_script(folder, "presswatch demo --data 'its data'").stderr.partition("Type next:\n")[2]
    commands = [re.split(" {3,}", line.strip())[0] for line in told.splitlines()]
    columns = {len(line) - len(re.split(" {3,}", line)[-1]) for line in told.splitlines() if "   " in line.strip()}
    assert len(columns) == 1  # what each is for stands in one column
    assert [command.split()[0] for command in commands] == ["presswatch"] * 3 + ["python", "mkdir"]
    done = run_script(folder, "\n".join(commands))
    assert done.returncode == 0, done.stderr
    assert (folder / "films" / "presswatch.toml").is_file()
    later = "presswatch rebuild --data 'its data' && presswatch show paper-regatta --data 'its data'"
    done = run_script(folder, f"{later} && presswatch outlets list --data 'its data'")
    assert "K Magazine, The Slow Shutter and The Lantern Post" in done.stdout
    assert "lanternpost" in done.stdout


def test_exit_codes_of_readme_are_those_of_the_help():
    from presswatch.cli.frame import AFTER_ALL

    listed = re.findall(r"^  (\d+) ", AFTER_ALL, re.MULTILINE)
    (told,) = re.findall(
        r"The exit code\s+says how it ended: (.*?)\. `", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    assert re.findall(r"\d+", told) == listed


def test_sheets_of_the_workbook_are_told_as_they_are_called(ran):
    from openpyxl import load_workbook

    from presswatch.report.workbook import render_xlsx

    made = render_xlsx(ran.tables, ran.demonstration.story_id)
    sheets = ", ".join(load_workbook(io.BytesIO(made)).sheetnames)
    for name in ("README.md", "docs/loading.md"):
        (told,) = re.findall(r"--xlsx \S+ +# sheets: (.*)", (ROOT / name).read_text("utf-8"))
        assert told == sheets, name


def test_readme_installs_into_an_environment():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "python3 -m venv .venv" in readme.partition("\npip install")[0].splitlines()[-1]


def test_the_topic_of_readme_is_the_one_that_its_commands_find(ran):
    from presswatch.demo import TOPIC

    (block,) = (block for block in blocks_of(ROOT / "README.md") if block.language == "toml")
    (topic,) = tomllib.loads(block.text)["topic"]
    assert {key: tuple(value) if isinstance(value, list) else value for key, value in topic.items()} == vars(TOPIC)
    tagged = ran.tables.stories[ran.tables.stories["topics"] == topic["name"]]
    assert ran.demonstration.story_id in set(tagged["story_id"])


def test_readme_begins_with_what_it_is_the_two_commands_and_output():
    first = (ROOT / "README.md").read_text("utf-8").splitlines()[:25]
    for words in ("# presswatch", "see what every outlet said", ".png)", "make demo", "make test", "WHERE THEY DIFFER"):
        assert any(words in line for line in first), words


def test_pictures_are_small_and_shown():
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG"), picture
        assert picture.stat().st_size < MOST_PICTURE, picture
        assert f"pictures/{picture.name})" in shown, picture
    assert pictures


def test_page_of_the_tables_is_what_is_declared():
    maker = load_script("make_tables")
    assert maker.PAGE.read_text("utf-8") == maker.render_tables(), "`make docs` writes it again"


def test_outlet_of_the_example_is_sound_and_reads_its_page(tmp_path):
    page = ROOT / "docs" / "adding-an-outlet.md"
    files = {block.title: block.text for block in blocks_of(page) if block.title}
    toml = next(title for title in files if title.startswith("outlets/"))
    (tmp_path / "outlets").mkdir()
    (tmp_path / toml).write_text(files[toml], "utf-8")
    outlet = load_outlet(tmp_path / toml)
    assert outlet.id not in load_outlets()
    (expected,) = (json.loads(text) for title, text in files.items() if title.endswith(".json"))
    (html,) = (text for title, text in files.items() if title.endswith(".html"))
    fetched_at = datetime.fromisoformat(expected["fetched_at"])
    article = extract_article(html.encode(), expected["url"], outlet=outlet, fetched_at=fetched_at)
    assert article.text.split("\n") == expected["text"]
    assert article.published_at == datetime.fromisoformat(expected["published_at"])
    for name in ("headline", "section", "language", "access"):
        assert getattr(article, name) == expected[name]
    assert list(article.byline) == expected["byline"]
    assert [getattr(article, name) for name in expected["absent"]] == [None]
    for words in expected["removed"]:
        assert any(words in block.text for block in article.removed), words
    assert article.extractor == "layout:wordpress"


def test_page_on_outlets_names_every_key_and_family():
    text = (ROOT / "docs" / "adding-an-outlet.md").read_text("utf-8")
    from presswatch.outlets import reading

    for key in {*reading._OUTLET_KEYS, *reading._LAYOUT_KEYS} - {"discover", "layouts"}:
        assert f"`{key}`" in text, key
    for family in (ROOT / "src" / "presswatch" / "outlets" / "families").glob("*.toml"):
        assert f"`{family.stem}`" in text, family.stem


# ---------------------------------------------------------------- the site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as CI builds it: a page without a place, or a link that leads nowhere, ends the build."""
    folder = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_site_has_every_page_in_its_menu(site):
    menu = LexborHTMLParser((site / "index.html").read_text("utf-8")).css("nav.md-nav--primary a.md-nav__link")
    targets = {link.attributes["href"].partition("#")[0] for link in menu}
    own_names = {"README": "index", "CONTRIBUTING": "contributing", "CHANGELOG": "changelog"}
    for page in PAGES:
        name = f"{own_names.get(page.stem, page.stem)}.html"
        assert (site / name).is_file(), name
        assert name in targets, name


def test_pages_of_the_site_lead_to_files_that_are_there_and_load_nothing_from_elsewhere(site):
    for page in site.rglob("*.html"):
        tree = LexborHTMLParser(page.read_text("utf-8"))
        loaded = [node.attributes["src"] for node in tree.css("[src]")]
        loaded += [node.attributes["href"] for node in tree.css("link[href]")]
        assert not [address for address in loaded if "//" in address], page
        if page.name != "404.html":  # which is written for the top of a web server
            links = [node.attributes["href"] for node in tree.css("article a[href]")]
            paths = [link.partition("#")[0] for link in links if "://" not in link]
            assert not [path for path in [*loaded, *paths] if not (page.parent / path).exists()], page


# ---------------------------------------------------------------- what is said


def test_citation_says_what_the_package_says():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert cited.pop("message")
    assert cited == {  # what CFF 1.2.0 demands, and of what it allows no more than the package knows
        "cff-version": "1.2.0",
        "type": "software",
        "title": project["name"],
        "version": project["version"],
        "abstract": project["description"],
        "authors": project["authors"],
        "keywords": project["keywords"],
        "license": project["license"],
    }


def anchors_of(page):
    """The anchors of a page's headings, as they are made on the web."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors_of(linked), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page):
    named = re.findall(r"`((?:src|tests|docs|flows|bench)/[\w./-]*)`", page.read_text("utf-8"))
    invented = {block.title for block in BLOCKS}
    assert not [path for path in named if path not in invented and not (ROOT / path).exists()]


def test_architecture_lists_every_room():
    rooms = re.findall(r"^\| \d \| `(\w+)` \|", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE)
    there = {path.stem for path in (ROOT / "src" / "presswatch").iterdir() if not path.name.startswith(("_", "py."))}
    assert sorted(rooms) == sorted(there)


def test_a_cluster_is_measured_as_it_is_said_to_be_started():
    scale = (ROOT / "bench" / "scale.py").read_text("utf-8")
    settings = dict(re.findall(r'^    "(DASK_\w+)": "(\w+)",$', scale, re.MULTILINE))
    assert settings
    operations = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert dict(re.findall(r"[ ](DASK_DISTRIBUTED__(?:ADMIN|WORKER)\w+)=(\w+)", operations)) == settings
    (options,) = re.findall(r'^DASK_WORKER = "(.+)"', scale, re.MULTILINE)
    assert f" {options} --nworkers" in operations


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_word_stands_in_for_what_is_to_be_written(page):
    assert not re.findall(r"^[A-Z]{4,}$|\bTODO\b|\bTBD\b", page.read_text("utf-8"), re.MULTILINE)


VALUES = ["Access", "ClaimStatus", "DriftChange", "MentionKind", "Relation", "Stance", "Verdict", "Voice"]


@pytest.mark.parametrize("words", VALUES)
def test_glossary_knows_every_value(words):
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    for value in get_args(getattr(model, words)):
        assert f"`{value}`" in text or f"**{value.replace('_', ' ')}**" in text, value


def test_glossary_knows_every_failure():
    rows = re.findall(r"^\| `(\w+)`( ↻)? \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE)
    assert {code for code, _ in rows} == CODES
    assert {code for code, is_retried in rows if is_retried} == RETRIED_CODES


EXAMPLES = [path for path in SOURCES if re.search(r">>> (?!.*doctest: \+SKIP)", path.read_text("utf-8"))]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_examples_in_docstrings_are_true(path):
    parts = path.relative_to(ROOT / "src").with_suffix("").parts
    module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
    done = doctest.testmod(module)
    assert done.failed == 0
    assert done.attempted > 0
