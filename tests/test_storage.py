from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from presswatch.errors import DiskError, LockedError, PresswatchError, UsageError
from presswatch.storage import DataDir, check_folder, disk_error, replace_file, write_atomically, write_new


@pytest.fixture
def data(tmp_path):
    return DataDir(tmp_path / "data")


def stage(data, name, content):
    path = data.stage("run") / name
    path.write_text(content)
    return path


def test_commit_puts_every_file_in_its_place(data):
    moves = {stage(data, "a", "new a"): data.clean / "a" / "a.txt", stage(data, "b", "new b"): data.clean / "b.txt"}
    data.commit(moves)
    assert (data.clean / "a" / "a.txt").read_text() == "new a"
    assert (data.clean / "b.txt").read_text() == "new b"
    assert not (data.spool / "commit.json").exists()


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_commit_cut_short_is_finished_by_the_next_holder(data, moved):
    places = [data.clean / "a.txt", data.clean / "b.txt"]
    for place in places:
        write_atomically(place, b"old", data.spool)
    staged = [stage(data, "a", "new"), stage(data, "b", "new")]
    going = data.clean / "c.txt"
    write_atomically(going, b"old", data.spool)
    moves = {data.relative(s): data.relative(p) for s, p in zip(staged, places, strict=True)}
    journal = {"moves": moves, "gone": [data.relative(going)]}
    write_atomically(data.spool / "commit.json", json.dumps(journal).encode(), data.spool)
    for source, place in list(zip(staged, places, strict=True))[:moved]:
        source.replace(place)
    with data.locked("presswatch test"):
        assert [place.read_text() for place in places] == ["new", "new"]
    assert not going.exists()


def test_stage_without_a_journal_changes_nothing(data):
    write_atomically(data.clean / "a.txt", b"old", data.spool)
    stage(data, "a", "new")
    with data.locked("presswatch test"):
        data.clear_stages()
    assert (data.clean / "a.txt").read_text() == "old"
    assert list(data.spool.iterdir()) == []


def test_second_run_is_told_who_holds_the_folder(data):
    code = (
        "import sys; from pathlib import Path; from presswatch.storage import DataDir\n"
        "with DataDir(Path(sys.argv[1])).locked('presswatch watch'): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(data.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=r"presswatch watch.*--wait") as caught, data.locked("presswatch rebuild"):
            pass
        assert str(other.pid) in str(caught.value)
        other.stdin.close()
    with data.locked("presswatch rebuild"):
        assert (data.root / ".lock.json").exists()


def test_folder_that_cannot_be_made_is_told_with_its_path(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DiskError, match="file"):
        DataDir(tmp_path / "file" / "data").check_writable()


def test_full_disk_is_told_in_words(tmp_path):
    told = str(disk_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path)), tmp_path))
    assert str(tmp_path) in told
    assert "full" in told


def test_failed_write_leaves_the_old_file_and_no_rest(data, monkeypatch):
    write_atomically(data.clean / "a.txt", b"old", data.spool)

    def refuse(_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="no space"):
        write_atomically(data.clean / "a.txt", b"new", data.spool)
    assert (data.clean / "a.txt").read_bytes() == b"old"
    assert list(data.spool.iterdir()) == []


# ---------------------------------------------------------------- files that the user named


def test_new_files_come_together_and_never_over_one_that_is_there(tmp_path):
    one, two = tmp_path / "in" / "a.html", tmp_path / "in" / "a.json"
    write_new({one: "page", two: "told"})
    assert (one.read_text(), two.read_text()) == ("page", "told")
    one.unlink()
    with pytest.raises(UsageError, match=r"a\.json is here already"):
        write_new({one: "other", two: "other"})
    assert [path.name for path in one.parent.iterdir()] == ["a.json"]
    with pytest.raises(DiskError, match="stands where a folder is needed"):
        write_new({two / "b": "x"})
    with pytest.raises(DiskError, match="stands where a folder is needed"):
        write_new({tmp_path / "first": "x", two / "second": "x"})
    assert [path.name for path in tmp_path.iterdir()] == ["in"], "none where one cannot be written"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        write_new({link: "x"})


