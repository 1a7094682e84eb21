"""Which field each column of a file becomes: as the user chose for the last file with the same headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coterie.core.errors import InvalidInput
from coterie.core.transfer.importing import StagedImport
from coterie.tui.memory import Memory

_MEMORY = "import-mappings"


class ImportMappings:
    """The mappings that the user chose, one for each set of headings.

    Args:
        memory: what keeps them.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def _all(self) -> dict[str, Any]:
        mappings = self._memory.recall(_MEMORY)
        return mappings if isinstance(mappings, dict) else {}

    async def applied(self, staged: StagedImport) -> StagedImport | None:
        """The file with its columns mapped as last time; None if nothing was chosen for these headings."""
        mapping = self._all().get(staged.recognition.signature) if staged.recognition else None
        if not mapping or not isinstance(mapping, dict):
            return None
        try:
            return await staged.remap({str(heading): str(target) for heading, target in mapping.items()})
        except InvalidInput:
            return None  # the fields have changed since: what is recognized now is better

    def keep(self, staged: StagedImport) -> None:
        """Keep the mapping that this file was imported with, if the user chose one."""
        if staged.recognition and staged.options.mapping:
            mapping = dict(staged.options.mapping)
            self._memory.remember(_MEMORY, {**self._all(), staged.recognition.signature: mapping})


async def as_before(staged: StagedImport, sheet: str, mapping: Mapping[str, str]) -> StagedImport:
    """The file with this sheet and this mapping of its columns, as far as it still has them."""
    if sheet and staged.recognition and sheet in staged.recognition.sheets:
        staged, _ = await staged.on_sheet(sheet)
    try:
        return await staged.remap(mapping) if mapping else staged
    except InvalidInput:
        return staged
