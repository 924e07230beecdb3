"""What the demonstration writer understands of a request, which is little.

In:  the body of a chat completion, as `personalization.drafts.prompting` makes it.
Out: the texts that are asked for with their longest lengths, the language, the material.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

FIELD: Final = re.compile(r"^- ([\w.\[\]-]+) \(.*?\): at most (\d+) characters", re.M)
VARIANTS: Final = re.compile(r"\b(\d+) variants?\b")
LOCALE: Final = re.compile(r"\b[A-Z]\w+ \(([a-z]{2})(?:-[A-Za-z]+)?\)")
MATERIAL: Final = re.compile(r"<material>\n(.*)\n</material>", re.S)
NAME: Final = "visitor.first_name"


@dataclass(frozen=True, slots=True)
class Wish:
    """`fields`: name -> characters; none of them: a picture is asked for."""

    fields: Mapping[str, int]
    variants: int
    locale: str
    may_greet: bool
    material: Mapping[str, Any] = field(default_factory=dict)  # JSON

    @property
    def facts(self) -> Mapping[str, Any]:  # JSON
        facts = self.material.get("facts")
        return facts if isinstance(facts, Mapping) else {}

    @property
    def is_anew(self) -> bool:
        return bool(self.material.get("remark"))


def read_wish(body: Mapping[str, Any]) -> Wish:
    """Of a request that nobody of ours wrote, what can be made of it."""
    system, user = (_content(body, role) for role in ("system", "user"))
    locale = LOCALE.search(system)
    number = VARIANTS.search(system)
    return Wish(
        fields={name: int(most) for name, most in FIELD.findall(system)},
        variants=int(number[1]) if number else 1,
        locale=locale[1] if locale else "en",
        may_greet=NAME in system,
        material=_material(user),
    )


def _content(body: Mapping[str, Any], role: str) -> str:
    said = [each for each in body.get("messages", ()) if each.get("role") == role]
    return str(said[0].get("content", "")) if said else ""


def _material(user: str) -> dict[str, Any]:
    found = MATERIAL.search(user)
    try:
        material = json.loads(found[1]) if found else {}
    except ValueError:
        return {}
    return material if isinstance(material, dict) else {}
