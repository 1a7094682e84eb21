"""Measure, and print every figure with its floor: `uv run python -m benchmarks [SECTION …]`."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import (
    bulk,
    cleanup,
    duplicates,
    exporting,
    frames,
    importing,
    machine,
    peers,
    sizes,
    ssh,
    starting,
    transform,
    wire,
)
from benchmarks.books import Books
from benchmarks.figures import Figure, headlines, table, write_into
from benchmarks.measure import ROOT

SECTIONS: Final = {
    "wire": wire.measure,
    "peers": peers.measure,
    "ssh": ssh.measure,
    "machine": machine.measure,
    "starting": starting.measure,
    "frames": frames.measure,
    "import": importing.measure,
    "export": exporting.measure,
    "bulk": bulk.measure,
    "duplicates": duplicates.measure,
    "transform": transform.measure,
    "cleanup": cleanup.measure,
    "sizes": sizes.measure,
}
QUICK: Final = 10_000


def main() -> int:
    """Run the sections; the exit code is 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast Coterie is, as ratios.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"{', '.join(SECTIONS)}; all without one")
    parser.add_argument("--size", type=int, default=100_000, help="contacts in the book (100,000)")
    parser.add_argument("--quick", action="store_true", help=f"a book of {QUICK:,}, to see that everything runs")
    parser.add_argument("--folder", type=Path, help="keep files and books here for the next run")
    parser.add_argument("--readme", action="store_true", help="put the figures into README.md and docs/")
    given = parser.parse_args()
    if unknown := set(given.sections) - set(SECTIONS):
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    if given.readme and given.sections:
        parser.error("--readme needs the figures of all sections")
    size = QUICK if given.quick else given.size
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="coterie-benchmarks-") as throw_away:
        books = Books(given.folder or Path(throw_away))
        for name in given.sections or SECTIONS:
            for figure in SECTIONS[name](books, size):
                figures.append(figure)
                print(f"{'' if figure.reached else '!':2}{' | '.join(figure.cells())}", flush=True)
    where = (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} processors,"
        f" {size:,} contacts; `uv run python -m benchmarks --size {size}`."
    )
    print(f"\n{table(figures)}\n\n{where}")
    if given.readme:
        write_into(ROOT / "docs" / "performance.md", f"{table(figures)}\n\n{where}")
        write_into(ROOT / "README.md", f"{headlines(figures, size)}\n\n{where}")
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
