"""WebDAV's XML: the bodies of requests, and 207 Multi-Status answers read safely.

Answers come from strangers: a document type is refused, so that there are no entities to expand or files to include.

Source: RFC 4918 (WebDAV), section 13; RFC 6352 (CardDAV), section 10; RFC 6578 (sync-collection), section 6.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape

DAV: Final = "DAV:"
CARD: Final = "urn:ietf:params:xml:ns:carddav"
SERVER: Final = "http://calendarserver.org/ns/"
_PREFIXES: Final = {DAV: "d", CARD: "c", SERVER: "s"}
_DEEPEST: Final = 200
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORBIDDEN_REFERENCE: Final = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")


def dav(name: str) -> str:
    """A name in WebDAV's namespace, as the parser writes it."""
    return f"{{{DAV}}}{name}"


def card(name: str) -> str:
    """A name in CardDAV's namespace."""
    return f"{{{CARD}}}{name}"


ADDRESS_DATA: Final = card("address-data")
GETETAG: Final = dav("getetag")
SYNC_TOKEN: Final = dav("sync-token")
GETCTAG: Final = f"{{{SERVER}}}getctag"


# Reading --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Resource:
    """One response of a multistatus.

    Attributes:
        href: as the server wrote it.
        status: of the resource, if the server tells one: 404 is gone, 507 is a list that was cut short.
        properties: those that were found, by name.
    """

    href: str
    status: int = 200
    properties: dict[str, Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a property, empty if it is missing."""
        element = self.properties.get(name)
        return (element.text or "").strip() if element is not None else ""

    def hrefs(self, name: str) -> list[str]:
        """The addresses in a property, such as the principal's."""
        element = self.properties.get(name)
        return [text for href in _elements(element, dav("href")) if (text := (href.text or "").strip())]

    def has(self, name: str, value: str) -> bool:
        """Whether an element `value` stands anywhere in a property."""
        element = self.properties.get(name)
        return element is not None and next(element.iter(value), None) is not None


@dataclass(frozen=True, slots=True)
class Multistatus:
    """A 207 answer. `sync_token` is there after a sync-collection."""

    resources: list[Resource]
    sync_token: str = ""


class NotXml(ValueError):
    """The text is no XML, cut short, or has a document type."""


def parse(body: bytes) -> Element:
    """The root element of a document without document type. Raises NotXml."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise NotXml("nested too deep")
        builder.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_clark(name))

    def refuse(*_: object) -> None:
        raise NotXml("has a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
        return builder.close()
    except (expat.ExpatError, ParseError, AssertionError, LookupError) as error:
        raise NotXml(str(error)) from error


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def mended(body: bytes) -> bytes:
    """Without the characters that XML forbids: some servers pass on whatever stands in a card."""
    text = _FORBIDDEN_REFERENCE.sub("", body.decode(errors="replace"))
    return _FORBIDDEN.sub("", text).encode()


def parse_multistatus(body: bytes) -> Multistatus:
    """The resources of a 207 answer. Raises NotXml if it is none."""
    try:
        root = parse(body)
    except NotXml:
        root = parse(mended(body))
    if root.tag != dav("multistatus"):
        raise NotXml("is not a multistatus")
    resources = [resource for response in root.iter(dav("response")) for resource in _resources(response)]
    return Multistatus(resources, (root.findtext(SYNC_TOKEN) or "").strip())


def _resources(response: Element) -> list[Resource]:
    """The resources of one response: with properties there is one, with a status alone there may be more."""
    hrefs = [(element.text or "").strip() for element in response.findall(dav("href"))]
    properties: dict[str, Element] = {}
    statuses: list[int] = []
    for propstat in response.findall(dav("propstat")):
        code = _code(propstat.findtext(dav("status")))
        statuses.append(code)
        if 200 <= code < 300:
            properties.update({element.tag: element for block in propstat.findall(dav("prop")) for element in block})
    told = response.findtext(dav("status"))
    status = _code(told) if told is not None else 200 if properties else _worst(statuses)
    return [Resource(href, status, properties) for href in hrefs if href]


def _worst(statuses: Iterable[int]) -> int:
    """The status of a resource of which no property came; a property that is missing (404) is no missing resource."""
    return max((status for status in statuses if status != 404), default=200)


def _code(line: str | None) -> int:
    """The number in `HTTP/1.1 404 Not Found`; 200 if there is none."""
    words = (line or "").split()
    number = words[1] if len(words) > 1 else ""
    return int(number) if number.isascii() and number.isdecimal() else 200


def _elements(element: Element | None, name: str) -> Iterable[Element]:
    return element.iter(name) if element is not None else ()


def precondition(body: bytes) -> str:
    """The name of the condition in a DAV:error body (`valid-sync-token`), empty if the body is none."""
    try:
        root = parse(body)
    except NotXml:
        return ""
    if root.tag != dav("error") or not len(root):
        return ""
    return root[0].tag.rpartition("}")[2]


# Writing --------------------------------------------------------------------------------------------------------------


def propfind(names: Collection[str]) -> bytes:
    """The body of a PROPFIND that asks for these properties."""
    return _document("d:propfind", _prop(names))


def sync_collection(token: str) -> bytes:
    """The body of a sync-collection REPORT: what changed since `token`, everything if it is empty."""
    inner = f"<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>{_prop((GETETAG,))}"
    return _document("d:sync-collection", inner)


def multiget(hrefs: Iterable[str]) -> bytes:
    """The body of an addressbook-multiget REPORT: the cards at these addresses."""
    wanted = "".join([f"<d:href>{escape(href)}</d:href>" for href in hrefs])
    return _document("c:addressbook-multiget", _prop((GETETAG, ADDRESS_DATA)) + wanted)


def _prop(names: Iterable[str]) -> str:
    return f"<d:prop>{''.join([_empty(name) for name in names])}</d:prop>"


def _empty(name: str) -> str:
    namespace, _, local = name[1:].partition("}")
    return f"<{_PREFIXES[namespace]}:{local}/>"


def _document(root: str, inner: str) -> bytes:
    namespaces = " ".join(f'xmlns:{prefix}="{namespace}"' for namespace, prefix in _PREFIXES.items())
    return f'<?xml version="1.0" encoding="utf-8"?><{root} {namespaces}>{inner}</{root}>'.encode()
