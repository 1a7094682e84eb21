"""The shape of the screens: few classes above each, and commands that know none of them."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from textual.screen import Screen

from coterie import tui
from tests.imports import loaded

MOST = 5
"""So many classes of our own may be above a screen or a dialog."""

PACKAGES = ("coterie.tui.screens", "coterie.tui.dialogs")


def screens() -> list[type[Screen[object]]]:
    kinds: set[type] = set()
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            kinds.update(filter(inspect.isclass, vars(importlib.import_module(module.name)).values()))
    return sorted((kind for kind in kinds if issubclass(kind, Screen)), key=str)


@pytest.mark.parametrize("kind", screens(), ids=lambda kind: kind.__name__)
def test_few_classes_are_above_a_screen(kind: type[Screen[object]]) -> None:
    above = [one.__name__ for one in kind.__mro__[1:] if one.__module__.startswith(tui.__name__)]
    assert len(above) <= MOST, above


def test_workers_make_their_coroutines_themselves() -> None:
    """See `tui.jobs`."""
    given = [
        f"{file.name}: {ast.unparse(call)}"
        for file in Path(tui.__path__[0]).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "run_worker"
        if isinstance(work := call.args[0], ast.Call) and ast.unparse(work.func) != "job"
    ]
    assert given == []


def test_sentences_fit_into_the_status_bar_of_80_columns() -> None:
    calls = (
        call
        for file in (Path(tui.__path__[0]) / "actions").glob("*.py")
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "here.say"
    )
    said = [one.value for call in calls for one in ast.walk(call) if isinstance(one, ast.Constant)]
    assert len(said) > 20
    assert [text for text in said if isinstance(text, str) and len(text) > 78] == []


def test_actions_know_no_screen_and_no_dialog() -> None:
    modules = loaded("import coterie.tui.commands")
    assert "coterie.tui.actions.editing" in modules
    assert [name for name in modules if name.startswith(PACKAGES)] == []
