"""The account that `coterie --demo` offers: invented people in memory, to try connecting and syncing with."""

from __future__ import annotations

from typing import ClassVar

from coterie.core.model import Contact, Email, Phone
from coterie.core.provider import Setup
from coterie.core.sign_in import Identity, Option, SignInPrompter
from coterie.providers.memory import MemoryProvider, MemorySource

_PEOPLE = (
    ("Nia", "Okafor", "Harbour Library", "Archivist", ("Readers",)),
    ("Teodor", "Lindqvist", "Norrsken Boats", "Carpenter", ("Sailing",)),
    ("Mei", "Tanaka", "Tanaka Ceramics", "Owner", ("Readers", "Market")),
    ("Rafael", "Duarte", "", "", ("Sailing",)),
    ("Ottilie", "Brandt", "Radio Elbe", "Editor", ("Readers",)),
)


def _source() -> MemorySource:
    source = MemorySource()
    for number, (given, family, company, title, groups) in enumerate(_PEOPLE):
        source.put(
            Contact(
                name=f"{given} {family}",
                given_name=given,
                family_name=family,
                emails=(Email(f"{given}.{family}@example.net".lower()),),
                phones=(Phone(f"+44 20 7946 01{number:02}"),),
                company=company,
                job_title=title,
                groups=groups,
                favorite=number == 0,
            )
        )
    return source


class DemoProvider(MemoryProvider):
    """Signs in without questions; it is the same account for as long as the program runs."""

    id: ClassVar[str] = "demo"
    label: ClassVar[str] = "Demo account"
    options: ClassVar[tuple[Option, ...]] = ()
    source_of_all: ClassVar[MemorySource] = _source()

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup, self.source_of_all)

    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Allow everything at once."""
        await self.setup.tokens.save("allowed")
        return Identity("demo@example.net", "Demo")
