"""A picture that a model drew is released only with a yes to its bytes and its words."""

import pytest
from django.core.files.base import ContentFile

from personalization.catalog.models import Media
from personalization.catalog.pictures import delete_picture, save_picture
from personalization.drafts.approvals import is_approved
from personalization.drafts.models import Draft
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import approve, reject
from personalization.drafts.revisions import edit
from personalization.exceptions import Conflict, Malformed
from personalization.govern.sites import make_site
from personalization.publish import live, releases
from personalization.publish.freeze import freeze
from personalization.publish.generated import live_drafts
from personalization.publish.lint import lint
from personalization.studio.drafts.provenance import drawn_of
from personalization.targeting import documents
from personalization.targeting.models import Content
from tests.drafts.conftest import sha_of, soft_of
from tests.drafts.pictures import TENT, drawn_draft, png, save_gallery_block, show


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn(site, brief):
    """A picture of a brief of Mara's; nobody has looked at it."""
    save_gallery_block(site)

    def draw(**options):
        painting = {name: options.pop(name) for name in ("shade", "words") if name in options}
        return drawn_draft(brief(kind="image", block="gallery", **options), **painting)

    return draw


@pytest.fixture
def approved(drawn, ruben):
    def make(**options):
        draft = drawn(**options)
        return approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))

    return make


def address(draft):
    return draft.picture.file.url


def with_words(draft, words=TENT):
    return {"image": address(draft), "image_alt": words}


def refusals(site):
    with pytest.raises(Malformed) as refused:
        freeze(site, 1)
    return [(error.path, error.code, error.detail) for error in refused.value.errors]


WAYS = {
    "a field": (lambda at: {"image": at}, ("image",), "image"),
    "a row of a list": (
        lambda at: {"frames": [{"image": "/a.png"}, {"image": at}]},
        ("frames", 1, "image"),
        "frames[1].image",
    ),
    "HTML": (
        lambda at: {"text": f'<p>Look: <img src="{at}" alt="A tent"></p>'},
        ("text",),
        "text",
    ),
    "an absolute address": (
        lambda at: {"image": f"https://shop.example{at}?width=200"},
        ("image",),
        "image",
    ),
    "escapes and dots": (
        lambda at: {"image": at.replace("media/", "%6Dedia/./", 1)},
        ("image",),
        "image",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_wherever_it_is_named_it_needs_a_yes(site, drawn, way):
    fields, _at, path = WAYS[way]
    show(site, {"en": {"text": "x"}, "de": fields(address(drawn()))})

    ((place, code, detail),) = refusals(site)
    assert (place, code) == (f"content.shown.fields.de.{path}", "not_approved")
    assert "nobody has approved it" in detail
    assert [finding.code for finding in lint(site)] == ["not_approved"]


@pytest.mark.parametrize("way", WAYS)
def test_wherever_it_is_named_it_carries_its_proof(site, approved, way):
    fields, at, _path = WAYS[way]
    draft = approved()
    show(site, {"en": {"text": "x"}, "de": fields(address(draft))})

    (proof,) = freeze(site, 1).contents["shown"].pictures["de"]
    assert (proof.at, proof.digest) == (at, draft.picture.sha256)
    said = proof.provenance
    assert (said.draft, said.model, said.prompt) == (draft.pk, "painter-1", "shipped:1a2b3c4d")
    assert (said.author, said.reviewers) == ("Mara", ("Ruben",))


def test_its_draft_counts_as_live(site, approved):
    draft = approved()
    show(site, {"en": with_words(draft)})
    releases.publish(site, by="Mara")
    live.expire(site.pk)

    assert live_drafts(site) == {draft.pk}


def test_a_yes_that_is_gone_is_refused(site, approved, grace):
    draft = approved()
    show(site, {"en": with_words(draft)})
    reject(draft, by=grace, sha256=sha_of(draft), reason="claim")

    assert "nobody has approved it" in refusals(site)[0][2]


def test_other_words_in_the_content_are_refused(site, approved):
    show(site, {"en": with_words(approved(), words="A tent that never leaks")})

    ((place, _code, detail),) = refusals(site)
    assert place == "content.shown.fields.en.image"
    assert f"“{TENT}”" in detail


def test_other_words_in_the_library_are_refused_until_they_are_put_back(site, approved):
    draft = approved()
    show(site, {"en": with_words(draft)})
    save_picture(site, title="Tent", alternative="A palace", by="Eve", row=draft.picture)

    assert "not any more, to the letter" in refusals(site)[0][2]
    assert not is_approved(Draft.objects.get(pk=draft.pk))
    save_picture(site, title="Tent", alternative=TENT, by="Eve", row=draft.picture)
    assert freeze(site, 1)


def test_nobody_approves_words_that_the_library_has_changed_until_the_draft_says_them_anew(
    site, drawn, ruben, mara
):
    draft = drawn()
    save_picture(site, title="Tent", alternative="A palace", by="Eve", row=draft.picture)
    with pytest.raises(Conflict, match="something else of this picture"):
        approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))

    edit(draft, draft.revisions.get().fields, by=mara, sha256=sha_of(draft))

    draft = Draft.objects.get(pk=draft.pk)
    assert draft.picture.alternative == TENT
    assert approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))
    assert is_approved(Draft.objects.get(pk=draft.pk))


def test_in_another_language_people_say_what_it_shows(site, approved):
    draft = approved()
    show(site, {"en": with_words(draft), "de": with_words(draft, "Ein Zelt am Morgen")})

    pictures = freeze(site, 1).contents["shown"].pictures
    assert pictures["en"][0].words_at == ("image_alt",)
    assert pictures["de"][0].words_at is None


