"""Which column becomes what: headings first, then the other columns, then what the cells look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from core.errors import InvalidValue
from core.text import is_email
from core.transfer.csv.headings import heading_key, target_of, vocabulary_of, without_numbers
from core.transfer.csv.targets import ADDRESS_PARTS, CUSTOM, legal_target, parts_of
from core.transfer.csv.values import is_company, is_phone, sorted_name, split_emails, words

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
# What meeting programs write into a column "Role".
_MEETING_ROLES: Final = words(
    "organizer|organiser|presenter|attendee|host|co-host|cohost|panelist|participant|guest|member|owner|"
    "admin|administrator|viewer|organisator|referent|teilnehmer|organisateur|présentateur|participante"
)
_MOSTLY: Final = 0.5
_URL: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SPACED: Final = re.compile(r"[\s.]+")


def map_columns(headings: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[list[str], str]:
    """The target of each column and the vocabulary of the headings.

    Args:
        headings: the heading row, or empty texts where the table has none.
        samples: for each column the cells of some rows, empty ones left out.
    """
    vocabulary = vocabulary_of(headings)
    targets = [target_of(heading, vocabulary) for heading in headings]
    _lines_of_addresses(headings, targets)
    _names(targets, samples)
    _titles(targets, samples)
    _roles(targets, samples)
    _customers(targets, samples)
    _one_of_each(targets)
    _by_value(headings, targets, samples)
    _birthdays(targets, samples)
    _sorted_names(targets, samples)
    _whole_addresses(targets)
    return [target or CUSTOM for target in targets], vocabulary


def override(headings: Sequence[str], targets: list[str], overrides: Mapping[str, str]) -> list[str]:
    """`targets` as the user wants them: each heading (or `Column 3`, or a number) of `overrides` becomes what it names.

    Raises InvalidValue for a heading that is not there or a target that is none.
    """
    changed = list(targets)
    chosen: set[int] = set()
    for wanted, text in overrides.items():
        places = _places(headings, wanted)
        if not places:
            known = ", ".join(f"“{heading}”" for heading in headings if heading)
            raise InvalidValue("map", f"There is no column “{wanted}”.", f"The columns are: {known}." if known else "")
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


def _names(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A bare “Name” is the part of the name that no other column holds, else the display name."""
    for place, target in enumerate(targets):
        if target == "family?":  # Portuguese “Apelido” is the family name in Portugal and a nickname in Brazil
            targets[place] = "nickname" if "family_name" in targets else "family_name"
    has = {part: part in targets for part in ("given_name", "family_name", "name")}
    for place, target in enumerate(targets):
        if target == "name?":
            if has["given_name"] != has["family_name"]:
                part = "family_name" if has["given_name"] else "given_name"
            else:
                part = "name"
            targets[place] = CUSTOM if has[part] else part
            has[part] = True
    for place, target in enumerate(targets):
        if target == "name_weak" and samples[place] and _share(samples[place], _has_letter) < 0.5:
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
    """“Customer” beside a name is the company where names of companies stand in it and no other column is one."""
    for place, target in enumerate(targets):
        if target == "other_name" and "company" not in targets and any(map(is_company, samples[place])):
            targets[place] = "company"


