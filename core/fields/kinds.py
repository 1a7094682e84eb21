"""How each kind of field is read as text and written from text."""

from __future__ import annotations

from dataclasses import replace

from coterie.core.errors import InvalidValue
from coterie.core.fields.spec import Reader, Writer
from coterie.core.fields.values import with_value
from coterie.core.labelled import Labelled
from coterie.core.model import Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, clean_number, email_key, is_email
from coterie.core.wellknown import is_date


def line(key: str) -> Writer:
    """Writes an attribute that is one line of text."""

    def write(contact: Contact, text: str) -> Contact:
        return with_value(contact, key, clean_line(text))

    return write


def attribute(key: str) -> Reader:
    """Reads an attribute that is a text."""

    def read(contact: Contact) -> str:
        value: str = getattr(contact, key)
        return value

    return read


def split_values(text: str) -> list[str]:
    """The values in a text that lists several, separated by semicolons or line ends."""
    return [value for part in text.replace("\n", ";").split(";") if (value := clean_line(part))]


def write_emails(contact: Contact, text: str) -> Contact:
    """The contact with these addresses; an address that it had keeps its label. Raises InvalidValue."""
    known = {email_key(email.address): email for email in contact.emails}
    emails: dict[str, Email] = {}
    for address in (clean_address(part) for value in split_values(text) for part in value.split(",")):
        if not address:
            continue
        if not is_email(address):
            raise InvalidValue("emails", f"“{address}” is not an e-mail address.", "Write it like name@example.org.")
        kept = known.get(email_key(address))
        emails.setdefault(email_key(address), replace(kept, address=address) if kept else Email(address))
    return replace(contact, emails=tuple(emails.values()))


def write_phones(contact: Contact, text: str) -> Contact:
    """The contact with these numbers; a number that it had keeps its label."""
    labels = {phone.number: phone.label for phone in contact.phones}
    return replace(
        contact, phones=tuple(Phone(number, labels.get(number, "")) for number in map(clean_number, split_values(text)))
    )


def write_urls(contact: Contact, text: str) -> Contact:
    """The contact with these links; a link that it had keeps its label."""
    labels = {url.url: url.label for url in contact.urls}
    return replace(contact, urls=tuple(Url(url, labels.get(url, "")) for url in split_values(text)))


def write_groups(contact: Contact, text: str) -> Contact:
    """The contact in these groups, each once."""
    names = {name.casefold(): name for name in reversed(split_values(text))}
    return replace(contact, groups=tuple(sorted(names.values(), key=str.casefold)))


def read_labelled(key: str) -> Reader:
    """Reads values with labels: `spouse: Bob; Eve`."""

    def read(contact: Contact) -> str:
        return "; ".join(f"{one.label}: {one.value}" if one.label else one.value for one in getattr(contact, key))

    return read


def write_labelled(key: str) -> Writer:
    """Writes values as they are read: `spouse: Bob; Eve`. A label that only a value had stays with it."""

    def write(contact: Contact, text: str) -> Contact:
        known = {one.value: one.label for one in getattr(contact, key)}
        values = []
        for part in split_values(text):
            label, colon, value = part.partition(": ")
            one = Labelled(value.strip(), label.strip()) if colon else Labelled(part, known.get(part, ""))
            values.append(checked_value(key, one))
        return with_value(contact, key, tuple(values))

    return write


def checked_value(key: str, one: Labelled) -> Labelled:
    """A value of `core.labelled` as it may be kept. Raises InvalidValue where a day to remember is no date."""
    if key == "events" and not is_date(one.value):
        raise InvalidValue(key, f"“{one.value}” is not a date.", "Write it like 2001-05-20, or --05-20 without a year.")
    return one


def write_favorite(contact: Contact, text: str) -> Contact:
    """The contact as a favorite or not. Raises InvalidValue."""
    word = text.strip().casefold()
    if word in {"yes", "true", "1", "on", "y", "*", "★"}:
        return replace(contact, favorite=True)
    if word in {"no", "false", "0", "off", "n", ""}:
        return replace(contact, favorite=False)
    raise InvalidValue("favorite", f"“{text}” is neither yes nor no.", "Write yes or no.")


def read_addresses(contact: Contact) -> str:
    """Postal addresses, each in one line."""

    def one_line(parts: tuple[str, ...]) -> str:
        return ", ".join(part.replace("\n", ", ") for part in parts if part)

    return "; ".join(
        one_line((a.po_box, a.extended, a.street, f"{a.postal_code} {a.city}".strip(), a.region, a.country))
        for a in contact.addresses
    )


def date(key: str) -> Reader:
    """Reads an attribute that is a time as its day."""

    def read(contact: Contact) -> str:
        value = getattr(contact, key)
        return value.strftime("%Y-%m-%d") if value else ""

    return read


def part_of_addresses(part: str) -> Reader:
    """Reads one part of every postal address."""

    def read(contact: Contact) -> str:
        return "; ".join(text for address in contact.addresses if (text := getattr(address, part)))

    return read
