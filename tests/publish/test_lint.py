"""What the linter says before anything is published, and what it leaves alone."""

import pytest

from personalization.catalog.models import Item
from personalization.publish.lint import lint
from personalization.targeting import documents


def group(*rules, combinator="and", negated=False):
    return {"combinator": combinator, "not": negated, "rules": list(rules)}


def ask(field, operator, value=None):
    return {"field": field, "operator": operator, "value": value}


@pytest.fixture
def say(drafts):
    """Save a segment of this condition, used by a rule."""

    def segment(condition, key="s"):
        documents.save_segment(drafts, {"key": key, "condition": condition}, by="test")
        rule = {"key": f"use-{key}", "slot": "home.hero", "segment": key, "content": "servus"}
        documents.save_rule(drafts, rule, by="test")

    return segment


def found(site):
    return {(finding.code, finding.where) for finding in lint(site)}


def test_drafts_without_a_flaw_are_left_alone(drafts):
    assert lint(drafts) == ()


@pytest.mark.parametrize(
    "condition",
    [
        group(negated=True),
        group(ask("visits", ">", 5), ask("visits", "<", 3)),
        group(ask("visits", "=", 5), ask("visits", "!=", 5)),
        group(ask("visits", ">", 5), group(ask("visits", "<=", 5))),
        group(ask("visits", "between", [1, 2]), ask("visits", "between", [3, 4])),
        group(ask("visits", "null"), ask("visits", ">", 1)),
        group(ask("country", "=", "DE"), ask("country", "in", ["FR", "IT"])),
        group(ask("path", "=", "/a"), ask("path", "beginsWith", "/b")),
        group(ask("path", ">", "b"), ask("path", "<", "a")),
        group(ask("last_seen", "before", "2024-01-01T00:00:00Z"),
              ask("last_seen", "after", "2025-01-01T00:00:00Z")),
        group(ask("country", "=", "DE"), ask("segment", "in", ["french"])),
        group(group(negated=True), group(ask("visits", ">", 5), ask("visits", "<", 3)),
              combinator="or"),
    ],
)  # fmt: skip
def test_what_nobody_can_ever_match_is_said(drafts, say, condition):
    french = group(ask("country", "=", "FR"))
    documents.save_segment(drafts, {"key": "french", "condition": french}, by="test")

    say(condition)

    assert ("never_true", "segments.s") in found(drafts)


@pytest.mark.parametrize(
    "condition",
    [
        group(),
        group(ask("visits", ">", 5), ask("visits", "<", 7)),
        group(ask("visits", ">", 5), ask("visits", "<", 3), combinator="or"),
        group(ask("country", "=", "DE"), ask("country", "in", ["FR", "DE"])),
        group(ask("path", "beginsWith", "/a"), ask("path", "endsWith", "b")),
        group(ask("path", ">", "a"), ask("path", "<", "b")),
        group(ask("last_seen", "withinLast", "7d"), ask("last_seen", "olderThan", "1d")),
        group(ask("last_seen", "after", "2030-01-01T00:00:00Z"),
              ask("last_seen", "olderThan", "1d")),
        group(ask("last_seen", "after", "9999-12-31T00:00:00Z")),
        group(group(ask("visits", ">", 5), ask("visits", "<", 3)),
              ask("visits", "=", 1), combinator="or"),
    ],
)  # fmt: skip
def test_what_somebody_could_match_is_not_called_impossible(drafts, say, condition):
    say(condition)

    assert "never_true" not in {code for code, _where in found(drafts)}


def test_an_audience_that_is_empty_now_is_said(drafts, say):
    say(group(ask("visits", ">", 5)))

    assert ("empty_audience", "segments.s") in found(drafts)


def test_what_depends_on_the_page_is_not_called_empty(drafts, say):
    say(group(ask("device", "=", "mobile")))

    assert found(drafts) == set()


def test_rules_and_experiments_behind_a_rule_for_everyone_never_show(drafts):
    for key, position in (("all", 5), ("behind", 6)):
        rule = {"key": key, "slot": "home.hero", "content": "plain", "position": position}
        documents.save_rule(drafts, rule, by="test")
    documents.save_experiment(drafts, experiment("x"), by="test")

    assert found(drafts) == {
        ("unreachable_rule", "rules.behind"),
        ("unreachable_experiment", "experiments.x"),
    }


def test_the_rule_that_stands_before_is_called_by_its_name(drafts):
    for key, position in (("all", 5), ("behind", 6)):
        rule = {"key": key, "slot": "home.hero", "content": "plain", "position": position}
        documents.save_rule(drafts, {**rule, "name": f"Rule {key}"}, by="test")

    said = {finding.where: finding.sentence for finding in lint(drafts)}

    assert "“Rule all” stands before it" in said["rules.behind"]


