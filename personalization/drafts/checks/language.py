"""Is it in the language that was asked for, and easy enough to read?

A language is told by its commonest words (`stopwords.json`); the reading level is LIX, words a
sentence plus the share of words longer than six letters (Björnsson, Läsbarhet, 1968).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from personalization.drafts.checks.lists import listed
from personalization.drafts.checks.texts import prose, whole
from personalization.drafts.values import Finding, Subject

WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
SENTENCE: Final = re.compile(r"[.!?…:]+(?:\s|$)")
FEWEST, SURELY = 6, 12  # words to tell a language by; to be sure of it
LONG: Final = 6  # letters; a word with more is a long one
FEWEST_TO_READ: Final = 30  # words; of fewer a reading level says nothing


def check(subject: Subject) -> Iterator[Finding]:
    text = whole(subject.fields, subject.block)
    words = [word.casefold() for word in WORD.findall(text)]
    yield from _language(words, subject.locale.partition("-")[0].lower())
    parts = [part.plain.strip() for part in prose(subject.fields, subject.block)]
    level = lix(". ".join(part.rstrip(".") for part in parts if part))
    if level is not None and level > subject.guide.hardest_reading:
        sentence = _("Hard to read: LIX %(level)d; the brand guide allows %(most)d.")
        said = {"level": round(level), "most": subject.guide.hardest_reading}
        yield Finding("hard_to_read", "", sentence % said)


def lix(text: str) -> float | None:
    """None of a text that is too short to tell."""
    words = WORD.findall(text)
    if len(words) < FEWEST_TO_READ:
        return None
    sentences = max(1, len(SENTENCE.findall(f"{text} ")))
    long_words = sum(len(word) > LONG for word in words)
    return len(words) / sentences + 100 * long_words / len(words)


def _language(words: list[str], wanted: str) -> Iterator[Finding]:
    known = _stopwords()
    if wanted not in known or len(words) < FEWEST:
        return
    hits = {name: sum(word in stops for word in words) for name, stops in known.items()}
    likeliest = max(hits, key=lambda name: (hits[name], name == wanted))
    if likeliest == wanted or hits[likeliest] < 2 or hits[likeliest] < 2 * hits[wanted]:
        return
    is_sure = len(words) >= SURELY and hits[likeliest] >= 3 * hits[wanted] and hits[likeliest] >= 4
    sentence = _("This reads as “%(found)s”, and “%(wanted)s” was asked for.")
    said = {"found": likeliest, "wanted": wanted}
    yield Finding("other_language", "", sentence % said, is_hard=is_sure)


@cache
def _stopwords() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in listed("stopwords").items()}
