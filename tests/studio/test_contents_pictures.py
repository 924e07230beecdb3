"""The media library inside the composer: who may add, what is found, small copies."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from personalization.catalog.models import Media
from personalization.catalog.pictures import save_picture
from personalization.govern.models import AuditEntry


def drawn(kind="PNG", size=(900, 600)):
    stored = BytesIO()
    Image.new("RGB", size, "seagreen").save(stored, kind)
    return stored.getvalue()


def upload(client, site, name="meadow.png", content=None, **more):
    file = SimpleUploadedFile(name, content or drawn())
    where = reverse("admin:personalization_content_upload")
    return client.post(where, {"site": site.pk, "file": file, **more})


@pytest.fixture
def pictures(site):
    return [
        save_picture(
            site,
            title=title,
            alternative=words,
            file=SimpleUploadedFile("x.png", drawn(size=(40, 30))),
            by="test",
        )
        for title, words in (("Boots", "On wet leaves"), ("Tent", "At night"), ("Lamp", ""))
    ]


def test_an_upload_stands_in_front_and_is_on_record(site, colleague):
    answer = upload(colleague("editor"), site, alternative="Green")

    stored = Media.objects.get()
    assert answer.status_code == 200
    assert 'aria-pressed="true"' in answer.content.decode()
    assert (stored.title, stored.alternative, stored.width) == ("meadow", "Green", 900)
    assert AuditEntry.objects.filter(action="media.made", actor="editor@example.com").exists()


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", drawn()[:60]])
def test_what_is_no_picture_is_refused_at_the_field(site, colleague, content):
    answer = upload(colleague("editor"), site, content=content)

    assert answer.status_code == 422
    assert "pzc-file-error" in answer.content.decode()
    assert not Media.objects.exists()


def test_who_may_not_edit_adds_no_picture(site, colleague):
    assert upload(colleague("reviewer"), site).status_code == 403


def test_pictures_are_found_by_title_and_by_words(site, pictures, colleague):
    client = colleague("editor")
    where = reverse("admin:personalization_content_pictures")

    def found(asked):
        page = client.get(where, {"q": asked}).content.decode()
        return [each for each in ("Boots", "Tent", "Lamp") if f'data-title="{each}"' in page]

    assert found("") == ["Boots", "Tent", "Lamp"]
    assert found("boot leaves") == ["Boots"]
    assert found("night") == ["Tent"]
    assert found("nothing") == []


def test_a_small_copy_is_made_once_and_only_for_colleagues(site, colleague):
    upload(colleague("editor"), site)
    small = reverse("admin:personalization_content_thumbnail", args=(Media.objects.get().pk,))

    answer = colleague("reviewer").get(small)
    with Image.open(BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (360, 240))
    assert colleague(None).get(small).status_code in (302, 404)


def test_pictures_of_another_site_are_not_shown(other_site, pictures, colleague):
    client = colleague("editor", on=other_site)

    page = client.get(reverse("admin:personalization_content_pictures")).content.decode()
    small = client.get(reverse("admin:personalization_content_thumbnail", args=(pictures[0].pk,)))

    assert "Boots" not in page
    assert small.status_code == 404


def test_changes_and_deletions_are_on_record(site, pictures, colleague):
    client, boots = colleague("editor"), pictures[0]
    change = reverse("admin:personalization_media_change", args=(boots.pk,))
    client.post(change, {"title": "Boots", "alternative": "Two boots"})
    client.post(reverse("admin:personalization_media_delete", args=(boots.pk,)), {"post": "yes"})

    said = {e.action: e.changes for e in AuditEntry.objects.filter(actor="editor@example.com")}
    assert said["media.changed"] == {"alternative": ["On wet leaves", "Two boots"]}
    assert "media.deleted" in said
    assert not Media.objects.filter(pk=boots.pk).exists()
