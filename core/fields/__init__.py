"""FIELDS: every field that a user sees, declared once.

The store, columns, forms, the search language, `--set`, sort orders, merges, JSON, CSV, vCard and the reference
documentation derive from this table; a new field or a derived column is one more `FieldSpec`.
"""

from __future__ import annotations

from typing import Final

from coterie.core.errors import InvalidValue
from coterie.core.fields import kinds
from coterie.core.fields.lists import Addresses, Emails, Phones, Urls
from coterie.core.fields.name_parts import Name, NamePart
from coterie.core.fields.spec import FieldSpec
from coterie.core.labelled import PHONETIC
from coterie.core.wellknown import WELL_KNOWN

_LINE: Final = kinds.Line()
_PART: Final = NamePart()
_LIST: Final[tuple[FieldSpec, ...]] = (
    FieldSpec("name", "Name", Name(), "FN", ("name",), sortable=True, width=26, shown=True, rank=0),
    FieldSpec("emails", "E-mail", Emails(), "EMAIL", ("email",), aliases=("email",), sortable=True, width=28,
              shown=True, rank=1),
    FieldSpec("company", "Company", _LINE, "ORG", ("company",), aliases=("organization",), sortable=True, width=20,
              shown=True, rank=2),
    FieldSpec("job_title", "Job title", _LINE, "TITLE", ("title",), aliases=("title",), sortable=True, width=18,
              shown=True, rank=4),
    FieldSpec("groups", "Groups", kinds.Groups(), "CATEGORIES", aliases=("group",), sortable=True, width=18,
              shown=True, rank=3),
    FieldSpec("phones", "Phone", Phones(), "TEL", ("phone",), aliases=("phone",), sortable=True, width=18, rank=5),
    FieldSpec("favorite", "Favorite", kinds.Mark(), width=3),
    FieldSpec("prefix", "Prefix", _PART, "N", within="name", width=8),
    FieldSpec("given_name", "Given name", _PART, "N", within="name", aliases=("given",)),
    FieldSpec("additional_names", "Additional names", _PART, "N", within="name"),
    FieldSpec("family_name", "Family name", _PART, "N", within="name", aliases=("family",), sortable=True),
    FieldSpec("suffix", "Suffix", _PART, "N", within="name", width=8),
    FieldSpec("nickname", "Nickname", _LINE, "NICKNAME", within="name"),
    *(
        FieldSpec(key, label, kinds.KeptLine(), WELL_KNOWN[PHONETIC[key]].card)
        for key, label in (
            ("phonetic_given_name", "Phonetic given name"),
            ("phonetic_additional_names", "Phonetic additional names"),
            ("phonetic_family_name", "Phonetic family name"),
            ("phonetic_company", "Phonetic company"),
        )
    ),
    FieldSpec("department", "Department", _LINE, "ORG", ("department",)),
    FieldSpec("birthday", "Birthday", kinds.Date(), "BDAY", ("birthday",), sortable=True, width=10),
    FieldSpec("notes", "Notes", kinds.Lines(), "NOTE", ("notes",), width=30),
    FieldSpec("addresses", "Address", Addresses(), "ADR", ("address", "city", "country"), aliases=("address",),
              width=30),
    FieldSpec("relations", "Relations", kinds.KeptValues("name"), "RELATED", aliases=("relation",), width=24),
    FieldSpec("events", "Events", kinds.KeptValues("date"), "ANNIVERSARY", aliases=("event",), width=24),
    FieldSpec("ims", "Messaging", kinds.KeptValues("handle"), "IMPP", aliases=("im",), width=24),
    FieldSpec("urls", "Web site", Urls(), "URL", ("url",), aliases=("url",), width=24),
    FieldSpec("custom", "Custom fields", kinds.Custom(), search=("custom",), width=24),
    FieldSpec("sources", "Source", kinds.Sources(), aliases=("source",), width=22),
    FieldSpec("created_at", "Created", kinds.Moment(), sortable=True, aliases=("created",), width=10),
    FieldSpec("updated_at", "Updated", kinds.Moment(), "REV", sortable=True, aliases=("updated",), width=10),
)  # fmt: skip
_PARTS: Final = tuple(
    FieldSpec(key, key.capitalize(), kinds.PartOfAddresses(), search=(key,)) for key in ("city", "country")
)
"""Parts of a field that are fields of their own in searches alone."""
_INVITED: Final = FieldSpec("invited", "Invited to", kinds.Invited())
"""What the book keeps beside its contacts, searched like a field of theirs."""

FIELDS: Final[dict[str, FieldSpec]] = {spec.key: spec for spec in _LIST}
NAMED: Final[dict[str, FieldSpec]] = {name: spec for spec in _LIST for name in (spec.key, *spec.aliases)}
SORTABLE: Final = tuple(spec.word for spec in _LIST if spec.sortable)
"""The orders of lists, by the names that messages give the fields."""
SEARCHED: Final[dict[str, FieldSpec]] = NAMED | {spec.key: spec for spec in (*_PARTS, _INVITED)}
"""The fields of the search language by every name they have there."""
NOTED: Final = frozenset(spec.key for spec in _LIST if isinstance(spec.kind, kinds.Noted))
"""The fields that the book itself notes of a contact; nobody types them."""
OFFERED: Final = frozenset({"company", "department", "job_title", "groups", "emails", "city", "country"})
"""The fields whose values in the book are offered while one is typed; of e-mail addresses, the domain."""


def find_field(name: str) -> FieldSpec:
    """The field called `name` (its key or an alias, ignoring case). Raises InvalidValue, which lists all fields."""
    spec = NAMED.get(name.strip().casefold().replace("-", "_").replace(" ", "_"))
    if spec is None:
        names = ", ".join(field.word for field in _LIST if field.write)
        raise InvalidValue(name, f"There is no field “{name}”.", f"The fields are: {names}.")
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
