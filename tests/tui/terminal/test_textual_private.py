"""One module names what is private in Textual, and its README says what for."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.widgets import Static

from tests.tui.terminal.textual_names import ALLOWED, ROOT, listed, missing, used_by, used_in

OTHERS = [path for path in sorted((ROOT / "tui").rglob("*.py")) if path != ALLOWED]


def test_nothing_is_missing() -> None:
    assert missing(listed()) == []


@pytest.mark.parametrize(
    "place",
    [
        "_gone.Thing",
        "_compositor.Gone",
        "app.App._gone",
        "_compositor.ChopsUpdate.gone",
        "message_pump.MessagePump._gone.x",
    ],
)
def test_what_is_missing_is_found(place: str) -> None:
    assert missing(["app.App._driver", place]) == [place]


def test_nobody_else_uses_a_private_name_of_textual() -> None:
    assert [use for path in OTHERS for use in used_by(path)] == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from textual._compositor import Compositor", "textual._compositor.Compositor"),
        ("import textual._context", "textual._context"),
        ("from textual.widgets import _toast", "textual.widgets._toast"),
        ("def f(app): return app._driver", "_driver"),
        ("class Page(Static):\n    def f(self): self._repaint_regions = set()", "_repaint_regions"),
        ("class Page(Static):\n    def _get_style(self, style): ...", "_get_style"),
        ("class Page(Static):\n    def f(self): super()._get_style('red')", "_get_style"),
    ],
)
def test_a_use_is_found(source: str, name: str) -> None:
    class Page(Static):
        pass

    assert [used for _, used in used_in(source, {"Page": Page})] == [name]


def test_names_of_our_own_are_none() -> None:
    class Mine(App[None]):
        pass

    source = "class Mine(App):\n    def __init__(self): self._mine = 1\n    def f(self, other): return other._mine"
    assert list(used_in(source, {"Mine": Mine})) == []


def test_the_readme_lists_what_is_used() -> None:
    used = {use.split()[1].removeprefix("textual.") for use in used_by(ALLOWED)}
    names = {place.rpartition(".")[2] for place in listed()}
    assert sorted(name for name in used if name.rpartition(".")[2] not in names and not _is_opened(name)) == []
    source = ALLOWED.read_text("utf-8")
    assert sorted(name for name in names if name not in source) == []


def _is_opened(name: str) -> bool:
    """Whether the README lists what is in it."""
    return any(place.startswith(f"{name}.") for place in listed())
