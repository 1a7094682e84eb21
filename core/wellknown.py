"""WELL_KNOWN: custom fields that other programs have a place for, declared once.

A contact keeps what fits none of its fields under a heading. If vCard, Google Contacts or Outlook have a place of
their own for it, the heading is one of these, and all four readers and writers derive from this table:
`Spouse` is RELATED;TYPE=spouse in vCard 4.0 (RFC 6350), X-ABRELATEDNAMES in 3.0 and `Relation 1` in Google's CSV.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from coterie.core.text import clean_lines

_ANY_DAY: Final = "2000-01-01"
_FIRST_OF_DATE: Final = frozenset("-0123456789")
_ISO_DATE: Final = re.compile(r"(?:\d{4}|-)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class WellKnown:
    """A custom field and its places elsewhere; an empty text stands for none.

    Attributes:
        heading: what people call it.
        card: its property in vCard 4.0.
        card3: its property in vCard 3.0, if that is another one.
        kind: its TYPE in vCard 4.0, for properties that several headings share.
        apple: its word in an X-ABLabel of vCard 3.0, for properties that several headings share.
        detail: the parameter that stands behind the heading: `IM (Skype)`.
        value: what its values are, which decides how a card writes them.
        also: further properties that are read as it.
        google: its column in Google's CSV, or the name of a group of numbered columns.
        outlook: its column in Outlook's CSV.
    """

    heading: str
    card: str
    card3: str = ""
    kind: str = ""
    apple: str = ""
    detail: str = ""
    value: Literal["text", "date", "place", "uri", "file"] = "text"
    also: tuple[str, ...] = ()
    google: str = ""
    outlook: str = ""

    def property(self, version: str) -> str:
        """Its property in that version of vCard."""
        return self.card3 if self.card3 and version == "3.0" else self.card


RELATION: Final = WellKnown("Related", "RELATED", "X-ABRELATEDNAMES", detail="TYPE", value="uri", google="Relation")
"""Somebody else; a relation without a heading of its own is `Related (Godmother)`."""
DATE: Final = WellKnown("Date", "X-ABDATE", value="date", google="Event")
"""A day to remember. Those without a heading of their own are known by their value, which is a date."""


def _by_programs(name: str, kde: str) -> tuple[str, ...]:
    """What Outlook, Evolution and phones call a property, and KAddressBook."""
    return f"X-{name}", f"X-MS-{name}", f"X-EVOLUTION-{name}", f"X-KADDRESSBOOK-X-{kde}"


def _relation(
    heading: str, kind: str = "", *, apple: bool = True, outlook: str = "", also: tuple[str, ...] = ()
) -> WellKnown:
    return WellKnown(
        heading,
        RELATION.card,
        RELATION.card3,
        kind,
        heading if apple else "",
        value="uri",
        also=also,
        google=RELATION.google,
        outlook=outlook,
    )


_LIST: Final = (
    WellKnown("UID", "UID"),  # so that an export goes back to the contact it came from
    WellKnown("Role", "ROLE"),
    WellKnown("Phonetic first name", "X-PHONETIC-FIRST-NAME", google="Phonetic First Name", outlook="Given Yomi"),
    WellKnown("Phonetic middle name", "X-PHONETIC-MIDDLE-NAME", google="Phonetic Middle Name"),
    WellKnown("Phonetic last name", "X-PHONETIC-LAST-NAME", google="Phonetic Last Name", outlook="Surname Yomi"),
    WellKnown("Phonetic company", "X-PHONETIC-ORG", outlook="Company Yomi"),
    WellKnown("Maiden name", "X-MAIDENNAME"),
    WellKnown("File as", "X-EVOLUTION-FILE-AS", also=("X-FILE-AS",), google="File As"),
    WellKnown("Sort as", "X-SORT-STRING", "SORT-STRING", also=("SORT-STRING",)),
    WellKnown("Gender", "GENDER", "X-GENDER"),
    WellKnown("Language", "LANG", also=("X-LANG",)),
    WellKnown("Time zone", "TZ"),
    WellKnown("Position", "GEO", value="place"),
    WellKnown("Birthplace", "BIRTHPLACE"),
    WellKnown("Place of death", "DEATHPLACE"),
    WellKnown("Date of death", "DEATHDATE", value="date"),
    WellKnown(
        "Anniversary",
        "ANNIVERSARY",
        DATE.card,
        apple="Anniversary",
        value="date",
        also=(
            "X-ANNIVERSARY",
            "X-MS-ANNIVERSARY",
            "X-EVOLUTION-ANNIVERSARY",
            "X-KADDRESSBOOK-X-ANNIVERSARY",
        ),
        google=DATE.google,
        outlook="Anniversary",
    ),
    DATE,
    RELATION,
    _relation("Spouse", "spouse", outlook="Spouse", also=_by_programs("SPOUSE", "SPOUSESNAME")),
    _relation("Partner"),
    _relation("Domestic partner", apple=False),
    _relation("Child", "child"),
    _relation("Parent", "parent"),
    _relation("Mother", "parent"),
    _relation("Father", "parent"),
    _relation("Son", "child"),
    _relation("Daughter", "child"),
    _relation("Sibling", "sibling", apple=False),
    _relation("Brother", "sibling"),
    _relation("Sister", "sibling"),
    _relation("Relative", "kin", apple=False),
    _relation("Friend", "friend"),
    _relation("Colleague", "colleague", apple=False),
    _relation("Co-worker", "co-worker", apple=False),
    _relation("Neighbor", "neighbor", apple=False),
    _relation("Acquaintance", "acquaintance", apple=False),
    _relation("Emergency contact", "emergency", apple=False),
    _relation("Agent", "agent", apple=False),
    _relation("Manager", outlook="Manager's Name", also=_by_programs("MANAGER", "MANAGERSNAME")),
    _relation("Assistant", outlook="Assistant's Name", also=_by_programs("ASSISTANT", "ASSISTANTSNAME")),
    _relation("Referred by", apple=False),
    WellKnown(
        "IM",
        "IMPP",
        detail="X-SERVICE-TYPE",
        value="uri",
        also=("X-MS-IMADDRESS", "X-KADDRESSBOOK-X-IMADDRESS"),
        outlook="IMAddress",
    ),
    WellKnown("Social profile", "X-SOCIALPROFILE", detail="TYPE", also=("SOCIALPROFILE",)),
    WellKnown("AIM", "X-AIM", also=("X-MESSAGING/AIM-ALL",)),
    WellKnown("ICQ", "X-ICQ", also=("X-MESSAGING/ICQ-ALL",)),
    WellKnown("MSN", "X-MSN", also=("X-MESSAGING/MSN-ALL",)),
    WellKnown("QQ", "X-QQ"),
    WellKnown("Yahoo", "X-YAHOO", also=("X-MESSAGING/YAHOO-ALL",)),
    WellKnown("Jabber", "X-JABBER", also=("X-MESSAGING/XMPP-ALL",)),
    WellKnown("Google Talk", "X-GOOGLE-TALK", also=("X-GTALK", "X-MESSAGING/GOOGLETALK-ALL")),
    WellKnown("Skype", "X-SKYPE-USERNAME", also=("X-SKYPE", "X-MESSAGING/SKYPE-ALL")),
    WellKnown("Hobby", "HOBBY", detail="LEVEL", outlook="Hobby"),
    WellKnown("Interest", "INTEREST", detail="LEVEL"),
    WellKnown("Expertise", "EXPERTISE", detail="LEVEL"),
    WellKnown("Company directory", "ORG-DIRECTORY", value="uri"),
    WellKnown("Contact address", "CONTACT-URI", value="uri"),
    WellKnown("Free/busy address", "FBURL", value="uri"),
    WellKnown("Calendar address", "CALURI", value="uri"),
    WellKnown("Calendar request address", "CALADRURI", value="uri"),
    WellKnown("Card address", "SOURCE", value="uri"),
    WellKnown("Mail program", "X-MAILER", "MAILER", also=("MAILER",)),
    WellKnown("Photo", "PHOTO", value="file", google="Photo"),
    WellKnown("Logo", "LOGO", value="file"),
    WellKnown("Sound", "SOUND", value="file"),
    WellKnown("Key", "KEY", value="file"),
)

CUSTOM_FIELD: Final = "Custom Field"
"""Google's numbered columns for all else."""
FULL_NAME: Final = "Full name"
"""The custom field of Google's CSV with the name that its columns for the parts of a name do not make."""
GOOGLE_LABELS: Final = {
    label: label.title()
    for label in (
        *("home", "work", "mobile", "other", "main", "home fax", "work fax", "fax", "pager", "home page", "blog"),
        *("profile", "billing", "shipping"),
    )
}
"""Our words for addresses and numbers, and Google's."""

