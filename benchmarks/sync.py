"""How fast a sync is: `python -m benchmarks.sync [COUNT]`, beside the floor, which reads the same pages and no more.

Each figure comes from a process of its own, the server from another; only our own CPU time is counted. What is asked
for: at most 2 ms of our CPU for each contact of a first sync, memory that does not grow with their number, and one
request for each cursor of a quiet sync (Google has two: the labels and the people).
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

    def __str__(self) -> str:
        told, each = self.told, 1000 / self.count
        first, again, look, still = (told[name] for name in WHAT)
        return (
            f"{SOURCES[self.source]}, {self.count:,} contacts\n"
            f"  first sync    {first['cpu']:8.1f} s CPU {first['wall']:8.1f} s {self.memory:6.0f} MB"
            f"   {first['cpu'] * each:.2f} ms a contact\n"
            f"  pages alone   {self.floor_cpu:8.1f} s CPU            {self.floor_memory:6.0f} MB"
            f"   {self.floor_cpu * each:.2f} ms a contact\n"
            f"  quiet sync    {again['cpu']:8.2f} s CPU {again['wall']:8.2f} s   {told['requests']} requests\n"
            f"  writing back  {look['cpu']:8.1f} s CPU {look['wall']:8.1f} s   looks through all, once\n"
            f"  quiet sync    {still['cpu']:8.2f} s CPU {still['wall']:8.2f} s   "
            f"{told['requests with writing back']} requests"
        )


def measure(source: str, count: int) -> Figures:
    """Sync `count` contacts of a source of SOURCES into a new book, and read the pages alone."""
    with TemporaryDirectory() as folder:
        people = Path(folder) / "people.csv"
        write_people(people, count)
        with _server(source, people) as url:
            arguments = (people, Path(folder) / "contacts.db", url)
            floor = python("benchmarks.ours.sync", source, "floor", *arguments)
            ours = python("benchmarks.ours.sync", source, "sync", *arguments)
    told, least = (json.loads(run.output.splitlines()[-1]) for run in (ours, floor))
    return Figures(source, count, told, ours.memory, least["first"]["cpu"], floor.memory)


@contextmanager
def _server(source: str, people: Path) -> Iterator[str]:
    """The address of the server that the source needs; empty where it needs none."""
    if source != "google":
        yield ""
        return
    command = [sys.executable, "-m", "benchmarks.google_server", str(people)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate("")


if __name__ == "__main__":
    for name in SOURCES:
        for size in (int(sys.argv[1]) if len(sys.argv) > 1 else 100_000,):
            print(measure(name, size), flush=True)
