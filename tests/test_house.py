"""The rules of the house, as docs/architecture.md states them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "presswatch"
FLOORS = [
    {"errors", "model", "checks", "cleaning", "urls", "waiting"},
    {"settings", "storage", "engine", "heap", "outlets", "forgotten"},
    {"archive", "completing", "tables", "topics", "notify"},
    {"discover", "fetch", "extract", "claims", "align"},
    {"collector", "ledger", "worker", "comparer", "report", "tracing", "volume"},
    {"announcing", "reader", "forgetter", "shelving", "kept"},
    {"pipeline"},
    {"demo", "registrar", "desk", "compactor"},
    {"cli"},
    {"__main__"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FILES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Every dotted name a file imports, those inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            if node.module.split(".")[0] == "presswatch":
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_room_has_a_floor():
    assert {room_of(path) for path in FILES} == set(FLOOR)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_lower_floors_only(path):
    room = room_of(path)
    rooms = {name.split(".")[1] for name in imports_of(path) if name.startswith("presswatch.")} & set(FLOOR)
    above = {other for other in rooms - {room} if FLOOR[other] >= FLOOR[room]}
    assert not above, f"{room} (floor {FLOOR[room]}) imports {sorted(above)}"


def private_names_of(path: Path) -> set[str]:
    """What a file imports of presswatch that another module keeps to itself."""
    nodes = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom))
    names = [alias.name for node in nodes if (node.module or "").startswith("presswatch") for alias in node.names]
    return {name for name in names if name.startswith("_") and not name.endswith("__")}


def test_nobody_imports_what_a_module_keeps_to_itself():
    others = [path for room in ("tests", "flows", "bench", "docs") for path in (ROOT / room).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): private_names_of(path) for path in [*FILES, *others]}
    assert not {path: names for path, names in found.items() if names}


def test_modules_import_each_other_in_no_circle():
    modules = {".".join(path.relative_to(SOURCE.parent).with_suffix("").parts): path for path in FILES}
    sorter = TopologicalSorter({module: imports_of(path) & set(modules) for module, path in modules.items()})
    assert len(list(sorter.static_order())) == len(modules)  # raises CycleError, which names the circle


IMPURE = {"asyncio", "httpx", "requests", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time"}
IMPURE_CALLS = {"open", "now", "today", "utcnow", "perf_counter", "urlopen", "read_text", "write_text", "read_bytes"}


def calls_of(path: Path) -> set[str]:
    """The last names of everything a file calls."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


@pytest.mark.parametrize("room", ["extract", "claims", "align"])
def test_pure_rooms_touch_no_network_clock_or_disk(room):
    for path in sorted((SOURCE / room).rglob("*.py")):
        assert not imports_of(path) & IMPURE, path
        assert not calls_of(path) & IMPURE_CALLS, path


OWNERS = {
    "fastwarc": "archive",
    "httpx": "fetch",
    "httpcore": "fetch",
    "pebble": "engine",
    "prefect": None,
    "obstore": "storage",
    "tomlkit": "outlets",
}


@pytest.mark.parametrize(("library", "owner"), OWNERS.items())
def test_library_has_one_importer(library, owner):
    importers = {room_of(p) for p in FILES if any(name.split(".")[0] == library for name in imports_of(p))}
    assert importers <= {owner}


def test_flows_are_thin_and_the_only_importers_of_prefect():
    flows = sorted((ROOT / "flows").glob("*.py"))
    assert flows
    for path in flows:
        assert len(path.read_text("utf-8").splitlines()) < 80, path
    assert any("prefect" in imports_of(path) for path in flows)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["-c", "import presswatch"], 0),
        (["-m", "presswatch", "--help"], 0),
        (["-m", "presswatch", "show", "harbour", "--no-such-option"], 2),  # an error may come of an import broken off
    ],
)
def test_start_and_errors_load_nothing_heavy(words, code):
    done = subprocess.run([sys.executable, "-X", "importtime", *words], capture_output=True, text=True, check=False)
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert done.returncode == code
    assert "presswatch" in loaded
    assert not loaded & {"prefect", "pandas", "trafilatura", "pyarrow", "httpx", "sklearn", "scipy", "lxml"}


def test_errors_are_drawn_in_their_docstring():
    from presswatch import errors

    drawn = re.findall(r"[├└]── (\w+)\s+(\d+)", errors.__doc__)
    made = {
        (name, str(getattr(errors, name).exit_code))
        for name in errors.__all__
        if isinstance(getattr(errors, name), type) and name != "PresswatchError"
    }
    assert set(drawn) == made


def test_public_face_resolves():
    import presswatch

    for name in presswatch.__all__:
        assert getattr(presswatch, name)
