"""The page behind an outside approver's link: one draft, its pictures, yes or no. No login."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from personalization.drafts import reviewing
from personalization.drafts.approvals import missing
from personalization.drafts.guests import Invitation, open_invitation
from personalization.drafts.models import Draft, Review
from personalization.drafts.reviewing import REASONS
from personalization.exceptions import Malformed, Refusal
from personalization.studio.drafts.deeds import where
from personalization.studio.drafts.sights import sights
from personalization.studio.drafts.texts import numbered, texts_of, texts_shown
from personalization.studio.languages import language_name
from personalization.targeting.blocks import find_block


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_page(request: HttpRequest, site: int, token: str) -> HttpResponse:
    try:
        invitation = open_invitation(site, token)
    except Refusal as refusal:
        closed = {"closed": refusal.detail, "remark": request.POST.get("remark", "")}
        return _answer(request, closed, refusal.status)
    if request.method != "POST":
        return _answer(request, _context(request, invitation))
    try:
        said = _decide(request, invitation)
    except Refusal as refusal:
        context = {**_context(request, invitation), **_typed(request), "refusal": refusal.detail}
        return _answer(request, context, refusal.status)
    return _answer(request, {"thanks": said})


def _decide(request: HttpRequest, invitation: Invitation) -> str:
    """Of what waits: the page of anything else has no form, and an old one decides nothing."""
    sent, draft, guest = request.POST, invitation.draft, invitation.guest
    verdict, remark = sent.get("verdict", ""), sent.get("remark", "")
    if verdict == Review.APPROVE:
        ticked = [where(each) for each in sent.getlist("acknowledged")]
        reviewing.approve(
            draft,
            by=guest,
            sha256=invitation.sha256,
            acknowledged=ticked,
            step=invitation.step,
            remark=remark,
        )
        return _("You approved it.")
    said: dict[str, Any] = {"by": guest, "sha256": invitation.sha256, "state": Draft.WAITING}
    if verdict == Review.CHANGES:
        reviewing.request_changes(draft, remark=remark, **said)
        return _("Your wish for changes is passed on.")
    if verdict == Review.REJECT:
        reason = sent.get("reason", "")
        reviewing.reject(draft, reason=reason, remark=remark, **said)
        return _("You rejected it.")
    raise Malformed(_("Approve, request changes or reject."))


def _typed(request: HttpRequest) -> dict[str, Any]:
    sent = request.POST
    return {
        "remark": sent.get("remark", ""),
        "reason": sent.get("reason", ""),
        "acknowledged": sent.getlist("acknowledged"),
    }


def _context(request: HttpRequest, invitation: Invitation) -> dict[str, Any]:
    draft = invitation.draft
    revision = draft.revisions.get(number=draft.revision)
    block = find_block(draft.site, draft.block)
    findings = numbered(revision.findings)
    shown = texts_shown(texts_of(block.schema if block else {}, revision.fields), findings)
    waits = draft.state == Draft.WAITING and invitation.step in missing(draft)
    is_hard = any(each.finding.is_hard for each in findings)
    return {
        "draft": draft,
        "guest": invitation.guest,
        "until": invitation.until,
        "goal": draft.brief.goal,
        "audience": draft.brief.audience,
        "language": language_name(draft.locale),
        "texts": shown,
        "others": [each for each in shown if not each.text.says],
        "findings": findings,
        "may_decide": draft.state == Draft.WAITING,
        "may_approve": waits and not is_hard,
        "sights": sights(request, draft, block, revision.fields),
        "reasons": [(code, str(words)) for code, words in REASONS.items()],
    }


def _answer(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The address is a secret: no other site is told of it."""
    page = TemplateResponse(
        request,
        "studio/drafts/guest.html",
        {**admin.site.each_context(request), "title": _("Your word on a text"), **context},
        status=status,
    )
    page["Referrer-Policy"] = "same-origin"
    return page
