"""One call to a model through the openai client: no tool, no redirect, no retry of its own.

In:  a writer, a message. Out: what came back, counted; or a `Failed` that says how it failed.

openai takes most of a second to import; this happens when a worker writes for the first time.
"""

import time
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

import openai
from httpx2 import ConnectError, ConnectTimeout
from openai import DefaultHttpx2Client, OpenAI

from personalization.drafts.prompting import Message
from personalization.drafts.writers import Writer
from workers.writing.hearing import Answer, Failed, Hear, answer_of, hear_out

BETWEEN: Final = 30.0  # seconds that a stream may be silent
LONGEST_DETAIL: Final = 160
PICTURE_SIZE: Final = "1536x1024"
NO_KEY: Final = "none"  # the client wants one, a server of one's own does not


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call may cost and what goes with it."""

    message: Message
    seed: int
    most_out: int  # tokens
    idempotency_key: str


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
            heard = hear_out(stream, until, 10 * asked.most_out + 2000, hear)
        return answer_of(heard)

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
            raise Failed("no_picture", is_worth_another=False) from error

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
        status = error.status_code
        detail = f"HTTP {status}: {_said(error)}".replace(self._writer.key or NO_KEY, "…")
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
