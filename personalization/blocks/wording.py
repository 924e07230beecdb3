"""Amounts, numbers and dates as a language writes them.

In:  minor units and a currency, a number, an instant; a locale such as `de-CH`.
Out: text for a person.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import dateformat, formats, translation
from django.utils.translation import to_locale

from personalization.money import exponent

SYMBOLS = {
    "AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "CZK": "Kč", "DKK": "kr.", "EUR": "€",
    "GBP": "£", "ILS": "₪", "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NOK": "kr",
    "NZD": "NZ$", "PHP": "₱", "PLN": "zł", "RUB": "₽", "SEK": "kr", "THB": "฿", "TRY": "₺",
    "UAH": "₴", "USD": "$", "VND": "₫",
}  # fmt: skip
SYMBOL_FIRST = frozenset(["en", "ja", "zh", "ko", "nl", "hi", "th", "he", "tr", "ga", "mt"])
FIRST_WITH_BLANK = frozenset({"nl", "de-at", "de-ch", "de-li", "fr-ch", "it-ch", "pt-br", "nb"})
NAMED_PATTERNS = frozenset(
    {"DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "SHORT_DATE_FORMAT", "MONTH_DAY_FORMAT"}
)
NO_BREAK = "\N{NO-BREAK SPACE}"


@lru_cache(maxsize=8192)
def money(minor: int, currency: str, locale: str) -> str:
    """1234 EUR is €12.34 in English, 12,34 € in German."""
    places = exponent(currency)
    amount = number(abs(minor) / 10**places, locale, places)
    symbol = SYMBOLS.get(currency, currency)
    sign = "-" if minor < 0 else ""
    if not symbol:
        return sign + amount
    tag = locale.lower()
    if tag in FIRST_WITH_BLANK or _language(locale) in FIRST_WITH_BLANK:
        return f"{symbol}{NO_BREAK}{sign}{amount}"
    if _language(locale) in SYMBOL_FIRST:
        gap = NO_BREAK if symbol.isalpha() else ""
        return f"{sign}{symbol}{gap}{amount}"
    return f"{sign}{amount}{NO_BREAK}{symbol}"


def number(value: float, locale: str, places: int | None = None) -> str:
    """With the language's decimal mark and groups of three."""
    decimal, group = _separators(locale)
    if places is None:
        places = 0 if float(value).is_integer() else 2
    return f"{value:,.{places}f}".translate({ord(","): group, ord("."): decimal})


def day(value: date | datetime, locale: str, zone: str, pattern: str = "DATE_FORMAT") -> str:
    """A date in the site's zone, in the language's usual form or by Django's pattern."""
    if isinstance(value, datetime):
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone))
    with translation.override(known_language(locale)):
        return dateformat.format(
            value, formats.get_format(pattern) if pattern in NAMED_PATTERNS else pattern
        )


@lru_cache(maxsize=512)
def known_language(locale: str) -> str:
    """The closest language that Django can write; English beneath."""
    for candidate in (locale.lower(), _language(locale)):
        if translation.check_for_language(to_locale(candidate)):
            return candidate
    return "en"


@lru_cache(maxsize=512)
def _separators(locale: str) -> tuple[str, str]:
    if locale.lower() in ("de-ch", "de-li", "it-ch"):
        return ".", "’"
    language = known_language(locale)
    decimal = formats.get_format("DECIMAL_SEPARATOR", lang=language, use_l10n=True)
    group = formats.get_format("THOUSAND_SEPARATOR", lang=language, use_l10n=True)
    return str(decimal), str(group)


def _language(locale: str) -> str:
    return locale.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0].lower()
