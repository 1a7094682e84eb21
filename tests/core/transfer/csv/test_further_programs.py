"""Files as programs and people of many countries make them, that no real export at hand shows."""

import pytest

from coterie.core.transfer.csv import recognize

from .support import addresses, both, contacts, only, targets


def numbers(content: str) -> list[str]:
    return [phone.number for phone in only(content).phones]


@pytest.mark.parametrize(
    "heading",
    [
        "Prénom,Nom,E-mail 1 - Libellé,E-mail 1 - Valeur,Téléphone 1 - Libellé,Téléphone 1 - Valeur",
        "Vorname,Nachname,E-Mail 1 - Bezeichnung,E-Mail 1 - Wert,Telefon 1 - Bezeichnung,Telefon 1 - Wert",
        "Имя,Фамилия,Электронная почта 1 – Тип,Электронная почта 1 – Значение,Телефон 1 – Тип,Телефон 1 – Значение",
        "名,姓,メール 1 - ラベル,メール 1 - 値,電話 1 - ラベル,電話 1 - 値",
        "Nombre,Apellidos,Correo 1 - Etiqueta,Correo 1 - Valor,Teléfono 1 - Etiqueta,Teléfono 1 - Valor",
    ],
)
def test_google_with_translated_headings(heading: str) -> None:
    contact = only(f"{heading}\nAda,Lovelace,* Work,a@x.org,Mobile,+44 20 7946 0958\n")
    assert (contact.given_name, contact.family_name) == ("Ada", "Lovelace")
    assert [(email.address, email.label, email.primary) for email in contact.emails] == [("a@x.org", "work", True)]
    assert [(phone.number, phone.label) for phone in contact.phones] == [("+44 20 7946 0958", "mobile")]
    assert not contact.custom
    assert not contact.groups


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("Imię,Nazwisko,Adres e-mail,Typ e-mail,Nazwa wyświetlana e-mail", "Polish"),
        ("Ad,Soyadı,E-posta Adresi,E-posta Türü,E-posta Görünen Adı", "Turkish"),
        ("Jméno,Příjmení,E-mailová adresa,Typ e-mailu,Zobrazované jméno pro e-mail", "Czech"),
        ("이름,성,전자 메일 주소,전자 메일 유형,전자 메일 표시 이름", "Korean"),
    ],
)
def test_what_outlook_says_about_an_address_is_no_custom_field(row: str, name: str) -> None:
    contact = only(f"{row}\nAda,Lovelace,a@x.org,SMTP,Ada Lovelace (a@x.org)\n")
    assert addresses(contact) == ["a@x.org"]
    assert not contact.custom
    assert name in recognize(f"{row}\nA,B,a@x.org,SMTP,A\n".encode()).layout


def test_several_numbers_in_a_cell() -> None:
    assert numbers("Name,Phone\nA,+44 20 1234 5678; +44 20 1234 5679\n") == ["+44 20 1234 5678", "+44 20 1234 5679"]
    assert numbers("Name,Phone\nA,0201234567 / 0207654321\n") == ["0201234567", "0207654321"]
    assert numbers("Name,Phone\nA,020 1234567 oder 0170 7654321\n") == ["020 1234567", "0170 7654321"]


@pytest.mark.parametrize("number", ["030/1234567", "+1 (555) 123-4567 ext. 12", "+49 (0) 30 / 12 34 56"])
def test_one_number_is_not_taken_apart(number: str) -> None:
    assert numbers(f'Name,Phone\nA,"{number}"\n') == [number]


def test_a_number_that_a_spreadsheet_is_made_to_leave_alone() -> None:
    assert numbers('Name,Phone\nA,"=""0049301234567"""\n') == ["0049301234567"]
    assert only("Name,E-Mail\n=Ada=,a@x.org\n").name == "=Ada="


def test_a_column_of_names_with_the_family_name_first() -> None:
    found = contacts(
        'Name,E-Mail\n"Lovelace, Ada",a@x.org\n"van der Berg, Jan",b@x.org\n"Acme, Inc.",c@x.org\nMadonna,d@x.org\n'
    )
    assert [(one.name, one.given_name, one.family_name) for one in found] == [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Jan van der Berg", "Jan", "van der Berg"),
        ("Acme, Inc.", "", ""),
        ("Madonna", "", ""),
    ]


