"""The attributes of directories (RFC 4519, RFC 2798, Active Directory, Thunderbird), in small letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coterie.core.transfer.csv.values import words

TARGETS: Final = {
    attribute: target
    for target, attributes in {
        "name": "cn commonname displayname",
        "given_name": "givenname gn",
        "family_name": "sn surname",
        "suffix": "generationqualifier",
        "prefix": "personaltitle",
        "nickname": "mozillanickname xmozillanickname nickname",
        "email": (
            "mail rfc822mailbox mozillasecondemail xmozillasecondemail mailalternateaddress proxyaddresses othermailbox"
        ),
        "company": "o company organizationname",
        "department": "ou department departmentname orgunit organizationalunitname",
        "job_title": "title",
        "phone:work": "telephonenumber",
        "phone": "othertelephone",
        "phone:home": "homephone hometelephonenumber otherhomephone",
        "phone:mobile": "mobile cellphone mobiletelephonenumber carphone othermobile",
        "phone:fax": "facsimiletelephonenumber fax otherfacsimiletelephonenumber",
        "phone:pager": "pager pagerphone pagertelephonenumber otherpager",
        "phone:ISDN": "internationalisdnnumber",
        "street:work": "street streetaddress mozillaworkstreet2 workstreet2",
        "address:work": "postaladdress",
        "address:home": "homepostaladdress",
        "po_box:work": "postofficebox",
        "city:work": "l locality localityname",
        "region:work": "st region stateorprovincename",
        "postal_code:work": "postalcode zip",
        "country:work": "co c countryname friendlycountryname",
        "street:home": "mozillahomestreet homestreet mozillahomestreet2 homestreet2",
        "city:home": "mozillahomelocalityname homelocality",
        "region:home": "mozillahomestate homestate",
        "postal_code:home": "mozillahomepostalcode homepostalcode",
        "country:home": "mozillahomecountryname homecountryname",
        "url:home": "mozillahomeurl homeurl",
        "url:work": "mozillaworkurl workurl",
        "url": "labeleduri labeledurl url wwwhomepage",
        "notes": "description notes info",
        "birth_day": "birthday",
        "birth_month": "birthmonth",
        "birth_year": "birthyear",
        "groups": "category categories",
    }.items()
    for attribute in attributes.split()
}
"""What each attribute becomes, as a target of `core.transfer.csv.targets`."""

CALLED: Final = {
    "nsaimid": "AIM", "nscpaimscreenname": "AIM", "mozillacustom1": "Custom 1", "mozillacustom2": "Custom 2",
    "mozillacustom3": "Custom 3", "mozillacustom4": "Custom 4", "custom1": "Custom 1", "custom2": "Custom 2",
    "custom3": "Custom 3", "custom4": "Custom 4", "employeenumber": "Employee number", "manager": "Manager",
    "employeetype": "Employee type", "preferredlanguage": "Language", "roomnumber": "Room", "initials": "Initials",
    "physicaldeliveryofficename": "Office", "ipphone": "IP phone", "memberof": "Member of",
    "proxyaddresses": "Further addresses", "businesscategory": "Business category", "uid": "User name",
}  # fmt: skip
"""How custom fields are called whose attributes are not what people say."""

SAID_ONCE: Final = frozenset({"name", "country:work"})
"""What several attributes say in other words: the first that has a value is taken."""

PASSED_OVER: Final = words(
    "dn|changetype|control|objectclass|modifytimestamp|createtimestamp|modifiersname|creatorsname|entryuuid|entrycsn|"
    "entrydn|structuralobjectclass|subschemasubentry|hassubordinates|contextcsn|mozillausehtmlmail|usehtmlmail|"
    "xmozillausehtmlmail|mozillaabpersonuuid|userpassword|shadowlastchange|jpegphoto|photo|audio|usercertificate|"
    "usersmimecertificate|userpkcs12|cacertificate|homedirectory|loginshell|uidnumber|gidnumber|gecos|member|"
    "uniquemember|memberuid|memberurl|lastmodifieddate"
)
"""What a directory says about its entries and not about people, and what nobody may read."""


def is_directory(headings: Iterable[str]) -> bool:
    """Whether the headings of a table are attributes, as `csvde` and `ldapsearch` with a converter write them."""
    names = {heading.strip().lower() for heading in headings}
    return "sn" in names and not names.isdisjoint({"cn", "givenname", "objectclass", "dn"})
