"""All that the database holds, as text: to look for what must not be there."""

from django.apps import apps
from django.db import connection


def database_dump() -> str:
    """Every value of every table of ours; bytes as hexadecimal digits and as they are."""
    lines = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("personalization").get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                lines.append(f"{model._meta.db_table}: {[_readable(value) for value in row]}")
    return "\n".join(lines)


def _readable(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        return raw.hex() + raw.decode("latin-1")
    return value
