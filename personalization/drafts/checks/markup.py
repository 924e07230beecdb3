"""Is the HTML harmless? It is cleaned before it is stored; here is told what was taken out."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.blocks.cleaning import clean_text, readable
from personalization.blocks.fields import has_placeholders
from personalization.drafts.checks.texts import texts
from personalization.drafts.values import Finding, Subject
from rules.types import Block

Fields = Mapping[str, Any]  # JSON
ELEMENT: Final = re.compile(r"<\s*/?\s*([a-z][a-z0-9-]*)|\bon[a-z]{3,}\s*=|javascript:", re.I)


def check(subject: Subject) -> Iterator[Finding]:
    """Tags in a text without formatting would be shown to visitors as they stand."""
    for text in texts(subject.fields, subject.block):
        found = ELEMENT.search(text.raw)
        if found and text.is_prose and text.rules.get("format") != "html":
            sentence = _("HTML in a plain text: visitors would read “%s”.") % found[0]
            yield Finding("markup_in_text", text.path, sentence, True, *found.span())


def cleaned(fields: Fields, block: Block) -> dict[str, Any]:
    """The fields with formatted texts made harmless and unreadable characters replaced."""
    return {
        name: _cleaned(value, block.schema.get("properties", {}).get(name, {}))
        for name, value in fields.items()
    }


def removed(before: Fields, after: Fields, block: Block) -> Iterator[Finding]:
    """What cleaning took out, for the reviewer to know of."""
    left = {text.path: text.raw for text in texts(after, block)}
    for text in texts(before, block):
        gone = _elements(text.raw) - _elements(left.get(text.path, ""))
        if gone:
            named = ", ".join(sorted(gone))
            sentence = _("Unsafe HTML was taken out: %s. Was it asked for?") % named
            yield Finding("html_removed", text.path, sentence)


def _elements(text: str) -> set[str]:
    return {(found[1] or found[0]).lower() for found in ELEMENT.finditer(text)}


def _cleaned(value: Any, rules: Mapping[str, Any]) -> Any:  # JSON
    if isinstance(value, str):
        if rules.get("format") == "html" and not has_placeholders(value):
            return str(clean_text(value))
        return readable(value)
    if isinstance(value, Mapping):
        inner = rules.get("properties", {})
        return {name: _cleaned(each, inner.get(name, {})) for name, each in value.items()}
    if isinstance(value, list):
        items = rules.get("items", {})
        return [_cleaned(each, items if isinstance(items, Mapping) else {}) for each in value]
    return value
