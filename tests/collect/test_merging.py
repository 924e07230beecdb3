"""A merge: what is known moves, the target's choice wins, running experiments keep their unit."""

import pytest

from personalization.clock import now
from personalization.collect.consent import choose, consent_of
from personalization.collect.ingest import ingest
from personalization.collect.merging import merge
from personalization.collect.models import Event
from personalization.exceptions import Malformed
from personalization.govern import keystore, ledger
from personalization.govern.models import AuditEntry
from personalization.profiles.models import Profile, Score, Trait
from personalization.profiles.reading import Needs, read_visitor
from personalization.profiles.scores import Scores, write_scores
from personalization.profiles.traits import patch
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose
from tests.collect.conftest import listed_events
from tests.dump import database_dump


@pytest.fixture
def shop(site):
    site.traits_schema = {
        "plan": {"type": "string"},
        "city": {"type": "string"},
        "name": {"type": "string", "personal": True},
    }
    site.save()
    return site


def seen(site, visitor_id, **more):
    return read_visitor(site, visitor_id, now=now(), **more)


def test_behaviour_moves_and_is_counted_as_one(shop, visitor, row):
    visitor("anon"), visitor("ada")
    ingest(
        shop,
        [
            row("a", 0, visitor="anon"),
            row("b", 20, visitor="ada", type="purchase", value=5),
            row("c", 40, visitor="anon", type="purchase", value=7),
            row("d", 200, visitor="ada"),
        ],
        trusted=True,
    )

    assert merge(shop, "anon", "ada", by="test") == ALL_PURPOSES

    facts = seen(shop, "ada").facts
    assert [event["id"] for event in facts["events"]] == ["d", "c", "b", "a"]
    assert (facts["visits"], facts["frequency"], facts["monetary"]) == (2, 2, 12)
    assert set(Event.objects.values_list("profile__key", flat=True)) == {
        seen(shop, "ada").reference
    }
    assert seen(shop, "anon").purposes == NONE_GRANTED


def test_what_was_foretold_of_the_anonymous_visitor_goes_with_them(shop, visitor):
    """It was said of half of a person; the next night looks at the whole one."""
    visitor("anon"), visitor("ada")
    anonymous, known = Profile.objects.order_by("pk")
    said = {anonymous.pk: Scores(cluster="g1"), known.pk: Scores(cluster="g2")}
    write_scores(shop, said)

    merge(shop, "anon", "ada", by="test")

    assert seen(shop, "ada").facts["cluster"] == "g2"
    assert Score.objects.get().cluster == "g2"


def test_the_targets_choice_wins(shop, visitor, row):
    visitor("anon")
    choose(shop, "ada", purposes=frozenset({Purpose.TRAINING}), policy="p", source="s")
    ingest(shop, [row(visitor="anon", item="shoe")], trusted=True)

    assert merge(shop, "anon", "ada", by="test") == {Purpose.TRAINING}

    assert list(Event.objects.values_list("purposes", flat=True)) == [4]
    assert not listed_events()
    assert seen(shop, "ada").facts == {}


def test_a_target_that_refused_receives_nothing(shop, visitor, row):
    visitor("anon")
    choose(shop, "ada", purposes=NONE_GRANTED, policy="p", source="s")
    ingest(shop, [row(visitor="anon")], trusted=True)

    assert merge(shop, "anon", "ada", by="test") == NONE_GRANTED

    assert not Event.objects.exists()
    assert bytes(Profile.objects.get().sealed_unit) == b""


def test_a_target_that_never_chose_goes_on_with_the_same_persons_choice(shop, visitor, row):
    visitor("anon", "analytics", "personalization")
    ingest(shop, [row(visitor="anon")], trusted=True)

    merge(shop, "anon", "new", by="test")

    assert seen(shop, "new").purposes == {Purpose.ANALYTICS, Purpose.PERSONALIZATION}
    assert seen(shop, "new").facts["visits"] == 1


def test_running_experiments_keep_the_anonymous_unit(shop, visitor):
    visitor("visitor-before-login"), visitor("ada")

    merge(shop, "visitor-before-login", "ada", by="test")

    assert seen(shop, "ada").unit == "visitor-before-login"
    assert "visitor-before-login" not in database_dump()
    choose(shop, "ada", purposes=frozenset({Purpose.ANALYTICS}), policy="p", source="s")
    assert seen(shop, "ada").unit == "ada"


def test_a_chain_of_merges_keeps_the_first_unit(shop, visitor):
    visitor("one"), visitor("two"), visitor("three"), visitor("four")

    merge(shop, "one", "two", by="test")
    merge(shop, "two", "three", by="test")
    merge(shop, "four", "three", by="test")

    assert seen(shop, "three").unit == "one"


def test_traits_fill_in_and_the_targets_win(shop, visitor):
    visitor("anon"), visitor("ada")
    patch(shop, "anon", {"plan": "free", "city": "Ulm", "name": "A."})
    patch(shop, "ada", {"plan": "pro"})

    merge(shop, "anon", "ada", by="test")

    known = seen(shop, "ada", needs=Needs(personal=True))
    assert (known.facts["plan"], known.facts["city"]) == ("pro", "Ulm")
    assert known.personal == {"name": "A."}
    assert dict(Trait.objects.values_list("name", "text")) == {"plan": "pro", "city": "Ulm"}


def test_the_proof_of_both_choices_stays_and_the_anonymous_key_goes(
    shop, visitor, django_capture_on_commit_callbacks
):
    visitor("anon"), visitor("ada")
    key_id = Profile.objects.get(key=seen(shop, "anon").reference).key_id

    with django_capture_on_commit_callbacks(execute=True):
        merge(shop, "anon", "ada", by="test")

    profile = Profile.objects.get()
    records = list(ledger.records_of(shop, profile.key_id, keystore.open_key(profile.key_id)))
    assert records[-1]["merged"][0]["visitor"] == "anon"
    assert keystore.open_key(key_id) is None
    assert ledger.verify(shop).is_intact
    assert AuditEntry.objects.filter(action="visitor.merged").count() == 1


def test_merging_again_or_nobody_changes_nothing(shop, visitor):
    visitor("ada")
    before = database_dump()

    assert merge(shop, "nobody", "ada", by="test") == ALL_PURPOSES
    assert merge(shop, "nobody", "no one", by="test") == NONE_GRANTED

    assert database_dump() == before
    assert consent_of(shop, "no one").receipt is None


def test_nobody_is_merged_into_themselves(shop, visitor):
    with pytest.raises(Malformed):
        merge(shop, visitor("ada"), "ada", by="test")
