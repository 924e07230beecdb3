"""The protocol of chat completions and pictures, spoken by templates on a loopback port.

Streams if it is asked to; counts tokens by our own rule; answers nobody from elsewhere.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from workers.writing.demonstration import copywriter, picture
from workers.writing.demonstration.request import read_wish

NAME: Final = "demonstration-writer"  # as drafts.writers knows it
HOST: Final = "127.0.0.1"
MOST_BYTES: Final = 2_000_000
MOST_PICTURES: Final = 4
PIECE: Final = 48  # characters of one event
IDENTITY: Final = {"id": "demonstration", "created": 0, "model": NAME}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(200, {"object": "list", "data": [{"id": NAME, "object": "model"}]})

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._answer(400, {"error": {"message": "send a JSON object"}})
        elif self.path.endswith("/chat/completions"):
            self._write(body)
        elif self.path.endswith("/images/generations"):
            self._draw(body)
        else:
            self._answer(404, {"error": {"message": "only chat completions and pictures"}})

    def log_message(self, format: str, *args: Any) -> None:
        """The program's log holds what went wrong, not what was asked."""

    def _body(self) -> dict[str, Any] | None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= MOST_BYTES:
            return None
        try:
            body = json.loads(self.rfile.read(length))
        except ValueError:
            return None
        return body if isinstance(body, dict) else None

    def _write(self, body: Mapping[str, Any]) -> None:
        text = json.dumps(copywriter.write(read_wish(body)), ensure_ascii=False)
        sent = sum(len(str(each.get("content", ""))) for each in body.get("messages", ()))
        usage = _usage(sent, len(text))
        if body.get("stream"):
            self._stream(text, usage)
            return
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        self._answer(
            200, {**IDENTITY, "object": "chat.completion", "choices": [choice], "usage": usage}
        )

    def _stream(self, text: str, usage: Mapping[str, int]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for chunk in _chunks(text, usage):
            self.wfile.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(b"data: [DONE]\n\n")

    def _draw(self, body: Mapping[str, Any]) -> None:
        number = min(int(body.get("n") or 1), MOST_PICTURES)
        drawn = (picture.draw(str(body.get("prompt", "")), each) for each in range(number))
        found = [{"b64_json": b64encode(each).decode()} for each in drawn]
        self._answer(200, {"created": 0, "data": found})

    def _answer(self, status: int, document: Mapping[str, Any]) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(port: int) -> None:
    """Until the program is ended."""
    ThreadingHTTPServer((HOST, port), Handler).serve_forever()


def _chunks(text: str, usage: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(text), PIECE):
        yield _chunk({"content": text[start : start + PIECE]})
    yield _chunk({}, "stop")
    yield {**IDENTITY, "object": "chat.completion.chunk", "choices": [], "usage": usage}


def _chunk(delta: Mapping[str, str], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**IDENTITY, "object": "chat.completion.chunk", "choices": [choice]}


def _usage(sent: int, written: int) -> dict[str, int]:
    tokens_in, tokens_out = -(-sent // 4), -(-written // 4)
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
