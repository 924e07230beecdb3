"""Named arrays to bytes and back, without pickle: the same arrays give the same bytes."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

Arrays = Mapping[str, np.ndarray[Any, Any]]  # of several types and shapes


def pack(arrays: Arrays, about: Mapping[str, Any]) -> bytes:
    """An npz; `about`, a JSON document, travels as the bytes of one more array."""
    text = json.dumps(about, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
    beside = {"about": np.frombuffer(text, dtype=np.uint8)}
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **beside, **{k: arrays[k] for k in sorted(arrays)})
    return buffer.getvalue()


def unpack(content: bytes) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """The arrays and the document that `pack` was given."""
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return arrays, json.loads(arrays.pop("about").tobytes())
