"""Lists of what grows with every page view: no page of them looks at all rows.

They are counted up to a bound, filtered by values that occur among the newest rows, and searched by
whole values or their beginnings.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib.admin import AllValuesFieldListFilter, ShowFacets
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import cached_property

from personalization.figures import whole
from personalization.govern.audit_words import in_words
from personalization.studio.reasons import reason_in_words
from personalization.studio.scoped import ReadOnlyAdmin

BOUND: Final = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # generic in the stubs only
    """As if there were no more than `BOUND` rows; the list says where there are."""

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list  # of a list of the admin's it is a query
        return int(rows.order_by().values("pk")[: BOUND + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._found, BOUND)

    @property
    def bound(self) -> str:
        return whole(BOUND)

    @property
    def template_name(self) -> str:
        """What unfold draws below a list."""
        if self._found > BOUND:
            return "studio/more_than_counted.html"
        return "unfold/helpers/pagination_default.html"


class RecentValues(AllValuesFieldListFilter):
    """Offers what stands in the newest `BOUND` rows of the person's own; any other can be asked."""

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: Any,
        model: type[Model],
        model_admin: Any,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model_admin.get_queryset(request).order_by("-pk")
        values = set(newest.values_list(field_path, flat=True)[:BOUND])
        self.lookup_choices: Any = sorted(values, key=lambda value: (value is None, value))

    def choices(self, changelist: Any) -> Iterator[Any]:
        everything, *some = super().choices(changelist)
        yield everything
        for each in some:
            yield {**each, "display": self.in_words(str(each["display"]))}

    def in_words(self, value: str) -> str:
        return value


class RecentReasons(RecentValues):
    def in_words(self, value: str) -> str:
        return reason_in_words(value)


class RecentActions(RecentValues):
    def in_words(self, value: str) -> str:
        return in_words(value, target="")


class LargeAdmin(ReadOnlyAdmin):
    paginator = BoundedPaginator
    ordering = ("-pk",)
    show_facets = ShowFacets.NEVER

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Django's own type
        listed = super().get_changelist_instance(request)
        listed.full_result_count = listed.result_count  # a bound is no number of results
        return listed
