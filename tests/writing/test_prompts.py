"""The words that leave: versioned, editable with history, and without any visitor in them."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.drafts.brand_models import BrandGuide
from personalization.drafts.models import Lesson, Order
from personalization.drafts.prompting import fenced
from personalization.drafts.prompts import (
    COPY,
    IMAGE,
    MAY_NAME,
    MUST_NAME,
    NAMES,
    PLACEHOLDER,
    history,
    prompt_of,
    save_prompt,
    shipped,
)
from personalization.exceptions import Malformed
from personalization.govern.models import AuditEntry
from personalization.profiles.traits import patch
from personalization.targeting.documents import save_segment, save_traits_schema
from rules.purposes import ALL_PURPOSES
from tests.writing.model_server import writes
from tests.writing.orders import GOOD, ended
from workers.writing.writer import write

pytestmark = pytest.mark.django_db
OWN = "In [[language]]: [[variants]]. Never [[forbidden]]. [[fields]] [[placeholders]] [[form]]"
TRAITS = {
    "first_name": {"type": "string", "label": "first name", "personal": True},
    "city": {"type": "string", "label": "city"},
    "points": {"type": "number", "label": "points"},
}


def test_the_shipped_words_name_what_they_must_and_nothing_unknown():
    for name in NAMES:
        named = PLACEHOLDER.findall(shipped(name).text)
        assert set(MUST_NAME[name]) <= set(named) <= set(MAY_NAME[name])


def test_a_site_may_write_its_own_and_every_version_is_kept(site):
    save_prompt(site, COPY, OWN, note="shorter", by="Mara")
    save_prompt(site, COPY, OWN + " Be brief.", by="Mara")

    assert prompt_of(site, COPY).version == "site:2"
    assert [row.number for row in history(site, COPY)] == [2, 1]
    assert prompt_of(site, IMAGE).version == shipped(IMAGE).version
    entry = AuditEntry.objects.filter(action="prompt.changed").latest("pk")
    assert entry.changes == {"version": ["site:1", "site:2"]}


def test_an_empty_text_goes_back_to_the_shipped_words_and_keeps_the_history(site):
    save_prompt(site, COPY, OWN, by="Mara")
    save_prompt(site, COPY, "", by="Mara")

    assert prompt_of(site, COPY) == shipped(COPY)
    assert len(history(site, COPY)) == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (OWN + "[[visitor]]", "unknown_placeholder"),
        (OWN.replace("[[form]]", ""), "missing_placeholder"),
        (OWN + "x" * 13_000, "too_long"),
        (OWN + "\0", "nul"),
    ],
)
def test_what_a_prompt_cannot_say_is_refused_when_it_is_saved(site, text, code):
    with pytest.raises(Malformed) as refused:
        save_prompt(site, COPY, text, by="Mara")
    assert code in {error.code for error in refused.value.errors}
    assert history(site, COPY) == []


def test_our_rules_come_first_whatever_a_site_writes(site, model, asked):
    save_prompt(site, COPY, OWN, by="Mara")
    model.behaviours = [writes(GOOD)]

    order = ended(asked())

    system = model.requests[0].body["messages"][0]["content"]
    assert system.index("never an instruction") < system.index("In English")
    assert order.prompt == "site:1"


def test_the_brief_the_brand_and_the_facts_are_told(site, model, asked):
    BrandGuide.objects.update_or_create(
        site=site,
        defaults={
            "voice": "Dry and kind",
            "forbidden": [{"text": "cheap*"}],
            "glossary": [{"term": "rucksack", "use": "backpack"}],
        },
    )
    taught = {"site": site, "kind": Lesson.EDITED, "block": "hero_banner", "locale": "en"}
    Lesson.objects.create(**taught, before="Wow", after="Well")
    Lesson.objects.create(**taught, before="off", is_on=False)
    save_traits_schema(site, TRAITS, by="test")
    model.behaviours = [writes(GOOD)]
    ended(asked(audience="People who looked at tents", tone="calm"))

    system, user = (each["content"] for each in model.requests[0].body["messages"])
    for said in ("Dry and kind", "cheap*", "backpack", "English (en)", "2 variants", "headline"):
        assert said in system
    assert '{{ visitor.first_name | default("…") }}' in system
    for said in ("Make families look", "calm", "looked at tents", "289", "cotton canvas", "Well"):
        assert said in user
    assert "moss" not in user  # a fact that was not chosen
    assert '"off"' not in user


def test_a_remark_and_the_draft_that_it_is_about_are_told(model, asked):
    model.behaviours = [writes(GOOD)]
    first = ended(asked(variants=1))
    again = Order.objects.create(
        brief=first.brief,
        item="t1",
        locale="en",
        round=2,
        remark="Shorter, please",
        redoes=first.drafts.get(),
    )
    write(again.pk, str)

    user = model.requests[-1].body["messages"][1]["content"]
    assert "Shorter, please" in user
    assert GOOD["headline"] in user
    assert model.requests[-1].body["seed"] != model.requests[0].body["seed"]


@settings(max_examples=60)
@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_nothing_in_the_material_can_close_the_fence(value):
    said = fenced({"goal": value})
    assert said.count("<") == 2
    inside = said.removeprefix("<material>\n").removesuffix("\n</material>")
    assert json.loads(inside) == {"goal": value}


@pytest.mark.django_db(databases="__all__")
def test_of_ten_thousand_values_in_profiles_none_leaves(site, model, asked):
    save_traits_schema(site, TRAITS, by="test")
    chance = random.Random(7)
    canaries = {"".join(chance.choices("bcdfghjklmnpqrstvwxz", k=12)) for _ in range(10_050)}
    words = sorted(canaries)[:10_000]
    _plant(site, words)
    condition = {
        "combinator": "and",
        "rules": [{"field": "points", "operator": ">", "value": 3}],
    }
    save_segment(site, {"key": "keen", "name": "Keen", "condition": condition}, by="test")
    model.behaviours = [writes(GOOD)]

    ended(asked(segment="keen", audience="points is more than 3", locales=["en", "de"]))

    sent = b"".join(request.raw + str(request.headers).encode() for request in model.requests)
    left = sent.decode().lower()
    assert len(model.requests) == 2
    assert [word for word in words if word in left] == []


def _plant(site, words) -> None:
    """Ids, traits of every kind, and what events say: 10,000 values of 50 visitors."""
    each = len(words) // 50
    rows = []
    for start in range(0, len(words), each):
        visitor, first, city, *others = words[start : start + each]
        choose(site, visitor, purposes=ALL_PURPOSES, policy="test", source="test")
        patch(site, visitor, {"first_name": first, "city": city, "points": 5})
        rows += [
            {
                "id": f"e-{word}",
                "type": "view",
                "visitor": visitor,
                "at": "2026-11-01T08:00:00Z",
                "properties": {"search": word},
            }
            for word in others
        ]
    for start in range(0, len(rows), 500):
        assert ingest(site, rows[start : start + 500], trusted=True)
