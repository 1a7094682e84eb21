"""A contact in the making: what each property of a card adds to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from coterie.core.fields import FIELDS
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_line, clean_lines, email_key, group_key
from coterie.core.transfer.addresses import find_addresses
from coterie.core.transfer.dates import iso_date as any_iso_date
from coterie.core.transfer.names import whole_name
from coterie.core.transfer.system_groups import sort_out
from coterie.core.transfer.vcard.headings import ANDROID_RELATIONS, IGNORED, LEFT_OUT, OUR_PRODUCT, heading_of
from coterie.core.transfer.vcard.labels import apple_label, chosen_label
from coterie.core.transfer.vcard.standard import OMIT_YEAR, TEXTS, iso_date, read_heading, read_value
from coterie.core.transfer.vcard.values import Head, components_of, decode, elements_of, parse_head, split_line, text_of
from coterie.core.wellknown import BY_PROPERTY, WELL_KNOWN, date_heading, relation_heading

_LIST_COMMA: Final = re.compile(r"(?<!\\),(?=\S)")
TIGHT_COMMA: Final = re.compile(r",(?=\S)")
_LONGEST_HEAD: Final = 256
_LEAST_PREFERRED: Final = 101  # RFC 6350, 5.3: PREF goes from 1 to 100
_ADDRESS: Final = ("po_box", "extended", "street", "city", "region", "postal_code", "country")  # the parts of ADR
_NO_HEAD: Final = parse_head("")


class _Other(NamedTuple):
    """A value that fits no field: its property, and the heading to keep it under where the property has no own."""

    head: Head
    heading: str
    text: str


class Draft:
    """Collects the properties of one card.

    Attributes:
        left_out: the properties of pictures, sounds and keys.
        is_group: the card stands for a group, whose `members` are UIDs and addresses.
        is_ours: Coterie itself has written the card.
    """

    __slots__ = (
        "_addresses", "_custom", "_favorite", "_formatted", "_labels", "_name_is_derived", "_notes",
        "_phones", "_single", "_urls", "categories", "emails", "is_group", "is_ours", "left_out", "members",
        "uid",
    )  # fmt: skip

    def __init__(self) -> None:
        self.left_out: list[str] = []
        self.is_group = False
        self.is_ours = False
        self.members: list[str] = []
        self.uid = ""
        self.emails: list[tuple[Head, str]] = []
        self.categories: list[str] = []
        self._labels: dict[str, str] = {}
        self._phones: list[tuple[Head, str]] = []
        self._urls: list[tuple[Head, str]] = []
        self._addresses: list[tuple[Head, tuple[str, ...]]] = []
        self._formatted: list[tuple[Head, str]] = []
        self._custom: list[_Other] = []
        self._single: dict[str, list[tuple[int, tuple[str, ...]]]] = {}  # field -> (preference, its texts)
        self._name_is_derived = False
        self._notes: list[str] = []
        self._favorite = False

    def add(self, line: str, fallback: str = "cp1252") -> None:
        """Take in one logical line; `fallback` is the encoding for what is not UTF-8."""
        head, raw = split_line(line)
        name = head.name
        if not raw or raw.isspace() or len(name) > _LONGEST_HEAD:
            return
        reader = _READERS.get(name)
        if reader is not None:
            reader(self, head, decode(head, raw, fallback, structured=name in _STRUCTURED))
        elif name in LEFT_OUT or head.binary:
            if name in BY_PROPERTY and raw[:4].lower() == "http":
                self._add_other(head, text_of(raw))
            else:
                self.left_out.append(name)
        elif name not in IGNORED:
            self._add_other(head, decode(head, raw, fallback))

    def add_custom(self, heading: str, text: str) -> None:
        """Keep what fits no field."""
        self._custom.append(_Other(_NO_HEAD, heading, text))

    def _add_other(self, head: Head, value: str) -> None:
        known = BY_PROPERTY.get(head.name)
        text = read_value(known, head, value) if known else text_of(value)
        self._custom.append(_Other(head, "", text))

    def part_categories(self, known: Collection[str]) -> None:
        """Take names apart that a program joined by escaping the comma between them.

        Args:
            known: the keys of the groups that stand alone elsewhere in the file; only what they make up is parted.
        """
        names: list[str] = []
        for name in self.categories:
            parts = [part.strip() for part in TIGHT_COMMA.split(name)]
            names += parts if all(group_key(part) in known for part in parts) else [name]
        self.categories = names

    def contact(self, groups: Iterable[str] = ()) -> Contact:
        """The contact; `groups` are more groups that it is in."""
        family, given, additional, prefix, suffix = (*self._best("parts"), "", "", "", "", "")[:5]
        company, department, *_ = (*self._best("organization"), "", "")
        nickname = self._text("nickname")
        name = self._text("name") or whole_name(given, additional, family) or prefix or suffix
        if not name and not self._name_is_derived:
            name = nickname or company
        names, starred = sort_out([*self.categories, *groups])
        custom = self.custom()
        job_title = self._text("job_title")
        if not job_title and (role := self._text("role")):
            job_title = clean_line(role)
            custom = self.custom(without_role=role)
        further: dict[str, Any] = {key: self._text(key) for key in _FURTHER}
        return Contact(
            name=name,
            prefix=prefix,
            given_name=given,
            additional_names=additional,
            family_name=family,
            suffix=suffix,
            nickname=nickname,
            **further,
            emails=self._resolved_emails(),
            phones=tuple(dict.fromkeys(Phone(text, self._label(head)) for head, text in _ranked(self._phones))),
            company=company,
            department=department,
            job_title=job_title,
            groups=names,
            favorite=self._favorite or starred,
            notes="\n".join(dict.fromkeys(self._notes)),
            birthday=self._text("birthday"),
            addresses=self._resolved_addresses(),
            urls=tuple(dict.fromkeys(Url(url, self._label(head)) for head, url in self._urls)),
            custom=custom,
        )

    def custom(self, without_role: str = "") -> dict[str, str]:
        """The custom fields; several values of one heading stand in lines. `without_role` is a role left out."""
        custom: dict[str, list[str]] = {}
        present: dict[str, set[str]] = {}
        for heading, raw in [*self._others(), *self._losers()]:
            value = clean_lines(raw)
            if not value or (heading == ROLE and raw == without_role):
                continue
            lines = present.setdefault(heading, set())
            if value not in lines:
                lines.update((value, *value.split("\n")))
                custom.setdefault(heading, []).append(value)
        return {heading: "\n".join(values) for heading, values in custom.items()}

    def _others(self) -> Iterable[tuple[str, str]]:
        for head, heading, text in self._custom:
            label = clean_line(self._labels.get(head.group, "")) if head.group else ""
            known = BY_PROPERTY.get(head.name)
            if heading:
                yield heading, text
            elif known is not None:
                yield read_heading(known, head, label, text), text
            else:
                yield label or heading_of(head.name), text

    def _losers(self) -> Iterable[tuple[str, str]]:
        """What stands beside the preferred value of a field that holds only one."""
        for key, found in self._single.items():
            best = () if key == "role" else self._best(key)
            for _, texts in found:
                for label, text, chosen in zip(_BESIDE[key], texts, best or ("", ""), strict=False):
                    if label and text != chosen:
                        yield label, text

    def _best(self, key: str) -> tuple[str, ...]:
        """The texts of the preferred property, the first where several are preferred alike; empty for none."""
        return min(self._single.get(key, ()), key=lambda one: one[0], default=(0, ()))[1]

    def _text(self, key: str) -> str:
        return (*self._best(key), "")[0]

    def _label(self, head: Head) -> str:
        said = self._labels.get(head.group, "") if head.group else ""
        return chosen_label(said, head.types) if said else head.label

    def _resolved_emails(self) -> tuple[Email, ...]:
        ranked = _ranked(self.emails)
        preferred = min(((head.preferred or _LEAST_PREFERRED) for head, _ in ranked), default=_LEAST_PREFERRED)
        emails: dict[str, Email] = {}
        for head, address in ranked:
            primary = head.preferred is not None and head.preferred == preferred
            if primary:
                preferred = -1  # only one is the first
            key = email_key(address)
            known = emails.get(key)
            if known is None:
                emails[key] = Email(address, self._label(head), primary)
            elif primary:
                emails[key] = Email(known.address, known.label, primary)
        return tuple(emails.values())

    def _resolved_addresses(self) -> tuple[Address, ...]:
        addresses = {
            Address(
                **dict(zip(_ADDRESS, parts, strict=True)),
                label=self._label(head),
            ): None
            for head, parts in self._addresses
        }
        known = {address.label for address in addresses}
        for head, text in self._formatted:  # LABEL says the same again, unless there is no ADR beside it
            label = self._label(head)
            if label not in known:
                addresses[Address(street=text, label=label)] = None
        return tuple(addresses)

    # What each property does -----------------------------------------------------------------------------------

    def _add_single(self, key: str, head: Head, *texts: str) -> None:
        if any(texts):
            self._single.setdefault(key, []).append((head.preferred or _LEAST_PREFERRED, texts))

    def _read_full_name(self, head: Head, value: str) -> None:
        if head.parameters.get("DERIVED", "").lower() == "true":  # RFC 9554: made from other properties
            self._name_is_derived = True
        elif value.strip(";, "):
            self._add_single("name", head, clean_line(text_of(value)))

    def _read_name(self, head: Head, value: str) -> None:
        if head.parameters.get("DERIVED", "").lower() != "true":
            self._add_single("parts", head, *map(clean_line, components_of(_LIST_COMMA.sub(" ", value))))

    def _read_nickname(self, head: Head, value: str) -> None:
        self._add_single("nickname", head, ", ".join(elements_of(value)))

    def _read_organization(self, head: Head, value: str) -> None:
        company, *units = [clean_line(part) for part in components_of(value)]
        self._add_single("organization", head, company, ", ".join(unit for unit in units if unit))

    def _read_role(self, head: Head, value: str) -> None:
        """ROLE: the job title where there is none, unless it has a label of its own."""
        if head.group:
            self._add_other(head, value)
        else:
            self._add_single("role", head, clean_lines(text_of(value)))

    def _read_email(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        addresses = find_addresses(text)
        if not addresses and text:
            self.add_custom(FIELDS["emails"].label, text)
        self.emails += [(head, address) for address in addresses]

    def _read_phone(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if text[:4].lower() == "tel:" and head.parameters.get("VALUE", "").lower() != "text":
            number, _, extension = text[4:].partition(";ext=")
            text = unquote(number.partition(";")[0]) + (f" ext. {extension.partition(';')[0]}" if extension else "")
        if text:
            self._phones.append((head, text))

    def _read_url(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if text:
            self._urls.append((head, text))

    def _read_address(self, head: Head, value: str) -> None:
        parts = tuple(clean_lines(part) for part in (*components_of(value), *[""] * len(_ADDRESS))[: len(_ADDRESS)])
        if any(parts):
            self._addresses.append((head, parts))
        elif formatted := clean_lines(text_of(head.parameters.get("LABEL", ""))):
            self._formatted.append((head, formatted))

    def _read_formatted(self, head: Head, value: str) -> None:
        text = clean_lines(text_of(value))
        if text:
            self._formatted.append((head, text))

    def _read_birthday(self, head: Head, value: str) -> None:
        text = clean_line(text_of(value))
        if head.parameters.get("VALUE", "").lower() != "text":
            text = any_iso_date(iso_date(text, head.parameters.get(OMIT_YEAR, "")))
        self._add_single("birthday", head, text)

    def _read_note(self, head: Head, value: str) -> None:
        text = clean_lines(text_of(value))
        if text:
            self._notes.append(text)

    def _read_categories(self, head: Head, value: str) -> None:
        self.categories += elements_of(value)

    def _read_favorite(self, head: Head, value: str) -> None:
        self._favorite = value.strip().lower() in {"1", "true", "yes"}

    def _read_label(self, head: Head, value: str) -> None:
        text = clean_line(apple_label(text_of(value)))
        if head.group and text:
            self._labels[head.group] = text

    def _read_kind(self, head: Head, value: str) -> None:
        self.is_group = self.is_group or value.strip().lower() == "group"

    def _read_member(self, head: Head, value: str) -> None:
        self.members.append(text_of(value))

    def _read_uid(self, head: Head, value: str) -> None:
        self.uid = text_of(value)
        self.add_custom(UID, self.uid)

    def _read_product(self, head: Head, value: str) -> None:
        self.is_ours = self.is_ours or value.strip() == OUR_PRODUCT

    def _read_agent(self, head: Head, value: str) -> None:
        """Somebody else: by name, by a card in one value (RFC 2426) or in the lines that follow (vCard 2.1)."""
        first, *rest = text_of(value).split("\n")
        if clean_line(first).upper() == "BEGIN:VCARD":
            agent = Draft()
            for line in rest:
                agent.add(line)
            first = agent.contact().shown_name
        self.add_custom(AGENT, first)

    def _read_android(self, head: Head, value: str) -> None:
        """Android's own: `vnd.android.cursor.item/nickname;Bob;1;;…`, also for events and relations."""
        mime, _, rest = value.partition(";")
        values = components_of(rest)
        match mime.rpartition("/")[2], values:
            case "nickname", [nickname, *_]:
                self._read_nickname(head, nickname)
            case "contact_event", [date, "3", *_]:
                self._read_birthday(head, date)
            case "contact_event", [date, kind, *label]:
                self.add_custom(date_heading("anniversary" if kind == "1" else "".join(label[:1])), date)
            case "relation", [name, kind, *label]:
                self.add_custom(relation_heading(ANDROID_RELATIONS.get(kind) or "".join(label[:1])), name)
            case kind, [text, *_]:
                self.add_custom(kind.replace("_", " ").capitalize(), text)
            case _:
                return


