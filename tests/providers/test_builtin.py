"""What is told of the providers without importing them is what their classes say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coterie.core.errors import CoterieError
from coterie.core.provider import Provider
from coterie.providers import BUILTIN, HOSTS, load, offered, watched
from tests.imports import loaded

MODULE = """
from coterie.providers.memory import MemoryProvider

class ExampleProvider(MemoryProvider):
    id = "example"
    label = "Example"
"""
ENTRIES = """[coterie.providers]
example = example_contacts:ExampleProvider
broken = example_broken:Nothing
google = example_contacts:ExampleProvider
"""
USE = """
from coterie import providers
print(sorted(providers.offered()), providers.offered()["example"], providers.load("example").__module__,
      providers.load("google").__module__)
"""


@pytest.mark.parametrize("provider_id", BUILTIN)
def test_the_table_says_what_the_class_says(provider_id: str) -> None:
    kind = load(provider_id)
    assert (kind.id, kind.label) == (provider_id, offered()[provider_id])
    assert kind.watched == (provider_id in watched())
    assert kind.watched == (kind.mark is not Provider.mark)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_an_account_of_its_provider_with_its_server_filled_in(host: str) -> None:
    kind = load(host)
    assert (kind.id, kind.label) == ("carddav", offered()[host])
    assert [one.key for one in kind.options] == ["user", "password"]
    assert any("https://" in step for step in kind.options[1].guide)


def test_offering_them_imports_none() -> None:
    imported = loaded("from coterie import providers; providers.offered()")
    assert [name for name in imported if name.startswith(("coterie.providers.", "google", "msal", "httpx2"))] == []


def test_a_package_of_somebody_else_adds_a_provider_and_takes_the_place_of_none(tmp_path: Path) -> None:
    (tmp_path / "example_contacts.py").write_text(MODULE)
    (tmp_path / "example_broken.py").write_text("raise RuntimeError")
    info = tmp_path / "example_contacts-1.0.dist-info"  # what an installer leaves
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: example-contacts\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRIES)
    done = subprocess.run(
        [sys.executable, "-c", USE],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = "['carddav', 'example', 'fastmail', 'google', 'icloud', 'microsoft', 'vdir'] Example example_contacts"
    assert done.stdout.strip() == f"{expected} coterie.providers.google.provider"


def test_builtin_names_are_loaded_one_at_a_time() -> None:
    assert list(BUILTIN) == ["google", "microsoft", "carddav", "vdir"]
    with pytest.raises(CoterieError, match="google, microsoft, carddav"):
        load("aol")
