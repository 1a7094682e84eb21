from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx2
import pytest

from coterie.core.errors import (
    BadReply,
    CannotOpen,
    CoterieError,
    NotEnabled,
    PermissionMissing,
    SignInNeeded,
    Unreachable,
)
from coterie.core.provider import Setup
from coterie.core.sign_in import DeviceCode, OpenUrl
from coterie.providers.microsoft.provider import MicrosoftProvider
from tests.providers.contract import pull
from tests.providers.microsoft.conftest import Make, kept, polls
from tests.providers.microsoft.server import CLIENT_ID, LOGIN, READ, WRITE, MicrosoftServer, login_error
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import PAGE, Response

PENDING = login_error("authorization_pending", 70016)
SLOW = login_error("slow_down", 70019)


# The device code ------------------------------------------------------------------------------------------------------


async def test_signing_in_with_a_device_code(
    server: MicrosoftServer, setup: Setup, tokens: MemoryTokens, provider: Make, waits: list[float]
) -> None:
    server.pending = [PENDING, PENDING]
    user = FakeUser()
    microsoft = provider(replace(setup, write=False))
    identity = await microsoft.sign_in(user)
    assert (identity.address, identity.display_name) == ("ada@example.org", "Ada Lovelace")
    (code,) = user.codes
    assert (code.user_code, code.verification_uri, code.expires_in) == (
        "ABCD1234", "https://microsoft.com/devicelogin", 900,
    )  # fmt: skip
    assert waits == [5, 5, 5], "the server's interval, before each poll"
    assert len(polls(server)) == 3
    assert READ in kept(tokens).scopes
    assert WRITE not in kept(tokens).scopes
    server.put({"displayName": "Grace"})
    assert (await pull(microsoft)).names == {"Grace"}
    await microsoft.close()


async def test_writing_asks_for_the_wider_scope(setup: Setup, tokens: MemoryTokens, provider: Make) -> None:
    await provider(setup).sign_in(FakeUser())
    assert WRITE in kept(tokens).scopes


async def test_slow_down_is_obeyed(server: MicrosoftServer, setup: Setup, provider: Make, waits: list[float]) -> None:
    server.pending = [PENDING, SLOW, PENDING, SLOW]
    await provider(setup).sign_in(FakeUser())
    assert waits == [5, 5, 10, 10, 15]


async def test_an_interval_of_nothing_does_not_hammer(
    server: MicrosoftServer, setup: Setup, provider: Make, waits: list[float]
) -> None:
    server.interval = 0
    server.pending = [PENDING] * 3
    await provider(setup).sign_in(FakeUser())
    assert waits == [1, 1, 1, 1]


async def test_polling_outlives_a_short_failure(
    server: MicrosoftServer, setup: Setup, provider: Make, waits: list[float]
) -> None:
    server.pending = [
        Response(503, b"busy"),
        Response(429, b"<html>", {"Retry-After": "30", "Content-Type": "text/html"}),
    ]
    await provider(setup).sign_in(FakeUser())
    assert sum(waits) >= 5 + 5 + 30


