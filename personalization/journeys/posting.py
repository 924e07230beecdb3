"""One HTTP request to a webhook: to the address that was checked, once, without following anything.

In:  a target, headers, a body.
Out: what became of it. Nobody can hold us up: once the name is looked up, everything together
     takes ten seconds at most, and of the answer only its status is read.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

from django.utils.translation import gettext as _

from personalization.targeting.addresses import Forbidden, Target, resolve

SECONDS: Final = 10.0
GONE: Final = 410
AGENT: Final = "django-slot-personalization"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`is_final`: there is no use in trying again."""

    is_taken: bool
    said: str
    is_final: bool = False


def post(target: Target, headers: Mapping[str, str], body: bytes) -> Outcome:
    try:
        return _judged(_status(target, headers, body))
    except Forbidden as why:
        return Outcome(False, str(why))
    except ssl.SSLCertVerificationError as error:
        return Outcome(False, _("The certificate is not right: %s") % error.verify_message)
    except TimeoutError:
        return Outcome(False, _("No answer within ten seconds."))
    except socket.gaierror:
        return Outcome(False, _("There is no host “%s”.") % target.host)
    except (OSError, HTTPException) as error:
        return Outcome(False, _("No connection: %s") % type(error).__name__)


def _judged(status: int) -> Outcome:
    said = _("Answered %d.") % status
    if 200 <= status < 300:
        return Outcome(True, said)
    if 300 <= status < 400:
        return Outcome(False, said + " " + _("We follow no redirects; enter the new address."))
    return Outcome(False, said, is_final=status == GONE)


def _status(target: Target, headers: Mapping[str, str], body: bytes) -> int:
    connection = _Connection(target) if not target.is_secure else _SecureConnection(target)
    too_late = threading.Timer(SECONDS, connection.cut)
    too_late.daemon = True
    too_late.start()
    try:
        sent = {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close"}
        connection.request("POST", target.path, body=body, headers={**sent, **headers})
        return connection.getresponse().status
    except (OSError, HTTPException):
        if connection.is_cut:
            raise TimeoutError from None
        raise
    finally:
        too_late.cancel()
        connection.close()


class _Connection(HTTPConnection):
    """Connects to the IP address that was checked, whatever the name says a moment later."""

    is_cut = False

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((resolve(self.target), self.port), self.timeout)
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """From another thread: whoever waits for the other side waits no longer."""
        self.is_cut = True
        with suppress(OSError):  # it may be closed already
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


class _SecureConnection(_Connection):
    default_port = HTTPSConnection.default_port

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
