"""What the house is counted by."""

from __future__ import annotations

import ast
from pathlib import Path

from benchmarks.house import LONG_FILE, PARTS, Source, mirrors, sources
from benchmarks.measure import ROOT

TEXT = '''"""A module."""


class Shown:
    def said(self):
        """Two lines."""

    def _hidden(self):
        pass


def silent():
    return (
        1
    )
'''


def test_functions_are_as_long_as_they_are_written() -> None:
    source = Source(Path("core/text.py"), TEXT)
    assert source.lines == 15
    assert sorted(source.functions()) == [2, 2, 4]


def test_public_is_what_has_no_underscore() -> None:
    public = list(Source(Path("core/text.py"), TEXT).public())
    assert [getattr(node, "name", "") for node in public] == ["", "Shown", "said", "silent"]
    assert [ast.get_docstring(node) is not None for node in public] == [True, False, True, False]


def test_a_test_mirrors_the_file_or_the_folder_of_its_path() -> None:
    assert mirrors(ROOT / "tests" / "core" / "test_text.py")
    assert mirrors(ROOT / "tests" / "core" / "test_query.py")
    assert not mirrors(ROOT / "tests" / "core" / "test_nothing.py")


def test_no_file_of_the_program_is_too_long_to_be_read_at_once() -> None:
    lines = {str(source.path): source.lines for source in sources()}
    assert {path.split("/")[0] for path in lines} == set(PARTS)
    assert {path: count for path, count in lines.items() if count > LONG_FILE} == {}
