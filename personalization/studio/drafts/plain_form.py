"""Forms of pages that are no table's form: our own inputs, and refusals put at their fields."""

from typing import Any, Final

from django import forms

from personalization.exceptions import Refusal

INPUT: Final = "pz-input"
PLAIN: Final = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


class PlainForm(forms.Form):
    """`studio/drafts/field.html` draws one field of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, PLAIN):
                field.widget.attrs.setdefault("class", INPUT)
            if isinstance(field.widget, forms.DateTimeInput):
                field.widget.input_type = "datetime-local"

    def place_of(self, path: str) -> str:
        """The field that shows what is wrong at this path of the document."""
        return path.replace("[", ".").split(".")[0]

    def say(self, refusal: Refusal) -> None:
        """What a verb refused, at its field; what has none, above the form."""
        if not refusal.errors:
            self.add_error(None, refusal.detail)
        for error in refusal.errors:
            name = self.place_of(error.path)
            self.add_error(name if name in self.fields else None, error.detail)


def lines(text: str) -> list[str]:
    """One entry a line, blank lines left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]
