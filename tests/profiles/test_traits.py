"""Traits: typed by the site's declaration, refused as a whole, withheld without consent."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.clock import now
from personalization.exceptions import Malformed
from personalization.profiles.models import Profile, Trait
from personalization.profiles.reading import Needs, read_visitor
from personalization.profiles.traits import forget, patch
from tests.dump import database_dump

SCHEMA = {
    "plan": {"type": "string", "choices": [["free", "Free"], ["pro", "Pro"]]},
    "city": {"type": "string"},
    "age": {"type": "number"},
    "member": {"type": "boolean"},
    "since": {"type": "datetime"},
    "app": {"type": "version"},
    "colours": {"type": "list", "of": "string"},
    "days": {"type": "list", "of": "datetime"},
    "pets": {
        "type": "list",
        "of": {
            "name": {"type": "string"},
            "born": {"type": "datetime"},
            "kilos": {"type": "number"},
        },
    },
    "first_name": {"type": "string", "personal": True},
}


@pytest.fixture
def shop(site):
    site.traits_schema = SCHEMA
    site.save()
    return site


def facts(site, visitor_id="v1"):
    return read_visitor(site, visitor_id, now=now()).facts


def test_every_type_is_read_as_it_was_sent(shop, visitor):
    born = datetime(2020, 5, 6, tzinfo=UTC)
    patched = patch(
        shop,
        visitor("v1"),
        {
            "plan": "pro",
            "age": 41,
            "member": False,
            "since": "2020-05-06T02:00:00+02:00",
            "app": "2.10.0",
            "colours": ["red", "blue"],
            "days": ["2020-05-06"],
            "pets": [{"name": "Rex", "born": "2020-05-06T00:00:00Z"}, {"kilos": 4.5}],
        },
    )

    assert patched.withheld == ()
    known = facts(shop)
    assert (known["plan"], known["age"], known["member"]) == ("pro", 41, False)
    assert (known["since"], known["app"]) == (born, "2.10.0")
    assert (known["colours"], known["days"]) == (("red", "blue"), (born,))
    assert known["pets"] == ({"name": "Rex", "born": born}, {"kilos": 4.5})


def test_rows_are_typed_for_counting(shop, visitor):
    patch(
        shop,
        visitor("v1"),
        {"age": 41, "member": True, "colours": [], "pets": [{"name": "Rex"}, {}]},
    )

    rows = Trait.objects.order_by("name", "position", "member")
    assert list(rows.values_list("name", "position", "member", "text", "number", "truth")) == [
        ("age", 0, "", None, 41, None),
        ("colours", 0, "", None, 0, None),
        ("member", 0, "", None, None, True),
        ("pets", 0, "", None, 2, None),
        ("pets", 1, "", None, None, True),
        ("pets", 1, "name", "Rex", None, None),
        ("pets", 2, "", None, None, True),
    ]


@pytest.mark.parametrize(
    ("sent", "path", "code"),
    [
        ({"plan": "gold"}, "traits.plan", "choice"),
        ({"plan": 1}, "traits.plan", "type"),
        ({"age": "41"}, "traits.age", "type"),
        ({"age": True}, "traits.age", "type"),
        ({"age": float("nan")}, "traits.age", "number"),
        ({"age": 2**54}, "traits.age", "number"),
        ({"age": 10**400}, "traits.age", "number"),
        ({"member": 1}, "traits.member", "type"),
        ({"since": "soon"}, "traits.since", "datetime"),
        ({"since": "99999-01-01"}, "traits.since", "datetime"),
        ({"since": "0001-01-01T00:00:00+23:00"}, "traits.since", "datetime"),
        ({"app": "newest"}, "traits.app", "version"),
        ({"city": "a\0b"}, "traits.city", "text"),
        ({"city": "\ud800"}, "traits.city", "text"),
        ({"city": "x" * 1001}, "traits.city", "text"),
        ({"colours": "red"}, "traits.colours", "type"),
        ({"colours": ["red", 1]}, "traits.colours.1", "type"),
        ({"colours": ["red"] * 101}, "traits.colours", "type"),
        ({"pets": [{"age": 1}]}, "traits.pets.0.age", "unknown_field"),
        ({"pets": ["Rex"]}, "traits.pets.0", "type"),
        ({"unknown": 1}, "traits.unknown", "unknown_field"),
        (["plan"], "traits", "type"),
    ],
)
def test_one_wrong_value_refuses_the_whole_patch(shop, visitor, sent, path, code):
    visitor("v1")
    if isinstance(sent, dict):
        sent = {"city": "Ulm", **sent}

    with pytest.raises(Malformed) as refused:
        patch(shop, "v1", sent)

    assert [(error.path, error.code) for error in refused.value.errors] == [(path, code)]
    assert "city" not in facts(shop)


def test_null_deletes(shop, visitor):
    patch(shop, visitor("v1"), {"age": 41, "colours": ["red"], "first_name": "Ada"})

    patch(shop, "v1", {"age": None, "colours": None, "first_name": None, "city": None})

    assert not {"age", "colours"} & facts(shop).keys()
    assert not Trait.objects.exists()
    assert bytes(Profile.objects.get().sealed_personal) == b""


@pytest.mark.parametrize("purposes", [("analytics", "training"), None])
def test_without_personalization_all_is_withheld(shop, visitor, purposes):
    if purposes:
        visitor("v1", *purposes)
    before = database_dump()

    patched = patch(shop, "v1", {"city": "Ulm", "first_name": "Ada"})

    assert (patched.stored, patched.withheld) == ((), ("city", "first_name"))
    assert database_dump() == before


def test_personal_traits_stand_nowhere_in_the_clear(shop, visitor):
    patch(shop, visitor("v1"), {"first_name": "Zuzanna-Wilhelmina"})

    assert "Wilhelmina" not in database_dump()
    assert not Trait.objects.exists()


def test_a_trait_that_is_declared_no_more_is_forgotten_everywhere(shop, visitor):
    for each in ("v1", "v2"):
        patch(shop, visitor(each), {"city": "Ulm", "age": 4, "first_name": "Ada"})

    forget(shop, ["city", "first_name"])

    for each in ("v1", "v2"):
        assert "city" not in facts(shop, each)
        assert facts(shop, each)["age"] == 4
        assert read_visitor(shop, each, now=now(), needs=Needs(personal=True)).personal == {}
    assert set(Trait.objects.values_list("name", flat=True)) == {"age"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from([*SCHEMA, "unknown"]), json_values, max_size=4))
def test_whatever_is_sent_is_stored_or_refused(shop, visitor, sent):
    visitor("v1")
    try:
        patched = patch(shop, "v1", sent)
    except Malformed as refused:
        assert refused.errors
        return
    kept = {name for name, value in sent.items() if value is not None and name != "first_name"}
    assert set(patched.stored) == set(sent)
    assert kept <= facts(shop).keys()
