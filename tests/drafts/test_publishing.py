"""A release holds a model's words only with a yes to exactly these words, for exactly this use."""

import pytest

from personalization.drafts.models import Draft
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import approve, reject
from personalization.drafts.revisions import edit
from personalization.drafts.using import use_as_arm, use_as_content, use_as_rule
from personalization.exceptions import Malformed
from personalization.govern.models import AuditEntry
from personalization.publish import live, releases
from personalization.publish.freeze import freeze
from personalization.publish.lint import lint
from personalization.targeting import documents
from personalization.targeting.contents import content_document
from personalization.targeting.duplicating import duplicate_campaign
from personalization.targeting.models import Content
from personalization.targeting.restoring import restore
from tests.drafts.conftest import DRY, WARM, sha_of, soft_of
from tests.targeting.conftest import NOTE


@pytest.fixture
def approved(written, ruben):
    def make(text=WARM, **options):
        draft = written(text, **options)
        return approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))

    return make


@pytest.fixture
def used(approved, hero, mara):
    """A draft for everyone, approved and shown by a rule of `home.hero`."""
    draft = approved()
    use_as_rule(draft, slot=hero, by=mara)
    return draft


def content_of(draft):
    return next(row for row in Content.objects.exclude(generated={}))


def save(site, content, **changes):
    return documents.save_content(site, {**content_document(content), **changes}, by="Eve")


def refusals(site):
    with pytest.raises(Malformed) as refused:
        freeze(site, 1)
    return [(error.path, error.code, error.detail) for error in refused.value.errors]


def test_an_approved_text_is_released_with_where_it_came_from(site, used):
    content = freeze(site, 1).contents[content_of(used).key]

    said = content.provenance["en"]
    assert (said.draft, said.model, said.author) == (used.pk, "writer-1", "Mara")
    assert said.reviewers == ("Ruben",)


def test_a_text_that_was_edited_in_the_content_is_refused(site, used):
    content = content_of(used)
    save(site, content, fields={"en": {"text": WARM + " Free!"}})

    ((path, code, detail),) = refusals(site)
    assert (path, code) == (f"content.{content.key}.fields.en", "not_approved")
    assert "is not the one that was approved" in detail


def test_saving_without_the_mark_does_not_take_it_away(site, used):
    content = content_of(used)
    document = content_document(content)
    del document["generated"]
    document["fields"] = {"en": {"text": "Entirely other words, but still marked."}}
    documents.save_content(site, document, by="Eve")

    assert "not the one" in refusals(site)[0][2]


def test_another_block_is_refused(site, used):
    documents.save_block(
        site,
        {
            "key": "shout",
            "template": "<b>{{ content.text }}</b>",
            "schema": {
                "type": "object",
                "title": "Shout",
                "properties": {"text": {"type": "string"}},
            },
        },
        by="Eve",
    )
    save(site, content_of(used), block="shout")

    assert "not the one" in refusals(site)[0][2]


@pytest.mark.parametrize(
    "audience",
    [
        {"segment": "germans"},
        {"condition": {"combinator": "and", "rules": []}},
    ],
)
def test_another_audience_is_refused(site, used, germans, audience):
    document = {"key": "other", "slot": "home.hero", "content": content_of(used).key}
    documents.save_rule(site, {**document, **audience}, by="Eve")

    detail = refusals(site)[0][2]
    assert "approved for “everyone”" in detail
    assert "rule “other”" in detail


def test_an_arm_of_another_audience_is_refused(site, used, germans):
    arms = [{"key": "a", "content": None}, {"key": "b", "content": content_of(used).key}]
    documents.save_experiment(
        site, {"key": "t", "slot": "home.hero", "segment": "germans", "arms": arms}, by="Eve"
    )

    assert "arm “b” of “t”" in refusals(site)[0][2]


def test_a_text_whose_yes_is_gone_is_refused_and_the_linter_says_so(site, used, mara, grace):
    reject(used, by=grace, sha256=sha_of(used), reason="claim")

    ((_path, _code, detail),) = refusals(site)
    assert "nobody has approved it" in detail
    assert [finding.code for finding in lint(site)] == ["not_approved"]


def test_an_edit_of_the_draft_takes_the_release_of_the_old_text_back(site, used, mara):
    edit(used, {"text": DRY}, by=mara, sha256=sha_of(used))

    assert "not the one that was approved" in refusals(site)[0][2]


