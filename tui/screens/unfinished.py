"""Going on with what was typed when the line dropped: each kind of draft opens again where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from textual.screen import Screen

from coterie.core.bulk import all_actions
from coterie.core.checks import Checks
from coterie.core.errors import NotFound
from coterie.core.fields import FIELDS
from coterie.core.jsonform import from_json
from coterie.core.query.parser import quote
from coterie.tui import notices
from coterie.tui.actions import as_text, cells, editing, exchange, grouping, groups, posting, searches
from coterie.tui.actions.bulk_actions import act_on
from coterie.tui.actions.transform import transform_target
from coterie.tui.actions.views import MODES, show_view
from coterie.tui.drafts import Draft
from coterie.tui.keeping import Keeper
from coterie.tui.plans import words_for
from coterie.tui.screens.contacts import ContactList
from coterie.tui.target import Target
from coterie.tui.widgets.search_bar import SearchBar

if TYPE_CHECKING:
    from coterie.tui.app import CoterieApp

Content = Mapping[str, Any]


async def offer(keeper: Keeper, screen: Screen[Any], drafts: list[Draft]) -> None:
    """Ask about the drafts, as long as the user decides about them; those that are left are offered the next time."""
    from coterie.tui.dialogs.unfinished import Unfinished

    if not isinstance(screen, ContactList):
        return
    await screen.shown()
    while drafts:
        now = screen.book.now()
        choice = await screen.app.push_screen_wait(
            Unfinished([(_when(draft, now), draft.held.words) for draft in drafts])
        )
        if choice is None:
            return
        draft = drafts.pop(choice.place)
        if choice.forget:
            await asyncio.to_thread(keeper.drafts.forget, draft.path)
        else:
            keeper.go_on(draft)
            try:
                await _WAYS[draft.held.kind](screen, draft)
            except Exception as error:  # noqa: BLE001 - the funnel: everything becomes a notice
                notices.show(screen.app, error)
            keeper.go_on(None)


def _when(draft: Draft, now: datetime) -> str:
    """“at 14:02”, “on 28 November at 14:02”, “on 28 November 2025 at 14:02”."""
    at = draft.at.astimezone(now.tzinfo)
    year = "" if at.year == now.year else f" {at.year}"
    return f"at {at:%H:%M}" if at.date() == now.date() else f"on {at.day} {at:%B}{year} at {at:%H:%M}"


async def _contact(screen: ContactList, draft: Draft) -> None:
    content = draft.held.content
    if (contact_id := content.get("id")) is not None:
        await editing.edit_one(screen, contact_id)
    else:
        await editing.add_one(screen, *content["groups"])


async def _cell(screen: ContactList, draft: Draft) -> None:
    contact_id, field = draft.held.content["id"], draft.held.content["field"]
    await screen.go_to(contact_id)
    await cells.change_cells(screen, FIELDS[field], contact_id)


async def _search(screen: ContactList, draft: Draft) -> None:
    content, text = draft.held.content, str(draft.held.content["text"])
    view = content["view"]
    if view not in MODES:  # the members of a group
        text, view = f"group:={quote(content['heading'])} {text}", "show_all"
    await show_view(screen, view)
    shown = screen.app.screen
    cast("CoterieApp", screen.app).keeper.claim(shown, "search")
    shown.query_one(SearchBar).text = text
    shown.query_one(SearchBar).edit()


async def _bulk(screen: ContactList, draft: Draft) -> None:
    await editing.edit_together(screen, await _target(screen, draft.held.content))


async def _set(screen: ContactList, draft: Draft) -> None:
    await cells.change_all(screen, FIELDS[draft.held.content["field"]], await _target(screen, draft.held.content), None)


async def _group_from(screen: ContactList, draft: Draft) -> None:
    await groups.group_from(screen, await _target(screen, draft.held.content))


async def _group_new(screen: ContactList, _: Draft) -> None:
    await groups.new_group(screen)


async def _group_name(screen: ContactList, draft: Draft) -> None:
    for group in await screen.book.groups.all():
        if group.id == draft.held.content["id"]:
            await groups.edit_group(screen, group)
            return
    raise NotFound("The group is gone.", "The name is kept until you forget it.")


async def _import(screen: ContactList, _: Draft) -> None:
    await exchange.import_from(screen, "")


async def _text(screen: ContactList, draft: Draft) -> None:
    contacts = [from_json(contact) for contact in draft.held.content["contacts"]]
    keys = draft.held.content.get("keys")
    await as_text.edit_text(screen, {contact.id: contact for contact in contacts}, draft.path, keys)


async def _transform(screen: ContactList, draft: Draft) -> None:
    content = draft.held.content
    await transform_target(screen, await _target(screen, content), content["column"])


async def _action(screen: ContactList, draft: Draft) -> None:
    content = draft.held.content
    action = (await asyncio.to_thread(all_actions)).get(content["action"])
    if action is None:
        raise NotFound(f"The action “{content['action']}” is not installed any more.", "What was typed is kept.")
    await act_on(screen, await _target(screen, content), action)


async def _export(screen: ContactList, draft: Draft) -> None:
    if draft.held.content["checks"] != "0":
        screen.checks = (await _target(screen, draft.held.content)).selection
    await exchange.export(screen)


async def _search_new(screen: ContactList, draft: Draft) -> None:
    await searches.keep_search(screen, str(draft.held.content["query"]))


async def _search_name(screen: ContactList, draft: Draft) -> None:
    for search in await screen.book.searches.all():
        if search.id == draft.held.content["id"]:
            await searches.ask_for_name(screen, search)
            return
    raise NotFound("The saved search is gone.", "The name is kept until you forget it.")


async def _group_join(screen: ContactList, draft: Draft) -> None:
    await grouping.join_groups(screen, await _target(screen, draft.held.content))


async def _group_leave(screen: ContactList, draft: Draft) -> None:
    await grouping.leave_groups(screen, await _target(screen, draft.held.content))


async def _mail(screen: ContactList, draft: Draft) -> None:
    target = await _target(screen, draft.held.content)
    await posting.write_mail(screen, target.selection, str(draft.held.content["people"]))


async def _invite(screen: ContactList, draft: Draft) -> None:
    target = await _target(screen, draft.held.content)
    await posting.invite(screen, target.selection, str(draft.held.content["people"]))


async def _target(screen: ContactList, content: Content) -> Target:
    """The contacts of the draft that are still there; they are checked, as they were."""
    wanted = Checks(int(content["checks"], 16))
    contacts = [contact async for contact in screen.book.contacts(wanted)]
    live = Checks.of([contact.id or 0 for contact in contacts if contact.deleted_at is None])
    if not live:
        raise NotFound("None of the contacts is there any more.", "What was typed is kept until you forget it.")
    if len(live) > 1:
        screen.checks = live
    return Target(live, words_for(live, screen.book.called(contacts[0])))


_WAYS: Final[dict[str, Callable[[ContactList, Draft], Awaitable[None]]]] = {
    "contact": _contact,
    "cell": _cell,
    "search": _search,
    "bulk": _bulk,
    "set": _set,
    "group_from": _group_from,
    "group_new": _group_new,
    "group_name": _group_name,
    "import": _import,
    "text": _text,
    "transform": _transform,
    "action": _action,
    "export": _export,
    "search_new": _search_new,
    "search_name": _search_name,
    "group_join": _group_join,
    "group_leave": _group_leave,
    "mail": _mail,
    "invite": _invite,
}
"""By `Origin.kind`: how a draft is opened again."""
