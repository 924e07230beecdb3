"""A draft's text as a reviewer reads it: each field with its words, findings marked at the word.

In:  a block's schema, its fields in one language, what the checks found.
Out: `TextShown`s for a template; numbers tie a mark to its finding in the list.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from personalization.drafts.values import Finding
from personalization.studio.schema_kinds import Schema, choices_of, kind_of, title_of

WORDS: Final = frozenset({"text", "html"})
APART: Final = re.compile(r"\{\{.*?\}\}|</?[a-z][^<>]*>", re.S)  # placeholders, tags


@dataclass(frozen=True, slots=True)
class Text:
    """`says`: is a text to be read; else an address, a picture, a choice, a number."""

    path: str
    label: str
    value: str
    says: bool


@dataclass(frozen=True, slots=True)
class Numbered:
    number: int
    finding: Finding
    is_whole: bool  # about a field or the draft, not about words of it

    @property
    def ticked(self) -> str:
        """What a page sends of a finding that somebody has seen."""
        return json.dumps([self.finding.code, self.finding.path])


@dataclass(frozen=True, slots=True)
class TextShown:
    text: Text
    marked: SafeString
    whole: tuple[Numbered, ...]  # what is said of the field and not of a word


def texts_shown(texts: Iterable[Text], findings: Iterable[Numbered]) -> list[TextShown]:
    found = list(findings)
    shown = []
    for text in texts:
        here = [each for each in found if each.finding.path == text.path]
        words = [each for each in here if not each.is_whole]
        whole = tuple(each for each in here if each.is_whole)
        shown.append(TextShown(text, marked(text.value, words), whole))
    return shown


def numbered(documents: Iterable[Mapping[str, Any]]) -> list[Numbered]:  # JSON
    """Hard findings first: they decide."""
    found = sorted(map(Finding.from_document, documents), key=lambda each: not each.is_hard)
    return [Numbered(n, each, each.end <= each.start) for n, each in enumerate(found, 1)]


def marked(text: str, findings: Sequence[Numbered]) -> SafeString:
    """The text, cut where a finding or a placeholder begins or ends; overlapping ones together."""
    apart = [found.span() for found in APART.finditer(text)]
    edges = {0, len(text), *(edge for span in apart for edge in span)}
    for each in findings:
        edges |= {min(each.finding.start, len(text)), min(each.finding.end, len(text))}
    cuts = sorted(edges)
    parts = (
        _part(text, start, end, findings, any(a <= start and end <= b for a, b in apart))
        for start, end in pairwise(cuts)
    )
    return format_html_join("", "{}", ((part,) for part in parts))


def _part(
    text: str, start: int, end: int, findings: Sequence[Numbered], is_apart: bool
) -> SafeString:
    here = [f for f in findings if f.finding.start <= start and end <= f.finding.end]
    words = format_html('<code class="pzd-filled">{}</code>' if is_apart else "{}", text[start:end])
    if not here:
        return words
    ending = [each.number for each in here if min(each.finding.end, len(text)) == end]
    return format_html(
        '<mark class="{}" data-findings="{}" title="{}">{}{}</mark>',
        "pzd-hard" if any(each.finding.is_hard for each in here) else "pzd-soft",
        " ".join(str(each.number) for each in here),
        " ".join(each.finding.sentence for each in here),
        words,
        format_html_join("", '<sup aria-hidden="true">{}</sup>', ((n,) for n in ending)),
    )


def texts_of(schema: Schema, fields: Mapping[str, Any]) -> Iterator[Text]:
    """What the fields say, in the schema's order; what it does not know comes last."""
    yield from _of_object(schema, fields, "", "")


def _of_object(schema: Schema, fields: Mapping[str, Any], path: str, label: str) -> Iterator[Text]:
    known = schema.get("properties", {})
    names = [*(name for name in known if name in fields), *(n for n in fields if n not in known)]
    for name in names:
        rules = known.get(name, {})
        title = title_of(name, rules)
        yield from _of_value(
            rules, fields[name], f"{path}{name}", f"{label} · {title}" if label else title
        )


def _of_value(rules: Schema, value: Any, path: str, label: str) -> Iterator[Text]:  # JSON
    if isinstance(value, Mapping):
        yield from _of_object(rules, value, f"{path}.", label)
    elif isinstance(value, list):
        items = rules.get("items", {})
        for place, each in enumerate(value):
            yield from _of_value(items, each, f"{path}[{place}]", f"{label} {place + 1}")
    elif value is not None and value != "":
        names = {str(each): name for each, name in choices_of(rules)}
        said = names.get(str(value), str(value))
        yield Text(path, label, said, isinstance(value, str) and kind_of(rules) in WORDS)
