"""A CardDAV server on this machine: the real Radicale, with what other servers do differently laid over it."""

from __future__ import annotations

import io
import re
import shutil
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from radicale import config
from radicale.app import Application

from tests.providers.server import LocalServer, Request, Response

USER = "ada"
PASSWORD = "correct horse"
BOOK = "contacts"
_AGES = 100 * 365 * 24 * 3600  # seconds


class RadicaleServer(LocalServer):
    """Radicale with one user and one address book, run in this process.

    Attributes:
        sync_collection: False: no sync tokens and no such REPORT, as older servers.
        ctag: False: not even a ctag.
        etag_after_put: False: a PUT is answered without an etag.
        most: how many resources a sync-collection tells at once (507 for the rest); None for all.
        before: called first with each request; what it returns is the answer.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.users = folder / "users"
        self.set_password(PASSWORD)
        self.sync_collection = True
        self.ctag = True
        self.etag_after_put = True
        self.most: int | None = None
        self._parts: list[tuple[list[bytes], bytes]] = []
        self.before: Callable[[Request], Response | None] = lambda _request: None
        configuration = config.load()
        configuration.update(
            {
                "auth": {
                    "type": "htpasswd",
                    "htpasswd_filename": str(self.users),
                    "htpasswd_encryption": "plain",
                    "delay": "0",
                },
                "storage": {
                    "filesystem_folder": str(folder / "collections"),
                    "_filesystem_fsync": "False",
                    # Its tokens age by the times of files, which a clock set for a test does not change.
                    "max_sync_token_age": str(_AGES),
                },
                "logging": {"level": "critical"},
            },
            "tests",
            privileged=True,
        )
        self._app = Application(configuration)
        self.make_book(BOOK)

    # As another program would ------------------------------------------------------------------------------------

    def set_password(self, password: str) -> None:
        self.users.write_text(f"{USER}:{password}\n")

    def path(self, name: str = "", book: str = BOOK) -> str:
        return f"/{USER}/{book}/{quote(name)}"

    def make_book(self, name: str, owner: str = USER) -> None:
        body = (
            '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype>'
            f"<d:collection/><c:addressbook/></d:resourcetype><d:displayname>{name}</d:displayname>"
            "</d:prop></d:set></d:mkcol>"
        )
        assert self.ask("MKCOL", f"/{owner}/{name}/", body).status == 201

    def put(self, path: str, card: str) -> None:
        assert self.ask("PUT", path, card).status in {201, 204}

    def get(self, path: str) -> str | None:
        answer = self.ask("GET", path)
        return answer.content.decode() if answer.status == 200 else None

    def delete(self, path: str) -> None:
        assert self.ask("DELETE", path).status == 200

    def forget_tokens(self) -> None:
        for found in (self.folder / "collections").rglob("sync-token"):
            shutil.rmtree(found)

    def ask(self, method: str, path: str, body: str = "") -> Response:
        """A request as this user, past all that is laid over the server."""
        login = b64encode(self.users.read_text().strip().encode()).decode()
        return self._radicale(Request(method, path, {}, {"authorization": f"Basic {login}"}, body.encode()))

    # What is laid over -------------------------------------------------------------------------------------------

    def respond(self, request: Request) -> Response:
        answer = self.before(request)
        if answer is not None:
            return answer
        if not self.sync_collection and b"sync-collection" in request.body:
            return Response(403, b'<error xmlns="DAV:"><supported-report/></error>')
        if self.most is not None and b"sync-collection" in request.body:
            return self._in_parts(request)
        answer = self._radicale(request)
        body = answer.content
        if request.method == "PROPFIND" and not self.sync_collection:
            body = re.sub(rb"<sync-token>.*?</sync-token>|<sync-token ?/>", b"", body)
        if request.method == "PROPFIND" and not self.ctag:
            body = re.sub(rb"<CS:getctag>.*?</CS:getctag>", b"", body)
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        if request.method == "PUT":
            if answer.status == 201:
                body = body or b"Created."  # as other servers have it; an answer without a body cannot be cut short
            if not self.etag_after_put:
                headers.pop("ETag", None)
        return Response(answer.status, body, headers)

    def _in_parts(self, request: Request) -> Response:
        """A list that is told in parts, each but the last with 507 for the address book (RFC 6578, 3.6)."""
        part = re.search(rb"part:(\d+)", request.body)
        if part:
            responses, token = self._parts[int(part[1])]
        else:
            answer = self._radicale(request)
            if answer.status != 207:
                return answer
            body = answer.content
            responses = re.findall(rb"<response>.*?</response>", body, re.DOTALL)
            found = re.search(rb"<sync-token>(.*?)</sync-token>", body)
            assert found
            token = found[1]
        assert self.most is not None
        now, rest = responses[: self.most], responses[self.most :]
        if rest:
            self._parts.append((rest, token))
            token = b"part:%d" % (len(self._parts) - 1)
            now.append(
                b"<response><href>%s</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
                % request.path.encode()
            )
        told = b"".join(now) + b"<sync-token>%s</sync-token>" % token
        return Response(207, b'<multistatus xmlns="DAV:">%s</multistatus>' % told, {"Content-Type": "text/xml"})

    def _radicale(self, request: Request) -> Response:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": unquote(request.path),
            "QUERY_STRING": request.query_string,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(),
            "CONTENT_LENGTH": str(len(request.body)),
            "CONTENT_TYPE": request.headers.get("content-type", ""),
        }
        for name, value in request.headers.items():
            if name not in {"content-length", "content-type", "accept-encoding"}:
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
            told.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))

        body = b"".join(self._app(environ, start))
        return Response(told["status"], body, told["headers"])
