"""Which column becomes what: what its heading means unless its cells say otherwise, then what the others leave it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from coterie.core.errors import InvalidValue
from coterie.core.transfer.csv.evidence import by_label, by_value, correct, has_letter, label_columns, share
from coterie.core.transfer.csv.headings import target_of, vocabulary_of
from coterie.core.transfer.csv.layout import is_typed, layout_name
from coterie.core.transfer.csv.targets import ADDRESS_PARTS, CUSTOM, IGNORE, SPARES, legal_target, parts_of
from coterie.core.transfer.csv.values import is_company, is_list_kind, sorted_name, words
from coterie.core.transfer.csv.words import heading_key, without_numbers

# Of these a contact has one; a second column of the same kind is somebody else's or a custom field.
_SINGLE: Final = words(
    "name|sorted_name|given_name|additional_names|family_name|suffix|nickname|birthday|birth_day|birth_month|birth_year|favorite"
)
_SALUTATIONS: Final = words(
    "mr|mrs|ms|miss|mx|dr|prof|sir|madam|herr|frau|fräulein|hr|fr|dipl|ing|mag|m|mme|mlle|me|monsieur|"
    "madame|sr|sra|srta|don|doña|d|dª|sig|sigra|signor|signora|dott|dottssa|dhr|mevr|mw|de|heer|mevrouw|"
    "hr|fru|frk|pan|pani|inz|mgr|bc|judr|mudr|rev|hon|capt|lt|col|maj|sgt|prof.|univ|様|先生|さん|女士|господин|"
    "госпожа|г-н|г-жа|bay|bayan"
)
# What meetings and programs with users write into a column “Role”.
_MEETING_ROLES: Final = words(
    "organizer|organiser|presenter|attendee|host|co-host|cohost|panelist|participant|guest|member|owner|"
    "admin|administrator|viewer|organisator|referent|teilnehmer|organisateur|présentateur|participante|"
    "subscriber|customer|editor|author|contributor|moderator|user"
)
_MEMBERS: Final = words(
    "dlist|members|group members|list members|member list|distribution list members|member addresses|mitglieder|"
    "gruppenmitglieder|membres|miembros|membri|leden|membros|medlemmar|medlemmer|członkowie|участники"
)
_NUMBERS: Final = words("nr|no|n|num|number|numero|numer|nummer|hnr")
_HOUSE: Final = re.compile(r"\d{1,4} ?[A-Za-z]?(?: ?[-–/] ?\d{0,4} ?[A-Za-z]?)?")
_ORDERS: Final = frozenset({"add", "update", "delete"})
_MOSTLY: Final = 0.5
_SPACED: Final = re.compile(r"[\s.]+")


def map_columns(headings: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[list[str], str]:
    """The target of each column and the vocabulary of the headings.

    Args:
        headings: the heading row, or empty texts if the table has none.
        samples: for each column the cells of some rows, empty ones left out.
    """
    vocabulary = vocabulary_of(headings)
    targets = [target_of(heading, vocabulary) for heading in headings]
    _lines_of_addresses(headings, targets)
    _house_numbers(headings, targets, samples)
    _distribution_lists(headings, targets, samples)
    if not is_typed(layout_name(headings, targets, vocabulary)):
        correct(headings, targets, samples)
    label_columns(headings, targets, samples)
    _names(targets, samples)
    _titles(targets, samples)
    _roles(targets, samples)
    _customers(targets, samples)
    _one_of_each(targets, samples)
    by_label(headings, targets, samples)
    by_value(headings, targets, samples)
    _birthdays(targets, samples)
    _sorted_names(targets, samples)
    _whole_addresses(targets)
    _instructions(targets, samples)
    return [target or CUSTOM for target in targets], vocabulary


def _instructions(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A column that says what to do with each row (Google's shared contacts) says nothing about the person."""
    for place, target in enumerate(targets):
        if (
            target in {"", CUSTOM}
            and samples[place]
            and all(cell.strip().lower() in _ORDERS for cell in samples[place])
        ):
            targets[place] = IGNORE


