"""Events on their way to Spark: rows into a Parquet file, a bounded number of them in memory.

In:  (visitor, item, at, strength) in the order of time; visitors under 64-bit pseudonyms.
Out: a file whose column `place` keeps that order.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA: Final = pa.schema(
    {
        "place": pa.int64(),
        "visitor": pa.int64(),
        "item": pa.int32(),
        "at": pa.float64(),
        "strength": pa.float32(),
    }
)
AT_ONCE: Final = 100_000  # rows


def write(path: Path, rows: Iterable[tuple[int, int, float, float]]) -> int:
    """How many there were."""
    written = 0
    waiting = iter(rows)
    with pq.ParquetWriter(path, SCHEMA) as writer:
        while batch := list(islice(waiting, AT_ONCE)):
            places = range(written, written + len(batch))
            columns = [places, *zip(*batch, strict=True)]
            writer.write_table(pa.table(dict(zip(SCHEMA.names, columns, strict=True)), SCHEMA))
            written += len(batch)
    return written
