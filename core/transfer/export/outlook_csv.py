"""The CSV layout that Outlook (new, on the web and on the desktop) imports.

It has three e-mail addresses, one place for each kind of number and three postal addresses. What has no place there,
or not with its own label, goes to the end of the notes (`core.transfer.appendix`), so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from coterie.core.model import Address, Contact
from coterie.core.transfer.appendix import BIRTHDAY, GROUP, Entry, append, custom_entry, shown, value_entry
from coterie.core.transfer.csv.headings import target_of
from coterie.core.transfer.csv.targets import FURTHER, parts_of
from coterie.core.transfer.csv.values import split_groups
from coterie.core.transfer.names import split_name, whole_name
from coterie.core.transfer.shape import Shape
from coterie.core.wellknown import FULL_NAME, GOOGLE_LABELS, WELL_KNOWN, is_date

_HEADINGS: Final = (
    "First Name", "Middle Name", "Last Name", "Title", "Suffix", "Nickname", "Given Yomi", "Surname Yomi",
    "E-mail Address", "E-mail 2 Address", "E-mail 3 Address", "Home Phone", "Home Phone 2", "Business Phone",
    "Business Phone 2", "Mobile Phone", "Car Phone", "Other Phone", "Primary Phone", "Pager", "Business Fax",
    "Home Fax", "Other Fax", "Company Main Phone", "Callback", "Radio Phone", "Telex", "TTY/TDD Phone", "IMAddress",
    "Job Title", "Department", "Company", "Office Location", "Manager's Name", "Assistant's Name",
    "Assistant's Phone", "Company Yomi", "Business Street", "Business City", "Business State", "Business Postal Code",
    "Business Country/Region", "Home Street", "Home City", "Home State", "Home Postal Code", "Home Country/Region",
    "Other Street", "Other City", "Other State", "Other Postal Code", "Other Country/Region", "Personal Web Page",
    "Spouse", "Schools", "Hobby", "Location", "Web Page", "Birthday", "Anniversary", "Notes", "Categories",
)  # fmt: skip
_PLACE: Final = {heading: number for number, heading in enumerate(_HEADINGS)}
# The columns in which a number of that label belongs, the best first.
_PHONES: Final[dict[str, tuple[str, ...]]] = {
    "home": ("Home Phone", "Home Phone 2"),
    "work": ("Business Phone", "Business Phone 2"),
    "mobile": ("Mobile Phone",),
    "cell": ("Mobile Phone",),
    "car": ("Car Phone",),
    "pager": ("Pager",),
    "work fax": ("Business Fax",),
    "home fax": ("Home Fax",),
    "fax": ("Other Fax", "Business Fax"),
    "other fax": ("Other Fax",),
    "main": ("Company Main Phone", "Primary Phone"),
}
_ANY_PHONE: Final = ("Primary Phone", "Other Phone")
_ADDRESSES: Final = {"work": "Business", "home": "Home"}
_ADDRESS_PARTS: Final = ("Street", "City", "State", "Postal Code", "Country/Region")
_URLS: Final = {"home": "Personal Web Page"}
_CUSTOM: Final = {field.heading: field.outlook for field in WELL_KNOWN.values() if field.outlook}
_ANNIVERSARY: Final = "Anniversary"


class OutlookCsv:
    """The layout; it does not depend on the shape of the contacts."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def headings(self) -> list[str]:
        """The heading line."""
        return list(_HEADINGS)

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact."""
        given, additional, family = split_name(contact)
        groups = [name for name in contact.groups if split_groups(name) == ((name,), False)]
        cells = {
            "First Name": given,
            "Middle Name": additional,
            "Last Name": family,
            "Title": contact.prefix,
            "Suffix": contact.suffix,
            "Nickname": contact.nickname,
            "Job Title": contact.job_title,
            "Department": contact.department,
            "Company": contact.company,
            "Categories": ";".join([*groups, *(["starred"] if contact.favorite else [])]),
        }
        rest = [entry for place in (_name, _emails, _phones, _addresses, _others) for entry in place(contact, cells)]
        rest += [(GROUP, name) for name in contact.groups if name not in groups]
        cells["Notes"] = append(contact.notes, rest)
        row = [""] * len(_HEADINGS)
        for heading, cell in cells.items():
            row[_PLACE[heading]] = cell
        return row


def _put(cells: dict[str, str], columns: tuple[str, ...], text: str) -> str:
    """The first free one of the columns, which takes the text; empty if none is free."""
    for column in columns:
        if not cells.get(column):
            cells[column] = text
            return column
    return ""


@cache
def _label(column: str) -> str:
    """The label with which a value in that column is read."""
    return parts_of(target_of(column))[1]


def _name(contact: Contact, cells: dict[str, str]) -> Iterator[Entry]:
    """The name, if its parts do not make it. Like the next functions, this yields what has no column."""
    if contact.name and contact.name != whole_name(*split_name(contact)):
        yield FULL_NAME, contact.name


def _emails(contact: Contact, cells: dict[str, str]) -> Iterator[Entry]:
    """The preferred address first: Outlook takes the first one for its default, without a label."""
    for email in sorted(contact.emails, key=lambda email: not email.primary):
        column = _put(cells, ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address"), email.address)
        if not column or (email.label and email.label not in GOOGLE_LABELS):
            yield value_entry(email)


def _phones(contact: Contact, cells: dict[str, str]) -> Iterator[Entry]:
    for phone in sorted(contact.phones, key=lambda phone: phone.label.casefold() not in _PHONES):
        column = _put(cells, (*_PHONES.get(phone.label.casefold(), ()), *_ANY_PHONE), phone.number)
        if not column or _label(column) != phone.label:
            yield value_entry(phone)


def _addresses(contact: Contact, cells: dict[str, str]) -> Iterator[Entry]:
    for address in contact.addresses:
        place = _put_address(cells, address)
        if not place or replace(shown(address), label=_label(f"{place} Street")) != address:
            yield value_entry(address)


def _put_address(cells: dict[str, str], address: Address) -> str:
    flat = shown(address)
    values = (flat.street, flat.city, flat.region, flat.postal_code, flat.country)
    for place in dict.fromkeys((_ADDRESSES.get(address.label.casefold(), "Other"), "Other")):
        columns = [f"{place} {part}" for part in _ADDRESS_PARTS]
        if not any(cells.get(column) for column in columns):
            cells.update(zip(columns, values, strict=True))
            return place
    return ""


def _others(contact: Contact, cells: dict[str, str]) -> Iterator[Entry]:
    for url in contact.urls:
        column = _put(cells, (_URLS.get(url.label.casefold(), "Web Page"), "Web Page"), url.url)
        if not column or _label(column) != url.label:
            yield value_entry(url)
    if _is_whole_date(contact.birthday):
        cells[BIRTHDAY] = contact.birthday
    elif contact.birthday:
        yield BIRTHDAY, contact.birthday
    for heading, key in FURTHER.items():
        if text := getattr(contact, key):
            yield custom_entry(heading, text)
    for heading, text in contact.custom.items():
        column = _CUSTOM.get(heading, "")
        fits = column != _ANNIVERSARY or _is_whole_date(text)
        if not column or not fits or not _put(cells, (column,), text):
            yield custom_entry(heading, text)


def _is_whole_date(text: str) -> bool:
    """Outlook takes no other dates."""
    return is_date(text) and text[0] != "-"
