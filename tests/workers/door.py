"""A port that is closed at first; opened, it leads to a server, both ways."""

import socket
import threading


class Door:
    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def open(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._let_in, args=(listener,), daemon=True).start()

    def _let_in(self, listener: socket.socket) -> None:
        while True:
            guest, _address = listener.accept()
            host = socket.create_connection(self._server)
            for one, other in ((guest, host), (host, guest)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    """Until one of the two hangs up, however rudely."""
    try:
        while said := source.recv(65536):
            target.sendall(said)
    except OSError:
        pass
    finally:
        for end in (source, target):
            end.close()
