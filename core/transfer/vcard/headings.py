"""Properties that fit no field of a contact: under which heading each is kept, and which are left out.

The rule for all others: `X-PHONETIC-FIRST-NAME` is kept as `Phonetic first name`; a group's X-ABLabel goes before it.
"""

from __future__ import annotations

from typing import Final

HEADINGS: Final[dict[str, str]] = {
    "UID": "UID",  # so that an export goes back to the contact it came from
    "ROLE": "Role",
    "ANNIVERSARY": "Anniversary",
    "X-ANNIVERSARY": "Anniversary",
    "X-MS-ANNIVERSARY": "Anniversary",
    "X-EVOLUTION-ANNIVERSARY": "Anniversary",
    "X-ABDATE": "Date",
    "X-ABRELATEDNAMES": "Related",
    "X-SPOUSE": "Spouse",
    "X-MS-SPOUSE": "Spouse",
    "X-EVOLUTION-SPOUSE": "Spouse",
    "X-MS-MANAGER": "Manager",
    "X-EVOLUTION-MANAGER": "Manager",
    "X-MS-ASSISTANT": "Assistant",
    "X-EVOLUTION-ASSISTANT": "Assistant",
    "X-MS-IMADDRESS": "IM",
    "X-EVOLUTION-FILE-AS": "File as",
    "SORT-STRING": "Sort as",
    "AGENT": "Agent",
    "GENDER": "Gender",
    "RELATED": "Related",
    "LANG": "Language",
    "TZ": "Time zone",
    "GEO": "Position",
    "MAILER": "Mail program",
    "FBURL": "Free/busy address",
    "CALURI": "Calendar address",
    "CALADRURI": "Calendar request address",
    "SOURCE": "Card address",
    "X-SOCIALPROFILE": "Social profile",
    "X-MAIDENNAME": "Maiden name",
    "X-CUSTOM": "Custom",
    "X-AIM": "AIM",
    "X-ICQ": "ICQ",
    "X-MSN": "MSN",
    "X-QQ": "QQ",
    "X-JABBER": "Jabber",
    "X-GTALK": "Google Talk",
    "X-GOOGLE-TALK": "Google Talk",
    "X-SKYPE-USERNAME": "Skype",
    "X-COTERIE-FIELD": "Custom",
}

OURS: Final = "X-COTERIE-FIELD"
"""The property in which our own export keeps a custom field; its heading is the X-ABLabel of its group."""

WRITTEN_AS: Final[dict[str, str]] = {"UID": "UID", "Role": "ROLE"}
"""Headings that go out as a standard property, whose value is any text."""

LEFT_OUT: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-MS-OL-DESIGN"})
"""Pictures, sounds and keys: left out, counted and listed."""

IGNORED: Final = frozenset(
    {"BEGIN", "CLASS", "CLIENTPIDMAP", "CREATED", "END", "KIND", "MEMBER", "NAME", "PRODID", "PROFILE", "REV",
     "VERSION", "X-ABADR", "X-ABLABEL", "X-ABSHOWAS", "X-ABUID", "X-ADDRESSBOOKSERVER-KIND",
     "X-ADDRESSBOOKSERVER-MEMBER", "X-ADDRESSING-GRAMMAR", "X-CLASS", "X-COUCHDB-APPLICATION-ANNOTATIONS",
     "X-COUCHDB-UUID", "X-EVOLUTION-WEBDAV-ETAG", "X-IMAGEHASH", "X-IMAGETYPE", "X-IRMC-LUID", "X-MOZILLA-HTML",
     "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-NO", "X-PREFER-MAIL", "X-RADICALE-NAME", "X-REDUCTION",
     "X-SHARED-PHOTO-DISPLAY-PREF", "XML"}
)  # fmt: skip
"""What programs note for themselves: nothing a person wrote."""


def heading_of(name: str) -> str:
    """The heading for a property without a field of its own: `X-PHONETIC-LAST-NAME` gives `Phonetic last name`."""
    known = HEADINGS.get(name)
    if known is not None:
        return known
    words = name.removeprefix("X-").removeprefix("EVOLUTION-").removeprefix("MS-").removeprefix("OL-")
    return words.replace("-", " ").replace("_", " ").strip().capitalize() or name
