"""The plans that keys and forms make: from values to a Plan."""

from __future__ import annotations

from collections.abc import Sequence

from coterie.core.changes import (
    CONTACTS,
    Change,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    DeleteSearch,
    DescribeGroup,
    Edit,
    Forget,
    MergeGroup,
    MoveSearch,
    Plan,
    RenameGroup,
    RenameSearch,
    Restore,
    SaveSearch,
    Selection,
)
from coterie.core.checks import Checks
from coterie.core.fields.differences import changed_values
from coterie.core.fields.values import with_value
from coterie.core.model import Contact, Group, SavedSearch
from coterie.core.text import clean_line, group_key, number_of


def words_for(selection: Selection, name: str = "") -> str:
    """What to call a selection in a title: the contact's name if it is one, else how many."""
    if isinstance(selection, Checks):
        return name if name and len(selection) == 1 else number_of(len(selection))
    return "all contacts of the list"


def add(contact: Contact) -> Plan:
    """A new contact."""
    return Plan("add", f"Add {contact.shown_name}", [Create(contact)], f"Added {CONTACTS}.")


def edit(before: Contact, after: Contact) -> Plan | None:
    """What turns the stored contact `before` into `after`; None if nothing differs."""
    values = changed_values(before, after)
    if not values or before.id is None:
        return None
    return Plan("edit", f"Edit {after.shown_name}", [Edit(before.id, values, before.version)], f"Changed {CONTACTS}.")


def put_back(now: Contact, then: Contact) -> Plan | None:
    """What makes a contact, which may be in the Bin, what it was; None if nothing differs."""
    assert now.id is not None
    changes: list[Change] = [Restore(Checks.of([now.id]))] if now.deleted_at is not None else []
    if values := changed_values(now, then):
        changes.append(Edit(now.id, values))
    title = f"Put back {then.shown_name}"
    return Plan("edit", title, changes, f"Put back {CONTACTS} as it was.") if changes else None


def with_edit(contact: Contact, edit: Edit) -> Contact:
    """`contact` as it would be after the edit."""
    for key, value in edit.values.items():
        contact = with_value(contact, key, value)
    return contact


def onto(contact: Contact, plan: Plan) -> Contact:
    """`contact` with the values that the edits of `plan` give it."""
    for change in plan.changes:
        if isinstance(change, Edit) and change.contact_id == contact.id:
            contact = with_edit(contact, change)
    return contact


def delete(selection: Selection, name: str = "") -> Plan:
    """Contacts are moved to the Bin."""
    return Plan("delete", f"Delete {words_for(selection, name)}", [Delete(selection)], f"Moved {CONTACTS} to the Bin.")


def restore(selection: Selection, name: str = "") -> Plan:
    """Contacts are restored from the Bin."""
    return Plan("restore", f"Restore {words_for(selection, name)}", [Restore(selection)], f"Restored {CONTACTS}.")


def forget(selection: Selection, name: str = "") -> Plan:
    """Contacts are deleted forever."""
    title = f"Delete {words_for(selection, name)} forever"
    return Plan("forget", title, [Forget(selection)], f"Deleted {CONTACTS} forever.")


def create_group(name: str, color: str = "", note: str = "") -> Plan:
    """A new, empty group."""
    return Plan("group", f"Create the group {name}", [CreateGroup(name, color, note)], f"Created the group {name}.")


def rename_group(group: Group, name: str) -> Plan:
    """Another name for a group."""
    title = f"Rename the group {group.name} to {name}"
    return Plan("group", title, [RenameGroup(group.id, name)], f"Renamed the group {group.name} to {name}.")


def delete_group(group: Group) -> Plan:
    """A group goes, its members stay."""
    done = f"Deleted the group {group.name}; its members stay."
    return Plan("group", f"Delete the group {group.name}", [DeleteGroup(group.id)], done)


def edit_group(group: Group, name: str, color: str, note: str) -> Plan | None:
    """What gives a group this name, color and note; None if it has them."""
    changes: list[Plan] = []
    if name != group.name:
        changes.append(rename_group(group, name))
    if (color, note) != (group.color, group.note):
        new = (color if color != group.color else None, note if note != group.note else None)
        changes.append(describe_group(group, *new))
    if len(changes) < 2:
        return changes[0] if changes else None
    both = (RenameGroup(group.id, name), DescribeGroup(group.id, color, note))
    return Plan("group", f"Edit the group {group.name}", both, f"Changed the group {group.name}, now {name}.")


def describe_group(group: Group, color: str | None = None, note: str | None = None) -> Plan:
    """Another color or note for a group; None leaves one as it is."""
    words = [*(["color"] if color is not None else []), *(["note"] if note is not None else [])]
    title = f"Change the {' and '.join(words)} of the group {group.name}"
    return Plan("group", title, [DescribeGroup(group.id, color, note)], f"Changed{title.removeprefix('Change')}.")


def merge_groups(groups: Sequence[Group], into: Group) -> Plan:
    """The members of some groups join one, and those groups go."""
    names = ", ".join(group.name for group in groups)
    done = f"Merged {'the group' if len(groups) == 1 else 'the groups'} {names} into {into.name}."
    changes = [MergeGroup(group.id, into.id) for group in groups]
    return Plan("group", f"Merge {names} into {into.name}", changes, done)


def delete_groups(groups: Sequence[Group]) -> Plan:
    """Several groups go, their members stay."""
    if len(groups) == 1:
        return delete_group(groups[0])
    names = ", ".join(group.name for group in groups)
    done = f"Deleted {number_of(len(groups), 'group')}: {names}; their members stay."
    return Plan("group", f"Delete {number_of(len(groups), 'group')}", [DeleteGroup(group.id) for group in groups], done)


def save_search(searches: Sequence[SavedSearch], name: str, query: str) -> Plan:
    """A search is kept by name, in place of the one of `searches` that has this name."""
    name = clean_line(name)
    old = next((search for search in searches if group_key(search.name) == group_key(name)), None)
    done = f"Saved the search {name}."
    if old and old.query != query.strip():
        done = f"Saved the search {name} anew. It was: {old.query}"
    return Plan("search", f"Save the search {name}", [SaveSearch(name, query)], done)


def rename_search(search: SavedSearch, name: str) -> Plan:
    """Another name for a saved search."""
    name = clean_line(name)
    done = f"Renamed the search {search.name} to {name}."
    return Plan("search", f"Rename the search {search.name} to {name}", [RenameSearch(search.id, name)], done)


def delete_search(search: SavedSearch) -> Plan:
    """A saved search goes."""
    done = f"Deleted the search {search.name}; the contacts stay."
    return Plan("search", f"Delete the search {search.name}", [DeleteSearch(search.id)], done)


def move_search(search: SavedSearch, by: int) -> Plan:
    """Another place for a saved search among the others."""
    done = f"Moved the search {search.name} {'down' if by > 0 else 'up'}." if by else ""
    return Plan("search", f"Move the search {search.name}", [MoveSearch(search.id, by)], done)
