"""What Spark needs of a machine, looked for without loading it."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PYSPARK, JAVA = "pyspark", "java"
OLDEST_JAVA: Final = 17
VERSION: Final = re.compile(r'version "(\d+)')


def missing() -> str | None:
    """`PYSPARK` or `JAVA`; None where nothing is missing."""
    if find_spec("pyspark") is None or find_spec("pyarrow") is None:
        return PYSPARK
    return None if _java_version() >= OLDEST_JAVA else JAVA


def _java_version() -> int:
    """The major version of the Java that Spark would start; 0 without one."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if java is None:
        return 0
    try:
        asked = [java, "-version"]
        said = subprocess.run(  # noqa: S603 - the Java that Spark would start
            asked, capture_output=True, text=True, check=False
        )
    except OSError:
        return 0
    found = VERSION.search(said.stderr)
    return int(found[1]) if found else 0
