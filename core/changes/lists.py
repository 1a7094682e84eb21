"""What a user can do to groups and saved searches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreateGroup:
    """A new, empty group. Raises InvalidValue if the name is taken (ignoring case)."""

    name: str
    color: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RenameGroup:
    """Another name for a group. Raises InvalidValue if the name is taken, NotFound if there is no such group."""

    group_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DescribeGroup:
    """A group's color (empty: by its name) and note; None leaves one as it is. Raises InvalidValue, NotFound."""

    group_id: int
    color: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class MergeGroup:
    """All members of a group, also those in the Bin, join another one, and the group goes. Raises NotFound."""

    group_id: int
    into_id: int


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """The group goes; its members stay."""

    group_id: int


@dataclass(frozen=True, slots=True)
class DeleteEmptyGroups:
    """Those of these groups that have no member, not even in the Bin, go; names that are no group mean nothing."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """Keep a search by name, in place of what was kept under that name. Raises InvalidQuery, InvalidValue."""

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class RenameSearch:
    """Another name for a saved search, also in searches that name it. Raises InvalidValue, NotFound."""

    search_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DeleteSearch:
    """The saved search goes. Raises InvalidValue if another names it, NotFound."""

    search_id: int


@dataclass(frozen=True, slots=True)
class MoveSearch:
    """A saved search goes `by` places down in their list (up if negative). Raises NotFound."""

    search_id: int
    by: int
