"""A slot's page: its cards in their order, moved, switched, edited, deleted and brought back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from personalization import clock
from personalization.govern.models import AuditEntry
from personalization.govern.roles import ROLES
from personalization.publish import releases
from personalization.targeting import documents
from personalization.targeting.models import Rule, Slot
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

OFTEN = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 3}]}
GERMANS = {
    "combinator": "and",
    "rules": [{"field": "segment", "operator": "in", "value": ["german"]}],
}
PLACE = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "DE"}]}
FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def slot(site, hero):  # noqa: F811
    documents.save_segment(
        site, {"key": "german", "name": "Germans", "condition": PLACE}, by="test"
    )
    for key, more in (
        ("a", {"segment": "german", "cap": {"times": 3, "within": "7d"}}),
        ("b", {"condition": OFTEN, "when": {"days": [6, 7], "from": "10:00", "until": "18:00"}}),
        ("c", {"start": "2030-01-01T00:00:00Z"}),
    ):
        rule = {"key": key, "name": f"Rule {key}", "slot": "home.hero", "content": "plain", **more}
        documents.save_rule(site, rule, by="test")
    return hero


@pytest.fixture
def editor(colleague):
    return colleague("marketer")


def at(name, slot, *args):
    return reverse(f"admin:personalization_slot_{name}", args=(slot.pk, *args))


def order(slot):
    return list(slot.rules.order_by("position", "key").values_list("key", flat=True))


def rule(key):
    return Rule.objects.get(key=key)


def sent(**changes):
    return {
        "name": "Weekend",
        "audience": "everyone",
        "content": str(Rule.objects.first().content_id),
    } | changes


# ---------------------------------------------------------------- the page


def test_a_card_tells_in_words_to_whom_what_when_and_how_often(slot, editor):
    page = editor.get(at("change", slot)).content.decode()

    for words in (
        "Germans",
        "at most 3 times per visitor within 7 days",
        "Saturday and Sunday, 10:00 to 18:00",
        "from 1 Jan 2030",
        "later",
        "everyone",
    ):
        assert words.lower() in page.lower(), words


@pytest.mark.parametrize("number", [0, 40])
def test_it_takes_few_queries_however_many_rules_there_are(
    site, slot, editor, number, django_assert_max_num_queries
):
    for n in range(number):
        rule = {"key": f"r{n}", "slot": "home.hero", "content": "plain", "condition": GERMANS}
        documents.save_rule(site, rule, by="test")
        arms = [{"key": "a", "content": "plain"}, {"key": "b", "content": None}]
        documents.save_experiment(
            site, {"key": f"e{n}", "slot": "home.hero", "arms": arms}, by="test"
        )

    with django_assert_max_num_queries(26):
        assert editor.get(at("change", slot)).status_code == 200


def test_the_list_of_rules_puts_all_audiences_into_words_together(
    site, slot, editor, django_assert_max_num_queries
):
    for n in range(40):
        rule = {"key": f"r{n}", "slot": "home.hero", "content": "plain", "condition": GERMANS}
        documents.save_rule(site, rule, by="test")

    with django_assert_max_num_queries(25):
        page = editor.get(reverse("admin:personalization_rule_changelist")).content.decode()
    assert "in segment “Germans”" in page


def test_pictures_and_reach_are_asked_for_apart_in_few_queries(
    slot, editor, django_assert_max_num_queries
):
    for address in (
        at("picture", slot),
        at("picture", slot) + "?as=known&at=2030-02-01T12:00",
        at("picture", slot) + "?as=segment:rule:b",
        at("content_picture", slot, rule("a").content_id),
        at("reach", slot),
    ):
        with django_assert_max_num_queries(30):
            assert editor.get(address).status_code == 200


def test_the_picture_shows_what_somebody_sees_at_a_time(site, slot, note, editor):  # noqa: F811
    note("newyear")
    document = documents.to_document(rule("c"))
    documents.save_rule(site, {**document, "content": "newyear"}, by="test")

    def picture(**asked):
        return editor.get(at("picture", slot), asked).content.decode()

    assert "plain" in picture()
    assert "newyear" in picture(at="2030-01-02T00:00")


def test_reach_says_who_stands_before_an_unreachable_rule(site, slot, editor):
    for key in ("all", "last"):
        rule = {"key": key, "slot": "home.hero", "content": "plain", "name": f"For {key}"}
        documents.save_rule(site, rule, by="test")

    found = editor.get(at("reach", slot)).json()

    assert "“For all” stands before it" in found["rules"]["last"]["warning"]
    assert "country" in found["rules"]["a"]["said"]


def test_what_a_page_view_decides_is_called_as_in_the_builder(site, slot, editor):
    mail = {"field": "utm_campaign", "operator": "=", "value": "autumn"}
    condition = {"combinator": "and", "rules": [mail]}
    rule = {"key": "mail", "slot": "home.hero", "content": "plain", "condition": condition}
    documents.save_rule(site, rule, by="test")

    found = editor.get(at("reach", slot)).json()

    assert "(UTM campaign)" in found["rules"]["mail"]["said"]


@pytest.mark.parametrize("night", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_an_hour_that_comes_twice_or_never_is_refused_in_words(site, slot, editor, night):
    site.zone = "Europe/Berlin"
    site.save()

    page = editor.post(at("add_rule", slot), sent(start=night)).content.decode()

    assert "The clocks change that night" in page


def test_what_is_in_use_stays_and_its_page_leads_to_where_it_is(slot, editor):
    segment = rule("a").segment
    page = editor.get(reverse("admin:personalization_segment_delete", args=[segment.pk]))

    html = page.content.decode()
    assert "is in use and stays" in html
    assert reverse("admin:personalization_rule_change", args=[rule("a").pk]) in html
    assert "Yes, I" not in html


def test_before_there_are_visitors_no_share_is_told_but_what_nobody_can_reach(slot, editor):
    found = editor.get(at("reach", slot)).json()

    assert "once 50 visitors" in found["sample"]
    assert found["default"] == "" and "country" in found["rules"]["a"]["said"]
    assert "-" not in "".join(rule["share"] for rule in found["rules"].values())


def test_reach_of_drafts_that_do_not_hold_together_is_refused_in_words(slot, editor):
    from personalization.targeting.models import Content

    Content.objects.update(block="gone")

    answer = editor.get(at("reach", slot))

    assert answer.status_code == 400
    assert "gone" in answer.json()["refusal"]


# ---------------------------------------------------------------- moving, switching


def test_the_whole_order_is_saved_by_one_call(slot, editor):
    body = {"seen": ["a", "b", "c"], "order": ["c", "a", "b"]}

    answer = editor.post(at("order", slot), body, **FETCH)

    assert answer.status_code == 200
    assert order(slot) == ["c", "a", "b"]
    assert AuditEntry.objects.filter(action="slot.reordered").count() == 1


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ("up:b", ["b", "a", "c"]),
        ("down:b", ["a", "c", "b"]),
        ("up:a", ["a", "b", "c"]),
        ("down:c", ["a", "b", "c"]),
        ("sideways:a", ["a", "b", "c"]),
    ],
)
def test_without_script_a_card_moves_one_step(slot, editor, move, expected):
    editor.post(at("order", slot), {"seen": ["a", "b", "c"], "move": move})

    assert order(slot) == expected


def test_who_is_second_to_move_sees_the_other_order_and_nothing_is_saved(slot, editor):
    editor.post(at("order", slot), {"seen": ["a", "b", "c"], "order": ["b", "a", "c"]})

    answer = editor.post(
        at("order", slot), {"seen": ["a", "b", "c"], "order": ["c", "b", "a"]}, **FETCH
    )

    assert answer.status_code == 409
    assert [each["name"] for each in answer.json()["theirs"]] == ["Rule b", "Rule a", "Rule c"]
    assert order(slot) == ["b", "a", "c"]


def test_a_card_is_switched_off_and_on(slot, editor):
    releases.publish(slot.site, by="test")

    def switched(on):
        answer = editor.post(at("switch_rule", slot, rule("a").pk), {"on": on}, **FETCH)
        told = answer.json()
        return told["state"], told["mark"], told["differs"], rule("a").is_enabled

    assert switched("0") == ("off", "still on the pages", True, False)
    assert switched("1") == ("running", "", False, True)
    assert documents.to_document(rule("a"))["cap"] == {"times": 3, "within": "7d"}


def cards(slot, editor):
    """Each card's state and how it differs from what pages show; and whether anything does."""
    context = editor.get(at("change", slot)).context
    found = {card.rule.key: (card.state, card.mark) for card in context["cards"]}
    return found, context["differs"]


