"""Web addresses from strangers: what is none has no parts, and nothing raises."""

from __future__ import annotations

import pytest

from coterie.core.web import join_url, split_url

NONE = ("http://[x", "https://[::1", "https://a:99999999/", "https://a:b/", "//[", "https://a\u2100b/")


def test_an_address_has_its_parts() -> None:
    parts = split_url("https://dav.example.org:8443/ada/")
    assert (parts.scheme, parts.hostname, parts.port, parts.path) == ("https", "dav.example.org", 8443, "/ada/")
    assert join_url("https://dav.example.org/ada/", "../bob/") == "https://dav.example.org/bob/"


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_address_has_no_parts(text: str) -> None:
    parts = split_url(text)
    assert (*parts, parts.hostname, parts.port) == ("",) * 5 + (None, None)
    assert join_url("https://dav.example.org/", text) == text
