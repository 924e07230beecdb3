"""Every model says whose data it holds; here the models that hold a visitor's are found."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from personalization.govern.models import Site
from personalization.govern.pseudonyms import candidates
from personalization.privacy import Subject


def models_with_visitors() -> Iterator[tuple[type[Model], Subject]]:
    """The models of the app whose rows belong to visitors; children before what they point at."""
    declared = [
        (model, getattr(model, "privacy", None))
        for model in apps.get_app_config("personalization").get_models()
    ]
    found = [(model, said) for model, said in declared if isinstance(said, Subject)]
    return iter(sorted(found, key=lambda each: each[1].field == "id"))


Visitor = Any  # a Profile; its room stands above this one


def find_visitor(site: Site, visitor_id: str, *, lock: bool = False) -> Visitor:
    """The visitor's row, under the key of today or an older one."""
    profiles = apps.get_model("personalization", "Profile")._default_manager
    rows = profiles.filter(site=site, key__in=candidates(site.pk, visitor_id))
    return (rows.select_for_update() if lock else rows).first()


def rows_of(model: type[Model], subject: Subject, profile: Visitor) -> "QuerySet[Any]":  # any model
    """The rows of this model that belong to the visitor."""
    values: Mapping[str, object] = {
        "id": profile.pk,
        "profile_id": profile.pk,
        "key_id": profile.key_id,
        "key": profile.key,
    }
    wanted = values[subject.field.rpartition("__")[2]]
    return model._default_manager.filter(**{subject.field: wanted})
