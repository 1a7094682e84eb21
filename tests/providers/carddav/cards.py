"""Cards as other programs write them."""

from __future__ import annotations


def card(uid: str, name: str, *lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", f"N:;{name};;;", *lines, "END:VCARD", ""]
    )


def apple_group(name: str, *members: str) -> str:
    lines = [f"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:{member}" for member in members]
    return card("g", name, "X-ADDRESSBOOKSERVER-KIND:group", *lines)
