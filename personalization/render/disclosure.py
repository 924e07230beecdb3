"""What visitors are told where a site must say that a model wrote a text or drew a picture.

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
DRAWN: Final = {
    "cs": "Obrázek vytvořen s pomocí AI",
    "da": "Billede lavet med AI",
    "de": "Bild mit KI erstellt",
    ENGLISH: "Picture made with AI",
    "es": "Imagen creada con IA",
    "fi": "Kuva luotu tekoälyn avulla",
    "fr": "Image créée avec l’IA",
    "hu": "A kép MI segítségével készült",
    "it": "Immagine creata con l’IA",
    "ja": "AIで作成した画像",
    "nl": "Afbeelding gemaakt met AI",
    "nb": "Bilde laget med KI",
    "pl": "Obraz utworzony z pomocą AI",
    "pt": "Imagem criada com IA",
    "sv": "Bild skapad med AI",
    "tr": "Görsel yapay zekâ ile oluşturuldu",
    "uk": "Зображення створено за допомогою ШІ",
}


def note_of(locale: str, *, is_written: bool = True, is_drawn: bool = False) -> str:
    """A line that everybody can read, nothing to hover over; "" where nothing is to be said."""
    language = locale.replace("_", "-").split("-", maxsplit=1)[0].lower()
    language = language if language in LINES else ENGLISH
    said = [
        lines[language] for lines, applies in ((LINES, is_written), (DRAWN, is_drawn)) if applies
    ]
    line = Markup('<p class="pz-generated" lang="{}">{}</p>')
    return str(line.format(language, " · ".join(said))) if said else ""


def with_mark(value: Any) -> Any:  # JSON
    """Data that is no object has no place for it; publishing refuses that."""
    return {**value, MARK: True} if isinstance(value, dict) else value
