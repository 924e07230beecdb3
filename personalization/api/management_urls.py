"""Addresses of the management API, below `/api/v1/`."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from personalization.api.management import (
    ExplainView,
    ReleasesView,
    TraitsSchemaView,
    documents_view,
)
from personalization.targeting.documents import KINDS

router = SimpleRouter(trailing_slash=False)
for name in KINDS:
    router.register(name, documents_view(name), basename=name)

urlpatterns = [
    path("traits-schema", TraitsSchemaView.as_view({"get": "retrieve", "put": "update"})),
    path("releases", ReleasesView.as_view({"get": "list", "post": "create"})),
    re_path(r"^releases/(?P<number>[0-9]+)/activate$", ReleasesView.as_view({"post": "activate"})),
    path("explain/<path:exposure>", ExplainView.as_view({"get": "retrieve"})),
    *router.urls,
]
