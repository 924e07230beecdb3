"""Text files, plain or gzipped, and what to do about one that cannot be read."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed

UTF_8 = "utf-8-sig"


@contextmanager
def opened(path: Path, encoding: str = UTF_8) -> Iterator[TextIO]:
    """UTF-8, with or without a byte order mark, unless somebody names another encoding."""
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding=encoding, newline="") as file:
            yield file
    except UnicodeDecodeError as broken:
        named = {"file": path, "encoding": encoding.removesuffix("-sig").upper()}
        raise Malformed(
            _("%(file)s is not %(encoding)s; save it as UTF-8, or name its --encoding: cp1252.")
            % named
        ) from broken
    except (OSError, EOFError) as missing:
        raise Malformed(
            _("%(file)s cannot be read (%(why)s); check its name and that it is whole.")
            % {"file": path, "why": missing}
        ) from missing
