"""The demo's people behind the counter: one a role, with passwords in DATA_DIR/logins.json."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.auth import get_user_model
from django.db import transaction

from personalization import conf
from personalization.govern.models import Membership, Site
from personalization.host.demo.private_file import read_private, write_private


@dataclass(frozen=True, slots=True)
class Colleague:
    login: str
    role: str
    first_name: str
    last_name: str
    is_superuser: bool = False


COLLEAGUES: Final = (
    Colleague("marketer", "marketer", "Mara", "Linde"),
    Colleague("reviewer", "reviewer", "Ruben", "Falk"),
    Colleague("privacy", "privacy_officer", "Pia", "Sommer"),
    Colleague("admin", "admin", "Ada", "Brandt", is_superuser=True),
)


def logins_file() -> Path:
    return conf.data_dir() / "logins.json"


@transaction.atomic
def prepare_colleagues(site: Site) -> Mapping[str, str]:
    """Login -> password. Who exists keeps theirs, as long as the file still knows it."""
    kept = read_private(logins_file())
    passwords = {each.login: kept.get(each.login) or _password() for each in COLLEAGUES}
    for each in COLLEAGUES:
        _prepare(each, passwords[each.login], site)
    if passwords != kept:
        write_private(logins_file(), passwords)
    return passwords


def _prepare(colleague: Colleague, password: str, site: Site) -> None:
    user, is_new = get_user_model().objects.get_or_create(
        username=colleague.login,
        defaults={
            "email": f"{colleague.login}@tarn-and-timber.example",
            "first_name": colleague.first_name,
            "last_name": colleague.last_name,
            "is_staff": True,
            "is_superuser": colleague.is_superuser,
        },
    )
    if is_new or not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    Membership.objects.get_or_create(site=site, user=user, defaults={"role": colleague.role})


def _password() -> str:
    """Four groups that can be read aloud; 80 bits."""
    raw = secrets.token_hex(10)
    return "-".join(raw[start : start + 5] for start in range(0, 20, 5))
