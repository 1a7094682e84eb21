"""ConnectDialog: signing in to an account, in whatever way its provider wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Iterable, Iterator, Mapping
from typing import ClassVar, Protocol

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from coterie.core.model import Account
from coterie.core.sign_in import DeviceCode, OpenUrl, Option, SignInPrompter
from coterie.tui import notices
from coterie.tui.dialogs.dialog import DIALOG_CSS, Body, Dialog, DialogButton
from coterie.tui.widgets.sign_in_pages import AskPage, BrowserPage, CodePage, PasteField, SignInPage, WaitPage

BROWSER: Mapping[str, str] = {"browser": "1"}
"""The option that signs in through a browser, with a provider that usually gives a device code."""

COPY_KEYS = ("y", "s", "a")
"""The keys by which pages let copy, in the order of their buttons."""

LOW = 30
"""Below so many lines the pages have no blank ones."""


class Connect(Protocol):
    """Signs in with a prompter's help; `options` are added to the provider's settings."""

    def __call__(self, prompter: SignInPrompter, options: Mapping[str, str]) -> Awaitable[Account]:
        """The account that signed in. Raises what sign-in raises."""


class ConnectDialog(Dialog[Account]):
    """Answers the account that signed in; None if the user cancels, which stops everything.

    It is the `SignInPrompter` of the sign-in that it runs.

    Args:
        label: the provider's name.
        connect: what signs in.
        where: one sentence that tells where tokens are kept; empty if there are none, and nobody signs in.
        again: the address of the account that signs in again; empty for a new one.
        clipboard: whether the clipboard may be written to.
    """

    CSS_PATH = [DIALOG_CSS, "connect.tcss"]  # noqa: RUF012
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy('y')", show=False),
        Binding("s", "copy('s')", show=False),
        Binding("a", "copy('a')", show=False),
        Binding("b", "browser", show=False),
    ]

    def __init__(self, label: str, connect: Connect, *, where: str, again: str = "", clipboard: bool = True) -> None:
        super().__init__()
        self.heading = f"Sign in again to {label} as {again}" if again else f"Sign in to {label}"
        self._does = "Sign in"
        if not where:
            self.heading, self._does = f"Connect {label[:1].lower()}{label[1:]}", "Connect"
        self._label = label
        self._connect = connect
        self._where = where
        self._clipboard = clipboard
        self._page: SignInPage = WaitPage(f"Asking what {label} needs …")
        self._given: asyncio.Future[str] | None = None
        self._failed = False
        self._earlier: dict[str, str] = {}
        self._showing = asyncio.Lock()

    def compose_body(self) -> Iterable[Widget]:
        """The page of the moment."""
        yield self._page

    def compose_buttons(self) -> Iterable[Widget]:
        """Those of all pages; each page shows its own."""
        yield DialogButton("Sign in", "confirm", main=True, id="confirm")
        yield DialogButton("Back", "step_back", key="ctrl+pgup", id="back")
        for key in COPY_KEYS:
            yield DialogButton("Copy", f"copy('{key}')", key=key, id=f"copy-{key}")
        yield DialogButton("Use a browser instead", "browser", key="b", id="browser")
        yield DialogButton("Cancel", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Begin at once."""
        self._show_buttons()
        self.query_one("#cancel").focus()
        self._begin({})

    @on(events.Resize)
    def _tighten(self, event: events.Resize) -> None:
        """On a low terminal there are no blank lines: the address of the page takes most of it."""
        self.set_class(event.size.height < LOW, "-tight")

    @work(group="sign-in", exclusive=True, exit_on_error=False)
    async def _begin(self, options: Mapping[str, str]) -> None:
        try:
            account = await self._connect(self, options)
        except Exception as error:  # noqa: BLE001 - the funnel: everything becomes words
            notice = notices.notice_of(error)
            self._failed = True
            await self._show(WaitPage(notice.hint, problem=notice.title))
        else:
            self.answer(account)

    # What the provider asks: SignInPrompter ------------------------------------------------------------------------

    async def device_code(self, code: DeviceCode) -> None:
        """Show the code until sign-in ends."""
        await self._show(CodePage(code))

    async def open_url(self, page: OpenUrl) -> str:
        """Show the page and wait for a paste."""
        shown = BrowserPage(page)
        await self._show(shown)
        self.say(page.problem)
        try:
            return await self._answer_given()
        except asyncio.CancelledError:
            self.call_later(self._browser_got_through, shown)
            raise

    async def _browser_got_through(self, shown: SignInPage) -> None:
        if self._page is shown and self.is_active:  # else the user cancelled, or there is something newer to show
            await self._show(WaitPage("The browser has sent the answer. Signing in …"))

    async def ask(self, options: Collection[Option]) -> Mapping[str, str]:
        """Show a form and wait until it is filled in."""
        page = AskPage(list(options), self._where, self._earlier)
        await self._show(page)
        await self._answer_given()
        values = page.values
        self._earlier |= {option.key: values[option.key] for option in options if not option.secret}
        await self._show(WaitPage(f"Asking {self._label} …"))
        return values

    async def _answer_given(self) -> str:
        self._given = asyncio.get_running_loop().create_future()
        try:
            return await self._given
        finally:
            self._given = None

    # Showing -------------------------------------------------------------------------------------------------------

    async def _show(self, page: SignInPage) -> None:
        """Put another page in place of the present one, as a whole also if the sign-in is stopped meanwhile.

        A page of which one half was there would leave buttons that are doubled, or the focus on one that is gone.
        """
        await asyncio.shield(self._show_whole(page))

    async def _show_whole(self, page: SignInPage) -> None:
        async with self._showing:
            if self.is_attached:
                await self._replace(page)

    async def _replace(self, page: SignInPage) -> None:
        self._page = page
        self.say("")
        body = self.query_one("#dialog-body", Body)
        async with self.batch():
            await body.remove_children()
            await body.mount(page)
            body.scroll_home(animate=False)
            self._show_buttons()
        fields = page.query(PasteField)
        first = fields.first() if fields and not isinstance(page, BrowserPage) else None
        if isinstance(page, AskPage) and page.guides:
            first = None
        shown = (button for button in self.query("#dialog-buttons DialogButton").results(Widget) if button.display)
        if widget := first or next(shown, None):  # the dialog may have been closed meanwhile: then there is none
            widget.focus()

    def _show_buttons(self) -> None:
        """Show the buttons of the page, with its words.

        They are neither removed nor made: a button cannot wait for its own end while it is pressed.
        """
        words = dict(self._words_of_buttons())
        for button in self.query("#dialog-buttons DialogButton").results(DialogButton):
            button.display = button.id in words
            if button.display:
                button.relabel(words[button.id])
        self.query_one("#copy-y").set_class(not isinstance(self._page, AskPage), "-main")
        if self.focused is not None and not self.focused.display:
            self.query_one("#confirm").focus()

    def _words_of_buttons(self) -> Iterator[tuple[str | None, str]]:
        page = self._page
        if self._failed:
            yield "confirm", "Try again"
        if isinstance(page, AskPage):
            yield "confirm", "Next step" if page.guides and not page.is_last_step else self._does
            if page.guides and not page.is_first_step:
                yield "back", "Back"
        if self._clipboard:
            for key, (label, _) in page.copies.items():
                yield f"copy-{key}", label
        if isinstance(page, CodePage):
            yield "browser", "Use a browser instead"
        yield "cancel", "Cancel"

    # What the user does --------------------------------------------------------------------------------------------

    def action_copy(self, key: str) -> None:
        """Copy to the clipboard of the user's own machine (OSC 52)."""
        copied = self._page.copies.get(key)
        if copied and self._clipboard:
            self.app.copy_to_clipboard(copied[1])
            self.say(f"{copied[0].replace('Copy', 'Copied')}.", error=False)

    def action_browser(self) -> None:
        """Sign in through a browser, if codes are not allowed."""
        if isinstance(self._page, CodePage):
            self._begin({**self._earlier, **BROWSER})

    @property
    def has_pages(self) -> bool:
        """The steps of a guide are its pages."""
        return isinstance(self._page, AskPage) and self._page.guides

    async def action_turn_page(self, by: int) -> None:
        """To the next step, or back."""
        self.call_later(self._turn, by)  # the button that is pressed need not wait for it

    def action_step_back(self) -> None:
        """Show the step before."""
        self.call_later(self._turn, -1)

    async def _start_over(self) -> None:
        await self._show(WaitPage(f"Asking what {self._label} needs …"))
        self._begin({})

    async def _turn(self, by: int) -> None:
        async with self._showing:
            if self.is_attached and isinstance(self._page, AskPage):
                self._page.turn(by)
                self._show_buttons()

    def action_confirm(self) -> None:
        """Go on: the next step, the form, the pasted address, or another try."""
        page = self._page
        if self._failed:
            self._failed = False
            self.call_later(self._start_over)
        elif isinstance(page, BrowserPage):
            self._paste(page.field.value if page.field else "")
        elif isinstance(page, AskPage):
            missing = page.missing
            if missing is None:
                self._give("")
            elif page.guides and not page.is_last_step and not any(page.values.values()):
                self.call_later(self._turn, 1)
            else:
                page.go_to(missing)
                self.say(f"“{missing.label}” is empty.")

    @on(events.Paste)
    def _pasted(self, event: events.Paste) -> None:
        """A paste goes into the field, wherever the focus is."""
        if (field := self._page.field) is not None:
            event.stop()
            field.take(event.text)
            if isinstance(self._page, BrowserPage):
                self._paste(field.value)

    def _paste(self, text: str) -> None:
        if text.strip():
            self._give(text)
        else:
            self.say("Paste the address that the browser could not open.")

    def _give(self, text: str) -> None:
        if self._given is not None and not self._given.done():
            self._given.set_result(text)

    def action_cancel(self) -> None:
        """Stop everything and close."""
        self.workers.cancel_group(self, "sign-in")
        self.answer(None)
