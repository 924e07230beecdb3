from django.db import migrations

PLACES = (
    *('number_1', 'number_2', 'number_3', 'number_4'),
    *('text_1', 'text_2', 'text_3', 'text_4', 'time_1'),
)


class Migration(migrations.Migration):

    dependencies = [
        ('personalization', '0019_summary'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='profile', name='profiles_by_last_seen'),
        migrations.RemoveIndex(model_name='profile', name='profiles_by_frequency'),
        migrations.RemoveIndex(model_name='profile', name='profiles_by_visits'),
        *(migrations.RemoveField(model_name='profile', name=name) for name in PLACES),
    ]
