"""Google Contacts' CSV layout as it is since 2024."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.fields import name_from_parts
from core.model import Address, Contact
from core.transfer.names import split_name
from core.transfer.shape import Shape

_FIXED: Final = (
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels",
)  # fmt: skip
_ADDRESS: Final = (
    "Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address",
)  # fmt: skip
_PHONETIC: Final = (
    "Phonetic first name",
    "Phonetic middle name",
    "Phonetic last name",
)  # custom headings with a column
_SEPARATOR: Final = " ::: "


class GoogleCsv:
    """The layout for contacts of a certain shape."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._custom = len([heading for heading in shape.custom if heading not in _PHONETIC])

    def headings(self) -> list[str]:
        """The heading line."""
        shape = self._shape
        headings = list(_FIXED)
        for kind, count in (("E-mail", shape.emails), ("Phone", shape.phones)):
            headings += _pairs(kind, count)
        for number in range(1, shape.addresses + 1):
            headings += [f"Address {number} - {part}" for part in _ADDRESS]
        return headings + _pairs("Website", shape.urls) + _pairs("Custom Field", self._custom)

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact."""
        given, additional, family = split_name(contact)
        custom = contact.custom
        labels = ["* myContacts", *contact.groups, *(["* starred"] if contact.favorite else [])]
        named = bool(contact.given_name or contact.family_name or contact.additional_names)
        cells = [
            given,
            additional,
            family,
            *(custom.get(heading, "") for heading in _PHONETIC),
            contact.prefix,
            contact.suffix,
            contact.nickname,
            contact.name if named and contact.name != name_from_parts(contact) else "",
            contact.company,
            contact.job_title,
            contact.department,
            contact.birthday,
            contact.notes,
            custom.get("Photo", ""),
            _SEPARATOR.join(labels),
        ]
        shape = self._shape
        emails = ((_label(email.label, email.primary), email.address) for email in contact.emails)
        cells += _filled(emails, 2 * shape.emails)
        cells += _filled(((_label(phone.label), phone.number) for phone in contact.phones), 2 * shape.phones)
        cells += _filled((_address(address) for address in contact.addresses), len(_ADDRESS) * shape.addresses)
        cells += _filled(((_label(url.label), url.url) for url in contact.urls), 2 * shape.urls)
        rest = ((heading, text) for heading, text in custom.items() if heading not in _PHONETIC)
        return cells + _filled(rest, 2 * self._custom)


def _pairs(kind: str, count: int) -> list[str]:
    return [f"{kind} {number} - {part}" for number in range(1, count + 1) for part in ("Label", "Value")]


def _filled(groups: Iterable[Iterable[str]], width: int) -> list[str]:
    cells = [cell for group in groups for cell in group]
    return cells + [""] * (width - len(cells))


def _label(label: str, primary: bool = False) -> str:
    """Google's form of a label: `Work Fax`, and `* Home` where it is preferred."""
    label = label.title() if label.islower() else label
    return f"* {label}".rstrip() if primary else label


def _address(address: Address) -> tuple[str, ...]:
    town = " ".join(part for part in (address.city, address.region, address.postal_code) if part)
    lines = (address.street, address.extended, address.po_box, town, address.country)
    return (
        _label(address.label),
        "\n".join(line for line in lines if line),
        address.street,
        address.city,
        address.po_box,
        address.region,
        address.postal_code,
        address.country,
        address.extended,
    )
