"""Every document is written by one strict verb, and comes back as it was said."""

import pytest

from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry
from personalization.targeting import documents
from personalization.targeting.models import Experiment, Rule, Segment, Slot, UndeclaredSlot

LOYAL = {
    "combinator": "and",
    "not": False,
    "rules": [{"field": "visits", "operator": ">=", "value": 3}],
}
EVERYONE = {"combinator": "and", "rules": []}


def in_segment(key):
    return {"combinator": "and", "rules": [{"field": "segment", "operator": "in", "value": [key]}]}


def refused(verb, site, document):
    with pytest.raises(Malformed) as caught:
        verb(site, document, by="test")
    return {error.path: error.code for error in caught.value.errors}


def split(**changes):
    return {
        "key": "colours",
        "slot": "home.hero",
        "arms": [{"key": "a", "content": "red"}, {"key": "b", "content": None}],
    } | changes


@pytest.fixture
def segment(site):
    return documents.save_segment(
        site, {"key": "loyal", "name": "Loyal", "condition": LOYAL}, by="test"
    )


@pytest.fixture
def rule(site, hero, segment, note):
    note("red")
    return documents.save_rule(
        site,
        {
            "key": "spring",
            "slot": "home.hero",
            "segment": "loyal",
            "content": "red",
            "position": 4,
            "start": "2026-12-01T08:00:00+01:00",
            "end": "2026-12-24T00:00:00Z",
            "cap": {"times": 2, "within": "7d"},
            "when": {"days": [1, 5], "from": "22:00", "until": "02:00"},
        },
        by="test",
    )


def test_what_is_written_down_saves_unchanged(site, rule):
    documents.save_experiment(site, split(weights=[0.25, 0.75], namespace=["n", 0, 0.5]), by="test")
    documents.save_campaign(site, {"key": "xmas", "end": "2027-01-01T00:00:00Z"}, by="test")

    for kind in documents.KINDS.values():
        for row in kind.model._default_manager.filter(site=site):
            before = AuditEntry.objects.count()
            again = kind.save(site, documents.to_document(row), by="test")

            assert documents.to_document(again) == documents.to_document(row)
            assert AuditEntry.objects.count() == before, "nothing changed, so nothing is noted"


def test_a_change_is_audited_from_what_to_what(site, segment):
    documents.save_segment(site, {"key": "loyal", "name": "Regulars", "condition": LOYAL}, by="Ada")

    entry = AuditEntry.objects.get(action="segment.changed")
    assert (entry.actor, entry.target) == ("Ada", "loyal")
    assert entry.changes == {"name": ["Loyal", "Regulars"]}


def test_a_cap_may_be_a_number(site, rule):
    document = documents.to_document(rule) | {"cap": 3}

    assert documents.to_document(documents.save_rule(site, document, by="test"))["cap"] == 3


def test_days_and_hours_are_kept_in_their_shortest_form(site, rule):
    def kept(when):
        document = {**documents.to_document(rule), "when": when}
        return documents.save_rule(site, document, by="test").when

    assert kept({"days": [5, 1, 5]}) == {"days": [1, 5]}
    assert kept({"from": "18:00", "until": "00:00"}) == {"from": "18:00", "until": "24:00"}
    assert kept({"days": [1, 2, 3, 4, 5, 6, 7]}) is None
    assert kept(None) is None


