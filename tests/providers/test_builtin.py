"""What is told of the providers without importing them is what their classes say."""

from __future__ import annotations

import pytest

from coterie.providers import BUILTIN, load, offered
from tests.imports import loaded


@pytest.mark.parametrize("provider_id", BUILTIN)
def test_the_table_says_what_the_class_says(provider_id: str) -> None:
    kind = load(provider_id)
    assert (kind.id, kind.label) == (provider_id, offered()[provider_id])


def test_offering_them_imports_none() -> None:
    imported = loaded("from coterie import providers; providers.offered()")
    assert [name for name in imported if name.startswith(("coterie.providers.", "google", "msal", "httpx2"))] == []
