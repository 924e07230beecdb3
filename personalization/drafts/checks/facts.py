"""Does it keep to the facts: no price, number or material that the brief did not tell?

In:  the text, the facts of the item, the marketer's own words. What the marketer said counts.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from personalization.blocks.wording import SYMBOLS
from personalization.drafts.checks.brand import places
from personalization.drafts.checks.lists import listed
from personalization.drafts.checks.texts import Text, folded, prose
from personalization.drafts.values import Finding, Subject

NUMBER: Final = re.compile(r"(?<![\w.,])\d+(?:[.,’' ]\d{3})*(?:[.,]\d+)?(?![\w])")
SIGNS: Final = "|".join(
    sorted((re.escape(each) for each in {*SYMBOLS, *SYMBOLS.values(), "Fr.", "CHF"}), key=len)[::-1]
)
PRICED: Final = re.compile(
    rf"(?:(?:{SIGNS})\s*$)|(?:^\s*(?:{SIGNS}|euros?|dollars?|pounds?)(?!\w))", re.I
)
NEAR: Final = 8  # characters beside a number in which a currency is looked for
TELLING: Final = 10.0  # smaller whole numbers count things in a sentence: one idea, two ways


def check(subject: Subject) -> Iterator[Finding]:
    facts = [str(value) for value in (subject.facts or {}).values()]
    known = numbers_in((*facts, *subject.told))
    stuffs = _materials_in(" ".join((*facts, *subject.told)))
    for text in prose(subject.fields, subject.block):
        yield from _numbers(text, known)
        if subject.facts is not None:
            yield from _materials(text, stuffs)


def numbers_in(texts: Iterable[str]) -> frozenset[float]:
    """Every number told, read the English way and the continental one."""
    found = (each for text in texts for each in NUMBER.findall(text))
    return frozenset(value for each in found for value in _values(each))


def _numbers(text: Text, known: frozenset[float]) -> Iterator[Finding]:
    plain = text.plain
    for found in NUMBER.finditer(plain):
        values = _values(found[0])
        if values & known:
            continue
        before = plain[max(0, found.start() - NEAR) : found.start()]
        after = plain[found.end() : found.end() + NEAR]
        if PRICED.search(before) or PRICED.match(after):
            sentence = _("A price that no fact tells: %s.") % found[0]
            yield Finding("wrong_price", text.path, sentence, True, *found.span())
        elif after.lstrip()[:1] == "%":
            sentence = _("A share that no fact tells: %s %%.") % found[0]
            yield Finding("wrong_share", text.path, sentence, True, *found.span())
        elif max(values) >= TELLING or not max(values).is_integer():
            sentence = _("A number that no fact tells: %s.") % found[0]
            yield Finding("unproven_number", text.path, sentence, False, *found.span())


def _values(written: str) -> frozenset[float]:
    """1.234 is a thousand and more, or one and a quarter: whichever was meant."""
    bare = re.sub(r"[’' ]", "", written)
    english = bare.replace(",", "")
    continental = bare.replace(".", "").replace(",", ".")
    return frozenset(
        float(each) for each in (english, continental) if re.fullmatch(r"\d+(?:\.\d+)?", each)
    )


def _materials(text: Text, told: frozenset[str]) -> Iterator[Finding]:
    """Hard where the facts name other materials, soft where they name none."""
    seen = folded(text.plain)
    for material, words in _known_materials().items():
        if material in told:
            continue
        for word in words:
            for start, end in places(seen, word):
                sentence = _("No fact says that it is made of “%s”.") % text.raw[start:end]
                yield Finding("wrong_material", text.path, sentence, bool(told), start, end)


def _materials_in(text: str) -> frozenset[str]:
    seen = folded(text)
    return frozenset(
        material
        for material, words in _known_materials().items()
        if any(True for word in words for _place in places(seen, word))
    )


@cache
def _known_materials() -> dict[str, list[str]]:
    return {name: words.split(", ") for name, words in listed("materials").items()}
