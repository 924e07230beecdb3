"""The media library: pictures are measured when they come in; nothing else is let in.

In:  an upload. Out: a stored picture with its kind and size, under a name that tells its true kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

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
        measured = measure(file)
        stem = (file.name or "picture").rsplit("/", 1)[-1].rsplit(".", 1)[0][:NAME_LENGTH]
        file.name = f"{stem or 'picture'}{KINDS[measured.kind]}"
        stored.file, stored.width, stored.height = file, measured.width, measured.height
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
    """Out of the library. The file stays: published pages may show it."""
    audit.record(site=row.site, actor=by, action="media.deleted", target=str(row.file.name))
    row.delete()


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


def _refused(sentence: str) -> Malformed:
    return Malformed(sentence, errors=(FieldError("file", "picture", sentence),))