@pytest.mark.parametrize("name", ["Acme, Inc.", "Grace Hopper, PhD", "Smith, Jones, Brown"])
def test_other_commas_in_names_stay(name: str) -> None:
    assert only(f'Name,E-Mail\n"{name}",a@x.org\n').name == name


def test_a_second_row_of_headings_is_nobody() -> None:
    found, rejects = both(
        "Respondent,Email Address,What is your name?,,Comments\n,,First,Last,Response\n1,a@x.org,Ada,Lovelace,Hello\n"
    )
    assert [one.email for one in found] == ["a@x.org"]
    assert [one.reason for one in rejects] == ["A second row of headings, not a contact."]


def test_a_count_below_the_table_is_nobody() -> None:
    found, rejects = both("name,email\nAda,a@x.org\n2 contacts,\n")
    assert (len(found), len(rejects)) == (1, 1)


def test_an_address_whose_parts_are_labelled_unevenly_is_one() -> None:
    (address,) = only("Naam,Adres,Postcode,Plaats\nPiet,Dorpsstraat 1,1234 AB,Ons Dorp\n").addresses
    assert (address.street, address.postal_code, address.city) == ("Dorpsstraat 1", "1234 AB", "Ons Dorp")


def test_the_words_between_dutch_names() -> None:
    assert only("Achternaam,Tussenvoegsel,Voornaam,E-mail\nBerg,van den,Jan,a@x.nl\n").name == "Jan van den Berg"


def test_hungarian_from_excel() -> None:
    contact = only("Vezetéknév;Keresztnév;Cégnév;Telefonszám\nErdős;Pál;MOL Nyrt.;+36 30 123 4567\n".encode("cp1250"))
    assert contact.family_name == "Erdős"


def test_japanese_address_cards() -> None:
    (address,) = only("氏名,〒,住所,部署名\n山田 花子,100-0001,東京都千代田区1-1,開発部\n".encode("cp932")).addresses
    assert (address.postal_code, address.street) == ("100-0001", "東京都千代田区1-1")


def test_customers_that_are_companies() -> None:
    content = "Kunde;Ansprechpartner;E-Mail\nMüller GmbH;Max Meier;m@x.de\nSchulz KG;;i@x.de\n"
    assert targets(content)["Kunde"] == "company"
    assert [(one.name, one.company) for one in contacts(content)] == [("Max Meier", "Müller GmbH"), ("", "Schulz KG")]


def test_questions_of_a_form() -> None:
    found = targets(
        "Email Address,What is your name?,Phone number (with country code),Which company are you from?\na@x.org,A,1,B\n"
    )
    assert list(found.values()) == ["email", "name", "phone", "company"]


def test_names_of_recipients_with_commas() -> None:
    found = contacts('Ada Lovelace <a@x.org>, Grace Hopper <b@x.org>; "Turing, Alan" <c@x.org>\n')
    assert [(one.name, one.email) for one in found] == [
        ("Ada Lovelace", "a@x.org"),
        ("Grace Hopper", "b@x.org"),
        ("Alan Turing", "c@x.org"),
    ]


def test_lines_of_recipients_are_people_not_rows() -> None:
    found = contacts('"Lee, Ann" <a@x.org>, bob@x.org; "Cy" <c@x.org>\nd@x.org, Dora <e@x.org>,\n')
    assert [(one.name, one.email) for one in found] == [
        ("Ann Lee", "a@x.org"),
        ("", "bob@x.org"),
        ("Cy", "c@x.org"),
        ("", "d@x.org"),
        ("Dora", "e@x.org"),
    ]


def test_names_of_several_people_in_one_cell_are_kept() -> None:
    contact = only('Team,Email\nRed,"Ann <a@x.org>, Bob <b@x.org>"\n')
    assert [email.address for email in contact.emails] == ["a@x.org", "b@x.org"]
    assert contact.custom == {"Email": "Ann; Bob"}


def test_the_one_name_beside_several_addresses() -> None:
    contact = only('Email\n"Ann Ash <a@x.org>, Ann Ash <b@x.org>"\n')
    assert (contact.name, len(contact.emails), contact.custom) == ("Ann Ash", 2, {})


