"""Gather the words of the interface into its German catalogue, and compile it: `make words`.

Run at the root of the project; needs GNU gettext. The demo's shop keeps a catalogue of its own.
What is new stands there without a translation: `tests/studio/test_german.py` says so. Blocks say
their words in `schema.json`, which gettext cannot read: for a moment they stand in a module.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path.cwd()
LOCALE = ROOT / "personalization" / "locale"
BLOCKS = ROOT / "personalization" / "words_of_blocks.py"
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
    BLOCKS.write_text("".join(f"_({word!r})\n" for word in words_of_blocks()), "utf-8")
    try:
        call_command(
            Gathering(),
            locale=["de"],
            ignore_patterns=list(ELSEWHERE),
            add_location="never",
            no_wrap=True,
            no_obsolete=True,
            verbosity=0,
        )
    finally:
        BLOCKS.unlink()
    for catalogue in LOCALE.glob("*/LC_MESSAGES/django.po"):
        text = catalogue.read_text("utf-8")
        catalogue.write_text(re.sub(r'"POT-Creation-Date: .*\n', "", text), "utf-8")
    os.chdir(LOCALE)
    call_command("compilemessages", locale=["de"], verbosity=0)


def words_of_blocks() -> list[str]:
    schemas = sorted(ROOT.glob("templates/blocks/*/schema.json"))
    said = (word for schema in schemas for word in _words(json.loads(schema.read_text("utf-8"))))
    return list(dict.fromkeys(said))


def _words(schema: Any) -> Iterator[str]:  # JSON
    """Titles, descriptions and choices, as `studio.schema_kinds` asks for them."""
    if isinstance(schema, list):
        for each in schema:
            yield from _words(each)
    elif isinstance(schema, dict):
        yield from (schema[name] for name in ("title", "description") if _is_text(schema, name))
        choices = (value for value in schema.get("enum", ()) if isinstance(value, str))
        yield from (value.replace("_", " ") for value in choices)
        for each in schema.values():
            yield from _words(each)


def _is_text(schema: dict[str, Any], name: str) -> bool:
    return isinstance(schema.get(name), str)


if __name__ == "__main__":
    main()
