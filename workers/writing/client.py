"""One call to a model through the openai client: no tool, no redirect, no retry of its own.

In:  a writer, a message. Out: what came back, counted; or a `Failed` that says how it failed.

This file alone imports openai (it takes most of a second), and only when somebody writes.
"""

import json
import time
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

import openai
from httpx2 import ConnectError, ConnectTimeout
from openai import DefaultHttpx2Client, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from personalization.drafts.prompting import Message
from personalization.drafts.writers import Writer

BETWEEN: Final = 30.0  # seconds that a stream may be silent
MOST_CHARACTERS: Final = 400_000  # of an answer, whatever was agreed
LONGEST_DETAIL: Final = 160
PICTURE_SIZE: Final = "1536x1024"
NO_KEY: Final = "none"  # the client wants one, a server of one's own does not
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call may cost and what goes with it."""

    message: Message
    seed: int
    most_out: int  # tokens
    idempotency_key: str


@dataclass(slots=True)
class _Heard:
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


class Client:
    """A writer's server. It remembers what the server does not take, so that it is asked once."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._refused: set[str] = set()
        wait = openai.Timeout(writer.timeout, connect=10.0, read=min(BETWEEN, writer.timeout))
        self._client = OpenAI(
            api_key=writer.key or NO_KEY,
            base_url=writer.base_url or None,
            max_retries=0,
            timeout=wait,
            http_client=DefaultHttpx2Client(follow_redirects=False, timeout=wait),
            default_headers={"Accept-Encoding": "identity"},  # nothing unfolds in our memory
        )

    def write(self, asked: Asked, hear: Hear) -> Answer:
        """Hear the answer as it comes; `hear` may raise, which closes the connection."""
        until = time.monotonic() + self._writer.timeout
        arguments = self._arguments(asked)
        with self._failures(arguments), self._client.chat.completions.create(**arguments) as stream:
            heard = _heard(stream, until, 10 * asked.most_out + 2000, hear)
        return _answer(heard)

    def draw(self, description: str, number: int, *, idempotency_key: str) -> list[bytes]:
        """Pictures as bytes. Who sends an address instead has sent nothing: none is opened."""
        model = self._writer.image_model
        form = {} if model.startswith("gpt-image") else {"response_format": "b64_json"}
        arguments: dict[str, Any] = {
            "model": model,
            "prompt": description,
            "n": number,
            "size": PICTURE_SIZE,
            "extra_headers": {"Idempotency-Key": idempotency_key},
            **{name: value for name, value in form.items() if name not in self._refused},
        }
        with self._failures(arguments):
            answer = self._client.images.generate(**arguments)
        try:
            return [b64decode(each.b64_json or "", validate=True) for each in answer.data or ()]
        except NoBase64 as error:
            raise Failed("no_picture") from error

    def _arguments(self, asked: Asked) -> dict[str, Any]:
        """Never a tool; what the server refused before is left out, or said in its older form."""
        writer, message = self._writer, asked.message
        limit = (
            "max_tokens" if "max_completion_tokens" in self._refused else "max_completion_tokens"
        )
        optional = {
            "temperature": writer.temperature,
            "seed": asked.seed,
            "stream_options": {"include_usage": True},
            "response_format": self._form(message.schema),
        }
        kept = {n: v for n, v in optional.items() if v is not None and n not in self._refused}
        return {
            "model": writer.model,
            "messages": [
                {"role": "system", "content": message.system},
                {"role": "user", "content": message.user},
            ],
            "stream": True,
            limit: asked.most_out,
            "extra_headers": {"Idempotency-Key": asked.idempotency_key},
            **kept,
        }

    def _form(self, schema: Mapping[str, Any]) -> dict[str, Any] | None:
        if "json_schema" not in self._refused:
            named = {"name": "drafts", "strict": True, "schema": schema}
            return {"type": "json_schema", "json_schema": named}
        return {"type": "json_object"} if "json_object" not in self._refused else None

    @contextmanager
    def _failures(self, arguments: Mapping[str, Any]) -> Iterator[None]:
        """The client's errors in our words."""
        try:
            yield
        except openai.APITimeoutError as error:
            raise Failed("timeout", came_back=False) from error
        except openai.APIConnectionError as error:
            if isinstance(error.__cause__, ConnectError | ConnectTimeout):  # nothing was sent
                raise Failed("unreachable") from error
            raise Failed("cut", came_back=False) from error
        except openai.APIStatusError as error:
            raise self._refusal(error, arguments) from error
        except (openai.APIError, ValueError) as error:  # in the middle of a stream
            raise Failed("cut", str(error)[:LONGEST_DETAIL], came_back=False) from error

    def _refusal(self, error: openai.APIStatusError, arguments: Mapping[str, Any]) -> Failed:
        status, detail = error.status_code, f"HTTP {error.status_code}: {_said(error)}"
        if status in (400, 422) and (part := self._refused_part(error, arguments)):
            self._refused.add(part)
            return Failed("refused", detail)
        if status == 429 and error.code != "insufficient_quota":
            return Failed("rate_limited", retry_after=_retry_after(error))
        if status in (408, 409) or status >= 500:
            return Failed("server_error", f"HTTP {status}", retry_after=_retry_after(error))
        return Failed("refused", detail, is_worth_another=False)

    def _refused_part(
        self, error: openai.APIStatusError, arguments: Mapping[str, Any]
    ) -> str | None:
        """Which optional part of the call the server complains of."""
        complaint = f"{error.param} {_said(error)}".lower()
        form = arguments.get("response_format")
        if form and any(word in complaint for word in ("response_format", "json_", "schema")):
            return form["type"] if isinstance(form, Mapping) else "response_format"
        optional = ("temperature", "seed", "stream_options", "max_completion_tokens")
        return next((name for name in optional if name in arguments and name in complaint), None)


@lru_cache(maxsize=8)
def client_of(writer: Writer) -> Client:
    """One for each writer of a process, so that connections stay open."""
    return Client(writer)


def _heard(
    stream: openai.Stream[ChatCompletionChunk], until: float, most: int, hear: Hear
) -> _Heard:
    heard, told = _Heard(), 0
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


def _take(heard: _Heard, chunk: Any) -> None:  # built from JSON unchecked: anything may be missing
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


def _answer(heard: _Heard) -> Answer:
    counted = {"tokens_in": heard.tokens_in or 0, "tokens_out": heard.tokens_out or 0}
    if heard.declined or heard.finish == "content_filter":
        raise Failed("declined", is_worth_another=False, **counted)
    if heard.wants_tool:
        raise Failed("tool_call", is_worth_another=False, **counted)
    if not heard.finish:  # the end never came
        raise Failed("cut", came_back=False)
    if heard.finish == "length":
        raise Failed("too_long", is_worth_another=False, **counted)
    if not heard.text.strip():
        raise Failed("empty", **counted)
    return Answer(heard.text, heard.tokens_in, heard.tokens_out)


def _said(error: openai.APIStatusError) -> str:
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(said or error.message).split())[:LONGEST_DETAIL]


def _retry_after(error: openai.APIStatusError) -> float:
    """Seconds; a date is as good."""
    said = error.response.headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0
