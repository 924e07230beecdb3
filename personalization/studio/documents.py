"""Forms whose content becomes a document for a verb of `targeting`: one way in for all editors.

The studio writes nothing by itself: a form is turned into the same document that the API takes,
the verb is rehearsed while the form is checked, and called when it is saved. Who saves over
somebody else's work is told, and chooses (`conflicts`).
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from itertools import chain, count
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.exceptions import Conflict, FieldError, Refusal
from personalization.govern.models import Site
from personalization.studio.condition_form import ConditionWidget
from personalization.studio.conflicts import Opened, Standoff
from personalization.studio.current import current_site
from personalization.studio.row_form import RowForm
from personalization.studio.scoped import SiteScopedAdmin
from personalization.studio.two_versions import TwoVersionsForm
from personalization.targeting import documents

Document = dict[str, Any]  # JSON, as DESIGN's management API takes it
Verb = Callable[..., Any]
AGAIN = "again"  # sent once the person knows that what they save was deleted


class DocumentForm(TwoVersionsForm):
    """Checks what was typed by rehearsing the verb that will save it."""

    verb: ClassVar[Verb]
    person: ClassVar[str] = ""  # who is typing; the admin sets it on a class of this request
    site_now: ClassVar[Site | None] = None  # likewise
    locales_now: ClassVar[tuple[str, ...]] = ()  # likewise, where a content has languages
    settled: Document | None = None  # what was chosen from both versions
    is_gone = False  # somebody else deleted what was being edited

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, ConditionWidget):
                field.widget.site = self.site_now

    @abstractmethod
    def document(self, cleaned: dict[str, Any]) -> Document:
        """What was typed, as the verb takes it."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._notice_deletion()
        if self.is_nameless(cleaned):
            self.add_error("name", _t("Give it a name: lists and messages call it by that."))
        if not cleaned.get("key"):
            cleaned["key"] = self.instance.key or self._free_key(cleaned)
        if self.instance.pk is None and self._is_taken(cleaned):
            self.add_error("key", _t("Something else has this key already; choose another."))
        if not self.errors:
            self._rehearse(cleaned)
        return cleaned

    def is_nameless(self, cleaned: Mapping[str, Any]) -> bool:
        """Nothing is there by which people would know it; what stands may keep its key alone."""
        is_new = self.instance.pk is None and "name" in self.fields
        return is_new and not cleaned.get("key") and not cleaned.get("name")

    def _notice_deletion(self) -> None:
        """A form that was opened with something stored comes back, and the thing is gone."""
        self.is_gone = self.instance.pk is None and self.opened().at is not None
        if self.is_gone and AGAIN not in self.data:
            self.add_error(
                None,
                _t(
                    "Somebody deleted this while you were editing. Your work stands below: save "
                    "it once more to make it anew."
                ),
            )

    def _free_key(self, cleaned: Mapping[str, Any]) -> str:
        model = self._meta.model
        rows = model._default_manager.filter(site=cleaned.get("site"))
        return free_key(rows, cleaned.get("name") or "", model._meta.model_name)

    def _is_taken(self, cleaned: Mapping[str, Any]) -> bool:
        """What is new must not write over what stands; the API's upsert is for machines."""
        rows = self._meta.model._default_manager
        return rows.filter(site=cleaned.get("site"), key=cleaned["key"]).exists()

    def site(self, cleaned: Mapping[str, Any]) -> Site:
        return cleaned.get("site") or self.instance.site

    def opened(self) -> Opened:
        """The version that this form was filled from; of what is new, none."""
        return Opened.sent(self.data) if self.is_bound else Opened.of(self.instance)

    def save_document(self) -> Any:  # a row of the form's model
        """Only over the version that was looked at: else the verb refuses."""
        cleaned = self.cleaned_data
        document = self.settled or self.document(cleaned)
        seen = self.instance.updated_at if self.opened().at else None
        verb = type(self).verb
        return verb(self.site(cleaned), document, by=self.person, unchanged_since=seen)

    def _rehearse(self, cleaned: dict[str, Any]) -> None:
        self.cleaned_data = cleaned
        try:
            mine = self._tried()
            standoff = Standoff.between(self.opened(), self.instance, mine)
            if standoff is None:
                return
            if standoff.is_settled_by(self.data):
                self.settled = standoff.settled(self.data, self.fields, self.place_of)
                self._tried()
                return
            self.standoff = standoff
            self.add_error(None, _t("Nothing is saved yet: choose between the two versions."))
        except Refusal as refusal:
            self._show(refusal)

    def _tried(self) -> Document:
        """The document as it would be stored; nothing is."""
        with transaction.atomic():
            stored = documents.to_document(self.save_document())
            transaction.set_rollback(True)
        return stored

    def _show(self, refusal: Refusal) -> None:
        if not refusal.errors:
            self.add_error(None, refusal.detail)
        for error in refusal.errors:
            field = self.place_of(error.path)
            self.say(field if field in self.fields else None, error)

    def say(self, field: str | None, error: FieldError) -> None:
        """Put what is wrong at its field; None is the whole form."""
        is_inside = field == "condition" and error.path != field
        place = f"{error.path}: " if is_inside else ""
        self.add_error(field, f"{place}{error.detail}")

    def _post_clean(self) -> None:
        """The verb has checked the row; Django's own model checks would only say it again."""


def suggested_key(name: str) -> str:
    """A stable key out of a name: "Summer sale" becomes "summer-sale"."""
    return slugify(name)[:90]


def free_key(rows: QuerySet[Any], name: str, otherwise: str) -> str:
    """Out of a name, with a number behind where another has it; `otherwise` where a name in
    another script gives none."""
    wanted = suggested_key(name) or otherwise
    taken = set(rows.filter(key__startswith=wanted).values_list("key", flat=True))
    numbered = (f"{wanted}-{n}" for n in count(2))
    return next(key for key in chain([wanted], numbered) if key not in taken)


class DocumentAdmin(SiteScopedAdmin):
    """Pages that edit documents. The key is chosen once, from the name unless given."""

    change_form_before_template = "studio/document_top.html"

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

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What was deleted while somebody edited it comes back as something new, if they like."""
        if request.method == "POST" and self.get_object(request, unquote(object_id)) is None:
            return self.changeform_view(request, None, form_url, extra_context)
        return super().change_view(request, object_id, form_url, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:  # Django's own type
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Conflict:  # between our look and our saving; look again, now there is something
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        saved = form.save_document()
        obj.pk = saved.pk
        obj.refresh_from_db()
        messages.info(request, self.what_now(obj), fail_silently=True)

    def what_now(self, row: Any) -> str:  # a row of the admin's model
        """What is still to do before visitors see it."""
        return _t("Saved as a draft. Pages show it once you publish.")

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
