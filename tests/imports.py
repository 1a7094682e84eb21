"""Which modules a program loads."""

from __future__ import annotations

import subprocess
import sys


def loaded(program: str) -> set[str]:
    """The names of all modules that are there after `program`, Python source in one line, has run by itself."""
    command = [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
