"""Who was there before summaries is counted as before, at once."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from personalization.profiles.models import Summary
from personalization.profiles.places import places_of
from personalization.targeting import audience, documents
from personalization.targeting.catalogue import site_catalogue
from rules import number_key, parse

BEFORE = [("personalization", "0018_names_that_count")]

pytestmark = pytest.mark.django_db(transaction=True)


def migrate(targets):
    executor = MigrationExecutor(connection)
    return executor.migrate(targets or executor.loader.graph.leaf_nodes()).apps


def test_the_columns_of_profiles_become_summaries(site):
    documents.save_traits_schema(
        site, {"plan": {"type": "string"}, "debt": {"type": "number"}}, by="test"
    )
    try:
        profile = migrate(BEFORE).get_model("personalization", "Profile")
        site.__class__.objects.filter(pk=site.pk).update(places=site.places)  # were forgotten
        told = {"key_id": "", "sealed_id": b"", "purposes": 2, "visits": 3, "last_seen": 5}
        for key, debt in (("a", 2.5), ("b", -0.1), ("c", None)):
            profile.objects.create(site_id=site.pk, key=key, number_1=debt, text_1="pro", **told)
    finally:
        migrate(None)

    site.refresh_from_db()
    debts = list(Summary.objects.order_by("pk").values_list("number_1", flat=True))
    assert debts == [number_key(2.5), number_key(-0.1), None]
    assert set(Summary.objects.values_list("text_1", "visits", "last_seen")) == {("pro", 3, 5)}
    assert places_of(site)["debt"].is_filled
    rules = [{"field": "debt", "operator": "<", "value": 0}]
    condition = parse({"combinator": "and", "rules": rules}, site_catalogue(site))
    assert audience.exact_count(site, condition) == 1
