"""Who makes changes: the name that tells a team's journal whose they are."""

from __future__ import annotations

import getpass
import socket


def current_actor() -> str:
    """The user of this process, as `user@host`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        user = "somebody"
    return f"{user}@{socket.gethostname()}"
