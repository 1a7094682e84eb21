"""Google Contacts' CSV layout as it is since 2024."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coterie.core.errors import Stale
from coterie.core.model import Address, Contact
from coterie.core.transfer.appendix import append
from coterie.core.transfer.csv.targets import FURTHER
from coterie.core.transfer.names import split_name, whole_name
from coterie.core.transfer.shape import GROWN, Shape
from coterie.core.wellknown import CUSTOM_FIELD, FULL_NAME, GOOGLE_LABELS, are_dates, google_place, values_of

_FIXED: Final = (
    "First Name", "Middle Name", "Last Name", "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name",
    "Name Prefix", "Name Suffix", "Nickname", "File As", "Organization Name", "Organization Title",
    "Organization Department", "Birthday", "Notes", "Photo", "Labels",
)  # fmt: skip
_ADDRESS: Final = (
    "Label", "Formatted", "Street", "City", "PO Box", "Region", "Postal Code", "Country", "Extended Address",
)  # fmt: skip
_SEPARATOR: Final = " ::: "


_GROUPS: Final = ("Relation", "Event", CUSTOM_FIELD)


class GoogleCsv:
    """The layout for contacts of a certain shape."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._others = {group: shape.places.get(group, 0) for group in _GROUPS}
        self._others[CUSTOM_FIELD] += 1 + len(FURTHER)  # one for the full name

    def headings(self) -> list[str]:
        """The heading line."""
        shape = self._shape
        headings = list(_FIXED)
        for kind, count in (("E-mail", shape.emails), ("Phone", shape.phones)):
            headings += _pairs(kind, count)
        for number in range(1, shape.addresses + 1):
            headings += [f"Address {number} - {part}" for part in _ADDRESS]
        headings += _pairs("Website", shape.urls)
        return headings + [heading for group, count in self._others.items() for heading in _pairs(group, count)]

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact. Raises Stale if it has more than the shape says."""
        given, additional, family = split_name(contact)
        own, others = _custom(contact)
        labels = ["* myContacts", *contact.groups, *(["* starred"] if contact.favorite else [])]
        cells = dict.fromkeys(_FIXED, "") | own
        cells |= {
            "First Name": given,
            "Middle Name": additional,
            "Last Name": family,
            "Name Prefix": contact.prefix,
            "Name Suffix": contact.suffix,
            "Nickname": contact.nickname,
            "Organization Name": contact.company,
            "Organization Title": contact.job_title,
            "Organization Department": contact.department,
            "Birthday": contact.birthday,
            "Notes": append(contact.notes, ()),
            "Labels": _SEPARATOR.join(labels),
        }
        shape = self._shape
        emails = ((_label(email.label, email.primary), email.address) for email in contact.emails)
        row = [*cells.values(), *_filled(emails, 2 * shape.emails)]
        row += _filled(((_label(phone.label), phone.number) for phone in contact.phones), 2 * shape.phones)
        row += _filled((_address(address) for address in contact.addresses), len(_ADDRESS) * shape.addresses)
        row += _filled(((_label(url.label), url.url) for url in contact.urls), 2 * shape.urls)
        return row + [cell for group, count in self._others.items() for cell in _filled(others[group], 2 * count)]


def _custom(contact: Contact) -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    """The custom fields that have a column of their own, and the others by their group: (label, value)."""
    own: dict[str, str] = {}
    others: dict[str, list[tuple[str, str]]] = {group: [] for group in _GROUPS}
    if contact.name and contact.name != whole_name(*split_name(contact)):
        others[CUSTOM_FIELD].append((FULL_NAME, contact.name))
    others[CUSTOM_FIELD] += [(heading, text) for heading, key in FURTHER.items() if (text := getattr(contact, key))]
    for heading, text in contact.custom.items():
        group, label = google_place(heading, dated=are_dates(text))
        if group not in others:
            own[group] = text
        elif group == CUSTOM_FIELD:
            others[group].append((label, text))
        else:
            others[group].append((label, _SEPARATOR.join(values_of(text))))
    return own, others


def _pairs(kind: str, count: int) -> list[str]:
    return [f"{kind} {number} - {part}" for number in range(1, count + 1) for part in ("Label", "Value")]


def _filled(groups: Iterable[Iterable[str]], width: int) -> list[str]:
    cells = [cell for group in groups for cell in group]
    if len(cells) > width:
        raise Stale(GROWN, "Export again.")
    return cells + [""] * (width - len(cells))


def _label(label: str, primary: bool = False) -> str:
    """Google's form of a label: `Work Fax`, and `* Home` if it is preferred; a label of one's own stays."""
    label = GOOGLE_LABELS.get(label, label)
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
