"""System checks: what `manage.py check` tells an operator about this installation."""

from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.urls import NoReverseMatch, reverse

READ = "docs/website-developer.md, “The studio in your own project”, has the lines."


@register()
def clocks_agree(**_asked: Any) -> list[CheckMessage]:  # Django's own arguments
    """Consent, windows and retention compare moments; without zones an hour a year is two."""
    if settings.USE_TZ:
        return []
    said = "USE_TZ is off: times of consent, events and releases would lose their zone."
    return [Error(said, hint="Set USE_TZ = True.", id="personalization.E001")]


@register()
def studio_is_complete(**_asked: Any) -> list[CheckMessage]:  # Django's own arguments
    """Nobody needs the studio; who has it by halves gets pages that fail."""
    if not apps.is_installed("django.contrib.admin"):
        return []
    if not apps.is_installed("unfold"):
        said = "There is no studio: “unfold” is not among INSTALLED_APPS."
        return [Info(said, hint=READ, id="personalization.I001")]
    found: list[CheckMessage] = []
    order = [each.name for each in apps.get_app_configs()]
    if order.index("unfold") > order.index("django.contrib.admin"):
        said = "“unfold” stands below “django.contrib.admin”: the studio looks like Django's admin."
        found.append(Warning(said, hint="Move it above.", id="personalization.W001"))
    if not _has_addresses():
        said = "The studio misses the addresses of “personalization.studio.urls”."
        found.append(Warning(said, hint=READ, id="personalization.W002"))
    return found


@register()
def workers_can_train(**_asked: Any) -> list[CheckMessage]:  # Django's own arguments
    """A machine that only answers pages does without; `train` there would end in a traceback."""
    if not apps.is_installed("workers") or find_spec("numpy"):
        return []
    said = "Models cannot be trained on this machine: the extra “train” is not installed."
    hint = 'pip install "django-slot-personalization[train]"'
    return [Info(said, hint=hint, id="personalization.I002")]


def _has_addresses() -> bool:
    try:
        reverse("personalization_guest", args=(1, "token"))
        reverse("set_language")
    except NoReverseMatch:
        return False
    return True
