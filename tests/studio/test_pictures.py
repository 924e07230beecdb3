"""The media library takes what browsers show, and nothing that could run or explode."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from personalization.catalog.models import Media

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind, size=(8, 6)):
    stored = BytesIO()
    Image.new("RGB", size).save(stored, kind)
    return stored.getvalue()


def upload(client, site, name, content):
    file = SimpleUploadedFile(name, content)
    form = {"site": site.pk, "title": "Boots", "alternative": "", "file": file}
    return client.post(reverse("admin:personalization_media_add"), form)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_kept_with_its_size_under_its_true_kind(colleague, site, kind):
    answer = upload(colleague("editor"), site, "boots.html", picture(kind))

    stored = Media.objects.get()
    assert answer.status_code == 302
    assert (stored.width, stored.height) == (8, 6)
    assert not stored.file.name.endswith(".html")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("boots.svg", SVG),
        ("boots.png", b"<html><script>alert(1)</script></html>"),
        ("boots.png", picture("PNG")[:40]),
        ("boots.bmp", picture("BMP")),
        ("boots.png", picture("PNG") + b"\0" * (8 * 1024 * 1024)),
        ("boots.png", picture("PNG", (8000, 5001))),
    ],
    ids=["svg", "html", "cut short", "bmp", "over 8 MB", "over 40 megapixels"],
)
def test_what_is_no_fair_picture_is_refused_at_its_field(colleague, site, name, content):
    answer = upload(colleague("editor"), site, name, content)

    assert answer.status_code == 200
    assert "file" in answer.context["adminform"].form.errors
    assert not Media.objects.exists()
