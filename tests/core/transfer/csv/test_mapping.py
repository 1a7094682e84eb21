"""Columns to fields: headings of programs and of people, in many languages."""

from __future__ import annotations

import pytest

from coterie.core.errors import InvalidInput
from coterie.core.transfer.csv import TARGETS, label_of, legal_target, recognize

from .support import addresses, both, contacts, only, targets


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("Work e-mail", "email:work"), ("EMAIL_ADDR", "email"), ("Contact Email", "email"),
        ("Email address - home", "email:home"),
        ("What is your e-mail address?", "email"), ("Adresse email professionnelle", "email:work"),
        ("E-postadresse", "email"),
        ("Emial", "email"), ("Phne", "phone"), ("Handynummer (privat)", "phone:mobile"), ("公司电话", "phone:work"),
        ("Número de celular", "phone:mobile"), ("เบอร์โทร", "phone"), ("Firmenname", "company"), ("Compny", "company"),
        ("Zugehöriges Unternehmen", "company"), ("Nom de l'entreprise", "company"), ("Organization Name", "company"),
        ("MailingPostalCode", "postal_code"), ("Billing City", "city:billing"), ("Home Address 1", "street:home"),
        ("Date of birth", "birthday"), ("Email Lists", "groups"), ("Kategorien", "groups"), ("Job Title", "job_title"),
    ],
)  # fmt: skip
def test_a_heading_is_understood_by_its_words(heading: str, target: str) -> None:
    assert targets(f'Full Name,"{heading}"\nAda Lovelace,\n')[heading] == target


