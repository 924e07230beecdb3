"""Texts of a file as typed values. What a text cannot be stays a text, for the check to refuse."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

FLOATED = re.compile(r"(\d+)\.0")  # an id that went through a spreadsheet or a data frame
TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
SECONDS, MILLISECONDS = re.compile(r"\d{9,10}(\.\d+)?"), re.compile(r"\d{12,13}(\.\d+)?")
SEPARATORS = re.compile(r"[|;,]")


def as_id(value: Any) -> Any:
    """`17850.0` and 17850 are the id 17850."""
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, int | float) and not isinstance(text, bool):
        text = repr(text)
    if isinstance(text, str) and (whole := FLOATED.fullmatch(text)):
        return whole[1]
    return text


def as_number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str):
        with suppress(ValueError):
            return float(value)
    return value


def as_time(value: Any) -> Any:
    """Seconds or milliseconds since 1970, and Parquet's times, as the text that everybody sends."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    written = str(value).strip() if isinstance(value, str | int | float) else ""
    if SECONDS.fullmatch(written):
        return _since_1970(float(written))
    if MILLISECONDS.fullmatch(written):
        return _since_1970(float(written) / 1000)
    return value


def _since_1970(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def as_object(value: Any) -> Any:
    if isinstance(value, str):
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(value)
    return value


def as_flag(value: Any) -> Any:
    if isinstance(value, str):
        lowered = value.strip().lower()
        return True if lowered in TRUE else False if lowered in FALSE else value
    return value


def as_tags(value: Any) -> Any:
    if isinstance(value, str):
        return [tag.strip() for tag in SEPARATORS.split(value) if tag.strip()]
    return value
