"""`GET preview`: what the bar at the head of a previewed page says."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from personalization.api.described import described
from personalization.api.keyed_views import KeyedView, headers_of, key_of
from personalization.api.management import REFUSALS
from personalization.api.management_forms import Problem
from personalization.api.rendering import PREVIEW_HEADER
from personalization.api.visitor_forms import Serializer
from personalization.exceptions import NotFound
from personalization.publish.previews import find_preview, words_of


class PreviewForm(Serializer):
    """`words`: of the bar, in the language that the browser asks for."""

    who = serializers.CharField()
    what = serializers.CharField()
    expires = serializers.DateTimeField()
    words = serializers.DictField(child=serializers.CharField())


class PreviewView(KeyedView):
    """The preview that this browser looks at."""

    @described(
        parameters=[
            OpenApiParameter("X-Preview", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True)
        ],
        responses={**REFUSALS, 200: PreviewForm, 404: Problem},
    )
    def list(self, request: Request) -> Response:
        token = headers_of(request).get(PREVIEW_HEADER)
        preview = find_preview(key_of(request).site_id, token)
        if preview is None:
            raise NotFound(
                _(
                    "This preview has expired, or was taken back: you see the page as everybody"
                    " does. Ask whoever sent you the link for a new one."
                )
            )
        opened = date_format(preview.opened_at, "SHORT_DATETIME_FORMAT")
        drafts = _("drafts of %s") % f"{opened} UTC"
        number = preview.release
        return Response(
            {
                "who": words_of(preview.look),
                "what": drafts if number is None else _("release %d") % number,
                "expires": preview.expires_at.isoformat(),
                "words": {
                    "preview": _("Preview"),
                    "as": _("as"),
                    "leave": _("Leave the preview"),
                    "uncounted": _("Nothing you do here is counted."),
                },
            }
        )
