"""FIELDS: every field that a user sees, declared once.

Columns, forms, the search language, `--set`, sort orders, CSV headings and the reference documentation derive
from this table; a new field or a derived column is one more `FieldSpec`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from coterie.core import labelled
from coterie.core.errors import InvalidValue
from coterie.core.labelled import HEADINGS, PHONETIC, Labelled
from coterie.core.model import Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, clean_lines, clean_number, email_key, fold, is_email
from coterie.core.wellknown import WELL_KNOWN, is_date

Reader = Callable[[Contact], str]
Writer = Callable[[Contact, str], Contact]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a contact.

    Attributes:
        key: its name in JSON, in the search language, in `--set` and in settings; an attribute or property of Contact.
        label: its name on the screen and in our own CSV.
        read: the field as text; several values are joined by `; `.
        write: the contact with the field read from text; None where it cannot be set by hand. Raises InvalidValue.
        vcard: the vCard property (RFC 6350).
        search: the columns of the search index that hold its texts, for `key:`; none where another table does.
        aliases: other names in the search language and in `--set`.
        sortable: whether a list can be ordered by it.
        many: whether it holds several values.
        lines: whether it holds several lines.
        width: the preferred width of its column in cells.
        shown: whether it is a column at first.
        rank: the lower, the longer its column stays on a narrow terminal.
    """

    key: str
    label: str
    read: Reader
    write: Writer | None = None
    vcard: str = ""
    search: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sortable: bool = False
    many: bool = False
    lines: bool = False
    width: int = 16
    shown: bool = False
    rank: int = 9

    @property
    def word(self) -> str:
        """The shortest of its names, by which messages call it."""
        return min((self.key, *self.aliases), key=len)


NAME_PARTS: Final = ("prefix", "given_name", "additional_names", "family_name", "suffix")


def name_from_parts(contact: Contact) -> str:
    """The display name that the name parts make, in Western order; empty where there are none."""
    return " ".join(part for key in NAME_PARTS if (part := getattr(contact, key)))


def parts_of_name(name: str) -> dict[str, str]:
    """The parts that are guessed where only the whole name is known: the family name is its last word."""
    given, _, family = name.rpartition(" ")
    return {"given_name": given, "family_name": family} if given else {"given_name": family} if family else {}


def with_values(contact: Contact, values: Mapping[str, object]) -> Contact:
    """`contact` with these fields: `dataclasses.replace` for names that are known only at run time.

    Fields of `core.labelled` go where they are kept; `custom` is all that is kept there.
    """
    changes: dict[str, Any] = {key: value for key, value in values.items() if key not in KEPT}
    for key in KEPT.intersection(values):
        changes["custom"] = _kept(changes.get("custom", contact.custom), key, values[key])
    return replace(contact, **changes)


def _kept(custom: Mapping[str, str], key: str, value: Any) -> Mapping[str, str]:
    """The custom fields with this value of a field that is kept among them."""
    if key in HEADINGS:
        return labelled.write(custom, key, value)
    rest = {heading: text for heading, text in custom.items() if heading != PHONETIC[key]}
    return {**rest, PHONETIC[key]: value} if value else rest


def with_value(contact: Contact, key: str, value: object) -> Contact:
    """`contact` with one attribute set."""
    return with_values(contact, {key: value})


def _line(key: str) -> Writer:
    def write(contact: Contact, text: str) -> Contact:
        return with_value(contact, key, clean_line(text))

    return write


def _attribute(key: str) -> Reader:
    def read(contact: Contact) -> str:
        value: str = getattr(contact, key)
        return value

    return read


def split_values(text: str) -> list[str]:
    """The values in a text that lists several, separated by semicolons or line ends."""
    return [value for part in text.replace("\n", ";").split(";") if (value := clean_line(part))]


def _write_emails(contact: Contact, text: str) -> Contact:
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


def _write_phones(contact: Contact, text: str) -> Contact:
    labels = {phone.number: phone.label for phone in contact.phones}
    return replace(
        contact, phones=tuple(Phone(number, labels.get(number, "")) for number in map(clean_number, split_values(text)))
    )


def _write_urls(contact: Contact, text: str) -> Contact:
    labels = {url.url: url.label for url in contact.urls}
    return replace(contact, urls=tuple(Url(url, labels.get(url, "")) for url in split_values(text)))


def _write_groups(contact: Contact, text: str) -> Contact:
    names = {name.casefold(): name for name in reversed(split_values(text))}
    return replace(contact, groups=tuple(sorted(names.values(), key=str.casefold)))


def _read_labelled(key: str) -> Reader:
    def read(contact: Contact) -> str:
        return "; ".join(f"{one.label}: {one.value}" if one.label else one.value for one in getattr(contact, key))

    return read


def _write_labelled(key: str) -> Writer:
    """Values are written as they are read: `spouse: Bob; Eve`. A label that only a value had stays with it."""

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


