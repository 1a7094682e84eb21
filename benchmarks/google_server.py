"""The server of the tests as a Google account of many contacts: `python -m benchmarks.google_server CSV`.

Prints its address, and serves until its standard input ends.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.ours.sync import contact_of, rows
from tests.providers.google.conftest import person_of
from tests.providers.google.server import GoogleServer, Json
from tests.providers.server import Request, Response


class ManyPeople(GoogleServer):
    """Makes only those people of a page that are on it, and tells how many requests came."""

    def __init__(self) -> None:
        super().__init__()
        self.by_group: dict[str, list[str]] = {}

    def respond(self, request: Request) -> Response:
        if request.path == "/benchmark/requests":
            return Response(200, {"requests": sum("/benchmark/" not in request.path for request in self.requests)})
        if request.path == "/benchmark/client":
            with TemporaryDirectory() as folder:
                client = json.loads(Path(self.client_file(Path(folder))).read_text())
            refresh, access = self.grant()
            return Response(200, {"client": client, "refresh": refresh, "access": access})
        return super().respond(request)

    def _connections_page(self, query: dict[str, str], fixed: str, since: int, start: int, size: int) -> Response:
        everybody = self.changed
        names = list(everybody)[start : start + size + 1]
        if since or not names:
            return super()._connections_page(query, fixed, since, start, size)
        # One more than the page holds, so that a next page is named if there is one.
        self.changed = {name: everybody[name] for name in names}
        try:
            response = super()._connections_page(query, fixed, since, 0, size)
        finally:
            self.changed = everybody
        answer: Json = response.body  # type: ignore[assignment]
        if "nextPageToken" in answer:
            answer["nextPageToken"] = self.page_token(fixed, start + size)
        return Response(200, answer)

    def _members(self, group: str) -> list[str]:
        """Nobody changes anything here, so they are counted once."""
        if not self.by_group:
            for name, person in self.people.items():
                for membership in person["memberships"]:
                    resource = membership["contactGroupMembership"]["contactGroupResourceName"]
                    self.by_group.setdefault(resource, []).append(name)
        return self.by_group.get(group, [])

    @staticmethod
    def page_token(fixed: str, start: int) -> str:
        token = {"kind": "pageToken", "fixed": fixed, "start": start}
        return base64.urlsafe_b64encode(json.dumps(token).encode()).decode()


def main(file: str) -> None:
    with ManyPeople() as server:
        for number, row in enumerate(rows(file)):
            server.put(person_of(contact_of(row), server), f"people/c{number}")
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
