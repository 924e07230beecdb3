"""A site's budget stops everything, whoever spends at the same time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from personalization.drafts.brand_models import WritingPolicy
from personalization.drafts.failures import Unwritten
from personalization.drafts.models import Call, Order
from personalization.drafts.pricing import estimate
from personalization.drafts.spending import budget_of, month_start, reserve, settle
from personalization.drafts.writers import writer_of
from personalization.exceptions import TooMany
from personalization.outbox import Job
from tests.writing.model_server import TOKENS_IN, TOKENS_OUT, writes
from tests.writing.orders import GOOD, ended, work
from workers import jobs

pytestmark = pytest.mark.django_db


def budget(site, limit):
    WritingPolicy.objects.update_or_create(site=site, defaults={"monthly_budget": limit})


@pytest.fixture
def running(asked):
    order = asked()
    Order.objects.filter(pk=order.pk).update(state=Order.RUNNING, provider="test")
    return order


def test_a_call_that_may_cost_more_than_is_left_does_not_leave(model, asked, site):
    budget(site, 100)
    model.behaviours = [writes(GOOD)]

    order = ended(asked())

    assert (order.state, order.failure) == (Order.FAILED, "budget")
    assert model.requests == []


def test_a_batch_stops_where_the_budget_ends(model, asked, site, connected):
    connected(price_in=1, price_out=1, headroom=0)
    each = TOKENS_IN + TOKENS_OUT
    order = asked(locales=["en", "de", "fr", "it", "es"], variants=1)
    most = estimate(order.brief).at_most // 5 + 10
    budget(site, 2 * each + most)
    model.behaviours = [writes(GOOD)]

    work()

    states = sorted(Order.objects.values_list("state", flat=True))
    assert states.count(Order.WRITTEN) == len(model.requests)
    assert 0 < states.count(Order.FAILED) < 5
    assert budget_of(site).spent <= budget_of(site).limit


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_cannot_spend_the_same_money(running, site):
    budget(site, 1000)
    writer = writer_of(site)
    orders = [running] + [
        Order.objects.create(brief=running.brief, locale=f"x{number}", state=Order.RUNNING)
        for number in range(7)
    ]
    refused, start = [], threading.Barrier(len(orders))

    def spend(order):
        start.wait(20)
        try:
            reserve(order, writer, cost=300)
        except Unwritten as why:
            refused.append(why.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["budget"] * 5
    assert budget_of(site).spent == 900


def test_what_was_reserved_counts_until_the_answer_says_less(running, site):
    budget(site, 1000)
    call = reserve(running, writer_of(site), cost=800)
    with pytest.raises(Unwritten):
        reserve(running, writer_of(site), cost=300)

    settle(call, tokens_in=1, tokens_out=1, cost=100)

    assert (budget_of(site).spent, budget_of(site).reserved) == (100, 0)
    assert reserve(running, writer_of(site), cost=300).number == 2


def test_a_new_month_begins_by_the_calendar_of_the_site(running, site):
    budget(site, 1000)
    reserve(running, writer_of(site), cost=1000)
    Call.objects.update(at=timezone.now() - timedelta(days=40))

    assert budget_of(site).left == 1000
    night = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    assert month_start(night, "Europe/Berlin") == datetime(2026, 1, 31, 23, 0, tzinfo=UTC)
    assert month_start(night, "UTC").month == 1


def test_a_writer_is_called_only_so_often_a_minute_and_the_job_comes_back(
    model, asked, site, connected
):
    connected(per_minute=2)
    model.behaviours = [writes(GOOD)]
    asked(locales=["en", "de", "fr"], variants=1)

    first, second, third = Job.objects.filter(task="drafts.write").order_by("pk")
    for job in (first, second, third):
        jobs.run_now(job)

    assert [first.state, second.state, third.state] == [Job.DONE, Job.DONE, Job.WAITING]
    assert timedelta(0) < third.due_at - timezone.now() <= timedelta(seconds=61)
    assert third.attempts == 0
    assert len(model.requests) == 2


def test_turns_are_counted_over_all_sites_of_a_writer(running, site, connected):
    connected(per_minute=1)
    reserve(running, writer_of(site), cost=1)
    with pytest.raises(TooMany) as busy:
        reserve(running, writer_of(site), cost=1)
    assert 0 < busy.value.retry_after <= 60


def test_an_estimate_is_given_before_anything_runs(model, asked, connected):
    connected(price_in=1, price_out=10)
    single = estimate(asked(locales=["en"]).brief)
    batch = estimate(asked(locales=["en", "de"]).brief)

    assert (single.calls, batch.calls) == (1, 2)
    assert 0 < single.cost < single.at_most
    assert single.cost == pytest.approx(single.tokens_in + 10 * single.tokens_out, rel=0.01)
    assert 1.8 < batch.cost / single.cost < 2.2
    assert model.requests == []


def test_an_estimate_of_a_long_batch_looks_at_ten_pieces(asked, django_assert_max_num_queries):
    brief = asked().brief
    brief.items = ["t1"] * 200
    with django_assert_max_num_queries(100):
        found = estimate(brief)
    assert found.calls == 200