def _ranked(values: list[tuple[Head, str]]) -> list[tuple[Head, str]]:
    """The values in the order of their PREF where that ranks them; a single mark changes no order."""
    if len({head.preferred for head, _ in values} - {None}) < 2:
        return values
    return sorted(values, key=lambda one: one[0].preferred or _LEAST_PREFERRED)


UID: Final = WELL_KNOWN["UID"].heading
AGENT: Final = WELL_KNOWN["Agent"].heading
ROLE: Final = WELL_KNOWN["Role"].heading
# Under which headings the texts of a property are kept that is not the preferred one.
_BESIDE: Final[dict[str, tuple[str, ...]]] = {
    "name": (FIELDS["name"].label,),
    "parts": (),
    "organization": (FIELDS["company"].label, FIELDS["department"].label),
    "birthday": (FIELDS["birthday"].label,),
    "role": (ROLE,),
    **{key: (FIELDS[key].label,) for key in TEXTS.values()},
}


def _text(key: str) -> Callable[[Draft, Head, str], None]:
    return lambda draft, head, value: draft._add_single(key, head, clean_line(text_of(value)))


_FURTHER: Final = tuple(key for key in TEXTS.values() if key not in {"nickname", "job_title"})
_READERS: Final[dict[str, Callable[[Draft, Head, str], None]]] = {
    **{name: _text(key) for name, key in TEXTS.items()},
    "FN": Draft._read_full_name,
    "N": Draft._read_name,
    "NICKNAME": Draft._read_nickname,
    "ORG": Draft._read_organization,
    "ROLE": Draft._read_role,
    "EMAIL": Draft._read_email,
    "TEL": Draft._read_phone,
    "URL": Draft._read_url,
    "ADR": Draft._read_address,
    "LABEL": Draft._read_formatted,
    "BDAY": Draft._read_birthday,
    "NOTE": Draft._read_note,
    "CATEGORIES": Draft._read_categories,
    "X-FAVORITE": Draft._read_favorite,
    "X-ABLABEL": Draft._read_label,
    "KIND": Draft._read_kind,
    "X-ADDRESSBOOKSERVER-KIND": Draft._read_kind,
    "MEMBER": Draft._read_member,
    "X-ADDRESSBOOKSERVER-MEMBER": Draft._read_member,
    "UID": Draft._read_uid,
    "PRODID": Draft._read_product,
    "AGENT": Draft._read_agent,
    "X-ANDROID-CUSTOM": Draft._read_android,
}
_STRUCTURED: Final = frozenset({"N", "ADR", "ORG"})