def test_addresses_in_links_of_html() -> None:
    contact = only('Name,Email\nAnn,"<a href=""mailto:a@x.org"">a@x.org</a>"\n')
    assert [email.address for email in contact.emails] == ["a@x.org"]
    assert contact.custom == {}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Name,Full Name,Email\nAnn,,a@x.org\n,Bob Long,b@x.org\nCy,Cy Long,c@x.org\n", ["Ann", "Bob Long", "Cy Long"]),
        ("Display Name,Saved Name,Public Name,Phone\n,,max,1234567\n,Zoe K,zoe,1234568\n", ["max", "Zoe K"]),
    ],
)
def test_a_second_column_of_names_fills_the_gaps_of_the_first(table: str, expected: list[str]) -> None:
    assert [one.name for one in contacts(table)] == expected


def test_a_second_column_of_birthdays_fills_the_gaps_and_what_differs_is_kept() -> None:
    rows = ["A,,1980-01-02,a@x.org", "B,1981-01-02,2 Jan 1981,b@x.org", "C,1982-01-02,1983-01-02,c@x.org"]
    found = contacts("\n".join(["Name,Birthday,DOB,Email", *rows]) + "\n")
    assert [one.birthday for one in found] == ["1980-01-02", "1981-01-02", "1982-01-02"]
    assert [one.custom for one in found] == [{}, {}, {"DOB": "1983-01-02"}]


def test_a_birthday_that_a_spreadsheet_counts_in_days() -> None:
    assert only("Name,Birthday,Email\nA,29221,a@x.org\n").birthday == "1980-01-01"


def test_a_number_that_a_program_took_for_a_quantity() -> None:
    assert only("Name,Phone\nA,447911123456.0\n").phones[0].number == "447911123456"


@pytest.mark.parametrize(
    "table",
    [
        '"Name,""Email"",City"\n"Ann,""a@x.org"",Bath"\n"Bob,""b@x.org"",Bath"\n',
        '"Name;Email;City"\r\n"Ann;a@x.org;Bath"\r\n"Bob;b@x.org;Bath"\r\n',
    ],
)
def test_rows_that_stand_within_quotes_once_more(table: str) -> None:
    assert [(one.name, one.email, one.addresses[0].city) for one in contacts(table)] == [
        ("Ann", "a@x.org", "Bath"),
        ("Bob", "b@x.org", "Bath"),
    ]


def test_a_cell_of_quotes_and_line_ends_stops_nothing() -> None:
    assert only('Name,Email,Categories\nA,a@x.org,"0""\r0"\n').name == "A"


def test_a_form_with_very_many_questions() -> None:
    questions = [f"How did you like part {number}?" for number in range(80)]
    contact = only(",".join(["Name", "Email", *questions]) + "\nAda,a@x.org" + ",well" * 80 + "\n")
    assert (contact.name, contact.email, len(contact.custom)) == ("Ada", "a@x.org", 80)


def test_lines_that_are_people_each_in_its_own_way() -> None:
    found, rejects = both(
        "# friends\nAnn Ash, ann@x.org, 030 1234567\nBob Birch; bob@x.org\nCy Cedar <cy@x.org>\n// work\n"
        'Di Dogwood|di@x.org\n; old ones\neve@x.org\n"Elm, Fay" <fay@x.org>\n'
    )
    assert [(one.name, one.email, one.phone) for one in found] == [
        ("Ann Ash", "ann@x.org", "030 1234567"), ("Bob Birch", "bob@x.org", ""), ("Cy Cedar", "cy@x.org", ""),
        ("Di Dogwood", "di@x.org", ""), ("", "eve@x.org", ""), ("Fay Elm", "fay@x.org", ""),
    ]  # fmt: skip
    assert [(one.row, one.text) for one in rejects] == [(1, "# friends"), (5, "// work"), (7, "; old ones")]


def test_comments_and_other_separators_in_a_table() -> None:
    found, rejects = both(
        "# my list\nName,Email,Phone\nAnn Ash,ann@x.org,030 1\nBob Birch;bob@x.org;030 2\n# comment\n"
        "Cy Cedar <cy@x.org>\n; old\nDi Dogwood\tdi@x.org\t030 3\n#1 Plumbing,info@plumb.example,030 4\n"
    )
    assert [(one.name, one.email) for one in found] == [
        ("Ann Ash", "ann@x.org"), ("Bob Birch", "bob@x.org"), ("Cy Cedar", "cy@x.org"), ("Di Dogwood", "di@x.org"),
        ("#1 Plumbing", "info@plumb.example"),
    ]  # fmt: skip
    assert [one.row for one in rejects] == [5, 7]


