"""Pictures as a worker draws them, and a block that can name some in every way."""

from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image

from personalization.catalog.pictures import save_picture
from personalization.drafts.models import Draft
from personalization.drafts.revisions import first_revision
from personalization.targeting import documents
from tests.drafts.conftest import order_of

TENT = "A tent at dawn"
FRAME = {
    "type": "object",
    "properties": {
        "image": {"type": "string", "format": "image"},
        "image_alt": {"type": "string", "maxLength": 300, "x-keep-empty": True},
    },
}
GALLERY = {
    "key": "gallery",
    "template": (
        '<img src="{{ content.image }}" alt="{{ content.image_alt }}">'
        '{% for each in content.frames %}<img src="{{ each.image }}" alt="">{% endfor %}'
        "{{ content.text }}"
    ),
    "schema": {
        "type": "object",
        "title": "Gallery",
        "properties": {
            **FRAME["properties"],
            "text": {"type": "string", "format": "html"},
            "frames": {"type": "array", "items": FRAME},
        },
    },
}


def png(shade=0):
    made = BytesIO()
    Image.new("RGB", (3, 2), (shade, 80, 120)).save(made, "PNG")
    return made.getvalue()


def drawn_draft(brief, *, shade=0, words=TENT):
    """A draft with its picture, as `workers.writing.drawing` stores them."""
    order = order_of(brief)
    media = save_picture(
        brief.site,
        title="Tent",
        alternative=words,
        file=ContentFile(png(shade), name=f"drawn-{order.pk}"),
        by="painter-1",
        generated={"model": "painter-1", "prompt": order.prompt, "order": order.pk},
    )
    draft = Draft.objects.create(
        site=brief.site,
        order=order,
        brief=brief,
        variant=1,
        block=brief.block,
        slot=brief.slot,
        segment=brief.segment,
        locale=order.locale,
        picture=media,
    )
    first_revision(draft, {"image": media.file.url, "image_alt": words})
    return draft


def save_gallery_block(site, **changes):
    documents.save_block(site, {**GALLERY, **changes}, by="Eve")


def show(site, fields, *, block="gallery", key="shown"):
    """A content with these fields (by language), as the default of `home.hero`."""
    documents.save_content(site, {"key": key, "block": block, "fields": fields}, by="Eve")
    documents.save_slot(site, {"key": "home.hero", "default": key}, by="Eve")