@pytest.mark.parametrize("limit", [{"cap": 1}, {"start": "2026-01-01T00:00:00Z"}])
def test_a_rule_for_everyone_with_a_limit_hides_nothing(drafts, limit):
    rule = {"key": "all", "slot": "home.hero", "content": "plain", "position": 0, **limit}
    documents.save_rule(drafts, rule, by="test")

    assert found(drafts) == set()


def rule_behind(drafts, one, other):
    """Two rules in their order, then what is said of them."""
    documents.save_segment(drafts, {"key": "french", **FRENCH}, by="test")
    for key, position, more in (("one", 5, one), ("other", 6, other)):
        rule = {"key": key, "slot": "home.hero", "content": "plain", "position": position, **more}
        documents.save_rule(drafts, rule, by="test")
    return {(code, where) for code, where in found(drafts) if code == "unreachable_rule"}


MORNINGS = {"from": "08:00", "until": "12:00"}
MONDAY_MORNING = {"days": [1], "from": "09:00", "until": "10:00"}
LOYAL_FRENCH = {
    "combinator": "and",
    "rules": [
        {"field": "segment", "operator": "in", "value": ["french"]},
        {"field": "visits", "operator": ">", "value": 3},
    ],
}
FRENCH = {
    "condition": {
        "combinator": "and",
        "rules": [{"field": "country", "operator": "=", "value": "FR"}],
    }
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"segment": "french"}, {"segment": "french"}),
        ({"segment": "french"}, {"segment": "french", "cap": 3}),
        (FRENCH, FRENCH),
        ({"condition": {"combinator": "and", "rules": []}}, {"segment": "french"}),
        ({"condition": {"combinator": "and", "rules": []}}, {}),
        ({"segment": "french"}, {"condition": LOYAL_FRENCH}),
        ({"when": MORNINGS}, {"when": MONDAY_MORNING}),
        ({"end": "2031-01-01T00:00:00Z"}, {"end": "2030-01-01T00:00:00Z"}),
    ],
)
def test_a_rule_whose_visitors_are_all_taken_before_never_shows(drafts, one, other):
    assert rule_behind(drafts, one, other) == {("unreachable_rule", "rules.other")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"segment": "french"}, {}),
        ({"segment": "french", "cap": 3}, {"segment": "french"}),
        ({"when": MORNINGS}, {}),
        ({"when": MONDAY_MORNING}, {"when": MORNINGS}),
        ({"end": "2030-01-01T00:00:00Z"}, {"end": "2031-01-01T00:00:00Z"}),
        ({"end": "2030-01-01T00:00:00Z"}, {}),
    ],
)
def test_a_rule_that_keeps_some_visitors_or_hours_is_left_alone(drafts, one, other):
    assert rule_behind(drafts, one, other) == set()


@pytest.mark.parametrize(
    ("end", "codes"),
    [
        ("2030-05-08T00:00:00Z", {("hours_outside", "rules.short")}),  # Monday to Tuesday
        ("2030-05-12T00:00:00Z", set()),
    ],
)
def test_hours_that_a_window_never_meets_are_said(drafts, end, codes):
    rule = {"key": "short", "slot": "home.hero", "content": "plain", "when": {"days": [6]}}
    window = {"start": "2030-05-06T00:00:00Z", "end": end}
    documents.save_rule(drafts, rule | window, by="test")

    assert found(drafts) == codes


def test_a_campaigns_content_that_is_shown_outside_of_it_is_said(drafts, note):
    documents.save_campaign(drafts, {"key": "may", "end": "2031-01-01T00:00:00Z"}, by="test")
    content = documents.to_document(note("gift"))
    documents.save_content(drafts, {**content, "campaign": "may"}, by="test")
    rule = {
        "slot": "home.hero",
        "content": "gift",
        "segment": "german",
        "end": "2030-01-01T00:00:00Z",
    }
    documents.save_rule(drafts, {**rule, "key": "inside", "campaign": "may"}, by="test")
    documents.save_rule(drafts, {**rule, "key": "outside"}, by="test")

    said = {each for each in found(drafts) if each[0] == "outside_campaign"}
    assert said == {("outside_campaign", "rules.outside")}


def experiment(key, **more):
    arms = [{"key": "a", "content": "servus"}, {"key": "b", "content": None}]
    return {"key": key, "slot": "home.hero", "arms": arms, **more}


def test_experiments_of_a_slot_that_meet_are_said(drafts):
    documents.save_experiment(drafts, experiment("first"), by="test")
    documents.save_experiment(drafts, experiment("second"), by="test")

    assert found(drafts) == {("experiments_overlap", "experiments.second")}


