"""What may be saved and will still look or read badly.

In:  a block and its fields in one language.
Out: advice: which field, what is the matter, in a sentence with the remedy. Nothing here refuses.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.blocks.contrast import READABLE, contrast
from personalization.blocks.fallbacks import without_fallback
from personalization.blocks.fields import has_placeholders
from rules.types import Block

Fields = Mapping[str, Any]  # JSON
Schema = Mapping[str, Any]  # JSON

LINE: Final = 160  # characters up to which a text counts as one line
COMFORTABLE: Final = 0.75  # of a line's longest
PLACEHOLDER: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
FALLBACK: Final = re.compile(r"""default\(\s*(["'])(.*?)\1""")
NOWHERE: Final = re.compile(r"#?|/?#|https?:/{0,2}|mailto:|tel:|\?", re.I)
DOMAIN: Final = re.compile(
    r"(?:www\.[^/]+|[a-z0-9-]+\.(?:com|org|net|de|ch|at|io|shop|eu))(?:/.*)?", re.I
)
EMPTY_LINK: Final = re.compile(
    r"""<a\b[^>]*\bhref\s*=\s*(["'])\s*(?:#|javascript:.*?)?\s*\1""", re.I
)


@dataclass(frozen=True, slots=True)
class Advice:
    """`path` within the language: `headline`, `steps[0].title`."""

    path: str
    code: str
    sentence: str


def advise(block: Block, fields: Fields) -> Iterator[Advice]:
    yield from _of_object(fields, block.schema, "")


def alternative_of(name: str, schema: Schema) -> str | None:
    """The field that says in words what the picture in field `name` shows."""
    properties = schema.get("properties", {})
    named = properties.get(name, {}).get("x-alternative", f"{name}_alt")
    return named if named in properties else None


def comfortable_length(rules: Schema) -> int | None:
    """Characters up to which a text of this field reads well; None: nobody said."""
    said = rules.get("x-best-length")
    if isinstance(said, int):
        return said
    longest = rules.get("maxLength")
    if not isinstance(longest, int) or longest > LINE or rules.get("format"):
        return None
    return int(longest * COMFORTABLE)


def shown_length(text: str) -> int:
    """Characters that a stranger reads: of a placeholder, its fallback."""
    return len(PLACEHOLDER.sub(lambda found: _fallback(found[0]), text))


def _fallback(placeholder: str) -> str:
    found = FALLBACK.search(placeholder)
    return found[2] if found else ""


def _of_object(fields: Fields, schema: Schema, at: str) -> Iterator[Advice]:
    properties = schema.get("properties", {})
    for name, value in fields.items():
        rules = properties.get(name, {})
        yield from _of_value(value, rules, f"{at}{name}")
        if rules.get("format") == "image" and value:
            yield from _of_picture(fields, schema, at, name)
        if rules.get("format") == "color" and rules.get("x-on"):
            yield from _of_colours(value, fields.get(rules["x-on"]), f"{at}{name}")


def _of_value(value: Any, rules: Schema, at: str) -> Iterator[Advice]:  # JSON
    if isinstance(value, str):
        yield from _of_text(value, rules, at)
    elif isinstance(value, Mapping):
        yield from _of_object(value, rules, f"{at}.")
    elif isinstance(value, list):
        items = rules.get("items")
        for place, each in enumerate(value):
            inner = items if isinstance(items, Mapping) else {}
            yield from _of_value(each, inner, f"{at}[{place}]")


def _of_text(text: str, rules: Schema, at: str) -> Iterator[Advice]:
    for name in without_fallback(text):
        sentence = _("“%(name)s” is unknown of most visitors. Write {{ %(name)s | default(“…”) }}.")
        yield Advice(at, "placeholder_without_fallback", sentence % {"name": name})
    best, length = comfortable_length(rules), shown_length(text)
    if best is not None and length > best:
        sentence = _("This is long: %(length)d characters. Up to %(best)d read well.")
        yield Advice(at, "long_text", sentence % {"length": length, "best": best})
    if rules.get("format") == "uri-reference" and text:
        yield from _of_address(text.strip(), at)
    if rules.get("format") == "html" and EMPTY_LINK.search(text):
        yield Advice(at, "link_to_nowhere", _("A link in this text leads nowhere."))


def _of_address(address: str, at: str) -> Iterator[Advice]:
    if has_placeholders(address):
        return
    if NOWHERE.fullmatch(address):
        yield Advice(at, "link_to_nowhere", _("This link leads nowhere. Write where it goes."))
    elif DOMAIN.fullmatch(address):
        sentence = _("This is read as a page of the site itself. Write https://%s.")
        yield Advice(at, "link_to_nowhere", sentence % address)


def _of_picture(fields: Fields, schema: Schema, at: str, name: str) -> Iterator[Advice]:
    words = alternative_of(name, schema)
    if words is not None and not str(fields.get(words) or "").strip():
        sentence = _("The picture has no words for those who do not see it. Mere decoration?")
        yield Advice(f"{at}{words}", "picture_without_words", sentence)


def _of_colours(text: Any, ground: Any, at: str) -> Iterator[Advice]:  # JSON
    ratio = contrast(str(text), str(ground))
    if ratio is not None and ratio < READABLE:
        sentence = _("Hard to read on its ground: a contrast of %(ratio)s; text needs %(least)s.")
        said = {"ratio": f"{ratio:.1f}", "least": READABLE}
        yield Advice(at, "poor_contrast", sentence % said)
