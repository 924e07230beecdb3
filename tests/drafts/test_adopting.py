"""A model's words that were approved on one site need a yes of their own on another."""

import pytest

from personalization.drafts.models import Draft, Revision
from personalization.drafts.people import person
from personalization.drafts.reviewing import approve
from personalization.drafts.using import use_as_rule
from personalization.exceptions import Forbidden, Malformed
from personalization.govern.models import Membership
from personalization.govern.sites import make_site
from personalization.publish.config import export_config, import_config
from personalization.publish.freeze import freeze
from personalization.targeting.models import Content
from tests.drafts.conftest import WARM, sha_of, soft_of


@pytest.fixture
def exported(site, written, hero, ruben, mara):
    draft = written(segment="germans")
    approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))
    use_as_rule(draft, slot=hero, by=mara)
    return export_config(site)


@pytest.fixture
def elsewhere(db):
    return make_site(name="Elsewhere", origins=["https://elsewhere.example"], by="test").site


def test_it_waits_for_review_and_is_not_published(exported, elsewhere):
    import_config(elsewhere, exported, by="Carl")

    draft = Draft.objects.get(site=elsewhere)
    assert (draft.state, draft.segment, draft.order.model) == ("waiting", "germans", "writer-1")
    assert draft.revisions.get().fields == {"text": WARM}
    with pytest.raises(Malformed, match="nobody has approved it"):
        freeze(elsewhere, 1)


def test_a_yes_there_lets_it_live(exported, elsewhere, ruben):
    import_config(elsewhere, exported, by="Carl")
    draft = Draft.objects.get(site=elsewhere)
    Membership.objects.create(site=elsewhere, user=ruben.account, role="reviewer")
    reviewer = person(type(ruben.account).objects.get(pk=ruben.account.pk), elsewhere)

    approve(draft, by=reviewer, sha256=sha_of(draft), acknowledged=soft_of(draft))

    (content,) = [each for each in freeze(elsewhere, 1).contents.values() if each.provenance]
    assert content.provenance["en"].author == "Carl"
    assert content.provenance["en"].reviewers == ("Ruben",)


def test_who_brought_it_in_does_not_approve_it(exported, elsewhere, ruben):
    import_config(elsewhere, exported, by="Ruben")
    draft = Draft.objects.get(site=elsewhere)
    Membership.objects.create(site=elsewhere, user=ruben.account, role="reviewer")
    reviewer = person(type(ruben.account).objects.get(pk=ruben.account.pk), elsewhere)

    with pytest.raises(Forbidden):
        approve(draft, by=reviewer, sha256=sha_of(draft), acknowledged=soft_of(draft))


def test_importing_again_makes_no_second_draft(exported, elsewhere):
    import_config(elsewhere, exported, by="Carl")
    import_config(elsewhere, exported, by="Carl")

    assert Draft.objects.filter(site=elsewhere).count() == 1


def test_looking_at_what_an_import_would_change_makes_no_draft(exported, elsewhere):
    import_config(elsewhere, exported, by="Carl", dry_run=True)

    assert not Draft.objects.filter(site=elsewhere).exists()


def test_on_its_own_site_nothing_has_to_be_approved_again(site, exported):
    drafts = Draft.objects.count()
    import_config(site, exported, by="Carl")

    assert Draft.objects.count() == drafts
    assert any(each.provenance for each in freeze(site, 1).contents.values())


def test_a_text_that_was_changed_on_the_way_is_reviewed_as_it_came(exported, elsewhere):
    (content,) = [each for each in exported["content"] if each.get("generated")]
    content["fields"]["en"]["text"] = "Boots that never wear out."
    import_config(elsewhere, exported, by="Carl")

    assert Revision.objects.get(draft__site=elsewhere).fields == content["fields"]["en"]
    assert Content.objects.exclude(generated={}).filter(site=elsewhere).exists()
