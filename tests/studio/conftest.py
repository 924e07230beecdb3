"""Colleagues of one site in every role, and a site that is none of their business."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from personalization.govern.models import Membership, Site
from personalization.govern.sites import make_site


@pytest.fixture
def other_site(db) -> Site:
    return make_site(name="Elsewhere", origins=["https://elsewhere.example"], by="test").site


@pytest.fixture
def colleague(site) -> Callable[..., Client]:
    """Log somebody in who has this role on the site, or none at all."""

    def log_in(role: str | None, on: Site | None = None) -> Client:
        name = f"{role or 'nobody'}@example.com"
        person = get_user_model().objects.create_user(name, name, "a long password", is_staff=True)
        if role:
            Membership.objects.create(user=person, site=on or site, role=role)
        client = Client()
        client.force_login(person)
        return client

    return log_in
