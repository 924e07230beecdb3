"""What people call the purposes that a visitor may allow."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.purposes import from_bits
from rules.purposes import Purpose

WORDS: Final = {
    Purpose.ANALYTICS: gettext_lazy("analytics"),
    Purpose.PERSONALIZATION: gettext_lazy("personalization"),
    Purpose.TRAINING: gettext_lazy("training"),
    Purpose.PROFILING_AI: gettext_lazy("AI profiling"),
}


def purpose_in_words(name: str) -> str:
    return str(WORDS[Purpose(name)])


def purposes_in_words(bits: int) -> str:
    granted = from_bits(bits)
    return ", ".join(str(words) for each, words in WORDS.items() if each in granted) or _("none")
