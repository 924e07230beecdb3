"""The host's settings over a folder that lives as long as the test run.

`TEST_DATABASE_URL` runs the same suite on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if os.environ.get("TEST_DATA_OWNER") != str(os.getpid()):
    _folder = tempfile.mkdtemp(prefix="personalization-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["DATA_DIR"] = _folder
    os.environ["TEST_DATA_OWNER"] = str(os.getpid())
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from personalization.host.settings import *  # noqa: F403
from personalization.host.settings import DATA_DIR, DATABASES, PERSONALIZATION

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PERSONALIZATION["UNDECLARED_SECONDS"] = 0  # no thread writes behind a test's back
