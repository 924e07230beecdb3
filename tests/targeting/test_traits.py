"""Declaring traits: what stays, what is forgotten, and what stands in the way."""

import pytest

from personalization import clock
from personalization.collect.consent import choose
from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry
from personalization.profiles import traits
from personalization.profiles.models import Trait
from personalization.profiles.reading import read_visitor
from personalization.targeting import documents
from personalization.targeting.catalogue import site_catalogue
from rules.purposes import Purpose

PLAN = {"plan": {"type": "string"}, "age": {"type": "number"}}


@pytest.fixture
def ada(site):
    documents.save_traits_schema(site, PLAN, by="test")
    choose(site, "ada", purposes=frozenset(Purpose), policy="p", source="test")
    traits.patch(site, "ada", {"plan": "pro", "age": 36})

    def facts():
        return read_visitor(site, "ada", now=clock.now()).facts

    return facts


def test_a_trait_needs_consent_to_personalization_whatever_was_declared(site):
    open_to_all = {"plan": {"type": "string", "purpose": None}}
    with_model = {"taste": {"type": "string", "purpose": "profiling_ai"}}

    documents.save_traits_schema(site, open_to_all | with_model, by="test")

    fields = site_catalogue(site).fields
    assert fields["plan"].purposes == {Purpose.PERSONALIZATION}
    assert fields["taste"].purposes == {Purpose.PERSONALIZATION, Purpose.PROFILING_AI}


def test_the_values_of_a_trait_that_went_are_forgotten(site, ada):
    documents.save_traits_schema(site, {"age": PLAN["age"]}, by="test")

    assert "plan" not in ada()
    assert ada()["age"] == 36
    assert set(Trait.objects.values_list("name", flat=True)) == {"age"}


@pytest.mark.parametrize("now", [{"type": "number"}, {"type": "string", "personal": True}])
def test_the_values_of_a_trait_that_became_another_are_forgotten(site, ada, now):
    documents.save_traits_schema(site, PLAN | {"plan": now}, by="test")

    assert "plan" not in ada()


def test_a_new_label_forgets_nothing(site, ada):
    documents.save_traits_schema(
        site, PLAN | {"plan": {"type": "string", "label": "Tariff"}}, by="x"
    )

    assert ada()["plan"] == "pro"


def test_a_trait_that_a_segment_asks_cannot_go(site, ada):
    tree = {"combinator": "and", "rules": [{"field": "plan", "operator": "=", "value": "pro"}]}
    documents.save_segment(site, {"key": "pros", "condition": tree}, by="test")

    for schema in ({"age": PLAN["age"]}, PLAN | {"plan": {"type": "string", "personal": True}}):
        with pytest.raises(Conflict, match="segment pros"):
            documents.save_traits_schema(site, schema, by="test")
    assert site.traits_schema.keys() == PLAN.keys()
    assert ada()["plan"] == "pro"


def test_a_trait_that_a_content_shows_cannot_go(site, ada, note):
    note("hello", "Your plan: {{ visitor.plan | default('-') }}")

    with pytest.raises(Conflict, match="content hello"):
        documents.save_traits_schema(site, {"age": PLAN["age"]}, by="test")


def test_what_changed_is_audited_by_name(site, ada):
    documents.save_traits_schema(site, {"age": PLAN["age"]}, by="Ada")

    entry = AuditEntry.objects.get(action="traits.declared", actor="Ada")
    assert list(entry.changes) == ["plan"]


@pytest.mark.parametrize("schema", [None, [], {"visits": {"type": "string"}}, {"x": {}}, {1: {}}])
def test_a_declaration_that_makes_no_sense_is_refused(site, schema):
    with pytest.raises(Malformed):
        documents.save_traits_schema(site, schema, by="test")
