from __future__ import annotations

from pathlib import Path

import certifi
import pytest

from coterie.core.errors import Unreachable
from coterie.providers.connection import requests_verify, ssl_context


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_either_variable_is_enough_for_every_client(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, certifi.where())
    assert requests_verify() == certifi.where()
    assert ssl_context().get_ca_certs()


def test_a_missing_or_unreadable_bundle_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(Unreachable, match="SSL_CERT_FILE"):
        ssl_context()
    (tmp_path / "broken.pem").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "broken.pem"))
    with pytest.raises(Unreachable, match="PEM"):
        ssl_context()
