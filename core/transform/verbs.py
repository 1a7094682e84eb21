"""VERBS: everything that can be done to a value or to a contact, declared once.

The parser, completion, the help of the dialog, `coterie edit --help` and docs/transform.md derive from this table. A
new verb is one entry and, if it is more than a line, one function beside those of its kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from coterie.core.errors import InvalidValue
from coterie.core.fields.values import with_value
from coterie.core.model import Contact
from coterie.core.query import patterns
from coterie.core.text import clean_line, email_key, group_key
from coterie.core.transfer.dates import iso_date
from coterie.core.transform import numbers, people, postal
from coterie.core.transform.casing import titled
from coterie.core.transform.targets import Target, with_groups
from coterie.core.transform.verb import Kind, OnContact, Parameter, Verb, Where

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}|--\d{2}-\d{2}")
_LABELLED: Final = ("emails", "phones", "urls", "addresses")
_VALUE: Final = Parameter("value", Kind.VALUE)
_REGEX: Final = Parameter("regex", Kind.PATTERN)
_SPECIAL: Final = str.maketrans({"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
                                 "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
                                 "ı": "i", "’": "'"})  # fmt: skip


# Values --------------------------------------------------------------------------------------------------------------


def _title(where: Where, text: str) -> str:
    return titled(text, where.target.part or where.target.key)


def _trim(_where: Where, text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))


def _replace(where: Where, text: str, regex: str, new: str) -> str:
    with _said_of(where.target):
        return patterns.replaced(regex, new, text)


@contextmanager
def _said_of(target: Target) -> Iterator[None]:
    """What a regular expression cannot do becomes the reason why a contact stays."""
    try:
        yield
    except patterns.SlowPattern as error:
        raise InvalidValue(target.key, "The regular expression takes too long here.") from error
    except patterns.TooMuch as error:
        raise InvalidValue(target.key, f"{target.label} is too long then: {error}.") from error


def _matches(target: Target, text: str, regex: str) -> bool:
    with _said_of(target):
        return patterns.matches(regex, text, ignore_case=False)


def _drop(where: Where, text: str, regex: str) -> str:
    return "" if _matches(where.target, text, regex) else text


def _keep(where: Where, text: str, regex: str) -> str:
    return text if _matches(where.target, text, regex) else ""


def _e164(where: Where, text: str, country: str = "") -> str:
    return numbers.international(text, country or numbers.country_of(where.contact))


def _national(where: Where, text: str, country: str = "") -> str:
    return numbers.national(text, country or numbers.country_of(where.contact))


def _domain(_where: Where, address: str, old: str, new: str) -> str:
    name, at, domain = address.rpartition("@")
    is_old = at and domain.casefold() == old.lstrip("@").casefold()
    return f"{name}@{new.lstrip('@')}" if is_old else address


def _date(where: Where, text: str, order: str = "") -> str:
    if order not in {"", "dmy", "mdy"}:
        raise InvalidValue(where.target.key, f"“{order}” is not an order of day and month.", 'Write "dmy" or "mdy".')
    day = iso_date(text, order)
    if not _ISO.fullmatch(day):
        raise InvalidValue(
            where.target.key, f"“{text}” can mean several days, or none.", 'Say which is first: date(birthday, "dmy").'
        )
    return day


def _ascii(_where: Where, text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
    return "".join(char for char in plain if not unicodedata.combining(char))


def _word(where: Where, text: str, number: str) -> str:
    try:
        at = int(number)
    except ValueError:
        raise InvalidValue(where.target.key, f"“{number}” is not a number.", "Write word(name, 2).") from None
    words = text.split()
    return words[at - 1] if 0 < at <= len(words) else words[at] if -len(words) <= at < 0 else ""


def _remove(where: Where, text: str, value: str) -> str:
    key = {"emails": email_key, "groups": group_key}.get(where.target.key, clean_line)
    return "" if key(text).casefold() == key(value).casefold() else text


# Contacts ------------------------------------------------------------------------------------------------------------


def _only(change: Callable[[Contact], Contact]) -> OnContact:
    """What a verb does that is for one field only."""
    return lambda contact, _target: change(contact)


def _move(contact: Contact, target: Target, source: Target) -> Contact:
    texts = source.values(contact)
    if not texts:
        return contact
    if target.values(contact) and not _holds_several(target):
        raise InvalidValue(target.key, f"{target.label} is filled already: “{target.text(contact)}”.")
    for text in texts:
        contact = _added(contact, target, text)
    return source.assigned(contact, "no" if source.key == "favorite" else "")


def _add(contact: Contact, target: Target, text: str) -> Contact:
    return _added(contact, target, text) if text.strip() else contact


def _holds_several(target: Target) -> bool:
    return target.key in {"emails", "phones", "urls", "groups"} or target.key == "notes"


def _added(contact: Contact, target: Target, text: str) -> Contact:
    """`contact` with one more value; the others stay."""
    values = target.values(contact)
    if target.key == "groups":
        return with_groups(contact, [*values, *text.split(";")])
    if target.key == "notes":
        return contact if text in contact.notes.split("\n") else target.assigned(contact, "\n".join([*values, text]))
    if not _holds_several(target):
        return contact if values else target.assigned(contact, text)
    same = email_key if target.key == "emails" else clean_line
    if same(text) in map(same, values):
        return contact
    kept = getattr(contact, target.key)
    new = getattr(target.assigned(with_value(contact, target.key, ()), text), target.key)
    return with_value(contact, target.key, (*kept, *new))


def _label(contact: Contact, target: Target, label: str, regex: str = "") -> Contact:
    values = tuple(
        replace(value, label=clean_line(label)) if not regex or _matches(target, _text_of(value), regex) else value
        for value in getattr(contact, target.key)
    )
    return with_value(contact, target.key, values)


def _first(contact: Contact, target: Target, regex: str) -> Contact:
    values: list[Any] = sorted(
        getattr(contact, target.key), key=lambda value: not _matches(target, _text_of(value), regex)
    )
    if values and target.key == "emails" and _matches(target, _text_of(values[0]), regex):
        values = [replace(value, primary=place == 0) for place, value in enumerate(values)]
    return with_value(contact, target.key, tuple(values))


def _text_of(value: Any) -> str:
    """The text of an address, a number, a web site or a postal address."""
    for attribute in ("address", "number", "url"):
        if hasattr(value, attribute):
            return str(getattr(value, attribute))
    return "\n".join(part for part in (value.street, value.postal_code, value.city, value.country) if part)


def _filled_down(contact: Contact, target: Target, above: str) -> Contact:
    return target.assigned(contact, above) if above and not target.values(contact) else contact


def _above(contact: Contact, target: Target, last: str) -> str:
    """The value that the contacts below inherit."""
    return target.text(contact) or last


_LIST: Final = (
    Verb("upper", (_VALUE,), "All letters as capitals.", "nickname = upper(nickname)",
         text=lambda _, text: text.upper()),
    Verb("lower", (_VALUE,), "All letters small.", "email = lower(email)", text=lambda _, text: text.lower()),
    Verb("title", (_VALUE,), "Words in small letters or in capitals begin with a capital: McDonald, O'Brien,"
         " van der Berg, IBM. What is in mixed case stays.", "company = title(company)", text=_title),
    Verb("trim", (_VALUE,), "No blanks at the ends, single blanks inside.", "name = trim(name)", text=_trim),
    Verb("replace", (_VALUE, _REGEX, Parameter("new", Kind.NEW)),
         r"What the regular expression finds becomes the new text; \1 is what its first brackets matched.",
         'company = replace(company, "Ltd$", "Limited")', text=_replace, twice=False),
    Verb("e164", (_VALUE, Parameter("country", required=False)), "A phone number in international form, +442079460958."
         " Without a country, that of the number or of the address counts.", 'phone = e164(phone, "GB")', text=_e164),
    Verb("national", (_VALUE, Parameter("country", required=False)), "A phone number as it is dialed inside the"
         " country; numbers of other countries in international form.", 'phone = national(phone, "GB")',
         text=_national),
    Verb("domain", (_VALUE, Parameter("old"), Parameter("new")), "An e-mail address with another domain, if it has the"
         " old one.", 'email = domain(email, "old.example", "new.example")', text=_domain, twice=False),
    Verb("swap", (_VALUE,), "Given and family name change places.", "name = swap(name)",
         whole=_only(people.swapped), keys=("name",), twice=False),
    Verb("date", (_VALUE, Parameter("order", required=False)), 'A date as YYYY-MM-DD; "dmy" or "mdy" says what stands'
         " first if both are possible.", "birthday = date(birthday)", text=_date),
    Verb("default", (_VALUE, Parameter("other")), "The value, or the other one if there is none.",
         'company = default(company, "Self-employed")', text=lambda _, text, other: text or other, fills=True),
    Verb("clear", (_VALUE,), "Nothing: the value goes.", "nickname = clear(nickname)", text=lambda _, text: text[:0]),
    Verb("drop", (_VALUE, _REGEX), "Values in which the regular expression finds something go.",
         r'email = drop(email, "@old\.example$")', text=_drop),
    Verb("keep", (_VALUE, _REGEX), "Only values in which the regular expression finds something stay.",
         r'phone = keep(phone, "^\+44")', text=_keep),
    Verb("remove", (_VALUE, Parameter("one")), "This one value goes, ignoring case.",
         'groups = remove(groups, "Newsletter")', text=_remove),
    Verb("add", (_VALUE, Parameter("one")), "One more value, unless it is there; the others stay.",
         'groups = add(groups, "Choir")', whole=_add),
    Verb("move", (Parameter("field", Kind.FIELD),), "The value of another field, which is empty afterwards; a field"
         " that is filled already is left alone.", "phone = move(custom.Mobile)", whole=_move),
    Verb("label", (_VALUE, Parameter("label"), Parameter("regex", Kind.PATTERN, required=False)),
         "The values get this label, with a regular expression only those in which it finds something.",
         r'phone = label(phone, "mobile", "^\+447")', whole=_label, keys=_LABELLED),
    Verb("first", (_VALUE, _REGEX), "Values in which the regular expression finds something come first; an e-mail"
         " address becomes the preferred one.", r'email = first(email, "@acme\.example$")', whole=_first,
         keys=_LABELLED),
    Verb("split", (_VALUE,), "The name is taken apart into title, given, additional and family name, and suffix.",
         "name = split(name)", whole=_only(people.split), keys=("name",)),
    Verb("join", (_VALUE,), "The name is made of its parts.", "name = join(name)",
         whole=_only(people.joined), keys=("name",)),
    Verb("titles", (_VALUE,), "Titles such as Dr. and suffixes such as Jr. go from the name into fields of their own.",
         "name = titles(name)", whole=_only(people.titles_taken_out), keys=("name",)),
    Verb("postal", (_VALUE,), "Postal codes go from the city, and city and country from the street, into fields of"
         " their own.", "addresses = postal(addresses)", whole=_only(postal.tidied), keys=("addresses",)),
    Verb("filldown", (_VALUE,), "If there is no value, that of the contact above, in the order of the list.",
         "company = filldown(company)", whole=_filled_down, around=_above),
    Verb("ascii", (_VALUE,), "Letters without accents.", 'email = lower(ascii("{given_name}")) + "@acme.example"',
         text=_ascii),
    Verb("word", (_VALUE, Parameter("number")), "One word of it, counted from the left; from the right with -1.",
         "nickname = word(name, 1)", text=_word, twice=False),
)  # fmt: skip

VERBS: Final = {verb.name: verb for verb in _LIST}
"""Every verb by its name."""
