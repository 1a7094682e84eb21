"""A card of each server's own dialect, as their users get them: every line but the one that is changed must survive.

The lines are those that the programs behind these servers write: iOS and macOS (iCloud), Google's CardDAV, Nextcloud's
Contacts on sabre/dav, Fastmail's Cyrus, what Thunderbird and Evolution store on Radicale, and Baïkal with DAVx5.
"""

from __future__ import annotations

from typing import Final

ICLOUD: Final = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iCloud Web Address Book 2023B1//EN
N:Lovelace;Ada;King;Dr.;
FN:Dr. Ada King Lovelace
X-PHONETIC-FIRST-NAME:AY-da
X-PHONETIC-LAST-NAME:LUV-lace
ORG:Analytical Engines;Research;
TITLE:Programmer
item1.EMAIL;type=INTERNET;type=pref:ada@home.example
item1.X-ABLabel:Castle
EMAIL;type=INTERNET;type=WORK:ada@work.example
TEL;type=CELL;type=VOICE;type=pref:+44 20 7946 0000
item2.TEL:+44 20 7946 0001
item2.X-ABLabel:_$!<HomeFAX>!$_
item3.ADR;type=HOME;type=pref:;;12 St James's Square;London;;SW1Y 4JH;United
  Kingdom
item3.X-ABADR:gb
item3.X-APPLE-SUBLOCALITY:St James's
NOTE:First line\\nsecond line\\, with a comma that makes it long enough to be f
 olded by the program that wrote it
item4.X-ABDATE;type=pref:1835-07-08
item4.X-ABLabel:_$!<Anniversary>!$_
item5.X-ABRELATEDNAMES;type=pref:Lord Byron
item5.X-ABLabel:_$!<Father>!$_
IMPP;X-SERVICE-TYPE=Skype;type=WORK;type=pref:skype:ada.lovelace
X-SOCIALPROFILE;type=twitter;x-user=ada:http://twitter.com/ada
BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/4QBYRXhpZgAATU0AKgAA
 9T9mwR4XxpqYOf+gBff/Gq/BGil7KIe1Z//9k=
REV:2026-01-02T03:04:05Z
UID:8f1c2d3e-0000-4000-8000-000000000001
END:VCARD
"""

GOOGLE: Final = """BEGIN:VCARD
VERSION:3.0
N:Lovelace;Ada;;;
FN:Ada Lovelace
REV:2026-01-02T03:04:05Z
UID:5a1b2c3d4e5f
ORG;TYPE=WORK:Analytical Engines
TITLE:Programmer
ADR;TYPE=HOME:;;12 St James's Square;London;;SW1Y 4JH;United Kingdom;12 St J
 ames's Square\\nLondon SW1Y 4JH\\nUnited Kingdom
