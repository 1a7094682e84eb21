"""What is imported is declared in pyproject.toml, and what is declared is used."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = ("core", "providers", "tui")
USED_BY_NAME = {"asyncpg", "sqlalchemy"}
"""SQLAlchemy loads its driver for PostgreSQL by its name."""


def imported() -> Iterator[tuple[str, str]]:
    """The top-level modules that our parts import, each with the file that does."""
    for part in OURS:
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names: list[str] = []
                if isinstance(node, ast.Import):
                    names = [one.name for one in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                for name in names:
                    if (top := name.partition(".")[0]) not in {*sys.stdlib_module_names, "coterie"}:
                        yield _whole(name) if top == "google" else top, str(path.relative_to(ROOT))


def _whole(name: str) -> str:
    """Several distributions share the package `google`."""
    return ".".join(name.split(".")[:2])


@cache
def declared() -> set[str]:
    """The names of the distributions in pyproject.toml."""
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return {_normal(re.split(r"[\[<>=!~ ]", line, maxsplit=1)[0]) for line in lines}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def installed() -> Mapping[str, list[str]]:
    """The distributions of each top-level module."""
    return packages_distributions()


def distributions_of(module: str) -> set[str]:
    if module.startswith("google."):
        return {"google-auth"} if module in {"google.auth", "google.oauth2"} else {module}
    return {_normal(one) for one in installed().get(module, [module])}


def test_what_is_imported_is_declared() -> None:
    undeclared = {(module, file) for module, file in imported() if not distributions_of(module) & declared()}
    assert undeclared == set()


def test_what_is_declared_is_imported() -> None:
    used = {one for module, _ in imported() for one in distributions_of(module)}
    assert declared() - used - USED_BY_NAME == set()