def test_a_rule_without_position_comes_last(site, rule):
    last = documents.save_rule(
        site, {"key": "late", "slot": "home.hero", "content": "red"}, by="test"
    )

    assert last.position == rule.position + 1


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"key": "two words"}, "key", "key"),
        ({"key": "ümlaut"}, "key", "key"),
        ({"key": "a" * 101}, "key", "key"),
        ({"key": "a\n"}, "key", "key"),
        ({"key": None}, "key", "required"),
        ({"colour": "red"}, "colour", "unknown"),
        ({"slot": "nowhere"}, "slot", "unknown_reference"),
        ({"content": "nothing"}, "content", "unknown_reference"),
        ({"segment": "nobody"}, "segment", "unknown_reference"),
        ({"condition": EVERYONE}, "condition", "both"),
        ({"segment": None, "condition": {"rules": 3}}, "condition.rules", "condition"),
        ({"position": -1}, "position", "integer"),
        ({"position": True}, "position", "integer"),
        ({"position": 2**31}, "position", "integer"),
        ({"cap": 0}, "cap", "integer"),
        ({"cap": {"times": 1, "within": "soon"}}, "cap.within", "duration"),
        ({"cap": {"times": 1, "in": "7d"}}, "cap.in", "unknown"),
        ({"start": "2026-12-01"}, "start", "datetime"),
        ({"start": "99999-01-01T00:00:00Z"}, "start", "datetime"),
        ({"start": "0001-01-01T00:00:00+23:59"}, "start", "datetime"),
        ({"start": 5}, "start", "datetime"),
        ({"end": "2026-11-01T00:00:00Z"}, "end", "window"),
        ({"name": "a\0b"}, "name", "nul"),
        ({"name": "\ud800"}, "name", "surrogate"),
        ({"name": "a" * 201}, "name", "too_long"),
        ({"enabled": "yes"}, "enabled", "type"),
        ({"when": "mornings"}, "when", "schedule"),
        ({"when": {"days": [9]}}, "when.days", "schedule"),
        ({"when": {"from": "18:00", "until": "18:00"}}, "when.until", "schedule"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_with_its_place(site, rule, changes, path, code):
    document = documents.to_document(rule) | changes

    assert refused(documents.save_rule, site, document) == {path: code}


def test_every_mistake_is_named_at_once(site):
    found = refused(documents.save_rule, site, {"kye": "spring", "position": "first"})

    assert set(found) == {"key", "kye", "slot", "content", "position"}


@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_what_is_no_object_is_refused(site, document):
    for kind in documents.KINDS.values():
        assert "" in refused(kind.save, site, document)


def test_a_condition_is_refused_where_it_is_wrong(site):
    wrong = {"combinator": "and", "rules": [{"field": "visits", "operator": ">=", "value": "many"}]}

    found = refused(documents.save_segment, site, {"key": "s", "name": "S", "condition": wrong})

    assert found == {"condition.rules[0].value": "condition"}


def test_segments_may_not_refer_in_a_circle(site, segment):
    documents.save_segment(site, {"key": "b", "condition": in_segment("loyal")}, by="test")
    documents.save_segment(site, {"key": "c", "condition": in_segment("b")}, by="test")

    circle = {"key": "loyal", "condition": in_segment("c")}
    with pytest.raises(Malformed, match="loyal → c → b → loyal"):
        documents.save_segment(site, circle, by="test")
    itself = {"key": "d", "condition": in_segment("d")}
    assert refused(documents.save_segment, site, itself) == {"condition": "cycle"}


def test_a_condition_may_only_name_segments_that_are_there(site):
    document = {"key": "b", "condition": in_segment("nobody")}

    found = refused(documents.save_segment, site, document)

    assert found == {"condition.rules[0]": "unknown_reference"}


def test_keys_of_another_site_are_unknown(site, rule):
    from personalization.govern.sites import make_site

    other = make_site(name="Other", origins=[], by="test").site

    found = refused(documents.save_rule, other, documents.to_document(rule))
    assert set(found.values()) == {"unknown_reference"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"arms": [{"key": "a", "content": "red"}]}, "arms"),
        ({"arms": [{"key": "a", "content": None}] * 2}, "arms"),
        ({"arms": [{"key": "a", "content": "x"}, {"key": "b"}]}, "arms[0].content"),
        ({"arms": [{"key": "a"}, {"key": "b", "weight": 1}]}, "arms[1].weight"),
        ({"arms": [{"key": "a"}, "b"]}, "arms[1]"),
        ({"arms": "ab"}, "arms"),
        ({"weights": [0.5]}, "weights"),
        ({"weights": [0.9, 0.9]}, "weights"),
        ({"weights": [2, -1]}, "weights"),
        ({"weights": ["half", "half"]}, "weights"),
        ({"coverage": 1.1}, "coverage"),
        ({"coverage": float("nan")}, "coverage"),
        ({"hash_version": 3}, "hash_version"),
        ({"namespace": ["n", 0.5, 0.2]}, "namespace"),
        ({"namespace": "n"}, "namespace"),
    ],
)
def test_an_experiment_that_cannot_run_is_refused(site, rule, changes, path):
    assert path in refused(documents.save_experiment, site, split(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"weights": [0.1, 0.9]},
        {"arms": [{"key": "a", "content": "red"}, {"key": "c", "content": None}]},
        {"seed": "another"},
        {"hash_version": 1},
    ],
)
def test_moving_visitors_between_arms_opens_a_phase_and_warns(site, rule, changes):
    documents.save_experiment(site, split(), by="test")

    moved = documents.save_experiment(site, split(**changes), by="test")

    assert moved.phase == 2
    assert "phase 2" in moved.warnings[0]


