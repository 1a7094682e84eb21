"""Phone numbers in international and in national form, by the rules of Google's libphonenumber."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from coterie.core.errors import InvalidValue
from coterie.core.model import Contact
from coterie.core.transform.countries import country_code

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_EXTENSION: Final = " ext. "


def country_of(contact: Contact) -> str:
    """The code of the country in the contact's first address that names one; empty if none does."""
    return next((code for address in contact.addresses if (code := country_code(address.country))), "")


def international(number: str, country: str) -> str:
    """`number` in E.164, with its extension: `+442079460958`. Raises InvalidValue.

    Args:
        number: as people write it.
        country: a country's code or name; needed if the number does not begin with + itself.
    """
    import phonenumbers

    parsed = _parsed(number, _region(country))
    digits = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return digits + (f"{_EXTENSION}{parsed.extension}" if parsed.extension else "")


def national(number: str, country: str) -> str:
    """`number` as it is dialed inside the country; in international form if it is another country's.

    Raises InvalidValue.
    """
    import phonenumbers

    region = _region(country)
    parsed = _parsed(number, region)
    here = not region or phonenumbers.country_code_for_region(region) == parsed.country_code
    form = phonenumbers.PhoneNumberFormat.NATIONAL if here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def _region(country: str) -> str:
    if not country:
        return ""
    import phonenumbers

    calling = country.strip().removeprefix("+")
    is_code = country.strip().startswith("+") and calling.isascii() and calling.isdigit()
    region = phonenumbers.region_code_for_country_code(int(calling)) if is_code else country_code(country)
    if region not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidValue("phones", f"“{country}” is not a known country.", "Write its code, such as “GB”.")
    return region


@lru_cache(4096)
def _parsed(number: str, region: str) -> PhoneNumber:
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException as error:
        unknown = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        if unknown and not region and any(char.isdecimal() for char in number):
            title = f"“{number}” does not say its country."
            raise InvalidValue("phones", title, 'Name it: e164(phone, "GB").') from error
        raise InvalidValue("phones", f"“{number}” is not a phone number.") from error
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidValue("phones", f"“{number}” is not a phone number: {_WRONG.get(reason, 'it cannot be')}.")
    return parsed


_WRONG: Final = {
    1: "there is no such country",
    2: "it is too short",
    3: "it is too long",
    4: "it lacks its area code",
    5: "it has a wrong number of digits",
}
"""By the values of `phonenumbers.ValidationResult`."""
