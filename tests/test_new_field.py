"""A new field of contacts needs the files that CONTRIBUTING.md names and no others: it is tried in a copy of the tree.

If one of them is forgotten, `tests/test_every_field.py` fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from coterie.core.store.engine.migrations import HEAD

ROOT: Final = Path(__file__).parents[1]
RECIPE: Final = "| a field of contacts |"
NEXT: Final = f"{int(HEAD) + 1:04}"
MIGRATIONS: Final = "core/store/engine/migrations"
MIGRATION: Final = f'''"""Contacts have pronouns."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{HEAD}"


def upgrade() -> None:
    """Nobody has any yet."""
    op.add_column("contact", sa.Column("pronouns", sa.Text(), server_default=sa.text("''"), nullable=False))
'''
LINES: Final[dict[str, tuple[str, ...]]] = {
    "core/model.py": ('    nickname: str = ""\n', '    pronouns: str = ""\n'),
    "core/fields/__init__.py": (
        "_LIST: Final[tuple[FieldSpec, ...]] = (\n",
        '    FieldSpec("pronouns", "Pronouns", _LINE, "PRONOUNS"),\n',
    ),
    "core/store/schema/contacts.py": ("    nickname: str = text()\n", "    pronouns: str = text()\n"),
    "tests/test_every_field.py": (
        '    "nickname": "Countess",\n',
        '    "pronouns": "she/her",\n',
        "STAYS: Final[Mapping[str, tuple[str, ...]]] = {\n",
        '    "pronouns": ("google", "microsoft"),\n',
    ),
}
"""What is written into each file, each line behind another one that is there."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what is needed to run the tests."""
    for name in ("core", "providers", "tui", "tests", ".ci"):
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def add_field(tree: Path, but: str = "") -> None:
    """Write the new field into every file `but` one."""
    for name, lines in LINES.items():
        text = (tree / name).read_text("utf-8")
        for after, line in zip(lines[::2], lines[1::2], strict=True):
            assert text.count(after) == 1, name
            text = text.replace(after, after + line)
        if name != but:
            (tree / name).write_text(text, "utf-8")
    if but != MIGRATIONS:
        migrations = tree / MIGRATIONS / "__init__.py"
        migrations.write_text(migrations.read_text("utf-8").replace(f'"{HEAD}"', f'"{NEXT}"'), "utf-8")
        (tree / MIGRATIONS / "versions" / f"v{NEXT}_pronouns.py").write_text(MIGRATION, "utf-8")


def result_of(tree: Path, *options: str) -> tuple[bool, str]:
    """Whether the tests of every field pass in the copy, and what they say."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (tree, tree / ".ci" / "import")))}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "tests/test_every_field.py",
        *options,
    ]
    result = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return result.returncode == 0, result.stdout + result.stderr


def test_a_new_field_needs_what_contributing_names_and_nothing_else(tree: Path) -> None:
    row = next(line for line in (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines() if RECIPE in line)
    assert {name.rstrip("/") for name in re.findall(r"`((?:core|tests)/[\w./]*)`", row)} == {*LINES, MIGRATIONS}
    add_field(tree)
    passed, said = result_of(tree)
    assert passed, said


@pytest.mark.parametrize("forgotten", [*LINES, MIGRATIONS])
def test_half_a_field_fails(tree: Path, forgotten: str) -> None:
    add_field(tree, forgotten)
    passed, said = result_of(tree, "-k", "not postgresql")
    assert not passed
    assert "pronouns" in said
