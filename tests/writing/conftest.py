"""Orders with their jobs, and a model at a real local server."""

import pytest

from personalization.catalog.feed import upsert_items
from personalization.drafts.asking import WRITE
from personalization.drafts.models import Brief, Order
from personalization.outbox import after_commit
from tests.writing.model_server import ModelServer
from tests.writing.orders import TENT


@pytest.fixture
def model():
    """The server; say in `behaviours` how it answers."""
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture
def connected(model, settings):
    """A model is connected; returns a way to change what is set."""

    def connect(**changes):
        writer = {"model": "test-1", "base_url": model.address, "api_key": "secret", **changes}
        settings.PERSONALIZATION = {**settings.PERSONALIZATION, "WRITERS": {"test": writer}}

    connect()
    return connect


@pytest.fixture
def asked(site, connected):
    """A brief about the tent, asked for: its order, with the job that a worker takes up."""
    upsert_items(site, [TENT], by="test")

    def ask(**changes):
        columns = {
            "name": "Tents",
            "block": "hero_banner",
            "goal": "Make families look at this tent.",
            "items": ["t1"],
            "facts": ["price", "material", "text"],
            "locales": ["en"],
            "variants": 2,
            **changes,
        }
        brief = Brief.objects.create(site=site, state=Brief.ASKED, **columns)
        orders = [
            Order.objects.create(brief=brief, item=item, locale=locale)
            for item in (brief.items or [""])
            for locale in brief.locales
        ]
        for order in orders:
            after_commit(WRITE, unique=f"{WRITE}:{order.pk}", order_id=order.pk)
        return orders[0]

    return ask
