"""An approved text becomes content of a rule, an arm or a default in one step; no other does."""

import pytest

from personalization.drafts.reviewing import approve
from personalization.drafts.using import (
    contents_of,
    use_as_arm,
    use_as_content,
    use_as_default,
    use_as_rule,
)
from personalization.exceptions import Conflict, Forbidden
from personalization.targeting.models import Content, Experiment, Rule, Slot
from tests.drafts.conftest import DRY, WARM, order_of, receive, sha_of, soft_of


@pytest.fixture
def slot(hero):
    return hero


@pytest.fixture
def approved(written, ruben):
    def make(text=WARM, **options):
        draft = written(text, **options)
        return approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))

    return make


def test_a_rule_shows_it_to_the_audience_it_was_approved_for(approved, slot, mara):
    rule = use_as_rule(approved(segment="germans"), slot=slot, by=mara)

    assert rule.segment.key == "germans"
    assert rule.content.fields == {"en": {"text": WARM}}
    assert rule.content.generated["en"]["reviewers"] == ["Ruben"]


def test_a_second_click_makes_no_second_rule(approved, slot, mara):
    draft = approved()

    assert use_as_rule(draft, slot=slot, by=mara) == use_as_rule(draft, slot=slot, by=mara)
    assert (Rule.objects.count(), Content.objects.filter(generated={}).count()) == (1, 1)


def test_it_is_tried_against_the_default(approved, slot, mara):
    test = use_as_arm(approved(), slot=slot, by=mara)

    made = Content.objects.exclude(generated={}).get()
    assert [arm["content"] for arm in test.arms] == [None, made.key]
    assert test.weights == [0.5, 0.5]


def test_it_joins_a_test_of_the_same_audience_as_a_further_arm(approved, slot, mara):
    first, second = approved(), approved(DRY)
    test = use_as_arm(first, slot=slot, by=mara)
    joined = use_as_arm(second, slot=slot, experiment=test, by=mara)

    assert len(joined.arms) == 3
    assert joined.pk == test.pk


def test_it_does_not_join_a_test_of_another_audience(approved, slot, mara):
    test = use_as_arm(approved(), slot=slot, by=mara)

    with pytest.raises(Conflict, match="approved for “germans”"):
        use_as_arm(approved(DRY, segment="germans"), slot=slot, experiment=test, by=mara)


def test_a_default_needs_a_yes_for_everyone(approved, slot, mara):
    use_as_default(approved(), slot=slot, by=mara)
    assert Slot.objects.get().default.generated

    with pytest.raises(Conflict, match="for everyone"):
        use_as_default(approved(DRY, segment="germans"), slot=slot, by=mara)


def test_another_language_of_the_variant_joins_the_same_content(brief, ruben, mara):
    asked = brief(locales=["en", "de"])
    for locale, text in (("en", WARM), ("de", "Warm durch den Winter, mit Stiefeln, die halten.")):
        draft = receive(order_of(asked, locale), {"text": text})
        approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))
        content = use_as_content(draft, by=mara)

    assert set(content.fields) == set(content.generated) == {"en", "de"}
    assert contents_of(draft) == [content]


def test_what_is_not_approved_goes_nowhere(written, slot, mara):
    draft = written()

    for use in (use_as_rule, use_as_arm, use_as_default):
        with pytest.raises(Conflict, match="not approved"):
            use(draft, slot=slot, by=mara)
    assert not Content.objects.exclude(generated={}).exists()
    assert not Rule.objects.exists()
    assert not Experiment.objects.exists()


def test_who_only_reviews_puts_nothing_on_the_site(approved, slot, ruben):
    with pytest.raises(Forbidden):
        use_as_rule(approved(), slot=slot, by=ruben)
