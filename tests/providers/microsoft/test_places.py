"""Two contact folders at Microsoft."""

from __future__ import annotations

import json

import pytest

from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.providers.microsoft.provider import MicrosoftProvider
from tests.providers.microsoft.conftest import MicrosoftRemote, card_of
from tests.providers.microsoft.server import MicrosoftServer
from tests.providers.places_contract import WRITES, PlacesContract, Shelf, with_choices


class Folders(Shelf):
    names = ("Contacts", "Team")
    kept = "KEPT"

    def __init__(self, server: MicrosoftServer, setup: Setup) -> None:
        self.server, self.setup = server, setup
        self.first, self.second = server.default, server.folder("Team")

    def provider(
        self, places: frozenset[str] | None = None, read_only: frozenset[str] = frozenset(), new: str = ""
    ) -> MicrosoftProvider:
        return MicrosoftProvider(with_choices(self.setup, places, read_only, new))

    async def put(self, place: str, contact: Contact) -> str:
        return self.server.put(card_of(contact), folder=place)

    def _cards(self, place: str):  # type: ignore[no-untyped-def]
        return [one for one in self.server.contacts.values() if one["parentFolderId"] == place]

    async def people(self, place: str) -> list[str]:
        return sorted(one["displayName"] for one in self._cards(place))

    async def raw(self, place: str, name: str) -> str:
        return json.dumps(next(one for one in self._cards(place) if one["displayName"] == name))

    def writes(self) -> int:
        asked = [one for one in self.server.requests if one.path.startswith("/v1.0")]
        batched = [inner["method"] for one in asked if one.path.endswith("$batch") for inner in one.json["requests"]]
        return sum(
            method in WRITES for method in [*(one.method for one in asked if "$batch" not in one.path), *batched]
        )


@pytest.fixture
def shelf(server: MicrosoftServer, remote: MicrosoftRemote) -> Folders:
    return Folders(server, remote.provider.setup)


class TestMicrosoft(PlacesContract):
    """The Graph server of the tests."""
