"""What the sign-in dialog shows, one page after the other: what to enter, what to open, which code to type there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from coterie.core.sign_in import DeviceCode, OpenUrl, Option
from coterie.core.text import printable
from coterie.tui.links import first_address, link, linked
from coterie.tui.widgets.completing_input import LineInput
from coterie.tui.widgets.countdown import Countdown


class PasteField(LineInput):
    """A field that takes a paste of several lines as one: terminals break long addresses into lines."""

    def on_paste(self, event: events.Paste) -> None:
        """Join the lines of the paste."""
        event.stop()
        event.prevent_default()
        self.take(event.text)

    def take(self, pasted: str) -> None:
        """Put a pasted text in, where the cursor is."""
        self.insert_text_at_cursor(printable("".join(line.strip() for line in pasted.splitlines())))


class SignInPage(Vertical):
    """One page of the dialog.

    Attributes:
        copies: what the keys copy: key -> (the button's label, the text).
    """

    DEFAULT_CSS = """
    SignInPage {
        height: auto;
        & .gap { height: auto; margin-bottom: 1; }
        & .text { height: auto; }
        & .link { height: auto; color: $text-primary; }
        & .code { height: auto; width: auto; margin: 1 0 0 3; padding: 0 3; border: round $primary; text-style: bold; }
        & .last { height: auto; margin-top: 1; }
        &:ansi .link { color: $primary; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.copies: Mapping[str, tuple[str, str]] = {}

    @property
    def field(self) -> PasteField | None:
        """Where a paste goes."""
        return next(iter(self.query(PasteField)), None)


class WaitPage(SignInPage):
    """Nothing to do for the user just now, or a problem and what to do about it."""

    def __init__(self, sentence: str, *, problem: str = "") -> None:
        super().__init__()
        self._sentence = sentence
        self._problem = problem

    def compose(self) -> ComposeResult:
        """The problem, if there is one, and the sentence."""
        if self._problem:
            yield Static(Content.styled(printable(self._problem), "$text-error"), classes="text", markup=False)
        yield Static(printable(self._sentence), classes="text", markup=False)


class BrowserPage(SignInPage):
    """A page to open in a browser, wherever that is, and a field for the address that it could not open."""

    def __init__(self, page: OpenUrl) -> None:
        super().__init__()
        self._page = page
        self.copies = {"y": ("Copy the address", page.url)}
        if page.ssh_forward:
            self.copies["s"] = ("Copy the ssh line", page.ssh_forward)

    def compose(self) -> ComposeResult:
        """How long it waits, then the steps in their order."""
        yield Countdown("Waiting for the browser.", self._page.expires_in)
        yield Static("1. Open this page in your browser and choose the account:", classes="text", markup=False)
        yield Static(link(self._page.url), classes="link gap", markup=False)
        yield Static(
            "2. Allow access. If the browser then says that it cannot open the next page, copy that page's address "
            "and paste it here:",
            classes="text",
            markup=False,
        )
        yield PasteField(placeholder="Paste the address", id="paste")
        if self._page.ssh_forward:
            words = "Or run this on your own machine first; then you need not paste anything:"
            yield Static(words, classes="note last", markup=False)
            yield Static(Content(printable(self._page.ssh_forward)), classes="link")


class CodePage(SignInPage):
    """A code to type on a page that any device can open."""

    def __init__(self, code: DeviceCode) -> None:
        super().__init__()
        self._code = code
        self.copies = {
            "y": ("Copy the code", code.user_code),
            "a": ("Copy the address", code.verification_uri),
        }

    def compose(self) -> ComposeResult:
        """How long it waits, the page, and the code as big as letters go."""
        yield Countdown("Waiting.", self._code.expires_in)
        yield Static("1. Open this page on any device:", classes="text", markup=False)
        yield Static(link(self._code.verification_uri), classes="link gap", markup=False)
        yield Static("2. Enter this code there, choose the account and allow access:", classes="text", markup=False)
        yield Static(Content(" ".join(printable(self._code.user_code))), classes="code", markup=False)


class AskPage(SignInPage):
    """What a provider needs to know.

    Several options are a form; what is known about the one under the cursor stands beneath. A single option with a
    guide leads a first-timer to its value, step by step.

    Args:
        options: what is asked for.
        where: one sentence that tells where it is kept; empty if nothing secret is.
        earlier: values that stand in the fields at first, by key.
    """

    DEFAULT_CSS = """
    AskPage {
        & .step { height: auto; min-height: 3; margin-bottom: 1; }
        & .line { height: 1; }
        & .label { width: 26; }
        & .line LineInput { width: 1fr; }
        & #about { height: auto; margin: 1 0; }
        &.-form #about { min-height: 5; }
    }
    """

    def __init__(self, options: Sequence[Option], where: str, earlier: Mapping[str, str]) -> None:
        super().__init__()
        self._options = options
        self._where = where
        self._steps = options[0].guide if len(options) == 1 else ()
        self._step = 0
        self._fields = {
            option.key: PasteField(earlier.get(option.key, ""), id=f"option-{number}")
            for number, option in enumerate(options)
        }
        for option in options:
            self._fields[option.key].password = option.secret
        self.set_class(len(options) > 1, "-form")
        self._tell_copies()

    def compose(self) -> ComposeResult:
        """The step or nothing, the fields, and where it will be kept."""
        if self._steps:
            words = "You need this only once. Follow the steps in a browser, on any machine."
            yield Static(words, classes="note gap", markup=False)
            yield Static(self._step_words(), id="step", classes="step", markup=False)
        for option in self._options:
            with Horizontal(classes="line"):
                yield Static(printable(option.label), classes="label", markup=False)
                yield self._fields[option.key]
        yield Static(about(self._options[0], guide=not self._steps), id="about", classes="note", markup=False)
        if self._where:
            yield Static(printable(self._where), classes="note", markup=False)

    @on(events.DescendantFocus)
    def _tell_about(self) -> None:
        """Say what is known about the field that has the focus."""
        for option in self._options:
            if self._fields[option.key].has_focus:
                self.query_one("#about", Static).update(about(option, guide=not self._steps))

    def _step_words(self) -> Content:
        count = f"Step {self._step + 1} of {len(self._steps)}: "
        return Content.assemble((count, "bold"), linked(self._steps[self._step]))

    def _tell_copies(self) -> None:
        url = first_address(self._steps[self._step]) if self._steps else ""
        self.copies = {"y": ("Copy the address", url)} if url else {}

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        return {key: field.value.strip() for key, field in self._fields.items()}

    @property
    def missing(self) -> Option | None:
        """The first option that is needed and empty."""
        values = self.values
        return next((option for option in self._options if option.required and not values[option.key]), None)

    @property
    def guides(self) -> bool:
        """Whether there are steps."""
        return bool(self._steps)

    @property
    def is_last_step(self) -> bool:
        """Whether there are no more steps."""
        return self._step >= len(self._steps) - 1

    @property
    def is_first_step(self) -> bool:
        """Whether there is no step before."""
        return self._step == 0

    def turn(self, by: int) -> None:
        """Show another step."""
        self._step = max(0, min(self._step + by, len(self._steps) - 1))
        self.query_one("#step", Static).update(self._step_words())
        self._tell_copies()

    def go_to(self, option: Option) -> None:
        """Put the cursor into an option's field."""
        self._fields[option.key].focus()

    @property
    def field(self) -> PasteField | None:
        """Where a paste goes: the field that has the focus, else the first."""
        return next((field for field in self._fields.values() if field.has_focus), super().field)


def about(option: Option, *, guide: bool) -> Content:
    """What is known about an option: what it is, and where to find it."""
    help_text = option.help + ("" if option.required else " It can be left empty.")
    lines = [help_text, *(f"- {line}" for line in option.guide if guide)]
    return Content("\n").join(linked(line) for line in lines)
