from __future__ import annotations

from tests.providers.contract import NetworkContract


class TestMicrosoft(NetworkContract):
    """Real msal, and Graph on this machine; `remote` is in conftest.py."""
