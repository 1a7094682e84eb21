"""Paths as they are typed, pasted and dropped, and the one folder of a restricted account."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import UnreadableFile
from coterie.tui.files import Files, typed_path


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/home/ada/people.csv", "/home/ada/people.csv"),
        ("  /home/ada/people.csv \n", "/home/ada/people.csv"),
        ("'/home/ada/my people.csv'", "/home/ada/my people.csv"),
        ("'/home/ada/it'\\''s.csv'", "/home/ada/it's.csv"),
        ('"/home/ada/my people.csv"', "/home/ada/my people.csv"),
        (r"/home/ada/my\ people\(1\).csv", "/home/ada/my people(1).csv"),
        ("file:///home/ada/my%20people.csv", "/home/ada/my people.csv"),
        ("file://host/home/ada/people.csv", "/home/ada/people.csv"),
        ("~/people.csv", "~/people.csv"),
    ],
)
def test_a_dropped_file_is_found(text: str, path: str) -> None:
    assert typed_path(text) == path


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_a_path_quoted_by_a_shell_comes_back(name: str) -> None:
    import shlex

    assert typed_path(shlex.quote(f"/{name}")) == f"/{name}".strip() or name != name.strip() or "'" in name


def test_a_restricted_account_stays_in_its_folder(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    files = Files(root)
    assert files.path("people.csv") == root / "people.csv"
    assert files.path("~/people.csv") == root / "people.csv"
    for text in ("/etc/passwd", "../secret.csv", "~/../secret.csv", "link.csv", "file:///etc/passwd"):
        with pytest.raises(UnreadableFile):
            files.path(text)
    with pytest.raises(UnreadableFile):
        files.folder(tmp_path)
    assert files.complete("../") == []


def test_without_restriction_the_home_folder_is_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    files = Files()
    assert files.path("~/people.csv") == tmp_path / "people.csv"
    assert files.shown(tmp_path / "people.csv") == "~/people.csv"
    assert files.shown(Path("/etc/hosts")) == "/etc/hosts"


@pytest.mark.parametrize("text", ["", "   ", "''", "a\0b", "~nobody-of-that-name/x", "file://[x"])
def test_what_is_no_path_is_said(text: str) -> None:
    with pytest.raises(UnreadableFile):
        Files().path(text)


def test_a_folder_lists_folders_first_and_only_what_can_be_imported(tmp_path: Path) -> None:
    (tmp_path / "zoo").mkdir()
    for name in ("b.csv", "A.VCF", "c.png", ".hidden.csv"):
        (tmp_path / name).write_text("x" * 10)
    names = [one.path.name for one in Files().folder(tmp_path)]
    assert names == ["zoo", "A.VCF", "b.csv"]
    every = [one.path.name for one in Files().folder(tmp_path, every=True)]
    assert every == ["zoo", ".hidden.csv", "A.VCF", "b.csv", "c.png"]
    assert [one.size for one in Files().folder(tmp_path) if not one.folder] == [10, 10]


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        Files().folder(tmp_path / "nothing")


def test_completion_goes_on_from_what_is_typed(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "People list.csv").write_text("")
    typed = f"{tmp_path}/peo"
    assert Files().complete(typed) == [f"{tmp_path}/people/", f"{tmp_path}/People list.csv"]
    assert Files().complete(typed, folders_only=True) == [f"{tmp_path}/people/"]
    assert Files().complete(f"{tmp_path}/x") == []
    assert Files().complete("~") == ["~/"]


def test_a_name_that_is_no_text_can_be_shown_and_typed(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \xff.csv")
    (tmp_path / name).write_text("")
    files = Files(tmp_path)
    shown = files.shown(tmp_path / name)
    assert shown == "~/caf\\xe9 \\xff.csv"
    assert files.path(shown) == tmp_path / name
    assert files.complete("ca") == ["caf\\xe9 \\xff.csv"]
