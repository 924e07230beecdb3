"""A link for somebody outside, who decides on exactly the text that stands there now."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from personalization import conf
from personalization.drafts.guests import invite
from personalization.drafts.models import Draft, Review
from personalization.drafts.people import Person
from personalization.studio.drafts.deeds import DECIDES, answer, does


@does(*DECIDES)
def make_link(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    token = invite(
        draft,
        name=request.POST.get("name", ""),
        by=who,
        sha256=request.POST.get("sha256", ""),
        step=request.POST.get("step", Review.EDITORIAL),
    )
    path = reverse("personalization_guest", args=(draft.site_id, token))
    public = str(conf.get("PUBLIC_URL")).rstrip("/")
    link = f"{public}{path}" if public else request.build_absolute_uri(path)
    said = _("Send this link to %s; it is valid for a week, and until the text changes.")
    return answer(request, draft, 200, {"said": said % request.POST.get("name", ""), "link": link})


VIEWS: Final = {"invite": make_link}
