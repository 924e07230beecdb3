"""A yes holds as long as it would be enough today; then the draft is looked at again."""

import pytest
from django.test import Client

from personalization.catalog.looking_again import LOOK_AGAIN
from personalization.catalog.pictures import save_picture
from personalization.drafts.approvals import is_approved
from personalization.drafts.guides import save_guide
from personalization.drafts.lapses import look_again
from personalization.drafts.models import Draft, Lesson, Review
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import approve
from personalization.drafts.revisions import current
from personalization.drafts.using import use_as_rule
from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry
from personalization.outbox import Job
from personalization.publish import live, releases
from personalization.publish.freeze import freeze
from personalization.publish.lint import lint
from personalization.targeting import documents
from personalization.targeting.models import Segment
from tests.drafts.conftest import GERMANS, sha_of, soft_of
from tests.drafts.pictures import drawn_draft, save_gallery_block


def condition(field, value):
    return {"combinator": "and", "rules": [{"field": field, "operator": "=", "value": value}]}


AUSTRIANS = condition("country", "AT")
NESTED = {
    "combinator": "and",
    "rules": [{"field": "segment", "operator": "in", "value": ["germans"]}],
}


def save_segment(site, key="germans", tree=AUSTRIANS):
    documents.save_segment(site, {"key": key, "name": key, "condition": tree}, by="Eve")


def yes(draft, by, **options):
    return approve(draft, by=by, sha256=sha_of(draft), acknowledged=soft_of(draft), **options)


def again(draft):
    return Draft.objects.get(pk=draft.pk)


def why_not(site):
    with pytest.raises(Malformed) as refused:
        freeze(site, 1)
    ((_path, code, detail),) = [(e.path, e.code, e.detail) for e in refused.value.errors]
    assert code == "not_approved"
    return detail


@pytest.fixture
def used(written, hero, ruben, mara):
    """Approved for a segment, and shown to it by a rule."""

    def make(segment="germans"):
        draft = yes(written(segment=segment), ruben)
        use_as_rule(draft, slot=hero, by=mara)
        return draft

    return make


class TestTheSegmentChanges:
    def test_publishing_refuses_it_and_says_what_to_do(self, site, used):
        draft = used()
        save_segment(site)

        detail = why_not(site)
        assert "condition of its segment “germans” changed" in detail
        assert f"draft {draft.pk} looked at and approved" in detail
        assert [finding.code for finding in lint(site)] == ["not_approved"]

    def test_what_is_live_goes_on(self, site, used):
        used()
        releases.publish(site, by="Mara")
        save_segment(site)
        look_again(site)
        live.expire(site.pk)

        assert any(each.provenance for each in live.current(site.pk).release.contents.values())

    def test_a_segment_inside_it_counts_too(self, site, germans, used):
        save_segment(site, "wanted", NESTED)
        used("wanted")
        assert freeze(site, 1)
        save_segment(site, "germans", AUSTRIANS)

        assert "condition of its segment “wanted” changed" in why_not(site)

    def test_its_name_and_another_segment_do_not(self, site, used):
        used()
        documents.save_segment(
            site, {"key": "germans", "name": "People in Germany", "condition": GERMANS}, by="Eve"
        )
        save_segment(site, "others", AUSTRIANS)

        assert freeze(site, 1)

    def test_the_same_condition_written_otherwise_is_the_same(self, site, used):
        used()
        rule = {**GERMANS["rules"][0], "id": "r1", "valueSource": "value"}
        save_segment(site, tree={"id": "g", "combinator": "and", "not": False, "rules": [rule]})

        assert freeze(site, 1)

    def test_put_back_as_it_was_the_yes_holds_again(self, site, used):
        used()
        save_segment(site)
        save_segment(site, tree=GERMANS)

        assert freeze(site, 1)

    def test_the_draft_waits_again_and_the_same_reviewer_may_say_yes_again(self, site, used, ruben):
        draft = used()
        save_segment(site)

        before = why_not(site)
        assert look_again(site) == [draft.pk]
        assert again(draft).state == Draft.WAITING
        assert why_not(site) == before
        assert not Lesson.objects.filter(draft=draft).exists()
        said = AuditEntry.objects.get(action="draft.lapsed").changes["reason"]
        assert "germans" in said
        assert look_again(site) == []
        assert is_approved(yes(again(draft), ruben))
        content = next(each for each in freeze(site, 1).contents.values() if each.provenance)
        assert content.provenance["en"].reviewers == ("Ruben",)

    def test_it_need_not_wait_for_a_worker(self, site, used, grace):
        draft = used()
        save_segment(site)

        assert not is_approved(again(draft))
        assert is_approved(yes(again(draft), grace))

    def test_a_worker_is_asked_for_it(self, site, used):
        used()
        before = Job.objects.filter(task=LOOK_AGAIN).delete()
        save_segment(site)

        assert before
        assert Job.objects.get(task=LOOK_AGAIN).arguments == {"site_id": site.pk}

    def test_a_yes_to_the_segment_as_it_was_seen_is_not_taken_for_another(
        self, site, written, ruben, germans
    ):
        draft = written(segment="germans")
        seen_for = "0" * 64

        with pytest.raises(Conflict, match="condition changed meanwhile"):
            yes(draft, ruben, audience=seen_for)

    def test_a_segment_that_was_deleted_holds_nothing(self, site, used):
        used()
        Segment.objects.filter(key="germans").update(key="gone")

        with pytest.raises(Malformed):
            freeze(site, 1)


