"""FIELDS: every field that a user sees, declared once.

Columns, forms, the search language, `--set`, sort orders, CSV headings and the reference documentation derive
from this table; a new field or a derived column is one more `FieldSpec`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from coterie.core import labelled
from coterie.core.errors import InvalidValue
from coterie.core.fields import kinds
from coterie.core.fields.name_parts import renamed, write_name_part
from coterie.core.fields.spec import FieldSpec
from coterie.core.labelled import PHONETIC
from coterie.core.text import clean_lines
from coterie.core.wellknown import WELL_KNOWN

_LIST: Final[tuple[FieldSpec, ...]] = (
    FieldSpec(
        "name", "Name", kinds.attribute("name"), renamed, "FN", ("name",), sortable=True, width=26, shown=True, rank=0
    ),
    FieldSpec(
        "emails",
        "E-mail",
        lambda c: "; ".join(e.address for e in c.emails),
        kinds.write_emails,
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
        kinds.attribute("company"),
        kinds.line("company"),
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
        kinds.attribute("job_title"),
        kinds.line("job_title"),
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
        kinds.write_groups,
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
        kinds.write_phones,
        "TEL",
        ("phone",),
        aliases=("phone",),
        sortable=True,
        many=True,
        width=18,
        rank=5,
    ),
    FieldSpec("favorite", "Favorite", lambda c: "yes" if c.favorite else "no", kinds.write_favorite, width=3),
    FieldSpec("prefix", "Prefix", kinds.attribute("prefix"), write_name_part("prefix"), "N", width=8),
    FieldSpec(
        "given_name",
        "Given name",
        kinds.attribute("given_name"),
        write_name_part("given_name"),
        "N",
        aliases=("given",),
    ),
    FieldSpec(
        "additional_names",
        "Additional names",
        kinds.attribute("additional_names"),
        write_name_part("additional_names"),
        "N",
    ),
    FieldSpec(
        "family_name",
        "Family name",
        kinds.attribute("family_name"),
        write_name_part("family_name"),
        "N",
        aliases=("family",),
        sortable=True,
    ),
    FieldSpec("suffix", "Suffix", kinds.attribute("suffix"), write_name_part("suffix"), "N", width=8),
    FieldSpec("nickname", "Nickname", kinds.attribute("nickname"), kinds.line("nickname"), "NICKNAME"),
    *(
        FieldSpec(key, heading, kinds.attribute(key), kinds.line(key), WELL_KNOWN[heading].card)
        for key, heading in PHONETIC.items()
    ),
    FieldSpec(
        "department", "Department", kinds.attribute("department"), kinds.line("department"), "ORG", ("department",)
    ),
    FieldSpec(
        "birthday",
        "Birthday",
        kinds.attribute("birthday"),
        kinds.line("birthday"),
        "BDAY",
        ("birthday",),
        sortable=True,
        width=10,
    ),
    FieldSpec(
        "notes",
        "Notes",
        kinds.attribute("notes"),
        lambda c, text: replace(c, notes=clean_lines(text)),
        "NOTE",
        ("notes",),
        lines=True,
        width=30,
    ),
    FieldSpec(
        "addresses",
        "Address",
        kinds.read_addresses,
        None,
        "ADR",
        ("address", "city", "country"),
        aliases=("address",),
        many=True,
        width=30,
    ),
    *(
        FieldSpec(
            key, label, kinds.read_labelled(key), kinds.write_labelled(key), vcard, aliases=(word,), many=True, width=24
        )
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
        kinds.write_urls,
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
    FieldSpec("created_at", "Created", kinds.date("created_at"), None, sortable=True, aliases=("created",), width=10),
    FieldSpec(
        "updated_at", "Updated", kinds.date("updated_at"), None, "REV", sortable=True, aliases=("updated",), width=10
    ),
)
_PARTS: Final = tuple(
    FieldSpec(key, key.capitalize(), kinds.part_of_addresses(key), search=(key,), many=True)
    for key in ("city", "country")
)
"""Parts of a field that are fields of their own in searches alone."""
_INVITED: Final = FieldSpec("invited", "Invited to", lambda _: "", many=True)
"""What the book keeps beside its contacts, searched like a field of theirs."""
FIELDS: Final[dict[str, FieldSpec]] = {spec.key: spec for spec in _LIST}
NAMED: Final[dict[str, FieldSpec]] = {name: spec for spec in _LIST for name in (spec.key, *spec.aliases)}
SORTABLE: Final = tuple(spec.word for spec in _LIST if spec.sortable)
"""The orders of lists, by the names that messages give the fields."""
SEARCHED: Final[dict[str, FieldSpec]] = NAMED | {spec.key: spec for spec in (*_PARTS, _INVITED)}
"""The fields of the search language by every name they have there."""


NOTED: Final = frozenset({"sources", "created_at", "updated_at"})
"""The fields that the book itself notes of a contact; nobody types them."""
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
