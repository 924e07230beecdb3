"""Signatures of webhooks, as in the Standard Webhooks specification 1.0
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).

In:  a message's id, the time of the attempt, its body, the secret.
Out: the three headers. Signed is `id.timestamp.body`, so that neither can be swapped or replayed.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping


def signed_headers(message: str, timestamp: int, body: bytes, secret: bytes) -> Mapping[str, str]:
    """`timestamp`: seconds since 1970, of this attempt."""
    content = f"{message}.{timestamp}.".encode() + body
    signature = b64encode(hmac.digest(secret, content, "sha256")).decode()
    return {
        "Webhook-Id": message,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": f"v1,{signature}",
    }
