"""The media library: pictures are checked when they are uploaded."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError
from unfold.decorators import display

from personalization.catalog.models import Media
from personalization.studio.row_form import RowForm
from personalization.studio.scoped import SiteScopedAdmin

KINDS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "AVIF": ".avif"}
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000


class PictureForm(RowForm):
    class Meta:
        model = Media
        fields = ("site", "title", "file", "alternative")

    def clean_file(self) -> Any:  # an upload or what is stored
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            kind, self.instance.width, self.instance.height = measure(file)
            file.name = f"{(file.name or 'picture').rsplit('.', 1)[0][:80]}{KINDS[kind]}"
        return file


def measure(file: "UploadedFile[Any]") -> tuple[str, int, int]:
    """Kind, width and height of an uploaded picture; anything else is refused."""
    if (file.size or 0) > MOST_BYTES:
        raise forms.ValidationError(_t("The file is larger than 8 MB; export it smaller."))
    try:
        with Image.open(file) as picture:
            kind, (width, height) = picture.format or "", picture.size
            if width * height > MOST_PIXELS:
                raise forms.ValidationError(_t("The picture has more than 40 megapixels."))
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise forms.ValidationError(
            _t("This is not a picture that browsers show; upload JPEG, PNG, WebP, GIF or AVIF.")
        ) from error
    if kind not in KINDS:
        raise forms.ValidationError(
            _t("%(kind)s is not shown by browsers; upload JPEG, PNG, WebP, GIF or AVIF.")
            % {"kind": kind}
        )
    file.seek(0)
    return kind, width, height


class MediaAdmin(SiteScopedAdmin):
    form = PictureForm
    list_display = ("thumbnail", "title", "size", "alternative", "created_at")
    list_display_links = ("thumbnail", "title")
    list_filter = ("site",)
    search_fields = ("title", "alternative")
    readonly_fields: ClassVar = ("picture", "address")
    fields = ("site", "title", "file", "alternative", "picture", "address")

    @display(description=_("picture"))
    def thumbnail(self, row: Media) -> SafeString:
        return format_html(
            '<img src="{}" alt="" class="pz-thumbnail" loading="lazy">', row.file.url
        )

    @display(description=_("size"))
    def size(self, row: Media) -> str:
        return f"{row.width} × {row.height}"

    @display(description=_("picture"))
    def picture(self, row: Media) -> SafeString | str:
        if not row.pk:
            return _t("Shown here after saving.")
        return format_html(
            '<img src="{}" alt="{}" class="pz-picture">', row.file.url, row.alternative
        )

    @display(description=_("address for contents"))
    def address(self, row: Media) -> SafeString | str:
        return format_html("<code>{}</code>", row.file.url) if row.pk else "-"
