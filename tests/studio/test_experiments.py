"""An experiment's page: arms as rows, shares in per cent, and nobody moves by looking at it."""

import pytest
from django.urls import reverse

from personalization.targeting import documents
from personalization.targeting.models import Experiment, Slot
from tests.studio.sent_forms import sent_by

NOTE = {"type": "object", "title": "Note", "properties": {"text": {"type": "string"}}}
ADDING = "admin:personalization_experiment_add"
CHANGING = "admin:personalization_experiment_change"


@pytest.fixture
def gift(site):
    block = {"key": "note", "template": "<p>{{ content.text }}</p>", "schema": NOTE}
    documents.save_block(site, block, by="test")
    for key in ("gift", "sale"):
        content = {"key": key, "block": "note", "fields": {"en": {"text": key}}}
        documents.save_content(site, content, by="test")
    documents.save_slot(site, {"key": "home.hero", "default": "gift"}, by="test")
    return site


@pytest.fixture
def three(gift):
    """Thirds, which no decimal number is."""
    arms = [{"key": key, "content": "gift" if key == "a" else None} for key in "abc"]
    document = {"key": "t", "slot": "home.hero", "arms": arms, "weights": [1 / 3, 1 / 6, 1 / 2]}
    more = {"coverage": 1 / 7, "namespace": ["cart", 0, 1 / 3]}
    return documents.save_experiment(gift, {**document, **more}, by="test")


def opened(client, row):
    page = client.get(reverse(CHANGING, args=(row.pk,))).content.decode()
    return sent_by(page, "experiment_form")


def sent(site, *rows, **more):
    """A new one, of rows (name, content, share)."""
    slot = Slot.objects.get(site=site, key="home.hero")
    found = {"site": site.pk, "name": "Test", "key": "t", "slot": slot.pk, "is_enabled": "on"}
    found["arm"] = []
    for number, (key, content, share) in enumerate(rows):
        found["arm"].append(str(number))
        found |= {f"arm-{number}-key": key, f"arm-{number}-content": content}
        found[f"arm-{number}-share"] = share
    return {**found, **more}


def post(client, data, row=None):
    address = reverse(CHANGING, args=(row.pk,)) if row else reverse(ADDING)
    return client.post(address, data)


def test_arms_are_rows_and_empty_shares_are_equal(gift, colleague):
    client = colleague("marketer")

    answer = post(client, sent(gift, ("a", "gift", ""), ("b", "", "")))

    assert answer.status_code == 302
    made = Experiment.objects.get(key="t")
    assert made.arms == [{"key": "a", "content": "gift"}, {"key": "b", "content": None}]
    assert (made.weights, made.coverage, made.namespace) == ([0.5, 0.5], 1.0, None)


@pytest.mark.parametrize(
    ("shares", "weights"),
    [
        (("20", "80"), [0.2, 0.8]),
        (("20 %", ""), [0.2, 0.8]),
        (("33,4", "66.6"), [0.334, 0.666]),
        (("0", "100"), [0.0, 1.0]),
    ],
)
def test_shares_are_per_cent_and_the_rest_goes_to_who_has_none(gift, colleague, shares, weights):
    first, second = shares

    post(colleague("marketer"), sent(gift, ("a", "gift", first), ("b", "", second)))

    assert Experiment.objects.get(key="t").weights == pytest.approx(weights)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((("a", "gift", "20"), ("b", "", "70")), "make 90 % together"),
        ((("a", "gift", "120"), ("b", "", "")), "“120” is no share"),
        ((("a", "gift", "lots"), ("b", "", "")), "“lots” is no share"),
        ((("a", "gift", "nan"), ("b", "", "")), "“nan” is no share"),
        ((("a", "gift", ""),), "Give it from 2 to 20 arms."),
        ((("a", "gift", ""), ("a", "", "")), "Two arms are called “a”."),
        ((("a", "gone", ""), ("b", "", "")), "gone"),
        ((("a b", "gift", ""), ("b", "", "")), "Name the arm"),
    ],
)
def test_what_cannot_be_saved_is_said_and_stays_as_it_was_typed(gift, colleague, rows, said):
    answer = post(colleague("marketer"), sent(gift, *rows))

    page = answer.content.decode()
    assert said in page
    kept = sent_by(page, "experiment_form")
    assert [kept[f"arm-{n}-share"] for n in range(len(rows))] == [row[2] for row in rows]
    assert [kept[f"arm-{n}-content"] for n in range(len(rows))] == [row[1] for row in rows]
    assert not Experiment.objects.exists()


def test_saving_what_was_opened_moves_nobody(three, colleague):
    client = colleague("marketer")
    before = documents.to_document(three)

    answer = post(client, opened(client, three), three)

    assert answer.status_code == 302
    three.refresh_from_db()
    assert documents.to_document(three) == before
    assert three.phase == 1


def test_one_share_that_is_changed_opens_a_new_phase(three, colleague):
    client = colleague("marketer")
    data = opened(client, three)
    assert [data[f"arm-{n}-share"] for n in range(3)] == ["33.3333", "16.6667", "50"]

    post(client, {**data, "arm-1-share": "16.6", "arm-2-share": "50.0667"}, three)

    three.refresh_from_db()
    assert three.phase == 2
    assert three.weights == pytest.approx([1 / 3, 0.166, 0.500667])
    assert three.coverage == 1 / 7


def test_tests_that_exclude_each_other_share_a_group(three, colleague):
    client = colleague("marketer")
    data = opened(client, three)
    assert (data["namespace_name"], data["namespace_until"]) == ("cart", "33.3333")

    post(client, {**data, "namespace_until": "50"}, three)
    three.refresh_from_db()
    assert three.namespace == ["cart", 0.0, 0.5]

    post(client, {**opened(client, three), "namespace_from": "60"}, three)
    three.refresh_from_db()
    assert three.namespace == ["cart", 0.0, 0.5]

    post(client, {**opened(client, three), "namespace_name": ""}, three)
    three.refresh_from_db()
    assert three.namespace is None


def test_who_may_only_look_sees_the_arms_with_their_shares(three, colleague):
    page = colleague("analyst").get(reverse(CHANGING, args=(three.pk,))).content.decode()

    assert "a 33 %, b 17 %, c 50 %" in page
    assert 'name="arm"' not in page
