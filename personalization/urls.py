"""What a project includes: the API, the embed script, and health."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("personalization.api.urls")),
]
