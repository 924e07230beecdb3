"""A server that speaks the protocol of chat completions and pictures, as well or badly as told.

It writes down every request, so that a test can say what left and what was paid for.
"""

import base64
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKENS_IN, TOKENS_OUT = 900, 150
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJg"
    "gg=="
)


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:  # JSON
        return json.loads(self.raw)

    @property
    def key(self) -> str:
        return self.headers["idempotency-key"]


class Talk:
    """One answer on its way: what a behaviour may do with the connection."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler

    def status(self, code: int, message: str = "no", **headers: str) -> None:
        body = json.dumps({"error": {"message": message, "type": "error"}}).encode()
        self._head(code, "application/json", {**headers, "Content-Length": str(len(body))})
        self._handler.wfile.write(body)

    def answer(self, document: Any) -> None:
        body = json.dumps(document).encode()
        self._head(200, "application/json", {"Content-Length": str(len(body))})
        self._handler.wfile.write(body)

    def begin(self) -> None:
        self._head(200, "text/event-stream", {"Connection": "close"})

    def event(self, document: Any) -> None:
        self.raw(f"data: {json.dumps(document)}\n\n".encode())

    def raw(self, said: bytes) -> None:
        self._handler.wfile.write(said)
        self._handler.wfile.flush()

    def wait_for_the_end(self) -> None:
        """Until the client hangs up."""
        while self._handler.connection.recv(1024):
            pass

    def cut(self) -> None:
        """As when a cable is pulled: a reset, no farewell."""
        linger = struct.pack("ii", 1, 0)
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._handler.connection.close()
        self._handler.close_connection = True

    def stream(
        self, text: str, *, size: int = 24, finish: str = "stop", usage: bool = True
    ) -> None:
        self.begin()
        for piece in _pieces(text, size):
            self.event(_chunk({"content": piece}))
        self.end(finish, usage=usage)

    def end(self, finish: str = "stop", *, usage: bool = True) -> None:
        self.event(_chunk({}, finish))
        if usage:
            counted = {
                "prompt_tokens": TOKENS_IN,
                "completion_tokens": TOKENS_OUT,
                "total_tokens": TOKENS_IN + TOKENS_OUT,
            }
            self.event(
                {"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": counted}
            )
        self.raw(b"data: [DONE]\n\n")

    def _head(self, code: int, kind: str, headers: dict[str, str]) -> None:
        self._handler.send_response(code)
        self._handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()


Behaviour = Callable[[Talk, Request], None]


@dataclass
class ModelServer:
    """`behaviours` are used up one a request; the last stays."""

    behaviours: list[Behaviour] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        server = self
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.path, headers, body)
                with lock:
                    server.requests.append(request)
                    many = len(server.behaviours) > 1
                    behave = server.behaviours.pop(0) if many else server.behaviours[0]
                try:
                    behave(Talk(self), request)
                except OSError:  # the client hung up, as it may
                    self.close_connection = True

            def do_GET(self) -> None:
                server.requests.append(Request(self.path, {}, b"{}"))
                Talk(self).status(404)

            def log_message(self, *said: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def writes(*variants: Any) -> Behaviour:
    """Answers with these variants."""
    said = json.dumps({"variants": list(variants)}, ensure_ascii=False)
    return says(said)


def says(text: str, **how: Any) -> Behaviour:
    return lambda talk, request: talk.stream(text, **how)


def refuses(code: int, message: str = "no", **headers: str) -> Behaviour:
    return lambda talk, request: talk.status(code, message, **headers)


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "model": "test", "choices": [choice]}


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))
