"""coterie connect, sync and disconnect; see `account_commands` for the accounts themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from coterie.core.errors import Cancelled, CoterieError, InvalidInput, SignInNeeded
from coterie.core.model import Account
from coterie.core.text import number_of
from coterie.tui.commandline import account_commands, output, restricted
from coterie.tui.commandline.filters import DryRun, Json, Yes
from coterie.tui.commandline.funnel import complain
from coterie.tui.commandline.session import Session
from coterie.tui.offered import CONNECT_ONE, ONE_OF, account_names

if TYPE_CHECKING:
    from coterie.core.account_names import AccountNames
    from coterie.core.book import Book
    from coterie.core.sign_in import Option
    from coterie.core.sync import Accounts, SyncReport, Vanishing

Name = Annotated[str, typer.Argument(metavar="ACCOUNT", help="google:ada@example.org, or just its address.")]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="ACCOUNT", help="google:ada@example.org, or just its address; without one, all accounts."),
]

# What follows the provider's own options on the command line is read here, not by typer: only the provider knows them.
_FREE = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("connect", context_settings=_FREE)(connect)
    account_commands.register(app)
    app.command("sync")(sync)
    app.command("disconnect")(disconnect)


# Connecting -----------------------------------------------------------------------------------------------------------


def connect(
    context: typer.Context,
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help=f"{ONE_OF}.")],
    write: Annotated[bool, typer.Option("--write", help="Ask for permission to write back, too.")] = False,
    browser: Annotated[
        bool, typer.Option("--browser", help="microsoft: sign in through a browser instead of with a code.")
    ] = False,
    json: Json = False,
) -> int:
    """Sign in to an account. Shows what to open, and waits. If the account is connected already, sign in to it again.

    What the provider needs to know is asked for, or can be given as options, such as --server and --user for carddav.
    Passwords are not shown while you type; they can come from standard input, but never from the command line. With
    --json, every event is one line, and answers are read from standard input, one a line.
    """
    from coterie.tui.commandline.signing_in import JsonPrompter, TextPrompter

    async def work(book: Book) -> int:
        accounts = Session.of(context).accounts(book)
        kind = await accounts.provider_class(provider)
        given = _given(context.args, kind.options)
        if Session.of(context).restricted:
            restricted.check_options(provider, given)
        prompter = JsonPrompter(given) if json else TextPrompter(given)
        options = given | ({"browser": "1"} if browser else {})
        try:
            account = await accounts.connect(provider, prompter, write=write, options=options)
        except CoterieError as error:
            prompter.failed(error)
            raise
        prompter.signed_in(account, await accounts.where())
        return 0

    return Session.of(context).run(work)


def _given(words: list[str], options: tuple[Option, ...]) -> dict[str, str]:
    """The provider's options in what typer left over. Raises InvalidInput."""
    by_flag = {f"--{option.key.replace('_', '-')}": option for option in options}
    given: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        flag, equals, value = word.partition("=")
        option = by_flag.get(flag)
        if option is None:
            names = ", ".join(name for name, option in by_flag.items() if not option.secret)
            raise InvalidInput(f"There is no option {word}.", f"This provider has {names}." if names else "")
        if option.secret:
            raise InvalidInput(
                f"{flag} must not be given on the command line, where others can read it.",
                "Leave it out: it is asked for, or read from standard input.",
            )
        value = value if equals else next(rest, "")
        if not value:
            raise InvalidInput(f"{flag} needs a value.", option.help)
        given[option.key] = value
    return given


# Syncing --------------------------------------------------------------------------------------------------------------


def sync(
    context: typer.Context,
    names: Names = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="First restore the contacts whose arrival was undone.")
    ] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing if there is nothing to say.")] = False,
    json: Json = False,
) -> int:
    """Sync all accounts, or those that are named. Ready for cron: without a terminal, it asks nothing.

    --dry-run lists each write to an account with its fields, and writes nothing.

    It asks before more than a tenth of an account's contacts would be deleted; --yes goes ahead. If an account fails,
    the others are synced all the same, and the exit code says so: 4 if one needs a sign-in, otherwise 5; 1 if an
    account refuses something, which is tried again at the next sync (see `coterie accounts refused`).
    """

    async def work(book: Book) -> int:
        chosen = [await book.accounts.named(name) for name in names or ()] or await book.accounts.all()
        if not chosen:
            complain("No account is connected.", CONNECT_ONE)
            return 1
        all_accounts = Session.of(context).accounts(book)
        called = await all_accounts.names()
        failures: list[CoterieError] = []
        refused = False
        for account in dict.fromkeys(account.name for account in chosen):
            try:
                if restore and not dry_run:
                    await _restore_left_out(book, await book.accounts.named(account), called)
                report = await _sync_one(all_accounts, await book.accounts.named(account), dry_run=dry_run, yes=yes)
            except CoterieError as error:
                if len(chosen) == 1:
                    raise
                complain(f"{called.within(account)}: {error.title}", error.hint)
                failures.append(error)
            else:
                refused = refused or bool(report.refused)
                if not quiet or report.news:
                    _tell(report, called, dry_run=dry_run, json=json)
        return _worst(failures) or int(refused)

    return Session.of(context).run(work)