@pytest.mark.parametrize("content", [None, "servus"])
def test_an_experiment_whose_arms_show_the_same_is_said(drafts, content):
    arms = [{"key": "a", "content": content}, {"key": "b", "content": content}]
    documents.save_experiment(drafts, experiment("same", arms=arms), by="test")

    assert found(drafts) == {("arms_alike", "experiments.same")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"namespace": ["n", 0, 0.5]}, {"namespace": ["n", 0.5, 1]}),
        ({"end": "2030-01-01T00:00:00Z"}, {"start": "2030-01-01T00:00:00Z"}),
    ],
)
def test_experiments_that_cannot_meet_are_left_alone(drafts, one, other):
    documents.save_experiment(drafts, experiment("first", **one), by="test")
    documents.save_experiment(drafts, experiment("second", **other), by="test")

    assert found(drafts) == set()


def test_a_window_that_is_over_or_can_never_open_is_said(drafts):
    campaign = {"key": "may", "start": "2030-05-01T00:00:00Z", "end": "2030-06-01T00:00:00Z"}
    documents.save_campaign(drafts, campaign, by="test")
    rule = {"slot": "home.hero", "content": "plain"}
    over = {"key": "over", "end": "2020-01-01T00:00:00Z"}
    never = {"key": "never", "campaign": "may", "start": "2030-07-01T00:00:00Z"}
    documents.save_rule(drafts, rule | over, by="test")
    documents.save_rule(drafts, rule | never, by="test")

    assert found(drafts) == {("window_over", "rules.over"), ("window_empty", "rules.never")}


def test_a_slot_that_can_be_empty_is_said(drafts):
    documents.save_slot(drafts, {"key": "side"}, by="test")

    assert found(drafts) == {("slot_without_default", "slots.side")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{ visitor.visits }}", True),
        ("Hello {{ visitor.visits | default(1) }}", False),
        ("{% if visitor.visits %}{{ visitor.visits }}{% endif %}", False),
        ("{{ visitor.visits or 1 }}", False),
        ("{{ site.currency }}", False),
    ],
)
def test_a_placeholder_wants_something_to_stand_in(drafts, note, text, said):
    note("servus", text)

    codes = {code for code, _where in found(drafts)}
    assert ("placeholder_without_fallback" in codes) is said


def test_a_picture_wants_words(drafts):
    fields = {"en": {"headline": "Hi", "image": "/media/a.jpg", "image_alt": ""}}
    hero = {"key": "servus", "block": "hero_banner", "fields": fields}
    documents.save_content(drafts, hero, by="test")

    assert found(drafts) == {("picture_without_words", "content.servus.fields.en.image_alt")}


def test_a_content_wants_the_site_s_language(drafts):
    fields = {"fr": {"text": "Salut"}}
    documents.save_content(drafts, {"key": "servus", "block": "note", "fields": fields}, by="test")

    assert found(drafts) == {("language_missing", "content.servus.fields")}


def test_what_cannot_be_published_is_an_error(drafts):
    from personalization.targeting.models import Content

    Content.objects.filter(key="plain").update(block="gone")

    assert {(each.severity, each.where) for each in lint(drafts)} == {
        ("error", "content.plain.block")
    }


def carousel(drafts, **shelf):
    documents.save_content(
        drafts,
        {
            "key": "row",
            "block": "product_carousel",
            "fields": {"en": {"heading": "For you", "strategy": "popular"}},
            "shelf": shelf,
        },
        by="test",
    )
    rule = {"key": "row", "slot": "home.hero", "content": "row", "position": 0, "cap": {"times": 1}}
    documents.save_rule(drafts, rule, by="test")


def test_a_carousel_that_asks_for_what_is_not_there_is_said(drafts):
    Item.objects.create(site=drafts, key="sold", title="Sold", is_available=False)
    Item.objects.create(site=drafts, key="boot", title="Boot", price=1999, currency="EUR")
    over = {"do": "boost", "item": "boot", "end": "2020-01-01T00:00:00+00:00"}
    carousel(
        drafts,
        keep=group(ask("price", ">", 20)),
        promotions=[{"do": "pin", "item": "sold"}, {"do": "exclude", "item": "gone"}, over],
    )

    assert found(drafts) == {
        ("promoted_item_gone", "content.row.shelf"),
        ("promotion_over", "content.row.shelf"),
        ("filter_without_items", "content.row.shelf"),
    }


def test_a_carousel_that_asks_for_what_is_there_is_left_alone(drafts):
    Item.objects.create(site=drafts, key="boot", title="Boot", price=1999, currency="EUR")
    pin = {"do": "pin", "item": "boot"}
    carousel(drafts, keep=group(ask("price", "<", 20)), promotions=[pin])

    assert found(drafts) == set()
