"""Items that joined the catalogue after a training, placed by their words; nothing is trained.

In:  a model's artefact and the catalogue of today.
Out: a second, small artefact; both together are a model that knows the new items too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from personalization.learn.arrays import pack, unpack
from personalization.learn.describing import Entries, ItemText, Vocabulary, described
from rules.types import Item

Column = np.ndarray[Any, Any]
Arrays = dict[str, Column]
NEAREST = 100  # as many as a row of `content` has
MOST = 5000  # newcomers: so many more are a reason to train


def place(content: bytes, items: Mapping[str, Item], joined: Sequence[str]) -> bytes | None:
    """Of the items that the model does not know, the first of `joined`; None where there are none.

    They have the vector that training gives an item without events, and their nearest by TF-IDF.
    """
    arrays, about = unpack(content)
    known = frozenset(about["keys"])
    new = [key for key in joined if key not in known][:MOST]
    if not new or "vocabulary" not in about:
        return None
    vocabulary = Vocabulary.from_document(about["vocabulary"])
    keys, first = [*about["keys"], *new], len(about["keys"])
    texts = [described(items[key]) if key in items else ItemText("") for key in keys]
    entries = vocabulary.entries(texts)
    found = _nearest(entries, first, len(keys)) if "content_starts" in arrays else {}
    if "word_vectors" in arrays:
        found.update(_vectors(arrays, entries, first, len(new)))
    return pack(found, {"keys": new})


def extended(
    arrays: Mapping[str, Column], keys: Sequence[str], placed: bytes
) -> tuple[Arrays, list[str]]:
    """The model's arrays and keys with the newcomers behind them."""
    added, about = unpack(placed)
    count = len(about["keys"])
    found: Arrays = {}
    for name, array in arrays.items():
        if name.endswith("_starts"):
            found[name] = np.append(array, np.repeat(array[-1], count))
        elif name in ("vectors", "biases", "popular", "factors"):
            none = np.zeros((count, *array.shape[1:]), array.dtype)
            found[name] = np.concatenate([array, added.get(name, none)])
        else:
            found[name] = array
    if "near_rows" in added:
        found.update(_with_pairs(found, added))
    return found, [*keys, *about["keys"]]


def _vectors(arrays: Mapping[str, Column], entries: Entries, first: int, count: int) -> Arrays:
    """The words' vectors and biases, added by their shares."""
    vectors = np.zeros((count, arrays["word_vectors"].shape[1]), np.float32)
    biases = np.zeros(count, np.float32)
    since = np.searchsorted(entries.rows, first)
    rows, columns = entries.rows[since:] - first, entries.columns[since:]
    shares = entries.shares[since:].astype(np.float32)
    np.add.at(vectors, rows, arrays["word_vectors"][columns] * shares[:, None])
    np.add.at(biases, rows, arrays["word_biases"][columns] * shares)
    return {"vectors": vectors, "biases": biases}


def _nearest(entries: Entries, first: int, count: int) -> Arrays:
    """Pairs of a newcomer and any other item, with their cosine; each newcomer's nearest."""
    by_word = np.argsort(entries.columns, kind="stable")
    rows, values = entries.rows[by_word], entries.unit[by_word]
    ends = np.cumsum(np.bincount(entries.columns)) if len(by_word) else by_word
    pairs: list[tuple[Column, Column, Column]] = []
    for item in range(first, count):
        span = slice(*np.searchsorted(entries.rows, [item, item + 1]))
        cosines = np.zeros(count)
        for word, weight in zip(entries.columns[span], entries.unit[span], strict=True):
            sharing = slice(ends[word - 1] if word else 0, ends[word])
            cosines[rows[sharing]] += weight * values[sharing]
        cosines[item] = 0
        near = np.argsort(-cosines, kind="stable")[:NEAREST]
        near = np.sort(near[cosines[near] > 0])
        pairs.append((np.full(len(near), item), near, cosines[near].astype(np.float32)))
    columns = [np.concatenate(each) for each in zip(*pairs, strict=True)]
    return dict(zip(("near_rows", "near_items", "near_values"), columns, strict=True))


def _with_pairs(arrays: Mapping[str, Column], added: Mapping[str, Column]) -> Arrays:
    """`content` with the pairs, in both directions."""
    size = len(arrays["content_starts"]) - 1
    rows = np.repeat(np.arange(size), np.diff(arrays["content_starts"]))
    both = (added["near_rows"], added["near_items"])
    pairs = (np.concatenate([rows, *both]), np.concatenate([arrays["content_items"], *both[::-1]]))
    values = np.concatenate([arrays["content_values"], *[added["near_values"]] * 2])
    _, once = np.unique(pairs[0].astype(np.int64) * size + pairs[1], return_index=True)
    return {
        "content_starts": np.searchsorted(pairs[0][once], np.arange(size + 1)),
        "content_items": pairs[1][once].astype(np.int32),
        "content_values": values[once],
    }
