"""Textual for slow lines: only what differs from frame to frame is sent. See README.md for what is where."""

from __future__ import annotations

import os


def is_wanted() -> bool:
    """Whether light output can and may be used."""
    return os.name == "posix" and os.environ.get("COTERIE_PLAIN_OUTPUT", "") in {"", "0"}
