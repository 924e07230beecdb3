"""Addresses of visitors, suggestions, previews and items, below `/api/v1/`."""

from django.urls import path

from personalization.api.items import ItemsView
from personalization.api.previewing import PreviewView
from personalization.api.recommending import RecommendationsView
from personalization.api.visitors import (
    ConsentView,
    MergeView,
    NewVisitorsView,
    TokenView,
    TraitsView,
    VisitorView,
    WhyView,
)

ONE = "visitors/<path:visitor>"  # an id may hold any character, a slash too

urlpatterns = [
    path("visitors", NewVisitorsView.as_view({"post": "create"})),
    path(f"{ONE}/consent", ConsentView.as_view({"get": "retrieve", "put": "update"})),
    path(f"{ONE}/token", TokenView.as_view({"post": "create"})),
    path(f"{ONE}/traits", TraitsView.as_view({"patch": "partial_update"})),
    path(f"{ONE}/merge", MergeView.as_view({"post": "create"})),
    path(f"{ONE}/why", WhyView.as_view({"get": "retrieve"})),
    path(ONE, VisitorView.as_view({"get": "retrieve", "delete": "destroy"})),
    path("recommendations", RecommendationsView.as_view({"get": "list"})),
    path("preview", PreviewView.as_view({"get": "list"})),
    path("catalog/items", ItemsView.as_view({"post": "create"})),
]
