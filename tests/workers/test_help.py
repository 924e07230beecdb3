"""Every command that we promise is there and says what it does."""

import pytest
from django.core.management import get_commands, load_command_class

OURS = {name: app for name, app in get_commands().items() if app in {"personalization", "workers"}}
PROMISED = """
demo site import_items import_events train models promote recommend evaluate publish rollback
releases lint export_config import_config explain simulate export_visitor erase retention
privacy_report
"""


def test_every_promised_command_is_there():
    assert set(OURS) >= set(PROMISED.split())


@pytest.mark.parametrize("name", OURS)
def test_a_command_says_what_it_does(name):
    said = load_command_class(OURS[name], name).create_parser("manage.py", name).format_help()
    description = said.partition("\n\n")[2].partition("\n\n")[0]
    assert description.strip().endswith("."), said