LABEL;TYPE=HOME:12 St James's Square\\nLondon SW1Y 4JH\\nUnited Kingdom
ADR;TYPE=WORK:;;1 Mill Lane;Cambridge;;CB2 1RX;United Kingdom
EMAIL;TYPE=INTERNET;TYPE=HOME:ada@home.example
item1.EMAIL;TYPE=INTERNET:ada@club.example
item1.X-ABLabel:Club
TEL;TYPE=CELL:+44 20 7946 0000
item2.TEL:+44 20 7946 0001
item2.X-ABLabel:_$!<HomeFAX>!$_
X-GENDER:F
item3.URL:https\\://example.org/ada
item3.X-ABLabel:_$!<HomePage>!$_
NOTE:First line
X-GOOGLE-TALK:ada@home.example
PHOTO:https://lh3.googleusercontent.com/contacts/abcdef
END:VCARD
"""

NEXTCLOUD: Final = """BEGIN:VCARD
VERSION:4.0
PRODID:-//Nextcloud Contacts v6.0.0
UID:0a1b2c3d-0000-4000-8000-000000000002
FN:Ada Lovelace
N:Lovelace;Ada;;;
ADR;TYPE=HOME;LABEL="12 St James's Square":;;12 St James's Square;London;;SW1Y 4JH;UK
EMAIL;TYPE=HOME:ada@home.example
EMAIL;TYPE="WORK,INTERNET";PREF=1:ada@work.example
TEL;TYPE="HOME,VOICE":+44 20 7946 0000
TITLE;LANGUAGE=en;ALTID=1:Programmer
TITLE;LANGUAGE=fr;ALTID=1:Programmeuse
CATEGORIES:Family,Choir
X-SOCIALPROFILE;TYPE=MASTODON:https://mathstodon.xyz/@ada
X-MANAGERSNAME:Charles Babbage
RELATED;TYPE=CONTACT:urn:uuid:0a1b2c3d-0000-4000-8000-000000000003
PHOTO;ENCODING=b;TYPE=image/jpeg:/9j/4AAQSkZJRgABAQAAAQABAAD
BDAY;VALUE=DATE:18151210
ANNIVERSARY;VALUE=DATE:18350708
REV;VALUE=DATE-AND-OR-TIME:20260102T030405Z
END:VCARD
"""

FASTMAIL: Final = """BEGIN:VCARD
VERSION:3.0
PRODID:-//CyrusIMAP.org//Cyrus 3.9.0//EN
UID:3c4d5e6f-0000-4000-8000-000000000004
N:Lovelace;Ada;;;
FN:Ada Lovelace
NICKNAME:Countess
EMAIL;TYPE=home;TYPE=pref:ada@home.example
EMAIL;TYPE=work:ada@work.example
TEL;TYPE=cell:+44 20 7946 0000
ADR;TYPE=home:;;12 St James's Square;London;;SW1Y 4JH;UK
ORG:Analytical Engines;Research
X-ADDRESSBOOKSERVER-PHOTO:none
X-FM-ONLINE;TYPE=twitter:ada
ONLINE;TYPE=other;X-LABEL=Blog:https://example.org/blog
NOTE;CHARSET=UTF-8:Zürich
REV:20260102T030405Z
END:VCARD
"""

RADICALE: Final = """BEGIN:VCARD
VERSION:4.0
UID:4d5e6f70-0000-4000-8000-000000000005
EMAIL;PREF=1:ada@home.example
EMAIL:ada@work.example
FN:Ada Lovelace
N:Lovelace;Ada;;;
NOTE:First line\\nsecond line
TEL;TYPE=cell;VALUE=TEXT:+44 20 7946 0000
X-CUSTOM1;VALUE=TEXT:one
X-EVOLUTION-FILE-AS:Lovelace\\, Ada
X-MOZILLA-HTML:FALSE
X-RADICALE-NAME:4d5e6f70.vcf
SPECIAL_DATE;VALUE=DATE;CALSCALE=gregorian:20200101
GEO:geo:51.5072,-0.1325
END:VCARD
"""

BAIKAL: Final = """BEGIN:VCARD
VERSION:4.0
PRODID:+//IDN bitfire.at//DAVx5/4.3 ez-vcard/0.12.1
UID:5e6f7081-0000-4000-8000-000000000006
FN:Ada Lovelace
N;SORT-AS="Lovelace,Ada":Lovelace;Ada;King,Noel;Dr.;
X-PHONETIC-FIRST-NAME:AY-da
TEL;TYPE=cell;PREF=1:+44 20 7946 0000
group1.TEL:+44 20 7946 0001
group1.X-ABLABEL:Laboratory
EMAIL;TYPE=home:ada@home.example
IMPP:xmpp:ada@home.example
NICKNAME:Countess
ORG:Analytical Engines;Research;Team 1
ROLE:Poet of science
TITLE:Programmer
ADR;TYPE=home;LABEL="12 St James's Square\\nLondon":;;12 St James's Square;
 London;;SW1Y 4JH;UK
X-DAVDROID-UNKNOWN;X-A="b:c;d":kept\\, too
KEY;MEDIATYPE=application/pgp-keys:ftp://example.org/keys/ada
BDAY:--1210
REV:20260102T030405Z
END:VCARD
"""

_AS_WRITTEN: Final = {
    "iCloud": ICLOUD,
    "Google": GOOGLE,
    "Nextcloud": NEXTCLOUD,
    "Fastmail": FASTMAIL,
    "Radicale": RADICALE,
    "Baikal": BAIKAL,
}
DIALECTS: Final = {name: card.replace("\n", "\r\n") for name, card in _AS_WRITTEN.items()}