class TestTheRulesGetStricter:
    STRICTER = (
        ("two", {"two_approvals": True}, "one more person"),
        ("legal", {"legal_words": ["winter"]}, "a legal yes"),
        ("audience", {"legal_segments": ["germans"]}, "a legal yes"),
    )

    @pytest.mark.parametrize(("policy", "reason"), [each[1:] for each in STRICTER])
    def test_publishing_refuses_what_would_not_pass_now(self, site, used, policy, reason):
        draft = used()
        save_policy(site, policy, by="Ada")

        detail = why_not(site)
        assert reason in detail
        assert f"draft {draft.pk} looked at and approved" in detail
        assert [finding.code for finding in lint(site)] == ["not_approved"]

    def test_the_yes_that_it_has_still_counts(self, site, used, ruben, grace):
        draft = used()
        save_policy(site, {"two_approvals": True}, by="Ada")
        look_again(site)

        with pytest.raises(Conflict, match="somebody else"):
            yes(again(draft), ruben)
        assert is_approved(yes(again(draft), grace))
        assert freeze(site, 1)

    def test_the_legal_yes_alone_is_missing(self, site, used, lena):
        draft = used()
        save_policy(site, {"legal_words": ["winter"]}, by="Ada")
        look_again(site)

        assert is_approved(yes(again(draft), lena, step=Review.LEGAL))

    def test_a_word_that_is_forbidden_now_has_to_go(self, site, used, grace):
        draft = used()
        guide = {"forbidden": [{"text": "winter", "why": "we sell all year", "is_hard": True}]}
        save_guide(site, guide, by="Ada")

        assert "we sell all year" in why_not(site)
        assert look_again(site) == [draft.pk]
        assert any(each["code"] == "forbidden" for each in current(again(draft)).findings)
        with pytest.raises(Conflict, match="cannot be approved as it stands"):
            yes(again(draft), grace)

    @pytest.mark.parametrize(
        "policy", [{"most_lessons": 3}, {"legal_words": ["guarantee"]}, {"must_disclose": True}]
    )
    def test_what_would_pass_still_stays_approved(self, site, used, policy):
        used()
        save_policy(site, policy, by="Ada")

        assert look_again(site) == []
        assert freeze(site, 1)

    def test_loosened_again_before_anybody_looked_one_yes_of_anybody_is_enough(
        self, site, used, ruben
    ):
        draft = used()
        save_policy(site, {"two_approvals": True}, by="Ada")
        look_again(site)
        save_policy(site, {"two_approvals": False}, by="Ada")

        assert is_approved(yes(again(draft), ruben))

    def test_a_worker_is_asked_for_it(self, site, used):
        used()
        Job.objects.filter(task=LOOK_AGAIN).delete()
        save_policy(site, {"two_approvals": True}, by="Ada")
        save_guide(site, {"voice": "Plain"}, by="Ada")

        assert Job.objects.filter(task=LOOK_AGAIN).count() == 1


def test_a_picture_whose_words_changed_waits_again_and_leaves_the_library(
    site, brief, ruben, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    save_gallery_block(site)
    draft = yes(drawn_draft(brief(kind="image", block="gallery")), ruben)
    save_picture(site, title="Tent", alternative="A palace", by="Eve", row=draft.picture)

    assert look_again(site) == [draft.pk]
    assert not again(draft).picture.is_offered


def test_the_reviewer_is_told_why_it_is_back(site, used, ruben):
    draft = used()
    save_segment(site)
    client = Client()
    account = ruben.account
    account.is_staff = True
    account.save()
    client.force_login(account)
    address = f"/admin/personalization/draft/{draft.pk}/change/"

    before = client.get(address).content.decode()
    assert "has to be looked at again" in before
    assert "Audience now" in before
    look_again(site)
    after = client.get(address).content.decode()
    assert "Does it still suit this audience?" in after
    assert "more person has to approve it" not in after
