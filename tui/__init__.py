"""The terminal front end: the full-screen program and the command line."""

import os
import sys

_ROOM = 64 << 20
"""Bytes that a disk should have left."""


def _has_room() -> bool:
    """Whether a compiled module can be written whole to where this file is, now and a little later."""
    from resource import RLIM_INFINITY, RLIMIT_FSIZE, getrlimit

    try:
        disk = os.statvfs(__file__)
    except OSError:  # it is in an archive
        return False
    return disk.f_bavail * disk.f_frsize > _ROOM and getrlimit(RLIMIT_FSIZE)[0] == RLIM_INFINITY


# Before 3.12.8 and 3.13.1 Python keeps half a compiled module if the disk is full when it writes it, and no later start
# gets past it (https://github.com/python/cpython/issues/126606).
if sys.version_info < (3, 13, 1) and not _has_room():
    sys.dont_write_bytecode = True
