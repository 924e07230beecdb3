"""Who is told that drafts wait, and what: mail for reviewers, and news for a webhook.

In:  a site. Out: `News`, in counts; nothing of a text leaves in a message.

Many drafts of one brief are told in one message: a job of five minutes' patience is waited for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization import clock, conf
from personalization.blocks.wording import known_language
from personalization.drafts.models import Draft
from personalization.drafts.policies import policy_of
from personalization.govern.models import Membership, Site
from personalization.govern.roles import ROLES
from personalization.outbox import after_commit

TELL: Final = "drafts.tell"
REMIND: Final = "drafts.remind"
PATIENCE: Final = timedelta(minutes=5)
SOON: Final = timedelta(days=1)
WAITING: Final = "drafts.waiting"
QUEUE: Final = "admin:personalization_draft_review"


@dataclass(frozen=True, slots=True)
class News:
    """`due`: of those that wait, the ones due within a day, or overdue."""

    waiting: int
    due: int

    def to_document(self, site: Site, at: datetime) -> dict[str, Any]:  # JSON
        """The message to a webhook."""
        return {
            "type": WAITING,
            "site": site.key,
            "waiting": self.waiting,
            "due": self.due,
            "at": at.isoformat(),
        }


def ask_to_tell(site_id: int) -> None:
    """In the transaction in which drafts came; soon after, and once for all of them."""
    unique = f"{TELL}:{site_id}"
    after_commit(TELL, unique=unique, due_at=clock.now() + PATIENCE, site_id=site_id)


def ask_where_due(now: datetime) -> int:
    """Once a day: ask for each site where a draft that waits is due within a day; how many."""
    due = Draft.objects.filter(state=Draft.WAITING, due_at__lte=now + SOON).order_by()
    sites = list(due.values_list("site_id", flat=True).distinct())
    for site_id in sites:
        ask_to_tell(site_id)
    return len(sites)


def news_of(site: Site, now: datetime) -> News:
    waiting = _waiting(site)
    return News(waiting.count(), waiting.filter(due_at__lte=now + SOON).count())


def mail_reviewers(site: Site, news: News) -> int:
    """One mail for each colleague who reviews and has an address; how many. None where off."""
    if not news.waiting or not policy_of(site).mails_reviewers:
        return 0
    with translation.override(known_language(site.locale)):
        mails = [_mail(site, news, account) for account in _reviewers(site)]
    get_connection().send_messages(mails)
    return len(mails)


def _waiting(site: Site) -> Any:  # a QuerySet of drafts
    return Draft.objects.filter(site=site, state=Draft.WAITING)


def _reviewers(site: Site) -> list[Any]:  # rows of the host's user model
    roles = [role for role, granted in ROLES.items() if granted & {"review", "legal"}]
    members = Membership.objects.filter(site=site, role__in=roles).values("user_id")
    users = get_user_model()._default_manager.filter(Q(pk__in=members), is_active=True)
    return list(users.exclude(email="").order_by("pk"))


def _mail(site: Site, news: News, account: Any) -> EmailMessage:  # likewise
    subject = ngettext(
        "%(count)d draft waits for review on %(site)s",
        "%(count)d drafts wait for review on %(site)s",
        news.waiting,
    ) % {"count": news.waiting, "site": site}
    mine = _waiting(site).filter(assigned_to=account).count()
    lines = [subject + "."]
    if mine:
        lines.append(ngettext("%d of them is yours.", "%d of them are yours.", mine) % mine)
    if news.due:
        said = ngettext(
            "%d is due within a day, or overdue.", "%d are due within a day, or overdue.", news.due
        )
        lines.append(said % news.due)
    lines.append(_("Review them here: %s") % _address())
    return EmailMessage(subject, "\n".join(lines), None, [account.email])


def _address() -> str:
    """The queue; where the studio has another place, its front door."""
    try:
        path = reverse(QUEUE)
    except NoReverseMatch:
        path = "/"
    return f"{conf.get('PUBLIC_URL')}{path}"
