"""What a model answered, read strictly.

In:  the answer's text, and the piece that was asked for.
Out: variants, each with what stood beside it already; or `Unusable`, and why.

What was not asked for is left out, and the reviewer is told: it may be what an instruction hidden
in the material asked for.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # ships no types

from personalization.drafts.pieces import Piece
from personalization.drafts.prompting import PICTURE_SCHEMA
from personalization.drafts.receiving import Variant
from personalization.drafts.shape import written_schema
from personalization.drafts.values import Finding
from personalization.targeting.json_values import first_flaw

FENCE: Final = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*", re.S)
LENGTHS: Final = ("maxLength", "minLength", "minItems", "maxItems")  # our checks tell of these
LONGEST_ALTERNATIVE: Final = 300


class Unusable(Exception):
    """An answer that holds no drafts."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def read_variants(text: str, piece: Piece) -> list[Variant]:
    """As many as were asked for, at most."""
    answer = _parsed(text)
    found = answer.get("variants") if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise Unusable("wrong_form", "no list of variants")
    if not found:
        raise Unusable("empty")
    return [_variant(each, piece) for each in found[: piece.brief.variants]]


def read_plan(text: str) -> dict[str, str]:
    """What a picture shows, and what it says to somebody who cannot see it."""
    plan = _parsed(text)
    _check(plan, PICTURE_SCHEMA)
    return {**plan, "alternative": plan["alternative"].strip()[:LONGEST_ALTERNATIVE]}


def _parsed(text: str) -> Any:  # JSON
    fenced = FENCE.fullmatch(text)
    try:
        answer = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError) as error:
        raise Unusable("not_json") from error
    flaw = first_flaw(answer)
    if flaw is not None:
        raise Unusable("wrong_form", flaw.detail)
    return answer


def _variant(said: object, piece: Piece) -> Variant:
    if not isinstance(said, dict):
        raise Unusable("wrong_form", "a variant is no object")
    schema = written_schema(piece.block, piece.standing)
    words = {name: _filled(said[name]) for name in schema["properties"] if name in said}
    words = {name: value for name, value in words.items() if value not in (None, "", [], {})}
    _check(words, _loose(schema))
    unasked = sorted(set(map(str, said)) - set(schema["properties"]))
    return Variant({**piece.standing, **words}, tuple(map(_unasked, unasked[:5])))


def _filled(value: Any) -> Any:  # JSON
    """Strict answers say null for what they leave out."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {name: _filled(each) for name, each in value.items() if each is not None}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def _check(value: object, schema: Mapping[str, Any]) -> None:
    wrong = next(Draft202012Validator(schema).iter_errors(value), None)
    if wrong is not None:
        raise Unusable("wrong_form", str(wrong.message)[:160])


def _loose(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Types and what must be there, without lengths; nothing besides, where objects are nested."""
    found = {name: rule for name, rule in schema.items() if name not in LENGTHS}
    if "properties" in schema:
        found["properties"] = {n: _loose(rules) for n, rules in schema["properties"].items()}
        found["additionalProperties"] = False
    if "items" in schema:
        found["items"] = _loose(schema["items"])
    return found


def _unasked(name: str) -> Finding:
    sentence = _("The model also wrote “%s”, which nobody asked for; it was left out.")
    return Finding("unasked_field", "", sentence % name[:60])
