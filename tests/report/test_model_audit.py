"""Whom a model serves worse, whose items it shows, what was left out: as its page says it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from personalization.catalog.models import Item
from personalization.clock import now
from personalization.govern.models import AuditEntry, Site
from personalization.learn import registry
from personalization.learn.audited import offered, offered_of_items
from personalization.learn.models import ModelVersion
from personalization.outbox import Job
from personalization.report import model_audit
from personalization.report.model_chart import chart
from tests.report.test_models import trained

TRAITS = {
    "plan": {"type": "string", "label": "tariff"},
    "name": {"type": "string", "personal": True},
    "pets": {"type": "list"},
}


def mean(value):
    return {"mean": value, "low": value - 0.01, "high": value + 0.01}


def group(label, ndcg):
    figures = {name: mean(ndcg) for name in ("ndcg", "recall", "popularity")}
    return {"label": label, "visitors": 123, **figures, "well_known": mean(0.4)}


def behind(label, low):
    return {"label": label, "to": "paid", "difference": 0.1, "low": low, "high": 0.2, "ratio": 0.6}


def audit(low=0.05):
    shown = {"mean": 0.6, "low": 0.55, "high": 0.65}
    return {
        "attributes": {
            "plan": {
                "groups": [group("paid", 0.3), group("free", 0.2), group("trial", 0.28)],
                "gaps": [behind("free", low), behind("trial", -0.05)],
                "visitors": 300,
                "elsewhere": 12,
            }
        },
        "providers": {
            "attribute": "brand",
            "rows": [
                {"label": "own", "items": 5, "catalogue": 0.2, "asked": 0.3, "shown": shown},
                {"label": "theirs", "items": 20, "catalogue": 0.8, "asked": 0.6, "shown": shown},
            ],
            "gini": {"shown": 0.8, "asked": 0.5},
        },
    }


@pytest.fixture
def shop(site):
    Item.objects.create(site=site, key="i05", title="A thing", attributes={"brand": "own"})
    site.traits_schema, site.audited = TRAITS, ["plan"]
    site.save()
    return site


@pytest.fixture
def boss(client, django_user_model):
    user = django_user_model.objects.create_superuser("boss", "b@example.com", "a long password")
    client.force_login(user)
    return client


def page_of(model):
    return reverse("admin:personalization_modelversion_change", args=(model.pk,))


def deed(model, name):
    return reverse(f"admin:personalization_modelversion_{name}", args=(model.pk,))


def test_the_worse_served_are_named_beside_the_best(shop):
    model = ModelVersion(metrics={"audit": audit()})

    (found,) = model_audit.attributes(model, offered(shop))

    assert found.label == "tariff"
    assert found.sentence == "Lists are surely worse for free than for paid."
    assert [(each.label, each.verdict) for each in found.groups] == [
        ("paid", "best"),
        ("free", "worse"),
        ("trial", "unsure"),
    ]
    assert {each.visitors for each in found.groups} == {"120"}  # rounded
    assert found.elsewhere == "< 50"


def test_without_a_sure_gap_nobody_is_called_worse_served(shop):
    (found,) = model_audit.attributes(ModelVersion(metrics={"audit": audit(-0.01)}), {})

    assert found.sentence == "No group is surely served worse than another."


def test_who_is_shown_clearly_more_than_asked_for_is_marked():
    found = model_audit.providers(ModelVersion(metrics={"audit": audit()}))

    assert [(row.label, row.verdict) for row in found.rows] == [("own", "more"), ("theirs", "fair")]
    assert "fewer items than visitors turn to" in found.sentence


def test_what_was_left_out_is_said_in_rounded_counts():
    dropped = {"programs": 3, "program_events": 1234, "burst_events": 0, "excess_events": 70}

    assert model_audit.left_out(ModelVersion(metrics={"dropped": dropped})) == [
        "1,230 events of < 50 visitors who act as programs do, not people",
        "70 events beyond the share that one visitor may have",
    ]
    nothing = dict.fromkeys(dropped, 0)
    assert "Nothing" in model_audit.left_out(ModelVersion(metrics={"dropped": nothing}))[0]


def test_the_page_says_all_of_it(shop, boss):
    cost = [
        {"label": "", "visitors": 300, "without": 0.3, "with": 0.29, "low": -0.02, "high": -0.001},
        {"label": "free", "visitors": 90, "without": 0.2, "with": 0.23, "low": 0.01, "high": 0.05},
    ]
    dropped = {"programs": 60, "program_events": 900, "burst_events": 0, "excess_events": 0}
    registry.promote(registry.register(shop, trained()), by="test")
    model = registry.register(
        shop,
        trained(
            audit=audit(),
            reweighted={"attribute": "plan", "groups": cost},
            dropped=dropped,
            waits={"model": 1, "reasons": [{"code": "unsure", "group": "everyone"}]},
        ),
    )

    page = boss.get(page_of(model)).content.decode()

    for said in (
        "By tariff",
        "Lists are surely worse for free than for paid.",
        "what it costs",
        "more than asked for",
        "900 events of 60 visitors who act as programs do",
        "It is not surely better than model 1 for everyone.",
        "Use this model",
    ):
        assert said in page


def test_a_model_is_used_and_taken_back_in_two_clicks_each(shop, boss):
    first, second = (registry.register(shop, trained()) for _ in range(2))
    registry.promote(first, by="test")

    assert boss.post(deed(second, "use")).status_code == 302
    assert registry.promoted(shop) == second
    page = boss.get(page_of(second)).content.decode()
    assert "Back to test 1" in page
    assert "Yes, go back" in page

    assert boss.post(deed(second, "back"), follow=True).redirect_chain[-1][0] == page_of(first)
    assert registry.promoted(shop) == first
    assert "Back to" not in boss.get(page_of(first)).content.decode()


def test_a_deed_needs_the_right_to_train_and_is_never_done_by_a_link(shop, boss, client):
    model = registry.register(shop, trained())

    assert boss.get(deed(model, "use")).status_code == 405
    client.logout()
    assert client.post(deed(model, "use")).status_code == 302  # to the login
    assert registry.promoted(shop) is None


def test_training_again_is_asked_of_a_worker_and_audited(shop, boss):
    model = registry.register(shop, trained())

    boss.post(deed(model, "train"))
    boss.post(deed(model, "train"))

    assert Job.objects.filter(task="learn.train", state=Job.WAITING).count() == 1
    entry = AuditEntry.objects.filter(action="model.asked_for").first()
    assert entry.in_words == "asked for the model"


def test_a_stale_model_asks_for_somebody_on_the_first_page(shop, boss):
    old = (now() - timedelta(days=9)).timestamp()
    registry.promote(registry.register(shop, trained(until=old)), by="test")

    page = boss.get(reverse("admin:index")).content.decode()

    assert "Waits for you" in page
    assert "It is older than a week. Train again on its page" in page


def test_a_fresh_model_does_not(shop, boss):
    registry.promote(registry.register(shop, trained()), by="test")

    assert "Train again on its page" not in boss.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("figure", ["ndcg", "recall", "coverage", "seconds", "memory"])
def test_every_figure_has_its_course(shop, figure):
    models = [registry.register(shop, trained()) for _ in range(3)]

    drawn = chart(models, figure)

    assert [point.model.number for point in drawn.points] == [1, 2, 3]
    assert all(0 <= point.top <= point.y <= drawn.height for point in drawn.points)


def test_a_site_offers_what_may_be_audited_and_never_a_personal_trait(shop):
    assert list(offered(shop)) == ["plan", "visits", "frequency", "monetary"]
    assert offered_of_items(shop) == ["category", "brand"]


def test_the_settings_of_a_site_name_attributes(shop, boss):
    where = reverse("admin:personalization_site_change", args=(shop.pk,))
    sent = {
        "name": "Shop",
        "locale": "en",
        "zone": "UTC",
        "currency": "EUR",
        "holdout_share": "0",
        "min_audience": "0",
        "origins_text": "",
        "audited": ["plan", "visits"],
        "reweighted_by": "plan",
        "provider": "brand",
    }

    assert boss.post(where, sent).status_code == 302
    changed = Site.objects.get(pk=shop.pk)
    assert (changed.audited, changed.reweighted_by) == (["plan", "visits"], "plan")
    assert changed.provider == "brand"
    refused = boss.post(where, {**sent, "audited": ["name"]})
    assert "Select a valid choice" in refused.content.decode()
