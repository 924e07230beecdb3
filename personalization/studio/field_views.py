"""What a template draws of a form made from a schema: each field with its words, rows inside.

In:  the form's fields, what was typed or stored, what was refused.
Out: `FieldView`s; `studio/content_field.html` draws one, and itself again for the parts of rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.utils.safestring import SafeString

from personalization.blocks.advice import alternative_of, comfortable_length
from personalization.blocks.fields import has_placeholders
from personalization.studio.schema_form import MARK, GroupField, ListField, joined
from personalization.studio.schema_kinds import TEXTS, Schema, kind_of

NEW: Final = "NEW"  # and the depth: stands for a row's id in the template of new rows


@dataclass(frozen=True, slots=True)
class RowView:
    row: str
    parts: tuple["FieldView", ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """`path`: where its value stands in one language; in rows without the number, `steps[].title`.

    `longest` and `best`: characters. `words`: of a picture, the field that says what it shows.
    """

    name: str
    path: str
    kind: str
    label: str
    help: str
    is_required: bool
    errors: tuple[str, ...]
    html: str = ""  # of the input; a SafeString made by its widget
    longest: int | None = None
    best: int | None = None
    words: str = ""
    for_items: bool = False
    rows: tuple[RowView, ...] = ()
    new: RowView | None = None
    least: int = 0  # rows
    most: int | None = None

    @property
    def id(self) -> str:
        return f"id_{self.name}"

    @property
    def takes_placeholders(self) -> bool:
        return self.kind in TEXTS - {"date", "color"}


def field_view(
    name: str,
    path: str,
    rules: Schema,
    of: forms.Field,
    value: Any,  # as typed, or JSON
    *,
    schema: Schema,
    errors: Iterable[str] = (),
) -> FieldView:
    """`schema`: the object that the field is a property of."""
    kind = kind_of(rules)
    named = alternative_of(path.rpartition(".")[2], schema) if kind == "picture" else None
    view = FieldView(
        name=name,
        path=path,
        kind=kind,
        label=str(of.label or ""),
        help=str(of.help_text or ""),
        is_required=of.required,
        errors=tuple(errors),
        longest=rules.get("maxLength"),
        best=comfortable_length(rules),
        words=named or "",
        for_items=bool(rules.get("x-item")),
    )
    if not isinstance(of, ListField):
        return replace(view, html=_drawn(view, of, value))
    rows = (_row(view, of, row, typed) for row, typed in of.rows(value))
    return replace(
        view,
        rows=tuple(rows),
        new=_new_row(view, of),
        least=of.least if of.required else 0,
        most=of.most,
    )


def _new_row(view: FieldView, of: ListField) -> RowView | None:
    if isinstance(of, GroupField):
        return None
    blank = {part: each.initial for part, each in of.new_row().items()}
    return _row(view, of, f"{NEW}{view.name.count(MARK)}", blank)


def _row(view: FieldView, of: ListField, row: str, typed: Mapping[str, Any]) -> RowView:
    return RowView(row, tuple(_parts(view, of, row, typed)))


def _parts(
    view: FieldView, of: ListField, row: str, typed: Mapping[str, Any]
) -> Iterator[FieldView]:
    inside = view.path if isinstance(of, GroupField) else f"{view.path}[]"
    for part, each in of.parts.items():
        yield field_view(
            joined(joined(view.name, row), part),
            f"{inside}.{part}" if part else inside,
            of.entry if of.is_plain else of.entry["properties"][part],
            each,
            typed.get(part),
            schema=of.entry,
            errors=of.wrong.get((row, part), ()),
        )


def _drawn(view: FieldView, of: forms.Field, value: Any) -> str:
    """The input alone; its label, help and errors stand around it and are named here."""
    widget: Any = of.widget
    if view.kind == "date" and not has_placeholders(str(value or "")):
        widget.input_type = "date"
    described = [
        f"{view.id}_error" if view.errors else "",
        f"{view.id}_helptext" if view.help else "",
        f"{view.id}_advice",
    ]
    attributes = {
        **of.widget_attrs(widget),
        "id": view.id,
        "aria-describedby": " ".join(filter(None, described)),
        **({"aria-invalid": "true"} if view.errors else {}),
        **({"aria-required": "true"} if view.is_required else {}),
    }
    return SafeString(widget.render(view.name, of.prepare_value(value), attributes))
