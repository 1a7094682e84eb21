"""What is remembered of the screen survives a restart, and damage to its file costs nothing else."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from coterie.core.listing import Sort, View
from coterie.tui.memory import DEFAULT_COLUMNS, Arrangement, Memory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "screen.json"


def test_an_arrangement_is_remembered_for_its_view(path: Path) -> None:
    wanted = Arrangement(Sort("company", descending=True), ("emails", "phones"))
    Memory(path).arrange(View.FAVORITES, wanted)
    again = Memory(path)
    assert again.arrangement(View.FAVORITES) == wanted
    assert again.arrangement(View.ALL) == Arrangement(Sort(), DEFAULT_COLUMNS)


def test_the_bin_shows_what_was_deleted_last_first() -> None:
    assert Memory().arrangement(View.BIN).sort == Sort("deleted_at", descending=True)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"views": 3}', '{"views": {"all": 3}}', '{"views": {"all": {"sort": 1, "columns": {}}}}',
     '{"views": {"all": {"sort": "shoe_size", "columns": ["shoe_size", 4, null]}}}'],
)  # fmt: skip
def test_a_damaged_file_is_like_none(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    assert Memory(path).arrangement(View.ALL) == Arrangement(Sort(), DEFAULT_COLUMNS)


def test_values_of_dialogs_are_remembered_beside_it(path: Path) -> None:
    memory = Memory(path)
    memory.arrange(View.ALL, Arrangement(Sort("emails")))
    memory.remember("import-mappings", {"Name,E-mail": ["name", "emails"]})
    assert Memory(path).recall("import-mappings") == {"Name,E-mail": ["name", "emails"]}
    assert Memory(path).arrangement(View.ALL).sort == Sort("emails")


def test_the_file_is_replaced_whole_and_is_private(path: Path) -> None:
    Memory(path).remember("theme", "nord")
    assert json.loads(path.read_text()) == {"theme": "nord"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    Memory(blocked / "screen.json").remember("theme", "nord")


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    Memory().remember("theme", "nord")
    assert list(tmp_path.iterdir()) == []
