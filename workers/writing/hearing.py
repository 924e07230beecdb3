"""Hearing an answer out: chunk by chunk, no longer and no more of it than was agreed.

In:  a stream of the openai client, also of a server that does not stream.
Out: the text with its tokens; or a `Failed` that says what was wrong with the answer.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk

MOST_CHARACTERS: Final = 400_000  # of an answer, whatever was agreed
SILENT_AFTER: Final = 40  # characters between two reports of progress
Hear = Callable[[str], None]  # the answer so far; raises to stop


@dataclass(eq=False)
class Failed(Exception):
    """A call that brought nothing of use.

    `came_back`: the server answered, so what it cost is known; `tokens_in` and `tokens_out` then
    say it. `is_worth_another`: another try may succeed, after `retry_after` seconds if it says so.
    """

    code: str
    detail: str = ""
    came_back: bool = True
    is_worth_another: bool = True
    retry_after: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """`tokens_…` None: the server did not count them."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None


@dataclass(slots=True)
class Heard:
    parts: list[str] = field(default_factory=list)
    length: int = 0
    declined: str = ""
    wants_tool: bool = False
    finish: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None

    @property
    def text(self) -> str:
        return "".join(self.parts)


def hear_out(
    stream: openai.Stream[ChatCompletionChunk], until: float, most: int, hear: Hear
) -> Heard:
    heard, told = Heard(), 0
    for chunk in _chunks(stream):
        _take(heard, chunk)
        if heard.length > min(most, MOST_CHARACTERS):
            raise Failed("too_long", came_back=False, is_worth_another=False)
        if time.monotonic() > until:
            raise Failed("timeout", came_back=False)
        if heard.length - told >= SILENT_AFTER:
            told = heard.length
            hear(heard.text)
    hear(heard.text)
    return heard


def _chunks(stream: openai.Stream[ChatCompletionChunk]) -> Iterator[Any]:
    """Also of a server that does not stream and answers all at once."""
    if "text/event-stream" in stream.response.headers.get("content-type", ""):
        yield from stream
        return
    parts, length = [], 0
    for part in stream.response.iter_bytes():
        parts.append(part)
        length += len(part)
        if length > 4 * MOST_CHARACTERS:
            raise Failed("too_long", came_back=False, is_worth_another=False)
    yield ChatCompletion.model_construct(**_object(b"".join(parts)))


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Failed("not_json", "no answer of the protocol")
    return found


def _take(heard: Heard, chunk: Any) -> None:  # built from JSON unchecked: anything may be missing
    usage = _part(chunk, "usage")
    if usage:
        heard.tokens_in = _count(_part(usage, "prompt_tokens"))
        heard.tokens_out = _count(_part(usage, "completion_tokens"))
    for choice in (_part(chunk, "choices") or ())[:1]:
        said = _part(choice, "delta") or _part(choice, "message")
        text = _part(said, "content")
        if isinstance(text, str):
            heard.parts.append(text)
            heard.length += len(text)
        heard.declined += str(_part(said, "refusal") or "")
        heard.wants_tool |= bool(_part(said, "tool_calls") or _part(said, "function_call"))
        heard.finish = str(_part(choice, "finish_reason") or heard.finish)


def _part(thing: Any, name: str) -> Any:  # an object of the client's, or JSON
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def answer_of(heard: Heard) -> Answer:
    if heard.declined or heard.finish == "content_filter":
        raise _useless("declined", heard)
    if heard.wants_tool:
        raise _useless("tool_call", heard)
    if not heard.finish:  # the end never came
        raise Failed("cut", came_back=False)
    if heard.finish == "length":
        raise _useless("too_long", heard)
    if not heard.text.strip():
        raise _useless("empty", heard, is_worth_another=True)
    return Answer(heard.text, heard.tokens_in, heard.tokens_out)


def _useless(code: str, heard: Heard, *, is_worth_another: bool = False) -> Failed:
    """It was paid for all the same."""
    return Failed(
        code,
        is_worth_another=is_worth_another,
        tokens_in=heard.tokens_in or 0,
        tokens_out=heard.tokens_out or 0,
    )
