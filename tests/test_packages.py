"""What is installed: one package, `coterie`, that nothing of the same name as our folders disturbs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
OURS = ("core", "providers", "tui")
QUERY = ("--demo", "query", "ada")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the wheel holds, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def files(top: Path) -> set[Path]:
    """Every file below our folders in `top` but compiled ones, relative to `top`."""
    below = (path for part in OURS for path in (top / part).rglob("*"))
    return {path.relative_to(top) for path in below if path.is_file() and path.suffix != ".pyc"}


def start(*paths: Path, cwd: Path) -> str:
    """What `coterie --demo query ada` prints with `paths` searched first for modules."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "HOME": str(cwd)}
    command = [sys.executable, "-m", "coterie.tui", *QUERY]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=True).stdout


def test_the_wheel_has_one_name_at_its_top(wheel: Path) -> None:
    tops = {path.name for path in wheel.iterdir() if path.suffix not in {".dist-info", ".data"}}
    assert tops == {"coterie"}


@pytest.mark.parametrize("name", ["man/man1/coterie.1", "applications/coterie.desktop"])
def test_the_wheel_brings_the_manual_and_the_desktop_entry(wheel: Path, name: str) -> None:
    (found,) = wheel.glob(f"*.data/data/share/{name}")
    assert found.read_bytes() == (ROOT / "docs" / Path(name).name).read_bytes()


CHECKS = (
    ["groff", "-man", "-K", "utf8", "-T", "utf8", "-ww", "-z", "docs/coterie.1"],
    ["mandoc", "-T", "lint", "-W", "warning", "docs/coterie.1"],
    ["desktop-file-validate", "docs/coterie.desktop"],
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check[0])
def test_the_systems_own_tools_have_nothing_to_say(check: list[str]) -> None:
    if shutil.which(check[0]) is None:
        pytest.skip(f"{check[0]} is not installed here")
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    # A computer whose date is earlier than the page's has this to say.
    said = [line for line in f"{done.stdout}{done.stderr}".splitlines() if "date in the future" not in line]
    assert said == []
    assert done.returncode == 0 or done.stdout


def test_the_wheel_holds_every_file_of_ours(wheel: Path) -> None:
    assert files(wheel / "coterie") == files(ROOT)


def test_foreign_packages_named_like_our_folders_are_not_met(wheel: Path, tmp_path: Path) -> None:
    for part in OURS:
        (tmp_path / "foreign" / part).mkdir(parents=True)
        (tmp_path / "foreign" / part / "__init__.py").write_text("raise SystemExit('a foreign package')")
    editable = start(tmp_path / "foreign", cwd=tmp_path)
    assert "ada" in editable.lower()
    assert start(tmp_path / "foreign", wheel, cwd=tmp_path) == editable
