"""What every page of the studio promises: only your sites, only what your role allows."""

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import quote

from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from personalization.govern.models import Site
from personalization.govern.roles import may, site_ids_of, sites_of
from personalization.studio import empty_lists
from personalization.studio.field_help import explain
from personalization.studio.missing import told_where_missing
from personalization.studio.searched_select import SearchedSelect
from personalization.studio.zones import by_the_clock_of_the_site

NEVER = "never"
SAVED = "pz_saved"  # a cookie; read and removed by `unsaved.js`


class SiteScopedAdmin(ModelAdmin):
    """Rows of the sites that a person may see; what they may do comes from `abilities`.

    `abilities` maps view, add, change and delete to an ability of `govern.roles`.
    """

    abilities: ClassVar[Mapping[str, str]] = {
        "view": "view",
        "add": "edit",
        "change": "edit",
        "delete": "edit",
    }
    site_path = "site"
    list_per_page = 50
    show_full_result_count = False
    compressed_fields = True
    warn_unsaved_form = False  # unsaved.js does more, see there
    change_form_before_template = "studio/unsaved.html"
    list_filter_submit = False

    @property
    def nothing_yet(self) -> Any:  # a lazy text
        """What the list says while it is empty; it is given no context but its page."""
        return empty_lists.WORDS.get(str(self.opts.model_name), "")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Sites by number: of a query for them a database does not know which indexes help."""
        rows = super().get_queryset(request)
        mine = site_ids_of(request.user, self.abilities["view"])
        return rows if mine is None else rows.filter(**{f"{self.site_path}__in": mine})

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:  # a form class of this request's own
        form = super().get_form(request, obj, change, **kwargs)
        explain(str(self.opts.model_name), form.base_fields)
        return form

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Django's own type
        """Beside its title, unfold counts what was found and offers all: only where it was sought.

        Below stands how many there are in any case.
        """
        listed = super().get_changelist_instance(request)
        if not (listed.query or listed.has_active_filters):
            listed.full_result_count = listed.result_count
        return listed

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Called by what it lists. Filters by a number beyond every database's are no filters."""
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        try:
            return super().changelist_view(request, context)
        except OverflowError:
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:  # Django's own type
        """A row's page is called by the row and what it is, whether one may change it or not."""
        called = {} if object_id is None else {"title": capfirst(self.opts.verbose_name)}
        context = {**called, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return note_saved(request, super().response_add(request, obj, post_url_continue))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return note_saved(request, super().response_change(request, obj))

    @property
    def urls(self) -> Any:  # Django's own type
        """All addresses, those that subclasses add included.

        Times are those of the site; who finds nothing there is told.
        """
        patterns = self.get_urls()
        for pattern in patterns:
            timed = by_the_clock_of_the_site(pattern.callback)
            pattern.callback = told_where_missing(timed, self)
        return patterns

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Django would go home and say there that an id does not exist."""
        raise Http404

    def may(self, request: HttpRequest, deed: str, row: Model | None = None) -> bool:
        site_id = None if row is None else self.site_id_of(row)
        return may(request.user, self.abilities[deed], site_id)

    def site_id_of(self, row: Model) -> int | None:
        return getattr(row, "site_id", None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request, "delete", obj)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Offer rows of the person's own sites only; with one site, choose it."""
        model = db_field.remote_field.model
        mine = sites_of(request.user, self.abilities["change"])
        if model is Site:
            kwargs["queryset"] = mine
            kwargs.setdefault("initial", mine.first())
        elif any(field.name == "site" for field in model._meta.fields):
            kwargs["queryset"] = model._default_manager.filter(site__in=mine)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def note_saved(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell `unsaved.js` that what came from this address is stored, so that it forgets its copy.

    A slash left as it is would have the cookie put into quotation marks, which the script keeps.
    """
    address = quote(request.get_full_path(), safe="")
    response.set_cookie(SAVED, address, max_age=60, samesite="Lax")
    return response


class ReadOnlyAdmin(SiteScopedAdmin):
    """A list to look at: nothing is added, changed or deleted here."""

    abilities: ClassVar[Mapping[str, str]] = {
        "view": "view",
        "add": NEVER,
        "change": NEVER,
        "delete": NEVER,
    }

    def may(self, request: HttpRequest, deed: str, row: Model | None = None) -> bool:
        return deed == "view" and super().may(request, deed, row)
