"""The languages of headings."""

from __future__ import annotations

from typing import Final

LANGUAGES: Final = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ru": "Russian",
    "sk": "Slovak",
    "sv": "Swedish", "tr": "Turkish", "zh": "Chinese",
}  # fmt: skip


DAY_FIRST: Final = frozenset(
    {"cs", "da", "de", "el", "es", "fi", "fr", "he", "it", "nl", "no", "pl", "pt", "ru", "sk", "tr"}
)
"""The languages in which 03/04/1980 is the third of April."""
