"""What is told of the providers without importing them is what their classes say."""

from __future__ import annotations

import subprocess
import sys

import pytest

from providers import BUILTIN, load, offered


@pytest.mark.parametrize("provider_id", BUILTIN)
def test_the_table_says_what_the_class_says(provider_id: str) -> None:
    kind = load(provider_id)
    assert (kind.id, kind.label) == (provider_id, offered()[provider_id])


def test_offering_them_imports_none() -> None:
    program = "import sys, providers; providers.offered(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith(("providers.", "google", "msal", "httpx2", "vobject"))] == []
