"""Words that names, companies and jobs are made of, by the way in which they are written."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES: Final = _words(
    "van von vom zu zum zur der den des de del della di da dal dalla do dos das du la le ter ten y af av bin ibn bint"
    " el"
)
"""Words between given and family name that are written small."""
SMALL: Final = _words(
    "a an and as at by for from in of on or the to with und oder der die das des dem den für im am an auf bei mit von"
    " vom zu zum zur et de du des la le les en au aux pour y el los las del al di da della dei degli per con van het op"
    " te voor"
)
"""Words inside the names of companies, streets and jobs that are written small."""
ABBREVIATIONS: Final = {
    word.casefold(): word
    for word in _words(
        "IBM SAP BMW BASF AXA UBS HSBC AWS BBC CNN NBC ABB AEG VW DHL UPS KLM SAS GmbH mbH AG UG KG KGaA OHG GbR eG SE"
        " SA SARL SRL SpA BV NV AB AS ASA Oyj PLC LLC LLP LP Ltd Inc Corp Co Pty USA UK EU UAE UN NATO NASA UNESCO"
        " UNICEF WHO CEO CTO CFO COO CIO CMO HR PR IT QA UX UI VP SVP EVP R&D PhD MD MBA BSc MSc BA MA DDS MP QC KC PwC"
        " KPMG EY TV FM PC AI"
    )
}
"""Words with letters of their own, in companies and jobs."""
IN_NAMES: Final = {
    word.casefold(): word
    for word in _words("PhD MD MBA BSc MSc DDS MP QC KC II III IV VI VII VIII JP JJ CJ TJ DJ PJ RJ BJ MJ")
}
"""The same in the names of people."""
MAC: Final = _words(
    "macdonald macgregor mackenzie macleod macarthur macintyre macpherson macmillan macdougall macfarlane macneil"
    " macbride maclean macauley macallister maccormack"
)
"""Family names in which Mac is followed by a capital."""
TITLES: Final = _words(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sr sister hon capt captain col"
    " colonel gen general lt sgt maj major herr frau dipl-ing dipl mag ing m mme mlle monsieur madame don doña dott"
    " dottssa sig sigra señor señora"
)
"""Titles before a name, without their dots."""
SUFFIXES: Final = _words("jr sr ii iii iv phd md mba esq dds bsc msc ma ba qc kc obe mbe cbe mp ret")
"""Suffixes after a name, without their dots."""
BEFORE_FAMILY: Final = PARTICLES | _words("al bint st")
"""Words that belong to the family name although they stand before it."""