WELL_KNOWN: Final[dict[str, WellKnown]] = {field.heading: field for field in _LIST}
BY_PROPERTY: Final[dict[str, WellKnown]] = {
    name: field for field in reversed(_LIST) for name in (*field.also, field.card3, field.card) if name
} | {name: field for field in (RELATION, DATE) for name in (field.card, field.card3) if name}
BY_GOOGLE_COLUMN: Final[dict[str, WellKnown]] = {
    field.google: field for field in _LIST if field.google and field.google not in {RELATION.google, DATE.google}
}
_RELATIONS: Final[dict[str, str]] = {
    word.casefold(): field.heading
    for field in reversed(_LIST)
    if field.card == RELATION.card and field is not RELATION
    for word in (field.kind, field.heading)
    if word
} | {"parent": "Parent", "child": "Child", "sibling": "Sibling", "reference": "Referred by"}
_DATES: Final = {"anniversary": "Anniversary", "": DATE.heading, "other": DATE.heading}
_DETAILED: Final = re.compile(r"(.+?) \((.+)\)")
_NUMBER: Final = re.compile(r"\d+")


def relation_heading(word: str) -> str:
    """The heading for a relation that its source calls `word`: `spouse` is `Spouse`, `Godmother` keeps its letters."""
    if not word or word.casefold() == "other":
        return RELATION.heading
    base, number = split_number(word)
    heading = _RELATIONS.get(base.casefold())
    return f"{heading}{number}" if heading else f"{RELATION.heading} ({word})"