def test_what_no_page_shows_yet_is_a_draft(slot, editor):
    found, differs = cards(slot, editor)

    assert found["a"] == ("draft", "not on the pages yet")
    assert found["c"] == ("later", "not on the pages yet")
    assert differs


def test_a_card_says_how_it_differs_from_the_live_release(slot, editor):
    releases.publish(slot.site, by="test")
    assert cards(slot, editor)[1] is False

    documents.save_rule(slot.site, {**documents.to_document(rule("a")), "segment": None}, by="test")
    often = {**OFTEN, "rules": [{**OFTEN["rules"][0], "value": 4}]}
    documents.save_rule(
        slot.site, {**documents.to_document(rule("b")), "condition": often}, by="test"
    )
    documents.save_rule(
        slot.site, {**documents.to_document(rule("c")), "enabled": False}, by="test"
    )

    found, differs = cards(slot, editor)
    assert {key: mark for key, (_state, mark) in found.items()} == {
        "a": "changed since it was published",
        "b": "changed since it was published",
        "c": "still on the pages",
    }
    assert differs


def test_another_order_or_a_deleted_rule_is_unpublished_too(slot, editor):
    releases.publish(slot.site, by="test")

    moved = editor.post(
        at("order", slot), {"seen": ["a", "b", "c"], "order": ["b", "a", "c"]}, **FETCH
    )
    assert moved.json()["differs"]
    back = editor.post(
        at("order", slot), {"seen": ["b", "a", "c"], "order": ["a", "b", "c"]}, **FETCH
    )
    assert not back.json()["differs"]

    editor.post(at("delete_rule", slot, rule("c").pk))
    assert cards(slot, editor)[1]


