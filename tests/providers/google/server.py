"""A People API and its OAuth server on this machine, as Google documents them; see docs of each method.

https://developers.google.com/people/api/rest/v1 and https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.providers.server import LocalServer, Request, Response

READ = "https://www.googleapis.com/auth/contacts.readonly"
WRITE = "https://www.googleapis.com/auth/contacts"
SINGLETONS = {"names", "biographies", "birthdays", "genders"}
SYSTEM = ("myContacts", "starred", "friends", "all", "blocked")
UPDATABLE = {
    "addresses", "biographies", "birthdays", "calendarUrls", "clientData", "emailAddresses", "events", "externalIds",
    "genders", "imClients", "interests", "locales", "locations", "memberships", "miscKeywords", "names", "nicknames",
    "occupations", "organizations", "phoneNumbers", "relations", "sipAddresses", "urls", "userDefined",
}  # fmt: skip
READABLE = UPDATABLE | {"metadata", "photos", "skills", "ageRanges", "coverPhotos"}
Json = dict[str, Any]


def error(code: int, status: str, message: str, reason: str = "", metadata: Json | None = None) -> Response:
    body: Json = {"code": code, "message": message, "status": status}
    if reason:
        detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
        body["details"] = [{**detail, "metadata": metadata or {}}]
    return Response(code, {"error": body})


@dataclass
class Grant:
    """What a user has allowed."""

    scope: str
    refresh_token: str
    access_tokens: set[str] = field(default_factory=set)


def _not_found() -> Response:
    return Response(404, b"<!DOCTYPE html><html>Not Found</html>", {"Content-Type": "text/html"})


class GoogleServer(LocalServer):
    """The account of one user.

    Attributes:
        people: resource name -> Person, without what only answers hold.
        groups: resource name -> label.
        page_limit: the most contacts on one page, whatever is asked for.
        address: what people/me tells of the account; empty as with the contacts scope alone.
        profile: the resource name of whoever signs in.
        grant_scope: what the user allows instead of what was asked for.
        allow: whether the user allows it at all.
        enabled: whether the People API is enabled in the project.
        token_answer: the token end point's answer instead of the right one.
        refuses: fields of Person that are not accepted, and why.
        blames: whether the error of a batch says which of its contacts are to blame.
        quota: how many requests are answered until two are refused with 429.
    """

    spared = ("/auth", "/token")

    def __init__(self, page_limit: int = 1000) -> None:
        super().__init__()
        self.page_limit = page_limit
        self.people: dict[str, Json] = {}
        self.groups: dict[str, str] = {}
        self.gone: dict[str, int] = {}
        self.previous: dict[str, list[str]] = {}
        self.changed: dict[str, int] = {}
        self.clock = 1
        self.oldest_token = 0
        self.address = ""
        self.profile = "people/1001"
        self.grant_scope = ""
        self.allow = True
        self.enabled = True
        self.token_answer: Response | None = None
        self.grants: dict[str, Grant] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.created_requests = 0
        self.quota: int | None = None
        self.blames = True
        self.refuses: dict[str, str] = {}
        self.used = 0

    # What a test does ---------------------------------------------------------------------------------------------

    def client_file(self, folder: Path) -> str:
        """A client secrets file that leads here, as Google's console gives it for download."""
        client = {
            "client_id": "1234.apps.googleusercontent.com",
            "project_id": "coterie-test",
            "auth_uri": self.url + "/auth",
            "token_uri": self.url + "/token",
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_secret": "GOCSPX-secret",
            "redirect_uris": ["http://localhost"],
        }
        file = folder / "client_secret.json"
        file.write_text(json.dumps({"installed": client}))
        return str(file)

    def grant(self, scope: str = WRITE) -> tuple[str, str]:
        """A refresh token and an access token, as if the user had signed in."""
        grant = Grant(scope, "1//" + secrets.token_hex(8), {"ya29." + secrets.token_hex(8)})
        self.grants[grant.refresh_token] = grant
        return grant.refresh_token, next(iter(grant.access_tokens))

    def end_access_tokens(self) -> None:
        for grant in self.grants.values():
            grant.access_tokens.clear()

    def put(self, person: Json, resource: str = "") -> str:
        """Create a person, or replace one."""
        resource = resource or f"people/c{secrets.randbelow(10**15)}"
        self.people[resource] = {"memberships": [], **person}
        self._touch(resource)
        return resource

    def remove(self, resource: str) -> None:
        del self.people[resource]
        self._touch(resource)
        self.gone[resource] = self.changed.pop(resource)

    def rename_person(self, resource: str) -> str:
        """Give a person another resource name, as merging with a profile does."""
        person = self.people.pop(resource)
        self.changed.pop(resource)
        new = self.put(person)
        self.previous[new] = [resource]
        return new

    def group(self, name: str) -> str:
        """The resource name of the label, which is made if it does not exist."""
        for resource, known in self.groups.items():
            if known == name:
                return resource
        resource = f"contactGroups/{secrets.token_hex(6)}"
        self.groups[resource] = name
        return resource

    def membership(self, resource: str) -> Json:
        return {"contactGroupMembership": {"contactGroupResourceName": resource}}

    def expire(self) -> None:
        self.clock += 1
        self.oldest_token = self.clock

    def _touch(self, resource: str) -> None:
        self.clock += 1
        self.changed[resource] = self.clock

    # Answers ------------------------------------------------------------------------------------------------------

    def respond(self, request: Request) -> Response:
        if request.path == "/auth":
            return self._auth(request.query)
        if request.path == "/token":
            return self.token_answer or self._token(request.form)
        return self._refusal(request) or self._over_quota() or self._people_api(request)

    def _people_api(self, request: Request) -> Response:
        path = request.path.removeprefix("/v1/")
        match request.method, path.partition(":")[0].split("/"), path.partition(":")[2]:
            case "GET", ["people", "me", "connections"], "":
                return self._connections(request.query)
            case "GET", ["people", "me"], "":
                emails = [{"metadata": {"primary": True}, "value": self.address}] if self.address else []
                return Response(200, {"resourceName": self.profile, "etag": "%me", "emailAddresses": emails})
            case "GET", ["people", _], "":
                return self._get(path, request.query)
            case "GET", ["people"], "batchGet":
                return self._batch_get(request)
            case "POST", _, ("batchCreateContacts" | "batchUpdateContacts" | "batchDeleteContacts" | "modify") as many:
                return self._many(many, path.partition("/members:")[0], request.json)
            case "POST", ["people"], "createContact":
                return self._create(request)
            case "PATCH", ["people", name], "updateContact":
                return self._update(f"people/{name}", request)
            case "DELETE", ["people", name], "deleteContact":
                return self._delete(f"people/{name}")
            case _, ["contactGroups", *_], _:
                return self._groups_api(request, path) or _not_found()
        return _not_found()

    def _groups_api(self, request: Request, path: str) -> Response | None:
        match request.method, path.partition(":")[0].split("/"), path.partition(":")[2]:
            case "GET", ["contactGroups"], "":
                return self._group_list(request.query)
            case "POST", ["contactGroups"], "":
                return self._group_create(request.json)
            case "GET", ["contactGroups", name], "":
                return self._group_get(f"contactGroups/{name}", request.query)
            case "PUT", ["contactGroups", name], "":
                return self._group_update(f"contactGroups/{name}", request.json)
            case "DELETE", ["contactGroups", name], "":
                return self._group_delete(f"contactGroups/{name}", request.query)
        return None

    def _refusal(self, request: Request) -> Response | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = next((one for one in self.grants.values() if token in one.access_tokens), None)
        if grant is None:
            return error(
                401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "CREDENTIALS_MISSING"
            )
        if not self.enabled:
            url = "https://console.developers.google.com/apis/api/people.googleapis.com/overview?project=42"
            return error(
                403,
                "PERMISSION_DENIED",
                f"People API has not been used in project 42 before or it is disabled. Enable it by visiting {url}.",
                "SERVICE_DISABLED",
                {"service": "people.googleapis.com", "activationUrl": url},
            )
        if request.method != "GET" and grant.scope != WRITE:
            return error(
                403,
                "PERMISSION_DENIED",
                "Request had insufficient authentication scopes.",
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            )
        return None

    def _over_quota(self) -> Response | None:
        """A quota of requests a minute, which the test's clock never ends: it is given back at the second refusal."""
        if self.quota is None:
            return None
        self.used += 1
        if self.used <= self.quota:
            return None
        self.used = 0 if self.used > self.quota + 1 else self.used
        message = "Quota exceeded for quota metric 'Critical write requests' and limit 'per minute per user'."
        return error(429, "RESOURCE_EXHAUSTED", message, "RATE_LIMIT_EXCEEDED")

    def _auth(self, query: dict[str, str]) -> Response:
        needed = {"client_id", "redirect_uri", "scope", "code_challenge", "state"}
        if (
            not needed <= query.keys()
            or query.get("response_type") != "code"
            or query["code_challenge_method"] != "S256"
        ):
            return Response(400, b"<html>Error 400: invalid_request</html>", {"Content-Type": "text/html"})
        answer = {"state": query["state"]}
        if self.allow:
            answer["code"] = f"4/0A{secrets.token_urlsafe(12)}"
            self.codes[answer["code"]] = query
        else:
            answer["error"] = "access_denied"
        return Response(302, b"", {"Location": f"{query['redirect_uri']}?{urlencode(answer)}"})

    def _token(self, form: dict[str, str]) -> Response:
        if (form.get("client_id"), form.get("client_secret")) != ("1234.apps.googleusercontent.com", "GOCSPX-secret"):
            return Response(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."})
        refused = Response(400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
        if form["grant_type"] == "refresh_token":
            grant = self.grants.get(form["refresh_token"])
            if grant is None:
                return refused
            answer: Json = {}
        else:
            asked = self.codes.pop(form["code"], None)
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if (
                asked is None
                or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]
                or form["redirect_uri"] != asked["redirect_uri"]
            ):
                return refused
            refresh_token, _ = self.grant(self.grant_scope or asked["scope"])
            grant = self.grants[refresh_token]
            answer = {"refresh_token": refresh_token} if asked.get("access_type") == "offline" else {}
        token = "ya29." + secrets.token_hex(8)
        grant.access_tokens.add(token)
        return Response(
            200, {**answer, "access_token": token, "expires_in": 3599, "scope": grant.scope, "token_type": "Bearer"}
        )

    # People -------------------------------------------------------------------------------------------------------

    def person(self, resource: str, mask: str) -> Json:
        """A Person as answers show it."""
        stored, etag = self.people[resource], f"%{self.changed[resource]}"
        source = {"type": "CONTACT", "id": resource.removeprefix("people/c")}
        shown: Json = {"resourceName": resource, "etag": etag}
        for name in mask.split(","):
            entries = [dict(entry) for entry in stored.get(name) or ()]
            for index, entry in enumerate(entries):
                entry.setdefault("metadata", {"primary": index == 0, "source": source})
                if name == "names":
                    parts = (entry.get(part) for part in ("honorificPrefix", "givenName", "middleName", "familyName"))
                    joined = " ".join(part for part in parts if part)
                    entry.setdefault("displayName", joined or entry.get("unstructuredName", ""))
            if entries:
                shown[name] = entries
        if "metadata" in mask.split(","):
            shown["metadata"] = {"sources": [{**source, "etag": f"#{etag}"}], "objectType": "PERSON"}
            if resource in self.previous:
                shown["metadata"]["previousResourceNames"] = self.previous[resource]
        return shown

    def _bad_mask(self, mask: str, allowed: set[str] = READABLE) -> Response | None:
        if not mask or not set(mask.split(",")) <= allowed:
            return error(400, "INVALID_ARGUMENT", f"Invalid mask path: {mask}.")
        return None

    def _connections(self, query: dict[str, str]) -> Response:
        if bad := self._bad_mask(query.get("personFields", "")):
            return bad
        size = int(query.get("pageSize", 100))
        if not 1 <= size <= 1000:
            return error(400, "INVALID_ARGUMENT", "Page size must be between 1 and 1000.")
        fixed = json.dumps(
            {key: value for key, value in sorted(query.items()) if key not in {"pageToken", "syncToken"}}
        )
        since, start = 0, 0
        for name in ("syncToken", "pageToken"):
            if not query.get(name):
                continue
            try:
                token = json.loads(base64.urlsafe_b64decode(query[name]))
            except ValueError:
                return error(400, "INVALID_ARGUMENT", f"Invalid {name}.")
            if token["fixed"] != fixed or token["kind"] != name:
                return error(400, "INVALID_ARGUMENT", "All other parameters must match the first call.")
            if name == "syncToken":
                since = token["at"]
                if since < self.oldest_token:
                    message = "Sync token is expired. Clear local cache and retry call without the sync token."
                    return error(400, "INVALID_ARGUMENT", message, "EXPIRED_SYNC_TOKEN")
            else:
                start = token["start"]
        return self._connections_page(query, fixed, since, start, min(size, self.page_limit))

    def _connections_page(self, query: dict[str, str], fixed: str, since: int, start: int, size: int) -> Response:
        mask = query["personFields"]
        newest_first = query.get("sortOrder") == "LAST_MODIFIED_DESCENDING"
        changed = sorted(((at, one) for one, at in self.changed.items() if at > since), reverse=newest_first)
        found = [self.person(one, mask) for _, one in changed]
        if since:
            found += [
                {"resourceName": one, "etag": "%", "metadata": {"deleted": True}}
                for one, at in self.gone.items()
                if at > since
            ]

        def token(kind: str, **values: int) -> str:
            return base64.urlsafe_b64encode(json.dumps({"kind": kind, "fixed": fixed, **values}).encode()).decode()

        answer: Json = {}
        if found[start : start + size]:
            answer["connections"] = found[start : start + size]
        if start + size < len(found):
            answer["nextPageToken"] = token("pageToken", start=start + size)
        elif query.get("requestSyncToken") == "true":
            answer["nextSyncToken"] = token("syncToken", at=self.clock)
        if found and not since:
            answer |= {"totalPeople": len(self.people), "totalItems": len(self.people)}
        return Response(200, answer)

    def _get(self, resource: str, query: dict[str, str]) -> Response:
        if resource not in self.people:
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        return self._bad_mask(query.get("personFields", "")) or Response(
            200, self.person(resource, query["personFields"])
        )

    def _batch_get(self, request: Request) -> Response:
        """Up to 200 resource names. https://developers.google.com/people/api/rest/v1/people/getBatchGet"""
        mask = request.query["personFields"]
        if len(request.values("resourceNames")) > 200:
            return error(400, "INVALID_ARGUMENT", "At most 200 resource names can be requested.")
        answers = [
            {"httpStatusCode": 200, "requestedResourceName": one, "person": self.person(one, mask)}
            if one in self.people
            else {"httpStatusCode": 404, "requestedResourceName": one, "status": {"code": 5}}
            for one in request.values("resourceNames")
        ]
        return Response(200, {"responses": answers})

    def _unacceptable(self, person: Json) -> Response | None:
        for name, why in self.refuses.items():
            if person.get(name):
                return error(400, "INVALID_ARGUMENT", f"{why}.")
        for name in SINGLETONS:
            if len(person.get(name) or ()) > 1:
                return error(400, "INVALID_ARGUMENT", f"{name} is a singleton for contact sources.")
        for one in person.get("memberships") or ():
            resource = one["contactGroupMembership"]["contactGroupResourceName"]
            if resource not in self.groups and resource.partition("/")[2] not in SYSTEM:
                return error(400, "INVALID_ARGUMENT", f"Unknown contact group {resource}.")
        return None

    def _create(self, request: Request) -> Response:
        self.created_requests += 1
        if bad := self._unacceptable(request.json):
            return bad
        return Response(200, self._created(request.json, request.query["personFields"]))

    def _created(self, body: Json, mask: str) -> Json:
        memberships = body.get("memberships") or [self.membership("contactGroups/myContacts")]
        fields = {name: value for name, value in body.items() if name in UPDATABLE}
        return self.person(self.put({**fields, "memberships": memberships}), mask)

    def _update(self, resource: str, request: Request) -> Response:
        body, mask = request.json, request.query.get("updatePersonFields", "")
        if bad := self._bad_mask(mask, UPDATABLE) or self._not_updatable(resource, body, mask):
            return bad
        self._replace(resource, body, mask)
        return Response(200, self.person(resource, request.query["personFields"]))

    def _not_updatable(self, resource: str, body: Json, mask: str) -> Response | None:
        if bad := self._unacceptable(body):
            return bad
        if resource not in self.people:
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        sources = (body.get("metadata") or {}).get("sources") or [{}]
        etag = f"#%{self.changed[resource]}"
        if sources[0].get("type") != "CONTACT" or not sources[0].get("etag"):
            return error(400, "INVALID_ARGUMENT", "Request must set person.metadata.sources.etag.")
        if sources[0]["etag"] != etag:
            answer = error(400, "FAILED_PRECONDITION", "Request person.etag is different than the current person.etag.")
            answer.body["error"]["errors"] = [{"reason": "failedPrecondition"}]  # type: ignore[index]
            return answer
        if "memberships" in mask.split(",") and not body.get("memberships"):
            return error(400, "INVALID_ARGUMENT", "A contact must always have at least one contact group membership.")
        return None

    def _replace(self, resource: str, body: Json, mask: str) -> None:
        self.people[resource] |= {name: body.get(name) or [] for name in mask.split(",")}
        self._touch(resource)

    def _delete(self, resource: str) -> Response:
        if resource not in self.people:
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        self.remove(resource)
        return Response(200, {})

    # Batches: all or nothing, with the contacts that are to blame ---------------------------------------------------

    def _blamed(self, kind: str, problems: dict[str, Response]) -> Response:
        """The error of a batch, with its …ErrorDetails. https://developers.google.com/people/api/rest/v1/Status"""
        codes = {"INVALID_ARGUMENT": 3, "NOT_FOUND": 5, "FAILED_PRECONDITION": 9}
        told = {}
        for key, response in problems.items():
            problem = response.body["error"]  # type: ignore[index]
            told[key] = {"code": codes[problem["status"]], "message": problem["message"]}
        answer = error(400, "INVALID_ARGUMENT", f"{len(told)} contacts of the batch cannot be written.")
        if self.blames:
            detail = f"type.googleapis.com/google.people.v1.Batch{kind}ContactsErrorDetails"
            answer.body["error"]["details"] = [{"@type": detail, "contactErrors": told}]  # type: ignore[index]
        return answer

    def _many(self, method: str, group: str, body: Json) -> Response:
        if method == "modify":
            return self._modify(group, body)
        methods = {
            "batchCreateContacts": self._batch_create,
            "batchUpdateContacts": self._batch_update,
            "batchDeleteContacts": self._batch_delete,
        }
        return methods[method](body)

    def _batch_create(self, body: Json) -> Response:
        people = [one["contactPerson"] for one in body["contacts"]]
        if not 1 <= len(people) <= 200:
            return error(400, "INVALID_ARGUMENT", "The number of contacts must be between 1 and 200.")
        if bad := self._bad_mask(body.get("readMask", "")):
            return bad
        problems = {str(place): bad for place, one in enumerate(people) if (bad := self._unacceptable(one))}
        if problems:
            return self._blamed("Create", problems)
        created = [self._created(one, body["readMask"]) for one in people]
        return Response(
            200, {"createdPeople": [{"httpStatusCode": 200, "person": one, "status": {}} for one in created]}
        )

    def _batch_update(self, body: Json) -> Response:
        people, mask = body["contacts"], body.get("updateMask", "")
        if not 1 <= len(people) <= 200:
            return error(400, "INVALID_ARGUMENT", "The number of contacts must be between 1 and 200.")
        if bad := self._bad_mask(mask, UPDATABLE) or self._bad_mask(body.get("readMask", "")):
            return bad
        problems = {name: bad for name, one in people.items() if (bad := self._not_updatable(name, one, mask))}
        if problems:
            return self._blamed("Update", problems)
        result = {}
        for name, one in people.items():
            self._replace(name, one, mask)
            person = self.person(name, body["readMask"])
            result[name] = {"httpStatusCode": 200, "person": person, "requestedResourceName": name, "status": {}}
        return Response(200, {"updateResult": result})

    def _batch_delete(self, body: Json) -> Response:
        names = body["resourceNames"]
        if not 1 <= len(names) <= 500:
            return error(400, "INVALID_ARGUMENT", "The number of resource names must be between 1 and 500.")
        if not set(names) <= self.people.keys():
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        for name in names:
            self.remove(name)
        return Response(200, {})

    def _modify(self, group: str, body: Json) -> Response:
        """Up to 1,000 names; of system groups only myContacts and starred take members."""
        joining, leaving = body.get("resourceNamesToAdd") or [], body.get("resourceNamesToRemove") or []
        if not 1 <= len(joining) + len(leaving) <= 1000:
            return error(400, "INVALID_ARGUMENT", "The number of resource names must be between 1 and 1000.")
        if group not in self.groups and group.partition("/")[2] not in SYSTEM:
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        if joining and group not in self.groups and group not in {"contactGroups/myContacts", "contactGroups/starred"}:
            return error(400, "INVALID_ARGUMENT", "Members cannot be added to this group.")
        last = []
        for name in [one for one in (*joining, *leaving) if one in self.people]:
            others = [one for one in self.people[name]["memberships"] if one != self.membership(group)]
            if name in leaving and not others:
                last.append(name)
                continue
            self.people[name]["memberships"] = [*others, self.membership(group)] if name in joining else others
            self._touch(name)
        missing = [one for one in (*joining, *leaving) if one not in self.people]
        return Response(200, {"notFoundResourceNames": missing, "canNotRemoveLastContactGroupResourceNames": last})

    # Labels -------------------------------------------------------------------------------------------------------

    def _members(self, group: str) -> list[str]:
        return [one for one, person in self.people.items() if self.membership(group) in person["memberships"]]

    def _group(self, resource: str) -> Json:
        name = self.groups.get(resource) or resource.partition("/")[2]
        kind = "USER_CONTACT_GROUP" if resource in self.groups else "SYSTEM_CONTACT_GROUP"
        return {
            "resourceName": resource,
            "groupType": kind,
            "name": name,
            "formattedName": name.capitalize() if kind.startswith("SYSTEM") else name,
            "memberCount": len(self._members(resource)),
        }

    def _group_list(self, query: dict[str, str]) -> Response:
        resources = [f"contactGroups/{name}" for name in SYSTEM] + list(self.groups)
        start, size = int(query.get("pageToken", 0)), min(int(query.get("pageSize", 30)), max(self.page_limit, 4))
        answer: Json = {"contactGroups": [self._group(one) for one in resources[start : start + size]]}
        if start + size < len(resources):
            answer["nextPageToken"] = str(start + size)
        return Response(200, answer)

    def _group_create(self, body: Json) -> Response:
        name = body["contactGroup"]["name"]
        if name.casefold() in {known.casefold() for known in self.groups.values()} | set(SYSTEM):
            return error(409, "ALREADY_EXISTS", "Contact group name already exists.")
        return Response(200, self._group(self.group(name)))

    def _group_update(self, resource: str, body: Json) -> Response:
        """A rename touches no contact."""
        if resource not in self.groups:
            return error(400, "INVALID_ARGUMENT", "System contact groups cannot be changed.")
        name = body["contactGroup"]["name"]
        if body.get("updateGroupFields", "name") != "name":
            return error(400, "INVALID_ARGUMENT", "Invalid updateGroupFields mask.")
        if name.casefold() in {one.casefold() for key, one in self.groups.items() if key != resource} | set(SYSTEM):
            return error(409, "ALREADY_EXISTS", "Contact group name already exists.")
        self.groups[resource] = name
        return Response(200, self._group(resource))

    def _group_delete(self, resource: str, query: dict[str, str]) -> Response:
        """A deletion touches every member."""
        if resource not in self.groups:
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        if query.get("deleteContacts", "false") != "false":
            return error(400, "INVALID_ARGUMENT", "This server deletes nobody with a label.")
        members = self._members(resource)
        del self.groups[resource]
        for one in members:
            self.people[one]["memberships"].remove(self.membership(resource))
            self._touch(one)
        return Response(200, {})

    def _group_get(self, resource: str, query: dict[str, str]) -> Response:
        if resource not in self.groups:
            return error(404, "NOT_FOUND", "Requested entity was not found.")
        most = int(query.get("maxMembers", 0))
        return Response(200, {**self._group(resource), "memberResourceNames": self._members(resource)[:most]})
