from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('personalization', '0017_placed'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='auditentry',
            options={'ordering': ['-at', '-id'], 'verbose_name': 'audit entry', 'verbose_name_plural': 'audit entries'},
        ),
        migrations.AlterModelOptions(
            name='consentrecord',
            options={'base_manager_name': 'objects', 'ordering': ['site', 'sequence'], 'verbose_name': 'consent record', 'verbose_name_plural': 'consent records'},
        ),
        migrations.AlterModelOptions(
            name='media',
            options={'ordering': ['-created_at'], 'verbose_name': 'picture', 'verbose_name_plural': 'pictures'},
        ),
        migrations.AlterModelOptions(
            name='score',
            options={'verbose_name': 'model score', 'verbose_name_plural': 'model scores'},
        ),
        migrations.AlterModelOptions(
            name='trait',
            options={'verbose_name': 'trait', 'verbose_name_plural': 'traits'},
        ),
        migrations.AlterModelOptions(
            name='writingpolicy',
            options={'verbose_name': 'set of rules for generated copy', 'verbose_name_plural': 'sets of rules for generated copy'},
        ),
    ]
