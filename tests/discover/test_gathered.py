"""What is said of each address, where a run is interrupted amid a document."""

from __future__ import annotations

import subprocess
import sys

# In a process of its own: where the guard is missing, SQLite ends the process.
CLOSED_AMID_A_DOCUMENT = """
import threading
from presswatch.discover.gathered import Gathered
from presswatch.discover.said import Entry

is_under_way = threading.Event()
named = 0


def entries():
    global named
    for named in range(1_000_000):
        yield str(named), Entry(f"https://www.gazette.test/{named}", None, None, None, "")
        if named == 5_000:
            is_under_way.set()


gathered = Gathered(1_000_000)
reader = threading.Thread(target=gathered.add, args=(entries(), "https://www.gazette.test/sitemap.xml"))
reader.start()
is_under_way.wait()
gathered.close()
reader.join()
print(gathered.add([("a", Entry("https://www.gazette.test/a", None, None, None, ""))], "later"), named < 900_000)
"""


def test_it_may_be_closed_while_a_document_is_taken_in_elsewhere() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", CLOSED_AMID_A_DOCUMENT], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "0 True\n", "")
