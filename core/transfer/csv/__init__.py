"""Reading CSV, as any program writes it: `recognize` a file, show or change the mapping, then `read` it.

The parts, bottom to top: encoding, dialect (cells and rows), targets and values, headings (what a heading means),
layout (where the table stands), mapping (columns to fields), setters and contacts (rows to contacts), recognition (the
value between the two steps), reading (the steps).
"""

from coterie.core.transfer.csv.reading import read, recognize
from coterie.core.transfer.csv.recognition import Column, Recognition
from coterie.core.transfer.csv.targets import TARGETS, Target, label_of, legal_target

__all__ = ["TARGETS", "Column", "Recognition", "Target", "label_of", "legal_target", "read", "recognize"]
