"""A contact in the making: what each property of a card adds to it. `collected.py` makes the contact of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote

from coterie.core.fields import FIELDS
from coterie.core.text import clean_line, clean_lines, is_email
from coterie.core.transfer.addresses import find_addresses
from coterie.core.transfer.dates import iso_date as any_iso_date
from coterie.core.transfer.vcard.collected import ADDRESS, LEAST_PREFERRED, Collected, Member, Other
from coterie.core.transfer.vcard.headings import ANDROID_RELATIONS, IGNORED, LEFT_OUT, OUR_PRODUCT
from coterie.core.transfer.vcard.labels import apple_label
from coterie.core.transfer.vcard.standard import OMIT_YEAR, TEXTS, iso_date, read_value
from coterie.core.transfer.vcard.values import (
    SPOKEN_NAME,
    Head,
    components_of,
    decode,
    elements_of,
    parse_head,
    split_line,
    text_of,
)
from coterie.core.wellknown import BY_PROPERTY, WELL_KNOWN, date_heading, relation_heading

UID: Final = WELL_KNOWN["UID"].heading
AGENT: Final = WELL_KNOWN["Agent"].heading
_LIST_COMMA: Final = re.compile(r"(?<!\\),(?=\S)")
_SPOKEN_NAMES: Final = tuple(WELL_KNOWN[f"Phonetic {which} name"].heading for which in ("last", "first", "middle"))
_LONGEST_HEAD: Final = 256
_NO_HEAD: Final = parse_head("")


class Draft(Collected):
    """Collects the properties of one card, line by line."""

    __slots__ = ()

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
        self._custom.append(Other(_NO_HEAD, heading, text))

    def _read_spoken(self, head: Head, value: str) -> None:
        for heading, part in zip(_SPOKEN_NAMES, components_of(value), strict=False):
            if text := clean_line(part):
                self.add_custom(heading, text)

    def _add_other(self, head: Head, value: str) -> None:
        field = BY_PROPERTY.get(head.name)
        text = read_value(field, head, value) if field else text_of(value)
        self._custom.append(Other(head, "", text))

    def _add_single(self, key: str, head: Head, *texts: str) -> None:
        if any(texts):
            self._single.setdefault(key, []).append((head.preferred or LEAST_PREFERRED, texts))

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
        """ROLE: the job title if there is no other, unless the role has a label of its own."""
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
        components = (
            components_of(value) if ";" in value else ["", "", text_of(value)]
        )  # not in parts: all in the street
        parts = tuple(clean_lines(part) for part in (*components, *[""] * len(ADDRESS))[: len(ADDRESS)])
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

    def _read_list(self, head: Head, value: str) -> None:
        """Evolution's list: its e-mail addresses are those of its members."""
        self.is_list = value.strip().lower() == "true"

    def _read_listed(self, head: Head, value: str) -> None:
        """A member of SOGo's list: `CARD;FN=Ann;EMAIL=ann@example.org:uid.vcf`."""
        address = head.parameters.get("EMAIL", "")
        self.listed.append(
            Member(text_of(value), clean_line(head.parameters.get("FN", "")), address if is_email(address) else "")
        )

    def _read_uid(self, head: Head, value: str) -> None:
        self.uid = text_of(value)
        self.add_custom(UID, self.uid)

    def _read_product(self, head: Head, value: str) -> None:
        self.is_ours = self.is_ours or value.strip() == OUR_PRODUCT

    def _read_agent(self, head: Head, value: str) -> None:
        """Somebody else: by name, by a card in one value (RFC 2426) or in the lines that follow (vCard 2.1)."""
        first, *rest = text_of(value).split("\n")
        if clean_line(first).upper() == "BEGIN:VCARD":
            first = read_lines(rest).contact().shown_name
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


def read_lines(lines: Iterable[str], fallback: str = "cp1252") -> Draft:
    """A draft of the contact in the logical lines of a card; `fallback` is the encoding for what is not UTF-8."""
    draft = Draft()
    for line in lines:
        draft.add(line, fallback)
    return draft


def _text(key: str) -> Callable[[Draft, Head, str], None]:
    return lambda draft, head, value: draft._add_single(key, head, clean_line(text_of(value)))


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
    SPOKEN_NAME: Draft._read_spoken,
    "X-EVOLUTION-LIST": Draft._read_list,
    "CARD": Draft._read_listed,
    "UID": Draft._read_uid,
    "PRODID": Draft._read_product,
    "AGENT": Draft._read_agent,
    "X-ANDROID-CUSTOM": Draft._read_android,
}
_STRUCTURED: Final = frozenset({"N", "ADR", "ORG", SPOKEN_NAME})
