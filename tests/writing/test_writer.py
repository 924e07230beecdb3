"""A model writes: what it is asked, what becomes of its answer, and what it costs."""

import json
import threading

import pytest

from personalization.catalog.models import Item
from personalization.drafts.models import Draft, Order
from personalization.drafts.pieces import piece_of
from personalization.drafts.prompting import message_for
from personalization.drafts.receiving import begin
from personalization.drafts.spending import budget_of, cost_of_draft
from personalization.drafts.writers import writer_of
from tests.writing.model_server import TOKENS_IN, TOKENS_OUT, refuses, says, writes
from tests.writing.orders import GOOD, OTHER, calls, ended, findings
from workers.writing.writer import ask, write

pytestmark = pytest.mark.django_db


def test_an_order_becomes_drafts_that_wait_for_a_person(model, asked):
    model.behaviours = [writes(GOOD, OTHER)]

    order = ended(asked())

    assert order.state == Order.WRITTEN
    first, second = order.drafts.all()
    assert first.state == second.state == Draft.WAITING
    assert first.revisions.get().fields["headline"] == GOOD["headline"]
    assert "eyebrow" not in second.revisions.get().fields


def test_addresses_and_pictures_come_from_us_and_never_from_the_model(model, asked):
    model.behaviours = [writes({**GOOD, "button_url": "https://elsewhere.example/"})]

    draft = ended(asked()).drafts.get()

    fields = draft.revisions.get().fields
    assert fields["button_url"] == "/p/t1"
    told = [each["sentence"] for each in draft.revisions.get().findings]
    assert any("button_url" in sentence for sentence in told)


def test_the_title_of_an_item_is_always_told_and_so_a_number_in_it_is_a_fact(model, asked, site):
    order = asked(facts=[])
    Item.objects.filter(site=site).update(title="Norrsken 4000")
    model.behaviours = [writes({**GOOD, "headline": "The Norrsken 4000"})]

    draft = ended(order).drafts.get()

    assert "Norrsken 4000" in model.requests[0].body["messages"][1]["content"]
    assert findings(draft) == set()


def test_what_wrote_it_is_kept_with_it(model, asked):
    model.behaviours = [writes(GOOD)]

    order = ended(asked())

    sent = model.requests[0].body
    assert (order.provider, order.model) == ("test", sent["model"]) == ("test", "test-1")
    assert (order.temperature, order.seed) == (sent["temperature"], sent["seed"])
    assert order.prompt.startswith("shipped:")


def test_the_answer_is_asked_for_in_a_form_that_strict_servers_take(model, asked):
    model.behaviours = [writes(GOOD)]
    ended(asked())

    form = model.requests[0].body["response_format"]
    assert form["json_schema"]["strict"] is True
    assert _flaws_of_strict(form["json_schema"]["schema"]) == []
    assert "tools" not in model.requests[0].body


def test_a_server_that_takes_neither_forms_nor_seeds_is_asked_more_plainly(model, asked):
    model.behaviours = [
        refuses(400, "response_format json_schema is not supported"),
        refuses(400, "unknown field: seed"),
        says(f"```json\n{json.dumps({'variants': [GOOD]})}\n```"),
    ]

    assert ended(asked()).state == Order.WRITTEN
    last = model.requests[-1].body
    assert last["response_format"] == {"type": "json_object"}
    assert "seed" not in last


def test_a_server_that_does_not_stream_is_understood(model, asked):
    message = {"role": "assistant", "content": json.dumps({"variants": [GOOD]})}
    whole = {
        "id": "c",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
    }
    model.behaviours = [lambda talk, request: talk.answer(whole)]

    order = ended(asked())

    assert order.state == Order.WRITTEN
    assert calls(order)[0].tokens_in == 7


def test_tokens_and_cost_are_those_of_the_answer_shared_by_its_drafts(
    model, asked, connected, site
):
    connected(price_in=2, price_out=10)
    model.behaviours = [writes(GOOD, OTHER)]

    order = ended(asked())

    cost = 2 * TOKENS_IN + 10 * TOKENS_OUT
    assert [(each.is_settled, each.cost) for each in calls(order)] == [(True, cost)]
    assert cost_of_draft(order.drafts.first()).cost == cost // 2
    assert budget_of(site).spent == cost


def test_progress_is_shown_while_it_writes_and_gone_after(model, asked):
    seen = []
    order = asked()

    def slowly(talk, request):
        talk.begin()
        said = json.dumps({"variants": [GOOD, OTHER]})
        for start in range(0, len(said), 20):
            content = said[start : start + 20]
            talk.event({"choices": [{"index": 0, "delta": {"content": content}}]})
        talk.end()

    model.behaviours = [slowly]
    write(order.pk, seen.append)

    assert seen[0] == "Variant 1 of 2"
    assert seen[-1] == "Variant 2 of 2"
    order.refresh_from_db()
    assert order.progress == ""


def test_an_order_cancelled_in_the_middle_leaves_nothing_and_hangs_up(model, asked):
    order = asked()

    hung_up = threading.Event()

    def until_nobody_hears(talk, request):
        talk.begin()
        try:
            for _ in range(1_000_000):
                talk.event({"choices": [{"index": 0, "delta": {"content": '{"headline": '}}]})
        except OSError:
            hung_up.set()

    def cancel(_progress):
        Order.objects.filter(pk=order.pk).update(state=Order.CANCELLED)

    model.behaviours = [until_nobody_hears]
    write(order.pk, cancel)

    assert hung_up.wait(30)
    assert ended(order).state == Order.CANCELLED
    assert not order.drafts.exists()
    call = calls(order)[0]
    assert (call.failure, call.is_settled) == ("cancelled", False)


def test_an_answer_that_a_worker_died_over_is_not_paid_for_twice(model, asked):
    model.behaviours = [writes(GOOD)]
    order = begin(asked().pk)
    piece = piece_of(order)
    ask(piece, writer_of(piece.site), message_for(piece), str, str)  # and here it dies

    assert ended(order).state == Order.WRITTEN
    assert order.drafts.get().revisions.get().fields["headline"] == GOOD["headline"]
    assert len(model.requests) == len(calls(order)) == 1


def test_without_a_model_the_order_says_how_to_connect_one(asked, settings, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "WRITERS": {}}

    order = ended(asked())

    assert (order.state, order.failure) == (Order.FAILED, "no_writer")
    assert "OPENAI_API_KEY" in order.sentence


def _flaws_of_strict(schema, path="") -> list[str]:
    """Strict structured output wants every property required, none besides, and no lengths."""
    flaws = [f"{path}: {word}" for word in ("minLength", "maxLength", "default") if word in schema]
    if "properties" in schema:
        if schema.get("additionalProperties") is not False:
            flaws.append(f"{path}: open")
        if set(schema["required"]) != set(schema["properties"]):
            flaws.append(f"{path}: optional")
        for name, rules in schema["properties"].items():
            flaws += _flaws_of_strict(rules, f"{path}.{name}")
    if "items" in schema:
        flaws += _flaws_of_strict(schema["items"], f"{path}[]")
    return flaws