async def test_lasting_failures_end_the_polling(server: MicrosoftServer, setup: Setup, provider: Make) -> None:
    server.token_answer = Response(500, b"oops")
    with pytest.raises(Unreachable):
        await provider(setup).sign_in(FakeUser())


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (login_error("authorization_declined", 70000), PermissionMissing, "not allowed"),
        (login_error("access_denied", 65004), PermissionMissing, "not allowed"),
        (login_error("expired_token", 70020), SignInNeeded, "not entered in time"),
        (login_error("bad_verification_code", 70018), SignInNeeded, "no longer knows the code"),
        (login_error("invalid_client", 7000218, "client_secret is missing."), NotEnabled, "public client flows"),
        (login_error("invalid_grant", 53003, "Blocked by Conditional Access."), SignInNeeded, "--browser"),
        (login_error("access_denied", 53003, "Blocked by Conditional Access."), SignInNeeded, "--browser"),
        (login_error("invalid_grant", 65001, suberror="consent_required"), PermissionMissing, "allow"),
        (login_error("something_new", 1, "Unheard of."), SignInNeeded, "Unheard of"),
        (Response(200, {}), BadReply, "readable"),
        (Response(200, {"access_token": "x", "expires_in": "soon"}), BadReply, "readable"),
        (Response(200, PAGE, {"Content-Type": "text/html"}), Unreachable, "sign in"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_ends_a_device_flow(
    server: MicrosoftServer,
    setup: Setup,
    tokens: MemoryTokens,
    provider: Make,
    answer: Response,
    kind: type[CoterieError],
    says: str,
) -> None:
    server.token_answer = answer
    with pytest.raises(kind) as caught:
        await provider(setup).sign_in(FakeUser())
    assert says in str(caught.value)
    assert "AADSTS" not in caught.value.hint
    assert tokens.secret is None


async def test_a_blocked_device_code_is_told_before_a_code_is_shown(
    server: MicrosoftServer, setup: Setup, provider: Make
) -> None:
    server.device_answer = login_error("access_denied", 53003)
    user = FakeUser()
    with pytest.raises(SignInNeeded, match="--browser"):
        await provider(setup).sign_in(user)
    assert user.codes == []


@pytest.mark.parametrize(
    "answer",
    [
        Response(200, {}),
        Response(200, {"device_code": "x", "user_code": "y", "verification_uri": "javascript:alert(1)"}),
        Response(200, {"device_code": "x", "user_code": "y", "verification_uri": "https://x", "interval": "soon"}),
        Response(200, b"[]"),
        Response(200, b"{"),
    ],
)
async def test_a_device_code_that_cannot_be_read(
    server: MicrosoftServer, setup: Setup, provider: Make, answer: Response
) -> None:
    server.device_answer = answer
    with pytest.raises(BadReply):
        await provider(setup).sign_in(FakeUser())


async def test_cancelling_stops_the_polling_at_once(
    server: MicrosoftServer, setup: Setup, tokens: MemoryTokens
) -> None:
    server.pending = [PENDING] * 100
    shown = asyncio.Event()

    class Watcher(FakeUser):
        async def device_code(self, code: DeviceCode) -> None:
            shown.set()

    task = asyncio.create_task(MicrosoftProvider(setup).sign_in(Watcher()))
    await shown.wait()
    task.cancel()
    async with asyncio.timeout(30):
        with pytest.raises(asyncio.CancelledError):
            await task
    before = len(server.requests)
    await asyncio.sleep(0.1)
    assert len(server.requests) == before
    assert tokens.secret is None


# The browser ----------------------------------------------------------------------------------------------------------


async def could_not_open(page: OpenUrl) -> str:
    """What the user pastes from a browser on another machine: the address it could not open."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        location: str = (await browser.get(page.url)).headers["location"]
        return location


class Surfer(FakeUser):
    """Lets the browser do everything, as soon as the page is shown."""

    async def open_url(self, page: OpenUrl) -> str:
        address = (await could_not_open(page)).replace("localhost", "127.0.0.1")
        async with httpx2.AsyncClient(trust_env=False) as browser:
            self.visit = asyncio.create_task(browser.get(address))
            return await super().open_url(page)


@pytest.fixture
def in_browser(setup: Setup) -> Setup:
    return replace(setup, settings={**setup.settings, "browser": "1"})


async def test_signing_in_through_the_browser(
    server: MicrosoftServer, in_browser: Setup, tokens: MemoryTokens, provider: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    user = Surfer()
    assert (await provider(in_browser).sign_in(user)).address == "ada@example.org"
    (page,) = user.pages
    query = httpx2.URL(page.url).params
    assert page.url.startswith(f"{server.url}{LOGIN}/authorize?")
    assert (query["response_mode"], query["code_challenge_method"]) == ("query", "S256")
    assert set(query["scope"].split()) == {WRITE, "openid", "profile", "offline_access"}
    port = httpx2.URL(query["redirect_uri"]).port
    assert page.ssh_forward.startswith(f"ssh -L {port}:127.0.0.1:{port} ")
    assert user.codes == []
    assert WRITE in kept(tokens).scopes
    assert capfd.readouterr() == ("", ""), "msal's warnings would damage the screen"


async def test_pasting_what_the_browser_could_not_open(in_browser: Setup, provider: Make) -> None:
    assert (await provider(in_browser).sign_in(FakeUser(browse=could_not_open))).address == "ada@example.org"


async def test_pasting_the_bare_code(in_browser: Setup, provider: Make) -> None:
    async def bare(page: OpenUrl) -> str:
        return httpx2.URL(await could_not_open(page)).params["code"]

    assert (await provider(in_browser).sign_in(FakeUser(browse=bare))).address == "ada@example.org"


async def test_refusing_in_the_browser_keeps_nothing(
    server: MicrosoftServer, in_browser: Setup, tokens: MemoryTokens, provider: Make
) -> None:
    server.allow = False
    with pytest.raises(PermissionMissing):
        await provider(in_browser).sign_in(FakeUser(browse=could_not_open))
    assert tokens.secret is None


async def test_a_code_that_is_no_longer_good(server: MicrosoftServer, in_browser: Setup, provider: Make) -> None:
    server.token_answer = login_error("invalid_grant", 70008)
    with pytest.raises(SignInNeeded, match="code from the browser"):
        await provider(in_browser).sign_in(FakeUser(browse=could_not_open))


async def test_signing_in_again_names_the_account(server: MicrosoftServer, in_browser: Setup, provider: Make) -> None:
    await provider(in_browser).sign_in(FakeUser(browse=could_not_open))
    user = FakeUser(browse=could_not_open)
    await provider(in_browser).sign_in(user)
    assert httpx2.URL(user.pages[0].url).params["login_hint"] == "ada@example.org"


async def test_the_address_is_asked_before_the_browser_and_suggested_there(
    server: MicrosoftServer, in_browser: Setup, provider: Make
) -> None:
    user = FakeUser({"address": "Ada@example.org"}, browse=could_not_open)
    identity = await provider(in_browser).sign_in(user)
    assert (identity.address, identity.person, user.asked) == ("Ada@example.org", "o", ["address"])
    assert httpx2.URL(user.pages[0].url).params["login_hint"] == "Ada@example.org"


@pytest.mark.parametrize("way", ["browser", "code"])
async def test_another_account_than_the_one_that_was_named_is_refused(
    server: MicrosoftServer, in_browser: Setup, setup: Setup, tokens: MemoryTokens, provider: Make, way: str
) -> None:
    chosen = in_browser if way == "browser" else setup
    named = replace(chosen, settings={**chosen.settings, "address": "bob@example.org"})
    with pytest.raises(SignInNeeded, match=r"You signed in as ada@example\.org, not as bob@example\.org"):
        await provider(named).sign_in(FakeUser(browse=could_not_open))
    assert tokens.secret is None


async def test_an_address_that_has_changed_is_still_the_same_account(
    server: MicrosoftServer, in_browser: Setup, provider: Make
) -> None:
    await provider(in_browser).sign_in(FakeUser(browse=could_not_open))
    server.claims["preferred_username"] = "ada.king@example.org"
    assert (await provider(in_browser).sign_in(FakeUser(browse=could_not_open))).address == "ada@example.org"


# Who, where and with what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"preferred_username": "Ada@Example.org"}, "Ada@Example.org"),
        ({"preferred_username": "+44 20 7946", "email": "ada@example.org"}, "ada@example.org"),
        ({"preferred_username": "adal"}, "adal"),
        ({"oid": "00-11"}, "00-11@microsoft"),
    ],
)
async def test_the_account_is_named_by_the_id_token(
    server: MicrosoftServer, setup: Setup, provider: Make, claims: dict[str, str], address: str
) -> None:
    server.claims = {"sub": "s", **claims}
    assert (await provider(setup).sign_in(FakeUser())).address == address


@pytest.mark.parametrize(
    "unsaid",
    [("client_info",), ("id_token",), ("client_info", "id_token"), ("scope",), ("expires_in", "ext_expires_in")],
)
async def test_an_answer_that_says_little_is_enough(
    server: MicrosoftServer, setup: Setup, provider: Make, unsaid: tuple[str, ...]
) -> None:
    server.unsaid = unsaid
    server.put({"displayName": "Grace"})
    microsoft = provider(setup)
    address = (await microsoft.sign_in(FakeUser())).address
    assert address == ("account@microsoft" if "id_token" in unsaid else "ada@example.org")
    assert (await pull(microsoft)).names == {"Grace"}
    server.end_access_tokens()
    assert (await pull(microsoft)).names == {"Grace"}, "renewed without the user"
    await microsoft.close()


async def test_a_scope_that_was_not_granted_is_noticed(
    server: MicrosoftServer, setup: Setup, tokens: MemoryTokens, provider: Make
) -> None:
    server.scopes_said = "openid profile https://graph.microsoft.com/Contacts.Read"
    with pytest.raises(PermissionMissing, match="see and change"):
        await provider(setup).sign_in(FakeUser())
    assert tokens.secret is None
    assert (await provider(replace(setup, write=False)).sign_in(FakeUser())).address


async def test_a_first_timer_is_led_through_getting_a_client_id(
    setup: Setup, tokens: MemoryTokens, provider: Make
) -> None:
    bare = replace(setup, settings={key: value for key, value in setup.settings.items() if key != "client_id"})
    user = FakeUser({"client_id": f" {CLIENT_ID} "})
    microsoft = provider(bare)
    await microsoft.sign_in(user)
    assert user.asked == ["client_id"]
    assert (await pull(microsoft)).changed == {}, "the id is kept with the tokens"
    await microsoft.close()
    again = FakeUser()
    await provider(bare).sign_in(again)
    assert again.asked == []


async def test_without_a_client_id_the_error_says_how_to_get_one(setup: Setup, provider: Make) -> None:
    with pytest.raises(CannotOpen) as caught:
        await provider(replace(setup, settings={})).sign_in(FakeUser())
    assert "microsoft.client_id" in caught.value.hint
    assert "https://entra.microsoft.com" in caught.value.hint


async def test_an_unknown_client_id_is_named(setup: Setup, provider: Make) -> None:
    settings = {**setup.settings, "client_id": "wrong"}
    with pytest.raises(NotEnabled, match="Application not found"):
        await provider(replace(setup, settings=settings)).sign_in(FakeUser())


@pytest.mark.parametrize("authority", ["http://login.example.org/common", "ftp://x/y", "nonsense", "http://127.0.0.1"])
async def test_an_authority_that_cannot_be_used(setup: Setup, provider: Make, authority: str) -> None:
    settings = {**setup.settings, "authority": authority}
    with pytest.raises(CannotOpen, match=r"microsoft\.authority"):
        await provider(replace(setup, settings=settings)).sign_in(FakeUser())


async def test_an_unknown_tenant_is_named(server: MicrosoftServer, setup: Setup, provider: Make) -> None:
    settings = {**setup.settings, "authority": f"{server.url}/nowhere"}
    with pytest.raises(CannotOpen, match="nowhere"):
        await provider(replace(setup, settings=settings)).sign_in(FakeUser())


async def test_offline_is_one_plain_error(server: MicrosoftServer, setup: Setup, provider: Make) -> None:
    server.__exit__(None, None, None)
    with pytest.raises(Unreachable, match="online"):
        await provider(setup).sign_in(FakeUser())
