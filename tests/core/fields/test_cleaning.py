"""New contacts are cleaned before they are stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coterie.core.fields.attributes import TEXT_FIELDS
from coterie.core.fields.cleaning import clean
from coterie.core.fields.codec import cleaned
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.store.contacts.values import JSON_FIELDS

TEXTS = st.text(st.sampled_from("ab ñ\n\t\x00\u2028\ud800"), max_size=4)
LISTS = {
    "emails": st.builds(Email, TEXTS, TEXTS, st.booleans()),
    "phones": st.builds(Phone, TEXTS, TEXTS),
    "addresses": st.builds(Address, street=TEXTS, city=TEXTS, label=TEXTS),
    "urls": st.builds(Url, TEXTS, TEXTS),
    "groups": TEXTS,
}
CONTACTS = st.builds(
    Contact,
    **dict.fromkeys(TEXT_FIELDS, TEXTS),
    **{field: st.lists(one, max_size=3).map(tuple) for field, one in LISTS.items()},
    custom=st.dictionaries(TEXTS, TEXTS, max_size=2),
)


@given(CONTACTS)
def test_contacts_are_cleaned_in_every_field_however_quick_the_look(contact: Contact) -> None:
    stored = clean(contact)
    for field in (*TEXT_FIELDS, *JSON_FIELDS, "emails", "phones", "groups"):
        assert getattr(stored, field) == cleaned(field, getattr(contact, field))
