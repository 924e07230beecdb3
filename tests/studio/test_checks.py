"""What `manage.py check` says of an installation that would fail later."""

from types import ModuleType

import pytest
from django.contrib import admin
from django.contrib.admin import sites
from django.core.checks import run_checks
from django.urls import include, path


@pytest.fixture
def _same_admin_afterwards(monkeypatch):
    """unfold makes a new one, empty, whenever the list of apps is set."""
    monkeypatch.setattr(admin, "site", admin.site)
    monkeypatch.setattr(sites, "site", sites.site)


def said() -> set[str]:
    return {each.id for each in run_checks() if str(each.id).startswith("personalization.")}


def test_the_host_has_nothing_to_complain_of():
    assert said() == set()


def test_a_studio_without_its_addresses_is_named(settings):
    settings.ROOT_URLCONF = ModuleType("bare")
    settings.ROOT_URLCONF.urlpatterns = [path("", include("personalization.urls"))]

    assert said() == {"personalization.W002"}


def test_clocks_without_zones_are_refused(settings):
    settings.USE_TZ = False

    assert said() == {"personalization.E001"}


@pytest.mark.usefixtures("_same_admin_afterwards")
def test_unfold_below_the_admin_is_named(settings):
    apps = [name for name in settings.INSTALLED_APPS if name != "unfold"]
    settings.INSTALLED_APPS = [*apps, "unfold"]

    assert said() == {"personalization.W001"}
