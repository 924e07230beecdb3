"""The frame of the studio: name, colours and navigation, as unfold reads them from settings.

A host project writes `UNFOLD = personalization.studio.frame.UNFOLD`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse, reverse_lazy
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

Asked = Callable[[HttpRequest], bool]


def _needs(ability: str) -> Asked:
    def is_allowed(request: HttpRequest) -> bool:
        from personalization.govern.roles import may  # noqa: PLC0415 - settings load before models

        return may(request.user, ability)

    return is_allowed


def _site_worked_on(request: HttpRequest) -> Any:  # a text, perhaps a lazy one
    from personalization.studio.current import site_worked_on  # noqa: PLC0415 - as above

    return site_worked_on(request) or _("Personalization")


def _list_of(model: str) -> Any:  # a lazy text
    return reverse_lazy(f"admin:personalization_{model}_changelist")


_waiting_drafts = format_lazy("{}?state=waiting", _list_of("draft"))


def _link_of_schedule() -> str:
    """Nowhere in a project whose workers are not started by the clock of django-celery-beat."""
    try:
        return reverse("admin:django_celery_beat_periodictask_changelist")
    except NoReverseMatch:
        return ""


_schedule = lazy(_link_of_schedule, str)


def _has_schedule(request: HttpRequest) -> bool:
    return bool(_link_of_schedule()) and _needs("manage")(request)


def _is_among_sites(request: HttpRequest) -> bool:
    """The list of sites or one of them: pages of their own have addresses below it, too."""
    match = request.resolver_match
    return match is not None and str(match.url_name).startswith("personalization_site_")


def _website(request: HttpRequest) -> str:
    """Where visitors are: the first address of the site that the person works on."""
    from personalization.studio.current import current_site  # noqa: PLC0415 - likewise

    site = current_site(request) if request.user.is_authenticated else None
    return str(site.origins[0]) if site is not None and site.origins else ""


def _entry(title: Any, icon: str, link: Any, ability: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": link, "permission": _needs(ability)}


NAVIGATION: list[dict[str, Any]] = [
    {
        "items": [
            _entry(_("Today"), "dashboard", reverse_lazy("admin:index"), "view"),
            _entry(
                _("Preview"), "visibility", reverse_lazy("admin:personalization_preview"), "view"
            ),
            _entry(
                _("Publish"), "rocket_launch", reverse_lazy("admin:personalization_publish"), "view"
            ),
        ]
    },
    {
        "title": _("On the page"),
        "separator": True,
        "items": [
            _entry(_("Slots"), "web_asset", _list_of("slot"), "view"),
            _entry(_("Rules"), "rule", _list_of("rule"), "view"),
            _entry(_("Experiments"), "science", _list_of("experiment"), "view"),
            _entry(_("Campaigns"), "campaign", _list_of("campaign"), "view"),
            _entry(_("Journeys"), "conversion_path", _list_of("journey"), "view"),
            _entry(
                _("Calendar"),
                "calendar_month",
                reverse_lazy("admin:personalization_calendar"),
                "view",
            ),
        ],
    },
    {
        "title": _("Audience and message"),
        "separator": True,
        "items": [
            _entry(_("Segments"), "groups", _list_of("segment"), "view"),
            _entry(
                _("Found by the workers"),
                "hub",
                reverse_lazy("admin:personalization_found"),
                "view",
            ),
            _entry(_("Contents"), "wysiwyg", _list_of("content"), "view"),
            _entry(_("Pictures"), "photo_library", _list_of("media"), "view"),
            _entry(_("Own blocks"), "widgets", _list_of("customblock"), "view"),
            _entry(_("Items"), "inventory_2", _list_of("item"), "view"),
        ],
    },
    {
        "title": _("Generated copy"),
        "separator": True,
        "items": [
            _entry(_("Briefs"), "edit_note", _list_of("brief"), "view"),
            _entry(_("Review"), "rate_review", _waiting_drafts, "view"),
            _entry(
                _("Brand guide"), "menu_book", reverse_lazy("admin:personalization_guide"), "view"
            ),
            _entry(
                _("Rules of approval"),
                "gavel",
                reverse_lazy("admin:personalization_policy"),
                "view",
            ),
            _entry(_("Prompts"), "terminal", reverse_lazy("admin:personalization_prompts"), "view"),
            _entry(_("Lessons"), "school", _list_of("lesson"), "view"),
            _entry(
                _("How good they are"),
                "insights",
                reverse_lazy("admin:personalization_copy_figures"),
                "view",
            ),
        ],
    },
    {
        "title": _("What it learns and earns"),
        "separator": True,
        "items": [
            _entry(_("Exposures"), "pageview", _list_of("exposure"), "report"),
            _entry(
                _("Why this?"),
                "help_center",
                reverse_lazy("admin:personalization_why"),
                "report",
            ),
            _entry(_("Models"), "model_training", _list_of("modelversion"), "view"),
            _entry(_("Suggestions"), "recommend", _list_of("learnedsnapshot"), "view"),
        ],
    },
    {
        "title": _("Privacy"),
        "separator": True,
        "collapsible": True,
        "items": [
            _entry(_("Visitors"), "person_search", _list_of("profile"), "privacy"),
            _entry(_("Events"), "timeline", _list_of("event"), "privacy"),
            _entry(_("Consent ledger"), "verified_user", _list_of("consentrecord"), "privacy"),
            _entry(_("Erasures"), "person_remove", _list_of("erasurereceipt"), "privacy"),
            _entry(_("Audit trail"), "history", _list_of("auditentry"), "view"),
        ],
    },
    {
        "title": _("Set-up"),
        "separator": True,
        "collapsible": True,
        "items": [
            _entry(
                _("Connect your site"),
                "power",
                reverse_lazy("admin:personalization_connect"),
                "view",
            ),
            _entry(_("Undeclared slots"), "help", _list_of("undeclaredslot"), "view"),
            _entry(_("Releases"), "new_releases", _list_of("publishedrelease"), "view"),
            {
                **_entry(_("Sites"), "language", _list_of("site"), "manage"),
                "active": _is_among_sites,
            },
            _entry(_("API keys"), "key", _list_of("apikey"), "manage"),
            _entry(_("Webhooks"), "webhook", _list_of("webhook"), "edit"),
            _entry(_("Messages to webhooks"), "outbox", _list_of("delivery"), "edit"),
            _entry(_("People"), "badge", _list_of("membership"), "manage"),
            _entry(_("Jobs"), "work_history", _list_of("job"), "manage"),
            {
                "title": _("Schedule"),
                "icon": "schedule",
                "link": _schedule(),
                "permission": _has_schedule,
            },
        ],
    },
]

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Studio"),
    "SITE_HEADER": _("Studio"),
    "SITE_SUBHEADER": _site_worked_on,
    "SITE_SYMBOL": "auto_awesome",
    "SITE_URL": _website,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("personalization/icon.svg"),
        }
    ],
    "SHOW_LANGUAGES": True,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "DASHBOARD_CALLBACK": "personalization.studio.home.dashboard",
    "STYLES": [
        lambda _request: static("personalization/studio.css"),
        lambda _request: static("personalization/unsaved.css"),
    ],
    "SCRIPTS": [
        lambda _request: static("personalization/studio.js"),
        # whose copies of unsaved work these are, where several people share a browser
        lambda request: f"{static('personalization/unsaved.js')}?for={request.user.pk or ''}",
    ],
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 200)",
            "100": "oklch(94% .03 200)",
            "200": "oklch(89% .055 200)",
            "300": "oklch(82% .09 200)",
            "400": "oklch(72% .11 200)",
            "500": "oklch(60% .11 202)",
            "600": "oklch(50% .095 205)",
            "700": "oklch(43% .08 207)",
            "800": "oklch(37% .067 209)",
            "900": "oklch(32% .055 211)",
            "950": "oklch(24% .045 213)",
        }
    },
    "COMMAND": {"search_callback": "personalization.studio.searching.search"},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": NAVIGATION,
    },
}
