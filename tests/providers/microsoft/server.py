"""Microsoft's sign-in server and Graph on this machine, as Microsoft documents them.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code and v2-oauth2-auth-code-flow,
https://learn.microsoft.com/graph/api/contact-delta, /graph/delta-query-overview, /graph/outlook-immutable-id.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from tests.providers.server import LocalServer, Request, Response

Json = dict[str, Any]
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
READ = "Contacts.Read"
WRITE = "Contacts.ReadWrite"
LOGIN = "/common/oauth2/v2.0"
API = "/v1.0"
COMPLEX = {"homeAddress", "businessAddress", "otherAddress"}
LISTS = {"businessPhones", "homePhones", "emailAddresses", "categories", "children", "imAddresses"}
WRITABLE = {
    "assistantName", "birthday", "businessAddress", "businessHomePage", "businessPhones", "categories", "children",
    "companyName", "department", "displayName", "emailAddresses", "fileAs", "generation", "givenName", "homeAddress",
    "homePhones", "imAddresses", "initials", "jobTitle", "manager", "middleName", "mobilePhone", "nickName",
    "officeLocation", "otherAddress", "personalNotes", "profession", "spouseName", "surname", "title",
    "yomiCompanyName", "yomiGivenName", "yomiSurname",
}  # fmt: skip
READABLE = WRITABLE | {"id", "parentFolderId", "changeKey", "createdDateTime", "lastModifiedDateTime"}


def graph_error(status: int, code: str, message: str = "No.", headers: dict[str, str] | None = None) -> Response:
    inner = {"date": "2026-11-23T08:00:00", "request-id": "r", "client-request-id": "r"}
    return Response(status, {"error": {"code": code, "message": message, "innerError": inner}}, headers or {})


def login_error(error: str, number: int, text: str = "No.", **more: object) -> Response:
    said = f"AADSTS{number}: {text} Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-23 08:00:00Z"
    return Response(400, {"error": error, "error_description": said, "error_codes": [number], **more})


def _as_json(body: object) -> object:
    """What is no JSON stands in a batch as text."""
    return body.decode() if isinstance(body, bytes) else body


def unsigned(claims: Json) -> str:
    def part(value: Json) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


@dataclass
class Grant:
    """What a user has allowed."""

    scopes: set[str]
    refresh_token: str
    nonce: str = ""


@dataclass
class DeviceFlow:
    """A device code; `script` holds the errors that come before the user has finished."""

    scopes: set[str]
    script: list[Response] = field(default_factory=list)


class MicrosoftServer(LocalServer):
    """The account of one user.

    Attributes:
        folders: id -> (name, id of the parent; empty at the top).
        contacts: id -> the contact as it is kept.
        gone: what was removed from a folder: (time, folder, id).
        page_limit: the most contacts or folders on one page, whatever is asked for.
        partial: whether an update holds only the properties that changed.
        lists_default: whether the list of folders holds the default one.
        pending: the errors with which the next device flow begins.
        interval: seconds between polls, as told with the device code.
        device_answer, token_answer: answers of these end points instead of the right ones.
        hook: asked first for each request to Graph; None leaves it to the server.
        throttled: answers to the next requests inside of batches.
        unsaid: what answers of the token end point leave out.
        lifetime: seconds for which access tokens are good, as told with them.
        photos: the picture of each contact that has one.
        faults: what a request did wrong that the real server would not tell.
    """

    spared: tuple[str, ...] = ("/common",)

    def __init__(self, page_limit: int = 200) -> None:
        super().__init__()
        self.page_limit = page_limit
        self.folders: dict[str, tuple[str, str]] = {"AAMkDefault=": ("Contacts", "")}
        self.contacts: dict[str, Json] = {}
        self.changed: dict[str, int] = {}
        self.altered: dict[str, set[str]] = {}
        self.gone: list[tuple[int, str, str]] = []
        self.clock = 1
        self.oldest = 0
        self.partial = False
        self.lists_default = True
        self.pending: list[Response] = []
        self.interval: object = 5
        self.device_answer: Response | None = None
        self.token_answer: Response | None = None
        self.hook: Callable[[Request], Response | None] = lambda _request: None
        self.lifetime: object = 3600
        self.allow = True
        self.throttled: list[Response] = []
        self.claims: Json = {"preferred_username": "ada@example.org", "name": "Ada Lovelace", "oid": "o", "sub": "s"}
        self.scopes_said: str | None = None
        self.unsaid: tuple[str, ...] = ()
        self.access: dict[str, Grant] = {}
        self.grants: dict[str, Grant] = {}
        self.flows: dict[str, DeviceFlow] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.faults: list[str] = []
        self.photos: dict[str, bytes] = {}

    @property
    def authority(self) -> str:
        return self.url + "/common"

    @property
    def endpoint(self) -> str:
        return self.url + API

    # What a test does ---------------------------------------------------------------------------------------------

    @property
    def default(self) -> str:
        return next(iter(self.folders))

    def folder(self, name: str, parent: str = "") -> str:
        """A new folder."""
        folder = f"AQMk{secrets.token_hex(4)}Aa+/=="
        self.folders[folder] = (name, parent or self.default)
        return folder

    def remove_folder(self, folder: str) -> None:
        del self.folders[folder]
        for contact in [one for one, card in self.contacts.items() if card["parentFolderId"] == folder]:
            del self.contacts[contact]

    def put(self, card: Json, contact: str = "", folder: str = "") -> str:
        """Create a contact, or replace one."""
        before = self.contacts.get(contact, {})
        contact = contact or f"AAkA{secrets.token_hex(6)}-_AaBb="
        place = folder or before.get("parentFolderId") or self.default
        self.contacts[contact] = {**card, "parentFolderId": place, "id": contact}
        self._touch(contact, {key for key in WRITABLE if before.get(key) != card.get(key)})
        return contact

    def move(self, contact: str, folder: str) -> None:
        """Move a contact; its immutable id stays."""
        before = self.contacts[contact]["parentFolderId"]
        self.contacts[contact]["parentFolderId"] = folder
        self._touch(contact, READABLE)
        self.gone.append((self.clock, before, contact))

    def remove(self, contact: str) -> None:
        card = self.contacts.pop(contact)
        self.clock += 1
        self.gone.append((self.clock, card["parentFolderId"], contact))

    def expire(self) -> None:
        """Forget every delta link."""
        self.clock += 1
        self.oldest = self.clock

    def end_access_tokens(self) -> None:
        self.access.clear()

    def calls(self, part: str) -> list[Request]:
        """The requests to Graph whose path holds `part`."""
        return [one for one in self.requests if one.path.startswith(API) and part in unquote(one.path)]

    def _touch(self, contact: str, altered: set[str]) -> None:
        self.clock += 1
        self.changed[contact] = self.clock
        self.altered[contact] = altered | {"id", "changeKey", "lastModifiedDateTime"}
        self.contacts[contact]["changeKey"] = f"CQAA{self.clock}"

    # The sign-in server -------------------------------------------------------------------------------------------

    def respond(self, request: Request) -> Response:
        if request.path == "/common/v2.0/.well-known/openid-configuration":
            names = {"authorization": "authorize", "token": "token", "device_authorization": "devicecode"}
            found = {f"{name}_endpoint": f"{self.url}{LOGIN}/{path}" for name, path in names.items()}
            return Response(body={**found, "issuer": f"{self.url}/{{tenantid}}/v2.0"})
        if request.path == f"{LOGIN}/devicecode":
            return self._device_code(request)
        if request.path == f"{LOGIN}/authorize":
            return self._authorize(request)
        if request.path == f"{LOGIN}/token":
            return self.token_answer or self._token(request)
        if request.path == f"{API}/$batch":
            return self._batch(request)
        if request.path.startswith(API + "/"):
            return self._graph(request)
        return Response(404, {"error": "invalid_tenant"})

    def _scopes(self, text: str) -> set[str]:
        asked = set(text.split())
        if not {"openid", "profile", "offline_access"} <= asked:
            self.faults.append(f"scopes {text}")
        return asked

    def _device_code(self, request: Request) -> Response:
        if self.device_answer:
            return self.device_answer
        if request.form.get("client_id") != CLIENT_ID:
            return login_error("unauthorized_client", 700016, "Application not found in the directory.")
        code = secrets.token_hex(8)
        self.flows[code] = DeviceFlow(self._scopes(request.form["scope"]), list(self.pending))
        return Response(
            body={
                "device_code": code,
                "user_code": "ABCD1234",
                "verification_uri": "https://microsoft.com/devicelogin",
                "expires_in": 900,
                "interval": self.interval,
                "message": "To sign in, use a web browser to open the page …",
            }
        )

    def _authorize(self, request: Request) -> Response:
        query = request.query
        redirect = query["redirect_uri"]
        if not re.fullmatch(r"http://localhost:\d+", redirect) or query["client_id"] != CLIENT_ID:
            return Response(400, b"AADSTS50011: The redirect URI does not match.")
        if query.get("response_mode", "query") != "query" or query.get("code_challenge_method") != "S256":
            self.faults.append("no query, or no PKCE")
        state = query["state"]
        if not self.allow:
            answer = {"error": "access_denied", "error_description": "AADSTS65004: declined", "state": state}
        else:
            code = "0.A" + secrets.token_hex(8)
            self._scopes(query["scope"])
            self.codes[code] = query
            answer = {"code": code, "state": state, "session_state": "x"}
        return Response(302, b"", {"Location": f"{redirect}/?{urlencode(answer)}"})

    def _token(self, request: Request) -> Response:
        form = request.form
        if form.get("client_id") != CLIENT_ID:
            return login_error("unauthorized_client", 700016)
        match form["grant_type"]:
            case "urn:ietf:params:oauth:grant-type:device_code":
                flow = self.flows.get(form["device_code"])
                if flow is None:
                    return login_error("bad_verification_code", 70018)
                if flow.script:
                    return flow.script.pop(0)
                del self.flows[form["device_code"]]
                return self._granted(Grant(flow.scopes, secrets.token_hex(8)))
            case "authorization_code":
                asked = self.codes.pop(form["code"], None)
                verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
                if not asked or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
                    return login_error("invalid_grant", 70008)
                return self._granted(Grant(set(asked["scope"].split()), secrets.token_hex(8), asked.get("nonce", "")))
            case "refresh_token":
                grant = self.grants.pop(form["refresh_token"], None)
                if grant is None:
                    return login_error("invalid_grant", 700082, "The refresh token has expired.")
                asked_scopes = self._scopes(form["scope"])
                if not asked_scopes <= grant.scopes | {READ}:
                    self.grants[grant.refresh_token] = grant
                    return login_error("invalid_grant", 65001, suberror="consent_required")
                return self._granted(Grant(grant.scopes, secrets.token_hex(8)))
        return login_error("unsupported_grant_type", 70003)

    def _granted(self, grant: Grant) -> Response:
        self.grants[grant.refresh_token] = grant
        token = "EwB" + secrets.token_hex(12)  # opaque, as those of personal accounts
        self.access[token] = grant
        said = " ".join(sorted(grant.scopes - {"offline_access"})) if self.scopes_said is None else self.scopes_said
        claims = {**self.claims, "aud": CLIENT_ID, "iss": self.url, "exp": int(time.time()) + 3600}
        if grant.nonce:
            claims["nonce"] = grant.nonce
        info = base64.urlsafe_b64encode(json.dumps({"uid": "u", "utid": "t"}).encode()).decode().rstrip("=")
        body = {
            "token_type": "Bearer",
            "scope": said,
            "expires_in": self.lifetime,
            "ext_expires_in": self.lifetime,
            "access_token": token,
            "refresh_token": grant.refresh_token,
            "id_token": unsigned(claims),
            "client_info": info,
        }
        return Response(body={key: value for key, value in body.items() if key not in self.unsaid})

    # Graph --------------------------------------------------------------------------------------------------------

    def _graph(self, request: Request) -> Response:
        prefer = request.headers.get("prefer", "")
        if 'IdType="ImmutableId"' not in prefer:
            self.faults.append(f"no ImmutableId: {request.method} {request.path}")
        grant = self.access.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if grant is None:
            return graph_error(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        answer = self.hook(request)
        if answer is not None:
            return answer
        if request.method != "GET" and WRITE not in grant.scopes:
            return graph_error(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        parts = [unquote(part) for part in request.path.removeprefix(API + "/me/").split("/")]
        size = re.search(r"odata\.maxpagesize=(\d+)", prefer)
        return self._at(request, parts, min(self.page_limit, int(size[1]) if size else 10))

    def _at(self, request: Request, parts: list[str], limit: int) -> Response:
        match parts:
            case ["contactFolders"]:
                return self._list_folders(request, self.default if self.lists_default else None, limit)
            case ["contactFolders", "contacts"]:
                return Response(body=self._folder(self.default))
            case ["contactFolders", folder, *_] if folder not in self.folders:
                return graph_error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
            case ["contactFolders", folder, "childFolders"]:
                return self._list_folders(request, folder, limit)
            case ["contactFolders", folder, "contacts", "delta"]:
                return self._delta(request, folder, limit)
            case ["contacts", contact, "photo", "$value"]:
                return self._photo(request, contact)
            case ["contactFolders", _, "contacts", contact] | ["contacts", contact]:
                return self._contact(request, contact)
            case [*folders, "contacts"] if request.method == "POST":
                contact = self.put({"fileAs": "made here", **request.json}, folder=folders[-1] if folders else "")
                return Response(201, self._card(contact))
        return graph_error(400, "BadRequest", f"Resource not found for {request.path}")

    def _batch(self, request: Request) -> Response:
        """At most twenty, answered in any order. https://learn.microsoft.com/graph/json-batching"""
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.access:
            return graph_error(401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid.")
        asked = request.json["requests"]
        if request.method != "POST" or not 1 <= len(asked) <= 20:
            return graph_error(400, "BadRequest", "The number of requests in a batch must be between 1 and 20.")
        if len({one["id"] for one in asked}) < len(asked):
            return graph_error(400, "BadRequest", "The ids in a batch must differ.")
        responses = []
        for one in reversed(asked):
            headers = {name.lower(): value for name, value in one.get("headers", {}).items()}
            if "body" in one and headers.get("content-type") != "application/json":
                self.faults.append("no Content-Type in a batch")
            path, _, query = one["url"].partition("?")
            if not path.startswith("/me/"):
                self.faults.append(f"url in a batch: {path}")
            headers |= {"authorization": request.headers["authorization"]}
            body = json.dumps(one["body"]).encode() if "body" in one else b""
            inner = Request(one["method"], API + path, dict(parse_qsl(query)), headers, body, query)
            told = self.throttled.pop(0) if self.throttled else self._graph(inner)
            response = {"id": one["id"], "status": told.status, "headers": told.headers}
            responses.append(response if told.status == 204 else {**response, "body": _as_json(told.body)})
        return Response(body={"responses": responses})

    def _folder(self, folder: str) -> Json:
        name, parent = self.folders[folder]
        return {"id": folder, "displayName": name, "parentFolderId": parent or "root"}

    def _list_folders(self, request: Request, parent: str | None, limit: int) -> Response:
        """Folders at the top are those inside the default one; the list may hold the default one itself."""
        inside = parent if parent is not None else self.default
        found = [one for one, (_, above) in self.folders.items() if above == inside]
        if request.path.endswith("/contactFolders") and parent == self.default:
            found.insert(0, self.default)
        skip = int(request.query.get("$skip", 0))
        body: Json = {"value": [self._folder(one) for one in found[skip : skip + limit]]}
        if len(found) > skip + limit:
            body["@odata.nextLink"] = f"{self.url}{request.path}?$skip={skip + limit}"
        return Response(body=body)

    def _contact(self, request: Request, contact: str) -> Response:
        if contact not in self.contacts:
            return graph_error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        guard = request.headers.get("if-match")
        if guard and guard != self._card(contact)["@odata.etag"]:
            return graph_error(412, "ErrorIrresolvableConflict", "The change key does not match.")
        match request.method:
            case "PATCH":
                unknown = set(request.json) - WRITABLE
                if unknown:
                    return graph_error(400, "RequestBodyRead", f"The property {unknown} does not exist.")
                card = {**self.contacts[contact], **request.json}
                if "displayName" not in request.json:
                    card["displayName"] = f"{card.get('givenName') or ''} {card.get('surname') or ''} (made)".strip()
                self.put({key: value for key, value in card.items() if key in WRITABLE}, contact)
            case "DELETE":
                self.remove(contact)
                return Response(204)
        return Response(body=self._card(contact, request.query.get("$select", "")))

    def _photo(self, request: Request, contact: str) -> Response:
        """https://learn.microsoft.com/graph/api/profilephoto-get and -update"""
        if request.method == "PUT":
            self.photos[contact] = request.body
            self._touch(contact, set())
            return Response(200, b"")
        if contact not in self.photos:
            return graph_error(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return Response(200, self.photos[contact], {"Content-Type": "image/png"})

    def _card(self, contact: str, select: str = "", only: set[str] | None = None) -> Json:
        kept = self.contacts[contact]
        wanted = {key for key in select.split(",") if key} or READABLE
        if not wanted <= READABLE:
            self.faults.append(f"$select of {wanted - READABLE}")
        wanted = (wanted & only if only is not None else wanted) | {"id"}
        full: Json = {key: [] if key in LISTS else {} if key in COMPLEX else None for key in sorted(wanted)}
        full |= {key: value for key, value in kept.items() if key in wanted and value is not None}
        return {"@odata.etag": f'W/"{kept["changeKey"]}"', **full}

    def _delta(self, request: Request, folder: str, limit: int) -> Response:
        token = request.query.get("$skiptoken") or request.query.get("$deltatoken")
        if token is None:
            since, until, offset, select = 0, self.clock, 0, request.query.get("$select", "")
        else:
            since, until, offset, select = json.loads(base64.urlsafe_b64decode(token))
            if set(request.query) - {"$skiptoken", "$deltatoken"}:
                self.faults.append(f"link was changed: {request.query_string}")
            if until < self.oldest:
                return graph_error(410, "SyncStateNotFound", "The sync state generation is not found.")
            if "$deltatoken" in request.query:
                since, until, offset = until, self.clock, 0
        told = self._changes(folder, since, until, select)
        body: Json = {"value": told[offset : offset + limit]}
        more = len(told) > offset + limit
        state = json.dumps([since, until, offset + limit if more else 0, select])
        name = "$skiptoken" if more else "$deltatoken"
        token = quote(base64.urlsafe_b64encode(state.encode()).decode())
        body["@odata.nextLink" if more else "@odata.deltaLink"] = f"{self.url}{request.path}?{name}={token}"
        return Response(body=body)

    def _changes(self, folder: str, since: int, until: int, select: str) -> list[Json]:
        told: list[tuple[int, Json]] = []
        for contact, card in self.contacts.items():
            when = self.changed[contact]
            if card["parentFolderId"] == folder and when > since:
                only = self.altered[contact] if self.partial and since else None
                told.append((when, self._card(contact, select, only)))
        if since:
            told += [
                (when, {"id": contact, "@removed": {"reason": "deleted"}})
                for when, place, contact in self.gone
                if place == folder and since < when <= until
                and self.contacts.get(contact, {}).get("parentFolderId") != folder
            ]  # fmt: skip
        return [one for _, one in sorted(told, key=lambda pair: pair[0])]