def override(headings: Sequence[str], targets: list[str], overrides: Mapping[str, str]) -> list[str]:
    """`targets` as the user wants them: each heading (or `Column 3`, or a number) of `overrides` becomes what it names.

    Raises InvalidValue for a heading that is not there or a target that is none.
    """
    changed = list(targets)
    chosen: set[int] = set()
    for wanted, text in overrides.items():
        places = _places(headings, wanted)
        if not places:
            names = ", ".join(f"“{heading}”" for heading in headings if heading)
            raise InvalidValue("map", f"There is no column “{wanted}”.", f"The columns are: {names}." if names else "")
        target = legal_target(text)
        for place in places:
            # The same key keeps what its layout knows about it: its label and the group of columns it belongs to.
            if parts_of(changed[place])[0] != target:
                changed[place] = target
        chosen.update(places)
        if target in _SINGLE:
            for place, other in enumerate(changed):
                if other == target and place not in chosen:
                    changed[place] = CUSTOM
    return changed


def _places(headings: Sequence[str], wanted: str) -> list[int]:
    exact = [place for place, heading in enumerate(headings) if heading.strip() == wanted.strip()]
    if exact:
        return exact
    key = heading_key(wanted)
    alike = [place for place, heading in enumerate(headings) if heading and heading_key(heading) == key]
    if alike:
        return alike
    number = re.fullmatch(r"(?:column )?(\d+)", key)
    return [int(number[1]) - 1] if number and 0 < int(number[1]) <= len(headings) else []


def _lines_of_addresses(headings: Sequence[str], targets: list[str]) -> None:
    """“Home Address” beside “Home Address 2” is the first line of the street, not the whole address."""
    numbered = {
        without_numbers(heading_key(heading))
        for heading, target in zip(headings, targets, strict=True)
        if target.startswith("street")
    }
    streets = {target.partition(":")[2] for target in targets if target.startswith("street") and "#" not in target}
    cities = {target.partition(":")[2] for target in targets if target.startswith("city") and "#" not in target}
    for place, target in enumerate(targets):
        if target.startswith("address") and "#" not in target:
            label = target.partition(":")[2]
            if without_numbers(heading_key(headings[place])) in numbered or (label in cities and label not in streets):
                targets[place] = target.replace("address", "street")


