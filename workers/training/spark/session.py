"""One Spark session with a Java process of its own, both gone when it is left.

In:  a master (empty: all cores of this machine), the driver's memory, a folder for what spills.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

FAILURES: Final = (Py4JError, PySparkException, ConnectionError)  # how a broken Spark shows itself
HERE: Final = "127.0.0.1"
LAST_WORDS: Final = 20.0  # seconds


@contextmanager
def session(master: str, memory: str, folder: Path) -> Iterator[SparkSession]:
    """pyspark would keep its Java for the life of the process, and a worker lives for weeks."""
    interrupted = signal.getsignal(signal.SIGINT)
    conf = SparkConf().setAll(_settings(master or "local[*]", memory, folder).items())
    gateway = launch_gateway(conf)
    try:
        context = SparkContext(conf=conf, gateway=gateway)
        context.setLogLevel("ERROR")
        context.setCheckpointDir(str(folder / "checkpoints"))
        yield SparkSession(context)
    finally:
        _close(gateway)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupted)  # pyspark put its own there


def _settings(master: str, memory: str, folder: Path) -> dict[str, str]:
    """No page of its own, nothing that listens beyond this machine, the same plan every time."""
    found = {
        "spark.app.name": "personalization",
        "spark.master": master,
        "spark.driver.memory": memory,
        "spark.driver.maxResultSize": "0",  # tables over items, which one machine holds
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.adaptive.enabled": "false",
        "spark.pyspark.python": sys.executable,
    }
    if master.startswith("local"):
        found |= {"spark.driver.host": HERE, "spark.driver.bindAddress": HERE}
    return found


def _close(gateway: Any) -> None:  # py4j has no types
    """Also where Java died before."""
    with suppress(*FAILURES):
        if SparkContext._active_spark_context is not None:
            SparkContext._active_spark_context.stop()
    with suppress(*FAILURES):
        gateway.shutdown()
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    gateway.proc.stdin.close()  # Java ends when nobody talks to it
    try:
        gateway.proc.wait(LAST_WORDS)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
        gateway.proc.wait()
