"""What a project includes: the API, the embed script, and health."""

from django.urls import URLPattern, URLResolver, include, path

from personalization.api.embed import embed_script

urlpatterns: list[URLPattern | URLResolver] = [
    path("embed.js", embed_script, name="pz-embed"),
    path("api/v1/", include("personalization.api.urls")),
]
