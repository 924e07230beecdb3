"""The management API: documents of a site, its releases, and why a page showed something.

Every write is a verb of `targeting` or `publish`; here HTTP becomes its arguments.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from personalization.api.described import OfOurs, described
from personalization.api.management_access import (
    HasScope,
    SecretKey,
    actor_of,
    site_of,
)
from personalization.api.management_forms import (
    FORMS,
    Problem,
    ReleaseAnswer,
    ReleaseForm,
    ReleaseRequest,
)
from personalization.api.management_http import (
    etag_of,
    page_of,
    page_schema,
    seen_before,
    sent,
    told,
)
from personalization.exceptions import Conflict, NotFound
from personalization.govern.models import Site
from personalization.publish import releases
from personalization.publish.explaining import explain
from personalization.publish.models import PublishedRelease
from personalization.targeting import documents
from personalization.targeting.models import Keyed
from personalization.targeting.reading import KEY, LARGEST, Document, malformed

REFUSALS = dict.fromkeys((400, 401, 403, 413, 415), Problem)
REFUSALS_OF_ONE = {**REFUSALS, 404: Problem, 409: Problem}
PAGE = [
    OpenApiParameter("limit", OpenApiTypes.INT, description="At most so many; 100 unless said."),
    OpenApiParameter("offset", OpenApiTypes.INT, description="Leave out so many."),
]
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that you saw: write over it only.",
)


class ManagementView(OfOurs, ViewSet):
    """What all of them share: secret keys, strict JSON, problem details."""

    authentication_classes = (SecretKey,)
    permission_classes = (HasScope,)
    scope = "manage"

    def scope_of(self, request: Request) -> str:
        return self.scope

    def handle_exception(self, exc: Exception) -> Response:
        return told(exc) or super().handle_exception(exc)


class DocumentsView(ManagementView):
    """One kind of document; `kind` is set by the address."""

    kind: ClassVar[documents.Kind]
    lookup_field = "key"
    lookup_value_regex = "[^/]+"

    def list(self, request: Request) -> Response:
        rows = self.kind.rows(site_of(request)).order_by("key")
        return page_of(request, rows, self.kind.written)

    def create(self, request: Request) -> Response:
        site = site_of(request)
        document = self._document(request)
        key = document.get("key")
        if isinstance(key, str) and self._rows(site, key).exists():
            raise Conflict(_("“%s” exists. Change it with PUT, or choose another key.") % key)
        return self._saved(request, site, document, 201)

    def retrieve(self, request: Request, key: str) -> Response:
        row = self._row(site_of(request), key)
        return Response(self.kind.written(row), headers={"ETag": etag_of(row)})

    def update(self, request: Request, key: str) -> Response:
        """Replace the document of this key, or make it."""
        site = site_of(request)
        status = 200 if self._rows(site, key).exists() else 201
        return self._saved(request, site, self._document(request, key), status)

    def partial_update(self, request: Request, key: str) -> Response:
        """Change the fields that are sent; the others stay."""
        site = site_of(request)
        before = self.kind.written(self._row(site, key))
        return self._saved(request, site, {**before, **self._document(request, key)}, 200)

    def destroy(self, request: Request, key: str) -> Response:
        documents.delete(self._row(site_of(request), key), by=actor_of(request))
        return Response(status=204)

    def _saved(
        self, request: Request, site: Site, document: Mapping[str, Any], status: int
    ) -> Response:
        row = self.kind.save(
            site, document, by=actor_of(request), unchanged_since=seen_before(request)
        )
        written = {**self.kind.written(row), "warnings": list(row.warnings)}
        return Response(written, status=status, headers={"ETag": etag_of(row)})

    def _document(self, request: Request, key: str | None = None) -> dict[str, Any]:
        """What was sent, with the key of the address; what only we say is left out."""
        found: object = sent(request)
        if not isinstance(found, Mapping):
            raise malformed("", "type", _("Send an object with named fields."))
        document = {name: value for name, value in found.items() if name != "warnings"}
        if key is not None and document.setdefault("key", key) != key:
            raise Conflict(_("The key in the document is not that of the address; keys stay."))
        return document

    def _rows(self, site: Site, key: str) -> Any:  # a QuerySet of the kind's model
        keyed = key if KEY.fullmatch(key) else ""
        return self.kind.rows(site).filter(key=keyed)

    def _row(self, site: Site, key: str) -> Keyed:
        row: Keyed | None = self._rows(site, key).first()
        if row is None:
            raise NotFound(_("There is nothing of this key."))
        return row


def documents_view(name: str) -> type[DocumentsView]:
    """The view of one kind, as OpenAPI shall describe it."""
    kind, form = documents.KINDS[name], FORMS[name]
    view = type(f"{name.title()}View", (DocumentsView,), {"kind": kind, "serializer_class": form})
    one = {**REFUSALS_OF_ONE, 200: form}
    written = {**REFUSALS_OF_ONE, 201: form}
    actions = {
        "list": described(parameters=PAGE, responses={**REFUSALS, 200: page_schema(form)}),
        "create": described(request=form, responses=written),
        "retrieve": described(responses=one),
        "update": described(request=form, parameters=[IF_MATCH], responses={**one, 201: form}),
        "partial_update": described(parameters=[IF_MATCH], responses=one),
        "destroy": described(responses={**REFUSALS_OF_ONE, 204: None}),
    }
    for action, describe in actions.items():
        inherited = getattr(DocumentsView, action)
        setattr(view, action, describe(_copied(inherited)))
    return view


def _copied(method: Any) -> Any:  # a method of DocumentsView
    """A method of the kind's own, so that each kind is described apart."""

    def action(
        self: DocumentsView, request: Request, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        answer: HttpResponseBase = method(self, request, *args, **kwargs)
        return answer

    action.__name__, action.__doc__ = method.__name__, method.__doc__
    return action


class TraitsSchemaView(ManagementView):
    """The traits that the site declares, in the form of the field catalogue."""

    @described(responses={**REFUSALS, 200: OpenApiTypes.OBJECT})
    def retrieve(self, request: Request) -> Response:
        return Response(site_of(request).traits_schema)

    @described(
        request=OpenApiTypes.OBJECT, responses={**REFUSALS, 200: OpenApiTypes.OBJECT, 409: Problem}
    )
    def update(self, request: Request) -> Response:
        saved = documents.save_traits_schema(site_of(request), sent(request), by=actor_of(request))
        return Response(saved)


class ReleasesView(ManagementView):
    """Releases: published from the drafts, listed, switched to."""

    def scope_of(self, request: Request) -> str:
        return "manage" if request.method in ("GET", "HEAD", "OPTIONS") else "publish"

    @described(parameters=PAGE, responses={**REFUSALS, 200: page_schema(ReleaseForm)})
    def list(self, request: Request) -> Response:
        site = site_of(request)
        rows = PublishedRelease.objects.filter(site=site).defer("document").order_by("-number")
        return page_of(request, rows, lambda row: _release_document(site, row))

    @described(
        request=ReleaseRequest,
        responses={**REFUSALS, 201: ReleaseAnswer, 202: ReleaseAnswer, 409: Problem},
    )
    def create(self, request: Request) -> Response:
        """202: frozen, and waiting for the second person that the site asks for."""
        reading = Document(sent(request, without={}))
        note, due_at = reading.text("note", longest=500), reading.moment("due_at")
        reading.finish()
        release = releases.publish(site_of(request), note=note, by=actor_of(request), due_at=due_at)
        return Response({"release": release.number}, status=202 if release.is_waiting else 201)

    @described(request=None, responses={**REFUSALS_OF_ONE, 200: ReleaseAnswer})
    def activate(self, request: Request, number: str) -> Response:
        wanted = int(number) if len(number) < 12 else LARGEST
        release = releases.activate(site_of(request), min(wanted, LARGEST), by=actor_of(request))
        return Response({"release": release.number})


class ExplainView(ManagementView):
    """Why a page showed what it showed."""

    scope = "explain"

    @described(responses={**REFUSALS, 200: OpenApiTypes.OBJECT, 404: Problem})
    def retrieve(self, request: Request, exposure: str) -> Response:
        return Response(explain(site_of(request), exposure))


def _release_document(site: Site, row: PublishedRelease) -> dict[str, Any]:  # JSON
    return {
        "release": row.number,
        "note": row.note,
        "by": row.author,
        "published": _written(row.created_at),
        "live": row.number == site.live_release,
        "state": row.state(site.live_release),
        "due_at": _written(row.due_at),
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