@pytest.mark.parametrize(
    "heading",
    [
        "Email status - home", "email_open_count", "EMAIL_BLACKLISTED", "Mum-email", "Contact Owner", "Owner.Email",
        "Host Email",
        "Manager's Name", "Assistant's Phone", "Last Contact", "Company Size", "Ticket Name", "Event Name",
        "IP Address",
        "Email Opt-In", "Account ID", "Phone Country Code", "Last Activity Date", "Status", "Next Follow-Up",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_field_is_a_custom_field(heading: str) -> None:
    found = recognize(f'Full Name,Email,"{heading}"\nAda Lovelace,a@x.org,owner@y.org\n'.encode())
    assert found.columns[2].target == "custom"
    assert found.columns[2].field is None


@pytest.mark.parametrize(
    ("headings", "given", "family", "name"),
    [
        ("Prénom,Nom", "A", "B", ""), ("Nombre,Apellidos", "A", "B", ""), ("Nome,Cognome", "A", "B", ""),
        ("Nome,Sobrenome", "A", "B", ""), ("Nome,Apelido", "A", "B", ""), ("Vorname,Name", "A", "B", ""),
        ("Voornaam,Naam", "A", "B", ""),
        ("Имя,Фамилия", "A", "B", ""), ("Ad,Soyad", "A", "B", ""), ("First,Last", "A", "B", ""),
        ("firstName,lastName", "A", "B", ""), ("FNAME,LNAME", "A", "B", ""), ("Name,Surname", "A", "B", ""),
        ("Imię,Nazwisko", "A", "B", ""), ("Jméno,Příjmení", "A", "B", ""), ("ชื่อ,นามสกุล", "A", "B", ""),
        ("Etunimi,Sukunimi", "A", "B", ""), ("Fornavn,Etternavn", "A", "B", ""), ("Förnamn,Efternamn", "A", "B", ""),
    ],
)  # fmt: skip
def test_parts_of_names_in_many_languages(headings: str, given: str, family: str, name: str) -> None:
    contact = only(f"{headings},E-mail\nA,B,a@x.org\n")
    assert (contact.given_name, contact.family_name) == (given, family)
    assert contact.name == (name or "A B")


@pytest.mark.parametrize(
    "heading", ["Name", "Nom", "Nombre", "Nome", "Naam", "Namn", "Navn", "Nimi", "Имя", "姓名", "이름", "氏名"]
)
def test_a_bare_name_is_the_display_name(heading: str) -> None:
    assert only(f"{heading},Email\nAda Lovelace,a@x.org\n").name == "Ada Lovelace"


def test_east_asian_names_put_the_family_first() -> None:
    assert only("姓,名,メール\n山田,太郎,y@x.jp\n").name == "山田 太郎"
    assert only("성,이름,이메일\n김,철수,k@x.kr\n").name == "김철수"


def test_the_sorting_form_of_a_name_gives_way_to_its_parts() -> None:
    assert only('Name,Given Name,Family Name\n"Lovelace, Ada",Ada,Lovelace\n').name == "Ada Lovelace"
    assert only('Name,Given Name,Family Name\n"Countess, the",Ada,Lovelace\n').name == "Countess, the"


@pytest.mark.parametrize(
    ("content", "prefix", "job"),
    [
        ("Title,First Name,Last Name,Job Title\nDr.,A,B,Chief\n", "Dr.", "Chief"),
        ("First Name,Last Name,Title\nA,B,Engineer\n", "", "Engineer"),
        ("title,firstname,lastname\nMrs,A,B\n", "Mrs", ""),
        ("Titre,Prénom,Nom,Titre\nMme,A,B,Directrice\n", "Mme", "Directrice"),
        ("Anrede,Titel,Vorname,Nachname,Position\nFrau,Dr.,A,B,Chefin\n", "Frau", "Chefin"),
        ("Name,Company,Role\nA,X,CTO\n", "", "CTO"),
        ("Name,Email,Role\nA,a@x.org,Presenter\n", "", ""),
    ],
)
def test_titles(content: str, prefix: str, job: str) -> None:
    contact = only(content)
    assert contact.prefix.split(" ")[0] == prefix
    assert contact.job_title == job


def test_addresses_are_found_by_their_form_where_no_heading_tells() -> None:
    contact = only("Qwert,Zuiop\nAda Lovelace,ada@x.org\n")
    assert (contact.name, addresses(contact)) == ("Ada Lovelace", ["ada@x.org"])


@pytest.mark.parametrize("heading", ["Phonetic given name", "Phonetic First Name", "Phonetic first name", "Given Yomi"])
def test_phonetic_names_go_by_our_words_and_by_those_of_others(heading: str) -> None:
    ada = only(f"Name,E-mail,{heading}\nAda Lovelace,ada@example.org,Ey-da\n")
    assert ada.phonetic_given_name == "Ey-da"


def test_nothing_is_lost() -> None:
    contact = only("Name,Email,Shoe size,,Shoe size\nA,a@x.org,42,x,43,beyond\n")
    assert contact.custom == {"Shoe size": "42", "Column 4": "x", "Shoe size (2)": "43", "Column 6": "beyond"}


def test_google_groups_of_columns() -> None:
    heading = (
        "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,"
        "E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
        "Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,"
        "Custom Field 1 - Label,Custom Field 1 - Value\n"
    )
    contact = only(
        f"{heading}A,B,* myContacts,Work,w@x.org,* Home,h@x.org,Mobile,1 ::: 2,"
        "Home ::: Work,1 St ::: 2 St,X ::: Y,Badge,77\n"
    )
    assert [(email.address, email.label, email.primary) for email in contact.emails] == [
        ("h@x.org", "home", True),
        ("w@x.org", "work", False),
    ]
    assert [(phone.number, phone.label) for phone in contact.phones] == [("1", "mobile"), ("2", "mobile")]
    assert [(one.street, one.city, one.label) for one in contact.addresses] == [
        ("1 St", "X", "home"),
        ("2 St", "Y", "work"),
    ]
    assert contact.custom == {"Badge": "77"}


def test_lines_of_an_address() -> None:
    contact = only("Name,Address Line 1,Address Line 2,City,State,Zip,Country\nA,1 St,Flat 2,X,NY,10001,US\n")
    (address,) = contact.addresses
    assert (address.street, address.city, address.region) == ("1 St\nFlat 2", "X", "NY")
    assert (address.postal_code, address.country) == ("10001", "US")


def test_the_user_changes_the_mapping() -> None:
    contact = only("Foo,Bar,Name\nAda Lovelace,Acme,ignored\n", {"foo": "name", "Bar": "company", "Column 3": "ignore"})
    assert (contact.name, contact.company, contact.custom) == ("Ada Lovelace", "Acme", {})
    contact = only("Name,Email,Nick\nA,a@x.org,B\n", {"Nick": "name"})
    assert (contact.name, contact.custom) == ("B", {"Name": "A"})


def test_wrong_overrides_say_what_is_right() -> None:
    with pytest.raises(InvalidInput, match="no column “Foo”"):
        both("Name,Email\nA,a@x.org\n", {"Foo": "name"})
    with pytest.raises(InvalidInput, match="cannot become “shoe size”"):
        both("Name,Email\nA,a@x.org\n", {"Name": "shoe size"})


def test_targets_have_labels_and_spellings() -> None:
    assert legal_target("First name") == "given_name"
    assert legal_target("phone:mobile") == "phone:mobile"
    assert label_of("phone:mobile") == "Phone (mobile)"
    assert all(legal_target(key) == key and target.label for key, target in TARGETS.items())


def test_the_signature_is_that_of_the_headings() -> None:
    first = recognize(b"Name,E-Mail\nA,a@x.org\n")
    assert first.signature == recognize("E-Mail;Name\nb@x.org;B\nc@x.org;C\n".encode("utf-16")).signature
    assert first.signature != recognize(b"Name,E-Mail,Phone\nA,a@x.org,1\n").signature


def test_samples_show_what_a_column_holds() -> None:
    column = recognize(b"Name,Email\nA,\nB,b@x.org\n").columns[1]
    assert (column.index, column.heading, column.target, column.samples) == (1, "Email", "email", ("b@x.org",))


def test_only_the_second_slot_is_filled() -> None:
    assert addresses(only("Name,E-mail Address,E-mail 2 Address\nA,,b@x.org\n")) == ["b@x.org"]
    assert len(contacts("Name,E-mail Address\nA,\nA,\n")) == 2
