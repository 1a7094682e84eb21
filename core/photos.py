"""Photos: kept where they are, in the record that an account gave, and handed back with it; nothing here shows one."""

from __future__ import annotations

import json
import re
from typing import Final

_OF_A_CARD: Final = re.compile(r"^(?:[\w-]+\.)?PHOTO[;:]", re.IGNORECASE | re.MULTILINE)


def has_photo(raw: str) -> bool:
    """Whether an account's own record of a contact holds a photo, or leads to one.

    Args:
        raw: a vCard (PHOTO, RFC 6350 6.2.4), or a Person of Google's People API, whose `photos` are marked as `default`
            if they are only a letter on a colored ground. Microsoft's records do not tell.
    """
    if not raw.startswith("{"):
        return _OF_A_CARD.search(raw) is not None
    try:
        photos = json.loads(raw).get("photos")
    except ValueError:
        return False
    entries = photos if isinstance(photos, list) else []
    return any(isinstance(photo, dict) and photo.get("url") and not photo.get("default") for photo in entries)
