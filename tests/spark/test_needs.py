"""Whether this machine can run Spark at all: elsewhere nothing here is looked at."""

import os

import pytest

from workers.training.spark import needs


def test_spark_can_run_here():
    missing = needs.missing()
    if missing and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip(f"{missing} is not at hand")

    assert missing is None
