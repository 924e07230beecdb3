"""What of a block a model may write, and what stands there already.

In:  a block, and a brief's limits.
Out: the texts that are asked for; the JSON Schema of the answer; the fields that we fill ourselves.

A model writes words. Addresses, pictures, choices and numbers come from the item or from what the
slot shows by default; what a schema marks `x-by-people` (a coupon's code, somebody's quote) too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from personalization.blocks.advice import alternative_of, comfortable_length
from rules.types import Block

Schema = Mapping[str, Any]  # JSON
WRITTEN_FORMATS: Final = frozenset({"", "html"})
UNLIMITED: Final = 400  # characters of a text whose block names no longest


@dataclass(frozen=True, slots=True)
class Text:
    """One text that is asked for; `path` as in `steps[].title`."""

    path: str
    title: str
    most: int
    best: int | None
    is_html: bool
    is_required: bool


def asked_texts(block: Block, limits: Mapping[str, int], standing: Mapping[str, Any]) -> list[Text]:
    """Top to bottom; `limits`: field -> characters, where a brief is stricter than the block."""
    return list(_texts(written_schema(block, standing), limits, ""))


def reply_schema(block: Block, standing: Mapping[str, Any]) -> dict[str, Any]:  # JSON
    """`{"variants": [{…}]}`, in the subset that strict structured output takes.

    Strict mode wants every property required and none besides; a text that may be left out may be
    null. It takes no lengths: those stand in the prompt, and our checks hold them.
    """
    variant = _strict(written_schema(block, standing))
    return {
        "type": "object",
        "properties": {"variants": {"type": "array", "items": variant}},
        "required": ["variants"],
        "additionalProperties": False,
    }


def written_schema(block: Block, standing: Mapping[str, Any]) -> dict[str, Any]:  # JSON
    """The part of the block's schema that is words; a label without its address is no use.

    What a picture shows is not asked: a model that writes has not seen it.
    """
    schema = _words(block.schema)
    pictures = picture_fields(block.schema)
    alternatives = {alternative_of(name, block.schema) for name in pictures}
    needed = block.schema.get("dependentRequired", {})
    kept = {
        name: rules
        for name, rules in schema["properties"].items()
        if name not in alternatives and _is_of_use(name, needed, schema["properties"], standing)
    }
    return {**schema, "properties": kept, "required": [n for n in schema["required"] if n in kept]}


def _is_of_use(name: str, needed: Schema, properties: Schema, standing: Mapping[str, Any]) -> bool:
    return all(other in properties or other in standing for other in needed.get(name, ()))


def pictured(block: Block) -> Block:
    """The block as a drawn picture fits it: its words may be written later."""
    return replace(block, schema={**block.schema, "required": []})


def picture_fields(schema: Schema) -> list[str]:
    properties = schema.get("properties", {})
    return [name for name, rules in properties.items() if rules.get("format") == "image"]


def _words(schema: Schema) -> dict[str, Any]:  # JSON
    properties = {}
    for name, rules in schema.get("properties", {}).items():
        found = _words_of(rules)
        if found is not None:
            properties[name] = found
    required = [name for name in schema.get("required", ()) if name in properties]
    return {"type": "object", "properties": properties, "required": required}


def _words_of(rules: Schema) -> dict[str, Any] | None:  # JSON
    if rules.get("x-by-people") or rules.get("x-item") or "enum" in rules or "const" in rules:
        return None
    if rules.get("type") == "string":
        return dict(rules) if rules.get("format", "") in WRITTEN_FORMATS else None
    if rules.get("type") == "object":
        inner = _words(rules)
        return inner if inner["properties"] else None
    if rules.get("type") == "array" and isinstance(rules.get("items"), Mapping):
        item = _words_of(rules["items"])
        return None if item is None else {"type": "array", "items": item}
    return None


def _strict(schema: Schema, is_required: bool = True) -> dict[str, Any]:  # JSON
    kind = schema["type"]
    found: dict[str, Any] = {"type": kind if is_required else [kind, "null"]}
    if kind == "object":
        required = schema["required"]
        found |= {
            "properties": {
                name: _strict(rules, name in required)
                for name, rules in schema["properties"].items()
            },
            "required": list(schema["properties"]),
            "additionalProperties": False,
        }
    elif kind == "array":
        found["items"] = _strict(schema["items"])
    return found


def _texts(schema: Schema, limits: Mapping[str, int], at: str) -> Iterator[Text]:
    for name, rules in schema["properties"].items():
        yield from _texts_of(rules, limits, f"{at}{name}", name in schema["required"])


def _texts_of(
    rules: Schema, limits: Mapping[str, int], path: str, is_required: bool
) -> Iterator[Text]:
    if rules["type"] == "object":
        yield from _texts(rules, limits, f"{path}.")
    elif rules["type"] == "array":
        yield from _texts_of(rules["items"], limits, f"{path}[]", is_required)
    else:
        most = min(
            rules.get("maxLength", UNLIMITED), limits.get(path, rules.get("maxLength", UNLIMITED))
        )
        yield Text(
            path,
            str(rules.get("title", path)),
            most,
            comfortable_length(rules),
            rules.get("format") == "html",
            is_required,
        )
