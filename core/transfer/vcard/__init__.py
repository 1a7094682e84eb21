"""vCard in and out: versions 2.1, 3.0 and 4.0 are read, 3.0 and 4.0 written."""

from coterie.core.transfer.vcard.merging import write_card
from coterie.core.transfer.vcard.reading import Reading, parse_card, read
from coterie.core.transfer.vcard.writing import Version

__all__ = ["Reading", "Version", "parse_card", "read", "write_card"]
