"""Dynamic variables: `{{$name}}` gets a new value each time that it is used.

A variable of the user with the same name wins; an unknown name stays as it is. The simple ones are made here. The words,
names and dates of the others come from Postman's own library, which is JavaScript: the script child makes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from runner.clock import Clock
from runner.entropy import Entropy
from runner.model.json import Json
from runner.rules.substitute import MISSING

LETTERS_AND_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

DYNAMIC: dict[str, Callable[[Clock, Entropy], Json]] = {
    "$guid": lambda clock, entropy: entropy.uuid(),
    "$randomUUID": lambda clock, entropy: entropy.uuid(),
    "$timestamp": lambda clock, entropy: math.floor(clock.now() + 0.5),
    "$isoTimestamp": lambda clock, entropy: clock.iso_now(),
    "$randomInt": lambda clock, entropy: entropy.integer(0, 1000),
    "$randomBoolean": lambda clock, entropy: bool(entropy.integer(0, 1)),
    "$randomAlphaNumeric": lambda clock, entropy: entropy.text(LETTERS_AND_DIGITS, 1),
}
"""The simple ones: a run that uses no others needs no script child for them."""

LIBRARY = "dynamic-variables"
"""The bundle that makes the others."""

GENERATED: dict[str, str] = {
    "$randomHexColor": "a colour such as `#75454d`",
    "$randomSemver": "a version such as `8.3.6`",
    "$randomColor": "the name of a colour",
    "$randomAbbreviation": "an abbreviation such as `SAS`",
    "$randomPassword": "15 letters, digits and underscores",
    "$randomPhoneNumber": "a phone number such as `303-351-7387`",
    "$randomPhoneNumberExt": "a phone number with a prefix, such as `8-893-332-9049`",
    "$randomLocale": "the code of a language",
    "$randomWord": "a word",
    "$randomWords": "2 to 5 words",
    "$randomAdjective": "an adjective of computing",
    "$randomNoun": "a noun of computing",
    "$randomVerb": "a verb of computing",
    "$randomIngverb": "a verb of computing that ends in -ing",
    "$randomPhrase": "a sentence about computers",
    "$randomFirstName": "a first name",
    "$randomLastName": "a last name",
    "$randomFullName": "a full name, sometimes with a prefix or suffix",
    "$randomNamePrefix": "a title such as `Dr.`",
    "$randomNameSuffix": "a suffix such as `Jr.`",
    "$randomJobTitle": "a job title",
    "$randomJobDescriptor": "the first word of a job title",
    "$randomJobArea": "the middle word of a job title",
    "$randomJobType": "the last word of a job title",
    "$randomCity": "a city",
    "$randomStreetName": "a street",
    "$randomStreetAddress": "a house number and a street",
    "$randomCountry": "a country",
    "$randomCountryCode": "two letters of a country",
    "$randomLatitude": "a latitude with 4 decimals",
    "$randomLongitude": "a longitude with 4 decimals",
    "$randomAvatarImage": "the URL of an avatar",
    "$randomImageUrl": "the URL of an image",
    "$randomAbstractImage": "the URL of an abstract image",
    "$randomAnimalsImage": "the URL of an image of an animal",
    "$randomBusinessImage": "the URL of an image of business",
    "$randomCatsImage": "the URL of an image of a cat",
    "$randomCityImage": "the URL of an image of a city",
    "$randomFoodImage": "the URL of an image of food",
    "$randomNightlifeImage": "the URL of an image of night life",
    "$randomFashionImage": "the URL of an image of fashion",
    "$randomPeopleImage": "the URL of an image of people",
    "$randomNatureImage": "the URL of an image of nature",
    "$randomSportsImage": "the URL of an image of sports",
    "$randomTransportImage": "the URL of an image of transport",
    "$randomImageDataUri": "an SVG image as a data URI",
    "$randomBankAccount": "8 digits",
    "$randomBankAccountName": "the kind of a bank account",
    "$randomCreditCardMask": "4 digits",
    "$randomBankAccountIban": "an IBAN",
    "$randomBankAccountBic": "a BIC",
    "$randomTransactionType": "the kind of a payment",
    "$randomCurrencyCode": "the code of a currency",
    "$randomCurrencyName": "the name of a currency",
    "$randomCurrencySymbol": "the symbol of a currency",
    "$randomBitcoin": "a Bitcoin address",
    "$randomPrice": "a number from 0.00 to 1000.00",
    "$randomCompanyName": "the name of a company",
    "$randomCompanySuffix": "the end of a company's name, such as `LLC`",
    "$randomBs": "three words of business talk",
    "$randomBsAdjective": "an adjective of business talk",
    "$randomBsBuzz": "a verb of business talk",
    "$randomBsNoun": "a noun of business talk",
    "$randomCatchPhrase": "three words of advertising",
    "$randomCatchPhraseAdjective": "an adjective of advertising",
    "$randomCatchPhraseDescriptor": "a descriptive word of advertising",
    "$randomCatchPhraseNoun": "a noun of advertising",
    "$randomDatabaseColumn": "the name of a column",
    "$randomDatabaseType": "the type of a column",
    "$randomDatabaseCollation": "a collation such as `utf8_bin`",
    "$randomDatabaseEngine": "the name of a storage engine",
    "$randomDateFuture": "a date within the next year, as JavaScript prints it",
    "$randomDatePast": "a date within the last year, as JavaScript prints it",
    "$randomDateRecent": "a date within the last day, as JavaScript prints it",
    "$randomMonth": "the name of a month",
    "$randomWeekday": "the name of a day",
    "$randomDomainName": "a domain",
    "$randomDomainSuffix": "a top-level domain",
    "$randomDomainWord": "the first part of a domain",
    "$randomEmail": "an e-mail address of a real provider",
    "$randomExampleEmail": "an e-mail address at example.com, example.net or example.org",
    "$randomUserName": "a user name",
    "$randomUrl": "a URL without a path",
    "$randomIP": "an IPv4 address",
    "$randomIPV6": "an IPv6 address",
    "$randomMACAddress": "a MAC address",
    "$randomProtocol": "`http` or `https`",
    "$randomUserAgent": "the user agent of a browser",
    "$randomFileName": "a file name of any type",
    "$randomFileType": "the first part of a media type",
    "$randomFileExt": "a file name extension",
    "$randomCommonFileName": "a file name of a common type",
    "$randomCommonFileType": "the first part of a common media type",
    "$randomCommonFileExt": "a common file name extension",
    "$randomFilePath": "the path of a file",
    "$randomDirectoryPath": "the path of a Unix folder",
    "$randomMimeType": "a media type",
    "$randomDepartment": "a department of a shop",
    "$randomProductName": "the name of a product",
    "$randomProductAdjective": "an adjective for a product",
    "$randomProductMaterial": "the material of a product",
    "$randomProduct": "a product",
    "$randomLoremWord": "a word of lorem ipsum",
    "$randomLoremWords": "3 words of lorem ipsum",
    "$randomLoremSentence": "a sentence of lorem ipsum",
    "$randomLoremSlug": "3 words of lorem ipsum joined by `-`",
    "$randomLoremSentences": "2 to 6 sentences of lorem ipsum",
    "$randomLoremParagraph": "a paragraph of lorem ipsum",
    "$randomLoremParagraphs": "3 paragraphs of lorem ipsum, one a line",
    "$randomLoremText": "lorem ipsum of any length",
    "$randomLoremLines": "1 to 5 lines of lorem ipsum",
}
"""The ones that Postman's library makes, with a description; a test compares the names with the library's."""


class DynamicValues:
    """The dynamic variables of one request.

    Values that the library must make are counted in `wanted` (name → how many) when the request is resolved, and are empty
    at first. After `supply` the request is resolved again: each occurrence gets the value that it had before, or one of the
    supplied. That is repeated until nothing is wanted.
    """

    __slots__ = ("_clock", "_entropy", "_made", "_used", "wanted")

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self._clock = clock
        self._entropy = entropy
        self._made: dict[str, list[Json]] = {}
        self._used: dict[str, int] = {}
        self.wanted: dict[str, int] = {}

    def __call__(self, name: str) -> Json:
        """The value for the next occurrence of a name; `MISSING` for an unknown name."""
        generate = DYNAMIC.get(name)
        if generate is None and name not in GENERATED:
            return MISSING
        made, at = self._made.setdefault(name, []), self._used.get(name, 0)
        self._used[name] = at + 1
        if at < len(made):
            return made[at]
        if generate is None:
            self.wanted[name] = self.wanted.get(name, 0) + 1
            return ""
        made.append(generate(self._clock, self._entropy))
        return made[at]

    def supply(self, values: Mapping[str, Sequence[Json]]) -> None:
        """Take the values that were wanted, and start again with the first occurrence of each name."""
        for name, made in values.items():
            self._made.setdefault(name, []).extend(made)
        self._used.clear()
        self.wanted = {}


def make_dynamic(clock: Clock, entropy: Entropy) -> Callable[[str], Json]:
    """A function that returns a new value for a name, or `MISSING` if it is not in `DYNAMIC`."""

    def dynamic(name: str) -> Json:
        generate = DYNAMIC.get(name)
        return MISSING if generate is None else generate(clock, entropy)

    return dynamic
