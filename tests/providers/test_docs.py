from __future__ import annotations

import re
from pathlib import Path

from coterie.core import errors, provider, sign_in
from coterie.providers import connection, http, loopback, retry, threads
from tests.providers import contract, prompter, server

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "adding-a-provider.md").read_text(encoding="utf-8")
MODULES = (
    provider,
    sign_in,
    errors,
    contract,
    connection,
    http,
    loopback,
    retry,
    threads,
    prompter,
    server,
)


def test_every_file_that_the_guide_names_is_there() -> None:
    named = set(re.findall(r"`((?:core|providers|tests)/[\w./]+)`", GUIDE))
    assert len(named) > 5
    there = {path for path in named if "NAME" in path or (ROOT / path).exists()}
    assert sorted(named - there) == []


def test_every_class_and_function_that_the_guide_names_is_there() -> None:
    named = set(re.findall(r"`([A-Z]\w+|in_thread|authorize|requests_verify)`", GUIDE)) - {"BUILTIN", "NAME"}
    assert len(named) > 8
    assert [name for name in sorted(named) if not any(hasattr(module, name) for module in MODULES)] == []


def test_the_guide_shows_every_abstract_method_and_every_hook_of_the_contract() -> None:
    for name in (
        *provider.Provider.__abstractmethods__,
        *contract.Remote.__abstractmethods__,
    ):
        assert re.search(rf"\b{name}\b", GUIDE), name
