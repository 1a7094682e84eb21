"""Takes the pictures anew, shows what differs, and keeps what a person approves."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from difflib import unified_diff
from pathlib import Path

from tests.tui.pictures.scenes import NAMES, book_of_pictures
from tests.tui.pictures.taking import kept, path_of, take


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME", help="such as list or 'dialog columns'")
    parser.add_argument("--yes", action="store_true", help="keep all; only after you looked at them")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = asyncio.run(book_of_pictures(Path(folder)))
        for name in given.names:
            with tempfile.TemporaryDirectory() as home:
                now = asyncio.run(take(name, book, Path(home)))
            before = kept(name)
            if now == before:
                continue
            print("\n".join(unified_diff(before.split("\n"), now.split("\n"), "approved", name, lineterm="")))
            if given.yes or input(f"Is “{name}” right? [y/N] ").strip().lower() == "y":
                path_of(name).parent.mkdir(exist_ok=True)
                path_of(name).write_text(now, "utf-8")


if __name__ == "__main__":
    main()
