"""A CardDAV server on this machine: the real Radicale or xandikos, with what other servers do differently laid over."""

from __future__ import annotations

import io
import re
import shutil
from abc import abstractmethod
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from radicale import config
from radicale.app import Application
from xandikos.web import SingleUserFilesystemBackend, XandikosApp

from tests.providers.server import LocalServer, Request, Response

USER = "ada"
PASSWORD = "correct horse"
BOOK = "contacts"
_TYPES = {"PUT": "text/vcard; charset=utf-8", "MKCOL": "application/xml; charset=utf-8"}
_AGES = 100 * 365 * 24 * 3600  # seconds


class DavServer(LocalServer):
    """A server with one user and one address book, run in this process.

    Attributes:
        home: where the address books are, below the user's own place.
        sync_collection: False: no sync tokens and no such REPORT, as older servers.
        ctag: False: not even a ctag.
        etag_after_put: False: a PUT is answered without an etag.
        most: how many resources a sync-collection tells at once (507 for the rest); None for all.
    """

    home = ""

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
        self._app = self._application()
        self.make_book(BOOK)

    @abstractmethod
    def _application(self) -> Any:
        """The server itself, as WSGI (PEP 3333) has it."""

    # As another program would ------------------------------------------------------------------------------------

    def set_password(self, password: str) -> None:
        self.users.write_text(f"{USER}:{password}\n")

    def path(self, name: str = "", book: str = BOOK) -> str:
        return f"/{USER}/{self.home}{book}/{quote(name)}"

    def make_book(self, name: str, owner: str = USER) -> None:
        body = (
            '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype>'
            f"<d:collection/><c:addressbook/></d:resourcetype><d:displayname>{name}</d:displayname>"
            "</d:prop></d:set></d:mkcol>"
        )
        assert self.ask("MKCOL", f"/{owner}/{self.home}{name}/", body).status == 201

    def put(self, path: str, card: str) -> None:
        assert self.ask("PUT", path, card).status in {201, 204}

    def get(self, path: str) -> str | None:
        answer = self.ask("GET", path)
        return answer.content.decode() if answer.status == 200 else None

    def delete(self, path: str) -> None:
        assert self.ask("DELETE", path).status in {200, 204}

    def forget_tokens(self) -> None:
        for found in (self.folder / "collections").rglob("sync-token"):
            shutil.rmtree(found)

    def ask(self, method: str, path: str, body: str = "") -> Response:
        """A request as this user, past all that is laid over the server."""
        login = b64encode(self.users.read_text().strip().encode()).decode()
        headers = {"authorization": f"Basic {login}", "content-type": _TYPES.get(method, "")}
        return self._past(Request(method, path, {}, headers, body.encode()))

    # What is laid over -------------------------------------------------------------------------------------------

    def respond(self, request: Request) -> Response:
        if not self.sync_collection and b"sync-collection" in request.body:
            return Response(403, b'<error xmlns="DAV:"><supported-report/></error>')
        if self.most is not None and b"sync-collection" in request.body:
            return self._in_parts(request)
        answer = self._past(request)
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
            answer = self._past(request)
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

    def _past(self, request: Request) -> Response:
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


class RadicaleServer(DavServer):
    """Radicale."""

    def _application(self) -> Application:
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
                    "filesystem_folder": str(self.folder / "collections"),
                    "_filesystem_fsync": "False",
                    # Its tokens age by the times of files, which a clock set for a test does not change.
                    "max_sync_token_age": str(_AGES),
                },
                "logging": {"level": "critical"},
            },
            "tests",
            privileged=True,
        )
        return Application(configuration)


class XandikosServer(DavServer):
    """xandikos, which keeps each address book in Git. It knows no passwords; those are looked at before it is asked."""

    home = "contacts/"

    def _application(self) -> XandikosApp:
        self._thread = ThreadPoolExecutor(1)
        path = self.folder / "xandikos"
        path.mkdir()
        backend = SingleUserFilesystemBackend(str(path))
        backend.create_principal(f"/{USER}/")
        return XandikosApp(backend, f"/{USER}/")

    def _past(self, request: Request) -> Response:
        login = b64encode(self.users.read_text().strip().encode()).decode()
        if request.headers.get("authorization") != f"Basic {login}":
            return Response(401, b"", {"WWW-Authenticate": 'Basic realm="xandikos"'})
        # It runs an event loop, for which there must be none in the thread.
        return self._thread.submit(super()._past, request).result()

    def forget_tokens(self) -> None:
        """Its tokens name Git's trees, so the address book is made anew: of the trees of before it has none then."""
        files = (self.folder / "xandikos" / self.path().lstrip("/")).glob("*.vcf")
        cards = {path: self.get(path) for path in (self.path(file.name) for file in files)}
        self.delete(self.path())
        self.make_book(BOOK)
        for path, card in cards.items():
            self.put(path, card or "")