def test_a_distribution_list_is_a_group_of_its_members() -> None:
    for table in (
        "Name,Type,E-mail,Members\nChoir,Dist list,,Ann Ash <ann@x.org>; Bob <bob@x.org>\nCy,Person,cy@x.org,\n",
        "Display Name,E-mail,Group Members\nChoir,,Ann Ash <ann@x.org>; Bob <bob@x.org>\nCy,cy@x.org,\n",
    ):
        cy, ann, bob = contacts(table)
        assert (cy.name, cy.groups) == ("Cy", ())
        assert [(one.name, one.email, one.groups) for one in (ann, bob)] == [
            ("Ann Ash", "ann@x.org", ("Choir",)), ("Bob", "bob@x.org", ("Choir",)),
        ]  # fmt: skip
    cy, *members = contacts("Name,Type,E-mail\nChoir,Mailing List,ann@x.org; bob@x.org\nCy,Person,cy@x.org\n")
    assert [(one.email, one.groups) for one in members] == [("ann@x.org", ("Choir",)), ("bob@x.org", ("Choir",))]
    _, rejects = both("Name,Type,E-mail\nChoir,Mailing List,\nCy,Person,cy@x.org\n")
    assert [one.reason for one in rejects] == ["The list “Choir” has no members."]


def test_a_contact_group_that_outlook_saved_as_text() -> None:
    found = contacts("Distribution List Name:\tChoir\n\nMembers:\n\nAnn Ash\tann@x.org\nBob Birch\tbob@x.org\n")
    assert [(one.name, one.email, one.groups) for one in found] == [
        ("Ann Ash", "ann@x.org", ("Choir",)), ("Bob Birch", "bob@x.org", ("Choir",)),
    ]  # fmt: skip


def test_a_name_that_is_a_sign_is_no_comment() -> None:
    assert [one.given_name for one in contacts("First name,E-mail\n;,a@x.org\n//x,b@x.org\n#,c@x.org\n")] == [
        ";",
        "//x",
        "#",
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("'hal@example.org'", ["hal@example.org"]),
        ("SMTP:hal@example.org", ["hal@example.org"]),
        ("mailto:hal%40example.org?subject=hi", ["hal@example.org"]),
        ("hal@example.org?subject=hi", ["hal@example.org"]),
        ("hal＠example．org", ["hal@example.org"]),
        ("hal@example.org / hal2@example.org", ["hal@example.org", "hal2@example.org"]),
        ("hal@example.org oder hal2@example.org", ["hal@example.org", "hal2@example.org"]),
        ("SMTP:hal@example.org+smtp:h+h@example.org", ["hal@example.org", "h+h@example.org"]),
        ("o'hara@example.org", ["o'hara@example.org"]),
    ],
)
def test_what_stands_around_an_address(cell: str, expected: list[str]) -> None:
    hal = only(f"Name,Email\nHal,{cell}\n")
    assert (addresses(hal), hal.custom) == (expected, {})


def test_what_an_exchange_server_lists_of_its_mailboxes() -> None:
    own = "/o=Labs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=ann"
    ann = only(
        '"DisplayName","EmailAddresses","PrimarySmtpAddress","ExternalEmailAddress"\n'
        f'"Ann Ash","smtp:aash@x.org SMTP:ann@x.org X500:{own}","ann@x.org","SMTP:ann@x.org"\n'
    )
    assert addresses(ann) == ["aash@x.org", "ann@x.org"]
    assert ann.custom == {"EmailAddresses": f"X500:{own}"}


def test_recipients_that_are_pasted_from_outlook() -> None:
    own = "/o=Labs/ou=Exchange Administrative Group/cn=Recipients/cn=bob"
    found = contacts(f"Ann Ash <ann@x.org>; Oak, Bob <{own}>; 'cy@x.org'; =?utf-8?q?D=C3=A9e?= <dee@x.org>\n")
    assert [(one.name, addresses(one), one.custom) for one in found] == [
        ("Ann Ash", ["ann@x.org"], {}),
        ("Bob Oak", [], {"E-mail": own}),
        ("", ["cy@x.org"], {}),
        ("Dée", ["dee@x.org"], {}),
    ]


