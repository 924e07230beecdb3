"""Does it keep to the brand: no forbidden word or claim, and its own words for things?"""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _

from personalization.drafts.checks.texts import Folded, Text, folded, prose
from personalization.drafts.values import Finding, Forbidden, Subject


def check(subject: Subject) -> Iterator[Finding]:
    for text in prose(subject.fields, subject.block):
        seen = folded(text.plain)
        for forbidden in subject.guide.forbidden:
            yield from _forbidden(text, seen, forbidden)
        for said, ours in subject.guide.glossary:
            yield from _glossary(text, seen, said, ours)


def _forbidden(text: Text, seen: Folded, forbidden: Forbidden) -> Iterator[Finding]:
    for start, end in places(seen, forbidden.text):
        said = {"word": text.raw[start:end], "why": forbidden.why}
        sentence = _("The brand never says “%(word)s”: %(why)s") if forbidden.why else ""
        sentence = sentence or _("The brand never says “%(word)s”.")
        yield Finding("forbidden", text.path, sentence % said, forbidden.is_hard, start, end)


def _glossary(text: Text, seen: Folded, said: str, ours: str) -> Iterator[Finding]:
    kept = set(places(seen, ours))
    for start, end in places(seen, said):
        if not any(low <= start and end <= high for low, high in kept):
            sentence = _("The brand says “%(ours)s”, not “%(said)s”.")
            shown = {"ours": ours, "said": text.raw[start:end]}
            yield Finding("glossary", text.path, sentence % shown, False, start, end)


def places(seen: Folded, phrase: str) -> Iterator[tuple[int, int]]:
    """Where the phrase stands as whole words; `*` is any letters within one."""
    pattern = _pattern(phrase)
    if pattern is not None:
        for found in pattern.finditer(seen.text):
            yield seen.span(*found.span())


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str] | None:
    wanted = folded(phrase).text.split()
    if not any(word.strip("*") for word in wanted):
        return None
    words = [re.escape(word).replace(r"\*", r"\w*") for word in wanted]
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")
