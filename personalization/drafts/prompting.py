"""What leaves for the model: the words of one order.

In:  a `Piece`: brief, brand guide, facts of an item, an audience's reading, lessons.
Out: a system message (our rules and the prompt) and a user message (material, fenced as data).

Material is JSON in which no `<` is left, so nothing in it can close the fence around it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf.locale import LANG_INFO

from personalization.blocks.placeholders import placeholders
from personalization.drafts.models import Brief, Lesson
from personalization.drafts.pieces import Piece
from personalization.drafts.prompts import COPY, IMAGE, prompt_of
from personalization.drafts.shape import Text, reply_schema
from personalization.drafts.values import Example
from rules.fields import BUILT_IN

NOTHING: Final = "-"
LONGEST_LESSON: Final = 600  # characters
PICTURE_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"picture": {"type": "string"}, "alternative": {"type": "string"}},
    "required": ["picture", "alternative"],
    "additionalProperties": False,
}
PICTURE_FORM: Final = '{"picture": "…", "alternative": "…"}'


@dataclass(frozen=True, slots=True)
class Message:
    """`version`: of the prompt. `schema`: of the answer, as strict structured output takes it."""

    system: str
    user: str
    version: str
    schema: Mapping[str, Any]  # JSON

    @property
    def characters(self) -> int:
        return len(self.system) + len(self.user)


def message_for(piece: Piece) -> Message:
    is_picture = piece.brief.kind == Brief.IMAGE
    prompt = prompt_of(piece.site, IMAGE if is_picture else COPY)
    return Message(
        system=prompt.filled(_values(piece)),
        user=fenced(_material(piece)),
        version=prompt.version,
        schema=PICTURE_SCHEMA if is_picture else reply_schema(piece.block, piece.standing),
    )


def fenced(material: Mapping[str, Any]) -> str:  # JSON
    said = json.dumps(material, ensure_ascii=False, indent=1)
    return f"<material>\n{said.replace('<', chr(92) + 'u003c')}\n</material>"


def _values(piece: Piece) -> dict[str, str]:
    guide = piece.guide
    return {
        "voice": guide.voice or NOTHING,
        "dos": _lines(guide.dos),
        "donts": _lines(guide.donts),
        "glossary": _lines(f"{term} -> {use}" for term, use in guide.glossary),
        "forbidden": _lines(each.text for each in guide.forbidden),
        "variants": _number(piece.brief.variants),
        "language": language_name(piece.order.locale),
        "fields": _lines(_field(each) for each in piece.texts),
        "placeholders": _lines(_placeholders(piece)),
        "form": PICTURE_FORM if piece.brief.kind == Brief.IMAGE else _form(piece.texts),
    }


def _material(piece: Piece) -> dict[str, Any]:  # JSON
    """Everything that somebody else wrote; empty parts are left out."""
    brief = piece.brief
    found = {
        "goal": brief.goal,
        "tone": brief.tone,
        "remark": piece.order.remark,
        "draft": dict(piece.earlier),
        "audience": brief.audience,
        "facts": dict(piece.facts or {}),
        "lessons": [_lesson(each) for each in piece.lessons],
    }
    return {name: value for name, value in found.items() if value}


def language_name(locale: str) -> str:
    """`German (de)`."""
    for code in (locale.lower(), locale.lower().split("-", maxsplit=1)[0]):
        if "name" in LANG_INFO.get(code, {}):
            return f"{LANG_INFO[code]['name']} ({locale})"
    return locale


def _number(variants: int) -> str:
    return "1 variant" if variants == 1 else f"{variants} variants"


def _field(text: Text) -> str:
    best = f", best up to {text.best}" if text.best and text.best < text.most else ""
    kind = "; simple HTML: p, strong, em, ul, li" if text.is_html else ""
    may = "" if text.is_required else "; may be null"
    return f"{text.path} ({text.title}): at most {text.most} characters{best}{kind}{may}"


def _form(texts: Iterable[Text]) -> str:
    names = dict.fromkeys(each.path.split(".")[0].split("[")[0] for each in texts)
    inner = ", ".join(f'"{name}": …' for name in names)
    return f'{{"variants": [{{{inner}}}, …]}}'


def _placeholders(piece: Piece) -> Iterable[str]:
    """Those of visitors that read as a text: what the site itself declared."""
    for each in placeholders(piece.catalogue):
        root, _dot, name = each.name.partition(".")
        if root == "visitor" and name not in BUILT_IN.fields:
            told = f" | {each.filter}" if each.filter else ""
            yield f'{{{{ {each.name}{told} | default("…") }}}} - {each.label}'


def _lesson(lesson: Example) -> dict[str, str]:
    found = {
        "kind": {
            Lesson.APPROVED: "a text that was approved",
            Lesson.EDITED: "a text, and what an editor made of it",
            Lesson.REJECTED: "a text that was turned down, and why",
        }[lesson.kind],
        "before": lesson.before[:LONGEST_LESSON],
        "after": lesson.after[:LONGEST_LESSON],
        "reason": lesson.reason,
    }
    return {name: value for name, value in found.items() if value}


def _lines(entries: Iterable[str]) -> str:
    return "\n".join(f"- {each}" for each in entries) or NOTHING
