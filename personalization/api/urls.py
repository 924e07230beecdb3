"""The addresses of the API, below `/api/v1/`."""

from django.urls import URLPattern, URLResolver, path, re_path

from personalization.api import management_urls, visitor_urls
from personalization.api.nowhere import nowhere
from personalization.api.schema import SchemaView
from personalization.api.views import events_view, render_view

urlpatterns: list[URLPattern | URLResolver] = [
    path("render", render_view, name="pz-render"),
    path("events", events_view, name="pz-events"),
    *management_urls.urlpatterns,
    *visitor_urls.urlpatterns,
    path("schema", SchemaView.as_view(), name="pz-schema"),
    re_path("^", nowhere),
]
