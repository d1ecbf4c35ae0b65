"""examples/coverage.ipynb: every cell runs, its answers are true of the newsroom, its outputs are those of a run."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from copy import deepcopy
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = {"two": "2", "three": "3", "eight": "8"}

# What the notebook's own variables say, told after its last cell
TELLING = """
import json

changed = changed[["outlet_id", "earlier_outlet_id", "speaker", "change", "text", "earlier_text"]]
print(json.dumps({
    "first": first[["text", "first", "repeated_by"]].to_dict("records"),
    "values": values[["what", "outlet_id", "value", "text"]].to_dict("records"),
    "left_out": left_out.to_dict("records"),
    "changed": changed.to_dict("records"),
}))
"""


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_notebook", ROOT / "docs" / "make_notebook.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def notebook(maker):
    return maker.read_notebook()


@pytest.fixture(scope="module")
def fresh(maker, notebook, ran, tmp_path_factory):
    """The notebook, run over the newsroom's tables; its last cell tells the answers."""
    work = tmp_path_factory.mktemp("notebook")
    shutil.copytree(ran.data, work / "data")
    asked = deepcopy(notebook)
    asked.cells.append(new_code_cell(TELLING))
    return maker.run_notebook(asked, work / "examples")


@pytest.fixture(scope="module")
def answers(fresh):
    return json.loads(fresh.cells[-1].outputs[0]["text"])


def outputs_of(notebook):
    """What each cell shows: texts and tables as they are, of figures that there is one."""
    shown = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {"text/plain": output.get("text")})
            shown.append("figure" if "image/svg+xml" in data else dict(data))
    return shown


def test_stored_outputs_are_those_of_a_run(notebook, fresh):
    stored, found = outputs_of(notebook), outputs_of(fresh)[:-1]
    assert stored == found, "`make docs` writes them again"
    assert stored.count("figure") == 3
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_of_a_machine_is_stored(notebook):
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert not any(cell.metadata for cell in notebook.cells)
    text = json.dumps(notebook)
    assert not re.search(r"/(?:root|home|tmp|work|Users)/|[A-Z]:\\\\", text)
    assert str(ROOT) not in text
    assert not re.search(r"20\d\d-?\d\d-?\d\dT\d{6}Z", text)  # a run's id


def test_who_was_first_is_true(answers, ran):
    first = {row["text"]: row for row in answers["first"]}
    told = [row["first"] for row in answers["first"]]
    assert max(set(told), key=told.count) == "K Magazine"
    facts = [fact for fact in ran.truth["facts"] if set(fact["says"].values()) & first.keys()]
    assert len(facts) >= 4
    for fact in facts:
        for claim in set(fact["says"].values()) & first.keys():
            assert first[claim]["first"] == "K Magazine", fact["name"]  # it was out before all others


def test_values_that_differ_are_true(answers, ran):
    found = {(row["what"], row["outlet_id"]): row for row in answers["values"]}
    true = {difference["unit"]: difference["says"] for difference in ran.truth["differences"] if "unit" in difference}
    alone = {}
    for (what, outlet_id), row in found.items():
        if what in true and outlet_id in true[what]:
            assert NUMBERS.get(row["value"], row["value"]) == true[what][outlet_id]["value"], row
            alone[what, outlet_id] = row["text"]
    for what in ("nights", "minutes"):
        assert alone[what, "andmatinee"] == true[what]["andmatinee"]["text"]


def test_what_was_left_out_is_true(answers, ran):
    left_out = {row["outlet"]: row["claim"] for row in answers["left_out"]}
    crowd = next(fact["says"] for fact in ran.truth["facts"] if "sixty people" in fact["name"])
    assert "andmatinee" not in crowd
    assert left_out["&Matinee"] in crowd.values()
    lido = next(fact["says"] for fact in ran.truth["facts"] if "Corran Lido" in fact["name"])
    assert "reelbeacon" not in lido
    assert left_out["ReelBeacon"] in lido.values()


def test_quote_that_changed_is_the_one_that_did(answers, ran):
    (drift,) = ran.truth["drift"]
    assert answers["changed"] == [
        {
            "outlet_id": drift["quoted_by"],
            "earlier_outlet_id": drift["source"],
            "speaker": drift["speaker"],
            "change": drift["change"],
            "text": drift["text_quoted"],
            "earlier_text": drift["text_source"],
        }
    ]
