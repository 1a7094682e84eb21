"""The books that are measured, made once and copied for each run."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.measure import python
from benchmarks.people import write_people


class Books:
    """Files and books in one folder, by the number of their contacts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def people(self, count: int, first: int = 0) -> Path:
        """The CSV file of so many people; of others, but a few, if `first` is past those of another file."""
        path = self.folder / (f"people-{count}-from-{first}.csv" if first else f"people-{count}.csv")
        if not path.exists():
            write_people(path, count, first)
        return path

    def empty(self) -> Path:
        """A book without contacts."""
        path = self.folder / "empty.db"
        if not path.exists():
            python("benchmarks.ours.book", path, "open")
        return path

    def of(self, count: int) -> Path:
        """A book with about so many contacts, to be read only."""
        path = self.folder / f"book-{count}.db"
        if not path.exists():
            python("benchmarks.ours.book", self.copy(self.empty(), path.name), "import", self.people(count))
        return path

    def copy(self, book: Path, name: str) -> Path:
        """A copy of a book under another name, to be changed."""
        target = self.folder / name
        for old in self.folder.glob(f"{name}*"):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        return Path(shutil.copy(book, target))
