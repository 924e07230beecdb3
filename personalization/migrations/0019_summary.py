from itertools import islice

import django.db.models.deletion
from django.db import migrations, models

from rules import number_key

SHARED = (
    *('site_id', 'purposes', 'first_seen', 'last_seen', 'visits', 'frequency', 'monetary'),
    *('recent_at', 'recent_id'),
)
NUMBERS = ('number_1', 'number_2', 'number_3', 'number_4')
OTHERS = ('time_1', 'text_1', 'text_2', 'text_3', 'text_4')
AT_ONCE = 5000


def leading(apps, schema_editor):
    """An index for each placed column that begins with it, its texts ordered as conditions order.

    With nothing in it but what many visitors share, PostgreSQL keeps equal entries once, in a fifth
    of the space, and counts them in half of the time. SQLite has no need: there an index of all
    columns is read from end to end as fast.
    """
    if schema_editor.connection.vendor != 'postgresql':
        return
    for column in (*NUMBERS, *OTHERS):
        ordered = f'{column} COLLATE "C"' if column.startswith('text') else column
        schema_editor.execute(
            f'CREATE INDEX summaries_by_{column} ON personalization_summary'
            f' (site_id, purposes, {ordered}, visits, frequency) WHERE {column} IS NOT NULL'
        )


def copy(apps, schema_editor):
    names = ', '.join((*SHARED, *OTHERS))
    schema_editor.execute(
        f'INSERT INTO personalization_summary (id, {names})'
        f' SELECT id, {names} FROM personalization_profile'
    )
    profile, summary = (apps.get_model('personalization', n) for n in ('Profile', 'Summary'))
    for column in NUMBERS:
        known = profile.objects.exclude(**{column: None}).values_list('pk', column).iterator()
        while rows := list(islice(known, AT_ONCE)):
            told = [summary(pk=pk, **{column: number_key(number)}) for pk, number in rows]
            summary.objects.bulk_update(told, [column], batch_size=500)


def forget(apps, schema_editor):
    """Columns are as of before a worker filled them; until it does, nobody reads them."""
    apps.get_model('personalization', 'Site').objects.update(places={})


class Migration(migrations.Migration):

    dependencies = [
        ('personalization', '0018_names_that_count'),
    ]

    operations = [
        migrations.CreateModel(
            name='Summary',
            fields=[
                ('profile', models.OneToOneField(db_column='id', on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='summary', serialize=False, to='personalization.profile')),
                ('site', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='personalization.site')),
                ('monetary', models.BigIntegerField(default=0)),
                ('visits', models.PositiveIntegerField(default=0)),
                ('frequency', models.PositiveIntegerField(default=0)),
                ('purposes', models.PositiveSmallIntegerField(default=0)),
                ('recent_at', models.BigIntegerField(default=0)),
                ('first_seen', models.BigIntegerField(null=True)),
                ('last_seen', models.BigIntegerField(null=True)),
                *((name, models.BigIntegerField(null=True)) for name in (*NUMBERS, OTHERS[0])),
                *((name, models.CharField(max_length=101, null=True)) for name in OTHERS[1:]),
                ('recent_id', models.CharField(default='', max_length=100)),
            ],
            options={
                'verbose_name': 'summary of a visitor',
                'verbose_name_plural': 'summaries of visitors',
                'indexes': [
                    models.Index(fields=['site', 'purposes', 'last_seen', 'visits', 'frequency', 'monetary', 'profile'], name='summaries_by_last_seen'),
                    models.Index(fields=['site', 'purposes', 'visits', 'last_seen', 'frequency', 'monetary', *NUMBERS, *OTHERS, 'profile'], name='summaries_by_visits'),
                    models.Index(fields=['site', 'purposes', 'frequency', 'last_seen', 'visits', 'monetary', 'profile'], name='summaries_by_frequency'),
                ],
            },
        ),
        migrations.RunPython(leading, migrations.RunPython.noop),
        migrations.RunPython(copy, forget),
    ]
