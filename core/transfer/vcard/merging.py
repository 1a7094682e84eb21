"""Writing a contact into the card that a server has: only what changed is replaced, all else stays as it stands there.

Properties that we do not know, pictures, the UID, parameters, folds and the order of lines survive, byte for byte; so
does a property whose value is still the same. What changes is written where it stood.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from coterie.core.model import Contact, Email
from coterie.core.text import email_key
from coterie.core.transfer.vcard.cards import lines_of
from coterie.core.transfer.vcard.draft import UID, read_lines
from coterie.core.transfer.vcard.headings import IGNORED, LEFT_OUT
from coterie.core.transfer.vcard.present import PresentCard, Property
from coterie.core.transfer.vcard.standard import TEXTS
from coterie.core.transfer.vcard.values import split_line
from coterie.core.transfer.vcard.writing import (
    WRITERS,
    Lines,
    Version,
    frame,
    revision,
    write_address,
    write_custom_value,
    write_email,
    write_lines,
    write_phone,
    write_url,
)
from coterie.core.wellknown import values_of

_OWNER: Final = {name: name for name in WRITERS} | {"LABEL": "ADR", "X-FAVORITE": "CATEGORIES", "KIND": "N"}
_MANY: Final[dict[str, tuple[str, Callable[[Any, Lines], None]]]] = {
    "EMAIL": ("emails", write_email),
    "TEL": ("phones", write_phone),
    "ADR": ("addresses", write_address),
    "URL": ("urls", write_url),
}
_SINGLE: Final[dict[str, tuple[str, ...]]] = {
    "FN": ("name",),
    "N": ("family_name", "given_name", "additional_names", "prefix", "suffix"),
    "ORG": ("company", "department"),
    "BDAY": ("birthday",),
    "NOTE": ("notes",),
    "CATEGORIES": ("groups", "favorite"),
    **{name: (key,) for name, key in TEXTS.items()},
}
_JOINED: Final = frozenset({"NOTE", "CATEGORIES"})
"""Several such lines make one value together; of others the preferred one counts, and the rest is kept beside it."""
_LEAST_PREFERRED: Final = 101


def write_card(
    contact: Contact, version: Version = "4.0", keep: str = "", fields: Collection[str] | None = None
) -> str:
    """The contact as a vCard.

    Args:
        contact: if its `updated_at` is set, that becomes the REV of a card that has one and is changed.
        version: what a new card is written in; a card that is kept stays in its own, if that is 3.0 or 4.0.
        keep: the card as the server has it; nothing for a new one.
        fields: the attributes of Contact that replace what `keep` says; None for all.
    """
    lines = lines_of(keep)
    if lines is None:
        return frame(write_lines(contact, version), version)
    card = PresentCard(lines, version)
    present = read_lines([block.line for block in card.blocks]).contact()
    if fields is not None:
        chosen: dict[str, Any] = {key: getattr(contact, key) for key in fields}
        contact = replace(present, updated_at=contact.updated_at, **chosen)
    return _Merge(contact, present, card).text(keep)


class _Merge:
    def __init__(self, contact: Contact, present: Contact, card: PresentCard) -> None:
        self.contact = contact
        self.present = present
        self.card = card
        self.properties = card.properties
        self.lines = Lines(card.version, card.last_group + 1)
        self.end: list[str] = []
        self._role_is_title = all(prop.head.name != "TITLE" for prop in self.properties)

    def text(self, keep: str) -> str:
        """The merged card; the very same text if nothing changes in a card of today."""
        for name in WRITERS:
            if name in _MANY:
                self._write_many(name)
            else:
                self._write_single(name)
        for heading in dict.fromkeys(heading for prop in self.properties if (heading := self._heading(prop))):
            self._write_values(heading)
        self._write_new_custom()
        if not (self.card.is_rewritten or self.card.is_changed or self.end):
            return keep
        self._revise()
        return self.card.text(self.end)

    def _owner(self, prop: Property) -> str | None:
        """The name of the property that is written in this place; a role that stands for the job title is a TITLE."""
        if prop.head.name == "ROLE" and self._role_is_title and not prop.head.group:
            return "TITLE"
        return _OWNER.get(prop.head.name)

    def _made(self, write: Callable[[Lines], None]) -> list[str]:
        """The logical lines that `write` adds."""
        begin = len(self.lines.lines)
        write(self.lines)
        return self.lines.lines[begin:]

    # What a contact has once ----------------------------------------------------------------------------------------

    def _write_single(self, name: str) -> None:
        owned = [prop for prop in self.properties if self._owner(prop) == name]
        if self._unchanged(name, owned):
            return
        new = self._made(lambda lines: WRITERS[name](self.contact, lines))
        if sorted(new) == sorted(prop.line for prop in owned):
            return
        if not owned:
            self.end += new
            return
        main = min((prop for prop in owned if prop.head.name != "KIND"), key=_preference, default=owned[0])
        for prop in owned:
            if prop is not main and (name in _JOINED or not new or prop.line.upper() == "KIND:ORG"):
                prop.replace([])
        if name != "BDAY" and main.head.name == name and [line.partition(":")[0] for line in new] == [name]:
            new = main.with_value(split_line(new[0])[1]) or new
            main.replace(new, keep_satellites=True)
        else:
            main.replace(new)

    def _unchanged(self, name: str, owned: Sequence[Property]) -> bool:
        keys = _SINGLE[name]
        if name in {"FN", "N"}:
            if owned and (not self.contact.name or any("DERIVED" in prop.head.parameters for prop in owned)):
                return False
            if name == "N" and not any(getattr(self.contact, key) for key in keys):
                keys = (*keys, "name", "company")  # from which a name without parts is derived
        return all(getattr(self.contact, key) == getattr(self.present, key) for key in keys)

    # What it has several of -----------------------------------------------------------------------------------------

    def _write_many(self, name: str) -> None:
        attribute, write = _MANY[name]
        wanted, present = getattr(self.contact, attribute), getattr(self.present, attribute)
        if wanted == present:
            return
        owned: list[Property] = []
        labels: list[Property] = []  # LABEL says again what the ADR beside it says
        for prop in (prop for prop in self.properties if self._owner(prop) == name):
            values = [self._as_present(value) for value in getattr(prop.contact(), attribute)]
            if prop.head.name == "LABEL" and not set(values) <= set(present):
                labels.append(prop)
            elif values:
                prop.value = values[0]
                owned.append(prop)
        self._place(owned, wanted, lambda value, old: self._line_of(value, old, write))
        for label in labels:
            if any(prop.written is not None and prop.head.label == label.head.label for prop in owned):
                label.replace([])
        lines = [line for block in self.card.blocks for line in block.now]
        if getattr(read_lines([*lines, *self.end]).contact(), attribute) != tuple(dict.fromkeys(wanted)):
            self._in_order(owned, wanted, write)

    def _line_of(self, value: Any, old: Property | None, write: Callable[[Any, Lines], None]) -> tuple[list[str], bool]:
        """The logical lines of a value, and whether they keep what belongs to `old`, in whose place they stand."""
        new = self._made(lambda lines: write(value, lines))
        if old is None or old.head.name == "LABEL" or _beside(old.value) != _beside(value):
            return new, False
        head, raw = split_line(new[0])
        kept = old.with_value(raw) if "VALUE" not in head.parameters else None
        return (kept, True) if kept else (new, False)

    def _in_order(self, owned: Sequence[Property], wanted: Sequence[Any], write: Callable[[Any, Lines], None]) -> None:
        """Write all values one after the other where the first of them stood: their order has changed."""
        if not owned:
            return
        present = {prop.value: prop.all_lines for prop in reversed(owned)}
        lines: list[str] = []
        for value in dict.fromkeys(wanted):
            lines += present.get(value) or self._made(lambda made, value=value: write(value, made))  # type: ignore[misc]
        for prop in owned:
            for block in (prop, *prop.satellites):
                block.written, block.before, block.after = [], [], []
        owned[0].written = lines

    def _as_present(self, value: Any) -> Any:
        """The e-mail with the mark that it has beside the others; other values are the same alone."""
        for email in self.present.emails:
            if email_key(email.address) == email_key(getattr(value, "address", "")):
                return replace(value, primary=email.primary)
        return value

    def _place(
        self,
        owned: Sequence[Property],
        wanted: Sequence[Hashable],
        make: Callable[[Any, Property | None], tuple[list[str], bool]],
    ) -> None:
        """Let the values that stay stand where they stand, and put new ones in the place of those that go."""
        kept = {prop.value: prop for prop in reversed(owned) if prop.value in set(wanted)}
        free = [prop for prop in owned if prop.value not in kept]
        last: Property | None = None
        for value in dict.fromkeys(wanted):
            if value in kept:
                last = kept[value]
                continue
            old = min(free, key=partial(_distance, value), default=None)
            lines, keep_satellites = make(value, old)
            if old is not None:
                free.remove(old)
                old.replace(lines, keep_satellites=keep_satellites)
                last = old
            elif last is not None:
                last.end.after += lines
            elif owned:
                owned[0].before += lines
            else:
                self.end += lines
        for prop in free:
            prop.replace([])

    # Custom fields --------------------------------------------------------------------------------------------------

    def _heading(self, prop: Property) -> str:
        """The custom field that the property makes; empty if it makes none that a contact could change."""
        if prop.head.name in IGNORED | LEFT_OUT | {"UID", "VERSION", "REV"} or self._owner(prop) is not None:
            return ""
        return next(iter(prop.custom()), "")

    def _write_values(self, heading: str) -> None:
        """A changed custom field: its values in their order, each as the card has it, if it does."""
        text = self.contact.custom.get(heading, "")
        if text == self.present.custom.get(heading, ""):
            return
        owned = [prop for prop in self.properties if self._heading(prop) == heading]
        for prop in owned:
            prop.value = prop.custom()[heading]
        wanted = [text] if text in {prop.value for prop in owned} else values_of(text) if text else ()
        self._place(owned, list(wanted), lambda value, _old: (self._custom_lines(heading, value), False))

    def _custom_lines(self, heading: str, value: str) -> list[str]:
        alone = not self.contact.job_title
        return self._made(lambda lines: write_custom_value(heading, value, lines, alone=alone))

    def _write_new_custom(self) -> None:
        lines = [line for block in self.card.blocks for line in block.now]
        written = read_lines([*lines, *self.end]).contact().custom
        for heading, text in self.contact.custom.items():
            if written.get(heading) == text or (heading == UID and UID in written):
                continue
            present = written.get(heading, "").split("\n")
            for value in values_of(text):
                if value not in present:
                    self.end += self._custom_lines(heading, value)

    def _revise(self) -> None:
        """REV tells when the card was changed: a stale one does not stay."""
        for prop in self.properties:
            if prop.head.name == "REV":
                moment = revision(self.contact, extended="-" in split_line(prop.line)[1])
                prop.replace([f"REV:{moment}"] if moment else [])


def _preference(prop: Property) -> int:
    return prop.head.preferred or _LEAST_PREFERRED


def _beside(value: Any) -> tuple[object, ...]:
    """What a value says beside its text: label and mark."""
    return getattr(value, "label", ""), getattr(value, "primary", False)


def _distance(new: Any, old: Property) -> int:
    """How far a value is from the one whose place it takes: the same but for its label, of the same label, any."""
    if _text(old.value) == _text(new):
        return 0
    return 1 if _beside(old.value) == _beside(new) else 2


def _text(value: Any) -> object:
    """A value without its label and mark."""
    beside = {"primary": False} if isinstance(value, Email) else {}
    return value if isinstance(value, str) else replace(value, label="", **beside)