def test_words_that_were_edited_in_the_draft_need_a_yes_of_somebody_else(
    site, approved, mara, grace
):
    draft = approved()
    fields = {**draft.revisions.get().fields, "image_alt": "A tent in the morning light"}
    edit(draft, fields, by=mara, sha256=sha_of(draft))
    show(site, {"en": with_words(draft, "A tent in the morning light")})

    assert refusals(site)
    draft = Draft.objects.get(pk=draft.pk)
    approve(draft, by=grace, sha256=sha_of(draft), acknowledged=soft_of(draft))
    (proof,) = freeze(site, 1).contents["shown"].pictures["en"]
    assert proof.alternative == "A tent in the morning light"
    assert proof.provenance.reviewers == ("Grace",)


def test_other_bytes_under_its_name_are_refused(site, approved, tmp_path):
    draft = approved()
    show(site, {"en": with_words(draft)})
    (tmp_path / draft.picture.file.name).write_bytes(png(shade=200))

    assert refusals(site)


def test_nobody_puts_another_file_in_its_place(site, approved):
    with pytest.raises(Malformed, match="stays as drawn"):
        save_picture(
            site,
            title="Tent",
            alternative=TENT,
            by="Eve",
            row=approved().picture,
            file=ContentFile(png(shade=9), name="mine.png"),
        )


@pytest.mark.parametrize("stays_in_the_library", [True, False])
def test_a_copy_that_somebody_uploads_is_no_picture_of_their_own(site, drawn, stays_in_the_library):
    drawn(shade=7)
    copy = save_picture(
        site,
        title="Mine",
        alternative="",
        by="Eve",
        file=ContentFile(png(shade=7), name="holiday.png"),
    )
    show(site, {"en": {"image": copy.file.url}})
    if not stays_in_the_library:
        delete_picture(copy, by="Eve")

    assert "nobody has approved it" in refusals(site)[0][2]


def test_taken_out_of_the_library_it_is_still_known_to_be_a_models(site, drawn, approved):
    waiting, fine = drawn(shade=1), approved(shade=2)
    for draft in (waiting, fine):
        delete_picture(Media.objects.get(pk=draft.picture_id), by="Eve")
    show(site, {"en": with_words(waiting)})

    assert refusals(site)
    show(site, {"en": with_words(fine)})
    assert freeze(site, 1).contents["shown"].pictures
    assert not Media.objects.filter(is_offered=True).exists()


def test_what_was_approved_on_another_site_needs_a_yes_here(site, approved, db):
    draft = approved()
    other = make_site(name="Elsewhere", origins=["https://elsewhere.example"], by="test").site
    save_gallery_block(other)
    show(other, {"en": with_words(draft)})

    assert "no draft of this site" in refusals(other)[0][2]


def test_what_people_uploaded_needs_no_yes(site, drawn):
    own = save_picture(
        site, title="Own", alternative="", by="Eve", file=ContentFile(png(99), name="own.png")
    )
    drawn()
    show(site, {"en": {"image": own.file.url}})

    assert freeze(site, 1).contents["shown"].pictures == {}


class TestAudience:
    def uses(self, site, draft, **rule):
        show(site, {"en": {"text": "x"}})
        documents.save_content(
            site, {"key": "tent", "block": "gallery", "fields": {"en": with_words(draft)}}, by="Eve"
        )
        document = {"key": "r", "slot": "home.hero", "content": "tent", **rule}
        documents.save_rule(site, document, by="Eve")

    def test_approved_for_everyone_it_suits_any(self, site, approved, germans):
        self.uses(site, approved(), segment="germans")

        assert freeze(site, 1).contents["tent"].pictures

    def test_approved_for_some_it_is_shown_to_no_others(self, site, approved, germans):
        self.uses(site, approved(segment="germans"))

        detail = refusals(site)[0][2]
        assert "approved for “germans”" in detail
        assert "rule “r”" in detail


def test_the_content_says_where_its_picture_came_from_and_whether_that_holds(site, approved):
    draft = approved()
    show(site, {"en": with_words(draft)})
    (said,) = drawn_of(Content.objects.get(key="shown"))

    assert said.what == "Picture “Tent”"
    assert "drawn by painter-1, asked by Mara, approved by Ruben" in said.sentence
    assert said.holds
    show(site, {"en": with_words(draft, "A palace")})
    (said,) = drawn_of(Content.objects.get(key="shown"))
    assert not said.holds


def test_a_template_that_names_one_is_refused(site, approved):
    draft = approved()
    save_gallery_block(site, template=f'<img src="{address(draft)}" alt="A tent">')
    show(site, {"en": {"text": "x"}})

    ((place, _code, detail),) = refusals(site)
    assert place == "blocks.gallery.template"
    assert "Let a field" in detail


def test_the_live_release_keeps_its_proof(site, approved):
    show(site, {"en": with_words(approved())})
    frozen = freeze(site, 1).contents["shown"]
    releases.publish(site, by="Mara")
    live.expire(site.pk)

    assert live.current(site.pk).release.contents["shown"] == frozen


def test_visitors_are_told_where_the_site_must_tell(site, approved):
    save_policy(site, {"must_disclose": True}, by="Ada")
    show(site, {"en": with_words(approved())})

    assert freeze(site, 1).contents["shown"].pictures["en"][0].provenance.disclose
