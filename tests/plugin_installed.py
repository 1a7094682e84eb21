"""Packages that add parts to Coterie, put into a folder as an installer does it, without a network."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path

EXAMPLE = Path(__file__).with_name("plugin")


def install_example(site: Path) -> None:
    """Install the package in tests/plugin, with the entry points of its pyproject.toml."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    site.mkdir(exist_ok=True)
    shutil.copytree(EXAMPLE / "coterie_example", site / "coterie_example", ignore=shutil.ignore_patterns("__pycache__"))
    install(site, project["name"], project["entry-points"])


def install(site: Path, name: str, groups: Mapping[str, Mapping[str, str]]) -> None:
    """Leave what an installer leaves of version 1.0 of a package: its name, and its entry points by their groups."""
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = [line for group, parts in groups.items() for line in (f"[{group}]", *map(" = ".join, parts.items()))]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
