"""The page of the media library."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.catalog.models import Media
from personalization.catalog.pictures import delete_picture, measure, save_picture
from personalization.drafts.drawn import sources
from personalization.exceptions import Malformed
from personalization.studio.drafts.provenance import drawn_in_words
from personalization.studio.row_form import RowForm
from personalization.studio.scoped import SiteScopedAdmin


class PictureForm(RowForm):
    class Meta:
        model = Media
        fields = ("site", "title", "file", "alternative")

    def clean_file(self) -> Any:  # an upload or what is stored
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            try:
                measure(file)
            except Malformed as refused:
                raise forms.ValidationError(refused.detail) from refused
        return file


class MediaAdmin(SiteScopedAdmin):
    form = PictureForm
    list_display = ("thumbnail", "title", "size", "alternative", "created_at")
    list_display_links = ("thumbnail", "title")
    list_filter = ("site",)
    search_fields = ("title", "alternative")
    readonly_fields: ClassVar = ("picture", "address", "origin")
    fields = ("site", "title", "file", "alternative", "origin", "picture", "address")

    @display(description=_("picture"))
    def thumbnail(self, row: Media) -> SafeString:
        small = reverse("admin:personalization_content_thumbnail", args=(row.pk,))
        return format_html('<img src="{}" alt="" class="pz-thumbnail" loading="lazy">', small)

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

    @display(description=_("where it comes from"))
    def origin(self, row: Media) -> SafeString | str:
        """Its draft, if a model drew it: changed words take the approval back."""
        found = sources(row.site, {row.file.name or ""}) if row.pk else {}
        for source in found.values():
            _title, sentence, address, _holds = drawn_in_words(source)
            note = _t("Its words are part of the approval: changed here, it has to be reviewed.")
            link = format_html('<a class="pz-link" href="{}">{}</a>', address, sentence)
            return format_html("{}. {}", link if address else sentence, note)
        return _t("uploaded")

    def get_queryset(self, request: HttpRequest) -> Any:  # Django's type
        """Drawn pictures stand in the review until somebody has said yes."""
        return super().get_queryset(request).filter(is_offered=True)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's type
        fixed = super().get_readonly_fields(request, obj)
        if obj is None:
            return fixed
        return (*fixed, "site", "file") if obj.generated else (*fixed, "site")

    def save_model(self, request: HttpRequest, obj: Media, form: Any, change: bool) -> None:
        given = form.cleaned_data
        file = given.get("file")  # a drawn picture stays as drawn, and its form has no such field
        saved = save_picture(
            obj.site,
            title=given["title"],
            alternative=given["alternative"],
            file=file if isinstance(file, UploadedFile) else None,
            row=Media.objects.get(pk=obj.pk) if change else None,
            by=str(request.user),
        )
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Media) -> None:
        delete_picture(obj, by=str(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            delete_picture(row, by=str(request.user))
