"""Made-up values: Insomnia's own names are Postman's, those of its plugin are groups and functions of the library faker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runner.variables.dynamic import DYNAMIC, GENERATED

_LOCALE = re.compile(r"[a-z]{2}(?:_[A-Za-z]+)*")

GROUPS: dict[str, str] = {
    "address location": "city streetName streetAddress country countryCode latitude longitude street=StreetName",
    "commerce": "department price product productAdjective productMaterial productName",
    "company": "companyName companySuffix catchPhrase bs name=CompanyName buzzPhrase=Bs",
    "database": "column=DatabaseColumn type=DatabaseType collation=DatabaseCollation engine=DatabaseEngine",
    "datatype number random string": "uuid=UUID boolean alphaNumeric alphanumeric=AlphaNumeric int number=Int"
    " word words locale",
    "date": "past=DatePast future=DateFuture recent=DateRecent month weekday",
    "finance": "currencyCode currencyName currencySymbol transactionType bic=BankAccountBic iban=BankAccountIban"
    " account=BankAccount accountNumber=BankAccount accountName=BankAccountName bitcoinAddress=Bitcoin",
    "hacker": "abbreviation adjective noun verb ingverb phrase",
    "image": "avatar=AvatarImage url=ImageUrl imageUrl",
    "internet": "email exampleEmail userName username=UserName url domainName domainSuffix domainWord ip=IP ipv4=IP"
    " ipv6=IPV6 mac=MACAddress password userAgent protocol color=HexColor",
    "lorem": "word=LoremWord words=LoremWords sentence=LoremSentence sentences=LoremSentences paragraph=LoremParagraph"
    " paragraphs=LoremParagraphs text=LoremText slug=LoremSlug lines=LoremLines",
    "name person": "firstName lastName fullName findName=FullName prefix=NamePrefix suffix=NameSuffix jobTitle jobArea"
    " jobDescriptor jobType",
    "phone": "phoneNumber number=PhoneNumber",
    "system": "fileName fileType fileExt commonFileName commonFileType commonFileExt filePath directoryPath mimeType"
    " semver",
}
"""By the names of a group: its functions, each with what stands behind `random` in Postman where that is another name."""

NAMES: dict[str, str] = {}
for _groups, _functions in GROUPS.items():
    for _function in _functions.split():
        _name, _, _other = _function.partition("=")
        for _group in _groups.split():
            NAMES[f"{_group}.{_name}"] = "random" + (_other or _name[0].upper() + _name[1:])


def dynamic_name(words: Sequence[str]) -> str:
    """Postman's name of a made-up value, without its `$`; empty if it has none.

    The words of the plugin are a group, a function among empty words, and a locale: `person`, ``, `fullName`, `pt_BR`.
    """
    given = [word for word in words if word]
    if not given:
        return ""
    if len(given) > 2 and _LOCALE.fullmatch(given[-1]):
        given.pop()
    name = NAMES.get(".".join(given[:2]), given[0] if len(given) == 1 else "")
    return name if f"${name}" in DYNAMIC or f"${name}" in GENERATED else ""