def date_heading(word: str) -> str:
    """The heading for a day that its source calls `word`: `Date` if it has no name."""
    return _DATES.get(word.casefold(), word)


def detailed(heading: str, detail: str) -> str:
    """The heading with what is known more closely: `IM (Skype)`."""
    return f"{heading} ({detail})" if detail else heading


def find(heading: str, text: str = "") -> tuple[WellKnown, str] | None:
    """The well-known field behind a heading, and its detail or own name; None if it is no well-known one.

    Args:
        heading: `Spouse`, `IM (Skype)`, `Spouse (2)`, as a merge numbers a second one.
        text: the value: under a heading that is not known, dates are days to remember.
    """
    field = WELL_KNOWN.get(heading)
    if field is not None:
        return field, ""
    match = _DETAILED.fullmatch(heading)
    field = WELL_KNOWN.get(match[1]) if match else None
    if match and field is not None and field.detail:
        return field, match[2]
    if match and field is not None and _NUMBER.fullmatch(match[2]):
        return field, heading
    return (DATE, heading) if are_dates(text) else None


@lru_cache(maxsize=4096)
def google_place(heading: str, *, dated: bool) -> tuple[str, str]:
    """Where a custom field belongs in Google's CSV: its own column or a group of numbered ones, and its label there.

    Args:
        heading: of the field.
        dated: whether its values are dates.
    """
    field, name = find(heading, _ANY_DAY if dated else "") or (None, "")
    if field is None or not field.google or (field.google == DATE.google and not dated):
        return CUSTOM_FIELD, heading
    if field.google in BY_GOOGLE_COLUMN:
        return (field.google, "") if not name else (CUSTOM_FIELD, heading)
    label = name or ("" if field in {RELATION, DATE} else heading)
    read = relation_heading(label) if field.google == RELATION.google else date_heading(label)
    return (field.google, label) if read == heading else (CUSTOM_FIELD, heading)


def are_dates(text: str) -> bool:
    """Whether all lines of a value are dates."""
    return text[:1] in _FIRST_OF_DATE and all(map(is_date, text.split("\n")))


def values_of(text: str) -> list[str]:
    """The values of a custom field, which stand in lines; a text whose lines would not come back so is one value."""
    lines = text.split("\n")
    return (
        lines if len(set(lines)) == len(lines) and all(line and line == clean_lines(line) for line in lines) else [text]
    )


def is_date(text: str) -> bool:
    """Whether `text` is a date as contacts keep it: `2001-02-03`, or `--02-03` without the year."""
    return _ISO_DATE.fullmatch(text) is not None


def split_number(heading: str) -> tuple[str, str]:
    """`Friend (2)` as `Friend` and ` (2)`."""
    match = _DETAILED.fullmatch(heading)
    return (match[1], f" ({match[2]})") if match and _NUMBER.fullmatch(match[2]) else (heading, "")
