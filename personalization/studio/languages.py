"""The languages of a content: their names, and which others could be added."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info

LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Language:
    locale: str
    name: str
    is_first: bool  # the site's own, to which the others fall back


def languages(locales: Iterable[str]) -> list[Language]:
    return [Language(each, language_name(each), n == 0) for n, each in enumerate(locales)]


def languages_beside(locales: Iterable[str]) -> list[tuple[str, str]]:
    """Further languages by name: (locale, name)."""
    taken = {each.lower() for each in locales}
    known = ((code, info) for code, info in LANG_INFO.items() if "name_local" in info)
    found = [(code, str(info["name_local"]).capitalize()) for code, info in known]
    return sorted((each for each in found if each[0] not in taken), key=lambda each: each[1])


def is_locale(text: str) -> bool:
    return LOCALE.fullmatch(text) is not None


def language_name(locale: str) -> str:
    """As its speakers call it; of a country's own way with the country: Deutsch (CH)."""
    language, _dash, rest = locale.partition("-")
    for code in (locale.lower(), language.lower()):
        try:
            name = str(get_language_info(code)["name_local"]).capitalize()
        except KeyError:
            continue
        return f"{name} ({rest})" if rest and code == language.lower() else name
    return locale
