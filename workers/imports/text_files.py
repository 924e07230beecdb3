"""Text files, plain or gzipped, and what to do about one that cannot be read."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """UTF-8, with or without a byte order mark."""
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError as broken:
        raise Malformed(_("%(file)s is not UTF-8; save it as UTF-8.") % {"file": path}) from broken
    except (OSError, EOFError) as missing:
        raise Malformed(
            _("%(file)s cannot be read (%(why)s); check its name and that it is whole.")
            % {"file": path, "why": missing}
        ) from missing
