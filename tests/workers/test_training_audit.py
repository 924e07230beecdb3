"""Whether a model serves all alike: told by groups that the site names, of those who allow it."""

import json

import pytest

from personalization.catalog.models import Item
from personalization.collect.models import Event
from personalization.govern.models import Site
from personalization.govern.purposes import ALL_BITS, ANALYTICS, PERSONALIZATION
from personalization.learn.models import ModelVersion
from personalization.profiles.models import Profile, Trait
from tests.workers.tastes import N_ITEMS, camp_of, camps
from workers.learning.attributes import read_audit
from workers.learning.events import read_study
from workers.learning.training import train

VISITORS = 300
TRAITS = {
    "plan": {"type": "string"},
    "age": {"type": "number"},
    "member": {"type": "boolean"},
    "name": {"type": "string", "personal": True},
    "pets": {"type": "list", "of": "string"},
}


def quiet(_sentence):
    pass


def plan_of(who):
    return "free" if who % 3 == 0 else "paid"


@pytest.fixture
def shop(site):
    """Three camps; those of the first are on the plan `free` and act by lot instead of by taste."""
    Item.objects.bulk_create(
        Item(
            site=site,
            key=f"i{n:02}",
            title=f"thing {n}",
            category=f"camp {camp_of(n)}",
            attributes={"brand": "own" if n % 2 else "other", "weights": [1]},
        )
        for n in range(N_ITEMS)
    )
    events = camps(visitors=VISITORS, likes=7)
    profiles = Profile.objects.bulk_create(
        Profile(
            site=site, key=f"p{n}", purposes=ALL_BITS, sealed_id=b"", key_id="", visits=1 + n % 4
        )
        for n in range(VISITORS)
    )
    Trait.objects.bulk_create(
        Trait(site=site, profile=profile, name="plan", text=plan_of(n))
        for n, profile in enumerate(profiles)
    )
    Trait.objects.bulk_create(
        Trait(site=site, profile=profile, name="age", number=20 + n % 50)
        for n, profile in enumerate(profiles)
    )
    rows = zip(events.visitors.tolist(), events.items.tolist(), events.at, strict=True)
    Event.objects.bulk_create(
        Event(
            site=site,
            event=f"e{n}",
            profile=profiles[who],
            type="view",
            item=f"i{(item * 5 + who * 11 + n) % N_ITEMS if who % 3 == 0 else item:02}",
            at=int(at * 1e6),
            received=int(at * 1e6),
            purposes=ALL_BITS,
        )
        for n, (who, item, at) in enumerate(rows)
    )
    site.traits_schema, site.audited = TRAITS, ["plan", "age", "visits"]
    site.save()
    return site


def test_the_record_says_for_which_group_lists_are_worse(shop):
    audit = train(shop, seed=1, say=quiet).model.metrics["audit"]["attributes"]

    (gap,) = audit["plan"]["gaps"]
    assert (gap["label"], gap["to"]) == ("free", "paid")  # nobody can guess a lot
    assert gap["low"] > 0
    groups = {each["label"]: each for each in audit["plan"]["groups"]}
    assert groups["free"]["ndcg"]["mean"] < groups["paid"]["ndcg"]["mean"]
    figures = {"ndcg", "recall", "popularity", "well_known"}
    assert set(groups["free"]) == {"label", "visitors"} | figures
    assert len(audit["visits"]["groups"]) == 4


def test_it_says_whose_items_are_shown_beside_how_many_they_have_and_how_many_are_asked_for(shop):
    Site.objects.update(provider="brand")

    shares = train(Site.objects.get(), seed=1, say=quiet).model.metrics["audit"]["providers"]

    assert shares["attribute"] == "brand"
    assert {row["label"] for row in shares["rows"]} == {"own", "other"}
    for name in ("catalogue", "asked"):
        assert sum(row[name] for row in shares["rows"]) == pytest.approx(1)
    assert sum(row["shown"]["mean"] for row in shares["rows"]) == pytest.approx(1, abs=1e-4)
    assert 0 <= shares["gini"]["shown"] < 1


@pytest.mark.parametrize("purpose", [ANALYTICS, PERSONALIZATION])
def test_who_does_not_allow_reports_or_to_be_known_is_in_no_group(shop, purpose):
    Profile.objects.filter(key__in=["p0", "p1"]).update(purposes=ALL_BITS - purpose)
    study = read_study(shop)

    audit = read_audit(shop, study)

    for groups in audit.attributes.values():
        assert (groups.of < 0).sum() == 2
        for key in ("p0", "p1"):
            assert groups.of[study.names[Profile.objects.get(key=key).pk]] < 0


def test_a_trait_needs_the_purpose_that_it_was_declared_for(shop):
    shop.traits_schema = {**TRAITS, "plan": {"type": "string", "purpose": "profiling_ai"}}
    shop.save()
    Profile.objects.filter(key="p0").update(purposes=ALL_BITS - 8)

    assert (read_audit(shop, read_study(shop)).attributes["plan"].of < 0).sum() == 1


@pytest.mark.parametrize("name", ["name", "pets", "gone"])
def test_personal_traits_lists_and_what_is_declared_no_longer_are_never_read(shop, name):
    shop.audited, shop.reweighted_by = [name], name
    shop.save()

    audit = read_audit(shop, read_study(shop))

    assert audit.attributes == {}
    assert audit.reweighted == ""


def test_nothing_of_one_visitor_stands_in_the_record(shop):
    """A group of one, by a word that only they have, is counted and not named."""
    Trait.objects.filter(name="plan", profile__key="p5").update(text="the only one")

    model = train(shop, seed=1, say=quiet).model

    assert "the only one" not in json.dumps(model.metrics)
    assert model.metrics["audit"]["attributes"]["plan"]["elsewhere"] <= 1


def test_weights_are_an_option_whose_cost_stands_in_the_record(shop):
    plain = train(shop, seed=1, say=quiet).model
    weighed = train(shop, seed=1, say=quiet, reweight="plan").model

    assert "reweighted" not in plain.metrics
    cost = weighed.metrics["reweighted"]
    assert cost["attribute"] == "plan"
    assert [each["label"] for each in cost["groups"]] == ["", "paid", "free"]
    for each in cost["groups"]:
        assert each["low"] - 1e-6 <= each["with"] - each["without"] <= each["high"] + 1e-6
    assert cost["groups"][0]["with"] == pytest.approx(weighed.metrics["model"]["ndcg"], abs=1e-5)
    assert weighed.sha256 != plain.sha256


def test_the_site_may_choose_the_weights_for_every_run_and_one_run_may_do_without(shop):
    shop.reweighted_by = "plan"
    shop.save()
    study = read_study(shop)

    assert read_audit(shop, study).reweighted == "plan"
    assert read_audit(shop, study, reweight="").reweighted == ""


def test_what_was_left_out_stands_in_the_record(shop):
    robot = Profile.objects.create(
        site=shop, key="robot", purposes=ALL_BITS, sealed_id=b"", key_id=""
    )
    Event.objects.bulk_create(
        Event(
            site=shop,
            event=f"r{n}",
            profile=robot,
            type="view",
            item="i00",
            at=n * 1_000_000,
            received=0,
            purposes=ALL_BITS,
        )
        for n in range(120)
    )
    said = []

    model = train(shop, seed=1, say=said.append).model

    assert model.metrics["dropped"]["programs"] == 1
    assert model.metrics["dropped"]["program_events"] == 120
    assert model.counts["visitors"] == VISITORS
    assert any("1 programs, 120 program events" in each for each in said)
    assert ModelVersion.objects.get().fingerprint == model.fingerprint
