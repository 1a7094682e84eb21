"""How fast a sync is: `python -m benchmarks.sync [COUNT]`, beside the floor, which reads the same pages and no more.

Each figure comes from a process of its own, the server from another, and the book is there before, as it is when an
account is connected; only our own CPU time is counted. What is asked for with 25,000 contacts: for a first sync at most
0.8 ms of our CPU a contact and 100 MB, for a quiet one at most 0.3 s and one request for each cursor (Google has two:
labels and people). What misses its target is marked with “!”, and the exit code is then 1.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.measure import ROOT, python
from benchmarks.people import write_people

SOURCES: Final = {"pages": "the provider in memory", "google": "Google's client and a local server"}
TARGET: Final = 25_000
EACH: Final = 0.8
"""Milliseconds of our CPU for each contact of a first sync."""
MEMORY: Final = 100.0
"""Megabytes for 25,000 contacts."""
QUIET: Final = 0.3
"""Seconds of a quiet sync."""
REQUESTS: Final = {"pages": 1, "google": 2}
"""Cursors of each source."""
WHAT: Final = ("first", "quiet", "first with writing back", "quiet with writing back")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one source.

    Attributes:
        told: what `benchmarks.ours.sync` printed.
        memory, floor_memory: the most that the process ever had, in megabytes.
        floor_cpu: seconds for reading the pages alone.
    """

    source: str
    count: int
    told: dict[str, Any]
    memory: float
    floor_cpu: float
    floor_memory: float

    @property
    def misses(self) -> list[str]:
        """The targets that are missed, in words."""
        missed = {
            f"{EACH} ms of CPU a contact": self.told["first"]["cpu"] * 1000 / self.count > EACH,
            f"{MEMORY:.0f} MB": self.count <= TARGET and self.told["memory"] > MEMORY,
            f"a quiet sync in {QUIET} s": max(self.told[name]["wall"] for name in WHAT if name.startswith("quiet"))
            > QUIET,
            "one request a cursor": self.told["requests"] > REQUESTS[self.source],
        }
        return [target for target, is_missed in missed.items() if is_missed]

    def __str__(self) -> str:
        told, each = self.told, 1000 / self.count
        first, again, look, still = (told[name] for name in WHAT)
        return (
            f"{SOURCES[self.source]}, {self.count:,} contacts\n"
            f"  first sync    {first['cpu']:8.1f} s CPU {first['wall']:8.1f} s {told['memory']:6.0f} MB"
            f"   {first['cpu'] * each:.2f} ms a contact\n"
            f"  pages alone   {self.floor_cpu:8.1f} s CPU            {self.floor_memory:6.0f} MB"
            f"   {self.floor_cpu * each:.2f} ms a contact\n"
            f"  quiet sync    {again['cpu']:8.2f} s CPU {again['wall']:8.2f} s   {told['requests']} requests\n"
            f"  writing back  {look['cpu']:8.1f} s CPU {look['wall']:8.1f} s {self.memory:6.0f} MB"
            "   looks through all, once\n"
            f"  quiet sync    {still['cpu']:8.2f} s CPU {still['wall']:8.2f} s   "
            f"{told['requests with writing back']} requests" + "".join(f"\n! misses {target}" for target in self.misses)
        )


def measure(source: str, count: int) -> Figures:
    """Sync `count` contacts of a source of SOURCES into a new book, and read the pages alone."""
    with TemporaryDirectory() as folder:
        people = Path(folder) / "people.csv"
        write_people(people, count)
        with _server(source, people) as url:
            arguments = (people, Path(folder) / "contacts.db", url)
            python("benchmarks.ours.sync", source, "open", *arguments)
            floor = python("benchmarks.ours.sync", source, "floor", *arguments)
            ours = python("benchmarks.ours.sync", source, "sync", *arguments)
    told, least = (json.loads(run.output.splitlines()[-1]) for run in (ours, floor))
    return Figures(source, count, told, ours.memory, least["first"]["cpu"], floor.memory)


@contextmanager
def _server(source: str, people: Path) -> Iterator[str]:
    """The address of the server that the source needs; empty if it needs none."""
    if source != "google":
        yield ""
        return
    command = [sys.executable, "-m", "benchmarks.google_server", str(people)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("")


def main(count: int) -> int:
    """Measure each source, and print the figures; 1 if a target is missed."""
    missed = 0
    for name in SOURCES:
        figures = measure(name, count)
        missed |= bool(figures.misses)
        print(figures, flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TARGET))