def _worst(failures: list[CoterieError]) -> int:
    """The exit code of several: a sign-in is what only the user can do, so it goes first."""
    if any(isinstance(error, SignInNeeded) for error in failures):
        return SignInNeeded.exit_code
    return max((error.exit_code for error in failures), default=0)


async def _sync_one(accounts: Accounts, account: Account, *, dry_run: bool, yes: bool) -> SyncReport:
    from coterie.core.sync import Ended

    async def confirm(question: Vanishing) -> bool:
        if yes or not output.can_ask():
            return yes
        return output.confirm(f"{names.within(question.sentence)} Continue?", yes=False)

    names = await accounts.names()
    with output.progress(f"{names.of(account)}:") as progress:
        async for event in accounts.sync(account, confirm=confirm, dry_run=dry_run):
            if isinstance(event, Ended):
                return event.report
            progress(event.done, event.total)
    raise Cancelled(f"{names.of(account)} is being synced already.", "Wait until that is done.")


async def _restore_left_out(book: Book, account: Account, names: AccountNames) -> None:
    from coterie.core.sync.leaving_out import restore_left_out

    if left_out := await book.accounts.left_out(account):
        output.note(names.within((await book.apply(restore_left_out(account, left_out))).summary))


def _tell(report: SyncReport, names: AccountNames, *, dry_run: bool, json: bool) -> None:
    if json:
        output.write_json(report_object(report))
        return
    sentence = names.within(report.sentence)
    output.say(f"Dry run, nothing was changed. {sentence}" if dry_run else sentence)
    for write in report.writes:
        output.say(f"  {write.kind} {write.name}")
        for field in write.fields:
            old, new = (text.replace("\n", " ") or "(nothing)" for text in (field.old, field.new))
            output.say(f"    {field.field}: {old} → {new}")
    if report.left_out:
        output.note("`coterie sync --restore` restores what is left out.")
    for remote_id, reason in report.quarantined:
        output.note(f"Could not be read and was left out: {remote_id}: {reason}")
    for refusal in report.refused:
        output.note(f"Refused there: {refusal.name}: {refusal.reason}")
    if report.conflicts:
        output.note("There are conflicts to settle: start coterie and press s, or see coterie accounts conflicts.")


def report_object(report: SyncReport) -> dict[str, Any]:
    """A report as `sync --json` writes it."""
    return {
        "account": report.account,
        "pulled": {
            "created": report.created,
            "updated": report.updated,
            "deleted": report.deleted,
            "unchanged": report.unchanged,
            "in_bin": report.in_bin,
        },
        "pushed": {
            "created": report.sent_created,
            "updated": report.sent_updated,
            "deleted": report.sent_deleted,
            "created_again": report.sent_again,
            "merged": report.sent_merged,
            "groups": report.sent_groups,
            "refused": [{"contact": refusal.name, "reason": refusal.reason} for refusal in report.refused],
        },
        "writes": [
            {
                "action": write.kind,
                "name": write.name,
                "fields": [{"field": change.field, "old": change.old, "new": change.new} for change in write.fields],
            }
            for write in report.writes
        ],
        "left_out": report.left_out,
        "conflicts": report.conflicts,
        "quarantined": [{"remote_id": remote_id, "reason": reason} for remote_id, reason in report.quarantined],
        "full": report.full,
    }


# Disconnecting --------------------------------------------------------------------------------------------------------


def disconnect(
    context: typer.Context,
    name: Name,
    keep: Annotated[bool, typer.Option("--keep", help="Keep its contacts, as local ones.")] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Move contacts that came only from this account to the Bin.")
    ] = False,
) -> int:
    """Disconnect an account: Coterie forgets its tokens and its state. Nothing is changed in the account itself."""

    async def work(book: Book) -> int:
        account = await book.accounts.named(name)
        if keep and remove:
            raise InvalidInput("--keep and --remove exclude each other.", "Use one of them.")
        wanted = keep if keep or remove else await _ask_to_keep(book, account)
        if wanted is None:
            output.say("Nothing was changed.")
            return 0
        outcome = await Session.of(context).accounts(book).disconnect(account, keep=wanted)
        output.say(outcome.summary)
        return 0

    return Session.of(context).run(work)


async def _ask_to_keep(book: Book, account: Account) -> bool | None:
    """Whether its contacts are to stay; None if the user wants neither. Raises InvalidInput without a terminal."""
    if not output.can_ask():
        raise InvalidInput("Say what to do with its contacts.", "Add --keep or --remove.")
    alone = len(await book.accounts.only_of(account))
    called = account_names(await book.accounts.all()).of(account)
    output.note(f"{number_of(account.contacts)} came from {called}; {alone:,} of them from nowhere else.")
    if output.confirm(f"Disconnect it and keep all {account.contacts:,} as local contacts?", yes=False):
        return True
    if alone and output.confirm(f"Disconnect it and move those {alone:,} to the Bin?", yes=False):
        return False
    return None
