"""Does somebody speak to the model here, or the model of itself, instead of to a visitor?

In the draft that is a hard finding. In what the model was told (item facts, the brief) it is told
to the reviewer, who learns what was attempted.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from personalization.drafts.checks.texts import Folded, folded, prose
from personalization.drafts.values import Finding, Subject

TO_A_MODEL: Final = re.compile(
    r"(?:ignore|disregard|forget|override|ignorier\w*|vergiss|missachte\w*|oublie[zr]?|ignora)\s+"
    r"(?:\S+\s+){0,4}?(?:instructions?|prompts?|rules?|guidelines?|anweisung\w*|regeln?|vorgaben?"
    r"|instrucciones|consignes|istruzioni)"
    r"|(?:system|developer)\s*(?:prompt|message|nachricht)"
    r"|you are now\s|you must (?:now )?(?:output|reply|respond|write|say)|act as (?:an?|the)\s"
    r"|du bist (?:jetzt|nun)\s|antworte (?:nur|ausschliesslich)\s|new instructions?\s*:"
    r"|(?:call|use|invoke) (?:the |a )?(?:tool|function)\b|\bfunction_call\b|\btool_calls?\b"
    r"|<\|?(?:im_start|im_end|system|assistant|user|endoftext)\|?>|\[/?inst\]|#{2,}\s*(?:system|instruction)"
)
OF_A_MODEL: Final = re.compile(
    r"as an? (?:ai|artificial intelligence|(?:large )?language model)|als (?:ki|sprachmodell)\b"
    r"|i(?:'|’)?m sorry,? but i|i (?:cannot|can(?:'|’)t) (?:help|comply|assist|fulfil)"
    r"|es tut mir leid,? aber ich"
    r"|here (?:are|is) (?:the|your|some|\d+) (?:variants?|drafts?|options?)"
    r"|```|\[insert\b|lorem ipsum|\{\{\s*\}\}"
)
MOST: Final = 5  # findings a source: a text full of them is told in the first few


def check(subject: Subject) -> Iterator[Finding]:
    for text in prose(subject.fields, subject.block):
        seen = folded(text.plain)
        for start, end in _places(seen, TO_A_MODEL):
            sentence = _("An instruction to a model, not a word to a visitor.")
            yield Finding("instruction", text.path, sentence, True, start, end)
        for start, end in _places(seen, OF_A_MODEL):
            sentence = _("Here speaks the model, not the brand.")
            yield Finding("model_talk", text.path, sentence, True, start, end)
    yield from _attempts(subject)


def _attempts(subject: Subject) -> Iterator[Finding]:
    told = [(str(name), str(value)) for name, value in (subject.facts or {}).items()]
    told += [(_("the brief"), each) for each in subject.told]
    for name, value in told:
        for start, end in _places(folded(value), TO_A_MODEL):
            sentence = _("“%(name)s” holds an instruction to the model: “%(text)s”.")
            said = {"name": name, "text": value[start:end][:120]}
            yield Finding("attempted_instruction", "", sentence % said)


def _places(seen: Folded, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for number, found in enumerate(pattern.finditer(seen.text)):
        if number < MOST:
            yield seen.span(*found.span())
