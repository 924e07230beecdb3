"""A server of the site's own that webhooks call: what it heard, as it was signed."""

import hmac
import json
import queue
import threading
from base64 import b64decode, b64encode
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE = 90  # seconds


@dataclass(frozen=True)
class Message:
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:  # JSON
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As docs/journeys.md tells the site's developers."""
        told = {name.lower(): value for name, value in self.headers.items()}
        content = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + self.body
        key = b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + b64encode(hmac.digest(key, content, "sha256")).decode()
        return hmac.compare_digest(wanted, told["webhook-signature"])


class Receiver:
    """Answers 204 to everything; `hear` waits for the next message."""

    def __init__(self) -> None:
        heard: queue.Queue[Message] = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.put(Message(dict(self.headers), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *said: object) -> None:
                pass

        self._heard = heard
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    def hear(self) -> Message:
        return self._heard.get(timeout=PATIENCE)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
