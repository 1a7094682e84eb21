"""Running programs as what they are for a user: without the powers of root, and on disks that are full or read-only."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

_DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP, see prctl(2)
_CAPABILITIES = 64


def without_powers() -> None:
    """For `preexec_fn`: a root that may no more than the owner of its files (capabilities(7)); a user stays a user.

    Another user would not do: where Python is installed for root, nobody else can read it.
    """
    if os.geteuid() == 0:
        prctl = ctypes.CDLL(None).prctl
        for capability in range(_CAPABILITIES):
            prctl(_DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


@cache
def can_mount() -> bool:
    """Whether this user may mount a disk in a namespace of its own (user_namespaces(7))."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


def on_a_disk(folder: Path, script: str, command: Sequence[str]) -> list[str]:
    """A command line that mounts a disk of 1 MB at `folder`, runs `script` in a shell, and then `command`.

    `$old` is what lies in `folder` otherwise.
    """
    if not can_mount():
        pytest.skip("this system lets nobody but root mount a disk, so there is no disk that is really full")
    prepare = f'set -e; old=$(mktemp -d); mount --bind "$1" "$old"; mount -t tmpfs -o size=1m tmpfs "$1"; {script}'
    return ["unshare", "-rm", "sh", "-c", f'{prepare}; shift; exec "$@"', "sh", str(folder), *command]