def test_names_beside_addresses_read_the_same_one_by_one_and_in_a_line() -> None:
    assert [one.name for one in contacts('Ann <ann@x.org>\n"Fir, Cy" <cy@x.org>\n')] == ["Ann", "Cy Fir"]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("=?UTF-8?B?SsO2cmc=?= =?UTF-8?Q?_M=C3=BCller?=", "Jörg Müller"),
        ("=?iso-8859-1?Q?Ren=E9e?=", "Renée"),
        ("=?unheard-of?Q?Ren=E9e?=", "=?unheard-of?Q?Ren=E9e?="),
        ("=?utf-8?Q?Ren=E9e?=", "=?utf-8?Q?Ren=E9e?="),
    ],
)
def test_names_as_headers_of_mails_carry_them(cell: str, name: str) -> None:
    assert only(f"Name,Email\n{cell},a@x.org\n").name == name


def test_a_list_of_zimbra_is_a_group() -> None:
    found = contacts(
        'email,fullName,nickname,type,dlist\nann@x.org,Ann Ash,,,\n,,Choir,group,"ann@x.org, Bob Oak <bob@x.org>"\n'
    )
    assert [(one.name, addresses(one), one.groups) for one in found] == [
        ("Ann Ash", ["ann@x.org"], ()), ("", ["ann@x.org"], ("Choir",)), ("Bob Oak", ["bob@x.org"], ("Choir",)),
    ]  # fmt: skip


def test_words_of_further_programs() -> None:
    assert targets(
        "Name,State/Prov,Supplemental Address 1,General e-mail,General mobile,POCity,Sites,Proxy addresses\n"
        "Ann,BE,Flat 2,a@x.org,+49 170 1234567,Berlin,https://x.org,SMTP:a@x.org\n"
    ) == {
        "Name": "name", "State/Prov": "region", "Supplemental Address 1": "street",
        "General e-mail": "email", "General mobile": "phone:mobile", "POCity": "city", "Sites": "url",
        "Proxy addresses": "email",
    }  # fmt: skip


def test_no_number_is_no_number_with_its_full_stop() -> None:
    assert numbers("Name,Phone\nAda,k. A.\n") == []


def test_somebody_may_be_called_null_in_parts_as_well() -> None:
    ann = only("First Name,Last Name,E-mail 1 - Value\nNull,,n@x.org\n")
    assert (ann.name, ann.given_name) == ("Null", "Null")
    assert only("First Name,Last Name,E-mail 1 - Value\nnull,NULL,n@x.org\n").name == ""


def test_a_number_of_a_house_stands_behind_its_street() -> None:
    jan = only("Naam,E-mailadres,Straat,Huisnummer,Postcode,Woonplaats\nJan,j@x.nl,Dorpsstraat,12a,1234 AB,Utrecht\n")
    assert (jan.addresses[0].street, jan.custom) == ("Dorpsstraat 12a", {})
    assert targets("Name,E-Mail,Strasse,Hausnr.,PLZ\nA,a@x.org,Weg,1,10115\n")["Hausnr."] == "house_number"
    beside = "Name;E-Mail;Straße;Nr.;PLZ\nA;a@x.org;Weg;12 b;10115\nB;b@x.org;Allee;3-5;20095\n"
    assert [one.addresses[0].street for one in contacts(beside)] == ["Weg 12 b", "Allee 3-5"]
    assert targets("Nr.;Name;E-Mail;Straße\n1;A;a@x.org;Weg 1\n")["Nr."] == "custom"
    assert targets("Name;E-Mail;Straße;Nr.\nA;a@x.org;Weg 1;A-20240001\n")["Nr."] == "custom"
    twice = only("Name,E-mail,Street,House number\nA,a@x.org,1 Way 5,5\n")
    assert twice.addresses[0].street == "1 Way 5"


def test_a_phone_without_a_figure_is_kept_as_text() -> None:
    hal = only("Name,E-mail,Phone\nHal,h@x.org,ask Bob\n")
    assert (hal.phones, hal.custom) == ((), {"Phone": "ask Bob"})


def test_a_table_that_is_drawn_in_a_text() -> None:
    found, rejects = both("| Name | E-mail | Phone |\n|------|--------|-------|\n| Ann | ann@x.org | 030 1234567 |\n")
    assert [(one.name, addresses(one)) for one in found] == [("Ann", ["ann@x.org"])]
    assert [reject.reason for reject in rejects] == ["The row is a line between others, not a contact."]
