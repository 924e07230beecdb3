import hashlib
from contextlib import suppress

from django.db import migrations, models

from personalization.targeting.catalogue import site_catalogue
from rules import Invalid, parse
from rules.provenance import audience_binding, picture_binding


def know_pictures_by_their_bytes(apps, schema_editor):
    for row in apps.get_model("personalization", "Media").objects.all():
        try:
            with row.file.open() as file:
                row.sha256 = hashlib.sha256(file.read()).hexdigest()
        except (OSError, ValueError):  # the file is gone, or there never was one
            continue
        row.save(update_fields=["sha256"])


def look_at_drawn_pictures_again(apps, schema_editor):
    """No yes was given to their bytes so far, so they wait for one."""
    drafts = apps.get_model("personalization", "Draft").objects.filter(brief__kind="image")
    media = apps.get_model("personalization", "Media").objects
    for draft in drafts.select_related("picture", "order"):
        picture = draft.picture
        sha256 = picture_binding(
            picture.sha256 if picture else "",
            picture.alternative if picture else "",
            segment=draft.segment,
            locale=draft.locale,
            prompt=draft.order.prompt,
        )
        draft.revisions.filter(number=draft.revision).update(sha256=sha256)
        if draft.state == "approved":
            draft.state, draft.decided_at = "waiting", None
            draft.save(update_fields=["state", "decided_at"])
            media.filter(pk=draft.picture_id).update(is_offered=False)


def bind_approvals_to_conditions(apps, schema_editor):
    """A yes that was given so far counts as given to its segment as that is now."""
    drafts = apps.get_model("personalization", "Draft").objects.exclude(segment="")
    segments = apps.get_model("personalization", "Segment").objects
    reviews = apps.get_model("personalization", "Review").objects.filter(verdict="approve")
    for site in apps.get_model("personalization", "Site").objects.all():
        conditions = {}
        for key, tree in segments.filter(site=site).values_list("key", "condition"):
            with suppress(Invalid):  # nothing can be published for it anyway
                conditions[key] = parse(tree, site_catalogue(site))
        for key in drafts.filter(site=site).order_by().values_list("segment", flat=True).distinct():
            with suppress(Invalid):
                audience = audience_binding(key, conditions)
                reviews.filter(draft__site=site, draft__segment=key).update(audience=audience)


class Migration(migrations.Migration):
    dependencies = [("personalization", "0014_beyond_items")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="audience",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="media",
            name="sha256",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name="media",
            index=models.Index(fields=["sha256"], name="media_by_bytes"),
        ),
        migrations.RunPython(bind_approvals_to_conditions, migrations.RunPython.noop),
        migrations.RunPython(know_pictures_by_their_bytes, migrations.RunPython.noop),
        migrations.RunPython(look_at_drawn_pictures_again, migrations.RunPython.noop),
    ]
