from struct import pack, unpack

import django.db.models.deletion
from django.db import migrations, models

SHARED = (
    *('site_id', 'purposes', 'first_seen', 'last_seen', 'visits', 'frequency', 'monetary'),
    *('recent_at', 'recent_id'),
)
NUMBERS = ('number_1', 'number_2', 'number_3', 'number_4')
OTHERS = ('time_1', 'text_1', 'text_2', 'text_3', 'text_4')
CODE = """(SELECT CASE WHEN bits >= 0 THEN bits ELSE bits # 9223372036854775807 END
    FROM (SELECT ('x' || encode(float8send({} + 0.0), 'hex'))::bit(64)::bigint AS bits) AS read)"""


def code(number):
    """What `rules.number_key` gave when this was written."""
    if number is None:
        return None
    (bits,) = unpack('>q', pack('>d', float(number) + 0.0))
    return bits if bits >= 0 else bits ^ 0x7FFF_FFFF_FFFF_FFFF


def leading(apps, schema_editor):
    """An index for each placed column that begins with it, its texts ordered as conditions order.

    With nothing in it but what many visitors share, PostgreSQL keeps equal entries once, in a fifth
    of the space, and counts them in half of the time; so visits have such an index too. SQLite has
    no need: there an index of all columns is read from end to end as fast.
    """
    if schema_editor.connection.vendor != 'postgresql':
        return
    table = 'personalization_summary (site_id, purposes'
    for column in (*NUMBERS, *OTHERS):
        ordered = f'{column} COLLATE "C"' if column.startswith('text') else column
        schema_editor.execute(
            f'CREATE INDEX summaries_by_{column} ON {table}, {ordered}, visits, frequency)'
            f' WHERE {column} IS NOT NULL'
        )
    schema_editor.execute(f'CREATE INDEX summaries_by_visits_alone ON {table}, visits, frequency)')


def copy(apps, schema_editor):
    """Indexes come after; PostgreSQL makes none while foreign keys are yet to be checked."""
    names = ', '.join((*SHARED, *OTHERS))
    is_postgres = schema_editor.connection.vendor == 'postgresql'
    if not is_postgres:
        schema_editor.connection.connection.create_function('code', 1, code, deterministic=True)
    codes = ', '.join(CODE.format(each) if is_postgres else f'code({each})' for each in NUMBERS)
    schema_editor.execute(
        f'INSERT INTO personalization_summary (id, {names}, {", ".join(NUMBERS)})'
        f' SELECT id, {names}, {codes} FROM personalization_profile'
    )
    if is_postgres:
        schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


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
            },
        ),
        migrations.RunPython(copy, forget),
        migrations.AddIndex(
            model_name='summary',
            index=models.Index(fields=['site', 'purposes', 'last_seen', 'visits', 'frequency', 'monetary', 'profile'], name='summaries_by_last_seen'),
        ),
        migrations.AddIndex(
            model_name='summary',
            index=models.Index(fields=['site', 'purposes', 'visits', 'last_seen', 'frequency', 'monetary', *NUMBERS, *OTHERS, 'profile'], name='summaries_by_visits'),
        ),
        migrations.AddIndex(
            model_name='summary',
            index=models.Index(fields=['site', 'purposes', 'frequency', 'last_seen', 'visits', 'monetary', 'profile'], name='summaries_by_frequency'),
        ),
        migrations.RunPython(leading, migrations.RunPython.noop),
    ]
