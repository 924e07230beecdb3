"""What is wrong with a block that somebody is writing, and where.

In:  template, schema and example as they are typed, and the site's catalogue.
Out: each flaw with its place: a line and a column, or the path of a value in the JSON text.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.blocks.checking import check_fields, check_source
from personalization.blocks.syntax import Refused
from personalization.exceptions import Malformed
from rules.fields import Catalogue
from rules.types import Block

TEMPLATE, SCHEMA, EXAMPLE = "template", "schema", "example"
SAMPLE_LOCALE: Final = "en"


@dataclass(frozen=True, slots=True)
class Flaw:
    """`where`: template, schema or example. `line` 0: the place is the value at `path`."""

    where: str
    sentence: str
    line: int = 0
    column: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A block as far as it can be read; None where a text is no JSON object."""

    template: str
    schema: dict[str, Any] | None
    example: dict[str, Any] | None
    flaws: tuple[Flaw, ...]

    def block(self, name: str) -> Block | None:
        """Fit to be drawn: the flaws that are left are the example's."""
        if self.schema is None or any(flaw.where != EXAMPLE for flaw in self.flaws):
            return None
        kind = "json" if self.schema.get("x-kind") == "json" else "html"
        return Block(name, self.template, self.schema, kind, trusted=False)


def read_draft(template: str, schema: str, example: str, catalogue: Catalogue) -> Draft:
    found: list[Flaw] = []
    fields, sample = _object(SCHEMA, schema, found), _object(EXAMPLE, example or "{}", found)
    if fields is not None:
        found.extend(_of_template(template, fields, catalogue))
    if fields is not None and sample and not found:
        found.extend(_of_example(template, fields, sample, catalogue))
    return Draft(template, fields, sample, tuple(found))


def _object(where: str, text: str, found: list[Flaw]) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        found.append(Flaw(where, _("This is no JSON: %s.") % error.msg, error.lineno, error.colno))
        return None
    except RecursionError:
        found.append(Flaw(where, _("This is nested too deeply."), 1, 1))
        return None
    if isinstance(value, dict):
        return value
    found.append(Flaw(where, _("Write an object: {…}."), 1, 1))
    return None


def _of_template(template: str, schema: dict[str, Any], catalogue: Catalogue) -> Iterator[Flaw]:
    if not template.strip():
        yield Flaw(TEMPLATE, _("Write the block's template."), 1, 1)
        return
    try:
        check_source(template, schema, catalogue)
    except Refused as refused:
        yield Flaw(TEMPLATE, refused.sentence, refused.line, refused.column)
    except Malformed as malformed:
        for error in malformed.errors:
            yield Flaw(SCHEMA, error.detail, path=error.path.removeprefix("schema").strip("."))


def _of_example(
    template: str, schema: dict[str, Any], example: dict[str, Any], catalogue: Catalogue
) -> Iterator[Flaw]:
    block = Block("draft", template, schema)
    try:
        check_fields(block, {SAMPLE_LOCALE: example}, catalogue)
    except Malformed as malformed:
        for error in malformed.errors:
            path = error.path.removeprefix(f"fields.{SAMPLE_LOCALE}").strip(".")
            yield Flaw(EXAMPLE, error.detail, path=path)
