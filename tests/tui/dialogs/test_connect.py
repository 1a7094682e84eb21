"""Signing in through the dialog: pages to open, codes, forms, guides; pasting, copying, cancelling, failing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from coterie.core.errors import SignInNeeded
from coterie.core.model import Account
from coterie.core.sign_in import DeviceCode, OpenUrl, Option, SignInPrompter
from coterie.tui.dialogs.connect import ConnectDialog
from coterie.tui.dialogs.dialog import DialogButton
from coterie.tui.widgets.countdown import time_left
from tests.tui.dialogs.stage import EVIL, Stage, on_stage, type_text, until, whole

ACCOUNT = Account(1, "example", "ada@example.org")
URL = "https://accounts.example.org/auth?" + "&".join(f"parameter{n}=value-{n}" for n in range(40))
PAGE = OpenUrl(URL, "ssh -L 4711:127.0.0.1:4711 ada@host", 600)
CODE = DeviceCode("ABCD1234", "https://example.org/device", 900)
CLIENT = Option("client", "Client", "The client's text.", guide=("Open https://one.example/a.", "Press that.", "Done."))
SERVER = Option("server", "Server", "Its name.", guide=("iCloud: contacts.icloud.com.",))
USER = Option("user", "User name", "Yours.", required=False)
PASSWORD = Option("password", "Password", "An app password.", secret=True)

SignIn = Callable[[SignInPrompter, Mapping[str, str]], Awaitable[Account]]


@asynccontextmanager
async def dialog(
    sign_in: SignIn, size: tuple[int, int] = (80, 24), **more: object
) -> AsyncIterator[tuple[Stage, Pilot[None]]]:
    def make() -> ConnectDialog:
        return ConnectDialog("Example", sign_in, where="Tokens are kept in a box.", **more)  # type: ignore[arg-type]

    async with on_stage(make, size) as (stage, pilot):
        yield stage, pilot


def sees(stage: Stage, *texts: str) -> Callable[[], bool]:
    return lambda: all(text in stage.seen() for text in texts)


class Script:
    """A sign-in that asks what a test wants and remembers what came of it."""

    def __init__(self, *questions: Callable[[SignInPrompter], Awaitable[object]]) -> None:
        self.questions = questions
        self.answers: list[object] = []
        self.options: list[Mapping[str, str]] = []
        self.cancelled = 0
        self.error: Exception | None = None

    async def __call__(self, prompter: SignInPrompter, options: Mapping[str, str]) -> Account:
        self.options.append(options)
        try:
            for question in self.questions:
                self.answers.append(await question(prompter))
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        return ACCOUNT


async def for_ever(_: SignInPrompter) -> None:
    await asyncio.get_running_loop().create_future()


async def test_a_page_is_shown_whole_as_a_link_and_takes_a_paste() -> None:
    script = Script(lambda prompter: prompter.open_url(PAGE))
    async with dialog(script, (80, 40)) as (stage, pilot):
        await until(sees(stage, "10 minutes left.", PAGE.ssh_forward))
        shown = "".join(line.strip(" │") for line in stage.seen().splitlines())
        assert URL in shown
        links = {
            segment.style.link
            for strip in stage.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.link
        }
        assert links == {URL}
        stage.screen.post_message(Paste("http://127.0.0.1:4711/?co\nde=1"))
        await until(lambda: stage.answer == ACCOUNT)
        assert script.answers == ["http://127.0.0.1:4711/?code=1"]
        assert pilot.app is stage


async def test_the_address_and_the_ssh_line_are_copied_by_a_key() -> None:
    async with dialog(Script(lambda prompter: prompter.open_url(PAGE))) as (stage, pilot):
        await until(sees(stage, "Copy the address"))
        await pilot.press("y")
        assert stage.clipboard == URL
        await pilot.press("s")
        assert stage.clipboard == PAGE.ssh_forward
        await until(sees(stage, "Copied the ssh line."))


async def test_where_the_clipboard_is_off_nothing_is_copied() -> None:
    async with dialog(Script(lambda prompter: prompter.open_url(PAGE)), clipboard=False) as (stage, pilot):
        await until(sees(stage, "minutes left"))
        await pilot.press("y")
        assert stage.clipboard == ""
        assert "Copy the address" not in stage.seen()


async def test_a_paste_that_will_not_do_is_asked_for_again_and_typing_works_too() -> None:
    async def twice(prompter: SignInPrompter) -> str:
        await prompter.open_url(PAGE)
        return await prompter.open_url(OpenUrl(URL, "", 500, "There is no code in this address."))

    script = Script(twice)
    async with dialog(script) as (stage, pilot):
        await until(sees(stage, "minutes left"))
        stage.screen.post_message(Paste("http://nothing"))
        await until(sees(stage, "There is no code in this address."))
        stage.screen.query_one("#paste").focus()
        await type_text(pilot, "thecode\n")
        await until(lambda: stage.answer == ACCOUNT)
        assert script.answers == ["thecode"]


async def test_the_browser_can_get_through_meanwhile() -> None:
    through = asyncio.Event()

    async def listen(prompter: SignInPrompter) -> None:
        task = asyncio.create_task(prompter.open_url(PAGE))
        await through.wait()
        task.cancel()
        await asyncio.wait([task])

    async with dialog(Script(listen, for_ever)) as (stage, _):
        await until(sees(stage, "minutes left"))
        through.set()
        await until(sees(stage, "The browser has sent the answer."))


async def test_a_code_is_shown_big_copied_and_a_browser_is_the_other_way() -> None:
    script = Script(lambda prompter: prompter.device_code(CODE), for_ever)
    async with dialog(script) as (stage, pilot):
        await until(sees(stage, "A B C D 1 2 3 4", CODE.verification_uri, "15 minutes left."))
        await pilot.press("y")
        assert stage.clipboard == "ABCD1234"
        await pilot.press("b")
        await until(lambda: len(script.options) == 2)
        assert script.options == [{}, {"browser": "1"}]
        assert script.cancelled == 1


async def test_a_first_timer_is_led_step_by_step() -> None:
    script = Script(lambda prompter: prompter.ask((CLIENT,)))
    async with dialog(script) as (stage, pilot):
        await until(sees(stage, "Step 1 of 3: Open https://one.example/a.", "Tokens are kept in a box."))
        await pilot.press("y")
        assert stage.clipboard == "https://one.example/a"
        await pilot.press("tab", "tab", "shift+tab", "shift+tab")
        stage.screen.query_one("#confirm").focus()
        await pilot.press("enter")
        await until(sees(stage, "Step 2 of 3: Press that."))
        stage.screen.query_one("#confirm").focus()
        await pilot.press("enter")
        await until(sees(stage, "Step 3 of 3", "Sign in", "Back"))
        stage.screen.query_one("#confirm").focus()
        await pilot.press("enter")
        await until(sees(stage, "“Client” is empty."))
        stage.screen.post_message(Paste('{\n  "installed": {}\n}\n'))
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: stage.answer == ACCOUNT)
        assert script.answers == [{"client": '{"installed": {}}'}]


async def test_steps_that_are_turned_faster_than_they_are_shown() -> None:
    script = Script(lambda prompter: prompter.ask((CLIENT,)))
    async with dialog(script) as (stage, _pilot):
        await until(sees(stage, "Step 1 of 3"))
        shown = stage.screen
        assert isinstance(shown, ConnectDialog)
        await asyncio.gather(*(shown.action_turn_page(by) for by in (1, 1, -1, 1)))
        await until(sees(stage, "Step 3 of 3", "Sign in", "Back"))


async def test_back_and_next_are_pressed_faster_than_they_are_shown() -> None:
    async with dialog(Script(lambda prompter: prompter.ask((CLIENT,)))) as (stage, pilot):
        await until(sees(stage, "Step 1 of 3"))
        for _ in range(10):
            await pilot.press("ctrl+s")
            await until(sees(stage, "Step 2 of 3", "Back"))
            back = stage.screen.query_one("#back", DialogButton)
            back.focus()
            back.press()
            back.press()
            await until(sees(stage, "Step 1 of 3", "Next step", "Cancel"))
            assert not back.display
            assert stage.screen.focused is not None
        await pilot.press("escape")
        await until(lambda: stage.answers == 1)


@pytest.mark.parametrize("moments", range(1, 12))
async def test_a_page_is_shown_whole_where_the_sign_in_is_stopped_meanwhile(moments: int) -> None:
    """Who asks for another try while a page is put up stops the sign-in in the midst of it."""
    asked: list[SignInPrompter] = []

    async def waits(prompter: SignInPrompter, options: Mapping[str, str]) -> Account:
        asked.append(prompter)
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    async with dialog(waits) as (stage, pilot):
        await until(lambda: asked)
        shown = asyncio.ensure_future(asked[0].device_code(CODE))
        for _ in range(moments):
            await asyncio.sleep(0)
        shown.cancel()
        await asked[0].device_code(replace(CODE, user_code="WXYZ9876"))
        await until(sees(stage, "Use a browser instead", "Cancel"))
        connect = stage.screen
        assert connect.focused is not None
        assert connect.focused.is_attached
        await pilot.press("escape")
        await until(lambda: stage.screen is not connect)


async def test_a_form_hides_secrets_and_needs_what_is_required() -> None:
    script = Script(lambda prompter: prompter.ask((SERVER, USER, PASSWORD)))
    async with dialog(script) as (stage, pilot):
        await until(sees(stage, "Server", "User name", "Password", "iCloud: contacts.icloud.com."))
        await type_text(pilot, "dav.example.org")
        await pilot.press("enter")
        await until(sees(stage, "“Password” is empty.", "An app password."))
        await type_text(pilot, "hunter2")
        assert "hunter2" not in stage.seen()
        await pilot.press("enter")
        await until(lambda: stage.answer == ACCOUNT)
        assert script.answers == [{"server": "dav.example.org", "user": "", "password": "hunter2"}]


async def test_after_a_failure_one_can_try_again_without_typing_all_anew() -> None:
    script = Script(lambda prompter: prompter.ask((SERVER, PASSWORD)))
    script.error = SignInNeeded("The server does not accept this password.", "Check it.")
    async with dialog(script) as (stage, pilot):
        await until(sees(stage, "Server"))
        await type_text(pilot, "dav.example.org")
        await pilot.press("tab", "x", "enter")
        await until(sees(stage, "The server does not accept this password.", "Check it.", "Try again"))
        script.error = None
        await pilot.press("enter")
        await until(sees(stage, "dav.example.org"))
        await pilot.press("tab", "y", "enter")
        await until(lambda: stage.answer == ACCOUNT)
        assert script.answers[-1] == {"server": "dav.example.org", "password": "y"}


async def test_what_nobody_expected_is_said_too() -> None:
    script = Script()
    script.error = RuntimeError("secret text")
    async with dialog(script) as (stage, _):
        await until(sees(stage, "Something unexpected happened (RuntimeError)", "Try again"))
        assert "secret text" not in stage.seen()


@pytest.mark.parametrize("ask", [lambda p: p.open_url(PAGE), lambda p: p.ask((SERVER,)), for_ever])
async def test_cancelling_stops_everything(ask: Callable[[SignInPrompter], Awaitable[object]]) -> None:
    script = Script(ask)
    async with dialog(script) as (stage, pilot):
        await until(lambda: script.options)
        await pilot.pause()
        await pilot.press("escape")
        await until(lambda: stage.answer is None)
        await until(lambda: script.cancelled == 1)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize(
    "ask",
    [
        lambda p: p.open_url(OpenUrl(URL, EVIL, 60, EVIL)),
        lambda p: p.device_code(DeviceCode(EVIL, f"https://{EVIL}", 60)),
        lambda p: p.ask((Option(EVIL, EVIL, EVIL, guide=(EVIL,)), SERVER)),
    ],
    ids=["page", "code", "form"],
)
async def test_it_fits_and_strange_texts_do_not_act(
    ask: Callable[[SignInPrompter], Awaitable[object]], size: tuple[int, int]
) -> None:
    async with dialog(Script(ask, for_ever), size) as (stage, pilot):
        await pilot.pause(0.1)
        await until(lambda: whole(stage))
        assert not any(sign in stage.seen() for sign in ("\x1b", "\u202e", "\x07"))


def test_time_left_in_words() -> None:
    assert [time_left(seconds) for seconds in (600, 61, 59, 3, 0)] == [
        "10 minutes left.", "1 minute left.", "50 seconds left.", "10 seconds left.", "The time is up.",
    ]  # fmt: skip
