"""What visitors are told where a site must say that a model wrote a text.

In:  a language. Out: a line of HTML behind the block, in that language; a mark in JSON data.

Visitors read more languages than the studio speaks, so the line is kept here, not in catalogues.
"""

from typing import Any, Final

from markupsafe import Markup

MARK: Final = "generated"
ENGLISH: Final = "en"
LINES: Final = {
    "cs": "Napsáno s pomocí AI",
    "da": "Skrevet med AI",
    "de": "Mit KI verfasst",
    ENGLISH: "Written with AI",
    "es": "Escrito con IA",
    "fi": "Kirjoitettu tekoälyn avulla",
    "fr": "Rédigé avec l’IA",
    "hu": "MI segítségével írva",
    "it": "Scritto con l’IA",
    "ja": "AIを使って作成",
    "nl": "Geschreven met AI",
    "nb": "Skrevet med KI",
    "pl": "Napisane z pomocą AI",
    "pt": "Escrito com IA",
    "sv": "Skrivet med AI",
    "tr": "Yapay zekâ ile yazıldı",
    "uk": "Написано за допомогою ШІ",
}


def note_of(locale: str) -> str:
    """A line that everybody can read: no picture, nothing to hover over."""
    language = locale.replace("_", "-").split("-", maxsplit=1)[0].lower()
    language = language if language in LINES else ENGLISH
    line = Markup('<p class="pz-generated" lang="{}">{}</p>')
    return str(line.format(language, LINES[language]))


def with_mark(value: Any) -> Any:  # JSON
    """Data that is no object has no place for it; publishing refuses that."""
    return {**value, MARK: True} if isinstance(value, dict) else value
