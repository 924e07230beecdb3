"""What a project includes: the API, the embed script, and health."""

from django.urls import URLPattern, URLResolver, include, path

from personalization.api import health
from personalization.api.embed import embed_script, preview_script

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="pz-live"),
    path("health/ready", health.ready, name="pz-ready"),
    path("metrics", health.metrics, name="pz-metrics"),
    path("embed.js", embed_script, name="pz-embed"),
    path("preview.js", preview_script, name="pz-preview"),
    path("api/v1/", include("personalization.api.urls")),
]
