"""Bulk actions: what each does to a contact, which are done at once, and what the plan and its preview say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.bulk import ACTIONS, Asks, BulkAction, again, make_action, make_plan, plan_each
from coterie.core.bulk.merging import merge_plan
from coterie.core.bulk.replace_text import ReplaceText
from coterie.core.changes import (
    CONTACTS,
    AddToGroup,
    Adopt,
    Assign,
    CreateGroup,
    Delete,
    Edit,
    Forget,
    RemoveFromGroup,
    Restore,
    Selection,
    Skip,
)
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput, InvalidValue
from coterie.core.fields.differences import differences
from coterie.core.listing import Listing
from coterie.core.model import Address, Contact, Email, Phone, Url

ADA = Contact(
    id=1, name="Ada Lovelace", given_name="Ada", family_name="Lovelace", company="Engines Ltd", version=4,
    emails=(Email("ada@old.org", "work", primary=True),), phones=(Phone("020 7946", "home"),), groups=("Friends",),
    addresses=(Address("1 Old St", "London", label="home"),), urls=(Url("http://old.org"),), custom={"Size": "old"},
    notes="old\nold",
)  # fmt: skip
BOB = Contact(id=2, name="Bob", emails=(Email("bob@example.org"),))
SHOP = Contact(id=3, company="Shop")
SOME = Checks.of([1, 2, 3])
ALL = Listing(query="x")


async def _read(selection: Selection) -> AsyncIterator[Contact]:
    for contact in (ADA, BOB, SHOP):
        yield contact


def test_every_action_is_known_by_its_name() -> None:
    for name, kind in ACTIONS.items():
        assert kind.id == name
        fields = iter(("company", "job_title"))
        values = {one.key: next(fields) if one.asks is Asks.FIELD else "x" for one in kind.parameters}
        if name == "transform":
            values = {"value": "company = title(company)"}
        action = make_action(name, **values)
        assert action == make_action(name, **values)  # a value: it can be kept and applied again
        assert action.label
        assert action.title
        assert CONTACTS in action.done


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        (make_action("set", field="Company", value=" Acme "), [Assign(ALL, "company", "Acme")]),
        (make_action("set", field="title", value="CTO"), [Assign(ALL, "job_title", "CTO")]),
        (make_action("set", field="favorite", value="yes"), [Assign(ALL, "favorite", True)]),
        (make_action("clear", field="notes"), [Assign(ALL, "notes", "")]),
        (make_action("add-group", value=" Choir "), [AddToGroup(ALL, "Choir")]),
        (make_action("remove-group", value="Choir"), [RemoveFromGroup(ALL, "Choir")]),
        (make_action("create-group", value="Choir"), [CreateGroup("Choir"), AddToGroup(ALL, "Choir")]),
        (make_action("favorite"), [Assign(ALL, "favorite", True)]),
        (make_action("no-favorite"), [Assign(ALL, "favorite", False)]),
        (make_action("delete"), [Delete(ALL)]),
        (make_action("restore"), [Restore(ALL)]),
        (make_action("forget"), [Forget(ALL)]),
    ],
)
async def test_the_same_for_all_is_done_at_once(action: BulkAction, changes: list[object]) -> None:
    plan = await make_plan([action], ALL, _read)
    assert list(plan.changes) == changes  # type: ignore[arg-type]
    assert (plan.kind, plan.title, plan.done) == (action.kind, action.title, action.done)


@pytest.mark.parametrize(
    ("name", "values", "changed"),
    [
        ("set", {"field": "name", "value": "Ada King"}, {"name": "Ada King", "family_name": "King"}),
        ("set", {"field": "phone", "value": "1; 2"}, {"phones": (Phone("1"), Phone("2"))}),
        ("set", {"field": "groups", "value": "B;A"}, {"groups": ("A", "B")}),
        ("clear", {"field": "email"}, {"emails": ()}),
        ("clear", {"field": "company"}, {"company": ""}),
        ("replace", {"field": "company", "value": "L(t)d$", "new": r"Limi\1ed"}, {"company": "Engines Limited"}),
        ("replace", {"field": "company", "value": "(?i)LTD", "new": ""}, {"company": "Engines"}),
        ("replace", {"field": "company", "value": "LTD", "new": "x"}, {}),
        ("replace", {"field": "email", "value": "old", "new": "new"},
         {"emails": (Email("ada@new.org", "work", primary=True),)}),
        ("replace", {"field": "phones", "value": "^0", "new": "+44 "}, {"phones": (Phone("+44 20 7946", "home"),)}),
        ("replace", {"field": "phones", "value": ".*"}, {"phones": ()}),
        ("replace", {"field": "addresses", "value": "Old", "new": "New"},
         {"addresses": (Address("1 New St", "London", label="home"),)}),
        ("replace", {"field": "urls", "value": "^http:", "new": "https:"}, {"urls": (Url("https://old.org"),)}),
        ("replace", {"field": "custom", "value": "old", "new": "new"}, {"custom": {"Size": "new"}}),
        ("replace", {"field": "groups", "value": "iend", "new": "esh"}, {"groups": ("Freshs",)}),
        ("replace", {"field": "notes", "value": "(?m)^old$", "new": "new"}, {"notes": "new\nnew"}),
        ("replace", {"field": "name", "value": "Lovelace", "new": "King"}, {"name": "Ada King", "family_name": "King"}),
        ("add-group", {"value": "friends"}, {}),
        ("add-group", {"value": "Choir"}, {"groups": ("Choir", "Friends")}),
        ("remove-group", {"value": "FRIENDS"}, {"groups": ()}),
        ("favorite", {}, {"favorite": True}),
    ],
)  # fmt: skip
def test_what_becomes_of_one_contact(name: str, values: dict[str, str], changed: dict[str, object]) -> None:
    plan = plan_each([make_action(name, **values)], [ADA])
    assert list(plan.changes) == ([Edit(1, changed, 4)] if changed else [])  # type: ignore[arg-type]
    assert plan.skipped == ()


@pytest.mark.parametrize(
    ("name", "values", "reason"),
    [
        ("replace", {"field": "email", "value": "@", "new": ""}, "“adaold.org” would not be an e-mail address."),
        ("set", {"field": "favorite", "value": "perhaps"}, "neither yes nor no"),
        ("set", {"field": "emails", "value": "nobody"}, "not an e-mail address"),
        ("set", {"field": "colour", "value": "red"}, "no field “colour”"),
        ("set", {"field": "sources", "value": "x"}, "cannot be set"),
        ("replace", {"field": "favorite", "value": "x"}, "cannot be replaced"),
        ("replace", {"field": "name", "value": "(", "new": ""}, "is wrong"),
        ("replace", {"field": "name", "value": "a", "new": r"\1"}, "cannot be read"),
        ("replace", {"field": "name", "value": "a", "new": "\\"}, "cannot be read"),
        ("add-group", {"value": "  "}, "needs a name"),
        ("set", {"field": "company"}, "needs: New value"),
        ("dance", {}, "There is no action “dance”."),
    ],
)
def test_what_cannot_be_done_is_refused_or_skipped_with_its_reason(
    name: str, values: dict[str, str], reason: str
) -> None:
    try:
        plan = plan_each([make_action(name, **values)], [ADA])
    except InvalidValue as refusal:
        assert reason in refusal.title  # noqa: PT017 - some are refused at once, some only for a contact
        return
    assert plan.changes == ()
    assert plan.skipped == (Skip("Ada Lovelace", reason),)


def test_a_contact_keeps_something_to_be_called_by() -> None:
    plan = plan_each([make_action("clear", field="company")], [ADA, SHOP])
    assert [change.contact_id for change in plan.changes if isinstance(change, Edit)] == [1]  # type: ignore[union-attr]
    assert [skip.subject for skip in plan.skipped] == ["Shop"]


def test_a_runaway_pattern_is_a_reason_to_skip() -> None:
    slow = replace(ADA, notes="a" * 60 + "b")
    plan = plan_each([make_action("replace", field="notes", value="(a|aa)+$")], [slow])
    assert [skip.reason for skip in plan.skipped] == ["The regular expression takes too long here."]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("company/Ltd$/Limited/", ReplaceText("company", "Ltd$", "Limited")),
        ("company/Ltd$/Limited", ReplaceText("company", "Ltd$", "Limited")),
        ("phone/ //", ReplaceText("phones", " ", "")),
        (r"notes/a\/b\d/c\/d/", ReplaceText("notes", r"a/b\d", "c/d")),
        ("urls|http://|https://|", ReplaceText("urls", "http://", "https://")),
        ("job-title#a#b#", ReplaceText("job_title", "a", "b")),
    ],
)
def test_replace_is_written_as_in_sed(text: str, action: ReplaceText) -> None:
    assert ReplaceText.parse(text) == action


@pytest.mark.parametrize(
    "text", ["", "company", "company/", "company/a", "company//b/", "company/a/b/c", "/a/b/", "a b c d"]
)
def test_what_is_no_replacement_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        ReplaceText.parse(text)


@given(st.text())
def test_replace_of_any_text_is_read_or_refused(text: str) -> None:
    try:
        action = ReplaceText.parse(f"notes/{text}")
    except InvalidValue:
        return
    plan_each([action], [ADA])


async def test_several_steps_are_one_plan() -> None:
    steps = [make_action("set", field="company", value="Acme"), make_action("add-group", value="Choir")]
    plan = await make_plan(steps, ALL, _read)
    assert list(plan.changes) == [Assign(ALL, "company", "Acme"), AddToGroup(ALL, "Choir")]  # type: ignore[arg-type]
    assert (plan.kind, plan.title, plan.done) == ("edit", "Set Company to Acme; Add to Choir", f"Changed {CONTACTS}.")
    each = plan_each([*steps, make_action("replace", field="email", value="example", new="acme")], [ADA, BOB, SHOP])
    assert list(each.changes) == [  # type: ignore[arg-type]
        Edit(1, {"company": "Acme", "groups": ("Choir", "Friends")}, 4),
        Edit(2, {"company": "Acme", "groups": ("Choir",), "emails": (Email("bob@acme.org"),)}, 0),
        Edit(3, {"company": "Acme", "groups": ("Choir",)}, 0),
    ]


def test_differences_of_labels_are_shown() -> None:
    after = replace(ADA, phones=(Phone("020 7946"),))
    assert [(one.old, one.new) for one in differences(ADA, after)] == [("020 7946 (home)", "020 7946 (no label)")]


async def test_repeating_applies_the_same_to_others() -> None:
    steps = again([make_action("create-group", value="Choir"), make_action("set", field="company", value="Acme")])
    plan = await make_plan(steps, SOME, _read)
    assert list(plan.changes) == [AddToGroup(SOME, "Choir"), Assign(SOME, "company", "Acme")]  # type: ignore[arg-type]


def test_merging_keeps_one_and_sends_the_others_to_the_bin() -> None:
    plan = merge_plan([BOB, ADA], keep=ADA)
    adopt, edit, delete = plan.changes  # type: ignore[misc]
    assert adopt == Adopt((BOB.id or 0,), ADA.id or 0, edit.values)
    assert edit == Edit(1, {"emails": (*ADA.emails, *BOB.emails), "custom": {"Size": "old", "Name (2)": "Bob"}}, 4)
    assert delete == Delete(Checks.of([2]), by="merged into Ada Lovelace")
    for too_few in ([], [ADA], [ADA, ADA]):
        with pytest.raises(InvalidInput):
            merge_plan(too_few)
