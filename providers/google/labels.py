"""Listing, creating, renaming and deleting labels: the contacts that have them need not be asked one by one.

Source: https://developers.google.com/people/api/rest/v1/contactGroups.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from coterie.core.errors import BadReply, Conflict, Rejected
from coterie.core.limits import PAGES
from coterie.providers.google.errors import NotThere
from coterie.providers.google.mapping import Json, Labels, entries
from coterie.providers.google.session import Session

LABELS: Final = 1000
"""Labels on one page, the most that Google gives."""


async def list_labels(session: Session) -> Labels:
    """All labels. Raises BadReply if their pages have no end."""
    labels = Labels()
    token = ""
    for _ in range(PAGES):
        if not (token := await _labels_page(session, labels, token)):
            return labels
    raise BadReply("Google does not come to the end of its labels.", "Try again later.")


async def _labels_page(session: Session, labels: Labels, page_token: str) -> str:
    """Take one page of the labels in; the token of the next page, empty after the last."""
    parameters: Json = {"pageSize": LABELS, "groupFields": "name,groupType,memberCount,metadata"}
    if page_token:
        parameters["pageToken"] = page_token

    def read(answer: Json) -> str:
        for group in entries(answer, "contactGroups"):
            if isinstance(group, dict):
                labels.add(group)
        return str(answer.get("nextPageToken") or "")

    return await session.call(lambda api: api.contactGroups().list(**parameters), read)


async def members(session: Session, labels: Labels, label: str) -> list[str]:
    """The resource names of the contacts with the label of that resource name."""
    most = max(labels.sizes.get(label, 0), 1)
    return await session.call(
        lambda api: api.contactGroups().get(resourceName=label, maxMembers=most),
        lambda answer: [str(name) for name in entries(answer, "memberResourceNames")],
    )


async def create(session: Session, labels: Labels, name: str) -> None:
    """Create a label. Raises Rejected if Google does not accept its name."""
    body = {"contactGroup": {"name": name}, "readGroupFields": "name,groupType,metadata"}
    try:
        await session.call(lambda api: api.contactGroups().create(body=body), labels.add, idempotent=False)
    except Conflict:  # 409: somebody else may have just made one of that name
        fresh = await list_labels(session)
        labels.names, labels.sizes = fresh.names, fresh.sizes
    if labels.resource(name) is None:
        raise Rejected(f"Google does not accept a label called “{name}”.", "Give the group another name.")


async def rename(session: Session, labels: Labels, name: str, new: str) -> None:
    """Rename a label, with all its members. Raises Conflict if another one is called so, Rejected for a system's."""
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
