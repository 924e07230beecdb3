"""Colleagues: who works on which site in which role; inviting somebody by mail."""

import logging
from smtplib import SMTPException
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.html import format_html
from django.utils.http import urlsafe_base64_encode
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from personalization.govern import audit
from personalization.govern.models import Membership
from personalization.studio.row_form import RowForm
from personalization.studio.scoped import SiteScopedAdmin

logger = logging.getLogger("personalization.studio")


class InvitationForm(RowForm):
    """A new colleague by mail address; an address that we know joins with their account."""

    email = forms.EmailField(
        label=capfirst(_("mail address")), widget=UnfoldAdminEmailInputWidget()
    )
    full_name = forms.CharField(
        label=capfirst(_("name")),
        required=False,
        max_length=150,
        widget=UnfoldAdminTextInputWidget(),
    )

    class Meta:
        model = Membership
        fields = ("site", "role")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken = Membership.objects.filter(
            site=cleaned.get("site"), user__email__iexact=cleaned.get("email", "")
        )
        if cleaned.get("site") and taken.exists():
            self.add_error(
                "email", _t("This person works on the site already; change their role instead.")
            )
        return cleaned


class MembershipAdmin(SiteScopedAdmin):
    abilities: ClassVar = dict.fromkeys(("view", "add", "change", "delete"), "manage")
    list_display = ("person", "role_label", "site", "has_joined")
    list_filter = ("site", "role")
    search_fields = ("user__username", "user__email", "user__first_name", "user__last_name")
    list_select_related = ("user", "site")

    @display(description=_("person"))
    def person(self, row: Membership) -> str:
        return row.user.get_full_name() or row.user.get_username()

    @display(description=_("role"), label=True)
    def role_label(self, row: Membership) -> str:
        return row.get_role_display()

    @display(description=_("has joined"), boolean=True)
    def has_joined(self, row: Membership) -> bool:
        return row.user.has_usable_password()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[RowForm]:
        if obj is None:
            kwargs["form"] = InvitationForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's own type
        return ("email", "full_name", "site", "role") if obj is None else ("user", "site", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # likewise
        return () if obj is None else ("user", "site")

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        if not change:
            obj.user = _account(form.cleaned_data["email"], form.cleaned_data["full_name"])
        super().save_model(request, obj, form, change)
        audit.record(
            site=obj.site,
            actor=str(request.user),
            action="member.changed" if change else "member.invited",
            target=str(obj.user),
            changes={"role": obj.role},
        )
        if not obj.user.has_usable_password():
            transaction.on_commit(lambda: invite(request, obj))

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        audit.record(
            site=obj.site, actor=str(request.user), action="member.removed", target=str(obj.user)
        )
        super().delete_model(request, obj)


def _account(email: str, name: str) -> Any:  # the host's user model
    users = get_user_model()
    known = users._default_manager.filter(email__iexact=email).first()
    if known is None:
        first, _space, last = name.partition(" ")
        known = users._default_manager.create_user(
            username=email, email=email, password=None, first_name=first, last_name=last
        )
    known.is_staff = True
    known.save()
    return known


def invite(request: HttpRequest, member: Membership) -> None:
    """Mail a link that sets the first password; show it too, for sites without mail."""
    link = request.build_absolute_uri(
        reverse(
            "password_reset_confirm",
            args=(
                urlsafe_base64_encode(force_bytes(member.user.pk)),
                default_token_generator.make_token(member.user),
            ),
        )
    )
    text = _t("Choose your password here, then log in as %(name)s:\n\n%(link)s") % {
        "name": member.user.get_username(),
        "link": link,
    }
    subject = _t("You are invited to the studio of %(site)s") % {"site": member.site}
    try:
        send_mail(subject, text, None, [member.user.email])
    except (SMTPException, OSError) as error:
        logger.warning("invitation.not_mailed member=%s error=%s", member.pk, type(error).__name__)
        sentence = _t("Mail does not work here. Pass on this link, it sets the first password: {}")
        messages.warning(request, format_html(sentence, link))
        return
    messages.success(
        request, format_html(_t("An invitation was mailed. Its link, to pass on: {}"), link)
    )
