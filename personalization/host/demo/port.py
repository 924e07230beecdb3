"""Is a port free, and does somebody answer on it?"""

import socket
from urllib.error import URLError
from urllib.request import urlopen

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """One that the system picks."""
    with socket.socket() as attempt:
        attempt.bind((HOST, 0))
        return int(attempt.getsockname()[1])


def answers(address: str) -> bool:
    """Does a web server answer at this address with a page?"""
    try:
        with urlopen(address, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