@pytest.mark.parametrize("changes", [{"coverage": 0.5}, {"name": "Colours"}, {"enabled": False}])
def test_what_moves_nobody_opens_no_phase(site, rule, changes):
    documents.save_experiment(site, split(coverage=0.2), by="test")

    saved = documents.save_experiment(site, split(**changes), by="test")

    assert (saved.phase, saved.warnings) == (1, ())


def test_what_is_in_use_cannot_be_deleted_and_says_by_whom(site, rule):
    documents.save_segment(site, {"key": "b", "condition": in_segment("loyal")}, by="test")
    documents.save_experiment(site, split(), by="test")
    campaign = documents.save_campaign(site, {"key": "xmas"}, by="test")
    document = {**documents.to_document(rule), "campaign": "xmas"}
    documents.save_rule(site, document, by="test")

    for row, user in [
        (rule.segment, "rule spring"),
        (rule.segment, "segment b"),
        (rule.content, "experiment colours"),
        (rule.slot, "rule spring"),
        (rule.slot.default, "slot home.hero"),
        (documents.KINDS["blocks"].model.objects.get(key="note"), "content red"),
        (campaign, "rule spring"),
    ]:
        with pytest.raises(Conflict, match=user):
            documents.delete(row, by="test")
    assert Rule.objects.count() == Experiment.objects.count() == Slot.objects.count() == 1


def test_what_nothing_uses_is_deleted_and_audited(site, segment):
    documents.delete(segment, by="Ada")

    assert not Segment.objects.exists()
    assert AuditEntry.objects.get(action="segment.deleted").target == "loyal"


def test_a_change_over_a_newer_one_is_refused(site, segment):
    document = documents.to_document(segment)
    seen = segment.updated_at
    documents.save_segment(site, document | {"name": "Mine"}, by="me", unchanged_since=seen)

    with pytest.raises(Conflict, match="changed meanwhile"):
        documents.save_segment(site, document | {"name": "Yours"}, by="you", unchanged_since=seen)

    assert Segment.objects.get().name == "Mine"


def test_a_refused_document_leaves_nothing_behind(site, hero):
    before = AuditEntry.objects.count()

    refused(documents.save_slot, site, {"key": "home.hero", "default": "plain", "min_height": -1})

    assert Slot.objects.get().updated_at == hero.updated_at
    assert AuditEntry.objects.count() == before


def test_declaring_a_slot_takes_it_off_the_list_of_undeclared(site):
    UndeclaredSlot.objects.create(site=site, key="side.bar")

    documents.save_slot(site, {"key": "side.bar"}, by="test")

    assert not UndeclaredSlot.objects.exists()


def test_a_block_that_is_in_use_keeps_fitting_its_contents(site, hero):
    from tests.targeting.conftest import NOTE

    narrower = NOTE | {"schema": NOTE["schema"] | {"required": ["text", "link"]}}
    narrower["schema"]["properties"] = {**NOTE["schema"]["properties"], "link": {"type": "string"}}

    assert refused(documents.save_block, site, narrower) == {"schema": "in_use"}


def test_a_content_must_fit_its_block(site, note):
    document = {"key": "x", "block": "note", "fields": {"en": {"txet": "Hello"}}}

    assert set(refused(documents.save_content, site, document)) == {"fields.en"}
    missing = document | {"block": "nothing"}
    assert refused(documents.save_content, site, missing) == {"block": "unknown_reference"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Boots\u200b today ", "Boots today"),
        ("\u200b\u2060 \ufeff", ""),
        ("good \u202elive", "good live"),  # would be read from right to left: "good evil"
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),  # Persian
        ("\U0001f469\u200d\U0001f467 e\u0301", "\U0001f469\u200d\U0001f467 e\u0301"),
    ],
)
def test_a_name_holds_nothing_that_nobody_sees_or_that_turns_words(site, typed, kept):
    document = {"key": "s", "name": typed, "condition": {"combinator": "and", "rules": []}}

    assert documents.save_segment(site, document, by="test").name == kept
