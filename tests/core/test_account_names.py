"""What people call accounts, in texts that name them as commands do."""

from __future__ import annotations

import pytest

from coterie.core.account_names import AccountNames
from coterie.core.model import Account

GOOGLE, CARDDAV, TEAM = (
    Account(1, "google", "ada@example.org"),
    Account(2, "carddav", "Ada@example.org"),
    Account(3, "carddav", "ada@example.org.uk"),
)
LABELS = {"google": "Google Contacts", "carddav": "CardDAV"}


@pytest.mark.parametrize(
    ("accounts", "text", "told"),
    [
        ([GOOGLE], "Synced google:ada@example.org: 12 new.", "Synced ada@example.org: 12 new."),
        ([GOOGLE], "google:ada@example.org; vdir:/home/ada", "ada@example.org; vdir:/home/ada"),
        (
            [GOOGLE, CARDDAV],
            "Synced google:ada@example.org: 1 new.",
            "Synced ada@example.org (Google Contacts): 1 new.",
        ),
        ([GOOGLE, CARDDAV], "carddav:Ada@example.org/Team", "Ada@example.org (CardDAV)/Team"),
        ([GOOGLE, TEAM], "carddav:ada@example.org.uk, google:ada@example.org.", "ada@example.org.uk, ada@example.org."),
        ([], "Synced google:ada@example.org: 12 new.", "Synced ada@example.org: 12 new."),
        ([], "Looked at https://google:8080 and mygoogle:x", "Looked at https://google:8080 and mygoogle:x"),
        ([GOOGLE], "Deleted google:Ads team and carddav:.", "Deleted google:Ads team and carddav:."),
        ([], "you", "you"),
    ],
)
def test_accounts_go_by_their_addresses(accounts: list[Account], text: str, told: str) -> None:
    assert AccountNames(accounts, LABELS.__getitem__, LABELS).within(text) == told


def test_without_accounts_and_providers_a_text_stays() -> None:
    assert AccountNames().within("google:ada@example.org") == "google:ada@example.org"
    assert AccountNames([GOOGLE]).of(GOOGLE) == "ada@example.org"


def test_a_folder_goes_by_its_path() -> None:
    names = AccountNames(providers=["vdir"])
    assert names.within("Synced vdir:~/contacts: 1 new. Synced vdir:/home/ada: 2 new.") == (
        "Synced ~/contacts: 1 new. Synced /home/ada: 2 new."
    )


def test_an_account_that_was_disconnected_meanwhile_goes_by_its_address() -> None:
    assert AccountNames([CARDDAV]).of(GOOGLE) == "ada@example.org"
