"""Does it hold somebody's personal data: addresses, numbers, accounts, a name, a trait's value?

Personal words reach a page through placeholders alone; whatever stands here in letters is wrong.
"""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers
from django.utils.translation import gettext as _
from stdnum import iban, luhn

from personalization.drafts.checks.brand import places
from personalization.drafts.checks.lists import listed
from personalization.drafts.checks.texts import Text, folded, texts
from personalization.drafts.values import Finding, Subject

MAIL: Final = re.compile(r"[\w.+%-]+@([\w-]+(?:\.[\w-]+)+)")
CARD: Final = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){12,18}(?![\d.,]?\d)")
ACCOUNT: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")
TITLED: Final = re.compile(r"\b(?:Mrs?|Ms|Miss|Dr|Herrn?|Frau)\.? +([^\W\d_][\w’'-]+)")
GREETED: Final = re.compile(
    r"\b(?:Hi|Hello|Hey|Dear|Welcome(?: back)?|Hallo|Liebe[rs]?|Guten (?:Tag|Morgen|Abend)"
    r"|Servus|Moin|Willkommen(?: zurück)?|Bonjour|Cher|Chère|Ciao|Hola)\b[, ]+"
    r"([A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ’'-]+)(?= *[,!.:–—-]|$)"
)
NOBODY: Final = frozenset(listed("words")["nobody"].split())
REGIONS: Final = {"de": "DE", "en": "GB", "fr": "FR", "it": "IT", "es": "ES", "nl": "NL"}


def check(subject: Subject) -> Iterator[Finding]:
    for text in texts(subject.fields, subject.block):
        yield from _addresses(text, subject)
        if text.is_prose:
            yield from _numbers(text, subject)
            yield from _names(text)
            yield from _values(text, subject)


def _addresses(text: Text, subject: Subject) -> Iterator[Finding]:
    for found in MAIL.finditer(text.raw):
        if found[1].lower() not in subject.guide.allowed_hosts:
            sentence = _("An e-mail address. Take it out, or allow its host in the brand guide.")
            yield Finding("mail_address", text.path, sentence, True, *found.span())


def _numbers(text: Text, subject: Subject) -> Iterator[Finding]:
    plain = text.plain
    for found in CARD.finditer(plain):
        if luhn.is_valid(re.sub(r"[ -]", "", found[0])):
            yield Finding("card_number", text.path, _("A card number."), True, *found.span())
    for found in ACCOUNT.finditer(plain):
        if iban.is_valid(found[0]):
            yield Finding("account", text.path, _("An account number."), True, *found.span())
    language, _dash, region = subject.locale.partition("-")
    near = region.upper() or REGIONS.get(language.lower(), "GB")
    known = {re.sub(r"\D", "", each) for each in subject.told}
    for number in phonenumbers.PhoneNumberMatcher(plain, near):
        if re.sub(r"\D", "", number.raw_string) not in known:
            yield Finding(
                "phone_number", text.path, _("A phone number."), True, number.start, number.end
            )


def _names(text: Text) -> Iterator[Finding]:
    for pattern, is_hard in ((TITLED, True), (GREETED, False)):
        for found in pattern.finditer(text.plain):
            if found[1].casefold() not in NOBODY and found[1][0].isupper():
                sentence = _("This names somebody. Write {{ %s }} with a fallback.")
                said = sentence % "visitor.first_name | default(“…”)"
                yield Finding("personal_name", text.path, said, is_hard, *found.span(1))


def _values(text: Text, subject: Subject) -> Iterator[Finding]:
    seen = folded(text.plain)
    for value in sorted(subject.values):
        for start, end in places(seen, value):
            sentence = _("“%s” is a value of a visitors’ trait. Use its placeholder.")
            said = sentence % text.raw[start:end]
            yield Finding("trait_value", text.path, said, False, start, end)
