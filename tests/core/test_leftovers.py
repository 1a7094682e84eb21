"""What killed programs leave behind is removed; what is in use, typed, somebody else's or no file of ours is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from coterie.core.errors import CoterieError
from coterie.core.files import replacing
from coterie.core.leftovers import UNTOUCHED, sweep, sweep_beside, sweep_shared, temporary_folder
from coterie.core.transfer.export.ordering import Ordering

LONG_AGO = 1_000_000_000
"""A time of change (seconds) that no sweep takes for now."""
DEAD = 4_194_305
"""No process has this number: it is above Linux's limit (proc(5), pid_max)."""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def aged(path: Path, moment: int = LONG_AGO) -> Path:
    os.utime(path, (moment, moment), follow_symlinks=False)
    return path


def folder_of(temporary: Path, name: str, *files: str) -> Path:
    folder = temporary / name
    folder.mkdir()
    for file in files:
        (folder / file).write_text("secret")
        aged(folder / file)
    return aged(folder)


def test_what_was_left_goes(tmp_path: Path, temporary: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.mkdir()
    (tokens / f".google.token.{DEAD}.new").write_text("secret")
    aged(tokens / f".google.token.{DEAD}.new")
    (tokens / "google.token").write_text("kept")
    folder_of(temporary, "coterie-demo-abcd1234", "contacts.db")
    (temporary / "coterie-import-abcd1234").write_text("secret")
    aged(temporary / "coterie-import-abcd1234")
    sweep([tokens, tmp_path / "nowhere"])
    assert [path.name for path in tokens.iterdir()] == ["google.token"]
    assert list(temporary.iterdir()) == []


def test_what_is_in_use_stays(tmp_path: Path, temporary: Path) -> None:
    with temporary_folder("demo") as folder, replacing(tmp_path / "all.csv") as file:
        file.write(b"half")
        file.flush()
        aged(folder)
        [half] = tmp_path.glob(".all.csv.*")
        aged(half)
        half.rename(
            other := half.with_name(f".all.csv.{DEAD}.new")
        )  # its process seems to have ended, its lock has not
        sweep([tmp_path])
        assert folder.exists()
        assert other.exists()
        other.rename(half)
    assert (tmp_path / "all.csv").read_bytes() == b"half"
    assert list(temporary.iterdir()) == []


def test_what_was_made_just_now_stays(tmp_path: Path) -> None:
    (tmp_path / f".a.{DEAD}.new").write_text("")
    sweep([tmp_path])
    assert (tmp_path / f".a.{DEAD}.new").exists()


def test_what_only_looks_like_ours_stays(tmp_path: Path, temporary: Path) -> None:
    target = tmp_path / "precious"
    target.mkdir()
    (target / "file").write_text("")
    (temporary / "coterie-demo-abcd1234").symlink_to(target)
    (tmp_path / f".link.{DEAD}.new").symlink_to(target / "file")
    os.mkfifo(tmp_path / f".pipe.{DEAD}.new")
    kept = [
        tmp_path / f".a.{os.getpid()}.new",
        temporary / "coterie-other-abcd1234",
        temporary / "coterie-demo",
        tmp_path / "a.new",
    ]
    for path in kept:
        path.write_text("")
        aged(path)
    sweep([tmp_path])
    assert (target / "file").exists()
    assert (tmp_path / f".link.{DEAD}.new").is_symlink()
    assert all(path.exists() for path in kept)


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser can give files away")
def test_what_belongs_to_others_stays(tmp_path: Path) -> None:
    path = tmp_path / f".a.{DEAD}.new"
    path.write_text("")
    os.chown(aged(path), 65534, 65534)
    sweep([tmp_path])
    assert path.exists()


def test_a_text_that_was_typed_in_is_kept_for_a_week(temporary: Path) -> None:
    untouched = folder_of(temporary, "coterie-edit-aaaaaaaa", "contacts.txt")
    aged(untouched / "contacts.txt", UNTOUCHED)
    old = folder_of(temporary, "coterie-edit-bbbbbbbb", "contacts.txt")
    saved = folder_of(temporary, "coterie-edit-cccccccc", "contacts.txt")
    aged(saved / "contacts.txt", int(time.time()) - 3600)
    swap = folder_of(temporary, "coterie-edit-dddddddd", "contacts.txt")
    aged(swap / "contacts.txt", UNTOUCHED)
    (swap / ".contacts.txt.swp").write_text("typed")
    aged(swap)
    aged(saved)
    sweep([])
    assert {path.name[-1] for path in temporary.iterdir()} == {"c", "d"}
    assert not untouched.exists()
    assert not old.exists()


def test_a_program_that_was_killed(tmp_path: Path, temporary: Path) -> None:
    script = (
        "import sys, tempfile, pathlib; tempfile.tempdir = sys.argv[1]\n"
        "from coterie.core.files import replacing; from coterie.core.leftovers import temporary_folder\n"
        "with temporary_folder('demo'), replacing(pathlib.Path(sys.argv[2])) as file:\n"
        "    print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(temporary), str(tmp_path / "tokens.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        for path in (left := [*temporary.iterdir(), *tmp_path.glob(".tokens.json.*")]):
            aged(path)
        sweep([tmp_path])
        assert all(path.exists() for path in left)
        assert len(left) == 2
        running.send_signal(signal.SIGKILL)
    sweep([tmp_path])
    assert not any(path.exists() for path in left)


def test_what_an_export_and_the_screen_left_goes(tmp_path: Path) -> None:
    export = tmp_path / "everybody.csv"
    left = [
        aged(made(tmp_path / f".everybody.csv.{DEAD}.new")),
        aged(made(tmp_path / "screen.jsonab12cd_9")),
    ]
    others = [
        aged(made(tmp_path / f".notes.csv.{DEAD}.new")),
        aged(made(tmp_path / f".everybody.csv.{os.getpid()}.new")),
        made(tmp_path / ".everybody.csv.4194306.new"),
        aged(made(tmp_path / "screen.json")),
    ]
    sweep_beside(export)
    assert not left[0].exists()
    assert all(path.exists() for path in others)
    sweep([tmp_path])
    assert not left[1].exists()
    assert others[3].exists()


def made(path: Path) -> Path:
    path.write_text("secret")
    return path


def test_a_missing_folder_for_temporary_files_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(CoterieError, match="temporary file cannot be written"), temporary_folder("import"):
        pass
    with pytest.raises(CoterieError, match="TMPDIR"):
        Ordering(3)


def test_in_a_shared_folder_only_what_is_ours_goes(tmp_path: Path) -> None:
    names = [
        f".1234.vcf.{DEAD}.new",
        f".1234.vcf.{os.getpid()}.new",
        f".notes.txt.{DEAD}.new",
        "1234.vcf",
        f"1234.vcf.{DEAD}.new",
    ]
    for name in names:
        (tmp_path / name).write_text("secret")
        aged(tmp_path / name)
    sweep_shared(tmp_path, ".vcf")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(names[1:])
