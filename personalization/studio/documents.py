"""Forms whose content becomes a document for a verb of `targeting`: one way in for all editors.

The studio writes nothing by itself: a form is turned into the same document that the API takes,
the verb is rehearsed while the form is checked, and called when it is saved.
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.studio.condition_form import ConditionWidget
from personalization.studio.current import current_site
from personalization.studio.row_form import RowForm
from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents

Document = dict[str, Any]  # JSON, as DESIGN's management API takes it
Verb = Callable[..., Any]


class DocumentForm(RowForm):
    """Checks what was typed by rehearsing the verb that will save it."""

    verb: ClassVar[Verb]
    person: ClassVar[str] = ""  # who is typing; the admin sets it on a class of this request
    site_now: ClassVar[Site | None] = None  # likewise
    locales_now: ClassVar[tuple[str, ...]] = ()  # likewise, where a content has languages
    names: ClassVar[Mapping[str, str]] = {}  # document field -> form field, where they differ

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, ConditionWidget):
                field.widget.site = self.site_now

    @abstractmethod
    def document(self, cleaned: dict[str, Any]) -> Document:
        """What was typed, as the verb takes it."""

    def place_of(self, path: str) -> str:
        """The form field that shows what is wrong at this path of the document."""
        top = path.replace("[", ".").split(".")[0]
        return self.names.get(top, top)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("key"):
            cleaned["key"] = self.instance.key or suggested_key(cleaned.get("name", ""))
        if self.instance.pk is None and self._is_taken(cleaned):
            self.add_error("key", _t("Something else has this key already; choose another."))
        if not self.errors:
            self._rehearse(cleaned)
        return cleaned

    def _is_taken(self, cleaned: Mapping[str, Any]) -> bool:
        """What is new must not write over what stands; the API's upsert is for machines."""
        rows = self._meta.model._default_manager
        return rows.filter(site=cleaned.get("site"), key=cleaned["key"]).exists()

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
            field = self.place_of(error.path)
            place = "" if error.path in ("", field) or field != "condition" else f"{error.path}: "
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
    ) -> type[RowForm]:
        form = super().get_form(request, obj, change, **kwargs)
        typed: Any = form  # a DocumentForm, of a class made for this request
        typed.person = str(request.user)
        typed.site_now = obj.site if obj else current_site(request, self.abilities["add"])
        if typed.site_now is not None:
            typed.locales_now = locales_of(typed.site_now, getattr(obj, "fields", None))
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

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return HttpResponseRedirect("../change/")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        documents.delete(obj, by=str(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """What nothing refers to is deleted; of the rest the person is told who needs it."""
        for row in queryset:
            try:
                documents.delete(row, by=str(request.user))
            except Refusal as refusal:
                messages.error(request, refusal.detail)


def locales_of(site: Site, fields: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The site's language first, then those that a content has, then ours."""
    ours = (code for code, _name in settings.LANGUAGES)
    return tuple(
        dict.fromkeys([site.locale, *sorted(fields or ()), *sorted({"en", "de"} & set(ours))])
    )
