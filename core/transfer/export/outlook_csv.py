"""The CSV layout that Outlook (new, on the web and on the desktop) imports.

It has three e-mail addresses, one place for each kind of number and three postal addresses. What has no place there
goes to the end of the notes, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.model import Address, Contact
from core.transfer.names import split_name
from core.transfer.shape import Shape

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
_ANY_PHONE: Final = ("Primary Phone", "Other Phone", "Mobile Phone", "Home Phone", "Home Phone 2", "Business Phone 2")
_ADDRESSES: Final = {"work": "Business", "home": "Home"}
_URLS: Final = {"home": "Personal Web Page"}
_CUSTOM: Final = {
    "Phonetic first name": "Given Yomi", "Phonetic last name": "Surname Yomi", "IM": "IMAddress",
    "Manager": "Manager's Name", "Assistant": "Assistant's Name", "Spouse": "Spouse", "Anniversary": "Anniversary",
    "Hobby": "Hobby",
}  # fmt: skip


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
            "Categories": ";".join([*contact.groups, *(["starred"] if contact.favorite else [])]),
        }
        rest = [line for place in (_emails, _phones, _addresses, _others) for line in place(contact, cells)]
        cells["Notes"] = "\n".join(part for part in (contact.notes, *rest) if part)
        row = [""] * len(_HEADINGS)
        for heading, cell in cells.items():
            row[_PLACE[heading]] = cell
        return row


def _put(cells: dict[str, str], columns: tuple[str, ...], text: str) -> bool:
    for column in columns:
        if not cells.get(column):
            cells[column] = text
            return True
    return False


def _emails(contact: Contact, cells: dict[str, str]) -> Iterator[str]:
    """The preferred address first: Outlook takes the first one for its default. Yields what found no place."""
    for email in sorted(contact.emails, key=lambda email: not email.primary):
        if not _put(cells, ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address"), email.address):
            yield f"E-mail: {email.address}"


def _phones(contact: Contact, cells: dict[str, str]) -> Iterator[str]:
    for phone in sorted(contact.phones, key=lambda phone: phone.label.casefold() not in _PHONES):
        if not _put(cells, (*_PHONES.get(phone.label.casefold(), ()), *_ANY_PHONE), phone.number):
            yield f"Phone ({phone.label}): {phone.number}" if phone.label else f"Phone: {phone.number}"


def _addresses(contact: Contact, cells: dict[str, str]) -> Iterator[str]:
    for address in contact.addresses:
        street = "\n".join(part for part in (address.street, address.extended, address.po_box) if part)
        values = (street, address.city, address.region, address.postal_code, address.country)
        for place in dict.fromkeys((_ADDRESSES.get(address.label.casefold(), "Other"), "Other", "Home", "Business")):
            columns = [f"{place} {part}" for part in ("Street", "City", "State", "Postal Code", "Country/Region")]
            if not any(cells.get(column) for column in columns):
                cells.update(zip(columns, values, strict=True))
                break
        else:
            yield f"Address: {_one_line(address)}"


def _one_line(address: Address) -> str:
    parts = (
        address.street,
        address.extended,
        address.po_box,
        address.postal_code,
        address.city,
        address.region,
        address.country,
    )
    return ", ".join(part.replace("\n", ", ") for part in parts if part)


def _others(contact: Contact, cells: dict[str, str]) -> Iterator[str]:
    for url in contact.urls:
        if not _put(cells, (_URLS.get(url.label.casefold(), "Web Page"), "Web Page", "Personal Web Page"), url.url):
            yield f"Web site: {url.url}"
    if contact.birthday.startswith("-"):
        yield f"Birthday: {contact.birthday}"  # Outlook takes only whole dates
    else:
        cells["Birthday"] = contact.birthday
    for heading, text in contact.custom.items():
        if heading not in _CUSTOM or not _put(cells, (_CUSTOM[heading],), text):
            yield f"{heading}: {text}"
