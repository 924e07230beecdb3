"""The engines that train: this machine, or Apache Spark, an extra that is loaded when asked for."""

from importlib import import_module
from typing import Protocol

from django.utils.translation import gettext as _

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from workers.learning.choices import Say
from workers.learning.training import Report
from workers.training.spark import needs

LOCAL, SPARK = "local", "spark"


class Engine(Protocol):
    def __call__(self, site: Site, *, seed: int, say: Say) -> Report: ...


class NotHere(Refusal):
    """This machine lacks what the engine needs."""

    code = "engine_missing"
    status = 409


def spark() -> Engine:
    require_spark()
    found: Engine = import_module("workers.learning.spark_training").train
    return found


def require_spark() -> None:
    """Refuse before any work is asked for, and say what to install."""
    missing = needs.missing()
    if missing == needs.PYSPARK:
        raise NotHere(
            _(
                "Spark is not installed here. Install the extra `spark` (pip install "
                "--require-hashes -r requirements-spark.txt), or leave out --engine spark."
            )
        )
    if missing == needs.JAVA:
        raise NotHere(
            _(
                "Spark needs Java %(version)d or newer. Install it (on Debian and Ubuntu: apt-get "
                "install openjdk-17-jre-headless) or point JAVA_HOME at it, or leave out "
                "--engine spark."
            )
            % {"version": needs.OLDEST_JAVA}
        )
