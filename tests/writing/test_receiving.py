"""An order ends exactly once, whoever brings back what, in which order."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.drafts.models import Draft, Order
from personalization.drafts.receiving import (
    Variant,
    abandon,
    begin,
    fail,
    put_off,
    receive,
    tell,
)
from personalization.govern.models import AuditEntry
from tests.writing.orders import GOOD, OTHER

pytestmark = pytest.mark.django_db
ENDS = (Order.WRITTEN, Order.FAILED, Order.CANCELLED)
DEEDS = {
    "begin": lambda order: begin(order.pk),
    "tell": lambda order: tell(order, "half of it"),
    "put off": lambda order: put_off(order, "later"),
    "receive": lambda order: receive(order, [Variant(dict(GOOD)), Variant(dict(OTHER))]),
    "fail": lambda order: fail(order, "timeout"),
    "abandon": lambda order: abandon(order.pk, "given_up"),
    "cancel": lambda order: (
        Order.objects.filter(pk=order.pk).exclude(state__in=ENDS).update(state=Order.CANCELLED)
    ),
}


@given(deeds=st.lists(st.sampled_from(sorted(DEEDS)), max_size=9))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_in_whatever_order_it_ends_once(asked, deeds):
    order = asked(items=[], facts=[])
    end = None
    for deed in deeds:
        DEEDS[deed](order)
        order.refresh_from_db()
        if end is not None:
            assert (order.state, order.finished_at, order.failure) == end
        elif order.state in ENDS:
            end = (order.state, order.finished_at, order.failure)
        assert order.drafts.count() == (2 if order.state == Order.WRITTEN else 0)
        assert bool(order.failure) == (order.state == Order.FAILED) == bool(order.sentence)


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_bring_back_the_same_order_one_is_heard(asked):
    order = asked(items=[], facts=[])
    Order.objects.filter(pk=order.pk).update(state=Order.RUNNING)
    start, stored = threading.Barrier(4), []

    def bring_back():
        start.wait(20)
        try:
            stored.append(len(receive(order, [Variant(dict(GOOD))])))
        finally:
            connection.close()

    workers = [threading.Thread(target=bring_back) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(stored) == [0, 0, 0, 1]
    assert Draft.objects.count() == 1


def test_a_failure_is_in_the_audit_trail_with_its_reason(asked):
    order = begin(asked().pk)
    fail(order, "budget")

    entry = AuditEntry.objects.get(action="order.failed")
    assert entry.changes == {"failure": [None, "budget"]}
