"""An audience asked of the database is the one that page views would find, visitor by visitor."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization import clock
from personalization.catalog.models import Item
from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.govern.models import Site
from personalization.profiles import traits
from personalization.profiles.models import Profile, Stay
from personalization.profiles.moving import stages_text
from personalization.profiles.reading import read_visitor
from personalization.profiles.scores import Scores, write_scores
from personalization.profiles.visitors import find_profile, raw_id
from personalization.targeting import audience, documents
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.places import settle
from rules import compile as compile_conditions
from rules import parse
from rules.consent import permitted_view
from rules.purposes import Purpose
from tests.rules.strategies import VALUES, groups, known, segment_tests, spelled
from tests.summaries import summarized
from tests.targeting.audiences import exact_ids

NOW = clock.now()
PETS = {"id": "string", "age": "number", "at": "datetime", "tame": "boolean", "chip": "version"}
TRAITS = {
    "plan": "string",
    "city": "string",
    "score": "number",
    "points": "number",
    "member": "boolean",
    "joined": "datetime",
    "app": "version",
    "sizes": "list of number",
    "brands": "list of string",
    "apps": "list of version",
    "dates": "list of datetime",
    "pets": PETS,
}
EVENT = {
    **dict.fromkeys(("id", "type", "item", "category", "currency"), "string"),
    "value": "number",
    "at": "datetime",
}
OURS = {
    **dict.fromkeys(("visits", "frequency", "monetary", "recency", "propensity_buy"), "number"),
    "rfm_recency": "number",
    **dict.fromkeys(("first_seen", "last_seen"), "datetime"),
    **dict.fromkeys(("cluster", "favourite_category"), "string"),
    "affinity": {"category": "string", "score": "number"},
    "events": EVENT,
    "stage": "list of string",
}
UNASKED = {"country": "string", "hour": "number"}  # only a page view knows them


def declared(kind):
    if isinstance(kind, dict):
        return {"type": "list", "of": {name: {"type": inner} for name, inner in kind.items()}}
    if kind.startswith("list of "):
        return {"type": "list", "of": kind.removeprefix("list of ")}
    return {"type": kind}


SCHEMA = {name: declared(kind) for name, kind in TRAITS.items()} | {
    "taste": {"type": "string", "purpose": ["personalization", "profiling_ai"]}
}

bounded = VALUES["number"].filter(lambda number: abs(number) <= 2**53)
values = {**VALUES, "number": bounded}


def sent(kind):
    """A trait's value as a server sends it."""
    if isinstance(kind, dict):
        members = {name: st.none() | values[inner] for name, inner in kind.items()}
        elements = st.fixed_dictionaries(members).map(known)
        return st.lists(elements, max_size=3)
    if kind.startswith("list of "):
        return st.lists(values[kind.removeprefix("list of ")], max_size=3)
    return values[kind]


events = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["view", "purchase", "click"]),
            "item": st.sampled_from([None, "boot", "hat", "gone"]),
            "value": st.none() | st.sampled_from([0, 0.01, 1.005, 19.99, 1000]),
            "currency": st.sampled_from([None, "EUR", "JPY", "KWD", "XYZ"]),
            "ago": st.timedeltas(timedelta(0), timedelta(days=20)),
        }
    ).map(known),
    max_size=6,
)
people = st.fixed_dictionaries(
    {
        "purposes": st.sampled_from(
            [
                frozenset(Purpose),
                frozenset({Purpose.PERSONALIZATION}),
                frozenset({Purpose.ANALYTICS}),
            ]
        ),
        "traits": st.fixed_dictionaries(
            {name: st.none() | sent(kind) for name, kind in TRAITS.items()}
            | {"taste": st.none() | values["string"]}
        ).map(known),
        "events": events,
        "scores": st.builds(
            Scores,
            propensity_buy=st.none() | st.floats(0, 1),
            rfm_recency=st.none() | st.integers(1, 5),
            favourite_category=st.none() | values["string"],
            cluster=st.none() | values["string"],
            affinity=st.dictionaries(values["string"], st.floats(0, 1), max_size=3).map(
                lambda shares: tuple(shares.items())
            ),
        ),
        "stages": st.lists(values["string"].filter(bool), max_size=3, unique=True),
    }
)
conditions = groups({**OURS, **TRAITS, **UNASKED, "taste": "string"})


@pytest.fixture
def shop(site):
    documents.save_traits_schema(site, SCHEMA, by="test")
    for key, category in (("boot", "shoes"), ("hat", "")):
        Item.objects.create(site=site, key=key, title=key, category=category)
    return site


def introduce(site, number, person):
    visitor = f"visitor-{number}"
    choose(site, visitor, purposes=person["purposes"], policy="p", source="test")
    traits.patch(site, visitor, _as_json(person["traits"]))
    rows = []
    for place, event in enumerate(person["events"]):
        at = (NOW - event["ago"]).isoformat()
        row = {name: value for name, value in event.items() if name != "ago"}
        if "value" not in row or "currency" not in row:
            row.pop("currency", None)
        rows.append({**row, "id": f"{number}-{place}", "visitor": visitor, "at": at})
    ingest(site, rows, trusted=True)
    write_scores(site, {find_profile(site.pk, visitor).pk: person["scores"]})
    if Purpose.PERSONALIZATION in person["purposes"]:
        stand(site, visitor, person["stages"])
    return visitor


