"""How the site speaks, and what it asks of generated copy: two forms, one entry a line in lists."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.drafts.guides import guide_document, guide_row, save_guide
from personalization.drafts.policies import policy_document, policy_row, save_policy
from personalization.drafts.writers import writers
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.studio.conflicts import AT, Opened, Standoff
from personalization.studio.current import allowed, current_site, demand
from personalization.studio.drafts.money import MILLION
from personalization.studio.drafts.plain_form import PlainForm, lines
from personalization.studio.scoped import note_saved
from personalization.studio.two_versions import TwoVersions
from personalization.targeting.models import Segment, Webhook
from personalization.targeting.versions import last_of

MEANS: Final = "="  # between what models say and what the brand says
WHY: Final = "|"  # between a word and the reason why not


def _list(label: Any, help_text: Any = "", rows: int = 5) -> forms.CharField:  # lazy texts
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea({"rows": rows})
    )


class SettingsForm(PlainForm, TwoVersions):
    """What a site has once; `document` is what was typed, as its verb takes it."""

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def site_of_both(self) -> Site:
        return self.site

    @abstractmethod
    def document(self) -> dict[str, Any]:  # JSON
        ...

    def chosen(self, opened: Opened, row: Any, theirs: dict[str, Any]) -> dict[str, Any] | None:
        """What to save over `theirs`; None while the person has yet to choose between both."""
        mine = self.document()
        is_unseen = AT in self.data and opened.at != row.updated_at
        if row.pk is None or not is_unseen:
            return mine
        change = last_of(self.site.pk, f"{row._meta.model_name}.changed")
        version = row.updated_at.isoformat()
        standoff = Standoff.of(version, opened.document, theirs, mine, change)
        if standoff is None:
            return mine
        if standoff.is_settled_by(self.data):
            return standoff.settled(self.data, self.fields, self.place_of)
        self.standoff = standoff
        self.add_error(None, _t("Nothing is saved yet: choose between the two versions."))
        return None


class GuideForm(SettingsForm):
    voice = forms.CharField(
        label=_("Voice"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("How your brand speaks, as you would tell a new colleague."),
    )
    dos = _list(_("Do"), _("One a line."))
    donts = _list(_("Don't"), _("One a line."))
    glossary = _list(
        _("Glossary"), _("One a line: what others say = what you say. Example: trainers = runners")
    )
    never = _list(
        _("Never: words and claims"),
        _(
            "One a line; | before the reason; * stands for any letters. A draft with one of them "
            "cannot be approved. Example: cheapest | we cannot prove it"
        ),
    )
    better_not = _list(
        _("Better not: words and claims"),
        _("One a line, likewise. Whoever approves a draft with one of them has to tick it off."),
    )
    allowed_hosts = _list(
        _("Hosts that links may lead to"),
        _("One a line, beside your own: partner.example"),
        rows=3,
    )
    hardest_reading = forms.IntegerField(
        label=_("Hardest reading level (LIX)"),
        min_value=20,
        max_value=100,
        help_text=_("40 is a newspaper, 50 an official text, 60 a law."),
    )

    def place_of(self, path: str) -> str:
        top = super().place_of(path)
        return "never" if top == "forbidden" else top

    def document(self) -> dict[str, Any]:  # JSON
        typed = self.cleaned_data
        return {
            "voice": typed["voice"],
            "dos": lines(typed["dos"]),
            "donts": lines(typed["donts"]),
            "glossary": [_pair(each, MEANS, "term", "use") for each in lines(typed["glossary"])],
            "forbidden": [
                {**_pair(each, WHY, "text", "why"), "is_hard": is_hard}
                for name, is_hard in (("never", True), ("better_not", False))
                for each in lines(typed[name])
            ],
            "allowed_hosts": lines(typed["allowed_hosts"]),
            "hardest_reading": typed["hardest_reading"],
        }

    @classmethod
    def typed_of(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        forbidden = document["forbidden"]
        return {
            "voice": document["voice"],
            "hardest_reading": document["hardest_reading"],
            **{name: "\n".join(document[name]) for name in ("dos", "donts", "allowed_hosts")},
            "glossary": "\n".join(
                f"{each['term']} {MEANS} {each['use']}" for each in document["glossary"]
            ),
            "never": "\n".join(_line(each) for each in forbidden if each["is_hard"]),
            "better_not": "\n".join(_line(each) for each in forbidden if not each["is_hard"]),
        }


class PolicyForm(SettingsForm):
    monthly_budget = forms.DecimalField(
        label=_("Monthly budget"),
        min_value=0,
        decimal_places=2,
        help_text=_(
            "In the currency in which your model's prices are set. When it is used up, nothing "
            "more is written until the next month."
        ),
    )
    writer = forms.ChoiceField(label=_("Model that writes"), required=False)
    two_approvals = forms.BooleanField(label=_("Two people approve every draft"), required=False)
    legal_words = _list(
        _("Words that need a legal yes"), _("One a line. Example: warranty"), rows=4
    )
    legal_segments = forms.MultipleChoiceField(
        label=_("Audiences that need a legal yes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    must_disclose = forms.BooleanField(
        label=_("Tell visitors what was written with AI"), required=False
    )
    most_lessons = forms.IntegerField(
        label=_("Lessons in a brief, at most"),
        min_value=0,
        max_value=20,
        help_text=_("Examples that reviewers gave; 0 sends none."),
    )
    mails_reviewers = forms.BooleanField(label=_("Mail reviewers when drafts wait"), required=False)
    webhook = forms.ChoiceField(label=_("Webhook that is told"), required=False)

    def __init__(self, site: Site, *args: Any, **kwargs: Any) -> None:
        super().__init__(site, *args, **kwargs)
        segments = Segment.objects.filter(site=site).order_by("name", "key")
        hooks = Webhook.objects.filter(site=site).order_by("name", "key")
        named = [(name, f"{name} ({each.model})") for name, each in writers().items()]
        for field, choices in (
            ("legal_segments", [(each.key, str(each)) for each in segments]),
            ("webhook", [("", _t("none")), *((each.key, str(each)) for each in hooks)]),
            ("writer", [("", _t("the first of the settings")), *named]),
        ):
            of: Any = self.fields[field]
            of.choices = choices

    def document(self) -> dict[str, Any]:  # JSON
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in ("two_approvals", "legal_segments", "must_disclose")},
            **{
                name: typed[name]
                for name in ("most_lessons", "mails_reviewers", "webhook", "writer")
            },
            "monthly_budget": int(typed["monthly_budget"] * MILLION),
            "legal_words": lines(typed["legal_words"]),
        }

    @classmethod
    def typed_of(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **document,
            "monthly_budget": f"{document['monthly_budget'] / MILLION:.2f}",
            "legal_words": "\n".join(document["legal_words"]),
        }


def guide_page(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        ability="edit",
        title=_t("Brand guide"),
        lead=_t("How your brand speaks. Every brief carries it, and every draft is checked by it."),
        form_class=GuideForm,
        row_of=guide_row,
        written=guide_document,
        save=save_guide,
        here="admin:personalization_guide",
    )


def policy_page(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        ability="manage",
        title=_t("Rules of approval"),
        lead=_t(
            "What generated copy has to pass before it may be shown, and what it may cost. What "
            "was approved before and would not pass now waits for review again; what is live stays "
            "until you publish."
        ),
        form_class=PolicyForm,
        row_of=policy_row,
        written=policy_document,
        save=save_policy,
        here="admin:personalization_policy",
    )


def _page(
    request: HttpRequest,
    *,
    ability: str,
    title: str,
    lead: str,
    form_class: Any,  # GuideForm or PolicyForm
    row_of: Callable[[Site], Any],  # -> a row of what is edited
    written: Callable[[Any], dict[str, Any]],
    save: Callable[..., Any],
    here: str,
) -> HttpResponse:
    """One form for what a site has once. Who may only look reads it."""
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    row = row_of(site)
    now = Opened(row.updated_at if row.pk else None, written(row))
    opened = Opened.sent(request.POST) if request.method == "POST" else now
    form = form_class(site, request.POST or None, initial=form_class.typed_of(now.document))
    if request.method == "POST":
        demand(request, ability, site)
        if form.is_valid() and _saved(request, form, opened, row, written, save):
            messages.success(request, _t("Saved."))
            return note_saved(request, HttpResponseRedirect(reverse(here)))
    may_edit = allowed(request, ability, site)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {
        **admin.site.each_context(request),
        "title": title,
        "lead": lead,
        "form": form,
        "may_edit": may_edit,
        "opened": opened,
        "who_may": _t("Administrators change these rules.") if ability == "manage" else "",
    }
    return TemplateResponse(request, "studio/drafts/settings.html", context)


def _saved(
    request: HttpRequest,
    form: SettingsForm,
    opened: Opened,
    row: Any,  # as it was when the page began
    written: Callable[[Any], dict[str, Any]],
    save: Callable[..., Any],
) -> bool:
    """Only over the version that was looked at; what was typed stays where it is refused."""
    document = form.chosen(opened, row, written(row))
    if document is None:
        return False
    seen = row.updated_at if row.pk else None
    try:
        save(form.site, document, by=str(request.user), unchanged_since=seen)
    except Refusal as refusal:
        form.say(refusal)
        return False
    return True


def _pair(line: str, mark: str, first: str, second: str) -> dict[str, str]:
    one, _mark, other = line.partition(mark)
    return {first: one.strip(), second: other.strip()}


def _line(each: Mapping[str, Any]) -> str:
    return f"{each['text']} {WHY} {each['why']}" if each["why"] else str(each["text"])
