"""The media library: pictures are measured when they come in; nothing else is let in.

In:  an upload. Out: a stored picture with its kind and size, under a name that tells its true kind.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from personalization.catalog.looking_again import ask_to_look_again
from personalization.catalog.models import Media
from personalization.exceptions import FieldError, Malformed
from personalization.govern import audit
from personalization.govern.models import Site

KINDS: Final = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif"}
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Measured:
    kind: str
    width: int
    height: int


@transaction.atomic
def save_picture(
    site: Site,
    *,
    title: str,
    alternative: str,
    by: str,
    file: "File[Any] | None" = None,
    row: Media | None = None,
    generated: Mapping[str, Any] | None = None,
) -> Media:
    """Take a picture in, or change one. `file` None: the picture itself stays as it is.

    `generated` (JSON): by which model, for what. Such a picture is offered to nobody before a yes.
    """
    stored = row or Media(site=site)
    if generated is not None:
        stored.generated, stored.is_offered = dict(generated), False
    before = {"title": stored.title, "alternative": stored.alternative}
    if file is not None:
        _refuse_other_bytes(stored)
        measured = measure(file)
        stem = (file.name or "picture").rsplit("/", 1)[-1].rsplit(".", 1)[0][:NAME_LENGTH]
        file.name = f"{stem or 'picture'}{KINDS[measured.kind]}"
        stored.file, stored.width, stored.height = file, measured.width, measured.height
        stored.sha256 = digest(file)
    if stored.pk and stored.generated and stored.alternative != alternative:
        ask_to_look_again(site.pk)
    stored.title, stored.alternative = title, alternative
    stored.save()
    after = {"title": title, "alternative": alternative}
    changes = {name: [before[name] or None, after[name]] for name in after}
    audit.record(
        site=site,
        actor=by,
        action="media.changed" if row else "media.made",
        target=str(stored.file.name),
        changes={name: pair for name, pair in changes.items() if (pair[0] or "") != pair[1]},
    )
    return stored


@transaction.atomic
def offer_picture(row: Media, *, by: str, is_offered: bool = True) -> None:
    """Let contents use a drawn picture, or no longer: whoever reviews it decides."""
    if row.is_offered != is_offered:
        row.is_offered = is_offered
        row.save(update_fields=["is_offered"])
        deed = "switched_on" if is_offered else "switched_off"
        audit.record(site=row.site, actor=by, action=f"media.{deed}", target=str(row.file.name))


@transaction.atomic
def delete_picture(row: Media, *, by: str) -> None:
    """Out of the library. The file stays: published pages may show it.

    Of a drawn one the row stays as well: it says that a model drew it, wherever it is named.
    """
    audit.record(site=row.site, actor=by, action="media.deleted", target=str(row.file.name))
    if row.generated:
        row.is_offered = False
        row.save(update_fields=["is_offered"])
    else:
        row.delete()


def digest(file: "File[Any]") -> str:
    """SHA-256 of the bytes; the file stands at its beginning afterwards."""
    file.seek(0)
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def digest_of_stored(name: str) -> str:
    """Of the file that is stored under this name now; "" where there is none."""
    storage = Media._meta.get_field("file").storage
    try:
        with storage.open(name) as file:
            return digest(file)
    except (OSError, SuspiciousFileOperation):
        return ""


def measure(file: "File[Any]") -> Measured:
    """Kind, width and height; `Malformed` for what browsers do not show, or what is too large."""
    if (file.size or 0) > MOST_BYTES:
        raise _refused(_("The file is larger than 8 MB; export it smaller."))
    try:
        with Image.open(file) as picture:
            kind, (width, height) = picture.format or "", picture.size
            if width * height > MOST_PIXELS:
                raise _refused(_("The picture has more than 40 megapixels."))
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused(
            _("This is not a picture that browsers show; upload JPEG, PNG, WebP, GIF or AVIF.")
        ) from error
    if kind not in KINDS:
        raise _refused(
            _("%(kind)s is not shown by browsers; upload JPEG, PNG, WebP, GIF or AVIF.")
            % {"kind": kind}
        )
    file.seek(0)
    return Measured(kind, width, height)


def _refuse_other_bytes(stored: Media) -> None:
    """Its draft's approval is of these very bytes, and pages may name them."""
    if stored.pk and stored.generated:
        raise _refused(
            _("A model drew this one, and it stays as drawn. Upload yours as a new one.")
        )


def _refused(sentence: str) -> Malformed:
    return Malformed(sentence, errors=(FieldError("file", "picture", sentence),))
