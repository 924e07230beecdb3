"""Gather the words of the interface into its German catalogue, and compile it: `make words`.

Run at the root of the project; needs GNU gettext. The demo's shop keeps a catalogue of its own.
What is new stands there without a translation: `tests/studio/test_german.py` says so.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path.cwd()
LOCALE = ROOT / "personalization" / "locale"
ELSEWHERE = (
    *("*/.*", "build/*", "tests/*", "benchmarks/*", "docs/*", "*/front/*", "*/node_modules/*"),
    *("*/host/shop/*", "templates/shop/*"),
)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "personalization.host.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands import makemessages

    class Gathering(makemessages.Command):
        xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]

    django.setup()
    settings.LOCALE_PATHS = [str(LOCALE)]
    LOCALE.mkdir(exist_ok=True)
    call_command(
        Gathering(),
        locale=["de"],
        ignore_patterns=list(ELSEWHERE),
        add_location="never",
        no_wrap=True,
        no_obsolete=True,
        verbosity=0,
    )
    for catalogue in LOCALE.glob("*/LC_MESSAGES/django.po"):
        text = catalogue.read_text("utf-8")
        catalogue.write_text(re.sub(r'"POT-Creation-Date: .*\n', "", text), "utf-8")
    os.chdir(LOCALE)
    call_command("compilemessages", locale=["de"], verbosity=0)


if __name__ == "__main__":
    main()
