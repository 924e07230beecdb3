"""From where on a visitor's recent list holds all, instead of a mark on each event that it holds."""

import json

from django.db import migrations, models


def begin_where_the_lists_end(apps, schema_editor):
    profiles = apps.get_model("personalization", "Profile").objects.using(schema_editor.connection.alias)
    changed = []
    for profile in profiles.filter(applied__gt=0).only("applied", "last_seen", "recent").iterator(2000):
        entries = json.loads(profile.recent)
        if profile.applied == len(entries):
            continue
        if entries:
            profile.recent_at, profile.recent_id = entries[-1][0], entries[-1][1]
        else:
            profile.recent_at = (profile.last_seen or 0) + 1
        changed.append(profile)
        if len(changed) == 2000:
            profiles.bulk_update(changed, ["recent_at", "recent_id"], batch_size=200)
            changed.clear()
    profiles.bulk_update(changed, ["recent_at", "recent_id"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ('personalization', '0015_approvals'),
    ]

    operations = [
        migrations.AddField(
            model_name='profile',
            name='recent_at',
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='profile',
            name='recent_id',
            field=models.CharField(default='', editable=False, max_length=100),
        ),
        migrations.RunPython(begin_where_the_lists_end),
        migrations.RemoveIndex(
            model_name='event',
            name='events_by_visitor',
        ),
        migrations.RemoveField(
            model_name='event',
            name='is_recent',
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['profile', 'at'], name='events_by_visitor'),
        ),
    ]
