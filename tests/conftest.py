"""What every room's tests share: a site with its keys, and visitors who chose."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from personalization.govern import keys as api_keys
from personalization.govern.sites import NewSite, make_site
from personalization.learn import live as suggestions
from personalization.publish import live

SHARED = Path(
    os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[1] / ".." / "shared")
).resolve()

hypothesis_settings.register_profile("suite", deadline=None)  # a busy machine is no failure
hypothesis_settings.load_profile("suite")


def pytest_configure() -> None:
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright keeps a loop running


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """A file of the suites that others wrote; skips where they are not at hand."""

    def find(name: str) -> Path:
        path = SHARED / "suites" / name
        if not path.exists():
            pytest.skip(f"{name} is not at hand (SHARED_DIR)")
        return path

    return find


@pytest.fixture(autouse=True)
def _nothing_remembered():
    api_keys.forget()
    live.forget()
    suggestions.forget()


@pytest.fixture
def keys(db) -> NewSite:
    """A new site's raw keys: `.publishable`, `.secret`, and the `.site`."""
    return make_site(name="Shop", origins=["https://shop.example"], by="test")


@pytest.fixture
def site(keys):
    return keys.site


@pytest.fixture
def visitor(site):
    """Make a visitor who granted these purposes (all of them if none are named)."""
    from personalization.collect.consent import choose
    from rules.purposes import ALL_PURPOSES, Purpose

    def make(visitor_id="v1", *purposes):
        granted = frozenset(map(Purpose, purposes)) if purposes else ALL_PURPOSES
        choose(site, visitor_id, purposes=granted, policy="test", source="test")
        return visitor_id

    return make