def _write_favorite(contact: Contact, text: str) -> Contact:
    word = text.strip().casefold()
    if word in {"yes", "true", "1", "on", "y", "*", "★"}:
        return replace(contact, favorite=True)
    if word in {"no", "false", "0", "off", "n", ""}:
        return replace(contact, favorite=False)
    raise InvalidValue("favorite", f"“{text}” is neither yes nor no.", "Write yes or no.")


def _read_addresses(contact: Contact) -> str:
    def one_line(parts: tuple[str, ...]) -> str:
        return ", ".join(part.replace("\n", ", ") for part in parts if part)

    return "; ".join(
        one_line((a.po_box, a.extended, a.street, f"{a.postal_code} {a.city}".strip(), a.region, a.country))
        for a in contact.addresses
    )


def renamed(contact: Contact, text: str) -> Contact:
    """Set the display name; parts that made up the old one follow it, parts that say something else stay.

    Where some of as many words as before change, each part keeps as many as it had: “van der Berg” stays a family name.
    """
    name = clean_line(text)
    if name_from_parts(contact) not in {"", contact.name}:
        return replace(contact, name=name)
    words = name.split()
    if _are_alike(words, contact.name.split()):
        return with_values(contact, {"name": name} | _word_for_word(contact, words))
    given, _, family = name.rpartition(" ")
    return replace(contact, name=name, prefix="", given_name=given or family, additional_names="",
                   family_name=family if given else "", suffix="")  # fmt: skip


def _are_alike(words: list[str], before: list[str]) -> bool:
    """Whether a name is the one before with other letters in half of its words at most; case does not count."""
    if len(words) != len(before):
        return False
    same = sum(fold(word) == fold(old) for word, old in zip(words, before, strict=True))
    return 0 < len(words) <= 2 * same


def _word_for_word(contact: Contact, words: list[str]) -> dict[str, str]:
    """The parts of the name with these words in the places of their own."""
    parts, at = {}, 0
    for key in NAME_PARTS:
        count = len(getattr(contact, key).split())
        parts[key] = " ".join(words[at : at + count])
        at += count
    return parts


def _write_name_part(key: str) -> Writer:
    def write(contact: Contact, text: str) -> Contact:
        changed = with_value(contact, key, clean_line(text))
        if contact.name in {"", name_from_parts(contact)}:
            return replace(changed, name=name_from_parts(changed))
        return changed

    return write


def _date(key: str) -> Reader:
    def read(contact: Contact) -> str:
        value = getattr(contact, key)
        return value.strftime("%Y-%m-%d") if value else ""

    return read