def test_a_replaced_file_keeps_its_mode_its_links_and_its_line_ends(tmp_path):
    real, link = tmp_path / "real.toml", tmp_path / "mine" / "tern.toml"
    real.write_text("old")
    real.chmod(0o640)
    link.parent.mkdir()
    link.symlink_to("../real.toml")
    replace_file(link, "new\r\n")
    assert link.is_symlink()
    assert real.read_bytes() == b"new\r\n"
    assert real.stat().st_mode & 0o777 == 0o640
    replace_file(tmp_path / "far" / "new.toml", "x")
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["new.toml", "real.toml", "tern.toml"]
    with pytest.raises(DiskError, match="is a folder"):
        replace_file(tmp_path / "far", "x")


def do_at_once(work, count):
    """What `count` threads return or raise that do one thing at the same moment."""
    start = threading.Barrier(count)

    def begin(number):
        start.wait()
        try:
            return work(number)
        except PresswatchError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_a_file_that_two_commands_write_at_once_is_one_of_theirs_and_whole(tmp_path):
    page = tmp_path / "story.html"
    texts = ["a" * 500_000, "b" * 700_000]
    for _ in range(20):
        assert do_at_once(lambda number: replace_file(page, texts[number]), 2) == [None, None]
        assert page.read_text() in texts
    assert [path.name for path in tmp_path.iterdir()] == ["story.html"]


def test_of_some_that_write_a_new_file_at_once_one_does_and_the_others_are_told_that_it_is_there(tmp_path):
    for turn in range(60):
        path = tmp_path / f"{turn}.toml"
        done = do_at_once(lambda number, path=path: write_new({path: f"by {number}"}), 6)
        assert [type(one) for one in done].count(UsageError) == 5, done
        assert path.read_text() == f"by {done.index(None)}"
    assert len(list(tmp_path.iterdir())) == 60


def test_a_pipe_is_written_to():
    code = "from pathlib import Path; from presswatch.storage import replace_file"
    words = [sys.executable, "-c", f"{code}; replace_file(Path('/dev/stdout'), 'page')"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == "page"


def test_a_folder_is_tried_and_nothing_is_left_of_it(tmp_path):
    check_folder(tmp_path / "a" / "b", "choose another")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    with pytest.raises(DiskError, match=r"file: stands where a folder is needed; choose another"):
        check_folder(tmp_path / "file", "choose another")
    with pytest.raises(DiskError, match=r"/file.*; choose another"):
        check_folder(tmp_path / "file" / "a", "choose another")


# ---------------------------------------------------------------- who is at work


def test_a_run_in_a_container_is_at_work_though_its_process_is_not_seen_here(data):
    with data.locked("presswatch watch"):
        note = data.root / ".lock.json"
        note.write_text(json.dumps({"holder": "presswatch watch", "pid": 2**22 + 1}))
        assert data.holder() == f"`presswatch watch` (process {2**22 + 1})"
        note.unlink()
        assert data.holder() == "another run"
    assert data.holder() is None


@pytest.mark.parametrize(
    "damaged", ["[]", "7", '{"holder": "x", "pid": "7"}', f'{{"holder": "x", "pid": {2**80}}}', "{"]
)
def test_a_damaged_note_of_who_is_at_work_is_no_crash(data, monkeypatch, damaged):
    note = data.root / ".lock.json"
    with data.locked("presswatch watch"):
        note.write_text(damaged)
        assert data.holder() is not None

    def refuse(_):
        raise OSError(errno.EROFS, "read-only")

    note.write_text(damaged)
    monkeypatch.setattr(DataDir, "_is_held", refuse)
    assert data.holder() is None


def test_names_are_on_the_disk_before_the_journal_that_rests_on_them(data, monkeypatch):
    staged = stage(data, "a", "new")
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(str(Path(f"/proc/self/fd/{fd}").readlink())), real(fd)))
    data.commit({staged: data.clean / "new" / "a.txt"})
    order = [path.removeprefix(f"{data.root}/") for path in synced]
    journal = next(place for place, path in enumerate(order) if path.endswith(".part"))
    assert {".spool/run/a", ".spool/run", ".spool"} <= set(order[:journal])
    assert {"clean/new", "clean"} <= set(order[journal:])


def test_a_file_that_is_replaced_is_on_the_disk_before_its_name_and_then_its_name_is(tmp_path, monkeypatch):
    page = tmp_path / "story.html"
    page.write_text("old")
    synced = []
    real = os.fsync

    def note(descriptor):
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink() == tmp_path, page.read_text()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    replace_file(page, "new")
    assert synced == [(False, "old"), (True, "new")]
