"""The media library inside the composer: searched, looked through, added to."""

from typing import Any, Final

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from personalization.catalog.models import Media
from personalization.catalog.pictures import measure, save_picture
from personalization.catalog.thumbnails import KIND, thumbnail
from personalization.exceptions import Malformed
from personalization.govern.roles import may, sites_of
from personalization.studio.current import demand, site_in_form
from personalization.studio.typed import typed

ON_A_PAGE: Final = 24
YEAR: Final = 365 * 24 * 3600


class UploadForm(forms.Form):
    """A picture as it comes in beside a content."""

    file = forms.FileField(label=_("Picture"))
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    alternative = forms.CharField(
        label=_("What it shows, in words"), max_length=300, required=False
    )

    def clean_file(self) -> Any:  # an upload
        file = self.cleaned_data["file"]
        try:
            measure(file)
        except Malformed as refused:
            raise forms.ValidationError(refused.detail) from refused
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("title") and cleaned.get("file"):
            cleaned["title"] = cleaned["file"].name.rsplit(".", 1)[0][:200]
        return cleaned


def pictures_view(request: HttpRequest) -> HttpResponse:
    """One page of the library, as a fragment."""
    return _library(request, UploadForm())


@require_POST
def upload_view(request: HttpRequest) -> HttpResponse:
    """The library with the new picture in front; or with what is wrong, at its field."""
    site = site_in_form(request)
    demand(request, "edit", site)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _library(request, form, status=422)
    given = form.cleaned_data
    new = save_picture(
        site,
        title=given["title"],
        alternative=given["alternative"],
        file=given["file"],
        by=str(request.user),
    )
    return _library(request, UploadForm(), new=new)


def thumbnail_view(request: HttpRequest, pk: int) -> HttpResponse:
    picture = get_object_or_404(Media, pk=pk, site__in=sites_of(request.user, "view"))
    try:
        small = thumbnail(picture)
    except OSError as error:
        raise Http404 from error
    headers = {"Cache-Control": f"private, max-age={YEAR}"}
    return HttpResponse(small, content_type=KIND, headers=headers)


PAGES = (
    ("pictures", "pictures/", pictures_view),
    ("upload", "pictures/upload/", upload_view),
    ("thumbnail", "pictures/<int:pk>/thumbnail/", thumbnail_view),
)


def _library(
    request: HttpRequest, form: UploadForm, *, new: Media | None = None, status: int = 200
) -> HttpResponse:
    site = site_in_form(request)
    asked = typed(request.GET, "q")
    context = {
        "pictures": _page(
            _found(Media.objects.filter(site=site, is_offered=True), asked), request.GET.get("page")
        ),
        "asked": asked,
        "form": form,
        "new": new,
        "may_upload": may(request.user, "edit", site.pk),
    }
    html = render_to_string("studio/content_pictures.html", context, request=request)
    return HttpResponse(html, status=status)


def _found(pictures: "QuerySet[Media]", asked: str) -> "QuerySet[Media]":
    for word in asked.split():
        pictures = pictures.filter(Q(title__icontains=word) | Q(alternative__icontains=word))
    return pictures


def _page(pictures: "QuerySet[Media]", number: str | None) -> "Page[Media]":
    return Paginator(pictures, ON_A_PAGE).get_page(number)
