"""A journey's page: its cards say what is stored, and store what they say."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from personalization import clock
from personalization.clock import to_us
from personalization.journeys.models import LiveJourney
from personalization.profiles.models import Profile, Step
from personalization.studio.stage_cards import sent_cards, stages_of
from personalization.studio.stages_form import StagesWidget
from personalization.targeting import documents
from personalization.targeting.documents import to_document
from personalization.targeting.models import Journey
from personalization.targeting.webhooks import make_webhook
from tests.studio.sent_forms import sent_by

ADD = "admin:personalization_journey_add"
LIST = "admin:personalization_journey_changelist"
DRAWING = "admin:personalization_journey_drawing"


def tree(field, operator, value, **more):
    rule = {"field": field, "operator": operator, "value": value}
    return {"combinator": "and", "not": False, "rules": [rule], **more}


def did(kind):
    return {"event": tree("type", "=", kind)}


WAITING = {
    "key": "waiting",
    "name": "Waiting",
    "enter": did("add_to_cart"),
    "leave": did("purchase"),
    "after": "2d",
    "to": "lost",
}
LOST = {"key": "lost", "name": "Lost", "after": "1w"}
CART = {"key": "cart", "name": "Left the cart", "stages": [WAITING, LOST]}


@pytest.fixture
def webhook(site):
    row, _secret = make_webhook(site, {"key": "crm", "url": "https://crm.example/hook"}, by="test")
    return row


@pytest.fixture
def cart(site):
    return documents.save_journey(site, CART, by="test")


@pytest.fixture
def editor(colleague):
    return colleague("editor")


def page_of(row):
    return reverse("admin:personalization_journey_change", args=(row.pk,))


def drawing_of(row):
    return page_of(row).replace("change/", "drawing/")


def opened(client, row):
    """What the browser would send back from the page as it stands."""
    return sent_by(client.get(page_of(row)).content.decode(), "journey_form")


def begun(client):
    return sent_by(client.get(reverse(ADD)).content.decode(), "journey_form")


# ---------------------------------------------------------------- what is stored stays

WORDS = st.text("abc “<&'{}\" %\u00e4", max_size=8)
TIMES = st.none() | st.builds("{}{}".format, st.integers(1, 90), st.sampled_from("mhdw")) | (
    st.builds("{}s".format, st.integers(60, 900))
)  # fmt: skip
TESTS = st.builds(
    lambda field, value: {"field": field, "operator": "=", "value": value},
    st.sampled_from(["type", "item", "category"]),
    st.sampled_from(["purchase", "signed-up", "boots", " boots ", "", "exposure"]),
)
EVENTS = st.builds(
    lambda rules, combinator, negated: {
        "event": {"combinator": combinator, "not": negated, "rules": rules}
    },
    st.lists(TESTS | st.just({"field": "value", "operator": ">", "value": 9}), max_size=3),
    st.sampled_from(["and", "or"]),
    st.booleans(),
)
CONDITIONS = st.builds(
    lambda rules: {"condition": {"combinator": "and", "not": False, "rules": rules}},
    st.lists(
        st.sampled_from([
            {"field": "visits", "operator": ">", "value": 3},
            {"field": "stage", "operator": "hasAny", "value": ["other:stage"]},
            {"field": "segment", "operator": "in", "value": ["<loyal>"]},
        ]),
        max_size=2,
    ),
)  # fmt: skip
TRIGGERS = st.none() | EVENTS | CONDITIONS


@st.composite
def stored_stages(draw):
    """As `save_journey` stores them."""
    keys = [f"k{number}" for number in range(draw(st.integers(1, 5)))]
    return [stored_stage(draw, key, [each for each in keys if each != key]) for key in keys]


def stored_stage(draw, key, others):
    after, enter = draw(TIMES), draw(TRIGGERS)
    known = st.sampled_from(others) if others else st.nothing()
    chosen = draw(st.sets(known)) if enter else set()
    return {
        "key": key,
        "name": draw(WORDS),
        "enter": enter,
        "from": [each for each in others if each in chosen],
        "leave": draw(TRIGGERS),
        "after": after,
        "to": draw(st.none() | known) if after else None,
        "webhook": draw(st.sampled_from([None, "crm"])),
    }


@given(stored_stages())
def test_whatever_is_stored_comes_back_from_its_cards_unchanged(stages):
    page = f'<form id="it">{StagesWidget().render("stages", stages)}</form>'

    sent = QueryDict(mutable=True)
    for name, value in sent_by(page, "it").items():
        sent.setlist(name, value if isinstance(value, list) else [value])

    assert stages_of(sent_cards(sent)) == stages


ELSEWHERE = {"condition": tree("visits", ">", 3)}
ALL_OF_IT = {
    **CART,
    "description": "Remind them.",
    "again": "90m",
    "enabled": False,
    "campaign": "spring",
}
DOCUMENTS = {
    "a cart": CART,
    "everything": ALL_OF_IT,
    "no names": {"key": "bare", "stages": [{"key": "only", "enter": ELSEWHERE}]},
    "for everybody": {
        "key": "all",
        "stages": [{"key": "in", "enter": {"condition": {"combinator": "and", "rules": []}}}],
    },
    "an event of many kinds": {
        "key": "many",
        "stages": [
            {"key": "in", "enter": {"event": tree("type", "in", ["view", "click"])}},
            {"key": "on", "from": ["in"], "enter": did("its-own"), "webhook": "crm"},
            {"key": "off", "from": ["on", "in"], "enter": did("exposure"), "after": "90s"},
        ],
    },
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_came_through_the_api_opens_and_saves_unchanged(site, editor, webhook, name):
    documents.save_campaign(site, {"key": "spring"}, by="api")
    row = documents.save_journey(site, DOCUMENTS[name], by="api")
    before = to_document(row)

    answer = editor.post(page_of(row), opened(editor, row))

    assert answer.status_code == 302
    stored = Journey.objects.get(pk=row.pk)
    assert to_document(stored) == before
    assert stored.updated_at == row.updated_at


# ---------------------------------------------------------------- what is written


def test_a_journey_is_made_from_two_cards(site, editor, webhook):
    sent = {
        **begun(editor),
        "name": "Left the cart",
        "stage": ["0", "4"],
        "stage-0-name": "Waiting",
        "stage-0-enter-type": "add_to_cart",
        "stage-0-leave-how": "event",
        "stage-0-leave-type": "purchase",
        "stage-0-amount": "2",
        "stage-0-to": "4",
        "stage-0-webhook": "crm",
        "stage-4-name": "Waiting",
        "stage-4-enter-how": "never",
        "stage-4-origins": "0",
        "again_0": "7",
    }

    assert editor.post(reverse(ADD), sent).status_code == 302

    row = Journey.objects.get()
    assert (row.key, row.again) == ("left-the-cart", "7d")
    first, second = row.stages
    assert first == {**WAITING, "to": "waiting-2", "from": [], "webhook": "crm"}
    assert (second["key"], second["enter"], second["from"]) == ("waiting-2", None, [])


def test_the_stages_of_what_was_just_made_are_offered_to_conditions(site, editor):
    sent = {**begun(editor), "name": "Cart", "stage-0-name": "In", "stage-0-enter-type": "view"}

    editor.post(reverse(ADD), sent)

    page = editor.get(reverse("admin:personalization_segment_add")).content.decode()
    assert "Cart \\u2192 In" in page or "Cart → In" in page


def test_a_stage_keeps_its_key_when_it_gets_another_name(editor, cart):
    editor.post(page_of(cart), {**opened(editor, cart), "stage-0-name": "On hold"})

    first = Journey.objects.get().stages[0]
    assert (first["key"], first["name"]) == ("waiting", "On hold")


def test_the_order_of_the_cards_is_the_order_of_the_stages(editor, cart):
    editor.post(page_of(cart), {**opened(editor, cart), "stage": ["1", "0"]})

    assert [stage["key"] for stage in Journey.objects.get().stages] == ["lost", "waiting"]


# ---------------------------------------------------------------- what is wrong


def wrong_on(answer):
    """What each card says, by its place."""
    return answer.context["adminform"].form.cards.wrong


def test_what_is_wrong_with_a_stage_is_said_on_its_card(editor, cart):
    sent = {**opened(editor, cart), "stage-0-to": "", "stage-0-amount": "x"}

    answer = editor.post(page_of(cart), sent)

    assert wrong_on(answer) == {
        0: ["When time has passed: Write a duration such as 7d, 12h or 30m."]
    }
    page = answer.content.decode()
    assert page.index('value="Waiting"') < page.index("such as 7d") < page.index('value="Lost"')
    assert "see their cards" in page


def test_a_stage_into_which_no_way_leads_says_so(editor, cart):
    answer = editor.post(page_of(cart), {**opened(editor, cart), "stage-0-to": ""})

    assert list(wrong_on(answer)) == [1]
    assert "No way leads into this stage" in wrong_on(answer)[1][0]


def test_what_was_wrong_is_forgotten_once_it_is_right(editor, cart):
    sent = opened(editor, cart)
    editor.post(page_of(cart), {**sent, "stage-0-to": ""})

    assert editor.post(page_of(cart), sent).status_code == 302


def test_a_new_stage_wants_a_name(editor):
    answer = editor.post(reverse(ADD), {**begun(editor), "name": "Cart"})

    assert wrong_on(answer) == {0: ["Give the stage a name."]}
    assert not Journey.objects.exists()


def test_what_cannot_be_saved_stays_as_it_was_typed(editor, cart):
    sent = {**opened(editor, cart), "stage-1-enter-how": "condition"}

    answer = editor.post(page_of(cart), {**sent, "stage-1-enter-condition": "{no JSON"})

    assert sent_by(answer.content.decode(), "journey_form")["stage-1-enter-condition"] == "{no JSON"


def test_a_journey_whose_stage_is_asked_for_is_not_deleted(site, editor, cart):
    asking = {"key": "lost", "condition": tree("stage", "hasAny", ["cart:lost"])}
    documents.save_segment(site, asking, by="test")
    address = reverse("admin:personalization_journey_delete", args=(cart.pk,))

    page = editor.post(address, {"post": "yes"}, follow=True)

    assert Journey.objects.filter(pk=cart.pk).exists()
    assert "is used by segment lost" in page.content.decode()


def test_a_stage_that_is_asked_for_is_not_taken_out(site, editor, cart):
    asking = {"key": "lost", "condition": tree("stage", "hasAny", ["cart:lost"])}
    documents.save_segment(site, asking, by="test")

    answer = editor.post(page_of(cart), {**opened(editor, cart), "stage": "0", "stage-0-to": ""})

    assert "is asked for by segment lost" in answer.content.decode()
    assert len(Journey.objects.get().stages) == 2


def test_two_versions_of_stages_are_compared_as_sentences(site, editor, cart):
    sent = {**opened(editor, cart), "stage-0-amount": "3"}
    theirs = {**CART, "stages": [{**WAITING, "after": "5d"}, LOST]}
    documents.save_journey(site, theirs, by="Ada")

    told = editor.post(page_of(cart), sent).context["adminform"].form
    (choice,) = told.choices()

    assert "goes on to “Lost”" in choice["mine"]
    assert ">3<" in choice["mine"]
    assert ">5<" in choice["theirs"]
    assert "{" not in choice["mine"]


# ---------------------------------------------------------------- the drawing


def test_the_drawing_shows_what_the_form_holds_and_stores_nothing(editor, cart):
    sent = {**opened(editor, cart), "stage-1-name": "Gone away"}

    drawn = editor.post(drawing_of(cart), sent)

    assert "Gone away" in drawn.content.decode()
    assert "after 2 days" in drawn.content.decode()
    assert Journey.objects.get().stages == cart.stages


def test_what_cannot_be_drawn_yet_leaves_the_drawing_as_it_was(editor):
    sent = {**begun(editor), "stage-0-enter-how": "condition", "stage-0-enter-condition": "{"}

    assert editor.post(reverse(DRAWING), sent).status_code == 204


def test_a_draft_shows_no_counts_of_another_journey(site, editor):
    sent = {**begun(editor), "stage-0-name": "New"}
    profile = Profile.objects.create(site=site, key="v" * 64, first_seen=0, last_seen=0)
    now = to_us(clock.now())
    Step.objects.create(
        site=site, profile=profile, journey="new", before="", stage="new", at=now, by="event"
    )

    assert "0 entered in 7 days" in editor.post(reverse(DRAWING), sent).content.decode()


def test_the_drawing_is_only_asked_for_by_a_form(editor):
    assert editor.get(reverse(DRAWING)).status_code == 405


def test_who_may_only_look_sees_the_drawing_in_words_and_no_form(colleague, cart):
    page = colleague("analyst").get(page_of(cart)).content.decode()

    assert "after 2 days goes on to “Lost”" in page
    assert "journey.css" in page
    assert "data-pz-stages" not in page


def test_the_list_says_what_is_live_and_what_is_off(site, editor, cart):
    documents.save_journey(site, {**CART, "key": "live"}, by="test")
    documents.save_journey(site, {**CART, "key": "off", "enabled": False}, by="test")
    LiveJourney.objects.create(site=site, key="live", began=clock.now() - timedelta(days=1))

    page = editor.get(reverse(LIST))

    states = {
        row.key: page.context["cl"].model_admin.state(row) for row in page.context["cl"].result_list
    }
    assert states["cart"].startswith("a draft")
    assert states["live"].startswith("live since")
    assert states["off"] == "off"


def test_the_list_and_the_page_take_few_queries_however_many_there_are(
    site, editor, cart, django_assert_max_num_queries
):
    stages = [{**WAITING, "key": f"s{n}", "to": None} for n in range(30)]
    for number in range(40):
        make_webhook(site, {"key": f"w{number}", "url": "https://crm.example/hook"}, by="test")
        row = documents.save_journey(site, {"key": f"j{number}", "stages": stages}, by="test")

    for address in (reverse(LIST), page_of(row)):
        with django_assert_max_num_queries(30):
            assert editor.get(address).status_code == 200
    sent = opened(editor, row)
    with django_assert_max_num_queries(30):
        assert editor.post(drawing_of(row), sent).status_code == 200
    with django_assert_max_num_queries(60):  # saved once to see whether it can be, and once more
        assert editor.post(page_of(row), {**sent, "name": "Other"}).status_code == 302
