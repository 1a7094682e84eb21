"""Asking for people: page by page, several by their names, or one.

Source: https://developers.google.com/people/api/rest/v1/people.connections/list and people/get, people/getBatchGet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coterie.core.errors import CursorExpired, Rejected
from coterie.providers.google.errors import NotThere
from coterie.providers.google.mapping import PERSON_FIELDS, Json, Labels, Read, entries, read_people
from coterie.providers.google.session import Session


@dataclass(frozen=True, slots=True)
class Page:
    """One page of people.connections.list, read.

    Attributes:
        next_page: the token of the next page; empty on the last.
        sync_token: where the next sync goes on; empty except on the last page.
        total: how many people there are; None if Google does not say.
    """

    read: Read
    next_page: str
    sync_token: str
    total: int | None


async def list_people(session: Session, labels: Labels, asked: Json, page_token: str) -> Page:
    """One page of the account's people.

    Args:
        session: the account.
        labels: its labels.
        asked: the parameters of all pages: `pageSize`, `syncToken`, `sortOrder`, ….
        page_token: `next_page` of the page before; empty for the first.

    Raises:
        CursorExpired: Google no longer accepts `syncToken`.
    """
    parameters: Json = {"resourceName": "people/me", "personFields": PERSON_FIELDS, **asked}
    if page_token:
        parameters["pageToken"] = page_token
    is_sync = "syncToken" in asked

    def read(answer: Json) -> Page:
        total = answer.get("totalItems", answer.get("totalPeople"))
        return Page(
            read_people(entries(answer, "connections"), labels),
            str(answer.get("nextPageToken") or ""),
            str(answer.get("nextSyncToken") or ""),
            total if isinstance(total, int) and not is_sync else None,
        )

    try:
        return await session.call(lambda api: api.people().connections().list(**parameters), read)
    except Rejected as error:
        if is_sync and not page_token:  # a token that Google finds malformed is a plain 400: only a full sync helps
            raise CursorExpired("Google does not accept what was synced last.", "A full sync is needed.") from error
        raise


async def read_batch(session: Session, labels: Labels, names: Sequence[str]) -> Read:
    """The people of at most READ resource names; those that are gone meanwhile are left out."""
    return await session.call(
        lambda api: api.people().getBatchGet(resourceNames=names, personFields=PERSON_FIELDS),
        lambda answer: read_people(
            [response["person"] for response in entries(answer, "responses") if "person" in response], labels
        ),
    )


async def read_person(session: Session, name: str) -> Json | None:
    """The person of a resource name; None if it is gone."""
    try:
        return await session.call(lambda api: api.people().get(resourceName=name, personFields=PERSON_FIELDS), dict)
    except NotThere:
        return None