def _sorted_names(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A column of names in which most are like “Lovelace, Ada”, where no column holds the parts of names."""
    if "name" in targets and "given_name" not in targets and "family_name" not in targets:
        place = targets.index("name")
        if _share(samples[place], lambda cell: sorted_name(cell) is not None) >= _MOSTLY:
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
    """“Role” is the job beside a company unless a meeting's words stand there, a profession where no job is named."""
    for place, target in enumerate(targets):
        if target == "job?":
            targets[place] = CUSTOM if "job_title" in targets else "job_title"
    for place, target in enumerate(targets):
        if target == "role?":
            meeting = any(cell.strip().casefold() in _MEETING_ROLES for cell in samples[place])
            targets[place] = (
                "job_title" if "company" in targets and "job_title" not in targets and not meeting else CUSTOM
            )


def _one_of_each(targets: list[str]) -> None:
    seen: set[str] = set()
    for place, target in enumerate(targets):
        if target in _SINGLE:
            if target in seen:
                targets[place] = CUSTOM
            seen.add(target)


def _birthdays(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """A birthday column beside year and month that holds small numbers is the day (Thunderbird in some languages)."""
    if "birth_year" in targets and "birth_day" not in targets and "birthday" in targets:
        place = targets.index("birthday")
        if all(cell.strip().isdecimal() and int(cell) <= 31 for cell in samples[place]):
            targets[place] = "birth_day"


def _by_value(headings: Sequence[str], targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """Find by their values what no heading tells: addresses, and where nothing is named, names and numbers too."""
    unknown = [place for place, target in enumerate(targets) if not target and samples[place]]
    addressed = [place for place, target in enumerate(targets) if target.startswith("email") and target != "email_name"]
    if not any(_share(samples[place], _has_email) > 0 for place in addressed):
        for place in list(unknown):
            if _share(samples[place], _has_email) >= 0.5:
                targets[place] = "email"
                unknown.remove(place)
    headed = any(heading.strip() for heading in headings)
    known = sum(1 for target in targets if target and target != CUSTOM)
    named = any(target in {"name", "given_name", "family_name"} for target in targets)
    if not named and not any(target == "company" for target in targets):
        _names_by_value(targets, unknown, samples, alone=not headed)
    if not headed or known <= 1:
        for place in list(unknown):
            if targets[place]:
                continue
            if _share(samples[place], is_phone) >= 0.7:
                targets[place] = "phone"
            elif _share(samples[place], _is_url) >= 0.7:
                targets[place] = "url"
    if not headed:
        _groups_by_value(targets, samples)


def _names_by_value(targets: list[str], unknown: list[int], samples: Sequence[Sequence[str]], *, alone: bool) -> None:
    likely = [place for place in unknown if not targets[place] and _looks_like_names(samples[place])]
    if not likely:
        return
    first = likely[0]
    single = _share(samples[first], lambda cell: " " not in cell.strip()) > 0.5
    second = first + 1
    if single and second in likely and _share(samples[second], lambda cell: " " not in cell.strip()) > 0.5:
        targets[first], targets[second] = "given_name", "family_name"
        rest = [place for place in likely if place > second]
    else:
        targets[first] = "name"
        rest = likely[1:]
    if alone and rest and _share(samples[rest[0]], lambda cell: " " in cell.strip()) > 0.5:
        targets[rest[0]] = "company"


def _groups_by_value(targets: list[str], samples: Sequence[Sequence[str]]) -> None:
    """In a table without headings, the last columns whose single words come again are groups."""
    last = len(targets) - 1
    words: list[str] = []
    marked: list[int] = []
    while last > 0 and not targets[last] and samples[last] and all(_is_word(cell) for cell in samples[last]):
        words += [cell.strip().casefold() for cell in samples[last]]
        column = {cell.strip().casefold() for cell in samples[last]}
        if len(samples[last]) == len(column) and len(set(words)) == len(words) and marked:
            break
        marked.append(last)
        last -= 1
    if len(words) > len(set(words)):
        repeated = {word for word in words if words.count(word) > 1}
        for place in marked:
            if any(cell.strip().casefold() in repeated for cell in samples[place]):
                targets[place] = "groups"


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    """The share of `cells` that pass `test`."""
    return sum(1 for cell in cells if test(cell)) / len(cells) if cells else 0.0


def _has_email(cell: str) -> bool:
    return "@" in cell and bool(is_email(cell.strip()) or split_emails(cell)[0])


def _has_letter(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _is_url(cell: str) -> bool:
    return _URL.fullmatch(cell.strip()) is not None


def _is_word(cell: str) -> bool:
    text = cell.strip()
    return text.isidentifier() or text.replace("-", "").isidentifier()


def _looks_like_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    if len(names) > 3 and len({*names}) * 3 < len(names):
        return False
    return _share(names, _is_name) >= 0.7


def _is_name(text: str) -> bool:
    words = text.split()
    letters = sum(map(str.isalpha, text))
    return (
        0 < len(words) <= 5
        and len(text) <= 50
        and text[0].isalpha()
        and not text[0].islower()
        and letters >= 0.6 * len(text)
        and not any(mark in text for mark in "@/:;?!=<>{}[]")
    )
