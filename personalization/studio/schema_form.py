"""A block's JSON Schema as a form, and back: what an editor types becomes JSON.

A list has rows that are added, removed and moved: its field's name comes once for each row, in
their order, with the row's id; the parts are `field__en__steps__<id>__title`. What is wrong in a
row is said at its part.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.studio.schema_fields import single_field
from personalization.studio.schema_kinds import (
    Schema,
    is_empty,
    kind_of,
    says_something,
    title_of,
    without_empty,
)

MARK: Final = "__"
ONLY: Final = ""  # the part of a row that is a plain value
Row = tuple[str, dict[str, Any]]  # its id; part -> what was typed, or a JSON value
Values = Mapping[str, Any]  # JSON


def field_name(*parts: str) -> str:
    """`field__en__headline`; in a row `field__en__steps__0__title`, or without a last part."""
    return MARK.join(("field", *(part for part in parts if part)))


def form_fields(
    schema: Schema, values: Values, *, further: Values | None = None
) -> Iterator[tuple[str, forms.Field]]:
    """A field for each property, filled with `values`, else with the schema's default.

    `further`: the fields are those of a further language, which may stay empty as a whole; what is
    no text begins as in the language that is given.
    """
    required = set() if further is not None else set(schema.get("required", ()))
    for name, rules in schema.get("properties", {}).items():
        field = schema_field(rules, required=name in required)
        field.label = title_of(name, rules)
        field.help_text = _(rules["description"]) if rules.get("description") else ""
        field.initial = values.get(name, _start(name, rules, further))
        yield name, field


def schema_field(rules: Schema, *, required: bool) -> forms.Field:
    match kind_of(rules):
        case "list":
            return ListField(rules, required=required)
        case "group":
            return GroupField(rules, required=required)
    return single_field(rules, required=required)


def typed_values(schema: Schema, cleaned: Values) -> dict[str, Any]:
    """JSON by property; what was left empty is left out, and without any text all of it."""
    properties = schema.get("properties", {})
    given = {name: cleaned[name] for name in properties if name in cleaned}
    found = without_empty(given, schema)
    texts = [name for name, rules in properties.items() if says_something(rules)]
    return found if not texts or any(found.get(name) for name in texts) else {}


def _start(name: str, rules: Schema, further: Values | None) -> Any:  # JSON
    if further is None:
        return rules.get("default")
    return None if says_something(rules) else further.get(name, rules.get("default"))


class RowsWidget(forms.Widget):
    """Reads rows; `field_views` draws them, since it knows their fields and errors."""

    def __init__(self, parts: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:  # Django's types
        return [(row, self._typed(data, files, name, row)) for row in data.getlist(name)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False  # no rows are an answer too

    def _typed(self, data: Any, files: Any, name: str, row: str) -> dict[str, Any]:
        inside = MARK.join((name, row))
        return {
            part: field.widget.value_from_datadict(data, files, joined(inside, part))
            for part, field in self.parts.items()
        }


def joined(name: str, part: str) -> str:
    return f"{name}{MARK}{part}" if part else name


class ListField(forms.Field):
    """A JSON list. `wrong` says what is the matter in single parts, by row id and part."""

    def __init__(self, rules: Schema, *, required: bool) -> None:
        self.entry: Schema = rules["items"]
        self.is_plain = kind_of(self.entry) != "group"
        self.least, self.most = rules.get("minItems", 0), rules.get("maxItems")
        self.wrong: dict[tuple[str, str], list[str]] = {}
        self.parts = self.new_row()
        super().__init__(required=required, widget=RowsWidget(self.parts))

    def new_row(self, value: Any = None) -> dict[str, forms.Field]:  # JSON of one entry
        if not self.is_plain:
            return dict(form_fields(self.entry, value if isinstance(value, Mapping) else {}))
        field = schema_field(self.entry, required=True)
        field.label = title_of("", self.entry) or _("Entry")
        field.initial = value
        return {ONLY: field}

    def rows(self, value: Any) -> Iterator[Row]:
        """What is shown: rows as they were sent, or made from a JSON list."""
        for place, each in enumerate(value or ()):
            if isinstance(each, tuple):
                yield each
            else:
                parts = self.new_row(each)
                yield str(place), {part: field.initial for part, field in parts.items()}

    def clean(self, value: list[Row]) -> Any:  # JSON
        self.wrong.clear()
        found = [self._entry(row, typed) for row, typed in value]
        if self.wrong:
            raise forms.ValidationError(_("Something is missing or wrong in the parts below."))
        if self.required and not found:
            raise forms.ValidationError(_("Add at least one entry."))
        if found:
            self._check_number(len(found))
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(self.rows(initial)) != list(data or ())

    def say(self, path: str, rows: list[Row], sentence: str) -> None:
        """Put what is wrong at its part: `[0].title` of these rows."""
        place, _dot, part = path.strip("[").replace("]", "").partition(".")
        if place.isdecimal() and int(place) < len(rows):
            self.wrong.setdefault((rows[int(place)][0], part), []).append(sentence)

    def _entry(self, row: str, typed: Mapping[str, Any]) -> Any:  # JSON
        found = {}
        for part, field in self.parts.items():
            try:
                found[part] = field.clean(typed.get(part))
            except forms.ValidationError as error:
                self.wrong[row, part] = list(error.messages)
        return found.get(ONLY) if self.is_plain else without_empty(found, self.entry)

    def _check_number(self, count: int) -> None:
        if count < self.least:
            said = ngettext("At least %d entry.", "At least %d entries.", self.least)
            raise forms.ValidationError(said % self.least)
        if self.most is not None and count > self.most:
            said = ngettext("At most %d entry.", "At most %d entries.", self.most)
            raise forms.ValidationError(said % self.most)


class GroupField(ListField):
    """A JSON object with properties of its own: one row that is always there."""

    def __init__(self, rules: Schema, *, required: bool) -> None:
        super().__init__({"items": rules}, required=required)

    def rows(self, value: Any) -> Iterator[Row]:
        yield from super().rows(value if isinstance(value, list) and value else [value or {}])

    def clean(self, value: list[Row]) -> Any:  # JSON
        typed = value[0][1] if value else {}
        if not self.required and all(is_empty(each) or each is False for each in typed.values()):
            self.wrong.clear()
            return None
        return super().clean(value)[0] if value else None

    def say(self, path: str, rows: list[Row], sentence: str) -> None:
        super().say(f"[0]{path}", rows, sentence)
