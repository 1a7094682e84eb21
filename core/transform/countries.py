"""Countries by the names that people write in addresses, as ISO 3166 codes; codes themselves are understood, too."""

from __future__ import annotations

from typing import Final

from coterie.core.text import fold

_NAMES: Final = {
    "AE": "United Arab Emirates, UAE", "AR": "Argentina", "AT": "Austria, Österreich", "AU": "Australia",
    "BE": "Belgium, België, Belgique, Belgien", "BG": "Bulgaria", "BR": "Brazil, Brasil, Brasilien", "CA": "Canada",
    "CH": "Switzerland, Schweiz, Suisse, Svizzera", "CL": "Chile", "CN": "China", "CO": "Colombia",
    "CZ": "Czechia, Czech Republic, Česko, Tschechien", "DE": "Germany, Deutschland, Allemagne, Alemania",
    "DK": "Denmark, Danmark, Dänemark", "EE": "Estonia, Eesti", "EG": "Egypt", "ES": "Spain, España, Spanien, Espagne",
    "FI": "Finland, Suomi, Finnland", "FR": "France, Frankreich, Francia",
    "GB": "United Kingdom, UK, Great Britain, England, Scotland, Wales, Northern Ireland, Großbritannien",
    "GH": "Ghana", "GR": "Greece, Griechenland", "HK": "Hong Kong", "HR": "Croatia, Hrvatska", "HU": "Hungary, Ungarn",
    "ID": "Indonesia", "IE": "Ireland, Éire, Irland", "IL": "Israel", "IN": "India, Indien", "IS": "Iceland",
    "IT": "Italy, Italia, Italien, Italie", "JP": "Japan, 日本", "KE": "Kenya", "KR": "South Korea, Korea",
    "LI": "Liechtenstein", "LT": "Lithuania", "LU": "Luxembourg, Luxemburg", "LV": "Latvia", "MA": "Morocco, Maroc",
    "MX": "Mexico, México", "MY": "Malaysia", "NG": "Nigeria", "NL": "Netherlands, The Netherlands, Nederland, Holland,"
    " Niederlande", "NO": "Norway, Norge, Norwegen", "NZ": "New Zealand", "PE": "Peru", "PH": "Philippines",
    "PK": "Pakistan", "PL": "Poland, Polska, Polen", "PT": "Portugal", "RO": "Romania, Rumänien",
    "RS": "Serbia", "RU": "Russia, Россия", "SA": "Saudi Arabia", "SE": "Sweden, Sverige, Schweden",
    "SG": "Singapore", "SI": "Slovenia", "SK": "Slovakia", "TH": "Thailand", "TN": "Tunisia",
    "TR": "Turkey, Türkiye", "TW": "Taiwan", "UA": "Ukraine", "UG": "Uganda",
    "US": "United States, United States of America, USA, U.S.A., America", "VN": "Vietnam", "ZA": "South Africa",
}  # fmt: skip
_CODES: Final = {fold(name.strip()): code for code, names in _NAMES.items() for name in names.split(",")}


def country_code(text: str) -> str:
    """The ISO 3166 code of a country; empty if it is not known."""
    wanted = fold(text)
    if wanted in _CODES:
        return _CODES[wanted]
    return wanted.upper() if len(wanted) == 2 and wanted.isascii() and wanted.isalpha() else ""
