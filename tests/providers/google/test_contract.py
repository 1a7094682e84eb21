from __future__ import annotations

from tests.providers.contract import NetworkContract


class TestGoogle(NetworkContract):
    """The real SDK against a People API on this machine; `remote` is in conftest.py."""