@pytest.mark.parametrize("state", [Draft.WAITING, Draft.CHANGES, Draft.REJECTED])
def test_nobody_passes_a_drafts_text_off_as_their_own(site, written, hero, note, state):
    draft = written()
    Draft.objects.filter(pk=draft.pk).update(state=state)
    note("plain", WARM.upper().replace(",", " -"))

    ((path, code, detail),) = refusals(site)
    assert (path, code) == ("content.plain.fields.en", "not_approved")
    assert f"the draft {draft.pk}" in detail


@pytest.mark.parametrize(
    "pasted",
    [
        f"<p>{WARM}</p>",
        f"<h2>Boots of our own</h2><p>{WARM}</p>",
        "<p>" + WARM.replace(" ", "&nbsp;", 1).replace(" ", " <b>", 1) + "</b></p>",
    ],
)
def test_markup_around_a_drafts_text_makes_it_nobodys_own(site, written, hero, note, pasted):
    written()
    note("plain", pasted)

    assert [path for path, _code, _detail in refusals(site)] == ["content.plain.fields.en"]


def test_a_drafts_text_in_a_template_is_refused_too(site, written, hero, note):
    written()
    template = f"<b>{{{{ content.text }}}}</b><p>{WARM}</p>"
    documents.save_block(site, {**NOTE, "template": template}, by="Eve")

    assert [path for path, _code, _detail in refusals(site)] == ["blocks.note.template"]


def test_each_content_with_the_same_unapproved_words_is_named(site, written, hero, note):
    written()
    note("plain", WARM)
    note("loud", WARM.upper())
    rule = {"key": "loud", "slot": "home.hero", "content": "loud"}
    documents.save_rule(site, rule, by="Eve")

    assert {path for path, _code, _detail in refusals(site)} == {
        "content.plain.fields.en",
        "content.loud.fields.en",
    }


def test_an_earlier_text_of_an_approved_draft_is_nobodys_own_either(
    site, written, note, mara, grace
):
    draft = written()
    edit(draft, {"text": DRY}, by=mara, sha256=sha_of(draft))
    approve(draft, by=grace, sha256=sha_of(draft), acknowledged=soft_of(draft))
    note("plain", WARM)

    assert refusals(site)


def test_what_people_wrote_before_stays_theirs(site, hero, note, written):
    note("plain", WARM)
    written(WARM)

    assert freeze(site, 1).contents["plain"]


def test_short_words_are_everybodys(site, hero, note, written):
    written("Buy boots now")
    note("plain", "Buy boots now")

    assert freeze(site, 1).contents["plain"]


def test_a_claim_to_a_draft_of_another_text_shows_nothing(site, approved, hero, note, mara):
    real = use_as_content(approved(), by=mara)
    save(site, note("plain", "Words that nobody looked at."), generated=real.generated)

    assert "not the one" in refusals(site)[0][2]


def test_a_copy_of_a_campaign_keeps_the_mark(site, used, mara):
    documents.save_campaign(site, {"key": "spring", "name": "Spring"}, by="Eve")
    original = save(site, content_of(used), campaign="spring")
    duplicate_campaign(original.campaign, by="Eve")

    copy = Content.objects.exclude(generated={}).exclude(pk=original.pk).get()
    assert copy.generated == original.generated


def test_what_was_deleted_comes_back_with_the_mark(site, approved, mara):
    content = use_as_content(approved(), by=mara)
    documents.delete(content, by="Eve")
    restored = restore(AuditEntry.objects.get(action="content.deleted"), by="Eve")

    assert restored.generated == content.generated


def test_visitors_are_told_where_the_site_must_tell(site, used, hero):
    save_policy(site, {"must_disclose": True}, by="Ada")
    releases.publish(site, by="Mara")
    live.expire(site.pk)

    content = live.current(site.pk).release.contents[content_of(used).key]
    assert content.provenance["en"].disclose


def test_two_languages_of_which_a_model_wrote_one(site, used):
    content = content_of(used)
    fields = {**content.fields, "de": {"text": "Von Hand geschrieben, hier im Laden."}}
    save(site, content, fields=fields)

    assert set(freeze(site, 1).contents[content.key].provenance) == {"en"}


def test_a_test_with_two_arms_of_a_model_is_released(site, approved, hero, mara):
    test = use_as_arm(approved(), slot=hero, by=mara)
    use_as_arm(approved(DRY), slot=hero, experiment=test, by=mara)

    assert len(freeze(site, 1).contents) == 3
