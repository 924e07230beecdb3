"""Forms whose content becomes a document for a verb of `targeting`: one way in for all editors.

The studio writes nothing by itself: a form is turned into the same document that the API takes,
the verb is rehearsed while the form is checked, and called when it is saved.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents

Document = dict[str, Any]  # JSON, as DESIGN's management API takes it
Verb = Callable[..., Any]


class DocumentForm(forms.ModelForm[Any]):
    """Checks what was typed by rehearsing the verb that will save it."""

    verb: ClassVar[Verb]
    person = ""  # who is typing; set by the admin
    names: ClassVar[Mapping[str, str]] = {}  # document field -> form field, where they differ

    def document(self, cleaned: dict[str, Any]) -> Document:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("key"):
            cleaned["key"] = self.instance.key or suggested_key(cleaned.get("name", ""))
        if not self.errors:
            self._rehearse(cleaned)
        return cleaned

    def site(self, cleaned: Mapping[str, Any]) -> Site:
        return cleaned.get("site") or self.instance.site

    def save_document(self) -> Any:  # a row of the form's model
        cleaned = self.cleaned_data
        return type(self).verb(self.site(cleaned), self.document(cleaned), by=self.person)

    def _rehearse(self, cleaned: dict[str, Any]) -> None:
        self.cleaned_data = cleaned
        try:
            with transaction.atomic():
                self.save_document()
                transaction.set_rollback(True)
        except Refusal as refusal:
            self._show(refusal)

    def _show(self, refusal: Refusal) -> None:
        if not refusal.errors:
            self.add_error(None, refusal.detail)
        for error in refusal.errors:
            top = error.path.replace("[", ".").replace("/", ".").strip(".").split(".")[0]
            field = self.names.get(top, top)
            place = "" if error.path in ("", top) else f"{error.path}: "
            self.add_error(field if field in self.fields else None, f"{place}{error.detail}")

    def _post_clean(self) -> None:
        """The verb has checked the row; Django's own model checks would only say it again."""


def suggested_key(name: str) -> str:
    """A stable key out of a name: "Summer sale" becomes "summer-sale"."""
    return slugify(name)[:100]


class DocumentAdmin(SiteScopedAdmin):
    """Pages that edit documents. The key is chosen once, from the name unless given."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        form.person = str(request.user)  # type: ignore[attr-defined] # a DocumentForm
        if "key" in form.base_fields:
            form.base_fields["key"].required = False
            form.base_fields["key"].help_text = _("Made from the name when left empty.")
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's type
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None else (*fixed, "key", "site")

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        saved = form.save_document()
        obj.pk = saved.pk
        obj.refresh_from_db()
        messages.info(
            request, _t("Saved as a draft. Pages show it once you publish."), fail_silently=True
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The verb has written everything."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        documents.delete(obj, by=str(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            documents.delete(row, by=str(request.user))
