"""Django's model form; the type checker wants its model named, the running program cannot."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    RowForm = forms.ModelForm[Any]  # of whichever model
else:
    RowForm = forms.ModelForm
