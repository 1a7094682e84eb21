"""The files that CONTRIBUTING.md names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = sorted(
    set(re.findall(r"`((?:core|providers|tests|tui)/[\w./]*)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8")))
)


@pytest.mark.parametrize("path", NAMED)
def test_a_file_that_is_named_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_recipes_name_files() -> None:
    assert len(NAMED) > 30
