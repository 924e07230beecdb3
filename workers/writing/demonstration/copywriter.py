"""Plausible copy without a model: ideas in two languages, chosen by their place.

In:  a wish. Out: variants as a model would answer them; the same for the same wish.

The third idea boasts, so that a reviewer sees what the checks are for.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workers.writing.demonstration.request import Wish

NOBODY: Final = {"en": "friend of the outdoors", "de": "lieber Gast"}


@dataclass(frozen=True, slots=True)
class Idea:
    """`{what}` is the item's title; `alone` stands where there is no item."""

    about: str
    alone: str
    eyebrow: str
    text: str
    line: str
    button: str


IDEAS: Final[Mapping[str, Sequence[Idea]]] = {
    "en": (
        Idea(
            "Made for the long way: {what}",
            "Good to see you again",
            "Just in",
            "Some things get better with every day outside. This is one of them, and it is ready "
            "when you are.",
            "New on the shelf, and ready when you are",
            "Take a look",
        ),
        Idea(
            "{what}, and the weekend is yours",
            "The weekend begins at the door",
            "For your next days outside",
            "Pack it, close the door and go. What you need is with you, and nothing that you do "
            "not need.",
            "Pack less, see more: for your next days outside",
            "Find yours",
        ),
        Idea(
            "The best there is: {what}",
            "The best gear in the world",
            "Unbeatable",
            "Guaranteed for a lifetime, and nobody makes it better. Whoever buys it once never "
            "buys anything else.",
            "Unbeatable: the best gear in the world",
            "Buy it now",
        ),
        Idea(
            "Quietly good: {what}",
            "Less to carry, more to see",
            "Worth keeping",
            "No tricks and no fuss. It does what it should, in the rain too, and it can be mended "
            "when the time comes.",
            "Worth keeping, and worth mending",
            "See how it is made",
        ),
    ),
    "de": (
        Idea(
            "Für den langen Weg: {what}",
            "Schön, dass Sie wieder da sind",
            "Neu im Regal",
            "Manche Dinge werden mit jedem Tag im Freien besser. Das ist eines davon, und es ist "
            "bereit, wenn Sie es sind.",
            "Neu im Regal, und bereit, wenn Sie es sind",
            "Ansehen",
        ),
        Idea(
            "{what}, und das Wochenende gehört Ihnen",
            "Das Wochenende beginnt vor der Tür",
            "Für Ihre nächsten Tage draußen",
            "Einpacken, die Tür schließen und los. Was Sie brauchen, ist dabei, und nichts, was "
            "Sie nicht brauchen.",
            "Weniger tragen, mehr sehen: für die Tage draußen",
            "Das Passende finden",
        ),
        Idea(
            "Das Beste, was es gibt: {what}",
            "Die beste Ausrüstung der Welt",
            "Unschlagbar",
            "Ein Leben lang garantiert, und niemand macht es besser. Wer es einmal kauft, kauft "
            "nie wieder etwas anderes.",
            "Unschlagbar: die beste Ausrüstung der Welt",
            "Jetzt kaufen",
        ),
        Idea(
            "Leise gut: {what}",
            "Weniger tragen, mehr sehen",
            "Zum Behalten",
            "Ohne Tricks und ohne Lärm. Es tut, was es soll, auch im Regen, und es lässt sich "
            "reparieren, wenn es so weit ist.",
            "Zum Behalten, und zum Reparieren",
            "So ist es gemacht",
        ),
    ),
}
PICTURES: Final = {
    "en": ("A tent on a meadow at dawn", "A drawn tent on a meadow, with hills behind it at dawn."),
    "de": (
        "A tent on a meadow at dawn",
        "Ein gezeichnetes Zelt auf einer Wiese, dahinter Hügel im Morgenlicht.",
    ),
}


def write(wish: Wish) -> dict[str, Any]:  # JSON
    locale = wish.locale if wish.locale in IDEAS else "en"
    if not wish.fields:
        picture, alternative = PICTURES[locale]
        return {"picture": picture, "alternative": alternative}
    ideas = IDEAS[locale]
    first = _first(wish)
    chosen = [ideas[(first + number) % len(ideas)] for number in range(wish.variants)]
    return {"variants": [_variant(idea, wish, locale, place) for place, idea in enumerate(chosen)]}


def _first(wish: Wish) -> int:
    """Each thing has an idea of its own; who asks anew gets another."""
    title = str(wish.facts.get("title") or "")
    quiet = (0, 1, 3)
    place = zlib.crc32(title.encode()) if title else 0
    return quiet[(place + wish.is_anew) % len(quiet)]


def _variant(idea: Idea, wish: Wish, locale: str, place: int) -> dict[str, str]:
    return {
        name: _short(_said(name, idea, wish, locale, place), most)
        for name, most in wish.fields.items()
    }


def _said(name: str, idea: Idea, wish: Wish, locale: str, place: int) -> str:
    """By what the field is called: everybody calls a headline so."""
    if "label" in name or "button" in name:
        return idea.button
    if name in ("headline", "heading", "title"):
        return _headline(idea, wish, locale, place)
    others = {
        "eyebrow": idea.eyebrow,
        "hint": idea.eyebrow,
        "message": idea.line,
        "body": f"<p>{_told(idea, wish, locale)}</p>",
        "terms": f"<p>{idea.text}</p>",
        "small_print": f"<p>{idea.text}</p>",
    }
    return others.get(name, _told(idea, wish, locale))


def _told(idea: Idea, wish: Wish, locale: str) -> str:
    """With a fact where the shelf speaks the same language."""
    material = wish.facts.get("material")
    return f"{idea.text} Made of {material}." if material and locale == "en" else idea.text


def _headline(idea: Idea, wish: Wish, locale: str, place: int) -> str:
    what = str(wish.facts.get("title") or "")
    if what:
        return idea.about.format(what=what)
    if wish.may_greet and place == 0:
        name = f'{{{{ visitor.first_name | default("{NOBODY[locale]}") }}}}'
        return f"{idea.alone}, {name}"
    return idea.alone


def _short(text: str, most: int) -> str:
    """Whole words that fit."""
    if len(text) <= most:
        return text
    return text[: most + 1].rpartition(" ")[0].rstrip(",;:.") or text[:most]
