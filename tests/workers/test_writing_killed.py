"""A batch of 200 orders whose worker is killed in the middle of one: each ends exactly once."""

import sqlite3
from collections import Counter

import pytest

from tests.workers.office import Office, kill
from tests.writing.model_server import ModelServer, writes

BATCH = 200
VARIANTS = 2
SILENT_AT = 60
GOOD = [{"text": f"A line about tents, the {number}th of its kind"} for number in (1, 2)]
PREPARE = f"""
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from personalization.catalog.feed import upsert_items
from personalization.drafts.asking import WRITE
from personalization.drafts.models import Brief, Order
from personalization.govern.sites import make_site
from personalization.outbox import after_commit
from personalization.targeting import documents
site = make_site(name="Batch", origins=[], by="test").site
note = {{"key": "note", "template": "<p>{{{{ content.text }}}}</p>", "schema": {{
    "type": "object", "title": "Note", "required": ["text"],
    "properties": {{"text": {{"type": "string", "maxLength": 300}}}}}}}}
documents.save_block(site, note, by="test")
items = [{{"item": f"i{{n}}", "title": f"Tent {{n}}"}} for n in range({BATCH})]
upsert_items(site, items, by="test")
brief = Brief.objects.create(
    site=site, name="Batch", block="note", goal="Sell tents", locales=["en"],
    items=[each["item"] for each in items], variants={VARIANTS}, state=Brief.ASKED,
)
for each in items:
    order = Order.objects.create(brief=brief, item=each["item"], locale="en")
    after_commit(WRITE, unique=f"{{WRITE}}:{{order.pk}}", order_id=order.pk)
"""


@pytest.fixture
def model():
    """It falls silent at one request, until whoever asked is gone."""
    answer = writes(*GOOD)

    def fall_silent(talk, request):
        talk.begin()
        talk.wait_for_the_end()

    server = ModelServer(behaviours=[*[answer] * (SILENT_AT - 1), fall_silent, answer])
    yield server
    server.close()


@pytest.fixture
def office(tmp_path, model):
    opened = Office(tmp_path, "")
    opened.environment |= {
        "OPENAI_BASE_URL": model.address,
        "LLM_MODEL": "test-1",
        "LLM_PRICE_IN": "1",
        "LLM_PRICE_OUT": "1",
        "LLM_PER_MINUTE": "100000",
    }
    opened.run(PREPARE)
    yield opened
    opened.close()


def rows(office, query):
    with sqlite3.connect(office.folder / "db.sqlite3", timeout=20) as database:
        return database.execute(query).fetchall()


def states(office) -> Counter:
    return Counter(state for (state,) in rows(office, "SELECT state FROM personalization_order"))


def test_every_order_of_a_batch_ends_once_though_a_worker_is_killed_in_the_middle(office, model):
    office.start("beat")
    worker = office.start("worker", "--concurrency", "1")
    office.until(lambda: len(model.requests) == SILENT_AT)
    assert states(office) == {"written": SILENT_AT - 1, "running": 1, "waiting": BATCH - SILENT_AT}

    kill(worker)
    office.start("worker", "--concurrency", "2")

    office.until(lambda: states(office)["written"] + states(office)["failed"] == BATCH)

    assert states(office) == {"written": BATCH}
    drafts = rows(office, "SELECT order_id, count(*) FROM personalization_draft GROUP BY order_id")
    assert len(drafts) == BATCH
    assert {number for _order, number in drafts} == {VARIANTS}
    _nothing_is_spent_twice(office, model)


def _nothing_is_spent_twice(office, model) -> None:
    """Every request that left is a row of its own; what the dead worker asked keeps its money."""
    assert len({request.key for request in model.requests}) == len(model.requests) == BATCH + 1
    calls = rows(office, "SELECT order_id, is_settled, cost FROM personalization_call")
    assert len(calls) == BATCH + 1
    assert all(cost > 0 for _order, _settled, cost in calls)
    settled = Counter(order for order, is_settled, _cost in calls if is_settled)
    assert len(settled) == BATCH
    assert set(settled.values()) == {1}