_LIST: Final[tuple[FieldSpec, ...]] = (
    FieldSpec(
        "name", "Name", _attribute("name"), renamed, "FN", ("name",), sortable=True, width=26, shown=True, rank=0
    ),
    FieldSpec(
        "emails",
        "E-mail",
        lambda c: "; ".join(e.address for e in c.emails),
        _write_emails,
        "EMAIL",
        ("email",),
        aliases=("email",),
        sortable=True,
        many=True,
        width=28,
        shown=True,
        rank=1,
    ),
    FieldSpec(
        "company",
        "Company",
        _attribute("company"),
        _line("company"),
        "ORG",
        ("company",),
        sortable=True,
        aliases=("organization",),
        width=20,
        shown=True,
        rank=2,
    ),
    FieldSpec(
        "job_title",
        "Job title",
        _attribute("job_title"),
        _line("job_title"),
        "TITLE",
        ("title",),
        aliases=("title",),
        sortable=True,
        width=18,
        shown=True,
        rank=4,
    ),
    FieldSpec(
        "groups",
        "Groups",
        lambda c: "; ".join(c.groups),
        _write_groups,
        "CATEGORIES",
        aliases=("group",),
        sortable=True,
        many=True,
        width=18,
        shown=True,
        rank=3,
    ),
    FieldSpec(
        "phones",
        "Phone",
        lambda c: "; ".join(p.number for p in c.phones),
        _write_phones,
        "TEL",
        ("phone",),
        aliases=("phone",),
        sortable=True,
        many=True,
        width=18,
        rank=5,
    ),
    FieldSpec("favorite", "Favorite", lambda c: "yes" if c.favorite else "no", _write_favorite, width=3),
    FieldSpec("prefix", "Prefix", _attribute("prefix"), _write_name_part("prefix"), "N", width=8),
    FieldSpec(
        "given_name", "Given name", _attribute("given_name"), _write_name_part("given_name"), "N", aliases=("given",)
    ),
    FieldSpec(
        "additional_names",
        "Additional names",
        _attribute("additional_names"),
        _write_name_part("additional_names"),
        "N",
    ),
    FieldSpec(
        "family_name",
        "Family name",
        _attribute("family_name"),
        _write_name_part("family_name"),
        "N",
        aliases=("family",),
        sortable=True,
    ),
    FieldSpec("suffix", "Suffix", _attribute("suffix"), _write_name_part("suffix"), "N", width=8),
    FieldSpec("nickname", "Nickname", _attribute("nickname"), _line("nickname"), "NICKNAME"),
    *(
        FieldSpec(key, heading, _attribute(key), _line(key), WELL_KNOWN[heading].card)
        for key, heading in PHONETIC.items()
    ),
    FieldSpec("department", "Department", _attribute("department"), _line("department"), "ORG", ("department",)),
    FieldSpec(
        "birthday",
        "Birthday",
        _attribute("birthday"),
        _line("birthday"),
        "BDAY",
        ("birthday",),
        sortable=True,
        width=10,
    ),
    FieldSpec(
        "notes",
        "Notes",
        _attribute("notes"),
        lambda c, text: replace(c, notes=clean_lines(text)),
        "NOTE",
        ("notes",),
        lines=True,
        width=30,
    ),
    FieldSpec(
        "addresses",
        "Address",
        _read_addresses,
        None,
        "ADR",
        ("address", "city", "country"),
        aliases=("address",),
        many=True,
        width=30,
    ),
    *(
        FieldSpec(key, label, _read_labelled(key), _write_labelled(key), vcard, aliases=(word,), many=True, width=24)
        for key, word, label, vcard in (
            ("relations", "relation", "Relations", "RELATED"),
            ("events", "event", "Events", "ANNIVERSARY"),
            ("ims", "im", "Messaging", "IMPP"),
        )
    ),
    FieldSpec(
        "urls",
        "Web site",
        lambda c: "; ".join(u.url for u in c.urls),
        _write_urls,
        "URL",
        ("url",),
        aliases=("url",),
        many=True,
        width=24,
    ),
    FieldSpec(
        "custom",
        "Custom fields",
        lambda c: "; ".join(f"{k}: {v}" for k, v in labelled.others(c.custom).items()) if c.custom else "",
        None,
        search=("custom",),
        many=True,
        width=24,
    ),
    FieldSpec(
        "sources",
        "Source",
        lambda c: "; ".join(s.account for s in c.sources),
        None,
        aliases=("source",),
        many=True,
        width=22,
    ),
    FieldSpec("created_at", "Created", _date("created_at"), None, sortable=True, aliases=("created",), width=10),
    FieldSpec("updated_at", "Updated", _date("updated_at"), None, "REV", sortable=True, aliases=("updated",), width=10),
)


def _part_of_addresses(part: str) -> Reader:
    def read(contact: Contact) -> str:
        return "; ".join(text for address in contact.addresses if (text := getattr(address, part)))

    return read


_PARTS: Final = tuple(
    FieldSpec(key, key.capitalize(), _part_of_addresses(key), search=(key,), many=True) for key in ("city", "country")
)
"""Parts of a field that are fields of their own in searches alone."""
_INVITED: Final = FieldSpec("invited", "Invited to", lambda _: "", many=True)
"""What the book keeps beside its contacts, searched like a field of theirs."""

KEPT: Final = frozenset((*HEADINGS, *PHONETIC))
"""The fields that a contact keeps among its custom ones, see `core.labelled`."""
FIELDS: Final[dict[str, FieldSpec]] = {spec.key: spec for spec in _LIST}
NAMED: Final[dict[str, FieldSpec]] = {name: spec for spec in _LIST for name in (spec.key, *spec.aliases)}
SORTABLE: Final = tuple(spec.word for spec in _LIST if spec.sortable)
"""The orders of lists, by the names that messages give the fields."""
SEARCHED: Final[dict[str, FieldSpec]] = NAMED | {spec.key: spec for spec in (*_PARTS, _INVITED)}
"""The fields of the search language by every name they have there."""


OFFERED: Final = frozenset({"company", "department", "job_title", "groups", "emails", "city", "country"})
"""The fields whose values in the book are offered while one is typed; of e-mail addresses, the domain."""


def find_field(name: str) -> FieldSpec:
    """The field called `name` (its key or an alias, ignoring case). Raises InvalidValue, which names the known ones."""
    spec = NAMED.get(name.strip().casefold().replace("-", "_").replace(" ", "_"))
    if spec is None:
        known = ", ".join(field.word for field in _LIST if field.write)
        raise InvalidValue(name, f"There is no field “{name}”.", f"The fields are: {known}.")
    return spec


def find_sortable(name: str) -> FieldSpec:
    """The field called `name` by which a list can be sorted. Raises InvalidValue, which names those that there are."""
    try:
        spec = find_field(name)
    except InvalidValue:
        spec = None
    if spec is None or not spec.sortable:
        raise InvalidValue("sort", f"Contacts cannot be sorted by “{name}”.", f"Sort by one of: {', '.join(SORTABLE)}.")
    return spec
