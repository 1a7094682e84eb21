"""Takes the pictures anew, shows what differs, and keeps what a person approves."""

from __future__ import annotations

import argparse
import tempfile
from difflib import unified_diff
from pathlib import Path

from tests.tui.pictures.taking import NAMES, home_of, keep, kept, settled, showing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="SIZE-PALETTE")
    parser.add_argument("--yes", action="store_true", help="keep all; only after you looked at the screen itself")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = home_of(Path(folder))
        for name in given.names:
            with showing(name, home) as scenes:
                taken = {scene: settled(terminal) for scene, terminal in scenes}
            before = kept(name)
            if taken == before:
                continue
            for scene, text in taken.items():
                old, new = before.get(scene, "").split("\n"), text.split("\n")
                print("\n".join(unified_diff(old, new, name, scene, lineterm="")))
            if given.yes or input(f"Is {name} right? [y/N] ").strip().lower() == "y":
                keep(name, taken)


if __name__ == "__main__":
    main()
