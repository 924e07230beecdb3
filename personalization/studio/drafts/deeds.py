"""What a reviewer does with a draft: decide, edit, have it written anew, assign, invite, undo.

Every deed is a POST that calls one verb. A page with script gets JSON: a sentence, the next draft
of the queue, the address that takes it back. Without script the same words stand on the page.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from personalization.drafts import asking, assigning, reviewing
from personalization.drafts.models import Draft, Review
from personalization.drafts.people import Person, person
from personalization.drafts.revisions import edit
from personalization.exceptions import Malformed, Refusal
from personalization.govern.roles import may, sites_of
from personalization.studio.drafts.edit_form import edit_form, has_wrong_list, say, typed, views_of
from personalization.studio.drafts.queue import Queue
from personalization.studio.drafts.screen import drafts_to_look_at, page_of, stands_in_words
from personalization.studio.drafts.sights import sights
from personalization.studio.drafts.watching import look_at
from personalization.studio.scoped import note_saved
from personalization.targeting.blocks import find_block
from rules.types import Block

Deed = Callable[..., HttpResponse]
DECIDES = ("review", "legal")
EDITS = ("review", "edit")
FETCHED = ("X-Requested-With", "fetch")
SAID = {
    Review.APPROVE: lambda: _("Approved."),
    Review.CHANGES: lambda: _("Changes are requested."),
    Review.REJECT: lambda: _("Rejected."),
}


def draft_of(request: HttpRequest, pk: int) -> Draft:
    """One of the person's own sites; elsewhere there is nothing."""
    return get_object_or_404(drafts_to_look_at(), pk=pk, site__in=sites_of(request.user))


def does(*abilities: str) -> Callable[[Deed], Deed]:
    """A POST about one draft by somebody with one of these abilities.

    What a verb refuses beyond that is told where the person stands.
    """

    def guard(deed: Deed) -> Deed:
        @require_POST
        @wraps(deed)
        def guarded(request: HttpRequest, pk: int) -> HttpResponse:
            draft = draft_of(request, pk)
            who = person(request.user, draft.site)
            if who.abilities.isdisjoint(abilities):
                raise PermissionDenied
            try:
                return deed(request, draft, who)
            except Refusal as refusal:
                return answer(request, draft, refusal.status, {"refusal": refusal.detail})

        return guarded

    return guard


