"""What the house is counted by."""

from __future__ import annotations

import ast
from pathlib import Path

from benchmarks.house import Source, mirrors
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
