"""When a purpose is withdrawn, what it allowed is taken back for good."""

from django.db.models import F

from personalization.collect.models import Event, Exposure
from personalization.profiles.clearing import clear
from personalization.profiles.models import Profile


def withdraw(profile: Profile, lost: int) -> None:
    """Clear these purpose bits from everything stored; what no purpose holds any more is deleted.

    Granting the purpose again later does not bring any of it back.
    """
    for model in (Event, Exposure):
        rows = model._default_manager.filter(profile=profile)
        rows.update(purposes=F("purposes").bitand(~lost & 0xFF))
        rows.filter(purposes=0).delete()
    clear(profile, lost)
