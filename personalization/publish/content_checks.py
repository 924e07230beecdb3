"""Contents that will look wrong to somebody: no fallback, no words for a picture, no language."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from personalization.blocks.fallbacks import without_fallback
from personalization.publish.findings import Finding, warn
from rules.types import Block, Content, Release


def check_contents(release: Release) -> Iterator[Finding]:
    for content in release.contents.values():
        where = f"content.{content.key}"
        block = release.blocks[content.block]
        for locale, fields in content.fields.items():
            yield from _placeholders(f"{where}.fields.{locale}", fields)
            yield from _pictures(f"{where}.fields.{locale}", fields, block)
        yield from _language(where, content, release.settings.locale)
    for block in release.blocks.values():
        for name in without_fallback(block.template):
            yield _no_fallback(f"blocks.{block.name}", name)


def _placeholders(where: str, value: Any) -> Iterator[Finding]:  # JSON
    if isinstance(value, str):
        for name in without_fallback(value):
            yield _no_fallback(where, name)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _placeholders(f"{where}.{key}", each)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _placeholders(f"{where}[{place}]", each)


def _no_fallback(where: str, name: str) -> Finding:
    sentence = _("“%(name)s” is unknown of most visitors. Write {{ %(name)s | default(“…”) }}.")
    return warn("placeholder_without_fallback", where, sentence % {"name": name})


def _pictures(where: str, fields: Mapping[str, Any], block: Block) -> Iterator[Finding]:
    for name, rules in block.schema.get("properties", {}).items():
        words = f"{name}_alt"
        if rules.get("format") != "image" or words not in block.schema["properties"]:
            continue
        if fields.get(name) and not str(fields.get(words) or "").strip():
            sentence = _("The picture has no words for those who do not see it. Mere decoration?")
            yield warn("picture_without_words", f"{where}.{words}", sentence)


def _language(where: str, content: Content, locale: str) -> Iterator[Finding]:
    languages = {locale, locale.split("-", maxsplit=1)[0]}
    if not languages & set(content.fields):
        sentence = _("It says nothing in the site's language (%s), so other languages may fail.")
        yield warn("language_missing", f"{where}.fields", sentence % locale)
