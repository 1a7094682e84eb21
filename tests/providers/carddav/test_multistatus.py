from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.providers.carddav.multistatus import (
    ADDRESS_DATA,
    GETETAG,
    NotXml,
    Resource,
    multiget,
    parse,
    parse_multistatus,
    precondition,
    sync_collection,
)

ANSWER = """<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav">
 <D:response><D:href>/ada/1.vcf</D:href>
  <D:propstat><D:prop><D:getetag>"1"</D:getetag><card:address-data><![CDATA[BEGIN:VCARD
NOTE:a & b]]></card:address-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
  <D:propstat><D:prop><D:displayname/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>
 </D:response>
 <D:response><D:href>/ada/2.vcf</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>
 <D:response><D:href>/ada/3.vcf</D:href>
  <D:propstat><D:prop><card:address-data/></D:prop><D:status>HTTP/1.1 503 Busy</D:status></D:propstat></D:response>
 <D:response><D:href>/ada/4.vcf</D:href>
  <D:propstat><D:prop><D:displayname/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>
 <D:sync-token>t1</D:sync-token>
</D:multistatus>"""


def test_each_resource_has_its_own_status_and_properties() -> None:
    answer = parse_multistatus(ANSWER.encode())
    one, gone, busy, plain = answer.resources
    assert (one.href, one.status, one.text(GETETAG)) == ("/ada/1.vcf", 200, '"1"')
    assert one.text(ADDRESS_DATA) == "BEGIN:VCARD\nNOTE:a & b"
    assert (gone.status, busy.status) == (404, 503)
    assert plain.status == 200, "a property that is missing is no missing resource"
    assert answer.sync_token == "t1"


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><multistatus xmlns="DAV:">&b;</multistatus>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><multistatus xmlns="DAV:">&f;</multistatus>',
        '<!DOCTYPE multistatus SYSTEM "http://example.org/x.dtd"><multistatus xmlns="DAV:"/>',
        "<a>" * 5000 + "</a>" * 5000,
        ANSWER[: len(ANSWER) // 2],
        "<html/>",
        "",
    ],
)
def test_what_is_dangerous_or_no_multistatus_is_refused(body: str) -> None:
    with pytest.raises(NotXml):
        parse_multistatus(body.encode())


@pytest.mark.parametrize("strange", ["\x08", "&#8;", "&#x1F;", "\ufffe", "\udcff"])
def test_characters_that_xml_forbids_spoil_nothing_else(strange: str) -> None:
    body = ANSWER.replace("a & b", f"a]]>{strange}<![CDATA[ b").encode("utf-8", "surrogateescape")
    card = parse_multistatus(body).resources[0].text(ADDRESS_DATA)
    assert card.startswith("BEGIN:VCARD\nNOTE:a")
    assert card.endswith(" b")


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for text in (body, ANSWER.encode()[: len(body) * 7] + body):
        try:
            answer = parse_multistatus(text)
        except NotXml:
            continue
        assert all(isinstance(one, Resource) for one in answer.resources)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
def test_addresses_and_tokens_stay_what_they_are_in_requests(text: str) -> None:
    assert [one.text or "" for one in parse(multiget([text])).iter("{DAV:}href")] == [text]
    assert [one.text or "" for one in parse(sync_collection(text)).iter("{DAV:}sync-token")] == [text]


def test_a_precondition_is_told_by_its_name() -> None:
    assert precondition(b'<d:error xmlns:d="DAV:"><d:valid-sync-token/></d:error>') == "valid-sync-token"
    assert precondition(b'<d:error xmlns:d="DAV:"/>') == ""
    assert precondition(b"Forbidden") == ""
