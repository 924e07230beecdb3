"""One Spark session for all; what needs it is not looked at where Spark cannot run."""

import os
from pathlib import Path

import pytest

from workers.training.spark import needs

collect_ignore_glob = ["test_*_on_spark.py"] if needs.missing() else []
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # programs this small never get warm


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    from workers.training.spark.session import session

    os.environ["JAVA_TOOL_OPTIONS"] = QUICK_JAVA
    with session("local[2]", "1g", tmp_path_factory.mktemp("spark")) as found:
        yield found


@pytest.fixture(scope="session")
def log_of(spark, tmp_path_factory):
    """Interactions on their way to Spark: through Parquet, as a site's events go."""
    from workers.training.spark import parquet
    from workers.training.spark.log import Log

    def make(interactions):
        file: Path = tmp_path_factory.mktemp("log") / "events.parquet"
        columns = (interactions.visitors, interactions.items, interactions.at)
        rows = zip(*(c.tolist() for c in (*columns, interactions.strengths)), strict=True)
        parquet.write(file, rows)
        return Log.read(spark, file, interactions.n_items)

    return make