@does(*DECIDES)
def decide(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    sent = request.POST
    verdict, sha256 = sent.get("verdict", ""), sent.get("sha256", "")
    remark = sent.get("remark", "")
    if verdict == Review.APPROVE:
        ticked = [where(each) for each in sent.getlist("acknowledged")]
        step = sent.get("step", Review.EDITORIAL)
        draft = reviewing.approve(
            draft,
            by=who,
            sha256=sha256,
            acknowledged=ticked,
            step=step,
            remark=remark,
            audience=sent.get("audience"),
        )
    elif verdict == Review.CHANGES:
        draft = reviewing.request_changes(
            draft, by=who, sha256=sha256, remark=remark, state=sent.get("state")
        )
    elif verdict == Review.REJECT:
        reason = sent.get("reason", "")
        draft = reviewing.reject(
            draft, by=who, sha256=sha256, reason=reason, remark=remark, state=sent.get("state")
        )
    else:
        raise Malformed(_("Approve, request changes or reject."))
    place = Queue.asked(request, draft.site).place(draft)
    said = SAID[verdict]()
    if verdict == Review.APPROVE and draft.state == Draft.WAITING:
        said = _("Your yes is noted; another one is still missing.")
    undo = reverse("admin:personalization_draft_undo", args=(draft.pk,))
    stands = stands_in_words(place)
    answered = {"said": said, "next": place.after, "stands": stands, "undo": undo}
    return answer(request, draft, 200, answered)


@does(*DECIDES)
def take_back(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    reviewing.undo(draft, by=who)
    return answer(request, draft, 200, {"said": _("Taken back."), "next": draft.pk})


@does(*EDITS)
def edit_text(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    block = find_block(draft.site, draft.block)
    stands = draft.revisions.get(number=draft.revision)
    if block is None:
        raise Malformed(_("This block is not on this site any more."))
    form = edit_form(block, draft.locale, stands.fields, request.POST)
    fields = typed(form, block, draft.locale)
    if has_wrong_list(form):
        detail = _("Something is missing or wrong in a list; it says what. Nothing was saved.")
        return _at_its_field(request, draft, form, block, Malformed(detail))
    try:
        saved = edit(draft, fields, by=who, sha256=request.POST.get("sha256", ""))
    except Refusal as refusal:
        return _at_its_field(request, draft, form, block, refusal)
    is_new = saved.number != stands.number
    sentence = _("Saved as revision %d, and checked again.") % saved.number
    said = {"said": sentence if is_new else _("Nothing was changed.")}
    return note_saved(request, answer(request, draft, 200, said))


def _at_its_field(
    request: HttpRequest, draft: Draft, form: Form, block: Block, refusal: Refusal
) -> HttpResponse:
    """The form as it was typed, with what is wrong where it stands."""
    say(form, block, draft.locale, refusal.errors)
    views = list(views_of(form, block, draft.locale))
    html = render_to_string("studio/drafts/edit_fields.html", {"fields": views})
    return answer(request, draft, refusal.status, {"refusal": refusal.detail, "html": html})


@does(*EDITS)
def anew(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    asking.ask_again(draft, remark=request.POST.get("remark", ""), by=who)
    said = _("It is being written anew. The new variants come into the queue in a moment.")
    return answer(request, draft, 200, {"said": said})


@does(*EDITS)
def assign(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    chosen = request.POST.get("assigned_to", "")
    users = get_user_model()._default_manager
    to = users.filter(pk=chosen).first() if chosen.isdigit() else None
    due_at = _moment(request.POST.get("due_at", ""), draft)
    if to != draft.assigned_to:
        assigning.assign(draft, to=to, by=who)
    if due_at != draft.due_at:
        assigning.set_due(draft, due_at=due_at, by=who)
    return answer(request, draft, 200, {"said": _("Saved.")})


@does("view")
def draw(request: HttpRequest, draft: Draft, who: Person) -> HttpResponse:
    """The pictures of what is typed so far; nothing is stored."""
    block = find_block(draft.site, draft.block)
    stands = draft.revisions.get(number=draft.revision).fields
    fields = (
        typed(edit_form(block, draft.locale, stands, request.POST), block, draft.locale)
        if block
        else {}
    )
    shown = {"sights": sights(request, draft, block, fields)}
    return JsonResponse({"html": render_to_string("studio/drafts/sights.html", shown)})


@require_GET
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else looks at it; whether it is still what this page shows."""
    draft = get_object_or_404(Draft, pk=pk, site__in=sites_of(request.user))
    others: list[str] = []
    if may(request.user, "review", draft.site_id):
        others = look_at(draft.pk, person=request.user.pk or 0, name=str(request.user))
    sentence = _("%s looks at this draft too.") % ", ".join(others) if others else ""
    seen = (request.GET.get("revision"), request.GET.get("state"))
    return JsonResponse({"others": sentence, "changed": _changed(draft, *seen)})


def _changed(draft: Draft, revision: str | None, state: str | None) -> str:
    if revision is None or (revision, state) == (str(draft.revision), draft.state):
        return ""
    if revision != str(draft.revision):
        last = draft.revisions.filter(number=draft.revision).first()
        return _("%s edited it meanwhile. Load it again before you decide.") % (
            last.by if last else _("Somebody")
        )
    return reviewing.decided_meanwhile(draft)


def answer(request: HttpRequest, draft: Draft, status: int, said: dict[str, Any]) -> HttpResponse:
    if request.headers.get(FETCHED[0]) == FETCHED[1]:
        return JsonResponse(said, status=status)
    tell = messages.success if status == 200 else messages.error
    tell(request, said.get("said") or said.get("refusal", ""))
    following = said.get("next")
    to = Draft(pk=following) if following else draft
    return HttpResponseRedirect(page_of(to))


def where(ticked: str) -> tuple[str, str]:
    """A finding's code and path, as the page sends them: `["long_text", "headline"]`."""
    try:
        code, path = json.loads(ticked)
    except ValueError as error:
        raise Malformed(_("Tick off the findings on the page.")) from error
    return str(code), str(path)


def _moment(text: str, draft: Draft) -> datetime | None:
    """As a form field gives it, by the clock of the site."""
    if not text.strip():
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Malformed(_("“%s” is no time. Choose a day and an hour.") % text[:40])
    return found.replace(tzinfo=ZoneInfo(draft.site.zone)) if found.tzinfo is None else found
