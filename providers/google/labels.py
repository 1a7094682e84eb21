"""Creating, renaming and deleting labels: the contacts that have them need not be asked one by one.

Source: https://developers.google.com/people/api/rest/v1/contactGroups.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from coterie.core.errors import Conflict, Rejected
from coterie.providers.google.errors import NotThere
from coterie.providers.google.mapping import Labels
from coterie.providers.google.session import Session


async def create(session: Session, labels: Labels, name: str, read_again: Callable[[], Awaitable[Labels]]) -> None:
    """Create a label. Raises Rejected where Google does not accept its name.

    `read_again` lists the labels: somebody else may have just made one of that name.
    """
    body = {"contactGroup": {"name": name}, "readGroupFields": "name,groupType,metadata"}
    try:
        await session.call(lambda api: api.contactGroups().create(body=body), labels.add, idempotent=False)
    except Conflict:  # 409
        fresh = await read_again()
        labels.names, labels.sizes = fresh.names, fresh.sizes
    if labels.resource(name) is None:
        raise Rejected(f"Google does not accept a label called “{name}”.", "Give the group another name.")


async def rename(session: Session, labels: Labels, name: str, new: str) -> None:
    """Rename a label, with all its members. Raises Conflict where another one is called so, Rejected for a system's."""
    resource = labels.resource(name)
    if resource is None:
        return
    body = {"contactGroup": {"name": new}, "updateGroupFields": "name", "readGroupFields": "name,groupType,metadata"}
    await session.call(lambda api: api.contactGroups().update(resourceName=resource, body=body), labels.add)


async def delete(session: Session, labels: Labels, name: str) -> None:
    """Delete a label; the contacts that had it stay. Raises Rejected for one of the system's."""
    resource = labels.resource(name)
    if resource is None:
        return
    with suppress(NotThere):
        await session.call(
            lambda api: api.contactGroups().delete(resourceName=resource, deleteContacts=False), lambda _: None
        )
    labels.names.pop(resource, None)
    labels.deleted.add(resource)
