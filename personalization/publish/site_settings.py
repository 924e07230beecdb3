"""What a release says of its site: its language, hours, money, and whom it leaves alone."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError
from personalization.govern.gpc import opted_out
from personalization.govern.models import Site
from rules.types import Holdout, Settings


def site_settings(site: Site) -> Settings:
    share = site.holdout_share
    return Settings(
        locale=site.locale,
        zone=site.zone,
        currency=site.currency,
        gpc_opts_out=opted_out(site),
        holdout=Holdout(site.holdout_seed, share) if share > 0 else None,
    )


def wrong_settings(site: Site) -> Iterator[FieldError]:
    """What an hour or a price on a page could not be worked out with."""
    try:
        ZoneInfo(site.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        detail = _("There is no time zone “%s”. Choose one like Europe/Berlin.") % site.zone
        yield FieldError("settings.zone", "zone", detail)
    if not 0 <= site.holdout_share <= 1:
        detail = _("The holdout is a share from 0 to 1.")
        yield FieldError("settings.holdout_share", "share", detail)