def _house_numbers(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """“Nr.” right behind the street is the number of the house, if nothing but such numbers stands there."""
    for place in range(1, len(targets)):
        key, colon, label = targets[place - 1].partition(":")
        is_number = not targets[place] and heading_key(headings[place]) in _NUMBERS
        if is_number and key == "street" and samples[place] and all(map(_HOUSE.fullmatch, samples[place])):
            targets[place] = f"house_number{colon}{label}"


def _distribution_lists(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """The column that says which rows are lists, and the one with their members."""
    for place, target in enumerate(targets):
        if target in {"", CUSTOM} and any(map(is_list_kind, samples[place])):
            targets[place] = "list_kind"
        elif (
            target in {"", CUSTOM, "groups"}
            and heading_key(headings[place]) in _MEMBERS
            and any("@" in cell or ";" in cell for cell in samples[place])
        ):
            targets[place] = "members"


def _names(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A bare “Name” is the part of the name that no other column holds, else the display name."""
    for place, target in enumerate(targets):
        if target == "family?":  # Portuguese “Apelido” is the family name in Portugal and a nickname in Brazil
            targets[place] = "nickname" if "family_name" in targets else "family_name"
    has = {part: part in targets for part in ("given_name", "family_name", "name")}
    for place in _telling_first(targets, samples):
        if targets[place] == "name?":
            if has["given_name"] != has["family_name"]:
                part = "family_name" if has["given_name"] else "given_name"
            else:
                part = "name"
            targets[place] = ("other_name" if part == "name" else CUSTOM) if has[part] else part
            has[part] = True
    for place, target in enumerate(targets):
        if target == "name_weak" and samples[place] and share(samples[place], has_letter) < 0.5:
            targets[place] = CUSTOM
        elif target == "name_weak":
            targets[place] = "other_name" if any(has.values()) else "name"
            has["name"] = True


def _titles(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """“Title” is the form of address beside a job title or before the first name, the job otherwise."""
    places = [place for place, target in enumerate(targets) if target == "title?"]
    for place in places:
        words = [word for cell in samples[place] for word in _SPACED.split(cell.lower()) if word]
        if words and all(word in _SALUTATIONS for word in words):
            part = "prefix"
        elif len(places) > 1:  # French and other exports have both
            part = "job_title" if place == places[-1] else "prefix"
        elif "job_title" in targets:
            part = "prefix" if "prefix" not in targets else CUSTOM
        elif (
            "suffix" in targets and "additional_names" in targets and "given_name" in targets[place + 1 : place + 4]
        ) or (not words and targets[place + 1 : place + 2] == ["given_name"]):
            part = "prefix"
        else:
            part = "job_title"
        targets[place] = part


def _customers(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """“Customer” beside a name is the company if names of companies stand in it and no other column is one."""
    for place, target in enumerate(targets):
        if target == "other_name" and "company" not in targets and any(map(is_company, samples[place])):
            targets[place] = "company"


def _sorted_names(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A column of names in which most are like “Lovelace, Ada”, if no column holds the parts of names."""
    if "name" in targets and "given_name" not in targets and "family_name" not in targets:
        place = targets.index("name")
        if share(samples[place], lambda cell: sorted_name(cell) is not None) >= _MOSTLY:
            targets[place] = "sorted_name"


def _whole_addresses(targets: list[str]) -> None:
    """“Home address” beside “City”: parts without a label belong to the only address with one that lacks them."""
    labels: dict[str, set[str]] = {}
    for target in targets:
        key, label, slot = parts_of(target) if target and not target.endswith("?") else ("", "", 0)
        if key in {"address", *ADDRESS_PARTS} and not slot:
            labels.setdefault(label, set()).add("street" if key == "address" else key)
    if len(labels) != 2 or "" not in labels:
        return
    (label,) = labels.keys() - {""}
    if labels[""] & labels[label]:
        return
    for place, target in enumerate(targets):
        if target in {"address", *ADDRESS_PARTS}:
            targets[place] = f"{target}:{label}"


def _roles(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """“Role” is the job title of those who have no other, unless it is a role in a meeting or a program."""
    for place, target in enumerate(targets):
        if target == "job?":
            targets[place] = CUSTOM if "job_title" in targets else "job_title"
    for place, target in enumerate(targets):
        if target == "role?":
            meeting = any(cell.strip().casefold() in _MEETING_ROLES for cell in samples[place])
            title = "other_title" if "job_title" in targets else "job_title"
            targets[place] = CUSTOM if meeting else title


def _telling_first(targets: Sequence[str], samples: Sequence[Sequence[str]]) -> list[int]:
    """The places of the columns, those that hold words before those of figures, and these before empty ones."""
    return sorted(range(len(targets)), key=lambda place: (not samples[place], share(samples[place], has_letter) < 0.5))


def _one_of_each(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """One column for each part that a contact has once; the others fill the rows in which it is empty."""
    seen: set[str] = set()
    for place in _telling_first(targets, samples):
        target = targets[place]
        if target in _SINGLE:
            if target in seen:
                targets[place] = SPARES.get(target, CUSTOM)
            seen.add(target)


def _birthdays(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A birthday column beside year and month that holds small numbers is the day (Thunderbird in some languages)."""
    if "birth_year" in targets and "birth_day" not in targets and "birthday" in targets:
        place = targets.index("birthday")
        if all(cell.strip().isdecimal() and int(cell) <= 31 for cell in samples[place]):
            targets[place] = "birth_day"