def test_the_page_names_the_release_that_goes_live_by_itself(slot, editor):
    releases.publish(slot.site, by="test", due_at=clock.now() + timedelta(days=1))

    page = editor.get(at("change", slot)).content.decode()

    assert "goes live" in page
    assert reverse("admin:personalization_release", args=(1,)) in page


# ---------------------------------------------------------------- adding, editing, deleting


def test_a_rule_is_added_in_its_place_with_days_hours_and_a_cap(slot, editor):
    answer = editor.post(
        at("add_rule", slot),
        sent(
            audience="segment",
            segment=str(rule("a").segment_id),
            days=["6", "7"],
            hours_from="22:00",
            hours_until="02:00",
            cap_times="2",
            cap_amount="12",
            cap_unit="h",
            start="2026-12-01T08:00",
        ),
    )

    made = rule("weekend")
    assert answer.url == f"{at('change', slot)}#rule-{made.pk}"
    assert documents.to_document(made) == {
        "key": "weekend",
        "name": "Weekend",
        "slot": "home.hero",
        "segment": "german",
        "condition": None,
        "content": "plain",
        "campaign": None,
        "position": 3,
        "start": "2026-12-01T08:00:00+00:00",
        "end": None,
        "when": {"days": [6, 7], "from": "22:00", "until": "02:00"},
        "cap": {"times": 2, "within": "12h"},
        "enabled": True,
    }


def test_times_are_those_of_the_site(site, slot, editor):
    site.zone = "Europe/Berlin"
    site.save()

    editor.post(at("add_rule", slot), sent(start="2026-12-01T08:00"))

    assert rule("weekend").start.isoformat() == "2026-12-01T07:00:00+00:00"
    page = editor.get(at("edit_rule", slot, rule("weekend").pk)).content.decode()
    assert "2026-12-01T08:00" in page


def test_a_second_rule_of_a_name_gets_a_key_of_its_own(slot, editor):
    editor.post(at("add_rule", slot), sent())
    editor.post(at("add_rule", slot), sent())
    editor.post(at("add_rule", slot), sent(name=""))

    keys = set(Rule.objects.values_list("key", flat=True))
    assert {"weekend", "weekend-2", "home.hero-plain"} <= keys


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"audience": "segment"}, "Choose the segment."),
        ({"audience": "own", "condition": ""}, "Say who they are."),
        ({"hours_from": "10:00"}, "Say both"),
        ({"hours_from": "10:00", "hours_until": "10:00"}, "ends when it begins"),
        ({"start": "2026-12-02T00:00", "end": "2026-12-01T00:00"}, "must come after"),
        ({"content": ""}, "required"),
        ({"cap_times": "0"}, "a whole number from 1"),
        ({"cap_times": "", "cap_amount": "2"}, "a whole number from 1"),
        ({"start": "0026-12-01T08:00"}, "four digits"),
    ],
)
def test_what_is_wrong_is_said_in_the_card_and_nothing_is_lost(slot, editor, changes, words):
    page = editor.post(at("add_rule", slot), sent(name="Half done", **changes))

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Half done" in page.content.decode()
    assert Rule.objects.count() == 3


