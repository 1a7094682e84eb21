"""Some of these tests drive the whole program, as those of the screens do."""

from tests.tui.screens.conftest import driver

__all__ = ["driver"]
