"""Small copies of pictures, made when they are first asked for and kept beside them."""

from hashlib import sha256
from io import BytesIO
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from personalization.catalog.models import Media

SIDE: Final = 360  # pixels of the longer side
KIND: Final = "image/webp"


def thumbnail(picture: Media) -> bytes:
    """A WebP of at most SIDE by SIDE pixels; raises OSError where the file is gone or broken."""
    of_this_file = sha256(str(picture.file.name).encode()).hexdigest()[:12]
    name = f"thumbnails/{picture.pk}-{of_this_file}.webp"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(_small(picture)))
    with default_storage.open(name) as kept:
        found: bytes = kept.read()
    return found


def _small(picture: Media) -> bytes:
    made = BytesIO()
    with picture.file.open("rb") as file, Image.open(file) as whole:
        upright = ImageOps.exif_transpose(whole) or whole
        upright.thumbnail((SIDE, SIDE))
        upright.convert("RGBA").save(made, "WEBP", quality=78)
    return made.getvalue()