def test_a_rule_opened_and_saved_stays_as_it_was(site, slot, editor):
    from tests.studio.sent_forms import sent_by

    when = {"days": [1], "from": "18:00", "until": "24:00"}
    moment = "2026-12-01T08:00:12.000345+00:00"
    document = {**documents.to_document(rule("b")), "when": when, "start": moment, "cap": 5}
    documents.save_rule(site, document, by="test")
    for key in ("a", "b", "c"):
        before = documents.to_document(rule(key))
        page = editor.get(at("edit_rule", slot, rule(key).pk)).content.decode()

        answer = editor.post(at("edit_rule", slot, rule(key).pk), sent_by(page, "rule_form"))

        assert answer.status_code == 302
        assert documents.to_document(rule(key)) == before


def test_the_second_to_edit_a_card_is_shown_both_versions(site, slot, editor):
    from tests.studio.sent_forms import sent_by

    page = editor.get(at("edit_rule", slot, rule("a").pk)).content.decode()
    document = {**documents.to_document(rule("a")), "name": "Theirs"}
    documents.save_rule(site, document, by="Ada")

    answer = editor.post(
        at("edit_rule", slot, rule("a").pk), {**sent_by(page, "rule_form"), "name": "Mine"}
    )

    assert "Ada saved this while you were editing" in answer.content.decode()
    assert rule("a").name == "Theirs"


def test_a_deleted_rule_is_brought_back_by_the_link_in_the_message(slot, editor):
    before = documents.to_document(rule("a"))

    page = editor.post(at("delete_rule", slot, rule("a").pk), follow=True).content.decode()
    assert order(slot) == ["b", "c"]
    entry = AuditEntry.objects.get(action="rule.deleted")
    assert at("undo", slot, entry.pk) in page
    editor.post(at("undo", slot, entry.pk))

    assert documents.to_document(rule("a")) == before


def test_the_default_is_changed_on_its_card(slot, note, editor):  # noqa: F811
    note("other")

    editor.post(at("default", slot), {"default": "other"})
    assert Slot.objects.get().default.key == "other"
    editor.post(at("default", slot), {"default": ""})
    assert Slot.objects.get().default is None


# ---------------------------------------------------------------- who may


ACTIONS = ("order", "switch_rule", "delete_rule", "add_rule", "edit_rule", "default")


@pytest.mark.parametrize("role", [*ROLES, None])
def test_cards_are_changed_by_editors_only(slot, colleague, role):
    client = colleague(role)
    taken = {name: (rule("a").pk,) for name in ("switch_rule", "delete_rule", "edit_rule")}

    answers = {
        client.post(at(name, slot, *taken.get(name, ())), {}).status_code for name in ACTIONS
    }

    abilities = ROLES.get(role, frozenset())
    if "edit" in abilities:
        assert answers <= {200, 302}
    else:
        assert answers == {403 if role else 404}
        assert Rule.objects.count() == 3


@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_look_sees_the_page_with_its_pictures(slot, colleague, role):
    client = colleague(role)

    for name in ("change", "picture", "reach"):
        assert client.get(at(name, slot)).status_code == 200
    page = client.get(at("change", slot)).content.decode()
    assert ("Delete" in page) is ("edit" in ROLES[role])


def test_nobody_sees_or_changes_a_slot_of_another_site(slot, colleague, other_site):
    client = colleague("admin", other_site)

    for name in ("picture", "reach", *ACTIONS, "switch"):
        args = (rule("a").pk,) if "_rule" in name and name != "add_rule" else ()
        answer = client.post if name in (*ACTIONS, "switch") else client.get
        assert answer(at(name, slot, *args)).status_code == 404
    assert client.get(at("change", slot)).status_code == 404
    assert order(slot) == ["a", "b", "c"]


def test_an_entry_of_another_site_or_kind_brings_nothing_back(site, slot, editor, other_site):
    documents.delete(documents.save_campaign(other_site, {"key": "x"}, by="t"), by="t")
    foreign = AuditEntry.objects.get(action="campaign.deleted")
    assert editor.post(at("undo", slot, foreign.pk)).status_code == 404

    documents.delete(documents.save_campaign(site, {"key": "x"}, by="t"), by="t")
    ours = AuditEntry.objects.filter(action="campaign.deleted").latest("pk")
    editor.post(at("undo", slot, ours.pk))
    assert not site.campaigns.exists()
