"""Properties without a field of their own that are not well known either (`core.wellknown`): under which
heading each is kept, and which are left out. A group's X-ABLabel goes before the heading.
"""

from __future__ import annotations

from typing import Final

OURS: Final = "X-COTERIE-FIELD"
"""The property in which our own export keeps a custom field; its heading is the X-ABLabel of its group."""

OUR_PRODUCT: Final = "-//Coterie//Coterie//EN"
"""PRODID of the cards that we write: they mean what they say, so no mistake of other programs is looked for."""

LEFT_OUT: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-MS-OL-DESIGN"})
"""Pictures, sounds and keys: left out, counted and listed."""

IGNORED: Final = frozenset(
    {"BEGIN", "CLASS", "CLIENTPIDMAP", "CREATED", "END", "KIND", "MEMBER", "NAME", "PROFILE", "REV", "VERSION",
     "X-ABADR", "X-ABLABEL", "X-ABSHOWAS", "X-ABUID", "X-ADDRESSBOOKSERVER-KIND", "X-ADDRESSBOOKSERVER-MEMBER",
     "X-ADDRESSING-GRAMMAR", "X-CLASS", "X-COUCHDB-APPLICATION-ANNOTATIONS", "X-COUCHDB-UUID", "X-EVOLUTION-LIST",
     "X-EVOLUTION-LIST-SHOW-ADDRESSES", "X-EVOLUTION-WEBDAV-ETAG", "X-IMAGEHASH", "X-IMAGETYPE", "X-IRMC-LUID",
     "X-MOZILLA-HTML", "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-NO", "X-PM-ENCRYPT", "X-PM-MIMETYPE", "X-PM-SCHEME",
     "X-PM-SIGN", "X-PM-TLS", "X-PREFER-MAIL", "X-RADICALE-NAME", "X-REDUCTION", "X-SHARED-PHOTO-DISPLAY-PREF", "XML"}
)  # fmt: skip
"""What programs note for themselves: nothing a person wrote."""


ANDROID_RELATIONS: Final = {
    "1": "assistant", "2": "brother", "3": "child", "4": "domestic partner", "5": "father", "6": "friend",
    "7": "manager", "8": "mother", "9": "parent", "10": "partner", "11": "referred by", "12": "relative",
    "13": "sister", "14": "spouse",
}  # fmt: skip
"""Types of relations (Android, ContactsContract.CommonDataKinds.Relation)."""


_PROGRAMS: Final = ("EVOLUTION-", "MS-", "OL-", "KADDRESSBOOK-", "X-", "MESSAGING/")
"""What programs put before the names of their own properties."""


def heading_of(name: str) -> str:
    """The heading for a property that is not well known: `X-BLOOD-GROUP` gives `Blood group`."""
    if name == OURS:
        return "Custom"
    words = name.removeprefix("X-")
    for program in _PROGRAMS:
        words = words.removeprefix(program)
    return words.replace("-", " ").replace("_", " ").strip().capitalize() or name
