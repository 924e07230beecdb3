"""Traits as the JSON text of a profile: a time is `{"at": microseconds}`, all else is itself."""

from collections.abc import Mapping
from datetime import datetime

import orjson

from personalization.clock import from_us, to_us


def write_traits(traits: Mapping[str, object]) -> str:
    return orjson.dumps({name: _written(value) for name, value in traits.items()}).decode()


def read_traits(text: str) -> dict[str, object]:
    return {name: _read(value) for name, value in orjson.loads(text).items()}


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return {"at": to_us(value)}
    if isinstance(value, tuple | list):
        return [_written_element(element) for element in value]
    return value


def _written_element(element: object) -> object:
    if isinstance(element, Mapping):
        return {"of": {name: _written(value) for name, value in element.items()}}
    return _written(element)


def _read(value: object) -> object:
    if isinstance(value, dict):
        return from_us(value["at"])
    if isinstance(value, list):
        return tuple(_read_element(element) for element in value)
    return value


def _read_element(element: object) -> object:
    if isinstance(element, dict) and "of" in element:
        return {name: _read(value) for name, value in element["of"].items()}
    return _read(element)
