"""The units in docs/systemd are what docs/sync.md shows, and systemd takes them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
UNITS = sorted((DOCS / "systemd").iterdir())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_page_shows_the_unit(unit: Path) -> None:
    assert f"```ini\n{unit.read_text()}```" in (DOCS / "sync.md").read_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()
    program = tmp_path / ".local" / "bin" / "coterie"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        shutil.copy(unit, units)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    verified = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", *(str(units / unit.name) for unit in UNITS)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    ours = [line for line in verified.stderr.splitlines() if "coterie" in line]
    assert (verified.returncode, ours) == (0, []), verified.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_would_not_take_a_misspelled_unit(tmp_path: Path) -> None:
    unit = tmp_path / "coterie.timer"
    unit.write_text((DOCS / "systemd" / "coterie.timer").read_text().replace("30min", "30 minuets"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    verified = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", str(unit)],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert "minuets" in verified.stderr