def stand(site, visitor, stages):
    """In these stages, as journeys write it: typed, and as text."""
    profile = find_profile(site.pk, visitor)
    for place, named in enumerate(stages):
        Stay.objects.create(
            site=site, profile=profile, journey=f"j{place}", stage="in", named=named, since=0
        )
    Stay.objects.create(site=site, profile=profile, journey="left", since=0)
    Profile.objects.filter(pk=profile.pk).update(stages=stages_text(stages))


def _as_json(value):
    if isinstance(value, dict):
        return {name: _as_json(inner) for name, inner in value.items()}
    return [_as_json(inner) for inner in value] if isinstance(value, list) else spelled(value)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(
    crowd=st.lists(people, min_size=1, max_size=3),
    asked=st.lists(conditions, min_size=4, max_size=4),
    by_name=segment_tests(["s0", "s1"]),
    is_settled=st.booleans(),
)
def test_the_database_finds_whom_page_views_would_find(shop, crowd, asked, by_name, is_settled):
    with transaction.atomic():
        for number, person in enumerate(crowd):
            introduce(shop, number, person)
        trees = {f"s{place}": storable(tree) for place, tree in enumerate(asked)}
        trees["s3"]["rules"] = [*trees["s3"]["rules"], by_name]
        for key in ("s0", "s1"):
            documents.save_segment(shop, {"key": key, "condition": trees[key]}, by="test")
        if is_settled:
            settle(shop.pk)
        shop.refresh_from_db()

        for key, found in by_page_views(shop, trees).items():
            condition = parse(trees[key], site_catalogue(shop))
            assert exact_ids(shop, condition, now=NOW) == found, trees[key]
            assert audience.exact_count(shop, condition, now=NOW) == len(found)
        transaction.set_rollback(True)
    shop.refresh_from_db()


def storable(tree):
    """The condition within the numbers that may be saved."""
    if isinstance(tree, dict):
        return {name: storable(inner) for name, inner in tree.items()}
    if isinstance(tree, list):
        return [storable(inner) for inner in tree]
    is_number = isinstance(tree, int | float) and not isinstance(tree, bool)
    return max(-(2**53), min(tree, 2**53)) if is_number else tree


def by_page_views(site, trees):
    """What the matcher says of each visitor who allows personalization, read as for a page."""
    catalogue = site_catalogue(site)
    matcher = compile_conditions({key: parse(tree, catalogue) for key, tree in trees.items()})
    found = {key: [] for key in trees}
    for profile in Profile.objects.filter(site=site).order_by("pk"):
        visitor = read_visitor(site, raw_id(profile), now=NOW)
        if Purpose.PERSONALIZATION not in visitor.purposes:
            continue
        view = permitted_view(visitor, visitor.purposes, catalogue)
        for key in matcher(view.facts, NOW):
            found[key].append(profile.pk)
    return found


def everyone(site):
    return parse({"combinator": "and", "rules": []}, site_catalogue(site))


@pytest.fixture
def crowd(site):
    """Visitors by the number; every third refuses personalization."""

    def gather(number):
        profiles = [
            Profile(site=site, key=f"v{place}", key_id="", sealed_id=b"", purposes=2, visits=place)
            for place in range(number)
        ]
        summarized(Profile.objects.bulk_create(profiles))
        refusing = [Profile(site=site, key=f"r{p}", key_id="", sealed_id=b"", purposes=13)
                    for p in range(number // 2)]  # fmt: skip
        summarized(Profile.objects.bulk_create(refusing))

    return gather


@pytest.mark.parametrize(
    ("number", "count", "shown", "is_small"),
    [
        (0, 0, "0", True),
        (1, None, "< 50", True),
        (49, None, "< 50", True),
        (50, 50, "50", True),
        (99, 100, "100", True),
        (104, 100, "100", False),
        (1234, 1230, "1,230", False),
    ],
)
def test_people_see_rounded_counts_and_none_of_the_few(site, crowd, number, count, shown, is_small):
    crowd(number)

    found = audience.count(site, everyone(site))

    assert (found.count, found.shown, found.is_small) == (count, shown, is_small)
    assert bool(found.warning) is is_small


def test_the_share_is_of_those_who_can_be_an_audience(site, crowd):
    crowd(200)
    half = {"combinator": "and", "rules": [{"field": "visits", "operator": "<", "value": 100}]}

    assert audience.count(site, parse(half, site_catalogue(site))).share == "50 %"


def test_another_site_s_visitors_are_nobody_s_business(site, crowd):
    from personalization.govern.sites import make_site

    crowd(60)
    other: Site = make_site(name="Other", origins=[], by="test").site

    assert audience.exact_count(other, everyone(other)) == 0


def test_what_depends_on_the_page_is_named(site):
    tree = {"combinator": "and", "rules": [{"field": "country", "operator": "=", "value": "DE"}]}

    found = audience.fields_of_the_page(site, parse(tree, site_catalogue(site)), {})

    assert found == ("country",)
